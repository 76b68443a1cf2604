//! Lists of signals as the field passes them on, read entry by entry, and written.
//!
//! What they look like is `likeness::list`'s business. A list is read once and never held, however long it is.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context as _, Result};
use domain::{Fingerprint, FingerprintKind};
use likeness::link::Link;
use likeness::list::{ListError, Seen, Signal};
use likeness::text::{Text, Tlsh};
use likeness::vpdq;

/// The most lines that are told one by one.
const TOLD: u64 = 20;
/// What is read at a time, in bytes.
const CHUNK: usize = 1 << 18;

/// A list that is being read. Lines that do not read, or stood there before, are told by their number and passed over.
pub(crate) struct Reader<R> {
    name: String,
    input: R,
    chunk: Vec<u8>,
    /// `None` once all is read.
    lines: Option<likeness::list::Reader>,
    entries: VecDeque<(u64, Result<Signal, ListError>)>,
    seen: Seen,
    wrong: u64,
    twice: u64,
}

impl Reader<Box<dyn Read + Send>> {
    /// A file; `-` is the standard input.
    pub(crate) fn open(list: &Path) -> Result<Self> {
        let name = list.display().to_string();
        let input: Box<dyn Read + Send> = if list.as_os_str() == "-" {
            Box::new(io::stdin())
        } else {
            let file = std::fs::File::open(list).with_context(|| format!("{name} cannot be read"))?;
            anyhow::ensure!(!file.metadata()?.is_dir(), "{name} is a directory, and no list");
            Box::new(file)
        };
        Ok(Self::new(name, input))
    }
}

impl<R: Read> Reader<R> {
    fn new(name: String, input: R) -> Self {
        let lines = Some(likeness::list::Reader::default());
        Self { name, input, chunk: vec![0; CHUNK], lines, entries: VecDeque::new(), seen: Seen::default(), wrong: 0, twice: 0 }
    }

    /// What people know it by.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// How many lines did not read.
    pub(crate) const fn wrong(&self) -> u64 {
        self.wrong
    }

    /// How many lines stood there before.
    pub(crate) const fn twice(&self) -> u64 {
        self.twice
    }

    /// The next signal and the number of its line, from 1.
    pub(crate) fn next(&mut self) -> Result<Option<(u64, Signal)>> {
        loop {
            let Some((line, entry)) = self.entries.pop_front() else {
                if self.read_on()? {
                    continue;
                }
                return Ok(None);
            };
            match entry {
                // A film may show the same twice.
                Ok(signal) if matches!(signal, Signal::Frame(..)) || self.seen.is_new(&signal) => return Ok(Some((line, signal))),
                Ok(_) => {
                    self.twice += 1;
                    self.tell(line, self.twice, &"stood there before");
                }
                Err(error) => {
                    self.wrong += 1;
                    self.tell(line, self.wrong, &error);
                }
            }
        }
    }

    /// `false` if there is no more.
    fn read_on(&mut self) -> Result<bool> {
        let Some(lines) = &mut self.lines else { return Ok(false) };
        let entries = &mut self.entries;
        let mut each = |line, entry| entries.push_back((line, entry));
        match self.input.read(&mut self.chunk) {
            Ok(0) => {
                if let Some(lines) = self.lines.take() {
                    lines.finish(each);
                }
            }
            Ok(count) => lines.feed(&self.chunk[..count], &mut each),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error).with_context(|| format!("{} cannot be read", self.name)),
        }
        Ok(true)
    }

    fn tell(&self, line: u64, count: u64, words: &dyn std::fmt::Display) {
        if count <= TOLD {
            eprintln!("handbill: {}: line {line}: {words}", self.name);
        }
    }

    /// Says how many lines were not told one by one.
    pub(crate) fn tell_rest(&self) {
        for (count, words) in [(self.wrong, "did not read"), (self.twice, "stood there before")] {
            if count > TOLD {
                eprintln!("handbill: {}: and {} more lines {words}", self.name, count - TOLD);
            }
        }
    }
}

/// The lines for a signal; nothing for what is never passed on.
pub(crate) fn lines(signal: &Fingerprint) -> Vec<String> {
    let each = |name: &str, size| signal.bytes.chunks_exact(size).map(|hash| format!("{name} {}", hex::encode(hash))).collect();
    let each_line = |name: &str| String::from_utf8_lossy(&signal.bytes).lines().map(|line| format!("{name}{line}")).collect();
    match signal.kind {
        FingerprintKind::Hashes => each("pdq", 32),
        FingerprintKind::Sha256 => each("sha256", 32),
        FingerprintKind::Md5 => each("md5", 16),
        FingerprintKind::VideoSha256 => each("video_sha256", 32),
        FingerprintKind::VideoMd5 => each("video_md5", 16),
        FingerprintKind::TextSha256 => each("text_sha256", 32),
        FingerprintKind::Urls => {
            let links = String::from_utf8_lossy(&signal.bytes);
            links.lines().filter_map(|link| Some(format!("url {}", link.parse::<Link>().ok()?.address()))).collect()
        }
        FingerprintKind::Domains => each_line("domain "),
        FingerprintKind::Tlsh | FingerprintKind::Tlshes => {
            let (rows, _) = signal.bytes.as_chunks();
            rows.iter().map(|row| format!("text_tlsh {}", Tlsh::from_bytes(*row))).collect()
        }
        FingerprintKind::Text => {
            let digests = Text::from_bytes(&signal.bytes);
            digests.iter().flat_map(Text::exact).map(|digest| format!("text_sha256 {}", hex::encode(digest))).collect()
        }
        FingerprintKind::Pdq => {
            let canonical = likeness::pdq::Readings::from_bytes(&signal.bytes).map(|readings| readings.canonical());
            let clear = canonical.filter(|pdq| pdq.quality >= likeness::pdq::MIN_QUALITY);
            clear.map(|pdq| format!("pdq {}", pdq.hash)).into_iter().collect()
        }
        FingerprintKind::Frames => {
            let frames = vpdq::from_bytes(&signal.bytes).filter(|frames| !frames.is_empty());
            frames.iter().map(|frames| format!("vpdq {}", vpdq::write_json(frames))).collect()
        }
        FingerprintKind::Keypoints | FingerprintKind::Links => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_passed_on_reads_back_and_descriptors_are_never_passed_on() {
        let signal = |kind, bytes: &[u8]| Fingerprint { kind, version: 1, bytes: bytes.to_vec() };
        let text = Text::of(["Kites over the harbour"]).expect("words");
        let frame = vpdq::Frame { hash: likeness::Hash([7; 4]), quality: 80, time_ms: 1500 };
        let film = vpdq::to_bytes(&[frame, vpdq::Frame { time_ms: 2500, ..frame }]);
        for (signal, many) in [
            (signal(FingerprintKind::Hashes, &std::array::from_fn::<u8, 64, _>(|at| at as u8)), 2),
            (signal(FingerprintKind::Md5, &[7; 16]), 1),
            (signal(FingerprintKind::Sha256, &std::array::from_fn::<u8, 64, _>(|at| at as u8)), 2),
            (signal(FingerprintKind::VideoMd5, &[7; 16]), 1),
            (signal(FingerprintKind::VideoSha256, &[7; 32]), 1),
            (signal(FingerprintKind::TextSha256, &[7; 32]), 1),
            (signal(FingerprintKind::Tlshes, &std::array::from_fn::<u8, 70, _>(|at| at as u8)), 2),
            (signal(FingerprintKind::Text, &text.to_bytes()), 1),
            (signal(FingerprintKind::Urls, b"kites.example/a?b=c\nkites.example"), 2),
            (signal(FingerprintKind::Domains, b"kites.example"), 1),
            (signal(FingerprintKind::Frames, &film), 1),
            (signal(FingerprintKind::Keypoints, &[7; 64]), 0),
        ] {
            let lines = lines(&signal);
            let text = lines.join("\n");
            let mut reader = Reader::new("a list".to_owned(), text.as_bytes());
            let mut back = Vec::new();
            while let Some((_, signal)) = reader.next().expect("it reads") {
                back.push(format!("{} {signal}", signal.kind()));
            }
            assert_eq!((back, reader.wrong(), reader.twice()), (lines, 0, 0));
            assert_eq!(text.lines().count(), many);
        }
    }

    #[test]
    fn lines_keep_their_numbers_whatever_stands_between_them() {
        let pdq = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22";
        let long = "x".repeat(3 * CHUNK);
        let text = format!("{pdq}\n{long}\n\nkites\nkites.example\r\n{}\nmd5 {}", pdq.to_uppercase(), &pdq[..32]);
        let mut list = Reader::new("a list".to_owned(), text.as_bytes());
        let mut numbers = Vec::new();
        while let Some((number, _)) = list.next().expect("it reads") {
            numbers.push(number);
        }
        assert_eq!((numbers, list.wrong(), list.twice()), (vec![1, 5, 7], 2, 1));
        let mut empty = Reader::new("none".to_owned(), &b""[..]);
        assert!(empty.next().expect("it reads").is_none());
    }
}
