//! The same functions compiled for the vectors that this processor has. All give the same bits: nothing but the width of a step
//! and the way of a division differs, and both are exact.
#![cfg_attr(
    target_arch = "x86_64",
    expect(unsafe_code, reason = "a function with vector instructions is called after the processor was asked for them")
)]

use super::shrink::Shrink;
use super::transform::{self, Waves};
use super::{SIDE, Small};

/// What this processor can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Vectors {
    /// Whatever the target always has.
    Plain,
    /// AVX2 with fused multiplication and addition.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// AVX-512.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

/// Does the target always fuse a multiplication with an addition?
const FUSED: bool = cfg!(target_arch = "aarch64");

impl Vectors {
    /// The standard library asks the processor once and remembers.
    fn best() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw") && is_x86_feature_detected!("avx512vl") {
                return Self::Avx512;
            }
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                return Self::Avx2;
            }
        }
        Self::Plain
    }
}

macro_rules! for_each_processor {
    ($name:ident, $with:ident, $wide:ident, $wider:ident, ($($argument:ident: $kind:ty),*) $(-> $answer:ty)?, $fused:ident => $body:expr) => {
        pub(super) fn $name($($argument: $kind),*) $(-> $answer)? {
            $with(Vectors::best(), $($argument),*)
        }

        fn $with(vectors: Vectors, $($argument: $kind),*) $(-> $answer)? {
            match vectors {
                Vectors::Plain => {
                    const $fused: bool = FUSED;
                    $body
                }
                #[cfg(target_arch = "x86_64")]
                // SAFETY: `best` has asked the processor for these instructions.
                Vectors::Avx2 => unsafe { $wide($($argument),*) },
                #[cfg(target_arch = "x86_64")]
                // SAFETY: as above.
                Vectors::Avx512 => unsafe { $wider($($argument),*) },
            }
        }

        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx2,fma")]
        fn $wide($($argument: $kind),*) $(-> $answer)? {
            const $fused: bool = true;
            $body
        }

        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx2,fma")]
        fn $wider($($argument: $kind),*) $(-> $answer)? {
            const $fused: bool = true;
            $body
        }
    };
}

for_each_processor!(row, row_with, row_avx2, row_avx512, (shrink: &mut Shrink, samples: &[u8]), F => shrink.row::<F>(samples));
for_each_processor!(end, end_with, end_avx2, end_avx512, (shrink: &mut Shrink) -> &Small, F => shrink.end::<F>());
for_each_processor!(waves, waves_with, waves_avx2, waves_avx512, (small: &[[f32; SIDE]; SIDE]) -> Waves, _F => transform::waves(small));

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::Channels;

    fn noise(seed: u64) -> impl FnMut() -> u8 {
        let mut state = seed | 1;
        move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 56) as u8
        }
    }

    #[test]
    fn every_processor_gives_the_same_bits() {
        let mut all = vec![Vectors::Plain];
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                all.push(Vectors::Avx2);
            }
            if Vectors::best() == Vectors::Avx512 {
                all.push(Vectors::Avx512);
            }
        }
        for (width, height, channels) in [
            (5, 5, Channels::Rgb),
            (64, 64, Channels::Luma),
            (131, 257, Channels::Rgba),
            (640, 479, Channels::Rgb),
            (1000, 17, Channels::LumaAlpha),
        ] {
            let mut next = noise(width as u64);
            let rows: Vec<Vec<u8>> = (0..height).map(|_| (0..width * channels.count()).map(|_| next()).collect()).collect();
            let spectra: Vec<(Vec<u32>, Vec<u32>)> = all
                .iter()
                .map(|vectors| {
                    let mut shrink = Shrink::new(width, height, channels);
                    for row in &rows {
                        row_with(*vectors, &mut shrink, row);
                    }
                    let small = *end_with(*vectors, &mut shrink);
                    let waves = waves_with(*vectors, &small);
                    let bits = |values: &[f32]| values.iter().map(|value| value.to_bits()).collect();
                    (bits(small.as_flattened()), bits(waves.as_flattened()))
                })
                .collect();
            for other in &spectra[1..] {
                assert!(*other == spectra[0], "{width} by {height}");
            }
        }
    }
}
