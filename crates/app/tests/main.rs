//! The site's acts and its jobs, on a whole site with the real sandboxed child.

mod again;
mod back;
mod budget;
mod corpus;
mod deciding;
mod desk;
mod evidence;
mod holds;
mod jobs;
mod looks;
mod mistakes;
mod moderators;
mod preserved;
mod share;
mod together;
mod tools;
mod trust;
mod upkeep;
mod watch;

use anyhow::{Context as _, Result};
use domain::{MediaState, PostId};
use testkit::TestSite;
use testkit::site::{Part, bytes, picture};

/// Posts what curl would, and returns the post's id.
async fn post(site: &TestSite, parts: &[Part<'_>]) -> Result<PostId> {
    let (status, lines) = site.post(parts).await?;
    anyhow::ensure!(status == 201, "{status} {lines:?}");
    lines.first().and_then(|url| PostId::parse(url.rsplit('/').next()?)).context("the first line is no link")
}

/// The only medium of a post.
async fn medium(site: &TestSite, id: &PostId) -> Result<store::MediaRow> {
    store::media::of_post(&site.site.store.db, id).await?.pop().context("it has no medium")
}

/// How many jobs there are: in any state but dead, and dead.
async fn jobs_left(site: &TestSite) -> Result<(i64, i64)> {
    let lanes = store::jobs::lanes(&site.site.store.db, site.now()).await?;
    Ok(lanes.iter().fold((0, 0), |(left, dead), lane| (left + lane.waiting + lane.running + lane.later, dead + lane.dead)))
}

#[tokio::test]
async fn a_photo_is_served_once_its_job_is_done_and_leaves_no_byte_when_it_is_deleted() -> Result<()> {
    let site = TestSite::new().await?;
    let photo = picture(300, 200, 1)?;
    let id = post(&site, &[Part::Field("text", "UNMISTAKABLE words"), Part::File("kite-UNMISTAKABLE.png", &photo)]).await?;
    assert_eq!(medium(&site, &id).await?.state, MediaState::Processing);
    site.run_jobs().await?;
    let ready = medium(&site, &id).await?;
    assert_eq!(ready.state, MediaState::Ready);
    let objects = site.objects().await?;
    assert!(objects.keys().all(|key| key.starts_with("blob/")), "the upload as it arrived is still there: {:?}", objects.keys());
    let files = store::files::of_post(&site.site.store.db, &id).await?;
    assert_eq!(files.len(), objects.len());
    for file in &files {
        let response = site.get(&format!("/m/{}/{}", ready.id, file.name)).await?;
        assert_eq!(response.status(), 200);
        assert_eq!(Some(&bytes(response).await?), objects.get(&file.object_key));
    }
    assert!(!site.files_with(b"UNMISTAKABLE words")?.is_empty());

    // The same picture twice: what both refer to stays until both are gone.
    let twin = post(&site, &[Part::File("kite.png", &photo)]).await?;
    site.run_jobs().await?;
    assert_eq!(site.objects().await?, objects);
    site.site.delete(&id).await?;
    assert_eq!(site.get(&format!("/{id}")).await?.status(), 410);
    site.run_jobs().await?;
    assert_eq!(site.objects().await?, objects);
    assert!(site.files_with(b"UNMISTAKABLE")?.is_empty(), "{:?}", site.files_with(b"UNMISTAKABLE")?);
    site.site.delete(&twin).await?;
    site.run_jobs().await?;
    assert!(site.objects().await?.is_empty());
    let left = std::fs::read_dir(site.dir().join("work"))?.count();
    assert_eq!(left, 0, "a work directory was left behind");
    Ok(())
}

#[tokio::test]
async fn a_nearly_full_disk_refuses_files_and_still_takes_words() -> Result<()> {
    let site = TestSite::with(|parts| parts.limits.disk_free_bytes = u64::MAX).await?;
    let photo = picture(30, 20, 1)?;
    let (status, lines) = site.post(&[Part::File("kite.png", &photo)]).await?;
    assert_eq!((status, lines.len()), (503, 1), "{lines:?}");
    let id = post(&site, &[Part::Field("text", "words"), Part::File("kite.png", &photo)]).await?;
    assert!(store::media::of_post(&site.site.store.db, &id).await?.is_empty());
    assert!(site.objects().await?.is_empty());
    Ok(())
}
