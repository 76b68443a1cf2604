//! A whole site in one stream, taken while it runs: a tar archive of its objects and its rows.
//!
//! The objects come first, then all rows from one snapshot, then the objects that came while the first were read. So the archive
//! shows the site as it was at the end. A post that was deleted or edited after the snapshot, or whose objects went away (a photo had
//! just been prepared), is read again and amended: what somebody took away while it was made is not in it. Rows are in a form
//! of neither engine, so that a site may move from one to the other. The last entry counts and hashes all others: without it,
//! or with another, nothing is restored.
//!
//! Memory grows with what arrives meanwhile, never with the size of the site.

mod restore;
mod rows;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::io::Write;
use std::path::Path;

use domain::Time;
use futures_util::TryStreamExt as _;
use object_store::ObjectStoreExt as _;
use object_store::path::Path as Key;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{BlobStore, Error, Result};
use rows::{Amended, Chunk, Connection};

pub use restore::{Restored, Target, restore};
pub use rows::TABLES;

/// The form of the archive.
const FORMAT: u32 = 1;
const FIRST: &str = "handbill-backup.json";
const LAST: &str = "end.json";
const OBJECTS: &str = "objects/";
const ROWS: &str = "rows/";
const AMENDED: &str = "amended/";
/// How far the clocks of a site's nodes may be apart: what was written since is looked for again.
const MARGIN_MS: i64 = 10 * 60 * 1_000;
/// Objects whose keys are asked for at a time.
const PAGE: i64 = 500;
/// How often a post is read again that changes while it is read.
const TRIES: usize = 5;

const EXPECTED: &str = "SELECT count(*), CAST(coalesce(sum(size_bytes), 0) AS BIGINT) FROM blobs";
const KEYS: &str = "SELECT sha256, object_key, created_ms FROM blobs WHERE sha256 > $1 ORDER BY sha256 LIMIT $2";
/// What may not have been there when the objects were read, and the post that it belongs to.
const LATE: &str = "SELECT b.object_key, m.post_id FROM blobs b JOIN files f ON f.sha256 = b.sha256 JOIN media m ON m.id = f.media_id WHERE b.created_ms >= $1 \
     UNION SELECT staged, post_id FROM media WHERE staged IS NOT NULL \
     UNION SELECT p.object_key, m.post_id FROM parts p LEFT JOIN media m ON m.upload_id = p.upload_id \
     UNION SELECT object_key, NULL FROM quarantined UNION SELECT archive, NULL FROM restrictions WHERE archive IS NOT NULL \
     UNION SELECT object_key, NULL FROM evidence WHERE object_key IS NOT NULL";
const POSTS_OF: &str =
    "SELECT DISTINCT m.post_id FROM blobs b JOIN files f ON f.sha256 = b.sha256 JOIN media m ON m.id = f.media_id WHERE b.object_key = $1";
/// The objects of a post, and since when they are named.
const OF_POST: &str = "SELECT b.object_key, b.created_ms FROM blobs b JOIN files f ON f.sha256 = b.sha256 JOIN media m ON m.id = f.media_id WHERE m.post_id = $1 \
     UNION SELECT staged, NULL FROM media WHERE post_id = $1 AND staged IS NOT NULL \
     UNION SELECT p.object_key, NULL FROM parts p JOIN media m ON m.upload_id = p.upload_id WHERE m.post_id = $1";
/// What changed under its poster's hand since: those rows are out of date.
const CHANGED: &str = "SELECT post_id FROM gone WHERE since_ms >= $1 UNION SELECT id FROM posts WHERE edited_ms >= $1";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&[&str]] = &[&[EXPECTED, KEYS, LATE, POSTS_OF, OF_POST, CHANGED], restore::SQL];

/// The database of a site that is only read.
#[derive(Clone, Copy, Debug)]
pub enum Source<'a> {
    /// A file.
    Sqlite(&'a Path),
    /// A server's address.
    Postgres(&'a str),
}

/// How far it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    /// Objects so far.
    pub objects: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Bytes that there were at the beginning; 0: not known.
    pub of_bytes: u64,
}

/// What is in an archive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Posts.
    pub posts: u64,
    /// Objects.
    pub objects: u64,
    /// Bytes of the objects.
    pub bytes: u64,
    /// Objects that rows name and the store does not have: they were lost before.
    pub lost: u64,
}

/// The first entry.
#[derive(Serialize, Deserialize)]
struct Manifest {
    format: u32,
    schema: i64,
    program: String,
    created_ms: i64,
}

/// The last entry.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct End {
    entries: u64,
    /// Over path, size and SHA-256 of every entry before.
    sha256: String,
}

/// Sums up all entries.
#[derive(Default)]
struct Sum {
    entries: u64,
    hash: Sha256,
}

impl Sum {
    fn add(&mut self, path: &str, size: u64, sha256: [u8; 32]) {
        self.entries += 1;
        self.hash.update(path.as_bytes());
        self.hash.update([0]);
        self.hash.update(size.to_le_bytes());
        self.hash.update(sha256);
    }

    fn end(self) -> End {
        End { entries: self.entries, sha256: hex::encode(self.hash.finalize()) }
    }
}

/// Writes a whole site to `out`. Blocks its thread wherever `out` does.
pub async fn write(source: Source<'_>, blobs: &BlobStore, out: impl Write, now: Time, mut tell: impl FnMut(Progress)) -> Result<Written> {
    let mut database = Connection::open(source).await?;
    let schema = database.schema().await?;
    let known = rows::newest();
    if schema != Some(known) {
        let found = schema.map_or_else(|| "none".to_owned(), |schema| schema.to_string());
        return Err(Error::Schema(format!(
            "it is at version {found} and this program knows {known}; a backup is made by the program that runs the site"
        )));
    }
    let mut pack = Pack {
        out,
        sum: Sum::default(),
        blobs,
        since: Time(now.0.saturating_sub(MARGIN_MS)),
        copied: HashSet::new(),
        progress: Progress::default(),
        tell: &mut tell,
    };
    let manifest = Manifest { format: FORMAT, schema: known, program: env!("CARGO_PKG_VERSION").to_owned(), created_ms: now.0 };
    pack.json(FIRST, &manifest)?;
    pack.progress.of_bytes =
        rows::on!(&mut database, conn => sqlx::query_as::<_, (i64, i64)>(EXPECTED).fetch_one(conn).await)?.1.max(0).unsigned_abs();

    let missing = pack.objects(&mut database).await?;
    let (mut late, posts) = pack.snapshot(&mut database).await?;
    for key in &missing {
        let ids: Vec<String> = rows::on!(&mut database, conn => sqlx::query_scalar(POSTS_OF).bind(key).fetch_all(conn).await)?;
        late.extend(ids.into_iter().map(|id| (key.clone(), Some(id))));
    }
    let mut again: BTreeSet<String> = BTreeSet::new();
    for (key, post) in late {
        if !pack.copy(&key).await?
            && let Some(post) = post
        {
            again.insert(post);
        }
    }
    let since = pack.since.0;
    let changed: Vec<String> = rows::on!(&mut database, conn => sqlx::query_scalar(CHANGED).bind(since).fetch_all(conn).await)?;
    again.extend(changed);
    let mut lost = 0;
    for post in &again {
        lost += pack.amend(&mut database, post, &missing).await?;
    }
    database.close().await?;
    let progress = pack.progress;
    pack.finish()?;
    Ok(Written { posts, objects: progress.objects, bytes: progress.bytes, lost })
}

struct Pack<'a, W> {
    out: W,
    sum: Sum,
    blobs: &'a BlobStore,
    /// What is named since then is remembered once it is copied.
    since: Time,
    copied: HashSet<String>,
    progress: Progress,
    tell: &'a mut dyn FnMut(Progress),
}

impl<W: Write> Pack<'_, W> {
    /// Every object that prepared media have now; returns the keys of those that were not there.
    async fn objects(&mut self, database: &mut Connection) -> Result<HashSet<String>> {
        let (mut after, mut missing) = (Vec::new(), HashSet::new());
        loop {
            let page: Vec<(Vec<u8>, String, i64)> =
                rows::on!(&mut *database, conn => sqlx::query_as(KEYS).bind(&after).bind(PAGE).fetch_all(conn).await)?;
            let Some((last, ..)) = page.last() else { return Ok(missing) };
            after.clone_from(last);
            for (_, key, created_ms) in page {
                if !self.store(&key).await? {
                    missing.insert(key);
                } else if created_ms >= self.since.0 {
                    self.copied.insert(key);
                }
            }
        }
    }

    /// All rows of one moment; returns which objects may have come since the others were read, with their posts, and how many posts there are.
    async fn snapshot(&mut self, database: &mut Connection) -> Result<(HashMap<String, Option<String>>, u64)> {
        database.begin().await?;
        let mut posts = 0;
        for table in TABLES {
            let mut number = 0;
            database
                .dump(table, None, &mut |chunk: Chunk| {
                    number += 1;
                    if chunk.table == "posts" {
                        posts += chunk.rows.len() as u64;
                    }
                    self.json(&format!("{ROWS}{}/{number:08}.json", chunk.table), &chunk)
                })
                .await?;
        }
        let since = self.since.0;
        let late: Vec<(String, Option<String>)> =
            rows::on!(&mut *database, conn => sqlx::query_as(LATE).bind(since).fetch_all(conn).await)?;
        database.end().await?;
        Ok((late.into_iter().collect(), posts))
    }

    /// Reads a post again until all its objects are there; returns how many never were.
    async fn amend(&mut self, database: &mut Connection, post: &str, missing: &HashSet<String>) -> Result<u64> {
        let (mut lost, mut chunks) = (0, Vec::new());
        for _ in 0..TRIES {
            chunks.clear();
            database.begin().await?;
            for table in TABLES {
                database
                    .dump(table, Some(post), &mut |chunk| {
                        chunks.push(chunk);
                        Ok(())
                    })
                    .await?;
            }
            let keys: Vec<(String, Option<i64>)> =
                rows::on!(&mut *database, conn => sqlx::query_as(OF_POST).bind(post).fetch_all(conn).await)?;
            database.end().await?;
            lost = 0;
            for (key, created_ms) in keys {
                let old = created_ms.is_some_and(|created| created < self.since.0) && !missing.contains(&key);
                if !old && !self.copy(&key).await? {
                    lost += 1;
                }
            }
            if lost == 0 {
                break;
            }
        }
        let path = format!("{AMENDED}{post}.json");
        self.json(&path, &Amended { post: post.to_owned(), chunks })?;
        Ok(lost)
    }

    /// Copies an object unless it was copied before; `false` if it is not there.
    async fn copy(&mut self, key: &str) -> Result<bool> {
        let done = self.copied.contains(key) || self.store(key).await?;
        if done {
            self.copied.insert(key.to_owned());
        }
        Ok(done)
    }

    async fn store(&mut self, key: &str) -> Result<bool> {
        let found = match self.blobs.objects.get(&Key::from(key)).await {
            Ok(found) => found,
            Err(object_store::Error::NotFound { .. }) => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        let path = format!("{OBJECTS}{key}");
        let size = found.meta.size;
        self.header(&path, size)?;
        let (mut hash, mut left, mut stream) = (Sha256::new(), size, found.into_stream());
        while let Some(chunk) = stream.try_next().await? {
            left = left.checked_sub(chunk.len() as u64).ok_or_else(|| unwritten("an object grew while it was read"))?;
            hash.update(&chunk);
            self.out.write_all(&chunk).map_err(unwritten)?;
            self.progress.bytes += chunk.len() as u64;
            (self.tell)(self.progress);
        }
        if left > 0 {
            return Err(unwritten("an object ended too early"));
        }
        self.pad(size)?;
        self.sum.add(&path, size, hash.finalize().into());
        self.progress.objects += 1;
        (self.tell)(self.progress);
        Ok(true)
    }

    fn json(&mut self, path: &str, value: &impl Serialize) -> Result<()> {
        let bytes = serde_json::to_vec(value).map_err(unwritten)?;
        let size = bytes.len() as u64;
        self.header(path, size)?;
        self.out.write_all(&bytes).map_err(unwritten)?;
        self.pad(size)?;
        self.sum.add(path, size, Sha256::digest(&bytes).into());
        Ok(())
    }

    fn header(&mut self, path: &str, size: u64) -> Result<()> {
        let mut header = tar::Header::new_gnu();
        header.set_path(path).map_err(unwritten)?;
        header.set_size(size);
        header.set_mode(0o600);
        header.set_cksum();
        self.out.write_all(header.as_bytes()).map_err(unwritten)
    }

    fn pad(&mut self, size: u64) -> Result<()> {
        let over = (size % 512) as usize;
        if over > 0 {
            self.out.write_all(&[0; 512][over..]).map_err(unwritten)?;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<()> {
        let end = std::mem::take(&mut self.sum).end();
        self.json(LAST, &end)?;
        self.out.write_all(&[0; 1024]).map_err(unwritten)?;
        self.out.flush().map_err(unwritten)
    }
}

fn unwritten(error: impl std::fmt::Display) -> Error {
    Error::Archive(format!("cannot be written: {error}"))
}
