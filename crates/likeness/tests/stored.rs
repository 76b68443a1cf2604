//! Stored entries against looking at everything, and against what can happen to a file.

use likeness::index::{Near, Stored, StoredError};
use likeness::{Hash, RADIUS};
use proptest::prelude::*;

use crate::targets::index::{Chance, SHAPES, by_looking_at_all, made, sorted};

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn all_within_the_radius_are_found_in_all_parts(
        seed: u64, shape in proptest::sample::select(&SHAPES[..]), cuts in proptest::collection::vec(0_usize..70_000, 0..4), radius in 0_u32..=60
    ) {
        let mut chance = Chance(seed);
        let rows = cuts.iter().sum::<usize>().min(90_000);
        let entries: Vec<(Hash, u64)> = (0..rows).map(|_| (made(shape, &mut chance), chance.next())).collect();
        let mut rest = entries.as_slice();
        let mut files: Vec<Vec<u8>> = cuts.iter().map(|cut| {
            let (part, after) = rest.split_at(rest.len().min(*cut));
            rest = after;
            // A byte before it: nothing may hang on where it lies in memory.
            [&[0], Stored::to_bytes(part).as_slice()].concat()
        }).collect();
        files.push([&[0], Stored::to_bytes(rest).as_slice()].concat());
        let parts: Vec<Stored<'_>> = files.iter().map(|file| Stored::from_bytes(&file[1..]).expect("what was written")).collect();
        prop_assert_eq!(parts.iter().map(Stored::len).sum::<usize>(), entries.len());
        let queries: Vec<Hash> = (0..6).map(|place| {
            let flips = chance.below(u64::from(radius) + 2);
            match entries.get(chance.below(entries.len().max(1) as u64) as usize) {
                Some((hash, _)) if place > 0 => chance.flipped(*hash, flips),
                _ => made(shape, &mut chance),
            }
        }).collect();
        let each = Stored::within_each(&parts, &queries, radius);
        prop_assert_eq!(each.len(), queries.len());
        for (query, found) in queries.iter().zip(each) {
            prop_assert_eq!(sorted(found), by_looking_at_all(entries.iter().copied(), *query, radius));
        }
    }
}

#[test]
fn nothing_is_found_in_nothing() {
    assert_eq!(Stored::within_each(&[], &[Hash::default(); 2], 256), vec![Vec::<Near>::new(); 2]);
    let empty = Stored::to_bytes(&[]);
    let stored = Stored::from_bytes(&empty).expect("no entries are entries");
    assert!(stored.is_empty() && stored.entries().len() == 0);
    assert_eq!(Stored::within_each(&[stored], &[Hash::default()], 256), vec![Vec::new()]);
    assert!(Stored::within_each(&[stored], &[], RADIUS).is_empty());
}

#[test]
fn every_byte_that_is_lost_or_changed_is_noticed() {
    let entries: Vec<(Hash, u64)> = (0..3).map(|id| (Chance(id).hash(), id)).collect();
    let whole = Stored::to_bytes(&entries);
    assert_eq!(whole.len(), 64 + 3 * 40);
    for length in 0..whole.len() {
        let error = Stored::from_bytes(&whole[..length]).expect_err("it ends early");
        let wanted =
            if length < 64 { StoredError::Foreign } else { StoredError::Length { wanted: whole.len() as u64, has: length as u64 } };
        assert_eq!(error, wanted);
    }
    assert!(matches!(Stored::from_bytes(&[whole.as_slice(), &[0]].concat()), Err(StoredError::Length { .. })));
    for place in 0..whole.len() {
        for bit in 0..8 {
            let mut changed = whole.clone();
            changed[place] ^= 1 << bit;
            assert!(Stored::from_bytes(&changed).is_err(), "bit {bit} of byte {place}");
            assert_eq!(Stored::from_bytes_seen(&changed).is_err(), place < 64 && !(12..16).contains(&place), "only the head is looked at");
        }
    }
    assert!(Stored::from_bytes(&whole).is_ok_and(|stored| stored.ids().eq(0..3)));
    let mut newer = whole.clone();
    newer[8] = 2;
    assert_eq!(Stored::from_bytes(&newer).map(|stored| stored.len()), Err(StoredError::Form(2)));
    // A count that overflows what can be had.
    let mut endless = whole;
    endless[16..24].fill(0xff);
    assert!(matches!(Stored::from_bytes(&endless), Err(StoredError::Length { .. })));
}
