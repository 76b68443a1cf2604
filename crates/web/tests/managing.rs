//! The manage link: what it opens, and that it stays its poster's alone.

use anyhow::{Context as _, Result};
use axum::body::Body;
use axum::http::Request;
use testkit::TestSite;
use testkit::site::{Part, form, picture, text};

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
    for field in [format!("password={}", "x".repeat(201)), "views=0".into(), "expires=ten".into(), "colour=red".into()] {
        assert_eq!(site.request(edit(format!("title=other&{field}"))?).await.status(), 400, "{field}");
    }
    assert_eq!(json(&site, &post.path).await?["title"], "A kite");
    assert_eq!(site.request(edit("title=A+kite&expires=&caption-aaaaaaaaaaaaa=gone".to_owned())?).await.status(), 303);
    let many = edit("a&".repeat(3 << 20))?;
    assert!(site.request(many).await.status().is_client_error());
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

pub(crate) async fn edit(site: &TestSite, manage: &str, parts: &[Part<'_>]) -> Result<(u16, String)> {
    let mut request = form(manage, parts)?;
    request.headers_mut().insert("accept", "text/html".parse()?);
    let response = site.request(request).await;
    let status = response.status().as_u16();
    let told = if status == 303 { header(response.headers(), "location").to_owned() } else { text(response).await? };
    site.run_jobs().await?;
    Ok((status, told))
}

/// The state of the post that the manage page shows now.
async fn seen(site: &TestSite, manage: &str) -> Result<String> {
    let page = text(get(site, manage, &[("accept", "text/html")]).await?).await?;
    let from = page.split("name=\"seen\" value=\"").nth(1).context("no state on the page")?;
    Ok(from.split('"').next().unwrap_or_default().to_owned())
}

async fn widths(site: &TestSite, path: &str) -> Result<Vec<u64>> {
    let facts = json(site, path).await?;
    Ok(facts["media"].as_array().context("no media")?.iter().filter_map(|medium| medium["width"].as_u64()).collect())
}

#[tokio::test]
async fn media_are_added_put_in_order_covered_and_removed() -> Result<()> {
    let site = TestSite::with(|parts| parts.limits.files_per_post = 4).await?;
    let (one, two, three) = (picture(61, 20, 1)?, picture(62, 20, 2)?, picture(63, 20, 3)?);
    let post = posted(&site, &[Part::File("1.png", &one), Part::File("2.png", &two), Part::File("3.png", &three)]).await?;
    let facts = json(&site, &post.path).await?;
    let ids: Vec<String> = (0..3).map(|at| facts["media"][at]["id"].as_str().unwrap_or_default().to_owned()).collect();
    // The last one to the first place: the others make room.
    assert_eq!(edit(&site, &post.manage, &[Part::Field(&format!("order-{}", ids[2]), "1")]).await?.0, 303);
    assert_eq!(widths(&site, &post.path).await?, [63, 61, 62]);
    // The first one to the last place.
    assert_eq!(edit(&site, &post.manage, &[Part::Field(&format!("order-{}", ids[2]), "3")]).await?.0, 303);
    assert_eq!(widths(&site, &post.path).await?, [61, 62, 63]);
    let four = picture(64, 20, 4)?;
    let added = [Part::Field(&format!("cover-{}", ids[0]), "1"), Part::File("4.png", &four), Part::File("no.png", b"no photo")];
    let (status, to) = edit(&site, &post.manage, &added).await?;
    assert!(status == 303 && to.contains("refused=not_media:no%2Epng"), "{status} {to}");
    assert_eq!(widths(&site, &post.path).await?, [61, 62, 63, 64]);
    let (status, told) = edit(&site, &post.manage, &[Part::File("5.png", &one)]).await?;
    assert!(status == 400 && told.contains("at most") || told.contains("4 files"), "{status} {told}");
    let before = site.objects().await?.len();
    assert_eq!(widths(&site, &post.path).await?.len(), 4);
    let remove = Request::post(format!("{}/media/{}/remove", post.manage, ids[1])).body(Body::empty())?;
    assert_eq!(site.request(remove).await.status(), 303);
    site.run_jobs().await?;
    assert_eq!(widths(&site, &post.path).await?, [61, 63, 64]);
    assert!(site.objects().await?.len() < before);
    // Another post's medium is not touched by this secret.
    let other = photo(&site).await?;
    let foreign = json(&site, &other.path).await?["media"][0]["id"].as_str().unwrap_or_default().to_owned();
    edit(&site, &post.manage, &[Part::Field(&format!("caption-{foreign}"), "mine")]).await?;
    assert!(json(&site, &other.path).await?["media"][0]["caption"].is_null());
    Ok(())
}

#[tokio::test]
async fn of_two_tabs_the_later_one_is_told_and_overwrites_only_knowingly() -> Result<()> {
    let site = TestSite::new().await?;
    let post = posted(&site, &[Part::Field("text", "one")]).await?;
    let (first, second) = (seen(&site, &post.manage).await?, seen(&site, &post.manage).await?);
    assert_eq!(edit(&site, &post.manage, &[Part::Field("seen", &first), Part::Field("text", "two")]).await?.0, 303);
    let (status, told) = edit(&site, &post.manage, &[Part::Field("seen", &second), Part::Field("text", "three")]).await?;
    assert_eq!(status, 409);
    assert!(told.contains("three</textarea>") && told.contains("two</pre>"), "{told}");
    assert_eq!(json(&site, &post.path).await?["text"], "two");
    let now = seen(&site, &post.manage).await?;
    assert_ne!(now, second);
    assert!(told.contains(&format!("value=\"{now}\"")), "saving again says that it was seen");
    assert_eq!(edit(&site, &post.manage, &[Part::Field("seen", &now), Part::Field("text", "three")]).await?.0, 303);
    assert_eq!(json(&site, &post.path).await?["text"], "three");
    Ok(())
}

#[tokio::test]
async fn a_post_is_locked_and_unlocked_and_its_end_is_moved() -> Result<()> {
    let site = TestSite::new().await?;
    let post =
        posted(&site, &[Part::Field("text", "words"), Part::Field("expires", "1h"), Part::File("kite.png", &picture(64, 48, 1)?)]).await?;
    let address = crate::original(&site, &post.path).await?;
    assert_eq!(
        edit(&site, &post.manage, &[Part::Field("password", "kite"), Part::Field("views", ""), Part::Field("views-seen", "")]).await?.0,
        303
    );
    assert_eq!(json(&site, &post.path).await?["state"], "locked");
    assert_eq!(site.get(&address).await?.status(), 404, "an address from before it was locked");
    assert!(text(site.get(&post.manage).await?).await?.contains("proof="), "its poster sees its media all the same");
    // What is not touched stays.
    assert_eq!(edit(&site, &post.manage, &[Part::Field("password", ""), Part::Field("text", "other words")]).await?.0, 303);
    assert_eq!(json(&site, &post.path).await?["asks"], "password");
    assert_eq!(
        edit(&site, &post.manage, &[Part::Field("unlock", "1"), Part::Field("views", "2"), Part::Field("views-seen", "")]).await?.0,
        303
    );
    assert_eq!(json(&site, &post.path).await?["asks"], "press");
    let open = Request::post(format!("{}/open", post.path)).body(Body::empty())?;
    assert_eq!(site.request(open).await.status(), 303);
    // The page was opened before somebody used up a view: what the poster did not touch is not put back.
    assert_eq!(edit(&site, &post.manage, &[Part::Field("views", "2"), Part::Field("views-seen", "2")]).await?.0, 303);
    assert!(text(site.get(&post.manage).await?).await?.contains("name=\"views-seen\" value=\"1\""));
    assert_eq!(
        edit(&site, &post.manage, &[Part::Field("views", ""), Part::Field("views-seen", "1"), Part::Field("expires", "1w")]).await?.0,
        303
    );
    assert_eq!(json(&site, &post.path).await?["state"], "live");
    site.site.clock.advance_ms(2 * 60 * 60 * 1_000);
    site.run_jobs().await?;
    assert_eq!(site.get(&post.path).await?.status(), 200, "the old end deleted it");
    site.site.clock.advance_ms(7 * 24 * 60 * 60 * 1_000);
    site.run_jobs().await?;
    assert_eq!(site.get(&post.path).await?.status(), 410);
    Ok(())
}

#[tokio::test]
async fn an_edit_that_leaves_nothing_is_no_edit() -> Result<()> {
    let site = TestSite::new().await?;
    let post = posted(&site, &[Part::Field("text", "words")]).await?;
    let (status, told) = edit(&site, &post.manage, &[Part::Field("text", " "), Part::Field("title", "")]).await?;
    assert!(status == 400 && told.contains("role=\"alert\""), "{told}");
    assert_eq!(json(&site, &post.path).await?["text"], "words");
    Ok(())
}
