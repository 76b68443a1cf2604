//! Makes a segment: all at once on every core (but for crowds, on one), or in small steps, so that who inserts never waits long.

use std::sync::Arc;

use super::chain::{BANDS, bands};
use super::crowd::CrowdBuild;
use super::order::{Arranged, Order, Table};
use super::rows::{Entry, Rows};
use super::segment::{Band, Segment, VALUES, group};

/// How often each row is touched, about: what a step is measured in.
pub(super) const TOUCHES: usize = 11 + 3 * BANDS;

/// What a segment is made from.
#[derive(Clone, Default)]
pub(super) struct Sources {
    pub(super) segments: Vec<Arc<Segment>>,
    pub(super) runs: Vec<Arc<Rows>>,
}

impl Sources {
    /// How many rows, the dead ones as well.
    pub(super) fn len(&self) -> usize {
        self.segments.iter().map(|segment| segment.rows.len()).sum::<usize>() + self.runs.iter().map(|run| run.len()).sum::<usize>()
    }

    /// The rows of one source after the other, and how its hashes come back.
    fn get(&self, source: usize) -> Option<(&Rows, Option<&Order>)> {
        match self.segments.get(source) {
            Some(segment) => Some((&segment.rows, Some(&segment.order))),
            None => self.runs.get(source - self.segments.len()).map(|run| (&**run, None)),
        }
    }
}

/// A segment in the making.
pub(super) struct Build {
    sources: Sources,
    entries: Vec<Entry>,
    sorted: Vec<Entry>,
    /// Where each group starts.
    starts: Vec<u32>,
    order: Order,
    rows: Rows,
    bands: Vec<BandBuild>,
    crowds: CrowdBuild,
    stage: Stage,
}

/// What comes next, and from where.
enum Stage {
    /// Entries are collected, from this row of this source.
    Gather { source: usize, row: usize, back: Option<Table> },
    /// Their bits are arranged, and the groups counted.
    Arrange { at: usize, table: Table },
    /// They are brought into their groups.
    Place { at: usize },
    /// Each group is sorted.
    Sort { value: usize },
    /// The bands are made.
    Bands,
    /// And where entries crowd.
    Crowds,
}

impl Build {
    pub(super) fn new(sources: Sources) -> Self {
        let entries = Vec::with_capacity(sources.len());
        Self { sources, entries, ..Self::empty() }
    }

    fn empty() -> Self {
        Self {
            sources: Sources::default(),
            entries: Vec::new(),
            sorted: Vec::new(),
            starts: Vec::new(),
            order: Order::of(std::iter::empty()),
            rows: Rows::new(Vec::new(), Vec::new()),
            bands: Vec::new(),
            crowds: CrowdBuild::default(),
            stage: Stage::Gather { source: 0, row: 0, back: None },
        }
    }

    /// At once, on as many threads.
    pub(super) fn at_once(entries: Vec<Entry>, threads: usize) -> Segment {
        let mut build = Self { entries, ..Self::empty() };
        let share = build.entries.len().div_ceil(threads.max(1)).max(1);
        let table = build.choose_order();
        std::thread::scope(|scope| {
            for entries in build.entries.chunks_mut(share) {
                let table = &table;
                scope.spawn(move || entries.iter_mut().for_each(|entry| entry.hash = table.apply(&entry.hash)));
            }
        });
        build.count(0, build.entries.len());
        build.begin_to_place();
        build.place(0, build.entries.len());
        build.sort_at_once(share);
        build.begin_bands();
        let rows = &build.rows;
        std::thread::scope(|scope| {
            for bands in build.bands.chunks_mut(BANDS.div_ceil(threads.max(1))) {
                scope.spawn(move || {
                    let mut budget = usize::MAX;
                    for band in bands {
                        while !band.advance(&rows.hashes, &mut budget) {}
                    }
                });
            }
        });
        build.crowd(&mut { usize::MAX });
        build.finish()
    }

    fn crowd(&mut self, budget: &mut usize) -> bool {
        let bands: [&Band; BANDS] = std::array::from_fn(|band| &self.bands[band].made);
        self.crowds.advance(&self.rows.hashes, &bands, budget)
    }

    /// Goes on, touching about so many rows. Gives the segment when it is whole; it is to be asked no more then.
    pub(super) fn advance(&mut self, mut budget: usize) -> Option<Segment> {
        while budget > 0 {
            match &mut self.stage {
                Stage::Gather { source, row, back } => {
                    let Some((rows, order)) = self.sources.get(*source) else {
                        let table = self.choose_order();
                        self.stage = Stage::Arrange { at: 0, table };
                        continue;
                    };
                    if *row == 0 {
                        *back = order.map(Order::back);
                    }
                    let to = rows.len().min(*row + budget);
                    budget -= to - *row;
                    let hash = |hash| back.as_ref().map_or(hash, |back| back.apply(&hash));
                    let alive = rows.alive(*row).take_while(|(row, ..)| *row < to);
                    self.entries.extend(alive.map(|(_, arranged, id)| Entry { hash: hash(arranged), id }));
                    (*source, *row) = if to == rows.len() { (*source + 1, 0) } else { (*source, to) };
                }
                Stage::Arrange { at, table } => {
                    let (from, to) = (*at, self.entries.len().min(*at + budget));
                    for entry in &mut self.entries[from..to] {
                        entry.hash = table.apply(&entry.hash);
                    }
                    *at = to;
                    self.count(from, to);
                    budget -= to - from;
                    if to == self.entries.len() {
                        self.begin_to_place();
                        self.stage = Stage::Place { at: 0 };
                    }
                }
                Stage::Place { at } => {
                    let (from, to) = (*at, self.entries.len().min(*at + budget));
                    *at = to;
                    self.place(from, to);
                    budget -= to - from;
                    if to == self.entries.len() {
                        self.stage = Stage::Sort { value: 0 };
                    }
                }
                Stage::Sort { value } => {
                    let (start, end) = (self.starts[*value] as usize, self.starts[*value + 1] as usize);
                    self.sorted[start..end].sort_unstable();
                    *value += 1;
                    // An empty group costs a little, too; sorting a row costs more than touching it.
                    budget = budget.saturating_sub(1 + 4 * (end - start));
                    if *value == VALUES {
                        self.begin_bands();
                        self.stage = Stage::Bands;
                    }
                }
                Stage::Bands => {
                    let rows = &self.rows;
                    if self.bands.iter_mut().all(|band| band.advance(&rows.hashes, &mut budget)) {
                        self.stage = Stage::Crowds;
                    }
                }
                Stage::Crowds => {
                    if self.crowd(&mut budget) {
                        return Some(std::mem::replace(self, Self::empty()).finish());
                    }
                }
            }
        }
        None
    }

    fn choose_order(&mut self) -> Table {
        self.order = Order::of(self.entries.iter().map(|entry| entry.hash));
        // Counted one further on, and moved down by one as rows are placed: see `place`.
        self.starts = vec![0; VALUES + 2];
        self.order.table()
    }

    fn count(&mut self, from: usize, to: usize) {
        for entry in &self.entries[from..to] {
            self.starts[group(&entry.hash) + 2] += 1;
        }
    }

    fn begin_to_place(&mut self) {
        sum_up(&mut self.starts);
        self.sorted = vec![Entry { hash: [0; 4], id: 0 }; self.entries.len()];
    }

    /// `starts[value + 1]` is where the value's next row goes, and so, in the end, where the value after it starts.
    fn place(&mut self, from: usize, to: usize) {
        for entry in &self.entries[from..to] {
            let place = &mut self.starts[group(&entry.hash) + 1];
            self.sorted[*place as usize] = *entry;
            *place += 1;
        }
    }

    /// Sorts each group, on a thread for about so many rows.
    fn sort_at_once(&mut self, share: usize) {
        std::thread::scope(|scope| {
            let mut rest = self.sorted.as_mut_slice();
            let mut groups = self.starts.windows(2).map(|ends| (ends[1] - ends[0]) as usize).filter(|rows| *rows > 0).peekable();
            while groups.peek().is_some() {
                let mut mine = Vec::new();
                let mut rows = 0;
                while rows < share
                    && let Some(group) = groups.next()
                {
                    mine.push(group);
                    rows += group;
                }
                let (mut here, after) = rest.split_at_mut(rows);
                rest = after;
                scope.spawn(move || {
                    for group in mine {
                        let (rows, after) = here.split_at_mut(group);
                        rows.sort_unstable();
                        here = after;
                    }
                });
            }
        });
    }

    fn begin_bands(&mut self) {
        self.entries = Vec::new();
        self.starts = Vec::new();
        // The same pair twice is one entry.
        self.sorted.dedup();
        let sorted = std::mem::take(&mut self.sorted);
        self.rows = Rows::new(sorted.iter().map(|entry| entry.hash).collect(), sorted.iter().map(|entry| entry.id).collect());
        self.bands = (0..BANDS).map(BandBuild::new).collect();
    }

    fn finish(self) -> Segment {
        let bands = self.bands.into_iter().map(|band| band.made).collect();
        Segment { order: self.order, rows: self.rows, bands, crowds: self.crowds.made() }
    }
}

/// A band in the making. Its rows are brought to their places in two steps, by the higher byte of the band's value and then by the lower one: in
/// one, each row would be written to a page of memory of its own, and that is most of what a large index would cost to build.
struct BandBuild {
    band: usize,
    made: Band,
    /// Rows by the higher byte of their value, with all that is to be written of them.
    parted: Vec<Parted>,
    /// Where the rows of each higher byte go next, and so, in the end, where they end.
    ends: Vec<u32>,
    step: Step,
}

/// What is done next, and from where.
#[derive(Clone, Copy)]
enum Step {
    Count { at: usize },
    Part { at: usize },
    Place { at: usize, high: usize },
    Nothing,
}

/// A row on its way: its number, the lower byte of its value in the band, its bits in the two bands after that.
#[derive(Clone, Copy, Default)]
struct Parted {
    row: [u8; 3],
    low: u8,
    next: u16,
    third: u16,
}

impl BandBuild {
    fn new(band: usize) -> Self {
        Self { band, made: Band::default(), parted: Vec::new(), ends: Vec::new(), step: Step::Count { at: 0 } }
    }

    /// Goes on for as many rows as the budget has; tells whether it is whole.
    fn advance(&mut self, hashes: &[Arranged], budget: &mut usize) -> bool {
        // Rows with the hash of the row before them are found through the first of them.
        let first = |row: &usize| *row == 0 || hashes[*row] != hashes[*row - 1];
        let upto = |at: usize, all: usize, budget: &mut usize| {
            let to = all.min(at + *budget);
            *budget -= to - at;
            to
        };
        loop {
            let Band { starts, next, third, rows } = &mut self.made;
            match self.step {
                Step::Count { at } => {
                    if starts.is_empty() {
                        // Counted one further on, and moved down by one as rows are placed.
                        *starts = vec![0; VALUES + 2];
                    }
                    let to = upto(at, hashes.len(), budget);
                    for row in (at..to).filter(first) {
                        starts[usize::from(bands(&hashes[row])[self.band]) + 2] += 1;
                    }
                    if to < hashes.len() {
                        self.step = Step::Count { at: to };
                        return false;
                    }
                    sum_up(starts);
                    let count = starts.last().map_or(0, |count| *count as usize);
                    self.ends = starts[1..=VALUES].iter().step_by(LOW).copied().collect();
                    self.parted = vec![Parted::default(); count];
                    self.step = Step::Part { at: 0 };
                }
                Step::Part { at } => {
                    let to = upto(at, hashes.len(), budget);
                    for row in (at..to).filter(first) {
                        let bands = bands(&hashes[row]);
                        let [low, high] = bands[self.band].to_le_bytes();
                        let [a, b, c, _] = (row as u32).to_le_bytes();
                        let (next, third) = (bands[(self.band + 1) % BANDS], bands[(self.band + 2) % BANDS]);
                        let end = &mut self.ends[usize::from(high)];
                        self.parted[*end as usize] = Parted { row: [a, b, c], low, next, third };
                        *end += 1;
                    }
                    if to < hashes.len() {
                        self.step = Step::Part { at: to };
                        return false;
                    }
                    let count = self.parted.len();
                    (*next, *third, *rows) = (vec![0; count], vec![0; count], vec![[0; 3]; count]);
                    self.step = Step::Place { at: 0, high: 0 };
                }
                Step::Place { at, mut high } => {
                    let to = upto(at, self.parted.len(), budget);
                    for (at, row) in (at..to).zip(&self.parted[at..to]) {
                        while self.ends[high] as usize <= at {
                            high += 1;
                        }
                        let place = &mut starts[high * LOW + usize::from(row.low) + 1];
                        next[*place as usize] = row.next;
                        third[*place as usize] = row.third;
                        rows[*place as usize] = row.row;
                        *place += 1;
                    }
                    if to < self.parted.len() {
                        self.step = Step::Place { at: to, high };
                        return false;
                    }
                    (self.parted, self.ends) = (Vec::new(), Vec::new());
                    self.step = Step::Nothing;
                }
                Step::Nothing => return true,
            }
        }
    }
}

/// How many values a lower byte has.
const LOW: usize = 256;

/// Turns counts into the sums of all counts up to there.
fn sum_up(counts: &mut [u32]) {
    let mut sum = 0;
    for count in counts {
        sum += *count;
        *count = sum;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_made_in_steps_holds_each_first_row_once_in_the_group_of_its_value() {
        let mut seed = 7_u64;
        let mut hashes: Vec<Arranged> = (0..3000)
            .map(|_| {
                std::array::from_fn(|_| {
                    seed = seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
                    // Values at both ends and few between, so that many higher bytes have no row.
                    if seed >> 60 == 0 { 0 } else { u64::MAX << (seed >> 58) }
                })
            })
            .collect();
        hashes.sort_unstable();
        let wanted: Vec<usize> = (0..hashes.len()).filter(|row| *row == 0 || hashes[*row] != hashes[*row - 1]).collect();
        for band in 0..BANDS {
            for step in [1, 7, usize::MAX] {
                let mut build = BandBuild::new(band);
                while !build.advance(&hashes, &mut step.clone()) {}
                assert!(build.advance(&hashes, &mut 5), "once whole, always whole");
                let made = build.made;
                assert_eq!(made.rows.len(), wanted.len());
                let mut rows = Vec::new();
                for value in 0..VALUES {
                    for place in made.starts[value] as usize..made.starts[value + 1] as usize {
                        let [a, b, c] = made.rows[place];
                        let row = u32::from_le_bytes([a, b, c, 0]) as usize;
                        let own = bands(&hashes[row]);
                        assert_eq!(usize::from(own[band]), value);
                        assert_eq!((made.next[place], made.third[place]), (own[(band + 1) % BANDS], own[(band + 2) % BANDS]));
                        rows.push(row);
                    }
                }
                rows.sort_unstable();
                assert_eq!(rows, wanted);
            }
        }
    }
}
