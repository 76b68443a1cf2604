//! Passkeys, for the script that talks to the browser's authenticator: two questions and two answers, in JSON.

use app::{Asked, EnrolRefused, PasskeyPlace};
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use domain::SessionToken;
use serde::Deserialize;

use super::enrol::opened;
use super::signed::{give, own_path};
use crate::asker::Named;
use crate::error::Error;
use crate::headers::{self, Kind};
use crate::{Asker, Web};

/// The longest answer: some authenticators speak of their maker at length.
const ANSWER_BYTES: usize = 64 << 10;

/// What the script brings back.
#[derive(Deserialize)]
struct Answer {
    /// Of the question.
    token: String,
    /// What the authenticator said.
    answer: serde_json::Value,
    /// Where to go.
    #[serde(default)]
    to: String,
}

/// Where this site's passkeys belong; `None` where browsers give none.
pub(super) fn place(web: &Web, asker: &Asker) -> Option<PasskeyPlace> {
    PasskeyPlace::of(&asker.origin, &web.frame(asker).name())
}

/// `POST /console/sign-in/passkey`: a question.
pub(crate) async fn ask(State(web): State<Web>, asker: Asker) -> Response<Body> {
    let Some(place) = place(&web, &asker) else { return no() };
    // Questions wait in the database, so nobody may ask for any number of them.
    let guess = match web.site.guess_sign_in(&asker.who) {
        Ok(guess) => guess,
        Err(over) => return Error::from(over).answer(&web, &asker),
    };
    // It is paid for until somebody answers rightly.
    drop(guess);
    match web.site.ask_passkey(&place).await {
        Ok(Some(asked)) => question(&asked),
        Ok(None) => no(),
        Err(error) => Error::from(error).answer(&web, &asker),
    }
}

/// `POST /console/sign-in/passkey/answer`.
pub(crate) async fn sign_in(State(web): State<Web>, asker: Asker, body: Body) -> Response<Body> {
    let (Some(place), Some((token, answer))) = (place(&web, &asker), read(body).await) else { return no() };
    let guess = match web.site.guess_sign_in(&asker.who) {
        Ok(guess) => guess,
        Err(over) => return Error::from(over).answer(&web, &asker),
    };
    match web.site.sign_in_by_passkey(&place, &token, answer.answer).await {
        Ok(Some(session)) => {
            web.site.was_right(guess);
            // The question was none either.
            web.site.give_back(&asker.who, domain::Budget::SignIn, 1);
            gone_in(&asker, own_path(&answer.to), &session.token)
        }
        Ok(None) => no(),
        Err(error) => {
            web.site.was_right(guess);
            Error::from(error).answer(&web, &asker)
        }
    }
}

/// `POST /console/enrol/{secret}/passkey`: a question.
pub(crate) async fn ask_new(State(web): State<Web>, Named(secret): Named<String>, asker: Asker) -> Response<Body> {
    let Some(place) = place(&web, &asker) else { return no() };
    let (secret, _) = match opened(&web, &asker, &secret).await {
        Ok(opened) => opened,
        Err(response) => return response,
    };
    match web.site.ask_new_passkey(&place, &secret).await {
        Ok(Ok(asked)) => question(&asked),
        Ok(Err(_)) => no(),
        Err(error) => Error::from(error).answer(&web, &asker),
    }
}

/// `POST /console/enrol/{secret}/passkey/answer`.
pub(crate) async fn enrol(State(web): State<Web>, Named(secret): Named<String>, asker: Asker, body: Body) -> Response<Body> {
    let (Some(place), Some((token, answer))) = (place(&web, &asker), read(body).await) else { return no() };
    let (secret, _) = match opened(&web, &asker, &secret).await {
        Ok(opened) => opened,
        Err(response) => return response,
    };
    match web.site.enrol_with_passkey(&place, &secret, &token, answer.answer).await {
        Ok(Ok(session)) => gone_in(&asker, "/console", &session.token),
        Ok(Err(EnrolRefused::Link | EnrolRefused::Password | EnrolRefused::Code | EnrolRefused::Passkey)) => no(),
        Err(error) => Error::from(error).answer(&web, &asker),
    }
}

async fn read(body: Body) -> Option<(SessionToken, Answer)> {
    let bytes = axum::body::to_bytes(body, ANSWER_BYTES).await.ok()?;
    let answer: Answer = serde_json::from_slice(&bytes).ok()?;
    Some((SessionToken::parse(&answer.token)?, answer))
}

fn question(asked: &Asked) -> Response<Body> {
    let words = serde_json::json!({ "token": asked.token.expose(), "options": asked.options });
    headers::answer(StatusCode::OK, Kind::Json, words.to_string())
}

fn gone_in(asker: &Asker, to: &str, token: &SessionToken) -> Response<Body> {
    let mut response = headers::answer(StatusCode::OK, Kind::Json, serde_json::json!({ "to": to }).to_string());
    give(asker, &mut response, token);
    response
}

/// No, whatever was wrong; the page has the words for it.
fn no() -> Response<Body> {
    headers::answer(StatusCode::FORBIDDEN, Kind::Json, "{}")
}
