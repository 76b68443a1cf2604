//! Reading: a post with everything that its page needs, and the one gate before every byte of a medium.

use std::sync::Arc;

use domain::party::Jurisdiction;
use domain::{Action, DecisionId, Lever, MediaId, MediaState, PostId, PostState, Time};
use quick_cache::sync::Cache;
use store::files::Served;
use store::posts::Standing;
use store::{FileRow, MediaRow, PostRow};

use crate::{Error, Removal, Site, markdown};

/// A post as a visitor may see it.
#[derive(Debug)]
pub struct PostView {
    /// Its row.
    pub post: PostRow,
    /// Its media in order.
    pub media: Vec<MediaView>,
    /// Until when the addresses of its media hold, where the post is not open to all.
    pub until: Time,
    /// Something of it is withheld somewhere, so that not everybody sees the same.
    pub withheld: bool,
}

/// A medium with its files.
#[derive(Debug)]
pub struct MediaView {
    /// Its row.
    pub row: MediaRow,
    /// What can be fetched of it; empty unless it is ready.
    pub files: Vec<FileRow>,
    /// The photo that its poster wants to stand in its place before it plays.
    pub still: Option<Box<MediaView>>,
}

impl PostView {
    /// Media with their numbers, by which pages and words name them: what was refused has none of its own.
    pub fn numbered(&self) -> impl Iterator<Item = (&MediaView, usize)> {
        self.media.iter().scan(0, |taken, medium| {
            *taken += usize::from(medium.row.state != MediaState::Refused);
            Some((medium, *taken))
        })
    }

    /// Takes out what nobody but its poster sees yet: of a post that waits all of it, whatever it waits for; else what is written under a
    /// medium that waits.
    fn keep_back(&mut self) {
        let waits = self.post.held || self.post.waits.is_some();
        if waits {
            (self.post.title, self.post.text, self.post.html) = (None, String::new(), String::new());
        }
        for medium in self.media.iter_mut().filter(|medium| waits || medium.row.state == MediaState::Waiting) {
            (medium.row.caption, medium.row.alt) = (None, None);
        }
    }

    /// Takes out a medium that is withheld where the visitor asks from.
    fn withhold(&mut self, medium: &MediaId) {
        if let Some(own) = self.media.iter_mut().find(|own| own.row.id == *medium) {
            own.row.state = MediaState::Removed;
            (own.row.name, own.row.caption, own.row.alt, own.row.thumbhash) = (None, None, None, None);
            (own.files, own.still) = (Vec::new(), None);
        }
    }

    /// How the post stands.
    #[must_use]
    pub fn state(&self) -> PostState {
        let busy = |medium: &MediaView| matches!(medium.row.state, MediaState::Receiving | MediaState::Processing);
        let waits = |medium: &MediaView| medium.row.state == MediaState::Waiting;
        let mut all = self.media.iter().chain(self.media.iter().filter_map(|medium| medium.still.as_deref()));
        if all.clone().any(busy) {
            PostState::Processing
        } else if self.post.held || self.post.waits.is_some() || all.any(waits) {
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
    /// A post that is not open to all, asked for without a pass. Nothing else is told of it.
    Locked(Lock),
    /// A post that a decision made dark.
    Removed(Box<Removal>),
    /// A post that was deleted or has expired.
    Gone,
    /// Nothing was ever there.
    Nothing,
}

/// What a locked post asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// Its password.
    Password,
    /// A press of Open, which is counted.
    Press,
}

impl Site {
    /// What stands at `/{id}` now, for a visitor who shows this pass and asks from this country.
    pub async fn read(&self, id: &PostId, pass: Option<&str>, from: Option<Jurisdiction>) -> Result<Found, Error> {
        let found = self.read_unlocked(id).await?;
        let Found::Post(mut view) = found else { return Ok(found) };
        let withheld = store::decisions::withheld(&self.store.db, id).await?;
        view.withheld = !withheld.is_empty();
        for (medium, countries, decision) in withheld {
            if !from.is_some_and(|from| countries.contains(&from)) {
                continue;
            }
            let Some(medium) = medium else {
                let removal = self.removal(id, &decision).await?.filter(|removal| !removal.decision.is_silent(self.clock.now()));
                return Ok(removal.map_or(Found::Gone, |removal| Found::Removed(Box::new(removal))));
            };
            view.withhold(&medium);
        }
        view.keep_back();
        if view.post.links.is_some() || self.lever(Lever::NoLinks).is_some() {
            view.post.html = markdown::without_links(&view.post.html);
        }
        let Some(seal) = view.post.seal else { return Ok(Found::Post(view)) };
        if let Some(until) = pass.and_then(|pass| seal.admits(id, pass, self.clock.now())) {
            view.until = until;
            return Ok(Found::Post(view));
        }
        Ok(match (view.post.views_left, &view.post.password) {
            (Some(0), _) => Found::Gone,
            (_, Some(_)) => Found::Locked(Lock::Password),
            (_, None) => Found::Locked(Lock::Press),
        })
    }

    /// What stands there for whoever holds the manage link.
    pub(crate) async fn read_unlocked(&self, id: &PostId) -> Result<Found, Error> {
        let db = &self.store.db;
        let Some(post) = store::posts::find(db, id).await? else {
            return Ok(if store::posts::is_gone(db, id).await? { Found::Gone } else { Found::Nothing });
        };
        if let Some(decision) = &post.removed {
            let removal = self.removal(id, decision).await?.filter(|removal| !removal.decision.is_silent(self.clock.now()));
            return Ok(removal.map_or(Found::Gone, |removal| Found::Removed(Box::new(removal))));
        }
        if post.has_ended(self.clock.now()) {
            return Ok(Found::Gone);
        }
        let all = store::media::of_post(db, id).await?;
        let before = all.len();
        let rows = self.told_of(all).await?;
        if rows.is_empty() && before > 0 && post.title.is_none() && post.text.is_empty() {
            // All that it was is kept from everybody: so it never tells that there is something to tell.
            return Ok(Found::Gone);
        }
        // What waits as a whole shows none of its media, and says of each that it waits.
        let waits = post.waits.is_some() || post.held;
        let mut files = if rows.is_empty() { Vec::new() } else { store::files::of_post(db, id).await? };
        let arriving = rows.iter().any(|row| row.state == MediaState::Receiving);
        let uploads = if arriving { store::uploads::of_post(db, id).await? } else { Vec::new() };
        let mut media: Vec<MediaView> = Vec::with_capacity(rows.len());
        let mut stills = Vec::new();
        for mut row in rows {
            if row.state == MediaState::Removed {
                // Not a word of it, also as long as it is not in quarantine.
                (row.name, row.caption, row.alt, row.thumbhash) = (None, None, None, None);
            }
            if let Some(upload) = uploads.iter().find(|upload| row.upload.as_ref() == Some(&upload.id)) {
                row.progress = share(upload.arrived, upload.length);
            }
            if waits && row.state == MediaState::Ready {
                row.state = MediaState::Waiting;
            }
            let (own, rest) = files.into_iter().partition(|file: &FileRow| file.media_id == row.id);
            files = rest;
            let into = if row.still_of.is_some() { &mut stills } else { &mut media };
            into.push(MediaView { files: if row.state == MediaState::Ready { own } else { Vec::new() }, row, still: None });
        }
        for still in stills {
            if let Some(video) = media.iter_mut().find(|video| still.row.still_of.as_ref() == Some(&video.row.id)) {
                video.still = Some(Box::new(still));
            }
        }
        let until = self.clock.now().plus_ms(domain::pass::PASS_MS);
        Ok(Found::Post(Box::new(PostView { post, media, until, withheld: false })))
    }

    /// Media without those that were removed in silence: they are not there, and that is all that anybody is told.
    async fn told_of(&self, mut rows: Vec<MediaRow>) -> Result<Vec<MediaRow>, Error> {
        let mut decisions: Vec<DecisionId> = rows.iter().filter_map(|row| row.removed.clone()).collect();
        decisions.sort_unstable();
        decisions.dedup();
        for id in decisions {
            let decision = store::decisions::find(&self.store.db, &id).await?;
            // What its poster took away is not there, also where it is kept.
            if decision.is_some_and(|row| row.is_silent(self.clock.now()) || row.decision.action == Action::Preserve) {
                rows.retain(|row| row.removed.as_ref() != Some(&id));
            }
        }
        Ok(rows)
    }

    /// How the post at `/{id}` stands now, without reading it; `None`: not there, or its end has come.
    pub async fn standing(&self, id: &PostId) -> Result<Option<Standing>, Error> {
        let standing = self.0.gate.ask(id).await?;
        Ok(standing.filter(|standing| standing.expires.is_none_or(|end| end > self.clock.now())))
    }

    /// The file that stands at `/m/{media_id}/{name}` now, if whoever shows this proof and asks from this country may have it now.
    pub async fn served_file(
        &self,
        media_id: &MediaId,
        name: &str,
        proof: Option<&str>,
        from: Option<Jurisdiction>,
    ) -> Result<Option<Arc<Served>>, Error> {
        let served = self.known_file(media_id, name).await?;
        if let Some(served) = served.as_ref().filter(|served| served.withheld)
            && let Some(from) = from
        {
            let withheld = store::decisions::withheld(&self.store.db, &served.post_id).await?;
            let is_meant = |medium: &Option<MediaId>| medium.as_ref().is_none_or(|medium| medium == media_id);
            if withheld.iter().any(|(medium, countries, _)| is_meant(medium) && countries.contains(&from)) {
                return Ok(None);
            }
        }
        let now = self.clock.now();
        Ok(served.filter(|served| served.seal.is_none_or(|seal| proof.is_some_and(|proof| seal.proves(media_id, proof, now)))))
    }

    async fn known_file(&self, media_id: &MediaId, name: &str) -> Result<Option<Arc<Served>>, Error> {
        let key = (media_id.clone(), name.to_owned());
        if let Some(known) = self.0.served.get(&key)
            && self.standing(&known.post_id).await?.is_some_and(|standing| standing.revision == known.revision)
        {
            return Ok(Some(known));
        }
        let served = store::files::served(&self.store.db, media_id, name, self.clock.now()).await?.map(Arc::new);
        match &served {
            Some(served) => self.0.served.insert(key, Arc::clone(served)),
            None => drop(self.0.served.remove(&key)),
        }
        Ok(served)
    }
}

/// How much of something is there, from 0 to 1.
fn share(part: i64, whole: i64) -> f64 {
    // Both are far below 2^53.
    if whole > 0 { part as f64 / whole as f64 } else { 0.0 }
}

/// Files that were fetched lately, by medium and name. Each is given out only while its post stands at the same revision.
pub(crate) type ServedFiles = Cache<(MediaId, String), Arc<Served>>;

pub(crate) fn served_files() -> ServedFiles {
    Cache::new(4_096)
}
