//! Taking a file that comes in one piece: looked at from its first bytes, streamed to the disk, and belonging to no post yet.

use bytes::Bytes;
use domain::name::clean_file_name;
use domain::{Lever, MediaKind, Problem, Time};

use crate::{Error, Site};

/// Enough of a file's beginning to see what it is.
pub(crate) const SNIFF_BYTES: usize = 4_096;
/// A file that is arriving asks once for each so many bytes whether there is still room.
const ROOM_STEP: u64 = 16 << 20;

/// A file that is arriving. Dropped before [`Receiving::finish`], it leaves nothing behind.
pub struct Receiving {
    site: Site,
    began: Time,
    writer: store::blobs::Writer,
    name: String,
    sniffer: Sniffer,
    size_bytes: u64,
    limit_bytes: u64,
}

/// Looks at the beginning of a file that is arriving.
#[derive(Default)]
pub(crate) struct Sniffer {
    prefix: Vec<u8>,
    kind: Option<MediaKind>,
}

impl Sniffer {
    /// One that has seen the file's beginning already.
    pub(crate) fn knowing(kind: Option<MediaKind>, prefix: Vec<u8>) -> Self {
        Self { prefix, kind }
    }

    /// What the file is, if that is known by now.
    pub(crate) fn kind(&self) -> Option<MediaKind> {
        self.kind
    }

    /// Sees some more bytes. Nonsense is refused as soon as the beginning shows it.
    pub(crate) fn see(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        if self.kind.is_none() {
            let wanted = SNIFF_BYTES.saturating_sub(self.prefix.len()).min(bytes.len());
            self.prefix.extend_from_slice(&bytes[..wanted]);
            if self.prefix.len() >= SNIFF_BYTES {
                self.end()?;
            }
        }
        Ok(())
    }

    /// The file has come to its end.
    pub(crate) fn end(&mut self) -> Result<MediaKind, Problem> {
        if let Some(kind) = self.kind {
            return Ok(kind);
        }
        let kind = match media::sniff(&self.prefix)? {
            media::Sniffed::Photo(_) => MediaKind::Photo,
            media::Sniffed::Video(_) => MediaKind::Video,
        };
        self.kind = Some(kind);
        Ok(kind)
    }
}

/// A file that has arrived whole and is on the disk, but belongs to no post yet.
#[derive(Debug)]
pub struct Attachment {
    /// Its name, fit to be shown.
    pub name: String,
    /// What it is by its first bytes; a picture may turn out to be an animation.
    pub(crate) kind: MediaKind,
    pub(crate) staged: store::blobs::Staged,
    pub(crate) began: Time,
}

impl Attachment {
    /// What its first bytes say that it is.
    #[must_use]
    pub fn kind(&self) -> domain::MediaKind {
        self.kind
    }

    /// Its size.
    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        self.staged.size
    }
}

/// Why a file did not arrive.
#[derive(Debug)]
pub enum Refusal {
    /// Something is wrong with the file.
    File(Problem),
    /// Something is wrong with us.
    Trouble(Error),
}

impl From<store::Error> for Refusal {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::NoSpace => Self::File(Problem::NoSpace),
            other => Self::Trouble(other.into()),
        }
    }
}

impl Site {
    /// Whether there is room for more files (the operator's `disk_free_bytes`), where they are kept and where they are prepared.
    #[must_use]
    pub fn has_room(&self) -> bool {
        let free = [self.store.blobs.free_bytes(), store::blobs::free_bytes_at(&self.work_dir)];
        free.into_iter().flatten().all(|free| free > self.limits.disk_free_bytes)
    }

    /// Whether a file of this kind that began to arrive at this time is taken: what was begun before a lever was pulled is.
    pub(crate) fn may_take(&self, kind: Option<MediaKind>, began: Time) -> Result<(), Problem> {
        let refused = kind == Some(MediaKind::Video) && self.lever(Lever::NoVideos).is_some_and(|pulled| began >= pulled.since);
        if refused { Err(Problem::NoVideos) } else { Ok(()) }
    }

    /// Begins to take a file. `position` counts from 0.
    pub async fn receive(&self, raw_name: &str, position: usize) -> Result<Receiving, Refusal> {
        if position >= self.limits.files_per_post {
            return Err(Refusal::File(Problem::TooManyFiles));
        }
        if !self.has_room() {
            return Err(Refusal::File(Problem::NoSpace));
        }
        let writer = self.store.blobs.stage().await?;
        Ok(Receiving {
            site: self.clone(),
            began: self.clock.now(),
            writer,
            name: clean_file_name(raw_name),
            sniffer: Sniffer::default(),
            size_bytes: 0,
            limit_bytes: self.limits.file_bytes,
        })
    }

    /// Gives up files that arrived for a post that will not be.
    pub async fn forget(&self, attachments: Vec<Attachment>) {
        for attachment in attachments {
            self.give_up(&attachment.staged.key).await;
        }
    }

    /// Gives up an object that no row names.
    pub(crate) async fn give_up(&self, staged: &str) {
        if let Err(error) = self.store.blobs.delete(staged).await {
            tracing::warn!(%error, "a staged file was left for the sweeper");
        }
    }
}

impl Receiving {
    /// Takes some bytes. Nonsense is refused as soon as the beginning shows it, before the rest is sent.
    pub async fn write(&mut self, bytes: Bytes) -> Result<(), Refusal> {
        let before = self.size_bytes;
        self.size_bytes = before.saturating_add(bytes.len() as u64);
        if self.size_bytes > self.limit_bytes {
            return Err(Refusal::File(Problem::TooLarge));
        }
        if before / ROOM_STEP != self.size_bytes / ROOM_STEP && !self.site.has_room() {
            return Err(Refusal::File(Problem::NoSpace));
        }
        self.sniffer.see(&bytes).map_err(Refusal::File)?;
        self.site.may_take(self.sniffer.kind(), self.began).map_err(Refusal::File)?;
        self.writer.write(bytes).await?;
        Ok(())
    }

    /// Ends the file; when this returns its bytes are durable.
    pub async fn finish(mut self) -> Result<Attachment, Refusal> {
        if self.size_bytes == 0 {
            return Err(Refusal::File(Problem::Empty));
        }
        let kind = self.sniffer.end().map_err(Refusal::File)?;
        self.site.may_take(Some(kind), self.began).map_err(Refusal::File)?;
        let staged = self.writer.finish().await?;
        Ok(Attachment { name: self.name, kind, staged, began: self.began })
    }
}
