//! The three inner loops, in the widest form that the processor has: found out when the program runs, with the same answers everywhere.

#[cfg(target_arch = "aarch64")]
mod neon;
#[cfg(target_arch = "x86_64")]
mod x86;

use super::crowd::{Block, WORDS};

/// No entry has so many bits in common with a query that comes near a crowd.
pub(super) const NEVER: u8 = 1 << COUNTED;
/// Bits of a count.
const COUNTED: usize = 7;

/// A stretch of one band's entries that are close in this band, and what the two bands after it must be like for an entry to be looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Probe {
    /// First and one past the last place in the band.
    pub(super) start: u32,
    pub(super) end: u32,
    /// The query's bits in the next band, and how many may differ.
    pub(super) next: u16,
    pub(super) most: u16,
    /// Its bits in the band after that, and how many may differ in both.
    pub(super) third: u16,
    pub(super) most_both: u16,
    /// Whose entries they are.
    pub(super) band: u16,
}

/// What a block's entries have in common with a query.
pub(super) struct Overlap {
    /// For each word the entries that have enough of it.
    pub(super) enough: [u64; WORDS],
    /// How many bits each entry has of it: a bit of all counts in a word, the lowest first.
    counts: [[u64; WORDS]; COUNTED],
}

impl Default for Overlap {
    fn default() -> Self {
        Self { enough: [0; WORDS], counts: [[0; WORDS]; COUNTED] }
    }
}

impl Overlap {
    /// The count of an entry, which is in this place of this word.
    #[inline]
    pub(super) fn count(&self, word: usize, lane: u32) -> u32 {
        self.counts.iter().enumerate().fold(0, |count, (bit, counts)| count | ((counts[word] >> lane & 1) as u32) << bit)
    }
}

/// Which form of the loops runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kernel {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "aarch64")]
    Neon,
}

/// 256 bits as they lie in memory: words, or the bytes of a file. Bits are only counted, so that it does not matter where each of them lies
/// if it is the same place on both sides. The loops read 32 bytes through a pointer, whichever it is.
pub(super) trait Bits: Copy + Sync {
    fn distance(&self, other: &Self) -> u32;
}

impl Bits for [u64; 4] {
    #[inline]
    fn distance(&self, other: &Self) -> u32 {
        self.iter().zip(other).map(|(a, b)| (a ^ b).count_ones()).sum()
    }
}

impl Bits for [u8; 32] {
    #[inline]
    fn distance(&self, other: &Self) -> u32 {
        let ((ours, _), (theirs, _)) = (self.as_chunks(), other.as_chunks());
        ours.iter().zip(theirs).map(|(a, b)| (u64::from_ne_bytes(*a) ^ u64::from_ne_bytes(*b)).count_ones()).sum()
    }
}

/// For each place of a band, the row's bits in the next band and in the one after that.
#[derive(Clone, Copy)]
pub(super) struct Beside<'a> {
    pub(super) next: &'a [u16],
    pub(super) third: &'a [u16],
}

impl Beside<'_> {
    /// Appends a place where the next band is near enough, if both are.
    #[inline(always)]
    fn pass(self, probe: &Probe, place: usize, places: &mut Vec<u32>) {
        let off = |bits: &[u16], wanted: u16| bits.get(place).map_or(u32::MAX / 2, |bits| (bits ^ wanted).count_ones());
        if off(self.next, probe.next) + off(self.third, probe.third) <= u32::from(probe.most_both) {
            places.push(place as u32);
        }
    }
}

impl Kernel {
    /// All that this processor can run, the fastest last.
    pub(super) fn all() -> impl DoubleEndedIterator<Item = Self> {
        let mut all = vec![Self::Portable];
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("popcnt") {
                all.push(Self::Avx2);
            }
            if is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512vpopcntdq")
                && is_x86_feature_detected!("avx512bitalg")
                && is_x86_feature_detected!("popcnt")
            {
                all.push(Self::Avx512);
            }
        }
        #[cfg(target_arch = "aarch64")]
        if std::arch::is_aarch64_feature_detected!("neon") {
            all.push(Self::Neon);
        }
        all.into_iter()
    }

    /// The fastest.
    pub(super) fn best() -> Self {
        Self::all().next_back().unwrap_or(Self::Portable)
    }

    /// Appends the places, among those that the probes name, where the next bands are near enough, in order of the probes.
    /// A probe that reaches past the end of what is beside names no place there.
    pub(super) fn sift(self, beside: Beside<'_>, probes: &[Probe], places: &mut Vec<u32>) {
        match self {
            Self::Portable => sift(beside, probes, places),
            // SAFETY: `all`, the only maker of this value, found the features.
            #[cfg(target_arch = "x86_64")]
            #[expect(unsafe_code, reason = "calls what needs a processor's feature")]
            Self::Avx2 => unsafe { x86::sift_avx2(beside, probes, places) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            #[expect(unsafe_code, reason = "calls what needs a processor's feature")]
            Self::Avx512 => unsafe { x86::sift_avx512(beside, probes, places) },
            // SAFETY: as above.
            #[cfg(target_arch = "aarch64")]
            #[expect(unsafe_code, reason = "calls what needs a processor's feature")]
            Self::Neon => unsafe { neon::sift(beside, probes, places) },
        }
    }

    /// How many of the bits whose columns are named the entries of a block have, and of each word those that have at least so many; [`NEVER`]: none.
    /// No more columns may be named than a count can tell: 127.
    pub(super) fn overlap(self, block: &Block, columns: &[u8], least: &[u8; WORDS], overlap: &mut Overlap) {
        match self {
            // SAFETY: `all`, the only maker of this value, found the features.
            #[cfg(target_arch = "x86_64")]
            #[expect(unsafe_code, reason = "calls what needs a processor's feature")]
            Self::Avx2 => unsafe { x86::overlap_avx2(block, columns, least, overlap) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            #[expect(unsafe_code, reason = "calls what needs a processor's feature")]
            Self::Avx512 => unsafe { x86::overlap_avx512(block, columns, least, overlap) },
            // Words are all that NEON needs, which every 64-bit ARM has.
            _ => overlap_each(block, columns, least, overlap),
        }
    }

    /// Appends the places of the hashes within the radius, in order, counted from `base`.
    pub(super) fn scan<B: Bits>(self, hashes: &[B], query: &B, radius: u32, base: u32, places: &mut Vec<u32>) {
        const { assert!(size_of::<B>() == 32, "what the vector forms read") };
        match self {
            Self::Portable => scan(hashes, query, radius, base, places),
            // SAFETY: `all`, the only maker of this value, found the features.
            #[cfg(target_arch = "x86_64")]
            #[expect(unsafe_code, reason = "calls what needs a processor's feature")]
            Self::Avx2 => unsafe { x86::scan_avx2(hashes, query, radius, base, places) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            #[expect(unsafe_code, reason = "calls what needs a processor's feature")]
            Self::Avx512 => unsafe { x86::scan_avx512(hashes, query, radius, base, places) },
            // SAFETY: as above.
            #[cfg(target_arch = "aarch64")]
            #[expect(unsafe_code, reason = "calls what needs a processor's feature")]
            Self::Neon => unsafe { neon::scan(hashes, query, radius, base, places) },
        }
    }
}

/// Counts 64 entries at once, a bit of all their counts in a word: seven columns become a number of three bits by four full adders, which is then added.
/// The compiler makes vectors of it.
#[inline(always)]
fn overlap_each(block: &Block, columns: &[u8], least: &[u8; WORDS], overlap: &mut Overlap) {
    static NONE: [u64; WORDS] = [0; WORDS];
    const fn add(a: u64, b: u64, c: u64) -> (u64, u64) {
        (a ^ b ^ c, a & b | c & (a ^ b))
    }
    let Overlap { enough, counts } = overlap;
    *counts = [[0; WORDS]; COUNTED];
    for seven in columns.chunks(7) {
        let [a, b, c, d, e, f, g]: [&[u64; WORDS]; 7] =
            std::array::from_fn(|number| seven.get(number).map_or(&NONE, |column| &block[usize::from(*column)]));
        let [ones, twos, fours, more @ ..] = &mut *counts;
        for word in 0..WORDS {
            let (first, carry) = add(a[word], b[word], c[word]);
            let (second, other) = add(d[word], e[word], f[word]);
            let (one, third) = add(first, second, g[word]);
            let (two, four) = add(carry, other, third);
            let (sum, carry) = add(ones[word], one, 0);
            ones[word] = sum;
            let (sum, carry) = add(twos[word], two, carry);
            twos[word] = sum;
            let (sum, mut carry) = add(fours[word], four, carry);
            fours[word] = sum;
            for higher in &mut *more {
                (higher[word], carry) = (higher[word] ^ carry, higher[word] & carry);
            }
        }
    }
    for (word, all) in enough.iter_mut().enumerate() {
        // From the lowest bit up: as much or more so far.
        let enough = counts.iter().enumerate().fold(u64::MAX, |enough, (bit, count)| {
            let wanted = 0_u64.wrapping_sub(u64::from(least[word] >> bit & 1));
            count[word] & enough | !wanted & (count[word] | enough)
        });
        *all = if least[word] == NEVER { 0 } else { enough };
    }
}

fn sift(beside: Beside<'_>, probes: &[Probe], places: &mut Vec<u32>) {
    for probe in probes {
        sift_from(beside, probe, probe.start as usize, places);
    }
}

/// The rest of one probe, from a place on.
#[inline]
fn sift_from(beside: Beside<'_>, probe: &Probe, from: usize, places: &mut Vec<u32>) {
    let end = (probe.end as usize).min(beside.next.len());
    for (offset, bits) in beside.next.get(from..end).unwrap_or_default().iter().enumerate() {
        if (bits ^ probe.next).count_ones() <= u32::from(probe.most) {
            beside.pass(probe, from + offset, places);
        }
    }
}

#[inline]
fn scan<B: Bits>(hashes: &[B], query: &B, radius: u32, base: u32, places: &mut Vec<u32>) {
    for (place, hash) in hashes.iter().enumerate() {
        if hash.distance(query) <= radius {
            places.push(base + place as u32);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_fastest_kernel_of_this_processor_is_chosen() {
        assert_eq!(Kernel::all().next_back(), Some(Kernel::best()));
        #[cfg(target_arch = "x86_64")]
        assert!(!is_x86_feature_detected!("avx2") || Kernel::best() != Kernel::Portable);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1024, ..ProptestConfig::default() })]
        #[test]
        fn every_kernel_sifts_alike(
            bits in proptest::collection::vec(any::<(u16, u16)>(), 0..200),
            probes in proptest::collection::vec((0_u32..220, 0_u32..220, any::<(u16, u16)>(), 0_u16..=16, 0_u16..=32), 0..8),
        ) {
            let (next, third): (Vec<u16>, Vec<u16>) = bits.into_iter().unzip();
            let beside = Beside { next: &next, third: &third };
            let probes: Vec<Probe> = probes.into_iter().map(|(start, end, (next, third), most, most_both)| {
                Probe { start, end, next, most, third, most_both, band: 0 }
            }).collect();
            let mut wanted = vec![7];
            for probe in &probes {
                let near = |place: &usize| {
                    let off = (next[*place] ^ probe.next).count_ones();
                    off <= u32::from(probe.most) && off + (third[*place] ^ probe.third).count_ones() <= u32::from(probe.most_both)
                };
                wanted.extend((probe.start as usize..next.len().min(probe.end as usize)).filter(near).map(|place| place as u32));
            }
            for kernel in Kernel::all() {
                let mut places = vec![7];
                kernel.sift(beside, &probes, &mut places);
                prop_assert_eq!(&places, &wanted, "{:?}", kernel);
            }
        }

        #[test]
        fn every_kernel_counts_alike(
            seed: u64, columns in proptest::collection::btree_set(any::<u8>(), 0..=127), least in proptest::collection::vec(0_u8..=NEVER, WORDS)
        ) {
            let mut state = seed | 1;
            let mut block: Box<Block> = vec![[0; WORDS]; 256].try_into().expect("256 columns");
            for word in block.as_flattened_mut() {
                state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
                *word = state ^ state >> 32;
            }
            let columns: Vec<u8> = columns.into_iter().collect();
            let least: [u8; WORDS] = least.try_into().expect("a number for each word");
            let has = |word: usize, lane: usize| columns.iter().filter(|column| block[usize::from(**column)][word] >> lane & 1 == 1).count();
            let enough = |word: usize, lane: usize| least[word] != NEVER && has(word, lane) >= usize::from(least[word]);
            let wanted: [u64; WORDS] =
                std::array::from_fn(|word| (0..64).filter(|lane| enough(word, *lane)).fold(0, |bits, lane| bits | 1 << lane));
            for kernel in Kernel::all() {
                let mut overlap = Overlap::default();
                kernel.overlap(&block, &columns, &least, &mut overlap);
                prop_assert_eq!(overlap.enough, wanted, "{:?}", kernel);
                for (word, lane) in [(0, 0), (WORDS / 2, 63), (WORDS - 1, 31)] {
                    prop_assert_eq!(overlap.count(word, lane) as usize, has(word, lane as usize), "{:?}", kernel);
                }
            }
        }

        #[test]
        fn every_kernel_scans_alike(
            query: [u64; 4], hashes in proptest::collection::vec(any::<[u64; 4]>(), 0..100), keep in 0_u32..64, radius in 0_u32..=256, base in 0_u32..9
        ) {
            // Some are made close to the query: uniform ones never are.
            let mask = u64::MAX.checked_shr(keep).unwrap_or(0);
            let hashes: Vec<[u64; 4]> = hashes.into_iter().enumerate().map(|(place, hash)| {
                if place % 3 == 0 { hash } else { std::array::from_fn(|word| query[word] ^ hash[word] & mask) }
            }).collect();
            let mut wanted = vec![7];
            Kernel::Portable.scan(&hashes, &query, radius, base, &mut wanted);
            for kernel in Kernel::all() {
                let mut places = vec![7];
                kernel.scan(&hashes, &query, radius, base, &mut places);
                prop_assert_eq!(&places, &wanted, "{:?}", kernel);
                let bytes = |hash: &[u64; 4]| crate::Hash(*hash).to_bytes();
                let mut places = vec![7];
                kernel.scan(&hashes.iter().map(bytes).collect::<Vec<_>>(), &bytes(&query), radius, base, &mut places);
                prop_assert_eq!(&places, &wanted, "{:?}", kernel);
            }
        }
    }
}
