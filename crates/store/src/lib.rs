//! Everything durable: SQL (SQLite or PostgreSQL), blobs (files, S3 or memory), and the rows of jobs.
//!
//! Only this crate names sqlx and object_store (invariant 2). Lookups are `Result<Option<T>>`; a row that does not read is named
//! by table, column and row.

pub mod alarms;
pub mod appeals;
pub mod audit;
pub mod backup;
pub mod banks;
pub mod blobs;
pub mod cases;
pub mod claims;
pub mod corpus;
pub mod db;
pub mod decisions;
mod dialect;
pub mod evidence;
pub mod examine;
pub mod files;
pub mod filings;
pub mod fingerprints;
mod glance;
pub mod holds;
pub mod hours;
pub mod jobs;
pub mod judgements;
pub mod levers;
pub mod looks;
pub mod mails;
pub mod matches;
pub mod media;
pub mod moderators;
pub mod newest;
pub mod notes;
pub mod notices;
pub mod opened;
pub mod parties;
pub mod policies;
pub mod posts;
pub mod preserved;
pub mod questions;
pub mod repeats;
pub mod retentions;
mod sweep;
pub mod uploads;
pub mod watch;

pub use alarms::{AlarmRow, TellingRow};
pub use appeals::AppealRow;
pub use audit::AuditRow;
pub use blobs::BlobStore;
pub use cases::{CaseRow, MemberRow};
pub use db::{Db, Tx};
pub use decisions::{DecisionRow, RestrictionRow};
pub use evidence::EvidenceRow;
pub use files::FileRow;
pub use filings::FilingRow;
pub use fingerprints::Subject;
pub use matches::MatchRow;
pub use media::MediaRow;
pub use moderators::ModeratorRow;
pub use notes::NoteRow;
pub use notices::NoticeRow;
pub use parties::PartyRow;
pub use policies::PolicyRow;
pub use posts::PostRow;
pub use repeats::RepeatRow;
pub use retentions::RetentionRow;
pub use sweep::Swept;
pub use uploads::UploadRow;

/// Database and blobs of one site.
#[derive(Clone)]
pub struct Store {
    /// Rows.
    pub db: Db,
    /// Bytes.
    pub blobs: BlobStore,
}

/// Why something could not be stored or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database is locked or gone, or the object store does not answer: try again later.
    #[error("the {} does not answer: {}", .0, chain(.1.as_ref()))]
    Unavailable(&'static str, #[source] Box<dyn std::error::Error + Send + Sync>),
    /// A row that this version cannot read.
    #[error("{table}.{column} of a row cannot be read; at the level debug the log says which")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's id.
        row: String,
    },
    /// The blob store failed.
    #[error("the blob store: {}", chain(.0))]
    Blob(#[source] object_store::Error),
    /// A local file failed.
    #[error("a file of the blob store: {0}")]
    Io(#[source] std::io::Error),
    /// The disk is full.
    #[error("the disk is full")]
    NoSpace,
    /// The database refused a statement.
    #[error("the database: {0}")]
    Sql(#[source] sqlx::Error),
    /// The database's schema is of another version.
    #[error("the database's schema: {0}")]
    Schema(String),
    /// A backup that cannot be written or read.
    #[error("the archive {0}")]
    Archive(String),
    /// A backup is restored only into a site that has nothing to lose.
    #[error("the site is not empty: {0}")]
    NotEmpty(&'static str),
    /// A site that runs and a restore keep out of each other's way.
    #[error("{0}")]
    InUse(&'static str),
}

/// What every function here returns.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Whether it may pass by itself: no fault of what was asked, and no reason to give up.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Unavailable(..) | Self::NoSpace)
    }
}

/// An error with all that is behind it: "error sending request" alone says nothing of the certificate that was not trusted.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut words = error.to_string();
    let mut next = error.source();
    while let Some(inner) = next {
        let text = inner.to_string();
        if !words.contains(&text) {
            words.push_str(": ");
            words.push_str(&text);
        }
        next = inner.source();
    }
    // A server's whole answer stands in its error, and repeats the request.
    const LONGEST: usize = 400;
    if words.chars().count() > LONGEST {
        words = words.chars().take(LONGEST).chain(['…']).collect();
    }
    words
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        // SQLite: busy, locked and their kinds. PostgreSQL: stopping, starting, a deadlock that another won, no connection left.
        const PASSING: [&str; 11] = ["5", "6", "261", "262", "517", "57P01", "57P02", "57P03", "40001", "40P01", "53300"];
        const FULL: [&str; 2] = ["13", "53100"];
        let code = match &error {
            sqlx::Error::Database(inner) => inner.code().map(std::borrow::Cow::into_owned),
            _ => None,
        };
        match (&error, code.as_deref()) {
            (_, Some(code)) if FULL.contains(&code) => Self::NoSpace,
            (_, Some(code)) if PASSING.contains(&code) => Self::Unavailable("database", error.into()),
            (sqlx::Error::PoolTimedOut | sqlx::Error::Io(_) | sqlx::Error::PoolClosed, _) => Self::Unavailable("database", error.into()),
            _ => Self::Sql(error),
        }
    }
}

impl From<object_store::Error> for Error {
    fn from(error: object_store::Error) -> Self {
        if matches!(&error, object_store::Error::Generic { store: "S3", .. }) && is_passing(&error) {
            return Self::Unavailable("object store", error.into());
        }
        Self::Blob(error)
    }
}

/// Whether an S3-compatible store was not reached or said that the fault is its own. It was tried again already, for as long as a
/// visitor can wait.
fn is_passing(error: &object_store::Error) -> bool {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(inner) = next {
        if inner.is::<object_store::client::HttpError>() {
            return true;
        }
        next = inner.source();
    }
    // The type that holds the status is not to be had from outside object_store; its words are.
    let words = chain(error);
    words.contains("status code: 5") || words.contains("status code: 429")
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::StorageFull || error.kind() == std::io::ErrorKind::QuotaExceeded {
            Self::NoSpace
        } else {
            Self::Io(error)
        }
    }
}

pub(crate) fn corrupt(table: &'static str, column: &'static str, row: &str) -> Error {
    // An id leads to an unlisted post: it is for those who ask for it.
    tracing::debug!(table, column, row, "a row cannot be read");
    Error::Corrupt { table, column, row: row.to_owned() }
}

/// Makes ring the process's cryptography for TLS. rustls asks for a choice before the first connection; who comes first has made it.
pub fn use_ring() {
    drop(rustls::crypto::ring::default_provider().install_default());
}
