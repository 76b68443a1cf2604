//! Untrusted bytes become clean files: sniffed here, decoded only in a sandboxed child.

mod calls;
pub mod child;
mod clean;
mod decode;
mod fingerprint;
mod frames;
mod known;
mod photo;
mod pixels;
mod probe;
mod sandbox;
mod scrub;
mod sniff;
mod tools;
mod video;
mod walls;

use std::path::{Path, PathBuf};

use domain::{FileRole, Limits, MediaKind, Problem};
use sandbox::Failure;

pub use fingerprint::{VERSION_OF_KEYPOINTS, VERSION_OF_PDQ, digests_of};
pub use frames::VERSION_OF_FRAMES;
pub use known::{Known, View};
pub use sandbox::{Error, Policy, Report, Sandbox};
pub use sniff::{PhotoFormat, Sniffed, VideoFormat, sniff};
pub use tools::{Tools, landlock_version};

/// One file that was made.
#[derive(Clone, Debug)]
pub struct PreparedFile {
    /// What it is to the medium.
    pub role: FileRole,
    /// Its name, unique in the medium.
    pub name: String,
    /// What it is served as.
    pub content_type: &'static str,
    /// Where it lies.
    pub path: PathBuf,
    /// Its width.
    pub width: u32,
    /// Its height.
    pub height: u32,
}

/// A medium that can be shown.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// What it is.
    pub kind: MediaKind,
    /// Its width when upright.
    pub width: u32,
    /// Its height when upright.
    pub height: u32,
    /// How long it plays.
    pub duration_ms: Option<i64>,
    /// Its placeholder.
    pub thumbhash: Option<Vec<u8>>,
    /// Everything that was made.
    pub files: Vec<PreparedFile>,
    /// What it is known by.
    pub known: Known,
}

/// What became of an upload.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It can be shown.
    Prepared(Prepared),
    /// It cannot be taken.
    Refused {
        /// What the poster is told.
        problem: Problem,
        /// What the operator's log is told.
        reason: String,
    },
}

/// What was found out about a file that is not to be shown.
#[derive(Clone, Debug)]
pub enum Look {
    /// What it is, and what it is known by.
    Known(MediaKind, Known),
    /// It cannot be looked at.
    Refused {
        /// In short.
        problem: Problem,
        /// In words.
        reason: String,
    },
}

/// Finds out what `work/in/input` is known by: the same as if it were prepared, but for the digests of forms that nobody made.
///
/// # Errors
/// Only for trouble of our own.
pub async fn look(sandbox: &Sandbox, limits: &Limits, work: &Path) -> Result<Look, Error> {
    let result = match sniffed(limits, work).await? {
        Err(refused) => Err(refused),
        Ok(Sniffed::Photo(format)) => photo::look(sandbox, limits, work, format).await,
        Ok(Sniffed::Video(format)) => video::look(sandbox, limits, work, format).await.map(|known| (MediaKind::Video, known)),
    };
    match result {
        Ok((kind, known)) => Ok(Look::Known(kind, known)),
        Err(Failure::Refused(problem, reason)) => Ok(Look::Refused { problem, reason: sandbox::one_line(&reason) }),
        Err(Failure::Ours(error)) => Err(error),
    }
}

/// Prepares `work/in/input`; what it makes lies in `work/out`.
///
/// # Errors
/// Only for trouble of our own; a bad upload is an [`Outcome::Refused`].
pub async fn prepare(sandbox: &Sandbox, limits: &Limits, work: &Path, mut progress: impl FnMut(f64) + Send) -> Result<Outcome, Error> {
    let result = match sniffed(limits, work).await? {
        Err(refused) => Err(refused),
        Ok(Sniffed::Photo(format)) => photo::prepare(sandbox, limits, work, format).await,
        Ok(Sniffed::Video(format)) => video::prepare(sandbox, limits, work, format, &mut progress).await,
    };
    match result {
        Ok(prepared) => {
            progress(1.0);
            Ok(Outcome::Prepared(prepared))
        }
        Err(Failure::Refused(problem, reason)) => Ok(Outcome::Refused { problem, reason: sandbox::one_line(&reason) }),
        Err(Failure::Ours(error)) => Err(error),
    }
}

/// What the file is, by its size and its first bytes.
async fn sniffed(limits: &Limits, work: &Path) -> Result<Result<Sniffed, Failure>, Error> {
    use tokio::io::AsyncReadExt as _;
    let mut prefix = Vec::new();
    let input = tokio::fs::File::open(work.join("in/input")).await?;
    let size = input.metadata().await?.len();
    if size > limits.file_bytes {
        return Ok(Err(Failure::Refused(Problem::TooLarge, format!("{size} bytes"))));
    }
    input.take(4096).read_to_end(&mut prefix).await?;
    Ok(sniff(&prefix).map_err(|problem| Failure::Refused(problem, "by its first bytes".to_owned())))
}
