//! What readers, their browsers and robots get.

use anyhow::{Context as _, Result};
use axum::body::Body;
use axum::http::Request;
use testkit::TestSite;
use testkit::site::{Part, bytes, picture, text};

use crate::{get, header, json, original, photo, posted};

#[tokio::test]
async fn a_page_its_words_and_its_facts_are_one_post() -> Result<()> {
    let site = TestSite::new().await?;
    let post =
        posted(&site, &[Part::Field("title", "Kites"), Part::Field("text", "Over *the* harbour"), Part::Field("listed", "1")]).await?;
    let page = text(site.get(&post.path).await?).await?;
    assert!(page.contains("<h1") && page.contains("Over <em>the</em> harbour"));
    assert_eq!(text(site.get(&format!("{}.md", post.path)).await?).await?, "# Kites\n\nOver *the* harbour\n");
    let facts = json(&site, &post.path).await?;
    assert_eq!((&facts["state"], &facts["title"], &facts["listed"]), (&"live".into(), &"Kites".into(), &true.into()));
    // Read aloud over the telephone, and typed in capitals.
    assert_eq!(site.get(&post.path.to_uppercase()).await?.status(), 200);
    assert_eq!(site.get(&format!("{}.exe", post.path)).await?.status(), 404);
    Ok(())
}

#[tokio::test]
async fn a_page_says_how_it_may_be_kept_and_listed() -> Result<()> {
    let site = TestSite::new().await?;
    let (unlisted, listed) =
        (posted(&site, &[Part::Field("text", "a")]).await?, posted(&site, &[Part::Field("text", "b"), Part::Field("listed", "1")]).await?);
    for (post, robots) in [(&unlisted, "noindex"), (&listed, "")] {
        for form in ["", ".md", ".json"] {
            let response = site.get(&format!("{}{form}", post.path)).await?;
            let headers = response.headers();
            assert_eq!(header(headers, "x-robots-tag"), robots, "{form}");
            assert_eq!(header(headers, "cache-control"), "private, no-cache");
            assert!(header(headers, "content-security-policy").starts_with("default-src 'self'"));
            assert!(header(headers, "vary").contains("accept-language"));
            assert_eq!(header(headers, "x-content-type-options"), "nosniff");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_browser_gets_pages_and_styles_compressed_and_the_same() -> Result<()> {
    use std::io::Read as _;
    let site = TestSite::new().await?;
    let post = posted(&site, &[Part::Field("text", &"A kite over the harbour. ".repeat(40))]).await?;
    let composer = text(site.get("/").await?).await?;
    let style = composer.split("href=\"").find_map(|rest| rest.split('"').next().filter(|at| at.ends_with(".css"))).context("no style")?;
    for path in ["/about", style, post.path.as_str(), post.path.as_str()] {
        let plain = bytes(site.get(path).await?).await?;
        let response = get(&site, path, &[("accept-encoding", "gzip, deflate, br")]).await?;
        assert_eq!(header(response.headers(), "content-encoding"), "gzip", "{path}");
        assert!(header(response.headers(), "vary").contains("accept-encoding"));
        let compressed = bytes(response).await?;
        let mut whole = Vec::new();
        flate2::read::GzDecoder::new(compressed.as_slice()).read_to_end(&mut whole)?;
        assert!(whole == plain && compressed.len() < plain.len(), "{path}");
    }
    Ok(())
}

#[tokio::test]
async fn a_page_asks_for_itself_again_only_while_something_is_on_its_way() -> Result<()> {
    let site = TestSite::new().await?;
    let (status, lines) = site.post(&[Part::File("kite.png", &picture(640, 480, 1)?)]).await?;
    assert_eq!(status, 201);
    let path = lines[0].trim_start_matches("http://localhost:8080").to_owned();
    let response = site.get(&path).await?;
    assert_eq!(header(response.headers(), "refresh"), "4");
    assert!(text(response).await?.contains("<progress"));
    assert_eq!(json(&site, &path).await?["state"], "processing");
    site.run_jobs().await?;
    let response = site.get(&path).await?;
    assert!(response.headers().get("refresh").is_none());
    assert!(text(response).await?.contains("srcset="));
    Ok(())
}

#[tokio::test]
async fn a_medium_is_served_in_parts_and_not_twice() -> Result<()> {
    let site = TestSite::new().await?;
    let post = photo(&site).await?;
    let url = original(&site, &post.path).await?;
    let response = site.get(&url).await?;
    let (kind, tag) = (header(response.headers(), "content-type").to_owned(), header(response.headers(), "etag").to_owned());
    assert_eq!((response.status().as_u16(), kind.as_str()), (200, "image/png"));
    assert!(header(response.headers(), "content-security-policy").contains("sandbox"));
    let whole = bytes(response).await?;
    let size = whole.len();
    for (range, status, wanted) in [
        ("bytes=0-9", 206, &whole[..10]),
        ("bytes=-7", 206, &whole[size - 7..]),
        (&format!("bytes={}-", size - 1), 206, &whole[size - 1..]),
        ("bytes=0-0,5-6", 200, &whole[..]),
        (&format!("bytes={size}-"), 416, &whole[..0]),
    ] {
        let response = get(&site, &url, &[("range", range)]).await?;
        assert_eq!(response.status(), status, "{range}");
        assert_eq!(bytes(response).await?, wanted, "{range}");
    }
    assert_eq!(get(&site, &url, &[("if-none-match", &tag)]).await?.status(), 304);
    let stale = get(&site, &url, &[("range", "bytes=0-9"), ("if-range", "\"another\"")]).await?;
    assert_eq!(stale.status(), 200);
    let head = site.request(Request::head(&url).body(Body::empty())?).await;
    assert_eq!(header(head.headers(), "content-length"), size.to_string());
    assert!(bytes(head).await?.is_empty());
    // A name of another medium, a name that is none, a path.
    for other in ["/m/aaaaaaaaaaaaa/original.png", &url.replace("original", "another"), "/m/../../etc/passwd", "/m/%2e%2e/x"] {
        assert_eq!(site.get(other).await?.status(), 404, "{other}");
    }
    Ok(())
}

#[tokio::test]
async fn no_address_gives_away_a_hash_or_another_medium() -> Result<()> {
    let site = TestSite::new().await?;
    let (one, two) = (photo(&site).await?, photo(&site).await?);
    let (first, second) = (original(&site, &one.path).await?, original(&site, &two.path).await?);
    assert_ne!(first, second, "the same photo has one address for two posts");
    let page = text(site.get(&one.path).await?).await?;
    for key in site.objects().await?.keys() {
        assert!(!page.contains(key.rsplit('/').next().context("a key")?));
    }
    Ok(())
}

#[tokio::test]
async fn what_is_covered_tells_nothing_before_it_is_asked_for() -> Result<()> {
    let site = TestSite::new().await?;
    let post = posted(
        &site,
        &[Part::Field("text", "UNMISTAKABLE"), Part::Field("sensitive", "1"), Part::File("kite.png", &picture(640, 480, 1)?)],
    )
    .await?;
    let page = text(site.get(&post.path).await?).await?;
    assert!(!page.contains("UNMISTAKABLE") && !page.contains("/m/"), "{page}");
    let shown = text(site.get(&format!("{}?show=1", post.path)).await?).await?;
    assert!(shown.contains("UNMISTAKABLE") && shown.contains("/m/"));
    Ok(())
}

#[tokio::test]
async fn every_answer_is_one_of_ours_also_to_what_no_route_takes() -> Result<()> {
    let site = TestSite::new().await?;
    let secret = format!("/aaaaaaaaaaaaa/manage/{}", "a".repeat(26));
    for (method, path, status) in [
        ("GET", "/%ff", 404),
        ("GET", "/aaaaaaaaaaaaa/manage/%ff", 404),
        ("GET", "/m/%ff/%ff", 404),
        ("GET", "/aaaaaaaaaaaaa?show=1&show=2", 404),
        ("DELETE", "/", 405),
        ("PATCH", secret.as_str(), 405),
        ("POST", "/about", 405),
        ("GET", "/language", 405),
    ] {
        let request = Request::builder().method(method).uri(path).header("accept", "text/html").header("accept-language", "ar");
        let response = site.request(request.body(Body::empty())?).await;
        assert_eq!(response.status(), status, "{method} {path}");
        let headers = response.headers().clone();
        assert!(header(&headers, "content-security-policy").starts_with("default-src 'self'"), "{method} {path}");
        assert_eq!(header(&headers, "x-content-type-options"), "nosniff");
        if path.contains("manage") {
            assert_eq!(header(&headers, "cache-control"), "no-store", "{method} {path}");
        }
        assert!(text(response).await?.contains("dir=\"rtl\""), "{method} {path}");
    }
    Ok(())
}

#[tokio::test]
async fn the_language_switch_leads_back_and_nowhere_else_and_reads_no_more_than_it_needs() -> Result<()> {
    let site = TestSite::new().await?;
    for (form, location, cookie) in [
        ("lang=ar&back=/about", "/about", "lang=ar;"),
        ("lang=pl&back=//evil.example", "/", "lang=pl;"),
        ("lang=en&back=/%5Cevil.example", "/", "lang=en;"),
        ("lang=xx&back=/about", "/about", ""),
        ("nonsense", "/", ""),
    ] {
        let response = site.request(Request::post("/language").body(Body::from(form))?).await;
        assert_eq!(response.status(), 303, "{form}");
        assert_eq!(header(response.headers(), "location"), location, "{form}");
        assert!(header(response.headers(), "set-cookie").starts_with(cookie), "{form}");
        assert_eq!(header(response.headers(), "cache-control"), "no-store");
    }
    let long = format!("lang=ar&back=/{}", "a".repeat(1 << 20));
    let response = site.request(Request::post("/language").body(Body::from(long))?).await;
    assert_eq!((response.status().as_u16(), header(response.headers(), "location")), (303, "/"));
    Ok(())
}

#[tokio::test]
async fn media_can_live_on_another_host_where_nothing_else_is() -> Result<()> {
    let site = TestSite::new().await?;
    let post = photo(&site).await?;
    let apart = web::router(web::Web::new(web::Inner {
        geography: None,
        newest: false,
        proxies: web::Proxies::default(),
        site: site.site.clone(),
        public_url: Some("https://kites.example".to_owned()),
        media_url: Some("https://media.kites.example".to_owned()),
        house: std::sync::Arc::default(),
    }));
    let ask = |host: &'static str, path: &str| {
        let request = Request::get(path).header("host", host).header("accept", "text/html").body(Body::empty());
        let apart = apart.clone();
        async move { anyhow::Ok(tower::ServiceExt::oneshot(apart, request?).await?) }
    };
    let page = ask("kites.example", &post.path).await?;
    let policy = header(page.headers(), "content-security-policy").to_owned();
    assert!(policy.contains("img-src 'self' https://media.kites.example data:"), "{policy}");
    let page = text(page).await?;
    assert!(page.contains("src=\"https://media.kites.example/m/") && !page.contains("\"/m/"), "{page}");
    assert!(page.contains("property=\"og:image\" content=\"https://media.kites.example/m/"));
    let path = original(&site, &post.path).await?;
    let medium = ask("media.kites.example", &path).await?;
    assert_eq!(medium.status(), 200);
    assert!(header(medium.headers(), "content-security-policy").contains("sandbox"));
    assert_eq!(ask("media.kites.example", &post.path).await?.status(), 404);
    Ok(())
}
