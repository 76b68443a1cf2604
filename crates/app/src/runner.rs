//! Takes jobs from the table and does them, a fixed number at a time in each lane.
//!
//! A job is leased, not taken: if its worker is killed the lease runs out and another takes it up. What fails is tried again,
//! later each time; what keeps failing is buried: dead, visible, and in nobody's way. What fails because the database or the
//! object store does not answer waits until it does: an outage is no fault of any job.

use std::pin::pin;
use std::time::Duration;

use domain::Problem;
use domain::time::{HOUR_MS, SECOND_MS};
use store::jobs::JobRow;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::job::{LIGHT, MAIL, MEDIA};
use crate::{Error, Job, Site};

/// A worker that is silent for this long is taken for dead.
const LEASE_MS: i64 = 60 * SECOND_MS;
/// How often a worker says that it is not.
const BEAT: Duration = Duration::from_secs(15);
/// Tries before a job is buried: about half a day, so that an operator who mends the machine in the morning loses nobody's upload.
const MOST_ATTEMPTS: i64 = 18;
/// Tries of a job that takes its worker with it each time and never comes to say why.
const MOST_DEATHS: i64 = 5;
/// The longest pause between two tries.
const LONGEST_PAUSE_MS: i64 = HOUR_MS;
/// How long a job waits that was held up by something that passes.
const PASSING_MS: i64 = 5 * SECOND_MS;
/// How long an idle lane sleeps when nothing wakes it.
const IDLE: Duration = Duration::from_secs(1);
/// How long jobs at work may take once the site is asked to stop.
const LAST_WORK: Duration = Duration::from_secs(20);
/// How often it is seen to that upkeep is queued.
const UPKEEP: Duration = Duration::from_secs(60 * 60);

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

    /// Works until `stop` turns true; jobs at work are finished first, or handed back if that takes too long.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        let mut workers = tokio::task::JoinSet::new();
        for _ in 0..self.media_workers {
            workers.spawn(lane(self.site.clone(), MEDIA, stop.clone()));
        }
        // Two: a long sweep must not hold up what was deleted.
        workers.spawn(lane(self.site.clone(), LIGHT, stop.clone()));
        workers.spawn(lane(self.site.clone(), LIGHT, stop.clone()));
        workers.spawn(lane(self.site.clone(), MAIL, stop.clone()));
        workers.spawn(upkeep(self.site, stop));
        while workers.join_next().await.is_some() {}
    }

    /// Does everything that is due now and returns how much that was: for tests and for commands that end.
    pub async fn run_due(&self) -> Result<usize, Error> {
        let mut done = 0;
        let (_never, going_on) = watch::channel(false);
        loop {
            let mut any = false;
            for name in [MEDIA, LIGHT, MAIL] {
                while step(&self.site, name, &going_on).await? {
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
    let mut queued = site.store.db.watch_jobs();
    while !*stop.borrow() {
        // Before looking, so that what is queued while it looks still wakes.
        queued.mark_unchanged();
        match step(&site, name, &stop).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => {
                tracing::error!(lane = name, %error, "the jobs table did not answer");
                // Whatever woke it would wake it again at once.
                queued.mark_unchanged();
            }
        }
        tokio::select! {
            _ = queued.changed() => {}
            () = tokio::time::sleep(IDLE) => {}
            _ = stop.changed() => {}
        }
    }
}

async fn upkeep(site: Site, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = site.queue_upkeep().await {
            tracing::warn!(%error, "upkeep was not queued");
        }
        tokio::select! {
            () = tokio::time::sleep(UPKEEP) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Leases one job and does it; `false` if none is due.
async fn step(site: &Site, lane: &str, stop: &watch::Receiver<bool>) -> Result<bool, Error> {
    let token = site.chance.token();
    let Some(row) = store::jobs::lease(&site.store.db, lane, site.clock.now(), LEASE_MS, &token).await? else { return Ok(false) };
    let silent = row.last_error.is_none() && row.attempts > MOST_DEATHS;
    let result = if silent || row.attempts > MOST_ATTEMPTS {
        Err(Failed { error: "its worker ended each time".to_owned(), may_pass: false })
    } else {
        let work = tokio::spawn(perform(site.clone(), row.kind.clone(), row.payload.clone()));
        watch_over(site, &row, &token, work, stop.clone()).await
    };
    // An outage that the job ran into is still there when its end is to be written down. If it lasts for longer than the lease,
    // the job is taken up again; it may run twice.
    let deadline = tokio::time::Instant::now() + BEAT;
    loop {
        match settle(site, &row, &token, &result).await {
            Err(Error::Store(error)) if error.may_pass() && tokio::time::Instant::now() < deadline => tokio::time::sleep(IDLE).await,
            done => return done.map(|()| true),
        }
    }
}

/// Why a job was not done.
struct Failed {
    error: String,
    may_pass: bool,
}

async fn settle(site: &Site, row: &JobRow, token: &str, result: &Result<(), Failed>) -> Result<(), Error> {
    let (db, now) = (&site.store.db, site.clock.now());
    match result {
        Ok(()) => store::jobs::complete(db, &row.id, token).await?,
        Err(Failed { error, may_pass: true }) => {
            tracing::info!(kind = row.kind, error, "a job waits until this has passed");
            store::jobs::retry(db, &row.id, token, now.plus_ms(PASSING_MS), error, false).await?;
        }
        Err(Failed { error, .. }) if row.attempts >= MOST_ATTEMPTS || (row.last_error.is_none() && row.attempts > MOST_DEATHS) => {
            tracing::error!(kind = row.kind, attempts = row.attempts, error, "a job is dead");
            let mut tx = db.begin().await?;
            // The poster is told when a job of theirs will not be tried again.
            if store::jobs::bury(&mut tx, &row.id, token, error).await?
                && let Ok(Job::PrepareMedia { media_id }) = Job::parse(&row.kind, &row.payload)
            {
                store::media::refuse(&mut tx, &media_id, Problem::Failed, now).await?;
            }
            tx.commit().await?;
        }
        Err(Failed { error, .. }) => {
            tracing::warn!(kind = row.kind, attempts = row.attempts, error, "a job failed and will be tried again");
            let pause_ms = ((2 * SECOND_MS) << row.attempts.clamp(0, 20)).min(LONGEST_PAUSE_MS);
            store::jobs::retry(db, &row.id, token, now.plus_ms(pause_ms), error, true).await?;
        }
    }
    Ok(())
}

/// Renews the lease while the job is at work; gives the job up if the lease was lost, or if it would hold up the end.
async fn watch_over(
    site: &Site,
    row: &JobRow,
    token: &str,
    mut work: JoinHandle<Result<(), Error>>,
    mut stop: watch::Receiver<bool>,
) -> Result<(), Failed> {
    let mut out_of_time = pin!(async {
        if stop.wait_for(|stop| *stop).await.is_err() {
            // Nobody is left to ask for it.
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(LAST_WORK).await;
    });
    let mut beat = tokio::time::interval(BEAT);
    beat.tick().await;
    loop {
        tokio::select! {
            done = &mut work => return match done {
                Ok(Ok(())) => Ok(()),
                Ok(Err(error)) => {
                    let may_pass = error.is_passing();
                    Err(Failed { error: error.to_string(), may_pass })
                }
                Err(_) => Err(Failed { error: "the job panicked".to_owned(), may_pass: false }),
            },
            () = &mut out_of_time => {
                work.abort();
                // Its media child has ended when this returns.
                drop(work.await);
                return Err(Failed { error: "the site stopped first".to_owned(), may_pass: true });
            }
            _ = beat.tick() => {
                match store::jobs::renew(&site.store.db, &row.id, token, site.clock.now(), LEASE_MS).await {
                    Ok(true) => {}
                    Ok(false) => {
                        work.abort();
                        drop(work.await);
                        return Err(Failed { error: "the lease was lost to another worker".to_owned(), may_pass: false });
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
        Job::WeighParty { party_id } => site.weigh_party(&party_id).await,
        Job::UndoDeeds { party_id, since, by } => site.undo_deeds_now(by.as_ref(), &party_id, since).await,
        Job::SearchFor { item_id } => site.search_for(&item_id).await,
        Job::ActOnCounted { item_id } => site.act_on_counted(&item_id).await,
        Job::KnowAgain { after } => site.know_again(after.as_ref()).await,
        Job::KnowWordsAgain { after } => site.know_words_again(after.as_ref()).await,
        Job::FindAlike { case_id } => site.find_alike(&case_id).await,
        Job::OpenCases => site.house_the_homeless().await,
        Job::Settle { decision_id } => site.settle(&decision_id).await,
        Job::EndSilence { decision_id } => site.end_silence(&decision_id).await,
        Job::Seal { decision_id } => site.seal(&decision_id).await,
        Job::Restore { decision_id, post_id: None } => site.restore(&decision_id).await,
        Job::Restore { decision_id, post_id: Some(post) } => site.restore_post(&decision_id, &post).await,
        Job::TellNotifiers { decision_id } => site.tell_notifiers(&decision_id).await,
        Job::Mail { mail_id } => site.send_mail(&mail_id).await,
        Job::CallWebhook { telling_id } => site.call_webhook(&telling_id).await,
        Job::DeleteObject { key } => Ok(site.store.blobs.delete(&key).await?),
        Job::EndWait { post_id } => site.end_wait(&post_id).await,
        Job::ExpirePost { post_id } => site.expire(&post_id).await,
        Job::Scrub => Ok(site.store.db.scrub().await?),
        Job::Sweep => site.sweep().await,
    }
}
