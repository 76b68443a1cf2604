//! What was asked and what was found.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use likeness::RADIUS;
use likeness::known::{COPY, Evidence, Finding, Kind};
use likeness::pdq::{MIN_QUALITY, Pdq};

use crate::picture::{Picture, draw};
use crate::{Answer, Bank};

#[derive(Default)]
struct Family {
    name: String,
    asked: usize,
    plain: usize,
    features: usize,
    together: usize,
    /// Asked the other way round, by features or by hashes.
    around: usize,
    /// What the hashes found, which are asked with the same ones either way.
    by_readings: Vec<u64>,
    /// Of those that have too little for PDQ, and of these what was found.
    faint: (usize, usize),
    missed: Vec<u64>,
}

/// The readings by which a picture was found.
fn by_pdq(answer: &Answer, found: u64) -> String {
    let names: Vec<String> = answer.by_readings.iter().filter(|(id, ..)| *id == found).map(|(.., how)| how.clone()).collect();
    format!("by PDQ, {}", names.join(" "))
}

/// All counts.
pub(crate) struct Tally {
    scores: bool,
    pairs: Option<PathBuf>,
    families: Vec<Family>,
    /// By tenths of confidence: findings, and how many of them are true.
    calibration: [(usize, usize); 10],
    false_matches: Vec<String>,
    /// Surest of what is not true, in the trap set and elsewhere.
    surest: [f32; 2],
    unrelated: usize,
    trapped: usize,
    innocent: (usize, usize),
    stored: usize,
    detection: Duration,
    query: Duration,
    queries: u32,
}

impl Tally {
    pub(crate) const fn new(scores: bool, pairs: Option<PathBuf>) -> Self {
        Self {
            scores,
            pairs,
            families: Vec::new(),
            calibration: [(0, 0); 10],
            false_matches: Vec::new(),
            surest: [0.0; 2],
            unrelated: 0,
            trapped: 0,
            innocent: (0, 0),
            stored: 0,
            detection: Duration::ZERO,
            query: Duration::ZERO,
            queries: 0,
        }
    }

    pub(crate) fn stored(&mut self, bytes: usize) {
        self.stored = self.stored.max(bytes);
    }

    /// A disguised picture was asked about. Returns the place of its family.
    pub(crate) fn copy(&mut self, bank: &Bank, own: &BTreeMap<u64, Picture>, picture: &Picture, answer: &Answer) -> usize {
        self.cost(answer);
        let place = self.families.iter().position(|family| family.name == picture.family).unwrap_or_else(|| {
            self.families.push(Family { name: picture.family.clone(), ..Family::default() });
            self.families.len() - 1
        });
        let (number, family) = (picture.number, &mut self.families[place]);
        let speaks = |pdq: &Pdq| pdq.quality >= MIN_QUALITY;
        let plain = (bank.canonical.get(&number), picture.readings.canonical());
        let by_plain = plain.0.is_some_and(|known| speaks(known) && speaks(&plain.1) && known.hash.distance(plain.1.hash) <= RADIUS);
        let together = answer.held().contains(&number);
        family.asked += 1;
        family.plain += usize::from(by_plain);
        family.features += usize::from(answer.copies().any(|found| found == number));
        family.together += usize::from(together);
        if answer.by_readings.iter().any(|(found, ..)| *found == number) {
            family.by_readings.push(number);
        }
        if !together {
            family.missed.push(number);
        }
        if !plain.0.is_some_and(speaks) {
            family.faint.0 += 1;
            family.faint.1 += usize::from(together);
        }
        self.unrelated += bank.pictures.len() - 1;
        // What a picture in picture lies on may be known too.
        if !matches!(picture.family.as_str(), "picture in picture" | "two at once") {
            self.judge(own, picture, answer, |found| found == number, "");
        } else {
            answer.findings.iter().filter(|finding| finding.picture == number).for_each(|finding| self.note(picture, finding, true));
        }
        place
    }

    /// What became known was asked about all disguised ones, which stand.
    pub(crate) fn around(&mut self, picture: &Picture, findings: &[Finding]) {
        for (place, family) in self.families.iter_mut().enumerate() {
            let id = (place as u64) << 32 | picture.number;
            let found = findings.iter().any(|finding| finding.picture == id && finding.kind == Kind::Copy);
            family.around += usize::from(found || family.by_readings.contains(&picture.number));
        }
    }

    /// A picture that shows nothing that is known but under its own number, and what comes of the same one as it.
    pub(crate) fn innocent(&mut self, bank: &Bank, own: &BTreeMap<u64, Picture>, picture: &Picture, answer: &Answer) {
        let related = |found: u64| own.get(&found).is_some_and(|other| other.family == picture.family);
        self.unrelated += bank.pictures.len() - own.values().filter(|other| other.family == picture.family).count();
        self.innocent.0 += 1;
        self.innocent.1 += usize::from(answer.held().into_iter().any(|found| !related(found)));
        self.judge(own, picture, answer, related, "innocent");
    }

    /// A picture of the trap set; it is among what is known.
    pub(crate) fn trap(&mut self, own: &BTreeMap<u64, Picture>, picture: &Picture, answer: &Answer) {
        self.trapped += own.len() - 1;
        self.judge(own, picture, answer, |found| found == picture.number, "trap");
    }

    fn cost(&mut self, answer: &Answer) {
        self.query += answer.query;
        self.detection += answer.detection;
        self.queries += 1;
    }

    fn judge(&mut self, own: &BTreeMap<u64, Picture>, picture: &Picture, answer: &Answer, is_true: impl Fn(u64) -> bool, set: &str) {
        for finding in &answer.findings {
            let truth = is_true(finding.picture);
            // Of those that are known by their own number, the number says nothing.
            if set.is_empty() || !truth {
                self.note(picture, finding, truth);
            }
            if !truth {
                let surest = &mut self.surest[usize::from(set == "trap")];
                *surest = surest.max(finding.confidence);
            }
        }
        for found in answer.held().into_iter().filter(|found| !is_true(*found)) {
            let finding = answer.findings.iter().find(|finding| finding.picture == found && finding.kind == Kind::Copy);
            let how = finding
                .map_or_else(|| by_pdq(answer, found), |f| format!("{} places, {:.2} alike, {:.3}", f.places, f.alike, f.confidence));
            if let (Some(folder), Some(other)) = (&self.pairs, own.get(&found)) {
                let path = folder.join(format!("{:03}.pgm", self.false_matches.len()));
                if let Err(error) = draw(&path, &picture.planes[0], &other.planes[0]) {
                    eprintln!("{}: {error}", path.display());
                }
            }
            self.false_matches.push(format!("{} {} {} taken for {found}: {how}", picture.kind, picture.family, picture.number));
        }
    }

    fn note(&mut self, picture: &Picture, finding: &Finding, truth: bool) {
        let Finding { confidence, evidence, .. } = finding;
        if self.scores {
            let Evidence { middle, places, blocks, textured, tied, worst } = evidence;
            let (kind, family, asked, found) = (&picture.kind, &picture.family, picture.number, finding.picture);
            println!(
                "{}\t{kind}\t{family}\t{asked}\t{found}\t{middle}\t{places}\t{blocks}\t{textured}\t{tied}\t{worst}\t{confidence}",
                u8::from(truth)
            );
        }
        let bin = &mut self.calibration[((confidence * 10.0) as usize).min(9)];
        bin.0 += 1;
        bin.1 += usize::from(truth);
    }

    pub(crate) fn print(&self, bank: &Bank) {
        if self.scores {
            return;
        }
        println!("{} known pictures, {} bytes each at most\n", bank.pictures.len(), self.stored);
        println!("| family | asked | plain PDQ | local features | ours together | asked the other way round | numbers missed |");
        println!("|---|---|---|---|---|---|---|");
        let mut sum = [0; 6];
        for Family { name, asked, plain, features, together, around, missed, faint, .. } in &self.families {
            let percent = |part: usize| format!("{:.1}%", 100.0 * part as f64 / *asked as f64);
            let shown: Vec<String> = missed.iter().take(12).map(u64::to_string).collect();
            let cells = [*plain, *features, *together, *around].map(percent).join(" | ");
            println!("| {name} | {asked} | {cells} | {} |", shown.join(" "));
            for (sum, part) in sum.iter_mut().zip([*asked, *plain, *features, *together, *around, faint.1]) {
                *sum += part;
            }
        }
        let [asked, rest @ .., faint] = sum;
        let percent = |part: usize, of: usize| format!("{:.2}%", 100.0 * part as f64 / of.max(1) as f64);
        println!("| all | {asked} | {} | |", rest.map(|part| percent(part, asked)).join(" | "));
        let asked: usize = self.families.iter().map(|family| family.faint.0).sum();
        println!(
            "\nOf these {asked} of pictures whose own PDQ has a quality below {MIN_QUALITY}: {} found together",
            percent(faint, asked)
        );

        println!("\n| confidence | findings | true |\n|---|---|---|");
        for (tenth, (all, truth)) in self.calibration.iter().enumerate() {
            println!("| {:.1}-{:.1} | {all} | {truth} |", tenth as f32 / 10.0, (tenth + 1) as f32 / 10.0);
        }
        let (in_trap, elsewhere): (Vec<_>, Vec<_>) = self.false_matches.iter().partition(|line| line.starts_with("trap"));
        // The rule of three: with none seen in n pairs, fewer than 3 in n with a confidence of 95%.
        println!(
            "\n{} false matches in {} unrelated pairs; no more than {:.1e} a pair if there are none",
            elsewhere.len(),
            self.unrelated,
            3.0 / self.unrelated.max(1) as f64
        );
        println!("{} of {} innocent pictures held", self.innocent.1, self.innocent.0);
        println!("{} false matches in {} pairs of the trap set", in_trap.len(), self.trapped);
        println!("surest of what is false: {:.3}, in the trap set {:.3}; a copy from {COPY}", self.surest[0], self.surest[1]);
        self.false_matches.iter().take(40).enumerate().for_each(|(place, line)| println!("  {place:03} {line}"));
        let mean = |time: Duration| time / self.queries.max(1);
        println!("\na picture: {:?} to find its features, {:?} to ask", mean(self.detection), mean(self.query));
    }
}
