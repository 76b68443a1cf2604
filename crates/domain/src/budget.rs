//! Fair use: how much one asker may do before others would suffer for it, and the arithmetic of waiting.
//!
//! A budget is counted by the generic cell rate algorithm: all that is remembered of an asker is the moment at which everything
//! that was spent will have been earned again. The whole budget may be spent at once; then it comes back evenly.

use serde::{Deserialize, Serialize};

use crate::media::names;
use crate::network::Reach;
use crate::time::{DAY_MS, HOUR_MS, Time};

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Budget {
    /// Posts.
    Post,
    /// Resumable uploads that are begun.
    Upload,
    /// Resumable uploads that are under way at the same time. Not a rate: one comes back when one ends.
    OpenUpload,
    /// Bytes that are sent.
    Byte,
    /// Guesses of a post's password.
    Guess,
    /// Guesses of the password of one post, by everybody together.
    GuessOfPost,
    /// Guesses of manage links and of receipts.
    ManageGuess,
    /// Sign-ins to the console that fail, and guesses of links that enrol somebody.
    SignIn,
    /// Notices.
    Notice,
    /// Appeals.
    Appeal,
}
names!(Budget {
    Post = "post",
    Upload = "upload",
    OpenUpload = "open_upload",
    Byte = "byte",
    Guess = "guess",
    GuessOfPost = "guess_of_post",
    ManageGuess = "manage_guess",
    SignIn = "sign_in",
    Notice = "notice",
    Appeal = "appeal",
});

impl Budget {
    /// Whether more than one's share of it may be had: for a proof of work, or by patience.
    #[must_use]
    pub const fn may_be_paid_for(self) -> bool {
        matches!(self, Self::Post | Self::Upload | Self::Notice | Self::Appeal)
    }
}

/// By how many times budgets for posts and uploads shrink in slow mode.
const SLOWED: u64 = 10;
/// How many times as much as their share anybody may have for proofs of work.
const FOR_PROOFS: u64 = 4;

/// What the operator gives. Every number is what one home may have (an IPv6 /64), 0 is no limit, and a wider prefix has some
/// times as much.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FairUse {
    /// Posts an hour.
    pub posts_per_hour: u64,
    /// Resumable uploads begun an hour.
    pub uploads_per_hour: u64,
    /// Resumable uploads under way at the same time.
    pub uploads_open: u64,
    /// Bytes sent a day.
    pub bytes_per_day: u64,
    /// Wrong passwords an hour.
    pub guesses_per_hour: u64,
    /// Wrong passwords an hour for one post, by everybody together.
    pub guesses_per_hour_and_post: u64,
    /// Wrong manage links an hour.
    pub manage_guesses_per_hour: u64,
    /// Sign-ins to the console an hour that fail.
    pub sign_ins_per_hour: u64,
    /// Notices an hour.
    pub notices_per_hour: u64,
    /// Appeals an hour.
    pub appeals_per_hour: u64,
    /// How many times as much an IPv4 address may have: a telephone company puts hundreds of people behind one.
    pub times_ipv4_address: u64,
    /// How many times as much 256 neighbouring IPv4 addresses may have together.
    pub times_ipv4_24: u64,
    /// How many times as much all addresses of an IPv4 /16 may have together before they are slowed.
    pub times_ipv4_16: u64,
    /// How many times as much an IPv6 /56 may have.
    pub times_ipv6_56: u64,
    /// How many times as much an IPv6 /48 may have.
    pub times_ipv6_48: u64,
    /// How many times as much all of an IPv6 /32 may have before it is slowed.
    pub times_ipv6_32: u64,
    /// Minutes until a post of the slow lane is public.
    pub slow_lane_minutes: u64,
    /// Hours until the links in posts of newcomers are links.
    pub newcomers_links_hours: u64,
    /// A file of the addresses that Tor is left by, one a line. Empty: none is known.
    pub tor_exits: String,
}

impl Default for FairUse {
    fn default() -> Self {
        Self {
            // A post a minute is more than a person makes, and an album of forty is not.
            posts_per_hour: 60,
            uploads_per_hour: 600,
            // Two full posts.
            uploads_open: 100,
            // Four of the largest files, or an evening of a wedding's films.
            bytes_per_day: 16 << 30,
            guesses_per_hour: 20,
            guesses_per_hour_and_post: 300,
            manage_guesses_per_hour: 60,
            sign_ins_per_hour: 20,
            // Whoever finds a wall of them reports for an evening.
            notices_per_hour: 60,
            // A poster has a few posts on which anybody decided.
            appeals_per_hour: 20,
            times_ipv4_address: 5,
            times_ipv4_24: 20,
            times_ipv4_16: 100,
            times_ipv6_56: 2,
            times_ipv6_48: 8,
            times_ipv6_32: 100,
            // Long enough for banks to learn of a wave, and for whoever makes one to lose patience.
            slow_lane_minutes: 15,
            newcomers_links_hours: 24,
            tor_exits: String::new(),
        }
    }
}

impl FairUse {
    /// No limit on anything.
    #[must_use]
    pub fn unlimited() -> Self {
        Self {
            posts_per_hour: 0,
            uploads_per_hour: 0,
            uploads_open: 0,
            bytes_per_day: 0,
            guesses_per_hour: 0,
            guesses_per_hour_and_post: 0,
            manage_guesses_per_hour: 0,
            sign_ins_per_hour: 0,
            notices_per_hour: 0,
            appeals_per_hour: 0,
            ..Self::default()
        }
    }

    /// The same in slow mode: a tenth of what may be posted and uploaded, and not less than one.
    #[must_use]
    pub fn slowed(&self) -> Self {
        let tenth = |units: u64| if units == 0 { 0 } else { (units / SLOWED).max(1) };
        Self { posts_per_hour: tenth(self.posts_per_hour), uploads_per_hour: tenth(self.uploads_per_hour), ..self.clone() }
    }

    /// How much of it one prefix may have; `None`: any amount. What is of no prefix (a post's guesses) has `reach` `None`.
    #[must_use]
    pub fn rate(&self, budget: Budget, reach: Option<Reach>) -> Option<Rate> {
        let (units, per_ms) = match budget {
            Budget::Post => (self.posts_per_hour, HOUR_MS),
            Budget::Upload => (self.uploads_per_hour, HOUR_MS),
            Budget::OpenUpload => (self.uploads_open, HOUR_MS),
            Budget::Byte => (self.bytes_per_day, DAY_MS),
            Budget::Guess => (self.guesses_per_hour, HOUR_MS),
            Budget::GuessOfPost => (self.guesses_per_hour_and_post, HOUR_MS),
            Budget::ManageGuess => (self.manage_guesses_per_hour, HOUR_MS),
            Budget::SignIn => (self.sign_ins_per_hour, HOUR_MS),
            Budget::Notice => (self.notices_per_hour, HOUR_MS),
            Budget::Appeal => (self.appeals_per_hour, HOUR_MS),
        };
        // What is refused beyond its budget is not counted where so many people are together.
        if reach.is_some_and(Reach::is_wide) && !budget.may_be_paid_for() {
            return None;
        }
        let times = match reach {
            None | Some(Reach::Ipv6Network) => 1,
            Some(Reach::Ipv4Address) => self.times_ipv4_address,
            Some(Reach::Ipv4Block) => self.times_ipv4_24,
            Some(Reach::Ipv4Provider) => self.times_ipv4_16,
            Some(Reach::Ipv6Home) => self.times_ipv6_56,
            Some(Reach::Ipv6Site) => self.times_ipv6_48,
            Some(Reach::Ipv6Provider) => self.times_ipv6_32,
        };
        (units > 0).then(|| Rate { units: units.saturating_mul(times.max(1)), per_ms })
    }

    /// How much may be had for proofs beside it.
    #[must_use]
    pub fn rate_for_proofs(&self, budget: Budget, reach: Option<Reach>) -> Option<Rate> {
        self.rate(budget, reach).map(|rate| Rate { units: rate.units.saturating_mul(FOR_PROOFS), ..rate })
    }
}

/// So much in so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How much; never 0.
    pub units: u64,
    /// In how long.
    pub per_ms: i64,
}

/// The moment at which all that was spent will have been earned again, in microseconds: the time that one byte is worth is shorter
/// than a millisecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct EarnedUs(i64);

const US: i64 = 1_000;
/// Nobody is ever further behind than so many whole budgets: the one that may be spent at once, and one that is owed.
const MOST_OWED: i64 = 2;

impl Rate {
    /// Spends `units` now, or tells for how many milliseconds to wait first. What is more than the whole budget costs all of it:
    /// it may still be had, by who has spent nothing.
    pub fn spend(self, earned: EarnedUs, now: Time, units: u64) -> Result<EarnedUs, i64> {
        self.spend_of(1, earned, now, units)
    }

    /// The same for who may owe one whole budget, because they are patient.
    pub fn spend_slowly(self, earned: EarnedUs, now: Time, units: u64) -> Result<EarnedUs, i64> {
        self.spend_of(MOST_OWED, earned, now, units)
    }

    fn spend_of(self, wholes: i64, earned: EarnedUs, now: Time, units: u64) -> Result<EarnedUs, i64> {
        let (now, whole) = (now.0.saturating_mul(US), self.whole());
        let after = self.known(earned, now).saturating_add(self.worth(units).min(whole));
        let over = after.saturating_sub(now).saturating_sub(whole.saturating_mul(wholes));
        if over > 0 { Err(over.saturating_add(US - 1) / US) } else { Ok(EarnedUs(after)) }
    }

    /// Spends what was already taken, however little was left; but nobody owes more than one whole budget.
    #[must_use]
    pub fn owe(self, earned: EarnedUs, now: Time, units: u64) -> EarnedUs {
        let now = now.0.saturating_mul(US);
        EarnedUs(self.known(earned, now).saturating_add(self.worth(units)).min(now.saturating_add(self.whole().saturating_mul(MOST_OWED))))
    }

    /// Gives back what was not needed after all.
    #[must_use]
    pub fn give_back(self, earned: EarnedUs, units: u64) -> EarnedUs {
        EarnedUs(earned.0.saturating_sub(self.worth(units).min(self.whole())))
    }

    /// How much of it was spent and has not been earned again, in percent; over 100 where more is owed.
    #[must_use]
    pub fn spent_percent(self, earned: EarnedUs, now: Time) -> u64 {
        u64::try_from(i128::from(self.spent_us(earned, now)) * 100 / i128::from(self.whole().max(1))).unwrap_or_default()
    }

    /// How much of it is spent, from 0 to 1.
    #[must_use]
    pub fn fill(self, earned: EarnedUs, now: Time) -> f64 {
        // Both are far below 2^53.
        (self.spent_us(earned, now) as f64 / self.whole().max(1) as f64).clamp(0.0, 1.0)
    }

    /// What was spent and has not been earned again, as the time that earning it takes.
    fn spent_us(self, earned: EarnedUs, now: Time) -> i64 {
        let now = now.0.saturating_mul(US);
        self.known(earned, now).saturating_sub(now)
    }

    /// Time before now is worth nothing, and a clock that was set back must not make anybody wait for it to come round.
    fn known(self, earned: EarnedUs, now: i64) -> i64 {
        earned.0.clamp(now, now.saturating_add(self.whole().saturating_mul(MOST_OWED)))
    }

    fn whole(self) -> i64 {
        self.per_ms.saturating_mul(US)
    }

    /// Rounded up: nothing is free.
    fn worth(self, units: u64) -> i64 {
        let worth = (i128::from(units) * i128::from(self.whole())).div_euclid(i128::from(self.units.max(1)));
        let worth = worth + i128::from(worth * i128::from(self.units) < i128::from(units) * i128::from(self.whole()));
        i64::try_from(worth).unwrap_or(i64::MAX)
    }
}

impl EarnedUs {
    /// Of who has spent nothing.
    pub const NOTHING: Self = Self(0);

    /// Whether all of it has been earned again, so that nothing need be remembered.
    #[must_use]
    pub fn is_past(self, now: Time) -> bool {
        self.0 <= now.0.saturating_mul(US)
    }
}

/// There is nothing left of a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("over budget for another {wait_ms} ms")]
pub struct OverBudget {
    /// Of which.
    pub budget: Budget,
    /// When it may be tried again.
    pub wait_ms: i64,
}

impl OverBudget {
    /// The wait in whole seconds, rounded up: whoever waits as long as they were told is let in.
    #[must_use]
    pub fn seconds(&self) -> i64 {
        self.wait_ms.max(1).saturating_add(999) / 1_000
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIX_A_MINUTE: Rate = Rate { units: 6, per_ms: 60_000 };
    const NEVER: EarnedUs = EarnedUs(0);

    #[test]
    fn a_whole_budget_may_be_spent_at_once_and_comes_back_evenly() {
        let mut now = Time(1_000_000_000);
        let mut earned = NEVER;
        for _ in 0..6 {
            earned = SIX_A_MINUTE.spend(earned, now, 1).expect("there is some left");
        }
        assert_eq!(SIX_A_MINUTE.spend(earned, now, 1), Err(10_000));
        assert_eq!(SIX_A_MINUTE.spend(earned, now, 2), Err(20_000));
        now = now.plus_ms(9_999);
        assert_eq!(SIX_A_MINUTE.spend(earned, now, 1), Err(1));
        now = now.plus_ms(1);
        earned = SIX_A_MINUTE.spend(earned, now, 1).expect("it came back");
        assert_eq!(SIX_A_MINUTE.spend(earned, now, 1), Err(10_000));
        now = now.plus_ms(60_000);
        assert!(earned.is_past(now) && SIX_A_MINUTE.spend(earned, now, 6).is_ok());
    }

    #[test]
    fn what_is_larger_than_the_budget_may_be_had_by_who_has_spent_nothing() {
        let now = Time(5);
        let earned = SIX_A_MINUTE.spend(NEVER, now, u64::MAX).expect("nothing was spent before");
        assert_eq!(SIX_A_MINUTE.spend(earned, now, u64::MAX), Err(60_000));
    }

    #[test]
    fn what_was_taken_already_is_owed_but_not_for_ever() {
        let now = Time(1_000_000_000);
        let earned = SIX_A_MINUTE.owe(SIX_A_MINUTE.owe(NEVER, now, 6), now, 3);
        assert_eq!(SIX_A_MINUTE.spend(earned, now, 1), Err(40_000));
        let earned = SIX_A_MINUTE.owe(earned, now, 1_000_000);
        assert_eq!(SIX_A_MINUTE.spend(earned, now, 1), Err(70_000));
    }

    #[test]
    fn who_is_patient_may_owe_one_whole_budget_and_no_more() {
        let now = Time(1_000_000_000);
        let mut earned = SIX_A_MINUTE.spend(NEVER, now, 6).expect("there is some");
        assert!((SIX_A_MINUTE.fill(NEVER, now), SIX_A_MINUTE.fill(earned, now)) == (0.0, 1.0));
        for _ in 0..6 {
            earned = SIX_A_MINUTE.spend_slowly(earned, now, 1).expect("it is owed");
        }
        assert_eq!(SIX_A_MINUTE.spend_slowly(earned, now, 1), Err(10_000));
        assert_eq!(SIX_A_MINUTE.spend(earned, now, 1), Err(70_000));
        assert!(SIX_A_MINUTE.spend_slowly(earned, now.plus_ms(10_000), 1).is_ok());
    }

    #[test]
    fn what_was_given_back_may_be_spent_again_and_is_no_present() {
        let now = Time(1_000_000_000);
        let mut earned = SIX_A_MINUTE.spend(NEVER, now, 6).expect("there is some");
        earned = SIX_A_MINUTE.give_back(earned, 2);
        earned = SIX_A_MINUTE.spend(earned, now, 2).expect("it was given back");
        assert!(SIX_A_MINUTE.spend(earned, now, 1).is_err());
        earned = SIX_A_MINUTE.give_back(earned, 1_000);
        assert!(SIX_A_MINUTE.spend(earned, now, 7).is_ok_and(|earned| SIX_A_MINUTE.spend(earned, now, 1).is_err()));
    }

    #[test]
    fn a_clock_that_was_set_back_holds_nobody_up_for_longer_than_the_most_that_can_be_owed() {
        let earned = SIX_A_MINUTE.spend(NEVER, Time(9_000_000_000), 6).expect("there is some");
        assert_eq!(SIX_A_MINUTE.spend(earned, Time(1_000_000_000), 1), Err(70_000));
    }

    #[test]
    fn single_bytes_are_not_free() {
        let rate = FairUse::default().rate(Budget::Byte, Some(Reach::Ipv6Site)).expect("there is a limit");
        let earned = rate.spend(NEVER, Time(1), 1).expect("there is some");
        assert!(!earned.is_past(Time(1)));
    }

    #[test]
    fn wider_prefixes_have_more_and_naught_is_no_limit() {
        let fair_use = FairUse::default();
        let units = |reach| fair_use.rate(Budget::Post, Some(reach)).map_or(0, |rate| rate.units);
        assert!(units(Reach::Ipv4Block) < units(Reach::Ipv4Provider) && units(Reach::Ipv6Site) < units(Reach::Ipv6Provider));
        assert!(units(Reach::Ipv6Network) < units(Reach::Ipv6Home) && units(Reach::Ipv6Home) < units(Reach::Ipv6Site));
        assert!(units(Reach::Ipv6Network) < units(Reach::Ipv4Address) && units(Reach::Ipv4Address) < units(Reach::Ipv4Block));
        for budget in Budget::ALL {
            let counted = fair_use.rate(*budget, Some(Reach::Ipv4Provider)).is_some();
            assert_eq!(counted, budget.may_be_paid_for(), "a town is never refused: {budget:?}");
            assert_eq!(FairUse::unlimited().rate(*budget, Some(Reach::Ipv4Address)), None, "{budget:?}");
        }
    }

    #[test]
    fn slow_mode_leaves_a_tenth_of_what_may_be_posted_and_never_nothing() {
        let slowed = FairUse { uploads_per_hour: 3, ..FairUse::default() }.slowed();
        assert_eq!((slowed.posts_per_hour, slowed.uploads_per_hour, slowed.notices_per_hour), (6, 1, 60));
        assert_eq!(FairUse::unlimited().slowed(), FairUse::unlimited());
    }

    #[test]
    fn a_wait_is_told_in_seconds_that_are_long_enough() {
        for (wait_ms, seconds) in [(0, 1), (1, 1), (1_000, 1), (1_001, 2)] {
            assert_eq!(OverBudget { budget: Budget::Post, wait_ms }.seconds(), seconds);
        }
    }
}
