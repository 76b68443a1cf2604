//! The names of things: short, unguessable, and easy to read aloud.
//!
//! Every id is drawn from 31 letters and digits that are not mistaken for each other (no `i l o 0 1`), so that a link can be
//! read over the telephone. 13 of them carry log2(31^13) = 64.4 bits, 26 carry 128.8. There is no sequence in them.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

const ALPHABET: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";
const ID_LETTERS: usize = 13;
const SECRET_LETTERS: usize = 26;
/// Of a secret that a client has made: 22 letters of base64 carry 132 bits.
const CLIENT_LETTERS: std::ops::RangeInclusive<usize> = 22..=86;

/// Random bytes an id is made from: 128 bits for 64.4, so that the remainder's bias is below 2^-63.
pub const RANDOM_BYTES: usize = 16;

fn letters(random: [u8; RANDOM_BYTES], count: usize) -> String {
    let mut rest = u128::from_le_bytes(random);
    let mut out = String::with_capacity(count);
    for _ in 0..count {
        let letter = usize::try_from(rest % 31).expect("a remainder of 31 fits");
        out.push(char::from(ALPHABET[letter]));
        rest /= 31;
    }
    out
}

fn is_letters(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| ALPHABET.contains(&byte))
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident of $letters:ident by ($($random:ident),+)) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl $name {
            /// Makes an id of random bytes, 16 for each 13 letters.
            #[must_use]
            pub fn from_random($($random: [u8; RANDOM_BYTES]),+) -> Self {
                Self([$(letters($random, ID_LETTERS)),+].concat())
            }

            /// Reads an id as it stands in a link; capitals are accepted, because people type them.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                let text = text.to_ascii_lowercase();
                is_letters(&text, $letters).then_some(Self(text))
            }

            /// The id as it stands in a link.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = &'static str;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(&text).ok_or("not an id")
            }
        }
    };
}

id! {
    /// A post's id: the whole of its link's path.
    PostId of ID_LETTERS by (random)
}
id! {
    /// A medium's id. Independent of its post's, so that neither gives away the other.
    MediaId of ID_LETTERS by (random)
}
id! {
    /// A resumable upload's id. Whoever has it may go on with the upload, so it is as long as a secret.
    UploadId of SECRET_LETTERS by (first, second)
}

id! {
    /// A bank's id.
    BankId of ID_LETTERS by (random)
}
id! {
    /// The id of what was put into a bank at one time: a file, or a list of hashes.
    ItemId of ID_LETTERS by (random)
}
id! {
    /// The id of a match.
    MatchId of ID_LETTERS by (random)
}
id! {
    /// The id of a case.
    CaseId of ID_LETTERS by (random)
}
id! {
    /// The id of a notice.
    NoticeId of ID_LETTERS by (random)
}
id! {
    /// The id of what somebody who decides noted about a case.
    NoteId of ID_LETTERS by (random)
}
id! {
    /// The id of a registered party.
    PartyId of ID_LETTERS by (random)
}
id! {
    /// The id of what a party filed at one time.
    FilingId of ID_LETTERS by (random)
}
id! {
    /// The id of a decision. It stands on the page that is left of what was removed.
    DecisionId of ID_LETTERS by (random)
}
id! {
    /// The id of an appeal.
    AppealId of ID_LETTERS by (random)
}
id! {
    /// The id of a retention.
    RetentionId of ID_LETTERS by (random)
}

id! {
    /// The id of a mail.
    MailId of ID_LETTERS by (random)
}

id! {
    /// The id of an alarm.
    AlarmId of ID_LETTERS by (random)
}
id! {
    /// The id of what an operator is told at one time.
    TellingId of ID_LETTERS by (random)
}

id! {
    /// The id of somebody who may decide.
    ModeratorId of ID_LETTERS by (random)
}
id! {
    /// The id of a row of the audit trail.
    AuditId of ID_LETTERS by (random)
}

macro_rules! secret {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// Only its hash is stored, which it is found by. It never appears in `Debug` output.
        #[derive(Clone)]
        pub struct $name(String);

        impl $name {
            /// Makes one of twice 16 random bytes.
            #[must_use]
            pub fn from_random(first: [u8; RANDOM_BYTES], second: [u8; RANDOM_BYTES]) -> Self {
                Self(letters(first, SECRET_LETTERS / 2) + &letters(second, SECRET_LETTERS / 2))
            }

            /// Reads one; capitals are forgiven.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                let text = text.to_ascii_lowercase();
                is_letters(&text, SECRET_LETTERS).then_some(Self(text))
            }

            /// SHA-256: what is stored.
            #[must_use]
            pub fn hash(&self) -> [u8; 32] {
                Sha256::digest(self.0.as_bytes()).into()
            }

            /// The secret itself, for the one answer that hands it out.
            #[must_use]
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

secret! {
    /// The last part of a link that enrols somebody who shall decide.
    EnrolSecret
}
secret! {
    /// What a browser shows of a session, or of a question that a passkey was asked.
    SessionToken
}
secret! {
    /// The secret of whoever gave notice, the last part of the link under which they read what became of it.
    Receipt
}

/// The poster's secret for one post, the last part of the manage link.
///
/// Only [`ManageSecret::hash`] is stored. It never appears in `Debug` output, and comparing is by hash in constant time.
#[derive(Clone)]
pub struct ManageSecret(String);

impl ManageSecret {
    /// Makes a secret of twice 16 random bytes.
    #[must_use]
    pub fn from_random(first: [u8; RANDOM_BYTES], second: [u8; RANDOM_BYTES]) -> Self {
        Self(letters(first, SECRET_LETTERS / 2) + &letters(second, SECRET_LETTERS / 2))
    }

    /// Reads a secret as it stands in a manage link: one of ours, whose capitals are forgiven, or one that a client has made, in
    /// base64url without padding, of 128 bits at least.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let own = text.to_ascii_lowercase();
        if is_letters(&own, SECRET_LETTERS) {
            return Some(Self(own));
        }
        let base64url = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        (CLIENT_LETTERS.contains(&text.len()) && text.bytes().all(base64url)).then(|| Self(text.to_owned()))
    }

    /// SHA-256 of the secret: what is stored. The secret has 128 random bits, so a slow hash would add nothing.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// Whether `stored` is this secret's hash, in time that does not depend on where they differ.
    #[must_use]
    pub fn matches(&self, stored: &[u8]) -> bool {
        self.hash().as_slice().ct_eq(stored).into()
    }

    /// The secret itself, for the one answer that hands it out.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ManageSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ManageSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_more_than_sixty_bits_and_no_look_alike_letters() {
        assert!((ID_LETTERS as f64) * 31f64.log2() > 60.0);
        assert!((SECRET_LETTERS as f64) * 31f64.log2() > 128.0);
        for letter in b"ilo01" {
            assert!(!ALPHABET.contains(letter));
        }
    }

    #[test]
    fn an_id_reads_back_and_capitals_are_forgiven() {
        let id = PostId::from_random([7; 16]);
        assert_eq!(PostId::parse(id.as_str()), Some(id.clone()));
        assert_eq!(PostId::parse(&id.as_str().to_uppercase()), Some(id));
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for text in ["", "a", "../../etc/passwd", "aaaaaaaaaaaa0", "aaaaaaaaaaaaaa", "ааааааааааааа"] {
            assert_eq!(PostId::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_client_may_bring_a_secret_of_its_own_if_it_is_long_enough() {
        let own = "AbCdEfGhIjKlMnOpQrStUv-_0123456789";
        assert_eq!(ManageSecret::parse(own).map(|secret| secret.expose().to_owned()), Some(own.to_owned()));
        for bad in ["short", "AbCdEfGhIjKlMnOpQrStU", "AbCdEfGhIjKlMnOpQrStUv+/", "AbCdEfGhIjKlMnOpQrStUv==", &"x".repeat(87)] {
            assert!(ManageSecret::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_secret_matches_its_own_hash_only_and_does_not_print() {
        let secret = ManageSecret::from_random([1; 16], [2; 16]);
        let other = ManageSecret::from_random([1; 16], [3; 16]);
        assert!(secret.matches(&secret.hash()));
        assert!(!secret.matches(&other.hash()));
        assert!(!secret.matches(&[]));
        assert!(!format!("{secret:?}").contains(secret.expose()));
    }
}
