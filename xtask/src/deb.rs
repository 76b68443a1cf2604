//! The Debian package, made by cargo-deb from what `crates/handbill/Cargo.toml` says of it.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};

use crate::{cargo, step};

const VERSION: &str = "3.8.0";
const TOOLS: &str = "target/tools";

/// Builds the release and packs it; cargo-deb prints where the package is.
pub(crate) fn run() -> Result<()> {
    let changelog = "deploy/changelog";
    let begins = concat!("handbill (", env!("CARGO_PKG_VERSION"), "-");
    ensure!(std::fs::read_to_string(changelog)?.starts_with(begins), "{changelog} has no entry for this version: `{begins}1)`");
    let tool = Path::new(TOOLS).join("bin/cargo-deb");
    if !tool.exists() {
        step(cargo().args(["install", "cargo-deb", "--locked", "--version", VERSION, "--root", TOOLS]))?;
    }
    step(cargo().args(["build", "--release", "--locked", "--package", "handbill"]))?;
    // As cargo starts it: by its second name.
    step(Command::new(tool).args(["deb", "--no-build", "--package", "handbill"]))
}
