//! Lanes: what waits before others see it, and how it stops waiting.

use std::sync::Arc;

use domain::time::{HOUR_MS, MINUTE_MS};
use domain::{CaseState, Lane, Lever, MediaState, ModeratorId, PostId};
use store::{Subject, Tx};

use crate::act::on_its_own;
use crate::levers::LeverRefused;
use crate::matching::Released;
use crate::moderators::may;
use crate::{Error, Job, Site, Toll, Who, matching};

/// A storm from here on: as much of what is asked for beyond anybody's share as makes prices the highest, 0 to 1.
const STORMY: f64 = 0.5;
/// Cases that are looked up at a time.
const PAGE: i64 = 100;

fn ms(number: u64, unit_ms: i64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX).saturating_mul(unit_ms)
}

impl Site {
    /// How what this asker posts now is taken.
    #[must_use]
    pub fn lane(&self, who: &Who, toll: Toll) -> Lane {
        let now = self.clock.now();
        let pulled = |lever| self.lever(lever).is_some();
        // While a storm blows, newcomers stand in line. So does always who comes by a way that everybody may take.
        let newcomer = who.is_by_tor() || (who.is_fresh() && self.is_storm());
        let slow = toll == Toll::Slow || newcomer || pulled(Lever::SlowMode);
        let look = [(Lever::HoldUploads, true), (Lever::HoldFresh, who.is_fresh())];
        Lane {
            look: look.into_iter().find(|(lever, fits)| *fits && pulled(*lever)).map(|(lever, _)| lever),
            public: slow.then(|| now.plus_ms(ms(self.fair_use.slow_lane_minutes, MINUTE_MS))),
            links: newcomer.then(|| now.plus_ms(ms(self.fair_use.newcomers_links_hours, HOUR_MS))),
        }
    }

    /// Whether so much is asked for beyond anybody's share that newcomers stand in line, on this node.
    pub(crate) fn is_storm(&self) -> bool {
        self.storm() >= STORMY
    }

    /// Sees to it that a post that was just written, and waits, stops doing so: by the clock, or in a case of its own, because somebody has to look at it.
    pub(crate) async fn wait_in(&self, tx: &mut Tx, subject: &Subject, lane: &Lane) -> Result<(), Error> {
        let end = Job::EndWait { post_id: subject.post_id.clone() };
        if let Some(lever) = lane.look {
            let (id, _) = store::cases::open(tx, subject, &self.chance.case_id(), self.clock.now()).await?;
            store::cases::wait_because_of(tx, &id, lever).await?;
            self.weigh_case(tx, &id, subject, None).await?;
        } else if let Some(public) = lane.public {
            self.enqueue_at(tx, &end, public).await?;
        }
        if let Some(links) = lane.links.filter(|links| lane.look.is_some() || Some(*links) != lane.public) {
            self.enqueue_at(tx, &end, links).await?;
        }
        Ok(())
    }

    /// Shows a post whose time has come, once the banks of this moment were asked about all of it: they may have learnt something since it
    /// arrived.
    pub(crate) async fn end_wait(&self, id: &PostId) -> Result<(), Error> {
        let now = self.clock.now();
        let mut tx = loop {
            let Some(post) = store::posts::find(&self.store.db, id).await? else { return Ok(()) };
            let media = store::media::of_post(&self.store.db, id).await?;
            let ready = media.into_iter().filter(|row| row.state == MediaState::Ready).map(|row| Some(row.id));
            let banks = self.banks().await?;
            let mut found = Vec::new();
            for media_id in ready.chain([None]) {
                let subject = Subject { post_id: id.clone(), media_id };
                let fingerprints = store::fingerprints::of(&self.store.db, &subject).await?;
                let known = Arc::new(media::Known { fingerprints, views: Vec::new() });
                let verdict = self.verdict(&banks, &subject, &known, Released::by_somebody).await?;
                found.push((subject, verdict));
            }
            let mut tx = self.store.db.begin().await?;
            if store::banks::hold_still(&mut tx).await? != banks.revision {
                continue;
            }
            // It was edited meanwhile: these are not its words any more.
            match store::posts::stand_still(&mut tx, id).await? {
                None => return Ok(()),
                Some(edited) if edited != post.edited => continue,
                Some(_) => {}
            }
            for (subject, verdict) in found {
                if !verdict.is_empty() && matching::act(&mut tx, self, &subject, &verdict).await? {
                    matching::write_matches(&mut tx, self, &subject, verdict, now).await?;
                }
            }
            break tx;
        };
        store::posts::end_wait(&mut tx, id, now).await?;
        Ok(tx.commit().await?)
    }

    /// How many posts wait for a look because of a lever, and for nothing else.
    pub async fn waiting_for_a_look(&self) -> Result<i64, Error> {
        Ok(store::cases::count_waiting(&self.store.db).await?)
    }

    /// Lets all of these go without a look; how many that were. What somebody reported, or a bank knows, stays. Cut off, it has let some go.
    pub async fn let_all_go(&self, by: Option<&ModeratorId>) -> Result<Result<u64, LeverRefused>, Error> {
        let (site, by) = (self.clone(), by.cloned());
        on_its_own(async move {
            if !may(&mut site.store.db.begin_light().await?, by.as_ref()).await? {
                return Ok(Err(LeverRefused::NotAllowed));
            }
            let (mut gone, mut last) = (0_u64, None);
            loop {
                let page = store::cases::waiting(&site.store.db, last.as_ref(), PAGE).await?;
                for case in &page {
                    gone = gone.saturating_add(u64::from(site.hold_case(by.as_ref(), case, false).await?));
                }
                match page.into_iter().last() {
                    Some(case) => last = Some(case),
                    None => return Ok(Ok(gone)),
                }
            }
        })
        .await
    }

    /// Somebody has looked at what waited, and lets it go. The caller has the banks, and the post.
    pub(crate) async fn let_go_of(&self, tx: &mut Tx, subject: &Subject) -> Result<(), Error> {
        if subject.media_id.is_none() {
            store::posts::let_go(tx, &subject.post_id).await?;
        }
        Ok(())
    }

    /// The same for the subjects of cases that were closed with another one's.
    pub(crate) async fn let_go_with(&self, tx: &mut Tx, closed: &[domain::CaseId]) -> Result<(), Error> {
        for id in closed {
            if let Some(case) = store::cases::look(tx, id).await?.filter(|case| case.lever.is_some() && case.state == CaseState::Decided) {
                self.let_go_of(tx, &case.subject).await?;
            }
        }
        Ok(())
    }
}
