//! How many bytes a message takes on the wire, for links whose bandwidth is limited.
//!
//! The numbers are those of ZooKeeper's own encoding (`jute`): a string is its length in four bytes
//! and itself, a packet between servers has a header of 20 bytes, a reply one of 16.
//! Simplified: TCP's and IP's headers are left out, and a few rare bodies are rounded.

use super::{Message, Packet};
use crate::error::KeeperError;
use crate::txn::{Acl, Bytes, Op, Reply, Txn, TxnBody};

/// Length of a frame of the client protocol.
const FRAME: u64 = 4;
/// Type, zxid, and the lengths of data and of authentication: `QuorumPacket`.
const QUORUM_PACKET: u64 = 4 + 8 + 4 + 4;
/// Session, cxid, zxid, time, type: `TxnHeader`.
const TXN_HEADER: u64 = 8 + 4 + 8 + 8 + 4;
/// `Stat`.
const STAT: u64 = 68;

fn string(text: &str) -> u64 {
    4 + text.len() as u64
}

fn buffer(data: Option<&Bytes>) -> u64 {
    4 + data.map_or(0, |data| data.len() as u64)
}

fn acls(acl: &[Acl]) -> u64 {
    4 + acl.iter().map(|entry| 4 + string(&entry.scheme) + string(&entry.id)).sum::<u64>()
}

impl Message {
    /// About how many bytes it takes on the wire.
    pub fn bytes(&self) -> u64 {
        match self {
            // Protocol version, myid, and the text of the election addresses.
            Message::Hello(_) => 8 + 8 + 4 + 20,
            // `FastLeaderElection.buildMsg`, without the text of the configuration.
            Message::Notification(_) => 4 + 56,
            Message::Quorum(packet) => QUORUM_PACKET + packet_bytes(packet),
            Message::Connect(_) => FRAME + 4 + 8 + 4 + 8 + 4 + 16 + 1,
            Message::Connected(_) => FRAME + 4 + 4 + 8 + 4 + 16 + 1,
            Message::Request { op, .. } => FRAME + 8 + op_bytes(op),
            Message::Reply { result, .. } => FRAME + 16 + result_bytes(result),
            Message::Watch(event) => FRAME + 16 + 8 + string(&event.path),
            Message::IsReadOnly => 4,
            Message::IsReadOnlyAnswer { .. } => 2,
            Message::ClientPing => FRAME + 8,
            Message::ClientPong { .. } => FRAME + 16,
        }
    }
}

impl Op {
    /// How large a client's request is, header included, without the four bytes of its length: what
    /// `jute.maxbuffer` limits.
    pub fn wire_bytes(&self) -> u64 {
        8 + op_bytes(self)
    }
}

fn packet_bytes(packet: &Packet) -> u64 {
    match packet {
        Packet::FollowerInfo { .. } | Packet::ObserverInfo { .. } => 8 + 4 + 8,
        Packet::LeaderInfo { .. } | Packet::AckEpoch { .. } => 4,
        Packet::Diff { .. }
        | Packet::Trunc { .. }
        | Packet::NewLeader { .. }
        | Packet::UpToDate
        | Packet::Ack { .. }
        | Packet::Commit { .. } => 0,
        Packet::CommitAndActivate { .. } => 8,
        Packet::InformAndActivate { txn, .. } => 8 + txn_bytes(txn),
        Packet::Snap { image } => image.snapshot_bytes(),
        Packet::Proposal(txn) | Packet::Inform(txn) => txn_bytes(txn),
        Packet::Ping { touched, .. } => 12 * touched.len() as u64,
        Packet::Revalidate { .. } => 8 + 4,
        Packet::Sync { .. } => 8 + 4,
        Packet::Request(request) => 8 + 4 + 4 + op_bytes(&request.op),
    }
}

fn txn_bytes(txn: &Txn) -> u64 {
    TXN_HEADER + body_bytes(&txn.body)
}

fn body_bytes(body: &TxnBody) -> u64 {
    match body {
        TxnBody::Create { path, data, acl, .. } => {
            string(path) + buffer(data.as_ref()) + acls(acl) + 1 + 4
        }
        TxnBody::Delete { path } | TxnBody::DeleteContainer { path } => string(path),
        TxnBody::Check { path } => string(path) + 4,
        TxnBody::SetData { path, data, .. } => string(path) + buffer(data.as_ref()) + 4,
        TxnBody::SetAcl { path, acl, .. } => string(path) + acls(acl) + 4,
        TxnBody::CreateSession { .. } | TxnBody::Error(_) => 4,
        TxnBody::CloseSession { paths } => 4 + paths.iter().map(|path| string(path)).sum::<u64>(),
        TxnBody::Multi(bodies) => 4 + bodies.iter().map(|body| 8 + body_bytes(body)).sum::<u64>(),
        TxnBody::MultiError(results) => 4 + 12 * results.len() as u64,
        TxnBody::Reconfig { config } => string(config),
    }
}

fn op_bytes(op: &Op) -> u64 {
    match op {
        Op::Create { path, data, acl, mode, .. } => {
            let ttl = if mode.is_ttl() { 8 } else { 0 };
            string(path) + buffer(data.as_ref()) + acls(acl) + 4 + ttl
        }
        Op::SetData { path, data, .. } => string(path) + buffer(data.as_ref()) + 4,
        Op::Delete { path, .. } | Op::Check { path, .. } => string(path) + 4,
        Op::Exists { path, .. } | Op::GetData { path, .. } | Op::GetChildren { path, .. } => {
            string(path) + 1
        }
        Op::GetAllChildrenNumber { path }
        | Op::GetEphemerals { path }
        | Op::GetAcl { path }
        | Op::Sync { path }
        | Op::DeleteContainer { path } => string(path),
        Op::AddWatch { path, .. } | Op::RemoveWatches { path, .. } => string(path) + 4,
        Op::SetAcl { path, acl, .. } => string(path) + acls(acl) + 4,
        // A header before each operation, and one after the last.
        Op::Multi(ops) | Op::MultiRead(ops) => {
            ops.iter().map(|op| 9 + op_bytes(op)).sum::<u64>() + 9
        }
        Op::SetWatches { watches, .. } => {
            8 + 20 + watches.iter().map(|(path, _)| string(path)).sum::<u64>()
        }
        Op::WhoAmI => 0,
        Op::AddAuth { scheme, auth } => 4 + string(scheme) + string(auth),
        Op::Reconfig(request) => {
            let lists = [&request.joining, &request.leaving, &request.new_members];
            8 + lists.iter().flat_map(|list| list.iter()).map(|line| string(line)).sum::<u64>()
        }
        Op::CreateSession { .. } => 4,
        Op::CloseSession => 0,
    }
}

fn result_bytes(result: &Result<Reply, KeeperError>) -> u64 {
    match result {
        Ok(reply) => reply_bytes(reply),
        Err(_) => 0,
    }
}

fn reply_bytes(reply: &Reply) -> u64 {
    match reply {
        Reply::Done => 0,
        Reply::Created { path, .. } => string(path) + STAT,
        Reply::Stat(_) => STAT,
        Reply::Data { data, .. } => buffer(data.as_ref()) + STAT,
        Reply::Children { children, .. } => {
            4 + children.iter().map(|name| string(name)).sum::<u64>() + STAT
        }
        Reply::Acl { acl, .. } => acls(acl) + STAT,
        Reply::Multi(results) => results.iter().map(|result| 9 + result_bytes(result)).sum::<u64>(),
        Reply::Number(_) => 4,
        Reply::Paths(paths) => 4 + paths.iter().map(|path| string(path)).sum::<u64>(),
        Reply::Auth(infos) => {
            4 + infos.iter().map(|info| string(&info.scheme) + string(&info.id)).sum::<u64>()
        }
        Reply::Config { config, .. } => string(config) + STAT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Xid, Zxid};

    #[test]
    fn small_packets_are_headers() {
        assert_eq!(Message::Quorum(Packet::UpToDate).bytes(), 20);
        assert_eq!(Message::Quorum(Packet::Ack { zxid: Zxid(1) }).bytes(), 20);
        assert_eq!(Message::ClientPing.bytes(), 12);
    }

    #[test]
    fn a_create_is_as_large_as_zookeeper_reads_it() {
        let data = Some(vec![0; 3947].into());
        let (path, acl) = ("/tight".into(), crate::txn::open_acl());
        let mode = crate::txn::CreateMode::Persistent;
        let create = Op::Create { path, data, acl, mode, ttl_ms: 0 };
        assert_eq!(create.wire_bytes(), 4000);
    }

    #[test]
    fn data_counts() {
        let set = |len: usize| Message::Request {
            xid: Xid(1),
            op: Op::SetData { path: "/a".into(), data: Some(vec![0; len].into()), version: -1 },
        };
        assert_eq!(set(1000).bytes() - set(0).bytes(), 1000);
    }
}
