//! A post's password as somebody types it.

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;

/// The longest password, in characters.
pub const LONGEST: usize = 200;

/// A password, in one spelling: two keyboards may write the same letters in different ways. It does not print.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Reads what was typed; `None` if it is empty or longer than [`LONGEST`].
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        // The cheap bound first: a character has at most four bytes.
        if typed.len() > LONGEST.saturating_mul(4) {
            return None;
        }
        let spelt: String = typed.nfkc().collect();
        (!spelt.is_empty() && spelt.chars().count() <= LONGEST).then_some(Self(spelt))
    }

    /// Its bytes, for the hash.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_letters_are_the_same_password_however_they_are_written() {
        assert_eq!(Password::parse("z\u{00F3}\u{0142}w"), Password::parse("zo\u{0301}\u{0142}w"));
        assert_ne!(Password::parse("kite"), Password::parse("Kite"));
        assert_ne!(Password::parse("kite"), Password::parse("kite "));
    }

    #[test]
    fn what_is_empty_or_endless_is_none_and_nothing_is_printed() {
        assert_eq!(Password::parse(""), None);
        assert_eq!(Password::parse(&"x".repeat(LONGEST + 1)), None);
        assert_eq!(Password::parse(&"\u{0301}".repeat(100_000)), None);
        assert!(!format!("{:?}", Password::parse("kite")).contains("kite"));
    }
}
