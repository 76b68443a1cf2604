//! The ways in: an ordinary form, `curl -F`, `curl -T`. Files stream through; only the words are held in memory.

use app::{PaidPost, Posting, Refusal};
use axum::body::Body;
use axum::extract::multipart::Multipart;
use axum::extract::{FromRequest as _, Request, State};
use axum::http::{HeaderMap, Response, StatusCode, Uri, header};
use domain::{DraftError, IdempotencyKey, Problem, Wait};
use futures_util::StreamExt as _;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

use crate::allowance::{Allowance, Allowed};
use crate::api::answers::Sending;
use crate::api::posts::answer as api_answer;
use crate::asker::Named;
use crate::error::Error;
use crate::form::{self, Brought, Of};
use crate::headers::{self, Kind};
use crate::pages::RefusedFile;
use crate::posts::instant;
use crate::tally::{self, Paid};
use crate::{Asker, Form, Web};

/// The longest query of an address that a browser is sent on to: web servers in between take no answer's head over 4 kB.
const QUERY_BYTES: usize = 1_900;

/// A form up to this size is read also when it is refused, so that a browser gets its words back.
const WORDS_BYTES: u64 = 2 << 20;

/// What the form brings: in any order, but a file's caption and alternative text by the files' own order.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a form is read part by part (`form::read`); this describes it")]
pub(crate) struct PostForm {
    /// A photo or a video; as many as the site takes.
    #[schema(value_type = Option<Vec<String>>, format = Binary)]
    file: Vec<Vec<u8>>,
    /// One line under a file: the first belongs to the first file, and so on.
    #[schema(value_type = Option<Vec<String>>)]
    caption: Vec<String>,
    /// What a file shows, for those who cannot see it: the first belongs to the first file, and so on.
    #[schema(value_type = Option<Vec<String>>)]
    alt: Vec<String>,
    /// One line, without markup.
    title: Option<String>,
    /// Markdown. `![what it shows](media:2)` is the second file, between paragraphs.
    text: Option<String>,
    /// BCP 47; left out or empty, it is detected.
    language: Option<String>,
    /// `1`: it may stand on public lists.
    #[schema(schema_with = switch)]
    listed: Option<String>,
    /// `1`: all of it is covered until the visitor asks.
    #[schema(schema_with = switch)]
    sensitive: Option<String>,
    /// What a visitor has to type; left out or empty, nothing.
    password: Option<String>,
    /// `never`, or a number followed by h, d, w, m or y, from `1h` to `1y`. `never` if left out.
    #[schema(example = "7d")]
    expires: Option<String>,
    /// How often it may be opened; left out or empty, as often as anybody likes.
    #[schema(pattern = "^[0-9]*$")]
    views: Option<String>,
    /// A manage secret that the client has made: base64url of 128 random bits or more, without padding. Left out or empty, the site makes one.
    #[schema(pattern = "^([A-Za-z0-9_-]{22,86})?$")]
    manage_secret: Option<String>,
    /// Of the page that the form stood on: what is sent from it twice is one post. Programs have `Idempotency-Key`.
    once: Option<String>,
}

fn switch() -> Object {
    let words = "`1` or `0`; `0` if left out.";
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["0", "1"])).description(Some(words)).build()
}

/// What the short way to a post answers a program.
#[derive(Serialize, ToSchema)]
pub(crate) struct Given {
    /// Its link, which works at once.
    url: String,
    /// Its manage link. The last part is the manage secret: the only key to change or delete the post.
    manage_url: String,
    /// With 202, because nothing else but time is waited for: when it is public. Other things may hold it for longer.
    #[schema(required, format = DateTime)]
    public: Option<String>,
    /// Only where they are: until when its links are shown as plain words, because of the way by which it came: by Tor, or in a storm from a network
    /// that is new here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    links: Option<String>,
    /// Files that were not taken; the others are in the post.
    refused: Vec<RefusedFile>,
}

/// Makes a post, the short way.
///
/// All of it in one request: the composer's own form, which `curl -F` sends as well. The answer is JSON for who accepts that, else three
/// kinds of lines: the link, the manage link, and `! NAME: reason` for each file that was not taken. A browser is sent on to the manage page.
#[utoipa::path(
    post,
    path = "/",
    tag = "posts",
    params(("Idempotency-Key" = Option<String>, Header, min_length = 22, max_length = 200, pattern = "^[!-~]+$",
        description = "As in `POST /api/v1/posts`: for a day, the same form under the same key is the same post.")),
    request_body(content = PostForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "It was made.", content((Given = "application/json"), (String = "text/plain"))),
        (status = 202, description = "It was made, and is public after a while.", content((Given = "application/json"), (String = "text/plain"))),
        (status = 303, description = "It was made, by a browser.", headers(("Location" = String, description = "Its manage page."))),
        Sending,
    ),
)]
pub(crate) async fn post(State(web): State<Web>, asker: Asker, request: Request) -> Response<Body> {
    take(&web, &asker, request, Of::Composer).await
}

/// `POST /share`: what a phone's share sheet sends where no service worker takes it first. An address becomes part of the words.
pub(crate) async fn share(State(web): State<Web>, asker: Asker, request: Request) -> Response<Body> {
    take(&web, &asker, request, Of::Share).await
}

async fn take(web: &Web, asker: &Asker, request: Request, of: Of) -> Response<Body> {
    // A password that is ignored makes a secret public: what stands in the address is refused, not overlooked.
    if let Some(query) = request.uri().query().filter(|query| !query.is_empty()) {
        let name = query.split(['=', '&']).next().unwrap_or_default();
        return Error::Draft(DraftError::unknown(name)).answer(web, asker);
    }
    let key = match fits(web, request.headers()).and_then(|()| Ok(form::idempotency_key(request.headers())?)) {
        Ok(key) => key,
        Err(error) => return error.answer(web, asker),
    };
    let paid = pay(web, asker, request.headers()).await;
    let short = tally::length(request.headers()).is_some_and(|bytes| bytes <= WORDS_BYTES);
    if let Err(over) = &paid
        && !(asker.form == Form::Html && short)
    {
        return over.answer(web, asker);
    }
    let allowance = Allowance::default();
    let (request, paid) = match paid {
        Ok((post, bytes)) => (request.map(|body| Body::new(Allowed::new(bytes.counting(body), allowance.clone()))), Ok(post)),
        Err(over) => (request.map(|body| Body::new(Allowed::new(body, allowance.clone()))), Err(over)),
    };
    let multipart = match Multipart::from_request(request, web).await {
        Ok(multipart) => multipart,
        Err(_) => return Error::NotMultipart.answer(web, asker),
    };
    let mut brought = Brought::default();
    let read = form::read(web, multipart, &allowance, of, &mut brought).await;
    if let Some((_, address)) = brought.own.pop().filter(|(_, address)| !address.trim().is_empty()) {
        let text = brought.draft.text.take().filter(|text| !text.is_empty() && *text != address);
        brought.draft.text = Some(text.map_or_else(|| address.clone(), |text| format!("{text}\n\n{address}")));
    }
    finish(web, asker, brought, key, paid.and_then(|paid| read.map(|()| paid))).await
}

/// Refuses a request that announces more than any post may have.
fn fits(web: &Web, headers: &HeaderMap) -> Result<(), Error> {
    let limits = &web.site.limits;
    let files = u64::try_from(limits.files_per_post).unwrap_or(u64::MAX).saturating_add(1);
    let most = limits.file_bytes.saturating_mul(files).saturating_add(WORDS_BYTES);
    if tally::length(headers).is_some_and(|announced| announced > most) { Err(Error::TooMuch) } else { Ok(()) }
}

/// Pays for a post and for the bytes that are announced, before any of them is read.
async fn pay(web: &Web, asker: &Asker, headers: &HeaderMap) -> Result<(PaidPost, Paid), Error> {
    web.site.may_post()?;
    Ok((web.site.pay_for_post(&asker.who, asker.offer()).await?, Paid::pay(&web.site, &asker.who, headers)?))
}

/// Makes a post of one file, the shortest way.
///
/// As `curl -T` sends it. Its options stand in the query: `?expires=1d&title=Kite`; a password does not, because addresses are written down
/// everywhere. It answers as `POST /` does.
#[utoipa::path(
    put,
    path = "/{name}",
    tag = "posts",
    params(
        ("name" = String, Path, min_length = 1, description = "The file's name."),
        ("title" = Option<String>, Query, description = "One line, without markup."),
        ("caption" = Option<String>, Query, description = "One line under the file."),
        ("alt" = Option<String>, Query, description = "What it shows, for those who cannot see it."),
        ("language" = Option<String>, Query, description = "BCP 47; left out, it is detected."),
        ("listed" = Option<String>, Query, pattern = "^[01]$", description = "`1`: it may stand on public lists."),
        ("sensitive" = Option<String>, Query, pattern = "^[01]$", description = "`1`: all of it is covered until the visitor asks."),
        ("expires" = Option<String>, Query, description = "`never`, or a number followed by h, d, w, m or y, from `1h` to `1y`."),
        ("views" = Option<String>, Query, pattern = "^[0-9]+$", description = "How often it may be opened."),
        ("Idempotency-Key" = Option<String>, Header, min_length = 22, max_length = 200, pattern = "^[!-~]+$",
            description = "As in `POST /api/v1/posts`: for a day, the same file under the same key is the same post."),
    ),
    request_body(content = [u8], content_type = "application/octet-stream", description = "The file, whatever its type is said to be."),
    responses(
        (status = 201, description = "It was made.", content((Given = "application/json"), (String = "text/plain"))),
        (status = 202, description = "It was made, and is public after a while.", content((Given = "application/json"), (String = "text/plain"))),
        (status = 303, description = "It was made, by a browser.", headers(("Location" = String, description = "Its manage page."))),
        Sending,
    ),
)]
pub(crate) async fn put(
    State(web): State<Web>,
    Named(name): Named<String>,
    asker: Asker,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Response<Body> {
    let mut brought = Brought::default();
    let options = uri.query().map_or(Ok(()), |query| brought.options(query)).and_then(|()| fits(&web, &headers));
    let key = match options.and_then(|()| Ok(form::idempotency_key(&headers)?)) {
        Ok(key) => key,
        Err(error) => return error.answer(&web, &asker),
    };
    let (post, paid) = match pay(&web, &asker, &headers).await {
        Ok(paid) => paid,
        Err(over) => return over.answer(&web, &asker),
    };
    let mut stream = Body::new(paid.counting(body)).into_data_stream();
    let taken = async {
        let mut receiving = web.site.receive(&name, 0).await?;
        loop {
            match stream.next().await {
                Some(Ok(bytes)) => receiving.write(bytes).await?,
                None => return receiving.finish().await,
                Some(Err(_)) => return Err(Refusal::File(Problem::Interrupted)),
            }
        }
    };
    let read = brought.take(&name, taken.await);
    finish(&web, &asker, brought, key, read.map(|()| post)).await
}

/// Publishes what was brought, if all of it could be read and its post was `paid` for.
async fn finish(
    web: &Web,
    asker: &Asker,
    mut brought: Brought,
    key: Option<IdempotencyKey>,
    paid: Result<PaidPost, Error>,
) -> Response<Body> {
    let repeat = form::repeat(&brought, key);
    let checked =
        paid.and_then(|paid| Ok((paid, brought.draft.check(&web.site.limits)?, brought.secret()?, form::media(web, &mut brought, 0)?)));
    let (paid, draft, secret, media) = match checked {
        Ok(checked) => checked,
        Err(error) => {
            web.site.forget(brought.take_all()).await;
            return error.answer_form(web, asker, &brought.draft, brought.refused);
        }
    };
    let nothing = draft.text.is_empty() && draft.title.is_none() && media.is_empty();
    if nothing {
        let error = Error::nothing_left(brought.refused.first().map(|file| file.problem));
        return error.answer_form(web, asker, &brought.draft, brought.refused);
    }
    let lane = paid.lane();
    match web.site.publish(Posting { draft, media, secret, repeat, lane }).await {
        Ok(published) => {
            if published.is_new {
                paid.made();
            }
            given(web, asker, &published, &brought.refused)
        }
        Err(error) => Error::from(error).answer_form(web, asker, &brought.draft, brought.refused),
    }
}

/// The answer that hands out the link and the manage link.
fn given(web: &Web, asker: &Asker, published: &app::Published, refused: &[RefusedFile]) -> Response<Body> {
    let wait = published.wait;
    let status = if wait.is_some() { StatusCode::ACCEPTED } else { StatusCode::CREATED };
    let url = format!("{}/{}", asker.origin, published.id);
    let manage_url = format!("{url}/manage/{}", published.secret.expose());
    let mut response = match asker.form {
        Form::Html => {
            let mut to = format!("/{}/manage/{}?published", published.id, published.secret.expose());
            to.push_str(&refused_query(refused));
            let mut response = headers::answer(StatusCode::SEE_OTHER, Kind::Text, "");
            if let Ok(to) = to.parse() {
                response.headers_mut().insert(header::LOCATION, to);
            }
            response
        }
        Form::Json => {
            let public = wait.and_then(Wait::until).map(instant);
            api_answer(status, &Given { url, manage_url, public, links: published.links.map(instant), refused: refused.to_vec() })
        }
        Form::Text => {
            let public = match wait {
                None => String::new(),
                Some(wait) => format!("public {}\n", wait.until().map_or_else(|| "after a look".to_owned(), instant)),
            };
            headers::answer(status, Kind::Text, format!("{url}\n{manage_url}\n{public}{}", refused_lines(web, asker, refused)))
        }
    };
    headers::secret(response.headers_mut());
    response
}

/// The refused files, for the address of the page that tells of them.
pub(crate) fn refused_query(refused: &[RefusedFile]) -> String {
    let mut query = String::new();
    for (shown, file) in refused.iter().enumerate() {
        let name = file.name.as_deref().unwrap_or_default();
        let name = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
        let one = format!("&refused={}:{name}", file.problem.as_str());
        if query.len().saturating_add(one.len()) > QUERY_BYTES {
            query.push_str(&format!("&more={}", refused.len() - shown));
            break;
        }
        query.push_str(&one);
    }
    query
}

/// `! NAME: reason` for each refused file.
pub(crate) fn refused_lines(web: &Web, asker: &Asker, refused: &[RefusedFile]) -> String {
    refused
        .iter()
        .map(|file| format!("! {}: {}\n", file.name.as_deref().unwrap_or_default(), web.problem_words(asker, file.problem)))
        .collect()
}
