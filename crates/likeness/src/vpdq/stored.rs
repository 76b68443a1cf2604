//! How frames are stored: 37 bytes each, quality, time in thousandths of a second (big end first), hash.

use super::Frame;
use crate::Hash;

/// The stored form. Times from 49 days on are stored as that.
#[must_use]
pub fn to_bytes(frames: &[Frame]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(frames.len() * RECORD);
    for frame in frames {
        bytes.push(frame.quality);
        bytes.extend(u32::try_from(frame.time_ms).unwrap_or(u32::MAX).to_be_bytes());
        bytes.extend(frame.hash.to_bytes());
    }
    bytes
}

/// Reads the stored form; `None` if it is not one.
#[must_use]
pub fn from_bytes(bytes: &[u8]) -> Option<Vec<Frame>> {
    let (records, []) = bytes.as_chunks::<RECORD>() else { return None };
    let frame = |[quality, a, b, c, d, hash @ ..]: &[u8; RECORD]| Frame {
        hash: Hash::from_bytes(*hash),
        quality: *quality,
        time_ms: u32::from_be_bytes([*a, *b, *c, *d]).into(),
    };
    Some(records.iter().map(frame).collect())
}

/// Bytes of a frame.
const RECORD: usize = 37;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_form_reads_back_and_nothing_else_is_one() {
        let frames: Vec<Frame> =
            (0..3).map(|i| Frame { hash: Hash([i, 2, 3, i << 60]), quality: 7 * i as u8, time_ms: 70_000 * i }).collect();
        let bytes = to_bytes(&frames);
        assert_eq!(from_bytes(&bytes), Some(frames.clone()));
        assert_eq!(from_bytes(&[]), Some(vec![]));
        assert_eq!(from_bytes(&bytes[1..]), None);
        let late = Frame { time_ms: u64::MAX, ..frames[0] };
        assert_eq!(from_bytes(&to_bytes(&[late])).map(|read| read[0].time_ms), Some(u32::MAX.into()));
    }
}
