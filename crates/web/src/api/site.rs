//! What a program should know before it sends anything.

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::answers::Healthy;
use crate::api::posts::answer;
use crate::{Web, tus};

/// A site, and what it takes.
#[derive(Serialize, ToSchema)]
pub(crate) struct About {
    /// Its name.
    #[schema(required)]
    name: Option<String>,
    /// What its operator has to say, in Markdown.
    #[schema(required)]
    announcement: Option<String>,
    /// A link to its operator: `mailto:`, `https:`, `http:` or `tel:`.
    #[schema(required)]
    contact: Option<String>,
    /// The version of Handbill that it runs.
    version: &'static str,
    /// What it takes.
    limits: Limits,
    /// Where and how uploads are made.
    uploads: Uploads,
}

/// What a site takes.
#[derive(Serialize, ToSchema)]
pub(crate) struct Limits {
    /// The largest file, in bytes.
    file_bytes: u64,
    /// The most media in one post.
    files_per_post: usize,
    /// The most pixels in one picture or video frame.
    pixels: u64,
    /// The most frames in one animation.
    frames: u64,
    /// The longest video, in seconds.
    duration_seconds: u64,
    /// The longest text, in bytes of UTF-8.
    text_bytes: usize,
    /// The longest title, caption or alternative text, in characters.
    line_characters: usize,
    /// The longest password, in characters.
    password_characters: usize,
    /// The most openings that can be asked for.
    views: u32,
    /// The shortest time after which a post goes away by itself, in seconds.
    expires_seconds_min: i64,
    /// The longest, in seconds.
    expires_seconds_max: i64,
}

/// Resumable uploads.
#[derive(Serialize, ToSchema)]
pub(crate) struct Uploads {
    /// Where they are made.
    path: &'static str,
    /// The version of tus that is spoken.
    tus: &'static str,
    /// How long an upload that nobody goes on with is kept, in seconds.
    kept_seconds: i64,
}

/// Tells what the site takes, so that a program can say it before it sends anything.
#[utoipa::path(get, path = "/api/v1/site", tag = "site", responses((status = 200, description = "The site.", body = About), Healthy))]
pub(crate) async fn about(State(web): State<Web>) -> Response<Body> {
    let limits = &web.site.limits;
    let about = About {
        name: web.house.name.clone(),
        announcement: web.house.announcement.as_ref().map(|announcement| announcement.text.clone()),
        contact: web.house.contact.as_ref().map(|contact| contact.href.clone()),
        version: env!("CARGO_PKG_VERSION"),
        limits: Limits {
            file_bytes: limits.file_bytes,
            files_per_post: limits.files_per_post,
            pixels: limits.pixels,
            frames: limits.frames,
            duration_seconds: limits.duration_seconds,
            text_bytes: limits.text_bytes,
            line_characters: limits.line_characters,
            password_characters: domain::password::LONGEST,
            views: domain::post::MOST_VIEWS,
            expires_seconds_min: domain::expiry::SHORTEST_MS / 1_000,
            expires_seconds_max: domain::expiry::LONGEST_MS / 1_000,
        },
        uploads: Uploads { path: tus::PATH, tus: tus::VERSION, kept_seconds: app::uploads::PATIENCE_MS / 1_000 },
    };
    answer(StatusCode::OK, &about)
}
