//! The audit trail, for operators: who did what, the newest first.

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode, Uri};
use domain::AuditId;

use super::{Operator, frame, show};
use crate::after::{After, next};
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
    let more = acts.len() > ON_A_PAGE;
    acts.truncate(ON_A_PAGE);
    let older = acts.last().filter(|_| more).map(|last| next("/console/audit", last.row.at, &last.row.id));
    let mut frame = frame(&web, &asker, &operator.0, Corner::Audit);
    frame.frame.back = after.link("/console/audit");
    show(StatusCode::OK, &AuditPage { frame, acts, first: after.is_first(), older })
}
