//! A key by which a client says that a request is the one it sent before (`Idempotency-Key`): a lost answer neither doubles a post nor
//! loses its manage link.
//!
//! The manage secret that was given out is kept for a while, sealed under the key itself: who has only the database cannot read it.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::ManageSecret;
use crate::time::DAY_MS;

/// How long a repeat is known.
pub const KNOWN_MS: i64 = DAY_MS;
/// Letters of a key. One that is shorter could be somebody else's, who would then get their manage link.
const LETTERS: std::ops::RangeInclusive<usize> = 22..=200;

/// What the client calls its request.
#[derive(Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Reads it; `None` if it is not 22 to 200 printable ASCII characters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        (LETTERS.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())).then(|| Self(text.to_owned()))
    }

    /// What is stored of it.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        self.mac("name", &[])
    }

    /// A secret that the site has made, sealed.
    #[must_use]
    pub fn seal(&self, secret: &ManageSecret) -> Vec<u8> {
        self.cover(secret.expose().as_bytes())
    }

    /// The secret that was sealed; `None` if that was done by another key.
    #[must_use]
    pub fn unseal(&self, sealed: &[u8]) -> Option<ManageSecret> {
        ManageSecret::parse(std::str::from_utf8(&self.cover(sealed)).ok()?)
    }

    // A secret of ours is shorter than one block, and each key covers one secret only.
    fn cover(&self, bytes: &[u8]) -> Vec<u8> {
        bytes.iter().zip(self.mac("secret", &[])).map(|(byte, key)| byte ^ key).collect()
    }

    fn mac(&self, purpose: &str, of: &[u8]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_bytes()).expect("HMAC takes a key of any length");
        mac.update(format!("handbill repeat {purpose}").as_bytes());
        mac.update(of);
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdempotencyKey(…)")
    }
}

/// One request under a key.
#[derive(Clone, Debug)]
pub struct Repeat {
    /// What the client calls it.
    pub key: IdempotencyKey,
    /// What it asks for, hashed under the key: a plain hash would let who has the database try passwords against it, and words that
    /// were deleted since.
    pub request: [u8; 32],
}

impl Repeat {
    /// The request `asked` under `key`.
    #[must_use]
    pub fn new(key: IdempotencyKey, asked: &[u8]) -> Self {
        let request = key.mac("request", asked);
        Self { key, request }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_key_itself_unseals_a_secret() {
        let key = IdempotencyKey::parse("9b2c1f0e-7a44-4b0e-8f3f-6d1f0c9a2b11").expect("it is long enough");
        let other = IdempotencyKey::parse("9b2c1f0e-7a44-4b0e-8f3f-6d1f0c9a2b12").expect("it is long enough");
        let secret = ManageSecret::from_random([1; 16], [2; 16]);
        let sealed = key.seal(&secret);
        assert_eq!(key.unseal(&sealed).map(|secret| secret.expose().to_owned()), Some(secret.expose().to_owned()));
        assert!(other.unseal(&sealed).is_none_or(|other| other.expose() != secret.expose()));
        assert!(!sealed.windows(4).any(|part| secret.expose().as_bytes().windows(4).any(|own| own == part)));
        assert_ne!(key.hash(), other.hash());
        // Nor can anybody without it try what was asked for.
        assert_ne!(Repeat::new(key, b"words").request, Repeat::new(other, b"words").request);
    }

    #[test]
    fn a_key_that_somebody_else_could_use_is_none() {
        for bad in ["", "1", "123456789012345678901", "1234567890123456789012 ", "ключключключключключключ", &"x".repeat(201)]
        {
            assert_eq!(IdempotencyKey::parse(bad), None, "{bad}");
        }
    }
}
