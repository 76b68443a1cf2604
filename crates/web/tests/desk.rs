//! What a long list of orders costs: measured, so not run with the others. `cargo xtask bench desk` prints it.

use std::time::Instant;

use anyhow::Result;
use axum::http::StatusCode;
use domain::{CaseId, PostId};
use store::{Db, PostRow, Store, Subject};
use testkit::TestSite;
use testkit::site::text;

use crate::filings::{Client, HOST, register};

fn post(id: PostId, text: String, site: &TestSite) -> PostRow {
    PostRow {
        manage_hash: [0; 32],
        title: None,
        html: format!("<p>{text}</p>"),
        text,
        language: None,
        listed: false,
        sensitive: false,
        created: site.now(),
        edited: None,
        expires: None,
        revision: 1,
        password: None,
        views_left: None,
        seal: None,
        held: false,
        waits: None,
        links: None,
        removed: None,
        id,
    }
}

/// A list of ten thousand lines, each about a post of its own, from the first byte of the request to the last of the answer.
async fn ten_thousand(mut site: TestSite) -> Result<()> {
    const LINES: u32 = 10_000;
    site.leave_jobs();
    let mut client = Client::new();
    let party = register(&site, &client, "authority").await?;
    let db = &site.site.store.db;
    let mut table = "type,url,reference,issued,reasons\r\n".to_owned();
    let mut tx = db.begin().await?;
    for seed in 0..LINES {
        let mut bytes = [0; 16];
        bytes[..4].copy_from_slice(&seed.to_le_bytes());
        let row = post(PostId::from_random(bytes), format!("A kite, number {seed}."), &site);
        store::posts::insert(&mut tx, &row).await?;
        table += &format!("tco_removal_order,http://{HOST}/{},KP-{seed}/2026,2020-01-01T10:00:00Z,a c\r\n", row.id);
    }
    tx.commit().await?;
    // As many bare inserts, one row each, for the ratio.
    let mut tx = db.begin().await?;
    let began = Instant::now();
    for seed in 0..LINES {
        let mut bytes = [1; 16];
        bytes[..4].copy_from_slice(&seed.to_le_bytes());
        let subject = Subject { post_id: PostId::from_random(bytes), media_id: None };
        store::cases::open(&mut tx, &subject, &CaseId::from_random(bytes), site.now()).await?;
    }
    let bare = began.elapsed().as_secs_f64();
    drop(tx);
    let wish = client.wish(&site, "/api/v1/notices/bulk", "text/csv", table);
    let request = client.sign(&wish)?;
    let began = Instant::now();
    let response = site.request(request).await;
    assert_eq!(response.status(), StatusCode::OK);
    let answer = text(response).await?;
    let took = began.elapsed().as_secs_f64();
    let taken = answer.lines().filter(|line| line.contains("\"state\":\"taken\",\"receipt\"")).count();
    assert_eq!((taken, site.site.queue(1).await?.1), (LINES as usize, u64::from(LINES)));
    assert!(!site.site.filings(Some(&party), None, 5).await?.is_empty());
    println!(
        "{}: a list of {LINES} orders answered in {took:.2} s ({:.0} kB), {:.1} times as many bare inserts ({bare:.2} s)",
        db.engine(),
        answer.len() as f64 / 1e3,
        took / bare
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn a_long_list_is_answered_on_sqlite() -> Result<()> {
    ten_thousand(TestSite::new().await?).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn a_long_list_is_answered_on_postgresql() -> Result<()> {
    let url = tokio::task::spawn_blocking(testkit::postgres::fresh_database).await??;
    Db::migrate_postgres(&url).await?;
    let store = Store { db: Db::open_postgres(&url).await?, blobs: store::BlobStore::memory() };
    ten_thousand(TestSite::with(|parts| parts.store = store).await?).await
}
