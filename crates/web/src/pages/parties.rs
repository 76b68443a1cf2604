//! The console's pages about registered parties.

use std::borrow::{Borrow, Cow};

use askama::Template;
use domain::party::CheckedBy;
use domain::{PartyKind, Time};

use super::console::{ConsoleFrame, Person};
use super::filings::FilingEntry;
use crate::locale::Locale;

/// How an identity was checked.
pub(crate) fn checked_words(locale: impl Borrow<Locale>, by: impl Borrow<CheckedBy>) -> Cow<'static, str> {
    locale.borrow().text(match by.borrow() {
        CheckedBy::CallBack => "checked-call-back",
        CheckedBy::InPerson => "checked-in-person",
        CheckedBy::Register => "checked-register",
        CheckedBy::Letter => "checked-letter",
    })
}

/// A party.
#[derive(Clone, Debug)]
pub struct PartyShown {
    /// Its page.
    pub url: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: PartyKind,
    /// Where its word is law.
    pub jurisdiction: String,
    /// What it reads.
    pub languages: String,
    /// How it is reached.
    pub contact: String,
    /// How its identity was checked, by whom and when.
    pub checked: Option<(CheckedBy, String, Time)>,
    /// Since when it may not file.
    pub suspended: Option<Time>,
    /// Since when its notices come when anybody's do, because they were often wrong.
    pub distrusted: Option<Time>,
    /// Since when it is registered.
    pub created: Time,
}

impl PartyShown {
    /// A party.
    pub(crate) fn of(row: &store::PartyRow) -> Self {
        let party = &row.party;
        let languages: Vec<&str> = party.languages.iter().map(domain::Language::as_str).collect();
        Self {
            url: format!("/console/parties/{}", row.id),
            name: party.name.as_str().to_owned(),
            kind: party.kind,
            jurisdiction: party.jurisdiction.to_string(),
            languages: languages.join(", "),
            contact: party.contact.clone(),
            checked: party.checked.as_ref().map(|checked| (checked.by, checked.who.clone(), checked.on)),
            suspended: row.suspended,
            distrusted: row.distrusted,
            created: row.created,
        }
    }
}

/// What was typed of a party.
#[derive(Clone, Debug, Default)]
pub struct PartyValues {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: String,
    /// Where its word is law.
    pub jurisdiction: String,
    /// What it reads.
    pub languages: String,
    /// How it is reached.
    pub contact: String,
    /// How it was checked.
    pub checked_by: String,
    /// By whom.
    pub checked_who: String,
    /// On which day.
    pub checked_on: String,
}

/// `GET /console/parties`, and the answer to a party that could not be taken.
#[derive(Clone, Debug, Template)]
#[template(path = "console/parties.html")]
pub struct PartiesPage {
    /// What every page of the console needs.
    pub frame: ConsoleFrame,
    /// In the order in which they were registered.
    pub parties: Vec<PartyShown>,
    /// What was typed.
    pub values: PartyValues,
    /// What was wrong.
    pub error: Option<&'static str>,
}

impl PartiesPage {
    /// For the fields of a check, which stand on two pages.
    fn today(&self) -> &PartyValues {
        &self.values
    }
}

/// A key of a party's.
#[derive(Clone, Debug)]
pub struct KeyShown {
    /// What its signatures name.
    pub id: String,
    /// Its public part, base64.
    pub public: String,
    /// Since when.
    pub created: Time,
    /// Since when it is good no more.
    pub revoked: Option<Time>,
}

/// `GET /console/parties/{id}`, and the answers to its forms.
#[derive(Clone, Debug, Template)]
#[template(path = "console/party.html")]
pub struct PartyPage {
    /// What every page of the console needs.
    pub frame: ConsoleFrame,
    /// It.
    pub party: PartyShown,
    /// Its keys.
    pub keys: Vec<KeyShown>,
    /// Who files for it.
    pub people: Vec<Person>,
    /// How often its notices were right, in words.
    pub precision: String,
    /// What it filed last.
    pub filings: Vec<FilingEntry>,
    /// A link that was just made: for whom, its address, until when.
    pub link: Option<(String, String, Time)>,
    /// What was wrong.
    pub error: Option<&'static str>,
    /// What was typed.
    pub typed: PartyTyped,
}

/// What was typed on a party's page.
#[derive(Clone, Debug, Default)]
pub struct PartyTyped {
    /// Of a check.
    pub check: PartyValues,
    /// A key's name.
    pub key: String,
    /// Its public half.
    pub public: String,
    /// Somebody's name.
    pub person: String,
}

impl PartyPage {
    fn today(&self) -> &PartyValues {
        &self.typed.check
    }
}

/// `GET /console/parties/{id}/deeds`: what was done in a party's name since a time.
#[derive(Clone, Debug, Template)]
#[template(path = "console/deeds.html")]
pub struct DeedsPage {
    /// What every page of the console needs.
    pub frame: ConsoleFrame,
    /// Whose name it was.
    pub party: PartyShown,
    /// Since when, as a form writes it.
    pub since: String,
    /// The same.
    pub from: Option<Time>,
    /// What was wrong.
    pub error: Option<&'static str>,
    /// It is being undone.
    pub undoing: bool,
    /// How many requests, cases, held things and decisions there are, in words.
    pub counted: Vec<String>,
    /// The requests.
    pub filings: Vec<DeedFiling>,
    /// The cases, with what they are about and what would become of them.
    pub cases: Vec<DeedCase>,
}

/// A request among them.
#[derive(Clone, Debug)]
pub struct DeedFiling {
    /// Its page.
    pub url: String,
    /// Its kind.
    pub kind: domain::NoticeKind,
    /// Its sender's own reference.
    pub reference: Option<String>,
    /// When it came.
    pub received: Time,
}

/// A case among them.
#[derive(Clone, Debug)]
pub struct DeedCase {
    /// Its page.
    pub url: String,
    /// What it is about.
    pub subject: String,
    /// What was decided on it, or how it stands.
    pub stands: Vec<&'static str>,
    /// Nobody else gave notice of it.
    pub alone: bool,
}
