//! Pages about the site's state, and about nobody being at home, in every state.

use app::{Flow, Hour};
use askama::Template as _;
use domain::time::HOUR_MS;
use domain::{Counted, Role, Time};

use super::frame;
use crate::locale::Locale;
use crate::pages::chart::Chart;
use crate::pages::console::{ConsoleFrame, Corner};
use crate::pages::watch::{
    AlarmLine, AwayPage, BankLine, BusyLine, Clock, DeadLine, HomeNow, Part, SourceLine, Trouble, WatchNow, WatchPage,
};

const NOW: Time = Time(1_795_487_400_000);

pub(super) fn pages(locale: Locale) -> Vec<(String, askama::Result<String>)> {
    let at = || ConsoleFrame { frame: frame(locale), who: Some(("Ola <b>".to_owned(), Role::Operator)), corner: Corner::Watch };
    let mut pages = Vec::new();
    for full in [false, true] {
        let state = if full { "full" } else { "calm" };
        let page = WatchPage { frame: at(), now: now(locale, full), told: full.then(|| "<b>".to_owned()) };
        pages.push((format!("watch-{state}"), page.render()));
        let away = AwayPage {
            frame: at(),
            at: NOW,
            home: HomeNow { words: "<i>".into(), away: full },
            rules: if full { vec!["<b>".into()] } else { Vec::new() },
            begins: full.then(|| "<b>".into()),
            deeds: vec!["<i>".into()],
            poster: vec!["<script>".into()],
            told: full.then(|| "<b>".into()),
        };
        pages.push((format!("away-{state}"), away.render()));
    }
    pages
}

fn now(locale: Locale, full: bool) -> WatchNow {
    let hour = |place: i64| Hour {
        begins: NOW.plus_ms((place - 24) * HOUR_MS),
        times: if full { place * place } else { 0 },
        usual: full.then_some(40),
    };
    let flow = Flow { what: Counted::Upload, hours: (0..24).map(hour).collect() };
    let clock = |class, percent, begins| Clock { words: "<b>".into(), count: "3".into(), percent, begins, class, any: percent > 0 };
    let bank = BankLine {
        name: "<b>kites".into(),
        acts: "<i>".into(),
        day: "12".into(),
        percent: 40,
        held: "3".into(),
        precision: "<b>".into(),
        distrusted: true,
    };
    let source = SourceLine { label: "<list>.csv".into(), bank: "<b>".into(), day: "3".into(), precision: "<i>".into() };
    let busy = BusyLine { name: "K7QF".into(), reach: "<b>".into(), what: "<i>".into(), percent: 100, words: "<b>".into(), full: true };
    let dead = DeadLine { id: "0123".into(), what: "<b>".into(), tried: "<i>".into(), error: "<script>".into() };
    let alarm = AlarmLine { words: "<b>".into(), link: "/console".into(), raised: NOW, state: "<i>".into(), stands: true };
    let trouble = |urgent: bool| Trouble { words: "<script>".into(), link: urgent.then(|| "/console".to_owned()), urgent };
    WatchNow {
        locale,
        at: NOW,
        troubles: if full { vec![trouble(true), trouble(false)] } else { Vec::new() },
        home: HomeNow { words: "<b>".into(), away: full },
        open: "<b>".into(),
        clocks: vec![clock("late", if full { 60 } else { 0 }, 0), clock("none", if full { 40 } else { 0 }, 60)],
        charts: vec![Chart::of(locale, "watch-uploads", "<b>".into(), &flow)],
        banks: if full { vec![bank] } else { Vec::new() },
        sources: if full { vec![source] } else { Vec::new() },
        busy: if full { vec![busy] } else { Vec::new() },
        dead: if full { vec![dead] } else { Vec::new() },
        parts: vec![Part { name: "<b>".into(), words: "<i>".into(), well: !full }],
        alarms: if full { vec![alarm] } else { Vec::new() },
        ways: vec!["<b>".into()],
        reach_somebody: full,
    }
}
