//! `cargo xtask bench`: installs what it compares with, builds the program as it is shipped, and runs `bench/`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use crate::{cargo, frontend, setup, step};

/// Runs the measurements that `arguments` name; all of them if none.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if let Some((first, rest)) = arguments.split_first()
        && first == "search"
    {
        return search(rest);
    }
    if let Some((first, rest)) = arguments.split_first()
        && first == "robustness"
    {
        return robustness(rest);
    }
    if let Some((first, rest)) = arguments.split_first()
        && first == "features"
    {
        return features(rest);
    }
    if let Some((first, rest)) = arguments.split_first()
        && first == "desk"
    {
        return desk(rest);
    }
    if arguments.first().is_some_and(|first| first == "storm") {
        return storm();
    }
    setup::packages(&[setup::SERVE, setup::BENCH])?;
    frontend::bundle()?;
    let node = setup::node()?.join("node");
    step(cargo().args(["build", "--release", "--package", "handbill"]))?;
    step(Command::new(node).arg("bench/run.mjs").args(arguments).env("HANDBILL_BIN", "target/release/handbill"))
}

/// What deciding costs, on both engines, and how long it takes in front of somebody.
fn desk(arguments: &[String]) -> Result<()> {
    setup::packages(&[setup::TEST, setup::SERVE])?;
    let measured = [
        "nextest",
        "run",
        "--workspace",
        "--release",
        "--run-ignored",
        "only",
        "--no-capture",
        "-E",
        "(package(app) or package(web)) and (test(desk::) or test(share::))",
    ];
    step(cargo().args(measured).args(arguments))?;
    frontend::bundle()?;
    step(cargo().args(["build", "--release", "--package", "handbill"]))?;
    let program = std::env::current_dir()?.join("target/release/handbill");
    step(setup::node_in("e2e")?.args(["../bench/run.mjs", "--only", "desk"]).env("HANDBILL_BIN", program))
}

/// Five minutes of the storm that the tests have for half a minute. nextest would end it as a test that hangs.
fn storm() -> Result<()> {
    setup::packages(&[setup::TEST, setup::SERVE])?;
    let measured = ["test", "--release", "--package", "handbill", "--test", "main", "--", "storm::", "--nocapture"];
    step(cargo().args(measured).env("HANDBILL_STORM_SECONDS", "300"))
}

/// The index of hashes beside FAISS.
fn search(arguments: &[String]) -> Result<()> {
    setup::packages(&[setup::PYTHON_ONLY])?;
    let faiss = setup::faiss()?;
    step(cargo().args(["bench", "--package", "likeness", "--bench", "search", "--"]).args(arguments).env("PYTHONPATH", faiss))
}

/// Debian packages full of photos: wallpapers, and what games and a planetarium show.
const PHOTOS: &[&str] = &[
    "endless-sky-data",
    "gcompris-qt-data",
    "gnome-backgrounds",
    "krank",
    "kstars-data",
    "lomiri-wallpapers-16.04",
    "lomiri-wallpapers-20.04",
    "mate-backgrounds",
    "plasma-workspace-wallpapers",
    "scratch",
    "stellarium-data",
    "tuxpaint-stamps-default",
    "ukui-wallpapers",
];

/// Disguised photos, and what finds them. `--scores` is for our side, all else for the one that disguises.
fn robustness(arguments: &[String]) -> Result<()> {
    setup::packages(&[setup::PYTHON_ONLY])?;
    let modules = setup::disguises()?;
    let photos = photos()?;
    let (ours, theirs): (Vec<&String>, Vec<&String>) = arguments.iter().partition(|argument| *argument == "--scores");
    let mut disguiser = Command::new("python3")
        .arg("bench/robustness/disguise.py")
        .arg(photos)
        .args(theirs)
        .env("PYTHONPATH", modules)
        .stdout(Stdio::piped())
        .spawn()
        .context("python3")?;
    let stream = disguiser.stdout.take().context("python3 has no output")?;
    let measured =
        step(cargo().args(["bench", "--package", "likeness", "--bench", "robustness", "--"]).args(ours).stdin(Stdio::from(stream)));
    let status = disguiser.wait()?;
    measured?;
    ensure!(status.success(), "bench/robustness/disguise.py: {status}");
    Ok(())
}

/// What local features cost, beside the decoding of a photo. Folders of more photos may be named; flags are for the benchmark.
fn features(arguments: &[String]) -> Result<()> {
    setup::packages(&[setup::PYTHON_ONLY, setup::BENCH])?;
    let modules = setup::disguises()?;
    let packages = photos()?;
    let large = std::env::temp_dir().join("handbill-features");
    let (folders, flags): (Vec<&String>, Vec<&String>) = arguments.iter().partition(|argument| Path::new(argument).is_dir());
    let mut planes = Command::new("python3")
        .arg("bench/features/planes.py")
        .arg(packages)
        .args(folders)
        .arg("--large")
        .arg(&large)
        .env("PYTHONPATH", modules)
        .stdout(Stdio::piped())
        .spawn()
        .context("python3")?;
    let stream = planes.stdout.take().context("python3 has no output")?;
    let photos = (0..4).flat_map(|number| ["--photo".into(), large.join(format!("{number}.jpg"))]);
    let measured = step(
        cargo().args(["bench", "--package", "likeness", "--bench", "features", "--"]).args(photos).args(flags).stdin(Stdio::from(stream)),
    );
    let status = planes.wait()?;
    measured?;
    ensure!(status.success(), "bench/features/planes.py: {status}");
    Ok(())
}

/// The unpacked packages, outside of the repository; a package that this Debian does not have is done without.
fn photos() -> Result<PathBuf> {
    let folder = std::env::temp_dir().join("handbill-robustness");
    for package in PHOTOS {
        let unpacked = folder.join(package);
        if unpacked.exists() {
            continue;
        }
        let fetched = folder.join("fetched").join(package);
        std::fs::create_dir_all(&fetched)?;
        if let Err(error) = step(Command::new("apt-get").args(["download", "-qq", package]).current_dir(&fetched)) {
            eprintln!("{package} is done without: {error}");
            continue;
        }
        for file in std::fs::read_dir(&fetched)? {
            step(Command::new("dpkg-deb").arg("-x").arg(file?.path()).arg(&unpacked))?;
        }
    }
    Ok(folder)
}
