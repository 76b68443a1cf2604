//! Who asks, as far as an answer depends on it: the form of answer wanted, the language, the address the site was called by, and
//! whose budgets it is counted in. Nothing of it is kept.

use std::convert::Infallible;

use app::Offer;
use axum::body::Body;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Response, header};
use domain::PostId;
use domain::party::Jurisdiction;

use crate::{Error, Web, client, headers};

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A page.
    Html,
    /// JSON, errors as problem details.
    Json,
    /// Lines for a terminal.
    Text,
}

/// What an answer depends on.
#[derive(Clone, Debug)]
pub struct Asker {
    /// The form wanted, by `Accept`.
    pub form: Form,
    /// The chosen language, by the `lang` cookie.
    pub chosen: Option<String>,
    /// The browser's `Accept-Language`.
    pub accepts: Option<String>,
    /// Takes compressed answers.
    pub gzip: bool,
    /// `scheme://host` for links, without a slash at the end.
    pub origin: String,
    /// The path that was asked for, to come back to. On the manage page it holds the secret, as that page itself does.
    pub path: String,
    /// Whose budgets it is counted in.
    pub who: app::Who,
    /// The country that it comes from, where the site knows countries.
    pub from: Option<Jurisdiction>,
    /// What comes in payment.
    pub(crate) offer: OwnOffer,
    /// The visitor's passes for posts that are not open to all, as the browser's cookies; or one, as a program's bearer token.
    pub(crate) passes: Passes,
}

/// The header in which a proof of work comes, or `ask`, from who would make one.
pub(crate) const ALTCHA: header::HeaderName = header::HeaderName::from_static("altcha");

/// What comes in payment, as its header says.
#[derive(Clone, Default)]
pub(crate) struct OwnOffer(Option<String>);

impl std::fmt::Debug for OwnOffer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OwnOffer(…)")
    }
}

#[derive(Clone, Default)]
pub(crate) struct Passes {
    cookies: Option<String>,
    bearer: Option<String>,
}

impl std::fmt::Debug for Passes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passes(…)")
    }
}

impl Asker {
    /// The pass for this post, if the visitor shows one.
    #[must_use]
    pub fn pass(&self, id: &PostId) -> Option<&str> {
        let cookies = self.passes.cookies.as_deref().unwrap_or_default();
        cookie(cookies, &pass_cookie(id)).or(self.passes.bearer.as_deref())
    }
}

impl Asker {
    /// What comes in payment.
    #[must_use]
    pub fn offer(&self) -> Offer<'_> {
        match self.offer.0.as_deref() {
            None => Offer::Nothing,
            Some(word) if word.eq_ignore_ascii_case("ask") => Offer::Asks,
            Some(proof) => Offer::Proof(proof),
        }
    }

    /// A cookie of the browser's.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        cookie(self.passes.cookies.as_deref().unwrap_or_default(), name)
    }
}

/// The name of the cookie that holds the pass for this post.
#[must_use]
pub(crate) fn pass_cookie(id: &PostId) -> String {
    format!("open-{id}")
}

impl FromRequestParts<Web> for Asker {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Self::Rejection> {
        let (who, from) = client::know(web, parts);
        let text = |name: header::HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok());
        // Over HTTP/2 a browser may send them one by one.
        let cookies: Vec<_> = parts.headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).collect();
        let cookies = (!cookies.is_empty()).then(|| cookies.join(";"));
        Ok(Self {
            // Programs are told in JSON what went wrong, whatever they say that they take.
            form: if parts.uri.path().starts_with("/api/") || is_facts(parts) { Form::Json } else { form(text(header::ACCEPT)) },
            chosen: cookies.as_deref().and_then(|cookies| cookie(cookies, "lang")).map(str::to_owned),
            accepts: text(header::ACCEPT_LANGUAGE).map(str::to_owned),
            gzip: text(header::ACCEPT_ENCODING).is_some_and(takes_gzip),
            origin: origin(web.public_url.as_deref(), text(header::HOST)),
            path: parts.uri.path().to_owned(),
            passes: Passes { cookies, bearer: bearer(&parts.headers).map(str::to_owned) },
            offer: OwnOffer(text(ALTCHA).map(|offer| offer.trim().to_owned())),
            who,
            from,
        })
    }
}

/// The parts of a path. A path that is no text has none of our names in it: nothing stands there.
pub(crate) struct Named<Names>(pub(crate) Names);

impl<Names: serde::de::DeserializeOwned + Send> FromRequestParts<Web> for Named<Names> {
    type Rejection = Response<Body>;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Self::Rejection> {
        match Path::<Names>::from_request_parts(parts, web).await {
            Ok(Path(names)) => Ok(Self(names)),
            Err(_) => {
                let Ok(asker) = Asker::from_request_parts(parts, web).await;
                let mut response = Error::NotFound.answer(web, &Asker { path: "/".to_owned(), ..asker });
                // It may have been meant for a manage link.
                headers::secret(response.headers_mut());
                Err(response)
            }
        }
    }
}

/// The token that a program shows. Schemes are written in any case.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn form(accept: Option<&str>) -> Form {
    let accept = accept.unwrap_or_default().to_ascii_lowercase();
    if accept.contains("text/html") {
        Form::Html
    } else if accept.contains("application/json") || accept.contains("application/problem+json") {
        Form::Json
    } else {
        Form::Text
    }
}

/// A post's facts are asked for by a name that says what comes; what is put to such a name is a file.
fn is_facts(parts: &Parts) -> bool {
    parts.uri.path().ends_with(".json") && matches!(parts.method, Method::GET | Method::HEAD)
}

fn takes_gzip(accept_encoding: &str) -> bool {
    accept_encoding.split(',').any(|one| {
        let (coding, quality) = one.split_once(';').unwrap_or((one, ""));
        coding.trim().eq_ignore_ascii_case("gzip") && !matches!(quality.trim().strip_prefix("q="), Some("0" | "0.0" | "0.00" | "0.000"))
    })
}

fn origin(public_url: Option<&str>, host: Option<&str>) -> String {
    if let Some(url) = public_url {
        return url.trim_end_matches('/').to_owned();
    }
    // Whoever sends another Host only gets links that lead their own way; still, only what can stand in a link is repeated.
    let host = host.filter(|host| {
        !host.is_empty() && host.len() <= 255 && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte))
    });
    format!("http://{}", host.unwrap_or("localhost:8080"))
}

fn cookie<'a>(cookies: &'a str, name: &str) -> Option<&'a str> {
    cookies.split(';').filter_map(|pair| pair.trim().split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_gets_lines_a_browser_a_page_and_a_program_json() {
        assert_eq!(form(None), Form::Text);
        assert_eq!(form(Some("*/*")), Form::Text);
        assert_eq!(form(Some("text/html,application/xhtml+xml,*/*;q=0.8")), Form::Html);
        assert_eq!(form(Some("application/json")), Form::Json);
    }

    #[test]
    fn only_who_asks_for_it_gets_a_compressed_answer() {
        assert!(takes_gzip("gzip, deflate, br") && takes_gzip("br;q=1.0, gzip;q=0.5"));
        assert!(!takes_gzip("br") && !takes_gzip("gzip;q=0") && !takes_gzip(""));
    }

    #[test]
    fn a_link_begins_with_the_public_url_or_a_host_that_can_stand_in_a_link() {
        assert_eq!(origin(Some("https://kites.example/"), Some("evil")), "https://kites.example");
        assert_eq!(origin(None, Some("localhost:8080")), "http://localhost:8080");
        assert_eq!(origin(None, Some("[::1]:80")), "http://[::1]:80");
        assert_eq!(origin(None, Some("a\"><script>")), "http://localhost:8080");
        assert_eq!(origin(None, None), "http://localhost:8080");
    }
}
