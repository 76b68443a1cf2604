//! Counting what askers spend of their budgets, without knowing who they are.
//!
//! An address is turned at once into pseudonyms of its prefixes, by SipHash-2-4 under a random key that lives in this process's
//! memory alone. A new key comes every [`TURN_MS`] and each is destroyed after [`LIFE_MS`], with everything that was counted under
//! it; while two live, both count, so that a day's budget is always whole in the older one. Nothing is written down, and nothing
//! is shared between nodes: each counts for itself.
//!
//! The table is bounded. Where it is full, whoever has spent least is forgotten: that is lenient to strangers and to nobody else.
//! (The crate `governor` has neither several prefixes in one decision, nor a way to give back, nor a bound.)

mod load;

use std::collections::HashMap;
use std::fmt;
use std::hash::Hasher as _;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::budget::{EarnedUs, Rate};
use domain::network::{Prefix, Reach, prefixes};
use domain::time::{HOUR_MS, MINUTE_MS};
use domain::{Budget, FairUse, OverBudget, PostId, Time};
use siphasher::sip::SipHasher24;
use zeroize::Zeroizing;

use crate::{Chance, Clock, Site, metrics};

pub use load::Busy;

/// A new key comes every day; a little before, so that who looks only now and then is still in time.
const TURN_MS: i64 = 23 * HOUR_MS + 30 * MINUTE_MS;
/// No key lives for 48 hours.
const LIFE_MS: i64 = 2 * TURN_MS;
/// The most that is remembered under one key: some 10 MB.
const MOST: usize = 200_000;
/// The most uploads under way that are counted under one key.
const MOST_OPEN: usize = 50_000;
/// How long to wait for one of one's own uploads to come to its end. Nobody knows; this is a guess that does no harm.
const FOR_AN_END_MS: i64 = MINUTE_MS;

/// Who asks, as pseudonyms that mean nothing outside this process and its day.
#[derive(Clone, Default)]
pub struct Who(Vec<Known>);

/// The same asker under one key.
#[derive(Clone)]
struct Known {
    key_born: Time,
    prefixes: Vec<(Reach, u64)>,
}

impl fmt::Debug for Who {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Who(..)")
    }
}

/// What everybody has spent.
pub(crate) struct Budgets {
    fair_use: FairUse,
    clock: Clock,
    most: usize,
    /// The newest first; one, or two while the older one is still needed.
    keys: Mutex<Vec<Counted>>,
}

/// A key, and what was counted under it.
struct Counted {
    born: Time,
    key: Zeroizing<[u8; 16]>,
    spent: HashMap<(u64, Budget), EarnedUs>,
    /// Uploads under way by asker.
    open: HashMap<u64, u64>,
    /// Whose each of them is.
    uploads: HashMap<String, Vec<u64>>,
}

/// One thing to be spent of one counter.
struct Charge {
    counter: (u64, Budget),
    rate: Rate,
}

/// A guess that was paid for. It costs nothing if it turns out right.
#[must_use = "a right guess is given back"]
pub struct Guess {
    who: Who,
    budget: Budget,
    post: Option<PostId>,
}

/// A post that was paid for. Dropped before it was made, it costs nothing.
#[must_use = "a post that is not made costs nothing"]
pub struct PaidPost {
    site: Site,
    who: Who,
    made: bool,
}

impl PaidPost {
    /// The post was made.
    pub fn made(mut self) {
        self.made = true;
    }
}

impl Drop for PaidPost {
    fn drop(&mut self) {
        if !self.made {
            self.site.give_back(&self.who, Budget::Post, 1);
        }
    }
}

impl Budgets {
    pub(crate) fn new(fair_use: FairUse, clock: Clock) -> Self {
        Self { fair_use, clock, most: MOST, keys: Mutex::default() }
    }

    fn keys(&self, chance: &Chance) -> MutexGuard<'_, Vec<Counted>> {
        let now = self.clock.now();
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back makes a key look younger than it is: then it goes at once.
        keys.retain(|counted| (0..LIFE_MS).contains(&now.since_ms(counted.born)));
        if keys.first().is_none_or(|newest| now.since_ms(newest.born) >= TURN_MS) {
            keys.insert(0, Counted::new(now, chance.sip_key()));
        }
        keys
    }

    fn may_open(&self, keys: &[Counted], who: &Who) -> Result<(), OverBudget> {
        let full = |counted: &Counted, charge: &Charge| counted.open.get(&charge.counter.0).is_some_and(|open| *open >= charge.rate.units);
        let over = |counted| self.charges(counted, who, Budget::OpenUpload, None).iter().any(|charge| full(counted, charge));
        if keys.iter().any(over) {
            metrics::over_budget(Budget::OpenUpload);
            return Err(OverBudget { budget: Budget::OpenUpload, wait_ms: FOR_AN_END_MS });
        }
        Ok(())
    }

    fn charges(&self, counted: &Counted, who: &Who, budget: Budget, post: Option<&PostId>) -> Vec<Charge> {
        let known = who.0.iter().find(|known| known.key_born == counted.born);
        let mut charges: Vec<Charge> = known
            .into_iter()
            .flat_map(|known| &known.prefixes)
            .filter_map(|(reach, name)| Some(Charge { counter: (*name, budget), rate: self.fair_use.rate(budget, Some(*reach))? }))
            .collect();
        if let Some(post) = post
            && let Some(rate) = self.fair_use.rate(Budget::GuessOfPost, None)
        {
            charges.push(Charge { counter: (counted.name(u8::MAX, post.as_str().as_bytes()), Budget::GuessOfPost), rate });
        }
        charges
    }
}

impl Counted {
    fn new(born: Time, key: Zeroizing<[u8; 16]>) -> Self {
        Self { born, key, spent: HashMap::new(), open: HashMap::new(), uploads: HashMap::new() }
    }

    fn name(&self, kind: u8, bytes: &[u8]) -> u64 {
        let mut hasher = SipHasher24::new_with_key(&self.key);
        hasher.write_u8(kind);
        hasher.write(bytes);
        hasher.finish()
    }

    fn know(&self, prefix: &Prefix) -> (Reach, u64) {
        (prefix.reach, load::of_reach(self.name(prefix.reach as u8, &prefix.bytes), prefix.reach))
    }

    fn spent(&self, charge: &Charge) -> EarnedUs {
        self.spent.get(&charge.counter).copied().unwrap_or_default()
    }

    /// Room for one more.
    fn keep(&mut self, counter: (u64, Budget), earned: EarnedUs, now: Time, most: usize) {
        if self.spent.len() >= most && !self.spent.contains_key(&counter) {
            self.spent.retain(|_, earned| !earned.is_past(now));
            // Still too many: the half that has spent least goes, so that the cost of this is spread over as many newcomers.
            if self.spent.len() > most / 2 {
                let mut all: Vec<EarnedUs> = self.spent.values().copied().collect();
                let (_, middle, _) = all.select_nth_unstable(self.spent.len() / 2);
                let middle = *middle;
                self.spent.retain(|_, earned| *earned > middle);
            }
        }
        self.spent.insert(counter, earned);
    }
}

impl Site {
    /// Knows an asker by pseudonyms. Nothing else of the address is kept.
    #[must_use]
    pub fn know(&self, address: IpAddr) -> Who {
        let prefixes = prefixes(address);
        let keys = self.budgets().keys(&self.chance);
        let known = |counted: &Counted| Known { key_born: counted.born, prefixes: prefixes.iter().map(|one| counted.know(one)).collect() };
        Who(keys.iter().map(known).collect())
    }

    /// Spends `units` of a budget, or tells how long to wait first; then nothing is spent.
    pub fn spend(&self, who: &Who, budget: Budget, units: u64) -> Result<(), OverBudget> {
        self.spend_all(who, budget, None, units)
    }

    fn spend_all(&self, who: &Who, budget: Budget, post: Option<&PostId>, units: u64) -> Result<(), OverBudget> {
        let budgets = self.budgets();
        let now = budgets.clock.now();
        let mut keys = budgets.keys(&self.chance);
        let mut to_keep = Vec::new();
        let mut longest: Option<OverBudget> = None;
        for (place, counted) in keys.iter().enumerate() {
            for charge in budgets.charges(counted, who, budget, post) {
                match charge.rate.spend(counted.spent(&charge), now, units) {
                    Ok(earned) => to_keep.push((place, charge.counter, earned)),
                    Err(wait_ms) if longest.is_none_or(|over| over.wait_ms < wait_ms) => {
                        longest = Some(OverBudget { budget: charge.counter.1, wait_ms });
                    }
                    Err(_) => {}
                }
            }
        }
        if let Some(over) = longest {
            metrics::over_budget(over.budget);
            return Err(over);
        }
        for (place, counter, earned) in to_keep {
            if let Some(counted) = keys.get_mut(place) {
                counted.keep(counter, earned, now, budgets.most);
            }
        }
        Ok(())
    }

    /// Counts what was already taken and is never refused: the bytes of an upload that was begun, a post of uploads that arrived.
    pub fn owe(&self, who: &Who, budget: Budget, units: u64) {
        self.recount(who, budget, None, |rate, earned, now| rate.owe(earned, now, units));
    }

    /// Gives back what was spent and not needed, such as the bytes of an upload that was given up.
    pub fn give_back(&self, who: &Who, budget: Budget, units: u64) {
        self.recount(who, budget, None, |rate, earned, _| rate.give_back(earned, units));
    }

    fn recount(&self, who: &Who, budget: Budget, post: Option<&PostId>, change: impl Fn(Rate, EarnedUs, Time) -> EarnedUs) {
        let budgets = self.budgets();
        let now = budgets.clock.now();
        for counted in budgets.keys(&self.chance).iter_mut() {
            for charge in budgets.charges(counted, who, budget, post) {
                let earned = change(charge.rate, counted.spent(&charge), now);
                counted.keep(charge.counter, earned, now, budgets.most);
            }
        }
    }

    /// Pays for a post, before anything of it is read.
    pub fn pay_for_post(&self, who: &Who) -> Result<PaidPost, OverBudget> {
        self.spend(who, Budget::Post, 1)?;
        Ok(PaidPost { site: self.clone(), who: who.clone(), made: false })
    }

    /// The same for a post of uploads that were taken: they are never lost to a budget, so it is owed.
    pub fn owe_a_post(&self, who: &Who) -> PaidPost {
        self.owe(who, Budget::Post, 1);
        PaidPost { site: self.clone(), who: who.clone(), made: false }
    }

    /// Pays for a guess of a post's password, before it is looked at: out of the asker's budget and out of the post's.
    pub fn guess_password(&self, who: &Who, post: &PostId) -> Result<Guess, OverBudget> {
        self.spend_all(who, Budget::Guess, Some(post), 1)?;
        Ok(Guess { who: who.clone(), budget: Budget::Guess, post: Some(post.clone()) })
    }

    /// Pays for a guess of a manage link, before it is looked at.
    pub fn guess_manage(&self, who: &Who) -> Result<Guess, OverBudget> {
        self.spend(who, Budget::ManageGuess, 1)?;
        Ok(Guess { who: who.clone(), budget: Budget::ManageGuess, post: None })
    }

    /// Pays for a sign-in to the console, before it is looked at.
    pub fn guess_sign_in(&self, who: &Who) -> Result<Guess, OverBudget> {
        self.spend(who, Budget::SignIn, 1)?;
        Ok(Guess { who: who.clone(), budget: Budget::SignIn, post: None })
    }

    /// Gives a guess back that was none.
    pub fn was_right(&self, guess: Guess) {
        self.recount(&guess.who, guess.budget, guess.post.as_ref(), |rate, earned, _| rate.give_back(earned, 1));
    }

    /// Pays for an upload of `length` bytes that is about to begin, or tells how long to wait. Its bytes are paid for here and now, so
    /// that nothing that was begun is ever refused for them.
    pub fn pay_for_upload(&self, who: &Who, length: u64) -> Result<(), OverBudget> {
        self.spend(who, Budget::Upload, 1)?;
        // Many that ask together may ask too early: `open_upload` counts them one by one.
        self.may_open_upload(who)
            .and_then(|()| self.spend(who, Budget::Byte, length))
            .inspect_err(|_| self.give_back(who, Budget::Upload, 1))
    }

    fn may_open_upload(&self, who: &Who) -> Result<(), OverBudget> {
        let budgets = self.budgets();
        budgets.may_open(&budgets.keys(&self.chance), who)
    }

    /// Counts an upload as under way, or tells that too many are.
    pub fn open_upload(&self, who: &Who, upload: &str) -> Result<(), OverBudget> {
        let budgets = self.budgets();
        let mut keys = budgets.keys(&self.chance);
        budgets.may_open(&keys, who)?;
        for counted in keys.iter_mut() {
            let whose: Vec<u64> = budgets.charges(counted, who, Budget::OpenUpload, None).iter().map(|charge| charge.counter.0).collect();
            if whose.is_empty() || counted.uploads.len() >= MOST_OPEN || counted.uploads.contains_key(upload) {
                continue;
            }
            for name in &whose {
                *counted.open.entry(*name).or_default() += 1;
            }
            counted.uploads.insert(upload.to_owned(), whose);
        }
        Ok(())
    }

    /// An upload has come to its end, whichever. Twice is once.
    pub fn close_upload(&self, upload: &str) {
        for counted in self.budgets().keys(&self.chance).iter_mut() {
            for name in counted.uploads.remove(upload).unwrap_or_default() {
                if let Some(open) = counted.open.get_mut(&name) {
                    *open = open.saturating_sub(1);
                    if *open == 0 {
                        counted.open.remove(&name);
                    }
                }
            }
        }
    }

    /// Destroys keys whose time is over. Whoever serves calls this now and then: where nobody asks, nothing else would.
    pub fn turn_keys(&self) {
        drop(self.budgets().keys(&self.chance));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(most: usize) -> (Counted, usize) {
        (Counted::new(Time(0), Zeroizing::new([7; 16])), most)
    }

    #[test]
    fn a_full_table_forgets_who_has_spent_least_and_never_grows() {
        let (mut table, most) = counted(1_000);
        let rate = Rate { units: 100, per_ms: HOUR_MS };
        let now = Time(1_000);
        let much = rate.spend(EarnedUs::default(), now, 100).expect("there is some");
        for name in 0..10 {
            table.keep((name, Budget::Post), much, now, most);
        }
        for name in 10..100_000 {
            let little = rate.spend(EarnedUs::default(), now, 1 + name % 3).expect("there is some");
            table.keep((name, Budget::Post), little, now, most);
            assert!(table.spent.len() <= most);
        }
        for name in 0..10 {
            assert_eq!(table.spent.get(&(name, Budget::Post)), Some(&much), "who has spent most is still known");
        }
    }

    #[test]
    fn a_table_of_those_who_have_all_spent_the_same_does_not_grow_either() {
        let (mut table, most) = counted(100);
        let same = Rate { units: 1, per_ms: HOUR_MS }.spend(EarnedUs::default(), Time(0), 1).expect("there is some");
        for name in 0..10_000 {
            table.keep((name, Budget::Post), same, Time(0), most);
            assert!(table.spent.len() <= most);
        }
    }

    #[test]
    fn another_key_makes_other_pseudonyms() {
        let prefix = prefixes(IpAddr::from([192, 0, 2, 7])).remove(0);
        let of = |byte| Counted::new(Time(0), Zeroizing::new([byte; 16])).know(&prefix).1;
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
    }
}
