//! `handbill alarm`: whether what wakes the operator would.

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Result, bail};
use app::{Site, Tested};
use clap::{Args, Subcommand};

use crate::Place;
use crate::bank::beside;

/// How long it is waited for the site to have told it.
const PATIENCE: Duration = Duration::from_secs(45);

/// What to do with alarms.
#[derive(Args)]
pub(crate) struct AlarmArguments {
    #[command(subcommand)]
    command: AlarmCommand,
}

#[derive(Subcommand)]
enum AlarmCommand {
    /// Send an alarm by every way that is configured, and say whether it arrived.
    ///
    /// The site that runs sends it, as it would any other. Exit codes: 0 all have taken it, 1 one has not (yet), 2 there is nobody to tell.
    Test {
        #[command(flatten)]
        place: Place,
    },
}

/// `handbill alarm …`
pub(crate) fn alarm(arguments: &AlarmArguments) -> Result<ExitCode> {
    match &arguments.command {
        AlarmCommand::Test { place } => beside(place, async |site| test(&site).await),
    }
}

async fn test(site: &Site) -> Result<ExitCode> {
    if !site.alarms.reach_somebody() {
        bail!("nobody is told: set alarms.mail or alarms.webhook in the configuration");
    }
    let Some(id) = site.test_alarm(None).await? else { bail!("it could not be written down") };
    eprintln!("handbill: it is on its way");
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        let tested = site.tested(&id).await?;
        if tested.iter().all(|one| one.arrived.is_some()) {
            return tell(&tested);
        }
        if tokio::time::Instant::now() > deadline {
            let told = tell(&tested)?;
            eprintln!("handbill: what waits is tried again; if nothing was tried at all, the site does not run");
            return Ok(told);
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

fn tell(tested: &[Tested]) -> Result<ExitCode> {
    let (mut all, mut stdout) = (true, std::io::stdout().lock());
    for Tested { to, arrived, tries, answer } in tested {
        let answer = answer.as_deref().map(|answer| format!(" ({answer})")).unwrap_or_default();
        match arrived {
            Some(true) => writeln!(stdout, "{to}: arrived")?,
            Some(false) => writeln!(stdout, "{to}: refused{answer}")?,
            None => writeln!(stdout, "{to}: waits, tried {tries} time{}{answer}", if *tries == 1 { "" } else { "s" })?,
        }
        all &= *arrived == Some(true);
    }
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
