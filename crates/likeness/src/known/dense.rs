//! A known picture's thumbnail laid over the query.

use super::Map;
use super::map::{Step, projective};
use crate::Plane;
use crate::keypoints::{Features, Look, THUMBNAIL};

/// A side of the blocks that are compared, in pixels of the thumbnail.
pub(super) const BLOCK: usize = 8;
/// From one block to the next.
pub(super) const STEP: usize = 4;
/// Blocks either way.
pub(super) const ACROSS: usize = (THUMBNAIL - BLOCK) / STEP + 1;
/// Blocks whose tones stray less than this (standard deviation, of 255) are not looked for.
const FLAT: f32 = 1.2;
/// How alike a block must be to be found beside its place.
const FOUND: f32 = 0.75;
/// Slopes of fewer tones from one pixel to the next are none.
const LEVEL: f32 = 1.5;
/// The cosine of what two slopes may be turned against each other.
const SAME_WAY: f32 = 0.9;
/// How far around its place a block is looked for when the map is made better, in pixels of the thumbnail.
const MARGIN: usize = 4;
const WIDE: usize = THUMBNAIL + 2 * MARGIN;

/// The query, in halves of halves: a pixel of the thumbnail is compared with about as large a one.
pub(super) struct Dense {
    planes: Vec<Plane>,
}

/// What the query shows where the thumbnail lies: `NAN` outside of it.
pub(super) struct Below {
    luma: Vec<f32>,
    negative: bool,
}

/// A block of the known picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Block {
    /// Not wholly within the query.
    Outside,
    /// Standard deviations of both, and how they correlate.
    Inside { known: f32, seen: f32, correlation: f32 },
}

/// A pixel of the thumbnail where the known picture is steep, and whether the query is as well.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Slope {
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) agrees: bool,
}

impl Dense {
    pub(super) fn new(plane: &Plane) -> Self {
        let planes = std::iter::successors(Some(plane.clone()), Plane::halved).take(6).collect();
        Self { planes }
    }

    pub(super) fn lay(&self, known: &Features, map: &Map, look: Look) -> Below {
        let side = THUMBNAIL as f32;
        let (across, down) = (known.width() as f32 / side, known.height() as f32 / side);
        let covers = map.scale(known.width() as f32 / 2.0, known.height() as f32 / 2.0) * (across * down).sqrt();
        let level = (covers.max(1.0).log2().round() as usize).min(self.planes.len() - 1);
        let (plane, zoom) = (&self.planes[level], (1_u32 << level) as f32);
        let luma = (0..WIDE * WIDE)
            .map(|index| {
                let (column, row) = ((index % WIDE) as f32 - MARGIN as f32, (index / WIDE) as f32 - MARGIN as f32);
                let (x, y) = map.at((column + 0.5) * across - 0.5, (row + 0.5) * down - 0.5);
                sample(plane, (x + 0.5) / zoom - 0.5, (y + 0.5) / zoom - 0.5)
            })
            .collect();
        Below { luma, negative: look.negative }
    }

    /// A map by which more of the thumbnail looks like the query: each block is looked for around its place.
    pub(super) fn settled(&self, known: &Features, map: &Map, look: Look) -> Option<Map> {
        let below = self.lay(known, map, look);
        let (width, height) = (known.width() as f32, known.height() as f32);
        let (across, down) = (width / THUMBNAIL as f32, height / THUMBNAIL as f32);
        let mut steps = Vec::new();
        for row in 0..ACROSS {
            for column in 0..ACROSS {
                if let Some((dx, dy)) = below.nearby(known.thumbnail(), row * STEP, column * STEP) {
                    let middle = |at: usize, each: f32| (at * STEP + BLOCK / 2) as f32 * each - 0.5;
                    let (x, y) = (middle(column, across), middle(row, down));
                    steps.push(Step { from: (x, y), to: map.at(x + dx * across, y + dy * down) });
                }
            }
        }
        let mut better = None;
        for _ in 0..3 {
            if steps.len() < 12 {
                return better;
            }
            let map = projective(&steps, width, height).filter(|map| map.plausible(look, width, height))?;
            // One pixel of the thumbnail; what is farther off was found by chance.
            let reach = map.scale(width / 2.0, height / 2.0) * (across * down).sqrt();
            steps.retain(|step| {
                let (x, y) = map.at(step.from.0, step.from.1);
                (x - step.to.0).hypot(y - step.to.1) <= reach
            });
            better = Some(map);
        }
        better
    }
}

impl Below {
    /// The part of the known picture that lies within the query.
    pub(super) fn visible(&self) -> f32 {
        let inside = (MARGIN..MARGIN + THUMBNAIL).flat_map(|row| &self.luma[row * WIDE + MARGIN..][..THUMBNAIL]);
        inside.filter(|pixel| !pixel.is_nan()).count() as f32 / (THUMBNAIL * THUMBNAIL) as f32
    }

    /// Row by row.
    pub(super) fn blocks(&self, thumbnail: &[u8]) -> [Block; ACROSS * ACROSS] {
        std::array::from_fn(|index| {
            let (row, column) = (index / ACROSS * STEP, index % ACROSS * STEP);
            self.block(thumbnail, row, column, row + MARGIN, column + MARGIN)
        })
    }

    /// Where the known picture is steep, and whether the query slopes the same way there, about as much if its contrasts are `gain` times the
    /// known ones.
    pub(super) fn slopes(&self, thumbnail: &[u8], gain: f32) -> Vec<Slope> {
        let inner = || (1..THUMBNAIL - 1).flat_map(|row| (1..THUMBNAIL - 1).map(move |column| (row, column)));
        let known: Vec<(f32, f32)> =
            inner().map(|(row, column)| slope(|row, column| f32::from(thumbnail[row * THUMBNAIL + column]), row, column)).collect();
        let mut all: Vec<f32> = known.iter().map(|(x, y)| x.hypot(*y)).collect();
        let quarter = all.len() * 3 / 4;
        let steep = (0.5 * *all.select_nth_unstable_by(quarter, f32::total_cmp).1).max(LEVEL);
        let sign = if self.negative { -1.0 } else { 1.0 };
        let seen = |row: usize, column: usize| sign * self.luma[(row + MARGIN) * WIDE + column + MARGIN];
        inner()
            .zip(known)
            .filter(|(_, (x, y))| x.hypot(*y) >= steep)
            .filter_map(|((row, column), (x, y))| {
                let (u, v) = slope(seen, row, column);
                if u.is_nan() || v.is_nan() {
                    return None;
                }
                let (here, there) = (x.hypot(y), u.hypot(v));
                let as_much = (0.5 * gain * here..2.0 * gain * here).contains(&there);
                Some(Slope { row, column, agrees: as_much && x * u + y * v > SAME_WAY * here * there })
            })
            .collect()
    }

    /// Where around its place a textured block looks most like the query, if it does: to the right and below, in pixels of the thumbnail.
    fn nearby(&self, thumbnail: &[u8], row: usize, column: usize) -> Option<(f32, f32)> {
        const AROUND: usize = 2 * MARGIN + 1;
        let mut found = [[f32::NAN; AROUND]; AROUND];
        let mut best = (0.0, 0, 0);
        for (dy, line) in found.iter_mut().enumerate() {
            for (dx, found) in line.iter_mut().enumerate() {
                if let Block::Inside { known, correlation, .. } = self.block(thumbnail, row, column, row + dy, column + dx) {
                    if known < FLAT {
                        return None;
                    }
                    *found = correlation;
                    if correlation > best.0 {
                        best = (correlation, dy, dx);
                    }
                }
            }
        }
        let (correlation, dy, dx) = best;
        let inner = 1..AROUND - 1;
        if correlation < FOUND || !inner.contains(&dy) || !inner.contains(&dx) {
            return None;
        }
        let [before, after] = [found[dy][dx - 1], found[dy][dx + 1]];
        let [above, below] = [found[dy - 1][dx], found[dy + 1][dx]];
        // At the query's edge nobody knows whether it would be more alike outside.
        if [before, after, above, below].iter().any(|beside| beside.is_nan()) {
            return None;
        }
        // Between the pixels, by a parabola each way.
        let top = |before: f32, after: f32| {
            let bend = before + after - 2.0 * correlation;
            if bend > -1e-4 { 0.0 } else { ((before - after) / (2.0 * bend)).clamp(-0.5, 0.5) }
        };
        let shift = |at: usize, more: f32| at as f32 - MARGIN as f32 + more;
        Some((shift(dx, top(before, after)), shift(dy, top(above, below))))
    }

    fn block(&self, thumbnail: &[u8], row: usize, column: usize, down: usize, right: usize) -> Block {
        let [mut a, mut b, mut aa, mut bb, mut ab] = [0.0_f32; 5];
        for line in 0..BLOCK {
            let known = &thumbnail[(row + line) * THUMBNAIL + column..][..BLOCK];
            let seen = &self.luma[(down + line) * WIDE + right..][..BLOCK];
            for (known, y) in known.iter().zip(seen) {
                let x = f32::from(*known);
                a += x;
                b += y;
                aa += x * x;
                bb += y * y;
                ab += x * y;
            }
        }
        if b.is_nan() {
            return Block::Outside;
        }
        let count = (BLOCK * BLOCK) as f32;
        let (known, seen) = ((aa / count - (a / count).powi(2)).max(0.0).sqrt(), (bb / count - (b / count).powi(2)).max(0.0).sqrt());
        let correlation = if known < 0.5 || seen < 0.5 { 0.0 } else { (ab / count - a * b / (count * count)) / (known * seen) };
        Block::Inside { known, seen, correlation: if self.negative { -correlation } else { correlation } }
    }
}

/// How far the tones of a square of the thumbnail stray: their standard deviation. What lies outside is left out.
pub(super) fn strays(thumbnail: &[u8], row: usize, column: usize, side: usize) -> f32 {
    let (mut sum, mut squares, mut count) = (0.0_f32, 0.0_f32, 0.0_f32);
    for line in thumbnail.chunks_exact(THUMBNAIL).skip(row).take(side) {
        for pixel in line.iter().skip(column).take(side) {
            let value = f32::from(*pixel);
            (sum, squares, count) = (sum + value, squares + value * value, count + 1.0);
        }
    }
    (squares / count - (sum / count).powi(2)).max(0.0).sqrt()
}

/// By how much the tones rise from one pixel to the next, to the right and downwards, after Sobel.
fn slope(at: impl Fn(usize, usize) -> f32, row: usize, column: usize) -> (f32, f32) {
    let (above, below, left, right) = (row - 1, row + 1, column - 1, column + 1);
    let corners = [at(above, left), at(above, right), at(below, left), at(below, right)];
    let x = corners[1] - corners[0] + corners[3] - corners[2] + 2.0 * (at(row, right) - at(row, left));
    let y = corners[2] - corners[0] + corners[3] - corners[1] + 2.0 * (at(below, column) - at(above, column));
    (x / 8.0, y / 8.0)
}

/// Between four pixels; `NAN` outside of the plane.
fn sample(plane: &Plane, x: f32, y: f32) -> f32 {
    let (right, bottom) = ((plane.width() - 1) as f32, (plane.height() - 1) as f32);
    if !(-0.5..=right + 0.5).contains(&x) || !(-0.5..=bottom + 0.5).contains(&y) {
        return f32::NAN;
    }
    let (x, y) = (x.clamp(0.0, right), y.clamp(0.0, bottom));
    let (left, above) = (x as usize, y as usize);
    let pixel = |dx: usize, dy: usize| {
        let (x, y) = ((left + dx).min(plane.width() - 1), (above + dy).min(plane.height() - 1));
        f32::from(plane.luma()[y * plane.width() + x])
    };
    let (fx, fy) = (x.fract(), y.fract());
    let high = pixel(0, 0) + fx * (pixel(1, 0) - pixel(0, 0));
    let low = pixel(0, 1) + fx * (pixel(1, 1) - pixel(0, 1));
    high + fy * (low - high)
}
