//! A small picture in grey: what local features are computed from, and what a thumbnail is laid over.

use crate::pixels::{Channels, Pixels};

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
        let longest = pixels.width().max(pixels.height());
        let fit = |side: usize| if longest <= LONGEST { side } else { (side * LONGEST / longest).max(1) };
        let (width, height) = (fit(pixels.width()), fit(pixels.height()));
        let columns = shares(pixels.width(), width);
        let mut line = vec![0.0_f32; pixels.width()];
        let mut room = Vec::new();
        let mut sums = vec![0.0_f32; width];
        let mut luma = Vec::with_capacity(width * height);
        for rows in shares(pixels.height(), height) {
            sums.fill(0.0);
            for (row, weight) in rows {
                grey(pixels.row8(row, &mut room), pixels.channels(), &mut line);
                for (sum, places) in sums.iter_mut().zip(&columns) {
                    *sum += weight * places.iter().map(|&(place, share)| share * line[place]).sum::<f32>();
                }
            }
            // Rounded, and within a byte by the cast's own rule.
            luma.extend(sums.iter().map(|sum| (sum + 0.5) as u8));
        }
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

/// The luma of a row's samples.
fn grey(samples: &[u8], channels: Channels, line: &mut [f32]) {
    match channels {
        Channels::Luma | Channels::LumaAlpha => {
            for (luma, pixel) in line.iter_mut().zip(samples.chunks_exact(channels.count())) {
                *luma = f32::from(pixel[0]);
            }
        }
        Channels::Rgb | Channels::Rgba => {
            for (luma, pixel) in line.iter_mut().zip(samples.chunks_exact(channels.count())) {
                *luma = 0.299 * f32::from(pixel[0]) + 0.587 * f32::from(pixel[1]) + 0.114 * f32::from(pixel[2]);
            }
        }
    }
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
    fn the_thinnest_pictures_are_planes_too() {
        let line = vec![7; 100_000];
        let plane = Plane::of(&Pixels::luma8(&line, 1, 100_000).unwrap());
        assert_eq!((plane.width(), plane.height()), (1, 512));
        let dot = Plane::of(&Pixels::luma8(&line[..1], 1, 1).unwrap());
        assert_eq!(dot.stretched(64, 64), vec![7; 4096]);
        assert!(Plane::new(0, 1, vec![]).is_err() && Plane::new(2, 2, vec![0; 3]).is_err() && Plane::new(513, 1, vec![0; 513]).is_err());
    }
}
