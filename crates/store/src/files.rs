//! The files of prepared media, and the count of who refers to which blob.

use domain::{FileRole, MediaId, PostId, Seal, Time};

use crate::db::{read, write};
use crate::{Db, Result, Tx, blobs, corrupt, posts};

/// A file that can be fetched.
#[derive(Clone, Debug, PartialEq)]
pub struct FileRow {
    /// Its medium.
    pub media_id: MediaId,
    /// What it is to its medium.
    pub role: FileRole,
    /// The last part of its address, unique in the medium.
    pub name: String,
    /// SHA-256 of its bytes.
    pub blob: [u8; 32],
    /// Where its bytes are in the blob store.
    pub object_key: String,
    /// From the list of served types.
    pub content_type: String,
    /// Its size.
    pub size_bytes: i64,
    /// Pixels as seen.
    pub width: Option<i64>,
    /// Pixels as seen.
    pub height: Option<i64>,
}

type Columns = (String, String, String, Vec<u8>, String, String, i64, Option<i64>, Option<i64>);
type ServedColumns = (String, i64, Option<Vec<u8>>, i64, String, String, String, Vec<u8>, String, String, i64, Option<i64>, Option<i64>);

const INSERT: &str = "INSERT INTO files (media_id, name, role, sha256, content_type, width, height) VALUES ($1, $2, $3, $4, $5, $6, $7)";
const OF_POST: &str = "SELECT f.media_id, f.role, f.name, f.sha256, b.object_key, f.content_type, b.size_bytes, f.width, f.height FROM files f \
     JOIN media m ON m.id = f.media_id JOIN blobs b ON b.sha256 = f.sha256 WHERE m.post_id = $1 ORDER BY f.media_id, f.name";
/// The gate: one statement says whether a file may be served now.
const SERVED: &str = "SELECT p.id, p.revision, p.seal, (SELECT count(*) FROM restrictions r WHERE r.post_id = p.id AND r.state = 'withheld'), f.media_id, f.role, f.name, f.sha256, b.object_key, f.content_type, b.size_bytes, f.width, f.height FROM files f \
     JOIN media m ON m.id = f.media_id JOIN posts p ON p.id = m.post_id JOIN blobs b ON b.sha256 = f.sha256 \
     WHERE f.media_id = $1 AND f.name = $2 AND f.role <> 'stills' AND m.state = 'ready' AND p.removed IS NULL AND p.held = 0 AND p.public_ms IS NULL \
     AND NOT EXISTS (SELECT 1 FROM media v WHERE v.id = m.still_of AND v.removed IS NOT NULL) AND (p.expires_ms IS NULL OR p.expires_ms > $3)";
// In one order, so that two deletions never wait for each other.
const HASHES_OF_POST: &str = "SELECT f.sha256 FROM files f JOIN media m ON m.id = f.media_id WHERE m.post_id = $1 ORDER BY f.sha256";
const HASHES_OF_MEDIUM: &str = "SELECT sha256 FROM files WHERE media_id = $1 ORDER BY sha256";
const DELETE_OF_POST: &str = "DELETE FROM files WHERE media_id IN (SELECT id FROM media WHERE post_id = $1)";
const DELETE_OF_MEDIUM: &str = "DELETE FROM files WHERE media_id = $1";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[INSERT, OF_POST, SERVED, HASHES_OF_POST, HASHES_OF_MEDIUM, DELETE_OF_POST, DELETE_OF_MEDIUM];

pub(crate) async fn insert(tx: &mut Tx, file: &FileRow) -> Result<()> {
    write!(tx, conn => sqlx::query(INSERT)
        .bind(file.media_id.as_str()).bind(&file.name).bind(file.role.as_str()).bind(&file.blob[..]).bind(&file.content_type).bind(file.width).bind(file.height)
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// The files of a post's media.
pub async fn of_post(db: &Db, id: &PostId) -> Result<Vec<FileRow>> {
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(OF_POST).bind(id.as_str()).fetch_all(conn).await)?;
    rows.into_iter().map(file).collect()
}

/// A file that may be fetched, and the post and revision that say so: as long as that post stands at that revision, it may.
#[derive(Clone, Debug)]
pub struct Served {
    /// The post.
    pub post_id: PostId,
    /// Its revision.
    pub revision: i64,
    /// What opens the post, if it is not open to all.
    pub seal: Option<Seal>,
    /// Something of the post is withheld somewhere.
    pub withheld: bool,
    /// The file.
    pub file: FileRow,
}

/// The file at `/m/{media_id}/{name}`, if anybody may have it at `now`.
pub async fn served(db: &Db, media_id: &MediaId, name: &str, now: Time) -> Result<Option<Served>> {
    let row: Option<ServedColumns> =
        read!(db, conn => sqlx::query_as(SERVED).bind(media_id.as_str()).bind(name).bind(now.0).fetch_optional(conn).await)?;
    row.map(|(post_id, revision, seal, withheld, id, role, name, blob, object_key, content_type, size_bytes, width, height)| {
        let seal = posts::seal_of(&post_id, seal)?;
        let post_id = PostId::parse(&post_id).ok_or_else(|| corrupt("posts", "id", &post_id))?;
        Ok(Served {
            post_id,
            revision,
            seal,
            withheld: withheld > 0,
            file: file((id, role, name, blob, object_key, content_type, size_bytes, width, height))?,
        })
    })
    .transpose()
}

pub(crate) async fn release_post(tx: &mut Tx, id: &PostId, now: Time) -> Result<()> {
    let hashes: Vec<Vec<u8>> = write!(tx, conn => sqlx::query_scalar(HASHES_OF_POST).bind(id.as_str()).fetch_all(conn).await)?;
    write!(tx, conn => sqlx::query(DELETE_OF_POST).bind(id.as_str()).execute(conn).await.map(|_| ()))?;
    for hash in hashes {
        blobs::release(tx, &hash, now).await?;
    }
    Ok(())
}

/// Writes down again the files of a medium that come back, each at its `object_key`; where the same bytes stand already, that object's deletion
/// is queued.
pub async fn put_back(tx: &mut Tx, mut own: Vec<FileRow>, now: Time) -> Result<()> {
    own.sort_by_key(|file| file.blob);
    for file in &own {
        blobs::reference(tx, &file.blob, &file.object_key, file.size_bytes, now).await?;
        insert(tx, file).await?;
    }
    Ok(())
}

/// Takes the files of a medium away; what nothing else refers to is queued for deletion.
pub async fn release_medium(tx: &mut Tx, id: &MediaId, now: Time) -> Result<()> {
    let hashes: Vec<Vec<u8>> = write!(tx, conn => sqlx::query_scalar(HASHES_OF_MEDIUM).bind(id.as_str()).fetch_all(conn).await)?;
    write!(tx, conn => sqlx::query(DELETE_OF_MEDIUM).bind(id.as_str()).execute(conn).await.map(|_| ()))?;
    for hash in hashes {
        blobs::release(tx, &hash, now).await?;
    }
    Ok(())
}

fn file((media_id, role, name, blob, object_key, content_type, size_bytes, width, height): Columns) -> Result<FileRow> {
    Ok(FileRow {
        role: FileRole::parse(&role).ok_or_else(|| corrupt("files", "role", &media_id))?,
        blob: blob.try_into().map_err(|_| corrupt("files", "sha256", &media_id))?,
        media_id: MediaId::parse(&media_id).ok_or_else(|| corrupt("files", "media_id", &media_id))?,
        name,
        object_key,
        content_type,
        size_bytes,
        width,
        height,
    })
}
