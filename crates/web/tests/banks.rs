//! Banks in the console: which of them found a case and how often it was right, and which only count because they were often wrong.

use anyhow::{Context as _, Result};
use app::NewItem;
use axum::body::Body;
use axum::http::Request;
use domain::{BankKind, BankName, OnMatch, Role};
use testkit::TestSite;
use testkit::site::{Part, text};

use crate::console::{added, browser, enrolled};
use crate::posted;

const WORDS: &str = "The red kite flies over the old harbour every morning, and the children on the quay watch until it is gone.";

/// The page at `path` in Arabic, for whoever has this cookie.
async fn in_arabic(site: &TestSite, cookie: &str, path: &str) -> Result<String> {
    let request = Request::get(path).header("host", "localhost:8080").header("accept", "text/html").header("accept-language", "ar");
    text(site.request(request.header("cookie", cookie).body(Body::empty())?).await).await
}

#[tokio::test]
async fn the_queue_says_which_bank_found_it_and_an_operator_lets_a_bank_act_again() -> Result<()> {
    let site = TestSite::new().await?;
    let name = BankName::parse("kites").context("a name")?;
    assert!(site.site.create_bank(&name, BankKind::Live, OnMatch::Hold).await?);
    let bank = site.site.bank(&name).await?.context("the bank")?;
    let known = site.site.look_at_words(WORDS).await?.context("words")?;
    site.site.add_to_bank(&bank, NewItem { label: "<list>.csv".to_owned(), known }, |_| {}).await?;
    let (_, link) = added(&site, "Ola", Role::Operator).await?;
    let mut ola = browser(&site);
    enrolled(&mut ola, &link).await?;
    for round in 0..domain::bank::LEAST_JUDGED {
        for _ in 0..3 {
            posted(&site, &[Part::Field("text", WORDS)]).await?;
        }
        let queue = ola.get("/console").await?.body;
        let case = queue.split("href=\"").find_map(|rest| rest.split('"').next().filter(|url| url.starts_with("/console/cases/")));
        let case = case.with_context(|| format!("{round}: no case: {queue}"))?.to_owned();
        for part in ["Found by a bank", "<bdi>kites</bdi>", "100% sure", "3 are held for the same"] {
            assert!(queue.contains(part), "{part}: {queue}");
        }
        let told = if round == 0 { "nobody has judged the bank yet".to_owned() } else { format!("the bank was right 0 of {round} times") };
        let page = ola.get(&case).await?.body;
        assert!(queue.contains(&told) && page.contains(&told), "{told}: {page}");
        assert!(page.contains("2 held") && page.contains("Nobody sees it until it is decided."), "{page}");
        let cookie = ola.cookie.clone().context("a cookie")?;
        let arabic = in_arabic(&site, &cookie, "/console").await?;
        assert!(arabic.contains("محجوزة للسبب نفسه") && arabic.contains("<bdi>kites</bdi>") && arabic.contains("dir=\"rtl\""), "{arabic}");
        let form = [("action", "no_action"), ("alike", "1")];
        assert_eq!(ola.post(&format!("{case}/decide"), &form).await?.status, 303);
    }
    let banks = ola.get("/console/banks").await?.body;
    for part in ["&#60;list&#62;.csv", "the bank was right 0 of 5 times", "was often wrong, and only counts since", "Let it act again"] {
        assert!(banks.contains(part), "{part}: {banks}");
    }
    assert!(!banks.contains("<list>"));
    let cookie = ola.cookie.clone().context("a cookie")?;
    assert!(in_arabic(&site, &cookie, "/console/banks").await?.contains("كان كثير الخطأ، ويكتفي بالعدّ منذ"));
    posted(&site, &[Part::Field("text", WORDS)]).await?;
    assert!(ola.get("/console").await?.body.contains("The queue is empty."));

    // A moderator has no business there.
    let (_, link) = added(&site, "Salma", Role::Moderator).await?;
    let mut salma = browser(&site);
    enrolled(&mut salma, &link).await?;
    assert_eq!(salma.get("/console/banks").await?.status, 403);
    assert_eq!(salma.post("/console/banks/kites/trust", &[]).await?.status, 403);
    assert!(!salma.get("/console").await?.body.contains("/console/banks"));
    for wrong in ["no-such-bank", "-", "%00"] {
        assert_eq!(ola.post(&format!("/console/banks/{wrong}/trust"), &[]).await?.status, 404, "{wrong}");
    }
    for _ in 0..2 {
        let answer = ola.post("/console/banks/kites/trust", &[]).await?;
        assert_eq!((answer.status, answer.location.as_str()), (303, "/console/banks?told=trusted"));
    }
    let banks = ola.get("/console/banks?told=trusted").await?.body;
    assert!(banks.contains("The bank acts again.") && !banks.contains("Let it act again"), "{banks}");
    posted(&site, &[Part::Field("text", WORDS)]).await?;
    assert!(ola.get("/console").await?.body.contains("One is held for the same"));
    let audit = ola.get("/console/audit").await?.body;
    assert!(audit.contains("Trusted again") && audit.contains("Often wrong, so it only counts now"), "{audit}");
    Ok(())
}

#[tokio::test]
async fn an_operator_confirms_at_a_second_look_what_would_reach_much() -> Result<()> {
    let site = TestSite::with(|parts| parts.reach_limit = 1).await?;
    let name = BankName::parse("kites").context("a name")?;
    assert!(site.site.create_bank(&name, BankKind::Live, OnMatch::Hold).await?);
    let bank = site.site.bank(&name).await?.context("the bank")?;
    for _ in 0..2 {
        posted(&site, &[Part::Field("text", WORDS)]).await?;
    }
    let known = site.site.look_at_words(WORDS).await?.context("words")?;
    let added_to = site.site.add_to_bank(&bank, NewItem { label: "<list>.csv".to_owned(), known }, |_| {}).await?;
    assert_eq!(added_to.waits, Some(2));
    let (_, link) = added(&site, "Ola", Role::Operator).await?;
    let mut ola = browser(&site);
    enrolled(&mut ola, &link).await?;
    assert!(ola.get("/console").await?.body.contains("The queue is empty."));
    let banks = ola.get("/console/banks").await?.body;
    for part in ["&#60;list&#62;.csv", "it would reach 2 things that nobody has reported", "Let it act"] {
        assert!(banks.contains(part), "{part}: {banks}");
    }
    let item = banks.split("name=\"item\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).context("no item")?.to_owned();
    let (_, link) = added(&site, "Salma", Role::Moderator).await?;
    let mut salma = browser(&site);
    enrolled(&mut salma, &link).await?;
    assert_eq!(salma.post("/console/banks/kites/confirm", &[("item", &item)]).await?.status, 403);
    assert_eq!(ola.post("/console/banks/kites/confirm", &[("item", "nonsense")]).await?.status, 404);
    for _ in 0..2 {
        let answer = ola.post("/console/banks/kites/confirm", &[("item", &item)]).await?;
        assert_eq!((answer.status, answer.location.as_str()), (303, "/console/banks?told=confirmed"));
    }
    site.run_jobs().await?;
    let banks = ola.get("/console/banks?told=confirmed").await?.body;
    assert!(banks.contains("It acts from now on") && !banks.contains("it would reach"), "{banks}");
    assert!(ola.get("/console").await?.body.contains("2 are held for the same"));
    let audit = ola.get("/console/audit").await?.body;
    assert!(audit.contains("Confirmed at a second look") && audit.contains("waits for a second look"), "{audit}");
    Ok(())
}
