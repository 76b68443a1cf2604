//! vPDQ, the field's fingerprint of a video: a [PDQ](crate::pdq) for each of its frames, of which the order does not count.
//!
//! After Meta's description (the README of `vpdq` in ThreatExchange): frames that say nothing and repeats are left out, frames within
//! [`RADIUS`] bits are the same. Its C++ program takes one bit less and counts repeats.

mod forms;
mod stored;

pub use forms::{FrameError, Reader, read_json, read_text, write_json, write_text};
pub use stored::{from_bytes, to_bytes};

use std::collections::{HashMap, HashSet};

use crate::pdq::MIN_QUALITY;
use crate::{Hash, RADIUS};

/// Frames no further apart than this show the same: only the first of them is worth storing.
pub const STILL: u32 = 2;

/// When this share of one video is found in the other, they are taken for alike.
pub const SHARE: f64 = 0.8;

/// One frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// What it shows.
    pub hash: Hash,
    /// How much there was to see, 0 to 100.
    pub quality: u8,
    /// When it is shown, in thousandths of a second from the beginning.
    pub time_ms: u64,
}

/// Leaves out what shows the same as the frame kept before it, within `distance` bits: a film that stands still costs one frame.
/// A frame of less quality than [`MIN_QUALITY`] is left out too.
#[must_use]
pub fn thin(frames: &[Frame], distance: u32) -> Vec<Frame> {
    let mut kept: Vec<Frame> = Vec::new();
    for frame in frames.iter().filter(|frame| frame.quality >= MIN_QUALITY) {
        if kept.last().is_none_or(|last| last.hash.distance(frame.hash) > distance) {
            kept.push(*frame);
        }
    }
    kept
}

/// The frames of a video that say something, each hash once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bag {
    hashes: Vec<Hash>,
}

/// How much of each of two videos was found in the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shares {
    /// Share of the known video that the upload shows, 0 to 1.
    pub known: f64,
    /// Share of the upload that the known video explains, 0 to 1.
    pub upload: f64,
}

/// In which way two videos are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Most of each is in the other.
    Copy,
    /// The upload shows the known video, and more.
    Within,
    /// The upload is a part of the known video.
    Excerpt,
}

impl Shares {
    /// Judged with [`SHARE`].
    #[must_use]
    pub fn found(self) -> Option<Found> {
        match (self.known >= SHARE, self.upload >= SHARE) {
            (true, true) => Some(Found::Copy),
            (true, false) => Some(Found::Within),
            (false, true) => Some(Found::Excerpt),
            (false, false) => None,
        }
    }
}

impl Bag {
    /// Without the frames of less quality than [`MIN_QUALITY`].
    #[must_use]
    pub fn of(frames: &[Frame]) -> Self {
        let mut seen = HashSet::new();
        let good = frames.iter().filter(|frame| frame.quality >= MIN_QUALITY);
        Self { hashes: good.map(|frame| frame.hash).filter(|hash| seen.insert(*hash)).collect() }
    }

    /// Its hashes, in the order in which they first came.
    #[must_use]
    pub fn hashes(&self) -> &[Hash] {
        &self.hashes
    }

    /// Is there anything to compare?
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// How much of `known` this upload shows, and how much of this upload `known` explains. An empty bag is like nothing.
    ///
    /// The time grows with the sum of the lengths, not with their product, unless most frames are nearly alike; then with the product
    /// at worst.
    #[must_use]
    pub fn compare(&self, known: &Self) -> Shares {
        if self.is_empty() || known.is_empty() {
            return Shares { known: 0.0, upload: 0.0 };
        }
        let share = |of: &Self, within: &Self| of.found_in(within) as f64 / of.hashes.len() as f64;
        Shares { known: share(known, self), upload: share(self, known) }
    }

    /// How many of these hashes have one like them over there.
    fn found_in(&self, other: &Self) -> usize {
        if other.hashes.len() <= SCAN {
            return self.hashes.iter().filter(|hash| near(**hash, &other.hashes)).count();
        }
        let bands = Bands::of(&other.hashes);
        self.hashes.iter().filter(|hash| bands.near(**hash)).count()
    }
}

/// Up to here every frame is looked at: the tables, of a quarter of a megabyte each and more, pay from about three thousand frames a side (measured).
const SCAN: usize = 2048;

fn near(hash: Hash, among: &[Hash]) -> bool {
    among.iter().any(|other| hash.distance(*other) <= RADIUS)
}

/// Sixteen tables, one for each 16 bits of a hash. Of 31 bits that differ, one of the sixteen parts has one at most.
struct Bands<'a> {
    hashes: &'a [Hash],
    tables: Vec<Band>,
}

/// The numbers of the hashes in the order of one part; those of part `p` stand from `starts[p]` to `starts[p + 1]`.
struct Band {
    starts: Vec<u32>,
    numbers: Vec<u32>,
}

const PARTS: usize = 1 << 16;

fn part(hash: Hash, band: usize) -> u16 {
    (hash.0[band / 4] >> (band % 4 * 16)) as u16
}

impl Band {
    fn of(hashes: &[Hash], band: usize) -> Self {
        let mut starts = vec![0; PARTS + 1];
        for hash in hashes {
            starts[usize::from(part(*hash, band)) + 1] += 1;
        }
        for part in 0..PARTS {
            starts[part + 1] += starts[part];
        }
        let mut free = starts.clone();
        let mut numbers = vec![0; hashes.len()];
        for (number, hash) in (0_u32..).zip(hashes) {
            let place = &mut free[usize::from(part(*hash, band))];
            numbers[*place as usize] = number;
            *place += 1;
        }
        Self { starts, numbers }
    }

    fn with(&self, part: u16) -> &[u32] {
        let part = usize::from(part);
        &self.numbers[self.starts[part] as usize..self.starts[part + 1] as usize]
    }
}

impl<'a> Bands<'a> {
    fn of(hashes: &'a [Hash]) -> Self {
        Self { hashes, tables: (0..16).map(|band| Band::of(hashes, band)).collect() }
    }

    fn near(&self, hash: Hash) -> bool {
        // No more candidates are looked at than a look at every hash would cost: near-copies by the thousand cannot make it slower.
        let mut left = self.hashes.len();
        for (band, table) in self.tables.iter().enumerate() {
            let exact = part(hash, band);
            for flip in std::iter::once(0).chain((0..16).map(|bit| 1 << bit)) {
                let candidates = table.with(exact ^ flip);
                if candidates.len() > left {
                    return near(hash, self.hashes);
                }
                left -= candidates.len();
                if candidates.iter().any(|number| hash.distance(self.hashes[*number as usize]) <= RADIUS) {
                    return true;
                }
            }
        }
        false
    }
}

/// Gathers what an index of frames found for one upload, and says which known videos are worth comparing.
#[derive(Clone, Debug, Default)]
pub struct Candidates {
    /// For each known video how many frames of the upload hit it, and the last that did.
    hits: HashMap<u64, (u32, usize)>,
}

impl Candidates {
    /// The upload's frame `frame` is like a frame of the video `known`. To be called frame by frame, in any order of the videos.
    pub fn hit(&mut self, frame: usize, known: u64) {
        let (count, last) = self.hits.entry(known).or_insert((0, usize::MAX));
        if *last != frame {
            *last = frame;
            *count += 1;
        }
    }

    /// The videos, most hits first, `most` of them.
    #[must_use]
    pub fn best(&self, most: usize) -> Vec<u64> {
        let mut all: Vec<(u32, u64)> = self.hits.iter().map(|(known, (count, _))| (*count, *known)).collect();
        all.sort_unstable_by_key(|(count, known)| (std::cmp::Reverse(*count), *known));
        all.into_iter().take(most).map(|(_, known)| known).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(seed: u64) -> impl FnMut() -> u64 {
        let mut state = seed;
        move || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^ (mixed >> 31)
        }
    }

    fn film(seed: u64, frames: usize) -> Vec<Frame> {
        let mut next = noise(seed);
        (0..frames).map(|i| Frame { hash: Hash([next(), next(), next(), next()]), quality: 100, time_ms: i as u64 * 1000 }).collect()
    }

    /// The same film after somebody compressed it: `bits` of each hash differ.
    fn damaged(frames: &[Frame], bits: usize) -> Vec<Frame> {
        let mut next = noise(99);
        let mut flip = |mut hash: Hash| {
            let (first, step) = (next() as usize % 256, next() as usize % 128 * 2 + 1);
            for bit in (0..bits).map(|i| (first + i * step) % 256) {
                hash.0[bit / 64] ^= 1 << (bit % 64);
            }
            hash
        };
        frames.iter().map(|frame| Frame { hash: flip(frame.hash), ..*frame }).collect()
    }

    #[test]
    fn a_clip_in_a_longer_film_and_an_excerpt_are_both_found() {
        let known = film(1, 60);
        let longer: Vec<Frame> = [film(2, 100), damaged(&known, 12), film(3, 40)].concat();
        let shares = Bag::of(&longer).compare(&Bag::of(&known));
        assert_eq!(shares, Shares { known: 1.0, upload: 60.0 / 200.0 });
        assert_eq!(shares.found(), Some(Found::Within));
        let excerpt = Bag::of(&damaged(&known[20..30], 12));
        assert_eq!(excerpt.compare(&Bag::of(&known)).found(), Some(Found::Excerpt));
        assert_eq!(Bag::of(&damaged(&known, 12)).compare(&Bag::of(&known)).found(), Some(Found::Copy));
        assert_eq!(Bag::of(&film(4, 60)).compare(&Bag::of(&known)), Shares { known: 0.0, upload: 0.0 });
    }

    #[test]
    fn tables_find_what_a_look_at_every_frame_finds() {
        let known = film(5, 3 * SCAN);
        for bits in [0, 1, 16, 30, 31, 32, 40] {
            let upload = [damaged(&known[..200], bits), film(6, 100)].concat();
            let by_tables = Bag::of(&upload).found_in(&Bag::of(&known));
            let hashes = Bag::of(&known);
            let by_eye = Bag::of(&upload).hashes.iter().filter(|hash| near(**hash, &hashes.hashes)).count();
            assert_eq!(by_tables, by_eye, "{bits} bits");
        }
    }

    #[test]
    fn frames_that_say_nothing_and_repeats_do_not_count() {
        let mut frames = film(7, 10);
        frames[3].quality = MIN_QUALITY - 1;
        frames[4].hash = frames[0].hash;
        assert_eq!(Bag::of(&frames).hashes().len(), 8);
        assert_eq!(Bag::of(&[]).compare(&Bag::of(&frames)).found(), None);
    }

    #[test]
    fn a_film_that_stands_still_is_one_frame() {
        let still = film(8, 1)[0];
        let shaking = damaged(&[still; 50], 1);
        let frames = [vec![still], shaking, film(9, 2)].concat();
        assert_eq!(thin(&frames, STILL).len(), 3);
    }

    #[test]
    fn the_video_that_most_frames_hit_is_compared_first() {
        let mut candidates = Candidates::default();
        for (frame, known) in [(0, 7), (0, 7), (0, 9), (1, 9), (2, 5), (3, 9), (3, 5)] {
            candidates.hit(frame, known);
        }
        assert_eq!(candidates.best(2), [9, 5]);
        assert_eq!(candidates.best(9), [9, 5, 7]);
    }
}
