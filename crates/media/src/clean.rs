//! Takes everything that identifies out of a picture file and leaves its pixels alone.
//! Each format's function is an allow-list over the format's own blocks, so that a block nobody has heard of is left out.
#![warn(clippy::indexing_slicing, clippy::cast_possible_truncation, clippy::arithmetic_side_effects)]

mod gif;
mod icc;
mod jpeg;
mod png;
mod webp;

use domain::Problem;

use crate::PhotoFormat;

pub(crate) use icc::reduced as reduced_icc;
pub(crate) use jpeg::icc_segments;

/// A cleaned file and what was learnt on the way.
pub(crate) struct Cleaned {
    pub(crate) bytes: Vec<u8>,
    /// As EXIF counts it, 1 to 8.
    pub(crate) orientation: u8,
    pub(crate) frames: u64,
    /// How long all frames of an animation last together, once.
    pub(crate) duration_ms: u64,
    pub(crate) icc: Option<Vec<u8>>,
}

/// Cleans a file of one format.
///
/// # Errors
/// Its blocks do not add up, or it is of a kind that no browser shows.
pub(crate) fn clean(format: PhotoFormat, input: &[u8]) -> Result<Cleaned, Problem> {
    match format {
        PhotoFormat::Jpeg => jpeg::clean(input),
        PhotoFormat::Png => png::clean(input),
        PhotoFormat::Gif => gif::clean(input),
        PhotoFormat::Webp => webp::clean(input),
        // Its pixels are encoded anew.
        PhotoFormat::Heif => Err(Problem::Failed),
    }
}

/// Reads forward through bytes that may end too early.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], Problem> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Problem::Corrupt)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Problem> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(Problem::Corrupt)?;
        self.0 = rest;
        Ok(*taken)
    }

    fn byte(&mut self) -> Result<u8, Problem> {
        let [byte] = self.array()?;
        Ok(byte)
    }

    fn be_u16(&mut self) -> Result<usize, Problem> {
        Ok(usize::from(u16::from_be_bytes(self.array()?)))
    }

    fn le_u16(&mut self) -> Result<usize, Problem> {
        Ok(usize::from(u16::from_le_bytes(self.array()?)))
    }

    fn be_u32(&mut self) -> Result<usize, Problem> {
        usize::try_from(u32::from_be_bytes(self.array()?)).map_err(|_| Problem::Corrupt)
    }

    fn le_u32(&mut self) -> Result<usize, Problem> {
        usize::try_from(u32::from_le_bytes(self.array()?)).map_err(|_| Problem::Corrupt)
    }
}

/// The length of a block, as its header counts it.
fn length_u32(length: usize) -> Result<u32, Problem> {
    u32::try_from(length).map_err(|_| Problem::TooLarge)
}

/// Reads no further than the orientation: what follows in the wild is often broken, and nobody's business.
fn orientation_of(tiff: &[u8]) -> u8 {
    let look = || -> Result<u8, Problem> {
        let mut reader = Reader(tiff);
        let big = match reader.array()? {
            [b'M', b'M', 0, 42] => true,
            [b'I', b'I', 42, 0] => false,
            _ => return Err(Problem::Corrupt),
        };
        let u16_of = |reader: &mut Reader<'_>| if big { reader.be_u16() } else { reader.le_u16() };
        let directory = if big { reader.be_u32()? } else { reader.le_u32()? };
        let mut reader = Reader(tiff.get(directory..).ok_or(Problem::Corrupt)?);
        for _ in 0..u16_of(&mut reader)? {
            let (tag, kind) = (u16_of(&mut reader)?, u16_of(&mut reader)?);
            let mut value = Reader(reader.take(8)?);
            value.take(4)?;
            if (tag, kind) == (0x0112, 3) {
                return u8::try_from(u16_of(&mut value)?).map_err(|_| Problem::Corrupt);
            }
        }
        Err(Problem::Corrupt)
    };
    look().ok().filter(|value| (1..=8).contains(value)).unwrap_or(1)
}

/// An EXIF block that says the orientation and nothing else.
fn fresh_exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    tiff.extend_from_slice(&[orientation, 0, 0, 0, 0, 0, 0]);
    tiff
}

#[cfg(test)]
mod tests;
