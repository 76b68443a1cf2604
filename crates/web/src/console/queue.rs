//! The queue, the next case of it, and looking for something.

use std::collections::HashMap;

use app::{Desk, Sought};
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode, Uri};
use domain::{CaseId, CaseState, Category, DecisionId, NoticeKind};
use store::cases::Wanted;

use super::cases::{action_key, case_match, heading};
use super::watch::home;
use super::{Signed, frame, said, told};
use crate::asker::Form;
use crate::error::Error;
use crate::form::pairs;
use crate::headers::{self, Kind};
use crate::locale::Locale;
use crate::pages::cases::{Filters, FoundEntry, FoundPage, QueueEntry, QueueList, QueuePage, Today, rank_words};
use crate::pages::console::Corner;
use crate::{Asker, Web, draw};

/// Cases on the queue's page.
const SHOWN: usize = 50;

/// What stands in an address's query.
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    pub(super) fn of(uri: &Uri) -> Self {
        Self(pairs(uri.query().unwrap_or_default().as_bytes(), 8))
    }

    /// A field; empty if it is not there.
    pub(super) fn field(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }
}

/// `GET /console`; with `part=list` the list alone, for a page that follows it.
pub(crate) async fn queue(State(web): State<Web>, uri: Uri, asker: Asker, signed: Signed) -> Response<Body> {
    let page = async {
        let query = Query::of(&uri);
        let locale = web.locale(&asker);
        let (kind, category) = (NoticeKind::parse(query.field("kind")), Category::parse(query.field("category")));
        let filters = Filters {
            kind: kind.map_or("", NoticeKind::as_str).to_owned(),
            category: category.map_or("", Category::as_str).to_owned(),
            due: query.field("due") == "1",
            whose: Some(query.field("whose")).filter(|whose| matches!(*whose, "mine" | "free")).unwrap_or_default().to_owned(),
        };
        let wanted = Wanted {
            kind,
            category,
            due: filters.due,
            of: (filters.whose == "mine").then(|| signed.who.id.clone()),
            free: filters.whose == "free",
        };
        let list = list(&web, locale, &signed, &wanted, filters.is_any()).await?;
        let away = web.site.nobody_at_home().map(|away| home(locale, Some(away), None).words);
        if query.field("part") == "list" {
            return Ok(draw(StatusCode::OK, &list));
        }
        let told = told(
            locale,
            &uri,
            &[("nothing-left", "queue-nothing-left"), ("handed-over", "told-handed-over"), ("released", "told-released")],
        );
        let (told, undo) = after(&web, locale, &signed, &query, told).await?;
        let live = format!(
            "/console?part=list&kind={}&category={}&due={}&whose={}",
            filters.kind,
            filters.category,
            u8::from(filters.due),
            filters.whose
        );
        Ok(draw(StatusCode::OK, &QueuePage { frame: frame(&web, &asker, &signed, Corner::Queue), list, filters, live, told, undo, away }))
    };
    said(&web, &asker, page.await)
}

/// What was decided a moment ago, in words, and how it is undone.
pub(super) async fn after(
    web: &Web,
    locale: Locale,
    signed: &Signed,
    query: &Query,
    told: Option<String>,
) -> Result<(Option<String>, Option<(String, String)>), Error> {
    let Some(id) = DecisionId::parse(query.field("decided")) else { return Ok((told, None)) };
    let own = web.site.decision(&id).await?.filter(|row| row.moderator.as_deref() == Some(signed.who.id.as_str()));
    let Some(row) = own.filter(|row| row.undone.is_none()) else { return Ok((told, None)) };
    let action = locale.text(action_key(row.decision.action)).into_owned();
    let words = format!("{} {}", locale.text("told-decided"), action);
    let words = told.map_or_else(|| words.clone(), |told| format!("{words}. {told}"));
    Ok((Some(words), Some((id.to_string(), action))))
}

/// What somebody did today, in words.
pub(super) fn today(locale: Locale, desk: Desk) -> Today {
    let number = |count: i64| crate::locale::Argument::from(count);
    let mut all = vec![("decided", number(desk.today.decided)), ("looks", number(desk.today.looks)), ("saved", number(desk.today.saved))];
    let words = match desk.budget {
        None => locale.with("desk-today", &all),
        Some(budget) => {
            all.push(("budget", number(budget)));
            locale.with("desk-today-of", &all)
        }
    };
    Today { words, used_up: desk.is_used_up() }
}

async fn list(web: &Web, locale: Locale, signed: &Signed, wanted: &Wanted, filtered: bool) -> Result<QueueList, Error> {
    let (queue, open) = web.site.queue_of(wanted, SHOWN).await?;
    let now = web.site.clock.now();
    let names: HashMap<_, _> = if queue.iter().any(|queued| queued.case.assigned.is_some()) {
        web.site.moderators().await?.into_iter().map(|one| (one.id, one.name)).collect()
    } else {
        HashMap::new()
    };
    let entry = |queued: app::Queued| {
        let claim = queued.claim.filter(|claim| claim.moderator_id != signed.who.id);
        let given = queued.case.assigned.as_ref().and_then(|id| names.get(id));
        let with = claim.map(|claim| locale.with("queue-with", &[("name", claim.name.into())]));
        QueueEntry {
            url: format!("/console/cases/{}", queued.case.id),
            heading: heading(locale, &queued.case),
            id: queued.case.id.to_string(),
            notices: (queued.facts.notices > 0)
                .then(|| locale.with("case-notices", &[("notices", i64::from(queued.facts.notices).into())])),
            rank: rank_words(locale, &queued.rank),
            kind: queued.facts.kind,
            unregistered: queued.facts.notices > 0 && queued.facts.registered == 0,
            late: queued.case.due.is_some_and(|due| due < now),
            due: queued.case.due,
            opened: queued.case.opened,
            found: queued.found.as_ref().map(|(found, held)| case_match(locale, found, Some(*held))),
            with: with.or_else(|| given.map(|name| locale.with("queue-given-to", &[("name", name.clone().into())]))),
        }
    };
    Ok(QueueList {
        locale,
        entries: queue.into_iter().map(entry).collect(),
        open,
        appeals: web.site.open_appeals(100).await?.len(),
        waiting: if signed.who.role == domain::Role::Operator { web.site.waiting_for_a_look().await? } else { 0 },
        today: today(locale, web.site.desk(&signed.who.id).await?),
        filtered,
    })
}

/// `GET /console/next`: the case that comes next, which is theirs from then on. `after` is left as it is; `decided` was decided.
pub(crate) async fn next(State(web): State<Web>, uri: Uri, asker: Asker, signed: Signed) -> Response<Body> {
    let done = async {
        let query = Query::of(&uri);
        let mut told = Vec::new();
        if let Some(id) = DecisionId::parse(query.field("decided")) {
            told.push(format!("decided={id}"));
        }
        if let before @ ("handed-over" | "released") = query.field("told") {
            told.push(format!("told={before}"));
        }
        let place = match web.site.next_case(&signed.who.id, CaseId::parse(query.field("after")).as_ref()).await? {
            Some(case) => format!("/console/cases/{case}"),
            None => {
                told.push("told=nothing-left".to_owned());
                "/console".to_owned()
            }
        };
        Ok(headers::see(&if told.is_empty() { place } else { format!("{place}?{}", told.join("&")) }))
    };
    said(&web, &asker, done.await)
}

/// `GET /console/find`: cases, posts and parties; as JSON for the palette, else as a page.
pub(crate) async fn find(State(web): State<Web>, uri: Uri, asker: Asker, signed: Signed) -> Response<Body> {
    let page = async {
        let query = Query::of(&uri);
        let words: String = query.field("q").chars().take(200).collect();
        let locale = web.locale(&asker);
        let mut found = Vec::new();
        for one in web.site.find(&words).await? {
            found.push(match one {
                Sought::Case(case) => FoundEntry {
                    url: format!("/console/cases/{}", case.id),
                    heading: heading(locale, &case),
                    detail: format!("{} · {}", locale.text(state_key(case.state)), case.id),
                },
                Sought::Post(post) => FoundEntry {
                    url: format!("/{post}"),
                    heading: locale.text("member-what").into_owned(),
                    detail: format!("{}/{post}", asker.origin),
                },
                Sought::Party(row) => FoundEntry {
                    url: format!("/console/parties/{}", row.id),
                    heading: row.party.name.as_str().to_owned(),
                    detail: crate::pages::filings::party_kind_words(locale, row.party.kind).into_owned(),
                },
            });
        }
        // Parties have pages for operators alone.
        if signed.who.role != domain::Role::Operator {
            found.retain(|one| !one.url.starts_with("/console/parties/"));
        }
        if asker.form == Form::Json {
            let found: Vec<_> =
                found.iter().map(|one| serde_json::json!({ "url": one.url, "what": one.heading, "detail": one.detail })).collect();
            return Ok(headers::answer(StatusCode::OK, Kind::Json, serde_json::json!({ "found": found }).to_string()));
        }
        Ok(draw(StatusCode::OK, &FoundPage { frame: frame(&web, &asker, &signed, Corner::Queue), words, found }))
    };
    said(&web, &asker, page.await)
}

/// How a case stands, in a word.
pub(super) fn state_key(state: CaseState) -> &'static str {
    match state {
        CaseState::Open => "case-open",
        CaseState::Decided => "case-decided",
        CaseState::Moot => "case-moot",
    }
}
