//! A request's JSON, and what is said when it is none.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::tally::Paid;
use crate::{Asker, Error, Web};

/// What a request may have beside its text: fields, captions and alternative texts of every medium.
const FIELDS_BYTES: usize = 2 << 20;

/// Reads a body that was paid for. Fields that nobody knows are refused: one that is spelt wrong could have been meant to keep a
/// post secret.
pub(crate) async fn json<Wish: DeserializeOwned>(web: &Web, asker: &Asker, request: Request) -> Result<Wish, Error> {
    if essence(request.headers()) != "application/json" {
        return Err(Error::NotJson);
    }
    // JSON may write one byte as six (`\u0041`).
    let limit = web.site.limits.text_bytes.saturating_mul(6).saturating_add(FIELDS_BYTES);
    parsed(&bytes(web, asker, request, limit).await?)
}

/// Reads JSON.
pub(crate) fn parsed<Wish: DeserializeOwned>(bytes: &[u8]) -> Result<Wish, Error> {
    serde_json::from_slice(bytes).map_err(|error| Error::BadJson(error.to_string()))
}

/// The type of a body, without what is said beside it.
pub(crate) fn essence(headers: &HeaderMap) -> String {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Reads a body of at most `limit` bytes, which is paid for.
pub(crate) async fn bytes(web: &Web, asker: &Asker, request: Request, limit: usize) -> Result<Bytes, Error> {
    if crate::tally::length(request.headers()).is_some_and(|length| length > limit as u64) {
        return Err(Error::TooMuch);
    }
    let paid = Paid::pay(&web.site, &asker.who, request.headers())?;
    let body = Body::new(paid.counting(request.into_body()));
    axum::body::to_bytes(body, limit).await.map_err(|error| {
        let too_long = std::error::Error::source(&error).is_some_and(|inner| inner.is::<http_body_util::LengthLimitError>());
        if too_long { Error::TooMuch } else { Error::Interrupted }
    })
}
