//! PNG and APNG: a row of named chunks.

use std::io::{Read as _, Write as _};

use super::{Cleaned, Reader, fresh_exif, icc, length_u32, orientation_of};
use domain::Problem;

/// Chunks that pixels or colours need, and how long each can be: one that is longer hides something.
const KEPT: &[(&[u8; 4], usize)] = &[(b"PLTE", 768), (b"tRNS", 256), (b"gAMA", 4), (b"cHRM", 32), (b"sRGB", 1), (b"sBIT", 4), (b"cICP", 4)];
const MOST_PROFILE_BYTES: u64 = 4 << 20;

pub(super) fn clean(input: &[u8]) -> Result<Cleaned, Problem> {
    let mut reader = Reader(input.strip_prefix(b"\x89PNG\r\n\x1a\n").ok_or(Problem::Corrupt)?);
    let mut head = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut pixels = Vec::with_capacity(input.len());
    let (mut orientation, mut frames, mut duration_ms) = (1, 0_u64, 0_u64);
    let (mut plays, mut profile, mut seen_pixels) = (None, None, false);
    loop {
        let length = Reader(reader.0).be_u32()?;
        let whole = reader.take(length.checked_add(12).ok_or(Problem::Corrupt)?)?;
        let mut inside = Reader(whole.get(4..).ok_or(Problem::Corrupt)?);
        let kind: [u8; 4] = inside.array()?;
        let data = inside.take(length)?;
        if head.len() == 8 && &kind != b"IHDR" {
            return Err(Problem::Corrupt);
        }
        match &kind {
            b"IEND" => break,
            b"IHDR" if length == 13 && head.len() == 8 => head.extend_from_slice(&chunk(b"IHDR", data)?),
            b"IHDR" => return Err(Problem::Corrupt),
            b"eXIf" => orientation = orientation_of(data),
            b"acTL" => plays = data.get(4..8).map(<[u8]>::to_vec),
            b"iCCP" if profile.is_none() => {
                profile = unpacked(data).and_then(|found| icc::reduced(&found));
                if let Some(profile) = &profile {
                    head.extend_from_slice(&chunk(b"iCCP", &packed(profile)?)?);
                }
            }
            b"IDAT" | b"fcTL" | b"fdAT" => {
                seen_pixels |= &kind == b"IDAT";
                if &kind == b"fcTL" {
                    frames = frames.saturating_add(1);
                    duration_ms = duration_ms.saturating_add(delay_ms(data)?);
                }
                pixels.extend_from_slice(whole);
            }
            _ if !seen_pixels && KEPT.iter().any(|(kept, most)| **kept == kind && length <= *most) => {
                head.extend_from_slice(whole);
            }
            _ => {}
        }
    }
    if !seen_pixels {
        return Err(Problem::Corrupt);
    }
    match plays {
        // How many frames there are is counted, not believed.
        Some(plays) if frames > 1 => {
            let count = u32::try_from(frames).map_err(|_| Problem::TooManyFrames)?;
            head.extend_from_slice(&chunk(b"acTL", &[count.to_be_bytes().as_slice(), &plays].concat())?);
        }
        Some(plays) => head.extend_from_slice(&chunk(b"acTL", &[&[0, 0, 0, 1], plays.as_slice()].concat())?),
        // Frames that nothing announces are not shown.
        None => frames = 1,
    }
    if orientation != 1 {
        head.extend_from_slice(&chunk(b"eXIf", &fresh_exif(orientation))?);
    }
    let bytes = [head, pixels, chunk(b"IEND", &[])?].concat();
    Ok(Cleaned { bytes, orientation, frames: frames.max(1), duration_ms, icc: profile })
}

fn delay_ms(frame: &[u8]) -> Result<u64, Problem> {
    let mut reader = Reader(frame.get(20..).ok_or(Problem::Corrupt)?);
    let (above, below) = (reader.be_u16()?, reader.be_u16()?);
    // The format's own rule: nothing below the line means hundredths.
    let below = if below == 0 { 100 } else { below };
    Ok(u64::try_from(above).unwrap_or(0).saturating_mul(1000).checked_div(u64::try_from(below).unwrap_or(1)).unwrap_or(0))
}

fn chunk(kind: &[u8; 4], data: &[u8]) -> Result<Vec<u8>, Problem> {
    let mut sum = flate2::Crc::new();
    sum.update(kind);
    sum.update(data);
    Ok([length_u32(data.len())?.to_be_bytes().as_slice(), kind, data, &sum.sum().to_be_bytes()].concat())
}

/// The profile out of an `iCCP` chunk: a name, a zero, the method, deflated bytes.
fn unpacked(data: &[u8]) -> Option<Vec<u8>> {
    let name = data.iter().position(|byte| *byte == 0)?;
    let deflated = data.get(name.checked_add(2)?..)?;
    let mut profile = Vec::new();
    flate2::read::ZlibDecoder::new(deflated).take(MOST_PROFILE_BYTES).read_to_end(&mut profile).ok()?;
    Some(profile)
}

fn packed(profile: &[u8]) -> Result<Vec<u8>, Problem> {
    let mut deflated = flate2::write::ZlibEncoder::new(b"ICC\0\0".to_vec(), flate2::Compression::default());
    deflated.write_all(profile).and_then(|()| deflated.finish()).map_err(|_| Problem::Failed)
}
