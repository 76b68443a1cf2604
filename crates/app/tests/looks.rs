//! Looking less: what somebody saw or decided is not shown to them again, and a budget ends; on each engine.

use anyhow::{Context as _, Result};
use app::{Decided, Look};
use domain::look::Known;
use domain::time::DAY_MS;
use domain::{Act, Category, MediaId, ModeratorId, Notice};
use testkit::TestSite;

use super::deciding::{KITE, OTHER, added, disguised, drawn, grounds, notice, only, photo, reported, signs_in, wanted, whole};

async fn look(site: &TestSite, by: &ModeratorId, id: &MediaId, again: bool) -> Result<Look> {
    Ok(site.site.look_at_medium(by, id, again).await?)
}

async fn shown(site: &TestSite, words: &str, file: &[u8]) -> Result<MediaId> {
    let id = photo(site, words, file).await?;
    only(site, &id).await?.media_id.context("a medium")
}

#[tokio::test]
async fn what_somebody_saw_is_shown_again_only_to_who_says_so_and_a_copy_of_it_neither() -> Result<()> {
    for site in grounds().await? {
        let (ada, bob) = (added(&site, "Ada").await?, added(&site, "Bob").await?);
        let kite = drawn(KITE)?;
        let first = shown(&site, "first", &kite).await?;
        assert!(matches!(look(&site, &ada, &first, false).await?, Look::Shown(_)));
        assert!(matches!(look(&site, &ada, &first, false).await?, Look::Shown(_)), "it is the same look");
        assert_eq!(site.site.desk(&ada).await?.today.looks, 1);
        let copies = [kite.clone(), disguised(&kite, "scale=iw/2:-1")?, disguised(&kite, "hflip")?];
        for (number, copy) in copies.iter().enumerate() {
            let copy = shown(&site, &format!("copy {number}"), copy).await?;
            assert!(matches!(look(&site, &ada, &copy, false).await?, Look::Known(known) if known.known == Known::Seen), "copy {number}");
            assert!(matches!(look(&site, &bob, &copy, false).await?, Look::Shown(_)) || number > 0, "Bob has not seen it");
        }
        let other = shown(&site, "other", &drawn(OTHER)?).await?;
        assert!(matches!(look(&site, &ada, &other, false).await?, Look::Shown(_)), "what is not like it");
        assert_eq!(site.site.desk(&ada).await?.today.looks, 2);
        // On another day it is known still, and a look in so many words is counted.
        site.site.clock.advance_ms(DAY_MS);
        assert!(matches!(look(&site, &ada, &first, false).await?, Look::Known(_)));
        assert!(matches!(look(&site, &ada, &first, true).await?, Look::Shown(_)));
        assert_eq!(site.site.desk(&ada).await?.today.looks, 1);
        let acts = store::audit::newest(&site.site.store.db, None, 50).await?;
        assert!(acts.iter().filter(|told| told.row.act == Act::Looked && told.row.by.as_ref() == Some(&ada)).count() >= 4);
        assert!(matches!(look(&site, &ModeratorId::from_random([9; 16]), &first, true).await?, Look::Nothing), "nobody");
    }
    Ok(())
}

#[tokio::test]
async fn what_was_decided_without_a_look_is_spared_and_known_from_then_on() -> Result<()> {
    for site in grounds().await? {
        let ada = added(&site, "Ada").await?;
        let kite = drawn(KITE)?;
        let id = photo(&site, "first", &kite).await?;
        for number in 0..2 {
            photo(&site, &format!("again {number}"), &kite).await?;
        }
        let case = reported(&site, &only(&site, &id).await?).await?;
        assert!(matches!(site.site.decide(Some(&ada), &case, wanted("cover")?, true).await?, Decided::Done(..)));
        site.run_jobs().await?;
        let desk = site.site.desk(&ada).await?;
        assert_eq!((desk.today.looks, desk.today.saved, desk.today.decided), (0, 3, 1));
        let copy = shown(&site, "later", &disguised(&kite, "scale=iw/2:-1")?).await?;
        assert!(matches!(look(&site, &ada, &copy, false).await?, Look::Known(known) if known.known == Known::Decided));
        // What was looked at for it was not spared.
        let other = photo(&site, "other", &drawn(OTHER)?).await?;
        let subject = only(&site, &other).await?;
        let case = reported(&site, &subject).await?;
        assert!(matches!(look(&site, &ada, subject.media_id.as_ref().context("a medium")?, false).await?, Look::Shown(_)));
        assert!(matches!(site.site.decide(Some(&ada), &case, wanted("cover")?, true).await?, Decided::Done(..)));
        assert_eq!(site.site.desk(&ada).await?.today.saved, 3);
        site.run_jobs().await?;
    }
    Ok(())
}

#[tokio::test]
async fn what_an_appeal_is_about_is_opened_for_whoever_judges_it_until_they_have() -> Result<()> {
    for site in grounds().await? {
        let (ada, bob) = (added(&site, "Ada").await?, added(&site, "Bob").await?);
        signs_in(&site, &bob).await?;
        let id = photo(&site, "In my own words.", &drawn(KITE)?).await?;
        let medium = only(&site, &id).await?.media_id.context("a medium")?;
        let Look::Shown(stood) = look(&site, &bob, &medium, false).await? else { anyhow::bail!("it stands") };
        let case = reported(&site, &whole(&id)).await?;
        let Decided::Done(decision, _) = site.site.decide(Some(&ada), &case, wanted("remove")?, false).await? else {
            anyhow::bail!("not decided")
        };
        site.run_jobs().await?;
        assert!(matches!(look(&site, &bob, &medium, true).await?, Look::Nothing), "it was removed");
        let row = site.site.decision(&decision).await?.context("no decision")?;
        site.site.appeal(&app::Removal { post_id: id, decision: row, appeal: None, of_media: 0 }, "It is a kite.").await?;
        let appeal = site.site.open_appeals(9).await?.remove(0);
        let about = site.site.contested(&bob, &appeal).await?.context("nothing is in quarantine")?;
        assert_eq!((about.text.as_str(), about.media.len(), about.never_shown), ("In my own words.", 1, false));
        let judge = async |by, medium, again| site.site.look_at_contested(by, &appeal.id, medium, again).await;
        assert!(matches!(judge(&ada, &medium, true).await?, Look::Nothing), "they decided, and somebody else judges");
        let other = only(&site, &photo(&site, "other", &drawn(OTHER)?).await?).await?.media_id.context("a medium")?;
        assert!(matches!(judge(&bob, &other, true).await?, Look::Nothing), "it is about something else");
        // Another day: it is known, and what is seen is what stood.
        site.site.clock.advance_ms(DAY_MS);
        assert!(matches!(judge(&bob, &medium, false).await?, Look::Known(known) if known.known == Known::Seen));
        let Look::Shown(picture) = judge(&bob, &medium, true).await? else { anyhow::bail!("it is in quarantine") };
        assert_eq!((picture.content_type, picture.bytes), (stood.content_type, stood.bytes));
        assert_eq!(site.site.desk(&bob).await?.today.looks, 1);
        assert!(site.site.set_looks(None, Some(1)).await?);
        assert!(matches!(judge(&bob, &medium, false).await?, Look::Shown(_)), "it is the same look");
        assert_eq!(site.site.answer(Some(&bob), &appeal.id, app::Answer::Upheld, "It stays.").await?, app::Answered::Done);
        assert!(matches!(judge(&bob, &medium, true).await?, Look::Nothing), "it was answered");
    }
    Ok(())
}

#[tokio::test]
async fn a_budget_ends_at_its_number_however_many_ask_at_once_and_begins_again_the_next_day() -> Result<()> {
    for site in grounds().await? {
        let (ada, bob) = (added(&site, "Ada").await?, added(&site, "Bob").await?);
        assert!(!site.site.set_looks(Some(&ada), Some(1)).await?, "a moderator sets nothing");
        assert!(site.site.set_looks(None, Some(2)).await?);
        let mut media = Vec::new();
        for seed in 10..14 {
            media.push(shown(&site, &format!("kite {seed}"), &drawn(seed)?).await?);
        }
        let all = media.iter().map(|medium| look(&site, &ada, medium, false));
        let mut came = [0, 0];
        for one in futures_util::future::join_all(all).await {
            match one? {
                Look::Shown(_) => came[0] += 1,
                Look::UsedUp => came[1] += 1,
                other => anyhow::bail!("{other:?}"),
            }
        }
        assert_eq!(came, [2, 2]);
        assert!(site.site.desk(&ada).await?.is_used_up());
        assert!(matches!(look(&site, &bob, &media[0], false).await?, Look::Shown(_)), "it is each one's own");
        site.site.clock.advance_ms(DAY_MS);
        assert!(!site.site.desk(&ada).await?.is_used_up());
        assert!(site.site.set_looks(None, Some(0)).await?);
        assert!(matches!(look(&site, &bob, &media[1], false).await?, Look::UsedUp));
        assert!(site.site.set_looks(None, None).await?);
        assert!(matches!(look(&site, &bob, &media[1], false).await?, Look::Shown(_)));
    }
    Ok(())
}

#[tokio::test]
async fn what_is_like_something_that_is_never_shown_is_not_shown_either_whichever_was_there_first() -> Result<()> {
    for site in grounds().await? {
        let ada = added(&site, "Ada").await?;
        let kite = drawn(KITE)?;
        let first = photo(&site, "first", &kite).await?;
        let grave = Notice { category: Category::ChildAbuse, ..notice(None)? };
        site.site.give_notice(&[only(&site, &first).await?], &grave, None).await?.context("it does not stand")?;
        site.run_jobs().await?;
        // Its case does not know of what came after it was opened; the case of that knows of it.
        let later = only(&site, &photo(&site, "later", &kite).await?).await?;
        reported(&site, &later).await?;
        assert!(matches!(look(&site, &ada, later.media_id.as_ref().context("a medium")?, false).await?, Look::Nothing));
    }
    Ok(())
}
