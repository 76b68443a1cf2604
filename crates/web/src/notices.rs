//! How anybody says that something should not stand, and reads what became of it: the form on every post, the API, and the receipt's page.

use app::{About, FilingView, Outcome};
use axum::body::Body;
use axum::extract::State;
use axum::http::header::HeaderMap;
use axum::http::{Response, StatusCode, Uri};
use domain::{Action, Budget, MediaId, MediaState, NoticeError, PostId, RawNotice, Receipt};
use serde::Serialize;
use store::Subject;
use utoipa::ToSchema;

use crate::api::notices::{receipt_answer, taken};
use crate::api::posts::answer;
use crate::asker::Named;
use crate::error::Error;
use crate::form::{pairs, query};
use crate::headers;
use crate::pages::reply::{ReplyPage, Window};
use crate::pages::{AboutChoice, Became, NoticeValues, ReceiptPage, ReportPage};
use crate::reply::{self, Addressee, Asked, FilingAnswer};
use crate::{Asker, Form, Web, composed, draw};

/// The longest form: words that are far too long are given back, too.
const FORM_BYTES: usize = 1 << 20;

/// `GET /{id}/report`.
pub(crate) async fn form(State(web): State<Web>, Named(id): Named<String>, uri: Uri, asker: Asker) -> Response<Body> {
    let wanted = query(&uri, "media");
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
    error: Option<&Error>,
) -> Result<ReportPage, Error> {
    let id = PostId::parse(id).ok_or(Error::NotFound)?;
    stands(web, web.site.about(&id, None).await?).await?;
    // Of a locked post nothing is told, also not how many media it has.
    let view = crate::posts::find(web, asker, id.as_str()).await.ok();
    let mut choices = vec![AboutChoice { value: String::new(), number: None, alt: None, chosen: true }];
    for (own, number) in view.iter().flat_map(|view| view.numbered()) {
        if own.row.state == MediaState::Ready {
            let chosen = medium.is_some_and(|medium| medium == own.row.id.as_str() || medium == number.to_string());
            choices.push(AboutChoice { value: own.row.id.to_string(), number: Some(number), alt: own.row.alt.clone(), chosen });
        }
    }
    let named = choices.iter().skip(1).any(|choice| choice.chosen);
    if let Some(whole) = choices.first_mut() {
        whole.chosen = !named;
    }
    let frame = crate::pages::Frame { back: format!("/{id}/report"), ..web.frame(asker) };
    let mail = web.site.sends_mail();
    Ok(ReportPage {
        frame,
        url: format!("{}/{id}", asker.origin),
        action: format!("/{id}/report"),
        choices,
        values,
        told: error.map(|error| error.told(web.locale(asker))),
        error: error.and_then(Error::notice),
        mail,
    })
}

/// What a notice is about, if it stands.
async fn stands(web: &Web, about: About) -> Result<Subject, Error> {
    match about {
        About::Subject(subject) => Ok(subject),
        About::Dark(decision) => match web.site.decision(&decision).await? {
            Some(row) if !row.is_silent(web.site.clock.now()) => Err(Error::Removed(Box::new(web.statement(&row, false).await?))),
            _ => Err(Error::Gone),
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
        let notice = if too_long { Err(NoticeError::TooLong) } else { raw.check() };
        let notice = match notice {
            Ok(notice) => notice,
            Err(error) => return Err(Error::Notice(error)),
        };
        // Before anything is looked up: a storm of reports about nothing is one all the same.
        let toll = web.site.pay(&asker.who, Budget::Notice, asker.offer()).await?;
        let subject = stands(&web, web.site.about(&id, medium.as_ref()).await?).await?;
        let receipt = web.site.give_notice_paid(&[subject], &notice, Some(web.locale(&asker).tag()), toll).await?.ok_or(Error::Gone)?;
        Ok((receipt, toll))
    };
    match filed.await {
        Ok((receipt, toll)) => {
            let path = format!("/notices/{}", receipt.expose());
            match asker.form {
                Form::Html => private(headers::see(&format!("{path}?filed=1"))),
                Form::Json => private(receipt_answer(&asker, &receipt, Vec::new(), toll)),
                Form::Text => private(headers::answer(taken(toll), headers::Kind::Text, format!("{}{path}\n", asker.origin))),
            }
        }
        Err(error @ (Error::Notice(_) | Error::OverBudget(_) | Error::Prove(..))) if asker.form == Form::Html => {
            match page(&web, &asker, &id, medium.as_deref(), typed, Some(&error)).await {
                Ok(page) => private(error.draw(&web, &page)),
                Err(other) => other.answer(&web, &asker),
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
/// A page for a browser, JSON for who asks for that. What a registered party filed is answered with more (`FilingAnswer`), and as plain text too, for
/// who accepts that alone or asks for `?form=text`.
#[utoipa::path(
    get,
    path = "/notices/{receipt}",
    tag = "notices",
    params(("receipt" = String, Path, pattern = "^[a-hjkmnp-z2-9]{26}$", description = "What giving notice was answered with.")),
    responses((status = 200, description = "How it stands.", content((ReceiptAnswer = "application/json"), (String = "text/plain"))), crate::api::answers::Elsewhere),
)]
pub(crate) async fn became(
    State(web): State<Web>,
    Named(receipt): Named<String>,
    uri: Uri,
    asker: Asker,
    head: HeaderMap,
) -> Response<Body> {
    let told = async {
        let receipt = Receipt::parse(&receipt).ok_or(Error::NotFound)?;
        let guess = web.site.guess_manage(&asker.who)?;
        let filing = web.site.filing_of(&receipt).await?;
        let told = match filing {
            Some(_) => None,
            None => web.site.what_became(&receipt).await?,
        };
        if filing.is_some() || told.is_some() {
            web.site.was_right(guess);
        }
        match (filing, told) {
            (Some(filing), _) => Ok((Told::Filing(Box::new(filing)), receipt)),
            (None, Some(told)) => Ok((Told::Notice(told), receipt)),
            (None, None) => Err(Error::NotFound),
        }
    };
    // The path holds a secret, so an error page here must not offer it to the language switch.
    let hidden = Asker { path: "/".to_owned(), ..asker.clone() };
    private(match told.await {
        Ok((Told::Filing(filing), receipt)) => match replied(&web, &asker, &receipt, &filing, (&uri, &head)).await {
            Ok(response) => response,
            Err(error) => error.answer(&web, &hidden),
        },
        Ok((Told::Notice(told), receipt)) if asker.form == Form::Html => {
            let said = |what: &str| uri.query().is_some_and(|query| query.contains(what));
            match receipt_page(&web, &asker, &receipt, told, (said("filed=1"), said("stopped=1"))).await {
                Ok(page) => draw(StatusCode::OK, &page),
                Err(error) => error.answer(&web, &hidden),
            }
        }
        Ok((Told::Notice(told), _)) => answer(StatusCode::OK, &ReceiptAnswer::Notice(NoticeState::of(&asker, &told))),
        Err(error) => Error::answer(&error, &web, &hidden),
    })
}

/// What a registered party is answered, in the form that is asked for.
async fn replied(
    web: &Web,
    asker: &Asker,
    receipt: &Receipt,
    filing: &FilingView,
    (uri, head): (&Uri, &HeaderMap),
) -> Result<Response<Body>, Error> {
    let (site, locale) = (Addressee::of(web, asker), web.locale(asker));
    let path = format!("/notices/{}", receipt.expose());
    Ok(match Asked::of(asker, uri, head) {
        Asked::Json => answer(StatusCode::OK, &ReceiptAnswer::Filing(Box::new(FilingAnswer::of(&site, filing)))),
        Asked::Text => reply::as_text(locale, &filing.row.id, &reply::document(&web.site, locale, &site, filing).await?),
        Asked::Page => {
            let window = Window::of(uri, &path, filing.links.len());
            let page = ReplyPage {
                frame: crate::pages::Frame { back: path.clone(), ..web.frame(asker) },
                filed: uri.query().is_some_and(|query| query.contains("filed=1")),
                url: format!("{}{path}", asker.origin),
                text: format!("{path}?form=text"),
                document: reply::document(&web.site, locale, &site, filing).await?.within(&window),
                window,
            };
            draw(StatusCode::OK, &page)
        }
    })
}

/// What a receipt was given for.
enum Told {
    /// Anybody's notice.
    Notice(app::Told),
    /// What a registered party filed.
    Filing(Box<FilingView>),
}

/// `POST /notices/{receipt}/no-mail`: whoever has the receipt wants no mail. Their address is forgotten.
pub(crate) async fn no_mail(State(web): State<Web>, Named(receipt): Named<String>, asker: Asker) -> Response<Body> {
    let stopped = async {
        let receipt = Receipt::parse(&receipt).ok_or(Error::NotFound)?;
        let guess = web.site.guess_manage(&asker.who)?;
        let told = web.site.what_became(&receipt).await;
        if !matches!(told, Ok(None)) {
            web.site.was_right(guess);
        }
        told?.ok_or(Error::NotFound)?;
        // Pressed twice, it is so.
        web.site.stop_mail(&receipt).await?;
        Ok::<_, Error>(headers::see(&format!("/notices/{}?stopped=1", receipt.expose())))
    };
    let hidden = Asker { path: "/".to_owned(), ..asker.clone() };
    private(stopped.await.unwrap_or_else(|error| error.answer(&web, &hidden)))
}

async fn receipt_page(
    web: &Web,
    asker: &Asker,
    receipt: &Receipt,
    told: app::Told,
    (filed, stopped): (bool, bool),
) -> Result<ReceiptPage, Error> {
    let path = format!("/notices/{}", receipt.expose());
    let mut subjects = Vec::new();
    for (subject, outcome) in told.subjects {
        let became = match outcome {
            Outcome::Open => Became::Open,
            Outcome::Gone => Became::Gone,
            Outcome::Restored(_) => Became::Restored,
            Outcome::Decided(row) => match row.decision.action {
                // Nobody is told.
                Action::Preserve => Became::Gone,
                Action::NoAction => Became::Left(Some(composed::facts(web.locale(asker), &row.decision)).filter(|words| !words.is_empty())),
                Action::Cover | Action::Withhold => Became::Covered(Box::new(web.statement(&row, false).await?)),
                Action::Remove => Became::Removed(Box::new(web.statement(&row, false).await?)),
            },
        };
        subjects.push((link(asker, &subject), became));
    }
    Ok(ReceiptPage {
        frame: crate::pages::Frame { back: path.clone(), ..web.frame(asker) },
        url: format!("{}{path}", asker.origin),
        // Its address may be kept as it was when it was filed.
        filed: filed && subjects.iter().all(|(_, became)| matches!(became, Became::Open)),
        mailed: told.address && web.site.sends_mail(),
        stopped,
        created: told.created,
        category: told.category,
        subjects,
        questions: web.site.questions(receipt).await?.into_iter().map(|row| (row.notice_id.to_string(), row.words, row.answer)).collect(),
        typed: None,
    })
}

/// `POST /notices/{receipt}/answer`: whoever has the receipt answers what whoever decides wants to know.
pub(crate) async fn answer_back(State(web): State<Web>, Named(receipt): Named<String>, asker: Asker, body: Body) -> Response<Body> {
    /// As many letters as the field takes, of four bytes each, of which every one is percent-encoded, and the notice.
    const FORM_BYTES: usize = 12 * app::NOTE_LETTERS + (1 << 10);
    let answered = async {
        let receipt = Receipt::parse(&receipt).ok_or(Error::NotFound)?;
        let guess = web.site.guess_manage(&asker.who)?;
        let told = web.site.what_became(&receipt).await;
        if !matches!(told, Ok(None)) {
            web.site.was_right(guess);
        }
        let told = told?.ok_or(Error::NotFound)?;
        let sent = pairs(&axum::body::to_bytes(body, FORM_BYTES).await.unwrap_or_default(), 4);
        let field = |name: &str| sent.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
        let notice = domain::NoticeId::parse(field("notice")).ok_or(Error::NotFound)?;
        // What was answered before stays so; the page shows how it stands.
        if web.site.answer_back(&receipt, &notice, field("words")).await? == app::Noted::Words {
            let mut page = receipt_page(&web, &asker, &receipt, told, (false, false)).await?;
            page.typed = Some((notice.to_string(), field("words").to_owned()));
            return Ok(draw(StatusCode::BAD_REQUEST, &page));
        }
        Ok::<_, Error>(headers::see(&format!("/notices/{}", receipt.expose())))
    };
    let hidden = Asker { path: "/".to_owned(), ..asker.clone() };
    private(answered.await.unwrap_or_else(|error| error.answer(&web, &hidden)))
}

/// The link of a subject.
pub(crate) fn link(asker: &Asker, subject: &Subject) -> String {
    format!("{}{}", asker.origin, path(subject))
}

/// The path of a subject: a medium is named by its id, which the post's page has an anchor for only while it stands.
#[must_use]
pub fn path(subject: &Subject) -> String {
    match &subject.media_id {
        Some(medium) => format!("/{}?media={medium}", subject.post_id),
        None => format!("/{}", subject.post_id),
    }
}

/// What a receipt is answered with: of anybody's notice, or of what a registered party filed.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum ReceiptAnswer {
    /// Anybody's notice.
    Notice(NoticeState),
    /// What a registered party filed.
    Filing(Box<FilingAnswer>),
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
    /// `open`, `gone`, `no_action`, `cover`, `withhold` or `remove`; `restored`: it was decided, and undone after its poster had complained.
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
    fn of(asker: &Asker, told: &app::Told) -> Self {
        let subject = |(subject, outcome): &(Subject, Outcome)| {
            let url = link(asker, subject);
            match outcome {
                Outcome::Open => SubjectState { url, state: "open", ground: None, decided: None },
                Outcome::Gone => SubjectState { url, state: "gone", ground: None, decided: None },
                Outcome::Restored(when) => {
                    SubjectState { url, state: "restored", ground: None, decided: Some(crate::posts::instant(*when)) }
                }
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
