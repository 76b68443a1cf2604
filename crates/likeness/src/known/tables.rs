//! Hash tables over descriptors: each looks up a few bits of a descriptor, exactly. A copy shares dozens of descriptors with what it was
//! made from, so the tables may well miss most of them.

use crate::Hash;
use crate::keypoints::KEPT;

/// Tables, each by other bits.
const TABLES: usize = 8;
/// Bits that a table looks at.
const BITS: usize = 18;
/// Descriptors in one bucket. What more have in common tells pictures not apart, so that more are not taken in: no bank, however
/// skewed, makes a query or a change slow.
const DEEPEST: u8 = 48;
/// The end of a chain.
const NONE: u32 = u32::MAX;

/// Descriptors of pictures that have a place each, numbered from 0; a place has [`KEPT`] descriptors.
pub(super) struct Tables {
    /// The newest descriptor of each bucket of each table.
    heads: Vec<u32>,
    depths: Vec<u8>,
    /// For each descriptor and table, the next older one.
    older: Vec<[u32; TABLES]>,
}

impl Default for Tables {
    fn default() -> Self {
        Self { heads: vec![NONE; TABLES << BITS], depths: vec![0; TABLES << BITS], older: Vec::new() }
    }
}

impl Tables {
    /// Takes in the descriptors of the picture at a place, which must have none there.
    pub(super) fn insert(&mut self, place: usize, hashes: impl Iterator<Item = Hash>) {
        let end = (place + 1) * KEPT;
        if self.older.len() < end {
            self.older.resize(end, [NONE; TABLES]);
        }
        for (descriptor, hash) in (place * KEPT..end).zip(hashes) {
            for table in 0..TABLES {
                let bucket = bucket(hash, table);
                if self.depths[bucket] < DEEPEST {
                    self.depths[bucket] += 1;
                    self.older[descriptor][table] = self.heads[bucket];
                    self.heads[bucket] = u32::try_from(descriptor).unwrap_or(NONE);
                }
            }
        }
    }

    /// Takes out what [`Tables::insert`] took in.
    pub(super) fn remove(&mut self, place: usize, hashes: impl Iterator<Item = Hash>) {
        for (descriptor, hash) in (place * KEPT..(place + 1) * KEPT).zip(hashes) {
            for table in 0..TABLES {
                self.unlink(bucket(hash, table), table, descriptor);
            }
        }
    }

    fn unlink(&mut self, bucket: usize, table: usize, descriptor: usize) {
        let next = self.older[descriptor][table];
        if self.heads[bucket] as usize == descriptor {
            self.heads[bucket] = next;
        } else {
            let mut at = self.heads[bucket];
            // A bucket that was full did not take it in.
            while at != NONE && self.older[at as usize][table] as usize != descriptor {
                at = self.older[at as usize][table];
            }
            if at == NONE {
                return;
            }
            self.older[at as usize][table] = next;
        }
        self.older[descriptor][table] = NONE;
        self.depths[bucket] -= 1;
    }

    /// Every descriptor that is in one bucket with this one, as its place and its number there; some more than once.
    pub(super) fn near(&self, hash: Hash, mut each: impl FnMut(usize, usize)) {
        for table in 0..TABLES {
            let mut at = self.heads[bucket(hash, table)];
            while at != NONE {
                each(at as usize / KEPT, at as usize % KEPT);
                at = self.older[at as usize][table];
            }
        }
    }
}

/// 97 has no factor in common with 256, so that all tables look at different bits, far from each other.
fn bucket(hash: Hash, table: usize) -> usize {
    (0..BITS).fold(table, |bucket, bit| {
        let bit = (table * BITS + bit) * 97 % 256;
        bucket << 1 | (hash.0[bit / 64] >> (bit % 64) & 1) as usize
    })
}
