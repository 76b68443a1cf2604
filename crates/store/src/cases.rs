//! Cases: subjects that somebody has to decide on, and what else is like them.

use std::collections::HashMap;

use domain::{CaseId, CaseState, Category, Facts, Lever, MediaId, ModeratorId, NoticeKind, PostId, Time, claim};

use crate::db::{read, write};
use crate::{Db, Result, Subject, Tx, corrupt, dialect};

/// A case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRow {
    /// Its id.
    pub id: CaseId,
    /// What it is about: a medium, or a post as a whole.
    pub subject: Subject,
    /// How it stands.
    pub state: CaseState,
    /// All of its rank but the clock.
    pub weight: u32,
    /// Of its notices, the worst.
    pub category: Option<Category>,
    /// When something has to be done by.
    pub due: Option<Time>,
    /// When it was opened.
    pub opened: Time,
    /// When it was decided, or came to nothing.
    pub closed: Option<Time>,
    /// Somebody, or the operator's rule, holds its subject.
    pub held: bool,
    /// The lever because of which its subject waits.
    pub lever: Option<Lever>,
    /// Who shall decide it; `None`: anybody.
    pub assigned: Option<ModeratorId>,
}

/// Which of the open cases somebody wants to see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// With a notice of this kind.
    pub kind: Option<NoticeKind>,
    /// Of this category.
    pub category: Option<Category>,
    /// With something that has to be done by a certain time.
    pub due: bool,
    /// That are theirs: given to them, or open on their screen.
    pub of: Option<ModeratorId>,
    /// That nobody has open, nor was given.
    pub free: bool,
}

/// For whom a case is looked for, and which.
#[derive(Clone, Copy, Debug)]
pub struct Seeker<'a> {
    /// Who.
    pub who: &'a ModeratorId,
    /// What is due before this is anybody's, whomever it was given to.
    pub urgent: Time,
    /// Only such as are not heavy to look at.
    pub light: bool,
}

/// Something that is like the subject of a case.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberRow {
    /// What.
    pub subject: Subject,
    /// By which reading.
    pub reading: String,
    /// How sure it is, 0 to 1.
    pub confidence: f64,
    /// A decision is for it too.
    pub taken: bool,
}

type Columns = (String, String, String, String, i64, Option<String>, Option<i64>, i64, Option<i64>, i64, Option<String>, Option<String>);

/// Kinds of notices that weigh no more than anybody's once their sender was often wrong, in SQL; a test compares them with the table of
/// `domain::notice`.
macro_rules! may_lose_priority {
    () => {
        "('trusted_flagger', 'tco_referral', 'voluntary_referral', 'copyright_request', 'privacy_request')"
    };
}
pub(crate) use may_lose_priority;

const INSERT: &str = "INSERT INTO cases (id, post_id, media_id, state, weight, category, due_ms, opened_ms) VALUES ($1, $2, $3, 'open', $4, $5, $6, $7) \
     ON CONFLICT (post_id, media_id) WHERE state = 'open' DO NOTHING";
const OPEN_OF: &str = "SELECT id FROM cases WHERE post_id = $1 AND media_id = $2 AND state = 'open'";
macro_rules! cases {
    ($($rest:tt)+) => {
        concat!("SELECT id, post_id, media_id, state, weight, category, due_ms, opened_ms, closed_ms, held, lever, assigned FROM cases ", $($rest)+)
    };
}
const FIND: &str = cases!("WHERE id = $1");
// What is asked of other tables is asked once, and not for each case.
macro_rules! wanted {
    ($order:literal) => {
        cases!(concat!(
            "WHERE state = 'open' AND ($2 = '' OR category = $2) AND ($3 = '' OR id IN (SELECT n.case_id FROM notices n WHERE n.kind = $3)) \
             AND ($4 = 0 OR due_ms IS NOT NULL) AND ($5 = '' OR assigned = $5 \
             OR id IN (SELECT k.case_id FROM claims k WHERE k.moderator_id = $5 AND k.until_ms > $7 AND k.until_ms <= $8)) \
             AND ($6 = 0 OR (assigned IS NULL AND id NOT IN (SELECT k.case_id FROM claims k WHERE k.until_ms > $7 AND k.until_ms <= $8))) ",
            $order
        ))
    };
}
const HEAVIEST: &str = wanted!("ORDER BY weight DESC, opened_ms LIMIT $1");
const DUE: &str = wanted!("AND due_ms IS NOT NULL ORDER BY due_ms LIMIT $1");
// What somebody may be brought: nobody else has it, they have not passed it over, and it is theirs, anybody's, or urgent. The categories that
// are heavy to look at are named here, since the index by weight is walked until enough are found (a test compares them with the domain's).
macro_rules! next {
    ($which:literal, $order:literal) => {
        cases!(concat!(
            "WHERE state = 'open' AND ",
            $which,
            " AND NOT EXISTS (SELECT 1 FROM claims k WHERE k.case_id = cases.id AND k.moderator_id <> $1 AND k.until_ms > $3 AND k.until_ms <= $4) \
             AND NOT EXISTS (SELECT 1 FROM passed_over p WHERE p.case_id = cases.id AND p.moderator_id = $1 AND p.until_ms > $3) \
             AND ($5 = 0 OR category IS NULL OR category NOT IN ('life_in_danger', 'child_abuse', 'terrorism', 'intimate_images', 'violence')) ",
            $order
        ))
    };
}
const NEXT_HEAVIEST: &str = next!("(assigned IS NULL OR assigned = $1 OR due_ms < $2)", "ORDER BY weight DESC, opened_ms LIMIT $6");
const NEXT_DUE: &str = next!("due_ms IS NOT NULL AND (assigned IS NULL OR assigned = $1 OR due_ms < $2)", "ORDER BY due_ms LIMIT $6");
const NEXT_OWN: &str = next!("assigned = $1 AND $2 >= 0", "ORDER BY weight DESC, opened_ms LIMIT $6");
// A case by words that somebody used of it; only of what is open, and only so many.
const BY_WORDS: &str = cases!(
    "WHERE state = 'open' AND id IN (SELECT n.case_id FROM cases o JOIN notices n ON n.case_id = o.id WHERE o.state = 'open' AND lower(n.explanation) LIKE $1 \
     UNION SELECT c.id FROM cases c JOIN posts p ON p.id = c.post_id WHERE c.state = 'open' AND lower(p.title) LIKE $1) ORDER BY weight DESC, opened_ms LIMIT $2"
);
const OF_POST: &str = cases!("WHERE post_id = $1 ORDER BY CASE WHEN state = 'open' THEN 0 ELSE 1 END, opened_ms DESC LIMIT $2");
const COUNT_OPEN: &str = "SELECT count(*) FROM cases WHERE state = 'open'";
// What a party that was often wrong asks weighs no more than anybody's notice.
const FACTS: &str = concat!(
    "SELECT CASE WHEN p.distrusted_ms IS NOT NULL AND n.kind IN ",
    may_lose_priority!(),
    " THEN 'notice' ELSE n.kind END, n.category, count(*), count(n.filing_id) FROM notices n LEFT JOIN filings f ON f.id = n.filing_id \
     LEFT JOIN parties p ON p.id = f.party_id WHERE n.case_id = $1 AND n.withdrawn = 0 GROUP BY 1, 2"
);
const PARTIES: &str =
    "SELECT count(DISTINCT f.party_id) FROM notices n JOIN filings f ON f.id = n.filing_id WHERE n.case_id = $1 AND n.withdrawn = 0";
// Who says what somebody said before is no other voice. The last number is that of the most that came within an hour.
const VOICES: &str = "SELECT count(DISTINCT said.own), count(DISTINCT CASE WHEN said.signed = 1 THEN said.own END), coalesce(max(said.lately), 0) FROM \
     (SELECT coalesce(echo_of, id) AS own, CASE WHEN name IS NOT NULL OR email IS NOT NULL THEN 1 ELSE 0 END AS signed, \
     count(*) OVER (ORDER BY created_ms RANGE BETWEEN 3600000 PRECEDING AND CURRENT ROW) AS lately \
     FROM notices WHERE case_id = $1 AND filing_id IS NULL) AS said";
const SURENESS: &str = "SELECT max(confidence) FROM matches WHERE post_id = $1 AND media_id = $2 AND state = 'open'";
// As far as it makes a difference (`Facts::rank`): a flood has ten thousand.
const ALIKE: &str = "SELECT count(*) FROM (SELECT 1 FROM members WHERE case_id = $1 LIMIT 128) AS some_of_them";
const WEIGH: &str = "UPDATE cases SET weight = $2, category = $3, due_ms = $4 WHERE id = $1";
const CLOSE: &str = "UPDATE cases SET state = $2, closed_ms = $3 WHERE id = $1 AND state = 'open'";
// Not for what is gone, nor beside another case that was opened meanwhile.
const REOPEN: &str = "UPDATE cases SET state = 'open', closed_ms = NULL WHERE id = $1 AND state = 'decided' AND NOT EXISTS \
     (SELECT 1 FROM cases other WHERE other.post_id = cases.post_id AND other.media_id = cases.media_id AND other.state = 'open') \
     AND EXISTS (SELECT 1 FROM posts p WHERE p.id = cases.post_id) AND (media_id = '' OR EXISTS (SELECT 1 FROM media m WHERE m.id = cases.media_id))";
// The cases that were closed because another one's decision reached their subjects.
const CLOSED_WITH: &str = "SELECT id FROM cases WHERE state = 'decided' AND closed_ms = $2 AND post_id IN (SELECT post_id FROM restrictions WHERE decision_id = $1) \
     AND EXISTS (SELECT 1 FROM restrictions r WHERE r.decision_id = $1 AND r.post_id = cases.post_id AND r.media_id IN ('', cases.media_id)) \
     AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.case_id = cases.id)";
const BECAUSE: &str = "UPDATE cases SET held = 1, lever = $2 WHERE id = $1";
macro_rules! waiting_alone {
    ($what:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $what,
            " FROM cases c WHERE c.state = 'open' AND c.lever IS NOT NULL AND c.held = 1 \
             AND NOT EXISTS (SELECT 1 FROM notices n WHERE n.case_id = c.id AND n.withdrawn = 0) \
             AND NOT EXISTS (SELECT 1 FROM matches m WHERE m.post_id = c.post_id AND m.media_id = c.media_id AND m.on_match = 'hold' AND m.state <> 'released')",
            $rest
        )
    };
}
const COUNT_WAITING: &str = waiting_alone!("count(*)", "");
const WAITING: &str = waiting_alone!("c.id", " AND c.id > $1 ORDER BY c.id LIMIT $2");
const SET_HELD: &str = "UPDATE cases SET held = $2 WHERE id = $1";
// What a case reaches is decided with it: the cases of members close too, and with a dark post those of its media.
const CLOSE_REACHED: &str = "UPDATE cases SET state = 'decided', closed_ms = $2 WHERE state = 'open' AND post_id IN (SELECT post_id FROM restrictions WHERE decision_id = $1) \
     AND EXISTS (SELECT 1 FROM restrictions r WHERE r.decision_id = $1 AND r.post_id = cases.post_id \
     AND (r.media_id = cases.media_id OR (r.media_id = '' AND r.state = 'dark'))) RETURNING id";
// Of it, of what it is like that somebody reported, whichever of the two cases knows that, or of what was removed as such and it is like (an item of the bank of what was removed has its
// decision for a label).
const NEVER_SHOWN: &str = "SELECT (SELECT count(*) FROM cases c JOIN notices n ON n.case_id = c.id WHERE c.state = 'open' AND n.category = 'child_abuse' \
     AND c.post_id = $1 AND c.media_id IN ('', $2)) + (SELECT count(*) FROM members m JOIN cases c ON c.id = m.case_id JOIN notices n ON n.case_id = c.id \
     WHERE c.state = 'open' AND n.category = 'child_abuse' AND m.post_id = $1 AND m.media_id IN ('', $2)) \
     + (SELECT count(*) FROM (SELECT 1 FROM cases own JOIN members m ON m.case_id = own.id JOIN cases c ON c.post_id = m.post_id AND (c.media_id = '' OR m.media_id IN ('', c.media_id)) \
     JOIN notices n ON n.case_id = c.id WHERE own.state = 'open' AND own.post_id = $1 AND own.media_id IN ('', $2) AND c.state = 'open' AND n.category = 'child_abuse' LIMIT 1) AS one_of_them) \
     + (SELECT count(*) FROM matches x JOIN items i ON i.id = x.item_id JOIN decisions d ON d.id = i.label WHERE d.category = 'child_abuse' \
     AND d.undone_ms IS NULL AND x.state <> 'released' AND x.post_id = $1 AND x.media_id IN ('', $2))";
// What is held for the same joined it by itself, and may do so while others are looked for.
const CLEAR_MEMBERS: &str = "DELETE FROM members WHERE case_id = $1 AND NOT EXISTS (SELECT 1 FROM matches x JOIN case_items i ON i.item_id = x.item_id \
     WHERE i.case_id = $1 AND x.post_id = members.post_id AND x.media_id = members.media_id AND x.on_match = 'hold' AND x.state = 'open')";
const CHOSEN: &str = "SELECT post_id, media_id, taken FROM members WHERE case_id = $1";
// But not what is dark: it may not be in quarantine yet.
const ADD_MEMBER: &str = "INSERT INTO members (case_id, post_id, media_id, reading, confidence, taken) \
     SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS DOUBLE PRECISION), CAST($6 AS BIGINT) \
     WHERE NOT EXISTS (SELECT 1 FROM posts p WHERE p.id = $2 AND p.removed IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM media m WHERE m.id = $3 AND m.removed IS NOT NULL) \
     ON CONFLICT (case_id, post_id, media_id) DO NOTHING";
const MEMBERS: &str = "SELECT post_id, media_id, reading, confidence, taken FROM members WHERE case_id = $1 \
     ORDER BY confidence, post_id, media_id LIMIT $2";
// What is said of a medium, else its post's title, else how the post begins.
const MEMBERS_WORDS: &str = "SELECT m.post_id, m.media_id, coalesce(nullif(a.caption, ''), nullif(a.alt, ''), nullif(p.title, ''), substr(p.text, 1, 160)) \
     FROM members m JOIN posts p ON p.id = m.post_id LEFT JOIN media a ON a.id = m.media_id WHERE m.case_id = $1 \
     ORDER BY m.confidence, m.post_id, m.media_id LIMIT $2";
const TAKE: &str = "UPDATE members SET taken = $4 WHERE case_id = $1 AND post_id = $2 AND media_id = $3";
const TALLY: &str = "SELECT count(CASE WHEN taken = 1 AND media_id = '' THEN 1 END), count(CASE WHEN taken = 1 AND media_id <> '' THEN 1 END), \
     count(CASE WHEN taken = 0 THEN 1 END), count(DISTINCT CASE WHEN taken = 1 THEN post_id END), count(CASE WHEN confidence < $2 THEN 1 END), \
     count(CASE WHEN EXISTS (SELECT 1 FROM matches x WHERE x.post_id = members.post_id AND x.media_id = members.media_id AND x.on_match = 'hold' AND x.state = 'open') THEN 1 END) \
     FROM members WHERE case_id = $1";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[
    INSERT,
    OPEN_OF,
    FIND,
    HEAVIEST,
    DUE,
    NEXT_HEAVIEST,
    NEXT_DUE,
    NEXT_OWN,
    BY_WORDS,
    OF_POST,
    COUNT_OPEN,
    FACTS,
    PARTIES,
    VOICES,
    SURENESS,
    ALIKE,
    WEIGH,
    CLOSE,
    REOPEN,
    SET_HELD,
    BECAUSE,
    COUNT_WAITING,
    WAITING,
    CLOSE_REACHED,
    CLOSED_WITH,
    NEVER_SHOWN,
    CLEAR_MEMBERS,
    CHOSEN,
    ADD_MEMBER,
    MEMBERS,
    MEMBERS_WORDS,
    TAKE,
    TALLY,
];

/// The open case of a subject, which `fresh` becomes if there is none; and whether it did.
pub async fn open(tx: &mut Tx, subject: &Subject, fresh: &CaseId, now: Time) -> Result<(CaseId, bool)> {
    open_weighing(tx, subject, fresh, &Facts::default(), None, now).await
}

/// The same, where it is known already what a new case weighs by, and when it is due.
pub async fn open_weighing(
    tx: &mut Tx,
    subject: &Subject,
    fresh: &CaseId,
    facts: &Facts,
    due: Option<Time>,
    now: Time,
) -> Result<(CaseId, bool)> {
    let made = write!(tx, conn => sqlx::query(INSERT)
        .bind(fresh.as_str()).bind(subject.post_id.as_str()).bind(subject.medium())
        .bind(i64::from(facts.rank().total())).bind(facts.category.map(Category::as_str)).bind(due.map(|due| due.0)).bind(now.0)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    if made == 1 {
        return Ok((fresh.clone(), true));
    }
    let id: String =
        write!(tx, conn => sqlx::query_scalar(OPEN_OF).bind(subject.post_id.as_str()).bind(subject.medium()).fetch_one(conn).await)?;
    Ok((CaseId::parse(&id).ok_or_else(|| corrupt("cases", "id", &id))?, false))
}

/// The open case of a subject.
pub async fn open_of(tx: &mut Tx, subject: &Subject) -> Result<Option<CaseId>> {
    let id: Option<String> =
        write!(tx, conn => sqlx::query_scalar(OPEN_OF).bind(subject.post_id.as_str()).bind(subject.medium()).fetch_optional(conn).await)?;
    id.map(|id| CaseId::parse(&id).ok_or_else(|| corrupt("cases", "id", &id))).transpose()
}

/// Says whether somebody, or the operator's rule, holds the subject of a case.
pub async fn set_held(tx: &mut Tx, id: &CaseId, held: bool) -> Result<()> {
    write!(tx, conn => sqlx::query(SET_HELD).bind(id.as_str()).bind(i64::from(held)).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// A case's subject waits for somebody to look at it because of a lever.
pub async fn wait_because_of(tx: &mut Tx, id: &CaseId, lever: Lever) -> Result<()> {
    write!(tx, conn => sqlx::query(BECAUSE).bind(id.as_str()).bind(lever.as_str()).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// How many open cases there are because a lever lets their subjects wait, and for nothing else.
pub async fn count_waiting(db: &Db) -> Result<i64> {
    Ok(read!(db, conn => sqlx::query_scalar(COUNT_WAITING).fetch_one(conn).await)?)
}

/// At most `limit` of these cases, from after this one.
pub async fn waiting(db: &Db, after: Option<&CaseId>, limit: i64) -> Result<Vec<CaseId>> {
    let rows: Vec<String> =
        read!(db, conn => sqlx::query_scalar(WAITING).bind(after.map_or("", CaseId::as_str)).bind(limit).fetch_all(conn).await)?;
    rows.into_iter().map(|id| CaseId::parse(&id).ok_or_else(|| corrupt("cases", "id", &id))).collect()
}

/// The case of this id.
pub async fn find(db: &Db, id: &CaseId) -> Result<Option<CaseRow>> {
    let row: Option<Columns> = read!(db, conn => sqlx::query_as(FIND).bind(id.as_str()).fetch_optional(conn).await)?;
    row.map(case).transpose()
}

/// The same, as it stands in this change.
pub async fn look(tx: &mut Tx, id: &CaseId) -> Result<Option<CaseRow>> {
    let row: Option<Columns> = write!(tx, conn => sqlx::query_as(FIND).bind(id.as_str()).fetch_optional(conn).await)?;
    row.map(case).transpose()
}

/// Open cases of those wanted that may come first: the `limit` that weigh most, and the `limit` that are due first.
pub async fn front(db: &Db, wanted: &Wanted, limit: i64, now: Time) -> Result<Vec<CaseRow>> {
    let (after, last) = claim::standing(now);
    let mut rows: Vec<Columns> = Vec::new();
    for sql in [HEAVIEST, DUE] {
        let more: Vec<Columns> = read!(db, conn => sqlx::query_as(sql)
            .bind(limit).bind(wanted.category.map_or("", Category::as_str)).bind(wanted.kind.map_or("", NoticeKind::as_str))
            .bind(i64::from(wanted.due)).bind(wanted.of.as_ref().map_or("", ModeratorId::as_str)).bind(i64::from(wanted.free))
            .bind(after.0).bind(last.0)
            .fetch_all(conn).await)?;
        rows.extend(more);
    }
    distinct(rows)
}

/// Cases that may be brought to somebody next: `limit` of those that weigh most, that are due first, and that are theirs.
pub async fn next(tx: &mut Tx, seeker: Seeker<'_>, limit: i64, now: Time) -> Result<Vec<CaseRow>> {
    let (after, last) = claim::standing(now);
    let mut rows: Vec<Columns> = Vec::new();
    for sql in [NEXT_HEAVIEST, NEXT_DUE, NEXT_OWN] {
        let more: Vec<Columns> = write!(tx, conn => sqlx::query_as(sql)
            .bind(seeker.who.as_str()).bind(seeker.urgent.0).bind(after.0).bind(last.0).bind(i64::from(seeker.light)).bind(limit)
            .fetch_all(conn).await)?;
        rows.extend(more);
    }
    distinct(rows)
}

fn distinct(mut rows: Vec<Columns>) -> Result<Vec<CaseRow>> {
    rows.sort_by(|one, other| one.0.cmp(&other.0));
    rows.dedup_by(|one, other| one.0 == other.0);
    rows.into_iter().map(case).collect()
}

/// At most `limit` open cases of which somebody used these words, or that are about a post with them in its title.
pub async fn by_words(db: &Db, words: &str, limit: i64) -> Result<Vec<CaseRow>> {
    let plain = words.to_lowercase().replace(['%', '_', '\\'], " ");
    let pattern = format!("%{plain}%");
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(BY_WORDS).bind(&pattern).bind(limit).fetch_all(conn).await)?;
    rows.into_iter().map(case).collect()
}

/// At most `limit` cases about a post or something in it, those that are open first.
pub async fn of_post(db: &Db, post: &PostId, limit: i64) -> Result<Vec<CaseRow>> {
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(OF_POST).bind(post.as_str()).bind(limit).fetch_all(conn).await)?;
    rows.into_iter().map(case).collect()
}

/// Whether somebody says of a medium, or of its post, what nobody who decides shall look at ([`domain::Category::is_never_shown`]).
pub async fn is_never_shown(db: &Db, post: &PostId, medium: &MediaId) -> Result<bool> {
    let count: i64 = read!(db, conn => sqlx::query_scalar(NEVER_SHOWN).bind(post.as_str()).bind(medium.as_str()).fetch_one(conn).await)?;
    Ok(count > 0)
}

/// How many are open.
pub async fn count_open(db: &Db) -> Result<u64> {
    let count: i64 = read!(db, conn => sqlx::query_scalar(COUNT_OPEN).fetch_one(conn).await)?;
    Ok(u64::try_from(count).unwrap_or_default())
}

/// What a case's rank depends on, as it stands in this change.
pub async fn facts(tx: &mut Tx, id: &CaseId, subject: &Subject) -> Result<Facts> {
    let said = Said {
        kinds: write!(tx, conn => sqlx::query_as(FACTS).bind(id.as_str()).fetch_all(conn).await)?,
        parties: write!(tx, conn => sqlx::query_scalar(PARTIES).bind(id.as_str()).fetch_one(conn).await)?,
        voices: write!(tx, conn => sqlx::query_as(VOICES).bind(id.as_str()).fetch_one(conn).await)?,
        sureness: Some(sureness(tx, subject).await?),
        alike: write!(tx, conn => sqlx::query_scalar(ALIKE).bind(id.as_str()).fetch_one(conn).await)?,
        opened: crate::opened::look(tx, &subject.post_id).await?,
    };
    sum(id, said)
}

/// How sure the surest match of a subject is, of which nobody has decided; 0: there is none.
async fn sureness(tx: &mut Tx, subject: &Subject) -> Result<f64> {
    let sureness: Option<f64> =
        write!(tx, conn => sqlx::query_scalar(SURENESS).bind(subject.post_id.as_str()).bind(subject.medium()).fetch_one(conn).await)?;
    Ok(sureness.unwrap_or_default())
}

/// The same of all subjects in these posts that have such a match.
pub async fn surenesses(tx: &mut Tx, posts: &[&PostId]) -> Result<Vec<(Subject, f64)>> {
    let (sql, ids) = (tx.text(dialect::SURENESSES), serde_json::json!(posts).to_string());
    let rows: Vec<(String, String, f64)> = write!(tx, conn => sqlx::query_as(sql).bind(&ids).fetch_all(conn).await)?;
    rows.into_iter().map(|(post, medium, sureness)| Ok((Subject::parse("matches", &post, &medium)?, sureness))).collect()
}

/// The same, as it stands now.
pub async fn facts_now(db: &Db, id: &CaseId, subject: &Subject) -> Result<Facts> {
    let said = Said {
        kinds: read!(db, conn => sqlx::query_as(FACTS).bind(id.as_str()).fetch_all(conn).await)?,
        parties: read!(db, conn => sqlx::query_scalar(PARTIES).bind(id.as_str()).fetch_one(conn).await)?,
        voices: read!(db, conn => sqlx::query_as(VOICES).bind(id.as_str()).fetch_one(conn).await)?,
        sureness: read!(db, conn => sqlx::query_scalar(SURENESS).bind(subject.post_id.as_str()).bind(subject.medium()).fetch_one(conn).await)?,
        alike: read!(db, conn => sqlx::query_scalar(ALIKE).bind(id.as_str()).fetch_one(conn).await)?,
        opened: crate::opened::times(db, &subject.post_id).await?,
    };
    sum(id, said)
}

/// What the database says of a case.
struct Said {
    kinds: Vec<(String, String, i64, i64)>,
    parties: i64,
    voices: (i64, i64, i64),
    sureness: Option<f64>,
    alike: i64,
    opened: i64,
}

fn sum(id: &CaseId, said: Said) -> Result<Facts> {
    let count = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    let (words, signed, lately) = said.voices;
    let mut facts = Facts {
        sureness: said.sureness.unwrap_or_default(),
        alike: count(said.alike),
        opened: u64::try_from(said.opened).unwrap_or_default(),
        words: count(words),
        signed: count(signed),
        parties: count(said.parties),
        wave: Some(count(lately)).filter(|lately| *lately >= domain::case::WAVE).unwrap_or_default(),
        ..Facts::default()
    };
    // Of two that are as bad, what nobody shall look at.
    let badness = |one: Category| (one.severity(), one.is_never_shown());
    for (kind, category, notices, registered) in said.kinds {
        let kind = NoticeKind::parse(&kind).ok_or_else(|| corrupt("notices", "kind", id.as_str()))?;
        let category = Category::parse(&category).ok_or_else(|| corrupt("notices", "category", id.as_str()))?;
        facts.notices = facts.notices.saturating_add(count(notices));
        facts.registered = facts.registered.saturating_add(count(registered));
        if facts.category.is_none_or(|worst| badness(category) > badness(worst)) {
            facts.category = Some(category);
        }
        if facts.kind.is_none_or(|most| kind.rule().weight > most.rule().weight) {
            facts.kind = Some(kind);
        }
    }
    Ok(facts)
}

/// Writes down what a case weighs.
pub async fn weigh(tx: &mut Tx, id: &CaseId, facts: &Facts, due: Option<Time>) -> Result<()> {
    write!(tx, conn => sqlx::query(WEIGH)
        .bind(id.as_str()).bind(i64::from(facts.rank().total())).bind(facts.category.map(Category::as_str)).bind(due.map(|due| due.0))
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Closes an open case; `false` if it is not open: somebody else has decided.
pub async fn close(tx: &mut Tx, id: &CaseId, state: CaseState, now: Time) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(CLOSE).bind(id.as_str()).bind(state.as_str()).bind(now.0).execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Closes the cases of everything that a decision reaches, and says which those are.
pub async fn close_reached(tx: &mut Tx, decision: &domain::DecisionId, now: Time) -> Result<Vec<CaseId>> {
    let ids: Vec<String> = write!(tx, conn => sqlx::query_scalar(CLOSE_REACHED).bind(decision.as_str()).bind(now.0).fetch_all(conn).await)?;
    ids.iter().map(|id| CaseId::parse(id).ok_or_else(|| corrupt("cases", "id", id))).collect()
}

/// Opens the case of a decision again that was undone, and those that it closed with it; but not what is gone, nor what has another open case
/// meanwhile. Gives those that it opened.
pub async fn reopen(tx: &mut Tx, decision: &domain::DecisionId, own: &CaseId, decided: Time) -> Result<Vec<CaseId>> {
    let mut ids: Vec<String> =
        write!(tx, conn => sqlx::query_scalar(CLOSED_WITH).bind(decision.as_str()).bind(decided.0).fetch_all(conn).await)?;
    ids.push(own.as_str().to_owned());
    let mut reopened = Vec::new();
    for id in ids {
        let rows = write!(tx, conn => sqlx::query(REOPEN).bind(&id).execute(conn).await.map(|done| done.rows_affected()))?;
        if rows == 1 {
            reopened.push(CaseId::parse(&id).ok_or_else(|| corrupt("cases", "id", &id))?);
        }
    }
    Ok(reopened)
}

/// Writes down what else is like the subject of a case, in the place of what was found before. What matches hold for the same stays, and so does
/// what somebody chose of it.
pub async fn set_members(tx: &mut Tx, id: &CaseId, members: &[MemberRow]) -> Result<()> {
    let chosen: Vec<(String, String, i64)> = write!(tx, conn => sqlx::query_as(CHOSEN).bind(id.as_str()).fetch_all(conn).await)?;
    let chosen: HashMap<(&str, &str), i64> =
        chosen.iter().map(|(post, medium, taken)| ((post.as_str(), medium.as_str()), *taken)).collect();
    write!(tx, conn => sqlx::query(CLEAR_MEMBERS).bind(id.as_str()).execute(conn).await.map(|_| ()))?;
    for member in members {
        let before = chosen.get(&(member.subject.post_id.as_str(), member.subject.medium()));
        let taken = before.copied().unwrap_or_else(|| i64::from(member.taken));
        write!(tx, conn => sqlx::query(ADD_MEMBER)
            .bind(id.as_str()).bind(member.subject.post_id.as_str()).bind(member.subject.medium()).bind(&member.reading)
            .bind(member.confidence).bind(taken)
            .execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}

/// At most `limit` members, the least sure first: those want a look.
pub async fn members(db: &Db, id: &CaseId, limit: i64) -> Result<Vec<MemberRow>> {
    let rows: Vec<(String, String, String, f64, i64)> =
        read!(db, conn => sqlx::query_as(MEMBERS).bind(id.as_str()).bind(limit).fetch_all(conn).await)?;
    rows.into_iter()
        .map(|(post, medium, reading, confidence, taken)| {
            Ok(MemberRow { subject: Subject::parse("members", &post, &medium)?, reading, confidence, taken: taken != 0 })
        })
        .collect()
}

/// What each of these members says, the beginning of it.
pub async fn members_words(db: &Db, id: &CaseId, limit: i64) -> Result<Vec<(Subject, String)>> {
    let rows: Vec<(String, String, String)> =
        read!(db, conn => sqlx::query_as(MEMBERS_WORDS).bind(id.as_str()).bind(limit).fetch_all(conn).await)?;
    rows.into_iter().map(|(post, medium, words)| Ok((Subject::parse("members", &post, &medium)?, words))).collect()
}

/// Says whether a decision is for a member too.
pub async fn take(tx: &mut Tx, id: &CaseId, member: &Subject, taken: bool) -> Result<()> {
    write!(tx, conn => sqlx::query(TAKE)
        .bind(id.as_str()).bind(member.post_id.as_str()).bind(member.medium()).bind(i64::from(taken))
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// What a decision on a case would reach besides its subject.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Posts as a whole.
    pub posts: i64,
    /// Media.
    pub media: i64,
    /// What is like it, and left out.
    pub left: i64,
    /// Posts that any of it stands in.
    pub in_posts: i64,
    /// What is less sure than usual ([`domain::case::SURE`]), taken or not: that wants a look first.
    pub unsure: i64,
    /// What matches hold, taken or not.
    pub held: i64,
}

impl Tally {
    /// All that is like it.
    #[must_use]
    pub fn members(&self) -> i64 {
        self.posts.saturating_add(self.media).saturating_add(self.left)
    }
}

/// Counts the members of a case.
pub async fn tally(db: &Db, id: &CaseId) -> Result<Tally> {
    let (posts, media, left, in_posts, unsure, held) =
        read!(db, conn => sqlx::query_as(TALLY).bind(id.as_str()).bind(domain::case::SURE).fetch_one(conn).await)?;
    Ok(Tally { posts, media, left, in_posts, unsure, held })
}

fn case((id, post, medium, state, weight, category, due, opened, closed, held, lever, assigned): Columns) -> Result<CaseRow> {
    Ok(CaseRow {
        subject: Subject::parse("cases", &post, &medium)?,
        state: CaseState::parse(&state).ok_or_else(|| corrupt("cases", "state", &id))?,
        weight: u32::try_from(weight).map_err(|_| corrupt("cases", "weight", &id))?,
        category: category.map(|name| Category::parse(&name).ok_or_else(|| corrupt("cases", "category", &id))).transpose()?,
        due: due.map(Time),
        opened: Time(opened),
        closed: closed.map(Time),
        held: held != 0,
        lever: lever.map(|name| Lever::parse(&name).ok_or_else(|| corrupt("cases", "lever", &id))).transpose()?,
        assigned: assigned.map(|who| ModeratorId::parse(&who).ok_or_else(|| corrupt("cases", "assigned", &id))).transpose()?,
        id: CaseId::parse(&id).ok_or_else(|| corrupt("cases", "id", &id))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_loses_its_priority_in_sql_is_what_may_by_the_table() {
        for kind in NoticeKind::ALL {
            assert_eq!(may_lose_priority!().contains(&format!("'{}'", kind.as_str())), kind.may_lose_priority(), "{kind:?}");
        }
    }

    #[test]
    fn the_categories_that_are_heavy_to_look_at_are_those_of_the_domain() {
        let named = NEXT_HEAVIEST.split("NOT IN (").nth(1).and_then(|rest| rest.split(')').next()).unwrap_or_default();
        let named: Vec<&str> = named.split(", ").map(|name| name.trim_matches('\'')).collect();
        let grim: Vec<&str> = Category::ALL.iter().filter(|category| category.is_grim()).map(|category| category.as_str()).collect();
        assert!(grim.len() > 2 && grim.len() < Category::ALL.len());
        assert_eq!(named, grim);
    }
}
