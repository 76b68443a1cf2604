//! How much came in each hour: numbers, and nothing of who sent it.

use domain::{Counted, Time};

use crate::db::{read, write};
use crate::{Db, Result, Tx, corrupt};

const ADD: &str =
    "INSERT INTO hours (hour_ms, what, times) VALUES ($1, $2, $3) ON CONFLICT (hour_ms, what) DO UPDATE SET times = hours.times + $3";
const SINCE: &str = "SELECT hour_ms, what, times FROM hours WHERE hour_ms >= $1 ORDER BY hour_ms, what";
const FIRST: &str = "SELECT min(hour_ms) FROM hours";
const FORGET: &str = "DELETE FROM hours WHERE hour_ms < $1";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[ADD, SINCE, FIRST, FORGET];

/// So much came in an hour since it was last said.
pub async fn add(tx: &mut Tx, hour: Time, what: Counted, times: i64) -> Result<()> {
    write!(tx, conn => sqlx::query(ADD).bind(hour.0).bind(what.as_str()).bind(times).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// What came in each hour since this one, the oldest first; an hour in which nothing came is not there.
pub async fn since(db: &Db, hour: Time) -> Result<Vec<(Time, Counted, i64)>> {
    let rows: Vec<(i64, String, i64)> = read!(db, conn => sqlx::query_as(SINCE).bind(hour.0).fetch_all(conn).await)?;
    rows.into_iter()
        .map(|(hour, what, times)| Ok((Time(hour), Counted::parse(&what).ok_or_else(|| corrupt("hours", "what", &what))?, times)))
        .collect()
}

/// The first hour that is known.
pub async fn first(db: &Db) -> Result<Option<Time>> {
    let hour: Option<i64> = read!(db, conn => sqlx::query_scalar(FIRST).fetch_one(conn).await)?;
    Ok(hour.map(Time))
}

/// Forgets hours before this one.
pub async fn forget(tx: &mut Tx, before: Time) -> Result<()> {
    write!(tx, conn => sqlx::query(FORGET).bind(before.0).execute(conn).await.map(|_| ()))?;
    Ok(())
}
