//! The job that looks again at what stands, where its fingerprints were made by an older version than today's, or by none.
//!
//! It goes through the media one by one, from their cleaned originals, and through posts' words, and rests after each for four times as
//! long as that took, so that it never takes more than a fifth of one worker. What turns out to be like what a bank knows is acted on, as everywhere.

use std::sync::Arc;
use std::time::Instant;

use domain::{FileRole, Fingerprint, FingerprintKind, MediaId, PostId};
use store::Subject;
use store::fingerprints::{Versions, WordVersions};

use crate::matching::Released;
use crate::prepare::Work;
use crate::{Error, Job, Site, matching};

/// How much longer it rests than it works.
const REST: u32 = 4;
/// The shortest rest.
const LEAST_REST_MS: i64 = 100;

pub(crate) const fn today() -> Versions {
    Versions { pdq: media::VERSION_OF_PDQ, keypoints: media::VERSION_OF_KEYPOINTS, frames: media::VERSION_OF_FRAMES }
}

pub(crate) const fn words_today() -> WordVersions {
    WordVersions { text: likeness::text::VERSION, links: likeness::link::VERSION }
}

impl Site {
    /// Looks at the first medium after this one whose fingerprints are out of date, and sees to it that the next one comes later.
    pub(crate) async fn know_again(&self, after: Option<&MediaId>) -> Result<(), Error> {
        let Some(id) = store::fingerprints::outdated(&self.store.db, today(), after).await? else { return Ok(()) };
        let begun = Instant::now();
        match self.know_one_again(&id).await {
            Err(error) if error.is_passing() => return Err(error),
            // One that cannot be looked at must not be in the others' way. The next round comes to it again.
            Err(error) => tracing::warn!(%error, "the fingerprints of a medium were not made anew"),
            Ok(()) => {}
        }
        self.rest(begun, &Job::KnowAgain { after: Some(id) }).await
    }

    /// The same for posts' words.
    pub(crate) async fn know_words_again(&self, after: Option<&PostId>) -> Result<(), Error> {
        let Some(id) = store::fingerprints::outdated_words(&self.store.db, words_today(), after).await? else { return Ok(()) };
        let begun = Instant::now();
        match self.know_one_again_by_words(&id).await {
            Err(error) if error.is_passing() => return Err(error),
            Err(error) => tracing::warn!(%error, "the fingerprints of a post's words were not made anew"),
            Ok(()) => {}
        }
        self.rest(begun, &Job::KnowWordsAgain { after: Some(id) }).await
    }

    async fn know_one_again_by_words(&self, id: &PostId) -> Result<(), Error> {
        let asked = self.ask_of_words(id, None, Released::found_before).await?;
        let Some((mut tx, subject, known, verdict)) = asked else { return Ok(()) };
        if !verdict.is_empty() {
            matching::act(&mut tx, self, &subject, &verdict).await?;
        }
        matching::write_down(&mut tx, self, &subject, &known.fingerprints, verdict, self.clock.now()).await?;
        Ok(tx.commit().await?)
    }

    async fn rest(&self, begun: Instant, next: &Job) -> Result<(), Error> {
        let rest_ms = i64::try_from((begun.elapsed() * REST).as_millis()).unwrap_or(i64::MAX).max(LEAST_REST_MS);
        let mut tx = self.store.db.begin_light().await?;
        self.enqueue_at(&mut tx, next, self.clock.now().plus_ms(rest_ms)).await?;
        Ok(tx.commit().await?)
    }

    async fn know_one_again(&self, id: &MediaId) -> Result<(), Error> {
        let Some(medium) = store::media::find(&self.store.db, id).await? else { return Ok(()) };
        let files = store::files::of_post(&self.store.db, &medium.post_id).await?;
        let Some(original) = files.into_iter().find(|file| file.media_id == *id && file.role == FileRole::Original) else { return Ok(()) };
        let work = Work::new(self);
        tokio::fs::create_dir_all(work.path().join("in")).await?;
        self.store.blobs.fetch_all_to(&[original.object_key], &work.path().join("in").join("input")).await?;
        let mut known = match media::look(&self.sandbox, &self.limits, work.path()).await? {
            media::Look::Known(_, known) => known,
            media::Look::Refused { problem, reason } => {
                tracing::warn!(problem = problem.as_str(), reason, "a medium that stands could not be looked at again");
                return Ok(());
            }
        };
        let subject = Subject { post_id: medium.post_id, media_id: Some(medium.id) };
        let before = store::fingerprints::of(&self.store.db, &subject).await?;
        known.fingerprints = with_digests(known.fingerprints, before);
        let known = Arc::new(known);
        let (mut tx, verdict) = self.ask(&subject, &known, Released::found_before).await?;
        if matching::act(&mut tx, self, &subject, &verdict).await? {
            matching::write_down(&mut tx, self, &subject, &known.fingerprints, verdict, self.clock.now()).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

/// What was made anew, and the digests of before: those of the file as it arrived cannot be made again.
fn with_digests(anew: Vec<Fingerprint>, before: Vec<Fingerprint>) -> Vec<Fingerprint> {
    let is_digest = |one: &Fingerprint| matches!(one.kind, FingerprintKind::Sha256 | FingerprintKind::Md5);
    let (mut digests, _): (Vec<_>, Vec<_>) = before.into_iter().partition(is_digest);
    let anew = anew.into_iter().filter(|one| digests.iter().all(|digest| digest.kind != one.kind)).collect::<Vec<_>>();
    digests.extend(anew);
    digests
}
