//! Posts by program: made, read, changed, deleted, opened.

use app::{Edit, Edited, NewMedium, Opened, PostView, Posting, Source, Toll};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{Response, StatusCode};
use domain::{ManageSecret, MediaId, PostId, Problem, Repeat, Wait};
use serde::Serialize;

use crate::api::answers::{Changing, Created, Holding, LockedPost, Making, ManagedPost, Opening, Pass, Post, Read, Reading};
use crate::api::body;
use crate::api::wishes::{Change, Knock, NewPost, WantedMedium, upload};
use crate::asker::{Named, bearer};
use crate::error::Error;
use crate::headers::{self, Kind};
use crate::posts::{find, instant};
use crate::{Asker, Web, form, manage, open as opening};

/// Makes a post.
///
/// Answers at once, also while its uploads are still running: the link works, and the page behind it fills as they arrive. Media that
/// are not cleaned and checked are never visible to others.
#[utoipa::path(
    post,
    path = "/api/v1/posts",
    tag = "posts",
    params(("Idempotency-Key" = Option<String>, Header, min_length = 22, max_length = 200, pattern = "^[!-~]+$",
        description = "22 to 200 printable ASCII characters, drawn at random. For a day, the same request under the same key is the same post, \
            and gets the same answer; another request under the same key is refused (409).")),
    request_body(content = NewPost, content_type = "application/json"),
    responses(
        (status = 201, description = "It was made.", body = Created, headers(("Location" = String, description = "Where a program reads and changes it."))),
        (status = 202, description = "It was made, and is public after a while.", body = Created, headers(("Location" = String, description = "Where a program reads and changes it."))),
        Making,
    ),
)]
pub(crate) async fn create(State(web): State<Web>, asker: Asker, request: Request) -> Response<Body> {
    hidden(&web, &asker, created(&web, &asker, request).await)
}

async fn created(web: &Web, asker: &Asker, request: Request) -> Result<Response<Body>, Error> {
    let key = form::idempotency_key(request.headers())?;
    let wish: NewPost = body::json(web, asker, request).await?;
    let limits = &web.site.limits;
    let repeat = key.map(|key| Repeat::new(key, serde_json::json!(["json", &wish]).to_string().as_bytes()));
    let draft = wish.draft()?.check(limits)?;
    let secret = wish.secret()?;
    let wanted = wish.media.unwrap_or_default();
    if wanted.len() > limits.files_per_post {
        return Err(Error::AllRefused(Problem::TooManyFiles));
    }
    let mut media = Vec::with_capacity(wanted.len());
    for one in wanted {
        media.push(NewMedium {
            source: Source::Upload(upload(&one.upload)?),
            caption: domain::post::line("caption", one.caption.as_deref(), limits)?,
            alt: domain::post::line("alt", one.alt.as_deref(), limits)?,
            sensitive: one.sensitive.unwrap_or_default(),
            number: one.number.map(|number| usize::from(number.get())),
            still: one.still.as_deref().map(upload).transpose()?.map(Source::Upload),
        });
    }
    web.site.may_post()?;
    let (who, offer) = (&asker.who, asker.offer());
    let paid = if media.is_empty() { web.site.pay_for_post(who, offer).await? } else { web.site.pay_for_uploaded_post(who, offer).await? };
    let lane = paid.lane();
    let published = web.site.publish(Posting { draft, media, secret, repeat, lane }).await?;
    if published.is_new {
        paid.made();
    }
    let url = format!("{}/{}", asker.origin, published.id);
    let manage_url = format!("{url}/manage/{}", published.secret.expose());
    let status = if published.wait.is_some() { StatusCode::ACCEPTED } else { StatusCode::CREATED };
    let public = published.wait.and_then(Wait::until).map(instant);
    let links = published.links.map(instant);
    let mut response = answer(status, &Created { id: published.id.clone(), url, manage_url, public, links });
    if let Ok(place) = HeaderValue::from_str(&format!("{}/api/v1/posts/{}", asker.origin, published.id)) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

/// Reads a post.
///
/// The same as `/{id}.json`. With the post's manage secret it is told whole, as its poster sees it, also where it is locked; with a
/// pass, or without anything, as a visitor sees it.
#[utoipa::path(
    get,
    path = "/api/v1/posts/{id}",
    tag = "posts",
    params(("id" = String, Path, pattern = "^[a-hjkmnp-z2-9]{13}$", description = "The last part of the post's link.")),
    responses((status = 200, description = "The post, or that it is locked.", body = Read), Reading),
    security((), ("pass" = []), ("manage_secret" = [])),
)]
pub(crate) async fn read(State(web): State<Web>, Named(id): Named<String>, asker: Asker, request: HeaderMap) -> Response<Body> {
    let told = async {
        // A pass has a dot in it, and is no secret.
        if let Some(secret) = bearer(&request).filter(|token| ManageSecret::parse(token).is_some()) {
            let managed = manage::open(&web, &asker, &id, secret).await?;
            let told = ManagedPost::new(&web, &asker, &managed.view);
            return Ok(private(answer(StatusCode::OK, &Read::Managed(Box::new(told)))));
        }
        match find(&web, &asker, &id).await {
            Ok(view) => {
                let told = Read::Post(Box::new(Post::new(&web, &asker, &view)));
                Ok(crate::posts::as_private_as(&view, answer(StatusCode::OK, &told)))
            }
            Err(Error::Locked(lock)) => {
                let id = PostId::parse(&id).ok_or(Error::NotFound)?;
                Ok(private(answer(StatusCode::OK, &Read::Locked(LockedPost::new(&asker, &id, lock)))))
            }
            Err(other) => Err(other),
        }
    };
    told.await.unwrap_or_else(|error: Error| private(error.answer(&web, &asker)))
}

/// Changes a post.
///
/// What is left out stays as it is. All of it happens, or nothing. An added medium goes the way of every new one before anybody sees it.
#[utoipa::path(
    patch,
    path = "/api/v1/posts/{id}",
    tag = "posts",
    params(("id" = String, Path, pattern = "^[a-hjkmnp-z2-9]{13}$", description = "The last part of the post's link.")),
    request_body(content = Change, content_type = "application/json"),
    responses((status = 200, description = "It is changed, and stands like this.", body = ManagedPost), Changing),
    security(("manage_secret" = [])),
)]
pub(crate) async fn change(State(web): State<Web>, Named(id): Named<String>, asker: Asker, request: Request) -> Response<Body> {
    hidden(&web, &asker, changed(&web, &asker, &id, request).await)
}

async fn changed(web: &Web, asker: &Asker, id: &str, request: Request) -> Result<Response<Body>, Error> {
    let managed = held(web, asker, id, request.headers()).await?;
    let wish: Change = body::json(web, asker, request).await?;
    let edit = Edit { lane: web.site.lane(&asker.who, Toll::Free), ..edit(web, &managed.view, wish)? };
    let id = managed.view.post.id.clone();
    web.site.edit(managed.view, edit).await?;
    let view = web.site.managed(&id, &managed.secret).await?.ok_or(Error::NotFound)?;
    Ok(answer(StatusCode::OK, &ManagedPost::new(web, asker, &view)))
}

fn edit(web: &Web, view: &PostView, wish: Change) -> Result<Edit, Error> {
    let limits = &web.site.limits;
    let mut draft = wish.draft(&view.post)?.check(limits)?;
    let media = wish
        .media
        .map(|media| media.into_iter().enumerate().map(|(place, one)| edited(web, view, place, one)).collect::<Result<Vec<_>, _>>());
    let media = media.transpose()?;
    let mut kept: Vec<&MediaId> =
        media.iter().flatten().filter_map(|one| if let Edited::Kept { media_id, .. } = one { Some(media_id) } else { None }).collect();
    let wanted = kept.len();
    kept.sort_unstable();
    kept.dedup();
    if kept.len() < wanted {
        return Err(Error::BadJson("media: one of them is named twice".to_owned()));
    }
    Ok(Edit {
        seen: wish.revision,
        expires: wish.expires.is_some().then_some(draft.expiry),
        password: wish.password.is_some().then(|| draft.password.take()),
        views: wish.views.is_some().then_some(draft.views),
        media,
        draft,
        lane: domain::Lane::default(),
    })
}

fn edited(web: &Web, view: &PostView, place: usize, one: WantedMedium) -> Result<Edited, Error> {
    let limits = &web.site.limits;
    let line = |name, wanted: &Option<Option<String>>, stands: Option<&str>| {
        domain::post::line(name, wanted.as_ref().map_or(stands, Option::as_deref), limits)
    };
    let still = one.still.as_ref().map(|still| still.as_deref().map(upload).transpose());
    let still = still.transpose()?.map(|still| still.map(Source::Upload));
    match (&one.id, &one.upload) {
        (Some(_), None) if one.number.is_some() => Err(Error::BadJson(format!("media[{place}].number: only a new one has it"))),
        (Some(id), None) => {
            let own = view.media.iter().map(|medium| &medium.row).find(|row| row.id.as_str() == id);
            let row = own.ok_or_else(|| Error::BadJson(format!("media[{place}].id: the post has no such medium")))?;
            Ok(Edited::Kept {
                media_id: row.id.clone(),
                caption: line("caption", &one.caption, row.caption.as_deref())?,
                alt: line("alt", &one.alt, row.alt.as_deref())?,
                sensitive: one.sensitive.unwrap_or(row.sensitive),
                still,
            })
        }
        (None, Some(address)) => Ok(Edited::New(NewMedium {
            source: Source::Upload(upload(address)?),
            caption: line("caption", &one.caption, None)?,
            alt: line("alt", &one.alt, None)?,
            sensitive: one.sensitive.unwrap_or_default(),
            number: one.number.map(|number| usize::from(number.get())),
            still: still.flatten(),
        })),
        _ => Err(Error::BadJson(format!("media[{place}]: either `id` or `upload`"))),
    }
}

/// Deletes a post for good.
///
/// When this is answered, nobody gets a byte of it any more.
#[utoipa::path(
    delete,
    path = "/api/v1/posts/{id}",
    tag = "posts",
    params(("id" = String, Path, pattern = "^[a-hjkmnp-z2-9]{13}$", description = "The last part of the post's link.")),
    responses((status = 204, description = "It is deleted."), Holding),
    security(("manage_secret" = [])),
)]
pub(crate) async fn delete(State(web): State<Web>, Named(id): Named<String>, asker: Asker, request: HeaderMap) -> Response<Body> {
    let deleted = async {
        let managed = held(&web, &asker, &id, &request).await?;
        web.site.delete(&managed.view.post.id).await?;
        Ok(headers::nothing(StatusCode::NO_CONTENT))
    };
    hidden(&web, &asker, deleted.await)
}

/// Opens a post that is not open to all, for one visit.
///
/// One opening of a post whose openings are counted is used up if, and only if, this gives a pass.
#[utoipa::path(
    post,
    path = "/api/v1/posts/{id}/open",
    tag = "posts",
    params(("id" = String, Path, pattern = "^[a-hjkmnp-z2-9]{13}$", description = "The last part of the post's link.")),
    request_body(content = Knock, content_type = "application/json"),
    responses((status = 200, description = "It is open to whoever shows the pass.", body = Pass), Opening),
)]
pub(crate) async fn open(State(web): State<Web>, Named(id): Named<String>, asker: Asker, request: Request) -> Response<Body> {
    let opened = async {
        let id = PostId::parse(&id).ok_or(Error::NotFound)?;
        let knock: Knock = body::json(&web, &asker, request).await?;
        let opened = opening::knock(&web, &asker, &id, knock.password.as_deref().unwrap_or_default()).await?;
        let (pass, expires) = match opened {
            Opened::Pass { pass, until } => (Some(pass), Some(instant(until))),
            Opened::NoNeed => (None, None),
            Opened::Wrong => return Err(Error::WrongPassword),
            Opened::Gone => return Err(Error::Gone),
            Opened::Nothing => return Err(Error::NotFound),
        };
        Ok(answer(StatusCode::OK, &Pass { pass, expires }))
    };
    hidden(&web, &asker, opened.await)
}

/// The post whose secret the request shows.
async fn held(web: &Web, asker: &Asker, id: &str, request: &HeaderMap) -> Result<manage::Managed, Error> {
    manage::open(web, asker, id, bearer(request).ok_or(Error::NoSecret)?).await
}

pub(crate) fn answer(status: StatusCode, told: &impl Serialize) -> Response<Body> {
    match serde_json::to_string(told) {
        Ok(body) => headers::answer(status, Kind::Json, body),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written");
            headers::answer(StatusCode::INTERNAL_SERVER_ERROR, Kind::Problem, "{}")
        }
    }
}

fn private(mut response: Response<Body>) -> Response<Body> {
    headers::locked(response.headers_mut());
    response
}

/// An answer that goes with a secret: stored nowhere.
fn hidden(web: &Web, asker: &Asker, result: Result<Response<Body>, Error>) -> Response<Body> {
    let mut response = result.unwrap_or_else(|error| error.answer(web, asker));
    headers::secret(response.headers_mut());
    response
}
