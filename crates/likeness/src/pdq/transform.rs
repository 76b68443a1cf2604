//! From 64 by 64 averages to a hash: the quality, the low frequencies of a cosine transform, and which of them exceed their median.

use std::sync::LazyLock;

use super::{Small, Turn};
use crate::Hash;

/// Frequencies 1 to 16 down the picture (first index) and along it (second).
pub(super) type Waves = [[f32; 16]; 16];

/// `basis[i][k] = sqrt(2/64) cos(π/2/64 (i+1) (2k+1))`: the constant wave is left out, brightness says nothing about likeness.
struct Basis {
    rows: [[f32; 64]; 16],
    columns: [[f32; 16]; 64],
}

static BASIS: LazyLock<Basis> = LazyLock::new(|| {
    let scale = (2.0_f64 / 64.0).sqrt() as f32;
    let mut basis = Basis { rows: [[0.0; 64]; 16], columns: [[0.0; 16]; 64] };
    for i in 0..16 {
        for k in 0..64 {
            let angle = (std::f64::consts::PI / 2.0 / 64.0) * (i + 1) as f64 * (2 * k + 1) as f64;
            let value = (f64::from(scale) * angle.cos()) as f32;
            basis.rows[i][k] = value;
            basis.columns[k][i] = value;
        }
    }
    basis
});

/// How much there is to see: differences of neighbours, each counted in whole steps of 1/100 of the scale.
pub(super) fn quality(small: &Small) -> u8 {
    let step = |a: f32, b: f32| ((a - b) * 100.0 / 255.0) as i32;
    let mut sum = 0;
    for (upper, lower) in small.iter().zip(&small[1..]) {
        sum += upper.iter().zip(lower).map(|(a, b)| step(*a, *b).abs()).sum::<i32>();
    }
    for row in small {
        sum += row.iter().zip(&row[1..]).map(|(a, b)| step(*a, *b).abs()).sum::<i32>();
    }
    u8::try_from((sum / 90).min(100)).unwrap_or(100)
}

/// The order of the additions is the reference's, lane by lane, so that the sums are its sums to the last bit.
#[expect(clippy::inline_always, reason = "it is compiled anew for each set of vector instructions")]
#[inline(always)]
pub(super) fn waves(small: &Small) -> Waves {
    let basis = &*BASIS;
    let mut half = [[0.0_f32; 64]; 16];
    for (sums, weights) in half.iter_mut().zip(&basis.rows) {
        for (weight, row) in weights.iter().zip(small) {
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += weight * value;
            }
        }
    }
    let mut waves = [[0.0_f32; 16]; 16];
    for (sums, values) in waves.iter_mut().zip(&half) {
        for (value, weights) in values.iter().zip(&basis.columns) {
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += value * weight;
            }
        }
    }
    waves
}

/// One bit a wave: is it greater than the 128th smallest?
pub(super) fn threshold(waves: &Waves) -> Hash {
    let mut sorted = *waves.as_flattened().first_chunk::<256>().expect("16 times 16");
    let (_, median, _) = sorted.select_nth_unstable_by(127, f32::total_cmp);
    let median = *median;
    let mut words = [0_u64; 4];
    for (place, wave) in waves.as_flattened().iter().enumerate() {
        words[place / 64] |= u64::from(*wave > median) << (place % 64);
    }
    Hash(words)
}

/// The waves of the picture turned, without its pixels: a wave of odd frequency changes its sign when its axis is reversed, and
/// a quarter turn exchanges the axes.
pub(super) fn turned(waves: &Waves, turn: Turn) -> Waves {
    let (exchange, down, along) = turn.moves();
    let mut out = [[0.0; 16]; 16];
    for (i, row) in out.iter_mut().enumerate() {
        for (j, wave) in row.iter_mut().enumerate() {
            let value = if exchange { waves[j][i] } else { waves[i][j] };
            // Place 0 is frequency 1.
            let negative = (down && i % 2 == 0) != (along && j % 2 == 0);
            *wave = if negative { -value } else { value };
        }
    }
    out
}
