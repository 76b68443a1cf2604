//! The composer, a post's page, and its words as `.md` and `.json`.

use std::collections::HashMap;
use std::sync::Arc;

use app::{Found, MediaView, PostView};
use askama::Template as _;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{self, HeaderValue};
use axum::http::{Method, Response, StatusCode, Uri};
use domain::time::MINUTE_MS;
use domain::{FileRole, Lever, MediaId, MediaKind, MediaState, PostId, PostState, Problem, Seal, Time, Wait};
use store::FileRow;

use crate::api::answers::{Admitted, Elsewhere, LockedPost, Post, Visited};
use crate::api::posts::answer as api_answer;
use crate::asker::Named;
use crate::cover::Asked;
use crate::error::Error;
use crate::form::pairs;
use crate::headers::{self, Kind};
use crate::locale::Locale;
use crate::pages::{
    AboutPage, ComposerPage, ComposerValues, Download, Medium, MediumBody, Picture, PostPage, Preview, Statement, Video, VideoPreview,
};
use crate::placed::{self, markdown};
use crate::ready::{Drawn, PageKey};
use crate::zip::Contents;
use crate::{Asker, Web, embed, open, zip};

/// `GET /`. Drawn for each visitor: what makes two presses of Publish one post is this page's own.
pub(crate) async fn composer(State(web): State<Web>, asker: Asker) -> Response<Body> {
    let page = ComposerPage {
        frame: web.frame(&asker),
        limits: web.site.limits.clone(),
        once: web.site.chance.token(),
        values: ComposerValues::default(),
        error: None,
        error_field: None,
        refused: Vec::new(),
    };
    match page.render() {
        Ok(html) => headers::drawn(&asker, &Drawn::new(html, true)),
        Err(error) => crate::undrawable(&error),
    }
}

/// `GET /about`.
pub(crate) async fn about(State(web): State<Web>, asker: Asker) -> Response<Body> {
    standing_page(&web, &asker, 0, || AboutPage { frame: web.frame(&asker), limits: web.site.limits.clone() })
}

/// A page that is the same for everybody who reads this language, until there is another revision of it.
pub(crate) fn standing_page<Page: askama::Template>(
    web: &Web,
    asker: &Asker,
    revision: i64,
    page: impl FnOnce() -> Page,
) -> Response<Body> {
    let key = PageKey {
        path: asker.path.clone(),
        revision,
        locale: web.locale(asker),
        origin: String::new(),
        asked: Asked::default(),
        plain: false,
    };
    if let Some(drawn) = web.ready().pages.get(&key) {
        return headers::drawn(asker, &drawn);
    }
    match page().render() {
        Ok(html) => {
            let drawn = Arc::new(Drawn::new(html, true));
            web.ready().pages.insert(key, Arc::clone(&drawn));
            headers::drawn(asker, &drawn)
        }
        Err(error) => crate::undrawable(&error),
    }
}

/// Whatever has no route.
pub(crate) async fn nothing(State(web): State<Web>, asker: Asker) -> Response<Body> {
    Error::NotFound.answer(&web, &asker)
}

/// A method that a route does not know.
pub(crate) async fn no_such_method(State(web): State<Web>, asker: Asker) -> Response<Body> {
    let mut response = Error::NoSuchMethod.answer(&web, &Asker { path: "/".to_owned(), ..asker });
    // The path may be a manage link.
    headers::secret(response.headers_mut());
    response
}

/// The longest form of the language switch, in bytes.
const SWITCH_BYTES: usize = 4 << 10;

/// `POST /language`: remembers the choice in a cookie and returns.
pub(crate) async fn language(body: Body) -> Response<Body> {
    // A form that is no form asks for nothing, and leads to the first page.
    let fields = pairs(&axum::body::to_bytes(body, SWITCH_BYTES).await.unwrap_or_default(), 2);
    let field = |wanted: &str| fields.iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value.as_str());
    let mut response = headers::answer(StatusCode::SEE_OTHER, Kind::Text, "");
    // Back to this site only: a path, not `//elsewhere`, and nothing that a browser could read as one.
    let back = field("back");
    let own = back.starts_with('/') && !back.starts_with("//") && !back.contains('\\') && back.bytes().all(|byte| byte.is_ascii_graphic());
    let to = HeaderValue::from_str(if own { back } else { "/" }).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, to);
    if let Some(locale) = Locale::parse(field("lang"))
        && let Ok(cookie) = HeaderValue::from_str(&format!("lang={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly", locale.tag()))
    {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    // It may lead back to a manage page.
    headers::secret(response.headers_mut());
    response
}

/// `GET /{id}`, `/{id}.md`, `/{id}.json` and `/{id}.zip`.
pub(crate) async fn read(State(web): State<Web>, Named(name): Named<String>, method: Method, uri: Uri, asker: Asker) -> Response<Body> {
    let (id, form) = match name.split_once('.') {
        None => (name.as_str(), None),
        Some((id, form)) => (id, Some(form)),
    };
    let answered = match form {
        None => post_page(&web, &asker, id, Asked::of(uri.query())).await,
        Some("zip") => zip::answer(&web, &asker, id, &Asked::of(uri.query()), &method).await,
        Some("json") => json(&web, &asker, id).await,
        Some("md") => words(&web, &asker, id).await,
        Some(_) => Err(Error::NotFound),
    };
    answered.unwrap_or_else(|error| error.answer(&web, &asker))
}

/// A post, as a visitor sees it.
#[utoipa::path(
    get,
    path = "/{id}.json",
    tag = "reading",
    params(("id" = String, Path, pattern = "^[a-hjkmnp-z2-9]{13}$", description = "The last part of the post's link.")),
    responses((status = 200, description = "The post, or that it is locked.", body = Visited), Elsewhere),
    security((), ("pass" = [])),
)]
async fn json(web: &Web, asker: &Asker, id: &str) -> Result<Response<Body>, Error> {
    match find(web, asker, id).await {
        Ok(view) => Ok(as_private_as(&view, api_answer(StatusCode::OK, &Visited::Post(Box::new(Post::new(web, asker, &view)))))),
        Err(Error::Locked(lock)) => {
            let id = PostId::parse(id).ok_or(Error::NotFound)?;
            let mut response = api_answer(StatusCode::OK, &Visited::Locked(LockedPost::new(asker, &id, lock)));
            headers::locked(response.headers_mut());
            Ok(response)
        }
        Err(other) => Err(other),
    }
}

/// A post's title and words.
#[utoipa::path(
    get,
    path = "/{id}.md",
    tag = "reading",
    params(("id" = String, Path, pattern = "^[a-hjkmnp-z2-9]{13}$", description = "The last part of the post's link.")),
    responses((status = 200, description = "Markdown; the title is its first heading.", body = String, content_type = "text/markdown"), Admitted),
    security((), ("pass" = [])),
)]
async fn words(web: &Web, asker: &Asker, id: &str) -> Result<Response<Body>, Error> {
    let view = find(web, asker, id).await?;
    let at = Addresses::new(web, asker, &view);
    // What is covered is not shown in passing: whoever wants to see it goes to the post's page.
    let open = |medium: &&MediaView| !view.post.sensitive && !medium.row.sensitive;
    let text = markdown(&view, |id| {
        let medium = view.media.iter().find(|medium| medium.row.id == *id).filter(open)?;
        Some(at.whole(original(medium)?))
    });
    Ok(as_private_as(&view, headers::answer(StatusCode::OK, Kind::Markdown, text)))
}

/// An answer made from `view`, with the headers that say who else may have it.
pub(crate) fn as_private_as(view: &PostView, mut response: Response<Body>) -> Response<Body> {
    if view.post.seal.is_some() {
        headers::locked(response.headers_mut());
    } else if !view.post.listed {
        headers::unlisted(response.headers_mut());
    }
    if view.withheld {
        headers::varied(response.headers_mut());
    }
    response
}

async fn post_page(web: &Web, asker: &Asker, id: &str, asked: Asked) -> Result<Response<Body>, Error> {
    let id = PostId::parse(id).ok_or(Error::NotFound)?;
    let plain = web.site.lever(Lever::NoLinks).is_some();
    let mut key = PageKey { path: asker.path.clone(), revision: 0, locale: web.locale(asker), origin: asker.origin.clone(), asked, plain };
    // What is not open to all is drawn for each visitor, and never kept.
    if let Some(standing) = web.site.standing(&id).await?
        && standing.seal.is_none()
    {
        key.revision = standing.revision;
        if let Some(drawn) = web.ready().pages.get(&key) {
            web.site.was_opened(&id);
            return Ok(headers::drawn(asker, &drawn));
        }
    }
    let view = match read_post(web, asker, &id).await {
        Err(Error::Locked(lock)) => return Ok(open::locked(web, asker, &id, lock, None)),
        found => found?,
    };
    web.site.was_opened(&id);
    let page = page(web, asker, &view, &key.asked, reasons(web, &view).await?);
    let html = match page.render() {
        Ok(html) => html,
        Err(error) => return Ok(crate::undrawable(&error)),
    };
    let drawn = Arc::new(Drawn::new(html, view.post.listed && view.post.seal.is_none()));
    if view.post.seal.is_some() {
        let mut response = headers::drawn(asker, &drawn);
        headers::locked(response.headers_mut());
        refresh(web, &view, &page, &mut response);
        return Ok(response);
    }
    // While media are on their way the page changes without a new revision: how far they are is nobody's edit. And what is withheld somewhere
    // is another page for each.
    if view.state() == PostState::Live && !view.withheld {
        key.revision = view.post.revision;
        web.ready().pages.insert(key, Arc::clone(&drawn));
        return Ok(headers::drawn(asker, &drawn));
    }
    let mut response = headers::drawn(asker, &drawn);
    if view.withheld {
        headers::varied(response.headers_mut());
    }
    refresh(web, &view, &page, &mut response);
    Ok(response)
}

/// A page on which something is still on its way asks for itself again: soon at first, then less and less often. One that plays a video
/// already does not: it would start again from its beginning under the eyes of who looks at it; there is a link for them.
fn refresh(web: &Web, view: &PostView, page: &PostPage, response: &mut Response<Body>) {
    if view.state() != PostState::Processing || page.covered() || page.plays() {
        return;
    }
    let waited = web.site.clock.now().since_ms(view.post.edited.unwrap_or(view.post.created));
    headers::refresh(
        response.headers_mut(),
        if waited < MINUTE_MS {
            4
        } else if waited < 10 * MINUTE_MS {
            15
        } else {
            60
        },
    );
}

/// The post of this id, as this visitor may see it. Every route to a post comes by here.
pub(crate) async fn find(web: &Web, asker: &Asker, id: &str) -> Result<PostView, Error> {
    read_post(web, asker, &PostId::parse(id).ok_or(Error::NotFound)?).await
}

async fn read_post(web: &Web, asker: &Asker, id: &PostId) -> Result<PostView, Error> {
    match web.site.read(id, asker.pass(id), asker.from).await? {
        Found::Post(view) => Ok(*view),
        Found::Locked(lock) => Err(Error::Locked(lock)),
        Found::Removed(removal) => Err(Error::Removed(Box::new(web.statement_of(&removal, false).await?))),
        Found::Gone => Err(Error::Gone),
        Found::Nothing => Err(Error::NotFound),
    }
}

/// Where a post's files are fetched from: paths, or addresses under the media's own host where there is one; signed, for as long as the
/// visit lasts, where the post is not open to all.
pub(crate) struct Addresses<'a> {
    host: &'a str,
    origin: &'a str,
    seal: Option<(Seal, Time)>,
}

impl<'a> Addresses<'a> {
    pub(crate) fn new(web: &'a Web, asker: &'a Asker, view: &PostView) -> Self {
        let host = web.media_url.as_deref().unwrap_or_default();
        let origin = if host.is_empty() { asker.origin.as_str() } else { "" };
        Self { host, origin, seal: view.post.seal.map(|seal| (seal, view.until)) }
    }

    /// The address of a file, for the post's own pages.
    pub(crate) fn of(&self, file: &FileRow) -> String {
        let proof = self.seal.map(|(seal, until)| format!("?proof={}", seal.proof(&file.media_id, until)));
        format!("{}/m/{}/{}{}", self.host, file.media_id, file.name, proof.unwrap_or_default())
    }

    /// The same for who reads it elsewhere.
    pub(crate) fn whole(&self, file: &FileRow) -> String {
        format!("{}{}", self.origin, self.of(file))
    }
}

/// Why media of a post are gone.
pub(crate) type Reasons = HashMap<MediaId, Box<Statement>>;

/// Why what decisions took away of a post is gone, as everybody may know it: in its place stands who asked, the ground and the day.
async fn reasons(web: &Web, view: &PostView) -> Result<Reasons, Error> {
    let mut reasons = Reasons::new();
    for (id, decision) in view.media.iter().filter_map(|own| Some((&own.row.id, own.row.removed.as_ref()?))) {
        if let Some(row) = web.site.decision(decision).await? {
            reasons.insert(id.clone(), Box::new(web.statement(&row, false).await?));
        }
    }
    Ok(reasons)
}

/// The post's page, for who asked to see this much.
pub(crate) fn page(web: &Web, asker: &Asker, view: &PostView, asked: &Asked, mut reasons: Reasons) -> PostPage {
    let post = &view.post;
    let at = Addresses::new(web, asker, view);
    let mut media: Vec<_> = view.numbered().map(|(medium, number)| drawn(&at, view, medium, number, asked)).collect();
    for (own, medium) in view.numbered().map(|(own, _)| own).zip(&mut media) {
        if let MediumBody::Removed(why) = &mut medium.body {
            *why = reasons.remove(&own.row.id);
        }
    }
    let words = placed::words(&post.html, &mut media);
    let files = media.iter().filter(|medium| medium.body.is_shown()).count();
    let zip = Contents::new(view, asked);
    // What is covered is not shown to who reads the link elsewhere, whatever this reader asked for.
    let open = view.media.iter().filter(|medium| !post.sensitive && !medium.row.sensitive);
    let previews: Vec<_> = open.filter_map(|medium| preview(&at, medium)).take(4).collect();
    let video = (view.media.len() == 1 && !previews.is_empty()).then(|| view.media.first()).flatten();
    let mut page = PostPage {
        frame: web.frame(asker),
        limits: web.site.limits.clone(),
        url: format!("{}/{}", asker.origin, post.id),
        path: format!("/{}", post.id),
        title: post.title.clone(),
        words,
        excerpt: app::excerpt(&post.text, EXCERPT),
        language: post.language.clone(),
        created: post.created,
        edited: post.edited,
        expires: post.expires,
        listed: post.listed,
        sensitive: post.sensitive,
        shown: asked.anything(),
        waiting: post.held || post.waits.is_some(),
        public: post.waits.and_then(Wait::until),
        media,
        previews,
        video: video.and_then(|medium| video_preview(&at, medium)),
        zip: (files > 1).then(|| Download { url: format!("/{}.zip{}", post.id, asked.query()), size_bytes: zip.size() }),
        oembed: format!(
            "{}/oembed?url={}",
            asker.origin,
            percent_encoding::utf8_percent_encode(&format!("{}/{}", asker.origin, post.id), percent_encoding::NON_ALPHANUMERIC)
        ),
        embed_code: String::new(),
    };
    page.embed_code = embed::code(&asker.origin, view, &page.heading(), embed::SIZE);
    page
}

/// Letters of a post's words where there is room for no more.
pub(crate) const EXCERPT: usize = 200;

pub(crate) fn pixels(value: Option<i64>) -> u32 {
    value.and_then(|value| u32::try_from(value).ok()).unwrap_or(1)
}

fn srcset(at: &Addresses<'_>, files: &[&FileRow]) -> String {
    files.iter().map(|file| format!("{} {}w", at.of(file), pixels(file.width))).collect::<Vec<_>>().join(", ")
}

fn drawn(at: &Addresses<'_>, view: &PostView, medium: &MediaView, number: usize, asked: &Asked) -> Medium {
    let row = &medium.row;
    if asked.covers(view, medium, number) && row.state == MediaState::Ready {
        let body = MediumBody::Covered(asked.query_with(number));
        return Medium { id: row.id.to_string(), number, body, caption: None, alt: None, placed: false };
    }
    let body = match (row.state, row.kind, original(medium)) {
        (MediaState::Ready, Some(kind), Some(file)) => shown(at, medium, kind, file),
        (MediaState::Ready, ..) => MediumBody::Refused(Problem::Failed),
        (MediaState::Refused, ..) => MediumBody::Refused(row.problem.unwrap_or(Problem::Failed)),
        (MediaState::Waiting, ..) => MediumBody::Waiting,
        (MediaState::Removed, ..) => MediumBody::Removed(None),
        // Rounding down: 100 is said when it is true.
        _ => MediumBody::Processing((row.progress > 0.0).then(|| (row.progress.clamp(0.0, 0.99) * 100.0) as u8)),
    };
    Medium { id: row.id.to_string(), number, body, caption: row.caption.clone(), alt: row.alt.clone(), placed: false }
}

/// What "download" gives.
pub(crate) fn original(medium: &MediaView) -> Option<&FileRow> {
    medium.files.iter().find(|file| file.role == FileRole::Original)
}

/// Variants (or stills) of one content type, smallest first.
pub(crate) fn renderings<'a>(medium: &'a MediaView, role: FileRole, content_type: &str) -> Vec<&'a FileRow> {
    let mut files: Vec<_> = medium.files.iter().filter(|file| file.role == role && file.content_type == content_type).collect();
    files.sort_by_key(|file| file.width);
    files
}

fn shown(at: &Addresses<'_>, medium: &MediaView, kind: MediaKind, file: &FileRow) -> MediumBody {
    let row = &medium.row;
    let (width, height) = (pixels(row.width), pixels(row.height));
    let download = Download { url: at.of(file), size_bytes: u64::try_from(file.size_bytes).unwrap_or_default() };
    let placeholder = row.thumbhash.as_deref().and_then(crate::placeholder::data_url);
    match kind {
        MediaKind::Photo => {
            let webp = renderings(medium, FileRole::Variant, "image/webp");
            let mut plain = renderings(medium, FileRole::Variant, "image/jpeg");
            plain.extend(renderings(medium, FileRole::Variant, "image/png"));
            let src = plain.last().or(webp.last()).map_or_else(|| at.of(file), |file| at.of(file));
            MediumBody::Photo(Picture {
                src,
                width,
                height,
                webp_srcset: srcset(at, &webp),
                srcset: srcset(at, &plain),
                placeholder,
                download,
            })
        }
        MediaKind::Animation => MediumBody::Animation(Picture {
            src: at.of(file),
            width,
            height,
            webp_srcset: String::new(),
            srcset: String::new(),
            placeholder,
            download,
        }),
        MediaKind::Video => MediumBody::Video(Video {
            src: at.of(file),
            content_type: file.content_type.clone(),
            poster: poster(medium).map(|file| at.of(file)),
            width,
            height,
            duration_ms: row.duration_ms,
            download,
        }),
    }
}

/// Whose pictures stand for a medium that does not move, and which: a video's still, as soon as it is ready, if no bank has covered it.
fn stands_for(medium: &MediaView) -> Option<(&MediaView, FileRole)> {
    let role = |medium: &MediaView| Some(if medium.row.kind? == MediaKind::Photo { FileRole::Variant } else { FileRole::Poster });
    let still = medium
        .still
        .as_deref()
        .filter(|still| still.row.state == MediaState::Ready && !still.row.sensitive && medium.row.kind == Some(MediaKind::Video));
    let medium = still.unwrap_or(medium);
    Some((medium, role(medium)?))
}

/// What stands in a video's or an animation's place before it plays: its largest rendering that every player reads.
pub(crate) fn poster(medium: &MediaView) -> Option<&FileRow> {
    still(medium, |_| true).filter(|_| medium.row.kind != Some(MediaKind::Photo))
}

/// The smallest picture of a medium.
pub(crate) fn small(medium: &MediaView) -> Option<&FileRow> {
    let (medium, role) = stands_for(medium)?;
    let smallest = |fits: &dyn Fn(&&FileRow) -> bool| medium.files.iter().filter(fits).min_by_key(|file| file.width);
    smallest(&|file| file.role == role && file.content_type != "image/webp")
        .or_else(|| smallest(&|file| file.content_type.starts_with("image/")))
}

/// The largest picture of a medium that satisfies `fits`, for who reads it elsewhere.
pub(crate) fn still(medium: &MediaView, fits: impl Fn((u32, u32)) -> bool) -> Option<&FileRow> {
    let (medium, role) = stands_for(medium)?;
    let of = |content_type| {
        renderings(medium, role, content_type).into_iter().rev().find(|file| fits((pixels(file.width), pixels(file.height))))
    };
    of("image/jpeg").or_else(|| of("image/png")).or_else(|| of("image/webp"))
}

fn preview(at: &Addresses<'_>, medium: &MediaView) -> Option<Preview> {
    let image = still(medium, |_| true)?;
    Some(Preview { image_url: at.whole(image), width: pixels(image.width), height: pixels(image.height), alt: medium.row.alt.clone() })
}

fn video_preview(at: &Addresses<'_>, medium: &MediaView) -> Option<VideoPreview> {
    let file = original(medium).filter(|_| medium.row.kind == Some(MediaKind::Video))?;
    let (width, height) = (pixels(medium.row.width), pixels(medium.row.height));
    Some(VideoPreview { url: at.whole(file), content_type: file.content_type.clone(), width, height })
}

/// RFC 3339, UTC, to the second.
pub(crate) fn instant(time: Time) -> String {
    jiff::Timestamp::from_second(time.0.div_euclid(1_000)).map(|at| at.to_string()).unwrap_or_default()
}
