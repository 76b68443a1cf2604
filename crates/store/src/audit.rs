//! The audit trail: who did what, and when. Each row is written in the transaction of the act itself (invariant 4), and holds names and
//! numbers of things, never what stands in them.

use domain::{Act, AuditId, ModeratorId, Time};

use crate::db::{read, write};
use crate::{Db, Result, Tx, corrupt};

/// One act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Its id.
    pub id: AuditId,
    /// When it was done.
    pub at: Time,
    /// Who did it; `None`: the command line, or the clock.
    pub by: Option<ModeratorId>,
    /// What was done.
    pub act: Act,
    /// What it was done to: an id, or nothing.
    pub subject: String,
    /// More of it as a JSON object: ids, numbers and closed words, never content.
    pub detail: String,
    /// How often: some acts are only counted.
    pub times: i64,
}

/// An act as a person reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The act.
    pub row: AuditRow,
    /// The name of who did it.
    pub by: Option<String>,
    /// The name of whom it was done to, if it was done to somebody who decides.
    pub to: Option<String>,
}

type Columns = (String, i64, Option<String>, String, String, String, i64, Option<String>, Option<String>);

const INSERT: &str = "INSERT INTO audit (id, at_ms, moderator_id, act, subject, detail, times) VALUES ($1, $2, $3, $4, $5, $6, $7) \
     ON CONFLICT (id) DO UPDATE SET times = audit.times + 1";
const NEWEST: &str = "SELECT a.id, a.at_ms, a.moderator_id, a.act, a.subject, a.detail, a.times, m.name, s.name FROM audit a \
     LEFT JOIN moderators m ON m.id = a.moderator_id LEFT JOIN moderators s ON s.id = a.subject \
     WHERE (a.at_ms, a.id) < ($1, $2) ORDER BY a.at_ms DESC, a.id DESC LIMIT $3";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[INSERT, NEWEST];

/// Writes an act down. One whose row is there already is counted in it.
pub async fn write(tx: &mut Tx, row: &AuditRow) -> Result<()> {
    write!(tx, conn => sqlx::query(INSERT)
        .bind(row.id.as_str()).bind(row.at.0).bind(row.by.as_ref().map(ModeratorId::as_str)).bind(row.act.as_str())
        .bind(&row.subject).bind(&row.detail).bind(row.times)
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Up to `limit` acts, the newest first, from after the one at this time with this id.
pub async fn newest(db: &Db, after: Option<(Time, &AuditId)>, limit: i64) -> Result<Vec<Told>> {
    let (at, id) = after.map_or((i64::MAX, ""), |(at, id)| (at.0, id.as_str()));
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(NEWEST).bind(at).bind(id).bind(limit).fetch_all(conn).await)?;
    rows.into_iter()
        .map(|(id, at, by, act, subject, detail, times, by_name, to)| {
            let row = AuditRow {
                at: Time(at),
                by: by.map(|by| ModeratorId::parse(&by).ok_or_else(|| corrupt("audit", "moderator_id", &id))).transpose()?,
                act: Act::parse(&act).ok_or_else(|| corrupt("audit", "act", &id))?,
                subject,
                detail,
                times,
                id: AuditId::parse(&id).ok_or_else(|| corrupt("audit", "id", &id))?,
            };
            Ok(Told { row, by: by_name, to })
        })
        .collect()
}
