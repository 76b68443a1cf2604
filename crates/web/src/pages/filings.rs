//! What registered parties file, in words; and the console's pages about it.

use std::borrow::{Borrow, Cow};

use app::FilingState;
use askama::Template;
use domain::notice::{Asks, Gag};
use domain::{Fault, Inability, NoticeKind, PartyKind, TcoReason, Time};

use super::console::ConsoleFrame;
use super::reply::{Document, Window};
use crate::locale::Locale;

/// A kind of request.
pub(crate) fn kind_words(locale: impl Borrow<Locale>, kind: impl Borrow<NoticeKind>) -> Cow<'static, str> {
    locale.borrow().text(match kind.borrow() {
        NoticeKind::Notice => "kind-notice",
        NoticeKind::TrustedFlagger => "kind-trusted-flagger",
        NoticeKind::TcoReferral => "kind-tco-referral",
        NoticeKind::VoluntaryReferral => "kind-voluntary-referral",
        NoticeKind::TcoRemovalOrder => "kind-tco-removal-order",
        NoticeKind::DsaOrder => "kind-dsa-order",
        NoticeKind::CourtOrder => "kind-court-order",
        NoticeKind::DsaInformationOrder => "kind-dsa-information-order",
        NoticeKind::CourtInformationOrder => "kind-court-information-order",
        NoticeKind::CopyrightRequest => "kind-copyright",
        NoticeKind::PrivacyRequest => "kind-privacy",
        NoticeKind::PreservationRequest => "kind-preservation",
        NoticeKind::ThreatToLife => "kind-threat",
    })
}

/// What follows from a kind of request.
pub(crate) fn follows_words(locale: impl Borrow<Locale>, kind: impl Borrow<NoticeKind>) -> Cow<'static, str> {
    let rule = kind.borrow().rule();
    locale.borrow().text(match rule.asks {
        Asks::ToDecide => "follows-decide",
        Asks::ToAct if rule.within_ms.is_some() => "follows-hour",
        Asks::ToAct => "follows-act",
        Asks::ToTell => "follows-tell",
        Asks::ToKeep => "follows-keep",
    })
}

/// What is wrong with a request, and what is asked of its sender.
pub(crate) fn fault_words(locale: impl Borrow<Locale>, fault: impl Borrow<Fault>) -> Cow<'static, str> {
    locale.borrow().text(match fault.borrow() {
        Fault::NoLink => "fault-no-link",
        Fault::Reference => "fault-reference",
        Fault::Ground => "fault-ground",
        Fault::Issued => "fault-issued",
        Fault::Asked => "fault-asked",
        Fault::Jurisdiction => "fault-jurisdiction",
    })
}

/// Why something cannot be carried out.
pub(crate) fn inability_words(locale: impl Borrow<Locale>, inability: impl Borrow<Inability>) -> Cow<'static, str> {
    locale.borrow().text(match inability.borrow() {
        Inability::Impossible => "inability-impossible",
        Inability::ManifestErrors => "inability-errors",
        Inability::InsufficientInformation => "inability-information",
    })
}

/// Why something is terrorist content.
pub(crate) fn reason_words(locale: impl Borrow<Locale>, reason: impl Borrow<TcoReason>) -> Cow<'static, str> {
    locale.borrow().text(match reason.borrow() {
        TcoReason::Incites => "reason-incites",
        TcoReason::Solicits => "reason-solicits",
        TcoReason::SolicitsParticipation => "reason-participation",
        TcoReason::Instructs => "reason-instructs",
        TcoReason::Threatens => "reason-threatens",
    })
}

/// What a party is.
pub(crate) fn party_kind_words(locale: impl Borrow<Locale>, kind: impl Borrow<PartyKind>) -> Cow<'static, str> {
    locale.borrow().text(match kind.borrow() {
        PartyKind::Authority => "party-authority",
        PartyKind::TrustedFlagger => "party-trusted-flagger",
        PartyKind::Partner => "party-partner",
    })
}

/// How a request stands: its words, and a class for the page.
pub(crate) fn state_words(locale: impl Borrow<Locale>, state: impl Borrow<FilingState>) -> (&'static str, Cow<'static, str>) {
    let (class, key) = match state.borrow() {
        FilingState::Open => ("open", "filing-open"),
        FilingState::Done(_) => ("done", "filing-done"),
        FilingState::Decided => ("decided", "filing-decided"),
        FilingState::Cannot(_) => ("cannot", "filing-cannot"),
        FilingState::Told => ("told", "filing-told"),
        FilingState::Withdrawn => ("withdrawn", "filing-withdrawn"),
    };
    (class, locale.borrow().text(key))
}

/// A request in a list.
#[derive(Clone, Debug)]
pub struct FilingEntry {
    /// Its page.
    pub url: String,
    /// Its kind.
    pub kind: NoticeKind,
    /// Whose it is, in the console; on the portal all are one's own.
    pub party: Option<String>,
    /// Its sender's own reference.
    pub reference: Option<String>,
    /// How many links it names.
    pub links: usize,
    /// When it came.
    pub received: Time,
    /// By when it has to be done, as long as that is to come about.
    pub due: Option<Time>,
    /// That time is over.
    pub late: bool,
    /// How it stands.
    pub state: FilingState,
    /// Somebody has to do something about it.
    pub waits: bool,
    /// What a person should know of it.
    pub marks: Vec<&'static str>,
}

impl FilingEntry {
    /// A request, at `now`.
    pub(crate) fn of(view: &app::FilingView, url: String, now: Time, console: bool) -> Self {
        let row = &view.row;
        let open = matches!(view.state, FilingState::Open | FilingState::Decided) && view.is_waiting();
        let due = row.due.filter(|_| open);
        let mut marks = Vec::new();
        if console {
            let marked = [
                ("mark-unchecked", view.party.party.checked.is_none()),
                ("mark-suspended", view.party.suspended.is_some()),
                ("mark-often-wrong", view.party.distrusted.is_some() && view.kind().may_lose_priority()),
                ("mark-confirm", open && !view.to_confirm().is_empty()),
                ("mark-secret", row.silent_until.is_some_and(|until| now < until)),
            ];
            marks.extend(marked.into_iter().filter_map(|(key, is)| is.then_some(key)));
        }
        Self {
            url,
            kind: view.kind(),
            party: console.then(|| view.party.party.name.as_str().to_owned()),
            reference: row.filing.order.reference.clone(),
            links: row.links.len(),
            received: row.received,
            late: due.is_some_and(|due| due < now),
            due,
            state: view.state.clone(),
            waits: view.is_waiting(),
            marks,
        }
    }
}

/// `GET /console/filings`.
#[derive(Clone, Debug, Template)]
#[template(path = "console/filings.html")]
pub struct FilingsPage {
    /// What every page of the console needs.
    pub frame: ConsoleFrame,
    /// What waits, by the clock.
    pub waiting: Vec<FilingEntry>,
    /// The newest of all.
    pub entries: Vec<FilingEntry>,
    /// Older ones.
    pub older: Option<String>,
}

/// A link of a request, in the console.
#[derive(Clone, Debug)]
pub struct FilingLink {
    /// As it was sent.
    pub url: String,
    /// How it stands, in words.
    pub state: String,
    /// Its case.
    pub case: Option<String>,
}

/// How long an order is kept secret, in the console.
#[derive(Clone, Copy, Debug)]
pub struct Silence {
    /// Until when.
    pub until: Time,
    /// It lasts at this moment.
    pub lasts: bool,
    /// It can be made longer.
    pub longer: bool,
}

/// `GET /console/filings/{id}`.
#[derive(Clone, Debug, Template)]
#[template(path = "console/filing.html")]
pub struct FilingPage {
    /// What every page of the console needs.
    pub frame: ConsoleFrame,
    /// Where its forms go.
    pub action: String,
    /// What was done a moment ago.
    pub told: Option<&'static str>,
    /// What was wrong.
    pub error: Option<&'static str>,
    /// It, as in a list.
    pub entry: FilingEntry,
    /// What it says.
    pub document: Document,
    /// Those of its links that are shown.
    pub links: Vec<FilingLink>,
    /// Which those are.
    pub window: Window,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
    /// What a person has to confirm: the machine is not sure of it.
    pub confirm: Vec<Fault>,
    /// What of it is secret.
    pub silence: Option<Silence>,
    /// It asks what there is: what there is, in words that can be changed.
    pub holdings: Option<String>,
    /// What was typed as the reason why it cannot be carried out.
    pub typed: String,
    /// It was answered before.
    pub answered: bool,
}

impl FilingPage {
    /// How it is kept secret, for the template.
    fn inabilities(&self) -> &'static [Inability] {
        Inability::ALL
    }
}

/// Whether a silence can be made longer: once, and for as long as the law says.
pub(crate) fn silence(view: &app::FilingView, now: Time) -> Option<Silence> {
    let row = &view.row;
    let until = row.silent_until?;
    let longer = match view.kind().rule().gag {
        Gag::For(ms) => now < until && until < row.received.plus_ms(ms.saturating_mul(2)),
        Gag::Never | Gag::AsStated => false,
    };
    Some(Silence { until, lasts: now < until, longer })
}
