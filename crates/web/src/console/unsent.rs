//! A form that arrives after its session has ended. Nothing is done by who is nobody, and nothing that was typed is lost: the page that says so
//! holds it, to be sent once more when they have signed in beside it.

use axum::body::{Body, HttpBody as _};
use axum::extract::Request;
use axum::http::header::{self, HeaderMap};
use axum::http::{Method, Response, StatusCode};

use super::{show, stranger};
use crate::form::pairs;
use crate::pages::console::UnsentPage;
use crate::{Asker, Web};

/// The longest form that is held, in bytes.
const MOST: usize = 64 << 10;
/// The most fields: a list of members has one each.
const FIELDS: usize = 1_000;
/// The way out. Whoever is nobody by now has what they asked for: of two tabs that were left open, the second signs out after the first.
const OUT: &str = "/console/sign-out";
/// What is typed once more, never held.
const SECRET: [&str; 2] = ["password", "code"];

/// A form as it was sent.
pub(super) struct Unsent {
    to: String,
    fields: Vec<(String, String)>,
}

/// The request as it was, and its form, if a page may hold that.
pub(super) async fn read(request: Request) -> (Request, Option<Unsent>) {
    let is_way_out = request.uri().path() == OUT;
    if is_way_out
        || !is_form(request.method(), request.headers())
        || request.body().size_hint().upper().is_none_or(|length| length > MOST as u64)
    {
        return (request, None);
    }
    let (parts, body) = request.into_parts();
    // Shorter than it says to be: then it broke off, and nobody waits for an answer.
    let bytes = axum::body::to_bytes(body, MOST).await.unwrap_or_default();
    let fields = pairs(&bytes, FIELDS);
    let may_be_held = !fields.iter().any(|(name, _)| SECRET.contains(&name.as_str()));
    let unsent = Unsent { to: parts.uri.path().to_owned(), fields };
    (Request::from_parts(parts, Body::from(bytes)), may_be_held.then_some(unsent))
}

/// Sent by a browser's own hand, for a page.
fn is_form(method: &Method, headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    *method == Method::POST
        && text(header::CONTENT_TYPE).starts_with("application/x-www-form-urlencoded")
        && text(header::ACCEPT).contains("text/html")
}

impl Unsent {
    /// The page that holds it, in the place of an answer that leads to the door.
    pub(super) fn instead_of(self, response: Response<Body>, web: &Web, asker: &Asker) -> Response<Body> {
        let leads_to = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
        let Some(door) = leads_to.filter(|to| response.status() == StatusCode::SEE_OTHER && to.starts_with("/console/sign-in?to=")) else {
            return response;
        };
        // The path is of a change, and no page to come back to.
        let asker = Asker { path: "/console".to_owned(), ..asker.clone() };
        show(StatusCode::FORBIDDEN, &UnsentPage { frame: stranger(web, &asker), to: self.to, fields: self.fields, door: door.to_owned() })
    }
}
