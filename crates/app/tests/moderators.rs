//! Who may decide, on both databases: links, codes, sessions, and what is written down of it.

use anyhow::{Context as _, Result};
use app::{EnrolRefused, First, NewLink, NewSession, PersonRefused};
use domain::moderator::{IDLE_MS, LINK_MS, SESSION_MS};
use domain::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use domain::{Act, EnrolSecret, ModeratorId, ModeratorName, Role, Time};
use testkit::TestSite;

const PASSWORD: &str = "kites over the grey sea";

fn name(text: &str) -> Result<ModeratorName> {
    ModeratorName::parse(text).context("no name")
}

fn code_at(key: &[u8], time: Time) -> Result<String> {
    let seconds = u64::try_from(time.0 / 1_000)?;
    let totp = totp_rs::Builder::new().with_secret(totp_rs::Secret::from(key)).build()?;
    Ok(totp.generate(seconds).to_string())
}

async fn added(site: &TestSite, who: &str, role: Role) -> Result<NewLink> {
    site.site.add_moderator(None, &name(who)?, role).await?.map_err(|refused| anyhow::anyhow!("{refused:?}"))
}

/// Uses a link, and returns the key of codes and the session.
async fn enrolled(site: &TestSite, secret: &EnrolSecret) -> Result<(Vec<u8>, NewSession)> {
    let key = site.site.enrolling(secret).await?.context("the link is not good")?.link_totp.context("no key")?;
    let code = code_at(&key, site.now())?;
    let session = site.site.enrol_with_password(secret, PASSWORD, &code).await?.map_err(|refused| anyhow::anyhow!("{refused:?}"))?;
    Ok((key, session))
}

async fn acts(site: &TestSite) -> Result<Vec<(Act, i64)>> {
    Ok(site.site.audit(None, 100).await?.into_iter().map(|told| (told.row.act, told.row.times)).collect())
}

fn next_code(site: &TestSite) {
    site.site.clock.advance_ms(30_000);
}

async fn a_link_enrols_once_and_not_after_its_end(site: &TestSite) -> Result<()> {
    let link = added(site, "Ola", Role::Operator).await?;
    assert!(matches!(site.site.add_moderator(None, &name("OLA")?, Role::Moderator).await?, Err(PersonRefused::Taken)));
    let key = site.site.enrolling(&link.secret).await?.context("it is not good")?.link_totp.context("no key")?;
    let code = code_at(&key, site.now())?;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for (password, code, refused) in
        [("elevenchars", code.as_str(), EnrolRefused::Password), (PASSWORD, wrong, EnrolRefused::Code), (PASSWORD, "", EnrolRefused::Code)]
    {
        let answer = site.site.enrol_with_password(&link.secret, password, code).await?;
        assert_eq!(answer.err(), Some(refused));
    }
    let session = site.site.enrol_with_password(&link.secret, PASSWORD, &code).await?.map_err(|refused| anyhow::anyhow!("{refused:?}"))?;
    let signed = site.site.signed(&session.token).await?.context("not signed in")?;
    assert_eq!((signed.name.as_str(), signed.role), ("Ola", Role::Operator));
    assert_eq!(site.site.enrol_with_password(&link.secret, PASSWORD, &code).await?.err(), Some(EnrolRefused::Link));
    assert!(site.site.enrolling(&link.secret).await?.is_none());
    // The code that proved the key signs nobody in.
    assert!(site.site.sign_in("Ola", PASSWORD, &code).await?.is_none());

    let late = added(site, "Late", Role::Moderator).await?;
    site.site.clock.advance_ms(LINK_MS - 1);
    assert!(site.site.enrolling(&late.secret).await?.is_some());
    site.site.clock.advance_ms(1);
    assert!(site.site.enrolling(&late.secret).await?.is_none());
    // A new link is good in the place of the old one.
    let again = site.site.link_moderator(None, &late.id).await?.map_err(|refused| anyhow::anyhow!("{refused:?}"))?;
    assert!(site.site.enrolling(&late.secret).await?.is_none() && site.site.enrolling(&again.secret).await?.is_some());
    Ok(())
}

async fn a_code_is_good_once_and_only_with_its_password(site: &TestSite) -> Result<()> {
    let link = added(site, "Salma", Role::Moderator).await?;
    let (key, _) = enrolled(site, &link.secret).await?;
    next_code(site);
    let code = code_at(&key, site.now())?;
    for (name, password, code) in [
        ("Salma", "kites over the blue sea", code.as_str()),
        ("Salma", "", &code),
        ("Salma", PASSWORD, "12345"),
        ("Nobody", PASSWORD, &code),
        ("", "", ""),
        ("\u{202E}", PASSWORD, &code),
    ] {
        assert!(site.site.sign_in(name, password, code).await?.is_none(), "{name} {password} {code}");
    }
    assert!(site.site.sign_in(" salma ", PASSWORD, &code).await?.is_some(), "what was refused beside it did not use it up");
    assert!(site.site.sign_in("Salma", PASSWORD, &code).await?.is_none(), "a code that was seen over a shoulder");
    next_code(site);
    assert!(site.site.sign_in("Salma", PASSWORD, &code).await?.is_none(), "nor in the step after");
    assert!(site.site.sign_in("Salma", PASSWORD, &code_at(&key, site.now())?).await?.is_some());
    Ok(())
}

async fn a_clock_that_is_set_back_shuts_nobody_out_and_makes_nothing_good_again(site: &TestSite) -> Result<()> {
    let link = added(site, "Jan", Role::Moderator).await?;
    let (key, _) = enrolled(site, &link.secret).await?;
    site.site.clock.advance_ms(10 * MINUTE_MS);
    let used = code_at(&key, site.now())?;
    let session = site.site.sign_in("Jan", PASSWORD, &used).await?.context("not signed in")?;
    site.site.clock.advance_ms(-HOUR_MS);
    assert!(site.site.signed(&session.token).await?.is_none(), "nobody knows how old this session is");
    let earlier = site.site.sign_in("Jan", PASSWORD, &code_at(&key, site.now())?).await?;
    assert!(earlier.is_some(), "a code of an earlier time that was never used");
    site.site.clock.advance_ms(HOUR_MS);
    assert!(site.site.sign_in("Jan", PASSWORD, &used).await?.is_none(), "it was used before the clock was set back");
    Ok(())
}

async fn sessions_end(site: &TestSite) -> Result<()> {
    let link = added(site, "Eve", Role::Moderator).await?;
    let (key, session) = enrolled(site, &link.secret).await?;
    site.site.clock.advance_ms(IDLE_MS - MINUTE_MS);
    assert!(site.site.signed(&session.token).await?.is_some());
    site.site.clock.advance_ms(IDLE_MS - MINUTE_MS);
    assert!(site.site.signed(&session.token).await?.is_some(), "being used keeps it alive");
    assert!(site.site.still_signed(&session.token).await?.is_some());
    site.site.clock.advance_ms(IDLE_MS);
    assert!(site.site.signed(&session.token).await?.is_none());

    let sign_in = async || -> Result<NewSession> {
        next_code(site);
        site.site.sign_in("Eve", PASSWORD, &code_at(&key, site.now())?).await?.context("not signed in")
    };
    let long = sign_in().await?;
    for _ in 0..SESSION_MS / HOUR_MS / 6 - 1 {
        site.site.clock.advance_ms(6 * HOUR_MS);
        assert!(site.site.signed(&long.token).await?.is_some());
    }
    site.site.clock.advance_ms(6 * HOUR_MS);
    assert!(site.site.signed(&long.token).await?.is_none(), "however much it is used");

    let (one, other) = (sign_in().await?, sign_in().await?);
    let signed = site.site.signed(&one.token).await?.context("not signed in")?;
    site.site.sign_out(&signed, &one.token).await?;
    assert!(site.site.signed(&one.token).await?.is_none() && site.site.signed(&other.token).await?.is_some());
    let third = sign_in().await?;
    site.site.sign_out_everywhere(&signed).await?;
    assert!(site.site.signed(&other.token).await?.is_none() && site.site.signed(&third.token).await?.is_none());

    // A new link changes nothing until it is used; then everything that was before ends.
    let open = sign_in().await?;
    let again = site.site.link_moderator(None, &link.id).await?.map_err(|refused| anyhow::anyhow!("{refused:?}"))?;
    assert!(site.site.signed(&open.token).await?.is_some());
    let (new_key, fresh) = enrolled(site, &again.secret).await?;
    assert!(site.site.signed(&open.token).await?.is_none() && site.site.signed(&fresh.token).await?.is_some());
    next_code(site);
    assert!(site.site.sign_in("Eve", PASSWORD, &code_at(&key, site.now())?).await?.is_none(), "the lost phone's code");
    assert!(site.site.sign_in("Eve", PASSWORD, &code_at(&new_key, site.now())?).await?.is_some());
    Ok(())
}

async fn only_an_operator_decides_about_people_and_whoever_is_shut_out_is_out_at_once(site: &TestSite) -> Result<()> {
    let operator = added(site, "Boss", Role::Operator).await?;
    enrolled(site, &operator.secret).await?;
    let link = added(site, "Max", Role::Moderator).await?;
    let (key, session) = enrolled(site, &link.secret).await?;
    let (boss, max) = (&operator.id, &link.id);
    let refused = |by: &ModeratorId| {
        let (by, max, boss) = (by.clone(), max.clone(), boss.clone());
        async move {
            anyhow::Ok([
                site.site.add_moderator(Some(&by), &name("New")?, Role::Operator).await?.err(),
                site.site.link_moderator(Some(&by), &max).await?.err(),
                site.site.suspend_moderator(Some(&by), &boss).await?.err(),
                site.site.resume_moderator(Some(&by), &boss).await?.err(),
            ])
        }
    };
    assert_eq!(refused(max).await?, [Some(PersonRefused::NotAllowed); 4]);
    assert_eq!(site.site.suspend_moderator(Some(boss), boss).await?, Err(PersonRefused::Oneself));
    let nobody = ModeratorId::from_random([9; 16]);
    assert_eq!(site.site.suspend_moderator(Some(boss), &nobody).await?, Err(PersonRefused::Nobody));

    let waiting = site.site.link_moderator(Some(boss), max).await?.map_err(|refused| anyhow::anyhow!("{refused:?}"))?;
    assert_eq!(site.site.suspend_moderator(Some(boss), max).await?, Ok(()));
    assert_eq!(site.site.suspend_moderator(Some(boss), max).await?, Err(PersonRefused::Already));
    assert!(site.site.signed(&session.token).await?.is_none(), "an open session");
    assert!(site.site.enrolling(&waiting.secret).await?.is_none(), "a link that waits");
    next_code(site);
    let code = code_at(&key, site.now())?;
    assert!(site.site.sign_in("Max", PASSWORD, &code).await?.is_none());
    assert_eq!(site.site.link_moderator(Some(boss), max).await?.err(), Some(PersonRefused::Suspended));
    assert_eq!(site.site.resume_moderator(Some(boss), max).await?, Ok(()));
    assert!(site.site.signed(&session.token).await?.is_none(), "what ended stays ended");
    assert!(site.site.sign_in("Max", PASSWORD, &code).await?.is_some(), "and the code was not used up");
    Ok(())
}

async fn every_act_is_written_down_and_failures_are_counted_without_names(site: &TestSite) -> Result<()> {
    let before = acts(site).await?.len();
    site.site.clock.advance_ms(2 * HOUR_MS);
    let link = added(site, "Ida", Role::Moderator).await?;
    site.site.clock.advance_ms(1);
    let (_, session) = enrolled(site, &link.secret).await?;
    let signed = site.site.signed(&session.token).await?.context("not signed in")?;
    for _ in 0..3 {
        site.site.clock.advance_ms(1);
        site.site.sign_in("UNMISTAKABLE-NAME", "UNMISTAKABLE-PASSWORD", "123456").await?;
    }
    site.site.clock.advance_ms(1);
    site.site.sign_out(&signed, &session.token).await?;
    let told = site.site.audit(None, 100).await?;
    let newest: Vec<_> = told.iter().take(4).map(|one| (one.row.act, one.row.times)).collect();
    assert_eq!(newest, [(Act::SignedOut, 1), (Act::SignInFailed, 3), (Act::Enrolled, 1), (Act::PersonAdded, 1)]);
    assert_eq!(told.len(), before + 4);
    assert_eq!(
        (told[0].by.as_deref(), told[1].by.as_deref(), told[3].by.as_deref(), told[3].to.as_deref()),
        (Some("Ida"), None, None, Some("Ida"))
    );
    assert!(!format!("{told:?}").contains("UNMISTAKABLE"));
    // A page at a time, and nothing twice.
    let first = site.site.audit(None, 2).await?;
    let last = &first.last().context("empty")?.row;
    let second = site.site.audit(Some((last.at, &last.id)), 2).await?;
    assert_eq!([first, second].concat(), told[..4]);
    Ok(())
}

async fn what_has_ended_is_swept(site: &TestSite) -> Result<()> {
    let link = added(site, "Swept", Role::Moderator).await?;
    let (_, session) = enrolled(site, &link.secret).await?;
    site.site.clock.advance_ms(3 * DAY_MS);
    site.site.queue_upkeep().await?;
    site.run_jobs().await?;
    assert!(store::moderators::session(&site.site.store.db, &session.token.hash()).await?.is_none());
    Ok(())
}

async fn contract(site: &mut TestSite) -> Result<()> {
    site.leave_jobs();
    a_link_enrols_once_and_not_after_its_end(site).await?;
    a_code_is_good_once_and_only_with_its_password(site).await?;
    a_clock_that_is_set_back_shuts_nobody_out_and_makes_nothing_good_again(site).await?;
    sessions_end(site).await?;
    only_an_operator_decides_about_people_and_whoever_is_shut_out_is_out_at_once(site).await?;
    every_act_is_written_down_and_failures_are_counted_without_names(site).await?;
    what_has_ended_is_swept(site).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_decide_on_sqlite() -> Result<()> {
    contract(&mut TestSite::new().await?).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_decide_on_postgresql() -> Result<()> {
    let url = tokio::task::spawn_blocking(testkit::postgres::fresh_database).await??;
    store::Db::migrate_postgres(&url).await?;
    let db = store::Db::open_postgres(&url).await?;
    contract(&mut TestSite::with(|parts| parts.store.db = db).await?).await
}

#[tokio::test]
async fn one_of_many_that_use_a_code_or_a_link_at_once_is_let_in() -> Result<()> {
    let site = TestSite::new().await?;
    let link = added(&site, "Ola", Role::Operator).await?;
    let key = site.site.enrolling(&link.secret).await?.context("not good")?.link_totp.context("no key")?;
    let code = code_at(&key, site.now())?;
    let both = tokio::join!(
        site.site.enrol_with_password(&link.secret, PASSWORD, &code),
        site.site.enrol_with_password(&link.secret, PASSWORD, &code)
    );
    assert_eq!(usize::from(both.0?.is_ok()) + usize::from(both.1?.is_ok()), 1);
    next_code(&site);
    let code = code_at(&key, site.now())?;
    let both = tokio::join!(site.site.sign_in("Ola", PASSWORD, &code), site.site.sign_in("Ola", PASSWORD, &code));
    assert_eq!(usize::from(both.0?.is_some()) + usize::from(both.1?.is_some()), 1);
    Ok(())
}

#[tokio::test]
async fn the_first_start_makes_one_link_and_the_next_ones_none_until_it_has_ended() -> Result<()> {
    let site = TestSite::new().await?;
    let First::Link(first) = site.site.first_operator().await? else { anyhow::bail!("no link") };
    assert!(matches!(site.site.first_operator().await?, First::Waits(until) if until == first.until));
    site.site.clock.advance_ms(LINK_MS);
    let First::Link(second) = site.site.first_operator().await? else { anyhow::bail!("no link") };
    assert_eq!(first.id, second.id);
    assert!(site.site.enrolling(&first.secret).await?.is_none());
    enrolled(&site, &second.secret).await?;
    assert!(matches!(site.site.first_operator().await?, First::Somebody));
    // Nothing that somebody else holds stands in any file.
    for secret in [first.secret.expose(), second.secret.expose(), PASSWORD] {
        assert!(site.files_with(secret.as_bytes())?.is_empty());
    }
    Ok(())
}
