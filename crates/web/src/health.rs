//! What machines ask a site: whether it is well, what robots may do, and the page's own style sheets and pictures.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode};

use crate::headers::{self, Kind};
use crate::{Asker, Error, Web, assets};

/// `GET /healthz`: 200 as long as it can serve, with a word on what is degraded.
pub(crate) async fn healthz(State(web): State<Web>) -> Response<Body> {
    let database = web.site.store.db.ping().await.is_ok();
    let mut degraded = Vec::new();
    if !web.site.has_room() {
        degraded.push("disk: nearly full, no new files are taken");
    }
    if web.site.sandbox.policy == ::media::Policy::Off {
        degraded.push("sandbox: switched off by the configuration");
    }
    match store::jobs::counts(&web.site.store.db).await {
        Ok(counts) if counts.dead > 0 => degraded.push("jobs: some have failed for good"),
        Ok(_) => {}
        Err(_) => degraded.push("jobs: unknown"),
    }
    if !database {
        degraded.push("database: does not answer");
    }
    let status = if database { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = serde_json::json!({"status": if degraded.is_empty() { "ok" } else { "degraded" }, "degraded": degraded});
    headers::answer(status, Kind::Json, body.to_string())
}

/// `GET /readyz`: 200 when it can take requests that need the database and the blob store.
pub(crate) async fn readyz(State(web): State<Web>) -> Response<Body> {
    let ready = web.site.store.db.ping().await.is_ok() && web.site.store.blobs.ping().await.is_ok();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    headers::answer(status, Kind::Text, if ready { "ready\n" } else { "not ready\n" })
}

/// `GET /robots.txt`: manage links are nobody's business; everything else says `noindex` itself where it should.
pub(crate) async fn robots() -> Response<Body> {
    headers::answer(StatusCode::OK, Kind::Text, "User-agent: *\nDisallow: /*/manage/\n")
}

/// `GET /assets/{name}`.
pub(crate) async fn asset(State(web): State<Web>, Path(name): Path<String>, asker: Asker) -> Response<Body> {
    match assets::find(&name) {
        Some(asset) => headers::asset(asset.content_type, asset.bytes),
        None => Error::NotFound.answer(&web, &asker),
    }
}
