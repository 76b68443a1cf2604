//! What the operator allows. Every limit has a default that a two-core machine can carry.

use serde::{Deserialize, Serialize};

/// Limits on what is posted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// The largest file, in bytes.
    pub file_bytes: u64,
    /// The most files in one post.
    pub files_per_post: usize,
    /// The most pixels in one picture or video frame.
    pub pixels: u64,
    /// The most frames in one animation.
    pub frames: u64,
    /// The longest video, in seconds.
    pub duration_seconds: u64,
    /// The longest text, in bytes of UTF-8.
    pub text_bytes: usize,
    /// The longest title, caption or alternative text, in characters.
    pub line_characters: usize,
    /// Bytes of disk that stay free: below this, new uploads are refused before old posts break.
    pub disk_free_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 4 << 30,
            files_per_post: 50,
            pixels: 120_000_000,
            frames: 5_000,
            duration_seconds: 2 * 60 * 60,
            text_bytes: 1 << 20,
            line_characters: 1_000,
            disk_free_bytes: 1 << 30,
        }
    }
}
