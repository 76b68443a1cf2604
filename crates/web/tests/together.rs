//! The desk in the console: the next case and its decision, keys that the page shows, two who decide, and looks that end.

use anyhow::{Context as _, Result};
use axum::body::Body;
use axum::http::Request;
use domain::Role;
use testkit::TestSite;
use testkit::site::{Part, bytes, text};

use crate::console::{Browser, HERE, added, browser, enrolled, urlencoded};
use crate::{Posted, photo, posted};

async fn report(site: &TestSite, post: &Posted, category: &str) -> Result<()> {
    let form = urlencoded(&[("category", category), ("explanation", "This kite is SOMEBODY'S."), ("good_faith", "1")]);
    let request = Request::post(format!("{}/report", post.path)).header("accept", "text/html");
    let status = site.request(request.header("content-type", "application/x-www-form-urlencoded").body(Body::from(form))?).await.status();
    anyhow::ensure!(status == 303, "{status}");
    site.run_jobs().await?;
    Ok(())
}

/// A case about words of their own.
async fn case(site: &TestSite, number: usize, category: &str) -> Result<Posted> {
    let words = format!("The SECRETKITE {number} flies over the harbour, {}", "far away, ".repeat(number));
    let post = posted(site, &[Part::Field("title", &format!("SECRETKITE {number}")), Part::Field("text", &words)]).await?;
    report(site, &post, category).await?;
    Ok(post)
}

async fn desk<'a>(site: &'a TestSite, name: &str, role: Role) -> Result<Browser<'a>> {
    let (_, link) = added(site, name, role).await?;
    let mut desk = browser(site);
    enrolled(&mut desk, &link).await?;
    Ok(desk)
}

/// What a script asks.
async fn json(site: &TestSite, desk: &Browser<'_>, path: &str, form: Option<&[(&str, &str)]>) -> Result<(u16, serde_json::Value)> {
    let request = if form.is_some() { Request::post(path) } else { Request::get(path) };
    let request = request.header("host", "localhost:8080").header("accept", "application/json").header("origin", HERE);
    let request = request.header("cookie", desk.cookie.as_deref().context("a cookie")?);
    let response = site.request(request.body(Body::from(form.map(urlencoded).unwrap_or_default()))?).await;
    let status = response.status().as_u16();
    Ok((status, serde_json::from_slice(&bytes(response).await?).unwrap_or_default()))
}

/// The value of a field of a form.
fn field<'a>(page: &'a str, name: &str) -> Result<&'a str> {
    let from = page.split(&format!("name=\"{name}\" value=\"")).nth(1).with_context(|| format!("no {name}: {page}"))?;
    from.split('"').next().context("no end")
}

fn path(location: &str) -> &str {
    location.split('?').next().unwrap_or_default()
}

/// Whatever form it was, and without a script.
#[tokio::test]
async fn what_is_sent_after_a_session_has_ended_is_held_and_sent_once_more() -> Result<()> {
    let site = TestSite::new().await?;
    case(&site, 1, "fraud").await?;
    let mut ola = desk(&site, "Ola", Role::Operator).await?;
    let here = path(&ola.get("/console/next").await?.location).to_owned();
    let (was, words) = (ola.cookie.take(), "Ask \"Salma\" <first>\nabout the tail");
    let unsent = ola.post(&format!("{here}/notes"), &[("words", words), ("to", "")]).await?;
    assert_eq!(unsent.status, 403);
    let page = &unsent.body;
    assert!(
        page.contains("Your session has ended") && page.contains("href=\"/console/sign-in?to=") && page.contains("Send it now"),
        "{page}"
    );
    assert!(page.contains("<blockquote dir=\"auto\">Ask &#34;Salma&#34; &#60;first&#62;\nabout the tail</blockquote>"), "{page}");
    assert!(page.contains(&format!("action=\"{here}/notes\"")), "{page}");
    let held = field(page, "words")?.replace("&#34;", "\"").replace("&#60;", "<").replace("&#62;", ">");
    assert_eq!((held.as_str(), field(page, "to")?), (words, ""));
    // What is secret is typed again, and what a script sends is led to the door.
    let secret = ola.post("/console/people", &[("password", "forbidden kites over Mill Lane"), ("code", "123456")]).await?;
    assert!(!secret.body.contains("Mill Lane") && secret.status != 200, "{}", secret.body);
    // Two tabs were left open, and each signs out by itself: who is out already has what they asked for. Everywhere is more than that.
    let out = ola.post("/console/sign-out", &[]).await?;
    assert_eq!((out.status, out.location.as_str()), (303, "/console/sign-in?to=%2Fconsole"));
    assert_eq!(ola.post("/console/sign-out-everywhere", &[]).await?.status, 403);
    ola.cookie = was;
    assert_eq!(ola.post(&format!("{here}/notes"), &[("words", &held), ("to", "")]).await?.location, format!("{here}?told=noted#notes"));
    assert!(ola.get(&here).await?.body.contains("about the tail"));
    Ok(())
}

#[tokio::test]
async fn what_its_poster_changed_meanwhile_is_read_before_it_is_decided() -> Result<()> {
    let site = TestSite::new().await?;
    let post = case(&site, 1, "fraud").await?;
    let mut ola = desk(&site, "Ola", Role::Operator).await?;
    let here = path(&ola.get("/console/next").await?.location).to_owned();
    let version = field(&ola.get(&here).await?.body, "version")?.to_owned();
    let secret = post.manage.rsplit('/').next().context("a secret")?;
    site.site.clock.advance_ms(1_000);
    let edit = Request::builder().method("PATCH").uri(format!("/api/v1/posts{}", post.path)).header("content-type", "application/json");
    let edit = edit.header("authorization", format!("Bearer {secret}")).body(Body::from(r#"{"text": "Good words only."}"#))?;
    assert_eq!(site.request(edit).await.status(), 200);
    let form = |version| [("action", "remove"), ("clause", "fraud"), ("facts", "It is a trick."), ("version", version)];
    let told = json(&site, &ola, &format!("{here}/decide"), Some(&form(&version))).await?;
    assert_eq!((told.0, told.1["again"].as_str()), (409, Some(format!("{here}?told=edited").as_str())));
    let page = ola.post(&format!("{here}/decide"), &form(&version)).await?;
    assert_eq!(page.status, 409);
    assert!(page.body.contains("has changed it since") && page.body.contains("Good words only."), "{}", page.body);
    assert!(page.body.contains("It is a trick."), "what was typed is there: {}", page.body);
    let now = field(&page.body, "version")?;
    assert_ne!(now, version);
    assert_eq!(ola.post(&format!("{here}/decide"), &form(now)).await?.status, 303);
    // Where there is nothing, the console says so itself.
    let nothing = ola.get("/console/cases/abcdefghjkmnp").await?;
    assert!(nothing.status == 404 && nothing.body.contains("href=\"/console\""), "{}", nothing.body);
    site.run_jobs().await?;
    Ok(())
}

/// Whoever decides reads English, the poster Arabic.
#[tokio::test]
async fn what_nobody_typed_is_told_in_the_language_of_its_reader() -> Result<()> {
    let site = TestSite::new().await?;
    let mut ola = desk(&site, "Ola", Role::Operator).await?;
    let composed = "It was reported once: It tries to get money or passwords by deceit.";
    let typed = format!("{composed} It asks for a kite.");
    for (number, (facts, read)) in [(composed, "بُلِّغ عنه مرة واحدة"), (typed.as_str(), typed.as_str())].into_iter().enumerate()
    {
        let post = case(&site, number + 1, "fraud").await?;
        let here = path(&ola.get("/console/next").await?.location).to_owned();
        let page = ola.get(&here).await?.body;
        let carried = field(&page, "composed")?.replace("&#34;", "\"");
        let form = [("action", "remove"), ("clause", "fraud"), ("facts", facts), ("composed", &carried)];
        assert_eq!(ola.post(&format!("{here}/decide"), &form).await?.status, 303);
        let request = Request::get(&post.manage).header("accept", "text/html").header("accept-language", "ar");
        let told = text(site.request(request.body(Body::empty())?).await).await?;
        assert!(told.contains(&format!("<dd dir=\"auto\">{read}")), "{told}");
        assert_eq!(told.contains(composed), facts == typed, "{told}");
        // In the console each reads it as they read.
        assert!(ola.get(&here).await?.body.contains(&format!("<dd dir=\"auto\">{facts}</dd>")));
        let latest = site.site.decisions(None, 1).await?;
        assert_eq!(latest[0].0.decision.facts, facts, "the record keeps the words of whoever decided");
    }
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn next_decide_next_takes_a_form_each_and_undoing_one() -> Result<()> {
    let site = TestSite::new().await?;
    let first = case(&site, 1, "fraud").await?;
    case(&site, 2, "policy").await?;
    let mut ola = desk(&site, "Ola", Role::Operator).await?;
    let queue = ola.get("/console").await?.body;
    assert!(queue.contains("href=\"/console/next\" data-key=\"n\""), "{queue}");
    let to = ola.get("/console/next").await?;
    assert_eq!(to.status, 303);
    let here = path(&to.location).to_owned();
    let page = ola.get(&here).await?.body;
    // What the form says of itself, of the case and not of what stands in it.
    assert!(page.contains("It was reported once: It tries to get money or passwords by deceit.</textarea>"), "{page}");
    assert!(page.contains("<option value=\"fraud\" selected>"), "{page}");
    assert!(!page.contains("name=\"media\""), "there is no picture in it");
    for key in ["n", "h", "a", "c", "w", "r", "f", "t", "g", "Enter"] {
        assert!(page.contains(&format!("data-key=\"{key}\"")), "{key}");
    }
    assert!(!page.contains("data-key=\"u\"") && !page.contains("data-key=\"1\""), "nothing to undo, no ground used yet");
    let title = page.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next()).context("a title")?;
    assert!(!title.contains("SECRETKITE") && !queue.contains("SECRETKITE"), "{title}");
    // Something is missing: what was typed is still there.
    let form = [("action", "remove"), ("clause", "fraud"), ("facts", ""), ("law", "Kite Act 7"), ("then", "next")];
    let wrong = ola.post(&format!("{here}/decide"), &form).await?;
    assert_eq!(wrong.status, 400);
    assert!(wrong.body.contains("Say what happened") && wrong.body.contains("Kite Act 7"), "{}", wrong.body);
    assert!(wrong.body.contains("value=\"remove\" data-key=\"r\" checked"), "{}", wrong.body);
    // Whole, it brings the next one; sent again it is the same decision.
    let token = field(&page, "token")?.to_owned();
    let facts = "It is a trick.";
    let form = [("action", "remove"), ("clause", "fraud"), ("facts", facts), ("token", &token), ("then", "next")];
    let mut places = Vec::new();
    for _ in 0..2 {
        let done = ola.post(&format!("{here}/decide"), &form).await?;
        assert_eq!(done.status, 303, "{}", done.body);
        places.push(done.location);
    }
    assert_eq!(places[0], places[1]);
    assert_eq!(site.get(&first.path).await?.status(), 410);
    let (status, answer) = json(&site, &ola, &format!("{here}/decide"), Some(&form)).await?;
    assert_eq!((status, answer["to"].as_str()), (200, Some(places[0].as_str())));
    let other = [("action", "no_action"), ("token", "another"), ("then", "next")];
    let (status, answer) = json(&site, &ola, &format!("{here}/decide"), Some(&other)).await?;
    assert!(status == 409 && answer["error"].as_str().is_some_and(|words| words.contains("Somebody else has decided")), "{answer}");
    let to = ola.get(&places[0]).await?;
    assert_eq!(to.status, 303);
    assert_ne!(path(&to.location), here);
    let page = ola.get(&to.location).await?.body;
    assert!(page.contains("data-key=\"u\"") && page.contains("It is decided"), "{page}");
    assert!(page.contains("value=\"policy:fraud\" data-key=\"1\""), "the last ground is a key away: {page}");
    let undo = page.split("action=\"/console/decisions/").nth(1).and_then(|rest| rest.split('/').next()).context("an undo")?.to_owned();
    assert_eq!(ola.post(&format!("/console/decisions/{undo}/undo"), &[]).await?.status, 303);
    site.run_jobs().await?;
    assert_eq!(site.get(&first.path).await?.status(), 200);
    // The ground that was used last, by its number; and at the end there is nothing left.
    let second = path(&to.location).to_owned();
    let form = [("action", "cover"), ("ground", "policy:fraud"), ("clause", ""), ("facts", facts), ("then", "next")];
    let next = ola.post(&format!("{second}/decide"), &form).await?.location;
    let to = ola.get(&next).await?.location;
    assert_eq!(path(&to), here, "what was undone waits again");
    let form = [("action", "no_action"), ("then", "next")];
    let next = ola.post(&format!("{here}/decide"), &form).await?.location;
    let end = ola.get(&next).await?.location;
    let page = ola.get(&end).await?.body;
    assert!(end.starts_with("/console?") && page.contains("That was the last one") && page.contains("3 decided"), "{page}");
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn two_who_decide_never_have_the_same_case_and_whoever_is_shut_out_loses_it_at_once() -> Result<()> {
    let site = TestSite::new().await?;
    case(&site, 1, "fraud").await?;
    let mut ola = desk(&site, "Ola", Role::Operator).await?;
    let mut salma = desk(&site, "Salma", Role::Moderator).await?;
    let here = path(&ola.get("/console/next").await?.location).to_owned();
    assert!(ola.get(&here).await?.body.contains("id=\"deciding\""));
    assert_eq!(json(&site, &ola, &format!("{here}/claim"), Some(&[])).await?.1["case"], "theirs");
    assert_eq!(json(&site, &salma, &format!("{here}/claim"), Some(&[])).await?.1["case"], "another");
    assert!(salma.get("/console/next").await?.location.contains("told=nothing-left"));
    assert!(salma.get("/console").await?.body.contains("open at Ola"));
    assert!(!salma.get("/console?whose=free").await?.body.contains(&here) && !salma.get("/console?whose=mine").await?.body.contains(&here));
    assert!(ola.get("/console?whose=mine").await?.body.contains(&here));
    let page = salma.get(&here).await?.body;
    assert!(page.contains("<bdi>Ola</bdi> has this case open") && !page.contains("id=\"deciding\""), "{page}");
    let form = [("action", "no_action"), ("facts", "MY OWN WORDS")];
    let refused = salma.post(&format!("{here}/decide"), &form).await?;
    assert_eq!(refused.status, 409);
    assert!(refused.body.contains("Somebody else has this case open. Nothing was decided."), "{}", refused.body);
    // Taken over, it is hers, and Ola's page is told so.
    let taken = salma.post(&format!("{here}/claim"), &[("anyway", "1")]).await?;
    assert_eq!(taken.location, format!("{here}?told=taken-over"));
    assert_eq!(json(&site, &ola, &format!("{here}/claim"), Some(&[])).await?.1["case"], "another");
    assert!(salma.get(&here).await?.body.contains("id=\"deciding\""));
    // A note, and handing it over.
    let note = salma.post(&format!("{here}/notes"), &[("words", "<i>Look at the tail."), ("to", "")]).await?;
    assert_eq!(note.location, format!("{here}?told=noted#notes"));
    assert!(ola.get(&here).await?.body.contains("&#60;i&#62;Look at the tail."));
    assert_eq!(salma.post(&format!("{here}/notes"), &[("words", " ")]).await?.status, 400);
    // Shut out in the middle of it.
    let people = ola.get("/console/people").await?.body;
    let id = people.split("/console/people/").filter_map(|rest| rest.split_once("/suspend")).map(|(id, _)| id).find(|id| id.len() == 13);
    assert_eq!(ola.post(&format!("/console/people/{}/suspend", id.context("Salma")?), &[]).await?.status, 303);
    let unsent = salma.post(&format!("{here}/decide"), &form).await?;
    assert_eq!((unsent.status, unsent.location.as_str()), (403, ""));
    assert!(unsent.body.contains("Your session has ended") && !unsent.body.contains("SECRETKITE"), "{}", unsent.body);
    assert_eq!(json(&site, &salma, &format!("{here}/claim"), Some(&[])).await?.0, 303);
    assert_eq!(path(&ola.get("/console/next").await?.location), here);
    Ok(())
}

#[tokio::test]
async fn a_look_is_asked_for_once_and_ends_with_the_budget() -> Result<()> {
    let site = TestSite::new().await?;
    let (one, other) = (photo(&site).await?, posted(&site, &[Part::File("hill.png", &testkit::site::mosaic(320, 240, 9)?)]).await?);
    for post in [&one, &other] {
        report(&site, post, "hate").await?;
    }
    let mut ola = desk(&site, "Ola", Role::Operator).await?;
    for (typed, status) in [("x", 400), ("-1", 400), ("10001", 400), ("1", 303)] {
        assert_eq!(ola.post("/console/people/looks", &[("looks", typed)]).await?.status, status, "{typed}");
    }
    assert!(ola.get("/console/people").await?.body.contains("name=\"looks\" value=\"1\""));
    let here = path(&ola.get("/console/next").await?.location).to_owned();
    let page = ola.get(&here).await?.body;
    assert!(!page.contains("<img"), "nothing is shown that was not asked for");
    let medium = page.split("data-look=\"").nth(1).and_then(|rest| rest.split('"').next()).context("a look")?.to_owned();
    assert!(gzip_size(&site, &ola, &medium).await? > 0);
    // Without a script it stands on the page.
    let id = medium.rsplit('/').next().context("an id")?;
    assert!(ola.get(&format!("{here}?look={id}")).await?.body.contains(&format!("<img class=\"dim\" src=\"{medium}\"")));
    let next = path(&ola.get(&format!("/console/next?after={}", here.rsplit('/').next().context("an id")?)).await?.location).to_owned();
    let page = ola.get(&next).await?.body;
    assert!(page.contains("Your looks for today are used up.") && page.contains("looks: 1 of 1"), "{page}");
    let second = page.split("data-look=\"").nth(1).and_then(|rest| rest.split('"').next()).context("a look")?.to_owned();
    assert_eq!(ola.get(&second).await?.status, 403);
    assert_eq!(ola.post("/console/people/looks", &[("looks", "")]).await?.status, 303);
    site.site.clock.advance_ms(domain::time::HOUR_MS);
    // Known by now: asked for again in so many words.
    let page = ola.get(&here).await?.body;
    assert!(page.contains("You saw this, or something like it, on") && page.contains("I want to see it again"), "{page}");
    assert_eq!(ola.get(&medium).await?.status, 409);
    Ok(())
}

#[tokio::test]
async fn the_queue_is_filtered_and_followed_and_its_first_load_is_small() -> Result<()> {
    let site = TestSite::new().await?;
    for number in 0..60 {
        case(&site, number, if number % 2 == 0 { "fraud" } else { "policy" }).await?;
    }
    let mut ola = desk(&site, "Ola", Role::Operator).await?;
    let page = ola.get("/console").await?.body;
    assert_eq!(page.matches("\" data-step>").count(), 50);
    assert_eq!(ola.get("/console?category=policy").await?.body.matches("\" data-step>").count(), 30);
    for none in ["kind=tco_removal_order", "due=1", "category=copyright"] {
        assert!(ola.get(&format!("/console?{none}")).await?.body.contains("No case of this kind is open."), "{none}");
    }
    assert_eq!(
        ola.get("/console?category=%3Cb%3E&whose=x").await?.body.matches("\" data-step>").count(),
        50,
        "what is no filter filters nothing"
    );
    let part = ola.get("/console?part=list&category=policy").await?.body;
    assert!(part.matches("\" data-step>").count() == 30 && !part.contains("<html"), "{part}");
    let (status, found) = json(&site, &ola, "/console/find?q=secretkite%2059", None).await?;
    assert!(status == 200 && found["found"][0]["url"].as_str().is_some_and(|url| url.starts_with("/console/cases/")), "{found}");
    assert!(!found.to_string().contains("SECRETKITE"), "what is found is named in words that show nothing of it");
    assert!(ola.get("/console/find?q=nothing%20such").await?.body.contains("Nothing of that kind is here."));
    // All that a browser fetches for it, as it is sent.
    let mut all = gzip_size(&site, &ola, "/console").await?;
    for asset in page.split(['"', ' ']).filter(|word| word.starts_with("/assets/")) {
        all += gzip_size(&site, &ola, asset).await?;
    }
    assert!(all < 120_000, "{all} bytes");
    Ok(())
}

async fn gzip_size(site: &TestSite, desk: &Browser<'_>, path: &str) -> Result<usize> {
    let request = Request::get(path).header("host", "localhost:8080").header("accept", "text/html").header("accept-encoding", "gzip");
    let response = site.request(request.header("cookie", desk.cookie.as_deref().context("a cookie")?).body(Body::empty())?).await;
    anyhow::ensure!(response.status() == 200, "{path}: {}", response.status());
    Ok(bytes(response).await?.len())
}

#[tokio::test]
async fn an_appeal_against_ones_own_decision_waits_for_somebody_else() -> Result<()> {
    let site = TestSite::new().await?;
    let post = case(&site, 1, "fraud").await?;
    let mut ola = desk(&site, "Ola", Role::Operator).await?;
    let here = path(&ola.get("/console/next").await?.location).to_owned();
    let form = [("action", "remove"), ("clause", "fraud"), ("facts", "It is a trick.")];
    assert_eq!(ola.post(&format!("{here}/decide"), &form).await?.location, format!("{here}?told=decided"));
    site.run_jobs().await?;
    let page = text(site.request(Request::get(&post.manage).header("accept", "text/html").body(Body::empty())?).await).await?;
    let action = page.split("action=\"").map(|rest| rest.split('"').next().unwrap_or_default()).find(|path| path.contains("/appeal"));
    let decision = field(&page, "decision").unwrap_or_default().to_owned();
    let form = urlencoded(&[("words", "It is a toy."), ("decision", &decision)]);
    let request = Request::post(action.context("a form")?).header("content-type", "application/x-www-form-urlencoded");
    assert!(site.request(request.body(Body::from(form))?).await.status().is_redirection());
    // Nobody else is there: who decided may answer.
    assert!(ola.get("/console/appeals").await?.body.contains("name=\"overturned\""));
    let mut salma = desk(&site, "Salma", Role::Moderator).await?;
    let page = ola.get("/console/appeals").await?.body;
    assert!(page.contains("Somebody else answers") && !page.contains("name=\"overturned\""), "{page}");
    assert!(!page.contains("flies over the harbour"), "{page}");
    let page = salma.get("/console/appeals").await?.body;
    assert!(page.contains("What was removed") && page.contains("flies over the harbour"), "{page}");
    let answer = page.split("action=\"").map(|rest| rest.split('"').next().unwrap_or_default()).find(|path| path.contains("/appeals/"));
    let answer = answer.context("a form")?.to_owned();
    let form = [("words", "So it is."), ("overturned", "1")];
    assert_eq!(ola.post(&answer, &form).await?.status, 409);
    // Nothing said, or too much: whoever complained would not know why. What was typed is given back.
    for words in [" ".to_owned(), "It is a toy. ".repeat(1_000)] {
        let refused = salma.post(&answer, &[("words", &words), ("overturned", "0")]).await?;
        assert!(refused.status == 400 && refused.body.contains("Whoever complained reads why"), "{}", refused.body);
        assert!(refused.body.contains(&format!(">\n{words}</textarea>")), "{}", refused.body);
    }
    assert_eq!(salma.post(&answer, &form).await?.status, 303);
    site.run_jobs().await?;
    let people = ola.get("/console/people").await?.body;
    assert!(people.contains("How decisions stood"), "{people}");
    assert_eq!(salma.get("/console/people").await?.status, 403, "operators alone");
    Ok(())
}

#[tokio::test]
async fn whoever_gave_notice_is_asked_back_and_answers_under_their_receipt() -> Result<()> {
    let site = TestSite::new().await?;
    let post = posted(&site, &[Part::Field("text", "A kite of many colours.")]).await?;
    let form = urlencoded(&[("category", "copyright"), ("explanation", "It is mine."), ("good_faith", "1")]);
    let request = Request::post(format!("{}/report", post.path)).header("accept", "text/html");
    let response = site.request(request.header("content-type", "application/x-www-form-urlencoded").body(Body::from(form))?).await;
    let receipt = path(response.headers()["location"].to_str()?).to_owned();
    let mut ola = desk(&site, "Ola", Role::Operator).await?;
    let here = path(&ola.get("/console/next").await?.location).to_owned();
    let page = ola.get(&here).await?.body;
    assert!(page.contains("data-key=\"q\""), "{page}");
    let notice = field(&page, "notice")?.to_owned();
    let asked = ola.post(&format!("{here}/ask"), &[("notice", &notice), ("words", "Which of its <colours>?")]).await?;
    assert_eq!(asked.location, format!("{here}?told=asked"));
    for (notice, words, status) in [("", "Which?", 404), ("abcdefghjkmnp", "Which?", 404), (&notice, " ", 400)] {
        assert_eq!(ola.post(&format!("{here}/ask"), &[("notice", notice), ("words", words)]).await?.status, status, "{notice} {words}");
    }
    // One letter more than is taken: nothing of it is lost.
    let long = "ب".repeat(app::NOTE_LETTERS + 1);
    for (place, fields) in
        [("ask", &[("notice", notice.as_str()), ("words", long.as_str())][..]), ("notes", &[("words", long.as_str())][..])]
    {
        let refused = ola.post(&format!("{here}/{place}"), fields).await?;
        assert!(refused.status == 400 && refused.body.contains(&format!(">\n{long}</textarea>")), "{place}: {}", refused.body);
    }
    let read = async |site: &TestSite| {
        let request = Request::get(&receipt).header("accept", "text/html").body(Body::empty())?;
        text(site.request(request).await).await
    };
    let page = read(&site).await?;
    assert!(page.contains("Which of its &#60;colours&#62;?") && !page.contains("Ola"), "{page}");
    let sent = async |words: &str| {
        let form = urlencoded(&[("notice", &notice), ("words", words)]);
        let request = Request::post(format!("{receipt}/answer")).header("content-type", "application/x-www-form-urlencoded");
        let response = site.request(request.body(Body::from(form))?).await;
        anyhow::Ok((response.status().as_u16(), text(response).await?))
    };
    for long in [long, "🪁".repeat(app::NOTE_LETTERS + 1)] {
        let (status, page) = sent(&long).await?;
        assert!(status == 400 && page.contains(&long) && page.contains("Write something, at most"), "{status} {page}");
    }
    assert_eq!(sent("The RED one.").await?.0, 303);
    assert_eq!(sent("Another answer.").await?.0, 303);
    let page = read(&site).await?;
    assert!(page.contains("The RED one.") && !page.contains("Another answer."), "{page}");
    assert!(ola.get(&here).await?.body.contains("The RED one."));
    site.run_jobs().await?;
    Ok(())
}
