//! The map from a known picture to a query that explains most pairs of keypoints.

use crate::keypoints::{Keypoint, Look};

/// A pair is explained if it is this near, in pixels of the query, for each pixel that a keypoint is wide: coarse ones are placed coarsely.
const NEAR: f32 = 4.0;
/// Pairs that are tried as the beginning of a map, the most alike first.
const TRIED: usize = 60;
/// A side of the squares of the known picture in which places are counted once.
const SQUARE: f32 = 16.0;

/// An affine map: `x' = a x + b y + c`, `y' = d x + e y + f`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Map {
    /// `[a, b, c]`.
    pub x: [f32; 3],
    /// `[d, e, f]`.
    pub y: [f32; 3],
}

#[derive(Clone, Copy)]
pub(super) struct Pair {
    pub(super) here: Keypoint,
    pub(super) there: Keypoint,
    pub(super) distance: u32,
}

impl Map {
    /// Where a place lies in the query.
    #[must_use]
    pub fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x[0] * x + self.x[1] * y + self.x[2], self.y[0] * x + self.y[1] * y + self.y[2])
    }

    /// How many pixels of the query one of the known picture covers, each way. 0 if the map is degenerate.
    #[must_use]
    pub fn scale(&self) -> f32 {
        self.determinant().abs().sqrt()
    }

    fn determinant(&self) -> f32 {
        self.x[0] * self.y[1] - self.x[1] * self.y[0]
    }

    /// The map that lays one keypoint on another: place, scale and direction.
    fn of(pair: &Pair, look: Look) -> Self {
        let (here, there) = (&pair.here, &pair.there);
        // In a negative the strongest gradient points the other way; a mirror turns the frame of the keypoint around.
        let to = if look.negative { there.angle + std::f32::consts::PI } else { there.angle };
        let side = if look.mirror { -1.0 } else { 1.0 };
        let (s0, c0) = here.angle.sin_cos();
        let (s1, c1) = to.sin_cos();
        let zoom = there.scale / here.scale;
        let linear = [
            [zoom * (c1 * c0 + side * s1 * s0), zoom * (c1 * s0 - side * s1 * c0)],
            [zoom * (s1 * c0 - side * c1 * s0), zoom * (s1 * s0 + side * c1 * c0)],
        ];
        let shift = |row: [f32; 2], to: f32| [row[0], row[1], to - row[0] * here.x - row[1] * here.y];
        Self { x: shift(linear[0], there.x), y: shift(linear[1], there.y) }
    }

    fn explains(&self, pair: &Pair) -> bool {
        let (x, y) = self.at(pair.here.x, pair.here.y);
        let (dx, dy) = (x - pair.there.x, y - pair.there.y);
        let reach = NEAR * pair.there.scale.clamp(1.0, 4.0);
        let zoom = pair.there.scale / (pair.here.scale * self.scale());
        dx * dx + dy * dy <= reach * reach && (0.5..=2.0).contains(&zoom)
    }

    /// What a camera, a hand or a program may do to a picture: no direction shrinks to less than a third of another.
    fn plausible(&self, look: Look) -> bool {
        let determinant = self.determinant();
        let sum = self.x[0].powi(2) + self.x[1].powi(2) + self.y[0].powi(2) + self.y[1].powi(2);
        (determinant < 0.0) == look.mirror && determinant.abs() > 1e-3 && sum < 3.4 * determinant.abs() && sum.is_finite()
    }
}

/// The best map and the number of places that it explains. The pairs are put in order.
pub(super) fn explain(pairs: &mut [Pair], look: Look) -> Option<(Map, usize)> {
    pairs.sort_by_key(|pair| pair.distance);
    let mut best: Option<(Map, usize)> = None;
    for pair in pairs.iter().take(TRIED) {
        let map = Map::of(pair, look);
        let places = places(&map, pairs);
        if places > best.map_or(1, |(_, most)| most) {
            best = Some((map, places));
        }
    }
    let (mut map, mut count) = best?;
    for _ in 0..3 {
        let Some(better) = fitted(pairs.iter().filter(|pair| map.explains(pair))).filter(|map| map.plausible(look)) else { break };
        let places = places(&better, pairs);
        if places < count {
            break;
        }
        (map, count) = (better, places);
    }
    map.plausible(look).then_some((map, count))
}

/// Explained pairs, counted once for each square of the known picture.
fn places(map: &Map, pairs: &[Pair]) -> usize {
    const ACROSS: usize = crate::LONGEST / SQUARE as usize;
    let mut squares = [0_u32; ACROSS];
    for pair in pairs.iter().filter(|pair| map.explains(pair)) {
        let at = |x: f32| ((x / SQUARE) as usize).min(ACROSS - 1);
        squares[at(pair.here.y)] |= 1 << at(pair.here.x);
    }
    squares.iter().map(|row| row.count_ones() as usize).sum()
}

/// The affine map with the least squares of what is left; `None` if the places lie on a line.
fn fitted<'a>(pairs: impl Iterator<Item = &'a Pair> + Clone) -> Option<Map> {
    let count = pairs.clone().count() as f32;
    if count < 3.0 {
        return None;
    }
    let mean = |pick: fn(&Pair) -> f32| pairs.clone().map(pick).sum::<f32>() / count;
    let (mx, my) = (mean(|pair| pair.here.x), mean(|pair| pair.here.y));
    let (mu, mv) = (mean(|pair| pair.there.x), mean(|pair| pair.there.y));
    let [mut xx, mut xy, mut yy, mut xu, mut yu, mut xv, mut yv] = [0.0_f32; 7];
    for pair in pairs {
        let (x, y, u, v) = (pair.here.x - mx, pair.here.y - my, pair.there.x - mu, pair.there.y - mv);
        xx += x * x;
        xy += x * y;
        yy += y * y;
        xu += x * u;
        yu += y * u;
        xv += x * v;
        yv += y * v;
    }
    let determinant = xx * yy - xy * xy;
    if determinant <= 1e-3 * (xx + yy).powi(2) {
        return None;
    }
    let solve = |a: f32, b: f32, to: f32| {
        let (first, second) = ((a * yy - b * xy) / determinant, (b * xx - a * xy) / determinant);
        [first, second, to - first * mx - second * my]
    };
    Some(Map { x: solve(xu, yu, mu), y: solve(xv, yv, mv) })
}
