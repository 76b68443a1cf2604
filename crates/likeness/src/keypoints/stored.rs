//! How features are stored: a head, a thumbnail, then 38 bytes for each keypoint. What is read was written by somebody: it is checked.
//!
//! | bytes | what |
//! |---|---|
//! | 1 | version: 1 |
//! | 3 × 2 | width, height and number of keypoints, lowest byte first |
//! | 4096 | the thumbnail, row by row |
//! | 38 each | x and y in 64ths of a pixel (2 bytes each), scale in 24ths of an octave above 1, direction in 256ths of a turn, 32 bytes of bits |

use std::f32::consts::TAU;

use super::{ASKED, Features, Keypoint, THUMBNAIL};
use crate::{Hash, LONGEST};

const VERSION: u8 = 1;
const HEAD: usize = 7;
const EACH: usize = 38;
const FINE: f32 = 64.0;
const SCALE: f32 = 24.0;

/// Bytes that hold no features.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoredError {
    /// Written by another version, or no features at all.
    #[error("features of version {0}, not {VERSION}")]
    Version(u8),
    /// Cut off, or something follows.
    #[error("{have} bytes, not {need}")]
    Length {
        /// What the head announces.
        need: usize,
        /// What is there.
        have: usize,
    },
    /// A size, number or place that no picture has.
    #[error("no picture has such a size, number or place: {0}")]
    Range(usize),
}

impl Features {
    /// The bytes that [`Features::from_bytes`] reads. Of more than [`ASKED`] keypoints the first are written. Places are rounded.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let keypoints = &self.keypoints[..self.keypoints.len().min(ASKED)];
        let mut bytes = Vec::with_capacity(HEAD + THUMBNAIL * THUMBNAIL + EACH * keypoints.len());
        bytes.push(VERSION);
        for number in [self.width, self.height, keypoints.len()] {
            bytes.extend(u16::try_from(number).unwrap_or(u16::MAX).to_le_bytes());
        }
        bytes.extend(&self.thumbnail);
        for keypoint in keypoints {
            // Casts to whole numbers stay within their range by themselves.
            bytes.extend(((keypoint.x * FINE).round() as u16).to_le_bytes());
            bytes.extend(((keypoint.y * FINE).round() as u16).to_le_bytes());
            bytes.push((keypoint.scale.log2() * SCALE).round() as u8);
            bytes.push(((keypoint.angle / TAU * 256.0).round().rem_euclid(256.0)) as u8);
            bytes.extend(keypoint.bits.to_bytes());
        }
        bytes
    }

    /// Features that were stored.
    ///
    /// # Errors
    /// Another version, another length than the head announces, or numbers that no picture has.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, StoredError> {
        match Self::first(bytes)? {
            (features, []) => Ok(features),
            (_, rest) => Err(StoredError::Length { need: bytes.len() - rest.len(), have: bytes.len() }),
        }
    }

    /// Features that were stored one after another, as those of a video's frames are.
    ///
    /// # Errors
    /// As [`Features::from_bytes`].
    pub fn each_from_bytes(mut bytes: &[u8]) -> Result<Vec<Self>, StoredError> {
        let mut all = Vec::new();
        while !bytes.is_empty() {
            let (features, rest) = Self::first(bytes)?;
            all.push(features);
            bytes = rest;
        }
        Ok(all)
    }

    fn first(bytes: &[u8]) -> Result<(Self, &[u8]), StoredError> {
        let short = StoredError::Length { need: HEAD, have: bytes.len() };
        let (&[version, a, b, c, d, e, f], rest) = bytes.split_first_chunk::<HEAD>().ok_or(short)?;
        if version != VERSION {
            return Err(StoredError::Version(version));
        }
        let [width, height, count] = [[a, b], [c, d], [e, f]].map(|two| usize::from(u16::from_le_bytes(two)));
        for (number, range) in [(width, 1..=LONGEST), (height, 1..=LONGEST), (count, 0..=ASKED)] {
            if !range.contains(&number) {
                return Err(StoredError::Range(number));
            }
        }
        let need = THUMBNAIL * THUMBNAIL + EACH * count;
        let short = StoredError::Length { need: HEAD + need, have: bytes.len() };
        let (own, rest) = rest.split_at_checked(need).ok_or(short)?;
        let (thumbnail, places) = own.split_at(THUMBNAIL * THUMBNAIL);
        let keypoints = places.as_chunks::<EACH>().0.iter().map(|place| keypoint(place, width, height)).collect::<Result<_, _>>()?;
        Ok((Self { width, height, keypoints, thumbnail: thumbnail.to_vec() }, rest))
    }
}

fn keypoint(place: &[u8; EACH], width: usize, height: usize) -> Result<Keypoint, StoredError> {
    let [x0, x1, y0, y1, scale, angle, ref bits @ ..] = *place;
    let at = |bytes, side: usize| {
        let value = u16::from_le_bytes(bytes);
        let place = f32::from(value) / FINE;
        if place < side as f32 { Ok(place) } else { Err(StoredError::Range(usize::from(value))) }
    };
    let turn = f32::from(angle.cast_signed()) / 256.0;
    Ok(Keypoint {
        x: at([x0, x1], width)?,
        y: at([y0, y1], height)?,
        scale: (f32::from(scale) / SCALE).exp2(),
        angle: turn * TAU,
        bits: Hash::from_bytes(*bits),
    })
}
