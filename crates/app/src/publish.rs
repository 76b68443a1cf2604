//! Publishing: files stream in one after the other, then one transaction makes the post and queues the work on its media.

use bytes::Bytes;
use domain::name::clean_file_name;
use domain::time::HOUR_MS;
use domain::{Draft, DraftError, ManageSecret, MediaId, MediaKind, MediaState, PostId, Problem, Repeat, Time, UploadId};
use store::{MediaRow, PostRow, RepeatRow, Tx};

use crate::job::Job;
use crate::{Error, Site, markdown, metrics};

/// Enough of a file's beginning to see what it is.
pub(crate) const SNIFF_BYTES: usize = 4_096;
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
    kind: MediaKind,
    staged: store::blobs::Staged,
    began: Time,
}

impl Attachment {
    /// Its size.
    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        self.staged.size
    }
}

/// A medium to be.
#[derive(Debug)]
pub struct NewMedium {
    /// Where its bytes are.
    pub source: Source,
    /// One line under it.
    pub caption: Option<String>,
    /// What it shows, for those who cannot see it.
    pub alt: Option<String>,
    /// Covered until asked for.
    pub sensitive: bool,
}

/// Where a medium's bytes are.
#[derive(Debug)]
pub enum Source {
    /// All here.
    File(Attachment),
    /// In a resumable upload, or on their way to it.
    Upload(UploadId),
}

/// A post to be.
#[derive(Debug, Default)]
pub struct Posting {
    /// Its words and switches.
    pub draft: Draft,
    /// Its media, in order.
    pub media: Vec<NewMedium>,
    /// The secret of its manage link, if the client has made it.
    pub secret: Option<ManageSecret>,
    /// By what the request is known if it comes again.
    pub repeat: Option<Repeat>,
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
            sniffer: Sniffer::default(),
            size_bytes: 0,
            limit_bytes: self.limits.file_bytes,
        })
    }

    /// Publishes a post. When this returns, the post is durable and its link may be given out, also while uploads are still on their way.
    pub async fn publish(&self, posting: Posting) -> Result<Published, Error> {
        let staged = staged(&posting.media);
        match self.publish_whole(posting).await {
            Ok(Done::New(published)) => {
                metrics::published();
                Ok(published)
            }
            // The files that came with the repeat are the same once more.
            Ok(Done::Before(published)) => {
                self.give_up_all(&staged).await;
                Ok(published)
            }
            // The poster will be told that it failed, so nothing of it may stay. But where a commit gets no answer nobody knows whether the
            // post is there, and its files are left to the sweeper, who asks the rows.
            Err(Failed { nobody_knows, error }) => {
                if !nobody_knows {
                    self.give_up_all(&staged).await;
                }
                Err(error)
            }
        }
    }

    async fn publish_whole(&self, posting: Posting) -> Result<Done, Failed> {
        let Posting { draft, media, secret, repeat } = posting;
        if draft.text.is_empty() && draft.title.is_none() && media.is_empty() {
            return Err(DraftError::Nothing.into());
        }
        let now = self.clock.now();
        let late = |medium: &NewMedium| matches!(&medium.source, Source::File(file) if now.since_ms(file.began) > LONGEST_MS);
        if media.iter().any(late) {
            return Err(Error::TooLate.into());
        }
        if let Some(repeat) = &repeat
            && let Some(before) = self.published_before(repeat, secret.as_ref()).await?
        {
            return Ok(Done::Before(before));
        }
        let own_secret = secret.is_none();
        let secret = secret.unwrap_or_else(|| self.chance.manage_secret());
        let html = html_of(draft.text.clone()).await?;
        let password = match draft.password {
            None => None,
            Some(password) => Some(crate::open::hashed(self, password).await?),
        };
        let post = PostRow {
            id: self.chance.post_id(),
            manage_hash: secret.hash(),
            title: draft.title,
            text: draft.text,
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
        let mut tx = self.store.db.begin().await?;
        if let Some(repeat) = &repeat {
            let sealed_secret = if own_secret { repeat.key.seal(&secret) } else { Vec::new() };
            let (key_hash, request_hash) = (repeat.key.hash(), repeat.request);
            let row = RepeatRow { key_hash, request_hash, post_id: post.id.clone(), sealed_secret, created: now };
            if !store::repeats::insert(&mut tx, &row).await? {
                // Another one, sent at the same moment, was faster.
                drop(tx);
                let before = self.published_before(repeat, (!own_secret).then_some(&secret)).await?;
                return before.map(Done::Before).ok_or_else(|| Error::Draft(DraftError::Repeated).into());
            }
        }
        store::posts::insert(&mut tx, &post).await?;
        for (position, medium) in (0i64..).zip(media) {
            self.attach(&mut tx, &post.id, position, medium).await?;
        }
        if let Some(expires) = post.expires {
            self.enqueue_at(&mut tx, &Job::ExpirePost { post_id: post.id.clone() }, expires).await?;
        }
        match tx.commit().await {
            Ok(()) => Ok(Done::New(Published { id: post.id, secret })),
            Err(error) => Err(Failed { nobody_knows: !matches!(error, store::Error::NoSpace), error: error.into() }),
        }
    }

    /// What came of the same request when it came before.
    async fn published_before(&self, repeat: &Repeat, secret: Option<&ManageSecret>) -> Result<Option<Published>, Error> {
        let Some(row) = store::repeats::find(&self.store.db, &repeat.key.hash()).await? else { return Ok(None) };
        if row.request_hash != repeat.request {
            return Err(DraftError::Repeated.into());
        }
        // What was deleted does not come back because an answer was lost on the way.
        if store::posts::is_gone(&self.store.db, &row.post_id).await? {
            return Err(Error::Gone);
        }
        let secret = match secret {
            Some(own) => own.clone(),
            None => repeat.key.unseal(&row.sealed_secret).ok_or(DraftError::Repeated)?,
        };
        Ok(Some(Published { id: row.post_id, secret }))
    }

    /// Makes a medium of a post in `tx`. What is all here is queued to be prepared; what is on its way will be when it is.
    pub(crate) async fn attach(&self, tx: &mut Tx, post_id: &PostId, position: i64, medium: NewMedium) -> Result<MediaId, Error> {
        let id = self.chance.media_id();
        let NewMedium { source, caption, alt, sensitive } = medium;
        let mut row = MediaRow {
            id: id.clone(),
            post_id: post_id.clone(),
            position,
            kind: None,
            state: MediaState::Processing,
            name: None,
            caption,
            alt,
            width: None,
            height: None,
            duration_ms: None,
            thumbhash: None,
            progress: 0.0,
            problem: None,
            staged: None,
            upload: None,
            size_bytes: 0,
            sensitive,
        };
        match source {
            Source::File(file) => {
                row.kind = Some(file.kind);
                row.name = Some(file.name);
                row.staged = Some(file.staged.key);
                row.size_bytes = i64::try_from(file.staged.size).unwrap_or(i64::MAX);
            }
            Source::Upload(upload_id) => {
                let upload = store::uploads::hold(tx, &upload_id).await?.ok_or(DraftError::Upload)?;
                if store::uploads::medium(tx, &upload_id).await?.is_some() {
                    return Err(DraftError::Upload.into());
                }
                row.kind = upload.kind;
                row.state = if upload.is_whole() { MediaState::Processing } else { MediaState::Receiving };
                row.size_bytes = upload.length;
                row.name = Some(upload.name);
                row.upload = Some(upload_id);
            }
        }
        store::media::insert(tx, &row).await?;
        if row.state == MediaState::Processing {
            self.enqueue(tx, &Job::PrepareMedia { media_id: id.clone() }).await?;
        }
        Ok(id)
    }

    async fn give_up_all(&self, staged: &[String]) {
        for key in staged {
            self.give_up(key).await;
        }
    }

    pub(crate) async fn give_up(&self, staged: &str) {
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

enum Done {
    New(Published),
    Before(Published),
}

/// Why nothing was published; `nobody_knows`: or whether it was.
struct Failed {
    nobody_knows: bool,
    error: Error,
}

impl<Inner: Into<Error>> From<Inner> for Failed {
    fn from(error: Inner) -> Self {
        Self { nobody_knows: false, error: error.into() }
    }
}

/// The objects that belong to these media and to nothing else.
pub(crate) fn staged(media: &[NewMedium]) -> Vec<String> {
    let key = |medium: &NewMedium| match &medium.source {
        Source::File(file) => Some(file.staged.key.clone()),
        Source::Upload(_) => None,
    };
    media.iter().filter_map(key).collect()
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
        self.writer.write(bytes).await?;
        Ok(())
    }

    /// Ends the file; when this returns its bytes are durable.
    pub async fn finish(mut self) -> Result<Attachment, Refusal> {
        if self.size_bytes == 0 {
            return Err(Refusal::File(Problem::Empty));
        }
        let kind = self.sniffer.end().map_err(Refusal::File)?;
        let staged = self.writer.finish().await?;
        Ok(Attachment { name: self.name, kind, staged, began: self.began })
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
