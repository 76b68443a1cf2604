//! What comes again after a decision, and what comes back: the pictures of a post that went as a whole, and everything after an appeal that was won.

use anyhow::{Context as _, Result};
use app::{Answer, Appealed, Decided, Outcome};
use domain::{AppealId, AppealState, BankKind, BankName, DecisionId, MediaState, OnMatch, PostId};
use testkit::TestSite;

use super::deciding::{
    KITE, OTHER_WORDS, WORDS, decide, disguised, drawn, grounds, is_dark, only, photo, reported, see, struck, tell, wanted, whole,
};
use super::holds::{bank, is_held, kites, only_case, say};
use super::medium;

#[tokio::test]
async fn of_a_post_that_goes_as_a_whole_the_pictures_are_known_too_if_that_is_wanted() -> Result<()> {
    for media in [false, true] {
        for site in grounds().await? {
            let kite = drawn(KITE)?;
            let (id, other) = (photo(&site, WORDS, &kite).await?, photo(&site, OTHER_WORDS, &kite).await?);
            let case = reported(&site, &whole(&id)).await?;
            let done = site.site.decide_once(None, &case, wanted("remove")?, app::Extent { media, ..app::Extent::default() }, None).await?;
            let Decided::Done(decision, _) = done else { anyhow::bail!("{done:?}") };
            site.run_jobs().await?;
            let again = photo(&site, "again", &disguised(&kite, "scale=500:-1")?).await?;
            let state = if media { MediaState::Waiting } else { MediaState::Ready };
            for id in [&other, &again] {
                assert!(!is_dark(&site, id).await?);
                assert_eq!(medium(&site, id).await?.state, state);
            }
            assert!(site.site.undo(None, &decision).await?);
            site.run_jobs().await?;
            for id in [&id, &other, &again] {
                assert_eq!(medium(&site, id).await?.state, MediaState::Ready);
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn what_is_removed_is_learnt_by_the_bank_that_is_chosen() -> Result<()> {
    for site in grounds().await? {
        assert_eq!(site.site.learning_banks().await?, [], "one bank is no choice");
        bank(&site, "counted", BankKind::Shadow, OnMatch::Hold).await?;
        let kites = bank(&site, "kites", BankKind::Live, OnMatch::Cover).await?;
        let names: Vec<String> = site.site.learning_banks().await?.iter().map(ToString::to_string).collect();
        assert_eq!(names, ["removed", "kites"]);
        let kite = drawn(KITE)?;
        let case = reported(&site, &only(&site, &photo(&site, WORDS, &kite).await?).await?).await?;
        let into = |name| app::Extent { bank: BankName::parse(name), ..app::Extent::default() };
        for name in ["counted", "nobodys"] {
            let done = site.site.decide_once(None, &case, wanted("remove")?, into(name), None).await?;
            assert!(matches!(done, Decided::NoSuchBank), "{name}: {done:?}");
        }
        let done = site.site.decide_once(None, &case, wanted("remove")?, into("kites"), None).await?;
        assert!(matches!(done, Decided::Done(..)), "{done:?}");
        site.run_jobs().await?;
        // That bank only covers.
        let again = medium(&site, &photo(&site, "again", &kite).await?).await?;
        assert_eq!((again.state, again.sensitive), (MediaState::Ready, true));
        let known =
            store::matches::of_subject(&site.site.store.db, &store::Subject { post_id: again.post_id, media_id: Some(again.id) }).await?;
        assert!(known.iter().all(|row| row.bank_id == kites.id) && !known.is_empty(), "{known:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_won_appeal_brings_everything_back_for_everybody() -> Result<()> {
    let site = TestSite::new().await?;
    let kite = drawn(KITE)?;
    let (one, other) = (photo(&site, "one", &kite).await?, photo(&site, "other", &kite).await?);
    let before = [see(&site, &one).await?.files, see(&site, &other).await?.files];
    let receipt = tell(&site, &only(&site, &one).await?, Some("Ada")).await?;
    let decision = struck(&site, &only(&site, &one).await?, "remove").await?;
    site.run_jobs().await?;
    let row = site.site.decision(&decision).await?.context("no decision")?;
    for id in [&one, &other] {
        let removal = app::Removal { post_id: id.clone(), decision: row.clone(), appeal: None, of_media: 0 };
        assert_eq!(site.site.appeal(&removal, "It is a kite.").await?, Appealed::Taken);
    }
    let first = site.site.open_appeals(9).await?.remove(0);
    assert_eq!(site.site.queue(9).await?.1, 0);
    assert_eq!(site.site.answer(None, &first.id, Answer::Undone, "You are right.").await?, app::Answered::Done);
    assert_eq!(site.site.answer(None, &first.id, Answer::Upheld, "Or not.").await?, app::Answered::Before);
    assert!(site.site.open_appeals(9).await?.is_empty(), "what was undone is still complained of");
    site.run_jobs().await?;
    assert_eq!([see(&site, &one).await?.files, see(&site, &other).await?.files], before);
    let states: Vec<_> =
        store::appeals::of_decision(&site.site.store.db, &decision).await?.into_iter().map(|appeal| appeal.state).collect();
    assert_eq!(states, [AppealState::Overturned, AppealState::Overturned]);
    assert_eq!(site.site.queue(9).await?.1, 0, "the answer was the decision");
    let told = site.site.what_became(&receipt).await?.context("nothing is known of it")?;
    assert!(matches!(told.subjects.as_slice(), [(_, Outcome::Restored(_))]), "{told:?}");
    let removal = app::Removal { post_id: one, decision: site.site.decision(&decision).await?.context("gone")?, appeal: None, of_media: 0 };
    assert_eq!(site.site.appeal(&removal, "again").await?, Appealed::TooLate);
    Ok(())
}

/// What the poster of a post says against a decision on it.
async fn complained(site: &TestSite, id: &PostId, decision: &DecisionId) -> Result<AppealId> {
    let decision = site.site.decision(decision).await?.context("no decision")?;
    let removal = app::Removal { post_id: id.clone(), decision, appeal: None, of_media: 0 };
    assert_eq!(site.site.appeal(&removal, "It is a toy.").await?, Appealed::Taken);
    Ok(site.site.open_appeals(9).await?.remove(0).id)
}

#[tokio::test]
async fn one_post_is_given_back_alone_and_stays_though_the_bank_knows_its_picture() -> Result<()> {
    for settled in [true, false] {
        for site in grounds().await? {
            let kite = drawn(KITE)?;
            let (one, other) = (photo(&site, "one", &kite).await?, photo(&site, "other", &kite).await?);
            let before = [see(&site, &one).await?.files, see(&site, &other).await?.files];
            let receipt = tell(&site, &only(&site, &other).await?, Some("Ada")).await?;
            let decision = struck(&site, &only(&site, &one).await?, "remove").await?;
            if settled {
                site.run_jobs().await?;
            }
            let appeal = complained(&site, &other, &decision).await?;
            assert_eq!(site.site.answer(None, &appeal, Answer::GivenBack, "A toy indeed.").await?, app::Answered::Done);
            site.run_jobs().await?;
            assert_eq!(see(&site, &other).await?.files, before[1]);
            assert_eq!(medium(&site, &other).await?.state, MediaState::Ready);
            assert_eq!(medium(&site, &one).await?.state, MediaState::Removed);
            let row = site.site.decision(&decision).await?.context("no decision")?;
            assert!(row.undone.is_none() && site.site.reach(&decision).await?.given_back == 1);
            let told = site.site.what_became(&receipt).await?.context("nothing is known of it")?;
            assert!(matches!(told.subjects.as_slice(), [(_, Outcome::Restored(_))]), "{told:?}");
            // Whoever posts it again is not who was right.
            assert_eq!(medium(&site, &photo(&site, "again", &kite).await?).await?.state, MediaState::Waiting);
            assert!(site.site.undo(None, &decision).await?);
            site.run_jobs().await?;
            assert_eq!([see(&site, &one).await?.files, see(&site, &other).await?.files], before);
        }
    }
    Ok(())
}

/// A bank that does this with what is like this picture.
async fn knows(site: &TestSite, name: &str, on_match: OnMatch, picture: &[u8]) -> Result<()> {
    let path = site.dir().join(name);
    std::fs::write(&path, picture)?;
    let app::Looked::Known(known) = site.site.look_at(&path).await? else { anyhow::bail!("it was refused") };
    let bank = bank(site, name, BankKind::Live, on_match).await?;
    site.site.add_to_bank(&bank, app::NewItem { label: name.to_owned(), known }, |_| {}).await?;
    Ok(())
}

#[tokio::test]
async fn what_a_bank_holds_in_a_post_that_went_as_a_whole_comes_back_with_it() -> Result<()> {
    for answer in [Answer::GivenBack, Answer::Undone] {
        for site in grounds().await? {
            let kite = drawn(KITE)?;
            knows(&site, "kites", OnMatch::Hold, &kite).await?;
            let id = photo(&site, WORDS, &kite).await?;
            assert_eq!(medium(&site, &id).await?.state, MediaState::Waiting);
            let decision = struck(&site, &whole(&id), "remove").await?;
            site.run_jobs().await?;
            let appeal = complained(&site, &id, &decision).await?;
            assert_eq!(site.site.answer(None, &appeal, answer, " ").await?, app::Answered::Words, "nobody is told why");
            assert_eq!(site.site.answer(None, &appeal, answer, "A toy indeed.").await?, app::Answered::Done);
            site.run_jobs().await?;
            assert_eq!(medium(&site, &id).await?.state, MediaState::Ready, "{answer:?}");
            assert_eq!(site.site.queue(9).await?.1, 0, "{answer:?}: it is asked again");
        }
    }
    Ok(())
}

#[tokio::test]
async fn what_is_held_no_longer_is_still_covered_for_what_another_bank_knows() -> Result<()> {
    for site in grounds().await? {
        let kite = drawn(KITE)?;
        knows(&site, "soft", OnMatch::Cover, &kite).await?;
        let one = photo(&site, "one", &kite).await?;
        let decision = struck(&site, &only(&site, &one).await?, "remove").await?;
        site.run_jobs().await?;
        let other = photo(&site, "other", &kite).await?;
        assert_eq!(medium(&site, &other).await?.state, MediaState::Waiting);
        assert!(site.site.undo(None, &decision).await?);
        site.run_jobs().await?;
        for id in [&one, &other] {
            let medium = medium(&site, id).await?;
            assert_eq!((medium.state, medium.sensitive), (MediaState::Ready, true));
        }
    }
    Ok(())
}

#[tokio::test]
async fn whoever_was_right_is_not_held_again_for_what_held_them_before() -> Result<()> {
    for answer in [Answer::GivenBack, Answer::Undone] {
        for site in grounds().await? {
            kites(&site, WORDS).await?;
            let id = say(&site, WORDS).await?;
            assert!(is_held(&site, &id).await?);
            let (decision, _) = decide(&site, &only_case(&site).await?.case.id, "remove").await?;
            let appeal = complained(&site, &id, &decision).await?;
            site.run_jobs().await?;
            assert_eq!(site.site.answer(None, &appeal, answer, "A toy indeed.").await?, app::Answered::Done);
            site.run_jobs().await?;
            assert!(!is_dark(&site, &id).await? && !is_held(&site, &id).await?, "{answer:?}");
            assert_eq!(site.site.queue(9).await?.1, 0, "{answer:?}: it is asked again");
        }
    }
    Ok(())
}
