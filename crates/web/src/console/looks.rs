//! Looking at what a case is about: one small picture at a time, by a route of its own, of which nothing is kept by anybody.

use app::{CaseView, KnownAlready, Look};
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode, Uri};
use domain::look::Known;
use domain::{MediaId, MediaKind, MediaState};

use super::queue::Query;
use super::{Signed, said};
use crate::asker::Named;
use crate::error::Error;
use crate::locale::Locale;
use crate::pages::cases::CaseLook;
use crate::{Asker, Web, headers};

/// `GET /console/media/{id}`: a small picture of a medium that stands or is held, for who decides. Known to them already, it is shown only to who
/// says so (`again=1`); and not beyond the day's budget.
pub(crate) async fn look(State(web): State<Web>, Named(id): Named<String>, uri: Uri, asker: Asker, signed: Signed) -> Response<Body> {
    let looked = async {
        let id = MediaId::parse(&id).ok_or(Error::NotFound)?;
        let again = Query::of(&uri).field("again") == "1";
        let file = match web.site.look_at_medium(&signed.who.id, &id, again).await? {
            Look::Shown(file) => file,
            Look::Known(_) => return Ok(headers::nothing(StatusCode::CONFLICT)),
            Look::UsedUp => return Ok(headers::nothing(StatusCode::FORBIDDEN)),
            Look::Nothing => return Err(Error::NotFound),
        };
        let bytes = web.site.store.blobs.read_all(&file.object_key).await?;
        let mut response = Response::new(Body::from(bytes));
        headers::media(response.headers_mut(), &file.content_type);
        Ok(response)
    };
    said(&web, &asker, looked.await)
}

/// What can be looked at of a case's subject: its medium, or all media of its post, each film with the still that its poster chose. `shown`: the one
/// that is drawn on the page, for who has no script. And whether there is something that nobody shall look at.
pub(super) async fn of_case(
    web: &Web,
    locale: Locale,
    signed: &Signed,
    view: &CaseView,
    shown: &str,
) -> Result<(Vec<CaseLook>, bool), Error> {
    let Some(post) = &view.post else { return Ok((Vec::new(), false)) };
    let subject = view.case.subject.media_id.as_ref();
    let mut all = Vec::new();
    for (own, number) in post.numbered().filter(|(own, _)| subject.is_none_or(|id| own.row.id == *id)) {
        if !matches!(own.row.state, MediaState::Ready | MediaState::Waiting) {
            continue;
        }
        let number = ("number", i64::try_from(number).unwrap_or_default().into());
        let what = match own.row.kind {
            Some(MediaKind::Video) => {
                let lasts = locale.duration(own.row.duration_ms.unwrap_or_default());
                locale.with("look-video", &[number.clone(), ("duration", lasts.into())])
            }
            Some(MediaKind::Animation) => locale.with("look-animation", std::slice::from_ref(&number)),
            _ => locale.with("look-photo", std::slice::from_ref(&number)),
        };
        all.push((&own.row, what));
        if let Some(still) = own.still.as_deref().filter(|still| matches!(still.row.state, MediaState::Ready | MediaState::Waiting)) {
            all.push((&still.row, locale.with("look-still", &[number])));
        }
    }
    let there = all.len();
    let mut may_be_seen = Vec::with_capacity(there);
    for one in all {
        if !web.site.is_never_shown(&one.0.post_id, &one.0.id).await? {
            may_be_seen.push(one);
        }
    }
    let all = may_be_seen;
    let hidden = all.len() < there;
    let known = web.site.known_to(&signed.who.id, all.iter().map(|(row, _)| (&row.post_id, &row.id))).await?;
    let look = |((row, what), known): ((&store::MediaRow, String), Option<KnownAlready>)| {
        let known = known.filter(|known| !known.just_now);
        let again = if known.is_some() { "?again=1" } else { "" };
        CaseLook {
            url: format!("/console/media/{}{again}", row.id),
            what,
            film: row.kind == Some(MediaKind::Video),
            known: known.map(|known| known_words(locale, known)),
            shown: shown == row.id.as_str(),
            here: format!("/console/cases/{}?look={}#looks", view.case.id, row.id),
        }
    };
    Ok((all.into_iter().zip(known).map(look).collect(), hidden))
}

fn known_words(locale: Locale, known: KnownAlready) -> String {
    let time = [("time", locale.date(known.at).into())];
    match known.known {
        Known::Seen => locale.with("look-known-seen", &time),
        Known::Decided => locale.with("look-known-decided", &time),
    }
}
