//! Banks, and what they know.
//!
//! Every change of what banks know raises one revision, and whatever is about to become visible holds it still until it is: so nothing
//! becomes visible that the banks of that moment were not asked about (invariant 7). What is put into a bank counts only from the
//! moment that all of it is there, so that a cut-off import changes nothing.

use domain::{BankId, BankKind, BankName, Fingerprint, FingerprintKind, ItemId, OnMatch, Time};

use crate::db::{Inner, read, write};
use crate::{Db, Result, Tx, corrupt, dialect};

/// A bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankRow {
    /// Its id.
    pub id: BankId,
    /// Its name, of which there is one.
    pub name: BankName,
    /// What it is for.
    pub kind: BankKind,
    /// What happens to a match.
    pub on_match: OnMatch,
    /// How many matches it has had.
    pub matched: i64,
    /// When it was made.
    pub created: Time,
    /// Since when it only counts, because it was often wrong.
    pub distrusted: Option<Time>,
}

impl BankRow {
    /// What it acts as: one that was often wrong counts, and does nothing.
    #[must_use]
    pub fn acts_as(&self) -> BankKind {
        if self.kind == BankKind::Live && self.distrusted.is_some() { BankKind::Shadow } else { self.kind }
    }
}

/// What was put into a bank at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemRow {
    /// Its id.
    pub id: ItemId,
    /// Its bank.
    pub bank_id: BankId,
    /// What the operator will know it by.
    pub label: String,
    /// How many signals it has.
    pub signals: i64,
    /// When it was put there.
    pub created: Time,
    /// Since when what is like it is only counted, because it was often wrong.
    pub distrusted: Option<Time>,
    /// How much it would have reached, if that is more than the operator lets anything reach unseen, and nobody has confirmed it: it only counts.
    pub waits: Option<i64>,
}

/// How often the banks changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Revision {
    /// Grows with every change.
    pub revision: i64,
    /// The revision at which something was taken away last.
    pub removed: i64,
}

/// One signal, or a row of hashes of the same kind and size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signal {
    /// What it came with.
    pub item_id: ItemId,
    /// The bank.
    pub bank_id: BankId,
    /// Its place in the item.
    pub number: i64,
    /// What it is.
    pub fingerprint: Fingerprint,
}

type BankColumns = (String, String, String, String, i64, i64, Option<i64>);
type ItemColumns = (String, String, String, i64, i64, Option<i64>, Option<i64>);
type SignalColumns = (String, String, i64, String, i64, Vec<u8>);

const INSERT: &str =
    "INSERT INTO banks (id, name, kind, on_match, matched, created_ms) VALUES ($1, $2, $3, $4, 0, $5) ON CONFLICT DO NOTHING";
const LIST: &str = "SELECT id, name, kind, on_match, matched, created_ms, distrusted_ms FROM banks ORDER BY name";
const DISTRUST: &str = "UPDATE banks SET distrusted_ms = $2 WHERE id = $1 AND distrusted_ms IS NULL AND kind = 'live'";
const DISTRUST_ITEM: &str = "UPDATE items SET distrusted_ms = $2 WHERE id = $1 AND distrusted_ms IS NULL AND EXISTS \
     (SELECT 1 FROM banks b WHERE b.id = items.bank_id AND b.kind = 'live')";
// And what waits for a second look.
const DISTRUSTED_ITEMS: &str = "SELECT id FROM items WHERE distrusted_ms IS NOT NULL OR (waits IS NOT NULL AND confirmed_ms IS NULL)";
const WAIT: &str = "UPDATE items SET waits = $2 WHERE id = $1 AND waits IS NULL";
const CONFIRM: &str = "UPDATE items SET confirmed_ms = $2 WHERE id = $1 AND waits IS NOT NULL AND confirmed_ms IS NULL";
const COUNT_WAITING: &str = "SELECT count(*) FROM items WHERE since IS NOT NULL AND waits IS NOT NULL AND confirmed_ms IS NULL";
const WAITED: &str = "SELECT count(*) FROM items WHERE id = $1 AND waits IS NOT NULL";
const TRUST: &str = "UPDATE banks SET distrusted_ms = NULL, trusted_ms = $2 WHERE id = $1 AND distrusted_ms IS NOT NULL";
const TRUST_ITEM: &str =
    "UPDATE items SET distrusted_ms = NULL, trusted_ms = $3 WHERE bank_id = $1 AND id = $2 AND distrusted_ms IS NOT NULL";
const TRUST_ITEMS: &str = "UPDATE items SET distrusted_ms = NULL, trusted_ms = $2 WHERE bank_id = $1 AND distrusted_ms IS NOT NULL";
const TRUST_SINCE: &str = "UPDATE banks SET distrusted_ms = NULL WHERE id = $1 AND distrusted_ms >= $2";
const TRUST_ITEM_SINCE: &str = "UPDATE items SET distrusted_ms = NULL WHERE id = $1 AND distrusted_ms >= $2";
const IS_THERE: &str = "SELECT count(*) FROM banks WHERE id = $1";
const COUNT_MATCH: &str = "UPDATE banks SET matched = matched + 1 WHERE id = $1";
const DELETE_JUDGEMENTS: &str = "DELETE FROM judgements WHERE bank_id = $1";
const DELETE_ITEM_JUDGEMENTS: &str = "DELETE FROM judgements WHERE item_id = $1";
const DELETE_SIGNALS: &str = "DELETE FROM signals WHERE item_id IN (SELECT id FROM items WHERE bank_id = $1)";
const DELETE_ITEMS: &str = "DELETE FROM items WHERE bank_id = $1";
const DELETE: &str = "DELETE FROM banks WHERE id = $1";
const INSERT_ITEM: &str = "INSERT INTO items (id, bank_id, label, signals, since, created_ms) VALUES ($1, $2, $3, 0, NULL, $4)";
const INSERT_SIGNAL: &str = "INSERT INTO signals (item_id, number, kind, version, bytes) VALUES ($1, $2, $3, $4, $5)";
const DELETE_ITEM_SIGNALS: &str = "DELETE FROM signals WHERE item_id = $1";
const DELETE_ITEM: &str = "DELETE FROM items WHERE id = $1";
const COMPLETE: &str = "UPDATE items SET signals = $2, since = $3 WHERE id = $1 AND since IS NULL";
const ITEMS: &str = "SELECT id, bank_id, label, signals, created_ms, distrusted_ms, CASE WHEN confirmed_ms IS NULL THEN waits END FROM items WHERE since IS NOT NULL ORDER BY created_ms, id";
const UNFINISHED_SIGNALS: &str = "DELETE FROM signals WHERE item_id IN (SELECT id FROM items WHERE since IS NULL AND created_ms <= $1)";
const UNFINISHED: &str = "DELETE FROM items WHERE since IS NULL AND created_ms <= $1";
const SIGNALS: &str = "SELECT s.item_id, i.bank_id, s.number, s.kind, s.version, s.bytes FROM signals s JOIN items i ON i.id = s.item_id \
     WHERE i.since > $1 AND i.since <= $2 AND (s.item_id, s.number) > ($3, $4) ORDER BY s.item_id, s.number LIMIT $5";
const OF_ITEM: &str = "SELECT number, kind, version, bytes FROM signals WHERE item_id = $1 AND number > $2 ORDER BY number LIMIT $3";
const COUNTS: &str = "SELECT count(*) FROM items WHERE id = $1 AND since IS NOT NULL";
const REVISION: &str = "SELECT coalesce(max(revision), 0), coalesce(max(CASE WHEN removes = 1 THEN revision END), 0) FROM bank_changes";
const CHANGE: &str = "INSERT INTO bank_changes (revision, removes) VALUES ((SELECT coalesce(max(revision), 0) + 1 FROM bank_changes), $1) RETURNING revision";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[
    INSERT,
    LIST,
    DISTRUST,
    DISTRUST_ITEM,
    DISTRUSTED_ITEMS,
    WAIT,
    CONFIRM,
    COUNT_WAITING,
    WAITED,
    TRUST,
    TRUST_ITEM,
    TRUST_ITEMS,
    TRUST_SINCE,
    TRUST_ITEM_SINCE,
    IS_THERE,
    COUNT_MATCH,
    DELETE_JUDGEMENTS,
    DELETE_ITEM_JUDGEMENTS,
    DELETE_SIGNALS,
    DELETE_ITEMS,
    DELETE,
    INSERT_ITEM,
    INSERT_SIGNAL,
    DELETE_ITEM_SIGNALS,
    DELETE_ITEM,
    COMPLETE,
    ITEMS,
    UNFINISHED_SIGNALS,
    UNFINISHED,
    SIGNALS,
    OF_ITEM,
    COUNTS,
    REVISION,
    CHANGE,
];

/// Makes a bank; `false` if there is one of this name.
pub async fn insert(tx: &mut Tx, bank: &BankRow) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(INSERT)
        .bind(bank.id.as_str()).bind(bank.name.as_str()).bind(bank.kind.as_str()).bind(bank.on_match.as_str()).bind(bank.created.0)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    change(tx, false).await?;
    Ok(rows == 1)
}

/// All banks by name.
pub async fn list(db: &Db) -> Result<Vec<BankRow>> {
    let rows: Vec<BankColumns> = read!(db, conn => sqlx::query_as(LIST).fetch_all(conn).await)?;
    rows.into_iter()
        .map(|(id, name, kind, on_match, matched, created, distrusted)| {
            Ok(BankRow {
                name: BankName::parse(&name).ok_or_else(|| corrupt("banks", "name", &id))?,
                kind: BankKind::parse(&kind).ok_or_else(|| corrupt("banks", "kind", &id))?,
                on_match: OnMatch::parse(&on_match).ok_or_else(|| corrupt("banks", "on_match", &id))?,
                matched,
                created: Time(created),
                distrusted: distrusted.map(Time),
                id: BankId::parse(&id).ok_or_else(|| corrupt("banks", "id", &id))?,
            })
        })
        .collect()
}

/// What of that which banks know is only counted, because it was often wrong.
pub async fn distrusted_items(db: &Db) -> Result<Vec<ItemId>> {
    let rows: Vec<String> = read!(db, conn => sqlx::query_scalar(DISTRUSTED_ITEMS).fetch_all(conn).await)?;
    rows.iter().map(|id| ItemId::parse(id).ok_or_else(|| corrupt("items", "id", id))).collect()
}

/// A bank that acted only counts from now on; `false` if it did so before.
pub async fn distrust(tx: &mut Tx, id: &BankId, now: Time) -> Result<bool> {
    let rows =
        write!(tx, conn => sqlx::query(DISTRUST).bind(id.as_str()).bind(now.0).execute(conn).await.map(|done| done.rows_affected()))?;
    changed(tx, rows).await
}

/// The same of one thing that a bank knows.
pub async fn distrust_item(tx: &mut Tx, id: &ItemId, now: Time) -> Result<bool> {
    let rows =
        write!(tx, conn => sqlx::query(DISTRUST_ITEM).bind(id.as_str()).bind(now.0).execute(conn).await.map(|done| done.rows_affected()))?;
    changed(tx, rows).await
}

/// What is like an item is only counted until somebody confirms it, because it would reach so much; `false` if it waited before.
pub async fn wait(tx: &mut Tx, id: &ItemId, reach: i64) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(WAIT).bind(id.as_str()).bind(reach).execute(conn).await.map(|done| done.rows_affected()))?;
    changed(tx, rows).await
}

/// Somebody has looked at what waits, and it acts from now on; `false` if it does not wait.
pub async fn confirm(tx: &mut Tx, id: &ItemId, now: Time) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(CONFIRM).bind(id.as_str()).bind(now.0).execute(conn).await.map(|done| done.rows_affected()))?;
    changed(tx, rows).await
}

/// How many items wait.
pub async fn count_waiting(db: &Db) -> Result<i64> {
    Ok(read!(db, conn => sqlx::query_scalar(COUNT_WAITING).fetch_one(conn).await)?)
}

/// Whether an item waits, or did until somebody confirmed it.
pub async fn has_waited(db: &Db, id: &ItemId) -> Result<bool> {
    let count: i64 = read!(db, conn => sqlx::query_scalar(WAITED).bind(id.as_str()).fetch_one(conn).await)?;
    Ok(count > 0)
}

/// A bank acts again with all that it knows, or one thing in it; `false` if nothing of that was distrusted.
pub async fn trust(tx: &mut Tx, id: &BankId, item: Option<&ItemId>, now: Time) -> Result<bool> {
    // Before the rows: whoever publishes counts matches in them.
    hold_alone(tx).await?;
    let mut rows = 0;
    match item {
        Some(item) => {
            rows += write!(tx, conn => sqlx::query(TRUST_ITEM).bind(id.as_str()).bind(item.as_str()).bind(now.0)
                .execute(conn).await.map(|done| done.rows_affected()))?;
        }
        None => {
            for sql in [TRUST, TRUST_ITEMS] {
                rows += write!(tx, conn => sqlx::query(sql).bind(id.as_str()).bind(now.0).execute(conn).await.map(|done| done.rows_affected()))?;
            }
        }
    }
    changed(tx, rows).await
}

/// A bank acts again if it is distrusted since then; what was found of it counts as before.
pub async fn trust_since(tx: &mut Tx, id: &BankId, since: Time) -> Result<bool> {
    let rows =
        write!(tx, conn => sqlx::query(TRUST_SINCE).bind(id.as_str()).bind(since.0).execute(conn).await.map(|done| done.rows_affected()))?;
    changed(tx, rows).await
}

/// The same of one thing that a bank knows.
pub async fn trust_item_since(tx: &mut Tx, id: &ItemId, since: Time) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(TRUST_ITEM_SINCE).bind(id.as_str()).bind(since.0).execute(conn).await.map(|done| done.rows_affected()))?;
    changed(tx, rows).await
}

/// What banks do is another thing now, if any row says so: everybody asks again.
async fn changed(tx: &mut Tx, rows: u64) -> Result<bool> {
    if rows > 0 {
        change(tx, false).await?;
    }
    Ok(rows > 0)
}

/// Whether a bank is there; it stays so until this change is made or dropped.
pub async fn is_there(tx: &mut Tx, id: &BankId) -> Result<bool> {
    lock(tx, dialect::SHARE_BANKS).await?;
    let count: i64 = write!(tx, conn => sqlx::query_scalar(IS_THERE).bind(id.as_str()).fetch_one(conn).await)?;
    Ok(count > 0)
}

/// Removes a bank, with all that it knows, and its matches. What only it held is let go; how much that is.
pub async fn remove(tx: &mut Tx, id: &BankId, now: Time) -> Result<u64> {
    // Before the first post: see there.
    hold_alone(tx).await?;
    let let_go = crate::matches::forget_bank(tx, id, now).await?;
    for sql in [DELETE_JUDGEMENTS, DELETE_SIGNALS, DELETE_ITEMS, DELETE] {
        write!(tx, conn => sqlx::query(sql).bind(id.as_str()).execute(conn).await.map(|_| ()))?;
    }
    change(tx, true).await?;
    Ok(let_go)
}

/// Takes out of a bank what was put into it at one time.
pub async fn remove_item(tx: &mut Tx, item: &ItemId) -> Result<()> {
    for sql in [DELETE_ITEM_JUDGEMENTS, DELETE_ITEM_SIGNALS, DELETE_ITEM] {
        write!(tx, conn => sqlx::query(sql).bind(item.as_str()).execute(conn).await.map(|_| ()))?;
    }
    change(tx, true).await?;
    Ok(())
}

/// Begins an item: it counts for nothing until it is complete.
pub async fn begin_item(tx: &mut Tx, item: &ItemRow) -> Result<()> {
    write!(tx, conn => sqlx::query(INSERT_ITEM)
        .bind(item.id.as_str()).bind(item.bank_id.as_str()).bind(&item.label).bind(item.created.0)
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Adds a signal to an item that is not complete.
pub async fn add_signal(tx: &mut Tx, item: &ItemId, number: i64, signal: &Fingerprint) -> Result<()> {
    write!(tx, conn => sqlx::query(INSERT_SIGNAL)
        .bind(item.as_str()).bind(number).bind(signal.kind.as_str()).bind(signal.version).bind(&signal.bytes)
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Makes an item count, from the revision that is returned; `None` if it is not there, or counts already.
pub async fn complete_item(tx: &mut Tx, item: &ItemId, signals: i64) -> Result<Option<i64>> {
    let revision = change(tx, false).await?;
    let rows = write!(tx, conn => sqlx::query(COMPLETE).bind(item.as_str()).bind(signals).bind(revision)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok((rows == 1).then_some(revision))
}

/// All complete items, the oldest first.
pub async fn items(db: &Db) -> Result<Vec<ItemRow>> {
    let rows: Vec<ItemColumns> = read!(db, conn => sqlx::query_as(ITEMS).fetch_all(conn).await)?;
    rows.into_iter()
        .map(|(id, bank_id, label, signals, created, distrusted, waits)| {
            Ok(ItemRow {
                bank_id: BankId::parse(&bank_id).ok_or_else(|| corrupt("items", "bank_id", &id))?,
                label,
                signals,
                created: Time(created),
                distrusted: distrusted.map(Time),
                waits,
                id: ItemId::parse(&id).ok_or_else(|| corrupt("items", "id", &id))?,
            })
        })
        .collect()
}

/// Takes away items that were begun before `before` and never completed.
pub async fn forget_unfinished(tx: &mut Tx, before: Time) -> Result<()> {
    for sql in [UNFINISHED_SIGNALS, UNFINISHED] {
        write!(tx, conn => sqlx::query(sql).bind(before.0).execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}

/// Up to `limit` signals that came to count after revision `since` and not after `until`, from after the last one that was given.
pub async fn signals(db: &Db, since: i64, until: i64, after: Option<&Signal>, limit: i64) -> Result<Vec<Signal>> {
    let (item, number) = after.map_or(("", 0), |signal| (signal.item_id.as_str(), signal.number));
    let rows: Vec<SignalColumns> =
        read!(db, conn => sqlx::query_as(SIGNALS).bind(since).bind(until).bind(item).bind(number).bind(limit).fetch_all(conn).await)?;
    rows.into_iter().map(signal).collect()
}

fn signal((item_id, bank_id, number, kind, version, bytes): SignalColumns) -> Result<Signal> {
    let kind = FingerprintKind::parse(&kind).ok_or_else(|| corrupt("signals", "kind", &item_id))?;
    Ok(Signal {
        bank_id: BankId::parse(&bank_id).ok_or_else(|| corrupt("items", "bank_id", &item_id))?,
        number,
        fingerprint: Fingerprint { kind, version, bytes },
        item_id: ItemId::parse(&item_id).ok_or_else(|| corrupt("signals", "item_id", &item_id))?,
    })
}

/// Up to `limit` signals of an item, from after this place in it.
pub async fn of_item(db: &Db, item: &ItemId, after: i64, limit: i64) -> Result<Vec<Fingerprint>> {
    let rows: Vec<(i64, String, i64, Vec<u8>)> =
        read!(db, conn => sqlx::query_as(OF_ITEM).bind(item.as_str()).bind(after).bind(limit).fetch_all(conn).await)?;
    let one = |(_, kind, version, bytes): (i64, String, i64, Vec<u8>)| {
        let kind = FingerprintKind::parse(&kind).ok_or_else(|| corrupt("signals", "kind", item.as_str()))?;
        Ok(Fingerprint { kind, version, bytes })
    };
    rows.into_iter().map(one).collect()
}

/// How the banks stand now.
pub async fn revision(db: &Db) -> Result<Revision> {
    let (revision, removed) = read!(db, conn => sqlx::query_as(REVISION).fetch_one(conn).await)?;
    Ok(Revision { revision, removed })
}

/// How the banks stand, and that they stay so until this change is made or dropped. Changes that ask so do not wait for each other.
pub async fn hold_still(tx: &mut Tx) -> Result<Revision> {
    lock(tx, dialect::SHARE_BANKS).await?;
    let (revision, removed) = write!(tx, conn => sqlx::query_as(REVISION).fetch_one(conn).await)?;
    Ok(Revision { revision, removed })
}

/// The same, for who does not ask how they stand.
pub(crate) async fn share_still(tx: &mut Tx) -> Result<()> {
    lock(tx, dialect::SHARE_BANKS).await
}

/// Whether an item counts, and does so until this change is made or dropped.
pub async fn counts(tx: &mut Tx, item: &ItemId) -> Result<bool> {
    lock(tx, dialect::SHARE_BANKS).await?;
    let count: i64 = write!(tx, conn => sqlx::query_scalar(COUNTS).bind(item.as_str()).fetch_one(conn).await)?;
    Ok(count > 0)
}

/// Waits until nothing that was asked about is on its way, and lets nothing begin: for a change of the banks that changes posts as well,
/// before it touches the first. Whoever publishes holds the banks still first and takes a post then; in another order two would wait for each other.
pub async fn hold_alone(tx: &mut Tx) -> Result<()> {
    lock(tx, dialect::HAVE_BANKS).await
}

/// Counts a change, which nothing may become visible beside.
async fn change(tx: &mut Tx, removes: bool) -> Result<i64> {
    lock(tx, dialect::HAVE_BANKS).await?;
    Ok(write!(tx, conn => sqlx::query_scalar(CHANGE).bind(i64::from(removes)).fetch_one(conn).await)?)
}

/// SQLite has one writer at a time anyhow.
async fn lock(tx: &mut Tx, sql: &'static str) -> Result<()> {
    if let Inner::Postgres(tx) = &mut tx.inner {
        sqlx::query(sql).execute(&mut **tx).await?;
    }
    Ok(())
}

/// Counts a match of a bank.
pub(crate) async fn count_match(tx: &mut Tx, id: &BankId) -> Result<()> {
    write!(tx, conn => sqlx::query(COUNT_MATCH).bind(id.as_str()).execute(conn).await.map(|_| ()))?;
    Ok(())
}
