//! Why a file was not taken: a closed list, so that every reason has words in every language and a status for programs.

use serde::{Deserialize, Serialize};

use crate::media::names;

/// What is wrong with one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// No bytes.
    Empty,
    /// Neither a photo nor a video.
    NotMedia,
    /// A photo or video in a format that is not taken.
    Unsupported,
    /// A video where only a photo can be: it is meant as another video's still.
    NotPhoto,
    /// Broken or cut short.
    Corrupt,
    /// More bytes than the operator allows.
    TooLarge,
    /// More pixels than the operator allows.
    TooManyPixels,
    /// More frames than the operator allows.
    TooManyFrames,
    /// Longer than the operator allows.
    TooLong,
    /// A video without a single picture.
    NoFrames,
    /// One file more than a post may have.
    TooManyFiles,
    /// The site's disk is nearly full.
    NoSpace,
    /// The bytes stopped coming.
    Interrupted,
    /// Its name cannot be read.
    Name,
    /// A video, at a time when the site takes none.
    NoVideos,
    /// It took too long or too much memory to prepare.
    TooDemanding,
    /// It could not be prepared, and the fault may be ours.
    Failed,
}
names!(Problem {
    Empty = "empty",
    NotMedia = "not_media",
    Unsupported = "unsupported",
    NotPhoto = "not_photo",
    Corrupt = "corrupt",
    TooLarge = "too_large",
    TooManyPixels = "too_many_pixels",
    TooManyFrames = "too_many_frames",
    TooLong = "too_long",
    NoFrames = "no_frames",
    TooManyFiles = "too_many_files",
    NoSpace = "no_space",
    Interrupted = "interrupted",
    Name = "name",
    NoVideos = "no_videos",
    TooDemanding = "too_demanding",
    Failed = "failed",
});

impl Problem {
    /// The HTTP status of a request in which nothing but this was left.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::Empty | Self::Corrupt | Self::NoFrames | Self::Interrupted | Self::Name => 400,
            Self::NotMedia | Self::Unsupported | Self::NotPhoto => 415,
            Self::TooLarge | Self::TooManyPixels | Self::TooManyFrames | Self::TooLong | Self::TooManyFiles | Self::TooDemanding => 413,
            Self::NoSpace | Self::NoVideos => 503,
            Self::Failed => 500,
        }
    }
}
