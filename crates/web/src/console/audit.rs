//! The audit trail, for operators: who did what, the newest first.

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode, Uri};
use domain::{AuditId, Time};

use super::{Operator, frame, show};
use crate::error::Error;
use crate::form::pairs;
use crate::pages::console::{AuditPage, Corner};
use crate::{Asker, Web};

/// Acts on a page.
const ON_A_PAGE: usize = 50;

/// `GET /console/audit`, and `?after=…` for what is older.
pub(crate) async fn page(State(web): State<Web>, operator: Operator, uri: Uri, asker: Asker) -> Response<Body> {
    let asked = pairs(uri.query().unwrap_or_default().as_bytes(), 4).into_iter().find(|(name, _)| name == "after");
    let after = match &asked {
        None => None,
        Some((_, text)) => match cursor(text) {
            Some(cursor) => Some(cursor),
            None => return Error::NotFound.answer(&web, &asker),
        },
    };
    let read = web.site.audit(after.as_ref().map(|(at, id)| (*at, id)), i64::try_from(ON_A_PAGE + 1).unwrap_or(1)).await;
    let mut acts = match read {
        Ok(acts) => acts,
        Err(error) => return Error::from(error).answer(&web, &asker),
    };
    let more = acts.len() > ON_A_PAGE;
    acts.truncate(ON_A_PAGE);
    let older = acts.last().filter(|_| more).map(|last| format!("/console/audit?after={}-{}", last.row.at.0, last.row.id));
    let mut frame = frame(&web, &asker, &operator.0, Corner::Audit);
    if let Some((at, id)) = &after {
        frame.frame.back = format!("/console/audit?after={}-{id}", at.0);
    }
    show(StatusCode::OK, &AuditPage { frame, acts, first: after.is_none(), older })
}

fn cursor(text: &str) -> Option<(Time, AuditId)> {
    let (at, id) = text.rsplit_once('-')?;
    Some((Time(at.parse().ok()?), AuditId::parse(id)?))
}
