//! Which parts of a hash must be close if the whole is: the reason why looking at few entries misses none.
//!
//! A hash is cut into [`BANDS`] bands of 16 bits. Let a band's allowance be how far it may be off, plus one, and let all allowances
//! sum to the radius plus one. If two hashes are within the radius, then distance minus allowance, summed over all bands, is at most -1,
//! and so there is a band from which on, going round, *every* partial sum is at most -1 (the cycle lemma, which goes back to Raney;
//! Qin and Xiao put it to this use as "pigeonring", VLDB 2018). So it is enough to look for entries that are close in some band, and
//! still close in that band and the next one together, and in three together. Of uniform entries that are close in one band a 400th part
//! passes the second of these, and less than a 50,000th the third.

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

/// Each band's allowance for a radius up to [`MOST`], where nothing is known of the entries: 0 (need not be looked at), 1 (must be equal) or
/// 2 (one bit may differ).
pub(super) fn allowances(radius: u32) -> [u32; BANDS] {
    let all = radius.min(MOST) + 1;
    std::array::from_fn(|band| all / BANDS as u32 + u32::from((band as u32) < all % BANDS as u32))
}

/// The largest allowance that is worth its probes.
pub(super) const MOST_ALLOWED: usize = 4;

/// How many values are off by fewer bits than the allowance.
pub(super) const VALUES_ALLOWED: [usize; MOST_ALLOWED + 1] = [0, 1, 17, 137, 697];

/// What to change a band's value by to get the values near it, the nearest first: all with up to three bits.
pub(super) static CHANGES: [u16; VALUES_ALLOWED[MOST_ALLOWED]] = changes();

const fn changes() -> [u16; VALUES_ALLOWED[MOST_ALLOWED]] {
    let mut changes = [0; VALUES_ALLOWED[MOST_ALLOWED]];
    let (mut bits, mut count) = (0, 0);
    while bits < MOST_ALLOWED as u32 {
        let mut change = 0;
        while change <= u16::MAX as u32 {
            if change.count_ones() == bits {
                changes[count] = change as u16;
                count += 1;
            }
            change += 1;
        }
        bits += 1;
    }
    changes
}

/// The allowances that cost least: where most entries share a band's value, that band is better left out, and a rarer one allowed more (the
/// allocation by cost of Qin et al., "GPH", ICDE 2018). `costs[band][allowance]` is what looking there costs; 0 for no allowance.
pub(super) fn cheapest(radius: u32, costs: &[[usize; MOST_ALLOWED + 1]; BANDS]) -> [u32; BANDS] {
    let all = radius.min(MOST) as usize + 1;
    // The least cost of the bands so far for each sum of allowances, and what the last band's was in it.
    let mut least = [usize::MAX; MOST as usize + 2];
    least[0] = 0;
    let mut chosen = [[0_u8; MOST as usize + 2]; BANDS];
    for (costs, chosen) in costs.iter().zip(&mut chosen) {
        let before = least;
        for sum in 0..=all {
            let ways = (0..=MOST_ALLOWED.min(sum)).map(|allowance| (before[sum - allowance].saturating_add(costs[allowance]), allowance));
            let (cost, allowance) = ways.min().unwrap_or((usize::MAX, 0));
            (least[sum], chosen[sum]) = (cost, allowance as u8);
        }
    }
    let mut left = all;
    let mut allowances = [0; BANDS];
    for (allowance, chosen) in allowances.iter_mut().zip(&chosen).rev() {
        *allowance = u32::from(chosen[left]);
        left -= usize::from(chosen[left]);
    }
    allowances
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

    #[test]
    fn the_values_near_a_value_come_nearest_first_and_each_once() {
        let off: Vec<u32> = CHANGES.iter().map(|change| change.count_ones()).collect();
        assert!(off.is_sorted());
        for (allowance, values) in VALUES_ALLOWED.iter().enumerate() {
            assert_eq!(off.iter().filter(|off| (**off as usize) < allowance).count(), *values);
        }
        assert_eq!(CHANGES.iter().collect::<std::collections::BTreeSet<_>>().len(), CHANGES.len());
    }

    proptest! {
        #[test]
        fn the_cheapest_allowances_sum_to_one_more_than_the_radius_and_cost_no_more(
            radius in 0_u32..=MOST, steps: [[u16; MOST_ALLOWED]; BANDS]
        ) {
            let costs = steps.map(|steps| {
                let mut sum = 0;
                std::array::from_fn(|allowance| {
                    sum += allowance.checked_sub(1).map_or(0, |step| usize::from(steps[step]));
                    sum
                })
            });
            let cost = |allowances: [u32; BANDS]| -> usize { allowances.iter().zip(&costs).map(|(allowance, costs)| costs[*allowance as usize]).sum() };
            let cheapest = cheapest(radius, &costs);
            prop_assert_eq!(cheapest.iter().sum::<u32>(), radius + 1);
            prop_assert!(cost(cheapest) <= cost(allowances(radius)));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4096, ..ProptestConfig::default() })]
        #[test]
        fn two_hashes_within_a_radius_are_close_where_they_meet(
            one: [u64; 4], flips in proptest::collection::hash_set(0_usize..256, 0..=31), slack in 0_u32..=31, costs: [[u16; MOST_ALLOWED + 1]; BANDS]
        ) {
            let radius = (flips.len() as u32 + slack).min(MOST);
            let mut other = one;
            for bit in &flips {
                other[bit / 64] ^= 1 << (bit % 64);
            }
            // Even ones, and any.
            for allowances in [allowances(radius), cheapest(radius, &costs.map(|costs| costs.map(usize::from)))] {
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
}
