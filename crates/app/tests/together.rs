//! Several who decide at once: whose case it is, what comes next, and who answers whom; on each engine.

use anyhow::{Context as _, Result};
use app::{Answered, Claimed, Decided, Extent, Noted};
use domain::claim::{CLAIM_MS, PASSED_MS};
use domain::time::{HOUR_MS, MINUTE_MS};
use domain::{CaseId, Category, NoticeKind, RawNotice, Time};
use testkit::TestSite;
use testkit::site::Part;

use super::deciding::{added, case_of, grounds, reported, signs_in, wanted, whole};
use super::post;

/// A case about words of their own, of this category.
async fn case(site: &TestSite, number: usize, category: Category) -> Result<CaseId> {
    let words = format!("Kite number {number} flies over the harbour of town {number}, {}", "far away ".repeat(number + 1));
    let id = post(site, &[Part::Field("title", &format!("Kite {number}")), Part::Field("text", &words)]).await?;
    let raw = RawNotice {
        category: Some(category.as_str().into()),
        explanation: Some(format!("Kite {number} is somebody's own.")),
        good_faith: Some("on".into()),
        ..RawNotice::default()
    };
    site.site.give_notice(std::slice::from_ref(&whole(&id)), &raw.check()?, None).await?.context("it does not stand")?;
    case_of(site, &whole(&id)).await
}

#[tokio::test]
async fn two_at_once_are_never_brought_the_same_case_and_what_nobody_renews_comes_free() -> Result<()> {
    for site in grounds().await? {
        let (ada, bob) = (added(&site, "Ada").await?, added(&site, "Bob").await?);
        let (heavy, light) = (case(&site, 1, Category::Fraud).await?, case(&site, 2, Category::Policy).await?);
        let (one, other) = tokio::join!(site.site.next_case(&ada, None), site.site.next_case(&bob, None));
        let (one, other) = (one?.context("a case")?, other?.context("a case")?);
        assert_ne!(one, other);
        let (whose, others) = if one == heavy { (&ada, &bob) } else { (&bob, &ada) };
        assert_eq!(site.site.next_case(whose, None).await?, Some(heavy.clone()), "it is theirs until they leave it");
        // Neither opens, nor decides, what the other has.
        assert!(matches!(site.site.claim_case(others, &heavy, false).await?, Claimed::Another(claim) if claim.moderator_id == *whose));
        assert!(matches!(site.site.decide(Some(others), &heavy, wanted("no_action")?, false).await?, Decided::Claimed(_)));
        // Renewed it stays theirs, not renewed it is anybody's.
        site.site.clock.advance_ms(CLAIM_MS - MINUTE_MS);
        assert_eq!(site.site.claim_case(whose, &heavy, false).await?, Claimed::Theirs);
        site.site.clock.advance_ms(CLAIM_MS - MINUTE_MS);
        assert!(matches!(site.site.claim_case(others, &heavy, false).await?, Claimed::Another(_)));
        site.site.clock.advance_ms(2 * MINUTE_MS);
        assert_eq!(site.site.next_case(others, None).await?, Some(heavy.clone()));
        // Taken over in so many words, it is theirs, and the audit trail says so.
        assert_eq!(site.site.claim_case(whose, &heavy, true).await?, Claimed::Theirs);
        assert!(matches!(site.site.decide(Some(others), &heavy, wanted("no_action")?, false).await?, Decided::Claimed(_)));
        assert!(matches!(site.site.decide(Some(whose), &heavy, wanted("no_action")?, false).await?, Decided::Done(..)));
        assert_eq!(site.site.claim_case(whose, &heavy, true).await?, Claimed::Closed);
        // A clock that is set back leaves nobody with a case for ever.
        assert_eq!(site.site.claim_case(&ada, &light, true).await?, Claimed::Theirs);
        site.site.clock.advance_ms(-5 * HOUR_MS);
        assert_eq!(site.site.claim_case(&bob, &light, false).await?, Claimed::Theirs);
        site.run_jobs().await?;
    }
    Ok(())
}

#[tokio::test]
async fn what_somebody_passes_over_comes_again_when_nothing_else_is_left() -> Result<()> {
    for site in grounds().await? {
        let ada = added(&site, "Ada").await?;
        let mut cases = Vec::new();
        for (number, category) in [Category::Fraud, Category::Copyright, Category::Policy].into_iter().enumerate() {
            cases.push(case(&site, number, category).await?);
        }
        let mut at = None;
        for expected in [0, 1, 2, 0, 1] {
            at = site.site.next_case(&ada, at.as_ref()).await?;
            assert_eq!(at.as_ref(), Some(&cases[expected]));
        }
        site.site.clock.advance_ms(PASSED_MS + MINUTE_MS);
        assert_eq!(site.site.next_case(&ada, None).await?.as_ref(), Some(&cases[0]));
        for case in &cases {
            assert_eq!(site.site.claim_case(&ada, case, false).await?, Claimed::Theirs);
            assert!(matches!(site.site.decide(Some(&ada), case, wanted("no_action")?, false).await?, Decided::Done(..)));
        }
        assert_eq!(site.site.next_case(&ada, None).await?, None);
        assert_eq!(site.site.desk(&ada).await?.today.decided, 3);
        site.run_jobs().await?;
    }
    Ok(())
}

#[tokio::test]
async fn what_came_since_a_case_was_opened_is_found_when_somebody_has_it_and_choices_stay() -> Result<()> {
    for site in grounds().await? {
        let ada = added(&site, "Ada").await?;
        let said =
            async || post(&site, &[Part::Field("text", "The red kite flies over the harbour of a town that nobody has named.")]).await;
        let (first, copy) = (said().await?, said().await?);
        let case = reported(&site, &whole(&first)).await?;
        site.site.take_member(&case, &whole(&copy), false).await?;
        let late = said().await?;
        let members = async || {
            let view = site.site.case(&case).await?.context("a case")?;
            let mut all: Vec<_> = view.members.into_iter().map(|one| (one.subject.post_id, one.taken)).collect();
            all.sort_by_key(|(id, _)| *id == late);
            anyhow::Ok(all)
        };
        assert_eq!(site.site.next_case(&ada, None).await?.as_ref(), Some(&case));
        site.run_jobs().await?;
        assert_eq!(members().await?, [(copy.clone(), false)], "it was looked for a moment ago");
        site.site.leave_case(&ada, &case).await?;
        site.site.clock.advance_ms(11 * MINUTE_MS);
        assert_eq!(site.site.next_case(&ada, None).await?.as_ref(), Some(&case));
        site.run_jobs().await?;
        assert_eq!(members().await?, [(copy, false), (late, true)]);
        assert_eq!(site.site.count_alike(&case).await?, 2);
    }
    Ok(())
}

#[tokio::test]
async fn a_heavy_case_is_followed_by_a_lighter_one_unless_a_clock_runs() -> Result<()> {
    for site in grounds().await? {
        let ada = added(&site, "Ada").await?;
        let grim = [case(&site, 1, Category::Terrorism).await?, case(&site, 2, Category::Violence).await?];
        let light = case(&site, 3, Category::Policy).await?;
        assert_eq!(site.site.next_case(&ada, None).await?.as_ref(), Some(&grim[0]));
        assert!(matches!(site.site.decide(Some(&ada), &grim[0], wanted("no_action")?, false).await?, Decided::Done(..)));
        assert_eq!(site.site.next_case(&ada, None).await?.as_ref(), Some(&light), "something lighter first");
        // Something has to be done within the day: that comes, however heavy it is.
        let urgent = site.site.case(&grim[1]).await?.context("a case")?;
        let mut tx = site.site.store.db.begin().await?;
        let facts = domain::Facts { kind: Some(NoticeKind::TcoRemovalOrder), ..urgent.facts };
        store::cases::weigh(&mut tx, &grim[1], &facts, Some(Time(site.now().0 + HOUR_MS))).await?;
        tx.commit().await?;
        assert_eq!(site.site.next_case(&ada, None).await?.as_ref(), Some(&grim[1]));
        assert!(matches!(site.site.decide(Some(&ada), &grim[1], wanted("no_action")?, false).await?, Decided::Done(..)));
        assert_eq!(site.site.next_case(&ada, None).await?.as_ref(), Some(&light));
        site.run_jobs().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_case_is_handed_over_with_a_note_and_comes_to_whom_it_was_given() -> Result<()> {
    for site in grounds().await? {
        let (ada, bob, cem) = (added(&site, "Ada").await?, added(&site, "Bob").await?, added(&site, "Cem").await?);
        let (heavy, light) = (case(&site, 1, Category::Fraud).await?, case(&site, 2, Category::Policy).await?);
        assert_eq!(site.site.next_case(&ada, None).await?.as_ref(), Some(&heavy));
        for none in ["", " \n", &"k".repeat(4_001)] {
            assert_eq!(site.site.note_case(&ada, &heavy, none, None).await?, Noted::Words);
        }
        assert_eq!(site.site.note_case(&ada, &heavy, "Look at the *string* first.", None).await?, Noted::Done);
        assert_eq!(site.site.note_case(&ada, &heavy, "I have seen enough today.", Some(Some(&bob))).await?, Noted::Done);
        let view = site.site.case(&heavy).await?.context("a case")?;
        assert_eq!(view.case.assigned.as_ref(), Some(&bob));
        assert_eq!(view.claim, None, "it is on nobody's screen");
        let told: Vec<_> = view.notes.iter().map(|note| (note.by.as_str(), note.to.as_deref(), note.row.words.as_str())).collect();
        assert!(
            told.contains(&("Ada", Some("Bob"), "I have seen enough today."))
                && told.contains(&("Ada", None, "Look at the *string* first."))
        );
        assert_eq!(site.site.next_case(&ada, None).await?.as_ref(), Some(&light));
        site.site.leave_case(&ada, &light).await?;
        assert_eq!(site.site.next_case(&cem, None).await?.as_ref(), Some(&light), "it was not given to them");
        assert_eq!(site.site.next_case(&bob, None).await?.as_ref(), Some(&heavy));
        // Shut out with it open, they have it no more, and it is anybody's.
        assert!(site.site.suspend_moderator(None, &bob).await?.is_ok());
        assert_eq!(site.site.claim_case(&bob, &heavy, false).await?, Claimed::Nothing);
        assert!(matches!(site.site.decide(Some(&bob), &heavy, wanted("no_action")?, false).await?, Decided::NotAllowed));
        assert_eq!(site.site.note_case(&bob, &heavy, "I was here.", None).await?, Noted::Nothing);
        assert_eq!(site.site.next_case(&bob, None).await?, None);
        let view = site.site.case(&heavy).await?.context("a case")?;
        assert_eq!((view.case.assigned, view.claim), (None, None));
        assert_eq!(site.site.next_case(&cem, Some(&light)).await?.as_ref(), Some(&heavy));
        assert_eq!(site.site.note_case(&cem, &heavy, "For Bob.", Some(Some(&bob))).await?, Noted::Nobody);
        assert!(matches!(site.site.decide(Some(&cem), &heavy, wanted("no_action")?, false).await?, Decided::Done(..)));
        assert_eq!(site.site.note_case(&cem, &heavy, "Later.", Some(None)).await?, Noted::Closed);
        assert_eq!(site.site.note_case(&cem, &heavy, "It was a toy.", None).await?, Noted::Done);
        site.run_jobs().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_form_that_is_sent_again_decides_once_and_a_case_that_is_decided_twice_is_too_late() -> Result<()> {
    for site in grounds().await? {
        let ada = added(&site, "Ada").await?;
        let case = case(&site, 1, Category::Fraud).await?;
        let send = |token| site.site.decide_once(Some(&ada), &case, wanted("no_action").expect("whole"), Extent::default(), Some(token));
        let Decided::Done(first, _) = send("first").await? else { anyhow::bail!("it was not decided") };
        assert!(matches!(send("first").await?, Decided::Done(again, _) if again == first));
        assert!(matches!(send("second").await?, Decided::TooLate), "another tab of theirs");
        assert_eq!(site.site.case(&case).await?.context("a case")?.decisions.len(), 1);
        assert_eq!(site.site.desk(&ada).await?.today.decided, 1);
        site.run_jobs().await?;
    }
    Ok(())
}

#[tokio::test]
async fn an_appeal_goes_to_somebody_else_where_there_is_somebody_and_operators_see_how_decisions_stood() -> Result<()> {
    for site in grounds().await? {
        let (ada, bob) = (added(&site, "Ada").await?, added(&site, "Bob").await?);
        let mut posts = Vec::new();
        for number in 1..=2 {
            let parts = [Part::Field("text", &format!("Kite {number} is red and {}", "flies far, ".repeat(number)))];
            let (status, lines) = site.post(&parts).await?;
            assert_eq!(status, 201);
            let secret = domain::ManageSecret::parse(lines[1].rsplit('/').next().context("a link")?).context("a secret")?;
            let id = domain::PostId::parse(lines[0].rsplit('/').next().context("a link")?).context("an id")?;
            let case = reported(&site, &whole(&id)).await?;
            assert!(matches!(site.site.decide(Some(&ada), &case, wanted("remove")?, false).await?, Decided::Done(..)));
            let removals = site.site.removals(&id, &secret).await?;
            site.site.appeal(removals.first().context("why")?, "It is a toy.").await?;
            posts.push((id, secret));
        }
        let appeals = site.site.open_appeals(9).await?;
        // Bob has never signed in: there is nobody else.
        assert!(!site.site.is_for_another(&ada, &appeals[0]).await?);
        assert_eq!(site.site.answer(Some(&ada), &appeals[0].id, app::Answer::Upheld, "It is none.").await?, Answered::Done);
        signs_in(&site, &bob).await?;
        assert_eq!(site.site.answer(Some(&ada), &appeals[1].id, app::Answer::Upheld, "It is none.").await?, Answered::Own);
        assert_eq!(site.site.open_appeals(9).await?.len(), 1);
        assert_eq!(site.site.answer(Some(&bob), &appeals[1].id, app::Answer::Undone, "So it is.").await?, Answered::Done);
        site.run_jobs().await?;
        // Its poster reads the answer, though nothing is left of the decision.
        let (id, secret) = posts.iter().find(|(id, _)| *id == appeals[1].post_id).context("whose")?;
        assert!(site.site.removals(id, secret).await?.is_empty(), "nothing of it is gone any more");
        let removals = site.site.removals_and_answers(id, secret).await?;
        let [removal] = removals.as_slice() else { anyhow::bail!("{removals:?}") };
        assert!(removal.decision.undone.is_some());
        assert_eq!(removal.appeal.as_ref().and_then(|appeal| appeal.answer.as_deref()), Some("So it is."));
        let (stood, _) = site.site.overturned().await?;
        let ada = stood.iter().find(|row| row.name.as_deref() == Some("Ada")).context("Ada")?;
        assert_eq!((ada.decisions, ada.undone, ada.appealed, ada.overturned), (2, 1, 2, 1));
    }
    Ok(())
}

#[tokio::test]
async fn anything_is_found_by_what_it_is_called() -> Result<()> {
    for site in grounds().await? {
        let ada = added(&site, "Ada").await?;
        let case = case(&site, 7, Category::Fraud).await?;
        let post = site.site.case(&case).await?.context("a case")?.case.subject.post_id;
        let found = async |words: String| anyhow::Ok(format!("{:?}", site.site.find(&words).await?));
        for words in [case.to_string(), format!("http://kites.example/console/cases/{case}"), "kite 7".into(), "SOMEBODY'S OWN".into()] {
            assert!(found(words.clone()).await?.contains(case.as_str()), "{words}");
        }
        for words in [format!("https://kites.example/{post}?a=b"), format!("/{post}/manage"), post.to_string()] {
            let all = found(words.clone()).await?;
            assert!(all.contains(case.as_str()) && all.contains("Post("), "{words}: {all}");
        }
        for words in ["", " ", "%", "_", "100%", "no kite of that name", "'; DROP TABLE cases"] {
            assert_eq!(found(words.into()).await?, "[]", "{words}");
        }
        assert!(matches!(site.site.decide(Some(&ada), &case, wanted("no_action")?, false).await?, Decided::Done(..)));
        assert_eq!(found("kite 7".into()).await?, "[]", "only what is open is found by its words");
        assert!(found(case.to_string()).await?.contains(case.as_str()));
        site.run_jobs().await?;
    }
    Ok(())
}
