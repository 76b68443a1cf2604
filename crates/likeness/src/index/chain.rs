//! Which parts of a hash must be close if the whole is: the reason why looking at few entries misses none.
//!
//! A hash is cut into [`BANDS`] bands of 16 bits. Let a band's allowance be how far it may be off, plus one, and let all allowances
//! sum to the radius plus one. If two hashes are within the radius, then distance minus allowance, summed over all bands, is at most -1,
//! and so there is a band from which on, going round, *every* partial sum is at most -1 (the cycle lemma, which goes back to Raney;
//! Qin and Xiao put it to this use as "pigeonring", VLDB 2018). So it is enough to look for entries that are close in some band, and
//! still close in that band and the next one together: of uniform entries a 1 in 400 of those that are close in one band.

/// How many bands a hash has.
pub(super) const BANDS: usize = 16;

/// The largest radius for which a band need not be off by more than one bit.
pub(super) const MOST: u32 = 31;

/// The 16 bits of each band.
pub(super) fn bands(hash: &[u64; 4]) -> [u16; BANDS] {
    std::array::from_fn(|band| (hash[band / 4] >> (16 * (band % 4))) as u16)
}

/// The band that stands in the highest bits of the first word, by which sorted hashes are grouped.
pub(super) const SORTED_BY: usize = 3;

/// Each band's allowance for a radius up to [`MOST`]: 0 (need not be looked at), 1 (must be equal) or 2 (one bit may differ).
pub(super) fn allowances(radius: u32) -> [u32; BANDS] {
    let all = radius.min(MOST) + 1;
    std::array::from_fn(|band| all / BANDS as u32 + u32::from((band as u32) < all % BANDS as u32))
}

/// The one band from which on all partial sums are negative, and after which none is as high: where two hashes within the radius meet.
/// An entry is reported only from there, so that nobody need remember what was reported already.
pub(super) fn meeting(one: &[u64; 4], other: &[u64; 4], allowances: &[u32; BANDS]) -> usize {
    let differing = bands(&std::array::from_fn(|word| one[word] ^ other[word]));
    let (mut sum, mut highest, mut start) = (0, i32::MIN, 0);
    for (band, (bits, allowance)) in differing.iter().zip(allowances).enumerate() {
        if sum >= highest {
            (highest, start) = (sum, band);
        }
        sum += bits.count_ones() as i32 - *allowance as i32;
    }
    start
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn allowances_sum_to_one_more_than_the_radius() {
        for radius in 0..=MOST {
            let all = allowances(radius);
            assert_eq!(all.iter().sum::<u32>(), radius + 1);
            assert!(all.iter().all(|one| *one <= 2));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4096, ..ProptestConfig::default() })]
        #[test]
        fn two_hashes_within_a_radius_are_close_where_they_meet(
            one: [u64; 4], flips in proptest::collection::hash_set(0_usize..256, 0..=31), slack in 0_u32..=31
        ) {
            let radius = (flips.len() as u32 + slack).min(MOST);
            let mut other = one;
            for bit in &flips {
                other[bit / 64] ^= 1 << (bit % 64);
            }
            let allowances = allowances(radius);
            let start = meeting(&one, &other, &allowances);
            let apart = bands(&std::array::from_fn(|word| one[word] ^ other[word]));
            let (mut off, mut allowed) = (0, 0);
            for step in 0..BANDS {
                let band = (start + step) % BANDS;
                off += apart[band].count_ones();
                allowed += allowances[band];
                prop_assert!(off < allowed, "after {} bands {off} bits are off, {allowed} allowed", step + 1);
            }
        }
    }
}
