//! PDQ, the field's hash of a photo: bit for bit what PyPI `pdqhash` makes of the same pixels (and with it python-threatexchange and
//! the Hasher-Matcher-Actioner), after Meta's paper and reference, "The TMK+PDQF Video-Hashing Algorithm and the PDQ
//! Image-Hashing Algorithm" (2019).
//!
//! Two photos are taken for the same where at most [`RADIUS`](crate::RADIUS) bits differ, and a hash whose quality is below
//! [`MIN_QUALITY`] says nothing: there was too little to see.

mod cpu;
mod means;
mod readings;
mod shrink;
mod transform;
mod trim;

pub use means::coarsest;
pub use readings::{Reading, Readings, Source};
pub use trim::Trim;

use crate::Hash;
use crate::pixels::{Channels, Pixels};
use transform::Waves;

/// A hash of a lower quality is not compared.
pub const MIN_QUALITY: u8 = 50;

/// Pictures of fewer pixels in a row or of fewer rows have no hash.
const MIN_SIDE: usize = 5;

/// A picture is averaged down to this many places either way.
const SIDE: usize = 64;

type Small = [[f32; SIDE]; SIDE];

/// A hash, and how much there was to see (0 to 100).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pdq {
    /// 256 waves, each stronger than their median or not.
    pub hash: Hash,
    /// 0 is one colour; below [`MIN_QUALITY`] the hash says nothing.
    pub quality: u8,
}

/// The eight ways to lay a picture on a table: mirrored left to right or not, then turned clockwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// As it is stored.
    None,
    /// By 90 degrees.
    Turned90,
    /// By 180 degrees.
    Turned180,
    /// By 270 degrees.
    Turned270,
    /// Left to right.
    Mirrored,
    /// Left to right, then by 90 degrees.
    Mirrored90,
    /// Left to right, then by 180 degrees: upside down.
    Mirrored180,
    /// Left to right, then by 270 degrees: rows and columns exchanged.
    Mirrored270,
}

impl Turn {
    /// All eight, [`Turn::None`] first.
    pub const ALL: [Self; 8] = [
        Self::None,
        Self::Turned90,
        Self::Turned180,
        Self::Turned270,
        Self::Mirrored,
        Self::Mirrored90,
        Self::Mirrored180,
        Self::Mirrored270,
    ];

    /// Are rows and columns exchanged; then, is it turned upside down, and left to right?
    const fn moves(self) -> (bool, bool, bool) {
        match self {
            Self::None => (false, false, false),
            Self::Turned90 => (true, false, true),
            Self::Turned180 => (false, true, true),
            Self::Turned270 => (true, true, false),
            Self::Mirrored => (false, false, true),
            Self::Mirrored90 => (true, true, true),
            Self::Mirrored180 => (false, true, false),
            Self::Mirrored270 => (true, false, false),
        }
    }
}

/// What the hashes of a picture are made of: 256 waves. The hashes of all eight turns come from it without another look at the
/// pixels (within 8 bits of what the turned pixels would give).
#[derive(Clone, Debug)]
pub struct Spectrum {
    waves: Waves,
    quality: u8,
}

impl Spectrum {
    fn of_small(small: &Small) -> Self {
        Self { waves: cpu::waves(small), quality: transform::quality(small) }
    }

    /// A picture with nothing in it.
    const fn blank() -> Self {
        Self { waves: [[0.0; 16]; 16], quality: 0 }
    }

    /// How much there was to see, the same for all turns.
    #[must_use]
    pub const fn quality(&self) -> u8 {
        self.quality
    }

    /// The hash of the picture as stored.
    #[must_use]
    pub fn pdq(&self) -> Pdq {
        Pdq { hash: transform::threshold(&self.waves), quality: self.quality }
    }

    /// The hash of the picture turned.
    #[must_use]
    pub fn turned(&self, turn: Turn) -> Pdq {
        Pdq { hash: transform::threshold(&transform::turned(&self.waves, turn)), quality: self.quality }
    }

    /// The hashes of the picture in all turns, in the order of [`Turn::ALL`].
    #[must_use]
    pub fn dihedral(&self) -> [Pdq; 8] {
        Turn::ALL.map(|turn| self.turned(turn))
    }
}

/// Hashes a picture whose rows come one by one, as a decoder gives them: the picture itself is never held. For 12 megapixels about
/// 2 MB are in use.
#[derive(Debug)]
pub struct Rows {
    /// None where the picture is too small to have a hash.
    shrink: Option<Box<shrink::Shrink>>,
    samples: usize,
    left: usize,
}

/// The rows were not those of the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowsError {
    /// Of another width.
    #[error("a row has {need} samples, this one has {have}")]
    Width {
        /// Samples of a row.
        need: usize,
        /// Samples that came.
        have: usize,
    },
    /// More rows than were announced.
    #[error("there are more rows than were announced")]
    TooMany,
    /// Fewer rows than were announced.
    #[error("{0} rows are missing")]
    TooFew(usize),
}

impl Rows {
    /// For a picture of `width` by `height` pixels, of eight bits a sample.
    #[must_use]
    pub fn new(width: usize, height: usize, channels: Channels) -> Self {
        let shrink = (width >= MIN_SIDE && height >= MIN_SIDE).then(|| Box::new(shrink::Shrink::new(width, height, channels)));
        Self { shrink, samples: width.saturating_mul(channels.count()), left: height }
    }

    /// The next row from above.
    ///
    /// # Errors
    /// It has not the width of the picture, or the picture has ended.
    pub fn push(&mut self, samples: &[u8]) -> Result<(), RowsError> {
        if samples.len() != self.samples {
            return Err(RowsError::Width { need: self.samples, have: samples.len() });
        }
        self.left = self.left.checked_sub(1).ok_or(RowsError::TooMany)?;
        if let Some(shrink) = &mut self.shrink {
            cpu::row(shrink, samples);
        }
        Ok(())
    }

    /// What the picture is made of. One that is too small to have a hash has quality 0.
    ///
    /// # Errors
    /// Rows are missing.
    pub fn finish(self) -> Result<Spectrum, RowsError> {
        if self.left > 0 {
            return Err(RowsError::TooFew(self.left));
        }
        Ok(self.shrink.map_or_else(Spectrum::blank, |mut shrink| Spectrum::of_small(cpu::end(&mut shrink))))
    }
}

/// The spectrum of a picture of the size that it has: the canonical reading. Nothing is turned by its Orientation tag before. Of
/// [`Pixels::means`] it is as near to that of the whole picture as [`coarsest`] says.
///
/// ```
/// use likeness::{Pixels, pdq};
///
/// let luma: Vec<u8> = (0..64 * 48).map(|i| (i % 64 * i / 64 % 251) as u8).collect();
/// let pdq = pdq::spectrum(&Pixels::luma8(&luma, 64, 48)?).pdq();
/// assert!(pdq.quality >= pdq::MIN_QUALITY);
/// println!("{}", pdq.hash);
/// # Ok::<(), likeness::PixelsError>(())
/// ```
#[must_use]
pub fn spectrum(pixels: &Pixels<'_>) -> Spectrum {
    let (width, height) = pixels.full();
    if width < MIN_SIDE || height < MIN_SIDE {
        return Spectrum::blank();
    }
    if pixels.step() > 1 {
        return Spectrum::of_small(&means::small(pixels));
    }
    let mut shrink = shrink::Shrink::new(pixels.width(), pixels.height(), pixels.channels());
    let mut room = Vec::new();
    for y in 0..pixels.height() {
        cpu::row(&mut shrink, pixels.row8(y, &mut room));
    }
    Spectrum::of_small(cpu::end(&mut shrink))
}

/// The hash of a picture: [`spectrum`] and its first hash.
#[must_use]
pub fn hash(pixels: &Pixels<'_>) -> Pdq {
    spectrum(pixels).pdq()
}
