//! The page of a policy.

use askama::Template;
use domain::policy::PolicyText;
use domain::{Language, Time};

use super::{Frame, POST_LANGUAGES};

/// A policy in one language, drawn.
#[derive(Clone, Debug)]
pub struct Written {
    /// The language.
    pub language: Language,
    /// Its name.
    pub title: String,
    /// What it begins with, HTML.
    pub lead: String,
    /// Its parts: what each is cited by, its name, its words as HTML.
    pub sections: Vec<(Option<String>, String, String)>,
}

impl Written {
    pub(crate) fn of(text: &PolicyText) -> Self {
        let sections = text.sections.iter();
        Self {
            language: text.language.clone(),
            title: text.title.clone(),
            lead: app::operator_html(&text.lead),
            sections: sections
                .map(|one| (one.id.as_ref().map(ToString::to_string), one.heading.clone(), app::operator_html(&one.words)))
                .collect(),
        }
    }
}

/// `GET /policy` and `GET /policy/{version}`.
#[derive(Clone, Debug, Template)]
#[template(path = "policy/policy.html")]
pub struct PolicyPage {
    /// What every page needs.
    pub frame: Frame,
    /// The number of the version.
    pub version: i64,
    /// Since when it was in force.
    pub since: Time,
    /// Until when; `None`: it is.
    pub until: Option<Time>,
    /// It is in the reader's language, or in the one that they asked for.
    pub own_language: bool,
    /// What it says.
    pub written: Written,
    /// In which languages there is a text of it.
    pub languages: Vec<Language>,
    /// All versions with the times since when they were in force, the newest first.
    pub versions: Vec<(i64, Time)>,
}

impl PolicyPage {
    /// The language's name for itself, or its tag.
    fn autonym(&self, language: &Language) -> String {
        let own = POST_LANGUAGES.iter().find(|(tag, _)| *tag == language.as_str());
        own.map_or_else(|| language.to_string(), |(_, name)| (*name).to_owned())
    }

    fn is_shown(&self, language: &Language) -> bool {
        *language == self.written.language
    }

    fn end(&self) -> Time {
        self.until.unwrap_or(self.since)
    }

    fn is_version(&self, version: &i64) -> bool {
        *version == self.version
    }
}
