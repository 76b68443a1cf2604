//! Fingerprints of what stands on the site: of media, and of posts' words. They go with what they are of.

use domain::{Fingerprint, FingerprintKind, MediaId, PostId};

use crate::db::{read, write};
use crate::{Db, Result, Tx, corrupt};

/// What a fingerprint is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// The post.
    pub post_id: PostId,
    /// One of its media; `None`: its words.
    pub media_id: Option<MediaId>,
}

impl Subject {
    pub(crate) fn medium(&self) -> &str {
        self.media_id.as_ref().map_or("", MediaId::as_str)
    }

    pub(crate) fn parse(table: &'static str, post_id: &str, media_id: &str) -> Result<Self> {
        let medium = || MediaId::parse(media_id).ok_or_else(|| corrupt(table, "media_id", media_id));
        Ok(Self {
            post_id: PostId::parse(post_id).ok_or_else(|| corrupt(table, "post_id", post_id))?,
            media_id: if media_id.is_empty() { None } else { Some(medium()?) },
        })
    }
}

const PUT: &str = "INSERT INTO fingerprints (post_id, media_id, kind, version, bytes) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (post_id, media_id, kind) DO UPDATE SET version = excluded.version, bytes = excluded.bytes";
const CLEAR: &str = "DELETE FROM fingerprints WHERE post_id = $1 AND media_id = $2";
const OF_POST: &str = "DELETE FROM fingerprints WHERE post_id = $1";
const OF_MEDIUM: &str = "DELETE FROM fingerprints WHERE media_id = $1";
const AFTER: &str = "SELECT post_id, media_id, kind, version, bytes FROM fingerprints WHERE (post_id, media_id) IN \
     (SELECT DISTINCT post_id, media_id FROM fingerprints WHERE (post_id, media_id) > ($1, $2) ORDER BY post_id, media_id LIMIT $3) \
     ORDER BY post_id, media_id, kind";
const OF: &str = "SELECT kind, version, bytes FROM fingerprints WHERE post_id = $1 AND media_id = $2 ORDER BY kind";
const OUTDATED: &str = "SELECT id FROM media WHERE state = 'ready' AND id > $1 AND ( \
     NOT EXISTS (SELECT 1 FROM fingerprints WHERE media_id = media.id) \
     OR (kind <> 'video' AND (SELECT count(*) FROM fingerprints WHERE media_id = media.id AND kind IN ('pdq', 'keypoints')) < 2) \
     OR EXISTS (SELECT 1 FROM fingerprints WHERE media_id = media.id AND ( \
        (kind = 'pdq' AND version < $2) OR (kind = 'keypoints' AND version < $3) OR (kind = 'frames' AND version < $4)))) \
     ORDER BY id LIMIT 1";
const OUTDATED_WORDS: &str = "SELECT id FROM posts WHERE id > $1 AND (text <> '' OR title <> '' \
     OR EXISTS (SELECT 1 FROM media WHERE post_id = posts.id AND (caption <> '' OR alt <> ''))) AND ( \
     NOT EXISTS (SELECT 1 FROM fingerprints WHERE post_id = posts.id AND media_id = '' AND kind = 'text') \
     OR EXISTS (SELECT 1 FROM fingerprints WHERE post_id = posts.id AND media_id = '' AND ( \
        (kind = 'text' AND version < $2) OR (kind = 'links' AND version < $3)))) \
     ORDER BY id LIMIT 1";
const COUNT: &str = "SELECT count(*) FROM (SELECT DISTINCT post_id, media_id FROM fingerprints) AS subjects";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[PUT, CLEAR, OF_POST, OF_MEDIUM, AFTER, OF, OUTDATED, OUTDATED_WORDS, COUNT];

/// Writes down all that a subject is known by; what it was known by before is forgotten.
pub async fn replace(tx: &mut Tx, subject: &Subject, fingerprints: &[Fingerprint]) -> Result<()> {
    write!(tx, conn => sqlx::query(CLEAR).bind(subject.post_id.as_str()).bind(subject.medium()).execute(conn).await.map(|_| ()))?;
    for one in fingerprints {
        write!(tx, conn => sqlx::query(PUT)
            .bind(subject.post_id.as_str()).bind(subject.medium()).bind(one.kind.as_str()).bind(one.version).bind(&one.bytes)
            .execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}

/// The fingerprints of up to `limit` subjects after `after`, subject by subject; `None`: from the beginning.
pub async fn after(db: &Db, after: Option<&Subject>, limit: i64) -> Result<Vec<(Subject, Vec<Fingerprint>)>> {
    type Columns = (String, String, String, i64, Vec<u8>);
    let (post, medium) = after.map_or(("", ""), |subject| (subject.post_id.as_str(), subject.medium()));
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(AFTER).bind(post).bind(medium).bind(limit).fetch_all(conn).await)?;
    let mut found: Vec<(Subject, Vec<Fingerprint>)> = Vec::new();
    for (post_id, media_id, kind, version, bytes) in rows {
        let subject = Subject::parse("fingerprints", &post_id, &media_id)?;
        let kind = FingerprintKind::parse(&kind).ok_or_else(|| corrupt("fingerprints", "kind", &post_id))?;
        let one = Fingerprint { kind, version, bytes };
        match found.last_mut() {
            Some((last, own)) if *last == subject => own.push(one),
            _ => found.push((subject, vec![one])),
        }
    }
    Ok(found)
}

/// What a subject is known by.
pub async fn of(db: &Db, subject: &Subject) -> Result<Vec<Fingerprint>> {
    let rows: Vec<(String, i64, Vec<u8>)> =
        read!(db, conn => sqlx::query_as(OF).bind(subject.post_id.as_str()).bind(subject.medium()).fetch_all(conn).await)?;
    let one = |(kind, version, bytes): (String, i64, Vec<u8>)| {
        let kind = FingerprintKind::parse(&kind).ok_or_else(|| corrupt("fingerprints", "kind", subject.post_id.as_str()))?;
        Ok(Fingerprint { kind, version, bytes })
    };
    rows.into_iter().map(one).collect()
}

/// The versions of what is made of media today.
#[derive(Clone, Copy, Debug)]
pub struct Versions {
    /// Of a picture's PDQ.
    pub pdq: i64,
    /// Of local features.
    pub keypoints: i64,
    /// Of a video's frames.
    pub frames: i64,
}

/// The first medium after this one, by id, that can be seen and is known by what an older version made, or by nothing.
pub async fn outdated(db: &Db, today: Versions, after: Option<&MediaId>) -> Result<Option<MediaId>> {
    let after = after.map_or("", MediaId::as_str);
    let id: Option<String> = read!(db, conn => sqlx::query_scalar(OUTDATED)
        .bind(after).bind(today.pdq).bind(today.keypoints).bind(today.frames).fetch_optional(conn).await)?;
    id.map(|id| MediaId::parse(&id).ok_or_else(|| corrupt("media", "id", &id))).transpose()
}

/// The versions of what is made of words today.
#[derive(Clone, Copy, Debug)]
pub struct WordVersions {
    /// Of the likeness of words.
    pub text: i64,
    /// Of links.
    pub links: i64,
}

/// The first post after this one, by id, that has words, and of which these are known by what an older version made, or by nothing.
pub async fn outdated_words(db: &Db, today: WordVersions, after: Option<&PostId>) -> Result<Option<PostId>> {
    let after = after.map_or("", PostId::as_str);
    let id: Option<String> = read!(db, conn => sqlx::query_scalar(OUTDATED_WORDS)
        .bind(after).bind(today.text).bind(today.links).fetch_optional(conn).await)?;
    id.map(|id| PostId::parse(&id).ok_or_else(|| corrupt("posts", "id", &id))).transpose()
}

/// How many subjects are known by a fingerprint.
pub async fn count(db: &Db) -> Result<u64> {
    let count: i64 = read!(db, conn => sqlx::query_scalar(COUNT).fetch_one(conn).await)?;
    Ok(u64::try_from(count).unwrap_or_default())
}

pub(crate) async fn forget_post(tx: &mut Tx, id: &PostId) -> Result<()> {
    write!(tx, conn => sqlx::query(OF_POST).bind(id.as_str()).execute(conn).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn forget_medium(tx: &mut Tx, id: &MediaId) -> Result<()> {
    write!(tx, conn => sqlx::query(OF_MEDIUM).bind(id.as_str()).execute(conn).await.map(|_| ()))?;
    Ok(())
}
