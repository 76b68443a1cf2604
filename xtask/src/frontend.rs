//! The scripts of the pages: their types checked, and bundled for `crates/web` to embed.

use anyhow::Result;

use crate::{setup, step};

const FOLDER: &str = "frontend";

/// Bundles `frontend/src` into `crates/web/assets/dist`.
pub(crate) fn bundle() -> Result<()> {
    step(setup::node_in(FOLDER)?.arg("build.mjs"))
}

/// Checks the types; nothing is written.
pub(crate) fn check() -> Result<()> {
    step(setup::node_in(FOLDER)?.args(["node_modules/typescript/bin/tsc", "--noEmit"]))
}
