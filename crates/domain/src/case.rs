//! Cases: what somebody decides. One subject, with all the notices and matches about it.

use serde::{Deserialize, Serialize};

use crate::media::names;
use crate::notice::{Category, Notice, NoticeKind};
use crate::time::{DAY_MS, HOUR_MS, Time};

/// How a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseState {
    /// Nobody has decided.
    Open,
    /// Somebody has.
    Decided,
    /// What it was about is gone: its poster deleted it, or its end came; or what held it does so no more, and nobody else said anything.
    Moot,
}
names!(CaseState { Open = "open", Decided = "decided", Moot = "moot" });

/// From this confidence on, what is like a case's subject is decided with it, if nobody takes it out; what is less sure wants a look first.
/// Local features call nothing a copy that is less sure (docs/decisions/0004-likeness.md), and hashes are at least as sure within their radius: so
/// these are words that were changed, parts of videos, and sets of links.
pub const SURE: f64 = 0.85;

/// The operator's own rule: of which notices the subject is held at once, before anybody has looked. Without one nothing is ever held by what
/// others say, however many they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HoldRules(Vec<HoldRule>);

/// A kind of notice, or what is wrong by such a notice: `tco_removal_order`, `trusted_flagger/terrorism`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HoldRule {
    kind: NoticeKind,
    category: Option<Category>,
}

/// What is no rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no kind of notice, such as tco_removal_order or trusted_flagger/terrorism")]
pub struct NoRule(String);

impl TryFrom<String> for HoldRule {
    type Error = NoRule;

    fn try_from(text: String) -> Result<Self, NoRule> {
        let (kind, category) = text.split_once('/').map_or((text.as_str(), None), |(kind, category)| (kind, Some(category)));
        let category = category.map(|name| Category::parse(name).ok_or(())).transpose();
        match (NoticeKind::parse(kind), category) {
            (Some(kind), Ok(category)) => Ok(Self { kind, category }),
            _ => Err(NoRule(text)),
        }
    }
}

impl From<HoldRule> for String {
    fn from(rule: HoldRule) -> Self {
        match rule.category {
            None => rule.kind.as_str().to_owned(),
            Some(category) => format!("{}/{}", rule.kind.as_str(), category.as_str()),
        }
    }
}

impl HoldRules {
    /// Whether the subject of this notice is held at once.
    #[must_use]
    pub fn holds_at_once(&self, notice: &Notice) -> bool {
        let fits = |rule: &HoldRule| rule.kind == notice.kind && rule.category.is_none_or(|category| category == notice.category);
        self.0.iter().any(fits)
    }
}

impl FromIterator<HoldRule> for HoldRules {
    fn from_iter<Rules: IntoIterator<Item = HoldRule>>(rules: Rules) -> Self {
        Self(rules.into_iter().collect())
    }
}

/// What is known of a case: all that its rank depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Facts {
    /// Of its notices, the worst.
    pub category: Option<Category>,
    /// Of its notices, the one that weighs most.
    pub kind: Option<NoticeKind>,
    /// Its notices.
    pub notices: u32,
    /// What was said in different words; who copies from another says nothing more.
    pub words: u32,
    /// What was said in different words with a name or a mail address.
    pub signed: u32,
    /// Notices of registered parties.
    pub registered: u32,
    /// Registered parties that gave them.
    pub parties: u32,
    /// How many notices of others came within one hour, if that is a wave ([`WAVE`]); 0: there was none.
    pub wave: u32,
    /// Of what banks know that it is like, how sure the surest is, 0 to 1.
    pub sureness: f64,
    /// How much else is like it.
    pub alike: u32,
    /// How often its post was opened.
    pub opened: u64,
}

/// So many notices of one thing within an hour, of people who are not registered, are a wave: something has sent them. They may be right all the same;
/// but how many they are says nothing any more.
pub const WAVE: u32 = 20;

/// Why a case comes when it does: a sum, whose parts are shown as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rank {
    /// What has to be done by a certain time, 0 to 1000.
    pub clock: u32,
    /// Who says so, 0 to 300.
    pub source: u32,
    /// How bad it would be, 0 to 200.
    pub severity: u32,
    /// How sure the banks are, 0 to 100.
    pub sureness: u32,
    /// How much it would reach, and how many it has reached: the greater of the two, 0 to 100.
    pub reach: u32,
    /// How many notices came in a wave, whose names weigh what one does; 0: there was none. No part of the sum.
    pub wave: u32,
    /// How many notices say what others of them say, and weigh nothing. No part of the sum.
    pub copies: u32,
}

impl Facts {
    /// What is known of a case that this notice opens. `registered`: a registered party gave it.
    #[must_use]
    pub fn of(notice: &Notice, registered: bool) -> Self {
        let (registered, signed) = (u32::from(registered), u32::from(!registered && !notice.is_anonymous()));
        Self {
            category: Some(notice.category),
            kind: Some(notice.kind),
            notices: 1,
            words: 1 - registered,
            signed,
            registered,
            parties: registered,
            ..Self::default()
        }
    }

    /// All of the rank but the clock: that alone changes by itself.
    #[must_use]
    pub fn rank(&self) -> Rank {
        // In a wave all who are not registered are one voice.
        let voices = self.parties + if self.wave > 0 { self.signed.min(1) } else { self.signed };
        // Notices of which nobody stands behind any are worth one, however many they are: numbers alone decide nothing.
        let told = match (voices, self.notices) {
            (0, 0) => 0,
            (0, _) => 10,
            (voices, _) => 20 + 10 * voices.min(4),
        };
        // Doubling counts, not adding: 1 other 14, 10 others 42, 127 or more 100.
        let alike = (u64::from(self.alike.min(127)) + 1).ilog2() * 100 / 7;
        // Opened once 5, a thousand times 45 (2^9), a million times or more 100.
        let opened = ((self.opened.min((1 << 20) - 1) + 1).ilog2() * 100) / 20;
        Rank {
            clock: 0,
            source: (self.kind.map_or(0, |kind| kind.rule().weight) + told).min(300),
            severity: self.category.map_or(0, |category| category.severity() * 20),
            // From 0 to 1, so the product is from 0 to 100.
            sureness: (self.sureness.clamp(0.0, 1.0) * 100.0).round() as u32,
            reach: alike.max(opened),
            wave: self.wave,
            copies: self.notices.saturating_sub(self.registered).saturating_sub(self.words),
        }
    }
}

impl Rank {
    /// The sum, by which cases come.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.clock + self.source + self.severity + self.sureness + self.reach
    }

    /// With what the clock adds at `now`, if it has to be done by `due`: everything, once an hour or less is left; half of it at a day; nothing
    /// at two weeks or more.
    #[must_use]
    pub fn with_clock(self, due: Option<Time>, now: Time) -> Self {
        Self { clock: due.map_or(0, |due| clock(due.since_ms(now))), ..self }
    }
}

fn clock(left_ms: i64) -> u32 {
    const FAR_MS: i64 = 14 * DAY_MS;
    let part = |left: i64, from: i64, to: i64, low: i64, high: i64| high - (left - from) * (high - low) / (to - from);
    let points = match left_ms {
        left if left <= HOUR_MS => 1_000,
        left if left <= DAY_MS => part(left, HOUR_MS, DAY_MS, 500, 1_000),
        left if left <= FAR_MS => part(left, DAY_MS, FAR_MS, 0, 500),
        _ => 0,
    };
    u32::try_from(points).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_held_at_once_but_what_the_operator_s_rule_names() {
        let notice = |kind, category| Notice { kind, category, explanation: String::new(), name: None, email: None };
        let rules = |texts: &[&str]| texts.iter().map(|text| HoldRule::try_from((*text).to_owned())).collect::<Result<HoldRules, _>>();
        for kind in NoticeKind::ALL.iter().copied() {
            for category in Category::ALL.iter().copied() {
                assert!(!HoldRules::default().holds_at_once(&notice(kind, category)), "{kind:?} {category:?}");
                let rules = rules(&["tco_removal_order", "trusted_flagger/terrorism"]).expect("they read");
                let held = kind == NoticeKind::TcoRemovalOrder || (kind, category) == (NoticeKind::TrustedFlagger, Category::Terrorism);
                assert_eq!(rules.holds_at_once(&notice(kind, category)), held, "{kind:?} {category:?}");
            }
        }
        for wrong in ["", "/", "terrorism", "trusted_flagger/", "/terrorism", "trusted_flagger/terrorism/", "*", "Notice"] {
            assert_eq!(rules(&[wrong]), Err(NoRule(wrong.to_owned())));
        }
        assert_eq!(String::from(HoldRule::try_from("notice/fraud".to_owned()).expect("it reads")), "notice/fraud");
    }

    fn facts(kind: NoticeKind, category: Category) -> Facts {
        Facts { category: Some(category), kind: Some(kind), notices: 1, signed: 0, ..Facts::default() }
    }

    #[test]
    fn an_order_with_an_hour_comes_before_everything_else() {
        let now = Time(0);
        let order = facts(NoticeKind::TcoRemovalOrder, Category::Policy).rank().with_clock(Some(Time(HOUR_MS)), now);
        let worst = Facts {
            alike: u32::MAX,
            sureness: 1.0,
            notices: 9_999,
            signed: 9_999,
            ..facts(NoticeKind::TrustedFlagger, Category::ChildAbuse)
        };
        assert!(order.total() > worst.rank().total(), "{order:?} {:?}", worst.rank());
    }

    #[test]
    fn a_thousand_nameless_notices_weigh_what_one_does() {
        let one = facts(NoticeKind::Notice, Category::Hate);
        let many = Facts { notices: 1_000, ..one };
        assert_eq!((one.rank().total(), many.rank().copies), (many.rank().total(), 1_000));
        assert!(Facts { signed: 1, ..one }.rank().total() > one.rank().total());
    }

    #[test]
    fn a_wave_weighs_what_one_who_gives_a_name_does_and_a_registered_party_is_heard_beside_it() {
        let one = Facts { signed: 1, ..facts(NoticeKind::Notice, Category::Hate) };
        let wave = Facts { notices: 900, signed: 900, words: 900, wave: 900, ..one };
        assert_eq!((one.rank().total(), wave.rank().wave), (wave.rank().total(), 900));
        assert!(Facts { wave: 0, ..wave }.rank().total() > wave.rank().total());
        assert!(Facts { parties: 1, registered: 1, ..wave }.rank().total() > wave.rank().total());
    }

    #[test]
    fn the_clock_grows_as_time_runs_out_and_never_goes_beyond_its_part() {
        let rank = Rank::default();
        let at = |left: i64| rank.with_clock(Some(Time(left)), Time(0)).clock;
        assert_eq!((at(-DAY_MS), at(HOUR_MS), at(DAY_MS), at(14 * DAY_MS), at(i64::MAX)), (1_000, 1_000, 500, 0, 0));
        assert!((0..400).map(|hour| at(hour * HOUR_MS)).is_sorted_by(|sooner, later| sooner >= later));
        assert_eq!(rank.with_clock(None, Time(0)).clock, 0);
    }

    #[test]
    fn reach_counts_by_doubling() {
        let reach = |alike| Facts { alike, ..Facts::default() }.rank().reach;
        assert_eq!((reach(0), reach(1), reach(10), reach(127), reach(u32::MAX)), (0, 14, 42, 100, 100));
        let opened = |opened| Facts { opened, ..Facts::default() }.rank().reach;
        assert_eq!((opened(0), opened(1), opened(1_000), opened(1 << 20), opened(u64::MAX)), (0, 5, 45, 100, 100));
    }
}
