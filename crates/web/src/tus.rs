//! Resumable uploads by the protocol tus 1.0.0 (https://tus.io/protocols/resumable-upload) with its extensions creation,
//! creation-with-upload, termination, checksum and expiration.
//!
//! An upload's address is the right to go on with it: it is as long as a secret, and is treated as one.

use std::time::{Duration, SystemTime};

use app::Refusal;
use app::uploads::{Checksum, Halt, Upload};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, Response, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::{Budget, Time, UploadId};
use futures_util::StreamExt as _;
use http_body::Body as _;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::answers::{Asking, Beginning, GoingOn, Problem};
use crate::asker::Named;
use crate::error::Error;
use crate::headers;
use crate::pages::RefusedFile;
use crate::{Asker, Web};

pub(crate) const VERSION: &str = "1.0.0";
const EXTENSIONS: &str = "creation,creation-with-upload,termination,checksum,expiration";
const ALGORITHMS: &str = "sha1,sha256,md5";
const CONTENT_TYPE: &str = "application/offset+octet-stream";
/// The longest `Upload-Metadata`: a file name and a type.
const METADATA_BYTES: usize = 4 << 10;
/// How long it takes until a site that stops is back, in seconds, if it is started again at once.
const RESTART: u16 = 5;
/// The protocol's own status for a checksum that does not hold.
const CHECKSUM_MISMATCH: u16 = 460;

const TUS_RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
const UPLOAD_EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
const UPLOAD_METADATA: HeaderName = HeaderName::from_static("upload-metadata");

/// Where uploads are made.
pub(crate) const PATH: &str = "/api/v1/uploads";

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::default().routes(routes!(create, options)).routes(routes!(ask, go_on_with, give_up, instead, options_of_one))
}

/// Tells what of tus is spoken here.
#[utoipa::path(
    options,
    path = "/api/v1/uploads",
    tag = "uploads",
    responses((status = 204, description = "What is spoken, and the largest file.", headers(
        ("Tus-Resumable" = String, description = "`1.0.0`."),
        ("Tus-Version" = String, description = "`1.0.0`."),
        ("Tus-Extension" = String, description = "The extensions that are spoken."),
        ("Tus-Checksum-Algorithm" = String, description = "What `Upload-Checksum` takes."),
        ("Tus-Max-Size" = u64, description = "The largest file, in bytes."),
    ))),
)]
async fn options(State(web): State<Web>) -> Response<Body> {
    let mut response = answer(StatusCode::NO_CONTENT);
    let out = response.headers_mut();
    out.insert(header::ALLOW, HeaderValue::from_static("POST, OPTIONS"));
    out.insert("tus-version", HeaderValue::from_static(VERSION));
    out.insert("tus-extension", HeaderValue::from_static(EXTENSIONS));
    out.insert("tus-checksum-algorithm", HeaderValue::from_static(ALGORITHMS));
    out.insert("tus-max-size", HeaderValue::from(web.site.limits.file_bytes));
    response
}

/// Makes an upload, and takes its first bytes if they come along.
///
/// Its address is the right to go on with it, and to put it into a post.
#[utoipa::path(
    post,
    path = "/api/v1/uploads",
    tag = "uploads",
    params(
        ("Tus-Resumable" = inline(Version), Header, description = "`1.0.0`."),
        ("Upload-Length" = u64, Header, minimum = 1, description = "How many bytes it will have."),
        ("Upload-Metadata" = Option<String>, Header, pattern = "^[A-Za-z]+ [A-Za-z0-9+/]*={0,2}$", description = "`filename` and its value in Base64; other keys are not looked at."),
        ("Upload-Checksum" = Option<String>, Header, pattern = "^(sha1|sha256|md5) [A-Za-z0-9+/]+={0,2}$", description = "Of the bytes that come along: `sha1`, `sha256` or `md5`, a space, and the sum in Base64."),
    ),
    request_body(content = Option<Bytes>, content_type = "application/offset+octet-stream", description = "The first bytes, or none."),
    responses((status = 201, description = "It was made.", headers(
        ("Location" = String, description = "Its address."),
        ("Tus-Resumable" = String, description = "`1.0.0`."),
        ("Upload-Offset" = u64, description = "How many bytes have arrived, if some came along."),
        ("Upload-Expires" = String, description = "When it is given up if nothing more comes."),
    )), Beginning),
)]
async fn create(State(web): State<Web>, asker: Asker, request: Request) -> Response<Body> {
    match created(&web, &asker, request).await {
        Ok(response) => response,
        Err(refused) => refused.answer(&web, &asker),
    }
}

async fn created(web: &Web, asker: &Asker, request: Request) -> Result<Response<Body>, Refused> {
    let (parts, body) = request.into_parts();
    check_version(&parts.headers)?;
    if parts.headers.contains_key("upload-defer-length") || parts.headers.contains_key("upload-concat") {
        return Err(Refused::Status(StatusCode::BAD_REQUEST, "tus-no-such-extension"));
    }
    let length = number(&parts.headers, &UPLOAD_LENGTH)?.ok_or(Refused::Status(StatusCode::BAD_REQUEST, "tus-no-length"))?;
    let name = file_name(&parts.headers)?;
    let mut upload = begin(web, asker, &name, length).await?;
    let with_upload = parts.headers.get(header::CONTENT_TYPE).is_some_and(|value| value == CONTENT_TYPE);
    if with_upload {
        match go_on(web, &upload.id, 0, &parts.headers, body).await {
            Ok(on) => upload = on,
            // Where the bytes stopped coming there is still an upload to go on with, if the client hears of it.
            Err(Refused::Halt(Halt::Interrupted | Halt::Overtaken | Halt::Stopping)) => {
                if let Some(stands) = web.site.upload(&upload.id).await.map_err(|error| Refused::Error(error.into()))? {
                    upload = stands;
                }
            }
            Err(refused) => return Err(refused),
        }
    }
    let mut response = answer(StatusCode::CREATED);
    let out = response.headers_mut();
    if let Ok(location) = HeaderValue::from_str(&format!("{}{PATH}/{}", asker.origin, upload.id)) {
        out.insert(header::LOCATION, location);
    }
    if with_upload {
        out.insert(UPLOAD_OFFSET, HeaderValue::from(upload.offset));
    }
    expires(out, &upload);
    Ok(response)
}

/// An upload is paid for when it begins, and goes on whatever else its poster does.
async fn begin(web: &Web, asker: &Asker, name: &str, length: u64) -> Result<Upload, Refused> {
    let who = &asker.who;
    web.site.may_post().map_err(|closed| Refused::Error(closed.into()))?;
    web.site.pay_for_upload(who, length, asker.offer()).await.map_err(|owed| Refused::Error(owed.into()))?;
    let begun = web.site.begin_upload(name, length).await;
    let give_back = || web.site.give_back(who, Budget::Byte, length);
    let upload = begun.inspect_err(|_| give_back()).map_err(|refusal| match refusal {
        Refusal::File(problem) => Refused::File(problem),
        Refusal::Trouble(error) => Refused::Error(error.into()),
    })?;
    if let Err(over) = web.site.open_upload(who, upload.id.as_str()) {
        give_back();
        web.site.drop_upload(&upload.id).await.map_err(|error| Refused::Error(error.into()))?;
        return Err(Refused::Error(over.into()));
    }
    Ok(upload)
}

/// `DELETE`: what has not come is given back.
async fn given_up(web: &Web, who: &app::Who, id: &UploadId) -> Result<Response<Body>, Refused> {
    let trouble = |error: app::Error| Refused::Error(error.into());
    let upload = web.site.upload(id).await.map_err(trouble)?;
    if !web.site.drop_upload(id).await.map_err(trouble)? {
        return Err(Refused::Error(Error::NotFound));
    }
    if let Some(upload) = upload {
        web.site.give_back(who, Budget::Byte, upload.length.saturating_sub(upload.offset));
    }
    Ok(answer(StatusCode::NO_CONTENT))
}

/// Tells how many bytes have arrived: where to go on.
#[utoipa::path(
    head,
    path = "/api/v1/uploads/{id}",
    tag = "uploads",
    params(
        ("id" = String, Path, pattern = "^[a-hjkmnp-z2-9]{26}$", description = "The last part of the upload's address."),
        ("Tus-Resumable" = inline(Version), Header, description = "`1.0.0`."),
    ),
    responses((status = 200, description = "How it stands.", headers(
        ("Tus-Resumable" = String, description = "`1.0.0`."),
        ("Upload-Offset" = u64, description = "How many bytes have arrived. None of them is asked for again."),
        ("Upload-Length" = u64, description = "How many bytes it will have."),
        ("Upload-Metadata" = String, description = "`filename` and its value in Base64."),
        ("Upload-Expires" = String, description = "When it is given up if nothing more comes."),
    )), Asking),
)]
async fn ask(web: State<Web>, id: Named<String>, asker: Asker, request: Request) -> Response<Body> {
    one(web, id, asker, request).await
}

/// Goes on with an upload.
///
/// Whatever ends the request, what has come is kept, except where a checksum says that it is not what was sent.
#[utoipa::path(
    patch,
    path = "/api/v1/uploads/{id}",
    tag = "uploads",
    params(
        ("id" = String, Path, pattern = "^[a-hjkmnp-z2-9]{26}$", description = "The last part of the upload's address."),
        ("Tus-Resumable" = inline(Version), Header, description = "`1.0.0`."),
        ("Upload-Offset" = u64, Header, description = "How many bytes have arrived, as the site told it last."),
        ("Upload-Checksum" = Option<String>, Header, pattern = "^(sha1|sha256|md5) [A-Za-z0-9+/]+={0,2}$", description = "Of this request's bytes: `sha1`, `sha256` or `md5`, a space, and the sum in Base64."),
    ),
    request_body(content = Bytes, content_type = "application/offset+octet-stream", description = "The bytes from there on; any number of them."),
    responses((status = 204, description = "They have arrived.", headers(
        ("Tus-Resumable" = String, description = "`1.0.0`."),
        ("Upload-Offset" = u64, description = "How many bytes have arrived."),
        ("Upload-Expires" = String, description = "When it is given up if nothing more comes."),
    )), GoingOn),
)]
async fn go_on_with(web: State<Web>, id: Named<String>, asker: Asker, request: Request) -> Response<Body> {
    one(web, id, asker, request).await
}

/// Gives an upload up.
///
/// A post that waits for it goes on without it. An upload that has arrived whole and is in a post is the post's.
#[utoipa::path(
    delete,
    path = "/api/v1/uploads/{id}",
    tag = "uploads",
    params(
        ("id" = String, Path, pattern = "^[a-hjkmnp-z2-9]{26}$", description = "The last part of the upload's address."),
        ("Tus-Resumable" = inline(Version), Header, description = "`1.0.0`."),
    ),
    responses((status = 204, description = "It is gone.", headers(("Tus-Resumable" = String, description = "`1.0.0`."))), Asking),
)]
async fn give_up(web: State<Web>, id: Named<String>, asker: Asker, request: Request) -> Response<Body> {
    one(web, id, asker, request).await
}

/// Does with an upload what `X-HTTP-Method-Override` says, for those who can only POST.
#[utoipa::path(
    post,
    path = "/api/v1/uploads/{id}",
    tag = "uploads",
    params(
        ("id" = String, Path, pattern = "^[a-hjkmnp-z2-9]{26}$", description = "The last part of the upload's address."),
        ("X-HTTP-Method-Override" = inline(Overriding), Header, description = "What to do."),
        ("Tus-Resumable" = inline(Version), Header, description = "`1.0.0`."),
        ("Upload-Offset" = Option<u64>, Header, description = "As for `PATCH`."),
        ("Upload-Checksum" = Option<String>, Header, pattern = "^(sha1|sha256|md5) [A-Za-z0-9+/]+={0,2}$", description = "As for `PATCH`."),
    ),
    request_body(content = Option<Bytes>, content_type = "application/offset+octet-stream", description = "As for `PATCH`."),
    responses(
        (status = 200, description = "As for `HEAD`."),
        (status = 204, description = "As for `PATCH` or `DELETE`."),
        (status = 405, description = "It says something else.", body = Problem, content_type = "application/problem+json"),
        GoingOn,
    ),
)]
async fn instead(web: State<Web>, id: Named<String>, asker: Asker, request: Request) -> Response<Body> {
    one(web, id, asker, request).await
}

/// Tells what of tus is spoken here.
#[utoipa::path(
    options,
    path = "/api/v1/uploads/{id}",
    tag = "uploads",
    params(("id" = String, Path, pattern = "^[a-hjkmnp-z2-9]{26}$", description = "The last part of the upload's address.")),
    responses((status = 204, description = "As for `/api/v1/uploads`.")),
)]
async fn options_of_one(web: State<Web>) -> Response<Body> {
    let mut response = options(web).await;
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("HEAD, PATCH, DELETE, POST, OPTIONS"));
    response
}

/// The version of the protocol.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it stands in the description only: what arrives is a header")]
enum Version {
    #[schema(rename = "1.0.0")]
    One,
}

/// What a request that overrides its method may do.
#[derive(ToSchema)]
#[schema(rename_all = "UPPERCASE")]
#[expect(dead_code, reason = "it stands in the description only: what arrives is a method")]
enum Overriding {
    Head,
    Patch,
    Delete,
}

/// The bytes of a file.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "it stands in the description only: what arrives is a stream")]
struct Bytes(Vec<u8>);

/// What is done with one upload, by method.
async fn one(State(web): State<Web>, Named(id): Named<String>, asker: Asker, request: Request) -> Response<Body> {
    let overridden = request.headers().get("x-http-method-override").and_then(|value| Method::from_bytes(value.as_bytes()).ok());
    let method = overridden.unwrap_or_else(|| request.method().clone());
    let (parts, body) = request.into_parts();
    let done = async {
        let id = UploadId::parse(&id).ok_or(Refused::Error(Error::NotFound))?;
        match method {
            Method::HEAD | Method::PATCH | Method::DELETE => check_version(&parts.headers)?,
            _ => return Err(Refused::Error(Error::NoSuchMethod)),
        }
        match method {
            Method::HEAD => stands(&web, &id).await,
            Method::DELETE => given_up(&web, &asker.who, &id).await,
            _ => patched(&web, &id, &parts.headers, body).await,
        }
    };
    match done.await {
        Ok(response) => response,
        Err(refused) => refused.answer(&web, &asker),
    }
}

async fn stands(web: &Web, id: &UploadId) -> Result<Response<Body>, Refused> {
    let upload = web.site.upload(id).await.map_err(|error| Refused::Error(error.into()))?.ok_or(Refused::Error(Error::NotFound))?;
    let mut response = answer(StatusCode::OK);
    let out = response.headers_mut();
    out.insert(UPLOAD_OFFSET, HeaderValue::from(upload.offset));
    out.insert(UPLOAD_LENGTH, HeaderValue::from(upload.length));
    if let Ok(metadata) = HeaderValue::from_str(&format!("filename {}", STANDARD.encode(&upload.name))) {
        out.insert(UPLOAD_METADATA, metadata);
    }
    expires(out, &upload);
    Ok(response)
}

async fn patched(web: &Web, id: &UploadId, headers: &HeaderMap, body: Body) -> Result<Response<Body>, Refused> {
    if headers.get(header::CONTENT_TYPE).is_none_or(|value| value != CONTENT_TYPE) {
        return Err(Refused::Status(StatusCode::UNSUPPORTED_MEDIA_TYPE, "tus-content-type"));
    }
    let offset = number(headers, &UPLOAD_OFFSET)?.ok_or(Refused::Status(StatusCode::BAD_REQUEST, "tus-no-offset"))?;
    let upload = go_on(web, id, offset, headers, body).await?;
    let mut response = answer(StatusCode::NO_CONTENT);
    response.headers_mut().insert(UPLOAD_OFFSET, HeaderValue::from(upload.offset));
    expires(response.headers_mut(), &upload);
    Ok(response)
}

async fn go_on(web: &Web, id: &UploadId, offset: u64, headers: &HeaderMap, body: Body) -> Result<Upload, Refused> {
    let checksum = headers.get("upload-checksum").map(checksum).transpose()?;
    let announced = body.size_hint().exact();
    web.site.go_on(id, offset, announced, checksum, body.into_data_stream().boxed()).await.map_err(Refused::Halt)
}

/// Why a request on uploads was refused.
enum Refused {
    /// By the protocol, in these words.
    Status(StatusCode, &'static str),
    /// Because of the file.
    File(domain::Problem),
    Halt(Halt),
    Error(Error),
}

impl Refused {
    fn answer(self, web: &Web, asker: &Asker) -> Response<Body> {
        let file = |problem: domain::Problem| {
            Error::AllRefused(problem).answer_form(web, asker, &domain::RawDraft::default(), vec![RefusedFile { name: None, problem }])
        };
        let of_status =
            |status: StatusCode, key: &'static str| headers::problem(&Problem::new(key, web.locale(asker).text(key).into_owned(), status));
        let checksum_mismatch = StatusCode::from_u16(CHECKSUM_MISMATCH).unwrap_or(StatusCode::BAD_REQUEST);
        let mut response = match self {
            Self::Status(status, key) => of_status(status, key),
            Self::File(problem) | Self::Halt(Halt::File(problem)) => file(problem),
            Self::Halt(Halt::Missing) => Error::NotFound.answer(web, asker),
            Self::Halt(Halt::Offset) => of_status(StatusCode::CONFLICT, "tus-offset"),
            Self::Halt(Halt::Overtaken) => of_status(StatusCode::CONFLICT, "tus-overtaken"),
            Self::Halt(Halt::TooMany) => of_status(StatusCode::PAYLOAD_TOO_LARGE, "tus-too-many"),
            Self::Halt(Halt::Checksum) => of_status(checksum_mismatch, "tus-checksum"),
            // Not 400 or 408: after those, clients of the protocol give up, and it was only the line.
            Self::Halt(Halt::Interrupted) => of_status(StatusCode::CONFLICT, "tus-interrupted"),
            Self::Halt(Halt::Stopping) => {
                let mut response = of_status(StatusCode::SERVICE_UNAVAILABLE, "tus-stopping");
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(RESTART));
                response
            }
            Self::Halt(Halt::Trouble(error)) => Error::from(error).answer(web, asker),
            Self::Error(error) => error.answer(web, asker),
        };
        dress(response.headers_mut());
        if response.status() == StatusCode::PRECONDITION_FAILED {
            response.headers_mut().insert("tus-version", HeaderValue::from_static(VERSION));
        }
        response
    }
}

fn answer(status: StatusCode) -> Response<Body> {
    let mut response = headers::nothing(status);
    dress(response.headers_mut());
    response
}

fn dress(out: &mut HeaderMap) {
    headers::secret(out);
    out.insert(TUS_RESUMABLE, HeaderValue::from_static(VERSION));
}

fn expires(out: &mut HeaderMap, upload: &Upload) {
    if let Some(date) = http_date(upload.expires) {
        out.insert(UPLOAD_EXPIRES, date);
    }
}

/// RFC 9110's form of a date.
fn http_date(time: Time) -> Option<HeaderValue> {
    let since = Duration::from_millis(u64::try_from(time.0).ok()?);
    HeaderValue::from_str(&httpdate::fmt_http_date(SystemTime::UNIX_EPOCH.checked_add(since)?)).ok()
}

fn check_version(headers: &HeaderMap) -> Result<(), Refused> {
    match headers.get(TUS_RESUMABLE) {
        Some(version) if version == VERSION => Ok(()),
        _ => Err(Refused::Status(StatusCode::PRECONDITION_FAILED, "tus-version")),
    }
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<Option<u64>, Refused> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    let digits = value.to_str().ok().filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    digits.and_then(|digits| digits.parse().ok()).map(Some).ok_or(Refused::Status(StatusCode::BAD_REQUEST, "tus-number"))
}

/// The `filename` of `Upload-Metadata`: pairs of a key and a Base64 value, with commas between them.
fn file_name(headers: &HeaderMap) -> Result<String, Refused> {
    let bad = || Refused::Status(StatusCode::BAD_REQUEST, "tus-metadata");
    let Some(value) = headers.get(UPLOAD_METADATA) else { return Ok(String::new()) };
    let value = value.to_str().ok().filter(|value| value.len() <= METADATA_BYTES).ok_or_else(bad)?;
    let name = value.split(',').filter_map(|pair| pair.trim().split_once(' ')).find(|(key, _)| matches!(*key, "filename" | "name"));
    let Some((_, encoded)) = name else { return Ok(String::new()) };
    let bytes = STANDARD.decode(encoded.trim()).map_err(|_| bad())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn checksum(value: &HeaderValue) -> Result<Checksum, Refused> {
    let bad = || Refused::Status(StatusCode::BAD_REQUEST, "tus-algorithm");
    let (algorithm, sum) = value.to_str().ok().and_then(|value| value.split_once(' ')).ok_or_else(bad)?;
    let sum = STANDARD.decode(sum.trim()).map_err(|_| bad())?;
    match algorithm {
        "sha1" => Ok(Checksum::Sha1(sum)),
        "sha256" => Ok(Checksum::Sha256(sum)),
        "md5" => Ok(Checksum::Md5(sum)),
        _ => Err(bad()),
    }
}
