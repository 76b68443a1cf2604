//! Bytes: one concrete store over files, S3 or memory, and the table that counts who refers to which object.
//!
//! An object is written once under a key that is never used again (its hash and a nonce), so a deletion that comes late can
//! never hurt an upload of the same bytes that came in between. Identical bytes share one object: the first key stands.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use domain::Time;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt as _, TryStreamExt as _};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt as _, WriteMultipart};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::db::write;
use crate::{Result, Tx, jobs};

const REFERENCE: &str = "INSERT INTO blobs (sha256, object_key, size_bytes, refs, created_ms) VALUES ($1, $2, $3, 1, $4) ON CONFLICT (sha256) DO UPDATE SET refs = blobs.refs + 1 RETURNING object_key";
const RELEASE: &str = "UPDATE blobs SET refs = refs - 1 WHERE sha256 = $1 RETURNING refs, object_key";
const DELETE: &str = "DELETE FROM blobs WHERE sha256 = $1";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[REFERENCE, RELEASE, DELETE];

/// How much is read from a file at a time.
const CHUNK: usize = 256 << 10;

/// Where to find an S3-compatible store.
#[derive(Clone, Debug)]
pub struct S3Config {
    /// `https://…`.
    pub endpoint: String,
    /// Its bucket.
    pub bucket: String,
    /// Its region; many servers take any.
    pub region: String,
    /// Who we are.
    pub access_key: String,
    /// And the proof.
    pub secret_key: String,
}

/// A store of bytes.
#[derive(Clone)]
pub struct BlobStore {
    objects: Arc<dyn ObjectStore>,
    /// The files backend's directory.
    root: Option<PathBuf>,
}

/// An object that is durable and that nothing refers to yet.
#[derive(Clone, Debug)]
pub struct Staged {
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
    hash: Sha256,
    size: u64,
    to: To,
}

enum To {
    File { file: tokio::fs::File, temporary: Option<PathBuf>, path: PathBuf },
    Objects(Option<WriteMultipart>),
}

/// 64 random bits as letters, for keys and ids that must not be used twice.
pub(crate) fn nonce() -> String {
    static COUNT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    // The hasher's keys are random for each process, and the count makes each call's input its own.
    let count = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let state = std::collections::hash_map::RandomState::new();
    let one = std::hash::BuildHasher::hash_one(&state, count);
    let two = std::hash::BuildHasher::hash_one(&state, (count, std::process::id()));
    format!("{one:016x}{two:016x}")
}

impl BlobStore {
    /// Files below `dir`, which is made if it is missing.
    pub fn open_files(dir: &Path) -> Result<Self> {
        std::fs::create_dir_all(dir.join("objects"))?;
        let root = dir.join("objects").canonicalize()?;
        // What was being written when the power failed belongs to nobody.
        let temporary = root.join("tmp");
        std::fs::create_dir_all(&temporary)?;
        sweep(&temporary)?;
        Ok(Self { objects: Arc::new(LocalFileSystem::new_with_prefix(&root)?), root: Some(root) })
    }

    /// An S3-compatible store.
    pub fn open_s3(config: &S3Config) -> Result<Self> {
        let objects = AmazonS3Builder::new()
            .with_endpoint(&config.endpoint)
            .with_bucket_name(&config.bucket)
            .with_region(if config.region.is_empty() { "us-east-1" } else { &config.region })
            .with_access_key_id(&config.access_key)
            .with_secret_access_key(&config.secret_key)
            .with_allow_http(config.endpoint.starts_with("http://"))
            .build()?;
        Ok(Self { objects: Arc::new(objects), root: None })
    }

    /// Memory, for tests.
    #[must_use]
    pub fn memory() -> Self {
        Self { objects: Arc::new(InMemory::new()), root: None }
    }

    /// Begins an object; `hint` is the first part of its key.
    pub async fn stage(&self, hint: &str) -> Result<Writer> {
        let key = format!("{hint}/{}", nonce());
        let to = match &self.root {
            Some(root) => {
                let temporary = root.join("tmp").join(nonce());
                let file = tokio::fs::File::create_new(&temporary).await?;
                To::File { file, temporary: Some(temporary), path: root.join(&key) }
            }
            None => To::Objects(Some(WriteMultipart::new(self.objects.put_multipart(&Key::from(key.as_str())).await?))),
        };
        Ok(Writer { key, hash: Sha256::new(), size: 0, to })
    }

    /// Stores a local file.
    pub async fn put_file(&self, path: &Path) -> Result<Staged> {
        let mut file = tokio::fs::File::open(path).await?;
        let mut writer = self.stage("blob").await?;
        loop {
            let mut chunk = bytes::BytesMut::with_capacity(CHUNK);
            if file.read_buf(&mut chunk).await? == 0 {
                return writer.finish().await;
            }
            writer.write(chunk.freeze()).await?;
        }
    }

    /// Brings an object to a local file: a hard link where it is a file already.
    pub async fn fetch_to(&self, key: &str, to: &Path) -> Result<()> {
        if let Some(root) = &self.root
            && tokio::fs::hard_link(root.join(key), to).await.is_ok()
        {
            return Ok(());
        }
        let mut file = tokio::fs::File::create(to).await?;
        let mut stream = self.objects.get(&Key::from(key)).await?.into_stream();
        while let Some(chunk) = stream.try_next().await? {
            file.write_all(&chunk).await?;
        }
        file.flush().await?;
        Ok(())
    }

    /// A part of an object, in chunks.
    pub async fn read_range(&self, key: &str, range: Range<u64>) -> Result<BoxStream<'static, std::io::Result<Bytes>>> {
        let Some(root) = &self.root else {
            if range.is_empty() {
                return Ok(futures_util::stream::empty().boxed());
            }
            let options = object_store::GetOptions { range: Some(range.into()), ..object_store::GetOptions::default() };
            return Ok(self.objects.get_opts(&Key::from(key), options).await?.into_stream().map_err(std::io::Error::other).boxed());
        };
        let path = root.join(key);
        let file = tokio::task::spawn_blocking(move || std::fs::File::open(path)).await.map_err(std::io::Error::other)??;
        let file = Arc::new(file);
        Ok(futures_util::stream::try_unfold(range, move |range| {
            let file = Arc::clone(&file);
            async move {
                if range.is_empty() {
                    return Ok(None);
                }
                let (at, length) = (range.start, usize::try_from(range.end - range.start).unwrap_or(CHUNK).min(CHUNK));
                let read = move || {
                    let mut chunk = vec![0; length];
                    std::os::unix::fs::FileExt::read_exact_at(&*file, &mut chunk, at).map(|()| Bytes::from(chunk))
                };
                let chunk = tokio::task::spawn_blocking(read).await.map_err(std::io::Error::other)??;
                let next = at + chunk.len() as u64;
                Ok(Some((chunk, next..range.end)))
            }
        })
        .boxed())
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

    /// The keys that begin with `prefix/`.
    pub async fn list(&self, prefix: &str) -> Result<Vec<String>> {
        let found = self.objects.list(Some(&Key::from(prefix))).map_ok(|object| object.location.to_string());
        Ok(found.try_collect().await?)
    }

    /// Bytes that are free on the disk of the files backend.
    #[must_use]
    pub fn free_bytes(&self) -> Option<u64> {
        let stat = rustix::fs::statvfs(self.root.as_deref()?).ok()?;
        Some(stat.f_bavail.saturating_mul(stat.f_frsize))
    }

    /// Whether it answers.
    pub async fn ping(&self) -> Result<()> {
        match self.objects.head(&Key::from("ping")).await {
            Ok(_) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

impl Writer {
    /// Writes some bytes.
    pub async fn write(&mut self, bytes: Bytes) -> Result<()> {
        self.hash.update(&bytes);
        self.size += bytes.len() as u64;
        match &mut self.to {
            To::File { file, .. } => file.write_all(&bytes).await?,
            To::Objects(Some(parts)) => {
                // At most two parts of 5 MiB wait in memory, however slow the store is.
                parts.wait_for_capacity(2).await?;
                parts.put(bytes);
            }
            To::Objects(None) => {}
        }
        Ok(())
    }

    /// Ends the object; when this returns it is durable.
    pub async fn finish(mut self) -> Result<Staged> {
        match &mut self.to {
            To::File { file, temporary, path } => {
                file.flush().await?;
                file.sync_all().await?;
                if let (Some(from), Some(parent)) = (temporary.as_ref(), path.parent()) {
                    tokio::fs::create_dir_all(parent).await?;
                    tokio::fs::rename(from, &*path).await?;
                    // The name is as much worth keeping as the bytes.
                    tokio::fs::File::open(parent).await?.sync_all().await?;
                }
                *temporary = None;
            }
            To::Objects(parts) => {
                if let Some(parts) = parts.take() {
                    parts.finish().await?;
                }
            }
        }
        Ok(Staged { key: std::mem::take(&mut self.key), sha256: std::mem::take(&mut self.hash).finalize().into(), size: self.size })
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        match &mut self.to {
            To::File { temporary: Some(path), .. } => {
                // Nobody is left to tell; what could not be removed is swept at the next start.
                drop(std::fs::remove_file(path));
            }
            To::Objects(parts @ Some(_)) => {
                if let (Some(parts), Ok(runtime)) = (parts.take(), tokio::runtime::Handle::try_current()) {
                    runtime.spawn(parts.abort());
                }
            }
            To::File { temporary: None, .. } | To::Objects(None) => {}
        }
    }
}

/// Removes what a killed process left half-written. Only what nobody has written to for an hour: another process may be at work.
fn sweep(temporary: &Path) -> Result<()> {
    for entry in std::fs::read_dir(temporary)? {
        let entry = entry?;
        if entry.metadata()?.modified()?.elapsed().is_ok_and(|age| age.as_secs() > 3_600) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Counts one more file of these bytes and returns the key that stands. If that is not `key`, the deletion of `key` is queued:
/// somebody stored the same bytes before.
pub async fn reference(tx: &mut Tx, sha256: &[u8; 32], key: &str, size_bytes: i64, now: Time) -> Result<String> {
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
