//! Looking at a file: closely in the sandbox if it is a photo or a video, else byte by byte.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, Write as _};
use std::os::unix::fs::FileTypeExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use domain::{Fingerprint, Limits, MediaKind};
use futures_util::{Stream, StreamExt as _, stream};
use media::{Look, Sandbox, Sniffed};
use tempfile::TempDir;

/// Where files are looked at.
pub(super) struct Looker {
    sandbox: Sandbox,
    limits: Limits,
    /// Copies of files while they are looked at, which nobody else can read.
    dir: TempDir,
    at_once: usize,
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Photo,
    Animation,
    Video,
    Text,
    Other,
}

/// What came of looking at a file.
pub(super) struct Seen {
    pub(super) kind: Kind,
    pub(super) known: media::Known,
    /// Why no more than its digests is known: a stable word, and words for people.
    pub(super) problem: Option<(&'static str, String)>,
}

/// What is read of a file to find out what it is.
const PREFIX: u64 = 4_096;
/// A longer text is not looked at as words.
const LONGEST_TEXT: u64 = 64 << 20;

impl Kind {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Animation => "animation",
            Self::Video => "video",
            Self::Text => "text",
            Self::Other => "other",
        }
    }
}

impl Looker {
    /// One that looks at no more files at once than there are cores. What is looked at on one's own machine may be larger than what
    /// strangers may post.
    pub(super) fn new(sandbox: Sandbox, limits: &Limits) -> Result<Self> {
        let dir =
            tempfile::Builder::new().prefix("handbill-").tempdir().context("there is no room for copies of files; TMPDIR says where")?;
        let limits = Limits { file_bytes: u64::MAX, duration_seconds: LONGEST_VIDEO, ..limits.clone() };
        Ok(Self { sandbox, limits, dir, at_once: std::thread::available_parallelism().map_or(1, usize::from) })
    }

    /// Looks at files, and does something with each; answers stand in the order of the files.
    pub(super) fn each<'a, T>(
        &'a self,
        files: &'a [PathBuf],
        then: impl AsyncFn(Result<Seen>) -> T + 'a,
    ) -> impl Stream<Item = (&'a Path, T)> + Unpin {
        let then = std::rc::Rc::new(then);
        let one = move |(number, file): (usize, &'a PathBuf)| {
            let then = std::rc::Rc::clone(&then);
            async move { (file.as_path(), then(self.look(number, file).await).await) }
        };
        Box::pin(stream::iter(files.iter().enumerate()).map(one).buffered(self.at_once))
    }

    async fn look(&self, number: usize, path: &Path) -> Result<Seen> {
        let work = self.dir.path().join(number.to_string());
        let seen = self.look_in(&work, path).await;
        match tokio::fs::remove_dir_all(&work).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error).context("a copy could not be removed"),
            _ => seen,
        }
    }

    async fn look_in(&self, work: &Path, path: &Path) -> Result<Seen> {
        let (owned, into) = (path.to_owned(), work.join("in"));
        let begun = tokio::task::spawn_blocking(move || begin(&owned, &into)).await.context("the reader panicked")??;
        let (copy, kind) = match begun {
            Begun::Seen(seen) => return Ok(seen),
            Begun::Copied(copy, kind) => (copy, kind),
        };
        match media::look(&self.sandbox, &self.limits, work).await? {
            Look::Known(MediaKind::Animation, known) => Ok(Seen { kind: Kind::Animation, known, problem: None }),
            Look::Known(_, known) => Ok(Seen { kind, known, problem: None }),
            Look::Refused { problem, reason } => {
                let digests =
                    tokio::task::spawn_blocking(move || media::digests_of(File::open(copy)?)).await.context("the reader panicked")??;
                Ok(Seen { kind, known: only(digests), problem: Some((problem.as_str(), reason)) })
            }
        }
    }
}

/// In seconds: a day.
const LONGEST_VIDEO: u64 = 24 * 60 * 60;

/// How far the look at a file came without the sandbox.
enum Begun {
    /// It needs none.
    Seen(Seen),
    /// A copy for the sandbox is made.
    Copied(PathBuf, Kind),
}

fn begin(path: &Path, into: &Path) -> Result<Begun> {
    let mut file = File::open(path)?;
    let about = file.metadata()?;
    if about.is_dir() {
        bail!("is a directory");
    }
    if !about.is_file() && !about.file_type().is_fifo() {
        bail!("is neither a file nor a pipe");
    }
    let mut prefix = Vec::new();
    (&file).take(PREFIX).read_to_end(&mut prefix)?;
    match media::sniff(&prefix) {
        Ok(sniffed) => {
            std::fs::create_dir_all(into)?;
            let copy = into.join("input");
            let mut to = File::create_new(&copy)?;
            if about.is_file() {
                // Where the file system can, this takes no room.
                file.rewind()?;
            } else {
                to.write_all(&prefix)?;
            }
            io::copy(&mut file, &mut to).context("no copy of it can be made; TMPDIR says where")?;
            Ok(Begun::Copied(copy, if matches!(sniffed, Sniffed::Video(_)) { Kind::Video } else { Kind::Photo }))
        }
        Err(problem) => {
            let mut start = prefix;
            (&file).take(LONGEST_TEXT + 1 - PREFIX).read_to_end(&mut start)?;
            let mut known = only(media::digests_of(start.chain(&file))?);
            let seen = match words(&start).filter(|_| start.len() as u64 <= LONGEST_TEXT) {
                Some(words) => {
                    known.fingerprints.extend(app::words_known(&words));
                    Seen { kind: Kind::Text, known, problem: None }
                }
                None => Seen { kind: Kind::Other, known, problem: Some((problem.as_str(), "by its first bytes".to_owned())) },
            };
            Ok(Begun::Seen(seen))
        }
    }
}

/// The words of a text: UTF-8, or UTF-16 with its mark, without what no words hold.
fn words(bytes: &[u8]) -> Option<String> {
    let sixteen = |bytes: &[u8], of: fn([u8; 2]) -> u16| {
        let (units, rest) = bytes.as_chunks::<2>();
        String::from_utf16(&units.iter().map(|unit| of(*unit)).collect::<Vec<_>>()).ok().filter(|_| rest.is_empty())
    };
    let words = match bytes {
        [0xff, 0xfe, rest @ ..] => sixteen(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => sixteen(rest, u16::from_be_bytes)?,
        [0xef, 0xbb, 0xbf, rest @ ..] | rest => std::str::from_utf8(rest).ok()?.to_owned(),
    };
    let holds = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}');
    (!words.trim().is_empty() && !words.contains(holds)).then_some(words)
}

fn only(fingerprints: Vec<Fingerprint>) -> media::Known {
    media::Known { fingerprints, views: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_from_bytes_in_whatever_encoding() {
        for text in ["kites", "\u{feff}kites\r\n", "طائرة ورقية"] {
            assert_eq!(words(text.as_bytes()).as_deref(), Some(text.trim_start_matches('\u{feff}')));
            let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            assert_eq!(words(&[b"\xfe\xff", &*wide].concat()).as_deref(), Some(text));
        }
        for bytes in [&b""[..], b" \n", b"a\0b", b"\xff\xfe\x00", b"\xc3", b"\x7fELF"] {
            assert_eq!(words(bytes), None, "{bytes:?}");
        }
    }
}
