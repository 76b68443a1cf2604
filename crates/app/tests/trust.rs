//! A bank, or one thing in it, that is often wrong only counts from then on, until the operator trusts it again.

use anyhow::{Context as _, Result};
use domain::bank::{LEAST_JUDGED, Precision};
use domain::{Act, BankKind, MatchState, OnMatch};
use testkit::TestSite;

use super::deciding::{OTHER_WORDS, WORDS, decide, grounds, whole};
use super::holds::{bank, is_held, kites, learn, only_case, say};

const DOG: &str = "A small dog sleeps under the third bench of the long pier, and nobody has ever seen it awake in daylight.";

async fn precision(site: &TestSite, name: &str) -> Result<Precision> {
    let banks = site.site.list_banks().await?;
    Ok(banks.iter().find(|one| one.bank.name.as_str() == name).context("no such bank")?.precision())
}

/// Whether a bank is distrusted, and which of what is in it by their labels' order.
async fn distrusted(site: &TestSite, name: &str) -> Result<(bool, Vec<bool>)> {
    let banks = site.site.list_banks().await?;
    let one = banks.iter().find(|one| one.bank.name.as_str() == name).context("no such bank")?;
    Ok((one.bank.distrusted.is_some(), one.items.iter().map(|(item, _)| item.distrusted.is_some()).collect()))
}

/// How often each act stands in the audit trail.
async fn acts(site: &TestSite, act: Act) -> Result<usize> {
    Ok(site.site.audit(None, 1_000).await?.iter().filter(|told| told.row.act == act).count())
}

/// Posts it so often, decides on the case that this makes, and returns the decision.
async fn judged(site: &TestSite, words: &str, copies: usize, action: &str) -> Result<domain::DecisionId> {
    for _ in 0..copies {
        say(site, words).await?;
    }
    let case = only_case(site).await?.case.id;
    let (decision, _) = decide(site, &case, action).await?;
    site.run_jobs().await?;
    Ok(decision)
}

#[tokio::test]
async fn each_decision_counts_once_and_is_not_counted_once_it_is_undone() -> Result<()> {
    for site in grounds().await? {
        kites(&site, WORDS).await?;
        let found = |right, wrong| Precision { right, wrong };
        let wrong = judged(&site, WORDS, 20, "no_action").await?;
        assert_eq!(precision(&site, "kites").await?, found(0, 1), "a flood is one mistake");
        assert!(site.site.undo(None, &wrong).await?);
        assert_eq!(precision(&site, "kites").await?, found(0, 0));
        let case = only_case(&site).await?.case.id;
        decide(&site, &case, "cover").await?;
        assert_eq!(precision(&site, "kites").await?, found(1, 0), "what is covered was no mistake");
        site.run_jobs().await?;
        // Let go until it is decided, and removed all the same: the decision counts, and what was undone is as it was, let go.
        let id = say(&site, WORDS).await?;
        let case = only_case(&site).await?.case.id;
        assert!(site.site.hold_case(None, &case, false).await?);
        assert_eq!((precision(&site, "kites").await?, is_held(&site, &id).await?), (found(1, 1), false));
        let (removed, _) = decide(&site, &case, "remove").await?;
        assert_eq!(precision(&site, "kites").await?, found(2, 0));
        site.run_jobs().await?;
        assert!(site.site.undo(None, &removed).await?);
        site.run_jobs().await?;
        assert_eq!((precision(&site, "kites").await?, is_held(&site, &id).await?), (found(1, 0), false));
        // At the command line each counts for itself, and a word that is taken back counts as the last one.
        let (kept, let_go) = (say(&site, WORDS).await?, say(&site, WORDS).await?);
        for (id, state) in [(&kept, MatchState::Kept), (&kept, MatchState::Released), (&let_go, MatchState::Released)] {
            assert!(site.site.decide_on_held(&whole(id), state).await?);
        }
        assert_eq!(precision(&site, "kites").await?, found(1, 2));
        // What its poster deletes was judged all the same.
        site.site.delete(&let_go).await?;
        assert_eq!(precision(&site, "kites").await?, found(1, 2));
        site.run_jobs().await?;
    }
    Ok(())
}

#[tokio::test]
async fn one_thing_that_is_often_wrong_only_counts_and_the_rest_of_its_bank_goes_on() -> Result<()> {
    for site in grounds().await? {
        let kites = kites(&site, WORDS).await?;
        site.site.clock.advance_ms(1);
        learn(&site, &kites, DOG).await?;
        for round in 0..LEAST_JUDGED {
            assert_eq!(distrusted(&site, "kites").await?, (false, vec![false, false]), "{round}");
            judged(&site, WORDS, 3, "no_action").await?;
        }
        assert_eq!(distrusted(&site, "kites").await?, (false, vec![true, false]));
        assert_eq!(acts(&site, Act::BankDistrusted).await?, 1);
        let passed = say(&site, WORDS).await?;
        let dog = say(&site, DOG).await?;
        assert!(!is_held(&site, &passed).await? && is_held(&site, &dog).await?);
        let rows = store::matches::of_subject(&site.site.store.db, &whole(&passed)).await?;
        assert_eq!(rows.iter().map(|row| row.on_match).collect::<Vec<_>>(), [OnMatch::Log], "it is written down");
        assert_eq!(only_case(&site).await?.case.subject, whole(&dog));
        // Trusted again, what was found of it until then does not count.
        site.site.clock.advance_ms(1);
        assert!(site.site.trust(None, &kites.id, None).await? && !site.site.trust(None, &kites.id, None).await?);
        assert_eq!(acts(&site, Act::BankTrusted).await?, 1);
        site.site.delete(&dog).await?;
        site.site.clock.advance_ms(1);
        let last = judged(&site, WORDS, 1, "no_action").await?;
        assert_eq!(distrusted(&site, "kites").await?, (false, vec![false, false]));
        for _ in 0..LEAST_JUDGED - 2 {
            judged(&site, WORDS, 1, "no_action").await?;
        }
        assert_eq!(distrusted(&site, "kites").await?, (false, vec![false, false]));
        let tipped = judged(&site, WORDS, 1, "no_action").await?;
        assert_eq!(distrusted(&site, "kites").await?, (false, vec![true, false]));
        // The mistake that tipped it was none.
        assert!(site.site.undo(None, &tipped).await? && site.site.undo(None, &last).await?);
        assert_eq!(distrusted(&site, "kites").await?, (false, vec![false, false]));
        site.run_jobs().await?;
    }
    Ok(())
}

/// Five things that nobody takes for each other.
const THINGS: [&str; LEAST_JUDGED as usize] = [
    "The baker opens before sunrise, and by eight the whole street has carried home its warm bread under the arm.",
    "Nine grey boats lay upside down on the sand while two brothers painted their keels in the colour of fresh butter.",
    "My aunt keeps a jar of buttons from every coat she ever wore, and she can name the winter that belongs to each.",
    "Somebody left a ladder against the library wall, so the caretaker climbed up and found a nest of young swifts there.",
    "On the slow train north a man taught eleven strangers to whistle, and none of them ever learnt what he was called.",
];

#[tokio::test]
async fn a_bank_of_which_one_thing_after_the_other_is_wrong_only_counts_and_keeps_what_it_holds() -> Result<()> {
    for site in grounds().await? {
        let kites = kites(&site, OTHER_WORDS).await?;
        let held = say(&site, OTHER_WORDS).await?;
        site.run_jobs().await?;
        let waiting = only_case(&site).await?.case.id;
        for words in THINGS {
            assert!(!distrusted(&site, "kites").await?.0, "{words}");
            learn(&site, &kites, words).await?;
            let wrong = say(&site, words).await?;
            assert!(is_held(&site, &wrong).await?);
            let (queue, _) = site.site.queue(9).await?;
            let case = queue.iter().find(|one| one.case.subject == whole(&wrong)).context("it has no case")?;
            decide(&site, &case.case.id, "no_action").await?;
            site.run_jobs().await?;
        }
        let (all, items) = distrusted(&site, "kites").await?;
        assert!(all && items.iter().all(|one| !one), "{items:?}");
        assert!(is_held(&site, &held).await?, "what it holds stays so until somebody decides");
        assert_eq!(only_case(&site).await?.case.id, waiting);
        let passed = say(&site, OTHER_WORDS).await?;
        assert!(!is_held(&site, &passed).await?);
        let bank_now = site.site.bank(&kites.name).await?.context("the bank")?;
        let known = site.site.look_at_words(OTHER_WORDS).await?.context("words")?;
        let dry = site.site.would_reach(&bank_now, app::NewItem { label: "dry".to_owned(), known }, |_| {}).await?;
        assert!(dry.iter().all(|one| one.on_match == OnMatch::Log), "{dry:?}");
        // Others are as they were.
        let others = bank(&site, "others", BankKind::Live, OnMatch::Hold).await?;
        learn(&site, &others, OTHER_WORDS).await?;
        assert!(is_held(&site, &passed).await?);
        assert!(site.site.trust(None, &kites.id, None).await?);
        assert!(!distrusted(&site, "kites").await?.0);
        site.run_jobs().await?;
    }
    Ok(())
}
