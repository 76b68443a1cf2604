//! Alarms: the operator is told what they chose to be told, once for each time that it happens, by mail and by a webhook.
//!
//! A row is written for each alarm in the change that finds it; what was not told yet is put together and told as one. In quiet hours only what binds
//! is told, and the rest waits for their end. Nothing that is told shows content: numbers, closed words and a link to the console.

pub mod webhook;

use std::collections::HashMap;

use domain::time::DAY_MS;
use domain::watch::{Condition, Sight};
use domain::{AlarmKind, AlarmRules, ItemId, MailKind, MailState, ModeratorId, QuietHours, TellingId, Time};
use jiff::tz::{Offset, TimeZone};
use store::alarms::Hook;
use store::mails::MailRow;
use store::{AlarmRow, Tx};

use crate::moderators::may;
use crate::{Error, Job, Letter, Site};
use webhook::Webhook;

/// What of one kind is told at a time: an order for a thousand posts is a thousand cases.
const MOST: i64 = 1_000;
/// How long it is known what was told.
const KEPT_MS: i64 = 90 * DAY_MS;

/// Makes words of what an operator is told: one line for each alarm, in order, as a letter and by itself.
pub type AlarmWriter = fn(&Alarms, &[AlarmRow], &HashMap<ItemId, String>, Time) -> (Letter, Vec<Line>);

/// What is told of one alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// In words.
    pub words: String,
    /// Where to look, on the console.
    pub link: String,
}

/// How it stands with one way of telling something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tested {
    /// A mail address, or a host.
    pub to: String,
    /// It arrived, or never will; `None`: it waits.
    pub arrived: Option<bool>,
    /// How often it was tried.
    pub tries: i64,
    /// What was answered: codes, or a word for what happened.
    pub answer: Option<String>,
}

/// Of what an operator is told, where, when and how.
#[derive(Clone, Default)]
pub struct Alarms {
    /// Of what.
    pub rules: AlarmRules,
    /// When they sleep.
    pub quiet: Option<Quiet>,
    /// Mail addresses.
    pub mail: Vec<String>,
    /// A program of theirs.
    pub webhook: Option<Webhook>,
    /// In which language.
    pub language: String,
    /// What links begin with.
    pub origin: String,
    /// How the site calls itself.
    pub name: String,
    /// Who writes; `None`: nobody, and nothing is told.
    pub write: Option<AlarmWriter>,
}

impl Alarms {
    /// Whether anybody is told.
    #[must_use]
    pub fn reach_somebody(&self) -> bool {
        self.write.is_some() && (!self.mail.is_empty() || self.webhook.is_some())
    }

    fn is_quiet(&self, now: Time) -> bool {
        self.quiet.as_ref().is_some_and(|quiet| quiet.hold(now))
    }
}

/// Quiet hours by somebody's own clock.
#[derive(Clone, Debug)]
pub struct Quiet {
    hours: QuietHours,
    zone: TimeZone,
    named: String,
}

/// What cannot be quiet hours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuietError {
    /// No two different times of day.
    #[error("{0:?} and {1:?} are no two times of day such as \"22:30\" and \"07:00\"")]
    Times(String, String),
    /// No time zone that this machine knows.
    #[error("{0:?} is no time zone that this machine knows (such as \"Europe/Warsaw\") and no offset such as \"+02:00\"")]
    Zone(String),
}

impl Quiet {
    /// Reads `22:30`, `07:00` and `Europe/Warsaw` or `+02:00`; an empty zone is UTC.
    ///
    /// # Errors
    /// It says which of them is none.
    pub fn parse(from: &str, to: &str, zone: &str) -> Result<Self, QuietError> {
        let hours = QuietHours::parse(from, to).ok_or_else(|| QuietError::Times(from.to_owned(), to.to_owned()))?;
        let named = if zone.trim().is_empty() { "UTC" } else { zone.trim() };
        let zone = fixed(named).or_else(|| TimeZone::get(named).ok()).ok_or_else(|| QuietError::Zone(zone.to_owned()))?;
        Ok(Self { hours, zone, named: named.to_owned() })
    }

    /// Whether this time is among them.
    #[must_use]
    pub fn hold(&self, now: Time) -> bool {
        jiff::Timestamp::from_millisecond(now.0).is_ok_and(|now| {
            let time = now.to_zoned(self.zone.clone()).time();
            // Neither is ever negative.
            self.hours.hold(u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs()))
        })
    }

    /// `22:30`, `07:00`, and by which clock.
    #[must_use]
    pub fn shown(&self) -> ([String; 2], &str) {
        (self.hours.shown(), &self.named)
    }
}

/// `UTC`, `+02:00`, `-03:30`.
fn fixed(text: &str) -> Option<TimeZone> {
    if text.eq_ignore_ascii_case("utc") {
        return Some(TimeZone::UTC);
    }
    let (sign, rest) = text.strip_prefix('+').map(|rest| (1, rest)).or_else(|| text.strip_prefix('-').map(|rest| (-1, rest)))?;
    let (hours, minutes) = rest.split_once(':')?;
    let number = |text: &str, most: i32| {
        let plain = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i32>().ok().filter(|number| plain && *number <= most)
    };
    let seconds = sign * (number(hours, 14)? * 3_600 + number(minutes, 59)? * 60);
    Offset::from_seconds(seconds).ok().map(TimeZone::fixed)
}

impl Site {
    /// How the site is, as far as anybody is woken for it; whether anybody is at home is said beside it.
    pub(crate) async fn sight(&self, open: u64, now: Time) -> Result<Sight, Error> {
        let (db, rules) = (&self.store.db, &self.alarms.rules);
        let orders = if rules.orders { store::watch::half_gone(db, now, MOST).await? } else { Vec::new() };
        let least = i64::try_from(rules.wave_matches.div_ceil(2)).unwrap_or(i64::MAX);
        let since = now.plus_ms(-rules.wave_ms);
        let (waves, alike) = if rules.wave_matches == 0 {
            Default::default()
        } else {
            (store::watch::lately(db, since, least, MOST).await?, self.posted_alike(since, least).await?)
        };
        Ok(Sight {
            orders: orders.iter().map(|case| case.to_string()).collect(),
            open,
            waves: waves.into_iter().map(|wave| (wave.item.to_string(), wave.matches)).collect(),
            alike,
            dead: store::watch::dead_kinds(db).await?,
            free_bytes: self.store.blobs.free_bytes(),
            away: false,
        })
    }

    /// Raises what has begun, ends what is over, and sends on its way what is to be told now.
    pub(crate) async fn raise_alarms(&self, tx: &mut Tx, sight: &Sight, now: Time) -> Result<(), Error> {
        let rules = &self.alarms.rules;
        let standing = store::alarms::standing(tx).await?;
        for row in &standing {
            if !rules.lasts(row.what.kind, &row.what.subject, sight) {
                store::alarms::end(tx, &row.id, now).await?;
            }
        }
        for what in rules.begun(sight) {
            if !standing.iter().any(|row| row.what.kind == what.kind && row.what.subject == what.subject) {
                tracing::warn!(kind = what.kind.as_str(), number = what.number, "an alarm");
                self.raise(tx, what, None, now).await?;
            }
        }
        self.tell_alarms(tx, now).await?;
        Ok(())
    }

    async fn raise(&self, tx: &mut Tx, what: Condition, ended: Option<Time>, now: Time) -> Result<(), Error> {
        let row = AlarmRow { id: self.chance.alarm_id(), what, raised: now, ended, telling: None };
        store::alarms::raise(tx, &row).await?;
        Ok(())
    }

    /// Sends what was not told yet on its way: all of it, or in quiet hours what binds.
    async fn tell_alarms(&self, tx: &mut Tx, now: Time) -> Result<Option<TellingId>, Error> {
        let alarms = &self.alarms;
        let id = self.chance.telling_id();
        let hook = if alarms.webhook.is_some() && alarms.write.is_some() { Hook::Waiting } else { Hook::None };
        if !store::alarms::tell(tx, &id, alarms.is_quiet(now), hook, now).await? {
            return Ok(None);
        }
        if hook == Hook::Waiting {
            self.enqueue(tx, &Job::CallWebhook { telling_id: id.clone() }).await?;
        }
        if self.sends_mail() && alarms.write.is_some() {
            for (number, address) in alarms.mail.iter().enumerate() {
                let row = self.mail_row(MailKind::Alarm, &format!("{id}.{number}"), address, Some(&alarms.language));
                self.note_mail(tx, &row).await?;
            }
        }
        Ok(Some(id))
    }

    /// Has the operator told that nothing is the matter, by every way that they are told on. `None` if who asks is no operator.
    pub async fn test_alarm(&self, by: Option<&ModeratorId>) -> Result<Option<TellingId>, Error> {
        let now = self.clock.now();
        let mut tx = self.store.db.begin().await?;
        if !may(&mut tx, by).await? {
            return Ok(None);
        }
        self.raise(&mut tx, Condition { kind: AlarmKind::Test, subject: String::new(), number: 1 }, Some(now), now).await?;
        let id = self.tell_alarms(&mut tx, now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// How it stands with what was told at one time, by each way.
    pub async fn tested(&self, id: &TellingId) -> Result<Vec<Tested>, Error> {
        let db = &self.store.db;
        let Some((row, _)) = store::alarms::telling(db, id).await? else { return Ok(Vec::new()) };
        let mut ways = Vec::new();
        for mail in store::mails::of_subjects(db, MailKind::Alarm, &format!("{id}.")).await? {
            let arrived = match mail.state {
                MailState::Waiting => None,
                state => Some(state == MailState::Sent),
            };
            ways.push(Tested { to: mail.recipient.unwrap_or_default(), arrived, tries: mail.tries, answer: mail.answer });
        }
        let arrived = match row.hook {
            Hook::None => return Ok(ways),
            Hook::Waiting => None,
            hook => Some(hook == Hook::Sent),
        };
        let to = self.alarms.webhook.as_ref().map(Webhook::shown).unwrap_or_default();
        ways.push(Tested { to, arrived, tries: row.tries, answer: row.answer });
        Ok(ways)
    }

    /// The words of what is told at one time; `None`: there is none, or nobody who writes.
    async fn told(&self, id: &TellingId) -> Result<Option<(Letter, Vec<(AlarmRow, Line)>)>, Error> {
        let (Some(write), Some((_, rows))) = (self.alarms.write, store::alarms::telling(&self.store.db, id).await?) else {
            return Ok(None);
        };
        let banks = self.banks_of_waves(&rows).await?;
        let (letter, lines) = write(&self.alarms, &rows, &banks, self.clock.now());
        Ok((!rows.is_empty()).then(|| (letter, rows.into_iter().zip(lines).collect())))
    }

    /// The name of the bank that each wave's item is in.
    pub async fn banks_of_waves(&self, rows: &[AlarmRow]) -> Result<HashMap<ItemId, String>, Error> {
        let mut named = HashMap::new();
        for item in rows.iter().filter(|row| row.what.kind == AlarmKind::Wave).filter_map(|row| ItemId::parse(&row.what.subject)) {
            if let Some(name) = store::watch::bank_of_item(&self.store.db, &item).await? {
                named.insert(item, name);
            }
        }
        Ok(named)
    }

    /// The letter that a mail of an alarm is.
    pub async fn alarm_letter(&self, row: &MailRow) -> Result<Option<Letter>, Error> {
        match row.subject.split('.').next().and_then(TellingId::parse) {
            Some(id) => Ok(self.told(&id).await?.map(|(letter, _)| letter)),
            None => Ok(None),
        }
    }

    /// Calls the operator's webhook, or says when it is called again.
    pub(crate) async fn call_webhook(&self, id: &TellingId) -> Result<(), Error> {
        let Some((row, _)) = store::alarms::telling(&self.store.db, id).await?.filter(|(row, _)| row.hook == Hook::Waiting) else {
            return Ok(());
        };
        let (Some(webhook), Some((_, lines))) = (&self.alarms.webhook, self.told(id).await?) else {
            return self.end_call(id, Hook::GivenUp, Some("none")).await;
        };
        let now = self.clock.now();
        match webhook.call(id, &webhook::body(&self.alarms, id, &lines, now), now).await {
            Ok(status) => self.end_call(id, Hook::Sent, Some(&status.to_string())).await,
            Err(answer) => {
                let Some(pause_ms) = webhook::pause_ms(row.tries.saturating_add(1)) else {
                    tracing::warn!(answer, "a webhook was given up");
                    return self.end_call(id, Hook::GivenUp, Some(&answer)).await;
                };
                tracing::info!(answer, "a webhook is called again later");
                let mut tx = self.store.db.begin().await?;
                store::alarms::hook(&mut tx, id, Hook::Waiting, Some(&answer), now).await?;
                self.enqueue_at(&mut tx, &Job::CallWebhook { telling_id: id.clone() }, now.plus_ms(pause_ms)).await?;
                Ok(tx.commit().await?)
            }
        }
    }

    async fn end_call(&self, id: &TellingId, hook: Hook, answer: Option<&str>) -> Result<(), Error> {
        let mut tx = self.store.db.begin().await?;
        store::alarms::hook(&mut tx, id, hook, answer, self.clock.now()).await?;
        Ok(tx.commit().await?)
    }

    /// Forgets what was told long ago.
    pub(crate) async fn forget_alarms(&self, tx: &mut Tx, now: Time) -> Result<(), Error> {
        Ok(store::alarms::forget(tx, now.plus_ms(-KEPT_MS)).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A time in UTC, as `2026-03-29T00:59:00Z`.
    fn at(text: &str) -> Time {
        Time(text.parse::<jiff::Timestamp>().expect("it reads").as_millisecond())
    }

    #[test]
    fn quiet_hours_follow_the_clock_on_the_wall_on_the_nights_on_which_clocks_change() {
        let quiet = Quiet::parse("22:00", "02:30", "Europe/Warsaw").expect("the zone is known");
        // 29 March 2026: 02:00 is 03:00 at once. The end never comes, and has passed all the same.
        assert!(quiet.hold(at("2026-03-28T21:00:00Z")) && quiet.hold(at("2026-03-29T00:59:00Z")));
        assert!(!quiet.hold(at("2026-03-29T01:00:00Z")));
        // 25 October 2026: 02:30 comes twice. The half hour before its second time is quiet again.
        assert!(quiet.hold(at("2026-10-25T00:29:00Z")) && !quiet.hold(at("2026-10-25T00:30:00Z")));
        assert!(quiet.hold(at("2026-10-25T01:29:00Z")) && !quiet.hold(at("2026-10-25T01:30:00Z")));
    }

    #[test]
    fn a_fixed_offset_needs_no_zone_and_nonsense_is_told_apart() {
        let quiet = Quiet::parse("22:00", "07:00", "+02:00").expect("it reads");
        assert!(
            quiet.hold(at("2026-07-01T20:00:00Z")) && !quiet.hold(at("2026-07-01T19:59:00Z")) && !quiet.hold(at("2026-07-02T05:00:00Z"))
        );
        assert!(Quiet::parse("22:00", "07:00", "").expect("it reads").hold(at("2026-07-01T22:00:00Z")));
        assert_eq!(Quiet::parse("22:00", "07:00", "-03:30").expect("it reads").shown().1, "-03:30");
        for zone in ["Europe/Nowhere", "+2", "+02:60", "+15:00", "22:00", "../etc/passwd"] {
            assert!(matches!(Quiet::parse("22:00", "07:00", zone), Err(QuietError::Zone(_))), "{zone}");
        }
        assert!(matches!(Quiet::parse("22", "07:00", ""), Err(QuietError::Times(..))));
    }
}
