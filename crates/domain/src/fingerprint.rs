//! Fingerprints as they are stored and passed on. What is in them is the business of whoever makes and compares them.

use serde::{Deserialize, Serialize};

use crate::media::names;

/// One fingerprint of a file, or of words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// What kind it is.
    pub kind: FingerprintKind,
    /// The version of what made it.
    pub version: i64,
    /// It, as that version writes it.
    pub bytes: Vec<u8>,
}

/// What kind of fingerprint it is. Each has a version of its own: bytes of another version are not compared but made anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FingerprintKind {
    /// SHA-256 of a file: 32 bytes, or several of them.
    Sha256,
    /// MD5 of a file: 16 bytes, or several of them.
    Md5,
    /// SHA-256 of a video that a bank knows, which others keep apart from files of other kinds; as `Sha256`.
    VideoSha256,
    /// MD5 of a video that a bank knows; as `Md5`.
    VideoMd5,
    /// The readings of a picture's PDQ.
    Pdq,
    /// PDQ hashes that others have told: a row of 32 bytes each.
    Hashes,
    /// The local features of a picture.
    Keypoints,
    /// The frames of a video.
    Frames,
    /// The likeness of words.
    Text,
    /// The links of words.
    Links,
    /// The TLSH of words, which is passed on.
    Tlsh,
    /// TLSH that others have told: a row of 35 bytes each.
    Tlshes,
    /// SHA-256 of words that others have told: a row of 32 bytes each.
    TextSha256,
    /// Links that others have told, one a line.
    Urls,
    /// Domains that others have told, one a line.
    Domains,
}
names!(FingerprintKind {
    Sha256 = "sha256",
    Md5 = "md5",
    VideoSha256 = "video_sha256",
    VideoMd5 = "video_md5",
    Pdq = "pdq",
    Hashes = "hashes",
    Keypoints = "keypoints",
    Frames = "frames",
    Text = "text",
    Links = "links",
    Tlsh = "tlsh",
    Tlshes = "tlshes",
    TextSha256 = "text_sha256",
    Urls = "urls",
    Domains = "domains",
});
