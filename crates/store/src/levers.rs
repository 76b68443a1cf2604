//! The levers that are pulled.

use domain::lever::{Lever, Pulled, Source};
use domain::{ModeratorId, Time};

use crate::db::{read, write};
use crate::{Db, Result, Tx, corrupt};

type Columns = (String, String, i64, Option<i64>);

const SET: &str = "INSERT INTO levers (lever, source, set_ms, until_ms, moderator_id) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (lever, source) DO UPDATE SET set_ms = excluded.set_ms, until_ms = excluded.until_ms, moderator_id = excluded.moderator_id";
const CLEAR: &str = "DELETE FROM levers WHERE lever = $1 AND source = $2";
const ALL: &str = "SELECT lever, source, set_ms, until_ms FROM levers";
const FORGET: &str = "DELETE FROM levers WHERE until_ms <= $1";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[SET, CLEAR, ALL, FORGET];

/// Pulls a lever, or gives one that is pulled another end. `by`: who; `None`: the command line, or the site itself.
pub async fn set(tx: &mut Tx, pulled: &Pulled, by: Option<&ModeratorId>) -> Result<()> {
    write!(tx, conn => sqlx::query(SET)
        .bind(pulled.lever.as_str()).bind(pulled.source.as_str()).bind(pulled.since.0).bind(pulled.until.map(|until| until.0))
        .bind(by.map(ModeratorId::as_str)).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Lets go of a lever; `false` if it was not pulled.
pub async fn clear(tx: &mut Tx, lever: Lever, source: Source) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(CLEAR).bind(lever.as_str()).bind(source.as_str()).execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// All that are pulled, also those whose end has come.
pub async fn all(db: &Db) -> Result<Vec<Pulled>> {
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(ALL).fetch_all(conn).await)?;
    rows.into_iter()
        .map(|(lever, source, since, until)| {
            Ok(Pulled {
                source: Source::parse(&source).ok_or_else(|| corrupt("levers", "source", &lever))?,
                lever: Lever::parse(&lever).ok_or_else(|| corrupt("levers", "lever", &lever))?,
                since: Time(since),
                until: until.map(Time),
            })
        })
        .collect()
}

/// Forgets those whose end has come.
pub async fn forget(tx: &mut Tx, now: Time) -> Result<()> {
    write!(tx, conn => sqlx::query(FORGET).bind(now.0).execute(conn).await.map(|_| ()))?;
    Ok(())
}
