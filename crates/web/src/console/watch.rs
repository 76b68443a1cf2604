//! The site's state, for operators: what waits, what came, what banks found, who uses much, what failed, and what was told of it.

use app::{BankNow, Busy, Flow, State};
use axum::body::Body;
use axum::extract::State as Context;
use axum::http::{Response, StatusCode, Uri};
use domain::lever::Pulled;
use domain::network::Reach;
use domain::{AlarmKind, Budget, Counted, Time, Why};
use store::AlarmRow;
use store::alarms::Hook;

use super::banks::acts;
use super::{Operator, frame, show, told};
use crate::asker::Named;
use crate::error::Error;
use crate::health::{self, Findings};
use crate::letters::alarm_line;
use crate::locale::Locale;
use crate::pages::cases::precision_words;
use crate::pages::chart::Chart;
use crate::pages::console::Corner;
use crate::pages::levers;
use crate::pages::watch::{AlarmLine, BankLine, BusyLine, Clock, DeadLine, HomeNow, Part, SourceLine, Trouble, WatchNow, WatchPage};
use crate::{Asker, Web, draw, headers};

/// Banks that are shown.
const BANKS: usize = 12;

/// `GET /console/watch`.
pub(crate) async fn page(Context(web): Context<Web>, operator: Operator, uri: Uri, asker: Asker) -> Response<Body> {
    let locale = web.locale(&asker);
    let told = told(locale, &uri, &[("retried", "told-retried"), ("tested", "told-tested")]);
    let drawn = async {
        let now = now(&web, locale).await?;
        Ok(show(StatusCode::OK, &WatchPage { frame: frame(&web, &asker, &operator.0, Corner::Watch), now, told }))
    };
    super::said(&web, &asker, drawn.await)
}

/// `GET /console/watch/now`: what of it changes.
pub(crate) async fn fragment(Context(web): Context<Web>, _operator: Operator, asker: Asker) -> Response<Body> {
    let locale = web.locale(&asker);
    super::said(&web, &asker, now(&web, locale).await.map(|now| draw(StatusCode::OK, &now)))
}

/// `POST /console/watch/jobs/{id}/retry`. Twice is once.
pub(crate) async fn retry(Context(web): Context<Web>, Named(id): Named<String>, operator: Operator, asker: Asker) -> Response<Body> {
    let done = async {
        web.site.retry_job(Some(&operator.0.who.id), &id).await?;
        Ok(headers::see("/console/watch?told=retried"))
    };
    super::said(&web, &asker, done.await)
}

/// `POST /console/watch/alarm-test`.
pub(crate) async fn test(Context(web): Context<Web>, operator: Operator, asker: Asker) -> Response<Body> {
    let done = async {
        web.site.test_alarm(Some(&operator.0.who.id)).await?;
        Ok(headers::see("/console/watch?told=tested"))
    };
    super::said(&web, &asker, done.await)
}

async fn now(web: &Web, locale: Locale) -> Result<WatchNow, Error> {
    let findings = health::look(web).await;
    let mut state = web.site.state().await?;
    // What it is now, and not what it was when it was told.
    for row in state.standing.iter_mut().filter(|row| row.what.kind == AlarmKind::Queue) {
        row.what.number = i64::try_from(state.clocks.open()).unwrap_or(i64::MAX);
    }
    let levers = pulled(web, locale);
    let (standing, lines) = (alarm_lines(web, locale, &state.standing).await?, alarm_lines(web, locale, &state.alarms).await?);
    let most = state.banks.iter().map(|bank| bank.day).max().unwrap_or_default().max(1);
    Ok(WatchNow {
        locale,
        at: state.at,
        troubles: troubles(locale, &state, (standing, levers), &findings),
        home: home(locale, state.home.and_then(|home| home.away), state.home.map(|home| home.seen)),
        open: locale.with("queue-open", &[("cases", state.clocks.open().into())]),
        clocks: clocks(locale, &state),
        charts: state.flows.iter().map(|flow| chart(locale, flow)).collect(),
        banks: state.banks.iter().take(BANKS).map(|bank| bank_line(locale, bank, most)).collect(),
        sources: state
            .sources
            .iter()
            .map(|one| SourceLine {
                label: one.source.label.clone().filter(|label| !label.is_empty()).unwrap_or_else(|| "–".to_owned()),
                bank: one.bank.clone(),
                day: locale.number(one.source.matches),
                precision: precision_words(locale, one.source.precision),
            })
            .collect(),
        busy: state.busy.iter().map(|one| busy_line(locale, one)).collect(),
        dead: state
            .dead
            .iter()
            .map(|job| DeadLine {
                id: job.id.clone(),
                what: job_words(locale, &job.kind),
                tried: locale.with("watch-tried", &[("times", job.attempts.into()), ("time", locale.date_time(job.created).into())]),
                error: job.error.clone().unwrap_or_default(),
            })
            .collect(),
        parts: parts(web, locale, &state, &findings),
        alarms: lines,
        ways: ways(web, locale, &state),
        reach_somebody: web.site.alarms.reach_somebody(),
    })
}

/// The levers that are pulled, each in a sentence.
fn pulled(web: &Web, locale: Locale) -> Vec<String> {
    let told = |one: &Pulled| {
        let name = locale.text(levers::name_key(one.lever)).into_owned();
        locale.with("watch-lever", &[("lever", name.into()), ("until", levers::until_words(locale, one.until).into())])
    };
    web.site.levers().at(web.site.clock.now()).map(told).collect()
}

fn troubles(locale: Locale, state: &State, (standing, levers): (Vec<AlarmLine>, Vec<String>), findings: &Findings) -> Vec<Trouble> {
    let mut list = Vec::new();
    let mut say = |words: String, link: Option<&str>, urgent| list.push(Trouble { words, link: link.map(str::to_owned), urgent });
    if state.clocks.late > 0 {
        say(locale.with("watch-late", &[("cases", state.clocks.late.into())]), Some("/console"), true);
    }
    if state.clocks.hour > 0 {
        say(locale.with("watch-hour", &[("cases", state.clocks.hour.into())]), Some("/console"), true);
    }
    if state.storm {
        say(locale.text("watch-storm").into_owned(), Some("#watch-busy"), false);
    }
    for words in levers {
        say(words, Some("/console/levers"), false);
    }
    let jobs_told = state.standing.iter().any(|row| row.what.kind == AlarmKind::Job);
    for line in standing {
        say(line.words, Some(&line.link), false);
    }
    for (code, words) in findings.degraded() {
        // The one is told with its number above, the other by its own words in the reader's language.
        match code {
            "jobs_dead" if jobs_told => {}
            "jobs_dead" => say(locale.text("watch-jobs-dead").into_owned(), Some("#watch-dead"), false),
            code => say(degraded_words(locale, code).unwrap_or_else(|| words.to_owned()), Some("#watch-parts"), false),
        }
    }
    if state.second_looks > 0 {
        say(locale.with("watch-second-looks", &[("items", state.second_looks.into())]), Some("/console/banks"), false);
    }
    if state.telling.as_ref().is_some_and(|telling| telling.hook == Hook::GivenUp) {
        say(locale.text("watch-webhook-lost").into_owned(), Some("#watch-parts"), false);
    }
    if state.mails.lost > 0 {
        say(locale.with("watch-mail-lost", &[("mails", state.mails.lost.into())]), Some("#watch-parts"), false);
    }
    list
}

fn degraded_words(locale: Locale, code: &str) -> Option<String> {
    let key = match code {
        "blobs_down" => "degraded-blobs",
        "disk_nearly_full" => "degraded-disk",
        "proxy_unknown" => "degraded-proxy",
        "sandbox_off" => "degraded-sandbox-off",
        "sandbox_failing" => "degraded-sandbox",
        "ffmpeg_missing" => "degraded-ffmpeg",
        "media_behind" => "degraded-media",
        "deletions_behind" => "degraded-deletions",
        _ => return None,
    };
    Some(locale.text(key).into_owned())
}

/// Whether somebody is at home, and since when not.
pub(super) fn home(locale: Locale, away: Option<(Time, Why)>, seen: Option<Time>) -> HomeNow {
    let since = |key, time| locale.with(key, &[("time", locale.date_time(time).into())]);
    let words = match (away, seen) {
        (Some((time, Why::Queue)), _) => since("home-queue", time),
        (Some((time, Why::Unseen)), _) => since("home-unseen", time),
        (None, Some(time)) => since("home-seen", time),
        (None, None) => locale.text("home-new").into_owned(),
    };
    HomeNow { words, away: away.is_some() }
}

fn clocks(locale: Locale, state: &State) -> Vec<Clock> {
    let clocks = &state.clocks;
    let kinds = [
        ("clock-late", clocks.late, "late"),
        ("clock-hour", clocks.hour, "hour"),
        ("clock-day", clocks.day, "day"),
        ("clock-later", clocks.later, "later"),
        ("clock-none", clocks.none, "none"),
    ];
    // Each part that there is has some width, so that one case in a thousand is seen; the rest is by how many they are.
    const LEAST: i64 = 2;
    let counts = kinds.iter().map(|(_, count, _)| *count);
    let (all, parts) = (counts.clone().sum::<i64>().max(1), counts.filter(|count| *count > 0).map(|_| 1).sum::<i64>());
    let upto = |parts_before: i64, cases: i64| parts_before * LEAST + (100 - parts * LEAST) * cases / all;
    let (mut parts_before, mut cases) = (0, 0);
    let clock = |(key, count, class)| {
        let begins = upto(parts_before, cases);
        parts_before += i64::from(count > 0);
        cases += count;
        let percent = upto(parts_before, cases) - begins;
        Clock { words: locale.text(key).into_owned(), count: locale.number(count), percent, begins, class, any: count > 0 }
    };
    kinds.into_iter().map(clock).collect()
}

fn chart(locale: Locale, flow: &Flow) -> Chart {
    let (id, key) = match flow.what {
        Counted::Upload => ("watch-uploads", "watch-uploads"),
        Counted::Report => ("watch-reports", "watch-reports"),
        Counted::Post => ("watch-posts", "watch-posts"),
    };
    Chart::of(locale, id, locale.text(key).into_owned(), flow)
}

fn bank_line(locale: Locale, bank: &BankNow, most: i64) -> BankLine {
    BankLine {
        name: bank.name.clone(),
        acts: acts(locale, bank.kind, bank.on_match),
        day: locale.number(bank.day),
        percent: bank.day * 100 / most,
        held: locale.number(bank.held),
        precision: precision_words(locale, bank.precision),
        distrusted: bank.distrusted,
    }
}

fn busy_line(locale: Locale, busy: &Busy) -> BusyLine {
    let reach = match busy.reach {
        Reach::Ipv4Address => "reach-ipv4",
        Reach::Ipv4Block => "reach-ipv4-24",
        Reach::Ipv4Provider => "reach-ipv4-16",
        Reach::Ipv6Network => "reach-ipv6-64",
        Reach::Ipv6Home => "reach-ipv6-56",
        Reach::Ipv6Site => "reach-ipv6-48",
        Reach::Ipv6Provider => "reach-ipv6-32",
    };
    let what = match busy.budget {
        Budget::Post => "budget-post",
        Budget::Upload => "budget-upload",
        Budget::OpenUpload => "budget-open-upload",
        Budget::Byte => "budget-byte",
        Budget::Guess | Budget::GuessOfPost => "budget-guess",
        Budget::ManageGuess => "budget-manage-guess",
        Budget::SignIn => "budget-sign-in",
        Budget::Notice => "budget-notice",
        Budget::Appeal => "budget-appeal",
    };
    let percent = i64::try_from(busy.percent).unwrap_or(i64::MAX);
    BusyLine {
        name: busy.name.clone(),
        reach: locale.text(reach).into_owned(),
        what: locale.text(what).into_owned(),
        percent: busy.percent.min(100),
        words: locale.with("watch-used", &[("percent", percent.into())]),
        full: busy.percent >= 100,
    }
}

/// What a job was to do.
pub(crate) fn job_words(locale: Locale, kind: &str) -> String {
    let key = match kind {
        "prepare_media" => "job-prepare-media",
        "find_alike" => "job-find-alike",
        "search_for" | "act_on_counted" => "job-search",
        "settle" => "job-settle",
        "seal" => "job-seal",
        "restore" => "job-restore",
        "mail" | "tell_notifiers" => "job-mail",
        "call_webhook" => "job-webhook",
        "delete_object" | "expire_post" | "scrub" | "sweep" => "job-delete",
        _ => "job-other",
    };
    locale.with(key, &[("kind", kind.to_owned().into())])
}

fn parts(web: &Web, locale: Locale, state: &State, findings: &Findings) -> Vec<Part> {
    let part = |name: &'static str, words: String, well| Part { name: locale.text(name).into_owned(), words, well };
    let works = |key, well: bool| part(key, locale.text(if well { "part-well" } else { "part-unwell" }).into_owned(), well);
    let mut list = Vec::new();
    match findings.free_bytes {
        Some(free) => {
            let limit = web.site.alarms.rules.disk_free_bytes;
            let words = locale.with("part-disk-free", &[("size", locale.size(free).into())]);
            list.push(part("part-disk", words, web.site.has_room() && free >= limit));
        }
        None => list.push(works("part-blobs", findings.blobs)),
    }
    list.push(works("part-database", findings.database));
    list.push(works("part-sandbox", !findings.degraded().any(|(code, _)| code.starts_with("sandbox") || code.starts_with("ffmpeg"))));
    let lanes = |of: fn(&store::jobs::Lane) -> i64| findings.lanes.iter().map(of).sum::<i64>();
    let waiting = lanes(|lane| lane.waiting);
    let words = locale.with("part-jobs-now", &[("waiting", waiting.into()), ("running", lanes(|lane| lane.running).into())]);
    list.push(part("part-jobs", words, !findings.degraded().any(|(code, _)| code.ends_with("_behind"))));
    let mail = &state.mails;
    let words = if web.site.sends_mail() {
        locale.with("part-mail-now", &[("sent", mail.sent.into()), ("waiting", mail.waiting.into()), ("lost", mail.lost.into())])
    } else {
        locale.text("part-mail-none").into_owned()
    };
    list.push(part("part-mail", words, mail.put_off == 0 && mail.lost == 0));
    list
}

async fn alarm_lines(web: &Web, locale: Locale, rows: &[AlarmRow]) -> Result<Vec<AlarmLine>, Error> {
    let banks = web.site.banks_of_waves(rows).await?;
    let line = |row: &AlarmRow| {
        let bank = domain::ItemId::parse(&row.what.subject).and_then(|item| banks.get(&item));
        let line = alarm_line(locale, "", row, bank.map(String::as_str));
        let key = match (row.ended, &row.telling) {
            (_, None) => "alarm-quiet",
            (None, Some(_)) => "alarm-stands",
            (Some(_), Some(_)) => "alarm-over",
        };
        let state = locale.text(key).into_owned();
        AlarmLine { words: line.words, link: line.link, raised: row.raised, state, stands: row.ended.is_none() }
    };
    Ok(rows.iter().map(line).collect())
}

/// By which ways somebody is told, when not, and how the last time went.
fn ways(web: &Web, locale: Locale, state: &State) -> Vec<String> {
    let alarms = &web.site.alarms;
    let mut list = Vec::new();
    if !alarms.reach_somebody() {
        return vec![locale.text("watch-nobody-told").into_owned()];
    }
    if !alarms.mail.is_empty() {
        list.push(locale.with("watch-by-mail", &[("addresses", alarms.mail.join(", ").into())]));
    }
    if let Some(webhook) = &alarms.webhook {
        let mut words = locale.with("watch-by-webhook", &[("host", webhook.shown().into())]);
        if let Some(telling) =
            state.telling.as_ref().filter(|telling| matches!(telling.hook, Hook::Waiting | Hook::GivenUp) && telling.tries > 0)
        {
            let answer = telling.answer.clone().unwrap_or_default();
            words =
                format!("{words} {}", locale.with("watch-webhook-failed", &[("answer", answer.into()), ("times", telling.tries.into())]));
        }
        list.push(words);
    }
    if let Some(quiet) = &alarms.quiet {
        let ([from, to], zone) = quiet.shown();
        list.push(locale.with("watch-quiet", &[("from", from.into()), ("to", to.into()), ("zone", zone.to_owned().into())]));
    }
    list
}

#[cfg(test)]
mod tests {
    use app::Job;
    use store::watch::Clocks;

    use super::*;

    fn state(clocks: Clocks) -> State {
        State {
            at: Time(0),
            clocks,
            storm: false,
            flows: Vec::new(),
            banks: Vec::new(),
            sources: Vec::new(),
            busy: Vec::new(),
            dead: Vec::new(),
            second_looks: 0,
            mails: store::watch::MailCounts::default(),
            standing: Vec::new(),
            alarms: Vec::new(),
            telling: None,
            home: None,
        }
    }

    #[test]
    fn the_parts_of_the_queue_fill_its_bar_and_one_case_in_a_thousand_is_seen() {
        for clocks in [
            Clocks { late: 1, none: 999, ..Clocks::default() },
            Clocks { late: 999, none: 1, ..Clocks::default() },
            Clocks { late: 1, hour: 1, day: 1, later: 1, none: 1 },
            Clocks { late: 50_000, hour: 1, day: 1, later: 1, none: 1 },
        ] {
            let parts = super::clocks(Locale::En, &state(clocks));
            assert_eq!(parts.iter().map(|part| part.percent).sum::<i64>(), 100, "{clocks:?}");
            assert!(parts.iter().all(|part| part.any == (part.percent > 0)), "{clocks:?} {parts:?}");
            assert!(parts.windows(2).all(|two| two[0].begins + two[0].percent == two[1].begins), "{clocks:?}");
        }
        assert!(super::clocks(Locale::En, &state(Clocks::default())).iter().all(|part| part.percent == 0));
    }

    #[test]
    fn every_job_that_there_is_has_words_or_its_name() {
        for locale in Locale::ALL {
            assert!(job_words(*locale, Job::Sweep.kind()) != job_words(*locale, "a new one"));
            assert!(job_words(*locale, "a_new_one").contains("a_new_one"));
        }
    }
}
