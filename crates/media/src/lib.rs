//! Untrusted bytes become clean files: sniffed here, decoded only in a sandboxed child.

mod calls;
pub mod child;
mod clean;
mod decode;
mod fingerprint;
mod frames;
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

use domain::{FileRole, Fingerprint, Limits, MediaKind, Problem};

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
    pub fingerprints: Vec<Fingerprint>,
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
    /// What it is known by.
    Known(Vec<Fingerprint>),
    /// It cannot be looked at.
    Refused {
        /// In short.
        problem: Problem,
        /// In words.
        reason: String,
    },
}

/// Finds out what `work/in/input` is known by, the same as if it were prepared.
///
/// # Errors
/// Only for trouble of our own.
pub async fn look(sandbox: &Sandbox, limits: &Limits, work: &Path) -> Result<Look, Error> {
    Ok(match prepare(sandbox, limits, work, |_| {}).await? {
        Outcome::Prepared(prepared) => Look::Known(prepared.fingerprints),
        Outcome::Refused { problem, reason } => Look::Refused { problem, reason },
    })
}

/// Prepares `work/in/input`; what it makes lies in `work/out`.
///
/// # Errors
/// Only for trouble of our own; a bad upload is an [`Outcome::Refused`].
pub async fn prepare(sandbox: &Sandbox, limits: &Limits, work: &Path, mut progress: impl FnMut(f64) + Send) -> Result<Outcome, Error> {
    use tokio::io::AsyncReadExt as _;
    let mut prefix = Vec::new();
    let input = tokio::fs::File::open(work.join("in/input")).await?;
    let size = input.metadata().await?.len();
    if size > limits.file_bytes {
        return Ok(Outcome::Refused { problem: Problem::TooLarge, reason: format!("{size} bytes") });
    }
    input.take(4096).read_to_end(&mut prefix).await?;
    let result = match sniff(&prefix) {
        Err(problem) => Err(sandbox::Failure::Refused(problem, "by its first bytes".to_owned())),
        Ok(Sniffed::Photo(format)) => photo::prepare(sandbox, limits, work, format).await,
        Ok(Sniffed::Video(format)) => video::prepare(sandbox, limits, work, format, &mut progress).await,
    };
    match result {
        Ok(prepared) => {
            progress(1.0);
            Ok(Outcome::Prepared(prepared))
        }
        Err(sandbox::Failure::Refused(problem, reason)) => Ok(Outcome::Refused { problem, reason: sandbox::one_line(&reason) }),
        Err(sandbox::Failure::Ours(error)) => Err(error),
    }
}
