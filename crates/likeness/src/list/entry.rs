//! One entry of a list: which kinds there are, and how each is read.

use std::fmt;

use crate::link::{self, Link, LinkError};
use crate::text::{Tlsh, TlshError};
use crate::vpdq::{self, Frame, FrameError};
use crate::{Hash, HashError};

use super::shown;

/// Something that somebody knows.
#[derive(Clone, Debug, PartialEq)]
pub enum Signal {
    /// A photo, by its PDQ.
    Pdq(Hash),
    /// A file.
    Md5([u8; 16]),
    /// A file.
    Sha256([u8; 32]),
    /// A video, by its file.
    VideoMd5([u8; 16]),
    /// A video, by its file.
    VideoSha256([u8; 32]),
    /// A video, by its frames.
    Vpdq(Vec<Frame>),
    /// A frame of a video in vPDQ's text, of which each line is one; a number that is not larger than the one before begins another video.
    Frame(u64, Frame),
    /// A text, by its TLSH.
    Tlsh(Tlsh),
    /// A text, by what [`Text::exact`](crate::text::Text::exact) says of it.
    TextSha256([u8; 32]),
    /// A text itself.
    Text(String),
    /// A link.
    Url(Link),
    /// A domain, with all that is within it.
    Domain(String),
}

impl Signal {
    /// The name of its kind, as it stands in lists.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Pdq(_) => "pdq",
            Self::Md5(_) => "md5",
            Self::Sha256(_) => "sha256",
            Self::VideoMd5(_) => "video_md5",
            Self::VideoSha256(_) => "video_sha256",
            Self::Vpdq(_) | Self::Frame(..) => "vpdq",
            Self::Tlsh(_) => "text_tlsh",
            Self::TextSha256(_) => "text_sha256",
            Self::Text(_) => "raw_text",
            Self::Url(_) => "url",
            Self::Domain(_) => "domain",
        }
    }
}

/// The signal without its kind, as it stands in lists, except that a text of several lines needs a table.
impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hex = |f: &mut fmt::Formatter<'_>, bytes: &[u8]| bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"));
        match self {
            Self::Pdq(hash) => write!(f, "{hash}"),
            Self::Md5(digest) | Self::VideoMd5(digest) => hex(f, digest),
            Self::Sha256(digest) | Self::VideoSha256(digest) | Self::TextSha256(digest) => hex(f, digest),
            Self::Vpdq(frames) => f.write_str(&vpdq::write_json(frames)),
            Self::Frame(number, frame) => {
                let (seconds, thousandths) = (frame.time_ms / 1000, frame.time_ms % 1000);
                write!(f, "{number},{},{},{seconds}.{thousandths:03}", frame.quality, frame.hash)
            }
            Self::Tlsh(tlsh) => write!(f, "{tlsh}"),
            Self::Url(link) => f.write_str(&link.address()),
            Self::Text(text) | Self::Domain(text) => f.write_str(text),
        }
    }
}

/// What is wrong with an entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// The kind is none of those that can be compared here.
    #[error("{0:?} is no kind that is known here")]
    Kind(String),
    /// It is bare, and of no kind that can be told from it.
    #[error("neither a hash, a link, a domain nor the name of a kind: {0:?}")]
    Unknown(String),
    /// There is a kind and nothing else.
    #[error("there is nothing after {0}")]
    Nothing(&'static str),
    /// A digest has another length.
    #[error("{kind} has {need} hexadecimal digits, this has {have} characters")]
    Length {
        /// The kind.
        kind: &'static str,
        /// How many digits it has.
        need: usize,
        /// How many there are.
        have: usize,
    },
    /// It is no digit.
    #[error("{0:?} is no hexadecimal digit")]
    Digit(char),
    /// It is no PDQ.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// It is no frame of a video.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// It is no TLSH.
    #[error(transparent)]
    Tlsh(#[from] TlshError),
    /// It is no link or domain.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// Who passed it on says that it is a mistake.
    #[error("it is marked as a mistake, not as something to look for")]
    Negative,
    /// Quotes that begin here never end.
    #[error("the quotes that begin here do not end")]
    Quotes,
    /// It is too long.
    #[error("the line is too long")]
    TooLong,
    /// It is not UTF-8.
    #[error("the line is no text")]
    NoText,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Pdq,
    Md5,
    Sha256,
    VideoMd5,
    VideoSha256,
    Vpdq,
    Tlsh,
    TextSha256,
    Text,
    Url,
    Domain,
}

impl Kind {
    /// By the names of python-threatexchange, ThreatExchange and ours, in whatever case.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name.trim().to_ascii_lowercase().as_str() {
            "pdq" | "hash_pdq" => Self::Pdq,
            "md5" | "hash_md5" => Self::Md5,
            "video_md5" | "hash_video_md5" => Self::VideoMd5,
            "sha256" | "hash_sha256" => Self::Sha256,
            "video_sha256" | "hash_video_sha256" => Self::VideoSha256,
            "vpdq" => Self::Vpdq,
            "tlsh" | "text_tlsh" | "hash_text_tlsh" => Self::Tlsh,
            "text_sha256" => Self::TextSha256,
            "text" | "raw_text" | "text_string" => Self::Text,
            "url" | "uri" | "raw_uri" | "unclickable_url" => Self::Url,
            "domain" => Self::Domain,
            _ => return None,
        })
    }

    pub(super) const fn is_text(self) -> bool {
        matches!(self, Self::Text)
    }

    pub(super) const fn is_link(self) -> bool {
        matches!(self, Self::Url | Self::Domain)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Pdq => "pdq",
            Self::Md5 => "md5",
            Self::Sha256 => "sha256",
            Self::VideoMd5 => "video_md5",
            Self::VideoSha256 => "video_sha256",
            Self::Vpdq => "vpdq",
            Self::Tlsh => "text_tlsh",
            Self::TextSha256 => "text_sha256",
            Self::Text => "raw_text",
            Self::Url => "url",
            Self::Domain => "domain",
        }
    }

    pub(super) fn read(self, text: &str) -> Result<Signal, ListError> {
        if text.is_empty() {
            return Err(ListError::Nothing(self.name()));
        }
        Ok(match self {
            Self::Pdq => Signal::Pdq(text.parse()?),
            Self::Md5 => Signal::Md5(digest(self.name(), text)?),
            Self::Sha256 => Signal::Sha256(digest(self.name(), text)?),
            Self::VideoMd5 => Signal::VideoMd5(digest(self.name(), text)?),
            Self::VideoSha256 => Signal::VideoSha256(digest(self.name(), text)?),
            Self::TextSha256 => Signal::TextSha256(digest(self.name(), text)?),
            Self::Vpdq => video(text)?,
            Self::Tlsh => Signal::Tlsh(text.parse()?),
            Self::Text => Signal::Text(text.to_owned()),
            Self::Url => Signal::Url(text.parse()?),
            Self::Domain => Signal::Domain(link::domain(text)?),
        })
    }
}

/// Reads what stands without the name of its kind.
pub(super) fn bare(text: &str) -> Result<Signal, ListError> {
    let is_hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match text.len() {
        0 => Err(ListError::Unknown(String::new())),
        64 if is_hex => Kind::Pdq.read(text),
        32 if is_hex => Kind::Md5.read(text),
        70 | 72 if text.parse::<Tlsh>().is_ok() => Kind::Tlsh.read(text),
        // A number of digits that no hash here has is most likely a hash that lost some.
        24.. if is_hex => Err(HashError::Length(text.len()).into()),
        _ if text.starts_with('[') || text.split(',').count() == 4 => video(text),
        _ if text.contains("://") || text.contains('/') => Kind::Url.read(text),
        _ if text.contains('.') && !text.contains(char::is_whitespace) => Kind::Domain.read(text),
        _ => Err(ListError::Unknown(shown(text))),
    }
}

/// A video in JSON, or a frame in vPDQ's text.
fn video(text: &str) -> Result<Signal, ListError> {
    if text.starts_with('[') {
        return Ok(Signal::Vpdq(vpdq::read_json(text).map_err(|(_, error)| error)?));
    }
    let frame = vpdq::read_text(text).map_err(|(_, error)| error)?;
    let number = text.split(',').next().unwrap_or_default().trim().parse().map_err(|_| FrameError::Number(shown(text)))?;
    frame.into_iter().next().map(|frame| Signal::Frame(number, frame)).ok_or(ListError::Nothing("vpdq"))
}

fn digest<const N: usize>(kind: &'static str, text: &str) -> Result<[u8; N], ListError> {
    let have = text.chars().count();
    if have != 2 * N {
        return Err(ListError::Length { kind, need: 2 * N, have });
    }
    let mut bytes = [0; N];
    for (place, digit) in text.chars().enumerate() {
        let value = digit.to_digit(16).and_then(|value| u8::try_from(value).ok()).ok_or(ListError::Digit(digit))?;
        bytes[place / 2] |= if place % 2 == 0 { value << 4 } else { value };
    }
    Ok(bytes)
}
