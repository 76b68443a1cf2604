//! The console's door as a browser meets it: enrolling, signing in and out, and who is let through.

use anyhow::{Context as _, Result};
use axum::body::Body;
use axum::http::{Request, Response};
use domain::moderator::LINK_MS;
use domain::{EnrolSecret, FairUse, ModeratorId, ModeratorName, Role, Time};
use testkit::TestSite;
use testkit::site::text;

use super::header;

pub(crate) const PASSWORD: &str = "kites over the grey sea";
pub(crate) const HERE: &str = "http://localhost:8080";

/// A browser: its cookie, and the address it was led to last.
pub(crate) struct Browser<'a> {
    site: &'a TestSite,
    pub(crate) cookie: Option<String>,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: String,
    set_cookie: Option<String>,
    pub(crate) body: String,
}

impl Browser<'_> {
    pub(crate) async fn send(&mut self, request: axum::http::request::Builder, body: String) -> Result<Answer> {
        let request = request.header("host", "localhost:8080").header("accept", "text/html");
        let request = if let Some(cookie) = &self.cookie { request.header("cookie", cookie) } else { request };
        let response: Response<Body> = self.site.request(request.body(Body::from(body))?).await;
        assert_eq!(header(response.headers(), "cache-control"), "no-store", "kept by somebody");
        assert_eq!(header(response.headers(), "x-robots-tag"), "noindex", "listed by somebody");
        assert_eq!(header(response.headers(), "referrer-policy"), "same-origin");
        let set_cookie = response.headers().get("set-cookie").map(|value| value.to_str().map(str::to_owned)).transpose()?;
        if let Some(set) = &set_cookie {
            self.cookie = set.split(';').next().map(str::to_owned);
        }
        Ok(Answer {
            status: response.status().as_u16(),
            location: header(response.headers(), "location").to_owned(),
            set_cookie,
            body: text(response).await?,
        })
    }

    pub(crate) async fn get(&mut self, path: &str) -> Result<Answer> {
        self.send(Request::get(path), String::new()).await
    }

    pub(crate) async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Result<Answer> {
        let request = Request::post(path).header("origin", HERE).header("content-type", "application/x-www-form-urlencoded");
        self.send(request, urlencoded(form)).await
    }
}

pub(crate) fn urlencoded(form: &[(&str, &str)]) -> String {
    let encode = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    form.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect::<Vec<_>>().join("&")
}

pub(crate) fn browser(site: &TestSite) -> Browser<'_> {
    Browser { site, cookie: None }
}

/// Adds somebody by the command line's act, and returns their link's path.
pub(crate) async fn added(site: &TestSite, name: &str, role: Role) -> Result<(ModeratorId, String)> {
    let name = ModeratorName::parse(name).context("no name")?;
    let link = site.site.add_moderator(None, &name, role).await?.map_err(|refused| anyhow::anyhow!("{refused:?}"))?;
    Ok((link.id, format!("/console/enrol/{}", link.secret.expose())))
}

/// The key as the page shows it, for an app of our own.
fn key_on(page: &str) -> Result<Vec<u8>> {
    let shown = page.split("translate=\"no\">").nth(1).and_then(|rest| rest.split('<').next()).context("no key")?;
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut bits, mut have, mut key) = (0_u32, 0, Vec::new());
    for letter in shown.bytes().filter(|letter| *letter != b' ') {
        let value = alphabet.iter().position(|known| *known == letter).context("not base32")?;
        bits = (bits << 5) | u32::try_from(value)?;
        have += 5;
        if have >= 8 {
            have -= 8;
            key.push(u8::try_from((bits >> have) & 0xff)?);
        }
    }
    Ok(key)
}

fn code(key: &[u8], now: Time) -> Result<String> {
    let totp = totp_rs::Builder::new().with_secret(totp_rs::Secret::from(key)).build()?;
    Ok(totp.generate(u64::try_from(now.0 / 1_000)?).to_string())
}

/// Uses a link in this browser, and returns the key of codes.
pub(crate) async fn enrolled(browser: &mut Browser<'_>, link: &str) -> Result<Vec<u8>> {
    let page = browser.get(link).await?;
    assert_eq!(page.status, 200, "{}", page.body);
    let key = key_on(&page.body)?;
    let answer = browser.post(link, &[("password", PASSWORD), ("code", &code(&key, browser.site.now())?)]).await?;
    assert_eq!((answer.status, answer.location.as_str()), (303, "/console"), "{}", answer.body);
    Ok(key)
}

#[tokio::test]
async fn a_link_enrols_and_signs_in_and_is_then_used_up() -> Result<()> {
    let site = TestSite::new().await?;
    let (_, link) = added(&site, "Ola", Role::Operator).await?;
    let mut one = browser(&site);
    let page = one.get(&link).await?;
    assert!(page.body.contains("otpauth://totp/Handbill:Ola?secret=") && page.body.contains("<svg class=\"qr\""));
    let now = code(&key_on(&page.body)?, site.now())?;
    for (password, code) in [("short", now.as_str()), (PASSWORD, "000"), (PASSWORD, "")] {
        let answer = one.post(&link, &[("password", password), ("code", code)]).await?;
        assert_eq!(answer.status, 400);
        assert!(answer.body.contains("role=\"alert\"") && !answer.body.contains(PASSWORD) && answer.set_cookie.is_none());
    }
    let answer = one.post(&link, &[("password", PASSWORD), ("code", &now)]).await?;
    let cookie = answer.set_cookie.context("no cookie")?;
    assert!(cookie.starts_with("console=") && cookie.contains("; Path=/; ") && cookie.ends_with("; SameSite=Strict; HttpOnly"), "{cookie}");
    assert_eq!(one.get("/console").await?.status, 200);
    assert_eq!(one.get("/console/people").await?.status, 200);
    for answer in [browser(&site).get(&link).await?, one.post(&link, &[("password", PASSWORD), ("code", &now)]).await?] {
        assert_eq!(answer.status, 404);
        assert!(!answer.body.contains(link.rsplit('/').next().unwrap_or_default()), "the language switch would keep the secret");
    }
    let (_, late) = added(&site, "Late", Role::Moderator).await?;
    site.site.clock.advance_ms(LINK_MS);
    assert_eq!(browser(&site).get(&late).await?.status, 404);
    Ok(())
}

#[tokio::test]
async fn over_https_the_cookie_is_bound_to_the_host_and_nothing_else_is_taken_for_it() -> Result<()> {
    let site = TestSite::dressed(|_| {}, |inner| inner.public_url = Some("https://kites.example".to_owned())).await?;
    let (_, link) = added(&site, "Ola", Role::Operator).await?;
    let mut one = browser(&site);
    let page = one.get(&link).await?;
    let form = urlencoded(&[("password", PASSWORD), ("code", &code(&key_on(&page.body)?, site.now())?)]);
    let answer = one.send(Request::post(&link).header("sec-fetch-site", "same-origin"), form).await?;
    let cookie = answer.set_cookie.context("no cookie")?;
    assert!(
        cookie.starts_with("__Host-console=") && cookie.ends_with("; SameSite=Strict; HttpOnly; Secure") && !cookie.contains("Domain"),
        "{cookie}"
    );
    assert_eq!(one.get("/console").await?.status, 200);
    one.cookie = one.cookie.map(|cookie| cookie.replace("__Host-", ""));
    assert_eq!(one.get("/console").await?.status, 303);
    Ok(())
}

#[tokio::test]
async fn whoever_is_not_signed_in_is_led_to_the_door_and_back() -> Result<()> {
    let site = TestSite::new().await?;
    let (_, link) = added(&site, "Ola", Role::Operator).await?;
    let key = enrolled(&mut browser(&site), &link).await?;
    site.site.clock.advance_ms(30_000);
    let mut one = browser(&site);
    for path in ["/console", "/console/people", "/console/audit"] {
        assert!(one.get(path).await?.location.starts_with("/console/sign-in?to="), "{path}");
    }
    let led = one.get("/console/audit?after=1-abcdefghjkmnp").await?.location;
    let door = one.get(&led).await?;
    assert!(door.body.contains("value=\"/console/audit?after=1-abcdefghjkmnp\""), "{}", door.body);
    let now = code(&key, site.now())?;
    let mut told = Vec::new();
    for (name, password, code) in
        [("Ola", "kites over the blue sea", now.as_str()), ("Ola", PASSWORD, "123456"), ("Nobody", PASSWORD, &now)]
    {
        let answer = one.post("/console/sign-in", &[("name", name), ("password", password), ("code", code)]).await?;
        assert_eq!((answer.status, answer.set_cookie), (403, None));
        told.push(answer.body.replace(&format!("value=\"{name}\""), ""));
    }
    assert!(told.iter().all(|body| *body == told[0]), "whatever is wrong is told in the same words");
    let form = [("name", "Ola"), ("password", PASSWORD), ("code", now.as_str()), ("to", "/console/audit?after=1-abcdefghjkmnp")];
    let answer = one.post("/console/sign-in", &form).await?;
    assert_eq!((answer.status, answer.location.as_str()), (303, "/console/audit?after=1-abcdefghjkmnp"));
    assert_eq!(one.get(&answer.location).await?.status, 200);
    let replayed = browser(&site).post("/console/sign-in", &form).await?;
    assert_eq!((replayed.status, replayed.set_cookie), (403, None));
    site.site.clock.advance_ms(30_000);
    let now = code(&key, site.now())?;
    let elsewhere = [("name", "Ola"), ("password", PASSWORD), ("code", now.as_str()), ("to", "//evil.example")];
    assert_eq!(browser(&site).post("/console/sign-in", &elsewhere).await?.location, "/console");
    Ok(())
}

#[tokio::test]
async fn a_change_that_another_site_sends_does_nothing() -> Result<()> {
    let site = TestSite::new().await?;
    let (_, link) = added(&site, "Ola", Role::Operator).await?;
    let mut one = browser(&site);
    enrolled(&mut one, &link).await?;
    let form = urlencoded(&[("name", "Eve"), ("role", "operator")]);
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("x-none", ""),
    ] {
        let answer = one.send(Request::post("/console/people").header(name, value), form.clone()).await?;
        assert_eq!((answer.status, answer.set_cookie), (403, None), "{name}: {value}");
        let out = one.send(Request::post("/console/sign-out").header(name, value), String::new()).await?;
        assert_eq!(out.status, 403);
    }
    assert_eq!(site.site.moderators().await?.len(), 1);
    assert_eq!(one.get("/console").await?.status, 200, "and nobody was signed out");
    Ok(())
}

#[tokio::test]
async fn a_moderator_is_told_what_is_not_theirs_and_whoever_is_shut_out_is_out_with_the_next_request() -> Result<()> {
    let site = TestSite::new().await?;
    let (_, link) = added(&site, "Ola", Role::Operator).await?;
    let mut operator = browser(&site);
    enrolled(&mut operator, &link).await?;
    let made = operator.post("/console/people", &[("name", "Salma"), ("role", "moderator")]).await?;
    assert_eq!(made.status, 200);
    let link =
        made.body.split("value=\"http://localhost:8080").nth(1).and_then(|rest| rest.split('"').next()).context("no link")?.to_owned();
    assert!(!operator.get("/console/people").await?.body.contains(&link), "it is shown once");
    assert_eq!(operator.post("/console/people", &[("name", "SALMA"), ("role", "moderator")]).await?.status, 409);
    assert_eq!(operator.post("/console/people", &[("name", "\u{202E}"), ("role", "moderator")]).await?.status, 400);

    let mut moderator = browser(&site);
    enrolled(&mut moderator, &link).await?;
    let home = moderator.get("/console").await?;
    assert!(home.status == 200 && !home.body.contains("/console/people"));
    for path in ["/console/people", "/console/audit"] {
        assert_eq!(moderator.get(path).await?.status, 403, "{path}");
    }
    assert_eq!(moderator.post("/console/people", &[("name", "Eve"), ("role", "operator")]).await?.status, 403);
    let everybody = site.site.moderators().await?;
    let id = |name: &str| everybody.iter().find(|one| one.name == name).map(|one| one.id.to_string()).unwrap_or_default();
    for act in ["link", "suspend", "resume"] {
        assert_eq!(moderator.post(&format!("/console/people/{}/{act}", id("Ola")), &[]).await?.status, 403);
    }
    assert_eq!(operator.post(&format!("/console/people/{}/suspend", id("Ola")), &[]).await?.status, 409, "nobody shuts themselves out");
    assert_eq!(operator.post(&format!("/console/people/{}/suspend", id("Salma")), &[]).await?.location, "/console/people");
    assert!(moderator.get("/console").await?.location.starts_with("/console/sign-in"));
    assert_eq!(operator.post(&format!("/console/people/{}/resume", id("Salma")), &[]).await?.status, 303);
    let audit = operator.get("/console/audit").await?.body;
    for words in ["Shut out", "Let in again", "Enrolled", "Person added", "Salma", "Command line"] {
        assert!(audit.contains(words), "{words}");
    }
    assert_eq!(operator.get("/console/audit?after=nonsense").await?.status, 404);
    Ok(())
}

#[tokio::test]
async fn signing_out_ends_this_session_or_all_of_them() -> Result<()> {
    let site = TestSite::new().await?;
    let (_, link) = added(&site, "Ola", Role::Moderator).await?;
    let mut one = browser(&site);
    let key = enrolled(&mut one, &link).await?;
    let mut others = Vec::new();
    for _ in 0..2 {
        site.site.clock.advance_ms(30_000);
        let mut other = browser(&site);
        let form = [("name", "ola"), ("password", PASSWORD), ("code", &code(&key, site.now())?)];
        assert_eq!(other.post("/console/sign-in", &form).await?.status, 303);
        others.push(other);
    }
    let before = one.cookie.clone();
    let answer = one.post("/console/sign-out", &[]).await?;
    assert!(answer.set_cookie.is_some_and(|cookie| cookie.starts_with("console=;") && cookie.contains("Max-Age=0")));
    one.cookie = before;
    assert_eq!(one.get("/console").await?.status, 303, "a cookie that somebody kept");
    assert_eq!(others[0].get("/console").await?.status, 200);
    others[0].post("/console/sign-out-everywhere", &[]).await?;
    assert_eq!(others[1].get("/console").await?.status, 303);
    Ok(())
}

#[tokio::test]
async fn guesses_are_paid_for_and_right_ones_are_not() -> Result<()> {
    let site = TestSite::with(|parts| {
        parts.fair_use = FairUse { sign_ins_per_hour: 3, times_ipv4_address: 1, times_ipv4_24: 1, ..FairUse::unlimited() };
    })
    .await?;
    let (_, link) = added(&site, "Ola", Role::Operator).await?;
    let mut one = browser(&site);
    for _ in 0..5 {
        assert_eq!(one.get(&link).await?.status, 200, "what is right costs nothing");
    }
    let key = enrolled(&mut one, &link).await?;
    let wrong = EnrolSecret::from_random([1; 16], [2; 16]);
    assert_eq!(one.get(&format!("/console/enrol/{}", wrong.expose())).await?.status, 404);
    for _ in 0..2 {
        assert_eq!(browser(&site).post("/console/sign-in", &[("name", "Ola"), ("password", PASSWORD), ("code", "1")]).await?.status, 403);
    }
    site.site.clock.advance_ms(30_000);
    let right = code(&key, site.now())?;
    let form = [("name", "Ola"), ("password", PASSWORD), ("code", right.as_str())];
    assert_eq!(browser(&site).post("/console/sign-in", &form).await?.status, 429);
    assert_eq!(one.get("/console").await?.status, 200, "whoever is in stays in");
    Ok(())
}
