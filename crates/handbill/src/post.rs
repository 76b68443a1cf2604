//! `handbill post`: sends files and words to a site, as a browser's form would, and prints the two links.
//!
//! Files stream from the disk to the connection, so memory stays flat however large they are. Nothing is sent before every file
//! was found and opened. If it is stopped half-way, the site keeps nothing.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use clap::{ArgAction, Args};
use futures_util::StreamExt as _;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use reqwest::multipart::{Form, Part};
use reqwest::{Body, Client, StatusCode, Url, header};
use serde::Deserialize;
use tokio_util::io::ReaderStream;

/// How much is read from a file at a time.
const CHUNK: usize = 256 << 10;
/// The most words taken from standard input: no site takes a book of this size, and memory stays bounded.
const WORDS: u64 = 64 << 20;

/// What to post.
#[derive(Args)]
#[command(after_help = "\
Prints the link, then the manage link: the only key to edit or delete the post. Keep it; it cannot be had again.

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
    /// Let the site list it and search engines find it
    #[arg(long)]
    listed: bool,
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
    file: std::fs::File,
    /// `None` for what has no size before it is read, such as a pipe.
    size: Option<u64>,
}

/// What a site answers to a post. Everything is optional: it may be another kind of site altogether.
#[derive(Deserialize)]
struct Answer {
    url: Option<String>,
    manage_url: Option<String>,
    #[serde(default)]
    refused: Vec<Refused>,
    /// Of problem details.
    title: Option<String>,
}

#[derive(Deserialize)]
struct Refused {
    name: String,
    problem: String,
}

/// Posts, and says what became of it.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let to = address(&arguments.server)?;
    let (files, words) = gather(arguments)?;
    ensure!(arguments.captions.len() <= files.len(), "there are more captions than files");
    ensure!(arguments.alts.len() <= files.len(), "there are more alternative texts than files");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("the runtime did not start")?;
    let bars = MultiProgress::new();
    let sent = runtime.block_on(send(arguments, to.clone(), files, words, &bars));
    drop(bars.clear());
    let (status, body) = sent?;
    tell(arguments, &to, status, &body)
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
    let file = std::fs::File::open(path)?;
    let about = file.metadata()?;
    if about.is_dir() {
        return Err(std::io::Error::other("is a directory"));
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Opened { name, file, size: about.is_file().then_some(about.len()) })
}

async fn send(
    arguments: &Arguments,
    to: Url,
    files: Vec<Opened>,
    words: Option<String>,
    bars: &MultiProgress,
) -> Result<(StatusCode, Vec<u8>)> {
    let client = Client::builder()
        .user_agent(concat!("handbill/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(Duration::from_secs(20))
        .tcp_keepalive(Duration::from_secs(30))
        // A redirected upload would arrive as an empty visit.
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .context("the connection could not be prepared")?;
    let mut form = Form::new();
    let flag = |set: bool| set.then(|| "1".to_owned());
    for (name, value) in [
        ("title", arguments.title.clone()),
        ("text", words),
        ("language", arguments.language.clone()),
        ("expires", arguments.expires.clone()),
        ("listed", flag(arguments.listed)),
        ("sensitive", flag(arguments.sensitive)),
    ] {
        if let Some(value) = value {
            form = form.text(name, value);
        }
    }
    for caption in &arguments.captions {
        form = form.text("caption", caption.clone());
    }
    for alt in &arguments.alts {
        form = form.text("alt", alt.clone());
    }
    let widest = files.iter().map(|file| file.name.chars().count()).max().unwrap_or_default().min(32);
    for file in files {
        form = form.part("file", part(file, bars, widest));
    }
    let sent =
        client.post(to.clone()).header(header::ACCEPT, "application/json").header(header::ACCEPT_LANGUAGE, "en").multipart(form).send();
    let answer = sent.await.map_err(|error| trouble(&to, error))?;
    let status = answer.status();
    if status.is_redirection() {
        let place = answer.headers().get(header::LOCATION).and_then(|place| place.to_str().ok()).unwrap_or("another address");
        bail!("nothing was posted: {to} has moved; try --server {}", printable(place));
    }
    let wait = answer.headers().get(header::RETRY_AFTER).and_then(|wait| wait.to_str().ok()).map(printable);
    let body = body(answer).await.map_err(|error| trouble(&to, error))?;
    if matches!(status.as_u16(), 429 | 503) {
        let wait = wait.map(|wait| format!(" (in {wait} s)")).unwrap_or_default();
        let reason = serde_json::from_slice::<Answer>(&body).ok().map(|answer| reasons(&answer)).unwrap_or_default();
        bail!("nothing was posted: the site cannot take it just now; try again later{wait}{reason}");
    }
    Ok((status, body))
}

/// A site's answer is a few lines; whatever is longer is not one.
async fn body(mut answer: reqwest::Response) -> reqwest::Result<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len() < 1 << 20 {
            body.extend_from_slice(&chunk);
        }
    }
    Ok(body)
}

fn trouble(to: &Url, error: reqwest::Error) -> anyhow::Error {
    let words = if error.is_connect() {
        format!("no connection to {to}: is the address right, and the site running? (--server, or HANDBILL_SERVER, says where it is)")
    } else if error.is_body() {
        "a file could not be read to its end, or changed meanwhile; nothing was posted".to_owned()
    } else {
        format!("the connection to {to} broke off; unless you know better, nothing was posted")
    };
    // The libraries' own layers repeat each other and the address; what the system said is at the bottom.
    let mut cause: &dyn std::error::Error = &error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    anyhow::anyhow!("{words}\n  ({cause})")
}

fn part(opened: Opened, bars: &MultiProgress, widest: usize) -> Part {
    let bar = bars.add(match opened.size {
        Some(size) => ProgressBar::new(size).with_style(style(&format!(
            "{{prefix:{widest}!}} {{bar:24}} {{bytes:>10}} of {{total_bytes:<10}} {{bytes_per_sec:>12}} {{eta:>4}}"
        ))),
        None => {
            ProgressBar::new_spinner().with_style(style(&format!("{{prefix:{widest}!}} {{spinner}} {{bytes:>10}} {{bytes_per_sec:>12}}")))
        }
    });
    bar.set_prefix(printable(&opened.name));
    let limit = opened.size.unwrap_or(u64::MAX);
    let file = tokio::io::AsyncReadExt::take(tokio::fs::File::from_std(opened.file), limit);
    let bytes = ReaderStream::with_capacity(file, CHUNK).inspect(move |chunk| match chunk {
        Ok(chunk) => bar.inc(chunk.len() as u64),
        Err(_) => bar.abandon(),
    });
    let body = Body::wrap_stream(bytes);
    let part = match opened.size {
        Some(size) => Part::stream_with_length(body, size),
        None => Part::stream(body),
    };
    part.file_name(opened.name)
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("█▉▊▋▌▍▎▏ ")
}

fn tell(arguments: &Arguments, to: &Url, status: StatusCode, body: &[u8]) -> Result<ExitCode> {
    let read: Option<Answer> = serde_json::from_slice(body).ok();
    let Some(answer) = read.filter(|answer| answer.url.is_some() || answer.title.is_some()) else {
        bail!("{to} answers ({status}), but not as a Handbill site does");
    };
    for file in &answer.refused {
        eprintln!("! {}: {}", printable(&file.name), words(&file.problem));
    }
    let mut out = std::io::stdout().lock();
    match (&answer.url, &answer.manage_url) {
        (Some(url), Some(manage_url)) if status.is_success() => {
            if arguments.json {
                let refused: Vec<_> =
                    answer.refused.iter().map(|file| serde_json::json!({"name": file.name, "problem": file.problem})).collect();
                writeln!(out, "{}", serde_json::json!({"url": url, "manage_url": manage_url, "refused": refused}))?;
            } else {
                writeln!(out, "{}\n{}", printable(url), printable(manage_url))?;
            }
            Ok(ExitCode::SUCCESS)
        }
        _ => {
            let title = printable(answer.title.as_deref().unwrap_or("the site gave no reason"));
            eprintln!("handbill: nothing was posted: {title}");
            if arguments.json && status.is_client_error() {
                let refused: Vec<_> =
                    answer.refused.iter().map(|file| serde_json::json!({"name": file.name, "problem": file.problem})).collect();
                writeln!(out, "{}", serde_json::json!({"url": null, "manage_url": null, "problem": title, "refused": refused}))?;
            }
            Ok(ExitCode::from(if status.is_client_error() { 1 } else { 2 }))
        }
    }
}

fn reasons(answer: &Answer) -> String {
    answer.refused.iter().map(|file| format!("\n! {}: {}", printable(&file.name), words(&file.problem))).collect()
}

/// The site's stable word for a problem, for people.
fn words(problem: &str) -> String {
    match problem {
        "empty" => "there is nothing in it",
        "not_media" => "is neither a photo nor a video",
        "unsupported" => "is in a format that the site does not take; JPEG, PNG, GIF, WebP, HEIC, MP4, MOV, WebM and MKV are",
        "corrupt" => "is broken or cut short",
        "too_large" => "has more bytes than the site takes",
        "too_many_pixels" => "has more pixels than the site takes",
        "too_many_frames" => "has more frames than the site takes",
        "too_long" => "is longer than the site takes",
        "no_frames" => "is a video without a single picture",
        "too_many_files" => "is one file more than a post may have",
        "no_space" => "the site's disk is nearly full; please try again later",
        "interrupted" => "did not arrive whole; please try again",
        "name" => "has a name that cannot be read",
        "too_demanding" => "took too long or too much memory to prepare",
        "failed" => "could not be prepared, and the fault may be the site's; please try again later",
        other => return printable(other),
    }
    .to_owned()
}

/// What comes from elsewhere must not move a terminal's cursor or turn its text around.
fn printable(text: &str) -> String {
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
            assert!(words(problem.as_str()).contains(' '), "{}", problem.as_str());
        }
    }

    #[test]
    fn a_terminal_is_not_moved_by_what_comes_from_elsewhere() {
        assert_eq!(printable("a\u{1b}[2J\u{202e}b"), "a\u{fffd}[2J\u{fffd}b");
    }
}
