//! When two things are alike.
//!
//! Two layers. The field's hashes ([`Hash`]: PDQ for photos and, frame by frame, for videos) are what every exchange understands and
//! what others tell us. Local features see what a hash of the whole picture cannot: a crop, a tilt, a frame, a screenshot, a mirror.
//!
//! Pure compute: nothing here reads a file, a clock or a random number, and nothing knows of the rest of Handbill.

mod hash;
pub mod index;
pub mod keypoints;
pub mod known;
mod lines;
pub mod pdq;
mod pixels;
mod plane;
pub mod vpdq;

pub use hash::{Hash, HashError, RADIUS};
pub use keypoints::Features;
pub use pixels::{Channels, Pixels, PixelsError, Samples};
pub use plane::{LONGEST, Plane, PlaneError};
