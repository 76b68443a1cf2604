//! Alarms: what the operator is told of, once for each time that it happens, and how far the telling of it is.

use domain::watch::Condition;
use domain::{AlarmId, AlarmKind, TellingId, Time};

use crate::db::{read, write};
use crate::{Db, Result, Tx, corrupt};

/// An alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlarmRow {
    /// Its id.
    pub id: AlarmId,
    /// What it is about.
    pub what: Condition,
    /// When it was raised.
    pub raised: Time,
    /// When it was so no more.
    pub ended: Option<Time>,
    /// With what it was told; `None`: it waits for the end of the quiet hours.
    pub telling: Option<TellingId>,
}

/// How it stands with the webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hook {
    /// There is none.
    None,
    /// It is still to be asked, or did not take it yet.
    Waiting,
    /// It has taken it.
    Sent,
    /// It did not, for too long.
    GivenUp,
}

impl Hook {
    /// The name in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::GivenUp => "given_up",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::None, Self::Waiting, Self::Sent, Self::GivenUp].into_iter().find(|hook| hook.as_str() == text)
    }
}

/// What the operator is told at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TellingRow {
    /// Its id.
    pub id: TellingId,
    /// How it stands with the webhook.
    pub hook: Hook,
    /// How often that was tried.
    pub tries: i64,
    /// Its last answer: a status, or a word for what happened.
    pub answer: Option<String>,
    /// When it was put together.
    pub created: Time,
}

type Columns = (String, String, String, i64, i64, Option<i64>, Option<String>);
type TellingColumns = (String, String, i64, Option<String>, i64);

const STANDING: &str =
    "SELECT id, kind, subject, number, raised_ms, ended_ms, telling_id FROM alarms WHERE ended_ms IS NULL ORDER BY raised_ms, id";
const RAISE: &str =
    "INSERT INTO alarms (id, kind, subject, number, raised_ms, ended_ms) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
const END: &str = "UPDATE alarms SET ended_ms = $2 WHERE id = $1 AND ended_ms IS NULL";
const TELL: &str = "UPDATE alarms SET telling_id = $1 WHERE telling_id IS NULL AND ($2 = 0 OR kind IN ('order', 'test'))";
const INSERT_TELLING: &str = "INSERT INTO tellings (id, hook, tries, created_ms) VALUES ($1, $2, 0, $3)";
const TELLING: &str = "SELECT id, hook, tries, answer, created_ms FROM tellings WHERE id = $1";
const OF_TELLING: &str =
    "SELECT id, kind, subject, number, raised_ms, ended_ms, telling_id FROM alarms WHERE telling_id = $1 ORDER BY raised_ms, kind, id";
const NEWEST: &str = "SELECT id, kind, subject, number, raised_ms, ended_ms, telling_id FROM alarms ORDER BY raised_ms DESC, id LIMIT $1";
const STANDING_NOW: &str = "SELECT id, kind, subject, number, raised_ms, ended_ms, telling_id FROM alarms WHERE ended_ms IS NULL AND kind <> 'order' \
     ORDER BY raised_ms, id LIMIT $1";
const NEWEST_TELLING: &str = "SELECT id, hook, tries, answer, created_ms FROM tellings ORDER BY created_ms DESC, id LIMIT 1";
const HOOK: &str = "UPDATE tellings SET hook = $2, tries = tries + 1, answer = $3, done_ms = $4 WHERE id = $1 AND hook = 'waiting'";
const FORGET: &str = "DELETE FROM alarms WHERE ended_ms IS NOT NULL AND raised_ms < $1";
const FORGET_TELLINGS: &str =
    "DELETE FROM tellings WHERE created_ms < $1 AND NOT EXISTS (SELECT 1 FROM alarms a WHERE a.telling_id = tellings.id)";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] =
    &[STANDING, RAISE, END, TELL, INSERT_TELLING, TELLING, OF_TELLING, NEWEST, STANDING_NOW, NEWEST_TELLING, HOOK, FORGET, FORGET_TELLINGS];

/// What was raised and has not ended.
pub async fn standing(tx: &mut Tx) -> Result<Vec<AlarmRow>> {
    let rows: Vec<Columns> = write!(tx, conn => sqlx::query_as(STANDING).fetch_all(conn).await)?;
    rows.into_iter().map(alarm).collect()
}

/// Raises an alarm; `false`: it stands already.
pub async fn raise(tx: &mut Tx, row: &AlarmRow) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(RAISE)
        .bind(row.id.as_str()).bind(row.what.kind.as_str()).bind(&row.what.subject).bind(row.what.number).bind(row.raised.0).bind(row.ended.map(|ended| ended.0))
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// It is so no more, and may be raised again.
pub async fn end(tx: &mut Tx, id: &AlarmId, now: Time) -> Result<()> {
    write!(tx, conn => sqlx::query(END).bind(id.as_str()).bind(now.0).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Puts together all that was not told yet, or in quiet hours what of it binds; `false`: there is nothing.
pub async fn tell(tx: &mut Tx, id: &TellingId, quiet: bool, hook: Hook, now: Time) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(TELL).bind(id.as_str()).bind(i64::from(quiet)).execute(conn).await.map(|done| done.rows_affected()))?;
    if rows > 0 {
        write!(tx, conn => sqlx::query(INSERT_TELLING).bind(id.as_str()).bind(hook.as_str()).bind(now.0).execute(conn).await.map(|_| ()))?;
    }
    Ok(rows > 0)
}

/// What was told at one time, with its alarms.
pub async fn telling(db: &Db, id: &TellingId) -> Result<Option<(TellingRow, Vec<AlarmRow>)>> {
    let row: Option<TellingColumns> = read!(db, conn => sqlx::query_as(TELLING).bind(id.as_str()).fetch_optional(conn).await)?;
    let Some(row) = row else { return Ok(None) };
    let alarms: Vec<Columns> = read!(db, conn => sqlx::query_as(OF_TELLING).bind(id.as_str()).fetch_all(conn).await)?;
    Ok(Some((telling_row(row)?, alarms.into_iter().map(alarm).collect::<Result<_>>()?)))
}

/// The newest alarms.
pub async fn newest(db: &Db, limit: i64) -> Result<Vec<AlarmRow>> {
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(NEWEST).bind(limit).fetch_all(conn).await)?;
    rows.into_iter().map(alarm).collect()
}

/// At most `limit` alarms that stand, but those of orders: of these the queue's clocks tell.
pub async fn standing_now(db: &Db, limit: i64) -> Result<Vec<AlarmRow>> {
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(STANDING_NOW).bind(limit).fetch_all(conn).await)?;
    rows.into_iter().map(alarm).collect()
}

/// What was told last.
pub async fn newest_telling(db: &Db) -> Result<Option<TellingRow>> {
    let row: Option<TellingColumns> = read!(db, conn => sqlx::query_as(NEWEST_TELLING).fetch_optional(conn).await)?;
    row.map(telling_row).transpose()
}

/// The webhook was asked once more.
pub async fn hook(tx: &mut Tx, id: &TellingId, hook: Hook, answer: Option<&str>, now: Time) -> Result<()> {
    let done = (hook != Hook::Waiting).then_some(now.0);
    write!(tx, conn => sqlx::query(HOOK).bind(id.as_str()).bind(hook.as_str()).bind(answer).bind(done).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Forgets what was told before then and has ended.
pub async fn forget(tx: &mut Tx, before: Time) -> Result<()> {
    for sql in [FORGET, FORGET_TELLINGS] {
        write!(tx, conn => sqlx::query(sql).bind(before.0).execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}

fn alarm((id, kind, subject, number, raised, ended, telling): Columns) -> Result<AlarmRow> {
    Ok(AlarmRow {
        what: Condition { kind: AlarmKind::parse(&kind).ok_or_else(|| corrupt("alarms", "kind", &id))?, subject, number },
        raised: Time(raised),
        ended: ended.map(Time),
        telling: telling.map(|telling| TellingId::parse(&telling).ok_or_else(|| corrupt("alarms", "telling_id", &id))).transpose()?,
        id: AlarmId::parse(&id).ok_or_else(|| corrupt("alarms", "id", &id))?,
    })
}

fn telling_row((id, hook, tries, answer, created): TellingColumns) -> Result<TellingRow> {
    Ok(TellingRow {
        hook: Hook::parse(&hook).ok_or_else(|| corrupt("tellings", "hook", &id))?,
        tries,
        answer,
        created: Time(created),
        id: TellingId::parse(&id).ok_or_else(|| corrupt("tellings", "id", &id))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_quiet_hours_the_kinds_are_told_that_wake() {
        for kind in AlarmKind::ALL {
            assert_eq!(TELL.contains(&format!("'{}'", kind.as_str())), kind.wakes(), "{kind:?}");
        }
    }
}
