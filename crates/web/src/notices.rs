//! How anybody says that something should not stand, and reads what became of it: the form on every post, the API, and the receipt's page.

use app::{About, Outcome, Told};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderValue};
use axum::http::{Response, StatusCode, Uri};
use domain::{Action, Budget, MediaId, MediaState, NoticeError, PostId, RawNotice, Receipt};
use serde::{Deserialize, Serialize};
use store::Subject;
use utoipa::ToSchema;

use crate::api::answers::{Noticing, Problem as ProblemDetails};
use crate::api::body;
use crate::api::posts::answer;
use crate::asker::Named;
use crate::error::Error;
use crate::form::pairs;
use crate::headers;
use crate::pages::{AboutChoice, Became, NoticeValues, ReceiptPage, ReportPage, Statement};
use crate::{Asker, Form, Web, draw};

/// The longest form: an explanation of which every byte is percent-encoded, and the rest.
const FORM_BYTES: usize = 3 * domain::notice::EXPLANATION_BYTES + (8 << 10);

/// `GET /{id}/report`.
pub(crate) async fn form(State(web): State<Web>, Named(id): Named<String>, uri: Uri, asker: Asker) -> Response<Body> {
    let wanted = pairs(uri.query().unwrap_or_default().as_bytes(), 8).into_iter().find(|(key, _)| key == "media").map(|(_, value)| value);
    match page(&web, &asker, &id, wanted.as_deref(), NoticeValues::default(), None).await {
        Ok(page) => private(draw(StatusCode::OK, &page)),
        Err(error) => error.answer(&web, &asker),
    }
}

async fn page(
    web: &Web,
    asker: &Asker,
    id: &str,
    medium: Option<&str>,
    values: NoticeValues,
    error: Option<NoticeError>,
) -> Result<ReportPage, Error> {
    let id = PostId::parse(id).ok_or(Error::NotFound)?;
    stands(web, web.site.about(&id, None).await?).await?;
    // Of a locked post nothing is told, also not how many media it has.
    let view = crate::posts::find(web, asker, id.as_str()).await.ok();
    let mut choices = vec![AboutChoice { value: String::new(), number: None, alt: None, chosen: true }];
    for (own, number) in view.iter().flat_map(|view| view.numbered()) {
        if own.row.state == MediaState::Ready {
            let chosen = medium == Some(own.row.id.as_str());
            choices.push(AboutChoice { value: own.row.id.to_string(), number: Some(number), alt: own.row.alt.clone(), chosen });
        }
    }
    let named = choices.iter().skip(1).any(|choice| choice.chosen);
    if let Some(whole) = choices.first_mut() {
        whole.chosen = !named;
    }
    let frame = crate::pages::Frame { back: format!("/{id}/report"), ..web.frame(asker) };
    Ok(ReportPage { frame, url: format!("{}/{id}", asker.origin), action: format!("/{id}/report"), choices, values, error })
}

/// What a notice is about, if it stands.
async fn stands(web: &Web, about: About) -> Result<Subject, Error> {
    match about {
        About::Subject(subject) => Ok(subject),
        About::Dark(decision) => match web.site.decision(&decision).await? {
            Some(row) => Err(Error::Removed(Box::new(Statement::of(&row, false)))),
            None => Err(Error::Gone),
        },
        About::Gone => Err(Error::Gone),
        About::Nothing => Err(Error::NotFound),
    }
}

/// `POST /{id}/report`.
pub(crate) async fn file(State(web): State<Web>, Named(id): Named<String>, asker: Asker, body: Body) -> Response<Body> {
    // One that is longer is one whose explanation is too long.
    let bytes = axum::body::to_bytes(body, FORM_BYTES).await;
    let too_long = bytes.is_err();
    let (mut raw, mut medium) = (RawNotice::default(), None);
    for (key, value) in pairs(&bytes.unwrap_or_default(), 16) {
        match key.as_str() {
            "media" => medium = Some(value).filter(|value| !value.is_empty()),
            "category" => raw.category = Some(value),
            "explanation" => raw.explanation = Some(value),
            "name" => raw.name = Some(value),
            "email" => raw.email = Some(value),
            "good_faith" => raw.good_faith = Some(value),
            _ => {}
        }
    }
    let typed = NoticeValues {
        category: raw.category.clone().unwrap_or_default(),
        explanation: raw.explanation.clone().unwrap_or_default(),
        name: raw.name.clone().unwrap_or_default(),
        email: raw.email.clone().unwrap_or_default(),
        good_faith: raw.good_faith.is_some(),
    };
    let filed = async {
        let id = PostId::parse(&id).ok_or(Error::NotFound)?;
        let medium = medium.as_deref().map(|medium| MediaId::parse(medium).ok_or(Error::NotFound)).transpose()?;
        let subject = stands(&web, web.site.about(&id, medium.as_ref()).await?).await?;
        let notice = if too_long { Err(NoticeError::TooLong) } else { raw.check() };
        let notice = match notice {
            Ok(notice) => notice,
            Err(error) => return Err(Error::Notice(error)),
        };
        web.site.spend(&asker.who, Budget::Notice, 1)?;
        web.site.give_notice(&[subject], &notice, Some(web.locale(&asker).tag())).await?.ok_or(Error::Gone)
    };
    match filed.await {
        Ok(receipt) => {
            let path = format!("/notices/{}", receipt.expose());
            match asker.form {
                Form::Html => private(headers::see(&format!("{path}?filed=1"))),
                Form::Json => private(receipt_answer(&asker, &receipt, Vec::new())),
                Form::Text => private(headers::answer(StatusCode::CREATED, headers::Kind::Text, format!("{}{path}\n", asker.origin))),
            }
        }
        Err(Error::Notice(error)) if asker.form == Form::Html => {
            match page(&web, &asker, &id, medium.as_deref(), typed, Some(error)).await {
                Ok(page) => private(draw(StatusCode::BAD_REQUEST, &page)),
                Err(error) => error.answer(&web, &asker),
            }
        }
        Err(error) => error.answer(&web, &asker),
    }
}

/// The page is its giver's own.
fn private(mut response: Response<Body>) -> Response<Body> {
    headers::secret(response.headers_mut());
    response
}

/// What became of a notice.
///
/// A page for a browser, JSON for who asks for that.
#[utoipa::path(
    get,
    path = "/notices/{receipt}",
    tag = "notices",
    params(("receipt" = String, Path, pattern = "^[a-hjkmnp-z2-9]{26}$", description = "What giving notice was answered with.")),
    responses((status = 200, description = "How it stands.", body = NoticeState), crate::api::answers::Elsewhere),
)]
pub(crate) async fn became(State(web): State<Web>, Named(receipt): Named<String>, uri: Uri, asker: Asker) -> Response<Body> {
    let told = async {
        let receipt = Receipt::parse(&receipt).ok_or(Error::NotFound)?;
        let guess = web.site.guess_manage(&asker.who)?;
        let told = web.site.what_became(&receipt).await;
        if !matches!(told, Ok(None)) {
            web.site.was_right(guess);
        }
        Ok((told?.ok_or(Error::NotFound)?, receipt))
    };
    // The path holds a secret, so an error page here must not offer it to the language switch.
    let hidden = Asker { path: "/".to_owned(), ..asker.clone() };
    private(match told.await {
        Ok((told, receipt)) if asker.form == Form::Html => {
            let filed = uri.query().is_some_and(|query| query.contains("filed=1"));
            draw(StatusCode::OK, &receipt_page(&web, &asker, &receipt, told, filed))
        }
        Ok((told, _)) => answer(StatusCode::OK, &NoticeState::of(&asker, &told)),
        Err(error) => Error::answer(&error, &web, &hidden),
    })
}

fn receipt_page(web: &Web, asker: &Asker, receipt: &Receipt, told: Told, filed: bool) -> ReceiptPage {
    let path = format!("/notices/{}", receipt.expose());
    let became = |outcome| match outcome {
        Outcome::Open => Became::Open,
        Outcome::Gone => Became::Gone,
        Outcome::Decided(row) => match row.decision.action {
            Action::NoAction => Became::Left(Some(row.decision.facts.clone()).filter(|words| !words.is_empty())),
            Action::Cover => Became::Covered(Box::new(Statement::of(&row, false))),
            Action::Remove => Became::Removed(Box::new(Statement::of(&row, false))),
        },
    };
    ReceiptPage {
        frame: crate::pages::Frame { back: path.clone(), ..web.frame(asker) },
        url: format!("{}{path}", asker.origin),
        filed,
        created: told.created,
        category: told.category,
        subjects: told.subjects.into_iter().map(|(subject, outcome)| (link(asker, &subject), became(outcome))).collect(),
    }
}

/// The link of a subject: a medium is named by its id, which the post's page has an anchor for only while it stands.
pub(crate) fn link(asker: &Asker, subject: &Subject) -> String {
    match &subject.media_id {
        Some(medium) => format!("{}/{}?media={medium}", asker.origin, subject.post_id),
        None => format!("{}/{}", asker.origin, subject.post_id),
    }
}

/// A notice by program.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewNotice {
    /// `notice`; the other types are for parties that the operator has registered, which sign their requests.
    #[schema(example = "notice")]
    #[serde(rename = "type")]
    kind: Option<String>,
    /// Links of posts, or of media of posts, of this site: at most 100.
    #[schema(example = json!(["https://kites.example/k3m9xq7ph2vde"]))]
    subjects: Vec<String>,
    /// What is wrong.
    #[schema(schema_with = crate::api::answers::categories)]
    category: Option<String>,
    /// Why, in your own words; at most 10,000 bytes.
    explanation: Option<String>,
    /// Who says so; may be left out.
    name: Option<String>,
    /// Where to write to; may be left out.
    email: Option<String>,
    /// That all of this is true as far as you know.
    good_faith: Option<bool>,
}

/// That a notice was taken.
#[derive(Serialize, ToSchema)]
pub(crate) struct NoticeTaken {
    /// A secret by which its giver reads what became of it.
    receipt: String,
    /// Where.
    status_url: String,
    /// Of each link that was named, in order: whether the notice is about it.
    subjects: Vec<SubjectTaken>,
}

/// What is said of one link.
#[derive(Serialize, ToSchema)]
pub(crate) struct SubjectTaken {
    /// As it was sent.
    url: String,
    /// `taken`; `dark`: it was removed before; `gone`: it is not there any more; `nothing`: nothing of this site ever stood there.
    #[schema(schema_with = crate::api::answers::subject_states)]
    state: &'static str,
}

/// How a notice stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct NoticeState {
    /// When it came (RFC 3339, UTC).
    #[schema(format = DateTime)]
    created: String,
    /// What it said that is wrong.
    #[schema(schema_with = crate::api::answers::categories)]
    category: &'static str,
    /// Each subject, and what was decided on it.
    subjects: Vec<SubjectState>,
}

/// How one subject of a notice stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct SubjectState {
    /// Its link.
    url: String,
    /// `open`, `gone`, `no_action`, `cover` or `remove`.
    #[schema(schema_with = crate::api::answers::outcomes)]
    state: &'static str,
    /// Which law, or which clause of the policy; where something was done.
    #[schema(required)]
    ground: Option<String>,
    /// When it was decided (RFC 3339, UTC).
    #[schema(required, format = DateTime)]
    decided: Option<String>,
}

impl NoticeState {
    fn of(asker: &Asker, told: &Told) -> Self {
        let subject = |(subject, outcome): &(Subject, Outcome)| {
            let url = link(asker, subject);
            match outcome {
                Outcome::Open => SubjectState { url, state: "open", ground: None, decided: None },
                Outcome::Gone => SubjectState { url, state: "gone", ground: None, decided: None },
                Outcome::Decided(row) => SubjectState {
                    url,
                    state: row.decision.action.as_str(),
                    ground: Some(row.decision.reference.clone()).filter(|ground| !ground.is_empty()),
                    decided: Some(crate::posts::instant(row.created)),
                },
            }
        };
        Self {
            created: crate::posts::instant(told.created),
            category: told.category.as_str(),
            subjects: told.subjects.iter().map(subject).collect(),
        }
    }
}

/// Gives notice.
///
/// That posts or media should not stand. Anybody may, without saying who they are. Each subject opens a case of its own, or joins the
/// open one; the answer is a receipt by which its giver reads what was decided.
#[utoipa::path(
    post,
    path = "/api/v1/notices",
    tag = "notices",
    request_body(content = NewNotice, content_type = "application/json"),
    responses((status = 201, description = "It was taken.", body = NoticeTaken, headers(("Location" = String, description = "Where to read what became of it."))), Noticing),
)]
pub(crate) async fn create(State(web): State<Web>, asker: Asker, request: Request) -> Response<Body> {
    private(created(&web, &asker, request).await.unwrap_or_else(|error| error.answer(&web, &asker)))
}

async fn created(web: &Web, asker: &Asker, request: Request) -> Result<Response<Body>, Error> {
    let wish: NewNotice = body::json(web, asker, request).await?;
    if wish.subjects.len() > app::SUBJECTS {
        return Err(Error::TooManyParts);
    }
    let raw = RawNotice {
        kind: wish.kind,
        category: wish.category,
        explanation: wish.explanation,
        name: wish.name,
        email: wish.email,
        good_faith: wish.good_faith.map(|said| said.to_string()),
    };
    let notice = raw.check().map_err(Error::Notice)?;
    web.site.spend(&asker.who, Budget::Notice, 1)?;
    let (mut taken, mut subjects) = (Vec::new(), Vec::new());
    for url in wish.subjects {
        let about = match named(web, asker, &url).await? {
            Some((post, medium)) => web.site.about(&post, medium.as_ref()).await?,
            None => About::Nothing,
        };
        let state = match about {
            About::Subject(subject) => {
                if !subjects.contains(&subject) {
                    subjects.push(subject);
                }
                "taken"
            }
            About::Dark(_) => "dark",
            About::Gone => "gone",
            About::Nothing => "nothing",
        };
        taken.push(SubjectTaken { url, state });
    }
    if subjects.is_empty() {
        let locale = web.locale(asker);
        let all: Vec<String> = taken.iter().map(|one| format!("{}: {}", one.url, one.state)).collect();
        let problem =
            ProblemDetails::new("nothing-to-report", locale.text("notice-nothing").into_owned(), StatusCode::UNPROCESSABLE_ENTITY);
        return Ok(headers::problem(&ProblemDetails { detail: Some(all.join("\n")), field: Some("subjects"), ..problem }));
    }
    let receipt = web.site.give_notice(&subjects, &notice, Some(web.locale(asker).tag())).await?.ok_or(Error::Gone)?;
    Ok(receipt_answer(asker, &receipt, taken))
}

fn receipt_answer(asker: &Asker, receipt: &Receipt, subjects: Vec<SubjectTaken>) -> Response<Body> {
    let status_url = format!("{}/notices/{}", asker.origin, receipt.expose());
    let place = HeaderValue::from_str(&status_url);
    let mut response = answer(StatusCode::CREATED, &NoticeTaken { receipt: receipt.expose().to_owned(), status_url, subjects });
    if let Ok(place) = place {
        response.headers_mut().insert(header::LOCATION, place);
    }
    response
}

/// The post, and the medium of it, that a link of this site names: a post's page, its words or facts, or a file of one of its media.
async fn named(web: &Web, asker: &Asker, url: &str) -> Result<Option<(PostId, Option<MediaId>)>, Error> {
    let Some((scheme, rest)) = url.trim().split_once("://") else { return Ok(None) };
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return Ok(None);
    }
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let own = [Some(asker.origin.as_str()), web.media_url.as_deref()];
    if !own.into_iter().flatten().filter_map(|own| own.split_once("://")).any(|(_, own)| own.eq_ignore_ascii_case(host)) {
        return Ok(None);
    }
    let (path, query) =
        path.split(['#']).next().unwrap_or_default().split_once('?').unwrap_or((path.split('#').next().unwrap_or_default(), ""));
    let mut parts = path.split('/');
    match (parts.next(), parts.next()) {
        (Some("m"), Some(medium)) => {
            let Some(medium) = MediaId::parse(medium) else { return Ok(None) };
            Ok(web.site.post_of(&medium).await?.map(|post| (post, Some(medium))))
        }
        (Some(name), _) => {
            let Some(post) = PostId::parse(name.split('.').next().unwrap_or_default()) else { return Ok(None) };
            let medium =
                pairs(query.as_bytes(), 8).into_iter().find(|(key, _)| key == "media").and_then(|(_, value)| MediaId::parse(&value));
            Ok(Some((post, medium)))
        }
        _ => Ok(None),
    }
}
