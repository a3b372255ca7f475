//! Some items as bytes.

use super::{Pack, Packer, Unpacker};
use lz4_flex::block::{compress_prepend_size, decompress_size_prepended};

/// What needs more bytes is not packed: it may share with others.
const MOST_BYTES: usize = 512;

/// Up to 256 items as bytes. One that has no compact form, such as a whole snapshot, or that is large, such
/// as a megabyte of data that other items share, stays as it is.
#[derive(Clone, Debug)]
pub struct Chunk<T> {
    /// To find a place without unpacking.
    pub first: T,
    len: u16,
    is_squeezed: bool,
    bytes: Box<[u8]>,
    /// Those that stay as they are, by their place in the chunk.
    whole: Box<[(u8, T)]>,
}

impl<T: Clone + Pack> Chunk<T> {
    /// `bytes` is space that is used again and again. None of no items.
    pub fn pack(items: &[T], bytes: &mut Vec<u8>) -> Option<Chunk<T>> {
        let first = items.first()?.clone();
        assert!(items.len() <= 256, "a place in a chunk is one byte");
        bytes.clear();
        let mut whole = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let start = bytes.len();
            let mut packer = Packer::new(bytes);
            item.pack(&mut packer);
            if packer.is_refused() || MOST_BYTES < bytes.len() - start {
                bytes.truncate(start);
                whole.push((at as u8, item.clone()));
            }
        }
        let (len, bytes, whole) = (items.len() as u16, bytes.as_slice().into(), whole.into());
        Some(Chunk { first, len, is_squeezed: false, bytes, whole })
    }

    /// The same in fewer bytes. That takes longer, both ways.
    #[must_use]
    pub fn squeezed(self) -> Chunk<T> {
        let bytes = compress_prepend_size(&self.bytes).into();
        Chunk { bytes, is_squeezed: true, ..self }
    }

    /// How many items.
    pub fn items(&self) -> usize {
        usize::from(self.len)
    }

    /// How many bytes they are, but for those that stay as they are.
    pub fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// The items.
    pub fn unpack(&self) -> Vec<T> {
        let mut items = Vec::with_capacity(self.items());
        let mut whole = self.whole.iter().peekable();
        let plain = self.is_squeezed.then(|| {
            decompress_size_prepended(&self.bytes).expect("what was squeezed can be had back")
        });
        let mut from = Unpacker::new(plain.as_deref().unwrap_or(&self.bytes));
        while items.len() < self.items() {
            if let Some((_, item)) = whole.next_if(|(at, _)| usize::from(*at) == items.len()) {
                items.push(item.clone());
                continue;
            }
            items.push(T::unpack(&mut from));
        }
        items
    }
}
