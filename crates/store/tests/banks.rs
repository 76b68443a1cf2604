//! What banks know, what is held because of it, and what of all that a deletion leaves.

use domain::{BankId, BankKind, BankName, Fingerprint, FingerprintKind, ItemId, MatchId, MatchState, OnMatch};
use store::banks::{self, BankRow, ItemRow};
use store::fingerprints::{Part, Standing};
use store::{Db, MatchRow, Subject, fingerprints, matches, posts};

use super::{NOW, delete, file, finish, medium, post, publish};

fn bank(seed: u8, name: &str) -> BankRow {
    BankRow {
        id: BankId::from_random([seed; 16]),
        name: BankName::parse(name).unwrap(),
        kind: BankKind::Live,
        on_match: OnMatch::Hold,
        matched: 0,
        created: NOW,
        distrusted: None,
    }
}

fn item(seed: u8, bank: &BankRow) -> ItemRow {
    ItemRow {
        id: ItemId::from_random([seed; 16]),
        bank_id: bank.id.clone(),
        label: "kite.jpg".into(),
        signals: 0,
        created: NOW,
        distrusted: None,
        waits: None,
    }
}

fn hashes(seed: u8) -> Fingerprint {
    Fingerprint { kind: FingerprintKind::Hashes, version: 1, bytes: vec![seed; 64] }
}

async fn known(db: &Db, since: i64) -> Vec<banks::Signal> {
    let now = banks::revision(db).await.unwrap();
    let (mut all, mut last) = (Vec::new(), None);
    loop {
        let page = banks::signals(db, since, now.revision, last.as_ref(), 2).await.unwrap();
        match page.last() {
            Some(signal) => last = Some(signal.clone()),
            None => return all,
        }
        all.extend(page);
    }
}

pub(crate) async fn what_is_put_into_a_bank_counts_when_all_of_it_is_there(db: &Db) {
    let own = bank(200, "whole");
    let before = banks::revision(db).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    assert!(banks::insert(&mut tx, &own).await.unwrap());
    tx.commit().await.unwrap();
    let mut tx = db.begin().await.unwrap();
    assert!(!banks::insert(&mut tx, &BankRow { id: BankId::from_random([201; 16]), ..own.clone() }).await.unwrap(), "two of a name");
    drop(tx);
    let (cut_off, whole) = (item(202, &own), item(203, &own));
    for row in [&cut_off, &whole] {
        let mut tx = db.begin().await.unwrap();
        banks::begin_item(&mut tx, row).await.unwrap();
        for number in 1..=5 {
            banks::add_signal(&mut tx, &row.id, number, &hashes(number as u8)).await.unwrap();
        }
        tx.commit().await.unwrap();
    }
    assert!(known(db, before.revision).await.is_empty() && banks::items(db).await.unwrap().iter().all(|row| row.bank_id != own.id));
    let mut tx = db.begin().await.unwrap();
    let since = banks::complete_item(&mut tx, &whole.id, 5).await.unwrap().unwrap();
    assert_eq!(banks::complete_item(&mut tx, &whole.id, 5).await.unwrap(), None, "it counts once");
    tx.commit().await.unwrap();
    let all = known(db, before.revision).await;
    assert_eq!(
        all.iter().map(|signal| (signal.item_id.clone(), signal.number)).collect::<Vec<_>>(),
        (1..=5).map(|n| (whole.id.clone(), n)).collect::<Vec<_>>()
    );
    assert!(known(db, since).await.is_empty(), "what was known at a revision is not told again after it");
    let mut tx = db.begin().await.unwrap();
    banks::forget_unfinished(&mut tx, NOW.plus_ms(1)).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.begin().await.unwrap();
    assert_eq!(banks::complete_item(&mut tx, &cut_off.id, 5).await.unwrap(), None, "what was given up does not come back");
    drop(tx);
    let mut tx = db.begin().await.unwrap();
    banks::remove(&mut tx, &own.id, NOW).await.unwrap();
    tx.commit().await.unwrap();
    let now = banks::revision(db).await.unwrap();
    assert_eq!(now.removed, now.revision, "who has the old signals in memory is told");
    assert!(known(db, before.revision).await.is_empty());
}

pub(crate) async fn what_is_held_is_not_served_and_nothing_of_it_outlives_its_post(db: &Db) {
    let (own_bank, row) = (bank(210, "kites"), post(211, "words"));
    let own = medium(212, &row, "staged/held");
    publish(db, &row, std::slice::from_ref(&own)).await;
    assert!(finish(db, &own, vec![file(&own, "400.webp", 213, "blob/held")]).await);
    let subject = Subject { post_id: row.id.clone(), media_id: Some(own.id.clone()) };
    let words = Subject { media_id: None, ..subject.clone() };
    let served = async || store::files::served(db, &own.id, "400.webp", NOW).await.unwrap().is_some();
    assert!(served().await);
    let mut tx = db.begin().await.unwrap();
    banks::insert(&mut tx, &own_bank).await.unwrap();
    for (seed, subject) in [(214, &subject), (215, &words)] {
        fingerprints::replace(&mut tx, subject, &[hashes(1), Fingerprint { kind: FingerprintKind::Md5, ..hashes(2) }]).await.unwrap();
        fingerprints::replace(&mut tx, subject, &[hashes(3)]).await.unwrap();
        let matched = MatchRow {
            id: MatchId::from_random([seed; 16]),
            subject: subject.clone(),
            bank_id: own_bank.id.clone(),
            item_id: ItemId::from_random([216; 16]),
            reading: "pdq-mirror".into(),
            distance: Some(7),
            confidence: 0.5,
            on_match: OnMatch::Hold,
            state: MatchState::Open,
            created: NOW,
        };
        assert!(matches::stands(&mut tx, subject).await.unwrap());
        matches::insert(&mut tx, &matched).await.unwrap();
        matches::hold(&mut tx, subject).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert!(!served().await, "nobody gets what is held");
    assert!(posts::find(db, &row.id).await.unwrap().unwrap().held);
    let all = || fingerprints::numbered(db, Part::LookedUp, 0..=i64::MAX, 99);
    let of_post = |all: Vec<Standing>| all.into_iter().filter(|one| one.subject.post_id == row.id).collect::<Vec<_>>();
    let known = of_post(all().await.unwrap());
    assert_eq!(
        known.iter().map(|one| (one.subject.clone(), one.fingerprints.clone())).collect::<Vec<_>>(),
        vec![(subject.clone(), vec![hashes(3)]), (words.clone(), vec![hashes(3)])],
        "what a subject is known by is replaced as a whole"
    );
    let numbers: Vec<i64> = known.iter().map(|one| one.number).collect();
    assert_eq!(fingerprints::looked_up(db, &[numbers[1], 1]).await.unwrap(), known[1..], "by its number it is found, and by no other");
    assert_eq!(fingerprints::whole_until(db).await.unwrap(), numbers[1]);
    assert_eq!(fingerprints::count(db, numbers[0]..=numbers[1]).await.unwrap(), 2);
    assert!(fingerprints::are_more(db, numbers[0]..=numbers[1], 1).await.unwrap());
    assert!(!fingerprints::are_more(db, numbers[0]..=numbers[1], 2).await.unwrap());
    let of_kind = async |part| of_post(fingerprints::numbered(db, part, 0..=i64::MAX, 99).await.unwrap()).len();
    assert_eq!((of_kind(Part::Words).await, of_kind(Part::Features).await), (1, 1));
    // The newest goes, and its number with it.
    let mut tx = db.begin().await.unwrap();
    fingerprints::replace(&mut tx, &words, &[]).await.unwrap();
    fingerprints::replace(&mut tx, &words, &[hashes(4)]).await.unwrap();
    tx.commit().await.unwrap();
    let again = of_post(all().await.unwrap());
    assert!(again[1].number > numbers[1], "a number was used again");
    assert_eq!(fingerprints::still_there(db, numbers[0]..=again[1].number, 9).await.unwrap(), [numbers[0], again[1].number]);
    let held: Vec<_> = matches::held(db).await.unwrap().into_iter().map(|row| row.subject).filter(|one| one.post_id == row.id).collect();
    assert_eq!(held.len(), 2);
    let mut tx = db.begin().await.unwrap();
    assert_eq!(matches::decide(&mut tx, &subject, MatchState::Released).await.unwrap(), 1);
    assert_eq!(matches::decide(&mut tx, &subject, MatchState::Released).await.unwrap(), 0, "a decision is made once");
    matches::let_go(&mut tx, &subject).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!served().await, "its post is held still, with all that is in it");
    let mut tx = db.begin().await.unwrap();
    matches::let_go(&mut tx, &words).await.unwrap();
    tx.commit().await.unwrap();
    assert!(served().await);
    assert_eq!(banks::list(db).await.unwrap().iter().find(|one| one.id == own_bank.id).unwrap().matched, 2);
    delete(db, &row).await;
    assert!(of_post(all().await.unwrap()).is_empty());
    assert!(matches::of_subject(db, &words).await.unwrap().is_empty());
    let mut tx = db.begin().await.unwrap();
    assert!(!matches::stands(&mut tx, &subject).await.unwrap());
    banks::remove(&mut tx, &own_bank.id, NOW).await.unwrap();
    tx.commit().await.unwrap();
}
