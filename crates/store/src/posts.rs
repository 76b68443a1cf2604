//! Posts, and the marks that deleted ones leave: an id and a time, nothing of what was there.

use domain::{DecisionId, Language, PostId, Seal, Time, Wait};

use crate::db::{PATIENCE, read, write};
use crate::{Db, Result, Tx, corrupt, dialect, files, fingerprints, holds, jobs, matches, media, notices, opened};

/// A post.
#[derive(Clone, Debug, PartialEq)]
pub struct PostRow {
    /// Its link's path.
    pub id: PostId,
    /// SHA-256 of the manage link's secret.
    pub manage_hash: [u8; 32],
    /// One line.
    pub title: Option<String>,
    /// Markdown.
    pub text: String,
    /// The text, rendered and sanitised.
    pub html: String,
    /// Of the words.
    pub language: Option<Language>,
    /// On public lists.
    pub listed: bool,
    /// Covered until asked for.
    pub sensitive: bool,
    /// When it was published.
    pub created: Time,
    /// When its words or media were last changed.
    pub edited: Option<Time>,
    /// Its end.
    pub expires: Option<Time>,
    /// Grows with every change of the post or of its media.
    pub revision: i64,
    /// Its password's argon2id hash, in its own text form.
    pub password: Option<String>,
    /// How often it may still be opened.
    pub views_left: Option<i64>,
    /// The key of passes and media addresses, if it is not open to all.
    pub seal: Option<Seal>,
    /// Its words wait: nobody but who manages it sees them.
    pub held: bool,
    /// What all of it waits for: nobody but who manages it sees any of it.
    pub waits: Option<Wait>,
    /// Its links are plain words until then.
    pub links: Option<Time>,
    /// The decision that made it dark.
    pub removed: Option<DecisionId>,
}

impl PostRow {
    /// Whether its end has come at `now`.
    #[must_use]
    pub fn has_ended(&self, now: Time) -> bool {
        self.expires.is_some_and(|end| end <= now)
    }
}

/// Whether a post is there, and which of its revisions: all that has to be asked before something made from it is given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Grows with every change of what others may see of it.
    pub revision: i64,
    /// Its end.
    pub expires: Option<Time>,
    /// What opens it, if it is not open to all.
    pub seal: Option<Seal>,
}

type StandingColumns = (String, i64, Option<i64>, Option<Vec<u8>>);

#[derive(sqlx::FromRow)]
struct Columns {
    id: String,
    manage_hash: Vec<u8>,
    title: Option<String>,
    text: String,
    html: String,
    language: Option<String>,
    listed: i64,
    sensitive: i64,
    created_ms: i64,
    edited_ms: Option<i64>,
    expires_ms: Option<i64>,
    revision: i64,
    password: Option<String>,
    views_left: Option<i64>,
    seal: Option<Vec<u8>>,
    held: i64,
    public_ms: Option<i64>,
    links_ms: Option<i64>,
    removed: Option<String>,
}

const INSERT: &str = "INSERT INTO posts (id, manage_hash, title, text, html, language, listed, sensitive, created_ms, edited_ms, expires_ms, revision, password, views_left, seal, held, public_ms, links_ms) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
macro_rules! columns {
    () => {
        "id, manage_hash, title, text, html, language, listed, sensitive, created_ms, edited_ms, expires_ms, revision, password, views_left, seal, held, public_ms, links_ms, \
         removed"
    };
}
const FIND: &str = concat!("SELECT ", columns!(), " FROM posts WHERE id = $1");
const LOOK: &str = concat!("UPDATE posts SET revision = revision WHERE id = $1 RETURNING ", columns!());
// The state that the editor has seen is part of the question: of two edits of one state, the later one is told.
const EDIT: &str = "UPDATE posts SET title = $2, text = $3, html = $4, language = $5, listed = $6, \
     sensitive = CASE WHEN EXISTS (SELECT 1 FROM restrictions r WHERE r.post_id = posts.id AND r.media_id = '' AND r.state = 'covered') THEN 1 ELSE $7 END, edited_ms = $8, password = $9, seal = $10, \
     held = CASE WHEN $12 > held THEN $12 ELSE held END, public_ms = coalesce($13, public_ms), \
     links_ms = CASE WHEN links_ms >= coalesce(CAST($14 AS BIGINT), links_ms) THEN links_ms ELSE CAST($14 AS BIGINT) END, revision = revision + 1 WHERE id = $1 AND removed IS NULL AND ($11 < 0 OR coalesce(edited_ms, 0) = $11)";
// Somebody has to look at it first: that is no matter of the clock.
const LET_GO: &str = "UPDATE posts SET public_ms = NULL, revision = revision + 1 WHERE id = $1 AND public_ms IS NOT NULL";
const WAIT_AGAIN: &str = "UPDATE posts SET public_ms = $2, revision = revision + 1 WHERE id = $1";
const END_WAIT: &str = "UPDATE posts SET public_ms = NULL, revision = revision + 1 WHERE id = $1 AND public_ms <= $2";
const END_PLAIN: &str = "UPDATE posts SET links_ms = NULL, revision = revision + 1 WHERE id = $1 AND links_ms <= $2";
const SET_VIEWS: &str = "UPDATE posts SET views_left = $2 WHERE id = $1";
const TOUCH: &str = "UPDATE posts SET revision = revision + 1 WHERE id = $1";
const STAND_STILL: &str = "UPDATE posts SET revision = revision WHERE id = $1 RETURNING edited_ms";
const HOLD: &str = "UPDATE posts SET revision = revision + 1 WHERE id = $1 RETURNING revision";
const STAGED: &str = "SELECT staged, upload_id FROM media WHERE post_id = $1 AND (staged IS NOT NULL OR upload_id IS NOT NULL)";
const DELETE_MEDIA: &str = "DELETE FROM media WHERE post_id = $1";
const DELETE: &str = "DELETE FROM posts WHERE id = $1";
const MARK_GONE: &str = "INSERT INTO gone (post_id, since_ms) VALUES ($1, $2) ON CONFLICT DO NOTHING";
const IS_GONE: &str = "SELECT count(*) FROM gone WHERE post_id = $1";
const USE_UP_A_VIEW: &str = "UPDATE posts SET views_left = views_left - 1 WHERE id = $1 AND views_left > 0 RETURNING views_left";
const SET_END: &str = "UPDATE posts SET expires_ms = $2, revision = revision + 1 WHERE id = $1";
const EXPIRED: &str = "SELECT id FROM posts WHERE expires_ms <= $1 AND removed IS NULL ORDER BY expires_ms LIMIT $2";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[
    INSERT,
    FIND,
    LOOK,
    EDIT,
    LET_GO,
    WAIT_AGAIN,
    END_WAIT,
    END_PLAIN,
    SET_VIEWS,
    TOUCH,
    STAND_STILL,
    HOLD,
    STAGED,
    DELETE_MEDIA,
    DELETE,
    MARK_GONE,
    IS_GONE,
    USE_UP_A_VIEW,
    SET_END,
    EXPIRED,
];

/// Writes a new post.
pub async fn insert(tx: &mut Tx, post: &PostRow) -> Result<()> {
    write!(tx, conn => sqlx::query(INSERT)
        .bind(post.id.as_str()).bind(&post.manage_hash[..]).bind(&post.title).bind(&post.text).bind(&post.html)
        .bind(post.language.as_ref().map(Language::as_str)).bind(i64::from(post.listed)).bind(i64::from(post.sensitive))
        .bind(post.created.0).bind(post.edited.map(|time| time.0)).bind(post.expires.map(|time| time.0)).bind(post.revision)
        .bind(&post.password).bind(post.views_left).bind(post.seal.as_ref().map(|seal| &seal.bytes()[..])).bind(i64::from(post.held))
        .bind(post.waits.map(Wait::to_ms)).bind(post.links.map(|time| time.0))
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// The post of this id.
pub async fn find(db: &Db, id: &PostId) -> Result<Option<PostRow>> {
    let row: Option<Columns> = read!(db, conn => sqlx::query_as(FIND).bind(id.as_str()).fetch_optional(conn).await)?;
    row.map(post).transpose()
}

/// The same, as it stands in this change, and stays until that is made or dropped. Nobody sees a change of it.
pub async fn look(tx: &mut Tx, id: &PostId) -> Result<Option<PostRow>> {
    let row: Option<Columns> = write!(tx, conn => sqlx::query_as(LOOK).bind(id.as_str()).fetch_optional(conn).await)?;
    row.map(post).transpose()
}

/// How the post stands, `Some(None)` if it is not there, where that can be told without waiting; `None`: ask [`standing`].
#[must_use]
pub fn standing_at_once(db: &Db, id: &PostId) -> Option<Option<Standing>> {
    match db {
        Db::Sqlite { glance, .. } => glance.look(id),
        Db::Postgres { .. } => None,
    }
}

/// How each of these posts stands; those that are not there are left out. One statement, so all answers are of one moment.
pub async fn standing(db: &Db, ids: &[PostId]) -> Result<Vec<(PostId, Standing)>> {
    let sql = db.text(dialect::STANDING);
    let ids = serde_json::json!(ids).to_string();
    // Every page and file waits for this: a server that took the question and hangs must not hold them all for ever.
    let asked = async { read!(db, conn => sqlx::query_as(sql).bind(&ids).fetch_all(conn).await) };
    let answered = tokio::time::timeout(PATIENCE, asked).await;
    let rows: Vec<StandingColumns> = answered.unwrap_or(Err(sqlx::Error::PoolTimedOut))?;
    rows.into_iter()
        .map(|(id, revision, expires, seal)| {
            let standing = Standing { revision, expires: expires.map(Time), seal: seal_of(&id, seal)? };
            Ok((PostId::parse(&id).ok_or_else(|| corrupt("posts", "id", &id))?, standing))
        })
        .collect()
}

/// What an edit does to a value that others may change meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change<Value> {
    /// Nothing.
    Keep,
    /// It becomes this.
    Set(Value),
}

/// Writes a post's words, language, switches and lock, and when that was; queues the scrubbing of the old words. `false`, and nothing
/// changed, if it was edited since `seen` (its time of editing then, 0 for never), or is gone.
pub async fn edit(tx: &mut Tx, post: &PostRow, views: Change<Option<i64>>, seen: Option<i64>) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(EDIT)
        .bind(post.id.as_str()).bind(&post.title).bind(&post.text).bind(&post.html).bind(post.language.as_ref().map(Language::as_str))
        .bind(i64::from(post.listed)).bind(i64::from(post.sensitive)).bind(post.edited.map(|time| time.0))
        .bind(&post.password).bind(post.seal.as_ref().map(|seal| &seal.bytes()[..])).bind(seen.unwrap_or(-1)).bind(i64::from(post.held))
        .bind(post.waits.map(Wait::to_ms)).bind(post.links.map(|time| time.0))
        .execute(conn).await.map(|done| done.rows_affected()))?;
    if rows == 0 {
        return Ok(false);
    }
    if let Change::Set(left) = views {
        write!(tx, conn => sqlx::query(SET_VIEWS).bind(post.id.as_str()).bind(left).execute(conn).await.map(|_| ()))?;
    }
    jobs::scrub(tx, post.edited.unwrap_or(post.created)).await?;
    Ok(true)
}

/// Counts a change of the post's media as one of the post. Every change of a medium does this first: it is also the lock that
/// keeps two changes of one post, such as its deletion and the end of its preparation, one after the other.
pub(crate) async fn touch(tx: &mut Tx, id: &str) -> Result<()> {
    write!(tx, conn => sqlx::query(TOUCH).bind(id).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// When a post was last edited, which stays so until this change is made or dropped; `None` if it is not there. Nobody sees a change of it.
pub async fn stand_still(tx: &mut Tx, id: &PostId) -> Result<Option<Option<Time>>> {
    let edited: Option<Option<i64>> = write!(tx, conn => sqlx::query_scalar(STAND_STILL).bind(id.as_str()).fetch_optional(conn).await)?;
    Ok(edited.map(|edited| edited.map(Time)))
}

/// The same, and says which revision that makes: whoever has read a post at the one before has read it as it is. `None`: it is gone.
pub async fn hold(tx: &mut Tx, id: &PostId) -> Result<Option<i64>> {
    Ok(write!(tx, conn => sqlx::query_scalar(HOLD).bind(id.as_str()).fetch_optional(conn).await)?)
}

/// Deletes a post with its media; queues the deletion of every object that nothing refers to any more, and the scrubbing of the
/// words. Leaves its id among those that are gone.
pub async fn delete(tx: &mut Tx, id: &PostId, now: Time) -> Result<()> {
    touch(tx, id.as_str()).await?;
    files::release_post(tx, id, now).await?;
    matches::forget_post(tx, id).await?;
    fingerprints::forget_post(tx, id).await?;
    notices::forget_post(tx, id).await?;
    opened::forget_post(tx, id).await?;
    holds::gone(tx, id, None, now).await?;
    let arrived: Vec<media::Arrived> = write!(tx, conn => sqlx::query_as(STAGED).bind(id.as_str()).fetch_all(conn).await)?;
    for one in arrived {
        media::forget(tx, one, now).await?;
    }
    write!(tx, conn => sqlx::query(DELETE_MEDIA).bind(id.as_str()).execute(conn).await.map(|_| ()))?;
    let deleted = write!(tx, conn => sqlx::query(DELETE).bind(id.as_str()).execute(conn).await.map(|done| done.rows_affected()))?;
    if deleted > 0 {
        write!(tx, conn => sqlx::query(MARK_GONE).bind(id.as_str()).bind(now.0).execute(conn).await.map(|_| ()))?;
        jobs::scrub(tx, now).await?;
    }
    Ok(())
}

/// Somebody lets go of a post that waits, whatever for; `false` if it does not.
pub async fn let_go(tx: &mut Tx, id: &PostId) -> Result<bool> {
    Ok(write!(tx, conn => sqlx::query(LET_GO).bind(id.as_str()).execute(conn).await.map(|done| done.rows_affected()))? > 0)
}

/// A post waits as it did before somebody let it go.
pub async fn wait_again(tx: &mut Tx, id: &PostId, wait: Wait) -> Result<()> {
    write!(tx, conn => sqlx::query(WAIT_AGAIN).bind(id.as_str()).bind(wait.to_ms()).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// A post whose time has come is public from now on, and one whose links were plain words long enough has links.
pub async fn end_wait(tx: &mut Tx, id: &PostId, now: Time) -> Result<()> {
    for sql in [END_WAIT, END_PLAIN] {
        write!(tx, conn => sqlx::query(sql).bind(id.as_str()).bind(now.0).execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}

/// Uses up one of the openings that a post has left, and says how many remain; `None` if none was left.
pub async fn use_up_a_view(tx: &mut Tx, id: &PostId) -> Result<Option<i64>> {
    Ok(write!(tx, conn => sqlx::query_scalar(USE_UP_A_VIEW).bind(id.as_str()).fetch_optional(conn).await)?)
}

/// Sets a post's end.
pub async fn set_end(tx: &mut Tx, id: &PostId, end: Option<Time>) -> Result<()> {
    write!(tx, conn => sqlx::query(SET_END).bind(id.as_str()).bind(end.map(|end| end.0)).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Whether a post of this id was deleted.
pub async fn is_gone(db: &Db, id: &PostId) -> Result<bool> {
    let count: i64 = read!(db, conn => sqlx::query_scalar(IS_GONE).bind(id.as_str()).fetch_one(conn).await)?;
    Ok(count > 0)
}

/// At most `limit` posts whose end has come, the longest overdue first.
pub async fn expired(db: &Db, now: Time, limit: i64) -> Result<Vec<PostId>> {
    let ids: Vec<String> = read!(db, conn => sqlx::query_scalar(EXPIRED).bind(now.0).bind(limit).fetch_all(conn).await)?;
    ids.into_iter().map(|id| PostId::parse(&id).ok_or_else(|| corrupt("posts", "id", &id))).collect()
}

fn post(row: Columns) -> Result<PostRow> {
    let id = row.id;
    let language = row.language.map(|tag| Language::parse(&tag).ok_or_else(|| corrupt("posts", "language", &id))).transpose()?;
    Ok(PostRow {
        manage_hash: row.manage_hash.try_into().map_err(|_| corrupt("posts", "manage_hash", &id))?,
        title: row.title,
        text: row.text,
        html: row.html,
        language,
        listed: row.listed != 0,
        sensitive: row.sensitive != 0,
        created: Time(row.created_ms),
        edited: row.edited_ms.map(Time),
        expires: row.expires_ms.map(Time),
        revision: row.revision,
        password: row.password,
        views_left: row.views_left,
        seal: seal_of(&id, row.seal)?,
        held: row.held != 0,
        waits: row.public_ms.map(Wait::of_ms),
        links: row.links_ms.map(Time),
        removed: row.removed.map(|decision| DecisionId::parse(&decision).ok_or_else(|| corrupt("posts", "removed", &id))).transpose()?,
        id: PostId::parse(&id).ok_or_else(|| corrupt("posts", "id", &id))?,
    })
}

pub(crate) fn seal_of(id: &str, bytes: Option<Vec<u8>>) -> Result<Option<Seal>> {
    bytes.map(|bytes| bytes.try_into().map(Seal::new).map_err(|_| corrupt("posts", "seal", id))).transpose()
}
