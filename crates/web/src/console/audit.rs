//! The audit trail, for operators: who did what, the newest first.

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode, Uri};
use domain::AuditId;

use super::{Operator, frame_at, show};
use crate::after::{After, cut};
use crate::error::Error;
use crate::pages::console::{AuditPage, Corner};
use crate::{Asker, Web};

/// Acts on a page.
const ON_A_PAGE: usize = 50;

/// `GET /console/audit`, and `?after=…` for what is older.
pub(crate) async fn page(State(web): State<Web>, operator: Operator, uri: Uri, asker: Asker) -> Response<Body> {
    let after = match After::of(&uri, AuditId::parse) {
        Ok(after) => after,
        Err(error) => return error.answer(&web, &asker),
    };
    let read = web.site.audit(after.place(), i64::try_from(ON_A_PAGE + 1).unwrap_or(1)).await;
    let mut acts = match read {
        Ok(acts) => acts,
        Err(error) => return Error::from(error).answer(&web, &asker),
    };
    let older = cut(&mut acts, ON_A_PAGE, "/console/audit", |last| (last.row.at, &last.row.id));
    let frame = frame_at(&web, &asker, &operator.0, Corner::Audit, after.link("/console/audit"));
    show(StatusCode::OK, &AuditPage { frame, acts, first: after.is_first(), older })
}
