//! What makes the site an app on a phone: its manifest and its service worker; and a configuration for a program that takes
//! screenshots on a desktop.
//!
//! All of it is one more way to the composer. The worker takes what other apps share before it is sent; where there is none, the site
//! makes a post of it.

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode, header};

use crate::api::answers::Elsewhere;
use crate::headers::{self, Kind};
use crate::{Asker, Error, Web, assets};

/// `GET /manifest.webmanifest`, in the reader's language.
pub(crate) async fn manifest(State(web): State<Web>, asker: Asker) -> Response<Body> {
    let locale = web.locale(&asker);
    let name = web.frame(&asker).name();
    let icon = |file: &str, sizes: &str, purpose: &str| serde_json::json!({"src": assets::url(file), "sizes": sizes, "type": "image/png", "purpose": purpose});
    let manifest = serde_json::json!({
        "id": "/", "start_url": "/", "scope": "/", "display": "standalone",
        "name": name, "short_name": name, "description": locale.text("about-lead"), "lang": locale.tag(), "dir": locale.dir(),
        "background_color": "#f4efe4", "theme_color": "#f4efe4",
        "icons": [icon("icon-192.png", "192x192", "any"), icon("icon-512.png", "512x512", "any"), icon("icon-maskable.png", "512x512", "maskable")],
        "share_target": {
            "action": "/share", "method": "POST", "enctype": "multipart/form-data",
            "params": {"title": "title", "text": "text", "url": "url", "files": [{"name": "file", "accept": ["image/*", "video/*"]}]},
        },
    });
    headers::answer(StatusCode::OK, Kind::Manifest, manifest.to_string())
}

/// `GET /sw.js`. Browsers look for a new one by themselves; it must not be an old one that a cache gives them.
pub(crate) async fn worker(State(web): State<Web>, asker: Asker) -> Response<Body> {
    let Some(asset) = assets::worker() else { return Error::NotFound.answer(&web, &asker) };
    let mut response = headers::asset(&asker, asset);
    response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-cache"));
    response
}

/// A custom uploader for ShareX (https://getsharex.com/docs/custom-uploader), for this site.
#[utoipa::path(
    get,
    path = "/sharex.sxcu",
    tag = "site",
    responses((status = 200, description = "The file that ShareX opens.", body = serde_json::Value, content_type = "application/json",
        headers(("Content-Disposition" = String, description = "What it is saved as."))), Elsewhere),
)]
pub(crate) async fn sharex(State(web): State<Web>, asker: Asker) -> Response<Body> {
    let uploader = serde_json::json!({
        "Version": "14.1.0", "Name": web.frame(&asker).name(), "DestinationType": "ImageUploader, FileUploader",
        "RequestMethod": "POST", "RequestURL": format!("{}/", asker.origin), "Headers": {"Accept": "application/json"},
        "Body": "MultipartFormData", "FileFormName": "file",
        "URL": "{json:url}", "DeletionURL": "{json:manage_url}", "ErrorMessage": "{json:title}",
    });
    let mut response = headers::answer(StatusCode::OK, Kind::Json, uploader.to_string());
    // Browsers hand it to the program under this name.
    response.headers_mut().insert(header::CONTENT_DISPOSITION, header::HeaderValue::from_static("attachment; filename=\"handbill.sxcu\""));
    response
}
