//! Pictures that are known, and finding out whether another one shows one of them, or a part of it, in whatever disguise.
//!
//! In four steps, each of which sees fewer candidates than the one before: descriptors vote through hash tables; the pictures with the
//! most votes are compared with all their descriptors; a map from the known picture to the query must explain the pairs; and then the
//! whole known picture is laid over the query by that map: its thumbnail, block by block, and each of its keypoints. The last step is what
//! tells a copy from two screenshots of one telephone: what they share ties them as a copy is tied, what they do not share contradicts.
//!
//! Of a known picture only its stored [`Features`] are needed; of the query its plane as well. So it also works the other way round, when
//! something becomes known and many pictures are stored of which no plane was kept: make the stored ones known, and ask with the new one.
//! A crop is found in the picture that it was cut from as that picture is found in the crop.

mod dense;
mod evidence;
mod map;
mod tables;
mod votes;

use std::collections::{HashMap, HashSet};

pub use evidence::Evidence;
pub use map::Map;

use crate::keypoints::{Descriptors, Features, Keypoint, Look, Turns};
use crate::wide::prefetch;
use crate::{Hash, Plane};
use evidence::{Asked, Tally};
use map::Pair;
use tables::Tables;
use votes::Votes;

/// Two descriptors may be of one place if no more bits than these differ.
const NEAR: u32 = 42;
/// Pictures that are looked at closely for one query.
const CANDIDATES: usize = 12;
/// Descriptors that are compared with one of the query's: what more pictures have tells nothing of each.
const MOST_NEAR: usize = 512;
/// So many votes make a candidate even if many pictures have each descriptor: they may be copies of one.
const MANY: usize = 8;
/// Fewer places in common say nothing.
const FEWEST: usize = 4;
/// Keypoints that must be found in their places if nothing but a part is shared.
const SHARED: f32 = 8.0;

/// What must be shared of one of the two pictures: less than half of both is a floor that both lie on, or a wall behind them. A crop is all within what it
/// was cut from, a picture in a picture all within the other.
const LEAST: f32 = 0.5;
/// Descriptors between asking for what is known of one and reading it.
const AHEAD: usize = 4;
/// Copies that may be found beside [`CANDIDATES`] others.
const COPIES: usize = 256;
/// Blocks by which a map must be better to be taken for another one.
const BETTER: f32 = 3.0;

/// From this confidence on a finding is a [`Kind::Copy`]: what may hold a post. Of the benchmark's trap set, and of its unrelated pairs,
/// none reached it; docs/decisions/0004-likeness.md says how many those were.
pub const COPY: f32 = 0.8;

/// So many places tie two pictures for sure: if it is no copy all the same, they are different pictures in one frame, or on one telephone's screen.
const TIED: usize = 30;
/// Hashes that are no farther apart than this are of one picture, whatever is fine in it: of the trap sets' pairs none was as near.
pub const CLOSE: u32 = 16;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The query shows the known picture, or what is left of it after a crop.
    Copy,
    /// They share a part and differ elsewhere: a logo, a caption, a frame. Nothing to hold a post for, but of use to somebody who looks
    /// for more of a kind.
    Hint,
}

/// What a query shows of a known picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The number under which the known picture was inserted.
    pub picture: u64,
    /// A copy, or a hint only.
    pub kind: Kind,
    /// The chance that this is a copy, 0 to 1; from [`COPY`] on it is called one.
    pub confidence: f32,
    /// Mirrored, or its tones exchanged.
    pub look: Look,
    /// From places in the known picture's plane to places in the query's.
    pub map: Map,
    /// Where the known picture's corners lie in the query, from the upper left one clockwise as the known picture sees them: x and y as
    /// parts of the query's width and height. What was cropped lies outside of 0 to 1.
    pub outline: [(f32, f32); 4],
    /// The part of the known picture that was found: left, top, right and bottom as parts of its width and height.
    pub part: [f32; 4],
    /// Places that both have in common, counted once for each 16 by 16 pixels of the known picture.
    pub places: usize,
    /// What part of the known picture's surface lies within the query, 0 to 1.
    pub visible: f32,
    /// What part of what is visible, and is not flat, looks like the query there, 0 to 1.
    pub alike: f32,
    /// What the confidence was computed from.
    pub evidence: Evidence,
    /// There was enough to compute it from, in the middle too.
    judged: bool,
}

impl Finding {
    /// Whether it speaks against a copy though the two hashes are near, if not [`CLOSE`]: a hash says nothing of what is fine, and where much of two
    /// pictures is the same they may differ in that alone.
    #[must_use]
    pub fn contradicts(&self) -> bool {
        self.judged && self.kind == Kind::Hint && self.places >= TIED
    }
}

/// Whether all findings of one picture, whatever its look, say together that something else is shown.
#[must_use]
pub fn contradict(findings: &[Finding]) -> bool {
    findings.iter().any(Finding::contradicts) && findings.iter().all(|finding| finding.kind == Kind::Hint)
}

struct Entry {
    picture: u64,
    features: Features,
}

/// A set of known pictures.
#[derive(Default)]
pub struct Known {
    /// By place; what was removed leaves its place to the next.
    entries: Vec<Option<Entry>>,
    free: Vec<usize>,
    places: HashMap<u64, usize>,
    tables: Tables,
    turns: Turns,
}

impl Known {
    /// A set of none.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Pictures in the set.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// There is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Makes a picture known; one that was known under this number is no longer. Of more than [`KEPT`](crate::keypoints::KEPT)
    /// keypoints the first are kept.
    pub fn insert(&mut self, picture: u64, features: &Features) {
        self.remove(picture);
        let features = features.kept();
        let place = self.free.pop().unwrap_or_else(|| {
            self.entries.push(None);
            self.entries.len() - 1
        });
        self.tables.insert(place, features.keypoints().iter().map(|keypoint| keypoint.bits));
        self.entries[place] = Some(Entry { picture, features });
        self.places.insert(picture, place);
    }

    /// Forgets a picture. False if it was not known.
    pub fn remove(&mut self, picture: u64) -> bool {
        let Some(place) = self.places.remove(&picture) else { return false };
        if let Some(entry) = self.entries[place].take() {
            self.tables.remove(place, entry.features.keypoints().iter().map(|keypoint| keypoint.bits));
        }
        self.free.push(place);
        true
    }

    /// Known pictures that a query may show, by what is stored of it: the ones that are looked at closely where its pixels are there too. Most of
    /// them it does not show.
    #[must_use]
    pub fn resembling(&self, features: &Features) -> Vec<u64> {
        let candidates = self.candidates(&self.asked(features), CANDIDATES + COPIES);
        let mut pictures: Vec<u64> =
            candidates.into_iter().filter_map(|(place, _)| self.entries[place].as_ref()).map(|entry| entry.picture).collect();
        pictures.sort_unstable();
        pictures.dedup();
        pictures
    }

    /// The descriptors of a query in each look.
    fn asked(&self, features: &Features) -> [Vec<Hash>; 4] {
        std::array::from_fn(|look| features.keypoints().iter().map(|keypoint| self.turns.turned(keypoint.bits, look)).collect())
    }

    /// Known pictures that a query shows, the surest first, among them hints. `features` must be of `plane`. However much is known, no more is looked
    /// at closely than what a query may cost.
    #[must_use]
    pub fn query(&self, plane: &Plane, features: &Features) -> Vec<Finding> {
        self.query_beyond(CANDIDATES, plane, features)
    }

    /// The same, but whatever may be a copy is looked at closely, which may be all: for a set that is small, and of which nothing must be missed.
    #[must_use]
    pub fn query_all(&self, plane: &Plane, features: &Features) -> Vec<Finding> {
        self.query_beyond(Look::ALL.len() * self.len(), plane, features)
    }

    /// At most so many are looked at closely that are no copies.
    fn query_beyond(&self, most: usize, plane: &Plane, features: &Features) -> Vec<Finding> {
        let asked = self.asked(features);
        let question = Asked::new(plane, &self.turns);
        // A copy is no reason to look no further: there may be many of one picture. But in one look it is one.
        let (mut findings, mut copies, mut others) = (Vec::new(), HashSet::new(), 0);
        for (place, look) in self.candidates(&asked, most + COPIES) {
            let Some(entry) = self.entries[place].as_ref().filter(|_| !copies.contains(&place)) else { continue };
            let found = finding(entry, Look::ALL[look], features.keypoints(), &asked[look], &question);
            if found.as_ref().is_some_and(|found| found.kind == Kind::Copy) {
                copies.insert(place);
            } else {
                others += 1;
            }
            findings.extend(found);
            if others == most {
                break;
            }
        }
        findings.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then(a.picture.cmp(&b.picture)));
        findings
    }

    /// What a query shows of one known picture, in each look, whatever else it is like; nothing if that is not known.
    #[must_use]
    pub fn compare(&self, picture: u64, plane: &Plane, features: &Features) -> Vec<Finding> {
        let Some(entry) = self.places.get(&picture).and_then(|place| self.entries[*place].as_ref()) else { return Vec::new() };
        let question = Asked::new(plane, &self.turns);
        let asked = self.asked(features);
        let one = |look: usize| finding(entry, Look::ALL[look], features.keypoints(), &asked[look], &question);
        (0..Look::ALL.len()).filter_map(one).collect()
    }

    /// The pictures, by their places, and looks with the most votes.
    fn candidates(&self, asked: &[Vec<Hash>; 4], most: usize) -> Vec<(usize, usize)> {
        let mut votes = Votes::new(self.entries.len());
        let mut near = Vec::new();
        for (look, hashes) in asked.iter().enumerate() {
            for (number, hash) in hashes.iter().enumerate() {
                // Each step of the way there is somewhere else in memory: it is asked for while others are looked at.
                let later = |ahead: usize| hashes.get(number + ahead).copied();
                later(2 * AHEAD).into_iter().for_each(|hash| self.tables.expect(hash));
                later(AHEAD).into_iter().for_each(|hash| self.tables.expect_entries(hash));
                self.tables.near(*hash, &mut near);
                near.truncate(MOST_NEAR);
                let features = |place: usize| self.entries[place].as_ref().map(|entry| entry.features.keypoints());
                for (place, number) in &near {
                    features(*place).into_iter().for_each(|keypoints| prefetch(keypoints, *number));
                }
                let is_near = |place: usize, number: usize| {
                    features(place).and_then(|keypoints| keypoints.get(number)).is_some_and(|there| there.bits.distance(*hash) <= NEAR)
                };
                votes.cast(look, near.iter().filter(|(place, number)| is_near(*place, *number)).map(|(place, _)| *place));
            }
        }
        votes.most(most)
    }
}

fn finding(entry: &Entry, look: Look, asked: &[Keypoint], bits: &[Hash], question: &Asked<'_>) -> Option<Finding> {
    let known = &entry.features;
    let descriptors = Descriptors::of(known.keypoints().iter().map(|here| here.bits));
    let nearest = descriptors.nearest_each(question.wide, bits);
    let mut pairs: Vec<Pair> = asked
        .iter()
        .zip(nearest)
        .filter(|(_, (distance, _))| *distance <= NEAR)
        .map(|(there, (distance, number))| Pair { here: known.keypoints()[number], there: *there, distance })
        .collect();
    let maps = map::explain(&mut pairs, look, FEWEST);
    maps.into_iter()
        .filter_map(|(map, places)| judged(entry, look, map, places, question))
        .max_by(|a, b| a.confidence.total_cmp(&b.confidence).then(a.places.cmp(&b.places)))
}

/// What a map makes of the two, the map made better first. `None` if they share nothing to speak of.
fn judged(entry: &Entry, look: Look, mut map: Map, places: usize, question: &Asked<'_>) -> Option<Finding> {
    let known = &entry.features;
    let mut tally = Tally::by_blocks(question, known, &map, look);
    for _ in 0..2 {
        let Some(better) = question.dense.settled(known, &map, look) else { break };
        let other = Tally::by_blocks(question, known, &better, look);
        // Places of keypoints are more exact than those of blocks: only what is clearly better is taken.
        if other.surplus() < tally.surplus() + BETTER {
            break;
        }
        (map, tally) = (better, other);
    }
    // Nothing is shared but a few places, which happens by chance.
    if places < 2 * FEWEST && tally.surplus() <= 0.0 {
        return None;
    }
    tally.by_keypoints(question, known, &map, look);
    let suffices = tally.suffices() && tally.visible.max(covered(known, &map, question.plane) * tally.visible) >= LEAST;
    if suffices {
        tally.by_slopes(question, known, &map, look);
    }
    let evidence = tally.evidence(places);
    let confidence = if suffices { evidence.confidence() } else { evidence.confidence().min(COPY / 2.0) };
    let kind = if confidence >= COPY { Kind::Copy } else { Kind::Hint };
    if kind == Kind::Hint && tally.same < SHARED {
        return None;
    }
    let (right, bottom) = (known.width() as f32 - 0.5, known.height() as f32 - 0.5);
    let outline = [(-0.5, -0.5), (right, -0.5), (right, bottom), (-0.5, bottom)].map(|(x, y)| {
        let (x, y) = map.at(x, y);
        ((x + 0.5) / question.plane.width() as f32, (y + 0.5) / question.plane.height() as f32)
    });
    Some(Finding {
        picture: entry.picture,
        kind,
        confidence,
        look,
        map,
        outline,
        part: tally.part,
        places,
        visible: tally.visible,
        alike: tally.agree / tally.textured.max(1.0),
        evidence,
        judged: suffices && tally.judges_middle(),
    })
}

/// The known picture's surface in the query, as a part of the query's.
fn covered(known: &Features, map: &Map, plane: &Plane) -> f32 {
    let (width, height) = (known.width() as f32, known.height() as f32);
    let scale = map.scale(width / 2.0, height / 2.0);
    width * height * scale * scale / (plane.width() * plane.height()) as f32
}

#[cfg(test)]
mod tests;
