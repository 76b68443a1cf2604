//! What a registered party is answered: how its request stands, link by link, and what was done and when (Regulation (EU) 2021/784, Annexes II and
//! III; Regulation (EU) 2022/2065, Articles 9(1), 10(1) and 16(5)).

use app::{FilingState, FilingView, LinkNow};
use domain::Action;
use serde::Serialize;
use utoipa::ToSchema;

use crate::posts::instant;

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
    /// out (Annex III); `told`: its sender was told what there is.
    #[schema(schema_with = crate::api::answers::filing_states)]
    state: &'static str,
    /// Since when it is done (RFC 3339, UTC).
    #[schema(required, format = DateTime)]
    done: Option<String>,
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
}

/// How one link of it stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct LinkAnswer {
    /// As it was sent.
    url: String,
    /// `open`, `gone`, `nothing`, `no_action`, `cover` or `remove`.
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
    pub(crate) fn of(view: &FilingView) -> Self {
        let row = &view.row;
        let (state, done) = match view.state {
            FilingState::Open => ("open", None),
            FilingState::Done(at) => ("done", Some(at)),
            FilingState::Decided => ("decided", None),
            FilingState::Cannot(_) => ("cannot", None),
            FilingState::Told => ("told", None),
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
            faults: row.faults.iter().map(|fault| fault.as_str()).collect(),
            inability: answer.and_then(|answer| answer.inability).map(domain::Inability::as_str),
            answer: answer.map(|answer| answer.words.clone()).filter(|words| !words.is_empty()),
            subjects: view.links.iter().map(|(link, now)| LinkAnswer::of(&link.url, now)).collect(),
        }
    }
}

impl LinkAnswer {
    fn of(url: &str, now: &LinkNow) -> Self {
        let (state, decision) = match now {
            LinkNow::Open => ("open", None),
            LinkNow::Gone => ("gone", None),
            LinkNow::Nothing => ("nothing", None),
            LinkNow::Decided(row) => (row.decision.action.as_str(), Some(row)),
        };
        let done = decision.filter(|row| row.decision.action != Action::NoAction);
        Self {
            url: url.to_owned(),
            state,
            ground: done.map(|row| row.decision.reference.clone()),
            decided: decision.map(|row| instant(row.created)),
        }
    }
}
