//! Whatever is done to an index, it is the set of what was put in and not taken out.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use likeness::index::{Near, Writer};
use likeness::{Hash, RADIUS};

/// Numbers that look random and are the same each time (SplitMix64).
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    pub(crate) fn hash(&mut self) -> Hash {
        Hash(std::array::from_fn(|_| self.next()))
    }

    pub(crate) fn flipped(&mut self, hash: Hash, flips: u64) -> Hash {
        let mut flipped = hash;
        while u64::from(flipped.distance(hash)) < flips {
            let bit = self.below(256);
            flipped.0[bit as usize / 64] ^= 1 << (bit % 64);
        }
        flipped
    }
}

/// What entries can be like.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    Uniform,
    /// All within a few dozen bits of one.
    Copies(u64),
    /// Few different hashes, each many times.
    Equal,
    /// Four bits of entropy in each word: nearly all bands are the same in nearly all entries.
    Flat,
    /// Each 16 bits all set or none: bits that go together.
    Entangled,
    /// A few hundred centres with near-copies.
    Clusters,
}

pub(crate) const SHAPES: [Shape; 8] =
    [Shape::Uniform, Shape::Copies(12), Shape::Copies(36), Shape::Copies(70), Shape::Equal, Shape::Flat, Shape::Entangled, Shape::Clusters];

pub(crate) fn made(shape: Shape, chance: &mut Chance) -> Hash {
    let one = Hash([0x0123_4567_89ab_cdef; 4]);
    match shape {
        Shape::Uniform => chance.hash(),
        Shape::Copies(most) => {
            let flips = chance.below(most + 1);
            chance.flipped(one, flips)
        }
        Shape::Equal => Hash([chance.below(7); 4]),
        Shape::Flat => Hash(std::array::from_fn(|_| 1 << chance.below(16))),
        Shape::Entangled => Hash(std::array::from_fn(|_| {
            let bits = chance.next();
            (0..4).fold(0, |word, band| word | if bits >> band & 1 == 1 { 0xffff << (16 * band) } else { 0 })
        })),
        Shape::Clusters => {
            let centre = Chance(chance.below(300)).hash();
            let flips = chance.below(33);
            chance.flipped(centre, flips)
        }
    }
}

pub(crate) fn by_looking_at_all(entries: impl IntoIterator<Item = (Hash, u64)>, query: Hash, radius: u32) -> Vec<Near> {
    let mut near: Vec<Near> =
        entries.into_iter().map(|(hash, id)| Near { distance: hash.distance(query), id }).filter(|near| near.distance <= radius).collect();
    near.sort_unstable();
    near
}

pub(crate) fn sorted(mut found: Vec<Near>) -> Vec<Near> {
    found.sort_unstable();
    found
}

/// So many entries at most: beyond, a run takes longer than it tells.
const MOST: usize = 20_000;

/// The bytes are acts, three bytes each: which, a shape or a share, and how many.
pub(crate) fn holds(bytes: &[u8]) {
    let mut chance = Chance(bytes.len() as u64);
    let mut writer = Writer::new();
    let index = writer.index();
    let mut model: BTreeSet<(Hash, u64)> = BTreeSet::new();
    let mut gone: Vec<(Hash, u64)> = Vec::new();
    let (acts, _) = bytes.as_chunks::<3>();
    let looks = [[5, 0, 0], [4, 0, 0], [5, 1, 0]];
    for [act, how, many] in acts.iter().copied().chain(looks) {
        let shape = SHAPES[usize::from(how) % SHAPES.len()];
        let count = usize::from(many) * 24 + usize::from(how) / SHAPES.len();
        match act % 8 {
            0 | 6 => {
                for _ in 0..count.min(MOST.saturating_sub(model.len())) {
                    // Few ids, so that the same pair comes again now and then.
                    let (hash, id) = (made(shape, &mut chance), chance.below(4));
                    assert_eq!(writer.insert(hash, id), model.insert((hash, id)));
                }
            }
            1 => {
                let count = (count * 2).min(MOST.saturating_sub(model.len()));
                let all: Vec<(Hash, u64)> = (0..count).map(|_| (made(shape, &mut chance), chance.below(4))).collect();
                writer.insert_all(all.iter().copied());
                model.extend(all);
            }
            2 => {
                let some: Vec<(Hash, u64)> = model.iter().copied().filter(|_| chance.below(256) < u64::from(how)).collect();
                for (hash, id) in some {
                    assert!(writer.remove(hash, id));
                    assert!(!writer.remove(hash, id));
                    model.remove(&(hash, id));
                    gone.push((hash, id));
                }
            }
            // What was removed comes back.
            3 => {
                for (hash, id) in gone.split_off(gone.len().saturating_sub(count)) {
                    assert_eq!(writer.insert(hash, id), model.insert((hash, id)));
                }
            }
            4 => writer.settle(),
            _ => {
                assert_eq!(index.len(), model.len());
                let radius = if how % 4 == 0 { RADIUS } else { u32::from(many) % 48 };
                let near = model.iter().nth(chance.below(model.len().max(1) as u64) as usize);
                let query = match near {
                    Some((hash, id)) => {
                        assert!(writer.contains(*hash, *id));
                        let flips = chance.below(u64::from(radius) + 3);
                        chance.flipped(*hash, flips)
                    }
                    None => chance.hash(),
                };
                let wanted = by_looking_at_all(model.iter().copied(), query, radius);
                assert_eq!(sorted(index.within(query, radius)), wanted);
                let mut left = wanted.len().div_ceil(2);
                let mut some = Vec::new();
                index.visit(query, radius, |near| {
                    some.push(near);
                    left -= 1;
                    if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                });
                assert_eq!(some.len(), wanted.len().div_ceil(2));
                assert!(some.iter().all(|near| wanted.binary_search(near).is_ok()));
            }
        }
    }
}
