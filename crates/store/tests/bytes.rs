//! One suite for the three blob stores: what is written comes back, nothing half-written stays, and the sweeper knows its own.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use domain::Time;
use futures_util::TryStreamExt as _;
use store::blobs::S3Config;
use store::{BlobStore, Db, Store};

use super::{delete, file, finish, medium, post, publish, sqlite};

fn body(length: u32) -> Vec<u8> {
    (0..length).map(|number| (number % 251) as u8).collect()
}

async fn stage(blobs: &BlobStore, bytes: &[u8]) -> String {
    let mut writer = blobs.stage().await.unwrap();
    for part in bytes.chunks(100_000) {
        writer.write(Bytes::copy_from_slice(part)).await.unwrap();
    }
    let staged = writer.finish().await.unwrap();
    assert_eq!(staged.size, bytes.len() as u64);
    staged.key
}

/// Waits for what is cleaned up beside.
async fn soon(blobs: &BlobStore, wanted: usize) {
    for _ in 0..100 {
        if blobs.list("").await.unwrap().len() == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{:?} where {wanted} objects are wanted", blobs.list("").await.unwrap());
}

async fn suite(blobs: BlobStore) {
    blobs.ping().await.unwrap();
    // Nothing, a little, exactly two parts, and two parts and a half.
    for length in [0, 700_000, 10 << 20, 13_000_000] {
        let bytes = body(length);
        let key = stage(&blobs, &bytes).await;
        assert_eq!(blobs.read_all(&key).await.unwrap(), bytes);
        if length > 0 {
            let part: Vec<Bytes> = blobs.read_range(&key, 5..400_000).await.unwrap().try_collect().await.unwrap();
            assert_eq!(part.concat(), bytes[5..400_000]);
        }
        let dir = tempfile::tempdir().unwrap();
        let local = dir.path().join("fetched");
        blobs.fetch_to(&key, &local).await.unwrap();
        assert_eq!(std::fs::read(&local).unwrap(), bytes);
        // The fetched one may be the stored one under a second name; ours to give away is a copy.
        let own = dir.path().join("own");
        std::fs::write(&own, &bytes).unwrap();
        let kept = blobs.keep_files(vec![own.clone()]).await.unwrap().remove(0);
        assert_eq!((kept.size, kept.sha256), (bytes.len() as u64, sha256(&bytes)));
        assert_eq!(blobs.read_all(&kept.key).await.unwrap(), bytes);
        assert_ne!(kept.key, key, "a key was used twice");
        soon(&blobs, 2).await;
        for key in [&key, &kept.key, &key] {
            blobs.delete(key).await.unwrap();
        }
        assert!(blobs.list("").await.unwrap().is_empty());
    }
    for length in [4, 12_000_000] {
        let mut dropped = blobs.stage().await.unwrap();
        dropped.write(body(length).into()).await.unwrap();
        drop(dropped);
        soon(&blobs, 0).await;
    }
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("there"), b"there").unwrap();
    let failed = blobs.keep_files(vec![dir.path().join("there"), dir.path().join("missing")]).await;
    assert!(failed.is_err());
    assert!(blobs.list("").await.unwrap().is_empty(), "some of what could not be kept whole was kept");
    sweeping(blobs).await;
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).into()
}

async fn sweeping(blobs: BlobStore) {
    let (db, _dir) = sqlite().await;
    let store = Store { db, blobs };
    let kept = |name: &'static str| {
        let blobs = store.blobs.clone();
        async move {
            let dir = tempfile::tempdir().unwrap();
            std::fs::write(dir.path().join("file"), name).unwrap();
            blobs.keep_files(vec![dir.path().join("file")]).await.unwrap().remove(0).key
        }
    };
    let (row, done) = (post(1, "words"), post(2, "words"));
    let (arrived, prepared) = (stage(&store.blobs, b"named").await, kept("named").await);
    let waiting = medium(1, &row, &arrived);
    let ready = medium(2, &done, "staged/was");
    publish(&store.db, &row, std::slice::from_ref(&waiting)).await;
    publish(&store.db, &done, std::slice::from_ref(&ready)).await;
    assert!(finish(&store.db, &ready, vec![file(&ready, "a.webp", 3, &prepared)]).await);
    let orphans = [stage(&store.blobs, b"its post never came").await, kept("its row was never written").await];
    // Killed in the middle of a long upload.
    let mut cut_off = store.blobs.stage().await.unwrap();
    cut_off.write(body(12_000_000).into()).await.unwrap();
    std::mem::forget(cut_off);

    let now = Time(i64::try_from(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis()).unwrap());
    let before = store.blobs.list("").await.unwrap();
    assert_eq!(store.sweep(now.plus_ms(-60_000)).await.unwrap(), store::Swept::default(), "what is young was taken");
    assert_eq!(store.blobs.list("").await.unwrap(), before);
    let swept = store.sweep(now.plus_ms(60_000)).await.unwrap();
    assert_eq!(swept.objects + swept.uploads, 3, "{swept:?}");
    let mut left = store.blobs.list("").await.unwrap();
    left.sort();
    assert_eq!(left, [prepared.clone(), arrived.clone()], "the sweeper took what a row names, or left what none does");
    assert!(orphans.iter().all(|key| !left.contains(key)));

    delete(&store.db, &row).await;
    delete(&store.db, &done).await;
    assert_eq!(store.sweep(now.plus_ms(60_000)).await.unwrap().objects, 2, "what a lost deletion left was not swept");
    assert!(store.blobs.list("").await.unwrap().is_empty());
}

#[tokio::test]
async fn files_keep_bytes() {
    let dir = tempfile::tempdir().unwrap();
    suite(BlobStore::open_files(dir.path()).unwrap()).await;
}

#[tokio::test]
async fn memory_keeps_bytes() {
    suite(BlobStore::memory()).await;
}

pub(crate) fn s3_config(server: &testkit::s3::S3) -> S3Config {
    S3Config {
        endpoint: server.endpoint.clone(),
        bucket: server.bucket.clone(),
        region: String::new(),
        access_key: server.access_key.clone(),
        secret_key: server.secret_key.clone(),
    }
}

#[tokio::test]
async fn s3_keeps_bytes() {
    let server = testkit::s3::S3::start().await.unwrap();
    suite(BlobStore::open_s3(&s3_config(&server)).unwrap()).await;
}

#[tokio::test]
async fn an_s3_store_that_is_not_as_configured_says_so() {
    let server = testkit::s3::S3::start().await.unwrap();
    let wrong_secret = S3Config { secret_key: "wrong".into(), ..s3_config(&server) };
    let error = BlobStore::open_s3(&wrong_secret).unwrap().ping().await.unwrap_err();
    assert!(!error.may_pass(), "{error}");
    let no_bucket = S3Config { bucket: "nowhere".into(), ..s3_config(&server) };
    let error = BlobStore::open_s3(&no_bucket).unwrap().ping().await.unwrap_err();
    assert!(!error.may_pass() && error.to_string().contains("nowhere"), "{error}");
    // A port that nobody listens on any more.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let gone = S3Config { endpoint: format!("http://{closed}"), ..s3_config(&server) };
    let error = BlobStore::open_s3(&gone).unwrap().ping().await.unwrap_err();
    assert!(error.may_pass() && error.to_string().contains("refused"), "{error}");
}

/// The sweeper asks both databases in words of their own.
#[tokio::test]
async fn postgres_names_the_orphans_too() {
    let db: Db = super::postgres().await;
    let store = Store { db, blobs: BlobStore::memory() };
    let row = post(1, "words");
    let arrived = stage(&store.blobs, b"named").await;
    publish(&store.db, &row, &[medium(1, &row, &arrived)]).await;
    stage(&store.blobs, b"its post never came").await;
    let swept = store.sweep(Time(i64::MAX)).await.unwrap();
    assert_eq!(swept.objects, 1);
    assert_eq!(store.blobs.list("").await.unwrap(), [arrived]);
}
