//! Whether two texts say the same: to the letter, nearly, or one within the other.
//!
//! **To the letter**: SHA-256 of the [`canonical`] form without its spaces, so that neither disguises nor line ends count.
//!
//! **Nearly**: by shingles (Broder, *On the resemblance and containment of documents*, 1997), of three words, or as much of a script that
//! writes no spaces: four characters of Chinese or Japanese, nine of Thai, Lao, Khmer or Burmese. Two texts share the shingles that are in both;
//! the share of their union is the resemblance (Jaccard's index), the share of one of them its containment, by which an excerpt is found in
//! a book, and a known text among other words. Short texts also have shingles of four characters, which a changed word hurts less. All of a text's
//! shingles are kept and counted, none is estimated, up to [`MOST`]; of a longer text those of the smallest numbers, which are the same
//! ones in every text that has them.
//!
//! What is too short for either is like nothing but itself.
//!
//! Texts here are words without their links: [`link::take_out`](crate::link::take_out) parts them.

mod canonical;
mod index;
mod shingles;
mod tlsh;

pub use canonical::canonical;
pub use index::Texts;
pub use tlsh::{Tlsh, TlshError};

use sha2::{Digest as _, Sha256};

use crate::sets;

/// The version of what [`Text::to_bytes`] writes, and of what is in it.
pub const VERSION: i64 = 1;

/// The most shingles of three words that are kept of a text: those of a megabyte of prose.
pub const MOST: usize = 1 << 18;

/// Shingles of three words that two texts share at least when they are nearly the same.
const SHARED: u32 = 8;
/// The share of one of them, at least. Of a text in which every fifth word was changed this much is left.
const CONTAINED: f64 = 0.5;
/// Texts of at most this many letters have shingles of four.
const SHORT: usize = 600;
/// The fewest letters of which something can be said but that they are the same.
const SHORTEST: usize = 24;
/// The share of the shingles of four that two short texts have in common at least.
const RESEMBLES: f64 = 0.6;
/// The different shingles of four that each of them has at least: some forty letters, seven words or eight. Of sixty million pairs of unrelated
/// paragraphs (`benches/words.rs`) the only unlike ones that were taken for each other were shorter: headings.
const TELLING: usize = 34;

/// What a text is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    exact: Vec<[u8; 32]>,
    words: Sample,
    letters: Vec<u32>,
}

/// The smallest members of a set: those below `2^(32 - scale)`, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Sample {
    scale: u8,
    members: Vec<u32>,
}

/// How two texts are alike. The shares are from 0 to 1, by shingles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Near {
    /// What both have, of all that either has.
    pub resemblance: f64,
    /// What of the known text is in the upload.
    pub known: f64,
    /// What of the upload is in the known text.
    pub upload: f64,
}

impl Near {
    /// The largest of the shares.
    #[must_use]
    pub fn score(self) -> f64 {
        self.resemblance.max(self.known).max(self.upload)
    }
}

impl Text {
    /// What these are known by together, and to the letter also each of them: a title, the words below, what stands under a picture.
    /// `None` if there is no letter in any.
    #[must_use]
    pub fn of<'a>(parts: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut parts: Vec<String> = parts.into_iter().map(canonical).collect();
        parts.retain(|part| !part.is_empty());
        if parts.is_empty() {
            return None;
        }
        let whole = parts.join(" ");
        if parts.len() > 1 {
            parts.push(whole.clone());
        }
        let mut exact: Vec<[u8; 32]> = parts.iter().map(|part| digest(part)).collect();
        exact.sort_unstable();
        exact.dedup();
        Some(Self { exact, words: Sample::of(shingles::words(&whole)), letters: shingles::letters(&whole, SHORTEST..=SHORT) })
    }

    /// SHA-256 of the canonical form, without spaces, of the whole and of each part; sorted.
    #[must_use]
    pub fn exact(&self) -> &[[u8; 32]] {
        &self.exact
    }

    /// Whether it is nearly the same as a known text, or one is within the other.
    #[must_use]
    pub fn near(&self, known: &Self) -> Option<Near> {
        let scale = self.words.scale.max(known.words.scale);
        let (own, other) = (self.words.at(scale), known.words.at(scale));
        let by_words = judge_words(scale, own.len(), other.len(), sets::shared(own, other));
        by_words
            .into_iter()
            .chain(judge_letters(self.letters.len(), known.letters.len(), sets::shared(&self.letters, &known.letters)))
            .reduce(best)
    }

    /// How it is stored: the number of digests, the scale and the number of shingles, then all of them, numbers of four bytes with the low one first.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(9 + self.exact.len() * 32 + (self.words.members.len() + self.letters.len()) * 4);
        bytes.extend_from_slice(&(self.exact.len() as u32).to_le_bytes());
        bytes.push(self.words.scale);
        bytes.extend_from_slice(&(self.words.members.len() as u32).to_le_bytes());
        bytes.extend(self.exact.iter().flatten());
        bytes.extend(self.words.members.iter().chain(&self.letters).flat_map(|member| member.to_le_bytes()));
        bytes
    }

    /// What was stored; `None` if it never was.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (digests, rest) = bytes.split_first_chunk()?;
        let (scale, rest) = rest.split_first()?;
        let (words, rest) = rest.split_first_chunk()?;
        let (digests, words) = (u32::from_le_bytes(*digests) as usize, u32::from_le_bytes(*words) as usize);
        let (exact, rest) = rest.split_at_checked(digests.checked_mul(32)?)?;
        let (numbers, []) = rest.as_chunks::<4>() else { return None };
        let (words, letters) = numbers.split_at_checked(words)?;
        let row = |numbers: &[[u8; 4]]| numbers.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect::<Vec<_>>();
        let read =
            Self { exact: exact.as_chunks::<32>().0.to_vec(), words: Sample { scale: *scale, members: row(words) }, letters: row(letters) };
        let sorted = |set: &[u32]| set.is_sorted_by(|one, next| one < next);
        (*scale <= 31 && sorted(&read.words.members) && sorted(&read.letters)).then_some(read)
    }
}

impl Sample {
    fn of(mut members: Vec<u32>) -> Self {
        let mut scale = 0;
        while members.len() > MOST && scale < 31 {
            scale += 1;
            members.truncate(below(&members, scale));
        }
        Self { scale, members }
    }

    /// What it would be if it had been thinned so far.
    fn at(&self, scale: u8) -> &[u32] {
        &self.members[..below(&self.members, scale)]
    }
}

fn below(members: &[u32], scale: u8) -> usize {
    members.partition_point(|member| u64::from(*member) < 1 << (32 - u32::from(scale)))
}

fn digest(canonical: &str) -> [u8; 32] {
    let mut sha256 = Sha256::new();
    canonical.split(' ').for_each(|word| sha256.update(word));
    sha256.finalize().into()
}

fn shares(upload: usize, known: usize, shared: u32) -> Near {
    let part = |whole: usize| if whole == 0 { 0.0 } else { f64::from(shared) / whole as f64 };
    Near { resemblance: part(upload + known - shared as usize), known: part(known), upload: part(upload) }
}

fn judge_words(scale: u8, upload: usize, known: usize, shared: u32) -> Option<Near> {
    let near = shares(upload, known, shared);
    let enough = u64::from(shared) << scale >= u64::from(SHARED) && shared >= SHARED / 2;
    (enough && near.known.max(near.upload) >= CONTAINED).then_some(near)
}

fn judge_letters(upload: usize, known: usize, shared: u32) -> Option<Near> {
    let near = shares(upload, known, shared);
    (upload.min(known) >= TELLING && near.resemblance >= RESEMBLES).then_some(near)
}

fn best(one: Near, other: Near) -> Near {
    if other.score() > one.score() { other } else { one }
}

#[cfg(test)]
mod tests;
