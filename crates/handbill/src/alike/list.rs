//! `handbill search --list`: looks for files in a list of hashes, which is read once and never held.
//!
//! The question is turned round: what the files are known by is in memory, and every line of the list is looked up there.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use domain::FingerprintKind;
use futures_util::StreamExt as _;
use likeness::index::Writer;
use likeness::list::Signal;
use likeness::pdq::Readings;
use likeness::vpdq::{self, Bag};
use likeness::{Hash, RADIUS};

use super::Bar;
use super::look::{Looker, Seen};
use super::search::{Match, Out, Told};
use crate::list::Reader;

/// Hashes of the list that are looked up together, on all cores.
const TOGETHER: usize = 1 << 14;

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
    let (mut lines, mut others, mut hashes) = (0_u64, 0_u64, Vec::with_capacity(TOGETHER));
    while let Some((line, signal)) = list.next()? {
        lines += 1;
        match signal {
            Signal::Pdq(hash) => hashes.push((line, hash)),
            Signal::Frame(_, frame) => hashes.push((line, frame.hash)),
            Signal::Vpdq(frames) => hashes.extend(Bag::of(&frames).hashes().iter().map(|hash| (line, *hash))),
            Signal::Md5(digest) => asked.exact(line, (FingerprintKind::Md5, digest.to_vec())),
            Signal::Sha256(digest) => asked.exact(line, (FingerprintKind::Sha256, digest.to_vec())),
            Signal::Tlsh(_) | Signal::TextSha256(_) | Signal::Text(_) | Signal::Url(_) | Signal::Domain(_) => others += 1,
        }
        if hashes.len() >= TOGETHER {
            asked.alike(&hashes);
            hashes.clear();
            bar.at(line);
        }
    }
    asked.alike(&hashes);
    drop(bar);
    list.tell_rest();
    if others > 0 {
        eprintln!("handbill: {}: {others} texts, links and domains are in it, which files are not searched for", list.name());
    }
    if lines == 0 {
        eprintln!("handbill: {}: there is no hash in it", list.name());
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
    found: HashMap<usize, Best>,
}

/// The best matches of a file, and how many others there were.
#[derive(Default)]
struct Best {
    matches: Vec<Match>,
    dropped: usize,
}

impl Asked {
    fn new(most: usize) -> Self {
        Self { most, exact: HashMap::new(), hashes: Writer::new(), of: Vec::new(), found: HashMap::new() }
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
                }
                _ => {}
            }
        }
        let first = self.of.len() as u64;
        self.hashes.insert_all(hashes.iter().zip(first..).map(|((hash, _), number)| (*hash, number)));
        self.of.extend(hashes.iter().map(|(_, reading)| (file, *reading)));
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
