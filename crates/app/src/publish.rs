//! Publishing: one transaction makes the post and queues the work on its media.

use std::sync::Arc;

use domain::time::HOUR_MS;
use domain::{
    Counted, Draft, DraftError, Lane, Limits, ManageSecret, MediaId, MediaKind, MediaState, PostId, Repeat, Time, UploadId, Wait,
};
use store::{MediaRow, PostRow, RepeatRow, Subject, Tx};

use crate::act::{Failed, on_its_own};
use crate::job::Job;
use crate::markdown::{Numbers, Words};
use crate::matching::Released;
use crate::receive::Attachment;
use crate::{Error, Site, markdown, matching, metrics};

/// From the first byte of a post's first file to the post. The sweeper takes what nobody owns after a day; a post that would come
/// later than this is refused, so that it can never take a file of a post.
const LONGEST_MS: i64 = 20 * HOUR_MS;

/// A medium to be.
#[derive(Debug)]
pub struct NewMedium {
    /// Where its bytes are.
    pub source: Source,
    /// By which number the post's words name it; `None`: they count on from the media before it.
    pub number: Option<usize>,
    /// One line under it.
    pub caption: Option<String>,
    /// What it shows, for those who cannot see it.
    pub alt: Option<String>,
    /// Covered until asked for.
    pub sensitive: bool,
    /// The photo that stands in a video's place before it plays.
    pub still: Option<Source>,
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
    /// How it is taken.
    pub lane: Lane,
}

/// What the poster gets for it.
#[derive(Debug)]
pub struct Published {
    /// The post's id.
    pub id: PostId,
    /// The secret of its manage link, told this once.
    pub secret: ManageSecret,
    /// It was made now; else by the same request, which came before.
    pub is_new: bool,
    /// Why nobody else sees it yet, if that is so.
    pub wait: Option<Wait>,
    /// Until when its links are plain words, because of the way by which it came.
    pub links: Option<Time>,
}

impl Site {
    /// Publishes a post. When this returns, the post is durable and its link may be given out, also while uploads are still on their way.
    pub async fn publish(&self, posting: Posting) -> Result<Published, Error> {
        let site = self.clone();
        on_its_own(async move {
            let staged = staged(&posting.media);
            let published = site.or_give_up(&staged, site.publish_whole(posting).await).await?;
            if published.is_new {
                metrics::published();
            } else {
                // The files that came with the repeat are the same once more.
                site.give_up_all(&staged).await;
            }
            Ok(published)
        })
        .await
    }

    async fn publish_whole(&self, posting: Posting) -> Result<Published, Failed> {
        let Posting { draft, media, secret, repeat, lane } = posting;
        if draft.text.is_empty() && draft.title.is_none() && media.is_empty() {
            return Err(DraftError::Nothing.into());
        }
        let now = self.clock.now();
        let late = |source: &Source| matches!(source, Source::File(file) if now.since_ms(file.began) > LONGEST_MS);
        if media.iter().flat_map(sources).any(late) {
            return Err(Error::TooLate.into());
        }
        if let Some(repeat) = &repeat
            && let Some(before) = self.published_before(repeat, secret.as_ref()).await?
        {
            return Ok(before);
        }
        self.may_post()?;
        let own_secret = secret.is_none();
        let secret = secret.unwrap_or_else(|| self.chance.manage_secret());
        let media: Vec<_> = media.into_iter().map(|medium| (self.chance.media_id(), medium)).collect();
        let numbers = media.iter().zip(1..).map(|((id, medium), place)| (medium.number.unwrap_or(place), id.clone())).collect();
        let words = written(draft.text, numbers, &self.limits).await?;
        let password = match draft.password {
            None => None,
            Some(password) => Some(crate::open::hashed(self, password).await?),
        };
        let said = media.iter().flat_map(|(_, medium)| [medium.caption.as_deref(), medium.alt.as_deref()]);
        let known = Arc::new(matching::words::known(draft.title.as_deref(), &words.text, said).await?);
        let subject = Subject { post_id: self.chance.post_id(), media_id: None };
        let (mut tx, verdict) = self.ask(&subject, &known, Released::by_somebody).await?;
        let post = PostRow {
            id: subject.post_id.clone(),
            manage_hash: secret.hash(),
            title: draft.title,
            text: words.text,
            html: words.html,
            language: draft.language,
            listed: draft.listed,
            sensitive: draft.sensitive || verdict.covers(),
            created: now,
            edited: None,
            expires: draft.expiry.at(now),
            revision: 1,
            seal: (password.is_some() || draft.views.is_some()).then(|| self.chance.seal()),
            password,
            views_left: draft.views.map(i64::from),
            held: verdict.holds(),
            waits: lane.wait(),
            links: lane.links,
            removed: None,
        };
        if let Some(repeat) = &repeat {
            let sealed_secret = if own_secret { repeat.key.seal(&secret) } else { Vec::new() };
            let (key_hash, request_hash) = (repeat.key.hash(), repeat.request);
            let row = RepeatRow { key_hash, request_hash, post_id: post.id.clone(), sealed_secret, created: now };
            if !store::repeats::insert(&mut tx, &row).await? {
                // Another one, sent at the same moment, was faster.
                drop(tx);
                let before = self.published_before(repeat, (!own_secret).then_some(&secret)).await?;
                return before.ok_or_else(|| Error::Draft(DraftError::Repeated).into());
            }
        }
        store::posts::insert(&mut tx, &post).await?;
        self.wait_in(&mut tx, &subject, &lane).await?;
        matching::write_down(&mut tx, self, &subject, &known.fingerprints, verdict, now).await?;
        for (position, (id, mut medium)) in (0i64..).zip(media) {
            medium.alt = medium.alt.or_else(|| said_of(&words.said, &id, &self.limits));
            self.attach(&mut tx, &post.id, position, id, medium).await?;
        }
        if let Some(expires) = post.expires {
            self.enqueue_at(&mut tx, &Job::ExpirePost { post_id: post.id.clone() }, expires).await?;
        }
        tx.commit().await.map_err(Failed::commit)?;
        self.came(Counted::Post, 1);
        Ok(Published { id: post.id, secret, is_new: true, wait: post.waits, links: post.links })
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
        let (wait, links) =
            store::posts::find(&self.store.db, &row.post_id).await?.map(|post| (post.waits, post.links)).unwrap_or_default();
        Ok(Some(Published { id: row.post_id, secret, is_new: false, wait, links }))
    }

    /// Makes a medium of a post in `tx`. What is all here is queued to be prepared; what is on its way will be when it is.
    pub(crate) async fn attach(&self, tx: &mut Tx, post_id: &PostId, position: i64, id: MediaId, medium: NewMedium) -> Result<(), Error> {
        let NewMedium { source, caption, alt, sensitive, still, number: _ } = medium;
        let row = blank(post_id, position, id.clone());
        let kind = self.arrive(tx, MediaRow { caption, alt, sensitive, ..row }, source).await?;
        match still {
            Some(still) => self.attach_still(tx, post_id, position, (&id, kind), still).await,
            None => Ok(()),
        }
    }

    /// Makes a still of a video in `tx`. It is prepared as every photo is; what it is may be known only then.
    pub(crate) async fn attach_still(
        &self,
        tx: &mut Tx,
        post_id: &PostId,
        position: i64,
        (video, kind): (&MediaId, Option<MediaKind>),
        source: Source,
    ) -> Result<(), Error> {
        let row = MediaRow { still_of: Some(video.clone()), ..blank(post_id, position, self.chance.media_id()) };
        let is_video = |kind: Option<MediaKind>| kind == Some(MediaKind::Video);
        let own = self.arrive(tx, row, source).await?;
        if is_video(own) || !(kind.is_none() || is_video(kind)) {
            return Err(DraftError::Still.into());
        }
        Ok(())
    }

    /// Writes a medium's row with what it arrives as; gives what it is, as far as that is known.
    async fn arrive(&self, tx: &mut Tx, mut row: MediaRow, source: Source) -> Result<Option<MediaKind>, Error> {
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
        // What fails in the end was load all the same.
        self.came(Counted::Upload, 1);
        if row.state == MediaState::Processing {
            self.enqueue(tx, &Job::PrepareMedia { media_id: row.id }).await?;
        }
        Ok(row.kind)
    }
}

fn blank(post_id: &PostId, position: i64, id: MediaId) -> MediaRow {
    MediaRow {
        id,
        post_id: post_id.clone(),
        position,
        kind: None,
        state: MediaState::Processing,
        name: None,
        caption: None,
        alt: None,
        width: None,
        height: None,
        duration_ms: None,
        thumbhash: None,
        progress: 0.0,
        problem: None,
        staged: None,
        upload: None,
        size_bytes: 0,
        sensitive: false,
        still_of: None,
        removed: None,
    }
}

/// Everything that a medium arrives as.
fn sources(medium: &NewMedium) -> impl Iterator<Item = &Source> {
    std::iter::once(&medium.source).chain(&medium.still)
}

/// Draws a poster's words off the request's thread: a book takes longer than others should wait.
pub(crate) async fn written(text: String, numbers: Numbers, limits: &Limits) -> Result<Words, Error> {
    let words = if text.len() < 2_048 {
        markdown::written(text, &numbers)
    } else {
        tokio::task::spawn_blocking(move || markdown::written(text, &numbers)).await.map_err(std::io::Error::other)?
    };
    // An id is longer than a number.
    if words.text.len() > limits.text_bytes {
        return Err(DraftError::TextTooLong { limit_bytes: limits.text_bytes }.into());
    }
    Ok(words)
}

/// What the words say of this medium, for one that has no alternative text of its own.
pub(crate) fn said_of(said: &[(MediaId, String)], id: &MediaId, limits: &Limits) -> Option<String> {
    let (_, words) = said.iter().find(|(named, _)| named == id)?;
    // What is too long to stand in its place stands in the words all the same.
    domain::post::line("alt", Some(words), limits).ok().flatten()
}

/// The objects that belong to these media and to nothing else.
pub(crate) fn staged(media: &[NewMedium]) -> Vec<String> {
    media.iter().flat_map(sources).filter_map(staged_key).collect()
}

/// The object that a file arrived as.
pub(crate) fn staged_key(source: &Source) -> Option<String> {
    match source {
        Source::File(file) => Some(file.staged.key.clone()),
        Source::Upload(_) => None,
    }
}
