//! Matches: what of the site was like what a bank knows, and what was decided on it.

use domain::{BankId, ItemId, MatchId, MatchState, OnMatch, PostId, Time};

use crate::db::{read, write};
use crate::fingerprints::Subject;
use crate::{Db, Result, Tx, banks, corrupt, holds, posts};

/// One match.
#[derive(Clone, Debug, PartialEq)]
pub struct MatchRow {
    /// Its id.
    pub id: MatchId,
    /// What matched.
    pub subject: Subject,
    /// The bank.
    pub bank_id: BankId,
    /// Which of what the bank knows.
    pub item_id: ItemId,
    /// By which reading: `pdq`, `pdq-mirror`, `keypoints`, `exact`, ….
    pub reading: String,
    /// Bits that differ, where that is how it was found.
    pub distance: Option<i64>,
    /// How sure it is, from 0 to 1.
    pub confidence: f64,
    /// What was done.
    pub on_match: OnMatch,
    /// What was decided.
    pub state: MatchState,
    /// When it was found.
    pub created: Time,
}

type Columns = (String, String, String, String, String, String, Option<i64>, f64, String, String, i64);

const INSERT: &str = "INSERT INTO matches (id, post_id, media_id, bank_id, item_id, reading, distance, confidence, on_match, state, created_ms) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
const OF_SUBJECT: &str = "SELECT id, post_id, media_id, bank_id, item_id, reading, distance, confidence, on_match, state, created_ms FROM matches \
     WHERE post_id = $1 AND media_id = $2 ORDER BY created_ms, id";
const COUNTED: &str = "SELECT id, post_id, media_id, bank_id, item_id, reading, distance, confidence, on_match, state, created_ms FROM matches \
     WHERE item_id = $1 AND on_match = 'log' AND state = 'open' AND id > $2 ORDER BY id LIMIT $3";
const ACT: &str = "UPDATE matches SET on_match = $2 WHERE id = $1 AND on_match = 'log' AND state = 'open'";
// Nobody has said a word of it, and it can be seen.
const UNREPORTED: &str = "SELECT count(*) FROM posts p WHERE p.id = $1 AND p.removed IS NULL AND p.held = 0 \
     AND ($2 = '' OR EXISTS (SELECT 1 FROM media m WHERE m.id = $2 AND m.removed IS NULL AND m.state = 'ready')) \
     AND NOT EXISTS (SELECT 1 FROM cases c JOIN notices n ON n.case_id = c.id WHERE n.withdrawn = 0 AND c.post_id = $1 AND c.media_id IN ('', $2))";
const HELD: &str = "SELECT id, post_id, media_id, bank_id, item_id, reading, distance, confidence, on_match, state, created_ms FROM matches \
     WHERE on_match = 'hold' AND state <> 'released' AND decision_id IS NULL ORDER BY created_ms, id";
const DECIDE: &str = "UPDATE matches SET state = $3 WHERE post_id = $1 AND media_id = $2 AND state <> $3";
const LET_PASS: &str = "UPDATE matches SET state = 'released' WHERE post_id = $1 AND media_id = $2 AND on_match = 'hold' AND state = 'open' \
     AND confidence <= $3";
const SET_CONFIDENCE: &str = "UPDATE matches SET confidence = $2 WHERE id = $1 AND on_match = 'hold' AND state = 'open'";
const LET_PASS_ITEM: &str = "INSERT INTO matches (id, post_id, media_id, bank_id, item_id, reading, distance, confidence, on_match, state, created_ms) \
     SELECT $1, $2, $3, bank_id, id, 'exact', NULL, 1.0, 'hold', 'released', $5 FROM items WHERE id = $4";
const HOLDING: &str = "SELECT (SELECT count(*) FROM matches WHERE post_id = $1 AND media_id = $2 AND on_match = 'hold' AND state <> 'released') \
     + (SELECT count(*) FROM cases WHERE post_id = $1 AND media_id = $2 AND state = 'open' AND held = 1)";
const COVERING: &str = "SELECT count(*) FROM matches WHERE post_id = $1 AND media_id = $2 AND on_match = 'cover' AND state = 'open'";
const HOLDING_OF_ITEM: &str = "SELECT count(*) FROM matches WHERE item_id = $1 AND on_match = 'hold' AND state = 'open'";
const HOLDING_OF_BANKS: &str = "SELECT bank_id, count(*) FROM matches WHERE on_match = 'hold' AND state = 'open' GROUP BY bank_id";
const OF_BANK: &str = "DELETE FROM matches WHERE bank_id = $1";
const OF_POST: &str = "DELETE FROM matches WHERE post_id = $1";
const OF_MEDIUM: &str = "DELETE FROM matches WHERE media_id = $1";
const HAS_MEDIUM: &str =
    "SELECT count(*) FROM media m JOIN posts p ON p.id = m.post_id WHERE m.id = $1 AND m.removed IS NULL AND p.removed IS NULL";
const HAS_POST: &str = "SELECT count(*) FROM posts WHERE id = $1 AND removed IS NULL";
const HOLD_MEDIUM: &str = "UPDATE media SET state = 'waiting' WHERE id = $1 AND state = 'ready'";
const LET_GO_MEDIUM: &str = "UPDATE media SET state = 'ready' WHERE id = $1 AND state = 'waiting'";
const COVER_MEDIUM: &str = "UPDATE media SET sensitive = 1 WHERE id = $1";
// What was held for this item alone, or for this bank, stands again when that goes; but not what somebody holds.
const HELD_FOR: &str = "SELECT DISTINCT post_id, media_id FROM matches one WHERE item_id = $1 AND on_match = 'hold' AND state = 'open' AND NOT EXISTS \
     (SELECT 1 FROM matches other WHERE other.post_id = one.post_id AND other.media_id = one.media_id AND other.item_id <> one.item_id \
     AND other.on_match = 'hold' AND other.state <> 'released') AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.post_id = one.post_id \
     AND c.media_id = one.media_id AND c.state = 'open' AND c.held = 1) ORDER BY post_id, media_id";
const HELD_FOR_BANK: &str = "SELECT DISTINCT post_id, media_id FROM matches one WHERE bank_id = $1 AND on_match = 'hold' AND state <> 'released' AND decision_id IS NULL AND NOT EXISTS \
     (SELECT 1 FROM matches other WHERE other.post_id = one.post_id AND other.media_id = one.media_id AND other.bank_id <> one.bank_id \
     AND other.on_match = 'hold' AND other.state <> 'released') AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.post_id = one.post_id \
     AND c.media_id = one.media_id AND c.state = 'open' AND c.held = 1) ORDER BY post_id, media_id";
const OF_ITEM: &str = "DELETE FROM matches WHERE item_id = $1 AND state = 'open'";
const SET_HELD: &str = "UPDATE posts SET held = $2 WHERE id = $1";
const COVER_POST: &str = "UPDATE posts SET sensitive = 1 WHERE id = $1";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[
    INSERT,
    OF_SUBJECT,
    COUNTED,
    ACT,
    UNREPORTED,
    HELD,
    DECIDE,
    LET_PASS,
    SET_CONFIDENCE,
    LET_PASS_ITEM,
    HOLDING,
    COVERING,
    HOLDING_OF_ITEM,
    HOLDING_OF_BANKS,
    OF_BANK,
    OF_POST,
    OF_MEDIUM,
    HAS_MEDIUM,
    HAS_POST,
    HOLD_MEDIUM,
    LET_GO_MEDIUM,
    COVER_MEDIUM,
    HELD_FOR,
    HELD_FOR_BANK,
    OF_ITEM,
    SET_HELD,
    COVER_POST,
];

/// Writes a match down and counts it.
pub async fn insert(tx: &mut Tx, row: &MatchRow) -> Result<()> {
    write!(tx, conn => sqlx::query(INSERT)
        .bind(row.id.as_str()).bind(row.subject.post_id.as_str()).bind(row.subject.medium()).bind(row.bank_id.as_str())
        .bind(row.item_id.as_str()).bind(&row.reading).bind(row.distance).bind(row.confidence).bind(row.on_match.as_str())
        .bind(row.state.as_str()).bind(row.created.0)
        .execute(conn).await.map(|_| ()))?;
    banks::count_match(tx, &row.bank_id).await
}

/// The matches of a subject, the oldest first.
pub async fn of_subject(db: &Db, subject: &Subject) -> Result<Vec<MatchRow>> {
    let rows: Vec<Columns> =
        read!(db, conn => sqlx::query_as(OF_SUBJECT).bind(subject.post_id.as_str()).bind(subject.medium()).fetch_all(conn).await)?;
    rows.into_iter().map(matched).collect()
}

/// At most `limit` matches of an item that were only counted, in the order of their ids, from after this one.
pub async fn counted(db: &Db, item: &ItemId, after: Option<&MatchId>, limit: i64) -> Result<Vec<MatchRow>> {
    let after = after.map_or("", |id| id.as_str());
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(COUNTED).bind(item.as_str()).bind(after).bind(limit).fetch_all(conn).await)?;
    rows.into_iter().map(matched).collect()
}

/// What was only counted does so much from now on; `false` if it is not only counted any more.
pub async fn act(tx: &mut Tx, id: &MatchId, on_match: OnMatch) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(ACT).bind(id.as_str()).bind(on_match.as_str()).execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Whether everybody can see something that nobody has reported.
pub async fn is_unreported(db: &Db, subject: &Subject) -> Result<bool> {
    let count: i64 =
        read!(db, conn => sqlx::query_scalar(UNREPORTED).bind(subject.post_id.as_str()).bind(subject.medium()).fetch_one(conn).await)?;
    Ok(count > 0)
}

/// The matches that hold something back and that no decision was made on, the oldest first.
pub async fn held(db: &Db) -> Result<Vec<MatchRow>> {
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(HELD).fetch_all(conn).await)?;
    rows.into_iter().map(matched).collect()
}

/// Decides on all matches of a subject; the number that this changed.
pub async fn decide(tx: &mut Tx, subject: &Subject, state: MatchState) -> Result<u64> {
    Ok(write!(tx, conn => sqlx::query(DECIDE).bind(subject.post_id.as_str()).bind(subject.medium()).bind(state.as_str())
        .execute(conn).await.map(|done| done.rows_affected()))?)
}

/// Lets pass the matches that hold a subject, of which nobody said that they stay so, and that are no surer than this; the number of them.
pub async fn let_pass(tx: &mut Tx, subject: &Subject, confidence: f64) -> Result<u64> {
    Ok(write!(tx, conn => sqlx::query(LET_PASS).bind(subject.post_id.as_str()).bind(subject.medium()).bind(confidence)
        .execute(conn).await.map(|done| done.rows_affected()))?)
}

/// Another look told better how sure a match is that holds something, if nobody has decided on it meanwhile.
pub async fn set_confidence(tx: &mut Tx, id: &MatchId, confidence: f64) -> Result<()> {
    write!(tx, conn => sqlx::query(SET_CONFIDENCE).bind(id.as_str()).bind(confidence).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Lets a subject pass, however like this item it is. Where a bank counts what it finds, this is none of it.
pub async fn let_pass_item(tx: &mut Tx, id: &MatchId, subject: &Subject, item: &ItemId, now: Time) -> Result<()> {
    write!(tx, conn => sqlx::query(LET_PASS_ITEM)
        .bind(id.as_str()).bind(subject.post_id.as_str()).bind(subject.medium()).bind(item.as_str()).bind(now.0)
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// How many matches hold a subject; one more if somebody holds it by hand.
pub async fn holding(tx: &mut Tx, subject: &Subject) -> Result<i64> {
    Ok(write!(tx, conn => sqlx::query_scalar(HOLDING).bind(subject.post_id.as_str()).bind(subject.medium()).fetch_one(conn).await)?)
}

/// How much is held for an item that nobody has decided on.
pub async fn holding_of_item(db: &Db, item: &ItemId) -> Result<i64> {
    Ok(read!(db, conn => sqlx::query_scalar(HOLDING_OF_ITEM).bind(item.as_str()).fetch_one(conn).await)?)
}

/// How many matches of each bank hold something that nobody has decided on.
pub async fn holding_of_banks(db: &Db) -> Result<Vec<(BankId, i64)>> {
    let rows: Vec<(String, i64)> = read!(db, conn => sqlx::query_as(HOLDING_OF_BANKS).fetch_all(conn).await)?;
    rows.into_iter().map(|(id, count)| Ok((BankId::parse(&id).ok_or_else(|| corrupt("matches", "bank_id", &id))?, count))).collect()
}

/// Whether a subject is there and no decision has made it dark; a change of it waits until this one is made.
pub async fn stands(tx: &mut Tx, subject: &Subject) -> Result<bool> {
    posts::touch(tx, subject.post_id.as_str()).await?;
    let count: i64 = match &subject.media_id {
        Some(medium) => write!(tx, conn => sqlx::query_scalar(HAS_MEDIUM).bind(medium.as_str()).fetch_one(conn).await)?,
        None => write!(tx, conn => sqlx::query_scalar(HAS_POST).bind(subject.post_id.as_str()).fetch_one(conn).await)?,
    };
    Ok(count > 0)
}

/// Holds back what stands: nobody sees it from now on.
pub async fn hold(tx: &mut Tx, subject: &Subject) -> Result<()> {
    posts::touch(tx, subject.post_id.as_str()).await?;
    set(tx, subject, HOLD_MEDIUM, 1).await
}

/// Lets go of what was held back. What it is like that is only covered, it is covered for from then on.
pub async fn let_go(tx: &mut Tx, subject: &Subject) -> Result<()> {
    posts::touch(tx, subject.post_id.as_str()).await?;
    set(tx, subject, LET_GO_MEDIUM, 0).await?;
    let covered: i64 =
        write!(tx, conn => sqlx::query_scalar(COVERING).bind(subject.post_id.as_str()).bind(subject.medium()).fetch_one(conn).await)?;
    if covered > 0 { cover(tx, subject).await } else { Ok(()) }
}

/// Covers what stands until a visitor asks for it.
pub async fn cover(tx: &mut Tx, subject: &Subject) -> Result<()> {
    posts::touch(tx, subject.post_id.as_str()).await?;
    let (sql, id) = match &subject.media_id {
        Some(medium) => (COVER_MEDIUM, medium.as_str()),
        None => (COVER_POST, subject.post_id.as_str()),
    };
    write!(tx, conn => sqlx::query(sql).bind(id).execute(conn).await.map(|_| ()))?;
    Ok(())
}

async fn set(tx: &mut Tx, subject: &Subject, of_medium: &'static str, held: i64) -> Result<()> {
    match &subject.media_id {
        Some(medium) => write!(tx, conn => sqlx::query(of_medium).bind(medium.as_str()).execute(conn).await.map(|_| ()))?,
        None => write!(tx, conn => sqlx::query(SET_HELD).bind(subject.post_id.as_str()).bind(held).execute(conn).await.map(|_| ()))?,
    }
    Ok(())
}

/// Forgets what was found to be like this item, which goes, and lets go of what nothing else holds.
pub async fn forget_item(tx: &mut Tx, item: &ItemId, now: Time) -> Result<()> {
    let held: Vec<(String, String)> = write!(tx, conn => sqlx::query_as(HELD_FOR).bind(item.as_str()).fetch_all(conn).await)?;
    for (post, medium) in held {
        let_go(tx, &Subject::parse("matches", &post, &medium)?).await?;
    }
    write!(tx, conn => sqlx::query(OF_ITEM).bind(item.as_str()).execute(conn).await.map(|_| ()))?;
    holds::forget_item(tx, item, now).await
}

/// Forgets what was found to be like anything that a bank knows, which goes, and lets go of what nothing else holds; how much that is.
pub(crate) async fn forget_bank(tx: &mut Tx, id: &BankId, now: Time) -> Result<u64> {
    let held: Vec<(String, String)> = write!(tx, conn => sqlx::query_as(HELD_FOR_BANK).bind(id.as_str()).fetch_all(conn).await)?;
    let mut let_go_of = 0;
    for (post, medium) in held {
        let_go(tx, &Subject::parse("matches", &post, &medium)?).await?;
        let_go_of += 1;
    }
    write!(tx, conn => sqlx::query(OF_BANK).bind(id.as_str()).execute(conn).await.map(|_| ()))?;
    for item in holds::claims_of(tx, id).await? {
        holds::forget_item(tx, &item, now).await?;
    }
    Ok(let_go_of)
}

pub(crate) async fn forget_post(tx: &mut Tx, id: &PostId) -> Result<()> {
    write!(tx, conn => sqlx::query(OF_POST).bind(id.as_str()).execute(conn).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn forget_medium(tx: &mut Tx, id: &domain::MediaId) -> Result<()> {
    write!(tx, conn => sqlx::query(OF_MEDIUM).bind(id.as_str()).execute(conn).await.map(|_| ()))?;
    Ok(())
}

fn matched((id, post, medium, bank, item, reading, distance, confidence, on_match, state, created): Columns) -> Result<MatchRow> {
    Ok(MatchRow {
        subject: Subject::parse("matches", &post, &medium)?,
        bank_id: BankId::parse(&bank).ok_or_else(|| corrupt("matches", "bank_id", &id))?,
        item_id: ItemId::parse(&item).ok_or_else(|| corrupt("matches", "item_id", &id))?,
        reading,
        distance,
        confidence,
        on_match: OnMatch::parse(&on_match).ok_or_else(|| corrupt("matches", "on_match", &id))?,
        state: MatchState::parse(&state).ok_or_else(|| corrupt("matches", "state", &id))?,
        created: Time(created),
        id: MatchId::parse(&id).ok_or_else(|| corrupt("matches", "id", &id))?,
    })
}
