//! The door: signing in with a password and a code, and signing out.

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode, Uri};

use super::signed::{give, own_path, take};
use super::{Known, fields, show, stranger};
use crate::error::Error;
use crate::form::query;
use crate::pages::console::SignInPage;
use crate::{Asker, Web, headers};

/// `GET /console/sign-in`, and `?to=…` for where to go after it.
pub(crate) async fn page(State(web): State<Web>, uri: Uri, asker: Asker) -> Response<Body> {
    let to = own_path(&query(&uri, "to").unwrap_or_default()).to_owned();
    door(&web, &asker, StatusCode::OK, to, String::new(), false)
}

/// `POST /console/sign-in`.
pub(crate) async fn sign_in(State(web): State<Web>, asker: Asker, body: Body) -> Response<Body> {
    let typed = fields(body).await;
    let to = own_path(typed.field("to")).to_owned();
    let guess = match web.site.guess_sign_in(&asker.who) {
        Ok(guess) => guess,
        Err(over) => return Error::from(over).answer(&web, &asker),
    };
    let name = typed.field("name");
    match web.site.sign_in(name, typed.field("password"), typed.field("code")).await {
        Ok(Some(session)) => {
            web.site.was_right(guess);
            let mut response = headers::see(&to);
            give(&asker, &mut response, &session.token);
            response
        }
        Ok(None) => door(&web, &asker, StatusCode::FORBIDDEN, to, name.chars().take(domain::ModeratorName::LONGEST).collect(), true),
        // Our own trouble is nobody's wrong guess.
        Err(error) => {
            web.site.was_right(guess);
            Error::from(error).answer(&web, &asker)
        }
    }
}

fn door(web: &Web, asker: &Asker, status: StatusCode, to: String, name: String, failed: bool) -> Response<Body> {
    let mut frame = stranger(web, asker);
    frame.frame.back = "/console/sign-in".to_owned();
    let passkeys = super::passkeys::place(web, asker).is_some();
    show(status, &SignInPage { frame, to, name, failed, passkeys })
}

/// `POST /console/sign-out`.
pub(crate) async fn sign_out(State(web): State<Web>, signed: Known, asker: Asker) -> Response<Body> {
    left(&web, &asker, web.site.sign_out(&signed.who, &signed.token).await)
}

/// `POST /console/sign-out-everywhere`.
pub(crate) async fn sign_out_everywhere(State(web): State<Web>, signed: Known, asker: Asker) -> Response<Body> {
    left(&web, &asker, web.site.sign_out_everywhere(&signed.who).await)
}

fn left(web: &Web, asker: &Asker, done: Result<(), app::Error>) -> Response<Body> {
    if let Err(error) = done {
        return Error::from(error).answer(web, &Asker { path: "/console".to_owned(), ..asker.clone() });
    }
    let mut response = headers::see("/console/sign-in");
    take(asker, &mut response);
    response
}
