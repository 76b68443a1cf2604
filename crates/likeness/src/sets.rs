//! Many sets of numbers, and how much each of them shares with another one: counted exactly, by an inverted index.
//!
//! An index by minhash (Broder 1997) would be smaller, but it estimates, and it is blind to a small set in a large one. Whoever
//! verifies by the sets themselves has to keep them anyhow.

use std::sync::Arc;

/// Sets under ids of the caller's. A clone costs next to nothing and stays as it is when the other one grows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sets {
    /// Each is at least twice as large as the one after it, so that there are few, and adding costs little.
    segments: Vec<Arc<Segment>>,
}

#[derive(Debug, Default)]
struct Segment {
    /// The ids, and how large their sets are.
    sets: Vec<(u64, u32)>,
    /// Each member of each set, with the set's place among `sets`; sorted.
    members: Vec<(u32, u32)>,
}

/// What a set shares with the one that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Overlap {
    pub(crate) id: u64,
    /// How many members the set has.
    pub(crate) size: u32,
    /// How many of them the other one has too.
    pub(crate) shared: u32,
}

impl Sets {
    /// `set` is sorted and has no member twice.
    pub(crate) fn add(&mut self, id: u64, set: &[u32]) {
        let size = u32::try_from(set.len()).unwrap_or(u32::MAX);
        let mut last = Segment { sets: vec![(id, size)], members: set.iter().map(|member| (*member, 0)).collect() };
        while let Some(before) = self.segments.pop_if(|before| before.weight() < 2 * last.weight()) {
            last = before.with(&last);
        }
        self.segments.push(Arc::new(last));
    }

    /// All sets that share something with this one, which is sorted and has no member twice. The time grows with its length and with
    /// how much is shared in all.
    pub(crate) fn overlaps(&self, set: &[u32]) -> Vec<Overlap> {
        let mut found = Vec::new();
        for segment in &self.segments {
            let mut shared = vec![0_u32; segment.sets.len()];
            let mut rest = segment.members.as_slice();
            for member in set {
                rest = &rest[gallop(rest, *member)..];
                let many = rest.iter().take_while(|(other, _)| other == member).count();
                for (_, place) in &rest[..many] {
                    shared[*place as usize] += 1;
                }
                rest = &rest[many..];
            }
            let all = segment.sets.iter().zip(shared).filter(|(_, shared)| *shared > 0);
            found.extend(all.map(|((id, size), shared)| Overlap { id: *id, size: *size, shared }));
        }
        found
    }
}

impl Segment {
    fn weight(&self) -> usize {
        self.members.len() + self.sets.len()
    }

    fn with(&self, later: &Self) -> Self {
        let offset = u32::try_from(self.sets.len()).unwrap_or(u32::MAX);
        let mut members = Vec::with_capacity(self.members.len() + later.members.len());
        let (mut left, mut right) = (self.members.iter().copied().peekable(), later.members.iter().peekable());
        while let Some(next) = right.peek() {
            match left.next_if(|own| own.0 <= next.0) {
                Some(own) => members.push(own),
                None => members.extend(right.next().map(|(member, place)| (*member, place + offset))),
            }
        }
        members.extend(left);
        Self { sets: [self.sets.as_slice(), later.sets.as_slice()].concat(), members }
    }
}

/// Where the first member that is not below `least` stands: found near the front at once, and far behind in few steps.
fn gallop(members: &[(u32, u32)], least: u32) -> usize {
    let mut far = 1;
    while far < members.len() && members[far].0 < least {
        far *= 2;
    }
    let (from, to) = (far / 2, members.len().min(far + 1));
    from + members[from..to].partition_point(|(member, _)| *member < least)
}

/// How many members two sorted sets share.
pub(crate) fn shared(one: &[u32], other: &[u32]) -> u32 {
    let (mut left, mut right, mut both) = (0, 0, 0);
    while let (Some(a), Some(b)) = (one.get(left), other.get(right)) {
        both += u32::from(a == b);
        left += usize::from(a <= b);
        right += usize::from(b <= a);
    }
    both
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn every_overlap_is_found_and_counted(all in prop::collection::vec(prop::collection::btree_set(0u32..60, 0..20), 0..40), asked in prop::collection::btree_set(0u32..70, 0..30)) {
            let mut sets = Sets::default();
            let mut before = sets.clone();
            for (id, set) in (100u64..).zip(&all) {
                before = sets.clone();
                sets.add(id, &Vec::from_iter(set.iter().copied()));
            }
            let asked_row = Vec::from_iter(asked.iter().copied());
            let by_eye = |all: &[BTreeSet<u32>]| {
                let count = |set: &BTreeSet<u32>| set.intersection(&asked).count() as u32;
                let all = (100u64..).zip(all).map(|(id, set)| Overlap { id, size: set.len() as u32, shared: count(set) });
                all.filter(|one| one.shared > 0).collect::<Vec<_>>()
            };
            let sorted = |sets: &Sets| { let mut found = sets.overlaps(&asked_row); found.sort_by_key(|one| one.id); found };
            prop_assert_eq!(sorted(&sets), by_eye(&all));
            prop_assert_eq!(sorted(&before), by_eye(&all[..all.len().saturating_sub(1)]), "a clone stays as it was");
            for set in &all {
                prop_assert_eq!(shared(&Vec::from_iter(set.iter().copied()), &asked_row), set.intersection(&asked).count() as u32);
            }
            prop_assert!(sets.segments.len() <= 12);
        }
    }
}
