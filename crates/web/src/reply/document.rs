//! The reply as a document, filled from the data: Annex II or III of Regulation (EU) 2021/784 for its removal orders, whether effect was given for
//! other orders, the outcome and how to complain for notices and referrals, what there is for orders to provide information.

use std::collections::HashMap;

use app::{FilingState, FilingView, LinkNow, Post, Site};
use domain::notice::{Asks, ReplyForm};
use domain::{Action, DecisionId, Inability, Time};

use crate::locale::Locale;
use crate::pages::filings::{fault_words, follows_words, inability_words, kind_words, party_kind_words, reason_words, state_words};
use crate::pages::notices::category_words;
use crate::pages::reply::{Document, LinkFact, Said, Section};
use crate::{Asker, Web, policy};

/// Whom requests are addressed to.
#[derive(Clone, Debug)]
pub(crate) struct Addressee {
    /// The site's name.
    pub(crate) name: String,
    /// Its address.
    pub(crate) url: String,
    /// How its operator is reached.
    pub(crate) contact: Option<String>,
    /// Where it is.
    pub(crate) country: Option<String>,
    /// Since when nobody who decides is there; and whether what orders to act are about is held meanwhile.
    pub(crate) away: Option<(Time, bool)>,
}

impl Addressee {
    /// This site.
    pub(crate) fn of(web: &Web, asker: &Asker) -> Self {
        Self {
            name: web.house.points.name.clone().unwrap_or_else(|| web.frame(asker).name()),
            url: asker.origin.clone(),
            contact: web.house.reached().map(str::to_owned),
            country: web.site.home.map(|home| home.to_string()),
            away: web.site.nobody_at_home().map(|(since, _)| (since, web.site.away.hold_orders)),
        }
    }

    /// The same, for a mail.
    pub(crate) fn of_post(site: &Site, post: &Post) -> Self {
        let country = site.home.map(|home| home.to_string());
        let away = site.nobody_at_home().map(|(since, _)| (since, site.away.hold_orders));
        Self { name: post.provider.clone(), url: post.origin.clone(), contact: post.contact.clone(), country, away }
    }
}

/// The reply to a filing as it stands.
pub(crate) async fn document(site: &Site, locale: Locale, addressee: &Addressee, view: &FilingView) -> Result<Document, app::Error> {
    // Many links may have been decided on by one decision.
    let mut grounds = Grounds::new();
    for (_, now) in &view.links {
        if let LinkNow::Decided(row) = now
            && !grounds.contains_key(&row.id)
        {
            grounds.insert(row.id.clone(), policy::statement(site, row, false).await?.ground_words(locale));
        }
    }
    Ok(composed(locale, addressee, view, &grounds))
}

/// The grounds of decisions, in words.
type Grounds = HashMap<DecisionId, String>;

fn composed(locale: Locale, site: &Addressee, view: &FilingView, grounds: &Grounds) -> Document {
    let form = view.kind().rule().reply;
    let (state, lead) = state_words(locale, &view.state);
    let mut lead = lead.into_owned();
    if let (FilingState::Open, Some((_, holds))) = (&view.state, site.away) {
        // A receipt, and nothing that was decided.
        lead = format!("{lead} {}", locale.text("away-order"));
        if holds && view.kind().rule().asks == Asks::ToAct && view.row.faults.is_empty() {
            lead = format!("{lead} {}", locale.text("away-order-held"));
        }
    }
    let t = |key| locale.text(key).into_owned();
    let mut sections = vec![sides(locale, site, view)];
    let (law, heading) = match (&view.state, form) {
        (FilingState::Done(_), ReplyForm::Annex) => {
            sections.push(measures(locale, view));
            (Some("reply-annex-2"), "reply-annex-2-heading")
        }
        (FilingState::Cannot(inability), _) => {
            sections.push(inability_section(locale, view, *inability));
            if form == ReplyForm::Annex { (Some("reply-annex-3"), "reply-annex-3-heading") } else { (None, "reply-cannot-heading") }
        }
        (FilingState::Told, _) => {
            let words = view.row.answer.as_ref().map(|answer| answer.words.clone()).unwrap_or_default();
            sections.push(Section::new(t("reply-holdings")).and(t("reply-we-hold"), Said::Words(words)));
            (None, "reply-holdings-heading")
        }
        (FilingState::Withdrawn, _) => (None, "reply-withdrawn-heading"),
        (FilingState::Open, _) => {
            sections.push(waiting(locale, view));
            (None, "reply-received-heading")
        }
        (FilingState::Done(_) | FilingState::Decided, ReplyForm::Outcome) => (None, "reply-outcome-heading"),
        (state @ (FilingState::Done(_) | FilingState::Decided), _) => {
            sections.push(effect(locale, view));
            (None, if matches!(state, FilingState::Done(_)) { "reply-effect-heading" } else { "reply-outcome-heading" })
        }
    };
    let links = links(locale, view, grounds);
    if !links.is_empty() {
        sections.push(Section { links, ..Section::new(t("reply-links")) });
    }
    if law.is_some() {
        sections.push(signer(locale, site, view));
    }
    if form == ReplyForm::Outcome && matches!(view.state, FilingState::Done(_) | FilingState::Decided) {
        sections.push(Section::new(t("reply-redress")).and(t("reply-redress-how"), Said::Words(t("reply-redress-words"))));
    }
    sections.push(request(locale, view));
    Document { state, form: law.map(t), heading: t(heading), lead, sections }
}

/// Who ordered what of whom, and when it came: Section A of both annexes.
fn sides(locale: Locale, site: &Addressee, view: &FilingView) -> Section {
    let t = |key| locale.text(key).into_owned();
    let (row, party) = (&view.row, &view.party.party);
    let mut section = Section::new(t("reply-sides")).and(t("reply-addressee"), Said::Words(format!("{} ({})", site.name, site.url)));
    let authority = format!("{} ({}, {})", party.name.as_str(), party_kind_words(locale, party.kind), party.jurisdiction);
    section = section
        .and(t("reply-sender"), Said::Words(authority))
        .and(t("reply-kind"), Said::Words(kind_words(locale, view.kind()).into_owned()))
        .and(t("reply-their-reference"), Said::Code(row.filing.order.reference.clone().unwrap_or_else(|| "—".to_owned())))
        .and(t("reply-our-reference"), Said::Code(row.id.to_string()))
        .and(t("reply-received"), Said::Time(row.received));
    match row.filing.order.issued {
        Some(issued) => section.and(t("reply-issued"), Said::Time(issued)),
        None => section,
    }
}

/// Section B of Annex II.
fn measures(locale: Locale, view: &FilingView) -> Section {
    let t = |key| locale.text(key).into_owned();
    let section = Section::new(t("reply-measures"));
    let done = |action: Action| view.carried_out().any(|row| row.decision.action == action);
    let (removed, disabled) = (done(Action::Remove), done(Action::Withhold));
    if !removed && !disabled {
        // All of it was gone before anybody decided.
        return section.and(t("reply-measure"), Said::Words(t("reply-gone-before")));
    }
    let boxes = vec![(removed, t("measure-removed")), (disabled, t("measure-disabled"))];
    section.and(t("reply-measure"), Said::Boxes(boxes)).and(t("reply-measured"), Said::Time(measured(view)))
}

/// When the last of it was done.
pub(super) fn measured(view: &FilingView) -> Time {
    view.carried_out().map(|row| row.created).max().unwrap_or(view.row.received)
}

/// Section B of Annex III.
fn inability_section(locale: Locale, view: &FilingView, inability: Inability) -> Section {
    let t = |key| locale.text(key).into_owned();
    let boxes = Inability::ALL.iter().map(|one| (*one == inability, inability_words(locale, *one).into_owned())).collect();
    let words = view.row.answer.as_ref().map(|answer| answer.words.clone()).filter(|words| !words.is_empty());
    let faults: Vec<String> = view.row.faults.iter().map(|fault| fault_words(locale, *fault).into_owned()).collect();
    let mut section = Section::new(t("reply-inability")).and(t("reply-reason"), Said::Boxes(boxes));
    if let Some(words) = words {
        section = section.and(t("reply-details"), Said::Words(words));
    }
    if !faults.is_empty() {
        section = section.and(t("reply-clarify"), Said::Words(faults.join("\n")));
    }
    if let Some(answer) = &view.row.answer {
        section = section.and(t("reply-answered"), Said::Time(answer.at));
    }
    section
}

/// Whether effect was given to an order, and when (Regulation (EU) 2022/2065, Article 9(1)).
fn effect(locale: Locale, view: &FilingView) -> Section {
    let t = |key| locale.text(key).into_owned();
    let given = match view.state {
        FilingState::Done(_) => "effect-given",
        _ if view.links.iter().any(|(_, now)| is_done(now)) => "effect-in-part",
        _ => "effect-not-given",
    };
    let section = Section::new(t("reply-effect")).and(t("reply-effect"), Said::Words(t(given)));
    match view.state {
        FilingState::Done(_) => section.and(t("reply-measured"), Said::Time(measured(view))),
        _ => section,
    }
}

fn is_done(now: &LinkNow) -> bool {
    matches!(now, LinkNow::Decided(row) if row.decision.action != Action::NoAction)
}

/// What is known while nobody has decided.
fn waiting(locale: Locale, view: &FilingView) -> Section {
    let t = |key| locale.text(key).into_owned();
    let row = &view.row;
    let due = match row.due {
        Some(due) => Said::Time(due),
        None if row.faults.iter().any(|fault| fault.inability().is_some()) => Said::Words(t("reply-no-clock")),
        None => Said::Words(t("reply-no-time")),
    };
    let mut section = Section::new(t("reply-known")).and(t("reply-due"), due);
    if !row.faults.is_empty() {
        let faults: Vec<String> = row.faults.iter().map(|fault| fault_words(locale, *fault).into_owned()).collect();
        section = section.and(t("reply-faults"), Said::Words(faults.join("\n")));
    }
    section
}

/// Section C of both annexes.
fn signer(locale: Locale, site: &Addressee, view: &FilingView) -> Section {
    let t = |key| locale.text(key).into_owned();
    let none = || "—".to_owned();
    let date = match &view.row.answer {
        Some(answer) if matches!(view.state, FilingState::Cannot(_)) => answer.at,
        _ => measured(view).max(view.row.received),
    };
    Section::new(t("reply-signer"))
        .and(t("reply-provider"), Said::Words(site.name.clone()))
        .and(t("reply-country"), Said::Words(site.country.clone().unwrap_or_else(none)))
        .and(t("reply-person"), Said::Words(t("reply-operator")))
        .and(t("reply-contact"), Said::Words(site.contact.clone().unwrap_or_else(none)))
        .and(t("reply-date"), Said::Time(date))
}

/// What was asked, in its sender's own words.
fn request(locale: Locale, view: &FilingView) -> Section {
    let t = |key| locale.text(key).into_owned();
    let (notice, order) = (&view.row.filing.notice, &view.row.filing.order);
    let mut section = Section::new(t("reply-request"));
    let mut add = |label: &'static str, words: Option<String>| {
        if let Some(words) = words.filter(|words| !words.trim().is_empty()) {
            section.facts.push(crate::pages::reply::Fact { label: t(label), said: Said::Words(words) });
        }
    };
    add("reply-category", Some(category_words(locale, notice.category)));
    let reasons: Vec<String> = order.reasons.iter().map(|reason| reason_words(locale, *reason).into_owned()).collect();
    add("field-reasons", Some(reasons.join("\n")));
    add("field-legal-basis", order.legal_basis.clone());
    add("field-asks", order.asks.clone());
    add("field-explanation", Some(notice.explanation.clone()));
    add("field-redress", order.redress.clone());
    add("reply-follows", Some(follows_words(locale, view.kind()).into_owned()));
    if let Some(until) = view.row.silent_until {
        section = section.and(t("reply-silent"), Said::Time(until));
    }
    section
}

/// What became of a link, in a word.
pub(crate) fn link_key(now: &LinkNow) -> &'static str {
    match now {
        LinkNow::Open => "link-open",
        LinkNow::Gone => "link-gone",
        LinkNow::Withdrawn => "link-withdrawn",
        LinkNow::Nothing => "link-nothing",
        LinkNow::Decided(row) => match row.decision.action {
            Action::Remove => "link-removed",
            Action::Preserve => "link-gone",
            Action::Withhold => "link-withheld",
            Action::Cover => "link-covered",
            Action::NoAction => "link-left",
        },
    }
}

fn links(locale: Locale, view: &FilingView, grounds: &Grounds) -> Vec<LinkFact> {
    let kept = matches!(view.kind().rule().asks, Asks::ToTell | Asks::ToKeep);
    let one = |(link, now): &(store::filings::Link, LinkNow)| {
        let decision = match now {
            LinkNow::Decided(row) => Some(row),
            _ => None,
        };
        let key = if kept && matches!(now, LinkNow::Open) { "link-there" } else { link_key(now) };
        let done = decision.filter(|row| row.decision.action != Action::NoAction);
        LinkFact {
            url: link.url.clone(),
            state: locale.text(key).into_owned(),
            ground: done.and_then(|row| grounds.get(&row.id).cloned()),
            at: decision.map(|row| row.created),
        }
    };
    view.links.iter().map(one).collect()
}
