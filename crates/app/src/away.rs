//! Nobody is at home: the site falls back to what its operator chose beforehand, says so, and comes back by itself.
//!
//! An operator is seen by what they do in the console, not by a page of it that stays open and asks for news by itself; nor by commands, which may be a
//! machine's. `handbill away here` and a button say it without any of that.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use domain::lever::{Pulled, Source};
use domain::time::SECOND_MS;
use domain::{Act, AwayRules, CaseState, Home, Lever, ModeratorId, Time, Why};
use store::Tx;

use crate::moderators::may;
use crate::{Error, Site};

/// How exactly it is known when an operator was seen last.
const SEEN_MS: i64 = 10 * SECOND_MS;
/// Orders that are held at a time; the next look goes on.
const ORDERS: i64 = 200;

/// What the operator chose beforehand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Away {
    /// When.
    pub rules: AwayRules,
    /// Which levers are pulled.
    pub levers: Vec<Lever>,
    /// What orders to act say is done, as far as it can be undone: their subjects are held.
    pub hold_orders: bool,
}

/// What would happen now.
#[derive(Debug)]
pub struct Rehearsal {
    /// When it would begin, if the operator were not seen from now on and the queue stayed as it is; `None`: never.
    pub begins: Option<Time>,
    /// Since when, and why, if it has begun.
    pub away: Option<(Time, Why)>,
    /// When an operator was seen last.
    pub seen: Option<Time>,
    /// Open cases.
    pub open: u64,
    /// Orders whose subjects would be held at once, if the operator chose that.
    pub orders: usize,
}

impl Site {
    /// Since when nobody is at home, and why, as this node knows it.
    #[must_use]
    pub fn nobody_at_home(&self) -> Option<(Time, Why)> {
        self.watch().home.read().unwrap_or_else(PoisonError::into_inner).as_ref().and_then(|home| home.away)
    }

    /// An operator does something in the console. They bring the site back, if it had fallen back because nobody saw them.
    pub async fn operator_seen(&self) -> Result<(), Error> {
        let now = self.clock.now();
        let last = Time(self.watch().seen_ms.load(Ordering::Relaxed));
        let unseen = matches!(self.nobody_at_home(), Some((_, Why::Unseen)));
        if !unseen && (0..SEEN_MS).contains(&now.since_ms(last)) {
            return Ok(());
        }
        let mut tx = self.store.db.begin_light().await?;
        store::watch::seen(&mut tx, now).await?;
        tx.commit().await?;
        self.watch().seen_ms.store(now.0, Ordering::Relaxed);
        if unseen {
            self.look(now).await?;
        }
        self.follow_home().await
    }

    /// Somebody says that they are at home, and has the site come back whatever it fell back for. `by`: an operator; `None`: the command line. `false`
    /// if they are no operator.
    pub async fn come_home(&self, by: Option<&ModeratorId>) -> Result<bool, Error> {
        let now = self.clock.now();
        let open = store::watch::clocks(&self.store.db, now).await?.open();
        let mut tx = self.store.db.begin().await?;
        if !may(&mut tx, by).await? {
            return Ok(false);
        }
        store::watch::seen(&mut tx, now).await?;
        if let Some(home) = store::watch::look_home(&mut tx).await? {
            let waived = Home { waived: self.away.rules.queue_over > 0, ..home };
            self.write_home(&mut tx, home, self.away.rules.now(waived, open, now), by, now).await?;
        }
        tx.commit().await?;
        self.follow_home().await?;
        Ok(true)
    }

    /// Falls back, or comes back, by what is so now; whether nobody is at home.
    pub(crate) async fn judge_home(&self, tx: &mut Tx, open: u64, now: Time) -> Result<bool, Error> {
        let Some(home) = store::watch::look_home(tx).await? else { return Ok(false) };
        let next = self.away.rules.now(home, open, now);
        self.write_home(tx, home, next, None, now).await?;
        Ok(next.away.is_some())
    }

    async fn write_home(&self, tx: &mut Tx, before: Home, next: Home, by: Option<&ModeratorId>, now: Time) -> Result<(), Error> {
        if before == next {
            return Ok(());
        }
        store::watch::set_home(tx, &next, now).await?;
        match (before.away, next.away) {
            (None, Some((_, why))) => {
                tracing::warn!(why = why.as_str(), "nobody is at home: the site falls back to what its operator chose");
                for lever in &self.away.levers {
                    let pulled = Pulled { lever: *lever, source: Source::NobodyAtHome, since: now, until: None };
                    store::levers::set(tx, &pulled, None).await?;
                }
                self.note(tx, None, Act::FellBack, why.as_str(), &serde_json::json!({ "levers": self.away.levers })).await
            }
            (Some((since, why)), None) => {
                tracing::info!(why = why.as_str(), "the site is itself again");
                // Whatever was pulled: the configuration may have changed meanwhile. What a person pulled stays.
                for lever in Lever::ALL {
                    store::levers::clear(tx, *lever, Source::NobodyAtHome).await?;
                }
                let detail = serde_json::json!({ "after_ms": now.since_ms(since) });
                self.note(tx, by, Act::CameBack, why.as_str(), &detail).await
            }
            _ => Ok(()),
        }
    }

    /// Holds what orders are about, where the operator chose that and nobody is there to decide.
    pub(crate) async fn hold_orders(&self) -> Result<(), Error> {
        if !self.away.hold_orders {
            return Ok(());
        }
        for id in store::watch::to_hold(&self.store.db, ORDERS).await? {
            let mut tx = self.store.db.begin().await?;
            // Before the post, as whoever holds a case by hand.
            store::banks::hold_alone(&mut tx).await?;
            let Some(case) = store::cases::look(&mut tx, &id).await? else { continue };
            // Its poster may have taken it away, and somebody decided, in between.
            let stands = store::matches::stands(&mut tx, &case.subject).await?;
            if stands && store::cases::look(&mut tx, &id).await?.is_some_and(|case| case.state == CaseState::Open) {
                self.hold_for_nobody(&mut tx, &id, &case.subject).await?;
                tx.commit().await?;
            }
        }
        Ok(())
    }

    /// Keeps in memory whether anybody is at home.
    pub(crate) async fn follow_home(&self) -> Result<(), Error> {
        let home = store::watch::home(&self.store.db).await?;
        let changed = {
            let known = self.watch().home.read().unwrap_or_else(PoisonError::into_inner);
            known.and_then(|home| home.away).is_some() != home.and_then(|home| home.away).is_some()
        };
        if changed {
            self.follow_levers().await;
        }
        *self.watch().home.write().unwrap_or_else(PoisonError::into_inner) = home;
        Ok(())
    }

    /// What would happen now, without doing it.
    pub async fn rehearse(&self) -> Result<Rehearsal, Error> {
        let (db, now) = (&self.store.db, self.clock.now());
        let open = store::watch::clocks(db, now).await?.open();
        let home = store::watch::home(db).await?;
        let orders = if self.away.hold_orders { store::watch::to_hold(db, i64::MAX).await?.len() } else { 0 };
        Ok(Rehearsal {
            begins: self.away.rules.begins(home.unwrap_or(Home { seen: now, away: None, waived: false }), open, now),
            away: home.and_then(|home| home.away),
            seen: home.map(|home| home.seen),
            open,
            orders,
        })
    }
}
