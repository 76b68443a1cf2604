//! The site's state on one page, and whoever looks after it while nobody does: one node at a time, every few seconds.
//!
//! Looking is a row's turn and no job: jobs that pile up, or fail, are what is looked for. What is found is written down in one transaction with the
//! alarms that it raises and with the levers that it pulls.

use std::sync::RwLock;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::bank::Precision;
use domain::time::{DAY_MS, SECOND_MS};
use domain::watch::Sight;
use domain::{Act, BankKind, Home, ModeratorId, OnMatch, Time};
use store::watch::{Clocks, DeadJob, MailCounts, SourceLately};
use store::{AlarmRow, TellingRow};

use crate::hours::Flow;
use crate::moderators::may;
use crate::{Busy, Error, Site};

/// How often somebody looks.
pub(crate) const TURN_MS: i64 = 5 * SECOND_MS;
/// Dead jobs, sources, prefixes and alarms that are shown.
const DEAD: i64 = 20;
const SOURCES: i64 = 10;
const BUSY: usize = 8;
const ALARMS: i64 = 10;

/// What this node knows of whoever looks after the site.
#[derive(Default)]
pub(crate) struct Watch {
    /// Nobody has looked yet: `None`.
    pub(crate) home: RwLock<Option<Home>>,
    /// When this node wrote down last that an operator was seen.
    pub(crate) seen_ms: AtomicI64,
    /// When it asked last for the turn to look.
    tried_ms: AtomicI64,
}

/// A bank on the page of the site's state.
#[derive(Clone, Debug)]
pub struct BankNow {
    /// Its name.
    pub name: String,
    /// What it does; what it did until it was distrusted.
    pub kind: BankKind,
    /// The same.
    pub on_match: OnMatch,
    /// It only counts, because it was often wrong.
    pub distrusted: bool,
    /// Matches in the last day.
    pub day: i64,
    /// What of it is held and waits for somebody.
    pub held: i64,
    /// How often it was right, as far as anybody looked.
    pub precision: Precision,
}

/// A source of matches.
#[derive(Clone, Debug)]
pub struct SourceNow {
    /// The bank that it is in.
    pub bank: String,
    /// It.
    pub source: SourceLately,
}

/// How a site is.
#[derive(Debug)]
pub struct State {
    /// When it was so.
    pub at: Time,
    /// The queue.
    pub clocks: Clocks,
    /// What came, hour by hour.
    pub flows: Vec<Flow>,
    /// Banks, those with the most matches first.
    pub banks: Vec<BankNow>,
    /// What of them matched most in the last day.
    pub sources: Vec<SourceNow>,
    /// Prefixes that use most of what they may have, on this node.
    pub busy: Vec<Busy>,
    /// So much is asked for beyond anybody's share that newcomers stand in line.
    pub storm: bool,
    /// Jobs that failed for good.
    pub dead: Vec<DeadJob>,
    /// What banks know that only counts until somebody has had a second look.
    pub second_looks: i64,
    /// Mail, and what became of it in the last day.
    pub mails: MailCounts,
    /// Alarms that stand, but those of orders: of these the queue tells.
    pub standing: Vec<AlarmRow>,
    /// The newest alarms, over or not.
    pub alarms: Vec<AlarmRow>,
    /// What was told last.
    pub telling: Option<TellingRow>,
    /// Whoever looks after it.
    pub home: Option<Home>,
}

impl Site {
    /// How the site is now.
    pub async fn state(&self) -> Result<State, Error> {
        let (db, now) = (&self.store.db, self.clock.now());
        let day = now.plus_ms(-DAY_MS);
        let (banks, judged, held) =
            (store::banks::list(db).await?, store::judgements::of_banks(db).await?, store::matches::holding_of_banks(db).await?);
        let (found, sources) = (store::watch::of_banks(db, day).await?, store::watch::sources(db, day, SOURCES).await?);
        let sources = sources.into_iter().map(|source| {
            let bank = banks.iter().find(|bank| bank.id == source.bank).map(|bank| bank.name.to_string()).unwrap_or_default();
            SourceNow { bank, source }
        });
        let sources = sources.collect();
        let mut banks: Vec<BankNow> = banks
            .into_iter()
            .map(|bank| BankNow {
                name: bank.name.to_string(),
                kind: bank.kind,
                on_match: bank.on_match,
                distrusted: bank.distrusted.is_some(),
                day: found.iter().find(|(id, _)| *id == bank.id).map_or(0, |(_, matches)| *matches),
                held: held.iter().find(|(id, _)| *id == bank.id).map_or(0, |(_, held)| *held),
                precision: judged.iter().find(|(id, _)| *id == bank.id).map(|(_, precision)| *precision).unwrap_or_default(),
            })
            .collect();
        banks.sort_by(|one, other| (other.day, other.held, &one.name).cmp(&(one.day, one.held, &other.name)));
        Ok(State {
            at: now,
            clocks: store::watch::clocks(db, now).await?,
            flows: self.flows().await?,
            banks,
            sources,
            busy: self.busiest(BUSY),
            storm: self.is_storm(),
            dead: store::watch::dead(db, DEAD).await?,
            second_looks: store::banks::count_waiting(db).await?,
            mails: store::watch::mails(db, day).await?,
            standing: store::alarms::standing_now(db, ALARMS).await?,
            alarms: store::alarms::newest(db, ALARMS).await?,
            telling: store::alarms::newest_telling(db).await?,
            home: store::watch::home(db).await?,
        })
    }

    /// Has a job that had failed for good tried again; `false` if it is none, or who asks is no operator.
    pub async fn retry_job(&self, by: Option<&ModeratorId>, id: &str) -> Result<bool, Error> {
        let mut tx = self.store.db.begin().await?;
        if !may(&mut tx, by).await? || !store::watch::revive(&mut tx, id, self.clock.now()).await? {
            return Ok(false);
        }
        self.note(&mut tx, by, Act::JobRetried, id, &serde_json::json!({})).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Looks after the site, if no other node did in the last seconds: alarms are raised and told, and where nobody is at home the site falls back, or
    /// comes back. Whoever serves calls this every second.
    pub async fn look_after(&self) -> Result<(), Error> {
        self.keep_hours().await?;
        let now = self.clock.now();
        let tried = Time(self.watch().tried_ms.load(Ordering::Relaxed));
        if !(0..TURN_MS).contains(&now.since_ms(tried)) {
            self.watch().tried_ms.store(now.0, Ordering::Relaxed);
            let mut tx = self.store.db.begin_light().await?;
            let turn = store::watch::take_turn(&mut tx, now, TURN_MS).await?;
            tx.commit().await?;
            if turn {
                self.look(now).await?;
            }
        }
        self.follow_home().await
    }

    /// Looks now, whoever's turn it is.
    pub(crate) async fn look(&self, now: Time) -> Result<(), Error> {
        let open = store::watch::clocks(&self.store.db, now).await?.open();
        let seen = self.sight(open, now).await?;
        let mut tx = self.store.db.begin().await?;
        let away = self.judge_home(&mut tx, open, now).await?;
        self.raise_alarms(&mut tx, &Sight { away, ..seen }, now).await?;
        tx.commit().await?;
        if away {
            self.hold_orders().await?;
        }
        Ok(())
    }
}
