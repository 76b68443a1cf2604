//! The manage link: what it opens, and that it stays its poster's alone.

use anyhow::Result;
use axum::body::Body;
use axum::http::Request;
use testkit::TestSite;
use testkit::site::{Part, picture, text};

use crate::{get, header, json, photo, posted};

#[tokio::test]
async fn a_guess_and_a_missing_post_look_the_same() -> Result<()> {
    let site = TestSite::new().await?;
    let post = posted(&site, &[Part::Field("text", "words")]).await?;
    let guess = format!("{}/manage/{}", post.path, "a".repeat(26));
    let missing = format!("/aaaaaaaaaaaaa/manage/{}", "a".repeat(26));
    let (one, two) = (site.get(&guess).await?, site.get(&missing).await?);
    assert_eq!((one.status(), two.status()), (404.try_into()?, 404.try_into()?));
    assert_eq!(text(one).await?, text(two).await?);
    for path in ["", "/delete", "/media/aaaaaaaaaaaaa/remove"] {
        let response = site.request(Request::post(format!("{guess}{path}")).body(Body::empty())?).await;
        assert_eq!(response.status(), 404, "{path}");
    }
    assert_eq!(site.get(&post.path).await?.status(), 200);
    Ok(())
}

#[tokio::test]
async fn what_shows_the_secret_is_kept_nowhere_and_told_to_nobody() -> Result<()> {
    let site = TestSite::new().await?;
    let post = photo(&site).await?;
    let secret = post.manage.rsplit('/').next().unwrap_or_default().to_owned();
    let response = get(&site, &post.manage, &[("accept", "text/html"), ("accept-encoding", "gzip")]).await?;
    assert_eq!(header(response.headers(), "cache-control"), "no-store");
    assert_eq!(header(response.headers(), "referrer-policy"), "no-referrer");
    assert_eq!(header(response.headers(), "x-robots-tag"), "noindex");
    // Compressed, its length would tell of the secret.
    assert_eq!(header(response.headers(), "content-encoding"), "");
    for path in [post.path.clone(), format!("{}.json", post.path), format!("{}.md", post.path), "/".to_owned()] {
        assert!(!text(get(&site, &path, &[("accept", "text/html")]).await?).await?.contains(&secret), "{path}");
    }
    assert!(site.files_with(secret.as_bytes())?.is_empty(), "the secret itself was stored");
    Ok(())
}

#[tokio::test]
async fn words_and_captions_change_and_a_wrong_edit_changes_nothing() -> Result<()> {
    let site = TestSite::new().await?;
    let post = posted(&site, &[Part::Field("text", "words"), Part::File("kite.png", &picture(64, 48, 1)?)]).await?;
    let id = json(&site, &post.path).await?["media"][0]["id"].as_str().unwrap_or_default().to_owned();
    let edit = |body: String| Request::post(&post.manage).header("accept", "text/html").body(Body::from(body));
    let right = edit(format!("title=A+kite&text=%D8%B7%D8%A7%D8%A6%D8%B1%D8%A9&caption-{id}=red&alt-{id}=a+kite&sensitive=1"))?;
    assert_eq!(site.request(right).await.status(), 303);
    let facts = json(&site, &post.path).await?;
    assert_eq!((&facts["title"], &facts["text"], &facts["sensitive"]), (&"A kite".into(), &"طائرة".into(), &true.into()));
    assert_eq!((&facts["media"][0]["caption"], &facts["media"][0]["alt"]), (&"red".into(), &"a kite".into()));

    let response = site.request(edit(format!("title={}&text=kept", "x".repeat(2_000)))?).await;
    assert_eq!(response.status(), 400);
    assert!(text(response).await?.contains("kept"), "what was typed is lost");
    assert_eq!(json(&site, &post.path).await?["title"], "A kite");
    for field in ["password=x", "views=3", "expires=1h", "colour=red"] {
        assert_eq!(site.request(edit(format!("title=other&{field}"))?).await.status(), 400, "{field}");
    }
    assert_eq!(json(&site, &post.path).await?["title"], "A kite");
    assert_eq!(site.request(edit("title=A+kite&expires=&caption-aaaaaaaaaaaaa=gone".to_owned())?).await.status(), 303);
    let many = edit("a&".repeat(3 << 20))?;
    assert_eq!(site.request(many).await.status(), 400);
    let huge = edit(format!("text={}", "x".repeat(9 << 20)))?;
    assert!(site.request(huge).await.status().is_client_error());
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn the_poster_reads_which_file_was_refused_and_why() -> Result<()> {
    let site = TestSite::new().await?;
    let mut broken = picture(640, 480, 1)?;
    broken.truncate(broken.len() / 3);
    let post = posted(&site, &[Part::Field("text", "words"), Part::File("broken kite.png", &broken)]).await?;
    let page = text(get(&site, &post.manage, &[("accept", "text/html"), ("accept-language", "pl")]).await?).await?;
    assert!(page.contains("broken kite.png") && page.contains("lang=\"pl\""), "{page}");
    let facts = json(&site, &post.path).await?;
    assert_eq!((&facts["media"][0]["state"], &facts["media"][0]["problem"]), (&"refused".into(), &"corrupt".into()));
    let public = text(get(&site, &post.path, &[("accept", "text/html")]).await?).await?;
    assert!(!public.contains("broken kite"), "a file's name is its poster's business");
    Ok(())
}
