//! Many entries, of which a query looks at few: for each band a list of all rows, grouped by the band's value.

use std::ops::ControlFlow;

use super::Near;
use super::chain::{BANDS, MOST, SORTED_BY, allowances, bands, meeting};
use super::kernel::{Kernel, Probe, distance, prefetch};
use super::order::{Arranged, Order};
use super::rows::Rows;

/// How many values a band has.
pub(super) const VALUES: usize = 1 << 16;

/// A row's number takes three bytes: more rows make another segment.
pub(super) const MOST_ROWS: usize = 1 << 24;

/// Bytes of a cache line, and how many lines of a group are asked for ahead: what follows, the processor sees coming.
const LINE: usize = 64;
const LINES_AHEAD: usize = 8;

/// Entries, immutable but for which are dead. Sorted by arranged hash, then id; rows with equal hashes stand together, and only the
/// first of them is in the bands.
pub(super) struct Segment {
    pub(super) order: Order,
    pub(super) rows: Rows,
    pub(super) bands: Vec<Band>,
}

/// All first rows by the value of one band.
#[derive(Default)]
pub(super) struct Band {
    /// Where each value's group begins; one more tells where the last ends.
    pub(super) starts: Vec<u32>,
    /// For each place the bits of the row in the next band: what most rows are refused by, without being looked at.
    pub(super) next: Vec<u16>,
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
    pub(super) fn places(&mut self) -> &mut Vec<u32> {
        &mut self.places
    }
}

impl Segment {
    pub(super) fn bytes(&self) -> usize {
        let band = |band: &Band| size_of_val(&*band.starts) + size_of_val(&*band.next) + size_of_val(&*band.rows);
        self.rows.bytes() + size_of::<Order>() + self.bands.iter().map(band).sum::<usize>()
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

    /// All within the radius.
    pub(super) fn search(
        &self,
        kernel: Kernel,
        query: &[u64; 4],
        radius: u32,
        scratch: &mut Scratch,
        found: &mut impl FnMut(Near) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let query = self.order.arrange(query);
        let allowed = allowances(radius);
        if radius > MOST || !self.gather(kernel, &query, &allowed, scratch) {
            return self.rows.scan(kernel, &query, radius, &mut scratch.places, found);
        }
        // `gather` left the rows in `places`, those of each band behind a count.
        let mut places = scratch.places.as_slice();
        for band in 0..BANDS {
            let Some((count, rest)) = places.split_first() else { break };
            let (here, rest) = rest.split_at(*count as usize);
            places = rest;
            for row in here.iter().map(|row| *row as usize) {
                let Some(hash) = self.rows.hashes.get(row) else { continue };
                let apart = distance(hash, &query);
                if apart <= radius && meeting(hash, &query, &allowed) == band {
                    self.report(row, hash, apart, found)?;
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// A row and those that follow it with the same hash.
    fn report(&self, row: usize, hash: &Arranged, distance: u32, found: &mut impl FnMut(Near) -> ControlFlow<()>) -> ControlFlow<()> {
        for (row, _) in self.rows.hashes.iter().enumerate().skip(row).take_while(|(_, other)| *other == hash) {
            self.rows.report(row, distance, found)?;
        }
        ControlFlow::Continue(())
    }

    /// Collects the rows to look at, band by band. False if they are so many that looking at all is cheaper: that bounds what a query
    /// can cost, whatever the entries are like.
    fn gather(&self, kernel: Kernel, query: &Arranged, allowed: &[u32; BANDS], scratch: &mut Scratch) -> bool {
        let Scratch { places, probes } = scratch;
        places.clear();
        probes.clear();
        let values = bands(query);
        for (band, value) in values.iter().enumerate() {
            self.near_values(band, *value, allowed[band], |starts, value, _| prefetch(starts, value));
        }
        // All groups of all bands, so that their memory is under way while the first are read.
        let mut ends = [0; BANDS];
        let mut bytes = 0;
        for (band, value) in values.iter().enumerate() {
            let after = (band + 1) % BANDS;
            self.near_values(band, *value, allowed[band], |starts, value, off| {
                let (start, end) = (starts[value], starts[value + 1]);
                if start == end {
                    return;
                }
                bytes += 2 * (end - start) as usize;
                for line in 0..LINES_AHEAD {
                    let place = start as usize + line * LINE / 2;
                    if place >= end as usize {
                        break;
                    }
                    prefetch(&self.bands[band].next, place);
                }
                // Both bands together must stay below both allowances.
                let most = (allowed[band] + allowed[after] - 1 - off) as u16;
                probes.push(Probe { start, end, next: values[after], most });
            });
            ends[band] = probes.len();
        }
        if bytes > self.rows.len() * size_of::<Arranged>() / 2 {
            return false;
        }
        // Reading a row here and there costs about as much as reading this many side by side.
        let most = self.rows.len() / 16 + 64;
        let mut first = 0;
        for (band, end) in self.bands.iter().zip(ends) {
            let count = places.len();
            places.push(0);
            kernel.sift(&band.next, &probes[first..end], places);
            first = end;
            if places.len() > most {
                return false;
            }
            places[count] = (places.len() - count - 1) as u32;
            for place in &mut places[count + 1..] {
                let [a, b, c] = band.rows[*place as usize];
                *place = u32::from_le_bytes([a, b, c, 0]);
            }
        }
        true
    }

    /// Calls for each value of a band that is near enough, with how many bits it is off.
    #[inline(always)]
    fn near_values(&self, band: usize, value: u16, allowance: u32, mut each: impl FnMut(&[u32], usize, u32)) {
        let Some(starts) = self.bands.get(band).map(|band| band.starts.as_slice()).filter(|_| allowance > 0) else { return };
        each(starts, usize::from(value), 0);
        if allowance > 1 {
            for bit in 0..16 {
                each(starts, usize::from(value ^ (1 << bit)), 1);
            }
        }
    }
}

/// The group by which rows are sorted first.
pub(super) fn group(hash: &Arranged) -> usize {
    usize::from(bands(hash)[SORTED_BY])
}
