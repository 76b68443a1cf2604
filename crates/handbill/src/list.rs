//! Lists of hashes as the field passes them on: one a line, bare or after the name of its kind.
//!
//! `pdq HEX` is python-threatexchange's `local_file`; a bare hash of 64 digits is a PDQ, one of 32 an MD5. Empty lines and what
//! follows `#` are left out, and so are a byte order mark and the ends of lines of other systems. A CSV whose first two columns are
//! the kind and the hash reads the same way. A list is read once and never held, however long it is.

use std::collections::HashSet;
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use anyhow::{Context as _, Result};
use domain::FingerprintKind;

/// No line of a hash is as long as this, in bytes: what is longer is passed over.
const LONGEST_LINE: u64 = 4_096;
/// The most lines that are told one by one.
const TOLD: u64 = 20;

/// One hash.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Entry {
    pub(crate) kind: FingerprintKind,
    pub(crate) bytes: Vec<u8>,
}

/// A list that is being read. Lines that are no hash, or that stood there before, are told by their number and passed over.
pub(crate) struct Reader<R> {
    name: String,
    input: R,
    number: u64,
    wrong: u64,
    twice: u64,
    /// What was read, as 64 bits of each: that two of fifteen million are mistaken for one is as likely as 6 in a million.
    seen: HashSet<u64>,
    hasher: RandomState,
}

impl Reader<BufReader<Box<dyn Read + Send>>> {
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
        Ok(Self::new(name, BufReader::with_capacity(1 << 18, input)))
    }
}

impl<R: BufRead> Reader<R> {
    fn new(name: String, input: R) -> Self {
        Self { name, input, number: 0, wrong: 0, twice: 0, seen: HashSet::new(), hasher: RandomState::new() }
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

    /// The next hash and the number of its line, from 1.
    pub(crate) fn next(&mut self) -> Result<Option<(u64, Entry)>> {
        let mut line = Vec::new();
        loop {
            let whole = next_line(&mut self.input, &mut line).with_context(|| format!("{} cannot be read", self.name))?;
            let Some(whole) = whole else { return Ok(None) };
            self.number += 1;
            let read = if whole { read(&String::from_utf8_lossy(&line)) } else { Err("too long to be a hash".to_owned()) };
            match read {
                Ok(None) => {}
                Ok(Some(entry)) if self.seen.insert(self.hasher.hash_one(&entry)) => return Ok(Some((self.number, entry))),
                Ok(Some(_)) => {
                    self.twice += 1;
                    self.tell(self.twice, "stood there before");
                }
                Err(words) => {
                    self.wrong += 1;
                    self.tell(self.wrong, &words);
                }
            }
        }
    }

    fn tell(&self, count: u64, words: &str) {
        if count <= TOLD {
            eprintln!("handbill: {}: line {}: {words}", self.name, self.number);
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

/// `None` at the end, `false` for a line that is too long, of which nothing is kept.
fn next_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Option<bool>> {
    line.clear();
    let mut whole = true;
    loop {
        let count = input.by_ref().take(LONGEST_LINE).read_until(b'\n', line)?;
        if count == 0 && line.is_empty() && whole {
            return Ok(None);
        }
        if count == 0 || line.last() == Some(&b'\n') {
            return Ok(Some(whole));
        }
        if count as u64 == LONGEST_LINE {
            whole = false;
            line.clear();
        }
    }
}

/// Reads a line; `None`: there is nothing on it. The error says what is wrong with it.
fn read(line: &str) -> Result<Option<Entry>, String> {
    let line = line.trim_start_matches('\u{feff}');
    let line = line.split('#').next().unwrap_or_default();
    let mut words = line.split(|c: char| c.is_whitespace() || c == ',' || c == '"').filter(|word| !word.is_empty());
    let (Some(first), second) = (words.next(), words.next()) else { return Ok(None) };
    let named = match first.to_ascii_lowercase().as_str() {
        "pdq" => Some((FingerprintKind::Hashes, 32)),
        "sha256" | "video_sha256" => Some((FingerprintKind::Sha256, 32)),
        "md5" | "video_md5" => Some((FingerprintKind::Md5, 16)),
        // The head of a table.
        "signal_type" => return Ok(None),
        _ => None,
    };
    let (kind, size, digits) = match (named, second) {
        (Some((kind, size)), Some(digits)) => (kind, size, digits),
        (Some(_), None) => return Err(format!("{first} without a hash")),
        (None, _) if first.len() == 64 => (FingerprintKind::Hashes, 32, first),
        (None, _) if first.len() == 32 => (FingerprintKind::Md5, 16, first),
        (None, _) => return Err("neither a PDQ hash of 64 hexadecimal digits nor an MD5 of 32, nor a line such as `pdq HASH`".to_owned()),
    };
    let bytes = hex::decode(digits).map_err(|_| "not hexadecimal digits, or not an even number of them".to_owned())?;
    if bytes.len() != size {
        return Err(format!("{} digits, {} are needed", digits.len(), size * 2));
    }
    Ok(Some(Entry { kind, bytes }))
}

/// The lines for a signal; nothing for what is never passed on.
pub(crate) fn lines(signal: &domain::Fingerprint) -> Vec<String> {
    let each = |name: &str, size| signal.bytes.chunks_exact(size).map(|hash| format!("{name} {}", hex::encode(hash))).collect();
    match signal.kind {
        FingerprintKind::Hashes => each("pdq", 32),
        FingerprintKind::Sha256 => each("sha256", 32),
        FingerprintKind::Md5 => each("md5", 16),
        FingerprintKind::Pdq => {
            let canonical = likeness::pdq::Readings::from_bytes(&signal.bytes).map(|readings| readings.canonical());
            let clear = canonical.filter(|pdq| pdq.quality >= likeness::pdq::MIN_QUALITY);
            clear.map(|pdq| format!("pdq {}", pdq.hash)).into_iter().collect()
        }
        FingerprintKind::Keypoints | FingerprintKind::Frames | FingerprintKind::Text | FingerprintKind::Links => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PDQ: &str = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22";
    const MD5: &str = "d41d8cd98f00b204e9800998ecf8427e";

    fn kind(line: &str) -> Option<FingerprintKind> {
        read(line).expect("it reads").map(|entry| entry.kind)
    }

    #[test]
    fn a_list_may_be_bare_named_or_a_table_in_whatever_writing() {
        for line in [
            PDQ.to_owned(),
            format!("pdq {PDQ}"),
            format!("\u{feff}PDQ {}\r", PDQ.to_uppercase()),
            format!("\"pdq\",\"{PDQ}\",kites"),
            format!("  {PDQ} # a kite"),
        ] {
            assert_eq!(kind(&line), Some(FingerprintKind::Hashes), "{line}");
        }
        assert_eq!(kind(MD5), Some(FingerprintKind::Md5));
        assert_eq!(kind(&format!("video_md5 {MD5}")), Some(FingerprintKind::Md5));
        assert_eq!(kind(&format!("sha256 {PDQ}")), Some(FingerprintKind::Sha256));
        for nothing in ["", "\r", "# a comment", "signal_type,signal,tags"] {
            assert_eq!(kind(nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn what_is_no_hash_is_told_in_words() {
        for bad in ["kites", "pdq", &format!("pdq {MD5}"), &format!("md5 {PDQ}"), &PDQ.replace('f', "g"), &format!("pdq {}", &PDQ[1..])] {
            assert!(read(bad).is_err_and(|words| !words.is_empty()), "{bad}");
        }
    }

    #[test]
    fn what_is_passed_on_reads_back() {
        let entry = read(PDQ).expect("it reads").expect("a hash");
        let signal = domain::Fingerprint { kind: entry.kind, version: 1, bytes: [entry.bytes.clone(), entry.bytes.clone()].concat() };
        let written = lines(&signal);
        assert_eq!(written, vec![format!("pdq {PDQ}"); 2]);
        assert_eq!(read(&written[0]), Ok(Some(entry)));
        assert!(lines(&domain::Fingerprint { kind: FingerprintKind::Keypoints, ..signal }).is_empty(), "descriptors are never passed on");
    }

    #[test]
    fn lines_keep_their_numbers_whatever_stands_between_them() {
        let long = "x".repeat(3 * LONGEST_LINE as usize);
        let exact = "y".repeat(LONGEST_LINE as usize);
        let text = format!("{PDQ}\n{long}\n\n{exact}\n{MD5}\r\n{}\nkites\nmd5 {}", PDQ.to_uppercase(), MD5.replace('d', "e"));
        let mut list = Reader::new("a list".to_owned(), text.as_bytes());
        let mut numbers = Vec::new();
        while let Some((number, _)) = list.next().expect("it reads") {
            numbers.push(number);
        }
        assert_eq!((numbers, list.wrong(), list.twice()), (vec![1, 5, 8], 3, 1));
        let mut empty = Reader::new("none".to_owned(), &b""[..]);
        assert!(empty.next().expect("it reads").is_none());
    }
}
