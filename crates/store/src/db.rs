//! The two databases behind one type. Each operation is one SQL text that both engines understand, compiled for both pools by
//! one macro; there is no repository trait and no lowest-common-denominator driver.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgListener, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, PgPool, Postgres, Sqlite, SqlitePool, Transaction};
use tokio::sync::watch;

use crate::glance::Glance;
use crate::{Error, Result, dialect};

/// How long a request waits for a connection or a lock before it is told to come back.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);
/// How long a lock may stand after whoever had it has gone: the server sees the end of a connection when it comes to it.
pub(crate) const LINGER: Duration = Duration::from_secs(2);
/// A connection that was used so lately is taken to be sound.
const FRESH: Duration = Duration::from_secs(1);
/// The channel that tells other nodes of new jobs.
const JOBS_CHANNEL: &str = "handbill_jobs";

pub(crate) static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
pub(crate) static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

// IMMEDIATE: a change that reads first must not find at its end that another has written. What holds for one change is said at
// its beginning each time, so that there is nothing to be put back at its end, however it ends.
const BEGIN: &str = "PRAGMA busy_timeout = 10000; PRAGMA synchronous = FULL; BEGIN IMMEDIATE";
const BEGIN_LIGHT: &str = "PRAGMA busy_timeout = 10000; PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE";
const BEGIN_LIGHT_POSTGRES: &str = "BEGIN; SET LOCAL synchronous_commit TO off";
/// The writers wait while it waits for readers, so it does not wait for long.
const CHECKPOINT: &str = "PRAGMA busy_timeout = 50; PRAGMA wal_checkpoint(TRUNCATE)";

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
        /// Counts the times that jobs were queued, to wake the runners of this process.
        jobs: Arc<watch::Sender<u64>>,
    },
    /// A server.
    Postgres {
        /// Its connections.
        pool: PgPool,
        /// Ends with the last of its clones.
        listening: Arc<Listening>,
        /// Counts the times that jobs were queued, to wake the runners of this process.
        jobs: Arc<watch::Sender<u64>>,
    },
}

/// A change under way; dropped, it never happened.
pub struct Tx {
    pub(crate) inner: Inner,
    jobs: Arc<watch::Sender<u64>>,
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
        // A full disk ends SQLite's transaction by itself, but the driver goes on counting it, and every later change would fail: such a
        // connection is given up for a new one. The test waits for an ordinary roll-back to be done.
        let sound =
            pool().test_before_acquire(true).before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }));
        let write = sound.max_connections(1).connect_with(options.clone()).await?;
        SQLITE.run(&write).await.map_err(schema)?;
        let read = pool().max_connections(4).connect_with(options.read_only(true)).await?;
        Ok(Self::Sqlite { write, read, glance: Arc::new(Glance::new(path)), jobs: Arc::default() })
    }

    /// Opens a PostgreSQL database whose schema is of this version; moving it is `migrate_postgres`.
    pub async fn open_postgres(url: &str) -> Result<Self> {
        crate::use_ring();
        // Asking a server before each question whether it is still there doubles the ways: what was used a moment ago is taken as it is.
        let sound = PgPoolOptions::new()
            .test_before_acquire(false)
            .before_acquire(|connection, about| Box::pin(async move { Ok(about.idle_for < FRESH || connection.ping().await.is_ok()) }));
        let pool = sound.max_connections(16).acquire_timeout(PATIENCE).connect(url).await?;
        let wanted = POSTGRES.iter().map(|migration| migration.version).max().unwrap_or_default();
        let found = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success").fetch_one(&pool).await;
        let found: Option<i64> = match found {
            Ok(version) => version,
            // No such table.
            Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("42P01") => None,
            Err(error) => return Err(error.into()),
        };
        match found {
            Some(version) if version == wanted => {}
            Some(version) if version > wanted => {
                let words =
                    format!("it is at version {version} and this program knows {wanted}; it was moved by a newer program, use that one");
                return Err(Error::Schema(words));
            }
            Some(version) => {
                return Err(Error::Schema(format!("it is at version {version} and this program needs {wanted}; run `handbill migrate`")));
            }
            None => return Err(Error::Schema("the database has no tables yet; run `handbill migrate`".to_owned())),
        }
        let jobs = Arc::<watch::Sender<u64>>::default();
        let Some(ears) = ears(&pool).await? else {
            return Err(Error::InUse("a restore into the database is under way; start the site when it has ended"));
        };
        let listening = Arc::new(Listening(tokio::spawn(listen(pool.clone(), ears, Arc::clone(&jobs)))));
        Ok(Self::Postgres { pool, listening, jobs })
    }

    /// Brings a PostgreSQL database's schema up to date.
    pub async fn migrate_postgres(url: &str) -> Result<()> {
        crate::use_ring();
        let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(PATIENCE).connect(url).await?;
        POSTGRES.run(&pool).await.map_err(schema)?;
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

    /// Of a statement's two texts, this engine's.
    pub(crate) fn text(&self, sql: [&'static str; 2]) -> &'static str {
        let [sqlite, postgres] = sql;
        match self {
            Self::Sqlite { .. } => sqlite,
            Self::Postgres { .. } => postgres,
        }
    }

    /// Begins a change. Committed, it is there after the power fails.
    pub async fn begin(&self) -> Result<Tx> {
        let inner = match self {
            Self::Sqlite { write, .. } => Inner::Sqlite(write.begin_with(BEGIN).await?),
            Self::Postgres { pool, .. } => Inner::Postgres(pool.begin().await?),
        };
        Ok(Tx { inner, jobs: self.jobs().clone(), enqueued: false })
    }

    /// Begins a change that does not wait for the disk: the failing power may take it back. For what is only repeated then, such
    /// as the lease of a job.
    pub async fn begin_light(&self) -> Result<Tx> {
        let inner = match self {
            Self::Sqlite { write, .. } => Inner::Sqlite(write.begin_with(BEGIN_LIGHT).await?),
            Self::Postgres { pool, .. } => Inner::Postgres(pool.begin_with(BEGIN_LIGHT_POSTGRES).await?),
        };
        Ok(Tx { inner, jobs: self.jobs().clone(), enqueued: false })
    }

    /// Changes whenever jobs may have been queued, here or by another node.
    #[must_use]
    pub fn watch_jobs(&self) -> watch::Receiver<u64> {
        self.jobs().subscribe()
    }

    /// Takes what was deleted or overwritten out of SQLite's write-ahead log too. [`Error::Unavailable`] while a reader is still in
    /// the log; nobody is held up for longer than a moment.
    pub async fn scrub(&self) -> Result<()> {
        if let Self::Sqlite { write, .. } = self {
            use futures_util::TryStreamExt as _;
            use sqlx::Row as _;
            // It answers "busy" in a row, not as an error.
            let rows: Vec<sqlx::sqlite::SqliteRow> = sqlx::raw_sql(CHECKPOINT).fetch(write).try_collect().await?;
            let busy: i64 = rows.last().map_or(Ok(1), |row| row.try_get(0))?;
            if busy != 0 {
                return Err(Error::Unavailable("database", "its write-ahead log is still being read".into()));
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
            Self::Postgres { pool, listening, .. } => {
                listening.0.abort();
                pool.close().await;
            }
        }
    }

    fn jobs(&self) -> &Arc<watch::Sender<u64>> {
        match self {
            Self::Sqlite { jobs, .. } | Self::Postgres { jobs, .. } => jobs,
        }
    }
}

impl Tx {
    /// Of a statement's two texts, this engine's.
    pub(crate) fn text(&self, sql: [&'static str; 2]) -> &'static str {
        let [sqlite, postgres] = sql;
        match &self.inner {
            Inner::Sqlite(_) => sqlite,
            Inner::Postgres(_) => postgres,
        }
    }

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
            self.jobs.send_modify(|count| *count += 1);
        }
        Ok(())
    }
}

pub(crate) fn schema(error: MigrateError) -> Error {
    match error {
        MigrateError::VersionMissing(version) => {
            Error::Schema(format!("version {version} was made by a newer program; use that one, or a copy from before it"))
        }
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => match Error::from(error) {
            Error::Sql(error) => Error::Schema(error.to_string()),
            other => other,
        },
        other => Error::Schema(other.to_string()),
    }
}

/// The task that hears what other nodes queue.
pub struct Listening(tokio::task::JoinHandle<()>);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A connection that hears what other nodes queue, and holds the lock that keeps restores away for as long as it lives; `None` if a
/// restore is under way.
async fn ears(pool: &PgPool) -> sqlx::Result<Option<PgListener>> {
    let mut ears = PgListener::connect_with(pool).await?;
    let end = Instant::now() + LINGER;
    while !sqlx::query_scalar::<_, bool>(dialect::SHARE_SITE).fetch_one(&mut ears).await? {
        if Instant::now() >= end {
            return Ok(None);
        }
        tokio::time::sleep(LINGER / 20).await;
    }
    ears.listen(JOBS_CHANNEL).await?;
    Ok(Some(ears))
}

/// Passes other nodes' calls on. What is called while the connection is lost is not heard, so each new one counts as a call.
async fn listen(pool: PgPool, first: PgListener, jobs: Arc<watch::Sender<u64>>) {
    let mut next = Some(first);
    loop {
        if let Some(mut ears) = next.take() {
            jobs.send_modify(|count| *count += 1);
            while let Ok(Some(_)) = ears.try_recv().await {
                jobs.send_modify(|count| *count += 1);
            }
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        next = match ears(&pool).await {
            Ok(None) => {
                tracing::error!("a restore into this site's database is under way: stop the site until it has ended");
                None
            }
            heard => heard.ok().flatten(),
        };
    }
}
