//! The portal: where the people of registered parties file, and read what became of it.
//!
//! They sign in as whoever decides does, and every request goes through the console's guard. [`Member`] reads who asks from the database each
//! time, with their party: neither sees anything of another party's, and both are out at once if either is suspended.

mod file;
mod list;

use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts, State};
use axum::http::header::HeaderMap;
use axum::http::request::Parts;
use axum::http::{Response, StatusCode, Uri};
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use domain::{FilingId, NoticeKind};
use store::PartyRow;

use crate::after::{After, cut};
use crate::asker::Named;
use crate::console::{self, Known};
use crate::error::Error;
use crate::form::query;
use crate::headers;
use crate::pages::console::{ConsoleFrame, Corner};
use crate::pages::filings::FilingEntry;
use crate::pages::portal::PortalPage;
use crate::pages::reply::{OwnReplyPage, Window};
use crate::reply::{self, Addressee, Asked, FilingAnswer};
use crate::{Asker, Web, draw};

/// Filings on a page.
const ON_A_PAGE: usize = 30;

/// The portal's routes. Whatever is added here is guarded.
pub(crate) fn router(web: &Web) -> Router<Web> {
    Router::new()
        .route("/portal", get(page))
        .route("/portal/file", get(file::page).post(file::file))
        .route("/portal/list", get(list::page).post(list::file))
        .route("/portal/filings/{id}", get(own))
        .layer(list::limit())
        .layer(from_fn_with_state(web.clone(), console::guard))
}

/// A list as it may look.
pub(crate) const EXAMPLE: &str = "type;url;reference;issued;reasons;legal_basis;category;explanation;good_faith;secret\n\
tco_removal_order;https://kites.example/k3m9xq7ph2vde;KP-17/2026;2026-11-26T10:00:00Z;a c;;;;;1\n\
trusted_flagger;https://kites.example/w8fc2q6n5jrtb;;;;;hate;It says ...;1;\n";

/// Somebody who files for a party, as both stand at this moment.
pub(crate) struct Member {
    /// Who.
    pub(crate) who: app::Signed,
    /// For whom.
    pub(crate) party: PartyRow,
}

impl FromRequestParts<Web> for Member {
    type Rejection = Response<Body>;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Self::Rejection> {
        let Known { who, .. } = Known::from_request_parts(parts, web).await?;
        let Ok(asker) = Asker::from_request_parts(parts, web).await;
        let party = match &who.party {
            Some(id) => web.site.party(id).await.map_err(|error| Error::from(error).answer(web, &asker))?,
            None => None,
        };
        match party {
            Some(party) => Ok(Self { who, party }),
            // Whoever decides has a console.
            None => Err(headers::see("/console")),
        }
    }
}

/// A page of the portal.
fn frame(web: &Web, asker: &Asker, member: &Member, corner: Corner) -> ConsoleFrame {
    ConsoleFrame { frame: web.frame(asker), who: Some((member.who.name.clone(), member.who.role)), corner }
}

/// What a party of this kind may send.
fn kinds(member: &Member) -> impl Iterator<Item = NoticeKind> + '_ {
    NoticeKind::ALL.iter().copied().filter(|kind| kind.may_come_from(Some(member.party.party.kind)))
}

/// `GET /portal`, and `?after=…` for what is older.
async fn page(State(web): State<Web>, member: Member, uri: Uri, asker: Asker) -> Response<Body> {
    let page = async {
        let after = After::of(&uri, FilingId::parse)?;
        let mut views = web.site.filings(Some(&member.party.id), after.place(), i64::try_from(ON_A_PAGE + 1).unwrap_or(1)).await?;
        let older = cut(&mut views, ON_A_PAGE, "/portal", |last| (last.row.received, &last.row.id));
        let now = web.site.clock.now();
        let views: Vec<_> = views.into_iter().map(|view| view.for_sender(now)).collect();
        let entry = |view: &app::FilingView| FilingEntry::of(view, format!("/portal/filings/{}", view.row.id), now, false);
        Ok(PortalPage {
            frame: frame(&web, &asker, &member, Corner::Filed),
            party: member.party.party.name.as_str().to_owned(),
            kinds: kinds(&member).collect(),
            entries: views.iter().map(entry).collect(),
            first: after.is_first(),
            older,
        })
    };
    console::said(&web, &asker, page.await.map(|page| draw(StatusCode::OK, &page)))
}

/// `GET /portal/filings/{id}`: the reply to what the party filed, and to nobody else's.
async fn own(State(web): State<Web>, Named(id): Named<String>, member: Member, uri: Uri, head: HeaderMap, asker: Asker) -> Response<Body> {
    let replied = async {
        let id = FilingId::parse(&id).ok_or(Error::NotFound)?;
        let view = web.site.own_filing(&member.party.id, &id).await?.ok_or(Error::NotFound)?;
        let (site, locale) = (Addressee::of(&web, &asker), web.locale(&asker));
        Ok(match Asked::of(&asker, &uri, &head) {
            Asked::Json => crate::api::posts::answer(StatusCode::OK, &FilingAnswer::of(&site, &view)),
            Asked::Text => reply::as_text(locale, &id, &reply::document(&web.site, locale, &site, &view).await?),
            Asked::Page => {
                let window = Window::of(&uri, &format!("/portal/filings/{id}"), view.links.len());
                let page = OwnReplyPage {
                    frame: frame(&web, &asker, &member, Corner::Filed),
                    filed: query(&uri, "filed").is_some(),
                    text: format!("/portal/filings/{id}?form=text"),
                    document: reply::document(&web.site, locale, &site, &view).await?.within(&window),
                    window,
                };
                draw(StatusCode::OK, &page)
            }
        })
    };
    console::said(&web, &asker, replied.await)
}
