//! Fingerprints of what stands on the site: of media, and of posts' words. They go with what they are of.
//!
//! Each time that a subject's fingerprints are written, it gets a new number. So what is told of a number is true for as long as there is one.

use std::ops::RangeInclusive;

use domain::{Fingerprint, FingerprintKind, MediaId, PostId, Time};

use crate::db::{read, write};
use crate::{Db, Result, Tx, banks, corrupt, dialect};

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
const NUMBER: &str = "INSERT INTO subjects (post_id, media_id) VALUES ($1, $2)";
const UNNUMBER: &str = "DELETE FROM subjects WHERE post_id = $1 AND media_id = $2";
const UNNUMBER_POST: &str = "DELETE FROM subjects WHERE post_id = $1";
const UNNUMBER_MEDIUM: &str =
    "DELETE FROM subjects WHERE (post_id, media_id) IN (SELECT post_id, media_id FROM fingerprints WHERE media_id = $1)";
/// Of a subject nothing may be of these kinds, and it is counted all the same.
const LOOKED_UP: &str = "SELECT s.number, s.post_id, s.media_id, f.kind, f.version, f.bytes FROM (SELECT * FROM subjects \
     WHERE number >= $1 AND number <= $2 ORDER BY number LIMIT $3) s LEFT JOIN fingerprints f \
     ON f.post_id = s.post_id AND f.media_id = s.media_id AND f.kind <> 'keypoints' ORDER BY s.number, f.kind";
const WORDS: &str = "SELECT s.number, s.post_id, s.media_id, f.kind, f.version, f.bytes FROM (SELECT * FROM subjects \
     WHERE media_id = '' AND number >= $1 AND number <= $2 ORDER BY number LIMIT $3) s LEFT JOIN fingerprints f \
     ON f.post_id = s.post_id AND f.media_id = s.media_id ORDER BY s.number, f.kind";
const FEATURES: &str = "SELECT s.number, s.post_id, s.media_id, f.kind, f.version, f.bytes FROM (SELECT * FROM subjects \
     WHERE media_id <> '' AND number >= $1 AND number <= $2 ORDER BY number LIMIT $3) s LEFT JOIN fingerprints f \
     ON f.post_id = s.post_id AND f.media_id = s.media_id AND f.kind = 'keypoints' ORDER BY s.number";
const NEWEST: &str = "SELECT coalesce(max(number), 0) FROM subjects";
const STANDING: &str = "SELECT number FROM subjects WHERE number >= $1 AND number <= $2 ORDER BY number LIMIT $3";
const MORE: &str = "SELECT number FROM subjects WHERE number >= $1 AND number <= $2 ORDER BY number LIMIT 1 OFFSET $3";
/// What was posted lately, but for what banks know. What only was looked at again has a new number and an old post.
const NEWCOMERS: &str = "SELECT s.number, s.post_id, s.media_id, f.kind, f.version, f.bytes FROM (SELECT * FROM subjects ORDER BY number DESC LIMIT $2) s \
     JOIN posts p ON p.id = s.post_id AND p.created_ms > $1 AND p.removed IS NULL JOIN fingerprints f \
     ON f.post_id = s.post_id AND f.media_id = s.media_id AND f.kind IN ('sha256', 'pdq', 'text') \
     WHERE NOT EXISTS (SELECT 1 FROM matches m WHERE m.post_id = s.post_id AND m.media_id = s.media_id) ORDER BY s.number, f.kind";
const OF: &str = "SELECT kind, version, bytes FROM fingerprints WHERE post_id = $1 AND media_id = $2 ORDER BY kind";
const OUTDATED: &str = "SELECT id FROM media WHERE state = 'ready' AND id > $1 \
     AND EXISTS (SELECT 1 FROM files WHERE media_id = media.id) AND ( \
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
const COUNT: &str = "SELECT count(*) FROM subjects WHERE number >= $1 AND number <= $2";
const COUNT_WORDS: &str = "SELECT count(*) FROM subjects WHERE media_id = ''";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[
    PUT,
    CLEAR,
    OF_POST,
    OF_MEDIUM,
    NUMBER,
    UNNUMBER,
    UNNUMBER_POST,
    UNNUMBER_MEDIUM,
    LOOKED_UP,
    WORDS,
    FEATURES,
    NEWEST,
    STANDING,
    MORE,
    NEWCOMERS,
    OF,
    OUTDATED,
    OUTDATED_WORDS,
    COUNT,
    COUNT_WORDS,
];

/// Writes down all that a subject is known by; what it was known by before is forgotten. The banks stand still until it is committed
/// ([`banks::hold_still`]), which [`whole_until`] relies on.
pub async fn replace(tx: &mut Tx, subject: &Subject, fingerprints: &[Fingerprint]) -> Result<()> {
    banks::share_still(tx).await?;
    for sql in [CLEAR, UNNUMBER] {
        write!(tx, conn => sqlx::query(sql).bind(subject.post_id.as_str()).bind(subject.medium()).execute(conn).await.map(|_| ()))?;
    }
    if !fingerprints.is_empty() {
        write!(tx, conn => sqlx::query(NUMBER).bind(subject.post_id.as_str()).bind(subject.medium()).execute(conn).await.map(|_| ()))?;
    }
    for one in fingerprints {
        write!(tx, conn => sqlx::query(PUT)
            .bind(subject.post_id.as_str()).bind(subject.medium()).bind(one.kind.as_str()).bind(one.version).bind(&one.bytes)
            .execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}

/// What is read of what stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All but local features, which are nearly all of the bytes.
    LookedUp,
    /// Of posts' words all, and of media nothing.
    Words,
    /// The local features of media.
    Features,
}

/// A subject with what was read of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Its number.
    pub number: i64,
    /// It.
    pub subject: Subject,
    /// What it is known by.
    pub fingerprints: Vec<Fingerprint>,
}

type Columns = (i64, String, String, Option<String>, Option<i64>, Option<Vec<u8>>);

/// The first `limit` subjects with one of these numbers, by their numbers.
pub async fn numbered(db: &Db, part: Part, numbers: RangeInclusive<i64>, limit: i64) -> Result<Vec<Standing>> {
    let sql = match part {
        Part::LookedUp => LOOKED_UP,
        Part::Words => WORDS,
        Part::Features => FEATURES,
    };
    standing(read!(db, conn => sqlx::query_as(sql).bind(numbers.start()).bind(numbers.end()).bind(limit).fetch_all(conn).await)?)
}

/// What was posted since then and no bank knows, of the last `limit` subjects: its digests, the PDQ of photos, and the likeness of words.
pub async fn newcomers(db: &Db, since: Time, limit: i64) -> Result<Vec<Standing>> {
    standing(read!(db, conn => sqlx::query_as(NEWCOMERS).bind(since.0).bind(limit).fetch_all(conn).await)?)
}

/// All but the local features of those of these subjects that still stand as they did when they got these numbers.
pub async fn looked_up(db: &Db, numbers: &[i64]) -> Result<Vec<Standing>> {
    let listed = serde_json::json!(numbers).to_string();
    let sql = db.text(dialect::OF_NUMBERS);
    standing(read!(db, conn => sqlx::query_as(sql).bind(listed).fetch_all(conn).await)?)
}

fn standing(rows: Vec<Columns>) -> Result<Vec<Standing>> {
    let mut found: Vec<Standing> = Vec::new();
    for (number, post_id, media_id, kind, version, bytes) in rows {
        if found.last().is_none_or(|last| last.number != number) {
            let subject = Subject::parse("subjects", &post_id, &media_id)?;
            found.push(Standing { number, subject, fingerprints: Vec::new() });
        }
        if let (Some(last), Some(kind), Some(version), Some(bytes)) = (found.last_mut(), kind, version, bytes) {
            let kind = FingerprintKind::parse(&kind).ok_or_else(|| corrupt("fingerprints", "kind", &post_id))?;
            last.fingerprints.push(Fingerprint { kind, version, bytes });
        }
    }
    Ok(found)
}

/// Up to this number all subjects are there: no lower one comes any more. Whoever is just writing one down is waited for.
pub async fn whole_until(db: &Db) -> Result<i64> {
    let mut tx = db.begin_light().await?;
    banks::hold_alone(&mut tx).await?;
    Ok(write!(tx, conn => sqlx::query_scalar(NEWEST).fetch_one(conn).await)?)
}

/// The numbers among these, at most `limit`, that somebody still has.
pub async fn still_there(db: &Db, numbers: RangeInclusive<i64>, limit: i64) -> Result<Vec<i64>> {
    Ok(read!(db, conn => sqlx::query_scalar(STANDING).bind(numbers.start()).bind(numbers.end()).bind(limit).fetch_all(conn).await)?)
}

/// Whether more subjects than so many have one of these numbers.
pub async fn are_more(db: &Db, numbers: RangeInclusive<i64>, than: i64) -> Result<bool> {
    let found: Option<i64> = read!(db, conn => sqlx::query_scalar(MORE)
        .bind(numbers.start()).bind(numbers.end()).bind(than).fetch_optional(conn).await)?;
    Ok(found.is_some())
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

/// How many subjects have one of these numbers.
pub async fn count(db: &Db, numbers: RangeInclusive<i64>) -> Result<u64> {
    let count: i64 = read!(db, conn => sqlx::query_scalar(COUNT).bind(numbers.start()).bind(numbers.end()).fetch_one(conn).await)?;
    Ok(count.unsigned_abs())
}

/// How many subjects are posts' words.
pub async fn count_words(db: &Db) -> Result<u64> {
    let count: i64 = read!(db, conn => sqlx::query_scalar(COUNT_WORDS).fetch_one(conn).await)?;
    Ok(count.unsigned_abs())
}

pub(crate) async fn forget_post(tx: &mut Tx, id: &PostId) -> Result<()> {
    for sql in [UNNUMBER_POST, OF_POST] {
        write!(tx, conn => sqlx::query(sql).bind(id.as_str()).execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}

pub(crate) async fn forget_medium(tx: &mut Tx, id: &MediaId) -> Result<()> {
    for sql in [UNNUMBER_MEDIUM, OF_MEDIUM] {
        write!(tx, conn => sqlx::query(sql).bind(id.as_str()).execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}
