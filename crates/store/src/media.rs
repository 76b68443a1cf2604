//! Media of posts and how far they are.

use domain::{DecisionId, MediaId, MediaKind, MediaState, PostId, Problem, Time, UploadId};

use crate::db::{read, write};
use crate::{Db, FileRow, Result, Tx, blobs, corrupt, dialect, files, fingerprints, holds, jobs, matches, posts, uploads};

/// A medium.
#[derive(Clone, Debug, PartialEq)]
pub struct MediaRow {
    /// Its id.
    pub id: MediaId,
    /// Its post.
    pub post_id: PostId,
    /// Its place in the post, from 0.
    pub position: i64,
    /// What it is, once known.
    pub kind: Option<MediaKind>,
    /// How far it is.
    pub state: MediaState,
    /// The file's name, kept only until it is ready.
    pub name: Option<String>,
    /// One line under it.
    pub caption: Option<String>,
    /// What it shows.
    pub alt: Option<String>,
    /// Pixels as seen.
    pub width: Option<i64>,
    /// Pixels as seen.
    pub height: Option<i64>,
    /// Of a video.
    pub duration_ms: Option<i64>,
    /// Its placeholder.
    pub thumbhash: Option<Vec<u8>>,
    /// From 0 to 1.
    pub progress: f64,
    /// Why it was refused.
    pub problem: Option<Problem>,
    /// The key of the upload as it arrived, until it is prepared.
    pub staged: Option<String>,
    /// The resumable upload that it is, until it is prepared.
    pub upload: Option<UploadId>,
    /// Of the upload.
    pub size_bytes: i64,
    /// Covered until asked for, as a whole post can be.
    pub sensitive: bool,
    /// The video whose still it is: it has no place of its own in the post.
    pub still_of: Option<MediaId>,
    /// The decision that took it away.
    pub removed: Option<DecisionId>,
}

/// What is known of a medium once it is prepared.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// What it is.
    pub kind: MediaKind,
    /// Pixels as seen.
    pub width: i64,
    /// Pixels as seen.
    pub height: i64,
    /// Of a video.
    pub duration_ms: Option<i64>,
    /// Its placeholder.
    pub thumbhash: Option<Vec<u8>>,
    /// Nobody sees it until somebody decides.
    pub held: bool,
    /// It is covered, also if its poster did not ask for that.
    pub covered: bool,
}

#[derive(sqlx::FromRow)]
struct Columns {
    id: String,
    post_id: String,
    position: i64,
    kind: Option<String>,
    state: String,
    name: Option<String>,
    caption: Option<String>,
    alt: Option<String>,
    width: Option<i64>,
    height: Option<i64>,
    duration_ms: Option<i64>,
    thumbhash: Option<Vec<u8>>,
    progress: f64,
    problem: Option<String>,
    staged: Option<String>,
    upload_id: Option<String>,
    size_bytes: i64,
    sensitive: i64,
    still_of: Option<String>,
    removed: Option<String>,
}

const INSERT: &str = "INSERT INTO media (id, post_id, position, kind, state, name, caption, alt, width, height, duration_ms, thumbhash, progress, problem, staged, size_bytes, sensitive, upload_id, still_of) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)";
macro_rules! media {
    ($($rest:tt)+) => {
        concat!(
            "SELECT id, post_id, position, kind, state, name, caption, alt, width, height, duration_ms, thumbhash, progress, problem, staged, \
             size_bytes, sensitive, upload_id, still_of, removed FROM media ",
            $($rest)+
        )
    };
}
pub(crate) use media;
const FIND: &str = media!("WHERE id = $1");
const OF_POST: &str = media!("WHERE post_id = $1 ORDER BY position, id");
const SET_PROGRESS: &str = "UPDATE media SET progress = $2 WHERE id = $1 AND state = 'processing'";
const STAGED: &str = "SELECT staged, upload_id FROM media WHERE id = $1 AND state IN ('processing', 'receiving')";
const FINISH: &str = "UPDATE media SET state = $7, sensitive = CASE WHEN $8 = 1 THEN 1 ELSE sensitive END, kind = $2, width = $3, height = $4, duration_ms = $5, thumbhash = $6, progress = 1.0, problem = NULL, staged = NULL, upload_id = NULL, name = NULL WHERE id = $1";
const REFUSE: &str = "UPDATE media SET state = 'refused', problem = $2, staged = NULL, upload_id = NULL WHERE id = $1";
// A cover that was decided stays.
const EDIT: &str = "UPDATE media SET position = $3, caption = $4, alt = $5, \
     sensitive = CASE WHEN EXISTS (SELECT 1 FROM restrictions r WHERE r.post_id = media.post_id AND r.media_id = media.id AND r.state = 'covered') THEN 1 ELSE $6 END \
     WHERE id = $1 AND post_id = $2 AND removed IS NULL";
const POST_OF: &str = "SELECT post_id FROM media WHERE id = $1";
const EDITED: &str =
    "UPDATE posts SET edited_ms = CASE WHEN edited_ms >= $2 THEN edited_ms + 1 ELSE $2 END, revision = revision + 1 WHERE id = $1";
const STILL_OF: &str = "SELECT id FROM media WHERE still_of = $1";
const DELETE: &str = "DELETE FROM media WHERE id = $1 RETURNING staged, upload_id";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[INSERT, FIND, OF_POST, SET_PROGRESS, STAGED, FINISH, REFUSE, EDIT, POST_OF, EDITED, STILL_OF, DELETE];

/// Writes a new medium.
pub async fn insert(tx: &mut Tx, row: &MediaRow) -> Result<()> {
    write!(tx, conn => sqlx::query(INSERT)
        .bind(row.id.as_str()).bind(row.post_id.as_str()).bind(row.position).bind(row.kind.map(MediaKind::as_str)).bind(row.state.as_str())
        .bind(&row.name).bind(&row.caption).bind(&row.alt).bind(row.width).bind(row.height).bind(row.duration_ms).bind(&row.thumbhash)
        .bind(row.progress).bind(row.problem.map(Problem::as_str)).bind(&row.staged).bind(row.size_bytes).bind(i64::from(row.sensitive)).bind(row.upload.as_ref().map(UploadId::as_str))
        .bind(row.still_of.as_ref().map(MediaId::as_str))
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// The medium of this id.
pub async fn find(db: &Db, id: &MediaId) -> Result<Option<MediaRow>> {
    let row: Option<Columns> = read!(db, conn => sqlx::query_as(FIND).bind(id.as_str()).fetch_optional(conn).await)?;
    row.map(medium).transpose()
}

/// The same, as it stands in this change.
pub async fn look(tx: &mut Tx, id: &MediaId) -> Result<Option<MediaRow>> {
    let row: Option<Columns> = write!(tx, conn => sqlx::query_as(FIND).bind(id.as_str()).fetch_optional(conn).await)?;
    row.map(medium).transpose()
}

/// The media of a post, in order.
pub async fn of_post(db: &Db, id: &PostId) -> Result<Vec<MediaRow>> {
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(OF_POST).bind(id.as_str()).fetch_all(conn).await)?;
    rows.into_iter().map(medium).collect()
}

/// The media of these posts, those of each in order, as they stand in this change.
pub async fn of_posts(tx: &mut Tx, posts: &[&PostId]) -> Result<Vec<MediaRow>> {
    let (sql, ids) = (tx.text(dialect::MEDIA_OF_POSTS), serde_json::json!(posts).to_string());
    let rows: Vec<Columns> = write!(tx, conn => sqlx::query_as(sql).bind(&ids).fetch_all(conn).await)?;
    rows.into_iter().map(medium).collect()
}

/// Says how far a medium is, from 0 to 1. The next step says more, so this one may be lost.
pub async fn set_progress(db: &Db, id: &MediaId, progress: f64) -> Result<()> {
    let mut tx = db.begin_light().await?;
    write!(tx, conn => sqlx::query(SET_PROGRESS).bind(id.as_str()).bind(progress).execute(conn).await.map(|_| ()))?;
    tx.commit().await
}

/// Makes a prepared medium visible, if it is not held, and refers to its files' blobs; `false`, and nothing changed, if it is no longer being prepared.
/// The `object_key` of each file is where it was just kept; if the same bytes stand elsewhere, that object's deletion is queued.
pub async fn finish(tx: &mut Tx, id: &MediaId, prepared: &Prepared, mut own_files: Vec<FileRow>, now: Time) -> Result<bool> {
    if !end_staging(tx, id, now).await? {
        return Ok(false);
    }
    write!(tx, conn => sqlx::query(FINISH)
        .bind(id.as_str()).bind(prepared.kind.as_str()).bind(prepared.width).bind(prepared.height).bind(prepared.duration_ms).bind(&prepared.thumbhash)
        .bind(if prepared.held { MediaState::Waiting } else { MediaState::Ready }.as_str()).bind(i64::from(prepared.covered))
        .execute(conn).await.map(|_| ()))?;
    // In one order, here as in a deletion, so that two changes never wait for each other.
    own_files.sort_by_key(|file| file.blob);
    for file in &own_files {
        blobs::reference(tx, &file.blob, &file.object_key, file.size_bytes, now).await?;
        files::insert(tx, file).await?;
    }
    Ok(true)
}

/// Marks a medium as refused; its name stays, so that its poster can be told which.
pub async fn refuse(tx: &mut Tx, id: &MediaId, problem: Problem, now: Time) -> Result<bool> {
    if !end_staging(tx, id, now).await? {
        return Ok(false);
    }
    write!(tx, conn => sqlx::query(REFUSE).bind(id.as_str()).bind(problem.as_str()).execute(conn).await.map(|_| ()))?;
    Ok(true)
}

/// What is said of a medium.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    /// One line under it.
    pub caption: Option<&'a str>,
    /// What it shows.
    pub alt: Option<&'a str>,
    /// Covered until asked for.
    pub sensitive: bool,
}

/// Changes a medium's place and words, if it is one of this post. The caller changes the post too.
pub async fn edit(tx: &mut Tx, post: &PostId, id: &MediaId, position: i64, words: Words<'_>) -> Result<()> {
    write!(tx, conn => sqlx::query(EDIT)
        .bind(id.as_str()).bind(post.as_str()).bind(position).bind(words.caption).bind(words.alt).bind(i64::from(words.sensitive))
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Removes a medium from its post, with its still.
pub async fn remove(tx: &mut Tx, id: &MediaId, now: Time) -> Result<()> {
    let post_id: Option<String> = write!(tx, conn => sqlx::query_scalar(POST_OF).bind(id.as_str()).fetch_optional(conn).await)?;
    let Some(post_id) = post_id else { return Ok(()) };
    edited(tx, &post_id, now).await?;
    take_with_still(tx, id, now).await
}

/// Says that a post's media were changed by its poster.
pub async fn edited(tx: &mut Tx, post: &str, now: Time) -> Result<()> {
    write!(tx, conn => sqlx::query(EDITED).bind(post).bind(now.0).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Takes a medium's row and its still's away.
pub(crate) async fn take_with_still(tx: &mut Tx, id: &MediaId, now: Time) -> Result<()> {
    take_still(tx, id, now).await?;
    take(tx, id, now).await?;
    jobs::scrub(tx, now).await
}

/// Removes a video's still, where it has one. The caller changes the post too.
pub async fn take_still(tx: &mut Tx, video: &MediaId, now: Time) -> Result<()> {
    let still: Option<String> = write!(tx, conn => sqlx::query_scalar(STILL_OF).bind(video.as_str()).fetch_optional(conn).await)?;
    match still {
        Some(id) => take(tx, &MediaId::parse(&id).ok_or_else(|| corrupt("media", "id", &id))?, now).await,
        None => Ok(()),
    }
}

async fn take(tx: &mut Tx, id: &MediaId, now: Time) -> Result<()> {
    files::release_medium(tx, id, now).await?;
    matches::forget_medium(tx, id).await?;
    fingerprints::forget_medium(tx, id).await?;
    let post: Option<String> = write!(tx, conn => sqlx::query_scalar(POST_OF).bind(id.as_str()).fetch_optional(conn).await)?;
    if let Some(post) = post {
        holds::gone(tx, &PostId::parse(&post).ok_or_else(|| corrupt("media", "post_id", &post))?, Some(id), now).await?;
    }
    let arrived: Option<Arrived> = write!(tx, conn => sqlx::query_as(DELETE).bind(id.as_str()).fetch_optional(conn).await)?;
    match arrived {
        Some(arrived) => forget(tx, arrived, now).await,
        None => Ok(()),
    }
}

/// What a medium arrived as: an object, or a resumable upload.
pub(crate) type Arrived = (Option<String>, Option<String>);

/// Queues the deletion of what a medium arrived as.
pub(crate) async fn forget(tx: &mut Tx, (staged, upload): Arrived, now: Time) -> Result<()> {
    if let Some(key) = staged {
        jobs::delete_object(tx, &key, now).await?;
    }
    if let Some(id) = upload {
        uploads::release(tx, &UploadId::parse(&id).ok_or_else(|| corrupt("media", "upload_id", &id))?, now).await?;
    }
    Ok(())
}

/// Queues the deletion of the upload as it arrived; `false` if the medium is not being prepared.
async fn end_staging(tx: &mut Tx, id: &MediaId, now: Time) -> Result<bool> {
    let post_id: Option<String> = write!(tx, conn => sqlx::query_scalar(POST_OF).bind(id.as_str()).fetch_optional(conn).await)?;
    let Some(post_id) = post_id else { return Ok(false) };
    posts::touch(tx, &post_id).await?;
    // Looked at only now that nobody else can change it.
    let arrived: Option<Arrived> = write!(tx, conn => sqlx::query_as(STAGED).bind(id.as_str()).fetch_optional(conn).await)?;
    let Some(arrived) = arrived else { return Ok(false) };
    forget(tx, arrived, now).await?;
    Ok(true)
}

fn medium(row: Columns) -> Result<MediaRow> {
    let id = row.id;
    let kind = row.kind.map(|kind| MediaKind::parse(&kind).ok_or_else(|| corrupt("media", "kind", &id))).transpose()?;
    let problem = row.problem.map(|problem| Problem::parse(&problem).ok_or_else(|| corrupt("media", "problem", &id))).transpose()?;
    Ok(MediaRow {
        post_id: PostId::parse(&row.post_id).ok_or_else(|| corrupt("media", "post_id", &id))?,
        position: row.position,
        kind,
        state: MediaState::parse(&row.state).ok_or_else(|| corrupt("media", "state", &id))?,
        name: row.name,
        caption: row.caption,
        alt: row.alt,
        width: row.width,
        height: row.height,
        duration_ms: row.duration_ms,
        thumbhash: row.thumbhash,
        progress: row.progress,
        problem,
        staged: row.staged,
        upload: row.upload_id.map(|upload| UploadId::parse(&upload).ok_or_else(|| corrupt("media", "upload_id", &id))).transpose()?,
        size_bytes: row.size_bytes,
        sensitive: row.sensitive != 0,
        still_of: row.still_of.map(|video| MediaId::parse(&video).ok_or_else(|| corrupt("media", "still_of", &id))).transpose()?,
        removed: row.removed.map(|decision| DecisionId::parse(&decision).ok_or_else(|| corrupt("media", "removed", &id))).transpose()?,
        id: MediaId::parse(&id).ok_or_else(|| corrupt("media", "id", &id))?,
    })
}
