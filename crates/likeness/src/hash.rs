//! A fingerprint of 256 bits, compared by how many of them differ.

use std::fmt;
use std::str::FromStr;

/// Two hashes of the same picture differ in this many bits at most: what the field calls a match.
pub const RADIUS: u32 = 31;

/// 256 bits. Bit `k` of the field's papers is bit `k % 64` of word `k / 64`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u64; 4]);

/// What is not the text of a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// The field writes 64 hexadecimal digits.
    #[error("a hash has 64 hexadecimal digits, this has {0} characters")]
    Length(usize),
    /// One of them is none.
    #[error("{0:?} is no hexadecimal digit")]
    Digit(char),
}

impl Hash {
    /// How many bits differ: 0 to 256.
    #[must_use]
    pub fn distance(self, other: Self) -> u32 {
        let [a, b, c, d] = std::array::from_fn(|word| (self.0[word] ^ other.0[word]).count_ones());
        a + b + c + d
    }

    /// The 32 bytes that the text spells, in its order.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for (eight, word) in bytes.chunks_exact_mut(8).zip(self.0.iter().rev()) {
            eight.copy_from_slice(&word.to_be_bytes());
        }
        bytes
    }

    /// The hash of which [`Hash::to_bytes`] are the bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        let mut words = [0; 4];
        for (word, eight) in words.iter_mut().rev().zip(bytes.chunks_exact(8)) {
            *word = eight.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
        }
        Self(words)
    }
}

/// 64 lowercase hexadecimal digits, the highest bit first, as all of the field writes them.
impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d] = self.0;
        write!(f, "{d:016x}{c:016x}{b:016x}{a:016x}")
    }
}

impl FromStr for Hash {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Self, HashError> {
        let mut bytes = [0; 32];
        let length = text.chars().count();
        if length != 64 {
            return Err(HashError::Length(length));
        }
        for (place, digit) in text.chars().enumerate() {
            let value = digit.to_digit(16).and_then(|value| u8::try_from(value).ok()).ok_or(HashError::Digit(digit))?;
            bytes[place / 2] |= if place % 2 == 0 { value << 4 } else { value };
        }
        Ok(Self::from_bytes(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BRIDGE: &str = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22";

    #[test]
    fn the_text_of_a_hash_is_read_and_written_alike() {
        let hash: Hash = BRIDGE.parse().expect("a hash");
        assert_eq!(hash.to_string(), BRIDGE);
        assert_eq!(Hash::from_bytes(hash.to_bytes()), hash);
        assert_eq!(hash.to_bytes()[..2], [0xf8, 0xf8]);
        assert_eq!(BRIDGE.to_uppercase().parse(), Ok(hash));
        // The last word printed is w[0]: bits 0 to 15.
        assert_eq!(hash.0[0] & 0xffff, 0x9b22);
    }

    #[test]
    fn what_is_no_hash_is_told_apart() {
        assert_eq!("".parse::<Hash>(), Err(HashError::Length(0)));
        assert_eq!(BRIDGE[1..].parse::<Hash>(), Err(HashError::Length(63)));
        assert_eq!(format!("{}é", &BRIDGE[1..]).parse::<Hash>(), Err(HashError::Digit('é')));
    }

    #[test]
    fn a_distance_counts_bits() {
        let hash: Hash = BRIDGE.parse().expect("a hash");
        assert_eq!(hash.distance(hash), 0);
        assert_eq!(hash.distance(Hash(hash.0.map(|word| !word))), 256);
        // Published by the field: bridge-1 and bridge-2.
        let turned: Hash = "30a10efd71cc3d429013d48d0ffffc52e34e0e17ada952a9d29685211ea9e5af".parse().expect("a hash");
        assert_eq!(hash.distance(turned), 120);
    }
}
