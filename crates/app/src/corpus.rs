//! What stands, as files of hashes beside the database: whose rows are worth reading when a bank learns something.
//!
//! A file holds, of all subjects with the numbers from one to another, every hash by which they are looked up, under the subject's number. What is
//! in it stays true as long as anybody has the number, since whatever is written anew gets another one; so files are only ever added, joined,
//! and made without what is gone. **The database stays the truth**: who is found is read and judged, and the numbers that no file is about
//! are read from the database. So a file that is missing or damaged costs time and nothing else.
//!
//! Each node makes its own, in the background, one process at a time (the one that serves). Commands beside it only read them.

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, PoisonError};

use domain::time::DAY_MS;
use likeness::index::Stored;
use likeness::{Hash, RADIUS};
use store::corpus::{Folder, Mapped};
use store::fingerprints::{self, Part};

use crate::matching::{Banks, looked_up_by};
use crate::{Error, Site};

/// Entries of a file, at most: 40 MB of them.
const MOST: usize = 1_000_000;
/// Subjects beyond the files that are read from the database without anybody minding.
const BEYOND: i64 = 1_000;
/// Subjects that are read in one go.
const PAGE: i64 = 500;
/// From so many hashes on it is quicker to ask an index of them for each entry of the files.
const MANY: usize = 1_000;
/// Entries that such an index is asked for in one go.
const CHUNK: usize = 1 << 16;
/// So long may a hash lie in a file whose subject is gone.
const STALE_MS: i64 = DAY_MS;
/// How the names of our files end.
const ENDING: &str = ".hashes";

/// The files of this node.
pub(crate) struct Corpus {
    folder: Folder,
    /// Those that are mapped and were seen to be whole, by their numbers.
    files: Mutex<Arc<[Arc<File>]>>,
}

/// A file.
pub(crate) struct File {
    /// It is about all subjects with these numbers.
    numbers: RangeInclusive<i64>,
    name: String,
    bytes: Mapped,
}

impl File {
    /// `None` if it is damaged, or none of ours.
    fn open(name: String, bytes: Mapped) -> Option<Self> {
        let (from, to) = name.strip_suffix(ENDING)?.split_once('-')?;
        let numbers = from.parse().ok()?..=to.parse().ok()?;
        Stored::from_bytes(&bytes).ok()?;
        Some(Self { numbers, name, bytes })
    }

    fn name(numbers: &RangeInclusive<i64>) -> String {
        format!("{:020}-{:020}{ENDING}", numbers.start(), numbers.end())
    }

    fn stored(&self) -> Option<Stored<'_>> {
        Stored::from_bytes_seen(&self.bytes).ok()
    }

    fn entries(&self) -> impl Iterator<Item = (Hash, u64)> {
        self.stored().into_iter().flat_map(|stored| stored.entries())
    }

    fn len(&self) -> usize {
        self.stored().map_or(0, |stored| stored.len())
    }

    fn is_within(&self, other: &Self) -> bool {
        other.numbers.contains(self.numbers.start()) && other.numbers.contains(self.numbers.end())
    }
}

impl Corpus {
    pub(crate) fn new(folder: Folder) -> Self {
        Self { folder, files: Mutex::new(Arc::from([])) }
    }

    fn kept(&self) -> Arc<[Arc<File>]> {
        Arc::clone(&self.files.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// All files that are there and whole, by their numbers. One that is not goes, and so does one all of which is in another.
    fn look(&self) -> Result<Arc<[Arc<File>]>, Error> {
        let mut known: HashMap<String, Arc<File>> = self.kept().iter().map(|file| (file.name.clone(), Arc::clone(file))).collect();
        let mut files = Vec::new();
        for name in self.folder.names()? {
            if let Some(file) = known.remove(&name) {
                files.push(file);
                continue;
            }
            // Whoever serves the site may have taken it away a moment ago.
            let Some(bytes) = self.folder.map(&name)? else { continue };
            match File::open(name.clone(), bytes) {
                Some(file) => files.push(Arc::new(file)),
                None => {
                    tracing::warn!("a file of what stands was damaged, and is made again");
                    self.folder.remove(&name)?;
                }
            }
        }
        files.sort_by_key(|file| (*file.numbers.start(), std::cmp::Reverse(*file.numbers.end())));
        let mut apart: Vec<Arc<File>> = Vec::new();
        for file in files {
            match apart.last() {
                Some(last) if file.is_within(last) => self.folder.remove(&file.name)?,
                _ => apart.push(file),
            }
        }
        let files: Arc<[Arc<File>]> = apart.into();
        *self.files.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&files);
        Ok(files)
    }
}

/// The numbers that no file is about: between files, and after all of them.
fn beside(files: &[Arc<File>]) -> Vec<RangeInclusive<i64>> {
    let (mut gaps, mut next) = (Vec::new(), 0);
    for file in files {
        if *file.numbers.start() > next {
            gaps.push(next..=file.numbers.start() - 1);
        }
        next = next.max(file.numbers.end().saturating_add(1));
    }
    gaps.push(next..=i64::MAX);
    gaps
}

/// Those who may be like what a bank has learnt.
pub(crate) struct Candidates {
    /// Their numbers, as the files say.
    pub(crate) numbers: Vec<i64>,
    /// What the files say nothing of.
    pub(crate) beside: Vec<RangeInclusive<i64>>,
}

impl Site {
    /// Who may be like what these banks know by its hashes; the others are not.
    pub(crate) async fn candidates(&self, banks: &Arc<Banks>, hashes: Vec<Hash>) -> Result<Candidates, Error> {
        let (site, banks) = (self.clone(), Arc::clone(banks));
        let looking = tokio::task::spawn_blocking(move || {
            let files = site.corpus().look()?;
            let numbers = if hashes.len() < MANY { few(&files, &hashes) } else { many(&files, &banks) };
            Ok::<_, Error>(Candidates { numbers, beside: beside(&files) })
        });
        looking.await.map_err(std::io::Error::other)?
    }

    /// Makes one file of what stands, if one should be made; `false` if there was nothing to do. Only who serves the site may ask for it.
    pub async fn tend_corpus(&self, round: usize) -> Result<bool, Error> {
        let site = self.clone();
        let looking = tokio::task::spawn_blocking(move || {
            site.corpus().folder.remove_parts()?;
            site.corpus().look()
        });
        let files = looking.await.map_err(std::io::Error::other)??;
        for gap in beside(&files) {
            let is_last = *gap.end() == i64::MAX;
            if fingerprints::are_more(&self.store.db, gap.clone(), if is_last { BEYOND } else { 0 }).await? {
                let end = if is_last { fingerprints::whole_until(&self.store.db).await? } else { *gap.end() };
                return self.make_file(&files, *gap.start()..=end).await.map(|()| true);
            }
        }
        // One at a time, each in its turn.
        match files.get(round % files.len().max(1)) {
            Some(file) => self.sift(&files, file).await,
            None => Ok(false),
        }
    }

    /// Makes a file about the first of these numbers.
    async fn make_file(&self, files: &[Arc<File>], numbers: RangeInclusive<i64>) -> Result<(), Error> {
        let (mut entries, mut next, mut end) = (Vec::new(), *numbers.start(), *numbers.end());
        loop {
            let page = fingerprints::numbered(&self.store.db, Part::LookedUp, next..=*numbers.end(), PAGE).await?;
            let Some(last) = page.last() else { break };
            next = last.number + 1;
            for standing in &page {
                let own: HashSet<Hash> = standing.fingerprints.iter().flat_map(looked_up_by).collect();
                entries.extend(own.into_iter().map(|hash| (hash, standing.number.unsigned_abs())));
            }
            if entries.len() >= MOST {
                end = next - 1;
                break;
            }
        }
        self.write_file(files, *numbers.start()..=end, entries).await
    }

    /// Makes a file again without what is gone, if that is much or has been there for long.
    async fn sift(&self, files: &[Arc<File>], file: &Arc<File>) -> Result<bool, Error> {
        let (mut there, mut next) = (HashSet::new(), *file.numbers.start());
        loop {
            let page = fingerprints::still_there(&self.store.db, next..=*file.numbers.end(), 100 * PAGE).await?;
            let Some(last) = page.last() else { break };
            next = last + 1;
            there.extend(page.into_iter().map(i64::unsigned_abs));
        }
        let mut own: Vec<u64> = file.entries().map(|(_, number)| number).collect();
        // All of a subject stand together.
        own.dedup();
        let gone = own.iter().filter(|number| !there.contains(number)).count();
        let is_old = file.bytes.written_ms < self.clock.now().plus_ms(-STALE_MS).0;
        if gone == 0 || (gone * 3 < own.len() && !is_old) {
            return Ok(false);
        }
        let entries = file.entries().filter(|(_, number)| there.contains(number)).collect();
        self.write_file(files, file.numbers.clone(), entries).await.map(|()| true)
    }

    /// Writes a file, together with the one before it if both are no more than one may be. What is in it otherwise goes.
    async fn write_file(&self, files: &[Arc<File>], numbers: RangeInclusive<i64>, entries: Vec<(Hash, u64)>) -> Result<(), Error> {
        let before = files.iter().find(|file| file.numbers.end().checked_add(1) == Some(*numbers.start())).map(Arc::clone);
        let (site, before) = (self.clone(), before.filter(|file| file.len() + entries.len() <= MOST));
        let writing = tokio::task::spawn_blocking(move || {
            let mut all: Vec<(Hash, u64)> = before.iter().flat_map(|file| file.entries()).collect();
            all.extend(entries);
            let numbers = before.map_or(*numbers.start(), |file| *file.numbers.start())..=*numbers.end();
            let folder = &site.corpus().folder;
            folder.write(&File::name(&numbers), &Stored::to_bytes(&all))?;
            // One that was made again has the name of the one before.
            let mut kept = site.corpus().files.lock().unwrap_or_else(PoisonError::into_inner);
            *kept = kept.iter().filter(|file| file.numbers != numbers).map(Arc::clone).collect();
            drop(kept);
            site.corpus().look().map(drop)
        });
        writing.await.map_err(std::io::Error::other)?
    }
}

/// The subjects in the files that one of these hashes is near to.
fn few(files: &[Arc<File>], hashes: &[Hash]) -> Vec<i64> {
    let parts: Vec<Stored<'_>> = files.iter().filter_map(|file| file.stored()).collect();
    sorted(Stored::within_each(&parts, hashes, RADIUS).into_iter().flatten().map(|near| near.id))
}

/// The subjects in the files that are near to anything these banks know.
fn many(files: &[Arc<File>], banks: &Banks) -> Vec<i64> {
    let mut found = Vec::new();
    for stored in files.iter().filter_map(|file| file.stored()) {
        let mut entries = stored.entries();
        loop {
            let (hashes, numbers): (Vec<Hash>, Vec<u64>) = entries.by_ref().take(CHUNK).unzip();
            if hashes.is_empty() {
                break;
            }
            let near = banks.are_near(&hashes);
            found.extend(numbers.into_iter().zip(near).filter_map(|(number, near)| near.then_some(number)));
            found.dedup();
        }
    }
    sorted(found)
}

/// Each once.
fn sorted(numbers: impl IntoIterator<Item = u64>) -> Vec<i64> {
    let mut numbers: Vec<i64> = numbers.into_iter().filter_map(|number| i64::try_from(number).ok()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}
