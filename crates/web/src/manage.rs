//! What the holder of a manage link sees and does. The secret stands in the path; no answer from here is stored by anybody.

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{self, HeaderValue};
use axum::http::{Response, StatusCode, Uri};
use domain::{DraftError, FileRole, ManageSecret, MediaId, MediaState, PostId, Problem, RawDraft};

use app::{Captions, PostView, Words};

use crate::asker::Named;
use crate::error::Error;
use crate::headers::{self, Kind};
use crate::pages::{ComposerValues, ManagePage, ManagedMedium, Message, MessagePage, RefusedFile, draft_error_words};
use crate::posts::Addresses;
use crate::{Asker, Web, draw};

/// The largest edit form, beside its text.
const FORM_BYTES: usize = 1 << 20;

/// A medium's caption and alternative text as typed.
type TypedCaption = (MediaId, Option<String>, Option<String>);

struct Managed {
    view: PostView,
    secret: ManageSecret,
}

async fn open(web: &Web, asker: &Asker, id: &str, secret: &str) -> Result<Managed, Error> {
    let (Some(id), Some(secret)) = (PostId::parse(id), ManageSecret::parse(secret)) else { return Err(Error::NotFound) };
    let guess = web.site.guess_manage(&asker.who)?;
    let found = web.site.managed(&id, &secret).await;
    // Our own trouble is nobody's wrong guess either.
    if !matches!(found, Ok(None)) {
        web.site.was_right(guess);
    }
    let view = found?.ok_or(Error::NotFound)?;
    Ok(Managed { view, secret })
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
    let result = open(&web, &asker, &id, &secret).await.map(|managed| {
        let mut page = filled(&web, &asker, &managed);
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
        draw(StatusCode::OK, &page)
    });
    hidden(result, &web, &asker)
}

/// `POST /{id}/manage/{secret}`: new words and captions.
pub(crate) async fn save(State(web): State<Web>, Named((id, secret)): Named<(String, String)>, asker: Asker, body: Body) -> Response<Body> {
    let result = async {
        let managed = open(&web, &asker, &id, &secret).await?;
        // Percent-encoding makes up to three bytes, or nine for an Arabic letter's two, of what was typed.
        let limit = web.site.limits.text_bytes.saturating_mul(6).saturating_add(FORM_BYTES);
        let bytes = axum::body::to_bytes(body, limit)
            .await
            .map_err(|_| Error::Draft(DraftError::TextTooLong { limit_bytes: web.site.limits.text_bytes }))?;
        // Every field of the form, two for each medium, and some of a reader's own to be told of.
        let fields = pairs(&bytes, managed.view.media.len().saturating_mul(2).saturating_add(20));
        let (draft, captions, unknown) = typed(&managed.view, fields);
        let changed = match unknown {
            Some(error) => Err(error.into()),
            None => change(&web, &managed, &draft, captions).await,
        };
        match changed {
            Ok(()) => Ok(back(&managed, "?saved")),
            Err(Error::Draft(error)) => {
                let mut page = filled(&web, &asker, &managed);
                page.error = Some(draft_error_words(page.frame.locale, &error));
                page.error_field = Error::Draft(error).field();
                page.values.title = draft.title.unwrap_or_default();
                page.values.text = draft.text.unwrap_or_default();
                Ok(draw(StatusCode::BAD_REQUEST, &page))
            }
            Err(error) => Err(error),
        }
    };
    hidden(result.await, &web, &asker)
}

async fn change(web: &Web, managed: &Managed, draft: &RawDraft, captions: Vec<TypedCaption>) -> Result<(), Error> {
    let limits = &web.site.limits;
    let checked = draft.check(limits)?;
    let mut words = Words { draft: checked, captions: Vec::with_capacity(captions.len()) };
    for (media_id, caption, alt) in captions {
        words.captions.push(Captions {
            media_id,
            caption: domain::post::line("caption", caption.as_deref(), limits)?,
            alt: domain::post::line("alt", alt.as_deref(), limits)?,
        });
    }
    Ok(web.site.edit(&managed.view, words).await?)
}

/// A form's fields, and what is wrong with their names. What a form does not send stays as it is, but a check box says "off" by not
/// being sent.
fn typed(view: &PostView, fields: Vec<(String, String)>) -> (RawDraft, Vec<TypedCaption>, Option<DraftError>) {
    let post = &view.post;
    let mut draft = RawDraft {
        title: post.title.clone(),
        text: Some(post.text.clone()),
        language: post.language.as_ref().map(ToString::to_string),
        ..RawDraft::default()
    };
    let mut captions: Vec<_> =
        view.media.iter().map(|medium| (medium.row.id.clone(), medium.row.caption.clone(), medium.row.alt.clone())).collect();
    let mut unknown = None;
    for (key, value) in fields {
        match key.as_str() {
            // Not carried out here yet; saying "saved" would make a secret public. An empty one asks for nothing.
            "password" | "views" | "expires" if value.is_empty() => {}
            "password" => unknown = Some(DraftError::NotAvailable("password")),
            "views" => unknown = Some(DraftError::NotAvailable("views")),
            "expires" => unknown = Some(DraftError::NotAvailable("expires")),
            "title" => draft.title = Some(value),
            "text" => draft.text = Some(value),
            "language" => draft.language = Some(value),
            "listed" => draft.listed = Some(value),
            "sensitive" => draft.sensitive = Some(value),
            // A medium that was removed a moment ago, in another tab, may still have its words here.
            other if !other.starts_with("caption-") && !other.starts_with("alt-") => unknown = Some(DraftError::UnknownField),
            _ => {
                for (id, caption, alt) in &mut captions {
                    if key.strip_prefix("caption-") == Some(id.as_str()) {
                        *caption = Some(value.clone());
                    } else if key.strip_prefix("alt-") == Some(id.as_str()) {
                        *alt = Some(value.clone());
                    }
                }
            }
        }
    }
    (draft, captions, unknown)
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
        web.site.remove_medium(&managed.view, &media_id).await?;
        Ok(back(&managed, "?saved"))
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
        let small = medium
            .files
            .iter()
            .filter(|file| file.role != FileRole::Original && file.content_type != "image/webp")
            .min_by_key(|file| file.width);
        let small =
            small.or_else(|| medium.files.iter().filter(|file| file.content_type.starts_with("image/")).min_by_key(|file| file.width));
        ManagedMedium {
            id: row.id.to_string(),
            number,
            kind: row.kind,
            thumbnail: small.map(|file| at.of(file)),
            processing: row.state != MediaState::Ready,
            caption: row.caption.clone().unwrap_or_default(),
            alt: row.alt.clone().unwrap_or_default(),
        }
    });
    let refused = managed.view.media.iter().filter(|medium| medium.row.state == MediaState::Refused);
    ManagePage {
        frame: web.frame(asker),
        limits: web.site.limits.clone(),
        post_url: format!("{}/{}", asker.origin, post.id),
        manage_url: format!("{}{action}", asker.origin),
        published: false,
        refused_more: 0,
        saved: false,
        error: None,
        error_field: None,
        refused: refused
            .map(|medium| RefusedFile { name: medium.row.name.clone(), problem: medium.row.problem.unwrap_or(Problem::Failed) })
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
        expires: post.expires,
        media: media.collect(),
        action,
    }
}

/// Reads `application/x-www-form-urlencoded`, of which a query is one; at most `most` fields of it.
pub(crate) fn pairs(bytes: &[u8], most: usize) -> Vec<(String, String)> {
    let decode = |text: &[u8]| {
        let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
        percent_encoding::percent_decode(&spaced).decode_utf8_lossy().into_owned()
    };
    bytes
        .split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
        .take(most)
        .map(|pair| {
            let middle = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            (decode(&pair[..middle]), decode(pair.get(middle + 1..).unwrap_or_default()))
        })
        .collect()
}
