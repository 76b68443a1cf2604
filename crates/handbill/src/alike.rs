//! `handbill hash`, `compare` and `search`: what files are known by, and whether they are alike. They need no site.
//!
//! Files are looked at in the sandbox, as uploads are, as many at a time as there are cores; only digests, and whether something is
//! words, are found out here.

mod compare;
mod hash;
mod list;
mod look;
mod search;
mod walk;

use std::io::Write;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use base64::Engine as _;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Map, Value};
use tokio::signal::unix::{SignalKind, signal};

use crate::config::Config;
use crate::post::printable;
use crate::{Configuration, serve};
use look::Looker;

/// What every one of these commands takes.
#[derive(Args)]
struct Common {
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    configuration: Configuration,
}

/// What to hash.
#[derive(Args)]
#[command(after_help = HASH_EXAMPLES)]
pub(crate) struct HashArguments {
    /// Photos, videos and texts
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    common: Common,
}

const HASH_EXAMPLES: &str = "\
Examples:
  handbill hash kite.jpg
  handbill hash --json *.jpg | jq -r 'select(.pdq.quality >= 50) | \"pdq \" + .pdq.hash' > list
  handbill hash --json film.mp4 | jq .frames";

/// What to compare.
#[derive(Args)]
#[command(after_help = COMPARE_EXAMPLES)]
pub(crate) struct CompareArguments {
    /// One file
    a: PathBuf,
    /// The other
    b: PathBuf,
    #[command(flatten)]
    common: Common,
}

const COMPARE_EXAMPLES: &str = "\
Examples:
  handbill compare kite.jpg mirrored.png
  handbill compare film.mp4 still.jpg && echo 'the still is of that film'";

/// What to look for, and where.
#[derive(Args)]
#[command(after_help = SEARCH_EXAMPLES)]
pub(crate) struct SearchArguments {
    #[command(flatten)]
    among: Among,
    /// Photos, videos and texts that are looked for
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Matches that are told of each file, the best first
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    most: usize,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct Among {
    /// A list of hashes, one a line; `-` is the standard input
    #[arg(long, value_name = "HASHES")]
    list: Option<PathBuf>,
    /// A directory of photos, videos and texts, with all that is below it
    #[arg(long, value_name = "DIR")]
    known: Option<PathBuf>,
}

const SEARCH_EXAMPLES: &str = "\
Examples:
  handbill search --list hashes.txt kite.jpg
  handbill search --known ~/kites --json new/*.jpg | jq -c 'select(.matches != [])'
  zstdcat hashes.zst | handbill search --list - kite.jpg film.mp4";

/// `handbill hash …`
pub(crate) fn hash(arguments: &HashArguments) -> Result<ExitCode> {
    by_itself(&arguments.common, async |looker| hash::run(&looker, &arguments.files, arguments.common.json).await)
}

/// `handbill compare …`
pub(crate) fn compare(arguments: &CompareArguments) -> Result<ExitCode> {
    by_itself(&arguments.common, async |looker| compare::run(&looker, [&arguments.a, &arguments.b], arguments.common.json).await)
}

/// `handbill search …`
pub(crate) fn search(arguments: &SearchArguments) -> Result<ExitCode> {
    by_itself(&arguments.common, async |looker| {
        let out = search::Out { most: arguments.most.max(1), json: arguments.common.json };
        match (&arguments.among.list, &arguments.among.known) {
            (Some(list), _) => list::run(&looker, list, &arguments.files, out).await,
            (None, Some(known)) => search::run(&looker, known, &arguments.files, out).await,
            (None, None) => Ok(ExitCode::from(TROUBLE)),
        }
    })
}

const TROUBLE: u8 = 2;
/// What a shell says of a program that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

/// Does something without a site. Whatever ends it, no child goes on and no copy of a file is left.
fn by_itself(common: &Common, work: impl AsyncFnOnce(Looker) -> Result<ExitCode>) -> Result<ExitCode> {
    let config = Config::load(common.configuration.config.as_deref())?;
    let looker = Looker::new(serve::sandbox(&config), &config.limits)?;
    let runtime = serve::runtime()?;
    let done = runtime.block_on(async {
        let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        tokio::select! {
            done = work(looker) => done,
            _ = interrupt.recv() => Ok(ExitCode::from(INTERRUPTED)),
            _ = terminate.recv() => Ok(ExitCode::from(INTERRUPTED)),
        }
    });
    runtime.shutdown_background();
    done
}

/// A file's name for people.
fn shown(path: &Path) -> String {
    printable(&path.to_string_lossy())
}

/// Puts a file's name into an object. One that is no Unicode has its bytes beside it.
fn put_name(object: &mut Map<String, Value>, key: &str, path: &Path) {
    object.insert(key.to_owned(), path.to_string_lossy().into());
    if path.to_str().is_none() {
        let bytes = base64::engine::general_purpose::STANDARD.encode(path.as_os_str().as_bytes());
        object.insert(format!("{key}_base64"), bytes.into());
    }
}

/// Rounded to what it is worth.
fn rounded(confidence: f64) -> f64 {
    (confidence * 10_000.0).round() / 10_000.0
}

/// How far the work is; shown where somebody looks.
struct Bar(ProgressBar);

impl Bar {
    fn new(what: &'static str, files: usize) -> Self {
        let bar = ProgressBar::new(files as u64);
        if let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {human_pos} of {human_len} {elapsed} {eta:>4}") {
            bar.set_style(style);
        }
        bar.set_message(what);
        // One long film gives no other sign of life.
        bar.enable_steady_tick(Duration::from_secs(1));
        Self(bar)
    }

    /// For a list of which nobody knows how long it is.
    fn of_lines() -> Self {
        let bar = ProgressBar::no_length();
        if let Ok(style) = ProgressStyle::with_template("looking up {spinner} {human_pos} lines {elapsed}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_secs(1));
        Self(bar)
    }

    fn at(&self, position: u64) {
        self.0.set_position(position);
    }

    fn step(&self) {
        self.0.inc(1);
    }

    /// Words for people, between two pictures of the bar.
    fn say(&self, words: &str) {
        self.0.suspend(|| eprintln!("handbill: {words}"));
    }

    /// Something else that may say words.
    fn quietly(&self, say: impl FnOnce()) {
        self.0.suspend(say);
    }

    /// A line of the result, likewise.
    fn print(&self, line: &str) -> Result<()> {
        self.0.suspend(|| writeln!(std::io::stdout().lock(), "{line}")).map_err(Into::into)
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
