//! When two photos, videos or texts are alike: pure compute, of use to others as well.
//!
#![doc = include_str!("../README.md")]

mod descreen;
mod hash;
pub mod index;
pub mod keypoints;
pub mod known;
mod lines;
pub mod link;
pub mod list;
pub mod pdq;
mod pixels;
mod plane;
mod sets;
pub mod text;
pub mod vpdq;
mod wide;

pub use hash::{Hash, HashError, RADIUS};
pub use keypoints::Features;
pub use pixels::{Channels, Pixels, PixelsError, Samples};
pub use plane::{LONGEST, Plane, PlaneError};
