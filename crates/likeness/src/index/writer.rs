//! Changes an index while others search it.
//!
//! New entries stand in short runs, which are looked at whole; runs grow into small segments and these into larger ones. All of that is done
//! by whoever inserts, a little with each insert, beside the entries that are searched meanwhile.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::build::{Build, Sources, TOUCHES};
use super::rows::{Entry, Rows};
use super::segment::{MOST_ROWS, Segment};
use super::{Index, State, cores};
use crate::Hash;

/// The last run is copied for each insert, so that readers need not watch it grow: it is kept short.
const RUN: usize = 256;

/// So many entries are no faster found by bands than one after the other.
const LINEAR: usize = 4096;

/// So many segments of about a size become one, so this is how much larger the next size is.
const FANOUT: usize = 4;

/// With each insert a merge goes on this much faster than it must to be done before the next of its size is due.
const HASTE: usize = 4;

/// The one who changes an index: a set of pairs of a hash and an id of the caller's.
pub struct Writer {
    index: Index,
    /// What is published.
    state: State,
    merges: Vec<Merge>,
    /// What stands in runs.
    recent: BTreeSet<Entry>,
}

/// Some rows on their way into a segment.
struct Merge {
    sources: Sources,
    build: Build,
    /// Pairs that were removed since it began.
    removed: Vec<Entry>,
    /// How many rows to touch with each change.
    pace: usize,
}

/// Where a pair stands.
enum Place {
    Segment(Arc<Segment>, usize),
    Run(Arc<Rows>, usize),
}

impl Writer {
    /// Of an empty index.
    #[must_use]
    pub fn new() -> Self {
        let state = State::default();
        Self { index: Index::new(state.clone()), state, merges: Vec::new(), recent: BTreeSet::new() }
    }

    /// Of an index that is made of all these at once, on all cores. A pair that comes twice counts once.
    pub fn from_entries(entries: impl IntoIterator<Item = (Hash, u64)>) -> Self {
        let mut writer = Self::new();
        writer.insert_all(entries);
        writer
    }

    /// A handle for readers.
    #[must_use]
    pub fn index(&self) -> Index {
        self.index.clone()
    }

    /// Whether this very pair is in the index.
    #[must_use]
    pub fn contains(&self, hash: Hash, id: u64) -> bool {
        let entry = Entry::from((hash, id));
        self.recent.contains(&entry) || self.in_segments(&entry).is_some()
    }

    /// Adds a pair; whoever looks up from now on finds it. False if it was there.
    pub fn insert(&mut self, hash: Hash, id: u64) -> bool {
        if self.contains(hash, id) {
            return false;
        }
        let entry = Entry::from((hash, id));
        let last = self.state.runs.pop_if(|run| run.len() < RUN);
        let (mut hashes, mut ids) = (Vec::with_capacity(RUN), Vec::with_capacity(RUN));
        for (_, hash, id) in last.iter().flat_map(|run| run.alive(0)) {
            hashes.push(hash);
            ids.push(id);
        }
        hashes.push(entry.hash);
        ids.push(entry.id);
        let full = ids.len() >= RUN;
        self.state.runs.push(Arc::new(Rows::new(hashes, ids)));
        self.recent.insert(entry);
        if full {
            self.begin_merges();
        }
        if !self.advance() {
            self.publish();
        }
        true
    }

    /// Takes a pair out; whoever looks up from now on does not find it. False if it was not there.
    pub fn remove(&mut self, hash: Hash, id: u64) -> bool {
        let entry = Entry::from((hash, id));
        let Some(place) = self.find(&entry) else { return false };
        match &place {
            Place::Segment(segment, row) => segment.rows.kill(*row),
            Place::Run(run, row) => run.kill(*row),
        };
        self.recent.remove(&entry);
        for merge in &mut self.merges {
            let among = match &place {
                Place::Segment(segment, _) => merge.sources.segments.iter().any(|source| Arc::ptr_eq(source, segment)),
                Place::Run(run, _) => merge.sources.runs.iter().any(|source| Arc::ptr_eq(source, run)),
            };
            if among {
                merge.removed.push(entry);
            }
        }
        if let Place::Segment(segment, _) = &place
            && segment.rows.dead() * 2 > segment.rows.len()
        {
            self.begin_merges();
        }
        self.advance();
        true
    }

    /// Adds many pairs, at once and on all cores if they are many. Those that are there already count once.
    pub fn insert_all(&mut self, entries: impl IntoIterator<Item = (Hash, u64)>) {
        let mut entries: Vec<Entry> = entries.into_iter().map(Entry::from).collect();
        if self.index.state.load().rows().next().is_some() {
            entries.retain(|entry| !self.contains(Hash(entry.hash), entry.id));
        }
        if entries.len() <= LINEAR {
            for entry in entries {
                self.insert(Hash(entry.hash), entry.id);
            }
            return;
        }
        // Equal parts; each keeps to what a segment holds.
        let part = entries.len().div_ceil(entries.len().div_ceil(MOST_ROWS));
        while !entries.is_empty() {
            let rest = entries.split_off(part.min(entries.len()));
            self.state.segments.push(Arc::new(Build::at_once(std::mem::replace(&mut entries, rest), cores())));
        }
        self.publish();
        self.begin_merges();
    }

    /// Brings everything into as few segments as hold it, now and in one go: look-ups are fastest then. Readers are not kept waiting.
    pub fn settle(&mut self) {
        // What is half merged is left as it was.
        self.merges.clear();
        let mut rest = State::default();
        let mut sources = Sources::default();
        for segment in self.state.segments.drain(..) {
            let full = segment.rows.len() > MOST_ROWS / 2 && segment.rows.dead() * 8 < segment.rows.len();
            if full { rest.segments.push(segment) } else { sources.segments.push(segment) }
        }
        sources.runs = std::mem::take(&mut self.state.runs);
        let alone = sources.segments.len() == 1 && sources.runs.is_empty() && sources.segments.iter().all(|one| one.rows.dead() == 0);
        if alone || sources.len() <= LINEAR {
            rest.segments.append(&mut sources.segments);
            rest.runs = sources.runs;
            self.state = rest;
            return self.publish();
        }
        let mut entries: Vec<Entry> = Vec::with_capacity(sources.len());
        for segment in &sources.segments {
            let back = segment.order.back();
            entries.extend(segment.rows.alive(0).map(|(_, hash, id)| Entry { hash: back.apply(&hash), id }));
        }
        entries.extend(sources.runs.iter().flat_map(|run| run.alive(0)).map(|(_, hash, id)| Entry { hash, id }));
        self.state = rest;
        let part = entries.len().div_ceil(entries.len().div_ceil(MOST_ROWS).max(1)).max(1);
        while !entries.is_empty() {
            let others = entries.split_off(part.min(entries.len()));
            self.state.segments.push(Arc::new(Build::at_once(std::mem::replace(&mut entries, others), cores())));
        }
        self.recent.clear();
        self.publish();
    }

    fn publish(&self) {
        self.index.state.store(Arc::new(self.state.clone()));
    }

    fn find(&self, entry: &Entry) -> Option<Place> {
        if self.recent.contains(entry) {
            let mut runs = self.state.runs.iter().rev();
            return runs.find_map(|run| Some(Place::Run(run.clone(), run.find(&entry.hash, entry.id)?)));
        }
        self.in_segments(entry)
    }

    fn in_segments(&self, entry: &Entry) -> Option<Place> {
        let mut segments = self.state.segments.iter();
        segments.find_map(|segment| Some(Place::Segment(segment.clone(), segment.find(&entry.hash, entry.id)?)))
    }

    /// Begins what is due among what is in no merge.
    fn begin_merges(&mut self) {
        let merging = |run: &Arc<Rows>| self.merges.iter().any(|merge| merge.sources.runs.iter().any(|other| Arc::ptr_eq(run, other)));
        let runs: Vec<Arc<Rows>> = self.state.runs.iter().filter(|run| run.len() >= RUN && !merging(run)).cloned().collect();
        if runs.len() * RUN >= LINEAR {
            self.begin(Sources { segments: Vec::new(), runs });
        }
        let merging =
            |one: &Arc<Segment>| self.merges.iter().any(|merge| merge.sources.segments.iter().any(|other| Arc::ptr_eq(one, other)));
        let mut sizes: Vec<Vec<Arc<Segment>>> = Vec::new();
        let mut sparse = Vec::new();
        for segment in self.state.segments.iter().filter(|segment| !merging(segment)) {
            if segment.rows.dead() * 2 > segment.rows.len() {
                sparse.push(segment.clone());
                continue;
            }
            let size = (segment.rows.len() / LINEAR).max(1).ilog(FANOUT) as usize;
            sizes.resize(sizes.len().max(size + 1), Vec::new());
            sizes[size].push(segment.clone());
        }
        for segment in sparse {
            self.begin(Sources { segments: vec![segment], runs: Vec::new() });
        }
        for segments in sizes.into_iter().filter(|segments| segments.len() >= FANOUT) {
            if segments.iter().map(|segment| segment.rows.len()).sum::<usize>() <= MOST_ROWS {
                self.begin(Sources { segments, runs: Vec::new() });
            }
        }
    }

    fn begin(&mut self, sources: Sources) {
        // The next of its size is due after about as many inserts as there are rows.
        self.merges.push(Merge { build: Build::new(sources.clone()), sources, removed: Vec::new(), pace: TOUCHES * HASTE });
    }

    /// Lets every merge go on by its pace. Tells whether something was published.
    fn advance(&mut self) -> bool {
        let mut done = Vec::new();
        self.merges.retain_mut(|merge| match merge.build.advance(merge.pace) {
            Some(segment) => {
                done.push((segment, std::mem::take(&mut merge.sources), std::mem::take(&mut merge.removed)));
                false
            }
            None => true,
        });
        let published = !done.is_empty();
        for (segment, sources, removed) in done {
            for entry in &removed {
                if let Some(row) = segment.find(&entry.hash, entry.id) {
                    segment.rows.kill(row);
                }
            }
            self.state.segments.retain(|one| !sources.segments.iter().any(|source| Arc::ptr_eq(one, source)));
            self.state.runs.retain(|one| !sources.runs.iter().any(|source| Arc::ptr_eq(one, source)));
            for (_, hash, id) in sources.runs.iter().flat_map(|run| run.alive(0)) {
                self.recent.remove(&Entry { hash, id });
            }
            if segment.rows.len() > segment.rows.dead() {
                self.state.segments.push(Arc::new(segment));
            }
        }
        if published {
            self.publish();
            self.begin_merges();
        }
        published
    }
}

impl Default for Writer {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("index", &self.index).field("merges", &self.merges.len()).finish_non_exhaustive()
    }
}
