//! What nobody asks for: the sweep, and expired posts whose own job was lost.

use anyhow::{Context as _, Result};
use app::job::LIGHT;
use app::{NewMedium, Posting, Refusal, Source};
use store::jobs;
use testkit::TestSite;
use testkit::site::{Part, picture};

use super::{medium, post};

const HOUR_MS: i64 = 60 * 60 * 1_000;

#[tokio::test]
async fn the_sweep_takes_what_a_crash_left_and_nothing_else_and_comes_again_every_hour() -> Result<()> {
    let site = TestSite::new().await?;
    let id = post(&site, &[Part::File("kite.png", &picture(40, 30, 1)?)]).await?;
    site.run_jobs().await?;
    let owned = site.objects().await?;
    let waiting = post(&site, &[Part::File("other.png", &picture(40, 30, 2)?)]).await?;
    // Killed between staging and publishing.
    let mut receiving = site.site.receive("lost.png", 0).await.map_err(told)?;
    receiving.write(picture(40, 30, 3)?.into()).await.map_err(told)?;
    drop(receiving.finish().await.map_err(told)?);
    assert_eq!(site.objects().await?.len(), owned.len() + 2);

    site.site.queue_upkeep().await?;
    site.site.queue_upkeep().await?;
    let db = &site.site.store.db;
    let sweep = async || -> Result<usize> {
        let mut sweeps = 0;
        while let Some(row) = jobs::lease(db, LIGHT, site.now(), 60_000, "look").await? {
            sweeps += usize::from(row.kind == "sweep");
            jobs::retry(db, &row.id, "look", site.now().plus_ms(1), "looked", false).await?;
        }
        site.site.clock.advance_ms(1);
        Ok(sweeps)
    };
    assert_eq!(sweep().await?, 1, "two sweeps wait");
    // All but the preparation of the second post, whose upload stays for as long as its job does.
    let held = jobs::lease(db, app::job::MEDIA, site.now(), 48 * HOUR_MS, "a long transcode").await?.context("no job")?;
    site.run_jobs().await?;
    assert_eq!(site.objects().await?.len(), owned.len() + 2, "what is young was swept");
    for _ in 0..25 {
        site.site.clock.advance_ms(HOUR_MS);
        site.run_jobs().await?;
    }
    assert_eq!(site.objects().await?.len(), owned.len() + 1);
    let staged = medium(&site, &waiting).await?.staged.context("it is not staged")?;
    assert!(site.objects().await?.contains_key(&staged), "the upload of a post was swept");
    jobs::retry(db, &held.id, "a long transcode", site.now(), "ended", false).await?;
    site.run_jobs().await?;
    assert!(site.get(&format!("/{id}")).await?.status().is_success());
    assert!(site.get(&format!("/{waiting}")).await?.status().is_success());
    Ok(())
}

#[tokio::test]
async fn an_expired_post_whose_job_was_lost_goes_with_the_next_sweep() -> Result<()> {
    let site = TestSite::new().await?;
    let id = post(&site, &[Part::Field("text", "UNMISTAKABLE"), Part::Field("expires", "1h")]).await?;
    let db = &site.site.store.db;
    site.site.clock.advance_ms(HOUR_MS);
    let lost = jobs::lease(db, LIGHT, site.now(), HOUR_MS, "lost").await?.context("no job")?;
    jobs::complete(db, &lost.id, "lost").await?;
    assert_eq!(site.get(&format!("/{id}")).await?.status(), 410, "an expired post was served");
    assert!(!site.files_with(b"UNMISTAKABLE")?.is_empty());
    site.site.queue_upkeep().await?;
    site.run_jobs().await?;
    assert!(store::posts::is_gone(db, &id).await?);
    assert!(site.files_with(b"UNMISTAKABLE")?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_post_that_is_a_day_in_coming_is_refused_before_the_sweep_could_take_its_files() -> Result<()> {
    let site = TestSite::new().await?;
    let mut receiving = site.site.receive("slow.png", 0).await.map_err(told)?;
    receiving.write(picture(40, 30, 1)?.into()).await.map_err(told)?;
    let slow = receiving.finish().await.map_err(told)?;
    site.site.clock.advance_ms(21 * HOUR_MS);
    let medium = NewMedium { source: Source::File(slow), number: None, still: None, caption: None, alt: None, sensitive: false };
    let answer = site.site.publish(Posting { media: vec![medium], ..Posting::default() }).await;
    assert!(matches!(answer, Err(app::Error::TooLate)), "{answer:?}");
    assert!(site.objects().await?.is_empty());
    Ok(())
}

fn told(refusal: Refusal) -> anyhow::Error {
    anyhow::anyhow!("{refusal:?}")
}
