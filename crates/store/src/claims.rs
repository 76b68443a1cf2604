//! Who has which case open, what somebody has passed over, and whom a case is given to ([`domain::claim`]).

use domain::{CaseId, ModeratorId, Time, claim};

use crate::db::{read, write};
use crate::{Db, Result, Tx, corrupt};

/// Somebody has a case open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimRow {
    /// The case.
    pub case_id: CaseId,
    /// Who.
    pub moderator_id: ModeratorId,
    /// Their name.
    pub name: String,
    /// Until when that counts, if they do nothing.
    pub until: Time,
}

type Columns = (String, String, String, i64);

// One whose end nobody knows (`$4`, `$5`) is anybody's.
const TAKE: &str = "INSERT INTO claims (case_id, moderator_id, until_ms) SELECT id, CAST($2 AS TEXT), CAST($3 AS BIGINT) FROM cases WHERE id = $1 AND state = 'open' \
     ON CONFLICT (case_id) DO UPDATE SET moderator_id = excluded.moderator_id, until_ms = excluded.until_ms \
     WHERE claims.moderator_id = excluded.moderator_id OR claims.until_ms <= $4 OR claims.until_ms > $5";
const DROP: &str = "DELETE FROM claims WHERE case_id = $1 AND moderator_id = $2";
const CLEAR: &str = "DELETE FROM claims WHERE case_id = $1";
const STANDING: &str = "SELECT c.case_id, c.moderator_id, m.name, c.until_ms FROM claims c JOIN moderators m ON m.id = c.moderator_id \
     WHERE c.until_ms > $1 AND c.until_ms <= $2";
const OF_CASE: &str = "SELECT c.case_id, c.moderator_id, m.name, c.until_ms FROM claims c JOIN moderators m ON m.id = c.moderator_id \
     WHERE c.case_id = $3 AND c.until_ms > $1 AND c.until_ms <= $2";
const FORGET_ENDED: &str = "DELETE FROM claims WHERE until_ms <= $1 OR until_ms > $2";
const FORGET_OF: &str = "DELETE FROM claims WHERE moderator_id = $1";
const UNASSIGN_OF: &str = "UPDATE cases SET assigned = NULL WHERE assigned = $1";
const PASS_OVER: &str = "INSERT INTO passed_over (moderator_id, case_id, until_ms) VALUES ($1, $2, $3) \
     ON CONFLICT (moderator_id, case_id) DO UPDATE SET until_ms = excluded.until_ms";
const FORGET_PASSED: &str = "DELETE FROM passed_over WHERE moderator_id = $1";
const FORGET_OLD_PASSED: &str = "DELETE FROM passed_over WHERE until_ms <= $1 OR until_ms > $2";
const ASSIGN: &str = "UPDATE cases SET assigned = $2 WHERE id = $1 AND state = 'open'";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] =
    &[TAKE, DROP, CLEAR, STANDING, OF_CASE, FORGET_ENDED, FORGET_OF, UNASSIGN_OF, PASS_OVER, FORGET_PASSED, FORGET_OLD_PASSED, ASSIGN];

/// Takes an open case for somebody, or goes on having it; `false` if somebody else has it, or it is not open.
pub async fn take(tx: &mut Tx, id: &CaseId, by: &ModeratorId, now: Time) -> Result<bool> {
    let (after, last) = claim::standing(now);
    let rows = write!(tx, conn => sqlx::query(TAKE)
        .bind(id.as_str()).bind(by.as_str()).bind(now.plus_ms(claim::CLAIM_MS).0).bind(after.0).bind(last.0)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Somebody has this case no more.
pub async fn drop(tx: &mut Tx, id: &CaseId, by: &ModeratorId) -> Result<()> {
    write!(tx, conn => sqlx::query(DROP).bind(id.as_str()).bind(by.as_str()).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Nobody has this case any more.
pub async fn clear(tx: &mut Tx, id: &CaseId) -> Result<()> {
    write!(tx, conn => sqlx::query(CLEAR).bind(id.as_str()).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Everybody who has a case open.
pub async fn standing(db: &Db, now: Time) -> Result<Vec<ClaimRow>> {
    let (after, last) = claim::standing(now);
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(STANDING).bind(after.0).bind(last.0).fetch_all(conn).await)?;
    rows.into_iter().map(row).collect()
}

/// Who has this case open.
pub async fn of_case(db: &Db, id: &CaseId, now: Time) -> Result<Option<ClaimRow>> {
    let (after, last) = claim::standing(now);
    let found: Option<Columns> =
        read!(db, conn => sqlx::query_as(OF_CASE).bind(after.0).bind(last.0).bind(id.as_str()).fetch_optional(conn).await)?;
    found.map(row).transpose()
}

/// The same, as it stands in this change.
pub async fn look(tx: &mut Tx, id: &CaseId, now: Time) -> Result<Option<ClaimRow>> {
    let (after, last) = claim::standing(now);
    let found: Option<Columns> =
        write!(tx, conn => sqlx::query_as(OF_CASE).bind(after.0).bind(last.0).bind(id.as_str()).fetch_optional(conn).await)?;
    found.map(row).transpose()
}

/// Somebody was shut out: they have nothing open, and nothing is theirs to decide.
pub async fn forget_of(tx: &mut Tx, id: &ModeratorId) -> Result<()> {
    for sql in [FORGET_OF, UNASSIGN_OF, FORGET_PASSED] {
        write!(tx, conn => sqlx::query(sql).bind(id.as_str()).execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}

/// Somebody has passed over a case.
pub async fn pass_over(tx: &mut Tx, id: &CaseId, by: &ModeratorId, now: Time) -> Result<()> {
    write!(tx, conn => sqlx::query(PASS_OVER)
        .bind(by.as_str()).bind(id.as_str()).bind(now.plus_ms(claim::PASSED_MS).0).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// What somebody has passed over comes to them again.
pub async fn come_again(tx: &mut Tx, by: &ModeratorId) -> Result<()> {
    write!(tx, conn => sqlx::query(FORGET_PASSED).bind(by.as_str()).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Says who shall decide an open case; `None`: anybody. `false` if it is not open.
pub async fn assign(tx: &mut Tx, id: &CaseId, to: Option<&ModeratorId>) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(ASSIGN)
        .bind(id.as_str()).bind(to.map(ModeratorId::as_str)).execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Forgets what has ended.
pub async fn forget(tx: &mut Tx, now: Time) -> Result<()> {
    let (after, last) = claim::standing(now);
    write!(tx, conn => sqlx::query(FORGET_ENDED).bind(after.0).bind(last.0).execute(conn).await.map(|_| ()))?;
    write!(tx, conn => sqlx::query(FORGET_OLD_PASSED).bind(now.0).bind(now.plus_ms(2 * claim::PASSED_MS).0).execute(conn).await.map(|_| ()))?;
    Ok(())
}

fn row((case, moderator, name, until): Columns) -> Result<ClaimRow> {
    Ok(ClaimRow {
        moderator_id: ModeratorId::parse(&moderator).ok_or_else(|| corrupt("claims", "moderator_id", &case))?,
        name,
        until: Time(until),
        case_id: CaseId::parse(&case).ok_or_else(|| corrupt("claims", "case_id", &case))?,
    })
}
