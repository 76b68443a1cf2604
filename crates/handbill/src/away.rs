//! `handbill away`: what happens when nobody is at home, and saying that somebody is.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Result;
use app::{Rehearsal, Site};
use clap::{Args, Subcommand};
use domain::Why;
use serde_json::json;

use crate::Place;
use crate::bank::{Out, beside};

/// What to do when nobody is at home.
#[derive(Args)]
pub(crate) struct AwayArguments {
    #[command(subcommand)]
    command: AwayCommand,
}

#[derive(Subcommand)]
enum AwayCommand {
    /// Say that you are there. A site that has fallen back comes back, whatever it fell back for.
    ///
    /// Other commands say nothing of you: a machine may give them.
    Here {
        #[command(flatten)]
        place: Place,
    },
    /// Show what would happen if nobody were at home now, and do nothing.
    Rehearse {
        #[command(flatten)]
        out: Out,
        #[command(flatten)]
        place: Place,
    },
}

/// `handbill away …`
pub(crate) fn away(arguments: &AwayArguments) -> Result<ExitCode> {
    match &arguments.command {
        AwayCommand::Here { place } => beside(place, async |site| here(&site).await),
        AwayCommand::Rehearse { out, place } => beside(place, async |site| rehearse(&site, out).await),
    }
}

async fn here(site: &Site) -> Result<ExitCode> {
    site.come_home(None).await?;
    eprintln!("handbill: you are there; the site follows within a second");
    Ok(ExitCode::SUCCESS)
}

async fn rehearse(site: &Site, out: &Out) -> Result<ExitCode> {
    let rehearsal = site.rehearse().await?;
    let Rehearsal { begins, away, seen, open, orders } = &rehearsal;
    let mut stdout = std::io::stdout().lock();
    if out.json {
        let away = away.map(|(since, why)| json!({ "since": web::locale::iso(since), "why": why.as_str() }));
        let line = json!({
            "away": away, "begins": begins.map(web::locale::iso), "seen": seen.map(web::locale::iso), "open": open,
            "levers": site.away.levers, "orders_held": orders,
        });
        writeln!(stdout, "{line}")?;
        return Ok(ExitCode::SUCCESS);
    }
    match (away, begins) {
        (Some((since, Why::Unseen)), _) => writeln!(stdout, "It has begun: no operator was seen, since {}.", web::locale::iso(since))?,
        (Some((since, Why::Queue)), _) => writeln!(stdout, "It has begun: the queue is too long, since {}.", web::locale::iso(since))?,
        (None, Some(begins)) => writeln!(stdout, "It would begin at {}, if no operator were seen until then.", web::locale::iso(begins))?,
        (None, None) if site.away.rules.queue_over > 0 => {}
        (None, None) => writeln!(stdout, "It never begins: [away] sets neither after_hours nor queue_over.")?,
    }
    if away.is_none() && site.away.rules.queue_over > 0 {
        writeln!(stdout, "It would begin as soon as more than {} cases were open.", site.away.rules.queue_over)?;
    }
    match seen {
        Some(seen) => writeln!(stdout, "An operator was seen last at {}; {open} cases are open.", web::locale::iso(seen))?,
        None => writeln!(stdout, "No operator was seen yet; {open} cases are open.")?,
    }
    for lever in &site.away.levers {
        writeln!(stdout, "It would pull {}.", lever.as_str())?;
    }
    if site.away.hold_orders {
        writeln!(stdout, "What orders are about would be held: {orders} cases now.")?;
    } else {
        writeln!(stdout, "Orders would be acknowledged, and wait.")?;
    }
    Ok(ExitCode::SUCCESS)
}
