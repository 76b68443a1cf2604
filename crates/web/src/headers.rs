//! The one place that sets content types, cache policy and content security policy.
//!
//! Pages and media have different policies (invariant 8): a page may load what is the site's own; a medium may load nothing at
//! all, is sandboxed, and is never sniffed.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{Method, Response, StatusCode};
use axum::middleware::Next;

use crate::Asker;
use crate::api::answers::Problem;
use crate::assets::Asset;
use crate::ready::Drawn;

/// The policy of every page: the site itself, `data:` for placeholders, `blob:` for a player, nothing from elsewhere, nothing inline.
pub const PAGE_CSP: &str = "default-src 'self'; img-src 'self' data:; media-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// The policy of what may stand inside other sites' pages: that of every page, but for this.
pub const EMBED_CSP: &str = "default-src 'self'; img-src 'self' data:; media-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors *";
/// The policy of pages whose media come from another host, `https://media.kites.example`.
#[must_use]
pub fn csp_with(policy: &str, media_url: &str) -> String {
    policy
        .replace("img-src 'self'", &format!("img-src 'self' {media_url}"))
        .replace("media-src 'self'", &format!("media-src 'self' {media_url}"))
}

/// The policy of user bytes: nothing, in a sandbox, wherever they are opened.
pub const MEDIA_CSP: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

const REFERRER: HeaderName = header::REFERRER_POLICY;

/// What a body is, as far as headers go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A page.
    Html,
    /// Words for a terminal.
    Text,
    /// A post's words as Markdown.
    Markdown,
    /// An answer for a program.
    Json,
    /// The same, an object a line.
    JsonLines,
    /// A table.
    Csv,
    /// The same in XML.
    Xml,
    /// RFC 9457.
    Problem,
    /// A feed: RFC 4287.
    Atom,
    /// What an app on a phone is made from.
    Manifest,
}

impl Kind {
    fn content_type(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Text => "text/plain; charset=utf-8",
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Json => "application/json",
            Self::JsonLines => "application/x-ndjson",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xml => "text/xml; charset=utf-8",
            Self::Problem => "application/problem+json",
            Self::Atom => "application/atom+xml; charset=utf-8",
            Self::Manifest => "application/manifest+json",
        }
    }
}

/// An answer that no cache may give again without asking: what was taken away a moment ago is not served.
#[must_use]
pub fn answer(status: StatusCode, kind: Kind, body: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind.content_type()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    // The language and the form of an answer depend on these.
    headers.insert(header::VARY, HeaderValue::from_static("accept, accept-encoding, accept-language, cookie"));
    page(headers);
    response
}

/// An answer without a body.
#[must_use]
pub(crate) fn nothing(status: StatusCode) -> Response<Body> {
    let mut response = answer(status, Kind::Text, "");
    response.headers_mut().remove(header::CONTENT_TYPE);
    response
}

/// What went wrong, for a program.
#[must_use]
pub(crate) fn problem(problem: &Problem) -> Response<Body> {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    answer(status, Kind::Problem, serde_json::to_string(problem).unwrap_or_default())
}

/// Whether pages of other sites may use what stands there (CORS). Nothing there goes by cookies, and browsers show no page an answer
/// that was asked for with cookies (`*` takes none): they get what anybody gets. Pages, manage links and forms are never shared.
#[must_use]
pub fn is_for_programs(path: &str) -> bool {
    let read = path.strip_prefix('/').is_some_and(|name| !name.contains('/') && (name.ends_with(".json") || name.ends_with(".md")));
    path.starts_with("/api/") || read || path == "/oembed"
}

/// Lets pages of other sites use what is for programs, and answers their question beforehand.
pub(crate) async fn share_with_programs(request: Request, next: Next) -> Response<Body> {
    let path = request.uri().path();
    if !is_for_programs(path) {
        return next.run(request).await;
    }
    let is_api = path.starts_with("/api/");
    let is_question = request.method() == Method::OPTIONS;
    // Only reading is shared outside the API; `PUT /kite.json` is a way to post.
    if !is_api && !is_question && !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let mut response = next.run(request).await;
    // Uploads have an answer of their own: what of tus is spoken here. To the others the router adds what their routes take.
    if is_question && response.status() == StatusCode::METHOD_NOT_ALLOWED {
        response = nothing(StatusCode::NO_CONTENT);
    }
    let out = response.headers_mut();
    out.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    out.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    if is_question {
        let methods = if is_api { "GET, HEAD, POST, PATCH, DELETE, OPTIONS" } else { "GET, HEAD, OPTIONS" };
        out.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(methods));
        out.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(TAKEN));
        out.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    }
    response
}

/// The headers of answers that pages of other sites may see, beside the ordinary ones.
const EXPOSED: &str = "Location, Retry-After, Tus-Checksum-Algorithm, Tus-Extension, Tus-Max-Size, Tus-Resumable, Tus-Version, Upload-Expires, \
    Upload-Length, Upload-Metadata, Upload-Offset";
/// The headers that they may send.
const TAKEN: &str = "Accept, Accept-Language, Altcha, Authorization, Content-Type, Idempotency-Key, Tus-Resumable, Upload-Checksum, \
    Upload-Concat, Upload-Defer-Length, Upload-Length, Upload-Metadata, Upload-Offset, X-HTTP-Method-Override, X-Request-ID, \
    X-Requested-With";

/// A page that was drawn before, compressed for who takes it so.
pub(crate) fn drawn(asker: &Asker, page: &Drawn) -> Response<Body> {
    let mut response = if asker.gzip {
        let mut response = answer(StatusCode::OK, Kind::Html, page.gzip());
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        response
    } else {
        answer(StatusCode::OK, Kind::Html, page.html.clone())
    };
    if !page.listed {
        unlisted(response.headers_mut());
    }
    response
}

/// What robots shall not list.
pub(crate) fn unlisted(headers: &mut axum::http::HeaderMap) {
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
}

/// What is not the same for everybody, though everybody may have theirs.
pub(crate) fn varied(headers: &mut axum::http::HeaderMap) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
}

/// A page that will soon say more asks for itself again. By a header: an element of the page would do the same to who reads it
/// by screen reader in mid-sentence, and cannot be left out where only part of the page is wanted.
pub(crate) fn refresh(headers: &mut axum::http::HeaderMap, seconds: u16) {
    headers.insert(header::REFRESH, HeaderValue::from(seconds));
}

/// A file of the site's own whose name contains its hash: it never changes, so it may be kept for good.
#[must_use]
pub(crate) fn asset(asker: &Asker, asset: &Asset) -> Response<Body> {
    let mut response = Response::new(Body::from(if asker.gzip { asset.gzip.clone() } else { asset.bytes.clone() }));
    let headers = response.headers_mut();
    if asker.gzip {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    page(headers);
    response
}

/// The headers of what only some may see: kept by no cache and listed by nobody.
pub(crate) fn locked(headers: &mut axum::http::HeaderMap) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    unlisted(headers);
}

/// The headers of a page that shows or takes a manage secret: stored nowhere, told to nobody.
pub fn secret(headers: &mut axum::http::HeaderMap) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
}

/// The headers of every answer of the console: kept by nobody, listed by nobody. Its own pages are told where a form came from, since
/// that is what a change is judged by; others are told nothing.
pub(crate) fn console(headers: &mut axum::http::HeaderMap) {
    secret(headers);
    headers.insert(REFERRER, HeaderValue::from_static("same-origin"));
    // What is looked at here is for no other site's page, as media elsewhere may be.
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin"));
}

/// The policy of pages.
pub fn page(headers: &mut axum::http::HeaderMap) {
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGE_CSP));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER, HeaderValue::from_static("no-referrer"));
}

/// A page that may stand inside other sites' pages. No other may: whoever is shown one by another site could be led to press what
/// they do not see.
pub(crate) fn embed(headers: &mut axum::http::HeaderMap) {
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(EMBED_CSP));
    unlisted(headers);
}

/// Leads to another path of this site.
pub(crate) fn see(path: &str) -> Response<Body> {
    let mut response = answer(StatusCode::SEE_OTHER, Kind::Text, "");
    if let Ok(path) = HeaderValue::from_str(path) {
        response.headers_mut().insert(header::LOCATION, path);
    }
    response
}

/// A file of the site's own making, for keeping: of plain letters, digits, dots and hyphens.
pub(crate) fn download(headers: &mut axum::http::HeaderMap, name: &str) {
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
}

/// The policy of a zip of user bytes: never shown in place.
pub(crate) fn zip(headers: &mut axum::http::HeaderMap) {
    media(headers, "application/zip");
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin"));
}

/// The policy of user bytes. `content_type` comes from our row (invariant 9).
pub fn media(headers: &mut axum::http::HeaderMap, content_type: &str) {
    let shown = domain::media::extension(content_type).is_some();
    let content_type = if shown { content_type } else { "application/octet-stream" };
    headers
        .insert(header::CONTENT_TYPE, HeaderValue::from_str(content_type).unwrap_or(HeaderValue::from_static("application/octet-stream")));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(if shown { "inline" } else { "attachment" }));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(MEDIA_CSP));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(REFERRER, HeaderValue::from_static("no-referrer"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_that_is_not_on_the_list_is_never_shown_in_place() {
        for (content_type, disposition) in
            [("image/jpeg", "inline"), ("text/html", "attachment"), ("image/svg+xml", "attachment"), ("video/mp4", "inline")]
        {
            let mut headers = axum::http::HeaderMap::new();
            media(&mut headers, content_type);
            assert_eq!(headers[header::CONTENT_DISPOSITION], disposition, "{content_type}");
            assert!(headers[header::CONTENT_SECURITY_POLICY].to_str().is_ok_and(|policy| policy.contains("sandbox")));
        }
    }

    #[test]
    fn a_media_host_may_show_pictures_and_films_and_nothing_else() {
        let policy = csp_with(PAGE_CSP, "https://media.kites.example");
        assert!(policy.contains("img-src 'self' https://media.kites.example data:;"), "{policy}");
        assert!(policy.contains("media-src 'self' https://media.kites.example blob:;"), "{policy}");
        assert_eq!(policy.matches("media.kites.example").count(), 2);
    }

    #[test]
    fn no_policy_allows_inline_script_or_style() {
        assert!(!PAGE_CSP.contains("unsafe") && !MEDIA_CSP.contains("unsafe"));
        // An embed may be framed, and nothing more.
        assert_eq!(EMBED_CSP.strip_suffix('*'), PAGE_CSP.strip_suffix("'none'"));
    }
}
