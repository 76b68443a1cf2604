//! What opens a post that is not open to all: its seal (a key that only the site has), the passes of visitors who have opened it, and
//! the signed addresses of its media.
//!
//! Both are HMAC-SHA256 (RFC 2104) under the post's seal, cut to 128 bits, and say until when they hold. A new seal ends all of them.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use crate::time::HOUR_MS;
use crate::{MediaId, PostId, Time};

/// Bytes of the HMAC that are kept.
const TAG_BYTES: usize = 16;
/// How long a pass holds: for a visit.
pub const PASS_MS: i64 = 12 * HOUR_MS;
/// The same where openings are counted: long enough to see the longest video to its end, short enough that one opening is one visit.
pub const COUNTED_PASS_MS: i64 = 3 * HOUR_MS;

/// The key of one post's passes and media addresses.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Seal([u8; 32]);

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal(…)")
    }
}

impl Seal {
    /// A seal of these random bytes.
    #[must_use]
    pub fn new(random: [u8; 32]) -> Self {
        Self(random)
    }

    /// What is stored.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// A visitor's pass: `MILLISECONDS.TAG`.
    #[must_use]
    pub fn pass(&self, post: &PostId, until: Time) -> String {
        self.sign("pass", post.as_str(), until)
    }

    /// Until when `pass` lets its holder see the post; `None` if it does not, or no longer does at `now`.
    #[must_use]
    pub fn admits(&self, post: &PostId, pass: &str, now: Time) -> Option<Time> {
        self.holds("pass", post.as_str(), pass, now)
    }

    /// The proof that stands in the address of a medium's files: `MILLISECONDS.TAG`.
    #[must_use]
    pub fn proof(&self, medium: &MediaId, until: Time) -> String {
        self.sign("medium", medium.as_str(), until)
    }

    /// Whether `proof` lets its holder fetch the medium's files at `now`.
    #[must_use]
    pub fn proves(&self, medium: &MediaId, proof: &str, now: Time) -> bool {
        self.holds("medium", medium.as_str(), proof, now).is_some()
    }

    fn sign(&self, purpose: &str, name: &str, until: Time) -> String {
        format!("{}.{}", until.0, URL_SAFE_NO_PAD.encode(self.tag(purpose, name, until)))
    }

    fn holds(&self, purpose: &str, name: &str, signed: &str, now: Time) -> Option<Time> {
        let (until, tag) = signed.split_once('.')?;
        let (written, tag) = (until, URL_SAFE_NO_PAD.decode(tag).ok()?);
        let until = Time(written.parse().ok()?);
        // One moment is written in one way.
        if until.0.to_string() != written {
            return None;
        }
        (until > now && bool::from(tag.as_slice().ct_eq(&self.tag(purpose, name, until)))).then_some(until)
    }

    fn tag(&self, purpose: &str, name: &str, until: Time) -> [u8; TAG_BYTES] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(format!("handbill {purpose} {name} {}", until.0).as_bytes());
        let whole = mac.finalize().into_bytes();
        let mut tag = [0; TAG_BYTES];
        tag.copy_from_slice(&whole[..TAG_BYTES]);
        tag
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pass_is_for_one_post_and_one_purpose_and_ends() {
        let (seal, other) = (Seal::new([7; 32]), Seal::new([8; 32]));
        let (post, medium) = (PostId::from_random([1; 16]), MediaId::from_random([1; 16]));
        let (now, until) = (Time(1_000), Time(2_000));
        let pass = seal.pass(&post, until);
        assert_eq!(seal.admits(&post, &pass, now), Some(until));
        assert_eq!(seal.admits(&post, &pass, Time(1_999)), Some(until));
        assert_eq!(seal.admits(&post, &pass, until), None, "it does not end");
        assert_eq!(other.admits(&post, &pass, now), None, "another seal takes it");
        assert_eq!(seal.admits(&PostId::from_random([2; 16]), &pass, now), None, "another post takes it");
        // The two ids have the same letters.
        assert!(!seal.proves(&medium, &pass, now), "a pass is the proof for a medium");
        assert!(seal.proves(&medium, &seal.proof(&medium, until), now));
        let longer = pass.replace("2000.", "9000.");
        for forged in [longer.as_str(), "", ".", "2000", "2000.", "x.y", "99999999999999999999.AAAA", &pass[..pass.len() - 2]] {
            assert_eq!(seal.admits(&post, forged, now), None, "{forged}");
        }
    }
}
