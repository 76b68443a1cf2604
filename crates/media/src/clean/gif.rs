//! GIF: blocks, each a row of sub-blocks.

use super::{Cleaned, Reader};
use domain::Problem;

pub(super) fn clean(input: &[u8]) -> Result<Cleaned, Problem> {
    let mut reader = Reader(input);
    let mut bytes = Vec::with_capacity(input.len());
    let head: [u8; 13] = reader.array()?;
    bytes.extend_from_slice(&head);
    let [.., flags, _, _] = head;
    bytes.extend_from_slice(reader.take(table(flags))?);
    let (mut frames, mut duration_ms) = (0_u64, 0_u64);
    // Some programs leave out the last byte: a file that ends between blocks is whole.
    while let Ok(kind) = reader.byte() {
        match kind {
            0x3b => break,
            // Stray terminators.
            0 => {}
            0x21 => {
                let label = reader.byte()?;
                let (first, rest) = sub_blocks(&mut reader)?;
                match label {
                    // Of each of the two that matter exactly the bytes that its meaning needs.
                    0xf9 if first.len() == 4 => {
                        let [_, low, high, _] = *first.first_chunk().ok_or(Problem::Corrupt)?;
                        duration_ms = duration_ms.saturating_add(u64::from(u16::from_le_bytes([low, high])).saturating_mul(10));
                        bytes.extend_from_slice(&[&[0x21, 0xf9, 4], first, &[0]].concat());
                    }
                    0xff if first == b"NETSCAPE2.0" || first == b"ANIMEXTS1.0" => {
                        if let [3, 1, low, high, ..] = *rest {
                            bytes.extend_from_slice(&[b"\x21\xff\x0bNETSCAPE2.0\x03\x01".as_slice(), &[low, high, 0]].concat());
                        }
                    }
                    _ => {}
                }
            }
            0x2c => {
                frames = frames.saturating_add(1);
                let place: [u8; 9] = reader.array()?;
                let [.., flags] = place;
                bytes.push(0x2c);
                bytes.extend_from_slice(&place);
                bytes.extend_from_slice(reader.take(table(flags))?);
                bytes.push(reader.byte()?);
                let from = reader.0;
                sub_blocks(&mut reader)?;
                let length = from.len().saturating_sub(reader.0.len());
                bytes.extend_from_slice(Reader(from).take(length)?);
            }
            _ => return Err(Problem::Corrupt),
        }
    }
    if frames == 0 {
        return Err(Problem::Corrupt);
    }
    bytes.push(0x3b);
    Ok(Cleaned { bytes, orientation: 1, frames, duration_ms, icc: None })
}

/// How many bytes a colour table takes.
fn table(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 6_usize << (flags & 7) }
}

/// Passes over a row of sub-blocks. Gives the first one's bytes, and everything after it.
fn sub_blocks<'a>(reader: &mut Reader<'a>) -> Result<(&'a [u8], &'a [u8]), Problem> {
    let mut first = None;
    loop {
        let length = reader.byte()?;
        let data = reader.take(usize::from(length))?;
        let (first, rest) = *first.get_or_insert((data, reader.0));
        if length == 0 {
            return Ok((first, rest));
        }
    }
}
