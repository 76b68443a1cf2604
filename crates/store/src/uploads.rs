//! Resumable uploads, and the parts in which they arrive. A part is an object of its own, so any node can take the next one.

use domain::{MediaId, MediaKind, Time, UploadId};

use crate::db::{read, write};
use crate::{Db, Result, Tx, corrupt, jobs, posts};

/// An upload under way, or whole and not yet prepared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadRow {
    /// Its id.
    pub id: UploadId,
    /// How many bytes it will have.
    pub length: i64,
    /// How many of them are durable.
    pub arrived: i64,
    /// The file's name, fit to be shown.
    pub name: String,
    /// What it is, once its beginning has been seen.
    pub kind: Option<MediaKind>,
    /// When it was begun.
    pub created: Time,
    /// When anything of it came last.
    pub touched: Time,
}

impl UploadRow {
    /// Whether all of it is there.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.arrived == self.length
    }
}

/// A part that is durable and that no row names yet.
#[derive(Clone, Debug)]
pub struct NewPart {
    /// Where it begins in the file.
    pub start: i64,
    /// Its size.
    pub size_bytes: i64,
    /// Its object.
    pub object_key: String,
}

type Columns = (String, i64, i64, String, Option<String>, i64, i64);

const INSERT: &str = "INSERT INTO uploads (id, length, arrived, name, kind, created_ms, touched_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)";
const FIND: &str = "SELECT id, length, arrived, name, kind, created_ms, touched_ms FROM uploads WHERE id = $1";
// It locks the row: a part that is being added at this moment comes before, or after.
const HOLD: &str =
    "UPDATE uploads SET touched_ms = touched_ms WHERE id = $1 RETURNING id, length, arrived, name, kind, created_ms, touched_ms";
const ADVANCE: &str =
    "UPDATE uploads SET arrived = arrived + $3, kind = coalesce(kind, $4), touched_ms = $5 WHERE id = $1 AND arrived = $2";
const INSERT_PART: &str = "INSERT INTO parts (upload_id, start_byte, size_bytes, object_key) VALUES ($1, $2, $3, $4)";
const PARTS: &str = "SELECT object_key, size_bytes FROM parts WHERE upload_id = $1 ORDER BY start_byte";
const DELETE_PARTS: &str = "DELETE FROM parts WHERE upload_id = $1 RETURNING object_key";
const DELETE: &str = "DELETE FROM uploads WHERE id = $1";
const MEDIUM: &str = "SELECT id FROM media WHERE upload_id = $1";
const POST: &str = "SELECT post_id FROM media WHERE upload_id = $1";
const ARRIVED: &str =
    "UPDATE media SET state = 'processing', progress = 0.0, kind = $2 WHERE upload_id = $1 AND state = 'receiving' RETURNING id";
const OF_POST: &str = "SELECT u.id, u.length, u.arrived, u.name, u.kind, u.created_ms, u.touched_ms FROM uploads u JOIN media m ON m.upload_id = u.id WHERE m.post_id = $1";
const STALE: &str = "SELECT id FROM uploads WHERE touched_ms <= $1 AND (arrived < length OR NOT EXISTS (SELECT 1 FROM media WHERE upload_id = uploads.id)) \
     ORDER BY touched_ms LIMIT $2";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[INSERT, FIND, HOLD, ADVANCE, INSERT_PART, PARTS, DELETE_PARTS, DELETE, MEDIUM, POST, ARRIVED, OF_POST, STALE];

/// Writes a new upload.
pub async fn insert(tx: &mut Tx, row: &UploadRow) -> Result<()> {
    write!(tx, conn => sqlx::query(INSERT)
        .bind(row.id.as_str()).bind(row.length).bind(row.arrived).bind(&row.name).bind(row.kind.map(MediaKind::as_str))
        .bind(row.created.0).bind(row.touched.0)
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// The upload of this id.
pub async fn find(db: &Db, id: &UploadId) -> Result<Option<UploadRow>> {
    let row: Option<Columns> = read!(db, conn => sqlx::query_as(FIND).bind(id.as_str()).fetch_optional(conn).await)?;
    row.map(upload).transpose()
}

/// The same, and nobody adds to it until the change is over.
pub async fn hold(tx: &mut Tx, id: &UploadId) -> Result<Option<UploadRow>> {
    let row: Option<Columns> = write!(tx, conn => sqlx::query_as(HOLD).bind(id.as_str()).fetch_optional(conn).await)?;
    row.map(upload).transpose()
}

/// Adds a part; `false`, and nothing changed, if the upload is not there or does not end where the part begins.
pub async fn advance(tx: &mut Tx, id: &UploadId, part: &NewPart, kind: Option<MediaKind>, now: Time) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(ADVANCE)
        .bind(id.as_str()).bind(part.start).bind(part.size_bytes).bind(kind.map(MediaKind::as_str)).bind(now.0)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    if rows == 0 {
        return Ok(false);
    }
    write!(tx, conn => sqlx::query(INSERT_PART)
        .bind(id.as_str()).bind(part.start).bind(part.size_bytes).bind(&part.object_key)
        .execute(conn).await.map(|_| ()))?;
    Ok(true)
}

/// The upload is whole: the medium that waited for it, if one does, is to be prepared.
pub async fn arrived(tx: &mut Tx, id: &UploadId, kind: Option<MediaKind>) -> Result<Option<MediaId>> {
    let row: Option<String> =
        write!(tx, conn => sqlx::query_scalar(ARRIVED).bind(id.as_str()).bind(kind.map(MediaKind::as_str)).fetch_optional(conn).await)?;
    row.map(|id| MediaId::parse(&id).ok_or_else(|| corrupt("media", "id", &id))).transpose()
}

/// Takes the lock of the post whose medium this upload is, as every change of a medium does first.
pub async fn touch_post(tx: &mut Tx, id: &UploadId) -> Result<()> {
    let post: Option<String> = write!(tx, conn => sqlx::query_scalar(POST).bind(id.as_str()).fetch_optional(conn).await)?;
    match post {
        Some(post) => posts::touch(tx, &post).await,
        None => Ok(()),
    }
}

/// The medium that this upload is, if it is one already.
pub async fn medium(tx: &mut Tx, id: &UploadId) -> Result<Option<MediaId>> {
    let row: Option<String> = write!(tx, conn => sqlx::query_scalar(MEDIUM).bind(id.as_str()).fetch_optional(conn).await)?;
    row.map(|id| MediaId::parse(&id).ok_or_else(|| corrupt("media", "id", &id))).transpose()
}

/// Keys and sizes of the parts, in order.
pub async fn parts(db: &Db, id: &UploadId) -> Result<Vec<(String, i64)>> {
    Ok(read!(db, conn => sqlx::query_as(PARTS).bind(id.as_str()).fetch_all(conn).await)?)
}

/// The uploads of a post's media that are still here.
pub async fn of_post(db: &Db, id: &domain::PostId) -> Result<Vec<UploadRow>> {
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(OF_POST).bind(id.as_str()).fetch_all(conn).await)?;
    rows.into_iter().map(upload).collect()
}

/// At most `limit` uploads of which nothing has come since `before`, and that nobody prepares.
pub async fn stale(db: &Db, before: Time, limit: i64) -> Result<Vec<UploadId>> {
    let ids: Vec<String> = read!(db, conn => sqlx::query_scalar(STALE).bind(before.0).bind(limit).fetch_all(conn).await)?;
    ids.into_iter().map(|id| UploadId::parse(&id).ok_or_else(|| corrupt("uploads", "id", &id))).collect()
}

/// Forgets an upload, and queues the deletion of its parts.
pub async fn release(tx: &mut Tx, id: &UploadId, now: Time) -> Result<()> {
    let keys: Vec<String> = write!(tx, conn => sqlx::query_scalar(DELETE_PARTS).bind(id.as_str()).fetch_all(conn).await)?;
    for key in keys {
        jobs::delete_object(tx, &key, now).await?;
    }
    write!(tx, conn => sqlx::query(DELETE).bind(id.as_str()).execute(conn).await.map(|_| ()))?;
    Ok(())
}

fn upload((id, length, arrived, name, kind, created, touched): Columns) -> Result<UploadRow> {
    Ok(UploadRow {
        length,
        arrived,
        name,
        kind: kind.map(|kind| MediaKind::parse(&kind).ok_or_else(|| corrupt("uploads", "kind", &id))).transpose()?,
        created: Time(created),
        touched: Time(touched),
        id: UploadId::parse(&id).ok_or_else(|| corrupt("uploads", "id", &id))?,
    })
}
