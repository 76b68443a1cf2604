//! Levers as posters, readers and operators meet them.

use anyhow::{Context as _, Result};
use app::levers::By;
use axum::body::Body;
use axum::http::{Request, Response};
use domain::time::{HOUR_MS, MINUTE_MS};
use domain::{BankKind, FairUse, Lever, OnMatch, Role};
use testkit::TestSite;
use testkit::site::{Part, form, picture, text};

use crate::console::{added, browser, enrolled};
use crate::holding::{bank, drawn, learn};
use crate::{Posted, get, header, json, original, photo, posted};

const PAGE: &[(&str, &str)] = &[("accept", "text/html")];

async fn pull(site: &TestSite, lever: Lever) -> Result<()> {
    site.site.set_lever(By::CommandLine, lever, Some(site.now().plus_ms(6 * HOUR_MS))).await??;
    Ok(())
}

fn words_of(peer: &str, text: &str) -> Result<Request<Body>> {
    let mut request = form("/", &[Part::Field("text", text)])?;
    request.extensions_mut().insert(web::Peer::new(peer.parse()?));
    Ok(request)
}

/// Posts words from an address; the post's path.
async fn posted_from(site: &TestSite, peer: &str, words: &str) -> Result<String> {
    let answer = site.request(words_of(peer, words)?).await;
    anyhow::ensure!(matches!(answer.status().as_u16(), 201 | 202), "{}", answer.status());
    let lines = text(answer).await?;
    site.run_jobs().await?;
    Ok(lines.lines().next().and_then(|url| url.strip_prefix("http://localhost:8080")).context("no link")?.to_owned())
}

/// Posts what waits, and does the jobs.
async fn waiting(site: &TestSite, parts: &[Part<'_>]) -> Result<Posted> {
    let (status, lines) = site.post(parts).await?;
    anyhow::ensure!(status == 202, "{status} {lines:?}");
    site.run_jobs().await?;
    let path =
        |line: usize| lines.get(line).and_then(|url| url.strip_prefix("http://localhost:8080")).context("no link").map(str::to_owned);
    Ok(Posted { path: path(0)?, manage: path(1)? })
}

async fn state(site: &TestSite, path: &str) -> Result<String> {
    Ok(json(site, path).await?["state"].as_str().context("no state")?.to_owned())
}

async fn page(site: &TestSite, path: &str) -> Result<String> {
    text(get(site, path, PAGE).await?).await
}

async fn refused(response: Response<Body>) -> Result<(u16, String, String)> {
    let (status, again) = (response.status().as_u16(), header(response.headers(), "retry-after").to_owned());
    Ok((status, again, text(response).await?))
}

#[tokio::test]
async fn what_is_held_waits_as_a_whole_in_a_light_case_and_one_press_lets_it_go() -> Result<()> {
    let site = TestSite::dressed(|_| {}, |inner| inner.newest = true).await?;
    let before = photo(&site).await?;
    let file = original(&site, &before.path).await?;
    pull(&site, Lever::HoldUploads).await?;
    let parts = [Part::Field("title", "Kites of today"), Part::Field("listed", "1"), Part::File("kite.png", &picture(64, 48, 2)?)];
    let post = waiting(&site, &parts).await?;
    assert_eq!((state(&site, &post.path).await?.as_str(), state(&site, &before.path).await?.as_str()), ("waiting", "live"));
    let facts = json(&site, &post.path).await?;
    assert_eq!((&facts["media"][0]["state"], &facts["media"][0]["original"]), (&"waiting".into(), &serde_json::Value::Null));
    let shown = page(&site, &post.path).await?;
    assert!(shown.contains("not public yet") && !shown.contains("Kites of today") && !shown.contains("/m/"), "{shown}");
    assert!(!page(&site, "/newest").await?.contains("Kites of today"));
    assert!(page(&site, &post.manage).await?.contains("Kites of today"), "its poster sees what they wrote");
    assert_eq!(site.get(&file).await?.status(), 200, "what stood stands");
    let (queue, open) = site.site.queue(10).await?;
    let [queued] = queue.as_slice() else { anyhow::bail!("{queue:?}") };
    assert_eq!((open, queued.case.lever, queued.rank.total()), (1, Some(Lever::HoldUploads), 0));
    assert!(site.site.case(&queued.case.id).await?.is_some_and(|view| view.held));
    assert!(site.site.hold_case(None, &queued.case.id, false).await?);
    assert_eq!((state(&site, &post.path).await?.as_str(), site.site.queue(10).await?.1), ("live", 0));
    assert!(page(&site, "/newest").await?.contains("Kites of today") && page(&site, &post.path).await?.contains("/m/"));
    Ok(())
}

#[tokio::test]
async fn all_that_waits_for_a_look_alone_is_let_go_at_once_and_what_was_reported_is_not() -> Result<()> {
    let site = TestSite::new().await?;
    let (_, link) = added(&site, "Ola", Role::Operator).await?;
    let mut operator = browser(&site);
    enrolled(&mut operator, &link).await?;
    assert!(!operator.get("/console/levers").await?.body.contains("let-go"), "nothing waits");
    pull(&site, Lever::HoldUploads).await?;
    let mut posts = Vec::new();
    for words in ["A red kite.", "A blue kite.", "A green kite."] {
        posts.push(waiting(&site, &[Part::Field("text", words)]).await?);
    }
    let report = "category=fraud&explanation=It+is+nobody%27s+kite.&good_faith=1";
    let request = Request::post(format!("{}/report", posts[0].path)).header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(site.request(request.body(Body::from(report))?).await.status(), 201);
    let page = operator.get("/console/levers").await?.body;
    assert!(page.contains("2 posts wait for a look") && page.contains("/console/waiting/let-go"), "{page}");
    for _ in 0..2 {
        assert_eq!(operator.post("/console/waiting/let-go", &[]).await?.location, "/console/levers");
        let mut states = Vec::new();
        for post in &posts {
            states.push(state(&site, &post.path).await?);
        }
        assert_eq!(states, ["waiting", "live", "live"]);
    }
    assert_eq!(site.site.queue(10).await?.1, 1);
    let (_, link) = added(&site, "Salma", Role::Moderator).await?;
    let mut moderator = browser(&site);
    enrolled(&mut moderator, &link).await?;
    assert_eq!(moderator.post("/console/waiting/let-go", &[]).await?.status, 403);
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn a_decision_lets_go_of_what_waits_and_its_undoing_makes_it_wait_again() -> Result<()> {
    use domain::{Action, Decision, Ground};
    let site = TestSite::new().await?;
    pull(&site, Lever::HoldUploads).await?;
    let post = waiting(&site, &[Part::File("kite.png", &picture(64, 48, 2)?)]).await?;
    let case = site.site.queue(1).await?.0.pop().context("no case")?.case.id;
    let decision = |action| Decision {
        action,
        ground: Ground::Policy,
        reference: "violence".to_owned(),
        facts: String::new(),
        composed: None,
        countries: Vec::new(),
    };
    let done = async |action| match site.site.decide(None, &case, decision(action), false).await? {
        app::Decided::Done(id, _) => anyhow::Ok(id),
        other => anyhow::bail!("{other:?}"),
    };
    let id = done(Action::NoAction).await?;
    assert_eq!(state(&site, &post.path).await?, "live");
    assert!(site.site.undo(None, &id).await?);
    assert_eq!(state(&site, &post.path).await?, "waiting");
    let id = done(Action::Remove).await?;
    site.run_jobs().await?;
    assert_eq!(site.get(&post.path).await?.status(), 410);
    assert!(site.site.undo(None, &id).await?);
    site.run_jobs().await?;
    assert_eq!(state(&site, &post.path).await?, "waiting", "nobody has looked at it");
    done(Action::Cover).await?;
    assert_eq!(state(&site, &post.path).await?, "live");
    Ok(())
}

#[tokio::test]
async fn what_is_added_to_an_old_post_waits_too_and_what_only_takes_away_does_not() -> Result<()> {
    let site = TestSite::new().await?;
    let post = posted(&site, &[Part::Field("title", "Kites"), Part::Field("text", "over the grey sea")]).await?;
    pull(&site, Lever::HoldUploads).await?;
    let edited = async |title: &str, words: &str| {
        let answer = site.request(form(&post.manage, &[Part::Field("title", title), Part::Field("text", words)])?).await;
        assert_eq!(answer.status(), 303);
        site.run_jobs().await?;
        state(&site, &post.path).await
    };
    assert_eq!(edited("", "over the grey sea").await?, "live");
    assert_eq!(edited("", "over the green sea").await?, "waiting");
    Ok(())
}

#[tokio::test]
async fn a_network_is_new_until_an_hour_after_its_first_post() -> Result<()> {
    let site = TestSite::new().await?;
    posted_from(&site, "192.0.2.1", "A kite").await?;
    posted_from(&site, "2001:db8:1:200::1", "A kite").await?;
    pull(&site, Lever::HoldFresh).await?;
    let from = async |peer| state(&site, &posted_from(&site, peer, "Another kite").await?).await;
    assert_eq!(from("192.0.2.1").await?, "waiting", "it came a moment ago");
    site.site.clock.advance_ms(HOUR_MS);
    assert_eq!((from("192.0.2.1").await?.as_str(), from("2001:db8:1:2ff::9").await?.as_str()), ("live", "live"));
    assert_eq!((from("192.0.2.2").await?.as_str(), from("2001:db8:1:300::1").await?.as_str()), ("waiting", "waiting"));
    Ok(())
}

#[tokio::test]
async fn slow_mode_shrinks_budgets_and_makes_new_posts_public_after_a_while() -> Result<()> {
    let site = TestSite::with(|parts| {
        parts.fair_use = FairUse { posts_per_hour: 20, times_ipv4_address: 1, times_ipv4_24: 1, ..FairUse::unlimited() };
    })
    .await?;
    pull(&site, Lever::SlowMode).await?;
    let path = posted_from(&site, "192.0.2.1", "A kite").await?;
    assert_eq!(state(&site, &path).await?, "waiting");
    site.site.clock.advance_ms(15 * MINUTE_MS - 1);
    site.run_jobs().await?;
    assert_eq!(state(&site, &path).await?, "waiting");
    site.site.clock.advance_ms(1);
    site.run_jobs().await?;
    assert_eq!(state(&site, &path).await?, "live");
    Ok(())
}

#[tokio::test]
async fn banks_that_learnt_something_while_it_waited_are_asked_before_it_is_public() -> Result<()> {
    let site = TestSite::new().await?;
    let kites = bank(&site, "kites", BankKind::Live, OnMatch::Hold).await?;
    pull(&site, Lever::SlowMode).await?;
    let post = waiting(&site, &[Part::File("kite.png", &drawn(1)?)]).await?;
    // Of the bank's own search nothing is left: as if it were still on its way.
    learn(&site, &kites, &drawn(1)?).await?;
    for (row, _) in site.site.held().await? {
        let mut tx = site.site.store.db.begin().await?;
        store::matches::forget_item(&mut tx, &row.item_id, site.now()).await?;
        tx.commit().await?;
    }
    assert!(site.site.held().await?.is_empty());
    site.site.clock.advance_ms(15 * MINUTE_MS);
    site.run_jobs().await?;
    assert_eq!(state(&site, &post.path).await?, "waiting");
    assert_eq!(site.site.held().await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn no_video_is_taken_while_photos_are_and_what_was_begun_goes_on() -> Result<()> {
    let site = TestSite::new().await?;
    let film = crate::stills::film(&site)?;
    let begin = async || {
        let request = Request::post("/api/v1/uploads").header("tus-resumable", "1.0.0").header("upload-length", film.len());
        let answer = site.request(request.header("upload-metadata", "filename a2l0ZS5tcDQ=").body(Body::empty())?).await;
        anyhow::Ok(header(answer.headers(), "location").strip_prefix("http://localhost:8080").unwrap_or_default().to_owned())
    };
    let send = async |to: &str| {
        let request = Request::patch(to).header("tus-resumable", "1.0.0").header("upload-offset", 0);
        let request = request.header("content-type", "application/offset+octet-stream").body(Body::from(film.clone()))?;
        refused(site.request(request).await).await
    };
    let before = begin().await?;
    site.site.clock.advance_ms(1);
    pull(&site, Lever::NoVideos).await?;
    let (status, again, told) = refused(site.request(Request::put("/kite.mp4").body(Body::from(film.clone()))?).await).await?;
    assert_eq!((status, again.as_str()), (503, "21600"), "{told}");
    assert!(told.contains("no videos are taken"), "{told}");
    assert!(site.objects().await?.is_empty());
    assert_eq!(send(&before).await?.0, 204, "what was begun goes on");
    let (status, _, told) = send(&begin().await?).await?;
    assert!(status == 503 && told.contains("no_videos"), "{status} {told}");
    photo(&site).await?;
    Ok(())
}

#[tokio::test]
async fn links_are_plain_words_everywhere_and_links_again_afterwards() -> Result<()> {
    let site = TestSite::new().await?;
    let words = "See [the **beach**](https://kites.example/\">) and https://kites.example/sea\n\n- <a href=x>\n\n`<a>`";
    let post = posted(&site, &[Part::Field("text", words)]).await?;
    let drawn = async || page(&site, &post.path).await;
    let linked = drawn().await?;
    assert!(linked.contains("<a href=\"https://kites.example/") && linked.contains("href=\"https://kites.example/sea\""), "{linked}");
    pull(&site, Lever::NoLinks).await?;
    let plain = drawn().await?;
    assert!(!plain.contains("href=\"https://kites.example/"), "{plain}");
    // What a link says is not all that it was.
    let beach = "the <strong>beach</strong> (<bdi>https://kites.example/%22%3E</bdi>) and https://kites.example/sea";
    assert!(plain.contains(beach), "{plain}");
    assert!(plain.contains("&lt;a href=x&gt;") && plain.contains("<code>&lt;a&gt;</code>"), "{plain}");
    let embedded = page(&site, &format!("{}/embed", post.path)).await?;
    assert!(!embedded.contains("href=\"https://kites.example/") && embedded.contains("https://kites.example/sea"), "{embedded}");
    site.site.clear_lever(By::CommandLine, Lever::NoLinks).await??;
    assert_eq!(drawn().await?, linked);
    Ok(())
}

#[tokio::test]
async fn read_only_takes_nothing_new_but_reports_and_lets_posters_take_away() -> Result<()> {
    let site = TestSite::new().await?;
    let post = posted(&site, &[Part::Field("title", "Kites"), Part::Field("text", "over the grey sea")]).await?;
    let upload = Request::post("/api/v1/uploads").header("tus-resumable", "1.0.0").header("upload-length", 10);
    pull(&site, Lever::ReadOnly).await?;
    let api = |body: &'static str| Request::post("/api/v1/posts").header("content-type", "application/json").body(Body::from(body));
    for (name, request) in [
        ("form", form("/", &[Part::Field("text", "A kite")])?),
        ("put", Request::put("/kite.png").body(Body::from(picture(8, 8, 1)?))?),
        ("api", api("{\"text\":\"A kite\"}")?),
        ("tus", upload.body(Body::empty())?),
        ("edit", form(&post.manage, &[Part::Field("text", "over the green sea")])?),
    ] {
        let (status, again, told) = refused(site.request(request).await).await?;
        assert_eq!((status, again.as_str()), (503, "21600"), "{name}: {told}");
    }
    let mut browser = form("/", &[Part::Field("text", "A kite over the bay")])?;
    browser.headers_mut().insert("accept", "text/html".parse()?);
    browser.headers_mut().insert("content-length", "300".parse()?);
    assert!(refused(site.request(browser).await).await?.2.contains("A kite over the bay"), "the words are given back");
    let (_, _, told) = refused(site.request(api("{\"text\":\"A kite\"}")?).await).await?;
    assert!(told.contains("/problems/read-only"), "{told}");
    let answer = site.request(form(&post.manage, &[Part::Field("title", ""), Part::Field("text", "over the grey sea")])?).await;
    assert_eq!(answer.status(), 303, "a title is taken away");
    let report = crate::console::urlencoded(&[("category", "violence"), ("explanation", "It shows a fight."), ("good_faith", "1")]);
    let to = Request::post(format!("{}/report", post.path)).header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(site.request(to.body(Body::from(report))?).await.status(), 201);
    let delete = Request::post(format!("{}/delete", post.manage)).body(Body::empty())?;
    assert_eq!(site.request(delete).await.status(), 200);
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn posters_are_told_before_they_begin_in_three_languages_and_machines_by_healthz() -> Result<()> {
    let site = TestSite::new().await?;
    let composer = async |language| text(get(&site, "/", &[("accept", "text/html"), ("accept-language", language)]).await?).await;
    assert!(!composer("en").await?.contains("class=\"working levers\""));
    for lever in Lever::ALL {
        pull(&site, *lever).await?;
    }
    let mut told = std::collections::BTreeSet::new();
    for language in ["en", "ar", "pl"] {
        let page = composer(language).await?;
        let words = page.split("class=\"working levers\"").nth(1).and_then(|rest| rest.split("</aside>").next()).context("no words")?;
        assert_eq!(words.matches("<p>").count(), Lever::ALL.len(), "{words}");
        told.insert(words.to_owned());
    }
    assert_eq!(told.len(), 3);
    let health: serde_json::Value = serde_json::from_str(&text(site.get("/healthz").await?).await?)?;
    assert_eq!(health["levers"].as_array().map(Vec::len), Some(Lever::ALL.len()));
    assert_eq!(health["levers"][0]["lever"], "slow_mode");
    site.site.clock.advance_ms(6 * HOUR_MS);
    assert!(!composer("en").await?.contains("class=\"working levers\""), "each ends by itself");
    Ok(())
}

#[tokio::test]
async fn an_operator_pulls_and_lets_go_in_the_console_and_a_moderator_does_not() -> Result<()> {
    let site = TestSite::new().await?;
    let (_, link) = added(&site, "Ola", Role::Operator).await?;
    let mut operator = browser(&site);
    enrolled(&mut operator, &link).await?;
    let page = operator.get("/console/levers").await?;
    assert!(page.status == 200 && page.body.contains("Read-only") && !page.body.contains("Pulled until"), "{}", page.body);
    assert_eq!(operator.post("/console/levers/read_only", &[("for", "1d")]).await?.location, "/console/levers");
    assert!(operator.get("/console/levers").await?.body.contains("Pulled until"));
    for wrong in ["", "always", "31d", "0h"] {
        let answer = operator.post("/console/levers/read_only", &[("for", wrong)]).await?;
        assert!(answer.status == 400 && answer.body.contains("role=\"alert\""), "{wrong}");
    }
    assert_eq!(operator.post("/console/levers/no_kites", &[("for", "1d")]).await?.status, 404);
    assert!(site.site.set_lever(By::NobodyAtHome, Lever::ReadOnly, None).await?.is_ok());
    for _ in 0..2 {
        assert_eq!(operator.post("/console/levers/read_only/clear", &[]).await?.status, 303);
        assert_eq!(site.site.lever(Lever::ReadOnly), None);
    }
    let audit = operator.get("/console/audit").await?.body;
    assert!(audit.contains("Lever pulled") && audit.contains("Lever let go") && audit.contains("The site itself"), "{audit}");
    let (_, link) = added(&site, "Salma", Role::Moderator).await?;
    let mut moderator = browser(&site);
    enrolled(&mut moderator, &link).await?;
    assert_eq!(moderator.get("/console/levers").await?.status, 403);
    assert_eq!(moderator.post("/console/levers/read_only", &[("for", "1d")]).await?.status, 403);
    Ok(())
}
