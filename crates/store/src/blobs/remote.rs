//! Objects in an S3-compatible store (and in memory, which is spoken to in the same way).
//!
//! What fits into one part is sent in one request. What does not is sent in parts, and a note under `parts/` says so from before
//! the first part until after the last: a store keeps, and charges for, the parts of an upload that nobody ends, and not every
//! store can list them.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::multipart::{MultipartStore, PartId};
use object_store::path::Path as Key;
use object_store::{BackoffConfig, ClientOptions, ObjectStore, ObjectStoreExt as _, PutPayload, PutPayloadMut, RetryConfig};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncReadExt as _;
use tokio::task::JoinHandle;

use super::{BLOB, CHUNK, Kept, PARTS, new_key};
use crate::Result;

/// The smallest part that S3 takes; 10,000 of them make the largest object, 48 GiB.
const PART: usize = 5 << 20;
/// How long the store may say nothing in the middle of an answer, or take for one part. There is no limit on a whole object: a
/// slow visitor may take an hour for a video.
const SILENCE: Duration = Duration::from_secs(60);
/// How long a request is tried again before its visitor is told to come back.
const PATIENCE: Duration = Duration::from_secs(15);

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

pub(super) fn connect(config: &S3Config) -> Result<AmazonS3> {
    crate::use_ring();
    let plain = config.endpoint.starts_with("http://");
    let client = ClientOptions::new()
        .with_allow_http(plain)
        // Certificates are checked against the system's own list, so that an operator trusts a certificate of their own in the
        // same way as everywhere else on the machine. Without TLS that list is not wanted, and may be missing.
        .with_no_system_certificates(plain)
        .with_connect_timeout(Duration::from_secs(5))
        .with_read_timeout(SILENCE)
        .with_timeout_disabled();
    let retry = RetryConfig {
        backoff: BackoffConfig { init_backoff: Duration::from_millis(100), max_backoff: Duration::from_secs(5), base: 2.0 },
        max_retries: 6,
        retry_timeout: PATIENCE,
    };
    let store = AmazonS3Builder::new()
        .with_client_options(client)
        .with_retry(retry)
        .with_endpoint(config.endpoint.trim_end_matches('/'))
        .with_bucket_name(&config.bucket)
        .with_region(if config.region.is_empty() { "us-east-1" } else { &config.region })
        .with_access_key_id(&config.access_key)
        .with_secret_access_key(&config.secret_key)
        .build()?;
    Ok(store)
}

/// What is under `parts/`.
#[derive(Serialize, Deserialize)]
struct Note {
    key: String,
    id: String,
}

/// An object that is being sent. At most two parts of it are in memory: one on its way, one that is filling.
pub(super) struct Sending {
    objects: Arc<dyn ObjectStore>,
    parts: Arc<dyn MultipartStore>,
    key: Key,
    filling: PutPayloadMut,
    begun: Option<Begun>,
}

struct Begun {
    id: String,
    note: Key,
    sent: Vec<PartId>,
    flying: Option<JoinHandle<object_store::Result<PartId>>>,
}

fn empty() -> PutPayloadMut {
    PutPayloadMut::new().with_block_size(CHUNK)
}

impl Sending {
    pub(super) fn begin(objects: &Arc<dyn ObjectStore>, parts: &Arc<dyn MultipartStore>, key: &str) -> Self {
        Self { objects: Arc::clone(objects), parts: Arc::clone(parts), key: Key::from(key), filling: empty(), begun: None }
    }

    pub(super) async fn write(&mut self, mut bytes: Bytes) -> Result<()> {
        while !bytes.is_empty() {
            if self.filling.content_length() == PART {
                self.send().await?;
            }
            let room = PART - self.filling.content_length();
            // Copied: a small slice would keep the whole of a connection's buffer alive.
            self.filling.extend_from_slice(&bytes.split_to(room.min(bytes.len())));
        }
        Ok(())
    }

    /// Sends the part that is full, once the one before it has arrived.
    async fn send(&mut self) -> Result<()> {
        let begun = match &mut self.begun {
            Some(begun) => begun,
            none => {
                let id = self.parts.create_multipart(&self.key).await?;
                let note = Key::from(new_key(PARTS));
                let begun = none.insert(Begun { id, note, sent: Vec::new(), flying: None });
                let text = serde_json::to_vec(&Note { key: self.key.to_string(), id: begun.id.clone() }).map_err(std::io::Error::other)?;
                self.objects.put(&begun.note, text.into()).await?;
                begun
            }
        };
        begun.land().await?;
        let payload: PutPayload = std::mem::replace(&mut self.filling, empty()).into();
        let (parts, key, id, number) = (Arc::clone(&self.parts), self.key.clone(), begun.id.clone(), begun.sent.len());
        begun.flying = Some(tokio::spawn(async move { parts.put_part(&key, &id, number, payload).await }));
        Ok(())
    }

    pub(super) async fn finish(mut self) -> Result<()> {
        if self.begun.is_none() {
            let payload = std::mem::replace(&mut self.filling, empty());
            self.objects.put(&self.key, payload.into()).await?;
            return Ok(());
        }
        if !self.filling.is_empty() {
            self.send().await?;
        }
        if let Some(begun) = &mut self.begun {
            begun.land().await?;
            self.parts.complete_multipart(&self.key, &begun.id, std::mem::take(&mut begun.sent)).await?;
            if let Err(error) = self.objects.delete(&begun.note).await {
                tracing::warn!(%error, "a note was left for the sweeper");
            }
        }
        self.begun = None;
        Ok(())
    }
}

impl Begun {
    async fn land(&mut self) -> Result<()> {
        if let Some(flying) = self.flying.take() {
            self.sent.push(flying.await.map_err(std::io::Error::other)??);
        }
        Ok(())
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        let Some(begun) = self.begun.take() else { return };
        let (objects, parts, key) = (Arc::clone(&self.objects), Arc::clone(&self.parts), self.key.clone());
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                if let Some(flying) = begun.flying {
                    flying.abort();
                    drop(flying.await);
                }
                if let Err(error) = abort(&objects, &parts, &key, &begun.id, &begun.note).await {
                    tracing::warn!(%error, "an upload in parts was left for the sweeper");
                }
            });
        }
    }
}

/// Sends a local file, hashing it on the way.
pub(super) async fn send_file(objects: &Arc<dyn ObjectStore>, parts: &Arc<dyn MultipartStore>, path: PathBuf) -> Result<Kept> {
    let mut file = tokio::fs::File::open(path).await?;
    let key = new_key(BLOB);
    let (mut sending, mut hash, mut size) = (Sending::begin(objects, parts, &key), Sha256::new(), 0);
    loop {
        let mut chunk = BytesMut::with_capacity(CHUNK);
        if file.read_buf(&mut chunk).await? == 0 {
            break;
        }
        hash.update(&chunk);
        size += chunk.len() as u64;
        sending.write(chunk.freeze()).await?;
    }
    sending.finish().await?;
    Ok(Kept { key, sha256: hash.finalize().into(), size })
}

/// Ends the upload in parts that a note is about, then the note.
pub(super) async fn take_back(objects: &Arc<dyn ObjectStore>, parts: &Arc<dyn MultipartStore>, note: &str) -> Result<()> {
    let about = read(objects, note).await?;
    abort(objects, parts, &Key::from(about.key), &about.id, &Key::from(note)).await
}

/// The key of the object that a note is about.
pub(super) async fn noted(objects: &Arc<dyn ObjectStore>, note: &str) -> Result<String> {
    Ok(read(objects, note).await?.key)
}

async fn read(objects: &Arc<dyn ObjectStore>, note: &str) -> Result<Note> {
    let text = objects.get(&Key::from(note)).await?.bytes().await?;
    Ok(serde_json::from_slice(&text).map_err(std::io::Error::other)?)
}

async fn abort(objects: &Arc<dyn ObjectStore>, parts: &Arc<dyn MultipartStore>, key: &Key, id: &String, note: &Key) -> Result<()> {
    match parts.abort_multipart(key, id).await {
        // Not found: it was completed, and only the note was left.
        Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    match objects.delete(note).await {
        Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
