//! Reading: a post with everything that its page needs, and the one gate before every byte of a medium.

use domain::{MediaId, MediaState, PostId, PostState};
use store::{FileRow, MediaRow, PostRow};

use crate::{Error, Site};

/// A post as a visitor may see it.
#[derive(Debug)]
pub struct PostView {
    /// Its row.
    pub post: PostRow,
    /// Its media in order.
    pub media: Vec<MediaView>,
}

/// A medium with its files.
#[derive(Debug)]
pub struct MediaView {
    /// Its row.
    pub row: MediaRow,
    /// What can be fetched of it; empty unless it is ready.
    pub files: Vec<FileRow>,
}

impl PostView {
    /// How the post stands.
    #[must_use]
    pub fn state(&self) -> PostState {
        let busy = |medium: &MediaView| matches!(medium.row.state, MediaState::Receiving | MediaState::Processing);
        let waits = |medium: &MediaView| medium.row.state == MediaState::Waiting;
        if self.media.iter().any(busy) {
            PostState::Processing
        } else if self.media.iter().any(waits) {
            PostState::Waiting
        } else {
            PostState::Live
        }
    }
}

/// What stands at a link.
#[derive(Debug)]
pub enum Found {
    /// A post.
    Post(Box<PostView>),
    /// A post that was deleted or has expired.
    Gone,
    /// Nothing was ever there.
    Nothing,
}

impl Site {
    /// What stands at `/{id}` now.
    pub async fn read(&self, id: &PostId) -> Result<Found, Error> {
        let db = &self.store.db;
        let Some(post) = store::posts::find(db, id).await? else {
            return Ok(if store::posts::is_gone(db, id).await? { Found::Gone } else { Found::Nothing });
        };
        if post.expires.is_some_and(|end| end <= self.clock.now()) {
            return Ok(Found::Gone);
        }
        let rows = store::media::of_post(db, id).await?;
        let mut files = if rows.is_empty() { Vec::new() } else { store::files::of_post(db, id).await? };
        let mut media = Vec::with_capacity(rows.len());
        for row in rows {
            let (own, rest) = files.into_iter().partition(|file: &FileRow| file.media_id == row.id);
            files = rest;
            media.push(MediaView { files: if row.state == MediaState::Ready { own } else { Vec::new() }, row });
        }
        Ok(Found::Post(Box::new(PostView { post, media })))
    }

    /// The file that stands at `/m/{media_id}/{name}` now, if anybody may have it now. Asks the database every time: what was
    /// taken away a moment ago is not served.
    pub async fn served_file(&self, media_id: &MediaId, name: &str) -> Result<Option<FileRow>, Error> {
        Ok(store::files::served(&self.store.db, media_id, name, self.clock.now()).await?)
    }
}
