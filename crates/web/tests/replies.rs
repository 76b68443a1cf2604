//! What registered parties are answered where it is long, where several decisions meet, and where it was dark before.

use anyhow::{Context as _, Result};
use domain::decision::KEEP_MS;
use domain::{Act, DecisionId, RawDecision, RetentionGround, Role, Time};
use testkit::TestSite;

use crate::console::HERE;
use crate::filings::{Client, register};
use crate::portal::{ORDER, decider, filed, member, post};

fn decided(action: &str, countries: &str) -> Result<domain::Decision> {
    let raw = RawDecision {
        action: Some(action.into()),
        ground: Some("law".into()),
        reference: Some("Regulation (EU) 2021/784, Article 3".into()),
        countries: Some(countries.into()),
        facts: Some("The kite incites.".into()),
    };
    Ok(raw.check()?)
}

/// Decides on the only case that is open.
async fn decide(site: &TestSite, action: &str, countries: &str) -> Result<DecisionId> {
    site.run_jobs().await?;
    let (queue, open) = site.site.queue(2).await?;
    anyhow::ensure!(open == 1, "{open} cases are open");
    match site.site.decide(None, &queue[0].case.id, decided(action, countries)?, true).await? {
        app::Decided::Done(id, _) => Ok(id),
        other => anyhow::bail!("{other:?}"),
    }
}

async fn report(site: &TestSite, url: &str) -> Result<()> {
    let path = url.strip_prefix(HERE).context("it is elsewhere")?;
    let body = "category=policy&explanation=It+is+a+kite.&good_faith=1";
    let request = axum::http::Request::post(format!("{path}/report")).header("accept", "text/html");
    let response = site.request(request.header("content-type", "application/x-www-form-urlencoded").body(body.into())?).await;
    anyhow::ensure!(response.status() == 303, "{}", response.status());
    Ok(())
}

#[tokio::test]
async fn a_request_of_many_links_is_read_a_page_at_a_time_and_kept_whole_as_text() -> Result<()> {
    let site = TestSite::new().await?;
    let party = register(&site, &Client::new(), "authority").await?;
    let (mut own, mut operator) = (member(&site, &party, "Inspector").await?, decider(&site, "Ola", Role::Operator).await?);
    let url = post(&site, "A forbidden kite flies over the sea.").await?;
    let links: Vec<String> = (1..=401).map(|number| format!("https://elsewhere.example/{number}")).chain([url.clone()]).collect();
    let reply = filed(&mut own, ORDER, &links.join("\n")).await?;
    site.run_jobs().await?;
    let console = reply.replace("/portal/", "/console/");
    let pages = [(&mut own, &reply), (&mut operator, &console)];
    for (who, path) in pages {
        let first = who.get(path).await?.body;
        assert!(first.contains("elsewhere.example/200<") && !first.contains("elsewhere.example/201<"), "{path}");
        assert!(first.contains("Links 1 to 200 of 402") && first.contains(&format!("href=\"{path}?links=201\"")), "{first}");
        let last = who.get(&format!("{path}?links=401")).await?.body;
        assert!(last.contains("start=\"401\"") && last.contains(&url) && !last.contains("elsewhere.example/400<"), "{last}");
        assert!(last.contains(&format!("href=\"{path}?links=201\"")) && !last.contains("rel=\"next\""), "{last}");
    }
    // Its case is one press away from whoever decides.
    assert!(operator.get(&format!("{console}?links=401")).await?.body.contains("/console/cases/"));
    let text = own.get(&format!("{reply}?form=text")).await?.body;
    assert!(text.contains("elsewhere.example/1\n") && text.contains("elsewhere.example/401\n") && text.contains(&url), "{text}");
    Ok(())
}

#[tokio::test]
async fn pages_of_requests_and_of_decisions_go_on_within_one_moment() -> Result<()> {
    let site = TestSite::new().await?;
    let party = register(&site, &Client::new(), "authority").await?;
    let (mut own, mut operator) = (member(&site, &party, "Inspector").await?, decider(&site, "Ola", Role::Operator).await?);
    let url = post(&site, "A forbidden kite flies over the sea.").await?;
    // The clock of a test stands still.
    for number in 0..65 {
        let order: Vec<(&str, &str)> = ORDER.iter().copied().filter(|(name, _)| *name != "reference").collect();
        let reference = format!("KP-{number:02}/2026");
        filed(&mut own, &[&order[..], &[("reference", reference.as_str())]].concat(), &url).await?;
    }
    for _ in 0..65 {
        let id = decide(&site, "remove", "").await?;
        assert!(site.site.undo(None, &id).await?);
    }
    for (own_page, path, mark) in [
        (true, "/portal", "<bdi class=\"code\">"),
        (false, "/console/filings", "href=\"/console/filings/"),
        (false, "/console/decisions", "id=\"decision-"),
    ] {
        let who = if own_page { &mut own } else { &mut operator };
        let (mut next, mut seen, mut pages) = (path.to_owned(), std::collections::BTreeSet::new(), 0);
        loop {
            let page = who.get(&next).await?;
            assert_eq!(page.status, 200, "{next}");
            seen.extend(page.body.split(mark).skip(1).filter_map(|rest| rest.split(['"', '<']).next().map(str::to_owned)));
            pages += 1;
            match page.body.split(&format!("href=\"{path}?after=")).nth(1).and_then(|rest| rest.split('"').next()) {
                Some(place) => next = format!("{path}?after={place}"),
                None => break,
            }
        }
        assert_eq!((seen.len(), pages), (65, 3), "{path}: {seen:?}");
        assert_eq!(who.get(&format!("{path}?after=kite")).await?.status, 404);
    }
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn an_order_is_carried_out_by_what_does_most_to_what_it_names() -> Result<()> {
    let site = TestSite::with(|parts| parts.knows_countries = true).await?;
    let party = register(&site, &Client::new(), "authority").await?;
    let mut own = member(&site, &party, "Inspector").await?;
    let url = post(&site, "A forbidden kite flies over the sea.").await?;
    // Covered long before, by somebody's report.
    report(&site, &url).await?;
    decide(&site, "cover", "").await?;
    let reply = filed(&mut own, ORDER, &url).await?;
    assert!(own.get(&reply).await?.body.contains("Acknowledgement of receipt"), "a cover carries no order out");
    let refused = decide(&site, "withhold", "PL DE").await.err().map(|error| error.to_string());
    assert_eq!(refused.as_deref(), Some("Ordered"), "not in all Member States");
    let json = async |own: &mut crate::console::Browser<'_>, reply: &str| -> Result<serde_json::Value> {
        Ok(serde_json::from_str(&own.get(&format!("{reply}?form=json")).await?.body)?)
    };
    assert_eq!(json(&mut own, &reply).await?["state"], "open");
    let all = filed(&mut own, ORDER, &url).await?;
    decide(&site, "withhold", "EU").await?;
    let answer = json(&mut own, &all).await?;
    assert_eq!(
        (&answer["state"], &answer["annex"]["form"], &answer["annex"]["measure"]),
        (&"done".into(), &"II".into(), &"access_disabled".into())
    );
    let page = own.get(&all).await?.body;
    let ticked = page.split("class=\"ticked\"").nth(1).context("no box is ticked")?;
    assert!(ticked.split("</li>").next().is_some_and(|words| words.contains("disabled in all Member States")), "{page}");
    assert!(site.site.waiting_filings(9).await?.is_empty(), "what was carried out waits");
    let removed = filed(&mut own, ORDER, &url).await?;
    decide(&site, "remove", "").await?;
    for reply in [&reply, &all, &removed] {
        let answer = json(&mut own, reply).await?;
        assert_eq!((&answer["state"], &answer["annex"]["measure"]), (&"done".into(), &"removed".into()), "{answer}");
    }
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn what_is_dark_already_is_kept_for_whoever_orders_it_or_asks_for_it_to_be_kept() -> Result<()> {
    let site = TestSite::new().await?;
    let authority = register(&site, &Client::new(), "authority").await?;
    let flagger = register(&site, &Client { keyid: "kites-2", ..Client::new() }, "trusted_flagger").await?;
    let url = post(&site, "A forbidden kite flies over the sea.").await?;
    report(&site, &url).await?;
    let decision = decide(&site, "remove", "").await?;
    site.run_jobs().await?;
    site.site.clock.advance_ms(KEEP_MS / 2);
    let (mut own, mut other) = (member(&site, &authority, "Inspector").await?, member(&site, &flagger, "Watcher").await?);
    let kept = async || -> Result<Vec<(RetentionGround, String, Time)>> {
        let rows = site.site.retentions(&decision).await?;
        Ok(rows.into_iter().map(|row| (row.retention.ground, row.retention.reference, row.retention.until)).collect())
    };
    assert_eq!(kept().await?.len(), 1, "for who may complain");
    let notice = [("type", "trusted_flagger"), ("category", "hate"), ("explanation", "It hates."), ("good_faith", "1")];
    filed(&mut other, &notice, &url).await?;
    assert_eq!(kept().await?.len(), 1, "a notice has nothing kept");
    let order = filed(&mut own, ORDER, &format!("{url}\n{url}#again")).await?;
    assert!(own.get(&order).await?.body.contains("Annex II"));
    let now = site.now();
    let all = kept().await?;
    let [_, (ground, reference, until)] = all.as_slice() else { anyhow::bail!("{all:?}") };
    assert_eq!((*ground, *until), (RetentionGround::Tco, now.plus_ms(KEEP_MS)));
    assert!(reference.contains("Kite authority") && reference.contains("KP-17/2026"), "{reference}");
    let wish = [
        ("type", "preservation_request"),
        ("reference", "KP-18/2026"),
        ("issued", "2020-01-01T10:00"),
        ("legal_basis", "Code of Kites, Article 9"),
        ("due", "2099-01-01T00:00"),
    ];
    filed(&mut own, &wish, &url).await?;
    let all = kept().await?;
    assert!(all.iter().any(|(ground, reference, _)| *ground == RetentionGround::Preservation && reference.contains("KP-18")), "{all:?}");
    let trail = site.site.audit(None, 100).await?;
    assert_eq!(trail.iter().filter(|told| told.row.act == Act::RetentionAdded && told.row.subject == decision.as_str()).count(), 2);
    // What is destroyed cannot be kept any more, and the order is answered all the same.
    site.run_jobs().await?;
    Ok(())
}
