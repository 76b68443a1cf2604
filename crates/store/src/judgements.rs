//! What was found of what banks know: whether it was right, by those who looked.
//!
//! Each decision counts once for each item that it was about, however many copies it reached, and whatever is kept or let go without a decision
//! counts once for itself. So neither a flood of copies nor a deletion changes how often an item was right.

use domain::bank::Precision;
use domain::{BankId, DecisionId, ItemId, Time};

use crate::db::{read, write};
use crate::{Db, Result, Subject, Tx, corrupt};

const SUPERSEDE: &str = "DELETE FROM judgements WHERE of_what IN \
     (SELECT CASE WHEN media_id = '' THEN post_id ELSE media_id END FROM matches WHERE decision_id = $1)";
const OF_DECISION: &str = "INSERT INTO judgements (item_id, bank_id, of_what, was_right, at_ms) SELECT DISTINCT x.item_id, x.bank_id, CAST($1 AS TEXT), CAST($2 AS BIGINT), CAST($3 AS BIGINT) \
     FROM matches x JOIN items i ON i.id = x.item_id JOIN banks b ON b.id = x.bank_id WHERE x.decision_id = $1 AND b.kind <> 'negative' \
     ON CONFLICT (item_id, of_what) DO NOTHING";
const OF_SUBJECT: &str = "INSERT INTO judgements (item_id, bank_id, of_what, was_right, at_ms) SELECT DISTINCT x.item_id, x.bank_id, CAST($3 AS TEXT), CAST($4 AS BIGINT), CAST($5 AS BIGINT) \
     FROM matches x JOIN items i ON i.id = x.item_id JOIN banks b ON b.id = x.bank_id WHERE x.post_id = $1 AND x.media_id = $2 AND b.kind <> 'negative' \
     ON CONFLICT (item_id, of_what) DO UPDATE SET was_right = excluded.was_right, at_ms = excluded.at_ms";
const JUDGED: &str = "SELECT item_id, bank_id FROM judgements WHERE of_what = $1 ORDER BY item_id";
const FORGET: &str = "DELETE FROM judgements WHERE of_what = $1";
const OF_ITEMS: &str =
    "SELECT item_id, count(CASE WHEN was_right = 1 THEN 1 END), count(CASE WHEN was_right = 0 THEN 1 END) FROM judgements GROUP BY item_id";
const OF_BANKS: &str =
    "SELECT bank_id, count(CASE WHEN was_right = 1 THEN 1 END), count(CASE WHEN was_right = 0 THEN 1 END) FROM judgements GROUP BY bank_id";
const OF_ITEM: &str = "SELECT count(CASE WHEN j.was_right = 1 THEN 1 END), count(CASE WHEN j.was_right = 0 THEN 1 END) FROM judgements j JOIN items i ON i.id = j.item_id \
     WHERE j.item_id = $1 AND j.at_ms > coalesce(i.trusted_ms, -1)";
// What was wrong by items that are not trusted by themselves any more is no reason to distrust all the others.
const OF_BANK: &str = "SELECT count(CASE WHEN j.was_right = 1 THEN 1 END), count(CASE WHEN j.was_right = 0 THEN 1 END) FROM judgements j JOIN items i ON i.id = j.item_id \
     JOIN banks b ON b.id = j.bank_id WHERE j.bank_id = $1 AND i.distrusted_ms IS NULL AND j.at_ms > coalesce(i.trusted_ms, -1) AND j.at_ms > coalesce(b.trusted_ms, -1)";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[SUPERSEDE, OF_DECISION, OF_SUBJECT, JUDGED, FORGET, OF_ITEMS, OF_BANKS, OF_ITEM, OF_BANK];

/// Writes down that a decision found right, or wrong, whatever banks know of what it settled; gives those items, with their banks. What was said
/// before, without a decision, of any of it alone does not count beside it.
pub async fn judge(tx: &mut Tx, decision: &DecisionId, right: bool, now: Time) -> Result<Vec<(ItemId, BankId)>> {
    let id = decision.as_str();
    write!(tx, conn => sqlx::query(SUPERSEDE).bind(id).execute(conn).await.map(|_| ()))?;
    write!(tx, conn => sqlx::query(OF_DECISION).bind(id).bind(i64::from(right)).bind(now.0).execute(conn).await.map(|_| ()))?;
    of(tx, id).await
}

/// The same of one subject, without a decision.
pub async fn judge_subject(tx: &mut Tx, subject: &Subject, right: bool, now: Time) -> Result<Vec<(ItemId, BankId)>> {
    let id = subject.media_id.as_ref().map_or(subject.post_id.as_str(), |medium| medium.as_str());
    write!(tx, conn => sqlx::query(OF_SUBJECT)
        .bind(subject.post_id.as_str()).bind(subject.medium()).bind(id).bind(i64::from(right)).bind(now.0).execute(conn).await.map(|_| ()))?;
    of(tx, id).await
}

/// Forgets what a decision found, which is undone; gives the items that it was about, with their banks.
pub async fn forget(tx: &mut Tx, decision: &DecisionId) -> Result<Vec<(ItemId, BankId)>> {
    let judged = of(tx, decision.as_str()).await?;
    write!(tx, conn => sqlx::query(FORGET).bind(decision.as_str()).execute(conn).await.map(|_| ()))?;
    Ok(judged)
}

/// How often each item was right, as far as anybody looked.
pub async fn of_items(db: &Db) -> Result<Vec<(ItemId, Precision)>> {
    let rows: Vec<(String, i64, i64)> = read!(db, conn => sqlx::query_as(OF_ITEMS).fetch_all(conn).await)?;
    rows.into_iter().map(|(id, right, wrong)| Ok((item_id(&id)?, precision(right, wrong)))).collect()
}

/// How often each bank was right, as far as anybody looked.
pub async fn of_banks(db: &Db) -> Result<Vec<(BankId, Precision)>> {
    let rows: Vec<(String, i64, i64)> = read!(db, conn => sqlx::query_as(OF_BANKS).fetch_all(conn).await)?;
    let bank = |id: &str| BankId::parse(id).ok_or_else(|| corrupt("judgements", "bank_id", id));
    rows.into_iter().map(|(id, right, wrong)| Ok((bank(&id)?, precision(right, wrong)))).collect()
}

/// How often an item was right since it was trusted last.
pub async fn of_item(tx: &mut Tx, item: &ItemId) -> Result<Precision> {
    let (right, wrong) = write!(tx, conn => sqlx::query_as(OF_ITEM).bind(item.as_str()).fetch_one(conn).await)?;
    Ok(precision(right, wrong))
}

/// How often a bank was right since it was trusted last, by those of its items that are trusted.
pub async fn of_bank(tx: &mut Tx, bank: &BankId) -> Result<Precision> {
    let (right, wrong) = write!(tx, conn => sqlx::query_as(OF_BANK).bind(bank.as_str()).fetch_one(conn).await)?;
    Ok(precision(right, wrong))
}

async fn of(tx: &mut Tx, id: &str) -> Result<Vec<(ItemId, BankId)>> {
    let rows: Vec<(String, String)> = write!(tx, conn => sqlx::query_as(JUDGED).bind(id).fetch_all(conn).await)?;
    rows.iter()
        .map(|(item, bank)| Ok((item_id(item)?, BankId::parse(bank).ok_or_else(|| corrupt("judgements", "bank_id", item))?)))
        .collect()
}

fn precision(right: i64, wrong: i64) -> Precision {
    let count = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    Precision { right: count(right), wrong: count(wrong) }
}

fn item_id(id: &str) -> Result<ItemId> {
    ItemId::parse(id).ok_or_else(|| corrupt("judgements", "item_id", id))
}
