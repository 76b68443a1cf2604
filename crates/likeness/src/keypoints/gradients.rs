//! What a place looks like: the gradients around it, which way most of them point, and how they are spread over its cells.

use std::f32::consts::{PI, TAU};

use super::binary::{CELLS, DIRECTIONS, Histogram};
use super::pyramid::{Found, Image};
use crate::wide::Wide;

/// Samples either way by which a direction is found, and of a descriptor: four cells of four, and one more on each side.
const AROUND: usize = 15;
const SIDE: usize = 4 * CELLS + 2;

/// The gradients of a square of `SIDE` by `SIDE` samples around a place, but for its edge: their strengths and directions, from 0 to 1.
struct Gradients<const SIDE: usize> {
    strengths: [[f32; SIDE]; SIDE],
    turns: [[f32; SIDE]; SIDE],
}

impl<const SIDE: usize> Gradients<SIDE> {
    /// The square is turned by `angle`, its samples are `step` pixels apart.
    #[inline(always)]
    fn of(image: &Image, place: &Found, angle: f32, step: f32) -> Self {
        let samples = patch::<SIDE>(image, place, angle, step);
        let (mut strengths, mut turns) = ([[0.0; SIDE]; SIDE], [[0.0; SIDE]; SIDE]);
        for y in 1..SIDE - 1 {
            for x in 1..SIDE - 1 {
                let (gx, gy) = (samples[y][x + 1] - samples[y][x - 1], samples[y + 1][x] - samples[y - 1][x]);
                strengths[y][x] = (gx * gx + gy * gy).sqrt();
                turns[y][x] = turn(gx, gy);
            }
        }
        Self { strengths, turns }
    }
}

/// The direction of a gradient as a part of a turn, 0 to 1: an arc tangent to within 2e-6 of a turn, without a branch. A polynomial of the smaller side by
/// the larger one, after Abramowitz and Stegun, Handbook of Mathematical Functions, 4.4.49; then the octant.
#[inline(always)]
fn turn(x: f32, y: f32) -> f32 {
    let (across, down) = (x.abs(), y.abs());
    let (most, least) = if across > down { (across, down) } else { (down, across) };
    let ratio = least / (most + f32::MIN_POSITIVE);
    let square = ratio * ratio;
    let mut sum = 0.002_866_225_7;
    for factor in [-0.016_165_737, 0.042_909_615, -0.075_289_64, 0.106_562_64, -0.142_089, 0.199_935_51, -0.333_331_46, 1.0] {
        sum = sum * square + factor;
    }
    let eighth = ratio * sum / TAU;
    let quarter = if down > across { 0.25 - eighth } else { eighth };
    let half = if x < 0.0 { 0.5 - quarter } else { quarter };
    if y < 0.0 { 1.0 - half } else { half }
}

/// Samples around a place, between four pixels each; beyond the edge lies more of the same.
#[inline(always)]
fn patch<const SIDE: usize>(image: &Image, place: &Found, angle: f32, step: f32) -> [[f32; SIDE]; SIDE] {
    let (sin, cos) = angle.sin_cos();
    let (sin, cos) = (sin * step, cos * step);
    let middle = (SIDE as f32 - 1.0) / 2.0;
    let (right, below) = ((image.width - 1) as f32, (image.height - 1) as f32);
    let (last, lowest) = (image.width as i32 - 2, image.height as i32 - 2);
    let mut samples = [[0.0; SIDE]; SIDE];
    for (row, samples) in samples.iter_mut().enumerate() {
        let v = row as f32 - middle;
        let (mut places, mut shares) = ([0_i32; SIDE], [(0.0, 0.0); SIDE]);
        for column in 0..SIDE {
            let u = column as f32 - middle;
            let x = (place.x + u * cos - v * sin).clamp(0.0, right);
            let y = (place.y + u * sin + v * cos).clamp(0.0, below);
            let (left, above) = ((x as i32).min(last), (y as i32).min(lowest));
            places[column] = above * image.width as i32 + left;
            shares[column] = (x - left as f32, y - above as f32);
        }
        for (sample, (at, (fx, fy))) in samples.iter_mut().zip(places.into_iter().zip(shares)) {
            let at = at as usize;
            let (top, bottom) = (&image.data[at..at + 2], &image.data[at + image.width..at + image.width + 2]);
            let high = top[0] + fx * (top[1] - top[0]);
            let low = bottom[0] + fx * (bottom[1] - bottom[0]);
            *sample = high + fy * (low - high);
        }
    }
    samples
}

/// The strongest direction of the gradients around a place, and a second one that is nearly as strong.
pub(super) fn directions(image: &Image, place: &Found, weights: &Weights) -> (f32, Option<f32>) {
    const BINS: usize = 36;
    let gradients = Wide::best().run(
        #[inline(always)]
        || Gradients::<AROUND>::of(image, place, 0.0, place.scale * 0.65),
    );
    let mut bins = [0.0_f32; BINS];
    for y in 1..AROUND - 1 {
        for x in 1..AROUND - 1 {
            // Half a turn off, as angles are counted from -π.
            let bin = (gradients.turns[y][x] + 0.5) * BINS as f32;
            bins[bin as usize % BINS] += weights.around[y][x] * gradients.strengths[y][x];
        }
    }
    for _ in 0..3 {
        let old = bins;
        for (bin, value) in bins.iter_mut().enumerate() {
            *value = (old[(bin + BINS - 1) % BINS] + old[bin] + old[(bin + 1) % BINS]) / 3.0;
        }
    }
    let angle = |bin: usize| {
        let (before, here, after) = (bins[(bin + BINS - 1) % BINS], bins[bin], bins[(bin + 1) % BINS]);
        let bend = before + after - 2.0 * here;
        let shift = if bend.abs() < 1e-6 { 0.0 } else { ((before - after) / (2.0 * bend)).clamp(-0.5, 0.5) };
        (bin as f32 + 0.5 + shift) / BINS as f32 * TAU - PI
    };
    let mut peaks: Vec<usize> =
        (0..BINS).filter(|&bin| bins[bin] > bins[(bin + BINS - 1) % BINS] && bins[bin] >= bins[(bin + 1) % BINS]).collect();
    peaks.sort_by(|a, b| bins[*b].total_cmp(&bins[*a]));
    let first = peaks.first().copied().unwrap_or_default();
    let second = peaks.get(1).filter(|second| bins[**second] > 0.85 * bins[first]);
    (angle(first), second.map(|second| angle(*second)))
}

/// How much the gradients of a square count, the middle most.
pub(super) struct Weights {
    around: [[f32; AROUND]; AROUND],
    cells: [[f32; SIDE]; SIDE],
}

impl Default for Weights {
    fn default() -> Self {
        let around = |at: usize| (at as f32 - 7.0) * 0.65;
        let cells = |at: usize| (at as f32 - 8.5) / 4.0;
        Self {
            around: std::array::from_fn(|y| {
                std::array::from_fn(|x| (-(around(x) * around(x) + around(y) * around(y)) / (2.0 * 1.5 * 1.5)).exp())
            }),
            cells: std::array::from_fn(|y| std::array::from_fn(|x| (-(cells(x) * cells(x) + cells(y) * cells(y)) / 8.0).exp())),
        }
    }
}

/// Gradients by cell and direction, each shared among the nearest cells and directions.
pub(super) fn histogram(image: &Image, place: &Found, angle: f32, weights: &Weights) -> Histogram {
    Wide::best().run(
        #[inline(always)]
        || gathered(image, place, angle, weights),
    )
}

#[inline(always)]
fn gathered(image: &Image, place: &Found, angle: f32, weights: &Weights) -> Histogram {
    // Four cells of three Gaussians' widths each, sixteen samples across.
    let gradients = Gradients::<SIDE>::of(image, place, angle, place.scale * 0.75);
    let mut histogram = [0.0; CELLS * CELLS * DIRECTIONS];
    // A row of cells at a time, by column and direction: of the latter one more, which is the first again.
    for y in 1..SIDE - 1 {
        let mut columns = [[0.0_f32; DIRECTIONS + 1]; SIDE];
        for (x, column) in columns.iter_mut().enumerate().take(SIDE - 1).skip(1) {
            let direction = gradients.turns[y][x] * DIRECTIONS as f32;
            let whole = (direction as usize).min(DIRECTIONS - 1);
            let part = direction - whole as f32;
            let strength = gradients.strengths[y][x] * weights.cells[y][x];
            column[whole] = strength * (1.0 - part);
            column[whole + 1] = strength * part;
        }
        let mut row = [[0.0_f32; DIRECTIONS]; CELLS];
        for (x, column) in columns.iter().enumerate() {
            for (cell, share) in shares(x) {
                for direction in 0..DIRECTIONS {
                    row[cell][direction] += share * column[direction];
                }
                row[cell][0] += share * column[DIRECTIONS];
            }
        }
        for (cell, share) in shares(y) {
            for (sum, value) in histogram[cell * CELLS * DIRECTIONS..][..CELLS * DIRECTIONS].iter_mut().zip(row.as_flattened()) {
                *sum += share * value;
            }
        }
    }
    histogram
}

/// The cells that a row or column of samples belongs to, and how much to each.
#[inline(always)]
fn shares(at: usize) -> impl Iterator<Item = (usize, f32)> {
    // In eighths of a cell, from the middle of the first one: whole numbers, and odd ones.
    let place = 2 * at as i32 - 5;
    let (cell, part) = (place.div_euclid(8), place.rem_euclid(8) as f32 / 8.0);
    [(cell, 1.0 - part), (cell + 1, part)]
        .into_iter()
        .filter(|(cell, _)| (0..CELLS as i32).contains(cell))
        .map(|(cell, share)| (cell as usize, share))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_arc_tangents() {
        for step in -400..400 {
            let angle = step as f32 / 400.0 * PI;
            for length in [1e-3_f32, 1.0, 300.0] {
                let (x, y) = (length * angle.cos(), length * angle.sin());
                let off = turn(x, y) - (y.atan2(x) / TAU).rem_euclid(1.0);
                assert!(off.abs() < 2e-6 || off.abs() > 1.0 - 2e-6, "{x} {y}: {off}");
            }
        }
        assert_eq!(turn(0.0, 0.0), 0.0);
    }

    #[test]
    fn every_form_of_the_loops_sees_the_same_gradients() {
        let data = (0..64 * 48).map(|at| ((at * at / 5 + at / 64) % 256) as f32).collect();
        let image = Image { width: 64, height: 48, data };
        for (x, y, scale) in [(20.3, 17.8, 1.7), (0.0, 0.0, 3.0), (63.0, 47.0, 2.2)] {
            let place = Found { x, y, scale, ..Found::default() };
            let forms: Vec<Histogram> = Wide::all().map(|wide| wide.run(|| gathered(&image, &place, 0.7, &Weights::default()))).collect();
            assert!(forms.windows(2).all(|two| two[0] == two[1]) && forms[0].iter().sum::<f32>() > 0.0);
        }
    }
}
