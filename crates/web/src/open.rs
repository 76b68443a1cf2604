//! Opening a post that is not open to all: the page that stands in its place, and the form that opens it.
//!
//! A view is somebody's press of Open, a form that posts: what only fetches a link (previews, crawlers) never uses one up.

use app::{Lock, Opened};
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{self, HeaderValue};
use axum::http::{Response, StatusCode};
use domain::{Password, PostId, Time};

use crate::asker::{Named, pass_cookie};
use crate::error::Error;
use crate::form::pairs;
use crate::headers::{self, Kind};
use crate::pages::LockedPage;
use crate::{Asker, Form, Web, draw};

/// The longest form: a password whose every byte is percent-encoded.
const FORM_BYTES: usize = 4 << 10;

/// The page in the place of a locked post. It is a page like others for who reads it, and no preview for who only fetches it.
pub(crate) fn locked(web: &Web, asker: &Asker, id: &PostId, lock: Lock, error: Option<String>) -> Response<Body> {
    let status = if error.is_some() { StatusCode::FORBIDDEN } else { StatusCode::OK };
    let frame = crate::pages::Frame { back: format!("/{id}"), ..web.frame(asker) };
    let mut response = draw(status, &LockedPage { frame, lock, action: format!("/{id}/open"), error });
    headers::locked(response.headers_mut());
    response
}

/// `GET /{id}/open`: an address bar that was left on the form's own address leads back to the post, and opens nothing.
pub(crate) async fn back(State(web): State<Web>, Named(name): Named<String>, asker: Asker) -> Response<Body> {
    match PostId::parse(&name) {
        Some(id) => to_post(&id),
        None => Error::NotFound.answer(&web, &asker),
    }
}

fn to_post(id: &PostId) -> Response<Body> {
    let mut response = headers::answer(StatusCode::SEE_OTHER, Kind::Text, "");
    if let Ok(to) = HeaderValue::from_str(&format!("/{id}")) {
        response.headers_mut().insert(header::LOCATION, to);
    }
    response
}

/// `POST /{id}/open`: opens it for one visit, and leads to it.
pub(crate) async fn open(State(web): State<Web>, Named(name): Named<String>, asker: Asker, body: Body) -> Response<Body> {
    let Some(id) = PostId::parse(&name) else { return Error::NotFound.answer(&web, &asker) };
    // What is longer is no password.
    let bytes = axum::body::to_bytes(body, FORM_BYTES).await.unwrap_or_default();
    let typed = pairs(&bytes, 4).into_iter().find(|(key, _)| key == "password").map(|(_, value)| value).unwrap_or_default();
    match knock(&web, &asker, &id, &typed).await {
        Ok(Opened::Pass { pass, until }) => opened(&asker, &id, Some((&pass, until))),
        Ok(Opened::NoNeed) => opened(&asker, &id, None),
        Ok(Opened::Wrong) => match asker.form {
            Form::Html => {
                let words = web.locale(&asker).text("error-wrong-password").into_owned();
                locked(&web, &asker, &id, Lock::Password, Some(words))
            }
            _ => private(Error::WrongPassword.answer(&web, &asker)),
        },
        Ok(Opened::Gone) => private(Error::Gone.answer(&web, &asker)),
        Ok(Opened::Nothing) => Error::NotFound.answer(&web, &asker),
        Err(error) => private(error.answer(&web, &Asker { path: format!("/{id}"), ..asker })),
    }
}

/// Tries a password, or presses Open: the one way, whoever asks.
pub(crate) async fn knock(web: &Web, asker: &Asker, id: &PostId, typed: &str) -> Result<Opened, Error> {
    // An empty field is no guess.
    let password = Password::parse(typed);
    let guess = password.as_ref().map(|_| web.site.guess_password(&asker.who, id)).transpose()?;
    let opened = web.site.open(id, password).await;
    if let Some(guess) = guess
        && !matches!(opened, Ok(Opened::Wrong))
    {
        web.site.was_right(guess);
    }
    Ok(opened?)
}

fn private(mut response: Response<Body>) -> Response<Body> {
    headers::locked(response.headers_mut());
    response
}

/// The pass: as a cookie for a browser, in words for a program.
fn opened(asker: &Asker, id: &PostId, pass: Option<(&str, Time)>) -> Response<Body> {
    let mut response = match asker.form {
        Form::Json => {
            let body =
                serde_json::json!({"pass": pass.map(|(pass, _)| pass), "expires": pass.map(|(_, until)| crate::posts::instant(until))});
            headers::answer(StatusCode::OK, Kind::Json, body.to_string())
        }
        Form::Html | Form::Text => to_post(id),
    };
    // For this visit: the browser forgets it when it is closed, and the pass itself ends in some hours.
    let secure = if asker.origin.starts_with("https:") { "; Secure" } else { "" };
    if let Some((pass, _)) = pass
        && let Ok(cookie) = HeaderValue::from_str(&format!("{}={pass}; Path=/; SameSite=Lax; HttpOnly{secure}", pass_cookie(id)))
    {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    headers::locked(response.headers_mut());
    response
}
