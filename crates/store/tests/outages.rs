//! A database that is locked or gone: who asks waits a while, then is told to come back; nothing else is lost.

use std::time::{Duration, Instant};

use sqlx::Connection as _;
use store::{Db, Error, backup, jobs, posts};

use super::{NOW, job, post, publish, sqlite};

async fn lock(path: &std::path::Path) -> sqlx::SqliteConnection {
    let mut other = sqlx::SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    other
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_sqlite_is_waited_for_while_reading_goes_on() {
    let (db, dir) = sqlite().await;
    publish(&db, &post(1, "before"), &[]).await;
    let mut other = lock(&dir.path().join("handbill.db")).await;
    let writing = {
        let db = db.clone();
        tokio::spawn(async move { publish(&db, &post(2, "while"), &[]).await })
    };
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(!writing.is_finished());
    assert!(posts::find(&db, &post(1, "").id).await.unwrap().is_some(), "a reader was held up");
    sqlx::query("COMMIT").execute(&mut other).await.unwrap();
    writing.await.unwrap();
    assert!(posts::find(&db, &post(2, "").id).await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sqlite_that_stays_locked_says_so_in_time_and_works_again() {
    let (db, dir) = sqlite().await;
    let mut other = lock(&dir.path().join("handbill.db")).await;
    let began = Instant::now();
    let Err(error) = db.begin().await else { panic!("a locked database was written to") };
    assert!(matches!(error, Error::Unavailable(..)), "{error}");
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    publish(&db, &post(1, "after"), &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_is_restarted_is_found_again() {
    let cluster = tokio::task::spawn_blocking(|| testkit::postgres::Cluster::start().unwrap()).await.unwrap();
    let url = cluster.fresh_database().unwrap();
    let Err(Error::Schema(words)) = Db::open_postgres(&url).await else { panic!("a database without tables was opened") };
    assert!(words.contains("handbill migrate"), "{words}");
    Db::migrate_postgres(&url).await.unwrap();
    Db::migrate_postgres(&url).await.unwrap();
    let (here, there) = (Db::open_postgres(&url).await.unwrap(), Db::open_postgres(&url).await.unwrap());
    publish(&here, &post(1, "before"), &[]).await;
    called(&here, &there).await;

    let cluster = tokio::task::spawn_blocking(|| cluster.stop().map(|()| cluster)).await.unwrap().unwrap();
    let began = Instant::now();
    let error = posts::find(&here, &post(1, "").id).await.unwrap_err();
    assert!(error.may_pass(), "{error}");
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
    let Err(error) = here.begin().await else { panic!("a stopped database was written to") };
    assert!(error.may_pass(), "{error}");

    let cluster = tokio::task::spawn_blocking(|| cluster.resume().map(|()| cluster)).await.unwrap().unwrap();
    assert!(posts::find(&here, &post(1, "").id).await.unwrap().is_some());
    publish(&here, &post(2, "after"), &[]).await;
    // The other node hears of jobs again; its new connection counts as a call of its own.
    tokio::time::sleep(Duration::from_secs(3)).await;
    called(&here, &there).await;
    // And restores are kept away again.
    let blobs = store::BlobStore::memory();
    let restored = backup::restore(backup::Target::Postgres(&url), &blobs, &b""[..], NOW, |_| {}).await;
    assert!(matches!(restored, Err(Error::InUse(_))), "{restored:?}");
    tokio::time::timeout(Duration::from_secs(5), async { tokio::join!(here.close(), there.close()) }).await.unwrap();
    drop(cluster);
}

/// What one node queues, another hears at once.
async fn called(here: &Db, there: &Db) {
    let mut heard = there.watch_jobs();
    tokio::time::sleep(Duration::from_millis(300)).await;
    heard.mark_unchanged();
    let mut tx = here.begin().await.unwrap();
    jobs::enqueue(&mut tx, &job("far", None), NOW).await.unwrap();
    tx.commit().await.unwrap();
    tokio::time::timeout(Duration::from_secs(2), heard.changed()).await.unwrap().unwrap();
    let row = jobs::lease(there, "far", NOW, 100, "t").await.unwrap().unwrap();
    jobs::complete(there, &row.id, "t").await.unwrap();
}
