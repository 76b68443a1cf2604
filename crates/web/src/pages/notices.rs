//! The form by which anybody says that something should not stand, and the page on which they read what became of it.

use std::borrow::Borrow;

use askama::Template;
use domain::{Category, NoticeError, Time};

use super::Frame;
use super::removed::Statement;
use crate::locale::Locale;

/// One thing that a notice can be about, on the form.
#[derive(Clone, Debug)]
pub struct AboutChoice {
    /// What the form sends: nothing for the post as a whole, else the medium's id.
    pub value: String,
    /// Its number in the post; `None`: the whole.
    pub number: Option<usize>,
    /// What its poster says that it shows.
    pub alt: Option<String>,
    /// Chosen already.
    pub chosen: bool,
}

/// What was typed.
#[derive(Clone, Debug, Default)]
pub struct NoticeValues {
    /// A category's name.
    pub category: String,
    /// Why.
    pub explanation: String,
    /// Who.
    pub name: String,
    /// Where to write to.
    pub email: String,
    /// Said in good faith.
    pub good_faith: bool,
}

/// `GET /{id}/report`, and the answer to a form that was not whole.
#[derive(Clone, Debug, Template)]
#[template(path = "notices/report.html")]
pub struct ReportPage {
    /// What every page needs.
    pub frame: Frame,
    /// The post's link.
    pub url: String,
    /// Where the form goes.
    pub action: String,
    /// What it can be about.
    pub choices: Vec<AboutChoice>,
    /// What was typed.
    pub values: NoticeValues,
    /// What was wrong, in words.
    pub told: Option<String>,
    /// Where it was wrong.
    pub error: Option<NoticeError>,
    /// The site sends mail.
    pub mail: bool,
}

impl ReportPage {
    fn is(&self, category: impl Borrow<Category>) -> bool {
        self.values.category == category.borrow().as_str()
    }

    fn wrong(&self, field: &str) -> bool {
        self.error.is_some_and(|error| field_of(error) == field)
    }
}

/// The form's field that is wrong.
pub(crate) fn field_of(error: NoticeError) -> &'static str {
    match error {
        NoticeError::Kind | NoticeError::Unregistered => "type",
        NoticeError::Category => "category",
        NoticeError::Explanation | NoticeError::TooLong => "explanation",
        NoticeError::Name => "name",
        NoticeError::Email => "email",
        NoticeError::GoodFaith => "good_faith",
        NoticeError::Reason => "reasons",
        NoticeError::Time(field) => field,
        NoticeError::Secret => "secret",
    }
}

/// What is wrong with a notice, and what to do.
pub(crate) fn notice_error_words(locale: impl Borrow<Locale>, error: impl Borrow<NoticeError>) -> String {
    let key = match error.borrow() {
        NoticeError::Kind => "notice-kind",
        NoticeError::Unregistered => "notice-unregistered",
        NoticeError::Category => "notice-category",
        NoticeError::Explanation => "notice-explanation",
        NoticeError::TooLong => "notice-too-long",
        NoticeError::Name => "notice-name",
        NoticeError::Email => "notice-email",
        NoticeError::GoodFaith => "notice-good-faith",
        NoticeError::Reason => "notice-reason",
        NoticeError::Time(_) => "notice-time",
        NoticeError::Secret => "notice-secret",
    };
    locale.borrow().text(key).into_owned()
}

/// A category in plain words.
pub(crate) fn category_words(locale: impl Borrow<Locale>, category: impl Borrow<Category>) -> String {
    let key = match category.borrow() {
        Category::LifeInDanger => "category-life-in-danger",
        Category::ChildAbuse => "category-child-abuse",
        Category::Terrorism => "category-terrorism",
        Category::IntimateImages => "category-intimate-images",
        Category::Violence => "category-violence",
        Category::Hate => "category-hate",
        Category::Privacy => "category-privacy",
        Category::Fraud => "category-fraud",
        Category::Copyright => "category-copyright",
        Category::OtherIllegal => "category-other-illegal",
        Category::Policy => "category-policy",
    };
    locale.borrow().text(key).into_owned()
}

/// What became of a notice on one subject.
#[derive(Clone, Debug)]
pub enum Became {
    /// Nobody has decided.
    Open,
    /// It is gone by itself.
    Gone,
    /// Nothing is done: with the words that were given for that, if any.
    Left(Option<String>),
    /// It is covered.
    Covered(Box<Statement>),
    /// It was removed.
    Removed(Box<Statement>),
    /// It was, and came back after its poster had complained.
    Restored,
}

/// `GET /notices/{receipt}`.
#[derive(Clone, Debug, Template)]
#[template(path = "notices/receipt.html")]
pub struct ReceiptPage {
    /// What every page needs.
    pub frame: Frame,
    /// This page's link.
    pub url: String,
    /// It was filed a moment ago.
    pub filed: bool,
    /// It is sent by mail, too, and so is what will be decided.
    pub mailed: bool,
    /// Its giver wants no mail any more, as of a moment ago.
    pub stopped: bool,
    /// When it came.
    pub created: Time,
    /// What it was said to be.
    pub category: Category,
    /// Each subject's link, and what became of it.
    pub subjects: Vec<(String, Became)>,
    /// What whoever decides wants to know: about which notice, in what words, and what was answered.
    pub questions: Vec<(String, String, Option<String>)>,
    /// An answer that could not be taken: to which notice's question, and its words.
    pub typed: Option<(String, String)>,
}

impl ReceiptPage {
    /// What was typed as an answer to this notice's question, if that could not be taken.
    fn refused(&self, notice: &str) -> Option<&str> {
        self.typed.as_ref().filter(|(own, _)| own == notice).map(|(_, words)| words.as_str())
    }

    /// Where mail is declined.
    fn stop(&self) -> String {
        format!("{}/no-mail", self.frame.back)
    }

    fn is_decided(&self, became: &Became) -> bool {
        matches!(became, Became::Left(_) | Became::Covered(_) | Became::Removed(_) | Became::Restored)
    }
}
