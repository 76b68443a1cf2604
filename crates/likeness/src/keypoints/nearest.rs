//! Which of a picture's descriptors is nearest to another one.

use crate::Hash;
use crate::wide::Wide;

/// The descriptors of a picture, their first words side by side, then their second ones, and so on: a vector holds one word of several.
pub(crate) struct Descriptors {
    words: [Vec<u64>; 4],
    count: usize,
}

/// Looked at together; missing ones are filled up.
const LANES: usize = 8;

impl Descriptors {
    pub(crate) fn of(hashes: impl Iterator<Item = Hash> + Clone) -> Self {
        let count = hashes.clone().count();
        let words = std::array::from_fn(|word| {
            let mut column: Vec<u64> = hashes.clone().map(|hash| hash.0[word]).collect();
            column.resize(count.next_multiple_of(LANES), 0);
            column
        });
        Self { words, count }
    }

    /// The first of the nearest, as its distance and number; `None` if there are no descriptors.
    #[inline(always)]
    fn nearest(&self, hash: Hash) -> Option<(u32, usize)> {
        // The distance above, the number below: the least of them is the first of the nearest.
        let mut best = [u64::MAX; LANES];
        let [a, b, c, d] = [0, 1, 2, 3].map(|word| self.words[word].as_chunks::<LANES>().0);
        for (chunk, (((a, b), c), d)) in a.iter().zip(b).zip(c).zip(d).enumerate() {
            for lane in 0..LANES {
                let apart = u64::from((a[lane] ^ hash.0[0]).count_ones())
                    + u64::from((b[lane] ^ hash.0[1]).count_ones())
                    + u64::from((c[lane] ^ hash.0[2]).count_ones())
                    + u64::from((d[lane] ^ hash.0[3]).count_ones());
                let number = (chunk * LANES + lane) as u64;
                let one = if number < self.count as u64 { apart << 32 | number } else { u64::MAX };
                best[lane] = if one < best[lane] { one } else { best[lane] };
            }
        }
        let best = best.into_iter().min().filter(|best| *best != u64::MAX)?;
        Some(((best >> 32) as u32, (best & u64::from(u32::MAX)) as usize))
    }

    /// For each of these the first of the nearest, as its distance and number; none if there are no descriptors.
    pub(crate) fn nearest_each(&self, wide: Wide, hashes: &[Hash]) -> Vec<(u32, usize)> {
        let mut all = Vec::with_capacity(hashes.len());
        wide.run(
            #[inline(always)]
            || {
                for hash in hashes {
                    all.extend(self.nearest(*hash));
                }
            },
        );
        all
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_form_finds_the_first_of_the_nearest(
            // Few values, so that many are equally near.
            known in prop::collection::vec(prop::array::uniform4(0_u64..4), 0..40),
            asked in prop::collection::vec(prop::array::uniform4(0_u64..4), 0..10),
        ) {
            let asked: Vec<Hash> = asked.into_iter().map(Hash).collect();
            let by_hand: Vec<(u32, usize)> = asked
                .iter()
                .filter_map(|hash| known.iter().enumerate().map(|(number, other)| (hash.distance(Hash(*other)), number)).min())
                .collect();
            for wide in Wide::all() {
                let descriptors = Descriptors::of(known.iter().map(|words| Hash(*words)));
                prop_assert_eq!(&descriptors.nearest_each(wide, &asked), &by_hand);
            }
        }
    }
}
