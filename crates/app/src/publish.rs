//! Publishing: files stream in one after the other, then one transaction makes the post and queues the work on its media.

use bytes::Bytes;
use domain::name::clean_file_name;
use domain::time::HOUR_MS;
use domain::{Draft, DraftError, ManageSecret, MediaId, MediaKind, MediaState, PostId, Problem, Time};
use store::{MediaRow, PostRow, Tx};

use crate::job::Job;
use crate::{Error, Site, markdown, metrics};

/// Enough of a file's beginning to see what it is.
const SNIFF_BYTES: usize = 4_096;
/// From the first byte of a post's first file to the post. The sweeper takes what nobody owns after a day; a post that would come
/// later than this is refused, so that it can never take a file of a post.
const LONGEST_MS: i64 = 20 * HOUR_MS;
/// A file that is arriving asks once for each so many bytes whether there is still room.
const ROOM_STEP: u64 = 16 << 20;

/// A file that is arriving. Dropped before [`Receiving::finish`], it leaves nothing behind.
pub struct Receiving {
    site: Site,
    began: Time,
    writer: store::blobs::Writer,
    name: String,
    prefix: Vec<u8>,
    kind: Option<MediaKind>,
    size_bytes: u64,
    limit_bytes: u64,
}

/// A file that has arrived whole and is on the disk, but belongs to no post yet.
#[derive(Debug)]
pub struct Attachment {
    /// Its name, fit to be shown.
    pub name: String,
    /// One line under it.
    pub caption: Option<String>,
    /// What it shows, for those who cannot see it.
    pub alt: Option<String>,
    /// Covered until asked for.
    pub sensitive: bool,
    /// What it is by its first bytes; a picture may turn out to be an animation.
    kind: MediaKind,
    staged: store::blobs::Staged,
    began: Time,
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

/// What the poster gets for it.
#[derive(Debug)]
pub struct Published {
    /// The post's id.
    pub id: PostId,
    /// The secret of its manage link, told this once.
    pub secret: ManageSecret,
}

impl Site {
    /// Whether there is room for more files (the operator's `disk_free_bytes`), where they are kept and where they are prepared.
    #[must_use]
    pub fn has_room(&self) -> bool {
        let free = [self.store.blobs.free_bytes(), store::blobs::free_bytes_at(&self.work_dir)];
        free.into_iter().flatten().all(|free| free > self.limits.disk_free_bytes)
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
            prefix: Vec::with_capacity(SNIFF_BYTES),
            kind: None,
            size_bytes: 0,
            limit_bytes: self.limits.file_bytes,
        })
    }

    /// Publishes a post. When this returns, the post is durable and its link may be given out.
    pub async fn publish(&self, draft: Draft, attachments: Vec<Attachment>) -> Result<Published, Error> {
        if draft.text.is_empty() && draft.title.is_none() && attachments.is_empty() {
            return Err(DraftError::Nothing.into());
        }
        let now = self.clock.now();
        if attachments.iter().any(|attachment| now.since_ms(attachment.began) > LONGEST_MS) {
            self.forget(attachments).await;
            return Err(Error::TooLate);
        }
        let id = self.chance.post_id();
        let secret = self.chance.manage_secret();
        let text = draft.text;
        let html = match html_of(text.clone()).await {
            Ok(html) => html,
            Err(error) => {
                self.forget(attachments).await;
                return Err(error);
            }
        };
        let password = match draft.password {
            None => None,
            Some(password) => match crate::open::hashed(self, password).await {
                Ok(hash) => Some(hash),
                Err(error) => {
                    self.forget(attachments).await;
                    return Err(error);
                }
            },
        };
        let post = PostRow {
            id: id.clone(),
            manage_hash: secret.hash(),
            title: draft.title,
            text,
            html,
            language: draft.language,
            listed: draft.listed,
            sensitive: draft.sensitive,
            created: now,
            edited: None,
            expires: draft.expiry.at(now),
            revision: 1,
            seal: (password.is_some() || draft.views.is_some()).then(|| self.chance.seal()),
            password,
            views_left: draft.views.map(i64::from),
        };
        let staged: Vec<String> = attachments.iter().map(|attachment| attachment.staged.key.clone()).collect();
        // The poster will be told that it failed, so nothing of it may stay. But where a commit gets no answer nobody knows whether the
        // post is there, and its files are left to the sweeper, who asks the rows.
        let failed = match self.write_post(&post, attachments).await {
            Ok(tx) => match tx.commit().await {
                Ok(()) => None,
                Err(error) => Some((matches!(error, store::Error::NoSpace), error.into())),
            },
            Err(error) => Some((true, error)),
        };
        if let Some((nothing_is_there, error)) = failed {
            for key in staged.iter().filter(|_| nothing_is_there) {
                self.give_up(key).await;
            }
            return Err(error);
        }
        metrics::published();
        Ok(Published { id, secret })
    }

    /// Writes all of a post; the caller commits it.
    async fn write_post(&self, post: &PostRow, attachments: Vec<Attachment>) -> Result<Tx, Error> {
        let mut tx = self.store.db.begin().await?;
        store::posts::insert(&mut tx, post).await?;
        for (position, attachment) in (0i64..).zip(attachments) {
            let media_id = self.chance.media_id();
            let row = MediaRow {
                id: media_id.clone(),
                post_id: post.id.clone(),
                position,
                kind: Some(attachment.kind),
                state: MediaState::Processing,
                name: Some(attachment.name),
                caption: attachment.caption,
                alt: attachment.alt,
                width: None,
                height: None,
                duration_ms: None,
                thumbhash: None,
                progress: 0.0,
                problem: None,
                staged: Some(attachment.staged.key),
                size_bytes: i64::try_from(attachment.staged.size).unwrap_or(i64::MAX),
                sensitive: attachment.sensitive,
            };
            store::media::insert(&mut tx, &row).await?;
            self.enqueue(&mut tx, &Job::PrepareMedia { media_id }).await?;
        }
        if let Some(expires) = post.expires {
            self.enqueue_at(&mut tx, &Job::ExpirePost { post_id: post.id.clone() }, expires).await?;
        }
        Ok(tx)
    }

    async fn give_up(&self, staged: &str) {
        if let Err(error) = self.store.blobs.delete(staged).await {
            tracing::warn!(%error, "a staged file was left for the sweeper");
        }
    }
}

/// Renders a poster's words off the request's thread: a book takes longer than others should wait.
pub(crate) async fn html_of(text: String) -> Result<String, Error> {
    if text.len() < 2_048 {
        return Ok(markdown::render(&text));
    }
    tokio::task::spawn_blocking(move || markdown::render(&text)).await.map_err(|error| std::io::Error::other(error).into())
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
        if self.kind.is_none() {
            let wanted = SNIFF_BYTES.saturating_sub(self.prefix.len()).min(bytes.len());
            self.prefix.extend_from_slice(&bytes[..wanted]);
            if self.prefix.len() >= SNIFF_BYTES {
                self.sniff()?;
            }
        }
        self.writer.write(bytes).await?;
        Ok(())
    }

    /// Ends the file; when this returns its bytes are durable.
    pub async fn finish(mut self) -> Result<Attachment, Refusal> {
        if self.size_bytes == 0 {
            return Err(Refusal::File(Problem::Empty));
        }
        let kind = self.sniff()?;
        let staged = self.writer.finish().await?;
        Ok(Attachment { name: self.name, caption: None, alt: None, sensitive: false, kind, staged, began: self.began })
    }

    fn sniff(&mut self) -> Result<MediaKind, Refusal> {
        if let Some(kind) = self.kind {
            return Ok(kind);
        }
        let kind = match media::sniff(&self.prefix).map_err(Refusal::File)? {
            media::Sniffed::Photo(_) => MediaKind::Photo,
            media::Sniffed::Video(_) => MediaKind::Video,
        };
        self.kind = Some(kind);
        Ok(kind)
    }
}

impl Site {
    /// Gives up files that arrived for a post that will not be.
    pub async fn forget(&self, attachments: Vec<Attachment>) {
        for attachment in attachments {
            self.give_up(&attachment.staged.key).await;
        }
    }

    /// The media id a job works on has gone: nothing to do.
    pub(crate) async fn medium(&self, media_id: &MediaId) -> Result<Option<MediaRow>, Error> {
        Ok(store::media::find(&self.store.db, media_id).await?)
    }
}
