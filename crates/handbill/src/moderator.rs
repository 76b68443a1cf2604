//! `handbill moderator`: who may decide.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::{Result, bail};
use app::{NewLink, PersonRefused, Site};
use clap::{Args, Subcommand, ValueEnum};
use domain::{ModeratorName, Role, Time};
use serde_json::json;
use store::ModeratorRow;

use crate::bank::{Out, beside};
use crate::config::Config;
use crate::{Place, serve};

/// What to do with people.
#[derive(Args)]
pub(crate) struct ModeratorArguments {
    #[command(subcommand)]
    command: ModeratorCommand,
}

#[derive(Subcommand)]
enum ModeratorCommand {
    /// Add somebody, and print a link that enrols them once, within 48 hours.
    Add {
        /// Their name
        name: String,
        /// operator may do everything; moderator sees the queue and decides on what is in it
        #[arg(long, value_enum, default_value_t = RoleArgument::Moderator)]
        role: RoleArgument,
        #[command(flatten)]
        out: Out,
        #[command(flatten)]
        place: Place,
    },
    /// Show everybody.
    List {
        #[command(flatten)]
        out: Out,
        #[command(flatten)]
        place: Place,
    },
    /// Print a new link for somebody, such as who has lost their phone.
    ///
    /// When it is used, it ends their sessions and whatever they signed in with before. Any link that they had is no longer good.
    Link {
        /// Their name
        name: String,
        #[command(flatten)]
        out: Out,
        #[command(flatten)]
        place: Place,
    },
    /// Shut somebody out, at once: their sessions end.
    Suspend {
        /// Their name
        name: String,
        #[command(flatten)]
        place: Place,
    },
    /// Let somebody in again.
    Resume {
        /// Their name
        name: String,
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleArgument {
    Operator,
    Moderator,
}

/// `handbill moderator …`
pub(crate) fn moderator(arguments: &ModeratorArguments) -> Result<ExitCode> {
    match &arguments.command {
        ModeratorCommand::Add { name, role, out, place } => {
            let role = match role {
                RoleArgument::Operator => Role::Operator,
                RoleArgument::Moderator => Role::Moderator,
            };
            let name = parsed(name)?;
            beside(place, async |site| told(place, out, site.add_moderator(None, &name, role).await?))
        }
        ModeratorCommand::List { out, place } => beside(place, async |site| list(&site, out).await),
        ModeratorCommand::Link { name, out, place } => {
            to(place, name, async |site, one| told(place, out, site.link_moderator(None, &one.id).await?))
        }
        ModeratorCommand::Suspend { name, place } => to(place, name, async |site, one| {
            Ok(done(site.suspend_moderator(None, &one.id).await?.map_err(words), "shut out; their sessions have ended"))
        }),
        ModeratorCommand::Resume { name, place } => {
            to(place, name, async |site, one| Ok(done(site.resume_moderator(None, &one.id).await?.map_err(words), "let in again")))
        }
    }
}

/// Does something to whoever or whatever is found; if nothing is, that was said.
pub(crate) fn to_one<Row>(
    place: &Place,
    named: impl AsyncFnOnce(&Site) -> Result<Option<Row>>,
    deed: impl AsyncFnOnce(&Site, Row) -> Result<ExitCode>,
) -> Result<ExitCode> {
    beside(place, async |site| match named(&site).await? {
        Some(row) => deed(&site, row).await,
        None => Ok(ExitCode::from(1)),
    })
}

fn to(place: &Place, name: &str, deed: impl AsyncFnOnce(&Site, ModeratorRow) -> Result<ExitCode>) -> Result<ExitCode> {
    to_one(place, async |site: &Site| named(site, name).await, deed)
}

/// The whole address of a link, for a site of this configuration.
pub(crate) fn address(config: &Config, link: &NewLink) -> String {
    let origin = match config.site.public_url.trim_end_matches('/') {
        "" => config.server.listen.parse().map_or_else(|_| "http://localhost:8080".to_owned(), serve::shown),
        url => url.to_owned(),
    };
    format!("{origin}/console/enrol/{}", link.secret.expose())
}

fn parsed(name: &str) -> Result<ModeratorName> {
    match ModeratorName::parse(name) {
        Some(name) => Ok(name),
        None => bail!("{name:?} is no name: it has 1 to {} characters, and none that cannot be seen", ModeratorName::LONGEST),
    }
}

async fn named(site: &Site, name: &str) -> Result<Option<ModeratorRow>> {
    let found = site.moderator_named(&parsed(name)?).await?;
    if found.is_none() {
        eprintln!("handbill: nobody is called {name:?}; `handbill moderator list` shows everybody");
    }
    Ok(found)
}

pub(crate) fn told(place: &Place, out: &Out, made: Result<NewLink, PersonRefused>) -> Result<ExitCode> {
    let link = match made {
        Ok(link) => link,
        Err(refused) => return Ok(done(Err(words(refused)), "")),
    };
    let address = address(&Config::load(place.configuration.config.as_deref())?, &link);
    let mut stdout = std::io::stdout().lock();
    if out.json {
        writeln!(stdout, "{}", json!({"id": link.id, "link": address, "until": web::locale::iso(link.until)}))?;
    } else {
        writeln!(stdout, "{address}")?;
        eprintln!(
            "handbill: whoever opens this link enrols as who it is for, so hand it to them alone; it is good once, until {}",
            web::locale::iso(link.until)
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// Says what was done, or why not, which is no trouble: it is so, or it cannot be so.
pub(crate) fn done(outcome: Result<(), &'static str>, what: &str) -> ExitCode {
    eprintln!("handbill: {}", outcome.err().unwrap_or(what));
    ExitCode::from(u8::from(outcome.is_err()))
}

fn words(refused: PersonRefused) -> &'static str {
    match refused {
        PersonRefused::Taken => "somebody of this name is there already; `handbill moderator link NAME` gives them a new link",
        PersonRefused::Nobody => "nobody is there under this name",
        PersonRefused::Already => "it is so already",
        PersonRefused::Suspended => "they are shut out; `handbill moderator resume NAME` lets them in again",
        // The command line is nobody, and may do everything.
        PersonRefused::NotAllowed | PersonRefused::Oneself => "that cannot be done",
    }
}

async fn list(site: &Site, out: &Out) -> Result<ExitCode> {
    let (everybody, now) = (site.moderators().await?, site.clock.now());
    let mut stdout = std::io::stdout().lock();
    for one in &everybody {
        let (state, since) = (state(one, now), web::locale::iso(one.created));
        let with = if one.passkeys > 0 { Some("passkey") } else { one.password.is_some().then_some("password") };
        if out.json {
            let line = json!({"id": one.id, "name": one.name, "role": one.role, "state": state, "with": with,
                "link_until": one.link_until.map(web::locale::iso), "since": since});
            writeln!(stdout, "{line}")?;
        } else {
            writeln!(stdout, "{}\t{}\t{state}\t{}\t{since}", one.name, one.role.as_str(), with.unwrap_or("-"))?;
        }
    }
    if everybody.is_empty() {
        eprintln!("handbill: nobody may decide yet; `handbill moderator add NAME --role operator` adds somebody");
    }
    Ok(ExitCode::SUCCESS)
}

fn state(one: &ModeratorRow, now: Time) -> &'static str {
    if one.suspended.is_some() {
        "suspended"
    } else if one.is_enrolled() {
        "enrolled"
    } else if one.link_until.is_some_and(|until| until > now) {
        "waiting"
    } else {
        "link ended"
    }
}
