//! The loops for 64-bit ARM.
#![expect(unsafe_code, reason = "vector instructions read memory through pointers")]

use std::arch::aarch64::*;

use super::{Beside, Bits, Probe, sift_from};

#[target_feature(enable = "neon")]
pub(super) fn sift(beside: Beside<'_>, probes: &[Probe], places: &mut Vec<u32>) {
    for probe in probes {
        let end = (probe.end as usize).min(beside.next.len());
        let query = vdupq_n_u16(probe.next);
        let most = vdupq_n_u16(probe.most);
        let mut at = probe.start as usize;
        while at + 8 <= end {
            // SAFETY: `at + 8 <= end <= beside.next.len()`; the load asks for no alignment beyond that of the elements.
            let bits = unsafe { vld1q_u16(beside.next.as_ptr().add(at)) };
            let counts = vpaddlq_u8(vcntq_u8(vreinterpretq_u8_u16(veorq_u16(bits, query))));
            // A byte of ones or none for each entry.
            let mut near = vget_lane_u64::<0>(vreinterpret_u64_u8(vmovn_u16(vcleq_u16(counts, most)))) & 0x0101_0101_0101_0101;
            while near != 0 {
                beside.pass(probe, at + near.trailing_zeros() as usize / 8, places);
                near &= near - 1;
            }
            at += 8;
        }
        sift_from(beside, probe, at, places);
    }
}

#[target_feature(enable = "neon")]
pub(super) fn scan<B: Bits>(hashes: &[B], query: &B, radius: u32, base: u32, places: &mut Vec<u32>) {
    let halves = |hash: &B| {
        let bytes = std::ptr::from_ref(hash).cast::<u8>();
        // SAFETY: a hash is two times 16 bytes; the load asks for no alignment.
        unsafe { (vld1q_u8(bytes), vld1q_u8(bytes.add(16))) }
    };
    let (low, high) = halves(query);
    for (place, hash) in hashes.iter().enumerate() {
        let (one, two) = halves(hash);
        let counts = vaddq_u8(vcntq_u8(veorq_u8(one, low)), vcntq_u8(veorq_u8(two, high)));
        if u32::from(vaddlvq_u8(counts)) <= radius {
            places.push(base + place as u32);
        }
    }
}
