//! `/api/openapi.json` is complete and true: every route, every field, every answer.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use testkit::TestSite;
use testkit::site::{Part, form, picture};

use crate::api::{ask, created, told, uploaded};
use crate::header;

const METHODS: [&str; 7] = ["get", "head", "post", "put", "patch", "delete", "options"];

async fn described(site: &TestSite) -> Result<Value> {
    Ok(told(site.get("/api/openapi.json").await?).await?.json)
}

/// The names of an object's fields by its schema; those that are always there.
fn fields(description: &Value, schema: &Value) -> BTreeSet<String> {
    if let Some(name) = schema["$ref"].as_str() {
        let found = description.pointer(name.trim_start_matches('#')).unwrap_or(&Value::Null);
        assert!(found.is_object(), "{name} is not described");
        return fields(description, found);
    }
    let own = schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone());
    let parts = schema["allOf"].as_array().into_iter().flatten().flat_map(|part| fields(description, part));
    own.chain(parts).collect()
}

fn names(value: &Value) -> BTreeSet<String> {
    value.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
}

fn schema(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

#[tokio::test]
async fn every_route_is_described_and_every_described_route_is_there() -> Result<()> {
    let site = TestSite::new().await?;
    let description = described(&site).await?;
    let paths = description["paths"].as_object().context("no paths")?;
    assert!(paths.len() >= 16, "{:?}", paths.keys());
    for (path, operations) in paths {
        let address = path.replace("{media_id}", "aaaaaaaaaaaaa").replace("{name}", "kite.jpg").replace("{version}", "1");
        let address = address.replace("{id}", if path.contains("uploads") { "aaaaaaaaaaaaaaaaaaaaaaaaaa" } else { "aaaaaaaaaaaaa" });
        for method in METHODS {
            let request = Request::builder().method(method.to_uppercase().as_str()).uri(&address).header("tus-resumable", "1.0.0");
            let response = site.request(request.header("x-http-method-override", "HEAD").body(Body::empty())?).await;
            let there = response.status() != 405;
            let is_described = operations[method].is_object();
            // What can be got can be asked for its head, and every route answers OPTIONS: both go without saying. `PUT /{name}` posts a
            // file of any name. What a browser gets where programs only post are pages.
            let unsaid = method == "options"
                || (matches!(method, "get" | "head") && matches!(path.as_str(), "/" | "/{name}"))
                || (method == "head" && operations["get"].is_object())
                || (method == "put" && path.starts_with("/{id}."));
            assert!(there == is_described || (there && unsaid), "{method} {path}: {}, described: {is_described}", response.status());
            if is_described {
                let status = response.status().as_u16().to_string();
                let described = &operations[method]["responses"][&status];
                assert!(described.is_object(), "{method} {path} answers {status}, which is not described");
                let kind = header(response.headers(), "content-type").split(';').next().unwrap_or_default();
                let kinds = &described["content"];
                assert!(kind.is_empty() || kinds[kind].is_object(), "{method} {path} answers {status} as {kind}, and not {kinds}");
            }
        }
    }
    Ok(())
}

/// Routes whose descriptions do not stand beside them: pages and forms, and what browsers ask for by themselves. The first, and that of a
/// post's page, have a way in for programs, which is described.
const FOR_BROWSERS: [&str; 88] = [
    "/",
    "/about",
    "/newest",
    "/policy",
    "/policy/{version}",
    "/contact",
    "/language",
    "/share",
    "/manifest.webmanifest",
    "/sw.js",
    "/robots.txt",
    "/assets/{name}",
    "/{id}",
    "/notices/{receipt}/answer",
    "/notices/{receipt}/no-mail",
    "/{id}/open",
    "/{id}/report",
    "/{id}/manage/{secret}",
    "/{id}/manage/{secret}/appeal",
    "/{id}/manage/{secret}/delete",
    "/{id}/manage/{secret}/media/{media_id}/remove",
    "/console",
    "/console/appeals",
    "/console/appeals/{id}",
    "/console/waiting/let-go",
    "/console/watch",
    "/console/watch/now",
    "/console/watch/jobs/{id}/retry",
    "/console/watch/alarm-test",
    "/console/away",
    "/console/away/here",
    "/console/banks",
    "/console/banks/{name}/confirm",
    "/console/banks/{name}/trust",
    "/console/cases/{id}",
    "/console/cases/{id}/ask",
    "/console/cases/{id}/claim",
    "/console/cases/{id}/decide",
    "/console/cases/{id}/hold",
    "/console/cases/{id}/members",
    "/console/cases/{id}/notes",
    "/console/decisions",
    "/console/decisions/{id}/keep",
    "/console/decisions/{id}/undo",
    "/console/find",
    "/console/levers",
    "/console/levers/{lever}",
    "/console/levers/{lever}/clear",
    "/console/me",
    "/console/next",
    "/console/people/looks",
    "/console/media/{id}",
    "/console/appeals/{id}/media/{medium}",
    "/console/audit",
    "/console/enrol/{secret}",
    "/console/enrol/{secret}/passkey",
    "/console/enrol/{secret}/passkey/answer",
    "/console/people",
    "/console/people/{id}/link",
    "/console/people/{id}/resume",
    "/console/people/{id}/suspend",
    "/console/parties",
    "/console/parties/{id}",
    "/console/parties/{id}/check",
    "/console/parties/{id}/keys",
    "/console/parties/{id}/keys/{key}/revoke",
    "/console/parties/{id}/people",
    "/console/parties/{id}/people/{person}/link",
    "/console/parties/{id}/people/{person}/suspend",
    "/console/parties/{id}/people/{person}/resume",
    "/console/parties/{id}/suspend",
    "/console/parties/{id}/resume",
    "/console/parties/{id}/deeds",
    "/console/parties/{id}/trust",
    "/console/filings",
    "/console/filings/{id}",
    "/console/filings/{id}/answer",
    "/console/filings/{id}/silence",
    "/portal",
    "/portal/file",
    "/portal/list",
    "/portal/filings/{id}",
    "/console/sign-in",
    "/console/sign-in/passkey",
    "/console/sign-in/passkey/answer",
    "/console/sign-out",
    "/console/sign-out-everywhere",
    // On a listener of its own.
    "/metrics",
];

#[test]
fn every_route_that_is_not_described_is_for_browsers() -> Result<()> {
    let sources = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = BTreeSet::new();
    for file in sources_in(&sources)? {
        let source = std::fs::read_to_string(&file)?;
        let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        // Whatever is given to `route` and begins otherwise is no name that this test could read.
        found.extend(code.split(".route(").skip(1).map(|rest| rest.trim_start().strip_prefix('"').map_or("", until_quote).to_owned()));
    }
    assert_eq!(found, FOR_BROWSERS.map(str::to_owned).into());
    Ok(())
}

fn until_quote(text: &str) -> &str {
    text.split('"').next().unwrap_or_default()
}

fn sources_in(dir: &std::path::Path) -> Result<Vec<std::path::PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(sources_in(&path)?);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    Ok(found)
}

#[tokio::test]
async fn everything_has_words_and_every_reference_leads_somewhere() -> Result<()> {
    let site = TestSite::new().await?;
    let description = described(&site).await?;
    let schemas = description["components"]["schemas"].as_object().context("no schemas")?;
    for (name, schema) in schemas {
        for part in std::iter::once(schema).chain(schema["allOf"].as_array().into_iter().flatten()) {
            for (field, about) in part["properties"].as_object().into_iter().flatten() {
                assert!(
                    about["description"].is_string() || (0..2).any(|part| about["oneOf"][part]["description"].is_string()),
                    "{name}.{field} has no words: {about}"
                );
            }
        }
    }
    for (path, operations) in description["paths"].as_object().context("no paths")? {
        for (method, operation) in operations.as_object().into_iter().flatten() {
            assert!(operation["summary"].is_string(), "{method} {path}");
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                assert!(parameter["description"].is_string(), "{method} {path} {parameter}");
            }
            for (status, response) in operation["responses"].as_object().into_iter().flatten() {
                assert!(response["description"].as_str().is_some_and(|words| !words.is_empty()), "{method} {path} {status}");
            }
        }
    }
    fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(object) => {
                found.extend(object.get("$ref").and_then(Value::as_str));
                object.values().for_each(|value| references(value, found));
            }
            Value::Array(list) => list.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    references(&description, &mut found);
    assert!(found.len() > 20);
    for reference in found {
        assert!(description.pointer(reference.trim_start_matches('#')).is_some_and(Value::is_object), "{reference}");
    }
    Ok(())
}

fn made_url(file: &Value) -> Result<&str> {
    file["url"].as_str().context("no address")
}

/// Every field that the form takes is described, and no other: a program that was told of one that is not taken would be refused.
#[tokio::test]
async fn the_short_ways_take_what_is_described() -> Result<()> {
    let site = TestSite::new().await?;
    let description = described(&site).await?;
    let kite = picture(64, 48, 1)?;
    for field in fields(&description, &schema("PostForm")) {
        let value = match field.as_str() {
            "listed" | "sensitive" | "views" => "1",
            "expires" => "1d",
            "language" => "en",
            "manage_secret" | "once" => "0123456789abcdefghijklmnop",
            _ => "words",
        };
        let part = if field == "file" { Part::File("a.png", &kite) } else { Part::Field(&field, value) };
        let (status, lines) = site.post(&[Part::Field("file", ""), part, Part::File("b.png", &kite)]).await?;
        assert_eq!(status, 201, "{field}: {lines:?}");
    }
    let query = description["paths"]["/{name}"]["put"]["parameters"].as_array().context("no parameters")?;
    let query: Vec<_> = query.iter().filter(|one| one["in"] == "query").filter_map(|one| one["name"].as_str()).collect();
    assert_eq!(query.len(), 8);
    for field in query {
        let value = if matches!(field, "expires") {
            "1d"
        } else if field == "language" {
            "en"
        } else {
            "1"
        };
        let response = site.request(Request::put(format!("/kite.png?{field}={value}")).body(Body::from(kite.clone()))?).await;
        assert_eq!(response.status(), 201, "{field}");
    }
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn real_answers_have_the_fields_that_are_described() -> Result<()> {
    let site = TestSite::new().await?;
    let description = described(&site).await?;
    let fields = |name: &str| fields(&description, &schema(name));
    let kite = picture(640, 480, 1)?;
    let upload = uploaded(&site, &kite, kite.len()).await?;
    let made = ask(&site, "POST", "/api/v1/posts", &[], &json!({"text": "words", "media": [{"upload": upload}]})).await?;
    // It came by no way that makes its links plain.
    let without_links = |name: &str| fields(name).into_iter().filter(|field| field != "links").collect();
    assert_eq!(names(&made.json), without_links("Created"));
    site.run_jobs().await?;
    let path = format!("/api/v1/posts/{}", made.json["id"].as_str().context("no id")?);
    let read = told(site.get(&path).await?).await?.json;
    assert_eq!(names(&read), fields("Post"));
    assert_eq!(names(&read["media"][0]), fields("Medium"));
    assert_eq!(names(&read["media"][0]["original"]), fields("File"));
    assert_eq!(names(&read["media"][0]["variants"][0]), fields("File"));
    let mut short = form("/", &[Part::Field("text", "words"), Part::File("a.txt", b"no picture")])?;
    short.headers_mut().insert("accept", "application/json".parse()?);
    let given = told(site.request(short).await).await?;
    assert_eq!((given.status, names(&given.json), names(&given.json["refused"][0])), (201, without_links("Given"), fields("RefusedFile")));
    let file = site.get(made_url(&read["media"][0]["original"])?).await?;
    assert_eq!((file.status().as_u16(), header(file.headers(), "content-type")), (200, "image/png"));
    let secret = made.json["manage_url"].as_str().and_then(|url| url.rsplit('/').next()).context("no secret")?;
    let held = ask(&site, "GET", &path, &[("authorization", &format!("Bearer {secret}"))], &Value::Null).await?.json;
    assert_eq!(names(&held), fields("ManagedPost"));
    let (id, _) = created(&site, &json!({"text": "words", "views": 3})).await?;
    let locked = told(site.get(&format!("/api/v1/posts/{id}")).await?).await?.json;
    assert_eq!(names(&locked), fields("LockedPost"));
    let pass = ask(&site, "POST", &format!("/api/v1/posts/{id}/open"), &[], &json!({})).await?.json;
    assert_eq!(names(&pass), fields("Pass"));
    let about = told(site.get("/api/v1/site").await?).await?.json;
    assert_eq!((names(&about), names(&about["limits"]), names(&about["uploads"])), (fields("About"), fields("Limits"), fields("Uploads")));
    let health = told(site.get("/healthz").await?).await?.json;
    assert_eq!(names(&health), fields("Healthz"));
    let facts = |id: &serde_json::Value| format!("/oembed?url=http://localhost:8080/{}", id.as_str().unwrap_or_default());
    let (photo, (words, _)) =
        (told(site.get(&facts(&made.json["id"])).await?).await?.json, created(&site, &json!({"text": "words"})).await?);
    let frame = told(site.get(&facts(&words.into())).await?).await?.json;
    assert_eq!(&names(&photo) | &names(&frame), fields("Facts"));
    let problem = told(site.get("/api/v1/posts/aaaaaaaaaaaaa").await?).await?.json;
    assert_eq!(names(&problem), fields("Problem"));
    let refused = Request::post("/api/v1/uploads")
        .header("tus-resumable", "1.0.0")
        .header("upload-length", 11)
        .header("content-type", "application/offset+octet-stream")
        .body(Body::from("only words."))?;
    let refused = told(site.request(refused).await).await?;
    assert_eq!((refused.status, header(&refused.headers, "content-type")), (415, "application/problem+json"));
    assert_eq!(names(&refused.json["refused"][0]), fields("RefusedFile"));
    let wrong = site.request(Request::post("/api/v1/uploads").body(Body::empty())?).await;
    assert_eq!(names(&told(wrong).await?.json), fields("Problem"));
    Ok(())
}
