//! What was removed in silence: not a word of it on any face of what stands beside it, until the silence ends.

use anyhow::{Context as _, Result};
use axum::body::Body;
use axum::http::Request;
use domain::{FairUse, Filing, RawDecision, RawFiling, RawNotice, Receipt};
use serde_json::json;
use testkit::TestSite;
use testkit::site::{Part, bytes, mosaic};

use crate::console::HERE;
use crate::filings::{Client, register};
use crate::{get, header, json as read, posted};

fn secret_order() -> Result<Filing> {
    let raw = RawFiling {
        notice: RawNotice { kind: Some("tco_removal_order".into()), ..RawNotice::default() },
        reference: Some("KP-17/2026".into()),
        issued: Some(domain::Time(0)),
        reasons: vec!["a".into()],
        secret: true,
        ..RawFiling::default()
    };
    Ok(raw.check(domain::PartyKind::Authority)?)
}

/// An order about one medium or a whole post: its receipt, and the case that it is in.
async fn ordered(site: &TestSite, post: &str, medium: Option<&str>) -> Result<(Receipt, domain::CaseId)> {
    let party = match site.site.parties().await?.into_iter().next() {
        Some(party) => party,
        None => {
            register(site, &Client::new(), "authority").await?;
            site.site.parties().await?.into_iter().next().context("it was registered")?
        }
    };
    let post_id = domain::PostId::parse(post.trim_start_matches('/')).context("no post")?;
    let medium_id = medium.map(|id| domain::MediaId::parse(id).context("no medium")).transpose()?;
    let link = app::Named { url: format!("{HERE}{post}"), names: Some((post_id, medium_id)) };
    let key = domain::KeyId::parse("kites-1").context("a key")?;
    let filed = site.site.file(&party, &app::Filer::Key(key), secret_order()?, vec![link]).await?.context("it was filed")?;
    site.run_jobs().await?;
    Ok((filed.receipt, site.site.queue(1).await?.0[0].case.id.clone()))
}

/// The same, carried out.
async fn removed(site: &TestSite, post: &str, medium: Option<&str>) -> Result<Receipt> {
    let (receipt, case) = ordered(site, post, medium).await?;
    let raw = RawDecision {
        action: Some("remove".into()),
        ground: Some("law".into()),
        reference: Some("Regulation (EU) 2021/784, Article 3".into()),
        countries: None,
        facts: Some("The kite incites.".into()),
    };
    site.site.decide(None, &case, raw.check()?, true).await?;
    site.run_jobs().await?;
    Ok(receipt)
}

#[tokio::test]
async fn whoever_reported_what_is_left_reads_no_word_of_a_secret_order_about_it() -> Result<()> {
    let site = TestSite::new().await?;
    let post = posted(&site, &[Part::Field("text", "A kite of many colours.")]).await?;
    let body = json!({"subjects": [format!("{HERE}{}", post.path)], "category": "hate", "explanation": "x", "good_faith": true});
    let request = Request::post("/api/v1/notices").header("host", "localhost:8080").header("content-type", "application/json");
    let told: serde_json::Value = serde_json::from_slice(&bytes(site.request(request.body(Body::from(body.to_string()))?).await).await?)?;
    let receipt = told["receipt"].as_str().context("a receipt")?.to_owned();
    let (_, case) = ordered(&site, &post.path, None).await?;
    let mut ola = crate::portal::decider(&site, "Ola", domain::Role::Operator).await?;
    let page = ola.get(&format!("/console/cases/{case}")).await?.body;
    assert!(page.contains("Removal order") && !page.contains("It was ordered"), "the form proposes what may be read: {page}");
    // Whoever decides is told of the silence: here, and where a copy would take it along, but nowhere else.
    assert!(page.contains("must not be told"), "{page}");
    for (words, silent) in [("A kite of many colours.", true), ("Nothing but rain today, and the harbour is empty.", false)] {
        let other = posted(&site, &[Part::Field("text", words)]).await?;
        let body = json!({"subjects": [format!("{HERE}{}", other.path)], "category": "fraud", "explanation": "x", "good_faith": true});
        let request = Request::post("/api/v1/notices").header("host", "localhost:8080").header("content-type", "application/json");
        assert_eq!(site.request(request.body(Body::from(body.to_string()))?).await.status(), 201);
        site.run_jobs().await?;
        let id = domain::PostId::parse(other.path.trim_start_matches('/')).context("an id")?;
        let own = site.site.cases_of_post(&id, 1).await?[0].id.clone();
        let page = ola.get(&format!("/console/cases/{own}")).await?.body;
        assert_eq!(page.contains("must not be told"), silent, "{words}: {page}");
    }
    let raw =
        RawDecision { action: Some("no_action".into()), facts: Some("It was ordered by the police.".into()), ..RawDecision::default() };
    assert!(matches!(site.site.decide(None, &case, raw.clone().check()?, true).await?, app::Decided::Ordered));
    let order = site.site.filings(None, None, 1).await?.pop().context("it was filed")?.row.id;
    let answered = site.site.answer_filing(None, &order, Some(domain::Inability::ManifestErrors), "It names no kite.").await?;
    assert_eq!(answered, Ok(()));
    assert!(matches!(site.site.decide(None, &case, raw.check()?, true).await?, app::Decided::Done(..)));
    site.run_jobs().await?;
    let became = get(&site, &format!("/notices/{receipt}"), &[("accept", "text/html")]).await?;
    let page = String::from_utf8_lossy(&bytes(became).await?).into_owned();
    assert!(page.contains("It was looked at, and stays as it is."), "{page}");
    assert!(!page.contains("ordered") && !page.contains("police"), "{page}");
    Ok(())
}

#[tokio::test]
async fn a_medium_that_was_removed_in_silence_is_simply_not_there_on_any_face() -> Result<()> {
    let site = TestSite::dressed(|parts| parts.fair_use = FairUse::unlimited(), |inner| inner.newest = true).await?;
    let (one, other) = (mosaic(320, 240, 1)?, mosaic(320, 240, 2)?);
    let post = posted(
        &site,
        &[
            Part::Field("title", "Kites"),
            Part::Field("text", "Two of them"),
            Part::Field("listed", "1"),
            Part::File("forbidden.png", &one),
            Part::Field("caption", "A forbidden kite"),
            Part::File("other.png", &other),
        ],
    )
    .await?;
    let before = read(&site, &post.path).await?;
    let id = before["media"][0]["id"].as_str().context("a medium")?.to_owned();
    let original = before["media"][0]["original"]["url"].as_str().context("a file")?.trim_start_matches(HERE).to_owned();
    // Somebody else has reported the same picture.
    let body = json!({"subjects": [format!("{HERE}{}?media={id}", post.path)], "category": "hate", "explanation": "x", "good_faith": true});
    let request = Request::post("/api/v1/notices").header("host", "localhost:8080").header("content-type", "application/json");
    let told: serde_json::Value = serde_json::from_slice(&bytes(site.request(request.body(Body::from(body.to_string()))?).await).await?)?;
    let receipt = told["receipt"].as_str().context("a receipt")?.to_owned();
    removed(&site, &post.path, Some(&id)).await?;

    let faces = [
        (post.path.clone(), "text/html"),
        (format!("{}?show=1", post.path), "text/html"),
        (format!("{}.json", post.path), "*/*"),
        (format!("{}.md", post.path), "*/*"),
        (format!("{}.zip", post.path), "*/*"),
        (format!("{}/embed", post.path), "text/html"),
        (format!("/oembed?url={}", HERE.to_owned() + &post.path), "*/*"),
        (post.manage.clone(), "text/html"),
        (format!("{}/report?media={id}", post.path), "text/html"),
        ("/newest".to_owned(), "text/html"),
        ("/newest.atom".to_owned(), "*/*"),
    ];
    for (path, accept) in &faces {
        let response = get(&site, path, &[("host", "localhost:8080"), ("accept", accept)]).await?;
        assert_eq!(response.status().as_u16(), 200, "{path}");
        let body = bytes(response).await?;
        let words = String::from_utf8_lossy(&body);
        // The address that was asked for may stand in the answer, as it would for a picture that never was.
        let asked = path.contains(&id);
        for told in ["A forbidden kite", "forbidden.png", "This was removed", "2021/784", "incites"] {
            assert!(!words.contains(told), "{path}: {told} in {words}");
        }
        assert!(asked || !words.contains(&id), "{path}: {id} in {words}");
    }
    let now = read(&site, &post.path).await?;
    assert_eq!((now["media"].as_array().map(Vec::len), &now["state"]), (Some(1), &json!("live")), "{now}");
    assert_eq!(site.get(&original).await?.status().as_u16(), 404);
    // Reported again: it is gone, for a program and on the form.
    let request = Request::post("/api/v1/notices").header("host", "localhost:8080").header("content-type", "application/json");
    let answer = bytes(site.request(request.body(Body::from(body.to_string()))?).await).await?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert!(answer.contains(": gone") && !answer.contains("dark"), "{answer}");
    // And for who had reported it.
    let became = get(&site, &format!("/notices/{receipt}"), &[("accept", "application/json")]).await?;
    let became: serde_json::Value = serde_json::from_slice(&bytes(became).await?)?;
    assert_eq!(became["subjects"][0]["state"], "gone", "{became}");
    // An edit neither brings it back nor touches it.
    let edited = [("title", "Kites again"), ("text", "Words")];
    let form = testkit::site::form(&post.manage, &edited.map(|(name, value)| Part::Field(name, value)))?;
    let (mut head, body) = form.into_parts();
    head.headers.insert("host", "localhost:8080".parse()?);
    assert!(site.request(Request::from_parts(head, body)).await.status().as_u16() < 400);
    site.run_jobs().await?;
    assert_eq!(read(&site, &post.path).await?["media"].as_array().map(Vec::len), Some(1));

    // When it ends, all of that says so by itself.
    site.site.clock.advance_ms(domain::notice::TCO_GAG_MS + 1);
    site.run_jobs().await?;
    let after = read(&site, &post.path).await?;
    let states: Vec<_> = after["media"].as_array().into_iter().flatten().map(|own| own["state"].clone()).collect();
    assert!(states.contains(&json!("removed")) && states.len() == 2, "{after}");
    let manage = get(&site, &post.manage, &[("accept", "text/html")]).await?;
    assert!(String::from_utf8(bytes(manage).await?)?.contains("The kite incites."));
    let became = get(&site, &format!("/notices/{receipt}"), &[("accept", "application/json")]).await?;
    assert!(String::from_utf8(bytes(became).await?)?.contains("2021/784"));
    Ok(())
}

#[tokio::test]
async fn a_post_of_nothing_but_what_was_removed_in_silence_is_gone_and_so_is_its_manage_link() -> Result<()> {
    let site = TestSite::new().await?;
    let alone = posted(&site, &[Part::File("forbidden.png", &mosaic(320, 240, 1)?)]).await?;
    let whole = posted(&site, &[Part::Field("text", "Another forbidden kite, in so many words, flies over the grey sea.")]).await?;
    let id = read(&site, &alone.path).await?["media"][0]["id"].as_str().context("a medium")?.to_owned();
    removed(&site, &alone.path, Some(&id)).await?;
    removed(&site, &whole.path, None).await?;
    for post in [&alone, &whole] {
        for path in [
            post.path.clone(),
            format!("{}.json", post.path),
            format!("{}.md", post.path),
            post.manage.clone(),
            format!("{}/report", post.path),
        ] {
            let response = get(&site, &path, &[("accept", "text/html")]).await?;
            assert_eq!(response.status().as_u16(), 410, "{path}");
            assert_eq!(header(response.headers(), "link"), "");
            let words = String::from_utf8(bytes(response).await?)?;
            for told in ["2021/784", "incites", "This was removed"] {
                assert!(!words.contains(told), "{path}: {told} in {words}");
            }
        }
    }
    site.site.clock.advance_ms(domain::notice::TCO_GAG_MS + 1);
    site.run_jobs().await?;
    for post in [&alone, &whole] {
        let manage = get(&site, &post.manage, &[("accept", "text/html")]).await?;
        assert!(String::from_utf8(bytes(manage).await?)?.contains("The kite incites."), "{}", post.manage);
    }
    Ok(())
}

#[tokio::test]
async fn only_an_authority_is_told_that_something_is_dark_in_silence() -> Result<()> {
    let site = TestSite::new().await?;
    let post = posted(&site, &[Part::Field("text", "A forbidden kite flies over the sea.")]).await?;
    removed(&site, &post.path, None).await?;
    let flagger = register(&site, &Client { keyid: "kites-2", ..Client::new() }, "trusted_flagger").await?;
    let parties = site.site.parties().await?;
    let id = domain::PostId::parse(post.path.trim_start_matches('/')).context("no post")?;
    for party in &parties {
        let kind = party.party.kind;
        let raw = RawFiling {
            notice: RawNotice {
                kind: Some("trusted_flagger".into()),
                category: Some("hate".into()),
                explanation: Some("It hates.".into()),
                good_faith: Some("1".into()),
                ..RawNotice::default()
            },
            ..RawFiling::default()
        };
        let link = app::Named { url: format!("{HERE}{}", post.path), names: Some((id.clone(), None)) };
        let key = domain::KeyId::parse("kites-1").context("a key")?;
        let filed = site.site.file(party, &app::Filer::Key(key), raw.check(kind)?, vec![link]).await?.context("it was filed")?;
        let state = get(&site, &format!("/notices/{}", filed.receipt.expose()), &[("accept", "application/json")]).await?;
        let state: serde_json::Value = serde_json::from_slice(&bytes(state).await?)?;
        let told = if party.id == flagger { "gone" } else { "remove" };
        assert_eq!(state["subjects"][0]["state"], told, "{state}");
        assert_eq!(state.to_string().contains("2021/784"), party.id != flagger, "{state}");
    }
    site.run_jobs().await?;
    Ok(())
}
