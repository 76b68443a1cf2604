//! `handbill search --list`: looks for files in a list of what others know, which is read once and never held.
//!
//! The question is turned round: what the files are known by is in memory, and every line of the list is looked up there.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use domain::{Fingerprint, FingerprintKind};
use futures_util::StreamExt as _;
use likeness::index::Writer;
use likeness::link::{Link, Links};
use likeness::list::Signal;
use likeness::pdq::Readings;
use likeness::text::{Text, Tlsh};
use likeness::vpdq::{self, Bag, Frame, SHARE};
use likeness::{Hash, RADIUS};

use super::Bar;
use super::look::{Looker, Seen};
use super::search::{Match, Out, Told};
use crate::list::Reader;

/// Hashes of the list that are looked up together, on all cores.
const TOGETHER: usize = 1 << 14;

/// Frames of a film; what follows is another's. Twelve days, at one a second.
const LONGEST_FILM: usize = 1 << 20;

pub(super) async fn run(looker: &Looker, list: &Path, files: &[PathBuf], out: Out) -> Result<ExitCode> {
    // Before the work: a name that is mistyped shall not be told after it.
    let list = Reader::open(list)?;
    let mut asked = Asked::new(out.most);
    let mut problems = Vec::new();
    {
        let bar = Bar::new("hashing", files.len());
        let mut seen = looker.each(files, async |seen| seen);
        while let Some((_, seen)) = seen.next().await {
            problems.push(seen.map(|seen| {
                asked.ask(problems.len(), &seen);
                seen.problem
            }));
            bar.step();
        }
    }
    let asked = tokio::task::spawn_blocking(move || look_up(list, asked)).await??;
    let mut told = Told::new(out, files.len());
    let mut found = asked.found;
    for (number, (file, problem)) in files.iter().zip(problems).enumerate() {
        let best = found.remove(&number).unwrap_or_default();
        match problem {
            Ok(problem) => told.tell(file, problem.as_ref(), best.matches, best.dropped)?,
            Err(error) => told.trouble(file, &error),
        }
    }
    Ok(told.end())
}

fn look_up(mut list: Reader<impl std::io::Read>, mut asked: Asked) -> Result<Asked> {
    let bar = Bar::of_lines();
    let (mut lines, mut hashes, mut film) = (0_u64, Vec::with_capacity(TOGETHER), Film::default());
    while let Some((line, signal)) = list.next()? {
        lines += 1;
        // Frames in vPDQ's text are a film of as many lines.
        if let Signal::Frame(number, frame) = signal {
            if film.frames.is_empty() || number <= film.last || film.frames.len() == LONGEST_FILM {
                asked.film(&std::mem::take(&mut film));
                film.line = line;
            }
            film.last = number;
            film.frames.push(frame);
            continue;
        }
        match signal {
            Signal::Pdq(hash) => hashes.push((line, hash)),
            Signal::Vpdq(frames) => asked.film(&Film { line, frames, last: 0 }),
            Signal::Md5(digest) | Signal::VideoMd5(digest) => asked.exact(line, (FingerprintKind::Md5, digest.to_vec())),
            Signal::Sha256(digest) | Signal::VideoSha256(digest) => asked.exact(line, (FingerprintKind::Sha256, digest.to_vec())),
            signal => asked.words(line, &signal),
        }
        if hashes.len() >= TOGETHER {
            asked.alike(&hashes);
            hashes.clear();
            bar.at(line);
        }
    }
    asked.alike(&hashes);
    asked.film(&film);
    drop(bar);
    list.tell_rest();
    if lines == 0 {
        eprintln!("handbill: {}: there is nothing in it to look for", list.name());
    }
    Ok(asked)
}

/// A digest of a file, and of which kind.
type Digest = (FingerprintKind, Vec<u8>);

/// What the files are known by.
struct Asked {
    most: usize,
    exact: HashMap<Digest, Vec<usize>>,
    hashes: Writer,
    /// By number in `hashes`: which file, by which reading.
    of: Vec<(usize, &'static str)>,
    /// How many different frames a film has.
    frames: HashMap<usize, usize>,
    texts: Vec<(usize, Words)>,
    found: HashMap<usize, Best>,
}

/// The frames of one film in a list, from this line on.
#[derive(Default)]
struct Film {
    line: u64,
    frames: Vec<Frame>,
    /// The number of the last of them.
    last: u64,
}

/// What a text is known by.
#[derive(Default)]
struct Words {
    text: Option<Text>,
    links: Links,
    tlsh: Option<Tlsh>,
}

/// The best matches of a file, and how many others there were.
#[derive(Default)]
struct Best {
    matches: Vec<Match>,
    dropped: usize,
}

impl Asked {
    fn new(most: usize) -> Self {
        Self {
            most,
            exact: HashMap::new(),
            hashes: Writer::new(),
            of: Vec::new(),
            frames: HashMap::new(),
            texts: Vec::new(),
            found: HashMap::new(),
        }
    }

    /// Takes a file's fingerprints.
    fn ask(&mut self, file: usize, seen: &Seen) {
        let mut hashes = Vec::new();
        for one in &seen.known.fingerprints {
            match one.kind {
                FingerprintKind::Sha256 | FingerprintKind::Md5 => {
                    let size = if one.kind == FingerprintKind::Sha256 { 32 } else { 16 };
                    for digest in one.bytes.chunks_exact(size) {
                        self.exact.entry((one.kind, digest.to_vec())).or_default().push(file);
                    }
                }
                FingerprintKind::Pdq => {
                    let readings = Readings::from_bytes(&one.bytes);
                    hashes.extend(readings.iter().flat_map(Readings::all).map(|reading| (reading.pdq.hash, reading.name())));
                }
                FingerprintKind::Frames => {
                    let bag = Bag::of(&vpdq::from_bytes(&one.bytes).unwrap_or_default());
                    hashes.extend(bag.hashes().iter().map(|hash| (*hash, "frames")));
                    self.frames.insert(file, bag.hashes().len());
                }
                _ => {}
            }
        }
        let first = self.of.len() as u64;
        self.hashes.insert_all(hashes.iter().zip(first..).map(|((hash, _), number)| (*hash, number)));
        self.of.extend(hashes.iter().map(|(_, reading)| (file, *reading)));
        let words = Words::of(&seen.known.fingerprints);
        if words.text.is_some() || !words.links.as_slice().is_empty() {
            self.texts.push((file, words));
        }
    }

    /// Looks a digest of the list up.
    fn exact(&mut self, line: u64, digest: Digest) {
        let Some(files) = self.exact.get(&digest) else { return };
        for file in files.clone() {
            let known = hex::encode(&digest.1).into();
            self.add(file, Match { known, line: Some(line), by: "exact", confidence: 1.0, distance: None });
        }
    }

    /// Looks hashes of the list up.
    fn alike(&mut self, hashes: &[(u64, Hash)]) {
        let only: Vec<Hash> = hashes.iter().map(|(_, hash)| *hash).collect();
        for ((line, hash), near) in hashes.iter().zip(self.hashes.index().within_each(&only, RADIUS)) {
            // Of each file the nearest of its readings.
            let mut nearest: HashMap<usize, (u32, u64)> = HashMap::new();
            for near in near {
                let Some((file, _)) = usize::try_from(near.id).ok().and_then(|id| self.of.get(id)) else { continue };
                let best = nearest.entry(*file).or_insert((near.distance, near.id));
                *best = (near.distance, near.id).min(*best);
            }
            for (file, (distance, id)) in nearest {
                let Some((_, by)) = usize::try_from(id).ok().and_then(|id| self.of.get(id)).copied() else { continue };
                let (known, confidence) = (hash.to_string().into(), app::sureness(distance));
                self.add(file, Match { known, line: Some(*line), by, confidence, distance: Some(distance) });
            }
        }
    }

    /// Looks a film of the list up: is most of it in a file, or most of a file in it, or is a file a still of it?
    fn film(&mut self, film: &Film) {
        let bag = Bag::of(&film.frames);
        let Some(first) = bag.hashes().first() else { return };
        let mut met: HashMap<usize, (HashSet<usize>, HashSet<u64>, u32)> = HashMap::new();
        for (place, near) in self.hashes.index().within_each(bag.hashes(), RADIUS).into_iter().enumerate() {
            for near in near {
                let Some((file, _)) = usize::try_from(near.id).ok().and_then(|id| self.of.get(id)) else { continue };
                let (known, own, nearest) = met.entry(*file).or_insert_with(|| (HashSet::new(), HashSet::new(), RADIUS));
                known.insert(place);
                own.insert(near.id);
                *nearest = near.distance.min(*nearest);
            }
        }
        for (file, (known, own, nearest)) in met {
            let share = self.frames.get(&file).map(|all| {
                let part = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
                part(known.len(), bag.hashes().len()).max(part(own.len(), *all))
            });
            let (confidence, distance) = match share {
                Some(share) if share >= SHARE => (share, None),
                Some(_) => continue,
                None => (app::sureness(nearest), Some(nearest)),
            };
            self.add(file, Match { known: first.to_string().into(), line: Some(film.line), by: "frames", confidence, distance });
        }
    }

    /// Looks words, links and domains of the list up.
    fn words(&mut self, line: u64, signal: &Signal) {
        let known_words = if let Signal::Text(text) = signal { Words::of(&app::words_known(text)) } else { Words::default() };
        let found: Vec<_> = self.texts.iter().filter_map(|(file, words)| Some((*file, words.like(signal, &known_words)?))).collect();
        for (file, (by, confidence, distance)) in found {
            let known: String = signal.to_string().chars().take(SHOWN).collect();
            self.add(file, Match { known: known.into(), line: Some(line), by, confidence, distance });
        }
    }

    /// A list may hold a million near-copies of one picture: no more than twice what is told is held.
    fn add(&mut self, file: usize, one: Match) {
        let best = self.found.entry(file).or_default();
        best.matches.push(one);
        if best.matches.len() >= self.most.saturating_mul(2) {
            best.matches.sort_by(Match::better);
            best.dropped += best.matches.len() - self.most;
            best.matches.truncate(self.most);
        }
    }
}

/// Of words in a list so many letters are told, so that they can be found there.
const SHOWN: usize = 80;

impl Words {
    fn of(fingerprints: &[Fingerprint]) -> Self {
        let mut words = Self::default();
        for one in fingerprints {
            match one.kind {
                FingerprintKind::Text => words.text = Text::from_bytes(&one.bytes),
                FingerprintKind::Links => words.links = Links::from_bytes(&one.bytes),
                FingerprintKind::Tlsh => words.tlsh = one.bytes.as_slice().try_into().ok().map(Tlsh::from_bytes),
                _ => {}
            }
        }
        words
    }

    /// How surely the words themselves are like known ones.
    fn words_like(&self, known: &Self) -> Option<f64> {
        let (own, known) = (self.text.as_ref()?, known.text.as_ref()?);
        if own.exact().iter().any(|digest| known.exact().contains(digest)) {
            return Some(1.0);
        }
        own.near(known).map(|near| near.score().min(0.99))
    }

    /// By which reading, how surely, and how many steps apart these words are like a signal, of which the words are `known` where it has any.
    fn like(&self, signal: &Signal, known: &Self) -> Option<(&'static str, f64, Option<u32>)> {
        match signal {
            Signal::TextSha256(digest) => self.text.as_ref()?.exact().contains(digest).then_some(("text", 1.0, None)),
            Signal::Text(_) => {
                let links = self.links.near(&known.links).map(|share| ("links", share.min(0.99), None));
                self.words_like(known).map(|confidence| ("text", confidence, None)).or(links)
            }
            Signal::Tlsh(tlsh) => {
                let distance = self.tlsh?.distance(*tlsh);
                (distance <= Tlsh::RADIUS).then(|| ("tlsh", app::tlsh_sureness(distance), Some(distance)))
            }
            Signal::Url(link) => self.links.as_slice().contains(link).then_some(("url", 1.0, None)),
            Signal::Domain(domain) => {
                let within = |link: &Link| link.domains().any(|own| own == domain);
                self.links.as_slice().iter().any(within).then_some(("domain", 1.0, None))
            }
            _ => None,
        }
    }
}
