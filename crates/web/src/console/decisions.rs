//! What was decided, and undoing it; what posters say against it, and answering them.

use app::{Answer, Answered, CaseView};
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode, Uri};
use domain::{Action, AppealId, DecisionId};
use store::DecisionRow;
use store::decisions::Reach;

use super::cases::{action_key, fields};
use super::queue::{Query, today};
use super::{Signed, frame_at, looks, retentions, said, told};
use crate::after::{After, cut};
use crate::asker::Named;
use crate::error::Error;
use crate::headers;
use crate::locale::Locale;
use crate::pages::Statement;
use crate::pages::cases::{AppealsPage, CaseDecision, DecisionsPage, Keeping, OpenAppeal};
use crate::pages::console::Corner;
use crate::{Asker, Web, draw};

/// Decisions on a page.
const PAGE: usize = 30;
/// Appeals on theirs.
const APPEALS: i64 = 30;

/// The decisions on a case.
pub(super) async fn of_case(web: &Web, locale: Locale, signed: &Signed, view: &CaseView) -> Result<Vec<CaseDecision>, Error> {
    let mut all = Vec::new();
    for (row, _) in view.decisions.iter().rev() {
        let reach = web.site.reach(&row.id).await?;
        let keeping = retentions::of(web, locale, signed, row).await?;
        all.push(shown(locale, row, web.statement(row, true).await?.for_deciders(), reach, keeping));
    }
    Ok(all)
}

fn shown(locale: Locale, row: &DecisionRow, statement: Statement, reach: Reach, keeping: Keeping) -> CaseDecision {
    CaseDecision {
        heading: locale.text(action_key(row.decision.action)).into_owned(),
        statement,
        reach: reached(locale, if row.undone.is_none() { reach } else { Reach { given_back: 0, ..reach } }),
        case: row.case_id.to_string(),
        undone: row.undone,
        destroyed: row.destroyed,
        can_undo: !matches!(row.decision.action, Action::NoAction | Action::Preserve),
        keeping,
    }
}

/// What a decision reached, in words.
fn reached(locale: Locale, reach: Reach) -> String {
    let mut parts = vec![("reach-in-posts", reach.in_posts), ("reach-media", reach.media)];
    if reach.given_back > 0 {
        parts.push(("reach-given-back", reach.given_back));
    }
    parts.into_iter().map(|(key, count)| locale.with(key, &[("count", count.into())])).collect::<Vec<_>>().join(" · ")
}

/// `GET /console/decisions`.
pub(crate) async fn list(State(web): State<Web>, uri: Uri, asker: Asker, signed: Signed) -> Response<Body> {
    let after = match After::of(&uri, DecisionId::parse) {
        Ok(after) => after,
        Err(error) => return error.answer(&web, &asker),
    };
    let told = told(web.locale(&asker), &uri, &[("kept", "told-kept")]);
    let drawn = page(&web, &asker, &signed, &after, StatusCode::OK, (told, None)).await;
    said(&web, &asker, drawn)
}

/// The page of decisions; with it what was done a moment ago, or what was wrong.
pub(super) async fn page(
    web: &Web,
    asker: &Asker,
    signed: &Signed,
    after: &After<DecisionId>,
    status: StatusCode,
    (told, error): (Option<String>, Option<String>),
) -> Result<Response<Body>, Error> {
    let mut rows = web.site.decisions(after.place(), i64::try_from(PAGE + 1).unwrap_or(1)).await?;
    let older = cut(&mut rows, PAGE, "/console/decisions", |(row, _)| (row.created, &row.id));
    let locale = web.locale(asker);
    let mut decisions = Vec::new();
    for (row, reach) in &rows {
        let keeping = retentions::of(web, locale, signed, row).await?;
        decisions.push(shown(locale, row, web.statement(row, true).await?.for_deciders(), *reach, keeping));
    }
    let frame = frame_at(web, asker, signed, Corner::Decisions, after.link("/console/decisions"));
    Ok(draw(status, &DecisionsPage { frame, decisions, older, unsealed: !web.site.seals_evidence(), told, error }))
}

/// `POST /console/decisions/{id}/undo`.
pub(crate) async fn undo(State(web): State<Web>, Named(id): Named<String>, asker: Asker, signed: Signed) -> Response<Body> {
    let done = async {
        let id = DecisionId::parse(&id).ok_or(Error::NotFound)?;
        let row = web.site.decision(&id).await?.ok_or(Error::NotFound)?;
        // Undone before, by somebody else or by a second press: it is so.
        web.site.undo(Some(&signed.who.id), &id).await?;
        let told = if row.decision.action == Action::Remove { "undone" } else { "undone-else" };
        Ok(headers::see(&format!("/console/cases/{}?told={told}", row.case_id)))
    };
    said(&web, &asker, done.await)
}

/// `GET /console/appeals`.
pub(crate) async fn appeals(State(web): State<Web>, uri: Uri, asker: Asker, signed: Signed) -> Response<Body> {
    let told = told(
        web.locale(&asker),
        &uri,
        &[("back", "appeals-told-back"), ("given-back", "appeals-told-given-back"), ("stands", "appeals-told-stands")],
    );
    let shown = Query::of(&uri).field("look").to_owned();
    said(&web, &asker, appeals_page(&web, &asker, &signed, &shown, told, None).await)
}

/// An answer to an appeal that was not taken, and why: what was typed is given back.
struct Wrong<'a> {
    id: &'a AppealId,
    words: &'a str,
    key: &'static str,
    status: StatusCode,
}

async fn appeals_page(
    web: &Web,
    asker: &Asker,
    signed: &Signed,
    shown: &str,
    told: Option<String>,
    wrong: Option<Wrong<'_>>,
) -> Result<Response<Body>, Error> {
    let locale = web.locale(asker);
    let page = async {
        let mut appeals = Vec::new();
        for appeal in web.site.open_appeals(APPEALS).await? {
            let Some(row) = web.site.decision(&appeal.decision_id).await? else { continue };
            let own = web.site.is_for_another(&signed.who.id, &appeal).await?;
            let reach = web.site.reach(&row.id).await?;
            appeals.push(OpenAppeal {
                own,
                about: if own { None } else { looks::of_appeal(web, locale, signed, &appeal, shown).await? },
                typed: wrong.as_ref().filter(|wrong| *wrong.id == appeal.id).map(|wrong| wrong.words.to_owned()).unwrap_or_default(),
                id: appeal.id.to_string(),
                words: appeal.words,
                due: appeal.due,
                statement: web.statement(&row, true).await?.for_deciders(),
                several: reach.in_posts - reach.given_back > 1,
                reach: reached(locale, reach),
                case: row.case_id.to_string(),
            });
        }
        let error = wrong.as_ref().map(|wrong| locale.text(wrong.key).into_owned());
        let today = today(locale, web.site.desk(&signed.who.id).await?);
        Ok(AppealsPage { frame: frame_at(web, asker, signed, Corner::Appeals, Corner::Appeals.path()), appeals, today, told, error })
    };
    let status = wrong.as_ref().map_or(StatusCode::OK, |wrong| wrong.status);
    page.await.map(|page| draw(status, &page))
}

/// `POST /console/appeals/{id}`.
pub(crate) async fn answer(State(web): State<Web>, Named(id): Named<String>, asker: Asker, signed: Signed, body: Body) -> Response<Body> {
    let done = async {
        let id = AppealId::parse(&id).ok_or(Error::NotFound)?;
        let (mut words, mut answer) = (String::new(), None);
        for (key, value) in fields(body).await {
            match (key.as_str(), value.as_str()) {
                ("words", _) => words = value,
                ("overturned", "0") => answer = Some(Answer::Upheld),
                ("overturned", "one") => answer = Some(Answer::GivenBack),
                ("overturned", "1") => answer = Some(Answer::Undone),
                _ => {}
            }
        }
        let answer = answer.ok_or(Error::NotFound)?;
        let wrong = |key, status| Some(Wrong { id: &id, words: &words, key, status });
        let told = match (web.site.answer(Some(&signed.who.id), &id, answer, &words).await?, answer) {
            (Answered::Words, _) => {
                let wrong = wrong("appeal-no-answer", StatusCode::BAD_REQUEST);
                return appeals_page(&web, &asker, &signed, "", None, wrong).await;
            }
            (Answered::Own, _) => {
                return appeals_page(&web, &asker, &signed, "", None, wrong("appeal-own", StatusCode::CONFLICT)).await;
            }
            (Answered::Done, Answer::Upheld) => "?told=stands",
            (Answered::Done, Answer::GivenBack) => "?told=given-back",
            (Answered::Done, Answer::Undone) => "?told=back",
            (Answered::Before, _) => "",
        };
        Ok(headers::see(&format!("/console/appeals{told}")))
    };
    said(&web, &asker, done.await)
}
