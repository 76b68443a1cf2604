//! Looks: how often somebody who decides had to see what they decide on, and what spares them to.
//!
//! Filters have a contested effect on whoever looks; what certainly helps is not to look at all, and not twice. So what is counted is looks that were
//! taken and looks that were spared, and what somebody saw or decided is not shown to them again unless they ask for it.

use serde::{Deserialize, Serialize};

use crate::media::names;
use crate::time::{DAY_MS, MINUTE_MS, Time};

/// What is looked at again within this time is the same look.
pub const SITTING_MS: i64 = 30 * MINUTE_MS;
/// The most looks a day that an operator can allow.
pub const MOST_A_DAY: i64 = 10_000;

/// How somebody knows something already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Known {
    /// They looked at it.
    Seen,
    /// They decided on it.
    Decided,
}
names!(Known { Seen = "seen", Decided = "decided" });

/// The day that a look is counted in: days since 1970, in UTC.
#[must_use]
pub fn day(now: Time) -> i64 {
    now.0.div_euclid(DAY_MS)
}

/// What somebody did in a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Media that they looked at.
    pub looks: i64,
    /// Media that they decided on without looking.
    pub saved: i64,
    /// Cases that they decided.
    pub decided: i64,
}

/// How many looks are left of a budget; `None`: as many as they like.
#[must_use]
pub fn left(budget: Option<i64>, looks: i64) -> Option<i64> {
    budget.map(|budget| (budget - looks).max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_also_before_1970() {
        assert_eq!([day(Time(-1)), day(Time(0)), day(Time(DAY_MS - 1)), day(Time(DAY_MS))], [-1, 0, 0, 1]);
    }

    #[test]
    fn a_budget_never_goes_below_nothing() {
        assert_eq!([left(None, 9), left(Some(9), 4), left(Some(3), 9)], [None, Some(5), Some(0)]);
    }
}
