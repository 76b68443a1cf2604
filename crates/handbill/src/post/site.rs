//! A site as this program talks to it: files by tus 1.0, then the post, as JSON. A line that breaks is waited for, and what the site has
//! acknowledged is not sent again.

use std::os::unix::fs::FileExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use indicatif::ProgressBar;
use reqwest::header::{self, HeaderMap};
use reqwest::{Body, Client, Method, RequestBuilder, Response, StatusCode, Url};
use serde::Deserialize;
use serde_json::Value;

use super::{Opened, printable, words};

/// How much is read from a file at a time.
const CHUNK: usize = 256 << 10;
/// The most that goes in one request: web servers in between may cut what is longer than 100 MB.
const REQUEST_BYTES: u64 = 64 << 20;
/// How long to wait between two tries, at first and at most.
const PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// A line on which nothing has moved for so long is broken.
const STILL: Duration = Duration::from_secs(60);
/// A site that asks for more patience than this is asked again by a person.
const LONGEST_WISH: Duration = Duration::from_secs(5 * 60);
/// How long to try without a byte of progress.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// A site.
pub(super) struct Site {
    client: Client,
    to: Url,
    /// Whether it has answered yet. Until then, a line that breaks means that there is no site, and nothing is tried again.
    known: bool,
}

/// A problem's fields, as far as they matter here (RFC 9457).
#[derive(Deserialize, Default)]
pub(super) struct Problem {
    #[serde(rename = "type", default)]
    pub(super) kind: String,
    pub(super) title: Option<String>,
    pub(super) detail: Option<String>,
    #[serde(default)]
    pub(super) refused: Vec<Refused>,
}

#[derive(Deserialize)]
pub(super) struct Refused {
    pub(super) problem: String,
}

/// What a site takes at most, as far as it says so.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Limits {
    pub(super) file_bytes: Option<u64>,
    pub(super) files_per_post: Option<u64>,
    pub(super) pixels: Option<u64>,
    pub(super) frames: Option<u64>,
    pub(super) duration_seconds: Option<u64>,
}

#[derive(Deserialize)]
struct About {
    limits: Limits,
}

/// What the site says of a request.
pub(super) enum Said {
    /// Done, with these headers and this body.
    Done(StatusCode, HeaderMap, Vec<u8>),
    /// No, and it will say the same again.
    No(StatusCode, Problem),
    /// Not now.
    Later(anyhow::Error, Option<Duration>),
}

impl Said {
    /// Whether uploads that it names are not there.
    pub(super) fn is_no_such_upload(&self) -> bool {
        matches!(self, Self::No(_, problem) if problem.kind == "/problems/no-such-upload")
    }
}

/// What came of a file.
pub(super) enum Sent {
    /// It is on the site.
    Whole,
    /// The site does not take it, in one word.
    Refused(String),
}

impl Site {
    pub(super) fn new(to: Url) -> Result<Self> {
        let client = Client::builder()
            .user_agent(concat!("handbill/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(20))
            .tcp_keepalive(Duration::from_secs(30))
            // A redirected upload would arrive as an empty visit.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .context("the connection could not be prepared")?;
        Ok(Self { client, to, known: false })
    }

    /// What it takes at most. Nobody waits for this: without an answer, words do without numbers.
    pub(super) async fn limits(&mut self) -> Limits {
        let Ok(place) = self.api("api/v1/site") else { return Limits::default() };
        match self.ask(self.request(Method::GET, place), None).await {
            Ok(Said::Done(_, _, body)) => serde_json::from_slice::<About>(&body).map(|about| about.limits).unwrap_or_default(),
            _ => Limits::default(),
        }
    }

    fn request(&self, method: Method, address: Url) -> RequestBuilder {
        let request = self.client.request(method, address).header(header::ACCEPT, "application/json").header(header::ACCEPT_LANGUAGE, "en");
        request.header("Tus-Resumable", "1.0.0")
    }

    fn api(&self, path: &str) -> Result<Url> {
        self.to.join(path).context("the site's address is wrong")
    }

    fn upload(&self, id: &str) -> Result<Url> {
        self.api(&format!("api/v1/uploads/{id}"))
    }

    /// Sends `file`, going on with the upload `id` if there is one. Tells its id as soon as it is made.
    pub(super) async fn send(
        &mut self,
        file: &Opened,
        bar: &ProgressBar,
        id: &mut Option<String>,
        mut made: impl FnMut(&str),
    ) -> Result<Sent> {
        let mut offset = None;
        let mut furthest = 0;
        let mut tries = Tries::new(bar.clone());
        loop {
            file.is_unchanged()?;
            let Some(upload) = id.clone() else {
                let name = base64(&file.name);
                let request = self.request(Method::POST, self.api("api/v1/uploads")?);
                let request = request.header("Upload-Length", file.size).header("Upload-Metadata", format!("filename {name}"));
                match self.ask(request, None).await? {
                    Said::Done(StatusCode::CREATED, headers, _) => {
                        let new = told_id(&headers).with_context(|| self.stranger(StatusCode::CREATED))?;
                        made(&new);
                        (*id, offset) = (Some(new), Some(0));
                    }
                    Said::Done(status, ..) => bail!(self.stranger(status)),
                    Said::No(status, problem) => return self.refused(status, problem),
                    Said::Later(error, wait) => self.again(&mut tries, error, wait).await?,
                }
                continue;
            };
            let place = self.upload(&upload)?;
            let Some(at) = offset else {
                match self.ask(self.request(Method::HEAD, place), None).await? {
                    Said::Done(status, headers, _) => {
                        let stands = told_offset(&headers).with_context(|| self.stranger(status))?;
                        if stands > furthest {
                            tries.got_on();
                        }
                        (furthest, offset) = (stands.max(furthest), Some(stands));
                    }
                    // It was given up meanwhile: from the start.
                    Said::No(StatusCode::NOT_FOUND | StatusCode::GONE, _) => *id = None,
                    Said::No(status, problem) => return self.refused(status, problem),
                    // That there is a site, an earlier run has seen.
                    Said::Later(error, wait) => tries.again(error, wait).await?,
                }
                continue;
            };
            bar.set_position(at);
            if at >= file.size {
                return Ok(Sent::Whole);
            }
            let end = file.size.min(at.saturating_add(REQUEST_BYTES));
            let moved = Arc::new(AtomicU64::new(0));
            let request = self.request(Method::PATCH, place).header("Upload-Offset", at);
            let request = request.header(header::CONTENT_TYPE, "application/offset+octet-stream");
            let request = request.header(header::CONTENT_LENGTH, end.saturating_sub(at)).body(part(file, at, end, bar, &moved));
            match self.ask(request, Some(&moved)).await? {
                Said::Done(status, headers, _) => {
                    let stands = told_offset(&headers).with_context(|| self.stranger(status))?;
                    ensure!(stands > at, "{} takes the bytes, and says that none has arrived", self.to);
                    (furthest, offset) = (stands, Some(stands));
                    tries.got_on();
                }
                Said::No(StatusCode::NOT_FOUND | StatusCode::GONE, _) => (*id, offset) = (None, None),
                // It stands elsewhere, or this program's own dead request is still being written down.
                Said::No(StatusCode::CONFLICT, problem) => {
                    offset = None;
                    tries.again(anyhow!(printable(&problem.title.unwrap_or_default())), None).await?;
                }
                Said::No(status, problem) => return self.refused(status, problem),
                Said::Later(error, wait) => {
                    offset = None;
                    file.is_unchanged()?;
                    tries.again(error, wait).await?;
                }
            }
        }
    }

    /// Makes the post. Under its key the request is the same one, however often it comes.
    pub(super) async fn publish(&mut self, key: &str, wish: &Value) -> Result<Said> {
        let mut tries = Tries::new(ProgressBar::hidden());
        loop {
            let request = self.request(Method::POST, self.api("api/v1/posts")?).header("Idempotency-Key", key).json(wish);
            match self.ask(request, None).await? {
                Said::Later(error, wait) => self.again(&mut tries, error, wait).await?,
                said => return Ok(said),
            }
        }
    }

    /// Waits for the next try, if there is any sense in it.
    async fn again(&self, tries: &mut Tries, error: anyhow::Error, wait: Option<Duration>) -> Result<()> {
        if !self.known || wait.is_some_and(|wait| wait > LONGEST_WISH) {
            return Err(error);
        }
        tries.again(error, wait).await
    }

    /// Sends a request, and tells how the site took it. `moved` grows while its body goes out.
    async fn ask(&mut self, request: RequestBuilder, moved: Option<&AtomicU64>) -> Result<Said> {
        let asking = async {
            let answer = request.send().await?;
            let (status, headers) = (answer.status(), answer.headers().clone());
            Ok((status, headers, body(answer).await?))
        };
        let (status, headers, body) = tokio::select! {
            answered = asking => match answered {
                Ok(answered) => answered,
                Err(error) => return Ok(Said::Later(self.trouble(&error), None)),
            },
            () = still(moved) => return Ok(Said::Later(anyhow!("the connection to {} has stood still for a minute", self.to), None)),
        };
        if status.is_redirection() {
            let place = headers.get(header::LOCATION).and_then(|place| place.to_str().ok()).unwrap_or("another address");
            // To the API's own address there: what stands before it is the site's.
            let place = place.split("api/v1/").next().unwrap_or(place);
            bail!("nothing was posted: {} has moved; try --server {}", self.to, printable(place));
        }
        let problem = || serde_json::from_slice::<Problem>(&body).unwrap_or_default();
        if matches!(status.as_u16(), 429 | 502 | 503 | 504) {
            let wait = headers.get(header::RETRY_AFTER).and_then(|wait| wait.to_str().ok());
            let told = wait.map(|wait| format!(" (in {} s)", printable(wait))).unwrap_or_default();
            let problem = problem();
            let reason: String = problem.refused.iter().map(|file| format!("\n! {}", words(&file.problem, &Limits::default()))).collect();
            let error = anyhow!("nothing was posted: the site cannot take it just now; try again later{told}{reason}");
            let wait = wait.and_then(|wait| wait.parse().ok()).map(Duration::from_secs);
            // A web server in between says so while the site itself is started anew.
            let wait = if matches!(status.as_u16(), 429 | 503) { Some(wait.unwrap_or(LONGEST_PAUSE)) } else { wait };
            return Ok(Said::Later(error, wait));
        }
        if status.is_success() {
            self.known = true;
            return Ok(Said::Done(status, headers, body));
        }
        let problem = problem();
        ensure!(problem.title.is_some() || body.is_empty(), self.stranger(status));
        self.known = true;
        Ok(Said::No(status, problem))
    }

    fn refused(&self, status: StatusCode, problem: Problem) -> Result<Sent> {
        match problem.refused.into_iter().next() {
            Some(refused) => Ok(Sent::Refused(refused.problem)),
            None => {
                ensure!(problem.title.is_some(), self.stranger(status));
                bail!("nothing was posted: {}", printable(&problem.title.unwrap_or_default()))
            }
        }
    }

    pub(super) fn stranger(&self, status: StatusCode) -> String {
        format!("{} answers ({status}), but not as a Handbill site does", self.to)
    }

    fn trouble(&self, error: &reqwest::Error) -> anyhow::Error {
        let to = &self.to;
        let words = if error.is_connect() {
            format!("no connection to {to}: is the address right, and the site running? (--server, or HANDBILL_SERVER, says where it is)")
        } else {
            format!("the connection to {to} broke off; unless you know better, nothing was posted")
        };
        // The libraries' own layers repeat each other and the address; what the system said is at the bottom.
        let mut cause: &dyn std::error::Error = error;
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        anyhow!("{words}\n  ({cause})")
    }
}

/// Tries without progress.
struct Tries {
    bar: ProgressBar,
    pause: Duration,
    waited: Duration,
}

impl Tries {
    fn new(bar: ProgressBar) -> Self {
        Self { bar, pause: PAUSE, waited: Duration::ZERO }
    }

    /// Some bytes have arrived.
    fn got_on(&mut self) {
        (self.pause, self.waited) = (PAUSE, Duration::ZERO);
    }

    /// Waits before the next one, a little longer each time; or gives up, and says why the last one failed.
    async fn again(&mut self, error: anyhow::Error, wanted: Option<Duration>) -> Result<()> {
        let pause = wanted.unwrap_or(self.pause);
        if self.waited.saturating_add(pause) > PATIENCE {
            return Err(error.context("it was tried for a quarter of an hour"));
        }
        if self.waited.is_zero() {
            self.bar.suspend(|| eprintln!("Waiting for the site: {error}"));
        }
        tokio::time::sleep(pause).await;
        self.waited = self.waited.saturating_add(pause);
        self.pause = self.pause.saturating_mul(2).min(LONGEST_PAUSE);
        Ok(())
    }
}

/// Ends when nothing has moved for too long.
async fn still(moved: Option<&AtomicU64>) {
    let stands = || moved.map(|moved| moved.load(Ordering::Relaxed));
    loop {
        let before = stands();
        tokio::time::sleep(STILL).await;
        if stands() == before {
            return;
        }
    }
}

/// The next bytes of a file, from `at` to `end`. The bar shows what is sent, until the site says what has arrived.
fn part(file: &Opened, at: u64, end: u64, bar: &ProgressBar, moved: &Arc<AtomicU64>) -> Body {
    let (file, bar, moved) = (Arc::clone(&file.file), bar.clone(), Arc::clone(moved));
    Body::wrap_stream(futures_util::stream::try_unfold(at, move |at| {
        let (file, bar, moved) = (Arc::clone(&file), bar.clone(), Arc::clone(&moved));
        async move {
            let wanted = usize::try_from(end.saturating_sub(at)).unwrap_or(CHUNK).min(CHUNK);
            if wanted == 0 {
                return Ok(None);
            }
            // By position: what is left of a broken request may still be reading.
            let read = tokio::task::spawn_blocking(move || {
                let mut bytes = vec![0; wanted];
                let read = file.read_at(&mut bytes, at)?;
                bytes.truncate(read);
                std::io::Result::Ok(bytes)
            });
            let bytes = read.await.map_err(std::io::Error::other)??;
            if bytes.is_empty() {
                return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof));
            }
            let length = bytes.len() as u64;
            bar.inc(length);
            moved.fetch_add(length, Ordering::Relaxed);
            Ok(Some((bytes, at.saturating_add(length))))
        }
    }))
}

/// The last part of the address that the site gave an upload. The rest of it may be a name that the site has elsewhere.
fn told_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(header::LOCATION)?.to_str().ok()?.rsplit('/').next()?;
    domain::UploadId::parse(id).map(|id| id.to_string())
}

fn told_offset(headers: &HeaderMap) -> Option<u64> {
    headers.get("upload-offset")?.to_str().ok()?.parse().ok()
}

fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

/// A site's answer is a few lines; whatever is longer is not one.
async fn body(mut answer: Response) -> reqwest::Result<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len() < 1 << 20 {
            body.extend_from_slice(&chunk);
        }
    }
    Ok(body)
}
