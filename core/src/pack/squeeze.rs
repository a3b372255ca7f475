//! Bytes in which much comes again and again, in fewer bytes: what was there before is not written
//! again, but told by where and how long it is.
//!
//! ```text
//!   literal bytes, their number before them │ how many bytes come again │ how far back │ literal …
//! ```
//!
//! The format is that of LZ77, without an entropy code: simple, and quick to read.

use super::{Packer, Unpacker};

/// What is shorter is not worth telling.
const SHORTEST: usize = 4;
/// Places that are remembered, by a digest of the bytes there: a power of two.
const PLACES: usize = 1 << 12;

fn digest(bytes: &[u8]) -> usize {
    let word = bytes.first_chunk().copied().map_or(0, u32::from_le_bytes);
    (word.wrapping_mul(0x9e37_79b1) >> 20) as usize % PLACES
}

/// The same in fewer bytes, mostly.
pub fn squeeze(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 2);
    let mut to = Packer::new(&mut out);
    // 0 is nowhere: places are counted from 1.
    let mut places = vec![0_u32; PLACES];
    let (mut at, mut told) = (0, 0);
    while at + SHORTEST <= bytes.len() {
        let place = &mut places[digest(&bytes[at..])];
        let before = std::mem::replace(place, at as u32 + 1);
        let length = before.checked_sub(1).map_or(0, |from| {
            let old = &bytes[from as usize..];
            old.iter().zip(&bytes[at..]).take_while(|(one, other)| one == other).count()
        });
        if length < SHORTEST {
            at += 1;
            continue;
        }
        to.slice(&bytes[told..at]);
        to.number(length as u64);
        to.number((at - (before as usize - 1)) as u64);
        at += length;
        told = at;
    }
    to.slice(&bytes[told..]);
    out
}

/// What was squeezed.
pub fn unsqueeze(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() * 4);
    let mut from = Unpacker::new(bytes);
    loop {
        out.extend_from_slice(from.slice());
        if from.rest.is_empty() {
            return out;
        }
        let (length, back) = (from.number() as usize, from.number() as usize);
        // It may reach into itself.
        for _ in 0..length {
            out.push(out[out.len() - back]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{squeeze, unsqueeze};

    #[test]
    fn everything_comes_back() {
        let mut random = 1_u32;
        for length in 0..400 {
            for letters in [1, 2, 7, 256] {
                let bytes: Vec<u8> = (0..length)
                    .map(|_| {
                        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                        ((random >> 16) % letters) as u8
                    })
                    .collect();
                assert_eq!(unsqueeze(&squeeze(&bytes)), bytes);
            }
        }
    }

    #[test]
    fn what_comes_again_is_short() {
        let lines: String =
            (0..256).map(|n| format!("/locks/a/_c_0123456789abcdef-lock-{n:010}")).collect();
        let short = squeeze(lines.as_bytes());
        assert!(short.len() * 5 < lines.len(), "{} of {}", short.len(), lines.len());
        assert_eq!(unsqueeze(&short), lines.as_bytes());
    }
}
