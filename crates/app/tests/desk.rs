//! What deciding costs: measured, so not run with the others. `cargo xtask bench desk` prints it.

use std::time::Instant;

use anyhow::{Context as _, Result};
use app::Decided;
use domain::{Category, Facts, Fingerprint, FingerprintKind, MediaId, MediaKind, MediaState, NoticeKind, PostId, RawDecision, Receipt};
use store::cases::{self, MemberRow};
use store::{Db, MediaRow, NoticeRow, PostRow, Store, Subject};
use testkit::TestSite;

const POSTS: u32 = 10_000;
const MEDIA: u32 = 15_000;
const CASES: u32 = 100_000;
const ROUNDS: usize = 21;

/// The same bytes for the same number, and no two alike.
fn number<const SIZE: usize>(kind: u8, seed: u32) -> [u8; SIZE] {
    let mut bytes = [kind; SIZE];
    bytes[..4].copy_from_slice(&seed.to_be_bytes());
    bytes
}

fn post(kind: u8, seed: u32, site: &TestSite) -> PostRow {
    PostRow {
        id: PostId::from_random(number(kind, seed)),
        manage_hash: number(kind, seed),
        title: Some(format!("Kite {seed}")),
        text: "The red kite flies over the old harbour. ".repeat(10),
        html: "<p>The red kite flies over the old harbour. </p>".repeat(10),
        language: None,
        listed: true,
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
    }
}

fn medium(seed: u32, post: &PostId) -> MediaRow {
    MediaRow {
        id: MediaId::from_random(number(b'm', seed)),
        post_id: post.clone(),
        position: 0,
        kind: Some(MediaKind::Photo),
        state: MediaState::Ready,
        name: None,
        caption: Some("A red kite".to_owned()),
        alt: None,
        width: Some(640),
        height: Some(480),
        duration_ms: None,
        thumbhash: Some(vec![7; 25]),
        progress: 1.0,
        problem: None,
        staged: None,
        upload: None,
        size_bytes: 100_000,
        sensitive: false,
        still_of: None,
        removed: None,
    }
}

fn notice(seed: u32, case: &domain::CaseId, site: &TestSite) -> NoticeRow {
    let notice = domain::Notice {
        kind: NoticeKind::Notice,
        category: Category::Hate,
        explanation: "It is not a kite.".to_owned(),
        name: None,
        email: None,
    };
    NoticeRow {
        id: domain::NoticeId::from_random(number(b'n', seed)),
        case_id: case.clone(),
        notice,
        filing: None,
        language: None,
        version: 0,
        created: site.now(),
        echo_of: None,
    }
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_unstable_by(f64::total_cmp);
    all[all.len() / 2]
}

async fn measure(mut site: TestSite) -> Result<()> {
    site.leave_jobs();
    let db = &site.site.store.db;
    let engine = db.engine();
    // The campaign.
    let mut tx = db.begin().await?;
    let mut members = Vec::new();
    let member = |subject| MemberRow { subject, reading: "pdq".to_owned(), confidence: 0.9, taken: true };
    let mut posts = Vec::new();
    for seed in 0..POSTS {
        let row = post(b'p', seed, &site);
        store::posts::insert(&mut tx, &row).await?;
        members.push(member(Subject { post_id: row.id.clone(), media_id: None }));
        posts.push(row.id);
    }
    for seed in 0..MEDIA {
        let post_id = &posts[(seed % POSTS) as usize];
        let row = medium(seed, post_id);
        store::media::insert(&mut tx, &row).await?;
        let subject = Subject { post_id: post_id.clone(), media_id: Some(row.id) };
        let known = Fingerprint { kind: FingerprintKind::Sha256, version: 1, bytes: number::<32>(b's', seed).to_vec() };
        store::fingerprints::replace(&mut tx, &subject, &[known]).await?;
        members.push(member(subject));
    }
    let subject = members[0].subject.clone();
    let (case, _) = cases::open(&mut tx, &subject, &domain::CaseId::from_random(number(b'c', CASES)), site.now()).await?;
    cases::set_members(&mut tx, &case, &members[1..]).await?;
    tx.commit().await?;
    // The open cases, each with a notice.
    let mut tx = db.begin().await?;
    for seed in 0..CASES {
        let subject = Subject { post_id: PostId::from_random(number(b'o', seed)), media_id: None };
        let (id, _) = cases::open(&mut tx, &subject, &domain::CaseId::from_random(number(b'c', seed)), site.now()).await?;
        store::notices::insert(&mut tx, &notice(seed, &id, &site), &Receipt::from_random(number(b'r', seed), number(b'r', seed))).await?;
        let facts = Facts { category: Some(Category::Hate), notices: 1, alike: seed % 200, ..Facts::default() };
        let due = (seed % 10 == 0).then(|| site.now().plus_ms(i64::from(seed) * 1_000));
        cases::weigh(&mut tx, &id, &facts, due).await?;
    }
    tx.commit().await?;

    let mut next = Vec::new();
    for _ in 0..ROUNDS {
        let began = Instant::now();
        let (queue, open) = site.site.queue(1).await?;
        next.push(began.elapsed().as_secs_f64() * 1e3);
        assert_eq!((queue.len(), open), (1, u64::from(CASES) + 1));
    }
    // Brought to somebody, with all that its page shows; each time the one before is passed over.
    let ada = super::deciding::added(&site, "Ada").await?;
    let (mut brought, mut at) = (Vec::new(), None);
    for _ in 0..ROUNDS {
        let began = Instant::now();
        at = site.site.next_case(&ada, at.as_ref()).await?;
        site.site.case(at.as_ref().context("a case")?).await?;
        brought.push(began.elapsed().as_secs_f64() * 1e3);
    }
    let mut tx = db.begin().await?;
    let began = Instant::now();
    for id in &posts {
        store::posts::hold(&mut tx, id).await?;
    }
    tx.commit().await?;
    let bare = began.elapsed().as_secs_f64();
    let raw = RawDecision {
        action: Some("remove".into()),
        ground: Some("policy".into()),
        reference: Some("violence".into()),
        facts: Some("A campaign.".into()),
        countries: None,
    };
    let began = Instant::now();
    let decided = site.site.decide(None, &case, raw.check()?, true).await?;
    let took = began.elapsed().as_secs_f64();
    let Decided::Done(id, reach) = decided else { anyhow::bail!("{decided:?}") };
    assert_eq!((reach.posts, reach.media, reach.in_posts), (i64::from(POSTS), i64::from(MEDIA), i64::from(POSTS)));
    let began = Instant::now();
    assert!(site.site.undo(None, &id).await?);
    let undone = began.elapsed().as_secs_f64();
    println!(
        "{engine}: {POSTS} posts and {MEDIA} media dark in {took:.2} s, {:.2} times {POSTS} bare updates ({bare:.2} s); undone before quarantine in \
         {undone:.2} s; next of {CASES} open cases in {:.1} ms, brought to somebody in {:.1} ms",
        took / bare,
        median(next),
        median(brought)
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn a_campaign_goes_dark_and_the_next_case_comes_on_sqlite() -> Result<()> {
    measure(TestSite::new().await?).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn a_campaign_goes_dark_and_the_next_case_comes_on_postgresql() -> Result<()> {
    measure(on_postgresql().await?).await
}

async fn on_postgresql() -> Result<TestSite> {
    let url = tokio::task::spawn_blocking(testkit::postgres::fresh_database).await?.context("no server")?;
    Db::migrate_postgres(&url).await?;
    let store = Store { db: Db::open_postgres(&url).await?, blobs: store::BlobStore::memory() };
    TestSite::with(|parts| parts.store = store).await
}

const COPIES: usize = 10_000;

async fn publish(site: &TestSite, words: &str) -> Result<f64> {
    let draft = domain::Draft { text: words.to_owned(), ..domain::Draft::default() };
    let began = Instant::now();
    site.site.publish(app::Posting { draft, ..app::Posting::default() }).await?;
    Ok(began.elapsed().as_secs_f64() * 1e3)
}

/// Words that are posted ten thousand times, and that a bank holds: one case, and what it costs.
async fn flood(mut site: TestSite) -> Result<()> {
    site.leave_jobs();
    let engine = site.site.store.db.engine();
    super::holds::kites(&site, super::deciding::WORDS).await?;
    let (mut held, mut free) = (Vec::new(), Vec::new());
    for number in 0..COPIES {
        held.push(publish(&site, super::deciding::WORDS).await?);
        // What nobody holds costs as much as it does at this moment.
        if number % 10 == 0 {
            free.push(publish(&site, &format!("{number} {}", super::deciding::OTHER_WORDS)).await?);
        }
    }
    let (first, last) = (median(held[..1_000].to_vec()), median(held[COPIES - 1_000..].to_vec()));
    let view = super::holds::only_case(&site).await?;
    assert_eq!(view.members.len().max(1) as u64, 200, "what is shown");
    assert_eq!(view.tally.held + 1, COPIES as i64);
    let mut next = Vec::new();
    for _ in 0..ROUNDS {
        let began = Instant::now();
        site.site.queue(1).await?;
        next.push(began.elapsed().as_secs_f64() * 1e3);
    }
    let began = Instant::now();
    site.run_jobs().await?;
    let searched = began.elapsed().as_secs_f64();
    let raw = RawDecision { action: Some("no_action".into()), ..RawDecision::default() };
    let began = Instant::now();
    let decided = site.site.decide(None, &view.case.id, raw.check()?, true).await?;
    let took = began.elapsed().as_secs_f64();
    let Decided::Done(id, _) = decided else { anyhow::bail!("{decided:?}") };
    assert!(site.site.held().await?.is_empty());
    let began = Instant::now();
    assert!(site.site.undo(None, &id).await?);
    let undone = began.elapsed().as_secs_f64();
    assert_eq!(super::holds::only_case(&site).await?.tally.held + 1, COPIES as i64);
    println!(
        "{engine}: {COPIES} copies of what a bank holds are one case; {first:.2} ms for each of the first thousand, {last:.2} ms of the last; what nobody holds \
         {:.2} ms; next case in {:.1} ms; everything alike found in {searched:.2} s; all let go in {took:.2} s, and held again in {undone:.2} s",
        median(free),
        median(next)
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn a_flood_of_copies_is_one_case_on_sqlite() -> Result<()> {
    flood(TestSite::new().await?).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn a_flood_of_copies_is_one_case_on_postgresql() -> Result<()> {
    flood(on_postgresql().await?).await
}
