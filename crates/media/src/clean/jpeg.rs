//! JPEG: a row of marked segments. Pixels need frames, tables and scans; colour needs JFIF, Adobe's marker and the profile.

use super::{Cleaned, Reader, fresh_exif, icc, orientation_of};
use domain::Problem;

/// A progressive picture has about ten. A small file of very many would decode for hours.
const MOST_SCANS: u32 = 100;

pub(super) fn clean(input: &[u8]) -> Result<Cleaned, Problem> {
    let mut reader = Reader(input.strip_prefix(b"\xff\xd8").ok_or(Problem::Corrupt)?);
    let mut body = Vec::with_capacity(input.len());
    let (mut jfif, mut adobe) = (Vec::new(), Vec::new());
    let mut icc_parts: Vec<(u8, &[u8])> = Vec::new();
    let (mut orientation, mut framed, mut scans) = (None, false, 0_u32);
    loop {
        let marker = next_marker(&mut reader)?;
        match marker {
            0xd9 => break,
            // These stand alone. Outside a scan they mean nothing.
            0x01 | 0xd0..=0xd7 => continue,
            0x00 | 0xd8 => return Err(Problem::Corrupt),
            _ => {}
        }
        let length = reader.be_u16()?;
        let data = reader.take(length.checked_sub(2).ok_or(Problem::Corrupt)?)?;
        match marker {
            0xe0 if data.starts_with(b"JFIF\0") && jfif.is_empty() => {
                // Version and density; its thumbnail goes.
                jfif = data.get(..12).map(|kept| segment(0xe0, &[kept, &[0, 0]].concat())).transpose()?.unwrap_or_default();
            }
            0xe1 if orientation.is_none() => orientation = data.strip_prefix(b"Exif\0\0").map(orientation_of),
            0xe2 => {
                if let Some([number, _count, part @ ..]) = data.strip_prefix(b"ICC_PROFILE\0") {
                    icc_parts.push((*number, part));
                }
            }
            // Which colours its three or four channels are.
            0xee if data.starts_with(b"Adobe") && adobe.is_empty() => {
                adobe = data.get(..12).map(|kept| segment(0xee, kept)).transpose()?.unwrap_or_default();
            }
            // Baseline, extended and progressive. Nothing on the web shows the other twelve kinds, nor more than 8 bits.
            0xc0..=0xc2 => {
                if framed || data.first() != Some(&8) {
                    return Err(if framed { Problem::Corrupt } else { Problem::Unsupported });
                }
                framed = true;
                body.extend_from_slice(&segment(marker, data)?);
            }
            0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => return Err(Problem::Unsupported),
            // Huffman tables, quantisation tables, number of lines, restart interval.
            0xc4 | 0xdb..=0xdd => body.extend_from_slice(&segment(marker, data)?),
            0xda => {
                scans = scans.saturating_add(1);
                if scans > MOST_SCANS {
                    return Err(Problem::TooDemanding);
                }
                body.extend_from_slice(&segment(marker, data)?);
                let end = scan_end(reader.0)?;
                body.extend_from_slice(reader.take(end)?);
            }
            _ => {}
        }
    }
    if scans == 0 || !framed {
        return Err(Problem::Corrupt);
    }
    icc_parts.sort_by_key(|(number, _)| *number);
    let icc = icc::reduced(&icc_parts.into_iter().map(|(_, part)| part).collect::<Vec<_>>().concat());
    let orientation = orientation.unwrap_or(1);
    let exif = if orientation == 1 { Vec::new() } else { segment(0xe1, &[b"Exif\0\0", fresh_exif(orientation).as_slice()].concat())? };
    let profile = icc.as_deref().map(icc_segments).unwrap_or_default();
    let bytes = [b"\xff\xd8", jfif.as_slice(), &exif, &profile, &adobe, &body, b"\xff\xd9"].concat();
    Ok(Cleaned { bytes, orientation, frames: 1, duration_ms: 0, icc })
}

/// Application segments that hold a colour profile.
pub(crate) fn icc_segments(icc: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let count = u8::try_from(icc.len().div_ceil(65_000)).unwrap_or(0);
    for (number, part) in (1..=count).zip(icc.chunks(65_000)) {
        out.extend(segment(0xe2, &[b"ICC_PROFILE\0", [number, count].as_slice(), part].concat()).unwrap_or_default());
    }
    out
}

fn segment(marker: u8, data: &[u8]) -> Result<Vec<u8>, Problem> {
    let length = u16::try_from(data.len().saturating_add(2)).map_err(|_| Problem::Failed)?;
    Ok([&[0xff, marker], length.to_be_bytes().as_slice(), data].concat())
}

/// Bytes between segments carry no pixels: they are passed over.
fn next_marker(reader: &mut Reader<'_>) -> Result<u8, Problem> {
    let at = reader.0.iter().position(|byte| *byte == 0xff).ok_or(Problem::Corrupt)?;
    reader.take(at)?;
    loop {
        match reader.byte()? {
            0xff => {}
            marker => return Ok(marker),
        }
    }
}

/// Where the entropy-coded bytes of a scan end: at the first marker that is no restart.
fn scan_end(data: &[u8]) -> Result<usize, Problem> {
    let mut at = 0_usize;
    loop {
        let ahead = data.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == 0xff)).ok_or(Problem::Corrupt)?;
        at = at.saturating_add(ahead);
        at = match data.get(at.saturating_add(1)).ok_or(Problem::Corrupt)? {
            0 | 0xd0..=0xd7 => at.saturating_add(2),
            0xff => at.saturating_add(1),
            _ => return Ok(at),
        };
    }
}
