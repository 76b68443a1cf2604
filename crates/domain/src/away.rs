//! Nobody is at home: when a site falls back to what its operator chose beforehand, and when it comes back.

use crate::media::names;
use crate::time::Time;
use crate::watch::calm;

/// Why a site has fallen back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    /// No operator was seen for too long.
    Unseen,
    /// More waits than can be decided.
    Queue,
}
names!(Why { Unseen = "unseen", Queue = "queue" });

/// What a site knows of whoever runs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Home {
    /// When an operator was seen last.
    pub seen: Time,
    /// Since when nobody is at home, and why.
    pub away: Option<(Time, Why)>,
    /// The operator has taken it back although the queue is too long; that counts no more until it has been short again.
    pub waived: bool,
}

/// When a site falls back. 0 is never.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AwayRules {
    /// When no operator was seen for as long, in milliseconds.
    pub after_ms: i64,
    /// When more cases than this are open.
    pub queue_over: u64,
}

impl AwayRules {
    /// Whether a site ever falls back.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.after_ms > 0 || self.queue_over > 0
    }

    /// How it is now, with so many open cases.
    ///
    /// A clock that was set back must neither begin nor hold it: who was seen in the future was seen now.
    #[must_use]
    pub fn now(&self, home: Home, open: u64, now: Time) -> Home {
        let seen = home.seen.min(now);
        let unseen = self.after_ms > 0 && now.since_ms(seen) >= self.after_ms;
        let by_queue = matches!(home.away, Some((_, Why::Queue)));
        let limit = if by_queue || home.waived { calm(self.queue_over) } else { self.queue_over };
        let long = self.queue_over > 0 && open > limit;
        let why = match (unseen, long && !home.waived) {
            // What began it is why, for as long as that lasts.
            (_, true) if by_queue => Some(Why::Queue),
            (true, _) => Some(Why::Unseen),
            (false, true) => Some(Why::Queue),
            (false, false) => None,
        };
        let since = home.away.map_or(now, |(since, _)| since.min(now));
        Home { seen, away: why.map(|why| (since, why)), waived: home.waived && long }
    }

    /// When it would begin if nothing changed: nobody is seen from now on, and the queue stays as it is. `None`: never, by that alone.
    #[must_use]
    pub fn begins(&self, home: Home, open: u64, now: Time) -> Option<Time> {
        if self.queue_over > 0 && open > self.queue_over && !home.waived {
            return Some(now);
        }
        (self.after_ms > 0).then(|| home.seen.min(now).plus_ms(self.after_ms).max(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::HOUR_MS;

    const RULES: AwayRules = AwayRules { after_ms: 12 * HOUR_MS, queue_over: 100 };

    fn at(hours: i64) -> Time {
        Time(hours * HOUR_MS)
    }

    fn home() -> Home {
        Home { seen: at(0), away: None, waived: false }
    }

    #[test]
    fn a_night_without_the_operator_falls_back_and_their_first_look_brings_it_back() {
        assert_eq!(RULES.now(home(), 0, at(11)).away, None);
        let away = RULES.now(home(), 0, at(12));
        assert_eq!(away.away, Some((at(12), Why::Unseen)));
        assert_eq!(RULES.now(away, 0, at(20)).away, Some((at(12), Why::Unseen)), "it goes on from when it began");
        assert_eq!(RULES.now(Home { seen: at(20), ..away }, 0, at(20)).away, None);
    }

    #[test]
    fn a_queue_over_its_limit_falls_back_until_it_is_well_below() {
        assert_eq!(RULES.now(home(), 100, at(1)).away, None);
        let away = RULES.now(home(), 101, at(1));
        assert_eq!(away.away, Some((at(1), Why::Queue)));
        assert!(RULES.now(away, 76, at(2)).away.is_some());
        assert_eq!(RULES.now(away, 75, at(2)).away, None);
    }

    #[test]
    fn an_operator_who_comes_back_to_a_long_queue_is_told_that_it_is_the_queue() {
        let away = RULES.now(home(), 0, at(12));
        let seen = RULES.now(Home { seen: at(13), ..away }, 500, at(13));
        assert_eq!(seen.away, Some((at(12), Why::Queue)));
    }

    #[test]
    fn what_the_operator_takes_back_stays_so_until_the_queue_was_short() {
        let waived = Home { seen: at(1), away: None, waived: true };
        let now = RULES.now(waived, 500, at(2));
        assert_eq!((now.away, now.waived), (None, true));
        let short = RULES.now(now, 75, at(3));
        assert!(!short.waived);
        assert_eq!(RULES.now(short, 101, at(4)).away, Some((at(4), Why::Queue)));
        // It says nothing of a night.
        assert_eq!(RULES.now(waived, 500, at(14)).away, Some((at(14), Why::Unseen)));
    }

    #[test]
    fn a_clock_that_was_set_back_neither_begins_nor_holds_it() {
        let future = Home { seen: at(1_000), away: None, waived: false };
        let now = RULES.now(future, 0, at(1));
        assert_eq!((now.seen, now.away), (at(1), None));
        assert!(RULES.now(now, 0, at(13)).away.is_some(), "and it is counted from there");
        let away = Home { seen: at(1_000), away: Some((at(1_012), Why::Unseen)), waived: false };
        assert_eq!(RULES.now(away, 0, at(1)).away, None);
        let by_queue = Home { seen: at(0), away: Some((at(1_012), Why::Queue)), waived: false };
        assert_eq!(RULES.now(by_queue, 500, at(1)).away, Some((at(1), Why::Queue)), "it began no later than now");
    }

    #[test]
    fn without_rules_nobody_is_ever_away() {
        let none = AwayRules::default();
        assert!(!none.is_set());
        assert_eq!(none.now(home(), u64::MAX, at(100_000)).away, None);
        assert_eq!(none.begins(home(), u64::MAX, at(1)), None);
    }

    #[test]
    fn a_rehearsal_says_when_it_would_begin() {
        assert_eq!(RULES.begins(home(), 0, at(3)), Some(at(12)));
        assert_eq!(RULES.begins(home(), 0, at(30)), Some(at(30)));
        assert_eq!(RULES.begins(home(), 101, at(3)), Some(at(3)));
        assert_eq!(RULES.begins(Home { waived: true, ..home() }, 101, at(3)), Some(at(12)));
    }
}
