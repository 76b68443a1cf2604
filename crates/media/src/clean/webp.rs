//! WebP: chunks in a RIFF, and for an animation chunks in each frame.

use super::{Cleaned, Reader, fresh_exif, icc, length_u32, orientation_of};
use domain::Problem;

/// What the header of an extended file announces.
mod flag {
    pub(super) const ANIMATION: u8 = 0x02;
    pub(super) const EXIF: u8 = 0x08;
    pub(super) const ALPHA: u8 = 0x10;
    pub(super) const PROFILE: u8 = 0x20;
}

pub(super) fn clean(input: &[u8]) -> Result<Cleaned, Problem> {
    let mut reader = Reader(input);
    if &reader.array()? != b"RIFF" {
        return Err(Problem::Corrupt);
    }
    let size = reader.le_u32()?;
    let mut reader = Reader(reader.take(size)?);
    if &reader.array()? != b"WEBP" {
        return Err(Problem::Corrupt);
    }
    let mut pixels = Vec::with_capacity(input.len());
    let (mut extended, mut animation, mut profile) = (None, None, None);
    let (mut frames, mut orientation, mut duration_ms, mut still) = (0_u64, 1, 0_u64, false);
    while !reader.is_empty() {
        let (kind, data) = chunk(&mut reader)?;
        match &kind {
            b"VP8X" => extended = Some(*data.first_chunk::<10>().ok_or(Problem::Corrupt)?),
            b"ICCP" => profile = icc::reduced(data),
            b"EXIF" => orientation = orientation_of(data.strip_prefix(b"Exif\0\0").unwrap_or(data)),
            b"ANIM" => animation = Some(*data.first_chunk::<6>().ok_or(Problem::Corrupt)?),
            b"ANMF" => {
                frames = frames.saturating_add(1);
                let (kept, lasts_ms) = frame(data)?;
                duration_ms = duration_ms.saturating_add(lasts_ms);
                push(&mut pixels, b"ANMF", &kept)?;
            }
            b"VP8 " | b"VP8L" if !still => {
                still = true;
                push(&mut pixels, &kind, data)?;
            }
            b"ALPH" if !still => push(&mut pixels, &kind, data)?,
            _ => {}
        }
    }
    if frames == 0 && !still {
        return Err(Problem::Corrupt);
    }
    let mut body = b"WEBP".to_vec();
    if let Some(mut header) = extended {
        let [flags, ..] = &mut header;
        *flags &= flag::ANIMATION | flag::ALPHA;
        *flags |= if profile.is_some() { flag::PROFILE } else { 0 };
        *flags |= if orientation == 1 { 0 } else { flag::EXIF };
        push(&mut body, b"VP8X", &header)?;
        if let Some(profile) = &profile {
            push(&mut body, b"ICCP", profile)?;
        }
        if let Some(animation) = animation {
            push(&mut body, b"ANIM", &animation)?;
        }
    } else {
        // Only the extended form knows of these.
        (profile, orientation) = (None, 1);
    }
    body.extend_from_slice(&pixels);
    if orientation != 1 {
        push(&mut body, b"EXIF", &fresh_exif(orientation))?;
    }
    let bytes = [b"RIFF", length_u32(body.len())?.to_le_bytes().as_slice(), &body].concat();
    Ok(Cleaned { bytes, orientation, frames: frames.max(1), duration_ms, icc: profile })
}

/// A frame of an animation, with its own pixels only, and how long it lasts.
fn frame(data: &[u8]) -> Result<(Vec<u8>, u64), Problem> {
    let mut reader = Reader(data);
    let place: [u8; 16] = reader.array()?;
    let [.., low, middle, high, _] = place;
    let mut kept = place.to_vec();
    while !reader.is_empty() {
        let (kind, data) = chunk(&mut reader)?;
        if matches!(&kind, b"ALPH" | b"VP8 " | b"VP8L") {
            push(&mut kept, &kind, data)?;
        }
    }
    Ok((kept, u64::from(u32::from_le_bytes([low, middle, high, 0]))))
}

fn chunk<'a>(reader: &mut Reader<'a>) -> Result<([u8; 4], &'a [u8]), Problem> {
    let kind = reader.array()?;
    let length = reader.le_u32()?;
    let data = reader.take(length)?;
    if length & 1 == 1 && !reader.is_empty() {
        reader.byte()?;
    }
    Ok((kind, data))
}

fn push(to: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) -> Result<(), Problem> {
    to.extend_from_slice(kind);
    to.extend_from_slice(&length_u32(data.len())?.to_le_bytes());
    to.extend_from_slice(data);
    if data.len() & 1 == 1 {
        to.push(0);
    }
    Ok(())
}
