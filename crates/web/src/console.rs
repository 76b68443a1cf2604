//! The console: where whoever may decide signs in, and acts.
//!
//! Every request under `/console` (and `/portal`, for who files) goes through [`guard`]: a change has to come from one of the console's own pages, and no answer is
//! kept or listed by anybody. Who asks is told by [`Signed`] or [`Operator`], which read it from the database each time, so that whoever
//! was shut out is out with the next request. A page is a struct with a [`ConsoleFrame`], a template that extends
//! `console/frame.html`, and a call of [`show`].

mod audit;
mod away;
mod banks;
mod cases;
mod decisions;
mod deeds;
mod enrol;
mod filings;
mod home;
mod levers;
mod looks;
mod parties;
mod passkeys;
mod people;
mod queue;
mod retentions;
mod sign_in;
mod signed;
mod unsent;
mod watch;

use askama::Template;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName};
use axum::http::{Method, Response, StatusCode, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::routing::{get, post};

pub(crate) use signed::{Known, Operator, Signed};
pub(crate) use watch::job_words;

use crate::asker::Form;
use crate::form::{pairs, query};
use crate::locale::Locale;
use crate::pages::console::{ConsoleFrame, Corner, Telling, TellingPage};
use crate::{Asker, Web, draw, headers};

/// The longest form: a password of two hundred letters, each percent-encoded.
const FORM_BYTES: usize = 16 << 10;
const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The console's routes. Whatever is added here is guarded.
pub(crate) fn router(web: &Web) -> Router<Web> {
    Router::new()
        .route("/console", get(queue::queue))
        .route("/console/next", get(queue::next))
        .route("/console/find", get(queue::find))
        .route("/console/cases/{id}", get(cases::case))
        .route("/console/cases/{id}/hold", post(cases::hold))
        .route("/console/cases/{id}/members", post(cases::members))
        .route("/console/cases/{id}/decide", post(cases::decide))
        .route("/console/cases/{id}/claim", post(cases::claim))
        .route("/console/cases/{id}/notes", post(cases::note))
        .route("/console/cases/{id}/ask", post(cases::ask))
        .route("/console/media/{id}", get(looks::look))
        .route("/console/appeals/{id}/media/{medium}", get(looks::contested))
        .route("/console/decisions", get(decisions::list))
        .route("/console/decisions/{id}/undo", post(decisions::undo))
        .route("/console/decisions/{id}/keep", post(retentions::keep))
        .route("/console/appeals", get(decisions::appeals))
        .route("/console/appeals/{id}", post(decisions::answer))
        .route("/console/me", get(home::page))
        .route("/console/sign-in", get(sign_in::page).post(sign_in::sign_in))
        .route("/console/sign-in/passkey", post(passkeys::ask))
        .route("/console/sign-in/passkey/answer", post(passkeys::sign_in))
        .route("/console/sign-out", post(sign_in::sign_out))
        .route("/console/sign-out-everywhere", post(sign_in::sign_out_everywhere))
        .route("/console/enrol/{secret}", get(enrol::page).post(enrol::enrol))
        .route("/console/enrol/{secret}/passkey", post(passkeys::ask_new))
        .route("/console/enrol/{secret}/passkey/answer", post(passkeys::enrol))
        .route("/console/watch", get(watch::page))
        .route("/console/watch/now", get(watch::fragment))
        .route("/console/watch/jobs/{id}/retry", post(watch::retry))
        .route("/console/watch/alarm-test", post(watch::test))
        .route("/console/away", get(away::page))
        .route("/console/away/here", post(away::here))
        .route("/console/banks", get(banks::page))
        .route("/console/banks/{name}/trust", post(banks::trust))
        .route("/console/banks/{name}/confirm", post(banks::confirm))
        .route("/console/levers", get(levers::page))
        .route("/console/levers/{lever}", post(levers::set))
        .route("/console/levers/{lever}/clear", post(levers::clear))
        .route("/console/waiting/let-go", post(levers::let_all_go))
        .route("/console/people", get(people::page).post(people::add))
        .route("/console/people/looks", post(people::looks))
        .route("/console/people/{id}/link", post(people::link))
        .route("/console/people/{id}/suspend", post(people::suspend))
        .route("/console/people/{id}/resume", post(people::resume))
        .route("/console/parties", get(parties::page).post(parties::add))
        .route("/console/parties/{id}", get(parties::one))
        .route("/console/parties/{id}/check", post(parties::check))
        .route("/console/parties/{id}/keys", post(parties::add_key))
        .route("/console/parties/{id}/keys/{key}/revoke", post(parties::revoke))
        .route("/console/parties/{id}/people", post(parties::add_person))
        .route("/console/parties/{id}/people/{person}/link", post(parties::link_person))
        .route("/console/parties/{id}/people/{person}/suspend", post(parties::suspend_person))
        .route("/console/parties/{id}/people/{person}/resume", post(parties::resume_person))
        .route("/console/parties/{id}/suspend", post(parties::suspend))
        .route("/console/parties/{id}/resume", post(parties::resume))
        .route("/console/parties/{id}/trust", post(parties::trust))
        .route("/console/parties/{id}/deeds", get(deeds::page).post(deeds::undo))
        .route("/console/filings", get(filings::list))
        .route("/console/filings/{id}", get(filings::page))
        .route("/console/filings/{id}/answer", post(filings::answer))
        .route("/console/filings/{id}/silence", post(filings::silence))
        .route("/console/audit", get(audit::page))
        .layer(from_fn_with_state(web.clone(), guard))
}

/// A page of the console, for who is signed in.
pub(crate) fn frame(web: &Web, asker: &Asker, signed: &Signed, corner: Corner) -> ConsoleFrame {
    ConsoleFrame { frame: web.frame(asker), who: Some((signed.who.name.clone(), signed.who.role)), corner }
}

/// A page of the console that may be the answer to a form, whose own address nobody reads: the switch of languages leads back to `path`.
pub(crate) fn frame_at(web: &Web, asker: &Asker, signed: &Signed, corner: Corner, path: impl Into<String>) -> ConsoleFrame {
    let mut frame = frame(web, asker, signed, corner);
    frame.frame.back = path.into();
    frame
}

/// A page of the console, for who is not.
fn stranger(web: &Web, asker: &Asker) -> ConsoleFrame {
    ConsoleFrame { frame: web.frame(asker), who: None, corner: Corner::Door }
}

/// Draws a page of the console.
pub(crate) fn show(status: StatusCode, page: &impl Template) -> Response<Body> {
    draw(status, page)
}

/// An answer, or why there is none.
pub(crate) fn said(web: &Web, asker: &Asker, answer: Result<Response<Body>, crate::Error>) -> Response<Body> {
    answer.unwrap_or_else(|error| match error {
        // Who is at work finds the way back to it.
        crate::Error::NotFound if asker.form == Form::Html => tell(stranger(web, asker), Telling::Nothing),
        error => error.answer(web, asker),
    })
}

/// What was done a moment ago, in words: what `?told=` says, of what this page can say.
fn told(locale: Locale, uri: &Uri, known: &[(&str, &'static str)]) -> Option<String> {
    let told = query(uri, "told")?;
    known.iter().find(|(name, _)| *name == told).map(|(_, key)| locale.text(key).into_owned())
}

/// Says one thing.
pub(crate) fn tell(frame: ConsoleFrame, telling: Telling) -> Response<Body> {
    let status = StatusCode::from_u16(telling.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    show(status, &TellingPage { frame, telling })
}

/// The fields of a form.
pub(crate) async fn fields(body: Body) -> Fields {
    Fields(pairs(&axum::body::to_bytes(body, FORM_BYTES).await.unwrap_or_default(), 20))
}

/// What was typed into a form.
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// A field; empty if it was not sent.
    pub(crate) fn field(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }
}

/// What holds for every request under `/console` and `/portal`.
pub(crate) async fn guard(State(web): State<Web>, asker: Asker, request: Request, next: Next) -> Response<Body> {
    let is_change = !matches!(*request.method(), Method::GET | Method::HEAD);
    let mut response = if is_change && !is_from_here(request.headers(), &asker.origin) {
        // The path may hold a secret, and is no page to come back to.
        let asker = Asker { path: "/console".to_owned(), ..asker };
        tell(stranger(&web, &asker), Telling::Elsewhere)
    } else {
        let (request, unsent) = unsent::read(request).await;
        let response = next.run(request).await;
        match unsent {
            Some(unsent) => unsent.instead_of(response, &web, &asker),
            None => response,
        }
    };
    headers::console(response.headers_mut());
    response
}

/// Whether a page of this very site sends this. Browsers say so in one of two ways; who says neither is no browser.
fn is_from_here(headers: &HeaderMap, origin: &str) -> bool {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match text(&SITE) {
        Some(site) => site == "same-origin",
        // The host alone: a web server before the site may speak https, of which we do not know.
        None => {
            let host = |url: &str| url.split_once("://").map(|(_, host)| host.to_ascii_lowercase());
            text(&header::ORIGIN)
                .and_then(host)
                .is_some_and(|asked| text(&header::HOST) == Some(asked.as_str()) || host(origin) == Some(asked))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_comes_from_a_page_of_this_site_or_not_at_all() {
        let from = |pairs: &[(HeaderName, &'static str)]| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, header::HeaderValue::from_static("kites.example:8080"));
            for (name, value) in pairs {
                headers.insert(name.clone(), header::HeaderValue::from_static(value));
            }
            is_from_here(&headers, "http://kites.example:8080")
        };
        assert!(from(&[(SITE, "same-origin")]) && from(&[(header::ORIGIN, "http://kites.example:8080")]));
        assert!(from(&[(header::ORIGIN, "https://KITES.example:8080")]));
        assert!(!from(&[]));
        for site in ["cross-site", "same-site", "none", ""] {
            assert!(!from(&[(SITE, site), (header::ORIGIN, "http://kites.example:8080")]), "{site}");
        }
        for origin in ["null", "", "http://evil.example", "http://kites.example", "http://kites.example:8080.evil.example"] {
            assert!(!from(&[(header::ORIGIN, origin)]), "{origin}");
        }
    }
}
