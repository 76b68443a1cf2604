//! `handbill evidence`: what was removed, sealed for keys that are kept elsewhere.

use std::fs::File;
use std::io::{BufReader, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use app::evidence::{Manifest, OpenError};
use app::{Clock, Sealed, Site, evidence};
use clap::{Args, Subcommand};
use domain::{DecisionId, RawRetention};
use indicatif::BinaryBytes;
use serde_json::json;

use crate::Place;
use crate::bank::{Out, beside};

/// Sealed files that are read at a time.
const PAGE: i64 = 200;

/// What to do with evidence.
#[derive(Args)]
pub(crate) struct EvidenceArguments {
    #[command(subcommand)]
    command: EvidenceCommand,
}

#[derive(Subcommand)]
enum EvidenceCommand {
    /// Make a key: its identity goes to a file that only you may read, its recipient to standard output.
    ///
    /// The recipient goes into the configuration, under [evidence]. The identity belongs on another machine, or on paper, twice: without it
    /// nobody opens what is sealed for it. age-keygen makes the same.
    Keygen {
        /// The file for the identity; it must not be there yet
        file: PathBuf,
    },
    /// Show what is sealed, and until when it is kept.
    List {
        #[command(flatten)]
        out: Out,
        #[command(flatten)]
        place: Place,
    },
    /// Copy a sealed file out of the site, still sealed, to take it to where the identity is.
    Save {
        /// The decision, as the list shows it
        id: String,
        /// Where to; it must not be there yet
        #[arg(long, short, value_name = "FILE")]
        output: PathBuf,
        #[command(flatten)]
        place: Place,
    },
    /// Open a sealed file, check every hash in it, and say what is in it.
    ///
    /// Exit codes: 0 all of it is as it was sealed, 1 it is not, or is sealed for another key, 2 trouble.
    Open {
        /// A decision of this site, or a file that `save` has made
        #[arg(value_name = "ID|FILE")]
        id: String,
        /// The file that holds the identity
        #[arg(long, short, value_name = "FILE")]
        identity: PathBuf,
        /// Write what is in it into this folder, which must not be there yet
        #[arg(long, short, value_name = "DIR")]
        output: Option<PathBuf>,
        /// Write also the media of what was reported as the abuse of a child, to hand them on. Do not look at them
        #[arg(long, requires = "output")]
        media: bool,
        #[command(flatten)]
        out: Out,
        #[command(flatten)]
        place: Place,
    },
    /// Keep what a decision took away for longer, as when an authority asks for it.
    Keep {
        /// The decision
        id: String,
        /// Why: preservation (an authority asked), tco (a removal order) or law
        #[arg(long)]
        ground: String,
        /// Whose request it is, and its number; or which law wants it
        #[arg(long)]
        reference: String,
        /// The last day, such as 2027-05-31
        #[arg(long, value_name = "DAY")]
        until: String,
        #[command(flatten)]
        place: Place,
    },
}

/// `handbill evidence …`
pub(crate) fn evidence(arguments: &EvidenceArguments) -> Result<ExitCode> {
    match &arguments.command {
        EvidenceCommand::Keygen { file } => keygen(file),
        EvidenceCommand::List { out, place } => beside(place, async |site| list(&site, out).await),
        EvidenceCommand::Save { id, output, place } => beside(place, async |site| {
            let Some(key) = sealed(&site, id).await? else { return Ok(ExitCode::from(1)) };
            save(&site, &key, output).await?;
            eprintln!("handbill: {} holds it, still sealed", output.display());
            Ok(ExitCode::SUCCESS)
        }),
        EvidenceCommand::Open { id, identity, output, media, out, place } => open(id, identity, output.as_deref(), *media, out, place),
        EvidenceCommand::Keep { id, ground, reference, until, place } => beside(place, async |site| {
            let asked = RawRetention { ground: Some(ground.clone()), reference: Some(reference.clone()), until: Some(until.clone()) };
            keep(&site, id, asked).await
        }),
    }
}

fn keygen(file: &Path) -> Result<ExitCode> {
    let (identity, recipient) = evidence::keygen(Clock::System.now());
    let made = File::options().write(true).create_new(true).mode(0o600).open(file);
    let mut made = made.with_context(|| format!("{} cannot be made", file.display()))?;
    made.write_all(identity.as_bytes())?;
    made.sync_all()?;
    writeln!(std::io::stdout(), "{recipient}")?;
    eprintln!(
        "handbill: {} holds the identity: take it off this machine, and keep it twice. What was printed goes into the configuration: \
         [evidence] recipients = [\"{recipient}\"]",
        file.display()
    );
    Ok(ExitCode::SUCCESS)
}

async fn list(site: &Site, out: &Out) -> Result<ExitCode> {
    let mut stdout = std::io::stdout().lock();
    let (mut last, mut any): (Option<Sealed>, bool) = (None, false);
    loop {
        let after = last.as_ref().map(|one| (one.row.sealed, &one.row.decision_id));
        let page = site.list_evidence(after, PAGE).await?;
        for one in &page {
            any = true;
            tell(&mut stdout, one, out)?;
        }
        match page.into_iter().last() {
            Some(one) => last = Some(one),
            None => break,
        }
    }
    if !any {
        let why = if site.seals_evidence() { "" } else { ", and nobody said for whom; see [evidence] in the configuration" };
        eprintln!("handbill: nothing is sealed{why}");
    }
    Ok(ExitCode::SUCCESS)
}

fn tell(stdout: &mut impl std::io::Write, one: &Sealed, out: &Out) -> Result<()> {
    let row = &one.row;
    let (sealed, until) = (web::locale::iso(row.sealed), one.until.map(web::locale::iso));
    let destroyed = row.destroyed.map(web::locale::iso);
    let category = one.category.map(domain::Category::as_str);
    let size = u64::try_from(row.size_bytes).unwrap_or_default();
    if out.json {
        let recipients: Vec<&str> = row.recipients.split(' ').collect();
        let line = json!({"id": row.decision_id, "category": category, "sealed": sealed, "holds": row.holds, "size_bytes": size,
            "sha256": hex::encode(row.sha256), "recipients": recipients, "until": until, "destroyed": destroyed, "object": row.object_key});
        writeln!(stdout, "{line}")?;
        return Ok(());
    }
    let kept = match (destroyed, until) {
        (Some(destroyed), _) => format!("destroyed {destroyed}"),
        (None, Some(until)) => format!("kept until {until}"),
        (None, None) => "kept for nothing any more".to_owned(),
    };
    let (category, holds) = (category.unwrap_or("-"), row.holds);
    writeln!(stdout, "{}\t{sealed}\t{category}\t{holds}\t{}\t{kept}", row.decision_id, BinaryBytes(size))?;
    Ok(())
}

/// Where the evidence of a decision lies.
async fn sealed(site: &Site, id: &str) -> Result<Option<String>> {
    let Some(id) = DecisionId::parse(id) else { bail!("{id:?} is no decision; `handbill evidence list` shows what is sealed") };
    Ok(match site.evidence_of(&id).await? {
        Some(row) if row.object_key.is_some() => row.object_key,
        Some(_) => {
            eprintln!("handbill: the evidence of {id} was destroyed: nothing needed it any more");
            None
        }
        None => {
            eprintln!("handbill: nothing is sealed of {id}; `handbill evidence list` shows what is");
            None
        }
    })
}

async fn save(site: &Site, key: &str, output: &Path) -> Result<()> {
    let file = File::options().write(true).create_new(true).mode(0o600).open(output);
    let mut file = file.with_context(|| format!("{} cannot be made", output.display()))?;
    let copied = async {
        let mut bytes = site.store.blobs.read_whole(key).await?;
        while let Some(chunk) = futures_util::TryStreamExt::try_next(&mut bytes).await? {
            file.write_all(&chunk)?;
        }
        file.sync_all()?;
        anyhow::Ok(())
    };
    let copied = copied.await;
    if copied.is_err() {
        // It is ours: it was not there before.
        drop(std::fs::remove_file(output));
    }
    copied.with_context(|| format!("{} was not written", output.display()))
}

fn open(id: &str, identity: &Path, output: Option<&Path>, media: bool, out: &Out, place: &Place) -> Result<ExitCode> {
    if let Some(output) = output.filter(|output| output.exists()) {
        bail!("{} is there already, and is not written over; choose another folder", output.display());
    }
    let file = File::open(identity).with_context(|| format!("{} could not be read", identity.display()))?;
    let identities = evidence::identities(BufReader::new(file)).with_context(|| identity.display().to_string())?;
    let opened = |sealed: &Path| opened(sealed, &identities, output, media, out);
    if Path::new(id).is_file() {
        return opened(Path::new(id));
    }
    beside(place, async |site| {
        let Some(key) = sealed(&site, id).await? else { return Ok(ExitCode::from(1)) };
        let work = tempfile::Builder::new().prefix("evidence-").tempdir_in(&site.work_dir)?;
        let sealed = work.path().join("sealed.age");
        site.store.blobs.fetch_to(&key, &sealed).await?;
        opened(&sealed)
    })
}

type Identities = [Box<dyn evidence::Identity + Send + Sync>];

fn opened(sealed: &Path, identities: &Identities, output: Option<&Path>, media: bool, out: &Out) -> Result<ExitCode> {
    let read = || File::open(sealed).map(|file| BufReader::with_capacity(1 << 20, file)).with_context(|| sealed.display().to_string());
    let done = evidence::check(read()?, identities).map(|manifest| {
        let left = manifest.never_shown && !media;
        (manifest, left)
    });
    let (manifest, left) = match done {
        Ok(done) => done,
        Err(error) => return refused(error),
    };
    told(&manifest, out)?;
    let Some(output) = output else { return Ok(ExitCode::SUCCESS) };
    match evidence::unpack(read()?, identities, &manifest, output, media) {
        Ok(written) => eprintln!("handbill: {written} files are in {}", output.display()),
        Err(error) => return refused(error),
    }
    if left {
        eprintln!(
            "handbill: it was reported as the abuse of a child: its media were checked and not written. To hand them on, ask again with --media \
             and another folder; do not look at them"
        );
    }
    Ok(ExitCode::SUCCESS)
}

fn refused(error: OpenError) -> Result<ExitCode> {
    match error {
        OpenError::OtherKey | OpenError::Altered(_) => {
            eprintln!("handbill: {error}");
            Ok(ExitCode::from(1))
        }
        other => Err(other.into()),
    }
}

fn told(manifest: &Manifest, out: &Out) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    for entry in &manifest.entries {
        if out.json {
            writeln!(stdout, "{}", serde_json::to_string(entry)?)?;
        } else {
            writeln!(stdout, "{}  {}\t{}", entry.sha256, entry.path, entry.size_bytes)?;
        }
    }
    eprintln!(
        "handbill: decision {}, sealed {} by {}: all {} hashes hold",
        manifest.decision,
        manifest.sealed,
        manifest.made_by,
        manifest.entries.len()
    );
    Ok(())
}

async fn keep(site: &Site, id: &str, asked: RawRetention) -> Result<ExitCode> {
    let Some(id) = DecisionId::parse(id) else { bail!("{id:?} is no decision") };
    match site.keep_for(None, &id, asked).await? {
        Ok(row) => {
            eprintln!("handbill: what {id} took away is kept until {}", web::locale::iso(row.retention.until));
            Ok(ExitCode::SUCCESS)
        }
        Err(app::NotKept::Asked(error)) => Err(error.into()),
        Err(refused) => {
            eprintln!("handbill: {id}: {refused}");
            Ok(ExitCode::from(1))
        }
    }
}
