//! What is withheld in some countries: there it is gone, and everywhere else it is as it was.

use anyhow::{Context as _, Result};
use app::Decided;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::{MediaId, PostId, RawDecision, RawNotice};
use store::Subject;
use testkit::TestSite;
use testkit::site::{Part, bytes, mosaic};

use crate::posted;

/// A MaxMind DB that knows two networks: 10.0.0.0/8 is in Poland, 11.0.0.0/8 in France (MaxMind DB File Format 2.0).
fn countries() -> Vec<u8> {
    const NODES: u32 = 8;
    let country = |code: &str| [&[0xe1][..], b"\x47country", &[0xe1], b"\x48iso_code", &[0x42], code.as_bytes()].concat();
    let (poland, france) = (country("PL"), country("FR"));
    // Both begin with 0000101; the eighth bit tells them apart. What is in neither is the number of nodes: nothing.
    let at = |offset: usize| NODES + 16 + offset as u32;
    let mut tree = Vec::new();
    for (node, bit) in [0_u8, 0, 0, 0, 1, 0, 1].into_iter().enumerate() {
        let next = node as u32 + 1;
        let (left, right) = if bit == 0 { (next, NODES) } else { (NODES, next) };
        tree.extend([left, right]);
    }
    tree.extend([at(0), at(poland.len())]);
    let mut file: Vec<u8> = tree.into_iter().flat_map(|record| record.to_be_bytes()[1..].to_vec()).collect();
    file.extend([0; 16]);
    file.extend([poland, france].concat());
    file.extend(b"\xab\xcd\xefMaxMind.com");
    let number = |key: &[u8], value: &[u8]| [&[0x40 | key.len() as u8][..], key, value].concat();
    file.push(0xe9);
    file.extend(number(b"node_count", &[0xc1, NODES as u8]));
    file.extend(number(b"record_size", &[0xa1, 24]));
    file.extend(number(b"ip_version", &[0xa1, 4]));
    file.extend(number(b"binary_format_major_version", &[0xa1, 2]));
    file.extend(number(b"binary_format_minor_version", &[0xa0]));
    file.extend(number(b"build_epoch", &[0x01, 0x02, 1]));
    file.extend(number(b"database_type", b"\x47Country"));
    file.extend(number(b"languages", &[0x00, 0x04]));
    file.extend(number(b"description", &[0xe0]));
    file
}

async fn site() -> Result<TestSite> {
    let file = tempfile::NamedTempFile::new()?;
    std::fs::write(file.path(), countries())?;
    let geography = web::Geography::open(file.path())?;
    assert_eq!(geography.country([10, 1, 2, 3].into()).map(|one| one.to_string()).as_deref(), Some("PL"));
    assert_eq!(geography.country([11, 1, 2, 3].into()).map(|one| one.to_string()).as_deref(), Some("FR"));
    assert_eq!(geography.country([127, 0, 0, 1].into()), None);
    TestSite::dressed(|parts| parts.knows_countries = true, |inner| inner.geography = Some(geography)).await
}

async fn ask(site: &TestSite, from: u8, path: &str, accept: &str) -> Result<(StatusCode, String, String)> {
    let mut request = Request::get(path).header("accept", accept).body(Body::empty())?;
    request.extensions_mut().insert(web::Peer::new([from, 1, 2, 3].into()));
    let response = site.request(request).await;
    let cache = response.headers().get(header::CACHE_CONTROL).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    Ok((response.status(), cache, String::from_utf8_lossy(&bytes(response).await?).into_owned()))
}

async fn withhold(site: &TestSite, subject: &Subject) -> Result<Decided> {
    let raw = RawNotice {
        category: Some("hate".into()),
        explanation: Some("It is a kite.".into()),
        good_faith: Some("1".into()),
        ..RawNotice::default()
    };
    site.site.give_notice(std::slice::from_ref(subject), &raw.check()?, None).await?.context("it stands")?;
    site.run_jobs().await?;
    let case = site.site.queue(1).await?.0.first().context("a case")?.case.id.clone();
    let raw = RawDecision {
        action: Some("withhold".into()),
        ground: Some("law".into()),
        reference: Some("The Kites Act".into()),
        facts: Some("It flies too low.".into()),
        countries: Some("PL".into()),
    };
    Ok(site.site.decide(None, &case, raw.check()?, false).await?)
}

const POLAND: u8 = 10;
const ELSEWHERE: [u8; 2] = [11, 127];

#[tokio::test]
async fn a_post_is_withheld_where_it_is_and_nowhere_else() -> Result<()> {
    let site = site().await?;
    let words = [Part::Field("text", "A forbidden kite."), Part::File("kite.png", &mosaic(320, 240, 5)?), Part::Field("listed", "1")];
    let path = posted(&site, &words).await?.path;
    let facts: serde_json::Value = serde_json::from_str(&ask(&site, 127, &format!("{path}.json"), "*/*").await?.2)?;
    let file = facts["media"][0]["original"]["url"].as_str().context("a file")?.to_owned();
    let id = PostId::parse(path.trim_start_matches('/')).context("an id")?;
    let faces: Vec<(String, &str)> = vec![
        (path.clone(), "text/html"),
        (path.clone(), "*/*"),
        (format!("{path}.json"), "*/*"),
        (format!("{path}.md"), "*/*"),
        (format!("{path}.zip"), "*/*"),
        (format!("{path}/embed"), "text/html"),
        (format!("/oembed?url=http://localhost:8080{path}"), "*/*"),
        (file, "*/*"),
    ];
    // The page is in memory before, as it was then.
    assert_eq!(ask(&site, POLAND, &path, "text/html").await?.0, StatusCode::OK);
    let Decided::Done(decision, _) = withhold(&site, &Subject { post_id: id, media_id: None }).await? else { anyhow::bail!("not done") };
    for _ in 0..2 {
        for (face, accept) in &faces {
            let (status, _, body) = ask(&site, POLAND, face, accept).await?;
            assert!(matches!(status.as_u16(), 404 | 451) && !body.contains("forbidden"), "{face}: {status} {body}");
            for from in ELSEWHERE {
                let (status, cache, _) = ask(&site, from, face, accept).await?;
                assert_eq!((status, cache.contains("private")), (StatusCode::OK, true), "{face} from {from}: {cache}");
            }
        }
    }
    let (status, _, page) = ask(&site, POLAND, &path, "text/html").await?;
    assert!(status == StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS && page.contains("The Kites Act") && page.contains("PL"), "{page}");
    assert!(site.site.undo(None, &decision).await?);
    site.run_jobs().await?;
    for (face, accept) in &faces {
        assert_eq!(ask(&site, POLAND, face, accept).await?.0, StatusCode::OK, "{face}");
    }
    Ok(())
}

#[tokio::test]
async fn a_medium_is_withheld_and_the_rest_of_its_post_stays() -> Result<()> {
    let site = site().await?;
    let words = [
        Part::Field("text", "Two kites."),
        Part::File("kite.png", &mosaic(320, 240, 5)?),
        Part::File("other.png", &mosaic(320, 240, 6)?),
        Part::Field("caption", "a forbidden caption"),
    ];
    let path = posted(&site, &words).await?.path;
    let facts = |body: String| -> Result<serde_json::Value> { Ok(serde_json::from_str(&body)?) };
    let before = facts(ask(&site, 127, &format!("{path}.json"), "*/*").await?.2)?;
    let medium = MediaId::parse(before["media"][0]["id"].as_str().context("an id")?).context("an id")?;
    let id = PostId::parse(path.trim_start_matches('/')).context("an id")?;
    let done = withhold(&site, &Subject { post_id: id, media_id: Some(medium) }).await?;
    assert!(matches!(done, Decided::Done(..)), "{done:?}");
    let url = |number: usize| before["media"][number]["original"]["url"].as_str().unwrap_or_default().to_owned();
    assert_eq!(ask(&site, POLAND, &url(0), "*/*").await?.0, StatusCode::NOT_FOUND);
    assert_eq!(ask(&site, POLAND, &url(1), "*/*").await?.0, StatusCode::OK);
    let (status, _, page) = ask(&site, POLAND, &path, "text/html").await?;
    assert!(status == StatusCode::OK && page.contains("Two kites") && !page.contains("forbidden"), "{page}");
    for from in ELSEWHERE {
        assert_eq!(ask(&site, from, &url(0), "*/*").await?.0, StatusCode::OK);
        assert!(ask(&site, from, &path, "text/html").await?.2.contains("a forbidden caption"));
    }
    Ok(())
}

#[tokio::test]
async fn without_a_country_database_it_is_refused_in_words() -> Result<()> {
    let site = TestSite::new().await?;
    let path = posted(&site, &[Part::Field("text", "A forbidden kite.")]).await?.path;
    let id = PostId::parse(path.trim_start_matches('/')).context("an id")?;
    assert!(matches!(withhold(&site, &Subject { post_id: id, media_id: None }).await?, Decided::NoCountries));
    assert_eq!(ask(&site, 127, &path, "text/html").await?.0, StatusCode::OK);
    Ok(())
}
