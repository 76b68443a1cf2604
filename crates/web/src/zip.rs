//! `/{id}.zip`: everything of a post in one file, which is written while it is sent. Nothing of it is held in memory or on disk, and
//! its size is known before its first byte.

mod layout;

use std::time::{Duration, Instant};

use app::{Found, MediaView, PostView};
use axum::body::Body;
use axum::http::header::{self, HeaderValue};
use axum::http::{Method, Response};
use bytes::Bytes;
use domain::party::Jurisdiction;
use domain::{FileRole, MediaKind, PostId, Seal};
use futures_util::TryStreamExt as _;
use store::FileRow;
use tokio::sync::mpsc;

use self::layout::{Entry, Layout, tail};
use crate::api::answers::Admitted;
use crate::cover::Asked;
use crate::placed::markdown;
use crate::posts::{as_private_as, find};
use crate::{Asker, Error, Web, headers};

/// How long a reader may get bytes of what was taken away in the meantime.
const LOOK_AGAIN: Duration = Duration::from_millis(500);
/// The longest part of a file's name that comes from a caption: in bytes, with room for the rest in what file systems take (255).
const LONGEST_NAME: usize = 120;

/// What a zip of a post holds.
pub(crate) struct Contents {
    layout: Layout,
    files: Vec<(Entry, Source)>,
}

enum Source {
    Words(Bytes),
    File(Box<FileRow>),
}

impl Contents {
    /// Everything of a post that its page would show to who asked for this much.
    pub(crate) fn new(view: &PostView, asked: &Asked) -> Self {
        let mut files = Vec::new();
        let mut named = Vec::new();
        let width = view.media.len().to_string().len().max(2);
        for (medium, number) in view.numbered() {
            let Some(file) = medium.files.iter().find(|file| file.role == FileRole::Original) else { continue };
            if asked.covers(view, medium, number) {
                continue;
            }
            let extension = domain::media::extension(&file.content_type).unwrap_or("bin");
            let name = format!("{number:0width$} {}.{extension}", file_name(medium));
            let size = u64::try_from(file.size_bytes).unwrap_or_default();
            named.push((medium.row.id.clone(), format!("<{name}>")));
            files.push((Entry { name, size }, Source::File(Box::new(file.clone()))));
        }
        if view.post.title.is_some() || !view.post.text.is_empty() {
            // A picture among the words is the file beside them.
            let words = Bytes::from(markdown(view, |id| Some(named.iter().find(|(own, _)| own == id)?.1.clone())));
            files.push((Entry { name: "post.md".to_owned(), size: words.len() as u64 }, Source::Words(words)));
        }
        Self { layout: Layout::new(files.iter().map(|(entry, _)| entry.clone()).collect(), view.post.created), files }
    }

    /// The zip's size, in bytes.
    pub(crate) fn size(&self) -> u64 {
        self.layout.size()
    }
}

/// Everything of a post in one zip.
///
/// Its photos and videos as they were posted, but for what identifies their poster, and its words. It is written while it is sent, and
/// breaks off if the post is taken away meanwhile.
#[utoipa::path(
    get,
    path = "/{id}.zip",
    tag = "reading",
    params(
        ("id" = String, Path, pattern = "^[a-hjkmnp-z2-9]{13}$", description = "The last part of the post's link."),
        ("show" = Option<String>, Query, description = "What is covered is left out, unless its number (from 1) stands here; `1`: all of a post that is covered as a whole."),
    ),
    responses(
        (status = 200, description = "The zip.", body = [u8], content_type = "application/zip",
            headers(("Content-Length" = u64, description = "Its size, in bytes."), ("Content-Disposition" = String, description = "What it may be saved as."))),
        (status = 303, description = "All of the post is covered, and `show=1` is not there: its page asks first.", headers(("Location" = String, description = "The page."))),
        Admitted,
    ),
    security((), ("pass" = [])),
)]
pub(crate) async fn answer(web: &Web, asker: &Asker, id: &str, asked: &Asked, method: &Method) -> Result<Response<Body>, Error> {
    let view = find(web, asker, id).await?;
    if view.post.sensitive && !asked.anything() {
        // The page asks first.
        return Ok(as_private_as(&view, headers::see(&format!("/{}", view.post.id))));
    }
    let contents = Contents::new(&view, asked);
    let mut response = Response::new(Body::empty());
    headers::zip(response.headers_mut());
    let out = response.headers_mut();
    out.insert(header::CONTENT_LENGTH, HeaderValue::from(contents.size()));
    if let Ok(value) = HeaderValue::from_str(&disposition(&view)) {
        out.insert(header::CONTENT_DISPOSITION, value);
    }
    if *method != Method::HEAD {
        let gate = Gate {
            web: web.clone(),
            id: view.post.id.clone(),
            pass: asker.pass(&view.post.id).map(str::to_owned),
            from: asker.from,
            seal: view.post.seal,
            revision: view.post.revision,
            looked: Instant::now(),
        };
        // Two pieces ahead of who reads it.
        let (out, mut pieces) = mpsc::channel(2);
        tokio::spawn(async move {
            if let Err(error) = write(contents, gate, &out).await {
                // Whoever reads no more needs no error either.
                drop(out.send(Err(error)).await);
            }
        });
        let pieces = futures_util::stream::poll_fn(move |context| pieces.poll_recv(context));
        *response.body_mut() = Body::from_stream(pieces);
    }
    Ok(as_private_as(&view, response))
}

/// Writes the zip to who reads it, as fast as they read. An error cuts the answer short of its length, which every client notices.
async fn write(contents: Contents, mut gate: Gate, out: &mpsc::Sender<std::io::Result<Bytes>>) -> std::io::Result<()> {
    let left = || std::io::Error::from(std::io::ErrorKind::BrokenPipe);
    let mut crcs = Vec::with_capacity(contents.files.len());
    for (entry, source) in contents.files {
        out.send(Ok(contents.layout.head(&entry).into())).await.map_err(|_| left())?;
        let mut crc = flate2::Crc::new();
        let mut written = 0;
        match source {
            Source::Words(words) => {
                gate.ask(None).await?;
                crc.update(&words);
                written = words.len() as u64;
                out.send(Ok(entry.pack(0, &words).into())).await.map_err(|_| left())?;
            }
            Source::File(file) => {
                gate.ask(Some(&file)).await?;
                let blobs = &gate.web.site.store.blobs;
                let mut bytes = blobs.read_range(&file.object_key, 0..entry.size).await.map_err(std::io::Error::other)?;
                while let Some(piece) = bytes.try_next().await? {
                    gate.ask_now_and_then(&file).await?;
                    crc.update(&piece);
                    let packed = entry.pack(written, &piece);
                    written += piece.len() as u64;
                    out.send(Ok(packed.into())).await.map_err(|_| left())?;
                }
            }
        }
        if written != entry.size {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        crcs.push(crc.sum());
        out.send(Ok(tail(&entry, crc.sum()).into())).await.map_err(|_| left())?;
    }
    out.send(Ok(contents.layout.directory(&crcs).into())).await.map_err(|_| left())
}

/// Asks again, while the zip is being read, whether its reader may still have it.
struct Gate {
    web: Web,
    id: PostId,
    pass: Option<String>,
    from: Option<Jurisdiction>,
    seal: Option<Seal>,
    revision: i64,
    looked: Instant,
}

impl Gate {
    async fn ask_now_and_then(&mut self, file: &FileRow) -> std::io::Result<()> {
        if self.looked.elapsed() < LOOK_AGAIN { Ok(()) } else { self.ask(Some(file)).await }
    }

    async fn ask(&mut self, file: Option<&FileRow>) -> std::io::Result<()> {
        let gone = || std::io::Error::from(std::io::ErrorKind::NotFound);
        let site = &self.web.site;
        let standing = site.standing(&self.id).await.map_err(std::io::Error::other)?.ok_or_else(gone)?;
        if standing.revision != self.revision || standing.seal != self.seal {
            // It was changed: what was not taken away may go on.
            let found = site.read(&self.id, self.pass.as_deref(), self.from).await.map_err(std::io::Error::other)?;
            let Found::Post(view) = found else { return Err(gone()) };
            let is_there = |file: &FileRow| view.media.iter().flat_map(|medium| &medium.files).any(|one| one == file);
            if file.is_some_and(|file| !is_there(file)) {
                return Err(gone());
            }
            (self.revision, self.seal) = (view.post.revision, view.post.seal);
        }
        self.looked = Instant::now();
        Ok(())
    }
}

/// A medium's caption, else what it is, as a file name: nothing that any system refuses, hides or takes for a path.
fn file_name(medium: &MediaView) -> String {
    let caption = safe(medium.row.caption.as_deref().unwrap_or_default());
    if !caption.is_empty() {
        return caption;
    }
    medium.row.kind.map_or("file", MediaKind::as_str).to_owned()
}

fn safe(words: &str) -> String {
    let plain = |c: char| if domain::name::is_hidden(c) || r#"<>:"/\|?*"#.contains(c) { ' ' } else { c };
    let mut name = words.chars().map(plain).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
    if name.len() > LONGEST_NAME {
        name.truncate(name.floor_char_boundary(LONGEST_NAME));
    }
    name.trim_matches(['.', ' ']).to_owned()
}

/// The name that a browser proposes: the title, and for old ones the id.
fn disposition(view: &PostView) -> String {
    let id = &view.post.id;
    let title = safe(view.post.title.as_deref().unwrap_or_default());
    if title.is_empty() {
        return format!("attachment; filename=\"{id}.zip\"");
    }
    let title = percent_encoding::utf8_percent_encode(&title, percent_encoding::NON_ALPHANUMERIC);
    format!("attachment; filename=\"{id}.zip\"; filename*=UTF-8''{title}.zip")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_from_a_caption_is_safe_on_every_system() {
        for (caption, name) in [
            ("The harbour at six", "The harbour at six"),
            ("../../etc/passwd", "etc passwd"),
            ("C:\\kite: \"red\" <1>?*|", "C kite red 1"),
            ("...", ""),
            ("kite\u{202E}gpj.exe", "kite gpj.exe"),
            ("طائرة ورقية", "طائرة ورقية"),
            ("end. ", "end"),
        ] {
            assert_eq!(safe(caption), name, "{caption}");
        }
        let long = safe(&"ورقية ".repeat(100));
        assert!(long.len() <= LONGEST_NAME && long.len() > LONGEST_NAME - 4, "{long}");
    }
}
