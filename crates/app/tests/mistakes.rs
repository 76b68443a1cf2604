//! What banks learn late: a mistake among what they hold already, a picture that is known to be mistaken, and what nobody was left to look for.

use anyhow::{Context as _, Result};
use app::{Looked, NewItem, Reached};
use domain::{BankKind, MatchState, MediaState, OnMatch, PostId};
use store::banks::BankRow;
use testkit::TestSite;

use super::deciding::{disguised, drawn, grounds, only, photo};
use super::holds::bank;
use super::medium;

/// How a picture is shown again; what of it hashes alone know comes first.
const DISGUISES: [&str; 6] =
    ["scale=320:240", "hflip", "crop=480:340:90:80", "hflip,negate,crop=500:400:70:40", "rotate=0.09", "pad=800:700:80:110:white"];

/// More than whoever searches is silent for.
const LATER_MS: i64 = 61_000;

async fn look(site: &TestSite, picture: &[u8]) -> Result<NewItem> {
    let file = site.dir().join("kite.png");
    std::fs::write(&file, picture)?;
    let Looked::Known(known) = site.site.look_at(&file).await? else { anyhow::bail!("it is refused") };
    Ok(NewItem { label: "kite.png".to_owned(), known })
}

async fn add(site: &TestSite, bank: &BankRow, picture: &[u8]) -> Result<Vec<Reached>> {
    Ok(site.site.add_to_bank(bank, look(site, picture).await?, |_| {}).await?.reached)
}

async fn posted(site: &TestSite, picture: &[u8]) -> Result<Vec<PostId>> {
    let mut posts = Vec::new();
    for filter in DISGUISES {
        posts.push(photo(site, "Seen today", &disguised(picture, filter)?).await?);
    }
    Ok(posts)
}

async fn waiting(site: &TestSite, posts: &[PostId]) -> Result<usize> {
    let mut waiting = 0;
    for id in posts {
        waiting += usize::from(medium(site, id).await?.state == MediaState::Waiting);
    }
    Ok(waiting)
}

async fn matched(site: &TestSite, bank: &BankRow) -> Result<i64> {
    Ok(site.site.bank(&bank.name).await?.context("the bank")?.matched)
}

#[tokio::test]
async fn a_mistake_that_is_learnt_late_lets_go_of_every_disguise_and_is_told_once_of_each() -> Result<()> {
    for site in grounds().await? {
        let (kite, all) = (drawn(61)?, DISGUISES.len());
        let kites = bank(&site, "kites", BankKind::Live, OnMatch::Hold).await?;
        add(&site, &kites, &kite).await?;
        let posts = posted(&site, &kite).await?;
        let other = photo(&site, "Seen today", &drawn(62)?).await?;
        assert_eq!((waiting(&site, &posts).await?, waiting(&site, std::slice::from_ref(&other)).await?), (all, 0));
        let mistakes = bank(&site, "mistakes", BankKind::Negative, OnMatch::Log).await?;
        let thought_of = site.site.would_reach(&mistakes, look(&site, &kite).await?, |_| {}).await?;
        assert_eq!((thought_of.len(), waiting(&site, &posts).await?), (all, all));
        let reached = add(&site, &mistakes, &kite).await?;
        for told in [&thought_of, &reached] {
            assert!(told.iter().all(|one| one.let_go), "{told:#?}");
            let mut subjects: Vec<_> = told.iter().map(|one| one.subject.post_id.as_str()).collect();
            subjects.sort_unstable();
            subjects.dedup();
            assert_eq!((subjects.len(), told.len()), (all, all), "something is told twice: {told:#?}");
        }
        assert_eq!((waiting(&site, &posts).await?, matched(&site, &mistakes).await?), (0, i64::try_from(all)?));
        // What it lets go, it lets pass when it is posted anew.
        assert_eq!(waiting(&site, &posted(&site, &kite).await?).await?, 0);
    }
    Ok(())
}

#[tokio::test]
async fn what_is_known_to_be_mistaken_stands_when_what_it_is_mistaken_for_is_learnt() -> Result<()> {
    for site in grounds().await? {
        let kite = drawn(63)?;
        let posts = posted(&site, &kite).await?;
        let mistakes = bank(&site, "mistakes", BankKind::Negative, OnMatch::Log).await?;
        add(&site, &mistakes, &kite).await?;
        let kites = bank(&site, "kites", BankKind::Live, OnMatch::Hold).await?;
        let reached = add(&site, &kites, &kite).await?;
        assert!(reached.len() == posts.len() && reached.iter().all(|one| one.on_match == OnMatch::Log), "{reached:#?}");
        assert_eq!(waiting(&site, &posts).await?, 0);
        // A part of it that is mistaken is no excuse for the whole, whichever is learnt first.
        let (whole, part) = (drawn(64)?, disguised(&drawn(64)?, "crop=320:240:0:0")?);
        add(&site, &mistakes, &part).await?;
        let shown = photo(&site, "Seen today", &whole).await?;
        add(&site, &kites, &whole).await?;
        assert_eq!(waiting(&site, std::slice::from_ref(&shown)).await?, 1);
        add(&site, &mistakes, &disguised(&whole, "crop=320:240:320:240")?).await?;
        assert_eq!(waiting(&site, &[shown]).await?, 1);
        site.run_jobs().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_search_whose_searcher_is_killed_is_made_by_the_site() -> Result<()> {
    for site in grounds().await? {
        let kite = drawn(65)?;
        let posts = posted(&site, &kite).await?;
        let other = photo(&site, "Seen today", &drawn(66)?).await?;
        let kites = bank(&site, "kites", BankKind::Live, OnMatch::Hold).await?;
        let (own, item, to) = (site.site.clone(), look(&site, &kite).await?, kites.clone());
        let killed = tokio::spawn(async move { own.add_to_bank(&to, item, |_| panic!("it is killed")).await.map(drop) });
        assert!(killed.await.is_err(), "it came to its end");
        let before = waiting(&site, &posts).await?;
        assert!(before < posts.len(), "nothing was left to look for");
        site.run_jobs().await?;
        assert_eq!(waiting(&site, &posts).await?, before, "it may be only slow");
        // What somebody lets go meanwhile stays so.
        assert!(site.site.decide_on_held(&only(&site, &posts[0]).await?, MatchState::Released).await?);
        site.site.clock.advance_ms(LATER_MS);
        site.run_jobs().await?;
        assert_eq!((waiting(&site, &posts).await?, waiting(&site, std::slice::from_ref(&other)).await?), (posts.len() - 1, 0));
        assert_eq!(medium(&site, &posts[0]).await?.state, MediaState::Ready);
        assert_eq!(matched(&site, &kites).await?, i64::try_from(posts.len())?);
        // Who comes to the end of it leaves nothing to be done.
        let others = bank(&site, "others", BankKind::Live, OnMatch::Log).await?;
        assert_eq!(add(&site, &others, &kite).await?.len(), posts.len());
        let lanes = store::jobs::lanes(&site.site.store.db, site.now()).await?;
        assert!(lanes.iter().all(|lane| lane.name != app::job::LIGHT || lane.later == 0), "{lanes:?}");
    }
    Ok(())
}
