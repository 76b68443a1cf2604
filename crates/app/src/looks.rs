//! Looks: what whoever decides sees, once, and within the day's budget; and what they were spared.
//!
//! What somebody saw or decided is known again by its id, by what banks know it is like, and by its hashes, so that a copy of it is not shown to them
//! either. A look is written down in the transaction that allows it, before a byte of it is read.

use domain::look::{self, Known, SITTING_MS, Tally};
use domain::time::DAY_MS;
use domain::{Act, CaseId, FileRole, FingerprintKind, ItemId, MediaId, MediaState, ModeratorId, Time};
use likeness::{Hash, RADIUS};
use sha2::{Digest as _, Sha256};
use store::looks::SeenRow;
use store::{Subject, Tx};

use crate::matching::known;
use crate::moderators::{decides, may};
use crate::{Error, Found, Site};

/// Days for which is kept what somebody did.
const DAYS: i64 = 400;
/// Members of a case of which somebody who decides it remembers each.
const REMEMBERED: i64 = 200;

/// What came of looking.
#[derive(Clone, Debug)]
pub enum Look {
    /// Here is a small picture of it.
    Shown(Picture),
    /// They know it already, or something that is like it.
    Known(KnownAlready),
    /// They have looked as often today as they may.
    UsedUp,
    /// There is nothing to see, or nobody shall ever look at it.
    Nothing,
}

/// A small picture of a medium, whole.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Of what type it is.
    pub content_type: String,
    /// It.
    pub bytes: bytes::Bytes,
}

/// Somebody knows something already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownAlready {
    /// How.
    pub known: Known,
    /// Since when.
    pub at: Time,
    /// It is the very same, and they have just looked at it: it is the same look.
    pub just_now: bool,
}

/// What somebody did today, and may still do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Desk {
    /// What they did.
    pub today: Tally,
    /// How many looks a day are allowed; `None`: as many as they like.
    pub budget: Option<i64>,
}

impl Desk {
    /// They have looked as often today as they may.
    #[must_use]
    pub fn is_used_up(&self) -> bool {
        look::left(self.budget, self.today.looks) == Some(0)
    }
}

/// What a decision is on, as far as whoever makes it knows it from then on.
pub(crate) struct DecidedOn {
    hashes: Vec<[u8; 32]>,
    saved: i64,
}

impl Site {
    /// What somebody did today, and may still do.
    pub async fn desk(&self, by: &ModeratorId) -> Result<Desk, Error> {
        let db = &self.store.db;
        Ok(Desk { today: store::looks::today(db, by, self.clock.now()).await?, budget: store::looks::budget(db).await? })
    }

    /// Says how many media somebody may look at in a day; `None`: as many as they like. `false`: who says so is no operator any more.
    pub async fn set_looks(&self, by: Option<&ModeratorId>, most: Option<i64>) -> Result<bool, Error> {
        let most = most.map(|most| most.clamp(0, look::MOST_A_DAY));
        let mut tx = self.store.db.begin().await?;
        if !may(&mut tx, by).await? {
            return Ok(false);
        }
        store::looks::set_budget(&mut tx, most).await?;
        self.note(&mut tx, by, Act::LooksSet, "", &serde_json::json!({ "a_day": most })).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// A small picture of a medium that stands or is held, for who decides: a film's frames side by side, else the smallest that there is. `again`: they want to see it although they
    /// know it.
    pub async fn look_at_medium(&self, by: &ModeratorId, id: &MediaId, again: bool) -> Result<Look, Error> {
        let (db, now) = (&self.store.db, self.clock.now());
        let Some(row) = store::media::find(db, id).await?.filter(|row| row.removed.is_none()) else { return Ok(Look::Nothing) };
        if store::cases::is_never_shown(db, &row.post_id, id).await? {
            return Ok(Look::Nothing);
        }
        let pictures = store::files::of_post(db, &row.post_id).await?.into_iter();
        let pictures = pictures.filter(|file| file.media_id == *id);
        let Some(picture) = smallest(pictures, |file| (file.role, file.width)) else { return Ok(Look::Nothing) };
        let subject = Subject { post_id: row.post_id.clone(), media_id: Some(id.clone()) };
        let known = known_of(&store::looks::seen(db, by).await?, id, &self.asked(&subject).await?, now);
        let learnt = self.learnt(&subject).await?;
        if let Some(refused) = self.count_look(by, id, (known, again), &learnt, now).await? {
            return Ok(refused);
        }
        let bytes = self.store.blobs.read_all(&picture.object_key).await?;
        Ok(Look::Shown(Picture { content_type: picture.content_type, bytes }))
    }

    /// Counts a look, and writes it down; `None`: they may have it.
    pub(crate) async fn count_look(
        &self,
        by: &ModeratorId,
        id: &MediaId,
        (known, again): (Option<KnownAlready>, bool),
        learnt: &[[u8; 32]],
        now: Time,
    ) -> Result<Option<Look>, Error> {
        if let Some(known) = known.filter(|known| !again && !known.just_now) {
            return Ok(Some(Look::Known(known)));
        }
        let mut tx = self.store.db.begin_light().await?;
        if !decides(&mut tx, Some(by)).await? {
            return Ok(Some(Look::Nothing));
        }
        if known.is_none_or(|known| !known.just_now) {
            if !store::looks::count(&mut tx, by, store::looks::budget(&self.store.db).await?, now).await? {
                return Ok(Some(Look::UsedUp));
            }
            store::looks::remember(&mut tx, by, learnt, Known::Seen, now).await?;
        }
        self.note(&mut tx, Some(by), Act::Looked, id.as_str(), &serde_json::json!({})).await?;
        tx.commit().await?;
        Ok(None)
    }

    /// Whether nobody who decides shall look at a medium.
    pub async fn is_never_shown(&self, post: &domain::PostId, medium: &MediaId) -> Result<bool, Error> {
        Ok(store::cases::is_never_shown(&self.store.db, post, medium).await?)
    }

    /// Which of these media of a post somebody knows already.
    pub async fn known_to<'a>(
        &self,
        by: &ModeratorId,
        media: impl Iterator<Item = (&'a domain::PostId, &'a MediaId)>,
    ) -> Result<Vec<Option<KnownAlready>>, Error> {
        let seen = store::looks::seen(&self.store.db, by).await?;
        let mut all = Vec::new();
        for (post, medium) in media {
            if seen.is_empty() {
                all.push(None);
                continue;
            }
            let subject = Subject { post_id: post.clone(), media_id: Some(medium.clone()) };
            all.push(known_of(&seen, medium, &self.asked(&subject).await?, self.clock.now()));
        }
        Ok(all)
    }

    /// What somebody who decides this is spared, and will know from then on. `case`: its members are decided with it.
    pub(crate) async fn spared(&self, by: &ModeratorId, subject: &Subject, case: Option<&CaseId>) -> Result<DecidedOn, Error> {
        let db = &self.store.db;
        let mut media = Vec::new();
        match &subject.media_id {
            Some(medium) => media.push(medium.clone()),
            None => {
                if let Found::Post(post) = self.read_unlocked(&subject.post_id).await? {
                    let there = post.media.iter().filter(|own| matches!(own.row.state, MediaState::Ready | MediaState::Waiting));
                    media.extend(there.map(|own| own.row.id.clone()));
                }
            }
        }
        let mut hashes = Vec::new();
        for medium in &media {
            hashes.extend(self.learnt(&Subject { post_id: subject.post_id.clone(), media_id: Some(medium.clone()) }).await?);
        }
        let mut saved = i64::try_from(media.len()).unwrap_or(i64::MAX);
        if let Some(case) = case {
            saved = saved.saturating_add(store::cases::tally(db, case).await?.media);
            let members = store::cases::members(db, case, REMEMBERED).await?;
            media.extend(members.into_iter().filter(|member| member.taken).filter_map(|member| member.subject.media_id));
        }
        let own: Vec<[u8; 32]> = media.iter().map(|medium| name_of(medium.as_str())).collect();
        let seen = store::looks::seen(db, by).await?;
        let looked = seen.iter().filter(|row| row.known == Known::Seen && own.contains(&row.hash)).count();
        hashes.extend(own);
        Ok(DecidedOn { hashes, saved: (saved - i64::try_from(looked).unwrap_or(i64::MAX)).max(0) })
    }

    /// Writes down, with their decision, what somebody knows from now on.
    pub(crate) async fn remember_decided(
        &self,
        tx: &mut Tx,
        by: &ModeratorId,
        on: &DecidedOn,
        item: Option<&ItemId>,
        now: Time,
    ) -> Result<(), Error> {
        let item = item.map(|item| name_of(item.as_str()));
        let hashes: Vec<[u8; 32]> = on.hashes.iter().copied().chain(item).collect();
        store::looks::remember(tx, by, &hashes, Known::Decided, now).await?;
        Ok(store::looks::count_decided(tx, by, on.saved, now).await?)
    }

    /// Forgets what somebody knows as soon as nothing that they decided on it can be undone any more.
    pub(crate) async fn forget_looks(&self, tx: &mut Tx, now: Time) -> Result<(), Error> {
        Ok(store::looks::forget(tx, now.plus_ms(-domain::decision::KEEP_MS), look::day(now.plus_ms(-DAYS * DAY_MS))).await?)
    }

    /// The hashes that a medium is looked up by among what somebody knows.
    async fn asked(&self, subject: &Subject) -> Result<Vec<Hash>, Error> {
        self.hashes(subject, known::looked_up_by).await
    }

    /// The hashes that somebody knows it by who has seen it.
    async fn learnt(&self, subject: &Subject) -> Result<Vec<[u8; 32]>, Error> {
        Ok(self.hashes(subject, known::learnt_as).await?.into_iter().map(Hash::to_bytes).collect())
    }

    async fn hashes(&self, subject: &Subject, of: Reading) -> Result<Vec<Hash>, Error> {
        let db = &self.store.db;
        let mut hashes = hashes_of(subject.media_id.as_ref(), &store::fingerprints::of(db, subject).await?, of);
        for found in store::matches::of_subject(db, subject).await? {
            hashes.push(Hash::from_bytes(name_of(found.item_id.as_str())));
        }
        hashes.sort_unstable();
        hashes.dedup();
        Ok(hashes)
    }
}

/// What is read out of a fingerprint: what it is looked up by, or what it is learnt as.
pub(crate) type Reading = fn(&domain::Fingerprint) -> Vec<Hash>;

/// What a medium is known by of itself.
pub(crate) fn hashes_of(medium: Option<&MediaId>, fingerprints: &[domain::Fingerprint], of: Reading) -> Vec<Hash> {
    let own = medium.map(|medium| Hash::from_bytes(name_of(medium.as_str())));
    // Single frames of a film are in many others too: it is known by its bytes, and by what banks know that it is like.
    let telling = |one: &&domain::Fingerprint| matches!(one.kind, FingerprintKind::Sha256 | FingerprintKind::Pdq);
    own.into_iter().chain(fingerprints.iter().filter(telling).flat_map(of)).collect()
}

/// The file that is looked at: a film's frames side by side, for it was looked at once they were, not its one best frame; else the smallest picture.
pub(crate) fn smallest<T>(files: impl Iterator<Item = T>, of: impl Fn(&T) -> (FileRole, Option<i64>)) -> Option<T> {
    files.filter(|file| of(file).0 != FileRole::Original).min_by_key(|file| {
        let (role, width) = of(file);
        (role != FileRole::Stills, width)
    })
}

/// What stands for an id among hashes.
fn name_of(id: &str) -> [u8; 32] {
    Sha256::digest(id.as_bytes()).into()
}

/// How somebody knows a medium, by what they have seen, the latest first.
pub(crate) fn known_of(seen: &[SeenRow], medium: &MediaId, asked: &[Hash], now: Time) -> Option<KnownAlready> {
    let own = name_of(medium.as_str());
    let just_now = |row: &SeenRow| row.hash == own && row.known == Known::Seen && (0..SITTING_MS).contains(&now.since_ms(row.at));
    if let Some(row) = seen.iter().find(|row| just_now(row)) {
        return Some(KnownAlready { known: row.known, at: row.at, just_now: true });
    }
    let alike = |row: &&SeenRow| asked.iter().any(|hash| hash.distance(Hash::from_bytes(row.hash)) <= RADIUS);
    seen.iter().find(alike).map(|row| KnownAlready { known: row.known, at: row.at, just_now: false })
}
