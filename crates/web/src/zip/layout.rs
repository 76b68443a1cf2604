//! How a zip is laid out (PKWARE's APPNOTE 6.3.10) when it is written front to back: every checksum after its bytes (a data
//! descriptor), since it is not known before. Media are compressed already, so nothing is: deflate's stored blocks (RFC 1951, 3.2.4) hold
//! the bytes as they are, and say where they end, which who reads the zip front to back would not know of files that are only stored. So
//! the zip's size is known beforehand.

use domain::Time;

/// What does not fit into the first format's fields is said in ZIP64's; all ones there mean "look there".
const FULL: u64 = 0xffff_ffff;
/// Zips that need nothing newer are read by anything; ZIP64 came with 4.5.
const PLAIN: u16 = 20;
const ZIP64: u16 = 45;
/// The checksum and the sizes come after the bytes (bit 3); names are UTF-8 (bit 11).
const FLAGS: u16 = 1 << 3 | 1 << 11;
/// Made on Unix, so that a reader there finds an ordinary file that all may read.
const MADE_BY: u16 = 3 << 8 | ZIP64;
const ORDINARY_FILE: u32 = 0o100_644 << 16;
/// Deflate.
const METHOD: u16 = 8;
/// The longest stored block, and what stands before one: whether it is the last, its length, and that again with every bit turned.
const BLOCK: u64 = 0xffff;
const BLOCK_HEAD: u64 = 5;

/// One file in the zip.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Its name: no path, and safe on every system.
    pub(super) name: String,
    /// Its size, in bytes.
    pub(super) size: u64,
}

impl Entry {
    /// The size of its blocks.
    fn packed(&self) -> u64 {
        self.size + BLOCK_HEAD * self.size.div_ceil(BLOCK).max(1)
    }

    fn is_large(&self) -> bool {
        self.packed() >= FULL
    }

    /// Bytes of the file that stand `at` this place in it, in blocks.
    pub(super) fn pack(&self, at: u64, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len() + 32);
        let (mut at, mut rest) = (at, bytes);
        while !rest.is_empty() {
            let inside = at % BLOCK;
            if inside == 0 {
                self.begin_block(&mut out, at);
            }
            let room = usize::try_from(BLOCK - inside).unwrap_or(usize::MAX);
            let (now, later) = rest.split_at(room.min(rest.len()));
            out.extend_from_slice(now);
            (at, rest) = (at + now.len() as u64, later);
        }
        out
    }

    fn begin_block(&self, out: &mut Vec<u8>, at: u64) {
        let left = self.size.saturating_sub(at);
        let length = u16::try_from(left).unwrap_or(u16::MAX);
        out.push(u8::from(left <= BLOCK));
        out.put16(length).put16(!length);
    }
}

/// A zip's files, at one time, and where they lie.
#[derive(Debug)]
pub(super) struct Layout {
    entries: Vec<Entry>,
    time: Time,
}

impl Layout {
    pub(super) fn new(entries: Vec<Entry>, time: Time) -> Self {
        Self { entries, time }
    }

    /// The whole zip's size, in bytes.
    pub(super) fn size(&self) -> u64 {
        let crcs = vec![0; self.entries.len()];
        let files: u64 = self.entries.iter().map(|entry| self.whole(entry)).sum();
        files + self.directory(&crcs).len() as u64
    }

    /// The size of a file with what stands before and after it.
    fn whole(&self, entry: &Entry) -> u64 {
        let inside = if entry.size == 0 { 0 } else { entry.packed() };
        (self.head(entry).len() + tail(entry, 0).len()) as u64 + inside
    }

    /// What stands before a file's bytes.
    pub(super) fn head(&self, entry: &Entry) -> Vec<u8> {
        let large = entry.is_large();
        let mut extra = self.stamp();
        if large {
            // The descriptor's sizes have eight bytes if, and only if, this is here.
            extra.put16(1).put16(16).put64(0).put64(0);
        }
        let mut out = Vec::with_capacity(60 + entry.name.len());
        let size = if large { u32::MAX } else { 0 };
        out.put32(0x0403_4b50).put16(if large { ZIP64 } else { PLAIN }).put16(FLAGS).put16(METHOD).put32(dos(self.time));
        out.put32(0).put32(size).put32(size).put16(length(&entry.name)).put16(length(&extra));
        out.extend_from_slice(entry.name.as_bytes());
        out.extend_from_slice(&extra);
        out
    }

    /// What stands after all files: where they are, in the order in which they were written.
    pub(super) fn directory(&self, crcs: &[u32]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut at = 0;
        for (entry, crc) in self.entries.iter().zip(crcs) {
            self.record(&mut out, entry, *crc, at);
            at += self.whole(entry);
        }
        let (count, size) = (self.entries.len() as u64, out.len() as u64);
        if at >= FULL || count >= 0xffff {
            out.put32(0x0606_4b50).put64(44).put16(MADE_BY).put16(ZIP64).put32(0).put32(0).put64(count).put64(count).put64(size).put64(at);
            out.put32(0x0706_4b50).put32(0).put64(at + size).put32(1);
        }
        let few = u16::try_from(count).unwrap_or(u16::MAX);
        out.put32(0x0605_4b50).put16(0).put16(0).put16(few).put16(few).put32(short(size)).put32(short(at)).put16(0);
        out
    }

    fn record(&self, out: &mut Vec<u8>, entry: &Entry, crc: u32, at: u64) {
        let mut extra = self.stamp();
        let mut long = Vec::new();
        // Both or none, as the descriptor has it.
        let (mut size, mut packed) = (short(entry.size), short(entry.packed()));
        if entry.is_large() {
            long.put64(entry.size).put64(entry.packed());
            (size, packed) = (u32::MAX, u32::MAX);
        }
        if at >= FULL {
            long.put64(at);
        }
        if !long.is_empty() {
            extra.put16(1).put16(length(&long));
            extra.extend_from_slice(&long);
        }
        let needs = if long.is_empty() { PLAIN } else { ZIP64 };
        out.put32(0x0201_4b50).put16(MADE_BY).put16(needs).put16(FLAGS).put16(METHOD).put32(dos(self.time));
        out.put32(crc).put32(packed).put32(size).put16(length(&entry.name)).put16(length(&extra));
        out.put16(0).put16(0).put16(0).put32(ORDINARY_FILE).put32(short(at));
        out.extend_from_slice(entry.name.as_bytes());
        out.extend_from_slice(&extra);
    }

    /// The time in whole seconds UTC (Info-ZIP's "UT"): the older field knows neither odd seconds nor time zones.
    fn stamp(&self) -> Vec<u8> {
        let mut extra = Vec::with_capacity(9);
        let seconds = u32::try_from(self.time.0.div_euclid(1_000)).unwrap_or_default();
        extra.put16(0x5455).put16(5);
        extra.push(1);
        extra.put32(seconds);
        extra
    }
}

/// What stands after a file's bytes.
pub(super) fn tail(entry: &Entry, crc: u32) -> Vec<u8> {
    let mut out = Vec::with_capacity(29);
    if entry.size == 0 {
        entry.begin_block(&mut out, 0);
    }
    out.put32(0x0807_4b50).put32(crc);
    if entry.is_large() {
        out.put64(entry.packed()).put64(entry.size);
    } else {
        out.put32(short(entry.packed())).put32(short(entry.size));
    }
    out
}

/// All ones where it does not fit.
fn short(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// Of names and fields of ours, which are short.
fn length(bytes: impl AsRef<[u8]>) -> u16 {
    u16::try_from(bytes.as_ref().len()).unwrap_or(u16::MAX)
}

/// MS-DOS's time and date: from 1980, in steps of two seconds. UTC, for want of the reader's own zone.
fn dos(time: Time) -> u32 {
    const FIRST: u32 = 1 << 21 | 1 << 16;
    let Ok(moment) = jiff::Timestamp::from_second(time.0.div_euclid(1_000)) else { return FIRST };
    let moment = jiff::tz::TimeZone::UTC.to_datetime(moment);
    let part = |value: i8| u32::try_from(value).unwrap_or_default();
    let Some(year) = u32::try_from(moment.year()).ok().and_then(|year| year.checked_sub(1980)).filter(|year| *year < 128) else {
        return FIRST;
    };
    let day = year << 9 | part(moment.month()) << 5 | part(moment.day());
    let half_seconds = part(moment.second()) / 2;
    let instant = part(moment.hour()) << 11 | part(moment.minute()) << 5 | half_seconds;
    day << 16 | instant
}

/// Numbers as zips write them: little end first.
trait Put {
    fn put16(&mut self, value: u16) -> &mut Self;
    fn put32(&mut self, value: u32) -> &mut Self;
    fn put64(&mut self, value: u64) -> &mut Self;
}

impl Put for Vec<u8> {
    fn put16(&mut self, value: u16) -> &mut Self {
        self.extend_from_slice(&value.to_le_bytes());
        self
    }

    fn put32(&mut self, value: u32) -> &mut Self {
        self.extend_from_slice(&value.to_le_bytes());
        self
    }

    fn put64(&mut self, value: u64) -> &mut Self {
        self.extend_from_slice(&value.to_le_bytes());
        self
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Seek as _, SeekFrom, Write as _};

    use super::*;

    #[test]
    fn a_zip_of_more_than_four_gigabytes_is_as_long_as_was_said_and_others_read_it() {
        // Sparse: five gigabytes of zeros take no room. The checksum of zeros is a matter of patience, so only the directory is read.
        let entries = vec![
            Entry { name: "01 kite.mp4".into(), size: 5 << 30 },
            Entry { name: "02 طائرة.jpg".into(), size: 3 },
            Entry { name: "post.md".into(), size: 0 },
        ];
        let layout = Layout::new(entries.clone(), Time(1_795_487_400_000));
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        for entry in &entries {
            file.write_all(&layout.head(entry)).expect("a head");
            let inside = if entry.size == 0 { 0 } else { entry.packed() };
            file.seek(SeekFrom::Current(i64::try_from(inside).expect("a size"))).expect("a hole");
            file.write_all(&tail(entry, 0)).expect("a tail");
        }
        file.write_all(&layout.directory(&[0, 0, 0])).expect("a directory");
        assert_eq!(file.stream_position().expect("a place"), layout.size());
        let script = "import sys, zipfile\nfor i in zipfile.ZipFile(sys.argv[1]).infolist(): print(i.filename, i.file_size, *i.date_time)";
        let out = std::process::Command::new("python3").args(["-c", script]).arg(file.path()).output().expect("python3");
        let told = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
        assert!(
            told.contains("01 kite.mp4 5368709120 2026 11 24 2 30 0") && told.contains("02 طائرة.jpg 3 ") && told.contains("post.md 0 "),
            "{told}"
        );
    }

    #[test]
    fn blocks_are_the_same_however_the_bytes_come() {
        for size in [1_usize, 65_534, 65_535, 65_536, 131_070, 300_000] {
            let entry = Entry { name: "a".into(), size: size as u64 };
            let bytes: Vec<u8> = (0..size).map(|number| (number % 251) as u8).collect();
            let whole = entry.pack(0, &bytes);
            assert_eq!(whole.len() as u64, entry.packed());
            for piece in [1_000, 65_535, 262_144] {
                let pieces = bytes.chunks(piece).enumerate().flat_map(|(number, bytes)| entry.pack((number * piece) as u64, bytes));
                assert!(pieces.eq(whole.iter().copied()), "{size} in pieces of {piece}");
            }
            let mut read = Vec::new();
            std::io::Read::read_to_end(&mut flate2::read::DeflateDecoder::new(&whole[..]), &mut read).expect("deflate");
            assert_eq!(read, bytes);
        }
    }

    #[test]
    fn times_that_the_old_field_cannot_hold_become_its_first_day() {
        for time in [Time(0), Time(i64::MAX), Time(i64::MIN), Time(-1)] {
            assert_eq!(dos(time), 0x0021_0000);
        }
        assert_eq!(dos(Time(1_795_487_400_000)) >> 25, 46);
    }
}
