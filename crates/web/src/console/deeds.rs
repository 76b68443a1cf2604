//! What was done in a party's name since its key was stolen, for operators: all of it listed, and undone in one step.

use app::Deeds;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode, Uri};
use domain::{Action, CaseState, PartyId, Time};

use super::{Operator, fields, frame_at, said, show};
use crate::api::notices::moment;
use crate::asker::Named;
use crate::error::Error;
use crate::form::query;
use crate::headers;
use crate::locale::{Locale, iso};
use crate::notices::path;
use crate::pages::console::Corner;
use crate::pages::parties::{DeedCase, DeedFiling, DeedsPage, PartyShown};
use crate::{Asker, Web};

/// Of each kind, how many are shown one by one; the numbers tell of all.
const SHOWN: usize = 200;

/// `GET /console/parties/{id}/deeds?since=…`.
pub(crate) async fn page(State(web): State<Web>, Named(id): Named<String>, operator: Operator, uri: Uri, asker: Asker) -> Response<Body> {
    let drawn = drawn(&web, &asker, &operator, &id, query(&uri, "since"), query(&uri, "told").is_some()).await;
    said(&web, &asker, drawn)
}

async fn drawn(
    web: &Web,
    asker: &Asker,
    operator: &Operator,
    id: &str,
    since: Option<String>,
    undoing: bool,
) -> Result<Response<Body>, Error> {
    let id = PartyId::parse(id).ok_or(Error::NotFound)?;
    let row = web.site.party(&id).await?.ok_or(Error::NotFound)?;
    let locale = web.locale(asker);
    let from = since.as_deref().map(time);
    let (error, from) = match from {
        None => (None, None),
        Some(Some(from)) => (None, Some(from)),
        Some(None) => (Some("deeds-no-time"), None),
    };
    let deeds = match from {
        Some(from) => web.site.deeds(&id, from).await?,
        None => Deeds::default(),
    };
    let filing = |row: &store::FilingRow| DeedFiling {
        url: format!("/console/filings/{}", row.id),
        kind: row.filing.notice.kind,
        reference: row.filing.order.reference.clone(),
        received: row.received,
    };
    let page = DeedsPage {
        frame: frame_at(web, asker, &operator.0, Corner::Parties, format!("/console/parties/{id}/deeds")),
        party: PartyShown::of(&row),
        // As a field for a day and a time writes it.
        since: from.map(|from| iso(from).get(..16).unwrap_or_default().to_owned()).or(since).unwrap_or_default(),
        from,
        error,
        undoing,
        counted: counted(locale, &deeds),
        filings: deeds.filings.iter().take(SHOWN).map(filing).collect(),
        cases: cases(&deeds),
    };
    Ok(show(if error.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK }, &page))
}

fn counted(locale: Locale, deeds: &Deeds) -> Vec<String> {
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    [
        ("deeds-filings", deeds.filings.len()),
        ("deeds-opened", deeds.cases.len()),
        ("deeds-alone", deeds.alone()),
        ("deeds-held", deeds.held()),
        ("deeds-decided", deeds.decisions.len()),
    ]
    .into_iter()
    .map(|(key, count)| format!("{} {}", locale.text(key), locale.number(number(count))))
    .collect()
}

fn cases(deeds: &Deeds) -> Vec<DeedCase> {
    let one = |case: &store::filings::Touched| {
        let decided = deeds.decisions.iter().filter(|(decision, _)| decision.case_id == case.id);
        let mut stands: Vec<&'static str> = decided
            .map(|(decision, _)| match decision.decision.action {
                Action::Remove => "link-removed",
                Action::Withhold => "link-withheld",
                Action::Cover => "link-covered",
                Action::NoAction | Action::Preserve => "link-left",
            })
            .collect();
        if stands.is_empty() {
            stands.push(match case.state {
                CaseState::Open if case.held => "case-held",
                CaseState::Open => "link-open",
                CaseState::Decided => "link-left",
                CaseState::Moot => "link-gone",
            });
        }
        DeedCase { url: format!("/console/cases/{}", case.id), subject: path(&case.subject), stands, alone: case.alone }
    };
    deeds.cases.iter().take(SHOWN).map(one).collect()
}

/// A time as a form or a person writes it; without a zone it is UTC.
fn time(text: &str) -> Option<Time> {
    let read = |text: String| moment("since", Some(text)).ok().flatten();
    // As it is it comes last: without an offset, a time of the day would be read as its day.
    read(format!("{}Z", text.trim())).or_else(|| read(format!("{}:00Z", text.trim()))).or_else(|| read(text.to_owned()))
}

/// `POST /console/parties/{id}/deeds`: undoes it all.
pub(crate) async fn undo(State(web): State<Web>, Named(id): Named<String>, operator: Operator, asker: Asker, body: Body) -> Response<Body> {
    let typed = fields(body).await;
    let done = async {
        let party = PartyId::parse(&id).ok_or(Error::NotFound)?;
        let Some(since) = time(typed.field("since")) else {
            return drawn(&web, &asker, &operator, &id, Some(typed.field("since").to_owned()), false).await;
        };
        match web.site.undo_deeds(Some(&operator.0.who.id), &party, since).await? {
            Ok(()) => Ok(headers::see(&format!("/console/parties/{party}/deeds?told=undoing&since={}", iso(since)))),
            Err(_) => Err(Error::NotFound),
        }
    };
    said(&web, &asker, done.await)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_a_form_or_a_person_writes_it() {
        let expected = Some(Time(1_795_687_200_000));
        for text in ["2026-11-26T10:00:00Z", "2026-11-26T10:00", "2026-11-26T10:00:00", " 2026-11-26T10:00 ", "2026-11-26T11:00:00+01:00"] {
            assert_eq!(time(text), expected, "{text}");
        }
        assert_eq!(time("2026-11-26").map(|time| time.0), Some(1_795_651_200_000));
        for bad in ["", "yesterday", "10:00"] {
            assert_eq!(time(bad), None, "{bad}");
        }
    }
}
