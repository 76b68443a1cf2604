//! What banks know, in the form in which it is asked.

use std::collections::HashMap;

use domain::{BankId, Fingerprint, FingerprintKind, ItemId};
use likeness::{Hash, RADIUS, pdq};

/// Something that a bank knows, and how like it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Likeness {
    /// The bank.
    pub bank: BankId,
    /// Which of what it knows.
    pub item: ItemId,
    /// By which reading: `exact`, `pdq`, `pdq-mirror`, ….
    pub reading: &'static str,
    /// Bits that differ, where that is how it was found.
    pub distance: Option<u32>,
    /// How sure it is, from 0 to 1.
    pub confidence: f64,
}

/// Where a signal comes from: an index into the sources.
type Source = u32;

/// The signals of all banks.
#[derive(Clone, Default)]
pub(crate) struct Known {
    sources: Vec<(BankId, ItemId)>,
    exact: HashMap<(FingerprintKind, Vec<u8>), Vec<Source>>,
    hashes: Vec<(Hash, Source)>,
    films: Vec<(Vec<Hash>, Source)>,
}

impl Known {
    /// Learns a signal. What this version cannot read is left out: it is made anew by whoever made it.
    pub(crate) fn add(&mut self, bank: &BankId, item: &ItemId, signal: &Fingerprint) {
        let source = self.source(bank, item);
        match signal.kind {
            FingerprintKind::Sha256 | FingerprintKind::Md5 => {
                for digest in digests(signal) {
                    self.exact.entry((signal.kind, digest.to_vec())).or_default().push(source);
                }
            }
            FingerprintKind::Hashes => {
                let (hashes, _) = signal.bytes.as_chunks::<32>();
                self.hashes.extend(hashes.iter().map(|bytes| (Hash::from_bytes(*bytes), source)));
            }
            FingerprintKind::Pdq => {
                let readings = pdq::Readings::from_bytes(&signal.bytes);
                let own = readings.iter().flat_map(pdq::Readings::known);
                self.hashes.extend(own.map(|reading| (reading.pdq.hash, source)));
            }
            FingerprintKind::Frames => self.films.push((frames(signal), source)),
            FingerprintKind::Keypoints | FingerprintKind::Text | FingerprintKind::Links => {}
        }
    }

    /// Everything that is like what these are of, the surest first; each item once.
    pub(crate) fn like(&self, fingerprints: &[Fingerprint]) -> Vec<Likeness> {
        let mut best: HashMap<Source, (f64, &'static str, Option<u32>)> = HashMap::new();
        let mut found = |source: Source, confidence: f64, reading, distance| {
            let now = (confidence, reading, distance);
            best.entry(source)
                .and_modify(|best| {
                    if confidence > best.0 {
                        *best = now
                    }
                })
                .or_insert(now);
        };
        for fingerprint in fingerprints {
            match fingerprint.kind {
                FingerprintKind::Sha256 | FingerprintKind::Md5 => {
                    for digest in digests(fingerprint) {
                        for source in self.exact.get(&(fingerprint.kind, digest.to_vec())).into_iter().flatten() {
                            found(*source, 1.0, "exact", None);
                        }
                    }
                }
                FingerprintKind::Pdq => {
                    let Some(readings) = pdq::Readings::from_bytes(&fingerprint.bytes) else { continue };
                    for reading in readings.all() {
                        for (known, source) in &self.hashes {
                            let distance = reading.pdq.hash.distance(*known);
                            if distance <= RADIUS {
                                found(*source, sureness(distance), reading.name(), Some(distance));
                            }
                        }
                        // A still of a known video.
                        for (film, source) in &self.films {
                            if let Some(distance) = nearest(film, reading.pdq.hash) {
                                found(*source, sureness(distance), "frames", Some(distance));
                            }
                        }
                    }
                }
                FingerprintKind::Frames => {
                    let asked = frames(fingerprint);
                    // A known picture, shown in a video.
                    for (known, source) in &self.hashes {
                        if let Some(distance) = nearest(&asked, *known) {
                            found(*source, sureness(distance), "frames", Some(distance));
                        }
                    }
                    for (film, source) in &self.films {
                        if let Some(share) = alike(film, &asked) {
                            found(*source, share, "frames", None);
                        }
                    }
                }
                FingerprintKind::Hashes | FingerprintKind::Keypoints | FingerprintKind::Text | FingerprintKind::Links => {}
            }
        }
        let mut all: Vec<Likeness> = best
            .into_iter()
            .filter_map(|(source, (confidence, reading, distance))| {
                let (bank, item) = self.sources.get(source as usize)?.clone();
                Some(Likeness { bank, item, reading, distance, confidence })
            })
            .collect();
        all.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then_with(|| a.item.cmp(&b.item)));
        all
    }

    fn source(&mut self, bank: &BankId, item: &ItemId) -> Source {
        if self.sources.last().is_none_or(|(_, last)| last != item) {
            self.sources.push((bank.clone(), item.clone()));
        }
        u32::try_from(self.sources.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }
}

/// The hashes of a video's frames, each once; those that say too little are left out.
fn frames(fingerprint: &Fingerprint) -> Vec<Hash> {
    let (records, _) = fingerprint.bytes.as_chunks::<37>();
    let clear = records.iter().filter(|[quality, ..]| *quality >= pdq::MIN_QUALITY);
    let mut hashes: Vec<Hash> = clear.map(|[_, _, _, _, _, hash @ ..]| Hash::from_bytes(*hash)).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

fn nearest(film: &[Hash], hash: Hash) -> Option<u32> {
    film.iter().map(|frame| frame.distance(hash)).min().filter(|distance| *distance <= RADIUS)
}

/// How much of two videos is one, if that is enough: most of the known one is in what is asked, which may be longer, or most of what is
/// asked is in the known one, of which it may be an excerpt (vPDQ's comparison of bags of frames, in both directions).
fn alike(known: &[Hash], asked: &[Hash]) -> Option<f64> {
    let share = |of: &[Hash], among: &[Hash]| {
        let found = of.iter().filter(|hash| nearest(among, **hash).is_some()).count();
        if of.is_empty() { 0.0 } else { found as f64 / of.len() as f64 }
    };
    let most = share(known, asked).max(share(asked, known));
    (most >= SHARE).then_some(most)
}

/// vPDQ's own measure.
const SHARE: f64 = 0.8;

/// How sure a match at this distance is. Unrelated pictures are 128 bits apart, give or take 8 or a little more, so that even at the
/// radius hardly one is mistaken; what is farther apart was changed more.
fn sureness(distance: u32) -> f64 {
    1.0 - f64::from(distance.min(RADIUS)) / 310.0
}

/// The digests of a fingerprint that is a row of them.
fn digests(fingerprint: &Fingerprint) -> impl Iterator<Item = &[u8]> {
    let size = if fingerprint.kind == FingerprintKind::Sha256 { 32 } else { 16 };
    fingerprint.bytes.chunks_exact(size)
}
