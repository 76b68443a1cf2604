//! The ways in: an ordinary form, `curl -F`, `curl -T`. Files stream through; only the words are held in memory.

use app::{Posting, Refusal};
use axum::body::Body;
use axum::extract::multipart::Multipart;
use axum::extract::{FromRequest as _, Request, State};
use axum::http::{HeaderMap, Response, StatusCode, Uri, header};
use domain::{Budget, DraftError, IdempotencyKey, OverBudget, Problem};
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
    let (request, refused) = match paid {
        Ok(paid) => (request.map(|body| Body::new(Allowed::new(paid.counting(body), allowance.clone()))), Ok(())),
        Err(over) => (request.map(|body| Body::new(Allowed::new(body, allowance.clone()))), Err(over)),
    };
    let multipart = match Multipart::from_request(request, web).await {
        Ok(multipart) => multipart,
        Err(_) => return Error::NotMultipart.answer(web, asker),
    };
    let mut brought = Brought::default();
    let mut read = form::read(web, multipart, &allowance, of, &mut brought).await;
    if let Some((_, address)) = brought.own.pop().filter(|(_, address)| !address.trim().is_empty()) {
        let text = brought.draft.text.take().filter(|text| !text.is_empty() && *text != address);
        brought.draft.text = Some(text.map_or_else(|| address.clone(), |text| format!("{text}\n\n{address}")));
    }
    if let Err(over) = refused {
        read = Err(over.into());
        // `finish` gives back what this never took.
        web.site.owe(&asker.who, Budget::Post, 1);
    }
    finish(web, asker, brought, key, read).await
}

/// Refuses a request that announces more than any post may have.
fn fits(web: &Web, headers: &HeaderMap) -> Result<(), Error> {
    let limits = &web.site.limits;
    let files = u64::try_from(limits.files_per_post).unwrap_or(u64::MAX).saturating_add(1);
    let most = limits.file_bytes.saturating_mul(files).saturating_add(WORDS_BYTES);
    if tally::length(headers).is_some_and(|announced| announced > most) { Err(Error::TooMuch) } else { Ok(()) }
}

/// Pays for a post and for the bytes that are announced, before any of them is read.
fn pay(web: &Web, asker: &Asker, headers: &HeaderMap) -> Result<Paid, OverBudget> {
    web.site.spend(&asker.who, Budget::Post, 1)?;
    Paid::pay(&web.site, &asker.who, headers).inspect_err(|_| web.site.give_back(&asker.who, Budget::Post, 1))
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
    let paid = match pay(&web, &asker, &headers) {
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
    finish(&web, &asker, brought, key, read).await
}

async fn finish(web: &Web, asker: &Asker, mut brought: Brought, key: Option<IdempotencyKey>, read: Result<(), Error>) -> Response<Body> {
    let repeat = form::repeat(&brought, key);
    let checked = read.and_then(|()| Ok((brought.draft.check(&web.site.limits)?, brought.secret()?, form::media(web, &mut brought)?)));
    let (draft, secret, media) = match checked {
        Ok(checked) => checked,
        Err(error) => {
            // Nothing was posted.
            web.site.give_back(&asker.who, Budget::Post, 1);
            web.site.forget(brought.files.into_iter().flatten().collect()).await;
            return error.answer_form(web, asker, &brought.draft, brought.refused);
        }
    };
    let nothing = draft.text.is_empty() && draft.title.is_none() && media.is_empty();
    if nothing {
        web.site.give_back(&asker.who, Budget::Post, 1);
        return Error::nothing_left(brought.refused.first().map(|file| file.problem)).answer_form(
            web,
            asker,
            &brought.draft,
            brought.refused,
        );
    }
    // On its own: a client that goes away now must not stop it half-way and leave its files to the sweeper.
    let site = web.site.clone();
    let posting = Posting { draft, media, secret, repeat };
    let published = tokio::spawn(async move { site.publish(posting).await }).await;
    match published.unwrap_or_else(|error| Err(std::io::Error::other(error).into())) {
        Ok(published) => given(web, asker, &published, &brought.refused),
        Err(error) => {
            web.site.give_back(&asker.who, Budget::Post, 1);
            Error::from(error).answer_form(web, asker, &brought.draft, brought.refused)
        }
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
