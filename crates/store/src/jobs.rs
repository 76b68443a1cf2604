//! Rows of work for later. A job is leased for a time, with a token; who has lost the lease can no longer touch the row.

use domain::Time;

use crate::db::{Inner, read, write};
use crate::{Db, Result, Tx, dialect};

/// A job to be queued.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Which of `app`'s jobs.
    pub kind: String,
    /// JSON that holds ids, never content.
    pub payload: String,
    /// Which queue.
    pub lane: String,
    /// Not before.
    pub run_at: Time,
    /// At most one job of this key waits at a time, for the earliest time that any of them was wanted. One that is at work is no longer waiting: what happens now it may have missed.
    pub dedup_key: Option<String>,
}

/// A job as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRow {
    /// Its id.
    pub id: String,
    /// Which of `app`'s jobs.
    pub kind: String,
    /// JSON.
    pub payload: String,
    /// Which queue.
    pub lane: String,
    /// Times it was leased, this time included.
    pub attempts: i64,
    /// Why it failed last.
    pub last_error: Option<String>,
}

/// How a queue stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// Which queue.
    pub name: String,
    /// Due, and nobody has taken them up, or they failed and wait to be tried again.
    pub waiting: i64,
    /// At work.
    pub running: i64,
    /// Not due yet.
    pub later: i64,
    /// Given up.
    pub dead: i64,
    /// How long the one that waits longest has been due.
    pub oldest_ms: i64,
}

type Columns = (String, String, String, String, i64, Option<String>);

const INSERT: &str = "INSERT INTO jobs (id, kind, payload, lane, run_at_ms, attempts, dedup_key, dead, created_ms) VALUES ($1, $2, $3, $4, $5, 0, $6, 0, $7) \
     ON CONFLICT (dedup_key) WHERE lease_token IS NULL AND dead = 0 DO UPDATE SET run_at_ms = excluded.run_at_ms WHERE excluded.run_at_ms < jobs.run_at_ms";
const RENEW: &str = "UPDATE jobs SET lease_until_ms = $3 WHERE id = $1 AND lease_token = $2";
const COMPLETE: &str = "DELETE FROM jobs WHERE id = $1 AND lease_token = $2";
const YIELD: &str = "DELETE FROM jobs WHERE id = $1 AND lease_token = $2 AND EXISTS \
     (SELECT 1 FROM jobs twin WHERE twin.dedup_key = jobs.dedup_key AND twin.lease_token IS NULL AND twin.dead = 0)";
// Leased by nobody until it may be tried again: since when it has been due is not forgotten, so it is seen how long it waits.
const RETRY: &str =
    "UPDATE jobs SET lease_until_ms = $3, last_error = $4, attempts = attempts - $5, lease_token = NULL WHERE id = $1 AND lease_token = $2";
const BURY: &str =
    "UPDATE jobs SET dead = 1, last_error = $3, lease_until_ms = NULL, lease_token = NULL WHERE id = $1 AND lease_token = $2";
const DEFER: &str = "UPDATE jobs SET run_at_ms = $2 WHERE dedup_key = $1 AND lease_token IS NULL AND dead = 0";
const WITHDRAW: &str = "DELETE FROM jobs WHERE dedup_key = $1 AND lease_token IS NULL AND dead = 0";
const LANES: &str = "SELECT lane, \
     count(CASE WHEN dead = 0 AND run_at_ms <= $1 AND (lease_token IS NULL OR lease_until_ms <= $1) THEN 1 END), \
     count(CASE WHEN dead = 0 AND lease_token IS NOT NULL AND lease_until_ms > $1 THEN 1 END), \
     count(CASE WHEN dead = 0 AND run_at_ms > $1 THEN 1 END), \
     count(CASE WHEN dead <> 0 THEN 1 END), \
     min(CASE WHEN dead = 0 AND run_at_ms <= $1 AND (lease_token IS NULL OR lease_until_ms <= $1) THEN run_at_ms END) \
     FROM jobs GROUP BY lane ORDER BY lane";
const DEAD: &str = "SELECT id, kind, payload, lane, attempts, last_error FROM jobs WHERE dead = 1 ORDER BY created_ms";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[INSERT, RENEW, COMPLETE, YIELD, RETRY, BURY, DEFER, WITHDRAW, LANES, DEAD];

/// Queues a job in the change's transaction.
pub async fn enqueue(tx: &mut Tx, job: &NewJob, now: Time) -> Result<()> {
    let id = crate::blobs::nonce();
    write!(tx, conn => sqlx::query(INSERT).bind(&id).bind(&job.kind).bind(&job.payload).bind(&job.lane).bind(job.run_at.0).bind(&job.dedup_key).bind(now.0).execute(conn).await.map(|_| ()))?;
    tx.enqueued = true;
    Ok(())
}

/// Queues the deletion of an object that nothing refers to any more.
pub(crate) async fn delete_object(tx: &mut Tx, key: &str, now: Time) -> Result<()> {
    let payload = serde_json::json!({ "key": key }).to_string();
    enqueue(tx, &NewJob { kind: "delete_object".to_owned(), payload, lane: "light".to_owned(), run_at: now, dedup_key: None }, now).await
}

/// Queues the scrubbing of what a change deletes or overwrites. PostgreSQL cleans up after itself, in its own time.
pub(crate) async fn scrub(tx: &mut Tx, now: Time) -> Result<()> {
    if matches!(tx.inner, Inner::Postgres(_)) {
        return Ok(());
    }
    let (kind, payload) = ("scrub".to_owned(), "{}".to_owned());
    enqueue(tx, &NewJob { dedup_key: Some(kind.clone()), kind, payload, lane: "light".to_owned(), run_at: now }, now).await
}

/// Queues the search for what is held and is in no case.
pub(crate) async fn open_cases(tx: &mut Tx, now: Time) -> Result<()> {
    let (kind, payload) = ("open_cases".to_owned(), "{}".to_owned());
    enqueue(tx, &NewJob { dedup_key: Some(kind.clone()), kind, payload, lane: "light".to_owned(), run_at: now }, now).await
}

/// Leases the job that has waited longest in `lane`, if one is due.
pub async fn lease(db: &Db, lane: &str, now: Time, lease_ms: i64, token: &str) -> Result<Option<JobRow>> {
    let mut tx = db.begin_light().await?;
    let sql = db.text(dialect::LEASE);
    let row: Option<Columns> = write!(tx, conn => sqlx::query_as(sql).bind(lane).bind(now.0).bind(now.plus_ms(lease_ms).0).bind(token).fetch_optional(conn).await)?;
    tx.commit().await?;
    Ok(row.map(job))
}

/// Holds a lease for longer; `false` if it was lost.
pub async fn renew(db: &Db, id: &str, token: &str, now: Time, lease_ms: i64) -> Result<bool> {
    let mut tx = db.begin_light().await?;
    let rows = write!(tx, conn => sqlx::query(RENEW).bind(id).bind(token).bind(now.plus_ms(lease_ms).0).execute(conn).await.map(|done| done.rows_affected()))?;
    tx.commit().await?;
    Ok(rows == 1)
}

/// The job is done.
pub async fn complete(db: &Db, id: &str, token: &str) -> Result<()> {
    let mut tx = db.begin_light().await?;
    write!(tx, conn => sqlx::query(COMPLETE).bind(id).bind(token).execute(conn).await.map(|_| ()))?;
    tx.commit().await
}

/// The job was not done and shall be tried again. `counts`: whether it was its own fault. Where another of its key waits already,
/// that one does for both.
pub async fn retry(db: &Db, id: &str, token: &str, run_at: Time, error: &str, counts: bool) -> Result<()> {
    let mut tx = db.begin_light().await?;
    write!(tx, conn => sqlx::query(YIELD).bind(id).bind(token).execute(conn).await.map(|_| ()))?;
    write!(tx, conn => sqlx::query(RETRY).bind(id).bind(token).bind(run_at.0).bind(error).bind(i64::from(!counts)).execute(conn).await.map(|_| ()))?;
    tx.commit().await
}

/// The job keeps failing: it stays, visible, and is not tried again. `false` if the lease was lost.
pub async fn bury(tx: &mut Tx, id: &str, token: &str, error: &str) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(BURY).bind(id).bind(token).bind(error).execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Somebody does what a job of this key is queued for: it is not due before then.
pub async fn defer(db: &Db, key: &str, run_at: Time) -> Result<()> {
    let mut tx = db.begin_light().await?;
    write!(tx, conn => sqlx::query(DEFER).bind(key).bind(run_at.0).execute(conn).await.map(|_| ()))?;
    tx.commit().await
}

/// And has done it: it need not be done any more, unless that has begun.
pub async fn withdraw(db: &Db, key: &str) -> Result<()> {
    let mut tx = db.begin_light().await?;
    write!(tx, conn => sqlx::query(WITHDRAW).bind(key).execute(conn).await.map(|_| ()))?;
    tx.commit().await
}

/// How every queue stands that has a job at all.
pub async fn lanes(db: &Db, now: Time) -> Result<Vec<Lane>> {
    type Row = (String, i64, i64, i64, i64, Option<i64>);
    let rows: Vec<Row> = read!(db, conn => sqlx::query_as(LANES).bind(now.0).fetch_all(conn).await)?;
    let lane = |(name, waiting, running, later, dead, oldest): Row| {
        let oldest_ms = oldest.map_or(0, |due| now.since_ms(Time(due)));
        Lane { name, waiting, running, later, dead, oldest_ms }
    };
    Ok(rows.into_iter().map(lane).collect())
}

/// The jobs that were given up.
pub async fn dead(db: &Db) -> Result<Vec<JobRow>> {
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(DEAD).fetch_all(conn).await)?;
    Ok(rows.into_iter().map(job).collect())
}

fn job((id, kind, payload, lane, attempts, last_error): Columns) -> JobRow {
    JobRow { id, kind, payload, lane, attempts, last_error }
}
