//! Bytes: one concrete store over files, S3 or memory, and the table that counts who refers to which object.
//!
//! An object is written once under a key that is never used again (a nonce), so a deletion that comes late can never hurt an
//! upload of the same bytes that came in between. Identical bytes share one object: the first key stands. Nothing refers to a
//! key before its object is durable, so an object needs no temporary name: what was never finished is what no row names.

mod disk;
mod remote;

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use domain::Time;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt as _, TryStreamExt as _};
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::multipart::MultipartStore;
use object_store::path::Path as Key;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt as _};

use crate::db::write;
use crate::{Result, Tx, jobs};

pub use remote::S3Config;

const REFERENCE: &str = "INSERT INTO blobs (sha256, object_key, size_bytes, refs, created_ms) VALUES ($1, $2, $3, 1, $4) ON CONFLICT (sha256) DO UPDATE SET refs = blobs.refs + 1 RETURNING object_key";
const RELEASE: &str = "UPDATE blobs SET refs = refs - 1 WHERE sha256 = $1 RETURNING refs, object_key";
const DELETE: &str = "DELETE FROM blobs WHERE sha256 = $1";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[REFERENCE, RELEASE, DELETE];

/// Uploads as they arrived, until they are prepared.
pub(crate) const STAGED: &str = "staged";
/// What is served.
pub(crate) const BLOB: &str = "blob";
/// What decisions made dark, encrypted.
pub(crate) const QUARANTINE: &str = "quarantine";
/// What decisions made dark, sealed for keys that are not here.
pub(crate) const EVIDENCE: &str = "evidence";
/// Notes of uploads in parts that are under way, so that those that nobody ended can be taken back.
pub(crate) const PARTS: &str = "parts";
/// How much is read from a file at a time.
const CHUNK: usize = 256 << 10;
/// Files that are sent to a distant store at the same time.
const SENT_AT_ONCE: usize = 3;

/// A store of bytes.
#[derive(Clone)]
pub struct BlobStore {
    pub(crate) objects: Arc<dyn ObjectStore>,
    place: Place,
}

#[derive(Clone)]
enum Place {
    Disk(PathBuf),
    Remote(Arc<dyn MultipartStore>),
}

/// An upload that is durable and that nothing refers to yet.
#[derive(Clone, Debug)]
pub struct Staged {
    /// Its key.
    pub key: String,
    /// Its size in bytes.
    pub size: u64,
}

/// A file that is durable and that nothing refers to yet.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Its key.
    pub key: String,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
    /// Its size in bytes.
    pub size: u64,
}

/// An object that is being written. Dropped before [`Writer::finish`], it leaves nothing behind.
pub struct Writer {
    key: String,
    size: u64,
    to: To,
}

enum To {
    Disk(disk::Writing),
    Remote(remote::Sending),
}

/// 128 random bits as letters, for keys and ids that must not be used twice.
pub(crate) fn nonce() -> String {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the kernel's generator has answered once before: the site's own is seeded from it at the start");
    hex::encode(bytes)
}

fn new_key(shelf: &str) -> String {
    format!("{shelf}/{}", nonce())
}

impl BlobStore {
    /// The directories below `dir` that [`BlobStore::open_files`] and what is kept there make, the inner ones first.
    #[must_use]
    pub fn directories(dir: &Path) -> [PathBuf; 6] {
        let root = dir.join("objects");
        [root.join(STAGED), root.join(BLOB), root.join(QUARANTINE), root.join(EVIDENCE), root.join(PARTS), root]
    }

    /// Files below `dir`, which is made if it is missing.
    pub fn open_files(dir: &Path) -> Result<Self> {
        let root = dir.join("objects");
        disk::make(&root)?;
        let root = root.canonicalize()?;
        Ok(Self { objects: Arc::new(LocalFileSystem::new_with_prefix(&root)?), place: Place::Disk(root) })
    }

    /// An S3-compatible store.
    pub fn open_s3(config: &S3Config) -> Result<Self> {
        let objects = Arc::new(remote::connect(config)?);
        Ok(Self { objects: objects.clone(), place: Place::Remote(objects) })
    }

    /// Memory, for tests.
    #[must_use]
    pub fn memory() -> Self {
        let objects = Arc::new(InMemory::new());
        Self { objects: objects.clone(), place: Place::Remote(objects) }
    }

    /// Begins to take an upload.
    pub async fn stage(&self) -> Result<Writer> {
        self.write_at(new_key(STAGED)).await
    }

    /// Begins to write what was made dark. The caller has encrypted it.
    pub async fn quarantine(&self) -> Result<Writer> {
        self.write_at(new_key(QUARANTINE)).await
    }

    /// Begins to write what is kept for others. The caller seals it.
    pub async fn evidence(&self) -> Result<Writer> {
        self.write_at(new_key(EVIDENCE)).await
    }

    /// Begins to write what is served, and comes back from quarantine.
    pub async fn restore(&self) -> Result<Writer> {
        self.write_at(new_key(BLOB)).await
    }

    /// Begins to write an object under a key that nothing stands under.
    pub(crate) async fn write_at(&self, key: String) -> Result<Writer> {
        let to = match &self.place {
            Place::Disk(root) => To::Disk(disk::Writing::begin(root, &key).await?),
            Place::Remote(parts) => To::Remote(remote::Sending::begin(&self.objects, parts, &key)),
        };
        Ok(Writer { key, size: 0, to })
    }

    /// Keeps local files, side by side; they are ours from then on and may be moved. When this returns they are durable; if it
    /// fails, none is left.
    pub async fn keep_files(&self, paths: Vec<PathBuf>) -> Result<Vec<Kept>> {
        match &self.place {
            Place::Disk(root) => disk::keep(root, paths).await,
            Place::Remote(parts) => {
                let sent: Vec<Result<Kept>> = futures_util::stream::iter(paths)
                    .map(|path| remote::send_file(&self.objects, parts, path))
                    .buffered(SENT_AT_ONCE)
                    .collect()
                    .await;
                if sent.iter().any(Result::is_err) {
                    for kept in sent.iter().flatten() {
                        if let Err(error) = self.delete(&kept.key).await {
                            tracing::warn!(%error, "an object was left for the sweeper");
                        }
                    }
                }
                sent.into_iter().collect()
            }
        }
    }

    /// Brings an object to a local file: a hard link where it is a file already.
    pub async fn fetch_to(&self, key: &str, to: &Path) -> Result<()> {
        if let Place::Disk(root) = &self.place
            && tokio::fs::hard_link(root.join(key), to).await.is_ok()
        {
            return Ok(());
        }
        self.copy_to(&[key.to_owned()], to).await
    }

    /// Brings objects to one local file, one after the other.
    pub async fn fetch_all_to(&self, keys: &[String], to: &Path) -> Result<()> {
        if let [key] = keys {
            return self.fetch_to(key, to).await;
        }
        self.copy_to(keys, to).await
    }

    async fn copy_to(&self, keys: &[String], to: &Path) -> Result<()> {
        let mut file = tokio::fs::File::create(to).await?;
        for key in keys {
            let mut stream = self.objects.get(&Key::from(key.as_str())).await?.into_stream();
            while let Some(chunk) = stream.try_next().await? {
                tokio::io::AsyncWriteExt::write_all(&mut file, &chunk).await?;
            }
        }
        tokio::io::AsyncWriteExt::flush(&mut file).await?;
        Ok(())
    }

    /// A part of an object, in chunks.
    pub async fn read_range(&self, key: &str, range: Range<u64>) -> Result<BoxStream<'static, std::io::Result<Bytes>>> {
        if range.is_empty() {
            return Ok(futures_util::stream::empty().boxed());
        }
        match &self.place {
            Place::Disk(root) => disk::read(root.join(key), range).await,
            Place::Remote(_) => {
                let options = object_store::GetOptions { range: Some(range.into()), ..object_store::GetOptions::default() };
                Ok(self.objects.get_opts(&Key::from(key), options).await?.into_stream().map_err(std::io::Error::other).boxed())
            }
        }
    }

    /// A whole object, in chunks.
    pub async fn read_whole(&self, key: &str) -> Result<BoxStream<'static, std::io::Result<Bytes>>> {
        Ok(self.objects.get(&Key::from(key)).await?.into_stream().map_err(std::io::Error::other).boxed())
    }

    /// A whole object in memory: for small ones.
    pub async fn read_all(&self, key: &str) -> Result<Bytes> {
        Ok(self.objects.get(&Key::from(key)).await?.bytes().await?)
    }

    /// Deletes an object; one that is not there is deleted already.
    pub async fn delete(&self, key: &str) -> Result<()> {
        match self.objects.delete(&Key::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// The keys that begin with `prefix/`; all of them, if it is empty.
    pub async fn list(&self, prefix: &str) -> Result<Vec<String>> {
        let found = self.below(prefix).map_ok(|object| object.location.to_string());
        Ok(found.try_collect().await?)
    }

    pub(crate) fn below(&self, prefix: &str) -> BoxStream<'static, object_store::Result<ObjectMeta>> {
        self.objects.list((!prefix.is_empty()).then(|| Key::from(prefix)).as_ref())
    }

    /// The key that a note of an upload in parts is about.
    pub(crate) async fn noted(&self, note: &str) -> Result<String> {
        remote::noted(&self.objects, note).await
    }

    /// Takes back an upload in parts that nobody ended, by its note.
    pub(crate) async fn take_back(&self, note: &str) -> Result<()> {
        if let Place::Remote(parts) = &self.place {
            remote::take_back(&self.objects, parts, note).await?;
        }
        Ok(())
    }

    /// Whether each object costs a request to another machine.
    #[must_use]
    pub fn is_distant(&self) -> bool {
        matches!(self.place, Place::Remote(_))
    }

    /// Bytes that are free on the disk of the files backend.
    #[must_use]
    pub fn free_bytes(&self) -> Option<u64> {
        match &self.place {
            Place::Disk(root) => free_bytes_at(root),
            Place::Remote(_) => None,
        }
    }

    /// Whether it answers, and has what it is configured to have: a listing fails where the bucket or the right to it is missing.
    pub async fn ping(&self) -> Result<()> {
        self.below("ping").try_next().await?;
        Ok(())
    }
}

/// Bytes that are free on the disk that holds `path`.
#[must_use]
pub fn free_bytes_at(path: &Path) -> Option<u64> {
    let stat = rustix::fs::statvfs(path).ok()?;
    Some(stat.f_bavail.saturating_mul(stat.f_frsize))
}

impl Writer {
    /// Writes some bytes.
    pub async fn write(&mut self, bytes: Bytes) -> Result<()> {
        self.size += bytes.len() as u64;
        match &mut self.to {
            To::Disk(file) => Ok(file.write(&bytes).await?),
            To::Remote(object) => object.write(bytes).await,
        }
    }

    /// Ends the object; when this returns it is durable.
    pub async fn finish(self) -> Result<Staged> {
        match self.to {
            To::Disk(file) => file.finish().await?,
            To::Remote(object) => object.finish().await?,
        }
        Ok(Staged { key: self.key, size: self.size })
    }
}

/// Counts one more file of these bytes and returns the key that stands. If that is not `key`, the deletion of `key` is queued:
/// somebody stored the same bytes before.
pub(crate) async fn reference(tx: &mut Tx, sha256: &[u8; 32], key: &str, size_bytes: i64, now: Time) -> Result<String> {
    let stands: String =
        write!(tx, conn => sqlx::query_scalar(REFERENCE).bind(&sha256[..]).bind(key).bind(size_bytes).bind(now.0).fetch_one(conn).await)?;
    if stands != key {
        jobs::delete_object(tx, key, now).await?;
    }
    Ok(stands)
}

/// Counts one file less; the last one queues the deletion of the object.
pub(crate) async fn release(tx: &mut Tx, sha256: &[u8], now: Time) -> Result<()> {
    let row: Option<(i64, String)> = write!(tx, conn => sqlx::query_as(RELEASE).bind(sha256).fetch_optional(conn).await)?;
    if let Some((refs, key)) = row
        && refs <= 0
    {
        write!(tx, conn => sqlx::query(DELETE).bind(sha256).execute(conn).await.map(|_| ()))?;
        jobs::delete_object(tx, &key, now).await?;
    }
    Ok(())
}
