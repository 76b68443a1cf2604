//! Who asks, on a page of the console. Whoever is not signed in is led to the door, and back.

use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::header::{HeaderMap, HeaderValue};
use axum::http::request::Parts;
use axum::http::{Method, Response, header};
use domain::moderator::SESSION_MS;
use domain::{Role, SessionToken};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::tell;
use crate::pages::console::{ConsoleFrame, Corner, Telling};
use crate::{Asker, Web, headers};

/// Whoever is signed in, as it stands at this moment: who decides, and who files for a party.
pub(crate) struct Known {
    /// Who, and what they may do.
    pub(crate) who: app::Signed,
    /// Their session.
    pub(crate) token: SessionToken,
}

/// The same, who decides.
pub(crate) struct Signed {
    /// Who, and what they may do.
    pub(crate) who: app::Signed,
}

/// The same, who is an operator. A moderator is told that this page is not theirs.
pub(crate) struct Operator(pub(crate) Signed);

impl FromRequestParts<Web> for Known {
    type Rejection = Response<Body>;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Self::Rejection> {
        let Ok(asker) = Asker::from_request_parts(parts, web).await;
        let token = asker.cookie(cookie_name(&asker)).and_then(SessionToken::parse);
        let who = match &token {
            Some(token) => {
                let by_hand = is_by_hand(&parts.method, parts.uri.path(), &parts.headers);
                let who = if by_hand { web.site.signed(token).await } else { web.site.still_signed(token).await };
                who.map_err(|error| crate::Error::from(error).answer(web, &asker))?
            }
            None => None,
        };
        if let (Some(who), Some(token)) = (who, token) {
            return Ok(Self { who, token });
        }
        // What was sent is lost: nothing is done by who is nobody. They come back to where they can do it again.
        let is_read = matches!(parts.method, Method::GET | Method::HEAD);
        let to = parts.uri.path_and_query().map_or("/console", |path| path.as_str());
        let home = if to.starts_with("/portal") { "/portal" } else { "/console" };
        let to = utf8_percent_encode(if is_read { to } else { home }, NON_ALPHANUMERIC);
        Err(headers::see(&format!("/console/sign-in?to={to}")))
    }
}

impl FromRequestParts<Web> for Signed {
    type Rejection = Response<Body>;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Self::Rejection> {
        let Known { who, .. } = Known::from_request_parts(parts, web).await?;
        if who.role.decides() {
            if who.role == Role::Operator && is_by_hand(&parts.method, parts.uri.path(), &parts.headers) {
                // Whoever is not written down as seen is let in all the same.
                if let Err(error) = web.site.operator_seen().await {
                    tracing::warn!(%error, "that the operator was seen was not written down");
                }
            }
            return Ok(Self { who });
        }
        // Who files for a party decides on nothing, and has a place of their own.
        if parts.uri.path() == "/console" {
            return Err(headers::see("/portal"));
        }
        let Ok(asker) = Asker::from_request_parts(parts, web).await;
        let asker = Asker { path: "/portal".to_owned(), ..asker };
        let frame = ConsoleFrame { frame: web.frame(&asker), who: Some((who.name, who.role)), corner: Corner::Home };
        Err(tell(frame, Telling::DecidersOnly))
    }
}

impl FromRequestParts<Web> for Operator {
    type Rejection = Response<Body>;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Self::Rejection> {
        let signed = Signed::from_request_parts(parts, web).await?;
        if signed.who.role == Role::Operator {
            return Ok(Self(signed));
        }
        let Ok(asker) = Asker::from_request_parts(parts, web).await;
        let asker = Asker { path: "/console".to_owned(), ..asker };
        let frame = ConsoleFrame { frame: web.frame(&asker), who: Some((signed.who.name, signed.who.role)), corner: Corner::Home };
        Err(tell(frame, Telling::OperatorsOnly))
    }
}

/// Whether a person asks for this: a page that stays open asks for news by itself, and an open page is nobody. Browsers say what they ask for; whoever
/// does not say it is believed.
fn is_by_hand(method: &Method, path: &str, headers: &HeaderMap) -> bool {
    let is_read = matches!(*method, Method::GET | Method::HEAD);
    let destination = headers.get("sec-fetch-dest").and_then(|value| value.to_str().ok());
    // A case that is open on a screen is claimed again and again.
    let renews = path.ends_with("/claim") && destination == Some("empty");
    !renews && (!is_read || destination.is_none_or(|destination| destination == "document"))
}

/// Where the console leads whoever has come in: only ever to a page of its own, or of the portal.
pub(super) fn own_path(to: &str) -> &str {
    let within = |place: &str| to.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    let is_own = (within("/console") || within("/portal"))
        && to.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
        && !to.contains("//")
        && !to.starts_with("/console/sign-in");
    if is_own { to } else { "/console" }
}

/// Hands a session to the browser. `Strict`: no page of another site can have it sent.
pub(super) fn give(asker: &Asker, response: &mut Response<Body>, token: &SessionToken) {
    set(asker, response, token.expose(), SESSION_MS / 1_000);
}

/// Takes it back.
pub(super) fn take(asker: &Asker, response: &mut Response<Body>) {
    set(asker, response, "", 0);
}

fn set(asker: &Asker, response: &mut Response<Body>, value: &str, seconds: i64) {
    let secure = if is_https(asker) { "; Secure" } else { "" };
    let cookie = format!("{}={value}; Path=/; Max-Age={seconds}; SameSite=Strict; HttpOnly{secure}", cookie_name(asker));
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// Browsers take a name with this prefix only over https, and from this very host.
fn cookie_name(asker: &Asker) -> &'static str {
    if is_https(asker) { "__Host-console" } else { "console" }
}

fn is_https(asker: &Asker) -> bool {
    asker.origin.starts_with("https:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_asks_for_news_by_itself_is_nobody() {
        let headers = |destination: Option<&'static str>| {
            destination
                .map(|text| (header::HeaderName::from_static("sec-fetch-dest"), HeaderValue::from_static(text)))
                .into_iter()
                .collect()
        };
        let reads = |destination| is_by_hand(&Method::GET, "/console", &headers(destination));
        assert!(reads(Some("document")) && reads(None));
        let sends = |path, destination| is_by_hand(&Method::POST, path, &headers(destination));
        assert!(sends("/console/cases/a/decide", Some("empty")), "a script that sends what somebody did");
        assert!(sends("/console/cases/a/claim", Some("document")), "somebody takes it over");
        assert!(!sends("/console/cases/a/claim", Some("empty")), "a page that goes on having a case");
        for other in ["empty", "image", "style", "iframe"] {
            assert!(!reads(Some(other)), "{other}");
        }
    }

    #[test]
    fn nobody_is_led_elsewhere_by_signing_in() {
        for own in ["/console", "/console/audit", "/console/audit?after=1-a", "/console?a=b", "/portal", "/portal/file?type=a"] {
            assert_eq!(own_path(own), own);
        }
        for other in [
            "",
            "/",
            "//evil.example",
            "/console//evil.example",
            "/consolevil",
            "/portalevil",
            "https://evil.example/console",
            "/console/\\evil",
            "/console/\r\nSet-Cookie: a=b",
            "/console/sign-in?to=/console/sign-in",
        ] {
            assert_eq!(own_path(other), "/console", "{other}");
        }
    }
}
