//! Hashes to search among, from even to as skewed as anybody's will be.

use likeness::Hash;

/// What the entries are like.
#[derive(Clone, Copy)]
pub(crate) enum Bank {
    /// Every bit by itself.
    Uniform,
    /// Neighbouring bits go together (correlation 0.7), and each eighth bit is nearly always the same: as real hashes, and worse.
    Correlated,
    /// A tenth are near-copies of one picture, off by up to 40 bits.
    Copies,
    /// Half are descriptors of one texture: each bit as in the first with a chance of 85%, and hardly two within the radius.
    Texture,
}

impl Bank {
    pub(crate) const ALL: [Self; 4] = [Self::Uniform, Self::Correlated, Self::Copies, Self::Texture];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::Correlated => "correlated",
            Self::Copies => "copies",
            Self::Texture => "texture",
        }
    }

    pub(crate) fn named(name: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|bank| bank.name() == name).ok_or_else(|| format!("there is no bank {name}"))
    }

    pub(crate) fn hashes(self, rows: usize, chance: &mut Chance) -> Vec<Hash> {
        (0..rows).map(|_| self.hash(chance)).collect()
    }

    /// Half are near an entry, so that there is something to find, and half are what might be the next entry.
    pub(crate) fn queries(self, count: usize, hashes: &[Hash], chance: &mut Chance) -> Vec<Hash> {
        (0..count)
            .map(|place| {
                if place % 2 == 0 {
                    return self.hash(chance);
                }
                let flips = chance.below(32);
                let entry = hashes[chance.below(hashes.len())];
                chance.flipped(entry, flips)
            })
            .collect()
    }

    fn hash(self, chance: &mut Chance) -> Hash {
        /// The picture, and the texture.
        const ONE: Hash = Hash([0x1234_5678_9abc_def0, 0x0f1e_2d3c_4b5a_6978, 0xdead_beef_0bad_cafe, 0x7777_1111_2222_8888]);
        match self {
            Self::Uniform => chance.hash(),
            Self::Correlated => {
                // Each bit is the one before it, but for 5 times in 32 on average; `sum` carries on from word to word.
                let mut sum = chance.next() & 1;
                let words = std::array::from_fn(|_| {
                    let mut changes = chance.one_in_eight() | chance.one_in_eight() & chance.next() & chance.next();
                    changes ^= sum;
                    for shift in [1, 2, 4, 8, 16, 32] {
                        changes ^= changes << shift;
                    }
                    sum = changes >> 63;
                    changes | 0x0101_0101_0101_0101 & !chance.one_in_eight()
                });
                Hash(words)
            }
            Self::Copies if chance.below(10) == 0 => {
                let flips = chance.below(41);
                chance.flipped(ONE, flips)
            }
            Self::Texture if chance.below(2) == 0 => {
                Hash(ONE.0.map(|word| word ^ (chance.one_in_eight() | chance.one_in_eight() & chance.next() & chance.next())))
            }
            Self::Copies | Self::Texture => chance.hash(),
        }
    }
}

/// Numbers that look random and are the same each time (SplitMix64).
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    pub(crate) fn hash(&mut self) -> Hash {
        Hash(std::array::from_fn(|_| self.next()))
    }

    /// Each bit is set with a chance of one in eight.
    fn one_in_eight(&mut self) -> u64 {
        self.next() & self.next() & self.next()
    }

    /// With so many bits changed, all different.
    pub(crate) fn flipped(&mut self, hash: Hash, flips: usize) -> Hash {
        let mut flipped = hash;
        while (flipped.distance(hash) as usize) < flips {
            let bit = self.below(256);
            flipped.0[bit / 64] ^= 1 << (bit % 64);
        }
        flipped
    }
}
