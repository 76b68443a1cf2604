//! Resumable uploads: begun, gone on with, given up.
//!
//! What was acknowledged is durable: bytes go into parts, each an object of its own that is finished before the row counts it. A part
//! ends with its request; a request that takes its time makes several, so that a server that is killed goes on near where it was
//! ([`Pace`]).

mod check;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use domain::name::clean_file_name;
use domain::time::DAY_MS;
use domain::{MediaKind, Problem, Time, UploadId};
use futures_util::{Stream, StreamExt as _};
use store::uploads::{NewPart, UploadRow};
use tokio::sync::{Notify, OwnedMutexGuard};
use tokio::time::Instant;

use self::check::Check;
pub use self::check::Checksum;
use crate::act::on_its_own;
use crate::receive::{SNIFF_BYTES, Sniffer};
use crate::{Error, Job, Refusal, Site, metrics};

/// An upload of which nothing comes for so long is given up.
pub const PATIENCE_MS: i64 = DAY_MS;
/// A part ends at this size however fast it came. Larger than what clients send at a time, so that over a good line a request makes one
/// part.
const PART_BYTES: u64 = 16 << 20;
/// Over files, a part costs the disk three syncs.
const NEAR: Pace = Pace { soon: (2 << 20, Duration::from_secs(1)), late: (64 << 10, Duration::from_secs(3)) };
/// In a distant store, a part costs two requests, and each is waited for. Up to five megabytes go in one piece.
const DISTANT: Pace = Pace { soon: (4 << 20, Duration::from_secs(2)), late: (256 << 10, Duration::from_secs(10)) };
/// How long a request waits for the one before it to write down what it has.
const TURN: Duration = Duration::from_secs(30);

/// How an upload stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Its id.
    pub id: UploadId,
    /// How many bytes it will have.
    pub length: u64,
    /// How many of them are durable: where to go on.
    pub offset: u64,
    /// The file's name, fit to be shown.
    pub name: String,
    /// When it began.
    pub created: Time,
    /// When it is given up if nothing more comes.
    pub expires: Time,
}

impl From<UploadRow> for Upload {
    fn from(row: UploadRow) -> Self {
        Self {
            id: row.id,
            length: u64::try_from(row.length).unwrap_or_default(),
            offset: u64::try_from(row.arrived).unwrap_or_default(),
            name: row.name,
            created: row.created,
            expires: row.touched.plus_ms(PATIENCE_MS),
        }
    }
}

/// Why an upload did not go on.
#[derive(Debug)]
pub enum Halt {
    /// There is no such upload: it was given up, or was never there.
    Missing,
    /// It stands elsewhere: ask where, and go on from there.
    Offset,
    /// Another request has taken over.
    Overtaken,
    /// The site stops; what had come is kept.
    Stopping,
    /// More bytes than were announced.
    TooMany,
    /// The bytes are not what the client says they are; none of them was kept.
    Checksum,
    /// The bytes stopped coming; what had come is kept.
    Interrupted,
    /// Something is wrong with the file; it was given up.
    File(Problem),
    /// Something is wrong with us.
    Trouble(Error),
}

impl<Inner: Into<Error>> From<Inner> for Halt {
    fn from(error: Inner) -> Self {
        match error.into() {
            Error::Store(store::Error::NoSpace) => Self::File(Problem::NoSpace),
            other => Self::Trouble(other),
        }
    }
}

/// Who is at work on which upload.
#[derive(Default)]
pub(crate) struct Turns {
    taken: Mutex<HashMap<UploadId, Arc<Turn>>>,
    are_over: AtomicBool,
}

#[derive(Default)]
struct Turn {
    held: Arc<tokio::sync::Mutex<()>>,
    /// How many have asked for it so far.
    asked: AtomicU64,
    called: Notify,
}

/// The right to add to an upload, until somebody else asks for it.
struct Held<'a> {
    turns: &'a Turns,
    id: UploadId,
    turn: Arc<Turn>,
    ticket: u64,
    _guard: OwnedMutexGuard<()>,
}

impl Turns {
    /// Asks whoever is at work to write down what they have and go, and waits for it. The last who asks gets it: a phone that slept
    /// must not wait for its own dead connection.
    async fn take(&self, id: &UploadId) -> Option<Held<'_>> {
        let turn = Arc::clone(self.taken.lock().unwrap_or_else(PoisonError::into_inner).entry(id.clone()).or_default());
        let ticket = turn.asked.fetch_add(1, Ordering::SeqCst).saturating_add(1);
        turn.called.notify_waiters();
        let guard = tokio::time::timeout(TURN, Arc::clone(&turn.held).lock_owned()).await.ok()?;
        Some(Held { turns: self, id: id.clone(), turn, ticket, _guard: guard })
    }

    /// Nobody gets one any more, and who has one is to write down what they have.
    fn end(&self) {
        self.are_over.store(true, Ordering::SeqCst);
        for turn in self.taken.lock().unwrap_or_else(PoisonError::into_inner).values() {
            turn.called.notify_waiters();
        }
    }
}

impl Held<'_> {
    /// Why it is time to go, if it is.
    fn call(&self) -> Option<Halt> {
        let is_asked_for = self.turn.asked.load(Ordering::SeqCst) != self.ticket;
        let are_over = self.turns.are_over.load(Ordering::SeqCst);
        if are_over { Some(Halt::Stopping) } else { is_asked_for.then_some(Halt::Overtaken) }
    }

    async fn called(&self) -> Halt {
        loop {
            let called = self.turn.called.notified();
            if let Some(halt) = self.call() {
                return halt;
            }
            called.await;
        }
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        let mut turns = self.turns.taken.lock().unwrap_or_else(PoisonError::into_inner);
        // The map's own, and this one: nobody else waits.
        if Arc::strong_count(&self.turn) <= 2 {
            turns.remove(&self.id);
        }
    }
}

/// When a part ends though more is to come: what has come since the last part is what a server that is killed costs. From so many bytes
/// on it ends this long after its beginning; with fewer, it waits for them.
struct Pace {
    soon: (u64, Duration),
    late: (u64, Duration),
}

/// A part that is arriving.
struct Arriving {
    writer: store::blobs::Writer,
    size: u64,
    begun: Instant,
}

impl Pace {
    /// When it is time to end a part of `size` bytes; `None` if it waits for more.
    fn due(&self, begun: Instant, size: u64) -> Option<Instant> {
        let (_, after) = [self.soon, self.late].into_iter().find(|(bytes, _)| size >= *bytes)?;
        begun.checked_add(after)
    }

    /// Returns when that time has come, which may be before anything more comes, or never.
    async fn wait(&self, part: Option<&Arriving>) {
        match part.and_then(|part| self.due(part.begun, part.size)) {
            Some(due) => tokio::time::sleep_until(due).await,
            None => std::future::pending().await,
        }
    }
}

impl Site {
    /// Begins an upload of `length` bytes. What cannot be taken is refused before a byte of it is sent.
    pub async fn begin_upload(&self, raw_name: &str, length: u64) -> Result<Upload, Refusal> {
        if length == 0 {
            return Err(Refusal::File(Problem::Empty));
        }
        if length > self.limits.file_bytes {
            return Err(Refusal::File(Problem::TooLarge));
        }
        if !self.has_room_for(length) {
            return Err(Refusal::File(Problem::NoSpace));
        }
        let now = self.clock.now();
        let row = UploadRow {
            id: self.chance.upload_id(),
            length: i64::try_from(length).map_err(|_| Refusal::File(Problem::TooLarge))?,
            arrived: 0,
            name: clean_file_name(raw_name),
            kind: None,
            created: now,
            touched: now,
        };
        let mut tx = self.store.db.begin().await?;
        store::uploads::insert(&mut tx, &row).await?;
        tx.commit().await?;
        Ok(row.into())
    }

    /// How an upload stands, once whoever is at work on it has written down what they have.
    pub async fn upload(&self, id: &UploadId) -> Result<Option<Upload>, Error> {
        let _held = self.turns().take(id).await;
        Ok(store::uploads::find(&self.store.db, id).await?.map(Upload::from))
    }

    /// The site is about to stop: each upload under way writes down what has come, and ends now. Its client asks where it stands when
    /// the site is back, as after any break.
    pub fn halt_uploads(&self) {
        self.turns().end();
    }

    /// Goes on with an upload at `offset`, by as many bytes as were `announced`; returns how it stands then. Whatever ends it, what has
    /// come is kept, except where a checksum says that it is not what was sent.
    pub async fn go_on<Fault: Send + 'static>(
        &self,
        id: &UploadId,
        offset: u64,
        announced: Option<u64>,
        checksum: Option<Checksum>,
        bytes: impl Stream<Item = Result<Bytes, Fault>> + Send + Unpin + 'static,
    ) -> Result<Upload, Halt> {
        let (site, id) = (self.clone(), id.clone());
        on_its_own(async move { site.take_bytes(&id, offset, announced, checksum, bytes).await }).await
    }

    async fn take_bytes<Fault>(
        &self,
        id: &UploadId,
        offset: u64,
        announced: Option<u64>,
        checksum: Option<Checksum>,
        mut bytes: impl Stream<Item = Result<Bytes, Fault>> + Unpin,
    ) -> Result<Upload, Halt> {
        let held = self.turns().take(id).await.ok_or(Halt::Overtaken)?;
        let Some(row) = store::uploads::find(&self.store.db, id).await? else {
            // It may have gone with its post.
            self.close_upload(id.as_str());
            return Err(Halt::Missing);
        };
        let mut upload = Upload::from(row.clone());
        if upload.offset != offset {
            return Err(Halt::Offset);
        }
        // Before all of it is sent for nothing.
        if announced.is_some_and(|bytes| offset.saturating_add(bytes) > upload.length) {
            return Err(Halt::TooMany);
        }
        let mut sniffer = Sniffer::knowing(row.kind, self.beginning(&row).await?);
        let mut check = checksum.map(Check::new);
        let pace = if self.store.blobs.is_distant() { &DISTANT } else { &NEAR };
        let mut arriving: Option<Arriving> = None;
        let halt = loop {
            let next = tokio::select! {
                biased;
                halt = held.called() => break Some(halt),
                next = bytes.next() => next,
                // What a checksum is to vouch for is not kept before it does.
                () = pace.wait(arriving.as_ref()), if check.is_none() => {
                    if let Some(part) = arriving.take() {
                        self.add_part(&mut upload, part, &mut sniffer).await?;
                    }
                    continue;
                }
            };
            let chunk = match next {
                None => break None,
                Some(Err(_)) => break Some(Halt::Interrupted),
                Some(Ok(chunk)) if chunk.is_empty() => continue,
                Some(Ok(chunk)) => chunk,
            };
            let size = arriving.as_ref().map_or(0, |part| part.size);
            if upload.offset.saturating_add(size).saturating_add(chunk.len() as u64) > upload.length {
                break Some(Halt::TooMany);
            }
            if let Err(problem) = sniffer.see(&chunk).and_then(|()| self.may_take(sniffer.kind(), row.created)) {
                return Err(self.refuse_upload(id, problem).await);
            }
            if let Some(check) = &mut check {
                check.see(&chunk);
            }
            let part = match &mut arriving {
                Some(part) => part,
                None => {
                    if !self.has_room() {
                        return Err(Halt::File(Problem::NoSpace));
                    }
                    arriving.insert(Arriving { writer: self.store.blobs.stage().await?, size: 0, begun: Instant::now() })
                }
            };
            part.size = part.size.saturating_add(chunk.len() as u64);
            part.writer.write(chunk).await?;
            // Where bytes never cease, the clock above is not looked at.
            let is_due = part.size >= PART_BYTES || pace.due(part.begun, part.size).is_some_and(|due| due <= Instant::now());
            if is_due
                && check.is_none()
                && let Some(part) = arriving.take()
            {
                self.add_part(&mut upload, part, &mut sniffer).await?;
            }
        };
        if let Some(check) = check {
            if halt.is_some() {
                // Nobody can say whether a part of it is what was sent.
                arriving = None;
            } else if !check.holds() {
                return Err(Halt::Checksum);
            }
        }
        // More than was announced is no file that anybody knows: what came with the excess is thrown away.
        if let Some(part) = arriving.filter(|_| !matches!(halt, Some(Halt::TooMany))) {
            self.add_part(&mut upload, part, &mut sniffer).await?;
        }
        halt.map_or(Ok(upload), Err)
    }

    /// Makes a part durable and counts it. With the last one, the medium that waits for it is queued.
    async fn add_part(&self, upload: &mut Upload, part: Arriving, sniffer: &mut Sniffer) -> Result<(), Halt> {
        let end = upload.offset.saturating_add(part.size);
        let is_whole = end == upload.length;
        if is_whole && let Err(problem) = sniffer.end().and_then(|kind| self.may_take(Some(kind), upload.created)) {
            return Err(self.refuse_upload(&upload.id, problem).await);
        }
        let staged = part.writer.finish().await?;
        let added = self.write_part(upload, &staged, is_whole, sniffer.kind()).await;
        // What the rows do not name is nobody's. Where a commit got no answer the sweeper, who asks the rows, takes it.
        if matches!(added, Err(Halt::Offset)) {
            self.give_up(&staged.key).await;
        }
        upload.expires = added?;
        upload.offset = end;
        Ok(())
    }

    async fn write_part(
        &self,
        upload: &Upload,
        staged: &store::blobs::Staged,
        is_whole: bool,
        kind: Option<MediaKind>,
    ) -> Result<Time, Halt> {
        let now = self.clock.now();
        let number = |bytes: u64| i64::try_from(bytes).unwrap_or(i64::MAX);
        let part = NewPart { start: number(upload.offset), size_bytes: number(staged.size), object_key: staged.key.clone() };
        let mut tx = self.store.db.begin().await?;
        if is_whole {
            store::uploads::touch_post(&mut tx, &upload.id).await?;
        }
        if !store::uploads::advance(&mut tx, &upload.id, &part, kind, now).await? {
            return Err(Halt::Offset);
        }
        if is_whole && let Some(media_id) = store::uploads::arrived(&mut tx, &upload.id, kind).await? {
            self.enqueue(&mut tx, &Job::PrepareMedia { media_id }).await?;
        }
        tx.commit().await?;
        if is_whole {
            self.close_upload(upload.id.as_str());
        }
        Ok(now.plus_ms(PATIENCE_MS))
    }

    /// Gives an upload up because of what it is. A medium that waited for it says so.
    async fn refuse_upload(&self, id: &UploadId, problem: Problem) -> Halt {
        metrics::file_refused(problem);
        match self.end_upload(id, Some(problem)).await {
            Ok(_) => Halt::File(problem),
            Err(error) => error.into(),
        }
    }

    /// The poster gives an upload up: it goes, and a medium that waited for it leaves its post. `false` if it was not there.
    pub async fn drop_upload(&self, id: &UploadId) -> Result<bool, Error> {
        let _held = self.turns().take(id).await;
        self.end_upload(id, None).await
    }

    /// Ends an upload that is not being prepared; with a `problem` its medium is refused, without one it is removed.
    pub(crate) async fn end_upload(&self, id: &UploadId, problem: Option<Problem>) -> Result<bool, Error> {
        let now = self.clock.now();
        let mut tx = self.store.db.begin().await?;
        store::uploads::touch_post(&mut tx, id).await?;
        let Some(row) = store::uploads::hold(&mut tx, id).await? else { return Ok(false) };
        self.close_upload(id.as_str());
        match (store::uploads::medium(&mut tx, id).await?, problem) {
            // It belongs to the medium by now.
            (Some(_), _) if row.is_whole() => return Ok(false),
            (Some(medium), Some(problem)) => drop(store::media::refuse(&mut tx, &medium, problem, now).await?),
            (Some(medium), None) => store::media::remove(&mut tx, &medium, now).await?,
            (None, _) => store::uploads::release(&mut tx, id, now).await?,
        }
        tx.commit().await?;
        Ok(true)
    }

    /// The first bytes of an upload whose kind is not known yet.
    async fn beginning(&self, row: &UploadRow) -> Result<Vec<u8>, Error> {
        let mut beginning = Vec::new();
        if row.kind.is_some() || row.arrived == 0 {
            return Ok(beginning);
        }
        for (key, size) in store::uploads::parts(&self.store.db, &row.id).await? {
            let wanted = SNIFF_BYTES.saturating_sub(beginning.len()) as u64;
            let mut stream = self.store.blobs.read_range(&key, 0..wanted.min(u64::try_from(size).unwrap_or_default())).await?;
            while let Some(chunk) = stream.next().await {
                beginning.extend_from_slice(&chunk?);
            }
        }
        Ok(beginning)
    }

    /// Whether `length` more bytes leave free what is to stay free. Each arrives, and is then prepared.
    fn has_room_for(&self, length: u64) -> bool {
        let free = [self.store.blobs.free_bytes(), store::blobs::free_bytes_at(&self.work_dir)];
        free.into_iter().flatten().all(|free| free.saturating_sub(length) > self.limits.disk_free_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_ends_the_sooner_the_more_of_it_there_is_and_never_for_a_few_bytes() {
        let begun = Instant::now();
        let after = |pace: &Pace, size| pace.due(begun, size).map(|due| (due - begun).as_secs());
        assert_eq!([1_000, 65_536, 2_097_151, 2_097_152].map(|size| after(&NEAR, size)), [None, Some(3), Some(3), Some(1)]);
        assert_eq!([65_536, 262_144, 4_194_304].map(|size| after(&DISTANT, size)), [None, Some(10), Some(2)]);
    }
}
