//! What the holder of a manage link sees and does. The secret stands in the path; no answer from here is stored by anybody.

use std::sync::Arc;

use app::{Appealed, Edit, Edited, PostView, Source, Toll};
use axum::body::Body;
use axum::extract::multipart::Multipart;
use axum::extract::{FromRequest as _, Request, State};
use axum::http::header::{self, HeaderValue};
use axum::http::{Response, StatusCode, Uri};
use domain::{Budget, DraftError, ManageSecret, MediaId, MediaState, PostId, Problem, Wait};

use crate::allowance::{Allowance, Allowed};
use crate::asker::Named;
use crate::error::Error;
use crate::form::{self, Brought, Of, pairs};
use crate::headers::{self, Kind};
use crate::pages::{
    AppealNow, ComposerValues, Concerned, ManagePage, ManagedMedium, ManagedNow, ManagedRemovedPage, ManagedStill, Message, MessagePage,
    RefusedFile, Stands,
};
use crate::posts::{Addresses, original, small};
use crate::tally::Paid;
use crate::uploads::refused_query;
use crate::{Asker, Form, Web, draw};

/// The longest complaint: words that are far too long are given back, too.
const APPEAL_BYTES: usize = 1 << 20;
/// The largest edit form, beside its text.
const FORM_BYTES: usize = 1 << 20;

/// A post whose secret was shown.
pub(crate) struct Managed {
    pub(crate) view: Arc<PostView>,
    pub(crate) secret: ManageSecret,
}

/// The post of this secret. A wrong one and a missing post look the same.
pub(crate) async fn open(web: &Web, asker: &Asker, id: &str, secret: &str) -> Result<Managed, Error> {
    let (Some(id), Some(secret)) = (PostId::parse(id), ManageSecret::parse(secret)) else { return Err(Error::NotFound) };
    let guess = web.site.guess_manage(&asker.who)?;
    let found = web.site.managed(&id, &secret).await;
    let removals = match found {
        Ok(None) => web.site.removals(&id, &secret).await,
        _ => Ok(Vec::new()),
    };
    let nothing = removals.as_ref().is_ok_and(Vec::is_empty);
    // Our own trouble is nobody's wrong guess either.
    if !(matches!(found, Ok(None)) && nothing) {
        web.site.was_right(guess);
    }
    if let Some(removal) = removals?.iter().find(|removal| removal.decision.decision.action == domain::Action::Remove) {
        return Err(Error::Removed(Box::new(web.statement_of(removal, true).await?)));
    }
    let Some(view) = found? else {
        // What everybody is told is told here too: also where something may not be told yet.
        let gone = matches!(web.site.read(&id, None, None).await?, app::Found::Gone);
        return Err(if gone { Error::Gone } else { Error::NotFound });
    };
    Ok(Managed { view: Arc::new(view), secret })
}

/// The decisions on something of a post, for whoever holds its manage link; with what was `written` against one of them and not taken.
async fn concerned(web: &Web, id: &str, secret: &str, written: Option<(&str, &str)>) -> Result<Vec<Concerned>, Error> {
    let (Some(id), Some(secret)) = (PostId::parse(id), ManageSecret::parse(secret)) else { return Err(Error::NotFound) };
    let now = web.site.clock.now();
    let mut all = Vec::new();
    for removal in web.site.removals_and_answers(&id, &secret).await? {
        let decision = &removal.decision;
        let open = decision.undone.is_none() && decision.destroyed.is_none() && decision.keep_until > now;
        all.push(Concerned {
            statement: web.statement_of(&removal, true).await?,
            undone: removal.was_wrong(),
            of_media: removal.of_media,
            can_appeal: open && removal.appeal.is_none(),
            typed: written.filter(|(of, _)| *of == decision.id.as_str()).map_or_else(String::new, |(_, words)| words.to_owned()),
            appeal: removal.appeal.map(|appeal| AppealNow {
                words: appeal.words,
                state: appeal.state,
                answer: appeal.answer,
                due: appeal.due,
            }),
        });
    }
    Ok(all)
}

/// The manage link of a post that was removed: why, and what its poster can say against it.
async fn removed(
    web: &Web,
    asker: &Asker,
    (id, secret): (&str, &str),
    appealed: bool,
    error: Option<String>,
    typed: Option<(&str, &str)>,
) -> Result<Response<Body>, Error> {
    let frame = crate::pages::Frame { back: "/".to_owned(), ..web.frame(asker) };
    let status = if error.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let concerned = concerned(web, id, secret, typed).await?;
    let (url, action) = (format!("{}/{id}", asker.origin), format!("/{id}/manage/{secret}"));
    Ok(draw(status, &ManagedRemovedPage { frame, url, action, concerned, appealed, error }))
}

/// `POST /{id}/manage/{secret}/appeal`: the poster says that a decision is wrong.
pub(crate) async fn appeal(
    State(web): State<Web>,
    Named((id, secret)): Named<(String, String)>,
    asker: Asker,
    body: Body,
) -> Response<Body> {
    let result = async {
        // Whoever has the secret was not guessing; whoever has not is told what everybody is, and has paid for a guess.
        let managed = match open(&web, &asker, &id, &secret).await {
            Ok(managed) => Some(managed),
            Err(Error::Removed(_)) => None,
            Err(error) => return Err(error),
        };
        let bytes = axum::body::to_bytes(body, APPEAL_BYTES).await.unwrap_or_default();
        let (mut words, mut decision) = (String::new(), String::new());
        for (key, value) in pairs(&bytes, 4) {
            match key.as_str() {
                "words" => words = value,
                "decision" => decision = value,
                _ => {}
            }
        }
        let (Some(post), Some(own)) = (PostId::parse(&id), ManageSecret::parse(&secret)) else { return Err(Error::NotFound) };
        let removals = web.site.removals(&post, &own).await?;
        let removal = removals.iter().find(|removal| removal.decision.id.as_str() == decision).ok_or(Error::NotFound)?;
        let written = (decision.as_str(), words.as_str());
        let key = match complained(&web, &asker, removal, &words).await {
            Ok(Appealed::Taken) => return Ok(headers::see(&format!("/{id}/manage/{secret}?appealed=1"))),
            Ok(Appealed::Before) => "appeal-before",
            Ok(Appealed::TooLate) => "appeal-too-late",
            Ok(Appealed::Words) => "appeal-no-words",
            Err(error @ (Error::OverBudget(_) | Error::Prove(..))) if asker.form == Form::Html => {
                let told = error.told(web.locale(&asker));
                let mut response = unheard(&web, &asker, managed.as_ref(), (&id, &secret), told, written).await?;
                *response.status_mut() = error.status();
                if let Some(seconds) = error.again(&web) {
                    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
                }
                return Ok(response);
            }
            Err(error) => return Err(error),
        };
        let told = web.locale(&asker).text(key).into_owned();
        unheard(&web, &asker, managed.as_ref(), (&id, &secret), told, written).await
    };
    hidden(result.await, &web, &asker)
}

/// Complains, and pays for it. What is not taken costs nothing.
async fn complained(web: &Web, asker: &Asker, removal: &app::Removal, words: &str) -> Result<Appealed, Error> {
    let toll = web.site.pay(&asker.who, Budget::Appeal, asker.offer()).await?;
    let said = web.site.appeal(removal, words).await;
    if !matches!(said, Ok(Appealed::Taken)) {
        web.site.give_back_toll(&asker.who, Budget::Appeal, toll);
    }
    Ok(said?)
}

/// The page of somebody whose complaint was not taken: why, and what they wrote.
async fn unheard(
    web: &Web,
    asker: &Asker,
    managed: Option<&Managed>,
    (id, secret): (&str, &str),
    told: String,
    written: (&str, &str),
) -> Result<Response<Body>, Error> {
    let Some(managed) = managed else { return removed(web, asker, (id, secret), false, Some(told), Some(written)).await };
    let mut page = filled(web, asker, managed);
    page.frame.back = action(managed);
    page.concerned = concerned(web, id, secret, Some(written)).await?;
    page.error = Some(told);
    Ok(draw(StatusCode::BAD_REQUEST, &page))
}

fn hidden(result: Result<Response<Body>, Error>, web: &Web, asker: &Asker) -> Response<Body> {
    // The path holds a secret, so an error page here must not offer it to the language switch.
    let asker = Asker { path: "/".to_owned(), ..asker.clone() };
    let mut response = result.unwrap_or_else(|error| error.answer(web, &asker));
    headers::secret(response.headers_mut());
    response
}

/// `GET /{id}/manage/{secret}`.
pub(crate) async fn page(State(web): State<Web>, Named((id, secret)): Named<(String, String)>, uri: Uri, asker: Asker) -> Response<Body> {
    let result = async {
        let managed = match open(&web, &asker, &id, &secret).await {
            Err(Error::Removed(_)) => {
                let appealed = uri.query().is_some_and(|query| query.contains("appealed=1"));
                return removed(&web, &asker, (&id, &secret), appealed, None, None).await;
            }
            found => found?,
        };
        let mut page = filled(&web, &asker, &managed);
        page.concerned = concerned(&web, &id, &secret, None).await?;
        for (key, value) in pairs(uri.query().unwrap_or_default().as_bytes(), web.site.limits.files_per_post + 3) {
            match key.as_str() {
                "published" => page.published = true,
                "saved" => page.saved = true,
                "more" => page.refused_more = value.parse().unwrap_or_default(),
                "refused" => {
                    if let Some((problem, name)) = value.split_once(':')
                        && let Some(problem) = Problem::parse(problem)
                        && page.refused.len() < web.site.limits.files_per_post
                    {
                        page.refused.push(RefusedFile { name: Some(domain::name::clean_file_name(name)), problem });
                    }
                }
                _ => {}
            }
        }
        Ok(draw(StatusCode::OK, &page))
    };
    hidden(result.await, &web, &asker)
}

/// `POST /{id}/manage/{secret}`: the post as it shall be. A form without files may come urlencoded.
pub(crate) async fn save(
    State(web): State<Web>,
    Named((id, secret)): Named<(String, String)>,
    asker: Asker,
    request: Request,
) -> Response<Body> {
    let result = async {
        let managed = open(&web, &asker, &id, &secret).await?;
        let (brought, read) = bring(&web, &asker, &managed, request).await;
        changed(&web, &asker, &managed, brought, read).await
    };
    hidden(result.await, &web, &asker)
}

/// Reads the form in either of its two encodings.
async fn bring(web: &Web, asker: &Asker, managed: &Managed, request: Request) -> (Brought, Result<(), Error>) {
    let mut brought = Brought::default();
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if content_type.starts_with("multipart/form-data") {
        let paid = match Paid::pay(&web.site, &asker.who, request.headers()) {
            Ok(paid) => paid,
            Err(over) => return (brought, Err(over.into())),
        };
        let allowance = Allowance::default();
        let request = request.map(|body| Body::new(Allowed::new(paid.counting(body), allowance.clone())));
        let Ok(multipart) = Multipart::from_request(request, web).await else { return (brought, Err(Error::NotMultipart)) };
        let read = form::read(web, multipart, &allowance, Of::Manage, &mut brought).await;
        return (brought, read);
    }
    // Percent-encoding makes up to three bytes, or nine for an Arabic letter's two, of what was typed.
    let limit = web.site.limits.text_bytes.saturating_mul(6).saturating_add(FORM_BYTES);
    let Ok(bytes) = axum::body::to_bytes(request.into_body(), limit).await else {
        return (brought, Err(DraftError::TextTooLong { limit_bytes: web.site.limits.text_bytes }.into()));
    };
    let mut read = Ok(());
    // Every field of the form, five for each medium, and some of a reader's own to be told of.
    for (key, value) in pairs(&bytes, managed.view.media.len().saturating_mul(5).saturating_add(20)) {
        let draft = &mut brought.draft;
        match key.as_str() {
            "title" => draft.title = Some(value),
            "text" => draft.text = Some(value),
            "language" => draft.language = Some(value),
            "listed" => draft.listed = Some(value),
            "sensitive" => draft.sensitive = Some(value),
            "expires" => draft.expires = Some(value),
            "password" => draft.password = Some(value),
            "views" => draft.views = Some(value),
            own if form::is_managed(own) => brought.own.push((key, value)),
            _ => read = Err(DraftError::unknown(&key).into()),
        }
    }
    (brought, read)
}

/// Carries out what the form asks for; a browser gets what it typed back beside what is wrong with it.
async fn changed(
    web: &Web,
    asker: &Asker,
    managed: &Managed,
    mut brought: Brought,
    read: Result<(), Error>,
) -> Result<Response<Body>, Error> {
    let post = &managed.view.post;
    // What a form does not send stays as it is, but a check box says "off" by not being sent.
    let draft = &mut brought.draft;
    draft.title = draft.title.take().or_else(|| post.title.clone());
    draft.text = draft.text.take().or_else(|| Some(post.text.clone()));
    draft.language = draft.language.take().or_else(|| post.language.as_ref().map(ToString::to_string));
    let asked = match read {
        Ok(()) => asked(web, managed, &mut brought).map(|edit| Edit { lane: web.site.lane(&asker.who, Toll::Free), ..edit }),
        Err(error) => Err(error),
    };
    // What nothing was done with: all of it after an error, else the still of a video that is not there.
    web.site.forget(brought.take_all()).await;
    let done = match asked {
        Ok(edit) => web.site.edit(Arc::clone(&managed.view), edit).await.map_err(Error::from),
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(back(managed, &format!("?saved{}", refused_query(&brought.refused)))),
        Err(error @ (Error::Draft(_) | Error::AllRefused(_) | Error::OverBudget(_) | Error::Prove(..) | Error::ReadOnly(_))) => {
            // What stands by now: who saves again has seen it.
            let view = web.site.managed(&post.id, &managed.secret).await?.ok_or(Error::NotFound)?;
            let managed = Managed { view: Arc::new(view), secret: managed.secret.clone() };
            let mut page = filled(web, asker, &managed);
            page.error = Some(error.told(page.frame.locale));
            page.error_field = error.field();
            page.stands = matches!(error, Error::Draft(DraftError::Changed))
                .then(|| Stands { title: managed.view.post.title.clone(), text: managed.view.post.text.clone() });
            type_back(&mut page, &brought);
            Ok(error.draw(web, &page))
        }
        Err(error) => Err(error),
    }
}

/// What the form asks for.
fn asked(web: &Web, managed: &Managed, brought: &mut Brought) -> Result<Edit, Error> {
    let limits = &web.site.limits;
    let view = &managed.view;
    let draft = brought.draft.check(limits)?;
    let fields = std::mem::take(&mut brought.own);
    let own = |name: &str| fields.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let mut media = Vec::with_capacity(view.media.len());
    let mut stands = 0_i64;
    for (place, medium) in view.media.iter().enumerate() {
        let id = medium.row.id.as_str();
        let caption = own(&format!("caption-{id}")).or(medium.row.caption.as_deref());
        let alt = own(&format!("alt-{id}")).or(medium.row.alt.as_deref());
        // The order is where a medium shall stand; of two that want one place, the one that was moved there comes first.
        let wanted = own(&format!("order-{id}")).and_then(domain::text::number).map(i64::from);
        // What was refused has no place on the page, and stays behind the others.
        let is_shown = medium.row.state != MediaState::Refused;
        stands = stands.saturating_add(i64::from(is_shown));
        let wanted = if is_shown { wanted.unwrap_or(stands) } else { i64::MAX / 4 };
        let key = (wanted.saturating_mul(2).saturating_sub(i64::from(wanted < stands)).saturating_add(i64::from(wanted > stands)), place);
        let edited = Edited::Kept {
            media_id: medium.row.id.clone(),
            caption: domain::post::line("caption", caption, limits)?,
            alt: domain::post::line("alt", alt, limits)?,
            sensitive: own(&format!("cover-{id}")).is_some_and(|value| value == "1"),
            still: (own(&format!("own-frame-{id}")) == Some("1")).then_some(None),
        };
        media.push((key, edited));
    }
    media.sort_by_key(|(key, _)| *key);
    let views = match (&brought.draft.views, own("views-seen")) {
        (None, _) => None,
        // Somebody may have opened it meanwhile: what the poster did not touch stays as it is.
        (Some(typed), Some(seen)) if typed.trim() == seen => None,
        (Some(_), _) => Some(draft.views),
    };
    let password = match draft.password.clone() {
        Some(password) => Some(Some(password)),
        None => (own("unlock") == Some("1")).then_some(None),
    };
    let expires = brought.draft.expires.as_deref().is_some_and(|wish| !wish.trim().is_empty()).then_some(draft.expiry);
    let seen = own("seen").and_then(|seen| seen.parse().ok());
    let mut media: Vec<Edited> = media.into_iter().map(|(_, edited)| edited).collect();
    media.extend(form::media(web, brought, usize::try_from(stands).unwrap_or_default())?.into_iter().map(Edited::New));
    // Last, so that no error loses a file on the way. A new still is wanted more than none.
    for (video, file) in &mut brought.stills {
        let own = media.iter_mut().find_map(|one| match one {
            Edited::Kept { media_id, still, .. } if media_id.as_str() == video => Some(still),
            _ => None,
        });
        if let Some(own) = own
            && let Some(file) = file.take()
        {
            *own = Some(Some(Source::File(file)));
        }
    }
    Ok(Edit { seen, draft, expires, password, views, media: Some(media), lane: domain::Lane::default() })
}

/// Puts what was typed back into the page.
fn type_back(page: &mut ManagePage, brought: &Brought) {
    let draft = &brought.draft;
    let typed = |value: &Option<String>| value.clone().unwrap_or_default();
    page.values.title = typed(&draft.title);
    page.values.text = typed(&draft.text);
    page.values.language = typed(&draft.language);
    page.values.listed = draft.listed.as_deref() == Some("1");
    page.values.sensitive = draft.sensitive.as_deref() == Some("1");
    page.values.expires = typed(&draft.expires);
    if let Some(views) = &draft.views {
        page.values.views.clone_from(views);
    }
    for medium in &mut page.media {
        for (key, value) in &brought.own {
            match key.split_once('-') {
                Some(("caption", id)) if id == medium.id => medium.caption.clone_from(value),
                Some(("alt", id)) if id == medium.id => medium.alt.clone_from(value),
                _ => {}
            }
        }
    }
    page.refused.extend(brought.refused.iter().cloned());
}

/// `POST /{id}/manage/{secret}/media/{media_id}/remove`.
pub(crate) async fn remove_medium(
    State(web): State<Web>,
    Named((id, secret, media_id)): Named<(String, String, String)>,
    asker: Asker,
) -> Response<Body> {
    let result = async {
        let managed = open(&web, &asker, &id, &secret).await?;
        let media_id = MediaId::parse(&media_id).ok_or(Error::NotFound)?;
        // Pressed twice, the second press finds nothing to remove and has its wish all the same.
        match web.site.remove_medium(&managed.view, &media_id).await {
            Ok(_) => Ok(back(&managed, "?saved")),
            Err(app::Error::Draft(_)) => {
                let mut page = filled(&web, &asker, &managed);
                page.error = Some(page.frame.locale.text("manage-last-medium").into_owned());
                Ok(draw(StatusCode::BAD_REQUEST, &page))
            }
            Err(error) => Err(error.into()),
        }
    };
    hidden(result.await, &web, &asker)
}

/// `POST /{id}/manage/{secret}/delete`.
pub(crate) async fn delete(State(web): State<Web>, Named((id, secret)): Named<(String, String)>, asker: Asker) -> Response<Body> {
    let result = async {
        let managed = open(&web, &asker, &id, &secret).await?;
        web.site.delete(&managed.view.post.id).await?;
        let frame = crate::pages::Frame { back: "/".to_owned(), ..web.frame(&asker) };
        Ok(draw(StatusCode::OK, &MessagePage { frame, message: Message::Deleted, words: None }))
    };
    hidden(result.await, &web, &asker)
}

fn action(managed: &Managed) -> String {
    format!("/{}/manage/{}", managed.view.post.id, managed.secret.expose())
}

fn back(managed: &Managed, query: &str) -> Response<Body> {
    let mut response = headers::answer(StatusCode::SEE_OTHER, Kind::Text, "");
    if let Ok(to) = HeaderValue::from_str(&(action(managed) + query)) {
        response.headers_mut().insert(header::LOCATION, to);
    }
    response
}

fn filled(web: &Web, asker: &Asker, managed: &Managed) -> ManagePage {
    let post = &managed.view.post;
    let action = action(managed);
    let at = Addresses::new(web, asker, &managed.view);
    let media = managed.view.media.iter().filter(|medium| medium.row.state != MediaState::Refused).zip(1..).map(|(medium, number)| {
        let row = &medium.row;
        ManagedMedium {
            id: row.id.to_string(),
            number,
            kind: row.kind,
            name: row.name.clone(),
            size_bytes: original(medium).map(|file| file.size_bytes),
            thumbnail: small(medium).map(|file| at.of(file)),
            still: medium.still.as_ref().map(|still| ManagedStill {
                state: still.row.state,
                problem: (still.row.state == MediaState::Refused).then(|| still.row.problem.unwrap_or(Problem::Failed)),
            }),
            processing: !matches!(row.state, MediaState::Ready | MediaState::Waiting | MediaState::Removed),
            removed: row.state == MediaState::Removed,
            waiting: row.state == MediaState::Waiting,
            caption: row.caption.clone().unwrap_or_default(),
            alt: row.alt.clone().unwrap_or_default(),
            sensitive: row.sensitive,
        }
    });
    let refused = managed.view.media.iter().filter(|medium| medium.row.state == MediaState::Refused);
    ManagePage {
        frame: web.frame(asker),
        limits: web.site.limits.clone(),
        post_url: format!("{}/{}", asker.origin, post.id),
        manage_url: format!("{}{action}", asker.origin),
        published: false,
        waits: post.waits.or(post.held.then_some(Wait::ForALook)),
        links: post.links,
        refused_more: 0,
        saved: false,
        error: None,
        error_field: None,
        stands: None,
        concerned: Vec::new(),
        seen: app::version(post),
        refused: Vec::new(),
        failed: refused
            .map(|medium| {
                let problem = medium.row.problem.unwrap_or(Problem::Failed);
                (medium.row.id.to_string(), RefusedFile { name: medium.row.name.clone(), problem })
            })
            .collect(),
        values: ComposerValues {
            title: post.title.clone().unwrap_or_default(),
            text: post.text.clone(),
            language: post.language.as_ref().map(ToString::to_string).unwrap_or_default(),
            listed: post.listed,
            sensitive: post.sensitive,
            expires: String::new(),
            views: post.views_left.map(|left| left.to_string()).unwrap_or_default(),
            has_password: post.password.is_some(),
        },
        now: ManagedNow { password: post.password.is_some(), views: post.views_left, listed: post.listed, sensitive: post.sensitive },
        expires: post.expires,
        media: media.collect(),
        action,
    }
}
