//! `cargo xtask bench search`: the index beside FAISS, on uniform and on skewed banks, in one run and by turns.
//!
//! `cargo bench -p likeness --bench search -- [--quick] [--rows N]… [--bank NAME]… [--alone]`. FAISS is a Python package; its driver is
//! `bench/search/faiss_peer.py`. Both get the same hashes and must give the same numbers of answers. `--alone` goes without FAISS.

mod banks;

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use banks::{Bank, Chance};
use likeness::index::{Index, Stored, Writer};
use likeness::{Hash, RADIUS};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let mut rows = Vec::new();
    let mut banks = Vec::new();
    let (mut quick, mut alone) = (false, false);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
        match argument.as_str() {
            "--quick" => quick = true,
            "--alone" => alone = true,
            "--rows" => rows.push(value()?.parse()?),
            "--bank" => banks.push(Bank::named(&value()?)?),
            // Cargo says it to every benchmark.
            "--bench" => {}
            other => return Err(format!("there is no flag {other}").into()),
        }
    }
    if rows.is_empty() {
        rows = if quick { vec![10_000, 100_000] } else { vec![100_000, 1_000_000, 10_000_000] };
    }
    if banks.is_empty() {
        banks = Bank::ALL.to_vec();
    }
    println!(
        "all hashes within {RADIUS} bits; µs of work of one thread unless it says otherwise; MiB resident for FAISS, by its own count for ours"
    );
    for rows in rows {
        for bank in &banks {
            measure(*bank, rows, quick, alone)?;
        }
    }
    Ok(())
}

/// How long this thread has been at work. Other work on the machine makes a query wait for milliseconds, and there are few of them: by the
/// clock on the wall, the slowest of a hundred would tell of nothing else.
fn worked() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
}

/// Microseconds of work that a search took, and how many it found.
fn timed(search: impl FnOnce() -> usize) -> (f64, usize) {
    let begun = worked();
    let found = search();
    ((worked() - begun).as_nanos() as f64 / 1e3, found)
}

/// One bank, all that is told of it.
fn measure(bank: Bank, rows: usize, quick: bool, alone: bool) -> Outcome<()> {
    let mut chance = Chance::new(9);
    let hashes = bank.hashes(rows, &mut chance);
    let queries = bank.queries(if quick { 200 } else { 2000 }, &hashes, &mut chance);
    println!("\n{} × {}", rows, bank.name());

    let mut peer = if alone { None } else { Some(Peer::start(&hashes, &queries)?) };
    let begun = Instant::now();
    let mut writer = Writer::from_entries(hashes.iter().copied().zip(0..));
    let built = begun.elapsed();
    let index = writer.index();
    let mib = index.bytes() as f64 / f64::from(1 << 20);

    let mut ours = Times::default();
    let mut flat = Times::default();
    let mut multi = Times::default();
    let (mut flat_build, mut multi_build) = ((0.0, 0.0), (0.0, 0.0));
    if let Some(peer) = &mut peer {
        multi_build = peer.build("multi")?;
        flat_build = peer.build("flat")?;
    }
    // By turns, so that a slow minute of the machine is everybody's. FAISS takes a thousand times as long: it is asked less often.
    let rounds = 5;
    let share = queries.len() / rounds;
    let asked = if quick { share.min(10) } else { (100_000_000 / rows).clamp(20, share) };
    for round in 0..rounds {
        let from = round * share;
        if let Some(peer) = &mut peer {
            multi.add(from, peer.search("multi", from, from + asked)?);
            flat.add(from, peer.search("flat", from, from + asked.min(50))?);
        }
        ours.add(from, queries[from..from + share].iter().map(|query| timed(|| index.within(*query, RADIUS).len())));
        // The same questions must have got the same answers.
        for (times, name) in [(&multi, "MultiHash"), (&flat, "flat")] {
            if let Some((query, _)) = times.answers.iter().find(|(query, answers)| ours.answers.get(*query) != Some(*answers)) {
                return Err(format!("FAISS {name} and the index disagree on query {query}").into());
            }
        }
    }
    let mut first = Times::default();
    first.add(
        0,
        queries.iter().map(|query| {
            timed(|| {
                let mut left = 1000;
                index.visit(*query, RADIUS, |_| {
                    left -= 1;
                    if left == 0 { std::ops::ControlFlow::Break(()) } else { std::ops::ControlFlow::Continue(()) }
                });
                1000 - left
            })
        }),
    );

    println!("{:<26}{:>10}{:>10}{:>10}{:>12}{:>9}{:>10}", "", "p50", "p99", "slowest", "mean found", "MiB", "build s");
    let line = |name: &str, times: &Times, mib: f64, built: f64| {
        let found = times.answers.values().sum::<usize>() as f64 / times.answers.len().max(1) as f64;
        println!("{name:<26}{:>10.1}{:>10.1}{:>10.1}{found:>12.1}{mib:>9.0}{built:>10.2}", times.at(0.5), times.at(0.99), times.at(1.0));
    };
    line("ours", &ours, mib, built.as_secs_f64());
    line("ours, first 1000", &first, mib, built.as_secs_f64());
    if peer.is_some() {
        line("FAISS MultiHash 16×16", &multi, multi_build.1, multi_build.0);
        line("FAISS flat", &flat, flat_build.1, flat_build.0);
        println!(
            "FAISS MultiHash / ours: p50 {:.0}x, p99 {:.0}x, build {:.1}x; ours / FAISS MultiHash: memory {:.2}x. p99 / p50 {:.1}x",
            multi.at(0.5) / ours.at(0.5),
            multi.at(0.99) / ours.at(0.99),
            multi_build.0 / built.as_secs_f64(),
            mib / multi_build.1,
            ours.at(0.99) / ours.at(0.5),
        );
    }

    let cores = std::thread::available_parallelism()?.get();
    let few = &queries[..share];
    let begun = Instant::now();
    let all = index.within_each(few, RADIUS);
    let each = begun.elapsed().as_secs_f64() / all.len() as f64 * 1e6;
    print!("batch on {cores} threads: {each:.1} µs a query");
    if let Some(peer) = &mut peer {
        let seconds = peer.batch("multi", 0, asked, cores)?;
        print!(" (FAISS MultiHash {:.0})", seconds / asked as f64 * 1e6);
    }
    println!();
    drop(peer);
    stored(&hashes, few)?;
    under_load(&mut writer, &index, few, Duration::from_secs(if quick { 1 } else { 5 }));
    Ok(())
}

/// The same entries as a file, mapped: what one new hash costs that is looked for among all that stands.
fn stored(hashes: &[Hash], queries: &[Hash]) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let mut maps = Vec::new();
    let begun = Instant::now();
    let mut ids = 0..;
    for (number, hashes) in hashes.chunks(1 << 20).enumerate() {
        let path = folder.path().join(number.to_string());
        std::fs::write(&path, Stored::to_bytes(&hashes.iter().copied().zip(&mut ids).collect::<Vec<_>>()))?;
        // SAFETY: nobody but this function knows of the file, and it does not change it any more.
        #[expect(unsafe_code, reason = "a file that is mapped could be changed by others")]
        maps.push(unsafe { memmap2::Mmap::map(&std::fs::File::open(path)?)? });
    }
    let written = begun.elapsed();
    let begun = Instant::now();
    let parts = maps.iter().map(|map| Stored::from_bytes(map)).collect::<Result<Vec<_>, _>>()?;
    print!("stored: written in {:.2} s, mapped and checked in {:.2} s", written.as_secs_f64(), begun.elapsed().as_secs_f64());
    for count in [1, 16, 400] {
        let mut times = Times::default();
        let mut found = 0;
        for queries in queries.chunks(count).take(if count == 1 { 20 } else { 3 }) {
            let begun = Instant::now();
            found += Stored::within_each(&parts, queries, RADIUS).iter().map(Vec::len).sum::<usize>();
            times.micros.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        print!("; {count} at once: {:.1} ms (slowest {:.1}, {found} found)", times.at(0.5), times.at(1.0));
    }
    println!();
    Ok(())
}

/// One thread reads while another inserts and removes as fast as it can.
fn under_load(writer: &mut Writer, index: &Index, queries: &[Hash], time: Duration) {
    let stop = AtomicBool::new(false);
    let begun = Instant::now();
    let (times, changes, longest) = std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut times = Times::default();
            while !stop.load(Ordering::Relaxed) {
                let asked = queries.iter().take_while(|_| !stop.load(Ordering::Relaxed));
                times.add(0, asked.map(|query| timed(|| index.within(*query, RADIUS).len())));
            }
            times
        });
        let mut chance = Chance::new(1);
        let (mut changes, mut longest) = (0_u64, Duration::ZERO);
        let mut last = Vec::new();
        while begun.elapsed() < time {
            let change = Instant::now();
            if changes % 4 == 3
                && let Some((hash, id)) = last.pop()
            {
                writer.remove(hash, id);
            } else {
                let entry = (chance.hash(), u64::MAX - changes);
                writer.insert(entry.0, entry.1);
                last.push(entry);
            }
            longest = longest.max(change.elapsed());
            changes += 1;
        }
        stop.store(true, Ordering::Relaxed);
        (reader.join().unwrap_or_default(), changes, longest)
    });
    println!(
        "under load: {:.1} µs a change (longest {:.1} ms), reader p50 {:.1} p99 {:.1} slowest {:.1}",
        begun.elapsed().as_secs_f64() / changes as f64 * 1e6,
        longest.as_secs_f64() * 1e3,
        times.at(0.5),
        times.at(0.99),
        times.at(1.0),
    );
}

/// Microseconds, and how many answers each query had.
#[derive(Default)]
struct Times {
    micros: Vec<f64>,
    answers: BTreeMap<usize, usize>,
}

impl Times {
    /// Those of the queries from this one on.
    fn add(&mut self, from: usize, times: impl IntoIterator<Item = (f64, usize)>) {
        for (query, (micros, answers)) in (from..).zip(times) {
            self.micros.push(micros);
            self.answers.insert(query, answers);
        }
    }

    /// The smallest that this share of all does not exceed.
    fn at(&self, share: f64) -> f64 {
        let mut sorted = self.micros.clone();
        sorted.sort_by(f64::total_cmp);
        let place = (share * sorted.len() as f64).ceil() as usize;
        sorted.get(place.max(1) - 1).copied().unwrap_or(f64::NAN)
    }
}

/// FAISS in a process of its own.
struct Peer {
    child: Child,
    answers: BufReader<ChildStdout>,
    files: tempfile::TempDir,
}

impl Peer {
    fn start(hashes: &[Hash], queries: &[Hash]) -> Outcome<Self> {
        let files = tempfile::tempdir()?;
        for (name, hashes) in [("bank", hashes), ("queries", queries)] {
            let mut file = std::io::BufWriter::new(std::fs::File::create(files.path().join(name))?);
            for hash in hashes {
                file.write_all(&hash.to_bytes())?;
            }
            file.flush()?;
        }
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bench/search/faiss_peer.py");
        let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
        let mut child = Command::new(python)
            .arg(script)
            .args([files.path().join("bank"), files.path().join("queries")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let answers = BufReader::new(child.stdout.take().ok_or("no output")?);
        let mut peer = Self { child, answers, files };
        // Until it has read the bank: what comes next is measured.
        peer.ask("ready now")?;
        Ok(peer)
    }

    fn ask(&mut self, command: &str) -> Outcome<String> {
        let input = self.child.stdin.as_mut().ok_or("no input")?;
        writeln!(input, "{command}")?;
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            return Err("FAISS went away; is faiss-cpu installed? `--alone` measures without it".into());
        }
        Ok(line)
    }

    /// Seconds and MiB.
    fn build(&mut self, kind: &str) -> Outcome<(f64, f64)> {
        let answer = self.ask(&format!("build {kind}"))?;
        let (seconds, mib) = answer.trim().split_once(' ').ok_or("no two numbers")?;
        Ok((seconds.parse()?, mib.parse()?))
    }

    fn search(&mut self, kind: &str, from: usize, to: usize) -> Outcome<Vec<(f64, usize)>> {
        let answer = self.ask(&format!("search {kind} {from} {to}"))?;
        let pair = |pair: &str| -> Outcome<(f64, usize)> {
            let (micros, answers) = pair.split_once(':').ok_or("no pair")?;
            Ok((micros.parse()?, answers.parse()?))
        };
        answer.split_whitespace().map(pair).collect()
    }

    fn batch(&mut self, kind: &str, from: usize, to: usize, threads: usize) -> Outcome<f64> {
        Ok(self.ask(&format!("batch {kind} {from} {to} {threads}"))?.trim().parse()?)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It ends when its input does; the directory goes after it.
        drop(self.child.stdin.take());
        if let Err(error) = self.child.wait() {
            eprintln!("{}: {error}", self.files.path().display());
        }
    }
}
