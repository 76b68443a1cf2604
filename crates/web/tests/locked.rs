//! Posts that are not open to all: by a password, or by openings that are counted.

use anyhow::{Context as _, Result};
use axum::body::Body;
use axum::http::Request;
use testkit::TestSite;
use testkit::site::{Part, picture, text};

use crate::{get, header, posted};

const HOUR_MS: i64 = 60 * 60 * 1_000;

async fn press(site: &TestSite, path: &str, form: &str) -> Result<(u16, Option<String>)> {
    let request = Request::post(format!("{path}/open"))
        .header("accept", "text/html")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(form.to_owned()))?;
    let response = site.request(request).await;
    let cookie = header(response.headers(), "set-cookie").split(';').next().map(str::to_owned).filter(|cookie| !cookie.is_empty());
    Ok((response.status().as_u16(), cookie))
}

/// The address of a medium's smallest rendering, as the page gives it.
fn rendering(page: &str) -> Result<String> {
    let from = page.find("/m/").context("no medium on the page")?;
    let address: String = page[from..].chars().take_while(|c| !matches!(c, ' ' | '"')).collect();
    Ok(address.replace("&amp;", "&"))
}

#[tokio::test]
async fn without_the_password_no_route_tells_anything_but_that_it_is_locked() -> Result<()> {
    let site = TestSite::new().await?;
    let parts = [
        Part::Field("title", "UNMISTAKABLE"),
        Part::Field("text", "HIDDEN WORDS"),
        Part::Field("password", "zażółć kite"),
        Part::File("kite.png", &picture(640, 480, 1)?),
    ];
    let post = posted(&site, &parts).await?;
    for (path, status) in [("", 200), (".json", 200), (".md", 403), ("?show=1", 200)] {
        let response = get(&site, &format!("{}{path}", post.path), &[("accept", "text/html"), ("cookie", "open-x=1; lang=en")]).await?;
        assert_eq!(response.status(), status, "{path}");
        assert!(header(response.headers(), "cache-control").contains("no-store") || status == 403, "{path}");
        let told = text(response).await?;
        assert!(!told.contains("UNMISTAKABLE") && !told.contains("HIDDEN") && !told.contains("/m/") && !told.contains("640"), "{told}");
    }
    assert_eq!(crate::json(&site, &post.path).await?["state"], "locked");
    for wrong in ["", "password=", "password=kite", "password=Zazolc+kite", "pass=za%C5%BC", &"x".repeat(10_000)] {
        assert_eq!(press(&site, &post.path, wrong).await?, (403, None), "{wrong}");
    }
    // The same letters, written by another keyboard.
    let (status, cookie) = press(&site, &post.path, "password=zaz%CC%87o%CC%81%C5%82c%CC%81+kite").await?;
    let cookie = cookie.context("no pass")?;
    assert_eq!(status, 303);
    let page = text(get(&site, &post.path, &[("accept", "text/html"), ("cookie", &cookie)]).await?).await?;
    assert!(page.contains("UNMISTAKABLE") && page.contains("HIDDEN WORDS"), "{page}");
    let address = rendering(&page)?;
    assert!(address.contains("proof="), "{address}");
    assert_eq!(site.get(&address).await?.status(), 200);
    let bare = address.split('?').next().unwrap_or_default();
    for forged in
        [bare.to_owned(), format!("{bare}?proof="), address.replace("proof=1", "proof=9"), format!("{bare}?proof={}", &cookie[19..])]
    {
        assert_eq!(site.get(&forged).await?.status(), 404, "{forged}");
    }
    // The pass is for this post only, and for some hours.
    let other = posted(&site, &[Part::Field("text", "OTHER"), Part::Field("password", "x")]).await?;
    let moved = cookie.replace(post.path.trim_start_matches('/'), other.path.trim_start_matches('/'));
    assert!(!text(get(&site, &other.path, &[("cookie", &moved)]).await?).await?.contains("OTHER"));
    site.site.clock.advance_ms(12 * HOUR_MS);
    assert!(!text(get(&site, &post.path, &[("cookie", &cookie)]).await?).await?.contains("UNMISTAKABLE"));
    assert_eq!(site.get(&address).await?.status(), 404, "an address holds for ever");
    Ok(())
}

#[tokio::test]
async fn a_password_is_stored_only_as_a_slow_hash() -> Result<()> {
    let site = TestSite::new().await?;
    posted(&site, &[Part::Field("text", "words"), Part::Field("password", "UNMISTAKABLE-PASSWORD")]).await?;
    assert_eq!(site.files_with(b"UNMISTAKABLE-PASSWORD")?, Vec::<std::path::PathBuf>::new());
    assert!(!site.files_with(b"$argon2id$")?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_post_is_opened_as_often_as_it_may_be_and_never_once_more() -> Result<()> {
    let site = TestSite::new().await?;
    let post =
        posted(&site, &[Part::Field("text", "HIDDEN WORDS"), Part::Field("views", "3"), Part::File("kite.png", &picture(64, 48, 1)?)])
            .await?;
    // Previews and crawlers fetch it as often as they like.
    for _ in 0..10 {
        let page = text(get(&site, &post.path, &[("accept", "text/html")]).await?).await?;
        assert!(page.contains("/open\"") && !page.contains("HIDDEN"), "{page}");
        assert_eq!(get(&site, &format!("{}/open", post.path), &[]).await?.status(), 303);
    }
    let presses = (0..12).map(|_| press(&site, &post.path, ""));
    let pressed: Vec<_> = futures_util::future::join_all(presses).await.into_iter().collect::<Result<_>>()?;
    let passes: Vec<_> = pressed.iter().filter_map(|(_, cookie)| cookie.clone()).collect();
    assert_eq!(passes.len(), 3, "{pressed:?}");
    assert!(pressed.iter().all(|(status, _)| matches!(status, 303 | 410)), "{pressed:?}");
    for pass in &passes {
        let page = text(get(&site, &post.path, &[("cookie", pass), ("accept", "text/html")]).await?).await?;
        assert!(page.contains("HIDDEN WORDS"));
        assert_eq!(site.get(&rendering(&page)?).await?.status(), 200);
    }
    assert_eq!(get(&site, &post.path, &[]).await?.status(), 410);
    assert_eq!(press(&site, &post.path, "").await?.0, 410);
    // When the last visit is over nothing of it is left.
    site.site.clock.advance_ms(3 * HOUR_MS);
    assert_eq!(get(&site, &post.path, &[("cookie", &passes[0])]).await?.status(), 410);
    site.run_jobs().await?;
    assert!(site.objects().await?.is_empty());
    assert_eq!(site.files_with(b"HIDDEN WORDS")?, Vec::<std::path::PathBuf>::new());
    Ok(())
}

#[tokio::test]
async fn a_wrong_password_uses_up_no_opening_and_a_program_gets_its_pass_in_words() -> Result<()> {
    let site = TestSite::new().await?;
    let post = posted(&site, &[Part::Field("text", "HIDDEN WORDS"), Part::Field("views", "1"), Part::Field("password", "kite")]).await?;
    for _ in 0..3 {
        assert_eq!(press(&site, &post.path, "password=guess").await?.0, 403);
    }
    let request = Request::post(format!("{}/open", post.path)).header("accept", "application/json").body(Body::from("password=kite"))?;
    let told: serde_json::Value = serde_json::from_slice(&testkit::site::bytes(site.request(request).await).await?)?;
    let bearer = format!("Bearer {}", told["pass"].as_str().context("no pass")?);
    let read = get(&site, &format!("{}.json", post.path), &[("authorization", &bearer)]).await?;
    assert!(text(read).await?.contains("HIDDEN WORDS"));
    assert_eq!(get(&site, &format!("{}.json", post.path), &[]).await?.status(), 410);
    Ok(())
}

#[tokio::test]
async fn a_password_is_guessed_slowly_and_the_right_one_costs_nothing() -> Result<()> {
    let site = TestSite::with(|parts| {
        parts.fair_use.guesses_per_hour = 3;
        parts.fair_use.times_ipv4_address = 1;
        parts.fair_use.times_ipv4_24 = 1;
    })
    .await?;
    let post = posted(&site, &[Part::Field("text", "words"), Part::Field("password", "kite")]).await?;
    for _ in 0..5 {
        assert_eq!(press(&site, &post.path, "password=kite").await?.0, 303);
        assert_eq!(press(&site, &post.path, "").await?.0, 403, "nothing typed is no guess");
    }
    for guess in 0..3 {
        assert_eq!(press(&site, &post.path, &format!("password={guess}")).await?.0, 403);
    }
    let request = Request::post(format!("{}/open", post.path)).header("accept", "text/html").body(Body::from("password=kite"))?;
    let response = site.request(request).await;
    assert_eq!(response.status(), 429);
    let wait: i64 = header(response.headers(), "retry-after").parse()?;
    assert!(!text(response).await?.contains("words</p>"));
    site.site.clock.advance_ms(wait * 1_000);
    assert_eq!(press(&site, &post.path, "password=kite").await?.0, 303, "after the time that was told it works");
    Ok(())
}

#[tokio::test]
async fn what_needs_no_opening_is_simply_read_and_what_is_gone_stays_gone() -> Result<()> {
    let site = TestSite::new().await?;
    let open = posted(&site, &[Part::Field("text", "words"), Part::Field("password", ""), Part::Field("views", "")]).await?;
    assert_eq!(press(&site, &open.path, "").await?, (303, None));
    assert_eq!(press(&site, "/abcdefghjkmnp", "").await?.0, 404);
    assert_eq!(press(&site, "/nothing", "").await?.0, 404);
    let short = posted(&site, &[Part::Field("text", "words"), Part::Field("views", "9"), Part::Field("expires", "1h")]).await?;
    site.site.clock.advance_ms(HOUR_MS);
    assert_eq!(press(&site, &short.path, "").await?.0, 410);
    site.run_jobs().await?;
    Ok(())
}
