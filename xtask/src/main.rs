//! The one entry point: `cargo xtask run` sets up and serves, `cargo xtask test` sets up and runs everything that CI runs.

mod bench;
mod tidy;

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail};

/// What has to be on the machine: a Debian package, a file that shows that it is there, and why.
struct Need {
    package: &'static str,
    shown_by: &'static str,
    why: &'static str,
    only_tests: bool,
}

const NEEDS: &[Need] = &[
    Need { package: "cmake", shown_by: "/usr/bin/cmake", why: "builds the JPEG and HEIC decoders", only_tests: false },
    Need { package: "nasm", shown_by: "/usr/bin/nasm", why: "builds the fast parts of the JPEG decoder", only_tests: false },
    Need { package: "pkg-config", shown_by: "/usr/bin/pkg-config", why: "finds libraries for the build", only_tests: false },
    Need { package: "libde265-dev", shown_by: "/usr/include/libde265/de265.h", why: "reads iPhone photos (HEIC)", only_tests: false },
    Need { package: "ffmpeg", shown_by: "/usr/bin/ffmpeg", why: "cleans and converts videos", only_tests: false },
    Need {
        package: "libimage-exiftool-perl",
        shown_by: "/usr/bin/exiftool",
        why: "checks that nothing private is left in photos and videos",
        only_tests: true,
    },
    Need {
        package: "postgresql",
        shown_by: "/usr/lib/postgresql",
        why: "the tests run on PostgreSQL as well as on SQLite",
        only_tests: true,
    },
];

const HELP: &str = "cargo xtask COMMAND

  setup        install what is missing to build and run (says what, and why)
  run [ARGS…]  set up, build, and serve at http://localhost:8080 with the data in ./data
  test         set up, and run everything that CI runs
  tidy         check the house rules that no compiler checks (seconds)
  e2e          build, and drive the program from outside: a real browser, curl, kill -9 (needs Debian's chromium and Node 20)
  bench        build the release, and measure it beside nginx and djpeg (see bench/README.md; --quick, --only NAME, --json)
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let done = match command.as_str() {
        "setup" => setup(false),
        "run" => setup(false).and_then(|()| run(arguments.collect())),
        "test" => setup(true).and_then(|()| test()),
        "tidy" => tidy::run(),
        "e2e" => setup(true).and_then(|()| e2e()),
        "bench" => setup(false).and_then(|()| bench::run(&arguments.collect::<Vec<_>>())),
        _ => {
            print!("{HELP}");
            return if command.is_empty() || command == "help" || command == "--help" { ExitCode::SUCCESS } else { ExitCode::from(2) };
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn setup(tests: bool) -> Result<()> {
    install(NEEDS.iter().filter(|need| (tests || !need.only_tests) && !Path::new(need.shown_by).exists()))
}

fn install<'a>(missing: impl Iterator<Item = &'a Need>) -> Result<()> {
    let missing: Vec<&Need> = missing.collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("These Debian packages are missing:");
    for need in &missing {
        println!("  {:24} {}", need.package, need.why);
    }
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    let root = std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    if !root {
        bail!(
            "installing needs root. Please run:\n\n  sudo apt-get update && sudo apt-get install --no-install-recommends {}\n",
            packages.join(" ")
        );
    }
    println!("Installing them with apt-get.");
    step(Command::new("apt-get").args(["update", "-qq"]))?;
    step(
        Command::new("apt-get")
            .args(["install", "-y", "-qq", "--no-install-recommends"])
            .args(&packages)
            .env("DEBIAN_FRONTEND", "noninteractive"),
    )
}

fn run(arguments: Vec<String>) -> Result<()> {
    step(cargo().args(["build", "--release", "--package", "handbill"]))?;
    step(Command::new("target/release/handbill").arg("serve").args(arguments))
}

fn test() -> Result<()> {
    step(cargo().args(["fmt", "--all", "--check"]))?;
    step(cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    println!("\n=== tidy");
    tidy::run()?;
    // nextest is faster and ends a test that hangs; building it from source would cost more than it saves.
    if cargo().args(["nextest", "--version"]).output().is_ok_and(|answer| answer.status.success()) {
        step(cargo().args(["nextest", "run", "--workspace", "--no-tests=fail"]))
    } else {
        step(cargo().args(["test", "--workspace"]))
    }
}

fn e2e() -> Result<()> {
    step(cargo().args(["build", "--package", "handbill"]))?;
    step(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir("e2e"))?;
    step(Command::new("npm").arg("test").current_dir("e2e"))
}

fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

fn step(command: &mut Command) -> Result<()> {
    let shown = format!("{command:?}").replace('"', "");
    // For people, so not on standard output: that belongs to what the step itself prints.
    eprintln!("\n=== {shown}");
    let status = command.status().with_context(|| format!("`{shown}` did not start"))?;
    if !status.success() {
        bail!("`{shown}` failed ({status})");
    }
    Ok(())
}
