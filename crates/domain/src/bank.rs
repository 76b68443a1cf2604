//! Banks: what a site does about something that is like what it knows.
//!
//! What they know are fingerprints of things, never the things themselves.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::media::names;

/// What happens to a match. In the order of how much it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnMatch {
    /// It is counted and shown to the operator, and no more.
    Log,
    /// It is covered until a visitor asks for it.
    Cover,
    /// Nobody sees it until somebody decides.
    Hold,
}
names!(OnMatch { Log = "log", Cover = "cover", Hold = "hold" });

/// What a bank is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BankKind {
    /// What it knows is acted on.
    Live,
    /// It counts what it would have acted on, and does nothing.
    Shadow,
    /// It knows what was mistaken for something else: what matches it is let pass.
    Negative,
}
names!(BankKind { Live = "live", Shadow = "shadow", Negative = "negative" });

/// A bank's name: 1 to 64 letters, digits, `-`, `_` and `.` of ASCII, the first a letter or digit; capitals are other letters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BankName(String);

impl BankName {
    const LONGEST: usize = 64;

    /// Reads a name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let good = text.len() <= Self::LONGEST && text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(plain);
        good.then(|| Self(text.to_owned()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BankName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What became of a match that covered or held something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchState {
    /// Nobody has decided.
    Open,
    /// Somebody let it pass.
    Released,
    /// Somebody said that it stays so.
    Kept,
}
names!(MatchState { Open = "open", Released = "released", Kept = "kept" });

/// How often a bank, or one thing in it, was found right and wrong: once for each decision, however many copies that reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Precision {
    /// What it found was removed, covered, or kept from everybody.
    pub right: u32,
    /// What it found was let go.
    pub wrong: u32,
}

/// So many have to have been judged before anything is said of a bank: one mistake, or three in a row on a bad day, are none of its habits.
pub const LEAST_JUDGED: u32 = 5;
/// A bank that is wrong more often than this holds back more than a person can make good again: one in four.
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

/// One thing that a bank knows and that something is like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Matched {
    /// What the bank is for.
    pub kind: BankKind,
    /// What it asks for.
    pub on_match: OnMatch,
    /// How like it is, 0 to 1.
    pub confidence: f64,
}

/// What is done about something that these banks know: for each match, and in all. What a negative bank knows was mistaken for
/// something else before, so nothing is done for a match that is no surer than that: a mistake that shares a frame with what is known lets
/// only itself pass, not all that is in this frame.
#[must_use]
pub fn judge(matched: &[Matched]) -> (Vec<OnMatch>, Option<OnMatch>) {
    let mistaken = mistaken(matched);
    let acts = |one: &&Matched| one.kind == BankKind::Live && mistaken.is_none_or(|mistaken| one.confidence > mistaken);
    let each: Vec<OnMatch> = matched.iter().map(|one| Some(one).filter(acts).map_or(OnMatch::Log, |one| one.on_match)).collect();
    let most = each.iter().max().copied();
    (each, most)
}

/// How sure a match is at most that is the mistake which a negative bank knows; `None` if none of them knows it.
#[must_use]
pub fn mistaken(matched: &[Matched]) -> Option<f64> {
    matched.iter().filter(|one| one.kind == BankKind::Negative).map(|one| one.confidence).reduce(f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strictest_bank_decides_and_a_mistake_that_is_known_is_let_pass() {
        let (live, shadow, negative) = (BankKind::Live, BankKind::Shadow, BankKind::Negative);
        let one = |kind, on_match, confidence| Matched { kind, on_match, confidence };
        let (held, covered) = (one(live, OnMatch::Hold, 0.9), one(live, OnMatch::Cover, 0.95));
        assert_eq!(judge(&[]), (vec![], None));
        assert_eq!(judge(&[covered, held]).1, Some(OnMatch::Hold));
        assert_eq!(judge(&[covered, one(shadow, OnMatch::Hold, 1.0)]), (vec![OnMatch::Cover, OnMatch::Log], Some(OnMatch::Cover)));
        assert_eq!(judge(&[held, one(negative, OnMatch::Log, 0.9)]), (vec![OnMatch::Log; 2], Some(OnMatch::Log)));
        assert_eq!(judge(&[held, one(negative, OnMatch::Log, 0.6)]).1, Some(OnMatch::Hold), "it is surer than the mistake");
    }

    #[test]
    fn a_bank_s_name_is_plain() {
        for good in ["kites", "2026-11_kites.v2", "K", &"k".repeat(64)] {
            assert!(BankName::parse(good).is_some(), "{good}");
        }
        for bad in ["", "-kites", "kites and strings", "../kites", "żółw", "kites\n", &"k".repeat(65)] {
            assert!(BankName::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_bank_is_often_wrong_only_once_it_is_no_accident() {
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

    #[test]
    fn holding_does_more_than_covering_and_covering_more_than_counting() {
        assert!(OnMatch::Hold > OnMatch::Cover && OnMatch::Cover > OnMatch::Log);
    }
}
