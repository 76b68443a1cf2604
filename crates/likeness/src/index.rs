//! All hashes within a radius, always, among one entry or many millions: an index that misses nothing.
//!
//! - **Exact.** Every entry within the radius is found, whatever the entries are like.
//! - **Fast where it may be.** Up to radius 31 a query looks at 272 groups of entries, refuses nearly all of them by 32 bits that stand
//!   beside each, and reads the few that are left.
//! - **No cliff.** Where entries are so alike that this does not help, all are looked at one after the other: a query never costs much more
//!   than that. Where they crowd around a few hashes (descriptors of one texture, copies of one picture), a query that comes near reads the bits
//!   alone in which it differs from the middle. Which bits make a group follows from the entries themselves, so that bits which go together do not spoil it.
//! - **Millions on disk.** [`Stored`] is the plain form for a file: entries that are seldom asked, and then for a hash or a few, are looked at
//!   one after the other where they are mapped. They take no memory of the program's own, and any bytes of the right length are safe to search.
//! - **Readers never wait.** An [`Index`] is a handle for any number of threads. Its [`Writer`] publishes each change by swapping one
//!   pointer, and does the work of keeping order in small steps of its own.
//!
//! ```
//! use likeness::{Hash, index::Writer};
//!
//! let mut writer = Writer::new();
//! let index = writer.index();
//! writer.insert(Hash([0, 0, 0, 7]), 1);
//! writer.insert(Hash([u64::MAX; 4]), 2);
//! let found = index.within(Hash::default(), likeness::RADIUS);
//! assert_eq!((found[0].id, found[0].distance), (1, 3));
//! assert_eq!(found.len(), 1);
//! ```

mod build;
mod chain;
mod crowd;
mod kernel;
mod order;
mod rows;
mod segment;
mod stored;
mod writer;

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arc_swap::ArcSwap;

use crate::Hash;
use kernel::Kernel;
use rows::Rows;
use segment::{Scratch, Segment};

pub use stored::{Stored, StoredError};
pub use writer::Writer;

/// An entry that was found. The nearest sort first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Near {
    /// In how many bits the entry's hash differs from the query.
    pub distance: u32,
    /// What the caller gave with the hash.
    pub id: u64,
}

/// A handle to look entries up, for as many threads as want one. What its [`Writer`] did before a look-up began, the look-up sees.
#[derive(Clone)]
pub struct Index {
    state: Arc<ArcSwap<State>>,
    kernel: Kernel,
}

/// All entries at one moment (but for those that died since).
#[derive(Clone, Default)]
struct State {
    segments: Vec<Arc<Segment>>,
    runs: Vec<Arc<Rows>>,
}

/// Batches are handed to threads in pieces of so many queries; fewer are not worth a thread.
const PIECE: usize = 16;

impl Index {
    fn new(state: State) -> Self {
        Self { state: Arc::new(ArcSwap::from_pointee(state)), kernel: Kernel::best() }
    }

    /// All entries within the radius (any: up to 31 is fast), in no order.
    #[must_use]
    pub fn within(&self, hash: Hash, radius: u32) -> Vec<Near> {
        let mut all = Vec::new();
        let _ = self.state.load().search(self.kernel, hash, radius, &mut Scratch::default(), &mut |near| {
            all.push(near);
            ControlFlow::Continue(())
        });
        all
    }

    /// Hands over the entries within the radius one by one, in no order, until it is told to stop. Where a million entries may be alike and
    /// some are enough, this does not wait for the rest.
    pub fn visit(&self, hash: Hash, radius: u32, mut found: impl FnMut(Near) -> ControlFlow<()>) {
        let _ = self.state.load().search(self.kernel, hash, radius, &mut Scratch::default(), &mut found);
    }

    /// [`Index::within`] for many hashes, on all cores, of one moment. Answers stand in the order of the hashes.
    #[must_use]
    pub fn within_each(&self, hashes: &[Hash], radius: u32) -> Vec<Vec<Near>> {
        let state = self.state.load_full();
        let pieces = on_all_cores(hashes.len().div_ceil(PIECE), |scratch: &mut Scratch, piece| {
            let mut answers = Vec::with_capacity(PIECE);
            for hash in hashes.chunks(PIECE).nth(piece).unwrap_or_default() {
                let mut all = Vec::new();
                let _ = state.search(self.kernel, *hash, radius, scratch, &mut |near| {
                    all.push(near);
                    ControlFlow::Continue(())
                });
                answers.push(all);
            }
            answers
        });
        pieces.into_iter().flatten().collect()
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.state.load().rows().map(|rows| rows.len() - rows.dead()).sum()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How much memory the entries take, in bytes, with all that makes them quick to find.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let state = self.state.load();
        state.segments.iter().map(|segment| segment.bytes()).chain(state.runs.iter().map(|run| run.bytes())).sum()
    }
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let state = self.state.load();
        let (segments, runs) = (state.segments.len(), state.runs.len());
        f.debug_struct("Index").field("len", &self.len()).field("segments", &segments).field("runs", &runs).finish_non_exhaustive()
    }
}

impl State {
    fn rows(&self) -> impl Iterator<Item = &Rows> {
        self.segments.iter().map(|segment| &segment.rows).chain(self.runs.iter().map(|run| &**run))
    }

    fn search(
        &self,
        kernel: Kernel,
        hash: Hash,
        radius: u32,
        scratch: &mut Scratch,
        found: &mut impl FnMut(Near) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        for segment in &self.segments {
            segment.search(kernel, &hash.0, radius, scratch, found)?;
        }
        for run in &self.runs {
            run.scan(kernel, &hash.0, radius, |_| true, scratch.places(), found)?;
        }
        ControlFlow::Continue(())
    }
}

/// Does pieces of work on all cores, each core with something of its own to work with. What comes of them stands in order.
fn on_all_cores<S: Default, T: Send>(pieces: usize, work: impl Fn(&mut S, usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut own = S::default();
        let mut done = Vec::new();
        loop {
            let piece = next.fetch_add(1, Ordering::Relaxed);
            if piece >= pieces {
                return done;
            }
            done.push((piece, work(&mut own, piece)));
        }
    };
    let mut done: Vec<(usize, T)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..cores().min(pieces)).map(|_| scope.spawn(work)).collect();
        let mut done = work();
        for other in others {
            match other.join() {
                Ok(more) => done.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(piece, _)| *piece);
    done.into_iter().map(|(_, of_it)| of_it).collect()
}

/// How many threads can work at once.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}
