//! What is posted: test cards, made here.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A small photo, `kite.jpg`.
pub(crate) fn photo(dir: &Path) -> PathBuf {
    let path = dir.join("kite.jpg");
    ffmpeg(&["-f", "lavfi", "-i", "testsrc2=s=320x240:d=1", "-frames:v", "1"], &path);
    path
}

/// A video of a second that plays, followed by `padding` bytes that a player skips.
pub(crate) fn film(dir: &Path, padding: u32) -> PathBuf {
    let path = dir.join("river.mp4");
    ffmpeg(&["-f", "lavfi", "-i", "testsrc2=s=320x240:d=1", "-c:v", "libx264"], &path);
    if padding > 0 {
        let mut file = std::fs::File::options().append(true).open(&path).expect("the film");
        file.write_all(&padding.to_be_bytes()).and_then(|()| file.write_all(b"free")).expect("a box");
        let length = file.metadata().expect("a size").len() + u64::from(padding) - 8;
        file.set_len(length).expect("a hole");
    }
    path
}

/// No photo and no video.
pub(crate) fn junk(dir: &Path) -> PathBuf {
    let path = dir.join("notes.bin");
    std::fs::write(&path, "these are only words").expect("a file");
    path
}

pub(crate) fn ffmpeg(arguments: &[&str], to: &Path) {
    let made = Command::new("ffmpeg").args(["-v", "error", "-y"]).args(arguments).arg(to).status().expect("ffmpeg");
    assert!(made.success());
}
