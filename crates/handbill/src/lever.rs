//! `handbill lever`: what an operator pulls on a bad day.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Result;
use app::Site;
use app::levers::By;
use clap::{Args, Subcommand};
use domain::Lever;
use domain::lever::{LONGEST_MS, length};
use serde_json::json;

use crate::Place;
use crate::bank::{Out, beside};

/// What to do with levers.
#[derive(Args)]
pub(crate) struct LeverArguments {
    #[command(subcommand)]
    command: LeverCommand,
}

#[derive(Subcommand)]
enum LeverCommand {
    /// Pull a lever for a time, or give one that is pulled another end.
    ///
    /// slow_mode: budgets shrink, and new posts become public after a while.
    /// hold_uploads: whatever is new waits for a look.
    /// hold_fresh: the same for networks that have not posted before.
    /// no_videos: no new videos are taken.
    /// no_links: links in posts are plain words.
    /// read_only: nothing new is taken but notices, appeals and orders.
    #[command(verbatim_doc_comment)]
    Set {
        /// Which: slow_mode, hold_uploads, hold_fresh, no_videos, no_links or read_only
        #[arg(value_parser = lever_named)]
        lever: Lever,
        /// For how long: a number followed by m, h or d, up to 30d
        #[arg(long = "for", value_name = "TIME", value_parser = for_how_long, default_value = "6h")]
        for_ms: i64,
        #[command(flatten)]
        place: Place,
    },
    /// Let go of a lever before its end.
    Clear {
        /// Which
        #[arg(value_parser = lever_named)]
        lever: Lever,
        #[command(flatten)]
        place: Place,
    },
    /// Show what is pulled, by whom, and until when.
    List {
        #[command(flatten)]
        out: Out,
        #[command(flatten)]
        place: Place,
    },
}

/// `handbill lever …`
pub(crate) fn lever(arguments: &LeverArguments) -> Result<ExitCode> {
    match &arguments.command {
        LeverCommand::Set { lever, for_ms, place } => beside(place, async |site| set(&site, *lever, *for_ms).await),
        LeverCommand::Clear { lever, place } => beside(place, async |site| clear(&site, *lever).await),
        LeverCommand::List { out, place } => beside(place, async |site| list(&site, out)),
    }
}

fn lever_named(text: &str) -> Result<Lever, String> {
    Lever::parse(&text.replace('-', "_")).ok_or_else(|| {
        let names: Vec<_> = Lever::ALL.iter().map(|lever| lever.as_str()).collect();
        format!("there are {}", names.join(", "))
    })
}

fn for_how_long(text: &str) -> Result<i64, String> {
    length(text)
        .filter(|ms| (1..=LONGEST_MS).contains(ms))
        .ok_or_else(|| "a time is a number followed by m, h or d, up to 30d, such as 90m".to_owned())
}

async fn set(site: &Site, lever: Lever, for_ms: i64) -> Result<ExitCode> {
    let until = site.clock.now().plus_ms(for_ms);
    Ok(match site.set_lever(By::CommandLine, lever, Some(until)).await? {
        Ok(_) => {
            eprintln!("handbill: {} is pulled until {}; the site follows within a second", lever.as_str(), web::locale::iso(until));
            ExitCode::SUCCESS
        }
        Err(refused) => {
            eprintln!("handbill: {}: {refused}", lever.as_str());
            ExitCode::from(1)
        }
    })
}

async fn clear(site: &Site, lever: Lever) -> Result<ExitCode> {
    Ok(match site.clear_lever(By::CommandLine, lever).await? {
        Ok(()) => {
            eprintln!("handbill: {} is let go", lever.as_str());
            ExitCode::SUCCESS
        }
        Err(refused) => {
            eprintln!("handbill: {}: {refused}; `handbill lever list` shows what is", lever.as_str());
            ExitCode::from(1)
        }
    })
}

fn list(site: &Site, out: &Out) -> Result<ExitCode> {
    let (levers, now) = (site.levers(), site.clock.now());
    let mut stdout = std::io::stdout().lock();
    let mut any = false;
    for one in levers.at(now) {
        any = true;
        let (since, until) = (web::locale::iso(one.since), one.until.map(web::locale::iso));
        if out.json {
            writeln!(stdout, "{}", json!({"lever": one.lever, "source": one.source, "since": since, "until": until}))?;
        } else {
            let until = until.as_deref().unwrap_or("-");
            writeln!(stdout, "{}\t{}\tsince {since}\tuntil {until}", one.lever.as_str(), one.source.as_str())?;
        }
    }
    if !any {
        eprintln!("handbill: nothing is pulled");
    }
    Ok(ExitCode::SUCCESS)
}
