//! Mail as those who report meet it, where no server answers: what is promised, what is kept, and how it ends. Real servers are in `e2e`.

use anyhow::{Context as _, Result};
use app::{Letter, Post, Server};
use axum::body::Body;
use axum::http::Request;
use domain::{CaseId, MailKind, MailState, NoticeId, RawDecision, Role};
use store::mails::MailRow;
use testkit::TestSite;
use testkit::site::text;

use crate::console::added;
use crate::filings::{Client, register};
use crate::portal::{ORDER, filed, member, post};
use crate::{get, photo};

const PAGE: &[(&str, &str)] = &[("accept", "text/html")];

/// A server that nobody runs.
fn nowhere() -> Result<Server> {
    let free = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    Ok(Server::parse(&format!("smtp://127.0.0.1:{free}"), "", "Kites <reports@kites.example>", "kites.example", false)?)
}

async fn mailing() -> Result<TestSite> {
    let server = nowhere()?;
    let post = Post {
        server,
        origin: "https://kites.example".to_owned(),
        name: "Kites".to_owned(),
        provider: "Kite Society".to_owned(),
        contact: Some("ola@kites.example".to_owned()),
        write: web::letters::write,
    };
    TestSite::with(|parts| parts.post = Some(post)).await
}

async fn report(site: &TestSite, path: &str, email: &str, language: &str) -> Result<String> {
    let form = format!("category=policy&explanation=A+red+kite.+BUY+MY+KITES&good_faith=1&email={email}");
    let request = Request::post(format!("{path}/report")).header("accept", "text/html").header("accept-language", language);
    let response = site.request(request.header("content-type", "application/x-www-form-urlencoded").body(Body::from(form))?).await;
    anyhow::ensure!(response.status() == 303, "{}", response.status());
    Ok(response.headers()["location"].to_str()?.trim_end_matches("?filed=1").to_owned())
}

/// The mail about a case.
async fn mails(site: &TestSite, case: &CaseId) -> Result<Vec<MailRow>> {
    Ok(site.site.mails(case).await?.into_iter().map(|(_, row)| row).collect())
}

async fn only_case(site: &TestSite) -> Result<CaseId> {
    Ok(site.site.queue(9).await?.0.first().context("a case")?.case.id.clone())
}

async fn words(site: &TestSite, row: &MailRow) -> Result<Letter> {
    web::letters::write(site.site.clone(), row.clone()).await?.context("it has nothing to say")
}

async fn remove(site: &TestSite, case: &CaseId, facts: &str) -> Result<()> {
    let raw = RawDecision {
        action: Some("remove".to_owned()),
        ground: Some("policy".to_owned()),
        reference: Some("graphic".to_owned()),
        countries: None,
        facts: Some(facts.to_owned()),
    };
    let decided = site.site.decide(None, case, raw.check()?, true).await?;
    anyhow::ensure!(matches!(decided, app::Decided::Done(..)), "{decided:?}");
    Ok(())
}

#[tokio::test]
async fn a_site_that_sends_no_mail_promises_none() -> Result<()> {
    let site = TestSite::new().await?;
    let post = photo(&site).await?;
    let form = text(get(&site, &format!("{}/report", post.path), PAGE).await?).await?;
    assert!(form.contains("This site sends no mail by itself") && !form.contains("We write to it"), "{form}");
    let place = report(&site, &post.path, "ada@kites.example", "en").await?;
    let receipt = text(get(&site, &place, PAGE).await?).await?;
    assert!(receipt.contains("It is not sent to you") && !receipt.contains("no-mail"), "{receipt}");
    site.run_jobs().await?;
    let case = only_case(&site).await?;
    remove(&site, &case, "A red kite.").await?;
    site.run_jobs().await?;
    assert!(mails(&site, &case).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn mail_says_nothing_that_its_reporter_wrote_and_waits_for_a_server() -> Result<()> {
    let site = mailing().await?;
    let post = photo(&site).await?;
    let form = text(get(&site, &format!("{}/report", post.path), PAGE).await?).await?;
    assert!(form.contains("We write to it that the report came"), "{form}");
    let place = report(&site, &post.path, "ada@kites.example", "pl").await?;
    let page = text(get(&site, &place, PAGE).await?).await?;
    assert!(page.contains("It is also sent to the address") && page.contains(&format!("{place}/no-mail")), "{page}");
    site.run_jobs().await?;
    let case = only_case(&site).await?;
    let [row] = mails(&site, &case).await?.try_into().map_err(|rows| anyhow::anyhow!("{rows:?}"))?;
    assert_eq!((row.kind, row.state, row.tries), (MailKind::Receipt, MailState::Waiting, 1));
    let letter = words(&site, &row).await?;
    assert!(letter.subject == "Twoje zgłoszenie dotarło" && letter.language == "pl", "{letter:?}");
    assert!(letter.body.contains(&format!("https://kites.example{place}\n")), "{letter:?}");
    assert!(!letter.body.contains("BUY") && !letter.body.contains(&post.path), "{letter:?}");
    // Decided before the first one has left: the second is written down as well.
    remove(&site, &case, "A red kite.").await?;
    site.run_jobs().await?;
    let rows = mails(&site, &case).await?;
    let decision = rows.iter().find(|row| row.kind == MailKind::Decision).context("it was told")?;
    let letter = words(&site, decision).await?;
    for told in [
        "https://kites.example/policy/1#graphic",
        "Okrutne obrazy",
        &format!("https://kites.example{}\n", post.path),
        "https://kites.example/contact",
    ] {
        assert!(letter.body.contains(told), "{told}: {letter:?}");
    }
    assert!(!letter.body.contains("BUY") && !letter.body.contains("A red kite"), "{letter:?}");
    // For days nobody answers, and addresses that nobody needs are forgotten meanwhile.
    site.site.queue_upkeep().await?;
    for _ in 0..20 {
        site.site.clock.advance_ms(domain::time::DAY_MS);
        site.run_jobs().await?;
    }
    for row in mails(&site, &case).await? {
        assert_eq!((row.state, row.recipient, row.receipt.is_none()), (MailState::GivenUp, None, true), "{:?}", row.kind);
        assert_eq!(row.tries, 14);
    }
    let notice = NoticeId::parse(&decision.subject).context("a notice")?;
    assert!(site.site.notice(&notice).await?.is_some_and(|notice| notice.notice.email.is_some()), "it may be asked for by the operator");
    for _ in 0..8 {
        site.site.clock.advance_ms(30 * domain::time::DAY_MS);
        site.run_jobs().await?;
    }
    assert!(site.site.notice(&notice).await?.is_some_and(|notice| notice.notice.email.is_none()), "six months after the decision");
    assert!(site.files_with(b"ada@kites.example")?.is_empty(), "the address is left in a file");
    Ok(())
}

#[tokio::test]
async fn a_flood_of_reports_in_one_name_writes_to_it_a_few_times_and_one_press_ends_it() -> Result<()> {
    let mut site = mailing().await?;
    site.leave_jobs();
    let post = photo(&site).await?;
    let mut places = Vec::new();
    for _ in 0..12 {
        places.push(report(&site, &post.path, "victim@kites.example", "en").await?);
    }
    report(&site, &post.path, "ada@kites.example", "en").await?;
    let case = only_case(&site).await?;
    let rows = mails(&site, &case).await?;
    let to = |name: &str| rows.iter().filter(|row| row.recipient.as_deref() == Some(name)).count();
    assert_eq!((to("victim@kites.example"), to("ada@kites.example")), (5, 1));
    let stop = |place: String| Request::post(format!("{place}/no-mail")).header("accept", "text/html").body(Body::empty());
    for place in &places {
        assert_eq!(site.request(stop(place.clone())?).await.status(), 303);
        assert_eq!(site.request(stop(place.clone())?).await.status(), 303, "pressed twice");
    }
    let page = text(get(&site, &format!("{}?stopped=1", places[0]), PAGE).await?).await?;
    assert!(page.contains("Your address is forgotten.") && !page.contains("no-mail"), "{page}");
    assert_eq!(site.request(stop("/notices/abcdefghjkmnpabcdefghjkmnp".to_owned())?).await.status(), 404);
    let waiting: Vec<_> = mails(&site, &case).await?.into_iter().filter(|row| row.state == MailState::Waiting).collect();
    assert_eq!(waiting.iter().map(|row| row.recipient.as_deref()).collect::<Vec<_>>(), [Some("ada@kites.example")]);
    site.run_jobs().await?;
    remove(&site, &case, "A red kite.").await?;
    site.run_jobs().await?;
    let told: Vec<_> = mails(&site, &case).await?.into_iter().filter(|row| row.kind == MailKind::Decision).collect();
    assert_eq!(
        told.iter().map(|row| row.recipient.as_deref()).collect::<Vec<_>>(),
        [Some("ada@kites.example")],
        "who was not written to is not now"
    );
    Ok(())
}

#[tokio::test]
async fn a_question_is_told_of_by_mail_as_long_as_it_waits_and_stands_under_the_receipt_alone() -> Result<()> {
    let mut site = mailing().await?;
    site.leave_jobs();
    let post = photo(&site).await?;
    let place = report(&site, &post.path, "ada@kites.example", "en").await?;
    let case = only_case(&site).await?;
    let (decider, _) = added(&site, "Salma", Role::Moderator).await?;
    let notice = site.site.case(&case).await?.context("a case")?.notices.remove(0).id;
    let asked = async |words: &str| -> Result<MailRow> {
        assert_eq!(site.site.ask_back(&decider, &case, &notice, words).await?, app::Noted::Done);
        mails(&site, &case).await?.into_iter().find(|row| row.kind == MailKind::Question).context("it is told")
    };
    let row = asked("Which of the kites?").await?;
    let letter = words(&site, &row).await?;
    assert!(letter.subject == "A question about your report" && letter.body.contains("wants to know something of you"), "{letter:?}");
    let secret = place.rsplit('/').next().context("a receipt")?;
    assert!(!letter.body.contains("Which") && !letter.body.contains("Salma") && !letter.body.contains(secret), "{letter:?}");
    // Another one takes its place, and is one mail.
    assert_eq!(asked("Which of the two?").await?.id, row.id);
    let receipt = domain::Receipt::parse(secret).context("a receipt")?;
    assert_eq!(site.site.answer_back(&receipt, &notice, "The red one.").await?, app::Noted::Done);
    assert!(web::letters::write(site.site.clone(), row.clone()).await?.is_none(), "it was answered before the mail left");
    // Who wants no mail is not asked by mail.
    let stop = Request::post(format!("{place}/no-mail")).header("accept", "text/html").body(Body::empty())?;
    assert_eq!(site.request(stop).await.status(), 303);
    assert_eq!(site.site.ask_back(&decider, &case, &notice, "And how many?").await?, app::Noted::Done);
    let waiting = mails(&site, &case).await?.into_iter().filter(|row| row.state == MailState::Waiting).count();
    assert_eq!(waiting, 0);
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn a_party_s_mail_says_what_its_page_says_line_by_line() -> Result<()> {
    let mut site = mailing().await?;
    site.leave_jobs();
    let party = register(&site, &Client::new(), "authority").await?;
    let mut own = member(&site, &party, "Inspector").await?;
    let url = post(&site, "A forbidden kite flies over the sea.").await?;
    let others = (1..=60).map(|number| format!("https://elsewhere.example/{number}"));
    let links: Vec<String> = std::iter::once(url.clone()).chain(others).collect();
    let reply = filed(&mut own, &[ORDER, &[("secret", "1")]].concat(), &links.join("\n")).await?;
    let id = reply.rsplit('/').next().context("no id")?.to_owned();
    site.run_jobs().await?;
    let mail = |about: Option<domain::DecisionId>| MailRow {
        id: domain::MailId::from_random([1; 16]),
        kind: MailKind::Reply,
        subject: id.clone(),
        about,
        recipient: Some("desk@kites.example".to_owned()),
        language: Some("en".to_owned()),
        receipt: None,
        state: MailState::Waiting,
        tries: 0,
        answer: None,
        created: site.now(),
    };
    assert!(web::letters::write(site.site.clone(), mail(None)).await?.is_none(), "nobody has decided");
    let case = only_case(&site).await?;
    remove(&site, &case, "A red kite.").await?;
    let waiting = async || -> Result<i64> {
        let lanes = store::jobs::lanes(&site.site.store.db, site.now()).await?;
        Ok(lanes.iter().filter(|lane| lane.name == app::job::MAIL).map(|lane| lane.waiting + lane.later).sum())
    };
    assert_eq!(waiting().await?, 0);
    site.run_jobs().await?;
    assert_eq!(waiting().await?, 1, "it was not written down");
    let letter = words(&site, &mail(None)).await?;
    assert_eq!(letter.subject, "Answer to your request KP-17/2026");
    let text = own.get(&format!("{reply}?form=text")).await?.body;
    let (said, told): (Vec<&str>, Vec<&str>) = (letter.body.lines().collect(), text.lines().collect());
    // The addressee is as the site's configuration has it, of which a test's pages know nothing.
    let is_own =
        |line: &str| line.starts_with("Addressee:") || line.starts_with("Hosting service provider:") || line.starts_with("Contact");
    let missing: Vec<&&str> =
        told.iter().filter(|line| !said.contains(line) && !is_own(line) && !line.contains("elsewhere") && !line.contains(&url)).collect();
    assert!(missing.is_empty(), "{missing:?} is not in {}", letter.body);
    for line in ["Regulation (EU) 2021/784, Annex II", "  [x] The content has been removed", "https://elsewhere.example/49", "and 11 more"]
    {
        assert!(said.contains(&line), "{line} in {}", letter.body);
    }
    assert!(letter.body.contains("Kite Society (https://kites.example)") && letter.body.contains("ola@kites.example"), "{}", letter.body);
    assert!(letter.body.trim_end().ends_with(&format!("https://kites.example/portal/filings/{id}")), "{}", letter.body);
    assert!(!letter.body.contains("elsewhere.example/50"), "{}", letter.body);
    Ok(())
}
