//! What programs are answered: the same shapes that `/{id}.json` has, with words on every field.

use std::collections::BTreeMap;

use app::{Lock, MediaView, PostView};
use axum::http::StatusCode;
use domain::proof::{Challenge, Parameters};
use domain::{FileRole, MediaId, MediaKind, MediaState, PostId, PostState};
use serde::Serialize;
use store::FileRow;
use utoipa::openapi::schema::{AnyOfBuilder, Array, ArrayBuilder, Object, ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, HeaderBuilder, Ref, RefOr, Response, ResponseBuilder, Schema};
use utoipa::{IntoResponses, ToSchema};

use crate::Asker;
use crate::Web;
use crate::pages::RefusedFile;
use crate::posts::{Addresses, instant, original, poster};

/// A post, as whoever may read it sees it.
#[derive(Serialize, ToSchema)]
pub(crate) struct Post {
    /// The whole of its link's path.
    #[schema(value_type = String, example = "k3m9xq7ph2vde")]
    id: PostId,
    /// Its link.
    url: String,
    #[schema(schema_with = post_states)]
    state: PostState,
    /// One line, without markup.
    #[schema(required)]
    title: Option<String>,
    /// Markdown; empty if there are no words. `![…](media:w4hz8ctn6ab2r)` stands where the medium of that id stands.
    text: String,
    /// BCP 47, as told or as detected.
    #[schema(required, value_type = Option<String>, example = "ar")]
    language: Option<domain::Language>,
    /// When it was published (RFC 3339, UTC).
    #[schema(format = DateTime)]
    created: String,
    /// When it goes away by itself (RFC 3339, UTC).
    #[schema(required, format = DateTime)]
    expires: Option<String>,
    /// It may stand on public lists.
    listed: bool,
    /// Its page covers all of it until the visitor asks.
    sensitive: bool,
    /// Its media, in order.
    media: Vec<Medium>,
}

/// A photo, animation or video of a post.
#[derive(Serialize, ToSchema)]
pub(crate) struct Medium {
    /// Its name in the post.
    #[schema(value_type = String, example = "w4hz8ctn6ab2r")]
    id: MediaId,
    #[schema(required, schema_with = kinds)]
    kind: Option<MediaKind>,
    #[schema(schema_with = media_states)]
    state: MediaState,
    /// One line under it.
    #[schema(required)]
    caption: Option<String>,
    /// What it shows, for those who cannot see it.
    #[schema(required)]
    alt: Option<String>,
    /// Covered until the visitor asks, also where the rest of the post is not.
    sensitive: bool,
    /// In pixels, as seen (upright).
    #[schema(required)]
    width: Option<i64>,
    /// In pixels, as seen (upright).
    #[schema(required)]
    height: Option<i64>,
    /// Of a video or an animation, in milliseconds.
    #[schema(required)]
    duration_ms: Option<i64>,
    /// From 0 to 1: how much has arrived, then how far it is prepared.
    #[schema(minimum = 0, maximum = 1)]
    progress: f64,
    #[schema(required, schema_with = maybe_problems)]
    problem: Option<domain::Problem>,
    /// The poster's own pixels, cleaned; once it is ready.
    #[schema(required)]
    original: Option<File>,
    /// Smaller renderings.
    variants: Vec<File>,
    /// What stands in a video's or animation's place before it plays: the still that its poster has given it, else a frame of its own.
    #[schema(required)]
    poster: Option<File>,
    /// How far the still is that its poster has given to a video; `null`: none was given.
    #[schema(required)]
    still: Option<Still>,
    /// A playlist for videos in several sizes; `null` where there is none.
    #[schema(required)]
    hls: Option<Hls>,
}

/// A photo that stands in a video's place before it plays.
#[derive(Serialize, ToSchema)]
pub(crate) struct Still {
    #[schema(schema_with = media_states)]
    state: MediaState,
    #[schema(required, schema_with = maybe_problems)]
    problem: Option<domain::Problem>,
}

/// A file of a medium.
#[derive(Serialize, ToSchema)]
pub(crate) struct File {
    /// Its address: a path on this site, or the address of the site's own media host. That of a post that is not open to all holds for
    /// one visit.
    url: String,
    /// One of the types that this site ever serves.
    content_type: String,
    /// Its size in bytes.
    size_bytes: i64,
    /// In pixels.
    #[schema(required)]
    width: Option<i64>,
    /// In pixels.
    #[schema(required)]
    height: Option<i64>,
}

/// A playlist.
#[derive(Serialize, ToSchema)]
pub(crate) struct Hls {
    /// Its address.
    url: String,
}

/// A post that is not open to all, and was asked for without a pass. Nothing else is told of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct LockedPost {
    /// The whole of its link's path.
    #[schema(value_type = String)]
    id: PostId,
    /// Its link.
    url: String,
    #[schema(schema_with = locked)]
    state: PostState,
    #[schema(schema_with = asks)]
    asks: &'static str,
}

/// A post, as the holder of its manage secret sees it.
#[derive(Serialize, ToSchema)]
pub(crate) struct ManagedPost {
    #[serde(flatten)]
    post: Post,
    /// When its words, options or media were last changed by its poster (RFC 3339, UTC).
    #[schema(required, format = DateTime)]
    edited: Option<String>,
    /// Changes with every change by its poster, and with nothing else. Sent along with a change, it keeps two of them from undoing each
    /// other.
    revision: i64,
    /// It asks for a password.
    password: bool,
    /// How often it may still be opened; `null`: any number of times.
    #[schema(required)]
    views: Option<i64>,
}

/// What a visitor finds at a post's address.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Visited {
    /// Asked for by who may read it.
    Post(Box<Post>),
    /// Not open to all.
    Locked(LockedPost),
}

/// What stands at a post's address, for who may hold its manage secret.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum Read {
    /// Asked for with its manage secret.
    Managed(Box<ManagedPost>),
    /// Asked for by anybody.
    Post(Box<Post>),
    /// Not open to all.
    Locked(LockedPost),
}

// By hand: what a poster is told is also what a visitor is told, and so never exactly one of the three.
impl utoipa::PartialSchema for Read {
    fn schema() -> RefOr<Schema> {
        let names = ["ManagedPost", "Post", "LockedPost"];
        let any = names.into_iter().fold(AnyOfBuilder::new(), |any, name| any.item(Ref::from_schema_name(name)));
        any.description(Some("Asked for with its manage secret: `ManagedPost`. By who may read it: `Post`. By others: `LockedPost`."))
            .into()
    }
}

impl ToSchema for Read {}

/// A post was made.
#[derive(Serialize, ToSchema)]
pub(crate) struct Created {
    /// Its id.
    #[schema(value_type = String)]
    pub(crate) id: PostId,
    /// Its link, which works at once.
    pub(crate) url: String,
    /// Its manage link. The last part is the manage secret: the only key to change or delete the post.
    pub(crate) manage_url: String,
    /// With 202, because nothing else but time is waited for: when it is public. Other things may hold it for longer.
    #[schema(required, format = DateTime)]
    pub(crate) public: Option<String>,
    /// Only where they are: until when its links are shown as plain words, because of the way by which it came: by Tor, or in a storm from a network
    /// that is new here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(crate) links: Option<String>,
}

/// A post was opened for one visit.
#[derive(Serialize, ToSchema)]
pub(crate) struct Pass {
    /// Shown as `Authorization: Bearer …` by whoever reads the post; `null` if the post is open to all.
    #[schema(required)]
    pub(crate) pass: Option<String>,
    /// When it ends (RFC 3339, UTC).
    #[schema(required, format = DateTime)]
    pub(crate) expires: Option<String>,
}

/// Why a request got no ordinary answer (RFC 9457).
#[derive(Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Never changes its meaning: `/problems/` and a word.
    #[serde(rename = "type")]
    #[schema(example = "/problems/not-found")]
    pub(crate) kind: String,
    /// In the language that `Accept-Language` asks for.
    pub(crate) title: String,
    /// The answer's status.
    pub(crate) status: u16,
    /// More for who wrote the program, in English.
    #[schema(required)]
    pub(crate) detail: Option<String>,
    /// The field that is wrong.
    #[schema(required)]
    pub(crate) field: Option<&'static str>,
    /// Each file that was refused, and why.
    pub(crate) refused: Vec<RefusedFile>,
    /// With 429, for who sent `Altcha: ask`, or a proof that does not count: what is to be solved. The same request is done for the proof.
    #[schema(required)]
    pub(crate) challenge: Option<Box<ToSolve>>,
}

/// A challenge of ALTCHA, version 2.
#[derive(Serialize, ToSchema)]
pub(crate) struct ToSolve {
    /// What solving it takes.
    parameters: ToSolveParameters,
    /// That it was made here, and for whom.
    signature: String,
}

/// What solving a challenge takes.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ToSolveParameters {
    /// `PBKDF2/SHA-256`.
    algorithm: String,
    /// Rounds of each derivation.
    cost: u32,
    /// What may be done for it, and the most derivations that it may take.
    data: ToSolveData,
    /// Until when it may be solved, in seconds since 1970.
    expires_at: i64,
    /// Bytes of the key.
    key_length: u32,
    /// How the key begins, in hexadecimal digits.
    key_prefix: String,
    /// For the site alone.
    key_signature: String,
    /// What stands before the counter, in hexadecimal digits.
    nonce: String,
    /// The salt, in hexadecimal digits.
    salt: String,
}

/// More of a challenge.
#[derive(Serialize, ToSchema)]
pub(crate) struct ToSolveData {
    /// `post`, `upload`, `notice` or `appeal`.
    #[serde(rename = "for")]
    purpose: &'static str,
    /// The most derivations that it may take.
    most: u32,
}

impl From<&Challenge> for ToSolve {
    fn from(Challenge { parameters, signature }: &Challenge) -> Self {
        let Parameters { algorithm, cost, data, expires_at, key_length, key_prefix, key_signature, nonce, salt } = parameters.clone();
        let data = ToSolveData { purpose: data.purpose.as_str(), most: data.most };
        let parameters = ToSolveParameters { algorithm, cost, data, expires_at, key_length, key_prefix, key_signature, nonce, salt };
        Self { parameters, signature: signature.clone() }
    }
}

impl Post {
    pub(crate) fn new(web: &Web, asker: &Asker, view: &PostView) -> Self {
        let post = &view.post;
        let at = Addresses::new(web, asker, view);
        Self {
            id: post.id.clone(),
            url: format!("{}/{}", asker.origin, post.id),
            state: view.state(),
            title: post.title.clone(),
            text: post.text.clone(),
            language: post.language.clone(),
            created: instant(post.created),
            expires: post.expires.map(instant),
            listed: post.listed,
            sensitive: post.sensitive,
            media: view.media.iter().map(|medium| Medium::new(&at, medium)).collect(),
        }
    }
}

impl Medium {
    fn new(at: &Addresses<'_>, medium: &MediaView) -> Self {
        let row = &medium.row;
        let file = |file: &FileRow| File {
            url: at.of(file),
            content_type: file.content_type.clone(),
            size_bytes: file.size_bytes,
            width: file.width,
            height: file.height,
        };
        Self {
            id: row.id.clone(),
            kind: row.kind,
            state: row.state,
            caption: row.caption.clone(),
            alt: row.alt.clone(),
            sensitive: row.sensitive,
            width: row.width,
            height: row.height,
            duration_ms: row.duration_ms,
            progress: if row.state == MediaState::Ready { 1.0 } else { row.progress },
            problem: row.problem,
            original: original(medium).map(file),
            variants: medium.files.iter().filter(|file| file.role == FileRole::Variant).map(file).collect(),
            poster: poster(medium).map(file),
            still: medium.still.as_ref().map(|still| Still { state: still.row.state, problem: still.row.problem }),
            hls: None,
        }
    }
}

impl LockedPost {
    pub(crate) fn new(asker: &Asker, id: &PostId, lock: Lock) -> Self {
        let asks = match lock {
            Lock::Password => "password",
            Lock::Press => "press",
        };
        Self { id: id.clone(), url: format!("{}/{id}", asker.origin), state: PostState::Locked, asks }
    }
}

impl ManagedPost {
    pub(crate) fn new(web: &Web, asker: &Asker, view: &PostView) -> Self {
        let post = &view.post;
        Self {
            post: Post::new(web, asker, view),
            edited: post.edited.map(instant),
            revision: app::version(post),
            password: post.password.is_some(),
            views: post.views_left,
        }
    }
}

// The words on a field whose schema is made here stand here too: the derive macro does not carry them over.

fn words<'a>(about: &str, of: impl IntoIterator<Item = &'a str>) -> Object {
    let values: Vec<&str> = of.into_iter().collect();
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(values)).description(Some(about)).build()
}

fn words_or_null<'a>(about: &str, of: impl IntoIterator<Item = &'a str>) -> Object {
    let values: Vec<Option<String>> = of.into_iter().map(|word| Some(word.to_owned())).chain([None]).collect();
    let types = utoipa::openapi::schema::SchemaType::from_iter([Type::String, Type::Null]);
    ObjectBuilder::new().schema_type(types).enum_values(Some(values)).description(Some(about)).build()
}

fn post_states() -> Object {
    // A locked post has another shape, and one that is gone has none.
    let told = PostState::ALL.iter().filter(|state| !matches!(state, PostState::Locked | PostState::Gone));
    words(
        "`live`: complete and public. `processing`: public, and some of its media are still arriving or being prepared. `waiting`: public \
         later; no time is promised. `withheld`: made dark by a decision.",
        told.map(|state| state.as_str()),
    )
}

fn locked() -> Object {
    words("Always `locked`.", [PostState::Locked.as_str()])
}

fn asks() -> Object {
    words("`password`: it is opened by its password. `press`: a press of Open opens it, and is counted.", ["password", "press"])
}

fn media_states() -> Object {
    words(
        "`receiving`: its bytes are arriving. `processing`: it is being cleaned and prepared. `waiting`: public later. `ready`: to be \
         seen. `refused`: it could not be taken, and `problem` says why. `removed`: a decision took it away.",
        MediaState::ALL.iter().map(|state| state.as_str()),
    )
}

fn kinds() -> Object {
    words_or_null("`null` as long as nobody has looked at it.", MediaKind::ALL.iter().map(|kind| kind.as_str()))
}

fn maybe_problems() -> Object {
    words_or_null("Why it was refused.", domain::Problem::ALL.iter().map(|problem| problem.as_str()))
}

/// What a notice says that is wrong.
pub(crate) fn categories() -> Object {
    words("What is wrong.", domain::Category::ALL.iter().map(|category| category.as_str()))
}

pub(crate) fn notice_kinds() -> Object {
    words("What kind of request it is.", domain::NoticeKind::ALL.iter().map(|kind| kind.as_str()))
}

pub(crate) fn faults() -> Array {
    let fault = words("What is wrong.", domain::Fault::ALL.iter().map(|fault| fault.as_str()));
    ArrayBuilder::new().description(Some("What is wrong with it, as far as a machine sees.")).items(fault).build()
}

pub(crate) fn line_states() -> Object {
    words("What was done with a line.", ["taken", "duplicate", "refused"])
}

pub(crate) fn filing_states() -> Object {
    words("How it stands.", ["open", "done", "decided", "cannot", "told", "withdrawn"])
}

pub(crate) fn annexes() -> Object {
    words("Which annex.", ["II", "III"])
}

pub(crate) fn subject_states() -> Object {
    words("Whether the notice is about it.", ["taken", "dark", "gone", "nothing"])
}

pub(crate) fn link_outcomes() -> Object {
    words("What was decided.", ["open", "gone", "nothing", "no_action", "cover", "withhold", "remove", "restored", "withdrawn"])
}

pub(crate) fn outcomes() -> Object {
    words("What was decided.", ["open", "gone", "no_action", "cover", "withhold", "remove", "restored"])
}

/// Why a file was refused, in one word.
pub(crate) fn problems() -> Object {
    words("Why it was refused.", domain::Problem::ALL.iter().map(|problem| problem.as_str()))
}

/// The problems of a route that tells what never changes.
pub(crate) struct Healthy;
/// Of a route that only reads.
pub(crate) struct Reading;
/// Of a route that takes a pass or a manage secret.
pub(crate) struct Holding;
/// Of a route that makes something.
pub(crate) struct Making;
/// Of a route that takes a notice.
pub(crate) struct Noticing;
/// Of a route that changes something.
pub(crate) struct Changing;
/// Of a route that opens something.
pub(crate) struct Opening;
/// Of a route that begins an upload.
pub(crate) struct Beginning;
/// Of a route that asks about an upload or ends it.
pub(crate) struct Asking;
/// Of a route that goes on with an upload.
pub(crate) struct GoingOn;

/// Of what tells outside `/api` in its own words what is wrong with a request.
pub(crate) struct Troubled;
/// Of what is read outside `/api`, where nobody is told of a post that it is locked.
pub(crate) struct Elsewhere;
/// Of what is read outside `/api` by whoever may read the post.
pub(crate) struct Admitted;
/// Of the policy, which everybody may read.
pub(crate) struct Standing;
/// Of a medium's file.
pub(crate) struct Kept;
/// Of a post that comes in one request.
pub(crate) struct Sending;

/// Under `/api` what went wrong is told as problem details; outside it, as is asked for.
const IN_JSON: &[&str] = &["application/problem+json"];
const AS_ASKED_FOR: &[&str] = &["application/problem+json", "text/plain", "text/html"];

macro_rules! problems {
    ($told:expr; $($name:ident: $($status:literal)+;)*) => {$(
        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                [$($status),+].into_iter().map(|status: u16| (status.to_string(), RefOr::T(problem(status, $told)))).collect()
            }
        }
    )*};
}

problems! {
    AS_ASKED_FOR;
    Troubled: 500 503;
    Elsewhere: 404 410 451 500 503;
    Admitted: 403 404 410 451 500 503;
    Kept: 404 500 503;
    Sending: 400 409 410 413 415 429 500 503;
}

problems! {
    IN_JSON;
    Healthy: 500 503;
    Standing: 404 500 503;
    Reading: 404 410 429 451 500 503;
    Holding: 401 404 429 500 503;
    Noticing: 400 401 403 410 413 415 422 429 500 503;
    Making: 400 409 410 413 415 429 500 503;
    Changing: 400 401 404 409 413 415 429 500 503;
    Opening: 400 403 404 410 413 415 429 500 503;
    Beginning: 400 409 412 413 415 429 460 500 503;
    Asking: 404 412 429 500 503;
    GoingOn: 400 404 409 412 413 415 429 460 500 503;
}

fn problem(status: u16, told: &[&str]) -> Response {
    let words = match status {
        400 => "Something that was sent is not as it should be; `field` or `detail` says what.",
        401 => "The manage secret is missing: `Authorization: Bearer …`; or the signature of a registered party is missing or not good.",
        403 => "The password is wrong or missing, or the post is not open to all.",
        404 => "Nothing stands there; or the secret is not this post's, which looks the same.",
        409 => "It has changed in the meantime, or another request was sent under the same key, or goes on with the same upload.",
        410 => "It was deleted, has expired, or was opened as often as it may be.",
        412 => "`Tus-Resumable: 1.0.0` is missing.",
        413 => "It is more than the site takes.",
        415 => "The body is not of the type that is asked for, or a file is neither a photo nor a video.",
        429 => "Too much for now; `Retry-After` says for how many seconds.",
        460 => "The bytes are not what `Upload-Checksum` says; none of them was kept.",
        503 => "The site cannot take it just now; `Retry-After` says when to try again.",
        _ => "Something is wrong with the site.",
    };
    let mut response = ResponseBuilder::new().description(words);
    for told in told {
        let schema: RefOr<Schema> = if told.ends_with("json") {
            Ref::from_schema_name("Problem").into()
        } else {
            ObjectBuilder::new().schema_type(Type::String).build().into()
        };
        response = response.content(*told, ContentBuilder::new().schema(Some(schema)).build());
    }
    if matches!(status, 429 | 503) {
        let seconds = ObjectBuilder::new().schema_type(Type::Integer).build();
        response =
            response.header("Retry-After", HeaderBuilder::new().schema(Some(seconds)).description(Some("In how many seconds.")).build());
    }
    response.build()
}

impl Problem {
    /// The problem that `status` alone tells.
    pub(crate) fn new(kind: &str, title: String, status: StatusCode) -> Self {
        Self {
            kind: format!("/problems/{kind}"),
            title,
            status: status.as_u16(),
            detail: None,
            field: None,
            refused: Vec::new(),
            challenge: None,
        }
    }
}
