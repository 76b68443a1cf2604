//! The console's pages. What they show of a site's content is decided by the handlers; a title never tells of it.

use std::borrow::Cow;

use app::EnrolRefused;
use askama::Template;
use domain::lever::Source;
use domain::{Act, ModeratorId, Role, Time};
use store::ModeratorRow;
use store::audit::Told;

use super::Frame;
use crate::locale::Locale;

/// What every page of the console needs: a page's [`Frame`], who is signed in, and where in the console it stands.
#[derive(Clone, Debug)]
pub struct ConsoleFrame {
    /// What every page needs.
    pub frame: Frame,
    /// The name and role of who is signed in.
    pub who: Option<(String, Role)>,
    /// Where it stands.
    pub corner: Corner,
}

impl std::ops::Deref for ConsoleFrame {
    type Target = Frame;

    fn deref(&self) -> &Frame {
        &self.frame
    }
}

impl ConsoleFrame {
    /// The corners that are open to who is signed in.
    pub(crate) fn corners(&self) -> &'static [Corner] {
        match self.who {
            // Who files for a party has pages of their own.
            None => &[],
            Some((_, Role::Party)) => &[Corner::Filed, Corner::List],
            Some((_, Role::Moderator)) => &[Corner::Queue, Corner::Filings, Corner::Decisions, Corner::Appeals, Corner::Home],
            Some((_, Role::Operator)) => &[
                Corner::Watch,
                Corner::Queue,
                Corner::Filings,
                Corner::Decisions,
                Corner::Appeals,
                Corner::Banks,
                Corner::Parties,
                Corner::Levers,
                Corner::People,
                Corner::Audit,
                Corner::Home,
            ],
        }
    }

    /// What the page is called, for a tab and for who hears it: never what anything shows or says.
    pub(crate) fn title(&self) -> Cow<'static, str> {
        self.locale.text(if self.who.is_some() { self.corner.key() } else { "console-title" })
    }

    /// Who is signed in decides on something.
    pub(crate) fn decides(&self) -> bool {
        self.who.as_ref().is_some_and(|(_, role)| role.decides())
    }

    /// Who is signed in may do everything.
    pub(crate) fn is_operator(&self) -> bool {
        self.who.as_ref().is_some_and(|(_, role)| *role == Role::Operator)
    }

    pub(crate) fn is_at(&self, corner: &Corner) -> bool {
        self.corner == *corner
    }

    /// A role's name in the reader's language.
    pub(crate) fn role(&self, role: impl AsRef<str>) -> Cow<'static, str> {
        self.locale.text(match Role::parse(role.as_ref()) {
            Some(Role::Operator) => "role-operator",
            Some(Role::Party) => "role-party",
            _ => "role-moderator",
        })
    }
}

/// A part of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Corner {
    /// Before anybody is signed in.
    Door,
    /// How the site is.
    Watch,
    /// What waits for a decision.
    Queue,
    /// What registered parties ask.
    Filings,
    /// Registered parties.
    Parties,
    /// On the portal: what one's party has filed.
    Filed,
    /// On the portal: many at once.
    List,
    /// What was decided.
    Decisions,
    /// What is said against it.
    Appeals,
    /// Who one is.
    Home,
    /// What the site knows, and how often that was right.
    Banks,
    /// What can be pulled on a bad day.
    Levers,
    /// Who may decide.
    People,
    /// Who did what.
    Audit,
}

impl Corner {
    pub(crate) fn path(&self) -> &'static str {
        match self {
            Self::Door => "/console/sign-in",
            Self::Watch => "/console/watch",
            Self::Queue => "/console",
            Self::Filings => "/console/filings",
            Self::Parties => "/console/parties",
            Self::Filed => "/portal",
            Self::List => "/portal/list",
            Self::Decisions => "/console/decisions",
            Self::Appeals => "/console/appeals",
            Self::Home => "/console/me",
            Self::Banks => "/console/banks",
            Self::Levers => "/console/levers",
            Self::People => "/console/people",
            Self::Audit => "/console/audit",
        }
    }

    /// What the palette finds it by besides its name.
    pub(crate) fn words(&self) -> Option<&'static str> {
        match self {
            Self::Decisions => Some("words-undo"),
            Self::Levers => Some("words-levers"),
            _ => None,
        }
    }

    pub(crate) fn key(&self) -> &'static str {
        match self {
            Self::Door => "console-sign-in",
            Self::Watch => "console-watch",
            Self::Queue => "console-queue",
            Self::Filings => "console-filings",
            Self::Parties => "console-parties",
            Self::Filed => "portal-mine",
            Self::List => "portal-list",
            Self::Decisions => "console-decisions",
            Self::Appeals => "console-appeals",
            Self::Home => "console-home",
            Self::Banks => "console-banks",
            Self::Levers => "console-levers",
            Self::People => "console-people",
            Self::Audit => "console-audit",
        }
    }
}

/// `GET /console/me`.
#[derive(Clone, Debug, Template)]
#[template(path = "console/home.html")]
pub struct HomePage {
    /// What every page of the console needs.
    pub frame: ConsoleFrame,
    /// What one may do.
    pub role: Role,
}

/// A bank, as an operator sees it.
#[derive(Clone, Debug)]
pub struct BankEntry {
    /// Its name.
    pub name: String,
    /// What happens to what is like something in it, in words.
    pub acts: String,
    /// How much is in it, how often something was like it, and how much it holds, in words.
    pub numbers: String,
    /// How often it was right, in words.
    pub precision: String,
    /// Since when it only counts, because it was often wrong.
    pub distrusted: Option<Time>,
    /// What in it only counts, for the same reason.
    pub sources: Vec<BankSource>,
    /// What waits for a second look.
    pub waiting: Vec<BankWaiting>,
}

/// Something in a bank that would reach too much to act by itself.
#[derive(Clone, Debug)]
pub struct BankWaiting {
    /// Its id.
    pub item: String,
    /// What the operator knows it by.
    pub label: String,
    /// How much it would reach.
    pub reach: i64,
    /// Some of that: where each stands, if it may be looked at; how it is called; how it was found, and how sure that is.
    pub found: Vec<(Option<String>, String, String)>,
}

/// Something in a bank that was often wrong.
#[derive(Clone, Debug)]
pub struct BankSource {
    /// What the operator knows it by.
    pub label: String,
    /// How often it was right, in words.
    pub precision: String,
    /// Since when it only counts.
    pub distrusted: Time,
}

/// `GET /console/banks`.
#[derive(Clone, Debug, Template)]
#[template(path = "console/banks.html")]
pub struct BanksPage {
    /// What every page of the console needs.
    pub frame: ConsoleFrame,
    /// By name.
    pub banks: Vec<BankEntry>,
    /// What was done a moment ago.
    pub told: Option<String>,
}

impl BankEntry {
    fn can_be_trusted(&self) -> bool {
        self.distrusted.is_some() || !self.sources.is_empty()
    }
}

/// `GET /console/sign-in`, and the answer to a sign-in that failed.
#[derive(Clone, Debug, Template)]
#[template(path = "console/sign-in.html")]
pub struct SignInPage {
    /// What every page of the console needs.
    pub frame: ConsoleFrame,
    /// Where to go after it.
    pub to: String,
    /// The name that was typed.
    pub name: String,
    /// It failed, whatever was wrong.
    pub failed: bool,
    /// Browsers give this site passkeys.
    pub passkeys: bool,
}

/// `GET /console/enrol/{secret}`, and the answer to what could not be taken.
#[derive(Clone, Debug, Template)]
#[template(path = "console/enrol.html")]
pub struct EnrolPage {
    /// What every page of the console needs.
    pub frame: ConsoleFrame,
    /// Its own address.
    pub action: String,
    /// Whom it enrols.
    pub name: String,
    /// As what.
    pub role: Role,
    /// Until when the link is good.
    pub until: Option<Time>,
    /// What an app makes codes from, as a link.
    pub code_link: String,
    /// The key in it, for who types it.
    pub key: String,
    /// The link as a picture: its width in squares, and the dark ones as a path.
    pub picture: Option<(i32, String)>,
    /// What was wrong.
    pub refused: Option<EnrolRefused>,
    /// Browsers give this site passkeys.
    pub passkeys: bool,
}

impl EnrolPage {
    fn error(&self) -> Option<String> {
        let l = self.frame.locale;
        Some(match self.refused? {
            EnrolRefused::Password => l.with("enrol-error-password", &[("characters", domain::moderator::SHORTEST_PASSWORD.into())]),
            EnrolRefused::Code => l.text("enrol-error-code").into_owned(),
            EnrolRefused::Link | EnrolRefused::Passkey => l.text("passkey-failed").into_owned(),
        })
    }

    fn is_password_wrong(&self) -> bool {
        self.refused == Some(EnrolRefused::Password)
    }

    fn is_code_wrong(&self) -> bool {
        self.refused == Some(EnrolRefused::Code)
    }

    fn ends(&self) -> Option<String> {
        self.until.map(|until| self.frame.locale.date_time(until))
    }

    fn password_hint(&self) -> String {
        self.frame.locale.with("enrol-password-hint", &[("characters", domain::moderator::SHORTEST_PASSWORD.into())])
    }
}

/// `GET /console/people`, and the answers to its forms.
#[derive(Clone, Debug, Template)]
#[template(path = "console/people.html")]
pub struct PeoplePage {
    /// What every page of the console needs.
    pub frame: ConsoleFrame,
    /// Everybody.
    pub people: Vec<Person>,
    /// A link that was just made: for whom, its address, until when.
    pub link: Option<(String, String, Time)>,
    /// What could not be done.
    pub trouble: Option<Trouble>,
    /// The name that was typed.
    pub typed: String,
    /// How many looks a day are allowed; empty: as many as they like.
    pub looks: String,
    /// How often whose decisions did not stand.
    pub overturned: Vec<Overturned>,
    /// How often what banks found was right, in words.
    pub banks: String,
}

/// How often somebody's decisions did not stand, in the digits of the reader's language.
#[derive(Clone, Debug)]
pub struct Overturned {
    /// Whose.
    pub name: String,
    /// Decisions.
    pub decisions: String,
    /// That were undone.
    pub undone: String,
    /// That somebody appealed against.
    pub appealed: String,
    /// That an appeal overturned.
    pub overturned: String,
}

impl PeoplePage {
    /// Roles of who decides; whoever files for a party is added on its page.
    fn roles(&self) -> [Role; 2] {
        [Role::Moderator, Role::Operator]
    }
}

/// Somebody who may decide, or files for a party.
#[derive(Clone, Debug)]
pub struct Person {
    /// Their id.
    pub id: ModeratorId,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// How they stand.
    pub state: PersonState,
    /// It is who looks.
    pub oneself: bool,
}

/// How somebody stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonState {
    /// They sign in by a passkey.
    Passkey,
    /// They sign in with a password and codes.
    Password,
    /// They have a link, good until then.
    Waiting(Time),
    /// Their link has ended.
    LinkEnded,
    /// They are shut out since then.
    Suspended(Time),
}

impl Person {
    /// Somebody as `who` sees them.
    #[must_use]
    pub fn of(row: &ModeratorRow, who: &ModeratorId, now: Time) -> Self {
        let state = match (row.suspended, row.link_until) {
            (Some(since), _) => PersonState::Suspended(since),
            _ if row.passkeys > 0 => PersonState::Passkey,
            _ if row.is_enrolled() => PersonState::Password,
            (None, Some(until)) if until > now => PersonState::Waiting(until),
            _ => PersonState::LinkEnded,
        };
        Self { id: row.id.clone(), name: row.name.clone(), role: row.role, state, oneself: row.id == *who }
    }

    pub(crate) fn is_suspended(&self) -> bool {
        matches!(self.state, PersonState::Suspended(_))
    }

    pub(crate) fn words(&self, l: &Locale) -> String {
        match self.state {
            PersonState::Passkey => l.text("person-passkey").into_owned(),
            PersonState::Password => l.text("person-password").into_owned(),
            PersonState::Waiting(until) => l.with("person-waiting", &[("time", l.date_time(until).into())]),
            PersonState::LinkEnded => l.text("person-link-ended").into_owned(),
            PersonState::Suspended(since) => l.with("person-suspended", &[("time", l.date_time(since).into())]),
        }
    }
}

/// Why something could not be done to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// What was typed is no name.
    Name,
    /// Somebody of this name is there.
    Taken,
    /// Nobody shuts themselves out.
    Oneself,
    /// They are shut out.
    Suspended,
    /// Somebody else changed it meanwhile.
    Changed,
    /// What was typed is no number of looks.
    Looks,
}

impl Trouble {
    fn key(&self) -> &'static str {
        match self {
            Self::Name => "people-error-name",
            Self::Taken => "people-error-taken",
            Self::Oneself => "people-error-oneself",
            Self::Suspended => "people-error-suspended",
            Self::Changed => "people-error-changed",
            Self::Looks => "looks-wrong",
        }
    }

    fn is_of_name(&self) -> bool {
        matches!(self, Self::Name | Self::Taken)
    }
}

/// `GET /console/audit`.
#[derive(Clone, Debug, Template)]
#[template(path = "console/audit.html")]
pub struct AuditPage {
    /// What every page of the console needs.
    pub frame: ConsoleFrame,
    /// The newest first.
    pub acts: Vec<Told>,
    /// Nothing newer was left out.
    pub first: bool,
    /// The address of what is older.
    pub older: Option<String>,
}

impl AuditPage {
    fn who(&self, told: &Told) -> String {
        match (&told.by, told.row.act) {
            (Some(name), _) => name.clone(),
            // Nobody knows.
            (None, Act::SignInFailed) => String::new(),
            // A program of a party's, by the name of its key.
            (None, Act::Filed) => detail(told)["key"].as_str().unwrap_or_default().to_owned(),
            (None, Act::EvidenceSealed | Act::EvidenceDestroyed | Act::QuarantineDestroyed | Act::Preserved | Act::FellBack) => {
                self.frame.locale.text("audit-site").into_owned()
            }
            // By the operator's own rule.
            (None, Act::CaseHeld) if told.row.detail.contains("\"by\"") => self.frame.locale.text("audit-site").into_owned(),
            (None, Act::LeverSet | Act::LeverCleared) if detail(told)["source"] == Source::NobodyAtHome.as_str() => {
                self.frame.locale.text("audit-site").into_owned()
            }
            (None, _) => self.frame.locale.text("audit-command-line").into_owned(),
        }
    }

    fn what(&self, told: &Told) -> Cow<'static, str> {
        self.frame.locale.text(act_key(told.row.act))
    }

    /// How often, where that is more than once.
    fn times(&self, told: &Told) -> Option<String> {
        (told.row.times > 1).then(|| self.frame.locale.number(told.row.times))
    }
}

/// More of an act.
fn detail(told: &Told) -> serde_json::Value {
    serde_json::from_str(&told.row.detail).unwrap_or_default()
}

/// An act's name in the audit trail.
fn act_key(act: Act) -> &'static str {
    match act {
        Act::PersonAdded => "act-person-added",
        Act::LinkMade => "act-link-made",
        Act::Enrolled => "act-enrolled",
        Act::SignedIn => "act-signed-in",
        Act::SignInFailed => "act-sign-in-failed",
        Act::SignedOut => "act-signed-out",
        Act::SignedOutEverywhere => "act-signed-out-everywhere",
        Act::Suspended => "act-suspended",
        Act::Resumed => "act-resumed",
        Act::CaseHeld => "act-case-held",
        Act::CaseReleased => "act-case-released",
        Act::CaseDecided => "act-case-decided",
        Act::DecisionUndone => "act-decision-undone",
        Act::AppealAnswered => "act-appeal-answered",
        Act::Looked => "act-looked",
        Act::CaseTaken => "act-case-taken",
        Act::CaseAssigned => "act-case-assigned",
        Act::CaseNoted => "act-case-noted",
        Act::NotifierAsked => "act-notifier-asked",
        Act::LooksSet => "act-looks-set",
        Act::PartyAdded => "act-party-added",
        Act::PartyChecked => "act-party-checked",
        Act::PartySuspended => "act-party-suspended",
        Act::PartyResumed => "act-party-resumed",
        Act::KeyAdded => "act-key-added",
        Act::KeyRevoked => "act-key-revoked",
        Act::Filed => "act-filed",
        Act::FilingAnswered => "act-filing-answered",
        Act::SilenceSet => "act-silence-set",
        Act::PolicySet => "act-policy-set",
        Act::MatchReleased => "act-match-released",
        Act::MatchKept => "act-match-kept",
        Act::BankDistrusted => "act-bank-distrusted",
        Act::BankTrusted => "act-bank-trusted",
        Act::BankWaits => "act-bank-waits",
        Act::BankConfirmed => "act-bank-confirmed",
        Act::PartyDistrusted => "act-party-distrusted",
        Act::PartyTrusted => "act-party-trusted",
        Act::PartyUndone => "act-party-undone",
        Act::FilingWithdrawn => "act-filing-withdrawn",
        Act::Preserved => "act-preserved",
        Act::RetentionAdded => "act-retention-added",
        Act::EvidenceSealed => "act-evidence-sealed",
        Act::EvidenceDestroyed => "act-evidence-destroyed",
        Act::QuarantineDestroyed => "act-quarantine-destroyed",
        Act::JobRetried => "act-job-retried",
        Act::FellBack => "act-fell-back",
        Act::CameBack => "act-came-back",
        Act::LeverSet => "act-lever-set",
        Act::LeverCleared => "act-lever-cleared",
    }
}

/// A page of the console that says one thing.
#[derive(Clone, Debug, Template)]
#[template(path = "console/telling.html")]
pub struct TellingPage {
    /// What every page of the console needs.
    pub frame: ConsoleFrame,
    /// What it says.
    pub telling: Telling,
}

/// What a session that has ended left unsent.
#[derive(Clone, Debug, Template)]
#[template(path = "console/unsent.html")]
pub struct UnsentPage {
    /// What every page of the console needs.
    pub frame: ConsoleFrame,
    /// Where the form was sent to.
    pub to: String,
    /// What it holds.
    pub fields: Vec<(String, String)>,
    /// Where to sign in.
    pub door: String,
}

impl UnsentPage {
    /// What somebody wrote: more than a word.
    fn written(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|(_, value)| value.trim()).filter(|value| value.contains(char::is_whitespace))
    }
}

/// What the console says in the place of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telling {
    /// This page is for operators.
    OperatorsOnly,
    /// This page is for who decides.
    DecidersOnly,
    /// A link that is not good.
    LinkEnded,
    /// A change that no page of the console sent.
    Elsewhere,
    /// There is no such thing, or not any more.
    Nothing,
}

impl Telling {
    /// Every one.
    pub const ALL: &[Self] = &[Self::OperatorsOnly, Self::DecidersOnly, Self::LinkEnded, Self::Elsewhere, Self::Nothing];

    /// The status of the answer.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::OperatorsOnly | Self::DecidersOnly | Self::Elsewhere => 403,
            Self::LinkEnded | Self::Nothing => 404,
        }
    }

    fn keys(&self) -> (&'static str, &'static str) {
        match self {
            Self::OperatorsOnly => ("telling-operators", "telling-operators-words"),
            Self::DecidersOnly => ("telling-deciders", "telling-deciders-words"),
            Self::LinkEnded => ("telling-link", "telling-link-words"),
            Self::Elsewhere => ("telling-elsewhere", "telling-elsewhere-words"),
            Self::Nothing => ("telling-nothing", "telling-nothing-words"),
        }
    }
}
