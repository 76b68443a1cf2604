//! What third-party parts the program may be made of: their licences, and the ones that it must not contain.

use std::process::Command;

use anyhow::{Context as _, Result, bail};

/// What may be shipped together with an Apache-2.0 program without conditions on the whole: no GPL, no AGPL. SPDX identifiers.
const LICENCES: &[&str] = &[
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "MIT",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "MPL-2.0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Zlib",
    "CC0-1.0",
    "0BSD",
    "BSL-1.0",
    "CDLA-Permissive-2.0",
    "IJG",
];

/// TLS is rustls on ring, and only that: a second one is a second thing to keep safe.
const BANNED: &[&str] = &["openssl-sys", "aws-lc-sys", "aws-lc-rs"];

/// Fails with every part of the program that may not be in it.
pub(crate) fn run() -> Result<()> {
    let listed = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["tree", "--locked", "--package", "handbill", "--edges", "normal,build", "--prefix", "none", "--format", "{p}|{l}"])
        .output()
        .context("cargo did not start")?;
    if !listed.status.success() {
        bail!("`cargo tree` failed: {}", String::from_utf8_lossy(&listed.stderr));
    }
    let listed = String::from_utf8(listed.stdout)?;
    let broken: Vec<String> = listed.lines().filter_map(check).collect();
    if !broken.is_empty() {
        bail!("parts that may not be in the program:\n{}", broken.join("\n"));
    }
    println!("parts: {} lines of the tree, every licence is allowed", listed.lines().count());
    Ok(())
}

/// What is wrong with one line of the tree, `name v1.2.3 (…)|licence`.
fn check(line: &str) -> Option<String> {
    let (part, licence) = line.split_once('|')?;
    let name = part.split(' ').next().unwrap_or_default();
    if BANNED.contains(&name) {
        return Some(format!("{part}: a second implementation of TLS"));
    }
    // A line that repeats a part ends with a mark.
    let licence = licence.trim_end_matches(" (*)");
    (!may_ship(licence)).then(|| format!("{part}: its licence `{licence}` is not among those of xtask/src/parts.rs"))
}

/// An SPDX expression as crates write them: alternatives (`OR`, formerly `/`) of licences that hold together (`AND`), with groups only
/// around alternatives, so that every part of a conjunction must have one that is allowed.
fn may_ship(expression: &str) -> bool {
    let any = |words: &str| words.split(" OR ").flat_map(|one| one.split('/')).any(|one| LICENCES.contains(&one.trim()));
    if expression.contains('(') {
        return expression.split(" AND ").all(|part| any(part.trim().trim_matches(['(', ')'])));
    }
    expression.split(" OR ").any(|together| together.split(" AND ").all(any))
}

#[cfg(test)]
mod tests {
    use super::{check, may_ship};

    #[test]
    fn what_may_be_shipped_is_told_from_what_may_not() {
        for good in
            ["MIT", "MIT OR Apache-2.0", "MIT/Apache-2.0", "GPL-3.0 OR MIT", "(MIT OR Apache-2.0) AND Unicode-3.0", "Apache-2.0 AND ISC"]
        {
            assert!(may_ship(good), "{good}");
        }
        for bad in ["", "GPL-3.0", "MIT AND GPL-2.0", "(MIT OR Apache-2.0) AND AGPL-3.0-only", "LicenseRef-mine"] {
            assert!(!may_ship(bad), "{bad}");
        }
        assert!(check("openssl-sys v0.9.1|MIT").is_some());
        assert!(check("serde v1.0.0|MIT OR Apache-2.0 (*)").is_none());
    }
}
