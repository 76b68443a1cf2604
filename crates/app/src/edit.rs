//! What the holder of a manage link does: change words and captions, remove a medium, delete the post for good.

use domain::{Draft, ManageSecret, MediaId, PostId};

use crate::publish::html_of;
use crate::{Error, Found, PostView, Site};

/// New words for a post.
pub struct Words {
    /// The checked fields. The expiry is left as it stands.
    pub draft: Draft,
    /// New captions and alternative texts of its media.
    pub captions: Vec<Captions>,
}

/// New words for one medium.
pub struct Captions {
    /// Which.
    pub media_id: MediaId,
    /// One line under it.
    pub caption: Option<String>,
    /// What it shows.
    pub alt: Option<String>,
}

impl Site {
    /// The post, if `secret` is its own. A wrong secret and a missing post look the same from outside.
    pub async fn managed(&self, id: &PostId, secret: &ManageSecret) -> Result<Option<PostView>, Error> {
        Ok(match self.read_unlocked(id).await? {
            Found::Post(view) if secret.matches(&view.post.manage_hash) => Some(*view),
            _ => None,
        })
    }

    /// Changes the words of `view`'s post and media. The caller has checked the secret.
    pub async fn edit(&self, view: &PostView, words: Words) -> Result<(), Error> {
        let now = self.clock.now();
        let html = html_of(words.draft.text.clone()).await?;
        let mut row = view.post.clone();
        row.title = words.draft.title;
        row.text = words.draft.text;
        row.html = html;
        row.language = words.draft.language;
        row.listed = words.draft.listed;
        row.sensitive = words.draft.sensitive;
        row.edited = Some(now);
        let mut tx = self.store.db.begin().await?;
        store::posts::update_words(&mut tx, &row).await?;
        for medium in words.captions {
            // Only media of this very post: the secret opens nothing else.
            if view.media.iter().any(|own| own.row.id == medium.media_id) {
                store::media::update_words(&mut tx, &medium.media_id, medium.caption.as_deref(), medium.alt.as_deref()).await?;
            }
        }
        tx.commit().await?;
        Ok(())
    }

    /// Removes one medium of `view`'s post; `false` if it has no such medium.
    pub async fn remove_medium(&self, view: &PostView, media_id: &MediaId) -> Result<bool, Error> {
        if !view.media.iter().any(|own| own.row.id == *media_id) {
            return Ok(false);
        }
        let mut tx = self.store.db.begin().await?;
        store::media::remove(&mut tx, media_id, self.clock.now()).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Deletes a post whose end has come. It may have been put off since this was queued; then another job stands for the new end.
    pub(crate) async fn expire(&self, id: &PostId) -> Result<(), Error> {
        match store::posts::find(&self.store.db, id).await? {
            Some(post) if post.has_ended(self.clock.now()) => self.delete(id).await,
            _ => Ok(()),
        }
    }

    /// Deletes a post for good. When this returns nobody gets a byte of it; its blobs go by the jobs of the same transaction.
    pub async fn delete(&self, id: &PostId) -> Result<(), Error> {
        let mut tx = self.store.db.begin().await?;
        store::posts::delete(&mut tx, id, self.clock.now()).await?;
        tx.commit().await?;
        Ok(())
    }
}
