//! The site as its users meet it: every route and layer, on a real store and with the real sandboxed child, without a network.

mod api;
mod banks;
mod console;
mod covers;
mod description;
mod desk;
mod elsewhere;
mod fair_use;
mod filings;
mod gate;
mod holding;
mod house;
mod levers;
mod locked;
mod mail;
mod managing;
mod newest;
mod notices;
mod placed;
mod policy;
mod portal;
mod posting;
mod proof;
mod reading;
mod replies;
mod resuming;
mod silence;
mod stills;
mod together;
mod watch;
mod withholding;
mod zip;

use anyhow::{Context as _, Result};
use axum::body::Body;
use axum::http::{HeaderMap, Request, Response};
use testkit::TestSite;
use testkit::site::{Part, picture};

/// A post's address and its manage page's, as paths.
struct Posted {
    path: String,
    manage: String,
}

/// Posts as curl does, and does the jobs.
async fn posted(site: &TestSite, parts: &[Part<'_>]) -> Result<Posted> {
    let (status, lines) = site.post(parts).await?;
    anyhow::ensure!(status == 201, "{status} {lines:?}");
    site.run_jobs().await?;
    let path = |line: usize| -> Result<String> {
        let url = lines.get(line).context("a line is missing")?;
        Ok(url.strip_prefix("http://localhost:8080").context("the link begins otherwise")?.to_owned())
    };
    Ok(Posted { path: path(0)?, manage: path(1)? })
}

/// Posts a photo with a title.
async fn photo(site: &TestSite) -> Result<Posted> {
    posted(site, &[Part::Field("title", "Kites"), Part::File("kite.png", &picture(640, 480, 1)?)]).await
}

async fn get(site: &TestSite, path: &str, headers: &[(&'static str, &str)]) -> Result<Response<Body>> {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Ok(site.request(request.body(Body::empty())?).await)
}

async fn json(site: &TestSite, path: &str) -> Result<serde_json::Value> {
    let response = site.get(&format!("{path}.json")).await?;
    Ok(serde_json::from_slice(&testkit::site::bytes(response).await?)?)
}

/// The address of the first medium's original.
async fn original(site: &TestSite, path: &str) -> Result<String> {
    Ok(json(site, path).await?["media"][0]["original"]["url"].as_str().context("no original")?.to_owned())
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
