//! The loops for x86-64: AVX2 counts bits by looking up half bytes (Muła's way), AVX-512 has an instruction for it.
#![expect(unsafe_code, reason = "vector instructions read memory through pointers")]

use std::arch::x86_64::*;

use super::{Beside, Bits, Block, Overlap, Probe, WORDS, overlap_each, sift_from};

#[target_feature(enable = "avx2")]
#[inline]
fn count_bytes(bits: __m256i) -> __m256i {
    let counts = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    let half = _mm256_set1_epi8(0x0f);
    let low = _mm256_shuffle_epi8(counts, _mm256_and_si256(bits, half));
    let high = _mm256_shuffle_epi8(counts, _mm256_and_si256(_mm256_srli_epi16::<4>(bits), half));
    _mm256_add_epi8(low, high)
}

#[target_feature(enable = "avx2,popcnt")]
pub(super) fn sift_avx2(beside: Beside<'_>, probes: &[Probe], places: &mut Vec<u32>) {
    for probe in probes {
        let end = (probe.end as usize).min(beside.next.len());
        let query = _mm256_set1_epi16(probe.next as i16);
        let most = _mm256_set1_epi16(probe.most as i16);
        let mut at = probe.start as usize;
        while at + 16 <= end {
            // SAFETY: `at + 16 <= end <= beside.next.len()`; the load asks for no alignment.
            let bits = unsafe { _mm256_loadu_si256(beside.next.as_ptr().add(at).cast()) };
            let counts = _mm256_maddubs_epi16(count_bytes(_mm256_xor_si256(bits, query)), _mm256_set1_epi8(1));
            // Two bits of the mask for each entry.
            let mut near = !_mm256_movemask_epi8(_mm256_cmpgt_epi16(counts, most)) as u32 & 0x5555_5555;
            while near != 0 {
                beside.pass(probe, at + near.trailing_zeros() as usize / 2, places);
                near &= near - 1;
            }
            at += 16;
        }
        sift_from(beside, probe, at, places);
    }
}

#[target_feature(enable = "avx2,popcnt")]
pub(super) fn scan_avx2<B: Bits>(hashes: &[B], query: &B, radius: u32, base: u32, places: &mut Vec<u32>) {
    // SAFETY: a hash is 32 bytes; the load asks for no alignment.
    let wanted = unsafe { _mm256_loadu_si256(std::ptr::from_ref(query).cast()) };
    for (place, hash) in hashes.iter().enumerate() {
        // SAFETY: as above.
        let bits = unsafe { _mm256_loadu_si256(std::ptr::from_ref(hash).cast()) };
        let sums = _mm256_sad_epu8(count_bytes(_mm256_xor_si256(bits, wanted)), _mm256_setzero_si256());
        let halves = _mm_add_epi64(_mm256_castsi256_si128(sums), _mm256_extracti128_si256::<1>(sums));
        let sum = _mm_extract_epi64::<0>(halves) + _mm_extract_epi64::<1>(halves);
        if sum as u32 <= radius {
            places.push(base + place as u32);
        }
    }
}

/// What is written in words the compiler makes vectors of.
#[target_feature(enable = "avx2")]
pub(super) fn overlap_avx2(block: &Block, columns: &[u8], least: &[u8; WORDS], overlap: &mut Overlap) {
    overlap_each(block, columns, least, overlap);
}

#[target_feature(enable = "avx512f,avx512bw")]
pub(super) fn overlap_avx512(block: &Block, columns: &[u8], least: &[u8; WORDS], overlap: &mut Overlap) {
    overlap_each(block, columns, least, overlap);
}

#[target_feature(enable = "avx512f,avx512bw,avx512bitalg,popcnt")]
pub(super) fn sift_avx512(beside: Beside<'_>, probes: &[Probe], places: &mut Vec<u32>) {
    for probe in probes {
        let end = (probe.end as usize).min(beside.next.len()).min(beside.third.len());
        let (query, third) = (_mm512_set1_epi16(probe.next as i16), _mm512_set1_epi16(probe.third as i16));
        let (most, most_both) = (_mm512_set1_epi16(probe.most as i16), _mm512_set1_epi16(probe.most_both as i16));
        let mut at = probe.start as usize;
        while at < end {
            let left = u32::MAX >> 32_usize.saturating_sub(end - at);
            // SAFETY: only lanes below `end`, which neither length is less than, are loaded; what is masked off is not touched.
            let bits = unsafe { _mm512_maskz_loadu_epi16(left, beside.next.as_ptr().add(at).cast()) };
            let counts = _mm512_popcnt_epi16(_mm512_xor_si512(bits, query));
            let mut near = _mm512_mask_cmple_epu16_mask(left, counts, most);
            if near != 0 {
                // SAFETY: as above.
                let bits = unsafe { _mm512_maskz_loadu_epi16(left, beside.third.as_ptr().add(at).cast()) };
                let both = _mm512_add_epi16(counts, _mm512_popcnt_epi16(_mm512_xor_si512(bits, third)));
                near = _mm512_mask_cmple_epu16_mask(near, both, most_both);
            }
            while near != 0 {
                places.push((at + near.trailing_zeros() as usize) as u32);
                near &= near - 1;
            }
            at += 32;
        }
    }
}

#[target_feature(enable = "avx512f,avx512vpopcntdq,popcnt")]
pub(super) fn scan_avx512<B: Bits>(hashes: &[B], query: &B, radius: u32, base: u32, places: &mut Vec<u32>) {
    // SAFETY: a hash is 32 bytes; the load asks for no alignment.
    let query_once = unsafe { _mm256_loadu_si256(std::ptr::from_ref(query).cast()) };
    let wanted = _mm512_broadcast_i64x4(query_once);
    let most = _mm512_set1_epi64(i64::from(radius));
    // Which hash of eight each sum below belongs to.
    const TURNED: [u32; 8] = [0, 2, 1, 3, 4, 6, 5, 7];
    let eights = hashes.chunks_exact(8);
    let rest = eights.remainder();
    let mut first = base;
    for eight in eights {
        let two = |pair: usize| {
            // SAFETY: eight hashes are four times 64 bytes, and `pair` is below four; the load asks for no alignment.
            let bits = unsafe { _mm512_loadu_si512(eight.as_ptr().cast::<u8>().add(64 * pair).cast()) };
            _mm512_popcnt_epi64(_mm512_xor_si512(bits, wanted))
        };
        let (a, b, c, d) = (two(0), two(1), two(2), two(3));
        // Words of each pair of hashes side by side, then their halves: eight sums in one vector.
        let low = _mm512_add_epi64(_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b));
        let high = _mm512_add_epi64(_mm512_unpacklo_epi64(c, d), _mm512_unpackhi_epi64(c, d));
        let sums = _mm512_add_epi64(_mm512_shuffle_i64x2::<0b10_00_10_00>(low, high), _mm512_shuffle_i64x2::<0b11_01_11_01>(low, high));
        let near = _mm512_cmple_epu64_mask(sums, most);
        if near != 0 {
            for (place, _) in eight.iter().enumerate().filter(|(place, _)| near >> TURNED[*place] & 1 == 1) {
                places.push(first + place as u32);
            }
        }
        first += 8;
    }
    for (place, hash) in rest.iter().enumerate() {
        if hash.distance(query) <= radius {
            places.push(first + place as u32);
        }
    }
}
