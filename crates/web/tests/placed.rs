//! Media that stand between the paragraphs of their post's words.

use anyhow::{Context as _, Result};
use axum::body::Body;
use axum::http::Request;
use testkit::TestSite;
use testkit::site::{Part, bytes, form, picture, text};

use crate::{get, header, json, posted};

async fn ids(site: &TestSite, path: &str) -> Result<Vec<String>> {
    let facts = json(site, path).await?;
    let media = facts["media"].as_array().context("no media")?;
    Ok(media.iter().filter_map(|medium| Some(medium["id"].as_str()?.to_owned())).collect())
}

async fn page(site: &TestSite, path: &str) -> Result<String> {
    text(get(site, path, &[("accept", "text/html")]).await?).await
}

/// The given pieces stand on the page, in this order.
fn stand_in_order(page: &str, pieces: &[&str]) -> Result<()> {
    let mut rest = page;
    for piece in pieces {
        rest = rest.split_once(piece).with_context(|| format!("{piece} does not stand there, or not behind the others: {page}"))?.1;
    }
    Ok(())
}

#[tokio::test]
async fn a_picture_stands_between_the_paragraphs_once_and_the_others_below() -> Result<()> {
    let site = TestSite::new().await?;
    let words = "We came early.\n\n![A red kite](media:2)\n\nThen the wind died. ![again](media:2)";
    let (one, two) = (picture(64, 48, 1)?, picture(66, 48, 2)?);
    let post = posted(&site, &[Part::Field("text", words), Part::File("1.png", &one), Part::File("2.png", &two)]).await?;
    let own = ids(&site, &post.path).await?;
    let drawn = page(&site, &post.path).await?;
    let original = |id: &str| format!("/m/{id}/original.png");
    stand_in_order(
        &drawn,
        &[
            "We came early.",
            "id=\"m2\"",
            "alt=\"A red kite\"",
            &original(&own[1]),
            "Then the wind died. again",
            "id=\"m1\"",
            &original(&own[0]),
        ],
    )?;
    assert_eq!(drawn.matches("<figure").count(), 2);
    let facts = json(&site, &post.path).await?;
    assert_eq!(facts["media"][1]["alt"], "A red kite", "the words say what it shows");
    assert_eq!(facts["text"], words.replace("media:2", &format!("media:{}", own[1])));
    // Elsewhere the words go without the page.
    let md = text(site.get(&format!("{}.md", post.path)).await?).await?;
    assert!(md.contains(&format!("![A red kite](http://localhost:8080{})", original(&own[1]))), "{md}");
    assert!(drawn.contains("property=\"og:description\" content=\"We came early. Then the wind died.\""), "{drawn}");
    stand_in_order(&page(&site, &format!("{}/embed", post.path)).await?, &["We came early.", &own[1], "Then the wind", &own[0]])?;
    let zip = bytes(site.get(&format!("{}.zip", post.path)).await?).await?;
    let named = b"![A red kite](<02 photo.png>)";
    assert!(zip.windows(named.len()).any(|window| window == named), "the words in the zip name the file beside them");
    Ok(())
}

#[tokio::test]
async fn a_placed_picture_is_covered_and_waited_for_in_its_place() -> Result<()> {
    let site = TestSite::new().await?;
    let request = [Part::Field("text", "Before\n\n![x](media:1)\n\nAfter"), Part::File("1.png", &picture(64, 48, 1)?)];
    let (_, lines) = site.post(&request).await?;
    let path = lines[0].trim_start_matches("http://localhost:8080").to_owned();
    stand_in_order(&page(&site, &path).await?, &["Before", "<progress", "After"])?;
    site.run_jobs().await?;
    let manage = lines[1].trim_start_matches("http://localhost:8080").to_owned();
    let id = ids(&site, &path).await?.remove(0);
    let cover = form(&manage, &[Part::Field(&format!("cover-{id}"), "1")])?;
    assert_eq!(site.request(cover).await.status(), 303);
    let covered = page(&site, &path).await?;
    stand_in_order(&covered, &["Before", "class=\"cover\"", "After"])?;
    assert!(!covered.contains("original.png"), "{covered}");
    let md = text(site.get(&format!("{path}.md")).await?).await?;
    assert_eq!(md, "Before\n\nx\n\nAfter\n", "what is covered is not shown in passing");
    stand_in_order(&page(&site, &format!("{path}?show=1")).await?, &["Before", "original.png", "After"])?;
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn words_follow_their_media_through_order_refusal_addition_and_removal() -> Result<()> {
    let site = TestSite::new().await?;
    // The first file is none: the second one keeps its number.
    let (one, two) = (picture(61, 48, 1)?, picture(62, 48, 2)?);
    let parts = [
        Part::Field("text", "A\n\n![](media:3)\n\nB"),
        Part::File("no.png", b"no photo"),
        Part::File("1.png", &one),
        Part::File("2.png", &two),
    ];
    let post = posted(&site, &parts).await?;
    let own = ids(&site, &post.path).await?;
    let named = format!("media:{}", own[1]);
    let stored = json(&site, &post.path).await?["text"].as_str().unwrap_or_default().to_owned();
    assert!(stored.contains(&named), "{stored}");
    // The manage page shows the very words, and how each medium is named.
    let manage = page(&site, &post.manage).await?;
    assert!(
        manage.contains(&format!("![]({named})\n")) && manage.contains(&format!("data-number=\"2\" data-medium=\"{}\"", own[1])),
        "{manage}"
    );

    let three = picture(63, 48, 3)?;
    let words = format!("{stored}\n\n![new](media:3)\n\n![old](media:1)");
    let edit =
        form(&post.manage, &[Part::Field("text", &words), Part::Field(&format!("order-{}", own[1]), "1"), Part::File("3.png", &three)])?;
    assert_eq!(site.request(edit).await.status(), 303);
    site.run_jobs().await?;
    let facts = json(&site, &post.path).await?;
    let now = ids(&site, &post.path).await?;
    assert_eq!(now[..2], [own[1].clone(), own[0].clone()]);
    // A number means what the page showed when it was typed.
    assert_eq!(facts["text"], format!("{stored}\n\n![new](media:{})\n\n![old](media:{})", now[2], own[0]));
    stand_in_order(&page(&site, &post.path).await?, &["A</p>", "id=\"m1\"", "B</p>", "id=\"m3\"", "id=\"m2\""])?;

    let remove = Request::post(format!("{}/media/{}/remove", post.manage, own[1])).body(Body::empty())?;
    assert_eq!(site.request(remove).await.status(), 303);
    site.run_jobs().await?;
    let drawn = page(&site, &post.path).await?;
    assert!(!drawn.contains(&own[1]) && drawn.matches("<figure").count() == 2, "{drawn}");
    assert_eq!(site.get(&format!("{}.md", post.path)).await?.status(), 200);
    assert!(!text(site.get(&format!("{}.md", post.path)).await?).await?.contains(&own[1]));
    Ok(())
}

#[tokio::test]
async fn what_names_no_medium_of_the_post_shows_nothing_of_another() -> Result<()> {
    let site = TestSite::new().await?;
    let other = posted(&site, &[Part::File("1.png", &picture(64, 48, 1)?)]).await?;
    let foreign = ids(&site, &other.path).await?.remove(0);
    let words = format!("A ![the other's]({}) ![ninth](media:9) ![far](https://example.org/track.png)", format_args!("media:{foreign}"));
    let post = posted(&site, &[Part::Field("text", &words), Part::File("2.png", &picture(64, 48, 2)?)]).await?;
    let drawn = page(&site, &post.path).await?;
    assert!(!drawn.contains(&format!("/m/{foreign}")) && !drawn.contains("src=\"https://example.org"), "{drawn}");
    assert!(drawn.contains("ninth") && drawn.matches("<figure").count() == 1, "{drawn}");
    assert_eq!(site.get(&format!("{}.zip", post.path)).await?.status(), 200);
    Ok(())
}

#[tokio::test]
async fn a_program_names_media_by_numbers_of_its_own() -> Result<()> {
    let site = TestSite::new().await?;
    let api = async |method: &str, path: &str, secret: &str, body: serde_json::Value| -> Result<(u16, serde_json::Value)> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {secret}"));
        let response = site.request(request.body(Body::from(body.to_string()))?).await;
        let status = response.status().as_u16();
        Ok((status, serde_json::from_slice(&bytes(response).await?)?))
    };
    let upload = async |seed: u8| -> Result<String> {
        let photo = picture(64, 48, seed)?;
        let request = Request::post("/api/v1/uploads").header("tus-resumable", "1.0.0").header("upload-length", photo.len());
        let response = site.request(request.header("content-type", "application/offset+octet-stream").body(photo.into())?).await;
        Ok(header(response.headers(), "location").to_owned())
    };
    let media = serde_json::json!([{"upload": upload(1).await?, "number": 7}, {"upload": upload(2).await?}]);
    let (status, made) =
        api("POST", "/api/v1/posts", "", serde_json::json!({"text": "![seven](media:7)\n\n![two](media:2)", "media": media})).await?;
    assert_eq!(status, 201, "{made}");
    site.run_jobs().await?;
    let path = format!("/{}", made["id"].as_str().unwrap_or_default());
    let own = ids(&site, &path).await?;
    assert_eq!(json(&site, &path).await?["text"], format!("![seven](media:{})\n\n![two](media:{})", own[0], own[1]));
    let secret = made["manage_url"].as_str().and_then(|url| url.rsplit('/').next()).unwrap_or_default().to_owned();
    let at = format!("/api/v1/posts{path}");
    // Those that are there keep their numbers while the order changes, and a new one counts on.
    let wish = serde_json::json!({"text": "![](media:1)\n\n![](media:3)", "media": [{"id": own[1]}, {"upload": upload(3).await?}, {"id": own[0]}]});
    let (status, now) = api("PATCH", &at, &secret, wish).await?;
    assert_eq!(
        (status, &now["text"]),
        (200, &format!("![](media:{})\n\n![](media:{})", own[0], now["media"][1]["id"].as_str().unwrap_or_default()).into())
    );
    site.run_jobs().await?;
    // Words alone may say what a medium shows, and a number is no business of one that is there.
    assert_eq!(api("PATCH", &at, &secret, serde_json::json!({"media": [{"id": own[0], "number": 3}]})).await?.0, 400);
    let (_, now) = api("PATCH", &at, &secret, serde_json::json!({"text": "![a harbour](media:2)"})).await?;
    assert_eq!(now["media"][1]["alt"], "a harbour");
    assert_eq!(now["media"][2]["alt"], "seven", "what it had stays");
    site.run_jobs().await?;
    Ok(())
}
