//! The house rules that no compiler checks: which way crates depend, who may start processes, how long a file may be, and the like.
//!
//! Everything is decided from `(path, text)` pairs, so that the tests below can show each rule failing.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

/// Which of our own crates each crate may depend on. Every arrow points towards `domain`.
const MAY_USE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("likeness", &[]),
    ("media", &["domain", "likeness"]),
    ("store", &["domain"]),
    ("app", &["domain", "likeness", "media", "store"]),
    ("web", &["domain", "media", "store", "app"]),
    ("handbill", &["domain", "likeness", "media", "store", "app", "web"]),
];

/// Libraries that only one of our crates may name, so that what they touch stays behind one wall.
const ONLY_IN: &[(&str, &str)] = &[
    ("sqlx", "store"),
    ("rusqlite", "store"),
    ("image", "media"),
    ("turbojpeg", "media"),
    ("libheif-rs", "media"),
    ("webp", "media"),
    ("moxcms", "media"),
    ("object_store", "store"),
];

/// Crates that only compute.
const PURE: &[&str] = &["domain", "likeness"];

/// What would make them depend on the moment or the machine they run on.
const NOT_IN_PURE: &[&str] = &["SystemTime", "Instant", "std::fs", "std::net", "std::process", "tokio::", "rand::", "getrandom"];

const MOST_LINES: usize = 1000;

/// Reads what git tracks or would track, and fails with every broken rule.
pub(crate) fn run() -> Result<()> {
    let listed =
        Command::new("git").args(["ls-files", "--cached", "--others", "--exclude-standard"]).output().context("git did not start")?;
    if !listed.status.success() {
        bail!("`git ls-files` failed: {}", String::from_utf8_lossy(&listed.stderr));
    }
    let mut files = Vec::new();
    for path in String::from_utf8(listed.stdout)?.lines() {
        // Pictures and the like are not text, and a file that was just deleted is nobody's trouble.
        if let Ok(text) = std::fs::read_to_string(Path::new(path)) {
            files.push((path.to_owned(), text));
        }
    }
    let broken: Vec<String> = files.iter().flat_map(|(path, text)| check(path, text)).collect();
    if broken.is_empty() {
        println!("tidy: {} files, no broken rule", files.len());
        return Ok(());
    }
    for line in &broken {
        println!("{line}");
    }
    bail!("tidy: {} broken rules", broken.len())
}

/// Every rule that this file breaks, as `path: words`.
fn check(path: &str, text: &str) -> Vec<String> {
    let mut broken = Vec::new();
    let mut say = |words: String| broken.push(format!("{path}: {words}"));
    let in_crate = path.strip_prefix("crates/").and_then(|rest| rest.split('/').next()).unwrap_or_default();
    match path.rsplit('.').next().unwrap_or_default() {
        "rs" => rust(path, in_crate, text, &mut say),
        "toml" if path.ends_with("Cargo.toml") && !in_crate.is_empty() => manifest(in_crate, text, &mut say),
        "css" => styles(text, &mut say),
        "html" => template(text, &mut say),
        _ => {}
    }
    // An address in a lock file binds everybody to the registry of whoever wrote it last.
    if path.ends_with("package-lock.json") && text.contains("\"resolved\"") {
        say("names download addresses; npm's omit-lockfile-registry-resolved leaves them out".into());
    }
    broken
}

fn rust(path: &str, in_crate: &str, text: &str, say: &mut impl FnMut(String)) {
    if !text.trim_start().starts_with("//!") {
        say("does not begin with `//!`, what the module is for".into());
    }
    let lines = text.lines().count();
    if lines > MOST_LINES {
        say(format!("has {lines} lines; {MOST_LINES} is the most"));
    }
    // Spelt in two parts, here and below, so that this file does not break its own rule.
    if text
        .lines()
        .any(|line| line.trim_start().starts_with(concat!("#[al", "low(")) || line.trim_start().starts_with(concat!("#![al", "low(")))
    {
        say("switches a lint off; `#[expect(…, reason)]` says why and tells when it is no longer needed".into());
    }
    // Tests may start programs and read clocks; by our order they stand at a file's end.
    let is_test = path.contains("/tests/")
        || path.contains("/benches/")
        || path.ends_with("/tests.rs")
        || in_crate == "testkit"
        || in_crate.is_empty();
    let shipped = text.split("#[cfg(test)]").next().unwrap_or_default();
    if !is_test
        && (shipped.contains("process::Command") || shipped.contains("Command::new"))
        && !matches!(path, "crates/media/src/sandbox.rs" | "crates/media/src/child.rs")
    {
        say("starts processes; only media's sandbox may".into());
    }
    if PURE.contains(&in_crate) && !is_test {
        for name in NOT_IN_PURE.iter().filter(|name| shipped.contains(**name)) {
            say(format!("names {name}; {in_crate} does no I/O, reads no clock and draws no randomness"));
        }
    }
}

fn manifest(in_crate: &str, text: &str, say: &mut impl FnMut(String)) {
    if text.lines().any(|line| line.trim() == "[features]") {
        say("has features; every backend is always compiled in, and the configuration chooses".into());
    }
    let shipped = text.split("[dev-dependencies]").next().unwrap_or_default();
    let named: Vec<&str> = shipped.lines().filter_map(|line| line.split(['.', ' ', '=']).next()).collect();
    if let Some((_, may)) = MAY_USE.iter().find(|(name, _)| *name == in_crate) {
        let ours = MAY_USE.iter().map(|(name, _)| *name).chain(["testkit"]);
        for other in ours.filter(|other| named.contains(other) && !may.contains(other)) {
            // The package's own name stands after `name =`, never at a line's beginning.
            say(format!("{in_crate} may not depend on {other}"));
        }
    }
    for (library, home) in ONLY_IN {
        if named.contains(library) && in_crate != *home && in_crate != "testkit" {
            say(format!("only {home} may depend on {library}"));
        }
    }
}

fn styles(text: &str, say: &mut impl FnMut(String)) {
    for (number, line) in text.lines().enumerate() {
        let declaration = line.trim_start();
        let sided = ["margin-", "padding-", "border-", ""];
        let physical = sided.iter().any(|kind| {
            ["left", "right"]
                .iter()
                .any(|side| declaration.starts_with(&format!("{kind}{side}:")) || declaration.contains(&format!(" {kind}{side}:")))
        });
        if physical {
            say(format!("line {} has a left or right; logical properties (…-inline-start) serve both directions", number + 1));
        }
    }
}

fn template(text: &str, say: &mut impl FnMut(String)) {
    if text.contains("<style") || text.contains(" style=") || text.contains("<script>") || text.contains(" onclick=") {
        say("has an inline style or script, which our own CSP refuses".into());
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    fn breaks(path: &str, text: &str, words: &str) {
        let broken = check(path, text);
        assert!(broken.iter().any(|line| line.contains(words)), "{path} with {text:?} should break {words:?}, but: {broken:?}");
    }

    #[test]
    fn what_keeps_the_rules_is_left_alone() {
        for (path, text) in [
            ("crates/domain/src/a.rs", "//! Why.\npub struct A;\n"),
            (
                "crates/store/Cargo.toml",
                "[package]\nname = \"store\"\n[dependencies]\ndomain.workspace = true\nsqlx.workspace = true\n[dev-dependencies]\ntestkit.workspace = true\n",
            ),
            ("crates/web/assets/a.css", "p { margin-inline-start: 1em; }\n"),
            ("crates/media/src/sandbox.rs", "//! Why.\nuse std::process::Command;\n"),
            ("crates/app/src/a.rs", "//! Why.\n#[cfg(test)]\nmod tests { use std::process::Command; }\n"),
        ] {
            assert_eq!(check(path, text), Vec::<String>::new(), "{path}");
        }
    }

    #[test]
    fn every_rule_can_fail() {
        breaks("crates/domain/Cargo.toml", "[dependencies]\nstore.workspace = true\n", "may not depend on store");
        breaks("crates/app/Cargo.toml", "[dependencies]\nsqlx = \"1\"\n", "only store may depend on sqlx");
        breaks("crates/app/Cargo.toml", "[dependencies]\ntestkit.workspace = true\n", "may not depend on testkit");
        breaks("crates/store/Cargo.toml", "[features]\ns3 = []\n", "has features");
        breaks("crates/handbill/src/a.rs", "//! Why.\nuse std::process::Command;\n", "starts processes");
        breaks(
            "crates/handbill/src/a.rs",
            "//! Why.\nuse std::process::{Command, Stdio};\nfn a() { Command::new(\"ls\"); }\n",
            "starts processes",
        );
        breaks("crates/domain/src/a.rs", "//! Why.\nuse std::time::{Duration, SystemTime};\n", "reads no clock");
        breaks("crates/likeness/src/a.rs", "//! Why.\nfn a() { std::fs::read(\"b\"); }\n", "reads no clock");
        breaks("crates/web/Cargo.toml", "[dependencies]\nimage.workspace = true\n", "only media may depend on image");
        breaks("crates/domain/src/a.rs", "//! Why.\nuse std::time::SystemTime;\n", "reads no clock");
        breaks("crates/web/src/a.rs", "fn a() {}\n", "`//!`");
        breaks("crates/web/src/a.rs", concat!("//! Why.\n#[al", "low(dead_code)]\n"), "switches a lint off");
        breaks("crates/web/src/a.rs", &"//! Why.\n".repeat(1001), "1001 lines");
        breaks("crates/web/assets/a.css", "p {\n  margin-left: 1em;\n}\n", "line 2");
        breaks("crates/web/assets/a.css", "p { left: 0 }\n", "line 1");
        breaks("crates/web/templates/a/a.html", "<p style=\"x\">", "inline");
        breaks("e2e/package-lock.json", "{\"resolved\": \"x\"}", "download addresses");
    }
}
