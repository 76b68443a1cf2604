//! Looking at what a case is about: one small picture at a time, by a route of its own, of which nothing is kept by anybody.

use app::{CaseView, KnownAlready, Look};
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode, Uri};
use domain::look::Known;
use domain::{AppealId, MediaId, MediaKind, MediaState};
use store::AppealRow;

use super::queue::Query;
use super::{Signed, said};
use crate::asker::Named;
use crate::error::Error;
use crate::locale::Locale;
use crate::pages::cases::{AppealAbout, CaseLook};
use crate::{Asker, Web, headers};

/// `GET /console/media/{id}`: a small picture of a medium that stands or is held, for who decides. Known to them already, it is shown only to who
/// says so (`again=1`); and not beyond the day's budget.
pub(crate) async fn look(State(web): State<Web>, Named(id): Named<String>, uri: Uri, asker: Asker, signed: Signed) -> Response<Body> {
    let looked = async {
        let id = MediaId::parse(&id).ok_or(Error::NotFound)?;
        answer(web.site.look_at_medium(&signed.who.id, &id, is_again(&uri)).await?)
    };
    said(&web, &asker, looked.await)
}

/// `GET /console/appeals/{id}/media/{medium}`: the same of what an appeal is about, for whoever judges that.
pub(crate) async fn contested(
    State(web): State<Web>,
    Named((appeal, id)): Named<(String, String)>,
    uri: Uri,
    asker: Asker,
    signed: Signed,
) -> Response<Body> {
    let looked = async {
        let (appeal, id) = AppealId::parse(&appeal).zip(MediaId::parse(&id)).ok_or(Error::NotFound)?;
        answer(web.site.look_at_contested(&signed.who.id, &appeal, &id, is_again(&uri)).await?)
    };
    said(&web, &asker, looked.await)
}

fn is_again(uri: &Uri) -> bool {
    Query::of(uri).field("again") == "1"
}

fn answer(look: Look) -> Result<Response<Body>, Error> {
    match look {
        Look::Shown(picture) => {
            let mut response = Response::new(Body::from(picture.bytes));
            headers::media(response.headers_mut(), &picture.content_type);
            Ok(response)
        }
        Look::Known(_) => Ok(headers::nothing(StatusCode::CONFLICT)),
        Look::UsedUp => Ok(headers::nothing(StatusCode::FORBIDDEN)),
        Look::Nothing => Err(Error::NotFound),
    }
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
        all.push((&own.row, what_it_is(locale, own.row.kind, own.row.duration_ms, number)));
        if let Some(still) = own.still.as_deref().filter(|still| matches!(still.row.state, MediaState::Ready | MediaState::Waiting)) {
            all.push((&still.row, locale.with("look-still", &[("number", i64::try_from(number).unwrap_or_default().into())])));
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

/// What an appeal is about, for whoever judges it.
pub(super) async fn of_appeal(
    web: &Web,
    locale: Locale,
    signed: &Signed,
    appeal: &AppealRow,
    shown: &str,
) -> Result<Option<AppealAbout>, Error> {
    let Some(about) = web.site.contested(&signed.who.id, appeal).await? else { return Ok(None) };
    let (mut looks, mut said) = (Vec::new(), Vec::new());
    for (medium, number) in about.media.into_iter().zip(1..) {
        let what = what_it_is(locale, medium.kind, medium.duration_ms, number);
        said.extend(
            [medium.caption, medium.alt].into_iter().flatten().filter(|words| !words.is_empty()).map(|words| (what.clone(), words)),
        );
        let again = if medium.known.is_some() { "?again=1" } else { "" };
        looks.push(CaseLook {
            url: format!("/console/appeals/{}/media/{}{again}", appeal.id, medium.id),
            what,
            film: medium.kind == Some(MediaKind::Video),
            known: medium.known.map(|known| known_words(locale, known)),
            shown: shown == medium.id.as_str(),
            here: format!("/console/appeals?look={}#appeal-{}", medium.id, appeal.id),
        });
    }
    Ok(Some(AppealAbout { title: about.title, words: about.text, looks, said, never_shown: about.never_shown }))
}

/// A medium by its number, in words that show nothing of it.
fn what_it_is(locale: Locale, kind: Option<MediaKind>, duration_ms: Option<i64>, number: usize) -> String {
    let number = ("number", i64::try_from(number).unwrap_or_default().into());
    match kind {
        Some(MediaKind::Video) => {
            locale.with("look-video", &[number, ("duration", locale.duration(duration_ms.unwrap_or_default()).into())])
        }
        Some(MediaKind::Animation) => locale.with("look-animation", &[number]),
        _ => locale.with("look-photo", &[number]),
    }
}

fn known_words(locale: Locale, known: KnownAlready) -> String {
    let time = [("time", locale.date(known.at).into())];
    match known.known {
        Known::Seen => locale.with("look-known-seen", &time),
        Known::Decided => locale.with("look-known-decided", &time),
    }
}
