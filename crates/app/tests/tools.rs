//! The safety tools as somebody would turn them against the site: waves and copies of reports, a flagger who is mostly wrong, something in a bank that
//! reaches too much, an authority's stolen key. On SQLite, and on PostgreSQL.

use anyhow::{Context as _, Result};
use app::{AnswerRefused, Decided, Filed, Filer, FilingState, Held, HeldState, Named, Parts};
use domain::party::Jurisdiction;
use domain::precision::LEAST_JUDGED;
use domain::time::HOUR_MS;
use domain::{
    Act, Action, BankKind, CaseId, CaseState, Facts, Inability, KeyId, MatchState, Notice, NoticeKind, OnMatch, PostId, RawFiling,
    RawNotice, RawParty, RetentionGround, Time,
};
use store::{PartyRow, Store};
use testkit::TestSite;

use super::deciding::{OTHER_WORDS, WORDS, case_of, decide, is_dark, notice, tell, wanted, whole};
use super::holds::{bank, is_held, learn, only_case, say};

async fn sites(change: fn(&mut Parts)) -> Result<[TestSite; 2]> {
    let url = tokio::task::spawn_blocking(testkit::postgres::fresh_database).await??;
    store::Db::migrate_postgres(&url).await?;
    let store = Store { db: store::Db::open_postgres(&url).await?, blobs: store::BlobStore::memory() };
    let postgres = TestSite::with(|parts| {
        parts.store = store;
        change(parts);
    });
    Ok([TestSite::with(change).await?, postgres.await?])
}

/// What a report says, in words of its own.
fn said(words: &str, name: Option<&str>) -> Result<Notice> {
    Ok(Notice { explanation: words.to_owned(), ..notice(name)? })
}

async fn report(site: &TestSite, id: &PostId, words: &str, name: Option<&str>) -> Result<()> {
    site.site.give_notice(&[whole(id)], &said(words, name)?, Some("en")).await?.context("it does not stand")?;
    Ok(())
}

/// What is known of the only case, and what it weighs by the database.
async fn weighed(site: &TestSite) -> Result<(Facts, u32)> {
    let (queue, open) = site.site.queue(9).await?;
    anyhow::ensure!(open == 1, "{open} are open");
    let one = queue.into_iter().next().context("none is first")?;
    Ok((one.facts, one.case.weight))
}

/// Words that nobody else would find: those of two numbers have nothing in common.
fn words_of(number: usize) -> String {
    let word = |place: u64| -> String {
        let seed = (number as u64 + 1) * 7_919 + place * 104_729;
        let mixed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes();
        mixed[..6].iter().map(|byte| char::from(b'a' + byte % 26)).collect()
    };
    format!("A kite: {}.", (0..14).map(word).collect::<Vec<_>>().join(" "))
}

#[tokio::test]
async fn a_wave_of_reports_is_one_case_that_weighs_what_one_report_does_and_says_that_it_is_a_wave() -> Result<()> {
    for site in sites(|_| ()).await? {
        let id = say(&site, WORDS).await?;
        report(&site, &id, &words_of(0), Some("Ada")).await?;
        site.run_jobs().await?;
        let (facts, one) = weighed(&site).await?;
        assert_eq!((facts.notices, facts.signed, facts.wave), (1, 1, 0));
        for number in 1..domain::case::WAVE as usize {
            report(&site, &id, &words_of(number), Some(&format!("Ada {number}"))).await?;
        }
        let (facts, many) = weighed(&site).await?;
        assert_eq!((facts.notices, facts.words, facts.signed, facts.wave), (20, 20, 20, 20));
        assert_eq!(many, one, "names count in a wave");
        // Who reports slowly is no wave.
        let other = say(&site, OTHER_WORDS).await?;
        for number in 0..domain::case::WAVE as usize {
            report(&site, &other, &words_of(number), Some(&format!("Ada {number}"))).await?;
            site.site.clock.advance_ms(HOUR_MS / 10);
        }
        let case = case_of(&site, &whole(&other)).await?;
        let slow = site.site.queue(9).await?.0.into_iter().find(|one| one.case.id == case).context("a case")?;
        assert_eq!((slow.facts.notices, slow.facts.wave), (20, 0));
        assert!(slow.case.weight > many);
        site.run_jobs().await?;
    }
    Ok(())
}

#[tokio::test]
async fn reports_that_were_copied_from_each_other_are_one_voice_and_each_has_its_receipt() -> Result<()> {
    for site in sites(|_| ()).await? {
        let id = say(&site, WORDS).await?;
        let words = "This post calls for violence against the kites of the northern harbour, and everybody who flies one is in danger.";
        report(&site, &id, words, Some("Ada")).await?;
        site.run_jobs().await?;
        let (_, one) = weighed(&site).await?;
        let copies = [words.to_owned(), words.to_uppercase(), format!("Hello! {words} Thank you."), words.replace("everybody", "anybody")];
        for (number, copy) in copies.iter().enumerate() {
            report(&site, &id, copy, Some(&format!("Ada {number}"))).await?;
        }
        let (facts, many) = weighed(&site).await?;
        assert_eq!((facts.notices, facts.words, facts.signed), (5, 1, 1));
        assert_eq!(many, one);
        report(&site, &id, "The second picture shows my sister’s door, with its number on it, and she never agreed.", Some("Salma"))
            .await?;
        let (facts, more) = weighed(&site).await?;
        assert_eq!((facts.notices, facts.words, facts.signed), (6, 2, 2));
        assert!(more > many, "somebody else says something else");
        let view = only_case(&site).await?;
        assert_eq!(view.notices.len(), 6, "none is merged away");
        let first = view.notices.iter().find(|row| row.notice.explanation == words && row.echo_of.is_none()).context("nobody said it")?;
        assert_eq!(view.notices.iter().filter(|row| row.echo_of.as_ref() == Some(&first.id)).count(), 4);
        site.run_jobs().await?;
    }
    Ok(())
}

async fn party(site: &TestSite, name: &str, kind: &str) -> Result<PartyRow> {
    let raw = RawParty {
        name: name.to_owned(),
        kind: kind.to_owned(),
        jurisdiction: "PL".to_owned(),
        contact: "desk@kites.example".to_owned(),
        ..RawParty::default()
    };
    site.site.add_party(None, raw.check(site.now())?).await?.map_err(|refused| anyhow::anyhow!("{refused:?}"))
}

async fn file(site: &TestSite, party: &PartyRow, kind: NoticeKind, posts: &[&PostId]) -> Result<Filed> {
    file_with(site, party, kind, posts, false).await
}

/// `secret`: its poster must not be told.
async fn file_with(site: &TestSite, party: &PartyRow, kind: NoticeKind, posts: &[&PostId], secret: bool) -> Result<Filed> {
    let raw = RawFiling {
        notice: RawNotice {
            kind: Some(kind.as_str().into()),
            category: Some("terrorism".into()),
            explanation: Some("A kite.".into()),
            good_faith: Some("1".into()),
            ..RawNotice::default()
        },
        reference: Some("KP-17/2026".into()),
        issued: Some(Time(0)),
        secret,
        reasons: if kind.binds() { vec!["a".into()] } else { Vec::new() },
        ..RawFiling::default()
    };
    let links = posts.iter().map(|id| Named { url: format!("/{id}"), names: Some(((*id).clone(), None)) }).collect();
    // As it is written down at this moment.
    let party = site.site.party(&party.id).await?.context("it is not there")?;
    let key = Filer::Key(KeyId::parse("kites-1").context("a key")?);
    let filed = site.site.file(&party, &key, raw.check(party.party.kind)?, links).await?.context("it may not file")?;
    site.run_jobs().await?;
    Ok(filed)
}

async fn acts(site: &TestSite, act: Act) -> Result<usize> {
    Ok(site.site.audit(None, 500).await?.iter().filter(|told| told.row.act == act).count())
}

fn rule(parts: &mut Parts) {
    let rule = |text: &str| domain::case::HoldRule::try_from(text.to_owned()).expect("it is a rule");
    parts.hold = ["trusted_flagger/terrorism", "tco_removal_order"].map(rule).into_iter().collect();
}

#[tokio::test]
async fn a_flagger_who_is_mostly_wrong_comes_when_anybody_does_until_it_is_trusted_again() -> Result<()> {
    for site in sites(rule).await? {
        let flagger = party(&site, "Kite Watch", "trusted_flagger").await?;
        let waiting = say(&site, OTHER_WORDS).await?;
        file(&site, &flagger, NoticeKind::TrustedFlagger, &[&waiting]).await?;
        let first = case_of(&site, &whole(&waiting)).await?;
        let weight = async || anyhow::Ok(site.site.case(&first).await?.context("a case")?.case.weight);
        let before = weight().await?;
        let mut decided = Vec::new();
        for number in 0..LEAST_JUDGED as usize {
            let id = say(&site, &words_of(number)).await?;
            file(&site, &flagger, NoticeKind::TrustedFlagger, &[&id]).await?;
            assert!(is_held(&site, &id).await?, "the operator's rule holds what a trusted flagger reports");
            let case = case_of(&site, &whole(&id)).await?;
            // Of five, three are wrong.
            decided.push(decide(&site, &case, if number < 2 { "cover" } else { "no_action" }).await?.0);
            site.run_jobs().await?;
        }
        let precision = site.site.precision_of(&flagger.id).await?;
        assert_eq!((precision.right, precision.wrong), (2, 3));
        let now = site.site.party(&flagger.id).await?.context("it is gone")?;
        assert!(now.distrusted.is_some() && now.suspended.is_none(), "to suspend it is for a person");
        assert_eq!(acts(&site, Act::PartyDistrusted).await?, 1);
        let rule = NoticeKind::TrustedFlagger.rule().weight;
        assert_eq!(weight().await?, before - rule, "what waits weighs less at once");
        let another = say(&site, &words_of(77)).await?;
        file(&site, &flagger, NoticeKind::TrustedFlagger, &[&another]).await?;
        assert!(!is_held(&site, &another).await?, "the rule trusts it no more");
        let case = case_of(&site, &whole(&another)).await?;
        let seen = site.site.queue(9).await?.0.into_iter().find(|one| one.case.id == case).context("a case")?;
        assert_eq!((seen.facts.kind, seen.facts.registered), (Some(NoticeKind::Notice), 1));
        assert_eq!(seen.case.weight, seen.facts.rank().total(), "what is stored is what is shown");
        // Somebody's life does not wait for that.
        let urgent = say(&site, &words_of(78)).await?;
        file(&site, &flagger, NoticeKind::ThreatToLife, &[&urgent]).await?;
        let case = case_of(&site, &whole(&urgent)).await?;
        let seen = site.site.queue(9).await?.0.into_iter().find(|one| one.case.id == case).context("a case")?;
        assert_eq!(seen.facts.kind, Some(NoticeKind::ThreatToLife));

        assert!(site.site.trust_party(None, &flagger.id).await? && !site.site.trust_party(None, &flagger.id).await?);
        site.run_jobs().await?;
        assert_eq!((weight().await?, acts(&site, Act::PartyTrusted).await?), (before, 1));
        // What was found until then does not count against it any more.
        decide(&site, &case_of(&site, &whole(&another)).await?, "no_action").await?;
        assert!(site.site.party(&flagger.id).await?.context("it is gone")?.distrusted.is_none());
        site.run_jobs().await?;
    }
    Ok(())
}

#[tokio::test]
async fn what_would_reach_much_that_nobody_reported_only_counts_until_somebody_confirms_it() -> Result<()> {
    for site in sites(|parts| parts.reach_limit = 2).await? {
        let mut posts = Vec::new();
        for _ in 0..4 {
            posts.push(say(&site, WORDS).await?);
        }
        let held = async |posts: &[PostId]| -> Result<usize> {
            let mut held = 0;
            for id in posts {
                held += usize::from(is_held(&site, id).await?);
            }
            Ok(held)
        };
        let kites = bank(&site, "kites", BankKind::Live, OnMatch::Hold).await?;
        let reached = learn(&site, &kites, WORDS).await?;
        assert!(reached.len() == 4 && reached.iter().all(|one| one.on_match == OnMatch::Log), "{reached:?}");
        assert_eq!((held(&posts).await?, acts(&site, Act::BankWaits).await?), (0, 1));
        let summary = site.site.list_banks().await?;
        assert_eq!(summary[0].items[0].0.waits, Some(4));
        // What comes meanwhile is counted as well, also when it is put in once more.
        posts.push(say(&site, WORDS).await?);
        learn(&site, &kites, WORDS).await?;
        assert_eq!((held(&posts).await?, site.site.queue(9).await?.1), (0, 0));
        assert_eq!(site.site.confirm(None, &kites.id, None).await?, 1);
        assert_eq!(site.site.confirm(None, &kites.id, None).await?, 0, "twice is once");
        site.run_jobs().await?;
        assert_eq!((held(&posts).await?, acts(&site, Act::BankConfirmed).await?), (5, 1));
        assert_eq!(only_case(&site).await?.tally.held, 4, "all of them are one case");
        posts.push(say(&site, WORDS).await?);
        assert_eq!(held(&posts).await?, 6, "what comes now is held at once");
        site.run_jobs().await?;

        // A few are within the limit, and so is what was reported.
        let mut others = Vec::new();
        for _ in 0..4 {
            others.push(say(&site, OTHER_WORDS).await?);
        }
        for id in &others[..2] {
            tell(&site, &whole(id), None).await?;
        }
        site.run_jobs().await?;
        let reached = learn(&site, &kites, OTHER_WORDS).await?;
        assert!(reached.iter().all(|one| one.on_match == OnMatch::Hold), "{reached:?}");
        assert_eq!(held(&others).await?, 4);
        site.run_jobs().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_decision_s_signal_that_would_reach_much_waits_and_what_the_decision_took_itself_does_not_count() -> Result<()> {
    for site in sites(|parts| parts.reach_limit = 2).await? {
        let mut posts = Vec::new();
        for _ in 0..5 {
            posts.push(say(&site, WORDS).await?);
        }
        tell(&site, &whole(&posts[0]), None).await?;
        site.run_jobs().await?;
        // Everything alike was left out.
        let case = case_of(&site, &whole(&posts[0])).await?;
        let decided = site.site.decide(None, &case, wanted("remove")?, false).await?;
        assert!(matches!(decided, app::Decided::Done(..)), "{decided:?}");
        site.run_jobs().await?;
        for id in &posts[1..] {
            assert!(!is_held(&site, id).await? && !is_dark(&site, id).await?);
        }
        let summary = site.site.list_banks().await?;
        assert_eq!(summary[0].items[0].0.waits, Some(4));
        site.site.confirm(None, &summary[0].bank.id, Some(&summary[0].items[0].0.id)).await?;
        site.run_jobs().await?;
        for id in &posts[1..] {
            assert!(is_held(&site, id).await?);
        }
        let rows = store::matches::of_subject(&site.site.store.db, &whole(&posts[1])).await?;
        assert_eq!(rows.iter().map(|row| (row.on_match, row.state)).collect::<Vec<_>>(), [(OnMatch::Hold, MatchState::Open)]);

        // Taken with the case, a campaign of any size lets its signal act.
        let mut others = Vec::new();
        for _ in 0..5 {
            others.push(say(&site, OTHER_WORDS).await?);
        }
        tell(&site, &whole(&others[0]), None).await?;
        site.run_jobs().await?;
        let case = case_of(&site, &whole(&others[0])).await?;
        assert_eq!(decide(&site, &case, "remove").await?.1.posts, 5);
        site.run_jobs().await?;
        let again = say(&site, OTHER_WORDS).await?;
        assert!(is_held(&site, &again).await?);
        site.run_jobs().await?;
    }
    Ok(())
}

#[tokio::test]
async fn what_came_by_a_stolen_key_is_listed_and_undone_in_one_step_and_nothing_else_is() -> Result<()> {
    for site in sites(rule).await? {
        let police = party(&site, "Kite Police", "authority").await?;
        let posts: Vec<PostId> = {
            let mut posts = Vec::new();
            for number in 0..5 {
                posts.push(say(&site, &words_of(number * 9)).await?);
            }
            posts
        };
        let [before, removed, shared, hidden, left] = posts.as_slice() else { anyhow::bail!("five were posted") };
        let order = NoticeKind::TcoRemovalOrder;
        file(&site, &police, order, &[before]).await?;
        let decided = async |id: &PostId, action: &str| -> Result<domain::DecisionId> {
            let decided = decide(&site, &case_of(&site, &whole(id)).await?, action).await?.0;
            site.run_jobs().await?;
            Ok(decided)
        };
        decided(before, "remove").await?;
        site.site.clock.advance_ms(HOUR_MS);
        let since = site.now();
        // From here on somebody else has its key.
        tell(&site, &whole(shared), Some("Ada")).await?;
        let forged = file(&site, &police, order, &[removed, shared, hidden]).await?;
        let referral = file(&site, &police, NoticeKind::TcoReferral, &[left]).await?;
        assert!(is_held(&site, hidden).await?);
        let undone = decided(removed, "remove").await?;
        decided(shared, "remove").await?;
        decided(left, "no_action").await?;

        assert_eq!(site.site.suspend_party(None, &police.id, true).await?, Ok(()));
        let deeds = site.site.deeds(&police.id, since).await?;
        assert_eq!((deeds.filings.len(), deeds.cases.len(), deeds.alone(), deeds.held()), (2, 4, 3, 1));
        let mut listed: Vec<_> = deeds.decisions.iter().map(|(decision, alone)| (decision.id == undone, *alone)).collect();
        listed.sort_unstable();
        assert_eq!(listed, [(false, false), (true, true)], "what was decided before, or left as it is, is not listed");

        assert_eq!(site.site.undo_deeds(None, &police.id, since).await?, Ok(()));
        site.run_jobs().await?;
        assert!(!is_dark(&site, removed).await?, "what was decided on it alone comes back");
        assert!(is_dark(&site, shared).await?, "somebody else had reported it as well");
        assert!(is_dark(&site, before).await?, "that was its own");
        assert!(!is_held(&site, hidden).await?);
        assert_eq!(site.site.queue(9).await?.1, 0, "a case of nothing else is open");
        assert!(site.site.deeds(&police.id, since).await?.is_empty());
        for filed in [&forged, &referral] {
            let view = site.site.filing(&filed.row.id).await?.context("it is gone")?;
            assert_eq!(view.state, FilingState::Withdrawn);
            assert!(view.links.iter().all(|(_, now)| matches!(now, app::LinkNow::Withdrawn)), "what stands is not gone");
        }
        assert!(site.site.waiting_filings(9).await?.is_empty());
        let found = [Act::PartyUndone, Act::DecisionUndone, Act::CaseReleased, Act::FilingWithdrawn];
        let mut counts = Vec::new();
        for act in found {
            counts.push(acts(&site, act).await?);
        }
        assert_eq!(counts, [1, 1, 2, 2], "each step is in the audit trail");
        // A second time finds nothing to do.
        assert_eq!(site.site.undo_deeds(None, &police.id, since).await?, Ok(()));
        site.run_jobs().await?;
        assert_eq!(acts(&site, Act::FilingWithdrawn).await?, 2);
        let case: Option<CaseId> = store::filings::cases(&site.site.store.db, &forged.row.id).await?.into_iter().map(|case| case.id).next();
        let state = store::cases::find(&site.site.store.db, &case.context("a case")?).await?.context("it is gone")?.state;
        assert!(matches!(state, CaseState::Moot | CaseState::Decided));
    }
    Ok(())
}

#[tokio::test]
async fn what_a_stolen_key_asked_for_beside_what_it_had_removed_comes_back_to_no_case_when_that_is_undone() -> Result<()> {
    for site in sites(rule).await? {
        let police = party(&site, "Kite Police", "authority").await?;
        let mut posts = Vec::new();
        for _ in 0..7 {
            posts.push(say(&site, WORDS).await?);
        }
        let [first, twins @ ..] = posts.as_slice() else { anyhow::bail!("seven were posted") };
        let since = site.now();
        file(&site, &police, NoticeKind::TcoRemovalOrder, &[first]).await?;
        assert_eq!(decide(&site, &case_of(&site, &whole(first)).await?, "remove").await?.1.posts, 7);
        site.run_jobs().await?;
        // All of it is dark already: these open no case, until the decision is undone.
        let twins: Vec<&PostId> = twins.iter().collect();
        file(&site, &police, NoticeKind::TcoRemovalOrder, &twins).await?;
        assert_eq!(site.site.queue(9).await?.1, 0);

        assert_eq!(site.site.undo_deeds(None, &police.id, since).await?, Ok(()));
        site.run_jobs().await?;
        assert_eq!(site.site.queue(9).await?.1, 0, "nothing counts that is left of it");
        assert!(site.site.deeds(&police.id, since).await?.is_empty());
        for id in &posts {
            assert!(!is_dark(&site, id).await? && !is_held(&site, id).await?);
        }
    }
    Ok(())
}

#[tokio::test]
async fn an_order_that_binds_is_removed_or_answered_and_not_passed_over() -> Result<()> {
    for site in sites(|parts| parts.knows_countries = true).await? {
        let police = party(&site, "Kite Police", "authority").await?;
        let (one, other) = (say(&site, WORDS).await?, say(&site, OTHER_WORDS).await?);
        let filed = [
            file(&site, &police, NoticeKind::TcoRemovalOrder, &[&one]).await?,
            file(&site, &police, NoticeKind::TcoRemovalOrder, &[&other]).await?,
        ];
        let case = case_of(&site, &whole(&one)).await?;
        for action in ["no_action", "cover"] {
            assert!(matches!(site.site.decide(None, &case, wanted(action)?, true).await?, Decided::Ordered), "{action}");
        }
        // Regulation (EU) 2021/784, Article 3(3): in all Member States.
        let withhold =
            |countries| -> Result<domain::Decision> { Ok(domain::Decision { action: Action::Withhold, countries, ..wanted("remove")? }) };
        let one_country = Jurisdiction::parse("PL").into_iter().collect();
        assert!(matches!(site.site.decide(None, &case, withhold(one_country)?, true).await?, Decided::Ordered));
        assert_eq!(site.site.queue(9).await?.1, 2, "it waits");
        // Why it cannot be carried out was said: then it may be left.
        let cannot =
            async |filed: &Filed| site.site.answer_filing(None, &filed.row.id, Some(Inability::ManifestErrors), "It is a kite.").await;
        assert_eq!(cannot(&filed[0]).await?, Ok(()));
        decide(&site, &case, "no_action").await?;
        let everywhere = withhold(Jurisdiction::member_states())?;
        let done = site.site.decide(None, &case_of(&site, &whole(&other)).await?, everywhere, true).await?;
        assert!(matches!(done, Decided::Done(..)), "{done:?}");
        assert_eq!(cannot(&filed[1]).await?, Err(AnswerRefused::Done), "it was carried out");
        let state = site.site.filing(&filed[1].row.id).await?.context("it was filed")?.state;
        assert!(matches!(state, FilingState::Done(_)), "{state:?}");
        site.run_jobs().await?;
    }
    Ok(())
}

#[tokio::test]
async fn what_is_told_later_is_kept_as_much_longer() -> Result<()> {
    for site in sites(|_| ()).await? {
        let police = party(&site, "Kite Police", "authority").await?;
        let post = say(&site, WORDS).await?;
        let filed = file_with(&site, &police, NoticeKind::TcoRemovalOrder, &[&post], true).await?;
        let (decision, _) = decide(&site, &case_of(&site, &whole(&post)).await?, "remove").await?;
        let kept = async || {
            let until = site.site.decision(&decision).await?.context("a decision")?.keep_until;
            let rows = site.site.retentions(&decision).await?;
            let appeals = rows.iter().filter(|row| row.retention.ground == RetentionGround::Appeal).map(|row| row.retention.until);
            anyhow::Ok((until, appeals.max().context("none")?))
        };
        let (until, retained) = kept().await?;
        assert_eq!(until, retained);
        assert_eq!(site.site.set_silence(None, &filed.row.id, true).await?, Ok(()));
        let (longer, retained) = kept().await?;
        assert!(longer > until && longer == retained, "{until:?} {longer:?} {retained:?}");
        assert_eq!(site.site.set_silence(None, &filed.row.id, false).await?, Ok(()));
        assert_eq!(kept().await?, (longer, longer), "what was promised stays");
        site.run_jobs().await?;
    }
    Ok(())
}

#[tokio::test]
async fn what_is_kept_after_its_poster_took_it_away_is_said_to_be_held() -> Result<()> {
    for site in sites(|_| ()).await? {
        let police = party(&site, "Kite Police", "authority").await?;
        let id = say(&site, WORDS).await?;
        let filed = file(&site, &police, NoticeKind::PreservationRequest, &[&id]).await?;
        site.site.delete(&id).await?;
        // On its way into quarantine, and there.
        for _ in 0..2 {
            let holdings = site.site.holdings(&filed.row).await?;
            let Held::Post(post) = &holdings[0].held else { anyhow::bail!("{holdings:?}") };
            assert!(matches!(post.state, HeldState::Preserved { until: Some(_), .. }), "{:?}", post.state);
            assert_eq!(post.id, id);
            site.run_jobs().await?;
        }
        assert!(store::posts::find(&site.site.store.db, &id).await?.is_none());
    }
    Ok(())
}
