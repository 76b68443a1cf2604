//! Mail that was sent or waits to be. A row names what it is about, and what it says is made of that when it is sent.

use domain::{CaseId, DecisionId, FilingId, MailId, MailKind, MailState, NoticeId, Receipt, Time};

use crate::db::{read, write};
use crate::{Db, Result, Tx, corrupt};

/// A mail.
#[derive(Clone, Debug)]
pub struct MailRow {
    /// Its id.
    pub id: MailId,
    /// What it is about.
    pub kind: MailKind,
    /// The id of the notice, or of what a party filed.
    pub subject: String,
    /// The decision that it tells of.
    pub about: Option<DecisionId>,
    /// Where it goes; `None`: it is done, and the address was forgotten.
    pub recipient: Option<String>,
    /// The language that its reader reads.
    pub language: Option<String>,
    /// The receipt that it carries, until the server has taken it.
    pub receipt: Option<Receipt>,
    /// How it stands.
    pub state: MailState,
    /// How often it was tried.
    pub tries: i64,
    /// The codes of the server's last answer.
    pub answer: Option<String>,
    /// When it was written down.
    pub created: Time,
}

/// Somebody who is told of a decision, or asked something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToTell {
    /// Their notice.
    pub notice: NoticeId,
    /// Where they are written to.
    pub email: String,
    /// The language that they read.
    pub language: Option<String>,
}

type Columns = (String, String, String, String, Option<String>, Option<String>, Option<String>, String, i64, Option<String>, i64);

const INSERT: &str = "INSERT INTO mails (id, kind, subject, about, recipient, language, receipt, state, tries, created_ms) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', 0, $8) ON CONFLICT DO NOTHING";
const FIND: &str =
    "SELECT id, kind, subject, about, recipient, language, receipt, state, tries, answer, created_ms FROM mails WHERE id = $1";
const RECEIPTS_SINCE: &str = "SELECT count(*) FROM mails WHERE recipient = $1 AND created_ms > $2 AND kind = 'receipt'";
const PUT_OFF: &str = "UPDATE mails SET tries = tries + 1, answer = $2 WHERE id = $1 AND state = 'waiting'";
const END: &str =
    "UPDATE mails SET tries = tries + 1, state = $2, answer = $3, done_ms = $4, receipt = NULL WHERE id = $1 AND state = 'waiting'";
// Whoever gave several notices at once has one receipt for all of them, and the first mail was sent for one of them. Who was never written to is not
// written to now.
const TO_TELL: &str = "SELECT DISTINCT f.id, f.email, f.language FROM cases c JOIN notices n ON n.case_id = c.id JOIN notices f ON f.receipt_hash = n.receipt_hash \
     JOIN mails m ON m.kind = 'receipt' AND m.subject = f.id AND m.about = '' AND m.state IN ('waiting', 'sent') \
     WHERE c.state = 'decided' AND c.closed_ms = $2 AND n.email IS NOT NULL AND f.email IS NOT NULL AND (c.id = $3 OR EXISTS \
     (SELECT 1 FROM restrictions r WHERE r.decision_id = $1 AND r.post_id = c.post_id AND r.media_id IN ('', c.media_id))) ORDER BY f.id";
/// The same, of one notice.
const TO_ASK: &str = "SELECT f.id, f.email, f.language FROM notices n JOIN notices f ON f.receipt_hash = n.receipt_hash \
     JOIN mails m ON m.kind = 'receipt' AND m.subject = f.id AND m.about = '' AND m.state IN ('waiting', 'sent') \
     WHERE n.id = $1 AND n.email IS NOT NULL AND f.email IS NOT NULL ORDER BY f.id LIMIT 1";
// A filing is answered as a whole, by what was decided on its links together.
const FILINGS_TO_TELL: &str = "SELECT DISTINCT n.filing_id FROM cases c JOIN notices n ON n.case_id = c.id WHERE n.filing_id IS NOT NULL AND n.withdrawn = 0 \
     AND c.state = 'decided' AND c.closed_ms = $2 AND (c.id = $3 OR EXISTS \
     (SELECT 1 FROM restrictions r WHERE r.decision_id = $1 AND r.post_id = c.post_id AND r.media_id IN ('', c.media_id))) ORDER BY n.filing_id";
const MAKE_ROOM: &str = "DELETE FROM mails WHERE kind = $1 AND subject = $2 AND about = $3 AND state <> 'waiting'";
const OF_CASE: &str = "SELECT DISTINCT n.id, m.id, m.kind, m.subject, m.about, m.recipient, m.language, m.receipt, m.state, m.tries, m.answer, m.created_ms \
     FROM notices n JOIN notices f ON f.receipt_hash = n.receipt_hash JOIN mails m ON m.subject = f.id \
     WHERE n.case_id = $1 AND m.kind IN ('receipt', 'question', 'decision') ORDER BY m.created_ms, m.id, n.id";
const OF_SUBJECTS: &str = "SELECT id, kind, subject, about, recipient, language, receipt, state, tries, answer, created_ms FROM mails \
     WHERE kind = $1 AND subject LIKE CAST($2 AS TEXT) || '%' ORDER BY subject";
const FORGET_ADDRESS_OF: &str = "UPDATE notices SET email = NULL WHERE receipt_hash = (SELECT receipt_hash FROM notices WHERE id = $1)";
const FORGET_BY_RECEIPT: &str = "UPDATE notices SET email = NULL WHERE receipt_hash = $1 AND email IS NOT NULL";
const STOP_BY_RECEIPT: &str = "UPDATE mails SET state = 'dropped', done_ms = $2, receipt = NULL, recipient = NULL \
     WHERE state = 'waiting' AND subject IN (SELECT id FROM notices WHERE receipt_hash = $1)";
const FORGET_ADDRESSES: &str = "UPDATE notices SET email = NULL WHERE email IS NOT NULL AND case_id IN (SELECT id FROM cases WHERE state <> 'open' AND closed_ms < $1)";
const FORGET_RECIPIENTS: &str = "UPDATE mails SET recipient = NULL WHERE recipient IS NOT NULL AND state <> 'waiting' AND done_ms < $1";
const FORGET: &str = "DELETE FROM mails WHERE state <> 'waiting' AND done_ms < $1";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[
    INSERT,
    FIND,
    RECEIPTS_SINCE,
    PUT_OFF,
    END,
    TO_TELL,
    TO_ASK,
    FILINGS_TO_TELL,
    MAKE_ROOM,
    OF_CASE,
    OF_SUBJECTS,
    FORGET_ADDRESS_OF,
    FORGET_BY_RECEIPT,
    STOP_BY_RECEIPT,
    FORGET_ADDRESSES,
    FORGET_RECIPIENTS,
    FORGET,
];

/// Writes a mail down; `false` if there is one about the same already.
pub async fn insert(tx: &mut Tx, row: &MailRow) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(INSERT)
        .bind(row.id.as_str()).bind(row.kind.as_str()).bind(&row.subject).bind(row.about.as_ref().map_or("", DecisionId::as_str))
        .bind(&row.recipient).bind(&row.language).bind(row.receipt.as_ref().map(Receipt::expose)).bind(row.created.0)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// The mail of this id.
pub async fn find(db: &Db, id: &MailId) -> Result<Option<MailRow>> {
    let row: Option<Columns> = read!(db, conn => sqlx::query_as(FIND).bind(id.as_str()).fetch_optional(conn).await)?;
    row.map(mail).transpose()
}

/// How many receipts were written down for this address since then.
pub async fn receipts_since(tx: &mut Tx, recipient: &str, since: Time) -> Result<i64> {
    Ok(write!(tx, conn => sqlx::query_scalar(RECEIPTS_SINCE).bind(recipient).bind(since.0).fetch_one(conn).await)?)
}

/// A try has failed, and there will be another.
pub async fn put_off(tx: &mut Tx, id: &MailId, answer: Option<&str>) -> Result<()> {
    write!(tx, conn => sqlx::query(PUT_OFF).bind(id.as_str()).bind(answer).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// It is done. A receipt that it carried is forgotten.
pub async fn end(tx: &mut Tx, id: &MailId, state: MailState, answer: Option<&str>, now: Time) -> Result<()> {
    write!(tx, conn => sqlx::query(END).bind(id.as_str()).bind(state.as_str()).bind(answer).bind(now.0).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Who gave notice of what a decision, made at this time on this case, has decided on, and was written to before.
pub async fn to_tell(db: &Db, decision: &DecisionId, decided: Time, case: &CaseId) -> Result<Vec<ToTell>> {
    let rows: Vec<(String, String, Option<String>)> = read!(db, conn => sqlx::query_as(TO_TELL)
        .bind(decision.as_str()).bind(decided.0).bind(case.as_str()).fetch_all(conn).await)?;
    rows.into_iter().map(to_be_told).collect()
}

/// Whoever gave this notice, if they were written to before.
pub async fn to_ask(tx: &mut Tx, notice: &NoticeId) -> Result<Option<ToTell>> {
    let row: Option<(String, String, Option<String>)> =
        write!(tx, conn => sqlx::query_as(TO_ASK).bind(notice.as_str()).fetch_optional(conn).await)?;
    row.map(to_be_told).transpose()
}

fn to_be_told((notice, email, language): (String, String, Option<String>)) -> Result<ToTell> {
    Ok(ToTell { notice: NoticeId::parse(&notice).ok_or_else(|| corrupt("notices", "id", &notice))?, email, language })
}

/// What parties filed that a decision, made at this time on this case, has decided on.
pub async fn filings_to_tell(db: &Db, decision: &DecisionId, decided: Time, case: &CaseId) -> Result<Vec<FilingId>> {
    let rows: Vec<String> = read!(db, conn => sqlx::query_scalar(FILINGS_TO_TELL)
        .bind(decision.as_str()).bind(decided.0).bind(case.as_str()).fetch_all(conn).await)?;
    rows.into_iter().map(|id| FilingId::parse(&id).ok_or_else(|| corrupt("notices", "filing_id", &id))).collect()
}

/// Forgets a mail about the same that is done, so that there may be another.
pub async fn make_room(tx: &mut Tx, row: &MailRow) -> Result<()> {
    write!(tx, conn => sqlx::query(MAKE_ROOM)
        .bind(row.kind.as_str()).bind(&row.subject).bind(row.about.as_ref().map_or("", DecisionId::as_str)).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Mails to those who gave the notices of a case, the oldest first, each with the notice of the case that it is for.
pub async fn of_case(db: &Db, case: &CaseId) -> Result<Vec<(NoticeId, MailRow)>> {
    type Row = (String, String, String, String, String, Option<String>, Option<String>, Option<String>, String, i64, Option<String>, i64);
    let rows: Vec<Row> = read!(db, conn => sqlx::query_as(OF_CASE).bind(case.as_str()).fetch_all(conn).await)?;
    rows.into_iter()
        .map(|(notice, id, kind, subject, about, recipient, language, receipt, state, tries, answer, created)| {
            let row = mail((id, kind, subject, about, recipient, language, receipt, state, tries, answer, created))?;
            Ok((NoticeId::parse(&notice).ok_or_else(|| corrupt("notices", "id", &notice))?, row))
        })
        .collect()
}

/// Mails of a kind whose subjects begin with these letters, in their order.
pub async fn of_subjects(db: &Db, kind: MailKind, begin: &str) -> Result<Vec<MailRow>> {
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(OF_SUBJECTS).bind(kind.as_str()).bind(begin).fetch_all(conn).await)?;
    rows.into_iter().map(mail).collect()
}

/// Forgets the address of whoever gave this notice, and others with it: it is none.
pub async fn forget_address_of(tx: &mut Tx, notice: &str) -> Result<()> {
    write!(tx, conn => sqlx::query(FORGET_ADDRESS_OF).bind(notice).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Whoever has this receipt wants no mail: their address is forgotten, and what waits for them is not sent. `false` if there was no address.
pub async fn stop(tx: &mut Tx, receipt: &Receipt, now: Time) -> Result<bool> {
    let hash = receipt.hash();
    write!(tx, conn => sqlx::query(STOP_BY_RECEIPT).bind(&hash[..]).bind(now.0).execute(conn).await.map(|_| ()))?;
    let rows = write!(tx, conn => sqlx::query(FORGET_BY_RECEIPT).bind(&hash[..]).execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Forgets what is not needed any more: addresses of notices whose cases were closed before `closed`, those of mails that were done before `done`,
/// and mails that were done before `closed`.
pub async fn forget(tx: &mut Tx, closed: Time, done: Time) -> Result<()> {
    for (sql, before) in [(FORGET_ADDRESSES, closed), (FORGET_RECIPIENTS, done), (FORGET, closed)] {
        write!(tx, conn => sqlx::query(sql).bind(before.0).execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}

fn mail((id, kind, subject, about, recipient, language, receipt, state, tries, answer, created): Columns) -> Result<MailRow> {
    let about = match about.as_str() {
        "" => None,
        about => Some(DecisionId::parse(about).ok_or_else(|| corrupt("mails", "about", &id))?),
    };
    Ok(MailRow {
        kind: MailKind::parse(&kind).ok_or_else(|| corrupt("mails", "kind", &id))?,
        subject,
        about,
        recipient,
        language,
        receipt: receipt.map(|secret| Receipt::parse(&secret).ok_or_else(|| corrupt("mails", "receipt", &id))).transpose()?,
        state: MailState::parse(&state).ok_or_else(|| corrupt("mails", "state", &id))?,
        tries,
        answer,
        created: Time(created),
        id: MailId::parse(&id).ok_or_else(|| corrupt("mails", "id", &id))?,
    })
}
