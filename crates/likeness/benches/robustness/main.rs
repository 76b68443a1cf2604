//! `cargo bench -p likeness --bench robustness -- [--scores] < STREAM`: what local features find of disguised pictures, plain PDQ beside.
//!
//! The stream is what `bench/robustness/disguise.py` writes. Prints recall for each family, confidence against truth, false matches with
//! the bound that so many pairs can show, the trap set, and what a picture costs; `--scores` prints every finding's numbers instead.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::BufReader;
use std::time::{Duration, Instant};

use likeness::keypoints::ASKED;
use likeness::known::{Finding, Kind, Known};
use likeness::{Features, Hash, Pixels, Plane, RADIUS};

/// Numbers of pictures that are known only so that there are many.
const OTHERS: u64 = 1 << 32;

struct Picture {
    kind: String,
    number: u64,
    family: String,
    plane: Plane,
    pdq: Hash,
}

#[derive(Default)]
struct Family {
    asked: usize,
    found: usize,
    by_pdq: usize,
}

#[derive(Default)]
struct Tally {
    families: BTreeMap<String, Family>,
    /// By tenths of confidence: findings, and how many of them are true.
    calibration: [(usize, usize); 10],
    false_matches: Vec<String>,
    unrelated: usize,
    detection: Duration,
    query: Duration,
    queries: u32,
}

fn main() -> Result<(), Box<dyn Error>> {
    let scores = std::env::args().any(|argument| argument == "--scores");
    let mut input = BufReader::new(std::io::stdin().lock());
    let (mut known, mut hashes, mut stored) = (Known::new(), BTreeMap::new(), 0);
    let mut trap = Known::new();
    let mut tally = Tally::default();
    while let Some(picture) = read(&mut input)? {
        match picture.kind.as_str() {
            "known" | "other" => {
                let number = if picture.kind == "known" { picture.number } else { OTHERS + picture.number };
                let bytes = Features::of(&picture.plane, ASKED).kept().to_bytes();
                stored = stored.max(bytes.len());
                known.insert(number, &Features::from_bytes(&bytes)?);
                hashes.insert(number, picture.pdq);
            }
            "copy" => {
                let findings = tally.ask(&known, &picture);
                let family = tally.families.entry(picture.family.clone()).or_default();
                family.asked += 1;
                family.found += usize::from(findings.iter().any(|f| f.picture == picture.number && f.kind == Kind::Copy));
                family.by_pdq += usize::from(hashes.get(&picture.number).is_some_and(|hash| hash.distance(picture.pdq) <= RADIUS));
                tally.unrelated += known.len() - 1;
                for finding in &findings {
                    // What a picture in picture lies on is known too.
                    let truth = finding.picture == picture.number;
                    let unknown = !truth && matches!(picture.family.as_str(), "picture in picture" | "two at once");
                    if !unknown {
                        tally.judge(&picture, finding, truth, scores);
                    }
                }
            }
            _ => {
                let findings = tally.ask(&trap, &picture);
                tally.unrelated += trap.len();
                for finding in &findings {
                    tally.judge(&picture, finding, false, scores);
                }
                trap.insert(picture.number, &Features::of(&picture.plane, ASKED));
            }
        }
    }
    if !scores {
        tally.print(known.len(), stored);
    }
    Ok(())
}

/// The next picture of the stream.
fn read(input: &mut impl std::io::BufRead) -> Result<Option<Picture>, Box<dyn Error>> {
    let mut line = String::new();
    if input.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let fields: Vec<&str> = line.trim_end().split('\t').collect();
    let [kind, number, family, width, height] = fields[..] else { return Err(format!("no head of a picture: {line:?}").into()) };
    let (width, height) = (width.parse()?, height.parse::<usize>()?);
    let mut luma = vec![0; width * height];
    input.read_exact(&mut luma)?;
    let pixels = Pixels::luma8(&luma, width, height)?;
    let (plane, pdq) = (Plane::of(&pixels), likeness::pdq::hash(&pixels).hash);
    Ok(Some(Picture { kind: kind.into(), number: number.parse()?, family: family.into(), plane, pdq }))
}

impl Tally {
    fn ask(&mut self, known: &Known, picture: &Picture) -> Vec<Finding> {
        let begin = Instant::now();
        let features = Features::of(&picture.plane, ASKED);
        let detected = Instant::now();
        let findings = known.query(&picture.plane, &features);
        self.query += detected.elapsed();
        self.detection += detected - begin;
        self.queries += 1;
        findings
    }

    fn judge(&mut self, picture: &Picture, finding: &Finding, truth: bool, print: bool) {
        let Finding { places, alike, confidence, evidence, .. } = finding;
        let (kind, family) = (&picture.kind, &picture.family);
        if print {
            let [blocks, keypoints, lost, surface] = [evidence.blocks, evidence.places, evidence.lost, evidence.surface];
            println!("{}\t{kind}\t{family}\t{blocks}\t{keypoints}\t{lost}\t{surface}\t{confidence}", u8::from(truth));
        }
        let bin = &mut self.calibration[((confidence * 10.0) as usize).min(9)];
        bin.0 += 1;
        bin.1 += usize::from(truth);
        if !truth && finding.kind == Kind::Copy {
            let (asked, found) = (picture.number, finding.picture);
            self.false_matches
                .push(format!("{kind} {family} {asked} taken for {found}: {places} places, {alike:.2} alike, {confidence:.2}"));
        }
    }

    fn print(&self, known: usize, stored: usize) {
        println!(
            "{known} known pictures, {stored} bytes each at most\n\n| family | asked | plain PDQ | local features |\n|---|---|---|---|"
        );
        for (name, family) in &self.families {
            let percent = |part: usize| 100.0 * part as f64 / family.asked as f64;
            println!("| {name} | {} | {:.1}% | {:.1}% |", family.asked, percent(family.by_pdq), percent(family.found));
        }
        println!("\n| confidence | findings | true |\n|---|---|---|");
        for (tenth, (all, truth)) in self.calibration.iter().enumerate() {
            println!("| {:.1}-{:.1} | {all} | {truth} |", tenth as f32 / 10.0, (tenth + 1) as f32 / 10.0);
        }
        let count = self.false_matches.len();
        // The rule of three: with none seen in n pairs, fewer than 3 in n with a confidence of 95%.
        println!(
            "\n{count} false matches in {} unrelated pairs; no more than {:.1e} a pair if there are none",
            self.unrelated,
            3.0 / self.unrelated as f64
        );
        let in_trap = self.false_matches.iter().filter(|line| line.starts_with("trap")).count();
        println!("{in_trap} of them in the trap set");
        self.false_matches.iter().rev().take(20).for_each(|line| println!("  {line}"));
        let mean = |time: Duration| time / self.queries.max(1);
        println!("\na picture: {:?} to find its features, {:?} to ask", mean(self.detection), mean(self.query));
    }
}
