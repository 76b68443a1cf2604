//! How long what was removed is kept, and for whom.

use app::NotKept;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use domain::retention::LONGEST_MS;
use domain::time::DAY_MS;
use domain::{DecisionId, RawRetention, RetentionError, RetentionGround, Role};
use store::DecisionRow;

use super::{Operator, Signed, decisions, fields, said};
use crate::after::After;
use crate::asker::Named;
use crate::error::Error;
use crate::headers;
use crate::locale::{Locale, iso};
use crate::pages::cases::Keeping;
use crate::{Asker, Web};

/// What is kept of a decision, for who is signed in.
pub(super) async fn of(web: &Web, locale: Locale, signed: &Signed, row: &DecisionRow) -> Result<Keeping, Error> {
    let evidence = web.site.evidence_of(&row.id).await?;
    // Who has got back what was taken complains no more.
    let lasts = |one: &store::RetentionRow| row.undone.is_none() || one.retention.ground != RetentionGround::Appeal;
    let kept = web.site.retentions(&row.id).await?.into_iter().filter(lasts);
    let is_kept = (row.key.is_some() && row.undone.is_none()) || evidence.as_ref().is_some_and(|evidence| evidence.destroyed.is_none());
    let now = web.site.clock.now();
    let day = |ms: i64| iso(now.plus_ms(ms)).get(..10).unwrap_or_default().to_owned();
    Ok(Keeping {
        retentions: kept
            .map(|one| (locale.text(ground_key(one.retention.ground)).into_owned(), one.retention.reference, one.retention.until))
            .collect(),
        sealed: evidence.as_ref().map(|evidence| evidence.sealed),
        evidence_destroyed: evidence.and_then(|evidence| evidence.destroyed),
        may_add: is_kept && signed.who.role == Role::Operator,
        days: [day(DAY_MS), day(LONGEST_MS - DAY_MS)],
    })
}

/// `POST /console/decisions/{id}/keep`: keeps what was removed for longer.
pub(crate) async fn keep(
    State(web): State<Web>,
    Named(id): Named<String>,
    asker: Asker,
    Operator(signed): Operator,
    body: Body,
) -> Response<Body> {
    // No page is read by this address.
    let asker = Asker { path: "/console/decisions".to_owned(), ..asker };
    let done = async {
        let id = DecisionId::parse(&id).ok_or(Error::NotFound)?;
        let typed = fields(body).await;
        let field = |name: &str| Some(typed.field(name).to_owned());
        let asked = RawRetention { ground: field("ground"), reference: field("reference"), until: field("until") };
        let key = match web.site.keep_for(Some(&signed.who.id), &id, asked).await? {
            Ok(_) => return Ok(headers::see(&format!("/console/decisions?told=kept#decision-{id}"))),
            Err(NotKept::NoDecision | NotKept::NotAllowed) => return Err(Error::NotFound),
            Err(NotKept::Nothing) => "keeping-nothing",
            Err(NotKept::Asked(RetentionError::Ground)) => "keeping-no-ground",
            Err(NotKept::Asked(RetentionError::Reference)) => "keeping-no-reference",
            Err(NotKept::Asked(RetentionError::Until)) => "keeping-no-day",
        };
        let error = web.locale(&asker).text(key).into_owned();
        decisions::page(&web, &asker, &signed, &After::first(), StatusCode::BAD_REQUEST, (None, Some(error))).await
    };
    said(&web, &asker, done.await)
}

fn ground_key(ground: RetentionGround) -> &'static str {
    match ground {
        RetentionGround::Appeal => "retention-appeal",
        RetentionGround::Tco => "retention-tco",
        RetentionGround::Preservation => "retention-preservation",
        RetentionGround::Law => "retention-law",
    }
}
