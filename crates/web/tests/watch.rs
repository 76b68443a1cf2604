//! The site's state and nobody being at home, as the operator meets them, and as letters tell of them.

use anyhow::{Context as _, Result};
use app::{Alarms, Away};
use axum::body::Body;
use axum::http::Request;
use domain::time::{HOUR_MS, MINUTE_MS};
use domain::watch::Condition;
use domain::{AlarmId, AlarmKind, AlarmRules, AwayRules, Lever, Role, Time};
use store::AlarmRow;
use testkit::TestSite;
use testkit::site::{Part, text};

use crate::console::{HERE, added, browser, enrolled};
use crate::filings::{Client, register};
use crate::posted;

/// The cookie of somebody who has just signed in.
async fn signed_in(site: &TestSite, name: &str, role: Role) -> Result<String> {
    let (_, link) = added(site, name, role).await?;
    let mut one = browser(site);
    enrolled(&mut one, &link).await?;
    one.cookie.context("a cookie")
}

fn alarms(language: &str) -> Alarms {
    Alarms {
        language: language.to_owned(),
        origin: "https://kites.example".to_owned(),
        name: "Kites".to_owned(),
        write: Some(web::letters::alarms),
        ..Alarms::default()
    }
}

fn row(kind: AlarmKind, subject: &str, number: i64, raised: Time) -> AlarmRow {
    AlarmRow {
        id: AlarmId::from_random([1; 16]),
        what: Condition { kind, subject: subject.to_owned(), number },
        raised,
        ended: None,
        telling: None,
    }
}

#[test]
fn what_an_operator_is_told_is_numbers_and_links_in_their_language() {
    let now = Time(1_795_487_400_000);
    let item = domain::ItemId::from_random([3; 16]);
    let rows = [
        row(AlarmKind::Order, "abcdefghjkmnp", 1, now),
        AlarmRow { ended: Some(now), ..row(AlarmKind::Queue, "", 120, now.plus_ms(-8 * HOUR_MS)) },
        row(AlarmKind::Wave, item.as_str(), 25, now),
        row(AlarmKind::Job, "mail", 3, now),
        row(AlarmKind::Disk, "", 3_000_000_000, now),
        row(AlarmKind::Away, "", 1, now),
        row(AlarmKind::Alike, "abcdefghjkmnp/abcdefghjkmnp", 21, now),
    ];
    let banks = std::iter::once((item, "kites".to_owned())).collect();
    for language in ["en", "ar", "pl"] {
        let (letter, lines) = web::letters::alarms(&alarms(language), &rows, &banks, now);
        assert_eq!((letter.language.as_str(), lines.len()), (language, rows.len()));
        let (alike, console) = lines.split_last().unwrap();
        assert!(console.iter().all(|line| line.link.starts_with("https://kites.example/console") && line.words.contains(' ')), "{lines:?}");
        // The form shows nothing of what it is about.
        assert_eq!(alike.link, "https://kites.example/abcdefghjkmnp/report?media=abcdefghjkmnp");
        assert!(lines[0].link.ends_with("/console/cases/abcdefghjkmnp") && lines[2].words.contains("kites"), "{lines:?}");
        assert!(letter.body.contains("https://kites.example/console/watch") && !letter.body.contains('{'), "{}", letter.body);
    }
    let (letter, _) = web::letters::alarms(&alarms("en"), &rows, &banks, now);
    assert_eq!(letter.subject, "Kites: 7 alarms");
    assert!(letter.body.contains("120 cases are open.\nSince 23 November 2026 at 18:30 UTC.\nIt is over.\n"), "{}", letter.body);
    let (one, _) = web::letters::alarms(&alarms("en"), &rows[..1], &banks, now);
    assert_eq!(one.subject, "Kites: Half of the time for an order has gone, and its case is open.");
    // An order for a thousand posts is a letter that can be read.
    let many = vec![rows[0].clone(); 1_000];
    let (letter, lines) = web::letters::alarms(&alarms("en"), &many, &banks, now);
    assert!(lines.len() == 1_000 && letter.body.len() < 20_000 && letter.body.contains("and 950 more"), "{}", letter.body.len());
}

#[tokio::test]
async fn the_page_of_the_site_s_state_is_the_operator_s_alone_and_its_news_are_nobody() -> Result<()> {
    let site = TestSite::with(|parts| {
        parts.away = Away { rules: AwayRules { after_ms: HOUR_MS, queue_over: 0 }, hold_orders: false, ..Away::default() };
        parts.alarms = Alarms { rules: AlarmRules { disk_free_bytes: 0, ..AlarmRules::default() }, ..alarms("en") };
    })
    .await?;
    let (operator, moderator) = (signed_in(&site, "Ola", Role::Operator).await?, signed_in(&site, "Salma", Role::Moderator).await?);
    let get = async |who: &str, path: &str, destination: &str, language: &str| {
        let request = Request::get(path)
            .header("host", "localhost:8080")
            .header("cookie", who)
            .header("accept", "text/html")
            .header("accept-language", language);
        anyhow::Ok(site.request(request.header("sec-fetch-dest", destination).body(Body::empty())?).await)
    };
    for path in ["/console/watch", "/console/watch/now", "/console/away"] {
        assert_eq!(get(&moderator, path, "document", "en").await?.status(), 403, "{path}");
        assert_eq!(get("", path, "document", "en").await?.status(), 303, "{path}");
        for language in ["en", "ar", "pl"] {
            let response = get(&operator, path, "document", language).await?;
            assert_eq!(
                (response.status().as_u16(), &response.headers()["cache-control"]),
                (200, &"no-store".parse::<axum::http::HeaderValue>()?)
            );
        }
    }
    let page = text(get(&operator, "/console/watch", "document", "en").await?).await?;
    assert!(page.contains("All is well") && page.contains("<svg class=\"chart\"") && page.contains("<table"), "{page}");
    // A page that stays open for an hour asks for news; nobody does anything.
    site.site.look_after().await?;
    for _ in 0..61 {
        site.site.clock.advance_ms(MINUTE_MS);
        assert_eq!(get(&operator, "/console/watch/now", "empty", "en").await?.status(), 200);
        site.site.look_after().await?;
    }
    assert!(site.site.nobody_at_home().is_some(), "an open page is no operator");
    let news = text(get(&operator, "/console/watch/now", "empty", "en").await?).await?;
    assert!(news.contains("Nobody is at home") && !news.contains("<html"), "{news}");
    // A moderator is not who looks after it.
    assert_eq!(get(&moderator, "/console", "document", "en").await?.status(), 200);
    assert!(site.site.nobody_at_home().is_some());
    assert_eq!(get(&operator, "/console", "document", "en").await?.status(), 200);
    assert!(site.site.nobody_at_home().is_none());
    Ok(())
}

#[tokio::test]
async fn one_press_brings_the_site_back_and_says_so() -> Result<()> {
    let site = TestSite::with(|parts| {
        parts.away = Away { rules: AwayRules { after_ms: HOUR_MS, queue_over: 0 }, hold_orders: false, ..Away::default() };
    })
    .await?;
    let operator = signed_in(&site, "Ola", Role::Operator).await?;
    let send = async |path: &str, origin: &str| {
        let request = Request::post(path).header("cookie", &operator).header("origin", origin).header("host", "localhost:8080");
        anyhow::Ok(site.request(request.body(Body::empty())?).await)
    };
    site.site.look_after().await?;
    site.site.clock.advance_ms(2 * HOUR_MS);
    site.site.look_after().await?;
    assert!(site.site.nobody_at_home().is_some());
    assert_eq!(send("/console/away/here", "https://evil.example").await?.status(), 403);
    assert!(site.site.nobody_at_home().is_some());
    let response = send("/console/away/here", HERE).await?;
    let to = response.headers().get("location").context("it leads somewhere")?.to_str()?.to_owned();
    assert_eq!((response.status().as_u16(), to.as_str()), (303, "/console/away?told=here"));
    assert!(site.site.nobody_at_home().is_none());
    Ok(())
}

#[tokio::test]
async fn whoever_asks_while_nobody_is_at_home_is_told_so_on_every_face() -> Result<()> {
    let site = TestSite::with(|parts| {
        let levers = vec![Lever::HoldUploads, Lever::NoLinks];
        parts.away = Away { rules: AwayRules { after_ms: HOUR_MS, queue_over: 0 }, hold_orders: true, levers };
    })
    .await?;
    let mut client = Client::new();
    register(&site, &client, "authority").await?;
    let path = posted(&site, &[Part::Field("text", "A forbidden kite flies over the sea.")]).await?.path;
    let get = async |path: &str, accept: &str| {
        let request = Request::get(path).header("host", "localhost:8080").header("accept", accept).header("accept-language", "en");
        text(site.request(request.body(Body::empty())?).await).await
    };
    const WORDS: &str = "Nobody who looks after this site is here right now.";
    assert!(get("/healthz", "*/*").await?.contains("\"nobody_at_home\":null"));
    for page in ["/", "/contact"] {
        assert!(!get(page, "text/html").await?.contains(WORDS), "{page}");
    }
    site.site.look_after().await?;
    site.site.clock.advance_ms(2 * HOUR_MS);
    site.site.look_after().await?;
    for page in ["/", "/contact"] {
        assert!(get(page, "text/html").await?.contains(WORDS), "{page}");
    }
    let health = get("/healthz", "*/*").await?;
    assert!(health.contains("\"why\":\"unseen\"") && health.contains("\"source\":\"nobody_at_home\""), "{health}");
    assert!(get("/", "text/html").await?.contains("We look at everything new before it is public for now"));
    // What is new waits for a look.
    let (status, lines) = site.post(&[Part::Field("text", "A new kite flies over the sea.")]).await?;
    let new = lines.first().and_then(|url| url.strip_prefix("http://localhost:8080")).unwrap_or_default();
    assert!(status == 202 && new.len() > 1, "{status} {lines:?}");
    assert!(!get(new, "text/html").await?.contains("A new kite"));
    // An order is taken, and its receipt says what happens to it.
    let order = serde_json::json!({
        "type": "tco_removal_order", "subjects": [format!("http://localhost:8080{path}")], "reference": "KP-17/2026",
        "issued": "2020-01-01T10:00:00Z", "reasons": ["a"], "redress": "The court of kites, within a month.",
    });
    let wish = client.wish(&site, "/api/v1/notices", "application/json", order.to_string());
    let response = site.request(client.sign(&wish)?).await;
    assert_eq!(response.status(), 201);
    let taken: serde_json::Value = serde_json::from_str(&text(response).await?)?;
    let receipt = format!("/notices/{}", taken["receipt"].as_str().context("a receipt")?);
    let page = get(&receipt, "text/html").await?;
    for words in ["Nobody who decides is here right now", "What it is about is hidden until they have decided."] {
        assert!(page.contains(words), "{words}: {page}");
        assert!(get(&format!("{receipt}?form=text"), "*/*").await?.contains(words), "{words}");
    }
    let state: serde_json::Value = serde_json::from_str(&get(&receipt, "application/json").await?)?;
    assert!(state["nobody_at_home"].is_string() && state["state"] == "open" && state["due"].is_string(), "{state}");
    site.run_jobs().await?;
    site.site.clock.advance_ms(MINUTE_MS);
    site.site.look_after().await?;
    let case = site.site.queue(9).await?.0.pop().context("a case")?.case;
    assert!(case.held, "an order waits in the open");
    assert!(!get(&path, "text/html").await?.contains("forbidden"));
    // Somebody is there again.
    site.site.come_home(None).await?;
    assert!(!get(&receipt, "text/html").await?.contains("Nobody who decides"));
    assert!(!get("/", "text/html").await?.contains(WORDS) && !get("/contact", "text/html").await?.contains(WORDS));
    Ok(())
}
