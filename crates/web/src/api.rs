//! The site for other programs: everything that the pages can do, as JSON under `/api/v1`, described by `/api/openapi.json`.
//!
//! A route is added by [`routes!`] with its description beside it, so none can be left out of the description; what programs read
//! outside `/api` is there as well. Whatever goes wrong
//! is told as problem details (RFC 9457), whatever form of answer was asked for. Nothing here goes by cookies: a manage secret and a
//! visitor's pass are bearer tokens, so that pages of other sites may use it too (see [`crate::headers::is_for_programs`]).

pub(crate) mod answers;
pub(crate) mod body;
pub(crate) mod bulk;
pub(crate) mod notices;
pub(crate) mod posts;
mod site;
mod wishes;

use std::sync::LazyLock;

use axum::Router;
use axum::body::Body;
use axum::http::{Response, StatusCode};
use serde_json::Value;
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::headers::{self, Kind};
use crate::{Web, embed, health, install, media, newest, oembed, policy, tus};

/// Every route that is for programs.
pub(crate) fn router() -> Router<Web> {
    described().split_for_parts().0
}

fn described() -> OpenApiRouter<Web> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(posts::create))
        .routes(routes!(posts::read, posts::change, posts::delete))
        .routes(routes!(posts::open))
        .routes(routes!(notices::create))
        .routes(routes!(bulk::create))
        .routes(routes!(crate::notices::became))
        .routes(routes!(site::about))
        .routes(routes!(policy::told))
        .routes(routes!(policy::told_version))
        .routes(routes!(description))
        .routes(routes!(media::serve))
        .routes(routes!(oembed::oembed))
        .routes(routes!(embed::embed))
        .routes(routes!(newest::feed))
        .routes(routes!(install::sharex))
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .merge(tus::routes())
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Handbill",
        description = "Post photos, videos and words without an account, and read, edit and delete what was posted.\n\n\
            A post is made in one request, `POST /api/v1/posts`; its files are uploaded by tus 1.0 (https://tus.io) at `/api/v1/uploads`, \
            before it or after it. Where the line is good, `POST /` takes a form with all of it, and `PUT /{name}` one file. Whoever makes a post gets its manage secret, which is the only key to it.\n\n\
            Errors are problem details (RFC 9457) with a stable `type`; outside `/api` they are so for who accepts JSON, and else lines or a page. \
            Every answer under `/api`, and what stands at `/{id}.json`, `/{id}.md` and `/oembed`, may be read by pages of other sites (CORS, \
            without credentials); there every route answers `OPTIONS`.",
    ),
    servers((url = "/")),
    // These share a route with the composer's page, or with the post's, which hands them on.
    paths(crate::uploads::post, crate::uploads::put, crate::posts::json, crate::posts::words, crate::zip::answer),
    components(schemas(answers::Problem, answers::ManagedPost, answers::LockedPost)),
    tags(
        (name = "posts", description = "Making, reading, changing and deleting posts."),
        (name = "notices", description = "Saying that something should not stand, and reading what became of it."),
        (name = "uploads", description = "Resumable uploads by tus 1.0.0: creation, creation-with-upload, termination, checksum, expiration."),
        (name = "reading", description = "A post as a file, in other sites' pages, and in lists."),
        (name = "site", description = "What the site allows, how it is, and this description."),
    ),
    modifiers(&Secrets),
)]
struct Description;

/// How a program shows that it may.
struct Secrets;

impl utoipa::Modify for Secrets {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        let bearer = |words: &str| SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(words)).build());
        let components = description.components.get_or_insert_default();
        components.add_security_scheme("manage_secret", bearer("The post's manage secret: the last part of its manage link."));
        components.add_security_scheme("pass", bearer("What `POST /api/v1/posts/{id}/open` gave, to read a post that is not open to all."));
    }
}

static DESCRIPTION: LazyLock<String> = LazyLock::new(|| {
    let mut whole = serde_json::to_value(described().into_openapi()).unwrap_or_default();
    // A header that may be left out is not one that may be `null`, which is all that the derive macro knows.
    let paths = whole.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten();
    let operations = paths.flat_map(|(_, path)| path.as_object_mut().into_iter().flatten());
    let parameters =
        operations.flat_map(|(_, operation)| operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten());
    for types in parameters.filter_map(|parameter| parameter.pointer_mut("/schema/type")?.as_array_mut()) {
        types.retain(|of| of != "null");
    }
    whole.to_string()
});

/// This description.
///
/// Every route that is for programs, every field, and every answer, as OpenAPI 3.1.
#[utoipa::path(
    get,
    path = "/api/openapi.json",
    tag = "site",
    responses((status = 200, description = "The description.", body = serde_json::Value, content_type = "application/json")),
)]
async fn description() -> Response<Body> {
    headers::answer(StatusCode::OK, Kind::Json, DESCRIPTION.as_str())
}
