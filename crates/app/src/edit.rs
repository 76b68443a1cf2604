//! What the holder of a manage link does: change words, media and options, remove a medium, delete the post for good.

use std::sync::Arc;

use domain::{Draft, DraftError, Expiry, Lane, ManageSecret, MediaId, MediaState, Password, PostId, Time, Wait};
use store::posts::Change;
use store::{PostRow, Subject, Tx};

use crate::act::{Failed, on_its_own};
use crate::markdown::Numbers;
use crate::matching::Released;
use crate::publish::{Source, said_of, staged, staged_key, written};
use crate::{Error, Found, Job, MediaView, NewMedium, PostView, Site, matching};

/// What a post shall be.
#[derive(Debug, Default)]
pub struct Edit {
    /// The state of the post that the editor has seen, by [`version`]; `None`: whatever stands there is overwritten.
    pub seen: Option<i64>,
    /// Words, language and switches. Its expiry, password and views are not used.
    pub draft: Draft,
    /// A new end, counted from now; `None`: as it is.
    pub expires: Option<Expiry>,
    /// A new password or none; `None`: as it is.
    pub password: Option<Option<Password>>,
    /// A new number of openings or none; `None`: as it is.
    pub views: Option<Option<u32>>,
    /// All media in the order wanted; what is not among them is removed. `None`: as they are.
    pub media: Option<Vec<Edited>>,
    /// Whether somebody has to look at what is new of it first. It does not wait for a while, which would hide what stands.
    pub lane: Lane,
}

/// A medium of an edited post.
#[derive(Debug)]
pub enum Edited {
    /// One that is there.
    Kept {
        /// Which.
        media_id: MediaId,
        /// One line under it.
        caption: Option<String>,
        /// What it shows.
        alt: Option<String>,
        /// Covered until asked for.
        sensitive: bool,
        /// Another still, or a video's own frame again; `None`: as it is.
        still: Option<Option<Source>>,
    },
    /// One that is added. It goes the way of every new one before anybody sees it.
    New(NewMedium),
}

/// Which state of a post an editor has seen: it changes with every edit, and with nothing else.
#[must_use]
pub fn version(post: &PostRow) -> i64 {
    post.edited.map_or(0, |time| time.0)
}

impl Site {
    /// The post, if `secret` is its own. A wrong secret and a missing post look the same from outside.
    pub async fn managed(&self, id: &PostId, secret: &ManageSecret) -> Result<Option<PostView>, Error> {
        Ok(match self.read_unlocked(id).await? {
            Found::Post(view) if secret.matches(&view.post.manage_hash) => Some(*view),
            _ => None,
        })
    }

    /// Changes `view`'s post. The caller has checked the secret. All of it happens, or nothing.
    pub async fn edit(&self, view: Arc<PostView>, edit: Edit) -> Result<(), Error> {
        let site = self.clone();
        on_its_own(async move {
            let new: Vec<String> = edit.media.iter().flatten().flat_map(own_objects).collect();
            site.or_give_up(&new, site.edit_whole(&view, edit).await).await
        })
        .await
    }

    async fn edit_whole(&self, view: &PostView, edit: Edit) -> Result<(), Failed> {
        self.write_edit(view, edit).await?.commit().await.map_err(Failed::commit)
    }

    /// Writes all of an edit; the caller commits it.
    async fn write_edit(&self, view: &PostView, edit: Edit) -> Result<Tx, Error> {
        let now = self.clock.now();
        let draft = &edit.draft;
        let media = edit.media.as_ref().map_or(view.media.len(), Vec::len);
        if draft.text.is_empty() && draft.title.is_none() && media == 0 {
            return Err(DraftError::Nothing.into());
        }
        if media > self.limits.files_per_post && edit.media.iter().flatten().any(|one| matches!(one, Edited::New(_))) {
            return Err(DraftError::TooManyFiles { limit: self.limits.files_per_post }.into());
        }
        let adds = adds(view, &edit);
        if adds {
            self.may_post()?;
        }
        let mut numbers: Numbers = view
            .numbered()
            .filter(|(medium, _)| medium.row.state != MediaState::Refused)
            .map(|(medium, number)| (number, medium.row.id.clone()))
            .collect();
        let draft = edit.draft;
        let media = edit.media.map(|media| {
            let (media, new_numbers) = self.with_ids(media, numbers.len());
            // Who says which number a new one has means that one.
            numbers.splice(0..0, new_numbers);
            media
        });
        let words = written(draft.text, numbers, &self.limits).await?;
        let mut row = view.post.clone();
        row.title = draft.title;
        row.text = words.text;
        row.html = words.html;
        row.language = draft.language;
        row.listed = draft.listed;
        row.sensitive = draft.sensitive;
        // Two edits in one millisecond are two states all the same.
        row.edited = Some(Time(now.0.max(version(&view.post).saturating_add(1))));
        let fresh_seal = edit.password.is_some();
        if let Some(password) = edit.password {
            row.password = match password {
                Some(password) => Some(crate::open::hashed(self, password).await?),
                None => None,
            };
        }
        let mut views = Change::Keep;
        if let Some(wanted) = edit.views {
            row.views_left = wanted.map(i64::from);
            views = Change::Set(row.views_left);
        }
        let locked = row.password.is_some() || row.views_left.is_some();
        row.seal = match row.seal {
            _ if !locked => None,
            Some(seal) if !fresh_seal => Some(seal),
            _ => Some(self.chance.seal()),
        };
        let subject = Subject { post_id: row.id.clone(), media_id: None };
        let known = {
            let said: Vec<Option<&str>> = match &media {
                Some(media) => media.iter().flat_map(|(_, one)| said_with(one)).collect(),
                None => view.media.iter().flat_map(|own| [own.row.caption.as_deref(), own.row.alt.as_deref()]).collect(),
            };
            Arc::new(matching::words::known(row.title.as_deref(), &row.text, said).await?)
        };
        let (mut tx, verdict) = self.ask(&subject, &known, Released::by_somebody).await?;
        // What is held stays so, whatever is made of it, until somebody decides.
        row.held = verdict.holds();
        row.sensitive |= verdict.covers();
        // Somebody has to look at what is new, as if it were another post.
        let look = edit.lane.look.filter(|_| adds);
        row.waits = look.map(|_| Wait::ForALook);
        row.links = edit.lane.links.filter(|_| adds);
        if !store::posts::edit(&mut tx, &row, views, edit.seen).await? {
            return Err(DraftError::Changed.into());
        }
        self.wait_in(&mut tx, &subject, &Lane { look, links: row.links, ..Lane::default() }).await?;
        matching::write_down(&mut tx, self, &subject, &known.fingerprints, verdict, now).await?;
        if let Some(expiry) = edit.expires {
            let end = expiry.at(now);
            store::posts::set_end(&mut tx, &row.id, end).await?;
            if let Some(end) = end {
                self.enqueue_at(&mut tx, &Job::ExpirePost { post_id: row.id.clone() }, end).await?;
            }
        }
        match media {
            Some(media) => self.write_media(&mut tx, view, media, &words.said, now).await?,
            None => self.say_what_they_show(&mut tx, view, &words.said).await?,
        }
        Ok(tx)
    }

    /// All media as they shall be, new ones with their ids; and by which numbers the words name new ones, of which `before` stand already.
    fn with_ids(&self, media: Vec<Edited>, before: usize) -> (Vec<(MediaId, Edited)>, Numbers) {
        let mut numbers = Numbers::new();
        let media = media.into_iter().map(|one| match one {
            Edited::Kept { ref media_id, .. } => (media_id.clone(), one),
            Edited::New(medium) => {
                let id = self.chance.media_id();
                numbers.push((medium.number.unwrap_or(before + numbers.len() + 1), id.clone()));
                (id, Edited::New(medium))
            }
        });
        (media.collect(), numbers)
    }

    /// An edit of the words alone may say what a medium shows that nothing was said of.
    async fn say_what_they_show(&self, tx: &mut Tx, view: &PostView, said: &[(MediaId, String)]) -> Result<(), Error> {
        for row in view.media.iter().map(|own| &own.row).filter(|row| row.alt.is_none()) {
            if let Some(alt) = said_of(said, &row.id, &self.limits) {
                let words = store::media::Words { caption: row.caption.as_deref(), alt: Some(&alt), sensitive: row.sensitive };
                store::media::edit(tx, &view.post.id, &row.id, row.position, words).await?;
            }
        }
        Ok(())
    }

    async fn write_media(
        &self,
        tx: &mut Tx,
        view: &PostView,
        media: Vec<(MediaId, Edited)>,
        said: &[(MediaId, String)],
        now: Time,
    ) -> Result<(), Error> {
        // What is dark is on no form, and stays where it is: it may come back.
        let is_gone = |own: &&MediaView| own.row.removed.is_none() && !media.iter().any(|(kept, _)| *kept == own.row.id);
        let gone: Vec<&MediaView> = view.media.iter().filter(is_gone).collect();
        if !gone.is_empty() && store::decisions::has_dark(tx, &view.post.id).await? {
            for own in &gone {
                // A decision came in between.
                if store::media::look(tx, &own.row.id).await?.is_some_and(|row| row.removed.is_some()) {
                    return Err(DraftError::Changed.into());
                }
            }
        }
        for gone in gone {
            self.take_medium(tx, &view.post.id, &gone.row.id, now).await?;
        }
        for (position, (id, one)) in (0i64..).zip(media) {
            match one {
                // Only media of this very post: the secret opens nothing else.
                Edited::Kept { caption, alt, sensitive, still, .. } => {
                    let alt = alt.or_else(|| said_of(said, &id, &self.limits));
                    let words = store::media::Words { caption: caption.as_deref(), alt: alt.as_deref(), sensitive };
                    store::media::edit(tx, &view.post.id, &id, position, words).await?;
                    let Some(still) = still else { continue };
                    let Some(own) = view.media.iter().find(|own| own.row.id == id && own.row.removed.is_none()) else { continue };
                    store::media::take_still(tx, &id, now).await?;
                    if let Some(source) = still {
                        self.attach_still(tx, &view.post.id, position, (&id, own.row.kind), source).await?;
                    }
                }
                Edited::New(mut medium) => {
                    medium.alt = medium.alt.or_else(|| said_of(said, &id, &self.limits));
                    self.attach(tx, &view.post.id, position, id, medium).await?;
                }
            }
        }
        Ok(())
    }

    /// Removes one medium of `view`'s post; `false` if it has no such medium.
    pub async fn remove_medium(&self, view: &PostView, media_id: &MediaId) -> Result<bool, Error> {
        let still = view.media.iter().find(|own| own.still.as_ref().is_some_and(|still| still.row.id == *media_id));
        if !view.media.iter().any(|own| own.row.id == *media_id) && still.is_none() {
            return Ok(false);
        }
        let others = view.media.iter().any(|own| own.row.id != *media_id && own.row.state != domain::MediaState::Refused);
        if !others && still.is_none() && view.post.title.is_none() && view.post.text.is_empty() {
            // Nothing would be left of the post; whoever wants that deletes it.
            return Err(DraftError::Nothing.into());
        }
        let (mut tx, subject, known, verdict) = loop {
            // What of it a decision has made dark goes into quarantine first.
            self.set_aside(&view.post.id).await?;
            // What stands under it goes too, also from what the words are known by.
            let asked = self.ask_of_words(&view.post.id, Some(media_id), Released::by_somebody).await?;
            let Some((mut tx, subject, known, verdict)) = asked else { return Ok(false) };
            if !store::decisions::has_dark(&mut tx, &view.post.id).await? {
                break (tx, subject, known, verdict);
            }
        };
        let now = self.clock.now();
        self.take_medium(&mut tx, &view.post.id, media_id, now).await?;
        if !verdict.is_empty() {
            matching::act(&mut tx, self, &subject, &verdict).await?;
        }
        matching::write_down(&mut tx, self, &subject, &known.fingerprints, verdict, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Deletes a post whose end has come. It may have been put off since this was queued; then another job stands for the new end.
    pub(crate) async fn expire(&self, id: &PostId) -> Result<(), Error> {
        match store::posts::find(&self.store.db, id).await? {
            Some(post) if post.has_ended(self.clock.now()) && post.removed.is_none() => self.delete(id).await,
            _ => Ok(()),
        }
    }

    /// Deletes a post for good. When this returns nobody gets a byte of it; its blobs go by the jobs of the same transaction.
    /// What of it a decision has made dark goes into quarantine first, which no poster cuts short; and all of it does where something covers it
    /// (`preserved`).
    pub async fn delete(&self, id: &PostId) -> Result<(), Error> {
        let mut tx = self.begin_deletion(id).await?;
        if !self.preserve(&mut tx, &Subject { post_id: id.clone(), media_id: None }).await? {
            store::posts::delete(&mut tx, id, self.clock.now()).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Takes a medium away, for good, or as long as something covers it only for everybody.
    async fn take_medium(&self, tx: &mut Tx, post: &PostId, id: &MediaId, now: Time) -> Result<(), Error> {
        if self.preserve(tx, &Subject { post_id: post.clone(), media_id: Some(id.clone()) }).await? {
            return Ok(store::media::edited(tx, post.as_str(), now).await?);
        }
        Ok(store::media::remove(tx, id, now).await?)
    }

    /// Begins a change that takes something of a post away, with nothing of the post dark that is not in quarantine.
    pub(crate) async fn begin_deletion(&self, id: &PostId) -> Result<Tx, Error> {
        loop {
            self.set_aside(id).await?;
            let mut tx = self.store.db.begin().await?;
            if !store::decisions::has_dark(&mut tx, id).await? {
                return Ok(tx);
            }
        }
    }
}

/// Whether an edit brings anything that was not there: words, files, or something else to be said of them.
fn adds(view: &PostView, edit: &Edit) -> bool {
    let is_new = |now: Option<&str>, before: Option<&str>| now.is_some_and(|now| !now.is_empty() && before != Some(now));
    let said_anew = |one: &Edited| match one {
        Edited::New(_) | Edited::Kept { still: Some(Some(_)), .. } => true,
        Edited::Kept { media_id, .. } => {
            let own = view.media.iter().find(|own| own.row.id == *media_id).map(|own| [own.row.caption.as_deref(), own.row.alt.as_deref()]);
            said_with(one).into_iter().zip(own.unwrap_or_default()).any(|(now, before)| is_new(now, before))
        }
    };
    is_new(Some(&edit.draft.text), Some(&view.post.text))
        || is_new(edit.draft.title.as_deref(), view.post.title.as_deref())
        || edit.media.iter().flatten().any(said_anew)
}

/// What is said of a medium beside it.
fn said_with(one: &Edited) -> [Option<&str>; 2] {
    match one {
        Edited::Kept { caption, alt, .. } => [caption.as_deref(), alt.as_deref()],
        Edited::New(medium) => [medium.caption.as_deref(), medium.alt.as_deref()],
    }
}

fn own_objects(one: &Edited) -> Vec<String> {
    match one {
        Edited::Kept { still, .. } => still.iter().flatten().filter_map(staged_key).collect(),
        Edited::New(medium) => staged(std::slice::from_ref(medium)),
    }
}
