//! What is taken out of rows for a quarantine, in the form that it is encrypted in.

use domain::{FileRole, Fingerprint, MediaId, MediaKind, PostId, Time};
use serde::{Deserialize, Serialize};
use store::decisions::Words;
use store::notices::Snapshot;
use store::{FileRow, MediaRow, PostRow};

use crate::Error;

/// What is taken out of a subject's rows.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Archive {
    pub(crate) words: Words,
    pub(crate) fingerprints: Vec<Kept>,
    /// Of a post its media; of a medium itself.
    pub(crate) media: Vec<ArchivedMedium>,
    /// Of a post what is kept of what it said when notice of it was given.
    pub(crate) snapshots: Vec<ArchivedSnapshot>,
    /// What else its post told, which its row keeps or not.
    #[serde(default)]
    pub(crate) post: Option<PostFacts>,
    /// Of a medium its part of each: the state of the post, its place there, and it.
    pub(crate) said: Vec<(i64, usize, serde_json::Value)>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct ArchivedMedium {
    pub(crate) id: MediaId,
    pub(crate) words: Words,
    pub(crate) fingerprints: Vec<Kept>,
    pub(crate) files: Vec<ArchivedFile>,
    #[serde(default)]
    pub(crate) facts: Option<MediaFacts>,
}

/// What a post's page tells besides its words.
#[derive(Serialize, Deserialize)]
pub(crate) struct PostFacts {
    pub(crate) created_ms: i64,
    pub(crate) edited_ms: Option<i64>,
    pub(crate) expires_ms: Option<i64>,
}

/// The same of a medium.
#[derive(Serialize, Deserialize)]
pub(crate) struct MediaFacts {
    pub(crate) position: i64,
    pub(crate) kind: Option<MediaKind>,
    pub(crate) width: Option<i64>,
    pub(crate) height: Option<i64>,
    pub(crate) duration_ms: Option<i64>,
    pub(crate) still_of: Option<MediaId>,
}

impl PostFacts {
    pub(crate) fn of(row: &PostRow) -> Self {
        Self { created_ms: row.created.0, edited_ms: row.edited.map(|time| time.0), expires_ms: row.expires.map(|time| time.0) }
    }
}

impl MediaFacts {
    pub(crate) fn of(row: &MediaRow) -> Self {
        let MediaRow { position, kind, width, height, duration_ms, still_of, .. } = row;
        Self { position: *position, kind: *kind, width: *width, height: *height, duration_ms: *duration_ms, still_of: still_of.clone() }
    }
}

impl ArchivedMedium {
    /// What "download" gave of it.
    pub(crate) fn original(&self) -> Option<&ArchivedFile> {
        self.files.iter().find(|file| file.role == FileRole::Original)
    }
}

#[derive(Serialize, Deserialize)]
pub(crate) struct ArchivedFile {
    pub(crate) role: FileRole,
    pub(crate) name: String,
    pub(crate) sha256: [u8; 32],
    pub(crate) content_type: String,
    pub(crate) size_bytes: i64,
    pub(crate) width: Option<i64>,
    pub(crate) height: Option<i64>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct ArchivedSnapshot {
    pub(crate) version: i64,
    pub(crate) title: Option<String>,
    pub(crate) text: String,
    pub(crate) media: String,
    pub(crate) taken_ms: i64,
}

/// A fingerprint, its bytes in base64.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) kind: domain::FingerprintKind,
    pub(crate) version: i64,
    pub(crate) bytes: String,
}

impl Kept {
    pub(crate) fn of(one: Fingerprint) -> Self {
        Self { kind: one.kind, version: one.version, bytes: base64::Engine::encode(&base64::prelude::BASE64_STANDARD, one.bytes) }
    }

    pub(crate) fn back(self) -> Result<Fingerprint, Error> {
        let bytes = base64::Engine::decode(&base64::prelude::BASE64_STANDARD, self.bytes).map_err(std::io::Error::other)?;
        Ok(Fingerprint { kind: self.kind, version: self.version, bytes })
    }
}

impl ArchivedSnapshot {
    pub(crate) fn of(one: Snapshot) -> Self {
        let Snapshot { version, title, text, media, taken, .. } = one;
        Self { version, title, text, media, taken_ms: taken.0 }
    }

    pub(crate) fn back(self, post: &PostId) -> Snapshot {
        let Self { version, title, text, media, taken_ms } = self;
        Snapshot { post_id: post.clone(), version, title, text, media, taken: Time(taken_ms) }
    }
}

/// What a snapshot says of each of the post's media.
fn each_of(snapshot: &Snapshot) -> Vec<serde_json::Value> {
    serde_json::from_str(&snapshot.media).unwrap_or_default()
}

fn is_of(said: &serde_json::Value, medium: &MediaId) -> bool {
    said.get("id").and_then(serde_json::Value::as_str) == Some(medium.as_str())
}

pub(crate) fn said_of(snapshot: &Snapshot, medium: &MediaId) -> Option<(i64, usize, serde_json::Value)> {
    let found = each_of(snapshot).into_iter().enumerate().find(|(_, said)| is_of(said, medium));
    found.map(|(place, said)| (snapshot.version, place, said))
}

pub(crate) fn without(snapshot: Snapshot, medium: &MediaId) -> Snapshot {
    let mut all = each_of(&snapshot);
    all.retain(|said| !is_of(said, medium));
    Snapshot { media: serde_json::Value::from(all).to_string(), ..snapshot }
}

pub(crate) fn with(snapshot: Snapshot, said: &[(i64, usize, serde_json::Value)]) -> Snapshot {
    let mut all = each_of(&snapshot);
    for (_, place, one) in said.iter().filter(|(version, ..)| *version == snapshot.version) {
        all.insert((*place).min(all.len()), one.clone());
    }
    Snapshot { media: serde_json::Value::from(all).to_string(), ..snapshot }
}

pub(crate) fn fingerprints(kept: Vec<Kept>) -> Result<Vec<Fingerprint>, Error> {
    kept.into_iter().map(Kept::back).collect()
}

pub(crate) fn archived(file: FileRow) -> ArchivedFile {
    let FileRow { role, name, blob, content_type, size_bytes, width, height, .. } = file;
    ArchivedFile { role, name, sha256: blob, content_type, size_bytes, width, height }
}

pub(crate) fn served(medium: &MediaId, file: ArchivedFile, object_key: String) -> FileRow {
    let ArchivedFile { role, name, sha256, content_type, size_bytes, width, height } = file;
    FileRow { media_id: medium.clone(), role, name, blob: sha256, object_key, content_type, size_bytes, width, height }
}
