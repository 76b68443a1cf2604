//! How often posts were opened: one number for each, and nothing of who opened them.

use domain::{CaseId, PostId};

use crate::db::{read, write};
use crate::{Db, Result, Tx, corrupt};

// What is not there any more is not counted.
const ADD: &str = "INSERT INTO opened (post_id, times) SELECT id, $2 FROM posts WHERE id = $1 \
     ON CONFLICT (post_id) DO UPDATE SET times = opened.times + $2 RETURNING times";
const TIMES: &str = "SELECT times FROM opened WHERE post_id = $1";
const OF_CASE: &str = "SELECT post_id, times FROM opened WHERE post_id IN (SELECT post_id FROM members WHERE case_id = $1)";
const FORGET: &str = "DELETE FROM opened WHERE post_id = $1";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[ADD, TIMES, OF_CASE, FORGET];

/// A post was opened so often since it was last said; gives how often in all. `None`: it is gone.
pub async fn add(tx: &mut Tx, id: &PostId, times: i64) -> Result<Option<i64>> {
    Ok(write!(tx, conn => sqlx::query_scalar(ADD).bind(id.as_str()).bind(times).fetch_optional(conn).await)?)
}

/// How often a post was opened.
pub async fn times(db: &Db, id: &PostId) -> Result<i64> {
    let times: Option<i64> = read!(db, conn => sqlx::query_scalar(TIMES).bind(id.as_str()).fetch_optional(conn).await)?;
    Ok(times.unwrap_or_default())
}

/// The same, as it stands in this change.
pub async fn look(tx: &mut Tx, id: &PostId) -> Result<i64> {
    let times: Option<i64> = write!(tx, conn => sqlx::query_scalar(TIMES).bind(id.as_str()).fetch_optional(conn).await)?;
    Ok(times.unwrap_or_default())
}

/// How often the posts of a case's members were opened; those that never were are left out.
pub async fn of_case(db: &Db, case: &CaseId) -> Result<Vec<(PostId, i64)>> {
    let rows: Vec<(String, i64)> = read!(db, conn => sqlx::query_as(OF_CASE).bind(case.as_str()).fetch_all(conn).await)?;
    rows.into_iter().map(|(id, times)| Ok((PostId::parse(&id).ok_or_else(|| corrupt("opened", "post_id", &id))?, times))).collect()
}

/// The post is gone.
pub(crate) async fn forget_post(tx: &mut Tx, id: &PostId) -> Result<()> {
    write!(tx, conn => sqlx::query(FORGET).bind(id.as_str()).execute(conn).await.map(|_| ()))?;
    Ok(())
}
