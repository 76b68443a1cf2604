//! More than one's share, as it is met from outside: a proof of work, the slow lane, the lane of newcomers; and what a crowd can do by being one.

use anyhow::{Context as _, Result};
use app::Parts;
use axum::body::Body;
use axum::http::{Request, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::proof::{Challenge, Proof};
use domain::time::{HOUR_MS, MINUTE_MS};
use domain::{Category, FairUse};
use testkit::TestSite;
use testkit::site::{bytes, text};

use crate::{get, header, json, photo, posted};

/// One post, and one notice, of each address.
fn one_each(parts: &mut Parts) {
    parts.fair_use = FairUse {
        posts_per_hour: 1,
        notices_per_hour: 1,
        appeals_per_hour: 1,
        times_ipv4_address: 1,
        times_ipv4_24: 1,
        ..FairUse::unlimited()
    };
}

fn request(peer: &str, path: &str, altcha: Option<&str>, body: &serde_json::Value) -> Result<Request<Body>> {
    let mut request = Request::post(path).header("content-type", "application/json");
    if let Some(altcha) = altcha {
        request = request.header("altcha", altcha);
    }
    let mut request = request.body(Body::from(body.to_string()))?;
    request.extensions_mut().insert(web::Peer::new(peer.parse()?));
    Ok(request)
}

async fn said(response: Response<Body>) -> Result<(u16, serde_json::Value)> {
    Ok((response.status().as_u16(), serde_json::from_slice(&bytes(response).await?)?))
}

/// Posts words by the API.
async fn post(site: &TestSite, peer: &str, altcha: Option<&str>) -> Result<(u16, serde_json::Value)> {
    said(site.request(request(peer, "/api/v1/posts", altcha, &serde_json::json!({ "text": "A kite" }))?).await).await
}

fn proof(challenge: &serde_json::Value) -> Result<String> {
    let challenge: Challenge = serde_json::from_value(challenge.clone())?;
    let solution = challenge.solved().context("it has a solution")?;
    Ok(STANDARD.encode(serde_json::to_string(&Proof { challenge, solution })?))
}

/// Asks for a challenge, and solves it.
async fn solved(site: &TestSite, peer: &str) -> Result<String> {
    let (status, told) = post(site, peer, Some("ask")).await?;
    anyhow::ensure!(status == 429, "{status} {told}");
    proof(&told["challenge"])
}

#[tokio::test]
async fn within_the_budget_nothing_is_asked_and_beyond_it_whoever_asks_is_let_through_for_a_proof() -> Result<()> {
    let site = TestSite::with(one_each).await?;
    assert_eq!(post(&site, "192.0.2.1", Some("ask")).await?.0, 201, "an ordinary poster proves nothing");
    let (status, told) = post(&site, "192.0.2.1", Some("ask")).await?;
    assert_eq!((status, told["type"].as_str()), (429, Some("/problems/proof-of-work")));
    let parameters = &told["challenge"]["parameters"];
    assert_eq!((parameters["algorithm"].as_str(), parameters["data"]["for"].as_str()), (Some("PBKDF2/SHA-256"), Some("post")));
    let (status, made) = post(&site, "192.0.2.1", Some(&proof(&told["challenge"])?)).await?;
    assert_eq!((status, &made["public"]), (201, &serde_json::Value::Null), "{made}");
    let id = made["id"].as_str().context("no id")?;
    assert_eq!(json(&site, &format!("/{id}")).await?["state"], "live");
    Ok(())
}

#[tokio::test]
async fn a_proof_counts_once_for_who_was_asked_for_what_was_asked_and_in_time() -> Result<()> {
    let site = TestSite::with(one_each).await?;
    for peer in ["192.0.2.1", "198.51.100.1"] {
        assert_eq!(post(&site, peer, None).await?.0, 201);
    }
    let detail = async |peer, altcha: &str| {
        let (status, told) = post(&site, peer, Some(altcha)).await?;
        anyhow::ensure!(status == 429 && told["challenge"].is_object(), "another challenge comes with it: {status} {told}");
        anyhow::Ok(told["detail"].as_str().unwrap_or_default().to_owned())
    };
    let own = solved(&site, "192.0.2.1").await?;
    assert!(detail("198.51.100.1", &own).await?.contains("not given to you"), "it is shared");
    assert_eq!(post(&site, "192.0.2.1", Some(&own)).await?.0, 201);
    assert!(detail("192.0.2.1", &own).await?.contains("used before"), "it is replayed");
    let early = solved(&site, "192.0.2.1").await?;
    site.site.clock.advance_ms(5 * MINUTE_MS + 1);
    assert!(detail("192.0.2.1", &early).await?.contains("expired"), "it was solved long before");
    let later = solved(&site, "192.0.2.1").await?;
    // A clock that is set back ends the pseudonyms of before, and with them what was asked of them.
    site.site.clock.advance_ms(-HOUR_MS);
    assert_eq!(post(&site, "192.0.2.1", None).await?.0, 201);
    assert!(detail("192.0.2.1", &later).await?.contains("not given to you"));
    for nonsense in ["kites", "", "e30=", &STANDARD.encode("{\"challenge\":{},\"solution\":{}}"), &"QUFB".repeat(2_000)] {
        assert!(detail("192.0.2.1", nonsense).await?.contains("Base64"), "{nonsense}");
    }
    // What was asked for a post is good for a post.
    let (subject, _) = (posted(&site, &[testkit::site::Part::Field("text", "words")]).await?, ());
    let notice = serde_json::json!({ "subjects": [format!("http://localhost:8080{}", subject.path)], "category": "violence", "explanation": "It shows a fight.", "good_faith": true });
    assert_eq!(said(site.request(request("203.0.113.1", "/api/v1/notices", None, &notice)?).await).await?.0, 201);
    assert_eq!(post(&site, "203.0.113.1", None).await?.0, 201);
    let for_a_post = solved(&site, "203.0.113.1").await?;
    let (status, told) = said(site.request(request("203.0.113.1", "/api/v1/notices", Some(&for_a_post), &notice)?).await).await?;
    assert_eq!((status, told["challenge"]["parameters"]["data"]["for"].as_str()), (429, Some("notice")), "{told}");
    assert!(told["detail"].as_str().is_some_and(|detail| detail.contains("something else")), "{told}");
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn the_price_follows_what_was_had_and_what_everybody_wants_and_has_an_end() -> Result<()> {
    let site = TestSite::with(one_each).await?;
    let price = async |peer| {
        let (_, told) = post(&site, peer, Some("ask")).await?;
        told["challenge"]["parameters"]["data"]["most"].as_u64().context("no price")
    };
    assert_eq!(post(&site, "192.0.2.1", None).await?.0, 201);
    let first = price("192.0.2.1").await?;
    let in_advance = solved(&site, "192.0.2.1").await?;
    for _ in 0..2 {
        let own = solved(&site, "192.0.2.1").await?;
        assert_eq!(post(&site, "192.0.2.1", Some(&own)).await?.0, 201);
    }
    let later = price("192.0.2.1").await?;
    assert!(later > first * 2, "{first} {later}");
    let (status, told) = post(&site, "192.0.2.1", Some(&in_advance)).await?;
    assert!(status == 429 && told["detail"].as_str().is_some_and(|detail| detail.contains("risen")), "{status} {told}");
    assert!(told["title"].as_str().is_some_and(|title| title.contains("The challenge in this answer")), "{told}");
    for _ in 0..2 {
        let own = solved(&site, "192.0.2.1").await?;
        assert_eq!(post(&site, "192.0.2.1", Some(&own)).await?.0, 201);
    }
    assert_eq!(post(&site, "192.0.2.1", Some("ask")).await?.0, 202, "for proofs there is nothing left; patience has some");
    // Somebody else who is over pays the least, as long as there is no storm.
    post(&site, "198.51.100.1", None).await?;
    assert!(price("198.51.100.1").await? <= first + 2);
    Ok(())
}

#[tokio::test]
async fn who_can_solve_nothing_is_taken_and_public_after_a_while() -> Result<()> {
    let site = TestSite::with(one_each).await?;
    assert_eq!(post(&site, "192.0.2.1", None).await?.0, 201);
    let (status, made) = post(&site, "192.0.2.1", None).await?;
    assert_eq!(status, 202, "{made}");
    let (id, public) = (made["id"].as_str().context("no id")?, made["public"].as_str().context("no time")?);
    assert_eq!(public, web::locale::iso(site.now().plus_ms(15 * MINUTE_MS)));
    let path = format!("/{id}");
    let page = async || text(get(&site, &path, &[("accept", "text/html")]).await?).await;
    assert!(page().await?.contains("to be public at") && !page().await?.contains("A kite"));
    let manage = made["manage_url"].as_str().and_then(|url| url.strip_prefix("http://localhost:8080")).context("no manage link")?;
    let managed = text(get(&site, manage, &[("accept", "text/html")]).await?).await?;
    assert!(managed.contains("Nobody but you sees this post until") && managed.contains("A kite"));
    site.site.clock.advance_ms(15 * MINUTE_MS);
    site.run_jobs().await?;
    assert!(page().await?.contains("A kite"));
    // Not more than as much again; what was begun is taken whatever happens.
    site.site.clock.advance_ms(-15 * MINUTE_MS);
    assert_eq!(post(&site, "192.0.2.1", None).await?.0, 429);
    Ok(())
}

#[tokio::test]
async fn a_post_of_uploads_is_never_refused_for_a_budget() -> Result<()> {
    let site = TestSite::with(one_each).await?;
    for expected in [201, 202, 202, 202, 202] {
        let file = testkit::site::picture(8, 8, 1)?;
        let upload = Request::post("/api/v1/uploads").header("tus-resumable", "1.0.0").header("upload-length", file.len());
        let upload = upload.header("content-type", "application/offset+octet-stream").body(Body::from(file))?;
        let begun = site.request(upload).await;
        let place = header(begun.headers(), "location").to_owned();
        let wish = serde_json::json!({ "media": [{ "upload": place }] });
        let (status, told) = said(site.request(request("127.0.0.1", "/api/v1/posts", None, &wish)?).await).await?;
        assert_eq!(status, expected, "{told}");
        site.run_jobs().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_provider_s_addresses_are_slowed_together_and_not_one_of_them_is_refused() -> Result<()> {
    let site = TestSite::with(|parts| {
        parts.fair_use = FairUse { posts_per_hour: 1, times_ipv4_16: 20, times_ipv6_32: 20, times_ipv4_address: 1, ..FairUse::unlimited() };
    })
    .await?;
    for (addresses, other) in [
        ((0..60).map(|n| format!("198.18.{}.{n}", n * 3)).collect::<Vec<_>>(), "198.19.0.1"),
        ((0..60).map(|n| format!("2001:db8:{n:x}::1")).collect(), "2001:db9::1"),
    ] {
        let mut taken = Vec::new();
        for address in &addresses {
            taken.push(post(&site, address, None).await?.0);
        }
        let count = |status| taken.iter().filter(|own| **own == status).count();
        assert_eq!((count(201), count(202)), (20, 40), "{taken:?}");
        assert_eq!(post(&site, other, None).await?.0, 201);
    }
    site.site.clock.advance_ms(HOUR_MS);
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn a_thousand_reports_change_nothing_but_a_rank_and_that_by_no_more_than_one_does() -> Result<()> {
    let site = TestSite::with(|parts| {
        one_each(parts);
        parts.hold = ["notice/child_abuse".to_owned()].into_iter().filter_map(|rule| rule.try_into().ok()).collect();
    })
    .await?;
    let (one, many) = (photo(&site).await?, photo_from(&site, "203.0.113.77").await?);
    let report = async |path: &str, peer: &str, category: Category| {
        let url = format!("http://localhost:8080{path}");
        let notice = serde_json::json!({ "subjects": [url], "category": category, "explanation": "It shows a fight.", "good_faith": true });
        anyhow::Ok(said(site.request(request(peer, "/api/v1/notices", None, &notice)?).await).await?.0)
    };
    assert_eq!(report(&one.path, "192.0.2.1", Category::Violence).await?, 201);
    for number in 0..1_000 {
        let peer = format!("{}.{}.1.1", 11 + number / 250, number % 250);
        assert_eq!(report(&many, &peer, Category::Violence).await?, 201);
    }
    site.run_jobs().await?;
    assert_eq!(json(&site, &many).await?["state"], "live");
    let (queue, _) = site.site.queue(10).await?;
    let ranks: Vec<u32> = queue.iter().map(|queued| queued.rank.total() - queued.rank.reach).collect();
    assert_eq!((ranks.len(), ranks.first()), (2, ranks.get(1)), "{ranks:?}");
    // The operator's own rule holds at once what somebody reports within their share, and nothing beyond it.
    assert_eq!(report(&one.path, "192.0.2.1", Category::ChildAbuse).await?, 202);
    assert_eq!(json(&site, &one.path).await?["state"], "live");
    assert_eq!(report(&one.path, "192.0.3.1", Category::ChildAbuse).await?, 201);
    assert_eq!(json(&site, &one.path).await?["state"], "waiting");
    Ok(())
}

/// A photo of somebody else; its path.
async fn photo_from(site: &TestSite, peer: &str) -> Result<String> {
    let mut request = testkit::site::form("/", &[testkit::site::Part::File("kite.png", &testkit::site::picture(64, 48, 9)?)])?;
    request.extensions_mut().insert(web::Peer::new(peer.parse()?));
    let lines = text(site.request(request).await).await?;
    site.run_jobs().await?;
    Ok(lines.lines().next().and_then(|url| url.strip_prefix("http://localhost:8080")).context("no link")?.to_owned())
}

#[tokio::test]
async fn what_comes_by_tor_is_taken_slowly_with_its_links_as_words_and_never_refused_for_it() -> Result<()> {
    let list = tempfile::NamedTempFile::new()?;
    std::fs::write(list.path(), "192.0.2.66\n")?;
    let path = list.path().to_str().context("a path")?.to_owned();
    let site = TestSite::with(|parts| parts.fair_use = FairUse { tor_exits: path, ..FairUse::default() }).await?;
    site.site.follow_exits().await;
    let words = serde_json::json!({ "text": "See https://kites.example/" });
    let from = async |peer| said(site.request(request(peer, "/api/v1/posts", None, &words)?).await).await;
    let (status, own) = from("192.0.2.1").await?;
    assert_eq!((status, &own["links"]), (201, &serde_json::Value::Null));
    // What is added by such a way is as plain as what came by it.
    let secret = own["manage_url"].as_str().and_then(|url| url.rsplit('/').next()).context("no secret")?;
    let edit = Request::patch(format!("/api/v1/posts/{}", own["id"].as_str().context("no id")?))
        .header("authorization", format!("Bearer {secret}"));
    let mut edit = edit.header("content-type", "application/json").body(Body::from(r#"{"text": "See https://kites.example/more"}"#))?;
    edit.extensions_mut().insert(web::Peer::new("192.0.2.66".parse()?));
    assert_eq!(site.request(edit).await.status(), 200);
    let edited = format!("/{}", own["id"].as_str().context("no id")?);
    assert!(!text(get(&site, &edited, &[("accept", "text/html")]).await?).await?.contains("href=\"https://kites.example/more"));
    let (status, made) = from("192.0.2.66").await?;
    assert_eq!((status, made["links"].as_str()), (202, Some(web::locale::iso(site.now().plus_ms(24 * HOUR_MS)).as_str())));
    let manage = made["manage_url"].as_str().and_then(|url| url.strip_prefix("http://localhost:8080")).context("no manage link")?;
    assert!(text(get(&site, manage, &[("accept", "text/html")]).await?).await?.contains("shown as plain words until"));
    let path = format!("/{}", made["id"].as_str().context("no id")?);
    let html = async || text(get(&site, &path, &[("accept", "text/html")]).await?).await;
    site.site.clock.advance_ms(15 * MINUTE_MS);
    site.run_jobs().await?;
    assert_eq!(json(&site, &path).await?["state"], "live");
    assert!(html().await?.contains("https://kites.example/") && !html().await?.contains("href=\"https://kites.example/"));
    site.site.clock.advance_ms(24 * HOUR_MS);
    site.run_jobs().await?;
    assert!(html().await?.contains("href=\"https://kites.example/"));
    assert!(text(get(&site, &edited, &[("accept", "text/html")]).await?).await?.contains("href=\"https://kites.example/more"));
    // The list is followed.
    std::thread::sleep(std::time::Duration::from_millis(20));
    std::fs::write(list.path(), "192.0.2.67\n")?;
    site.site.follow_exits().await;
    assert_eq!((from("192.0.2.66").await?.0, from("192.0.2.67").await?.0), (201, 202));
    site.site.clock.advance_ms(25 * HOUR_MS);
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn appeals_by_the_thousand_are_slowed_then_refused_and_their_words_are_given_back() -> Result<()> {
    use domain::{Action, Decision, Ground};
    let site = TestSite::with(|parts| {
        parts.fair_use = FairUse { appeals_per_hour: 1, times_ipv4_address: 1, times_ipv4_24: 1, ..FairUse::unlimited() };
    })
    .await?;
    let mut answers = Vec::new();
    for number in 0..4 {
        let post = posted(&site, &[testkit::site::Part::Field("text", &format!("Kite number {number}, over the sea"))]).await?;
        let url = format!("http://localhost:8080{}", post.path);
        let notice =
            serde_json::json!({ "subjects": [url], "category": "violence", "explanation": "It shows a fight.", "good_faith": true });
        assert_eq!(said(site.request(request("198.51.100.1", "/api/v1/notices", None, &notice)?).await).await?.0, 201);
        let case = site.site.queue(1).await?.0.pop().context("no case")?.case.id;
        let decision = Decision {
            action: Action::Remove,
            ground: Ground::Policy,
            reference: "hate".to_owned(),
            facts: "A kite threatens another kite.".to_owned(),
            composed: None,
            countries: Vec::new(),
        };
        let app::Decided::Done(id, _) = site.site.decide(None, &case, decision, false).await? else { anyhow::bail!("not decided") };
        site.run_jobs().await?;
        let body = crate::console::urlencoded(&[("decision", id.as_str()), ("words", "It is a toy kite.")]);
        let to = Request::post(format!("{}/appeal", post.manage)).header("accept", "text/html");
        let mut sent = to.header("content-type", "application/x-www-form-urlencoded").body(Body::from(body))?;
        sent.extensions_mut().insert(web::Peer::new("192.0.2.1".parse()?));
        let answer = site.request(sent).await;
        answers.push(answer.status().as_u16());
        if answer.status() == 429 {
            assert_eq!(header(answer.headers(), "retry-after"), "3600");
            assert!(text(answer).await?.contains("It is a toy kite."));
        }
    }
    assert_eq!(answers, [303, 303, 429, 429]);
    assert_eq!(site.site.open_appeals(9).await?.len(), 2);
    Ok(())
}
