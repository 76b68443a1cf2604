//! `handbill doctor`: looks at everything that a site stands on, and says of each what was seen and how to mend it.
//!
//! It may run beside the site and changes nothing: what it writes to try a disk or a store, it takes away again.

mod machine;
mod media;
mod running;
mod site;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args;

use crate::Place;
use crate::config::Config;

/// Where to look.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    place: Place,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
}

/// How a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Ok,
    Warning,
    Broken,
}

/// What was found of one part.
#[derive(Debug, PartialEq, Eq, serde::Serialize)]
struct Finding {
    check: &'static str,
    state: State,
    seen: String,
    mend: Option<String>,
}

impl Finding {
    fn ok(check: &'static str, seen: impl Into<String>) -> Self {
        Self { check, state: State::Ok, seen: seen.into(), mend: None }
    }

    fn warning(check: &'static str, seen: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { check, state: State::Warning, seen: seen.into(), mend: Some(mend.into()) }
    }

    fn broken(check: &'static str, seen: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { check, state: State::Broken, seen: seen.into(), mend: Some(mend.into()) }
    }
}

/// Looks, tells, and sums it up in the exit code.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let mut worst = State::Ok;
    let mut tell = |finding: Finding| -> Result<()> {
        if matches!((finding.state, worst), (State::Broken, _) | (State::Warning, State::Ok)) {
            worst = finding.state;
        }
        show(&finding, arguments.json)
    };
    let place = &arguments.place;
    match Config::load(place.configuration.config.as_deref()) {
        // Nothing else can be judged without it.
        Err(error) => tell(Finding::broken("configuration", format!("{error:#}"), "see config.example.toml for every key and its values"))?,
        Ok(config) => {
            let runtime = crate::serve::runtime()?;
            runtime.block_on(look(&config, &place.data, place.configuration.config.as_deref(), &mut tell))?;
        }
    }
    Ok(ExitCode::from(u8::from(worst == State::Broken)))
}

async fn look(config: &Config, data: &Path, file: Option<&Path>, tell: &mut impl FnMut(Finding) -> Result<()>) -> Result<()> {
    // Each is told as soon as it is known: some take a while.
    tell(site::configuration(config, file))?;
    tell(site::contact(config))?;
    tell(site::mail(config).await)?;
    tell(site::listen(config))?;
    tell(running::site(config).await)?;
    tell(running::proxies(config))?;
    tell(machine::data(data))?;
    tell(machine::disk(data, &config.limits))?;
    tell(machine::memory(config.media.workers))?;
    let database = site::database(config, data).await;
    tell(machine::clock(data, database.as_ref().ok().and_then(Option::as_ref).and_then(|found| found.clock_ms)).await)?;
    let operators = database.as_ref().ok().and_then(Option::as_ref).and_then(|found| found.operators);
    tell(site::judge_database(database))?;
    if let Some(operators) = operators {
        tell(site::console(operators))?;
    }
    tell(site::blobs(config, data).await)?;
    tell(site::evidence(config))?;
    let work = Work::new()?;
    tell(media::kernel(config))?;
    let sandbox = media::sandbox(config, &work.0.join("walls")).await;
    let walls = sandbox.state != State::Broken;
    tell(sandbox)?;
    tell(media::ffmpeg(config, &work.0.join("tools"), walls).await)
}

fn show(finding: &Finding, json: bool) -> Result<()> {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{}", serde_json::to_string(finding)?)?;
        return Ok(());
    }
    let state = match finding.state {
        State::Ok => "ok",
        State::Warning => "warning",
        State::Broken => "broken",
    };
    writeln!(out, "{state:8} {:14} {}", finding.check, finding.seen)?;
    if let Some(mend) = &finding.mend {
        writeln!(out, "{:8} {:14} to mend it: {mend}", "", "")?;
    }
    Ok(())
}

/// A directory of our own that goes away with this.
struct Work(std::path::PathBuf);

impl Work {
    fn new() -> Result<Self> {
        let chance = app::Chance::system().context("the system has no randomness")?;
        let dir = std::env::temp_dir().join(format!("handbill-doctor-{}", chance.token()));
        std::fs::create_dir(&dir).with_context(|| format!("{} cannot be made", dir.display()))?;
        Ok(Self(dir))
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// A size for people.
fn size(bytes: u64) -> String {
    indicatif::BinaryBytes(bytes).to_string()
}
