//! Notices by program: anybody's, unsigned, and what registered parties file, signed (`crate::signed`). One by one here, as lists in `bulk`.

use app::{About, Filed, Filer, Named as NamedLink, Toll};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderValue};
use axum::http::{Response, StatusCode};
use domain::{Budget, MediaId, NoticeError, PostId, RawFiling, RawNotice, Receipt, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::answers::{Noticing, Problem as ProblemDetails};
use crate::api::body;
use crate::api::posts::answer;
use crate::error::Error;
use crate::form::pairs;
use crate::headers;
use crate::posts::instant;
use crate::signed::{self, Sender};
use crate::{Asker, Web};

/// The longest request: links, words and fields, of which JSON may write every byte as six.
const REQUEST_BYTES: usize = 2 << 20;

/// A notice by program.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct NewNotice {
    /// `notice`; the other types are for parties that the operator has registered, which sign their requests.
    #[schema(schema_with = crate::api::answers::notice_kinds)]
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    /// Links of posts, or of media of posts, of this site: at most 100; of a registered party at most 10,000.
    #[schema(example = json!(["https://kites.example/k3m9xq7ph2vde"]))]
    pub(super) subjects: Vec<String>,
    /// What is wrong. An order need not say it.
    #[schema(schema_with = crate::api::answers::categories)]
    pub(super) category: Option<String>,
    /// Why, in your own words; at most 10,000 bytes.
    pub(super) explanation: Option<String>,
    /// Who says so; may be left out.
    pub(super) name: Option<String>,
    /// Where to write to; may be left out.
    pub(super) email: Option<String>,
    /// That all of this is true as far as you know. An order need not say it.
    pub(super) good_faith: Option<bool>,
    /// Of a registered party: your own reference. An order needs one.
    pub(super) reference: Option<String>,
    /// Of an order: the law that it is based on.
    pub(super) legal_basis: Option<String>,
    /// Of an order: when it was issued (RFC 3339, or a day).
    pub(super) issued: Option<String>,
    /// Of a TCO removal order: why; the letters `a` to `e` of Annex I, Section B, or their names.
    pub(super) reasons: Vec<String>,
    /// Of an order: by when it has to be done (RFC 3339, or a day), where that is not its type's own.
    pub(super) due: Option<String>,
    /// Of an order: the poster must not be told.
    pub(super) secret: Option<bool>,
    /// Until when (RFC 3339, or a day).
    pub(super) secret_until: Option<String>,
    /// Of an order to provide information: which.
    pub(super) asks: Option<String>,
    /// Of an order: how and where it can be challenged.
    pub(super) redress: Option<String>,
}

/// That a notice was taken.
#[derive(Serialize, ToSchema)]
pub(crate) struct NoticeTaken {
    /// A secret by which its giver reads what became of it.
    pub(super) receipt: String,
    /// Where.
    pub(super) status_url: String,
    /// Of each link that was named, in order: whether the notice is about it.
    pub(super) subjects: Vec<SubjectTaken>,
    /// Of a registered party: what is wrong with it, as far as a machine sees. Its clock does not run until that is cleared up.
    #[schema(schema_with = crate::api::answers::faults)]
    pub(super) faults: Vec<&'static str>,
    /// Of a registered party: by when it has to be done (RFC 3339, UTC).
    #[schema(required, format = DateTime)]
    pub(super) due: Option<String>,
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

impl SubjectTaken {
    /// What stood there.
    pub(super) fn state(&self) -> &'static str {
        self.state
    }
}

impl NewNotice {
    /// What it says, as a party says it.
    pub(super) fn raw(self) -> Result<RawFiling, NoticeError> {
        Ok(RawFiling {
            issued: moment("issued", self.issued)?,
            due: moment("due", self.due)?,
            secret_until: moment("secret_until", self.secret_until)?,
            notice: RawNotice {
                kind: self.kind,
                category: self.category,
                explanation: self.explanation,
                name: self.name,
                email: self.email,
                good_faith: self.good_faith.map(|said| said.to_string()),
            },
            reference: self.reference,
            legal_basis: self.legal_basis,
            reasons: self.reasons,
            secret: self.secret.unwrap_or_default(),
            asks: self.asks,
            redress: self.redress,
        })
    }

    /// Whether it says what only a registered party says.
    fn orders(&self) -> bool {
        let said = [&self.reference, &self.legal_basis, &self.issued, &self.due, &self.secret_until, &self.asks, &self.redress];
        said.into_iter().any(Option::is_some) || self.secret.is_some() || !self.reasons.is_empty()
    }
}

/// A moment as programs and spreadsheets write it: RFC 3339, or a day, whose beginning in UTC it is then.
pub(crate) fn moment(field: &'static str, text: Option<String>) -> Result<Option<Time>, NoticeError> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    let text = text.trim();
    let stamp = text.parse::<jiff::Timestamp>().ok().or_else(|| {
        let day = text.parse::<jiff::civil::Date>().ok()?;
        day.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    });
    stamp.map(|stamp| Some(Time(stamp.as_millisecond()))).ok_or(NoticeError::Time(field))
}

/// Gives notice.
///
/// That posts or media should not stand. Anybody may, without saying who they are. Each subject opens a case of its own, or joins the
/// open one; the answer is a receipt by which its giver reads what was decided.
///
/// A party that the operator has registered signs its request by RFC 9421: `alg="ed25519"`, its `keyid`, `created` within five minutes, a `nonce` never
/// used before, `tag="handbill-notice"`, over at least `"@method" "@target-uri" "content-type" "content-digest"` (RFC 9530, sha-256 or sha-512). It
/// may send the other types. What a request lacks is said in `faults`; it is taken all the same, and its clock runs once that is cleared up.
#[utoipa::path(
    post,
    path = "/api/v1/notices",
    tag = "notices",
    request_body(content = NewNotice, content_type = "application/json"),
    responses(
        (status = 201, description = "It was taken.", body = NoticeTaken, headers(("Location" = String, description = "Where to read what became of it."))),
        (status = 202, description = "It was taken; it is beyond its giver's share, and others come first.", body = NoticeTaken, headers(("Location" = String, description = "Where to read what became of it."))),
        Noticing,
    ),
)]
pub(crate) async fn create(State(web): State<Web>, asker: Asker, request: Request) -> Response<Body> {
    private(created(&web, &asker, request).await.unwrap_or_else(|error| error.answer(&web, &asker)))
}

async fn created(web: &Web, asker: &Asker, request: Request) -> Result<Response<Body>, Error> {
    if body::essence(request.headers()) != "application/json" {
        return Err(Error::NotJson);
    }
    let (head, own) = request.into_parts();
    let bytes = body::bytes(web, asker, Request::from_parts(head.clone(), own), REQUEST_BYTES).await?;
    let sender = signed::sender(web, asker, &head, &bytes).await?;
    let wish: NewNotice = body::parsed(&bytes)?;
    match sender {
        Some(sender) => filed(web, asker, &sender, wish).await,
        None => given(web, asker, wish).await,
    }
}

/// Anybody's.
async fn given(web: &Web, asker: &Asker, wish: NewNotice) -> Result<Response<Body>, Error> {
    if wish.subjects.len() > app::SUBJECTS {
        return Err(Error::TooManyParts);
    }
    let orders = wish.orders();
    let urls = wish.subjects.clone();
    let notice = wish.raw()?.notice.check()?;
    if orders {
        return Err(NoticeError::Unregistered.into());
    }
    let toll = web.site.pay(&asker.who, Budget::Notice, asker.offer()).await?;
    let (mut taken, mut subjects) = (Vec::new(), Vec::new());
    for url in urls {
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
    let receipt = web.site.give_notice_paid(&subjects, &notice, Some(web.locale(asker).tag()), toll).await?.ok_or(Error::Gone)?;
    Ok(receipt_answer(asker, &receipt, taken, toll))
}

/// A registered party's.
async fn filed(web: &Web, asker: &Asker, sender: &Sender, wish: NewNotice) -> Result<Response<Body>, Error> {
    if wish.subjects.len() > app::LINKS {
        return Err(Error::TooManyParts);
    }
    let links = links(web, asker, &wish.subjects).await?;
    let filing = wish.raw()?.check(sender.party.party.kind)?;
    let filed = web.site.file(&sender.party, &Filer::Key(sender.key.clone()), filing, links).await?;
    let filed = filed.ok_or(Error::Signature(app::SignatureRefused::Suspended.into()))?;
    let taken = NoticeTaken::of(asker, &filed);
    let place = HeaderValue::from_str(&taken.status_url);
    let mut response = answer(StatusCode::CREATED, &taken);
    if let Ok(place) = place {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

/// What each link names.
pub(crate) async fn links(web: &Web, asker: &Asker, urls: &[String]) -> Result<Vec<NamedLink>, Error> {
    let mut links = Vec::with_capacity(urls.len());
    for url in urls {
        let names = named(web, asker, url).await?;
        // The secret of a manage link is nobody's business, and is not kept.
        let url = match (&names, url.split_once("/manage/")) {
            (Some(_), Some((post, _))) => post.to_owned(),
            _ => url.clone(),
        };
        links.push(NamedLink { url, names });
    }
    Ok(links)
}

impl NoticeTaken {
    /// That a filing was taken.
    pub(super) fn of(asker: &Asker, filed: &Filed) -> Self {
        let row = &filed.row;
        Self {
            receipt: filed.receipt.expose().to_owned(),
            status_url: status_url(asker, &filed.receipt),
            subjects: row.links.iter().map(|link| SubjectTaken { url: link.url.clone(), state: link.state.as_str() }).collect(),
            faults: row.faults.iter().map(|fault| fault.as_str()).collect(),
            due: row.due.map(instant),
        }
    }
}

fn status_url(asker: &Asker, receipt: &Receipt) -> String {
    format!("{}/notices/{}", asker.origin, receipt.expose())
}

/// 202 for what is beyond its giver's share and was not paid for: others come first.
pub(crate) fn taken(toll: Toll) -> StatusCode {
    if toll == Toll::Slow { StatusCode::ACCEPTED } else { StatusCode::CREATED }
}

/// That anybody's notice was taken.
pub(crate) fn receipt_answer(asker: &Asker, receipt: &Receipt, subjects: Vec<SubjectTaken>, toll: Toll) -> Response<Body> {
    let status_url = status_url(asker, receipt);
    let place = HeaderValue::from_str(&status_url);
    let taken = NoticeTaken { receipt: receipt.expose().to_owned(), status_url, subjects, faults: Vec::new(), due: None };
    let mut response = answer(self::taken(toll), &taken);
    if let Ok(place) = place {
        response.headers_mut().insert(header::LOCATION, place);
    }
    response
}

/// The answer holds a secret.
pub(super) fn private(mut response: Response<Body>) -> Response<Body> {
    headers::secret(response.headers_mut());
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
            let Some((_, medium)) = pairs(query.as_bytes(), 8).into_iter().find(|(key, _)| key == "media") else {
                return Ok(Some((post, None)));
            };
            // One that is mistyped is not the whole post.
            Ok(MediaId::parse(&medium).map(|medium| (post, Some(medium))))
        }
        _ => Ok(None),
    }
}
