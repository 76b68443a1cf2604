//! Requests that may come again under the same key (see [`domain::repeat`]).

use domain::{PostId, Time};

use crate::db::{read, write};
use crate::{Db, Result, Tx, corrupt};

/// A request that made a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepeatRow {
    /// Of the client's key.
    pub key_hash: [u8; 32],
    /// Of what was asked for.
    pub request_hash: [u8; 32],
    /// The post that came of it.
    pub post_id: PostId,
    /// Its manage secret under the client's key; empty if the client brought its own.
    pub sealed_secret: Vec<u8>,
    /// When that was.
    pub created: Time,
}

const INSERT: &str =
    "INSERT INTO repeats (key_hash, request_hash, post_id, sealed_secret, created_ms) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
const FIND: &str = "SELECT request_hash, post_id, sealed_secret, created_ms FROM repeats WHERE key_hash = $1";
const FORGET: &str = "DELETE FROM repeats WHERE created_ms <= $1";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[INSERT, FIND, FORGET];

/// Writes it down; `false` if another request under the same key came first.
pub async fn insert(tx: &mut Tx, row: &RepeatRow) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(INSERT)
        .bind(&row.key_hash[..]).bind(&row.request_hash[..]).bind(row.post_id.as_str()).bind(&row.sealed_secret).bind(row.created.0)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// The request that came under this key.
pub async fn find(db: &Db, key_hash: &[u8; 32]) -> Result<Option<RepeatRow>> {
    type Columns = (Vec<u8>, String, Vec<u8>, i64);
    let row: Option<Columns> = read!(db, conn => sqlx::query_as(FIND).bind(&key_hash[..]).fetch_optional(conn).await)?;
    row.map(|(request_hash, post_id, sealed_secret, created)| {
        Ok(RepeatRow {
            key_hash: *key_hash,
            request_hash: request_hash.try_into().map_err(|_| corrupt("repeats", "request_hash", &post_id))?,
            post_id: PostId::parse(&post_id).ok_or_else(|| corrupt("repeats", "post_id", &post_id))?,
            sealed_secret,
            created: Time(created),
        })
    })
    .transpose()
}

/// Forgets those that came before `before`.
pub async fn forget(tx: &mut Tx, before: Time) -> Result<()> {
    write!(tx, conn => sqlx::query(FORGET).bind(before.0).execute(conn).await.map(|_| ()))?;
    Ok(())
}
