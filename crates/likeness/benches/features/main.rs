//! `cargo bench -p likeness --bench features -- [--photo JPEG]… [--known N]… < PLANES`: what local features cost, and what they find as
//! more and more pictures are known.
//!
//! The input is one picture after the other, as a line `width height` and then its bytes of grey (`bench/features/planes.py`). Each JPEG
//! is decoded by libjpeg-turbo's `djpeg`, whose CPU time stands beside what is added to it; it is not among what is known. Where more
//! pictures shall be known than came, the rest are parts of them, cut out and enlarged.

mod counted;
mod drawn;

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use drawn::{Chance, DISGUISES, part};
use likeness::keypoints::ASKED;
use likeness::known::{Kind, Known};
use likeness::{Features, Pixels, Plane};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Pictures that are asked for in each disguise.
const SOUGHT: usize = 100;
/// Each JPEG is decoded so many times: the system counts a child's time in hundredths of a second.
const DECODED: u32 = 10;

fn main() -> Outcome<()> {
    let (mut sizes, mut photos): (Vec<usize>, Vec<PathBuf>) = (Vec::new(), Vec::new());
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
        match argument.as_str() {
            "--known" => sizes.push(value()?.parse()?),
            "--photo" => photos.push(value()?.into()),
            // Cargo says it to every benchmark.
            "--bench" => {}
            other => return Err(format!("there is no flag {other}").into()),
        }
    }
    if sizes.is_empty() {
        sizes = vec![1_000, 10_000, 100_000];
    }
    sizes.sort_unstable();
    let planes = read(&mut BufReader::with_capacity(1 << 20, std::io::stdin().lock()))?;
    if planes.len() < SOUGHT {
        return Err(format!("{} pictures, fewer than {SOUGHT}", planes.len()).into());
    }
    let questions = questions(&planes);
    let photos = photos.iter().map(|path| Photo::read(path)).collect::<Outcome<Vec<_>>>()?;

    let before = counted::held();
    let mut known = Known::new();
    let (mut stored, mut chance) = (0, Chance(5));
    for size in sizes {
        while known.len() < size {
            // Many at once, on all cores: it is not what is measured.
            let from = known.len();
            let many: Vec<Plane> = (from..size.min(from + 1024))
                .map(|number| planes.get(number).cloned().unwrap_or_else(|| part(&planes[number % planes.len()], &mut chance)))
                .collect();
            for (number, bytes) in (from as u64..).zip(features(&many)) {
                stored += bytes.len();
                known.insert(number, &Features::from_bytes(&bytes)?);
            }
        }
        println!("\n{size} known pictures, {} of them parts of others", size.saturating_sub(planes.len()));
        let held = (counted::held() - before) as f64 / size as f64;
        println!("a picture: {:.1} kB stored, {:.1} kB in memory with its index", stored as f64 / size as f64 / 1e3, held / 1e3);
        seek(&known, &questions, planes.len());
        photos.iter().try_for_each(|photo| photo.ask(&known))?;
    }
    Ok(())
}

/// The pictures of the stream.
fn read(input: &mut impl BufRead) -> Outcome<Vec<Plane>> {
    let mut planes = Vec::new();
    let mut line = String::new();
    while input.read_line(&mut line)? > 0 {
        let (width, height) = line.trim_end().split_once(' ').ok_or("no head of a picture")?;
        let (width, height) = (width.parse()?, height.parse::<usize>()?);
        let mut luma = vec![0; width * height];
        input.read_exact(&mut luma)?;
        planes.push(Plane::new(width, height, luma)?);
        line.clear();
    }
    Ok(planes)
}

/// As they are stored.
fn features(planes: &[Plane]) -> Vec<Vec<u8>> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        let of = |plane: &Plane| Features::of(plane, ASKED).kept().to_bytes();
        let threads: Vec<_> = planes
            .chunks(planes.len().div_ceil(cores).max(1))
            .map(|some| scope.spawn(move || some.iter().map(of).collect::<Vec<_>>()))
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    })
}

struct Question {
    picture: usize,
    disguise: usize,
    plane: Plane,
    features: Features,
}

/// The same for all sizes: of the first pictures, which are always known.
fn questions(planes: &[Plane]) -> Vec<Question> {
    let mut chance = Chance(3);
    let mut all = Vec::new();
    // One here and one there among those that are known in every size.
    let step = planes.len().min(1_000) / SOUGHT;
    for picture in (0..SOUGHT).map(|number| number * step) {
        for (disguise, (_, draw)) in DISGUISES.iter().enumerate() {
            let plane = draw(&planes[picture], &mut chance);
            let features = Features::of(&plane, ASKED);
            all.push(Question { picture, disguise, plane, features });
        }
    }
    all
}

/// Recall, and what a question costs. A part of what is sought is a true answer as well.
fn seek(known: &Known, questions: &[Question], whole: usize) {
    let (mut found, mut others, mut times) = ([0; DISGUISES.len()], 0, Vec::new());
    for Question { picture, disguise, plane, features } in questions {
        let begun = worked();
        let findings = known.query(plane, features);
        times.push(worked() - begun);
        let copies = findings.iter().filter(|finding| finding.kind == Kind::Copy).map(|finding| finding.picture as usize % whole);
        found[*disguise] += usize::from(copies.clone().any(|copy| copy == *picture));
        others += copies.filter(|copy| copy != picture).count();
    }
    times.sort_unstable();
    let at = |share: f64| ms(times[((share * times.len() as f64) as usize).min(times.len() - 1)]);
    println!("a question: p50 {:.2} ms, p99 {:.2}, slowest {:.2} (work of one thread)", at(0.5), at(0.99), at(1.0));
    for ((name, _), found) in DISGUISES.iter().zip(found) {
        println!("  {name}: {found} of {SOUGHT} called copies");
    }
    println!("  others called copies: {others}");
}

/// As a photo of 12 megapixels is looked at ([`likeness::pdq::coarsest`]): means of so many by so many pixels.
const STEP: usize = 4;

/// A photo as it was uploaded.
struct Photo {
    name: String,
    /// Of the means.
    size: (usize, usize),
    luma: Vec<u8>,
    path: PathBuf,
}

impl Photo {
    fn read(path: &Path) -> Outcome<Self> {
        let pnm = Command::new("djpeg").args(["-grayscale", "-scale", "1/4", "-pnm"]).arg(path).stderr(Stdio::inherit()).output()?.stdout;
        // "P5\nWIDTH HEIGHT\n255\n" and the samples.
        let mut lines = pnm.splitn(4, |byte| *byte == b'\n');
        let (Some(b"P5"), Some(size), Some(b"255"), Some(luma)) = (lines.next(), lines.next(), lines.next(), lines.next()) else {
            return Err("djpeg wrote no picture".into());
        };
        let (width, height) = std::str::from_utf8(size)?.split_once(' ').ok_or("no size")?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { name, size: (width.parse()?, height.parse()?), luma: luma.to_vec(), path: path.into() })
    }

    /// What it costs to decode it in colour.
    fn decoded(&self) -> Outcome<Duration> {
        let before = children_worked()?;
        for _ in 0..DECODED {
            if !Command::new("djpeg").args(["-outfile", "/dev/null"]).arg(&self.path).status()?.success() {
                return Err(format!("djpeg: {}", self.path.display()).into());
            }
        }
        Ok((children_worked()? - before) / DECODED)
    }

    /// All that local features add to it, and the decoding a moment before and after.
    fn ask(&self, known: &Known) -> Outcome<()> {
        let before = self.decoded()?;
        let mut rounds: Vec<[Duration; 3]> = (0..15)
            .filter_map(|_| {
                let begun = worked();
                let (width, height) = self.size;
                let means = Pixels::luma8(&self.luma, width, height).and_then(|means| means.means(STEP, STEP * width, STEP * height));
                let plane = Plane::of(&means.ok()?);
                let shrunk = worked();
                let without = plane.descreened();
                let features = Features::of(&plane, ASKED);
                let seen = worked();
                let _ = known.query(&plane, &features);
                // Of most pictures there is none.
                let _ = without.map(|plane| known.query(&plane, &Features::of(&plane, ASKED)));
                Some([shrunk - begun, seen - shrunk, worked() - seen])
            })
            .collect();
        rounds.sort_by_key(|parts| parts.iter().sum::<Duration>());
        let parts = rounds.get(rounds.len() / 2).ok_or("no picture")?;
        let decoded = (before + self.decoded()?) / 2;
        let added: Duration = parts.iter().sum();
        let [shrink, see, ask] = parts.map(ms);
        println!(
            "{}, {} × {}: decoded in {:.1} ms; added {:.1} ({shrink:.1} to shrink, {see:.1} to see, {ask:.1} to ask): {:.2} of decoding",
            self.name,
            STEP * self.size.0,
            STEP * self.size.1,
            ms(decoded),
            ms(added),
            added.as_secs_f64() / decoded.as_secs_f64()
        );
        Ok(())
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// How long this thread has been at work: the clock on the wall would count what else the machine does.
fn worked() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
}

/// How long children that have ended were at work: fields 16 and 17 of proc(5)'s `stat`.
fn children_worked() -> Outcome<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> = stat.rsplit_once(')').ok_or("no stat")?.1.split_whitespace().collect();
    let ticks = fields.get(13).ok_or("no stat")?.parse::<u64>()? + fields.get(14).ok_or("no stat")?.parse::<u64>()?;
    Ok(Duration::from_millis(10 * ticks))
}
