//! Pages that say one thing: not found, gone, deleted, or what went wrong and where to go on.

use askama::Template;

use super::Frame;
use crate::locale::Locale;

/// What is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// 404.
    NotFound,
    /// 405.
    NoSuchMethod,
    /// 410: deleted or expired.
    Gone,
    /// 200: its poster has just deleted it.
    Deleted,
    /// 400.
    BadRequest,
    /// 413.
    TooLarge,
    /// 415.
    Unsupported,
    /// 429.
    TooMany,
    /// 500.
    Internal,
    /// 503.
    Unavailable,
}

impl Message {
    /// Every message.
    pub const ALL: &[Self] = &[
        Self::NotFound,
        Self::NoSuchMethod,
        Self::Gone,
        Self::Deleted,
        Self::BadRequest,
        Self::TooLarge,
        Self::Unsupported,
        Self::TooMany,
        Self::Internal,
        Self::Unavailable,
    ];

    /// The message of an error status; those without words of their own get those of 400 or 500.
    #[must_use]
    pub fn of_status(status: u16) -> Self {
        match status {
            404 => Self::NotFound,
            405 => Self::NoSuchMethod,
            410 => Self::Gone,
            413 | 414 | 431 => Self::TooLarge,
            415 => Self::Unsupported,
            429 => Self::TooMany,
            503 | 507 => Self::Unavailable,
            status if status >= 500 => Self::Internal,
            _ => Self::BadRequest,
        }
    }

    /// The HTTP status of the page.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::NoSuchMethod => 405,
            Self::Gone => 410,
            Self::Deleted => 200,
            Self::BadRequest => 400,
            Self::TooLarge => 413,
            Self::Unsupported => 415,
            Self::TooMany => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }

    /// What is said in one or two sentences.
    pub(crate) fn words(self, locale: Locale) -> String {
        locale.text(self.keys().1).into_owned()
    }

    fn keys(self) -> (&'static str, &'static str) {
        match self {
            Self::NotFound => ("message-not-found", "message-not-found-words"),
            Self::NoSuchMethod => ("message-no-such-method", "message-no-such-method-words"),
            Self::Gone => ("message-gone", "message-gone-words"),
            Self::Deleted => ("message-deleted", "message-deleted-words"),
            Self::BadRequest => ("message-bad-request", "message-bad-request-words"),
            Self::TooLarge => ("message-too-large", "message-too-large-words"),
            Self::Unsupported => ("message-unsupported", "message-unsupported-words"),
            Self::TooMany => ("message-too-many", "message-too-many-words"),
            Self::Internal => ("message-internal", "message-internal-words"),
            Self::Unavailable => ("message-unavailable", "message-unavailable-words"),
        }
    }
}

/// A page that says one thing.
#[derive(Clone, Debug, Template)]
#[template(path = "message/message.html")]
pub struct MessagePage {
    /// What every page needs.
    pub frame: Frame,
    /// What is said.
    pub message: Message,
    /// More on it, in the reader's language; instead of the general words.
    pub words: Option<String>,
}
