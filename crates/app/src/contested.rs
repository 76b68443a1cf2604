//! What an appeal is about, for whoever judges it: opened from quarantine as long as the appeal waits, in memory alone, and by nobody else.

use age::x25519::Identity;
use domain::{AppealId, AppealState, DecisionId, MediaId, MediaKind, RestrictionState};
use futures_util::AsyncReadExt as _;
use likeness::Hash;
use store::{AppealRow, RestrictionRow};

use crate::looks::{hashes_of, known_of, smallest};
use crate::matching::known;
use crate::quarantine::archive::fingerprints;
use crate::quarantine::{Archive, ArchivedMedium, identity};
use crate::{Error, KnownAlready, Look, Picture, Site};

/// What was removed, in words, and what there is to look at.
#[derive(Clone, Debug, Default)]
pub struct Contested {
    /// The post's title, if the post was removed.
    pub title: Option<String>,
    /// Its words.
    pub text: String,
    /// Its media; or those that were removed alone.
    pub media: Vec<ContestedMedium>,
    /// There are media that nobody who decides looks at.
    pub never_shown: bool,
}

/// A medium in quarantine.
#[derive(Clone, Debug)]
pub struct ContestedMedium {
    /// Its id.
    pub id: MediaId,
    /// What it is.
    pub kind: Option<MediaKind>,
    /// How long it lasts.
    pub duration_ms: Option<i64>,
    /// What its poster wrote under it.
    pub caption: Option<String>,
    /// What its poster says that it shows.
    pub alt: Option<String>,
    /// Whoever asks knows it already.
    pub known: Option<KnownAlready>,
}

impl Site {
    /// What an appeal is about, as far as it is in quarantine; `None`: nothing of it is, and what stands is seen where it stands.
    pub async fn contested(&self, by: &domain::ModeratorId, appeal: &AppealRow) -> Result<Option<Contested>, Error> {
        let Some((.., archives)) = self.in_quarantine(appeal).await? else { return Ok(None) };
        let mut contested = Contested::default();
        let seen = store::looks::seen(&self.store.db, by).await?;
        for archive in archives {
            contested.title = contested.title.or(archive.words.title);
            contested.text.push_str(archive.words.text.as_deref().unwrap_or_default());
            for medium in archive.media {
                if !is_a_picture(&medium) {
                    continue;
                }
                if store::cases::is_never_shown(&self.store.db, &appeal.post_id, &medium.id).await? {
                    contested.never_shown = true;
                    continue;
                }
                let known = known_of(&seen, &medium.id, &asked(&medium)?, self.clock.now()).filter(|known| !known.just_now);
                let (kind, duration_ms) = medium.facts.map(|facts| (facts.kind, facts.duration_ms)).unwrap_or_default();
                let (caption, alt) = (medium.words.text, medium.words.html);
                contested.media.push(ContestedMedium { id: medium.id, kind, duration_ms, caption, alt, known });
            }
        }
        Ok(Some(contested))
    }

    /// A small picture of a medium that an appeal is about, for whoever judges that.
    pub async fn look_at_contested(&self, by: &domain::ModeratorId, appeal: &AppealId, id: &MediaId, again: bool) -> Result<Look, Error> {
        let (db, now) = (&self.store.db, self.clock.now());
        let appeal = store::appeals::find(db, appeal).await?.filter(|appeal| appeal.state == AppealState::Open);
        let Some(appeal) = appeal else { return Ok(Look::Nothing) };
        if self.is_for_another(by, &appeal).await? || store::cases::is_never_shown(db, &appeal.post_id, id).await? {
            return Ok(Look::Nothing);
        }
        let Some((decision, key, archives)) = self.in_quarantine(&appeal).await? else { return Ok(Look::Nothing) };
        let medium = archives.into_iter().flat_map(|archive| archive.media).find(|medium| medium.id == *id);
        let Some(medium) = medium else { return Ok(Look::Nothing) };
        let known = known_of(&store::looks::seen(db, by).await?, id, &asked(&medium)?, now);
        let learnt = hashes_of(Some(id), &fingerprints(medium.fingerprints)?, known::learnt_as);
        let learnt: Vec<[u8; 32]> = learnt.into_iter().map(Hash::to_bytes).collect();
        let Some(file) = smallest(medium.files.into_iter(), |file| (file.role, file.width)) else { return Ok(Look::Nothing) };
        let Some(sealed) = store::decisions::quarantined(db, &decision, &file.sha256).await? else { return Ok(Look::Nothing) };
        if let Some(refused) = self.count_look(by, id, (known, again), &learnt, now).await? {
            return Ok(refused);
        }
        let mut bytes = Vec::new();
        self.decrypted(&key, &sealed.object_key).await?.read_to_end(&mut bytes).await?;
        Ok(Look::Shown(Picture { content_type: file.content_type, bytes: bytes.into() }))
    }

    /// The decision, its key, and what of the poster's post it has put into quarantine.
    async fn in_quarantine(&self, appeal: &AppealRow) -> Result<Option<(DecisionId, Identity, Vec<Archive>)>, Error> {
        let Some(row) = store::decisions::find(&self.store.db, &appeal.decision_id).await? else { return Ok(None) };
        let Some(key) = row.key.as_deref() else { return Ok(None) };
        let key = identity(key)?;
        let is_its = |one: &RestrictionRow| one.decision_id == row.id && one.state == RestrictionState::Quarantined;
        let mut all = Vec::new();
        for restriction in store::decisions::of_post(&self.store.db, &appeal.post_id).await?.iter().filter(|one| is_its(one)) {
            all.push(self.archive(&key, restriction).await?);
        }
        Ok((!all.is_empty()).then_some((row.id, key, all)))
    }
}

/// Whether there is something of it to look at: of a sound there is not.
fn is_a_picture(medium: &ArchivedMedium) -> bool {
    medium.facts.as_ref().is_none_or(|facts| facts.still_of.is_none())
        && medium.files.iter().any(|file| file.role != domain::FileRole::Original)
}

/// What a medium is looked up by among what somebody knows.
fn asked(medium: &ArchivedMedium) -> Result<Vec<Hash>, Error> {
    Ok(hashes_of(Some(&medium.id), &fingerprints(medium.fingerprints.clone())?, known::looked_up_by))
}
