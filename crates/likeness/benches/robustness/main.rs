//! `cargo bench -p likeness --bench robustness -- [--scores] [--pairs FOLDER] < STREAM`: what is found of disguised pictures.
//!
//! The stream is what `bench/robustness/disguise.py` writes. Prints recall for each family of disguise: plain PDQ, local features, and all
//! that the product asks by; confidence against truth; false matches with the bound that so many pairs can show; innocent pictures that
//! would be held; the trap set; and what a picture costs. `--scores` prints every finding's numbers instead, `--pairs` draws each false
//! match into a folder, both pictures side by side.

mod picture;
mod tally;

use std::collections::BTreeMap;
use std::error::Error;
use std::io::BufReader;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use likeness::index::{Index, Writer};
use likeness::keypoints::StoredError;
use likeness::known::{CLOSE, Finding, Kind, Known, contradict};
use likeness::pdq::{Pdq, Source, Turn};
use likeness::{Features, Plane, RADIUS};
use picture::Picture;
use tally::Tally;

/// Numbers of pictures that are known only so that there are many.
const OTHERS: u64 = 1 << 32;
/// Added to a known picture's number for what it is without waves.
const WITHOUT: u64 = 1 << 48;
/// Pictures that are asked about before the next ones are read.
const BATCH: usize = 512;

/// What a bank knows.
#[derive(Default)]
struct Bank {
    pictures: Known,
    writer: Writer,
    canonical: BTreeMap<u64, Pdq>,
}

/// What asking about one picture gave.
struct Answer {
    findings: Vec<Finding>,
    /// What local features say of those that a PDQ reading found.
    compared: BTreeMap<u64, Vec<Finding>>,
    /// What any of its PDQ readings found: which one, of what quality, at which distance.
    by_readings: Vec<(u64, u32, String)>,
    detection: Duration,
    query: Duration,
}

impl Answer {
    fn copies(&self) -> impl Iterator<Item = u64> {
        self.findings.iter().filter(|finding| finding.kind == Kind::Copy).map(|finding| finding.picture)
    }

    /// Pictures for which a post would be held, each once.
    fn held(&self) -> Vec<u64> {
        let by_readings = self
            .by_readings
            .iter()
            .filter(|(found, distance, _)| *distance <= CLOSE || !contradict(&self.compared[found]))
            .map(|(found, ..)| *found);
        let mut held: Vec<u64> = self.copies().chain(by_readings).collect();
        held.sort_unstable();
        held.dedup();
        held
    }
}

impl Bank {
    /// As the product stores it: features by their stored form, hashes as they are, none of a quality that says nothing.
    fn learn(&mut self, number: u64, picture: &Picture, stored: &[u8]) -> Result<(), StoredError> {
        insert(&mut self.pictures, number, &Features::each_from_bytes(stored)?);
        let own = picture.readings.known().filter(|one| one.turn == Turn::None && matches!(one.source, Source::Full | Source::Fit512));
        self.writer.insert_all(own.map(|one| (one.pdq.hash, number)));
        self.canonical.insert(number, picture.readings.canonical());
        Ok(())
    }
}

fn insert(pictures: &mut Known, number: u64, looks: &[Features]) {
    for (place, features) in looks.iter().enumerate() {
        pictures.insert(number + place as u64 * WITHOUT, features);
    }
}

/// As the product stores them.
fn stored(picture: &Picture) -> Vec<u8> {
    picture.features().iter().flat_map(|features| features.kept().to_bytes()).collect()
}

/// What each of a picture's planes finds, under the known pictures' own numbers.
fn found(picture: &Picture, features: &[Features], ask: impl Fn(&Plane, &Features) -> Vec<Finding>) -> Vec<Finding> {
    let mut all: Vec<Finding> = picture.planes.iter().zip(features).flat_map(|(plane, features)| ask(plane, features)).collect();
    all.iter_mut().for_each(|finding| finding.picture %= WITHOUT);
    all
}

fn ask(pictures: &Known, hashes: &Index, picture: &Picture) -> Answer {
    let begin = Instant::now();
    let features = picture.features();
    let detected = Instant::now();
    let findings = found(picture, &features, |plane, features| pictures.query(plane, features));
    let query = detected.elapsed();
    let mut near = Vec::new();
    for reading in picture.readings.all() {
        let how = |distance| format!("{} of quality {} at {distance}", reading.name(), reading.pdq.quality);
        near.extend(hashes.within(reading.pdq.hash, RADIUS).into_iter().map(|near| (near.id, near.distance, how(near.distance))));
    }
    let compare = |number: u64| found(picture, &features, |plane, features| pictures.compare(number, plane, features));
    let compared = near.iter().map(|(number, ..)| (*number, compare(*number))).collect();
    Answer { findings, compared, by_readings: near, detection: detected - begin, query }
}

/// The same for each, on all cores, in order.
fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let (next, out) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((place, item)) = Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| Some((at, items.get(at)?))) {
                    let done = work(item);
                    out.lock().expect("no other thread failed").push((place, done));
                }
            });
        }
    });
    let mut out = out.into_inner().expect("no thread failed");
    out.sort_by_key(|(place, _)| *place);
    out.into_iter().map(|(_, done)| done).collect()
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let scores = arguments.iter().any(|argument| argument == "--scores");
    let pairs = arguments.iter().position(|argument| argument == "--pairs").and_then(|at| arguments.get(at + 1)).map(PathBuf::from);
    let mut input = BufReader::new(std::io::stdin().lock());
    let mut bank = Bank::default();
    // Those that are known stay, to be drawn and to be asked about.
    let mut own: BTreeMap<u64, Picture> = BTreeMap::new();
    let mut traps = Vec::new();
    let mut turned = Known::new();
    let mut tally = Tally::new(scores, pairs);
    loop {
        let batch = picture::batch(&mut input, BATCH)?;
        let Some(kind) = batch.first().map(|picture| picture.kind.clone()) else { break };
        match kind.as_str() {
            "known" | "other" => {
                let stored = each(&batch, stored);
                for (picture, bytes) in batch.into_iter().zip(stored) {
                    let number = if kind == "known" { picture.number } else { OTHERS + picture.number };
                    tally.stored(bytes.len());
                    bank.learn(number, &picture, &bytes)?;
                    own.insert(number, picture);
                }
            }
            "copy" => {
                let hashes = bank.writer.index();
                let answers = each(&batch, |picture| (ask(&bank.pictures, &hashes, picture), stored(picture)));
                for (picture, (answer, stored)) in batch.iter().zip(answers) {
                    let name = tally.copy(&bank, &own, picture, &answer);
                    insert(&mut turned, (name as u64) << 32 | picture.number, &Features::each_from_bytes(&stored)?);
                }
            }
            "trap" => traps.extend(batch),
            other => return Err(format!("a picture of no known kind: {other}").into()),
        }
    }
    around(&turned, &own, &mut tally);
    innocents(&bank, &own, &mut tally);
    trap(traps, &mut tally)?;
    tally.print(&bank);
    Ok(())
}

/// The question turned round: all disguised ones stand, of which only the stored form is kept, and the originals become known.
fn around(turned: &Known, own: &BTreeMap<u64, Picture>, tally: &mut Tally) {
    let known: Vec<&Picture> = own.range(..OTHERS).map(|(_, picture)| picture).collect();
    let found = each(&known, |picture| found(picture, &picture.features(), |plane, features| turned.query(plane, features)));
    for (picture, findings) in known.iter().zip(found) {
        tally.around(picture, &findings);
    }
}

/// Everything that is not known by its own number, asked as an upload would be.
fn innocents(bank: &Bank, own: &BTreeMap<u64, Picture>, tally: &mut Tally) {
    let others: Vec<&Picture> = own.range(OTHERS..).map(|(_, picture)| picture).collect();
    let hashes = bank.writer.index();
    let answers = each(&others, |picture| ask(&bank.pictures, &hashes, picture));
    for (picture, answer) in others.into_iter().zip(answers) {
        tally.innocent(bank, own, picture, &answer);
    }
}

/// Each trap asked of all others.
fn trap(traps: Vec<Picture>, tally: &mut Tally) -> Result<(), Box<dyn Error>> {
    let (mut bank, mut own) = (Bank::default(), BTreeMap::new());
    for picture in traps {
        bank.learn(picture.number, &picture, &stored(&picture))?;
        own.insert(picture.number, picture);
    }
    let hashes = bank.writer.index();
    let all: Vec<&Picture> = own.values().collect();
    let answers = each(&all, |picture| ask(&bank.pictures, &hashes, picture));
    for (picture, answer) in all.into_iter().zip(answers) {
        tally.trap(&own, picture, &answer);
    }
    Ok(())
}
