//! One case, and what is done with it. Every change asks anew who is signed in.

use app::{CaseView, Claimed, Decided, Extent, Noted};
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode, Uri};
use domain::notice::Asks;
use domain::{
    Action, BankName, CaseId, CaseState, Decision, FilingId, Ground, MediaId, ModeratorId, NoticeId, NoticeKind, PostId, RawDecision, Time,
};
use store::cases::Tally;
use store::{CaseRow, Subject};

use super::decisions::of_case;
use super::queue::{Query, after, state_key, today};
use super::{Signed, frame_at, looks, said, told};
use crate::asker::{Form, Named};
use crate::error::Error;
use crate::form::pairs;
use crate::headers::{self, Kind};
use crate::locale::Locale;
use crate::pages::cases::rank_words;
use crate::pages::cases::{
    CaseBefore, CaseClaim, CaseClause, CaseFiling, CaseGround, CaseMatch, CaseMember, CaseNote, CaseNotice, CasePage, Typed,
    precision_words,
};
use crate::pages::console::Corner;
use crate::pages::levers::name_key;
use crate::pages::notices::category_words;
use crate::{Asker, Web, composed, draw, notices};

/// The longest form: facts of which every byte is percent-encoded, and twice the names of two hundred members.
const FORM_BYTES: usize = 3 * domain::decision::WORDS_BYTES + (32 << 10);
/// Grounds that somebody used last, each a key away.
const LAST_GROUNDS: usize = 3;
/// Other cases about the same post that are told.
const BEFORE: i64 = 10;
/// What a removal order is based on.
const TCO: &str = "Regulation (EU) 2021/784, Article 3";

/// What a case is about, in words that show nothing of it.
pub(super) fn heading(locale: Locale, case: &CaseRow) -> String {
    let what = locale.text(if case.subject.media_id.is_some() { "case-of-medium" } else { "case-of-post" });
    match case.category {
        Some(category) => format!("{} · {what}", category_words(locale, category)),
        None => {
            let why = locale.text(if case.lever.is_some() { "case-by-lever" } else { "case-by-match" });
            format!("{why} · {what}")
        }
    }
}

/// What was done with a case a moment ago, or what was wrong; and what was typed then.
#[derive(Default)]
struct Said {
    told: Option<String>,
    error: Option<&'static str>,
    typed: Option<Typed>,
    undo: Option<(String, String)>,
    /// The medium that is drawn, for who has no script.
    look: String,
    /// A note, or a question about a notice, that could not be taken.
    note: String,
    question: Option<(String, String)>,
}

impl Said {
    fn wrong(error: &'static str) -> Self {
        Self { error: Some(error), ..Self::default() }
    }
}

/// `GET /console/cases/{id}`. Whoever opens it has it, if nobody else has.
pub(crate) async fn case(State(web): State<Web>, Named(id): Named<String>, uri: Uri, asker: Asker, signed: Signed) -> Response<Body> {
    const TOLD: [(&str, &str); 11] = [
        ("decided", "told-decided"),
        ("undone", "told-undone"),
        ("undone-else", "told-undone-else"),
        ("held", "told-held"),
        ("released", "told-released"),
        ("taken", "told-taken"),
        ("noted", "told-noted"),
        ("handed-over", "told-handed-over"),
        ("taken-over", "told-taken-over"),
        ("asked", "told-asked"),
        ("edited", "case-edited-since"),
    ];
    let query = Query::of(&uri);
    let locale = web.locale(&asker);
    let page = async {
        let case = CaseId::parse(&id).ok_or(Error::NotFound)?;
        web.site.claim_case(&signed.who.id, &case, false).await?;
        let (told, undo) = after(&web, locale, &signed, &query, told(locale, &uri, &TOLD)).await?;
        page(&web, &asker, &signed, &case, Said { told, undo, look: query.field("look").to_owned(), ..Said::default() }).await
    };
    said(&web, &asker, page.await.map(|page| draw(StatusCode::OK, &page)))
}

async fn page(web: &Web, asker: &Asker, signed: &Signed, id: &CaseId, said: Said) -> Result<CasePage, Error> {
    let view = web.site.case(id).await?.ok_or(Error::NotFound)?;
    let locale = web.locale(asker);
    let (case, now) = (&view.case, web.site.clock.now());
    let (title, words) = told_then(&view);
    let (looks, hidden) = looks::of_case(web, locale, signed, &view, &said.look).await?;
    let never_shown = hidden || case.category.is_some_and(domain::Category::is_never_shown);
    let mails = web.site.mails(id).await?;
    let people = web.site.moderators().await?;
    let typed = said.typed.unwrap_or_else(|| proposed(locale, &view, now));
    let claim = view.claim.as_ref().filter(|claim| claim.moderator_id != signed.who.id);
    let others = people.iter().filter(|one| one.id != signed.who.id && one.role.decides() && one.suspended.is_none() && one.is_enrolled());
    let cases = web.site.cases_of_post(&case.subject.post_id, BEFORE).await?;
    let mut notices: Vec<CaseNotice> = view
        .notices
        .iter()
        .map(|row| CaseNotice {
            category: match row.echo_of {
                None => category_words(locale, row.notice.category),
                Some(_) => format!("{} · {}", category_words(locale, row.notice.category), locale.text("notice-echo")),
            },
            // Said once is enough.
            explanation: if row.echo_of.is_none() { row.notice.explanation.clone() } else { String::new() },
            mail: mails.iter().filter(|(notice, _)| *notice == row.id).find_map(|(_, mail)| mail_words(locale, mail)),
            who: row.notice.name.clone().or_else(|| row.notice.email.clone()),
            id: row.id.to_string(),
            asked: view.questions.iter().find(|one| one.notice_id == row.id).map(|one| (one.words.clone(), one.answer.clone())),
            filed: row.filing.as_ref().and_then(|id| filed(&view, id, now)),
            created: row.created,
        })
        .collect();
    // What was filed is told before what anybody says.
    notices.sort_by_key(|notice| notice.filed.is_none());
    Ok(CasePage {
        frame: frame_at(web, asker, signed, Corner::Queue, format!("/console/cases/{id}")),
        id: id.to_string(),
        heading: heading(locale, case),
        action: format!("/console/cases/{id}"),
        told: said.told,
        undo: said.undo,
        error: said.error.map(|key| locale.text(key).into_owned()),
        open: case.state == CaseState::Open,
        held: view.held,
        alike: view.tally.members(),
        because: case.lever.map(|lever| locale.text(name_key(lever)).into_owned()),
        edited: view.was_edited(),
        rank: rank_words(locale, &view.rank),
        notices,
        notice_count: view.notice_count,
        matches: view.matches.iter().map(|found| case_match(locale, found, None)).collect(),
        url: notices::link(asker, &case.subject),
        opened: view.opened.get(&case.subject.post_id).copied().unwrap_or_default(),
        title,
        words,
        now: edited_words(&view),
        version: view.post.as_ref().map(|view| app::version(&view.post)),
        banks: web.site.learning_banks().await?.iter().map(BankName::to_string).collect(),
        never_shown,
        looks,
        today: today(locale, web.site.desk(&signed.who.id).await?),
        claim: claim.map(|claim| CaseClaim { name: claim.name.clone(), until: claim.until }),
        assigned: case.assigned.as_ref().and_then(|id| people.iter().find(|one| one.id == *id)).map(|one| one.name.clone()),
        notes: view
            .notes
            .iter()
            .map(|note| CaseNote { by: note.by.clone(), to: note.to.clone(), words: note.row.words.clone(), created: note.row.created })
            .collect(),
        others: others.map(|one| (one.id.to_string(), one.name.clone())).collect(),
        before: cases
            .iter()
            .filter(|other| other.id != *id)
            .map(|other| CaseBefore {
                url: format!("/console/cases/{}", other.id),
                heading: heading(locale, other),
                state: locale.text(state_key(other.state)).into_owned(),
                opened: other.opened,
            })
            .collect(),
        ask_back: view.filings.first().map(|(row, _)| format!("/console/filings/{}#answer", row.id)),
        token: web.site.chance.token(),
        grounds: grounds(web, locale, signed).await?,
        shown: view.members.iter().map(|row| named(&row.subject)).collect::<Vec<_>>().join(" "),
        members: view
            .members
            .iter()
            .map(|row| CaseMember {
                value: named(&row.subject),
                url: notices::link(asker, &row.subject),
                reading: reading(locale, &row.reading),
                percent: percent(row.confidence),
                taken: row.taken,
                opened: view.opened.get(&row.subject.post_id).copied().unwrap_or_default(),
                words: view.words.get(&row.subject).map(|words| beginning(words)).unwrap_or_default(),
            })
            .collect(),
        reach: reach(locale, view.tally),
        own_media: case.subject.media_id.is_none() && view.post.as_ref().is_some_and(|post| !post.media.is_empty()),
        clauses: clauses(web, locale, case, typed.law.is_empty()).await?,
        typed,
        preserved: view.preserved,
        silent: view.silent,
        decisions: of_case(web, locale, signed, &view).await?,
        note: said.note,
        question: said.question,
    })
}

/// The first line of what something says, whatever white space is in it.
fn beginning(words: &str) -> String {
    const LETTERS: usize = 160;
    words.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LETTERS).collect()
}

/// What a decision's form says before anybody has typed anything: what the site itself says happened, and the law that an order names.
fn proposed(locale: Locale, view: &CaseView, now: Time) -> Typed {
    let composed = composed::of(view, now);
    let ordered = view.filings.iter().find(|(row, _)| row.filing.notice.kind.rule().asks == Asks::ToAct);
    let law = ordered.map(|(row, _)| match (row.filing.notice.kind, &row.filing.order.legal_basis) {
        (NoticeKind::TcoRemovalOrder, _) => TCO.to_owned(),
        (_, basis) => basis.clone().unwrap_or_default(),
    });
    // Where other posts show them as well, whoever decides says so themselves: what is wrong may be the words alone.
    let media = view.members.iter().all(|row| row.subject.media_id.is_none());
    Typed {
        facts: composed::words(locale, &composed),
        composed: composed::carried(&composed),
        law: law.unwrap_or_default(),
        alike: true,
        media,
        ..Typed::default()
    }
}

/// The grounds that somebody used last, by the names that clauses have now.
async fn grounds(web: &Web, locale: Locale, signed: &Signed) -> Result<Vec<CaseGround>, Error> {
    let version = web.site.policy().await?;
    let text = version.as_ref().and_then(|version| version.policy.text(locale.tag()));
    let heading = |id: &str| {
        let of = |section: &&domain::policy::Section| section.id.as_ref().is_some_and(|own| own.as_str() == id);
        text.and_then(|text| text.sections.iter().find(of)).map(|section| section.heading.clone())
    };
    let ground = |(ground, reference): (Ground, String)| {
        // A clause that the policy in force has no more cannot be cited.
        let words = if ground == Ground::Law { reference.clone() } else { heading(&reference)? };
        Some(CaseGround { value: format!("{}:{reference}", ground.as_str()), words, chosen: false })
    };
    Ok(web.site.last_grounds(&signed.who.id, LAST_GROUNDS).await?.into_iter().filter_map(ground).collect())
}

/// By which of its readings something was found, in words.
fn reading(locale: Locale, name: &str) -> String {
    let own = match name {
        "exact" => "reading-exact",
        "keypoints" => "reading-keypoints",
        "frames" => "reading-frames",
        "text" => "reading-text",
        "links" => "reading-links",
        "url" => "reading-url",
        "domain" => "reading-domain",
        "tlsh" => "reading-tlsh",
        _ if name.starts_with("pdq") => "reading-pdq",
        _ => return name.to_owned(),
    };
    let how = [
        ("mirror", "reading-mirrored"),
        ("turned", "reading-turned"),
        ("trimmed", "reading-trimmed"),
        ("uncaptioned", "reading-uncaptioned"),
    ];
    let keys = std::iter::once(own).chain(how.into_iter().filter(|(part, _)| name.contains(part)).map(|(_, key)| key));
    keys.map(|key| locale.text(key)).collect::<Vec<_>>().join(" · ")
}

pub(super) fn case_match(locale: Locale, found: &app::FoundBy, held: Option<i64>) -> CaseMatch {
    CaseMatch {
        bank: found.bank.as_ref().map(ToString::to_string).unwrap_or_default(),
        reading: reading(locale, &found.row.reading),
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

/// What the post says now, if it was edited since somebody gave notice of it.
fn edited_words(view: &CaseView) -> Option<String> {
    let post = &view.post.as_ref().filter(|_| view.was_edited())?.post;
    Some(post.title.iter().chain([&post.text]).filter(|words| !words.is_empty()).cloned().collect::<Vec<_>>().join("\n\n"))
}

/// What a decision can cite, with what is likely for a case of this kind.
async fn clauses(web: &Web, locale: Locale, case: &CaseRow, by_policy: bool) -> Result<Vec<CaseClause>, Error> {
    let Some(version) = web.site.policy().await? else { return Ok(Vec::new()) };
    let likely = case.category.map_or("abuse", domain::policy::likely);
    let sections = version.policy.text(locale.tag()).into_iter().flat_map(|text| &text.sections);
    let clause = |section: &domain::policy::Section| {
        let id = section.id.as_ref()?.to_string();
        Some(CaseClause { likely: by_policy && id == likely, heading: section.heading.clone(), id })
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
    let part = |count: i64, key| locale.with(key, &[("count", count.into())]);
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
            // Of what waited for a look alone nothing is left to decide.
            let place = if web.site.is_open(&case).await? { format!("/console/cases/{case}") } else { "/console/next".to_owned() };
            return Ok(headers::see(&format!("{place}?told={told}")));
        }
        let page = page(&web, &asker, &signed, &case, Said::wrong("case-too-late")).await?;
        Ok(draw(StatusCode::CONFLICT, &page))
    };
    said(&web, &asker, done.await)
}

/// `POST /console/cases/{id}/claim`: goes on having it, as the page says that is open on a screen; takes it from whoever has it (`anyway=1`); or
/// leaves it to others (`leave=1`).
pub(crate) async fn claim(State(web): State<Web>, Named(id): Named<String>, asker: Asker, signed: Signed, body: Body) -> Response<Body> {
    let done = async {
        let case = CaseId::parse(&id).ok_or(Error::NotFound)?;
        let said = fields(body).await;
        let says = |name: &str| said.iter().any(|(key, value)| key == name && value == "1");
        if says("leave") {
            web.site.leave_case(&signed.who.id, &case).await?;
            return Ok(match asker.form {
                Form::Json => headers::answer(StatusCode::OK, Kind::Json, serde_json::json!({ "case": "left" }).to_string()),
                _ => headers::see("/console"),
            });
        }
        let anyway = says("anyway");
        let claimed = web.site.claim_case(&signed.who.id, &case, anyway).await?;
        if asker.form == Form::Json {
            let state = match &claimed {
                Claimed::Theirs => "theirs",
                Claimed::Another(_) => "another",
                Claimed::Closed => "closed",
                Claimed::Nothing => "nothing",
            };
            let alike = web.site.count_alike(&case).await?;
            return Ok(headers::answer(StatusCode::OK, Kind::Json, serde_json::json!({ "case": state, "alike": alike }).to_string()));
        }
        Ok(match claimed {
            Claimed::Nothing => return Err(Error::NotFound),
            Claimed::Theirs if anyway => headers::see(&format!("/console/cases/{case}?told=taken-over")),
            _ => headers::see(&format!("/console/cases/{case}")),
        })
    };
    said(&web, &asker, done.await)
}

/// `POST /console/cases/{id}/notes`: writes a note; handed over with it, the next case comes.
pub(crate) async fn note(State(web): State<Web>, Named(id): Named<String>, asker: Asker, signed: Signed, body: Body) -> Response<Body> {
    let done = async {
        let case = CaseId::parse(&id).ok_or(Error::NotFound)?;
        let (mut words, mut to) = (String::new(), String::new());
        for (key, value) in fields(body).await {
            match key.as_str() {
                "words" => words = value,
                "to" => to = value,
                _ => {}
            }
        }
        let somebody = ModeratorId::parse(&to);
        let given = match to.as_str() {
            "" => None,
            "anybody" => Some(None),
            _ => Some(somebody.as_ref()),
        };
        let wrong = match web.site.note_case(&signed.who.id, &case, &words, given).await? {
            Noted::Done if given.is_some() => return Ok(headers::see("/console/next?told=handed-over")),
            Noted::Done => return Ok(headers::see(&format!("/console/cases/{case}?told=noted#notes"))),
            Noted::Nothing => return Err(Error::NotFound),
            Noted::Words => (StatusCode::BAD_REQUEST, "note-words"),
            Noted::Nobody => (StatusCode::CONFLICT, "note-nobody"),
            Noted::Closed => (StatusCode::CONFLICT, "case-too-late"),
        };
        let page = page(&web, &asker, &signed, &case, Said { note: words, ..Said::wrong(wrong.1) }).await?;
        Ok(draw(wrong.0, &page))
    };
    said(&web, &asker, done.await)
}

/// `POST /console/cases/{id}/ask`: asks whoever gave a notice something.
pub(crate) async fn ask(State(web): State<Web>, Named(id): Named<String>, asker: Asker, signed: Signed, body: Body) -> Response<Body> {
    let done = async {
        let case = CaseId::parse(&id).ok_or(Error::NotFound)?;
        let said = fields(body).await;
        let field = |name: &str| said.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
        let notice = NoticeId::parse(field("notice")).ok_or(Error::NotFound)?;
        match web.site.ask_back(&signed.who.id, &case, &notice, field("words")).await? {
            Noted::Done => Ok(headers::see(&format!("/console/cases/{case}?told=asked"))),
            Noted::Words => {
                let question = Some((notice.to_string(), field("words").to_owned()));
                let page = page(&web, &asker, &signed, &case, Said { question, ..Said::wrong("note-words") }).await?;
                Ok(draw(StatusCode::BAD_REQUEST, &page))
            }
            Noted::Nothing | Noted::Nobody | Noted::Closed => Err(Error::NotFound),
        }
    };
    said(&web, &asker, done.await)
}

/// Takes members in or out, of those that the form showed.
async fn choose(web: &Web, case: &CaseId, taken: &[Subject], shown: Option<&[Subject]>) -> Result<(), Error> {
    let view = web.site.case(case).await?.ok_or(Error::NotFound)?;
    for member in view.members.iter().filter(|member| shown.is_none_or(|shown| shown.contains(&member.subject))) {
        let wanted = taken.contains(&member.subject);
        if wanted != member.taken {
            web.site.take_member(case, &member.subject, wanted).await?;
        }
    }
    Ok(())
}

/// `POST /console/cases/{id}/members`: which of what is like it a decision is for too; to a script, what the decision would reach then.
pub(crate) async fn members(State(web): State<Web>, Named(id): Named<String>, asker: Asker, signed: Signed, body: Body) -> Response<Body> {
    let done = async {
        let case = CaseId::parse(&id).ok_or(Error::NotFound)?;
        if !matches!(web.site.claim_case(&signed.who.id, &case, false).await?, Claimed::Theirs) {
            let page = page(&web, &asker, &signed, &case, Said::wrong("case-claimed-since")).await?;
            return Ok(draw(StatusCode::CONFLICT, &page));
        }
        let form = Deciding::read(body).await;
        choose(&web, &case, &form.taken, form.shown.as_deref()).await?;
        if asker.form == Form::Json {
            let view = web.site.case(&case).await?.ok_or(Error::NotFound)?;
            let reach = reach(web.locale(&asker), view.tally);
            return Ok(headers::answer(StatusCode::OK, Kind::Json, serde_json::json!({ "reach": reach }).to_string()));
        }
        Ok(headers::see(&format!("/console/cases/{case}?told=taken")))
    };
    said(&web, &asker, done.await)
}

/// What the form of a decision says.
#[derive(Default)]
struct Deciding {
    raw: RawDecision,
    /// A ground that was used before: its kind, and what it refers to.
    ground: Option<(Ground, String)>,
    clause: String,
    law: String,
    alike: bool,
    alike_too: bool,
    media: bool,
    bank: String,
    /// What the form had composed.
    composed: String,
    taken: Vec<Subject>,
    /// The members that the form showed; `None`: it shows none.
    shown: Option<Vec<Subject>>,
    /// Which state of the post the form speaks of.
    version: Option<i64>,
    token: Option<String>,
    then_next: bool,
}

impl Deciding {
    async fn read(body: Body) -> Self {
        let mut form = Self::default();
        for (key, value) in fields(body).await {
            match key.as_str() {
                "action" => form.raw.action = Some(value),
                "ground" => {
                    let known = value.split_once(':').and_then(|(kind, reference)| Some((Ground::parse(kind)?, reference.to_owned())));
                    form.ground = known;
                }
                "clause" => form.clause = value,
                "law" => form.law = value,
                "facts" => form.raw.facts = Some(value),
                "countries" => form.raw.countries = Some(value),
                "alike" => form.alike = value == "1",
                "alike_too" => form.alike_too = value == "1",
                "media" => form.media = value == "1",
                "bank" => form.bank = value,
                "composed" => form.composed = value,
                "taken" => form.taken.extend(parsed(&value)),
                "shown" if !value.is_empty() => form.shown = Some(value.split(' ').filter_map(parsed).collect()),
                "version" => form.version = value.parse().ok(),
                "token" => form.token = Some(value).filter(|token| !token.is_empty() && token.len() <= 64),
                "then" => form.then_next = value == "next",
                _ => {}
            }
        }
        form
    }

    /// What was typed, for drawing the form again.
    fn typed(&self) -> Typed {
        Typed {
            action: self.raw.action.clone().unwrap_or_default(),
            law: self.law.clone(),
            facts: self.raw.facts.clone().unwrap_or_default(),
            composed: self.composed.clone(),
            countries: self.raw.countries.clone().unwrap_or_default(),
            alike: self.alike_too,
            media: self.media,
            bank: self.bank.clone(),
        }
    }

    /// The decision, and how much it is for.
    fn checked(self) -> (RawDecision, Extent) {
        let Self { mut raw, ground, clause, law, media, bank, .. } = self;
        let alike = match raw.action.as_deref() {
            Some("remove_alike") => {
                raw.action = Some(Action::Remove.as_str().to_owned());
                true
            }
            Some("remove") => self.alike,
            _ => self.alike || self.alike_too,
        };
        let by_law = clause.is_empty() || !law.trim().is_empty();
        let (ground, reference) = ground.unwrap_or(if by_law { (Ground::Law, law) } else { (Ground::Policy, clause) });
        raw.ground = Some(ground.as_str().to_owned());
        raw.reference = Some(reference);
        (raw, Extent { alike, media, bank: BankName::parse(&bank) })
    }
}

/// `POST /console/cases/{id}/decide`. Sent twice, it decides once; with `then=next` the next case comes.
pub(crate) async fn decide(State(web): State<Web>, Named(id): Named<String>, asker: Asker, signed: Signed, body: Body) -> Response<Body> {
    let done = async {
        let case = CaseId::parse(&id).ok_or(Error::NotFound)?;
        let form = Deciding::read(body).await;
        let (typed, token, then_next) = (form.typed(), form.token.clone(), form.then_next);
        let is_anothers = matches!(web.site.claim_case(&signed.who.id, &case, false).await?, Claimed::Another(_));
        let is_another = match form.version {
            Some(version) => web.site.is_about_others(&case, version).await?,
            None => false,
        };
        if form.shown.is_some() && !is_anothers {
            choose(&web, &case, &form.taken, form.shown.as_deref()).await?;
        }
        let composed = composed::unchanged(&form.composed, form.raw.facts.as_deref().unwrap_or_default());
        let (raw, extent) = form.checked();
        let wrong = match raw.check().map(|decision| Decision { composed, ..decision }) {
            _ if is_anothers => (StatusCode::CONFLICT, "case-claimed-since"),
            // They have not read what they would decide on.
            _ if is_another => (StatusCode::CONFLICT, "case-edited-since"),
            Ok(decision) => match web.site.decide_once(Some(&signed.who.id), &case, decision, extent, token.as_deref()).await? {
                Decided::Done(id, _) => {
                    let next = format!("/console/next?decided={id}");
                    let to = if then_next { next } else { format!("/console/cases/{case}?told=decided") };
                    return Ok(match asker.form {
                        Form::Json => headers::answer(StatusCode::OK, Kind::Json, serde_json::json!({ "to": to }).to_string()),
                        _ => headers::see(&to),
                    });
                }
                Decided::Nothing | Decided::NotAllowed => return Err(Error::NotFound),
                Decided::NoSuchClause => (StatusCode::CONFLICT, "decision-no-clause"),
                Decided::NoSuchBank => (StatusCode::CONFLICT, "decision-no-bank"),
                Decided::NoCountries => (StatusCode::CONFLICT, "decision-no-countries"),
                Decided::Ordered => (StatusCode::CONFLICT, "decision-ordered"),
                Decided::TooLate => (StatusCode::CONFLICT, "case-too-late"),
                Decided::Claimed(_) => (StatusCode::CONFLICT, "case-claimed-since"),
            },
            Err(error) => (StatusCode::BAD_REQUEST, error_key(error)),
        };
        if asker.form == Form::Json {
            let words = web.locale(&asker).text(wrong.1);
            // What it says now is on another drawing of the page, to which what was typed comes along.
            let again = is_another.then(|| format!("/console/cases/{case}?told=edited"));
            return Ok(headers::answer(wrong.0, Kind::Json, serde_json::json!({ "error": words, "again": again }).to_string()));
        }
        let page = page(&web, &asker, &signed, &case, Said { typed: Some(typed), ..Said::wrong(wrong.1) }).await?;
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
    pairs(&axum::body::to_bytes(body, FORM_BYTES).await.unwrap_or_default(), 600)
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
