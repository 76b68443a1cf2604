//! The store on every engine: one suite for both databases, one for the three blob stores.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that fails may say so in its own way")]

mod backup;
mod banks;
mod bytes;
mod cases;
mod mails;
mod newest;
mod outages;
mod policies;
mod references;
mod schema;
mod scrub;
mod watch;

use domain::{FileRole, MediaId, MediaKind, MediaState, PostId, Time};
use store::jobs::{Lane, NewJob};
use store::{Db, FileRow, MediaRow, PostRow, blobs, jobs, media, posts};

const NOW: Time = Time(1_000_000);

async fn sqlite() -> (Db, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    (Db::open_sqlite(&dir.path().join("handbill.db")).await.unwrap(), dir)
}

async fn postgres() -> Db {
    let url = tokio::task::spawn_blocking(testkit::postgres::fresh_database).await.unwrap().unwrap();
    Db::migrate_postgres(&url).await.unwrap();
    Db::open_postgres(&url).await.unwrap()
}

fn post(seed: u8, text: &str) -> PostRow {
    PostRow {
        id: PostId::from_random([seed; 16]),
        manage_hash: [seed; 32],
        title: Some("A title".into()),
        text: text.into(),
        html: String::new(),
        language: None,
        listed: false,
        sensitive: true,
        created: NOW,
        edited: None,
        expires: Some(NOW.plus_ms(10)),
        revision: 1,
        password: Some("$argon2id$".into()),
        views_left: Some(2),
        seal: Some(domain::Seal::new([seed; 32])),
        held: false,
        waits: None,
        links: None,
        removed: None,
    }
}

fn job(lane: &str, dedup_key: Option<&str>) -> NewJob {
    NewJob { kind: "test".into(), payload: "{}".into(), lane: lane.into(), run_at: NOW, dedup_key: dedup_key.map(str::to_owned) }
}

async fn a_post_comes_back_as_it_went_in_and_leaves_only_its_id(db: &Db) {
    let row = post(1, "words");
    let mut tx = db.begin().await.unwrap();
    posts::insert(&mut tx, &row).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(posts::find(db, &row.id).await.unwrap(), Some(row.clone()));
    assert!(posts::expired(db, NOW, 9).await.unwrap().is_empty());
    assert_eq!(posts::expired(db, NOW.plus_ms(10), 9).await.unwrap(), vec![row.id.clone()]);
    let mut tx = db.begin().await.unwrap();
    posts::delete(&mut tx, &row.id, NOW).await.unwrap();
    drop(tx);
    assert!(posts::find(db, &row.id).await.unwrap().is_some(), "a change that is dropped never happened");
    let mut tx = db.begin().await.unwrap();
    posts::delete(&mut tx, &row.id, NOW).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(posts::find(db, &row.id).await.unwrap(), None);
    assert!(posts::is_gone(db, &row.id).await.unwrap());
}

async fn two_workers_never_get_one_job_and_a_killed_workers_job_is_taken_up_again(db: &Db) {
    let mut tx = db.begin().await.unwrap();
    for _ in 0..8 {
        jobs::enqueue(&mut tx, &job("many", None), NOW).await.unwrap();
    }
    // The first is wanted in an hour, as after a clock that ran ahead; the second, of the same key, now.
    let later = NewJob { run_at: NOW.plus_ms(3_600_000), ..job("single", Some("once")) };
    jobs::enqueue(&mut tx, &later, NOW).await.unwrap();
    jobs::enqueue(&mut tx, &job("single", Some("once")), NOW).await.unwrap();
    jobs::enqueue(&mut tx, &later, NOW).await.unwrap();
    tx.commit().await.unwrap();
    let workers: Vec<_> = (0..12)
        .map(|worker| {
            let db = db.clone();
            tokio::spawn(async move { jobs::lease(&db, "many", NOW, 100, &format!("worker{worker}")).await.unwrap() })
        })
        .collect();
    let mut taken = std::collections::BTreeSet::new();
    for worker in workers {
        if let Some(row) = worker.await.unwrap() {
            assert!(taken.insert(row.id), "two workers got one job");
        }
    }
    assert_eq!(taken.len(), 8);

    let first = jobs::lease(db, "single", NOW, 100, "killed").await.unwrap().unwrap();
    assert!(jobs::lease(db, "single", NOW, 100, "other").await.unwrap().is_none(), "the second of one key was queued");
    let again = jobs::lease(db, "single", NOW.plus_ms(100), 100, "other").await.unwrap().unwrap();
    assert_eq!((again.id.as_str(), again.attempts), (first.id.as_str(), 2));
    jobs::complete(db, &first.id, "killed").await.unwrap();
    assert!(jobs::renew(db, &first.id, "other", NOW, 100).await.unwrap(), "who lost the lease has ended the job");
    let mut tx = db.begin().await.unwrap();
    assert!(!jobs::bury(&mut tx, &first.id, "killed", "no").await.unwrap(), "who lost the lease has buried the job");
    assert!(jobs::bury(&mut tx, &first.id, "other", "no").await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(jobs::dead(db).await.unwrap().len(), 1);
    let mut tx = db.begin().await.unwrap();
    jobs::enqueue(&mut tx, &job("single", None), NOW).await.unwrap();
    tx.commit().await.unwrap();
    let lane = |waiting, running, later, dead, oldest_ms| Lane { name: "single".to_owned(), waiting, running, later, dead, oldest_ms };
    let stands = async |now| jobs::lanes(db, now).await.unwrap().into_iter().find(|lane| lane.name == "single").unwrap();
    assert_eq!(stands(NOW.plus_ms(70)).await, lane(1, 0, 0, 1, 70));
    assert_eq!(stands(NOW.plus_ms(-1)).await, lane(0, 0, 1, 1, 0));
    assert!(jobs::lease(db, "single", NOW, 100, "next").await.unwrap().is_some(), "a dead job blocks the others");
    assert_eq!(stands(NOW.plus_ms(70)).await, lane(0, 1, 0, 1, 0));
    // What is held up has waited since it was due, however often it was tried.
    let held = jobs::lease(db, "single", NOW.plus_ms(200), 100, "held").await.unwrap().unwrap();
    jobs::retry(db, &held.id, "held", NOW.plus_ms(1_000), "the disk is full", false).await.unwrap();
    assert_eq!(stands(NOW.plus_ms(700)).await, lane(1, 0, 0, 1, 700));
    assert!(jobs::lease(db, "single", NOW.plus_ms(999), 100, "too soon").await.unwrap().is_none());
    assert!(jobs::lease(db, "single", NOW.plus_ms(1_000), 100, "in time").await.unwrap().is_some());
}

async fn a_post_stands_at_a_revision_until_it_is_gone(db: &Db) {
    let (row, other) = (post(3, "words"), post(4, "words"));
    let mut tx = db.begin().await.unwrap();
    posts::insert(&mut tx, &row).await.unwrap();
    tx.commit().await.unwrap();
    let told = posts::standing(db, &[row.id.clone(), other.id.clone()]).await.unwrap();
    assert_eq!(told, vec![(row.id.clone(), posts::Standing { revision: 1, expires: row.expires, seal: row.seal })]);
    if let Some(at_once) = posts::standing_at_once(db, &row.id) {
        assert_eq!(at_once, Some(told[0].1));
        assert_eq!(posts::standing_at_once(db, &other.id), Some(None));
    }
    let mut tx = db.begin().await.unwrap();
    assert!(posts::edit(&mut tx, &row, posts::Change::Keep, None).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(posts::standing(db, std::slice::from_ref(&row.id)).await.unwrap()[0].1.revision, 2);
    let mut tx = db.begin().await.unwrap();
    posts::delete(&mut tx, &row.id, NOW).await.unwrap();
    tx.commit().await.unwrap();
    assert!(posts::standing(db, std::slice::from_ref(&row.id)).await.unwrap().is_empty());
    assert!(posts::standing_at_once(db, &row.id).is_none_or(|standing| standing.is_none()));
}

async fn one_of_a_key_waits_while_another_is_at_work(db: &Db) {
    let queue = async || {
        let mut tx = db.begin().await.unwrap();
        jobs::enqueue(&mut tx, &job("keyed", Some("one")), NOW).await.unwrap();
        tx.commit().await.unwrap();
    };
    queue().await;
    queue().await;
    let first = jobs::lease(db, "keyed", NOW, 100, "a").await.unwrap().unwrap();
    assert!(jobs::lease(db, "keyed", NOW, 100, "b").await.unwrap().is_none(), "two of one key wait");
    // What happens now the one at work may have missed.
    queue().await;
    queue().await;
    jobs::retry(db, &first.id, "a", NOW, "busy", false).await.unwrap();
    let second = jobs::lease(db, "keyed", NOW, 100, "b").await.unwrap().unwrap();
    assert!(jobs::lease(db, "keyed", NOW, 100, "c").await.unwrap().is_none(), "the one that came back waits beside the other");
    jobs::retry(db, &second.id, "b", NOW, "busy", false).await.unwrap();
    let again = jobs::lease(db, "keyed", NOW, 100, "d").await.unwrap().unwrap();
    assert_eq!((again.attempts, again.last_error.as_deref()), (1, Some("busy")), "being held up was counted as a failure");
    jobs::retry(db, &again.id, "d", NOW, "broken", true).await.unwrap();
    assert_eq!(jobs::lease(db, "keyed", NOW, 100, "e").await.unwrap().unwrap().attempts, 2);
    jobs::complete(db, &again.id, "e").await.unwrap();
}

fn medium(seed: u8, post: &PostRow, staged: &str) -> MediaRow {
    MediaRow {
        id: MediaId::from_random([seed; 16]),
        post_id: post.id.clone(),
        position: 0,
        kind: None,
        state: MediaState::Processing,
        name: Some("a name".into()),
        caption: None,
        alt: None,
        width: None,
        height: None,
        duration_ms: None,
        thumbhash: None,
        progress: 0.0,
        problem: None,
        staged: Some(staged.into()),
        upload: None,
        size_bytes: 3,
        sensitive: true,
        still_of: None,
        removed: None,
    }
}

fn file(medium: &MediaRow, name: &str, hash: u8, key: &str) -> FileRow {
    FileRow {
        media_id: medium.id.clone(),
        role: FileRole::Variant,
        name: name.into(),
        blob: [hash; 32],
        object_key: key.into(),
        content_type: "image/webp".into(),
        size_bytes: 3,
        width: Some(4),
        height: Some(3),
    }
}

async fn publish(db: &Db, post: &PostRow, media_rows: &[MediaRow]) {
    let mut tx = db.begin().await.unwrap();
    posts::insert(&mut tx, post).await.unwrap();
    for row in media_rows {
        media::insert(&mut tx, row).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn finish(db: &Db, medium: &MediaRow, files: Vec<FileRow>) -> bool {
    let facts =
        media::Prepared { kind: MediaKind::Photo, width: 4, height: 3, duration_ms: None, thumbhash: None, held: false, covered: false };
    let mut tx = db.begin().await.unwrap();
    let done = media::finish(&mut tx, &medium.id, &facts, files, NOW).await.unwrap();
    tx.commit().await.unwrap();
    done
}

async fn delete(db: &Db, post: &PostRow) {
    let mut tx = db.begin().await.unwrap();
    posts::delete(&mut tx, &post.id, NOW).await.unwrap();
    tx.commit().await.unwrap();
}

/// The gate before every byte of a medium.
async fn a_file_is_served_only_while_it_may_be(db: &Db) {
    let mut row = post(40, "words");
    row.expires = Some(NOW.plus_ms(10));
    let (one, other) = (medium(41, &row, "staged/41"), MediaRow { position: 1, ..medium(42, &row, "staged/42") });
    publish(db, &row, &[one.clone(), other.clone()]).await;
    let served = async |medium: &MediaRow, name: &str, at: Time| store::files::served(db, &medium.id, name, at).await.unwrap().is_some();
    assert!(!served(&one, "a.webp", NOW).await, "served before it was ready");
    assert!(finish(db, &one, vec![file(&one, "a.webp", 41, "blob/41")]).await);
    assert!(finish(db, &other, vec![file(&other, "b.webp", 42, "blob/42")]).await);
    assert!(served(&one, "a.webp", NOW).await);
    assert!(served(&one, "a.webp", NOW.plus_ms(9)).await);
    assert!(!served(&one, "b.webp", NOW).await, "another medium's file was served under this one");
    assert!(!served(&other, "a.webp", NOW).await);
    assert!(!served(&one, "a.webp", NOW.plus_ms(10)).await, "served after the post's end");
    let mut tx = db.begin().await.unwrap();
    media::remove(&mut tx, &other.id, NOW).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!served(&other, "b.webp", NOW).await, "served after it was removed");
    assert!(served(&one, "a.webp", NOW).await);
    delete(db, &row).await;
    assert!(!served(&one, "a.webp", NOW).await, "served after the post was deleted");
    assert!(!finish(db, &one, vec![file(&one, "a.webp", 41, "blob/late")]).await, "a deleted medium was finished");
    while let Some(left) = jobs::lease(db, "light", NOW, 1_000, "t").await.unwrap() {
        jobs::complete(db, &left.id, "t").await.unwrap();
    }
}

/// A still goes with its video, and a video has no two.
async fn a_still_belongs_to_its_video(db: &Db) {
    let row = post(45, "words");
    let video = medium(46, &row, "staged/46");
    let still = |seed| MediaRow { still_of: Some(video.id.clone()), position: 0, ..medium(seed, &row, &format!("staged/{seed}")) };
    publish(db, &row, &[video.clone(), still(47)]).await;
    assert!(finish(db, &still(47), vec![file(&still(47), "a.webp", 47, "blob/47")]).await);
    let stands = media::of_post(db, &row.id).await.unwrap();
    assert_eq!(stands.iter().filter(|row| row.still_of.as_ref() == Some(&video.id)).count(), 1);
    let mut tx = db.begin().await.unwrap();
    assert!(media::insert(&mut tx, &still(48)).await.is_err(), "a video has two stills");
    drop(tx);
    let mut tx = db.begin().await.unwrap();
    media::take_still(&mut tx, &video.id, NOW).await.unwrap();
    media::insert(&mut tx, &still(48)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(store::files::served(db, &still(47).id, "a.webp", NOW).await.unwrap().is_none(), "a still was served after it was taken away");
    let mut tx = db.begin().await.unwrap();
    media::remove(&mut tx, &video.id, NOW).await.unwrap();
    tx.commit().await.unwrap();
    assert!(media::of_post(db, &row.id).await.unwrap().is_empty(), "a still outlived its video");
    delete(db, &row).await;
    let mut gone = Vec::new();
    while let Some(left) = jobs::lease(db, "light", NOW, 1_000, "t").await.unwrap() {
        gone.push(left.payload.to_string());
        jobs::complete(db, &left.id, "t").await.unwrap();
    }
    for key in ["staged/46", "staged/47", "staged/48", "blob/47"] {
        assert!(gone.iter().any(|payload| payload.contains(key)), "{key} is not deleted: {gone:?}");
    }
}

async fn conformance(db: &Db) {
    db.ping().await.unwrap();
    a_post_comes_back_as_it_went_in_and_leaves_only_its_id(db).await;
    two_workers_never_get_one_job_and_a_killed_workers_job_is_taken_up_again(db).await;
    a_post_stands_at_a_revision_until_it_is_gone(db).await;
    one_of_a_key_waits_while_another_is_at_work(db).await;
    a_file_is_served_only_while_it_may_be(db).await;
    a_still_belongs_to_its_video(db).await;
    references::identical_bytes_stored_at_once_share_one_object(db).await;
    references::an_object_stays_while_anybody_refers_to_it(db).await;
    references::a_deletion_and_the_end_of_a_preparation_never_cross(db).await;
    newest::the_list_holds_what_everybody_may_see_the_newest_first(db).await;
    banks::what_is_put_into_a_bank_counts_when_all_of_it_is_there(db).await;
    banks::what_is_held_is_not_served_and_nothing_of_it_outlives_its_post(db).await;
    cases::notices_join_one_case_which_is_weighed_and_closed_once(db).await;
    cases::a_decision_reaches_what_it_is_for_and_is_undone_once(db).await;
    policies::each_policy_is_a_version_that_stays_as_it_was(db).await;
    mails::a_mail_is_written_down_once_and_its_address_is_forgotten(db).await;
    watch::one_looks_at_a_time_and_an_alarm_stands_once(db).await;
    every_statement_prepares(db).await;
}

async fn every_statement_prepares(db: &Db) {
    use sqlx::{Executor as _, SqlSafeStr as _};
    let own = [
        posts::SQL,
        store::media::SQL,
        store::files::SQL,
        jobs::SQL,
        blobs::SQL,
        store::uploads::SQL,
        store::repeats::SQL,
        store::fingerprints::SQL,
        store::banks::SQL,
        store::matches::SQL,
        store::moderators::SQL,
        store::audit::SQL,
        store::notices::SQL,
        store::opened::SQL,
        store::parties::SQL,
        store::filings::SQL,
        store::cases::SQL,
        store::claims::SQL,
        store::notes::SQL,
        store::questions::SQL,
        store::looks::SQL,
        store::holds::SQL,
        store::judgements::SQL,
        store::decisions::SQL,
        store::appeals::SQL,
        store::policies::SQL,
        store::retentions::SQL,
        store::evidence::SQL,
        store::preserved::SQL,
        store::mails::SQL,
        store::watch::SQL,
        store::alarms::SQL,
        store::hours::SQL,
        store::newest::SQL,
        store::levers::SQL,
    ];
    for sql in own.concat().into_iter().chain(store::backup::SQL.concat()) {
        let prepared = match db {
            Db::Sqlite { read, .. } => read.prepare(sql.into_sql_str()).await.map(drop),
            Db::Postgres { pool, .. } => pool.prepare(sql.into_sql_str()).await.map(drop),
        };
        assert!(prepared.is_ok(), "{sql}: {prepared:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_keeps_the_contract() {
    let (db, _dir) = sqlite().await;
    conformance(&db).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_keeps_the_contract() {
    conformance(&postgres().await).await;
}
