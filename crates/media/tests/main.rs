//! Real files through the real child, behind the real walls.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod bad_input;
mod films;
mod heif;
mod known;
mod photos;
mod walls;

use std::path::Path;
use std::process::Command;

use domain::{Limits, Problem};
use media::{Outcome, Prepared, Sandbox, prepare};

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

fn ffmpeg(arguments: &str, path: &Path) {
    let status = Command::new("ffmpeg").args("-nostdin -v error -y".split(' ')).args(arguments.split_whitespace()).arg(path).status();
    assert!(status.unwrap().success(), "{arguments}");
}

/// A file made of one of ffmpeg's test sources.
fn sample(arguments: &str, path: &Path) {
    ffmpeg(&format!("-f lavfi -i {arguments}"), path);
}

fn tag(path: &Path, arguments: &[&str]) {
    let status = Command::new("exiftool").args(["-q", "-m", "-overwrite_original"]).args(arguments).arg(path).status().unwrap();
    assert!(status.success(), "{arguments:?}");
}

/// Everything that exiftool finds, as `Group:Name value`.
fn tags(path: &Path) -> Vec<String> {
    let found = Command::new("exiftool").args(["-G0", "-a", "-u", "-s", "-ee", "-api", "LargeFileSupport=1"]).arg(path).output().unwrap();
    let text = String::from_utf8_lossy(&found.stdout).into_owned();
    let line = |line: &str| {
        let (group, rest) = line.strip_prefix('[')?.split_once(']')?;
        let (name, value) = rest.split_once(':')?;
        Some(format!("{group}:{} {}", name.trim(), value.trim()))
    };
    text.lines().filter_map(line).collect()
}

fn holds(path: &Path, word: &str) -> bool {
    std::fs::read(path).unwrap().windows(word.len()).any(|window| window == word.as_bytes())
}

/// A digest of what ffmpeg decodes: equal for equal pictures (and, for a video, times).
fn pictures(path: &Path, stream: &str) -> String {
    let found = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-noautorotate", "-i"])
        .arg(path)
        .args(["-map", stream, "-f", "md5", "-"])
        .output()
        .unwrap();
    assert!(found.status.success() && !found.stdout.is_empty(), "{}", String::from_utf8_lossy(&found.stderr));
    String::from_utf8(found.stdout).unwrap()
}

async fn run(work: &Path) -> Outcome {
    prepare(&sandbox(), &Limits::default(), work, |_| {}).await.unwrap()
}

/// What becomes of a file.
async fn made_of(work: &Path, file: &Path) -> Prepared {
    std::fs::copy(file, work.join("in/input")).unwrap();
    prepared(run(work).await)
}

fn prepared(outcome: Outcome) -> Prepared {
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
