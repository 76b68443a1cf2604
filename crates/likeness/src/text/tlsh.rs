//! TLSH, the fingerprint that the field passes on for texts (Oliver, Cheng and Chen, *TLSH: a locality sensitive hash*, 2013), in its
//! usual form: 128 buckets, one byte of checksum, version 1, as python-threatexchange computes and compares it.

use std::fmt;
use std::str::FromStr;

use tlsh2::TlshDefaultBuilder;

/// A TLSH, of 35 bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tlsh([u8; Self::BYTES]);

/// What is not the text of a TLSH.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TlshError {
    /// The field writes T1 and 70 hexadecimal digits.
    #[error("a TLSH has T1 and 70 hexadecimal digits, this has {0} characters")]
    Length(usize),
    /// One of them is none.
    #[error("{0:?} is no hexadecimal digit")]
    Digit(char),
}

impl Tlsh {
    /// How many bytes it has.
    pub const BYTES: usize = 35;

    /// Two texts no farther apart are taken for alike: python-threatexchange's measure.
    pub const RADIUS: u32 = 30;

    /// The TLSH of a text's UTF-8 as it is, which is how the field computes it; `None` of what is shorter than 50 bytes or too monotonous.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let tlsh = TlshDefaultBuilder::build_from(text.as_bytes())?;
        std::str::from_utf8(&tlsh.hash()).ok()?.parse().ok()
    }

    /// How far two texts are apart, regardless of their lengths (`diffxlen`): 0 and more.
    #[must_use]
    pub fn distance(self, other: Self) -> u32 {
        let ([checksum, _, quartiles, code @ ..], [checksum_there, _, quartiles_there, code_there @ ..]) = (self.0, other.0);
        let code: u32 = code.iter().zip(&code_there).map(|(a, b)| u32::from(PAIRS[usize::from(*a)][usize::from(*b)])).sum();
        let apart = quarter(quartiles >> 4, quartiles_there >> 4) + quarter(quartiles & 15, quartiles_there & 15);
        code + apart + u32::from(checksum != checksum_there)
    }

    /// Its bytes, in the order of the text.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; Self::BYTES] {
        self.0
    }

    /// The TLSH of which [`Tlsh::to_bytes`] are the bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        Self(bytes)
    }
}

/// How far two ratios of quartiles are apart, around a circle of sixteen.
fn quarter(one: u8, other: u8) -> u32 {
    let apart = u32::from(one.abs_diff(other));
    match apart.min(16 - apart) {
        near @ 0..=1 => near,
        far => (far - 1) * 12,
    }
}

/// How far two bytes of buckets are apart: four buckets each, in quarters from 0 to 3, of which the outer two are 6 apart.
static PAIRS: [[u8; 256]; 256] = {
    let mut pairs = [[0; 256]; 256];
    let (mut one, mut other) = (0, 0);
    while one < 256 {
        let mut bucket = 0;
        while bucket < 8 {
            let apart = (one >> bucket & 3_usize).abs_diff(other >> bucket & 3_usize) as u8;
            pairs[one][other] += if apart == 3 { 6 } else { apart };
            bucket += 2;
        }
        other += 1;
        if other == 256 {
            (one, other) = (one + 1, 0);
        }
    }
    pairs
};

/// T1 and 70 hexadecimal digits, capitals, as all of the field writes them.
impl fmt::Display for Tlsh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("T1")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

impl fmt::Debug for Tlsh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tlsh({self})")
    }
}

/// Also without the T1, as older programs write it, and of small letters.
impl FromStr for Tlsh {
    type Err = TlshError;

    fn from_str(text: &str) -> Result<Self, TlshError> {
        let digits = text.strip_prefix("T1").or_else(|| text.strip_prefix("t1")).unwrap_or(text);
        if digits.chars().count() != 2 * Self::BYTES {
            return Err(TlshError::Length(text.chars().count()));
        }
        let mut bytes = [0; Self::BYTES];
        for (place, digit) in digits.chars().enumerate() {
            let value = digit.to_digit(16).and_then(|value| u8::try_from(value).ok()).ok_or(TlshError::Digit(digit))?;
            bytes[place / 2] |= if place % 2 == 0 { value << 4 } else { value };
        }
        Ok(Self(bytes))
    }
}
