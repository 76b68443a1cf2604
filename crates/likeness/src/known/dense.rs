//! A known picture's thumbnail laid over the query.

use super::Map;
use crate::Plane;
use crate::keypoints::{Features, THUMBNAIL};

/// A side of the blocks that are compared, in pixels of the thumbnail.
const BLOCK: usize = 8;
/// From one block to the next.
const STEP: usize = 4;
/// Blocks whose tones stray less than this (standard deviation, of 255) are flat and say nothing.
const FLAT: f32 = 4.0;
/// Blocks that correlate better than this look alike (measured on the prototype).
const ALIKE: f32 = 0.6;

/// The query, in halves of halves: a pixel of the thumbnail is compared with about as large a one.
pub(super) struct Dense {
    planes: Vec<Plane>,
}

/// What a thumbnail shows of a query.
pub(super) struct Seen {
    /// The part of the known picture that lies within the query.
    pub(super) visible: f32,
    /// The part of the blocks that look alike.
    pub(super) alike: f32,
    /// Blocks within the query that are not flat.
    pub(super) blocks: usize,
}

impl Dense {
    pub(super) fn new(plane: &Plane) -> Self {
        let planes = std::iter::successors(Some(plane.clone()), Plane::halved).take(6).collect();
        Self { planes }
    }

    pub(super) fn lay(&self, known: &Features, map: &Map, negative: bool) -> Seen {
        let side = THUMBNAIL as f32;
        let (across, down) = (known.width() as f32 / side, known.height() as f32 / side);
        let covers = map.scale() * (across * down).sqrt();
        let level = (covers.max(1.0).log2().round() as usize).min(self.planes.len() - 1);
        let (plane, zoom) = (&self.planes[level], (1_u32 << level) as f32);
        let mut below = [None; THUMBNAIL * THUMBNAIL];
        for (index, below) in below.iter_mut().enumerate() {
            let (column, row) = ((index % THUMBNAIL) as f32, (index / THUMBNAIL) as f32);
            let (x, y) = map.at((column + 0.5) * across - 0.5, (row + 0.5) * down - 0.5);
            *below = sample(plane, (x + 0.5) / zoom - 0.5, (y + 0.5) / zoom - 0.5);
        }
        let (mut blocks, mut alike) = (0, 0);
        for top in (0..=THUMBNAIL - BLOCK).step_by(STEP) {
            for left in (0..=THUMBNAIL - BLOCK).step_by(STEP) {
                if let Some(correlation) = correlation(known.thumbnail(), &below, top, left) {
                    blocks += 1;
                    alike += usize::from(if negative { -correlation } else { correlation } > ALIKE);
                }
            }
        }
        let visible = below.iter().flatten().count() as f32 / below.len() as f32;
        Seen { visible, alike: if blocks == 0 { 0.0 } else { alike as f32 / blocks as f32 }, blocks }
    }
}

/// Between four pixels; `None` outside of the plane.
fn sample(plane: &Plane, x: f32, y: f32) -> Option<f32> {
    let (right, bottom) = ((plane.width() - 1) as f32, (plane.height() - 1) as f32);
    if !(-0.5..=right + 0.5).contains(&x) || !(-0.5..=bottom + 0.5).contains(&y) {
        return None;
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
    Some(high + fy * (low - high))
}

/// -1 to 1; `None` if the known block is flat or not wholly within the query. A query that is flat there does not correlate.
fn correlation(thumbnail: &[u8], below: &[Option<f32>], top: usize, left: usize) -> Option<f32> {
    let [mut a, mut b, mut aa, mut bb, mut ab] = [0.0_f32; 5];
    for row in top..top + BLOCK {
        let range = row * THUMBNAIL + left..row * THUMBNAIL + left + BLOCK;
        for (known, seen) in thumbnail[range.clone()].iter().zip(&below[range]) {
            let (x, y) = (f32::from(*known), (*seen)?);
            a += x;
            b += y;
            aa += x * x;
            bb += y * y;
            ab += x * y;
        }
    }
    let count = (BLOCK * BLOCK) as f32;
    let (strays, other) = (aa / count - (a / count).powi(2), bb / count - (b / count).powi(2));
    if strays < FLAT * FLAT {
        return None;
    }
    Some(if other < 1.0 { 0.0 } else { (ab / count - a * b / (count * count)) / (strays * other).sqrt() })
}
