//! `handbill policy`: an operator writes the rules of their site.

use std::path::Path;

use crate::site::{Site, run};

fn write(dir: &Path, name: &str, text: impl AsRef<[u8]>) {
    std::fs::create_dir_all(dir).expect("a directory");
    std::fs::write(dir.join(name), text).expect("it is written");
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path")
}

#[test]
fn files_that_are_no_policy_are_told_by_file_and_line_and_change_nothing() {
    let site = Site::start();
    let data = site.data();
    let dir = site.dir.path().join("rules");
    let check = || run(&["policy", "check", text(&dir)]);
    assert_eq!(check().0, 2, "there is no such directory");
    std::fs::create_dir(&dir).expect("a directory");
    assert_eq!(check().0, 1, "it is empty");
    write(&dir, "en.md", "# Rules\r\n\r\n## Kites {#kites}\r\n\r\nNo red ones.\r\n\r\n## Ropes {#Ropes}\r\nNone.\r\n");
    write(&dir, "pl.md", "# Zasady\n\n## Latawce {#kites}\n");
    write(&dir, "ar.md", b"# \xff\n");
    write(&dir, "rules of mine.md", "# Rules\n");
    write(&dir, "README.md", "What is here.");
    let (code, out, err) = check();
    assert_eq!((code, out.as_str()), (1, ""), "{err}");
    for told in [
        "en.md:7: \"Ropes\" is no id",
        "pl.md:3: the clause kites says nothing",
        "ar.md:1: this is not UTF-8",
        "rules of mine.md: no name of a language",
    ] {
        assert!(err.contains(told), "{told} in {err}");
    }
    assert!(!err.contains("README"), "{err}");
    let (code, _, err) = run(&["policy", "set", text(&dir), "--data", text(&data)]);
    assert_eq!(code, 1, "{err}");
    let (code, out, err) = run(&["policy", "list", "--data", text(&data)]);
    assert_eq!((code, out.lines().count()), (0, 1), "{err}");
    assert!(site.get("/policy").body.contains("Threats and violence"));
}

#[test]
fn a_policy_goes_out_as_files_and_comes_back_into_a_site_that_runs() {
    let site = Site::start();
    let data = site.data();
    let dir = site.dir.path().join("rules");
    let (code, out, err) = run(&["policy", "export", text(&dir), "--data", text(&data)]);
    assert_eq!((code, out.lines().count()), (0, 3), "{err}");
    let (code, _, err) = run(&["policy", "export", text(&dir), "--shipped"]);
    assert_eq!(code, 2, "files were written over: {err}");
    let set = |more: &[&str]| run(&[&["policy", "set", text(&dir), "--data", text(&data)], more].concat());
    let (code, out, err) = set(&[]);
    assert_eq!((code, out.as_str()), (0, "1\n"), "what is in force is no new version: {err}");
    assert!(err.contains("in force already"), "{err}");
    let english = std::fs::read_to_string(dir.join("en.md")).expect("it is there");
    write(&dir, "en.md", english.replace("Cruel pictures", "Kites of death"));
    std::fs::remove_file(dir.join("ar.md")).expect("it was there");
    let (code, out, err) = set(&["--json"]);
    assert_eq!(code, 0, "{err}");
    let told: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((&told["version"], &told["new"], &told["languages"]), (&2.into(), &true.into(), &serde_json::json!(["en", "pl"])));
    assert!(err.contains("there is no ar.md"), "{err}");
    // Without a restart.
    assert!(site.get("/policy").body.contains("Kites of death"));
    assert!(site.get("/policy/1").body.contains("Cruel pictures"));
    let (_, out, _) = run(&["policy", "list", "--json", "--data", text(&data)]);
    let lines: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(
        lines.iter().map(|line| (line["version"].as_i64(), line["origin"].as_str(), line["in_force"].as_bool())).collect::<Vec<_>>(),
        [(Some(2), Some("own"), Some(true)), (Some(1), Some("shipped"), Some(false))]
    );
    let first = site.dir.path().join("first");
    let (code, _, err) = run(&["policy", "export", text(&first), "--version", "1", "--data", text(&data)]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(
        std::fs::read_to_string(first.join("en.md")).expect("it is there"),
        english,
        "what was in force before comes out as it went in"
    );
    let (code, _, _) = run(&["policy", "export", text(&first), "--version", "9", "--data", text(&data)]);
    assert_eq!(code, 1);
}
