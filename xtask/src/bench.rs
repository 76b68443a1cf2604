//! `cargo xtask bench`: installs what it compares with, builds the program as it is shipped, and runs `bench/`.

use std::process::Command;

use anyhow::Result;

use crate::{cargo, frontend, setup, step};

/// Runs the measurements that `arguments` name; all of them if none.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if let Some((first, rest)) = arguments.split_first()
        && first == "search"
    {
        return search(rest);
    }
    setup::packages(&[setup::SERVE, setup::BENCH])?;
    frontend::bundle()?;
    let node = setup::node()?.join("node");
    step(cargo().args(["build", "--release", "--package", "handbill"]))?;
    step(Command::new(node).arg("bench/run.mjs").args(arguments).env("HANDBILL_BIN", "target/release/handbill"))
}

/// The index of hashes beside FAISS.
fn search(arguments: &[String]) -> Result<()> {
    setup::packages(&[setup::PYTHON_ONLY])?;
    let faiss = setup::faiss()?;
    step(cargo().args(["bench", "--package", "likeness", "--bench", "search", "--"]).args(arguments).env("PYTHONPATH", faiss))
}
