//! How a site is, in numbers: what waits and until when, what banks found lately, what failed; and whether anybody looks after it.

use domain::bank::Precision;
use domain::{BankId, CaseId, Home, ItemId, Time, Why};

use crate::db::{read, write};
use crate::{Db, Result, Tx, corrupt};

/// How the queue stands, by its clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clocks {
    /// Their time has gone.
    pub late: i64,
    /// Due within the hour.
    pub hour: i64,
    /// Due within a day.
    pub day: i64,
    /// Due later.
    pub later: i64,
    /// Without a time.
    pub none: i64,
}

impl Clocks {
    /// How many cases are open.
    #[must_use]
    pub fn open(&self) -> u64 {
        u64::try_from(self.late + self.hour + self.day + self.later + self.none).unwrap_or_default()
    }
}

/// How mail stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MailCounts {
    /// To be sent.
    pub waiting: i64,
    /// Of those, tried before, in vain.
    pub put_off: i64,
    /// Sent since.
    pub sent: i64,
    /// Refused or given up since.
    pub lost: i64,
}

/// What was found lately of one thing that a bank knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lately {
    /// The bank.
    pub bank: BankId,
    /// Which of what it knows.
    pub item: ItemId,
    /// How often.
    pub matches: i64,
}

/// What a source of matches is, and how often it was right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceLately {
    /// Its bank.
    pub bank: BankId,
    /// What was put into the bank under this label; `None`: it was taken out.
    pub label: Option<String>,
    /// How often something was like it.
    pub matches: i64,
    /// How often that was right, as far as anybody looked.
    pub precision: Precision,
}

/// A job that failed for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadJob {
    /// Its id.
    pub id: String,
    /// Which of `app`'s jobs.
    pub kind: String,
    /// How often it was tried.
    pub attempts: i64,
    /// Why it failed last.
    pub error: Option<String>,
    /// When it was queued.
    pub created: Time,
}

type HomeColumns = (i64, Option<i64>, Option<String>, i64);

const BEGIN: &str = "INSERT INTO watch (id, looked_ms, seen_ms, waived) VALUES (1, 0, $1, 0) ON CONFLICT (id) DO NOTHING";
// Whoever's clock was set back does not wait for the old time to come round.
const TAKE_TURN: &str = "UPDATE watch SET looked_ms = $1 WHERE id = 1 AND (looked_ms <= $2 OR looked_ms > $3)";
const HOME: &str = "SELECT seen_ms, away_since_ms, away_why, waived FROM watch WHERE id = 1";
// An operator who is seen while it is written stays seen.
const SET_HOME: &str = "UPDATE watch SET away_since_ms = $1, away_why = $2, waived = $3, seen_ms = CASE WHEN seen_ms > $4 THEN $4 ELSE seen_ms END WHERE id = 1";
const SEEN: &str = "INSERT INTO watch (id, looked_ms, seen_ms, waived) VALUES (1, 0, $1, 0) ON CONFLICT (id) DO UPDATE SET seen_ms = $1";
const CLOCKS: &str = "SELECT count(CASE WHEN due_ms <= $1 THEN 1 END), count(CASE WHEN due_ms > $1 AND due_ms <= $2 THEN 1 END), \
     count(CASE WHEN due_ms > $2 AND due_ms <= $3 THEN 1 END), count(CASE WHEN due_ms > $3 THEN 1 END), count(CASE WHEN due_ms IS NULL THEN 1 END) \
     FROM cases WHERE state = 'open'";
/// The kinds of notices that bind (`domain::notice::Asks`; a test compares).
const HALF_GONE: &str = "SELECT c.id FROM cases c WHERE c.state = 'open' AND c.due_ms IS NOT NULL AND EXISTS (SELECT 1 FROM notices n JOIN filings f ON f.id = n.filing_id \
     WHERE n.case_id = c.id AND n.withdrawn = 0 AND f.kind IN ('tco_removal_order', 'dsa_art9_order', 'court_order', 'dsa_art10_information_order', 'court_information_order') \
     AND f.due_ms IS NOT NULL AND f.received_ms + (f.due_ms - f.received_ms) / 2 <= $1) ORDER BY c.due_ms, c.id LIMIT $2";
/// Open cases of orders to act, without a fault and of a party that may file, whose subjects everybody sees.
const TO_HOLD: &str = "SELECT c.id FROM cases c WHERE c.state = 'open' AND c.held = 0 AND EXISTS (SELECT 1 FROM notices n JOIN filings f ON f.id = n.filing_id \
     JOIN parties p ON p.id = f.party_id WHERE n.case_id = c.id AND n.withdrawn = 0 AND f.kind IN ('tco_removal_order', 'dsa_art9_order', 'court_order') \
     AND f.faults = '' AND p.suspended_ms IS NULL AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.subject = c.id AND a.act = 'case_released' AND a.at_ms >= f.received_ms)) \
     AND EXISTS (SELECT 1 FROM posts q WHERE q.id = c.post_id AND q.removed IS NULL) \
     AND (c.media_id = '' OR EXISTS (SELECT 1 FROM media m WHERE m.id = c.media_id AND m.removed IS NULL)) ORDER BY c.opened_ms, c.id LIMIT $1";
const LATELY: &str = "SELECT bank_id, item_id, count(*) FROM matches WHERE created_ms > $1 GROUP BY bank_id, item_id HAVING count(*) >= $2 \
     ORDER BY count(*) DESC, item_id LIMIT $3";
const BANK_OF: &str = "SELECT b.name FROM items i JOIN banks b ON b.id = i.bank_id WHERE i.id = $1";
const SOURCES: &str = "SELECT b.id, i.label, x.n, (SELECT count(*) FROM judgements j WHERE j.item_id = x.item_id AND j.was_right = 1), \
     (SELECT count(*) FROM judgements j WHERE j.item_id = x.item_id AND j.was_right = 0) \
     FROM (SELECT bank_id, item_id, count(*) AS n FROM matches WHERE created_ms > $1 GROUP BY bank_id, item_id) x \
     JOIN banks b ON b.id = x.bank_id LEFT JOIN items i ON i.id = x.item_id ORDER BY x.n DESC, x.item_id LIMIT $2";
const OF_BANKS: &str = "SELECT bank_id, count(*) FROM matches WHERE created_ms > $1 GROUP BY bank_id";
const MAILS: &str = "SELECT count(CASE WHEN state = 'waiting' THEN 1 END), count(CASE WHEN state = 'waiting' AND tries > 0 THEN 1 END), \
     count(CASE WHEN state = 'sent' AND done_ms > $1 THEN 1 END), count(CASE WHEN state IN ('refused', 'given_up') AND done_ms > $1 THEN 1 END) FROM mails";
const DEAD_KINDS: &str = "SELECT kind, count(*) FROM jobs WHERE dead = 1 GROUP BY kind ORDER BY kind";
const DEAD: &str = "SELECT id, kind, attempts, last_error, created_ms FROM jobs WHERE dead = 1 ORDER BY created_ms, id LIMIT $1";
// Where another of its key waits already, that one does for both.
const BURY_TWIN: &str = "DELETE FROM jobs WHERE id = $1 AND dead = 1 AND EXISTS \
     (SELECT 1 FROM jobs twin WHERE twin.dedup_key = jobs.dedup_key AND twin.lease_token IS NULL AND twin.dead = 0)";
const REVIVE: &str =
    "UPDATE jobs SET dead = 0, attempts = 0, run_at_ms = $2, lease_until_ms = NULL, last_error = NULL WHERE id = $1 AND dead = 1";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[
    BEGIN, TAKE_TURN, HOME, SET_HOME, SEEN, CLOCKS, HALF_GONE, TO_HOLD, LATELY, BANK_OF, SOURCES, OF_BANKS, MAILS, DEAD_KINDS, DEAD,
    BURY_TWIN, REVIVE,
];

/// Takes the turn to look at the site's state, if nobody has looked for `period_ms`; `false`: another node did. Until the change ends nobody else
/// takes it.
pub async fn take_turn(tx: &mut Tx, now: Time, period_ms: i64) -> Result<bool> {
    write!(tx, conn => sqlx::query(BEGIN).bind(now.0).execute(conn).await.map(|_| ()))?;
    let rows = write!(tx, conn => sqlx::query(TAKE_TURN)
        .bind(now.0).bind(now.plus_ms(-period_ms).0).bind(now.plus_ms(domain::time::NODES_APART_MS).0).execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// What is known of whoever runs the site; `None`: nobody has looked yet.
pub async fn home(db: &Db) -> Result<Option<Home>> {
    let row: Option<HomeColumns> = read!(db, conn => sqlx::query_as(HOME).fetch_optional(conn).await)?;
    row.map(parse_home).transpose()
}

/// The same, as it stands in this change.
pub async fn look_home(tx: &mut Tx) -> Result<Option<Home>> {
    let row: Option<HomeColumns> = write!(tx, conn => sqlx::query_as(HOME).fetch_optional(conn).await)?;
    row.map(parse_home).transpose()
}

/// Writes it down; who was seen in the future was seen now.
pub async fn set_home(tx: &mut Tx, home: &Home, now: Time) -> Result<()> {
    let (since, why) = home.away.map_or((None, None), |(since, why)| (Some(since.0), Some(why.as_str())));
    write!(tx, conn => sqlx::query(SET_HOME)
        .bind(since).bind(why).bind(i64::from(home.waived)).bind(now.0).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// An operator is there.
pub async fn seen(tx: &mut Tx, now: Time) -> Result<()> {
    write!(tx, conn => sqlx::query(SEEN).bind(now.0).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// How the queue stands.
pub async fn clocks(db: &Db, now: Time) -> Result<Clocks> {
    let (hour, day) = (now.plus_ms(domain::time::HOUR_MS), now.plus_ms(domain::time::DAY_MS));
    let (late, hour, day, later, none) =
        read!(db, conn => sqlx::query_as(CLOCKS).bind(now.0).bind(hour.0).bind(day.0).fetch_one(conn).await)?;
    Ok(Clocks { late, hour, day, later, none })
}

/// Open cases of binding orders of whose time half has gone, those that are due first first.
pub async fn half_gone(db: &Db, now: Time, limit: i64) -> Result<Vec<CaseId>> {
    let ids: Vec<String> = read!(db, conn => sqlx::query_scalar(HALF_GONE).bind(now.0).bind(limit).fetch_all(conn).await)?;
    case_ids(&ids)
}

/// Open cases of orders to act whose subjects everybody sees: what is held where nobody is at home and the operator wanted it.
pub async fn to_hold(db: &Db, limit: i64) -> Result<Vec<CaseId>> {
    let ids: Vec<String> = read!(db, conn => sqlx::query_scalar(TO_HOLD).bind(limit).fetch_all(conn).await)?;
    case_ids(&ids)
}

/// What banks know of which there were at least `least` matches since then, the most first.
pub async fn lately(db: &Db, since: Time, least: i64, limit: i64) -> Result<Vec<Lately>> {
    let rows: Vec<(String, String, i64)> =
        read!(db, conn => sqlx::query_as(LATELY).bind(since.0).bind(least).bind(limit).fetch_all(conn).await)?;
    rows.into_iter()
        .map(|(bank, item, matches)| {
            Ok(Lately {
                bank: BankId::parse(&bank).ok_or_else(|| corrupt("matches", "bank_id", &bank))?,
                item: ItemId::parse(&item).ok_or_else(|| corrupt("matches", "item_id", &item))?,
                matches,
            })
        })
        .collect()
}

/// The name of the bank that something was put into.
pub async fn bank_of_item(db: &Db, item: &ItemId) -> Result<Option<String>> {
    Ok(read!(db, conn => sqlx::query_scalar(BANK_OF).bind(item.as_str()).fetch_optional(conn).await)?)
}

/// What of that which banks know was matched since then, the most often first, whichever bank it is in.
pub async fn sources(db: &Db, since: Time, limit: i64) -> Result<Vec<SourceLately>> {
    type Row = (String, Option<String>, i64, i64, i64);
    let rows: Vec<Row> = read!(db, conn => sqlx::query_as(SOURCES).bind(since.0).bind(limit).fetch_all(conn).await)?;
    let count = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    rows.into_iter()
        .map(|(bank, label, matches, right, wrong)| {
            let bank = BankId::parse(&bank).ok_or_else(|| corrupt("banks", "id", &bank))?;
            Ok(SourceLately { bank, label, matches, precision: Precision { right: count(right), wrong: count(wrong) } })
        })
        .collect()
}

/// How many matches each bank had since then.
pub async fn of_banks(db: &Db, since: Time) -> Result<Vec<(BankId, i64)>> {
    let rows: Vec<(String, i64)> = read!(db, conn => sqlx::query_as(OF_BANKS).bind(since.0).fetch_all(conn).await)?;
    rows.into_iter()
        .map(|(bank, matches)| Ok((BankId::parse(&bank).ok_or_else(|| corrupt("matches", "bank_id", &bank))?, matches)))
        .collect()
}

/// How mail stands, and what became of it since then.
pub async fn mails(db: &Db, since: Time) -> Result<MailCounts> {
    let (waiting, put_off, sent, lost) = read!(db, conn => sqlx::query_as(MAILS).bind(since.0).fetch_one(conn).await)?;
    Ok(MailCounts { waiting, put_off, sent, lost })
}

/// How many jobs of each kind failed for good.
pub async fn dead_kinds(db: &Db) -> Result<Vec<(String, i64)>> {
    Ok(read!(db, conn => sqlx::query_as(DEAD_KINDS).fetch_all(conn).await)?)
}

/// Jobs that failed for good, the oldest first.
pub async fn dead(db: &Db, limit: i64) -> Result<Vec<DeadJob>> {
    let rows: Vec<(String, String, i64, Option<String>, i64)> = read!(db, conn => sqlx::query_as(DEAD).bind(limit).fetch_all(conn).await)?;
    Ok(rows.into_iter().map(|(id, kind, attempts, error, created)| DeadJob { id, kind, attempts, error, created: Time(created) }).collect())
}

/// Has a job tried again that had failed for good, from the first try on; `false` if it is no such job.
pub async fn revive(tx: &mut Tx, id: &str, now: Time) -> Result<bool> {
    let twin = write!(tx, conn => sqlx::query(BURY_TWIN).bind(id).execute(conn).await.map(|done| done.rows_affected()))?;
    let rows = write!(tx, conn => sqlx::query(REVIVE).bind(id).bind(now.0).execute(conn).await.map(|done| done.rows_affected()))?;
    tx.enqueued |= rows == 1;
    Ok(twin + rows == 1)
}

fn parse_home((seen, since, why, waived): HomeColumns) -> Result<Home> {
    let why = why.map(|why| Why::parse(&why).ok_or_else(|| corrupt("watch", "away_why", &why))).transpose()?;
    Ok(Home { seen: Time(seen), away: since.map(Time).zip(why), waived: waived != 0 })
}

fn case_ids(ids: &[String]) -> Result<Vec<CaseId>> {
    ids.iter().map(|id| CaseId::parse(id).ok_or_else(|| corrupt("cases", "id", id))).collect()
}

#[cfg(test)]
mod tests {
    use domain::NoticeKind;
    use domain::notice::Asks;

    use super::*;

    #[test]
    fn the_statements_name_the_kinds_that_bind_and_no_other() {
        for kind in NoticeKind::ALL {
            let named = format!("'{}'", kind.as_str());
            let asks = kind.rule().asks;
            assert_eq!(HALF_GONE.contains(&named), matches!(asks, Asks::ToAct | Asks::ToTell), "{named}");
            assert_eq!(TO_HOLD.contains(&named), asks == Asks::ToAct, "{named}");
        }
    }
}
