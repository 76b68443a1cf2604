//! Levers, for operators: what can be pulled on a bad day, what is, and until when.

use app::levers::{By, LeverRefused};
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use domain::Lever;
use domain::lever::{Source, length};

use super::{Operator, fields, frame_at, said};
use crate::asker::Named;
use crate::error::Error;
use crate::pages::console::Corner;
use crate::pages::levers::{LeverEntry, LeversPage};
use crate::{Asker, Web, draw, headers};

/// `GET /console/levers`.
pub(crate) async fn page(State(web): State<Web>, operator: Operator, asker: Asker) -> Response<Body> {
    said(&web, &asker, drawn(&web, &asker, &operator, StatusCode::OK, None).await)
}

/// `POST /console/levers/{lever}`: pulls it for a time, or gives it another end.
pub(crate) async fn set(
    State(web): State<Web>,
    Named(lever): Named<String>,
    operator: Operator,
    asker: Asker,
    body: Body,
) -> Response<Body> {
    let typed = fields(body).await;
    let done = async {
        let lever = Lever::parse(&lever).ok_or(Error::NotFound)?;
        let until = length(typed.field("for")).map(|ms| web.site.clock.now().plus_ms(ms));
        Ok(match web.site.set_lever(By::Person(&operator.0.who.id), lever, until).await? {
            Ok(_) => headers::see("/console/levers"),
            Err(refused) => drawn(&web, &asker, &operator, StatusCode::BAD_REQUEST, Some(refused)).await?,
        })
    };
    said(&web, &asker, done.await)
}

/// `POST /console/levers/{lever}/clear`: lets go of it, whoever has pulled it. Twice is once.
pub(crate) async fn clear(State(web): State<Web>, Named(lever): Named<String>, operator: Operator, asker: Asker) -> Response<Body> {
    let done = async {
        let lever = Lever::parse(&lever).ok_or(Error::NotFound)?;
        for by in [By::Person(&operator.0.who.id), By::NobodyAtHome] {
            if let Err(refused @ LeverRefused::NotAllowed) = web.site.clear_lever(by, lever).await? {
                return drawn(&web, &asker, &operator, StatusCode::FORBIDDEN, Some(refused)).await;
            }
        }
        Ok(headers::see("/console/levers"))
    };
    said(&web, &asker, done.await)
}

/// `POST /console/waiting/let-go`: lets go of all that waits for a look because of a lever alone.
pub(crate) async fn let_all_go(State(web): State<Web>, operator: Operator, asker: Asker) -> Response<Body> {
    let done = async {
        Ok(match web.site.let_all_go(Some(&operator.0.who.id)).await? {
            Ok(_) => headers::see("/console/levers"),
            Err(refused) => drawn(&web, &asker, &operator, StatusCode::FORBIDDEN, Some(refused)).await?,
        })
    };
    said(&web, &asker, done.await)
}

async fn drawn(
    web: &Web,
    asker: &Asker,
    operator: &Operator,
    status: StatusCode,
    trouble: Option<LeverRefused>,
) -> Result<Response<Body>, Error> {
    let (levers, now) = (web.site.levers(), web.site.clock.now());
    let entry = |lever: &Lever| LeverEntry {
        lever: *lever,
        pulled: Source::ALL
            .iter()
            .filter_map(|source| levers.at(now).find(|one| (one.lever, one.source) == (*lever, *source)).copied())
            .collect(),
    };
    let levers = Lever::ALL.iter().map(entry).collect();
    let waiting = web.site.waiting_for_a_look().await?;
    let frame = frame_at(web, asker, &operator.0, Corner::Levers, Corner::Levers.path());
    Ok(draw(status, &LeversPage { frame, levers, waiting, trouble }))
}
