//! `handbill evidence`: keys, lists, and opening what a site has sealed, beside Debian's `age`.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use app::Decided;
use domain::{RawDecision, RawNotice};
use store::Subject;
use testkit::TestSite;
use testkit::site::{Part, mosaic};

use crate::site::{files, handbill, run, said};

fn text(path: &Path) -> &str {
    path.to_str().expect("a path")
}

/// A key made by `handbill evidence keygen`: the file of its identity, and its recipient.
fn key(folder: &Path) -> (PathBuf, String) {
    let identity = folder.join("identity");
    let (code, out, err) = run(&["evidence", "keygen", text(&identity)]);
    assert!(code == 0 && err.contains("take it off this machine") && !err.contains("SECRET"), "{err}");
    (identity, out.trim().to_owned())
}

/// A site that has sealed one photo, and the decision that removed it.
async fn sealed(recipients: &[&str], category: &str) -> (TestSite, String) {
    let recipients = recipients.iter().map(|text| text.parse().expect("a recipient")).collect();
    let site = TestSite::with(|parts| parts.evidence = recipients).await.expect("a site");
    let kite = mosaic(300, 200, 1).expect("a picture");
    let (status, lines) = site.post(&[Part::Field("text", "A forbidden kite"), Part::File("kite.png", &kite)]).await.expect("it answers");
    assert_eq!(status, 201);
    site.run_jobs().await.expect("its jobs are done");
    let post_id = domain::PostId::parse(lines[0].rsplit('/').next().expect("a link")).expect("an id");
    let subject = Subject { post_id, media_id: None };
    let notice = RawNotice {
        category: Some(category.into()),
        explanation: Some("It is forbidden.".into()),
        good_faith: Some("on".into()),
        ..RawNotice::default()
    };
    let notice = notice.check().expect("it is whole");
    site.site.give_notice(&[subject], &notice, None).await.expect("it is taken").expect("it stands");
    let (queue, _) = site.site.queue(9).await.expect("a queue");
    let decision = RawDecision {
        action: Some("remove".into()),
        ground: Some("law".into()),
        reference: Some("The law of kites, 3".into()),
        facts: Some("It is forbidden.".into()),
        ..RawDecision::default()
    };
    let decided = site.site.decide(None, &queue[0].case.id, decision.check().expect("it is whole"), false).await;
    let Ok(Decided::Done(id, _)) = decided else { panic!("{decided:?}") };
    site.run_jobs().await.expect("its jobs are done");
    (site, id.to_string())
}

#[test]
fn a_key_is_made_once_for_its_owner_alone_and_age_reads_it() {
    let folder = tempfile::tempdir().expect("a directory");
    let (identity, recipient) = key(folder.path());
    assert_eq!(std::fs::metadata(&identity).expect("it is there").permissions().mode() & 0o777, 0o600);
    let before = std::fs::read(&identity).expect("it reads");
    let (code, out, err) = run(&["evidence", "keygen", text(&identity)]);
    assert!(code == 2 && out.is_empty() && err.contains("cannot be made"), "{err}");
    assert_eq!(std::fs::read(&identity).expect("it reads"), before, "a key was written over");
    let read = Command::new("age-keygen").arg("-y").arg(&identity).output().expect("Debian's package `age`");
    assert_eq!(String::from_utf8_lossy(&read.stdout).trim(), recipient);
}

#[test]
fn a_recipient_that_is_none_stops_the_start_with_words_and_its_line() {
    let folder = tempfile::tempdir().expect("a directory");
    let config = folder.path().join("config.toml");
    std::fs::write(&config, "[site]\nname = \"Kites\"\n\n[evidence]\nrecipients = [\"age1kite\"]\n").expect("it is written");
    let (code, out, err) = run(&["serve", "--config", text(&config)]);
    assert!(code == 2 && out.is_empty(), "{out}");
    assert!(err.contains("config.toml") && err.contains("line 5") && err.contains("this is no age recipient"), "{err}");
    let environment = ("HANDBILL__EVIDENCE__RECIPIENTS", "ola@kites.example");
    let (code, _, err) = said(&handbill(&["serve"]).envs([environment]).output().expect("it starts"));
    assert!(code == 2 && err.contains("HANDBILL__EVIDENCE__RECIPIENTS") && err.contains("this is no age recipient"), "{err}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_site_has_sealed_is_listed_saved_and_opened_by_either_of_two_keys() {
    let folder = tempfile::tempdir().expect("a directory");
    let (other, at) = (folder.path().join("other"), |name: &str| folder.path().join(name));
    std::fs::create_dir(&other).expect("a directory");
    let ((mine, first), (hers, second)) = (key(folder.path()), key(&other));
    let (site, id) = sealed(&[&first, &second], "violence").await;
    let data = text(site.dir()).to_owned();
    let (code, out, err) = run(&["evidence", "list", "--json", "--data", &data]);
    let line: serde_json::Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out} {err}"));
    assert!(code == 0 && line["id"] == id.as_str() && line["holds"] == 1 && line["category"] == "violence", "{line}");
    assert_eq!(line["recipients"], serde_json::json!([first, second]));
    assert!(line["until"].as_str().is_some() && line["destroyed"].is_null(), "{line}");
    let (code, out, _) = run(&["evidence", "list", "--data", &data]);
    assert!(code == 0 && out.starts_with(&id) && out.contains("kept until"), "{out}");

    // Taken out still sealed, it needs no site; Debian's age opens the same.
    let saved = at("saved.age");
    let (code, _, err) = run(&["evidence", "save", &id, "--output", text(&saved), "--data", &data]);
    assert_eq!(code, 0, "{err}");
    let (code, _, err) = run(&["evidence", "save", &id, "--output", text(&saved), "--data", &data]);
    assert!(code == 2 && err.contains("cannot be made"), "{err}");
    let age = Command::new("age").arg("-d").arg("-i").arg(&hers).arg(&saved).output().expect("Debian's package `age`");
    assert!(age.status.success(), "{}", String::from_utf8_lossy(&age.stderr));
    let plain = at("plain.tar");
    std::fs::write(&plain, &age.stdout).expect("it is written");
    let names = Command::new("tar").arg("-tf").arg(&plain).output().expect("tar");
    let names: BTreeSet<String> = String::from_utf8_lossy(&names.stdout).lines().map(str::to_owned).collect();

    for (number, (identity, what)) in [(&mine, id.as_str()), (&hers, text(&saved))].into_iter().enumerate() {
        let to = at(&format!("opened-{number}"));
        let open = ["evidence", "open", what, "--identity", text(identity), "--output", text(&to), "--data", &data];
        let (code, out, err) = run(&open);
        assert!(code == 0 && err.contains("hashes hold"), "{err}");
        assert_eq!(out.lines().count() + 1, names.len());
        let written: BTreeSet<String> =
            files(&to).iter().map(|path| path.strip_prefix(&to).expect("below it").display().to_string()).collect();
        assert_eq!(written, names);
        // Its own words are what sha256sum reads.
        let sums = at("sums");
        let lines: Vec<&str> = out.lines().map(|line| line.split('\t').next().expect("a column")).collect();
        std::fs::write(&sums, lines.join("\n") + "\n").expect("it is written");
        let checked = Command::new("sha256sum").args(["--quiet", "--check"]).arg(&sums).current_dir(&to).status().expect("coreutils");
        assert!(checked.success());
        let (code, _, err) = run(&open);
        assert!(code == 2 && err.contains("is there already"), "{err}");
    }
    let left = std::fs::read_dir(site.dir()).expect("a directory").filter_map(Result::ok).map(|entry| entry.file_name());
    assert!(left.into_iter().all(|name| !name.to_string_lossy().starts_with("beside-")), "something opened was left in the site");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_key_an_altered_file_and_a_child_s_picture_are_each_told_apart() {
    let folder = tempfile::tempdir().expect("a directory");
    let stranger = folder.path().join("stranger");
    std::fs::create_dir(&stranger).expect("a directory");
    let ((mine, first), (theirs, _)) = (key(folder.path()), key(&stranger));
    let (site, id) = sealed(&[&first], "child_abuse").await;
    let (data, saved) = (text(site.dir()).to_owned(), folder.path().join("saved.age"));
    let open = |what: &str, identity: &Path, more: &[&str]| {
        run(&[&["evidence", "open", what, "--identity", text(identity), "--data", &data], more].concat())
    };
    let (code, out, err) = open(&id, &theirs, &[]);
    assert!(code == 1 && out.is_empty() && err.contains("sealed for another key"), "{err}");
    let (code, _, err) = open("abcdefghjkmnp", &mine, &[]);
    assert!(code == 1 && err.contains("nothing is sealed"), "{err}");
    let (code, _, err) = open(&id, Path::new("/etc/hostname"), &[]);
    assert!(code == 2 && err.contains("no identity"), "{err}");
    let (code, _, err) = run(&["evidence", "save", &id, "--output", text(&saved), "--data", &data]);
    assert_eq!(code, 0, "{err}");
    let mut bytes = std::fs::read(&saved).expect("it reads");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&saved, &bytes).expect("it is written");
    let (code, out, err) = open(text(&saved), &mine, &[]);
    assert!(code == 1 && out.is_empty() && err.contains("altered or damaged"), "{err}");
    let (to, all) = (folder.path().join("words"), folder.path().join("all"));
    let (code, _, err) = open(&id, &mine, &["--output", text(&to)]);
    assert!(code == 0 && err.contains("do not look at them") && !to.join("files").exists(), "{err}");
    let (code, _, err) = open(&id, &mine, &["--media", "--output", text(&all)]);
    assert!(code == 0 && all.join("files").exists(), "{err}");
    // Kept for longer, by words that say who wants it.
    let keep = |ground: &str, until: &str| {
        run(&["evidence", "keep", &id, "--ground", ground, "--reference", "KWP 12/26", "--until", until, "--data", &data])
    };
    let (code, _, err) = keep("preservation", "2020-01-01");
    assert!(code == 2 && err.contains("one to come"), "{err}");
    let (code, _, err) = keep("because", "2030-01-01");
    assert!(code == 2 && err.contains("tco, preservation or law"), "{err}");
    let (code, _, err) = keep("preservation", "2030-01-01");
    assert!(code == 0 && err.contains("2030-01-01T23:59:59Z"), "{err}");
    let (_, out, _) = run(&["evidence", "list", "--data", &data]);
    assert!(out.contains("kept until 2030-01-01"), "{out}");
}
