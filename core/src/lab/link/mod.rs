//! A link: the current branch and its cursor as a short text for an address.
//!
//! ```text
//!   v1.                     the version of the form
//!   base64url of
//!     checksum              32 bits of FNV-1a of what follows, little-endian
//!     length                of the saved text, as a varint
//!     packed                the saved text ([`crate::lab::save`]), compressed
//! ```
//!
//! What a version has written stays readable: neither the compression nor the text that primes it
//! ([`pack`]) may change under the same version.

pub mod pack;

use crate::lab::Lab;
use crate::lab::salvage::{Rest, salvage};
use data_encoding::BASE64URL_NOPAD;
use std::fmt;

/// What a link of this form begins with.
pub const VERSION: &str = "v1.";
/// The longest saved text of a link, in bytes.
pub const MOST_BYTES: usize = 1 << 20;
/// The longest link that is looked at, in bytes.
pub const MOST_LINK_BYTES: usize = 2 << 20;

/// A text that is no link of a lab.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LinkError {
    /// It is of another kind or of a later version.
    Version,
    /// It is longer than any link.
    TooLong,
    /// A character that no link has.
    Character {
        /// At which character, from 1.
        at: usize,
    },
    /// Characters are missing or changed.
    Damaged,
    /// It is whole, but holds no text.
    NoText,
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LinkError::Version => write!(f, "a link begins with {VERSION:?}; this one does not"),
            LinkError::TooLong => write!(f, "it has more than {MOST_LINK_BYTES} characters"),
            LinkError::Character { at } => {
                write!(f, "character {at} cannot be in a link")
            }
            LinkError::Damaged => f.write_str("characters are missing or were changed"),
            LinkError::NoText => f.write_str("what it holds is no text"),
        }
    }
}

impl std::error::Error for LinkError {}

/// The current branch and its cursor as a link, without the page's address.
pub fn write(lab: &Lab) -> String {
    encode(&lab.save_branch())
}

/// The saved text of a link, to be opened with [`Lab::open`].
///
/// # Errors
/// If it is no link, or damaged.
pub fn read(link: &str) -> Result<String, LinkError> {
    let rest = unseal(link)?;
    let (length, packed) = length(&rest).ok_or(LinkError::Damaged)?;
    if MOST_BYTES < length {
        return Err(LinkError::TooLong);
    }
    String::from_utf8(pack::unpack(packed, length)).map_err(|_| LinkError::NoText)
}

/// The length and what is packed, of a link whose checksum is right.
///
/// # Errors
/// If it is no link, or damaged.
pub fn unseal(link: &str) -> Result<Vec<u8>, LinkError> {
    let coded = link.strip_prefix(VERSION).ok_or(LinkError::Version)?;
    if MOST_LINK_BYTES < coded.len() {
        return Err(LinkError::TooLong);
    }
    let bytes = BASE64URL_NOPAD.decode(coded.as_bytes()).map_err(|error| match error.kind {
        data_encoding::DecodeKind::Symbol => {
            LinkError::Character { at: VERSION.len() + error.position + 1 }
        }
        data_encoding::DecodeKind::Length
        | data_encoding::DecodeKind::Trailing
        | data_encoding::DecodeKind::Padding => LinkError::Damaged,
    })?;
    let (sum, rest) = bytes.split_first_chunk().ok_or(LinkError::Damaged)?;
    if u32::from_le_bytes(*sum) != checksum(rest) {
        return Err(LinkError::Damaged);
    }
    Ok(rest.to_vec())
}

/// How many bytes of text a byte of a damaged link is taken for, at most.
const MOST_PER_BYTE: usize = 64;

/// What can be read of a damaged link: of one that was cut off, or has a wrong character, what stands
/// before the damage. A character that no link has ends it.
pub fn rest(link: &str) -> Option<Rest> {
    let coded = link.strip_prefix(VERSION)?.as_bytes();
    let is_letter = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let whole = coded.iter().take(MOST_LINK_BYTES).take_while(is_letter).count() / 4 * 4;
    let bytes = BASE64URL_NOPAD.decode(coded.get(..whole)?).ok()?;
    let (length, packed) = length(bytes.get(4..)?)?;
    let most = (packed.len() + 4).saturating_mul(MOST_PER_BYTE).min(MOST_BYTES);
    let text = pack::unpack(packed, length.min(most));
    let readable = text.utf8_chunks().next().map(|chunk| chunk.valid())?;
    salvage(readable, true)
}

/// A saved text as a link.
pub fn encode(text: &str) -> String {
    let mut rest = Vec::new();
    let mut length = text.len();
    while 0x80 <= length {
        rest.push(length as u8 | 0x80);
        length >>= 7;
    }
    rest.push(length as u8);
    rest.extend(pack::pack(text.as_bytes()));
    seal(&rest)
}

/// A length and what is packed as a link, whatever they are: the checksum, and letters for bytes.
pub fn seal(rest: &[u8]) -> String {
    let mut bytes = checksum(rest).to_le_bytes().to_vec();
    bytes.extend(rest);
    VERSION.to_owned() + &BASE64URL_NOPAD.encode(&bytes)
}

fn length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut length = 0;
    for (n, byte) in bytes.iter().enumerate().take(4) {
        length |= usize::from(byte & 0x7f) << (7 * n);
        if byte & 0x80 == 0 {
            return Some((length, &bytes[n + 1..]));
        }
    }
    None
}

fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}
