//! The ways in: an ordinary form, `curl -F`, `curl -T`. Files stream through; only the words are held in memory.

use app::{Attachment, NewMedium, Posting, Refusal, Source};
use axum::body::Body;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest as _, Request, State};
use axum::http::{HeaderMap, Response, StatusCode, header};
use domain::name::clean_file_name;
use domain::{Budget, DraftError, Limits, OverBudget, Problem, RawDraft};
use futures_util::StreamExt as _;

use crate::allowance::{Allowance, Allowed};
use crate::asker::Named;
use crate::error::Error;
use crate::headers::{self, Kind};
use crate::pages::RefusedFile;
use crate::tally::{self, Paid};
use crate::{Asker, Form, Web};

/// The longest field of one word, in bytes.
const WORD_BYTES: usize = 256;
/// The longest password, in bytes: no shorter than what [`domain::Password`] takes.
const PASSWORD_BYTES: usize = 4 * domain::password::LONGEST;
/// The longest address that a browser is sent on to: web servers in between take no answer's head over 4 kB.
const ADDRESS_BYTES: usize = 2_000;
/// The most parts in one request: enough for every field and, for each file, a caption and an alternative text.
const MOST_PARTS: usize = 1_000;

/// A form up to this size is read also when it is refused, so that a browser gets its words back.
const WORDS_BYTES: u64 = 2 << 20;

/// What one request brought.
#[derive(Default)]
struct Brought {
    draft: RawDraft,
    captions: Vec<String>,
    alts: Vec<String>,
    /// By position in the request; `None` where the file was refused, so that captions keep to their files.
    files: Vec<Option<Attachment>>,
    refused: Vec<RefusedFile>,
}

/// `POST /`.
pub(crate) async fn post(State(web): State<Web>, asker: Asker, request: Request) -> Response<Body> {
    let paid = pay(&web, &asker, request.headers());
    let short = tally::length(request.headers()).is_some_and(|bytes| bytes <= WORDS_BYTES);
    if let Err(over) = &paid
        && !(asker.form == Form::Html && short)
    {
        return Error::OverBudget(*over).answer(&web, &asker);
    }
    let allowance = Allowance::default();
    let (request, refused) = match paid {
        Ok(paid) => (request.map(|body| Body::new(Allowed::new(paid.counting(body), allowance.clone()))), Ok(())),
        Err(over) => (request.map(|body| Body::new(Allowed::new(body, allowance.clone()))), Err(over)),
    };
    let multipart = match Multipart::from_request(request, &web).await {
        Ok(multipart) => multipart,
        Err(_) => return Error::NotMultipart.answer(&web, &asker),
    };
    let mut brought = Brought::default();
    let mut read = read(&web, multipart, &allowance, &mut brought).await;
    if let Err(over) = refused {
        read = Err(over.into());
    }
    finish(&web, &asker, brought, read).await
}

/// Pays for a post and for the bytes that are announced, before any of them is read.
fn pay(web: &Web, asker: &Asker, headers: &HeaderMap) -> Result<Paid, OverBudget> {
    web.site.spend(&asker.who, Budget::Post, 1)?;
    Paid::pay(&web.site, &asker.who, headers).inspect_err(|_| web.site.give_back(&asker.who, Budget::Post, 1))
}

/// `PUT /{name}`: one file, as `curl -T` sends it.
pub(crate) async fn put(
    State(web): State<Web>,
    Named(name): Named<String>,
    asker: Asker,
    headers: HeaderMap,
    body: Body,
) -> Response<Body> {
    let paid = match pay(&web, &asker, &headers) {
        Ok(paid) => paid,
        Err(over) => return Error::OverBudget(over).answer(&web, &asker),
    };
    let mut brought = Brought::default();
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
    finish(&web, &asker, brought, read).await
}

impl Brought {
    fn take(&mut self, name: &str, result: Result<Attachment, Refusal>) -> Result<(), Error> {
        match result {
            Ok(attachment) => self.files.push(Some(attachment)),
            Err(Refusal::File(problem)) => {
                app::file_refused(problem);
                self.files.push(None);
                self.refused.push(RefusedFile { name: Some(clean_file_name(name)), problem });
            }
            Err(Refusal::Trouble(error)) => return Err(error.into()),
        }
        Ok(())
    }
}

async fn read(web: &Web, mut multipart: Multipart, allowance: &Allowance, brought: &mut Brought) -> Result<(), Error> {
    let limits = &web.site.limits;
    for _ in 0..MOST_PARTS {
        allowance.for_a_head();
        let field = match multipart.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => return Ok(()),
            // Browsers send what a file is called byte for byte, and no program reads a head that has a control character in it.
            Err(error) if is_unreadable_head(&error) => {
                let place = brought.files.len().saturating_add(1);
                brought.refused.push(RefusedFile { name: Some(format!("#{place}")), problem: Problem::Name });
                return Err(Error::AllRefused(Problem::Name));
            }
            Err(error) => return Err(error.into()),
        };
        allowance.for_a_part();
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "file" => file(web, field, brought).await?,
            "text" => {
                brought.draft.text =
                    Some(words(field, limits.text_bytes, || DraftError::TextTooLong { limit_bytes: limits.text_bytes }).await?)
            }
            "title" => brought.draft.title = Some(line(field, limits, "title").await?),
            "language" => brought.draft.language = Some(words(field, WORD_BYTES, || DraftError::Language).await?),
            "listed" => brought.draft.listed = Some(words(field, WORD_BYTES, || DraftError::Flag("listed")).await?),
            "sensitive" => brought.draft.sensitive = Some(words(field, WORD_BYTES, || DraftError::Flag("sensitive")).await?),
            "expires" => brought.draft.expires = Some(words(field, WORD_BYTES, || DraftError::Expires(domain::expiry::ExpiryError)).await?),
            "caption" if brought.captions.len() < limits.files_per_post => brought.captions.push(line(field, limits, "caption").await?),
            "alt" if brought.alts.len() < limits.files_per_post => brought.alts.push(line(field, limits, "alt").await?),
            "caption" | "alt" => return Err(Error::TooManyParts),
            "password" => brought.draft.password = Some(words(field, PASSWORD_BYTES, || DraftError::Password).await?),
            "views" => brought.draft.views = Some(words(field, WORD_BYTES, || DraftError::Views).await?),
            _ => return Err(DraftError::UnknownField.into()),
        }
    }
    Err(Error::TooManyParts)
}

async fn file(web: &Web, mut field: Field<'_>, brought: &mut Brought) -> Result<(), Error> {
    let name = field.file_name().unwrap_or_default().to_owned();
    let mut receiving = None;
    let (mut refusal, mut thrown) = (None, 0_u64);
    loop {
        let Some(bytes) = field.chunk().await? else { break };
        // A file field that was left empty may still come with a chunk, of no bytes.
        if bytes.is_empty() {
            continue;
        }
        if receiving.is_none() && refusal.is_none() {
            match web.site.receive(&name, brought.files.len()).await {
                Ok(begun) => receiving = Some(begun),
                Err(why) => refusal = Some(why),
            }
        }
        // The rest of a refused file is read and thrown away: the files after it are still wanted. But not for ever.
        if refusal.is_some() {
            thrown = thrown.saturating_add(bytes.len() as u64);
            if thrown > web.site.limits.file_bytes {
                return Err(Error::TooMuch);
            }
            continue;
        }
        if let Some(open) = receiving.as_mut()
            && let Err(why) = open.write(bytes).await
        {
            refusal = Some(why);
            receiving = None;
        }
    }
    let result = match (receiving, refusal) {
        (_, Some(why)) => Err(why),
        (Some(receiving), None) => receiving.finish().await,
        // A form whose file field was left empty sends a part without name or bytes: that is no file at all.
        (None, None) if name.is_empty() => return Ok(()),
        (None, None) => Err(Refusal::File(Problem::Empty)),
    };
    brought.take(&name, result)
}

async fn line(field: Field<'_>, limits: &Limits, name: &'static str) -> Result<String, Error> {
    // A character has at most four bytes; what is near the limit is counted when all of it is there.
    let most = limits.line_characters.saturating_mul(8);
    words(field, most, || DraftError::LineTooLong { field: name, limit: limits.line_characters }).await
}

async fn words(mut field: Field<'_>, limit_bytes: usize, too_long: impl Fn() -> DraftError) -> Result<String, Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await? {
        if bytes.len().saturating_add(chunk.len()) > limit_bytes {
            return Err(too_long().into());
        }
        bytes.extend_from_slice(&chunk);
    }
    // A broken client's bytes that are no UTF-8 become U+FFFD: the poster sees what went wrong and can mend it.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

async fn finish(web: &Web, asker: &Asker, brought: Brought, read: Result<(), Error>) -> Response<Body> {
    let checked = match read {
        Ok(()) => captioned(web, &brought).and_then(|media| Ok((brought.draft.check(&web.site.limits)?, media))),
        Err(error) => Err(error),
    };
    let (draft, captions) = match checked {
        Ok(checked) => checked,
        Err(error) => {
            web.site.forget(brought.files.into_iter().flatten().collect()).await;
            return error.answer_form(web, asker, &brought.draft, brought.refused);
        }
    };
    let media: Vec<NewMedium> = brought
        .files
        .into_iter()
        .zip(captions)
        .filter_map(|(file, (caption, alt))| Some(NewMedium { source: Source::File(file?), caption, alt, sensitive: false }))
        .collect();
    let nothing = draft.text.is_empty() && draft.title.is_none() && media.is_empty();
    if nothing {
        return Error::nothing_left(brought.refused.first().map(|file| file.problem)).answer_form(
            web,
            asker,
            &brought.draft,
            brought.refused,
        );
    }
    // On its own: a client that goes away now must not stop it half-way and leave its files to the sweeper.
    let site = web.site.clone();
    let posting = Posting { draft, media, ..Posting::default() };
    let published = tokio::spawn(async move { site.publish(posting).await }).await;
    match published.unwrap_or_else(|error| Err(std::io::Error::other(error).into())) {
        Ok(published) => given(web, asker, &published, &brought.refused),
        Err(error) => Error::from(error).answer_form(web, asker, &brought.draft, brought.refused),
    }
}

/// A file's caption and alternative text.
type Words = (Option<String>, Option<String>);

/// Caption and alternative text of each file, by its position in the request.
fn captioned(web: &Web, brought: &Brought) -> Result<Vec<Words>, Error> {
    let limits = &web.site.limits;
    let line = |name, lines: &[String], position: usize| domain::post::line(name, lines.get(position).map(String::as_str), limits);
    (0..brought.files.len())
        .map(|position| Ok((line("caption", &brought.captions, position)?, line("alt", &brought.alts, position)?)))
        .collect()
}

/// The answer that hands out the link and the manage link.
fn given(web: &Web, asker: &Asker, published: &app::Published, refused: &[RefusedFile]) -> Response<Body> {
    let url = format!("{}/{}", asker.origin, published.id);
    let manage_url = format!("{url}/manage/{}", published.secret.expose());
    let mut response = match asker.form {
        Form::Html => {
            let mut to = format!("/{}/manage/{}?published", published.id, published.secret.expose());
            for (shown, file) in refused.iter().enumerate() {
                let name = file.name.as_deref().unwrap_or_default();
                let name = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
                let one = format!("&refused={}:{name}", file.problem.as_str());
                if to.len().saturating_add(one.len()) > ADDRESS_BYTES {
                    to.push_str(&format!("&more={}", refused.len() - shown));
                    break;
                }
                to.push_str(&one);
            }
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

/// `! NAME: reason` for each refused file.
pub(crate) fn refused_lines(web: &Web, asker: &Asker, refused: &[RefusedFile]) -> String {
    refused
        .iter()
        .map(|file| format!("! {}: {}\n", file.name.as_deref().unwrap_or_default(), web.problem_words(asker, file.problem)))
        .collect()
}

fn is_unreadable_head(error: &MultipartError) -> bool {
    std::error::Error::source(error)
        .and_then(|inner| inner.downcast_ref())
        .is_some_and(|inner| matches!(inner, multer::Error::ReadHeaderFailed(_)))
}

impl From<MultipartError> for Error {
    fn from(_: MultipartError) -> Self {
        Self::Interrupted
    }
}
