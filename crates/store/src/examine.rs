//! A look at a database from outside, for who looks after it: it may be in use, and nothing is changed.

use std::path::Path;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection as _, PgConnection, SqliteConnection};

use crate::db::{POSTGRES, SQLITE};
use crate::{Error, Result};

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
    let schema = if tables == 0 { None } else { sqlx::query_scalar(VERSION).fetch_one(&mut database).await? };
    let check: String = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(&mut database).await?;
    database.close().await?;
    let damage = (check != "ok").then_some(check);
    Ok(Examined { engine: format!("SQLite {version}"), schema, wanted: newest(&SQLITE), damage, clock_ms: None })
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
    let schema = if tables == 0 { None } else { sqlx::query_scalar(VERSION).fetch_one(&mut database).await? };
    database.close().await?;
    Ok(Examined { engine: format!("PostgreSQL {version}"), schema, wanted: newest(&POSTGRES), damage: None, clock_ms: Some(clock) })
}

fn newest(migrations: &Migrator) -> i64 {
    migrations.iter().map(|migration| migration.version).max().unwrap_or_default()
}
