//! From a report to a decision, as reporters, posters and visitors meet it.

use anyhow::{Context as _, Result};
use app::Decided;
use axum::body::Body;
use axum::http::{Request, Response, header};
use domain::{Action, CaseId, Decision, DecisionId, Ground, RawDecision};
use testkit::TestSite;
use testkit::site::{Part, bytes, mosaic, text};

use crate::{Posted, get, json, photo, posted};

const PAGE: &[(&str, &str)] = &[("accept", "text/html")];

/// A form as a browser sends it.
async fn sent(site: &TestSite, path: &str, fields: &[(&str, &str)]) -> Result<Response<Body>> {
    let encoded = |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    let request = Request::post(path).header("accept", "text/html").header("content-type", "application/x-www-form-urlencoded");
    Ok(site.request(request.body(Body::from(body.join("&")))?).await)
}

async fn told(site: &TestSite, body: serde_json::Value) -> Result<(u16, serde_json::Value)> {
    let request = Request::post("/api/v1/notices").header("content-type", "application/json");
    let response = site.request(request.body(Body::from(body.to_string()))?).await;
    Ok((response.status().as_u16(), serde_json::from_slice(&bytes(response).await?)?))
}

const REPORT: &[(&str, &str)] = &[("category", "violence"), ("explanation", "The kite is threatened."), ("good_faith", "1")];

/// Reports a post as a browser does, and says where to read what became of it.
async fn reported(site: &TestSite, post: &Posted, fields: &[(&str, &str)]) -> Result<String> {
    let response = sent(site, &format!("{}/report", post.path), fields).await?;
    anyhow::ensure!(response.status() == 303, "{}", response.status());
    let place = response.headers()[header::LOCATION].to_str()?.to_owned();
    site.run_jobs().await?;
    Ok(place)
}

async fn only_case(site: &TestSite) -> Result<CaseId> {
    let (queue, all) = site.site.queue(10).await?;
    anyhow::ensure!(queue.len() == 1 && all == 1, "{} {all}", queue.len());
    Ok(queue.first().context("a case")?.case.id.clone())
}

fn decision(action: Action, ground: Ground, reference: &str) -> Result<Decision> {
    let facts = Some("A kite threatens another kite.".to_owned());
    let raw = RawDecision {
        action: Some(action.as_str().to_owned()),
        ground: Some(ground.as_str().to_owned()),
        reference: Some(reference.to_owned()),
        facts,
        countries: None,
    };
    Ok(raw.check()?)
}

async fn decided(site: &TestSite, case: &CaseId, decision: Decision, alike: bool) -> Result<DecisionId> {
    match site.site.decide(None, case, decision, alike).await? {
        Decided::Done(id, _) => Ok(id),
        other => anyhow::bail!("{other:?}"),
    }
}

#[tokio::test]
async fn anybody_reports_a_post_without_a_name_and_reads_what_was_decided() -> Result<()> {
    let site = TestSite::new().await?;
    let post = photo(&site).await?;
    let page = text(get(&site, &post.path, PAGE).await?).await?;
    assert!(page.contains(&format!("href=\"{}/report\"", post.path)), "{page}");
    let form = text(get(&site, &format!("{}/report", post.path), PAGE).await?).await?;
    assert!(form.contains("name=\"good_faith\"") && form.contains("Picture or video 1"), "{form}");
    let place = reported(&site, &post, REPORT).await?;
    let receipt = text(get(&site, &place, PAGE).await?).await?;
    assert!(receipt.contains("It was received") && receipt.contains("Nobody has decided yet"), "{receipt}");
    let id = decided(&site, &only_case(&site).await?, decision(Action::Remove, Ground::Policy, "violence")?, true).await?;
    let receipt = text(get(&site, place.trim_end_matches("?filed=1"), PAGE).await?).await?;
    assert!(receipt.contains("It was removed.") && receipt.contains("Threats and violence"), "{receipt}");
    assert!(!receipt.contains("A kite threatens"), "what the poster is told is not the reporter's");
    let state: serde_json::Value =
        serde_json::from_slice(&bytes(get(&site, place.trim_end_matches("?filed=1"), &[("accept", "application/json")]).await?).await?)?;
    assert_eq!((state["subjects"][0]["state"].as_str(), state["subjects"][0]["ground"].as_str()), (Some("remove"), Some("violence")));
    assert!(site.site.decision(&id).await?.is_some());
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn a_report_that_is_not_whole_says_what_is_missing_and_gives_the_words_back() -> Result<()> {
    let site = TestSite::new().await?;
    let post = photo(&site).await?;
    let path = format!("{}/report", post.path);
    for (fields, words) in [
        (&[("explanation", "A <kite>."), ("good_faith", "1")][..], "Choose what is wrong."),
        (&[("category", "hate"), ("explanation", " "), ("good_faith", "1")], "Say why."),
        (&[("category", "hate"), ("explanation", "A <kite>.")], "Confirm that this is true"),
        (&[("category", "hate"), ("explanation", "A <kite>."), ("good_faith", "1"), ("email", "nobody")], "This is not a mail address"),
    ] {
        let response = sent(&site, &path, fields).await?;
        assert_eq!(response.status(), 400, "{fields:?}");
        let page = text(response).await?;
        assert!(page.contains(words), "{fields:?}: {page}");
        assert!(fields.iter().all(|(_, value)| *value != "A <kite>.") || page.contains("A &#60;kite&#62;."), "{page}");
    }
    for long in ["k".repeat(40_000), "ب".repeat(7_000)] {
        let response = sent(&site, &path, &[("category", "hate"), ("explanation", &long), ("good_faith", "1")]).await?;
        assert_eq!(response.status(), 400);
        let page = text(response).await?;
        assert!(page.contains(&long) && page.contains("value=\"hate\" required checked"), "{page}");
    }
    assert_eq!(site.site.queue(1).await?.1, 0, "nothing was filed");
    for nowhere in ["/abcdefghjkmnp/report", "/no/report"] {
        assert_eq!(get(&site, nowhere, PAGE).await?.status(), 404);
        assert_eq!(sent(&site, nowhere, REPORT).await?.status(), 404);
    }
    Ok(())
}

#[tokio::test]
async fn a_report_beyond_the_budget_is_given_back_with_when_to_come_again() -> Result<()> {
    let site = TestSite::with(|parts| {
        parts.fair_use = domain::FairUse { notices_per_hour: 1, times_ipv4_address: 1, times_ipv4_24: 1, ..domain::FairUse::unlimited() };
    })
    .await?;
    let post = photo(&site).await?;
    let mut seen = Vec::new();
    for _ in 0..3 {
        let request = Request::post(format!("{}/report", post.path)).header("accept", "text/html");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let mut request = request.body(Body::from(crate::console::urlencoded(REPORT)))?;
        request.extensions_mut().insert(web::Peer::new("192.0.2.1".parse()?));
        let response = site.request(request).await;
        seen.push(response.status().as_u16());
        if response.status() == 429 {
            assert!(response.headers().contains_key(header::RETRY_AFTER));
            let page = text(response).await?;
            assert!(page.contains("The kite is threatened.") && page.contains("role=\"alert\""), "{page}");
        }
    }
    assert_eq!(seen, [303, 303, 429]);
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn a_program_gives_notice_of_several_links_and_is_told_of_each() -> Result<()> {
    let site = TestSite::new().await?;
    let (one, two) = (photo(&site).await?, photo(&site).await?);
    let medium = json(&site, &two.path).await?["media"][0]["original"]["url"].as_str().context("a file")?.to_owned();
    let link = |path: &str| format!("http://localhost:8080{path}");
    let body = serde_json::json!({
        "type": "notice", "category": "fraud", "explanation": "They want my string.", "good_faith": true,
        "subjects": [link(&one.path), link(&medium), link("/abcdefghjkmnp"), "https://elsewhere.example/k", "no link", link(&one.path)],
    });
    let (status, answer) = told(&site, body.clone()).await?;
    assert_eq!(status, 201, "{answer}");
    let states: Vec<&str> = answer["subjects"].as_array().context("subjects")?.iter().filter_map(|one| one["state"].as_str()).collect();
    assert_eq!(states, ["taken", "taken", "nothing", "nothing", "nothing", "taken"]);
    assert!(answer["status_url"].as_str().is_some_and(|url| url.contains(answer["receipt"].as_str().unwrap_or("-"))));
    assert_eq!(site.site.queue(9).await?.1, 2, "two subjects are two cases, and one link named twice is one notice");
    let with = |key: &str, value: serde_json::Value| {
        let mut body = body.clone();
        body[key] = value;
        body
    };
    site.run_jobs().await?;
    for (body, status, field) in [
        (with("type", "tco_removal_order".into()), 403, "type"),
        (with("type", "edict".into()), 400, "type"),
        (with("good_faith", false.into()), 400, "good_faith"),
        (with("category", "boredom".into()), 400, "category"),
        (with("subjects", serde_json::json!([])), 422, "subjects"),
        (with("subjects", serde_json::json!(["https://elsewhere.example/k"])), 422, "subjects"),
    ] {
        let (got, answer) = told(&site, body).await?;
        assert_eq!((got, answer["field"].as_str()), (status, Some(field)), "{answer}");
    }
    Ok(())
}

#[tokio::test]
async fn what_was_removed_is_told_why_on_every_route_and_nothing_else() -> Result<()> {
    for (ground, reference, status) in [(Ground::Policy, "violence", 410), (Ground::Law, "Kite Act, section 7", 451)] {
        let site = TestSite::new().await?;
        let post = posted(
            &site,
            &[Part::Field("title", "Forbidden kite"), Part::Field("text", "Secret words"), Part::File("kite.png", &mosaic(640, 480, 1)?)],
        )
        .await?;
        let file = json(&site, &post.path).await?["media"][0]["original"]["url"].as_str().context("a file")?.to_owned();
        reported(&site, &post, REPORT).await?;
        decided(&site, &only_case(&site).await?, decision(Action::Remove, ground, reference)?, false).await?;
        for jobs in [false, true] {
            if jobs {
                site.run_jobs().await?;
            }
            for path in ["", ".md", ".json", ".zip", "/embed", "/report"] {
                let response = get(&site, &format!("{}{path}", post.path), PAGE).await?;
                assert_eq!(response.status(), status, "{path}");
                let page = text(response).await?;
                assert!(!page.contains("Forbidden kite") && !page.contains("Secret words") && !page.contains("/m/"), "{path}: {page}");
                assert!(!page.contains("A kite threatens"), "{path}: what happened is told to whom it concerns: {page}");
            }
            assert_eq!(get(&site, &file, &[]).await?.status(), status);
            let oembed = format!("/oembed?url=http%3A%2F%2Flocalhost%3A8080{}", post.path);
            assert_eq!(get(&site, &oembed, &[]).await?.status(), 404);
            let page = text(get(&site, &post.path, PAGE).await?).await?;
            assert!(page.contains("This was removed") && page.contains("appeal"), "{page}");
            let embed = text(get(&site, &format!("{}/embed", post.path), PAGE).await?).await?;
            assert!(embed.contains("This was removed") && embed.contains(&format!("{}\"", post.path)), "{embed}");
            let manage = text(get(&site, &post.manage, PAGE).await?).await?;
            assert!(manage.contains("A kite threatens another kite.") && manage.contains("Why is this wrong?"), "{manage}");
            let facts = text(get(&site, &format!("{}.json", post.path), &[]).await?).await?;
            assert!(facts.contains("/problems/removed"), "{facts}");
        }
        for (path, fields) in [(post.manage.clone(), &[("text", "New words")][..]), (format!("{}/delete", post.manage), &[])] {
            let response = sent(&site, &path, fields).await?;
            assert_eq!(response.status(), status, "what is dark is neither edited nor deleted: {path}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_medium_that_was_removed_leaves_the_rest_of_its_post() -> Result<()> {
    let site = TestSite::new().await?;
    let (kite, other) = (mosaic(640, 480, 1)?, mosaic(640, 480, 2)?);
    let fields = [
        Part::Field("text", "A day out"),
        Part::File("kite.png", &kite),
        Part::Field("caption", "Forbidden"),
        Part::File("other.png", &other),
    ];
    let post = posted(&site, &fields).await?;
    let facts = json(&site, &post.path).await?;
    let medium = facts["media"][0]["id"].as_str().context("a medium")?.to_owned();
    let mut report = REPORT.to_vec();
    report.push(("media", &medium));
    reported(&site, &post, &report).await?;
    decided(&site, &only_case(&site).await?, decision(Action::Remove, Ground::Policy, "violence")?, false).await?;
    site.run_jobs().await?;
    let page = text(get(&site, &post.path, PAGE).await?).await?;
    assert!(page.contains("A day out") && page.contains("This was removed.") && page.contains("<img"), "{page}");
    let place =
        page.split("This was removed.").nth(1).and_then(|rest| rest.split("</div>").next()).context("nothing stands in its place")?;
    assert!(place.contains("Threats and violence ·") && place.contains("/policy") && place.contains("/contact"), "{place}");
    let facts = json(&site, &post.path).await?;
    let states: Vec<_> = facts["media"].as_array().context("media")?.iter().map(|one| one["state"].as_str().unwrap_or_default()).collect();
    assert_eq!(states, ["removed", "ready"]);
    assert!(facts["media"][0]["caption"].is_null() && facts["media"][0]["original"].is_null(), "{facts}");
    let again = posted(&site, &[Part::File("kite.png", &kite)]).await?;
    assert_eq!(json(&site, &again.path).await?["state"], "waiting", "what was removed stays gone");
    let manage = text(get(&site, &post.manage, PAGE).await?).await?;
    assert!(manage.contains("A decision on your post") && manage.contains("A kite threatens another kite."), "{manage}");
    Ok(())
}

#[tokio::test]
async fn whoever_posted_what_is_only_alike_is_told_so() -> Result<()> {
    let site = TestSite::new().await?;
    let kite = mosaic(640, 480, 1)?;
    let first = posted(&site, &[Part::Field("text", "A day out"), Part::File("kite.png", &kite)]).await?;
    let other = posted(&site, &[Part::Field("text", "Something else"), Part::File("kite.png", &kite)]).await?;
    reported(&site, &first, REPORT).await?;
    decided(&site, &only_case(&site).await?, decision(Action::Remove, Ground::Policy, "violence")?, true).await?;
    site.run_jobs().await?;
    assert_eq!(json(&site, &other.path).await?["media"][0]["state"], "removed", "everything alike was to go");
    for (post, is_alike) in [(&first, false), (&other, true)] {
        let manage = text(get(&site, &post.manage, PAGE).await?).await?;
        assert_eq!(manage.contains("like something that was reported"), is_alike, "{manage}");
        assert_eq!(manage.contains("Somebody reported it."), !is_alike, "{manage}");
    }
    Ok(())
}

#[tokio::test]
async fn a_poster_appeals_once_and_what_was_wrong_comes_back_as_it_was() -> Result<()> {
    let site = TestSite::new().await?;
    let kite = mosaic(640, 480, 1)?;
    let fields = [
        Part::Field("title", "Kites"),
        Part::Field("text", "Over the *harbour*"),
        Part::File("kite.png", &kite),
        Part::Field("caption", "Red"),
    ];
    let post = posted(&site, &fields).await?;
    let before = (json(&site, &post.path).await?, text(get(&site, &post.path, PAGE).await?).await?);
    let file = before.0["media"][0]["original"]["url"].as_str().context("a file")?.to_owned();
    let original = bytes(get(&site, &file, &[]).await?).await?;
    reported(&site, &post, REPORT).await?;
    decided(&site, &only_case(&site).await?, decision(Action::Remove, Ground::Policy, "hate")?, true).await?;
    site.run_jobs().await?;
    let manage = text(get(&site, &post.manage, PAGE).await?).await?;
    let decision = manage.split("name=\"decision\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).context("the form")?;
    let path = format!("{}/appeal", post.manage);
    assert_eq!(sent(&site, &path, &[("decision", decision), ("words", " ")]).await?.status(), 400);
    assert_eq!(sent(&site, &path, &[("decision", decision), ("words", "It is a toy.")]).await?.status(), 303);
    assert_eq!(sent(&site, &path, &[("decision", decision), ("words", "Once more.")]).await?.status(), 400);
    let manage = text(get(&site, &format!("{}?appealed=1", post.manage), PAGE).await?).await?;
    assert!(manage.contains("Your appeal was received.") && manage.contains("It is a toy."), "{manage}");
    let appeals = site.site.open_appeals(9).await?;
    let [appeal] = appeals.as_slice() else { anyhow::bail!("{appeals:?}") };
    assert_eq!(site.site.answer(None, &appeal.id, app::Answer::Undone, "So it is.").await?, app::Answered::Done);
    assert_eq!(site.site.answer(None, &appeal.id, app::Answer::Upheld, "No.").await?, app::Answered::Before, "answered twice");
    site.run_jobs().await?;
    let after = json(&site, &post.path).await?;
    assert_eq!(after, before.0);
    assert_eq!(bytes(get(&site, &file, &[]).await?).await?, original);
    assert_eq!(text(get(&site, &post.path, PAGE).await?).await?, before.1);
    let again = posted(&site, &[Part::File("kite.png", &kite)]).await?;
    assert_eq!(json(&site, &again.path).await?["state"], "live", "the bank has forgotten it");
    Ok(())
}

#[tokio::test]
async fn a_poster_whose_post_was_covered_is_told_why_and_can_appeal() -> Result<()> {
    let site = TestSite::new().await?;
    let post = photo(&site).await?;
    let place = reported(&site, &post, REPORT).await?;
    let id = decided(&site, &only_case(&site).await?, decision(Action::Cover, Ground::Policy, "graphic")?, true).await?;
    assert_eq!(get(&site, &post.path, PAGE).await?.status(), 200);
    let manage = text(get(&site, &post.manage, PAGE).await?).await?;
    for told in [
        "Covered: visitors are asked",
        "In every country",
        "It looked for what is alike",
        "A person decided.",
        "out-of-court",
        "Cruel pictures",
    ] {
        assert!(manage.contains(told), "{told}: {manage}");
    }
    let path = format!("{}/appeal", post.manage);
    // What cannot be taken is given back on the page of a post that stands.
    let long = "ب".repeat(6_000);
    let refused = sent(&site, &path, &[("decision", id.as_str()), ("words", &long)]).await?;
    assert_eq!(refused.status(), 400);
    let page = text(refused).await?;
    assert!(page.contains(&long) && page.contains("name=\"title\""), "{page}");
    assert_eq!(sent(&site, &path, &[("decision", id.as_str()), ("words", "It is a toy.")]).await?.status(), 303);
    assert_eq!(site.site.open_appeals(9).await?.len(), 1);
    let receipt = text(get(&site, place.trim_end_matches("?filed=1"), PAGE).await?).await?;
    assert!(receipt.contains("Software only looked for what is alike.") && receipt.contains("You can also turn to a court."), "{receipt}");
    Ok(())
}

#[tokio::test]
async fn whoever_decides_sees_how_often_a_post_was_opened() -> Result<()> {
    let site = TestSite::new().await?;
    let post = posted(&site, &[Part::Field("text", "The kite is threatened.")]).await?;
    for _ in 0..3 {
        assert_eq!(get(&site, &post.path, PAGE).await?.status(), 200);
    }
    // Who reads it as a program has not opened it.
    assert_eq!(get(&site, &format!("{}.json", post.path), &[]).await?.status(), 200);
    site.site.keep_openings().await?;
    assert_eq!(get(&site, &post.path, PAGE).await?.status(), 200);
    site.site.keep_openings().await?;
    reported(&site, &post, REPORT).await?;
    let case = only_case(&site).await?;
    let view = site.site.case(&case).await?.context("a case")?;
    assert_eq!(view.opened.values().copied().collect::<Vec<_>>(), [4]);
    assert_eq!(view.rank.reach, 10);
    // It comes before another one only once more have seen it, and then without anybody saying more.
    site.site.clock.advance_ms(1);
    let other = posted(&site, &[Part::Field("text", "Something else altogether stands here, and it is about boats.")]).await?;
    reported(&site, &other, &[REPORT, &[("name", "Ada")]].concat()).await?;
    let first = async || anyhow::Ok(site.site.queue(2).await?.0.first().context("a case")?.case.subject.post_id.to_string());
    assert_eq!(first().await?, other.path.trim_start_matches('/'));
    for _ in 0..1_000 {
        site.site.was_opened(&view.case.subject.post_id);
    }
    site.site.keep_openings().await?;
    assert_eq!(first().await?, post.path.trim_start_matches('/'));
    assert_eq!(site.site.queue(1).await?.0[0].case.weight, site.site.queue(1).await?.0[0].rank.total(), "what is stored is what is shown");
    let deleted = sent(&site, &format!("{}/delete", post.manage), &[]).await?;
    assert!(deleted.status().is_success() || deleted.status().is_redirection(), "{}", deleted.status());
    site.run_jobs().await?;
    assert_eq!(store::opened::times(&site.site.store.db, &view.case.subject.post_id).await?, 0, "a number is left of what is gone");
    Ok(())
}
