//! `handbill policy`: the rules of a site, as files that its operator writes.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use app::{PolicySet, Site};
use clap::{Args, Subcommand};
use domain::{Language, Policy};
use serde_json::json;

use crate::Place;
use crate::bank::{Out, beside};

/// What to do with the policy.
#[derive(Args)]
pub(crate) struct PolicyArguments {
    #[command(subcommand)]
    command: PolicyCommand,
}

#[derive(Subcommand)]
enum PolicyCommand {
    /// Write a policy into files, one a language, to begin from.
    Export {
        /// Where; it is made if it is not there. No file is overwritten
        #[arg(value_name = "DIR")]
        dir: PathBuf,
        /// The number of a version; without it, the one that is in force
        #[arg(long, conflicts_with = "shipped")]
        version: Option<i64>,
        /// The policy that comes with the software, whatever is in force
        #[arg(long)]
        shipped: bool,
        #[command(flatten)]
        place: Place,
    },
    /// Say whether the files in a directory are a policy, and what is wrong with them, by file and line.
    ///
    /// Files are named by their language: en.md, ar.md, pl.md, de.md. Each begins with a name, # The rules of this site; a clause is ## Privacy
    /// {#privacy} and what follows; decisions cite it by its id. All languages have the same clauses. Readers whose language is missing get
    /// English, else the first. Exit codes: 0 they are, 1 they are not, 2 they could not be read.
    Check {
        /// Where they are
        #[arg(value_name = "DIR")]
        dir: PathBuf,
    },
    /// Put the files in a directory in force, at once.
    ///
    /// What was in force until now stays where decisions cite it, at /policy/VERSION. Files with anything wrong change nothing. Exit codes as
    /// of `check`.
    Set {
        /// Where they are
        #[arg(value_name = "DIR")]
        dir: PathBuf,
        #[command(flatten)]
        out: Out,
        #[command(flatten)]
        place: Place,
    },
    /// Show every version, the newest first.
    List {
        #[command(flatten)]
        out: Out,
        #[command(flatten)]
        place: Place,
    },
}

/// `handbill policy …`
pub(crate) fn policy(arguments: &PolicyArguments) -> Result<ExitCode> {
    match &arguments.command {
        PolicyCommand::Export { dir, shipped: true, .. } => export(dir, &web::policy::shipped()),
        PolicyCommand::Export { dir, version, place, .. } => beside(place, async |site| {
            let found = match version {
                Some(version) => site.policy_version(*version).await?,
                None => site.policy().await?,
            };
            match (found, version) {
                (Some(found), _) => export(dir, &found.policy),
                // A site that was never started has the one that it will begin with.
                (None, None) => export(dir, &web::policy::shipped()),
                (None, Some(version)) => {
                    eprintln!("handbill: there is no version {version}; `handbill policy list` shows all");
                    Ok(ExitCode::from(1))
                }
            }
        }),
        PolicyCommand::Check { dir } => Ok(match read(dir)? {
            Some(policy) => {
                let (languages, clauses) = counted(&policy);
                eprintln!("handbill: a policy of {clauses} clauses in {languages}");
                ExitCode::SUCCESS
            }
            None => ExitCode::from(1),
        }),
        PolicyCommand::Set { dir, out, place } => {
            let Some(policy) = read(dir)? else { return Ok(ExitCode::from(1)) };
            beside(place, async |site| set(&site, &policy, out).await)
        }
        PolicyCommand::List { out, place } => beside(place, async |site| list(&site, out).await),
    }
}

fn export(dir: &Path, policy: &Policy) -> Result<ExitCode> {
    std::fs::create_dir_all(dir).with_context(|| format!("{} cannot be made", dir.display()))?;
    let files: Vec<_> = policy.texts().iter().map(|text| (dir.join(format!("{}.md", text.language)), &text.source)).collect();
    // All or none: half of one policy beside half of another is nobody's.
    if let Some((path, _)) = files.iter().find(|(path, _)| path.exists()) {
        bail!("{} is there already; choose another directory", path.display());
    }
    let mut stdout = std::io::stdout().lock();
    for (path, text) in files {
        std::fs::write(&path, format!("{text}\n")).with_context(|| format!("{} cannot be written", path.display()))?;
        writeln!(stdout, "{}", path.display())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The policy that a directory holds; `None`: it holds none, and what is wrong was told.
fn read(dir: &Path) -> Result<Option<Policy>> {
    let mut texts: Vec<(Language, String)> = Vec::new();
    let mut good = true;
    let mut names = Vec::new();
    for entry in std::fs::read_dir(dir).with_context(|| format!("{} cannot be read", dir.display()))? {
        names.push(entry.with_context(|| format!("{} cannot be read", dir.display()))?.path());
    }
    names.sort();
    for path in names.iter().filter(|path| path.extension().is_some_and(|end| end == "md")) {
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let Some(language) = Language::parse(stem).filter(|language| !texts.iter().any(|(known, _)| known == language)) else {
            // A README beside them may be meant for people.
            if !stem.eq_ignore_ascii_case("readme") {
                eprintln!("{}: no name of a language such as en.md, or there is one of the same language already", path.display());
                good = false;
            }
            continue;
        };
        let bytes = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
        match String::from_utf8(bytes) {
            Ok(text) => texts.push((language, text)),
            Err(error) => {
                let whole = error.utf8_error().valid_up_to();
                let line = error.as_bytes()[..whole].iter().filter(|byte| **byte == b'\n').count() + 1;
                eprintln!("{}:{line}: this is not UTF-8", path.display());
                good = false;
            }
        }
    }
    if texts.is_empty() {
        if good {
            eprintln!("{}: there is no file such as en.md; `handbill policy export DIR` writes some to begin from", dir.display());
        }
        return Ok(None);
    }
    match Policy::parse(&texts) {
        Ok(policy) => Ok(good.then_some(policy)),
        Err(faults) => {
            for fault in faults {
                eprintln!("{}:{}: {}", dir.join(format!("{}.md", fault.language)).display(), fault.line, fault.wrong);
            }
            Ok(None)
        }
    }
}

fn counted(policy: &Policy) -> (String, usize) {
    let languages = policy.texts().iter().map(|text| text.language.to_string()).collect::<Vec<_>>().join(", ");
    (languages, policy.texts().first().map_or(0, |text| text.clauses().count()))
}

async fn set(site: &Site, policy: &Policy, out: &Out) -> Result<ExitCode> {
    let (version, new) = match site.set_policy(None, policy).await? {
        PolicySet::New(version) => (version, true),
        PolicySet::Already(version) => (version, false),
    };
    let (languages, clauses) = counted(policy);
    if out.json {
        writeln!(
            std::io::stdout(),
            "{}",
            json!({"version": version, "new": new, "clauses": clauses, "languages": languages.split(", ").collect::<Vec<_>>()})
        )?;
    } else {
        writeln!(std::io::stdout(), "{version}")?;
    }
    if !new {
        eprintln!("handbill: this was in force already");
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("handbill: version {version} is in force, of {clauses} clauses in {languages}");
    for locale in web::locale::Locale::ALL {
        let given = policy.text(locale.tag()).map(|text| text.language.to_string()).unwrap_or_default();
        if given != locale.tag() {
            eprintln!("handbill: there is no {}.md: readers of this language get {given}, and are told so", locale.tag());
        }
    }
    for (clause, decisions) in site.cited_and_not_in(policy).await? {
        eprintln!(
            "handbill: {clause} is in it no more, and {decisions} decisions that stand cite it; they go on citing the version that they were made under"
        );
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(site: &Site, out: &Out) -> Result<ExitCode> {
    let mut stdout = std::io::stdout().lock();
    let rows = site.policies().await?;
    for (place, row) in rows.iter().enumerate() {
        let since = web::locale::iso(row.since);
        if out.json {
            let line = json!({"version": row.version, "origin": row.origin.as_str(), "since": since, "in_force": place == 0});
            writeln!(stdout, "{line}")?;
        } else {
            writeln!(stdout, "{}\t{}\t{since}", row.version, row.origin.as_str())?;
        }
    }
    if rows.is_empty() {
        eprintln!("handbill: the site has never been started; it begins with the policy that comes with it");
    }
    Ok(ExitCode::SUCCESS)
}
