//! `handbill hold`: what a site holds back because of what its banks know.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Result;
use app::Site;
use clap::{Args, Subcommand};
use domain::MatchState;
use serde_json::json;

use crate::Place;
use crate::bank::{Out, beside, ids};

/// What to do with what is held.
#[derive(Args)]
pub(crate) struct HoldArguments {
    #[command(subcommand)]
    command: HoldCommand,
}

#[derive(Subcommand)]
enum HoldCommand {
    /// Show what is held, the longest first.
    List {
        #[command(flatten)]
        out: Out,
        #[command(flatten)]
        place: Place,
    },
    /// Let it go: it is seen again, and is not held again for the same reason.
    Release {
        /// Ids, as the list shows them
        #[arg(required = true)]
        ids: Vec<String>,
        #[command(flatten)]
        place: Place,
    },
    /// Say that it stays as it is: nobody sees it, and the list shows it as decided.
    Keep {
        /// Ids, as the list shows them
        #[arg(required = true)]
        ids: Vec<String>,
        #[command(flatten)]
        place: Place,
    },
}

/// `handbill hold …`
pub(crate) fn hold(arguments: &HoldArguments) -> Result<ExitCode> {
    match &arguments.command {
        HoldCommand::List { out, place } => beside(place, async |site| held(&site, out).await),
        HoldCommand::Release { ids, place } => beside(place, async |site| decide(&site, ids, MatchState::Released).await),
        HoldCommand::Keep { ids, place } => beside(place, async |site| decide(&site, ids, MatchState::Kept).await),
    }
}

async fn held(site: &Site, out: &Out) -> Result<ExitCode> {
    let held = site.held().await?;
    let mut stdout = std::io::stdout().lock();
    for (row, bank) in &held {
        let (post, media) = ids(&row.subject);
        let id = media.unwrap_or(post);
        let state = if row.state == MatchState::Kept { "kept" } else { "open" };
        if out.json {
            let line = json!({"id": id, "post": post, "media": media, "bank": bank.as_str(), "by": row.reading,
                "confidence": row.confidence, "distance": row.distance, "state": state, "since": web::locale::iso(row.created)});
            writeln!(stdout, "{line}")?;
        } else {
            let what = if media.is_some() { "medium" } else { "words" };
            writeln!(
                stdout,
                "{id}\t{state}\t/{post}\t{what}\t{bank}\tby {} ({:.0}%)\t{}",
                row.reading,
                row.confidence * 100.0,
                web::locale::iso(row.created)
            )?;
        }
    }
    if held.is_empty() {
        eprintln!("handbill: nothing is held");
    }
    Ok(ExitCode::SUCCESS)
}

async fn decide(site: &Site, ids: &[String], state: MatchState) -> Result<ExitCode> {
    let mut failed = false;
    for id in ids {
        let done = match site.held_subject(id).await? {
            Some(subject) => site.decide_on_held(&subject, state).await?,
            None => false,
        };
        if done {
            eprintln!("handbill: {id}: {}", if state == MatchState::Released { "released, it can be seen again" } else { "kept as it is" });
        } else {
            eprintln!("handbill: {id}: it is not held, or that was decided already; `handbill hold list` shows what is");
            failed = true;
        }
    }
    Ok(if failed { ExitCode::from(1) } else { ExitCode::SUCCESS })
}
