//! The one error of the site, and its three faces: a page with a way on, problem details (RFC 9457), or `!` lines.

use app::Owed;
use axum::body::Body;
use axum::http::header::{self, HeaderValue};
use axum::http::{Response, StatusCode};
use domain::proof::{Challenge, ProofError};
use domain::{DraftError, Lever, NoticeError, OverBudget, Problem, RawDraft};

use crate::api::answers::{Problem as ProblemDetails, ToSolve};
use crate::api::bulk::ListError;
use crate::headers::{self, Kind};
use crate::locale::Locale;
use crate::pages::levers::until_words;
use crate::pages::notices::{field_of, notice_error_words};
use crate::pages::{ComposerPage, ComposerValues, Message, MessagePage, draft_error_words, over_budget_words};
use crate::pages::{RefusedFile, RemovedPage, Statement};
use crate::signed::SignatureError;
use crate::uploads::refused_lines;
use crate::{Asker, Form, Web, draw};

/// Why a request got no ordinary answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing stands there.
    #[error("nothing stands there")]
    NotFound,
    /// A decision made it dark.
    #[error("it was removed")]
    Removed(Box<Statement>),
    /// A notice is not whole.
    #[error(transparent)]
    Notice(#[from] NoticeError),
    /// A signature is missing, or not good.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// A list of notices that cannot be read as one.
    #[error("the list does not read")]
    BadList(ListError),
    /// It was deleted or has expired.
    #[error("it is gone")]
    Gone,
    /// It asks for a password or a press of Open.
    #[error("it is locked")]
    Locked(app::Lock),
    /// The password is wrong.
    #[error("the password is wrong")]
    WrongPassword,
    /// A form that is no `multipart/form-data`.
    #[error("the request is not multipart/form-data")]
    NotMultipart,
    /// A body that is not `application/json`.
    #[error("the request is not application/json")]
    NotJson,
    /// A list that is neither CSV nor an object a line.
    #[error("the request is neither text/csv nor application/x-ndjson")]
    NotList,
    /// JSON that does not read; what the reader says of it, in English.
    #[error("the request's JSON does not read")]
    BadJson(String),
    /// A route that asks for a manage secret was asked without one.
    #[error("the manage secret is missing")]
    NoSecret,
    /// More parts than any post needs.
    #[error("the request has too many parts")]
    TooManyParts,
    /// More bytes than any post may have, of a file that was refused already.
    #[error("the request is too large")]
    TooMuch,
    /// A method that the route does not know.
    #[error("nothing can be done that way here")]
    NoSuchMethod,
    /// The bytes stopped coming, or are not what their headers say.
    #[error("the request broke off")]
    Interrupted,
    /// A field is wrong.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// Every file was refused, and nothing else was there.
    #[error("no file could be taken")]
    AllRefused(Problem),
    /// Others would suffer if it went on like this.
    #[error(transparent)]
    OverBudget(#[from] OverBudget),
    /// It is done for a proof of work.
    #[error("{0}")]
    Prove(OverBudget, Box<Challenge>, Option<ProofError>),
    /// Nothing new is taken now.
    #[error(transparent)]
    ReadOnly(#[from] app::levers::ReadOnly),
    /// Our own trouble.
    #[error(transparent)]
    App(app::Error),
}

impl From<Owed> for Error {
    fn from(owed: Owed) -> Self {
        match owed {
            Owed::Over(over) => Self::OverBudget(over),
            Owed::Prove { over, challenge, error } => Self::Prove(over, challenge, error),
        }
    }
}

impl From<app::Error> for Error {
    fn from(error: app::Error) -> Self {
        match error {
            app::Error::Draft(error) => Self::Draft(error),
            app::Error::TooLate => Self::Interrupted,
            app::Error::Gone => Self::Gone,
            app::Error::ReadOnly(closed) => Self::ReadOnly(closed),
            other => Self::App(other),
        }
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Self::App(error.into())
    }
}

impl Error {
    /// What is said when nothing is left to post.
    #[must_use]
    pub fn nothing_left(problem: Option<Problem>) -> Self {
        problem.map_or(Self::Draft(DraftError::Nothing), Self::AllRefused)
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        let code = match self {
            Self::NotFound => 404,
            Self::Removed(statement) => statement.status(),
            Self::Notice(NoticeError::Unregistered) => 403,
            Self::Gone => 410,
            Self::Locked(_) | Self::WrongPassword => 403,
            Self::Draft(DraftError::Changed | DraftError::Repeated) => 409,
            Self::NoSuchMethod => 405,
            Self::Signature(SignatureError::Refused(app::SignatureRefused::Suspended)) => 403,
            Self::NoSecret | Self::Signature(_) => 401,
            Self::NotMultipart | Self::NotJson | Self::NotList => 415,
            Self::TooManyParts | Self::TooMuch | Self::Draft(DraftError::TextTooLong { .. }) => 413,
            Self::Interrupted | Self::BadJson(_) | Self::BadList(_) | Self::Draft(_) | Self::Notice(_) => 400,
            Self::AllRefused(problem) => problem.status(),
            Self::OverBudget(_) | Self::Prove(..) => 429,
            Self::ReadOnly(_) => 503,
            Self::App(error) if error.is_passing() => 503,
            Self::App(_) => 500,
        };
        StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The last part of the stable `type` of the problem details.
    fn kind(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Removed(_) => "removed",
            Self::Notice(_) => "invalid-notice",
            Self::Signature(_) => "bad-signature",
            Self::BadList(_) => "bad-list",
            Self::Gone => "gone",
            Self::Locked(_) => "locked",
            Self::WrongPassword => "wrong-password",
            Self::Draft(DraftError::Changed) => "changed",
            Self::Draft(DraftError::Repeated) => "repeated",
            Self::Draft(DraftError::Upload) => "no-such-upload",
            Self::NotMultipart => "not-multipart",
            Self::NotJson => "not-json",
            Self::NotList => "not-list",
            Self::BadJson(_) => "bad-json",
            Self::NoSecret => "no-secret",
            Self::TooManyParts => "too-many-parts",
            Self::TooMuch => "too-large",
            Self::NoSuchMethod => "no-such-method",
            Self::Interrupted => "interrupted",
            Self::Draft(DraftError::Nothing) => "nothing-to-post",
            Self::Draft(_) => "invalid-field",
            Self::AllRefused(_) => "files-refused",
            Self::OverBudget(_) => "over-budget",
            Self::Prove(..) => "proof-of-work",
            Self::ReadOnly(_) => "read-only",
            Self::App(_) if self.status() == StatusCode::SERVICE_UNAVAILABLE => "unavailable",
            Self::App(_) => "internal",
        }
    }

    /// The answer, in the form that was asked for.
    #[must_use]
    pub fn answer(&self, web: &Web, asker: &Asker) -> Response<Body> {
        self.answer_form(web, asker, &RawDraft::default(), Vec::new())
    }

    /// The answer to a form: a browser gets its words back in the composer, beside what is wrong.
    #[must_use]
    pub(crate) fn answer_form(&self, web: &Web, asker: &Asker, draft: &RawDraft, refused: Vec<RefusedFile>) -> Response<Body> {
        match self {
            Self::App(error) if error.is_passing() => tracing::warn!(%error, "a request failed, and may not the next time"),
            Self::App(error) => tracing::error!(%error, "a request failed"),
            _ => {}
        }
        let mut response = match asker.form {
            Form::Html => self.page(web, asker, draft, &refused),
            Form::Json => {
                let detail = match self {
                    Self::BadJson(detail) => Some(detail.clone()),
                    Self::BadList(error) => Some(error.to_string()),
                    Self::Signature(error) => Some(error.to_string()),
                    Self::Removed(statement) => Some(removed_detail(statement)),
                    Self::AllRefused(problem) => Some(web.problem_words(asker, *problem)),
                    Self::Prove(_, _, error) => error.map(|error| error.to_string()),
                    _ => None,
                };
                let problem = ProblemDetails::new(self.kind(), self.told_programs(web.locale(asker)), self.status());
                let challenge =
                    if let Self::Prove(_, challenge, _) = self { Some(Box::new(ToSolve::from(challenge.as_ref()))) } else { None };
                headers::problem(&ProblemDetails { detail, field: self.field(), refused, challenge, ..problem })
            }
            Form::Text => {
                let locale = web.locale(asker);
                let told = match self {
                    // No page keeps anything.
                    Self::ReadOnly(closed) => locale.with("lever-told-read-only", &[("until", until_words(locale, closed.until).into())]),
                    _ => self.told(locale),
                };
                let why = if matches!(self, Self::AllRefused(_)) { String::new() } else { format!("! {told}\n") };
                headers::answer(self.status(), Kind::Text, why + &refused_lines(web, asker, &refused))
            }
        };
        if let Some(seconds) = self.again(web) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if matches!(self, Self::NoSecret) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }

    /// A page with its status, that says when it may be tried again.
    pub(crate) fn draw(&self, web: &Web, page: &impl askama::Template) -> Response<Body> {
        let mut response = draw(self.status(), page);
        if let Some(seconds) = self.again(web) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    /// What is wrong with a notice, if that is it.
    pub(crate) fn notice(&self) -> Option<NoticeError> {
        if let Self::Notice(error) = self { Some(*error) } else { None }
    }

    /// In how many seconds it may be tried again.
    pub(crate) fn again(&self, web: &Web) -> Option<i64> {
        match self {
            Self::OverBudget(over) | Self::Prove(over, ..) => Some(over.seconds()),
            Self::ReadOnly(closed) => Some(closed.seconds()),
            Self::AllRefused(Problem::NoVideos) => {
                web.site.lever(Lever::NoVideos).map(|pulled| (pulled.wait_ms(web.site.clock.now()) + 999) / 1_000)
            }
            _ => (self.status() == StatusCode::SERVICE_UNAVAILABLE).then_some(30),
        }
    }

    /// What strangers are told, in their language; the inner details of our own trouble are for the log alone.
    pub(crate) fn told(&self, locale: Locale) -> String {
        match self {
            Self::Draft(error) => draft_error_words(locale, error),
            Self::NotMultipart => locale.text("error-not-multipart").into_owned(),
            Self::NotJson => locale.text("error-not-json").into_owned(),
            Self::NotList => locale.text("error-not-list").into_owned(),
            Self::BadJson(_) => locale.text("error-bad-json").into_owned(),
            Self::NoSecret => locale.text("error-no-secret").into_owned(),
            Self::Signature(_) => locale.text("error-signature").into_owned(),
            Self::BadList(_) => locale.text("error-bad-list").into_owned(),
            Self::TooManyParts => locale.text("error-too-many-parts").into_owned(),
            Self::Interrupted => locale.text("error-interrupted").into_owned(),
            Self::Locked(_) => locale.text("error-locked").into_owned(),
            Self::WrongPassword => locale.text("error-wrong-password").into_owned(),
            Self::OverBudget(over) | Self::Prove(over, ..) => over_budget_words(locale, over),
            Self::ReadOnly(closed) => locale.with("error-read-only", &[("until", until_words(locale, closed.until).into())]),
            Self::Notice(error) => notice_error_words(locale, *error),
            Self::Removed(statement) => {
                let key = if statement.action == domain::Action::Withhold { "error-withheld" } else { "error-removed" };
                format!("{} {}", locale.text(key), statement.ground_words(locale))
            }
            other => Message::of_status(other.status().as_u16()).words(locale),
        }
    }

    /// The same where no page is open that it could speak of.
    fn told_programs(&self, locale: Locale) -> String {
        match self {
            Self::Draft(DraftError::Changed) => locale.text("error-changed").into_owned(),
            Self::NotFound => locale.text("error-not-found").into_owned(),
            Self::ReadOnly(closed) => locale.with("error-read-only-programs", &[("until", until_words(locale, closed.until).into())]),
            Self::Prove(over, ..) => format!("{} {}", over_budget_words(locale, over), locale.text("error-prove")),
            other => other.told(locale),
        }
    }

    fn page(&self, web: &Web, asker: &Asker, draft: &RawDraft, refused: &[RefusedFile]) -> Response<Body> {
        let frame = web.frame(asker);
        if let Self::Removed(statement) = self {
            return draw(self.status(), &RemovedPage { frame, statement: (**statement).clone() });
        }
        let words = match self {
            Self::Draft(_)
            | Self::NotMultipart
            | Self::TooManyParts
            | Self::Interrupted
            | Self::Locked(_)
            | Self::WrongPassword
            | Self::Notice(_)
            | Self::OverBudget(_)
            | Self::Prove(..)
            | Self::ReadOnly(_) => Some(self.told(frame.locale)),
            _ => None,
        };
        // Whatever it was: words that somebody has typed are given back.
        let typed = draft.text.is_some() || draft.title.is_some();
        if matches!(self, Self::Draft(_) | Self::AllRefused(_)) || (typed && !matches!(self, Self::NotFound)) {
            let words = words.or_else(|| (!matches!(self, Self::AllRefused(_))).then(|| self.told(frame.locale)));
            let field = |value: &Option<String>| value.clone().unwrap_or_default();
            let on = |value: &Option<String>| value.as_deref() == Some("1");
            return draw(
                self.status(),
                &ComposerPage {
                    frame,
                    limits: web.site.limits.clone(),
                    once: web.site.chance.token(),
                    values: ComposerValues {
                        title: field(&draft.title),
                        text: field(&draft.text),
                        language: field(&draft.language),
                        listed: on(&draft.listed),
                        sensitive: on(&draft.sensitive),
                        expires: field(&draft.expires),
                        // A password is not sent back: it is typed again.
                        views: field(&draft.views),
                        ..ComposerValues::default()
                    },
                    error: words,
                    error_field: self.field(),
                    refused: refused.to_vec(),
                },
            );
        }
        draw(self.status(), &MessagePage { frame, message: Message::of_status(self.status().as_u16()), words })
    }

    /// The form's field that is wrong.
    #[must_use]
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::Draft(DraftError::TextTooLong { .. }) => Some("text"),
            Self::Draft(DraftError::LineTooLong { field, .. } | DraftError::Flag(field) | DraftError::Twice(field)) => Some(field),
            Self::Draft(DraftError::Language) => Some("language"),
            Self::Draft(DraftError::Expires(_)) => Some("expires"),
            Self::Draft(DraftError::Password | DraftError::NoPassword) => Some("password"),
            Self::Draft(DraftError::Views) => Some("views"),
            Self::Draft(DraftError::Upload | DraftError::Still) => Some("media"),
            Self::Draft(DraftError::ManageSecret) => Some("manage_secret"),
            Self::Draft(DraftError::IdempotencyKey | DraftError::Repeated) => Some("Idempotency-Key"),
            Self::AllRefused(_) | Self::Draft(DraftError::Nothing) => Some("file"),
            Self::Notice(error) => Some(field_of(*error)),
            _ => None,
        }
    }
}

/// For who wrote the program: which decision, on what ground, and when.
fn removed_detail(statement: &Statement) -> String {
    let Statement { id, ground, reference, created, asked, .. } = statement;
    let decided = format!("decision {id} of {}, by {}: {reference}", crate::posts::instant(*created), ground.as_str());
    asked.iter().fold(decided, |words, asked| match &asked.authority {
        Some((name, country)) => format!("{words}; {} of {name} ({country})", asked.kind.as_str()),
        None => format!("{words}; {}", asked.kind.as_str()),
    })
}
