//! `handbill doctor`: what it finds, and that it leaves no trace.

use std::collections::BTreeMap;

use crate::site::{Site, ask, files, handbill, run, said};

/// The findings by their names: state and what was seen.
fn look(arguments: &[&str], environment: &[(&str, &str)]) -> (i32, BTreeMap<String, (String, String)>) {
    let output = handbill(&[&["doctor", "--json"], arguments].concat()).envs(environment.iter().copied()).output().expect("it starts");
    let (code, out, err) = said(&output);
    let findings = out.lines().map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
        let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
        assert!(line["state"] == "ok" || !text("mend").is_empty(), "nothing says how to mend it: {line}");
        (text("check"), (text("state"), text("seen")))
    });
    let findings: BTreeMap<_, _> = findings.collect();
    assert!(!findings.is_empty(), "{err}");
    (code, findings)
}

fn state<'a>(findings: &'a BTreeMap<String, (String, String)>, check: &str) -> &'a str {
    &findings.get(check).unwrap_or_else(|| panic!("{check} was not looked at: {findings:?}")).0
}

#[test]
fn a_machine_that_is_well_is_told_so_before_the_first_start() {
    let dir = tempfile::tempdir().expect("a directory");
    let data = dir.path().join("data");
    let (code, findings) = look(&["--data", data.to_str().expect("a path")], &[("HANDBILL__SERVER__LISTEN", "127.0.0.1:0")]);
    assert_eq!(code, 0, "{findings:?}");
    for check in [
        "configuration",
        "listening",
        "running site",
        "visitors",
        "data directory",
        "disk",
        "memory",
        "clock",
        "database",
        "photos, videos",
        "kernel",
        "sandbox",
        "ffmpeg",
    ] {
        assert_ne!(state(&findings, check), "broken", "{findings:?}");
    }
    assert_eq!(state(&findings, "sandbox"), "ok");
    assert_eq!(state(&findings, "ffmpeg"), "ok");
    assert!(files(dir.path()).is_empty() && !data.exists(), "it left something behind");
}

#[test]
fn it_looks_at_a_site_that_runs_and_changes_nothing() {
    let site = Site::start();
    site.post(&["--text", "Hello"]);
    let data = site.data();
    // SQLite's own log comes and goes with its readers.
    let all = || files(&data).into_iter().filter(|file| !file.to_string_lossy().contains("handbill.db-")).collect::<Vec<_>>();
    let before = all();
    let (code, findings) = look(
        &["--data", data.to_str().expect("a path")],
        &[("HANDBILL__SERVER__LISTEN", &site.address().replace("localhost", "127.0.0.1"))],
    );
    assert_eq!(code, 0, "{findings:?}");
    assert!(findings["data directory"].1.contains("a site runs there"), "{findings:?}");
    assert!(findings["database"].1.contains("SQLite 3."), "{findings:?}");
    assert_eq!(state(&findings, "running site"), "ok", "{findings:?}");
    assert!(findings["photos, videos"].1.contains("written, read and deleted"), "{findings:?}");
    assert_eq!(all(), before);
    assert_eq!(site.get("/healthz").status, 200);
}

#[test]
fn a_web_server_that_nobody_named_is_found_by_what_it_sends_and_by_the_links_that_it_must_serve() {
    let site = Site::start();
    let data = site.data();
    let listen = site.address().replace("localhost", "127.0.0.1");
    let place = ["--data", data.to_str().expect("a path")];
    ask(site.address(), "GET / HTTP/1.1\r\nX-Forwarded-For: 192.0.2.1\r\n", b"");
    let (code, findings) = look(&place, &[("HANDBILL__SERVER__LISTEN", &listen)]);
    assert_eq!((code, state(&findings, "running site"), state(&findings, "visitors")), (0, "warning", "ok"), "{findings:?}");
    assert!(findings["running site"].1.contains("server.trusted_proxies"), "{findings:?}");
    let https = ("HANDBILL__SITE__PUBLIC_URL", "https://kites.example");
    let (_, findings) = look(&place, &[https, ("HANDBILL__SERVER__LISTEN", "127.0.0.1:0")]);
    assert_eq!(state(&findings, "visitors"), "warning");
    let named = ("HANDBILL__SERVER__TRUSTED_PROXIES", "127.0.0.1");
    let (_, findings) = look(&place, &[https, named, ("HANDBILL__SERVER__LISTEN", "127.0.0.1:0")]);
    assert_eq!(state(&findings, "visitors"), "ok");
}

#[test]
fn what_is_broken_is_found_and_ends_in_one() {
    let dir = tempfile::tempdir().expect("a directory");
    let data = dir.path().join("data");
    std::fs::create_dir_all(&data).expect("a directory");
    std::fs::write(data.join("handbill.db"), "this is no database, and was never one".repeat(100)).expect("a file");
    let place = ["--data", data.to_str().expect("a path")];
    let (code, findings) = look(
        &place,
        &[
            ("HANDBILL__SERVER__LISTEN", "192.0.2.1:80"),
            ("HANDBILL__MEDIA__FFMPEG", "/no/ffmpeg"),
            ("HANDBILL__LIMITS__DISK_FREE_BYTES", "9000000000000000"),
            ("HANDBILL__MEDIA__WITHOUT_SANDBOX", "true"),
            ("HANDBILL__MEDIA__WORKERS", "100000"),
            ("HANDBILL__SITE__PUBLIC_URL", "http://kites.example"),
        ],
    );
    assert_eq!(code, 1, "{findings:?}");
    for check in ["listening", "disk", "database", "ffmpeg"] {
        assert_eq!(state(&findings, check), "broken", "{check}: {findings:?}");
    }
    for check in ["configuration", "sandbox", "memory", "data directory"] {
        assert_eq!(state(&findings, check), "warning", "{check}: {findings:?}");
    }
    assert!(findings["ffmpeg"].1.contains("/no/ffmpeg"), "{findings:?}");

    let (code, findings) = look(&place, &[("HANDBILL__MEDIA__WORKERS", "none")]);
    assert_eq!((code, state(&findings, "configuration")), (1, "broken"));
    assert!(findings["configuration"].1.contains("HANDBILL__MEDIA__WORKERS"), "{findings:?}");
}

#[test]
fn postgresql_is_asked_for_its_version_its_schema_and_its_clock() {
    let url = testkit::postgres::fresh_database().expect("a database");
    let dir = tempfile::tempdir().expect("a directory");
    let place = ["--data", dir.path().to_str().expect("a path")];
    let environment = [("HANDBILL__DATABASE__URL", url.as_str()), ("HANDBILL__SERVER__LISTEN", "127.0.0.1:0")];
    let (code, findings) = look(&place, &environment);
    assert_eq!((code, state(&findings, "database")), (1, "broken"), "{findings:?}");
    let migrated = handbill(&["migrate"]).envs(environment).output().expect("it starts");
    assert_eq!(said(&migrated).0, 0);
    let (code, findings) = look(&place, &environment);
    assert_eq!((code, state(&findings, "database"), state(&findings, "clock")), (0, "ok", "ok"), "{findings:?}");
    assert!(findings["database"].1.contains("PostgreSQL"), "{findings:?}");
    let (code, findings) = look(&place, &[("HANDBILL__DATABASE__URL", "postgres://nobody@127.0.0.1:1/none"), environment[1]]);
    assert_eq!((code, state(&findings, "database")), (1, "broken"), "{findings:?}");
}

#[test]
fn people_get_lines_that_say_how_to_mend_it() {
    let (code, out, err) = run(&["doctor", "--config", "/no/such/file"]);
    assert_eq!((code, err.as_str()), (1, ""));
    assert!(out.starts_with("broken   configuration  /no/such/file could not be read") && out.contains("to mend it: "), "{out}");
}
