//! The pages: one struct a page, filled by the handlers, drawn by a template.
//!
//! Fields hold what is so, never words: the words come from the page's [`Locale`], in the template.

pub mod about;
pub mod cases;
pub mod chart;
pub mod composer;
pub mod console;
pub mod contact;
pub mod embed;
pub mod filings;
pub mod levers;
pub mod locked;
pub mod manage;
pub mod message;
pub mod newest;
pub mod notices;
pub mod parties;
pub mod policy;
pub mod portal;
pub mod post;
pub mod removed;
pub mod reply;
pub mod watch;

#[cfg(test)]
mod tests;

pub use about::AboutPage;
pub use composer::{ComposerPage, ComposerValues};
pub use contact::ContactPage;
pub use locked::LockedPage;
pub use manage::{ManagePage, ManagedMedium, ManagedNow, ManagedStill, Stands};
pub use message::{Message, MessagePage};
pub use notices::{AboutChoice, Became, NoticeValues, ReceiptPage, ReportPage};
pub use policy::PolicyPage;
pub use post::{Download, Medium, MediumBody, Picture, Piece, PostPage, Preview, Video, VideoPreview};
pub use removed::{AppealNow, Asked, Concerned, ManagedRemovedPage, RemovedPage, Statement};

use std::borrow::Borrow;
use std::sync::Arc;

use domain::{Budget, DraftError, Limits, OverBudget, Problem};

use crate::house::House;
use crate::locale::Locale;

/// What every page needs.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The reader's language.
    pub locale: Locale,
    /// The path (with query) the language switch returns to.
    pub back: String,
    /// What the operator made of the site.
    pub house: Arc<House>,
    /// There is a public list.
    pub newest: bool,
    /// Nobody who looks after the site is there.
    pub away: Option<domain::Why>,
    /// What posters are told of levers that are pulled.
    pub levers: Vec<String>,
}

impl Frame {
    pub(crate) fn name(&self) -> String {
        self.house.name.clone().unwrap_or_else(|| self.locale.text("brand").into_owned())
    }

    fn problem(&self, problem: impl Borrow<Problem>, limits: &Limits) -> String {
        problem_words(self.locale, *problem.borrow(), limits)
    }
}

/// Words as they stand in markup.
pub(crate) fn escaped(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A file that was not taken.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct RefusedFile {
    /// Its name, fit to be shown.
    #[schema(required)]
    pub name: Option<String>,
    /// What is wrong with it.
    #[schema(schema_with = crate::api::answers::problems)]
    pub problem: Problem,
}

/// Languages offered for a post, each under its own name, so that its readers find it on a page in any language.
pub const POST_LANGUAGES: &[(&str, &str)] = &[
    ("ar", "العربية"),
    ("bn", "বাংলা"),
    ("cs", "Čeština"),
    ("de", "Deutsch"),
    ("el", "Ελληνικά"),
    ("en", "English"),
    ("es", "Español"),
    ("fa", "فارسی"),
    ("fr", "Français"),
    ("he", "עברית"),
    ("hi", "हिन्दी"),
    ("id", "Bahasa Indonesia"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("nl", "Nederlands"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("ru", "Русский"),
    ("sw", "Kiswahili"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("ur", "اردو"),
    ("vi", "Tiếng Việt"),
    ("zh", "中文"),
];

/// What is wrong with a file, and what its poster can do.
#[must_use]
pub fn problem_words(locale: Locale, problem: Problem, limits: &Limits) -> String {
    let key = match problem {
        Problem::Empty => "problem-empty",
        Problem::NotMedia => "problem-not-media",
        Problem::Unsupported => "problem-unsupported",
        Problem::NotPhoto => "problem-not-photo",
        Problem::Corrupt => "problem-corrupt",
        Problem::TooLarge => return locale.with("problem-too-large", &[("size", locale.size(limits.file_bytes).into())]),
        // Whole millions and minutes are what operators usually set, and what is easily said.
        Problem::TooManyPixels if !limits.pixels.is_multiple_of(1_000_000) => {
            let pixels = locale.number(i64::try_from(limits.pixels).unwrap_or(i64::MAX));
            return locale.with("problem-too-many-pixels-exact", &[("pixels", pixels.into())]);
        }
        Problem::TooLong if !limits.duration_seconds.is_multiple_of(60) => {
            let ms = i64::try_from(limits.duration_seconds.saturating_mul(1_000)).unwrap_or(i64::MAX);
            return locale.with("problem-too-long-exact", &[("time", locale.duration(ms).into())]);
        }
        Problem::TooManyPixels => return locale.with("problem-too-many-pixels", &[("megapixels", (limits.pixels / 1_000_000).into())]),
        Problem::TooManyFrames => return locale.with("problem-too-many-frames", &[("frames", limits.frames.into())]),
        Problem::TooLong => return locale.with("problem-too-long", &[("minutes", (limits.duration_seconds / 60).into())]),
        Problem::NoFrames => "problem-no-frames",
        Problem::TooManyFiles => return locale.with("problem-too-many-files", &[("files", limits.files_per_post.into())]),
        Problem::NoSpace => "problem-no-space",
        Problem::NoVideos => "problem-no-videos",
        Problem::Interrupted => "problem-interrupted",
        Problem::Name => "problem-name",
        Problem::TooDemanding => "problem-too-demanding",
        Problem::Failed => "problem-failed",
    };
    locale.text(key).into_owned()
}

/// Which field is wrong, and what to write instead.
#[must_use]
pub fn draft_error_words(locale: Locale, error: &DraftError) -> String {
    let key = match *error {
        DraftError::TextTooLong { limit_bytes } => {
            return locale.with("draft-text-too-long", &[("size", locale.size(u64::try_from(limit_bytes).unwrap_or(u64::MAX)).into())]);
        }
        DraftError::LineTooLong { field, limit } => {
            return locale.with("draft-line-too-long", &[("field", field_name(locale, field).into()), ("characters", limit.into())]);
        }
        DraftError::Language => "draft-language",
        DraftError::Flag(field) => return locale.with("draft-flag", &[("field", field_name(locale, field).into())]),
        DraftError::Twice(field) => return locale.with("draft-twice", &[("field", field_name(locale, field).into())]),
        DraftError::Expires(_) => "draft-expires",
        DraftError::Password => "draft-password",
        DraftError::NoPassword => "draft-no-password",
        DraftError::Views => "draft-views",
        DraftError::TooManyFiles { limit } => return locale.with("draft-too-many-files", &[("files", limit.into())]),
        DraftError::Changed => "draft-changed",
        DraftError::Upload => "draft-upload",
        DraftError::Still => "draft-still",
        DraftError::IdempotencyKey => "draft-idempotency-key",
        DraftError::Repeated => "draft-repeated",
        DraftError::ManageSecret => "draft-manage-secret",
        DraftError::Nothing => "draft-nothing",
        DraftError::UnknownField(ref name) => return locale.with("draft-unknown-field", &[("field", name.clone().into())]),
    };
    locale.text(key).into_owned()
}

/// What was too much, and when to come again.
#[must_use]
pub fn over_budget_words(locale: Locale, over: &OverBudget) -> String {
    let key = match over.budget {
        Budget::Post => "budget-posts",
        Budget::Upload => "budget-uploads",
        Budget::OpenUpload => "budget-open-uploads",
        Budget::Byte => "budget-bytes",
        Budget::Guess => "budget-guesses",
        Budget::GuessOfPost => "budget-guesses-of-post",
        Budget::ManageGuess => "budget-manage-guesses",
        Budget::SignIn => "budget-sign-ins",
        Budget::Notice => "budget-notices",
        Budget::Appeal => "budget-appeals",
    };
    let minutes = over.seconds().saturating_add(59) / 60;
    // Rounded up, so that nobody comes too early.
    let again = if minutes <= 90 {
        locale.with("again-minutes", &[("minutes", minutes.into())])
    } else {
        locale.with("again-hours", &[("hours", (minutes.saturating_add(59) / 60).into())])
    };
    format!("{} {again}", locale.text(key))
}

/// The field's name as the form shows it; a field that stands in no form keeps the name that its sender used.
fn field_name(locale: Locale, field: &'static str) -> String {
    let key = match field {
        "title" => "field-title",
        "text" => "field-text",
        "caption" => "field-caption",
        "alt" => "field-alt",
        "still" => "field-still",
        "language" => "field-language",
        "listed" => "field-listed",
        "sensitive" => "field-sensitive",
        "expires" => "field-expires",
        other => return other.to_owned(),
    };
    locale.text(key).into_owned()
}
