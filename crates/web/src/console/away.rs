//! When nobody is at home, for operators: what they chose beforehand, what would happen, and coming back.

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode, Uri};
use domain::lever::{Pulled, Source};
use domain::time::{HOUR_MS, MINUTE_MS};
use domain::{Lever, Time};

use super::watch::home;
use super::{Operator, frame, show, told};
use crate::error::Error;
use crate::locale::Locale;
use crate::pages::console::Corner;
use crate::pages::levers;
use crate::pages::watch::{AwayPage, away_key};
use crate::{Asker, Web, headers};

/// `GET /console/away`.
pub(crate) async fn page(State(web): State<Web>, operator: Operator, uri: Uri, asker: Asker) -> Response<Body> {
    let locale = web.locale(&asker);
    let told = told(locale, &uri, &[("here", "told-here")]);
    let drawn = async {
        let rehearsal = web.site.rehearse().await.map_err(Error::from)?;
        let home = home(locale, rehearsal.away, rehearsal.seen);
        let begins = match (rehearsal.away, rehearsal.begins) {
            (Some(_), _) => locale.text("away-begun").into_owned(),
            (None, Some(begins)) if begins <= web.site.clock.now() => locale.text("away-begins-now").into_owned(),
            (None, Some(begins)) => locale.with("away-begins", &[("time", locale.date_time(begins).into())]),
            (None, None) if web.site.away.rules.queue_over > 0 => {
                locale.with("away-begins-queue", &[("cases", web.site.away.rules.queue_over.into())])
            }
            (None, None) => locale.text("away-never").into_owned(),
        };
        Ok(show(
            StatusCode::OK,
            &AwayPage {
                frame: frame(&web, &asker, &operator.0, Corner::Watch),
                at: web.site.clock.now(),
                home,
                rules: rules(&web, locale),
                begins: Some(begins),
                deeds: deeds(&web, locale, rehearsal.orders),
                poster: poster(&web, locale),
                told,
            },
        ))
    };
    super::said(&web, &asker, drawn.await)
}

/// `POST /console/away/here`.
pub(crate) async fn here(State(web): State<Web>, operator: Operator, asker: Asker) -> Response<Body> {
    let done = async {
        web.site.come_home(Some(&operator.0.who.id)).await?;
        Ok(headers::see("/console/away?told=here"))
    };
    super::said(&web, &asker, done.await)
}

fn rules(web: &Web, locale: Locale) -> Vec<String> {
    let rules = &web.site.away.rules;
    let mut list = Vec::new();
    if rules.after_ms > 0 {
        list.push(locale.with("away-rule-unseen", &[("length", length(locale, rules.after_ms).into())]));
    }
    if rules.queue_over > 0 {
        let calm = domain::watch::calm(rules.queue_over);
        list.push(locale.with("away-rule-queue", &[("cases", rules.queue_over.into()), ("calm", calm.into())]));
    }
    list
}

/// A length of time in hours, or in minutes where that is not whole.
fn length(locale: Locale, ms: i64) -> String {
    let (hours, minutes) = (ms / HOUR_MS, ms / MINUTE_MS);
    if hours > 0 && ms % HOUR_MS == 0 {
        return locale.with("length-hours", &[("hours", hours.into())]);
    }
    if minutes > 0 && ms % MINUTE_MS == 0 {
        return locale.with("length-minutes", &[("minutes", minutes.into())]);
    }
    locale.duration(ms)
}

/// What would be done.
fn deeds(web: &Web, locale: Locale, orders: usize) -> Vec<String> {
    // What each lever does, in its own words.
    let mut list: Vec<String> = web.site.away.levers.iter().map(|lever| locale.text(levers::hint_key(*lever)).into_owned()).collect();
    list.push(locale.text("away-deed-orders").into_owned());
    let woken = web.site.alarms.rules.orders && web.site.alarms.reach_somebody();
    list.push(locale.text(if woken { "away-deed-woken" } else { "away-deed-not-woken" }).into_owned());
    list.push(if web.site.away.hold_orders {
        locale.with("away-deed-hold", &[("cases", orders.into())])
    } else {
        locale.text("away-deed-no-hold").into_owned()
    });
    list
}

/// What posters would read: that nobody is there, and what that means for them.
fn poster(web: &Web, locale: Locale) -> Vec<String> {
    let pulled = |lever: &Lever| Pulled { lever: *lever, source: Source::NobodyAtHome, since: Time(0), until: None };
    let told = web.site.away.levers.iter().map(|lever| levers::told(locale, &pulled(lever), web.site.fair_use.slow_lane_minutes));
    let why = web.site.nobody_at_home().map_or(domain::Why::Unseen, |(_, why)| why);
    std::iter::once(locale.text(away_key(&why)).into_owned()).chain(told).collect()
}
