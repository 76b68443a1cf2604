//! Finds what `cargo xtask frontend` has bundled, for `src/assets.rs` to embed. Without it the site has no scripts, and works.

use std::path::{Path, PathBuf};

fn main() -> std::io::Result<()> {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let target = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default());
    // The folder above: a path that is not there would have cargo build this anew each time.
    println!("cargo:rerun-if-changed={}", root.join("assets").display());
    let mut files: Vec<PathBuf> = match std::fs::read_dir(root.join("assets/dist")) {
        Ok(entries) => entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error),
    };
    files.sort();
    let rows: String = files.iter().map(|path| row(path)).collect();
    std::fs::write(target.join("dist.rs"), format!("&[\n{rows}]\n"))
}

/// `("composer.1A2B3C4D.js", include_bytes!("…/composer.1A2B3C4D.js")),`
fn row(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    format!("    ({name:?}, include_bytes!({:?})),\n", path.display().to_string())
}
