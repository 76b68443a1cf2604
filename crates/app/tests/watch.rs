//! The site's state, its alarms, and what happens when nobody is at home: on SQLite, and on PostgreSQL.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, Result};
use app::alarms::webhook::Webhook;
use app::levers::By;
use app::{Alarms, Away, Letter, Line, Named, Parts, Site};
use domain::lever::{Lever, Source};
use domain::time::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};
use domain::{
    Act, AlarmKind, AlarmRules, AwayRules, BankKind, CaseId, ItemId, KeyId, OnMatch, PostId, RawFiling, RawNotice, RawParty, Time, Why,
};
use store::AlarmRow;
use store::jobs::NewJob;
use testkit::TestSite;
use testkit::site::{Part, mosaic, picture};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::deciding::{OTHER_WORDS, WORDS, decide, tell, whole};
use super::holds::{bank, is_held, learn, say};
use super::post;

/// A site on each engine. The one on PostgreSQL ends with jobs left undone as it likes.
async fn both(change: impl Fn(&mut Parts)) -> Result<Vec<TestSite>> {
    let (url, store) = server().await?;
    drop(url);
    Ok(vec![
        TestSite::with(&change).await?,
        TestSite::with(|parts| {
            parts.store.db = store;
            change(parts);
        })
        .await?,
    ])
}

async fn server() -> Result<(String, store::Db)> {
    let url = tokio::task::spawn_blocking(testkit::postgres::fresh_database).await??;
    store::Db::migrate_postgres(&url).await?;
    let db = store::Db::open_postgres(&url).await?;
    Ok((url, db))
}

/// Words that name kinds alone; those that people read are tried with the pages.
fn plain(_: &Alarms, rows: &[AlarmRow], _: &HashMap<ItemId, String>, _: Time) -> (Letter, Vec<Line>) {
    let line = |row: &AlarmRow| Line { words: row.what.kind.as_str().to_owned(), link: String::new() };
    let lines: Vec<Line> = rows.iter().map(line).collect();
    (Letter { subject: "alarms".to_owned(), body: String::new(), language: "en".to_owned() }, lines)
}

fn alarms(rules: AlarmRules) -> Alarms {
    Alarms {
        rules,
        language: "en".to_owned(),
        origin: "https://kites.example".to_owned(),
        name: "Kites".to_owned(),
        write: Some(plain),
        ..Alarms::default()
    }
}

/// Nothing but the queue.
fn queue_over(queue_over: u64) -> AlarmRules {
    AlarmRules { orders: false, queue_over, wave_matches: 0, wave_ms: MINUTE_MS, dead_jobs: false, disk_free_bytes: 0 }
}

async fn raised(site: &Site) -> Result<Vec<AlarmRow>> {
    let mut rows = store::alarms::newest(&site.store.db, 100).await?;
    rows.reverse();
    Ok(rows)
}

async fn kinds(site: &Site) -> Result<Vec<(AlarmKind, i64, bool)>> {
    Ok(raised(site).await?.into_iter().map(|row| (row.what.kind, row.what.number, row.ended.is_some())).collect())
}

/// Time goes by, and somebody looks.
async fn later(site: &TestSite, ms: i64) -> Result<()> {
    site.site.clock.advance_ms(ms);
    Ok(site.site.look_after().await?)
}

/// Something is reported, and its case is open.
async fn reported(site: &TestSite, words: &str) -> Result<CaseId> {
    let id = say(site, words).await?;
    tell(site, &whole(&id), None).await?;
    site.run_jobs().await?;
    super::deciding::case_of(site, &whole(&id)).await
}

async fn acts(site: &TestSite, act: Act) -> Result<usize> {
    Ok(site.site.audit(None, 1_000).await?.iter().filter(|told| told.row.act == act).count())
}

#[tokio::test]
async fn an_alarm_is_raised_once_and_again_only_after_it_was_over() -> Result<()> {
    for site in both(|parts| parts.alarms = alarms(queue_over(1))).await? {
        let first = reported(&site, WORDS).await?;
        site.site.look_after().await?;
        assert_eq!(kinds(&site.site).await?, []);
        reported(&site, OTHER_WORDS).await?;
        for _ in 0..5 {
            later(&site, 10 * SECOND_MS).await?;
        }
        assert_eq!(kinds(&site.site).await?, [(AlarmKind::Queue, 2, false)], "it is told once, however often somebody looks");
        decide(&site, &first, "no_action").await?;
        later(&site, 10 * SECOND_MS).await?;
        assert_eq!(kinds(&site.site).await?, [(AlarmKind::Queue, 2, false)], "one is no calm queue: three quarters of one is none");
        let second = site.site.queue(9).await?.0.pop().context("a case")?.case.id;
        decide(&site, &second, "no_action").await?;
        later(&site, 10 * SECOND_MS).await?;
        assert_eq!(kinds(&site.site).await?, [(AlarmKind::Queue, 2, true)]);
        for words in ["A third kite, blue as the sea in the morning.", "A fourth kite, green as the hills behind the town."] {
            reported(&site, words).await?;
        }
        later(&site, 10 * SECOND_MS).await?;
        assert_eq!(kinds(&site.site).await?, [(AlarmKind::Queue, 2, true), (AlarmKind::Queue, 2, false)]);
        assert!(raised(&site.site).await?.iter().all(|row| row.telling.is_some()));
        site.run_jobs().await?;
    }
    Ok(())
}

#[tokio::test]
async fn one_of_two_nodes_looks_and_a_clock_that_was_set_back_holds_up_nobody() -> Result<()> {
    let (_, db) = server().await?;
    let change = |parts: &mut Parts| parts.alarms = alarms(queue_over(1));
    let (mut one, mut other) = (
        TestSite::with(|parts| {
            parts.store.db = db.clone();
            change(parts);
        })
        .await?,
        TestSite::with(|parts| {
            parts.store.db = db.clone();
            change(parts);
        })
        .await?,
    );
    one.leave_jobs();
    other.leave_jobs();
    for words in [WORDS, OTHER_WORDS] {
        reported(&one, words).await?;
    }
    let mut looks = 0;
    for _ in 0..4 {
        // Both at the same moment.
        let (first, second) = tokio::join!(one.site.look_after(), other.site.look_after());
        first?;
        second?;
        looks += 1;
        assert_eq!(kinds(&one.site).await?.len(), 1, "after {looks} looks");
    }
    // An hour back: whoever looks next does not wait for the old time to come round.
    for site in [&one, &other] {
        site.site.clock.advance_ms(-HOUR_MS);
    }
    for case in one.site.queue(9).await?.0 {
        decide(&one, &case.case.id, "no_action").await?;
    }
    other.site.look_after().await?;
    assert_eq!(kinds(&one.site).await?, [(AlarmKind::Queue, 2, true)]);
    Ok(())
}

#[tokio::test]
async fn in_quiet_hours_the_rest_waits_and_is_told_together_at_their_end() -> Result<()> {
    for site in both(|parts| {
        // From now on for some hours, by a clock that is far from UTC.
        let minute = (parts.clock.now().0 / MINUTE_MS + 9 * 60 + 30) % (24 * 60);
        let time = |minute: i64| format!("{:02}:{:02}", minute / 60 % 24, minute % 60);
        let quiet = app::alarms::Quiet::parse(&time(minute - 5 + 24 * 60), &time(minute + 3 * 60), "+09:30").expect("it reads");
        let rules = AlarmRules { dead_jobs: true, ..queue_over(1) };
        parts.alarms = Alarms { quiet: Some(quiet), ..alarms(rules) };
    })
    .await?
    {
        for words in [WORDS, OTHER_WORDS] {
            reported(&site, words).await?;
        }
        let mut dead = dead_job(&site, "a_kite").await?;
        site.site.look_after().await?;
        assert_eq!(kinds(&site.site).await?.len(), 2);
        assert!(raised(&site.site).await?.iter().all(|row| row.telling.is_none()), "somebody was woken");
        // A test wakes: who asks for it is awake. And it takes nothing with it that can wait.
        assert!(site.site.test_alarm(None).await?.is_some());
        let told: Vec<_> = raised(&site.site).await?.iter().filter(|row| row.telling.is_some()).map(|row| row.what.kind).collect();
        assert_eq!(told, [AlarmKind::Test]);
        // One of them is over before anybody was told; they are told that too.
        assert!(site.site.retry_job(None, &dead.pop().context("a job")?).await?);
        let job = store::jobs::lease(&site.site.store.db, "light", site.now(), MINUTE_MS, "t").await?.context("it waits")?;
        store::jobs::complete(&site.site.store.db, &job.id, "t").await?;
        later(&site, MINUTE_MS).await?;
        later(&site, 3 * HOUR_MS + 6 * MINUTE_MS).await?;
        let rows = raised(&site.site).await?;
        assert!(rows.iter().any(|row| row.what.kind == AlarmKind::Job && row.ended.is_some()));
        let told: Vec<_> = rows.iter().filter(|row| row.what.kind != AlarmKind::Test).map(|row| row.telling.clone()).collect();
        assert!(told.len() == 2 && told[0].is_some() && told[0] == told[1], "one mail for all of it: {rows:?}");
    }
    Ok(())
}

/// Jobs that nobody can do and that were given up.
async fn dead_job(site: &TestSite, kind: &str) -> Result<Vec<String>> {
    let db = &site.site.store.db;
    let mut tx = db.begin().await?;
    let job = NewJob { kind: kind.to_owned(), payload: "{}".to_owned(), lane: "light".to_owned(), run_at: site.now(), dedup_key: None };
    store::jobs::enqueue(&mut tx, &job, site.now()).await?;
    tx.commit().await?;
    bury(site).await
}

/// Gives up whatever is due.
async fn bury(site: &TestSite) -> Result<Vec<String>> {
    let (db, mut ids) = (&site.site.store.db, Vec::new());
    while let Some(job) = store::jobs::lease(db, "light", site.now(), MINUTE_MS, "bury").await? {
        let mut tx = db.begin().await?;
        assert!(store::jobs::bury(&mut tx, &job.id, "bury", "nobody can do that").await?);
        tx.commit().await?;
        ids.push(job.id);
    }
    Ok(ids)
}

#[tokio::test]
async fn a_job_that_failed_for_good_is_told_and_tried_again_on_one_press() -> Result<()> {
    for site in both(|parts| parts.alarms = alarms(AlarmRules { dead_jobs: true, ..queue_over(0) })).await? {
        let ids = dead_job(&site, "a_kite").await?;
        site.site.look_after().await?;
        assert_eq!(kinds(&site.site).await?, [(AlarmKind::Job, 1, false)]);
        assert_eq!(site.site.state().await?.dead.iter().map(|job| job.id.clone()).collect::<Vec<_>>(), ids);
        assert!(site.site.retry_job(None, &ids[0]).await?);
        assert!(!site.site.retry_job(None, &ids[0]).await?, "twice is once");
        assert!(!site.site.retry_job(None, "nothing").await?);
        assert_eq!((site.site.state().await?.dead.len(), acts(&site, Act::JobRetried).await?), (0, 1));
        later(&site, 10 * SECOND_MS).await?;
        assert_eq!(kinds(&site.site).await?, [(AlarmKind::Job, 1, true)]);
        // It waits again, from its first try on.
        let job = store::jobs::lease(&site.site.store.db, "light", site.now(), MINUTE_MS, "t").await?.context("it waits")?;
        assert_eq!((job.attempts, job.last_error), (1, None));
        store::jobs::complete(&site.site.store.db, &job.id, "t").await?;
    }
    Ok(())
}

/// The same picture in other sizes, five posts of it; beside it one post with five of another, and words that nobody else says.
#[tokio::test]
async fn what_comes_again_and_again_is_told_before_any_bank_knows_it_and_others_are_not() -> Result<()> {
    let rules = AlarmRules { wave_matches: 5, wave_ms: 10 * MINUTE_MS, ..queue_over(0) };
    for site in both(|parts| parts.alarms = alarms(rules.clone())).await? {
        let one_of = async |size: u32| post(&site, &[Part::File("kite.png", &mosaic(size, size * 3 / 4, 1)?)]).await;
        let mut kites = Vec::new();
        for size in [640, 600, 560, 520] {
            kites.push(one_of(size).await?);
            say(&site, &format!("The river of {size} places runs past many houses, fields and woods")).await?;
        }
        let other = mosaic(400, 300, 2)?;
        post(&site, &[Part::File("river.png", &other); 5]).await?;
        site.run_jobs().await?;
        site.site.look_after().await?;
        assert_eq!(kinds(&site.site).await?, [], "four are no wave of five, and one post is one");
        one_of(480).await?;
        site.run_jobs().await?;
        later(&site, 10 * SECOND_MS).await?;
        assert_eq!(kinds(&site.site).await?, [(AlarmKind::Alike, 5, false)]);
        let told = raised(&site.site).await?.remove(0).what.subject;
        let first = app::waves::subject(&told).context("it names nothing")?;
        assert!(first.post_id == kites[0] && first.media_id.is_some(), "{told}");
        // It goes on after the first ones are old, and is told once.
        for size in [460, 440, 420] {
            later(&site, 9 * MINUTE_MS).await?;
            for step in 0..3 {
                one_of(size - step).await?;
            }
            site.run_jobs().await?;
            later(&site, 10 * SECOND_MS).await?;
            assert_eq!(kinds(&site.site).await?, [(AlarmKind::Alike, 5, false)]);
        }
        later(&site, 11 * MINUTE_MS).await?;
        assert_eq!(kinds(&site.site).await?, [(AlarmKind::Alike, 5, true)]);
    }
    Ok(())
}

/// Each with some words of its own: no two are equal.
#[tokio::test]
async fn words_that_come_again_and_again_are_a_wave_though_each_is_changed_a_little() -> Result<()> {
    let rules = AlarmRules { wave_matches: 5, wave_ms: 10 * MINUTE_MS, ..queue_over(0) };
    let others = [
        "Bread wants time more than it wants kneading, and a cold kitchen overnight does most of the work.",
        "The last tram leaves the harbour at half past ten, so we walked home along the canal in the rain.",
        "Whoever finds a grey glove with a hole in the thumb may leave it with the baker at the corner.",
        "My grandfather kept his seeds in tins that had once held tobacco, each with a year on its lid.",
        "On clear nights the whole street carries chairs outside and nobody says a word about the heat.",
    ];
    for site in both(|parts| parts.alarms = alarms(rules.clone())).await? {
        for words in others {
            say(&site, words).await?;
        }
        let kite = async |name: &str| {
            say(&site, &format!("{name} says that the forbidden kite flies over the old harbour every morning until the bells of noon"))
                .await
        };
        for name in ["Anna", "Somebody", "The neighbour", "My brother"] {
            kite(name).await?;
        }
        site.site.look_after().await?;
        assert_eq!(kinds(&site.site).await?, [], "four are no wave of five, and five of other things are none");
        kite("An old friend").await?;
        later(&site, 10 * SECOND_MS).await?;
        assert_eq!(kinds(&site.site).await?, [(AlarmKind::Alike, 5, false)]);
    }
    Ok(())
}

#[tokio::test]
async fn a_wave_of_one_thing_is_told_and_many_matches_of_many_things_are_none() -> Result<()> {
    let rules = AlarmRules { wave_matches: 5, wave_ms: 10 * MINUTE_MS, ..queue_over(0) };
    for site in both(|parts| parts.alarms = alarms(rules.clone())).await? {
        let kites = bank(&site, "kites", BankKind::Live, OnMatch::Hold).await?;
        learn(&site, &kites, WORDS).await?;
        learn(&site, &kites, OTHER_WORDS).await?;
        for words in [WORDS, OTHER_WORDS, WORDS, OTHER_WORDS, WORDS, OTHER_WORDS, WORDS, OTHER_WORDS] {
            say(&site, words).await?;
        }
        site.site.look_after().await?;
        assert_eq!(kinds(&site.site).await?, [], "four and four are no wave of five");
        say(&site, WORDS).await?;
        later(&site, 10 * SECOND_MS).await?;
        assert_eq!(kinds(&site.site).await?, [(AlarmKind::Wave, 5, false)]);
        let state = site.site.state().await?;
        assert_eq!((state.banks[0].day, state.banks[0].held, state.sources[0].source.matches), (9, 9, 5));
        later(&site, 11 * MINUTE_MS).await?;
        assert_eq!(kinds(&site.site).await?, [(AlarmKind::Wave, 5, true)]);
        // A day later the page shows none of it.
        site.site.clock.advance_ms(DAY_MS);
        assert_eq!(site.site.state().await?.banks[0].day, 0);
        site.run_jobs().await?;
    }
    Ok(())
}

#[tokio::test]
async fn what_comes_is_counted_by_the_hour_and_the_usual_is_the_middle_of_other_days() -> Result<()> {
    for site in both(|_| {}).await? {
        // Seven days of three reports each at the same hour, but for one wild one.
        for day in 0..7 {
            for number in 0..(if day == 3 { 30 } else { 3 }) {
                let id = post(&site, &[Part::Field("text", &format!("Kite {number} of day {day}, and what a kite it was"))]).await?;
                tell(&site, &whole(&id), None).await?;
            }
            site.site.keep_hours().await?;
            site.site.clock.advance_ms(DAY_MS);
        }
        post(&site, &[Part::File("kite.png", &picture(30, 20, 1)?), Part::File("kite.png", &picture(30, 20, 2)?)]).await?;
        site.site.keep_hours().await?;
        site.run_jobs().await?;
        let state = site.site.state().await?;
        let now = |what: &str| {
            let flow = state.flows.iter().find(|flow| flow.what.as_str() == what).expect("all are there");
            assert_eq!(flow.hours.len(), 24);
            *flow.hours.last().expect("the hour that it is")
        };
        assert_eq!((now("report").times, now("report").usual), (0, Some(3)));
        assert_eq!((now("post").times, now("upload").times), (1, 2));
        // Whoever deletes takes nothing out of what was counted: it was load.
        assert_eq!(site.site.state().await?.flows, state.flows);
    }
    Ok(())
}

/// Words, each unlike the others.
const UNLIKE: [&str; 6] = [
    WORDS,
    OTHER_WORDS,
    "The lighthouse keeper counts ships by their lanterns and writes each number into a small green book.",
    "On market day the baker's donkey knows the way by itself and stops at every open window.",
    "Rain fell on the mountain railway for nine days, and the station clock went on as if it were summer.",
    "Nobody remembers who planted the walnut tree, but its shade belongs to whoever comes first.",
];

/// Who falls back after twelve hours or with more than two cases.
fn away(parts: &mut Parts) {
    parts.away = Away { rules: AwayRules { after_ms: 12 * HOUR_MS, queue_over: 2 }, hold_orders: true, ..Away::default() };
    parts.alarms = alarms(queue_over(0));
}

#[tokio::test]
async fn a_night_without_the_operator_falls_back_and_their_first_request_brings_the_site_back() -> Result<()> {
    for site in both(away).await? {
        site.site.look_after().await?;
        later(&site, 12 * HOUR_MS - MINUTE_MS).await?;
        assert_eq!(site.site.nobody_at_home(), None);
        site.site.operator_seen().await?;
        later(&site, HOUR_MS).await?;
        assert_eq!(site.site.nobody_at_home(), None, "they were seen");
        later(&site, 12 * HOUR_MS).await?;
        let since = site.now();
        assert_eq!(site.site.nobody_at_home(), Some((since, Why::Unseen)));
        later(&site, HOUR_MS).await?;
        assert_eq!(site.site.nobody_at_home(), Some((since, Why::Unseen)));
        assert_eq!(kinds(&site.site).await?, [(AlarmKind::Away, 1, false)]);
        site.site.operator_seen().await?;
        assert_eq!(site.site.nobody_at_home(), None, "at once, not with the next look");
        assert_eq!((acts(&site, Act::FellBack).await?, acts(&site, Act::CameBack).await?), (1, 1));
        later(&site, MINUTE_MS).await?;
        assert_eq!(kinds(&site.site).await?, [(AlarmKind::Away, 1, true)]);
    }
    Ok(())
}

#[tokio::test]
async fn the_levers_that_were_chosen_are_pulled_for_as_long_as_nobody_is_at_home_and_a_person_s_own_stay() -> Result<()> {
    for site in both(|parts| {
        away(parts);
        parts.away.levers = vec![Lever::HoldUploads, Lever::NoLinks];
    })
    .await?
    {
        let pulled = async || -> Result<Vec<(Lever, Source)>> {
            let mut all: Vec<_> = store::levers::all(&site.site.store.db).await?.iter().map(|one| (one.lever, one.source)).collect();
            all.sort_unstable();
            Ok(all)
        };
        site.site.look_after().await?;
        let until = site.now().plus_ms(5 * DAY_MS);
        let own = site.site.set_lever(By::CommandLine, Lever::NoLinks, Some(until)).await?;
        assert!(own.is_ok(), "{own:?}");
        later(&site, 13 * HOUR_MS).await?;
        assert!(site.site.nobody_at_home().is_some());
        let own = (Lever::NoLinks, Source::Operator);
        assert_eq!(pulled().await?, [(Lever::HoldUploads, Source::NobodyAtHome), own, (Lever::NoLinks, Source::NobodyAtHome)]);
        assert!(site.site.lever(Lever::HoldUploads).is_some(), "this node follows at once");
        site.site.operator_seen().await?;
        assert_eq!(pulled().await?, [own]);
        assert!(site.site.lever(Lever::HoldUploads).is_none() && site.site.lever(Lever::NoLinks).is_some());
    }
    Ok(())
}

#[tokio::test]
async fn a_clock_that_was_set_back_neither_falls_back_nor_keeps_the_site_there() -> Result<()> {
    for site in both(away).await? {
        site.site.look_after().await?;
        // The machine's clock ran ten years ahead for a while; in it, the operator was seen.
        site.site.clock.advance_ms(3_650 * DAY_MS);
        site.site.operator_seen().await?;
        site.site.clock.advance_ms(-3_650 * DAY_MS);
        later(&site, MINUTE_MS).await?;
        assert_eq!(site.site.nobody_at_home(), None);
        later(&site, 12 * HOUR_MS).await?;
        assert!(site.site.nobody_at_home().is_some(), "who was seen in the future would be at home for ten years");
        site.site.clock.advance_ms(-24 * HOUR_MS);
        later(&site, MINUTE_MS).await?;
        assert_eq!(site.site.nobody_at_home(), None, "nobody is away since tomorrow");
    }
    Ok(())
}

#[tokio::test]
async fn a_long_queue_falls_back_until_it_is_short_or_until_the_operator_says_so() -> Result<()> {
    for site in both(away).await? {
        let mut cases = Vec::new();
        for words in &UNLIKE[..3] {
            cases.push(reported(&site, words).await?);
        }
        site.site.look_after().await?;
        assert!(matches!(site.site.nobody_at_home(), Some((_, Why::Queue))));
        // Being there does not make the queue shorter.
        site.site.operator_seen().await?;
        later(&site, 10 * SECOND_MS).await?;
        assert!(site.site.nobody_at_home().is_some());
        assert!(site.site.come_home(None).await?);
        assert_eq!(site.site.nobody_at_home(), None);
        later(&site, 10 * SECOND_MS).await?;
        assert_eq!(site.site.nobody_at_home(), None, "it fell back again behind their back");
        // Once it was short it counts again.
        for case in cases {
            decide(&site, &case, "no_action").await?;
        }
        later(&site, 10 * SECOND_MS).await?;
        for words in &UNLIKE[3..] {
            reported(&site, words).await?;
        }
        later(&site, 10 * SECOND_MS).await?;
        assert!(matches!(site.site.nobody_at_home(), Some((_, Why::Queue))));
        site.run_jobs().await?;
    }
    Ok(())
}

async fn authority(site: &TestSite) -> Result<store::PartyRow> {
    let raw = RawParty {
        name: "Kite authority".to_owned(),
        kind: "authority".to_owned(),
        jurisdiction: "PL".to_owned(),
        languages: "pl".to_owned(),
        contact: "the desk".to_owned(),
        checked_by: "call_back".to_owned(),
        checked_who: "Ola".to_owned(),
        checked_on: None,
    };
    let party = site.site.add_party(None, raw.check(site.now())?).await?.map_err(|refused| anyhow::anyhow!("{refused:?}"))?;
    Ok(party)
}

/// A removal order, whole or without what says why.
async fn order(site: &TestSite, party: &store::PartyRow, id: &PostId, whole: bool) -> Result<()> {
    let raw = RawFiling {
        notice: RawNotice { kind: Some("tco_removal_order".into()), ..RawNotice::default() },
        reference: Some("KP-17/2026".into()),
        issued: Some(Time(0)),
        reasons: if whole { vec!["a".into()] } else { Vec::new() },
        redress: Some("The court of kites, within a month.".into()),
        ..RawFiling::default()
    };
    let link = Named { url: format!("https://kites.example/{id}"), names: Some((id.clone(), None)) };
    let key = KeyId::parse("kites-1").context("a key")?;
    site.site.file(party, &app::Filer::Key(key), raw.check(domain::PartyKind::Authority)?, vec![link]).await?.context("it was filed")?;
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn orders_are_held_while_nobody_is_at_home_and_a_rehearsal_holds_none() -> Result<()> {
    for site in both(away).await? {
        site.site.look_after().await?;
        let party = authority(&site).await?;
        let (ordered, reported_only, faulty) =
            (say(&site, WORDS).await?, say(&site, OTHER_WORDS).await?, say(&site, "A third kite.").await?);
        order(&site, &party, &ordered, true).await?;
        order(&site, &party, &faulty, false).await?;
        tell(&site, &whole(&reported_only), None).await?;
        site.run_jobs().await?;
        let rehearsal = site.site.rehearse().await?;
        assert_eq!((rehearsal.orders, rehearsal.open, rehearsal.away), (1, 3, None));
        assert!(!is_held(&site, &ordered).await?, "a rehearsal does nothing");
        // Three are more than two.
        later(&site, 10 * SECOND_MS).await?;
        let held = [is_held(&site, &ordered).await?, is_held(&site, &reported_only).await?, is_held(&site, &faulty).await?];
        assert_eq!(held, [true, false, false], "a report, or an order with a fault, waits for a person");
        // A later one too.
        let second = say(&site, "Yet another kite, of which nobody has ever heard before, flies low.").await?;
        order(&site, &party, &second, true).await?;
        later(&site, 10 * SECOND_MS).await?;
        assert!(is_held(&site, &second).await?);
        // Coming home lets go of none: a person decides.
        site.site.come_home(None).await?;
        assert!(is_held(&site, &ordered).await? && site.site.nobody_at_home().is_none());
        site.run_jobs().await?;
    }
    Ok(())
}

#[tokio::test]
async fn half_of_an_order_s_time_is_told_also_in_quiet_hours_and_deciding_ends_it() -> Result<()> {
    let rules = AlarmRules { orders: true, ..queue_over(0) };
    for site in both(|parts| {
        let quiet = app::alarms::Quiet::parse("00:00", "23:59", "").expect("it reads");
        parts.alarms = Alarms { quiet: Some(quiet), ..alarms(rules.clone()) };
    })
    .await?
    {
        let party = authority(&site).await?;
        let id = say(&site, WORDS).await?;
        order(&site, &party, &id, true).await?;
        later(&site, 29 * MINUTE_MS).await?;
        assert_eq!(kinds(&site.site).await?, []);
        later(&site, 2 * MINUTE_MS).await?;
        assert_eq!(kinds(&site.site).await?, [(AlarmKind::Order, 1, false)]);
        assert!(raised(&site.site).await?[0].telling.is_some(), "it slept through an order");
        let case = super::deciding::case_of(&site, &whole(&id)).await?;
        decide(&site, &case, "remove").await?;
        later(&site, MINUTE_MS).await?;
        assert_eq!(kinds(&site.site).await?, [(AlarmKind::Order, 1, true)]);
        site.run_jobs().await?;
    }
    Ok(())
}

/// A receiver of webhooks that gives these answers in turn, and counts what it was asked.
async fn receiver(answers: &'static [&'static str]) -> Result<(String, Arc<AtomicUsize>)> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}/alarms?token=kite", listener.local_addr()?);
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let number = count.fetch_add(1, Ordering::SeqCst);
            let answer = answers[number.min(answers.len() - 1)];
            let mut head = vec![0; 64 << 10];
            // One read is enough for what is so short.
            let _ = stream.read(&mut head).await;
            let _ = stream.write_all(format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").as_bytes()).await;
        }
    });
    Ok((address, asked))
}

#[tokio::test]
async fn a_webhook_that_fails_is_called_again_and_a_redirect_is_not_followed() -> Result<()> {
    store::use_ring();
    let (elsewhere, followed) = receiver(&["200 OK"]).await?;
    let redirect: &'static str = Box::leak(format!("307 Temporary Redirect\r\nlocation: {elsewhere}").into_boxed_str());
    let answers: &'static [&'static str] = Box::leak(vec!["500 Internal Server Error", redirect, "204 No Content"].into_boxed_slice());
    let (address, asked) = receiver(answers).await?;
    let webhook = Webhook::parse(&address, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?;
    let site = TestSite::with(|parts| parts.alarms = Alarms { webhook: Some(webhook), ..alarms(queue_over(0)) }).await?;
    let id = site.site.test_alarm(None).await?.context("it was told")?;
    let state = async || anyhow::Ok(site.site.tested(&id).await?.pop().context("one way")?);
    for (pause_ms, tries, answer, arrived) in
        [(0, 1, "500", None), (10 * SECOND_MS, 2, "307", None), (30 * SECOND_MS, 3, "204", Some(true))]
    {
        site.site.clock.advance_ms(pause_ms);
        site.run_jobs().await?;
        let now = state().await?;
        assert_eq!((now.tries, now.answer.as_deref(), now.arrived), (tries, Some(answer), arrived));
    }
    site.site.clock.advance_ms(DAY_MS);
    site.run_jobs().await?;
    assert_eq!((asked.load(Ordering::SeqCst), followed.load(Ordering::SeqCst)), (3, 0), "it was asked again, or elsewhere");
    Ok(())
}

#[tokio::test]
async fn a_webhook_that_is_never_there_is_given_up_and_kills_no_job() -> Result<()> {
    store::use_ring();
    let nobody = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let webhook = Webhook::parse(&format!("http://{nobody}/"), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?;
    let site = TestSite::with(|parts| parts.alarms = Alarms { webhook: Some(webhook), ..alarms(queue_over(0)) }).await?;
    let id = site.site.test_alarm(None).await?.context("it was told")?;
    for _ in 0..20 {
        site.run_jobs().await?;
        site.site.clock.advance_ms(2 * HOUR_MS);
    }
    let state = site.site.tested(&id).await?.pop().context("one way")?;
    assert_eq!((state.arrived, state.answer.as_deref(), state.tries), (Some(false), Some("unreachable"), 10));
    assert!(site.site.state().await?.dead.is_empty());
    Ok(())
}
