//! Links to a run, and what fuzzing makes of them.

use crate::fuzz::{Reader, tame};
use crate::golden::golden;
use zklab_core::lab::Lab;
use zklab_core::lab::link;
use zklab_core::lab::salvage::Rest;
use zklab_core::sim::rng::Rng;

/// A link that the first version of the page gave out.
pub const OLDEST: &str = include_str!("../golden/link-1.txt");
/// With one in so many inputs comes a link that is damaged below its checksum, with as many one
/// of any bytes at all, and of as many what can be read is opened.
const SEALED_IN: u64 = 256;
/// Texts of more bytes than this are seldom asked of damaged links: unpacking takes time.
const OFTEN_BYTES: u32 = 4096;

/// The reader of links, for fuzzing: links of a run and of golden scripts. What gets past the checksum
/// now and then is damaged, too.
///
/// # Panics
/// If the golden scripts cannot be read.
pub fn reader() -> Reader {
    let mut corpus = vec![OLDEST.trim().to_owned(), link::encode("zklab 2\n"), link::seal(&[])];
    corpus.extend(golden().iter().step_by(7).map(|(_, text)| link::encode(text)));
    corpus.retain(|link| link.len() < 1500);
    let words = vec!["v1.", "v2.", "#", "%", "=", "-", "_", "AAAA", "____", "gICA", "+", "/"];
    let wholes: Vec<Vec<u8>> = corpus
        .iter()
        .map(|whole| link::unseal(whole))
        .collect::<Result<_, _>>()
        .expect("they are links");
    let mut count = 0_u64;
    let read = move |text: &str| {
        count += 1;
        open(text);
        // Another seed makes other texts, and so other damage.
        let sum =
            text.bytes().fold(count, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
        let mut rng = Rng::new(sum);
        match count % SEALED_IN {
            0 => {
                let whole = &wholes[rng.below(wholes.len() as u32) as usize];
                open(&link::seal(&damaged(whole, &mut rng)));
            }
            1 => open(&link::seal(&noise(&mut rng))),
            2 => open_rest(text),
            _ => {}
        }
    };
    Reader { corpus, words, read: Box::new(read) }
}

/// Reads a link, and opens what it holds. Either answers.
fn open(text: &str) {
    match link::read(text) {
        Ok(saved) => {
            assert!(saved.len() <= link::MOST_BYTES, "no text is longer");
            if let Err(error) = Lab::open(&tame(&saved, 5)) {
                assert!(!error.to_string().is_empty(), "an error says what is wrong");
            }
        }
        Err(error) => assert!(!error.to_string().is_empty(), "an error says what is wrong"),
    }
}

/// Opens what can be read of a link, whatever is wrong with it.
fn open_rest(text: &str) {
    let Some(rest) = link::rest(text) else { return };
    assert!(0 < rest.steps, "no less is offered");
    let rest = Rest { text: tame(&rest.text, 5), ..rest };
    if let Err(error) = Lab::open_rest(&rest) {
        assert!(!error.to_string().is_empty(), "an error says what is wrong");
    }
}

/// What is behind the checksum of a link, with a few bytes changed, cut out or doubled.
fn damaged(whole: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for _ in 0..=rng.below(3) {
        let at = rng.below(bytes.len() as u32 + 1) as usize;
        let end = (at + 1 + rng.below(12) as usize).min(bytes.len());
        match rng.below(4) {
            0 => {
                bytes.drain(at..end);
            }
            1 => {
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
            2 => bytes.truncate(at),
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << rng.below(8);
                }
            }
        }
    }
    bytes
}

/// Any bytes, mostly with the length of a short text.
fn noise(rng: &mut Rng) -> Vec<u8> {
    let most = if rng.below(256) == 0 { link::MOST_BYTES as u32 + 2 } else { OFTEN_BYTES };
    let length = rng.below(most);
    let mut bytes = vec![length as u8 | 0x80, (length >> 7) as u8 | 0x80, (length >> 14) as u8];
    if rng.below(16) == 0 {
        bytes.clear();
    }
    for _ in 0..rng.below(400) {
        bytes.push(rng.any() as u8);
    }
    bytes
}
