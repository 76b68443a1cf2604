//! What becomes of a job when its worker is killed, when it fails, and when it keeps failing.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use app::job::{LIGHT, MEDIA};
use app::{Clock, Runner};
use domain::{MediaState, Problem};
use store::jobs;
use testkit::TestSite;
use testkit::site::{Part, picture};

use super::{jobs_left, medium, post};

#[tokio::test]
async fn a_killed_workers_job_is_taken_up_again_when_its_lease_is_over() -> Result<()> {
    let site = TestSite::new().await?;
    let id = post(&site, &[Part::File("kite.png", &picture(40, 30, 1)?)]).await?;
    let db = &site.site.store.db;
    let killed = jobs::lease(db, MEDIA, site.now(), 60_000, "a worker that is killed").await?.context("no job")?;
    site.run_jobs().await?;
    assert_eq!(medium(&site, &id).await?.state, MediaState::Processing, "two workers had one job");
    site.site.clock.advance_ms(59_999);
    site.run_jobs().await?;
    assert_eq!(medium(&site, &id).await?.state, MediaState::Processing);
    site.site.clock.advance_ms(1);
    site.run_jobs().await?;
    assert_eq!(medium(&site, &id).await?.state, MediaState::Ready);
    // The one that was taken for dead wakes up: nothing changes any more.
    assert!(!jobs::renew(db, &killed.id, "a worker that is killed", site.now(), 60_000).await?);
    jobs::retry(db, &killed.id, "a worker that is killed", site.now(), "late", true).await?;
    assert_eq!(jobs_left(&site).await?, (0, 0));
    Ok(())
}

#[tokio::test]
async fn a_job_that_keeps_failing_is_dead_and_seen_and_its_poster_is_told_while_others_go_on() -> Result<()> {
    let site = TestSite::with(|parts| parts.sandbox.exe = "/nowhere/at/all".into()).await?;
    let id = post(&site, &[Part::Field("text", "words"), Part::File("kite.png", &picture(40, 30, 1)?)]).await?;
    let db = &site.site.store.db;
    // Half a day in all: the machine may be mended in the morning.
    let pauses = (2..=18).map(|attempt: u32| (1_i64 << attempt).min(3_600));
    assert!(pauses.clone().sum::<i64>() > 8 * 3_600);
    for pause_seconds in pauses {
        site.run_jobs().await?;
        assert_eq!(medium(&site, &id).await?.state, MediaState::Processing);
        site.site.clock.advance_ms(pause_seconds * 1_000 - 1);
        assert_eq!(site.run_jobs().await?, 0, "it was tried again too soon");
        site.site.clock.advance_ms(1);
    }
    let other = post(&site, &[Part::Field("text", "UNMISTAKABLE"), Part::Field("expires", "1h")]).await?;
    site.run_jobs().await?;
    let refused = medium(&site, &id).await?;
    assert_eq!((refused.state, refused.problem), (MediaState::Refused, Some(Problem::Failed)));
    let dead = jobs::dead(db).await?;
    assert_eq!(dead.len(), 1);
    assert_eq!((dead[0].kind.as_str(), dead[0].attempts), ("prepare_media", 18));
    assert!(dead[0].last_error.as_deref().is_some_and(|words| words.contains("sandbox")), "{dead:?}");
    assert_eq!(jobs_left(&site).await?.1, 1);
    assert!(site.objects().await?.is_empty(), "the upload that will never be prepared was kept");
    let page = testkit::site::text(site.get(&format!("/{id}.json")).await?).await?;
    assert!(page.contains("\"refused\"") && page.contains("words"), "{page}");
    site.site.clock.advance_ms(60 * 60 * 1_000);
    site.run_jobs().await?;
    assert!(store::posts::is_gone(db, &other).await?, "a dead job was in another's way");
    Ok(())
}

#[tokio::test]
async fn a_job_that_takes_its_worker_with_it_each_time_is_not_tried_for_ever() -> Result<()> {
    let site = TestSite::new().await?;
    let id = post(&site, &[Part::File("kite.png", &picture(40, 30, 1)?)]).await?;
    for _ in 0..5 {
        jobs::lease(&site.site.store.db, MEDIA, site.now(), 60_000, "a worker that is killed").await?.context("no job")?;
        site.site.clock.advance_ms(60_000);
    }
    site.run_jobs().await?;
    assert_eq!(medium(&site, &id).await?.problem, Some(Problem::Failed));
    assert_eq!(jobs_left(&site).await?, (0, 1));
    Ok(())
}

#[tokio::test]
async fn a_scrub_that_a_reader_is_in_the_way_of_is_done_later_and_never_dies() -> Result<()> {
    let site = TestSite::new().await?;
    let id = post(&site, &[Part::Field("text", "UNMISTAKABLE")]).await?;
    let store::Db::Sqlite { read, .. } = &site.site.store.db else { anyhow::bail!("not SQLite") };
    let reading = read.begin_with("BEGIN; SELECT count(*) FROM posts").await?;
    site.site.delete(&id).await?;
    for _ in 0..8 {
        site.run_jobs().await?;
        assert_eq!(jobs_left(&site).await?, (1, 0));
        site.site.clock.advance_ms(5_000);
    }
    assert!(!site.files_with(b"UNMISTAKABLE")?.is_empty(), "the reader was not in the way, so this proves nothing");
    reading.rollback().await?;
    site.run_jobs().await?;
    assert_eq!(jobs_left(&site).await?, (0, 0));
    assert!(site.files_with(b"UNMISTAKABLE")?.is_empty());
    Ok(())
}

/// A runner that missed a call would sleep for a second each time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_runner_wakes_at_once_when_a_job_is_queued() -> Result<()> {
    let site = TestSite::with(|parts| parts.clock = Clock::System).await?;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let runner = tokio::spawn(Runner::new(site.site.clone(), 2).run(stopped));
    let began = Instant::now();
    for round in 0..12 {
        let id = post(&site, &[Part::Field("text", "words")]).await?;
        site.site.delete(&id).await?;
        for step in 0.. {
            // The sweep waits for its next hour; the scrub of the deletion is done when it is the only one.
            if jobs_left(&site).await?.0 == 1 {
                break;
            }
            anyhow::ensure!(step < 5_000, "round {round} was not done");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
    let took = began.elapsed();
    assert!(took < Duration::from_secs(4), "12 jobs took {took:?}");
    stop.send_replace(true);
    runner.await?;
    assert!(jobs::lease(&site.site.store.db, LIGHT, site.now(), 1, "t").await?.is_none());
    Ok(())
}
