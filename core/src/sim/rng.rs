//! Chance, from a seed. Seeds live in links, so what a seed gives is a file format: `Pcg32` and the
//! way numbers are drawn from it never change. Golden values below pin both.

use rand_pcg::Pcg32;
use rand_pcg::rand_core::RngCore;

/// A seeded source of numbers.
#[derive(Clone, Debug)]
pub struct Rng(Pcg32);

impl Rng {
    /// The source that belongs to a seed.
    pub fn new(seed: u64) -> Rng {
        Rng(Pcg32::new(seed, 0x007a_6b6c_6162))
    }

    /// A number below `below`, which must not be 0. (Lemire's multiplication, without rejection: the
    /// bias is below one in a million for the ranges used here, and every draw costs one step.)
    pub fn below(&mut self, below: u32) -> u32 {
        ((u64::from(self.0.next_u32()) * u64::from(below)) >> 32) as u32
    }

    /// Any number.
    pub fn any(&mut self) -> u32 {
        self.0.next_u32()
    }
}

#[cfg(test)]
mod tests {
    use super::Rng;

    #[test]
    fn a_seed_always_gives_the_same_numbers() {
        let mut rng = Rng::new(1);
        let drawn: Vec<u32> = (0..4).map(|_| rng.below(1000)).collect();
        let mut again = Rng::new(1);
        assert_eq!(drawn, (0..4).map(|_| again.below(1000)).collect::<Vec<_>>());
        assert_eq!(drawn, GOLDEN);
    }

    const GOLDEN: [u32; 4] = [481, 70, 991, 734];
}
