//! Retentions, and the end of what they keep: a decision's quarantine, and its evidence.
//!
//! Nothing is destroyed at the first look. It is marked when nothing needs it any more, the mark goes when something does again, or when the
//! clock was set back before it, and only what was marked a while ago is destroyed. So a clock that was set far ahead does no harm at once.

use domain::retention::SURE_MS;
use domain::{CaseId, DecisionId, FilingId, NoticeId, NoticeKind, Retention, RetentionGround, RetentionId, Time};

use crate::db::{read, write};
use crate::{Db, Result, Tx, corrupt, decisions, jobs};

/// A retention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetentionRow {
    /// Its id.
    pub id: RetentionId,
    /// Of what this decision took away.
    pub decision_id: DecisionId,
    /// Why, and until when.
    pub retention: Retention,
    /// Who asked for it; `None`: it follows from the decision, or the command line did.
    pub moderator: Option<String>,
    /// When.
    pub created: Time,
}

type Columns = (String, String, String, String, i64, Option<String>, i64);

/// What needs the quarantine of a row of `decisions` at `$1`: what a poster took away needs it as long as a case of it is open. What need not come back needs it only as long as nothing is sealed.
macro_rules! quarantine_needed {
    () => {
        "(keep_until_ms > $1 OR EXISTS (SELECT 1 FROM appeals a WHERE a.decision_id = decisions.id AND a.state = 'open') \
         OR (action = 'preserve' AND EXISTS (SELECT 1 FROM restrictions k JOIN cases c ON c.post_id = k.post_id WHERE k.decision_id = decisions.id \
         AND c.state = 'open' AND (k.media_id IN ('', c.media_id) OR c.media_id = ''))) \
         OR EXISTS (SELECT 1 FROM retentions r WHERE r.decision_id = decisions.id AND r.expires_ms > $1 AND (r.ground IN ('appeal', 'tco') \
         OR NOT EXISTS (SELECT 1 FROM evidence e WHERE e.decision_id = decisions.id AND e.destroyed_ms IS NULL))))"
    };
}

/// What needs a row of `evidence` at `$1`. Who has got back what was taken complains no more.
macro_rules! evidence_needed {
    () => {
        "(EXISTS (SELECT 1 FROM appeals a WHERE a.decision_id = evidence.decision_id AND a.state = 'open') \
         OR EXISTS (SELECT 1 FROM decisions d WHERE d.id = evidence.decision_id AND d.undone_ms IS NULL AND d.keep_until_ms > $1) \
         OR EXISTS (SELECT 1 FROM decisions d JOIN restrictions k ON k.decision_id = d.id JOIN cases c ON c.post_id = k.post_id \
         WHERE d.id = evidence.decision_id AND d.action = 'preserve' AND c.state = 'open' AND (k.media_id IN ('', c.media_id) OR c.media_id = '')) \
         OR EXISTS (SELECT 1 FROM retentions r JOIN decisions d ON d.id = r.decision_id WHERE r.decision_id = evidence.decision_id AND r.expires_ms > $1 \
         AND (r.ground <> 'appeal' OR d.undone_ms IS NULL)))"
    };
}

const INSERT: &str =
    "INSERT INTO retentions (id, decision_id, ground, reference, expires_ms, moderator_id, created_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)";
const OF_DECISION: &str = "SELECT id, decision_id, ground, reference, expires_ms, moderator_id, created_ms FROM retentions \
     WHERE decision_id = $1 ORDER BY expires_ms, id";
// Of the case, and of everything else that its decision reached. The cases are found first, by what was reached, and not from among all notices that
// there are: a queue may be long, and PostgreSQL may not know yet how long.
const ASKED: &str = "WITH reached AS MATERIALIZED (SELECT CAST($2 AS TEXT) AS id UNION SELECT c.id FROM cases c \
     WHERE c.post_id IN (SELECT post_id FROM restrictions WHERE decision_id = $1) \
     AND EXISTS (SELECT 1 FROM restrictions r WHERE r.decision_id = $1 AND r.post_id = c.post_id AND r.media_id IN ('', c.media_id))) \
     SELECT n.kind, n.id, n.filing_id, n.created_ms FROM reached JOIN notices n ON n.case_id = reached.id WHERE n.withdrawn = 0 ORDER BY 4, 2";
// A decision that nothing was taken away by, or all of what it took was given back or destroyed, keeps nothing.
const KEEPS: &str = "SELECT count(*) FROM decisions d WHERE d.id = $1 AND ((d.quarantine_key IS NOT NULL AND d.undone_ms IS NULL) \
     OR EXISTS (SELECT 1 FROM evidence e WHERE e.decision_id = d.id AND e.destroyed_ms IS NULL))";
const HOLD: &str = "UPDATE decisions SET ended_ms = NULL WHERE id = $1";
const HOLD_EVIDENCE: &str = "UPDATE evidence SET ended_ms = NULL WHERE decision_id = $1";

const MARK: &str = concat!(
    "UPDATE decisions SET ended_ms = $1 WHERE quarantine_key IS NOT NULL AND undone_ms IS NULL AND destroyed_ms IS NULL AND (ended_ms IS NULL OR ended_ms > $1) AND NOT ",
    quarantine_needed!()
);
const UNMARK: &str =
    concat!("UPDATE decisions SET ended_ms = NULL WHERE ended_ms IS NOT NULL AND destroyed_ms IS NULL AND ", quarantine_needed!());
const ENDED: &str = "SELECT id FROM decisions WHERE ended_ms <= $1 AND quarantine_key IS NOT NULL AND undone_ms IS NULL AND destroyed_ms IS NULL ORDER BY ended_ms, id LIMIT $2";
const DESTROY: &str = concat!(
    "UPDATE decisions SET quarantine_key = NULL, destroyed_ms = $1 WHERE id = $2 AND ended_ms IS NOT NULL AND destroyed_ms IS NULL AND undone_ms IS NULL \
     AND NOT EXISTS (SELECT 1 FROM restrictions r WHERE r.decision_id = decisions.id AND r.state = 'dark') AND NOT ",
    quarantine_needed!()
);
// What was said of it may repeat what it took away. A case that is open, or has another decision that can be undone, needs it still.
const SILENCE_NOTICES: &str = "UPDATE notices SET explanation = '', name = NULL, email = NULL WHERE case_id IN (SELECT c.id FROM cases c JOIN restrictions r \
     ON r.post_id = c.post_id AND r.media_id IN ('', c.media_id) WHERE r.decision_id = $1 AND c.state <> 'open' AND NOT EXISTS \
     (SELECT 1 FROM decisions d WHERE d.case_id = c.id AND d.undone_ms IS NULL AND d.quarantine_key IS NOT NULL))";
const SILENCE_APPEALS: &str = "UPDATE appeals SET words = '' WHERE decision_id = $1";

const MARK_EVIDENCE: &str = concat!(
    "UPDATE evidence SET ended_ms = $1 WHERE destroyed_ms IS NULL AND (ended_ms IS NULL OR ended_ms > $1) AND NOT ",
    evidence_needed!()
);
const UNMARK_EVIDENCE: &str =
    concat!("UPDATE evidence SET ended_ms = NULL WHERE ended_ms IS NOT NULL AND destroyed_ms IS NULL AND ", evidence_needed!());
const ENDED_EVIDENCE: &str =
    "SELECT decision_id FROM evidence WHERE ended_ms <= $1 AND destroyed_ms IS NULL ORDER BY ended_ms, decision_id LIMIT $2";
const DESTROY_EVIDENCE: &str = concat!(
    "UPDATE evidence SET destroyed_ms = $1 WHERE decision_id = $2 AND ended_ms IS NOT NULL AND destroyed_ms IS NULL AND NOT ",
    evidence_needed!(),
    " RETURNING object_key"
);
const FORGET_OBJECT: &str = "UPDATE evidence SET object_key = NULL WHERE decision_id = $1";

/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[
    INSERT,
    OF_DECISION,
    ASKED,
    KEEPS,
    HOLD,
    HOLD_EVIDENCE,
    MARK,
    UNMARK,
    ENDED,
    DESTROY,
    SILENCE_NOTICES,
    SILENCE_APPEALS,
    MARK_EVIDENCE,
    UNMARK_EVIDENCE,
    ENDED_EVIDENCE,
    DESTROY_EVIDENCE,
    FORGET_OBJECT,
];

/// Writes a retention down.
pub async fn insert(tx: &mut Tx, row: &RetentionRow) -> Result<()> {
    let kept = &row.retention;
    write!(tx, conn => sqlx::query(INSERT)
        .bind(row.id.as_str()).bind(row.decision_id.as_str()).bind(kept.ground.as_str()).bind(&kept.reference).bind(kept.until.0)
        .bind(&row.moderator).bind(row.created.0)
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// What is kept for this decision, that ends first first.
pub async fn of_decision(db: &Db, id: &DecisionId) -> Result<Vec<RetentionRow>> {
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(OF_DECISION).bind(id.as_str()).fetch_all(conn).await)?;
    rows.into_iter().map(retention).collect()
}

/// A notice on what a decision reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Of what kind.
    pub kind: NoticeKind,
    /// Its id.
    pub notice: NoticeId,
    /// What a party filed, which it is a part of.
    pub filing: Option<FilingId>,
    /// When it came.
    pub received: Time,
}

/// The notices on a decision's case and on everything that it reached, the oldest first.
pub async fn asked(tx: &mut Tx, id: &DecisionId, case: &CaseId) -> Result<Vec<Asked>> {
    let rows: Vec<(String, String, Option<String>, i64)> =
        write!(tx, conn => sqlx::query_as(ASKED).bind(id.as_str()).bind(case.as_str()).fetch_all(conn).await)?;
    rows.into_iter()
        .map(|(kind, id, filing, received)| {
            Ok(Asked {
                kind: NoticeKind::parse(&kind).ok_or_else(|| corrupt("notices", "kind", &id))?,
                filing: filing.map(|filing| FilingId::parse(&filing).ok_or_else(|| corrupt("notices", "filing_id", &id))).transpose()?,
                received: Time(received),
                notice: NoticeId::parse(&id).ok_or_else(|| corrupt("notices", "id", &id))?,
            })
        })
        .collect()
}

/// Whether anything that a decision took away is kept; it is not destroyed until this change is made.
pub async fn keeps(tx: &mut Tx, id: &DecisionId) -> Result<bool> {
    for sql in [HOLD, HOLD_EVIDENCE] {
        write!(tx, conn => sqlx::query(sql).bind(id.as_str()).execute(conn).await.map(|_| ()))?;
    }
    let count: i64 = write!(tx, conn => sqlx::query_scalar(KEEPS).bind(id.as_str()).fetch_one(conn).await)?;
    Ok(count > 0)
}

/// Marks what nothing needs at `now`, and takes the mark from what something needs.
pub async fn mark(tx: &mut Tx, now: Time) -> Result<()> {
    for sql in [UNMARK, MARK, UNMARK_EVIDENCE, MARK_EVIDENCE] {
        write!(tx, conn => sqlx::query(sql).bind(now.0).execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}

/// Decisions whose quarantine nothing has needed for long enough.
pub async fn ended(db: &Db, now: Time, limit: i64) -> Result<Vec<DecisionId>> {
    named(read!(db, conn => sqlx::query_scalar(ENDED).bind(now.plus_ms(-SURE_MS).0).bind(limit).fetch_all(conn).await)?)
}

/// Decisions whose evidence nothing has needed for long enough.
pub async fn ended_evidence(db: &Db, now: Time, limit: i64) -> Result<Vec<DecisionId>> {
    named(read!(db, conn => sqlx::query_scalar(ENDED_EVIDENCE).bind(now.plus_ms(-SURE_MS).0).bind(limit).fetch_all(conn).await)?)
}

/// Destroys what a decision took away: its key, and then the objects that nobody can read without it. `false` if it was undone or destroyed
/// before, if something needs it, or if not all of it is in quarantine.
pub async fn destroy(tx: &mut Tx, id: &DecisionId, now: Time) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(DESTROY).bind(now.0).bind(id.as_str()).execute(conn).await.map(|done| done.rows_affected()))?;
    if rows == 1 {
        for sql in [SILENCE_NOTICES, SILENCE_APPEALS] {
            write!(tx, conn => sqlx::query(sql).bind(id.as_str()).execute(conn).await.map(|_| ()))?;
        }
        decisions::clear_quarantine(tx, id, now).await?;
        jobs::scrub(tx, now).await?;
    }
    Ok(rows == 1)
}

/// Destroys the evidence of a decision. `false` if it was destroyed before, or if something needs it.
pub async fn destroy_evidence(tx: &mut Tx, id: &DecisionId, now: Time) -> Result<bool> {
    let key: Option<Option<String>> =
        write!(tx, conn => sqlx::query_scalar(DESTROY_EVIDENCE).bind(now.0).bind(id.as_str()).fetch_optional(conn).await)?;
    let Some(key) = key else { return Ok(false) };
    write!(tx, conn => sqlx::query(FORGET_OBJECT).bind(id.as_str()).execute(conn).await.map(|_| ()))?;
    if let Some(key) = key {
        jobs::delete_object(tx, &key, now).await?;
    }
    Ok(true)
}

fn named(rows: Vec<String>) -> Result<Vec<DecisionId>> {
    rows.into_iter().map(|id| DecisionId::parse(&id).ok_or_else(|| corrupt("decisions", "id", &id))).collect()
}

fn retention((id, decision, ground, reference, until, moderator, created): Columns) -> Result<RetentionRow> {
    let ground = RetentionGround::parse(&ground).ok_or_else(|| corrupt("retentions", "ground", &id))?;
    Ok(RetentionRow {
        decision_id: DecisionId::parse(&decision).ok_or_else(|| corrupt("retentions", "decision_id", &id))?,
        retention: Retention { ground, reference, until: Time(until) },
        moderator,
        created: Time(created),
        id: RetentionId::parse(&id).ok_or_else(|| corrupt("retentions", "id", &id))?,
    })
}
