//! Real files through the real child, behind the real walls.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod formats;
mod walls;

use std::path::Path;
use std::process::Command;

use domain::{Limits, Problem};
use media::{Outcome, Sandbox, prepare};

fn sandbox() -> Sandbox {
    // The tests may run as another user, with a copy of the child that it can reach.
    let child = std::env::var_os("MEDIA_TEST_CHILD").unwrap_or_else(|| env!("CARGO_BIN_EXE_media-test-child").into());
    Sandbox::new(child.into(), Vec::new())
}

fn work() -> tempfile::TempDir {
    let work = tempfile::tempdir().unwrap();
    std::fs::create_dir(work.path().join("in")).unwrap();
    work
}

fn sample(arguments: &str, path: &Path) {
    let status = Command::new("ffmpeg").args("-v error -y -f lavfi -i".split(' ')).args(arguments.split(' ')).arg(path).status().unwrap();
    assert!(status.success());
}

fn tag(path: &Path, arguments: &[&str]) {
    assert!(Command::new("exiftool").arg("-q").arg("-overwrite_original").args(arguments).arg(path).status().unwrap().success());
}

async fn run(work: &Path) -> Outcome {
    prepare(&sandbox(), &Limits::default(), work, |_| {}).await.unwrap()
}

fn prepared(outcome: Outcome) -> media::Prepared {
    match outcome {
        Outcome::Prepared(prepared) => prepared,
        Outcome::Refused { problem, reason } => panic!("{problem:?}: {reason}"),
    }
}

fn refused(outcome: Outcome) -> Problem {
    match outcome {
        Outcome::Prepared(_) => panic!("it was taken"),
        Outcome::Refused { problem, .. } => problem,
    }
}
