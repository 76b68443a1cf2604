//! The console's pages about cases: the queue, one case, what was decided, and what was said against it.

use askama::Template;
use domain::bank::Precision;
use domain::{NoticeKind, Rank, Time};

use super::console::ConsoleFrame;
use super::removed::Statement;
use crate::locale::Locale;

/// A case in the queue.
#[derive(Clone, Debug)]
pub struct QueueEntry {
    /// Its page.
    pub url: String,
    /// What it is about, in words that show nothing of it.
    pub heading: String,
    /// Why it comes when it does, in words.
    pub rank: String,
    /// What kind of request weighs most among its notices.
    pub kind: Option<NoticeKind>,
    /// There are notices, and none of them is from who is registered.
    pub unregistered: bool,
    /// When something has to be done by.
    pub due: Option<Time>,
    /// That time is over.
    pub late: bool,
    /// When it was opened.
    pub opened: Time,
    /// What of that which banks know it is like.
    pub found: Option<CaseMatch>,
}

/// `GET /console`.
#[derive(Clone, Debug, Template)]
#[template(path = "console/queue.html")]
pub struct QueuePage {
    /// What every page of the console needs.
    pub frame: ConsoleFrame,
    /// The cases that come next.
    pub entries: Vec<QueueEntry>,
    /// How many are open.
    pub open: u64,
    /// How many appeals wait.
    pub appeals: usize,
}

/// A notice of a case.
#[derive(Clone, Debug)]
pub struct CaseNotice {
    /// What is wrong, in plain words.
    pub category: String,
    /// Why.
    pub explanation: String,
    /// Who says so.
    pub who: Option<String>,
    /// That mail to them did not arrive, in words.
    pub mail: Option<String>,
    /// Of a registered party: which, and what it asks.
    pub filed: Option<CaseFiling>,
    /// When.
    pub created: Time,
}

/// What a registered party filed, as a case shows it.
#[derive(Clone, Debug)]
pub struct CaseFiling {
    /// Its page.
    pub url: String,
    /// Its kind.
    pub kind: NoticeKind,
    /// The party.
    pub party: String,
    /// That party's own reference.
    pub reference: Option<String>,
    /// By when.
    pub due: Option<Time>,
    /// Nobody has checked that the party is who it says.
    pub unchecked: bool,
    /// Until when the poster must not be told.
    pub silent: Option<Time>,
}

/// What a bank knows that the subject is like.
#[derive(Clone, Debug)]
pub struct CaseMatch {
    /// The bank's name.
    pub bank: String,
    /// By which reading.
    pub reading: String,
    /// How sure it is.
    pub percent: u8,
    /// How often the bank was right, in words.
    pub precision: String,
    /// How much is held for the same, in words; empty: that is not told here.
    pub held: String,
}

/// Something that is like the subject.
#[derive(Clone, Debug)]
pub struct CaseMember {
    /// What the form sends for it: the post's id, and its medium's after a slash.
    pub value: String,
    /// Its link.
    pub url: String,
    /// By which reading.
    pub reading: String,
    /// How sure it is.
    pub percent: u8,
    /// A decision is for it too.
    pub taken: bool,
    /// How often its post was opened.
    pub opened: i64,
}

/// A decision, as whoever decides sees it.
#[derive(Clone, Debug)]
pub struct CaseDecision {
    /// What was done, in a word.
    pub heading: String,
    /// Why.
    pub statement: Statement,
    /// What it reached, in words.
    pub reach: String,
    /// The case.
    pub case: String,
    /// When it was undone.
    pub undone: Option<Time>,
    /// When what it took away was destroyed.
    pub destroyed: Option<Time>,
    /// It can be undone.
    pub can_undo: bool,
    /// What is kept of it.
    pub keeping: Keeping,
}

/// What is kept of what a decision took away, why, and until when.
#[derive(Clone, Debug, Default)]
pub struct Keeping {
    /// Why, whose request or law, and until when; what ends first first.
    pub retentions: Vec<(String, String, Time)>,
    /// When it was sealed as evidence.
    pub sealed: Option<Time>,
    /// When the evidence was destroyed.
    pub evidence_destroyed: Option<Time>,
    /// Whoever reads may have it kept for longer.
    pub may_add: bool,
}

/// A clause that a decision can cite.
#[derive(Clone, Debug)]
pub struct CaseClause {
    /// Its id.
    pub id: String,
    /// Its name.
    pub heading: String,
    /// It is likely to be cited.
    pub likely: bool,
}

/// `GET /console/cases/{id}`.
#[derive(Clone, Debug, Template)]
#[template(path = "console/case.html")]
pub struct CasePage {
    /// What every page of the console needs.
    pub frame: ConsoleFrame,
    /// The case's id.
    pub id: String,
    /// What it is about, in words that show nothing of it.
    pub heading: String,
    /// Where its forms go.
    pub action: String,
    /// What was done a moment ago.
    pub told: Option<String>,
    /// What was wrong.
    pub error: Option<String>,
    /// Nobody has decided.
    pub open: bool,
    /// Nobody sees its subject.
    pub held: bool,
    /// The lever because of which it waits.
    pub because: Option<String>,
    /// Its post was edited since somebody gave notice.
    pub edited: bool,
    /// Why it comes when it does, in words.
    pub rank: String,
    /// Its notices.
    pub notices: Vec<CaseNotice>,
    /// How many there are.
    pub notice_count: u32,
    /// What banks know of it.
    pub matches: Vec<CaseMatch>,
    /// The post's link.
    pub url: String,
    /// How often it was opened.
    pub opened: i64,
    /// What the post said when notice was given, or says now.
    pub title: Option<String>,
    /// Its words.
    pub words: String,
    /// Its media must never be shown.
    pub never_shown: bool,
    /// Addresses of small pictures, which are asked for only when they are uncovered.
    pub media: Vec<String>,
    /// What else is like it.
    pub members: Vec<CaseMember>,
    /// What a decision would reach, in words.
    pub reach: String,
    /// When its poster took it away, if it is kept all the same.
    pub preserved: Option<Time>,
    /// The clauses of the policy that is in force.
    pub clauses: Vec<CaseClause>,
    /// What was decided on it.
    pub decisions: Vec<CaseDecision>,
}

/// `GET /console/decisions`.
#[derive(Clone, Debug, Template)]
#[template(path = "console/decisions.html")]
pub struct DecisionsPage {
    /// What every page of the console needs.
    pub frame: ConsoleFrame,
    /// The newest first.
    pub decisions: Vec<CaseDecision>,
    /// Older ones.
    pub older: Option<String>,
    /// Nothing is sealed as evidence, because nobody said for whom.
    pub unsealed: bool,
    /// What was done a moment ago.
    pub told: Option<String>,
    /// What was wrong.
    pub error: Option<String>,
}

/// An appeal that waits for an answer.
#[derive(Clone, Debug)]
pub struct OpenAppeal {
    /// Its id.
    pub id: String,
    /// What its poster says.
    pub words: String,
    /// When it has to be answered by.
    pub due: Time,
    /// Against what.
    pub statement: Statement,
    /// The case.
    pub case: String,
}

/// `GET /console/appeals`.
#[derive(Clone, Debug, Template)]
#[template(path = "console/appeals.html")]
pub struct AppealsPage {
    /// What every page of the console needs.
    pub frame: ConsoleFrame,
    /// Those that are due first.
    pub appeals: Vec<OpenAppeal>,
}

/// How often a bank was right, in words.
pub(crate) fn precision_words(locale: Locale, precision: Precision) -> String {
    match precision.judged() {
        0 => locale.text("bank-unjudged").into_owned(),
        judged => locale.with("bank-precision", &[("right", i64::from(precision.right).into()), ("judged", i64::from(judged).into())]),
    }
}

/// A rank with its parts, as a sum.
pub(crate) fn rank_words(locale: Locale, rank: &Rank) -> String {
    let part = |key, number: u32| format!("{} {}", locale.text(key), locale.number(number));
    let parts = [
        part("rank-clock", rank.clock),
        part("rank-source", rank.source),
        part("rank-severity", rank.severity),
        part("rank-sureness", rank.sureness),
        part("rank-reach", rank.reach),
    ];
    format!("{} = {}", part("rank-total", rank.total()), parts.join(" + "))
}

impl QueuePage {
    fn has_appeals(&self) -> bool {
        self.appeals > 0
    }
}
