//! The policy and the contact points, as readers meet them; and that a decision goes on citing what it was made under.

use anyhow::{Context as _, Result};
use app::{Decided, PolicySet};
use domain::{Language, Policy, RawDecision};
use testkit::TestSite;
use testkit::site::text;

use crate::{get, photo};

const PAGE: &[(&str, &str)] = &[("accept", "text/html")];
const ARABIC: &[(&str, &str)] = &[("accept", "text/html"), ("accept-language", "ar")];

fn policy(texts: &[(&str, &str)]) -> Result<Policy> {
    let texts: Vec<_> = texts.iter().filter_map(|(tag, text)| Some((Language::parse(tag)?, (*text).to_owned()))).collect();
    Policy::parse(&texts).map_err(|faults| anyhow::anyhow!("{faults:?}"))
}

const OWN: &str = "# The rules of the kite site\n\nBe kind, and read <script>alert(1)</script> this.\n\n## Forbidden kites {#kites}\n\nNo **red** kites.\n\n### Why\n\nThey frighten birds.\n";

/// Reports a post and removes it by a clause.
async fn removed_by(site: &TestSite, path: &str, clause: &str) -> Result<Decided> {
    let form = "category=policy&explanation=A+red+kite.&good_faith=1".to_owned();
    let request = axum::http::Request::post(format!("{path}/report")).header("content-type", "application/x-www-form-urlencoded");
    anyhow::ensure!(site.request(request.body(form.into())?).await.status() == 201);
    site.run_jobs().await?;
    let case = site.site.queue(9).await?.0.first().context("a case")?.case.id.clone();
    let raw = RawDecision {
        action: Some("remove".to_owned()),
        ground: Some("policy".to_owned()),
        reference: Some(clause.to_owned()),
        facts: Some("A red kite.".to_owned()),
        countries: None,
    };
    let decided = site.site.decide(None, &case, raw.check()?, false).await?;
    site.run_jobs().await?;
    Ok(decided)
}

#[tokio::test]
async fn a_site_begins_with_the_policy_that_ships_in_three_languages() -> Result<()> {
    let site = TestSite::new().await?;
    let page = text(get(&site, "/policy", PAGE).await?).await?;
    assert!(page.contains("<h2 id=\"violence\">Threats and violence</h2>") && page.contains("Version 1"), "{page}");
    assert!(!page.contains("not written in your language"), "{page}");
    let arabic = text(get(&site, "/policy", ARABIC).await?).await?;
    assert!(
        arabic.contains("<article class=\"sheet prose\" lang=\"ar\" dir=\"rtl\">") && arabic.contains("<h2 id=\"violence\">"),
        "{arabic}"
    );
    site.site.adopt_policy(&web::policy::shipped()).await?;
    assert_eq!(site.site.policies().await?.len(), 1, "a second start changes nothing");
    Ok(())
}

#[tokio::test]
async fn an_operator_s_own_policy_is_shown_and_a_reader_of_another_language_is_told_so() -> Result<()> {
    let site = TestSite::new().await?;
    let own = policy(&[
        ("pl", "# Zasady\n\n## Latawce {#kites}\n\nBez czerwonych.\n"),
        ("de", "# Regeln\n\n## Drachen {#kites}\n\nKeine roten.\n"),
    ])?;
    assert_eq!(site.site.set_policy(None, &own).await?, PolicySet::New(2));
    assert_eq!(site.site.set_policy(None, &own).await?, PolicySet::Already(2));
    site.site.adopt_policy(&web::policy::shipped()).await?;
    let arabic = text(get(&site, "/policy", ARABIC).await?).await?;
    assert!(arabic.contains("<html lang=\"ar\" dir=\"rtl\">") && arabic.contains("lang=\"de\" dir=\"ltr\""), "{arabic}");
    assert!(arabic.contains("غير مكتوبة بلغتك") && arabic.contains("Deutsch"), "{arabic}");
    let polish = text(get(&site, "/policy?in=pl", ARABIC).await?).await?;
    assert!(polish.contains("Bez czerwonych") && !polish.contains("غير مكتوبة بلغتك"), "{polish}");
    let nonsense = text(get(&site, "/policy?in=%3Cscript%3E", ARABIC).await?).await?;
    assert_eq!(nonsense, arabic);
    Ok(())
}

#[tokio::test]
async fn a_policy_is_markdown_and_never_markup_of_its_own() -> Result<()> {
    let site = TestSite::new().await?;
    site.site.set_policy(None, &policy(&[("en", OWN)])?).await?;
    let page = text(get(&site, "/policy", PAGE).await?).await?;
    assert!(page.contains("<h1>The rules of the kite site</h1>") && page.contains("<strong>red</strong>"), "{page}");
    assert!(page.contains("<h3>Why</h3>"), "a heading within a clause is one below it: {page}");
    assert!(!page.contains("<script>alert"), "{page}");
    Ok(())
}

#[tokio::test]
async fn a_decision_goes_on_citing_the_version_that_it_was_made_under() -> Result<()> {
    let site = TestSite::new().await?;
    let (one, two) = (photo(&site).await?, photo(&site).await?);
    assert!(matches!(removed_by(&site, &one.path, "graphic").await?, Decided::Done(..)));
    site.site.set_policy(None, &policy(&[("en", OWN)])?).await?;
    assert!(matches!(removed_by(&site, &two.path, "graphic").await?, Decided::NoSuchClause), "it is no rule any more");
    let case = site.site.queue(9).await?.0.first().context("still open")?.case.id.clone();
    let raw = RawDecision {
        action: Some("remove".to_owned()),
        ground: Some("policy".to_owned()),
        reference: Some("kites".to_owned()),
        facts: Some("A red kite.".to_owned()),
        countries: None,
    };
    assert!(matches!(site.site.decide(None, &case, raw.check()?, false).await?, Decided::Done(..)));
    site.run_jobs().await?;
    for (post, link, heading) in [(&one, "/policy/1#graphic", "Cruel pictures"), (&two, "/policy/2#kites", "Forbidden kites")] {
        for path in [&post.path, &post.manage] {
            let page = text(get(&site, path, PAGE).await?).await?;
            assert!(page.contains(&format!("<a href=\"{link}\">{heading}</a>")), "{path}: {page}");
        }
        let (path, anchor) = link.split_once('#').context("an anchor")?;
        let page = text(get(&site, path, PAGE).await?).await?;
        assert!(page.contains(&format!("<h2 id=\"{anchor}\">{heading}</h2>")), "{path}: {page}");
    }
    let old = text(get(&site, "/policy/1", PAGE).await?).await?;
    assert!(old.contains("This is an earlier version") && old.contains("noindex"), "{old}");
    let now = text(get(&site, "/policy", PAGE).await?).await?;
    assert!(now.contains("<a href=\"/policy/1\">") && !now.contains("This is an earlier version") && !now.contains("noindex"), "{now}");
    for nothing in ["/policy/0", "/policy/3", "/policy/01", "/policy/+1", "/policy/x", "/policy/99999999999999999999"] {
        assert_eq!(get(&site, nothing, PAGE).await?.status(), 404, "{nothing}");
    }
    assert_eq!(site.site.cited_and_not_in(&policy(&[("en", OWN)])?).await?, [("graphic".to_owned(), 1)]);
    Ok(())
}

#[tokio::test]
async fn a_program_reads_the_policy_and_its_versions() -> Result<()> {
    let site = TestSite::new().await?;
    site.site.set_policy(None, &policy(&[("en", OWN)])?).await?;
    let told = |path: &'static str| async {
        let response = site.get(path).await?;
        let status = response.status().as_u16();
        anyhow::Ok((status, serde_json::from_str::<serde_json::Value>(&text(response).await?)?))
    };
    let (status, now) = told("/api/v1/policy").await?;
    assert_eq!(
        (status, &now["version"], &now["until"], &now["versions"]),
        (200, &2.into(), &serde_json::Value::Null, &serde_json::json!([2, 1]))
    );
    assert_eq!(now["texts"][0]["sections"][0]["id"], "kites");
    assert_eq!(now["texts"][0]["sections"][0]["text"], "No **red** kites.\n\n## Why\n\nThey frighten birds.");
    let (status, before) = told("/api/v1/policy/1").await?;
    assert_eq!((status, &before["until"]), (200, &now["since"]));
    assert_eq!(told("/api/v1/policy/7").await?.0, 404);
    Ok(())
}

#[tokio::test]
async fn what_is_not_told_of_contact_is_said_to_be_missing() -> Result<()> {
    let site = TestSite::new().await?;
    let page = text(get(&site, "/contact", PAGE).await?).await?;
    assert_eq!(page.matches("No way is given.").count(), 3, "{page}");
    assert!(page.contains("What is not told here") && page.contains("/api/v1/notices"), "{page}");
    let points = web::contact::Points {
        name: Some("Ola".to_owned()),
        address: Some("Kite Street 1, Warsaw".to_owned()),
        country: Some(web::contact::Country::parse("PL")?),
        users: Some(web::Contact::parse("ola@kites.example")?),
        authorities: Some(web::Contact::parse("police@kites.example")?),
        orders: Some(web::Contact::parse("orders@kites.example")?),
        languages: ["pl", "en"].into_iter().filter_map(Language::parse).collect(),
        ..web::contact::Points::default()
    };
    let house = web::House { points, ..web::House::default() };
    let site = TestSite::dressed(|_| {}, |inner| inner.house = std::sync::Arc::new(house)).await?;
    for (language, words) in [(PAGE, "For authorities"), (ARABIC, "للسلطات")] {
        let page = text(get(&site, "/contact", language).await?).await?;
        for told in ["mailto:ola@", "mailto:police@", "mailto:orders@", "Kite Street 1, Warsaw", "Polski", words] {
            assert!(page.contains(told), "{told}: {page}");
        }
        assert!(!page.contains("id=\"missing\"") && !page.contains("id=\"representative\""), "{page}");
    }
    Ok(())
}
