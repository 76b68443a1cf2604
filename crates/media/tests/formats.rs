//! What becomes of files of each format.

use std::process::Command;

use domain::{MediaKind, Problem};

use crate::{prepared, refused, run, sample, tag, work};

#[tokio::test]
async fn a_photo_comes_out_upright_and_without_what_identifies() {
    let work = work();
    let file = work.path().join("photo.jpg");
    sample("testsrc2=s=2000x1000 -frames:v 1", &file);
    tag(&file, &["-Orientation#=6", "-GPSLatitude=52.1", "-GPSLatitudeRef=N", "-Make=Maker", "-XMP:Creator=Someone", "-Comment=words"]);
    let mut bytes = std::fs::read(&file).unwrap();
    bytes.extend_from_slice(b"after the end");
    std::fs::write(work.path().join("in/input"), bytes).unwrap();
    let prepared = prepared(run(work.path()).await);
    assert_eq!((prepared.kind, prepared.width, prepared.height), (MediaKind::Photo, 1000, 2000));
    let names: Vec<&str> = prepared.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["original.jpg", "1000.webp", "1000.jpg", "800.webp", "800.jpg", "400.webp", "400.jpg"]);
    for file in &prepared.files {
        let found = Command::new("exiftool").args(["-j", "-G1", "-a"]).arg(&file.path).output().unwrap();
        let found = String::from_utf8_lossy(&found.stdout).into_owned();
        for word in ["GPS", "Maker", "Someone", "words", "XMP", "Trailer"] {
            assert!(!found.contains(word), "{word} in {}: {found}", file.name);
        }
    }
}

#[tokio::test]
async fn a_photo_cut_short_is_refused() {
    let work = work();
    let file = work.path().join("photo.jpg");
    sample("testsrc2=s=640x480 -frames:v 1", &file);
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(work.path().join("in/input"), bytes.get(..bytes.len() / 2).unwrap()).unwrap();
    assert_eq!(refused(run(work.path()).await), Problem::Corrupt);
}

#[tokio::test]
async fn films_are_cleaned_and_get_a_poster() {
    for (arguments, extension, made) in [
        (
            "testsrc2=s=320x240:d=2 -pix_fmt yuv420p -c:v libx264 -metadata location=+52.1+021.0/ -metadata artist=Someone",
            "mp4",
            "original.mp4",
        ),
        ("testsrc2=s=320x240:d=2 -pix_fmt yuv420p -c:v libvpx -metadata artist=Someone", "webm", "original.webm"),
        ("testsrc2=s=320x240:d=1 -c:v mpeg4 -metadata artist=Someone", "mkv", "original.mp4"),
    ] {
        let work = work();
        let file = work.path().join(format!("film.{extension}"));
        sample(arguments, &file);
        std::fs::rename(file, work.path().join("in/input")).unwrap();
        let prepared = prepared(run(work.path()).await);
        assert_eq!((prepared.kind, prepared.width, prepared.height), (MediaKind::Video, 320, 240));
        assert_eq!(prepared.files.first().unwrap().name, made);
        assert!(prepared.files.iter().any(|file| file.name == "poster-320.jpg"));
        let bytes = std::fs::read(&prepared.files.first().unwrap().path).unwrap();
        // A transcoded film names our own encoder, which says nothing about the poster.
        let encoder = if extension == "mp4" { "x264" } else { "Someone" };
        for word in ["Someone", "+52.1", encoder] {
            assert!(!bytes.windows(word.len()).any(|window| window == word.as_bytes()), "{word} in {made}");
        }
    }
}

#[tokio::test]
async fn rubbish_that_says_mp4_is_corrupt() {
    let work = work();
    std::fs::write(work.path().join("in/input"), b"\0\0\0\x18ftypisom rubbish and more rubbish").unwrap();
    assert_eq!(refused(run(work.path()).await), Problem::Corrupt);
}
