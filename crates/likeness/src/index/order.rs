//! Which bit of a hash goes into which band.
//!
//! Bits of real hashes are not independent: neighbouring frequencies go together, some bits are nearly always set. Where such bits share a
//! band, few of its 65,536 values carry most of the entries, and looking at one of them is no longer cheap. So bits that go together are
//! kept apart, by what a sample of the entries shows.

use super::chain::BANDS;

/// A hash with its bits rearranged, as one segment keeps it.
pub(super) type Arranged = [u64; 4];

/// How many entries are looked at to tell which bits go together; two independent bits then seem to correlate by 0.016 or so.
const SAMPLE: usize = 4096;

/// Bit `k` of an arranged hash is bit `self.0[k]` of the hash as it came.
#[derive(Clone)]
pub(super) struct Order([u8; 256]);

impl Order {
    /// An order for these hashes; with fewer than two, or independent bits, any is good.
    pub(super) fn of(hashes: impl ExactSizeIterator<Item = [u64; 4]>) -> Self {
        let stride = hashes.len().div_ceil(SAMPLE).max(1);
        let sample: Vec<[u64; 4]> = hashes.step_by(stride).collect();
        let columns = columns(&sample);
        let count = sample.len().max(1) as f32;
        let set: Vec<f32> = columns.iter().map(|column| ones(column) as f32 / count).collect();

        // What a pair of bits in the same band costs: the square of how far they are from independent and even. A bit that is nearly
        // always the same tells nothing anywhere; two of them in a band are worse than one in each.
        let lean: Vec<f32> = set.iter().map(|share| (2.0 * share - 1.0).powi(2)).collect();
        let mut cost = vec![0_f32; 256 * 256];
        for one in 0..256 {
            for other in 0..one {
                let same = columns[one].iter().zip(&columns[other]).map(|(a, b)| (a ^ b).count_ones()).sum::<u32>();
                let together = 1.0 - 2.0 * same as f32 / count;
                let value = together.powi(2).max(lean[one] * lean[other]);
                cost[one * 256 + other] = value;
                cost[other * 256 + one] = value;
            }
        }

        // The most entangled bits choose first: each goes where it is least entangled with what is there.
        let mut by_weight: Vec<(usize, f32)> =
            cost.chunks_exact(256).map(|row| row.iter().filter(|value| **value > 0.01).sum()).enumerate().collect();
        by_weight.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); BANDS];
        for (bit, _) in by_weight {
            let with = |band: &Vec<usize>| band.iter().map(|member| cost[bit * 256 + member]).sum::<f32>();
            let free = members.iter_mut().filter(|band| band.len() < 16);
            // Among equals the emptiest, so that no band is left with what nobody wanted.
            if let Some(band) = free.min_by(|a, b| with(a).total_cmp(&with(b)).then(a.len().cmp(&b.len()))) {
                band.push(bit);
            }
        }
        let mut order = [0; 256];
        for (place, bit) in order.iter_mut().zip(members.iter().flatten()) {
            *place = *bit as u8;
        }
        Self(order)
    }

    /// One hash arranged. For many there is [`Order::table`].
    pub(super) fn arrange(&self, hash: &[u64; 4]) -> Arranged {
        std::array::from_fn(|word| {
            self.0[word * 64..][..64].iter().rev().fold(0, |bits, from| bits << 1 | hash[usize::from(*from) / 64] >> (from % 64) & 1)
        })
    }

    /// Arranges by the byte.
    pub(super) fn table(&self) -> Table {
        let mut to = [0; 256];
        for (place, from) in self.0.iter().enumerate() {
            to[usize::from(*from)] = place as u8;
        }
        Table::new(&to)
    }

    /// Brings arranged hashes back, by the byte.
    pub(super) fn back(&self) -> Table {
        Table::new(&self.0)
    }
}

/// Moves all bits of a hash by 32 look-ups.
pub(super) struct Table(Vec<[u64; 4]>);

impl Table {
    /// Bit `k` of what is given is bit `to[k]` of what comes out.
    fn new(to: &[u8; 256]) -> Self {
        let mut table = vec![[0_u64; 4]; 32 * 256];
        for (place, row) in table.iter_mut().enumerate() {
            let (byte, value) = (place / 256, place % 256);
            for bit in (0..8).filter(|bit| value >> bit & 1 == 1) {
                let to = to[byte * 8 + bit];
                row[usize::from(to) / 64] |= 1 << (to % 64);
            }
        }
        Self(table)
    }

    pub(super) fn apply(&self, hash: &[u64; 4]) -> [u64; 4] {
        let mut moved = [0; 4];
        for (rows, byte) in self.0.chunks_exact(256).zip(hash.iter().flat_map(|word| word.to_le_bytes())) {
            for (word, bits) in moved.iter_mut().zip(rows[usize::from(byte)]) {
                *word |= bits;
            }
        }
        moved
    }
}

/// The sample turned round: for each bit, its value in each entry.
fn columns(sample: &[[u64; 4]]) -> Vec<Vec<u64>> {
    let mut columns = vec![vec![0; sample.len().div_ceil(64)]; 256];
    for (row, hash) in sample.iter().enumerate() {
        for (bit, column) in columns.iter_mut().enumerate() {
            column[row / 64] |= (hash[bit / 64] >> (bit % 64) & 1) << (row % 64);
        }
    }
    columns
}

fn ones(column: &[u64]) -> u32 {
    column.iter().map(|word| word.count_ones()).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Bits 0 to 15 are all the same, and so on: taken as they come, each band would have two values.
    fn entangled() -> Vec<[u64; 4]> {
        (0..512_u64)
            .map(|seed| {
                std::array::from_fn(|word| {
                    (0..4).fold(0, |bits, band| {
                        let mixed = (seed * 16 + word as u64 * 4 + band).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                        bits | if mixed >> 40 & 1 == 1 { 0xffff << (16 * band) } else { 0 }
                    })
                })
            })
            .collect()
    }

    #[test]
    fn bits_that_go_together_are_kept_apart() {
        let order = Order::of(entangled().into_iter());
        for band in order.0.chunks_exact(16) {
            let mut groups: Vec<u8> = band.iter().map(|bit| bit / 16).collect();
            groups.sort_unstable();
            groups.dedup();
            assert!(groups.len() >= 15, "a band holds bits of {} of the 16 groups", groups.len());
        }
    }

    proptest! {
        #[test]
        fn arranging_keeps_distances_and_comes_back(one: [u64; 4], other: [u64; 4]) {
            let order = Order::of(entangled().into_iter());
            let (table, back) = (order.table(), order.back());
            let arranged = order.arrange(&one);
            prop_assert_eq!(arranged, table.apply(&one));
            prop_assert_eq!(back.apply(&arranged), one);
            prop_assert_eq!(crate::Hash(one).distance(crate::Hash(other)), crate::Hash(arranged).distance(crate::Hash(table.apply(&other))));
        }
    }
}
