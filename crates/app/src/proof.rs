//! What somebody pays who wants more than their share: nothing within it; beyond it a proof of work, whose price follows how much was had so
//! already, or patience: what is taken then is public after a while. Beyond that too it is refused, until some of it is earned again.
//!
//! All that is beyond anybody's share goes through one turnstile, a few a second, so that a storm waits for itself and for nobody else.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::budget::{EarnedUs, Rate};
use domain::proof::{Challenge, Price, Proof, ProofError, ProofKey};
use domain::time::HOUR_MS;
use domain::{Budget, Lane, OverBudget, Time};
use tokio::time::Instant;

use crate::budget::Purse;
use crate::{Chance, Site, Who, metrics};

/// The longest proof.
const PROOF_BYTES: usize = 4 << 10;
/// The most spent proofs that are remembered. While there are so many, no more are taken: none may be forgotten before it expires.
const MOST_SPENT: usize = 200_000;
/// Requests beyond anybody's share that are let through in a row.
const IN_A_ROW: u32 = 20;
/// How long one takes when there are more.
const STEP: Duration = Duration::from_millis(100);
/// So many requests beyond anybody's share make the price the highest for everybody who is over theirs.
const STORM: Rate = Rate { units: 2_000, per_ms: HOUR_MS };
/// Nothing was asked for beyond anybody's share.
const NO_STORM: (Time, EarnedUs) = (Time(0), EarnedUs::NOTHING);
/// The longest that anybody is made to wait in the turnstile.
const PATIENCE: Duration = Duration::from_secs(2);

/// When who was turned away at the turnstile may try again.
const AGAIN_MS: i64 = 20_000;

/// What comes with a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Offer<'a> {
    /// Nothing: whoever asks knows of no proofs.
    #[default]
    Nothing,
    /// Whoever asks would solve a challenge.
    Asks,
    /// A proof, as it is sent.
    Proof(&'a str),
}

/// How something was paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toll {
    /// It is within its asker's share.
    Free,
    /// By a proof.
    Proven,
    /// By patience.
    Slow,
}

/// Why something is not done now.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Owed {
    /// There is nothing left, for nothing and for no proof.
    #[error(transparent)]
    Over(#[from] OverBudget),
    /// It is done for a proof; or without one when some of the budget is earned again.
    #[error("{}", .over)]
    Prove {
        /// What there is no more of.
        over: OverBudget,
        /// What is to be solved.
        challenge: Box<Challenge>,
        /// What was wrong with the proof that came.
        error: Option<ProofError>,
    },
}

/// The key of challenges, and what was spent. Both live in memory alone.
pub(crate) struct Proofs {
    key: ProofKey,
    spent: Mutex<HashMap<String, Time>>,
    turnstile: Mutex<Option<Instant>>,
    /// All that was asked for beyond anybody's share, and when that was counted last.
    storm: Mutex<(Time, EarnedUs)>,
}

impl Proofs {
    pub(crate) fn new(chance: &Chance) -> Self {
        Self::with(ProofKey::new(chance.proof_key()))
    }

    fn with(key: ProofKey) -> Self {
        Self { key, spent: Mutex::default(), turnstile: Mutex::default(), storm: Mutex::new(NO_STORM) }
    }

    /// What was counted of a storm. A clock that was set back since makes a storm out of nothing: then it is counted anew.
    fn counted(&self, now: Time) -> MutexGuard<'_, (Time, EarnedUs)> {
        let mut storm = self.storm.lock().unwrap_or_else(PoisonError::into_inner);
        if storm.0 > now {
            *storm = NO_STORM;
        }
        storm
    }

    /// How long to wait for one's turn; `false`: and that it does not come in time.
    fn turn(&self, now: Instant) -> (Duration, bool) {
        let mut next = self.turnstile.lock().unwrap_or_else(PoisonError::into_inner);
        // So many are let through that nobody stands in line for.
        let earliest = now.checked_sub(STEP * IN_A_ROW).unwrap_or(now);
        let own = next.map_or(earliest, |next| next.max(earliest));
        let wait = own.saturating_duration_since(now);
        if wait > PATIENCE {
            return (PATIENCE, false);
        }
        *next = Some(own + STEP);
        (wait, true)
    }
}

impl Site {
    /// Pays for something that is done once, or tells what it costs.
    pub async fn pay(&self, who: &Who, budget: Budget, offer: Offer<'_>) -> Result<Toll, Owed> {
        let over = match self.spend_from(who, budget, Purse::Own) {
            Ok(()) => return Ok(Toll::Free),
            Err(over) => over,
        };
        // Whatever comes of it, and whoever it is: a storm is told so slowly.
        let (wait, in_time) = self.proofs().turn(Instant::now());
        let paid = self.pay_beyond(who, budget, offer, over, in_time);
        tokio::time::sleep(wait).await;
        match paid {
            Ok(Toll::Slow) if !in_time => {
                self.give_back_toll(who, budget, Toll::Slow);
                metrics::over_budget(budget);
                Err(OverBudget { budget, wait_ms: AGAIN_MS }.into())
            }
            Err(Owed::Over(over)) => {
                metrics::over_budget(over.budget);
                Err(over.into())
            }
            paid => paid,
        }
    }

    /// The same for what was begun and is never lost: without a proof it is taken all the same.
    pub async fn pay_for_what_was_begun(&self, who: &Who, budget: Budget, offer: Offer<'_>) -> Result<Toll, Owed> {
        match self.pay(who, budget, offer).await {
            Err(Owed::Over(_)) => {
                self.owe(who, budget, 1);
                Ok(Toll::Slow)
            }
            paid => paid,
        }
    }

    /// How much is asked for beyond anybody's share, from 0 to 1, on this node.
    pub(crate) fn storm(&self) -> f64 {
        let now = self.clock.now();
        STORM.fill(self.proofs().counted(now).1, now)
    }

    fn pay_beyond(&self, who: &Who, budget: Budget, offer: Offer<'_>, over: OverBudget, in_time: bool) -> Result<Toll, Owed> {
        let now = self.clock.now();
        {
            let mut storm = self.proofs().counted(now);
            *storm = (now, STORM.owe(storm.1, now, 1));
        }
        let error = match offer {
            // Where nothing is left for proofs either, patience may still have some.
            Offer::Asks if self.may_spend(who, budget, Purse::Proven) => None,
            Offer::Nothing | Offer::Asks => {
                self.spend_from(who, budget, Purse::Patience)?;
                metrics::beyond("slow");
                return Ok(Toll::Slow);
            }
            Offer::Proof(text) => match self.check_proof(who, budget, text, now) {
                Ok(()) => {
                    self.spend_from(who, budget, Purse::Proven)?;
                    metrics::beyond("proven");
                    return Ok(Toll::Proven);
                }
                Err(error) => Some(error),
            },
        };
        // A challenge is work for us as well: who has no turn gets none.
        if !in_time {
            return Err(OverBudget { budget, wait_ms: AGAIN_MS }.into());
        }
        // Whoever asks has to be somebody, and there has to be something left that a proof could pay for.
        let Some(asker) = who.name() else { return Err(over.into()) };
        let challenge = self.proofs().key.challenge(self.price(who, budget), budget, asker, &self.chance.drawn(), now);
        metrics::beyond("asked");
        Err(Owed::Prove { over, challenge: Box::new(challenge), error })
    }

    fn price(&self, who: &Who, budget: Budget) -> Price {
        Price::at(self.heat(who, budget).max(self.storm()))
    }

    fn check_proof(&self, who: &Who, budget: Budget, text: &str, now: Time) -> Result<(), ProofError> {
        let proofs = self.proofs();
        if text.len() > PROOF_BYTES {
            return Err(ProofError::Form);
        }
        let bytes = STANDARD.decode(text.trim()).map_err(|_| ProofError::Form)?;
        let proof: Proof = serde_json::from_slice(&bytes).map_err(|_| ProofError::Form)?;
        proofs.key.check(&proof, budget, &who.names(), now)?;
        // Challenges for later, fetched while they are cheap, would make the price that of the first.
        if !proof.challenge.price().covers(self.price(who, budget)) {
            return Err(ProofError::Cheap);
        }
        let mut spent = proofs.spent.lock().unwrap_or_else(PoisonError::into_inner);
        if spent.len() >= MOST_SPENT {
            spent.retain(|_, expires| *expires >= now);
        }
        if spent.len() >= MOST_SPENT || spent.contains_key(proof.challenge.name()) {
            return Err(ProofError::Spent);
        }
        spent.insert(proof.challenge.name().to_owned(), proof.challenge.expires());
        Ok(())
    }

    /// Forgets spent proofs that nobody could spend again.
    pub(crate) fn forget_proofs(&self) {
        let now = self.clock.now();
        self.proofs().spent.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, expires| *expires >= now);
    }

    /// Gives back what was paid for something that was not done after all. A proof stays spent.
    pub fn give_back_toll(&self, who: &Who, budget: Budget, toll: Toll) {
        let purse = match toll {
            Toll::Free | Toll::Slow => Purse::Own,
            Toll::Proven => Purse::Proven,
        };
        self.give_back_to(who, budget, purse, 1);
    }
}

/// A post that was paid for. Dropped before it was made, it costs nothing but its proof.
#[must_use = "a post that is not made costs nothing"]
pub struct PaidPost {
    site: Site,
    who: Who,
    toll: Toll,
    made: bool,
}

impl PaidPost {
    /// The post was made.
    pub fn made(mut self) {
        self.made = true;
        self.site.has_posted(&self.who);
    }

    /// How the post is taken.
    #[must_use]
    pub fn lane(&self) -> Lane {
        self.site.lane(&self.who, self.toll)
    }
}

impl Drop for PaidPost {
    fn drop(&mut self) {
        if !self.made {
            self.site.give_back_toll(&self.who, Budget::Post, self.toll);
        }
    }
}

impl Site {
    /// Pays for a post, before anything of it is read.
    pub async fn pay_for_post(&self, who: &Who, offer: Offer<'_>) -> Result<PaidPost, Owed> {
        let toll = self.pay(who, Budget::Post, offer).await?;
        Ok(PaidPost { site: self.clone(), who: who.clone(), toll, made: false })
    }

    /// Pays for an upload of `length` bytes that is about to begin, or tells what it costs. Its bytes are paid for here and now, so that nothing
    /// that was begun is ever refused for them; for bytes there is no other price.
    pub async fn pay_for_upload(&self, who: &Who, length: u64, offer: Offer<'_>) -> Result<(), Owed> {
        let toll = self.pay(who, Budget::Upload, offer).await?;
        // Many that ask together may ask too early: `open_upload` counts them one by one.
        let rest = self.may_open_upload(who).and_then(|()| self.spend(who, Budget::Byte, length));
        Ok(rest.inspect_err(|_| self.give_back_toll(who, Budget::Upload, toll))?)
    }

    /// The same for a post of uploads that were taken: they are never lost to a budget.
    pub async fn pay_for_uploaded_post(&self, who: &Who, offer: Offer<'_>) -> Result<PaidPost, Owed> {
        let toll = self.pay_for_what_was_begun(who, Budget::Post, offer).await?;
        Ok(PaidPost { site: self.clone(), who: who.clone(), toll, made: false })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_come_at_once_others_stand_in_line_and_nobody_for_long() {
        let proofs = Proofs::with(ProofKey::new([0; 32]));
        let start = Instant::now() + Duration::from_secs(60);
        for _ in 0..=IN_A_ROW {
            assert_eq!(proofs.turn(start), (Duration::ZERO, true));
        }
        for place in 1..=20 {
            assert_eq!(proofs.turn(start), (STEP * place, true));
        }
        for _ in 0..1_000 {
            assert_eq!(proofs.turn(start), (PATIENCE, false), "whoever is turned away takes no place in the line");
        }
        assert_eq!(proofs.turn(start + STEP), (PATIENCE, true));
        assert_eq!(proofs.turn(start + Duration::from_secs(60)), (Duration::ZERO, true));
    }
}
