//! What stands is found by files of hashes beside the database, and without them, and whatever becomes of them.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use app::{NewItem, Parts, Site};
use domain::time::DAY_MS;
use domain::{BankKind, BankName, Fingerprint, FingerprintKind, OnMatch, PostId};
use store::banks::BankRow;
use store::{Db, PostRow, Subject, fingerprints};
use testkit::TestSite;

/// More than are read without a file of them being made.
const ENOUGH: u32 = 1_100;

/// As far apart as digests are (splitmix64).
fn md5(seed: u32) -> [u8; 16] {
    let half = |place: u64| {
        let mut mixed = (2 * u64::from(seed) + place).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    };
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&half(1).to_le_bytes());
    bytes[8..].copy_from_slice(&half(2).to_le_bytes());
    bytes
}

fn known_by(seed: u32) -> Fingerprint {
    Fingerprint { kind: FingerprintKind::Md5, version: 1, bytes: md5(seed).to_vec() }
}

fn id(seed: u32) -> PostId {
    PostId::from_random(md5(seed))
}

fn words(seed: u32) -> Subject {
    Subject { post_id: id(seed), media_id: None }
}

fn row(seed: u32) -> PostRow {
    PostRow {
        id: id(seed),
        manage_hash: [7; 32],
        title: None,
        text: "words".into(),
        html: String::new(),
        language: None,
        listed: false,
        sensitive: false,
        created: domain::Time(1),
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
    }
}

/// Posts, each known by a digest of its own.
async fn posts(db: &Db, seeds: std::ops::Range<u32>) -> Result<()> {
    let mut tx = db.begin().await?;
    for seed in seeds {
        store::posts::insert(&mut tx, &row(seed)).await?;
        fingerprints::replace(&mut tx, &words(seed), &[known_by(seed)]).await?;
    }
    Ok(tx.commit().await?)
}

async fn bank(site: &Site) -> Result<BankRow> {
    let name = BankName::parse("kites").context("no name")?;
    site.create_bank(&name, BankKind::Live, OnMatch::Hold).await?;
    site.bank(&name).await?.context("no bank")
}

fn item(seed: u32) -> NewItem {
    NewItem { label: "kite.jpg".into(), known: media::Known { fingerprints: vec![known_by(seed)], views: Vec::new() } }
}

/// Who would be reached by this digest, and how many rows were read for it.
async fn reached(site: &Site, bank: &BankRow, seed: u32) -> Result<(Vec<PostId>, u64)> {
    let mut read = 0;
    let reached = site.would_reach(bank, item(seed), |searched| read = searched.done).await?;
    Ok((reached.into_iter().map(|one| one.subject.post_id).collect(), read))
}

async fn tend(site: &Site) -> Result<()> {
    let mut round = 0;
    while site.tend_corpus(round).await? {
        round += 1;
        anyhow::ensure!(round < 20, "it does not come to an end");
    }
    Ok(())
}

fn files(site: &Site) -> Result<Vec<PathBuf>> {
    let Ok(entries) = std::fs::read_dir(&site.corpus_dir) else { return Ok(Vec::new()) };
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort_unstable();
    Ok(paths)
}

/// The same site, as another process opens it.
fn anew(site: &Site, corpus_dir: PathBuf) -> Result<Site> {
    Ok(Site::new(Parts {
        store: site.store.clone(),
        sandbox: media::Sandbox::new("/nothing".into(), Vec::new()),
        limits: site.limits.clone(),
        fair_use: domain::FairUse::unlimited(),
        hold: domain::case::HoldRules::default(),
        reach_limit: 0,
        clock: site.clock.clone(),
        home: site.home,
        knows_countries: false,
        chance: app::Chance::seeded(8),
        work_dir: site.work_dir.clone(),
        corpus_dir,
        evidence: Vec::new(),
        alarms: app::Alarms::default(),
        away: app::Away::default(),
        post: None,
    }))
}

async fn is_held(site: &Site, seed: u32) -> Result<bool> {
    Ok(store::posts::find(&site.store.db, &id(seed)).await?.context("no post")?.held)
}

#[tokio::test]
async fn of_what_files_are_about_only_those_are_read_who_may_be_meant() -> Result<()> {
    let mut test = TestSite::new().await?;
    // What is held has a case, whose search for more is not what is looked at here.
    test.leave_jobs();
    let site = &test.site;
    posts(&site.store.db, 0..ENOUGH).await?;
    let bank = bank(site).await?;
    assert_eq!(reached(site, &bank, 7).await?, (vec![id(7)], u64::from(ENOUGH)), "without a file all are read");
    tend(site).await?;
    assert_eq!(files(site)?.len(), 1);
    assert_eq!(reached(site, &bank, 7).await?, (vec![id(7)], 1));
    assert_eq!(reached(site, &bank, ENOUGH).await?, (Vec::new(), 0));
    assert!(!is_held(site, 7).await?, "who only asks changes nothing");
    for _ in 0..2 {
        assert_eq!(site.add_to_bank(&bank, item(7), |_| {}).await?.reached.len(), 1);
        assert!(is_held(site, 7).await?);
    }
    assert_eq!(site.list_banks().await?[0].items.len(), 1, "what is put in again is the same item");
    assert_eq!(store::matches::of_subject(&site.store.db, &words(7)).await?.len(), 1, "and the same match");
    // A few more are read; when they are many, they are put to the others.
    posts(&site.store.db, ENOUGH..ENOUGH + 9).await?;
    tend(site).await?;
    assert_eq!(reached(site, &bank, ENOUGH + 3).await?, (vec![id(ENOUGH + 3)], 9));
    posts(&site.store.db, ENOUGH + 9..2 * ENOUGH).await?;
    tend(site).await?;
    assert_eq!(files(site)?.len(), 1);
    assert_eq!(reached(site, &bank, ENOUGH + 3).await?, (vec![id(ENOUGH + 3)], 1));
    assert_eq!(reached(site, &bank, 8).await?, (vec![id(8)], 1));
    Ok(())
}

#[tokio::test]
async fn who_was_deleted_or_changed_since_is_not_reached_and_leaves_the_files() -> Result<()> {
    let test = TestSite::new().await?;
    let site = &test.site;
    posts(&site.store.db, 0..ENOUGH).await?;
    tend(site).await?;
    let bank = bank(site).await?;
    site.delete(&id(3)).await?;
    let mut tx = site.store.db.begin().await?;
    fingerprints::replace(&mut tx, &words(4), &[known_by(99_999)]).await?;
    tx.commit().await?;
    for gone in [3, 4] {
        assert_eq!(reached(site, &bank, gone).await?.0, Vec::new());
    }
    assert_eq!(reached(site, &bank, 99_999).await?.0, vec![id(4)]);
    assert_eq!(reached(site, &bank, 5).await?.0, vec![id(5)]);
    let holds = |seed: u32| -> Result<bool> {
        let [file] = &files(site)?[..] else { anyhow::bail!("not one file") };
        Ok(std::fs::read(file)?.windows(16).any(|bytes| bytes == md5(seed)))
    };
    tend(site).await?;
    assert!(holds(3)? && holds(4)? && holds(5)?, "two of many are no reason to write it again");
    let mut tx = site.store.db.begin().await?;
    for seed in 10..ENOUGH / 2 {
        fingerprints::replace(&mut tx, &words(seed), &[]).await?;
    }
    tx.commit().await?;
    tend(site).await?;
    assert!(!holds(3)? && !holds(4)? && !holds(10)? && holds(5)? && holds(ENOUGH - 1)?, "a third of them is");
    site.delete(&id(6)).await?;
    tend(site).await?;
    assert!(holds(6)?);
    site.clock.advance_ms(DAY_MS + 60_000);
    tend(site).await?;
    assert!(!holds(6)? && holds(5)?, "after a day one is enough");
    assert_eq!(reached(site, &bank, 5).await?, (vec![id(5)], 2));
    test.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn a_damaged_file_and_what_a_killed_process_left_cost_time_and_nothing_else() -> Result<()> {
    let test = TestSite::new().await?;
    let site = &test.site;
    posts(&site.store.db, 0..ENOUGH).await?;
    tend(site).await?;
    let bank = bank(site).await?;
    let [first] = &files(site)?[..] else { anyhow::bail!("not one file") };
    let whole = std::fs::read(first)?;

    let mut damaged = whole.clone();
    damaged[100] ^= 1;
    std::fs::write(first.with_extension("new"), &damaged)?;
    std::fs::rename(first.with_extension("new"), first)?;
    let other = anew(site, site.corpus_dir.clone())?;
    assert_eq!(reached(&other, &bank, 7).await?, (vec![id(7)], u64::from(ENOUGH)));
    assert!(files(site)?.is_empty(), "what is damaged goes");
    tend(&other).await?;
    assert_eq!(reached(&other, &bank, 7).await?, (vec![id(7)], 1));
    assert_eq!(std::fs::read(first)?.len(), whole.len());

    // Killed while a file was written, and before what is in it was taken away.
    posts(&site.store.db, ENOUGH..3 * ENOUGH).await?;
    tend(&other).await?;
    let [joined] = &files(site)?[..] else { anyhow::bail!("not one file") };
    let part = joined.with_extension("hashes.part");
    std::fs::write(&part, &std::fs::read(joined)?[..5_000])?;
    std::fs::write(first, &whole)?;
    let next = anew(site, site.corpus_dir.clone())?;
    assert_eq!(reached(&next, &bank, 7).await?, (vec![id(7)], 1), "who is in two files is read once");
    assert!(!first.exists());
    tend(&next).await?;
    assert!(!part.exists() && joined.exists());
    // One of several is lost: only what it was about is read, and it is made again.
    std::fs::remove_file(joined)?;
    std::fs::write(first, &whole)?;
    let last = anew(site, site.corpus_dir.clone())?;
    assert_eq!(reached(&last, &bank, 7).await?, (vec![id(7)], u64::from(2 * ENOUGH) + 1));
    assert_eq!(reached(&last, &bank, 3 * ENOUGH - 1).await?.0, vec![id(3 * ENOUGH - 1)]);
    Ok(())
}

#[tokio::test]
async fn a_list_of_many_hashes_is_asked_for_each_entry_of_the_files() -> Result<()> {
    let mut test = TestSite::new().await?;
    // What is held has a case, whose search for more is not what is looked at here.
    test.leave_jobs();
    let site = &test.site;
    posts(&site.store.db, 0..ENOUGH).await?;
    let picture = [0x33; 32];
    let pdq = Fingerprint { kind: FingerprintKind::Pdq, version: 1, bytes: [&[0, 100][..], &picture].concat() };
    let mut tx = site.store.db.begin().await?;
    fingerprints::replace(&mut tx, &words(5), &[pdq]).await?;
    tx.commit().await?;
    tend(site).await?;
    let bank = bank(site).await?;
    let mut import = site.begin_import(&bank, "a list".to_owned()).await?;
    for seed in (ENOUGH..ENOUGH + 1_200).chain([7, 8]) {
        import.take(FingerprintKind::Md5, &md5(seed)).await?;
    }
    let mut near = picture;
    near[..2].copy_from_slice(&[!0x33, !0x33]);
    import.take(FingerprintKind::Hashes, &near).await?;
    let mut read = 0;
    let (count, added) = import.finish(|searched| read = searched.done).await?;
    let reached = added.reached;
    let mut found: Vec<PostId> = reached.iter().map(|one| one.subject.post_id.clone()).collect();
    found.sort_unstable();
    let mut wanted = vec![id(5), id(7), id(8)];
    wanted.sort_unstable();
    assert_eq!((count, found, read), (1_203, wanted, 3));
    assert_eq!(reached.iter().find(|one| one.subject == words(5)).and_then(|one| one.likeness.distance), Some(16));
    assert!(is_held(site, 5).await? && is_held(site, 7).await? && !is_held(site, 9).await?);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_make_their_own_files_and_miss_nobody_who_is_just_written_down() -> Result<()> {
    let url = tokio::task::spawn_blocking(testkit::postgres::fresh_database).await??;
    Db::migrate_postgres(&url).await?;
    let (one_db, other_db) = (Db::open_postgres(&url).await?, Db::open_postgres(&url).await?);
    let one = TestSite::with(|parts| parts.store.db = one_db).await?;
    let other = TestSite::with(|parts| parts.store.db = other_db).await?;
    let (one, other) = (&one.site, &other.site);
    posts(&one.store.db, 0..ENOUGH).await?;
    let bank = bank(one).await?;
    let mut tx = one.store.db.begin().await?;
    store::posts::insert(&mut tx, &row(50_000)).await?;
    // It has a number now, and the next has a higher one and is there first.
    fingerprints::replace(&mut tx, &words(50_000), &[known_by(50_000)]).await?;
    posts(&other.store.db, 60_000..60_001).await?;
    let tending = tokio::spawn({
        let one = one.clone();
        async move { tend(&one).await }
    });
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(!tending.is_finished(), "a file was made without waiting for who is just written down");
    tx.commit().await?;
    tending.await??;
    for (seed, read) in [(50_000, 1), (60_000, 1), (7, 1)] {
        assert_eq!(reached(one, &bank, seed).await?, (vec![id(seed)], read));
    }
    assert_eq!(files(other)?.len(), 0);
    assert_eq!(reached(other, &bank, 50_000).await?, (vec![id(50_000)], u64::from(ENOUGH) + 2), "the other has no file yet");
    tend(other).await?;
    posts(&other.store.db, 70_000..70_001).await?;
    for site in [one, other] {
        assert_eq!(reached(site, &bank, 50_000).await?, (vec![id(50_000)], 2));
        assert_eq!(reached(site, &bank, 70_000).await?, (vec![id(70_000)], 1));
    }
    let both = Arc::new((one.clone(), other.clone()));
    assert_eq!(both.0.add_to_bank(&bank, item(70_000), |_| {}).await?.reached.len(), 1);
    assert!(is_held(&both.1, 70_000).await?);
    Ok(())
}
