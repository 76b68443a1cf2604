//! Resumable uploads, as good, broken and hostile clients send them.

use std::time::Duration;

use anyhow::{Context as _, Result};
use app::{NewMedium, Posting, Published, Source};
use axum::body::{Body, Bytes};
use axum::http::{Request, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::{Draft, PostId, UploadId};
use futures_util::StreamExt as _;
use sha2::{Digest as _, Sha256};
use testkit::TestSite;
use testkit::site::{picture, text};

use crate::{get, header, json};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

async fn send(site: &TestSite, method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Result<Response<Body>> {
    let mut request = Request::builder().method(method).uri(path).header("tus-resumable", "1.0.0");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Ok(site.request(request.body(body.into())?).await)
}

async fn create(site: &TestSite, length: usize) -> Result<String> {
    let metadata = format!("filename {},filetype aW1hZ2UvcG5n", STANDARD.encode("a kite.png"));
    let headers = [("upload-length", length.to_string()), ("upload-metadata", metadata)];
    let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
    let response = send(site, "POST", "/api/v1/uploads", &headers, Body::empty()).await?;
    anyhow::ensure!(response.status() == 201, "{}: {}", response.status(), text(response).await?);
    let location = header(response.headers(), "location");
    Ok(location.strip_prefix("http://localhost:8080").context("no location")?.to_owned())
}

async fn patch(site: &TestSite, path: &str, offset: usize, body: impl Into<Body>) -> Result<(u16, Option<usize>)> {
    let headers = [("upload-offset", offset.to_string()), ("content-type", "application/offset+octet-stream".to_owned())];
    let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
    let response = send(site, "PATCH", path, &headers, body).await?;
    Ok((response.status().as_u16(), header(response.headers(), "upload-offset").parse().ok()))
}

async fn offset(site: &TestSite, path: &str) -> Result<(u16, Option<usize>)> {
    let response = send(site, "HEAD", path, &[], Body::empty()).await?;
    Ok((response.status().as_u16(), header(response.headers(), "upload-offset").parse().ok()))
}

fn id(path: &str) -> UploadId {
    UploadId::parse(path.rsplit('/').next().unwrap_or_default()).expect("an upload's address ends with its id")
}

async fn publish(site: &TestSite, uploads: &[&str]) -> Result<Published> {
    let medium =
        |path: &&str| NewMedium { source: Source::Upload(id(path)), number: None, still: None, caption: None, alt: None, sensitive: false };
    let draft = Draft { title: Some("Kites".into()), ..Draft::default() };
    Ok(site.site.publish(Posting { draft, media: uploads.iter().map(medium).collect(), ..Posting::default() }).await?)
}

fn path_of(id: &PostId) -> String {
    format!("/{id}")
}

#[tokio::test]
async fn an_upload_goes_on_where_it_was_and_becomes_a_medium() -> Result<()> {
    let site = TestSite::new().await?;
    let photo = picture(640, 480, 1)?;
    let path = create(&site, photo.len()).await?;
    assert_eq!(offset(&site, &path).await?, (200, Some(0)));
    assert_eq!(patch(&site, &path, 0, photo[..5_000].to_vec()).await?, (204, Some(5_000)));
    // The link is given while the rest is still on its way.
    let published = publish(&site, &[&path]).await?;
    site.run_jobs().await?;
    let waiting = json(&site, &path_of(&published.id)).await?;
    assert_eq!((&waiting["state"], &waiting["media"][0]["state"]), (&"processing".into(), &"receiving".into()));
    let share = waiting["media"][0]["progress"].as_f64().context("no progress")?;
    assert!((share - 5_000.0 / photo.len() as f64).abs() < 1e-9, "{share}");
    assert_eq!(patch(&site, &path, 5_000, photo[5_000..6_000].to_vec()).await?, (204, Some(6_000)));
    assert_eq!(patch(&site, &path, 6_000, photo[6_000..].to_vec()).await?, (204, Some(photo.len())));
    assert_eq!(patch(&site, &path, photo.len(), "").await?, (204, Some(photo.len())), "the end may be told twice");
    site.run_jobs().await?;
    let ready = json(&site, &path_of(&published.id)).await?;
    assert_eq!((&ready["state"], &ready["media"][0]["width"]), (&"live".into(), &640.into()));
    assert_eq!(offset(&site, &path).await?.0, 404, "the upload outlives its medium");
    // Nothing of how it came is left.
    site.site.delete(&published.id).await?;
    site.run_jobs().await?;
    assert!(site.objects().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn what_a_broken_line_has_brought_is_kept() -> Result<()> {
    let site = TestSite::new().await?;
    let photo = picture(640, 480, 1)?;
    let path = create(&site, photo.len()).await?;
    let pieces = [Ok(Bytes::copy_from_slice(&photo[..7_000])), Err(std::io::Error::other("the line broke"))];
    assert_eq!(patch(&site, &path, 0, Body::from_stream(futures_util::stream::iter(pieces))).await?.0, 409);
    assert_eq!(offset(&site, &path).await?, (200, Some(7_000)));
    assert_eq!(patch(&site, &path, 7_000, photo[7_000..].to_vec()).await?, (204, Some(photo.len())));
    let published = publish(&site, &[&path]).await?;
    site.run_jobs().await?;
    assert_eq!(json(&site, &path_of(&published.id)).await?["state"], "live");
    Ok(())
}

#[tokio::test]
async fn a_site_that_stops_writes_down_what_has_come_and_says_so_at_once() -> Result<()> {
    let site = TestSite::new().await?;
    let photo = picture(640, 480, 1)?;
    let path = create(&site, photo.len()).await?;
    let slow = futures_util::stream::iter([Ok::<_, std::io::Error>(Bytes::copy_from_slice(&photo[..6_000]))])
        .chain(futures_util::stream::pending());
    let headers = [("upload-offset", "0"), ("content-type", "application/offset+octet-stream")];
    let under_way = send(&site, "PATCH", &path, &headers, Body::from_stream(slow));
    let stop = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        site.site.halt_uploads();
    };
    let told = tokio::join!(under_way, stop).0?;
    assert_eq!((told.status().as_u16(), header(told.headers(), "retry-after")), (503, "5"));
    assert!(text(told).await?.contains("tus-stopping"));
    assert_eq!(offset(&site, &path).await?, (200, Some(6_000)));
    assert_eq!(patch(&site, &path, 6_000, photo[6_000..].to_vec()).await?.0, 503, "what comes now would be cut off");
    assert_eq!(send(&site, "DELETE", &path, &[], Body::empty()).await?.status(), 204);
    site.run_jobs().await?;
    assert!(site.objects().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn what_comes_slowly_is_written_down_while_it_comes_even_if_nothing_follows() -> Result<()> {
    let site = TestSite::new().await?;
    let photo = picture(1_200, 900, 1)?;
    let path = create(&site, photo.len()).await?;
    let (few, many) = (photo[..4_000].to_vec(), photo[4_000..70_000].to_vec());
    let slow = futures_util::stream::iter([few, many].map(|bytes| Ok::<_, std::io::Error>(Bytes::from(bytes))))
        .chain(futures_util::stream::pending());
    let headers = [("upload-offset", "0"), ("content-type", "application/offset+octet-stream")];
    let under_way = send(&site, "PATCH", &path, &headers, Body::from_stream(slow));
    let look = async {
        for _ in 0..100 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            // By the rows alone: whoever asks by HEAD has it written down.
            let row = store::uploads::find(&site.site.store.db, &id(&path)).await?.context("no upload")?;
            if row.arrived > 0 {
                return Ok(row.arrived);
            }
        }
        anyhow::bail!("nothing was written down in ten seconds")
    };
    let arrived = tokio::select! {
        arrived = look => arrived?,
        answer = under_way => anyhow::bail!("it was answered: {}", answer?.status()),
    };
    assert_eq!((arrived, site.objects().await?.len()), (70_000, 1), "more parts than were needed");
    assert_eq!(offset(&site, &path).await?, (200, Some(70_000)));
    assert_eq!(patch(&site, &path, 70_000, photo[70_000..].to_vec()).await?, (204, Some(photo.len())));
    let published = publish(&site, &[&path]).await?;
    site.run_jobs().await?;
    assert_eq!(json(&site, &path_of(&published.id)).await?["state"], "live");
    Ok(())
}

#[tokio::test]
async fn any_node_goes_on_with_an_upload_on_postgresql_and_s3() -> Result<()> {
    let s3 = testkit::s3::S3::start().await?;
    let config = store::blobs::S3Config {
        endpoint: s3.endpoint.clone(),
        bucket: s3.bucket.clone(),
        region: String::new(),
        access_key: s3.access_key.clone(),
        secret_key: s3.secret_key.clone(),
    };
    let database = testkit::postgres::fresh_database()?;
    store::Db::migrate_postgres(&database).await?;
    let node = async || -> Result<TestSite> {
        let store = store::Store { db: store::Db::open_postgres(&database).await?, blobs: store::BlobStore::open_s3(&config)? };
        TestSite::with(|parts| parts.store = store).await
    };
    let (here, there) = (node().await?, node().await?);
    let photo = picture(640, 480, 1)?;
    let path = create(&here, photo.len()).await?;
    assert_eq!(patch(&here, &path, 0, photo[..3_000].to_vec()).await?, (204, Some(3_000)));
    assert_eq!(offset(&there, &path).await?, (200, Some(3_000)));
    // Both at once, and neither knows of the other: one of them is told that it is too late, and nothing is there twice.
    let piece = || photo[3_000..9_000].to_vec();
    let (one, other) = tokio::join!(patch(&here, &path, 3_000, piece()), patch(&there, &path, 3_000, piece()));
    let mut told = [one?.0, other?.0];
    told.sort_unstable();
    assert_eq!(told, [204, 409]);
    assert_eq!(offset(&here, &path).await?, (200, Some(9_000)));
    assert_eq!(here.objects().await?.len(), 2, "the bytes of the one that was too late are kept");
    let published = publish(&here, &[&path]).await?;
    assert_eq!(patch(&there, &path, 9_000, photo[9_000..].to_vec()).await?, (204, Some(photo.len())));
    // Its clock is the later one.
    there.run_jobs().await?;
    assert_eq!(json(&here, &path_of(&published.id)).await?["state"], "live");
    there.site.delete(&published.id).await?;
    there.run_jobs().await?;
    assert!(here.objects().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn two_clients_at_one_upload_do_not_mix_and_the_later_one_goes_on() -> Result<()> {
    let site = TestSite::new().await?;
    let photo = picture(640, 480, 1)?;
    let path = create(&site, photo.len()).await?;
    // A connection that is dead, as a phone that slept leaves one.
    let dead = futures_util::stream::iter([Ok::<_, std::io::Error>(Bytes::copy_from_slice(&photo[..6_000]))])
        .chain(futures_util::stream::pending());
    let first = patch(&site, &path, 0, Body::from_stream(dead));
    let second = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let stands = offset(&site, &path).await?;
        anyhow::ensure!(stands == (200, Some(6_000)), "{stands:?}");
        patch(&site, &path, 6_000, photo[6_000..].to_vec()).await
    };
    let (first, second) = tokio::join!(first, second);
    assert_eq!((first?.0, second?), (409, (204, Some(photo.len()))));
    let published = publish(&site, &[&path]).await?;
    site.run_jobs().await?;
    assert_eq!(json(&site, &path_of(&published.id)).await?["state"], "live");
    Ok(())
}

#[tokio::test]
async fn a_checksum_that_does_not_hold_keeps_nothing() -> Result<()> {
    let site = TestSite::new().await?;
    let photo = picture(64, 48, 1)?;
    let path = create(&site, photo.len()).await?;
    let sum = format!("sha256 {}", STANDARD.encode(Sha256::digest(&photo)));
    let offset_type = [("upload-offset", "0"), ("content-type", "application/offset+octet-stream")];
    let with = |sum: &str| [offset_type[0], offset_type[1], ("upload-checksum", Box::leak(sum.to_owned().into_boxed_str()) as &str)];
    let mut changed = photo.clone();
    changed[40] ^= 1;
    assert_eq!(send(&site, "PATCH", &path, &with(&sum), changed).await?.status(), 460);
    assert_eq!(offset(&site, &path).await?, (200, Some(0)));
    assert!(site.objects().await?.is_empty());
    for bad in ["sha256", "crc32 AAAA", "sha1 ***"] {
        assert_eq!(send(&site, "PATCH", &path, &with(bad), photo.clone()).await?.status(), 400, "{bad}");
    }
    assert_eq!(send(&site, "PATCH", &path, &with(&sum), photo).await?.status(), 204);
    send(&site, "DELETE", &path, &[], Body::empty()).await?;
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn what_a_client_gets_wrong_is_told_and_changes_nothing() -> Result<()> {
    let site = TestSite::with(|parts| parts.limits.file_bytes = 1_000_000).await?;
    let photo = picture(64, 48, 1)?;
    for (headers, status) in [
        (vec![], 400),
        (vec![("upload-length", "-1")], 400),
        (vec![("upload-length", "many")], 400),
        (vec![("upload-length", "99999999999999999999999")], 400),
        (vec![("upload-length", "0")], 400),
        (vec![("upload-length", "1000001")], 413),
        (vec![("upload-length", "100"), ("upload-metadata", "filename ***")], 400),
        (vec![("upload-defer-length", "1")], 400),
        (vec![("upload-length", "100"), ("upload-concat", "partial")], 400),
    ] {
        let response = send(&site, "POST", "/api/v1/uploads", &headers, Body::empty()).await?;
        assert_eq!(response.status(), status, "{headers:?}");
        assert_eq!(header(response.headers(), "content-type"), "application/problem+json", "{headers:?}");
    }
    let old = Request::post("/api/v1/uploads").header("upload-length", "100").header("tus-resumable", "0.2.2").body(Body::empty())?;
    let told = site.request(old).await;
    assert_eq!((told.status().as_u16(), header(told.headers(), "tus-version")), (412, "1.0.0"));
    let path = create(&site, photo.len()).await?;
    assert_eq!(patch(&site, &path, 5, photo.clone()).await?.0, 409, "from the wrong place");
    let plain = [("upload-offset", "0"), ("content-type", "image/png")];
    assert_eq!(send(&site, "PATCH", &path, &plain, photo.clone()).await?.status(), 415);
    let mut longer = photo.clone();
    longer.extend_from_slice(b"more");
    assert_eq!(patch(&site, &path, 0, longer).await?.0, 413, "more than was announced");
    assert_eq!(offset(&site, &path).await?, (200, Some(0)));
    let untold = [Ok::<_, std::io::Error>(photo.clone().into()), Ok(Bytes::from_static(b"more"))];
    let untold = Body::from_stream(futures_util::stream::iter(untold));
    assert_eq!(patch(&site, &path, 0, untold).await?.0, 413, "more than was announced, and not even the request said so");
    assert_eq!(offset(&site, &path).await?, (200, Some(0)));
    assert_eq!(patch(&site, &path, 0, photo.clone()).await?.0, 204);
    assert_eq!(patch(&site, &path, photo.len(), "x").await?.0, 413, "after the end");
    for nothing in ["/api/v1/uploads/abc", "/api/v1/uploads/abcdefghjkmnpabcdefghjkmnp"] {
        for method in ["HEAD", "PATCH", "DELETE"] {
            let headers = [("upload-offset", "0"), ("content-type", "application/offset+octet-stream")];
            assert_eq!(send(&site, method, nothing, &headers, "x").await?.status(), 404, "{method} {nothing}");
        }
    }
    assert_eq!(send(&site, "GET", &path, &[], Body::empty()).await?.status(), 405);
    let asked = send(&site, "OPTIONS", "/api/v1/uploads", &[], Body::empty()).await?;
    assert_eq!(header(asked.headers(), "tus-max-size"), "1000000");
    let overridden = [("x-http-method-override", "DELETE")];
    assert_eq!(send(&site, "POST", &path, &overridden, Body::empty()).await?.status(), 204);
    site.run_jobs().await?;
    assert!(site.objects().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_file_that_is_no_medium_is_refused_as_soon_as_that_shows_and_the_page_says_so() -> Result<()> {
    let site = TestSite::new().await?;
    let path = create(&site, 100_000).await?;
    let published = publish(&site, &[&path]).await?;
    // In small pieces: what it is shows only over several requests.
    assert_eq!(patch(&site, &path, 0, vec![b'x'; 2_000]).await?, (204, Some(2_000)));
    assert_eq!(patch(&site, &path, 2_000, vec![b'x'; 10_000]).await?.0, 415);
    assert_eq!(offset(&site, &path).await?.0, 404);
    let told = json(&site, &path_of(&published.id)).await?;
    assert_eq!((&told["media"][0]["state"], &told["media"][0]["problem"]), (&"refused".into(), &"not_media".into()));
    site.run_jobs().await?;
    assert!(site.objects().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn an_upload_comes_with_its_creation_if_the_client_likes() -> Result<()> {
    let site = TestSite::new().await?;
    let photo = picture(64, 48, 1)?;
    let length = photo.len().to_string();
    let headers = [("upload-length", length.as_str()), ("content-type", "application/offset+octet-stream")];
    let response = send(&site, "POST", "/api/v1/uploads", &headers, photo).await?;
    assert_eq!((response.status().as_u16(), header(response.headers(), "upload-offset")), (201, length.as_str()));
    let location = header(response.headers(), "location").to_owned();
    let published = publish(&site, &[&location]).await?;
    assert!(publish(&site, &[&location]).await.is_err(), "one upload became two media");
    site.run_jobs().await?;
    assert_eq!(json(&site, &path_of(&published.id)).await?["state"], "live");
    Ok(())
}

#[tokio::test]
async fn what_is_given_up_is_swept_away_and_a_link_whose_uploads_never_come_says_so() -> Result<()> {
    let site = TestSite::new().await?;
    let photo = picture(640, 480, 1)?;
    let (waited_for, forgotten) = (create(&site, photo.len()).await?, create(&site, photo.len()).await?);
    patch(&site, &waited_for, 0, photo[..5_000].to_vec()).await?;
    patch(&site, &forgotten, 0, photo.clone()).await?;
    let published = publish(&site, &[&waited_for]).await?;
    site.site.queue_upkeep().await?;
    site.site.clock.advance_ms(DAY_MS - 1);
    site.run_jobs().await?;
    assert_eq!(offset(&site, &waited_for).await?.0, 200, "it was given up too soon");
    site.site.clock.advance_ms(DAY_MS);
    site.run_jobs().await?;
    assert_eq!((offset(&site, &waited_for).await?.0, offset(&site, &forgotten).await?.0), (404, 404));
    let told = json(&site, &path_of(&published.id)).await?;
    assert_eq!((&told["state"], &told["media"][0]["problem"]), (&"live".into(), &"interrupted".into()));
    site.run_jobs().await?;
    assert!(site.objects().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn an_upload_whose_post_was_deleted_or_whose_poster_gave_it_up_is_not_there_any_more() -> Result<()> {
    let site = TestSite::new().await?;
    let photo = picture(640, 480, 1)?;
    let (first, second) = (create(&site, photo.len()).await?, create(&site, photo.len()).await?);
    patch(&site, &first, 0, photo[..5_000].to_vec()).await?;
    let published = publish(&site, &[&first, &second]).await?;
    // The poster takes one file back: it leaves the post.
    assert_eq!(send(&site, "DELETE", &second, &[], Body::empty()).await?.status(), 204);
    assert_eq!(json(&site, &path_of(&published.id)).await?["media"].as_array().map(Vec::len), Some(1));
    site.site.delete(&published.id).await?;
    assert_eq!(patch(&site, &first, 5_000, photo[5_000..].to_vec()).await?.0, 404);
    site.run_jobs().await?;
    assert!(site.objects().await?.is_empty());
    assert_eq!(get(&site, &path_of(&published.id), &[]).await?.status(), 410);
    Ok(())
}

#[tokio::test]
async fn an_upload_for_which_there_is_no_room_is_refused_before_its_first_byte() -> Result<()> {
    let site = TestSite::with(|parts| {
        parts.limits.file_bytes = u64::MAX;
        parts.limits.disk_free_bytes = 0;
    })
    .await?;
    let response = send(&site, "POST", "/api/v1/uploads", &[("upload-length", "9000000000000000000")], Body::empty()).await?;
    assert_eq!(response.status(), 503);
    assert!(text(response).await?.contains("no_space"));
    Ok(())
}
