//! Retentions: why, and until when, what a decision took away has to be kept.
//!
//! Each is a row of its own: one for each ground and each request. To keep something for longer is another retention, never a change of one, so
//! that it stays on record who asked for what, and when.

use serde::{Deserialize, Serialize};

use crate::decision::KEEP_MS;
use crate::media::names;
use crate::notice::NoticeKind;
use crate::text::clean_line;
use crate::time::{DAY_MS, Time};

/// Why something is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetentionGround {
    /// Its poster may complain, and get it back.
    Appeal,
    /// Regulation (EU) 2021/784, Article 6: what a removal order took away is kept for six months, or longer on request, for a review of the
    /// order and for those who investigate.
    Tco,
    /// An authority asked for it to be kept.
    Preservation,
    /// Another law wants it.
    Law,
}
names!(RetentionGround { Appeal = "appeal", Tco = "tco", Preservation = "preservation", Law = "law" });

impl RetentionGround {
    /// Whether what is kept for it must be able to come back: then the quarantine is kept, and not only the sealed evidence, which nobody can
    /// open here.
    #[must_use]
    pub fn may_come_back(self) -> bool {
        matches!(self, Self::Appeal | Self::Tco)
    }
}

/// A retention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Why.
    pub ground: RetentionGround,
    /// Whose request it is, or which law wants it, in their own words.
    pub reference: String,
    /// Until when.
    pub until: Time,
}

/// Between the two times at which it is found that nothing needs something any more: only at the second it is destroyed. A clock that was set
/// far ahead, and is set right within a day, has destroyed nothing.
pub const SURE_MS: i64 = DAY_MS;

/// The longest that somebody may ask for at a time: ten years.
pub const LONGEST_MS: i64 = 3_653 * DAY_MS;
/// The longest reference, in bytes.
const REFERENCE_BYTES: usize = 500;

/// A retention that somebody asks for.
#[derive(Clone, Debug, Default)]
pub struct RawRetention {
    /// Why: `tco`, `preservation` or `law`.
    pub ground: Option<String>,
    /// Whose request, or which law.
    pub reference: Option<String>,
    /// The last day, such as `2027-05-31`.
    pub until: Option<String>,
}

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RetentionError {
    /// No ground that somebody may give.
    #[error("say why it is kept: tco, preservation or law")]
    Ground,
    /// Nobody could tell later who asked for it.
    #[error("say whose request it is and its number, or which law wants it, in 500 bytes at most")]
    Reference,
    /// No day, one that is over, or one in more than ten years.
    #[error("say the last day on which it is kept, such as 2027-05-31: one to come, within ten years")]
    Until,
}

impl RawRetention {
    /// Checks what somebody asks for at `now`.
    pub fn check(self, now: Time) -> Result<Retention, RetentionError> {
        let ground = self.ground.as_deref().and_then(RetentionGround::parse).filter(|ground| *ground != RetentionGround::Appeal);
        let ground = ground.ok_or(RetentionError::Ground)?;
        let reference = clean_line(&self.reference.unwrap_or_default());
        if reference.is_empty() || reference.len() > REFERENCE_BYTES {
            return Err(RetentionError::Reference);
        }
        let until = self.until.as_deref().and_then(end_of_day).ok_or(RetentionError::Until)?;
        if until <= now || until.since_ms(now) > LONGEST_MS {
            return Err(RetentionError::Until);
        }
        Ok(Retention { ground, reference, until })
    }
}

/// The end of a day, UTC, as `2027-05-31` names it.
#[must_use]
pub fn end_of_day(text: &str) -> Option<Time> {
    let bytes = text.trim().as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let number = |from: usize, to: usize| {
        bytes[from..to].iter().try_fold(0_i64, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))
    };
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => return None,
    };
    if year < 1970 || !(1..=longest).contains(&day) {
        return None;
    }
    // Days since 1970-01-01: years begin in March, so that the day that may be missing comes last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468;
    Some(Time((days + 1) * DAY_MS - 1))
}

/// A request that something of a decision follows from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Of what kind.
    pub kind: NoticeKind,
    /// Whose it is, and by what name they know it.
    pub reference: String,
    /// When it came.
    pub received: Time,
    /// Until when, as it states itself.
    pub until: Option<Time>,
}

impl Asked {
    /// What has to be kept because of it, when something is taken away at `taken`; `None`: nothing, or no longer.
    #[must_use]
    pub fn retention(&self, taken: Time) -> Option<Retention> {
        let (ground, until) = match self.kind {
            NoticeKind::TcoRemovalOrder => (RetentionGround::Tco, taken.plus_ms(KEEP_MS)),
            // Where it does not say how long, as long as an order would have it kept.
            NoticeKind::PreservationRequest => {
                let until = self.until.unwrap_or(self.received.plus_ms(KEEP_MS)).min(self.received.plus_ms(LONGEST_MS));
                (RetentionGround::Preservation, until)
            }
            _ => return None,
        };
        (until > taken).then(|| Retention { ground, reference: self.reference.clone(), until })
    }
}

/// How long what a decision of `created` took away is kept by itself: for who may complain until `keep_until`, and for those who asked.
#[must_use]
pub fn of_decision(created: Time, keep_until: Time, asked: &[Asked]) -> Vec<Retention> {
    let reference = "Regulation (EU) 2022/2065, Article 20(1)".to_owned();
    let appeal = Retention { ground: RetentionGround::Appeal, reference, until: keep_until };
    let mut all = vec![appeal];
    for retention in asked.iter().filter_map(|one| one.retention(created)) {
        // One order for many links of one campaign is one reason.
        if !all.contains(&retention) {
            all.push(retention);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time(1_795_000_000_000);

    #[test]
    fn a_day_ends_at_its_last_millisecond_and_what_is_no_day_has_no_end() {
        for (text, days) in
            [("1970-01-01", 1), ("2000-02-29", 11_017), ("2026-11-26", 20_784), ("2100-03-01", 47_542), ("1972-12-31", 1_096)]
        {
            assert_eq!(end_of_day(text), Some(Time(days * DAY_MS - 1)), "{text}");
        }
        for bad in [
            "",
            "2026-11-31",
            "2026-02-29",
            "2100-02-29",
            "2026-13-01",
            "2026-00-10",
            "26-11-2026",
            "2026/11/26",
            "2026-1-1",
            "٢٠٢٦-11-2",
            "1969-12-31",
            "2026-11-2x",
        ] {
            assert_eq!(end_of_day(bad), None, "{bad}");
        }
    }

    #[test]
    fn whoever_asks_for_something_to_be_kept_says_why_for_whom_and_until_when() {
        let raw =
            RawRetention { ground: Some("preservation".into()), reference: Some(" KWP  12/26 ".into()), until: Some("2027-05-31".into()) };
        let kept = raw.clone().check(NOW).expect("it is whole");
        assert_eq!((kept.ground, kept.reference.as_str()), (RetentionGround::Preservation, "KWP 12/26"));
        let with = |change: fn(&mut RawRetention)| {
            let mut raw = raw.clone();
            change(&mut raw);
            raw.check(NOW).expect_err("it is not whole")
        };
        assert_eq!(with(|raw| raw.ground = None), RetentionError::Ground);
        assert_eq!(with(|raw| raw.ground = Some("appeal".into())), RetentionError::Ground, "that follows by itself");
        assert_eq!(with(|raw| raw.reference = Some(" \u{202e} ".into())), RetentionError::Reference);
        assert_eq!(with(|raw| raw.reference = Some("k".repeat(501))), RetentionError::Reference);
        for until in ["", "2026-11-01", "2037-01-01", "tomorrow"] {
            assert_eq!(RawRetention { until: Some(until.into()), ..raw.clone() }.check(NOW), Err(RetentionError::Until), "{until}");
        }
    }

    #[test]
    fn an_order_and_a_request_to_keep_are_grounds_of_their_own_beside_the_appeal() {
        let one = |kind, reference: &str, until| Asked { kind, reference: reference.to_owned(), received: NOW, until };
        let asked = [
            one(NoticeKind::Notice, "a", None),
            one(NoticeKind::TcoRemovalOrder, "b", None),
            one(NoticeKind::TcoRemovalOrder, "b", None),
            one(NoticeKind::PreservationRequest, "c", Some(NOW.plus_ms(9))),
            one(NoticeKind::PreservationRequest, "d", None),
            one(NoticeKind::PreservationRequest, "e", Some(NOW)),
            one(NoticeKind::PreservationRequest, "f", Some(Time(i64::MAX))),
        ];
        let all = of_decision(NOW, NOW.plus_ms(7), &asked);
        let found: Vec<_> = all.iter().map(|one| (one.ground, one.reference.as_str(), one.until.since_ms(NOW))).collect();
        let (tco, kept) = (RetentionGround::Tco, RetentionGround::Preservation);
        let appeal = (RetentionGround::Appeal, "Regulation (EU) 2022/2065, Article 20(1)", 7);
        assert_eq!(found, [appeal, (tco, "b", KEEP_MS), (kept, "c", 9), (kept, "d", KEEP_MS), (kept, "f", LONGEST_MS)]);
        assert!(tco.may_come_back() && !kept.may_come_back());
    }
}
