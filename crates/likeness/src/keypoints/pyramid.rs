//! Where the keypoints are: extrema of differences of Gaussians, octave by octave.

use std::f32::consts::{PI, TAU};

use super::Keypoint;
use super::binary::{CELLS, DIRECTIONS, Histogram, bits};
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
pub(crate) struct Image {
    width: usize,
    height: usize,
    data: Vec<f32>,
}

struct Found {
    octave: usize,
    layer: usize,
    x: f32,
    y: f32,
    scale: f32,
    strength: f32,
}

/// A plane in all its scales.
pub(crate) struct Scales(Vec<Vec<Image>>);

impl Scales {
    pub(crate) fn of(plane: &Plane) -> Self {
        Self(octaves(plane))
    }

    /// What a place looks like, whether or not a keypoint was found there; `None` where the plane is too coarse, or too small, to tell.
    pub(crate) fn bits(&self, x: f32, y: f32, scale: f32, angle: f32) -> Option<Hash> {
        let octave = ((scale / FIRST).log2().floor().max(0.0) as usize).min(self.0.len().checked_sub(1)?);
        let zoom = (1_u32 << octave) as f32;
        let layer = ((scale / zoom / FIRST).log2() * SCALES as f32).round();
        let images = &self.0[octave];
        let (x, y) = ((x + 0.5) / zoom - 0.5, (y + 0.5) / zoom - 0.5);
        let inside = x >= 0.0 && y >= 0.0 && x < images[0].width as f32 && y < images[0].height as f32;
        if !inside || !(-2.0..=SCALES as f32 + 1.0).contains(&layer) {
            return None;
        }
        let layer = layer.max(0.0) as usize;
        let place = Found { octave, layer, x, y, scale: scale / zoom, strength: 0.0 };
        Some(bits(&histogram(&images[layer], &place, angle)))
    }
}

pub(super) fn keypoints(plane: &Plane, most: usize) -> Vec<Keypoint> {
    let octaves = octaves(plane);
    let mut found = Vec::new();
    for (octave, images) in octaves.iter().enumerate() {
        extrema(octave, images, &mut found);
    }
    let mut out = Vec::with_capacity(most);
    for place in spread(found, octaves.len(), most) {
        let image = &octaves[place.octave][place.layer];
        let zoom = (1_u32 << place.octave) as f32;
        let (first, second) = directions(image, &place);
        for angle in [Some(first), second].into_iter().flatten() {
            if out.len() < most {
                let bits = bits(&histogram(image, &place, angle));
                // The middle of an octave's pixel (0, 0) is the middle of the four that it stands for.
                let at = |x: f32| (x + 0.5) * zoom - 0.5;
                out.push(Keypoint { x: at(place.x), y: at(place.y), scale: place.scale * zoom, angle, bits });
            }
        }
    }
    out
}

/// `SCALES + 3` Gaussians for each octave.
fn octaves(plane: &Plane) -> Vec<Vec<Image>> {
    let mut octaves = Vec::new();
    let data = plane.luma().iter().map(|pixel| f32::from(*pixel)).collect();
    let mut base = Image { width: plane.width(), height: plane.height(), data };
    let mut blurred = ASSUMED;
    while base.width.min(base.height) >= 12 && octaves.len() < QUOTA.len() {
        let mut images = Vec::with_capacity(SCALES + 3);
        let mut last = FIRST;
        images.push(gaussian(&base, (FIRST * FIRST - blurred * blurred).max(0.01).sqrt()));
        for step in 1..SCALES + 3 {
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
    let (width, height) = (image.width, image.height);
    let mut across = vec![0.0; width * height];
    let mut padded = vec![0.0; width + 2 * radius];
    for (line, out) in image.data.chunks_exact(width).zip(across.chunks_exact_mut(width)) {
        padded[..radius].fill(line[0]);
        padded[radius..radius + width].copy_from_slice(line);
        padded[radius + width..].fill(line[width - 1]);
        blend(out, &taps, |tap, ahead| &padded[if ahead { radius + tap } else { radius - tap }..][..width]);
    }
    let mut data = vec![0.0; width * height];
    for (y, out) in data.chunks_exact_mut(width).enumerate() {
        blend(out, &taps, |tap, ahead| {
            let row = if ahead { (y + tap).min(height - 1) } else { y.saturating_sub(tap) };
            &across[row * width..][..width]
        });
    }
    Image { width, height, data }
}

/// A weighted sum of lines, symmetrical about the middle one.
fn blend<'a>(out: &mut [f32], taps: &[f32], line: impl Fn(usize, bool) -> &'a [f32]) {
    for (out, middle) in out.iter_mut().zip(line(0, true)) {
        *out = taps[0] * middle;
    }
    for (tap, weight) in taps.iter().enumerate().skip(1) {
        for ((out, before), after) in out.iter_mut().zip(line(tap, false)).zip(line(tap, true)) {
            *out += weight * (before + after);
        }
    }
}

/// Pixels that are higher, or lower, than all their 26 neighbours in place and scale.
fn extrema(octave: usize, images: &[Image], found: &mut Vec<Found>) {
    let (width, height) = (images[0].width, images[0].height);
    let differences: Vec<Vec<f32>> =
        images.windows(2).map(|two| two[1].data.iter().zip(&two[0].data).map(|(wide, narrow)| wide - narrow).collect()).collect();
    let before = found.len();
    for (layer, three) in differences.windows(3).enumerate() {
        for y in 2..height.saturating_sub(2) {
            for x in 2..width.saturating_sub(2) {
                let at = y * width + x;
                let value = three[1][at];
                if value.abs() < CONTRAST || found.len() - before >= MOST_FOUND {
                    continue;
                }
                let sign = value.signum();
                let peak = |other: &[f32], middle: bool| {
                    [at - width, at, at + width].into_iter().all(|row| {
                        other[row - 1..=row + 1]
                            .iter()
                            .enumerate()
                            .all(|(i, near)| (middle && row == at && i == 1) || near * sign < value.abs())
                    })
                };
                if peak(&three[1], true)
                    && peak(&three[0], false)
                    && peak(&three[2], false)
                    && let Some((dx, dy)) = settle(&three[1], at, width)
                {
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

/// A square of `side` by `side` samples around a place, turned by `angle`, `step` pixels apart.
fn patch(image: &Image, place: &Found, angle: f32, step: f32, side: usize, out: &mut [f32]) {
    let (sin, cos) = angle.sin_cos();
    let middle = (side as f32 - 1.0) / 2.0;
    let (right, below) = ((image.width - 1) as f32, (image.height - 1) as f32);
    for (index, out) in out.iter_mut().enumerate().take(side * side) {
        let (u, v) = (((index % side) as f32 - middle) * step, ((index / side) as f32 - middle) * step);
        let x = (place.x + u * cos - v * sin).clamp(0.0, right);
        let y = (place.y + u * sin + v * cos).clamp(0.0, below);
        let (left, above) = ((x as usize).min(image.width - 2), (y as usize).min(image.height - 2));
        let (fx, fy) = (x - left as f32, y - above as f32);
        let at = above * image.width + left;
        let (top, bottom) = (&image.data[at..at + 2], &image.data[at + image.width..at + image.width + 2]);
        let high = top[0] + fx * (top[1] - top[0]);
        let low = bottom[0] + fx * (bottom[1] - bottom[0]);
        *out = high + fy * (low - high);
    }
}

/// The strongest direction of the gradients around a place, and a second one that is nearly as strong.
fn directions(image: &Image, place: &Found) -> (f32, Option<f32>) {
    const SIDE: usize = 15;
    const BINS: usize = 36;
    let mut samples = [0.0; SIDE * SIDE];
    patch(image, place, 0.0, place.scale * 0.65, SIDE, &mut samples);
    let mut bins = [0.0_f32; BINS];
    for y in 1..SIDE - 1 {
        for x in 1..SIDE - 1 {
            let at = y * SIDE + x;
            let (gx, gy) = (samples[at + 1] - samples[at - 1], samples[at + SIDE] - samples[at - SIDE]);
            let (u, v) = ((x as f32 - 7.0) * 0.65, (y as f32 - 7.0) * 0.65);
            let weight = (-(u * u + v * v) / (2.0 * 1.5 * 1.5)).exp();
            let bin = (gy.atan2(gx) + PI) / TAU * BINS as f32;
            bins[bin as usize % BINS] += weight * gx.hypot(gy);
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

/// Gradients by cell and direction, each shared among the nearest cells and directions.
fn histogram(image: &Image, place: &Found, angle: f32) -> Histogram {
    const SIDE: usize = 18;
    let mut samples = [0.0; SIDE * SIDE];
    // Four cells of three Gaussians' widths each, sixteen samples across.
    patch(image, place, angle, place.scale * 0.75, SIDE, &mut samples);
    let mut histogram = [0.0; CELLS * CELLS * DIRECTIONS];
    for y in 1..SIDE - 1 {
        for x in 1..SIDE - 1 {
            let at = y * SIDE + x;
            let (gx, gy) = (samples[at + 1] - samples[at - 1], samples[at + SIDE] - samples[at - SIDE]);
            let (u, v) = ((x as f32 - 8.5) / 4.0, (y as f32 - 8.5) / 4.0);
            let strength = gx.hypot(gy) * (-(u * u + v * v) / 8.0).exp();
            let direction = (gy.atan2(gx) + TAU) / TAU * DIRECTIONS as f32;
            let (row, column) = (v + 1.5, u + 1.5);
            let (d, r, c) = (direction.floor(), row.floor(), column.floor());
            for (dr, wr) in [(r, 1.0 - (row - r)), (r + 1.0, row - r)] {
                for (dc, wc) in [(c, 1.0 - (column - c)), (c + 1.0, column - c)] {
                    if !(0.0..4.0).contains(&dr) || !(0.0..4.0).contains(&dc) {
                        continue;
                    }
                    let cell = (dr as usize * CELLS + dc as usize) * DIRECTIONS;
                    let share = strength * wr * wc;
                    histogram[cell + d as usize % DIRECTIONS] += share * (1.0 - (direction - d));
                    histogram[cell + (d as usize + 1) % DIRECTIONS] += share * (direction - d);
                }
            }
        }
    }
    histogram
}
