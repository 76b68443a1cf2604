//! What banks know, in the form in which it is asked.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use domain::{Fingerprint, FingerprintKind};
use likeness::index::{Index, Writer};
use likeness::known::{CLOSE, Finding, Kind, Known as Pictures};
use likeness::pdq::{Reading, Source};
use likeness::vpdq::{self, Bag, SHARE};
use likeness::{Features, Hash, RADIUS, pdq};
use media::View;

use super::words::{self, Words};

/// Something known, and how like it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Alike {
    /// The number under which it was learnt.
    pub source: usize,
    /// By which reading: `exact`, `pdq`, `pdq-mirror`, ….
    pub reading: &'static str,
    /// Bits that differ, where that is how it was found.
    pub distance: Option<u32>,
    /// How sure it is, from 0 to 1.
    /// It is that of the surest reading, which may be another than the plainest, which is named.
    pub confidence: f64,
}

impl Alike {
    /// The same was found once more. It is named by the plainest reading, one that others can check before one that only we see, and as sure
    /// as the surest.
    pub fn merge(&mut self, other: &Self) {
        let confidence = self.confidence.max(other.confidence);
        if plainness(other.reading, other.distance) < plainness(self.reading, self.distance) {
            *self = other.clone();
        }
        self.confidence = confidence;
    }
}

/// The plainest reading sorts first.
pub(crate) fn plainness(reading: &str, distance: Option<u32>) -> (u8, u32) {
    let means = match reading {
        "exact" | "text" | "url" => 0,
        "pdq" => 1,
        "frames" | "tlsh" | "links" => 3,
        "keypoints" => 4,
        _ => 2,
    };
    (means, distance.unwrap_or(0))
}

/// What is known, by numbers of its sources that the caller gives, below 2^32. A clone shares what is large: it sees what is learnt later, under
/// numbers that its owner does not know.
#[derive(Clone, Default)]
pub struct Known {
    /// Digests of files, by their source.
    exact: Lookup,
    /// Hashes of pictures, by [`picture`].
    pictures: Lookup,
    /// Hashes of videos' frames, by their video and their place among its frames.
    frames: Lookup,
    videos: Vec<Video>,
    /// Local features of pictures and of videos' frames, by their source and their place among its frames.
    features: Arc<RwLock<Pictures>>,
    /// Texts and links, by their source.
    words: Words,
}

/// A video that a bank knows.
#[derive(Clone)]
struct Video {
    source: usize,
    frames: usize,
}

/// An index and who writes it. Readers never wait.
#[derive(Clone)]
struct Lookup {
    index: Index,
    writer: Arc<Mutex<Writer>>,
}

impl Default for Lookup {
    fn default() -> Self {
        let writer = Writer::new();
        Self { index: writer.index(), writer: Arc::new(Mutex::new(writer)) }
    }
}

impl Lookup {
    fn add(&self, entries: impl IntoIterator<Item = (Hash, u64)>) {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner).insert_all(entries);
    }
}

impl Known {
    /// Learns a signal. What this version cannot read is left out: it is made anew by whoever made it.
    pub fn add(&mut self, source: usize, signal: &Fingerprint) {
        match signal.kind {
            FingerprintKind::Sha256 | FingerprintKind::Md5 | FingerprintKind::VideoSha256 | FingerprintKind::VideoMd5 => {
                self.exact.add(digests(signal).map(|digest| (digest, source as u64)));
            }
            FingerprintKind::Hashes => {
                let (hashes, _) = signal.bytes.as_chunks::<32>();
                self.pictures.add(hashes.iter().map(|bytes| (Hash::from_bytes(*bytes), picture(source, false))));
            }
            FingerprintKind::Pdq => {
                let readings = pdq::Readings::from_bytes(&signal.bytes);
                let own = readings.iter().flat_map(pdq::Readings::known);
                self.pictures.add(own.map(|reading| (reading.pdq.hash, picture(source, reading.source == Source::Fit512))));
            }
            FingerprintKind::Frames => {
                let hashes = frames(signal);
                let video = self.videos.len();
                self.frames.add(hashes.iter().enumerate().map(|(place, hash)| (*hash, (video as u64) << 32 | place as u64)));
                self.videos.push(Video { source, frames: hashes.len() });
            }
            FingerprintKind::Keypoints => {
                let mut features = self.features.write().unwrap_or_else(PoisonError::into_inner);
                for (place, one) in pictures(signal).iter().enumerate() {
                    features.insert((source as u64) << 32 | place as u64, one);
                }
            }
            FingerprintKind::Text | FingerprintKind::Links | FingerprintKind::Tlshes => self.words.add(source as u64, signal),
            FingerprintKind::TextSha256 | FingerprintKind::Urls | FingerprintKind::Domains => {}
            // It is passed on. Our own comparison of texts is better.
            FingerprintKind::Tlsh => {}
        }
        self.exact.add(words::exact(signal).into_iter().map(|key| (key, source as u64)));
    }

    /// Whether anything known is near to each of these hashes.
    pub(super) fn are_near(&self, hashes: &[Hash]) -> Vec<bool> {
        let mut near = vec![false; hashes.len()];
        for (lookup, radius) in [(&self.exact, 0), (&self.pictures, RADIUS), (&self.frames, RADIUS)] {
            if !lookup.index.is_empty() {
                let found = lookup.index.within_each(hashes, radius);
                near.iter_mut().zip(found).for_each(|(near, found)| *near |= !found.is_empty());
            }
        }
        near
    }

    /// The sources that the stored local features of something tie it to: most of them it does not show.
    pub(crate) fn tied_to(&self, fingerprints: &[Fingerprint]) -> Vec<usize> {
        let known = self.features.read().unwrap_or_else(PoisonError::into_inner);
        let own = fingerprints.iter().filter(|one| one.kind == FingerprintKind::Keypoints).flat_map(pictures);
        own.flat_map(|features| known.resembling(&features)).map(high).collect()
    }

    /// Everything that is like what these are of, the surest first; each source once.
    #[must_use]
    pub fn like(&self, fingerprints: &[Fingerprint], views: &[View]) -> Vec<Alike> {
        let mut found = Found::default();
        let known = self.features.read().unwrap_or_else(PoisonError::into_inner);
        let mut others: HashMap<usize, bool> = HashMap::new();
        for fingerprint in fingerprints {
            match fingerprint.kind {
                FingerprintKind::Sha256 | FingerprintKind::Md5 => {
                    for near in digests(fingerprint).flat_map(|digest| self.exact.index.within(digest, 0)) {
                        found.add(own(near.id), 1.0, "exact", None);
                    }
                }
                FingerprintKind::Pdq => {
                    let Some(readings) = pdq::Readings::from_bytes(&fingerprint.bytes) else { continue };
                    for reading in readings.all() {
                        for near in self.pictures.index.within(reading.pdq.hash, RADIUS) {
                            let (source, is_fit) = of_picture(near.id);
                            if near.distance > CLOSE && *others.entry(source).or_insert_with(|| is_other(&known, source, views)) {
                                continue;
                            }
                            // `pdq` is what others hash too, on either side.
                            let named = if is_fit && reading.source == Source::Full {
                                Reading { source: Source::Fit512, ..*reading }
                            } else {
                                *reading
                            };
                            found.add(source, sureness(near.distance), named.name(), Some(near.distance));
                        }
                        // A still of a known video.
                        for near in self.frames.index.within(reading.pdq.hash, RADIUS) {
                            if let Some(video) = self.videos.get(high(near.id)) {
                                found.add(video.source, sureness(near.distance), "frames", Some(near.distance));
                            }
                        }
                    }
                }
                FingerprintKind::Frames => {
                    let asked = frames(fingerprint);
                    // A known picture, shown in a video.
                    for near in self.pictures.index.within_each(&asked, RADIUS).into_iter().flatten() {
                        found.add(of_picture(near.id).0, sureness(near.distance), "frames", Some(near.distance));
                    }
                    for (video, share) in self.videos_like(&asked) {
                        found.add(video.source, share, "frames", None);
                    }
                }
                FingerprintKind::Text | FingerprintKind::Links | FingerprintKind::Tlsh => {
                    for (key, reading) in words::asked(fingerprint) {
                        for near in self.exact.index.within(key, 0) {
                            found.add(own(near.id), 1.0, reading, None);
                        }
                    }
                    for near in self.words.near(fingerprint) {
                        found.add(own(near.source), near.confidence, near.reading, near.distance);
                    }
                }
                FingerprintKind::VideoSha256
                | FingerprintKind::VideoMd5
                | FingerprintKind::Hashes
                | FingerprintKind::Keypoints
                | FingerprintKind::Tlshes
                | FingerprintKind::TextSha256
                | FingerprintKind::Urls
                | FingerprintKind::Domains => {}
            }
        }
        // Last, so that of two readings that are as sure the plainer one is told.
        for (source, confidence) in copies(&known, views) {
            found.add(source, confidence, "keypoints", None);
        }
        found.sorted()
    }

    /// The known videos of which most is in these frames, which may be those of a longer one, or in which most of these frames are, which
    /// may be an excerpt (vPDQ's comparison of bags of frames, in both directions), with how much that is.
    fn videos_like(&self, asked: &[Hash]) -> Vec<(&Video, f64)> {
        let mut met: HashMap<usize, (HashSet<u64>, usize)> = HashMap::new();
        for near in self.frames.index.within_each(asked, RADIUS) {
            let mut videos: Vec<usize> = near.iter().map(|near| high(near.id)).collect();
            videos.sort_unstable();
            videos.dedup();
            for video in videos {
                met.entry(video).or_default().1 += 1;
            }
            for near in near {
                met.entry(high(near.id)).or_default().0.insert(near.id);
            }
        }
        let share = |part: usize, whole: usize| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
        met.into_iter()
            .filter_map(|(video, (known, own))| {
                let video = self.videos.get(video)?;
                Some((video, share(known.len(), video.frames).max(share(own, asked.len()))))
            })
            .filter(|(_, share)| *share >= SHARE)
            .collect()
    }
}

/// Every hash by which [`Known::like`] looks something up that is known by this; what it finds by none of them it finds in another way, of words
/// and of local features.
pub(crate) fn looked_up_by(fingerprint: &Fingerprint) -> Vec<Hash> {
    match fingerprint.kind {
        FingerprintKind::Sha256 | FingerprintKind::Md5 => digests(fingerprint).collect(),
        FingerprintKind::Pdq => {
            let readings = pdq::Readings::from_bytes(&fingerprint.bytes);
            readings.iter().flat_map(|readings| readings.all()).map(|reading| reading.pdq.hash).collect()
        }
        FingerprintKind::Frames => frames(fingerprint),
        _ => words::asked(fingerprint).into_iter().map(|(key, _)| key).collect(),
    }
}

/// Every hash under which [`Known::add`] learns this.
pub(crate) fn learnt_as(signal: &Fingerprint) -> Vec<Hash> {
    match signal.kind {
        FingerprintKind::Sha256 | FingerprintKind::Md5 => digests(signal).collect(),
        FingerprintKind::Hashes => signal.bytes.as_chunks::<32>().0.iter().map(|bytes| Hash::from_bytes(*bytes)).collect(),
        FingerprintKind::Pdq => {
            let readings = pdq::Readings::from_bytes(&signal.bytes);
            readings.iter().flat_map(pdq::Readings::known).map(|reading| reading.pdq.hash).collect()
        }
        FingerprintKind::Frames => frames(signal),
        _ => words::exact(signal),
    }
}

/// Whether words may be like this that are not found by any hash.
pub(crate) fn is_near_words(signal: &Fingerprint) -> bool {
    matches!(signal.kind, FingerprintKind::Text | FingerprintKind::Links | FingerprintKind::Tlshes)
}

/// The best of what was found of each source.
#[derive(Default)]
struct Found(HashMap<usize, Alike>);

impl Found {
    fn add(&mut self, source: usize, confidence: f64, reading: &'static str, distance: Option<u32>) {
        let found = Alike { source, reading, distance, confidence };
        self.0.entry(source).and_modify(|best| best.merge(&found)).or_insert(found);
    }

    fn sorted(self) -> Vec<Alike> {
        let mut all: Vec<Alike> = self.0.into_values().collect();
        all.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then_with(|| a.source.cmp(&b.source)));
        all
    }
}

/// Of these subjects those that show what the views show, each with how sure that is. It is the question turned round: the views are those of
/// something new to a bank, and of what stands only the features are kept.
pub(crate) fn showing(views: &[View], subjects: &[store::fingerprints::Standing]) -> HashMap<usize, f64> {
    let mut stand = Pictures::new();
    for (number, standing) in subjects.iter().enumerate() {
        let own = standing.fingerprints.iter().filter(|one| one.kind == FingerprintKind::Keypoints).flat_map(pictures);
        for (place, features) in own.enumerate() {
            stand.insert((number as u64) << 32 | place as u64, &features);
        }
    }
    // They may all be of one picture, or share much with it: none must be in the way of another.
    surest(views.iter().flat_map(|view| stand.query_all(&view.plane, &view.features)))
}

/// Whether the views, which are of something new to a bank, contradict that the one that stands and has these fingerprints is the same picture.
pub(crate) fn contradict(views: &[View], fingerprints: &[Fingerprint]) -> bool {
    let mut stands = Pictures::new();
    let own = fingerprints.iter().filter(|one| one.kind == FingerprintKind::Keypoints).flat_map(pictures);
    for (place, features) in own.enumerate() {
        stands.insert(place as u64, &features);
    }
    is_other(&stands, 0, views)
}

/// The sources or subjects that one of these views is a copy of, or a copy of a part of, each with the highest confidence; hints are left out.
fn copies(pictures: &Pictures, views: &[View]) -> HashMap<usize, f64> {
    if pictures.is_empty() {
        return HashMap::new();
    }
    surest(views.iter().flat_map(|view| pictures.query(&view.plane, &view.features)))
}

fn surest(findings: impl Iterator<Item = Finding>) -> HashMap<usize, f64> {
    let mut surest = HashMap::new();
    for finding in findings.filter(|finding| finding.kind == Kind::Copy) {
        let best: &mut f64 = surest.entry(high(finding.picture)).or_default();
        *best = best.max(f64::from(finding.confidence));
    }
    surest
}

/// Whether the views show something else than a source, which is one picture, however near the hashes are.
fn is_other(pictures: &Pictures, source: usize, views: &[View]) -> bool {
    let findings: Vec<Finding> =
        views.iter().flat_map(|view| pictures.compare((source as u64) << 32, &view.plane, &view.features)).collect();
    likeness::known::contradict(&findings)
}

/// The stored features of a picture, or of a video's frames. Those of another version are made anew.
fn pictures(fingerprint: &Fingerprint) -> Vec<Features> {
    Features::each_from_bytes(&fingerprint.bytes).unwrap_or_default()
}

/// The number in the upper half of an id: a source's, a video's or a subject's. The lower half is a place among its frames.
fn high(id: u64) -> usize {
    usize::try_from(id >> 32).unwrap_or(usize::MAX)
}

/// A picture's hash by its source, and whether it is that of 512 by 512 pixels.
fn picture(source: usize, is_fit: bool) -> u64 {
    (source as u64) << 1 | u64::from(is_fit)
}

fn of_picture(id: u64) -> (usize, bool) {
    (own(id >> 1), id & 1 == 1)
}

/// A source by its id in an index of sources.
fn own(id: u64) -> usize {
    usize::try_from(id).unwrap_or(usize::MAX)
}

/// How sure a match at this distance is. Unrelated pictures are 128 bits apart, give or take 8 or a little more, so that even at the
/// radius hardly one is mistaken; what is farther apart was changed more.
#[must_use]
pub fn sureness(distance: u32) -> f64 {
    1.0 - f64::from(distance.min(RADIUS)) / 310.0
}

/// The hashes of a video's frames, each once; those that say too little are left out.
fn frames(fingerprint: &Fingerprint) -> Vec<Hash> {
    Bag::of(&vpdq::from_bytes(&fingerprint.bytes).unwrap_or_default()).hashes().to_vec()
}

/// The digests of a fingerprint that is a row of them, as 256 bits: half as many are filled up, so that they equal no others.
fn digests(fingerprint: &Fingerprint) -> impl Iterator<Item = Hash> {
    let size = if matches!(fingerprint.kind, FingerprintKind::Sha256 | FingerprintKind::VideoSha256) { 32 } else { 16 };
    fingerprint.bytes.chunks_exact(size).map(|digest| {
        let mut whole = *b"................md5.............";
        whole.iter_mut().zip(digest).for_each(|(to, from)| *to = *from);
        Hash::from_bytes(whole)
    })
}
