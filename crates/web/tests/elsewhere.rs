//! A post in other sites' pages and in chats: oEmbed, the embed, and what a shared link shows.

use anyhow::{Context as _, Result};
use axum::body::Body;
use axum::http::Request;
use testkit::TestSite;
use testkit::site::{Part, bytes, picture, text};

use crate::covers::covered;
use crate::{get, header, photo, posted};

const ORIGIN: &str = "http://localhost:8080";

async fn oembed(site: &TestSite, path: &str, more: &str) -> Result<(u16, serde_json::Value)> {
    let response = site.get(&format!("/oembed?url={ORIGIN}{path}{more}")).await?;
    let status = response.status().as_u16();
    let told = bytes(response).await?;
    Ok((status, if status == 200 { serde_json::from_slice(&told)? } else { serde_json::Value::Null }))
}

#[tokio::test]
async fn a_photo_is_told_as_a_photo_in_the_size_that_there_is_room_for() -> Result<()> {
    let site = TestSite::new().await?;
    let post = posted(&site, &[Part::Field("title", "Kites & <strings>"), Part::File("kite.png", &picture(1600, 1200, 1)?)]).await?;
    let (status, facts) = oembed(&site, &post.path, "&maxwidth=500&maxheight=9999").await?;
    assert_eq!(
        (status, &facts["type"], &facts["version"], &facts["title"]),
        (200, &"photo".into(), &"1.0".into(), &"Kites & <strings>".into())
    );
    let (width, height) = (facts["width"].as_u64().context("a width")?, facts["height"].as_u64().context("a height")?);
    assert!(width <= 500 && width * 3 == height * 4, "{facts}");
    let url = facts["url"].as_str().and_then(|url| url.strip_prefix(ORIGIN)).context("an address of ours")?;
    assert_eq!(site.get(url).await?.status(), 200);
    let xml = site.get(&format!("/oembed?format=xml&url={ORIGIN}{}", post.path)).await?;
    assert_eq!(header(xml.headers(), "content-type"), "text/xml; charset=utf-8");
    let xml = text(xml).await?;
    assert!(xml.contains("<title>Kites &amp; &lt;strings&gt;</title>") && xml.contains("<type>photo</type>"), "{xml}");
    let page = text(site.get(&post.path).await?).await?;
    for format in ["json", "xml"] {
        let from = page.find(&format!("+oembed\" href=\"{ORIGIN}/oembed?url=")).context("no discovery")?;
        assert!(page[from..].contains(&format!("&amp;format={format}\"")));
    }
    Ok(())
}

#[tokio::test]
async fn a_question_that_cannot_be_answered_says_why_by_its_status() -> Result<()> {
    let site = TestSite::new().await?;
    let (open, locked) = (photo(&site).await?, posted(&site, &[Part::Field("text", "HIDDEN"), Part::Field("password", "kite")]).await?);
    for (query, status) in [
        (format!("url={ORIGIN}{}&format=yaml", open.path), 501),
        (format!("url={ORIGIN}{}", locked.path), 401),
        (format!("url={ORIGIN}/abcdefghjkmnp"), 404),
        (format!("url={ORIGIN}/%00%ff"), 404),
        (format!("url=https://elsewhere.example{}", open.path), 404),
        (format!("url={ORIGIN}{}", open.manage), 404),
        ("url=".to_owned(), 404),
        (String::new(), 400),
        (format!("url={ORIGIN}{}&maxwidth=-1&maxheight=0&maxwidth=x", open.path), 200),
    ] {
        let response = site.get(&format!("/oembed?{query}")).await?;
        assert_eq!(response.status(), status, "{query}");
        assert!(!text(response).await?.contains("HIDDEN"));
    }
    site.request(Request::post(format!("{}/delete", open.manage)).body(Body::empty())?).await;
    assert_eq!(oembed(&site, &open.path, "").await?.0, 404);
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn words_and_several_pictures_are_told_as_a_frame_that_other_sites_may_show() -> Result<()> {
    let site = TestSite::new().await?;
    let post = posted(
        &site,
        &[
            Part::Field("title", "\"><script>"),
            Part::Field("text", "Over *the* harbour"),
            Part::File("1.png", &picture(64, 48, 1)?),
            Part::File("2.png", &picture(64, 48, 2)?),
        ],
    )
    .await?;
    let (_, facts) = oembed(&site, &post.path, "&maxwidth=400").await?;
    assert_eq!((&facts["type"], &facts["width"]), (&"rich".into(), &400.into()));
    let html = facts["html"].as_str().context("no frame")?;
    assert!(html.starts_with(&format!("<iframe src=\"{ORIGIN}{}/embed\"", post.path)) && !html.contains("<script"), "{html}");
    let response = site.get(&format!("{}/embed", post.path)).await?;
    assert!(header(response.headers(), "content-security-policy").ends_with("frame-ancestors *"));
    let frame = text(response).await?;
    assert!(frame.contains("Over <em>the</em> harbour") && frame.matches("<figure ").count() == 2 && !frame.contains("<script"), "{frame}");
    // No other page may be framed.
    for path in ["/", "/about", &post.path, &post.manage, "/nothing"] {
        let policy = get(&site, path, &[("accept", "text/html")]).await?;
        assert!(header(policy.headers(), "content-security-policy").ends_with("frame-ancestors 'none'"), "{path}");
    }
    Ok(())
}

#[tokio::test]
async fn a_frame_tells_of_a_locked_or_gone_post_that_it_is_locked_or_gone() -> Result<()> {
    let site = TestSite::new().await?;
    let locked =
        posted(&site, &[Part::Field("title", "UNMISTAKABLE"), Part::Field("password", "kite"), Part::File("1.png", &picture(64, 48, 1)?)])
            .await?;
    let press = Request::post(format!("{}/open", locked.path))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from("password=kite"))?;
    let pass = site.request(press).await;
    let cookie = header(pass.headers(), "set-cookie").split(';').next().context("no pass")?.to_owned();
    for headers in [&[][..], &[("cookie", cookie.as_str())]] {
        let response = get(&site, &format!("{}/embed", locked.path), headers).await?;
        assert_eq!(response.status(), 200);
        let told = text(response).await?;
        assert!(told.contains("This post is locked") && !told.contains("UNMISTAKABLE") && !told.contains("/m/"), "{told}");
    }
    let gone = posted(&site, &[Part::Field("title", "UNMISTAKABLE")]).await?;
    site.request(Request::post(format!("{}/delete", gone.manage)).body(Body::empty())?).await;
    for (path, status) in [(gone.path.as_str(), 410), ("/abcdefghjkmnp", 404), ("/x", 404), ("/%ff", 404)] {
        let response = get(&site, &format!("{path}/embed"), &[]).await?;
        assert_eq!(response.status(), status, "{path}");
        assert!(!text(response).await?.contains("UNMISTAKABLE"));
    }
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn a_covered_medium_is_shown_by_no_other_site() -> Result<()> {
    let site = TestSite::new().await?;
    let (path, hidden) = covered(&site).await?;
    for asked in ["", "?show=2"] {
        let page = text(site.get(&format!("{path}{asked}")).await?).await?;
        let head = page.split("</head>").next().unwrap_or_default();
        assert!(head.contains("og:image") && !head.contains(&hidden), "{head}");
        let frame = text(site.get(&format!("{path}/embed{asked}")).await?).await?;
        assert!(frame.contains("/m/") && !frame.contains(&hidden) && frame.contains(&format!("{ORIGIN}{path}?show=2#m2")), "{frame}");
    }
    assert!(!oembed(&site, &path, "").await?.1.to_string().contains(&hidden));
    Ok(())
}
