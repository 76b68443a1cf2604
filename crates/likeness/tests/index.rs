//! The index against looking at everything.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use likeness::index::{Index, Near, Writer};
use likeness::{Hash, RADIUS};
use proptest::prelude::*;

/// Numbers that look random and are the same each time (SplitMix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn hash(&mut self) -> Hash {
        Hash(std::array::from_fn(|_| self.next()))
    }

    fn flipped(&mut self, hash: Hash, flips: u64) -> Hash {
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
enum Shape {
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

const SHAPES: [Shape; 8] =
    [Shape::Uniform, Shape::Copies(12), Shape::Copies(36), Shape::Copies(70), Shape::Equal, Shape::Flat, Shape::Entangled, Shape::Clusters];

fn made(shape: Shape, chance: &mut Chance) -> Hash {
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

fn by_looking_at_all(entries: impl IntoIterator<Item = (Hash, u64)>, query: Hash, radius: u32) -> Vec<Near> {
    let mut near: Vec<Near> =
        entries.into_iter().map(|(hash, id)| Near { distance: hash.distance(query), id }).filter(|near| near.distance <= radius).collect();
    near.sort_unstable();
    near
}

fn sorted(mut found: Vec<Near>) -> Vec<Near> {
    found.sort_unstable();
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn all_within_the_radius_are_found_whatever_the_entries_are_like(
        seed: u64, shape in proptest::sample::select(&SHAPES[..]), rows in prop_oneof![0_usize..100, 4000..9000_usize], radius in 0_u32..=40
    ) {
        let mut chance = Chance(seed);
        let entries: Vec<(Hash, u64)> = (0..rows as u64).map(|id| (made(shape, &mut chance), id)).collect();
        let index = Writer::from_entries(entries.iter().copied()).index();
        let queries: Vec<Hash> = (0..24).map(|place| {
            let flips = chance.below(50);
            let near = match entries.get(chance.below(rows.max(1) as u64) as usize) {
                // At the very edge, just beyond it, and anywhere near.
                Some((hash, _)) => chance.flipped(*hash, [u64::from(radius), u64::from(radius) + 1, flips][place % 3]),
                None => chance.hash(),
            };
            if place % 5 == 0 { made(shape, &mut chance) } else { near }
        }).collect();
        for query in &queries {
            prop_assert_eq!(sorted(index.within(*query, radius)), by_looking_at_all(entries.iter().copied(), *query, radius));
        }
        let each: Vec<Vec<Near>> = index.within_each(&queries, radius).into_iter().map(sorted).collect();
        let one_by_one: Vec<Vec<Near>> = queries.iter().map(|query| sorted(index.within(*query, radius))).collect();
        prop_assert_eq!(each, one_by_one);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// So many alike that the groups of a query are chosen by what is in them.
    #[test]
    fn all_are_found_among_many_that_are_alike(seed: u64, most in 24_u64..100, radius in prop_oneof![Just(RADIUS), 0_u32..=31]) {
        let mut chance = Chance(seed);
        let entries: Vec<(Hash, u64)> = (0..120_000).map(|id| {
            (made(if id % 4 == 0 { Shape::Uniform } else { Shape::Copies(most) }, &mut chance), id)
        }).collect();
        let index = Writer::from_entries(entries.iter().copied()).index();
        for flips in [0, radius, radius + 1, radius / 2] {
            for place in 0..4 {
                let query = chance.flipped(entries[place * 7].0, u64::from(flips));
                prop_assert_eq!(sorted(index.within(query, radius)), by_looking_at_all(entries.iter().copied(), query, radius));
            }
        }
    }
}

/// What can be done to an index.
#[derive(Clone, Debug)]
enum Act {
    /// So many new ones.
    Insert(u16, Shape),
    /// So many at once.
    InsertAll(u16, Shape),
    /// Of those that are there, each with this many chances in 16.
    Remove(u8),
    /// Pairs that were removed come back.
    Return(u16),
    Settle,
    Look,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let shape = || proptest::sample::select(&SHAPES[..]);
    let act = prop_oneof![
        4 => (1_u16..6000, shape()).prop_map(|(count, shape)| Act::Insert(count, shape)),
        2 => (1_u16..9000, shape()).prop_map(|(count, shape)| Act::InsertAll(count, shape)),
        3 => (1_u8..=16).prop_map(Act::Remove),
        2 => (1_u16..3000).prop_map(Act::Return),
        1 => Just(Act::Settle),
        3 => Just(Act::Look),
    ];
    proptest::collection::vec(act, 1..24)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, max_shrink_iters: 64, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_the_index_is_the_set_of_what_was_put_in_and_not_taken_out(seed: u64, acts in acts()) {
        let mut chance = Chance(seed);
        let mut writer = Writer::new();
        let index = writer.index();
        let mut model: BTreeSet<(Hash, u64)> = BTreeSet::new();
        let mut gone: Vec<(Hash, u64)> = Vec::new();
        for act in acts.into_iter().chain([Act::Look, Act::Settle, Act::Look]) {
            match act {
                Act::Insert(count, shape) => for _ in 0..count {
                    // Few ids, so that the same pair comes again now and then.
                    let (hash, id) = (made(shape, &mut chance), chance.below(4));
                    prop_assert_eq!(writer.insert(hash, id), model.insert((hash, id)));
                },
                Act::InsertAll(count, shape) => {
                    let all: Vec<(Hash, u64)> = (0..count).map(|_| (made(shape, &mut chance), chance.below(4))).collect();
                    writer.insert_all(all.iter().copied());
                    model.extend(all);
                }
                Act::Remove(chances) => {
                    let some: Vec<(Hash, u64)> = model.iter().copied().filter(|_| chance.below(16) < u64::from(chances)).collect();
                    for (hash, id) in some {
                        prop_assert!(writer.remove(hash, id));
                        prop_assert!(!writer.remove(hash, id));
                        model.remove(&(hash, id));
                        gone.push((hash, id));
                    }
                }
                Act::Return(count) => for _ in 0..count {
                    let Some((hash, id)) = gone.pop() else { break };
                    prop_assert_eq!(writer.insert(hash, id), model.insert((hash, id)));
                },
                Act::Settle => writer.settle(),
                Act::Look => {
                    prop_assert_eq!(index.len(), model.len());
                    for _ in 0..4 {
                        let flips = chance.below(34);
                        let query = match model.iter().nth(chance.below(model.len().max(1) as u64) as usize) {
                            Some((hash, id)) => {
                                prop_assert!(writer.contains(*hash, *id));
                                chance.flipped(*hash, flips)
                            }
                            None => chance.hash(),
                        };
                        prop_assert_eq!(sorted(index.within(query, RADIUS)), by_looking_at_all(model.iter().copied(), query, RADIUS));
                    }
                }
            }
        }
    }
}

#[test]
fn a_look_up_can_stop_at_the_first_answer() {
    let mut chance = Chance(3);
    let index = Writer::from_entries((0..20_000).map(|id| (made(Shape::Copies(6), &mut chance), id))).index();
    let query = made(Shape::Copies(6), &mut chance);
    assert_eq!(index.within(query, RADIUS).len(), 20_000);
    let mut seen = 0;
    index.visit(query, RADIUS, |_| {
        seen += 1;
        if seen == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!(seen, 3);
}

#[test]
fn one_hash_may_stand_for_many() {
    let mut chance = Chance(4);
    let hash = chance.hash();
    let others = (0..6000).map(|id| (chance.hash(), id)).collect::<Vec<_>>();
    let index = Writer::from_entries(others.into_iter().chain((0..10_000).map(|id| (hash, id + 1_000_000)))).index();
    let found = sorted(index.within(hash, 0));
    assert_eq!(found, (0..10_000).map(|id| Near { distance: 0, id: id + 1_000_000 }).collect::<Vec<_>>());
}

/// Readers in other threads, while entries come, go, and are merged: what is there the whole time is found every time, what was never there
/// never, and what comes is found from the moment its insert returned.
#[test]
fn readers_see_no_gap_while_a_writer_works() {
    fn reads(
        index: &Index,
        kept: &[(Hash, u64)],
        coming: &[(Hash, u64)],
        arrived: &std::sync::atomic::AtomicUsize,
        done: &AtomicBool,
        seed: u64,
    ) -> u64 {
        let mut chance = Chance(seed);
        let mut looks = 0;
        while !done.load(Ordering::Relaxed) {
            let (hash, id) = kept[chance.below(kept.len() as u64) as usize];
            let flips = chance.below(32);
            let found = index.within(chance.flipped(hash, flips), RADIUS);
            assert!(found.contains(&Near { distance: flips as u32, id }), "an entry was not found while others changed");
            assert!(found.iter().all(|near| near.id < 1 << 40), "found what was never there");
            let until = arrived.load(Ordering::Acquire);
            if let Some((hash, id)) = coming.get(until.wrapping_sub(1)) {
                assert!(index.within(*hash, 0).iter().any(|near| near.id == *id), "an entry came and was not found");
            }
            looks += 1;
        }
        looks
    }

    /// Tells the readers to end, also when the writer fails: the test would wait for them otherwise.
    struct Ended<'a>(&'a AtomicBool);
    impl Drop for Ended<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    let mut chance = Chance(5);
    let kept: Vec<(Hash, u64)> = (0..5000).map(|id| (chance.hash(), id)).collect();
    let coming: Vec<(Hash, u64)> =
        (0..40_000).map(|id| (made([Shape::Uniform, Shape::Clusters][id as usize % 2], &mut chance), 10_000 + id)).collect();
    let mut writer = Writer::new();
    let index = writer.index();
    writer.insert_all(kept.iter().copied());
    let (arrived, done) = (std::sync::atomic::AtomicUsize::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..2)
            .map(|seed| {
                let (index, kept, coming, arrived, done) = (index.clone(), &kept, &coming, &arrived, &done);
                scope.spawn(move || reads(&index, kept, coming, arrived, done, seed))
            })
            .collect();
        let ended = Ended(&done);
        for (place, (hash, id)) in coming.iter().enumerate() {
            assert!(writer.insert(*hash, *id));
            arrived.store(place + 1, Ordering::Release);
            // An old one goes, long after it came.
            if place >= 10_000 && place % 2 == 0 {
                let (hash, id) = coming[place - 10_000];
                assert!(writer.remove(hash, id));
            }
            if place == 20_000 {
                writer.settle();
            }
        }
        drop(ended);
        let looks: u64 = readers.into_iter().map(|reader| reader.join().expect("a reader that saw no gap")).sum();
        assert!(looks > 100, "only {looks} look-ups: nothing was seen");
    });
    assert_eq!(index.len(), 5000 + 40_000 - 15_000);
}
