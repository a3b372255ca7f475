//! How long log files are: what their records take, and how they are padded.
//!
//! ```text
//!   ├ header ┼ Adler32 · length · header, body, digest · 'B' ┼ … ┼ zeros up to the padding ┤
//! ```
//!
//! ZooKeeper: `Util.marshallTxnEntry`, `FilePadding`. The buffer of the log's stream is not
//! modelled below the record: it is flushed when a record does not fit any more.

use crate::txn::{Acl, Bytes, Owner, Path, Txn, TxnBody};

/// Magic number, version and database id.
pub const FILE_HEADER: u64 = 4 + 4 + 8;
/// The file grows when less than that is left of it (`calculateFileSizeWithPadding`).
const NEARLY_FULL: u64 = 4096;
/// The buffer of Java's `BufferedOutputStream`.
const BUFFER: u64 = 8192;

/// How many bytes a transaction takes in a log file.
pub fn record(txn: &Txn) -> u64 {
    const CHECKSUM_LENGTH_END: u64 = 8 + 4 + 1;
    const HEADER: u64 = 8 + 4 + 8 + 8 + 4;
    const DIGEST: u64 = 4 + 8;
    CHECKSUM_LENGTH_END + HEADER + body(&txn.body) + DIGEST
}

fn body(body: &TxnBody) -> u64 {
    const TYPE_AND_LENGTH: u64 = 4 + 4;
    match body {
        TxnBody::Create { path, data, acl, owner, .. } => {
            let of_owner = match owner {
                Owner::None | Owner::Session(_) => 1,
                Owner::Container => 0,
                Owner::Ttl(_) => 8,
            };
            text(path) + buffer(data) + acls(acl) + of_owner + 4
        }
        TxnBody::Delete { path } | TxnBody::DeleteContainer { path } => text(path),
        TxnBody::SetData { path, data, .. } => text(path) + buffer(data) + 4,
        TxnBody::SetAcl { path, acl, .. } => text(path) + acls(acl) + 4,
        TxnBody::Check { path } => text(path) + 4,
        TxnBody::CreateSession { .. } | TxnBody::Error(_) => 4,
        TxnBody::CloseSession { paths } => 4 + paths.iter().map(text).sum::<u64>(),
        TxnBody::Multi(bodies) => {
            4 + bodies.iter().map(|one| TYPE_AND_LENGTH + self::body(one)).sum::<u64>()
        }
        TxnBody::MultiError(results) => 4 + results.len() as u64 * (TYPE_AND_LENGTH + 4),
        TxnBody::Reconfig { config } => 4 + "/zookeeper/config".len() as u64 + 4 + text(config),
    }
}

fn text(text: &Path) -> u64 {
    4 + text.len() as u64
}

fn buffer(data: &Option<Bytes>) -> u64 {
    4 + data.as_ref().map_or(0, |data| data.len() as u64)
}

fn acls(acls: &[Acl]) -> u64 {
    let one = |acl: &Acl| 4 + 4 + acl.scheme.len() as u64 + 4 + acl.id.len() as u64;
    4 + acls.iter().map(one).sum::<u64>()
}

/// Where the writer of a log file stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Position {
    /// Bytes that have left the buffer.
    flushed: u64,
    /// Bytes in the buffer.
    buffered: u64,
    /// How long the file is, with padding.
    size: u64,
}

impl Default for Position {
    /// A file with its header.
    fn default() -> Position {
        Position { flushed: FILE_HEADER, buffered: 0, size: FILE_HEADER }
    }
}

impl Position {
    /// Appends a record: the file is padded first, by what has left the buffer.
    pub fn append(&mut self, bytes: u64, prealloc: u64) {
        if self.size <= self.flushed + NEARLY_FULL {
            if self.size < self.flushed {
                let size = self.flushed + prealloc;
                self.size = size - size % prealloc;
            } else {
                self.size += prealloc;
            }
        }
        if BUFFER < self.buffered + bytes {
            self.flush();
        }
        self.buffered += bytes;
    }

    /// Everything leaves the buffer. Returns the length of the records, and of the file.
    pub fn flush(&mut self) -> (u64, u64) {
        self.flushed += std::mem::take(&mut self.buffered);
        (self.flushed - FILE_HEADER, self.size.max(self.flushed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{SessionId, Time, Xid, Zxid};

    #[test]
    fn a_file_begins_with_its_header_and_the_whole_padding() {
        let mut position = Position::default();
        position.append(100, 65_536 * 1024);
        assert_eq!(position.flush(), (100, 67_108_880));
    }

    #[test]
    fn a_file_grows_when_fewer_than_4096_bytes_are_left() {
        let mut position = Position::default();
        position.append(100, 8192);
        assert_eq!(position.flush(), (100, 16 + 8192));
        position.append(4000, 8192);
        assert_eq!(position.flush(), (4100, 16 + 8192));
        position.append(100, 8192);
        assert_eq!(position.flush(), (4200, 16 + 2 * 8192));
    }

    #[test]
    fn padding_smaller_than_the_margin_is_added_again_for_every_record() {
        let mut position = Position::default();
        for times in 1..=4 {
            position.append(50, 1024);
            assert_eq!(position.flush(), (times * 50, 16 + times * 1024));
        }
    }

    #[test]
    fn a_record_has_checksum_length_header_body_digest_and_end() {
        let body = TxnBody::CreateSession { timeout_ms: 1 };
        let (zxid, session, cxid) = (Zxid::new(1, 1), SessionId(1), Xid(0));
        let txn = Txn { zxid, session, cxid, time: Time::ZERO, body };
        assert_eq!(record(&txn), 8 + 4 + 32 + 4 + 12 + 1);
    }
}
