//! `handbill bank` and `handbill hold`, beside a site that runs.

use std::io::Write as _;
use std::process::Stdio;
use std::time::Duration;

use crate::material::{junk, photo};
use crate::site::{Site, handbill, run, said, until};

const SOON: Duration = Duration::from_secs(30);
const PDQ: &str = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22";

/// Runs a command that changes this site.
fn beside(site: &Site, arguments: &[&str]) -> (i32, String, String) {
    let data = site.data();
    run(&[arguments, &["--data", data.to_str().expect("a path")]].concat())
}

fn state(site: &Site, link: &str) -> String {
    let facts: serde_json::Value = serde_json::from_str(&site.get(&format!("{link}.json")).body).expect("JSON");
    facts["state"].as_str().expect("a state").to_owned()
}

#[test]
fn a_photo_that_is_put_into_a_bank_goes_and_comes_back_when_it_is_let_go() {
    let site = Site::start();
    let kite = photo(site.dir.path());
    let file = kite.to_str().expect("a path");
    let (link, _) = site.post(&[file]);
    until("it was not prepared", SOON, || state(&site, &link) == "live");
    let (code, _, err) = beside(&site, &["bank", "add", "kites", file]);
    assert!(code == 2 && err.contains("there is no bank kites"), "{err}");
    assert_eq!(beside(&site, &["bank", "create", "kites", "--on-match", "hold"]).0, 0);
    assert_eq!(beside(&site, &["bank", "create", "kites", "--on-match", "log"]).0, 2, "two of a name");
    let (code, out, err) = beside(&site, &["bank", "add", "kites", file, "--dry-run"]);
    assert!(code == 0 && out.starts_with("would be held\t") && out.contains(&link), "{out} {err}");
    assert_eq!(state(&site, &link), "live", "a dry run changed something");
    let (code, out, err) = beside(&site, &["bank", "add", "kites", file, "--json"]);
    let told: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((code, &told["reached"][0]["on_match"], &told["reached"][0]["by"]), (0, &"hold".into(), &"exact".into()), "{err}");
    assert_eq!(state(&site, &link), "waiting");
    // The site follows: what comes now is held before anybody sees it.
    let (again, _) = site.post(&[file]);
    until("it was not held", SOON, || state(&site, &again) == "waiting");
    let (_, out, _) = beside(&site, &["hold", "list"]);
    let ids: Vec<&str> = out.lines().filter_map(|line| line.split('\t').next()).collect();
    assert_eq!(ids.len(), 2, "{out}");
    assert_eq!(beside(&site, &[&["hold", "release"], ids.as_slice()].concat()).0, 0);
    assert_eq!((state(&site, &link), state(&site, &again)), ("live".to_owned(), "live".to_owned()));
    assert_eq!(beside(&site, &["hold", "release", ids[0]]).0, 1, "it was let go already");
    let (code, _, err) = beside(&site, &["bank", "add", "kites", junk(site.dir.path()).to_str().expect("a path")]);
    assert!(code == 2 && err.contains("not taken"), "{err}");
    assert_eq!(beside(&site, &["bank", "remove", "kites"]).0, 0);
}

#[test]
fn a_list_goes_in_line_by_line_and_comes_out_as_others_read_it() {
    let site = Site::start();
    assert_eq!(beside(&site, &["bank", "create", "told", "--on-match", "log"]).0, 0);
    let list = site.dir.path().join("list.txt");
    let text = format!(
        "\u{feff}# from a friend\r\n{PDQ}\r\n\r\npdq {}\nkites\nmd5 d41d8cd98f00b204e9800998ecf8427e\n{}\n",
        PDQ.to_uppercase(),
        &PDQ[1..]
    );
    std::fs::write(&list, text).expect("a list");
    let (code, _, err) = beside(&site, &["bank", "import", "told", list.to_str().expect("a path")]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("line 5: ") && err.contains("line 7: ") && !err.contains("line 6: "), "{err}");
    assert!(err.contains("2 signals are in the bank told; 1 stood there twice, 2 lines did not read"), "{err}");
    let (code, out, _) = beside(&site, &["bank", "export", "told"]);
    let mut lines: Vec<&str> = out.lines().collect();
    lines.sort_unstable();
    assert_eq!((code, lines), (0, vec!["md5 d41d8cd98f00b204e9800998ecf8427e", &*format!("pdq {PDQ}")]));
    let (_, out, _) = beside(&site, &["bank", "list", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((&told["name"], &told["signals"], &told["items"][0]["label"]), (&"told".into(), &2.into(), &"list.txt".into()));
}

#[test]
fn a_text_and_a_list_of_links_reach_what_stands_and_what_comes() {
    let site = Site::start();
    let words = "The red kite flies over the old harbour every morning, and the children watch until it is gone.";
    let (link, _) = site.post(&["--text", &format!("I was told: {words} And see https://kites.example/red?utm_source=me")]);
    until("it was not published", SOON, || state(&site, &link) == "live");
    assert_eq!(beside(&site, &["bank", "create", "words", "--on-match", "hold"]).0, 0);
    let known = site.dir.path().join("known.txt");
    std::fs::write(&known, words.to_uppercase()).expect("a text");
    let known = known.to_str().expect("a path");
    let (code, out, err) = beside(&site, &["bank", "add", "words", known, "--dry-run"]);
    assert!(code == 0 && out.starts_with("would be held\t") && out.contains("\twords\tby text"), "{out} {err}");
    assert_eq!(state(&site, &link), "live", "a dry run changed something");
    assert_eq!(beside(&site, &["bank", "add", "words", known]).0, 0);
    assert_eq!(state(&site, &link), "waiting");
    let id = link.rsplit('/').next().expect("an id");
    let (_, out, _) = beside(&site, &["hold", "list"]);
    assert!(out.starts_with(&format!("{id}\topen\t")) && out.contains("\twords\t"), "{out}");
    assert_eq!(beside(&site, &["hold", "release", id]).0, 0);
    assert_eq!(state(&site, &link), "live");
    let list = site.dir.path().join("links.csv");
    std::fs::write(&list, "signal_type,signal_str,category\nurl,HTTP://www.kites.example:80/red/,\nurl,https://mistake.example,NEGATIVE_CLASS\ndomain,*.strings.example,\n").expect("a list");
    let (code, out, err) = beside(&site, &["bank", "import", "words", list.to_str().expect("a path")]);
    assert!(code == 2 && err.contains("line 3: it is marked as a mistake") && err.contains("2 signals are in the bank words"), "{err}");
    assert!(out.starts_with("held\t") && out.contains("by url"), "{out}");
    let (_, out, _) = beside(&site, &["bank", "export", "words"]);
    let mut kinds: Vec<&str> = out.lines().filter_map(|line| line.split(' ').next()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["domain", "text_sha256", "text_tlsh", "url"]);
    assert!(out.contains("url https://kites.example/red\n") && out.contains("domain strings.example\n"), "{out}");
    // One in which there is nothing to know leaves no trace, and a bank of mistakes need not be told what it does.
    assert_eq!(beside(&site, &["bank", "create", "mistakes"]).0, 2, "what does it do?");
    assert_eq!(beside(&site, &["bank", "create", "mistakes", "--negative"]).0, 0);
    for (list, code) in [("", 0), ("# nobody sent any\n", 0), ("kites\n", 2)] {
        let nothing = site.dir.path().join("nothing.txt");
        std::fs::write(&nothing, list).expect("a list");
        let (exit, out, err) = beside(&site, &["bank", "import", "mistakes", nothing.to_str().expect("a path")]);
        assert!(exit == code && out.is_empty() && err.contains("nothing was changed"), "{list:?}: {exit} {out} {err}");
    }
    let (_, out, _) = beside(&site, &["bank", "list"]);
    assert!(out.contains("mistakes\tnegative\tlets pass\t0 items\t0 signals\t0 matches"), "{out}");
    let empty = site.dir.path().join("empty.txt");
    std::fs::write(&empty, " .\n").expect("a text");
    let (code, _, err) = beside(&site, &["bank", "add", "words", empty.to_str().expect("a path")]);
    assert!(code == 2 && err.contains("there is not a word in it"), "{err}");
}

/// Many different hashes, a line each.
fn many(count: u64) -> String {
    (0..count).map(|number| format!("pdq {:064x}\n", u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835))).collect()
}

#[test]
fn an_import_that_is_killed_changes_nothing_and_a_restart_of_the_site_does_not_matter_to_one() {
    let mut site = Site::start();
    assert_eq!(beside(&site, &["bank", "create", "told", "--on-match", "hold"]).0, 0);
    let data = site.data();
    let kite = photo(site.dir.path());
    let (_, out, _) = run(&["hash", "--json", kite.to_str().expect("a path")]);
    let hashed: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let known = format!("pdq {}\n", hashed["pdq"]["hash"].as_str().expect("a hash"));
    let begin = || {
        let mut import = handbill(&["bank", "import", "told", "-", "--data", data.to_str().expect("a path")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut pipe = import.stdin.take().expect("a pipe");
        pipe.write_all(known.as_bytes()).expect("it reads");
        pipe.write_all(many(20_000).as_bytes()).expect("it reads");
        (import, pipe)
    };
    let signals = || {
        let db = data.join("handbill.db");
        let rows = std::process::Command::new("python3")
            .args(["-c", "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('select count(*) from signals').fetchone()[0])"])
            .arg(db)
            .output()
            .expect("python3");
        String::from_utf8_lossy(&rows.stdout).trim().parse::<u64>().unwrap_or_default()
    };
    let (mut import, pipe) = begin();
    until("nothing was written", SOON, || signals() > 0);
    import.kill().expect("it runs");
    import.wait().expect("it ends");
    drop(pipe);
    let (_, out, _) = beside(&site, &["bank", "list", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((&told["signals"], &told["items"]), (&0.into(), &serde_json::json!([])), "{out}");
    assert_eq!(beside(&site, &["bank", "export", "told"]).1, "");
    let (link, _) = site.post(&[kite.to_str().expect("a path")]);
    until("it was not prepared", SOON, || state(&site, &link) == "live");

    let (import, mut pipe) = begin();
    site.signal(rustix::process::Signal::KILL);
    site.ended(SOON);
    let site = Site::start_in(std::mem::replace(&mut site.dir, tempfile::tempdir().expect("a directory")), &[], &[]);
    assert_eq!(state(&site, &link), "live", "the list is not all there");
    pipe.write_all(b"kites\n").expect("it reads");
    drop(pipe);
    let (code, out, err) = said(&import.wait_with_output().expect("it ends"));
    assert!(code == 2 && err.contains("20001 signals are in the bank told") && out.starts_with("held\t"), "{out} {err}");
    assert_eq!(state(&site, &link), "waiting");
    let (again, _) = site.post(&[kite.to_str().expect("a path")]);
    until("it was not held", SOON, || state(&site, &again) == "waiting");
    assert_eq!(beside(&site, &["bank", "export", "told"]).1.lines().count(), 20_001);
}

#[test]
fn a_bank_that_is_often_wrong_only_counts_until_it_is_trusted_again() {
    let site = Site::start();
    let words = "The red kite flies over the old harbour every morning, and the children watch until it is gone.";
    assert_eq!(beside(&site, &["bank", "create", "kites", "--on-match", "hold"]).0, 0);
    let known = site.dir.path().join("known.txt");
    std::fs::write(&known, words).expect("a text");
    assert_eq!(beside(&site, &["bank", "add", "kites", known.to_str().expect("a path")]).0, 0);
    let told = || -> serde_json::Value { serde_json::from_str(&beside(&site, &["bank", "list", "--json"]).1).expect("JSON") };
    for number in 0..5 {
        let (link, _) = site.post(&["--text", words]);
        until("it was not held", SOON, || state(&site, &link) == "waiting");
        let now = told();
        assert_eq!((&now["holds"], &now["wrong"], &now["distrusted"]), (&1.into(), &number.into(), &serde_json::Value::Null), "{now}");
        let id = link.rsplit('/').next().expect("an id").to_owned();
        assert_eq!(beside(&site, &["hold", "release", &id]).0, 0);
    }
    let now = told();
    assert_eq!((&now["right"], &now["wrong"], &now["holds"]), (&0.into(), &5.into(), &0.into()), "{now}");
    assert!(now["items"][0]["distrusted"].is_string() && now["items"][0]["wrong"] == 5, "{now}");
    let (code, out, err) = beside(&site, &["bank", "list"]);
    assert!(
        code == 0 && out.contains("\tknown.txt\t0 right\t5 wrong\tonly counts") && err.contains("handbill bank trust kites"),
        "{out} {err}"
    );
    let (link, _) = site.post(&["--text", words]);
    until("it is held", SOON, || state(&site, &link) == "live");
    for (item, code) in [("nonsense", 2), ("abcdefghjkmnp", 1)] {
        assert_eq!(beside(&site, &["bank", "trust", "kites", "--item", item]).0, code, "{item}");
    }
    let item = now["items"][0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(beside(&site, &["bank", "trust", "kites", "--item", &item]).0, 0);
    assert_eq!(beside(&site, &["bank", "trust", "kites"]).0, 1, "it is trusted");
    let (link, _) = site.post(&["--text", words]);
    until("it was not held", SOON, || state(&site, &link) == "waiting");
}
