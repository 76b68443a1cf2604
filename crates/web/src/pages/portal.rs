//! The portal's pages: what a registered party has filed, and the forms by which its people file more.

use std::borrow::Borrow;

use askama::Template;
use domain::notice::{Asks, Gag};
use domain::{Category, NoticeError, NoticeKind, TcoReason};

use super::console::ConsoleFrame;
use super::filings::FilingEntry;
use super::notices::field_of;
use crate::locale::Locale;

/// `GET /portal`.
#[derive(Clone, Debug, Template)]
#[template(path = "portal/portal.html")]
pub struct PortalPage {
    /// What every page of the portal needs.
    pub frame: ConsoleFrame,
    /// The party's name.
    pub party: String,
    /// What it may send.
    pub kinds: Vec<NoticeKind>,
    /// What it has filed, the newest first.
    pub entries: Vec<FilingEntry>,
    /// Nothing newer was left out.
    pub first: bool,
    /// The address of what is older.
    pub older: Option<String>,
}

/// What was typed.
#[derive(Clone, Debug, Default)]
pub struct FileValues(pub Vec<(String, String)>);

impl FileValues {
    /// A field; empty if it was not sent.
    #[must_use]
    pub fn field(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    fn has(&self, name: &str, value: &str) -> bool {
        self.0.iter().any(|(key, own)| key == name && own == value)
    }
}

/// `GET /portal/file?type=…`, and the answer to a form that was not whole.
#[derive(Clone, Debug, Template)]
#[template(path = "portal/file.html")]
pub struct FilePage {
    /// What every page of the portal needs.
    pub frame: ConsoleFrame,
    /// What is filed.
    pub kind: NoticeKind,
    /// What was typed.
    pub values: FileValues,
    /// What was wrong.
    pub error: Option<NoticeError>,
    /// What else was wrong, in words.
    pub told: Option<String>,
}

impl FilePage {
    /// It is an order or a request of an authority, not a notice.
    fn orders(&self) -> bool {
        self.kind.rule().asks != Asks::ToDecide
    }

    fn is_tco(&self) -> bool {
        self.kind == NoticeKind::TcoRemovalOrder
    }

    /// It may say by when.
    fn may_say_due(&self) -> bool {
        self.kind.binds() && self.kind.rule().within_ms.is_none()
    }

    fn may_be_secret(&self) -> bool {
        self.kind.rule().gag != Gag::Never
    }

    fn asks_for_information(&self) -> bool {
        self.kind.rule().asks == Asks::ToTell
    }

    fn asks_good_faith(&self) -> bool {
        self.kind.rule().category.is_none()
    }

    /// What is wrong need not be said of what is about terrorism by its kind.
    fn asks_category(&self) -> bool {
        !matches!(self.kind, NoticeKind::TcoRemovalOrder | NoticeKind::TcoReferral | NoticeKind::ThreatToLife)
    }

    fn chosen(&self, category: impl Borrow<Category>) -> bool {
        let typed = self.values.field("category");
        let by_kind = self.kind.rule().category.map(Category::as_str);
        (if typed.is_empty() { by_kind } else { Some(typed) }) == Some(category.borrow().as_str())
    }

    fn ticked(&self, reason: impl Borrow<TcoReason>) -> bool {
        self.values.has("reasons", reason.borrow().as_str())
    }

    fn wrong(&self, field: &str) -> bool {
        self.error.is_some_and(|error| field_of(error) == field)
    }
}

/// What is said of a line of a list.
#[derive(Clone, Debug)]
pub struct LineShown {
    /// Which line of the text it began on.
    pub line: u64,
    /// What was done with it: a key.
    pub state: &'static str,
    /// What is wrong with it, or what it lacks, in words.
    pub words: String,
    /// Its own page.
    pub url: Option<String>,
}

/// What came of a list.
#[derive(Clone, Debug)]
pub struct ListAnswer {
    /// Lines that were taken.
    pub taken: usize,
    /// Lines that say what an earlier one says.
    pub duplicates: usize,
    /// Lines that are wrong.
    pub refused: usize,
    /// What is shown of it.
    pub lines: Vec<LineShown>,
    /// How many lines more there are.
    pub left: usize,
    /// All of it as a table, in the address itself.
    pub csv: String,
}

/// `GET /portal/list`, and the answer to a list.
#[derive(Clone, Debug, Template)]
#[template(path = "portal/list.html")]
pub struct ListPage {
    /// What every page of the portal needs.
    pub frame: ConsoleFrame,
    /// Why the list could not be read.
    pub error: Option<String>,
    /// What came of it.
    pub answer: Option<ListAnswer>,
}

impl ListAnswer {
    fn tally(&self, locale: impl Borrow<Locale>) -> String {
        let locale = locale.borrow();
        let number = |count: usize| locale.number(i64::try_from(count).unwrap_or(i64::MAX));
        let others = [("duplicates", number(self.duplicates).into()), ("refused", number(self.refused).into())];
        locale.with("list-tally", &[[("taken", self.taken.into())].as_slice(), &others].concat())
    }
}

impl LineShown {
    fn number(&self, locale: impl Borrow<Locale>) -> String {
        locale.borrow().number(i64::try_from(self.line).unwrap_or(i64::MAX))
    }
}
