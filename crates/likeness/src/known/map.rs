//! The map from a known picture to a query that explains most pairs of keypoints.

use crate::keypoints::{Keypoint, Look};

/// A pair is explained if it is this near, in pixels of the query, for each pixel that a keypoint is wide: coarse ones are placed coarsely.
const NEAR: f32 = 4.0;
/// The same once the map is good: what is farther off is of another place.
const EXACT: f32 = 1.5;
/// Pairs that are tried as the beginning of a map, the most alike first.
const TRIED: usize = 60;
/// Maps that are handed on: what two pictures share may be a caption and a photo that lie apart.
const MAPS: usize = 3;
/// A side of the squares of the known picture in which places are counted once.
const SQUARE: f32 = 16.0;

/// A map of planes, as a camera sees one from aside: `x' = (a x + b y + c) / w`, `y' = (d x + e y + f) / w`, `w = g x + h y + 1`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Map {
    /// `[a, b, c]`.
    pub x: [f32; 3],
    /// `[d, e, f]`.
    pub y: [f32; 3],
    /// `[g, h]`; both 0 where the plane was not tipped.
    pub w: [f32; 2],
}

#[derive(Clone, Copy)]
pub(super) struct Pair {
    pub(super) here: Keypoint,
    pub(super) there: Keypoint,
    pub(super) distance: u32,
}

/// From a place in the known picture to one in the query.
#[derive(Clone, Copy)]
pub(super) struct Step {
    pub(super) from: (f32, f32),
    pub(super) to: (f32, f32),
}

impl Map {
    /// Where a place lies in the query.
    #[must_use]
    pub fn at(&self, x: f32, y: f32) -> (f32, f32) {
        let w = self.w[0] * x + self.w[1] * y + 1.0;
        ((self.x[0] * x + self.x[1] * y + self.x[2]) / w, (self.y[0] * x + self.y[1] * y + self.y[2]) / w)
    }

    /// How a small step in the known picture is seen in the query: `[[dx'/dx, dx'/dy], [dy'/dx, dy'/dy]]`.
    #[must_use]
    pub fn slope(&self, x: f32, y: f32) -> [[f32; 2]; 2] {
        let w = self.w[0] * x + self.w[1] * y + 1.0;
        let (u, v) = self.at(x, y);
        let row = |of: [f32; 3], at: f32| [(of[0] - at * self.w[0]) / w, (of[1] - at * self.w[1]) / w];
        [row(self.x, u), row(self.y, v)]
    }

    /// How many pixels of the query one of the known picture covers, each way, at a place. 0 if the map is degenerate.
    #[must_use]
    pub fn scale(&self, x: f32, y: f32) -> f32 {
        determinant(self.slope(x, y)).abs().sqrt()
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
        Self { x: shift(linear[0], there.x), y: shift(linear[1], there.y), w: [0.0; 2] }
    }

    fn explains(&self, pair: &Pair, near: f32) -> bool {
        let (x, y) = self.at(pair.here.x, pair.here.y);
        let (dx, dy) = (x - pair.there.x, y - pair.there.y);
        let reach = near * pair.there.scale.clamp(1.0, 4.0);
        // All maps of pairs are affine: the scale is the same all over.
        let zoom = pair.there.scale / (pair.here.scale * self.scale(0.0, 0.0));
        dx * dx + dy * dy <= reach * reach && (0.5..=2.0).contains(&zoom)
    }

    /// What a camera, a hand or a program may do to a picture of this size: at no corner shrinks one direction to less than a third of
    /// another, and no corner is much larger than another.
    pub(super) fn plausible(&self, look: Look, width: f32, height: f32) -> bool {
        let mut areas = [0.0; 4];
        for (area, (x, y)) in areas.iter_mut().zip([(0.0, 0.0), (width, 0.0), (0.0, height), (width, height)]) {
            let slope = self.slope(x, y);
            let determinant = determinant(slope);
            let sum: f32 = slope.iter().flatten().map(|part| part * part).sum();
            let upright = self.w[0] * x + self.w[1] * y + 1.0 > 0.1;
            if !upright
                || (determinant < 0.0) != look.mirror
                || determinant.abs() < 1e-3
                || sum >= 3.4 * determinant.abs()
                || !sum.is_finite()
            {
                return false;
            }
            *area = determinant.abs();
        }
        let (least, most) = areas.iter().fold((f32::MAX, 0.0_f32), |(least, most), area| (least.min(*area), most.max(*area)));
        most < 6.0 * least
    }
}

fn determinant(slope: [[f32; 2]; 2]) -> f32 {
    slope[0][0] * slope[1][1] - slope[0][1] * slope[1][0]
}

/// Maps, and the number of places that each explains; the second and third of pairs that the ones before do not explain. The pairs are put in order.
pub(super) fn explain(pairs: &mut Vec<Pair>, look: Look, fewest: usize) -> Vec<(Map, usize)> {
    pairs.sort_by_key(|pair| pair.distance);
    let mut maps = Vec::new();
    while maps.len() < MAPS
        && let Some((map, places)) = best(pairs, look).filter(|(_, places)| *places >= fewest)
    {
        pairs.retain(|pair| !map.explains(pair, NEAR));
        maps.push((map, places));
    }
    maps
}

fn best(pairs: &[Pair], look: Look) -> Option<(Map, usize)> {
    let mut best: Option<(Map, usize)> = None;
    for pair in pairs.iter().take(TRIED) {
        let map = Map::of(pair, look);
        let places = places(&map, pairs);
        if places > best.map_or(1, |(_, most)| most) {
            best = Some((map, places));
        }
    }
    let (mut map, mut count) = best?;
    for near in [NEAR, NEAR, NEAR, EXACT, EXACT] {
        let steps = pairs.iter().filter(|pair| map.explains(pair, near)).map(Pair::step);
        let Some(better) = affine(steps).filter(|map| map.plausible(look, 1.0, 1.0)) else { break };
        let places = places(&better, pairs);
        if places < count {
            break;
        }
        (map, count) = (better, places);
    }
    map.plausible(look, 1.0, 1.0).then_some((map, count))
}

impl Pair {
    fn step(&self) -> Step {
        Step { from: (self.here.x, self.here.y), to: (self.there.x, self.there.y) }
    }
}

/// Explained pairs, counted once for each square of the known picture.
fn places(map: &Map, pairs: &[Pair]) -> usize {
    const ACROSS: usize = crate::LONGEST / SQUARE as usize;
    let mut squares = [0_u32; ACROSS];
    for pair in pairs.iter().filter(|pair| map.explains(pair, NEAR)) {
        let at = |x: f32| ((x / SQUARE) as usize).min(ACROSS - 1);
        squares[at(pair.here.y)] |= 1 << at(pair.here.x);
    }
    squares.iter().map(|row| row.count_ones() as usize).sum()
}

/// The affine map with the least squares of what is left; `None` if the places lie on a line.
pub(super) fn affine(steps: impl Iterator<Item = Step> + Clone) -> Option<Map> {
    let count = steps.clone().count() as f32;
    if count < 3.0 {
        return None;
    }
    let mean = |pick: fn(&Step) -> f32| steps.clone().map(|step| pick(&step)).sum::<f32>() / count;
    let (mx, my) = (mean(|step| step.from.0), mean(|step| step.from.1));
    let (mu, mv) = (mean(|step| step.to.0), mean(|step| step.to.1));
    let [mut xx, mut xy, mut yy, mut xu, mut yu, mut xv, mut yv] = [0.0_f32; 7];
    for step in steps {
        let (x, y, u, v) = (step.from.0 - mx, step.from.1 - my, step.to.0 - mu, step.to.1 - mv);
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
    Some(Map { x: solve(xu, yu, mu), y: solve(xv, yv, mv), w: [0.0; 2] })
}

/// The map of planes with the least squares of `w` times what is left, in the known picture's width and height as units, and a little
/// against tipping: steps that say nothing about it leave it at 0. `None` if they do not determine it.
pub(super) fn projective(steps: &[Step], width: f32, height: f32) -> Option<Map> {
    const AGAINST: f64 = 1e-4;
    let (w, h) = (f64::from(width), f64::from(height));
    let mut rows = [[0.0_f64; 9]; 8];
    let (mut mu, mut mv) = (0.0, 0.0);
    for step in steps {
        mu += f64::from(step.to.0) / steps.len() as f64;
        mv += f64::from(step.to.1) / steps.len() as f64;
    }
    let size = w.max(h);
    for step in steps {
        let (x, y) = (f64::from(step.from.0) / w - 0.5, f64::from(step.from.1) / h - 0.5);
        let (u, v) = ((f64::from(step.to.0) - mu) / size, (f64::from(step.to.1) - mv) / size);
        for (row, to) in [([x, y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y], u), ([0.0, 0.0, 0.0, x, y, 1.0, -v * x, -v * y], v)] {
            for i in 0..8 {
                for j in 0..8 {
                    rows[i][j] += row[i] * row[j];
                }
                rows[i][8] += row[i] * to;
            }
        }
    }
    rows[6][6] += AGAINST * steps.len() as f64;
    rows[7][7] += AGAINST * steps.len() as f64;
    let [a, b, c, d, e, f, g, k] = solved(rows)?;
    // Back to pixels: x' = size * X + mu, with X of (x / w - 1/2, y / h - 1/2).
    let one = 1.0 - g / 2.0 - k / 2.0;
    let row = |a: f64, b: f64, c: f64, m: f64| {
        let (p, q, r) = (size * a + m * g, size * b + m * k, size * (c - a / 2.0 - b / 2.0) + m * one);
        [p / w / one, q / h / one, r / one].map(|value| value as f32)
    };
    if one.abs() < 0.1 {
        return None;
    }
    Some(Map { x: row(a, b, c, mu), y: row(d, e, f, mv), w: [(g / w / one) as f32, (k / h / one) as f32] })
}

/// Gauss's elimination, the largest pivot first.
fn solved(mut rows: [[f64; 9]; 8]) -> Option<[f64; 8]> {
    for column in 0..8 {
        let pivot = (column..8).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()))?;
        rows.swap(column, pivot);
        let top = rows[column];
        if top[column].abs() < 1e-9 {
            return None;
        }
        for row in (0..8).filter(|row| *row != column) {
            let factor = rows[row][column] / top[column];
            for (value, above) in rows[row].iter_mut().zip(top) {
                *value -= factor * above;
            }
        }
    }
    Some(std::array::from_fn(|row| rows[row][8] / rows[row][row]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tipped_plane_is_found_again() {
        let truth = Map { x: [0.9, 0.1, 30.0], y: [-0.05, 1.1, 12.0], w: [4e-4, -2e-4] };
        let steps: Vec<Step> =
            (0..40).map(|i| ((i % 8 * 50) as f32, (i / 8 * 60) as f32)).map(|from| Step { from, to: truth.at(from.0, from.1) }).collect();
        let map = projective(&steps, 400.0, 300.0).unwrap();
        for step in &steps {
            let (x, y) = map.at(step.from.0, step.from.1);
            assert!((x - step.to.0).hypot(y - step.to.1) < 0.5, "{map:?}");
        }
        // The slope is what a small step shows.
        let (here, right) = (truth.at(100.0, 50.0), truth.at(101.0, 50.0));
        let slope = truth.slope(100.5, 50.0);
        assert!((right.0 - here.0 - slope[0][0]).abs() < 1e-3 && (right.1 - here.1 - slope[1][0]).abs() < 1e-3);
    }
}
