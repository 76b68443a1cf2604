//! Appeals: what posters say against decisions, and what they are answered. One for each post and decision.

use domain::{AppealId, AppealState, DecisionId, PostId, Time};

use crate::db::{read, write};
use crate::{Db, Result, Tx, corrupt};

/// An appeal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppealRow {
    /// Its id.
    pub id: AppealId,
    /// Against which decision.
    pub decision_id: DecisionId,
    /// Of which post's poster.
    pub post_id: PostId,
    /// What they say.
    pub words: String,
    /// How it stands.
    pub state: AppealState,
    /// What they were answered.
    pub answer: Option<String>,
    /// When it has to be answered by.
    pub due: Time,
    /// When it came.
    pub created: Time,
    /// When it was answered.
    pub answered: Option<Time>,
}

type Columns = (String, String, String, String, String, Option<String>, i64, i64, Option<i64>);

const INSERT: &str = "INSERT INTO appeals (id, decision_id, post_id, words, state, due_ms, created_ms) VALUES ($1, $2, $3, $4, 'open', $5, $6) ON CONFLICT DO NOTHING";
const FIND: &str = "SELECT id, decision_id, post_id, words, state, answer, due_ms, created_ms, answered_ms FROM appeals WHERE id = $1";
const OF: &str = "SELECT id, decision_id, post_id, words, state, answer, due_ms, created_ms, answered_ms FROM appeals WHERE decision_id = $1 AND post_id = $2";
const OF_DECISION: &str = "SELECT id, decision_id, post_id, words, state, answer, due_ms, created_ms, answered_ms FROM appeals WHERE decision_id = $1 ORDER BY created_ms, id";
const OF_POST: &str = "SELECT id, decision_id, post_id, words, state, answer, due_ms, created_ms, answered_ms FROM appeals WHERE post_id = $1 ORDER BY created_ms, id";
const OPEN: &str = "SELECT id, decision_id, post_id, words, state, answer, due_ms, created_ms, answered_ms FROM appeals WHERE state = 'open' ORDER BY due_ms, id LIMIT $1";
const ANSWER: &str = "UPDATE appeals SET state = $2, answer = $3, answered_ms = $4 WHERE id = $1 AND state = 'open'";
const OVERTURN: &str = "UPDATE appeals SET state = 'overturned', answered_ms = $2 WHERE decision_id = $1 AND state = 'open'";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[INSERT, FIND, OF, OF_DECISION, OF_POST, OPEN, ANSWER, OVERTURN];

/// Writes an appeal down; `false` if there is one already.
pub async fn insert(tx: &mut Tx, row: &AppealRow) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(INSERT)
        .bind(row.id.as_str()).bind(row.decision_id.as_str()).bind(row.post_id.as_str()).bind(&row.words).bind(row.due.0).bind(row.created.0)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// The appeal of this id.
pub async fn find(db: &Db, id: &AppealId) -> Result<Option<AppealRow>> {
    let row: Option<Columns> = read!(db, conn => sqlx::query_as(FIND).bind(id.as_str()).fetch_optional(conn).await)?;
    row.map(appeal).transpose()
}

/// What this post's poster says against this decision.
pub async fn of(db: &Db, decision: &DecisionId, post: &PostId) -> Result<Option<AppealRow>> {
    let row: Option<Columns> =
        read!(db, conn => sqlx::query_as(OF).bind(decision.as_str()).bind(post.as_str()).fetch_optional(conn).await)?;
    row.map(appeal).transpose()
}

/// All appeals against a decision, the oldest first.
pub async fn of_decision(db: &Db, decision: &DecisionId) -> Result<Vec<AppealRow>> {
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(OF_DECISION).bind(decision.as_str()).fetch_all(conn).await)?;
    rows.into_iter().map(appeal).collect()
}

/// All that a post's poster has said against decisions, the oldest first.
pub async fn of_post(db: &Db, post: &PostId) -> Result<Vec<AppealRow>> {
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(OF_POST).bind(post.as_str()).fetch_all(conn).await)?;
    rows.into_iter().map(appeal).collect()
}

/// At most `limit` appeals that nobody has answered, those that are due first.
pub async fn open(db: &Db, limit: i64) -> Result<Vec<AppealRow>> {
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(OPEN).bind(limit).fetch_all(conn).await)?;
    rows.into_iter().map(appeal).collect()
}

/// Answers an appeal; `false` if somebody has answered it.
pub async fn answer(tx: &mut Tx, id: &AppealId, state: AppealState, words: &str, now: Time) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(ANSWER)
        .bind(id.as_str()).bind(state.as_str()).bind(words).bind(now.0).execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// The decision was undone: everybody who appealed against it was right.
pub async fn overturn(tx: &mut Tx, decision: &DecisionId, now: Time) -> Result<()> {
    write!(tx, conn => sqlx::query(OVERTURN).bind(decision.as_str()).bind(now.0).execute(conn).await.map(|_| ()))?;
    Ok(())
}

fn appeal((id, decision, post, words, state, answer, due, created, answered): Columns) -> Result<AppealRow> {
    Ok(AppealRow {
        decision_id: DecisionId::parse(&decision).ok_or_else(|| corrupt("appeals", "decision_id", &id))?,
        post_id: PostId::parse(&post).ok_or_else(|| corrupt("appeals", "post_id", &id))?,
        words,
        state: AppealState::parse(&state).ok_or_else(|| corrupt("appeals", "state", &id))?,
        answer,
        due: Time(due),
        created: Time(created),
        answered: answered.map(Time),
        id: AppealId::parse(&id).ok_or_else(|| corrupt("appeals", "id", &id))?,
    })
}
