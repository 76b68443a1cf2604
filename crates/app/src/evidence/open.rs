//! Opening evidence, which takes an identity that no site has: every hash is checked before anything is written, and nothing is written beside
//! the place for it or over anything that is there.

use std::collections::BTreeMap;
use std::fs::{DirBuilder, File};
use std::io::{BufRead, Read, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use age::Identity;
use age::stream::StreamReader;
use md5::Md5;
use sha2::{Digest as _, Sha256};

use super::manifest::{Entry, FORMAT, Manifest, PATH, is_plain};

/// Bytes that are read at a time.
const CHUNK: usize = 64 << 10;
/// No manifest is longer: it has a line of some 300 bytes for each entry.
const LONGEST: u64 = 256 << 20;

/// Why evidence could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A file that holds no identity.
    #[error(
        "no identity can be read there: one is a line that begins with AGE-SECRET-KEY-1 (open a file that has a passphrase by `age -d` first)"
    )]
    NoIdentity,
    /// It is sealed for others.
    #[error("it is sealed for another key")]
    OtherKey,
    /// It is not what was sealed.
    #[error("it is no evidence of Handbill, or it was altered or damaged: {0}")]
    Altered(String),
    /// It would be written over something.
    #[error("{0} is there already, and is not written over")]
    Exists(String),
    /// It cannot be read or written.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// The identities of a file, as `age-keygen` or `handbill evidence keygen` writes one.
pub fn identities(from: impl BufRead) -> Result<Vec<Box<dyn Identity + Send + Sync>>, OpenError> {
    let found = age::IdentityFile::from_buffer(from).map_err(|_| OpenError::NoIdentity)?;
    let all = found.into_identities().map_err(|_| OpenError::NoIdentity)?;
    if all.is_empty() { Err(OpenError::NoIdentity) } else { Ok(all) }
}

/// Opens evidence and checks all of it: that each entry is the one that the manifest names, and that there is no other.
pub fn check(sealed: impl BufRead, identities: &[Box<dyn Identity + Send + Sync>]) -> Result<Manifest, OpenError> {
    let mut seen: BTreeMap<String, (u64, String, String)> = BTreeMap::new();
    let mut manifest: Option<Manifest> = None;
    each(sealed, identities, |path, size, from| {
        if manifest.is_some() {
            return Err(altered("something follows its manifest"));
        }
        if path == PATH {
            if size > LONGEST {
                return Err(altered("its manifest is too long"));
            }
            let mut bytes = Vec::new();
            from.read_to_end(&mut bytes).map_err(unread)?;
            manifest = Some(serde_json::from_slice(&bytes).map_err(|_| altered("its manifest does not read"))?);
            return Ok(());
        }
        let (sha256, md5) = copied(from, size, None)?;
        match seen.insert(path.to_owned(), (size, sha256, md5)) {
            None => Ok(()),
            Some(_) => Err(altered(&format!("{path} comes twice"))),
        }
    })?;
    let manifest = manifest.ok_or_else(|| altered("its manifest is missing"))?;
    if manifest.format != FORMAT {
        return Err(altered("its manifest is of another form"));
    }
    for entry in &manifest.entries {
        let Some((size, sha256, md5)) = seen.remove(&entry.path) else { return Err(altered(&format!("{} is missing", entry.path))) };
        if (size, &sha256, &md5) != (entry.size_bytes, &entry.sha256, &entry.md5) {
            return Err(altered(&format!("{} is another one than was sealed", entry.path)));
        }
    }
    match seen.keys().next() {
        None => Ok(manifest),
        Some(path) => Err(altered(&format!("{path} was not sealed with the others"))),
    }
}

/// Writes what [`check`] has found to be whole into a new folder; media of what is never shown only if `media` says so. Returns how many files
/// were written.
pub fn unpack(
    sealed: impl BufRead,
    identities: &[Box<dyn Identity + Send + Sync>],
    manifest: &Manifest,
    folder: &Path,
    media: bool,
) -> Result<usize, OpenError> {
    // A folder of our own: nothing in it can lead elsewhere.
    make(folder)?;
    let known: BTreeMap<&str, &Entry> = manifest.entries.iter().map(|entry| (entry.path.as_str(), entry)).collect();
    let mut written = 0;
    each(sealed, identities, |path, size, from| {
        let entry = known.get(path).copied();
        if entry.is_some_and(Entry::is_medium) && manifest.never_shown && !media {
            return Ok(());
        }
        let to = folder.join(path);
        if let Some(parent) = to.parent().filter(|parent| !parent.exists()) {
            DirBuilder::new().mode(0o700).recursive(true).create(parent)?;
        }
        let file = File::options().write(true).create_new(true).mode(0o600).open(&to);
        let mut file = file.map_err(|error| exists(error, &to))?;
        let (sha256, _) = copied(from, size, Some(&mut file))?;
        // The file may have been exchanged since it was checked.
        if entry.is_some_and(|entry| entry.sha256 != sha256) || (entry.is_none() && path != PATH) {
            return Err(altered(&format!("{path} has changed since it was checked")));
        }
        file.sync_all()?;
        written += 1;
        Ok(())
    })?;
    Ok(written)
}

/// Calls `with` for each entry of a sealed archive: its path, its size, its bytes.
fn each(
    sealed: impl BufRead,
    identities: &[Box<dyn Identity + Send + Sync>],
    mut with: impl FnMut(&str, u64, &mut dyn Read) -> Result<(), OpenError>,
) -> Result<(), OpenError> {
    let plain = opened(sealed, identities)?;
    let mut archive = tar::Archive::new(plain);
    for entry in archive.entries().map_err(unread)? {
        let mut entry = entry.map_err(unread)?;
        let path = String::from_utf8(entry.path_bytes().into_owned()).map_err(|_| altered("a name of it is no text"))?;
        if !entry.header().entry_type().is_file() || !is_plain(&path) {
            return Err(altered("it has an entry that none should be"));
        }
        let size = entry.header().entry_size().map_err(unread)?;
        with(&path, size, &mut entry)?;
    }
    // Only the end vouches for what is before it.
    let mut rest = archive.into_inner();
    let mut chunk = vec![0; CHUNK];
    loop {
        let count = rest.read(&mut chunk).map_err(unread)?;
        match chunk.get(..count) {
            None | Some([]) => return Ok(()),
            Some(bytes) if bytes.iter().any(|byte| *byte != 0) => return Err(altered("something follows its end")),
            Some(_) => {}
        }
    }
}

fn opened<R: BufRead>(sealed: R, identities: &[Box<dyn Identity + Send + Sync>]) -> Result<StreamReader<R>, OpenError> {
    let told = |error: age::DecryptError| match error {
        age::DecryptError::NoMatchingKeys => OpenError::OtherKey,
        age::DecryptError::Io(error) => unread(error),
        other => altered(&other.to_string()),
    };
    let decryptor = age::Decryptor::new_buffered(sealed).map_err(told)?;
    decryptor.decrypt(identities.iter().map(|one| &**one as &dyn Identity)).map_err(told)
}

/// Reads exactly `size` bytes, to `to` if it is given; returns their digests.
fn copied(from: &mut dyn Read, size: u64, mut to: Option<&mut File>) -> Result<(String, String), OpenError> {
    let (mut sha256, mut md5, mut left) = (Sha256::new(), Md5::new(), size);
    let mut chunk = vec![0; CHUNK];
    loop {
        let count = from.read(&mut chunk).map_err(unread)?;
        let Some(bytes) = chunk.get(..count).filter(|bytes| !bytes.is_empty()) else { break };
        left = left.checked_sub(count as u64).ok_or_else(|| altered("an entry is longer than it says"))?;
        sha256.update(bytes);
        md5.update(bytes);
        if let Some(to) = to.as_deref_mut() {
            to.write_all(bytes)?;
        }
    }
    if left > 0 {
        return Err(altered("it is cut off"));
    }
    Ok((hex::encode(sha256.finalize()), hex::encode(md5.finalize())))
}

/// A folder that nobody else has.
fn make(folder: &Path) -> Result<(), OpenError> {
    DirBuilder::new().mode(0o700).create(folder).map_err(|error| exists(error, folder))
}

fn exists(error: std::io::Error, path: &Path) -> OpenError {
    if error.kind() == std::io::ErrorKind::AlreadyExists { OpenError::Exists(path.display().to_string()) } else { OpenError::Io(error) }
}

fn altered(words: &str) -> OpenError {
    OpenError::Altered(words.to_owned())
}

/// What goes wrong while it is read is wrong with it: its key says so of every byte.
fn unread(error: std::io::Error) -> OpenError {
    OpenError::Altered(error.to_string())
}
