//! Pictures made of pictures: simple disguises, and parts that are cut out. `bench/robustness` has the serious ones.

use likeness::{LONGEST, Plane};

/// Numbers that look random and are the same each time (SplitMix64).
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// From the first number to the second.
    pub(crate) fn between(&mut self, least: f32, most: f32) -> f32 {
        least + (most - least) * (self.next() >> 40) as f32 / (1_u64 << 24) as f32
    }
}

type Disguise = fn(&Plane, &mut Chance) -> Plane;

/// By name.
pub(crate) const DISGUISES: [(&str, Disguise); 4] =
    [("crop of 10-25% a side", crop), ("half the size", half), ("mirror, tilt", tilt), ("dull, noise", dull)];

/// A plane whose pixels are between four of the source's, at the places that `from` gives; grey outside.
fn drawn(source: &Plane, width: usize, height: usize, from: impl Fn(f32, f32) -> (f32, f32)) -> Plane {
    let (right, below) = ((source.width() - 1) as f32, (source.height() - 1) as f32);
    let pixel = |x: usize, y: usize| f32::from(source.luma()[y.min(source.height() - 1) * source.width() + x.min(source.width() - 1)]);
    let luma = (0..width * height).map(|at| {
        let (x, y) = from((at % width) as f32, (at / width) as f32);
        if !(-0.5..=right + 0.5).contains(&x) || !(-0.5..=below + 0.5).contains(&y) {
            return 100;
        }
        let (x, y) = (x.clamp(0.0, right), y.clamp(0.0, below));
        let (left, above, fx, fy) = (x as usize, y as usize, x.fract(), y.fract());
        let line = |y: usize| pixel(left, y) + fx * (pixel(left + 1, y) - pixel(left, y));
        (line(above) + fy * (line(above + 1) - line(above)) + 0.5) as u8
    });
    Plane::new(width, height, luma.collect()).expect("no larger than the source, or than a plane may be")
}

/// A part of 50 to 70% of each side, as large as a plane may be.
pub(crate) fn part(source: &Plane, chance: &mut Chance) -> Plane {
    let (wide, high) = (source.width() as f32 * chance.between(0.5, 0.7), source.height() as f32 * chance.between(0.5, 0.7));
    let (left, top) =
        ((source.width() as f32 - wide) * chance.between(0.0, 1.0), (source.height() as f32 - high) * chance.between(0.0, 1.0));
    let zoom = LONGEST as f32 / wide.max(high);
    drawn(source, (wide * zoom) as usize, (high * zoom) as usize, |x, y| (left + x / zoom, top + y / zoom))
}

fn crop(source: &Plane, chance: &mut Chance) -> Plane {
    let (width, height) = (source.width() as f32, source.height() as f32);
    let [left, right] = std::array::from_fn(|_| width * chance.between(0.10, 0.25));
    let [top, bottom] = std::array::from_fn(|_| height * chance.between(0.10, 0.25));
    drawn(source, (width - left - right) as usize, (height - top - bottom) as usize, |x, y| (left + x, top + y))
}

fn half(source: &Plane, _: &mut Chance) -> Plane {
    drawn(source, source.width() / 2, source.height() / 2, |x, y| (2.0 * x + 0.5, 2.0 * y + 0.5))
}

fn tilt(source: &Plane, chance: &mut Chance) -> Plane {
    let (sin, cos) = chance.between(0.03, 0.17).sin_cos();
    let (width, height) = (source.width() as f32, source.height() as f32);
    drawn(source, source.width(), source.height(), |x, y| {
        let (u, v) = (width / 2.0 - x, y - height / 2.0);
        (width / 2.0 + u * cos - v * sin, height / 2.0 + u * sin + v * cos)
    })
}

fn dull(source: &Plane, chance: &mut Chance) -> Plane {
    let (gain, lift) = (chance.between(0.5, 0.8), chance.between(10.0, 60.0));
    let luma = source.luma().iter().map(|pixel| (f32::from(*pixel) * gain + lift + chance.between(-12.0, 12.0)) as u8).collect();
    Plane::new(source.width(), source.height(), luma).expect("no larger than the source, or than a plane may be")
}
