//! What one form brings: words, which are held in memory, and files, which stream through. The composer's and the manage page's forms
//! are read by the same code.

use app::{Attachment, NewMedium, Refusal, Source};
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::http::{HeaderMap, Uri};
use domain::name::clean_file_name;
use domain::{DraftError, IdempotencyKey, Limits, ManageSecret, MediaKind, Problem, RawDraft, Repeat};
use sha2::{Digest as _, Sha256};

use crate::Web;
use crate::allowance::Allowance;
use crate::error::Error;
use crate::pages::RefusedFile;

/// The longest field of one word, in bytes.
const WORD_BYTES: usize = 256;
/// The longest password, in bytes: no shorter than what [`domain::Password`] takes.
const PASSWORD_BYTES: usize = 4 * domain::password::LONGEST;
/// The most parts in one request: enough for every field and, for each file, a caption and an alternative text.
const MOST_PARTS: usize = 1_000;

/// How many times as long as may be a text is still read, to be given back with what is wrong with it.
const GIVEN_BACK: usize = 4;

/// Whose form it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    /// The composer's.
    Composer,
    /// A phone's share sheet: it may bring an address.
    Share,
    /// The manage page's: it has fields for each medium that is there.
    Manage,
}

/// Whether a field is one that only the manage page has.
pub(crate) fn is_managed(name: &str) -> bool {
    matches!(name, "seen" | "unlock" | "views-seen")
        || ["caption-", "alt-", "order-", "cover-", "own-frame-"].iter().any(|start| name.starts_with(start))
}

/// What one request brought.
#[derive(Default)]
pub(crate) struct Brought {
    pub(crate) draft: RawDraft,
    /// A manage secret that the client has made.
    manage_secret: Option<String>,
    captions: Vec<String>,
    alts: Vec<String>,
    /// What makes two presses of one Publish one post.
    once: Option<String>,
    /// Fields that only the manage page, or only a share sheet, has, by name.
    pub(crate) own: Vec<(String, String)>,
    /// By position in the request; `None` where the file was refused, so that captions keep to their files.
    pub(crate) files: Vec<Option<Attachment>>,
    /// Photos that shall stand in the place of videos, by the videos' ids.
    pub(crate) stills: Vec<(String, Option<Attachment>)>,
    pub(crate) refused: Vec<RefusedFile>,
}

/// A value of an address's query.
pub(crate) fn query(uri: &Uri, name: &str) -> Option<String> {
    pairs(uri.query().unwrap_or_default().as_bytes(), 8).into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
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

impl Brought {
    /// Takes the options that stand in an address's query. A password does not belong there: addresses are written down everywhere.
    pub(crate) fn options(&mut self, query: &str) -> Result<(), Error> {
        for (name, value) in pairs(query.as_bytes(), MOST_PARTS) {
            let (name, place) = match name.as_str() {
                "title" => ("title", &mut self.draft.title),
                "language" => ("language", &mut self.draft.language),
                "listed" => ("listed", &mut self.draft.listed),
                "sensitive" => ("sensitive", &mut self.draft.sensitive),
                "expires" => ("expires", &mut self.draft.expires),
                "views" => ("views", &mut self.draft.views),
                "caption" => {
                    self.captions.push(value);
                    continue;
                }
                "alt" => {
                    self.alts.push(value);
                    continue;
                }
                unknown => return Err(DraftError::unknown(unknown).into()),
            };
            once(place, name)?;
            *place = Some(value);
        }
        Ok(())
    }

    pub(crate) fn take(&mut self, name: &str, result: Result<Attachment, Refusal>) -> Result<(), Error> {
        let file = self.taken(name, result)?;
        self.files.push(file);
        Ok(())
    }

    /// The file, if it was taken; one that was refused is written down.
    fn taken(&mut self, name: &str, result: Result<Attachment, Refusal>) -> Result<Option<Attachment>, Error> {
        match result {
            Ok(attachment) => Ok(Some(attachment)),
            Err(Refusal::File(problem)) => {
                app::file_refused(problem);
                self.refused.push(RefusedFile { name: Some(clean_file_name(name)), problem });
                Ok(None)
            }
            Err(Refusal::Trouble(error)) => Err(error.into()),
        }
    }

    /// All files that have come.
    pub(crate) fn take_all(&mut self) -> Vec<Attachment> {
        let stills = std::mem::take(&mut self.stills).into_iter().map(|(_, file)| file);
        std::mem::take(&mut self.files).into_iter().chain(stills).flatten().collect()
    }

    /// The manage secret that the client has made; an empty field asks for one of ours.
    pub(crate) fn secret(&self) -> Result<Option<ManageSecret>, DraftError> {
        let typed = self.manage_secret.as_deref().filter(|typed| !typed.is_empty());
        typed.map(|typed| ManageSecret::parse(typed).ok_or(DraftError::ManageSecret)).transpose()
    }
}

/// By what the client says that it knows the request if it sends it again.
pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, DraftError> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().ok().and_then(IdempotencyKey::parse);
    key.map(Some).ok_or(DraftError::IdempotencyKey)
}

/// Reads a form's parts one after the other.
pub(crate) async fn read(web: &Web, mut multipart: Multipart, allowance: &Allowance, of: Of, brought: &mut Brought) -> Result<(), Error> {
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
            "file" => {
                if let Some((name, result)) = file(web, field, brought.files.len()).await? {
                    brought.take(&name, result)?;
                }
            }
            still if of == Of::Manage && still.starts_with("still-") && brought.stills.len() < limits.files_per_post => {
                let video = still.trim_start_matches("still-").to_owned();
                if brought.stills.iter().any(|(other, _)| *other == video) {
                    return Err(DraftError::Twice("still").into());
                }
                // As many as there are media: the limit on files is not about them.
                if let Some((name, result)) = file(web, field, 0).await? {
                    let result = match result {
                        Ok(file) if file.kind() == MediaKind::Video => {
                            web.site.forget(vec![file]).await;
                            Err(Refusal::File(Problem::NotPhoto))
                        }
                        other => other,
                    };
                    let file = brought.taken(&name, result)?;
                    brought.stills.push((video, file));
                }
            }
            "text" => {
                // What is a little too long is read all the same, so that its writer gets it back.
                let most = limits.text_bytes.saturating_mul(GIVEN_BACK);
                once(&brought.draft.text, "text")?;
                brought.draft.text = Some(words(field, most, || DraftError::TextTooLong { limit_bytes: limits.text_bytes }).await?)
            }
            "title" => {
                once(&brought.draft.title, "title")?;
                brought.draft.title = Some(line(field, limits, "title").await?);
            }
            "language" => {
                once(&brought.draft.language, "language")?;
                brought.draft.language = Some(words(field, WORD_BYTES, || DraftError::Language).await?);
            }
            "listed" => {
                once(&brought.draft.listed, "listed")?;
                brought.draft.listed = Some(words(field, WORD_BYTES, || DraftError::Flag("listed")).await?);
            }
            "sensitive" => {
                once(&brought.draft.sensitive, "sensitive")?;
                brought.draft.sensitive = Some(words(field, WORD_BYTES, || DraftError::Flag("sensitive")).await?);
            }
            "expires" => {
                once(&brought.draft.expires, "expires")?;
                brought.draft.expires = Some(words(field, WORD_BYTES, || DraftError::Expires(domain::expiry::ExpiryError)).await?);
            }
            "caption" if brought.captions.len() < limits.files_per_post => brought.captions.push(line(field, limits, "caption").await?),
            "alt" if brought.alts.len() < limits.files_per_post => brought.alts.push(line(field, limits, "alt").await?),
            "caption" | "alt" => return Err(Error::TooManyParts),
            "password" => {
                once(&brought.draft.password, "password")?;
                brought.draft.password = Some(words(field, PASSWORD_BYTES, || DraftError::Password).await?);
            }
            "views" => {
                once(&brought.draft.views, "views")?;
                brought.draft.views = Some(words(field, WORD_BYTES, || DraftError::Views).await?);
            }
            "manage_secret" if of == Of::Composer => {
                once(&brought.manage_secret, "manage_secret")?;
                brought.manage_secret = Some(words(field, WORD_BYTES, || DraftError::ManageSecret).await?);
            }
            "once" if of == Of::Composer => brought.once = Some(words(field, WORD_BYTES, || DraftError::IdempotencyKey).await?),
            own if (of == Of::Manage && is_managed(own)) || (of == Of::Share && own == "url") => {
                let most = limits.line_characters.saturating_mul(8);
                let value = words(field, most, || DraftError::LineTooLong { field: "caption", limit: limits.line_characters }).await?;
                brought.own.push((name, value));
            }
            _ => return Err(DraftError::unknown(&name).into()),
        }
    }
    Err(Error::TooManyParts)
}

/// Reads a file; `before` of the post's files came before it. A field that was left empty brings none.
async fn file(web: &Web, mut field: Field<'_>, before: usize) -> Result<Option<(String, Result<Attachment, Refusal>)>, Error> {
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
            match web.site.receive(&name, before).await {
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
        (None, None) if name.is_empty() => return Ok(None),
        (None, None) => Err(Refusal::File(Problem::Empty)),
    };
    Ok(Some((name, result)))
}

/// Of two values of one field nobody knows which is meant.
fn once(before: &Option<String>, name: &'static str) -> Result<(), Error> {
    if before.is_some() { Err(DraftError::Twice(name).into()) } else { Ok(()) }
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

/// A file's caption and alternative text.
pub(crate) type Words = (Option<String>, Option<String>);

/// Caption and alternative text of each file, by its position in the request.
pub(crate) fn captioned(web: &Web, brought: &Brought) -> Result<Vec<Words>, Error> {
    let limits = &web.site.limits;
    let line = |name, lines: &[String], position: usize| domain::post::line(name, lines.get(position).map(String::as_str), limits);
    (0..brought.files.len())
        .map(|position| Ok((line("caption", &brought.captions, position)?, line("alt", &brought.alts, position)?)))
        .collect()
}

/// By what a form is known that comes again: the client's own key; else the page that it was typed into, and all that was typed.
/// Somebody who goes back and changes a word means another post. Of a file its name and size tell enough.
pub(crate) fn repeat(brought: &Brought, key: Option<IdempotencyKey>) -> Option<Repeat> {
    let files = brought.files.iter().map(|file| file.as_ref().map(|file| (&file.name, file.size_bytes())));
    let asked = format!(
        "{:?} {:?} {:?} {:?} {:?}",
        brought.draft,
        brought.manage_secret,
        brought.captions,
        brought.alts,
        files.collect::<Vec<_>>()
    );
    if let Some(key) = key {
        return Some(Repeat::new(key, asked.as_bytes()));
    }
    let once = brought.once.as_deref().filter(|once| !once.is_empty())?;
    let digest = hex::encode(Sha256::digest(&asked));
    Some(Repeat::new(IdempotencyKey::parse(&format!("{once}{digest}"))?, asked.as_bytes()))
}

/// The files that were taken, as media to be. The words name each by its place among all that were sent, also where one before it was
/// refused; `before` were there already.
pub(crate) fn media(web: &Web, brought: &mut Brought, before: usize) -> Result<Vec<NewMedium>, Error> {
    let words = captioned(web, brought)?;
    let files = std::mem::take(&mut brought.files);
    let medium = |((file, (caption, alt)), number): ((Option<Attachment>, Words), usize)| {
        Some(NewMedium { source: Source::File(file?), number: Some(number), caption, alt, sensitive: false, still: None })
    };
    Ok(files.into_iter().zip(words).zip(before + 1..).filter_map(medium).collect())
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
