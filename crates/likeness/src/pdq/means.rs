//! PDQ of a picture of which only the means of small squares are at hand.
//!
//! A decoder of JPEG can give the means of 4 by 4 pixels for less than the pixels themselves. PDQ takes means of means of a 128th
//! of a side, so each of its 64 by 64 values is a sum of pixels, weighed by how far they are from its place. Of squares that are small beside
//! that, a sum of their means is nearly the same.

use super::shrink::{luma, places, window};
use super::{SIDE, Small};
use crate::pixels::Pixels;
use crate::wide::Wide;

/// Squares of this many pixels either way.
const COARSE: usize = 4;

/// A square is no more than a fifth of what the first mean is taken of.
const FINE: usize = 5;

/// Of how many by how many pixels the means may be, of a picture of that size, for the hash to be that of all its pixels but for two bits: 4, or 1
/// where that is too coarse.
///
/// Measured on photos in JPEG of quality 80 to 97, beside PyPI `pdqhash` of all their pixels.
#[must_use]
pub const fn coarsest(width: usize, height: usize) -> usize {
    let narrow = window(if width < height { width } else { height });
    if narrow >= COARSE * FINE { COARSE } else { 1 }
}

/// What one of the 64 places is made of: the first square, and the weight of it and of those behind it.
struct Place {
    first: usize,
    weights: Vec<f32>,
}

/// The two means of one axis, as one weighted sum for each place. At an edge a mean is of fewer pixels, as the reference has it.
fn sums(length: usize, step: usize) -> [Place; SIDE] {
    let window = window(length);
    let ahead = window / 2;
    let reach = |place: usize| (place + ahead + 1).saturating_sub(window)..(place + ahead + 1).min(length);
    places(length).map(|place| {
        let outer = reach(place);
        let all = reach(outer.start).start..reach(outer.end - 1).end;
        let first = all.start / step;
        let mut weights = vec![0.0_f64; (all.end - 1) / step - first + 1];
        for middle in outer.clone() {
            let inner = reach(middle);
            let share = 1.0 / (outer.len() * inner.len()) as f64;
            for pixel in inner {
                weights[pixel / step - first] += share;
            }
        }
        Place { first, weights: weights.into_iter().map(|weight| weight as f32).collect() }
    })
}

/// 64 by 64 values of a picture of which `pixels` are the means.
pub(super) fn small(pixels: &Pixels<'_>) -> Small {
    Wide::best().run(
        #[inline(always)]
        || small_in_any_form(pixels),
    )
}

#[expect(clippy::inline_always, reason = "it is compiled anew for each set of vector instructions")]
#[inline(always)]
fn small_in_any_form(pixels: &Pixels<'_>) -> Small {
    let (width, height) = pixels.full();
    let (across, down) = (sums(width, pixels.step()), sums(height, pixels.step()));
    let wide = pixels.width();
    let (mut room, mut row) = (Vec::new(), vec![0.0_f32; wide]);
    let mut rows = vec![0.0_f32; wide * SIDE];
    for y in 0..pixels.height() {
        luma::<false>(pixels.row8(y, &mut room), pixels.channels(), &mut row);
        for (place, sums) in down.iter().zip(rows.chunks_exact_mut(wide)) {
            let Some(weight) = y.checked_sub(place.first).and_then(|at| place.weights.get(at)) else { continue };
            for (sum, value) in sums.iter_mut().zip(&row) {
                *sum += weight * value;
            }
        }
    }
    let mut small = [[0.0; SIDE]; SIDE];
    for (values, row) in small.iter_mut().zip(rows.chunks_exact(wide)) {
        for (value, place) in values.iter_mut().zip(&across) {
            *value = row[place.first..].iter().zip(&place.weights).map(|(mean, weight)| mean * weight).sum();
        }
    }
    small
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdq::{self, Pdq};

    /// Shades that change slowly, and edges.
    fn drawing(width: usize, height: usize) -> Vec<u8> {
        let shade =
            |x: usize, y: usize| 90.0 + 60.0 * (x as f32 / 97.0).sin() * (y as f32 / 71.0).cos() + 40.0 * ((x * y) as f32 / 60_000.0).sin();
        (0..width * height)
            .map(|at| {
                let (x, y) = (at % width, at / width);
                shade(x, y) as u8 + if (x / 211 + y / 173) % 3 == 0 { 50 } else { 0 }
            })
            .collect()
    }

    fn means(samples: &[u8], width: usize, height: usize, step: usize) -> Vec<u8> {
        let mut means = Vec::new();
        for y in (0..height).step_by(step) {
            for x in (0..width).step_by(step) {
                let square = (y..height.min(y + step)).flat_map(|y| samples[y * width + x..y * width + width.min(x + step)].iter());
                let (sum, count) = square.fold((0, 0), |(sum, count), sample| (sum + usize::from(*sample), count + 1));
                means.push(((sum + count / 2) / count) as u8);
            }
        }
        means
    }

    #[test]
    fn of_means_the_hash_is_that_of_all_pixels_but_for_two_bits() {
        for (width, height) in [(2500, 2441), (3001, 2600), (2433, 4099)] {
            let samples = drawing(width, height);
            let pixels = Pixels::luma8(&samples, width, height).unwrap();
            let Pdq { hash, quality } = pdq::hash(&pixels);
            assert!(quality > 50);
            let step = coarsest(width, height);
            assert!(step > 1);
            let means = means(&samples, width, height, step);
            let of_means = Pixels::luma8(&means, width.div_ceil(step), height.div_ceil(step))
                .and_then(|means| means.means(step, width, height))
                .unwrap();
            let near = pdq::hash(&of_means);
            assert!(near.hash.distance(hash) <= 2, "{} bits of {width} by {height}", near.hash.distance(hash));
            assert!(near.quality.abs_diff(quality) <= 2);
            for form in Wide::all() {
                assert_eq!(form.run(|| small_in_any_form(&of_means)), small(&of_means));
            }
        }
    }

    #[test]
    fn sums_of_single_pixels_are_the_filters_of_the_reference() {
        for (width, height) in [(5, 5), (64, 700), (131, 257), (640, 479)] {
            let samples = drawing(width, height);
            let pixels = Pixels::luma8(&samples, width, height).unwrap();
            let exact = pdq::spectrum(&pixels).pdq();
            let sums = super::super::Spectrum::of_small(&small(&pixels)).pdq();
            assert!(exact.hash.distance(sums.hash) <= 2 && exact.quality.abs_diff(sums.quality) <= 1, "{width} by {height}");
        }
    }

    #[test]
    fn a_picture_is_looked_at_no_coarser_than_it_bears() {
        let sizes = [(4000, 3000), (2433, 9000), (2432, 9000), (1600, 1200), (5, 5)];
        assert_eq!(sizes.map(|(width, height)| coarsest(width, height)), [4, 4, 1, 1, 1]);
    }
}
