//! The first page: choose, write, publish.

use askama::Template;
use domain::Limits;

use super::{Frame, POST_LANGUAGES, RefusedFile};

/// What stands in the composer's fields, as it was typed.
#[derive(Clone, Debug, Default)]
pub struct ComposerValues {
    /// One line.
    pub title: String,
    /// Markdown.
    pub text: String,
    /// A BCP 47 tag; empty: detect.
    pub language: String,
    /// On public lists.
    pub listed: bool,
    /// Covered until asked for.
    pub sensitive: bool,
    /// `never`, `1h` … `1y`; empty: never. On the manage page empty: as it is.
    pub expires: String,
    /// How often it may (still) be opened; empty: any number of times.
    pub views: String,
    /// The post has a password. The composer never knows: there it is typed.
    pub has_password: bool,
}

/// `GET /`, and the answer to a `POST /` of a browser that was refused.
#[derive(Clone, Debug, Template)]
#[template(path = "composer/composer.html")]
pub struct ComposerPage {
    /// What every page needs.
    pub frame: Frame,
    /// What the operator allows; shown before anything is sent.
    pub limits: Limits,
    /// What makes two presses of one Publish one post: no two pages have the same.
    pub once: String,
    /// Words kept from a refused request.
    pub values: ComposerValues,
    /// What was wrong, in the reader's language (see [`super::draft_error_words`]).
    pub error: Option<String>,
    /// The name of the field that the error belongs to (`title`, `text`, `language`, `expires`, `file`).
    pub error_field: Option<&'static str>,
    /// Files that were not taken.
    pub refused: Vec<RefusedFile>,
}

/// Where the form goes: to this page's address, but not by its very letters. A browser forgets what it has kept of an address to which a
/// form was sent, and who goes back to the page would get a new one, on which the same press of Publish made a second post.
pub(super) const ACTION: &str = "/?";

/// The ends of a post that are offered, and the keys of their words.
pub(super) const EXPIRIES: &[(&str, &str)] = &[
    ("never", "expires-never"),
    ("1h", "expires-1h"),
    ("1d", "expires-1d"),
    ("1w", "expires-1w"),
    ("1m", "expires-1m"),
    ("1y", "expires-1y"),
];

/// The words that the composer's scripts say, beside those that stand in its markup and those that hold a name or a number.
pub(super) const ISLAND_WORDS: &[&str] = &[
    "draft-nothing",
    "draft-views",
    "link-by-hand",
    "link-copied",
    "link-copied-manage",
    "link-select",
    "outcome-all-ready",
    "outcome-others-ready",
    "password-again",
    "publish-failed",
    "publish-nothing-left",
    "publish-patience",
    "publish-proving",
    "publish-waiting",
    "published",
    "published-empty",
    "published-taken",
    "publishing",
];

/// The words for files under way, which the composer and the manage page say alike.
pub(super) const TRAY_WORDS: &[&str] = &[
    "file-nameless",
    "outcome-all-arrived",
    "outcome-arriving",
    "outcome-missing",
    "outcome-others-arrived",
    "preview-empty",
    "upload-again",
    "upload-all-arrived",
    "upload-arrived",
    "upload-changed",
    "upload-failed",
    "upload-gone",
    "upload-missing",
    "upload-offline",
    "upload-others-arrived",
    "upload-ready",
    "upload-waiting",
];

impl ComposerValues {
    /// A language that the list does not offer: it is kept all the same.
    pub(super) fn other_language(&self) -> Option<&str> {
        let offered = POST_LANGUAGES.iter().any(|(tag, _)| *tag == self.language);
        (!offered && !self.language.is_empty()).then_some(self.language.as_str())
    }

    pub(super) fn is_language(&self, tag: &str) -> bool {
        self.language == tag
    }

    pub(super) fn is_expiry(&self, wish: &str) -> bool {
        self.expires == wish
    }
}

impl ComposerPage {
    fn wrong(&self, field: &str) -> bool {
        self.error.is_some() && self.error_field == Some(field)
    }

    /// Whether the folded options hold something that must be seen.
    fn options_open(&self) -> bool {
        let values = &self.values;
        let unusual = values.listed
            || values.sensitive
            || !values.views.is_empty()
            || !values.language.is_empty()
            || !matches!(values.expires.as_str(), "" | "never");
        unusual || ["language", "expires", "password", "views", "listed", "sensitive"].iter().any(|field| self.wrong(field))
    }

    fn keeps_words(&self) -> bool {
        !self.values.title.is_empty() || !self.values.text.is_empty()
    }

    /// Whether the title's or the words' own place tells the error, so that the top need not repeat it.
    fn has_trouble(&self) -> bool {
        self.error.is_some() || !self.refused.is_empty()
    }
}
