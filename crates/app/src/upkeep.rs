//! The work that nobody asks for: sweeping what crashes left, at the start and every hour.

use domain::Problem;
use domain::time::{DAY_MS, HOUR_MS};

use crate::uploads::PATIENCE_MS;
use crate::{Error, Job, Site};

/// How old an object that no row names must be before it is taken away. A post is refused long before its files reach that age
/// (`publish::LONGEST_MS`), and a prepared medium is written down minutes after its files are kept.
const SAFE_AGE_MS: i64 = DAY_MS;
/// Between two sweeps.
const PAUSE_MS: i64 = HOUR_MS;
/// Expired posts that are looked up at a time.
const BATCH: i64 = 100;

impl Site {
    /// Sees to it that a sweep waits. One that was queued before, here or by another node, does for all.
    pub async fn queue_upkeep(&self) -> Result<(), Error> {
        let mut tx = self.store.db.begin_light().await?;
        self.enqueue(&mut tx, &Job::Sweep).await?;
        Ok(tx.commit().await?)
    }

    pub(crate) async fn sweep(&self) -> Result<(), Error> {
        let now = self.clock.now();
        // First what is to be forgotten: nothing that fails below keeps it.
        let mut tx = self.store.db.begin_light().await?;
        store::banks::forget_unfinished(&mut tx, now.plus_ms(-DAY_MS)).await?;
        store::repeats::forget(&mut tx, now.plus_ms(-domain::repeat::KNOWN_MS)).await?;
        self.forget_sessions(&mut tx).await?;
        store::claims::forget(&mut tx, now).await?;
        self.forget_looks(&mut tx, now).await?;
        self.forget_mail(&mut tx, now).await?;
        self.forget_nonces(&mut tx).await?;
        self.forget_hours(&mut tx, now).await?;
        self.forget_alarms(&mut tx, now).await?;
        store::levers::forget(&mut tx, now).await?;
        tx.commit().await?;
        // Nobody can read these any more; this is for those whose own job was lost or is dead.
        loop {
            let expired = store::posts::expired(&self.store.db, now, BATCH).await?;
            for id in &expired {
                self.delete(id).await?;
            }
            if expired.is_empty() {
                break;
            }
        }
        self.destroy_what_has_ended().await?;
        self.house_the_homeless().await?;
        self.queue_seals().await?;
        // Uploads that nobody went on with; a post that still waits for one says so.
        loop {
            let stale = store::uploads::stale(&self.store.db, now.plus_ms(-PATIENCE_MS), BATCH).await?;
            for id in &stale {
                self.end_upload(id, Some(Problem::Interrupted)).await?;
            }
            if stale.is_empty() {
                break;
            }
        }
        let swept = self.store.sweep(now.plus_ms(-SAFE_AGE_MS)).await?;
        if swept != store::Swept::default() {
            tracing::info!(objects = swept.objects, uploads = swept.uploads, "what nobody owned was taken away");
        }
        let outdated = store::fingerprints::outdated(&self.store.db, crate::again::today(), None).await?;
        let outdated_words = store::fingerprints::outdated_words(&self.store.db, crate::again::words_today(), None).await?;
        let mut tx = self.store.db.begin_light().await?;
        if outdated.is_some() {
            self.enqueue(&mut tx, &Job::KnowAgain { after: None }).await?;
        }
        if outdated_words.is_some() {
            self.enqueue(&mut tx, &Job::KnowWordsAgain { after: None }).await?;
        }
        self.enqueue_at(&mut tx, &Job::Sweep, now.plus_ms(PAUSE_MS)).await?;
        Ok(tx.commit().await?)
    }
}
