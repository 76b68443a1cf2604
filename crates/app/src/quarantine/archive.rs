//! What is taken out of rows for a quarantine, in the form that it is encrypted in.

use domain::{FileRole, Fingerprint, MediaId, PostId, Time};
use serde::{Deserialize, Serialize};
use store::FileRow;
use store::decisions::Words;
use store::notices::Snapshot;

use crate::Error;

/// What is taken out of a subject's rows.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Archive {
    pub(super) words: Words,
    pub(super) fingerprints: Vec<Kept>,
    /// Of a post its media; of a medium itself.
    pub(super) media: Vec<ArchivedMedium>,
    /// Of a post what is kept of what it said when notice of it was given.
    pub(super) snapshots: Vec<ArchivedSnapshot>,
    /// Of a medium its part of each: the state of the post, its place there, and it.
    pub(super) said: Vec<(i64, usize, serde_json::Value)>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ArchivedMedium {
    pub(super) id: MediaId,
    pub(super) words: Words,
    pub(super) fingerprints: Vec<Kept>,
    pub(super) files: Vec<ArchivedFile>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ArchivedFile {
    pub(super) role: FileRole,
    pub(super) name: String,
    pub(super) sha256: [u8; 32],
    pub(super) content_type: String,
    pub(super) size_bytes: i64,
    pub(super) width: Option<i64>,
    pub(super) height: Option<i64>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ArchivedSnapshot {
    pub(super) version: i64,
    pub(super) title: Option<String>,
    pub(super) text: String,
    pub(super) media: String,
    pub(super) taken_ms: i64,
}

/// A fingerprint, its bytes in base64.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) kind: domain::FingerprintKind,
    pub(super) version: i64,
    pub(super) bytes: String,
}

impl Kept {
    pub(super) fn of(one: Fingerprint) -> Self {
        Self { kind: one.kind, version: one.version, bytes: base64::Engine::encode(&base64::prelude::BASE64_STANDARD, one.bytes) }
    }

    pub(super) fn back(self) -> Result<Fingerprint, Error> {
        let bytes = base64::Engine::decode(&base64::prelude::BASE64_STANDARD, self.bytes).map_err(std::io::Error::other)?;
        Ok(Fingerprint { kind: self.kind, version: self.version, bytes })
    }
}

impl ArchivedSnapshot {
    pub(super) fn of(one: Snapshot) -> Self {
        let Snapshot { version, title, text, media, taken, .. } = one;
        Self { version, title, text, media, taken_ms: taken.0 }
    }

    pub(super) fn back(self, post: &PostId) -> Snapshot {
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

pub(super) fn said_of(snapshot: &Snapshot, medium: &MediaId) -> Option<(i64, usize, serde_json::Value)> {
    let found = each_of(snapshot).into_iter().enumerate().find(|(_, said)| is_of(said, medium));
    found.map(|(place, said)| (snapshot.version, place, said))
}

pub(super) fn without(snapshot: Snapshot, medium: &MediaId) -> Snapshot {
    let mut all = each_of(&snapshot);
    all.retain(|said| !is_of(said, medium));
    Snapshot { media: serde_json::Value::from(all).to_string(), ..snapshot }
}

pub(super) fn with(snapshot: Snapshot, said: &[(i64, usize, serde_json::Value)]) -> Snapshot {
    let mut all = each_of(&snapshot);
    for (_, place, one) in said.iter().filter(|(version, ..)| *version == snapshot.version) {
        all.insert((*place).min(all.len()), one.clone());
    }
    Snapshot { media: serde_json::Value::from(all).to_string(), ..snapshot }
}

pub(super) fn fingerprints(kept: Vec<Kept>) -> Result<Vec<Fingerprint>, Error> {
    kept.into_iter().map(Kept::back).collect()
}

pub(super) fn archived(file: FileRow) -> ArchivedFile {
    let FileRow { role, name, blob, content_type, size_bytes, width, height, .. } = file;
    ArchivedFile { role, name, sha256: blob, content_type, size_bytes, width, height }
}

pub(super) fn served(medium: &MediaId, file: ArchivedFile, object_key: String) -> FileRow {
    let ArchivedFile { role, name, sha256, content_type, size_bytes, width, height } = file;
    FileRow { media_id: medium.clone(), role, name, blob: sha256, object_key, content_type, size_bytes, width, height }
}
