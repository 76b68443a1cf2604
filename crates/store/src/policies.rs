//! Every policy that was ever in force, in all its languages. A version is written once and never changed.

use domain::{Language, Policy, PolicyOrigin, Time};

use crate::db::{read, write};
use crate::{Db, Result, Tx, corrupt};

/// A version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyRow {
    /// Its number, from 1.
    pub version: i64,
    /// Whose it is.
    pub origin: PolicyOrigin,
    /// Over all that it says (see [`Policy::digest`]).
    pub digest: [u8; 32],
    /// Since when it was in force.
    pub since: Time,
}

type Columns = (i64, String, Vec<u8>, i64);

// Who comes second with the same number has seen nothing of what the first one wrote.
const INSERT: &str = "INSERT INTO policies (version, origin, digest, since_ms) \
     SELECT coalesce(max(version), 0) + 1, $1, $2, $3 FROM policies WHERE 1 = 1 ON CONFLICT DO NOTHING RETURNING version";
const INSERT_TEXT: &str = "INSERT INTO policy_texts (version, language, text) VALUES ($1, $2, $3)";
const NEWEST: &str = "SELECT version, origin, digest, since_ms FROM policies ORDER BY version DESC LIMIT 1";
const ALL: &str = "SELECT version, origin, digest, since_ms FROM policies ORDER BY version DESC";
const WAS: &str = "SELECT count(*) FROM policies WHERE digest = $1 AND origin = 'shipped'";
const TEXTS: &str = "SELECT language, text FROM policy_texts WHERE version = $1 ORDER BY language";
const CITED: &str = "SELECT reference, count(*) FROM decisions WHERE ground = 'policy' AND action <> 'no_action' AND undone_ms IS NULL GROUP BY reference ORDER BY reference";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[INSERT, INSERT_TEXT, NEWEST, ALL, WAS, TEXTS, CITED];

/// Puts a policy in force and gives the number of its version; `None` if another one came into force at this moment.
pub async fn insert(tx: &mut Tx, policy: &Policy, origin: PolicyOrigin, now: Time) -> Result<Option<i64>> {
    let digest = policy.digest();
    let version: Option<i64> = write!(tx, conn => sqlx::query_scalar(INSERT)
        .bind(origin.as_str()).bind(&digest[..]).bind(now.0).fetch_optional(conn).await)?;
    let Some(version) = version else { return Ok(None) };
    for text in policy.texts() {
        write!(tx, conn => sqlx::query(INSERT_TEXT)
            .bind(version).bind(text.language.as_str()).bind(&text.source).execute(conn).await.map(|_| ()))?;
    }
    Ok(Some(version))
}

/// The version that is in force.
pub async fn newest(db: &Db) -> Result<Option<PolicyRow>> {
    let row: Option<Columns> = read!(db, conn => sqlx::query_as(NEWEST).fetch_optional(conn).await)?;
    row.map(policy).transpose()
}

/// The same, as it stands in this change.
pub async fn look(tx: &mut Tx) -> Result<Option<PolicyRow>> {
    let row: Option<Columns> = write!(tx, conn => sqlx::query_as(NEWEST).fetch_optional(conn).await)?;
    row.map(policy).transpose()
}

/// Every version, the newest first.
pub async fn all(db: &Db) -> Result<Vec<PolicyRow>> {
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(ALL).fetch_all(conn).await)?;
    rows.into_iter().map(policy).collect()
}

/// Whether what shipped was in force before.
pub async fn was_in_force(tx: &mut Tx, digest: &[u8; 32]) -> Result<bool> {
    let rows: i64 = write!(tx, conn => sqlx::query_scalar(WAS).bind(&digest[..]).fetch_one(conn).await)?;
    Ok(rows > 0)
}

/// What a version says; `None`: there is no such version.
pub async fn find(db: &Db, version: i64) -> Result<Option<Policy>> {
    let rows: Vec<(String, String)> = read!(db, conn => sqlx::query_as(TEXTS).bind(version).fetch_all(conn).await)?;
    if rows.is_empty() {
        return Ok(None);
    }
    let wrong = |column| corrupt("policy_texts", column, &version.to_string());
    let mut texts = Vec::new();
    for (language, text) in rows {
        texts.push((Language::parse(&language).ok_or_else(|| wrong("language"))?, text));
    }
    Policy::parse(&texts).map(Some).map_err(|_| wrong("text"))
}

/// Which clauses decisions that stand have cited, and how many each.
pub async fn cited(db: &Db) -> Result<Vec<(String, i64)>> {
    Ok(read!(db, conn => sqlx::query_as(CITED).fetch_all(conn).await)?)
}

fn policy((version, origin, digest, since): Columns) -> Result<PolicyRow> {
    let row = version.to_string();
    Ok(PolicyRow {
        version,
        origin: PolicyOrigin::parse(&origin).ok_or_else(|| corrupt("policies", "origin", &row))?,
        digest: digest.try_into().map_err(|_| corrupt("policies", "digest", &row))?,
        since: Time(since),
    })
}
