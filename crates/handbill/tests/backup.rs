//! `handbill backup` and `handbill restore`: the program itself, beside a site that runs.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;
use std::time::Duration;

use crate::material::photo;
use crate::site::{Site, handbill, run, said, until};

const SOON: Duration = Duration::from_secs(30);

#[test]
fn a_site_that_runs_is_backed_up_and_served_again_elsewhere() {
    let site = Site::start();
    let (link, manage) = site.post(&[photo(site.dir.path()).to_str().expect("a path"), "--title", "Kites"]);
    until("the photo is ready", SOON, || site.get(&format!("{link}.json")).body.contains("\"state\":\"live\""));
    let (data, dir) = (site.data(), tempfile::tempdir().expect("a directory"));
    let data = data.to_str().expect("a path");
    let archive = dir.path().join("site.tar");
    let file = archive.to_str().expect("a path");
    let (code, out, err) = run(&["backup", file, "--data", data]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert!(err.contains("1 posts"), "{err}");
    assert_eq!(archive.metadata().expect("it is there").permissions().mode() & 0o777, 0o600, "others can read it");
    let (code, _, err) = run(&["backup", file, "--data", data]);
    assert!(code == 2 && err.contains("is there already"), "{err}");
    let piped = handbill(&["backup", "-", "--data", data]).output().expect("it starts");
    assert!(piped.status.success());
    // Any tar reads it.
    let listed = std::process::Command::new("tar").arg("-tf").arg(&archive).output().expect("tar");
    let (code, listed, err) = said(&listed);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(listed.starts_with("handbill-backup.json\n") && listed.ends_with("end.json\n"), "{listed}");

    let (code, _, err) = run(&["restore", file, "--data", data]);
    assert!(code == 2 && err.contains("is being served"), "{err}");
    let elsewhere = dir.path().join("data");
    let place = ["--data", elsewhere.to_str().expect("a path")];
    // Cut off on its way through a pipe.
    let mut cut = handbill(&["restore", "-"]).args(place).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let half = &piped.stdout[..piped.stdout.len() / 2];
    std::io::Write::write_all(cut.stdin.as_mut().expect("a pipe"), half).expect("it reads");
    let (code, _, err) = said(&cut.wait_with_output().expect("it ends"));
    assert!(code == 2 && err.contains("the archive is cut off"), "{err}");
    assert!(!elsewhere.exists(), "it left something behind");
    let (code, _, err) = run(&[&["restore", file], &place[..]].concat());
    assert_eq!(code, 0, "{err}");
    let (code, _, err) = run(&[&["restore", file], &place[..]].concat());
    assert!(code == 2 && err.contains("not empty"), "{err}");
    drop(site);
    let again = Site::start_in(dir, &[], &[]);
    let page = again.get(&link);
    assert!(page.status == 200 && page.body.contains("Kites"), "{}", page.body);
    let address = page.body.split("/m/").nth(1).and_then(|rest| rest.split(['"', ' ']).next()).expect("a photo");
    assert_eq!(again.get(&format!("/m/{address}")).status, 200);
    assert_eq!(again.get(&manage).status, 200, "the manage link is lost");
}

#[test]
fn a_place_without_a_site_is_no_site() {
    let dir = tempfile::tempdir().expect("a directory");
    let place = dir.path().join("nothing");
    let file = dir.path().join("site.tar");
    let (code, _, err) = run(&["backup", file.to_str().expect("a path"), "--data", place.to_str().expect("a path")]);
    assert!(code == 2 && err.contains("there is no site"), "{err}");
    assert!(!file.exists() && !place.exists(), "it left something behind");
}

#[test]
fn a_restore_that_fails_leaves_a_place_as_it_was() {
    let dir = tempfile::tempdir().expect("a directory");
    let torn = dir.path().join("torn.tar");
    std::fs::write(&torn, b"no archive").expect("a file");
    let fails = |place: &std::path::Path| {
        let (code, _, err) = run(&["restore", torn.to_str().expect("a path"), "--data", place.to_str().expect("a path")]);
        assert!(code == 2 && err.contains("nothing was restored"), "{err}");
    };
    let names = |place: &std::path::Path| {
        let mut names: Vec<_> = std::fs::read_dir(place).expect("it is there").map(|entry| entry.expect("an entry").file_name()).collect();
        names.sort();
        names
    };
    // Nothing of it was there.
    fails(&dir.path().join("new/data"));
    assert_eq!(names(dir.path()), ["torn.tar"]);
    // A part of it was.
    let place = dir.path().join("own");
    std::fs::create_dir_all(place.join("objects")).expect("a directory");
    std::fs::write(place.join("notes"), "mine").expect("a file");
    fails(&place);
    assert_eq!((names(&place), names(&place.join("objects"))), (vec!["notes".into(), "objects".into()], Vec::new()));
    std::fs::write(place.join("serve.lock"), "").expect("a file");
    fails(&place);
    assert_eq!(names(&place), ["notes", "objects", "serve.lock"]);
}
