//! What a file is by its first bytes. Names and declared types are never believed.

use domain::Problem;
use serde::{Deserialize, Serialize};

/// A picture format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PhotoFormat {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// GIF.
    Gif,
    /// WebP.
    Webp,
    /// HEIC or HEIF.
    Heif,
}

/// A film format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum VideoFormat {
    /// MP4 or MOV.
    Mp4,
    /// WebM or Matroska.
    Matroska,
}

/// What a file seems to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sniffed {
    /// A picture (or an animation: only the child can tell).
    Photo(PhotoFormat),
    /// A film.
    Video(VideoFormat),
}

/// Looks at no more than the magic bytes.
///
/// # Errors
/// Nothing there, nothing we know, or something we know and do not take.
pub fn sniff(prefix: &[u8]) -> Result<Sniffed, Problem> {
    if prefix.is_empty() {
        return Err(Problem::Empty);
    }
    let photo = |format| Ok(Sniffed::Photo(format));
    if prefix.starts_with(b"\xff\xd8\xff") {
        return photo(PhotoFormat::Jpeg);
    }
    if prefix.starts_with(b"\x89PNG\r\n\x1a\n") {
        return photo(PhotoFormat::Png);
    }
    if prefix.starts_with(b"GIF87a") || prefix.starts_with(b"GIF89a") {
        return photo(PhotoFormat::Gif);
    }
    if prefix.starts_with(b"RIFF") && prefix.get(8..12) == Some(b"WEBP") {
        return photo(PhotoFormat::Webp);
    }
    if prefix.starts_with(b"\x1a\x45\xdf\xa3") {
        return Ok(Sniffed::Video(VideoFormat::Matroska));
    }
    match (prefix.get(4..8), prefix.get(8..12)) {
        (Some(b"ftyp"), Some(b"heic" | b"heix" | b"heim" | b"heis" | b"mif1" | b"msf1" | b"hevc" | b"hevx")) => photo(PhotoFormat::Heif),
        (Some(b"ftyp"), Some(b"avif" | b"avis")) => Err(Problem::Unsupported),
        (Some(b"ftyp" | b"moov" | b"mdat" | b"wide"), _) => Ok(Sniffed::Video(VideoFormat::Mp4)),
        _ if prefix.starts_with(b"II*\0") || prefix.starts_with(b"MM\0*") || prefix.starts_with(b"BM") || prefix.starts_with(b"FLV") => {
            Err(Problem::Unsupported)
        }
        _ => Err(Problem::NotMedia),
    }
}
