//! Lists of what others know: hashes of photos, videos and texts, links and domains.
//!
//! One a line, after the name of its kind, as python-threatexchange keeps them (`pdq HASH`, `text_tlsh T1…`, `url LINK`), or bare, where it can
//! be told what it is: 64 hexadecimal digits are a PDQ, 32 an MD5, T1 and 70 a TLSH; a link, a domain, the frames of a video in vPDQ's text
//! (`frame,quality,hash,seconds`) or JSON. Or a table (CSV): with a head that names `signal_type` and `signal` or `signal_str`, as `threatexchange
//! dataset -P --csv` writes it, in any order; without one the kind and the signal come first. Values in quotes may hold ends of lines.
//!
//! Lists come in chunks and may be gigabytes: only the line at hand is in memory. Ends of lines of all systems, a byte-order mark, empty lines, small and
//! capital digits, and comments from `#` on are no trouble. A line that does not read is told by its number, and the next one is read.

mod entry;

pub use entry::{ListError, Signal};

use std::collections::HashSet;

use csv_core::{ReadFieldResult, Reader as Csv};
use sha2::{Digest as _, Sha256};

use crate::lines::{Lines, TooLong};
use entry::{Kind, bare};

/// The longest line, and the longest entry of several lines, in bytes: the frames of some days of film.
pub const LONGEST: usize = 16 << 20;

/// Reads a list from chunks of any size.
#[derive(Debug)]
pub struct Reader {
    lines: Lines,
    rows: Rows,
}

/// What is known of the rows so far.
#[derive(Debug, Default)]
struct Rows {
    /// In which columns a table has what, once its head was read.
    table: Option<Columns>,
    /// Something was read already: what follows is no head.
    begun: bool,
    /// A row of a table whose quotes are still open, and the number of its first line.
    open: Option<(u64, Vec<u8>)>,
}

#[derive(Clone, Copy, Debug)]
struct Columns {
    kind: Option<usize>,
    signal: usize,
    category: Option<usize>,
}

/// A table without a head.
const HEADLESS: Columns = Columns { kind: Some(0), signal: 1, category: None };

impl Default for Reader {
    fn default() -> Self {
        Self { lines: Lines::new(LONGEST), rows: Rows::default() }
    }
}

impl Reader {
    /// Takes the next chunk; `each` is given the number of each line that holds something, from 1, and what it holds or what is wrong with it.
    pub fn feed(&mut self, chunk: &[u8], mut each: impl FnMut(u64, Result<Signal, ListError>)) {
        let rows = &mut self.rows;
        self.lines.feed(chunk, &mut |number, line| rows.line(number, line, &mut each));
    }

    /// The last line, if nothing ended it.
    pub fn finish(mut self, mut each: impl FnMut(u64, Result<Signal, ListError>)) {
        let rows = &mut self.rows;
        self.lines.finish(&mut |number, line| rows.line(number, line, &mut each));
        if let Some((number, _)) = self.rows.open {
            each(number, Err(ListError::Quotes));
        }
    }
}

impl Rows {
    fn line(&mut self, number: u64, line: Result<&[u8], TooLong>, each: &mut impl FnMut(u64, Result<Signal, ListError>)) {
        if let Some((first, mut row)) = self.open.take() {
            match line {
                Ok(line) if row.len() + line.len() < LONGEST => {
                    row.push(b'\n');
                    row.extend_from_slice(line);
                    if quotes_are_open(line) {
                        // They were open before: this line ends them.
                        self.row(first, &row, each);
                    } else {
                        self.open = Some((first, row));
                    }
                }
                Ok(_) | Err(TooLong) => each(first, Err(ListError::TooLong)),
            }
            return;
        }
        match line {
            Err(TooLong) => each(number, Err(ListError::TooLong)),
            Ok(line) if self.is_row(line) && quotes_are_open(line) => self.open = Some((number, line.to_vec())),
            Ok(line) => self.row(number, line, each),
        }
    }

    /// Whether a line is of a table, in which quotes mean something.
    fn is_row(&self, line: &[u8]) -> bool {
        let kind = line.split(|byte| *byte == b',').next().unwrap_or_default().trim_ascii();
        let kind = kind.strip_prefix(b"\"").and_then(|kind| kind.strip_suffix(b"\"")).unwrap_or(kind);
        self.table.is_some() || (kind.len() < line.len() && std::str::from_utf8(kind).is_ok_and(|kind| Kind::named(kind).is_some()))
    }

    fn row(&mut self, number: u64, line: &[u8], each: &mut impl FnMut(u64, Result<Signal, ListError>)) {
        let Ok(text) = std::str::from_utf8(line) else { return each(number, Err(ListError::NoText)) };
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            return;
        }
        if !std::mem::replace(&mut self.begun, true) {
            self.table = head(text);
            if self.table.is_some() {
                return;
            }
        }
        let read = if self.is_row(line) { of_table(self.table.unwrap_or(HEADLESS), text) } else { of_line(text) };
        each(number, read);
    }
}

/// An odd number of quotes: a value that began on this line does not end on it, or one that began before does.
fn quotes_are_open(line: &[u8]) -> bool {
    line.iter().filter(|byte| **byte == b'"').count() % 2 == 1
}

/// What names columns is of plain words, and says no kind before a space: that would be an entry, which may hold any words.
fn head(text: &str) -> Option<Columns> {
    let names: Vec<String> = values(text).iter().map(|name| name.trim().to_ascii_lowercase()).collect();
    let plain = |name: &String| name.chars().all(|c| c.is_alphanumeric() || "_- ".contains(c));
    if !names.iter().all(plain) || text.split_once(char::is_whitespace).is_some_and(|(first, _)| Kind::named(first).is_some()) {
        return None;
    }
    let place = |wanted: &[&str]| names.iter().position(|name| wanted.contains(&name.as_str()));
    Some(Columns {
        kind: place(&["signal_type", "type", "kind"]),
        signal: place(&["signal", "signal_str", "hash", "hash_digest", "indicator"])?,
        category: place(&["category", "status"]),
    })
}

fn of_table(columns: Columns, text: &str) -> Result<Signal, ListError> {
    let values = values(text);
    let value = |place: usize| values.get(place).map(|value| value.trim()).unwrap_or_default();
    if columns.category.is_some_and(|place| matches!(value(place), "NEGATIVE_CLASS" | "NON_MALICIOUS")) {
        return Err(ListError::Negative);
    }
    match columns.kind.map(value) {
        None | Some("") => bare(value(columns.signal)),
        Some(kind) => Kind::named(kind).ok_or_else(|| ListError::Kind(shown(kind)))?.read(value(columns.signal)),
    }
}

fn of_line(text: &str) -> Result<Signal, ListError> {
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    match Kind::named(first) {
        // Other people's words may hold a #, and so may links.
        Some(kind) if kind.is_text() => kind.read(rest.trim()),
        Some(kind) if kind.is_link() => kind.read(before_note(rest)),
        Some(kind) => kind.read(without_comment(rest)),
        None if rest.is_empty()
            || rest.trim_start().starts_with('#')
            || !first.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') =>
        {
            bare(without_comment(text))
        }
        None => Err(ListError::Kind(shown(first))),
    }
}

/// A `#` in a link is a part of it unless a space stands before it; in digits it never is.
fn without_comment(text: &str) -> &str {
    let text = before_note(text);
    match text.split_once('#') {
        Some((digits, _)) if digits.bytes().all(|byte| byte.is_ascii_alphanumeric()) => digits,
        _ => text,
    }
}

fn before_note(text: &str) -> &str {
    let end = text.find(" #").or_else(|| text.find("\t#")).unwrap_or(text.len());
    text[..end].trim()
}

/// The values of a row, without their quotes.
fn values(text: &str) -> Vec<String> {
    let (mut csv, mut input, mut all) = (Csv::new(), text.as_bytes(), Vec::new());
    let mut value = Vec::new();
    let mut buffer = [0; 1024];
    loop {
        let (result, read, written) = csv.read_field(input, &mut buffer);
        input = &input[read..];
        value.extend_from_slice(&buffer[..written]);
        match result {
            ReadFieldResult::Field { record_end } => {
                all.push(String::from_utf8_lossy(&value).into_owned());
                value.clear();
                if record_end {
                    return all;
                }
            }
            ReadFieldResult::End => return all,
            ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
        }
    }
}

/// The beginning of what does not read, to be told.
fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Of so many signals it is remembered that they came: some 140 MB.
const REMEMBERED: usize = 7 << 20;

/// Which signals came before. Sixteen bytes are kept of each, so that two different ones are taken for one less than once in 10^20. Of a list
/// of a gigabyte the first seven million are remembered; what comes again of the others is not told.
#[derive(Clone, Debug, Default)]
pub struct Seen(HashSet<u128>);

impl Seen {
    /// `true` if this one was not seen before.
    pub fn is_new(&mut self, signal: &Signal) -> bool {
        let digest = Sha256::digest([signal.kind().as_bytes(), b" ", signal.to_string().as_bytes()].concat());
        let digest = digest.iter().take(16).fold(0, |number, byte| number << 8 | u128::from(*byte));
        if self.0.len() < REMEMBERED { self.0.insert(digest) } else { !self.0.contains(&digest) }
    }
}

#[cfg(test)]
mod tests;
