//! `handbill bank`: what a site knows.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use app::{Added, BankSummary, Looked, NewItem, Reached, Searched, Site};
use clap::{Args, Subcommand, ValueEnum};
use domain::{BankKind, BankName, Fingerprint, FingerprintKind, ItemId, OnMatch};
use indicatif::{ProgressBar, ProgressStyle};
use likeness::list::Signal;
use likeness::vpdq::{self, Frame};
use serde_json::json;
use store::Subject;
use store::banks::BankRow;

use crate::config::Config;
use crate::{Place, list, serve};

/// What shells say of a program that was told to end by Ctrl-C.
const INTERRUPTED: i32 = 130;
/// Lines of a list between two looks at how far it is.
const TELL_EVERY: u64 = 1_000;

/// What to do with banks.
#[derive(Args)]
pub(crate) struct BankArguments {
    #[command(subcommand)]
    command: BankCommand,
}

#[derive(Subcommand)]
enum BankCommand {
    /// Make a bank.
    Create {
        /// Its name: letters, digits, `-`, `_` and `.`
        name: String,
        /// What happens to what is like something in it: log counts it, cover covers it until a visitor asks, hold lets nobody see
        /// it until you decide. Not needed with --negative, which lets pass
        #[arg(long, value_enum, required_unless_present = "negative")]
        on_match: Option<OnMatchArgument>,
        /// Count what it would have acted on, and do nothing
        #[arg(long, conflicts_with = "negative")]
        shadow: bool,
        /// It holds what was mistaken for something else: whatever is like it is let pass by every bank, and let go where it is held for
        /// nothing else
        #[arg(long)]
        negative: bool,
        #[command(flatten)]
        place: Place,
    },
    /// Put photos, videos and texts into a bank, and act on everything like them that stands.
    Add {
        /// The bank
        name: String,
        /// Files; they are looked at in the sandbox and not kept. What ends in .txt or .md is a text, and so is what - (the standard
        /// input) gives
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Only say what would be reached
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        out: Out,
        #[command(flatten)]
        place: Place,
    },
    /// Put a list of hashes, links or domains into a bank, and act on everything like them that stands.
    ///
    /// One a line, after the name of its kind (pdq, vpdq, md5, sha256, video_md5, video_sha256, text_tlsh, text_sha256, raw_text, url, domain) or bare, where it can be
    /// told what it is; or a table (CSV) as python-threatexchange writes it. Lines that do not read are told by their number, and the others
    /// are taken; the exit code is 2 then. A list that is cut off changes nothing.
    Import {
        /// The bank
        name: String,
        /// The list; `-` is the standard input
        #[arg(value_name = "HASHES")]
        list: PathBuf,
        #[command(flatten)]
        out: Out,
        #[command(flatten)]
        place: Place,
    },
    /// Print what a bank knows as others read it: `pdq HASH`, `md5 HASH`, `text_tlsh HASH`, `url LINK`, …. Local features are never passed on.
    Export {
        /// The bank
        name: String,
        #[command(flatten)]
        place: Place,
    },
    /// Show the banks, and what is in them.
    List {
        #[command(flatten)]
        out: Out,
        #[command(flatten)]
        place: Place,
    },
    /// Trust a bank again that was often wrong and only counts since: what was found of it until now does not count any more.
    Trust {
        /// The bank
        name: String,
        /// One thing in it alone, by its id as `list --json` shows it
        #[arg(long, value_name = "ID")]
        item: Option<String>,
        #[command(flatten)]
        place: Place,
    },
    /// Let something in a bank act that would reach so much that it waits for a second look.
    Confirm {
        /// The bank
        name: String,
        /// One thing in it alone, by its id as `list --json` shows it
        #[arg(long, value_name = "ID")]
        item: Option<String>,
        #[command(flatten)]
        place: Place,
    },
    /// Remove a bank with all that it knows, and let go of what only it held.
    Remove {
        /// The bank
        name: String,
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum OnMatchArgument {
    Log,
    Cover,
    Hold,
}

/// How results are told.
#[derive(Args)]
pub(crate) struct Out {
    /// One JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
}

/// `handbill bank …`
pub(crate) fn bank(arguments: &BankArguments) -> Result<ExitCode> {
    match &arguments.command {
        BankCommand::Create { name, on_match, shadow, negative, place } => beside(place, async |site| {
            let name = parse(name)?;
            let kind = match (shadow, negative) {
                (true, _) => BankKind::Shadow,
                (_, true) => BankKind::Negative,
                _ => BankKind::Live,
            };
            let on_match = match on_match {
                Some(OnMatchArgument::Hold) => OnMatch::Hold,
                Some(OnMatchArgument::Cover) => OnMatch::Cover,
                Some(OnMatchArgument::Log) | None => OnMatch::Log,
            };
            if !site.create_bank(&name, kind, on_match).await? {
                bail!("there is a bank {name} already");
            }
            eprintln!("handbill: the bank {name} is made; fill it by `handbill bank add {name} FILE…`");
            Ok(ExitCode::SUCCESS)
        }),
        BankCommand::Add { name, files, dry_run, out, place } => beside(place, async |site| add(&site, name, files, *dry_run, out).await),
        BankCommand::Import { name, list, out, place } => beside(place, async |site| import(&site, name, list, out).await),
        BankCommand::Export { name, place } => beside(place, async |site| {
            let bank = find(&site, name).await?;
            let mut stdout = std::io::BufWriter::new(std::io::stdout().lock());
            site.each_signal(&bank.id, |signal| list::lines(signal).iter().try_for_each(|line| writeln!(stdout, "{line}"))).await?;
            stdout.flush()?;
            Ok(ExitCode::SUCCESS)
        }),
        BankCommand::List { out, place } => beside(place, async |site| list(&site, out).await),
        BankCommand::Trust { name, item, place } => beside(place, async |site| trust(&site, name, item.as_deref()).await),
        BankCommand::Confirm { name, item, place } => beside(place, async |site| confirm(&site, name, item.as_deref()).await),
        BankCommand::Remove { name, place } => beside(place, async |site| {
            let bank = find(&site, name).await?;
            let let_go = site.remove_bank(&bank.id).await?;
            eprintln!("handbill: the bank {name} is gone; {let_go} that only it held can be seen again");
            Ok(ExitCode::SUCCESS)
        }),
    }
}

/// Does something to a site that may be running.
pub(crate) fn beside(place: &Place, work: impl AsyncFnOnce(Site) -> Result<ExitCode>) -> Result<ExitCode> {
    let config = Config::load(place.configuration.config.as_deref())?;
    let data = &place.data;
    if config.database.url.is_empty() && !data.join("handbill.db").exists() {
        bail!("there is no site in {}; say where it is by --data", data.display());
    }
    let work_dir =
        tempfile::Builder::new().prefix(serve::BESIDE).tempdir_in(data).with_context(|| format!("{} cannot be written", data.display()))?;
    let runtime = serve::runtime()?;
    let working_in = work_dir.path().to_owned();
    // It may be reading a terminal when it is told to end, so that nobody else would hear it.
    runtime.spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            drop(std::fs::remove_dir_all(working_in));
            eprintln!(
                "handbill: interrupted; what was done stays so, and the same command goes on (with a search the site goes on by itself)"
            );
            std::process::exit(INTERRUPTED);
        }
    });
    runtime.block_on(async {
        let site = serve::open_with(&config, data, work_dir.path()).await?;
        let done = work(site.clone()).await;
        site.store.db.close().await;
        done
    })
}

fn parse(name: &str) -> Result<BankName> {
    BankName::parse(name)
        .with_context(|| format!("{name:?} is no name for a bank: 1 to 64 letters, digits, -, _ and ., the first a letter or digit"))
}

async fn find(site: &Site, name: &str) -> Result<BankRow> {
    let name = parse(name)?;
    site.bank(&name)
        .await?
        .with_context(|| format!("there is no bank {name}; make it by `handbill bank create {name} --on-match log|cover|hold`"))
}

async fn add(site: &Site, name: &str, files: &[PathBuf], dry_run: bool, out: &Out) -> Result<ExitCode> {
    let bank = find(site, name).await?;
    let mut failed = 0;
    for file in files {
        let shown = file.display();
        let known = match look(site, file).await {
            Ok(Looked::Known(known)) => known,
            Ok(Looked::Refused(problem, reason)) => {
                eprintln!("handbill: {shown}: not taken ({}: {reason})", problem.as_str());
                failed += 1;
                continue;
            }
            Err(error) => {
                eprintln!("handbill: {shown}: {error:#}");
                failed += 1;
                continue;
            }
        };
        let label = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned();
        let item = NewItem { label, known };
        let bar = Bar::new(&shown.to_string());
        let added = if dry_run {
            Added { reached: site.would_reach(&bank, item, |searched| bar.show(searched)).await?, waits: None }
        } else {
            site.add_to_bank(&bank, item, |searched| bar.show(searched)).await?
        };
        bar.end();
        tell(&shown.to_string(), &bank, &added, dry_run, out)?;
    }
    Ok(if failed > 0 { ExitCode::from(2) } else { ExitCode::SUCCESS })
}

async fn import(site: &Site, name: &str, list: &Path, out: &Out) -> Result<ExitCode> {
    let bank = find(site, name).await?;
    let label = list.file_name().unwrap_or(list.as_os_str()).to_string_lossy().into_owned();
    let mut list = list::Reader::open(list)?;
    let mut import = site.begin_import(&bank, label).await?;
    let mut taking = Taking { site, import: &mut import, film: Vec::new(), last: 0 };
    let reading = Bar::lines(list.name());
    while let Some((line, signal)) = list.next()? {
        taking.one(signal).await?;
        if line % TELL_EVERY == 0 {
            reading.0.set_position(line);
        }
    }
    reading.end();
    taking.end_film().await?;
    list.tell_rest();
    let shown = list.name();
    let bar = Bar::new(shown);
    let (count, added) = import.finish(|searched| bar.show(searched)).await?;
    bar.end();
    let (twice, wrong) = (list.twice(), list.wrong());
    if count == 0 {
        let unread = if wrong > 0 { format!(" ({} did not read)", counted(wrong, "line")) } else { String::new() };
        eprintln!("handbill: {shown}: there is nothing in it to know{unread}; nothing was changed");
        return Ok(if wrong > 0 { ExitCode::from(2) } else { ExitCode::SUCCESS });
    }
    let (signals, are) = (counted(count.unsigned_abs(), "signal"), if count == 1 { "is" } else { "are" });
    eprintln!("handbill: {shown}: {signals} {are} in the bank {name}; {twice} stood there twice, {} did not read", counted(wrong, "line"));
    tell(shown, &bank, &added, false, out)?;
    Ok(if wrong > 0 { ExitCode::from(2) } else { ExitCode::SUCCESS })
}

/// A list on its way into a bank.
struct Taking<'a> {
    site: &'a Site,
    import: &'a mut app::Import,
    /// The video of which the last lines were frames, and the number of the last of them.
    film: Vec<Frame>,
    last: u64,
}

impl Taking<'_> {
    async fn one(&mut self, signal: Signal) -> Result<()> {
        match signal {
            Signal::Frame(number, frame) => {
                if number <= self.last {
                    self.end_film().await?;
                }
                self.film.push(frame);
                self.last = number;
                return Ok(());
            }
            Signal::Vpdq(frames) => self.video(&frames).await?,
            Signal::Text(text) => {
                let known = self.site.look_at_words(&text).await?;
                self.import.take_whole(known.map(|known| known.fingerprints).unwrap_or_default()).await?;
            }
            Signal::Pdq(hash) => self.import.take(FingerprintKind::Hashes, &hash.to_bytes()).await?,
            Signal::Md5(digest) => self.import.take(FingerprintKind::Md5, &digest).await?,
            Signal::Sha256(digest) => self.import.take(FingerprintKind::Sha256, &digest).await?,
            Signal::VideoMd5(digest) => self.import.take(FingerprintKind::VideoMd5, &digest).await?,
            Signal::VideoSha256(digest) => self.import.take(FingerprintKind::VideoSha256, &digest).await?,
            Signal::TextSha256(digest) => self.import.take(FingerprintKind::TextSha256, &digest).await?,
            Signal::Tlsh(tlsh) => self.import.take(FingerprintKind::Tlshes, &tlsh.to_bytes()).await?,
            Signal::Url(link) => self.import.take(FingerprintKind::Urls, link.as_str().as_bytes()).await?,
            Signal::Domain(domain) => self.import.take(FingerprintKind::Domains, domain.as_bytes()).await?,
        }
        Ok(())
    }

    async fn end_film(&mut self) -> Result<()> {
        let frames = std::mem::take(&mut self.film);
        if frames.is_empty() { Ok(()) } else { self.video(&frames).await }
    }

    async fn video(&mut self, frames: &[Frame]) -> Result<()> {
        let bytes = vpdq::to_bytes(&vpdq::thin(frames, vpdq::STILL));
        Ok(self.import.take_whole(vec![Fingerprint { kind: FingerprintKind::Frames, version: 1, bytes }]).await?)
    }
}

/// What a text is known by; `None` for what is not given as one. Words are told by their file's name, since every file of letters might be
/// meant as words; they hold nothing that would have to be decoded.
async fn words(site: &Site, file: &Path) -> Result<Option<Looked>> {
    let is_input = file.as_os_str() == "-";
    if !is_input && !file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("txt") || ending.eq_ignore_ascii_case("md")) {
        return Ok(None);
    }
    let most = site.limits.text_bytes as u64 + 1;
    let mut bytes = Vec::new();
    if is_input {
        std::io::stdin().lock().take(most).read_to_end(&mut bytes)?;
    } else {
        std::fs::File::open(file)?.take(most).read_to_end(&mut bytes)?;
    }
    if bytes.len() as u64 == most {
        bail!("it is longer than the words of a post can be");
    }
    let text = String::from_utf8(bytes).context("it is no text of UTF-8")?;
    let known = site.look_at_words(text.trim_start_matches('\u{feff}')).await?.context("there is not a word in it")?;
    Ok(Some(Looked::Known(known)))
}

async fn look(site: &Site, file: &Path) -> Result<Looked> {
    if let Some(known) = words(site, file).await? {
        return Ok(known);
    }
    if !file.is_file() {
        bail!("it is no file");
    }
    Ok(site.look_at(file).await?)
}

fn tell(file: &str, bank: &BankRow, added: &Added, dry_run: bool, out: &Out) -> Result<()> {
    let reached = &added.reached;
    if let Some(reach) = added.waits {
        eprintln!(
            "handbill: {file}: it would reach {reach} things that nobody has reported, so it only counts until you have looked; `handbill bank confirm {}` lets it act",
            bank.name
        );
    }
    let mut stdout = std::io::stdout().lock();
    let verb = |one: &Reached| match (one.on_match, dry_run) {
        _ if one.let_go => {
            if dry_run {
                "would be let go"
            } else {
                "let go"
            }
        }
        (OnMatch::Hold, false) => "held",
        (OnMatch::Cover, false) => "covered",
        (OnMatch::Log, false) => "counted",
        (OnMatch::Hold, true) => "would be held",
        (OnMatch::Cover, true) => "would be covered",
        (OnMatch::Log, true) => "would be counted",
    };
    if out.json {
        let all: Vec<_> = reached
            .iter()
            .map(|one| {
                let (post, media) = ids(&one.subject);
                let likeness = &one.likeness;
                json!({"post": post, "media": media, "by": likeness.reading, "confidence": likeness.confidence,
                       "distance": likeness.distance, "on_match": one.on_match.as_str(), "let_go": one.let_go})
            })
            .collect();
        writeln!(stdout, "{}", json!({"file": file, "dry_run": dry_run, "reached": all, "waits": added.waits}))?;
        return Ok(());
    }
    for one in reached {
        let (post, media) = ids(&one.subject);
        let likeness = &one.likeness;
        writeln!(
            stdout,
            "{}\t/{post}\t{}\tby {} ({:.0}%)",
            verb(one),
            media.unwrap_or("words"),
            likeness.reading,
            likeness.confidence * 100.0
        )?;
    }
    eprintln!("handbill: {file}: {} of what stands is like it{}", reached.len(), if dry_run { "; nothing was changed" } else { "" });
    Ok(())
}

/// So many of what is called so.
fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// The post's id and the medium's.
pub(crate) fn ids(subject: &Subject) -> (&str, Option<&str>) {
    (subject.post_id.as_str(), subject.media_id.as_ref().map(domain::MediaId::as_str))
}

fn item_id(item: Option<&str>) -> Result<Option<ItemId>> {
    item.map(|id| ItemId::parse(id).with_context(|| format!("{id:?} is no id; `handbill bank list --json` shows them"))).transpose()
}

async fn confirm(site: &Site, name: &str, item: Option<&str>) -> Result<ExitCode> {
    let bank = find(site, name).await?;
    let confirmed = site.confirm(None, &bank.id, item_id(item)?.as_ref()).await?;
    if confirmed > 0 {
        eprintln!(
            "handbill: {confirmed} of what the bank {name} knows acts from now on; the site does so to what stands, or as soon as it is served"
        );
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("handbill: {name}: nothing of it waits; `handbill bank list` shows what does");
    Ok(ExitCode::from(1))
}

async fn trust(site: &Site, name: &str, item: Option<&str>) -> Result<ExitCode> {
    let bank = find(site, name).await?;
    let item = item_id(item)?;
    if site.trust(None, &bank.id, item.as_ref()).await? {
        eprintln!("handbill: the bank {name} acts again; what was found of it until now does not count against it any more");
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("handbill: {name}: nothing of it is distrusted; `handbill bank list` shows what is");
    Ok(ExitCode::from(1))
}

async fn list(site: &Site, out: &Out) -> Result<ExitCode> {
    let banks = site.list_banks().await?;
    let mut stdout = std::io::stdout().lock();
    for summary in &banks {
        let bank = &summary.bank;
        let signals: i64 = summary.items.iter().map(|(item, _)| item.signals).sum();
        let precision = summary.precision();
        if out.json {
            let items: Vec<_> = summary
                .items
                .iter()
                .map(|(item, found)| {
                    json!({"id": item.id.as_str(), "label": item.label, "signals": item.signals, "created": web::locale::iso(item.created),
                    "right": found.right, "wrong": found.wrong, "distrusted": item.distrusted.map(web::locale::iso), "waits": item.waits})
                })
                .collect();
            let line = json!({"name": bank.name.as_str(), "kind": bank.kind.as_str(), "on_match": bank.on_match.as_str(),
                "signals": signals, "matched": bank.matched, "holds": summary.holds, "right": precision.right, "wrong": precision.wrong,
                "distrusted": bank.distrusted.map(web::locale::iso), "items": items});
            writeln!(stdout, "{line}")?;
        } else {
            let kind = bank.kind.as_str();
            let on_match = if bank.kind == BankKind::Negative { "lets pass" } else { bank.on_match.as_str() };
            writeln!(
                stdout,
                "{}\t{kind}\t{on_match}\t{}\t{}\t{}\t{} held\t{} right\t{} wrong{}",
                bank.name,
                counted(summary.items.len() as u64, "item"),
                counted(signals.unsigned_abs(), "signal"),
                if bank.matched == 1 { "1 match".to_owned() } else { format!("{} matches", bank.matched) },
                summary.holds,
                precision.right,
                precision.wrong,
                if bank.distrusted.is_some() { "\tonly counts" } else { "" }
            )?;
            for (item, found) in summary.items.iter().filter(|(item, _)| item.distrusted.is_some()) {
                writeln!(stdout, "\t{}\t{}\t{} right\t{} wrong\tonly counts", item.id, item.label, found.right, found.wrong)?;
            }
            for (item, reach) in summary.items.iter().filter_map(|(item, _)| Some((item, item.waits?))) {
                writeln!(stdout, "\t{}\t{}\twould reach {reach}\twaits", item.id, item.label)?;
            }
        }
    }
    let distrusts = |one: &BankSummary| one.bank.distrusted.is_some() || one.items.iter().any(|(item, _)| item.distrusted.is_some());
    for one in banks.iter().filter(|one| distrusts(one)) {
        eprintln!(
            "handbill: {}: what only counts was often wrong; look at it, and let it act again by `handbill bank trust {}`",
            one.bank.name, one.bank.name
        );
    }
    for one in banks.iter().filter(|one| one.items.iter().any(|(item, _)| item.waits.is_some())) {
        eprintln!(
            "handbill: {}: what waits would reach much that nobody has reported; look at it, and let it act by `handbill bank confirm {}`",
            one.bank.name, one.bank.name
        );
    }
    if banks.is_empty() {
        eprintln!("handbill: there is no bank yet; make one by `handbill bank create NAME --on-match log|cover|hold`");
    }
    Ok(ExitCode::SUCCESS)
}

/// How far a search is; shown where somebody looks.
struct Bar(ProgressBar);

impl Bar {
    fn new(what: &str) -> Self {
        let bar = ProgressBar::no_length();
        // Nobody knows yet how much there is to look at.
        if let Ok(style) = ProgressStyle::with_template("{msg} …") {
            bar.set_style(style);
        }
        bar.set_message(what.to_owned());
        Self(bar)
    }

    /// Of a list nobody knows how long it is.
    fn lines(what: &str) -> Self {
        let bar = ProgressBar::no_length();
        if let Ok(style) = ProgressStyle::with_template("{msg} {human_pos} lines read") {
            bar.set_style(style);
        }
        bar.set_message(what.to_owned());
        Self(bar)
    }

    fn show(&self, searched: Searched) {
        if self.0.length() != Some(searched.all)
            && let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {human_pos} of {human_len} looked at")
        {
            self.0.set_style(style);
        }
        self.0.set_length(searched.all);
        self.0.set_position(searched.done);
    }

    fn end(&self) {
        self.0.finish_and_clear();
    }
}
