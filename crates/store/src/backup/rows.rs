//! Rows in a form of neither engine: the tables that a site consists of, and a connection that reads and writes any of them.

use std::time::{Duration, Instant};

use futures_util::TryStreamExt as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, SqliteConnection};

use super::Source;
use crate::db::{LINGER, POSTGRES, SQLITE};
use crate::{Error, Result, dialect};

/// A chunk ends with the row that takes it over this many bytes of words.
const CHUNK_BYTES: usize = 1 << 20;
const PATIENCE: Duration = Duration::from_secs(10);

/// A table, and which of its rows belong to the post `$1`.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    pub(super) of_post: &'static str,
    /// The column that names an object.
    pub(super) key: Option<&'static str>,
}

const fn table(name: &'static str, of_post: &'static str) -> Table {
    Table { name, of_post, key: None }
}

impl Table {
    const fn names_objects(self, column: &'static str) -> Self {
        Self { key: Some(column), ..self }
    }
}

/// What is no post's.
const NO_POST: &str = "CAST($1 AS TEXT) IS NULL";

/// Every table (a test looks), each after those that it refers to.
pub const TABLES: &[Table] = &[
    table("blobs", "sha256 IN (SELECT f.sha256 FROM files f JOIN media m ON m.id = f.media_id WHERE m.post_id = $1)")
        .names_objects("object_key"),
    table("posts", "id = $1"),
    table("gone", "post_id = $1"),
    table("media", "post_id = $1").names_objects("staged"),
    table("files", "media_id IN (SELECT id FROM media WHERE post_id = $1)"),
    table("uploads", "id IN (SELECT upload_id FROM media WHERE post_id = $1)"),
    table("parts", "upload_id IN (SELECT upload_id FROM media WHERE post_id = $1)").names_objects("object_key"),
    table("repeats", "post_id = $1"),
    table("fingerprints", "post_id = $1"),
    table("subjects", "post_id = $1"),
    table("banks", NO_POST),
    table("items", NO_POST),
    table("signals", NO_POST),
    table("judgements", NO_POST),
    table("bank_changes", NO_POST),
    table("matches", "post_id = $1"),
    table("moderators", NO_POST),
    table("passkeys", NO_POST),
    table("sessions", NO_POST),
    table("challenges", NO_POST),
    table("used_codes", NO_POST),
    table("audit", NO_POST),
    table("levers", NO_POST),
    table("cases", NO_POST),
    table("claims", NO_POST),
    table("passed_over", NO_POST),
    table("notes", NO_POST),
    table("seen", NO_POST),
    table("days", NO_POST),
    table("desk", NO_POST),
    table("parties", NO_POST),
    table("party_keys", NO_POST),
    table("used_nonces", NO_POST),
    table("filings", NO_POST),
    table("case_items", NO_POST),
    table("notices", NO_POST),
    table("questions", NO_POST),
    table("snapshots", "post_id = $1"),
    table("opened", "post_id = $1"),
    table("members", NO_POST),
    table("decisions", NO_POST),
    table("restrictions", NO_POST).names_objects("archive"),
    table("quarantined", NO_POST).names_objects("object_key"),
    table("appeals", NO_POST),
    table("policies", NO_POST),
    table("policy_texts", NO_POST),
    table("mails", NO_POST),
    table("watch", NO_POST),
    table("hours", NO_POST),
    table("tellings", NO_POST),
    table("alarms", NO_POST),
    table("retentions", NO_POST),
    table("evidence", NO_POST).names_objects("object_key"),
    // A payload holds ids.
    table(
        "jobs",
        "payload LIKE '%' || CAST($1 AS TEXT) || '%' OR EXISTS (SELECT 1 FROM media m WHERE m.post_id = $1 AND payload LIKE '%' || m.id || '%')",
    ),
];

/// What a column holds: the kinds that both engines have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Text,
    Integer,
    Real,
    /// In hexadecimal digits.
    Bytes,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
}

/// Some rows of a table.
#[derive(Serialize, Deserialize)]
pub(super) struct Chunk {
    pub(super) table: String,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<Value>>,
}

/// All rows of a post, in the place of those of the snapshot; none if it is gone.
#[derive(Serialize, Deserialize)]
pub(super) struct Amended {
    pub(super) post: String,
    pub(super) chunks: Vec<Chunk>,
}

/// The version that this program's schema has.
pub(super) fn newest() -> i64 {
    SQLITE.iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// One connection, to either engine.
pub(super) enum Connection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Runs one body on whichever engine a connection belongs to.
macro_rules! on {
    ($connection:expr, $conn:ident => $body:expr) => {
        match $connection {
            $crate::backup::rows::Connection::Sqlite($conn) => {
                let $conn = &mut *$conn;
                $body
            }
            $crate::backup::rows::Connection::Postgres($conn) => {
                let $conn = &mut *$conn;
                $body
            }
        }
    };
}
pub(super) use on;

impl Connection {
    /// Only for reading: nothing is made or moved.
    pub(super) async fn open(source: Source<'_>) -> Result<Self> {
        match source {
            Source::Sqlite(path) => {
                let options = SqliteConnectOptions::new().filename(path).read_only(true).create_if_missing(false).busy_timeout(PATIENCE);
                Ok(Self::Sqlite(SqliteConnection::connect_with(&options).await?))
            }
            Source::Postgres(url) => Self::open_postgres(url).await,
        }
    }

    pub(super) async fn open_postgres(url: &str) -> Result<Self> {
        crate::use_ring();
        let connected = tokio::time::timeout(PATIENCE, PgConnection::connect(url)).await;
        Ok(Self::Postgres(connected.map_err(|_| Error::from(sqlx::Error::PoolTimedOut))??))
    }

    pub(super) async fn close(self) -> Result<()> {
        match self {
            Self::Sqlite(connection) => connection.close().await?,
            Self::Postgres(connection) => connection.close().await?,
        }
        Ok(())
    }

    /// Keeps every site away from a PostgreSQL database for as long as it is connected.
    pub(super) async fn have_alone(&mut self) -> Result<()> {
        let Self::Postgres(connection) = self else { return Ok(()) };
        let end = Instant::now() + LINGER;
        while Instant::now() < end {
            if sqlx::query_scalar::<_, bool>(dialect::HAVE_SITE).fetch_one(&mut *connection).await? {
                return Ok(());
            }
            tokio::time::sleep(LINGER / 20).await;
        }
        Err(Error::InUse("the database is in use by a site that runs, or by another restore; stop that first"))
    }

    fn dialect(&self) -> usize {
        usize::from(matches!(self, Self::Postgres(_)))
    }

    /// Runs a statement that has a text of its own for each engine.
    pub(super) async fn run_either(&mut self, sql: [&'static str; 2]) -> Result<()> {
        self.run(sql[self.dialect()]).await
    }

    /// Runs a statement that takes nothing.
    pub(super) async fn run(&mut self, sql: &'static str) -> Result<()> {
        on!(self, conn => sqlx::raw_sql(sql).execute(conn).await.map(|_| ()))?;
        Ok(())
    }

    /// From here on every reading is of one moment.
    pub(super) async fn begin(&mut self) -> Result<()> {
        self.run_either(dialect::SNAPSHOT).await
    }

    pub(super) async fn end(&mut self) -> Result<()> {
        self.run("COMMIT").await
    }

    /// The version of the schema; `None` if there are no tables.
    pub(super) async fn schema(&mut self) -> Result<Option<i64>> {
        if self.columns("_sqlx_migrations").await?.is_empty() {
            return Ok(None);
        }
        Ok(on!(self, conn => sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success").fetch_one(conn).await)?)
    }

    /// Brings the schema to a version.
    pub(super) async fn migrate(&mut self, version: i64) -> Result<()> {
        let moved = match self {
            Self::Sqlite(connection) => SQLITE.run_to(version, connection).await,
            Self::Postgres(connection) => POSTGRES.run_to(version, connection).await,
        };
        moved.map_err(crate::db::schema)
    }

    pub(super) async fn columns(&mut self, table: &str) -> Result<Vec<Column>> {
        let sql = dialect::COLUMNS[self.dialect()];
        let found: Vec<(String, String)> = on!(self, conn => sqlx::query_as(sql).bind(table).fetch_all(conn).await)?;
        found
            .into_iter()
            .map(|(name, declared)| {
                let kind = match declared.to_uppercase().as_str() {
                    "TEXT" => Kind::Text,
                    "INTEGER" | "BIGINT" => Kind::Integer,
                    "REAL" | "DOUBLE PRECISION" => Kind::Real,
                    "BLOB" | "BYTEA" => Kind::Bytes,
                    // The tables of the migrations hold more; none of ours does.
                    _ if table.starts_with('_') => Kind::Text,
                    other => return Err(Error::Schema(format!("{table}.{name} is of the kind {other}"))),
                };
                Ok(Column { name, kind })
            })
            .collect()
    }

    /// Hands on the rows of a table, in chunks: all, or those of one post.
    pub(super) async fn dump(&mut self, table: &Table, post: Option<&str>, take: &mut impl FnMut(Chunk) -> Result<()>) -> Result<()> {
        let columns = self.columns(table.name).await?;
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let mut sql = format!("SELECT {} FROM {}", names.join(", "), table.name);
        if post.is_some() {
            sql = format!("{sql} WHERE {}", table.of_post);
        }
        let chunk = |rows| Chunk { table: table.name.to_owned(), columns: columns.clone(), rows };
        let (mut rows, mut bytes) = (Vec::new(), 0);
        on!(self, conn => {
            let mut query = sqlx::query(AssertSqlSafe(sql));
            if let Some(post) = post {
                query = query.bind(post.to_owned());
            }
            let mut found = query.fetch(conn);
            while let Some(row) = found.try_next().await? {
                let mut values = Vec::with_capacity(columns.len());
                for (place, column) in columns.iter().enumerate() {
                    let value: Value = match column.kind {
                        Kind::Text => row.try_get::<Option<String>, _>(place)?.into(),
                        Kind::Integer => row.try_get::<Option<i64>, _>(place)?.into(),
                        Kind::Real => row.try_get::<Option<f64>, _>(place)?.into(),
                        Kind::Bytes => row.try_get::<Option<Vec<u8>>, _>(place)?.map(hex::encode).into(),
                    };
                    bytes += value.as_str().map_or(16, str::len);
                    values.push(value);
                }
                rows.push(values);
                if bytes > CHUNK_BYTES {
                    take(chunk(std::mem::take(&mut rows)))?;
                    bytes = 0;
                }
            }
        });
        if rows.is_empty() { Ok(()) } else { take(chunk(rows)) }
    }

    /// Writes a row. `columns` are the table's own; where `may_stand`, one that is there already stays.
    pub(super) async fn insert(&mut self, table: &Table, columns: &[Column], row: Vec<Value>, may_stand: bool) -> Result<()> {
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let places: Vec<String> = (1..=columns.len()).map(|place| format!("${place}")).collect();
        let or = if may_stand { " ON CONFLICT DO NOTHING" } else { "" };
        let sql = format!("INSERT INTO {} ({}) VALUES ({}){or}", table.name, names.join(", "), places.join(", "));
        let mut values = Vec::with_capacity(row.len());
        for (value, column) in row.into_iter().zip(columns) {
            values.push(Bound::of(value, column.kind)?);
        }
        on!(self, conn => {
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for value in values {
                query = match value {
                    Bound::Text(value) => query.bind(value),
                    Bound::Integer(value) => query.bind(value),
                    Bound::Real(value) => query.bind(value),
                    Bound::Bytes(value) => query.bind(value),
                };
            }
            query.execute(conn).await.map(|_| ())
        })?;
        Ok(())
    }

    /// Deletes the rows of a post.
    pub(super) async fn delete_of_post(&mut self, table: &Table, post: &str) -> Result<()> {
        let sql = format!("DELETE FROM {} WHERE {}", table.name, table.of_post);
        on!(self, conn => sqlx::query(AssertSqlSafe(sql)).bind(post.to_owned()).execute(conn).await.map(|_| ()))?;
        Ok(())
    }

    pub(super) async fn is_empty(&mut self, table: &Table) -> Result<bool> {
        let sql = format!("SELECT count(*) FROM (SELECT 1 FROM {} LIMIT 1) AS first", table.name);
        let count: i64 = on!(self, conn => sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(conn).await)?;
        Ok(count == 0)
    }
}

/// A value that an engine takes.
enum Bound {
    Text(Option<String>),
    Integer(Option<i64>),
    Real(Option<f64>),
    Bytes(Option<Vec<u8>>),
}

impl Bound {
    fn of(value: Value, kind: Kind) -> Result<Self> {
        let strange = || Error::Archive("holds a row that is none".to_owned());
        Ok(match (kind, value) {
            (Kind::Text, Value::Null) => Self::Text(None),
            (Kind::Text, Value::String(text)) => Self::Text(Some(text)),
            (Kind::Integer, Value::Null) => Self::Integer(None),
            (Kind::Integer, Value::Number(number)) => Self::Integer(Some(number.as_i64().ok_or_else(strange)?)),
            (Kind::Real, Value::Null) => Self::Real(None),
            (Kind::Real, Value::Number(number)) => Self::Real(Some(number.as_f64().ok_or_else(strange)?)),
            (Kind::Bytes, Value::Null) => Self::Bytes(None),
            (Kind::Bytes, Value::String(text)) => Self::Bytes(Some(hex::decode(text).map_err(|_| strange())?)),
            _ => return Err(strange()),
        })
    }
}
