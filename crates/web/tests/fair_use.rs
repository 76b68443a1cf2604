//! Fair use as it is met from outside: who is counted as whom, what a refusal looks like, and that its promise is kept.

use std::net::IpAddr;

use anyhow::{Context as _, Result};
use app::Parts;
use axum::body::Body;
use axum::http::{Request, Response};
use domain::FairUse;
use testkit::TestSite;
use testkit::site::{Part, form, picture, text};

use crate::{get, header, posted};

fn two_posts(parts: &mut Parts) {
    parts.fair_use = FairUse { posts_per_hour: 2, times_ipv4_address: 1, times_ipv4_24: 1, ..FairUse::unlimited() };
}

fn from(peer: &str, mut request: Request<Body>) -> Result<Request<Body>> {
    request.extensions_mut().insert(web::Peer::new(peer.parse::<IpAddr>()?));
    Ok(request)
}

fn words(peer: &str, headers: &[(&'static str, &str)], title: &str) -> Result<Request<Body>> {
    let mut request = from(peer, form("/", &[Part::Field("title", title)])?)?;
    for (name, value) in headers {
        request.headers_mut().append(*name, value.parse()?);
    }
    // What a client sends, and a form that is handed in does not have.
    let length = axum::body::HttpBody::size_hint(request.body()).exact().context("the form is whole")?;
    request.headers_mut().insert("content-length", length.into());
    Ok(request)
}

async fn post(site: &TestSite, peer: &str, headers: &[(&'static str, &str)]) -> Result<Response<Body>> {
    Ok(site.request(words(peer, headers, "Kites over the harbour")?).await)
}

/// Spends all that this address may have: at once, and by patience.
async fn spent(site: &TestSite, peer: &str) -> Result<()> {
    for expected in [201, 201, 202, 202] {
        assert_eq!(post(site, peer, &[]).await?.status(), expected);
    }
    Ok(())
}

fn retry_after(response: &Response<Body>) -> Result<i64> {
    Ok(header(response.headers(), "retry-after").parse()?)
}

#[tokio::test]
async fn a_third_line_says_when_a_post_is_public_and_a_repeated_request_is_told_of_the_post_as_it_is() -> Result<()> {
    let site = TestSite::with(two_posts).await?;
    let key = [("idempotency-key", "0123456789abcdefghijklmnop")];
    let told = async |headers: &[(&'static str, &str)]| {
        let response = post(&site, "192.0.2.1", headers).await?;
        anyhow::Ok((response.status().as_u16(), text(response).await?))
    };
    let first = told(&key).await?;
    assert_eq!((first.0, first.1.lines().count()), (201, 2), "{}", first.1);
    assert_eq!(told(&[]).await?.0, 201);
    let (status, lines) = told(&[]).await?;
    assert!(status == 202 && lines.lines().nth(2).is_some_and(|line| line.starts_with("public 20") && line.ends_with('Z')), "{lines}");
    // What it would have to pay now says nothing of a post that stands.
    assert_eq!(told(&key).await?, first);
    site.site.clock.advance_ms(60 * 60 * 1_000);
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn who_posts_too_much_is_told_when_to_come_again_and_then_it_works() -> Result<()> {
    let site = TestSite::with(two_posts).await?;
    spent(&site, "192.0.2.1").await?;
    let refused = post(&site, "192.0.2.1", &[]).await?;
    assert_eq!(refused.status(), 429);
    let seconds = retry_after(&refused)?;
    assert_eq!(seconds, 30 * 60);
    assert_eq!(post(&site, "198.51.100.1", &[]).await?.status(), 201, "others do not suffer for it");
    site.site.clock.advance_ms((seconds - 1) * 1_000);
    assert_eq!(post(&site, "192.0.2.1", &[]).await?.status(), 429);
    site.site.clock.advance_ms(1_000);
    assert_eq!(post(&site, "192.0.2.1", &[]).await?.status(), 202, "it is taken, and public later");
    site.site.clock.advance_ms(2 * 60 * 60 * 1_000);
    site.run_jobs().await?;
    assert_eq!(post(&site, "192.0.2.1", &[]).await?.status(), 201);
    Ok(())
}

#[tokio::test]
async fn a_refusal_has_three_faces_and_speaks_three_languages() -> Result<()> {
    let site = TestSite::with(two_posts).await?;
    spent(&site, "192.0.2.1").await?;
    let mut told = std::collections::BTreeSet::new();
    for language in ["en", "ar", "pl"] {
        let headers = |accept| [("accept-language", language), ("accept", accept)];
        let lines = text(post(&site, "192.0.2.1", &headers("*/*")).await?).await?;
        assert!(lines.starts_with("! ") && lines.lines().count() == 1 && (lines.contains("30") || lines.contains("٣٠")), "{lines}");
        let problem = post(&site, "192.0.2.1", &headers("application/json")).await?;
        assert_eq!(header(problem.headers(), "content-type"), "application/problem+json");
        assert_eq!(retry_after(&problem)?, 30 * 60);
        let problem: serde_json::Value = serde_json::from_str(&text(problem).await?)?;
        assert_eq!((problem["type"].as_str(), problem["status"].as_u64()), (Some("/problems/over-budget"), Some(429)));
        let page = post(&site, "192.0.2.1", &headers("text/html")).await?;
        assert_eq!(retry_after(&page)?, 30 * 60);
        let page = text(page).await?;
        assert!(page.contains("value=\"Kites over the harbour\"") && page.contains("role=\"alert\""), "the words are given back: {page}");
        let sentence = lines.trim_start_matches("! ").trim().to_owned();
        assert!(page.contains(&sentence) && problem["title"] == sentence.as_str(), "{sentence}");
        told.insert(sentence);
    }
    assert_eq!(told.len(), 3, "{told:?}");
    Ok(())
}

#[tokio::test]
async fn a_file_is_refused_before_it_is_read_and_leaves_nothing() -> Result<()> {
    let site = TestSite::with(two_posts).await?;
    let put = |peer: &'static str| {
        let site = &site;
        async move {
            let request =
                Request::put("/kite.png").body(Body::from_stream(futures_util::stream::pending::<Result<String, std::io::Error>>()))?;
            anyhow::Ok(site.request(from(peer, request)?).await)
        }
    };
    spent(&site, "192.0.2.1").await?;
    // A body that never comes is not waited for.
    let refused = tokio::time::timeout(std::time::Duration::from_secs(5), put("192.0.2.1")).await??;
    assert_eq!(refused.status(), 429);
    assert!(site.objects().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_small_photo_of_a_refused_form_leaves_nothing_behind() -> Result<()> {
    let site = TestSite::with(two_posts).await?;
    spent(&site, "192.0.2.1").await?;
    let kite = picture(64, 48, 1)?;
    let mut request = from("192.0.2.1", form("/", &[Part::File("kite.png", &kite), Part::Field("text", "A kite")])?)?;
    request.headers_mut().insert("accept", "text/html".parse()?);
    request.headers_mut().insert("content-length", "9000".parse()?);
    let refused = site.request(request).await;
    assert_eq!(refused.status(), 429);
    assert!(text(refused).await?.contains("A kite"));
    assert!(site.objects().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn bytes_are_paid_for_before_they_come_and_what_does_not_come_is_given_back() -> Result<()> {
    let site =
        TestSite::with(|parts| parts.fair_use = FairUse { bytes_per_day: 10_000, times_ipv4_address: 1, ..FairUse::unlimited() }).await?;
    let send = |length: u64, arrives: usize| {
        let site = &site;
        async move {
            let mut request = Request::put("/kite.png").body(Body::from(vec![b'x'; arrives]))?;
            request.headers_mut().insert("content-length", length.into());
            anyhow::Ok(site.request(from("192.0.2.1", request)?).await)
        }
    };
    // It was announced as large, and broke off: that costs what came.
    for _ in 0..5 {
        assert_eq!(send(6_000, 1_000).await?.status(), 415);
    }
    let refused = send(9_000, 9_000).await?;
    assert_eq!(refused.status(), 429);
    site.site.clock.advance_ms(retry_after(&refused)? * 1_000);
    assert_eq!(send(9_000, 9_000).await?.status(), 415, "it is let in, and looked at");
    // Nothing was announced: it is taken, and owed.
    site.site.clock.advance_ms(2 * domain::time::DAY_MS);
    let stream = || futures_util::stream::iter((0..20).map(|_| Ok::<_, std::io::Error>(vec![b'x'; 1_000])));
    let unannounced = || from("192.0.2.1", Request::put("/kite.png").body(Body::from_stream(stream()))?);
    assert_eq!(site.request(unannounced()?).await.status(), 415);
    Ok(())
}

#[tokio::test]
async fn a_header_is_believed_from_a_configured_web_server_only() -> Result<()> {
    let trusted = vec![domain::Network::try_from("10.0.0.0/8".to_owned())?];
    let proxies = web::Proxies { trusted, header: web::ForwardedHeader::default() };
    let site = TestSite::dressed(two_posts, |inner| inner.proxies = proxies).await?;
    let status =
        async |peer: &str, forwarded: &str| anyhow::Ok(post(&site, peer, &[("x-forwarded-for", forwarded)]).await?.status().as_u16());
    // Through the proxy each visitor is one, whatever they wrote into the header themselves.
    assert_eq!(status("10.0.0.1", "192.0.2.1").await?, 201);
    assert_eq!(status("10.0.0.1", "203.0.113.5, 192.0.2.1").await?, 201);
    for _ in 0..2 {
        assert_eq!(status("10.0.0.1", "203.0.113.6, 192.0.2.1").await?, 202);
    }
    assert_eq!(status("10.0.0.1", "203.0.113.6, 192.0.2.1").await?, 429);
    assert_eq!(status("::ffff:10.0.0.2", "::ffff:192.0.2.1").await?, 429);
    assert_eq!(status("10.0.0.1", "198.51.100.1").await?, 201);
    // Past the proxy nobody is believed.
    for (number, expected) in [201, 201, 202, 202].into_iter().enumerate() {
        assert_eq!(status("203.0.113.9", &format!("192.0.2.{number}")).await?, expected);
    }
    assert_eq!(status("203.0.113.9", "192.0.2.77").await?, 429);
    Ok(())
}

#[tokio::test]
async fn manage_links_are_guessed_slowly_and_the_right_one_costs_nothing() -> Result<()> {
    let site = TestSite::with(|parts| {
        parts.fair_use = FairUse { manage_guesses_per_hour: 3, times_ipv4_address: 1, times_ipv4_24: 1, ..FairUse::unlimited() };
    })
    .await?;
    let post = posted(&site, &[Part::Field("text", "words")]).await?;
    for _ in 0..20 {
        assert_eq!(site.get(&post.manage).await?.status(), 200);
    }
    let (rest, last) = post.manage.split_at(post.manage.len() - 1);
    let wrong = format!("{rest}{}", if last == "a" { "b" } else { "a" });
    for _ in 0..3 {
        assert_eq!(site.get(&wrong).await?.status(), 404);
    }
    for path in [&wrong, &post.manage] {
        let refused = get(&site, path, &[("accept", "text/html")]).await?;
        assert_eq!((refused.status().as_u16(), header(refused.headers(), "retry-after")), (429, "1200"), "whether it is right is not told");
        assert!(!text(refused).await?.contains("/manage/"), "the page does not repeat it");
    }
    // Reading is free.
    assert_eq!(site.get(&post.path).await?.status(), 200);
    site.site.clock.advance_ms(1_200_000);
    assert_eq!(site.get(&post.manage).await?.status(), 200);
    Ok(())
}

#[tokio::test]
async fn a_web_server_that_is_not_configured_is_noticed() -> Result<()> {
    let site = TestSite::new().await?;
    let codes = async || {
        let health: serde_json::Value = serde_json::from_str(&text(site.get("/healthz").await?).await?)?;
        anyhow::Ok(health["degraded"].to_string())
    };
    let ask = async |peer: &str| {
        let request = Request::get("/about").header("x-forwarded-for", "192.0.2.1").body(Body::empty())?;
        anyhow::Ok(site.request(from(peer, request)?).await.status())
    };
    ask("203.0.113.1").await?;
    assert!(!codes().await?.contains("proxy_unknown"), "a stranger can write that header");
    // What was found is good for a second.
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    ask("127.0.0.1").await?;
    let told = codes().await?;
    assert!(told.contains("proxy_unknown") && told.contains("trusted_proxies") && !told.contains("127.0.0.1"), "{told}");
    Ok(())
}

fn create(length: u64) -> Result<Request<Body>> {
    let request = Request::post("/api/v1/uploads").header("tus-resumable", "1.0.0").header("upload-length", length);
    from("192.0.2.1", request.header("upload-metadata", "filename a2l0ZS5wbmc=").body(Body::empty())?)
}

#[tokio::test]
async fn resumable_uploads_are_paid_for_when_they_begin_and_go_on_whatever_happens_then() -> Result<()> {
    let site = TestSite::with(|parts| {
        parts.fair_use =
            FairUse { uploads_open: 2, bytes_per_day: 100_000, times_ipv4_address: 1, times_ipv4_24: 1, ..FairUse::unlimited() };
    })
    .await?;
    let kite = picture(64, 48, 1)?;
    let length = kite.len() as u64;
    let begin = async |length: u64| {
        let response = site.request(create(length)?).await;
        let at = header(response.headers(), "location").trim_start_matches("http://localhost:8080").to_owned();
        anyhow::Ok((response.status().as_u16(), at, header(response.headers(), "retry-after").to_owned()))
    };
    let first = begin(length).await?;
    let second = begin(60_000).await?;
    assert_eq!((first.0, second.0), (201, 201));
    let third = begin(length).await?;
    assert_eq!((third.0, third.2.as_str()), (429, "60"), "two are under way");
    // What was begun goes on.
    let patch = Request::patch(&first.1).header("tus-resumable", "1.0.0").header("upload-offset", "0");
    let patch = patch.header("content-type", "application/offset+octet-stream").body(Body::from(kite))?;
    assert_eq!(site.request(from("192.0.2.1", patch)?).await.status(), 204);
    // It has ended, so another may begin; but not one for which the bytes are spent.
    let fourth = begin(60_000).await?;
    assert_eq!(fourth.0, 429);
    assert!(fourth.2.parse::<i64>()? > 3_600, "{fourth:?}");
    // One that is given up gives back what has not come.
    let give_up = Request::delete(&second.1).header("tus-resumable", "1.0.0").body(Body::empty())?;
    assert_eq!(site.request(from("192.0.2.1", give_up)?).await.status(), 204);
    assert_eq!(begin(60_000).await?.0, 201);
    Ok(())
}
