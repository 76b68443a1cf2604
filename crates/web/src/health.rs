//! What machines ask a site: whether it is well, what robots may do, and the page's own style sheets and pictures.
//!
//! Every answer about health comes within seconds, also while the database or the blob store hangs, and asking often costs
//! nothing: what was found is good for a moment.

use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use app::job::{LIGHT, MEDIA};
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use domain::lever::Pulled;
use domain::network::Nearness;
use serde::Serialize;
use store::jobs::Lane;
use tokio::sync::{Mutex, watch};
use utoipa::ToSchema;

use crate::api::posts::answer;
use crate::asker::Named;
use crate::headers::{self, Kind};
use crate::locale::iso;
use crate::{Asker, Error, Web};

/// What does not answer by then is said not to answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long what was found is good for.
const FRESH: Duration = Duration::from_secs(1);
/// How often the sandbox is tried, while it works and while it does not.
const TRIED_EVERY: Duration = Duration::from_secs(600);
const TRIED_AGAIN: Duration = Duration::from_secs(60);
/// Media that wait longer than this wait too long.
const BEHIND_MS: i64 = 10 * 60 * 1_000;

/// What is known of a site's health.
#[derive(Default)]
pub(crate) struct Health {
    sandbox: RwLock<Tried>,
    latest: Mutex<Option<(Instant, Arc<Findings>)>>,
}

/// What the last try of the sandbox found.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Tried {
    walls_failed: bool,
    ffmpeg_missing: bool,
}

/// How the parts of a site are.
#[derive(Debug)]
pub(crate) struct Findings {
    pub(crate) database: bool,
    pub(crate) blobs: bool,
    /// Empty where the database does not answer.
    pub(crate) lanes: Vec<Lane>,
    pub(crate) free_bytes: Option<u64>,
    degraded: Vec<Degraded>,
}

impl Findings {
    /// What is not as it should be: a code for programs, and words for the operator.
    pub(crate) fn degraded(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.degraded.iter().map(|one| (one.code, one.words.as_str()))
    }
}

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Degraded {
    /// For programs: never changes its meaning.
    code: &'static str,
    /// For the operator.
    words: String,
}

/// How a site is.
#[derive(Serialize, ToSchema)]
pub(crate) struct Healthz {
    /// `ok`; `degraded`: it serves, and something is not as it should be; `down`.
    status: &'static str,
    /// What is not as it should be.
    degraded: Vec<Degraded>,
    /// Nobody who looks after it is there, and it keeps to what its operator chose for that; null: somebody is.
    #[schema(required)]
    nobody_at_home: Option<NobodyAtHome>,
    /// What its operator has pulled, or the site by itself because nobody was there.
    levers: Vec<LeverNow>,
}

/// Nobody who looks after the site is there.
#[derive(Serialize, ToSchema)]
pub(crate) struct NobodyAtHome {
    /// Since when (RFC 3339, UTC).
    #[schema(format = DateTime)]
    since: String,
    /// `unseen`: no operator was seen; `queue`: too much waits.
    why: &'static str,
}

/// Since when nobody is at home.
pub(crate) fn nobody_at_home(web: &Web) -> Option<NobodyAtHome> {
    web.site.nobody_at_home().map(|(since, why)| NobodyAtHome { since: iso(since), why: why.as_str() })
}

/// A lever that is pulled.
#[derive(Serialize, ToSchema)]
pub(crate) struct LeverNow {
    /// `slow_mode`, `hold_uploads`, `hold_fresh`, `no_videos`, `no_links` or `read_only`.
    lever: &'static str,
    /// Its end; null: until the site is itself again.
    #[schema(format = DateTime)]
    until: Option<String>,
    /// `operator`; `nobody_at_home`: the site itself.
    source: &'static str,
}

/// What is pulled now.
fn levers(web: &Web) -> Vec<LeverNow> {
    let now = web.site.clock.now();
    let told = |one: &Pulled| LeverNow { lever: one.lever.as_str(), until: one.until.map(iso), source: one.source.as_str() };
    web.site.levers().at(now).map(told).collect()
}

/// Tries the sandbox now and then until `stop` turns true, so that `/healthz` can tell without starting processes itself.
pub async fn watch(web: Web, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        web.site.turn_keys();
        let tried = try_sandbox(&web.site).await;
        if let Ok(mut last) = web.health().sandbox.write() {
            *last = tried;
        }
        let pause = if tried == Tried::default() { TRIED_EVERY } else { TRIED_AGAIN };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stop.changed() => {}
        }
    }
}

async fn try_sandbox(site: &app::Site) -> Tried {
    let work = site.work_dir.join(format!("self-test-{}", site.chance.token()));
    let report = site.sandbox.self_test(&work).await;
    // A directory that was never made cannot be removed.
    drop(tokio::fs::remove_dir_all(&work).await);
    match report {
        Ok(report) => {
            if !report.ffmpeg {
                tracing::error!("ffmpeg does not start: no video can be prepared; `handbill doctor` says more");
            }
            Tried { walls_failed: false, ffmpeg_missing: !report.ffmpeg }
        }
        Err(error) => {
            tracing::error!(%error, "the sandbox does not work: no photo and no video can be prepared; `handbill doctor` says more");
            Tried { walls_failed: true, ffmpeg_missing: false }
        }
    }
}

/// How the site is; at most a moment old. Only one look is under way at a time, and who comes meanwhile shares it.
pub(crate) async fn look(web: &Web) -> Arc<Findings> {
    let mut latest = web.health().latest.lock().await;
    if let Some((at, findings)) = latest.as_ref()
        && at.elapsed() < FRESH
    {
        return Arc::clone(findings);
    }
    let store = &web.site.store;
    let now = web.site.clock.now();
    let (lanes, blobs) = tokio::join!(
        tokio::time::timeout(PATIENCE, store::jobs::lanes(&store.db, now)),
        tokio::time::timeout(PATIENCE, store.blobs.ping()),
    );
    let lanes = lanes.ok().and_then(Result::ok);
    let sandbox = web.health().sandbox.read().map_or(Tried { walls_failed: true, ffmpeg_missing: false }, |tried| *tried);
    let mut findings = Findings {
        database: lanes.is_some(),
        blobs: matches!(blobs, Ok(Ok(()))),
        lanes: lanes.unwrap_or_default(),
        free_bytes: store.blobs.free_bytes(),
        degraded: Vec::new(),
    };
    findings.degraded = degraded(&findings, web, sandbox);
    let findings = Arc::new(findings);
    *latest = Some((Instant::now(), Arc::clone(&findings)));
    findings
}

fn degraded(findings: &Findings, web: &Web, sandbox: Tried) -> Vec<Degraded> {
    let mut list = Vec::new();
    let mut say = |code, words: &str| list.push(Degraded { code, words: words.to_owned() });
    if !findings.database {
        say("database_down", "The database does not answer.");
    }
    if !findings.blobs {
        say("blobs_down", "The store of photos and videos does not answer.");
    }
    if !web.site.has_room() {
        say("disk_nearly_full", "The disk is nearly full: no new files are taken.");
    }
    if let Some(near) = web.unknown_proxy().seen(web.site.clock.now()) {
        let which = match near {
            Nearness::Loopback => "on this machine",
            Nearness::Private => "on the private network",
            Nearness::Public => "elsewhere",
        };
        say(
            "proxy_unknown",
            &format!(
                "A web server {which} stands before the site, and server.trusted_proxies does not name it: all visitors are counted as one, and share one budget."
            ),
        );
    }
    if web.site.sandbox.policy == ::media::Policy::Off {
        say("sandbox_off", "Strangers' files are looked at without a sandbox, by the configuration.");
    }
    if sandbox.walls_failed {
        say("sandbox_failing", "The sandbox does not work: no photo and no video can be prepared.");
    }
    if sandbox.ffmpeg_missing {
        say("ffmpeg_missing", "ffmpeg does not start: no video can be prepared.");
    }
    let dead: i64 = findings.lanes.iter().map(|lane| lane.dead).sum();
    if dead > 0 {
        say("jobs_dead", &format!("Jobs that failed for good: {dead}."));
    }
    let waits = |name| findings.lanes.iter().find(|lane| lane.name == name).map_or(0, |lane| lane.oldest_ms);
    if waits(MEDIA) > BEHIND_MS {
        say("media_behind", &format!("Photos and videos wait for {} minutes to be prepared.", waits(MEDIA) / 60_000));
    }
    if waits(LIGHT) > BEHIND_MS {
        say("deletions_behind", &format!("Deletions wait for {} minutes to be done.", waits(LIGHT) / 60_000));
    }
    list
}

/// Whether the site is well.
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "site",
    responses((status = 200, description = "It serves.", body = Healthz), (status = 503, description = "It does not: its database does not answer.", body = Healthz)),
)]
pub(crate) async fn healthz(State(web): State<Web>) -> Response<Body> {
    let findings = look(&web).await;
    let (code, status) = match (findings.database, findings.degraded.is_empty()) {
        (true, true) => (StatusCode::OK, "ok"),
        (true, false) => (StatusCode::OK, "degraded"),
        // Every page asks the database.
        (false, _) => (StatusCode::SERVICE_UNAVAILABLE, "down"),
    };
    answer(code, &Healthz { status, degraded: findings.degraded.clone(), nobody_at_home: nobody_at_home(&web), levers: levers(&web) })
}

/// Whether the site can take requests.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "site",
    responses(
        (status = 200, description = "It can.", body = String, content_type = "text/plain"),
        (status = 503, description = "Its database or its store of photos and videos does not answer.", body = String, content_type = "text/plain"),
    ),
)]
pub(crate) async fn readyz(State(web): State<Web>) -> Response<Body> {
    let findings = look(&web).await;
    if findings.database && findings.blobs {
        headers::answer(StatusCode::OK, Kind::Text, "ready\n")
    } else {
        headers::answer(StatusCode::SERVICE_UNAVAILABLE, Kind::Text, "not ready\n")
    }
}

/// `GET /robots.txt`: manage links are nobody's business; everything else says `noindex` itself where it should.
pub(crate) async fn robots() -> Response<Body> {
    headers::answer(StatusCode::OK, Kind::Text, "User-agent: *\nDisallow: /*/manage/\n")
}

/// `GET /assets/{name}`.
pub(crate) async fn asset(State(web): State<Web>, Named(name): Named<String>, asker: Asker) -> Response<Body> {
    match web.house.asset(&name) {
        Some(asset) => headers::asset(&asker, asset),
        None => Error::NotFound.answer(&web, &asker),
    }
}
