//! How often a source is right, by those who decide on what it said: a bank, one thing in it, or a registered party.

use serde::{Deserialize, Serialize};

/// How often a bank, one thing in it, or whoever gives notice was found right and wrong: once for each decision, however many copies that reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Precision {
    /// What it found, or said, was removed, covered, or kept from everybody.
    pub right: u32,
    /// It was let go, or left as it is.
    pub wrong: u32,
}

/// So many have to have been judged before anything is said of a source: one mistake, or three in a row on a bad day, are none of its habits.
pub const LEAST_JUDGED: u32 = 5;
/// A source that is wrong more often than this costs more than a person can make good again: one in four.
pub const OFTEN_WRONG: f64 = 0.25;
/// How sure that has to be: 95%, by the lower end of the interval of E. B. Wilson, "Probable inference, the law of succession, and statistical
/// inference", Journal of the American Statistical Association 22 (1927), 209-212. L. Brown, T. Cai and A. DasGupta recommend it for few trials
/// ("Interval estimation for a binomial proportion", Statistical Science 16 (2001), 101-133). This is the standard normal distribution's quantile.
const QUANTILE_95: f64 = 1.645;

impl Precision {
    /// How many were judged.
    #[must_use]
    pub const fn judged(self) -> u32 {
        self.right.saturating_add(self.wrong)
    }

    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self { right: self.right.saturating_add(other.right), wrong: self.wrong.saturating_add(other.wrong) }
    }

    /// Whether it is often wrong, and that is no accident: see [`OFTEN_WRONG`]. Of five it takes three, of ten five, of a hundred thirty-three.
    #[must_use]
    pub fn is_often_wrong(self) -> bool {
        self.judged() >= LEAST_JUDGED && self.wrong_at_least() > OFTEN_WRONG
    }

    /// The share of mistakes that it has at least, with a certainty of 95%.
    fn wrong_at_least(self) -> f64 {
        let (count, squared) = (f64::from(self.judged()), QUANTILE_95 * QUANTILE_95);
        let share = f64::from(self.wrong) / count;
        let spread = QUANTILE_95 * (share * (1.0 - share) / count + squared / (4.0 * count * count)).sqrt();
        (share + squared / (2.0 * count) - spread) / (1.0 + squared / count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_often_wrong_only_once_it_is_no_accident() {
        let wrong = |wrong, of: u32| Precision { right: of - wrong, wrong }.is_often_wrong();
        assert!(!wrong(0, 0) && !wrong(1, 1) && !wrong(4, 4), "too few were judged");
        // The first number of mistakes that is too many.
        let first = |of| (0..=of).find(|mistakes| wrong(*mistakes, of));
        assert_eq!([5, 10, 20, 100, 1_000].map(first), [Some(3), Some(5), Some(9), Some(33), Some(273)]);
        assert!((0..10_000).all(|of| !wrong(of / 4, of)), "a quarter is not more than a quarter");
        assert!(wrong(u32::MAX, u32::MAX));
        let sum = Precision { right: 1, wrong: 2 }.and(Precision { right: 3, wrong: u32::MAX });
        assert_eq!((sum, sum.judged()), (Precision { right: 4, wrong: u32::MAX }, u32::MAX));
        // Wilson's interval for 5 of 10 at z = 1.645, by hand: (0.5 + 0.1353 - 1.645 * sqrt(0.025 + 0.006765)) / 1.2706.
        assert!((Precision { right: 5, wrong: 5 }.wrong_at_least() - 0.2693).abs() < 0.0005);
    }
}
