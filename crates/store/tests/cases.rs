//! Cases, notices and decisions, on each engine.

use domain::retention::SURE_MS;
use domain::{
    Action, CaseId, CaseState, Category, Decision, DecisionId, Ground, Notice, NoticeId, NoticeKind, Origin, Receipt, RestrictionState,
};
use store::cases::{MemberRow, Tally};
use store::decisions::QuarantinedRow;
use store::notices::Snapshot;
use store::{
    AppealRow, Db, DecisionRow, EvidenceRow, MediaRow, NoticeRow, PostRow, RetentionRow, Subject, appeals, cases, decisions, evidence,
    jobs, notices, posts, retentions,
};

use super::{NOW, delete, file, finish, medium, post, publish};

const YEARS_MS: i64 = 3 * 365 * SURE_MS;

fn notice(seed: u8, case: &CaseId, category: Category, name: Option<&str>) -> NoticeRow {
    let said =
        Notice { kind: NoticeKind::Notice, category, explanation: "It is no kite.".into(), name: name.map(str::to_owned), email: None };
    NoticeRow {
        id: NoticeId::from_random([seed; 16]),
        case_id: case.clone(),
        notice: said,
        filing: None,
        language: Some("en".into()),
        version: 3,
        created: NOW,
        echo_of: None,
    }
}

pub(crate) fn decision(seed: u8, case: &CaseId, action: Action) -> DecisionRow {
    DecisionRow {
        id: DecisionId::from_random([seed; 16]),
        case_id: case.clone(),
        decision: Decision {
            action,
            ground: Ground::Policy,
            reference: "hate".into(),
            facts: "It says so.".into(),
            composed: None,
            countries: Vec::new(),
        },
        category: Some(Category::Hate),
        origin: Origin::Notice,
        moderator: Some("ada".into()),
        item: None,
        key: (action == Action::Remove).then(|| "a key".to_owned()),
        keep_until: NOW.plus_ms(1_000),
        blind: [seed; 32],
        commitment: [seed; 32],
        created: NOW,
        policy_version: Some(1),
        undone: None,
        destroyed: None,
        silent_until: None,
    }
}

fn whole(post: &PostRow) -> Subject {
    Subject { post_id: post.id.clone(), media_id: None }
}

/// Decides a case as the site does.
async fn decide(db: &Db, seed: u8, case: &CaseId, subject: &Subject, action: Action) -> (DecisionId, decisions::Reach) {
    let row = decision(seed, case, action);
    let mut tx = db.begin().await.unwrap();
    assert!(cases::close(&mut tx, case, CaseState::Decided, NOW).await.unwrap());
    assert!(!cases::close(&mut tx, case, CaseState::Decided, NOW).await.unwrap(), "a case was closed twice");
    decisions::insert(&mut tx, &row).await.unwrap();
    let reach = decisions::carry_out(&mut tx, &row.id, action, case, subject, true).await.unwrap();
    cases::close_reached(&mut tx, &row.id, NOW).await.unwrap();
    tx.commit().await.unwrap();
    (row.id, reach)
}

async fn undo(db: &Db, id: &DecisionId, case: &CaseId) -> Option<i64> {
    let mut tx = db.begin().await.unwrap();
    let left = decisions::undo(&mut tx, id, NOW).await.unwrap();
    cases::reopen(&mut tx, id, case, NOW).await.unwrap();
    tx.commit().await.unwrap();
    left
}

/// What has ended for good at the last of these times after `from`, each of which is a look.
async fn ended(db: &Db, from: domain::Time, looks: &[i64]) -> Vec<DecisionId> {
    let mut tx = db.begin().await.unwrap();
    // From the beginning: by a clock that stands before everything, nothing has ended.
    retentions::mark(&mut tx, domain::Time(0)).await.unwrap();
    for after in looks {
        retentions::mark(&mut tx, from.plus_ms(*after)).await.unwrap();
    }
    tx.commit().await.unwrap();
    retentions::ended(db, from.plus_ms(*looks.last().unwrap()), 9).await.unwrap()
}

async fn done(db: &Db) -> Vec<String> {
    done_at(db, NOW).await
}

async fn done_at(db: &Db, at: domain::Time) -> Vec<String> {
    let mut payloads = Vec::new();
    while let Some(left) = jobs::lease(db, "light", at, 1_000, "t").await.unwrap() {
        payloads.push(left.payload.to_string());
        jobs::complete(db, &left.id, "t").await.unwrap();
    }
    payloads
}

/// A subject has one open case, its notices stay apart, and what comes first is what weighs most or is due first.
pub(crate) async fn notices_join_one_case_which_is_weighed_and_closed_once(db: &Db) {
    let row = PostRow { sensitive: false, ..post(200, "words") };
    let subject = whole(&row);
    publish(db, &row, &[]).await;
    let (fresh, second) = (CaseId::from_random([200; 16]), CaseId::from_random([201; 16]));
    let receipt = Receipt::from_random([1; 16], [2; 16]);
    let mut tx = db.begin().await.unwrap();
    assert_eq!(cases::open(&mut tx, &subject, &fresh, NOW).await.unwrap(), (fresh.clone(), true));
    assert_eq!(cases::open(&mut tx, &subject, &second, NOW).await.unwrap(), (fresh.clone(), false));
    let rows = [notice(200, &fresh, Category::Policy, None), notice(201, &fresh, Category::Hate, Some("Ada"))];
    notices::insert(&mut tx, &rows[0], &receipt).await.unwrap();
    notices::insert(&mut tx, &rows[1], &Receipt::from_random([3; 16], [4; 16])).await.unwrap();
    let snapshot = Snapshot { post_id: row.id.clone(), version: 3, title: None, text: "words".into(), media: "[]".into(), taken: NOW };
    notices::take_snapshot(&mut tx, &snapshot).await.unwrap();
    notices::take_snapshot(&mut tx, &Snapshot { text: "other".into(), ..snapshot.clone() }).await.unwrap();
    let facts = cases::facts(&mut tx, &fresh, &subject).await.unwrap();
    assert_eq!((facts.notices, facts.signed, facts.category, facts.kind), (2, 1, Some(Category::Hate), Some(NoticeKind::Notice)));
    cases::weigh(&mut tx, &fresh, &facts, Some(NOW)).await.unwrap();
    let later = Subject { post_id: post(202, "").id, media_id: None };
    cases::open(&mut tx, &later, &second, NOW).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(cases::facts_now(db, &fresh, &subject).await.unwrap(), facts);
    assert_eq!(notices::of_case(db, &fresh, 9).await.unwrap(), rows);
    assert_eq!(notices::by_receipt(db, &receipt).await.unwrap(), rows[..1]);
    assert!(notices::by_receipt(db, &Receipt::from_random([1; 16], [1; 16])).await.unwrap().is_empty());
    assert_eq!(notices::snapshots(db, &row.id).await.unwrap(), [snapshot], "what was kept first was written over");
    assert_eq!(cases::count_open(db).await.unwrap(), 2);
    let front = cases::front(db, &cases::Wanted::default(), 1, NOW).await.unwrap();
    assert_eq!(front.iter().map(|case| (&case.id, case.weight)).collect::<Vec<_>>(), [(&fresh, facts.rank().total())]);
    assert_eq!(cases::front(db, &cases::Wanted::default(), 9, NOW).await.unwrap().len(), 2);
    delete(db, &row).await;
    let gone = cases::find(db, &fresh).await.unwrap().unwrap();
    assert_eq!((gone.state, gone.closed), (CaseState::Moot, Some(NOW)));
    assert!(notices::snapshots(db, &row.id).await.unwrap().is_empty());
    let mut tx = db.begin().await.unwrap();
    assert!(cases::close(&mut tx, &second, CaseState::Moot, NOW).await.unwrap());
    tx.commit().await.unwrap();
    done(db).await;
}

/// A decision reaches what is taken of a case, once; its undoing gives back what it took and nothing else.
pub(crate) async fn a_decision_reaches_what_it_is_for_and_is_undone_once(db: &Db) {
    let one = PostRow { sensitive: false, expires: Some(NOW.plus_ms(5)), ..post(210, "one") };
    let two = PostRow { sensitive: false, expires: None, ..post(211, "two") };
    let uncovered = |seed, post| MediaRow { sensitive: false, ..medium(seed, post, &format!("staged/{seed}")) };
    let (left, right) = (uncovered(210, &one), uncovered(211, &two));
    publish(db, &one, std::slice::from_ref(&left)).await;
    publish(db, &two, std::slice::from_ref(&right)).await;
    assert!(finish(db, &left, vec![file(&left, "a.webp", 210, "blob/210")]).await);
    assert!(finish(db, &right, vec![file(&right, "a.webp", 211, "blob/211")]).await);
    let served = async |own: &MediaRow| store::files::served(db, &own.id, "a.webp", NOW).await.unwrap().is_some();
    let of = |own: &MediaRow| Subject { post_id: own.post_id.clone(), media_id: Some(own.id.clone()) };
    let case = CaseId::from_random([210; 16]);
    let other = CaseId::from_random([211; 16]);
    let mut tx = db.begin().await.unwrap();
    cases::open(&mut tx, &whole(&one), &case, NOW).await.unwrap();
    cases::open(&mut tx, &of(&left), &other, NOW).await.unwrap();
    let member = |subject, taken| MemberRow { subject, reading: "pdq".into(), confidence: 0.5, taken };
    cases::set_members(&mut tx, &case, &[member(of(&right), true), member(whole(&two), false)]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(cases::tally(db, &case).await.unwrap(), Tally { posts: 0, media: 1, left: 1, in_posts: 1, unsure: 2, held: 0 });
    assert_eq!(cases::members(db, &case, 1).await.unwrap().len(), 1);

    let (id, reach) = decide(db, 210, &case, &whole(&one), Action::Remove).await;
    assert_eq!(reach, decisions::Reach { posts: 1, media: 1, in_posts: 2, given_back: 0 });
    assert_eq!(decisions::reach(db, &id).await.unwrap(), reach);
    assert!(!served(&left).await && !served(&right).await);
    assert!(posts::standing(db, std::slice::from_ref(&one.id)).await.unwrap().is_empty());
    assert!(posts::standing_at_once(db, &one.id).is_none_or(|standing| standing.is_none()));
    assert!(!posts::standing(db, std::slice::from_ref(&two.id)).await.unwrap().is_empty());
    assert_eq!(posts::find(db, &one.id).await.unwrap().unwrap().removed, Some(id.clone()));
    assert_eq!(cases::find(db, &other).await.unwrap().unwrap().state, CaseState::Decided, "it is dark with its post");
    assert!(!posts::expired(db, NOW.plus_ms(5), 99).await.unwrap().contains(&one.id), "its end takes it out of quarantine's reach");
    let mut tx = db.begin().await.unwrap();
    assert!(!posts::edit(&mut tx, &one, posts::Change::Keep, None).await.unwrap(), "what is dark was edited");
    assert!(!store::matches::stands(&mut tx, &whole(&one)).await.unwrap() && !store::matches::stands(&mut tx, &of(&left)).await.unwrap());
    drop(tx);
    // Another decision on the same reaches nothing more.
    let third = CaseId::from_random([212; 16]);
    let mut tx = db.begin().await.unwrap();
    cases::open(&mut tx, &of(&left), &third, NOW).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(decide(db, 211, &third, &of(&left), Action::Remove).await.1, decisions::Reach::default());

    // Half of it goes into quarantine.
    let dark = decisions::in_state(db, &id, RestrictionState::Dark, None, 9).await.unwrap();
    assert_eq!(dark.iter().map(|row| row.subject.clone()).collect::<Vec<_>>().len(), 2);
    let last = decisions::in_state(db, &id, RestrictionState::Dark, Some(&dark[0].subject), 9).await.unwrap();
    assert_eq!(last, dark[1..]);
    let mut tx = db.begin().await.unwrap();
    assert!(decisions::stands(&mut tx, &id).await.unwrap() && decisions::has_dark(&mut tx, &one.id).await.unwrap());
    retentions::mark(&mut tx, NOW.plus_ms(1_000)).await.unwrap();
    assert!(!retentions::destroy(&mut tx, &id, NOW.plus_ms(1_000)).await.unwrap(), "what is not in quarantine yet was destroyed");
    retentions::mark(&mut tx, NOW).await.unwrap();
    let row = dark.iter().find(|row| row.subject == of(&right)).unwrap();
    let sealed = QuarantinedRow { sha256: [211; 32], object_key: "quarantine/211".into(), size_bytes: 3 };
    assert!(decisions::quarantine(&mut tx, &id, &sealed).await.unwrap());
    assert!(!decisions::quarantine(&mut tx, &id, &sealed).await.unwrap(), "it is there twice");
    decisions::set_state(&mut tx, row, RestrictionState::Quarantined, Some("quarantine/archive")).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(decisions::quarantined(db, &id, &[211; 32]).await.unwrap(), Some(sealed));
    assert_eq!(undo(db, &id, &case).await, Some(1));
    assert_eq!(undo(db, &id, &case).await, None, "it was undone twice");
    assert!(served(&left).await && !served(&right).await);
    for case in [&case, &other] {
        assert_eq!(cases::find(db, case).await.unwrap().unwrap().state, CaseState::Open);
    }
    let mut tx = db.begin().await.unwrap();
    assert!(!decisions::stands(&mut tx, &id).await.unwrap());
    decisions::lighten(&mut tx, &id, &of(&right)).await.unwrap();
    decisions::set_state(&mut tx, row, RestrictionState::Lifted, Some("quarantine/archive")).await.unwrap();
    decisions::end_quarantine(&mut tx, &id, NOW).await.unwrap();
    tx.commit().await.unwrap();
    assert!(served(&right).await);
    let gone = done(db).await;
    for key in ["quarantine/211", "quarantine/archive"] {
        assert!(gone.iter().any(|payload| payload.contains(key)), "{key} stays: {gone:?}");
    }

    // A cover, with an appeal.
    let (id, reach) = decide(db, 212, &case, &whole(&one), Action::Cover).await;
    assert_eq!((reach.posts, reach.media), (1, 1));
    let covered = async || posts::find(db, &one.id).await.unwrap().unwrap().sensitive;
    assert!(covered().await);
    let mut tx = db.begin().await.unwrap();
    assert!(posts::edit(&mut tx, &one, posts::Change::Keep, None).await.unwrap());
    tx.commit().await.unwrap();
    assert!(covered().await, "an edit took a cover off that was decided");
    let appeal = AppealRow {
        id: domain::AppealId::from_random([212; 16]),
        decision_id: id.clone(),
        post_id: one.id.clone(),
        words: "It is a kite.".into(),
        state: domain::AppealState::Open,
        answer: None,
        due: NOW,
        created: NOW,
        answered: None,
    };
    let mut tx = db.begin().await.unwrap();
    assert!(appeals::insert(&mut tx, &appeal).await.unwrap());
    assert!(!appeals::insert(&mut tx, &AppealRow { id: domain::AppealId::from_random([213; 16]), ..appeal.clone() }).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(appeals::of(db, &id, &one.id).await.unwrap(), Some(appeal.clone()));
    assert_eq!(appeals::open(db, 9).await.unwrap(), std::slice::from_ref(&appeal));
    let mut tx = db.begin().await.unwrap();
    assert!(appeals::answer(&mut tx, &appeal.id, domain::AppealState::Upheld, "No.", NOW).await.unwrap());
    assert!(!appeals::answer(&mut tx, &appeal.id, domain::AppealState::Overturned, "Yes.", NOW).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(appeals::find(db, &appeal.id).await.unwrap().unwrap().answer.as_deref(), Some("No."));
    assert_eq!(undo(db, &id, &case).await, Some(0));
    assert!(!covered().await);

    // What has been kept long enough, and nobody complains of.
    let (id, _) = decide(db, 213, &case, &whole(&one), Action::Remove).await;
    let end = NOW.plus_ms(1_000);
    assert!(!ended(db, NOW.plus_ms(999), &[0, SURE_MS]).await.contains(&id), "it may still be complained of");
    assert!(!ended(db, end, &[0, SURE_MS - 1]).await.contains(&id), "it was destroyed at the first look");
    assert!(ended(db, end, &[0, SURE_MS]).await.contains(&id));
    assert!(!ended(db, end, &[YEARS_MS, 0, SURE_MS - 1]).await.contains(&id), "a mark of a clock that ran ahead counts");
    let mut tx = db.begin().await.unwrap();
    let waiting = AppealRow { id: domain::AppealId::from_random([214; 16]), decision_id: id.clone(), ..appeal };
    assert!(appeals::insert(&mut tx, &waiting).await.unwrap());
    tx.commit().await.unwrap();
    assert!(!ended(db, end, &[0, SURE_MS]).await.contains(&id), "an appeal is open");
    let mut tx = db.begin().await.unwrap();
    for row in decisions::in_state(db, &id, RestrictionState::Dark, None, 9).await.unwrap() {
        decisions::set_state(&mut tx, &row, RestrictionState::Quarantined, None).await.unwrap();
    }
    assert!(!retentions::destroy(&mut tx, &id, end).await.unwrap(), "what an open appeal is about was destroyed");
    appeals::overturn(&mut tx, &id, NOW).await.unwrap();
    let kept = RetentionRow {
        id: domain::RetentionId::from_random([214; 16]),
        decision_id: id.clone(),
        retention: domain::Retention {
            ground: domain::RetentionGround::Preservation,
            reference: "KWP 12/26".into(),
            until: NOW.plus_ms(YEARS_MS),
        },
        moderator: None,
        created: NOW,
    };
    retentions::insert(&mut tx, &kept).await.unwrap();
    assert!(retentions::keeps(&mut tx, &id).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(retentions::of_decision(db, &id).await.unwrap(), std::slice::from_ref(&kept));
    assert!(!ended(db, end, &[0, SURE_MS]).await.contains(&id), "somebody needs it");
    // What is sealed need not be kept twice.
    let sealed = EvidenceRow {
        decision_id: id.clone(),
        object_key: Some("evidence/214".into()),
        sha256: [214; 32],
        size_bytes: 3,
        holds: 1,
        recipients: "age1one age1two".into(),
        sealed: NOW,
        destroyed: None,
    };
    let mut tx = db.begin().await.unwrap();
    assert!(evidence::put(&mut tx, &sealed).await.unwrap());
    assert!(!evidence::put(&mut tx, &EvidenceRow { object_key: Some("evidence/215".into()), ..sealed.clone() }).await.unwrap());
    let more = EvidenceRow { object_key: Some("evidence/216".into()), holds: 2, ..sealed };
    assert!(evidence::put(&mut tx, &more).await.unwrap(), "one that holds more takes its place");
    tx.commit().await.unwrap();
    assert_eq!(evidence::find(db, &id).await.unwrap(), Some(more.clone()));
    assert_eq!(evidence::list(db, None, 9).await.unwrap(), std::slice::from_ref(&more));
    assert!(evidence::list(db, Some((more.sealed, &id)), 9).await.unwrap().is_empty());
    assert_eq!(evidence::until(db, &id).await.unwrap(), Some(kept.retention.until));
    assert!(ended(db, end, &[0, SURE_MS]).await.contains(&id));
    assert!(retentions::ended_evidence(db, end.plus_ms(9 * SURE_MS), 9).await.unwrap().is_empty(), "what a retention needs was marked");
    let mut tx = db.begin().await.unwrap();
    assert!(retentions::destroy(&mut tx, &id, end).await.unwrap() && !retentions::destroy(&mut tx, &id, end).await.unwrap());
    assert!(retentions::keeps(&mut tx, &id).await.unwrap(), "its evidence is there");
    tx.commit().await.unwrap();
    let late = NOW.plus_ms(YEARS_MS);
    let mut tx = db.begin().await.unwrap();
    assert!(!retentions::destroy_evidence(&mut tx, &id, late).await.unwrap(), "it was destroyed at the first look");
    retentions::mark(&mut tx, late).await.unwrap();
    assert!(retentions::destroy_evidence(&mut tx, &id, late).await.unwrap());
    assert!(!retentions::destroy_evidence(&mut tx, &id, late).await.unwrap() && !retentions::keeps(&mut tx, &id).await.unwrap());
    tx.commit().await.unwrap();
    let gone = done_at(db, late).await;
    for key in ["evidence/214", "evidence/216"] {
        assert!(gone.iter().any(|payload| payload.contains(key)), "{key} stays: {gone:?}");
    }
    assert_eq!(evidence::find(db, &id).await.unwrap().map(|row| (row.object_key, row.destroyed)), Some((None, Some(late))));
    let row = decisions::find(db, &id).await.unwrap().unwrap();
    assert_eq!((row.key, row.destroyed, row.undone), (None, Some(end), None));
    assert_eq!(appeals::find(db, &waiting.id).await.unwrap().unwrap().words, "");
    assert_eq!(undo(db, &id, &case).await, None, "what was destroyed was undone");
    for row in [&one, &two] {
        delete(db, row).await;
    }
    done(db).await;
}
