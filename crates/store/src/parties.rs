//! Registered parties, the keys that they sign with, and the signatures that were used.

use domain::party::{Checked, CheckedBy, Jurisdiction};
use domain::{CaseId, KeyId, Language, Party, PartyId, PartyKind, PartyName, Precision, Time};

use crate::db::{read, write};
use crate::{Db, Result, Subject, Tx, corrupt};

/// A party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyRow {
    /// Its id.
    pub id: PartyId,
    /// What is known of it.
    pub party: Party,
    /// Since when it may not file.
    pub suspended: Option<Time>,
    /// Since when its notices come when anybody's do, because they were often wrong.
    pub distrusted: Option<Time>,
    /// When it was registered.
    pub created: Time,
}

/// A key of a party's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    /// What signatures name.
    pub id: KeyId,
    /// Whose it is.
    pub party_id: PartyId,
    /// Ed25519.
    pub public_key: [u8; 32],
    /// Since when.
    pub created: Time,
    /// Since when it is good no more.
    pub revoked: Option<Time>,
}

#[derive(sqlx::FromRow)]
struct Columns {
    id: String,
    name: String,
    kind: String,
    jurisdiction: String,
    languages: String,
    contact: String,
    checked_by: Option<String>,
    checked_who: Option<String>,
    checked_ms: Option<i64>,
    suspended_ms: Option<i64>,
    distrusted_ms: Option<i64>,
    created_ms: i64,
}

const INSERT: &str = "INSERT INTO parties (id, name, name_key, kind, jurisdiction, languages, contact, checked_by, checked_who, checked_ms, created_ms) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING";
const LIST: &str = "SELECT id, name, kind, jurisdiction, languages, contact, checked_by, checked_who, checked_ms, suspended_ms, distrusted_ms, created_ms \
     FROM parties ORDER BY created_ms, id";
const FIND: &str = "SELECT id, name, kind, jurisdiction, languages, contact, checked_by, checked_who, checked_ms, suspended_ms, distrusted_ms, created_ms \
     FROM parties WHERE id = $1";
const BY_NAME: &str = "SELECT id, name, kind, jurisdiction, languages, contact, checked_by, checked_who, checked_ms, suspended_ms, distrusted_ms, created_ms \
     FROM parties WHERE name_key = $1";
const CHECKED: &str = "UPDATE parties SET checked_by = $2, checked_who = $3, checked_ms = $4 WHERE id = $1";
const SUSPEND: &str = "UPDATE parties SET suspended_ms = $2 WHERE id = $1 AND suspended_ms IS NULL";
const RESUME: &str = "UPDATE parties SET suspended_ms = NULL WHERE id = $1 AND suspended_ms IS NOT NULL";
const MAY_FILE: &str = "SELECT count(*) FROM parties WHERE id = $1 AND suspended_ms IS NULL";
const INSERT_KEY: &str = "INSERT INTO party_keys (id, party_id, public_key, created_ms) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
const KEY: &str = "SELECT id, party_id, public_key, created_ms, revoked_ms FROM party_keys WHERE id = $1";
const KEYS: &str = "SELECT id, party_id, public_key, created_ms, revoked_ms FROM party_keys WHERE party_id = $1 ORDER BY created_ms, id";
const REVOKE: &str = "UPDATE party_keys SET revoked_ms = $2 WHERE id = $1 AND revoked_ms IS NULL";
const USE_NONCE: &str = "INSERT INTO used_nonces (key_id, nonce, used_ms) SELECT id, $2, $3 FROM party_keys WHERE id = $1 AND revoked_ms IS NULL \
     ON CONFLICT DO NOTHING";
const FORGET_NONCES: &str = "DELETE FROM used_nonces WHERE used_ms <= $1";
const DISTRUST: &str = "UPDATE parties SET distrusted_ms = $2 WHERE id = $1 AND distrusted_ms IS NULL";
const TRUST: &str = "UPDATE parties SET distrusted_ms = NULL, trusted_ms = $2 WHERE id = $1 AND distrusted_ms IS NOT NULL";
const TRUST_SINCE: &str = "UPDATE parties SET distrusted_ms = NULL WHERE id = $1 AND distrusted_ms >= $2";
const OF_CASE: &str = "SELECT DISTINCT f.party_id FROM notices n JOIN filings f ON f.id = n.filing_id WHERE n.case_id = $1 AND n.withdrawn = 0 ORDER BY f.party_id";
// Once for each decision that was made on what it gave notice of; and what went with the case of something else was right, once for each time that
// happened. `$2`: since when it counts.
macro_rules! judged {
    ($since:literal) => {
        concat!(
            "SELECT count(DISTINCT CASE WHEN judged.action <> 'no_action' THEN judged.what END), count(DISTINCT CASE WHEN judged.action = 'no_action' THEN judged.what END) \
             FROM (SELECT coalesce(d.id, CAST(c.closed_ms AS TEXT)) AS what, coalesce(d.action, 'remove') AS action FROM cases c \
             LEFT JOIN decisions d ON d.case_id = c.id AND d.undone_ms IS NULL AND d.action <> 'preserve' \
             WHERE c.state = 'decided' AND (d.id IS NOT NULL OR NOT EXISTS (SELECT 1 FROM decisions o WHERE o.case_id = c.id AND o.action <> 'preserve')) AND c.closed_ms > ",
            $since,
            " AND c.id IN (SELECT n.case_id FROM notices n JOIN filings f ON f.id = n.filing_id WHERE f.party_id = $1 AND n.withdrawn = 0 AND n.kind IN ",
            crate::cases::may_lose_priority!(),
            ")) AS judged"
        )
    };
}
const JUDGED: &str = judged!("-1");
const JUDGED_SINCE: &str = judged!("(SELECT coalesce(p.trusted_ms, -1) FROM parties p WHERE p.id = $1)");
const OPEN_CASES: &str = "SELECT c.id, c.post_id, c.media_id FROM cases c WHERE c.state = 'open' AND c.id > $2 AND c.id IN \
     (SELECT n.case_id FROM notices n JOIN filings f ON f.id = n.filing_id WHERE f.party_id = $1) ORDER BY c.id LIMIT $3";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[
    INSERT,
    LIST,
    FIND,
    BY_NAME,
    CHECKED,
    SUSPEND,
    RESUME,
    MAY_FILE,
    DISTRUST,
    TRUST,
    TRUST_SINCE,
    OF_CASE,
    JUDGED,
    JUDGED_SINCE,
    OPEN_CASES,
    INSERT_KEY,
    KEY,
    KEYS,
    REVOKE,
    USE_NONCE,
    FORGET_NONCES,
];

/// Registers a party; `false` if there is one of this name.
pub async fn insert(tx: &mut Tx, row: &PartyRow) -> Result<bool> {
    let party = &row.party;
    let languages: Vec<&str> = party.languages.iter().map(Language::as_str).collect();
    let checked = party.checked.as_ref();
    let rows = write!(tx, conn => sqlx::query(INSERT)
        .bind(row.id.as_str()).bind(party.name.as_str()).bind(party.name.key()).bind(party.kind.as_str()).bind(party.jurisdiction.as_str())
        .bind(languages.join(" ")).bind(&party.contact).bind(checked.map(|checked| checked.by.as_str()))
        .bind(checked.map(|checked| checked.who.as_str())).bind(checked.map(|checked| checked.on.0)).bind(row.created.0)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// All of them, in the order in which they were registered.
pub async fn list(db: &Db) -> Result<Vec<PartyRow>> {
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(LIST).fetch_all(conn).await)?;
    rows.into_iter().map(party).collect()
}

/// The party of this id.
pub async fn find(db: &Db, id: &PartyId) -> Result<Option<PartyRow>> {
    let row: Option<Columns> = read!(db, conn => sqlx::query_as(FIND).bind(id.as_str()).fetch_optional(conn).await)?;
    row.map(party).transpose()
}

/// The party of this name.
pub async fn by_name(db: &Db, name: &PartyName) -> Result<Option<PartyRow>> {
    let row: Option<Columns> = read!(db, conn => sqlx::query_as(BY_NAME).bind(name.key()).fetch_optional(conn).await)?;
    row.map(party).transpose()
}

/// Writes down how a party's identity was checked.
pub async fn set_checked(tx: &mut Tx, id: &PartyId, checked: &Checked) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(CHECKED)
        .bind(id.as_str()).bind(checked.by.as_str()).bind(&checked.who).bind(checked.on.0)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// It may not file any more; `false` if that was so before.
pub async fn suspend(tx: &mut Tx, id: &PartyId, now: Time) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(SUSPEND).bind(id.as_str()).bind(now.0).execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// It may file again; `false` if it might.
pub async fn resume(tx: &mut Tx, id: &PartyId) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(RESUME).bind(id.as_str()).execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Whether it may file at this moment.
pub async fn may_file(tx: &mut Tx, id: &PartyId) -> Result<bool> {
    let count: i64 = write!(tx, conn => sqlx::query_scalar(MAY_FILE).bind(id.as_str()).fetch_one(conn).await)?;
    Ok(count > 0)
}

/// Its notices come when anybody's do from now on; `false` if they did before.
pub async fn distrust(tx: &mut Tx, id: &PartyId, now: Time) -> Result<bool> {
    let rows =
        write!(tx, conn => sqlx::query(DISTRUST).bind(id.as_str()).bind(now.0).execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Its notices come first again, and what was found of them until now does not count any more; `false` if they did.
pub async fn trust(tx: &mut Tx, id: &PartyId, now: Time) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(TRUST).bind(id.as_str()).bind(now.0).execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Its notices come first again if they did until then; what was found of them counts as before.
pub async fn trust_since(tx: &mut Tx, id: &PartyId, since: Time) -> Result<bool> {
    let rows =
        write!(tx, conn => sqlx::query(TRUST_SINCE).bind(id.as_str()).bind(since.0).execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// The parties that gave notice of a case.
pub async fn of_case(tx: &mut Tx, case: &CaseId) -> Result<Vec<PartyId>> {
    let ids: Vec<String> = write!(tx, conn => sqlx::query_scalar(OF_CASE).bind(case.as_str()).fetch_all(conn).await)?;
    ids.iter().map(|id| PartyId::parse(id).ok_or_else(|| corrupt("filings", "party_id", id))).collect()
}

/// How often the notices of a party were right, as far as anybody decided on them.
pub async fn judged(db: &Db, id: &PartyId) -> Result<Precision> {
    let (right, wrong): (i64, i64) = read!(db, conn => sqlx::query_as(JUDGED).bind(id.as_str()).fetch_one(conn).await)?;
    Ok(precision(right, wrong))
}

/// The same since it was trusted last, as it stands in this change.
pub async fn judged_since(tx: &mut Tx, id: &PartyId) -> Result<Precision> {
    let (right, wrong): (i64, i64) = write!(tx, conn => sqlx::query_as(JUDGED_SINCE).bind(id.as_str()).fetch_one(conn).await)?;
    Ok(precision(right, wrong))
}

fn precision(right: i64, wrong: i64) -> Precision {
    let count = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    Precision { right: count(right), wrong: count(wrong) }
}

/// At most `limit` open cases that a party gave notice of, in the order of their ids, from after this one.
pub async fn open_cases(db: &Db, id: &PartyId, after: Option<&CaseId>, limit: i64) -> Result<Vec<(CaseId, Subject)>> {
    let after = after.map_or("", CaseId::as_str);
    let rows: Vec<(String, String, String)> =
        read!(db, conn => sqlx::query_as(OPEN_CASES).bind(id.as_str()).bind(after).bind(limit).fetch_all(conn).await)?;
    rows.into_iter()
        .map(|(id, post, medium)| {
            Ok((CaseId::parse(&id).ok_or_else(|| corrupt("cases", "id", &id))?, Subject::parse("cases", &post, &medium)?))
        })
        .collect()
}

/// Gives a party a key; `false` if there is one of this id.
pub async fn insert_key(tx: &mut Tx, row: &KeyRow) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(INSERT_KEY)
        .bind(row.id.as_str()).bind(row.party_id.as_str()).bind(&row.public_key[..]).bind(row.created.0)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

type KeyColumns = (String, String, Vec<u8>, i64, Option<i64>);

/// The key of this id.
pub async fn find_key(db: &Db, id: &KeyId) -> Result<Option<KeyRow>> {
    let row: Option<KeyColumns> = read!(db, conn => sqlx::query_as(KEY).bind(id.as_str()).fetch_optional(conn).await)?;
    row.map(key).transpose()
}

/// All keys of a party, the oldest first.
pub async fn keys(db: &Db, id: &PartyId) -> Result<Vec<KeyRow>> {
    let rows: Vec<KeyColumns> = read!(db, conn => sqlx::query_as(KEYS).bind(id.as_str()).fetch_all(conn).await)?;
    rows.into_iter().map(key).collect()
}

/// A key is good no more; `false` if it was not.
pub async fn revoke_key(tx: &mut Tx, id: &KeyId, now: Time) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(REVOKE).bind(id.as_str()).bind(now.0).execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Uses a signature up; `false` if that was done before, or its key is good no more.
pub async fn use_nonce(tx: &mut Tx, key: &KeyId, nonce: &str, now: Time) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(USE_NONCE)
        .bind(key.as_str()).bind(nonce).bind(now.0).execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Forgets signatures that were used up before this time.
pub async fn forget_nonces(tx: &mut Tx, before: Time) -> Result<()> {
    write!(tx, conn => sqlx::query(FORGET_NONCES).bind(before.0).execute(conn).await.map(|_| ()))?;
    Ok(())
}

fn party(row: Columns) -> Result<PartyRow> {
    let bad = |column: &'static str| corrupt("parties", column, &row.id);
    let checked = match (&row.checked_by, &row.checked_who, row.checked_ms) {
        (Some(by), Some(who), Some(on)) => {
            Some(Checked { by: CheckedBy::parse(by).ok_or_else(|| bad("checked_by"))?, who: who.clone(), on: Time(on) })
        }
        _ => None,
    };
    let languages = row.languages.split_whitespace().map(Language::parse).collect::<Option<Vec<_>>>();
    Ok(PartyRow {
        party: Party {
            name: PartyName::parse(&row.name).ok_or_else(|| bad("name"))?,
            kind: PartyKind::parse(&row.kind).ok_or_else(|| bad("kind"))?,
            jurisdiction: Jurisdiction::parse(&row.jurisdiction).ok_or_else(|| bad("jurisdiction"))?,
            languages: languages.ok_or_else(|| bad("languages"))?,
            contact: row.contact.clone(),
            checked,
        },
        suspended: row.suspended_ms.map(Time),
        distrusted: row.distrusted_ms.map(Time),
        created: Time(row.created_ms),
        id: PartyId::parse(&row.id).ok_or_else(|| bad("id"))?,
    })
}

fn key((id, party, public, created, revoked): KeyColumns) -> Result<KeyRow> {
    Ok(KeyRow {
        party_id: PartyId::parse(&party).ok_or_else(|| corrupt("party_keys", "party_id", &id))?,
        public_key: public.try_into().map_err(|_| corrupt("party_keys", "public_key", &id))?,
        created: Time(created),
        revoked: revoked.map(Time),
        id: KeyId::parse(&id).ok_or_else(|| corrupt("party_keys", "id", &id))?,
    })
}
