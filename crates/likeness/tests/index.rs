//! The index against looking at everything.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use likeness::index::{Index, Near, Writer};
use likeness::{Hash, RADIUS};
use proptest::prelude::*;

use crate::targets::index::{Chance, SHAPES, Shape, by_looking_at_all, holds, made, sorted};

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

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, max_shrink_iters: 64, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_the_index_is_the_set_of_what_was_put_in_and_not_taken_out(acts in proptest::collection::vec(any::<[u8; 3]>(), 1..32)) {
        holds(acts.as_flattened());
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
