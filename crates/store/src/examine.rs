//! A look at a database from outside, for who looks after it: it may be in use, and nothing is changed.

use std::path::Path;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection as _, PgConnection, SqliteConnection};

use crate::db::{POSTGRES, SQLITE};
use crate::{Error, Result};

/// The version that brought who may decide.
const WITH_PEOPLE: i64 = 6;
const OPERATORS: &str = "SELECT count(*) FROM moderators m WHERE m.role = 'operator' AND m.suspended_ms IS NULL \
     AND ((m.password IS NOT NULL AND m.totp IS NOT NULL) OR EXISTS (SELECT 1 FROM passkeys p WHERE p.moderator_id = m.id))";
const VERSION: &str = "SELECT max(version) FROM _sqlx_migrations WHERE success";
/// Whether SQLite answers at all is known after this.
const PATIENCE: Duration = Duration::from_secs(5);

/// What was found of a database.
#[derive(Clone, Debug)]
pub struct Examined {
    /// Which engine of which version.
    pub engine: String,
    /// The version of its schema; `None` if it has no tables yet.
    pub schema: Option<i64>,
    /// The version that this program needs.
    pub wanted: i64,
    /// What SQLite finds wrong with its own file; PostgreSQL looks after itself.
    pub damage: Option<String>,
    /// How many operators have something to sign in with; `None` if the schema is older than they are.
    pub operators: Option<i64>,
    /// A server's own clock, in milliseconds since 1970.
    pub clock_ms: Option<i64>,
}

/// Looks at a SQLite database.
pub async fn sqlite(path: &Path) -> Result<Examined> {
    let options = SqliteConnectOptions::new().filename(path).read_only(true).create_if_missing(false).busy_timeout(PATIENCE);
    let mut database = SqliteConnection::connect_with(&options).await?;
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&mut database).await?;
    let tables: i64 =
        sqlx::query_scalar("SELECT count(*) FROM sqlite_master WHERE name = '_sqlx_migrations'").fetch_one(&mut database).await?;
    let schema: Option<i64> = if tables == 0 { None } else { sqlx::query_scalar(VERSION).fetch_one(&mut database).await? };
    let operators = match schema {
        Some(schema) if schema >= WITH_PEOPLE => Some(sqlx::query_scalar(OPERATORS).fetch_one(&mut database).await?),
        _ => None,
    };
    let check: String = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(&mut database).await?;
    database.close().await?;
    let damage = (check != "ok").then_some(check);
    Ok(Examined { engine: format!("SQLite {version}"), schema, wanted: newest(&SQLITE), damage, operators, clock_ms: None })
}

/// Looks at a PostgreSQL database.
pub async fn postgres(url: &str) -> Result<Examined> {
    let connected = tokio::time::timeout(PATIENCE * 2, PgConnection::connect(url)).await;
    let mut database = connected.map_err(|_| Error::from(sqlx::Error::PoolTimedOut))??;
    let version: String = sqlx::query_scalar("SELECT current_setting('server_version')").fetch_one(&mut database).await?;
    let clock: i64 =
        sqlx::query_scalar("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)").fetch_one(&mut database).await?;
    let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM pg_catalog.pg_tables WHERE tablename = '_sqlx_migrations'")
        .fetch_one(&mut database)
        .await?;
    let schema: Option<i64> = if tables == 0 { None } else { sqlx::query_scalar(VERSION).fetch_one(&mut database).await? };
    let operators = match schema {
        Some(schema) if schema >= WITH_PEOPLE => Some(sqlx::query_scalar(OPERATORS).fetch_one(&mut database).await?),
        _ => None,
    };
    database.close().await?;
    Ok(Examined {
        engine: format!("PostgreSQL {version}"),
        schema,
        wanted: newest(&POSTGRES),
        damage: None,
        operators,
        clock_ms: Some(clock),
    })
}

fn newest(migrations: &Migrator) -> i64 {
    migrations.iter().map(|migration| migration.version).max().unwrap_or_default()
}
