//! The ways in: an ordinary form, `curl -F`, `curl -T`. Files stream through; only the words are held in memory.

use app::{PaidPost, Posting, Refusal};
use axum::body::Body;
use axum::extract::multipart::Multipart;
use axum::extract::{FromRequest as _, Request, State};
use axum::http::{HeaderMap, Response, StatusCode, Uri, header};
use domain::{DraftError, IdempotencyKey, OverBudget, Problem};
use futures_util::StreamExt as _;

use crate::allowance::{Allowance, Allowed};
use crate::asker::Named;
use crate::error::Error;
use crate::form::{self, Brought, Of};
use crate::headers::{self, Kind};
use crate::pages::RefusedFile;
use crate::tally::{self, Paid};
use crate::{Asker, Form, Web};

/// The longest query of an address that a browser is sent on to: web servers in between take no answer's head over 4 kB.
const QUERY_BYTES: usize = 1_900;

/// A form up to this size is read also when it is refused, so that a browser gets its words back.
const WORDS_BYTES: u64 = 2 << 20;

/// `POST /`.
pub(crate) async fn post(State(web): State<Web>, asker: Asker, request: Request) -> Response<Body> {
    take(&web, &asker, request, Of::Composer).await
}

/// `POST /share`: what a phone's share sheet sends where no service worker takes it first. An address becomes part of the words.
pub(crate) async fn share(State(web): State<Web>, asker: Asker, request: Request) -> Response<Body> {
    take(&web, &asker, request, Of::Share).await
}

async fn take(web: &Web, asker: &Asker, request: Request, of: Of) -> Response<Body> {
    // A password that is ignored makes a secret public: what stands in the address is refused, not overlooked.
    if request.uri().query().is_some_and(|query| !query.is_empty()) {
        return Error::Draft(DraftError::UnknownField).answer(web, asker);
    }
    let key = match fits(web, request.headers()).and_then(|()| Ok(form::idempotency_key(request.headers())?)) {
        Ok(key) => key,
        Err(error) => return error.answer(web, asker),
    };
    let paid = pay(web, asker, request.headers());
    let short = tally::length(request.headers()).is_some_and(|bytes| bytes <= WORDS_BYTES);
    if let Err(over) = &paid
        && !(asker.form == Form::Html && short)
    {
        return Error::OverBudget(*over).answer(web, asker);
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
    finish(web, asker, brought, key, paid.map_err(Error::from).and_then(|paid| read.map(|()| paid))).await
}

/// Refuses a request that announces more than any post may have.
fn fits(web: &Web, headers: &HeaderMap) -> Result<(), Error> {
    let limits = &web.site.limits;
    let files = u64::try_from(limits.files_per_post).unwrap_or(u64::MAX).saturating_add(1);
    let most = limits.file_bytes.saturating_mul(files).saturating_add(WORDS_BYTES);
    if tally::length(headers).is_some_and(|announced| announced > most) { Err(Error::TooMuch) } else { Ok(()) }
}

/// Pays for a post and for the bytes that are announced, before any of them is read.
fn pay(web: &Web, asker: &Asker, headers: &HeaderMap) -> Result<(PaidPost, Paid), OverBudget> {
    Ok((web.site.pay_for_post(&asker.who)?, Paid::pay(&web.site, &asker.who, headers)?))
}

/// `PUT /{name}`: one file, as `curl -T` sends it. Its options stand in the query: `?expires=1d&title=Kite`.
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
    let (post, paid) = match pay(&web, &asker, &headers) {
        Ok(paid) => paid,
        Err(over) => return Error::OverBudget(over).answer(&web, &asker),
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
    match web.site.publish(Posting { draft, media, secret, repeat }).await {
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
        Form::Json => headers::answer(
            StatusCode::CREATED,
            Kind::Json,
            serde_json::json!({"url": url, "manage_url": manage_url, "refused": refused}).to_string(),
        ),
        Form::Text => {
            headers::answer(StatusCode::CREATED, Kind::Text, format!("{url}\n{manage_url}\n{}", refused_lines(web, asker, refused)))
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
