//! What matches hold is in a case, and in one: on SQLite with files, and on PostgreSQL with S3.

use anyhow::{Context as _, Result};
use app::{CaseView, NewItem, Outcome, Reached};
use domain::{BankKind, BankName, CaseId, CaseState, MatchState, MediaState, OnMatch, PostId};
use store::Subject;
use store::banks::BankRow;
use testkit::TestSite;
use testkit::site::Part;

use super::deciding::{
    KITE, OTHER, OTHER_WORDS, WORDS, addresses, case_of, decide, disguised, drawn, grounds, only, photo, reported, servers, status, struck,
    struck_alone, tell, wanted, whole,
};
use super::{medium, post};

pub(crate) async fn bank(site: &TestSite, name: &str, kind: BankKind, on_match: OnMatch) -> Result<BankRow> {
    let name = BankName::parse(name).context("a name")?;
    assert!(site.site.create_bank(&name, kind, on_match).await?);
    site.site.bank(&name).await?.context("the bank")
}

pub(crate) async fn learn(site: &TestSite, bank: &BankRow, words: &str) -> Result<Vec<Reached>> {
    let known = site.site.look_at_words(words).await?.context("words")?;
    Ok(site.site.add_to_bank(bank, NewItem { label: "kite.txt".to_owned(), known }, |_| {}).await?.reached)
}

/// A bank that holds what is like these words.
pub(crate) async fn kites(site: &TestSite, words: &str) -> Result<BankRow> {
    let kites = bank(site, "kites", BankKind::Live, OnMatch::Hold).await?;
    learn(site, &kites, words).await?;
    Ok(kites)
}

pub(crate) async fn say(site: &TestSite, words: &str) -> Result<PostId> {
    post(site, &[Part::Field("text", words)]).await
}

async fn say_often(site: &TestSite, words: &str, times: usize) -> Result<Vec<PostId>> {
    let mut posts = Vec::new();
    for _ in 0..times {
        posts.push(say(site, words).await?);
    }
    Ok(posts)
}

pub(crate) async fn is_held(site: &TestSite, id: &PostId) -> Result<bool> {
    Ok(store::posts::find(&site.site.store.db, id).await?.context("it is gone")?.held)
}

async fn held(site: &TestSite, posts: &[PostId]) -> Result<usize> {
    let mut held = 0;
    for id in posts {
        held += usize::from(is_held(site, id).await?);
    }
    Ok(held)
}

/// The only open case.
pub(crate) async fn only_case(site: &TestSite) -> Result<CaseView> {
    let (queue, open) = site.site.queue(9).await?;
    let ([one], 1) = (queue.as_slice(), open) else { anyhow::bail!("{open} are open: {queue:?}") };
    site.site.case(&one.case.id).await?.context("no case")
}

async fn open(site: &TestSite) -> Result<u64> {
    Ok(site.site.queue(1).await?.1)
}

async fn state(site: &TestSite, case: &CaseId) -> Result<CaseState> {
    Ok(site.site.case(case).await?.context("no case")?.case.state)
}

fn in_order(view: &CaseView) -> Vec<PostId> {
    let mut all: Vec<PostId> = view.members.iter().map(|member| member.subject.post_id.clone()).collect();
    all.push(view.case.subject.post_id.clone());
    all.sort_unstable();
    all
}

fn sorted(posts: &[PostId]) -> Vec<PostId> {
    let mut posts = posts.to_vec();
    posts.sort_unstable();
    posts
}

#[tokio::test]
async fn a_flood_of_copies_is_one_case_and_one_search_and_one_decision_lets_it_go_and_its_undoing_holds_it_again() -> Result<()> {
    for site in grounds().await? {
        kites(&site, WORDS).await?;
        let flood = say_often(&site, WORDS, 60).await?;
        let other = say(&site, OTHER_WORDS).await?;
        assert_eq!((held(&site, &flood).await?, is_held(&site, &other).await?), (60, false));
        let lanes = store::jobs::lanes(&site.site.store.db, site.now()).await?;
        let searches = lanes.iter().filter(|lane| lane.name == app::job::MEDIA).map(|lane| lane.waiting + lane.later).sum::<i64>();
        assert_eq!(searches, 1, "each copy has everything searched for it");
        let before = only_case(&site).await?;
        assert_eq!(in_order(&before), sorted(&flood));
        assert!(before.held && before.members.iter().all(|member| member.taken), "{before:?}");
        assert!(before.rank.sureness == 100 && before.rank.reach > 70, "{:?}", before.rank);
        site.run_jobs().await?;
        let view = only_case(&site).await?;
        assert_eq!((in_order(&view), view.case.id), (sorted(&flood), before.case.id.clone()), "the search took some of it out");
        // Many more come while it waits.
        let more = say_often(&site, &WORDS.to_uppercase(), 3).await?;
        assert_eq!(only_case(&site).await?.members.len(), 62);
        let (decision, _) = decide(&site, &before.case.id, "no_action").await?;
        assert_eq!((held(&site, &flood).await?, held(&site, &more).await?, open(&site).await?), (0, 0, 0));
        assert!(site.site.held().await?.is_empty());
        assert!(site.site.undo(None, &decision).await?);
        assert_eq!((held(&site, &flood).await?, held(&site, &more).await?), (60, 3));
        assert_eq!(only_case(&site).await?.case.id, before.case.id);
        decide(&site, &before.case.id, "remove").await?;
        site.run_jobs().await?;
        assert_eq!(open(&site).await?, 0);
        for id in flood.iter().chain(&more) {
            assert!(super::deciding::is_dark(&site, id).await?);
        }
    }
    Ok(())
}

#[tokio::test]
async fn what_is_held_leaves_its_case_by_every_way_that_lets_it_go() -> Result<()> {
    for site in grounds().await? {
        // By word of the command line: the case goes on to what is left, and is decided with the last.
        kites(&site, WORDS).await?;
        let posts = say_often(&site, WORDS, 4).await?;
        let case = only_case(&site).await?.case;
        assert_eq!(case.subject, whole(&posts[0]));
        let decide_on = async |id: &PostId, state| site.site.decide_on_held(&whole(id), state).await;
        assert!(decide_on(&posts[1], MatchState::Released).await?);
        assert_eq!(only_case(&site).await?.members.len(), 2);
        assert!(decide_on(&posts[0], MatchState::Kept).await?);
        let passed = only_case(&site).await?;
        assert_eq!((&passed.case.id, passed.members.len(), passed.held), (&case.id, 1, true));
        assert!([&posts[2], &posts[3]].contains(&&passed.case.subject.post_id));
        for id in &posts[2..] {
            assert!(decide_on(id, MatchState::Released).await? && !decide_on(id, MatchState::Released).await?);
        }
        assert_eq!((state(&site, &case.id).await?, open(&site).await?), (CaseState::Decided, 0));
        assert_eq!(held(&site, &posts).await?, 1, "what somebody kept");
        site.run_jobs().await?;
        site.site.queue_upkeep().await?;
        site.run_jobs().await?;
        assert_eq!(open(&site).await?, 0, "what somebody said stays waits for nobody");

        // With the bank, with a mistake that is known, with what a decision taught.
        let again = say_often(&site, WORDS, 2).await?;
        let case = only_case(&site).await?.case.id;
        let kites = site.site.bank(&BankName::parse("kites").context("a name")?).await?.context("the bank")?;
        assert_eq!(site.site.remove_bank(&kites.id).await?, 3, "and what was kept");
        assert_eq!((held(&site, &again).await?, open(&site).await?, state(&site, &case).await?), (0, 0, CaseState::Moot));
        let others = bank(&site, "others", BankKind::Live, OnMatch::Hold).await?;
        learn(&site, &others, WORDS).await?;
        site.run_jobs().await?;
        let case = only_case(&site).await?.case.id;
        let mistakes = bank(&site, "mistakes", BankKind::Negative, OnMatch::Log).await?;
        learn(&site, &mistakes, WORDS).await?;
        assert_eq!((open(&site).await?, state(&site, &case).await?), (0, CaseState::Moot));
        let removed = say(&site, OTHER_WORDS).await?;
        let decision = struck(&site, &whole(&removed), "remove").await?;
        let copies = say_often(&site, OTHER_WORDS, 2).await?;
        site.run_jobs().await?;
        assert_eq!((held(&site, &copies).await?, only_case(&site).await?.members.len()), (2, 1));
        assert!(site.site.undo(None, &decision).await?);
        site.run_jobs().await?;
        assert_eq!(held(&site, &copies).await?, 0);
        assert_eq!(only_case(&site).await?.case.subject, whole(&removed), "the notice waits for an answer again");
    }
    Ok(())
}

#[tokio::test]
async fn a_poster_who_deletes_passes_the_case_on_and_who_gave_notice_of_it_learns_that_it_is_gone() -> Result<()> {
    for site in grounds().await? {
        kites(&site, WORDS).await?;
        let posts = say_often(&site, WORDS, 5).await?;
        let case = only_case(&site).await?.case.id;
        site.run_jobs().await?;
        site.site.delete(&posts[3]).await?;
        site.site.delete(&posts[0]).await?;
        let view = only_case(&site).await?;
        assert_eq!((&view.case.id, view.members.len(), view.held), (&case, 2, true));
        // Somebody gives notice of the one that it is about now.
        let receipt = tell(&site, &view.case.subject, Some("Ada")).await?;
        assert_eq!(open(&site).await?, 1);
        site.site.delete(&view.case.subject.post_id).await?;
        site.run_jobs().await?;
        let told = site.site.what_became(&receipt).await?.context("nothing is known of it")?;
        assert!(matches!(told.subjects.as_slice(), [(_, Outcome::Gone)]), "{told:?}");
        let view = only_case(&site).await?;
        assert!(view.case.id != case && view.members.len() == 1 && view.notice_count == 0);
        for member in in_order(&view) {
            site.site.delete(&member).await?;
        }
        assert_eq!((open(&site).await?, state(&site, &view.case.id).await?), (0, CaseState::Moot));
        site.run_jobs().await?;
        // Deleting one after the other costs one search, not one for each.
        let posts = say_often(&site, WORDS, 6).await?;
        site.run_jobs().await?;
        for id in &posts {
            site.site.delete(id).await?;
        }
        let (left, _) = super::jobs_left(&site).await?;
        let lanes = store::jobs::lanes(&site.site.store.db, site.now()).await?;
        assert!(lanes.iter().all(|lane| lane.name != app::job::MEDIA || lane.waiting == 0), "{left} {lanes:?}");
        site.run_jobs().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_notice_s_case_takes_in_what_a_bank_holds_for_the_same_and_a_notice_joins_a_match_s() -> Result<()> {
    for site in grounds().await? {
        let told = say(&site, WORDS).await?;
        tell(&site, &whole(&told), None).await?;
        site.run_jobs().await?;
        let case = case_of(&site, &whole(&told)).await?;
        assert!(!is_held(&site, &told).await?);
        let kites = kites(&site, WORDS).await?;
        let copy = say(&site, WORDS).await?;
        let view = only_case(&site).await?;
        assert_eq!((&view.case.id, view.held, in_order(&view)), (&case, true, sorted(&[told.clone(), copy.clone()])));
        // The bank goes; the notice stays.
        site.site.remove_bank(&kites.id).await?;
        let view = only_case(&site).await?;
        assert_eq!((&view.case.id, view.held, view.notice_count), (&case, false, 1));
        decide(&site, &case, "no_action").await?;
        // The other way round; what somebody holds by hand stays held when the bank goes.
        let kites = bank(&site, "again", BankKind::Live, OnMatch::Hold).await?;
        let dog = "A small dog sleeps under the third bench of the long pier, and nobody has ever seen it awake in daylight.";
        learn(&site, &kites, dog).await?;
        let (first, second) = (say(&site, dog).await?, say(&site, dog).await?);
        let found = only_case(&site).await?.case;
        tell(&site, &whole(&first), None).await?;
        assert_eq!(only_case(&site).await?.case.id, found.id);
        assert!(site.site.hold_case(None, &found.id, true).await?);
        site.site.remove_bank(&kites.id).await?;
        assert!(is_held(&site, &first).await? && !is_held(&site, &second).await?);
        assert!(site.site.hold_case(None, &found.id, false).await?);
        assert!(!is_held(&site, &first).await?);
        site.run_jobs().await?;
    }
    Ok(())
}

#[tokio::test]
async fn what_is_less_sure_or_was_left_out_is_not_decided_with_the_rest_and_has_a_case_again() -> Result<()> {
    for site in grounds().await? {
        kites(&site, WORDS).await?;
        let first = say(&site, WORDS).await?;
        let changed = WORDS.replace("red", "blue").replace("children", "people");
        let unsure = say(&site, &changed).await?;
        let view = only_case(&site).await?;
        assert_eq!(view.case.subject, whole(&first));
        let [member] = view.members.as_slice() else { anyhow::bail!("{:?}", view.members) };
        assert!(member.subject == whole(&unsure) && !member.taken && member.confidence < domain::case::SURE, "{member:?}");
        decide(&site, &view.case.id, "no_action").await?;
        assert!(!is_held(&site, &first).await? && is_held(&site, &unsure).await?);
        site.run_jobs().await?;
        let view = only_case(&site).await?;
        assert_eq!((&view.case.subject, view.held), (&whole(&unsure), true));
        decide(&site, &view.case.id, "no_action").await?;
        assert!(!is_held(&site, &unsure).await?);
        site.run_jobs().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_photo_that_is_found_when_a_bank_learns_of_it_and_one_that_comes_later_are_one_case() -> Result<()> {
    for site in grounds().await? {
        let kite = drawn(1)?;
        let stood = photo(&site, "one", &kite).await?;
        let path = site.dir().join("known");
        std::fs::write(&path, &kite)?;
        let app::Looked::Known(known) = site.site.look_at(&path).await? else { anyhow::bail!("it was refused") };
        let pictures = bank(&site, "pictures", BankKind::Live, OnMatch::Hold).await?;
        site.site.add_to_bank(&pictures, NewItem { label: "kite.png".to_owned(), known }, |_| {}).await?;
        let came = photo(&site, "two", &kite).await?;
        let view = only_case(&site).await?;
        assert_eq!(view.case.subject, only(&site, &stood).await?);
        assert_eq!(view.members.iter().map(|member| &member.subject).collect::<Vec<_>>(), [&only(&site, &came).await?]);
        assert_eq!((medium(&site, &came).await?.state, view.held), (MediaState::Waiting, true));
        // Its post goes dark by its words, and the rest keeps its case.
        let words = struck_alone(&site, &whole(&stood)).await?;
        site.run_jobs().await?;
        let rest = only_case(&site).await?;
        assert_eq!(rest.case.subject, only(&site, &came).await?);
        assert!(site.site.undo(None, &words).await?);
        site.run_jobs().await?;
        assert_eq!(medium(&site, &stood).await?.state, MediaState::Waiting);
        let both: Vec<Subject> = vec![only(&site, &stood).await?, only(&site, &came).await?];
        for subject in &both {
            let (queue, _) = site.site.queue(9).await?;
            let mut seen = false;
            for one in &queue {
                let view = site.site.case(&one.case.id).await?.context("no case")?;
                seen |= view.case.subject == *subject || view.members.iter().any(|member| member.subject == *subject);
            }
            assert!(seen, "{subject:?} is held and in no case: {queue:?}");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_that_match_at_once_open_one_case() -> Result<()> {
    let one = servers().await?;
    let url = one.url.clone().context("a server")?;
    let db = store::Db::open_postgres(&url).await?;
    let blobs = one.site.store.blobs.clone();
    let other = TestSite::with(|parts| {
        parts.store = store::Store { db, blobs };
        parts.chance = app::Chance::seeded(8);
    })
    .await?;
    kites(&one, WORDS).await?;
    let (left, right) = (one.site.clone(), other.site.clone());
    let flood = async |site: app::Site| -> Result<()> {
        let mut sent = tokio::task::JoinSet::new();
        for _ in 0..20 {
            let site = site.clone();
            sent.spawn(async move {
                let draft = domain::Draft { text: WORDS.to_owned(), ..domain::Draft::default() };
                site.publish(app::Posting { draft, ..app::Posting::default() }).await
            });
        }
        while let Some(done) = sent.join_next().await {
            done??;
        }
        Ok(())
    };
    let (left, right) = tokio::join!(flood(left), flood(right));
    left?;
    right?;
    let view = only_case(&one).await?;
    assert_eq!(view.members.len(), 39);
    // And while they let go and delete at once, nothing is held that is in no case.
    let all = in_order(&view);
    let (letting, deleting) = tokio::join!(
        async {
            for id in all.iter().step_by(2) {
                one.site.decide_on_held(&whole(id), MatchState::Released).await?;
            }
            anyhow::Ok(())
        },
        async {
            for id in all.iter().skip(1).step_by(2) {
                other.site.delete(id).await?;
            }
            anyhow::Ok(())
        }
    );
    letting?;
    deleting?;
    assert_eq!((open(&one).await?, state(&one, &view.case.id).await? == CaseState::Open), (0, false));
    assert!(one.site.held().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_change_that_is_not_made_leaves_no_case_and_what_has_none_is_found_by_the_sweep() -> Result<()> {
    for site in grounds().await? {
        kites(&site, WORDS).await?;
        let id = say(&site, OTHER_WORDS).await?;
        let app::Found::Post(view) = site.site.read(&id, None, None).await? else { anyhow::bail!("it does not stand") };
        let draft = domain::Draft { text: WORDS.to_owned(), ..domain::Draft::default() };
        let edit = app::Edit { draft, seen: Some(7), ..app::Edit::default() };
        assert!(site.site.edit((*view).into(), edit).await.is_err());
        let mut tx = site.site.store.db.begin().await?;
        let case = CaseId::from_random([7; 16]);
        store::cases::open(&mut tx, &whole(&id), &case, site.now()).await?;
        drop(tx);
        assert_eq!((open(&site).await?, is_held(&site, &id).await?), (0, false));
        // Held by an older version, or by a hand of which nobody knows any more.
        let mut tx = site.site.store.db.begin().await?;
        store::matches::hold(&mut tx, &whole(&id)).await?;
        tx.commit().await?;
        site.site.queue_upkeep().await?;
        site.run_jobs().await?;
        let view = only_case(&site).await?;
        assert_eq!((&view.case.subject, view.held), (&whole(&id), true));
        site.site.clock.advance_ms(domain::time::HOUR_MS);
        site.run_jobs().await?;
        assert_eq!(only_case(&site).await?.case.id, view.case.id);
        assert!(matches!(site.site.decide(None, &view.case.id, wanted("no_action")?, true).await?, app::Decided::Done(..)));
        assert!(!is_held(&site, &id).await?);
    }
    Ok(())
}

#[tokio::test]
async fn the_operator_s_rule_holds_at_once_what_it_names_and_nothing_else() -> Result<()> {
    let rule = domain::case::HoldRule::try_from("notice/violence".to_owned())?;
    let ruled = TestSite::with(|parts| parts.hold = std::iter::once(rule).collect()).await?;
    let plain = TestSite::new().await?;
    for (site, holds) in [(&ruled, true), (&plain, false)] {
        let id = say(site, WORDS).await?;
        for _ in 0..30 {
            tell(site, &whole(&id), None).await?;
        }
        assert_eq!(is_held(site, &id).await?, holds, "by numbers alone, or not by the rule");
        let case = only_case(site).await?.case;
        let acts = site.site.audit(None, 100).await?;
        assert_eq!(acts.iter().filter(|told| told.row.act == domain::Act::CaseHeld).count(), usize::from(holds));
        decide(site, &case.id, "no_action").await?;
        assert!(!is_held(site, &id).await?);
        site.run_jobs().await?;
    }
    Ok(())
}

#[tokio::test]
async fn nobody_gets_a_byte_of_a_post_that_is_held_whoever_holds_it() -> Result<()> {
    for site in grounds().await? {
        let id = photo(&site, WORDS, &drawn(KITE)?).await?;
        let addresses = addresses(&site, &id).await?;
        let page = format!("/{id}");
        let sees = async |is: bool| -> Result<()> {
            for path in addresses.iter().filter(|path| !path.contains("stills")) {
                assert_eq!(status(&site, path).await?, if is { 200 } else { 404 }, "{path}");
            }
            for path in [page.clone(), format!("{page}.json"), format!("{page}/embed")] {
                let page = testkit::site::text(site.get(&path).await?).await?;
                assert_eq!(page.contains("/m/"), is, "{path}: {page}");
                assert_eq!(page.contains(WORDS), is, "{path}: {page}");
            }
            // Its poster sees that it waits.
            assert_eq!(medium(&site, &id).await?.state, MediaState::Ready);
            Ok(())
        };
        sees(true).await?;
        let case = reported(&site, &whole(&id)).await?;
        assert!(site.site.hold_case(None, &case, true).await?);
        sees(false).await?;
        assert!(site.site.hold_case(None, &case, false).await?);
        sees(true).await?;
        decide(&site, &case, "no_action").await?;
        // A bank that knows its words.
        kites(&site, WORDS).await?;
        sees(false).await?;
        site.run_jobs().await?;
    }
    Ok(())
}

#[tokio::test]
async fn crops_and_tilts_of_what_was_removed_alone_are_held() -> Result<()> {
    for site in grounds().await? {
        let kite = drawn(KITE)?;
        let first = photo(&site, "first", &kite).await?;
        let mut others = Vec::new();
        for (number, disguise) in ["crop=iw*0.8:ih*0.75", "rotate=0.1:fillcolor=white"].into_iter().enumerate() {
            others.push(photo(&site, &format!("disguise {number}"), &disguised(&kite, disguise)?).await?);
        }
        let stranger = photo(&site, "other", &drawn(OTHER)?).await?;
        let case = reported(&site, &only(&site, &first).await?).await?;
        assert!(matches!(site.site.decide(None, &case, wanted("remove")?, false).await?, app::Decided::Done(..)));
        site.run_jobs().await?;
        let held = site.site.held().await?;
        for id in &others {
            assert!(held.iter().any(|(row, _)| row.subject.post_id == *id), "{held:?}");
        }
        assert!(held.iter().all(|(row, _)| row.subject.post_id != stranger));
    }
    Ok(())
}
