//! Takes jobs from the table and does them, a fixed number at a time in each lane.
//!
//! A job is leased, not taken: if its worker is killed the lease runs out and another takes it up. What fails is tried again,
//! later each time; what keeps failing is buried: dead, visible, and in nobody's way.

use std::time::Duration;

use domain::Problem;
use store::jobs::JobRow;
use tokio::sync::watch;

use crate::job::{LIGHT, MEDIA};
use crate::{Error, Job, Site};

/// A worker that is silent for this long is taken for dead.
const LEASE_MS: i64 = 60_000;
/// Tries before a job is buried.
const MOST_ATTEMPTS: i64 = 5;
/// How long an idle lane sleeps when nothing wakes it.
const IDLE: Duration = Duration::from_secs(1);

/// The runner of a site's jobs.
pub struct Runner {
    site: Site,
    media_workers: usize,
}

impl Runner {
    /// A runner with `media_workers` media children at a time and one light worker.
    #[must_use]
    pub fn new(site: Site, media_workers: usize) -> Self {
        Self { site, media_workers: media_workers.max(1) }
    }

    /// Works until `stop` turns true; jobs at work are finished first.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        let mut workers = tokio::task::JoinSet::new();
        for _ in 0..self.media_workers {
            workers.spawn(lane(self.site.clone(), MEDIA, stop.clone()));
        }
        workers.spawn(lane(self.site.clone(), LIGHT, stop));
        while workers.join_next().await.is_some() {}
    }

    /// Does everything that is due now and returns how much that was: for tests and for commands that end.
    pub async fn run_due(&self) -> Result<usize, Error> {
        let mut done = 0;
        loop {
            let mut any = false;
            for name in [MEDIA, LIGHT] {
                while step(&self.site, name).await? {
                    any = true;
                    done += 1;
                }
            }
            if !any {
                return Ok(done);
            }
        }
    }
}

async fn lane(site: Site, name: &'static str, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        // Asked for before looking, so that what is queued in between still wakes.
        let changed = site.store.db.jobs_changed();
        match step(&site, name).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::error!(lane = name, %error, "the jobs table did not answer"),
        }
        tokio::select! {
            () = changed => {}
            () = tokio::time::sleep(IDLE) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Leases one job and does it; `false` if none is due.
async fn step(site: &Site, lane: &str) -> Result<bool, Error> {
    let db = &site.store.db;
    let token = site.chance.token();
    let Some(row) = store::jobs::lease(db, lane, site.clock.now(), LEASE_MS, &token).await? else { return Ok(false) };
    let work = tokio::spawn(perform(site.clone(), row.kind.clone(), row.payload.clone()));
    let result = watch_over(site, &row, &token, work).await;
    let now = site.clock.now();
    match result {
        Ok(()) => store::jobs::complete(db, &row.id, &token).await?,
        Err(error) if row.attempts >= MOST_ATTEMPTS => {
            tracing::error!(kind = row.kind, attempts = row.attempts, error, "a job is dead");
            store::jobs::bury(db, &row.id, &token, &error).await?;
            give_up(site, &row).await;
        }
        Err(error) => {
            tracing::warn!(kind = row.kind, attempts = row.attempts, error, "a job failed and will be tried again");
            let pause_ms = 2_000i64.saturating_mul(1i64.checked_shl(u32::try_from(row.attempts).unwrap_or(8).min(8)).unwrap_or(256));
            store::jobs::retry(db, &row.id, &token, now.plus_ms(pause_ms), &error).await?;
        }
    }
    Ok(true)
}

/// Renews the lease while the job is at work; gives the job up if the lease was lost.
async fn watch_over(site: &Site, row: &JobRow, token: &str, mut work: tokio::task::JoinHandle<Result<(), Error>>) -> Result<(), String> {
    let mut beat = tokio::time::interval(Duration::from_secs(15));
    beat.tick().await;
    loop {
        tokio::select! {
            done = &mut work => return match done {
                Ok(Ok(())) => Ok(()),
                Ok(Err(error)) => Err(error.to_string()),
                Err(_) => Err("the job panicked".to_owned()),
            },
            _ = beat.tick() => {
                match store::jobs::renew(&site.store.db, &row.id, token, site.clock.now(), LEASE_MS).await {
                    Ok(true) => {}
                    Ok(false) => {
                        work.abort();
                        return Err("the lease was lost to another worker".to_owned());
                    }
                    // The database may be back before the lease ends.
                    Err(error) => tracing::warn!(%error, "a lease was not renewed"),
                }
            }
        }
    }
}

async fn perform(site: Site, kind: String, payload: String) -> Result<(), Error> {
    match Job::parse(&kind, &payload)? {
        Job::PrepareMedia { media_id } => site.prepare_medium(&media_id).await,
        Job::DeleteObject { key } => {
            site.store.blobs.delete(&key).await?;
            site.store.db.scrub().await?;
            Ok(())
        }
        Job::ExpirePost { post_id } => site.delete(&post_id).await,
    }
}

/// Tells the poster when a job of theirs will not be tried again.
async fn give_up(site: &Site, row: &JobRow) {
    if let Ok(Job::PrepareMedia { media_id }) = Job::parse(&row.kind, &row.payload)
        && let Err(error) = site.refuse(&media_id, Problem::Failed).await
    {
        tracing::error!(%error, "a dead medium was not marked");
    }
}
