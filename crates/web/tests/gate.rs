//! What was taken away is not served, however warm the caches are (invariant 6).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use anyhow::Result;
use axum::body::Body;
use axum::http::Request;
use domain::time::HOUR_MS;
use testkit::TestSite;
use testkit::site::{Part, bytes, picture, text};

use crate::{get, original, photo, posted};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_request_begun_after_a_deletion_returned_gets_a_byte() -> Result<()> {
    let site = Arc::new(TestSite::new().await?);
    for _ in 0..5 {
        let post = photo(&site).await?;
        let url = original(&site, &post.path).await?;
        let paths = [post.path.clone(), format!("{}.md", post.path), format!("{}.json", post.path), url];
        let (deleted, read, stop) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let readers: Vec<_> = (0..16)
            .map(|number| {
                let (site, path) = (Arc::clone(&site), paths[number % paths.len()].clone());
                let (deleted, read, stop) = (Arc::clone(&deleted), Arc::clone(&read), Arc::clone(&stop));
                tokio::spawn(async move {
                    while !stop.load(Ordering::SeqCst) {
                        let after = deleted.load(Ordering::SeqCst);
                        let status = get(&site, &path, &[]).await?.status();
                        anyhow::ensure!(!after || status == 410 || status == 404, "{path} answered {status} after it was deleted");
                        read.fetch_add(1, Ordering::SeqCst);
                        // An answer from memory waits for nothing, as a network would make it.
                        tokio::task::yield_now().await;
                    }
                    Ok(())
                })
            })
            .collect();
        let some = |count: u64| {
            let read = Arc::clone(&read);
            async move {
                let (until, began) = (read.load(Ordering::SeqCst) + count, std::time::Instant::now());
                // A reader that found something wrong reads no more.
                while read.load(Ordering::SeqCst) < until && began.elapsed().as_secs() < 10 {
                    tokio::time::sleep(std::time::Duration::from_millis(1)).await;
                }
            }
        };
        some(200).await;
        let answer = site.request(Request::post(format!("{}/delete", post.manage)).body(Body::empty())?).await;
        deleted.store(true, Ordering::SeqCst);
        assert_eq!(answer.status(), 200);
        some(200).await;
        stop.store(true, Ordering::SeqCst);
        for reader in readers {
            reader.await??;
        }
        site.run_jobs().await?;
    }
    assert!(site.objects().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn an_edit_is_seen_by_the_next_request() -> Result<()> {
    let site = TestSite::new().await?;
    let post = posted(&site, &[Part::Field("text", "before")]).await?;
    for words in ["first", "second"] {
        let edit = Request::post(&post.manage).body(Body::from(format!("text={words}")))?;
        assert_eq!(site.request(edit).await.status(), 303);
        for _ in 0..2 {
            let page = text(site.get(&post.path).await?).await?;
            assert!(page.contains(words) && !page.contains("before"));
        }
    }
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn a_removed_medium_goes_and_the_others_stay() -> Result<()> {
    let site = TestSite::new().await?;
    let post = posted(&site, &[Part::File("one.png", &picture(64, 48, 1)?), Part::File("two.png", &picture(64, 48, 2)?)]).await?;
    let facts = crate::json(&site, &post.path).await?;
    let url = |number: usize| facts["media"][number]["original"]["url"].as_str().unwrap_or_default().to_owned();
    for number in [0, 1] {
        assert_eq!(site.get(&url(number)).await?.status(), 200);
    }
    let id = facts["media"][0]["id"].as_str().unwrap_or_default();
    let remove = Request::post(format!("{}/media/{id}/remove", post.manage)).body(Body::empty())?;
    assert_eq!(site.request(remove).await.status(), 303);
    assert_eq!(site.get(&url(0)).await?.status(), 404);
    assert_eq!(site.get(&url(1)).await?.status(), 200);
    assert!(!text(site.get(&post.path).await?).await?.contains(&url(0)));
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn a_post_ends_at_its_end_and_not_when_its_job_comes_round() -> Result<()> {
    let site = TestSite::new().await?;
    let post = posted(&site, &[Part::Field("expires", "1h"), Part::File("kite.png", &picture(64, 48, 1)?)]).await?;
    let url = original(&site, &post.path).await?;
    for path in [&post.path, &url] {
        assert_eq!(site.get(path).await?.status(), 200);
    }
    site.site.clock.advance_ms(HOUR_MS);
    for (path, status) in [(&post.path, 410), (&url, 404), (&format!("{}.json", post.path), 410)] {
        assert_eq!(site.get(path).await?.status(), status, "{path}");
    }
    site.run_jobs().await?;
    assert_eq!(site.get(&post.path).await?.status(), 410);
    assert!(bytes(site.get(&url).await?).await?.len() < 10_000 && site.objects().await?.is_empty());
    Ok(())
}
