//! Entries in a row, looked at one after the other: all that a small index needs, and what a large one falls back to.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use super::Near;
use super::kernel::{Bits as _, Kernel};
use crate::Hash;

/// How many are looked at before what was found is handed on, so that a search that was told to stop stops.
const AT_ONCE: usize = 4096;

/// Hashes and whose they are. Nothing changes but which of them are dead.
pub(super) struct Rows {
    pub(super) hashes: Box<[[u64; 4]]>,
    pub(super) ids: Box<[u64]>,
    dead: Box<[AtomicU64]>,
    buried: AtomicUsize,
}

impl Rows {
    /// Both have the same length.
    pub(super) fn new(hashes: Vec<[u64; 4]>, ids: Vec<u64>) -> Self {
        debug_assert_eq!(hashes.len(), ids.len());
        let dead = std::iter::repeat_with(AtomicU64::default).take(ids.len().div_ceil(64)).collect();
        Self { hashes: hashes.into_boxed_slice(), ids: ids.into_boxed_slice(), dead, buried: AtomicUsize::new(0) }
    }

    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    /// How many are dead.
    pub(super) fn dead(&self) -> usize {
        self.buried.load(Ordering::Relaxed)
    }

    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.hashes) + size_of_val(&*self.ids) + size_of_val(&*self.dead)
    }

    pub(super) fn is_dead(&self, row: usize) -> bool {
        self.dead.get(row / 64).is_some_and(|word| word.load(Ordering::Acquire) >> (row % 64) & 1 == 1)
    }

    /// From now on nobody finds this row. Tells whether it was alive.
    pub(super) fn kill(&self, row: usize) -> bool {
        let bit = 1 << (row % 64);
        let killed = self.dead.get(row / 64).is_some_and(|word| word.fetch_or(bit, Ordering::Release) & bit == 0);
        self.buried.fetch_add(usize::from(killed), Ordering::Relaxed);
        killed
    }

    /// Those that are alive, from a row on, with the rows they stand in.
    pub(super) fn alive(&self, from: usize) -> impl Iterator<Item = (usize, [u64; 4], u64)> + '_ {
        let rows = self.hashes.iter().zip(&self.ids).enumerate().skip(from);
        rows.filter(|(row, _)| !self.is_dead(*row)).map(|(row, (hash, id))| (row, *hash, *id))
    }

    /// The row of this very pair, if it is alive; looks at all.
    pub(super) fn find(&self, hash: &[u64; 4], id: u64) -> Option<usize> {
        self.alive(0).find(|(_, other, its)| *its == id && other == hash).map(|(row, ..)| row)
    }

    /// Hands on a row that was found.
    pub(super) fn report(&self, row: usize, distance: u32, found: &mut impl FnMut(Near) -> ControlFlow<()>) -> ControlFlow<()> {
        match self.ids.get(row) {
            Some(id) if !self.is_dead(row) => found(Near { distance, id: *id }),
            _ => ControlFlow::Continue(()),
        }
    }

    /// All within the radius that are wanted, by looking at all.
    pub(super) fn scan(
        &self,
        kernel: Kernel,
        query: &[u64; 4],
        radius: u32,
        wanted: impl Fn(&[u64; 4]) -> bool,
        places: &mut Vec<u32>,
        found: &mut impl FnMut(Near) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        for (first, hashes) in (0..).step_by(AT_ONCE).zip(self.hashes.chunks(AT_ONCE)) {
            places.clear();
            kernel.scan(hashes, query, radius, 0, places);
            for place in places.iter().map(|place| *place as usize).filter(|place| wanted(&hashes[*place])) {
                self.report(first + place, hashes[place].distance(query), found)?;
            }
        }
        ControlFlow::Continue(())
    }
}

/// One entry as it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) hash: [u64; 4],
    pub(super) id: u64,
}

impl From<(Hash, u64)> for Entry {
    fn from((hash, id): (Hash, u64)) -> Self {
        Self { hash: hash.0, id }
    }
}
