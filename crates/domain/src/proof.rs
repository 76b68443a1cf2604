//! Proofs of work: what a client pays that wants more than its share, where nobody knows who it is. The form is ALTCHA's, version 2
//! (<https://altcha.org/docs/v2/>), so that other people's programs solve it.
//!
//! Someone who is to solve a challenge derives a key (PBKDF2 with HMAC-SHA-256) from its nonce and a counter, 0, 1, 2, … until the key begins as
//! the challenge says. The counter was drawn when the challenge was made, so the most that it can cost is known. A proof is checked by two HMACs
//! and no derivation. It costs what it says and proves nothing else: neither a person nor good will.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use crate::Budget;
use crate::time::{MINUTE_MS, Time};

/// How long a challenge may be solved.
pub const LIFE_MS: i64 = 5 * MINUTE_MS;
/// The only algorithm: the one that every browser has.
pub const ALGORITHM: &str = "PBKDF2/SHA-256";
/// Rounds of each derivation. So many that calling the browser for each of them costs little beside.
const COST: u32 = 2_000;
/// Bytes of a derived key.
const KEY_BYTES: usize = 32;
/// Of which the challenge tells so many.
const PREFIX_BYTES: usize = KEY_BYTES / 2;
/// The most derivations of the cheapest challenge.
const LEAST: u32 = 100;
/// The most derivations of the dearest one: 3 s on a telephone of a quarter of a small computer's speed (e2e measures it).
const MOST: u32 = 800;

/// What a challenge costs: the most derivations that it may take, and at least half of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Price(u32);

impl Price {
    /// The price where this part of what is to be had for proofs is gone already, 0 to 1. It grows by doubling.
    #[must_use]
    pub fn at(heat: f64) -> Self {
        let times = f64::from(MOST) / f64::from(LEAST);
        // From 100 to 800.
        Self((f64::from(LEAST) * times.powf(heat.clamp(0.0, 1.0))).round() as u32)
    }

    /// Whether a challenge at this price is still good for what costs that now: it may have doubled while it was solved.
    #[must_use]
    pub fn covers(self, now: Self) -> bool {
        self.0.saturating_mul(2) >= now.0
    }
}

/// What is to be solved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Challenge {
    /// What solving it takes.
    pub parameters: Parameters,
    /// That it was made here, and for whom.
    pub signature: String,
}

/// What solving a challenge takes. The fields stand in the order of their names: that is how they are signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Parameters {
    /// [`ALGORITHM`].
    pub algorithm: String,
    /// Rounds of each derivation.
    pub cost: u32,
    /// More of it.
    pub data: Data,
    /// Until when, in seconds since 1970.
    pub expires_at: i64,
    /// Bytes of the key.
    pub key_length: u32,
    /// How the key begins, in hexadecimal digits.
    pub key_prefix: String,
    /// HMAC of the key, in hexadecimal digits.
    pub key_signature: String,
    /// 16 random bytes in hexadecimal digits, before the counter.
    pub nonce: String,
    /// 16 random bytes in hexadecimal digits.
    pub salt: String,
}

/// More of a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// What may be done for it.
    #[serde(rename = "for")]
    pub purpose: Budget,
    /// The most derivations that it may take, for whoever shows how far it is.
    pub most: u32,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Solution {
    /// At which counter.
    pub counter: u32,
    /// The key, in hexadecimal digits.
    pub derived_key: String,
}

/// A challenge that was solved, as it is sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proof {
    /// The challenge, as it was given.
    pub challenge: Challenge,
    /// Its solution.
    pub solution: Solution,
}

/// Why a proof counts for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// It does not read.
    #[error("the proof is no Base64 of {{\"challenge\": …, \"solution\": …}}")]
    Form,
    /// It was made elsewhere, or given to somebody else, or changed since.
    #[error("the challenge was not given to you by this site as it is now running")]
    Foreign,
    /// It was given for something else.
    #[error("the challenge was given for something else")]
    Purpose,
    /// It came too late.
    #[error("the challenge has expired")]
    Expired,
    /// It was used before.
    #[error("the proof was used before")]
    Spent,
    /// It was solved in advance, when it cost much less.
    #[error("the price has risen since: solve a newer challenge")]
    Cheap,
    /// The key is not the one that was looked for.
    #[error("the solution is wrong")]
    Wrong,
}

/// The key that challenges are signed with. Only this process has it.
pub struct ProofKey([u8; 32]);

impl std::fmt::Debug for ProofKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ProofKey(…)")
    }
}

/// What chance has to give for a challenge.
#[derive(Clone, Copy, Debug)]
pub struct Drawn {
    /// Put before the counter.
    pub nonce: [u8; 16],
    /// The salt.
    pub salt: [u8; 16],
    /// Of which the counter is made.
    pub counter: u32,
}

impl Challenge {
    /// What it was given for.
    #[must_use]
    pub fn price(&self) -> Price {
        Price(self.parameters.data.most)
    }
}

impl ProofKey {
    /// A key of these random bytes.
    #[must_use]
    pub fn new(random: [u8; 32]) -> Self {
        Self(random)
    }

    /// A challenge at this price, for who is known by this pseudonym, and for this alone.
    #[must_use]
    pub fn challenge(&self, price: Price, purpose: Budget, asker: u64, drawn: &Drawn, now: Time) -> Challenge {
        let half = (price.0 / 2).max(1);
        let counter = half + drawn.counter % half;
        let key = derived(&drawn.nonce, &drawn.salt, counter, COST);
        let parameters = Parameters {
            algorithm: ALGORITHM.to_owned(),
            cost: COST,
            data: Data { purpose, most: price.0 },
            expires_at: now.plus_ms(LIFE_MS).0.div_euclid(1_000),
            key_length: KEY_BYTES as u32,
            key_prefix: hex(&key[..PREFIX_BYTES]),
            key_signature: hex(&self.tag(b"key", &key, &[])),
            nonce: hex(&drawn.nonce),
            salt: hex(&drawn.salt),
        };
        let signature = self.signature(&parameters, asker);
        Challenge { parameters, signature }
    }

    /// Whether a proof counts, for who is known by one of these pseudonyms, and for this. The caller sees to it that it counts once, until it
    /// expires.
    pub fn check(&self, proof: &Proof, purpose: Budget, askers: &[u64], now: Time) -> Result<(), ProofError> {
        let Proof { challenge, solution } = proof;
        let same = |one: &str, other: &str| bool::from(one.as_bytes().ct_eq(other.as_bytes()));
        if !askers.iter().any(|asker| same(&self.signature(&challenge.parameters, *asker), &challenge.signature)) {
            return Err(ProofError::Foreign);
        }
        if challenge.parameters.data.purpose != purpose {
            return Err(ProofError::Purpose);
        }
        // One that lasts for longer than any was made by a clock that was set back since.
        let left_ms = Time(challenge.parameters.expires_at.saturating_mul(1_000)).since_ms(now);
        if !(0..=LIFE_MS).contains(&left_ms) {
            return Err(ProofError::Expired);
        }
        let key = unhex(&solution.derived_key).ok_or(ProofError::Wrong)?;
        if !same(&hex(&self.tag(b"key", &key, &[])), &challenge.parameters.key_signature) {
            return Err(ProofError::Wrong);
        }
        Ok(())
    }

    fn signature(&self, parameters: &Parameters, asker: u64) -> String {
        hex(&self.tag(b"challenge", parameters.canonical().as_bytes(), &asker.to_be_bytes()))
    }

    fn tag(&self, what: &[u8], words: &[u8], more: &[u8]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        for part in [what, words, more] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

impl Parameters {
    /// The JSON that is signed: its keys in order, no spaces. Strings that would have to be escaped are in none that was made here.
    fn canonical(&self) -> String {
        let Self { algorithm, cost, data, expires_at, key_length, key_prefix, key_signature, nonce, salt } = self;
        format!(
            "{{\"algorithm\":\"{algorithm}\",\"cost\":{cost},\"data\":{{\"for\":\"{}\",\"most\":{}}},\"expiresAt\":{expires_at},\"keyLength\":{key_length},\
             \"keyPrefix\":\"{key_prefix}\",\"keySignature\":\"{key_signature}\",\"nonce\":\"{nonce}\",\"salt\":\"{salt}\"}}",
            data.purpose.as_str(),
            data.most
        )
    }
}

impl Challenge {
    /// What it is remembered by once it is spent.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.parameters.nonce
    }

    /// Until when it has to be remembered.
    #[must_use]
    pub fn expires(&self) -> Time {
        Time(self.parameters.expires_at.saturating_mul(1_000))
    }

    /// Solves it, as a client does.
    #[must_use]
    pub fn solved(&self) -> Option<Solution> {
        let Parameters { nonce, salt, cost, key_prefix, .. } = &self.parameters;
        let (nonce, salt) = (unhex(nonce)?, unhex(salt)?);
        (0..=MOST).find_map(|counter| {
            let key = hex(&derived(&nonce, &salt, counter, *cost));
            key.starts_with(key_prefix).then_some(Solution { counter, derived_key: key })
        })
    }
}

/// The key at one counter.
fn derived(nonce: &[u8], salt: &[u8], counter: u32, cost: u32) -> [u8; KEY_BYTES] {
    let mut password = nonce.to_vec();
    password.extend_from_slice(&counter.to_be_bytes());
    let mut key = [0; KEY_BYTES];
    pbkdf2::pbkdf2_hmac::<Sha256>(&password, salt, cost, &mut key);
    key
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string fails for nobody.
        let _written = write!(text, "{byte:02x}");
        text
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || text.len() > 2 * KEY_BYTES || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time(1_764_000_000_000);
    const KEY: ProofKey = ProofKey([7; 32]);
    const DRAWN: Drawn = Drawn { nonce: [1; 16], salt: [2; 16], counter: 3 };

    fn solved(price: Price) -> Proof {
        let challenge = KEY.challenge(price, Budget::Post, 42, &DRAWN, NOW);
        Proof { solution: challenge.solved().expect("it has a solution"), challenge }
    }

    #[test]
    fn what_was_solved_counts_for_who_was_asked_and_for_what_and_in_time() {
        let proof = solved(Price(10));
        assert_eq!(proof.solution.counter, 5 + 3);
        let check = |purpose, askers: &[u64], now| KEY.check(&proof, purpose, askers, now);
        assert_eq!(check(Budget::Post, &[7, 42], NOW), Ok(()));
        assert_eq!(check(Budget::Post, &[42], NOW.plus_ms(LIFE_MS)), Ok(()));
        assert_eq!(check(Budget::Post, &[42], NOW.plus_ms(LIFE_MS + 1)), Err(ProofError::Expired));
        assert_eq!(check(Budget::Post, &[42], NOW.plus_ms(-1_000)), Err(ProofError::Expired), "the clock was set back");
        assert_eq!(check(Budget::Post, &[43], NOW), Err(ProofError::Foreign));
        assert_eq!(check(Budget::Post, &[], NOW), Err(ProofError::Foreign));
        assert_eq!(check(Budget::Notice, &[42], NOW), Err(ProofError::Purpose));
        assert_eq!(ProofKey([8; 32]).check(&proof, Budget::Post, &[42], NOW), Err(ProofError::Foreign), "the site started anew");
    }

    #[test]
    fn nothing_of_a_challenge_can_be_changed_and_no_key_can_be_guessed() {
        let proof = solved(Price(4));
        let changed = |change: fn(&mut Proof)| {
            let mut proof = proof.clone();
            change(&mut proof);
            KEY.check(&proof, Budget::Post, &[42], NOW)
        };
        assert_eq!(changed(|proof| proof.challenge.parameters.expires_at += 1), Err(ProofError::Foreign));
        assert_eq!(changed(|proof| proof.challenge.parameters.nonce = "00".repeat(16)), Err(ProofError::Foreign));
        assert_eq!(changed(|proof| proof.challenge.parameters.key_signature = "00".repeat(32)), Err(ProofError::Foreign));
        assert_eq!(changed(|proof| proof.challenge.parameters.cost = 1), Err(ProofError::Foreign));
        assert_eq!(changed(|proof| proof.solution.derived_key = "00".repeat(32)), Err(ProofError::Wrong));
        assert_eq!(changed(|proof| proof.solution.derived_key = proof.challenge.parameters.key_prefix.clone()), Err(ProofError::Wrong));
        for nonsense in ["", "é", "zz", "0", &"00".repeat(1_000)] {
            let mut proof = proof.clone();
            proof.solution.derived_key = nonsense.to_owned();
            assert_eq!(KEY.check(&proof, Budget::Post, &[42], NOW), Err(ProofError::Wrong), "{nonsense}");
        }
    }

    #[test]
    fn the_price_grows_by_doubling_and_has_an_end() {
        assert_eq!(Price::at(-1.0), Price(LEAST));
        assert_eq!(Price::at(1.0 / 3.0), Price(2 * LEAST));
        assert_eq!((Price::at(1.0), Price::at(f64::INFINITY)), (Price(MOST), Price(MOST)));
        for counter in [0, 1, 4, 5, u32::MAX] {
            let challenge = KEY.challenge(Price(10), Budget::Post, 1, &Drawn { counter, ..DRAWN }, NOW);
            assert!(challenge.solved().is_some_and(|solution| (5..10).contains(&solution.counter)), "{counter}");
        }
    }
}
