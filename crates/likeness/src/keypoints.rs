//! Local features: places of a picture that are found again when it was cropped, turned, framed or coloured, each with 256 bits that
//! tell what it looks like there.
//!
//! After Lowe, "Distinctive Image Features from Scale-Invariant Keypoints" (IJCV 2004): extrema of differences of Gaussians over all
//! scales, an orientation from the gradients, and 4 by 4 cells of 8 directions around each. The histogram is then made binary by
//! comparing neighbours, such that a mirror image and a negative of the same place have the same bits in another order: a query asks
//! for all four without a second look at the picture.
//!
//! From its features somebody could paint a rough likeness of a picture. They are for whoever holds the picture, and nobody else.

mod binary;
mod gradients;
mod nearest;
mod pyramid;
mod stored;

pub use binary::Look;
pub(crate) use binary::Turns;
pub(crate) use nearest::Descriptors;
pub(crate) use pyramid::Scales;
pub use stored::StoredError;

use crate::{Hash, Plane};

/// Features of a picture that is kept: what a bank stores.
pub const KEPT: usize = 240;

/// Features of a picture that is asked about: more than are kept, since part of it may be what is sought.
pub const ASKED: usize = 400;

/// A side of the thumbnail, in pixels; the aspect of the picture is not kept.
pub const THUMBNAIL: usize = 64;

/// A place of a picture, found by what it looks like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Keypoint {
    /// From the left edge of the plane, in pixels; the middle of the first pixel is 0.
    pub x: f32,
    /// From the top edge of the plane, in pixels.
    pub y: f32,
    /// The Gaussian's width, in pixels of the plane.
    pub scale: f32,
    /// The strongest gradient's direction, from -π to π, the y axis pointing down.
    pub angle: f32,
    /// What it looks like.
    pub bits: Hash,
}

/// All that is kept of a picture in order to find it again.
#[derive(Clone, Debug, PartialEq)]
pub struct Features {
    width: usize,
    height: usize,
    keypoints: Vec<Keypoint>,
    thumbnail: Vec<u8>,
}

impl Features {
    /// At most `most` features of a plane, spread over its surface and over all scales. A flat picture has none.
    #[must_use]
    pub fn of(plane: &Plane, most: usize) -> Self {
        Self {
            width: plane.width(),
            height: plane.height(),
            keypoints: pyramid::keypoints(plane, most),
            thumbnail: plane.stretched(THUMBNAIL, THUMBNAIL),
        }
    }

    /// The same with [`KEPT`] keypoints at most, which is what is stored.
    #[must_use]
    pub fn kept(&self) -> Self {
        let keypoints = self.keypoints.iter().take(KEPT).copied().collect();
        Self { width: self.width, height: self.height, keypoints, thumbnail: self.thumbnail.clone() }
    }

    /// Pixels in a row of the plane.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.width
    }

    /// Rows of the plane.
    #[must_use]
    pub const fn height(&self) -> usize {
        self.height
    }

    /// The places, in no particular order.
    #[must_use]
    pub fn keypoints(&self) -> &[Keypoint] {
        &self.keypoints
    }

    /// [`THUMBNAIL`] rows of as many pixels.
    #[must_use]
    pub fn thumbnail(&self) -> &[u8] {
        &self.thumbnail
    }
}

#[cfg(test)]
pub(crate) mod tests;
