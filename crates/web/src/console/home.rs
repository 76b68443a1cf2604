//! Who one is here, and one's own sessions.

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};

use super::{Signed, frame, show};
use crate::pages::console::{Corner, HomePage};
use crate::{Asker, Web};

/// `GET /console/me`.
pub(crate) async fn page(State(web): State<Web>, signed: Signed, asker: Asker) -> Response<Body> {
    show(StatusCode::OK, &HomePage { frame: frame(&web, &asker, &signed, Corner::Home), role: signed.who.role })
}
