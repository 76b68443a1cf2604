//! What registered parties ask, for who decides: what waits by its clock, one request with its faults and links, and answering it.

use app::{AnswerRefused, FilingView};
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode, Uri};
use domain::notice::Asks;
use domain::{FilingId, Inability};

use super::cases::fields;
use super::{Signed, frame, frame_at, said};
use crate::after::{After, cut};
use crate::asker::Named;
use crate::error::Error;
use crate::form::{pairs, query};
use crate::headers;
use crate::locale::Locale;
use crate::pages::console::Corner;
use crate::pages::filings::{FilingEntry, FilingLink, FilingPage, FilingsPage, silence as silence_of};
use crate::pages::reply::Window;
use crate::reply::{self, Addressee};
use crate::{Asker, Web, draw};

/// Of what waits, on a page.
const WAITING: i64 = 50;
/// Of the rest.
const ON_A_PAGE: usize = 30;
/// The longest answer, of which every byte is percent-encoded, and the rest of its form.
const ANSWER_BYTES: usize = 3 * app::HOLDINGS_BYTES + (1 << 10);

/// `GET /console/filings`, and `?after=…` for what is older.
pub(crate) async fn list(State(web): State<Web>, uri: Uri, asker: Asker, signed: Signed) -> Response<Body> {
    let page = async {
        let after = After::of(&uri, FilingId::parse)?;
        let now = web.site.clock.now();
        let entry = |view: &FilingView| FilingEntry::of(view, format!("/console/filings/{}", view.row.id), now, true);
        let waiting = if after.is_first() { web.site.waiting_filings(WAITING).await? } else { Vec::new() };
        let mut rows = web.site.filings(None, after.place(), i64::try_from(ON_A_PAGE + 1).unwrap_or(1)).await?;
        let older = cut(&mut rows, ON_A_PAGE, "/console/filings", |last| (last.row.received, &last.row.id));
        let known = |view: &&FilingView| !waiting.iter().any(|other| other.row.id == view.row.id);
        Ok(FilingsPage {
            frame: frame(&web, &asker, &signed, Corner::Filings),
            entries: rows.iter().filter(known).map(entry).collect(),
            waiting: waiting.iter().map(entry).collect(),
            older,
        })
    };
    said(&web, &asker, page.await.map(|page| draw(StatusCode::OK, &page)))
}

/// `GET /console/filings/{id}`.
pub(crate) async fn page(State(web): State<Web>, Named(id): Named<String>, uri: Uri, asker: Asker, signed: Signed) -> Response<Body> {
    let told = match query(&uri, "told").as_deref() {
        Some("answered") => Some("told-answered"),
        Some("silence") => Some("told-silence"),
        _ => None,
    };
    let page = shown(&web, &asker, &signed, (&id, &uri), told, None, String::new()).await;
    said(&web, &asker, page.map(|page| draw(StatusCode::OK, &page)))
}

async fn shown(
    web: &Web,
    asker: &Asker,
    signed: &Signed,
    (id, uri): (&str, &Uri),
    told: Option<&'static str>,
    error: Option<&'static str>,
    typed: String,
) -> Result<FilingPage, Error> {
    let id = FilingId::parse(id).ok_or(Error::NotFound)?;
    let view = web.site.filing(&id).await?.ok_or(Error::NotFound)?;
    let (locale, now) = (web.locale(asker), web.site.clock.now());
    let action = format!("/console/filings/{id}");
    let window = Window::of(uri, &action, view.links.len());
    let links = window.cut(view.links.iter().collect()).into_iter().map(|(link, now)| FilingLink {
        url: link.url.clone(),
        state: locale.text(reply::link_key(now)).into_owned(),
        case: view.case_of(link, now).map(|case| format!("/console/cases/{case}")),
    });
    let asks = view.kind().rule().asks;
    let holdings = match asks {
        Asks::ToTell | Asks::ToKeep => Some(reply::holdings_words(locale_of(&view, locale), &web.site.holdings(&view.row).await?)),
        Asks::ToAct | Asks::ToDecide => None,
    };
    Ok(FilingPage {
        frame: frame_at(web, asker, signed, Corner::Filings, action.clone()),
        told,
        error,
        entry: FilingEntry::of(&view, action.clone(), now, true),
        document: reply::document(&web.site, locale, &Addressee::of(web, asker), &view).await?,
        links: links.collect(),
        window,
        faults: view.row.faults.clone(),
        confirm: view.to_confirm(),
        silence: silence_of(&view, now),
        holdings,
        typed,
        answered: view.row.answer.is_some(),
        action,
    })
}

/// The language that a party reads, of those that the site has words in.
fn locale_of(view: &FilingView, otherwise: Locale) -> Locale {
    view.party.party.languages.iter().find_map(|language| Locale::parse(language.as_str())).unwrap_or(otherwise)
}

/// `POST /console/filings/{id}/answer`: it cannot be carried out, and why; or what there is.
pub(crate) async fn answer(State(web): State<Web>, Named(id): Named<String>, asker: Asker, signed: Signed, body: Body) -> Response<Body> {
    let done = async {
        let filing = FilingId::parse(&id).ok_or(Error::NotFound)?;
        let (mut words, mut inability, mut holds) = (String::new(), None, false);
        for (key, value) in pairs(&axum::body::to_bytes(body, ANSWER_BYTES).await.unwrap_or_default(), 8) {
            match key.as_str() {
                "words" => words = value,
                "inability" => inability = Inability::parse(&value),
                "holdings" => holds = true,
                _ => {}
            }
        }
        let wrong = if inability.is_none() && !holds {
            Some("filing-no-reason")
        } else {
            match web.site.answer_filing(Some(&signed.who.id), &filing, inability, &words).await? {
                Ok(()) => return Ok(headers::see(&format!("/console/filings/{filing}?told=answered"))),
                Err(AnswerRefused::Nothing) => return Err(Error::NotFound),
                Err(AnswerRefused::Done) => Some("filing-done-already"),
                Err(AnswerRefused::Words | AnswerRefused::Silence) => Some("filing-no-words"),
            }
        };
        let mut page = shown(&web, &asker, &signed, (&id, &Uri::default()), None, wrong, String::new()).await?;
        match &mut page.holdings {
            Some(own) if holds => *own = words,
            _ => page.typed = words,
        }
        Ok(draw(StatusCode::BAD_REQUEST, &page))
    };
    said(&web, &asker, done.await)
}

/// `POST /console/filings/{id}/silence`: longer, once; or ended.
pub(crate) async fn silence(State(web): State<Web>, Named(id): Named<String>, asker: Asker, signed: Signed, body: Body) -> Response<Body> {
    let done = async {
        let filing = FilingId::parse(&id).ok_or(Error::NotFound)?;
        let longer = match fields(body).await.iter().find(|(key, _)| key == "silence").map(|(_, value)| value.as_str()) {
            Some("longer") => true,
            Some("end") => false,
            _ => return Err(Error::NotFound),
        };
        match web.site.set_silence(Some(&signed.who.id), &filing, longer).await? {
            Ok(()) => Ok(headers::see(&format!("/console/filings/{filing}?told=silence"))),
            Err(AnswerRefused::Nothing) => Err(Error::NotFound),
            Err(AnswerRefused::Words | AnswerRefused::Silence | AnswerRefused::Done) => {
                let page = shown(&web, &asker, &signed, (&id, &Uri::default()), None, Some("filing-no-silence"), String::new()).await?;
                Ok(draw(StatusCode::CONFLICT, &page))
            }
        }
    };
    said(&web, &asker, done.await)
}
