//! Writing evidence: a tar into an age file into the store, entry by entry. Memory grows with the number of entries, never with their size.

use std::io::Write as _;

use age::stream::StreamWriter;
use age::x25519;
use domain::Time;
use futures_util::{AsyncRead, AsyncReadExt as _};
use md5::Md5;
use sha2::{Digest as _, Sha256};
use store::DecisionRow;
use store::blobs::Writer;

use super::manifest::{Custody, Entry, FORMAT, Manifest, PATH};
use super::{Recipient, iso};
use crate::Error;
use crate::quarantine::Buffer;

/// Bytes that are read at a time.
const CHUNK: usize = 64 << 10;
/// A tar is filled up to whole blocks, and ends with two empty ones.
const BLOCK: usize = 512;

/// Evidence that is being written. Dropped before its end, it leaves nothing behind.
pub(super) struct Sealing {
    plain: StreamWriter<Buffer>,
    sealed: Buffer,
    to: Writer,
    hash: Sha256,
    size: u64,
    /// What every entry says of its age, so that the same evidence is the same archive.
    seconds: u64,
    entries: Vec<Entry>,
}

/// Evidence that is durable and that no row names yet.
pub(super) struct Whole {
    pub(super) key: String,
    pub(super) sha256: [u8; 32],
    pub(super) size: u64,
    pub(super) at: Time,
}

impl Sealing {
    pub(super) fn begin(recipients: &[Recipient], to: Writer, decided: Time) -> Result<Self, Error> {
        let parsed: Result<Vec<x25519::Recipient>, _> = recipients.iter().map(|one| one.as_str().parse()).collect();
        let parsed = parsed.map_err(|words: &str| std::io::Error::other(words))?;
        let encryptor = age::Encryptor::with_recipients(parsed.iter().map(|one| one as &dyn age::Recipient));
        let sealed = Buffer::default();
        let plain = encryptor.map_err(std::io::Error::other)?.wrap_output(sealed.clone())?;
        let seconds = u64::try_from(decided.0.div_euclid(1_000)).unwrap_or_default();
        Ok(Self { plain, sealed, to, hash: Sha256::new(), size: 0, seconds, entries: Vec::new() })
    }

    /// An entry that is held in memory.
    pub(super) async fn small(&mut self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        self.header(path, bytes.len() as u64).await?;
        self.write(bytes).await?;
        self.end_entry(path, bytes.len() as u64, Sha256::digest(bytes).as_slice(), Md5::digest(bytes).as_slice()).await
    }

    /// An entry of `size` bytes with this hash, which are read as they are written.
    pub(super) async fn file(&mut self, path: &str, size: i64, wanted: &[u8; 32], mut from: impl AsyncRead + Unpin) -> Result<(), Error> {
        let changed = || std::io::Error::other("a blob is another one than was quarantined");
        let size = u64::try_from(size).map_err(|_| changed())?;
        self.header(path, size).await?;
        let (mut sha256, mut md5, mut left) = (Sha256::new(), Md5::new(), size);
        let mut chunk = vec![0; CHUNK];
        loop {
            let count = from.read(&mut chunk).await?;
            let Some(bytes) = chunk.get(..count).filter(|bytes| !bytes.is_empty()) else { break };
            left = left.checked_sub(count as u64).ok_or_else(changed)?;
            sha256.update(bytes);
            md5.update(bytes);
            self.write(bytes).await?;
        }
        let sha256 = sha256.finalize();
        if left > 0 || sha256.as_slice() != wanted {
            return Err(changed().into());
        }
        self.end_entry(path, size, sha256.as_slice(), md5.finalize().as_slice()).await
    }

    /// Writes the manifest and the end.
    pub(super) async fn finish(mut self, row: &DecisionRow, never_shown: bool, custody: Vec<Custody>, at: Time) -> Result<Whole, Error> {
        let manifest = Manifest {
            format: FORMAT.to_owned(),
            decision: row.id.to_string(),
            category: row.category,
            never_shown,
            made_by: format!("handbill {}", env!("CARGO_PKG_VERSION")),
            sealed: iso(at),
            custody,
            entries: std::mem::take(&mut self.entries),
        };
        let bytes = super::pretty(&manifest)?;
        drop(manifest);
        self.small(PATH, &bytes).await?;
        self.write(&[0; 2 * BLOCK]).await?;
        let Self { plain, sealed, mut to, mut hash, mut size, .. } = self;
        plain.finish()?;
        let last = sealed.empty();
        hash.update(&last);
        size += last.len() as u64;
        to.write(last).await?;
        let staged = to.finish().await?;
        Ok(Whole { key: staged.key, sha256: hash.finalize().into(), size, at })
    }

    async fn header(&mut self, path: &str, size: u64) -> Result<(), Error> {
        let mut header = tar::Header::new_gnu();
        header.set_path(path)?;
        header.set_size(size);
        header.set_mode(0o600);
        header.set_mtime(self.seconds);
        header.set_cksum();
        self.write(header.as_bytes()).await
    }

    async fn end_entry(&mut self, path: &str, size: u64, sha256: &[u8], md5: &[u8]) -> Result<(), Error> {
        let over = usize::try_from(size % BLOCK as u64).unwrap_or_default();
        if over > 0 {
            self.write(&[0; BLOCK][over..]).await?;
        }
        self.entries.push(Entry { path: path.to_owned(), size_bytes: size, sha256: hex::encode(sha256), md5: hex::encode(md5) });
        Ok(())
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.plain.write_all(bytes)?;
        let sealed = self.sealed.empty();
        if !sealed.is_empty() {
            self.hash.update(&sealed);
            self.size += sealed.len() as u64;
            self.to.write(sealed).await?;
        }
        Ok(())
    }
}
