//! The two databases behind one type. Each operation is one SQL text that both engines understand, compiled for both pools by
//! one macro; there is no repository trait and no lowest-common-denominator driver.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgListener, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};
use tokio::sync::Notify;

use crate::glance::Glance;
use crate::{Error, Result};

/// How long a request waits for a connection or a lock before it is told to come back.
const PATIENCE: Duration = Duration::from_secs(10);
/// The channel that tells other nodes of new jobs.
const JOBS_CHANNEL: &str = "handbill_jobs";

pub(crate) static SQLITE: sqlx::migrate::Migrator = sqlx::migrate!("migrations/sqlite");
pub(crate) static POSTGRES: sqlx::migrate::Migrator = sqlx::migrate!("migrations/postgres");

/// A site's database.
#[derive(Clone)]
pub enum Db {
    /// One file.
    Sqlite {
        /// One connection: SQLite has one writer, and a queue here is fairer than its busy loop.
        write: SqlitePool,
        /// Readers see a snapshot and are never blocked by the writer.
        read: SqlitePool,
        /// Answers the one question that every request asks.
        glance: Arc<Glance>,
        /// Wakes the runners of this process.
        jobs: Arc<Notify>,
    },
    /// A server.
    Postgres {
        /// Its connections.
        pool: PgPool,
        /// Wakes the runners of this process.
        jobs: Arc<Notify>,
    },
}

/// A change under way; dropped, it never happened.
pub struct Tx {
    pub(crate) inner: Inner,
    jobs: Arc<Notify>,
    pub(crate) enqueued: bool,
}

pub(crate) enum Inner {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// Runs one body on whichever engine a reader's connection belongs to.
macro_rules! read {
    ($db:expr, $conn:ident => $body:expr) => {
        match $db {
            $crate::db::Db::Sqlite { read, .. } => {
                let $conn = read;
                $body
            }
            $crate::db::Db::Postgres { pool, .. } => {
                let $conn = pool;
                $body
            }
        }
    };
}

/// Runs one body on whichever engine a transaction belongs to.
macro_rules! write {
    ($tx:expr, $conn:ident => $body:expr) => {
        match &mut $tx.inner {
            $crate::db::Inner::Sqlite(tx) => {
                let $conn = &mut **tx;
                $body
            }
            $crate::db::Inner::Postgres(tx) => {
                let $conn = &mut **tx;
                $body
            }
        }
    };
}
pub(crate) use {read, write};

impl Db {
    /// Opens (or makes) a SQLite database and brings its schema up to date.
    pub async fn open_sqlite(path: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // FULL: what was acknowledged is there after the power fails.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE)
            // Deleted rows are overwritten, not only forgotten (invariant 6).
            .pragma("secure_delete", "ON");
        // A file does not go away as a server does: asking whether it is still there would double the cost of every question.
        let pool = || SqlitePoolOptions::new().acquire_timeout(PATIENCE).test_before_acquire(false);
        let write = pool().max_connections(1).connect_with(options.clone()).await?;
        SQLITE.run(&write).await.map_err(|error| Error::Schema(error.to_string()))?;
        let read = pool().max_connections(4).connect_with(options.read_only(true)).await?;
        Ok(Self::Sqlite { write, read, glance: Arc::new(Glance::new(path)), jobs: Arc::new(Notify::new()) })
    }

    /// Opens a PostgreSQL database whose schema is of this version; moving it is `migrate_postgres`.
    pub async fn open_postgres(url: &str) -> Result<Self> {
        let pool = PgPoolOptions::new().max_connections(16).acquire_timeout(PATIENCE).connect(url).await?;
        let wanted = POSTGRES.iter().map(|migration| migration.version).max().unwrap_or_default();
        let found: Option<i64> =
            sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success").fetch_one(&pool).await.unwrap_or_default();
        if found != Some(wanted) {
            return Err(Error::Schema(format!("version {found:?} where {wanted} is wanted; run `handbill migrate`")));
        }
        let jobs = Arc::new(Notify::new());
        listen(pool.clone(), Arc::downgrade(&jobs));
        Ok(Self::Postgres { pool, jobs })
    }

    /// Brings a PostgreSQL database's schema up to date.
    pub async fn migrate_postgres(url: &str) -> Result<()> {
        let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(PATIENCE).connect(url).await?;
        POSTGRES.run(&pool).await.map_err(|error| Error::Schema(error.to_string()))?;
        pool.close().await;
        Ok(())
    }

    /// Whether it answers.
    pub async fn ping(&self) -> Result<()> {
        read!(self, conn => sqlx::query("SELECT 1").execute(conn).await.map(|_| ()))?;
        Ok(())
    }

    /// `sqlite` or `postgres`.
    #[must_use]
    pub fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "sqlite",
            Self::Postgres { .. } => "postgres",
        }
    }

    /// Begins a change.
    pub async fn begin(&self) -> Result<Tx> {
        let inner = match self {
            // IMMEDIATE: a change that reads first must not find at its end that another has written.
            Self::Sqlite { write, .. } => Inner::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres { pool, .. } => Inner::Postgres(pool.begin().await?),
        };
        Ok(Tx { inner, jobs: self.jobs().clone(), enqueued: false })
    }

    /// Completes when jobs may have been queued. Take it before looking, so that nothing is missed in between.
    pub fn jobs_changed(&self) -> impl Future<Output = ()> + Send + use<> {
        let jobs = self.jobs().clone();
        async move { jobs.notified().await }
    }

    /// Takes what was deleted out of the write-ahead log too.
    pub async fn scrub(&self) -> Result<()> {
        if let Self::Sqlite { write, .. } = self {
            // A reader that is still in the log makes it answer "busy" in a row, not as an error.
            let (busy, _, _): (i64, i64, i64) = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(write).await?;
            if busy != 0 {
                return Err(Error::Unavailable(sqlx::Error::Protocol("the write-ahead log is still being read".to_owned())));
            }
        }
        Ok(())
    }

    /// Closes every connection.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { write, read, glance, .. } => {
                glance.close();
                read.close().await;
                write.close().await;
            }
            Self::Postgres { pool, .. } => pool.close().await,
        }
    }

    fn jobs(&self) -> &Arc<Notify> {
        match self {
            Self::Sqlite { jobs, .. } | Self::Postgres { jobs, .. } => jobs,
        }
    }
}

impl Tx {
    /// Makes the change durable, then wakes whoever waits for its jobs.
    pub async fn commit(mut self) -> Result<()> {
        if self.enqueued
            && let Inner::Postgres(tx) = &mut self.inner
        {
            sqlx::query("SELECT pg_notify($1, '')").bind(JOBS_CHANNEL).execute(&mut **tx).await?;
        }
        match self.inner {
            Inner::Sqlite(tx) => tx.commit().await?,
            Inner::Postgres(tx) => tx.commit().await?,
        }
        if self.enqueued {
            // One permit is kept for a runner that is just between looking and waiting.
            self.jobs.notify_waiters();
            self.jobs.notify_one();
        }
        Ok(())
    }
}

/// Passes other nodes' calls on for as long as the database is in use. Losing the connection costs only time: runners also poll.
fn listen(pool: PgPool, jobs: std::sync::Weak<Notify>) {
    tokio::spawn(async move {
        while jobs.upgrade().is_some() && !pool.is_closed() {
            if let Ok(mut listener) = PgListener::connect_with(&pool).await
                && listener.listen(JOBS_CHANNEL).await.is_ok()
            {
                while let Ok(Ok(_)) =
                    tokio::time::timeout(Duration::from_secs(5), listener.recv()).await.or(Ok::<_, ()>(Err(sqlx::Error::PoolTimedOut)))
                {
                    let Some(jobs) = jobs.upgrade() else { return };
                    jobs.notify_waiters();
                    jobs.notify_one();
                }
            } else {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    });
}
