//! Levers: the operator's page, and what posters are told of those that are pulled.

use app::levers::LeverRefused;
use askama::Template;
use domain::lever::{Pulled, Source};
use domain::{Lever, Time};

use super::console::ConsoleFrame;
use crate::locale::Locale;

/// For how long a lever may be pulled, and the key of its words.
const LENGTHS: &[(&str, &str)] = &[("1h", "lever-1h"), ("6h", "lever-6h"), ("1d", "lever-1d"), ("3d", "lever-3d"), ("7d", "lever-7d")];

/// `GET /console/levers`, and the answers to its forms.
#[derive(Clone, Debug, Template)]
#[template(path = "console/levers.html")]
pub struct LeversPage {
    /// What every page of the console needs.
    pub frame: ConsoleFrame,
    /// All there are.
    pub levers: Vec<LeverEntry>,
    /// Posts that wait for a look because of one, and for nothing else.
    pub waiting: i64,
    /// Why one stays as it is.
    pub trouble: Option<LeverRefused>,
}

/// A lever as it stands.
#[derive(Clone, Debug)]
pub struct LeverEntry {
    /// Which.
    pub lever: Lever,
    /// By whom it is pulled.
    pub pulled: Vec<Pulled>,
}

impl LeversPage {
    fn lengths(&self) -> &'static [(&'static str, &'static str)] {
        LENGTHS
    }

    fn trouble_words(&self) -> Option<String> {
        self.trouble.map(|refused| {
            let key = match refused {
                LeverRefused::NotAllowed => "lever-not-allowed",
                LeverRefused::NotPulled | LeverRefused::End(_) => "lever-end",
            };
            self.frame.locale.text(key).into_owned()
        })
    }
}

impl LeverEntry {
    fn name(&self, locale: &Locale) -> String {
        locale.text(name_key(self.lever)).into_owned()
    }

    fn hint(&self, locale: &Locale) -> String {
        locale.text(hint_key(self.lever)).into_owned()
    }

    fn state(&self, locale: &Locale, pulled: &Pulled) -> String {
        let key = match pulled.source {
            Source::Operator => "lever-pulled",
            Source::NobodyAtHome => "lever-pulled-by-site",
        };
        locale.with(key, &[("until", until_words(*locale, pulled.until).into())])
    }
}

/// A lever's name.
pub(crate) fn name_key(lever: Lever) -> &'static str {
    match lever {
        Lever::SlowMode => "lever-slow-mode",
        Lever::HoldUploads => "lever-hold-uploads",
        Lever::HoldFresh => "lever-hold-fresh",
        Lever::NoVideos => "lever-no-videos",
        Lever::NoLinks => "lever-no-links",
        Lever::ReadOnly => "lever-read-only",
    }
}

/// What a lever does, in a sentence.
pub(crate) fn hint_key(lever: Lever) -> &'static str {
    match lever {
        Lever::SlowMode => "lever-slow-mode-hint",
        Lever::HoldUploads => "lever-hold-uploads-hint",
        Lever::HoldFresh => "lever-hold-fresh-hint",
        Lever::NoVideos => "lever-no-videos-hint",
        Lever::NoLinks => "lever-no-links-hint",
        Lever::ReadOnly => "lever-read-only-hint",
    }
}

/// Until when, within a sentence.
pub(crate) fn until_words(locale: Locale, until: Option<Time>) -> String {
    match until {
        Some(until) => locale.with("lever-until", &[("time", locale.date_time(until).into())]),
        None => locale.text("lever-for-now").into_owned(),
    }
}

/// What posters are told of a lever before they begin.
pub(crate) fn told(locale: Locale, pulled: &Pulled, slow_minutes: u64) -> String {
    let key = match pulled.lever {
        Lever::SlowMode => "lever-told-slow-mode",
        Lever::HoldUploads => "lever-told-hold-uploads",
        Lever::HoldFresh => "lever-told-hold-fresh",
        Lever::NoVideos => "lever-told-no-videos",
        Lever::NoLinks => "lever-told-no-links",
        Lever::ReadOnly => "lever-told-read-only",
    };
    locale.with(key, &[("until", until_words(locale, pulled.until).into()), ("minutes", slow_minutes.into())])
}
