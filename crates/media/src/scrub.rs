//! Names that encoders write into the coded sound itself, where no container can leave them out.

use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom, Write as _};

/// FFmpeg's AAC (in a fill element), LAME's MP3 (in ancillary bits), FAAC's AAC. What follows is a version. With so many fixed
/// bytes none of them comes about by chance.
const NAMES: &[&[u8]] = &[b"Lavc", b"LAME3.", b"libfaac "];
const LONGEST: usize = 24;

/// Blanks each name and its version. The bytes are ones that a decoder passes over.
pub(crate) fn scrub(mut file: File) -> io::Result<()> {
    let (mut window, mut start) = (Vec::new(), 0_u64);
    loop {
        let ended = Read::by_ref(&mut file).take(1 << 20).read_to_end(&mut window)? == 0;
        // A name may lie across two reads: what could be one that is cut waits for the next.
        let passed = if ended { window.len() } else { window.len().saturating_sub(LONGEST) };
        for at in found(&window).into_iter().filter(|at| *at < passed) {
            let name = window.get_mut(at..).unwrap_or_default();
            let length = name_length(name);
            name.get_mut(..length).unwrap_or_default().fill(0);
            file.seek(SeekFrom::Start(start + at as u64))?;
            file.write_all(&vec![0; length])?;
        }
        if ended {
            return Ok(());
        }
        window.drain(..passed);
        start += passed as u64;
        file.seek(SeekFrom::Start(start + window.len() as u64))?;
    }
}

fn found(bytes: &[u8]) -> Vec<usize> {
    let initial = |(_, byte): &(usize, &u8)| matches!(**byte, b'L' | b'l');
    bytes.iter().enumerate().filter(initial).map(|(at, _)| at).filter(|at| name_length(bytes.get(*at..).unwrap_or_default()) > 0).collect()
}

/// How long the name at the beginning of `bytes` is with its version; 0 if there is none.
fn name_length(bytes: &[u8]) -> usize {
    let Some(name) = NAMES.iter().find(|name| bytes.starts_with(name)) else { return 0 };
    let version = bytes.iter().skip(name.len()).take(LONGEST - name.len()).take_while(|byte| matches!(byte, b'0'..=b'9' | b'.')).count();
    if version < 2 { 0 } else { name.len() + version }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_blanked_wherever_they_lie_and_nothing_else_is() {
        let mib = 1 << 20;
        for at in [0, 5, mib - 30, mib - 13, mib - 3, mib, mib + 1, 2 * mib - 4, 3 * mib - 20] {
            let mut bytes: Vec<u8> = (0..3 * mib).map(|number: usize| (number % 41) as u8).collect();
            bytes[at..at + 13].copy_from_slice(b"Lavc59.37.100");
            let mut expected = bytes.clone();
            expected[at..at + 13].fill(0);
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(&bytes).unwrap();
            file.rewind().unwrap();
            scrub(file.try_clone().unwrap()).unwrap();
            let mut after = Vec::new();
            file.rewind().unwrap();
            file.read_to_end(&mut after).unwrap();
            assert!(after == expected, "at {at}");
        }
        for (bytes, length) in [(b"LAME3.100UUU".as_slice(), 9), (b"LAMEness", 0), (b"Lavc", 0), (b"libfaac 1.28", 12), (b"", 0)] {
            assert_eq!(name_length(bytes), length, "{}", bytes.escape_ascii());
        }
    }
}
