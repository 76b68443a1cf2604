//! What a file is by its first bytes. Names and declared types are never believed.

#![warn(clippy::indexing_slicing, clippy::cast_possible_truncation, clippy::arithmetic_side_effects)]

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

/// A video format.
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
    /// A video.
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
    if prefix.get(4..8) == Some(b"ftyp") {
        return by_brand(prefix);
    }
    // A video of the time before `ftyp`.
    if matches!(prefix.get(4..8), Some(b"moov" | b"mdat" | b"wide" | b"free" | b"skip" | b"pnot")) {
        return Ok(Sniffed::Video(VideoFormat::Mp4));
    }
    let riff = if prefix.starts_with(b"RIFF") { prefix.get(8..12) } else { None };
    let known = UNSUPPORTED.iter().any(|magic| prefix.starts_with(magic)) || riff == Some(b"AVI ") || transport_stream(prefix);
    Err(if known { Problem::Unsupported } else { Problem::NotMedia })
}

/// TIFF and most raw photos, big TIFF, BMP, JPEG XL bare and boxed, JPEG 2000, Photoshop, FLV, Ogg, Windows Media, MPEG.
const UNSUPPORTED: &[&[u8]] = &[
    b"II*\0",
    b"MM\0*",
    b"II+\0",
    b"BM",
    b"\xff\x0a",
    b"\0\0\0\x0cJXL ",
    b"\0\0\0\x0cjP  ",
    b"8BPS",
    b"FLV\x01",
    b"OggS",
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",
    b"\0\0\x01\xba",
    b"\0\0\x01\xb3",
];

fn transport_stream(prefix: &[u8]) -> bool {
    [0, 188, 376].into_iter().all(|at| prefix.get(at) == Some(&0x47)) || [4, 196, 388].into_iter().all(|at| prefix.get(at) == Some(&0x47))
}

/// The first brand says what a file is, the others what else it may be read as: some phones put the family's name first.
fn by_brand(prefix: &[u8]) -> Result<Sniffed, Problem> {
    let size = prefix.first_chunk().and_then(|size| usize::try_from(u32::from_be_bytes(*size)).ok()).unwrap_or(0);
    let brands = prefix.get(8..size.clamp(12, 256).min(prefix.len())).unwrap_or_default().as_chunks::<4>().0;
    let (first, others) = match brands {
        [first, _version, others @ ..] => (first, others),
        [first] => (first, [].as_slice()),
        [] => return Err(Problem::NotMedia),
    };
    let has = |names: &[&[u8; 4]]| names.contains(&first) || others.iter().any(|brand| names.contains(&brand));
    match first {
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" => Ok(Sniffed::Photo(PhotoFormat::Heif)),
        b"mif1" | b"mif2" | b"msf1" if has(&[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"]) => {
            Ok(Sniffed::Photo(PhotoFormat::Heif))
        }
        // AVIF, other codecs in HEIF, and Canon's raw photos.
        b"avif" | b"avis" | b"mif1" | b"mif2" | b"msf1" | b"crx " | b"jp2 " | b"jxl " => Err(Problem::Unsupported),
        _ => Ok(Sniffed::Video(VideoFormat::Mp4)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(prefix: &[u8], expect: Result<Sniffed, Problem>) {
        assert_eq!(sniff(prefix), expect, "{}", prefix.escape_ascii());
    }

    #[test]
    fn a_file_is_what_its_first_bytes_are() {
        let (heif, film) = (Ok(Sniffed::Photo(PhotoFormat::Heif)), Ok(Sniffed::Video(VideoFormat::Mp4)));
        check(b"", Err(Problem::Empty));
        check(b"\xff\xd8\xff\xe0", Ok(Sniffed::Photo(PhotoFormat::Jpeg)));
        check(b"\xff\xd8", Err(Problem::NotMedia));
        check(b"RIFF\0\0\0\0WEBPVP8 ", Ok(Sniffed::Photo(PhotoFormat::Webp)));
        check(b"RIFF\0\0\0\0AVI LIST", Err(Problem::Unsupported));
        check(b"RIFF\0\0\0\0WAVEfmt ", Err(Problem::NotMedia));
        check(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", heif);
        check(b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", heif);
        check(b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", Err(Problem::Unsupported));
        check(b"\0\0\0\x14ftypmif1\0\0\0\0mif1heic", Err(Problem::Unsupported));
        check(b"\0\0\0\x18ftypavif\0\0\0\0mif1heic", Err(Problem::Unsupported));
        check(b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom", Err(Problem::Unsupported));
        check(b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", film);
        check(b"\xff\xff\xff\xffftypisom", film);
        check(b"\0\0\0\x08ftyp", Err(Problem::NotMedia));
        check(b"\0\0\0\x08wide\0\0\0\0mdat", film);
        check(b"MM\0*\0\0\0\x08", Err(Problem::Unsupported));
        check(b"#EXTM3U\n/etc/passwd", Err(Problem::NotMedia));
        check(b"ffconcat version 1.0\nfile /etc/passwd", Err(Problem::NotMedia));
        check(b"<svg xmlns='http://www.w3.org/2000/svg'>", Err(Problem::NotMedia));
        check(b"%PDF-1.7", Err(Problem::NotMedia));
        check(b"PK\x03\x04", Err(Problem::NotMedia));
    }
}
