//! `/{id}/embed`: a post inside a page of another site, without a script; and what such a page needs to know to put it there.
//!
//! It is read as a stranger reads it: whoever has opened a locked post has opened it on its own page, not in everybody's.

use app::{Found, PostView};
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use domain::PostId;

use crate::api::answers::Elsewhere;
use crate::asker::Named;
use crate::cover::Asked;
use crate::pages::embed::{EmbedBody, EmbedPage};
use crate::posts::{Reasons, as_private_as, page};
use crate::{Asker, Error, Web, draw, headers};

/// The width and height of an embed in CSS pixels, where nobody wants another.
pub(crate) const SIZE: (u32, u32) = (560, 560);

/// A post as a page that may stand inside other sites' pages.
#[utoipa::path(
    get,
    path = "/{id}/embed",
    tag = "reading",
    params(("id" = String, Path, pattern = "^[a-hjkmnp-z2-9]{13}$", description = "The last part of the post's link.")),
    responses((status = 200, description = "The page; of a post that is not open to all, a link to it.", body = String, content_type = "text/html"), Elsewhere),
)]
pub(crate) async fn embed(State(web): State<Web>, Named(id): Named<String>, asker: Asker) -> Response<Body> {
    let there = |heading, link| EmbedBody::There { heading, link, url: format!("{}/{}", asker.origin, id.to_ascii_lowercase()) };
    let (status, body, view) = match read(&web, &asker, &id).await {
        Ok(Found::Post(view)) => {
            (StatusCode::OK, EmbedBody::Post(Box::new(page(&web, &asker, &view, &Asked::default(), Reasons::new()))), Some(view))
        }
        Ok(Found::Locked(_)) => (StatusCode::OK, there("locked-heading", "manage-open"), None),
        Ok(Found::Removed(removal)) => {
            let status = crate::pages::removed::status_of(removal.decision.decision.ground);
            (StatusCode::from_u16(status).unwrap_or(StatusCode::GONE), there("removed-heading", "removed-why"), None)
        }
        Ok(Found::Gone) => (StatusCode::GONE, EmbedBody::Gone, None),
        Ok(Found::Nothing) => (StatusCode::NOT_FOUND, EmbedBody::Nothing, None),
        Err(error) => return error.answer(&web, &asker),
    };
    let response = draw(status, &EmbedPage { frame: web.frame(&asker), body });
    let mut response = match &view {
        Some(view) => as_private_as(view, response),
        None => response,
    };
    headers::embed(response.headers_mut());
    response
}

/// The post as a stranger sees it.
pub(crate) async fn read(web: &Web, asker: &Asker, id: &str) -> Result<Found, Error> {
    match PostId::parse(id) {
        Some(id) => Ok(web.site.read(&id, None, asker.from).await?),
        None => Ok(Found::Nothing),
    }
}

/// The piece of a page that shows this post.
pub(crate) fn code(origin: &str, view: &PostView, title: &str, (width, height): (u32, u32)) -> String {
    let (id, title) = (&view.post.id, crate::pages::escaped(title));
    format!(
        "<iframe src=\"{origin}/{id}/embed\" width=\"{width}\" height=\"{height}\" title=\"{title}\" loading=\"lazy\" frameborder=\"0\" allowfullscreen></iframe>"
    )
}
