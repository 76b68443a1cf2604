//! How people reach the site: routes, pages, forms, uploads, media serving.
//!
//! Every public page works without JavaScript (invariant 10). Handlers turn a request into one act of [`app`] and its result
//! into one page; [`headers`] alone decides types, caching and policies.

mod after;
mod allowance;
mod api;
mod asker;
pub mod assets;
mod client;
mod composed;
mod console;
pub mod contact;
mod cover;
mod embed;
mod error;
mod form;
mod geography;
pub mod headers;
pub mod health;
mod house;
mod install;
pub mod letters;
mod linger;
pub mod locale;
mod manage;
mod media;
pub mod metrics;
mod newest;
mod notices;
mod oembed;
mod open;
pub mod pages;
mod placed;
mod placeholder;
pub mod policy;
mod portal;
mod posts;
mod range;
mod ready;
mod reply;
pub mod server;
mod signed;
mod steady;
mod tally;
mod tus;
mod uploads;
mod zip;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::http::{Response, StatusCode};
use axum::routing::{get, post};

pub use asker::{Asker, Form};
pub use client::{ForwardedHeader, Peer, Proxies};
pub use error::Error;
pub use geography::Geography;
pub use house::{Announcement, Colour, Contact, House, HouseError};
pub use notices::path as subject_path;

use crate::headers::Kind;
use crate::locale::Locale;
use crate::pages::Frame;

/// What every handler needs.
#[derive(Clone)]
pub struct Web(Arc<Whole>);

struct Whole {
    inner: Inner,
    health: health::Health,
    ready: ready::Ready,
    unknown_proxy: client::UnknownProxy,
}

/// The parts of [`Web`].
pub struct Inner {
    /// What the site does.
    pub site: app::Site,
    /// What links begin with; `None`: the host that was asked.
    pub public_url: Option<String>,
    /// Another host name of this same site, for user bytes alone, such as `https://media.kites.example`; `None`: the site's own.
    pub media_url: Option<String>,
    /// What the operator made of it.
    pub house: Arc<House>,
    /// There is a public list of the newest posts that their posters want there.
    pub newest: bool,
    /// Who asks from where, if the operator supplies a database of it.
    pub geography: Option<Geography>,
    /// The web servers before it.
    pub proxies: Proxies,
}

impl std::ops::Deref for Web {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0.inner
    }
}

impl Web {
    /// Puts it together.
    #[must_use]
    pub fn new(inner: Inner) -> Self {
        Self(Arc::new(Whole {
            inner,
            health: health::Health::default(),
            ready: ready::Ready::new(),
            unknown_proxy: client::UnknownProxy::default(),
        }))
    }

    pub(crate) fn health(&self) -> &health::Health {
        &self.0.health
    }

    pub(crate) fn ready(&self) -> &ready::Ready {
        &self.0.ready
    }

    pub(crate) fn unknown_proxy(&self) -> &client::UnknownProxy {
        &self.0.unknown_proxy
    }

    pub(crate) fn locale(&self, asker: &Asker) -> Locale {
        Locale::negotiate(asker.chosen.as_deref(), asker.accepts.as_deref())
    }

    pub(crate) fn frame(&self, asker: &Asker) -> Frame {
        let (locale, now) = (self.locale(asker), self.site.clock.now());
        let levers = self.site.levers();
        let levers = levers.at(now).map(|pulled| pages::levers::told(locale, pulled, self.site.fair_use.slow_lane_minutes)).collect();
        Frame {
            locale,
            back: asker.path.clone(),
            house: Arc::clone(&self.house),
            newest: self.newest,
            levers,
            away: self.site.nobody_at_home().map(|(_, why)| why),
        }
    }

    pub(crate) fn problem_words(&self, asker: &Asker, problem: domain::Problem) -> String {
        pages::problem_words(self.locale(asker), problem, &self.site.limits)
    }
}

/// Every route of the site: pages and forms here, what is for programs in [`api`], beside its description.
pub fn router(web: Web) -> Router {
    let pages = Router::new()
        .route("/", get(posts::composer).post(uploads::post))
        .route("/about", get(posts::about))
        .route("/newest", get(newest::page))
        .route("/policy", get(policy::current))
        .route("/policy/{version}", get(policy::version))
        .route("/contact", get(contact::page))
        .route("/language", post(posts::language))
        .route("/share", post(uploads::share))
        .route("/manifest.webmanifest", get(install::manifest))
        .route("/sw.js", get(install::worker))
        .route("/robots.txt", get(health::robots))
        .route("/assets/{name}", get(health::asset))
        .route("/{id}", get(posts::read).put(uploads::put))
        .route("/{id}/report", get(notices::form).post(notices::file))
        .route("/notices/{receipt}/no-mail", post(notices::no_mail))
        .route("/notices/{receipt}/answer", post(notices::answer_back))
        .route("/{id}/open", get(open::back).post(open::open))
        .route("/{id}/manage/{secret}", get(manage::page).post(manage::save))
        .route("/{id}/manage/{secret}/appeal", post(manage::appeal))
        .route("/{id}/manage/{secret}/delete", post(manage::delete))
        .route("/{id}/manage/{secret}/media/{media_id}/remove", post(manage::remove_medium))
        // Uploads stream and have limits of their own; forms read theirs with a bound.
        .layer(DefaultBodyLimit::disable());
    let router = pages
        .merge(api::router())
        .merge(console::router(&web))
        .merge(portal::router(&web))
        .fallback(posts::nothing)
        .method_not_allowed_fallback(posts::no_such_method)
        .layer(axum::middleware::from_fn(headers::share_with_programs));
    let router =
        if web.media_url.is_some() { router.layer(axum::middleware::from_fn_with_state(web.clone(), media::keep_apart)) } else { router };
    router.with_state(web)
}

/// Draws a page.
pub(crate) fn draw(status: StatusCode, page: &impl Template) -> Response<Body> {
    match page.render() {
        Ok(html) => headers::answer(status, Kind::Html, html),
        Err(error) => undrawable(&error),
    }
}

fn undrawable(error: &askama::Error) -> Response<Body> {
    tracing::error!(%error, "a page could not be drawn");
    headers::answer(StatusCode::INTERNAL_SERVER_ERROR, Kind::Text, "500\n")
}
