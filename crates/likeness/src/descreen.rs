//! Waves that lie over a picture: the moiré of a screen that was photographed, the raster of a print.
//!
//! Such a pattern is weak to an eye and everything to a gradient, which is what local features are made of. It gives itself away: it has one direction and
//! one wavelength wherever it is, so in the spectrum it is a peak that stands alone, and its crests are in step from one end of the picture to the other. Feathers,
//! cloth and keyboards have peaks too, but are out of step within a few waves: they are the picture, and stay. How strong a pattern is, and where exactly its crests
//! lie, may change a little from place to place (a screen seen from its side, or in a part of the picture only): both are measured in squares that overlap, and
//! what they say is taken off.

use std::f32::consts::TAU;
use std::ops::Range;
use std::sync::Arc;

use rustfft::num_complex::Complex32;
use rustfft::{Fft, FftPlannerScalar};

use crate::Plane;

/// Patterns that are taken out of one picture: a screen has one for each of its colours' grids, and overtones.
const MOST: usize = 4;
/// Peaks that are tried for that: some are a strong pattern's own, beside it, and hostile pictures have many.
const TRIED: usize = 8;
/// Wavelengths that are looked for, in pixels. What is longer is the picture's own light and shade.
const SHORTEST: f32 = 2.2;
const LONGEST: f32 = 40.0;
/// Half of what lies between crest and trough, of 255: what is weaker disturbs nothing.
const WEAKEST: f32 = 2.0;
/// How many times as high as what surrounds it a peak is.
const ALONE: f32 = 7.5;
/// What is left of the squares' waves when they are added up as they stand, of 1 if all are in step: 0.92 and more for photos of screens, a half for textures
/// (docs/decisions/0004-likeness.md).
const IN_STEP: f32 = 0.8;
/// A side of the squares, in wavelengths and in pixels.
const WAVES: f32 = 6.0;
const SQUARES: (f32, f32) = (64.0, 192.0);
/// Smaller pictures show too few waves.
const SMALLEST: usize = 64;

/// A pattern: how far its phase goes with every pixel to the right and downwards.
struct Wave {
    right: f32,
    down: f32,
}

impl Wave {
    fn length(&self) -> f32 {
        TAU / self.right.hypot(self.down)
    }
}

impl Plane {
    /// The plane without the waves that lie over it; `None` if there are none, as over most.
    ///
    /// It is one more reading of a picture, not a better one: what lay only around a picture leaves a little of itself on the picture's edge.
    #[must_use]
    pub fn descreened(&self) -> Option<Self> {
        if self.width().min(self.height()) < SMALLEST {
            return None;
        }
        let mut luma: Vec<f32> = self.luma().iter().map(|pixel| f32::from(*pixel)).collect();
        let taken = waves(self).iter().filter(|wave| take_off(&mut luma, self.width(), wave)).take(MOST).count();
        if taken == 0 {
            return None;
        }
        let luma = luma.into_iter().map(|pixel| pixel.round().clamp(0.0, 255.0) as u8).collect();
        Self::new(self.width(), self.height(), luma).ok()
    }
}

/// The bell that a side is looked at through (Hann's window), which keeps its ends from being seen as edges.
fn bell(side: usize) -> Vec<f32> {
    (0..side).map(|at| 0.5 - 0.5 * (TAU * (at as f32 + 0.5) / side as f32).cos()).collect()
}

/// A half of the spectrum: for each step to the right from none to half of `side` a column of all steps downwards, those upwards last.
struct Spectrum {
    side: usize,
    strength: Vec<f32>,
    /// How wide a single wave is spread, in steps: the shorter side of the picture decides.
    lobe: f32,
}

impl Spectrum {
    fn of(plane: &Plane) -> Self {
        let (width, height) = (plane.width(), plane.height());
        let side = width.max(height).next_power_of_two();
        // Without the forms for wider registers, each of which rounds in its own way.
        let fft: Arc<dyn Fft<f32>> = FftPlannerScalar::new().plan_fft_forward(side);
        let mut room = vec![Complex32::ZERO; fft.get_inplace_scratch_len()];
        let (across, down) = (bell(width), bell(height));
        let all = across.iter().sum::<f32>() * down.iter().sum::<f32>();
        let rows = || plane.luma().chunks_exact(width).zip(&down);
        let line = |row: &[u8]| row.iter().zip(&across).map(|(pixel, share)| f32::from(*pixel) * share).sum::<f32>();
        let mean = rows().map(|(row, share)| line(row) * share).sum::<f32>() / all;
        let columns = side / 2 + 1;
        let mut turned = vec![Complex32::ZERO; columns * side];
        let mut values = vec![Complex32::ZERO; side];
        for (y, (row, share)) in rows().enumerate() {
            values.fill(Complex32::ZERO);
            for ((value, pixel), part) in values.iter_mut().zip(row).zip(&across) {
                value.re = (f32::from(*pixel) - mean) * part * share;
            }
            fft.process_with_scratch(&mut values, &mut room);
            for (column, value) in values[..columns].iter().enumerate() {
                turned[column * side + y] = *value;
            }
        }
        for column in turned.chunks_exact_mut(side) {
            fft.process_with_scratch(column, &mut room);
        }
        // As half of what lies between crest and trough, if it were one wave all over.
        let strength = turned.iter().map(|value| 2.0 * value.norm() / all).collect();
        Self { side, strength, lobe: 2.0 * side as f32 / width.min(height) as f32 }
    }

    /// So many steps to the right and downwards; the other half is the same, seen from behind.
    fn at(&self, right: i32, down: i32) -> f32 {
        let side = self.side as i32;
        let right = right.rem_euclid(side);
        let (right, down) = if right > side / 2 { (side - right, -down) } else { (right, down) };
        self.strength[(right * side + down.rem_euclid(side)) as usize]
    }

    /// Whether it is far higher than what surrounds it.
    fn alone(&self, right: i32, down: i32) -> bool {
        let (inner, outer) = ((1.5 * self.lobe).ceil() as i32, (5.0 * self.lobe).ceil() as i32);
        let mut around = Vec::new();
        for x in -outer..=outer {
            for y in -outer..=outer {
                if x.abs().max(y.abs()) > inner {
                    around.push(self.at(right + x, down + y));
                }
            }
        }
        let middle = around.len() / 2;
        let usual = *around.select_nth_unstable_by(middle, f32::total_cmp).1;
        self.at(right, down) >= ALONE * usual
    }
}

/// What may be a picture's patterns, the strongest first.
fn waves(plane: &Plane) -> Vec<Wave> {
    let spectrum = Spectrum::of(plane);
    let (side, half) = (spectrum.side as f32, spectrum.side as i32 / 2);
    // Along both axes lie walls, horizons and the edges of squares of pixels.
    let axis = (1.5 * spectrum.lobe).ceil() as i32;
    let near = 2.0 * spectrum.lobe;
    let mut peaks = Vec::new();
    for right in axis..half {
        for down in (-half + 1..half).filter(|down| down.abs() >= axis) {
            let here = spectrum.at(right, down);
            let steps = (right as f32).hypot(down as f32);
            let highest = || (-1..=1).all(|x| (-1..=1).all(|y| spectrum.at(right + x, down + y) <= here));
            if here >= WEAKEST && (side / LONGEST..=side / SHORTEST).contains(&steps) && highest() {
                peaks.push((right, down, here));
            }
        }
    }
    peaks.sort_by(|a, b| b.2.total_cmp(&a.2));
    let mut found: Vec<(i32, i32)> = Vec::new();
    for (right, down, _) in peaks.into_iter().take(4 * TRIED) {
        let apart = |other: &(i32, i32)| ((right - other.0) as f32).hypot((down - other.1) as f32) > near;
        if found.len() < TRIED && found.iter().all(apart) && spectrum.alone(right, down) {
            found.push((right, down));
        }
    }
    let exact = |(right, down): (i32, i32)| {
        // Between the steps, by a parabola each way through the logarithms: the bell's lobe is nearly one.
        let log = |x: i32, y: i32| spectrum.at(right + x, down + y).max(1e-6).ln();
        let top = |before: f32, here: f32, after: f32| {
            let bend = before + after - 2.0 * here;
            if bend > -1e-4 { 0.0 } else { ((before - after) / (2.0 * bend)).clamp(-0.5, 0.5) }
        };
        let each = TAU / side;
        Wave {
            right: each * (right as f32 + top(log(-1, 0), log(0, 0), log(1, 0))),
            down: each * (down as f32 + top(log(0, -1), log(0, 0), log(0, 1))),
        }
    };
    found.into_iter().map(exact).collect()
}

/// Takes a pattern off, if it is one: of every square what it holds of it, each as far as its bell reaches. False if its squares are out of step.
fn take_off(luma: &mut [f32], width: usize, wave: &Wave) -> bool {
    let height = luma.len() / width;
    let step = ((WAVES * wave.length()).clamp(SQUARES.0, SQUARES.1) / 2.0).round() as usize;
    let square = 2 * step;
    let bell = bell(square);
    let phases = |each: f32, count: usize| -> Vec<Complex32> { (0..count).map(|at| Complex32::cis(each * at as f32)).collect() };
    let (right, down) = (phases(wave.right, width), phases(wave.down, height));
    // The first ones begin before the edge, so that every pixel lies in the middle of one.
    let starts = |side: usize| (0..side + step).step_by(step);
    let within = |start: usize, side: usize| start.saturating_sub(step)..(start + square - step).min(side);
    let mut squares = Vec::new();
    for top in starts(height) {
        for left in starts(width) {
            let (rows, columns) = (within(top, height), within(left, width));
            let shares = (&bell[rows.start + step - top..], &bell[columns.start + step - left..]);
            let (mut sum, mut all, mut turned, mut bare) = (0.0_f32, 0.0_f32, Complex32::ZERO, Complex32::ZERO);
            for (y, share) in rows.clone().zip(shares.0) {
                let (mut of_row, mut weight, mut values, mut plain) = (0.0_f32, 0.0_f32, Complex32::ZERO, Complex32::ZERO);
                for (x, part) in columns.clone().zip(shares.1) {
                    let pixel = luma[y * width + x];
                    of_row += part * pixel;
                    weight += part;
                    values += right[x].conj() * (part * pixel);
                    plain += right[x].conj() * *part;
                }
                sum += share * of_row;
                all += share * weight;
                turned += down[y].conj() * values * *share;
                bare += down[y].conj() * plain * *share;
            }
            squares.push(Square { rows, columns, shares, held: (turned - bare * (sum / all)) * (2.0 / all), all });
        }
    }
    let together = squares.iter().map(|square| square.held * square.all).sum::<Complex32>().norm();
    let each = squares.iter().map(|square| square.held.norm() * square.all).sum::<f32>();
    if together < IN_STEP * each {
        return false;
    }
    let mut pattern = vec![0.0_f32; luma.len()];
    let mut weights = vec![0.0_f32; luma.len()];
    for Square { rows, columns, shares, held, .. } in squares {
        for (y, share) in rows.zip(shares.0) {
            let of_row = held * down[y];
            for (x, part) in columns.clone().zip(shares.1) {
                let weight = share * part;
                pattern[y * width + x] += weight * (of_row * right[x]).re;
                weights[y * width + x] += weight;
            }
        }
    }
    for ((pixel, pattern), weight) in luma.iter_mut().zip(pattern).zip(weights) {
        *pixel -= pattern / weight.max(f32::MIN_POSITIVE);
    }
    true
}

/// A part of the picture, how much it counts at each of its rows and columns and together, and what it holds of a pattern: half of what lies between crest
/// and trough, turned by where the crests lie.
struct Square<'a> {
    rows: Range<usize>,
    columns: Range<usize>,
    shares: (&'a [f32], &'a [f32]),
    held: Complex32,
    all: f32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keypoints::tests::scene;

    /// Waves over a picture, of this strength, as far as they are let.
    fn waved(plane: &Plane, strength: f32, wave: &Wave, reaches: impl Fn(usize, usize) -> bool) -> Plane {
        let (width, height) = (plane.width(), plane.height());
        let luma = plane.luma().iter().enumerate().map(|(at, pixel)| {
            let (x, y) = (at % width, at / width);
            let more = if reaches(x, y) { strength * (wave.right * x as f32 + wave.down * y as f32).sin() } else { 0.0 };
            (f32::from(*pixel) + more).round().clamp(0.0, 255.0) as u8
        });
        Plane::new(width, height, luma.collect()).unwrap()
    }

    fn strays(one: &Plane, other: &Plane) -> f32 {
        let squares = one.luma().iter().zip(other.luma()).map(|(a, b)| (f32::from(*a) - f32::from(*b)).powi(2));
        (squares.sum::<f32>() / one.luma().len() as f32).sqrt()
    }

    #[test]
    fn a_picture_without_waves_is_left_as_it_is() {
        for (width, height) in [(512, 384), (200, 340), (64, 64), (512, 65), (63, 500), (1, 512), (3, 3)] {
            let plane = scene(width, height, 7);
            assert_eq!(plane.descreened(), None, "{width} by {height}");
        }
        assert_eq!(Plane::new(300, 300, vec![90; 90_000]).unwrap().descreened(), None);
    }

    #[test]
    fn waves_of_every_length_and_direction_come_off() {
        let plane = scene(512, 384, 11);
        for (right, down) in [(0.3, 0.2), (0.9, -0.4), (0.25, 0.9), (1.7, 1.1), (0.2, -0.2)] {
            let seen = waved(&plane, 12.0, &Wave { right, down }, |_, _| true);
            let (before, after) = (strays(&seen, &plane), strays(&seen.descreened().unwrap(), &plane));
            assert!(after < 0.35 * before, "{right} {down}: {before} became {after}");
        }
    }

    #[test]
    fn waves_out_of_step_are_the_picture() {
        let plain = scene(512, 384, 3);
        let luma = plain.luma().iter().enumerate().map(|(at, pixel)| {
            let (x, y) = ((at % 512) as f32, (at / 512) as f32);
            let bent = 2.5 * (x / 60.0 + 1.0).sin() + 2.5 * (y / 45.0).sin();
            (f32::from(*pixel) + 12.0 * (0.6 * x + 0.5 * y + bent).sin()).round().clamp(0.0, 255.0) as u8
        });
        let cloth = Plane::new(512, 384, luma.collect()).unwrap();
        assert!(!waves(&cloth).is_empty(), "nothing to refuse");
        assert_eq!(cloth.descreened(), None);
    }

    #[test]
    fn waves_over_a_part_come_off_there() {
        let plane = scene(512, 512, 5);
        let waves = |x: usize, y: usize| x > 100 && y < 400;
        let seen = waved(&plane, 14.0, &Wave { right: 0.5, down: 0.7 }, waves);
        let without = seen.descreened().unwrap();
        assert!(strays(&without, &plane) < 0.5 * strays(&seen, &plane));
        // Far from them nothing changed.
        let far = |at: &usize| at % 512 < 20 && at / 512 > 480;
        assert!((0..512 * 512).filter(far).all(|at| without.luma()[at].abs_diff(plane.luma()[at]) <= 4));
    }

    #[test]
    fn several_patterns_come_off_also_where_the_strongest_is_none() {
        let plane = scene(512, 384, 21);
        let seen = waved(&plane, 9.0, &Wave { right: 0.5, down: 0.3 }, |_, _| true);
        let seen = waved(&seen, 7.0, &Wave { right: 0.9, down: -0.8 }, |_, _| true);
        assert!(strays(&seen.descreened().unwrap(), &plane) < 0.4 * strays(&seen, &plane));
        // Cloth, stronger than the screen that it is shown on.
        let bent = |at: usize| 2.5 * ((at % 512) as f32 / 60.0 + 1.0).sin() + 2.5 * ((at / 512) as f32 / 45.0).sin();
        let cloth = plane.luma().iter().enumerate().map(|(at, pixel)| {
            (f32::from(*pixel) + 20.0 * (0.6 * (at % 512) as f32 + 0.5 * (at / 512) as f32 + bent(at)).sin()).round().clamp(0.0, 255.0)
                as u8
        });
        let cloth = Plane::new(512, 384, cloth.collect()).unwrap();
        let seen = waved(&cloth, 10.0, &Wave { right: 1.3, down: 0.9 }, |_, _| true);
        assert!(strays(&seen.descreened().unwrap(), &cloth) < 0.5 * strays(&seen, &cloth));
    }

    #[test]
    fn hostile_pictures_are_tried_a_few_times() {
        let mut state = 9_u32;
        let noise = (0..512 * 512).map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        });
        let mut planes = vec![Plane::new(512, 512, noise.collect()).unwrap()];
        // Waves of all lengths at once.
        let many = (0..512 * 512).map(|at| {
            let (x, y) = ((at % 512) as f32, (at / 512) as f32);
            let sum: f32 = (1..40).map(|wave| (0.07 * wave as f32 * x + 0.05 * (41 - wave) as f32 * y).sin()).sum();
            (128.0 + 15.0 * sum).clamp(0.0, 255.0) as u8
        });
        planes.push(Plane::new(512, 512, many.collect()).unwrap());
        for plane in planes {
            assert!(waves(&plane).len() <= TRIED);
            let _ = plane.descreened();
        }
    }
}
