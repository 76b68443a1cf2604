//! Evidence: where the sealed copy of what a decision took away lies, and until it is destroyed. One file for each decision.

use domain::{CaseId, DecisionId, RetentionGround, Time};

use crate::db::{read, write};
use crate::{Db, Result, Tx, corrupt, jobs};

/// A sealed file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceRow {
    /// Of what this decision took away.
    pub decision_id: DecisionId,
    /// Where it lies; `None`: it was destroyed.
    pub object_key: Option<String>,
    /// SHA-256 of the sealed file.
    pub sha256: [u8; 32],
    /// Its size.
    pub size_bytes: i64,
    /// How many subjects it holds.
    pub holds: i64,
    /// For whom it is sealed, with spaces between.
    pub recipients: String,
    /// When it was sealed.
    pub sealed: Time,
    /// When it was destroyed.
    pub destroyed: Option<Time>,
}

type Columns = (String, Option<String>, Vec<u8>, i64, i64, String, i64, Option<i64>);

const FIND: &str =
    "SELECT decision_id, object_key, sha256, size_bytes, holds, recipients, sealed_ms, destroyed_ms FROM evidence WHERE decision_id = $1";
const LIST: &str = "SELECT decision_id, object_key, sha256, size_bytes, holds, recipients, sealed_ms, destroyed_ms FROM evidence \
     WHERE (sealed_ms, decision_id) < ($1, $2) ORDER BY sealed_ms DESC, decision_id DESC LIMIT $3";
const KEY: &str = "SELECT object_key FROM evidence WHERE decision_id = $1";
// Another one takes its place only if that holds more.
const PUT: &str = "INSERT INTO evidence (decision_id, object_key, sha256, size_bytes, holds, recipients, sealed_ms) VALUES ($1, $2, $3, $4, $5, $6, $7) \
     ON CONFLICT (decision_id) DO UPDATE SET object_key = excluded.object_key, sha256 = excluded.sha256, size_bytes = excluded.size_bytes, \
     holds = excluded.holds, recipients = excluded.recipients, sealed_ms = excluded.sealed_ms WHERE evidence.destroyed_ms IS NULL AND evidence.holds < excluded.holds";
const WANTING: &str = "SELECT d.id FROM decisions d WHERE d.id > $1 AND d.quarantine_key IS NOT NULL AND d.undone_ms IS NULL AND d.destroyed_ms IS NULL \
     AND EXISTS (SELECT 1 FROM restrictions r WHERE r.decision_id = d.id AND r.state = 'quarantined') \
     AND NOT EXISTS (SELECT 1 FROM evidence e WHERE e.decision_id = d.id) ORDER BY d.id LIMIT $2";
const UNSEALED: &str = "SELECT count(*) FROM decisions d WHERE d.quarantine_key IS NOT NULL AND d.undone_ms IS NULL AND d.destroyed_ms IS NULL \
     AND NOT EXISTS (SELECT 1 FROM evidence e WHERE e.decision_id = d.id)";
// The case that was decided first, then those of what was reached with it.
const CASES: &str = "SELECT c.id FROM cases c WHERE c.id IN (SELECT case_id FROM decisions WHERE id = $1 UNION SELECT k.id FROM restrictions r \
     JOIN cases k ON k.post_id = r.post_id AND (r.media_id = '' OR r.media_id = k.media_id) WHERE r.decision_id = $1) ORDER BY c.opened_ms, c.id";
const UNTIL: &str = "SELECT max(r.expires_ms) FROM retentions r JOIN decisions d ON d.id = r.decision_id WHERE r.decision_id = $1 \
     AND (r.ground <> $2 OR d.undone_ms IS NULL)";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[FIND, LIST, KEY, PUT, WANTING, UNSEALED, CASES, UNTIL];

/// The evidence of a decision.
pub async fn find(db: &Db, id: &DecisionId) -> Result<Option<EvidenceRow>> {
    let row: Option<Columns> = read!(db, conn => sqlx::query_as(FIND).bind(id.as_str()).fetch_optional(conn).await)?;
    row.map(evidence).transpose()
}

/// At most `limit` sealed files, the newest first, from after the one of this time and decision.
pub async fn list(db: &Db, after: Option<(Time, &DecisionId)>, limit: i64) -> Result<Vec<EvidenceRow>> {
    let (sealed, id) = after.map_or((i64::MAX, ""), |(sealed, id)| (sealed.0, id.as_str()));
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(LIST).bind(sealed).bind(id).bind(limit).fetch_all(conn).await)?;
    rows.into_iter().map(evidence).collect()
}

/// Writes down where the evidence of a decision lies, in the place of one that holds less; `false` if there is one that holds as much, or it was
/// destroyed. The caller holds the decision.
pub async fn put(tx: &mut Tx, row: &EvidenceRow) -> Result<bool> {
    let before: Option<Option<String>> =
        write!(tx, conn => sqlx::query_scalar(KEY).bind(row.decision_id.as_str()).fetch_optional(conn).await)?;
    let rows = write!(tx, conn => sqlx::query(PUT)
        .bind(row.decision_id.as_str()).bind(&row.object_key).bind(&row.sha256[..]).bind(row.size_bytes).bind(row.holds).bind(&row.recipients)
        .bind(row.sealed.0)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    if rows == 1
        && let Some(key) = before.flatten()
    {
        jobs::delete_object(tx, &key, row.sealed).await?;
    }
    Ok(rows == 1)
}

/// At most `limit` decisions after `after` that have something in quarantine and no evidence.
pub async fn wanting(db: &Db, after: Option<&DecisionId>, limit: i64) -> Result<Vec<DecisionId>> {
    let after = after.map_or("", DecisionId::as_str);
    let rows: Vec<String> = read!(db, conn => sqlx::query_scalar(WANTING).bind(after).bind(limit).fetch_all(conn).await)?;
    rows.into_iter().map(|id| DecisionId::parse(&id).ok_or_else(|| corrupt("decisions", "id", &id))).collect()
}

/// How many decisions keep something that is not sealed.
pub async fn count_unsealed(db: &Db) -> Result<i64> {
    Ok(read!(db, conn => sqlx::query_scalar(UNSEALED).fetch_one(conn).await)?)
}

/// The case of a decision and those of all else that it reached.
pub async fn cases(db: &Db, id: &DecisionId) -> Result<Vec<CaseId>> {
    let rows: Vec<String> = read!(db, conn => sqlx::query_scalar(CASES).bind(id.as_str()).fetch_all(conn).await)?;
    rows.into_iter().map(|id| CaseId::parse(&id).ok_or_else(|| corrupt("cases", "id", &id))).collect()
}

/// When the last of a decision's retentions ends that its evidence is kept for.
pub async fn until(db: &Db, id: &DecisionId) -> Result<Option<Time>> {
    let until: Option<i64> = read!(db, conn => sqlx::query_scalar(UNTIL)
        .bind(id.as_str()).bind(RetentionGround::Appeal.as_str()).fetch_one(conn).await)?;
    Ok(until.map(Time))
}

fn evidence((id, object_key, sha256, size_bytes, holds, recipients, sealed, destroyed): Columns) -> Result<EvidenceRow> {
    Ok(EvidenceRow {
        object_key,
        sha256: sha256.try_into().map_err(|_| corrupt("evidence", "sha256", &id))?,
        size_bytes,
        holds,
        recipients,
        sealed: Time(sealed),
        destroyed: destroyed.map(Time),
        decision_id: DecisionId::parse(&id).ok_or_else(|| corrupt("evidence", "decision_id", &id))?,
    })
}
