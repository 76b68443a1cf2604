//! What a post that is being sent needs to go on after this program was stopped: the names of its uploads, the key by which the site
//! knows the request again, and the manage secret, which was made here so that a lost answer cannot lose it.
//!
//! One small file for each post that is under way, in the user's state directory, for its owner alone to read. It is taken away
//! when the post is made. Where there is no such directory, everything works but going on later.

use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Sites keep an upload that nobody goes on with, and know a request again, for a day.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// What is written down.
#[derive(Serialize, Deserialize)]
pub(super) struct Notes {
    /// The `Idempotency-Key`.
    pub(super) key: String,
    /// The manage secret.
    pub(super) secret: String,
    /// Each file's upload, once it has one.
    pub(super) uploads: Vec<Option<String>>,
    /// What the site was asked for, if it was: it may have made the post, and its answer was lost.
    pub(super) asked: Option<Asked>,
}

/// The part of a request for a post that does not stand in this program's arguments.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Asked {
    /// The post's media.
    pub(super) media: Vec<Value>,
    /// The files that the site did not take, and why.
    pub(super) refused: Vec<(String, String)>,
}

impl Notes {
    fn new(files: usize) -> Result<Self> {
        let chance = app::Chance::system()?;
        Ok(Self {
            key: chance.manage_secret().expose().to_owned(),
            secret: chance.manage_secret().expose().to_owned(),
            uploads: vec![None; files],
            asked: None,
        })
    }
}

/// The notes, and where they are kept.
pub(super) struct Journal {
    pub(super) notes: Notes,
    path: Option<PathBuf>,
    /// Held as long as this program is at work on the post.
    _lock: Option<File>,
}

impl Journal {
    /// Takes up the notes on the post that `what` names, or begins new ones.
    pub(super) fn open(what: &[u8], files: usize) -> Result<Self> {
        let fresh = Notes::new(files)?;
        let Some(dir) = directory() else { return Ok(Self { notes: fresh, path: None, _lock: None }) };
        clear(&dir);
        let path = dir.join(format!("{}.json", hex::encode(&Sha256::digest(what)[..16])));
        let open = File::options().read(true).write(true).create(true).truncate(false).mode(0o600).open(path.with_extension("lock"));
        let Ok(lock) = open else { return Ok(Self { notes: fresh, path: None, _lock: None }) };
        if lock.try_lock().is_err() {
            bail!("the same is being posted already, by another run of this program");
        }
        let known = std::fs::read(&path).ok().and_then(|bytes| serde_json::from_slice::<Notes>(&bytes).ok());
        let notes = known.filter(|notes| notes.uploads.len() == files).unwrap_or(fresh);
        Ok(Self { notes, path: Some(path), _lock: Some(lock) })
    }

    /// Notes for this run alone.
    pub(super) fn passing(files: usize) -> Result<Self> {
        Ok(Self { notes: Notes::new(files)?, path: None, _lock: None })
    }

    /// An upload was made.
    pub(super) fn made(&mut self, file: usize, address: &str) {
        if let Some(upload) = self.notes.uploads.get_mut(file) {
            *upload = Some(address.to_owned());
        }
        self.keep();
    }

    /// The site is asked for the post.
    pub(super) fn asking(&mut self, asked: &Asked) {
        self.notes.asked = Some(asked.clone());
        self.keep();
    }

    /// Everything from the start: what was on the site is not there any more.
    pub(super) fn start_again(&mut self) -> Result<()> {
        self.notes = Notes::new(self.notes.uploads.len())?;
        self.keep();
        Ok(())
    }

    /// Whether something of it is on the site already.
    pub(super) fn has_begun(&self) -> bool {
        self.notes.asked.is_some() || self.notes.uploads.iter().any(Option::is_some)
    }

    /// Whether it can be gone on with after this program was stopped.
    pub(super) fn is_kept(&self) -> bool {
        self.path.is_some()
    }

    /// Writes the notes down, whole or not at all. A disk that is full is no reason not to post.
    fn keep(&self) {
        let Some(path) = &self.path else { return };
        let new = path.with_extension("new");
        let written = File::options().write(true).create(true).truncate(true).mode(0o600).open(&new).and_then(|mut file| {
            file.write_all(&serde_json::to_vec(&self.notes)?)?;
            file.sync_all()?;
            std::fs::rename(&new, path)
        });
        drop(written);
    }

    /// There is nothing left to go on with.
    pub(super) fn end(self) {
        if let Some(path) = &self.path {
            drop(std::fs::remove_file(path));
            drop(std::fs::remove_file(path.with_extension("lock")));
        }
    }
}

/// `$XDG_STATE_HOME/handbill/posts`, made if it is not there.
fn directory() -> Option<PathBuf> {
    let given = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let state = given("XDG_STATE_HOME").or_else(|| Some(given("HOME")?.join(".local/state")))?;
    let dir = state.join("handbill/posts");
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&dir).ok()?;
    Some(dir)
}

/// Takes away notes that no site knows any more.
fn clear(dir: &Path) {
    let old = |entry: &std::fs::DirEntry| {
        let age = entry.metadata().and_then(|about| about.modified()).ok().and_then(|time| SystemTime::now().duration_since(time).ok());
        age.is_some_and(|age| age > KEPT)
    };
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten().filter(old) {
        drop(std::fs::remove_file(entry.path()));
    }
}
