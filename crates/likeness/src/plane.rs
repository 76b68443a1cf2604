//! A small picture in grey: what local features are computed from, and what a thumbnail is laid over.

use crate::pixels::{Channels, Pixels};
use crate::wide::Wide;

/// The longest side of a plane that local features are computed from, in pixels.
pub const LONGEST: usize = 512;

/// Luma, one byte a pixel, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plane {
    width: usize,
    height: usize,
    luma: Vec<u8>,
}

/// A buffer that is no plane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a plane has 1 to {LONGEST} pixels either way and one byte for each, not {width} by {height} in {bytes} bytes")]
pub struct PlaneError {
    width: usize,
    height: usize,
    bytes: usize,
}

impl Plane {
    /// A plane of bytes that somebody else made small: no side longer than [`LONGEST`].
    ///
    /// # Errors
    /// A side is 0 or too long, or there is not one byte for each pixel.
    pub fn new(width: usize, height: usize, luma: Vec<u8>) -> Result<Self, PlaneError> {
        let fits = (1..=LONGEST).contains(&width) && (1..=LONGEST).contains(&height) && luma.len() == width * height;
        if fits { Ok(Self { width, height, luma }) } else { Err(PlaneError { width, height, bytes: luma.len() }) }
    }

    /// The picture, each pixel the mean of the area that it covers; the longest side becomes [`LONGEST`]. Smaller pictures keep their size.
    #[must_use]
    pub fn of(pixels: &Pixels<'_>) -> Self {
        let full = pixels.full();
        let longest = full.0.max(full.1);
        let fit = |side: usize| if longest <= LONGEST { side } else { (side * LONGEST / longest).max(1) };
        let (width, height) = (fit(full.0), fit(full.1));
        let luma = Wide::best().run(
            #[inline(always)]
            || shrunk(pixels, width, height),
        );
        Self { width, height, luma }
    }

    /// Pixels in a row.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    #[must_use]
    pub const fn height(&self) -> usize {
        self.height
    }

    /// All pixels, row by row.
    #[must_use]
    pub fn luma(&self) -> &[u8] {
        &self.luma
    }

    /// The plane at exactly this size, the aspect not kept: each pixel the mean of its area, or a repeated one where there is too little.
    #[must_use]
    pub(crate) fn stretched(&self, width: usize, height: usize) -> Vec<u8> {
        let columns = shares(self.width, width);
        let mut out = Vec::with_capacity(width * height);
        for rows in shares(self.height, height) {
            for places in &columns {
                let mut sum = 0.5;
                for &(row, weight) in &rows {
                    let line = &self.luma[row * self.width..][..self.width];
                    sum += weight * places.iter().map(|&(place, share)| share * f32::from(line[place])).sum::<f32>();
                }
                out.push(sum as u8);
            }
        }
        out
    }

    /// Half the size, each pixel the mean of four; `None` once a side is too short.
    pub(crate) fn halved(&self) -> Option<Self> {
        let (width, height) = (self.width / 2, self.height / 2);
        if width < 4 || height < 4 {
            return None;
        }
        let mut luma = Vec::with_capacity(width * height);
        for y in 0..height {
            let (above, below) = self.luma[2 * y * self.width..][..2 * self.width].split_at(self.width);
            for (two, under) in above.chunks_exact(2).zip(below.chunks_exact(2)) {
                let sum = u16::from(two[0]) + u16::from(two[1]) + u16::from(under[0]) + u16::from(under[1]);
                luma.push(u8::try_from((sum + 2) / 4).unwrap_or(u8::MAX));
            }
        }
        Some(Self { width, height, luma })
    }
}

/// Each pixel the mean of the area that it covers, exactly: all sums are of whole numbers, in units of what a source pixel's share of it can be.
#[inline(always)]
fn shrunk(pixels: &Pixels<'_>, width: usize, height: usize) -> Vec<u8> {
    let (wide, high) = (pixels.width(), pixels.height());
    let (mut room, mut grey) = (Vec::new(), vec![0; wide]);
    // Rows that are covered as a whole are added up first: a sum of this many fits.
    const MOST: usize = u16::MAX as usize / u8::MAX as usize;
    let (mut some, mut sums) = (vec![0_u16; wide], vec![0_u32; wide]);
    let area = (wide * high) as u64;
    let mut luma = Vec::with_capacity(width * height);
    for y in 0..height {
        sums.fill(0);
        let (first, last, [start, end]) = covered(y, high, height);
        let whole = first + usize::from(start < height)..last + usize::from(end == height);
        for row in (first..whole.start).chain(whole.end.max(whole.start)..last + 1) {
            let part = if row == first { start } else { end } as u32;
            let line = luma_of(pixels.row8(row, &mut room), pixels.channels(), &mut grey);
            sums.iter_mut().zip(line).for_each(|(sum, pixel)| *sum += part * u32::from(*pixel));
        }
        let mut rows = whole;
        while !rows.is_empty() {
            some.fill(0);
            for row in rows.by_ref().take(MOST) {
                let line = luma_of(pixels.row8(row, &mut room), pixels.channels(), &mut grey);
                some.iter_mut().zip(line).for_each(|(sum, pixel)| *sum += u16::from(*pixel));
            }
            sums.iter_mut().zip(&some).for_each(|(sum, some)| *sum += height as u32 * u32::from(*some));
        }
        for x in 0..width {
            let (first, last, [start, end]) = covered(x, wide, width);
            let inner: u64 = sums.get(first + 1..last).unwrap_or_default().iter().map(|sum| u64::from(*sum)).sum();
            let edges = start as u64 * u64::from(sums[first]) + if last > first { end as u64 * u64::from(sums[last]) } else { 0 };
            luma.push(((inner * width as u64 + edges + area / 2) / area) as u8);
        }
    }
    luma
}

/// The first and the last of `from` places that one of `to` covers, and how much of these two, in units of one `to`th of a place.
#[inline(always)]
fn covered(place: usize, from: usize, to: usize) -> (usize, usize, [usize; 2]) {
    let (start, end) = (place * from, (place + 1) * from);
    let (first, last) = (start / to, (end - 1) / to);
    let part = |source: usize| end.min((source + 1) * to) - start.max(source * to);
    (first, last, [part(first), part(last)])
}

/// The luma of a row's samples, rounded.
#[inline(always)]
fn luma_of<'a>(samples: &'a [u8], channels: Channels, line: &'a mut [u8]) -> &'a [u8] {
    let count = channels.count();
    match channels {
        Channels::Luma => return samples,
        Channels::LumaAlpha => line.iter_mut().zip(samples.chunks_exact(count)).for_each(|(luma, pixel)| *luma = pixel[0]),
        Channels::Rgb | Channels::Rgba => {
            for (luma, pixel) in line.iter_mut().zip(samples.chunks_exact(count)) {
                // 0.299, 0.587 and 0.114 in steps of 2^-16.
                let sum = 19_595 * u32::from(pixel[0]) + 38_470 * u32::from(pixel[1]) + 7_471 * u32::from(pixel[2]);
                *luma = ((sum + 32_768) >> 16) as u8;
            }
        }
    }
    line
}

/// Which of `from` places each of `to` places covers, and its share of the mean: they sum to 1.
fn shares(from: usize, to: usize) -> Vec<Vec<(usize, f32)>> {
    (0..to)
        .map(|place| {
            // In units of 1/to of a source place: exact in whole numbers.
            let (start, end) = (place * from, (place + 1) * from);
            (start / to..=(end - 1) / to)
                .map(|source| {
                    let covered = end.min((source + 1) * to) - start.max(source * to);
                    (source, covered as f32 / from as f32)
                })
                .collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_shrunk_to_the_mean_of_its_areas() {
        let samples: Vec<u8> = (0..1024).flat_map(|_| (0..768).map(|x| if x % 2 == 0 { 10 } else { 31 })).collect();
        let plane = Plane::of(&Pixels::luma8(&samples, 768, 1024).unwrap());
        assert_eq!((plane.width(), plane.height()), (384, 512));
        // Ten and a half halves: 20.5, rounded.
        assert!(plane.luma().iter().all(|pixel| (20..=21).contains(pixel)), "{:?}", &plane.luma()[..8]);
    }

    #[test]
    fn means_are_exact_at_any_size_and_in_any_form() {
        for (wide, high) in [(1, 1), (513, 7), (700, 1300), (2, 5000), (514, 512), (1025, 4000)] {
            let samples: Vec<u8> = (0..wide * high).map(|at| (at * at / 7 % 251) as u8).collect();
            let pixels = Pixels::luma8(&samples, wide, high).unwrap();
            let plane = Plane::of(&pixels);
            let (columns, rows) = (shares(wide, plane.width), shares(high, plane.height));
            for (at, pixel) in plane.luma.iter().enumerate() {
                let column = &columns[at % plane.width];
                let mean: f64 = rows[at / plane.width]
                    .iter()
                    .flat_map(|(y, down)| column.iter().map(move |(x, across)| (y * wide + x, f64::from(*down) * f64::from(*across))))
                    .map(|(at, share)| share * f64::from(samples[at]))
                    .sum();
                assert!((mean - f64::from(*pixel)).abs() < 0.501, "{mean} and {pixel} at {at} of {wide} by {high}");
            }
            for form in Wide::all() {
                assert_eq!(form.run(|| shrunk(&pixels, plane.width, plane.height)), plane.luma);
            }
        }
    }

    #[test]
    fn the_thinnest_pictures_are_planes_too() {
        let line = vec![7; 100_000];
        let plane = Plane::of(&Pixels::luma8(&line, 1, 100_000).unwrap());
        assert_eq!((plane.width(), plane.height()), (1, 512));
        let dot = Plane::of(&Pixels::luma8(&line[..1], 1, 1).unwrap());
        assert_eq!(dot.stretched(64, 64), vec![7; 4096]);
        assert!(Plane::new(0, 1, vec![]).is_err() && Plane::new(2, 2, vec![0; 3]).is_err() && Plane::new(513, 1, vec![0; 513]).is_err());
    }
}
