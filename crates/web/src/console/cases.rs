//! The queue, one case, and what is done with it. Every change asks anew who is signed in.

use app::{CaseView, Decided};
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode, Uri};
use domain::{Action, CaseId, CaseState, FilingId, Ground, MediaId, MediaState, PostId, RawDecision, Time};
use store::cases::Tally;
use store::{CaseRow, Subject};

use super::decisions::of_case;
use super::{Signed, frame, said};
use crate::asker::Named;
use crate::error::Error;
use crate::form::pairs;
use crate::headers;
use crate::locale::Locale;
use crate::pages::cases::{
    CaseClause, CaseFiling, CaseMatch, CaseMember, CaseNotice, CasePage, QueueEntry, QueuePage, precision_words, rank_words,
};
use crate::pages::console::Corner;
use crate::pages::levers::name_key;
use crate::pages::notices::category_words;
use crate::{Asker, Web, draw, notices};

/// Cases on the queue's page.
const SHOWN: usize = 50;
/// The longest form: facts of which every byte is percent-encoded, or the names of two hundred members.
const FORM_BYTES: usize = 3 * domain::decision::WORDS_BYTES + (16 << 10);

/// `GET /console`.
pub(crate) async fn queue(State(web): State<Web>, asker: Asker, signed: Signed) -> Response<Body> {
    let page = async {
        let (queue, open) = web.site.queue(SHOWN).await?;
        let (locale, now) = (web.locale(&asker), web.site.clock.now());
        let entry = |queued: app::Queued| QueueEntry {
            url: format!("/console/cases/{}", queued.case.id),
            heading: heading(locale, &queued.case),
            rank: rank_words(locale, &queued.rank),
            kind: queued.facts.kind,
            unregistered: queued.facts.notices > 0 && queued.facts.registered == 0,
            late: queued.case.due.is_some_and(|due| due < now),
            due: queued.case.due,
            opened: queued.case.opened,
            found: queued.found.as_ref().map(|(found, held)| case_match(locale, found, Some(*held))),
        };
        let appeals = web.site.open_appeals(100).await?.len();
        Ok(QueuePage { frame: frame(&web, &asker, &signed, Corner::Queue), entries: queue.into_iter().map(entry).collect(), open, appeals })
    };
    said(&web, &asker, page.await.map(|page| draw(StatusCode::OK, &page)))
}

/// What a case is about, in words that show nothing of it.
pub(super) fn heading(locale: Locale, case: &CaseRow) -> String {
    let what = locale.text(if case.subject.media_id.is_some() { "case-of-medium" } else { "case-of-post" });
    match case.category {
        Some(category) => format!("{} · {what}", category_words(locale, category)),
        None => format!("{} · {what}", locale.text("case-by-match")),
    }
}

/// `GET /console/cases/{id}`.
pub(crate) async fn case(State(web): State<Web>, Named(id): Named<String>, uri: Uri, asker: Asker, signed: Signed) -> Response<Body> {
    let told = pairs(uri.query().unwrap_or_default().as_bytes(), 4).into_iter().find(|(key, _)| key == "told").map(|(_, value)| value);
    let told = match told.as_deref() {
        Some("decided") => Some("told-decided"),
        Some("undone") => Some("told-undone"),
        Some("held") => Some("told-held"),
        Some("released") => Some("told-released"),
        Some("taken") => Some("told-taken"),
        _ => None,
    };
    let page = page(&web, &asker, &signed, &id, told, None).await;
    said(&web, &asker, page.map(|page| draw(StatusCode::OK, &page)))
}

async fn page(
    web: &Web,
    asker: &Asker,
    signed: &Signed,
    id: &str,
    told: Option<&'static str>,
    error: Option<&'static str>,
) -> Result<CasePage, Error> {
    let id = CaseId::parse(id).ok_or(Error::NotFound)?;
    let view = web.site.case(&id).await?.ok_or(Error::NotFound)?;
    let locale = web.locale(asker);
    let (case, now) = (&view.case, web.site.clock.now());
    let (title, words) = told_then(&view);
    let mails = web.site.mails(&id).await?;
    Ok(CasePage {
        frame: frame(web, asker, signed, Corner::Queue),
        id: id.to_string(),
        heading: heading(locale, case),
        action: format!("/console/cases/{id}"),
        told: told.map(|key| locale.text(key).into_owned()),
        error: error.map(|key| locale.text(key).into_owned()),
        open: case.state == CaseState::Open,
        held: view.held,
        because: case.lever.map(|lever| locale.text(name_key(lever)).into_owned()),
        edited: view.was_edited(),
        rank: rank_words(locale, &view.rank),
        notices: view
            .notices
            .iter()
            .map(|row| CaseNotice {
                category: category_words(locale, row.notice.category),
                explanation: row.notice.explanation.clone(),
                mail: mails.iter().filter(|(notice, _)| *notice == row.id).find_map(|(_, mail)| mail_words(locale, mail)),
                who: row.notice.name.clone().or_else(|| row.notice.email.clone()),
                filed: row.filing.as_ref().and_then(|id| filed(&view, id, now)),
                created: row.created,
            })
            .collect(),
        notice_count: view.notice_count,
        matches: view.matches.iter().map(|found| case_match(locale, found, None)).collect(),
        url: notices::link(asker, &case.subject),
        opened: view.opened.get(&case.subject.post_id).copied().unwrap_or_default(),
        title,
        words,
        never_shown: case.category.is_some_and(domain::Category::is_never_shown),
        media: looks(&view),
        members: view
            .members
            .iter()
            .map(|row| CaseMember {
                value: named(&row.subject),
                url: notices::link(asker, &row.subject),
                reading: row.reading.clone(),
                percent: percent(row.confidence),
                taken: row.taken,
                opened: view.opened.get(&row.subject.post_id).copied().unwrap_or_default(),
            })
            .collect(),
        reach: reach(locale, view.tally),
        clauses: clauses(web, locale, case).await?,
        preserved: view.preserved,
        decisions: of_case(web, locale, signed, &view).await?,
    })
}

fn case_match(locale: Locale, found: &app::FoundBy, held: Option<i64>) -> CaseMatch {
    CaseMatch {
        bank: found.bank.as_ref().map(ToString::to_string).unwrap_or_default(),
        reading: found.row.reading.clone(),
        percent: percent(found.row.confidence),
        precision: precision_words(locale, found.precision),
        held: held.filter(|held| *held > 0).map(|held| locale.with("queue-held", &[("held", held.into())])).unwrap_or_default(),
    }
}

/// What a registered party filed that a notice is a part of.
fn filed(view: &CaseView, id: &FilingId, now: Time) -> Option<CaseFiling> {
    let (row, party) = view.filings.iter().find(|(row, _)| row.id == *id)?;
    Some(CaseFiling {
        url: format!("/console/filings/{id}"),
        kind: row.filing.notice.kind,
        party: party.party.name.as_str().to_owned(),
        reference: row.filing.order.reference.clone(),
        due: row.due,
        unchecked: party.party.checked.is_none(),
        silent: row.silent_until.filter(|until| now < *until),
    })
}

/// What the post said when somebody gave notice, else what it says now.
fn told_then(view: &CaseView) -> (Option<String>, String) {
    match (view.snapshots.last(), &view.post) {
        (Some(then), _) => (then.title.clone(), then.text.clone()),
        (None, Some(now)) => (now.post.title.clone(), now.post.text.clone()),
        (None, None) => (None, String::new()),
    }
}

/// What a decision can cite, with what is likely for a case of this kind.
async fn clauses(web: &Web, locale: Locale, case: &CaseRow) -> Result<Vec<CaseClause>, Error> {
    let Some(version) = web.site.policy().await? else { return Ok(Vec::new()) };
    let likely = case.category.map_or("abuse", domain::policy::likely);
    let sections = version.policy.text(locale.tag()).into_iter().flat_map(|text| &text.sections);
    let clause = |section: &domain::policy::Section| {
        let id = section.id.as_ref()?.to_string();
        Some(CaseClause { likely: id == likely, heading: section.heading.clone(), id })
    };
    Ok(sections.filter_map(clause).collect())
}

/// That a mail did not arrive.
fn mail_words(locale: Locale, mail: &store::mails::MailRow) -> Option<String> {
    let key = match mail.state {
        domain::MailState::Refused => "case-mail-refused",
        domain::MailState::GivenUp => "case-mail-given-up",
        _ => return None,
    };
    Some(match &mail.answer {
        Some(answer) => format!("{} ({answer})", locale.text(key)),
        None => locale.text(key).into_owned(),
    })
}

/// Addresses of the subject's pictures in the console: the medium's, or those of all media of the post.
fn looks(view: &CaseView) -> Vec<String> {
    let Some(post) = &view.post else { return Vec::new() };
    let subject = view.case.subject.media_id.as_ref();
    let media = post.media.iter().filter(|own| subject.is_none_or(|id| own.row.id == *id));
    let seen = media.filter(|own| matches!(own.row.state, MediaState::Ready | MediaState::Waiting));
    seen.map(|own| format!("/console/media/{}", own.row.id)).collect()
}

/// How a form names a member.
fn named(subject: &Subject) -> String {
    match &subject.media_id {
        Some(medium) => format!("{}/{medium}", subject.post_id),
        None => subject.post_id.to_string(),
    }
}

fn parsed(name: &str) -> Option<Subject> {
    let (post, medium) = name.split_once('/').map_or((name, None), |(post, medium)| (post, Some(medium)));
    Some(Subject { post_id: PostId::parse(post)?, media_id: medium.map(|medium| MediaId::parse(medium).ok_or(())).transpose().ok()? })
}

pub(super) fn percent(confidence: f64) -> u8 {
    (confidence.clamp(0.0, 1.0) * 100.0).round() as u8
}

/// What a decision would reach besides the subject.
fn reach(locale: Locale, tally: Tally) -> String {
    let part = |count: i64, key| format!("{} {}", locale.number(count), locale.text(key));
    let mut parts = vec![part(tally.in_posts, "reach-in-posts"), part(tally.media, "reach-media"), part(tally.left, "reach-left")];
    if tally.held > 0 {
        parts.push(part(tally.held, "reach-held"));
    }
    if tally.unsure > 0 {
        parts.push(part(tally.unsure, "reach-unsure"));
    }
    parts.join(" · ")
}

/// `POST /console/cases/{id}/hold`: nobody sees it until it is decided, or everybody again.
pub(crate) async fn hold(State(web): State<Web>, Named(id): Named<String>, asker: Asker, signed: Signed, body: Body) -> Response<Body> {
    let done = async {
        let case = CaseId::parse(&id).ok_or(Error::NotFound)?;
        let hold = fields(body).await.iter().any(|(key, value)| key == "hold" && value == "1");
        let told = if hold { "held" } else { "released" };
        if web.site.hold_case(Some(&signed.who.id), &case, hold).await? {
            return Ok(headers::see(&format!("/console/cases/{case}?told={told}")));
        }
        let page = page(&web, &asker, &signed, &id, None, Some("case-too-late")).await?;
        Ok(draw(StatusCode::CONFLICT, &page))
    };
    said(&web, &asker, done.await)
}

/// `POST /console/cases/{id}/members`: which of what is like it a decision is for too.
pub(crate) async fn members(State(web): State<Web>, Named(id): Named<String>, asker: Asker, _signed: Signed, body: Body) -> Response<Body> {
    let done = async {
        let case = CaseId::parse(&id).ok_or(Error::NotFound)?;
        let taken: Vec<Subject> =
            fields(body).await.into_iter().filter(|(key, _)| key == "taken").filter_map(|(_, value)| parsed(&value)).collect();
        let view = web.site.case(&case).await?.ok_or(Error::NotFound)?;
        for member in &view.members {
            let wanted = taken.contains(&member.subject);
            if wanted != member.taken {
                web.site.take_member(&case, &member.subject, wanted).await?;
            }
        }
        Ok(headers::see(&format!("/console/cases/{case}?told=taken")))
    };
    said(&web, &asker, done.await)
}

/// `POST /console/cases/{id}/decide`.
pub(crate) async fn decide(State(web): State<Web>, Named(id): Named<String>, asker: Asker, signed: Signed, body: Body) -> Response<Body> {
    let done = async {
        let case = CaseId::parse(&id).ok_or(Error::NotFound)?;
        let (mut raw, mut clause, mut law, mut alike) = (RawDecision::default(), String::new(), String::new(), false);
        for (key, value) in fields(body).await {
            match key.as_str() {
                "action" => raw.action = Some(value),
                "clause" => clause = value,
                "law" => law = value,
                "facts" => raw.facts = Some(value),
                "countries" => raw.countries = Some(value),
                "alike" => alike = value == "1",
                _ => {}
            }
        }
        let by_law = clause.is_empty() || !law.trim().is_empty();
        raw.ground = Some(if by_law { Ground::Law } else { Ground::Policy }.as_str().to_owned());
        raw.reference = Some(if by_law { law } else { clause });
        let wrong = match raw.check() {
            Ok(decision) => match web.site.decide(Some(&signed.who.id), &case, decision, alike).await? {
                Decided::Done(..) => return Ok(headers::see(&format!("/console/cases/{case}?told=decided"))),
                Decided::Nothing => return Err(Error::NotFound),
                Decided::NoSuchClause => (StatusCode::CONFLICT, "decision-no-clause"),
                Decided::NoCountries => (StatusCode::CONFLICT, "decision-no-countries"),
                Decided::TooLate => (StatusCode::CONFLICT, "case-too-late"),
            },
            Err(error) => (StatusCode::BAD_REQUEST, error_key(error)),
        };
        let page = page(&web, &asker, &signed, &id, None, Some(wrong.1)).await?;
        Ok(draw(wrong.0, &page))
    };
    said(&web, &asker, done.await)
}

fn error_key(error: domain::DecisionError) -> &'static str {
    match error {
        domain::DecisionError::Action => "decision-action",
        domain::DecisionError::Ground => "decision-ground",
        domain::DecisionError::Facts => "decision-facts",
        domain::DecisionError::Countries => "decision-countries",
        domain::DecisionError::TooLong => "decision-too-long",
    }
}

/// The fields of a form; one that does not arrive whole asks for nothing.
pub(super) async fn fields(body: Body) -> Vec<(String, String)> {
    pairs(&axum::body::to_bytes(body, FORM_BYTES).await.unwrap_or_default(), 400)
}

/// `GET /console/media/{id}`: a small picture of a medium that stands or is held, for who decides. Nothing of it is kept by anybody.
pub(crate) async fn look(State(web): State<Web>, Named(id): Named<String>, asker: Asker, signed: Signed) -> Response<Body> {
    let looked = async {
        let id = MediaId::parse(&id).ok_or(Error::NotFound)?;
        let file = web.site.look_at_medium(&signed.who.id, &id).await?.ok_or(Error::NotFound)?;
        let bytes = web.site.store.blobs.read_all(&file.object_key).await?;
        let mut response = Response::new(Body::from(bytes));
        headers::media(response.headers_mut(), &file.content_type);
        Ok(response)
    };
    said(&web, &asker, looked.await)
}

/// Whether something was done to it, in the words of a heading.
pub(super) fn action_key(action: Action) -> &'static str {
    match action {
        Action::NoAction => "action-no-action",
        Action::Cover => "action-cover",
        Action::Withhold => "action-withhold",
        Action::Remove => "action-remove",
        Action::Preserve => "action-preserve",
    }
}
