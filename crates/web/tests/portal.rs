//! The portal as the people of a party meet it, and the console's pages about parties and what they file.

use anyhow::{Context as _, Result};
use axum::http::Request;
use domain::{Inability, ModeratorName, PartyId, RawDecision, Role};
use testkit::TestSite;
use testkit::site::Part;

use crate::console::{Answer, Browser, HERE, added, browser, enrolled, urlencoded};
use crate::filings::{Client, register};
use crate::posted;

/// Somebody of a party, enrolled.
pub(crate) async fn member<'a>(site: &'a TestSite, party: &PartyId, name: &str) -> Result<Browser<'a>> {
    let name = ModeratorName::parse(name).context("no name")?;
    let link = site.site.add_party_person(None, party, &name).await?.map_err(|refused| anyhow::anyhow!("{refused:?}"))?;
    let mut own = browser(site);
    enrolled(&mut own, &format!("/console/enrol/{}", link.secret.expose())).await?;
    Ok(own)
}

pub(crate) async fn decider<'a>(site: &'a TestSite, name: &str, role: Role) -> Result<Browser<'a>> {
    let (_, link) = added(site, name, role).await?;
    let mut own = browser(site);
    enrolled(&mut own, &link).await?;
    Ok(own)
}

fn remove() -> RawDecision {
    RawDecision {
        action: Some("remove".into()),
        ground: Some("law".into()),
        reference: Some("Regulation (EU) 2021/784, Article 3".into()),
        countries: None,
        facts: Some("The kite incites.".into()),
    }
}

pub(crate) async fn post(site: &TestSite, words: &str) -> Result<String> {
    Ok(format!("{HERE}{}", posted(site, &[Part::Field("text", words)]).await?.path))
}

pub(crate) const ORDER: &[(&str, &str)] = &[
    ("type", "tco_removal_order"),
    ("reference", "KP-17/2026"),
    ("issued", "2020-01-01T10:00"),
    ("reasons", "incites"),
    ("reasons", "threatens"),
    ("redress", "The court of kites, within a month."),
];

pub(crate) async fn filed(own: &mut Browser<'_>, order: &[(&str, &str)], url: &str) -> Result<String> {
    let answer = own.post("/portal/file", &[order, &[("subjects", url)]].concat()).await?;
    assert_eq!(answer.status, 303, "{}", answer.body);
    Ok(answer.location.strip_suffix("?filed=1").context("it leads elsewhere")?.to_owned())
}

#[tokio::test]
async fn an_order_is_filed_on_the_portal_decided_in_the_console_and_answered_by_annex_ii_in_three_forms() -> Result<()> {
    let site = TestSite::new().await?;
    let party = register(&site, &Client::new(), "authority").await?;
    let mut own = member(&site, &party, "Inspector").await?;
    let door = own.get("/console").await?;
    assert_eq!((door.status, door.location.as_str()), (303, "/portal"));
    for closed in ["/console/people", "/console/filings", "/console/parties"] {
        assert_eq!(own.get(closed).await?.status, 403, "{closed}");
    }
    let page = own.get("/portal").await?;
    assert!(page.status == 200 && page.body.contains("type=tco_removal_order") && page.body.contains("Kite authority"), "{}", page.body);
    let form = own.get("/portal/file?type=tco_removal_order").await?.body;
    let place = |name: &str| form.find(&format!("name=\"{name}\"")).unwrap_or_else(|| panic!("no field {name}"));
    let order = ["reference", "issued", "subjects", "reasons", "explanation", "secret", "secret_until", "redress"];
    assert!(order.map(place).is_sorted(), "the fields come in the order of Annex I");
    assert!(!form.contains("name=\"legal_basis\"") && !form.contains("name=\"asks\""));

    let url = post(&site, "A forbidden kite flies over the sea.").await?;
    let reply = filed(&mut own, ORDER, &url).await?;
    let receipt = own.get(&format!("{reply}?filed=1")).await?;
    for told in ["Acknowledgement of receipt", "KP-17/2026", "(a) It incites", "(e) It threatens", "within a month", "role=\"status\""] {
        assert!(receipt.body.contains(told), "{told} in {}", receipt.body);
    }
    site.run_jobs().await?;

    let mut moderator = decider(&site, "Salma", Role::Moderator).await?;
    let queue = moderator.get("/console").await?.body;
    assert!(queue.contains("Removal order (TCO, Article 3)") && queue.contains("Due") && !queue.contains("not registered"), "{queue}");
    let list = moderator.get("/console/filings").await?.body;
    assert!(list.contains("Kite authority") && list.contains("Waiting"), "{list}");
    let (cases, _) = site.site.queue(9).await?;
    let case = moderator.get(&format!("/console/cases/{}", cases[0].case.id)).await?.body;
    assert!(case.contains("Kite authority") && case.contains("/console/filings/"), "{case}");
    site.site.decide(None, &cases[0].case.id, remove().check()?, true).await?;
    site.run_jobs().await?;

    let page = own.get(&reply).await?.body;
    for told in ["Annex II", "class=\"ticked\"", "The content has been removed", "KP-17/2026", "C. Details of the addressee"] {
        assert!(page.contains(told), "{told} in {page}");
    }
    assert!(!page.contains("Salma"), "who decided is nobody's business");
    let text = own.get(&format!("{reply}?form=text")).await?.body;
    assert!(text.starts_with("Regulation (EU) 2021/784, Annex II\n") && text.contains("[x] The content has been removed"), "{text}");
    assert!(text.contains(&url) && !text.contains('<'), "{text}");
    let json: serde_json::Value = serde_json::from_str(&own.get(&format!("{reply}?form=json")).await?.body)?;
    let annex = &json["annex"];
    assert_eq!((annex["form"].as_str(), annex["measure"].as_str()), (Some("II"), Some("removed")), "{json}");
    assert_eq!((annex["authority"].as_str(), annex["authority_reference"].as_str()), (Some("Kite authority"), Some("KP-17/2026")));
    assert!(!moderator.get("/console/filings").await?.body.contains("class=\"sheet filing done waits\""));

    // Whoever comes to its link is told who asked, of what kind that was, on what ground, and how to complain.
    let stands = crate::get(&site, url.trim_start_matches(HERE), &[("accept", "text/html")]).await?;
    assert_eq!(stands.status(), 451);
    let stands = testkit::site::text(stands).await?;
    for told in ["Removal order (TCO, Article 3)", "<bdi>Kite authority</bdi>", "Regulation (EU) 2021/784, Article 3", "manage link"] {
        assert!(stands.contains(told), "{told} in {stands}");
    }

    // What is dark already is answered by Annex II at once.
    let again = filed(&mut own, ORDER, &url).await?;
    assert!(own.get(&again).await?.body.contains("Annex II"));
    // What was answered so waits again once that is undone: by the clock that it had, in the case that opens again.
    let decided = site.site.case(&cases[0].case.id).await?.and_then(|case| case.decisions.into_iter().next()).unwrap().0.id;
    assert!(site.site.undo(None, &decided).await?);
    site.run_jobs().await?;
    let waiting = site.site.waiting_filings(9).await?;
    assert!(waiting.len() == 2 && waiting.iter().all(|view| view.row.due.is_some()), "{waiting:?}");
    let case = site.site.case(&cases[0].case.id).await?.unwrap();
    assert_eq!((case.case.state, case.notice_count, case.filings.len()), (domain::CaseState::Open, 2, 2));
    assert!(!own.get(&again).await?.body.contains("Annex II"));
    site.site.decide(None, &cases[0].case.id, remove().check()?, true).await?;
    site.run_jobs().await?;
    assert!(own.get(&again).await?.body.contains("Annex II") && site.site.waiting_filings(9).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn nobody_reads_what_another_party_filed_and_who_is_suspended_is_out_at_once() -> Result<()> {
    let site = TestSite::new().await?;
    let party = register(&site, &Client::new(), "authority").await?;
    let other = register(&site, &Client { keyid: "kites-2", ..Client::new() }, "trusted_flagger").await?;
    let (mut own, mut stranger) = (member(&site, &party, "Inspector").await?, member(&site, &other, "Flagger").await?);
    let url = post(&site, "A forbidden kite flies over the sea.").await?;
    let reply = filed(&mut own, ORDER, &url).await?;
    assert_eq!(own.get(&reply).await?.status, 200);
    assert_eq!(stranger.get(&reply).await?.status, 404);
    assert!(!stranger.get("/portal").await?.body.contains("KP-17"));
    // A flagger sends no order, whatever the form says.
    assert_eq!(stranger.get("/portal/file?type=tco_removal_order").await?.status, 404);
    assert_eq!(stranger.post("/portal/file", ORDER).await?.status, 404);
    // No page of another site files anything.
    let body = urlencoded(ORDER);
    let forged = own.send(Request::post("/portal/file").header("origin", "https://evil.example"), body).await?;
    assert_eq!(forged.status, 403);
    let mut nobody = browser(&site);
    let door = nobody.get("/portal/list").await?;
    assert_eq!((door.status, door.location.as_str()), (303, "/console/sign-in?to=%2Fportal%2Flist"));

    assert_eq!(site.site.suspend_party(None, &party, true).await?, Ok(()));
    for path in ["/portal", reply.as_str(), "/portal/list"] {
        assert_eq!(own.get(path).await?.status, 303, "{path}");
    }
    let unsent = own.post("/portal/file", ORDER).await?;
    assert!(unsent.status == 403 && unsent.body.contains("Your session has ended"), "{}", unsent.body);
    assert_eq!(site.site.filings(Some(&party), None, 9).await?.len(), 1);
    assert_eq!(site.site.suspend_party(None, &party, false).await?, Ok(()));
    assert_eq!(own.get("/portal").await?.status, 200);
    let mut decider = decider(&site, "Ola", Role::Operator).await?;
    let home = decider.get("/portal").await?;
    assert_eq!((home.status, home.location.as_str()), (303, "/console"));
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn a_form_that_is_not_whole_comes_back_with_what_was_typed() -> Result<()> {
    let site = TestSite::new().await?;
    let party = register(&site, &Client::new(), "authority").await?;
    let mut own = member(&site, &party, "Inspector").await?;
    let wrong = [("type", "tco_removal_order"), ("issued", "yesterday"), ("reference", "KP-<18>"), ("reasons", "incites")];
    let answer = own.post("/portal/file", &wrong).await?;
    assert_eq!(answer.status, 400);
    for kept in ["KP-&#60;18&#62;", "value=\"incites\" checked", "role=\"alert\"", "aria-invalid"] {
        assert!(answer.body.contains(kept), "{kept} in {}", answer.body);
    }
    // What is only missing is taken, and said.
    let url = post(&site, "A forbidden kite flies over the sea.").await?;
    let reply = filed(&mut own, &[("type", "tco_removal_order"), ("issued", "2020-01-01T10:00")], &url).await?;
    let page = own.get(&reply).await?.body;
    for told in ["Annex III", "It does not contain sufficient information", "Your own reference is missing", "The ground is missing"] {
        assert!(page.contains(told), "{told} in {page}");
    }
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn a_list_is_filed_by_a_form_and_its_answer_is_a_table() -> Result<()> {
    let site = TestSite::new().await?;
    let party = register(&site, &Client::new(), "trusted_flagger").await?;
    let mut own = member(&site, &party, "Flagger").await?;
    let url = post(&site, "A forbidden kite flies.").await?;
    let send = async |own: &mut Browser<'_>, name: &str, list: &str| -> Result<Answer> {
        let body = format!("--b\r\nContent-Disposition: form-data; name=\"list\"; filename=\"{name}\"\r\n\r\n{list}\r\n--b--\r\n");
        let request = Request::post("/portal/list").header("origin", HERE).header("content-type", "multipart/form-data; boundary=b");
        own.send(request, body).await
    };
    let table = format!(
        "type;url;category;explanation;good_faith\r\ntrusted_flagger;{url};hate;why;1\r\ntrusted_flagger;{url};hate;why;1\r\n\
         tco_removal_order;{url};;;\r\n"
    );
    let answer = send(&mut own, "kites.csv", &table).await?;
    assert_eq!(answer.status, 200);
    for told in ["One line was taken; duplicates: 1; refused: 1.", "data:text/csv", "/notices/", "It says what line 2 says."] {
        assert!(answer.body.contains(told), "{told} in {}", answer.body);
    }
    let lines = format!(
        "{{\"type\":\"trusted_flagger\",\"subjects\":[\"{url}\"],\"category\":\"hate\",\"explanation\":\"so\",\"good_faith\":true}}"
    );
    assert!(send(&mut own, "kites.jsonl", &lines).await?.body.contains("One line was taken; duplicates: 0"));
    let wrong = send(&mut own, "kites.csv", "url,secert\nhttps://a/1,1\n").await?;
    assert!(wrong.status == 400 && wrong.body.contains("nobody knows the column") && wrong.body.contains("secert"), "{}", wrong.body);
    let wrong = send(&mut own, "kites.csv", "url,secret\nhttps://a/1,perhaps\n").await?;
    assert!(wrong.status == 200 && wrong.body.contains("It is neither 1 nor 0."), "{}", wrong.body);
    assert_eq!(site.site.filings(Some(&party), None, 9).await?.len(), 2);
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn an_operator_registers_a_party_with_a_key_and_somebody_and_a_moderator_does_not() -> Result<()> {
    let site = TestSite::new().await?;
    let (mut operator, mut moderator) = (decider(&site, "Ola", Role::Operator).await?, decider(&site, "Salma", Role::Moderator).await?);
    let new = [
        ("name", "Kite <Police>"),
        ("kind", "authority"),
        ("jurisdiction", "pl"),
        ("languages", "pl, en"),
        ("contact", "desk@kites.example"),
    ];
    assert_eq!(moderator.post("/console/parties", &new).await?.status, 403);
    assert_eq!(moderator.get("/console/parties").await?.status, 403);
    let wrong = operator.post("/console/parties", &[&new[..], &[("checked_by", "call_back")]].concat()).await?;
    assert!(wrong.status == 400 && wrong.body.contains("Kite &#60;Police&#62;"), "{}", wrong.body);
    let answer = operator.post("/console/parties", &new).await?;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let party = answer.location;
    assert_eq!(operator.post("/console/parties", &new).await?.status, 409, "a name twice");
    assert!(operator.get(&party).await?.body.contains("identity not checked"));
    let check = [("checked_by", "call_back"), ("checked_who", "Ola"), ("checked_on", "2020-01-01")];
    assert_eq!(operator.post(&format!("{party}/check"), &check).await?.status, 303);
    assert!(operator.get(&party).await?.body.contains("Called back"));
    let client = Client::new();
    let public: String = client.key.verifying_key().to_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let wrong = operator.post(&format!("{party}/keys"), &[("key", "kites-1"), ("public", "-----BEGIN <KEY>")]).await?;
    assert!(wrong.status == 400 && wrong.body.contains("value=\"kites-1\"") && wrong.body.contains("-----BEGIN &#60;KEY&#62;</textarea>"));
    assert_eq!(operator.post(&format!("{party}/keys"), &[("key", "kites-1"), ("public", &public)]).await?.status, 303);
    assert_eq!(operator.post(&format!("{party}/keys"), &[("key", "kites-2"), ("public", "no key")]).await?.status, 400);
    assert_eq!(operator.post(&format!("{party}/keys"), &[("key", "kites-1"), ("public", &public)]).await?.status, 409);
    assert_eq!(operator.post(&format!("{party}/keys/kites-1/revoke"), &[]).await?.status, 303);
    assert_eq!(operator.post(&format!("{party}/keys/kites-9/revoke"), &[]).await?.status, 404);
    let made = operator.post(&format!("{party}/people"), &[("name", "Inspector")]).await?;
    let link = made.body.split("value=\"http://localhost:8080/console/enrol/").nth(1).and_then(|rest| rest.split('"').next());
    let mut inspector = browser(&site);
    enrolled(&mut inspector, &format!("/console/enrol/{}", link.context("no link")?)).await?;
    assert_eq!(inspector.get("/portal").await?.status, 200);
    assert!(!operator.get("/console/people").await?.body.contains("Inspector"), "who files is not among who decides");
    let page = operator.get(&party).await?.body;
    let person = page.split(&format!("{party}/people/")).nth(1).and_then(|rest| rest.split('/').next()).context("nobody")?.to_owned();
    assert_eq!(operator.post(&format!("{party}/people/{person}/suspend"), &[]).await?.status, 303);
    assert_eq!(inspector.get("/portal").await?.status, 303);
    assert_eq!(operator.post(&format!("{party}/people/{person}/resume"), &[]).await?.status, 303);
    assert_eq!(operator.post(&format!("{party}/suspend"), &[]).await?.status, 303);
    assert_eq!(inspector.get("/portal").await?.status, 303);
    assert!(operator.get("/console/audit").await?.body.contains("Party suspended"));
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_carried_out_is_answered_by_annex_iii_and_what_there_is_by_its_facts() -> Result<()> {
    let site = TestSite::new().await?;
    let party = register(&site, &Client::new(), "authority").await?;
    let (mut own, mut operator) = (member(&site, &party, "Inspector").await?, decider(&site, "Ola", Role::Operator).await?);
    let url = format!("{HERE}{}", crate::photo(&site).await?.path);
    let order = filed(&mut own, ORDER, &url).await?;
    let desk = order.replace("/portal/", "/console/");
    let unsaid = operator.post(&format!("{desk}/answer"), &[("inability", "impossible"), ("words", " ")]).await?;
    assert!(unsaid.status == 400 && unsaid.body.contains("role=\"alert\""));
    let answer = [("inability", Inability::ManifestErrors.as_str()), ("words", "The kite in it is another one.")];
    assert_eq!(operator.post(&format!("{desk}/answer"), &answer).await?.status, 303);
    let page = own.get(&order).await?.body;
    assert!(page.contains("Annex III") && page.contains("The kite in it is another one."), "{page}");

    let asks = [
        ("type", "dsa_art10_information_order"),
        ("reference", "KP-18"),
        ("issued", "2020-01-01T10:00"),
        ("legal_basis", "Code of Kites, Article 4"),
        ("asks", "When it was posted, and from where."),
    ];
    let order = filed(&mut own, &asks, &url).await?;
    let desk = order.replace("/portal/", "/console/");
    assert!(own.get(&order).await?.body.contains("No time is set."), "nothing is missing, and no time is stated");
    assert!(operator.get("/console/filings").await?.body.contains("KP-18"));
    let page = operator.get(&desk).await?.body;
    let holdings = page.split("<textarea name=\"words\"").nth(1).and_then(|rest| rest.split('>').nth(1)).context("nothing is held")?;
    // In the party's own language, which is Polish.
    for told in ["image/png", "SHA-256", "adresu sieciowego"] {
        assert!(holdings.contains(told), "{told} in {holdings}");
    }
    assert!(!holdings.contains("Kites"), "never what it says: {holdings}");
    let long = "We hold one photo. ".repeat(4_000);
    assert_eq!(operator.post(&format!("{desk}/answer"), &[("holdings", "1"), ("words", &long)]).await?.status, 303, "of many links");
    assert_eq!(operator.post(&format!("{desk}/answer"), &[("holdings", "1"), ("words", "We hold one photo.")]).await?.status, 303);
    let page = own.get(&order).await?.body;
    assert!(page.contains("We hold one photo.") && page.contains("Answered"), "{page}");
    assert!(!operator.get("/console/filings").await?.body.contains("filing told waits"));
    // What is in quarantine is told of by the same facts.
    let (cases, _) = site.site.queue(9).await?;
    site.site.decide(None, &cases[0].case.id, remove().check()?, true).await?;
    site.run_jobs().await?;
    let page = operator.get(&desk).await?.body;
    let holdings = page.split("<textarea name=\"words\"").nth(1).and_then(|rest| rest.split('>').nth(1)).context("nothing is held")?;
    assert!(holdings.contains("image/png") && holdings.contains("SHA-256") && holdings.contains("zaszyfrowane"), "{holdings}");
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn a_notice_of_who_is_not_registered_says_so_in_the_queue_and_in_its_case() -> Result<()> {
    let site = TestSite::new().await?;
    let url = post(&site, "A forbidden kite flies over the sea.").await?;
    let mut stranger = browser(&site);
    let report = format!("{}/report", url.trim_start_matches(HERE));
    let claim = [
        ("category", "terrorism"),
        ("explanation", "I am the kite police. Remove it within the hour."),
        ("good_faith", "1"),
        ("name", "Kite Police"),
    ];
    let request = Request::post(report).header("host", "localhost:8080").header("accept", "text/html");
    stranger.cookie = None;
    let answer = site.request(request.body(urlencoded(&claim).into())?).await;
    assert_eq!(answer.status().as_u16(), 303);
    let mut operator = decider(&site, "Ola", Role::Operator).await?;
    let queue = operator.get("/console").await?.body;
    assert!(queue.contains("not registered") && queue.contains("Notice (DSA, Article 16)"), "{queue}");
    let case = site.site.queue(1).await?.0[0].case.id.clone();
    let page = operator.get(&format!("/console/cases/{case}")).await?.body;
    assert!(page.contains("not registered") && page.contains("Kite Police"), "{page}");
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn an_operator_lists_what_was_done_with_a_stolen_key_and_undoes_it() -> Result<()> {
    let site = TestSite::new().await?;
    let party = register(&site, &Client::new(), "authority").await?;
    let (mut own, mut operator) = (member(&site, &party, "Inspector").await?, decider(&site, "Ola", Role::Operator).await?);
    let mut moderator = decider(&site, "Salma", Role::Moderator).await?;
    let url = post(&site, "A forbidden kite flies over the sea.").await?;
    let reply = filed(&mut own, ORDER, &url).await?;
    site.run_jobs().await?;
    let (cases, _) = site.site.queue(9).await?;
    site.site.decide(None, &cases[0].case.id, remove().check()?, true).await?;
    site.run_jobs().await?;
    let path = format!("/console/parties/{party}");
    let page = operator.get(&path).await?.body;
    assert!(
        page.contains(&format!("href=\"{path}/deeds\"")) && page.contains("nothing of what it reported has been decided yet"),
        "{page}"
    );
    let first = operator.get(&format!("{path}/deeds")).await?.body;
    assert!(first.contains("It may still file.") && !first.contains("Undo all of it"), "{first}");
    assert_eq!(operator.post(&format!("{path}/suspend"), &[]).await?.status, 303);
    let since = "2020-01-01T00:00";
    let listed = operator.get(&format!("{path}/deeds?since={since}")).await?.body;
    for told in ["Requests: 1", "Decisions that stand: 1", "Removal order", "KP-17/2026", "Undo all of it", "value=\"2020-01-01T00:00\""] {
        assert!(listed.contains(told), "{told} in {listed}");
    }
    let exactly = operator.get(&format!("{path}/deeds?since=2020-01-01T00:00:07Z")).await?.body;
    assert!(
        exactly.contains("type=\"hidden\" name=\"since\" value=\"2020-01-01T00:00:07Z\""),
        "no more is undone than is listed: {exactly}"
    );
    let later = operator.get(&format!("{path}/deeds?since=2100-01-01T00:00")).await?.body;
    assert!(later.contains("Requests: 0") && !later.contains("Undo all of it"), "{later}");
    assert_eq!(operator.get(&format!("{path}/deeds?since=yesterday")).await?.status, 400);
    assert_eq!(operator.post(&format!("{path}/deeds"), &[("since", "yesterday")]).await?.status, 400);
    assert_eq!(moderator.get(&format!("{path}/deeds")).await?.status, 403);
    assert_eq!(moderator.post(&format!("{path}/deeds"), &[("since", since)]).await?.status, 403);
    let status = async || anyhow::Ok(site.get(url.trim_start_matches(HERE)).await?.status().as_u16());
    assert_eq!(status().await?, 451);
    let undone = operator.post(&format!("{path}/deeds"), &[("since", since)]).await?;
    assert_eq!(undone.status, 303);
    site.run_jobs().await?;
    let page = operator.get(&undone.location).await?.body;
    assert!(page.contains("It is being undone.") && page.contains("Requests: 0"), "{page}");
    assert_eq!(status().await?, 200);
    let filing = operator.get(&reply.replace("/portal/", "/console/")).await?.body;
    assert!(filing.contains("Withdrawn"), "{filing}");
    let audit = operator.get("/console/audit").await?.body;
    for told in ["What was done in a party’s name is undone", "Request counts for nothing any more", "Decision undone"] {
        assert!(audit.contains(told), "{told} in {audit}");
    }
    Ok(())
}

#[tokio::test]
async fn more_links_than_a_form_takes_are_given_back_and_nobody_reads_who_asked_about_the_poster() -> Result<()> {
    let site = TestSite::new().await?;
    let party = register(&site, &Client::new(), "authority").await?;
    let mut own = member(&site, &party, "Officer").await?;
    let url = post(&site, "A forbidden kite flies.").await?;
    let many = format!("{url}\n").repeat(1_001);
    let refused = own.post("/portal/file", &[ORDER, &[("subjects", &many)]].concat()).await?;
    assert_eq!(refused.status, 413);
    assert!(refused.body.contains("names at most") && refused.body.contains("KP-17/2026"), "{}", refused.body);
    let request = [("type", "preservation_request"), ("reference", "KP-18/2026"), ("issued", "2020-01-01T10:00")];
    filed(&mut own, &request, &url).await?;
    filed(&mut own, ORDER, &url).await?;
    let case = site.site.queue(1).await?.0.pop().context("a case")?.case.id;
    site.site.decide(None, &case, remove().check()?, true).await?;
    let request = Request::get(url.trim_start_matches(HERE)).header("accept", "text/html").body(axum::body::Body::empty())?;
    let page = testkit::site::text(site.request(request).await).await?;
    assert!(page.contains("Removal order") && !page.contains("Preservation request"), "{page}");
    site.run_jobs().await?;
    Ok(())
}
