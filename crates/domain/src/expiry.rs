//! How long a post stands: `never`, or from one hour to one year.

use crate::time::{DAY_MS, HOUR_MS, Time};

/// A wish for an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Expiry {
    /// It stays until its poster deletes it.
    #[default]
    Never,
    /// It ends this many milliseconds after it was published.
    After(i64),
}

/// Why a wish was not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an expiry is `never`, or a number followed by h, d, w, m or y, from 1h to 1y")]
pub struct ExpiryError;

/// The shortest expiry: an hour.
pub const SHORTEST_MS: i64 = HOUR_MS;
/// The longest expiry: a year of 366 days, so that `1y` is never short of a calendar year.
pub const LONGEST_MS: i64 = 366 * DAY_MS;

impl Expiry {
    /// Reads `never`, `1h`, `7d`, `2w`, `6m` (30 days each) or `1y`.
    pub fn parse(text: &str) -> Result<Self, ExpiryError> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("never") {
            return Ok(Self::Never);
        }
        let unit = text.chars().next_back().ok_or(ExpiryError)?;
        let unit_ms = match unit {
            'h' | 'H' => HOUR_MS,
            'd' | 'D' => DAY_MS,
            'w' | 'W' => 7 * DAY_MS,
            'm' | 'M' => 30 * DAY_MS,
            'y' | 'Y' => 366 * DAY_MS,
            _ => return Err(ExpiryError),
        };
        let number = &text[..text.len() - unit.len_utf8()];
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ExpiryError);
        }
        let ms = number.parse::<i64>().ok().and_then(|n| n.checked_mul(unit_ms)).ok_or(ExpiryError)?;
        if (SHORTEST_MS..=LONGEST_MS).contains(&ms) { Ok(Self::After(ms)) } else { Err(ExpiryError) }
    }

    /// When a post published at `now` ends.
    #[must_use]
    pub fn at(self, now: Time) -> Option<Time> {
        match self {
            Self::Never => None,
            Self::After(ms) => Some(now.plus_ms(ms)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_documented_forms_are_read() {
        assert_eq!(Expiry::parse("never"), Ok(Expiry::Never));
        assert_eq!(Expiry::parse("1h"), Ok(Expiry::After(HOUR_MS)));
        assert_eq!(Expiry::parse("7d"), Ok(Expiry::After(7 * DAY_MS)));
        assert_eq!(Expiry::parse("1y"), Ok(Expiry::After(366 * DAY_MS)));
    }

    #[test]
    fn anything_else_is_refused_and_nothing_overflows() {
        for text in
            ["", "h", "0h", "-1h", "+1h", "1", "2y", "1 h", "1.5h", "99999999999999999999h", "9223372036854775807y", "٣d", "1é", "soon"]
        {
            assert_eq!(Expiry::parse(text), Err(ExpiryError), "{text}");
        }
    }
}
