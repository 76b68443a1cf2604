//! A poster's own still for a video: what stands in its place before it plays.

use std::process::Command;

use anyhow::{Context as _, Result};
use axum::body::Body;
use axum::http::Request;
use testkit::TestSite;
use testkit::site::{Part, bytes, picture, text};

use crate::{Posted, get, header, json, posted};

/// A second of a test card, as a browser plays it.
pub(crate) fn film(site: &TestSite) -> Result<Vec<u8>> {
    let path = site.dir().join("card.mp4");
    let card = ["-f", "lavfi", "-i", "testsrc2=s=320x240:d=1", "-c:v", "libx264", "-pix_fmt", "yuv420p"];
    let made = Command::new("ffmpeg").args(["-v", "error", "-y"]).args(card).arg(&path).status()?;
    anyhow::ensure!(made.success(), "ffmpeg made no film");
    let film = std::fs::read(&path)?;
    std::fs::remove_file(path)?;
    Ok(film)
}

/// The manage page's form, with a still for one of its videos.
pub(crate) async fn give(site: &TestSite, manage: &str, video: &str, name: &str, still: &[u8]) -> Result<(u16, String)> {
    let mut body = format!("--b\r\nContent-Disposition: form-data; name=\"still-{video}\"; filename=\"{name}\"\r\n\r\n").into_bytes();
    body.extend_from_slice(still);
    body.extend_from_slice(b"\r\n--b\r\nContent-Disposition: form-data; name=\"listed\"\r\n\r\n1\r\n--b--\r\n");
    let request = Request::post(manage).header("content-type", "multipart/form-data; boundary=b").header("accept", "text/html");
    let response = site.request(request.body(body.into())?).await;
    Ok((response.status().as_u16(), header(response.headers(), "location").to_owned()))
}

async fn page(site: &TestSite, path: &str) -> Result<String> {
    text(get(site, path, &[("accept", "text/html")]).await?).await
}

pub(crate) async fn video(site: &TestSite) -> Result<(Posted, String)> {
    let post = posted(site, &[Part::Field("listed", "1"), Part::File("card.mp4", &film(site)?)]).await?;
    let id = json(site, &post.path).await?["media"][0]["id"].as_str().context("no medium")?.to_owned();
    Ok((post, id))
}

async fn poster(site: &TestSite, path: &str) -> Result<serde_json::Value> {
    Ok(json(site, path).await?["media"][0]["poster"].clone())
}

#[tokio::test]
async fn a_still_stands_before_the_video_everywhere_once_it_is_prepared_and_the_videos_own_frame_comes_back() -> Result<()> {
    let site = TestSite::dressed(|_| {}, |inner| inner.newest = true).await?;
    let (post, id) = video(&site).await?;
    let own = poster(&site, &post.path).await?;
    assert_eq!(own["width"], 320);
    let before = site.objects().await?.len();
    assert_eq!(give(&site, &post.manage, &id, "still.png", &picture(500, 300, 1)?).await?.0, 303);
    // What has only arrived is seen by nobody.
    assert_eq!(poster(&site, &post.path).await?["url"], own["url"]);
    assert_eq!(json(&site, &post.path).await?["state"], "processing");
    site.run_jobs().await?;
    let facts = json(&site, &post.path).await?;
    assert_eq!((&facts["state"], &facts["media"][0]["still"]["state"]), (&"live".into(), &"ready".into()));
    assert_eq!(facts["media"].as_array().map(Vec::len), Some(1), "a still is shown by itself");
    let still = &facts["media"][0]["poster"];
    let address = still["url"].as_str().context("no poster")?;
    assert!(still["width"] == 500 && !address.contains(&id), "{still}");
    for (path, mark) in [
        (post.path.clone(), format!("poster=\"{address}\"")),
        (post.path.clone(), format!("property=\"og:image\" content=\"http://localhost:8080{address}\"")),
        (format!("{}/embed", post.path), format!("poster=\"{address}\"")),
        ("/newest".to_owned(), address.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned()),
    ] {
        let drawn = page(&site, &path).await?;
        assert!(drawn.contains(&mark) && !drawn.contains("id=\"m2\""), "{path} has no {mark}: {drawn}");
    }
    let oembed = get(&site, &format!("/oembed?format=json&url=http%3A%2F%2Flocalhost%3A8080{}", post.path), &[]).await?;
    assert!(text(oembed).await?.contains(address), "oEmbed shows the video's own frame");
    assert_eq!(site.get(address).await?.status(), 200);
    // Another one takes its place, and then the video's own frame does.
    assert_eq!(give(&site, &post.manage, &id, "other.png", &picture(400, 300, 2)?).await?.0, 303);
    site.run_jobs().await?;
    assert_eq!(poster(&site, &post.path).await?["width"], 400);
    assert_eq!(site.get(address).await?.status(), 404);
    let back = Request::post(&post.manage).header("accept", "text/html").body(Body::from(format!("own-frame-{id}=1&listed=1")))?;
    assert_eq!(site.request(back).await.status(), 303);
    site.run_jobs().await?;
    assert_eq!(poster(&site, &post.path).await?["url"], own["url"]);
    assert!(json(&site, &post.path).await?["media"][0]["still"].is_null());
    assert_eq!(site.objects().await?.len(), before, "something of a still is left");
    Ok(())
}

#[tokio::test]
async fn a_still_is_as_secret_as_its_video_and_goes_with_it() -> Result<()> {
    let site = TestSite::dressed(|_| {}, |inner| inner.newest = true).await?;
    let (post, id) = video(&site).await?;
    give(&site, &post.manage, &id, "still.png", &picture(500, 300, 1)?).await?;
    site.run_jobs().await?;
    let address = poster(&site, &post.path).await?["url"].as_str().context("no poster")?.to_owned();
    let folder = address.rsplit_once('/').map_or("", |(folder, _)| folder);
    let cover = Request::post(&post.manage).header("accept", "text/html").body(Body::from(format!("cover-{id}=1&title=Kites&listed=1")))?;
    assert_eq!(site.request(cover).await.status(), 303);
    for path in [post.path.clone(), format!("{}/embed", post.path), "/newest".to_owned(), "/newest.atom".to_owned()] {
        let drawn = page(&site, &path).await?;
        assert!(drawn.contains("Kites") && !drawn.contains(folder), "{path} shows what is covered: {drawn}");
    }
    let lock = Request::post(&post.manage).header("accept", "text/html").body(Body::from("password=kite"))?;
    assert_eq!(site.request(lock).await.status(), 303);
    assert_eq!(site.get(&address).await?.status(), 404, "a still is served without a pass");
    let delete = Request::post(format!("{}/delete", post.manage)).body(Body::empty())?;
    assert_eq!(site.request(delete).await.status(), 200);
    site.run_jobs().await?;
    assert!(site.objects().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn what_is_no_photo_stands_before_no_video_and_its_poster_is_told() -> Result<()> {
    let site = TestSite::new().await?;
    let (post, id) = video(&site).await?;
    let own = poster(&site, &post.path).await?;
    for (name, file, problem) in [("film.mp4", film(&site)?, "not_photo"), ("words.png", b"words".to_vec(), "not_media")] {
        let (status, to) = give(&site, &post.manage, &id, name, &file).await?;
        assert!(status == 303 && to.contains(&format!("refused={problem}:")), "{status} {to}");
    }
    // One that breaks only when it is looked at.
    let mut torn = picture(640, 480, 1)?;
    torn.truncate(torn.len() / 3);
    assert_eq!(give(&site, &post.manage, &id, "torn.png", &torn).await?.0, 303);
    site.run_jobs().await?;
    assert_eq!(poster(&site, &post.path).await?["url"], own["url"]);
    let facts = json(&site, &post.path).await?;
    assert_eq!((&facts["state"], &facts["media"][0]["still"]["problem"]), (&"live".into(), &"corrupt".into()));
    let manage = page(&site, &post.manage).await?;
    assert!(manage.contains("own-frame-") && manage.contains("<strong>"), "{manage}");
    // A photo has no still, and a stranger's video gets none by this secret.
    let photo = posted(&site, &[Part::File("1.png", &picture(64, 48, 1)?)]).await?;
    let photo_id = json(&site, &photo.path).await?["media"][0]["id"].as_str().unwrap_or_default().to_owned();
    assert_eq!(give(&site, &photo.manage, &photo_id, "still.png", &picture(50, 30, 1)?).await?.0, 400);
    give(&site, &photo.manage, &id, "still.png", &picture(50, 30, 1)?).await?;
    site.run_jobs().await?;
    assert_eq!(poster(&site, &post.path).await?["url"], own["url"]);
    Ok(())
}

#[tokio::test]
async fn a_program_gives_a_still_and_takes_it_away() -> Result<()> {
    let site = TestSite::new().await?;
    let upload = async |bytes: Vec<u8>| -> Result<String> {
        let request = Request::post("/api/v1/uploads").header("tus-resumable", "1.0.0").header("upload-length", bytes.len());
        let response = site.request(request.header("content-type", "application/offset+octet-stream").body(bytes.into())?).await;
        Ok(header(response.headers(), "location").to_owned())
    };
    let api = async |method: &str, path: &str, secret: &str, body: serde_json::Value| -> Result<(u16, serde_json::Value)> {
        let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
        let response = site.request(request.header("authorization", format!("Bearer {secret}")).body(Body::from(body.to_string()))?).await;
        let status = response.status().as_u16();
        Ok((status, serde_json::from_slice(&bytes(response).await?)?))
    };
    let wrong = serde_json::json!({"media": [{"upload": upload(picture(64, 48, 1)?).await?, "still": upload(picture(64, 48, 2)?).await?}]});
    let (status, told) = api("POST", "/api/v1/posts", "", wrong).await?;
    assert_eq!((status, &told["field"]), (400, &"media".into()), "a photo was given a still");
    let media = serde_json::json!([{"upload": upload(film(&site)?).await?, "still": upload(picture(500, 300, 3)?).await?}]);
    let (status, made) = api("POST", "/api/v1/posts", "", serde_json::json!({"media": media})).await?;
    assert_eq!(status, 201, "{made}");
    site.run_jobs().await?;
    let path = format!("/{}", made["id"].as_str().unwrap_or_default());
    assert_eq!(poster(&site, &path).await?["width"], 500);
    let secret = made["manage_url"].as_str().and_then(|url| url.rsplit('/').next()).unwrap_or_default().to_owned();
    let id = json(&site, &path).await?["media"][0]["id"].clone();
    let (at, change) = (format!("/api/v1/posts{path}"), |still| serde_json::json!({"media": [{"id": id.clone(), "still": still}]}));
    let (status, now) = api("PATCH", &at, &secret, serde_json::json!({"media": [{"id": id.clone()}]})).await?;
    assert_eq!((status, &now["media"][0]["poster"]["width"]), (200, &500.into()), "what is left out stays");
    let (status, now) = api("PATCH", &at, &secret, change(serde_json::Value::Null)).await?;
    assert_eq!((status, &now["media"][0]["poster"]["width"]), (200, &320.into()));
    let (status, _) = api("PATCH", &at, &secret, change(upload(film(&site)?).await?.into())).await?;
    assert_eq!(status, 400);
    site.site.clock.advance_ms(2 * 24 * 60 * 60 * 1_000);
    site.run_jobs().await?;
    Ok(())
}
