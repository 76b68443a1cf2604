//! Everything durable: SQL (SQLite or PostgreSQL), blobs (files, S3 or memory), and the rows of jobs.
//!
//! Only this crate names sqlx and object_store (invariant 2). Lookups are `Result<Option<T>>`; a row that does not read is named
//! by table, column and row.

pub mod blobs;
pub mod db;
mod dialect;
pub mod examine;
pub mod files;
mod glance;
pub mod jobs;
pub mod media;
pub mod posts;

pub use blobs::BlobStore;
pub use db::{Db, Tx};
pub use files::FileRow;
pub use media::MediaRow;
pub use posts::PostRow;

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
    /// The database is locked, gone, or has no connection to give: try again later.
    #[error("the database does not answer: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// A row that this version cannot read.
    #[error("{table}.{column} of row {row} cannot be read")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's id.
        row: String,
    },
    /// The blob store failed.
    #[error("the blob store: {0}")]
    Blob(#[from] object_store::Error),
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
}

/// What every function here returns.
pub type Result<T> = std::result::Result<T, Error>;

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let busy = |code: Option<std::borrow::Cow<'_, str>>| {
            code.is_some_and(|code| {
                matches!(code.as_ref(), "5" | "6" | "261" | "262" | "517" | "57P01" | "57P03" | "40001" | "40P01" | "53300")
            })
        };
        match &error {
            sqlx::Error::PoolTimedOut | sqlx::Error::Io(_) | sqlx::Error::PoolClosed => Self::Unavailable(error),
            sqlx::Error::Database(inner) if inner.code().as_deref() == Some("13") || inner.code().as_deref() == Some("53100") => {
                Self::NoSpace
            }
            sqlx::Error::Database(inner) if busy(inner.code()) => Self::Unavailable(error),
            _ => Self::Sql(error),
        }
    }
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
    Error::Corrupt { table, column, row: row.to_owned() }
}
