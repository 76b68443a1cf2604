//! Quarantine: what a decision made dark, encrypted with a key of that decision, out of every serving path, until it is restored or its key is
//! destroyed.
//!
//! Every blob is encrypted once for a decision, however many of its subjects refer to it. What else is taken out of a subject's rows (words,
//! the names of files, fingerprints) is one small archive, encrypted as well. Each subject goes, and comes back, in one transaction.

pub(crate) mod archive;

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use age::secrecy::ExposeSecret as _;
use age::x25519::Identity;
use domain::{DecisionId, MediaId, MediaState, PostId, Problem, RestrictionState};
use futures_util::{AsyncReadExt as _, StreamExt as _, TryStreamExt as _};
use sha2::{Digest as _, Sha256};
use store::blobs::Staged;
use store::decisions::{QuarantinedRow, Words};
use store::{DecisionRow, FileRow, PostRow, RestrictionRow, Subject};

pub(crate) use self::archive::{Archive, ArchivedMedium, ArchivedSnapshot, Kept};
use self::archive::{ArchivedFile, MediaFacts, PostFacts, archived, fingerprints, said_of, served, with, without};
use crate::act::Failed;
use crate::matching::Released;
use crate::{Error, Job, Site, matching};

/// Subjects that are read at a time.
const PAGE: i64 = 100;
/// Bytes that are decrypted at a time.
const CHUNK: usize = 64 << 10;

/// A new decision's key, as an age identity.
pub(crate) fn new_key() -> String {
    Identity::generate().to_string().expose_secret().to_owned()
}

/// How far a step came.
#[derive(PartialEq, Eq)]
enum Step {
    /// To its end.
    Done,
    /// It is of no use any more: the decision was undone, or its subject is gone.
    Useless,
    /// The post was changed meanwhile: look at it again.
    Again,
}

/// What an encryption writes to: a buffer that is emptied into the store again and again.
#[derive(Clone, Default)]
pub(crate) struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Buffer {
    pub(crate) fn empty(&self) -> bytes::Bytes {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into()
    }
}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

pub(crate) fn identity(key: &str) -> Result<Identity, Error> {
    key.parse().map_err(|words: &str| std::io::Error::other(words).into())
}

impl Site {
    /// Puts all that a decision made dark into quarantine.
    pub(crate) async fn quarantine(&self, row: &DecisionRow) -> Result<(), Error> {
        let Some(key) = &row.key else { return Ok(()) };
        let identity = identity(key)?;
        let mut tx = self.store.db.begin().await?;
        if !store::decisions::stands(&mut tx, &row.id).await? {
            return Ok(());
        }
        store::decisions::reach_stills(&mut tx, &row.id).await?;
        tx.commit().await?;
        let mut last = None;
        loop {
            let page = store::decisions::in_state(&self.store.db, &row.id, RestrictionState::Dark, last.as_ref(), PAGE).await?;
            for restriction in &page {
                self.take_away(row, &identity, restriction).await?;
            }
            match page.into_iter().last() {
                Some(restriction) => last = Some(restriction.subject),
                None => return Ok(()),
            }
        }
    }

    /// Puts what is dark of a post into quarantine now: what goes with its post or by its poster's will must be there first.
    pub(crate) async fn set_aside(&self, post: &PostId) -> Result<(), Error> {
        for restriction in store::decisions::dark_of(&self.store.db, post).await? {
            let Some(row) = store::decisions::find(&self.store.db, &restriction.decision_id).await? else { continue };
            let Some(key) = &row.key else {
                self.is_destroyed(&restriction).await?;
                continue;
            };
            self.take_away(&row, &identity(key)?, &restriction).await?;
        }
        Ok(())
    }

    async fn take_away(&self, row: &DecisionRow, identity: &Identity, restriction: &RestrictionRow) -> Result<(), Error> {
        while self.try_to_take_away(row, identity, restriction).await? == Step::Again {}
        Ok(())
    }

    async fn try_to_take_away(&self, row: &DecisionRow, identity: &Identity, restriction: &RestrictionRow) -> Result<Step, Error> {
        let (db, subject) = (&self.store.db, &restriction.subject);
        // Every change of a post or its media raises its revision: what is read after it was this one is whole if it still is in the end.
        let Some(post) = store::posts::find(db, &subject.post_id).await? else { return self.is_destroyed(restriction).await };
        let files = store::files::of_post(db, &subject.post_id).await?;
        let all = store::media::of_post(db, &subject.post_id).await?;
        if subject.media_id.as_ref().is_some_and(|id| all.iter().all(|medium| medium.id != *id)) {
            return self.is_destroyed(restriction).await;
        }
        let snapshots = store::notices::snapshots(db, &subject.post_id).await?;
        let mut archive = Archive { post: Some(PostFacts::of(&post)), ..Archive::default() };
        match &subject.media_id {
            Some(medium) => archive.said = snapshots.iter().filter_map(|one| said_of(one, medium)).collect(),
            None => {
                archive.words = Words {
                    title: post.title,
                    text: Some(post.text),
                    html: Some(post.html),
                    language: post.language.map(|tag| tag.as_str().to_owned()),
                    thumbhash: None,
                };
                archive.fingerprints = self.kept(subject).await?;
                archive.snapshots = snapshots.into_iter().map(ArchivedSnapshot::of).collect();
            }
        }
        let mut unfinished = Vec::new();
        for medium in all {
            let is_whole = !matches!(medium.state, MediaState::Receiving | MediaState::Processing);
            let of_post = subject.media_id.is_none() && medium.removed.is_none();
            let is_still_of_it = subject.media_id.is_some() && medium.still_of == subject.media_id;
            if !is_whole && (of_post || is_still_of_it) {
                unfinished.push(medium.id.clone());
            }
            if !(of_post || subject.media_id.as_ref() == Some(&medium.id)) {
                continue;
            }
            let own = Subject { post_id: subject.post_id.clone(), media_id: Some(medium.id.clone()) };
            let fingerprints = self.kept(&own).await?;
            let facts = Some(MediaFacts::of(&medium));
            let words = Words { title: medium.name, text: medium.caption, html: medium.alt, language: None, thumbhash: medium.thumbhash };
            let files: Vec<&FileRow> = files.iter().filter(|file| file.media_id == medium.id).collect();
            for file in &files {
                if !self.quarantine_blob(&row.id, identity, file).await? {
                    return Ok(Step::Useless);
                }
            }
            let files = files.into_iter().cloned().map(archived).collect();
            archive.media.push(ArchivedMedium { id: medium.id, words, fingerprints, files, facts });
        }
        let sealed = self.encrypt_all(identity, &serde_json::to_vec(&archive)?).await?.key;
        let done = self.take_out_of_rows(restriction, post.revision, &archive, &unfinished, &sealed).await;
        let done = self.or_give_up(std::slice::from_ref(&sealed), done).await?;
        if done != Step::Done {
            self.give_up(&sealed).await;
        }
        Ok(done)
    }

    async fn take_out_of_rows(
        &self,
        restriction: &RestrictionRow,
        revision: i64,
        archive: &Archive,
        unfinished: &[MediaId],
        sealed: &str,
    ) -> Result<Step, Failed> {
        let (subject, now) = (&restriction.subject, self.clock.now());
        let mut tx = self.store.db.begin().await?;
        if !store::decisions::stands(&mut tx, &restriction.decision_id).await? {
            return Ok(Step::Useless);
        }
        if store::posts::hold(&mut tx, &subject.post_id).await? != Some(revision + 1) {
            return Ok(Step::Again);
        }
        let now_stands = store::decisions::look(&mut tx, &restriction.decision_id, subject).await?;
        if now_stands.is_none_or(|now| now.state != RestrictionState::Dark) {
            return Ok(Step::Useless);
        }
        for id in unfinished {
            store::media::refuse(&mut tx, id, Problem::Interrupted, now).await?;
        }
        for medium in &archive.media {
            let own = Subject { post_id: subject.post_id.clone(), media_id: Some(medium.id.clone()) };
            store::files::release_medium(&mut tx, &medium.id, now).await?;
            store::fingerprints::replace(&mut tx, &own, &[]).await?;
            store::decisions::empty(&mut tx, &own, now).await?;
        }
        match &subject.media_id {
            Some(medium) => {
                for snapshot in store::notices::look(&mut tx, &subject.post_id).await? {
                    store::notices::set_media(&mut tx, &without(snapshot, medium)).await?;
                }
            }
            None => {
                store::fingerprints::replace(&mut tx, subject, &[]).await?;
                store::decisions::empty(&mut tx, subject, now).await?;
                store::notices::forget_post(&mut tx, &subject.post_id).await?;
            }
        }
        store::decisions::set_state(&mut tx, restriction, RestrictionState::Quarantined, Some(sealed)).await?;
        tx.commit().await.map_err(Failed::commit)?;
        Ok(Step::Done)
    }

    /// Its subject is gone: there is nothing to take away, or to bring back.
    async fn is_destroyed(&self, restriction: &RestrictionRow) -> Result<Step, Error> {
        let mut tx = self.store.db.begin().await?;
        // Another worker may have come further with it.
        let now = store::decisions::look(&mut tx, &restriction.decision_id, &restriction.subject).await?;
        if let Some(now) = now.filter(|now| now.state == restriction.state) {
            store::decisions::set_state(&mut tx, &now, RestrictionState::Destroyed, now.archive.as_deref()).await?;
            tx.commit().await?;
        }
        Ok(Step::Useless)
    }

    async fn kept(&self, subject: &Subject) -> Result<Vec<Kept>, Error> {
        Ok(store::fingerprints::of(&self.store.db, subject).await?.into_iter().map(Kept::of).collect())
    }

    /// Encrypts a blob for a decision, if that was not done yet; `false` if the decision was undone meanwhile.
    async fn quarantine_blob(&self, id: &DecisionId, identity: &Identity, file: &FileRow) -> Result<bool, Error> {
        if store::decisions::quarantined(&self.store.db, id, &file.blob).await?.is_some() {
            return Ok(true);
        }
        let size = u64::try_from(file.size_bytes).unwrap_or_default();
        let plain = self.store.blobs.read_range(&file.object_key, 0..size).await?;
        let sealed = self.encrypt(identity, plain).await?;
        let row = QuarantinedRow { sha256: file.blob, object_key: sealed.key.clone(), size_bytes: file.size_bytes };
        let done = self.note_blob(id, &row).await;
        let noted = self.or_give_up(std::slice::from_ref(&sealed.key), done).await?;
        if noted != Step::Done {
            self.give_up(&sealed.key).await;
        }
        Ok(noted != Step::Useless)
    }

    /// [`Step::Again`]: the blob is there already.
    async fn note_blob(&self, id: &DecisionId, row: &QuarantinedRow) -> Result<Step, Failed> {
        let mut tx = self.store.db.begin().await?;
        if !store::decisions::stands(&mut tx, id).await? {
            return Ok(Step::Useless);
        }
        if !store::decisions::quarantine(&mut tx, id, row).await? {
            return Ok(Step::Again);
        }
        tx.commit().await.map_err(Failed::commit)?;
        Ok(Step::Done)
    }

    async fn encrypt_all(&self, identity: &Identity, bytes: &[u8]) -> Result<Staged, Error> {
        let bytes = bytes::Bytes::copy_from_slice(bytes);
        self.encrypt(identity, futures_util::stream::once(async { Ok(bytes) }).boxed()).await
    }

    async fn encrypt(
        &self,
        identity: &Identity,
        mut plain: futures_util::stream::BoxStream<'_, std::io::Result<bytes::Bytes>>,
    ) -> Result<Staged, Error> {
        let recipient = identity.to_public();
        let encryptor =
            age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient)).map_err(std::io::Error::other)?;
        let buffer = Buffer::default();
        let mut sealing = encryptor.wrap_output(buffer.clone())?;
        let mut writer = self.store.blobs.quarantine().await?;
        while let Some(chunk) = plain.try_next().await? {
            sealing.write_all(&chunk)?;
            writer.write(buffer.empty()).await?;
        }
        sealing.finish()?;
        writer.write(buffer.empty()).await?;
        Ok(writer.finish().await?)
    }

    pub(crate) async fn decrypted(&self, identity: &Identity, object: &str) -> Result<impl futures_util::AsyncRead + Unpin + use<>, Error> {
        let sealed = self.store.blobs.read_whole(object).await?;
        let decryptor = age::Decryptor::new_async(sealed.into_async_read()).await.map_err(std::io::Error::other)?;
        Ok(decryptor.decrypt_async(std::iter::once(identity as &dyn age::Identity)).map_err(std::io::Error::other)?)
    }

    /// What was taken out of a subject's rows.
    pub(crate) async fn archive(&self, identity: &Identity, restriction: &RestrictionRow) -> Result<Archive, Error> {
        let object = restriction.archive.as_deref().ok_or_else(|| std::io::Error::other("an archive is missing in quarantine"))?;
        let mut bytes = Vec::new();
        self.decrypted(identity, object).await?.read_to_end(&mut bytes).await?;
        Ok(serde_json::from_slice(&bytes)?)
    }

    /// Brings back all that a decision took away, after it was undone.
    pub(crate) async fn restore(&self, id: &DecisionId) -> Result<(), Error> {
        let Some(row) = store::decisions::find(&self.store.db, id).await? else { return Ok(()) };
        let Some(key) = row.key.as_deref().filter(|_| row.undone.is_some()) else { return Ok(()) };
        let identity = identity(key)?;
        let mut last = None;
        loop {
            let page = store::decisions::in_state(&self.store.db, id, RestrictionState::Quarantined, last.as_ref(), PAGE).await?;
            for restriction in &page {
                self.bring_back(id, &identity, restriction).await?;
            }
            match page.into_iter().last() {
                Some(restriction) => last = Some(restriction.subject),
                None => break,
            }
        }
        let mut tx = self.store.db.begin().await?;
        if store::decisions::count(&mut tx, id, RestrictionState::Quarantined).await? == 0 {
            store::decisions::end_quarantine(&mut tx, id, self.clock.now()).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Brings back what a decision took of one post that is given back.
    pub(crate) async fn restore_post(&self, id: &DecisionId, post: &PostId) -> Result<(), Error> {
        let Some(row) = store::decisions::find(&self.store.db, id).await? else { return Ok(()) };
        let Some(key) = &row.key else { return Ok(()) };
        let identity = identity(key)?;
        let of_post = store::decisions::of_post(&self.store.db, post).await?;
        for restriction in of_post.iter().filter(|one| one.decision_id == *id && one.state == RestrictionState::Quarantined) {
            self.bring_back(id, &identity, restriction).await?;
        }
        Ok(())
    }

    async fn bring_back(&self, id: &DecisionId, identity: &Identity, restriction: &RestrictionRow) -> Result<(), Error> {
        while self.try_to_bring_back(id, identity, restriction).await? == Step::Again {}
        Ok(())
    }

    async fn try_to_bring_back(&self, id: &DecisionId, identity: &Identity, restriction: &RestrictionRow) -> Result<Step, Error> {
        let (db, subject) = (&self.store.db, &restriction.subject);
        let Some(post) = store::posts::find(db, &subject.post_id).await? else { return self.is_destroyed(restriction).await };
        // What is still there of its media: their poster may have removed some.
        let standing: Vec<MediaId> = store::media::of_post(db, &subject.post_id).await?.into_iter().map(|medium| medium.id).collect();
        if subject.media_id.as_ref().is_some_and(|id| !standing.contains(id)) {
            return self.is_destroyed(restriction).await;
        }
        let mut archive = self.archive(identity, restriction).await?;
        archive.media.retain(|medium| standing.contains(&medium.id));
        let mut restored = Vec::new();
        let done = self.bring_back_whole(id, identity, restriction, &post, archive, &mut restored).await;
        let done = self.or_give_up(&restored, done).await?;
        if done != Step::Done {
            self.give_up_all(&restored).await;
        }
        Ok(done)
    }

    /// `restored`: every object that is written on the way.
    async fn bring_back_whole(
        &self,
        id: &DecisionId,
        identity: &Identity,
        restriction: &RestrictionRow,
        post: &PostRow,
        archive: Archive,
        restored: &mut Vec<String>,
    ) -> Result<Step, Failed> {
        let (subject, now) = (&restriction.subject, self.clock.now());
        let banks = self.banks().await?;
        let mut back = Vec::new();
        let mut known = Vec::new();
        for medium in archive.media {
            let own = Subject { post_id: subject.post_id.clone(), media_id: Some(medium.id.clone()) };
            let mut files = Vec::new();
            for file in medium.files {
                let key = self.restore_blob(id, identity, &file).await?;
                restored.push(key.clone());
                files.push(served(&medium.id, file, key));
            }
            back.push((own.clone(), medium.words, files));
            known.push((own, fingerprints(medium.fingerprints)?));
        }
        if subject.media_id.is_none() {
            known.push((subject.clone(), fingerprints(archive.fingerprints)?));
        }
        // What banks have learnt while it was away is asked before anybody sees it again.
        let mut verdicts = Vec::new();
        for (own, fingerprints) in &known {
            let known = Arc::new(media::Known { fingerprints: fingerprints.clone(), views: Vec::new() });
            verdicts.push(self.verdict(&banks, own, &known, Released::by_somebody).await?);
        }
        let mut tx = self.store.db.begin().await?;
        if store::banks::hold_still(&mut tx).await? != banks.revision
            || store::posts::hold(&mut tx, &subject.post_id).await? != Some(post.revision + 1)
        {
            return Ok(Step::Again);
        }
        let now_stands = store::decisions::look(&mut tx, id, subject).await?;
        if now_stands.is_none_or(|now| now.state != RestrictionState::Quarantined) {
            return Ok(Step::Useless);
        }
        for (own, words, files) in back {
            store::decisions::fill(&mut tx, &own, &words).await?;
            store::files::put_back(&mut tx, files, now).await?;
        }
        match &subject.media_id {
            Some(_) => {
                for snapshot in store::notices::look(&mut tx, &subject.post_id).await? {
                    store::notices::set_media(&mut tx, &with(snapshot, &archive.said)).await?;
                }
            }
            None => {
                store::decisions::fill(&mut tx, subject, &archive.words).await?;
                for snapshot in archive.snapshots {
                    store::notices::take_snapshot(&mut tx, &snapshot.back(&subject.post_id)).await?;
                }
            }
        }
        store::decisions::lighten(&mut tx, id, subject).await?;
        store::decisions::set_state(&mut tx, restriction, RestrictionState::Lifted, restriction.archive.as_deref()).await?;
        for ((own, fingerprints), verdict) in known.into_iter().zip(verdicts) {
            store::fingerprints::replace(&mut tx, &own, &fingerprints).await?;
            if matching::act(&mut tx, self, &own, &verdict).await? {
                matching::write_matches(&mut tx, self, &own, verdict, now).await?;
                self.house(&mut tx, &own).await?;
            }
        }
        for other in store::decisions::hand_on(&mut tx, id, now).await? {
            self.enqueue(&mut tx, &Job::Settle { decision_id: other }).await?;
        }
        if post.has_ended(now) {
            self.enqueue(&mut tx, &Job::ExpirePost { post_id: post.id.clone() }).await?;
        }
        tx.commit().await.map_err(Failed::commit)?;
        Ok(Step::Done)
    }

    /// Decrypts a blob into the place that blobs are served from, and says where that is.
    async fn restore_blob(&self, id: &DecisionId, identity: &Identity, file: &ArchivedFile) -> Result<String, Error> {
        let missing = || std::io::Error::other("a blob is missing in quarantine");
        let row = store::decisions::quarantined(&self.store.db, id, &file.sha256).await?.ok_or_else(missing)?;
        let mut plain = self.decrypted(identity, &row.object_key).await?;
        let mut writer = self.store.blobs.restore().await?;
        let (mut chunk, mut hash) = (vec![0; CHUNK], Sha256::new());
        loop {
            let read = plain.read(&mut chunk).await?;
            if read == 0 {
                break;
            }
            let bytes = chunk.get(..read).unwrap_or_default();
            hash.update(bytes);
            writer.write(bytes::Bytes::copy_from_slice(bytes)).await?;
        }
        let kept = writer.finish().await?;
        if hash.finalize().as_slice() != file.sha256 {
            self.give_up(&kept.key).await;
            return Err(std::io::Error::other("a blob came back from quarantine as another one").into());
        }
        Ok(kept.key)
    }
}
