//! Who uses most of what they may have, for the operator: as names that mean nothing outside this node and its day.

use std::hash::Hasher as _;

use domain::Budget;
use domain::network::Reach;
use siphasher::sip::SipHasher24;

use super::{Counted, Counter};
use crate::Site;

/// Letters of a name: some 800,000 of them, enough to tell ten apart and too few to tell one from all others.
const LETTERS: usize = 4;
const ALPHABET: &[u8; 30] = b"ABCDEFGHJKLMNPQRSTUVWXYZ234567";
/// What is used less than this is no load.
const LEAST_PERCENT: u64 = 10;

/// A prefix that uses much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Busy {
    /// What it is called here, for as long as the key lives under which it is counted.
    pub name: String,
    /// How much of the net it is.
    pub reach: Reach,
    /// Of what it uses much.
    pub budget: Budget,
    /// How much of that it has used, in percent; over 100 where it owes.
    pub percent: u64,
}

/// Bits of a pseudonym that say how much of the net it is of.
const REACH_BITS: u64 = 0b111;

/// A pseudonym that says of which reach it is: the operator sees that much of it.
pub(super) fn of_reach(pseudonym: u64, reach: Reach) -> u64 {
    pseudonym & !REACH_BITS | u64::from(reach as u8)
}

fn reach_of(pseudonym: u64) -> Option<Reach> {
    Reach::ALL.into_iter().find(|reach| u64::from(*reach as u8) == pseudonym & REACH_BITS)
}

impl Counted {
    /// A short name for a pseudonym, under the same key: nobody gets from it back to the pseudonym.
    fn short(&self, pseudonym: u64) -> String {
        let mut hasher = SipHasher24::new_with_key(&self.key);
        hasher.write(b"short");
        hasher.write_u64(pseudonym);
        let mut rest = hasher.finish();
        let mut name = String::with_capacity(LETTERS);
        for _ in 0..LETTERS {
            let place = usize::try_from(rest % 30).expect("a remainder of 30 fits");
            name.push(char::from(ALPHABET[place]));
            rest /= 30;
        }
        name
    }
}

impl Site {
    /// The prefixes that use most of what they may have, on this node and under its newest key.
    #[must_use]
    pub fn busiest(&self, most: usize) -> Vec<Busy> {
        let budgets = self.budgets();
        let now = budgets.clock.now();
        let keys = budgets.keys(&self.chance);
        let Some(counted) = keys.first() else { return Vec::new() };
        let mut busy: Vec<(u64, u64, Reach, Budget)> = Vec::new();
        for (Counter { name, budget, proven }, earned) in &counted.spent {
            // What everybody spends together on one post is no prefix's, and what was proven is beside one's share.
            let Some(reach) = reach_of(*name).filter(|_| *budget != Budget::GuessOfPost && !proven) else { continue };
            let Some(rate) = budgets.fair_use.rate(*budget, Some(reach)) else { continue };
            let percent = rate.spent_percent(*earned, now);
            if percent >= LEAST_PERCENT {
                busy.push((percent, *name, reach, *budget));
            }
        }
        // Every request waits for this lock: only what is shown gets a name.
        busy.sort_unstable_by_key(|(percent, name, ..)| (std::cmp::Reverse(*percent), *name));
        busy.truncate(most);
        busy.into_iter().map(|(percent, name, reach, budget)| Busy { name: counted.short(name), reach, budget, percent }).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use domain::FairUse;
    use domain::network::prefixes;
    use domain::{Time, time::HOUR_MS};
    use zeroize::Zeroizing;

    use super::*;

    #[test]
    fn a_pseudonym_says_how_much_of_the_net_it_is_and_nothing_else() {
        let (one, other) = (Counted::new(Time(0), Zeroizing::new([1; 16])), Counted::new(Time(0), Zeroizing::new([2; 16])));
        for address in ["192.0.2.7", "2001:db8::7"] {
            for prefix in prefixes(address.parse::<IpAddr>().expect("it reads")) {
                let (reach, pseudonym) = one.know(&prefix);
                assert_eq!(reach_of(pseudonym), Some(reach));
                let name = one.short(pseudonym);
                assert!(name.len() == LETTERS && name.bytes().all(|letter| ALPHABET.contains(&letter)), "{name}");
                assert_eq!(name, one.short(pseudonym), "it is the same for as long as the key lives");
                assert_ne!(name, other.short(other.know(&prefix).1), "and another under another key");
            }
        }
    }

    #[test]
    fn what_is_spent_is_told_in_percent_and_comes_back() {
        let rate = FairUse { posts_per_hour: 10, ..FairUse::default() }.rate(Budget::Post, None).expect("there is a limit");
        let spent = rate.spend(domain::budget::EarnedUs::default(), Time(0), 4).expect("there is some");
        assert_eq!((rate.spent_percent(spent, Time(0)), rate.spent_percent(spent, Time(HOUR_MS))), (40, 0));
        let owed = rate.owe(spent, Time(0), 100);
        assert_eq!(rate.spent_percent(owed, Time(0)), 200);
    }
}
