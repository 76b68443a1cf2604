//! Hash tables over descriptors: each looks up a few bits of a descriptor, exactly, and refuses nearly all that it finds by others. A copy
//! shares dozens of descriptors with what it was made from, so the tables may well miss some of them.

use crate::Hash;
use crate::keypoints::KEPT;
use crate::wide::{Wide, prefetch};

/// Tables, each by other bits.
const TABLES: usize = 6;
/// Bits that a table looks at.
const BITS: usize = 16;
/// So many of the 32 bits that stand beside a descriptor may differ: of what is within the 42 bits that are near, some six do, and sixteen of
/// what is not.
const MOST_BESIDE: u32 = 9;
/// Descriptors in one bucket, at least, and so many times as many as even ones would be. What more have in common tells pictures not apart, so that more
/// are not taken in: no bank, however skewed, makes a query or a change slow.
const DEEPEST: usize = 192;
const DEEPER: usize = 6;
/// Lines of a bucket that are asked for ahead; what follows, the processor sees coming.
const LINES_AHEAD: usize = 4;

/// Descriptors of pictures that have a place each, numbered from 0; a place has [`KEPT`] descriptors.
pub(super) struct Tables {
    /// By table and bucket: 32 bits of the descriptor, and above them its number.
    buckets: Vec<Vec<u64>>,
    /// Descriptors that came and were not removed.
    count: usize,
    wide: Wide,
}

impl Default for Tables {
    fn default() -> Self {
        Self { buckets: vec![Vec::new(); TABLES << BITS], count: 0, wide: Wide::best() }
    }
}

impl Tables {
    /// Takes in the descriptors of the picture at a place, which must have none there.
    pub(super) fn insert(&mut self, place: usize, hashes: impl Iterator<Item = Hash>) {
        for (descriptor, hash) in (place * KEPT..(place + 1) * KEPT).zip(hashes) {
            let Ok(descriptor) = u32::try_from(descriptor) else { return };
            self.count += 1;
            let deepest = DEEPEST.max(DEEPER * (self.count >> BITS));
            for table in 0..TABLES {
                let bucket = &mut self.buckets[bucket(hash, table)];
                if bucket.len() < deepest {
                    if bucket.len() == bucket.capacity() {
                        // Less room to spare than a vector takes by itself: there are hundreds of thousands.
                        bucket.reserve_exact(bucket.len() / 8 + 2);
                    }
                    bucket.push(u64::from(descriptor) << 32 | u64::from(beside(hash, table)));
                }
            }
        }
    }

    /// Takes out what [`Tables::insert`] took in.
    pub(super) fn remove(&mut self, place: usize, hashes: impl Iterator<Item = Hash>) {
        for (descriptor, hash) in (place * KEPT..(place + 1) * KEPT).zip(hashes) {
            self.count -= 1;
            for table in 0..TABLES {
                let bucket = &mut self.buckets[bucket(hash, table)];
                // One that was full did not take it in.
                if let Some(at) = bucket.iter().position(|entry| (entry >> 32) as usize == descriptor) {
                    bucket.remove(at);
                }
            }
        }
    }

    /// This one will be looked up.
    pub(super) fn expect(&self, hash: Hash) {
        (0..TABLES).for_each(|table| prefetch(&self.buckets, bucket(hash, table)));
    }

    /// And soon.
    pub(super) fn expect_entries(&self, hash: Hash) {
        const LINE: usize = 64 / size_of::<u64>();
        for table in 0..TABLES {
            let bucket = &self.buckets[bucket(hash, table)];
            (0..LINES_AHEAD).for_each(|line| prefetch(bucket, line * LINE));
        }
    }

    /// Descriptors that may be near to this one, as their pictures' places and their numbers there; some more than once.
    pub(super) fn near(&self, hash: Hash, found: &mut Vec<(usize, usize)>) {
        found.clear();
        for table in 0..TABLES {
            let (bucket, beside) = (&self.buckets[bucket(hash, table)], beside(hash, table));
            self.wide.run(
                #[inline(always)]
                || sift(bucket, beside, found),
            );
        }
    }
}

/// Those of a bucket that have nearly the same bits beside.
#[inline(always)]
fn sift(bucket: &[u64], beside: u32, found: &mut Vec<(usize, usize)>) {
    const LANES: usize = 16;
    let (chunks, rest) = bucket.as_chunks::<LANES>();
    let near = |entry: u64| (entry as u32 ^ beside).count_ones() <= MOST_BESIDE;
    let mut take = |entry: u64| {
        let descriptor = (entry >> 32) as usize;
        found.push((descriptor / KEPT, descriptor % KEPT));
    };
    for chunk in chunks {
        // First whether there is any at all, side by side.
        let mut any = 0_u32;
        for entry in chunk {
            any |= u32::from(near(*entry));
        }
        if any != 0 {
            chunk.iter().copied().filter(|entry| near(*entry)).for_each(&mut take);
        }
    }
    rest.iter().copied().filter(|entry| near(*entry)).for_each(&mut take);
}

/// Every sixteenth bit of each word, from another one on in each table and word: no two tables look at the same bit.
#[inline(always)]
fn bucket(hash: Hash, table: usize) -> usize {
    // Four bits sixteen apart are multiplied into the uppermost four.
    let four = |word: u64, from: usize| {
        (word.rotate_right((from % 16) as u32) & 0x0001_0001_0001_0001).wrapping_mul(0x0001_0002_0004_0008) >> 48 & 15
    };
    let [a, b, c, d] = hash.0;
    let key = four(a, 5 * table) | four(b, 5 * table + 3) << 4 | four(c, 5 * table + 6) << 8 | four(d, 5 * table + 9) << 12;
    table << BITS | key as usize
}

/// Every eighth bit of each word, of those that the table does not look at.
#[inline(always)]
fn beside(hash: Hash, table: usize) -> u32 {
    let eight = |word: u64, from: usize| {
        ((word.rotate_right((from % 8) as u32) & 0x0101_0101_0101_0101).wrapping_mul(0x0102_0408_1020_4080) >> 56) as u32
    };
    let [a, b, c, d] = hash.0;
    let from = 5 * table + 1;
    eight(a, from) | eight(b, from + 3) << 8 | eight(c, from + 6) << 16 | eight(d, from + 9) << 24
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_table_looks_at_bits_of_its_own_and_at_others_beside() {
        let mut seen = [0_usize; 256];
        for table in 0..TABLES {
            let (mut keys, mut others) = (0, 0);
            for (bit, seen) in seen.iter_mut().enumerate() {
                let mut hash = Hash::default();
                hash.0[bit / 64] = 1 << (bit % 64);
                let key = bucket(hash, table) - (table << BITS);
                assert!(key == 0 || key.is_power_of_two(), "{key}");
                let beside = beside(hash, table);
                assert!(key == 0 || beside == 0, "bit {bit} of table {table} is looked at twice");
                *seen += usize::from(key != 0);
                keys |= key;
                others |= beside;
            }
            assert_eq!((keys, others), (0xffff, u32::MAX));
        }
        assert!(seen.iter().all(|tables| *tables <= 1));
    }
}
