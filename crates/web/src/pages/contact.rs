//! The page of who runs the site, and how they are reached.

use askama::Template;
use domain::Language;

use super::{Frame, POST_LANGUAGES};
use crate::contact::{Missing, Points};

/// `GET /contact`.
#[derive(Clone, Debug, Template)]
#[template(path = "contact/contact.html")]
pub struct ContactPage {
    /// What every page needs.
    pub frame: Frame,
}

impl ContactPage {
    fn points(&self) -> &Points {
        &self.frame.house.points
    }

    /// A language's name for itself, or its tag.
    fn autonym(&self, language: &Language) -> String {
        let own = POST_LANGUAGES.iter().find(|(tag, _)| *tag == language.as_str());
        own.map_or_else(|| language.to_string(), |(_, name)| (*name).to_owned())
    }

    fn missing(&self) -> Vec<&'static str> {
        self.points().missing().into_iter().map(missing_key).collect()
    }
}

fn missing_key(missing: Missing) -> &'static str {
    match missing {
        Missing::Reach => "contact-missing-reach",
        Missing::Name => "contact-missing-name",
        Missing::Address => "contact-missing-address",
        Missing::Languages => "contact-missing-languages",
        Missing::Country => "contact-missing-country",
        Missing::Representative => "contact-missing-representative",
    }
}
