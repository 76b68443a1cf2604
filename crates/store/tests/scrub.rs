//! After a deletion's jobs no byte of what was deleted is in any file of SQLite, however many are reading at the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::PostId;
use sqlx::Connection as _;
use store::{Db, Error, jobs, posts};

use super::{NOW, delete, post, publish, sqlite};

/// Scrubs as the runner does: again and again, until no reader is in the way.
async fn scrubbed(db: &Db) {
    for _ in 0..200 {
        match db.scrub().await {
            Ok(()) => return,
            Err(Error::Unavailable(..)) => tokio::time::sleep(Duration::from_millis(20)).await,
            Err(other) => panic!("{other}"),
        }
    }
    panic!("a reader was always in the way");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_leave_every_file_while_others_read() {
    let (db, dir) = sqlite().await;
    let stop = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..4_u8)
        .map(|number| {
            let (db, stop) = (db.clone(), Arc::clone(&stop));
            tokio::spawn(async move {
                let mut read = 0_u64;
                while !stop.load(Ordering::Relaxed) {
                    for seed in 0..40 {
                        drop(posts::find(&db, &PostId::from_random([seed ^ number; 16])).await.unwrap());
                        read += 1;
                    }
                    tokio::task::yield_now().await;
                }
                read
            })
        })
        .collect();
    // Short words and long ones, so that pages are split, joined and chained; some are changed before they go; some stay.
    for seed in 0..40_u8 {
        let length = [1, 30, 400, 5_000][usize::from(seed % 4)];
        let mut row = post(seed, &format!("{}-{seed:03}", "UNMISTAKABLE".repeat(length)));
        publish(&db, &row, &[]).await;
        if seed % 3 == 0 {
            let mut tx = db.begin().await.unwrap();
            row.text = format!("CHANGEDWORDS-{seed:03}");
            row.edited = Some(NOW);
            posts::edit(&mut tx, &row, posts::Change::Keep, None).await.unwrap();
            tx.commit().await.unwrap();
        }
    }
    for seed in (0..40_u8).filter(|seed| seed % 5 != 0) {
        delete(&db, &post(seed, "")).await;
    }
    scrubbed(&db).await;
    for seed in 0..40_u8 {
        let words = posts::find(&db, &PostId::from_random([seed; 16])).await.unwrap().map(|row| row.text);
        assert_eq!(words.is_some(), seed % 5 == 0);
        let stays = seed % 5 == 0 && seed % 3 != 0;
        for needle in [format!("UNMISTAKABLE-{seed:03}"), format!("CHANGEDWORDS-{seed:03}")] {
            let found = testkit::site::files_with(dir.path(), needle.as_bytes()).unwrap();
            let wanted = (needle.starts_with('U') && stays) || (needle.starts_with('C') && seed % 15 == 0);
            assert_eq!(!found.is_empty(), wanted, "{needle}: {found:?}");
        }
    }
    for seed in (0..40_u8).filter(|seed| seed % 5 == 0) {
        delete(&db, &post(seed, "")).await;
    }
    scrubbed(&db).await;
    for needle in ["UNMISTAKABLE", "CHANGEDWORDS", "A title"] {
        let found = testkit::site::files_with(dir.path(), needle.as_bytes()).unwrap();
        assert!(found.is_empty(), "{needle} is in {found:?}");
    }
    stop.store(true, Ordering::Relaxed);
    for reader in readers {
        assert!(reader.await.unwrap() > 0);
    }
}

#[tokio::test]
async fn a_deletion_queues_one_scrub_and_a_reader_that_stays_only_delays_it() {
    let (db, dir) = sqlite().await;
    publish(&db, &post(1, "UNMISTAKABLE"), &[]).await;
    // Somebody's copy of the database is being made, from before the deletion.
    let path = dir.path().join("handbill.db");
    let mut other = sqlx::SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap();
    let mut reading = other.begin().await.unwrap();
    let before: i64 = sqlx::query_scalar("SELECT count(*) FROM posts").fetch_one(&mut *reading).await.unwrap();
    assert_eq!(before, 1);
    delete(&db, &post(1, "")).await;
    delete(&db, &post(2, "")).await;
    let row = jobs::lease(&db, "light", NOW, 1_000, "t").await.unwrap().unwrap();
    assert_eq!(row.kind, "scrub");
    assert!(jobs::lease(&db, "light", NOW, 1_000, "u").await.unwrap().is_none());
    let began = std::time::Instant::now();
    let held_up = db.scrub().await.unwrap_err();
    assert!(held_up.may_pass(), "{held_up}");
    assert!(began.elapsed() < Duration::from_secs(2), "writers were held up for {:?}", began.elapsed());
    publish(&db, &post(3, "words"), &[]).await;
    reading.rollback().await.unwrap();
    db.scrub().await.unwrap();
    assert!(testkit::site::files_with(dir.path(), b"UNMISTAKABLE").unwrap().is_empty());
}
