//! Objects as files. What is written is on the disk, name and bytes, before anybody is told its key.

use std::fs::File;
use std::io::Read as _;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use rustix::fs::{Mode, OFlags};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncWriteExt as _;
use tokio::task::{JoinHandle, spawn_blocking};

use super::{BLOB, CHUNK, EVIDENCE, Kept, QUARANTINE, STAGED, new_key};
use crate::Result;

/// Makes the directories, once: a file's own directory is then all that has to be synced with it.
pub(super) fn make(root: &Path) -> std::io::Result<()> {
    for shelf in [STAGED, BLOB, QUARANTINE, EVIDENCE] {
        std::fs::create_dir_all(root.join(shelf))?;
    }
    File::open(root)?.sync_all()?;
    File::open(root.parent().unwrap_or(root))?.sync_all()
}

/// A file that is being written; it goes with this, unless it was finished.
pub(super) struct Writing {
    file: Option<tokio::fs::File>,
    path: PathBuf,
}

impl Writing {
    pub(super) async fn begin(root: &Path, key: &str) -> std::io::Result<Self> {
        let path = root.join(key);
        let file = tokio::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).await?;
        Ok(Self { file: Some(file), path })
    }

    pub(super) async fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        file.write_all(bytes).await
    }

    pub(super) async fn finish(mut self) -> std::io::Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        file.flush().await?;
        let file = file.try_clone().await?.into_std().await;
        sync(vec![file], self.path.parent()).await?;
        self.file = None;
        Ok(())
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        if self.file.is_some() {
            // Nobody is left to tell; what could not be removed no row names, and the sweeper takes it.
            drop(std::fs::remove_file(&self.path));
        }
    }
}

/// Moves files into the store, hashes them on the way, and makes all of it durable at once.
pub(super) async fn keep(root: &Path, paths: Vec<PathBuf>) -> Result<Vec<Kept>> {
    let directory = root.join(BLOB);
    let moves: Vec<JoinHandle<std::io::Result<(Kept, File)>>> = paths
        .into_iter()
        .map(|from| {
            let key = new_key(BLOB);
            let to = root.join(&key);
            spawn_blocking(move || take(&from, &to).map(|(sha256, size, file)| (Kept { key, sha256, size }, file)))
        })
        .collect();
    let (mut kept, mut files, mut failed) = (Vec::new(), Vec::new(), None);
    for moved in moves {
        match moved.await.map_err(std::io::Error::other).flatten() {
            Ok((one, file)) => {
                kept.push(one);
                files.push(file);
            }
            Err(error) => failed = Some(error),
        }
    }
    let done = match failed {
        None => sync(files, Some(&directory)).await,
        Some(error) => Err(error),
    };
    if let Err(error) = done {
        for one in kept {
            drop(tokio::fs::remove_file(root.join(one.key)).await);
        }
        return Err(error.into());
    }
    Ok(kept)
}

/// One file: its hash, its size, and the file under its new name. The child that wrote it has ended with all its threads, and
/// could start no other process: nobody has it open for writing any more.
fn take(from: &Path, to: &Path) -> std::io::Result<([u8; 32], u64, File)> {
    // A link that the child might have left in the place of its output is not followed.
    let mut file = File::from(rustix::fs::open(from, OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty())?);
    let (mut hash, mut size, mut buffer) = (Sha256::new(), 0, vec![0; CHUNK]);
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        hash.update(buffer.get(..count).unwrap_or_default());
        size += count as u64;
    }
    if rustix::process::geteuid().is_root() {
        // The child's own user made it.
        std::os::unix::fs::fchown(&file, Some(0), Some(0))?;
    }
    rustix::fs::fchmod(&file, Mode::RUSR | Mode::WUSR)?;
    match std::fs::rename(from, to) {
        Ok(()) => {}
        // The work directory may be on another disk.
        Err(error) if error.kind() == std::io::ErrorKind::CrossesDevices => {
            let copied = std::fs::copy(from, to).and_then(|_| File::open(to));
            file = copied.inspect_err(|_| drop(std::fs::remove_file(to)))?;
        }
        Err(error) => return Err(error),
    }
    Ok((hash.finalize().into(), size, file))
}

/// Syncs files and their directory side by side: a journalling file system makes one commit of it, where one after the other
/// would cost one each.
async fn sync(files: Vec<File>, directory: Option<&Path>) -> std::io::Result<()> {
    let mut waits: Vec<JoinHandle<std::io::Result<()>>> = files.into_iter().map(|file| spawn_blocking(move || file.sync_all())).collect();
    if let Some(directory) = directory.map(Path::to_owned) {
        waits.push(spawn_blocking(move || File::open(directory)?.sync_all()));
    }
    let mut done = Ok(());
    for wait in waits {
        done = done.and(wait.await.map_err(std::io::Error::other).flatten());
    }
    done
}

/// A part of a file. It is opened, and its first chunk read, in one go: most files are no longer than that.
pub(super) async fn read(path: PathBuf, range: Range<u64>) -> Result<BoxStream<'static, std::io::Result<Bytes>>> {
    let first = range.clone();
    let opened = spawn_blocking(move || {
        let file = File::open(path)?;
        let chunk = chunk(&file, &first)?;
        std::io::Result::Ok((file, chunk))
    });
    let (file, bytes) = opened.await.map_err(std::io::Error::other)??;
    let rest = range.start + bytes.len() as u64..range.end;
    let file = Arc::new(file);
    let more = futures_util::stream::try_unfold(rest, move |rest| {
        let file = Arc::clone(&file);
        async move {
            if rest.is_empty() {
                return Ok(None);
            }
            let wanted = rest.clone();
            let bytes = spawn_blocking(move || chunk(&file, &wanted)).await.map_err(std::io::Error::other)??;
            let next = rest.start + bytes.len() as u64..rest.end;
            Ok(Some((bytes, next)))
        }
    });
    Ok(futures_util::stream::once(std::future::ready(Ok(bytes))).chain(more).boxed())
}

fn chunk(file: &File, range: &Range<u64>) -> std::io::Result<Bytes> {
    let length = usize::try_from(range.end - range.start).unwrap_or(CHUNK).min(CHUNK);
    let mut bytes = vec![0; length];
    file.read_exact_at(&mut bytes, range.start)?;
    Ok(bytes.into())
}
