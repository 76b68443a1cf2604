//! `handbill post`: sends files and words to a site, and prints the two links.
//!
//! Files stream from the disk to the connection, so memory stays flat however large they are. Nothing is sent before every file
//! was found and opened. A line that breaks is waited for; a run that was stopped goes on where it was when the same is posted again.

mod journal;
mod site;

use std::io::{Read as _, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use clap::{ArgAction, Args};
use indicatif::{DecimalBytes, HumanCount, MultiProgress, ProgressBar, ProgressStyle};
use reqwest::Url;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::post::journal::{Asked, Journal};
use crate::post::site::{Limits, Said, Sent, Site};

/// The most words taken from standard input: no site takes a book of this size, and memory stays bounded.
const WORDS: u64 = 64 << 20;

/// What to post.
#[derive(Args)]
#[command(after_help = "\
Prints the link, then the manage link: the only key to edit or delete the post. Keep it; it cannot be had again.

A line that breaks is waited for, for a quarter of an hour without a byte of progress. A run that was stopped goes on where it was when the
same files are posted again with the same words within a day: what is needed for that, with the manage link's secret, is kept until the
post is made in $XDG_STATE_HOME/handbill (or ~/.local/state/handbill), for you alone to read.

A file that the site does not take is named on standard error, with the reason; the rest is posted all the same. Exit codes:
  0  posted, even if some files were refused: the link works, and what was refused is told
  1  the site took nothing: every file was refused and there were no words, or a field is wrong
  2  trouble: a file cannot be read (then nothing was sent), no connection, the site is full or broken")]
pub(crate) struct Arguments {
    /// Photos and videos, in the order wanted; `-` reads the post's words (Markdown) from standard input
    #[arg(value_name = "FILE", required_unless_present_any = ["text", "title"])]
    files: Vec<PathBuf>,
    /// A title
    #[arg(long, value_name = "T")]
    title: Option<String>,
    /// The post's words, in Markdown
    #[arg(long, value_name = "WORDS")]
    text: Option<String>,
    /// A caption; the first is the first file's, and so on
    #[arg(long = "caption", value_name = "WORDS", action = ArgAction::Append)]
    captions: Vec<String>,
    /// What a picture shows, for those who cannot see it; the first is the first file's, and so on
    #[arg(long = "alt", value_name = "WORDS", action = ArgAction::Append)]
    alts: Vec<String>,
    /// The language of the words, such as ar or pt-BR; detected if it is not given
    #[arg(long, value_name = "BCP47")]
    language: Option<String>,
    /// When the post goes away by itself: 1h, 7d, 1y, never
    #[arg(long, value_name = "TIME")]
    expires: Option<String>,
    /// What a visitor has to type before they see anything
    #[arg(long, value_name = "WORDS", env = "HANDBILL_PASSWORD", hide_env_values = true)]
    password: Option<String>,
    /// How often it may be opened before it is gone
    #[arg(long, value_name = "NUMBER")]
    views: Option<i64>,
    /// Let the site list it and search engines find it
    #[arg(long)]
    listed: bool,
    /// Do not let it be listed; this is so if nothing is said
    #[arg(long, conflicts_with = "listed")]
    unlisted: bool,
    /// Cover it until a reader asks to see it
    #[arg(long)]
    sensitive: bool,
    /// The site
    #[arg(long, value_name = "URL", env = "HANDBILL_SERVER", default_value = "http://localhost:8080")]
    server: String,
    /// Print one JSON object instead of lines
    #[arg(long)]
    json: bool,
}

/// A file that is ready to be sent.
struct Opened {
    name: String,
    file: Arc<std::fs::File>,
    size: u64,
    /// What tells it from itself after a change.
    mark: String,
    /// Where it is; `None` for what came from a pipe, which is here only now.
    path: Option<PathBuf>,
}

impl Opened {
    /// Half of one file and half of another are neither.
    fn is_unchanged(&self) -> Result<()> {
        let about = self.file.metadata().with_context(|| format!("{} cannot be read", printable(&self.name)))?;
        ensure!(mark_of(&about) == self.mark, "{} changed while it was being sent; nothing was posted", printable(&self.name));
        Ok(())
    }
}

/// What a site answers to a post that it has made.
#[derive(Deserialize)]
struct Made {
    url: String,
    manage_url: String,
}

/// Posts, and says what became of it.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let to = address(&arguments.server)?;
    let (files, words) = gather(arguments)?;
    ensure!(arguments.captions.len() <= files.len(), "there are more captions than files");
    ensure!(arguments.alts.len() <= files.len(), "there are more alternative texts than files");
    if let Err(error) = fields(arguments) {
        return refuse(arguments, &format!("{error}"), &[], &Limits::default());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("the runtime did not start")?;
    let bars = MultiProgress::new();
    let sent = runtime.block_on(send(arguments, to, &files, words, &bars));
    drop(bars.clear());
    // What is left of a broken request may hang in a system call.
    runtime.shutdown_background();
    tell(arguments, sent?)
}

fn address(server: &str) -> Result<Url> {
    let url = Url::parse(server).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let mut url = url.with_context(|| format!("{server:?} is no address of a site, such as https://kites.example"))?;
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}

/// Opens every file, or says which ones cannot be sent.
fn gather(arguments: &Arguments) -> Result<(Vec<Opened>, Option<String>)> {
    let mut words = arguments.text.clone();
    let (mut opened, mut wrong) = (Vec::new(), Vec::new());
    for path in &arguments.files {
        if path.as_os_str() == "-" {
            ensure!(words.is_none(), "`-` and --text both give the post's words; one of them is enough");
            words = Some(standard_input()?);
            continue;
        }
        match open(path) {
            Ok(file) => opened.push(file),
            Err(error) => wrong.push(format!("{}: {error}", path.display())),
        }
    }
    ensure!(wrong.is_empty(), "nothing was sent, because these files cannot be read:\n  {}", wrong.join("\n  "));
    Ok((opened, words))
}

fn standard_input() -> Result<String> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(WORDS + 1).read_to_end(&mut bytes).context("standard input could not be read")?;
    ensure!(bytes.len() as u64 <= WORDS, "standard input is longer than {} MiB of words; a file is posted by its name", WORDS >> 20);
    String::from_utf8(bytes).ok().context("standard input is not UTF-8 text; `-` is for words, a photo or video is posted by its name")
}

fn open(path: &Path) -> std::io::Result<Opened> {
    let mut file = std::fs::File::open(path)?;
    let mut about = file.metadata()?;
    if about.is_dir() {
        return Err(std::io::Error::other("is a directory"));
    }
    let mut whole = None;
    if about.is_file() {
        whole = Some(std::fs::canonicalize(path)?);
    } else {
        // How long a pipe is is known at its end.
        let mut copy = tempfile::tempfile()?;
        std::io::copy(&mut file, &mut copy)?;
        (about, file) = (copy.metadata()?, copy);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Opened { name, file: Arc::new(file), size: about.len(), mark: mark_of(&about), path: whole })
}

fn mark_of(about: &std::fs::Metadata) -> String {
    format!("{} {} {}.{}", about.ino(), about.len(), about.mtime(), about.mtime_nsec())
}

/// Looks at what is the same on every site, before anything is sent.
fn fields(arguments: &Arguments) -> Result<(), domain::DraftError> {
    let any = domain::Limits { text_bytes: usize::MAX, line_characters: usize::MAX, ..domain::Limits::default() };
    let raw = domain::RawDraft {
        language: arguments.language.clone(),
        expires: arguments.expires.clone(),
        password: arguments.password.clone(),
        views: arguments.views.map(|views| views.to_string()),
        ..domain::RawDraft::default()
    };
    raw.check(&any).map(drop)
}

/// What came of it all.
struct Outcome {
    /// What the site says of the post; `None`: there was nothing left to ask for.
    said: Option<Said>,
    /// Files that it did not take, and its word for why.
    refused: Vec<(String, String)>,
    limits: Limits,
}

/// Sends the files, then asks for the post.
async fn send(arguments: &Arguments, to: Url, files: &[Opened], words: Option<String>, bars: &MultiProgress) -> Result<Outcome> {
    let flag = |set: bool| set.then_some(true);
    let mut wish = json!({
        "title": arguments.title, "text": words, "language": arguments.language, "listed": flag(arguments.listed),
        "sensitive": flag(arguments.sensitive), "expires": arguments.expires, "password": arguments.password, "views": arguments.views,
    });
    // What came from a pipe is not there to go on with.
    let mark = |file: &Opened| file.path.as_ref().map(|path| (path.as_os_str().as_bytes().to_owned(), file.mark.clone()));
    let marks: Option<Vec<_>> = files.iter().map(mark).collect();
    let what = json!([to.as_str(), wish, arguments.captions, arguments.alts, marks]).to_string();
    let mut journal = if marks.is_some() { Journal::open(what.as_bytes(), files.len())? } else { Journal::passing(files.len())? };
    if journal.has_begun() {
        eprintln!("Going on with what was begun before.");
    }
    let mut site = Site::new(to)?;
    loop {
        let before = journal.notes.asked.clone();
        let asked = match before.clone() {
            Some(asked) => asked,
            None => match send_files(arguments, &mut site, files, &mut journal, bars).await {
                Ok(asked) => asked,
                Err(error) => return Err(to_be_gone_on_with(journal, error)),
            },
        };
        if asked.media.is_empty() && !files.is_empty() && words_are_missing(&wish) {
            journal.end();
            return Ok(outcome(&mut site, None, asked.refused).await);
        }
        wish["media"] = asked.media.clone().into();
        wish["manage_secret"] = journal.notes.secret.clone().into();
        // From here on the site may have made it, whatever becomes of its answer.
        journal.asking(&asked);
        let said = match site.publish(&journal.notes.key, &wish).await {
            Ok(said) => said,
            Err(error) => return Err(to_be_gone_on_with(journal, error)),
        };
        // It was not made at that time, and the uploads have been given up since.
        if before.is_some() && said.is_no_such_upload() {
            journal.start_again()?;
            continue;
        }
        journal.end();
        return Ok(outcome(&mut site, Some(said), asked.refused).await);
    }
}

async fn outcome(site: &mut Site, said: Option<Said>, refused: Vec<(String, String)>) -> Outcome {
    let too_much = refused.iter().any(|(_, problem)| problem.starts_with("too_"));
    let limits = if too_much { site.limits().await } else { Limits::default() };
    Outcome { said, refused, limits }
}

async fn send_files(
    arguments: &Arguments,
    site: &mut Site,
    files: &[Opened],
    journal: &mut Journal,
    bars: &MultiProgress,
) -> Result<Asked> {
    let widest = files.iter().map(|file| file.name.chars().count()).max().unwrap_or_default().min(32);
    let line = |lines: &[String], place: usize| lines.get(place).filter(|line| !line.is_empty()).cloned();
    let mut asked = Asked::default();
    for (place, file) in files.iter().enumerate() {
        let bar = bars.add(bar(file, widest));
        let mut upload = journal.notes.uploads.get(place).cloned().flatten();
        let sent = site.send(file, &bar, &mut upload, |id| journal.made(place, id)).await;
        if !matches!(sent, Ok(Sent::Whole)) {
            bar.abandon();
        }
        match sent? {
            Sent::Whole => {
                let (caption, alt) = (line(&arguments.captions, place), line(&arguments.alts, place));
                asked.media.push(json!({"upload": upload, "caption": caption, "alt": alt}));
            }
            Sent::Refused(problem) => asked.refused.push((file.name.clone(), problem)),
        }
    }
    Ok(asked)
}

/// Says that all is not lost, where that is so.
fn to_be_gone_on_with(journal: Journal, error: anyhow::Error) -> anyhow::Error {
    if !journal.has_begun() {
        journal.end();
        return error;
    }
    let words = "the post is not known to be made; the same command, within a day, goes on where this one ended";
    if journal.is_kept() { error.context(words) } else { error }
}

fn words_are_missing(wish: &Value) -> bool {
    ["title", "text"].into_iter().all(|name| wish[name].as_str().is_none_or(|words| words.trim().is_empty()))
}

fn bar(file: &Opened, widest: usize) -> ProgressBar {
    let template = format!("{{prefix:{widest}!}} {{bar:24}} {{bytes:>10}} of {{total_bytes:<10}} {{bytes_per_sec:>12}} {{eta:>4}}");
    let bar = ProgressBar::new(file.size).with_style(style(&template));
    bar.set_prefix(printable(&file.name));
    bar
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("█▉▊▋▌▍▎▏ ")
}

fn tell(arguments: &Arguments, Outcome { said, refused, limits }: Outcome) -> Result<ExitCode> {
    let stranger = "the site answers, but not as a Handbill site does";
    match said {
        Some(Said::Done(_, _, body)) => {
            let made: Made = serde_json::from_slice(&body).ok().context(stranger)?;
            tell_refused(&refused, &limits);
            let mut out = std::io::stdout().lock();
            if arguments.json {
                let refused = listed(&refused);
                writeln!(out, "{}", json!({"url": made.url, "manage_url": made.manage_url, "refused": refused}))?;
            } else {
                writeln!(out, "{}\n{}", printable(&made.url), printable(&made.manage_url))?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Some(Said::Later(error, _)) => Err(error),
        Some(Said::No(status, problem)) => {
            let words: Vec<String> = [Some(problem.title.context(stranger)?), problem.detail].into_iter().flatten().collect();
            ensure!(status.is_client_error(), "nothing was posted: {}", printable(&words.join(" ")));
            refuse(arguments, &words.join(" "), &refused, &limits)
        }
        None => refuse(arguments, "no file could be taken", &refused, &limits),
    }
}

/// The site takes nothing of it.
fn refuse(arguments: &Arguments, why: &str, refused: &[(String, String)], limits: &Limits) -> Result<ExitCode> {
    tell_refused(refused, limits);
    let why = printable(why);
    eprintln!("handbill: nothing was posted: {why}");
    if arguments.json {
        let told = json!({"url": null, "manage_url": null, "problem": why, "refused": listed(refused)});
        writeln!(std::io::stdout(), "{told}")?;
    }
    Ok(ExitCode::from(1))
}

fn tell_refused(refused: &[(String, String)], limits: &Limits) {
    for (name, problem) in refused {
        eprintln!("! {}: {}", printable(name), words(problem, limits));
    }
}

fn listed(refused: &[(String, String)]) -> Vec<Value> {
    refused.iter().map(|(name, problem)| json!({"name": name, "problem": problem})).collect()
}

/// The site's stable word for a problem, for people.
fn words(problem: &str, limits: &Limits) -> String {
    let most = |number: Option<String>| number.map(|number| format!(" (at most {number})")).unwrap_or_default();
    let count = |number: Option<u64>| most(number.map(|number| HumanCount(number).to_string()));
    match problem {
        "too_large" => {
            return format!("has more bytes than the site takes{}", most(limits.file_bytes.map(|bytes| DecimalBytes(bytes).to_string())));
        }
        "too_many_pixels" => return format!("has more pixels than the site takes{}", count(limits.pixels)),
        "too_many_frames" => return format!("has more frames than the site takes{}", count(limits.frames)),
        "too_long" => {
            let longest = limits.duration_seconds.map(|seconds| format!("{} seconds", HumanCount(seconds)));
            return format!("is longer than the site takes{}", most(longest));
        }
        "too_many_files" => return format!("is one file more than a post may have{}", count(limits.files_per_post)),
        "empty" => "there is nothing in it",
        "not_media" => "is neither a photo nor a video",
        "unsupported" => "is in a format that the site does not take; JPEG, PNG, GIF, WebP, HEIC, MP4, MOV, WebM and MKV are",
        "corrupt" => "is broken or cut short",
        "not_photo" => "is a video, and a still is a photo",
        "no_frames" => "is a video without a single picture",
        "no_space" => "the site's disk is nearly full; please try again later",
        "interrupted" => "did not arrive whole; please try again",
        "name" => "has a name that cannot be read",
        "no_videos" => "is a video, and the site takes no videos at the moment; please try again later",
        "too_demanding" => "took too long or too much memory to prepare",
        "failed" => "could not be prepared, and the fault may be the site's; please try again later",
        other => return printable(other),
    }
    .to_owned()
}

/// What comes from elsewhere must not move a terminal's cursor or turn its text around.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|c| if domain::name::is_hidden(c) { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_site_with_a_scheme_and_a_host() {
        assert_eq!(address("http://localhost:8080").expect("it is one").as_str(), "http://localhost:8080/");
        assert_eq!(address("https://kites.example/site").expect("it is one").as_str(), "https://kites.example/site/");
        for wrong in ["kites.example", "localhost:8080", "ftp://kites.example", ""] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_problem_has_words() {
        for problem in domain::Problem::ALL {
            assert!(words(problem.as_str(), &Limits::default()).contains(' '), "{}", problem.as_str());
        }
    }

    #[test]
    fn a_terminal_is_not_moved_by_what_comes_from_elsewhere() {
        assert_eq!(printable("a\u{1b}[2J\u{202e}b"), "a\u{fffd}[2J\u{fffd}b");
    }
}
