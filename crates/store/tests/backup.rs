//! A site goes into an archive while it runs, and comes out of it as it was: on both engines, and from one to the other.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::time::Duration;

use bytes::Bytes;
use domain::{Fingerprint, FingerprintKind, MediaKind, PostId, UploadId};
use sha2::{Digest as _, Sha256};
use store::backup::{self, Progress, Source, TABLES, Target};
use store::fingerprints::Part;
use store::uploads::{NewPart, UploadRow};
use store::{BlobStore, Db, Error, FileRow, MediaRow, PostRow, Subject, files, fingerprints, jobs, media, posts, uploads};

use super::bytes::s3_config;
use super::{NOW, delete, file, finish, job, medium, post, publish};

/// Where a site is kept.
struct Place {
    dir: tempfile::TempDir,
    url: Option<String>,
    s3: Option<testkit::s3::S3>,
    /// Those of another place.
    blobs: Option<BlobStore>,
}

impl Place {
    fn files() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), url: None, s3: None, blobs: None }
    }

    async fn servers() -> Self {
        let url = tokio::task::spawn_blocking(testkit::postgres::fresh_database).await.unwrap().unwrap();
        Self { dir: tempfile::tempdir().unwrap(), url: Some(url), s3: Some(testkit::s3::S3::start().await.unwrap()), blobs: None }
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("handbill.db")
    }

    fn blobs(&self) -> BlobStore {
        if let Some(theirs) = &self.blobs {
            return theirs.clone();
        }
        match &self.s3 {
            Some(server) => BlobStore::open_s3(&s3_config(server)).unwrap(),
            None => BlobStore::open_files(self.dir.path()).unwrap(),
        }
    }

    async fn open(&self) -> Site {
        let db = match &self.url {
            Some(url) => {
                Db::migrate_postgres(url).await.unwrap();
                Db::open_postgres(url).await.unwrap()
            }
            None => Db::open_sqlite(&self.path()).await.unwrap(),
        };
        Site { db, blobs: self.blobs() }
    }

    async fn backup(&self, out: impl Write) -> store::Result<backup::Written> {
        let path = self.path();
        let source = self.url.as_deref().map_or(Source::Sqlite(&path), Source::Postgres);
        backup::write(source, &self.blobs(), out, NOW, |_| {}).await
    }

    async fn restore(&self, archive: impl Read) -> store::Result<backup::Restored> {
        let path = self.path();
        let target = self.url.as_deref().map_or(Target::Sqlite(&path), Target::Postgres);
        backup::restore(target, &self.blobs(), archive, NOW, |_| {}).await
    }

    /// Nothing at all, or a database without posts.
    async fn assert_untouched(&self, words: &str) {
        assert_eq!(self.blobs().list("").await.unwrap(), Vec::<String>::new(), "{words}");
        if self.url.is_none() {
            let names: Vec<_> = std::fs::read_dir(self.dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
            assert_eq!(names, ["objects"], "{words}");
        }
    }
}

struct Site {
    db: Db,
    blobs: BlobStore,
}

impl Site {
    async fn stage(&self, bytes: &[u8]) -> String {
        let mut writer = self.blobs.stage().await.unwrap();
        writer.write(Bytes::copy_from_slice(bytes)).await.unwrap();
        writer.finish().await.unwrap().key
    }

    /// Publishes a post with a photo that waits to be prepared.
    async fn publish(&self, seed: u8, words: &str) -> (PostRow, MediaRow) {
        let row = PostRow { expires: None, ..post(seed, words) };
        let staged = self.stage(&[seed; 1_000]).await;
        let own = medium(seed, &row, &staged);
        publish(&self.db, &row, std::slice::from_ref(&own)).await;
        (row, own)
    }

    /// Prepares the photo: two files, one of them like every other photo's.
    async fn prepare(&self, own: &MediaRow, seed: u8) -> bool {
        let mut rows = Vec::new();
        for (name, bytes) in [("own.webp", vec![seed; 2_000]), ("same.webp", b"the same for all".to_vec())] {
            // Of this process alone: others of these tests run beside it.
            let path = std::env::temp_dir().join(format!("work{}-{seed}{name}", std::process::id()));
            std::fs::write(&path, &bytes).unwrap();
            let kept = self.blobs.keep_files(vec![path]).await.unwrap().remove(0);
            rows.push(FileRow { blob: kept.sha256, size_bytes: bytes.len() as i64, ..file(own, name, 0, &kept.key) });
        }
        finish(&self.db, own, rows).await
    }

    /// Does the deletions that are queued, as the site's runner does.
    async fn tidy(&self) {
        while let Some(row) = jobs::lease(&self.db, "light", NOW, 1_000, "t").await.unwrap() {
            if row.kind == "delete_object" {
                let payload: serde_json::Value = serde_json::from_str(&row.payload).unwrap();
                self.blobs.delete(payload["key"].as_str().unwrap()).await.unwrap();
            }
            jobs::complete(&self.db, &row.id, "t").await.unwrap();
        }
    }

    /// A post as it is, with the bytes of all its files.
    async fn see(&self, id: &PostId) -> Option<(PostRow, Vec<MediaRow>, BTreeMap<String, Vec<u8>>)> {
        let row = posts::find(&self.db, id).await.unwrap()?;
        let own = media::of_post(&self.db, id).await.unwrap();
        let mut bytes = BTreeMap::new();
        for file in files::of_post(&self.db, id).await.unwrap() {
            let read = self.blobs.read_all(&file.object_key).await.unwrap().to_vec();
            assert_eq!(<[u8; 32]>::from(Sha256::digest(&read)), file.blob, "the object is another one");
            bytes.insert(format!("{} {}", file.media_id, file.name), read);
        }
        for medium in &own {
            if let Some(key) = &medium.staged {
                bytes.insert(format!("{} staged", medium.id), self.blobs.read_all(key).await.unwrap().to_vec());
            }
        }
        Some((row, own, bytes))
    }
}

/// An archive in memory, and what happens when a certain entry is begun.
struct Hooked<'a> {
    bytes: Vec<u8>,
    at: &'static str,
    then: Option<Box<dyn FnOnce() + 'a>>,
}

impl Write for Hooked<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if bytes.len() == 512
            && bytes.starts_with(self.at.as_bytes())
            && let Some(then) = self.then.take()
        {
            then();
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Writes down what a post's words are known by; returns their number.
async fn known_by(db: &Db, row: &PostRow, seed: u8) -> i64 {
    let own = Fingerprint { kind: FingerprintKind::Md5, version: 1, bytes: vec![seed; 16] };
    let mut tx = db.begin().await.unwrap();
    fingerprints::replace(&mut tx, &Subject { post_id: row.id.clone(), media_id: None }, &[own]).await.unwrap();
    tx.commit().await.unwrap();
    fingerprints::whole_until(db).await.unwrap()
}

async fn a_site_comes_back_as_it_was(from: Place, to: Place) {
    let site = from.open().await;
    let mut made = Vec::new();
    for seed in 1..=6 {
        let (row, own) = site.publish(seed, "words").await;
        assert!(seed == 6 || site.prepare(&own, seed).await);
        made.push((row, own));
    }
    // Two have stills of their own; one stands before its video by name, and one behind it.
    for (video, side) in [(3, std::cmp::Ordering::Less), (4, std::cmp::Ordering::Greater)] {
        let (row, own) = &made[video - 1];
        let stands = |seed: &u8| medium(*seed, row, "").id.as_str().cmp(own.id.as_str()) == side;
        let seed = (100..200).find(stands).unwrap();
        let still = MediaRow { still_of: Some(own.id.clone()), staged: Some(site.stage(&[seed; 900]).await), ..medium(seed, row, "") };
        let mut tx = site.db.begin().await.unwrap();
        media::insert(&mut tx, &still).await.unwrap();
        tx.commit().await.unwrap();
        assert!(site.prepare(&still, seed).await);
    }
    let words = PostRow { expires: None, ..post(7, "only words \u{0}-free: سلام".replace('\u{0}', "nul").as_str()) };
    publish(&site.db, &words, &[]).await;
    known_by(&site.db, &made[1].0, 1).await;
    known_by(&site.db, &made[2].0, 2).await;
    // An upload under way.
    let upload = UploadRow {
        id: UploadId::from_random([9; 16], [9; 16]),
        length: 9_000,
        arrived: 0,
        name: "a".into(),
        kind: None,
        created: NOW,
        touched: NOW,
    };
    let part = NewPart { start: 0, size_bytes: 4_000, object_key: site.stage(&[9; 4_000]).await };
    let mut tx = site.db.begin().await.unwrap();
    uploads::insert(&mut tx, &upload).await.unwrap();
    assert!(uploads::advance(&mut tx, &upload.id, &part, Some(MediaKind::Photo), NOW).await.unwrap());
    jobs::enqueue(&mut tx, &job("media", None), NOW).await.unwrap();
    jobs::enqueue(&mut tx, &job("media", Some("once")), NOW).await.unwrap();
    tx.commit().await.unwrap();
    site.tidy().await;
    // Somebody is at work.
    assert!(jobs::lease(&site.db, "media", NOW, 1_000_000, "worker").await.unwrap().is_some());

    // While the rows are written down: one post is deleted, one loses its photo, and one is prepared.
    let meanwhile = || {
        tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(async {
                delete(&site.db, &made[0].0).await;
                delete(&site.db, &words).await;
                let mut tx = site.db.begin().await.unwrap();
                media::remove(&mut tx, &made[1].1.id, NOW).await.unwrap();
                tx.commit().await.unwrap();
                assert!(site.prepare(&made[5].1, 6).await);
                site.tidy().await;
            });
        });
    };
    let mut out = Hooked { bytes: Vec::new(), at: "rows/blobs", then: Some(Box::new(meanwhile)) };
    let written = from.backup(&mut out).await.unwrap();
    assert_eq!((written.posts, written.lost), (7, 0));
    let archive = std::mem::take(&mut out.bytes);
    drop(out);

    // After the backup numbers are given that it knows nothing of: the restored site must not give them to others.
    let given = known_by(&site.db, &made[3].0, 3).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let restored = to.restore(&archive[..]).await.unwrap();
    assert_eq!(restored.incomplete, 0);
    let again = to.open().await;
    let standing = |db| async move { fingerprints::numbered(db, Part::LookedUp, 0..=i64::MAX, 99).await.unwrap() };
    assert_eq!(standing(&again.db).await[..], standing(&site.db).await[..2]);
    assert!(known_by(&again.db, &made[4].0, 4).await > given, "a number is given a second time");
    assert_eq!(again.see(&made[0].0.id).await, None, "what was deleted meanwhile is there again");
    assert!(posts::is_gone(&again.db, &made[0].0.id).await.unwrap());
    for (row, _) in &made[1..] {
        assert_eq!(again.see(&row.id).await, site.see(&row.id).await, "{}", row.text);
    }
    for place in [2, 3] {
        let (_, own, _) = again.see(&made[place].0.id).await.unwrap();
        assert_eq!(own.iter().filter(|row| row.still_of.is_some()).count(), 1, "a video's own still is lost");
    }
    let photo = again.see(&made[5].0.id).await.unwrap();
    assert_eq!(photo.1[0].state, domain::MediaState::Ready, "what was prepared meanwhile is not whole");
    assert_eq!(uploads::find(&again.db, &upload.id).await.unwrap().unwrap().arrived, 4_000);
    let parts = uploads::parts(&again.db, &upload.id).await.unwrap();
    assert_eq!(again.blobs.read_all(&parts[0].0).await.unwrap(), vec![9; 4_000]);
    let mut waiting = BTreeSet::new();
    while let Some(row) = jobs::lease(&again.db, "media", NOW, 1_000_000, "other").await.unwrap() {
        waiting.insert(row.id);
    }
    assert_eq!(waiting.len(), 2, "work that waited or was under way is lost");
    assert!(jobs::lease(&again.db, "light", NOW, 1_000, "t").await.unwrap().is_none(), "it would delete what is not here");
    // Only what a row names, and each is counted right: the last who goes takes it along.
    for (row, _) in &made[1..] {
        delete(&again.db, row).await;
    }
    again.tidy().await;
    assert_eq!(again.blobs.list("").await.unwrap(), vec![parts[0].0.clone()], "more than what a row names is left");
    site.db.close().await;
    again.db.close().await;
    assert!(matches!(to.restore(&archive[..]).await, Err(Error::NotEmpty(_))), "a site is restored into another");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_with_files_comes_back_as_it_was() {
    a_site_comes_back_as_it_was(Place::files(), Place::files()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_with_s3_comes_back_as_it_was() {
    a_site_comes_back_as_it_was(Place::servers().await, Place::servers().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_site_moves_from_either_to_the_other() {
    a_site_comes_back_as_it_was(Place::files(), Place::servers().await).await;
    a_site_comes_back_as_it_was(Place::servers().await, Place::files()).await;
}

/// Posts come, are prepared and go as fast as they can; every post of the archive is whole, and none that had gone before its end is in it.
async fn a_busy_site_is_whole(from: Place, to: Place) {
    let site = Arc::new(from.open().await);
    let (busy, gone) = (Arc::new(AtomicBool::new(true)), Arc::new(std::sync::Mutex::new(BTreeSet::new())));
    let next = Arc::new(AtomicU8::new(1));
    let poster = {
        let (site, busy, next, gone) = (Arc::clone(&site), Arc::clone(&busy), Arc::clone(&next), Arc::clone(&gone));
        tokio::spawn(async move {
            let mut there = std::collections::VecDeque::new();
            while busy.load(Ordering::Relaxed) && next.load(Ordering::Relaxed) < 250 {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                let (row, own) = site.publish(seed, "words").await;
                assert!(site.prepare(&own, seed).await);
                there.push_back(row);
                // So many that not all of them can go while a backup is made, on however fast a machine.
                if there.len() > 80
                    && let Some(old) = there.pop_front()
                {
                    delete(&site.db, &old).await;
                    gone.lock().unwrap().insert(old.id.to_string());
                }
                site.tidy().await;
            }
        })
    };
    while next.load(Ordering::Relaxed) < 90 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    for round in 0..3 {
        // Slow enough for something to happen.
        let mut out =
            Hooked { bytes: Vec::new(), at: "rows/posts", then: Some(Box::new(|| std::thread::sleep(Duration::from_millis(60)))) };
        let before = gone.lock().unwrap().clone();
        let written = from.backup(&mut out).await.unwrap();
        assert_eq!(written.lost, 0, "round {round}");
        let fresh = if to.url.is_some() { Place::servers().await } else { Place::files() };
        let restored = fresh.restore(&out.bytes[..]).await.unwrap();
        assert!(restored.posts > 0 && restored.incomplete == 0, "{restored:?}");
        let again = fresh.open().await;
        let mut seen = 0;
        for seed in 1..=next.load(Ordering::Relaxed) {
            let id = post(seed, "").id;
            // Reading compares each object with its hash.
            if let Some((_, own, bytes)) = again.see(&id).await {
                assert!(!before.contains(&id.to_string()), "{seed} had gone before");
                assert_eq!((own.len(), bytes.len()), (1, if own[0].staged.is_some() { 1 } else { 2 }));
                seen += 1;
            }
        }
        assert_eq!(seen, restored.posts);
        again.db.close().await;
    }
    busy.store(false, Ordering::Relaxed);
    poster.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_site_on_sqlite_and_files_is_whole() {
    a_busy_site_is_whole(Place::files(), Place::files()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_site_on_postgresql_and_s3_is_whole() {
    a_busy_site_is_whole(Place::servers().await, Place::servers().await).await;
}

async fn sample() -> (Place, Vec<u8>) {
    let from = Place::files();
    let site = from.open().await;
    for seed in 1..=3 {
        let (_, own) = site.publish(seed, "words").await;
        assert!(seed == 3 || site.prepare(&own, seed).await);
    }
    site.tidy().await;
    let mut archive = Vec::new();
    from.backup(&mut archive).await.unwrap();
    (from, archive)
}

#[tokio::test]
async fn an_archive_that_was_cut_off_leaves_nothing_behind() {
    let (_from, archive) = sample().await;
    let to = Place::files();
    // The last two blocks are tar's own end and may be missing.
    let lengths = (0..archive.len() - 1024).step_by(417).chain((0..archive.len() - 1024).step_by(1024));
    for length in lengths.chain([archive.len() - 1025]) {
        let error = to.restore(&archive[..length]).await.expect_err("it is cut off");
        let words = error.to_string();
        let expected = if length < 512 { ["is no backup", "is cut off"] } else { ["is cut off", "is cut off"] };
        assert!(expected.iter().any(|part| words.contains(part)), "{length}: {words}");
        to.assert_untouched(&words).await;
    }
    let restored = to.restore(&archive[..]).await.unwrap();
    assert_eq!(restored.posts, 3);
}

#[tokio::test]
async fn a_byte_that_was_altered_is_found_wherever_it_stands() {
    let (_from, archive) = sample().await;
    let to = Place::files();
    let mut harmless = 0;
    for place in (0..archive.len() - 1024).step_by(331) {
        let mut altered = archive.clone();
        altered[place] ^= 0x15;
        match to.restore(&altered[..]).await {
            Err(Error::Archive(words)) => to.assert_untouched(&words).await,
            // What fills up a block carries nothing.
            Ok(_) if archive[place] == 0 => {
                harmless += 1;
                std::fs::remove_file(to.path()).unwrap();
                std::fs::remove_dir_all(to.dir.path().join("objects")).unwrap();
            }
            other => panic!("byte {place}: {other:?}"),
        }
    }
    assert!(harmless * 331 < archive.len());
    for (bytes, words) in [(&b""[..], "is no backup"), (b"PK\x03\x04 this is no tar", "is no backup"), (&[0; 4_096], "is no backup")] {
        let error = to.restore(bytes).await.expect_err("it is none").to_string();
        assert!(error.contains(words) || error.contains("cut off"), "{error}");
    }
}

#[tokio::test]
async fn what_is_there_already_is_never_touched() {
    let (from, archive) = sample().await;
    assert!(matches!(from.restore(&archive[..]).await, Err(Error::NotEmpty(_))));
    assert_eq!(from.open().await.see(&post(1, "").id).await.unwrap().2.len(), 2);
    // Objects of another site whose database is elsewhere.
    let to = Place::files();
    to.open().await.stage(b"of another site").await;
    let error = to.restore(&archive[..]).await.unwrap_err();
    assert!(matches!(error, Error::NotEmpty(_)), "{error}");
    assert_eq!(to.blobs().list("").await.unwrap().len(), 1);
    // A site that was started and never used is empty.
    let to = Place::files();
    let site = to.open().await;
    let mut tx = site.db.begin().await.unwrap();
    jobs::enqueue(&mut tx, &job("light", Some("sweep")), NOW).await.unwrap();
    tx.commit().await.unwrap();
    site.db.close().await;
    assert_eq!(to.restore(&archive[..]).await.unwrap().posts, 3);
}

/// An archive, and what happens when half of it was read.
struct Halfway<'a, F: FnOnce()> {
    bytes: &'a [u8],
    left: usize,
    then: Option<F>,
}

impl<'a, F: FnOnce()> Halfway<'a, F> {
    fn new(bytes: &'a [u8], then: F) -> Self {
        Self { bytes, left: bytes.len() / 2, then: Some(then) }
    }
}

impl<F: FnOnce()> Read for Halfway<'_, F> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.left == 0
            && let Some(then) = self.then.take()
        {
            then();
        }
        let count = buffer.len().min(if self.left > 0 { self.left } else { self.bytes.len() });
        let (now, rest) = self.bytes.split_at(count);
        buffer[..count].copy_from_slice(now);
        (self.bytes, self.left) = (rest, self.left.saturating_sub(count));
        Ok(count)
    }
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(future))
}

async fn what_a_killed_restore_left_is_cleared(to: Place) {
    let (_from, archive) = sample().await;
    let to = Arc::new(to);
    // It ends in the midst of an object, and nothing of it can tidy up.
    let (place, bytes) = (Arc::clone(&to), archive.clone());
    let killed = tokio::spawn(async move {
        // What a site's blobs and a restore hold stays on one thread.
        wait(place.restore(Halfway::new(&bytes, || panic!("killed"))))
    });
    assert!(killed.await.is_err());
    let left = to.blobs().list("").await.unwrap();
    assert!(left.len() > 2 && left.contains(&"restoring".to_owned()), "{left:?}");
    // What somebody else has put there stays, and so does the site that is not restored over it.
    let theirs = to.blobs().stage().await.unwrap().finish().await.unwrap().key;
    let error = to.restore(&archive[..]).await.unwrap_err();
    assert!(matches!(error, Error::NotEmpty(_)), "{error}");
    assert!(to.blobs().list("").await.unwrap().contains(&theirs), "what is another's was taken for what a restore had left");
    to.blobs().delete(&theirs).await.unwrap();
    assert_eq!(to.restore(&archive[..]).await.unwrap().posts, 3);
    // Two blobs of its own for each photo that is ready, one that they share, and an upload; and no mark.
    let there = to.blobs().list("").await.unwrap();
    assert!(there.len() == 4 && there.iter().all(|key| key.contains('/')), "{there:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_killed_restore_left_is_cleared_by_the_next_one() {
    what_a_killed_restore_left_is_cleared(Place::files()).await;
    what_a_killed_restore_left_is_cleared(Place::servers().await).await;
}

async fn a_restore_that_fails_takes_away_only_what_it_wrote_itself(to: Place) {
    let (_from, archive) = sample().await;
    let theirs = std::cell::OnceCell::new();
    let come = || {
        let key = wait(async { to.blobs().stage().await.unwrap().finish().await.unwrap().key });
        drop(theirs.set(key));
    };
    let cut = &archive[..archive.len() - 2_000];
    let error = to.restore(Halfway::new(cut, come)).await.unwrap_err();
    assert!(error.to_string().contains("cut off"), "{error}");
    assert_eq!(to.blobs().list("").await.unwrap(), [theirs.get().unwrap().clone()]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_restore_leaves_what_is_anothers() {
    a_restore_that_fails_takes_away_only_what_it_wrote_itself(Place::files()).await;
    a_restore_that_fails_takes_away_only_what_it_wrote_itself(Place::servers().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_restores_into_one_store_the_first_gives_way() {
    let (_from, archive) = sample().await;
    let (first, second) = (Place::servers().await, Place::servers().await);
    let second = Place { s3: None, blobs: Some(first.blobs()), ..second };
    let error =
        first.restore(Halfway::new(&archive, || assert_eq!(wait(second.restore(&archive[..])).unwrap().posts, 3))).await.unwrap_err();
    assert!(matches!(error, Error::InUse(_)), "{error}");
    let site = second.open().await;
    assert_eq!(site.see(&post(1, "").id).await.unwrap().2.len(), 2);
    assert_eq!(site.blobs.list("").await.unwrap().len(), 4);
    site.db.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_site_and_a_restore_keep_out_of_each_others_way_on_postgresql() {
    let (_from, archive) = sample().await;
    let to = Place::servers().await;
    let (one, other) = (to.open().await, to.open().await);
    for open in [one, other] {
        let error = to.restore(&archive[..]).await.unwrap_err();
        assert!(matches!(error, Error::InUse(_)) && error.to_string().contains("in use by a site"), "{error}");
        to.assert_untouched("in use").await;
        open.db.close().await;
    }
    let begun = || {
        let error = wait(Db::open_postgres(to.url.as_deref().unwrap())).err().unwrap();
        assert!(matches!(error, Error::InUse(_)) && error.to_string().contains("restore"), "{error}");
        let error = wait(to.restore(&archive[..])).unwrap_err();
        assert!(error.to_string().contains("another restore"), "{error}");
    };
    assert_eq!(to.restore(Halfway::new(&archive, begun)).await.unwrap().posts, 3);
    to.open().await.db.close().await;
}

#[tokio::test]
async fn a_newer_archive_is_refused_in_words() {
    let newer = |archive: &[u8]| {
        let text = String::from_utf8_lossy(&archive[..600]).into_owned();
        let at = text.find("\"schema\":").unwrap() + "\"schema\":".len();
        let mut newer = archive.to_vec();
        newer[at] = b'9';
        newer
    };
    let (_from, archive) = sample().await;
    let to = Place::files();
    let error = to.restore(&newer(&archive)[..]).await.unwrap_err().to_string();
    assert!(error.contains("newer program"), "{error}");
    to.assert_untouched(&error).await;
}

#[tokio::test]
async fn every_table_is_in_a_backup() {
    let (db, _dir) = super::sqlite().await;
    let Db::Sqlite { read, .. } = &db else { panic!("not SQLite") };
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND name NOT LIKE 'sqlite%'",
    )
    .fetch_all(read)
    .await
    .unwrap();
    assert_eq!(names.iter().map(String::as_str).collect::<BTreeSet<_>>(), TABLES.iter().map(|table| table.name).collect::<BTreeSet<_>>());
}

#[tokio::test]
async fn a_file_that_was_lost_before_costs_its_photo_and_nothing_else() {
    let (from, _) = sample().await;
    let site = from.open().await;
    let lost = files::of_post(&site.db, &post(1, "").id).await.unwrap().into_iter().find(|file| file.name == "own.webp").unwrap();
    site.blobs.delete(&lost.object_key).await.unwrap();
    let mut archive = Vec::new();
    let mut told = Progress::default();
    let path = from.path();
    let written = backup::write(Source::Sqlite(&path), &from.blobs(), &mut archive, NOW, |progress| told = progress).await.unwrap();
    assert_eq!((written.lost, told.objects, told.bytes), (1, written.objects, written.bytes));
    let to = Place::files();
    let restored = to.restore(&archive[..]).await.unwrap();
    assert_eq!((restored.posts, restored.incomplete), (3, 1));
    let again = to.open().await;
    assert_eq!(again.see(&post(1, "").id).await.unwrap().1, Vec::new());
    assert_eq!(again.see(&post(2, "").id).await.unwrap().2.len(), 2);
}
