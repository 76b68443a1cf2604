//! What a site holds of what an order to provide information, or to preserve, names: facts about posts and files, never what they show or say.

use std::collections::HashSet;

use domain::{
    Action, DecisionId, FileRole, Fingerprint, FingerprintKind, Language, MediaId, MediaKind, MediaState, PostId, RestrictionState, Time,
};
use store::filings::{Link, LinkState};
use store::{FilingRow, MediaRow, PostRow, Subject};

use crate::quarantine::archive::{Archive, ArchivedMedium, Kept};
use crate::quarantine::identity;
use crate::{Error, Site};

/// What is held of one link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// As it was sent.
    pub url: String,
    /// What there is.
    pub held: Held,
}

/// What there is of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// Nothing of this site ever stood there.
    Nothing,
    /// It is gone, and nothing of it is left but its id.
    Gone,
    /// A post, or one medium of it.
    Post(Box<HeldPost>),
}

/// What there is of a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldPost {
    /// Its id.
    pub id: PostId,
    /// When it was published.
    pub created: Time,
    /// When it was last edited.
    pub edited: Option<Time>,
    /// When it ends.
    pub expires: Option<Time>,
    /// What its poster says that it is written in.
    pub language: Option<Language>,
    /// How it stands.
    pub state: HeldState,
    /// Its media, or the one that is named.
    pub media: Vec<HeldMedium>,
}

/// How something that is held stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldState {
    /// Everybody can read it.
    Public,
    /// Its poster has locked it.
    Locked,
    /// Nobody sees it until somebody decides.
    Hidden,
    /// A decision took it away; it is kept until then.
    Removed {
        /// When.
        at: Time,
        /// Until when it is kept.
        until: Time,
    },
    /// Its poster took it away, or its end came, and it is kept since somebody asked for that or an order on it is open.
    Preserved {
        /// When.
        at: Time,
        /// Until when it is kept at least; `None`: as long as the order is open.
        until: Option<Time>,
    },
    /// It was destroyed.
    Destroyed(Time),
}

/// What there is of a medium.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldMedium {
    /// Its id.
    pub id: MediaId,
    /// What it is.
    pub kind: Option<MediaKind>,
    /// How it stands.
    pub state: HeldState,
    /// Of its file as it is shown: the type, the size in bytes, and the SHA-256.
    pub file: Option<(String, i64, [u8; 32])>,
    /// The SHA-256 of files that it was known by before, such as the one that arrived.
    pub others: Vec<[u8; 32]>,
}

impl Site {
    /// What there is of each link of a filing.
    pub async fn holdings(&self, row: &FilingRow) -> Result<Vec<Holding>, Error> {
        let mut all = Vec::with_capacity(row.links.len());
        for link in &row.links {
            all.push(Holding { url: link.url.clone(), held: self.held_of(link).await? });
        }
        Ok(all)
    }

    async fn held_of(&self, link: &Link) -> Result<Held, Error> {
        let db = &self.store.db;
        let Some(id) = &link.post else { return Ok(Held::Nothing) };
        let Some(post) = store::posts::find(db, id).await? else {
            let kept = self.kept_of(id).await?;
            return Ok(match kept.into_iter().reduce(whole) {
                Some(post) => named(post, link.media.as_ref()),
                None if link.state == LinkState::Nothing => Held::Nothing,
                None => Held::Gone,
            });
        };
        let mut media = Vec::new();
        let files = store::files::of_post(db, id).await?;
        let kept: Vec<HeldMedium> = self.kept_of(id).await?.into_iter().flat_map(|post| post.media).collect();
        for row in store::media::of_post(db, id).await? {
            if link.media.as_ref().is_some_and(|wanted| *wanted != row.id) {
                continue;
            }
            let file = files.iter().find(|file| file.media_id == row.id && file.role == FileRole::Original);
            let mut file = file.map(|file| (file.content_type.clone(), file.size_bytes, file.blob));
            let known = store::fingerprints::of(db, &Subject { post_id: id.clone(), media_id: Some(row.id.clone()) }).await?;
            let mut others = digests(&known);
            if let Some(away) = kept.iter().find(|away| away.id == row.id) {
                file = file.or_else(|| away.file.clone());
                others.extend(&away.others);
            }
            let others = beside(others, file.as_ref());
            media.push(HeldMedium { state: self.medium_state(&post, &row).await?, id: row.id, kind: row.kind, file, others });
        }
        // What its poster took out of the post since.
        media.extend(kept.into_iter().filter(|one| link.media.as_ref().is_none_or(|wanted| *wanted == one.id)));
        let mut seen = HashSet::new();
        media.retain(|one| seen.insert(one.id.clone()));
        if link.media.is_some() && media.is_empty() {
            return Ok(Held::Gone);
        }
        Ok(Held::Post(Box::new(HeldPost {
            state: self.post_state(&post).await?,
            id: post.id,
            created: post.created,
            edited: post.edited,
            expires: post.expires,
            language: post.language,
            media,
        })))
    }

    /// What is kept in quarantine of a post, as a whole or of media of it: one for each time that something was taken away, the latest last.
    async fn kept_of(&self, id: &PostId) -> Result<Vec<HeldPost>, Error> {
        let mut all = Vec::new();
        for restriction in store::decisions::of_post(&self.store.db, id).await? {
            let (RestrictionState::Quarantined, Some(_)) = (restriction.state, &restriction.archive) else { continue };
            let Some(row) = store::decisions::find(&self.store.db, &restriction.decision_id).await? else { continue };
            let Some(key) = &row.key else { continue };
            let Archive { words, media, post, .. } = self.archive(&identity(key)?, &restriction).await?;
            let state = self.removed_state(&row.id).await?;
            let media = media.into_iter().map(|medium| archived(medium, state)).collect::<Result<Vec<_>, Error>>()?;
            let post = post.as_ref();
            let kept = HeldPost {
                id: id.clone(),
                created: post.map_or(row.created, |post| Time(post.created_ms)),
                edited: post.and_then(|post| post.edited_ms).map(Time),
                expires: post.and_then(|post| post.expires_ms).map(Time),
                language: words.language.as_deref().and_then(Language::parse),
                state,
                media,
            };
            // The post as a whole says most of itself.
            all.push((restriction.subject.media_id.is_none(), row.created, kept));
        }
        all.sort_by_key(|(whole, created, _)| (*whole, *created));
        Ok(all.into_iter().map(|(.., kept)| kept).collect())
    }

    async fn post_state(&self, post: &PostRow) -> Result<HeldState, Error> {
        Ok(match &post.removed {
            Some(decision) => self.removed_state(decision).await?,
            None if post.held || post.waits.is_some() => HeldState::Hidden,
            None if post.seal.is_some() => HeldState::Locked,
            None => HeldState::Public,
        })
    }

    async fn medium_state(&self, post: &PostRow, row: &MediaRow) -> Result<HeldState, Error> {
        match &row.removed {
            Some(decision) => self.removed_state(decision).await,
            None if row.state == MediaState::Waiting => Ok(HeldState::Hidden),
            None => self.post_state(post).await,
        }
    }

    async fn removed_state(&self, id: &DecisionId) -> Result<HeldState, Error> {
        let row = store::decisions::find(&self.store.db, id).await?;
        Ok(match row {
            Some(row) if row.decision.action == Action::Preserve && row.destroyed.is_none() => {
                let retentions = store::retentions::of_decision(&self.store.db, id).await?;
                let until = retentions.iter().map(|one| one.retention.until).max().filter(|until| *until > self.clock.now());
                HeldState::Preserved { at: row.created, until }
            }
            Some(row) => row.destroyed.map_or(HeldState::Removed { at: row.created, until: row.keep_until }, HeldState::Destroyed),
            None => HeldState::Hidden,
        })
    }
}

/// What was taken away at two times as one: the later one's facts, and the media of both.
fn whole(earlier: HeldPost, mut later: HeldPost) -> HeldPost {
    let known: HashSet<MediaId> = later.media.iter().map(|medium| medium.id.clone()).collect();
    later.media.extend(earlier.media.into_iter().filter(|medium| !known.contains(&medium.id)));
    later
}

/// The post with this medium alone, if one is named; gone, if there is none of that name.
fn named(mut post: HeldPost, wanted: Option<&MediaId>) -> Held {
    if let Some(wanted) = wanted {
        post.media.retain(|medium| medium.id == *wanted);
        if post.media.is_empty() {
            return Held::Gone;
        }
    }
    Held::Post(Box::new(post))
}

fn archived(medium: ArchivedMedium, state: HeldState) -> Result<HeldMedium, Error> {
    let file = medium.original().map(|file| (file.content_type.clone(), file.size_bytes, file.sha256));
    let kind = medium.facts.as_ref().and_then(|facts| facts.kind);
    let known = medium.fingerprints.into_iter().map(Kept::back).collect::<Result<Vec<_>, Error>>()?;
    Ok(HeldMedium { id: medium.id, kind, state, others: beside(digests(&known), file.as_ref()), file })
}

/// The SHA-256 of files that a medium was known by.
fn digests(known: &[Fingerprint]) -> Vec<[u8; 32]> {
    let digests = known.iter().filter(|one| matches!(one.kind, FingerprintKind::Sha256 | FingerprintKind::VideoSha256));
    digests.filter_map(|one| one.bytes.as_slice().try_into().ok()).collect()
}

/// Each digest once, but for that of this file.
fn beside(mut others: Vec<[u8; 32]>, file: Option<&(String, i64, [u8; 32])>) -> Vec<[u8; 32]> {
    others.sort_unstable();
    others.dedup();
    others.retain(|digest| file.is_none_or(|(_, _, own)| own != digest));
    others
}
