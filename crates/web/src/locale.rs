//! The languages of the site: words from `locales/*.ftl`, and dates, numbers and sizes as each language writes them.
//!
//! Everything is compiled in and read once. A [`Locale`] is a copyable name for one language.

use std::borrow::{Borrow, Cow};
use std::sync::LazyLock;

use domain::{Direction, Time};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use icu::calendar::Gregorian;
use icu::datetime::FixedCalendarDateTimeFormatter;
use icu::datetime::fieldsets::{YMD, YMDT};
use icu::datetime::input;
use icu::decimal::DecimalFormatter;
use icu::decimal::input::Decimal;
use icu::decimal::options::DecimalFormatterOptions;
use icu::locale::locale;

/// A language of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Locale {
    /// English.
    En,
    /// Arabic.
    Ar,
    /// Polish.
    Pl,
}

/// An argument of a message: a number (which may choose a plural form) or words.
pub type Argument = FluentValue<'static>;

/// Reads every locale now instead of at the first request.
pub fn load() {
    LazyLock::force(&BUNDLES);
}

impl Locale {
    /// Every language; the first is the one for readers whose languages are not here.
    pub const ALL: &[Self] = &[Self::En, Self::Ar, Self::Pl];

    /// The language of an override (the cookie `lang`), else of `Accept-Language`, else English.
    #[must_use]
    pub fn negotiate(chosen: Option<&str>, accept_language: Option<&str>) -> Self {
        chosen.and_then(Self::parse).or_else(|| accept_language.and_then(from_header)).unwrap_or(Self::En)
    }

    /// Reads a language tag by its first subtag.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?;
        Self::ALL.iter().copied().find(|locale| locale.tag().eq_ignore_ascii_case(primary))
    }

    /// The value of HTML's `lang`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ar => "ar",
            Self::Pl => "pl",
        }
    }

    /// The language's own name for itself.
    #[must_use]
    pub fn autonym(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Ar => "العربية",
            Self::Pl => "Polski",
        }
    }

    /// Which way it is written.
    #[must_use]
    pub fn direction(self) -> Direction {
        match self {
            Self::Ar => Direction::Rtl,
            Self::En | Self::Pl => Direction::Ltr,
        }
    }

    /// The value of HTML's `dir`.
    #[must_use]
    pub fn dir(self) -> &'static str {
        self.direction().as_str()
    }

    /// Words without arguments. A key that does not exist gives itself (a test keeps that from happening).
    #[must_use]
    pub fn text(self, key: &'static str) -> Cow<'static, str> {
        self.look_up(key, None)
    }

    /// Words with arguments.
    #[must_use]
    pub fn with(self, key: &'static str, arguments: &[(&'static str, Argument)]) -> String {
        let mut given = FluentArgs::with_capacity(arguments.len());
        for (name, value) in arguments {
            given.set(*name, value.clone());
        }
        self.look_up(key, Some(&given)).into_owned()
    }

    /// A whole number in the language's digits, grouped.
    #[must_use]
    pub fn number(self, number: impl Into<i64>) -> String {
        self.decimal(Decimal::from(number.into()))
    }

    /// A size in bytes with its unit, to one digit after the point where that says something (units of 1,000 bytes).
    #[must_use]
    pub fn size(self, bytes: impl Borrow<u64>) -> String {
        let bytes = *bytes.borrow();
        let (unit, key) = match bytes {
            0..1_000 => return self.with("size-bytes", &[("bytes", bytes.into())]),
            1_000..1_000_000 => (1_000, "size-kilobytes"),
            1_000_000..1_000_000_000 => (1_000_000, "size-megabytes"),
            _ => (1_000_000_000, "size-gigabytes"),
        };
        let tenths = bytes / (unit / 10);
        // From ten units on, and where it is naught, the digit after the point is noise.
        let mut number = Decimal::from(if tenths >= 100 { tenths / 10 * 10 } else { tenths });
        number.multiply_pow10(-1);
        number.absolute.trim_end();
        self.with(key, &[("number", self.decimal(number).into())])
    }

    /// A day, as in “24 November 2026” (UTC).
    #[must_use]
    pub fn date(self, time: impl Borrow<Time>) -> String {
        moment(*time.borrow())
            .map_or_else(String::new, |moment| FORMATS.with(|formats| formats[self.index()].day.format(&moment.date).to_string()))
    }

    /// A day with its hour and minute (UTC, and it says so).
    #[must_use]
    pub fn date_time(self, time: impl Borrow<Time>) -> String {
        let Some(moment) = moment(*time.borrow()) else { return String::new() };
        let words = FORMATS.with(|formats| formats[self.index()].minute.format(&moment).to_string());
        self.with("time-utc", &[("time", words.into())])
    }

    /// A length of time, as in `1:02:03`.
    #[must_use]
    pub fn duration(self, ms: impl Borrow<i64>) -> String {
        let seconds = ms.borrow().max(&0) / 1_000;
        let two = |number: i64| {
            let mut number = Decimal::from(number);
            number.absolute.pad_start(2);
            self.decimal(number)
        };
        let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        if hours > 0 {
            format!("{}:{}:{}", self.number(hours), two(minutes), two(seconds))
        } else {
            format!("{}:{}", self.number(minutes), two(seconds))
        }
    }

    fn decimal(self, number: Decimal) -> String {
        FORMATS.with(|formats| formats[self.index()].decimal.format_to_string(&number))
    }

    fn index(self) -> usize {
        match self {
            Self::En => 0,
            Self::Ar => 1,
            Self::Pl => 2,
        }
    }

    fn look_up(self, key: &'static str, arguments: Option<&FluentArgs<'_>>) -> Cow<'static, str> {
        let bundle = &BUNDLES[self.index()];
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else { return Cow::Borrowed(key) };
        let mut errors = Vec::new();
        match arguments {
            None => bundle.format_pattern(pattern, None, &mut errors),
            // The words borrow from the arguments, which end here.
            Some(_) => Cow::Owned(bundle.format_pattern(pattern, arguments, &mut errors).into_owned()),
        }
    }
}

/// A time as machines read it: `2026-11-24T02:30:00Z`.
#[must_use]
pub fn iso(time: impl Borrow<Time>) -> String {
    jiff::Timestamp::from_millisecond(time.borrow().0)
        .map_or_else(|_| String::new(), |stamp| stamp.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<[Bundle; 3]> = LazyLock::new(|| {
    [
        bundle(Locale::En, include_str!("../locales/en.ftl")),
        bundle(Locale::Ar, include_str!("../locales/ar.ftl")),
        bundle(Locale::Pl, include_str!("../locales/pl.ftl")),
    ]
});

fn bundle(locale: Locale, source: &str) -> Bundle {
    let language = locale.tag().parse().expect("the tags of our own languages are well formed");
    let resource = FluentResource::try_new(source.to_owned()).expect("the locales are read in a test");
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Isolation marks would stand in attributes and be copied with the words; names are isolated by <bdi> instead.
    bundle.set_use_isolating(false);
    match locale {
        Locale::En => bundle.set_formatter(Some(|value, _| grouped(Locale::En, value))),
        Locale::Ar => bundle.set_formatter(Some(|value, _| grouped(Locale::Ar, value))),
        Locale::Pl => bundle.set_formatter(Some(|value, _| grouped(Locale::Pl, value))),
    }
    bundle.add_resource(resource).expect("no key stands twice: the locales are read in a test");
    bundle
}

#[expect(clippy::cast_possible_truncation, reason = "only whole numbers reach the cast, and as far as they are exact")]
fn grouped(locale: Locale, value: &FluentValue<'_>) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    (number.value.fract() == 0.0 && number.value.abs() < 9e15).then(|| locale.number(number.value as i64))
}

struct Formats {
    decimal: DecimalFormatter,
    day: FixedCalendarDateTimeFormatter<Gregorian, YMD>,
    minute: FixedCalendarDateTimeFormatter<Gregorian, icu::datetime::fieldsets::YMDT>,
}

thread_local! {
    // For each thread, because without icu's feature `sync` its formatters stay on theirs.
    static FORMATS: [Formats; 3] = [formats(locale!("en-GB")), formats(locale!("ar-EG")), formats(locale!("pl"))];
}

fn formats(locale: icu::locale::Locale) -> Formats {
    const WHY: &str = "the data of our languages are compiled in; a test formats with each";
    let minute: YMDT = YMD::long().with_time_hm();
    Formats {
        decimal: DecimalFormatter::try_new((&locale).into(), DecimalFormatterOptions::default()).expect(WHY),
        day: FixedCalendarDateTimeFormatter::try_new((&locale).into(), YMD::long()).expect(WHY),
        minute: FixedCalendarDateTimeFormatter::try_new((&locale).into(), minute).expect(WHY),
    }
}

fn moment(time: Time) -> Option<input::DateTime<Gregorian>> {
    let civil = jiff::Timestamp::from_millisecond(time.0).ok()?.to_zoned(jiff::tz::TimeZone::UTC).datetime();
    let (month, day) = (u8::try_from(civil.month()).ok()?, u8::try_from(civil.day()).ok()?);
    let (hour, minute) = (u8::try_from(civil.hour()).ok()?, u8::try_from(civil.minute()).ok()?);
    let date = input::Date::try_new_gregorian(i32::from(civil.year()), month, day).ok()?;
    Some(input::DateTime { date, time: input::Time::try_new(hour, minute, 0, 0).ok()? })
}

/// The best of our languages in an `Accept-Language` header: highest weight first, then the order written.
fn from_header(header: &str) -> Option<Locale> {
    let mut best: Option<(f32, Locale)> = None;
    // Nobody reads thirty languages; a longer header only costs time.
    for item in header.split(',').take(30) {
        let mut parts = item.split(';');
        let tag = parts.next().unwrap_or_default();
        let weight = parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(1.0, |q| q.trim().parse().unwrap_or(0.0));
        let better = weight > 0.0 && best.is_none_or(|(found, _)| weight > found);
        if let (true, Some(locale)) = (better, Locale::parse(tag)) {
            best = Some((weight, locale));
        }
    }
    best.map(|(_, locale)| locale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reader_s_own_choice_comes_before_the_browser_s_and_english_is_last() {
        assert_eq!(Locale::negotiate(None, None), Locale::En);
        assert_eq!(Locale::negotiate(Some("pl"), Some("ar")), Locale::Pl);
        assert_eq!(Locale::negotiate(Some("xx"), Some("ar-EG,ar;q=0.9,en;q=0.8")), Locale::Ar);
        assert_eq!(Locale::negotiate(None, Some("de, en;q=0.5, pl;q=0.7")), Locale::Pl);
        assert_eq!(Locale::negotiate(None, Some("pl;q=0, ar;q=nonsense, fr")), Locale::En);
    }

    #[test]
    fn numbers_sizes_and_dates_follow_the_language() {
        let time = Time(1_795_487_400_000);
        assert_eq!(Locale::En.number(1_234_567), "1,234,567");
        assert_eq!(Locale::Ar.number(1_234), "١٬٢٣٤");
        assert_eq!(Locale::En.size(2_811_034_u64), "2.8\u{a0}MB");
        assert_eq!(Locale::Pl.size(2_811_034_u64), "2,8\u{a0}MB");
        assert_eq!(Locale::En.size(31_022_u64), "31\u{a0}kB");
        assert_eq!(Locale::Ar.duration(3_723_000), "١:٠٢:٠٣");
        assert_eq!(Locale::En.date(time), "24 November 2026");
        assert_eq!(Locale::Pl.date(time), "24 listopada 2026");
        assert_eq!(Locale::Ar.date(time), "٢٤ نوفمبر ٢٠٢٦");
        assert_eq!(iso(time), "2026-11-24T02:30:00Z");
        assert_eq!(Locale::En.date(Time(i64::MAX)), "");
    }

    #[test]
    fn an_arabic_sentence_has_no_number_in_other_digits() {
        let arabic = include_str!("../locales/ar.ftl");
        // "1 or 0" is what such a field takes, letter for letter.
        let is_flag = |line: &str| line.starts_with("draft-flag") || line.starts_with("line-no-flag");
        for line in arabic.lines().filter(|line| !line.starts_with('#') && !is_flag(line)) {
            let words = line.split_once('=').map_or(line, |(_, words)| words);
            let is_other = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).parse::<u64>().is_ok();
            assert!(!words.split_whitespace().any(is_other), "{line}");
        }
    }
}
