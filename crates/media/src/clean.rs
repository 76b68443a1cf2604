//! Takes everything that identifies out of a picture file and leaves its pixels alone.
//! Each function is an allow-list over the format's own blocks; `None` means the file is broken or cut short.
#![warn(clippy::indexing_slicing, clippy::cast_possible_truncation, clippy::arithmetic_side_effects)]

use crate::PhotoFormat;

/// A cleaned file and what was learnt on the way.
pub(crate) struct Cleaned {
    pub(crate) bytes: Vec<u8>,
    pub(crate) orientation: u8,
    pub(crate) frames: u64,
    pub(crate) icc: Option<Vec<u8>>,
}

/// Cleans a file of one format.
pub(crate) fn clean(format: PhotoFormat, input: &[u8]) -> Option<Cleaned> {
    match format {
        PhotoFormat::Jpeg => jpeg(input),
        PhotoFormat::Png => png(input),
        PhotoFormat::Gif => gif(input),
        PhotoFormat::Webp => webp(input),
        PhotoFormat::Heif => None,
    }
}

/// A JPEG application segment that holds a colour profile, for the pictures we encode ourselves.
pub(crate) fn icc_segments(icc: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let chunks: Vec<&[u8]> = icc.chunks(65_000).collect();
    let count = u8::try_from(chunks.len()).unwrap_or(0);
    for (number, chunk) in (1..=count).zip(chunks) {
        out.extend_from_slice(&[0xff, 0xe2]);
        out.extend_from_slice(&u16::try_from(chunk.len().saturating_add(16)).unwrap_or(u16::MAX).to_be_bytes());
        out.extend_from_slice(b"ICC_PROFILE\0");
        out.extend_from_slice(&[number, count]);
        out.extend_from_slice(chunk);
    }
    out
}

fn orientation_of(exif: &[u8]) -> u8 {
    let Ok(read) = exif::Reader::new().read_raw(exif.to_vec()) else { return 1 };
    read.get_field(exif::Tag::Orientation, exif::In::PRIMARY)
        .and_then(|field| field.value.get_uint(0))
        .and_then(|value| u8::try_from(value).ok())
        .filter(|value| (1..=8).contains(value))
        .unwrap_or(1)
}

fn fresh_exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    tiff.extend_from_slice(&[orientation, 0, 0, 0, 0, 0, 0]);
    tiff
}

fn jpeg(input: &[u8]) -> Option<Cleaned> {
    let mut body = Vec::with_capacity(input.len());
    let mut icc_parts: Vec<(u8, Vec<u8>)> = Vec::new();
    let (mut orientation, mut seen_exif) = (1, false);
    let mut rest = input.strip_prefix(b"\xff\xd8")?;
    let mut scans = 0_u32;
    loop {
        // Bytes between segments carry no pixels: they are dropped.
        let at = rest.iter().position(|byte| *byte == 0xff)?;
        rest = rest.get(at..)?;
        while rest.get(1) == Some(&0xff) {
            rest = rest.get(1..)?;
        }
        let marker = *rest.get(1)?;
        match marker {
            0xd9 => break,
            0 | 1 | 0xd0..=0xd7 => {
                rest = rest.get(2..)?;
                continue;
            }
            0xd8 => return None,
            _ => {}
        }
        let length = usize::from(u16::from_be_bytes([*rest.get(2)?, *rest.get(3)?]));
        let segment = rest.get(..length.checked_add(2)?)?;
        let data = segment.get(4..)?;
        rest = rest.get(segment.len()..)?;
        match marker {
            0xe0 if data.starts_with(b"JFIF\0") => {
                body.extend_from_slice(&[0xff, 0xe0, 0, 16]);
                body.extend_from_slice(data.get(..12)?);
                body.extend_from_slice(&[0, 0]);
            }
            0xe1 if data.starts_with(b"Exif\0\0") && !seen_exif => {
                seen_exif = true;
                orientation = orientation_of(data.get(6..)?);
            }
            0xe2 if data.starts_with(b"ICC_PROFILE\0") => {
                icc_parts.push((*data.get(12)?, data.get(14..)?.to_vec()));
                body.extend_from_slice(segment);
            }
            0xee if data.starts_with(b"Adobe") => body.extend_from_slice(&[&[0xff, 0xee, 0, 14], data.get(..12)?].concat()),
            0xe0..=0xef | 0xfe => {}
            // Frames, tables, restart interval, number of lines.
            0xc0..=0xcf | 0xdb | 0xdc | 0xdd => body.extend_from_slice(segment),
            0xda => {
                scans = scans.checked_add(1)?;
                body.extend_from_slice(segment);
                let end = scan_end(rest)?;
                body.extend_from_slice(rest.get(..end)?);
                rest = rest.get(end..)?;
            }
            _ => {}
        }
    }
    if scans == 0 {
        return None;
    }
    icc_parts.sort_by_key(|(number, _)| *number);
    let icc: Vec<u8> = icc_parts.into_iter().flat_map(|(_, part)| part).collect();
    let mut bytes = b"\xff\xd8".to_vec();
    if orientation != 1 {
        let exif = fresh_exif(orientation);
        bytes.extend_from_slice(&[0xff, 0xe1]);
        bytes.extend_from_slice(&u16::try_from(exif.len()).ok()?.checked_add(8)?.to_be_bytes());
        bytes.extend_from_slice(b"Exif\0\0");
        bytes.extend_from_slice(&exif);
    }
    bytes.extend_from_slice(&body);
    bytes.extend_from_slice(b"\xff\xd9");
    Some(Cleaned { bytes, orientation, frames: 1, icc: (!icc.is_empty()).then_some(icc) })
}

/// Where the entropy-coded bytes of a scan end: at the first marker that is no restart.
fn scan_end(data: &[u8]) -> Option<usize> {
    let mut at = 0_usize;
    loop {
        at = at.checked_add(data.get(at..)?.iter().position(|byte| *byte == 0xff)?)?;
        match data.get(at.checked_add(1)?)? {
            0 | 0xd0..=0xd7 => at = at.checked_add(2)?,
            0xff => at = at.checked_add(1)?,
            _ => return Some(at),
        }
    }
}

fn png(input: &[u8]) -> Option<Cleaned> {
    let mut rest = input.get(8..)?;
    let mut bytes = input.get(..8)?.to_vec();
    let (mut orientation, mut frames, mut idat) = (1, 1_u64, false);
    let mut late = Vec::new();
    loop {
        let length = usize::try_from(u32::from_be_bytes(rest.get(..4)?.try_into().ok()?)).ok()?;
        let kind = rest.get(4..8)?;
        let chunk = rest.get(..length.checked_add(12)?)?;
        let data = chunk.get(8..length.checked_add(8)?)?;
        rest = rest.get(chunk.len()..)?;
        match kind {
            b"IEND" => {
                late.extend_from_slice(chunk);
                break;
            }
            b"eXIf" => orientation = orientation_of(data),
            b"acTL" => {
                frames = u64::from(u32::from_be_bytes(data.get(..4)?.try_into().ok()?)).max(1);
                bytes.extend_from_slice(chunk);
            }
            b"iCCP" => {
                // The profile's name is free text.
                let name = data.iter().position(|byte| *byte == 0)?;
                bytes.extend_from_slice(&png_chunk(b"iCCP", &[b"ICC", data.get(name..)?].concat())?);
            }
            b"IHDR" | b"PLTE" | b"tRNS" | b"gAMA" | b"cHRM" | b"sRGB" | b"sBIT" | b"cICP" => bytes.extend_from_slice(chunk),
            b"IDAT" | b"fcTL" | b"fdAT" => {
                idat |= kind == b"IDAT";
                late.extend_from_slice(chunk);
            }
            _ => {}
        }
    }
    if !idat {
        return None;
    }
    if orientation != 1 {
        bytes.extend_from_slice(&png_chunk(b"eXIf", &fresh_exif(orientation))?);
    }
    bytes.extend_from_slice(&late);
    Some(Cleaned { bytes, orientation, frames, icc: None })
}

fn png_chunk(kind: &[u8; 4], data: &[u8]) -> Option<Vec<u8>> {
    let mut crc = u32::MAX;
    for byte in kind.iter().chain(data) {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    Some([&u32::try_from(data.len()).ok()?.to_be_bytes(), kind.as_slice(), data, &(!crc).to_be_bytes()].concat())
}

fn gif(input: &[u8]) -> Option<Cleaned> {
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 6_usize << (flags & 7) };
    let mut at = table(*input.get(10)?).checked_add(13)?;
    let mut bytes = input.get(..at)?.to_vec();
    let mut frames = 0_u64;
    loop {
        let start = at;
        let mut keep = true;
        match *input.get(at)? {
            0x3b => break,
            0x21 => {
                keep = match *input.get(at.checked_add(1)?)? {
                    0xf9 => true,
                    0xff => input.get(at.checked_add(3)?..)?.starts_with(b"NETSCAPE2.0"),
                    _ => false,
                };
                at = at.checked_add(2)?;
            }
            0x2c => {
                frames = frames.checked_add(1)?;
                at = at.checked_add(11)?.checked_add(table(*input.get(at.checked_add(9)?)?))?;
            }
            _ => return None,
        }
        loop {
            let length = usize::from(*input.get(at)?);
            at = at.checked_add(length)?.checked_add(1)?;
            if length == 0 {
                break;
            }
        }
        if keep {
            bytes.extend_from_slice(input.get(start..at)?);
        }
    }
    bytes.push(0x3b);
    (frames > 0).then_some(Cleaned { bytes, orientation: 1, frames, icc: None })
}

fn webp(input: &[u8]) -> Option<Cleaned> {
    let size = usize::try_from(u32::from_le_bytes(input.get(4..8)?.try_into().ok()?)).ok()?;
    let mut rest = input.get(12..size.checked_add(8)?)?;
    let mut body = b"WEBP".to_vec();
    let (mut frames, mut orientation, mut pixels) = (0_u64, 1, false);
    while !rest.is_empty() {
        let kind = rest.get(..4)?;
        let length = usize::try_from(u32::from_le_bytes(rest.get(4..8)?.try_into().ok()?)).ok()?;
        let data = rest.get(8..length.checked_add(8)?)?;
        let whole = length.checked_add(length & 1)?.checked_add(8)?.min(rest.len());
        let chunk = rest.get(..whole)?;
        rest = rest.get(whole..)?;
        match kind {
            b"VP8X" => {
                let from = body.len();
                body.extend_from_slice(chunk);
                // EXIF and XMP are announced in the flags.
                *body.get_mut(from.checked_add(8)?)? &= !0x0c;
            }
            b"EXIF" => orientation = orientation_of(data.strip_prefix(b"Exif\0\0").unwrap_or(data)),
            b"ANMF" => {
                pixels = true;
                frames = frames.checked_add(1)?;
                body.extend_from_slice(chunk);
            }
            b"VP8 " | b"VP8L" => {
                pixels = true;
                body.extend_from_slice(chunk);
            }
            b"ICCP" | b"ANIM" | b"ALPH" => body.extend_from_slice(chunk),
            _ => {}
        }
    }
    let bytes = [b"RIFF".as_slice(), &u32::try_from(body.len()).ok()?.to_le_bytes(), &body].concat();
    pixels.then_some(Cleaned { bytes, orientation, frames: frames.max(1), icc: None })
}
