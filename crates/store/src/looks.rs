//! Looks: what each of those who decide has seen or decided, how often they looked in a day, and how often they may ([`domain::look`]).
//!
//! What somebody has seen is known again by hashes that say nothing of it. They are kept as long as a decision can be undone, and no longer.

use domain::look::{self, Known, Tally};
use domain::{ModeratorId, Time};

use crate::db::{read, write};
use crate::{Db, Result, Tx, corrupt};

/// By what something that somebody has seen is known again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenRow {
    /// 256 bits.
    pub hash: [u8; 32],
    /// How they know it.
    pub known: Known,
    /// Since when.
    pub at: Time,
}

const REMEMBER: &str = "INSERT INTO seen (moderator_id, hash, known, at_ms) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (moderator_id, hash) DO UPDATE SET known = excluded.known, at_ms = excluded.at_ms";
// What was seen longer ago than all of that is shown again.
const SEEN: &str = "SELECT hash, known, at_ms FROM seen WHERE moderator_id = $1 ORDER BY at_ms DESC LIMIT 20000";
// Not one more than the budget, however many ask at once: the row is locked by the first.
const COUNT_LOOK: &str = "INSERT INTO days (moderator_id, day, looks, saved, decided) VALUES ($1, $2, 1, 0, 0) \
     ON CONFLICT (moderator_id, day) DO UPDATE SET looks = days.looks + 1 WHERE days.looks < $3";
const COUNT_DECIDED: &str = "INSERT INTO days (moderator_id, day, looks, saved, decided) VALUES ($1, $2, 0, $3, 1) \
     ON CONFLICT (moderator_id, day) DO UPDATE SET saved = days.saved + excluded.saved, decided = days.decided + 1";
const DAY: &str = "SELECT looks, saved, decided FROM days WHERE moderator_id = $1 AND day = $2";
const FORGET_DAYS: &str = "DELETE FROM days WHERE day < $1";
const FORGET_SEEN: &str = "DELETE FROM seen WHERE at_ms <= $1";
const BUDGET: &str = "SELECT looks_a_day FROM desk WHERE one = 1";
const SET_BUDGET: &str =
    "INSERT INTO desk (one, looks_a_day) VALUES (1, $1) ON CONFLICT (one) DO UPDATE SET looks_a_day = excluded.looks_a_day";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[REMEMBER, SEEN, COUNT_LOOK, COUNT_DECIDED, DAY, FORGET_DAYS, FORGET_SEEN, BUDGET, SET_BUDGET];

/// Somebody has looked at, or decided on, what is known by these hashes.
pub async fn remember(tx: &mut Tx, by: &ModeratorId, hashes: &[[u8; 32]], known: Known, now: Time) -> Result<()> {
    for hash in hashes {
        write!(tx, conn => sqlx::query(REMEMBER)
            .bind(by.as_str()).bind(&hash[..]).bind(known.as_str()).bind(now.0).execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}

/// What somebody has seen or decided, the latest first.
pub async fn seen(db: &Db, by: &ModeratorId) -> Result<Vec<SeenRow>> {
    let rows: Vec<(Vec<u8>, String, i64)> = read!(db, conn => sqlx::query_as(SEEN).bind(by.as_str()).fetch_all(conn).await)?;
    rows.into_iter()
        .map(|(hash, known, at)| {
            let known = Known::parse(&known).ok_or_else(|| corrupt("seen", "known", by.as_str()))?;
            Ok(SeenRow { hash: hash.try_into().map_err(|_| corrupt("seen", "hash", by.as_str()))?, known, at: Time(at) })
        })
        .collect()
}

/// Counts a look; `false` if the budget of the day is used up. `most`: how many a day are allowed.
pub async fn count(tx: &mut Tx, by: &ModeratorId, most: Option<i64>, now: Time) -> Result<bool> {
    let most = most.unwrap_or(i64::MAX);
    if most <= 0 {
        return Ok(false);
    }
    let rows = write!(tx, conn => sqlx::query(COUNT_LOOK)
        .bind(by.as_str()).bind(look::day(now)).bind(most).execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Counts a case that somebody has decided, and how many media they did not look at for it.
pub async fn count_decided(tx: &mut Tx, by: &ModeratorId, saved: i64, now: Time) -> Result<()> {
    write!(tx, conn => sqlx::query(COUNT_DECIDED)
        .bind(by.as_str()).bind(look::day(now)).bind(saved).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// What somebody did today.
pub async fn today(db: &Db, by: &ModeratorId, now: Time) -> Result<Tally> {
    let found: Option<(i64, i64, i64)> =
        read!(db, conn => sqlx::query_as(DAY).bind(by.as_str()).bind(look::day(now)).fetch_optional(conn).await)?;
    Ok(found.map_or_else(Tally::default, |(looks, saved, decided)| Tally { looks, saved, decided }))
}

/// How many media somebody may look at in a day; `None`: as many as they like.
pub async fn budget(db: &Db) -> Result<Option<i64>> {
    let found: Option<Option<i64>> = read!(db, conn => sqlx::query_scalar(BUDGET).fetch_optional(conn).await)?;
    Ok(found.flatten())
}

/// Sets it.
pub async fn set_budget(tx: &mut Tx, most: Option<i64>) -> Result<()> {
    write!(tx, conn => sqlx::query(SET_BUDGET).bind(most).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Forgets what was seen at this time or before, and what was counted more than `days` ago.
pub async fn forget(tx: &mut Tx, seen: Time, before_day: i64) -> Result<()> {
    write!(tx, conn => sqlx::query(FORGET_SEEN).bind(seen.0).execute(conn).await.map(|_| ()))?;
    write!(tx, conn => sqlx::query(FORGET_DAYS).bind(before_day).execute(conn).await.map(|_| ()))?;
    Ok(())
}
