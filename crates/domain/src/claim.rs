//! Claims: who has a case open on their screen, so that two people never decide the same one.
//!
//! A claim ends by itself. It is renewed for as long as the case is looked at; whoever falls asleep over it, or loses their line, is in nobody's way
//! for longer than that.

use crate::time::{MINUTE_MS, NODES_APART_MS, Time};

/// How long a claim lasts that nobody renews.
pub const CLAIM_MS: i64 = 10 * MINUTE_MS;
/// How long a case that somebody has passed over is not brought to them again.
pub const PASSED_MS: i64 = 30 * MINUTE_MS;

/// Claims that end after the first of these times and no later than the second one stand. One that ends later was made by a clock that was set back
/// since: nobody knows when it would end.
#[must_use]
pub fn standing(now: Time) -> (Time, Time) {
    (now, now.plus_ms(CLAIM_MS + NODES_APART_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stands(until: Time, now: Time) -> bool {
        let (after, last) = standing(now);
        after < until && until <= last
    }

    #[test]
    fn a_claim_ends_by_itself_and_a_clock_that_is_set_back_makes_none_last_longer() {
        let made = Time(1_000_000_000);
        let until = made.plus_ms(CLAIM_MS);
        assert!(stands(until, made) && stands(until, made.plus_ms(CLAIM_MS - 1)));
        assert!(!stands(until, until) && !stands(until, until.plus_ms(1)));
        assert!(stands(until, made.plus_ms(-NODES_APART_MS)), "another node's clock is a little behind");
        assert!(!stands(until, made.plus_ms(-NODES_APART_MS - 1)) && !stands(until, Time(0)));
    }
}
