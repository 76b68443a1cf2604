//! That nothing which was written down leads to an asker, searched for by the keys themselves, and that the keys are gone within two days.

use std::path::{Path, PathBuf};

use domain::case::HoldRules;
use domain::{Category, Draft, Notice, NoticeKind};
use store::{BlobStore, Db, Store, Subject};

use super::*;
use crate::{Offer, Parts, Posting, Toll};

/// Files below `dir` that hold any of `needles`, which are four bytes and longer.
fn files_with(dir: &Path, needles: &[Vec<u8>]) -> Vec<PathBuf> {
    let mut by_beginning: HashMap<&[u8], Vec<&[u8]>> = HashMap::new();
    for needle in needles {
        by_beginning.entry(&needle[..4]).or_default().push(needle);
    }
    let holds = |bytes: &[u8]| {
        let mut places = bytes.windows(4).enumerate();
        places.any(|(at, four)| by_beginning.get(four).is_some_and(|needles| needles.iter().any(|needle| bytes[at..].starts_with(needle))))
    };
    let (mut found, mut left) = (Vec::new(), vec![dir.to_owned()]);
    while let Some(dir) = left.pop() {
        for entry in std::fs::read_dir(&dir).expect("a directory").flatten() {
            let path = entry.path();
            if path.is_dir() {
                left.push(path);
            } else {
                if holds(&std::fs::read(&path).expect("a file")) {
                    found.push(path);
                }
            }
        }
    }
    found
}

/// Every way in which a key, or a pseudonym, might be written.
fn forms(key: &[u8]) -> Vec<Vec<u8>> {
    use base64::Engine as _;
    let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut forms = vec![key.to_vec(), key.iter().rev().copied().collect(), hex.to_uppercase().into_bytes(), hex.into_bytes()];
    forms.push(base64::engine::general_purpose::STANDARD_NO_PAD.encode(key).into_bytes());
    if let Ok(number) = <[u8; 8]>::try_from(key) {
        let number = u64::from_be_bytes(number);
        forms.push(number.to_string().into_bytes());
        forms.push((number as i64).to_string().into_bytes());
    }
    forms
}

#[tokio::test]
async fn no_table_and_no_file_leads_to_an_asker_and_after_two_days_nothing_in_memory_does() {
    let dir = tempfile::tempdir().expect("a directory");
    let work_dir = dir.path().join("work");
    std::fs::create_dir(&work_dir).expect("a directory");
    let db = Db::open_sqlite(&dir.path().join("handbill.db")).await.expect("a database");
    let fair_use = FairUse { posts_per_hour: 2, notices_per_hour: 2, times_ipv4_address: 1, times_ipv4_24: 1, ..FairUse::default() };
    let site = Site::new(Parts {
        store: Store { db, blobs: BlobStore::open_files(dir.path()).expect("a store") },
        sandbox: media::Sandbox::new("/bin/false".into(), Vec::new()),
        limits: domain::Limits::default(),
        fair_use,
        hold: HoldRules::default(),
        reach_limit: 0,
        clock: Clock::manual(Time(1_764_000_000_000)),
        home: None,
        knows_countries: false,
        post: None,
        chance: Chance::seeded(7),
        work_dir,
        corpus_dir: dir.path().join("corpus"),
        evidence: Vec::new(),
        alarms: crate::Alarms::default(),
        away: crate::Away::default(),
    });
    let address = IpAddr::from([198, 51, 100, 207]);
    let first = site.know(address);
    let mut seen: Vec<[u8; 16]> = Vec::new();
    let mut names: Vec<u64> = Vec::new();
    // A day of everything that somebody can do: posts, by their share and by patience, notices, and what is asked of who wants more.
    for hour in 0..48 {
        let who = site.know(address);
        names.extend(who.known.iter().flat_map(|known| known.prefixes.iter().map(|(_, name)| *name)));
        seen.extend(site.budgets().keys(&site.chance).iter().map(|counted| *counted.key));
        let offers = [Offer::Nothing, Offer::Nothing, Offer::Nothing, Offer::Asks];
        for offer in offers.into_iter().take(if hour % 8 == 0 { 4 } else { 1 }) {
            if let Ok(paid) = site.pay_for_post(&who, offer).await {
                let draft = Draft { text: format!("kite {hour}"), ..Draft::default() };
                let posting = Posting { draft, lane: paid.lane(), ..Posting::default() };
                let made = site.publish(posting).await.expect("it is published");
                paid.made();
                let notice = Notice {
                    kind: NoticeKind::Notice,
                    category: Category::Violence,
                    explanation: "It shows a fight.".to_owned(),
                    name: None,
                    email: None,
                };
                let subject = Subject { post_id: made.id, media_id: None };
                site.give_notice_paid(&[subject], &notice, None, Toll::Slow).await.expect("it is taken");
            }
        }
        site.clock.advance_ms(HOUR_MS);
        site.turn_keys();
    }
    seen.sort_unstable();
    seen.dedup();
    names.sort_unstable();
    names.dedup();
    assert_eq!((seen.len(), names.len()), (2, 6), "a key came each day, and each gave every prefix another name");
    let mut needles: Vec<Vec<u8>> =
        seen.iter().flat_map(|key| forms(key)).chain(names.iter().flat_map(|name| forms(&name.to_be_bytes()))).collect();
    needles.extend([address.to_string().into_bytes(), vec![198, 51, 100, 207]]);
    assert_eq!(files_with(dir.path(), &needles), Vec::<PathBuf>::new());
    assert!(!files_with(dir.path(), &[b"It shows a fight.".to_vec()]).is_empty(), "the search finds what is there");
    // The first key is gone, with all that was counted under it: whoever still has its pseudonyms knows nobody by them.
    let keys = site.budgets().keys(&site.chance);
    assert!(keys.iter().all(|counted| first.known.iter().all(|known| known.key_born != counted.born)));
    let old: Vec<u64> = first.names();
    assert!(keys.iter().all(|counted| counted.spent.keys().all(|counter| !old.contains(&counter.name))));
    assert!(keys.iter().all(|counted| counted.posted.keys().all(|name| !old.contains(name))));
}
