//! A storm: two hundred clients upload, report and appeal against a real decision as fast as they are let, while twenty people post and read. The
//! people are refused nothing and hardly notice; the storm waits for itself, and no appeal that was taken is lost. `HANDBILL_STORM_SECONDS` makes it longer (`cargo xtask bench storm`).

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::beside::{beside, case_of, removal, storage};
use crate::site::{Answer, Site, ask};

const STORMERS: usize = 200;
/// Posts of one campaign that was removed: against each one appeal can be made.
const REMOVED: usize = 400;
const PEOPLE: usize = 20;
/// How long people think between two deeds.
const THOUGHT: Duration = Duration::from_millis(400);
/// The memory that the site may use at most.
const MEMORY: u64 = 400 << 20;
/// Quicker than this nobody notices anything: three times of it is what a storm may make of a quiet site.
const NOTHING: Duration = Duration::from_millis(100);

/// How much slower a storm may make what people do: three times where it is measured, on a machine that does nothing else; among other tests, whose
/// machine is anybody's, no more than what tells a storm that is let in from one that waits outside.
fn most_slower() -> u32 {
    if std::env::var_os("HANDBILL_STORM_SECONDS").is_some() { 3 } else { 12 }
}

/// What came of it, by what was asked and the answer's status.
type Counts = Mutex<BTreeMap<(&'static str, u16), u64>>;

fn post_words(address: &str, from: &str, more: &str, words: &str) -> Answer {
    let head = format!("POST / HTTP/1.1\r\nX-Forwarded-For: {from}\r\n{more}Content-Type: multipart/form-data; boundary=x\r\n");
    let body = format!("--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n{words}\r\n--x--\r\n");
    ask(address, &head, body.as_bytes())
}

fn sent(address: &str, from: &str, path: &str, form: &str) -> Answer {
    let head = format!("POST {path} HTTP/1.1\r\nX-Forwarded-For: {from}\r\nContent-Type: application/x-www-form-urlencoded\r\n");
    ask(address, &head, form.as_bytes())
}

/// A path out of an answer's lines.
fn path(answer: &Answer, line: usize) -> Option<String> {
    answer.body.lines().nth(line).and_then(|url| url.split_once("://")?.1.split_once('/').map(|(_, path)| format!("/{path}")))
}

/// Where a person lives: each in a network of their own.
fn home(number: usize) -> String {
    format!("{}.7.7.7", 20 + number)
}

/// One person: posts now and then, reads between. How long each deed took.
fn live(address: &str, number: usize, stop: &AtomicBool) -> Vec<Duration> {
    let from = home(number);
    let (mut took, mut own) = (Vec::new(), None);
    for deed in 0_u64.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        std::thread::sleep(THOUGHT);
        let begun = Instant::now();
        match (&own, deed % 8) {
            (_, 0) | (None, _) => {
                let answer = post_words(address, &from, "", &format!("A kite of number {number}, deed {deed}"));
                // In a storm who is new here is public a while later; in the test everybody is new.
                assert!(matches!(answer.status, 201 | 202), "a person is refused: {} {}", answer.status, answer.body);
                own = path(&answer, 0);
            }
            (Some(own), _) => {
                let answer = ask(address, &format!("GET {own} HTTP/1.1\r\nX-Forwarded-For: {from}\r\nAccept: text/html\r\n"), b"");
                assert_eq!(answer.status, 200, "a person is refused");
            }
        }
        took.push(begun.elapsed());
    }
    took
}

/// What the storm is about.
struct Target {
    /// A post that is reported.
    link: String,
    /// The manage links of posts that were removed.
    removed: Vec<String>,
    /// The decision that removed them.
    decision: String,
    photo: Vec<u8>,
}

/// Publishes what is removed by one decision: the manage links, and the decision.
async fn removed(own: &app::Site) -> Result<(Vec<String>, String)> {
    let (mut ids, mut links) = (Vec::new(), Vec::new());
    for number in 0..REMOVED {
        let draft = domain::Draft { text: format!("The kite of the campaign, number {number}"), ..domain::Draft::default() };
        let post = own.publish(app::Posting { draft, ..app::Posting::default() }).await?;
        links.push(format!("/{}/manage/{}", post.id, post.secret.expose()));
        ids.push(post.id);
    }
    let case = case_of(own, &ids).await?;
    let outcome = own.decide(None, &case, removal()?, true).await?;
    let app::Decided::Done(id, _) = outcome else { anyhow::bail!("{outcome:?}") };
    Ok((links, id.to_string()))
}

/// One client of the storm: all that it can think of, without a pause.
fn storm(address: &str, number: usize, target: &Target, stop: &AtomicBool, counts: &Counts) {
    // Most are of one provider, each with a block of its own; a quarter come from everywhere.
    let from = if number.is_multiple_of(4) { format!("{}.99.7.1", 100 + number / 4) } else { format!("198.18.{number}.1") };
    for deed in 0_u64.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let (what, answer) = match deed % 5 {
            0 => ("upload", ask(address, &format!("PUT /kite.png HTTP/1.1\r\nX-Forwarded-For: {from}\r\n"), &target.photo)),
            1 => ("words", post_words(address, &from, "", "cheap kites")),
            2 => ("asks", post_words(address, &from, "Altcha: ask\r\nAccept: application/json\r\n", "cheap kites")),
            3 => (
                "report",
                sent(address, &from, &format!("{}/report", target.link), "category=violence&explanation=It+fights.&good_faith=1"),
            ),
            _ => {
                let link = &target.removed[(number + deed as usize / 5 * STORMERS) % REMOVED];
                ("appeal", sent(address, &from, &format!("{link}/appeal"), &format!("words=It+is+mine.&decision={}", target.decision)))
            }
        };
        *counts.lock().expect("a count").entry((what, answer.status)).or_default() += 1;
    }
}

fn p99(mut took: Vec<Duration>) -> Duration {
    took.sort_unstable();
    took[(took.len() * 99 / 100).min(took.len() - 1)]
}

/// All people for so long; what their deeds took.
fn lived(address: &str, lasts: Duration, beside: impl Fn(&AtomicBool) + Sync) -> Vec<Duration> {
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let people: Vec<_> = (0..PEOPLE)
            .map(|number| {
                scope.spawn({
                    let stop = &stop;
                    move || live(address, number, stop)
                })
            })
            .collect();
        let other = scope.spawn(|| beside(&stop));
        std::thread::sleep(lasts);
        stop.store(true, Ordering::Relaxed);
        other.join().expect("the storm ends");
        people.into_iter().flat_map(|one| one.join().expect("nobody is refused")).collect()
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_waits_for_itself_and_people_hardly_notice() -> Result<()> {
    let lasts = std::env::var("HANDBILL_STORM_SECONDS").ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(30);
    let lasts = Duration::from_secs(lasts);
    let site = Site::start_with(
        &[],
        &[
            ("HANDBILL__SERVER__TRUSTED_PROXIES", "127.0.0.1,::1"),
            // Small enough that the storm is over its share at once; a person makes one post in three seconds.
            ("HANDBILL__FAIR_USE__POSTS_PER_HOUR", "30"),
            ("HANDBILL__FAIR_USE__NOTICES_PER_HOUR", "6"),
            ("HANDBILL__FAIR_USE__APPEALS_PER_HOUR", "6"),
            ("HANDBILL__FAIR_USE__TIMES_IPV4_16", "10"),
            ("HANDBILL__MEDIA__WORKERS", "1"),
        ],
    );
    let address = site.address();
    let scratch = tempfile::tempdir()?;
    let own = beside(storage(&site).await?, scratch.path())?;
    let (removed, decision) = removed(&own).await?;
    let made = post_words(address, "192.0.2.1", "", "A kite over the bay");
    let target = Target { link: path(&made, 0).expect("a link"), removed, decision, photo: testkit::site::picture(64, 48, 1)? };
    for number in 0..PEOPLE {
        // Nobody of them is new here when it begins.
        assert_eq!(post_words(address, &home(number), "", &format!("The first kite of number {number}")).status, 201);
    }
    let quiet = p99(lived(address, Duration::from_secs(10), |_| {}));
    let (counts, most) = (Counts::default(), AtomicU64::new(0));
    let took = lived(address, lasts, |stop| {
        std::thread::scope(|scope| {
            for number in 0..STORMERS {
                let (target, counts) = (&target, &counts);
                scope.spawn(move || storm(address, number, target, stop, counts));
            }
            while !stop.load(Ordering::Relaxed) {
                most.fetch_max(site.memory("VmRSS"), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(200));
            }
        });
    });
    let (deeds, stormy) = (took.len(), p99(took));
    let counts = counts.into_inner().expect("the counts");
    let all: u64 = counts.values().sum();
    let memory = most.load(Ordering::Relaxed);
    println!("quiet p99 {quiet:?}; in the storm {stormy:?} of {deeds} deeds; storm {all} requests {counts:?}; memory {} MiB", memory >> 20);
    assert!(stormy <= quiet.max(NOTHING) * most_slower(), "quiet {quiet:?}, in the storm {stormy:?}");
    assert!(memory < MEMORY, "{} MiB", memory >> 20);
    let of = |status| counts.iter().filter(|((_, own), _)| *own == status).map(|(_, count)| count).sum::<u64>();
    assert_eq!(of(500) + of(503), 0, "nothing falls over: {counts:?}");
    assert!(of(202) > 0 && of(429) > 0, "the storm is slowed: {counts:?}");
    // What was taken is there to be answered; against each post once, and by nobody beyond their share.
    let taken = counts.get(&("appeal", 303)).copied().unwrap_or_default();
    let open = own.open_appeals(2 * REMOVED as i64).await?;
    ensure!(taken > 0 && open.len() as u64 == taken, "{taken} appeals were taken, {} are there: {counts:?}", open.len());
    assert!(counts.contains_key(&("appeal", 429)), "appeals are slowed, too: {counts:?}");
    // Nothing of the storm has taken anything down, or brought anything back.
    assert_eq!(site.get(&target.link).status, 200);
    for link in target.removed.iter().step_by(40) {
        let post = link.split("/manage").next().unwrap_or_default();
        assert_eq!(ask(address, &format!("GET {post} HTTP/1.1\r\nAccept: text/html\r\n"), b"").status, 410, "{post}");
    }
    assert!(!site.log().contains("panicked"), "{}", site.log());
    Ok(())
}
