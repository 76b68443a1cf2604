//! The way back: into a site that is empty, all or nothing.
//!
//! Objects are written as they come, and no row names them. The rows stand in one transaction (on SQLite in a file beside the
//! site's own), which is committed once the last entry has said that the archive is whole. Each object gets a name that begins with
//! letters of this restore, which a mark in the object store tells until then: so a restore that fails, and the next one after one
//! that was killed, clear away what it has written, and nothing of anybody else. A site that runs holds a lock, and a restore too.

use std::cell::Cell;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use bytes::Bytes;
use domain::Time;
use futures_util::TryStreamExt as _;
use object_store::path::Path as Key;
use object_store::{ObjectStoreExt as _, PutPayload};
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use sqlx::sqlite::{SqliteConnectOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};

use super::rows::{Amended, Chunk, Connection, TABLES, on};
use super::{AMENDED, End, FIRST, FORMAT, LAST, Manifest, OBJECTS, Progress, ROWS, Source, Sum, rows};
use crate::blobs::{BLOB, EVIDENCE, PARTS, QUARANTINE, STAGED, nonce};
use crate::{BlobStore, Error, Result, dialect};

/// The mark of a restore that is under way: it holds the letters that its objects' names begin with.
const MARK: &str = "restoring";
/// How many of the 32 letters of a name those are: enough to belong to nobody else, and the rest is enough to tell objects apart.
const LETTERS: usize = 12;
/// What is read at a time.
const CHUNK: usize = 256 << 10;
/// No entry of rows is longer: a chunk ends soon after its first mebibyte, and no row is much longer than two posts' words.
const LONGEST: u64 = 256 << 20;

const KEEP: &str = "INSERT INTO restored (object_key, sha256) VALUES ($1, $2)";
/// Media that have lost a file or their upload: it was lost or damaged before the archive was made.
const BROKEN: &str = "SELECT id, post_id FROM media WHERE (state IN ('receiving', 'processing') AND staged IS NULL AND NOT EXISTS (SELECT 1 FROM uploads u WHERE u.id = media.upload_id)) \
     OR (staged IS NOT NULL AND NOT EXISTS (SELECT 1 FROM restored r WHERE r.object_key = media.staged)) \
     OR EXISTS (SELECT 1 FROM files f JOIN blobs b ON b.sha256 = f.sha256 WHERE f.media_id = media.id \
     AND NOT EXISTS (SELECT 1 FROM restored r WHERE r.object_key = b.object_key AND r.sha256 = b.sha256))";
// A video takes its still with it.
const DROP_FILES: &str = "DELETE FROM files WHERE media_id = $1 OR media_id IN (SELECT id FROM media WHERE still_of = $1)";
const DROP_MEDIUM: &str = "DELETE FROM media WHERE id = $1 OR still_of = $1";
/// A post that has nothing left.
const DROP_POST: &str =
    "DELETE FROM posts WHERE id = $1 AND text = '' AND NOT EXISTS (SELECT 1 FROM media WHERE post_id = $1) RETURNING id";
const MARK_GONE: &str = "INSERT INTO gone (post_id, since_ms) VALUES ($1, $2) ON CONFLICT DO NOTHING";
/// An upload that has lost a part is begun again.
const DROP_PARTS: &str = "DELETE FROM parts WHERE upload_id IN (SELECT upload_id FROM parts p WHERE NOT EXISTS (SELECT 1 FROM restored r WHERE r.object_key = p.object_key))";
const DROP_UPLOADS: &str = "DELETE FROM uploads WHERE arrived > 0 AND NOT EXISTS (SELECT 1 FROM parts WHERE upload_id = uploads.id)";
const DROP_BLOBS: &str = "DELETE FROM blobs WHERE NOT EXISTS (SELECT 1 FROM files WHERE files.sha256 = blobs.sha256)";
const COUNT_REFS: &str = "UPDATE blobs SET refs = (SELECT count(*) FROM files WHERE files.sha256 = blobs.sha256)";

/// Every statement of this module about the site's own tables, for the test that prepares them all.
pub(super) const SQL: &[&str] = &[DROP_FILES, DROP_MEDIUM, DROP_POST, MARK_GONE, DROP_BLOBS, COUNT_REFS];

/// The database of the site that is made.
#[derive(Clone, Copy, Debug)]
pub enum Target<'a> {
    /// A file, in a directory that nobody else uses meanwhile.
    Sqlite(&'a Path),
    /// A server's address.
    Postgres(&'a str),
}

/// What was restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restored {
    /// Posts.
    pub posts: u64,
    /// Objects that rows name.
    pub objects: u64,
    /// Bytes of all objects of the archive.
    pub bytes: u64,
    /// Media that were left out, because a file of theirs was lost before.
    pub incomplete: u64,
    /// When the archive was begun.
    pub made: Time,
}

/// Makes a site out of an archive. Blocks its thread wherever `input` does.
pub async fn restore(
    target: Target<'_>,
    blobs: &BlobStore,
    input: impl Read,
    now: Time,
    mut tell: impl FnMut(Progress),
) -> Result<Restored> {
    let ended = Rc::new(Cell::new(false));
    let mut archive = tar::Archive::new(Input { inner: input, ended: Rc::clone(&ended) });
    let mut making = Making::begin(target, blobs, &ended).await?;
    let done = async {
        making.entries(&mut archive, &mut tell).await.map_err(|error| match error {
            // The rows and objects of a whole archive fit together.
            Error::Sql(error) => altered(&format!("a row does not fit ({error})")),
            Error::Io(error) if error.kind() == io::ErrorKind::AlreadyExists => altered("an object comes twice"),
            other => other,
        })?;
        let restored = making.settle(now).await?;
        making.unmark().await?;
        Ok(restored)
    };
    match done.await {
        Ok(restored) => {
            making.publish().await?;
            Ok(restored)
        }
        Err(error) => {
            making.undo().await?;
            Err(error)
        }
    }
}

/// Remembers that its end was seen.
struct Input<R> {
    inner: R,
    ended: Rc<Cell<bool>>,
}

impl<R: Read> Read for Input<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        if count == 0 && !buffer.is_empty() {
            self.ended.set(true);
        }
        Ok(count)
    }
}

/// A site that is being made.
struct Making<'a> {
    target: Target<'a>,
    blobs: &'a BlobStore,
    letters: String,
    database: Connection,
    /// SQLite's file until it is whole.
    building: Option<PathBuf>,
    input_ended: &'a Cell<bool>,
    sum: Sum,
    progress: Progress,
    made: Option<Time>,
    in_rows: bool,
    whole: bool,
}

impl<'a> Making<'a> {
    async fn begin(target: Target<'a>, blobs: &'a BlobStore, input_ended: &'a Cell<bool>) -> Result<Self> {
        let (mut database, building) = match target {
            Target::Sqlite(path) => {
                if path.exists() {
                    let mut old = Connection::open(Source::Sqlite(path)).await?;
                    must_be_empty(&mut old).await?;
                    old.close().await?;
                }
                let building = path.with_extension("restoring");
                remove_database(&building)?;
                // It is made durable as a whole, at the end.
                let options = SqliteConnectOptions::new()
                    .filename(&building)
                    .create_if_missing(true)
                    .foreign_keys(true)
                    .synchronous(SqliteSynchronous::Off);
                (Connection::Sqlite(SqliteConnection::connect_with(&options).await?), Some(building))
            }
            Target::Postgres(url) => {
                let mut database = Connection::open_postgres(url).await?;
                database.have_alone().await?;
                must_be_empty(&mut database).await?;
                (database, None)
            }
        };
        if let Some(killed) = mark(blobs).await? {
            clear(blobs, &killed).await?;
        }
        let mut found = blobs.below("");
        while let Some(object) = found.try_next().await? {
            if object.location.as_ref() != MARK {
                return Err(Error::NotEmpty("there are photos or videos in its store"));
            }
        }
        let letters = nonce()[..LETTERS].to_owned();
        blobs.objects.put(&Key::from(MARK), PutPayload::from(letters.clone())).await?;
        database.run_either(dialect::RESTORED).await?;
        Ok(Self {
            target,
            blobs,
            letters,
            database,
            building,
            input_ended,
            sum: Sum::default(),
            progress: Progress::default(),
            made: None,
            in_rows: false,
            whole: false,
        })
    }

    /// Takes everything that the archive holds.
    async fn entries<R: Read>(&mut self, archive: &mut tar::Archive<Input<R>>, tell: &mut impl FnMut(Progress)) -> Result<()> {
        for entry in archive.entries().map_err(|error| self.unread(&error))? {
            let mut entry = entry.map_err(|error| self.unread(&error))?;
            let path = String::from_utf8(entry.path_bytes().into_owned()).map_err(|_| foreign())?;
            let size = entry.header().entry_size().map_err(|error| self.unread(&error))?;
            if self.whole {
                return Err(altered("something follows its end"));
            }
            if self.made.is_none() != (path == FIRST) {
                return Err(foreign());
            }
            if let Some(key) = path.strip_prefix(OBJECTS) {
                let sha256 = self.object(&mut entry, key, size, tell).await?;
                self.sum.add(&path, size, sha256);
                continue;
            }
            let bytes = self.words(&mut entry, size)?;
            if path == LAST {
                let end: End = parse(&bytes)?;
                if std::mem::take(&mut self.sum).end() != end {
                    return Err(altered("its parts are not those that were written"));
                }
                self.whole = true;
                continue;
            }
            self.sum.add(&path, size, Sha256::digest(&bytes).into());
            if path == FIRST {
                self.manifest(parse(&bytes)?).await?;
            } else if path.starts_with(ROWS) {
                self.rows(parse(&bytes)?, false).await?;
            } else if path.starts_with(AMENDED) {
                let Amended { post, chunks } = parse(&bytes)?;
                for table in TABLES.iter().rev().filter(|table| table.name != "blobs") {
                    self.database.delete_of_post(table, &post).await?;
                }
                for chunk in chunks {
                    self.rows(chunk, true).await?;
                }
            } else {
                return Err(altered("it has a part that none should be"));
            }
        }
        if self.made.is_none() {
            return Err(foreign());
        }
        if !self.whole {
            return Err(cut_off());
        }
        Ok(())
    }

    async fn manifest(&mut self, manifest: Manifest) -> Result<()> {
        let known = rows::newest();
        if manifest.format > FORMAT || manifest.schema > known {
            let Manifest { program, schema, .. } = manifest;
            return Err(Error::Archive(format!(
                "was made by a newer program ({program}, schema {schema}; this one knows {known}); use that one"
            )));
        }
        match self.database.schema().await? {
            None => self.database.migrate(manifest.schema).await?,
            Some(schema) if schema == manifest.schema => {}
            Some(schema) => {
                let words =
                    format!("it is at version {schema} and the archive at {}; make a new, empty database without tables", manifest.schema);
                return Err(Error::Schema(words));
            }
        }
        self.made = Some(Time(manifest.created_ms));
        Ok(())
    }

    async fn object(&mut self, from: &mut impl Read, key: &str, size: u64, tell: &mut impl FnMut(Progress)) -> Result<[u8; 32]> {
        let key = self.renamed(key).ok_or_else(|| altered("it has an object with a name that none has"))?;
        let mut writer = self.blobs.write_at(key.clone()).await?;
        let (mut hash, mut left) = (Sha256::new(), size);
        let mut buffer = vec![0; CHUNK];
        while left > 0 {
            let count = from.read(&mut buffer).map_err(|error| self.unread(&error))?;
            let Some(chunk) = buffer.get(..count).filter(|chunk| !chunk.is_empty()) else { return Err(cut_off()) };
            hash.update(chunk);
            writer.write(Bytes::copy_from_slice(chunk)).await?;
            left = left.saturating_sub(count as u64);
            self.progress.bytes += count as u64;
            tell(self.progress);
        }
        writer.finish().await?;
        let sha256: [u8; 32] = hash.finalize().into();
        on!(&mut self.database, conn => sqlx::query(KEEP).bind(&key).bind(&sha256[..]).execute(conn).await.map(|_| ()))?;
        self.progress.objects += 1;
        tell(self.progress);
        Ok(sha256)
    }

    /// An object's name in the site that is made; `None` if it is none. It becomes a path.
    fn renamed(&self, key: &str) -> Option<String> {
        let (shelf, nonce) = key.split_once('/')?;
        let good = [STAGED, BLOB, QUARANTINE, EVIDENCE].contains(&shelf)
            && nonce.len() == 32
            && nonce.bytes().all(|byte| byte.is_ascii_hexdigit());
        good.then(|| format!("{shelf}/{}{}", self.letters, &nonce[LETTERS..]))
    }

    fn words(&self, from: &mut impl Read, size: u64) -> Result<Vec<u8>> {
        if size > LONGEST {
            return Err(altered("one of its parts is longer than any is"));
        }
        let mut bytes = Vec::new();
        from.take(size).read_to_end(&mut bytes).map_err(|error| self.unread(&error))?;
        if (bytes.len() as u64) < size { Err(cut_off()) } else { Ok(bytes) }
    }

    async fn rows(&mut self, chunk: Chunk, may_stand: bool) -> Result<()> {
        if !self.in_rows {
            self.database.run("BEGIN").await?;
            self.in_rows = true;
            // A site that was started and never used has jobs of its own.
            self.database.run("DELETE FROM jobs").await?;
        }
        let table = TABLES.iter().find(|table| table.name == chunk.table).ok_or_else(|| altered("it has rows of a table that is none"))?;
        let known = self.database.columns(table.name).await?;
        if chunk.columns.iter().any(|column| !known.contains(column)) {
            return Err(altered("it has a column that is none"));
        }
        let place = |name: &str| chunk.columns.iter().position(|column| column.name == name);
        let of_jobs =
            if table.name == "jobs" { (place("kind"), place("lease_until_ms"), place("lease_token")) } else { (None, None, None) };
        let key = table.key.and_then(place);
        for mut row in chunk.rows {
            if row.len() != chunk.columns.len() {
                return Err(altered("it has a row of another length"));
            }
            let (kind, until, token) = of_jobs;
            // What these would delete is not here.
            if kind.and_then(|place| row.get(place)).is_some_and(|kind| kind == "delete_object" || kind == "scrub") {
                continue;
            }
            if let Some(value) = key.and_then(|place| row.get_mut(place))
                && let Some(renamed) = value.as_str().and_then(|key| self.renamed(key))
            {
                *value = renamed.into();
            }
            // Nobody is at work any more.
            for place in [until, token].into_iter().flatten() {
                if let Some(value) = row.get_mut(place) {
                    *value = serde_json::Value::Null;
                }
            }
            // Of two jobs of one key, one waited and one was at work: now the first does for both.
            let may_stand = table.name == "jobs" || (may_stand && table.name == "blobs");
            self.database.insert(table, &chunk.columns, row, may_stand).await?;
        }
        Ok(())
    }

    /// Takes out what is not whole and what nobody names, and counts anew who refers to what.
    async fn settle(&mut self, now: Time) -> Result<Restored> {
        let made = self.made.ok_or_else(foreign)?;
        if !self.in_rows {
            self.database.run("BEGIN").await?;
        }
        for sql in [DROP_PARTS, DROP_UPLOADS] {
            self.database.run(sql).await?;
        }
        let broken: Vec<(String, String)> = on!(&mut self.database, conn => sqlx::query_as(BROKEN).fetch_all(conn).await)?;
        for (medium, _) in &broken {
            for sql in [DROP_FILES, DROP_MEDIUM] {
                on!(&mut self.database, conn => sqlx::query(sql).bind(medium).execute(conn).await.map(|_| ()))?;
            }
        }
        for (_, post) in &broken {
            let dropped: Option<String> =
                on!(&mut self.database, conn => sqlx::query_scalar(DROP_POST).bind(post).fetch_optional(conn).await)?;
            if dropped.is_some() {
                on!(&mut self.database, conn => sqlx::query(MARK_GONE).bind(post).bind(now.0).execute(conn).await.map(|_| ()))?;
            }
        }
        for sql in [DROP_BLOBS, COUNT_REFS] {
            self.database.run(sql).await?;
        }
        let unnamed = self.unnamed().await?;
        for key in &unnamed {
            self.blobs.delete(key).await?;
        }
        let posts: i64 = on!(&mut self.database, conn => sqlx::query_scalar("SELECT count(*) FROM posts").fetch_one(conn).await)?;
        Ok(Restored {
            posts: posts.unsigned_abs(),
            objects: self.progress.objects.saturating_sub(unnamed.len() as u64),
            bytes: self.progress.bytes,
            incomplete: broken.len() as u64,
            made,
        })
    }

    /// Objects that no row names. An archive of an older program has fewer tables.
    async fn unnamed(&mut self) -> Result<Vec<String>> {
        let mut sql = "SELECT object_key FROM restored WHERE TRUE".to_owned();
        for table in TABLES {
            if let Some(key) = table.key
                && !self.database.columns(table.name).await?.is_empty()
            {
                sql.push_str(&format!(" AND NOT EXISTS (SELECT 1 FROM {} t WHERE t.{key} = restored.object_key)", table.name));
            }
        }
        Ok(on!(&mut self.database, conn => sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(conn).await)?)
    }

    /// Before it is a site: a mark that stayed would let the next restore take a site for what a killed one has left.
    async fn unmark(&self) -> Result<()> {
        if mark(self.blobs).await?.as_ref() != Some(&self.letters) {
            return Err(Error::InUse("another restore into the same store has begun meanwhile"));
        }
        self.blobs.delete(MARK).await
    }

    /// From here on it is a site.
    async fn publish(mut self) -> Result<()> {
        // An archive from before there were any has no such table yet.
        if !self.database.columns("subjects").await?.is_empty() {
            self.database.run_either(dialect::RENUMBER).await?;
        }
        self.database.run("COMMIT").await?;
        self.database.run("DROP TABLE restored").await?;
        self.database.migrate(rows::newest()).await?;
        self.database.close().await?;
        if let (Target::Sqlite(path), Some(building)) = (self.target, self.building) {
            std::fs::File::open(&building)?.sync_all()?;
            remove_database(path)?;
            std::fs::rename(&building, path)?;
            std::fs::File::open(path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new(".")))?.sync_all()?;
        }
        Ok(())
    }

    /// Nothing is left of it.
    async fn undo(self) -> Result<()> {
        clear(self.blobs, &self.letters).await?;
        // A transaction ends with its connection.
        self.database.close().await?;
        if let Some(building) = &self.building {
            remove_database(building)?;
        }
        if mark(self.blobs).await?.as_ref() == Some(&self.letters) {
            self.blobs.delete(MARK).await?;
        }
        Ok(())
    }

    /// Why the archive could not be read.
    fn unread(&self, error: &io::Error) -> Error {
        if self.input_ended.get() { cut_off() } else { altered(&format!("it cannot be read ({error})")) }
    }
}

/// The letters of the restore that is under way in a store, or was killed there.
async fn mark(blobs: &BlobStore) -> Result<Option<String>> {
    let found = match blobs.objects.get(&Key::from(MARK)).await {
        Ok(found) => found.bytes().await?,
        Err(object_store::Error::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let letters = String::from_utf8_lossy(&found).into_owned();
    let good = letters.len() == LETTERS && letters.bytes().all(|byte| byte.is_ascii_hexdigit());
    if good { Ok(Some(letters)) } else { Err(Error::NotEmpty("in its store is a mark `restoring` that no restore has set")) }
}

/// Deletes every object that the restore of these letters has written, and what it has begun to write.
async fn clear(blobs: &BlobStore, letters: &str) -> Result<()> {
    let is_its = |key: &str| key.split_once('/').is_some_and(|(_, nonce)| nonce.starts_with(letters));
    for shelf in [PARTS, STAGED, BLOB, QUARANTINE, EVIDENCE] {
        let mut found = blobs.below(shelf);
        while let Some(object) = found.try_next().await? {
            let key = object.location.as_ref();
            if shelf != PARTS {
                if is_its(key) {
                    blobs.delete(key).await?;
                }
            } else if is_its(&blobs.noted(key).await?) {
                blobs.take_back(key).await?;
            }
        }
    }
    Ok(())
}

async fn must_be_empty(database: &mut Connection) -> Result<()> {
    if database.schema().await?.is_none() {
        return Ok(());
    }
    for table in TABLES.iter().filter(|table| table.name != "jobs") {
        // A database of an older program has fewer tables.
        if !database.columns(table.name).await?.is_empty() && !database.is_empty(table).await? {
            return Err(Error::NotEmpty("there are posts in its database, or were"));
        }
    }
    Ok(())
}

/// A SQLite database, with its log and the log's index.
fn remove_database(path: &Path) -> Result<()> {
    for suffix in ["-wal", "-shm", "-journal", ""] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        match std::fs::remove_file(&name) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|_| altered("one of its parts does not read"))
}

fn cut_off() -> Error {
    Error::Archive("is cut off: its end is missing".to_owned())
}

fn altered(how: &str) -> Error {
    Error::Archive(format!("was altered or damaged: {how}"))
}

fn foreign() -> Error {
    Error::Archive("is no backup of Handbill".to_owned())
}
