//! A whole site in a directory of its own: SQLite, files, the real sandboxed child, a clock that stands still, seeded dice.
//!
//! Jobs run when the test says so. A test that ends with jobs left undone fails, unless it says that it means to.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use app::{Chance, Clock, Parts, Runner, Site};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use domain::Time;
use store::{BlobStore, Db, Store};
use tower::ServiceExt as _;

/// A part of a form.
#[derive(Clone, Copy)]
pub enum Part<'a> {
    /// A field's name and value.
    Field(&'a str, &'a str),
    /// A file's name and bytes, in the field `file`.
    File(&'a str, &'a [u8]),
}

/// A site.
pub struct TestSite {
    /// The site itself.
    pub site: Site,
    router: Router,
    dir: tempfile::TempDir,
    may_leave_jobs: bool,
}

impl TestSite {
    /// A new, empty site.
    pub async fn new() -> Result<Self> {
        Self::with(|_| {}).await
    }

    /// A new, empty site with some of its parts changed. Another database takes the check for jobs left undone with it.
    pub async fn with(change: impl FnOnce(&mut Parts)) -> Result<Self> {
        Self::dressed(change, |_| {}).await
    }

    /// The same, with some of what its pages are made of changed too.
    pub async fn dressed(change: impl FnOnce(&mut Parts), dress: impl FnOnce(&mut web::Inner)) -> Result<Self> {
        let dir = tempfile::Builder::new().prefix("handbill-site-").tempdir()?;
        let work_dir = dir.path().join("work");
        std::fs::create_dir(&work_dir)?;
        let store = Store { db: Db::open_sqlite(&dir.path().join("handbill.db")).await?, blobs: BlobStore::open_files(dir.path())? };
        let mut parts = Parts {
            store,
            sandbox: media::Sandbox::new(child()?, Vec::new()),
            limits: domain::Limits::default(),
            // All of a test's requests come from one asker; tests of fair use say what it may.
            fair_use: domain::FairUse::unlimited(),
            hold: domain::case::HoldRules::default(),
            reach_limit: 0,
            // The real time of the beginning: what is stored carries the machine's time, and the two are compared.
            clock: Clock::manual(Clock::System.now()),
            home: None,
            knows_countries: false,
            post: None,
            chance: Chance::seeded(7),
            work_dir,
            corpus_dir: dir.path().join("corpus"),
            evidence: Vec::new(),
            alarms: app::Alarms::default(),
            away: app::Away::default(),
        };
        parts.limits.disk_free_bytes = 0;
        change(&mut parts);
        let may_leave_jobs = parts.store.db.engine() != "sqlite";
        let site = Site::new(parts);
        let mut inner = web::Inner {
            geography: None,
            site: site.clone(),
            public_url: None,
            media_url: None,
            house: std::sync::Arc::default(),
            newest: false,
            proxies: web::Proxies::default(),
        };
        dress(&mut inner);
        site.adopt_policy(&web::policy::shipped()).await?;
        let router = web::router(web::Web::new(inner));
        Ok(Self { site, router, dir, may_leave_jobs })
    }

    /// Its directory.
    #[must_use]
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// What time it is there.
    #[must_use]
    pub fn now(&self) -> Time {
        self.site.clock.now()
    }

    /// This test ends with jobs left undone, and means to.
    pub fn leave_jobs(&mut self) {
        self.may_leave_jobs = true;
    }

    /// Does every job that is due and returns how many those were.
    pub async fn run_jobs(&self) -> Result<usize> {
        Ok(Runner::new(self.site.clone(), 1).run_due().await?)
    }

    /// Sends a request through every route and layer, without a network: from this machine, if it does not carry another peer.
    pub async fn request(&self, mut request: Request<Body>) -> Response<Body> {
        if request.extensions().get::<web::Peer>().is_none() {
            request.extensions_mut().insert(web::Peer::new(std::net::Ipv4Addr::LOCALHOST.into()));
        }
        match self.router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }

    /// `GET path`.
    pub async fn get(&self, path: &str) -> Result<Response<Body>> {
        Ok(self.request(Request::get(path).body(Body::empty())?).await)
    }

    /// `POST /` with a form, as curl sends it: the status, and the lines of the answer.
    pub async fn post(&self, parts: &[Part<'_>]) -> Result<(u16, Vec<String>)> {
        let response = self.request(form("/", parts)?).await;
        let status = response.status().as_u16();
        Ok((status, text(response).await?.lines().map(str::to_owned).collect()))
    }

    /// Every object in the blob store.
    pub async fn objects(&self) -> Result<BTreeMap<String, Vec<u8>>> {
        let mut found = BTreeMap::new();
        for key in self.site.store.blobs.list("").await? {
            let bytes = self.site.store.blobs.read_all(&key).await?.to_vec();
            found.insert(key, bytes);
        }
        Ok(found)
    }

    /// The files below its directory that hold `needle` anywhere in their bytes: the database with its log, blobs, leftovers.
    pub fn files_with(&self, needle: &[u8]) -> Result<Vec<PathBuf>> {
        files_with(self.dir.path(), needle)
    }
}

/// The files below `dir` that hold `needle` anywhere in their bytes.
pub fn files_with(dir: &Path, needle: &[u8]) -> Result<Vec<PathBuf>> {
    let (mut found, mut left) = (Vec::new(), vec![dir.to_owned()]);
    while let Some(dir) = left.pop() {
        for entry in std::fs::read_dir(&dir)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                left.push(entry.path());
            } else if std::fs::read(entry.path())?.windows(needle.len()).any(|window| window == needle) {
                found.push(entry.path());
            }
        }
    }
    Ok(found)
}

/// A `multipart/form-data` request.
pub fn form(path: &str, parts: &[Part<'_>]) -> Result<Request<Body>> {
    const BOUNDARY: &str = "handbill-test-boundary";
    let mut body = Vec::new();
    for part in parts {
        body.extend_from_slice(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; ").as_bytes());
        match part {
            Part::Field(name, value) => body.extend_from_slice(format!("name=\"{name}\"\r\n\r\n{value}").as_bytes()),
            Part::File(name, bytes) => {
                body.extend_from_slice(format!("name=\"file\"; filename=\"{name}\"\r\n\r\n").as_bytes());
                body.extend_from_slice(bytes);
            }
        }
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    Ok(Request::post(path).header("content-type", format!("multipart/form-data; boundary={BOUNDARY}")).body(body.into())?)
}

/// The whole of an answer's body.
pub async fn bytes(response: Response<Body>) -> Result<Vec<u8>> {
    Ok(axum::body::to_bytes(response.into_body(), 1 << 30).await?.to_vec())
}

/// The whole of an answer's body, which is text.
pub async fn text(response: Response<Body>) -> Result<String> {
    Ok(String::from_utf8(bytes(response).await?)?)
}

/// A test card as PNG; another `seed` makes another one.
pub fn picture(width: u32, height: u32, seed: u8) -> Result<Vec<u8>> {
    let card = image::RgbImage::from_fn(width, height, |x, y| {
        let low = |value: u32| value.to_le_bytes()[0];
        image::Rgb([low(x), low(y) ^ seed, low(x * y / 16)])
    });
    png(&card)
}

/// Coloured squares as PNG. Those of another `seed` are not like them, to the eye or to a hash.
pub fn mosaic(width: u32, height: u32, seed: u32) -> Result<Vec<u8>> {
    png(&image::RgbImage::from_fn(width, height, |x, y| {
        let [red, green, blue, _] = square(x * 12 / width, y * 12 / height, seed).to_le_bytes();
        image::Rgb([red, green, blue])
    }))
}

/// Dark squares in a frame of coloured ones, as PNG. Those of another `seed` are in the same frame: not like them to the eye, and nearly the same to a hash.
pub fn framed(width: u32, height: u32, seed: u32) -> Result<Vec<u8>> {
    png(&image::RgbImage::from_fn(width, height, |x, y| {
        let is_inside = |at: u32, side: u32| (side / 5..side - side / 5).contains(&at);
        if is_inside(x, width) && is_inside(y, height) {
            let [grey, ..] = square(x * 40 / width, y * 40 / height, seed).to_le_bytes();
            return image::Rgb([20 + grey / 3; 3]);
        }
        let [red, green, blue, _] = square(x * 12 / width, y * 12 / height, 99).to_le_bytes();
        image::Rgb([red, green, blue])
    }))
}

/// The colour of a square. `MurmurHash3`'s last step: a hash that is linear in the square would make every card a piece of every other, moved.
fn square(column: u32, row: u32, seed: u32) -> u32 {
    let mut mixed = column | row << 8 | seed << 16;
    for (shift, factor) in [(16, 0x85eb_ca6b), (13, 0xc2b2_ae35)] {
        mixed = (mixed ^ mixed >> shift).wrapping_mul(factor);
    }
    mixed ^ mixed >> 16
}

fn png(card: &image::RgbImage) -> Result<Vec<u8>> {
    let mut png = std::io::Cursor::new(Vec::new());
    card.write_to(&mut png, image::ImageFormat::Png)?;
    Ok(png.into_inner())
}

/// The program that looks at untrusted bytes, as `media` builds it for tests.
fn child() -> Result<PathBuf> {
    let exe = std::env::current_exe()?;
    // target/debug/deps/web-0123456789abcdef
    let target = exe.parent().and_then(Path::parent).context("a test runs from target/…/deps")?;
    let child = target.join("media-test-child");
    if !child.exists() {
        bail!(
            "{} is missing; `cargo build --package media --bin media-test-child` makes it, and so does a test of the workspace",
            child.display()
        );
    }
    Ok(child)
}

impl Drop for TestSite {
    fn drop(&mut self) {
        if self.may_leave_jobs || std::thread::panicking() {
            return;
        }
        let (path, now) = (self.dir.path().join("handbill.db"), self.now());
        // The test's own runtime may be one thread, which is here.
        let left = std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
                let db = Db::open_sqlite(&path).await?;
                let mut left = Vec::new();
                for lane in [app::job::MEDIA, app::job::LIGHT, app::job::MAIL] {
                    left.extend(store::jobs::lease(&db, lane, now, 1, "left").await?.map(|job| job.kind));
                }
                db.close().await;
                anyhow::Ok(left)
            })
        })
        .join();
        assert!(matches!(&left, Ok(Ok(jobs)) if jobs.is_empty()), "jobs were left undone: {left:?}");
    }
}
