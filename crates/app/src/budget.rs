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
use domain::{Budget, FairUse, Lever, OverBudget, PostId, Time};
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
/// A network is new until so long after its first post: whoever has just come stays a newcomer for their whole visit.
const FRESH_MS: i64 = HOUR_MS;
/// How long to wait for one of one's own uploads to come to its end. Nobody knows; this is a guess that does no harm.
const FOR_AN_END_MS: i64 = MINUTE_MS;

/// Who asks, as pseudonyms that mean nothing outside this process and its day.
#[derive(Clone, Default)]
pub struct Who {
    known: Vec<Known>,
    /// Nobody of its network has posted here for a while.
    fresh: bool,
    /// It comes by Tor.
    tor: bool,
}

/// The same asker under one key.
#[derive(Clone)]
struct Known {
    key_born: Time,
    prefixes: Vec<(Reach, u64)>,
}

impl Known {
    /// What somebody keeps when they come back on another day: an IPv4 address, or the /56 of a home.
    fn network(&self) -> Option<u64> {
        let of = |wanted| self.prefixes.iter().find(|(reach, _)| *reach == wanted).map(|(_, name)| *name);
        of(Reach::Ipv4Address).or_else(|| of(Reach::Ipv6Home))
    }
}

impl Who {
    /// What it is known by now, at its narrowest; `None` where whoever asks is nobody.
    pub(crate) fn name(&self) -> Option<u64> {
        self.names().first().copied()
    }

    /// The same under each key, the newest first.
    pub(crate) fn names(&self) -> Vec<u64> {
        self.known.iter().filter_map(|known| known.prefixes.first()).map(|(_, name)| *name).collect()
    }

    /// Whether it comes by Tor, as far as the operator's list knows.
    #[must_use]
    pub fn is_by_tor(&self) -> bool {
        self.tor
    }

    /// Whether nobody of its network has posted here for a while, as far as this process remembers.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        self.fresh
    }
}

impl fmt::Debug for Who {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Who(..)")
    }
}

/// What everybody has spent.
pub(crate) struct Budgets {
    fair_use: FairUse,
    slowed: FairUse,
    clock: Clock,
    most: usize,
    /// The newest first; one, or two while the older one is still needed.
    keys: Mutex<Vec<Counted>>,
}

/// A key, and what was counted under it.
struct Counted {
    born: Time,
    key: Zeroizing<[u8; 16]>,
    spent: HashMap<Counter, EarnedUs>,
    /// Uploads under way by asker.
    open: HashMap<u64, u64>,
    /// Whose each of them is.
    uploads: HashMap<String, Vec<u64>>,
    /// When the first of each network has posted.
    posted: HashMap<u64, Time>,
}

/// What is counted of whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Counter {
    name: u64,
    budget: Budget,
    /// What was had for proofs, and not out of the budget.
    proven: bool,
}

/// What something is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purse {
    /// Anybody's share.
    Own,
    /// What may be owed beside it.
    Patience,
    /// What may be had for proofs.
    Proven,
}

/// One thing to be spent of one counter.
struct Charge {
    counter: Counter,
    rate: Rate,
    /// Nobody is refused for it.
    wide: bool,
}

impl Charge {
    /// What is counted once this is spent, or how long to wait first.
    fn spend(&self, purse: Purse, spent: EarnedUs, now: Time, units: u64) -> Result<EarnedUs, i64> {
        match purse {
            Purse::Own => self.rate.spend(spent, now, units),
            Purse::Patience | Purse::Proven if self.wide => Ok(self.rate.owe(spent, now, units)),
            Purse::Patience => self.rate.spend_slowly(spent, now, units),
            Purse::Proven => self.rate.spend(spent, now, units),
        }
    }
}

/// What will be counted, by the place of its key.
type Spent = Vec<(usize, Counter, EarnedUs)>;

/// A guess that was paid for. It costs nothing if it turns out right.
#[must_use = "a right guess is given back"]
pub struct Guess {
    who: Who,
    budget: Budget,
    post: Option<PostId>,
}

impl Budgets {
    pub(crate) fn new(fair_use: FairUse, clock: Clock) -> Self {
        Self { slowed: fair_use.slowed(), fair_use, clock, most: MOST, keys: Mutex::default() }
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
        let full =
            |counted: &Counted, charge: &Charge| counted.open.get(&charge.counter.name).is_some_and(|open| *open >= charge.rate.units);
        let over =
            |counted| self.charges(counted, who, (Budget::OpenUpload, Purse::Own), None, false).iter().any(|charge| full(counted, charge));
        if keys.iter().any(over) {
            metrics::over_budget(Budget::OpenUpload);
            return Err(OverBudget { budget: Budget::OpenUpload, wait_ms: FOR_AN_END_MS });
        }
        Ok(())
    }

    fn charges(&self, counted: &Counted, who: &Who, (budget, purse): (Budget, Purse), post: Option<&PostId>, slow: bool) -> Vec<Charge> {
        let fair_use = if slow { &self.slowed } else { &self.fair_use };
        let proven = purse == Purse::Proven;
        let rate = |reach| if proven { fair_use.rate_for_proofs(budget, reach) } else { fair_use.rate(budget, reach) };
        let charge = |(reach, name): &(Reach, u64)| {
            Some(Charge { counter: Counter { name: *name, budget, proven }, rate: rate(Some(*reach))?, wide: reach.is_wide() })
        };
        let known = who.known.iter().find(|known| known.key_born == counted.born);
        let mut charges: Vec<Charge> = known.into_iter().flat_map(|known| &known.prefixes).filter_map(charge).collect();
        if let Some(post) = post
            && let Some(rate) = fair_use.rate(Budget::GuessOfPost, None)
        {
            let name = counted.name(u8::MAX, post.as_str().as_bytes());
            charges.push(Charge { counter: Counter { name, budget: Budget::GuessOfPost, proven }, rate, wide: false });
        }
        charges
    }
}

impl Counted {
    fn new(born: Time, key: Zeroizing<[u8; 16]>) -> Self {
        Self { born, key, spent: HashMap::new(), open: HashMap::new(), uploads: HashMap::new(), posted: HashMap::new() }
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
    fn keep(&mut self, counter: Counter, earned: EarnedUs, now: Time, most: usize) {
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
        let known: Vec<Known> = keys.iter().map(known).collect();
        let now = self.clock.now();
        let is_old = |(counted, own): (&Counted, &Known)| {
            own.network().and_then(|name| counted.posted.get(&name)).is_some_and(|first| now.since_ms(*first) >= FRESH_MS)
        };
        let fresh = !known.is_empty() && !keys.iter().zip(&known).any(is_old);
        Who { known, fresh, tor: self.exits().holds(address) }
    }

    /// Somebody has posted: in a while, their network is new no more.
    pub(crate) fn has_posted(&self, who: &Who) {
        let budgets = self.budgets();
        let now = budgets.clock.now();
        for counted in budgets.keys(&self.chance).iter_mut() {
            let network = who.known.iter().find(|known| known.key_born == counted.born).and_then(Known::network);
            if let Some(network) = network
                && (counted.posted.len() < budgets.most || counted.posted.contains_key(&network))
            {
                counted.posted.entry(network).or_insert(now);
            }
        }
    }

    /// Spends `units` of a budget, or tells how long to wait first; then nothing is spent.
    pub fn spend(&self, who: &Who, budget: Budget, units: u64) -> Result<(), OverBudget> {
        self.spend_all(who, budget, None, units)
    }

    fn spend_all(&self, who: &Who, budget: Budget, post: Option<&PostId>, units: u64) -> Result<(), OverBudget> {
        self.spend_of(who, (budget, Purse::Own), post, units).inspect_err(|over| metrics::over_budget(over.budget))
    }

    /// The same for one thing, out of any purse.
    pub(crate) fn spend_from(&self, who: &Who, budget: Budget, purse: Purse) -> Result<(), OverBudget> {
        self.spend_of(who, (budget, purse), None, 1)
    }

    fn spend_of(&self, who: &Who, what: (Budget, Purse), post: Option<&PostId>, units: u64) -> Result<(), OverBudget> {
        let budgets = self.budgets();
        let mut keys = budgets.keys(&self.chance);
        for (place, counter, earned) in self.weighed(&keys, who, what, post, units)? {
            if let Some(counted) = keys.get_mut(place) {
                counted.keep(counter, earned, budgets.clock.now(), budgets.most);
            }
        }
        Ok(())
    }

    /// Whether one more may be had out of this purse; nothing is spent.
    pub(crate) fn may_spend(&self, who: &Who, budget: Budget, purse: Purse) -> bool {
        self.weighed(&self.budgets().keys(&self.chance), who, (budget, purse), None, 1).is_ok()
    }

    /// What spending so much would count, or how long to wait first.
    fn weighed(&self, keys: &[Counted], who: &Who, what: (Budget, Purse), post: Option<&PostId>, units: u64) -> Result<Spent, OverBudget> {
        let budgets = self.budgets();
        let (now, slow) = (budgets.clock.now(), self.lever(Lever::SlowMode).is_some());
        let mut spent = Vec::new();
        let mut longest: Option<OverBudget> = None;
        for (place, counted) in keys.iter().enumerate() {
            for charge in budgets.charges(counted, who, what, post, slow) {
                match charge.spend(what.1, counted.spent(&charge), now, units) {
                    Ok(earned) => spent.push((place, charge.counter, earned)),
                    Err(wait_ms) if longest.is_none_or(|over| over.wait_ms < wait_ms) => {
                        longest = Some(OverBudget { budget: charge.counter.budget, wait_ms });
                    }
                    Err(_) => {}
                }
            }
        }
        longest.map_or(Ok(spent), Err)
    }

    /// How much of what may be had for proofs is gone, from 0 to 1, where most of it is gone.
    pub(crate) fn heat(&self, who: &Who, budget: Budget) -> f64 {
        let budgets = self.budgets();
        let (now, slow) = (budgets.clock.now(), self.lever(Lever::SlowMode).is_some());
        let keys = budgets.keys(&self.chance);
        let fill = |counted: &Counted| {
            let charges = budgets.charges(counted, who, (budget, Purse::Proven), None, slow);
            charges.iter().map(|charge| charge.rate.fill(counted.spent(charge), now)).fold(0.0, f64::max)
        };
        keys.iter().map(fill).fold(0.0, f64::max)
    }

    /// Counts what was already taken and is never refused: the bytes of an upload that was begun, a post of uploads that arrived.
    pub fn owe(&self, who: &Who, budget: Budget, units: u64) {
        self.recount(who, (budget, Purse::Own), None, |rate, earned, now| rate.owe(earned, now, units));
    }

    /// Gives back what was spent and not needed, such as the bytes of an upload that was given up.
    pub fn give_back(&self, who: &Who, budget: Budget, units: u64) {
        self.give_back_to(who, budget, Purse::Own, units);
    }

    pub(crate) fn give_back_to(&self, who: &Who, budget: Budget, purse: Purse, units: u64) {
        self.recount(who, (budget, purse), None, |rate, earned, _| rate.give_back(earned, units));
    }

    fn recount(&self, who: &Who, what: (Budget, Purse), post: Option<&PostId>, change: impl Fn(Rate, EarnedUs, Time) -> EarnedUs) {
        let budgets = self.budgets();
        let (now, slow) = (budgets.clock.now(), self.lever(Lever::SlowMode).is_some());
        for counted in budgets.keys(&self.chance).iter_mut() {
            for charge in budgets.charges(counted, who, what, post, slow) {
                let earned = change(charge.rate, counted.spent(&charge), now);
                counted.keep(charge.counter, earned, now, budgets.most);
            }
        }
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
        self.recount(&guess.who, (guess.budget, Purse::Own), guess.post.as_ref(), |rate, earned, _| rate.give_back(earned, 1));
    }

    pub(crate) fn may_open_upload(&self, who: &Who) -> Result<(), OverBudget> {
        let budgets = self.budgets();
        budgets.may_open(&budgets.keys(&self.chance), who)
    }

    /// Counts an upload as under way, or tells that too many are.
    pub fn open_upload(&self, who: &Who, upload: &str) -> Result<(), OverBudget> {
        let budgets = self.budgets();
        let mut keys = budgets.keys(&self.chance);
        budgets.may_open(&keys, who)?;
        for counted in keys.iter_mut() {
            let whose: Vec<u64> = budgets
                .charges(counted, who, (Budget::OpenUpload, Purse::Own), None, false)
                .iter()
                .map(|charge| charge.counter.name)
                .collect();
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
        self.forget_proofs();
    }
}

#[cfg(test)]
mod forgetting;

#[cfg(test)]
mod tests {
    use super::*;

    fn post(name: u64) -> Counter {
        Counter { name, budget: Budget::Post, proven: false }
    }

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
            table.keep(post(name), much, now, most);
        }
        for name in 10..100_000 {
            let little = rate.spend(EarnedUs::default(), now, 1 + name % 3).expect("there is some");
            table.keep(post(name), little, now, most);
            assert!(table.spent.len() <= most);
        }
        for name in 0..10 {
            assert_eq!(table.spent.get(&post(name)), Some(&much), "who has spent most is still known");
        }
    }

    #[test]
    fn a_table_of_those_who_have_all_spent_the_same_does_not_grow_either() {
        let (mut table, most) = counted(100);
        let same = Rate { units: 1, per_ms: HOUR_MS }.spend(EarnedUs::default(), Time(0), 1).expect("there is some");
        for name in 0..10_000 {
            table.keep(post(name), same, Time(0), most);
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
