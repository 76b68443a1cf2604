//! Sixty-four readers at once, of everything that a campaign is seen by, while it is decided: whoever begins to ask after the decision has returned gets no
//! byte of it, on one node with SQLite and files, and on two with PostgreSQL and S3.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use app::Decided;
use domain::PostId;
use store::blobs::S3Config;
use store::{BlobStore, Db, Store};
use testkit::site::{files_with, mosaic};

use crate::beside::{beside, case_of, removal, storage};
use crate::material::film;
use crate::site::{Answer, Site, ask, until};

/// What is in every post's words and in no page of ours.
const MARK: &str = "UNMISTAKABLE kite of the campaign";
const POSTS: usize = 8;
const CLIENTS: usize = 64;
/// How long they read before the decision, and after it.
const READING: Duration = Duration::from_millis(1_500);

/// Something that is asked for again and again.
#[derive(Clone)]
struct Target {
    path: String,
    head: &'static str,
    /// It is there all the same after the decision, and only must not tell of the campaign.
    stays: bool,
}

/// What one request got.
struct Got {
    begun: Instant,
    path: String,
    status: u16,
    tells: bool,
    bytes: usize,
}

/// Posts the campaign and says all that it is seen by.
fn campaign(site: &Site) -> Result<(Vec<PostId>, Vec<Target>)> {
    let folder = tempfile::tempdir()?;
    let (photo, film) = (folder.path().join("kite.png"), film(folder.path(), 0));
    std::fs::write(&photo, mosaic(900, 700, 3)?)?;
    let (photo, film) = (photo.display().to_string(), film.display().to_string());
    let (mut ids, mut targets) = (Vec::new(), Vec::new());
    let target = |path: String, head, stays| Target { path, head, stays };
    for number in 0..POSTS {
        let words = format!("{MARK}, number {number}.");
        // One of them has a film as well.
        let files: Vec<&str> = if number == 0 { vec![&photo, &film] } else { vec![&photo] };
        let (link, manage) = site.post(&[&files[..], &["--text", &words, "--listed"]].concat());
        until("it is ready", Duration::from_secs(60), || site.get(&format!("{link}.json")).body.contains("\"state\":\"live\""));
        let facts: serde_json::Value = serde_json::from_str(&site.get(&format!("{link}.json")).body)?;
        for medium in facts["media"].as_array().context("media")? {
            let files = medium["variants"].as_array().into_iter().flatten().chain([&medium["original"], &medium["poster"]]);
            for url in files.filter_map(|file| file["url"].as_str()) {
                targets.push(target(url.to_owned(), "", false));
                targets.push(target(url.to_owned(), "Range: bytes=100-4000\r\n", false));
            }
        }
        for (path, head) in [
            (link.clone(), "Accept: text/html\r\n"),
            (link.clone(), "Accept: text/plain\r\n"),
            (format!("{link}.json"), ""),
            (format!("{link}.md"), ""),
            (format!("{link}.zip"), ""),
            (format!("{link}/embed"), "Accept: text/html\r\n"),
            (format!("/oembed?url={}{link}", site.url), ""),
        ] {
            targets.push(target(path, head, false));
        }
        targets.push(target(manage, "Accept: text/html\r\n", true));
        ids.push(PostId::parse(link.trim_start_matches('/')).context("an id")?);
    }
    targets.push(target("/newest".to_owned(), "Accept: text/html\r\n", true));
    targets.push(target("/newest.atom".to_owned(), "", true));
    Ok((ids, targets))
}

/// Reads until it is told to stop, from one node after the other.
fn read(nodes: &[String], targets: &[Target], from: usize, stop: &AtomicBool) -> Vec<Got> {
    let mut all = Vec::new();
    for at in from.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let target = &targets[at % targets.len()];
        let begun = Instant::now();
        let Answer { status, body, .. } = ask(&nodes[at % nodes.len()], &format!("GET {} HTTP/1.1\r\n{}", target.path, target.head), b"");
        let tells = body.contains("UNMISTAKABLE") || (!target.stays && matches!(status, 200 | 206));
        all.push(Got { begun, path: target.path.clone(), status, tells, bytes: body.len() });
    }
    all
}

async fn hammer(sites: &[Site], store: Store, dir: &std::path::Path) -> Result<()> {
    let (ids, targets) = campaign(&sites[0])?;
    let own = beside(store, dir)?;
    let case = case_of(&own, &ids).await?;
    let decision = removal()?;
    let stop = Arc::new(AtomicBool::new(false));
    let nodes: Arc<[String]> = sites.iter().map(|site| site.address().to_owned()).collect();
    let targets: Arc<[Target]> = targets.into();
    let client = |number: usize| {
        let (nodes, targets, stop) = (Arc::clone(&nodes), Arc::clone(&targets), Arc::clone(&stop));
        std::thread::spawn(move || read(&nodes, &targets, number * 7, &stop))
    };
    let clients: Vec<_> = (0..CLIENTS).map(client).collect();
    tokio::time::sleep(READING).await;
    let outcome = own.decide(None, &case, decision, true).await;
    let decided = Instant::now();
    tokio::time::sleep(READING).await;
    stop.store(true, Ordering::Relaxed);
    ensure!(matches!(outcome, Ok(Decided::Done(_, reach)) if reach.in_posts == POSTS as i64), "{outcome:?}");
    let mut got = Vec::new();
    for client in clients {
        got.extend(client.join().map_err(|_| anyhow::anyhow!("a client failed"))?);
    }

    let (after, before): (Vec<Got>, Vec<Got>) = got.into_iter().partition(|one| one.begun > decided);
    let told = before.iter().filter(|one| one.tells).map(|one| one.bytes).sum::<usize>();
    ensure!(told > 0 && after.len() > CLIENTS, "the clients read {told} bytes before, and asked {} times after", after.len());
    let late: Vec<_> = after.iter().filter(|one| one.tells).map(|one| (one.status, one.path.as_str())).collect();
    assert!(late.is_empty(), "{} of {} requests got something after the decision: {late:?}", late.len(), after.len());
    let reached: std::collections::BTreeSet<&str> = before.iter().filter(|one| one.tells).map(|one| one.path.as_str()).collect();
    let own_faces = targets.iter().filter(|target| !target.stays).map(|target| target.path.as_str());
    for path in own_faces {
        assert!(reached.contains(path), "nobody read {path} before: the hammer missed it");
    }
    println!("{} requests before ({told} bytes of it), {} after (none)", before.len(), after.len());
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_reader_gets_a_byte_after_a_decision_has_returned() -> Result<()> {
    let site = Site::start_with(&[], &[("HANDBILL__SITE__NEWEST", "true")]);
    let (data, store) = (site.data(), storage(&site).await?);
    let sites = [site];
    let scratch = tempfile::tempdir()?;
    hammer(&sites, store, scratch.path()).await?;
    // And once its jobs are done no file of the site holds a word of it.
    until("no file holds it", Duration::from_secs(60), || files_with(&data, MARK.as_bytes()).is_ok_and(|files| files.is_empty()));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nor_on_two_nodes_that_share_a_database_and_an_object_store() -> Result<()> {
    let s3 = testkit::s3::S3::start().await?;
    let url = tokio::task::spawn_blocking(testkit::postgres::fresh_database).await??;
    let environment = [
        ("HANDBILL__DATABASE__URL", url.as_str()),
        ("HANDBILL__BLOBS__S3_ENDPOINT", &s3.endpoint),
        ("HANDBILL__BLOBS__S3_BUCKET", &s3.bucket),
        ("HANDBILL__BLOBS__S3_ACCESS_KEY", &s3.access_key),
        ("HANDBILL__BLOBS__S3_SECRET_KEY", &s3.secret_key),
        ("HANDBILL__SITE__NEWEST", "true"),
    ];
    Db::migrate_postgres(&url).await?;
    let sites = [Site::start_with(&[], &environment), Site::start_with(&[], &environment)];
    let config = S3Config {
        endpoint: s3.endpoint.clone(),
        bucket: s3.bucket.clone(),
        region: String::new(),
        access_key: s3.access_key.clone(),
        secret_key: s3.secret_key.clone(),
    };
    let store = Store { db: Db::open_postgres(&url).await?, blobs: BlobStore::open_s3(&config)? };
    let scratch = tempfile::tempdir()?;
    hammer(&sites, store, scratch.path()).await
}
