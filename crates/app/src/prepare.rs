//! The job that turns an upload into something others may see: fetch, prepare in the sandbox, store what came out, and make
//! it visible, all in one transaction at the end (invariants 4 and 7).

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use domain::time::HOUR_MS;
use domain::{MediaId, MediaKind, MediaState, Problem, Time};
use media::{Outcome, Prepared};
use store::blobs::Kept;
use store::{FileRow, Subject, Tx};

use crate::act::Failed;
use crate::matching::Released;
use crate::metrics::{self, Ended};
use crate::{Error, Site, matching};

/// Progress is written down at most this often: each time is a write to the database.
const PROGRESS_STEP: f64 = 0.05;
/// A disk with less than this is full: a photo's renderings may need as much.
const FULL_BYTES: u64 = 32 << 20;

/// A run's directory, with the upload in it. It goes whatever ends the run: also one that is given up in the middle.
pub(crate) struct Work(PathBuf);

impl Work {
    pub(crate) fn new(site: &Site) -> Self {
        Self(site.work_dir.join(site.chance.token()))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "a work directory was left behind");
        }
    }
}

impl Site {
    /// Prepares a medium. Runs again from the start if it was cut off: nothing of a half-done run is referred to by any row.
    pub(crate) async fn prepare_medium(&self, media_id: &MediaId) -> Result<(), Error> {
        let Some(row) = store::media::find(&self.store.db, media_id).await? else { return Ok(()) };
        if row.state != MediaState::Processing {
            return Ok(());
        }
        let keys: Vec<String> = match (row.staged, row.upload) {
            (Some(staged), _) => vec![staged],
            (None, Some(upload)) => store::uploads::parts(&self.store.db, &upload).await?.into_iter().map(|(key, _)| key).collect(),
            (None, None) => return Ok(()),
        };
        let work = Work::new(self);
        self.prepare_in(&work.0, media_id, row.still_of.is_some(), &keys).await
    }

    async fn prepare_in(&self, work: &Path, media_id: &MediaId, is_still: bool, keys: &[String]) -> Result<(), Error> {
        tokio::fs::create_dir_all(work.join("in")).await?;
        self.store.blobs.fetch_all_to(keys, &work.join("in").join("input")).await?;
        let (told, mut heard) = tokio::sync::watch::channel(0.0f64);
        let watcher = {
            let (site, media_id) = (self.clone(), media_id.clone());
            tokio::spawn(async move {
                let mut written = 0.0;
                while heard.changed().await.is_ok() {
                    let progress = *heard.borrow_and_update();
                    if progress - written >= PROGRESS_STEP {
                        written = progress;
                        if let Err(error) = store::media::set_progress(&site.store.db, &media_id, progress.clamp(0.0, 1.0)).await {
                            tracing::warn!(%error, "progress was not written");
                        }
                    }
                }
            })
        };
        let begun = Instant::now();
        let outcome = media::prepare(&self.sandbox, &self.limits, work, move |progress| {
            told.send_replace(progress);
        })
        .await;
        // The sender is gone with the closure, so the watcher ends by itself; a last write must not follow the final one.
        if watcher.await.is_err() {
            tracing::warn!("the progress watcher panicked");
        }
        metrics::prepared(
            match &outcome {
                Ok(Outcome::Prepared(prepared)) => Ended::Ready(prepared.kind),
                Ok(Outcome::Refused { problem, .. }) => Ended::Refused(*problem),
                Err(_) => Ended::Failed,
            },
            begun.elapsed(),
        );
        match outcome? {
            // A decoder that found no room seldom says so in words that can be told from a fault of the file.
            Outcome::Refused { problem: Problem::Failed | Problem::Corrupt, .. } if self.is_full() => Err(store::Error::NoSpace.into()),
            Outcome::Prepared(prepared) if is_still && prepared.kind == MediaKind::Video => self.refuse(media_id, Problem::NotPhoto).await,
            Outcome::Prepared(prepared) => self.keep(media_id, prepared).await,
            Outcome::Refused { problem, reason } => {
                // The id leads to the post; it is for those who ask for it.
                tracing::debug!(media = %media_id, "this medium is refused");
                tracing::info!(problem = problem.as_str(), reason, "a file was refused");
                self.refuse(media_id, problem).await
            }
        }
    }

    async fn keep(&self, media_id: &MediaId, mut prepared: Prepared) -> Result<(), Error> {
        let began = self.clock.now();
        let known = Arc::new(std::mem::take(&mut prepared.known));
        let paths = prepared.files.iter().map(|file| file.path.clone()).collect();
        let kept = self.store.blobs.keep_files(paths).await?;
        let own_keys: Vec<String> = kept.iter().map(|kept| kept.key.clone()).collect();
        let done = match self.write_down(media_id, &prepared, &known, &kept, began).await {
            Ok(Some(tx)) => tx.commit().await.map(|()| true).map_err(Failed::commit),
            Ok(None) => Ok(false),
            Err(error) => Err(error.into()),
        };
        if !self.or_give_up(&own_keys, done).await? {
            self.give_up_all(&own_keys).await;
        }
        Ok(())
    }

    /// Writes all that was made of a medium, for the caller to commit; `None` if it was deleted meanwhile, or finished by another run.
    async fn write_down(
        &self,
        media_id: &MediaId,
        prepared: &Prepared,
        known: &Arc<media::Known>,
        kept: &[Kept],
        began: Time,
    ) -> Result<Option<Tx>, Error> {
        let Some(medium) = store::media::find(&self.store.db, media_id).await? else { return Ok(None) };
        let subject = Subject { post_id: medium.post_id, media_id: Some(medium.id) };
        let (mut tx, verdict) = self.ask(&subject, known, Released::by_somebody).await?;
        let files = prepared.files.iter().zip(kept).map(|(file, kept)| FileRow {
            media_id: media_id.clone(),
            role: file.role,
            name: file.name.clone(),
            blob: kept.sha256,
            object_key: kept.key.clone(),
            content_type: file.content_type.to_owned(),
            size_bytes: i64::try_from(kept.size).unwrap_or(i64::MAX),
            width: Some(i64::from(file.width)),
            height: Some(i64::from(file.height)),
        });
        let facts = store::media::Prepared {
            kind: prepared.kind,
            width: i64::from(prepared.width),
            height: i64::from(prepared.height),
            duration_ms: prepared.duration_ms,
            thumbhash: prepared.thumbhash.clone(),
            held: verdict.holds(),
            covered: verdict.covers(),
        };
        let now = self.clock.now();
        // A machine that slept through it may find that the sweeper was awake before.
        if now.since_ms(began) > HOUR_MS {
            return Err(Error::TooLate);
        }
        if !store::media::finish(&mut tx, media_id, &facts, files.collect(), now).await? {
            return Ok(None);
        }
        if facts.kind != MediaKind::Video {
            // A still was given to it before it was known what it is.
            store::media::take_still(&mut tx, media_id, now).await?;
        }
        matching::write_down(&mut tx, self, &subject, &known.fingerprints, verdict, now).await?;
        Ok(Some(tx))
    }

    /// Whether the work directory's disk has hardly a byte left.
    fn is_full(&self) -> bool {
        store::blobs::free_bytes_at(&self.work_dir).is_some_and(|free| free < FULL_BYTES)
    }

    async fn refuse(&self, media_id: &MediaId, problem: Problem) -> Result<(), Error> {
        let mut tx = self.store.db.begin().await?;
        store::media::refuse(&mut tx, media_id, problem, self.clock.now()).await?;
        tx.commit().await?;
        Ok(())
    }
}
