//! Media serving: headers of its own (invariant 8), byte ranges, and a gate that asks the database every time.

use std::ops::Range;
use std::time::{Duration, Instant};

use app::{About, Found};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderValue};
use axum::http::{HeaderMap, Method, Response, StatusCode, Uri};
use axum::middleware::Next;
use bytes::Bytes;
use domain::MediaId;
use domain::party::Jurisdiction;
use futures_util::{Stream, TryStreamExt as _};

use crate::api::answers::Kept;
use crate::asker::Named;
use crate::error::Error;
use crate::form::query;
use crate::pages::Statement;
use crate::range::{self, Wanted};
use crate::{Asker, Web, headers, ready};

/// How long bytes go on being sent before it is asked again whether they may.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// Where media have a host name of their own, nothing else is found under it, and pages may load from it.
pub(crate) async fn keep_apart(State(web): State<Web>, request: Request, next: Next) -> Response<Body> {
    let media_url = web.media_url.as_deref().unwrap_or_default();
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let is_media_host = media_url.split_once("://").is_some_and(|(_, own)| own.eq_ignore_ascii_case(host));
    if is_media_host && !request.uri().path().starts_with("/m/") {
        return headers::answer(StatusCode::NOT_FOUND, headers::Kind::Text, "404\n");
    }
    let mut response = next.run(request).await;
    if let Some(policy) = response.headers_mut().get_mut(header::CONTENT_SECURITY_POLICY)
        && let Some(page) = [headers::PAGE_CSP, headers::EMBED_CSP].into_iter().find(|page| policy == page)
        && let Ok(with_host) = HeaderValue::from_str(&headers::csp_with(page, media_url))
    {
        *policy = with_host;
    }
    response
}

/// A file of a medium.
///
/// Its address stands in the post (`original`, `variants`, `poster`). On a site that has a host of its own for media it is found there.
#[utoipa::path(
    get,
    path = "/m/{media_id}/{name}",
    tag = "reading",
    params(
        ("media_id" = String, Path, description = "The medium's id."),
        ("name" = String, Path, description = "The file's name."),
        ("proof" = Option<String>, Query, description = "Of a post that is not open to all: what its reader's pass was given along with the address."),
        ("Range" = Option<String>, Header, description = "A part of it: one range of bytes."),
        ("If-Range" = Option<String>, Header, description = "An `ETag`: the range is meant of this file only."),
        ("If-None-Match" = Option<String>, Header, description = "An `ETag` of a file that is there already."),
    ),
    responses(
        (status = 200, description = "All of it.",
            content(([u8] = "image/jpeg"), ([u8] = "image/png"), ([u8] = "image/gif"), ([u8] = "image/webp"), ([u8] = "video/mp4"), ([u8] = "video/webm")),
            headers(("ETag" = String, description = "Names this file."), ("Content-Length" = u64, description = "Its size, in bytes."))),
        (status = 206, description = "The part that was asked for.",
            content(([u8] = "image/jpeg"), ([u8] = "image/png"), ([u8] = "image/gif"), ([u8] = "image/webp"), ([u8] = "video/mp4"), ([u8] = "video/webm")),
            headers(("Content-Range" = String, description = "Which part of how many bytes."))),
        (status = 304, description = "It is the one that is there already."),
        (status = 416, description = "It has no such part.", headers(("Content-Range" = String, description = "How many bytes it has."))),
        Kept,
    ),
)]
pub(crate) async fn serve(
    State(web): State<Web>,
    Named((id, name)): Named<(String, String)>,
    method: Method,
    uri: Uri,
    asker: Asker,
    request: HeaderMap,
) -> Response<Body> {
    let proof = query(&uri, "proof");
    match file(&web, (&id, &name), (proof.as_deref(), asker.from), &method, &request).await {
        Ok(response) => response,
        Err(error) => error.answer(&web, &asker),
    }
}

/// Why there is no file: it was removed, as everybody may know; or there is none.
async fn missing(web: &Web, id: &MediaId) -> Result<Error, Error> {
    let Some(post) = web.site.post_of(id).await? else { return Ok(Error::NotFound) };
    let whole = web.site.about(&post, None).await?;
    // Of what is locked or waits nothing is told, but that it is so, and not by this route.
    let is_open = matches!(whole, About::Dark(_)) || matches!(web.site.read(&post, None, None).await?, Found::Post(_));
    let About::Dark(decision) = web.site.about(&post, Some(id)).await? else { return Ok(Error::NotFound) };
    // Pictures are asked for by pages that many read: who had asked for it is told by the post.
    let statement = |row| Error::Removed(Box::new(Statement::of(&row, None, false)));
    Ok(web.site.decision(&decision).await?.filter(|_| is_open).map_or(Error::NotFound, statement))
}

async fn file(
    web: &Web,
    (id, name): (&str, &str),
    (proof, from): (Option<&str>, Option<Jurisdiction>),
    method: &Method,
    request: &HeaderMap,
) -> Result<Response<Body>, Error> {
    let id = MediaId::parse(id).ok_or(Error::NotFound)?;
    let served = web.site.served_file(&id, name, proof, from).await?;
    let Some(served) = served else { return Err(missing(web, &id).await?) };
    let row = &served.file;
    let size = u64::try_from(row.size_bytes).unwrap_or_default();
    // Names the bytes without being their hash: a tag that told the hash would let others look for the same file elsewhere.
    let tag = format!("\"{id}-{name}-{size}\"");
    let mut response = Response::new(Body::empty());
    headers::media(response.headers_mut(), &row.content_type);
    if served.seal.is_some() {
        headers::locked(response.headers_mut());
    }
    if served.withheld {
        headers::varied(response.headers_mut());
    }
    let out = response.headers_mut();
    out.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        out.insert(header::ETAG, tag);
    }
    let known = request.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| known == "*" || known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag)) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return Ok(response);
    }
    let range_header = request.get(header::RANGE).and_then(|value| value.to_str().ok());
    // A range of another version of the file would be put together with bytes of this one.
    let stale = request.get(header::IF_RANGE).is_some_and(|value| value.as_bytes() != tag.as_bytes());
    let wanted = if stale { Wanted::Whole } else { range::parse(range_header, size) };
    let part = match wanted {
        Wanted::Whole => 0..size,
        Wanted::Part(part) => {
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            if let Ok(value) = HeaderValue::from_str(&format!("bytes {}-{}/{size}", part.start, part.end.saturating_sub(1))) {
                response.headers_mut().insert(header::CONTENT_RANGE, value);
            }
            part
        }
        Wanted::Outside => {
            *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
            if let Ok(value) = HeaderValue::from_str(&format!("bytes */{size}")) {
                response.headers_mut().insert(header::CONTENT_RANGE, value);
            }
            return Ok(response);
        }
    };
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(part.end - part.start));
    if *method != Method::HEAD {
        let asked = Asked { web: web.clone(), id, name: name.to_owned(), proof: proof.map(str::to_owned), from };
        *response.body_mut() = bytes(web, &row.object_key, size, part, asked).await?;
    }
    Ok(response)
}

/// What a reader was given, to be asked about again while they read it.
struct Asked {
    web: Web,
    id: MediaId,
    name: String,
    proof: Option<String>,
    from: Option<Jurisdiction>,
}

impl Asked {
    /// The same bytes for as long as their reader may have them: a film that is being watched ends within a second of being taken away.
    fn while_served(
        self,
        bytes: impl Stream<Item = std::io::Result<Bytes>> + Unpin + Send,
    ) -> impl Stream<Item = std::io::Result<Bytes>> + Send {
        futures_util::stream::try_unfold((self, bytes, Instant::now()), |(asked, mut bytes, mut looked)| async move {
            let Some(chunk) = bytes.try_next().await? else { return Ok(None) };
            if looked.elapsed() >= LOOK_AGAIN {
                let site = &asked.web.site;
                let served =
                    site.served_file(&asked.id, &asked.name, asked.proof.as_deref(), asked.from).await.map_err(std::io::Error::other)?;
                if served.is_none() {
                    return Err(std::io::ErrorKind::NotFound.into());
                }
                looked = Instant::now();
            }
            Ok(Some((chunk, (asked, bytes, looked))))
        })
    }
}

/// A part of an object: from memory if it is a small one, else as a stream.
async fn bytes(web: &Web, key: &str, size: u64, part: Range<u64>, asked: Asked) -> Result<Body, Error> {
    let blobs = &web.site.store.blobs;
    if size > ready::SMALL {
        return Ok(Body::from_stream(asked.while_served(blobs.read_range(key, part).await?)));
    }
    let whole = web.ready().files.get_or_insert_async(key, blobs.read_all(key)).await?;
    let inside = |at: u64| usize::try_from(at).ok().filter(|at| *at <= whole.len());
    match (inside(part.start), inside(part.end)) {
        (Some(start), Some(end)) if whole.len() as u64 == size => Ok(whole.slice(start..end).into()),
        // Shorter than its row says: half of a file is never served as a whole one.
        _ => Err(app::Error::from(std::io::Error::from(std::io::ErrorKind::UnexpectedEof)).into()),
    }
}
