//! What registered parties file by program: who signs, what is taken, what is refused, and what they are answered.

use anyhow::{Context as _, Result};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::party::SIGNED_WITHIN_MS;
use domain::{Act, KeyId, PartyId, RawParty};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use testkit::TestSite;
use testkit::site::{Part, bytes, text};

use crate::posted;

pub(crate) const HOST: &str = "localhost:8080";

/// A party's own program.
pub(crate) struct Client {
    pub(crate) key: SigningKey,
    pub(crate) keyid: &'static str,
    pub(crate) nonce: u32,
}

/// How a request is signed; tests bend it.
#[derive(Clone)]
pub(crate) struct Wish {
    path: &'static str,
    content_type: &'static str,
    body: String,
    covered: &'static [&'static str],
    created: Option<i64>,
    nonce: Option<String>,
    alg: &'static str,
    tag: &'static str,
    /// What is sent, where that is not what was signed.
    sent: Option<String>,
}

impl Client {
    pub(crate) fn new() -> Self {
        Self { key: SigningKey::from_bytes(&[7; 32]), keyid: "kites-1", nonce: 0 }
    }

    pub(crate) fn wish(&mut self, site: &TestSite, path: &'static str, content_type: &'static str, body: String) -> Wish {
        self.nonce += 1;
        Wish {
            path,
            content_type,
            body,
            covered: &["@method", "@target-uri", "content-type", "content-digest"],
            created: Some(site.now().0 / 1_000),
            nonce: Some(format!("nonce {}", self.nonce)),
            alg: "ed25519",
            tag: "handbill-notice",
            sent: None,
        }
    }

    /// A request as RFC 9421 has it, with its parameters in an order that is not the alphabet's.
    pub(crate) fn sign(&self, wish: &Wish) -> Result<Request<Body>> {
        let digest = format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(wish.body.as_bytes())));
        let covered = wish.covered.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(" ");
        let mut params = format!("({covered});keyid=\"{}\";alg=\"{}\"", self.keyid, wish.alg);
        if let Some(created) = wish.created {
            params += &format!(";created={created}");
        }
        if let Some(nonce) = &wish.nonce {
            params += &format!(";nonce=\"{nonce}\"");
        }
        params += &format!(";tag=\"{}\"", wish.tag);
        let value = |name: &str| match name {
            "@method" => "POST".to_owned(),
            "@target-uri" => format!("http://{HOST}{}", wish.path),
            "content-type" => wish.content_type.to_owned(),
            "content-digest" => digest.clone(),
            other => format!("no {other}"),
        };
        let base: String = wish.covered.iter().map(|name| format!("\"{name}\": {}\n", value(name))).collect();
        let signature = self.key.sign(format!("{base}\"@signature-params\": {params}").as_bytes());
        Ok(Request::post(wish.path)
            .header("host", HOST)
            .header("content-type", wish.content_type)
            .header("content-digest", digest)
            .header("signature-input", format!("sig={params}"))
            .header("signature", format!("sig=:{}:", STANDARD.encode(signature.to_bytes())))
            .body(Body::from(wish.sent.clone().unwrap_or_else(|| wish.body.clone())))?)
    }
}

pub(crate) async fn register(site: &TestSite, client: &Client, kind: &str) -> Result<PartyId> {
    let raw = RawParty {
        name: format!("Kite {kind}"),
        kind: kind.to_owned(),
        jurisdiction: "PL".to_owned(),
        languages: "pl".to_owned(),
        contact: "desk@kites.example".to_owned(),
        checked_by: "call_back".to_owned(),
        checked_who: "Ola".to_owned(),
        checked_on: None,
    };
    let party = site.site.add_party(None, raw.check(site.now())?).await?.map_err(|refused| anyhow::anyhow!("{refused:?}"))?;
    let key = KeyId::parse(client.keyid).context("it is a name")?;
    let added = site.site.add_key(None, &party.id, &key, client.key.verifying_key().to_bytes()).await?;
    added.map_err(|refused| anyhow::anyhow!("{refused:?}"))?;
    Ok(party.id)
}

async fn send(site: &TestSite, request: Request<Body>) -> Result<(StatusCode, Value)> {
    let response = site.request(request).await;
    let status = response.status();
    let bytes = bytes(response).await?;
    let value = serde_json::from_slice(&bytes).with_context(|| String::from_utf8_lossy(&bytes).into_owned())?;
    Ok((status, value))
}

fn order(url: &str) -> Value {
    json!({
        "type": "tco_removal_order", "subjects": [url], "reference": "KP-17/2026", "issued": "2020-01-01T10:00:00Z", "reasons": ["a"],
        "secret": true, "redress": "The court of kites, within a month.",
    })
}

async fn post(site: &TestSite, words: &str) -> Result<String> {
    Ok(format!("http://{HOST}{}", posted(site, &[Part::Field("text", words)]).await?.path))
}

#[tokio::test]
async fn an_authority_files_an_order_and_reads_that_it_was_carried_out_while_nobody_else_is_told() -> Result<()> {
    let site = TestSite::new().await?;
    let mut client = Client::new();
    register(&site, &client, "authority").await?;
    let url = post(&site, "A forbidden kite flies over the sea.").await?;
    let wish = client.wish(&site, "/api/v1/notices", "application/json", order(&url).to_string());
    let (status, taken) = send(&site, client.sign(&wish)?).await?;
    assert_eq!((status, &taken["faults"], &taken["subjects"][0]["state"]), (StatusCode::CREATED, &json!([]), &json!("taken")), "{taken}");
    let due: jiff::Timestamp = taken["due"].as_str().context("it has a clock")?.parse()?;
    assert_eq!(due.as_millisecond() / 1_000, (site.now().0 + 3_600_000) / 1_000);
    site.run_jobs().await?;

    let (queue, open) = site.site.queue(9).await?;
    assert_eq!((open, queue[0].rank.clock), (1, 1_000));
    let raw = domain::RawDecision {
        action: Some("remove".into()),
        ground: Some("law".into()),
        reference: Some("Regulation (EU) 2021/784, Article 3".into()),
        facts: Some("The kite incites.".into()),
        countries: None,
    };
    site.site.decide(None, &queue[0].case.id, raw.check()?, true).await?;
    let receipt = taken["receipt"].as_str().context("a receipt")?;
    let (status, state) =
        send(&site, Request::get(format!("/notices/{receipt}")).header("accept", "application/json").body(Body::empty())?).await?;
    assert_eq!((status, &state["state"], &state["subjects"][0]["state"]), (StatusCode::OK, &json!("done"), &json!("remove")), "{state}");

    // In silence: not a word of an order, on any face.
    let path = url.trim_start_matches("http://localhost:8080");
    for (accept, path) in [
        ("text/html", path.to_owned()),
        ("*/*", path.to_owned()),
        ("application/json", format!("{path}.json")),
        ("*/*", format!("{path}.md")),
    ] {
        let response = site.request(Request::get(&path).header("host", HOST).header("accept", accept).body(Body::empty())?).await;
        assert_eq!(response.status(), StatusCode::GONE, "{accept} {path}");
        let words = text(response).await?;
        for told in ["2021/784", "incites", "removed", "decision"] {
            assert!(!words.contains(told), "{accept} {path}: {told} in {words}");
        }
    }
    let (status, other) = send(&site, {
        let body = json!({"subjects": [url], "category": "hate", "explanation": "x", "good_faith": true}).to_string();
        Request::post("/api/v1/notices").header("host", HOST).header("content-type", "application/json").body(Body::from(body))?
    })
    .await?;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{other}");

    // Six weeks later it tells why by itself.
    site.site.clock.advance_ms(domain::notice::TCO_GAG_MS + 1);
    site.run_jobs().await?;
    let response = site.request(Request::get(path).header("host", HOST).header("accept", "text/html").body(Body::empty())?).await;
    assert_eq!(response.status(), StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS);
    Ok(())
}

#[tokio::test]
async fn what_is_not_signed_right_is_refused_and_files_nothing() -> Result<()> {
    let site = TestSite::new().await?;
    let mut client = Client::new();
    let party = register(&site, &client, "authority").await?;
    let url = post(&site, "A forbidden kite flies over the sea.").await?;
    site.run_jobs().await?;
    let body = order(&url).to_string();
    let mut good = client.wish(&site, "/api/v1/notices", "application/json", body.clone());
    let bent = |change: &dyn Fn(&mut Wish)| {
        let mut wish = good.clone();
        change(&mut wish);
        wish
    };
    let seconds = site.now().0 / 1_000;
    let wishes: Vec<(&str, Wish)> = vec![
        ("another body", bent(&|wish| wish.sent = Some(wish.body.replace("KP-17", "KP-18")))),
        ("the digest is left out", bent(&|wish| wish.covered = &["@method", "@target-uri", "content-type"])),
        ("the target is left out", bent(&|wish| wish.covered = &["@method", "content-type", "content-digest"])),
        ("a field that is not there", bent(&|wish| wish.covered = &["@method", "@target-uri", "content-type", "content-digest", "date"])),
        ("made long ago", bent(&|wish| wish.created = Some(seconds - SIGNED_WITHIN_MS / 1_000 - 2))),
        ("made in the future", bent(&|wish| wish.created = Some(seconds + SIGNED_WITHIN_MS / 1_000 + 2))),
        ("made at no time", bent(&|wish| wish.created = None)),
        ("no nonce", bent(&|wish| wish.nonce = None)),
        ("a long nonce", bent(&|wish| wish.nonce = Some("n".repeat(129)))),
        ("another algorithm", bent(&|wish| wish.alg = "rsa-v1_5-sha256")),
        ("an unknown key", bent(&|_| {})),
    ];
    let stranger = Client { keyid: "nobody", ..Client::new() };
    for (what, wish) in &wishes {
        let signer = if *what == "an unknown key" { &stranger } else { &client };
        let (status, problem) = send(&site, signer.sign(wish)?).await?;
        assert_eq!(
            (status, problem["type"].as_str().is_some_and(|kind| kind.ends_with("bad-signature"))),
            (StatusCode::UNAUTHORIZED, true),
            "{what}: {problem}"
        );
    }
    let forger = Client { key: SigningKey::from_bytes(&[8; 32]), ..Client::new() };
    let (status, _) = send(&site, forger.sign(&good)?).await?;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "signed with another key");
    // A signature for something else is none, and what is left is a stranger's.
    let (status, _) = send(&site, client.sign(&bent(&|wish| wish.tag = "something-else"))?).await?;
    assert_eq!(status, StatusCode::FORBIDDEN, "a stranger sends no order");

    let (status, _) = send(&site, client.sign(&good)?).await?;
    assert_eq!(status, StatusCode::CREATED, "the same request, signed as it should be");
    let (status, problem) = send(&site, client.sign(&good)?).await?;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "sent again: {problem}");
    assert_eq!(site.site.filings(Some(&party), None, 9).await?.len(), 1, "something was filed by a request that was refused");

    let suspended = site.site.suspend_party(None, &party, true).await?;
    assert_eq!(suspended, Ok(()));
    good = client.wish(&site, "/api/v1/notices", "application/json", body);
    let (status, _) = send(&site, client.sign(&good)?).await?;
    assert_eq!(status, StatusCode::FORBIDDEN, "a suspended party");
    let trail = site.site.audit(None, 20).await?;
    assert_eq!(trail.iter().filter(|told| told.row.act == Act::Filed).count(), 1);
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn half_an_order_is_taken_and_told_what_it_lacks_and_its_clock_does_not_run() -> Result<()> {
    let site = TestSite::new().await?;
    let mut client = Client::new();
    register(&site, &client, "authority").await?;
    let url = post(&site, "A forbidden kite flies over the sea.").await?;
    site.run_jobs().await?;
    for (change, fault, inability) in [
        (json!({"reasons": []}), "ground", "insufficient_information"),
        (json!({"reference": " "}), "reference", "insufficient_information"),
        (json!({"issued": null}), "issued", "insufficient_information"),
        (json!({"subjects": ["https://elsewhere.example/abc", "nonsense"]}), "no_link", "manifest_errors"),
    ] {
        let mut body = order(&url);
        body.as_object_mut().context("an object")?.extend(change.as_object().context("an object")?.clone());
        let wish = client.wish(&site, "/api/v1/notices", "application/json", body.to_string());
        let (status, taken) = send(&site, client.sign(&wish)?).await?;
        assert_eq!((status, &taken["faults"], &taken["due"]), (StatusCode::CREATED, &json!([fault]), &Value::Null), "{taken}");
        let receipt = taken["receipt"].as_str().context("a receipt")?;
        let (_, state) =
            send(&site, Request::get(format!("/notices/{receipt}")).header("accept", "application/json").body(Body::empty())?).await?;
        assert_eq!((&state["state"], &state["inability"]), (&json!("cannot"), &json!(inability)), "{state}");
    }
    // What is no order at all is told by its field.
    for (change, field) in
        [(json!({"issued": "yesterday"}), "issued"), (json!({"reasons": ["f"]}), "reasons"), (json!({"type": "edict"}), "type")]
    {
        let mut body = order(&url);
        body.as_object_mut().context("an object")?.extend(change.as_object().context("an object")?.clone());
        let wish = client.wish(&site, "/api/v1/notices", "application/json", body.to_string());
        let (status, problem) = send(&site, client.sign(&wish)?).await?;
        assert_eq!((status, &problem["field"]), (StatusCode::BAD_REQUEST, &json!(field)), "{problem}");
    }
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn a_list_is_answered_line_by_line() -> Result<()> {
    let site = TestSite::new().await?;
    let mut client = Client::new();
    register(&site, &client, "trusted_flagger").await?;
    let (one, other) =
        (post(&site, "A forbidden kite flies.").await?, post(&site, "Another thing altogether is sold in the market.").await?);
    site.run_jobs().await?;
    let table = format!(
        "\u{feff}type;url;category;explanation;good_faith\r\n\
         trusted_flagger;{one};hate;\"it says \"\"kite\"\"; and worse\";1\r\n\
         trusted_flagger;{other};boredom;why;1\r\n\
         trusted_flagger;{one};hate;\"it says \"\"kite\"\"; and worse\";1\r\n\
         tco_removal_order;{other};;;\r\n\
         trusted_flagger;https://elsewhere.example/a;hate;why;1\r\n"
    );
    let wish = client.wish(&site, "/api/v1/notices/bulk", "text/csv", table.clone());
    let response = site.request(client.sign(&wish)?).await;
    assert_eq!(response.status(), StatusCode::OK);
    let lines: Vec<Value> = text(response).await?.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let said: Vec<_> = lines.iter().map(|line| (line["line"].as_u64(), line["state"].as_str(), line["field"].as_str())).collect();
    assert_eq!(
        said,
        [
            (Some(2), Some("taken"), None),
            (Some(3), Some("refused"), Some("category")),
            (Some(4), Some("duplicate"), None),
            (Some(5), Some("refused"), Some("type")),
            (Some(6), Some("taken"), None),
        ]
    );
    assert_eq!(
        (&lines[2]["same_as"], &lines[4]["faults"], &lines[4]["subjects"][0]["state"]),
        (&json!(2), &json!(["no_link"]), &json!("nothing"))
    );
    assert!(lines[0]["status_url"].as_str().is_some_and(|url| url.contains("/notices/")));
    assert_eq!(site.site.queue(9).await?.1, 1);

    // Unsigned it is nobody's, and what is no list is told so.
    let unsigned = Request::post("/api/v1/notices/bulk").header("host", HOST).header("content-type", "text/csv").body(Body::from(table))?;
    assert_eq!(send(&site, unsigned).await?.0, StatusCode::UNAUTHORIZED);
    let wish = client.wish(&site, "/api/v1/notices/bulk", "text/csv", "url,secert\nhttps://a/1,1\n".to_owned());
    let (status, problem) = send(&site, client.sign(&wish)?).await?;
    assert_eq!(
        (status, problem["detail"].as_str().is_some_and(|detail| detail.contains("secert"))),
        (StatusCode::BAD_REQUEST, true),
        "{problem}"
    );
    let wish = client.wish(&site, "/api/v1/notices/bulk", "application/pdf", String::new());
    assert_eq!(send(&site, client.sign(&wish)?).await?.0, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    site.run_jobs().await?;
    Ok(())
}
