//! The site as other programs use it.

use anyhow::{Context as _, Result};
use axum::body::Body;
use axum::http::{Request, Response};
use serde_json::{Value, json};
use testkit::TestSite;
use testkit::site::{Part, form, picture, text};

use crate::{get, header};

const KEY: &str = "9b2c1f0e-7a44-4b0e-8f3f-6d1f0c9a2b11";
const SECRET: &str = "AbCdEfGhIjKlMnOpQrStUv-_0123456789";

/// An answer's status, its JSON (`null` if it has no body), and its headers.
pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) json: Value,
    pub(crate) headers: axum::http::HeaderMap,
}

pub(crate) async fn told(response: Response<Body>) -> Result<Told> {
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = text(response).await?;
    let json = if body.is_empty() { Value::Null } else { serde_json::from_str(&body).with_context(|| format!("{status} {body}"))? };
    Ok(Told { status, json, headers })
}

pub(crate) async fn ask(site: &TestSite, method: &str, path: &str, headers: &[(&str, &str)], json: &Value) -> Result<Told> {
    let mut request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = if json.is_null() { Body::empty() } else { Body::from(json.to_string()) };
    told(site.request(request.body(body)?).await).await
}

pub(crate) async fn created(site: &TestSite, json: &Value) -> Result<(String, String)> {
    let told = ask(site, "POST", "/api/v1/posts", &[], json).await?;
    anyhow::ensure!(told.status == 201, "{} {}", told.status, told.json);
    let word = |name: &str| told.json[name].as_str().map(str::to_owned).context("a field is missing");
    let manage = word("manage_url")?;
    Ok((word("id")?, manage.rsplit('/').next().context("no secret")?.to_owned()))
}

/// A whole upload of these bytes: its address.
pub(crate) async fn uploaded(site: &TestSite, bytes: &[u8], length: usize) -> Result<String> {
    let request = Request::post("/api/v1/uploads")
        .header("tus-resumable", "1.0.0")
        .header("upload-length", length)
        .header("content-type", "application/offset+octet-stream")
        .body(Body::from(bytes.to_vec()))?;
    let response = site.request(request).await;
    anyhow::ensure!(response.status() == 201, "{}", response.status());
    Ok(header(response.headers(), "location").to_owned())
}

fn bearer(secret: &str) -> String {
    format!("Bearer {secret}")
}

#[tokio::test]
async fn a_post_with_an_upload_that_is_still_running_is_made_read_and_deleted() -> Result<()> {
    let site = TestSite::new().await?;
    let kite = picture(640, 480, 1)?;
    let whole = uploaded(&site, &kite, kite.len()).await?;
    let half = uploaded(&site, &kite[..1_000], kite.len()).await?;
    let wish = json!({"title": "Kites", "text": "Over the *river*.", "language": "en", "listed": true, "sensitive": true, "expires": "7d",
        "media": [{"upload": half, "caption": "A kite", "sensitive": true}, {"upload": whole.rsplit('/').next(), "alt": "the same"}]});
    let made = ask(&site, "POST", "/api/v1/posts", &[("accept", "text/html")], &wish).await?;
    assert_eq!((made.status, header(&made.headers, "content-type")), (201, "application/json"), "{}", made.json);
    assert_eq!(header(&made.headers, "cache-control"), "no-store");
    let (id, url) = (made.json["id"].as_str().context("no id")?, made.json["url"].as_str().context("no link")?);
    assert_eq!(url, format!("http://localhost:8080/{id}"));
    assert!(made.json["manage_url"].as_str().is_some_and(|manage| manage.starts_with(&format!("{url}/manage/"))));
    site.run_jobs().await?;
    let path = format!("/api/v1/posts/{id}");
    assert_eq!(header(&made.headers, "location"), format!("http://localhost:8080{path}"));
    let read = told(site.get(&path).await?).await?;
    assert_eq!(read.json, crate::json(&site, &format!("/{id}")).await?);
    let media = &read.json["media"];
    assert_eq!((&media[0]["state"], &media[1]["state"]), (&json!("receiving"), &json!("ready")));
    assert_eq!((&media[0]["caption"], &media[1]["alt"], &media[0]["sensitive"]), (&json!("A kite"), &json!("the same"), &json!(true)));
    assert_eq!((&read.json["listed"], &read.json["language"], read.json["expires"].is_string()), (&json!(true), &json!("en"), true));
    // The rest comes, and it is whole.
    let rest = Request::patch(half.strip_prefix("http://localhost:8080").context("no path")?)
        .header("tus-resumable", "1.0.0")
        .header("upload-offset", 1_000)
        .header("content-type", "application/offset+octet-stream")
        .body(Body::from(kite[1_000..].to_vec()))?;
    assert_eq!(site.request(rest).await.status(), 204);
    site.run_jobs().await?;
    assert_eq!(told(site.get(&path).await?).await?.json["state"], "live");

    let secret = made.json["manage_url"].as_str().and_then(|manage| manage.rsplit('/').next()).context("no secret")?;
    let held = ask(&site, "GET", &path, &[("authorization", &bearer(secret))], &Value::Null).await?;
    assert_eq!((held.status, &held.json["password"], &held.json["views"]), (200, &json!(false), &Value::Null));
    assert!(held.json["revision"].is_i64() && header(&held.headers, "cache-control").contains("no-store"));
    // A wrong secret and a missing post look the same; no secret at all tells nothing of either.
    let wrong = ask(&site, "DELETE", &path, &[("authorization", &bearer(SECRET))], &Value::Null).await?;
    let missing = ask(&site, "DELETE", "/api/v1/posts/aaaaaaaaaaaaa", &[("authorization", &bearer(SECRET))], &Value::Null).await?;
    assert_eq!((wrong.status, &wrong.json), (404, &missing.json));
    for path in [path.as_str(), "/api/v1/posts/aaaaaaaaaaaaa"] {
        let none = ask(&site, "DELETE", path, &[], &Value::Null).await?;
        assert_eq!((none.status, &none.json["type"]), (401, &json!("/problems/no-secret")));
    }
    let deleted = ask(&site, "DELETE", &path, &[("authorization", &bearer(secret))], &Value::Null).await?;
    assert_eq!((deleted.status, deleted.json), (204, Value::Null));
    assert_eq!(told(site.get(&path).await?).await?.status, 410);
    let again = ask(&site, "DELETE", &path, &[("authorization", &bearer(secret))], &Value::Null).await?;
    assert_eq!(again.status, 410);
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn a_locked_post_tells_a_program_nothing_until_it_is_opened() -> Result<()> {
    let site = TestSite::new().await?;
    let (id, secret) = created(&site, &json!({"text": "HIDDEN WORDS", "password": "kite", "views": 1})).await?;
    let path = format!("/api/v1/posts/{id}");
    let locked = told(site.get(&path).await?).await?;
    assert_eq!(locked.json, json!({"id": id, "url": format!("http://localhost:8080/{id}"), "state": "locked", "asks": "password"}));
    assert_eq!(header(&locked.headers, "cache-control"), "private, no-store");
    let open = format!("{path}/open");
    for (wrong, status) in
        [(json!({}), 403), (json!({"password": ""}), 403), (json!({"password": "river"}), 403), (json!({"pass": "kite"}), 400)]
    {
        assert_eq!(ask(&site, "POST", &open, &[], &wrong).await?.status, status, "{wrong}");
    }
    let opened = ask(&site, "POST", &open, &[], &json!({"password": "kite"})).await?;
    assert_eq!(opened.status, 200);
    assert!(opened.headers.get("set-cookie").is_none(), "the API goes by no cookies");
    let pass = bearer(opened.json["pass"].as_str().context("no pass")?);
    let read = ask(&site, "GET", &path, &[("authorization", &pass)], &Value::Null).await?;
    assert_eq!((read.status, &read.json["text"]), (200, &json!("HIDDEN WORDS")));
    // Its one opening is used up, and its poster still holds it.
    assert_eq!(ask(&site, "POST", &open, &[], &json!({"password": "kite"})).await?.status, 410);
    let held = ask(&site, "GET", &path, &[("authorization", &bearer(&secret))], &Value::Null).await?;
    assert_eq!((&held.json["text"], &held.json["password"], &held.json["views"]), (&json!("HIDDEN WORDS"), &json!(true), &json!(0)));
    let (id, _) = created(&site, &json!({"text": "words"})).await?;
    let opened = ask(&site, "POST", &format!("/api/v1/posts/{id}/open"), &[], &json!({})).await?;
    assert_eq!(opened.json, json!({"pass": null, "expires": null}));
    Ok(())
}

#[tokio::test]
async fn whatever_is_wrong_is_told_as_problem_details() -> Result<()> {
    let site = TestSite::new().await?;
    let long = "x".repeat(1_001);
    for (wish, status, kind, field) in [
        (json!({}), 400, "nothing-to-post", "file"),
        (json!({"text": " \n "}), 400, "nothing-to-post", "file"),
        (json!({"text": "words", "txet": "words"}), 400, "bad-json", ""),
        (json!({"text": 7}), 400, "bad-json", ""),
        (json!(["text"]), 400, "bad-json", ""),
        (json!({"text": "words", "listed": "yes"}), 400, "bad-json", ""),
        (json!({"text": "words", "views": "three"}), 400, "bad-json", ""),
        (json!({"text": "words", "views": 0}), 400, "invalid-field", "views"),
        (json!({"text": "words", "views": -1}), 400, "invalid-field", "views"),
        (json!({"text": "words", "expires": "ten years"}), 400, "invalid-field", "expires"),
        (json!({"text": "words", "language": "<script>"}), 400, "invalid-field", "language"),
        (json!({"title": long}), 400, "invalid-field", "title"),
        (json!({"text": "words", "password": "x".repeat(201)}), 400, "invalid-field", "password"),
        (json!({"text": "words", "manage_secret": "short"}), 400, "invalid-field", "manage_secret"),
        (json!({"text": "words", "manage_secret": "AbCdEfGhIjKlMnOpQrStUv+/"}), 400, "invalid-field", "manage_secret"),
        (json!({"text": "words", "media": [{}]}), 400, "bad-json", ""),
        (json!({"text": "words", "media": [{"upload": "https://elsewhere.example/a.jpg"}]}), 400, "no-such-upload", "media"),
        (json!({"text": "words", "media": [{"upload": "aaaaaaaaaaaaaaaaaaaaaaaaaa"}]}), 400, "no-such-upload", "media"),
        (json!({"text": "x".repeat((1 << 20) + 1)}), 413, "invalid-field", "text"),
        (json!({"media": vec![json!({"upload": "aaaaaaaaaaaaaaaaaaaaaaaaaa"}); 51]}), 413, "files-refused", "file"),
    ] {
        let told = ask(&site, "POST", "/api/v1/posts", &[("accept", "text/html")], &wish).await?;
        let shown: String = wish.to_string().chars().take(80).collect();
        assert_eq!((told.status, &told.json["type"]), (status, &json!(format!("/problems/{kind}"))), "{shown}: {}", told.json);
        assert_eq!(told.json["field"].as_str().unwrap_or_default(), field, "{shown}");
        assert_eq!((header(&told.headers, "content-type"), &told.json["status"]), ("application/problem+json", &json!(status)));
    }
    let raw = async |content_type: &str, body: Vec<u8>| {
        let request = Request::post("/api/v1/posts").header("content-type", content_type).body(Body::from(body))?;
        anyhow::Ok(told(site.request(request).await).await?.status)
    };
    assert_eq!(raw("application/json", b"{\"text\": \"wor".to_vec()).await?, 400);
    assert_eq!(raw("application/json", b"{\"text\": \"\xff\xfe\"}".to_vec()).await?, 400);
    assert_eq!(raw("application/json", vec![b'['; 100_000]).await?, 400);
    assert_eq!(raw("application/json", vec![b' '; 9 << 20]).await?, 413);
    assert_eq!(raw("text/plain", b"{\"text\": \"words\"}".to_vec()).await?, 415);
    assert_eq!(raw("multipart/form-data; boundary=b", b"--b--".to_vec()).await?, 415);
    assert_eq!(raw("Application/JSON; charset=utf-8", b"{\"text\": \"words\"}".to_vec()).await?, 201);
    for (method, path, status) in [("GET", "/api/v1/nothing", 404), ("PUT", "/api/v1/posts", 405), ("GET", "/api/v1/posts", 405)] {
        let told = ask(&site, method, path, &[("accept", "text/html")], &Value::Null).await?;
        assert_eq!((told.status, &told.json["status"]), (status, &json!(status)), "{method} {path}");
    }
    Ok(())
}

#[tokio::test]
async fn a_post_is_changed_whole_or_not_at_all() -> Result<()> {
    let site = TestSite::new().await?;
    let (kite, river) = (picture(64, 48, 1)?, picture(48, 64, 2)?);
    let (first, second) = (uploaded(&site, &kite, kite.len()).await?, uploaded(&site, &river, river.len()).await?);
    let wish =
        json!({"title": "Kites", "text": "words", "language": "en", "media": [{"upload": first, "caption": "A kite"}, {"upload": second}]});
    let (id, secret) = created(&site, &wish).await?;
    site.run_jobs().await?;
    let (path, secret) = (format!("/api/v1/posts/{id}"), bearer(&secret));
    let change = async |json: Value| ask(&site, "PATCH", &path, &[("authorization", &secret)], &json).await;
    let before = ask(&site, "GET", &path, &[("authorization", &secret)], &Value::Null).await?.json;
    let third = uploaded(&site, &kite, kite.len()).await?;
    let media = |place: usize| before["media"][place]["id"].clone();
    let wish = json!({"revision": before["revision"], "title": null, "text": "other words", "listed": true, "expires": "7d", "views": 3,
        "media": [{"upload": third, "alt": "new", "sensitive": true}, {"id": media(1), "caption": "A river"}, {"id": media(0)}]});
    let after = change(wish.clone()).await?;
    assert_eq!(after.status, 200, "{}", after.json);
    let told = &after.json;
    assert_eq!((&told["title"], &told["text"], &told["language"]), (&Value::Null, &json!("other words"), &json!("en")));
    assert_eq!((&told["listed"], &told["views"], told["expires"].is_string()), (&json!(true), &json!(3), true));
    assert_eq!((&told["media"][0]["alt"], &told["media"][0]["sensitive"]), (&json!("new"), &json!(true)));
    assert_eq!((&told["media"][1]["id"], &told["media"][1]["caption"]), (&media(1), &json!("A river")));
    assert_eq!((&told["media"][2]["id"], &told["media"][2]["caption"]), (&media(0), &json!("A kite")));
    // Somebody who has seen an older state is told, and nothing happens.
    let late = change(wish).await?;
    assert_eq!((late.status, &late.json["type"]), (409, &json!("/problems/changed")));
    for (wrong, status) in [
        (json!({"media": [{"id": media(0), "upload": "aaaaaaaaaaaaaaaaaaaaaaaaaa"}]}), 400),
        (json!({"media": [{}]}), 400),
        (json!({"media": [{"id": "aaaaaaaaaaaaa"}]}), 400),
        (json!({"media": [{"id": media(0)}, {"id": media(0)}]}), 400),
        (json!({"text": "lost", "media": [{"upload": "aaaaaaaaaaaaaaaaaaaaaaaaaa"}]}), 400),
        (json!({"text": "lost", "expires": "ten years"}), 400),
        (json!({"text": "lost", "views": 0}), 400),
        (json!({"text": "lost", "manage_secret": SECRET}), 400),
        (json!({"text": null, "media": []}), 400),
    ] {
        let told = change(wrong.clone()).await?;
        assert_eq!(told.status, status, "{wrong}: {}", told.json);
    }
    let stands = ask(&site, "GET", &path, &[("authorization", &secret)], &Value::Null).await?.json;
    assert_eq!((&stands["text"], &stands["revision"]), (&json!("other words"), &told["revision"]));
    // What is null is taken away; what is left out stays.
    let open = change(json!({"views": null, "expires": null, "password": "kite"})).await?.json;
    assert_eq!(
        (&open["views"], &open["expires"], &open["password"], &open["text"]),
        (&Value::Null, &Value::Null, &json!(true), &json!("other words"))
    );
    let open = change(json!({"password": null, "media": [{"id": media(1)}]})).await?.json;
    assert_eq!(
        (&open["password"], open["media"].as_array().map(Vec::len), &open["media"][0]["caption"]),
        (&json!(false), Some(1), &json!("A river"))
    );
    assert_eq!(ask(&site, "PATCH", &path, &[], &json!({"text": "mine"})).await?.status, 401);
    assert_eq!(ask(&site, "PATCH", &path, &[("authorization", &bearer(SECRET))], &json!({"text": "mine"})).await?.status, 404);
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn an_upload_is_in_one_post_only() -> Result<()> {
    let mut site = TestSite::new().await?;
    site.leave_jobs();
    let kite = picture(40, 30, 1)?;
    let upload = uploaded(&site, &kite, kite.len()).await?;
    let twice = json!({"media": [{"upload": upload}, {"upload": upload}]});
    assert_eq!(ask(&site, "POST", "/api/v1/posts", &[], &twice).await?.status, 400);
    created(&site, &json!({"media": [{"upload": upload}]})).await?;
    let again = ask(&site, "POST", "/api/v1/posts", &[], &json!({"media": [{"upload": upload}]})).await?;
    assert_eq!((again.status, &again.json["type"]), (400, &json!("/problems/no-such-upload")));
    Ok(())
}

#[tokio::test]
async fn a_request_that_comes_again_is_the_same_post() -> Result<()> {
    let mut site = TestSite::new().await?;
    site.leave_jobs();
    let kite = picture(40, 30, 1)?;
    let upload = uploaded(&site, &kite, kite.len()).await?;
    let wish = json!({"text": "words", "password": "kite", "media": [{"upload": upload}]});
    let key = [("idempotency-key", KEY)];
    // At the same moment, and later.
    let both = futures_util::future::join_all((0..8).map(|_| ask(&site, "POST", "/api/v1/posts", &key, &wish))).await;
    let mut answers = both.into_iter().collect::<Result<Vec<_>>>()?;
    answers.push(ask(&site, "POST", "/api/v1/posts", &key, &wish).await?);
    let first = answers[0].json.clone();
    for answer in &answers {
        assert_eq!((answer.status, &answer.json), (201, &first), "{}", answer.json);
    }
    let other = ask(&site, "POST", "/api/v1/posts", &key, &json!({"text": "other words"})).await?;
    assert_eq!((other.status, &other.json["type"]), (409, &json!("/problems/repeated")));
    for bad in ["short", "with a space in it, and long", &"x".repeat(201)] {
        assert_eq!(ask(&site, "POST", "/api/v1/posts", &[("idempotency-key", bad)], &wish).await?.status, 400, "{bad}");
    }
    // What only the poster knows is in no file of the site: neither the secret, nor the key.
    let secret = first["manage_url"].as_str().and_then(|url| url.rsplit('/').next()).context("no secret")?;
    for needle in [secret, KEY] {
        assert!(site.files_with(needle.as_bytes())?.is_empty());
    }
    // A post that was deleted does not come back.
    let path = format!("/api/v1/posts/{}", first["id"].as_str().context("no id")?);
    assert_eq!(ask(&site, "DELETE", &path, &[("authorization", &bearer(secret))], &Value::Null).await?.status, 204);
    assert_eq!(ask(&site, "POST", "/api/v1/posts", &key, &wish).await?.status, 410);
    Ok(())
}

#[tokio::test]
async fn a_form_that_comes_again_is_the_same_post_and_keeps_no_second_copy() -> Result<()> {
    let site = TestSite::new().await?;
    let kite = picture(40, 30, 1)?;
    let send = async |parts: &[Part<'_>]| {
        let mut request = form("/", parts)?;
        request.headers_mut().insert("idempotency-key", KEY.parse()?);
        request.headers_mut().insert("accept", "application/json".parse()?);
        told(site.request(request).await).await
    };
    let parts = [Part::Field("title", "Kites"), Part::Field("manage_secret", SECRET), Part::File("kite.png", &kite)];
    let first = send(&parts).await?;
    assert!(first.json["manage_url"].as_str().is_some_and(|url| url.ends_with(&format!("/manage/{SECRET}"))), "{}", first.json);
    let objects = site.objects().await?.len();
    let second = send(&parts).await?;
    assert_eq!((first.status, second.status, &first.json), (201, 201, &second.json));
    assert_eq!(site.objects().await?.len(), objects);
    let path = first.json["url"].as_str().and_then(|url| url.strip_prefix("http://localhost:8080")).context("no link")?;
    assert_eq!(get(&site, &format!("{path}/manage/{SECRET}"), &[("accept", "text/html")]).await?.status(), 200);
    // Letters of base64 are not forgiven.
    let shouted = format!("{path}/manage/{}", SECRET.to_uppercase());
    assert_eq!(get(&site, &shouted, &[("accept", "text/html")]).await?.status(), 404);
    assert_eq!(send(&[Part::Field("title", "River")]).await?.status, 409);
    let bad = site.post(&[Part::Field("title", "Kites"), Part::Field("manage_secret", "kites")]).await?;
    assert_eq!((bad.0, bad.1.len()), (400, 1));
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn pages_of_other_sites_may_use_what_is_for_programs_and_nothing_else() -> Result<()> {
    let site = TestSite::new().await?;
    let (id, secret) = created(&site, &json!({"text": "words"})).await?;
    let (page, manage) = (format!("/{id}"), format!("/{id}/manage/{secret}"));
    let origin = [("origin", "https://elsewhere.example"), ("access-control-request-method", "GET")];
    for (path, shared) in [
        ("/api/v1/site", true),
        ("/api/openapi.json", true),
        ("/api/v1/posts/aaaaaaaaaaaaa", true),
        (&format!("{page}.json"), true),
        (&format!("{page}.md"), true),
        ("/", false),
        (&page, false),
        (&manage, false),
        ("/about", false),
        ("/healthz", false),
    ] {
        for method in ["GET", "OPTIONS"] {
            let mut request = Request::builder().method(method).uri(path);
            for (name, value) in origin {
                request = request.header(name, value);
            }
            let response = site.request(request.body(Body::empty())?).await;
            let headers = response.headers();
            assert_eq!(header(headers, "access-control-allow-origin") == "*", shared, "{method} {path}");
            assert!(headers.get("access-control-allow-credentials").is_none(), "{path}");
            if method == "OPTIONS" && shared {
                assert_eq!(response.status(), 204);
                let api = path.starts_with("/api/");
                assert_eq!(header(headers, "access-control-allow-methods").contains("DELETE"), api, "{path}");
                // What this very route takes.
                assert_eq!(header(headers, "allow").contains("DELETE"), path.contains("posts"), "{path}: {}", header(headers, "allow"));
            }
        }
    }
    let request = Request::options("/api/v1/uploads/aaaaaaaaaaaaaaaaaaaaaaaaaa").header("access-control-request-method", "PATCH");
    let response = site.request(request.body(Body::empty())?).await;
    assert_eq!((response.status().as_u16(), header(response.headers(), "tus-version")), (204, "1.0.0"));
    for name in ["Upload-Offset", "Tus-Resumable", "Authorization", "Idempotency-Key"] {
        assert!(header(response.headers(), "access-control-allow-headers").contains(name), "{name}");
    }
    assert!(header(response.headers(), "access-control-expose-headers").contains("Upload-Offset"));
    // `curl -T kites.json` posts; it is not shared.
    let response = site.request(Request::put("/kites.json").body(Body::from("words"))?).await;
    assert!(response.headers().get("access-control-allow-origin").is_none());
    Ok(())
}

#[tokio::test]
async fn sharex_is_told_where_to_post_and_where_the_links_are() -> Result<()> {
    let site = TestSite::new().await?;
    let response = site.get("/sharex.sxcu").await?;
    assert!(header(response.headers(), "content-disposition").contains(".sxcu"));
    let uploader: serde_json::Value = serde_json::from_slice(&testkit::site::bytes(response).await?)?;
    // What it says of our answer must be so.
    let answer = site.request({
        let mut request = testkit::site::form("/", &[testkit::site::Part::File("kite.png", &testkit::site::picture(40, 30, 1)?)])?;
        request.headers_mut().insert("accept", uploader["Headers"]["Accept"].as_str().unwrap_or_default().parse()?);
        request
    });
    let told: serde_json::Value = serde_json::from_slice(&testkit::site::bytes(answer.await).await?)?;
    for place in ["URL", "DeletionURL"] {
        let field = uploader[place].as_str().unwrap_or_default().trim_start_matches("{json:").trim_end_matches('}').to_owned();
        assert!(told[&field].as_str().is_some_and(|link| link.starts_with("http://localhost:8080/")), "{field}: {told}");
    }
    assert_eq!(uploader["RequestURL"], "http://localhost:8080/");
    site.run_jobs().await?;
    Ok(())
}
