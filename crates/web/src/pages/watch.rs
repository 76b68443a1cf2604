//! The site's state, and what happens when nobody is at home, as pages of the console.

use askama::Template;

use super::chart::Chart;
use super::console::ConsoleFrame;
use crate::locale::Locale;

/// `GET /console/watch`.
#[derive(Clone, Debug, Template)]
#[template(path = "console/watch.html")]
pub struct WatchPage {
    /// What every page of the console needs.
    pub frame: ConsoleFrame,
    /// What changes.
    pub now: WatchNow,
    /// What was just done.
    pub told: Option<String>,
}

/// `GET /console/watch/now`: the part of the page that changes, for its script.
#[derive(Clone, Debug, Template)]
#[template(path = "console/watch-now.html")]
pub struct WatchNow {
    /// In which language.
    pub locale: Locale,
    /// When it was so.
    pub at: domain::Time,
    /// What is not as it should be, worst first; nothing: all is well.
    pub troubles: Vec<Trouble>,
    /// Whoever looks after the site.
    pub home: HomeNow,
    /// The queue by its clocks.
    pub clocks: Vec<Clock>,
    /// How many cases are open, in words.
    pub open: String,
    /// What came.
    pub charts: Vec<Chart>,
    /// Banks.
    pub banks: Vec<BankLine>,
    /// Sources of matches.
    pub sources: Vec<SourceLine>,
    /// Prefixes under load.
    pub busy: Vec<BusyLine>,
    /// Jobs that failed for good.
    pub dead: Vec<DeadLine>,
    /// The machine and what it needs, each with how it is.
    pub parts: Vec<Part>,
    /// What was told.
    pub alarms: Vec<AlarmLine>,
    /// By which ways, and when not.
    pub ways: Vec<String>,
    /// Somebody can be told.
    pub reach_somebody: bool,
}

/// Something that is not as it should be.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// In words.
    pub words: String,
    /// Where to do something about it.
    pub link: Option<String>,
    /// It binds.
    pub urgent: bool,
}

/// Whoever looks after the site.
#[derive(Clone, Debug)]
pub struct HomeNow {
    /// In words.
    pub words: String,
    /// Nobody is at home.
    pub away: bool,
}

/// Cases of one clock.
#[derive(Clone, Debug)]
pub struct Clock {
    /// What kind of clock.
    pub words: String,
    /// How many.
    pub count: String,
    /// How much of all, 0 to 100, for its part of the bar.
    pub percent: i64,
    /// Where its part of the bar begins.
    pub begins: i64,
    /// `late`, `hour`, `day`, `later`, `none`.
    pub class: &'static str,
    /// There are any.
    pub any: bool,
}

/// A bank.
#[derive(Clone, Debug)]
pub struct BankLine {
    /// Its name.
    pub name: String,
    /// What it does.
    pub acts: String,
    /// Matches in the last day.
    pub day: String,
    /// How much the bar shows of that, 0 to 100.
    pub percent: i64,
    /// What of it waits.
    pub held: String,
    /// How often it was right.
    pub precision: String,
    /// It only counts.
    pub distrusted: bool,
}

/// A source of matches.
#[derive(Clone, Debug)]
pub struct SourceLine {
    /// What it is called.
    pub label: String,
    /// The bank that it is in.
    pub bank: String,
    /// Matches in the last day.
    pub day: String,
    /// How often it was right.
    pub precision: String,
}

/// A prefix under load.
#[derive(Clone, Debug)]
pub struct BusyLine {
    /// A name that means nothing elsewhere.
    pub name: String,
    /// How much of the net it is.
    pub reach: String,
    /// Of what it uses much.
    pub what: String,
    /// How much, 0 to 100.
    pub percent: u64,
    /// The same in words.
    pub words: String,
    /// There is nothing left.
    pub full: bool,
}

/// A job that failed for good.
#[derive(Clone, Debug)]
pub struct DeadLine {
    /// Its id.
    pub id: String,
    /// What it was to do.
    pub what: String,
    /// Since when, and how often it was tried.
    pub tried: String,
    /// Why it failed last.
    pub error: String,
}

/// A part of what the site stands on.
#[derive(Clone, Debug)]
pub struct Part {
    /// What.
    pub name: String,
    /// How it is.
    pub words: String,
    /// It is as it should be.
    pub well: bool,
}

/// An alarm.
#[derive(Clone, Debug)]
pub struct AlarmLine {
    /// What it says.
    pub words: String,
    /// Where to look.
    pub link: String,
    /// When it was raised.
    pub raised: domain::Time,
    /// How it stands: so still, over, told or not.
    pub state: String,
    /// It is so still.
    pub stands: bool,
}

impl WatchNow {
    fn is_well(&self) -> bool {
        self.troubles.is_empty()
    }

    fn urgent(&self) -> bool {
        self.troubles.iter().any(|trouble| trouble.urgent)
    }
}

/// `GET /console/away`.
#[derive(Clone, Debug, Template)]
#[template(path = "console/away.html")]
pub struct AwayPage {
    /// What every page of the console needs.
    pub frame: ConsoleFrame,
    /// When this was so.
    pub at: domain::Time,
    /// How it stands.
    pub home: HomeNow,
    /// When it begins, as it was chosen beforehand; nothing: never.
    pub rules: Vec<String>,
    /// When it would begin.
    pub begins: Option<String>,
    /// What would be done, each in a sentence.
    pub deeds: Vec<String>,
    /// What posters would read.
    pub poster: Vec<String>,
    /// What was just done.
    pub told: Option<String>,
}

/// What posters and whoever asks for something read while nobody is at home.
pub(crate) fn away_key(why: &domain::Why) -> &'static str {
    match why {
        domain::Why::Unseen => "away-poster-words",
        domain::Why::Queue => "away-poster-busy",
    }
}
