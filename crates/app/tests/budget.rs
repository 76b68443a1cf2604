//! Budgets as a site counts them, on a clock that stands still.

use std::net::IpAddr;

use anyhow::Result;
use app::{Parts, Who};
use domain::time::{HOUR_MS, MINUTE_MS};
use domain::{Budget, FairUse, OverBudget};
use testkit::TestSite;

fn small(parts: &mut Parts) {
    parts.fair_use = FairUse {
        posts_per_hour: 4,
        uploads_open: 2,
        bytes_per_day: 1_000,
        guesses_per_hour: 3,
        guesses_per_hour_and_post: 5,
        times_ipv4_address: 1,
        times_ipv4_24: 2,
        times_ipv6_56: 2,
        times_ipv6_48: 3,
        ..FairUse::default()
    };
}

fn who(site: &TestSite, address: &str) -> Result<Who> {
    Ok(site.site.know(address.parse::<IpAddr>()?))
}

/// Posts until it is refused: how many were let in.
fn posts(site: &TestSite, who: &Who) -> usize {
    (0..100).take_while(|_| site.site.spend(who, Budget::Post, 1).is_ok()).count()
}

#[tokio::test]
async fn each_address_has_its_own_and_the_block_has_a_larger_one() -> Result<()> {
    let site = TestSite::with(small).await?;
    assert_eq!(posts(&site, &who(&site, "192.0.2.1")?), 4);
    assert_eq!(posts(&site, &who(&site, "192.0.2.2")?), 4);
    assert_eq!(posts(&site, &who(&site, "192.0.2.3")?), 0, "the /24 has twice as much as an address");
    assert_eq!(posts(&site, &who(&site, "192.0.3.1")?), 4);
    // Changing the lower half of an IPv6 address is nobody's way out; nor is the /64 of a /56, nor the /56 of a /48.
    assert_eq!(posts(&site, &who(&site, "2001:db8:1::1")?), 4);
    assert_eq!(posts(&site, &who(&site, "2001:db8:1::2")?), 0);
    assert_eq!(posts(&site, &who(&site, "2001:db8:1:1::1")?), 4);
    assert_eq!(posts(&site, &who(&site, "2001:db8:1:2::1")?), 0);
    assert_eq!(posts(&site, &who(&site, "2001:db8:1:100::1")?), 4);
    assert_eq!(posts(&site, &who(&site, "2001:db8:1:200::1")?), 0);
    assert_eq!(posts(&site, &who(&site, "2001:db8:2::1")?), 4);
    Ok(())
}

#[tokio::test]
async fn an_ipv4_address_written_as_ipv6_is_the_same_asker() -> Result<()> {
    let site = TestSite::with(small).await?;
    assert_eq!(posts(&site, &who(&site, "192.0.2.1")?), 4);
    assert_eq!(posts(&site, &who(&site, "::ffff:192.0.2.1")?), 0);
    Ok(())
}

#[tokio::test]
async fn who_waits_as_long_as_they_were_told_is_let_in_and_not_before() -> Result<()> {
    let site = TestSite::with(small).await?;
    posts(&site, &who(&site, "192.0.2.1")?);
    let Err(over) = site.site.spend(&who(&site, "192.0.2.1")?, Budget::Post, 1) else { anyhow::bail!("nothing is left") };
    assert_eq!(over, OverBudget { budget: Budget::Post, wait_ms: 15 * MINUTE_MS });
    site.site.clock.advance_ms(over.wait_ms - 1);
    assert_eq!(posts(&site, &who(&site, "192.0.2.1")?), 0);
    site.site.clock.advance_ms(1);
    assert_eq!(posts(&site, &who(&site, "192.0.2.1")?), 1);
    Ok(())
}

#[tokio::test]
async fn keys_turn_without_a_gap_and_each_is_gone_within_two_days() -> Result<()> {
    let site = TestSite::with(small).await?;
    let old = who(&site, "192.0.2.1")?;
    site.site.spend(&old, Budget::Byte, 1_000)?;
    // A new key has come; what was spent in the last day still counts.
    for _ in 0..24 {
        site.site.clock.advance_ms(HOUR_MS);
        site.site.turn_keys();
    }
    let now = who(&site, "192.0.2.1")?;
    site.site.spend(&now, Budget::Byte, 1_000)?;
    assert!(site.site.spend(&now, Budget::Byte, 500).is_err());
    site.site.clock.advance_ms(23 * HOUR_MS + 30 * MINUTE_MS);
    assert!(site.site.spend(&who(&site, "192.0.2.1")?, Budget::Byte, 1_000).is_err(), "the second key knows it as well");
    // The first key is destroyed: a pseudonym of it means nobody any more, so whatever it is charged with counts for nothing.
    for _ in 0..100 {
        site.site.spend(&old, Budget::Post, 4)?;
    }
    assert_eq!(posts(&site, &who(&site, "192.0.2.1")?), 4);
    Ok(())
}

#[tokio::test]
async fn a_key_that_nobody_looked_at_for_a_week_is_gone_with_all_it_counted() -> Result<()> {
    let site = TestSite::with(small).await?;
    site.site.owe(&who(&site, "192.0.2.1")?, Budget::Byte, u64::MAX);
    assert!(site.site.spend(&who(&site, "192.0.2.1")?, Budget::Byte, 1).is_err());
    site.site.clock.advance_ms(7 * 24 * HOUR_MS);
    site.site.spend(&who(&site, "192.0.2.1")?, Budget::Byte, 1_000)?;
    Ok(())
}

#[tokio::test]
async fn guesses_are_counted_by_asker_and_by_post_and_right_ones_cost_nothing() -> Result<()> {
    let site = TestSite::with(small).await?;
    let (one, other) = (site.site.chance.post_id(), site.site.chance.post_id());
    let guesser = who(&site, "192.0.2.1")?;
    for _ in 0..50 {
        let guess = site.site.guess_password(&guesser, &one)?;
        site.site.was_right(guess);
    }
    for _ in 0..3 {
        drop(site.site.guess_password(&guesser, &one)?);
    }
    let refused = |who: &Who, post| site.site.guess_password(who, post).err().map(|over| over.budget);
    assert_eq!(refused(&guesser, &other), Some(Budget::Guess), "another post is no way out");
    // Two more from elsewhere, and this post takes no more guesses from anybody; others do.
    for address in ["198.51.100.1", "203.0.113.1"] {
        drop(site.site.guess_password(&who(&site, address)?, &one)?);
    }
    let stranger = who(&site, "2001:db8::1")?;
    assert_eq!(refused(&stranger, &one), Some(Budget::GuessOfPost));
    assert_eq!(refused(&stranger, &other), None);
    Ok(())
}

#[tokio::test]
async fn uploads_under_way_come_back_when_they_end() -> Result<()> {
    let site = TestSite::with(small).await?;
    let who = who(&site, "192.0.2.1")?;
    site.site.open_upload(&who, "a")?;
    site.site.open_upload(&who, "b")?;
    assert!(site.site.open_upload(&who, "c").is_err_and(|over| over.budget == Budget::OpenUpload));
    site.site.close_upload("a");
    site.site.close_upload("a");
    site.site.close_upload("never opened");
    site.site.open_upload(&who, "c")?;
    assert!(site.site.open_upload(&who, "d").is_err());
    Ok(())
}

#[tokio::test]
async fn what_is_refused_costs_nothing() -> Result<()> {
    let site = TestSite::with(small).await?;
    let who = who(&site, "192.0.2.1")?;
    site.site.spend(&who, Budget::Byte, 600)?;
    for _ in 0..100 {
        assert!(site.site.spend(&who, Budget::Byte, 600).is_err());
    }
    site.site.spend(&who, Budget::Byte, 400)?;
    Ok(())
}

#[tokio::test]
async fn naught_is_no_limit() -> Result<()> {
    let site = TestSite::with(|parts| parts.fair_use = FairUse::unlimited()).await?;
    assert_eq!(posts(&site, &who(&site, "192.0.2.1")?), 100);
    for number in 0..2_000 {
        site.site.open_upload(&who(&site, "192.0.2.1")?, &number.to_string())?;
    }
    Ok(())
}

#[tokio::test]
async fn the_whole_gate_takes_a_fraction_of_what_an_upload_may_wait_for_it() -> Result<()> {
    let site = TestSite::with(|parts| parts.fair_use = FairUse { posts_per_hour: 1_000_000, ..FairUse::default() }).await?;
    // The tables as full as they get.
    for number in 0..60_000_u32 {
        let who = site.site.know(IpAddr::from(number.wrapping_mul(2_654_435_761).to_be_bytes()));
        site.site.pay_for_post(&who, app::Offer::Nothing).await?.made();
    }
    let address = IpAddr::from([192, 0, 2, 1]);
    let (times, begun) = (5_000_u32, std::time::Instant::now());
    for _ in 0..times {
        let who = site.site.know(address);
        site.site.may_post()?;
        let paid = site.site.pay_for_post(&who, app::Offer::Nothing).await?;
        site.site.spend(&who, Budget::Byte, 1_000)?;
        std::hint::black_box(paid.lane());
        paid.made();
    }
    let each = begun.elapsed() / times;
    println!("the whole gate of an upload: {each:?}");
    assert!(each < std::time::Duration::from_micros(200), "{each:?}");
    Ok(())
}
