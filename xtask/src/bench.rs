//! `cargo xtask bench`: installs what it compares with, builds the program as it is shipped, and runs `bench/`.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::{Need, cargo, install, step};

const NEEDS: &[Need] = &[
    Need { package: "nginx-light", shown_by: "/usr/sbin/nginx", why: "serves the same bytes, for comparison", only_tests: true },
    Need { package: "wrk", shown_by: "/usr/bin/wrk", why: "asks for a page over many connections", only_tests: true },
    Need {
        package: "libjpeg-turbo-progs",
        shown_by: "/usr/bin/djpeg",
        why: "decodes the same photo, for comparison, and makes it",
        only_tests: true,
    },
    Need { package: "ffmpeg", shown_by: "/usr/bin/ffmpeg", why: "draws the photos and the film that are posted", only_tests: true },
    Need {
        package: "libimage-exiftool-perl",
        shown_by: "/usr/bin/exiftool",
        why: "writes into the photo what a phone writes",
        only_tests: true,
    },
];

/// Runs the measurements that `arguments` name; all of them if none.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    install(NEEDS.iter().filter(|need| !Path::new(need.shown_by).exists()))?;
    if !Command::new("node").arg("--version").output().is_ok_and(|answer| answer.status.success()) {
        bail!("the measurements run on Node 18 or later, and `node` was not found");
    }
    step(cargo().args(["build", "--release", "--package", "handbill"]))?;
    step(Command::new("node").arg("bench/run.mjs").args(arguments).env("HANDBILL_BIN", "target/release/handbill"))
}
