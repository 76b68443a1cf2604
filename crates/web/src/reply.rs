//! What a registered party is answered: how its request stands, link by link, and what was done and when (Regulation (EU) 2021/784, Annexes II and
//! III; Regulation (EU) 2022/2065, Articles 9(1), 10(1) and 16(5)).

mod document;
mod holdings;

use app::{FilingState, FilingView, LinkNow};
use axum::body::Body;
use axum::http::header::{self, HeaderMap};
use axum::http::{Response, StatusCode, Uri};
use domain::Action;
use domain::notice::ReplyForm;
use serde::Serialize;
use utoipa::ToSchema;

pub(crate) use document::{Addressee, document, link_key};
pub(crate) use holdings::words as holdings_words;

use crate::form::query;
use crate::headers::Kind;
use crate::locale::Locale;
use crate::pages::reply::Document;
use crate::posts::instant;
use crate::{Asker, Form, headers};

/// The form in which a reply is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// A page.
    Page,
    /// Plain text, for keeping.
    Text,
    /// For a program.
    Json,
}

impl Asked {
    /// By the address, else by what is accepted. Who accepts anything is a program.
    pub(crate) fn of(asker: &Asker, uri: &Uri, headers: &HeaderMap) -> Self {
        let form = query(uri, "form");
        let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        match (form.as_deref(), asker.form) {
            (Some("text"), _) => Self::Text,
            (Some("json"), _) => Self::Json,
            (_, Form::Html) => Self::Page,
            (_, Form::Text) if accepts.contains("text/plain") => Self::Text,
            _ => Self::Json,
        }
    }
}

/// A reply as text, for keeping.
pub(crate) fn as_text(locale: Locale, id: &domain::FilingId, document: &Document) -> Response<Body> {
    let mut response = headers::answer(StatusCode::OK, Kind::Text, document.text(locale));
    headers::download(response.headers_mut(), &format!("reply-{id}.txt"));
    response
}

/// Annex II or III of Regulation (EU) 2021/784, filled in.
#[derive(Serialize, ToSchema)]
pub(crate) struct Annex {
    /// `II`: it was carried out; `III`: it cannot be.
    #[schema(schema_with = crate::api::answers::annexes)]
    form: &'static str,
    /// The addressee: the site's name.
    addressee: String,
    /// Its address.
    addressee_url: String,
    /// How it is reached.
    #[schema(required)]
    contact: Option<String>,
    /// The Member State that it is established in (ISO 3166-1).
    #[schema(required)]
    country: Option<String>,
    /// The authority that issued the order.
    authority: String,
    /// Its file reference.
    #[schema(required)]
    authority_reference: Option<String>,
    /// The addressee's file reference.
    addressee_reference: String,
    /// When the order was received (RFC 3339, UTC).
    #[schema(format = DateTime)]
    received: String,
    /// Of Annex II: what was done; `removed`, `access_disabled` (in all Member States, where nothing of it was removed), or `null` where all of it was
    /// gone before.
    #[schema(required)]
    measure: Option<&'static str>,
    /// Of Annex II: when (RFC 3339, UTC).
    #[schema(required, format = DateTime)]
    measured: Option<String>,
    /// Of Annex III: why it cannot be carried out.
    #[schema(required)]
    reason: Option<&'static str>,
    /// Of Annex III: more about that.
    #[schema(required)]
    details: Option<String>,
    /// Of Annex III: what the authority is asked to clear up.
    #[schema(schema_with = crate::api::answers::faults)]
    clarify: Vec<&'static str>,
}

impl Annex {
    fn of(site: &Addressee, view: &FilingView) -> Option<Self> {
        if view.kind().rule().reply != ReplyForm::Annex {
            return None;
        }
        let row = &view.row;
        let (form, inability) = match view.state {
            FilingState::Done(_) => ("II", None),
            FilingState::Cannot(inability) => ("III", Some(inability)),
            FilingState::Open | FilingState::Decided | FilingState::Told | FilingState::Withdrawn => return None,
        };
        let done = |action: Action| form == "II" && view.carried_out().any(|row| row.decision.action == action);
        let measure = [(Action::Remove, "removed"), (Action::Withhold, "access_disabled")];
        let measure = measure.into_iter().find(|(action, _)| done(*action)).map(|(_, measure)| measure);
        Some(Self {
            form,
            addressee: site.name.clone(),
            addressee_url: site.url.clone(),
            contact: site.contact.clone(),
            country: site.country.clone(),
            authority: view.party.party.name.as_str().to_owned(),
            authority_reference: row.filing.order.reference.clone(),
            addressee_reference: row.id.to_string(),
            received: instant(row.received),
            measure,
            measured: measure.map(|_| instant(document::measured(view))),
            reason: inability.map(domain::Inability::as_str),
            details: row
                .answer
                .as_ref()
                .filter(|_| inability.is_some())
                .map(|answer| answer.words.clone())
                .filter(|words| !words.is_empty()),
            clarify: if inability.is_some() { row.faults.iter().map(|fault| fault.as_str()).collect() } else { Vec::new() },
        })
    }
}

/// How what a registered party filed stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct FilingAnswer {
    /// Our own reference.
    id: String,
    /// Its kind.
    #[serde(rename = "type")]
    #[schema(schema_with = crate::api::answers::notice_kinds)]
    kind: &'static str,
    /// Its sender's own reference.
    #[schema(required)]
    reference: Option<String>,
    /// When it was received (RFC 3339, UTC).
    #[schema(format = DateTime)]
    created: String,
    /// What it said that is wrong.
    #[schema(schema_with = crate::api::answers::categories)]
    category: &'static str,
    /// By when it has to be done (RFC 3339, UTC); `null`: no time is set, or it does not run.
    #[schema(required, format = DateTime)]
    due: Option<String>,
    /// `open`; `done`: all that it names is dark (Annex II); `decided`: it was decided on, and not all of it is dark; `cannot`: it cannot be carried
    /// out (Annex III); `told`: its sender was told what there is; `withdrawn`: it counts for nothing, because it was not its sender's own.
    #[schema(schema_with = crate::api::answers::filing_states)]
    state: &'static str,
    /// Since when it is done (RFC 3339, UTC).
    #[schema(required, format = DateTime)]
    done: Option<String>,
    /// Of one that is open: since when nobody who decides is there (RFC 3339, UTC). It is taken, and its time runs; `null`: somebody is.
    #[schema(required, format = DateTime)]
    nobody_at_home: Option<String>,
    /// What is wrong with it, as far as a machine sees.
    #[schema(schema_with = crate::api::answers::faults)]
    faults: Vec<&'static str>,
    /// Why it cannot be carried out: `impossible`, `manifest_errors` or `insufficient_information`.
    #[schema(required)]
    inability: Option<&'static str>,
    /// What a person wrote to that, or of what there is.
    #[schema(required)]
    answer: Option<String>,
    /// Each link, in order.
    subjects: Vec<LinkAnswer>,
    /// Of a TCO removal order that was carried out, or cannot be: the form of the Regulation.
    #[schema(required)]
    annex: Option<Annex>,
}

/// How one link of it stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct LinkAnswer {
    /// As it was sent.
    url: String,
    /// `open`, `gone`, `nothing`, `no_action`, `cover`, `withhold` or `remove`.
    #[schema(schema_with = crate::api::answers::link_outcomes)]
    state: &'static str,
    /// Which law, or which clause of the policy; where something was done.
    #[schema(required)]
    ground: Option<String>,
    /// When it was decided (RFC 3339, UTC).
    #[schema(required, format = DateTime)]
    decided: Option<String>,
}

impl FilingAnswer {
    /// How it stands.
    pub(crate) fn of(site: &Addressee, view: &FilingView) -> Self {
        let row = &view.row;
        let (state, done) = match view.state {
            FilingState::Open => ("open", None),
            FilingState::Done(at) => ("done", Some(at)),
            FilingState::Decided => ("decided", None),
            FilingState::Cannot(_) => ("cannot", None),
            FilingState::Told => ("told", None),
            FilingState::Withdrawn => ("withdrawn", None),
        };
        let answer = row.answer.as_ref();
        Self {
            id: row.id.to_string(),
            kind: view.kind().as_str(),
            reference: row.filing.order.reference.clone(),
            created: instant(row.received),
            category: row.filing.notice.category.as_str(),
            due: row.due.map(instant),
            state,
            done: done.map(instant),
            nobody_at_home: site.away.filter(|_| state == "open").map(|(since, _)| instant(since)),
            faults: row.faults.iter().map(|fault| fault.as_str()).collect(),
            inability: answer.and_then(|answer| answer.inability).map(domain::Inability::as_str),
            answer: answer.map(|answer| answer.words.clone()).filter(|words| !words.is_empty()),
            subjects: view.links.iter().map(|(link, now)| LinkAnswer::of(&link.url, now)).collect(),
            annex: Annex::of(site, view),
        }
    }
}

impl LinkAnswer {
    fn of(url: &str, now: &LinkNow) -> Self {
        let (state, decision) = match now {
            LinkNow::Open => ("open", None),
            LinkNow::Gone => ("gone", None),
            LinkNow::Withdrawn => ("withdrawn", None),
            LinkNow::Nothing => ("nothing", None),
            LinkNow::Decided(row) => (row.decision.action.as_str(), Some(row)),
        };
        let done = decision.filter(|row| !matches!(row.decision.action, Action::NoAction | Action::Preserve));
        Self {
            url: url.to_owned(),
            state,
            ground: done.map(|row| row.decision.reference.clone()),
            decided: decision.map(|row| instant(row.created)),
        }
    }
}
