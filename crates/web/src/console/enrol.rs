//! Enrolling: the page behind a one-time link. The secret stands in the path, so no answer from here is told to anybody.

use app::EnrolRefused;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use domain::EnrolSecret;
use store::ModeratorRow;

use super::signed::give;
use super::{fields, show, stranger, tell};
use crate::asker::Named;
use crate::error::Error;
use crate::pages::console::{EnrolPage, Telling};
use crate::{Asker, Web, headers};

/// `GET /console/enrol/{secret}`.
pub(crate) async fn page(State(web): State<Web>, Named(secret): Named<String>, asker: Asker) -> Response<Body> {
    match opened(&web, &asker, &secret).await {
        Ok((secret, moderator)) => filled(&web, &asker, &secret, &moderator, None),
        Err(response) => response,
    }
}

/// `POST /console/enrol/{secret}`.
pub(crate) async fn enrol(State(web): State<Web>, Named(secret): Named<String>, asker: Asker, body: Body) -> Response<Body> {
    let (secret, moderator) = match opened(&web, &asker, &secret).await {
        Ok(opened) => opened,
        Err(response) => return response,
    };
    let typed = fields(body).await;
    match web.site.enrol_with_password(&secret, typed.field("password"), typed.field("code")).await {
        Ok(Ok(session)) => {
            let mut response = headers::see("/console");
            give(&asker, &mut response, &session.token);
            response
        }
        Ok(Err(EnrolRefused::Link)) => nowhere(&web, &asker),
        Ok(Err(refused)) => filled(&web, &asker, &secret, &moderator, Some(refused)),
        Err(error) => Error::from(error).answer(&web, &away(&asker)),
    }
}

/// Whom a link enrols. Guessing links is paid for as guessing passwords is.
pub(super) async fn opened(web: &Web, asker: &Asker, secret: &str) -> Result<(EnrolSecret, ModeratorRow), Response<Body>> {
    let guess = web.site.guess_sign_in(&asker.who).map_err(|over| Error::from(over).answer(web, &away(asker)))?;
    let found = match EnrolSecret::parse(secret) {
        Some(secret) => web.site.enrolling(&secret).await.map(|found| found.map(|moderator| (secret, moderator))),
        None => Ok(None),
    };
    if !matches!(found, Ok(None)) {
        web.site.was_right(guess);
    }
    match found {
        Ok(Some(opened)) => Ok(opened),
        Ok(None) => Err(nowhere(web, asker)),
        Err(error) => Err(Error::from(error).answer(web, &away(asker))),
    }
}

fn nowhere(web: &Web, asker: &Asker) -> Response<Body> {
    tell(stranger(web, &away(asker)), Telling::LinkEnded)
}

/// The language switch of a page that is not there leads to the door.
fn away(asker: &Asker) -> Asker {
    Asker { path: "/console".to_owned(), ..asker.clone() }
}

fn filled(web: &Web, asker: &Asker, secret: &EnrolSecret, moderator: &ModeratorRow, refused: Option<EnrolRefused>) -> Response<Body> {
    let mut frame = stranger(web, asker);
    let action = format!("/console/enrol/{}", secret.expose());
    frame.frame.back.clone_from(&action);
    let status = if refused.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let code_link = web.site.code_link(moderator, &frame.frame.name()).unwrap_or_default();
    let page = EnrolPage {
        key: grouped(&code_link),
        picture: picture(&code_link),
        passkeys: super::passkeys::place(web, asker).is_some(),
        name: moderator.name.clone(),
        role: moderator.role,
        until: moderator.link_until,
        frame,
        action,
        code_link,
        refused,
    };
    show(status, &page)
}

/// The key for who types it, in groups that can be read aloud.
fn grouped(code_link: &str) -> String {
    let key = code_link.split(['?', '&']).find_map(|pair| pair.strip_prefix("secret=")).unwrap_or_default();
    key.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into_owned()).collect::<Vec<_>>().join(" ")
}

/// A QR code as the path of a picture: its width in squares, quiet zone and all, and the dark ones.
fn picture(words: &str) -> Option<(i32, String)> {
    use std::fmt::Write as _;
    const QUIET: i32 = 4;
    let code = qrcodegen::QrCode::encode_text(words, qrcodegen::QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let length = (x..code.size()).take_while(|x| code.get_module(*x, y)).count();
            if length > 0 {
                write!(path, "M{} {}h{length}v1h-{length}z", x + QUIET, y + QUIET).ok()?;
            }
            x += i32::try_from(length).ok()?.max(1);
        }
    }
    Some((code.size() + 2 * QUIET, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_in_groups_and_its_picture_has_a_quiet_zone() {
        let link = "otpauth://totp/Kites:Ola?secret=GEZDGNBVGY3TQOJQ&issuer=Kites";
        assert_eq!(grouped(link), "GEZD GNBV GY3T QOJQ");
        let (width, path) = picture(link).expect("a code");
        assert!(path.starts_with("M4 4h7v1h-7z") && width >= 29, "{width} {path}");
    }
}
