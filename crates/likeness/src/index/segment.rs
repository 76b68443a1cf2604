//! Many entries, of which a query looks at few: for each band a list of all rows, grouped by the band's value.

use std::ops::ControlFlow;

use super::Near;
use super::chain::{BANDS, CHANGES, MOST, MOST_ALLOWED, SORTED_BY, VALUES_ALLOWED, allowances, bands, cheapest, meeting};
use super::crowd::Crowd;
use super::kernel::{Beside, Bits as _, Kernel, Probe};
use super::order::{Arranged, Order};
use super::rows::Rows;
use crate::wide::prefetch;

/// How many values a band has.
pub(super) const VALUES: usize = 1 << 16;

/// A row's number takes three bytes: more rows make another segment.
pub(super) const MOST_ROWS: usize = 1 << 24;

/// Bytes of a cache line, and how many lines of a group are asked for ahead: what follows, the processor sees coming.
const LINE: usize = 64;
const LINES_AHEAD: usize = 8;

/// So many more entries in a query's groups than even ones would have there make it worthwhile to look for other groups.
const UNEVEN: usize = 100_000;

/// Bytes that are read side by side in about the time in which an entry of a group is looked at, or a row that stands anywhere is read.
const SIFTED: usize = 8;
const ASIDE: usize = 256;

/// Where the groups that even allowances ask for would take so many times as long as a crowd's columns, the cheapest ones hardly take less: they are not
/// reckoned up then.
const HOPELESS: usize = 2;

/// What finding a group costs, in entries that are looked at.
const PROBE: usize = 50;

/// Entries, immutable but for which are dead. Sorted by arranged hash, then id; rows with equal hashes stand together, and only the
/// first of them is in the bands.
pub(super) struct Segment {
    pub(super) order: Order,
    pub(super) rows: Rows,
    pub(super) bands: Vec<Band>,
    /// Where entries are so alike that groups are of no use.
    pub(super) crowds: Vec<Crowd>,
}

/// All first rows by the value of one band.
#[derive(Default)]
pub(super) struct Band {
    /// Where each value's group begins; one more tells where the last ends.
    pub(super) starts: Vec<u32>,
    /// For each place the bits of the row in the next band: what most rows are refused by, without being looked at.
    pub(super) next: Vec<u16>,
    /// And in the band after that, which refuses nearly all of the others.
    pub(super) third: Vec<u16>,
    /// For each place the row's number, lowest byte first.
    pub(super) rows: Vec<[u8; 3]>,
}

/// What a search needs room for; kept from one to the next.
#[derive(Default)]
pub(super) struct Scratch {
    places: Vec<u32>,
    probes: Vec<Probe>,
}

impl Scratch {
    /// Room for places alone.
    pub(super) fn places(&mut self) -> &mut Vec<u32> {
        &mut self.places
    }
}

impl Segment {
    pub(super) fn bytes(&self) -> usize {
        let band =
            |band: &Band| size_of_val(&*band.starts) + size_of_val(&*band.next) + size_of_val(&*band.third) + size_of_val(&*band.rows);
        let crowds = self.crowds.iter().map(Crowd::bytes).sum::<usize>();
        self.rows.bytes() + size_of::<Order>() + self.bands.iter().map(band).sum::<usize>() + crowds
    }

    /// The row of this very pair, if it is alive.
    pub(super) fn find(&self, hash: &[u64; 4], id: u64) -> Option<usize> {
        let hash = self.order.arrange(hash);
        // Rows are sorted; the band that they are sorted by tells about where, were it not for equal hashes.
        let (mut low, mut high) = (0, self.rows.len());
        while low < high {
            let middle = low.midpoint(high);
            if (self.rows.hashes[middle], self.rows.ids[middle]) < (hash, id) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let there = self.rows.hashes.get(low) == Some(&hash) && self.rows.ids.get(low) == Some(&id);
        (there && !self.rows.is_dead(low)).then_some(low)
    }

    /// All within the radius. Where the groups hold so much that looking at all rows is cheaper, that is done instead, or at those of a crowd
    /// that the query comes near: it bounds what a query can cost, whatever the entries are like.
    pub(super) fn search(
        &self,
        kernel: Kernel,
        query: &[u64; 4],
        radius: u32,
        scratch: &mut Scratch,
        found: &mut impl FnMut(Near) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let query = self.order.arrange(query);
        let Scratch { places, probes } = scratch;
        // What looking at all would cost: at all rows, or at those of a crowd.
        let crowds = self.crowds.iter().filter_map(|crowd| Some((crowd.cost(&query, radius)?, Some(crowd))));
        let (most, crowd) = crowds.chain([(size_of_val(&*self.rows.hashes), None)]).min_by_key(|(cost, _)| *cost).unwrap_or_default();
        let Some(allowed) = self.choose(&query, radius, most, probes) else {
            return self.look_at_all(kernel, crowd, (&query, radius), None::<fn(&Arranged) -> bool>, places, found);
        };
        // Reading a row here and there costs about as much as reading so many bytes side by side.
        let mut left = most / ASIDE + 64;
        let by_band = || probes.chunk_by(|one, other| one.band == other.band);
        // What comes of the first band that is asked tells what is to come of all: if that is too much, it is better known before rows are read.
        let mut ahead = by_band().count();
        let mut probes = by_band().peekable();
        for (number, band) in self.bands.iter().enumerate() {
            let Some(probes) = probes.next_if(|probes| usize::from(probes[0].band) == number) else { continue };
            places.clear();
            kernel.sift(Beside { next: &band.next, third: &band.third }, probes, places);
            if places.len() * ahead > left {
                // What meets in an earlier band was reported from there.
                let new = |hash: &Arranged| ahead > 1 || meeting(hash, &query, &allowed) >= number;
                return self.look_at_all(kernel, crowd, (&query, radius), Some(new), places, found);
            }
            left -= places.len();
            ahead = 1;
            for place in &mut *places {
                let [a, b, c] = band.rows[*place as usize];
                *place = u32::from_le_bytes([a, b, c, 0]);
            }
            for row in places.iter().map(|row| *row as usize) {
                let Some(hash) = self.rows.hashes.get(row) else { continue };
                let apart = hash.distance(&query);
                if apart <= radius && meeting(hash, &query, &allowed) == number {
                    self.report(row, hash, apart, found)?;
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// All within the radius that are wanted, among all rows or those of a crowd to which they all belong.
    fn look_at_all(
        &self,
        kernel: Kernel,
        crowd: Option<&Crowd>,
        (query, radius): (&Arranged, u32),
        wanted: Option<impl Fn(&Arranged) -> bool>,
        places: &mut Vec<u32>,
        found: &mut impl FnMut(Near) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        match crowd {
            Some(crowd) => crowd.search(kernel, &self.rows, (query, radius), wanted, places, found),
            None => self.rows.scan(kernel, query, radius, |hash| wanted.as_ref().is_none_or(|wanted| wanted(hash)), places, found),
        }
    }

    /// A row and those that follow it with the same hash.
    fn report(&self, row: usize, hash: &Arranged, distance: u32, found: &mut impl FnMut(Near) -> ControlFlow<()>) -> ControlFlow<()> {
        for (row, _) in self.rows.hashes.iter().enumerate().skip(row).take_while(|(_, other)| *other == hash) {
            self.rows.report(row, distance, found)?;
        }
        ControlFlow::Continue(())
    }

    /// Chooses the groups to look at. None if even the cheapest take longer than reading `most` bytes.
    fn choose(&self, query: &Arranged, radius: u32, most: usize, probes: &mut Vec<Probe>) -> Option<[u32; BANDS]> {
        if radius > MOST {
            return None;
        }
        let mut allowed = allowances(radius);
        let values = bands(query);
        for ((band, value), allowance) in self.bands.iter().zip(values).zip(allowed) {
            near(value, allowance).for_each(|(value, _)| prefetch(&band.starts, value));
        }
        let mut entries = self.probe(&values, &allowed, probes);
        let rows = self.rows.len();
        if entries * SIFTED > HOPELESS * most {
            return None;
        }
        if entries > UNEVEN + 4 * VALUES_ALLOWED[2] * BANDS * rows / VALUES {
            allowed = cheapest(radius, &self.costs(&values));
            entries = self.probe(&values, &allowed, probes);
        }
        (entries * SIFTED <= most).then_some(allowed)
    }

    /// The groups that these allowances ask for, band by band, and how many entries are in them. Their memory is under way when this returns.
    fn probe(&self, values: &[u16; BANDS], allowed: &[u32; BANDS], probes: &mut Vec<Probe>) -> usize {
        probes.clear();
        let mut entries = 0;
        for (number, band) in self.bands.iter().enumerate() {
            let (after, third) = ((number + 1) % BANDS, (number + 2) % BANDS);
            for (value, off) in near(values[number], allowed[number]) {
                let (start, end) = (band.starts[value], band.starts[value + 1]);
                if start == end {
                    continue;
                }
                entries += (end - start) as usize;
                for line in 0..LINES_AHEAD {
                    let place = start as usize + line * LINE / size_of::<u16>();
                    if place >= end as usize {
                        break;
                    }
                    prefetch(&band.next, place);
                }
                // Two bands together must stay below both allowances, and three below all three.
                let most = (allowed[number] + allowed[after] - 1 - off) as u16;
                let most_both = most + allowed[third] as u16;
                probes.push(Probe { start, end, next: values[after], most, third: values[third], most_both, band: number as u16 });
            }
        }
        entries
    }

    /// What each band's allowances cost for a query, in entries that are looked at.
    fn costs(&self, values: &[u16; BANDS]) -> [[usize; MOST_ALLOWED + 1]; BANDS] {
        let mut costs = [[0; MOST_ALLOWED + 1]; BANDS];
        for ((band, value), costs) in self.bands.iter().zip(values).zip(&mut costs) {
            for (value, off) in near(*value, MOST_ALLOWED as u32) {
                costs[off as usize + 1] += PROBE + (band.starts[value + 1] - band.starts[value]) as usize;
            }
            for allowance in 1..=MOST_ALLOWED {
                costs[allowance] += costs[allowance - 1];
            }
        }
        costs
    }
}

/// The values of a band that an allowance asks for, and by how many bits each is off.
#[inline]
fn near(value: u16, allowance: u32) -> impl Iterator<Item = (usize, u32)> {
    CHANGES[..VALUES_ALLOWED[allowance as usize]].iter().map(move |change| (usize::from(value ^ change), change.count_ones()))
}

/// The group by which rows are sorted first.
pub(super) fn group(hash: &Arranged) -> usize {
    usize::from(bands(hash)[SORTED_BY])
}
