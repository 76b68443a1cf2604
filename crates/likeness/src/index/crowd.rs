//! Entries that crowd around one hash: descriptors of one texture, near-copies of one picture. There a query's groups hold nearly all entries, and each
//! entry by itself would have to be read.
//!
//! But entries of a crowd differ from its middle in few bits, and so does a query that comes near them; and two hashes that differ from the middle in `a` and
//! in `b` bits, of which `c` are the same ones, are `a + b - 2c` apart. So the entries stand in the order of their distance from the middle, with each bit in a
//! column of its own, and a query reads only the columns of the bits in which it differs from the middle itself: some forty of 256. Whatever is within the
//! radius is no farther from the middle than the query's distance and the radius together (the triangle inequality); where all of that belongs to the
//! crowd, nothing else need be looked at.

use std::ops::ControlFlow;

use super::Near;
use super::chain::bands;
use super::kernel::{Bits as _, Kernel, NEVER, Overlap};
use super::order::Arranged;
use super::rows::Rows;
use super::segment::Band;
use crate::RADIUS;
use crate::wide::prefetch;

/// Entries up to this far from a middle belong to its crowd.
const REACH: u32 = 112;
/// A crowd is one if the entries up to this far are at least this part of all: uniform ones are some 128 bits away, and hardly ever less than 80.
const CLOSE: u32 = 64;
const PART: usize = 64;
/// A middle is looked for in groups that are at least this part of all: of uniform entries a group is a 65,536th.
const GROUP: usize = 512;
/// And in no more of them than these.
const TRIES: usize = 16;
/// So many of its entries tell the middle.
const SAMPLE: usize = 1024;
/// Middles that are no farther apart than this are of one crowd: what is near either, the crowd of one holds with the radius around it.
const SAME: u32 = REACH - RADIUS - CLOSE / 2;
/// Of one segment; and how often all of its rows may stand in crowds, at 36 bytes each time.
const MOST: usize = 4;
const HELD: usize = 2;
/// A column is read and counted this much quicker than as many bytes of rows.
const QUICKER: usize = 3;
/// Fewer entries are quicker looked at one after the other.
const LEAST: usize = 1 << 16;

/// Words of 64 entries that stand together in a block: a column of it is 2 kB, long enough for the processor to see what it will be asked for next.
pub(super) const WORDS: usize = 256;
/// Each bit of 16,384 entries, as they differ from the middle.
pub(super) type Block = [[u64; WORDS]; 256];

/// The row of an entry that is none: each distance begins with a word of its own.
const NOBODY: u32 = u32::MAX;

/// A row's number, and above it how far the query is from it.
const ROW_BITS: u32 = 24;
const _: () = assert!(super::segment::MOST_ROWS <= 1 << ROW_BITS && REACH <= u8::MAX as u32);

/// All rows that are near one hash, the nearest first.
pub(super) struct Crowd {
    middle: Arranged,
    /// How far from the middle the entries of each word are.
    away: Box<[u8]>,
    /// The row of each entry.
    rows: Box<[u32]>,
    /// Block after block.
    columns: Box<[u64]>,
}

impl Crowd {
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.away) + size_of_val(&*self.rows) + size_of_val(&*self.columns)
    }

    fn blocks(&self) -> &[Block] {
        self.columns.as_chunks().0.as_chunks().0
    }

    /// What a query costs, if all that is within the radius of it belongs to this crowd: in bytes that a look at all rows would read in that time.
    pub(super) fn cost(&self, query: &Arranged, radius: u32) -> Option<usize> {
        let away = self.middle.distance(query);
        REACH
            .checked_sub(radius)
            .is_some_and(|most| away <= most)
            .then(|| away as usize * self.blocks().len() * size_of::<[u64; WORDS]>() / QUICKER)
    }

    /// All within the radius that are wanted, of a query that has a [`Crowd::cost`].
    pub(super) fn search(
        &self,
        kernel: Kernel,
        rows: &Rows,
        (query, radius): (&Arranged, u32),
        wanted: Option<impl Fn(&Arranged) -> bool>,
        places: &mut Vec<u32>,
        found: &mut impl FnMut(Near) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let apart: Arranged = std::array::from_fn(|word| self.middle[word] ^ query[word]);
        let columns: Vec<u8> = (0..=255_u8).filter(|bit| apart[usize::from(bit / 64)] >> (bit % 64) & 1 == 1).collect();
        let away = columns.len() as u32;
        let mut overlap = Overlap::default();
        for ((block, of_words), of_entries) in self.blocks().iter().zip(self.away.as_chunks::<WORDS>().0).zip(self.rows.chunks(64 * WORDS))
        {
            // How many bits both must differ in; more than either differs in are too many.
            let least = of_words.map(|own| {
                let both = (away + u32::from(own)).saturating_sub(radius).div_ceil(2);
                if both <= away.min(u32::from(own)) { both as u8 } else { NEVER }
            });
            if least.iter().all(|least| *least == NEVER) {
                continue;
            }
            places.clear();
            kernel.overlap(block, &columns, &least, &mut overlap);
            for (word, entries) in of_entries.chunks(64).enumerate() {
                let mut reached = overlap.enough[word];
                while reached != 0 {
                    let lane = reached.trailing_zeros();
                    if let Some(row) = entries.get(lane as usize).filter(|row| **row != NOBODY) {
                        // Within the radius, which is less than a byte holds, as rows are fewer than three do.
                        let distance = away + u32::from(of_words[word]) - 2 * overlap.count(word, lane);
                        places.push(row | distance << ROW_BITS);
                    }
                    reached &= reached - 1;
                }
            }
            let row = |place: u32| (place & ((1 << ROW_BITS) - 1)) as usize;
            for (number, place) in places.iter().enumerate() {
                const AHEAD: usize = 16;
                if let Some(later) = places.get(number + AHEAD) {
                    prefetch(&rows.ids, row(*later));
                    if wanted.is_some() {
                        prefetch(&rows.hashes, row(*later));
                    }
                }
                let row = row(*place);
                if wanted.as_ref().is_none_or(|wanted| rows.hashes.get(row).is_some_and(wanted)) {
                    rows.report(row, place >> ROW_BITS, found)?;
                }
            }
        }
        ControlFlow::Continue(())
    }
}

/// The crowds of a segment in the making, in steps.
#[derive(Default)]
pub(super) struct CrowdBuild {
    made: Vec<Crowd>,
    /// Middles that are to be tried yet.
    middles: Vec<Arranged>,
    /// How far each row is from the one that is tried.
    away: Vec<u8>,
    /// Where the next row of each distance goes.
    next: Vec<usize>,
    step: Step,
}

/// What is done next, and from where.
#[derive(Clone, Copy, Default)]
enum Step {
    #[default]
    Seek,
    Measure {
        at: usize,
    },
    Order {
        at: usize,
    },
    Columns {
        word: usize,
    },
    Nothing,
}

impl CrowdBuild {
    /// Goes on for as many rows as the budget has; tells whether all is made.
    pub(super) fn advance(&mut self, hashes: &[Arranged], bands: &[&Band], budget: &mut usize) -> bool {
        loop {
            match self.step {
                Step::Seek => {
                    if hashes.len() >= LEAST {
                        self.middles = middles(hashes, bands);
                        *budget = budget.saturating_sub(TRIES * SAMPLE);
                    }
                    self.try_next();
                }
                Step::Measure { at } => {
                    let to = hashes.len().min(at + *budget);
                    *budget -= to - at;
                    let middle = self.middles.last().copied().unwrap_or_default();
                    self.away.extend(hashes[at..to].iter().map(|hash| hash.distance(&middle).min(255) as u8));
                    self.step = Step::Measure { at: to };
                    if to < hashes.len() {
                        return false;
                    }
                    self.lay_out(middle);
                }
                Step::Order { at } => {
                    let to = hashes.len().min(at + *budget);
                    *budget -= to - at;
                    if let Some(crowd) = self.made.last_mut() {
                        for (row, away) in (at..to).zip(&self.away[at..to]).filter(|(_, away)| u32::from(**away) <= REACH) {
                            let place = &mut self.next[usize::from(*away)];
                            crowd.rows[*place] = row as u32;
                            *place += 1;
                        }
                    }
                    self.step = Step::Order { at: to };
                    if to < hashes.len() {
                        return false;
                    }
                    self.step = Step::Columns { word: 0 };
                }
                Step::Columns { word } => {
                    // It was laid out before its columns: there is one.
                    let Some(crowd) = self.made.last_mut() else { return true };
                    let Some(rows) = crowd.rows.chunks(64).nth(word) else {
                        self.try_next();
                        continue;
                    };
                    if *budget == 0 {
                        return false;
                    }
                    *budget = budget.saturating_sub(4 * 64);
                    let middle = crowd.middle;
                    let apart = |row: &u32, word: usize| hashes.get(*row as usize).map_or(0, |hash| hash[word] ^ middle[word]);
                    let block: &mut Block = &mut crowd.columns.as_chunks_mut().0.as_chunks_mut().0[word / WORDS];
                    for (of_hash, columns) in block.chunks_mut(64).enumerate() {
                        let mut bits = [0; 64];
                        for (bits, row) in bits.iter_mut().zip(rows) {
                            *bits = apart(row, of_hash);
                        }
                        turn(&mut bits);
                        for (column, bits) in columns.iter_mut().zip(bits) {
                            column[word % WORDS] = bits;
                        }
                    }
                    self.step = Step::Columns { word: word + 1 };
                }
                Step::Nothing => return true,
            }
        }
    }

    pub(super) fn made(self) -> Vec<Crowd> {
        self.made
    }

    /// The next middle, if there is one.
    fn try_next(&mut self) {
        // The one that was tried stands last; at the beginning none was.
        if !matches!(self.step, Step::Seek) {
            self.middles.pop();
        }
        (self.away, self.next) = (Vec::new(), Vec::new());
        self.step = if self.middles.is_empty() { Step::Nothing } else { Step::Measure { at: 0 } };
    }

    /// Gives each distance its words, if these are a crowd.
    fn lay_out(&mut self, middle: Arranged) {
        let mut counts = [0_usize; REACH as usize + 1];
        for away in &self.away {
            if let Some(count) = counts.get_mut(usize::from(*away)) {
                *count += 1;
            }
        }
        let close: usize = counts[..=CLOSE as usize].iter().sum();
        let (all, held) = (counts.iter().sum::<usize>(), self.made.iter().map(|crowd| crowd.rows.len()).sum::<usize>());
        if close * PART < self.away.len() || held + all > HELD * self.away.len() {
            return self.try_next();
        }
        let mut away = Vec::new();
        for (distance, count) in counts.iter().enumerate() {
            self.next.push(64 * away.len());
            away.resize(away.len() + count.div_ceil(64), distance as u8);
        }
        let blocks = away.len().div_ceil(WORDS);
        away.resize(blocks * WORDS, u8::MAX);
        let rows = vec![NOBODY; 64 * away.len()].into();
        self.made.push(Crowd { middle, rows, away: away.into(), columns: vec![0; blocks * 256 * WORDS].into() });
        self.step = Step::Order { at: 0 };
    }
}

/// What the rows of large groups have in common, bit by bit as most of them have it; the last one is of the largest.
fn middles(hashes: &[Arranged], made: &[&Band]) -> Vec<Arranged> {
    let mut groups = Vec::new();
    for (band, made) in made.iter().enumerate() {
        let all = made.starts.windows(2).enumerate().map(|(value, ends)| ((ends[1] - ends[0]) as usize, band, value));
        groups.extend(all.filter(|(rows, ..)| rows * GROUP >= hashes.len()));
    }
    groups.sort_unstable_by(|one, other| other.cmp(one));
    let mut found: Vec<Arranged> = Vec::new();
    let mut tries = TRIES;
    for (rows, band, value) in groups {
        // Around a middle's own group stand those of entries that are off by a bit or two.
        let beside = |middle: &Arranged| (usize::from(bands(middle)[band]) ^ value).count_ones() <= 2;
        if found.len() == MOST || tries == 0 || found.iter().any(beside) {
            continue;
        }
        tries -= 1;
        let from = made[band].starts[value] as usize;
        let sample: Vec<&Arranged> = (from..from + rows)
            .step_by(rows.div_ceil(SAMPLE))
            .filter_map(|place| {
                let [a, b, c] = made[band].rows[place];
                hashes.get(u32::from_le_bytes([a, b, c, 0]) as usize)
            })
            .collect();
        let set = |word: usize, bit: usize| sample.iter().filter(|hash| hash[word] >> bit & 1 == 1).count();
        let middle =
            std::array::from_fn(|word| (0..64).filter(|bit| 2 * set(word, *bit) > sample.len()).fold(0, |bits, bit| bits | 1 << bit));
        if found.iter().all(|other| other.distance(&middle) > SAME) {
            found.push(middle);
        }
    }
    found.reverse();
    found
}

/// Turns 64 times 64 bits: bit `a` of word `b` becomes bit `b` of word `a` (halves of halves, after Warren, "Hacker's Delight", 7-3).
fn turn(bits: &mut [u64; 64]) {
    let (mut width, mut mask) = (32, u64::MAX >> 32);
    while width > 0 {
        for word in (0..64).filter(|word| word & width == 0) {
            let swapped = (bits[word] >> width ^ bits[word + width]) & mask;
            bits[word] ^= swapped << width;
            bits[word + width] ^= swapped;
        }
        width /= 2;
        mask ^= mask << width;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Hash;
    use crate::index::Writer;

    #[test]
    fn what_is_turned_has_each_bit_in_its_place() {
        let mut seed = 1_u64;
        let bits: [u64; 64] = std::array::from_fn(|_| {
            seed = seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            seed
        });
        let mut turned = bits;
        turn(&mut turned);
        for (word, line) in bits.iter().enumerate() {
            for (bit, column) in turned.iter().enumerate() {
                assert_eq!(line >> bit & 1, column >> word & 1, "bit {bit} of word {word}");
            }
        }
    }

    /// Two textures and a flood of near-copies among uniform entries, some of them twice, some dead. And made in steps it is the same.
    #[test]
    fn a_crowd_misses_nothing_and_finds_nothing_else() {
        let mut seed = 3_u64;
        let mut chance = move || {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            seed
        };
        let uniform = |chance: &mut dyn FnMut() -> u64| Hash(std::array::from_fn(|_| chance()));
        let off = |hash: Hash, most: u64, chance: &mut dyn FnMut() -> u64| {
            let bits = chance() % (most + 1);
            (0..bits).fold(hash, |mut hash, _| {
                let bit = chance() % 256;
                hash.0[(bit / 64) as usize] ^= 1 << (bit % 64);
                hash
            })
        };
        let texture = |hash: Hash, chance: &mut dyn FnMut() -> u64| {
            // Each bit differs with a chance of 3 in 16.
            Hash(hash.0.map(|word| {
                let (a, b, c, d) = (chance(), chance(), chance(), chance());
                word ^ (a & b & (c | d))
            }))
        };
        let centres = [uniform(&mut chance), uniform(&mut chance), uniform(&mut chance)];
        let mut entries: Vec<(Hash, u64)> = (0..70_000_u64)
            .map(|id| {
                let hash = match id % 10 {
                    0..4 => texture(centres[0], &mut chance),
                    4 => texture(centres[1], &mut chance),
                    5 | 6 => off(centres[2], 40, &mut chance),
                    _ => uniform(&mut chance),
                };
                (hash, id)
            })
            .collect();
        let again: Vec<(Hash, u64)> = entries.iter().step_by(97).map(|(hash, id)| (*hash, id + 1_000_000)).collect();
        entries.extend(again);
        let mut writer = Writer::from_entries(entries.iter().copied());
        let index = writer.index();
        let crowds: usize = index.state.load().segments.iter().map(|segment| segment.crowds.len()).sum();
        assert_eq!(crowds, 3);
        for segment in &index.state.load().segments {
            let bands: Vec<&Band> = segment.bands.iter().collect();
            for budget in [1, 257, 100_000] {
                let (mut build, mut steps) = (CrowdBuild::default(), 0);
                while !build.advance(&segment.rows.hashes, &bands, &mut { budget }) {
                    steps += 1;
                }
                // Each row is measured for each middle, put in order and turned.
                assert!(steps * budget <= 3 * TRIES * segment.rows.len() + budget, "{steps} steps of {budget}");
                let made = build.made();
                assert_eq!(made.len(), segment.crowds.len());
                for (one, other) in made.iter().zip(&segment.crowds) {
                    assert_eq!((&one.middle, &one.away, &one.rows), (&other.middle, &other.away, &other.rows));
                    assert!(one.columns == other.columns, "columns differ");
                }
            }
        }
        let dead: Vec<(Hash, u64)> = entries.iter().copied().step_by(41).collect();
        for (hash, id) in &dead {
            assert!(writer.remove(*hash, *id));
        }
        entries.retain(|entry| !dead.contains(entry));
        for number in 0..60 {
            let entry = entries[(chance() % entries.len() as u64) as usize].0;
            let query = match number % 4 {
                0 => off(entry, 31, &mut chance),
                1 => texture(centres[0], &mut chance),
                2 => off(centres[2], 20, &mut chance),
                _ => centres[number % 3],
            };
            for radius in [0, 7, 31, 40, 256, u32::MAX] {
                let mut wanted: Vec<(u32, u64)> =
                    entries.iter().map(|(hash, id)| (hash.distance(query), *id)).filter(|(distance, _)| *distance <= radius).collect();
                wanted.sort_unstable();
                let mut found: Vec<(u32, u64)> = index.within(query, radius).iter().map(|near| (near.distance, near.id)).collect();
                found.sort_unstable();
                assert_eq!(found, wanted, "query {number}, radius {radius}");
                let mut seen = 0;
                index.visit(query, radius, |_| {
                    seen += 1;
                    if seen == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                });
                assert_eq!(seen, wanted.len().min(3), "who stops gets no more");
            }
        }
    }
}
