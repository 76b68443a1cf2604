//! Decisions: what was decided on a case, on what ground, and how long it can be undone.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::media::names;
use crate::notice::{Category, NoticeKind};
use crate::party::Jurisdiction;
use crate::text::{clean_line, clean_text};
use crate::time::{DAY_MS, Time};

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It stays as it is.
    NoAction,
    /// It is covered until a visitor asks for it.
    Cover,
    /// Nobody gets it in some countries.
    Withhold,
    /// Nobody gets it any more.
    Remove,
    /// Its poster took it away, and it is kept all the same, of which nobody is told. Nobody decides this: it follows from what was asked before.
    Preserve,
}
names!(Action { NoAction = "no_action", Cover = "cover", Withhold = "withhold", Remove = "remove", Preserve = "preserve" });

/// By what it is measured. Regulation (EU) 2022/2065, Article 17(3)(d) and (e).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// The law; the reference says which.
    Law,
    /// The site's policy; the reference is a clause of it.
    Policy,
}
names!(Ground { Law = "law", Policy = "policy" });

/// Who had it looked at. Regulation (EU) 2022/2065, Article 17(3)(b).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Somebody's notice.
    Notice,
    /// A bank's match.
    Match,
}
names!(Origin { Notice = "notice", Match = "match" });

/// How long a decision can be complained of and undone, and what it took away is kept: six months, the least that Regulation (EU) 2022/2065,
/// Article 20(1), asks of those whom it binds, and what Regulation (EU) 2021/784, Article 6, asks to be kept.
pub const KEEP_MS: i64 = 183 * DAY_MS;
/// How soon an appeal is answered: two weeks, as Regulation (EU) 2021/784, Article 10(2), has it.
pub const ANSWER_MS: i64 = 14 * DAY_MS;

/// The longest facts and the longest appeal, in bytes.
pub const WORDS_BYTES: usize = 10_000;
/// The longest reference, in bytes.
const REFERENCE_BYTES: usize = 500;

/// A decision as it was asked for.
#[derive(Clone, Debug, Default)]
pub struct RawDecision {
    /// What to do.
    pub action: Option<String>,
    /// `law` or `policy`.
    pub ground: Option<String>,
    /// Which law, or which clause.
    pub reference: Option<String>,
    /// What happened, in words for the poster.
    pub facts: Option<String>,
    /// Where it is withheld: countries' two letters, with commas or spaces between them; `EU` is each of its Member States.
    pub countries: Option<String>,
}

/// What the site itself says happened, where whoever decides changed nothing of it: so that it is told to everybody in their own language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Composed {
    /// Who said what is wrong with it; `None`: nobody.
    pub because: Option<(Because, Category)>,
    /// It is like something that was restricted before.
    pub matched: bool,
}

/// Who had said what is wrong with something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// Anybody, so many times.
    Reported(u32),
    /// A registered party reported it.
    Filed(NoticeKind),
    /// An authority ordered it.
    Ordered(NoticeKind),
}

/// The same, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What to do.
    pub action: Action,
    /// By what it is measured.
    pub ground: Ground,
    /// Which law, or which clause. Empty where nothing is done.
    pub reference: String,
    /// What happened, in words for the poster.
    pub facts: String,
    /// The same, where nobody typed it.
    pub composed: Option<Composed>,
    /// Where it is withheld, in the order of the alphabet; empty where that is not what is done.
    pub countries: Vec<Jurisdiction>,
}

/// What is wrong with a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecisionError {
    /// No action that there is.
    #[error("say what to do: no_action, cover, withhold or remove")]
    Action,
    /// Something is done, and no ground is given.
    #[error("say on what ground: law or policy, and which law or clause")]
    Ground,
    /// Something is done, and nothing is said to the poster.
    #[error("say what happened, in words for the poster")]
    Facts,
    /// It is withheld, and not said where.
    #[error("say in which countries: two letters each, such as PL, or EU")]
    Countries,
    /// More is said than fits.
    #[error("the words are longer than 10,000 bytes")]
    TooLong,
}

impl RawDecision {
    /// Checks it. Whatever is done needs a ground and words. Whether the policy in force has such a clause is seen when it is done.
    pub fn check(self) -> Result<Decision, DecisionError> {
        let action =
            self.action.as_deref().and_then(Action::parse).filter(|action| *action != Action::Preserve).ok_or(DecisionError::Action)?;
        let facts = clean_text(&self.facts.unwrap_or_default()).trim().to_owned();
        let reference = clean_line(&self.reference.unwrap_or_default());
        if facts.len() > WORDS_BYTES || reference.len() > REFERENCE_BYTES {
            return Err(DecisionError::TooLong);
        }
        if action == Action::NoAction {
            return Ok(Decision { action, ground: Ground::Policy, reference: String::new(), facts, composed: None, countries: Vec::new() });
        }
        let ground = self.ground.as_deref().and_then(Ground::parse).ok_or(DecisionError::Ground)?;
        let named = match ground {
            Ground::Law => !reference.is_empty(),
            Ground::Policy => crate::policy::ClauseId::parse(&reference).is_some(),
        };
        if !named {
            return Err(DecisionError::Ground);
        }
        if facts.is_empty() {
            return Err(DecisionError::Facts);
        }
        let countries = match action {
            Action::Withhold => countries(&self.countries.unwrap_or_default()).ok_or(DecisionError::Countries)?,
            _ => Vec::new(),
        };
        Ok(Decision { action, ground, reference, facts, composed: None, countries })
    }
}

impl Decision {
    /// Whether it carries out an order to remove terrorist content: it is gone, or access to it is disabled in all Member States (Regulation (EU)
    /// 2021/784, Article 3(3)).
    #[must_use]
    pub fn ends_access(&self) -> bool {
        match self.action {
            Action::Remove => true,
            Action::Withhold => Jurisdiction::member_states().iter().all(|state| self.countries.contains(state)),
            Action::NoAction | Action::Cover | Action::Preserve => false,
        }
    }
}

/// Reads countries; `None` where one is none, or none is named.
#[must_use]
pub fn countries(text: &str) -> Option<Vec<Jurisdiction>> {
    let named = text.split(|c: char| c == ',' || c.is_whitespace()).filter(|one| !one.is_empty());
    let mut countries = Vec::new();
    for one in named {
        let one = Jurisdiction::parse(one).filter(Jurisdiction::exists)?;
        countries.extend(if one.as_str() == "EU" { Jurisdiction::member_states() } else { vec![one] });
    }
    countries.sort_unstable();
    countries.dedup();
    Some(countries).filter(|countries| !countries.is_empty())
}

/// What the public record commits to: SHA-256 over the blind and the decision, each part with its length before it. Without the blind nobody
/// can try what the decision may have been, and once the blind is destroyed nobody ever can.
#[must_use]
pub fn commitment(blind: &[u8; 32], id: &str, decision: &Decision, created: Time) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut add = |part: &[u8]| {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    };
    add(b"handbill decision 1");
    add(blind);
    for part in [id, decision.action.as_str(), decision.ground.as_str(), &decision.reference, &decision.facts] {
        add(part.as_bytes());
    }
    add(&created.0.to_be_bytes());
    for country in &decision.countries {
        add(country.as_str().as_bytes());
    }
    hash.finalize().into()
}

/// How a restriction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RestrictionState {
    /// It is covered.
    Covered,
    /// Nobody gets it in some countries.
    Withheld,
    /// Nobody gets it; it is not in quarantine yet.
    Dark,
    /// It is in quarantine.
    Quarantined,
    /// The decision was undone.
    Lifted,
    /// Its quarantine was destroyed, or its poster deleted it.
    Destroyed,
}
names!(RestrictionState {
    Covered = "covered",
    Withheld = "withheld",
    Dark = "dark",
    Quarantined = "quarantined",
    Lifted = "lifted",
    Destroyed = "destroyed",
});

/// How an appeal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppealState {
    /// Nobody has answered.
    Open,
    /// The decision stands.
    Upheld,
    /// The decision was undone.
    Overturned,
}
names!(AppealState { Open = "open", Upheld = "upheld", Overturned = "overturned" });

#[cfg(test)]
mod tests {
    use super::*;

    fn raw() -> RawDecision {
        RawDecision {
            action: Some("remove".into()),
            ground: Some("policy".into()),
            reference: Some("violence".into()),
            facts: Some("The kite threatens another kite.".into()),
            countries: None,
        }
    }

    #[test]
    fn whatever_is_done_has_a_ground_and_words() {
        assert!(raw().check().is_ok());
        assert_eq!(RawDecision { ground: None, ..raw() }.check(), Err(DecisionError::Ground));
        assert_eq!(RawDecision { reference: Some("no such clause".into()), ..raw() }.check(), Err(DecisionError::Ground));
        assert_eq!(RawDecision { ground: Some("law".into()), reference: Some(" ".into()), ..raw() }.check(), Err(DecisionError::Ground));
        assert_eq!(RawDecision { facts: Some(" \n".into()), ..raw() }.check(), Err(DecisionError::Facts));
        assert_eq!(RawDecision { facts: Some("k".repeat(10_001)), ..raw() }.check(), Err(DecisionError::TooLong));
        for none in ["burn", "preserve"] {
            assert_eq!(RawDecision { action: Some(none.into()), ..raw() }.check(), Err(DecisionError::Action), "{none}");
        }
        let nothing = RawDecision { action: Some("no_action".into()), ..RawDecision::default() }.check();
        assert_eq!(nothing.map(|decision| decision.action), Ok(Action::NoAction), "what is left as it is needs no ground");
    }

    #[test]
    fn what_is_withheld_is_so_somewhere() {
        let withheld =
            |countries: &str| RawDecision { action: Some("withhold".into()), countries: Some(countries.into()), ..raw() }.check();
        let countries = |text: &str| withheld(text).map(|decision| decision.countries.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(countries("pl, DE pl"), Ok(vec!["DE".to_owned(), "PL".to_owned()]));
        assert_eq!(countries("EU GB").map(|all| all.len()), Ok(28));
        let ends = |countries: &str| withheld(countries).map(|decision| decision.ends_access());
        assert_eq!((ends("EU"), ends("EU GB"), ends("PL DE")), (Ok(true), Ok(true), Ok(false)));
        for bad in ["", " ", "Poland", "P1"] {
            assert_eq!(countries(bad), Err(DecisionError::Countries), "{bad}");
        }
        let removed = RawDecision { countries: Some("PL".into()), ..raw() }.check();
        assert_eq!(removed.map(|decision| decision.countries), Ok(Vec::new()), "what is removed is removed everywhere");
    }

    #[test]
    fn a_commitment_changes_with_every_part_and_with_the_blind() {
        let decision = raw().check().expect("it is whole");
        let base = commitment(&[1; 32], "a", &decision, Time(1));
        assert_eq!(base, commitment(&[1; 32], "a", &decision, Time(1)));
        let withheld = Decision { countries: countries("PL").expect("it is one"), ..decision.clone() };
        assert_ne!(base, commitment(&[1; 32], "a", &withheld, Time(1)));
        let other = Decision { reference: "violenceT".into(), facts: decision.facts.replacen('T', "", 1), ..decision.clone() };
        for changed in [
            commitment(&[2; 32], "a", &decision, Time(1)),
            commitment(&[1; 32], "b", &decision, Time(1)),
            commitment(&[1; 32], "a", &other, Time(1)),
            commitment(&[1; 32], "a", &decision, Time(2)),
        ] {
            assert_ne!(base, changed);
        }
    }
}
