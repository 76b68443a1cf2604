//! Charts, drawn here as SVG: bars by the hour, with what is usual beside them. Every number of a chart stands in a table beneath it.
//!
//! A chart holds no colour: its parts have classes, and the style sheet knows light and dark. Where words run from right to left, so does time.

use app::{Flow, Hour};
use domain::Direction;
use domain::time::HOUR_MS;

use crate::locale::Locale;

/// The chart's own units: about one pixel each on a phone.
const WIDTH: i64 = 328;
const HEIGHT: i64 = 140;
/// Room for the scale at the side, and for the hours below.
const SCALE: i64 = 40;
const FOOT: i64 = 22;
const HEAD: i64 = 8;
/// A bar is worth looking at from so many times the usual on, ...
const UNUSUAL: i64 = 2;
/// ... and from so many on.
const FEW: i64 = 10;
/// Every how many hours one is named.
const NAMED: usize = 6;

/// A chart and its table.
#[derive(Clone, Debug)]
pub struct Chart {
    /// What it is called in the page's own addresses.
    pub id: &'static str,
    /// What it shows.
    pub heading: String,
    /// The same in a sentence with numbers: what it says to who cannot see it, and what it says first to everybody.
    pub summary: String,
    /// The bars, the oldest first.
    pub bars: Vec<Bar>,
    /// Lines at round numbers.
    pub lines: Vec<Label>,
    /// Names of hours.
    pub hours: Vec<Label>,
    /// The table.
    pub rows: Vec<Row>,
    /// What the scale's numbers lean on.
    pub anchor: &'static str,
}

/// A bar, and a mark at what is usual.
#[derive(Clone, Debug)]
pub struct Bar {
    /// Where it begins from the left.
    pub x: i64,
    /// Where it begins from above.
    pub y: i64,
    /// How tall it is.
    pub height: i64,
    /// Where the mark is from above.
    pub usual: Option<i64>,
    /// `bar`, with what is to be seen of it.
    pub class: &'static str,
}

/// Words in a chart.
#[derive(Clone, Debug)]
pub struct Label {
    /// Where from the left.
    pub x: i64,
    /// Where from above.
    pub y: i64,
    /// What.
    pub words: String,
}

/// An hour in the table.
#[derive(Clone, Debug)]
pub struct Row {
    /// When it began.
    pub hour: String,
    /// How much.
    pub times: String,
    /// How much is usual; a dash where nobody knows.
    pub usual: String,
    /// It is far more than usual.
    pub unusual: bool,
}

impl Chart {
    /// A chart of what came hour by hour.
    #[must_use]
    pub fn of(locale: Locale, id: &'static str, heading: String, flow: &Flow) -> Self {
        let hours = &flow.hours;
        let most = hours.iter().flat_map(|hour| [hour.times, hour.usual.unwrap_or_default()]).max().unwrap_or_default();
        let top = round_up(most);
        let rtl = locale.direction() == Direction::Rtl;
        let mirrored = |x: i64, width: i64| if rtl { WIDTH - x - width } else { x };
        let bottom = HEIGHT - FOOT;
        let step = (WIDTH - SCALE) / i64::try_from(hours.len().max(1)).unwrap_or(1);
        let up = |times: i64| times * (bottom - HEAD) / top;
        let last = hours.len().saturating_sub(1);
        let bar = |(place, hour): (usize, &Hour)| {
            // What is something is seen.
            let height = if hour.times > 0 { up(hour.times).max(2) } else { 0 };
            let class = match (is_unusual(hour), place == last) {
                (true, _) => "bar unusual",
                (false, true) => "bar now",
                (false, false) => "bar",
            };
            let x = SCALE + i64::try_from(place).unwrap_or_default() * step + 2;
            Bar { x: mirrored(x, step - 3), y: bottom - height, height, usual: hour.usual.map(|usual| bottom - up(usual)), class }
        };
        let bars = hours.iter().enumerate().map(bar).collect();
        let line = |times: i64| Label { x: mirrored(SCALE - 6, 0), y: bottom - up(times), words: locale.number(times) };
        let lines = if top > 1 { vec![line(0), line(top / 2), line(top)] } else { vec![line(0), line(top)] };
        let named = hours.iter().enumerate().filter(|(place, _)| place % NAMED == last % NAMED);
        let name = |(place, hour): (usize, &Hour)| {
            let middle = SCALE + i64::try_from(place).unwrap_or_default() * step + step / 2;
            Label { x: mirrored(middle, 0), y: HEIGHT - 4, words: hour_name(locale, hour) }
        };
        let row = |hour: &Hour| Row {
            hour: locale.date_time(hour.begins),
            times: locale.number(hour.times),
            usual: hour.usual.map_or_else(|| "–".to_owned(), |usual| locale.number(usual)),
            unusual: is_unusual(hour),
        };
        Self {
            id,
            summary: summary(locale, hours),
            heading,
            bars,
            lines,
            hours: named.map(name).collect(),
            // The newest first: that is what is looked for.
            rows: hours.iter().rev().map(row).collect(),
            anchor: if rtl { "start" } else { "end" },
        }
    }

    /// The width of a bar.
    pub(crate) fn bar_width(&self) -> i64 {
        (WIDTH - SCALE) / i64::try_from(self.bars.len().max(1)).unwrap_or(1) - 3
    }

    pub(crate) fn view_box(&self) -> String {
        format!("0 0 {WIDTH} {HEIGHT}")
    }

    /// Where the lines begin and end.
    pub(crate) fn span(&self) -> (i64, i64) {
        if self.anchor == "start" { (0, WIDTH - SCALE) } else { (SCALE, WIDTH) }
    }
}

/// Far more than usual, and not only a few.
fn is_unusual(hour: &Hour) -> bool {
    hour.usual.is_some_and(|usual| hour.times >= FEW && hour.times > usual.saturating_mul(UNUSUAL))
}

/// How much came in the last hours together, in this one, and what would be usual for it.
fn summary(locale: Locale, hours: &[Hour]) -> String {
    let all: i64 = hours.iter().map(|hour| hour.times).sum();
    let this = hours.last();
    let arguments = [("all", all.into()), ("now", this.map_or(0, |hour| hour.times).into())];
    let words = locale.with("chart-summary", &arguments);
    match this.and_then(|hour| hour.usual) {
        Some(usual) => format!("{words} {}", locale.with("chart-usual", &[("usual", usual.into())])),
        None => format!("{words} {}", locale.text("chart-no-usual")),
    }
}

fn hour_name(locale: Locale, hour: &Hour) -> String {
    locale.number(hour.begins.0.div_euclid(HOUR_MS).rem_euclid(24))
}

/// The next number that a scale may end with: 1, 2, 4, 10, 20, 40, 100, ….
fn round_up(most: i64) -> i64 {
    let mut unit = 1_i64;
    loop {
        for times in [1, 2, 4] {
            if unit.saturating_mul(times) >= most {
                return unit.saturating_mul(times);
            }
        }
        unit = unit.saturating_mul(10);
        if unit >= i64::MAX / 10 {
            return i64::MAX / 10;
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::{Counted, Time};

    use super::*;

    fn flow(times: &[i64], usual: Option<i64>) -> Flow {
        let hour = |(place, times): (i64, &i64)| Hour { begins: Time(place * HOUR_MS), times: *times, usual };
        Flow { what: Counted::Upload, hours: (0..).zip(times).map(hour).collect() }
    }

    #[test]
    fn a_scale_ends_with_a_round_number_that_holds_everything() {
        for (most, top) in [(0, 1), (1, 1), (2, 2), (3, 4), (5, 10), (11, 20), (30, 40), (41, 100), (i64::MAX, i64::MAX / 10)] {
            assert_eq!(round_up(most), top, "{most}");
        }
    }

    #[test]
    fn bars_stay_within_the_chart_and_time_runs_as_words_do() {
        let mut times = vec![0; 23];
        times.push(40);
        let chart = |locale| Chart::of(locale, "uploads", String::new(), &flow(&times, Some(10)));
        let (left, right) = (chart(Locale::En), chart(Locale::Ar));
        for chart in [&left, &right] {
            assert!(
                chart
                    .bars
                    .iter()
                    .all(|bar| bar.x >= 0 && bar.x + chart.bar_width() <= WIDTH && bar.y >= HEAD && bar.y + bar.height == HEIGHT - FOOT)
            );
            assert!(chart.bars.iter().all(|bar| bar.usual.is_some_and(|y| (HEAD..=HEIGHT - FOOT).contains(&y))));
            assert_eq!(chart.rows.len(), 24);
        }
        assert!(left.bars.is_sorted_by_key(|bar| bar.x) && right.bars.iter().rev().is_sorted_by_key(|bar| bar.x));
        assert_eq!(left.rows.first().map(|row| row.unusual), Some(true), "the newest row comes first");
    }

    #[test]
    fn little_is_never_unusual_and_much_is_only_against_what_is_usual() {
        let hour = |times, usual| Hour { begins: Time(0), times, usual };
        assert!(is_unusual(&hour(21, Some(10))) && is_unusual(&hour(10, Some(0))));
        assert!(!is_unusual(&hour(20, Some(10))) && !is_unusual(&hour(9, Some(0))) && !is_unusual(&hour(1_000, None)));
    }
}
