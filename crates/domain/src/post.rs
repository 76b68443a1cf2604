//! What a poster asks for when publishing, checked; and the states of what was published.

use serde::{Deserialize, Serialize};

use crate::expiry::{Expiry, ExpiryError};
use crate::language::Language;
use crate::limits::Limits;
use crate::media::names;
use crate::password::{LONGEST, Password};
use crate::text::{clean_line, clean_text, number};

/// How a post stands, as `/{id}.json` tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PostState {
    /// Complete and public.
    Live,
    /// Public; some of its media are still being prepared.
    Processing,
    /// Public later; no time is promised.
    Waiting,
    /// It asks for a password or a press of Open; nothing else is told.
    Locked,
    /// Made dark by a decision.
    Withheld,
    /// Deleted or expired.
    Gone,
}
names!(PostState { Live = "live", Processing = "processing", Waiting = "waiting", Locked = "locked", Withheld = "withheld", Gone = "gone" });

/// The fields of a post exactly as they arrived, by form, `curl` or JSON. `None`: the field was not sent.
#[derive(Clone, Debug, Default)]
pub struct RawDraft {
    /// One line.
    pub title: Option<String>,
    /// Markdown.
    pub text: Option<String>,
    /// A BCP 47 tag; empty or absent: detect.
    pub language: Option<String>,
    /// `1` to stand on public lists.
    pub listed: Option<String>,
    /// `1` if the post should be covered.
    pub sensitive: Option<String>,
    /// `never`, `1h` … `1y`.
    pub expires: Option<String>,
    /// What a visitor has to type; empty: nothing.
    pub password: Option<String>,
    /// How often it may be opened, a number; empty: any number of times.
    pub views: Option<String>,
}

/// The same, checked and cleaned.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Draft {
    /// One line, not empty.
    pub title: Option<String>,
    /// Markdown; empty if there are no words.
    pub text: String,
    /// As told, else as detected.
    pub language: Option<Language>,
    /// On public lists.
    pub listed: bool,
    /// Covered until asked for.
    pub sensitive: bool,
    /// Its end.
    pub expiry: Expiry,
    /// What a visitor has to type.
    pub password: Option<Password>,
    /// How often it may be opened.
    pub views: Option<u32>,
}

/// The most openings that can be asked for.
pub const MOST_VIEWS: u32 = 1_000_000;

/// Which field is wrong. Each has words in every language under `draft-…`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    /// `text` is longer than the operator allows.
    #[error("the text is longer than {limit_bytes} bytes")]
    TextTooLong {
        /// The operator's limit.
        limit_bytes: usize,
    },
    /// `title`, a caption or an alternative text is longer than the operator allows.
    #[error("`{field}` is longer than {limit} characters")]
    LineTooLong {
        /// The field's name.
        field: &'static str,
        /// The operator's limit, in characters.
        limit: usize,
    },
    /// `language` is not a BCP 47 tag.
    #[error("`language` is not a BCP 47 language tag, such as `en` or `ar-EG`")]
    Language,
    /// A field that is `1` or `0` has another value.
    #[error("`{0}` is 1 or 0")]
    Flag(&'static str),
    /// A field came twice.
    #[error("`{0}` came more than once")]
    Twice(&'static str),
    /// `expires` was not understood.
    #[error(transparent)]
    Expires(#[from] ExpiryError),
    /// `password` is empty where a password is asked for.
    #[error("`password` is empty")]
    NoPassword,
    /// `password` is too long.
    #[error("`password` has at most {LONGEST} characters")]
    Password,
    /// `views` is no number of openings.
    #[error("`views` is a number from 1 to {MOST_VIEWS}")]
    Views,
    /// More media than a post may have.
    #[error("a post has at most {limit} files")]
    TooManyFiles {
        /// The operator's limit.
        limit: usize,
    },
    /// Somebody has changed the post since this form was opened.
    #[error("the post was changed in the meantime")]
    Changed,
    /// A medium's upload is not there, or is another medium already.
    #[error("an upload is not there any more, or belongs to another post")]
    Upload,
    /// A still is given to what is no video, or is a video itself.
    #[error("only a video has a still, and a still is a photo")]
    Still,
    /// `Idempotency-Key` is no key.
    #[error("`Idempotency-Key` is 22 to 200 printable ASCII characters")]
    IdempotencyKey,
    /// The key came with another request before.
    #[error("another request came under this `Idempotency-Key` before")]
    Repeated,
    /// The manage secret that the client has made is too short, or is no base64url.
    #[error("`manage_secret` is 22 to 86 characters of base64url")]
    ManageSecret,
    /// There is nothing to post.
    #[error("there is nothing to post: choose a file or write some words")]
    Nothing,
    /// A field that does not exist, and its name, or the beginning of it.
    #[error("there is no field `{0}`")]
    UnknownField(String),
}

impl DraftError {
    /// Whoever sent it may have sent anything.
    #[must_use]
    pub fn unknown(name: &str) -> Self {
        const LONGEST: usize = 40;
        Self::UnknownField(clean_line(name).chars().take(LONGEST).collect())
    }
}

impl RawDraft {
    /// Checks every field against `limits`.
    pub fn check(&self, limits: &Limits) -> Result<Draft, DraftError> {
        let title = line("title", self.title.as_deref(), limits)?;
        let text = self.text.as_deref().unwrap_or_default();
        if text.len() > limits.text_bytes {
            return Err(DraftError::TextTooLong { limit_bytes: limits.text_bytes });
        }
        let text = clean_text(text);
        let language = match self.language.as_deref().map(str::trim) {
            None | Some("") => Language::detect(&format!("{}\n{text}", title.as_deref().unwrap_or_default())),
            Some(tag) => Some(Language::parse(tag).ok_or(DraftError::Language)?),
        };
        let expiry = match self.expires.as_deref().map(str::trim) {
            None | Some("") => Expiry::Never,
            Some(wish) => Expiry::parse(wish)?,
        };
        Ok(Draft {
            title,
            text,
            language,
            listed: flag("listed", self.listed.as_deref())?,
            sensitive: flag("sensitive", self.sensitive.as_deref())?,
            expiry,
            password: match self.password.as_deref() {
                None | Some("") => None,
                Some(typed) => Some(Password::parse(typed).ok_or(DraftError::Password)?),
            },
            views: views(self.views.as_deref())?,
        })
    }
}

/// Checks a field of one line (`title`, `caption`, `alt`); `None` if nothing is left of it.
pub fn line(field: &'static str, raw: Option<&str>, limits: &Limits) -> Result<Option<String>, DraftError> {
    let Some(raw) = raw else { return Ok(None) };
    // Cleaning costs time in proportion to the text, so the cheap bound comes first (a character has at most four bytes).
    if raw.len() > limits.line_characters.saturating_mul(8) {
        return Err(DraftError::LineTooLong { field, limit: limits.line_characters });
    }
    let line = clean_line(raw);
    if line.chars().count() > limits.line_characters {
        return Err(DraftError::LineTooLong { field, limit: limits.line_characters });
    }
    Ok((!line.is_empty()).then_some(line))
}

/// Reads a number of openings; `None`: any number.
fn views(raw: Option<&str>) -> Result<Option<u32>, DraftError> {
    match raw.map(str::trim) {
        None | Some("") => Ok(None),
        Some(typed) => match number(typed) {
            Some(views @ 1..=MOST_VIEWS) => Ok(Some(views)),
            _ => Err(DraftError::Views),
        },
    }
}

fn flag(field: &'static str, raw: Option<&str>) -> Result<bool, DraftError> {
    match raw.map(str::trim) {
        None | Some("" | "0" | "false" | "off") => Ok(false),
        Some("1" | "true" | "on") => Ok(true),
        Some(_) => Err(DraftError::Flag(field)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: RawDraft) -> Result<Draft, DraftError> {
        raw.check(&Limits::default())
    }

    #[test]
    fn the_defaults_are_unlisted_never_not_sensitive() {
        assert_eq!(check(RawDraft::default()), Ok(Draft::default()));
    }

    #[test]
    fn each_wrong_field_is_named() {
        let raw = RawDraft::default;
        let limits = Limits::default();
        assert_eq!(check(RawDraft { listed: Some("yes please".into()), ..raw() }), Err(DraftError::Flag("listed")));
        assert_eq!(check(RawDraft { sensitive: Some("2".into()), ..raw() }), Err(DraftError::Flag("sensitive")));
        assert_eq!(check(RawDraft { language: Some("<script>".into()), ..raw() }), Err(DraftError::Language));
        assert_eq!(check(RawDraft { expires: Some("10 years".into()), ..raw() }), Err(DraftError::Expires(ExpiryError)));
        assert_eq!(check(RawDraft { password: Some("x".repeat(LONGEST + 1)), ..raw() }), Err(DraftError::Password));
        for views in ["0", "-1", "many", "1000001", "1.5"] {
            assert_eq!(check(RawDraft { views: Some(views.into()), ..raw() }), Err(DraftError::Views), "{views}");
        }
        assert_eq!(check(RawDraft { views: Some(" 3 ".into()), ..raw() }).map(|draft| draft.views), Ok(Some(3)));
        assert_eq!(
            check(RawDraft { text: Some("x".repeat(limits.text_bytes + 1)), ..raw() }),
            Err(DraftError::TextTooLong { limit_bytes: limits.text_bytes })
        );
        assert_eq!(
            check(RawDraft { title: Some("x".repeat(1_001)), ..raw() }),
            Err(DraftError::LineTooLong { field: "title", limit: 1_000 })
        );
    }
}
