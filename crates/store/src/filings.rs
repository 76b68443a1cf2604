//! Filings: what registered parties asked, and what they were answered.

use domain::party::Jurisdiction;
use domain::{
    CaseId, CaseState, Category, DecisionId, Fault, Filing, FilingId, Inability, MediaId, Notice, NoticeKind, Order, PartyId, PostId,
    Receipt, Time,
};
use serde::{Deserialize, Serialize};

use crate::db::{read, write};
use crate::{Db, Result, Subject, Tx, corrupt};

/// A filing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilingRow {
    /// Its id.
    pub id: FilingId,
    /// Whose it is.
    pub party_id: PartyId,
    /// What it says.
    pub filing: Filing,
    /// Each link that it names.
    pub links: Vec<Link>,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
    /// By when it has to be done.
    pub due: Option<Time>,
    /// Until when its poster must not be told.
    pub silent_until: Option<Time>,
    /// When it came.
    pub received: Time,
    /// What was answered beside what was decided.
    pub answer: Option<Answer>,
    /// Since when it counts for nothing: it was not its party's own.
    pub withdrawn: Option<Time>,
}

/// What was answered to a filing beside what was decided on its subjects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Why it cannot be carried out; `None`: what there is of it.
    pub inability: Option<Inability>,
    /// In what words.
    pub words: String,
    /// Who said so; `None`: the machine, or the command line.
    pub by: Option<String>,
    /// When.
    pub at: Time,
}

impl Answer {
    /// Whether nobody has looked: it is what the machine found missing.
    #[must_use]
    pub fn is_the_machines(&self) -> bool {
        self.words.is_empty()
    }
}

/// A link that a filing names, and what stood there when it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// As it was sent.
    pub url: String,
    /// What stood there.
    pub state: LinkState,
    /// The post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<PostId>,
    /// The medium of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media: Option<MediaId>,
    /// What had made it dark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<DecisionId>,
}

/// What stood at a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    /// Something: it is a notice now.
    Taken,
    /// It was dark already.
    Dark,
    /// It had been there.
    Gone,
    /// Nothing of this site ever stood there.
    Nothing,
}

impl LinkState {
    /// Its name in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Dark => "dark",
            Self::Gone => "gone",
            Self::Nothing => "nothing",
        }
    }
}

#[derive(sqlx::FromRow)]
struct Columns {
    id: String,
    party_id: String,
    kind: String,
    category: String,
    explanation: String,
    fields: String,
    links: String,
    faults: String,
    due_ms: Option<i64>,
    silent_until_ms: Option<i64>,
    received_ms: i64,
    inability: Option<String>,
    answer: Option<String>,
    answered_by: Option<String>,
    answered_ms: Option<i64>,
    withdrawn_ms: Option<i64>,
}

/// Kinds of requests that bind a site to act, in SQL; a test compares them with the table of `domain::notice`.
macro_rules! binding {
    () => {
        "('tco_removal_order', 'dsa_art9_order', 'court_order')"
    };
}

macro_rules! filings {
    ($($rest:tt)+) => {
        concat!(
            "SELECT id, party_id, kind, category, explanation, fields, links, faults, due_ms, silent_until_ms, received_ms, inability, answer, answered_by, \
             answered_ms, withdrawn_ms FROM filings ",
            $($rest)+
        )
    };
}

const INSERT: &str = "INSERT INTO filings (id, party_id, receipt_hash, kind, category, explanation, fields, links, faults, due_ms, silent_until_ms, \
     received_ms, inability, answer, answered_by, answered_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
const FIND: &str = filings!("WHERE id = $1");
const BY_RECEIPT: &str = filings!("WHERE receipt_hash = $1");
const OF_PARTY: &str = filings!("WHERE party_id = $1 AND (received_ms, id) < ($2, $3) ORDER BY received_ms DESC, id DESC LIMIT $4");
const NEWEST: &str = filings!("WHERE (received_ms, id) < ($1, $2) ORDER BY received_ms DESC, id DESC LIMIT $3");
// What asks to be told or to be kept waits until that is answered; what binds until all of it is dark (or, as TCO allows, withheld in all of the Union) or it
// is said why not; the rest until somebody has decided.
const WAITING: &str = filings!(
    "WHERE answered_ms IS NULL AND withdrawn_ms IS NULL AND (kind IN ('dsa_art10_information_order', 'court_information_order', 'preservation_request') \
     OR EXISTS (SELECT 1 FROM notices n JOIN cases c ON c.id = n.case_id WHERE n.filing_id = filings.id AND c.state = 'open') \
     OR (kind IN ",
    binding!(),
    " AND EXISTS \
     (SELECT 1 FROM notices n JOIN cases c ON c.id = n.case_id JOIN posts p ON p.id = c.post_id LEFT JOIN media m ON m.id = c.media_id \
     WHERE n.filing_id = filings.id AND c.state = 'decided' AND p.removed IS NULL AND (c.media_id = '' OR (m.id IS NOT NULL AND m.removed IS NULL)) \
     AND NOT (filings.kind = 'tco_removal_order' AND EXISTS (SELECT 1 FROM restrictions r JOIN decisions d ON d.id = r.decision_id \
     WHERE r.post_id = c.post_id AND r.media_id IN ('', c.media_id) AND r.state = 'withheld' AND d.countries LIKE $2))))) \
     ORDER BY CASE WHEN due_ms IS NULL THEN 1 ELSE 0 END, due_ms, received_ms, id LIMIT $1"
);
// Links are JSON. Whoever asked for what was dark asked after the decision.
const ANSWERED_BY: &str =
    filings!("WHERE received_ms >= $2 AND answered_ms IS NULL AND withdrawn_ms IS NULL AND links LIKE $1 ORDER BY received_ms, id");
const OF_CASE: &str =
    filings!("WHERE withdrawn_ms IS NULL AND id IN (SELECT filing_id FROM notices WHERE case_id = $1) ORDER BY received_ms, id");
// With the decision on each that stands, if it was one of its own.
const CASES: &str = "SELECT c.post_id, c.media_id, c.id, c.state, (SELECT d.id FROM decisions d WHERE d.case_id = c.id AND d.undone_ms IS NULL AND d.action <> 'preserve' \
     ORDER BY d.created_ms DESC, d.id DESC LIMIT 1) FROM notices n JOIN cases c ON c.id = n.case_id WHERE n.filing_id = $1 ORDER BY n.created_ms, n.id";
// Of the case, of those of its post's media where it is the whole post's, and ($3) of what is decided with it.
const SILENT: &str = "SELECT max(f.silent_until_ms) FROM notices n JOIN filings f ON f.id = n.filing_id WHERE n.withdrawn = 0 AND f.silent_until_ms > $2 AND n.case_id IN \
     (SELECT c.id FROM cases own JOIN cases c ON c.post_id = own.post_id AND own.media_id IN ('', c.media_id) WHERE own.id = $1 \
     UNION SELECT c.id FROM members m JOIN cases c ON c.post_id = m.post_id AND m.media_id IN ('', c.media_id) WHERE m.case_id = $1 AND m.taken = 1 AND CAST($3 AS BIGINT) = 1)";
// Of the case, which is just being decided, and ($2) of what is decided with it and has a case of its own.
macro_rules! unanswered {
    ($kinds:expr) => {
        concat!(
    "SELECT count(*) FROM notices n JOIN filings f ON f.id = n.filing_id WHERE n.withdrawn = 0 AND f.withdrawn_ms IS NULL AND f.answered_ms IS NULL \
     AND n.kind IN ",
    $kinds,
    " AND n.case_id IN \
     (SELECT CAST($1 AS TEXT) UNION SELECT c.id FROM members m JOIN cases c ON c.post_id = m.post_id AND c.media_id = m.media_id WHERE m.case_id = $1 AND m.taken = 1 AND c.state = 'open' AND CAST($2 AS BIGINT) = 1)"
        )
    };
}
const BINDING: &str = unanswered!(binding!());
// Regulation (EU) 2021/784, Article 3(3): gone, or without access in all Member States, and nothing less.
const TO_END_ACCESS: &str = unanswered!("('tco_removal_order')");
/// Decisions on what a filing (`$1`) is about: its own, or such as reached it.
macro_rules! about_filing {
    () => {
        "(SELECT o.id FROM notices n JOIN decisions o ON o.case_id = n.case_id WHERE n.filing_id = $1 UNION SELECT r.decision_id FROM notices n \
         JOIN cases c ON c.id = n.case_id JOIN restrictions r ON r.post_id = c.post_id AND r.media_id IN ('', c.media_id) WHERE n.filing_id = $1)"
    };
}
const SILENT_DECISIONS: &str = concat!("SELECT id FROM decisions WHERE silent_until_ms IS NOT NULL AND id IN ", about_filing!());
const ANSWER: &str = "UPDATE filings SET inability = $2, answer = $3, answered_by = $4, answered_ms = $5 WHERE id = $1";
const SET_SILENCE: &str = "UPDATE filings SET silent_until_ms = $2 WHERE id = $1";
// As long as any order on what a decision reached says; what was told already stays so. `$2`: now.
const SET_SILENCE_OF_DECISIONS: &str = concat!(
    "UPDATE decisions SET silent_until_ms = coalesce((SELECT max(f.silent_until_ms) FROM notices n JOIN filings f ON f.id = n.filing_id WHERE f.silent_until_ms > $2 \
     AND n.withdrawn = 0 AND n.case_id IN (SELECT decisions.case_id UNION SELECT c.id FROM restrictions r JOIN cases c ON c.post_id = r.post_id AND r.media_id IN ('', c.media_id) \
     WHERE r.decision_id = decisions.id)), $2) WHERE silent_until_ms > $2 AND id IN ",
    about_filing!()
);
// Whoever is told later has as long from then on, however often and by however many that is put off. `$2`: the new end of the silence, `$3`: now,
// `$4`: until when what was taken away is kept then.
const KEEP_LONGER: &str = concat!(
    "UPDATE decisions SET keep_until_ms = $4 WHERE keep_until_ms < $4 AND silent_until_ms > $3 AND silent_until_ms < $2 AND id IN ",
    about_filing!(),
    " RETURNING id"
);
// Of what was only asked to be told or kept, nothing is left to decide once that was answered; unless somebody holds it, or something does.
const CLOSE_ANSWERED: &str = "UPDATE cases SET state = 'decided', closed_ms = $2 WHERE state = 'open' AND held = 0 AND id IN (SELECT case_id FROM notices WHERE filing_id = $1) \
     AND NOT EXISTS (SELECT 1 FROM notices n LEFT JOIN filings f ON f.id = n.filing_id WHERE n.case_id = cases.id AND n.withdrawn = 0 \
     AND (f.answered_ms IS NULL OR n.kind NOT IN ('dsa_art10_information_order', 'court_information_order', 'preservation_request'))) \
     AND NOT EXISTS (SELECT 1 FROM matches x WHERE x.post_id = cases.post_id AND x.media_id = cases.media_id AND x.on_match = 'hold' AND x.state = 'open')";
const SINCE: &str = filings!("WHERE party_id = $1 AND received_ms >= $2 AND withdrawn_ms IS NULL ORDER BY received_ms, id LIMIT $3");
// Nobody else asked for it, if no other notice of it is left.
const CASES_SINCE: &str = "SELECT c.id, c.post_id, c.media_id, c.state, c.held, (SELECT count(*) FROM notices o LEFT JOIN filings g ON g.id = o.filing_id \
     WHERE o.case_id = c.id AND o.withdrawn = 0 AND (o.filing_id IS NULL OR g.party_id <> $1 OR g.received_ms < $2)) FROM cases c WHERE c.id > $3 AND c.id IN \
     (SELECT n.case_id FROM notices n JOIN filings f ON f.id = n.filing_id WHERE f.party_id = $1 AND f.received_ms >= $2 AND n.withdrawn = 0) ORDER BY c.id LIMIT $4";
const WITHDRAW_NOTICES: &str = "UPDATE notices SET withdrawn = 1 WHERE case_id = $3 AND filing_id IN (SELECT id FROM filings WHERE party_id = $1 AND received_ms >= $2)";
// The clock of what counts still.
const DUE_ANEW: &str = "UPDATE cases SET due_ms = (SELECT min(f.due_ms) FROM notices n JOIN filings f ON f.id = n.filing_id WHERE n.case_id = cases.id AND n.withdrawn = 0) WHERE id = $1";
const OTHERS: &str = "SELECT count(*) FROM notices o LEFT JOIN filings g ON g.id = o.filing_id WHERE o.case_id = $3 AND o.withdrawn = 0 \
     AND (o.filing_id IS NULL OR g.party_id <> $1 OR g.received_ms < $2)";
const WITHDRAW: &str = "UPDATE filings SET withdrawn_ms = $2 WHERE id = $1 AND withdrawn_ms IS NULL";
const HELD_BY_RULE: &str = "SELECT moderator_id FROM audit WHERE act = 'case_held' AND subject = $1 ORDER BY at_ms DESC, id DESC LIMIT 1";
const SILENT_OF_CASE: &str = "UPDATE decisions SET silent_until_ms = $2 WHERE case_id = $1 AND silent_until_ms > $2 RETURNING id";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[
    INSERT,
    FIND,
    BY_RECEIPT,
    OF_PARTY,
    NEWEST,
    WAITING,
    ANSWERED_BY,
    OF_CASE,
    CASES,
    SILENT,
    ANSWER,
    BINDING,
    TO_END_ACCESS,
    SILENT_DECISIONS,
    SET_SILENCE,
    SET_SILENCE_OF_DECISIONS,
    KEEP_LONGER,
    CLOSE_ANSWERED,
    SINCE,
    CASES_SINCE,
    WITHDRAW_NOTICES,
    DUE_ANEW,
    OTHERS,
    WITHDRAW,
    HELD_BY_RULE,
    SILENT_OF_CASE,
];

/// Writes a filing down.
pub async fn insert(tx: &mut Tx, row: &FilingRow, receipt: &Receipt) -> Result<()> {
    let notice = &row.filing.notice;
    let json = |value: serde_json::Result<String>| value.map_err(|_| corrupt("filings", "fields", row.id.as_str()));
    let fields = json(serde_json::to_string(&row.filing.order))?;
    let links = json(serde_json::to_string(&row.links))?;
    let faults: Vec<&str> = row.faults.iter().map(|fault| fault.as_str()).collect();
    let answer = row.answer.as_ref();
    write!(tx, conn => sqlx::query(INSERT)
        .bind(row.id.as_str()).bind(row.party_id.as_str()).bind(&receipt.hash()[..]).bind(notice.kind.as_str()).bind(notice.category.as_str())
        .bind(&notice.explanation).bind(&fields).bind(&links).bind(faults.join(" ")).bind(row.due.map(|due| due.0))
        .bind(row.silent_until.map(|until| until.0)).bind(row.received.0)
        .bind(answer.and_then(|answer| answer.inability).map(Inability::as_str)).bind(answer.map(|answer| answer.words.as_str()))
        .bind(answer.and_then(|answer| answer.by.as_deref())).bind(answer.map(|answer| answer.at.0))
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// The filing of this id.
pub async fn find(db: &Db, id: &FilingId) -> Result<Option<FilingRow>> {
    let row: Option<Columns> = read!(db, conn => sqlx::query_as(FIND).bind(id.as_str()).fetch_optional(conn).await)?;
    row.map(filing).transpose()
}

/// The filing that this receipt was given for.
pub async fn by_receipt(db: &Db, receipt: &Receipt) -> Result<Option<FilingRow>> {
    let hash = receipt.hash();
    let row: Option<Columns> = read!(db, conn => sqlx::query_as(BY_RECEIPT).bind(&hash[..]).fetch_optional(conn).await)?;
    row.map(filing).transpose()
}

/// At most `limit` filings of a party, or of everybody, the newest first, from after the one that came at this time with this id.
pub async fn newest(db: &Db, party: Option<&PartyId>, after: Option<(Time, &FilingId)>, limit: i64) -> Result<Vec<FilingRow>> {
    let (at, id) = after.map_or((i64::MAX, ""), |(at, id)| (at.0, id.as_str()));
    let rows: Vec<Columns> = match party {
        Some(party) => {
            read!(db, conn => sqlx::query_as(OF_PARTY).bind(party.as_str()).bind(at).bind(id).bind(limit).fetch_all(conn).await)?
        }
        None => read!(db, conn => sqlx::query_as(NEWEST).bind(at).bind(id).bind(limit).fetch_all(conn).await)?,
    };
    rows.into_iter().map(filing).collect()
}

/// At most `limit` filings that somebody has to do something about: those whose clock ends first, then the oldest.
pub async fn waiting(db: &Db, limit: i64) -> Result<Vec<FilingRow>> {
    // Countries stand in the order of the alphabet.
    let union = Jurisdiction::member_states().iter().map(|state| format!("%{state}")).collect::<String>() + "%";
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(WAITING).bind(limit).bind(&union).fetch_all(conn).await)?;
    rows.into_iter().map(filing).collect()
}

/// The filings that were answered at once since something that they name was dark by this decision.
pub async fn answered_by(tx: &mut Tx, decision: &DecisionId, since: Time) -> Result<Vec<FilingRow>> {
    let named = format!("%\"{decision}\"%");
    let rows: Vec<Columns> = write!(tx, conn => sqlx::query_as(ANSWERED_BY).bind(&named).bind(since.0).fetch_all(conn).await)?;
    rows.into_iter().map(filing).collect()
}

/// The filings whose notices opened or joined a case, the oldest first.
pub async fn of_case(db: &Db, case: &CaseId) -> Result<Vec<FilingRow>> {
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(OF_CASE).bind(case.as_str()).fetch_all(conn).await)?;
    rows.into_iter().map(filing).collect()
}

/// The case of one of a filing's notices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// What it is about.
    pub subject: Subject,
    /// Its id.
    pub id: CaseId,
    /// How it stands.
    pub state: CaseState,
    /// The last decision on it that stands.
    pub decision: Option<DecisionId>,
}

/// The cases that a filing's notices opened or joined, in the order of the notices.
pub async fn cases(db: &Db, id: &FilingId) -> Result<Vec<Opened>> {
    type Row = (String, String, String, String, Option<String>);
    let rows: Vec<Row> = read!(db, conn => sqlx::query_as(CASES).bind(id.as_str()).fetch_all(conn).await)?;
    rows.into_iter()
        .map(|(post, medium, id, state, decision)| {
            Ok(Opened {
                subject: Subject::parse("cases", &post, &medium)?,
                state: CaseState::parse(&state).ok_or_else(|| corrupt("cases", "state", &id))?,
                decision: decision.map(|one| DecisionId::parse(&one).ok_or_else(|| corrupt("decisions", "id", &one))).transpose()?,
                id: CaseId::parse(&id).ok_or_else(|| corrupt("cases", "id", &id))?,
            })
        })
        .collect()
}

/// Whether an order that binds, and that nobody has answered, is among what a decision on a case closes; with `alike` also what is taken of its members.
pub async fn any_binding(tx: &mut Tx, case: &CaseId, alike: bool) -> Result<bool> {
    let count: i64 = write!(tx, conn => sqlx::query_scalar(BINDING).bind(case.as_str()).bind(i64::from(alike)).fetch_one(conn).await)?;
    Ok(count > 0)
}

/// Whether an order is among them that only ending access in all Member States carries out.
pub async fn any_to_end_access(tx: &mut Tx, case: &CaseId, alike: bool) -> Result<bool> {
    let count: i64 =
        write!(tx, conn => sqlx::query_scalar(TO_END_ACCESS).bind(case.as_str()).bind(i64::from(alike)).fetch_one(conn).await)?;
    Ok(count > 0)
}

/// Until when nobody must be told of what is decided on a case, and (`alike`) on its members; `None`: they are told.
pub async fn silent_until(tx: &mut Tx, case: &CaseId, alike: bool, now: Time) -> Result<Option<Time>> {
    let until: Option<i64> =
        write!(tx, conn => sqlx::query_scalar(SILENT).bind(case.as_str()).bind(now.0).bind(i64::from(alike)).fetch_one(conn).await)?;
    Ok(until.map(Time))
}

/// The same at this moment, for who reads the case: of it and its members.
pub async fn silent_until_now(db: &Db, case: &CaseId, now: Time) -> Result<Option<Time>> {
    let until: Option<i64> =
        read!(db, conn => sqlx::query_scalar(SILENT).bind(case.as_str()).bind(now.0).bind(1_i64).fetch_one(conn).await)?;
    Ok(until.map(Time))
}

/// Writes an answer down.
pub async fn answer(tx: &mut Tx, id: &FilingId, answer: &Answer) -> Result<()> {
    write!(tx, conn => sqlx::query(ANSWER)
        .bind(id.as_str()).bind(answer.inability.map(Inability::as_str)).bind(&answer.words).bind(&answer.by).bind(answer.at.0)
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Closes the cases of a filing, which was answered, about which nothing else is to be decided.
pub async fn close_answered(tx: &mut Tx, id: &FilingId, now: Time) -> Result<()> {
    write!(tx, conn => sqlx::query(CLOSE_ANSWERED).bind(id.as_str()).bind(now.0).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Says anew until when nobody is told of a filing, and of what was decided in silence on its subjects. What that took away is kept until `keep` at
/// least; gives the decisions of which it is kept for longer now.
pub async fn set_silence(tx: &mut Tx, id: &FilingId, until: Time, keep: Time, now: Time) -> Result<Vec<DecisionId>> {
    let longer: Vec<String> = write!(tx, conn => sqlx::query_scalar(KEEP_LONGER)
        .bind(id.as_str()).bind(until.0).bind(now.0).bind(keep.0).fetch_all(conn).await)?;
    for (sql, time) in [(SET_SILENCE, until), (SET_SILENCE_OF_DECISIONS, now)] {
        write!(tx, conn => sqlx::query(sql).bind(id.as_str()).bind(time.0).execute(conn).await.map(|_| ()))?;
    }
    longer.iter().map(|id| DecisionId::parse(id).ok_or_else(|| corrupt("decisions", "id", id))).collect()
}

/// The decisions that were made in silence on the subjects of a filing.
pub async fn silent_decisions(tx: &mut Tx, id: &FilingId) -> Result<Vec<DecisionId>> {
    let ids: Vec<String> = write!(tx, conn => sqlx::query_scalar(SILENT_DECISIONS).bind(id.as_str()).fetch_all(conn).await)?;
    ids.into_iter().map(|id| DecisionId::parse(&id).ok_or_else(|| corrupt("decisions", "id", &id))).collect()
}

/// At most `limit` filings of a party that came at `since` or later and count, the oldest first.
pub async fn since(db: &Db, party: &PartyId, since: Time, limit: i64) -> Result<Vec<FilingRow>> {
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(SINCE).bind(party.as_str()).bind(since.0).bind(limit).fetch_all(conn).await)?;
    rows.into_iter().map(filing).collect()
}

/// A case that filings of a party opened or joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    /// The case.
    pub id: CaseId,
    /// What it is about.
    pub subject: Subject,
    /// How it stands.
    pub state: CaseState,
    /// Somebody, or the operator's rule, holds its subject.
    pub held: bool,
    /// Nobody else has given notice of it.
    pub alone: bool,
}

/// At most `limit` cases that filings of a party opened or joined which came at `since` or later, in the order of their ids, from after this one.
pub async fn cases_since(db: &Db, party: &PartyId, since: Time, after: Option<&CaseId>, limit: i64) -> Result<Vec<Touched>> {
    let after = after.map_or("", CaseId::as_str);
    let rows: Vec<TouchedColumns> = read!(db, conn => sqlx::query_as(CASES_SINCE)
        .bind(party.as_str()).bind(since.0).bind(after).bind(limit).fetch_all(conn).await)?;
    rows.into_iter()
        .map(|(id, post, medium, state, held, others)| {
            Ok(Touched {
                subject: Subject::parse("cases", &post, &medium)?,
                state: CaseState::parse(&state).ok_or_else(|| corrupt("cases", "state", &id))?,
                held: held != 0,
                alone: others == 0,
                id: CaseId::parse(&id).ok_or_else(|| corrupt("cases", "id", &id))?,
            })
        })
        .collect()
}

type TouchedColumns = (String, String, String, String, i64, i64);

/// What a party filed at `since` or later counts for nothing in a case.
pub async fn withdraw_notices(tx: &mut Tx, party: &PartyId, since: Time, case: &CaseId) -> Result<()> {
    write!(tx, conn => sqlx::query(WITHDRAW_NOTICES)
        .bind(party.as_str()).bind(since.0).bind(case.as_str()).execute(conn).await.map(|_| ()))?;
    write!(tx, conn => sqlx::query(DUE_ANEW).bind(case.as_str()).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Whether nobody but this party has given notice of a case, nor it itself before `since`, as it stands in this change.
pub async fn is_alone(tx: &mut Tx, party: &PartyId, since: Time, case: &CaseId) -> Result<bool> {
    let others: i64 = write!(tx, conn => sqlx::query_scalar(OTHERS)
        .bind(party.as_str()).bind(since.0).bind(case.as_str()).fetch_one(conn).await)?;
    Ok(others == 0)
}

/// A filing counts for nothing any more; `false` if that was so before.
pub async fn withdraw(tx: &mut Tx, id: &FilingId, now: Time) -> Result<bool> {
    let rows =
        write!(tx, conn => sqlx::query(WITHDRAW).bind(id.as_str()).bind(now.0).execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Whether it was the operator's rule, and nobody by hand, that held the subject of a case last.
pub async fn is_held_by_rule(tx: &mut Tx, case: &CaseId) -> Result<bool> {
    let by: Option<Option<String>> = write!(tx, conn => sqlx::query_scalar(HELD_BY_RULE).bind(case.as_str()).fetch_optional(conn).await)?;
    Ok(by == Some(None))
}

/// Ends the silence of what was decided on a case; gives those decisions.
pub async fn end_silence(tx: &mut Tx, case: &CaseId, now: Time) -> Result<Vec<DecisionId>> {
    let ids: Vec<String> = write!(tx, conn => sqlx::query_scalar(SILENT_OF_CASE).bind(case.as_str()).bind(now.0).fetch_all(conn).await)?;
    ids.into_iter().map(|id| DecisionId::parse(&id).ok_or_else(|| corrupt("decisions", "id", &id))).collect()
}

fn filing(row: Columns) -> Result<FilingRow> {
    let bad = |column: &'static str| corrupt("filings", column, &row.id);
    let order: Order = serde_json::from_str(&row.fields).map_err(|_| bad("fields"))?;
    let faults = row.faults.split_whitespace().map(Fault::parse).collect::<Option<Vec<_>>>();
    let inability = row.inability.as_deref().map(|name| Inability::parse(name).ok_or_else(|| bad("inability"))).transpose()?;
    Ok(FilingRow {
        party_id: PartyId::parse(&row.party_id).ok_or_else(|| bad("party_id"))?,
        filing: Filing {
            notice: Notice {
                kind: NoticeKind::parse(&row.kind).ok_or_else(|| bad("kind"))?,
                category: Category::parse(&row.category).ok_or_else(|| bad("category"))?,
                explanation: row.explanation.clone(),
                name: None,
                email: None,
            },
            order,
        },
        links: serde_json::from_str(&row.links).map_err(|_| bad("links"))?,
        faults: faults.ok_or_else(|| bad("faults"))?,
        due: row.due_ms.map(Time),
        silent_until: row.silent_until_ms.map(Time),
        received: Time(row.received_ms),
        answer: row.answered_ms.map(|at| Answer {
            inability,
            words: row.answer.clone().unwrap_or_default(),
            by: row.answered_by.clone(),
            at: Time(at),
        }),
        withdrawn: row.withdrawn_ms.map(Time),
        id: FilingId::parse(&row.id).ok_or_else(|| bad("id"))?,
    })
}

#[cfg(test)]
mod tests {
    use domain::notice::Asks;

    use super::*;

    #[test]
    fn what_waits_for_an_answer_is_known_by_its_kind() {
        let (told, acts) = WAITING.split_once("OR (kind IN").unwrap_or_default();
        for kind in NoticeKind::ALL {
            let named = format!("'{}'", kind.as_str());
            let asks = kind.rule().asks;
            assert_eq!(told.contains(&named), matches!(asks, Asks::ToTell | Asks::ToKeep), "{kind:?}");
            assert_eq!(CLOSE_ANSWERED.contains(&named), matches!(asks, Asks::ToTell | Asks::ToKeep), "{kind:?}");
            assert_eq!(acts.contains(&named), asks == Asks::ToAct, "{kind:?}");
        }
    }
}
