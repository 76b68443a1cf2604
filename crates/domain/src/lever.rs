//! Levers: what an operator pulls on a bad day, and what the site pulls by itself when nobody is at home. Each has an end.

use serde::{Deserialize, Serialize};

use crate::media::names;
use crate::time::{DAY_MS, HOUR_MS, MINUTE_MS, Time};

/// The longest that an operator's lever may stay pulled: what lasts longer is no bad day, and is for the configuration.
pub const LONGEST_MS: i64 = 30 * DAY_MS;
/// When who was refused by a lever without an end may try again.
const AGAIN_MS: i64 = 15 * MINUTE_MS;

/// Reads a length of time: `90m`, `6h` or `3d`.
#[must_use]
pub fn length(text: &str) -> Option<i64> {
    let text = text.trim();
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let unit_ms = match unit {
        "m" => MINUTE_MS,
        "h" => HOUR_MS,
        "d" => DAY_MS,
        _ => return None,
    };
    number.parse::<u32>().ok().and_then(|number| i64::from(number).checked_mul(unit_ms))
}

/// What can be pulled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lever {
    /// Budgets for posts and uploads shrink, and what is new becomes public only after a while.
    SlowMode,
    /// Whatever is new waits until somebody has looked at it.
    HoldUploads,
    /// The same for what comes from networks that have not posted before.
    HoldFresh,
    /// No new videos are taken.
    NoVideos,
    /// Links in posts are plain words.
    NoLinks,
    /// Nothing new is taken but notices, appeals and orders.
    ReadOnly,
}
names!(Lever {
    SlowMode = "slow_mode",
    HoldUploads = "hold_uploads",
    HoldFresh = "hold_fresh",
    NoVideos = "no_videos",
    NoLinks = "no_links",
    ReadOnly = "read_only",
});

/// Who has pulled one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A person.
    Operator,
    /// The site itself, because nobody was there; it lets go when somebody is.
    NobodyAtHome,
}
names!(Source { Operator = "operator", NobodyAtHome = "nobody_at_home" });

/// A lever that is pulled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pulled {
    /// Which.
    pub lever: Lever,
    /// By whom.
    pub source: Source,
    /// Since when.
    pub since: Time,
    /// Until when; `None`: until whoever pulled it lets go.
    pub until: Option<Time>,
}

/// Why a lever is not pulled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LeverError {
    /// Its end is over already.
    #[error("its end is over already")]
    Past,
    /// Its end is too far away.
    #[error("its end is more than 30 days away")]
    TooLong,
    /// A person pulls it for a time.
    #[error("it has no end")]
    Endless,
}

impl Pulled {
    /// One that is pulled at `since`. Only the site's own may be without an end.
    pub fn new(lever: Lever, source: Source, since: Time, until: Option<Time>) -> Result<Self, LeverError> {
        match until {
            None if source == Source::Operator => Err(LeverError::Endless),
            Some(until) if until <= since => Err(LeverError::Past),
            Some(until) if until.since_ms(since) > LONGEST_MS => Err(LeverError::TooLong),
            until => Ok(Self { lever, source, since, until }),
        }
    }

    /// Whether it is still pulled.
    #[must_use]
    pub fn lasts(&self, now: Time) -> bool {
        self.until.is_none_or(|until| now < until)
    }

    /// In how many milliseconds who is refused because of it may try again.
    #[must_use]
    pub fn wait_ms(&self, now: Time) -> i64 {
        self.until.map_or(AGAIN_MS, |until| until.since_ms(now)).max(1)
    }
}

/// All that are pulled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Levers(Vec<Pulled>);

impl Levers {
    /// Those that are pulled, by each who has.
    #[must_use]
    pub fn new(mut pulled: Vec<Pulled>) -> Self {
        pulled.sort_by_key(|one| (one.lever, one.source));
        Self(pulled)
    }

    /// Those that are still pulled at `now`.
    pub fn at(&self, now: Time) -> impl Iterator<Item = &Pulled> {
        self.0.iter().filter(move |one| one.lasts(now))
    }

    /// This one, if anybody has pulled it; where two have, the one that lasts longer.
    #[must_use]
    pub fn pulled(&self, lever: Lever, now: Time) -> Option<Pulled> {
        self.at(now).filter(|one| one.lever == lever).max_by_key(|one| one.until.map_or(i64::MAX, |until| until.0)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time(1_000_000);

    #[test]
    fn a_person_s_lever_always_has_an_end_that_is_neither_past_nor_far_away() {
        let pulled = |source, until: Option<i64>| Pulled::new(Lever::ReadOnly, source, NOW, until.map(|ms| NOW.plus_ms(ms))).err();
        assert_eq!(pulled(Source::Operator, None), Some(LeverError::Endless));
        assert_eq!(pulled(Source::NobodyAtHome, None), None);
        for source in Source::ALL.iter().copied() {
            assert_eq!(pulled(source, Some(0)), Some(LeverError::Past));
            assert_eq!(pulled(source, Some(1)), None);
            assert_eq!(pulled(source, Some(LONGEST_MS)), None);
            assert_eq!(pulled(source, Some(LONGEST_MS + 1)), Some(LeverError::TooLong));
        }
    }

    #[test]
    fn a_length_of_time_is_a_number_and_a_unit() {
        for (text, ms) in [("90m", Some(90 * MINUTE_MS)), ("6h", Some(6 * HOUR_MS)), (" 3d ", Some(3 * DAY_MS)), ("0d", Some(0))] {
            assert_eq!(length(text), ms, "{text}");
        }
        for text in ["", "h", "6", "6w", "-1h", "1.5h", "6 h", "٣h", "99999999999h"] {
            assert_eq!(length(text), None, "{text}");
        }
    }

    #[test]
    fn a_lever_ends_by_itself_and_the_one_that_lasts_longer_counts() {
        let pulled = |source, until: Option<i64>| Pulled { lever: Lever::NoLinks, source, since: NOW, until: until.map(Time) };
        let levers = Levers::new(vec![pulled(Source::NobodyAtHome, None), pulled(Source::Operator, Some(2_000_000))]);
        assert_eq!(levers.pulled(Lever::NoLinks, NOW).map(|one| one.source), Some(Source::NobodyAtHome));
        assert_eq!(levers.pulled(Lever::NoVideos, NOW), None);
        assert_eq!(levers.at(Time(2_000_000)).count(), 1);
        let levers = Levers::new(vec![pulled(Source::Operator, Some(2_000_000))]);
        assert!(levers.pulled(Lever::NoLinks, Time(1_999_999)).is_some_and(|one| one.wait_ms(Time(1_999_999)) == 1));
        assert_eq!(levers.pulled(Lever::NoLinks, Time(2_000_000)), None);
    }
}
