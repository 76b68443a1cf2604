//! Notices, and what the posts that they are about said at that moment.

use domain::{CaseId, Category, FilingId, Notice, NoticeId, NoticeKind, PostId, Receipt, Time};

use crate::db::{read, write};
use crate::{Db, Result, Tx, corrupt};

/// A notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeRow {
    /// Its id.
    pub id: NoticeId,
    /// The case that it opened or joined.
    pub case_id: CaseId,
    /// What it says.
    pub notice: Notice,
    /// What a party filed, which this is a part of; `None`: nobody who gave it is registered.
    pub filing: Option<FilingId>,
    /// The language that it was written in, by the page that it was written on.
    pub language: Option<String>,
    /// The state of the post that it was about.
    pub version: i64,
    /// When it came.
    pub created: Time,
    /// The notice whose words it says once more, or nearly.
    pub echo_of: Option<NoticeId>,
}

/// What a post said at a moment. Its media are named by their ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The post.
    pub post_id: PostId,
    /// Which state of it.
    pub version: i64,
    /// Its title.
    pub title: Option<String>,
    /// Its words, Markdown.
    pub text: String,
    /// Its media, JSON: `[{"id", "caption", "alt"}]`.
    pub media: String,
    /// When.
    pub taken: Time,
}

type Columns =
    (String, String, String, String, String, Option<String>, Option<String>, Option<String>, Option<String>, i64, i64, Option<String>);

const INSERT: &str = "INSERT INTO notices (id, case_id, receipt_hash, kind, category, explanation, name, email, filing_id, language, version, created_ms, echo_of) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
const OF_CASE: &str = "SELECT id, case_id, kind, category, explanation, name, email, filing_id, language, version, created_ms, echo_of FROM notices \
     WHERE case_id = $1 AND withdrawn = 0 ORDER BY created_ms, id LIMIT $2";
// Words that nobody said before.
const SAID: &str = "SELECT id, explanation FROM notices WHERE case_id = $1 AND echo_of IS NULL AND filing_id IS NULL AND explanation <> '' \
     ORDER BY created_ms DESC, id DESC LIMIT $2";
const BY_RECEIPT: &str = "SELECT id, case_id, kind, category, explanation, name, email, filing_id, language, version, created_ms, echo_of FROM notices WHERE receipt_hash = $1 ORDER BY id";
const FIND: &str = "SELECT id, case_id, kind, category, explanation, name, email, filing_id, language, version, created_ms, echo_of FROM notices WHERE id = $1";
const GIVEN_WITH: &str = "SELECT id, case_id, kind, category, explanation, name, email, filing_id, language, version, created_ms, echo_of FROM notices \
     WHERE receipt_hash = (SELECT receipt_hash FROM notices WHERE id = $1) ORDER BY id";
const TAKE: &str =
    "INSERT INTO snapshots (post_id, version, title, text, media, taken_ms) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
const SNAPSHOTS: &str = "SELECT version, title, text, media, taken_ms FROM snapshots WHERE post_id = $1 ORDER BY version";
const FORGET: &str = "DELETE FROM snapshots WHERE post_id = $1";
const SET_MEDIA: &str = "UPDATE snapshots SET media = $3 WHERE post_id = $1 AND version = $2";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[INSERT, OF_CASE, SAID, BY_RECEIPT, FIND, GIVEN_WITH, TAKE, SNAPSHOTS, FORGET, SET_MEDIA];

/// Writes a notice down.
pub async fn insert(tx: &mut Tx, row: &NoticeRow, receipt: &Receipt) -> Result<()> {
    let notice = &row.notice;
    write!(tx, conn => sqlx::query(INSERT)
        .bind(row.id.as_str()).bind(row.case_id.as_str()).bind(&receipt.hash()[..]).bind(notice.kind.as_str()).bind(notice.category.as_str())
        .bind(&notice.explanation).bind(&notice.name).bind(&notice.email).bind(row.filing.as_ref().map(FilingId::as_str)).bind(&row.language).bind(row.version).bind(row.created.0)
        .bind(row.echo_of.as_ref().map(NoticeId::as_str))
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// At most `limit` notices of a case, the oldest first.
pub async fn of_case(db: &Db, id: &CaseId, limit: i64) -> Result<Vec<NoticeRow>> {
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(OF_CASE).bind(id.as_str()).bind(limit).fetch_all(conn).await)?;
    rows.into_iter().map(notice).collect()
}

/// What was said of a case by people who are not registered, and that nobody had said before: at most `limit`, the newest first.
pub async fn said(tx: &mut Tx, id: &CaseId, limit: i64) -> Result<Vec<(NoticeId, String)>> {
    let rows: Vec<(String, String)> = write!(tx, conn => sqlx::query_as(SAID).bind(id.as_str()).bind(limit).fetch_all(conn).await)?;
    rows.into_iter().map(|(id, words)| Ok((NoticeId::parse(&id).ok_or_else(|| corrupt("notices", "id", &id))?, words))).collect()
}

/// The notices that this receipt was given for: one for each subject.
pub async fn by_receipt(db: &Db, receipt: &Receipt) -> Result<Vec<NoticeRow>> {
    let hash = receipt.hash();
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(BY_RECEIPT).bind(&hash[..]).fetch_all(conn).await)?;
    rows.into_iter().map(notice).collect()
}

/// The notice of this id.
pub async fn find(db: &Db, id: &NoticeId) -> Result<Option<NoticeRow>> {
    let row: Option<Columns> = read!(db, conn => sqlx::query_as(FIND).bind(id.as_str()).fetch_optional(conn).await)?;
    row.map(notice).transpose()
}

/// The notices that were given together with this one, and itself.
pub async fn given_with(db: &Db, id: &NoticeId) -> Result<Vec<NoticeRow>> {
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(GIVEN_WITH).bind(id.as_str()).fetch_all(conn).await)?;
    rows.into_iter().map(notice).collect()
}

/// Keeps what a post says, if this state of it is not kept yet.
pub async fn take_snapshot(tx: &mut Tx, snapshot: &Snapshot) -> Result<()> {
    write!(tx, conn => sqlx::query(TAKE)
        .bind(snapshot.post_id.as_str()).bind(snapshot.version).bind(&snapshot.title).bind(&snapshot.text).bind(&snapshot.media).bind(snapshot.taken.0)
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// What is kept of what a post said, the oldest state first.
pub async fn snapshots(db: &Db, post: &PostId) -> Result<Vec<Snapshot>> {
    let rows: Vec<SnapshotColumns> = read!(db, conn => sqlx::query_as(SNAPSHOTS).bind(post.as_str()).fetch_all(conn).await)?;
    Ok(rows.into_iter().map(|row| snapshot(post, row)).collect())
}

/// The same, as it stands in this change.
pub async fn look(tx: &mut Tx, post: &PostId) -> Result<Vec<Snapshot>> {
    let rows: Vec<SnapshotColumns> = write!(tx, conn => sqlx::query_as(SNAPSHOTS).bind(post.as_str()).fetch_all(conn).await)?;
    Ok(rows.into_iter().map(|row| snapshot(post, row)).collect())
}

/// Says anew what was said of media in a state of a post.
pub async fn set_media(tx: &mut Tx, snapshot: &Snapshot) -> Result<()> {
    write!(tx, conn => sqlx::query(SET_MEDIA)
        .bind(snapshot.post_id.as_str()).bind(snapshot.version).bind(&snapshot.media).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Forgets what a post said.
pub async fn forget_post(tx: &mut Tx, post: &PostId) -> Result<()> {
    write!(tx, conn => sqlx::query(FORGET).bind(post.as_str()).execute(conn).await.map(|_| ()))?;
    Ok(())
}

type SnapshotColumns = (i64, Option<String>, String, String, i64);

fn snapshot(post: &PostId, (version, title, text, media, taken): SnapshotColumns) -> Snapshot {
    Snapshot { post_id: post.clone(), version, title, text, media, taken: Time(taken) }
}

fn notice((id, case, kind, category, explanation, name, email, filing, language, version, created, echo_of): Columns) -> Result<NoticeRow> {
    Ok(NoticeRow {
        case_id: CaseId::parse(&case).ok_or_else(|| corrupt("notices", "case_id", &id))?,
        notice: Notice {
            kind: NoticeKind::parse(&kind).ok_or_else(|| corrupt("notices", "kind", &id))?,
            category: Category::parse(&category).ok_or_else(|| corrupt("notices", "category", &id))?,
            explanation,
            name,
            email,
        },
        filing: filing.map(|id| FilingId::parse(&id).ok_or_else(|| corrupt("notices", "filing_id", &id))).transpose()?,
        language,
        version,
        created: Time(created),
        echo_of: echo_of.map(|one| NoticeId::parse(&one).ok_or_else(|| corrupt("notices", "echo_of", &id))).transpose()?,
        id: NoticeId::parse(&id).ok_or_else(|| corrupt("notices", "id", &id))?,
    })
}
