//! Decisions, what each does to every subject that it reaches, and the quarantine of what it made dark.
//!
//! What is dark is out of every serving path with the commit that made it so: a post by `posts.removed`, which every question about
//! how a post stands asks for, a medium by its state.

use domain::party::Jurisdiction;
use domain::{Action, CaseId, Category, Decision, DecisionId, Ground, ItemId, MediaId, ModeratorId, Origin, RestrictionState, Time};

use crate::db::{read, write};
use crate::{Db, Result, Subject, Tx, corrupt, dialect, holds, jobs};

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionRow {
    /// Its id.
    pub id: DecisionId,
    /// What it was made on.
    pub case_id: CaseId,
    /// What was decided.
    pub decision: Decision,
    /// Of the case, when it was decided.
    pub category: Option<Category>,
    /// Who had it looked at.
    pub origin: Origin,
    /// Who decided; `None`: at the command line.
    pub moderator: Option<String>,
    /// What was put into a bank for it.
    pub item: Option<ItemId>,
    /// The key of its quarantine, an age identity; `None`: destroyed, or there never was one.
    pub key: Option<String>,
    /// Until when it can be undone and complained of, and what it took away is kept.
    pub keep_until: Time,
    /// What the public record's commitment is found with.
    pub blind: [u8; 32],
    /// What stands in the public record.
    pub commitment: [u8; 32],
    /// When.
    pub created: Time,
    /// The policy that was in force; `None`: it was made before policies were kept.
    pub policy_version: Option<i64>,
    /// When it was undone.
    pub undone: Option<Time>,
    /// When what it took away was destroyed.
    pub destroyed: Option<Time>,
    /// Until when nobody is told of it: whoever had it made forbids that.
    pub silent_until: Option<Time>,
}

impl DecisionRow {
    /// Whether nobody is told of it at this moment.
    #[must_use]
    pub fn is_silent(&self, now: Time) -> bool {
        self.silent_until.is_some_and(|until| now < until)
    }
}

/// What a decision does to one subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestrictionRow {
    /// The decision.
    pub decision_id: DecisionId,
    /// What.
    pub subject: Subject,
    /// How it stands.
    pub state: RestrictionState,
    /// The object that holds what was taken out of the rows.
    pub archive: Option<String>,
}

/// Bytes in quarantine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuarantinedRow {
    /// Of the bytes before they were encrypted.
    pub sha256: [u8; 32],
    /// Where they are, encrypted with the key of their decision.
    pub object_key: String,
    /// Their size before.
    pub size_bytes: i64,
}

#[derive(sqlx::FromRow)]
struct Columns {
    id: String,
    case_id: String,
    action: String,
    ground: String,
    reference: String,
    facts: String,
    category: Option<String>,
    source: String,
    moderator_id: Option<String>,
    item_id: Option<String>,
    quarantine_key: Option<String>,
    keep_until_ms: i64,
    blind: Vec<u8>,
    commitment: Vec<u8>,
    created_ms: i64,
    policy_version: Option<i64>,
    undone_ms: Option<i64>,
    destroyed_ms: Option<i64>,
    silent_until_ms: Option<i64>,
    countries: String,
    composed: Option<String>,
}

const INSERT: &str = "INSERT INTO decisions (id, case_id, action, ground, reference, facts, category, source, moderator_id, item_id, quarantine_key, keep_until_ms, blind, commitment, created_ms, policy_version, silent_until_ms, countries, composed) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)";
const FIND: &str = "SELECT id, case_id, action, ground, reference, facts, category, source, moderator_id, item_id, quarantine_key, keep_until_ms, blind, commitment, created_ms, policy_version, undone_ms, destroyed_ms, silent_until_ms, countries, composed \
     FROM decisions WHERE id = $1";
const OF_CASE: &str = "SELECT id, case_id, action, ground, reference, facts, category, source, moderator_id, item_id, quarantine_key, keep_until_ms, blind, commitment, created_ms, policy_version, undone_ms, destroyed_ms, silent_until_ms, countries, composed \
     FROM decisions WHERE case_id = $1 AND action <> 'preserve' ORDER BY created_ms, id";
const LATEST: &str = "SELECT id, case_id, action, ground, reference, facts, category, source, moderator_id, item_id, quarantine_key, keep_until_ms, blind, commitment, created_ms, policy_version, undone_ms, destroyed_ms, silent_until_ms, countries, composed \
     FROM decisions WHERE (created_ms, id) < ($1, $2) ORDER BY created_ms DESC, id DESC LIMIT $3";
const SET_TOKEN: &str = "UPDATE decisions SET token = $2 WHERE id = $1";
const BY_TOKEN: &str = "SELECT id FROM decisions WHERE token = $1";
const LAST_CATEGORY: &str = "SELECT category FROM decisions WHERE moderator_id = $1 AND created_ms > $2 AND action <> 'preserve' ORDER BY created_ms DESC, id LIMIT 1";
const LAST_GROUNDS: &str =
    "SELECT ground, reference FROM decisions WHERE moderator_id = $1 AND reference <> '' ORDER BY created_ms DESC, id LIMIT $2";
const OVERTURNED: &str = "SELECT d.moderator_id, m.name, count(*), count(d.undone_ms), \
     count(CASE WHEN EXISTS (SELECT 1 FROM appeals a WHERE a.decision_id = d.id) THEN 1 END), \
     count(CASE WHEN EXISTS (SELECT 1 FROM appeals a WHERE a.decision_id = d.id AND a.state = 'overturned') THEN 1 END) \
     FROM decisions d LEFT JOIN moderators m ON m.id = d.moderator_id WHERE d.action <> 'preserve' GROUP BY d.moderator_id, m.name ORDER BY count(*) DESC";
const FORGET: &str = "DELETE FROM decisions WHERE id = $1";
const UNDO: &str = "UPDATE decisions SET undone_ms = $2 WHERE id = $1 AND undone_ms IS NULL AND destroyed_ms IS NULL";
// Also the lock that keeps its undoing, its destruction and each step into its quarantine one after the other.
const STANDS: &str = "UPDATE decisions SET undone_ms = undone_ms WHERE id = $1 AND undone_ms IS NULL AND destroyed_ms IS NULL";
const FORGET_KEY: &str = "UPDATE decisions SET quarantine_key = NULL WHERE id = $1";

// What is dark or covered already is not reached again, nor is what stands in a post that is dark: whoever made it so undoes it. A medium that is not whole yet has nothing to be taken from.
const REACH_POST: &str = "INSERT INTO restrictions (decision_id, post_id, media_id, before, state) SELECT $1, id, '', '', $3 FROM posts \
     WHERE id = $2 AND removed IS NULL AND ($3 <> 'covered' OR sensitive = 0) ON CONFLICT DO NOTHING";
const REACH_MEDIUM: &str = "INSERT INTO restrictions (decision_id, post_id, media_id, before, state) SELECT $1, m.post_id, m.id, m.state, $4 FROM media m JOIN posts p ON p.id = m.post_id \
     WHERE m.post_id = $2 AND m.id = $3 AND p.removed IS NULL AND m.state IN ('ready', 'waiting') AND ($4 <> 'covered' OR m.sensitive = 0) ON CONFLICT DO NOTHING";
const REACH_POSTS: &str = "INSERT INTO restrictions (decision_id, post_id, media_id, before, state) SELECT $1, p.id, '', '', $3 FROM members c JOIN posts p ON p.id = c.post_id \
     WHERE c.case_id = $2 AND c.taken = 1 AND c.media_id = '' AND p.removed IS NULL AND ($3 <> 'covered' OR p.sensitive = 0) ON CONFLICT DO NOTHING";
const REACH_MEDIA: &str = "INSERT INTO restrictions (decision_id, post_id, media_id, before, state) SELECT $1, m.post_id, m.id, m.state, $3 FROM members c JOIN media m ON m.id = c.media_id JOIN posts p ON p.id = m.post_id \
     WHERE c.case_id = $2 AND c.taken = 1 AND p.removed IS NULL AND m.state IN ('ready', 'waiting') AND ($3 <> 'covered' OR m.sensitive = 0) ON CONFLICT DO NOTHING";
const DARKEN_POSTS: &str = "UPDATE posts SET removed = $1, revision = revision + 1 WHERE id IN \
     (SELECT post_id FROM restrictions WHERE decision_id = $1 AND media_id = '')";
const DARKEN_MEDIA: &str = "UPDATE media SET removed = $1, state = 'removed' WHERE id IN (SELECT media_id FROM restrictions WHERE decision_id = $1 AND media_id <> '')";
const COVER_POSTS: &str = "UPDATE posts SET sensitive = 1, revision = revision + 1 WHERE id IN \
     (SELECT post_id FROM restrictions WHERE decision_id = $1 AND media_id = '')";
const COVER_MEDIA: &str =
    "UPDATE media SET sensitive = 1 WHERE id IN (SELECT media_id FROM restrictions WHERE decision_id = $1 AND media_id <> '')";
// But for those that went dark with what is in them.
const TOUCH_POSTS: &str = "UPDATE posts SET revision = revision + 1 WHERE (removed IS NULL OR removed <> $1) AND id IN \
     (SELECT post_id FROM restrictions WHERE decision_id = $1 AND media_id <> '')";
const TOUCH_REACHED: &str =
    "UPDATE posts SET revision = revision + 1 WHERE id IN (SELECT post_id FROM restrictions WHERE decision_id = $1)";
// A still goes with its video: it shows what that shows.
const REACH_STILLS: &str = "INSERT INTO restrictions (decision_id, post_id, media_id, before, state) SELECT $1, m.post_id, m.id, m.state, $2 FROM media m \
     JOIN restrictions r ON r.media_id = m.still_of WHERE r.decision_id = $1 AND m.state IN ('ready', 'waiting') ON CONFLICT DO NOTHING";
const SETTLE_MATCHES: &str = "UPDATE matches SET state = 'kept', decision_id = $1 WHERE state <> 'kept' AND post_id IN (SELECT post_id FROM restrictions WHERE decision_id = $1) \
     AND EXISTS (SELECT 1 FROM restrictions r WHERE r.decision_id = $1 AND r.post_id = matches.post_id AND r.media_id = matches.media_id)";
const TALLY: &str = "SELECT count(CASE WHEN media_id = '' THEN 1 END), count(CASE WHEN media_id <> '' THEN 1 END), count(DISTINCT post_id), \
     count(DISTINCT CASE WHEN state = 'lifted' THEN post_id END) FROM restrictions WHERE decision_id = $1";
const IN_STATE: &str = "SELECT decision_id, post_id, media_id, state, archive FROM restrictions WHERE decision_id = $1 AND state = $2 \
     AND (post_id, media_id) > ($3, $4) ORDER BY post_id, media_id LIMIT $5";
const OF_POST: &str = "SELECT r.decision_id, r.post_id, r.media_id, r.state, r.archive FROM restrictions r \
     WHERE r.post_id = $1 AND r.state NOT IN ('lifted') ORDER BY r.media_id";
const ONE: &str =
    "SELECT decision_id, post_id, media_id, state, archive FROM restrictions WHERE decision_id = $1 AND post_id = $2 AND media_id = $3";
const SET_STATE: &str = "UPDATE restrictions SET state = $4, archive = $5 WHERE decision_id = $1 AND post_id = $2 AND media_id = $3";
const LIGHTEN_POST: &str = "UPDATE posts SET removed = NULL, revision = revision + 1 WHERE id = $2 AND removed = $1";
const LIGHTEN_MEDIUM: &str = "UPDATE media SET removed = NULL, state = (SELECT before FROM restrictions r WHERE r.decision_id = $1 AND r.post_id = media.post_id AND r.media_id = media.id) \
     WHERE id = $2 AND removed = $1";
// Undone before it was in quarantine, or where it was only covered: all at once.
const LIGHTEN_POSTS: &str = "UPDATE posts SET removed = NULL, revision = revision + 1 WHERE removed = $1 AND id IN \
     (SELECT post_id FROM restrictions WHERE decision_id = $1 AND media_id = '' AND state = 'dark' AND ($2 = '' OR post_id = $2))";
const LIGHTEN_MEDIA: &str = "UPDATE media SET removed = NULL, state = (SELECT before FROM restrictions r WHERE r.decision_id = $1 AND r.post_id = media.post_id AND r.media_id = media.id) \
     WHERE removed = $1 AND id IN (SELECT media_id FROM restrictions WHERE decision_id = $1 AND media_id <> '' AND state = 'dark' AND ($2 = '' OR post_id = $2))";
const UNCOVER_POSTS: &str = "UPDATE posts SET sensitive = 0, revision = revision + 1 WHERE id IN \
     (SELECT post_id FROM restrictions WHERE decision_id = $1 AND media_id = '' AND state = 'covered' AND ($2 = '' OR post_id = $2))";
const UNCOVER_MEDIA: &str = "UPDATE media SET sensitive = 0 WHERE id IN (SELECT media_id FROM restrictions WHERE decision_id = $1 AND media_id <> '' AND state = 'covered' AND ($2 = '' OR post_id = $2))";
const LIFT: &str = "UPDATE restrictions SET state = 'lifted' WHERE decision_id = $1 AND state IN ('dark', 'covered', 'withheld') AND ($2 = '' OR post_id = $2)";
// What held it before is not asked again.
const RELEASE_MATCHES: &str = "UPDATE matches SET state = 'released', decision_id = NULL WHERE decision_id = $1 AND post_id = $2";
const RELEASE_POST: &str = "UPDATE posts SET held = 0 WHERE id = $2 AND EXISTS (SELECT 1 FROM restrictions r WHERE r.decision_id = $1 AND r.post_id = $2 AND r.media_id = '')";
const RELEASE_MEDIA: &str = "UPDATE restrictions SET before = 'ready' WHERE decision_id = $1 AND post_id = $2 AND before = 'waiting'";
const WITHHELD: &str = "SELECT r.media_id, d.countries, d.id FROM restrictions r JOIN decisions d ON d.id = r.decision_id \
     WHERE r.post_id = $1 AND r.state = 'withheld' ORDER BY r.media_id, d.created_ms";
const DARK_OF: &str =
    "SELECT decision_id, post_id, media_id, state, archive FROM restrictions WHERE post_id = $1 AND state = 'dark' ORDER BY media_id";
// A medium comes back into a post that another decision has made dark meanwhile: it is dark with it.
const HAND_ON: &str = "INSERT INTO restrictions (decision_id, post_id, media_id, before, state) SELECT p.removed, m.post_id, m.id, m.state, 'dark' \
     FROM media m JOIN posts p ON p.id = m.post_id WHERE m.id = $1 ON CONFLICT DO NOTHING";
const DARKEN_MORE: &str = "UPDATE media SET removed = $1, state = 'removed' WHERE removed IS NULL AND id IN \
     (SELECT media_id FROM restrictions WHERE decision_id = $1 AND media_id <> '' AND state = 'dark')";
const CAME_INTO_DARK: &str = "SELECT m.id, d.id, d.destroyed_ms FROM restrictions r JOIN media m ON m.id = r.media_id JOIN posts p ON p.id = m.post_id \
     JOIN decisions d ON d.id = p.removed WHERE r.decision_id = $1 AND d.id <> $1 AND m.removed IS NULL AND m.state IN ('ready', 'waiting')";
const COUNT_STATE: &str = "SELECT count(*) FROM restrictions WHERE decision_id = $1 AND state = $2";
const EMPTY_POST: &str = "UPDATE posts SET title = NULL, text = '', html = '', language = NULL WHERE id = $1";
const EMPTY_MEDIUM: &str = "UPDATE media SET name = NULL, caption = NULL, alt = NULL, thumbhash = NULL WHERE id = $1";
const FILL_POST: &str = "UPDATE posts SET title = $2, text = $3, html = $4, language = $5 WHERE id = $1";
const FILL_MEDIUM: &str = "UPDATE media SET name = $2, caption = $3, alt = $4, thumbhash = $5 WHERE id = $1";

const QUARANTINE: &str =
    "INSERT INTO quarantined (decision_id, sha256, object_key, size_bytes) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
const QUARANTINED: &str = "SELECT sha256, object_key, size_bytes FROM quarantined WHERE decision_id = $1 AND sha256 = $2";
const ALL_QUARANTINED: &str = "SELECT object_key FROM quarantined WHERE decision_id = $1 UNION SELECT archive FROM restrictions WHERE decision_id = $1 AND archive IS NOT NULL";
const CLEAR_QUARANTINE: &str = "DELETE FROM quarantined WHERE decision_id = $1";
const CLEAR_ARCHIVES: &str = "UPDATE restrictions SET archive = NULL, state = CASE WHEN state = 'quarantined' THEN 'destroyed' ELSE state END WHERE decision_id = $1 \
     AND (archive IS NOT NULL OR state = 'quarantined')";
const BANK_SUBJECT: &str = "INSERT INTO signals (item_id, number, kind, version, bytes) \
     SELECT $1, $4 + row_number() OVER (ORDER BY kind), kind, version, bytes FROM fingerprints WHERE post_id = $2 AND media_id = $3";
const SIGNALS: &str = "SELECT count(*) FROM signals WHERE item_id = $1";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[
    INSERT,
    FIND,
    OF_CASE,
    LATEST,
    SET_TOKEN,
    BY_TOKEN,
    LAST_CATEGORY,
    LAST_GROUNDS,
    OVERTURNED,
    FORGET,
    UNDO,
    STANDS,
    FORGET_KEY,
    REACH_POST,
    REACH_MEDIUM,
    REACH_POSTS,
    REACH_MEDIA,
    DARKEN_POSTS,
    DARKEN_MEDIA,
    COVER_POSTS,
    COVER_MEDIA,
    TOUCH_POSTS,
    TOUCH_REACHED,
    REACH_STILLS,
    SETTLE_MATCHES,
    TALLY,
    IN_STATE,
    OF_POST,
    ONE,
    SET_STATE,
    LIGHTEN_POST,
    LIGHTEN_MEDIUM,
    LIGHTEN_POSTS,
    LIGHTEN_MEDIA,
    UNCOVER_POSTS,
    UNCOVER_MEDIA,
    LIFT,
    RELEASE_MATCHES,
    RELEASE_POST,
    RELEASE_MEDIA,
    WITHHELD,
    DARK_OF,
    HAND_ON,
    DARKEN_MORE,
    CAME_INTO_DARK,
    COUNT_STATE,
    EMPTY_POST,
    EMPTY_MEDIUM,
    FILL_POST,
    FILL_MEDIUM,
    QUARANTINE,
    QUARANTINED,
    ALL_QUARANTINED,
    CLEAR_QUARANTINE,
    CLEAR_ARCHIVES,
    BANK_SUBJECT,
    SIGNALS,
];

/// What a decision did, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Posts as a whole.
    pub posts: i64,
    /// Media.
    pub media: i64,
    /// Posts that any of it stands in.
    pub in_posts: i64,
    /// Posts that it was lifted from.
    pub given_back: i64,
}

/// Writes a decision down.
pub async fn insert(tx: &mut Tx, row: &DecisionRow) -> Result<()> {
    let decision = &row.decision;
    let countries: Vec<&str> = decision.countries.iter().map(Jurisdiction::as_str).collect();
    let json = |composed| serde_json::to_string(&composed).map_err(|_| corrupt("decisions", "composed", row.id.as_str()));
    let composed = decision.composed.map(json).transpose()?;
    write!(tx, conn => sqlx::query(INSERT)
        .bind(row.id.as_str()).bind(row.case_id.as_str()).bind(decision.action.as_str()).bind(decision.ground.as_str()).bind(&decision.reference)
        .bind(&decision.facts).bind(row.category.map(Category::as_str)).bind(row.origin.as_str()).bind(&row.moderator)
        .bind(row.item.as_ref().map(ItemId::as_str)).bind(&row.key).bind(row.keep_until.0).bind(&row.blind[..]).bind(&row.commitment[..])
        .bind(row.created.0).bind(row.policy_version).bind(row.silent_until.map(|until| until.0)).bind(countries.join(" ")).bind(composed)
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// How often somebody's decisions did not stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overturned {
    /// Whose; `None`: of the command line.
    pub name: Option<String>,
    /// Decisions.
    pub decisions: i64,
    /// That were undone, by an appeal or without one.
    pub undone: i64,
    /// That somebody appealed against.
    pub appealed: i64,
    /// That an appeal overturned.
    pub overturned: i64,
}

/// Says by what the form was known that a decision came from.
pub async fn set_token(tx: &mut Tx, id: &DecisionId, token: &str) -> Result<()> {
    write!(tx, conn => sqlx::query(SET_TOKEN).bind(id.as_str()).bind(token).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// The decision that came from this form.
pub async fn by_token(db: &Db, token: &str) -> Result<Option<DecisionId>> {
    let id: Option<String> = read!(db, conn => sqlx::query_scalar(BY_TOKEN).bind(token).fetch_optional(conn).await)?;
    id.map(|id| DecisionId::parse(&id).ok_or_else(|| corrupt("decisions", "id", &id))).transpose()
}

/// Of what category the case was that somebody decided last, after this time; `None`: they decided none, or it had none.
pub async fn last_category(tx: &mut Tx, by: &ModeratorId, after: Time) -> Result<Option<Category>> {
    let found: Option<Option<String>> =
        write!(tx, conn => sqlx::query_scalar(LAST_CATEGORY).bind(by.as_str()).bind(after.0).fetch_optional(conn).await)?;
    found.flatten().map(|name| Category::parse(&name).ok_or_else(|| corrupt("decisions", "category", by.as_str()))).transpose()
}

/// On what grounds somebody decided, the latest first; not more than `limit` decisions are looked at.
pub async fn last_grounds(db: &Db, by: &ModeratorId, limit: i64) -> Result<Vec<(Ground, String)>> {
    let rows: Vec<(String, String)> = read!(db, conn => sqlx::query_as(LAST_GROUNDS).bind(by.as_str()).bind(limit).fetch_all(conn).await)?;
    let ground = |(ground, reference): (String, String)| {
        Ok((Ground::parse(&ground).ok_or_else(|| corrupt("decisions", "ground", by.as_str()))?, reference))
    };
    rows.into_iter().map(ground).collect()
}

/// How often whose decisions did not stand; who decided most first.
pub async fn overturned(db: &Db) -> Result<Vec<Overturned>> {
    type Row = (Option<String>, Option<String>, i64, i64, i64, i64);
    let rows: Vec<Row> = read!(db, conn => sqlx::query_as(OVERTURNED).fetch_all(conn).await)?;
    let one = |(id, name, decisions, undone, appealed, overturned): Row| Overturned {
        name: name.or(id),
        decisions,
        undone,
        appealed,
        overturned,
    };
    Ok(rows.into_iter().map(one).collect())
}

/// Takes a decision back that has reached nothing.
pub async fn forget(tx: &mut Tx, id: &DecisionId) -> Result<()> {
    write!(tx, conn => sqlx::query(FORGET).bind(id.as_str()).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// The decision of this id.
pub async fn find(db: &Db, id: &DecisionId) -> Result<Option<DecisionRow>> {
    let row: Option<Columns> = read!(db, conn => sqlx::query_as(FIND).bind(id.as_str()).fetch_optional(conn).await)?;
    row.map(decision).transpose()
}

/// The decisions on a case, the oldest first; not what was kept of it although its poster took it away.
pub async fn of_case(db: &Db, id: &CaseId) -> Result<Vec<DecisionRow>> {
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(OF_CASE).bind(id.as_str()).fetch_all(conn).await)?;
    rows.into_iter().map(decision).collect()
}

/// At most `limit` decisions, the newest first, from after the one at this time with this id.
pub async fn latest(db: &Db, after: Option<(Time, &DecisionId)>, limit: i64) -> Result<Vec<DecisionRow>> {
    let (at, id) = after.map_or((i64::MAX, ""), |(at, id)| (at.0, id.as_str()));
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(LATEST).bind(at).bind(id).bind(limit).fetch_all(conn).await)?;
    rows.into_iter().map(decision).collect()
}

/// The decisions of these ids, in no order.
pub async fn named(db: &Db, ids: &[&DecisionId]) -> Result<Vec<DecisionRow>> {
    let sql = db.text(dialect::DECISIONS);
    let ids = serde_json::Value::from(ids.iter().map(|id| id.as_str()).collect::<Vec<_>>()).to_string();
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(sql).bind(&ids).fetch_all(conn).await)?;
    rows.into_iter().map(decision).collect()
}

/// By which decisions these posts, and media of them, are dark, withheld or covered: what does least first, so that the last one says how
/// something stands.
pub async fn restricting(db: &Db, posts: &[&domain::PostId]) -> Result<Vec<(Subject, DecisionId)>> {
    let sql = db.text(dialect::RESTRICTED);
    let posts = serde_json::Value::from(posts.iter().map(|id| id.as_str()).collect::<Vec<_>>()).to_string();
    let rows: Vec<(String, String, String)> = read!(db, conn => sqlx::query_as(sql).bind(&posts).fetch_all(conn).await)?;
    rows.into_iter()
        .map(|(post, medium, id)| {
            let decision = DecisionId::parse(&id).ok_or_else(|| corrupt("decisions", "id", &id))?;
            Ok((Subject::parse("restrictions", &post, &medium)?, decision))
        })
        .collect()
}

/// Reaches a case's subject, and with `alike` what is taken of its members; and does what is decided to all of it.
pub async fn carry_out(tx: &mut Tx, id: &DecisionId, action: Action, case: &CaseId, subject: &Subject, alike: bool) -> Result<Reach> {
    let state = match action {
        Action::NoAction => return Ok(Reach::default()),
        Action::Cover => RestrictionState::Covered,
        Action::Withhold => RestrictionState::Withheld,
        Action::Remove | Action::Preserve => RestrictionState::Dark,
    };
    let (id, state) = (id.as_str(), state.as_str());
    match &subject.media_id {
        None => {
            write!(tx, conn => sqlx::query(REACH_POST).bind(id).bind(subject.post_id.as_str()).bind(state).execute(conn).await.map(|_| ()))?
        }
        Some(medium) => write!(tx, conn => sqlx::query(REACH_MEDIUM)
            .bind(id).bind(subject.post_id.as_str()).bind(medium.as_str()).bind(state).execute(conn).await.map(|_| ()))?,
    }
    if alike {
        for sql in [REACH_POSTS, REACH_MEDIA] {
            write!(tx, conn => sqlx::query(sql).bind(id).bind(case.as_str()).bind(state).execute(conn).await.map(|_| ()))?;
        }
    }
    if state == RestrictionState::Dark.as_str() {
        write!(tx, conn => sqlx::query(REACH_STILLS).bind(id).bind(state).execute(conn).await.map(|_| ()))?;
    }
    let acts: &[&'static str] = match action {
        Action::Remove | Action::Preserve => &[DARKEN_POSTS, DARKEN_MEDIA, TOUCH_POSTS, SETTLE_MATCHES],
        // Each request asks where it comes from.
        Action::Withhold => &[TOUCH_REACHED],
        _ => &[COVER_POSTS, COVER_MEDIA, TOUCH_POSTS],
    };
    for sql in acts {
        write!(tx, conn => sqlx::query(*sql).bind(id).execute(conn).await.map(|_| ()))?;
    }
    let tally: Tally = write!(tx, conn => sqlx::query_as(TALLY).bind(id).fetch_one(conn).await)?;
    Ok(tallied(tally))
}

/// What a decision reached.
pub async fn reach(db: &Db, id: &DecisionId) -> Result<Reach> {
    let tally: Tally = read!(db, conn => sqlx::query_as(TALLY).bind(id.as_str()).fetch_one(conn).await)?;
    Ok(tallied(tally))
}

type Tally = (i64, i64, i64, i64);

fn tallied((posts, media, in_posts, given_back): Tally) -> Reach {
    Reach { posts, media, in_posts, given_back }
}

/// Up to `limit` of what a decision reached that stands so, after `after`.
pub async fn in_state(
    db: &Db,
    id: &DecisionId,
    state: RestrictionState,
    after: Option<&Subject>,
    limit: i64,
) -> Result<Vec<RestrictionRow>> {
    let (post, medium) = after.map_or(("", ""), |subject| (subject.post_id.as_str(), subject.medium()));
    let rows: Vec<RestrictionColumns> = read!(db, conn => sqlx::query_as(IN_STATE)
        .bind(id.as_str()).bind(state.as_str()).bind(post).bind(medium).bind(limit).fetch_all(conn).await)?;
    rows.into_iter().map(restriction).collect()
}

/// What stands restricted of a post and its media.
pub async fn of_post(db: &Db, post: &domain::PostId) -> Result<Vec<RestrictionRow>> {
    let rows: Vec<RestrictionColumns> = read!(db, conn => sqlx::query_as(OF_POST).bind(post.as_str()).fetch_all(conn).await)?;
    rows.into_iter().map(restriction).collect()
}

/// What is withheld somewhere of a post and its media: a medium, or `None` for all of it; where; and by which decision.
pub async fn withheld(db: &Db, post: &domain::PostId) -> Result<Vec<(Option<MediaId>, Vec<Jurisdiction>, DecisionId)>> {
    let rows: Vec<(String, String, String)> = read!(db, conn => sqlx::query_as(WITHHELD).bind(post.as_str()).fetch_all(conn).await)?;
    let parsed = |(medium, text, decision): (String, String, String)| {
        let countries = countries(&decision, &text)?;
        let subject = Subject::parse("restrictions", post.as_str(), &medium)?;
        Ok((subject.media_id, countries, DecisionId::parse(&decision).ok_or_else(|| corrupt("decisions", "id", &decision))?))
    };
    rows.into_iter().map(parsed).collect()
}

/// What is dark of a post and its media, and not in quarantine yet.
pub async fn dark_of(db: &Db, post: &domain::PostId) -> Result<Vec<RestrictionRow>> {
    let rows: Vec<RestrictionColumns> = read!(db, conn => sqlx::query_as(DARK_OF).bind(post.as_str()).fetch_all(conn).await)?;
    rows.into_iter().map(restriction).collect()
}

/// Whether something of a post is dark and not in quarantine yet; a decision on it waits until this change is made.
pub async fn has_dark(tx: &mut Tx, post: &domain::PostId) -> Result<bool> {
    crate::posts::touch(tx, post.as_str()).await?;
    let rows: Vec<RestrictionColumns> = write!(tx, conn => sqlx::query_as(DARK_OF).bind(post.as_str()).fetch_all(conn).await)?;
    Ok(!rows.is_empty())
}

/// Whether a decision still stands; nobody undoes it, and nobody destroys what it took away, until this change is made.
pub async fn stands(tx: &mut Tx, id: &DecisionId) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(STANDS).bind(id.as_str()).execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Reaches stills that were given to videos on their way into the dark. The caller holds the decision.
pub async fn reach_stills(tx: &mut Tx, id: &DecisionId) -> Result<()> {
    write!(tx, conn => sqlx::query(REACH_STILLS).bind(id.as_str()).bind(RestrictionState::Dark.as_str()).execute(conn).await.map(|_| ()))?;
    for sql in [DARKEN_MORE, TOUCH_POSTS] {
        write!(tx, conn => sqlx::query(sql).bind(id.as_str()).execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}

/// Media that an undone decision brings back into posts that other decisions have made dark meanwhile are dark with those, or destroyed with
/// what these destroyed; gives the decisions that have to be settled again.
pub async fn hand_on(tx: &mut Tx, id: &DecisionId, now: Time) -> Result<Vec<DecisionId>> {
    let rows: Vec<(String, String, Option<i64>)> =
        write!(tx, conn => sqlx::query_as(CAME_INTO_DARK).bind(id.as_str()).fetch_all(conn).await)?;
    let mut to = Vec::new();
    for (medium, other, destroyed) in rows {
        if destroyed.is_some() {
            crate::media::remove(tx, &MediaId::parse(&medium).ok_or_else(|| corrupt("media", "id", &medium))?, now).await?;
            continue;
        }
        write!(tx, conn => sqlx::query(HAND_ON).bind(&medium).execute(conn).await.map(|_| ()))?;
        write!(tx, conn => sqlx::query(DARKEN_MORE).bind(&other).execute(conn).await.map(|_| ()))?;
        to.push(DecisionId::parse(&other).ok_or_else(|| corrupt("posts", "removed", &other))?);
    }
    to.sort_unstable();
    to.dedup();
    Ok(to)
}

/// How a restriction stands in this change.
pub async fn look(tx: &mut Tx, id: &DecisionId, subject: &Subject) -> Result<Option<RestrictionRow>> {
    let row: Option<RestrictionColumns> = write!(tx, conn => sqlx::query_as(ONE)
        .bind(id.as_str()).bind(subject.post_id.as_str()).bind(subject.medium()).fetch_optional(conn).await)?;
    row.map(restriction).transpose()
}

/// Says how a restriction stands from now on.
pub async fn set_state(tx: &mut Tx, row: &RestrictionRow, state: RestrictionState, archive: Option<&str>) -> Result<()> {
    write!(tx, conn => sqlx::query(SET_STATE)
        .bind(row.decision_id.as_str()).bind(row.subject.post_id.as_str()).bind(row.subject.medium()).bind(state.as_str()).bind(archive)
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Words of a post, or what is said of a medium, as they are taken out of its row and put back.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Words {
    /// Of a post; of a medium its file's name.
    pub title: Option<String>,
    /// Of a post; of a medium its caption.
    pub text: Option<String>,
    /// Of a post; of a medium what it shows.
    pub html: Option<String>,
    /// Of a post.
    pub language: Option<String>,
    /// Of a medium: its placeholder.
    pub thumbhash: Option<Vec<u8>>,
}

/// Takes the words out of a row, and queues their scrubbing.
pub async fn empty(tx: &mut Tx, subject: &Subject, now: Time) -> Result<()> {
    let (sql, id) = match &subject.media_id {
        Some(medium) => (EMPTY_MEDIUM, medium.as_str()),
        None => (EMPTY_POST, subject.post_id.as_str()),
    };
    write!(tx, conn => sqlx::query(sql).bind(id).execute(conn).await.map(|_| ()))?;
    jobs::scrub(tx, now).await
}

/// Puts the words back into a row.
pub async fn fill(tx: &mut Tx, subject: &Subject, words: &Words) -> Result<()> {
    match &subject.media_id {
        Some(medium) => write!(tx, conn => sqlx::query(FILL_MEDIUM)
            .bind(medium.as_str()).bind(&words.title).bind(&words.text).bind(&words.html).bind(&words.thumbhash)
            .execute(conn).await.map(|_| ()))?,
        None => write!(tx, conn => sqlx::query(FILL_POST)
            .bind(subject.post_id.as_str()).bind(&words.title).bind(words.text.as_deref().unwrap_or_default())
            .bind(words.html.as_deref().unwrap_or_default()).bind(&words.language)
            .execute(conn).await.map(|_| ()))?,
    }
    Ok(())
}

/// Makes a subject what it was before a decision made it dark.
pub async fn lighten(tx: &mut Tx, id: &DecisionId, subject: &Subject) -> Result<()> {
    match &subject.media_id {
        Some(medium) => {
            crate::posts::touch(tx, subject.post_id.as_str()).await?;
            write!(tx, conn => sqlx::query(LIGHTEN_MEDIUM).bind(id.as_str()).bind(medium.as_str()).execute(conn).await.map(|_| ()))?;
        }
        None => {
            write!(tx, conn => sqlx::query(LIGHTEN_POST).bind(id.as_str()).bind(subject.post_id.as_str()).execute(conn).await.map(|_| ()))?;
        }
    }
    Ok(())
}

/// Undoes a decision; `None` if it was undone or destroyed before, else how much of what it took away is in quarantine and has to be brought back
/// from there. All the rest stands again as it was.
pub async fn undo(tx: &mut Tx, id: &DecisionId, now: Time) -> Result<Option<i64>> {
    let rows = write!(tx, conn => sqlx::query(UNDO).bind(id.as_str()).bind(now.0).execute(conn).await.map(|done| done.rows_affected()))?;
    if rows == 0 {
        return Ok(None);
    }
    holds::unsettle(tx, id).await?;
    touch_posts(tx, id).await?;
    lift(tx, id, "").await?;
    count(tx, id, RestrictionState::Quarantined).await.map(Some)
}

/// What a decision took of one post stands again as it was, but for what is in quarantine. The caller holds the decision.
pub async fn give_back(tx: &mut Tx, id: &DecisionId, post: &domain::PostId) -> Result<()> {
    crate::posts::touch(tx, post.as_str()).await?;
    lift(tx, id, post.as_str()).await
}

/// Whatever held what a decision took of this post holds it no more when it comes back.
pub async fn release(tx: &mut Tx, id: &DecisionId, post: &domain::PostId) -> Result<()> {
    for sql in [RELEASE_MATCHES, RELEASE_POST, RELEASE_MEDIA] {
        write!(tx, conn => sqlx::query(sql).bind(id.as_str()).bind(post.as_str()).execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}

/// `post`: what is lifted is of this one; empty: of all.
async fn lift(tx: &mut Tx, id: &DecisionId, post: &str) -> Result<()> {
    for sql in [LIGHTEN_POSTS, LIGHTEN_MEDIA, UNCOVER_POSTS, UNCOVER_MEDIA, LIFT] {
        write!(tx, conn => sqlx::query(sql).bind(id.as_str()).bind(post).execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}

/// How much of what a decision reached stands so.
pub async fn count(tx: &mut Tx, id: &DecisionId, state: RestrictionState) -> Result<i64> {
    Ok(write!(tx, conn => sqlx::query_scalar(COUNT_STATE).bind(id.as_str()).bind(state.as_str()).fetch_one(conn).await)?)
}

/// Says where bytes are in quarantine; `false` if they are there already.
pub async fn quarantine(tx: &mut Tx, id: &DecisionId, row: &QuarantinedRow) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(QUARANTINE)
        .bind(id.as_str()).bind(&row.sha256[..]).bind(&row.object_key).bind(row.size_bytes)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Where these bytes are in a decision's quarantine.
pub async fn quarantined(db: &Db, id: &DecisionId, sha256: &[u8; 32]) -> Result<Option<QuarantinedRow>> {
    let row: Option<(Vec<u8>, String, i64)> =
        read!(db, conn => sqlx::query_as(QUARANTINED).bind(id.as_str()).bind(&sha256[..]).fetch_optional(conn).await)?;
    row.map(|(sha256, object_key, size_bytes)| {
        let sha256 = sha256.try_into().map_err(|_| corrupt("quarantined", "sha256", id.as_str()))?;
        Ok(QuarantinedRow { sha256, object_key, size_bytes })
    })
    .transpose()
}

/// Forgets a decision's quarantine: the deletion of its objects is queued.
pub(crate) async fn clear_quarantine(tx: &mut Tx, id: &DecisionId, now: Time) -> Result<()> {
    let keys: Vec<String> = write!(tx, conn => sqlx::query_scalar(ALL_QUARANTINED).bind(id.as_str()).fetch_all(conn).await)?;
    for sql in [CLEAR_QUARANTINE, CLEAR_ARCHIVES] {
        write!(tx, conn => sqlx::query(sql).bind(id.as_str()).execute(conn).await.map(|_| ()))?;
    }
    for key in keys {
        jobs::delete_object(tx, &key, now).await?;
    }
    Ok(())
}

/// Everything was put back: the quarantine and its key are of no use any more.
pub async fn end_quarantine(tx: &mut Tx, id: &DecisionId, now: Time) -> Result<()> {
    write!(tx, conn => sqlx::query(FORGET_KEY).bind(id.as_str()).execute(conn).await.map(|_| ()))?;
    clear_quarantine(tx, id, now).await
}

/// What is kept in memory of the posts that a decision reached is made anew.
pub async fn touch_posts(tx: &mut Tx, id: &DecisionId) -> Result<()> {
    write!(tx, conn => sqlx::query(TOUCH_REACHED).bind(id.as_str()).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Puts all that a subject is known by into an item of a bank, and says how many signals that item has then.
pub async fn bank(tx: &mut Tx, item: &ItemId, subject: &Subject, after: i64) -> Result<i64> {
    write!(tx, conn => sqlx::query(BANK_SUBJECT)
        .bind(item.as_str()).bind(subject.post_id.as_str()).bind(subject.medium()).bind(after).execute(conn).await.map(|_| ()))?;
    Ok(write!(tx, conn => sqlx::query_scalar(SIGNALS).bind(item.as_str()).fetch_one(conn).await)?)
}

type RestrictionColumns = (String, String, String, String, Option<String>);

fn restriction((decision, post, medium, state, archive): RestrictionColumns) -> Result<RestrictionRow> {
    Ok(RestrictionRow {
        subject: Subject::parse("restrictions", &post, &medium)?,
        state: RestrictionState::parse(&state).ok_or_else(|| corrupt("restrictions", "state", &decision))?,
        archive,
        decision_id: DecisionId::parse(&decision).ok_or_else(|| corrupt("restrictions", "decision_id", &decision))?,
    })
}

fn countries(id: &str, text: &str) -> Result<Vec<Jurisdiction>> {
    let countries = text.split_whitespace().map(Jurisdiction::parse).collect::<Option<Vec<_>>>();
    countries.ok_or_else(|| corrupt("decisions", "countries", id))
}

fn decision(row: Columns) -> Result<DecisionRow> {
    let id = row.id;
    let bytes = |bytes: Vec<u8>, column| <[u8; 32]>::try_from(bytes).map_err(|_| corrupt("decisions", column, &id));
    Ok(DecisionRow {
        case_id: CaseId::parse(&row.case_id).ok_or_else(|| corrupt("decisions", "case_id", &id))?,
        decision: Decision {
            action: Action::parse(&row.action).ok_or_else(|| corrupt("decisions", "action", &id))?,
            ground: Ground::parse(&row.ground).ok_or_else(|| corrupt("decisions", "ground", &id))?,
            reference: row.reference,
            facts: row.facts,
            composed: row
                .composed
                .map(|text| serde_json::from_str(&text).map_err(|_| corrupt("decisions", "composed", &id)))
                .transpose()?,
            countries: countries(&id, &row.countries)?,
        },
        category: row.category.map(|name| Category::parse(&name).ok_or_else(|| corrupt("decisions", "category", &id))).transpose()?,
        origin: Origin::parse(&row.source).ok_or_else(|| corrupt("decisions", "source", &id))?,
        moderator: row.moderator_id,
        item: row.item_id.map(|item| ItemId::parse(&item).ok_or_else(|| corrupt("decisions", "item_id", &id))).transpose()?,
        key: row.quarantine_key,
        keep_until: Time(row.keep_until_ms),
        blind: bytes(row.blind, "blind")?,
        commitment: bytes(row.commitment, "commitment")?,
        created: Time(row.created_ms),
        policy_version: row.policy_version,
        undone: row.undone_ms.map(Time),
        destroyed: row.destroyed_ms.map(Time),
        silent_until: row.silent_until_ms.map(Time),
        id: DecisionId::parse(&id).ok_or_else(|| corrupt("decisions", "id", &id))?,
    })
}
