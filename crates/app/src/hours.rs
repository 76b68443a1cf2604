//! How much comes in an hour. Numbers are all that is counted; they wait in memory for some seconds, so that an upload waits for nothing.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::time::{DAY_MS, HOUR_MS};
use domain::watch::{USUAL_DAYS, hour_of, usual};
use domain::{Counted, Time};

use crate::{Error, Site};

/// Hours that are shown.
const SHOWN: i64 = 24;
/// How long an hour is kept: twice as long as the usual is taken from.
const KEPT_MS: i64 = 2 * USUAL_DAYS * DAY_MS;

/// What came since it was last written down.
#[derive(Default)]
pub(crate) struct Hours(Mutex<HashMap<(i64, Counted), i64>>);

/// What came in one hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hour {
    /// Its beginning.
    pub begins: Time,
    /// How much.
    pub times: i64,
    /// How much is usual at this time of day; `None`: the site is too young to say.
    pub usual: Option<i64>,
}

/// What came in the last hours, the oldest first; the last one is not over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Of what.
    pub what: Counted,
    /// Hour by hour.
    pub hours: Vec<Hour>,
}

impl Site {
    /// So much came.
    pub(crate) fn came(&self, what: Counted, times: usize) {
        let times = i64::try_from(times).unwrap_or(i64::MAX);
        if times > 0 {
            let mut hours = self.hours().0.lock().unwrap_or_else(PoisonError::into_inner);
            *hours.entry((hour_of(self.clock.now()).0, what)).or_default() += times;
        }
    }

    /// Writes down what came since the last time. What cannot be written down now is kept for the next time.
    pub async fn keep_hours(&self) -> Result<(), Error> {
        let counts = std::mem::take(&mut *self.hours().0.lock().unwrap_or_else(PoisonError::into_inner));
        if counts.is_empty() {
            return Ok(());
        }
        let written = self.write_hours(&counts).await;
        if written.is_err() {
            let mut since = self.hours().0.lock().unwrap_or_else(PoisonError::into_inner);
            for (key, times) in counts {
                *since.entry(key).or_default() += times;
            }
        }
        written
    }

    async fn write_hours(&self, counts: &HashMap<(i64, Counted), i64>) -> Result<(), Error> {
        // In one order, so that two nodes never wait for each other.
        let mut counts: Vec<_> = counts.iter().map(|((hour, what), times)| (*hour, what.as_str(), *what, *times)).collect();
        counts.sort_unstable_by_key(|(hour, name, _, _)| (*hour, *name));
        let mut tx = self.store.db.begin_light().await?;
        for (hour, _, what, times) in counts {
            store::hours::add(&mut tx, Time(hour), what, times).await?;
        }
        Ok(tx.commit().await?)
    }

    /// What came in the last day, hour by hour, and what is usual.
    pub(crate) async fn flows(&self) -> Result<Vec<Flow>, Error> {
        let db = &self.store.db;
        let last = hour_of(self.clock.now());
        let first_shown = last.plus_ms(-(SHOWN - 1) * HOUR_MS);
        let rows = store::hours::since(db, first_shown.plus_ms(-USUAL_DAYS * DAY_MS)).await?;
        let known_since = store::hours::first(db).await?;
        let times: HashMap<(i64, Counted), i64> = rows.into_iter().map(|(hour, what, times)| ((hour.0, what), times)).collect();
        let at = |hour: Time, what| times.get(&(hour.0, what)).copied().unwrap_or_default();
        let hour = |begins: Time, what| {
            let before = (1..=USUAL_DAYS).map(|day| begins.plus_ms(-day * DAY_MS));
            // The first hour that is known was not counted from its beginning.
            let known: Vec<i64> = before.filter(|hour| known_since.is_some_and(|first| *hour > first)).map(|hour| at(hour, what)).collect();
            Hour { begins, times: at(begins, what), usual: usual(&known) }
        };
        let flow = |what| Flow { what, hours: (0..SHOWN).map(|place| hour(first_shown.plus_ms(place * HOUR_MS), what)).collect() };
        Ok([Counted::Upload, Counted::Report, Counted::Post].into_iter().map(flow).collect())
    }

    /// Forgets hours that nothing is reckoned from any more.
    pub(crate) async fn forget_hours(&self, tx: &mut store::Tx, now: Time) -> Result<(), Error> {
        Ok(store::hours::forget(tx, hour_of(now).plus_ms(-KEPT_MS)).await?)
    }
}
