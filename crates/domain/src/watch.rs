//! What an operator is woken for, when they want to sleep, and what is usual for an hour.
//!
//! An alarm is raised once, when its condition begins, and may be raised again only after that has ended. It begins at the limit that the operator
//! has set and ends a little below it, so that a number that goes up and down at the limit is one alarm and not a hundred.

use crate::media::names;
use crate::time::{HOUR_MS, MINUTE_MS, Time};

/// What the operator is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AlarmKind {
    /// Half of the time that an order gives has gone.
    Order,
    /// Many cases are open.
    Queue,
    /// Much came in a short time that is like one thing that a bank knows.
    Wave,
    /// Much came in a short time that is alike, and like nothing that a bank knows.
    Alike,
    /// Jobs failed for good.
    Job,
    /// The disk is nearly full.
    Disk,
    /// Nobody is at home, and the site fell back to what its operator chose.
    Away,
    /// Nothing is the matter: it was asked for.
    Test,
}
names!(AlarmKind { Order = "order", Queue = "queue", Wave = "wave", Alike = "alike", Job = "job", Disk = "disk", Away = "away", Test = "test" });

impl AlarmKind {
    /// Whether it is told in quiet hours too: what binds, and what somebody asks for who is awake.
    #[must_use]
    pub fn wakes(self) -> bool {
        matches!(self, Self::Order | Self::Test)
    }
}

/// Of what an operator wants to be told. 0 is never.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlarmRules {
    /// Half of the time that an order gives has gone.
    pub orders: bool,
    /// More open cases than this.
    pub queue_over: u64,
    /// As many matches of one thing that a bank knows, or as many posts that are alike and that no bank knows, or more, ...
    pub wave_matches: u64,
    /// ... within this long.
    pub wave_ms: i64,
    /// Jobs that failed for good.
    pub dead_jobs: bool,
    /// Less free than this on the disk of photos and videos.
    pub disk_free_bytes: u64,
}

impl Default for AlarmRules {
    fn default() -> Self {
        Self { orders: true, queue_over: 0, wave_matches: 20, wave_ms: 10 * MINUTE_MS, dead_jobs: true, disk_free_bytes: 4 << 30 }
    }
}

/// How a site is, as far as anybody is woken for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    /// Open cases of orders of whose time half has gone, by id.
    pub orders: Vec<String>,
    /// Open cases.
    pub open: u64,
    /// Things that banks know, by id, of which there were matches lately, and how many; at least half as many as are a wave.
    pub waves: Vec<(String, i64)>,
    /// What was posted lately again and again and no bank knows: the first of it, and in how many posts it is; at least half as many as are a wave.
    pub alike: Vec<(String, i64)>,
    /// Jobs that failed for good, by kind.
    pub dead: Vec<(String, i64)>,
    /// Free on the disk; `None`: there is none.
    pub free_bytes: Option<u64>,
    /// Nobody is at home.
    pub away: bool,
}

/// Something that the operator wants to be told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// What.
    pub kind: AlarmKind,
    /// Of what: an id or a closed word; empty: of the site.
    pub subject: String,
    /// How many, or how many bytes.
    pub number: i64,
}

impl AlarmRules {
    /// What there is to tell.
    #[must_use]
    pub fn begun(&self, sight: &Sight) -> Vec<Condition> {
        let of = |kind, subject: &str, number: i64| Condition { kind, subject: subject.to_owned(), number };
        let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let mut list = Vec::new();
        if self.orders {
            list.extend(sight.orders.iter().map(|case| of(AlarmKind::Order, case, 1)));
        }
        if self.queue_over > 0 && sight.open > self.queue_over {
            list.push(of(AlarmKind::Queue, "", whole(sight.open)));
        }
        if self.wave_matches > 0 {
            let is_wave = |(_, times): &&(String, i64)| *times >= whole(self.wave_matches);
            list.extend(sight.waves.iter().filter(is_wave).map(|(item, matches)| of(AlarmKind::Wave, item, *matches)));
            list.extend(sight.alike.iter().filter(is_wave).map(|(first, posts)| of(AlarmKind::Alike, first, *posts)));
        }
        if self.dead_jobs {
            list.extend(sight.dead.iter().map(|(kind, jobs)| of(AlarmKind::Job, kind, *jobs)));
        }
        if let Some(free) = sight.free_bytes.filter(|free| *free < self.disk_free_bytes) {
            list.push(of(AlarmKind::Disk, "", whole(free)));
        }
        if sight.away {
            list.push(of(AlarmKind::Away, "", 1));
        }
        list
    }

    /// Whether what was told once is still so, or nearly.
    #[must_use]
    pub fn lasts(&self, kind: AlarmKind, subject: &str, sight: &Sight) -> bool {
        match kind {
            AlarmKind::Order => sight.orders.iter().any(|case| case == subject),
            AlarmKind::Queue => sight.open > calm(self.queue_over),
            AlarmKind::Wave => sight.waves.iter().any(|(item, _)| item == subject),
            AlarmKind::Alike => sight.alike.iter().any(|(first, _)| first == subject),
            AlarmKind::Job => sight.dead.iter().any(|(kind, _)| kind == subject),
            // A tenth more than where it began.
            AlarmKind::Disk => sight.free_bytes.is_some_and(|free| free < self.disk_free_bytes.saturating_add(self.disk_free_bytes / 10)),
            AlarmKind::Away => sight.away,
            AlarmKind::Test => false,
        }
    }
}

/// Down to where a queue has to come before it is no longer too long: three quarters of where it became so.
#[must_use]
pub fn calm(queue_over: u64) -> u64 {
    queue_over.saturating_mul(3) / 4
}

/// From when on half of the time has gone that an order gives.
#[must_use]
pub fn half(received: Time, due: Time) -> Time {
    received.plus_ms(due.since_ms(received).max(0) / 2)
}

/// When the operator sleeps: a part of each day, in minutes after midnight by their own clock. It may go past midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuietHours {
    from: u16,
    to: u16,
}

impl QuietHours {
    /// Reads two times of day, such as `22:30` and `07:00`. `None` if one of them is none, or they are the same.
    #[must_use]
    pub fn parse(from: &str, to: &str) -> Option<Self> {
        let (from, to) = (minute_of_day(from)?, minute_of_day(to)?);
        (from != to).then_some(Self { from, to })
    }

    /// Whether a time of day, in minutes after midnight, is among them.
    ///
    /// By the clock on the wall: on the night on which clocks go back the hour that comes twice is quiet twice, or not at all; on the night on which
    /// they go forward, an end that never comes has passed with the next minute that does.
    #[must_use]
    pub fn hold(self, minute: u16) -> bool {
        if self.from < self.to { (self.from..self.to).contains(&minute) } else { minute >= self.from || minute < self.to }
    }

    /// The two times as they are written.
    #[must_use]
    pub fn shown(self) -> [String; 2] {
        [self.from, self.to].map(|minute| format!("{:02}:{:02}", minute / 60, minute % 60))
    }
}

fn minute_of_day(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let number = |text: &str, digits: std::ops::RangeInclusive<usize>, below: u16| {
        let plain = digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u16>().ok().filter(|number| plain && *number < below)
    };
    Some(number(hour, 1..=2, 24)? * 60 + number(minute, 2..=2, 60)?)
}

/// What is counted by the hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Counted {
    /// Posts.
    Post,
    /// Files of posts.
    Upload,
    /// Notices.
    Report,
}
names!(Counted { Post = "post", Upload = "upload", Report = "report" });

/// The beginning of the hour (UTC) that a time is in.
#[must_use]
pub fn hour_of(time: Time) -> Time {
    Time(time.0.div_euclid(HOUR_MS).saturating_mul(HOUR_MS))
}

/// Days that the usual is taken from.
pub const USUAL_DAYS: i64 = 7;

/// What is usual for an hour: the median of what the same hour had on other days. `None` with fewer than three of them: two days are no habit.
#[must_use]
pub fn usual(same_hours: &[i64]) -> Option<i64> {
    let mut counts = same_hours.to_vec();
    counts.sort_unstable();
    (counts.len() >= 3).then(|| {
        let middle = counts.len() / 2;
        // Of two in the middle, halfway between them.
        if counts.len() % 2 == 1 { counts[middle] } else { (counts[middle - 1] + counts[middle]) / 2 }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sight() -> Sight {
        Sight { free_bytes: Some(u64::MAX), ..Sight::default() }
    }

    #[test]
    fn a_calm_site_tells_nothing_and_each_limit_is_crossed_by_itself() {
        let rules = AlarmRules { queue_over: 100, ..AlarmRules::default() };
        assert_eq!(rules.begun(&sight()), []);
        let kinds = |sight: Sight| rules.begun(&sight).into_iter().map(|one| (one.kind, one.number)).collect::<Vec<_>>();
        assert_eq!(kinds(Sight { open: 100, ..sight() }), []);
        assert_eq!(kinds(Sight { open: 101, ..sight() }), [(AlarmKind::Queue, 101)]);
        assert_eq!(kinds(Sight { waves: vec![("a".into(), 19), ("b".into(), 20)], ..sight() }), [(AlarmKind::Wave, 20)]);
        assert_eq!(kinds(Sight { alike: vec![("a".into(), 19), ("b".into(), 20)], ..sight() }), [(AlarmKind::Alike, 20)]);
        assert_eq!(kinds(Sight { free_bytes: Some((4 << 30) - 1), ..sight() }), [(AlarmKind::Disk, (4 << 30) - 1)]);
        assert_eq!(kinds(Sight { free_bytes: None, ..sight() }), []);
        assert_eq!(kinds(Sight { dead: vec![("mail".into(), 3)], away: true, ..sight() }), [(AlarmKind::Job, 3), (AlarmKind::Away, 1)]);
        assert_eq!(kinds(Sight { orders: vec!["c".into(), "d".into()], ..sight() }), [(AlarmKind::Order, 1), (AlarmKind::Order, 1)]);
    }

    #[test]
    fn what_is_set_to_never_is_never_told() {
        let never = AlarmRules { orders: false, queue_over: 0, wave_matches: 0, wave_ms: 1, dead_jobs: false, disk_free_bytes: 0 };
        let all = Sight {
            orders: vec!["c".into()],
            open: u64::MAX,
            waves: vec![("a".into(), i64::MAX)],
            alike: vec![("a".into(), i64::MAX)],
            dead: vec![("mail".into(), 3)],
            free_bytes: Some(0),
            away: false,
        };
        assert_eq!(never.begun(&all), []);
    }

    #[test]
    fn a_number_at_its_limit_is_one_alarm_until_it_is_well_below() {
        let rules = AlarmRules { queue_over: 100, disk_free_bytes: 1_000, ..AlarmRules::default() };
        let queue = |open| rules.lasts(AlarmKind::Queue, "", &Sight { open, ..sight() });
        assert!(queue(101) && queue(100) && queue(76) && !queue(75));
        let disk = |free| rules.lasts(AlarmKind::Disk, "", &Sight { free_bytes: Some(free), ..sight() });
        assert!(disk(999) && disk(1_099) && !disk(1_100));
        // The sight holds what is at least half a wave.
        let wave = Sight { waves: vec![("a".into(), 10)], ..sight() };
        assert!(rules.begun(&wave).is_empty() && rules.lasts(AlarmKind::Wave, "a", &wave) && !rules.lasts(AlarmKind::Wave, "b", &wave));
    }

    #[test]
    fn only_what_binds_wakes() {
        let waking: Vec<_> = AlarmKind::ALL.iter().filter(|kind| kind.wakes()).collect();
        assert_eq!(waking, [&AlarmKind::Order, &AlarmKind::Test]);
    }

    #[test]
    fn half_of_an_hour_is_thirty_minutes_and_of_a_time_that_has_gone_nothing() {
        assert_eq!(half(Time(0), Time(HOUR_MS)), Time(HOUR_MS / 2));
        assert_eq!(half(Time(HOUR_MS), Time(0)), Time(HOUR_MS));
    }

    #[test]
    fn quiet_hours_go_past_midnight_and_are_two_times_of_day() {
        let night = QuietHours::parse("22:30", "07:00").expect("they read");
        let at = |text: &str| night.hold(minute_of_day(text).expect("it reads"));
        assert!(at("22:30") && at("23:59") && at("0:00") && at("06:59"));
        assert!(!at("07:00") && !at("12:00") && !at("22:29"));
        let noon = QuietHours::parse("12:00", "13:00").expect("they read");
        assert!(noon.hold(720) && !noon.hold(780) && !noon.hold(0));
        assert_eq!(night.shown(), ["22:30", "07:00"]);
        for (from, to) in
            [("", ""), ("22:30", "22:30"), ("24:00", "07:00"), ("7", "8"), ("22:60", "07:00"), ("+2:00", "07:00"), ("22:3", "07:00")]
        {
            assert_eq!(QuietHours::parse(from, to), None, "{from} {to}");
        }
    }

    #[test]
    fn the_usual_is_the_middle_and_one_wild_day_does_not_move_it() {
        assert_eq!(usual(&[4, 5]), None);
        assert_eq!(usual(&[4, 900, 5]), Some(5));
        assert_eq!(usual(&[1, 2, 4, 9]), Some(3));
        assert_eq!(hour_of(Time(HOUR_MS + 5)), Time(HOUR_MS));
        assert_eq!(hour_of(Time(-1)), Time(-HOUR_MS));
    }
}
