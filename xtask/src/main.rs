//! The one entry point: `cargo xtask run` sets up and serves, `cargo xtask test` sets up and runs everything that CI runs.

mod bench;
mod deb;
mod frontend;
mod parts;
mod setup;
mod tidy;

use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};

const HELP: &str = "cargo xtask COMMAND

  setup           install what is missing to build and run (says what, and why)
  run [ARGS…]     set up, build, and serve at http://localhost:8080 with the data in ./data
  frontend        bundle the scripts of the pages (frontend/) into crates/web/assets/dist, for the next build to embed
  test            set up, and run everything that CI runs
  tidy            check the house rules that no compiler checks, and the licences of all parts (seconds)
  e2e [FILE…]     drive the program from outside, in a real browser, by curl and by kill -9: all of e2e/, or these of its files
  screenshots     take a picture of every page, in English and Arabic, small and large, light and dark, into e2e/out
  deb             build the release as a Debian package, with its user, its unit and its configuration
  bench [ARGS…]   build the release, and measure it beside nginx and djpeg (see bench/README.md; --quick, --only NAME, --json)
  bench features [ARGS…]
                    measure what local features cost beside decoding (folders of more photos, --known N)
  bench robustness [ARGS…]
                        disguise photos and look for them (--known N, --others N, --trap N, --seed N, --scores)
  bench storm           five minutes of a storm: what people who post and read notice of it
  bench search [ARGS…]  measure the index of hashes beside FAISS (--quick, --rows N, --bank NAME)
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let done = at_root().and_then(|()| match command.as_str() {
        "setup" => setup::packages(&[setup::SERVE]),
        "run" => setup::packages(&[setup::SERVE]).and_then(|()| frontend::bundle()).and_then(|()| run(arguments.collect())),
        "frontend" => setup::packages(&[setup::SERVE]).and_then(|()| frontend::bundle()),
        "test" => test(),
        "tidy" => tidy::run().and_then(|()| parts::run()),
        "e2e" => setup::packages(&[setup::SERVE, setup::TEST]).and_then(|()| e2e(&arguments.collect::<Vec<_>>())),
        "screenshots" => setup::packages(&[setup::SERVE, setup::TEST]).and_then(|()| screenshots()),
        "deb" => setup::packages(&[setup::SERVE, setup::DEB]).and_then(|()| frontend::bundle()).and_then(|()| deb::run()),
        "bench" => bench::run(&arguments.collect::<Vec<_>>()),
        "" | "help" | "--help" => {
            print!("{HELP}");
            Ok(())
        }
        other => Err(anyhow!("there is no command `{other}`\n\n{HELP}")),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Everything is done from the top of the repository, wherever it was asked for.
fn at_root() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask has no parent directory")?;
    std::env::set_current_dir(root).with_context(|| root.display().to_string())
}

/// Builds and serves, in place of this process: a signal that ends `cargo xtask run` reaches the site itself.
fn run(arguments: Vec<String>) -> Result<()> {
    let error = cargo().args(["run", "--release", "--package", "handbill", "--", "serve"]).args(arguments).exec();
    Err(error).context("cargo did not start")
}

/// Every step that CI takes, cheap ones first; the first that fails ends it, and either way the steps are told with their times.
fn test() -> Result<()> {
    let mut taken: Vec<(&str, Duration, &str)> = Vec::new();
    let mut take = |name: &'static str, work: fn() -> Result<()>| {
        println!("\n=== {name}");
        let begun = Instant::now();
        let done = work();
        taken.push((name, begun.elapsed(), if done.is_ok() { "passed" } else { "FAILED" }));
        done.with_context(|| format!("the step `{name}` failed"))
    };
    let done = take("setup", || setup::packages(&[setup::SERVE, setup::TEST]))
        .and_then(|()| take("format", || step(cargo().args(["fmt", "--all", "--check"]))))
        .and_then(|()| take("tidy", tidy::run))
        .and_then(|()| take("parts", parts::run))
        .and_then(|()| take("types of the scripts", frontend::check))
        .and_then(|()| take("scripts", frontend::bundle))
        .and_then(|()| take("lint", || step(cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))))
        .and_then(|()| take("unit and integration tests", cargo_tests))
        .and_then(|()| take("end-to-end tests", || e2e(&[])));
    println!("\n=== summary");
    for (name, time, outcome) in &taken {
        println!("{outcome}  {:>5} s  {name}", time.as_secs());
    }
    done
}

fn cargo_tests() -> Result<()> {
    // nextest is faster and ends a test that hangs; building it from source would cost more than it saves.
    if cargo().args(["nextest", "--version"]).output().is_ok_and(|answer| answer.status.success()) {
        step(cargo().args(["nextest", "run", "--workspace", "--no-tests=fail"]))?;
        // It leaves out the examples in the documentation.
        step(cargo().args(["test", "--workspace", "--doc", "--quiet"]))
    } else {
        step(cargo().args(["test", "--workspace"]))
    }
}

/// Drives the built program from outside.
fn e2e(files: &[String]) -> Result<()> {
    let mut node = driver()?;
    node.env("PYTHONPATH", setup::python()?).env("CADDY", setup::caddy()?).env("PEERS", setup::peers());
    // Two files at a time: most of their time they wait for the site.
    node.args(["--test", "--test-reporter=spec", "--test-concurrency=2"]);
    if files.is_empty() {
        node.arg("*.test.mjs");
    } else {
        node.args(files.iter().map(|file| file.strip_prefix("e2e/").unwrap_or(file)));
    }
    step(&mut node)
}

fn screenshots() -> Result<()> {
    step(driver()?.arg("screenshots.mjs"))
}

/// The pinned Node in `e2e/`, with its packages installed, and the program built with its scripts.
fn driver() -> Result<Command> {
    frontend::bundle()?;
    let mut command = setup::node_in("e2e")?;
    step(cargo().args(["build", "--package", "handbill"]))?;
    // Beside this program, wherever cargo's target directory is.
    let program = std::env::current_exe()?.with_file_name("handbill");
    if !program.exists() {
        bail!("{} was not built", program.display());
    }
    command.env("HANDBILL_BIN", program);
    Ok(command)
}

fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // What cargo tells a program that it runs, build scripts would take for a change: half of the dependencies would be built anew for each of the two ways
    // to call it.
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")) {
            cargo.env_remove(name);
        }
    }
    cargo
}

fn step(command: &mut Command) -> Result<()> {
    let words = std::iter::once(command.get_program()).chain(command.get_args()).map(|word| word.to_string_lossy());
    let shown = words.collect::<Vec<_>>().join(" ");
    // For people, so not on standard output: that belongs to what the step itself prints.
    eprintln!("\n--- {shown}");
    let status = command.status().with_context(|| format!("`{shown}` did not start"))?;
    if !status.success() {
        bail!("`{shown}` failed ({status})");
    }
    Ok(())
}
