//! Compression of short texts: every bit is predicted from what came before it, and an arithmetic
//! coder writes only what the prediction did not know.
//!
//! Six models each look up a probability by the last 0 to 6 bytes; a mixer weighs them by how well
//! they did. Before anything is coded the models read [`PRIMER`], so that they know a scenario when
//! they meet one. Whole numbers only: the same everywhere.

/// A scenario as it is typically saved. Part of the form of links: never change it.
const PRIMER: &str = "zklab 2\nensemble 5 observers 2\nseed 42\nensemble 3\nseed 1\n\
set tickTime 2000\nset initLimit 10\nset syncLimit 5\nset snapCount 100\nmistake half-quorum\n\
at 0s start\nat 0s client a timeout 30s\nat 0.81234s a>> create /a \"x y\"\n\
at 12.345678s a>> create -e /lock/n- hello\nat 13.901527s a>> create -s /queue/item- world\n\
at 14.5s a>> get -w /a\nat 15.200301s a>> set /a two\nat 16.7s a>> ls -w /\n\
at 17.123s a>> delete /a\nat 18.048819s kill s3\nat 19.666502s start s3\n\
at 20.31s partition s1 s2 | s3\nat 25.99s heal\nat 26.417s pause s2\nat 28.5s resume s2\n\
at 30.25s partition s3 | s1 s2\nat 33.1s kill s1 s2\nat 36.004417s start s1 s2\n\
at 40s client b timeout 10s\nat 41s b>> create /b 1\nat 42s close a\nat 43s crash b\n\
at 44s cut s1 -> s2\nat 45s mend s1 -> s2\nat 46s disk s1 slow\nat 47s disk s2 full\n\
at 48s hold s1 -> s2 PROPOSAL\nat 49s release s1 -> s2\n\
end 2345 51.678901s\ncursor 1987 49.654321s\n";

const ORDERS: [usize; 6] = [0, 1, 2, 3, 4, 6];
/// Probabilities of each model.
const TABLE: usize = 1 << 16;
/// Mixer weights are 16.16 fixed point.
const EVEN: i32 = (1 << 16) * 2 / 5;

/// 4096 / (1 + e^(-d/256)), for `d` in -2047..=2047.
fn squash(d: i32) -> i32 {
    const AT: [i32; 33] = [
        1, 2, 3, 6, 10, 16, 27, 45, 73, 120, 194, 310, 488, 747, 1101, 1546, 2047, 2549, 2994,
        3348, 3607, 3785, 3901, 3975, 4022, 4050, 4068, 4079, 4085, 4089, 4092, 4093, 4094,
    ];
    let d = d.clamp(-2047, 2047);
    let (whole, part) = (((d >> 7) + 16) as usize, d & 127);
    (AT[whole] * (128 - part) + AT[whole + 1] * part + 64) >> 7
}

struct Model {
    /// The inverse of [`squash`].
    stretch: Vec<i16>,
    /// The probability of a 1, of 65536, for each order.
    tables: Vec<Vec<u16>>,
    weights: [[i32; ORDERS.len()]; 256],
    /// The bytes so far, the latest lowest.
    past: u64,
    /// The bits of this byte so far, after a leading 1.
    bits: usize,
    places: [usize; ORDERS.len()],
    inputs: [i32; ORDERS.len()],
    guess: i32,
}

impl Model {
    fn new() -> Model {
        let mut stretch = Vec::with_capacity(4096);
        for d in -2047..=2047 {
            while stretch.len() <= squash(d) as usize {
                stretch.push(d as i16);
            }
        }
        stretch.resize(4096, 2047);
        let mut model = Model {
            stretch,
            tables: vec![vec![1 << 15; TABLE]; ORDERS.len()],
            weights: [[EVEN; ORDERS.len()]; 256],
            past: 0,
            bits: 1,
            places: [0; ORDERS.len()],
            inputs: [0; ORDERS.len()],
            guess: 0,
        };
        for byte in PRIMER.bytes() {
            for n in (0..8).rev() {
                model.predict();
                model.learn(byte >> n & 1 == 1);
            }
        }
        model
    }

    /// The probability that the next bit is 1, of 4096; never 0 or 4096.
    fn predict(&mut self) -> u32 {
        let mut sum = 0_i64;
        for (n, order) in ORDERS.iter().enumerate() {
            let seen = self.past & ((1_u64 << (8 * order)) - 1);
            let key = (seen.wrapping_add(1)).wrapping_mul(0x9e37_79b9_7f4a_7c15 + n as u64 * 2);
            let key = (key ^ (key >> 29)).wrapping_add(self.bits as u64 * 0x9e37_79b1);
            let place = ((key.wrapping_mul(0xd6e8_feb8_6659_fd93)) >> 48) as usize;
            self.places[n] = place;
            let chance = usize::from(self.tables[n][place] >> 4);
            self.inputs[n] = i32::from(self.stretch[chance]);
            sum += i64::from(self.inputs[n]) * i64::from(self.weights[self.bits & 255][n]);
        }
        self.guess = squash((sum >> 16).clamp(-2047, 2047) as i32);
        self.guess.clamp(1, 4095) as u32
    }

    fn learn(&mut self, bit: bool) {
        let error = ((i32::from(bit) << 12) - self.guess) * 14;
        for n in 0..ORDERS.len() {
            let weight = &mut self.weights[self.bits & 255][n];
            *weight += (self.inputs[n] * error + 0x200) >> 10;
            let chance = &mut self.tables[n][self.places[n]];
            let target = if bit { 65_535 } else { 0 };
            *chance = (i32::from(*chance) + (target - i32::from(*chance)) / 6) as u16;
        }
        self.bits = self.bits << 1 | usize::from(bit);
        if 256 <= self.bits {
            self.past = self.past << 8 | (self.bits & 255) as u64;
            self.bits = 1;
        }
    }
}

/// Where the range of the coder is divided.
fn middle(low: u32, high: u32, chance: u32) -> u32 {
    let range = u64::from(high - low);
    low + ((range * u64::from(chance)) >> 12) as u32
}

/// The compressed bytes.
pub fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut model = Model::new();
    let (mut low, mut high) = (0_u32, u32::MAX);
    let mut packed = Vec::new();
    for byte in bytes {
        for n in (0..8).rev() {
            let bit = byte >> n & 1 == 1;
            let middle = middle(low, high, model.predict());
            if bit {
                high = middle;
            } else {
                low = middle + 1;
            }
            model.learn(bit);
            while (low ^ high) >> 24 == 0 {
                packed.push((high >> 24) as u8);
                low <<= 8;
                high = high << 8 | 255;
            }
        }
    }
    // As few bytes as tell the range: what is missing is read as zeros.
    if low != 0 {
        let first = (low >> 24) as u8;
        packed.push(first.wrapping_add(1));
    }
    packed
}

/// The `length` bytes that were compressed. Of other bytes it makes others.
pub fn unpack(packed: &[u8], length: usize) -> Vec<u8> {
    let mut model = Model::new();
    let (mut low, mut high) = (0_u32, u32::MAX);
    let mut packed = packed.iter().copied().chain(std::iter::repeat(0));
    let mut next = || packed.next().unwrap_or_default();
    let mut code = (0..4).fold(0, |code, _| code << 8 | u32::from(next()));
    let mut bytes = Vec::with_capacity(length);
    for _ in 0..length {
        let mut byte = 0;
        for _ in 0..8 {
            let middle = middle(low, high, model.predict());
            let bit = code <= middle;
            if bit {
                high = middle;
            } else {
                low = middle + 1;
            }
            model.learn(bit);
            byte = byte << 1 | u8::from(bit);
            while (low ^ high) >> 24 == 0 {
                low <<= 8;
                high = high << 8 | 255;
                code = code << 8 | u32::from(next());
            }
        }
        bytes.push(byte);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked() {
        let mut random = 1_u32;
        let mut noise = |_| {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (random >> 24) as u8
        };
        let noise: Vec<u8> = (0..3000).map(&mut noise).collect();
        for length in [0, 1, 2, 3, 10, 100, 3000] {
            for bytes in [&noise[..length], &vec![0; length], &vec![255; length]] {
                assert_eq!(unpack(&pack(bytes), length), bytes);
            }
        }
    }
}
