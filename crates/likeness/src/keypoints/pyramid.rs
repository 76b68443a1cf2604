//! Where the keypoints are: extrema of differences of Gaussians, octave by octave.

use super::Keypoint;
use super::binary::bits;
use super::gradients::{Weights, directions, histogram};
use crate::wide::Wide;
use crate::{Hash, Plane};

/// Scales in an octave at which extrema are looked for.
const SCALES: usize = 3;
/// The first Gaussian of an octave, in its own pixels (Lowe, section 3.3).
const FIRST: f32 = 1.6;
/// What a camera or a shrink has blurred already.
const ASSUMED: f32 = 0.5;
/// A difference of Gaussians that is weaker is noise, of 255.
const CONTRAST: f32 = 1.5;
/// An edge looks the same all along: the two curvatures may differ by this factor at most (Lowe, section 4.1).
const EDGE: f32 = 10.0;
/// The surface is divided into this many parts either way, which take turns.
const PARTS: usize = 6;
/// No octave offers more places than this: a hostile picture costs no more than a rich one.
const MOST_FOUND: usize = 20_000;
/// What part of the places each octave gets, the finest first; what one cannot use goes to the others.
const QUOTA: [f32; 5] = [0.38, 0.30, 0.20, 0.08, 0.04];

/// A picture of numbers.
pub(super) struct Image {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) data: Vec<f32>,
}

/// An extremum, in pixels of its octave.
#[derive(Default)]
pub(super) struct Found {
    pub(super) octave: usize,
    pub(super) layer: usize,
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) scale: f32,
    pub(super) strength: f32,
}

/// A plane in all its scales.
pub(crate) struct Scales {
    octaves: Vec<Vec<Image>>,
    weights: Weights,
}

impl Scales {
    pub(crate) fn of(plane: &Plane) -> Self {
        Self { octaves: octaves(plane, SCALES + 2), weights: Weights::default() }
    }

    /// What a place looks like, whether or not a keypoint was found there; `None` where the plane is too coarse, or too small, to tell.
    pub(crate) fn bits(&self, x: f32, y: f32, scale: f32, angle: f32) -> Option<Hash> {
        let octave = ((scale / FIRST).log2().floor().max(0.0) as usize).min(self.octaves.len().checked_sub(1)?);
        let zoom = (1_u32 << octave) as f32;
        let layer = ((scale / zoom / FIRST).log2() * SCALES as f32).round();
        let images = &self.octaves[octave];
        let (x, y) = ((x + 0.5) / zoom - 0.5, (y + 0.5) / zoom - 0.5);
        let inside = x >= 0.0 && y >= 0.0 && x < images[0].width as f32 && y < images[0].height as f32;
        if !inside || !(-2.0..=SCALES as f32 + 1.0).contains(&layer) {
            return None;
        }
        let layer = layer.max(0.0) as usize;
        let place = Found { octave, layer, x, y, scale: scale / zoom, strength: 0.0 };
        Some(bits(&histogram(images.get(layer)?, &place, angle, &self.weights)))
    }
}

pub(super) fn keypoints(plane: &Plane, most: usize) -> Vec<Keypoint> {
    let octaves = octaves(plane, SCALES + 3);
    let mut found = Vec::new();
    for (octave, images) in octaves.iter().enumerate() {
        extrema(octave, images, &mut found);
    }
    let weights = Weights::default();
    let mut out = Vec::with_capacity(most);
    for place in spread(found, octaves.len(), most) {
        let image = &octaves[place.octave][place.layer];
        let zoom = (1_u32 << place.octave) as f32;
        let (first, second) = directions(image, &place, &weights);
        for angle in [Some(first), second].into_iter().flatten() {
            if out.len() < most {
                let bits = bits(&histogram(image, &place, angle, &weights));
                // The middle of an octave's pixel (0, 0) is the middle of the four that it stands for.
                let at = |x: f32| (x + 0.5) * zoom - 0.5;
                out.push(Keypoint { x: at(place.x), y: at(place.y), scale: place.scale * zoom, angle, bits });
            }
        }
    }
    out
}

/// So many Gaussians for each octave: differences need `SCALES + 3`, looking at places one less.
fn octaves(plane: &Plane, each: usize) -> Vec<Vec<Image>> {
    let mut octaves = Vec::new();
    let data = plane.luma().iter().map(|pixel| f32::from(*pixel)).collect();
    let mut base = Image { width: plane.width(), height: plane.height(), data };
    let mut blurred = ASSUMED;
    while base.width.min(base.height) >= 12 && octaves.len() < QUOTA.len() {
        let mut images = Vec::with_capacity(each);
        let mut last = FIRST;
        images.push(gaussian(&base, (FIRST * FIRST - blurred * blurred).max(0.01).sqrt()));
        for step in 1..each {
            let next = FIRST * (step as f32 / SCALES as f32).exp2();
            let image = gaussian(&images[step - 1], (next * next - last * last).sqrt());
            images.push(image);
            last = next;
        }
        base = halved(&images[SCALES]);
        // Twice the first Gaussian, in pixels of half the size; the mean of four adds a little.
        blurred = FIRST;
        octaves.push(images);
    }
    octaves
}

fn halved(image: &Image) -> Image {
    let (width, height) = (image.width / 2, image.height / 2);
    let mut data = Vec::with_capacity(width * height);
    for y in 0..height {
        let (above, below) = image.data[2 * y * image.width..][..2 * image.width].split_at(image.width);
        data.extend(above.chunks_exact(2).zip(below.chunks_exact(2)).map(|(a, b)| (a[0] + a[1] + b[0] + b[1]) / 4.0));
    }
    Image { width, height, data }
}

/// Blurred by rows and then by columns; beyond the edge lies more of the same.
fn gaussian(image: &Image, sigma: f32) -> Image {
    let radius = (sigma * 3.0).ceil() as usize;
    let mut taps: Vec<f32> = (0..=radius).map(|tap| (-0.5 * (tap as f32 / sigma).powi(2)).exp()).collect();
    let sum = taps[0] + 2.0 * taps[1..].iter().sum::<f32>();
    taps.iter_mut().for_each(|tap| *tap /= sum);
    let data = Wide::best().run(
        #[inline(always)]
        || blurred(image, &taps),
    );
    Image { width: image.width, height: image.height, data }
}

/// By the weight of the middle and of those at each distance on either side.
#[inline(always)]
fn blurred(image: &Image, taps: &[f32]) -> Vec<f32> {
    let (width, height, radius) = (image.width, image.height, taps.len() - 1);
    let mut across = vec![0.0; width * height];
    let mut padded = vec![0.0; width + 2 * radius];
    for (line, out) in image.data.chunks_exact(width).zip(across.chunks_exact_mut(width)) {
        padded[..radius].fill(line[0]);
        padded[radius..radius + width].copy_from_slice(line);
        padded[radius + width..].fill(line[width - 1]);
        blend(out, taps, |tap, ahead| &padded[if ahead { radius + tap } else { radius - tap }..][..width]);
    }
    let mut data = vec![0.0; width * height];
    for (y, out) in data.chunks_exact_mut(width).enumerate() {
        blend(out, taps, |tap, ahead| {
            let row = if ahead { (y + tap).min(height - 1) } else { y.saturating_sub(tap) };
            &across[row * width..][..width]
        });
    }
    data
}

/// A weighted sum of lines, symmetrical about the middle one: some places at a time, so that their sums need not be written down in between.
#[inline(always)]
fn blend<'a>(out: &mut [f32], taps: &[f32], line: impl Fn(usize, bool) -> &'a [f32]) {
    const SOME: usize = 32;
    let whole = out.len() / SOME * SOME;
    for at in (0..whole).step_by(SOME) {
        let some = |tap: usize, ahead: bool| line(tap, ahead)[at..].first_chunk::<SOME>();
        let Some(middle) = some(0, true) else { continue };
        let mut sums = middle.map(|middle| taps[0] * middle);
        for (tap, weight) in taps.iter().enumerate().skip(1) {
            if let (Some(before), Some(after)) = (some(tap, false), some(tap, true)) {
                for place in 0..SOME {
                    sums[place] += weight * (before[place] + after[place]);
                }
            }
        }
        out[at..at + SOME].copy_from_slice(&sums);
    }
    for (at, out) in out.iter_mut().enumerate().skip(whole) {
        *out = taps[0] * line(0, true)[at];
        for (tap, weight) in taps.iter().enumerate().skip(1) {
            *out += weight * (line(tap, false)[at] + line(tap, true)[at]);
        }
    }
}

/// Pixels that are higher, or lower, than all their 26 neighbours in place and scale.
fn extrema(octave: usize, images: &[Image], found: &mut Vec<Found>) {
    let (width, height) = (images[0].width, images[0].height);
    let wide = Wide::best();
    let differences: Vec<Vec<f32>> = wide.run(
        #[inline(always)]
        || images.windows(2).map(|two| two[1].data.iter().zip(&two[0].data).map(|(wide, narrow)| wide - narrow).collect()).collect(),
    );
    let before = found.len();
    let mut marks = vec![false; width];
    for (layer, three) in differences.windows(3).enumerate() {
        for y in 2..height.saturating_sub(2) {
            if found.len() - before >= MOST_FOUND {
                return;
            }
            wide.run(
                #[inline(always)]
                || peaks(three, y, width, &mut marks),
            );
            for x in (2..width.saturating_sub(2)).filter(|x| marks[*x]) {
                let at = y * width + x;
                let value = three[1][at];
                if let Some((dx, dy)) = settle(&three[1], at, width) {
                    let step = |a: f32, b: f32| {
                        let bend = a + b - 2.0 * value;
                        if bend.abs() < 1e-6 { 0.0 } else { ((a - b) / (2.0 * bend)).clamp(-0.5, 0.5) }
                    };
                    let ds = step(three[0][at], three[2][at]);
                    let scale = FIRST * (((layer + 1) as f32 + ds) / SCALES as f32).exp2();
                    let (x, y) = (x as f32 + dx, y as f32 + dy);
                    found.push(Found { octave, layer: layer + 1, x, y, scale, strength: value.abs() });
                }
            }
        }
    }
}

/// Marks the pixels of a row of the middle layer that are strong, and higher or lower than all their neighbours. The row is none of the first or last.
#[inline(always)]
fn peaks(three: &[Vec<f32>], y: usize, width: usize, marks: &mut [bool]) {
    let line = |layer: usize, dy: usize| &three[layer][(y + dy - 1) * width..][..width];
    let [a, b, c] = [line(0, 0), line(0, 1), line(0, 2)];
    let [d, here, f] = [line(1, 0), line(1, 1), line(1, 2)];
    let [g, h, i] = [line(2, 0), line(2, 1), line(2, 2)];
    let high = |one: f32, other: f32| if one > other { one } else { other };
    let low = |one: f32, other: f32| if one < other { one } else { other };
    for x in 1..width - 1 {
        let value = here[x];
        let (mut most, mut least) = (high(here[x - 1], here[x + 1]), low(here[x - 1], here[x + 1]));
        for line in [a, b, c, d, f, g, h, i] {
            most = high(most, high(line[x - 1], high(line[x], line[x + 1])));
            least = low(least, low(line[x - 1], low(line[x], line[x + 1])));
        }
        marks[x] = value.abs() >= CONTRAST && (value > most || value < least);
    }
}

/// Where between the pixels the extremum lies, by a parabola each way; `None` on an edge.
fn settle(layer: &[f32], at: usize, width: usize) -> Option<(f32, f32)> {
    let (left, right, above, below) = (layer[at - 1], layer[at + 1], layer[at - width], layer[at + width]);
    let xx = left + right - 2.0 * layer[at];
    let yy = above + below - 2.0 * layer[at];
    let xy = (layer[at + width + 1] - layer[at + width - 1] - layer[at - width + 1] + layer[at - width - 1]) / 4.0;
    let (trace, determinant) = (xx + yy, xx * yy - xy * xy);
    if determinant <= 0.0 || trace * trace * EDGE >= (EDGE + 1.0) * (EDGE + 1.0) * determinant {
        return None;
    }
    Some((((left - right) / (2.0 * xx)).clamp(-0.5, 0.5), ((above - below) / (2.0 * yy)).clamp(-0.5, 0.5)))
}

/// The best places, such that neither one corner of the picture nor one scale takes them all.
fn spread(mut found: Vec<Found>, octaves: usize, most: usize) -> Vec<Found> {
    found.sort_unstable_by(|a, b| b.strength.total_cmp(&a.strength).then(a.y.total_cmp(&b.y)).then(a.x.total_cmp(&b.x)));
    // In its octave and part of the surface, how many are stronger?
    let extent =
        |pick: fn(&Found) -> f32| found.iter().map(|place| (pick(place) + 1.0) * (1_u32 << place.octave) as f32).fold(1.0_f32, f32::max);
    let (width, height) = (extent(|place| place.x), extent(|place| place.y));
    let mut taken = vec![0_usize; octaves.max(1) * PARTS * PARTS];
    let mut ranked: Vec<(usize, Found)> = found
        .into_iter()
        .map(|place| {
            let part = |x: f32, whole: f32| (((x * (1_u32 << place.octave) as f32 / whole) * PARTS as f32) as usize).min(PARTS - 1);
            let at = (place.octave * PARTS + part(place.y, height)) * PARTS + part(place.x, width);
            taken[at] += 1;
            (taken[at], place)
        })
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    let mut left = QUOTA.map(|share| (share * most as f32).ceil() as usize);
    let (mut first, mut rest) = (Vec::with_capacity(most), Vec::new());
    for (_, place) in ranked {
        if left[place.octave] > 0 {
            left[place.octave] -= 1;
            first.push(place);
        } else {
            rest.push(place);
        }
    }
    // A second direction of the same place counts too, so not all may be needed.
    rest.truncate(most.saturating_sub(first.len()));
    first.append(&mut rest);
    first
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keypoints::tests::scene;

    #[test]
    fn every_form_sees_the_same() {
        let plane = scene(331, 205, 3);
        let data: Vec<f32> = plane.luma().iter().map(|pixel| f32::from(*pixel)).collect();
        let image = Image { width: 331, height: 205, data };
        let taps = [0.4, 0.2, 0.07, 0.03];
        let mut state = 1_u32;
        let mut noise = |(a, b): (&u8, &f32)| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f32::from(*a) - b + (state >> 24) as f32
        };
        let layers: Vec<Vec<f32>> =
            (0..3).map(|seed| scene(331, 205, seed).luma().iter().zip(&image.data).map(&mut noise).collect()).collect();
        let forms = Wide::all().map(|wide| {
            let mut marks = vec![vec![false; 331]; 205];
            (1..204).for_each(|y| wide.run(|| peaks(&layers, y, 331, &mut marks[y])));
            (wide.run(|| blurred(&image, &taps)), marks)
        });
        let forms: Vec<_> = forms.collect();
        assert!(forms.windows(2).all(|two| two[0] == two[1]) && forms[0].1.iter().flatten().any(|mark| *mark));
        // By hand, where no edge is near.
        let at = |x: usize, y: usize| f64::from(image.data[y * 331 + x]);
        let across =
            |x: usize, y: usize| (1..4).fold(0.4 * at(x, y), |sum, tap| sum + f64::from(taps[tap]) * (at(x - tap, y) + at(x + tap, y)));
        let (x, y) = (47, 90);
        let both = (1..4).fold(0.4 * across(x, y), |sum, tap| sum + f64::from(taps[tap]) * (across(x, y - tap) + across(x, y + tap)));
        assert!((both - f64::from(forms[0].0[y * 331 + x])).abs() < 1e-3);
    }
}
