//! Numbers that look like chance, each a function of seed, draw and place.
//!
//! The generator is counter-based: there is no state to hand on, so the numbers
//! of one draw do not depend on which others were made, nor on which thread.

/// Rounds of mixing; ten is what the authors recommend.
const ROUNDS: usize = 10;

/// Returns the four words of Philox 4x32-10 at `counter` under `key`.
///
/// Salmon, Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3".
pub fn philox(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    let (mut words, mut key) = (counter, key);
    for _ in 0..ROUNDS {
        let (left, right) = (u64::from(words[0]) * 0xD251_1F53, u64::from(words[2]) * 0xCD9E_8D57);
        words = [
            (right >> 32) as u32 ^ words[1] ^ key[0],
            right as u32,
            (left >> 32) as u32 ^ words[3] ^ key[1],
            left as u32,
        ];
        key = [key[0].wrapping_add(0x9E37_79B9), key[1].wrapping_add(0xBB67_AE85)];
    }
    words
}

/// What a number is for; numbers for different uses are independent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// The weight of a node.
    Weight,
    /// Which of several choices.
    Choice,
    /// Which rows a bootstrap takes.
    Resample,
    /// A coordinate of a sampled point.
    Coordinate,
}

/// The numbers of one draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    key: [u32; 2],
    draw: u32,
}

impl Source {
    /// The numbers of draw `draw` under `seed`.
    pub fn new(seed: u64, draw: u32) -> Self {
        Self { key: [seed as u32, (seed >> 32) as u32], draw }
    }

    /// Returns two even numbers, 0 to below 1, at a place; `turn` tells repeated tries apart.
    pub fn pair(&self, purpose: Use, place: u32, turn: u32) -> [f64; 2] {
        // The use shares a word with the turn: no use takes as many as 2^24 turns.
        let words = philox([place, turn | (purpose as u32) << 24, self.draw, 0], self.key);
        [share(words[0], words[1]), share(words[2], words[3])]
    }

    /// Returns an even number, 0 to below 1.
    pub fn uniform(&self, purpose: Use, place: u32) -> f64 {
        self.pair(purpose, place, 0)[0]
    }

    /// Returns a position among `count`, each as likely.
    pub fn below(&self, purpose: Use, place: u32, count: usize) -> usize {
        ((self.uniform(purpose, place) * count as f64) as usize).min(count.saturating_sub(1))
    }

    /// Returns a gamma number of `shape` and scale 1; 0 for a shape of 0.
    ///
    /// Marsaglia and Tsang (2000); below 1 the shape is raised by one and the
    /// number multiplied by a power of an even one (their note 6).
    pub fn gamma(&self, purpose: Use, place: u32, shape: f64) -> f64 {
        if shape <= 0.0 {
            return 0.0;
        }
        let raised = if shape < 1.0 { shape + 1.0 } else { shape };
        let d = raised - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        let mut turn = 1;
        let number = loop {
            let normal = normal(self.pair(purpose, place, turn));
            let [even, spare] = self.pair(purpose, place, turn + 1);
            turn += 2;
            let cube = 1.0 + c * normal;
            if cube <= 0.0 {
                continue;
            }
            let v = cube * cube * cube;
            if libm::log(1.0 - even) < 0.5 * normal * normal + d - d * v + d * libm::log(v) {
                break if shape < 1.0 {
                    d * v * libm::exp(libm::log(1.0 - spare) / shape)
                } else {
                    d * v
                };
            }
        };
        number.max(f64::MIN_POSITIVE)
    }
}

/// Takes the upper 53 of 64 bits to a share.
fn share(low: u32, high: u32) -> f64 {
    let bits = u64::from(high) << 32 | u64::from(low);
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

/// Box and Muller (1958); the first even number is turned so that its logarithm is finite.
fn normal([first, second]: [f64; 2]) -> f64 {
    let distance = (-2.0 * libm::log(1.0 - first)).sqrt();
    distance * libm::cos(2.0 * std::f64::consts::PI * second)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The known answers that the authors publish with Random123.
    #[test]
    fn philox_gives_its_authors_answers() {
        assert_eq!(philox([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(
            philox([u32::MAX; 4], [u32::MAX; 2]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
        assert_eq!(
            philox(
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0]
            ),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    #[test]
    fn even_numbers_are_even() {
        let numbers = |place| Source::new(7, place).uniform(Use::Weight, 3);
        let all: Vec<f64> = (0..20_000).map(numbers).collect();
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        let square = all.iter().map(|number| (number - mean).powi(2)).sum::<f64>();
        assert!((mean - 0.5).abs() < 0.01, "{mean}");
        assert!((square / all.len() as f64 - 1.0 / 12.0).abs() < 0.002);
        assert!(all.iter().all(|number| (0.0..1.0).contains(number)));
    }

    #[test]
    fn gamma_numbers_have_their_shape_as_mean_and_variance() {
        for shape in [0.3, 1.0, 4.5, 60.0] {
            let number = |draw| Source::new(11, draw).gamma(Use::Weight, 0, shape);
            let all: Vec<f64> = (0..40_000).map(number).collect();
            let mean = all.iter().sum::<f64>() / all.len() as f64;
            let variance =
                all.iter().map(|number| (number - mean).powi(2)).sum::<f64>() / all.len() as f64;
            assert!((mean / shape - 1.0).abs() < 0.03, "mean {mean} of {shape}");
            assert!((variance / shape - 1.0).abs() < 0.06, "variance {variance} of {shape}");
        }
    }

    #[test]
    fn a_use_of_its_own_gives_numbers_of_its_own() {
        let source = Source::new(1, 2);
        let weight = source.uniform(Use::Weight, 5);
        for other in [Use::Choice, Use::Resample, Use::Coordinate] {
            assert!((source.uniform(other, 5) - weight).abs() > 1e-12);
        }
    }
}
