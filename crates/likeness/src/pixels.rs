//! Decoded pixels, as any decoder hands them over: a view, not a copy.

/// The samples of a picture, row by row. Sixteen bits are in the order of the machine.
#[derive(Clone, Copy, Debug)]
pub enum Samples<'a> {
    /// One byte a sample.
    Eight(&'a [u8]),
    /// Two bytes a sample.
    Sixteen(&'a [u16]),
}

/// Which samples make a pixel. An alpha channel is passed over: what lies behind the picture is nobody's to know, and the field's
/// programs pass over it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channels {
    /// Grey, or the luma of a picture.
    Luma,
    /// Grey and alpha.
    LumaAlpha,
    /// Red, green, blue.
    Rgb,
    /// Red, green, blue, alpha.
    Rgba,
}

/// A picture in memory.
#[derive(Clone, Copy, Debug)]
pub struct Pixels<'a> {
    samples: Samples<'a>,
    channels: Channels,
    width: usize,
    height: usize,
    stride: usize,
    start: usize,
    /// Each pixel is the mean of so many by so many of a larger picture.
    step: usize,
    /// The size of that picture.
    full: (usize, usize),
}

/// Why a buffer is no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PixelsError {
    /// It has no pixel at all.
    #[error("a picture of {0} by {1} pixels has none")]
    Empty(usize, usize),
    /// A row would reach into the next one.
    #[error("a row needs {need} samples, but the next one begins after {stride}")]
    Stride {
        /// Samples of a row.
        need: usize,
        /// From the beginning of one row to the next.
        stride: usize,
    },
    /// The buffer ends before the picture does.
    #[error("the picture needs {need} samples, the buffer has {have}")]
    Short {
        /// Samples of the picture.
        need: usize,
        /// Samples that there are.
        have: usize,
    },
    /// A picture of that size has not as many means.
    #[error("{0} by {1} pixels do not have {2} by {3} means of {4} by {4}")]
    Means(usize, usize, usize, usize, usize),
}

impl Channels {
    /// Samples a pixel.
    #[must_use]
    pub const fn count(self) -> usize {
        match self {
            Self::Luma => 1,
            Self::LumaAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba => 4,
        }
    }
}

impl<'a> Pixels<'a> {
    /// A picture of `width` by `height` pixels; `stride` is the number of samples (not bytes) from one row to the next.
    ///
    /// # Errors
    /// No pixel, a stride shorter than a row, or a buffer shorter than the picture.
    pub fn new(samples: Samples<'a>, channels: Channels, width: usize, height: usize, stride: usize) -> Result<Self, PixelsError> {
        if width == 0 || height == 0 {
            return Err(PixelsError::Empty(width, height));
        }
        let need = width.saturating_mul(channels.count());
        if stride < need {
            return Err(PixelsError::Stride { need, stride });
        }
        let need = stride.saturating_mul(height - 1).saturating_add(need);
        let have = match samples {
            Samples::Eight(samples) => samples.len(),
            Samples::Sixteen(samples) => samples.len(),
        };
        if have < need {
            return Err(PixelsError::Short { need, have });
        }
        Ok(Self { samples, channels, width, height, stride, start: 0, step: 1, full: (width, height) })
    }

    /// Grey pixels without a gap between the rows.
    ///
    /// # Errors
    /// As [`Pixels::new`].
    pub fn luma8(samples: &'a [u8], width: usize, height: usize) -> Result<Self, PixelsError> {
        Self::new(Samples::Eight(samples), Channels::Luma, width, height, width)
    }

    /// Red, green and blue bytes without a gap between the rows.
    ///
    /// # Errors
    /// As [`Pixels::new`].
    pub fn rgb8(samples: &'a [u8], width: usize, height: usize) -> Result<Self, PixelsError> {
        Self::new(Samples::Eight(samples), Channels::Rgb, width, height, width.saturating_mul(3))
    }

    /// Red, green, blue and alpha bytes without a gap between the rows.
    ///
    /// # Errors
    /// As [`Pixels::new`].
    pub fn rgba8(samples: &'a [u8], width: usize, height: usize) -> Result<Self, PixelsError> {
        Self::new(Samples::Eight(samples), Channels::Rgba, width, height, width.saturating_mul(4))
    }

    /// Says that each of these pixels is the mean of `step` by `step` of a picture of `width` by `height` pixels, as a decoder of JPEG gives it
    /// that halves while it decodes; at the right and lower edge it may be of fewer.
    ///
    /// # Errors
    /// That picture has more such means, or fewer.
    pub fn means(self, step: usize, width: usize, height: usize) -> Result<Self, PixelsError> {
        let fits = step > 0 && (width.div_ceil(step), height.div_ceil(step)) == (self.width, self.height);
        if fits {
            Ok(Self { step, full: (width, height), ..self })
        } else {
            Err(PixelsError::Means(width, height, self.width, self.height, step))
        }
    }

    /// So many by so many pixels of a larger picture are one of these: 1 unless [`Pixels::means`] said otherwise.
    #[must_use]
    pub const fn step(&self) -> usize {
        self.step
    }

    /// Width and height of the picture of which these are the means; its own if they are not.
    #[must_use]
    pub const fn full(&self) -> (usize, usize) {
        self.full
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

    /// What a pixel is made of.
    #[must_use]
    pub const fn channels(&self) -> Channels {
        self.channels
    }

    /// The same picture without what lies outside of a rectangle, which is cut to the picture.
    ///
    /// # Errors
    /// Nothing is left of it.
    pub fn crop(&self, x: usize, y: usize, width: usize, height: usize) -> Result<Self, PixelsError> {
        let width = width.min(self.width.saturating_sub(x));
        let height = height.min(self.height.saturating_sub(y));
        if width == 0 || height == 0 {
            return Err(PixelsError::Empty(width, height));
        }
        let left = |whole: usize, before: usize, pixels: usize| (whole - before * self.step).min(pixels * self.step);
        let full = (left(self.full.0, x, width), left(self.full.1, y, height));
        Ok(Self { full, width, height, start: self.start + y * self.stride + x * self.channels.count(), ..*self })
    }

    /// The samples of one row, of eight bits: of sixteen the high ones (what Pillow keeps of a 16-bit photo too), by way of `room`.
    ///
    /// # Panics
    /// There is no row `y`.
    #[must_use]
    pub fn row8<'b>(&self, y: usize, room: &'b mut Vec<u8>) -> &'b [u8]
    where
        'a: 'b,
    {
        assert!(y < self.height, "row {y} of {}", self.height);
        let from = self.start + y * self.stride;
        let to = from + self.width * self.channels.count();
        match self.samples {
            Samples::Eight(samples) => &samples[from..to],
            Samples::Sixteen(samples) => {
                room.clear();
                room.extend(samples[from..to].iter().map(|sample| sample.to_be_bytes()[0]));
                room
            }
        }
    }

    /// The luma of one pixel, 0 to 255: 0.299 R + 0.587 G + 0.114 B, rounded down.
    ///
    /// # Panics
    /// There is no such pixel.
    #[must_use]
    pub fn luma_at(&self, x: usize, y: usize) -> u8 {
        assert!(x < self.width && y < self.height, "pixel ({x}, {y}) of {} by {}", self.width, self.height);
        let at = self.start + y * self.stride + x * self.channels.count();
        let sample = |offset: usize| match self.samples {
            Samples::Eight(samples) => samples[at + offset],
            Samples::Sixteen(samples) => samples[at + offset].to_be_bytes()[0],
        };
        match self.channels {
            Channels::Luma | Channels::LumaAlpha => sample(0),
            Channels::Rgb | Channels::Rgba => {
                let sum = 299 * u32::from(sample(0)) + 587 * u32::from(sample(1)) + 114 * u32::from(sample(2));
                u8::try_from(sum / 1000).unwrap_or(u8::MAX)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_that_is_too_short_is_refused() {
        assert_eq!(Pixels::luma8(&[0; 11], 4, 3).err(), Some(PixelsError::Short { need: 12, have: 11 }));
        assert_eq!(Pixels::luma8(&[], 0, 3).err(), Some(PixelsError::Empty(0, 3)));
        assert_eq!(
            Pixels::new(Samples::Eight(&[0; 12]), Channels::Rgb, 4, 1, 11).err(),
            Some(PixelsError::Stride { need: 12, stride: 11 })
        );
        assert!(Pixels::rgba8(&[0; 100], usize::MAX, usize::MAX).is_err());
    }

    #[test]
    fn the_last_row_needs_no_gap_behind_it() {
        let samples = [1, 2, 0, 3, 4];
        let pixels = Pixels::new(Samples::Eight(&samples), Channels::Luma, 2, 2, 3).expect("a picture");
        assert_eq!(pixels.row8(1, &mut Vec::new()), [3, 4]);
        assert_eq!(pixels.luma_at(1, 1), 4);
    }

    #[test]
    fn a_crop_keeps_to_the_picture() {
        let samples: Vec<u8> = (0..36).collect();
        let pixels = Pixels::rgb8(&samples, 4, 3).expect("a picture");
        let part = pixels.crop(1, 1, 9, 1).expect("a part");
        assert_eq!((part.width(), part.height()), (3, 1));
        assert_eq!(part.row8(0, &mut Vec::new()), &samples[15..24]);
        assert!(pixels.crop(4, 0, 1, 1).is_err());
    }

    #[test]
    fn means_know_of_what_size_they_are_and_what_is_left_of_it() {
        let samples = [0; 12];
        let means = Pixels::luma8(&samples, 4, 3).and_then(|pixels| pixels.means(4, 13, 12)).expect("means");
        assert_eq!((means.step(), means.full()), (4, (13, 12)));
        assert_eq!(means.crop(1, 1, 9, 1).map(|part| part.full()), Ok((9, 4)));
        assert_eq!(means.crop(1, 0, 2, 3).map(|part| part.full()), Ok((8, 12)));
        assert_eq!(means.means(4, 17, 12).err(), Some(PixelsError::Means(17, 12, 4, 3, 4)));
        assert!(means.means(0, 4, 3).is_err());
    }

    #[test]
    fn sixteen_bits_keep_their_high_byte() {
        let samples = [0x1234, 0xffff, 0x00ff];
        let pixels = Pixels::new(Samples::Sixteen(&samples), Channels::Luma, 3, 1, 3).expect("a picture");
        assert_eq!(pixels.row8(0, &mut Vec::new()), [0x12, 0xff, 0x00]);
        assert_eq!(pixels.luma_at(1, 0), 0xff);
    }
}
