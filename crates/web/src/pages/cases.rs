//! The console's pages about cases: the queue, one case, what was decided, and what was said against it.

use std::borrow::Borrow;

use askama::Template;
use domain::bank::Precision;
use domain::{Category, NoticeKind, Rank, Time};

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
    /// Its id: what tells it from the next of its kind.
    pub id: String,
    /// How many notices of it there are, in words.
    pub notices: Option<String>,
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
    /// Who has it open, or whom it was given to, in words.
    pub with: Option<String>,
}

/// The part of the queue that changes while somebody looks at it.
#[derive(Clone, Debug, Template)]
#[template(path = "console/queue-list.html")]
pub struct QueueList {
    /// The reader's language.
    pub locale: Locale,
    /// The cases that come next.
    pub entries: Vec<QueueEntry>,
    /// How many are open.
    pub open: u64,
    /// How many appeals wait.
    pub appeals: usize,
    /// How many posts wait for a look and for nothing else, for who may let all of them go.
    pub waiting: i64,
    /// What who reads did today, and may still do.
    pub today: Today,
    /// Only some are shown.
    pub filtered: bool,
}

/// What somebody did today, in words.
#[derive(Clone, Debug, Default)]
pub struct Today {
    /// Cases, looks, looks that were spared.
    pub words: String,
    /// They have looked as often today as they may.
    pub used_up: bool,
}

/// What of the queue is shown.
#[derive(Clone, Debug, Default)]
pub struct Filters {
    /// A kind of request, by its name.
    pub kind: String,
    /// A category, by its name.
    pub category: String,
    /// Only with a clock.
    pub due: bool,
    /// `mine`, `free`, or nothing.
    pub whose: String,
}

/// `GET /console`.
#[derive(Clone, Debug, Template)]
#[template(path = "console/queue.html")]
pub struct QueuePage {
    /// What every page of the console needs.
    pub frame: ConsoleFrame,
    /// The cases that come next.
    pub list: QueueList,
    /// What of them is shown.
    pub filters: Filters,
    /// Where the list is read again, alone.
    pub live: String,
    /// What was done a moment ago.
    pub told: Option<String>,
    /// A decision of theirs that can be undone by one key: its id, and what it was.
    pub undo: Option<(String, String)>,
    /// The site has fallen back to what its operator chose: since when and why, in words.
    pub away: Option<String>,
}

/// Something that was found.
#[derive(Clone, Debug)]
pub struct FoundEntry {
    /// Its page.
    pub url: String,
    /// What it is.
    pub heading: String,
    /// More of it.
    pub detail: String,
}

/// `GET /console/find`, for who has no script.
#[derive(Clone, Debug, Template)]
#[template(path = "console/found.html")]
pub struct FoundPage {
    /// What every page of the console needs.
    pub frame: ConsoleFrame,
    /// What was looked for.
    pub words: String,
    /// What was found.
    pub found: Vec<FoundEntry>,
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
    /// Its id.
    pub id: String,
    /// What whoever gave it was asked, and what they answered.
    pub asked: Option<(String, Option<String>)>,
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
    /// What it says, the beginning of it; empty: nothing.
    pub words: String,
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
    /// The first and the last day that they may name.
    pub days: [String; 2],
}

/// A ground that somebody cited before.
#[derive(Clone, Debug)]
pub struct CaseGround {
    /// What the form sends for it.
    pub value: String,
    /// In words.
    pub words: String,
    /// It is chosen.
    pub chosen: bool,
}

/// What a decision's form holds: what is likely, or what was typed before something was wrong.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// The action, by its name; empty: none is chosen yet.
    pub action: String,
    /// A law.
    pub law: String,
    /// What happened, for the poster.
    pub facts: String,
    /// What the site itself would say of that.
    pub composed: String,
    /// Countries.
    pub countries: String,
    /// What is covered, withheld or left is so with everything alike.
    pub alike: bool,
    /// The pictures and videos of a post that is removed are held, too, when they are posted again.
    pub media: bool,
    /// The bank that learns what is removed.
    pub bank: String,
}

/// A note about a case.
#[derive(Clone, Debug)]
pub struct CaseNote {
    /// Who wrote it.
    pub by: String,
    /// Whom the case was handed over to.
    pub to: Option<String>,
    /// What it says.
    pub words: String,
    /// When.
    pub created: Time,
}

/// Another case about the same post.
#[derive(Clone, Debug)]
pub struct CaseBefore {
    /// Its page.
    pub url: String,
    /// What it is about.
    pub heading: String,
    /// How it stands, in words.
    pub state: String,
    /// When it was opened.
    pub opened: Time,
}

/// A medium that can be looked at.
#[derive(Clone, Debug)]
pub struct CaseLook {
    /// Where its small picture stands.
    pub url: String,
    /// What it is, in words that show nothing of it.
    pub what: String,
    /// It is some frames of a film side by side.
    pub film: bool,
    /// How whoever reads knows it already, in words.
    pub known: Option<String>,
    /// It is drawn: whoever reads has asked for it, on a page without a script.
    pub shown: bool,
    /// The page with it drawn.
    pub here: String,
}

/// Somebody else has the case open.
#[derive(Clone, Debug)]
pub struct CaseClaim {
    /// Who.
    pub name: String,
    /// Until when that counts.
    pub until: Time,
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
    /// How much there is that is like it.
    pub alike: i64,
    /// The post's link.
    pub url: String,
    /// How often it was opened.
    pub opened: i64,
    /// What the post said when notice was given, or says now.
    pub title: Option<String>,
    /// Its words.
    pub words: String,
    /// What it says now, if it was edited since.
    pub now: Option<String>,
    /// Its media must never be shown.
    pub never_shown: bool,
    /// The banks that can learn what is removed, the usual one first; none: there is no choice.
    pub banks: Vec<String>,
    /// Which state of the post is shown, for a form that is sent after it has changed; none: it does not stand.
    pub version: Option<i64>,
    /// What can be looked at, which is asked for one by one.
    pub looks: Vec<CaseLook>,
    /// What who reads did today, and may still do.
    pub today: Today,
    /// Who else has it open; then nothing can be done to it but taking it over.
    pub claim: Option<CaseClaim>,
    /// Whom it was given to.
    pub assigned: Option<String>,
    /// What those who decide told each other, the latest first.
    pub notes: Vec<CaseNote>,
    /// To whom it can be handed over: id and name.
    pub others: Vec<(String, String)>,
    /// Other cases about the same post.
    pub before: Vec<CaseBefore>,
    /// Where whoever filed is asked back.
    pub ask_back: Option<String>,
    /// What the form is known by: sent twice, it decides once.
    pub token: String,
    /// Grounds that whoever reads cited before.
    pub grounds: Vec<CaseGround>,
    /// What the form holds.
    pub typed: Typed,
    /// What the members are known by that are shown, with a space between them.
    pub shown: String,
    /// A decision of theirs that can be undone by one key: its id, and what it was.
    pub undo: Option<(String, String)>,
    /// What else is like it.
    pub members: Vec<CaseMember>,
    /// What a decision would reach, in words.
    pub reach: String,
    /// It is a post as a whole with pictures or videos.
    pub own_media: bool,
    /// Until when an order forbids to tell anybody of what is decided on it and everything alike.
    pub silent: Option<Time>,
    /// When its poster took it away, if it is kept all the same.
    pub preserved: Option<Time>,
    /// The clauses of the policy that is in force.
    pub clauses: Vec<CaseClause>,
    /// What was decided on it.
    pub decisions: Vec<CaseDecision>,
    /// A note that could not be taken.
    pub note: String,
    /// A question that could not be taken: about which notice, and its words.
    pub question: Option<(String, String)>,
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
    /// What was typed for an answer that was not taken.
    pub typed: String,
    /// There are others that come back with it.
    pub several: bool,
    /// How much comes back if the decision is undone.
    pub reach: String,
    /// The case.
    pub case: String,
    /// Whoever reads decided it, and somebody else answers.
    pub own: bool,
    /// What was removed, for whoever answers; not what stands, which is seen where it stands.
    pub about: Option<AppealAbout>,
}

/// What an appeal is about.
#[derive(Clone, Debug)]
pub struct AppealAbout {
    /// The title of the post.
    pub title: Option<String>,
    /// Its words.
    pub words: String,
    /// What there is to look at.
    pub looks: Vec<CaseLook>,
    /// What its poster wrote to them: to which, and what.
    pub said: Vec<(String, String)>,
    /// There is something that nobody shall look at.
    pub never_shown: bool,
}

/// `GET /console/appeals`.
#[derive(Clone, Debug, Template)]
#[template(path = "console/appeals.html")]
pub struct AppealsPage {
    /// What every page of the console needs.
    pub frame: ConsoleFrame,
    /// Those that are due first.
    pub appeals: Vec<OpenAppeal>,
    /// What who reads did today, and may still do.
    pub today: Today,
    /// What was answered a moment ago.
    pub told: Option<String>,
    /// What was wrong.
    pub error: Option<String>,
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
        ("rank-clock", rank.clock),
        ("rank-source", rank.source),
        ("rank-severity", rank.severity),
        ("rank-sureness", rank.sureness),
        ("rank-reach", rank.reach),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|(_, number)| *number > 0).map(|(key, number)| part(key, number)).collect();
    let total = part("rank-total", rank.total());
    let sum = if parts.is_empty() { total } else { format!("{total} = {}", parts.join(" + ")) };
    // What would have made it heavier, and does not.
    let beside = [("rank-wave", rank.wave), ("rank-copies", rank.copies)].into_iter().filter(|(_, number)| *number > 0);
    beside.fold(sum, |words, (key, number)| format!("{words} · {}", locale.with(key, &[("reports", i64::from(number).into())])))
}

impl QueueList {
    fn has_appeals(&self) -> bool {
        self.appeals > 0
    }
}

impl Filters {
    fn is_kind(&self, kind: impl Borrow<NoticeKind>) -> bool {
        self.kind == kind.borrow().as_str()
    }

    fn is_category(&self, category: impl Borrow<Category>) -> bool {
        self.category == category.borrow().as_str()
    }

    pub(crate) fn is_any(&self) -> bool {
        self.due || [&self.kind, &self.category, &self.whose].into_iter().any(|one| !one.is_empty())
    }
}

impl CasePage {
    /// What was typed as a question about this notice, if that could not be taken.
    fn asked_of(&self, notice: &str) -> Option<&str> {
        self.question.as_ref().filter(|(own, _)| own == notice).map(|(_, words)| words.as_str())
    }

    /// So many notices are drawn; the others are folded away, so that a wave of them does not hide what they are about.
    fn at_first(&self) -> usize {
        3
    }

    /// Whether there are more than the page has.
    fn hides_some(&self) -> bool {
        usize::try_from(self.notice_count).is_ok_and(|count| count > self.notices.len())
    }

    /// How many others there are.
    fn rest(&self) -> i64 {
        i64::from(self.notice_count).saturating_sub(i64::try_from(self.at_first()).unwrap_or_default())
    }

    /// Whether whoever reads may decide. The template then begins with a hidden button: Enter presses a form's first one, which else would only keep the
    /// choice of members.
    fn acts(&self) -> bool {
        self.open && self.claim.is_none()
    }

    fn is(&self, action: &str) -> bool {
        self.typed.action == action
    }

    fn has_last_ground(&self) -> bool {
        self.grounds.iter().any(|ground| ground.chosen)
    }
}
