//! Banks: what a site does about something that is like what it knows.
//!
//! What they know are fingerprints of things, never the things themselves.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::media::names;
pub use crate::precision::{LEAST_JUDGED, OFTEN_WRONG, Precision};

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
    fn holding_does_more_than_covering_and_covering_more_than_counting() {
        assert!(OnMatch::Hold > OnMatch::Cover && OnMatch::Cover > OnMatch::Log);
    }
}
