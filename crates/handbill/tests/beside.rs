//! Whoever decides, beside a running site: by the same storage, in the test's own process.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use app::{Chance, Clock, Parts};
use domain::{CaseId, Decision, PostId, RawDecision, RawNotice};
use store::{BlobStore, Db, MemberRow, Store, Subject};

use crate::site::Site;

/// The storage of a site on SQLite and files.
pub(crate) async fn storage(site: &Site) -> Result<Store> {
    let data = site.data();
    Ok(Store { db: Db::open_sqlite(&data.join("handbill.db")).await?, blobs: BlobStore::open_files(&data)? })
}

/// Who works on this storage; `dir` is for what they need besides.
pub(crate) fn beside(store: Store, dir: &Path) -> Result<app::Site> {
    let work_dir = dir.join("work-of-the-test");
    std::fs::create_dir_all(&work_dir)?;
    Ok(app::Site::new(Parts {
        store,
        sandbox: media::Sandbox::new(env!("CARGO_BIN_EXE_handbill").into(), vec!["media-child".into()]),
        limits: domain::Limits::default(),
        fair_use: domain::FairUse::unlimited(),
        hold: domain::case::HoldRules::default(),
        reach_limit: 0,
        clock: Clock::System,
        home: None,
        post: None,
        knows_countries: false,
        chance: Chance::system()?,
        corpus_dir: dir.join("corpus-of-the-test"),
        evidence: Vec::new(),
        alarms: app::Alarms::default(),
        away: app::Away::default(),
        work_dir,
    }))
}

/// A case of the first of these posts that all the others are like. The job that looks for what is alike is a test of its own.
pub(crate) async fn case_of(own: &app::Site, ids: &[PostId]) -> Result<CaseId> {
    let raw = RawNotice {
        category: Some("violence".into()),
        explanation: Some("It is a kite.".into()),
        good_faith: Some("1".into()),
        ..RawNotice::default()
    };
    let (first, others) = ids.split_first().context("a post")?;
    let subject = |id: &PostId| Subject { post_id: id.clone(), media_id: None };
    own.give_notice(&[subject(first)], &raw.check()?, None).await?.context("it stands")?;
    let case = own.queue(1).await?.0.first().context("a case")?.case.id.clone();
    let begun = Instant::now();
    while store::jobs::lanes(&own.store.db, own.clock.now()).await?.iter().any(|lane| lane.waiting + lane.running > 0) {
        ensure!(begun.elapsed() < Duration::from_secs(60), "the jobs do not come to an end");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let member = |id| MemberRow { subject: subject(id), reading: "text".to_owned(), confidence: 0.9, taken: true };
    let members: Vec<MemberRow> = others.iter().map(member).collect();
    let mut tx = own.store.db.begin().await?;
    store::cases::set_members(&mut tx, &case, &members).await?;
    tx.commit().await?;
    Ok(case)
}

/// That all of it goes.
pub(crate) fn removal() -> Result<Decision> {
    let raw = RawDecision {
        action: Some("remove".into()),
        ground: Some("policy".into()),
        reference: Some("violence".into()),
        facts: Some("They threaten another kite.".into()),
        countries: None,
    };
    Ok(raw.check()?)
}
