//! Questions: what those who decide ask whoever gave notice, one a notice, and what they answer under their receipt.

use domain::{CaseId, ModeratorId, NoticeId, Receipt, Time};

use crate::db::{read, write};
use crate::{Db, Result, Tx, corrupt};

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionRow {
    /// About which notice.
    pub notice_id: NoticeId,
    /// The name of who asks.
    pub by: String,
    /// What.
    pub words: String,
    /// When.
    pub asked: Time,
    /// What was answered.
    pub answer: Option<String>,
    /// When.
    pub answered: Option<Time>,
}

type Columns = (String, String, String, i64, Option<String>, Option<i64>);

// Another question takes the place of the one before it.
const ASK: &str = "INSERT INTO questions (notice_id, moderator_id, words, asked_ms) SELECT n.id, CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS BIGINT) FROM notices n \
     WHERE n.id = $1 AND n.case_id = $2 AND n.filing_id IS NULL \
     ON CONFLICT (notice_id) DO UPDATE SET moderator_id = excluded.moderator_id, words = excluded.words, asked_ms = excluded.asked_ms, answer = NULL, answered_ms = NULL";
const OF_CASE: &str = "SELECT q.notice_id, m.name, q.words, q.asked_ms, q.answer, q.answered_ms FROM questions q JOIN notices n ON n.id = q.notice_id \
     JOIN moderators m ON m.id = q.moderator_id WHERE n.case_id = $1";
const UNDER: &str = "SELECT q.notice_id, m.name, q.words, q.asked_ms, q.answer, q.answered_ms FROM questions q JOIN notices n ON n.id = q.notice_id \
     JOIN moderators m ON m.id = q.moderator_id WHERE n.receipt_hash = $1 ORDER BY q.asked_ms, q.notice_id";
const WAITS: &str = "SELECT count(*) FROM questions q JOIN notices n ON n.id = q.notice_id JOIN notices f ON f.receipt_hash = n.receipt_hash \
     JOIN cases c ON c.id = n.case_id WHERE f.id = $1 AND q.answer IS NULL AND c.state = 'open'";
const ANSWER: &str = "UPDATE questions SET answer = $3, answered_ms = $4 WHERE notice_id = $1 AND answer IS NULL \
     AND EXISTS (SELECT 1 FROM notices n WHERE n.id = $1 AND n.receipt_hash = $2)";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[ASK, OF_CASE, UNDER, WAITS, ANSWER];

/// Asks whoever gave a notice of this case; `false` if it is none of it, or a registered party's.
pub async fn ask(tx: &mut Tx, case: &CaseId, notice: &NoticeId, by: &ModeratorId, words: &str, now: Time) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(ASK)
        .bind(notice.as_str()).bind(case.as_str()).bind(by.as_str()).bind(words).bind(now.0)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// What was asked about the notices of a case.
pub async fn of_case(db: &Db, case: &CaseId) -> Result<Vec<QuestionRow>> {
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(OF_CASE).bind(case.as_str()).fetch_all(conn).await)?;
    rows.into_iter().map(question).collect()
}

/// What was asked about the notices that this receipt was given for.
pub async fn under(db: &Db, receipt: &Receipt) -> Result<Vec<QuestionRow>> {
    let hash = receipt.hash();
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(UNDER).bind(&hash[..]).fetch_all(conn).await)?;
    rows.into_iter().map(question).collect()
}

/// Whether whoever gave this notice is still to answer something, of all that they gave with it.
pub async fn waits(db: &Db, notice: &NoticeId) -> Result<bool> {
    let waiting: i64 = read!(db, conn => sqlx::query_scalar(WAITS).bind(notice.as_str()).fetch_one(conn).await)?;
    Ok(waiting > 0)
}

/// Answers a question; `false` if nothing was asked, or it was answered.
pub async fn answer(tx: &mut Tx, receipt: &Receipt, notice: &NoticeId, words: &str, now: Time) -> Result<bool> {
    let hash = receipt.hash();
    let rows = write!(tx, conn => sqlx::query(ANSWER)
        .bind(notice.as_str()).bind(&hash[..]).bind(words).bind(now.0).execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

fn question((notice, by, words, asked, answer, answered): Columns) -> Result<QuestionRow> {
    Ok(QuestionRow {
        notice_id: NoticeId::parse(&notice).ok_or_else(|| corrupt("questions", "notice_id", &notice))?,
        by,
        words,
        asked: Time(asked),
        answer,
        answered: answered.map(Time),
    })
}
