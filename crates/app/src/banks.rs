//! What the operator does with banks: makes them, puts in what is known, and decides on what they hold.
//!
//! What is put into a bank is looked for at once among all that stands. It counts for new things from before that search on, so
//! between the two nothing slips through.

mod search;
mod second_look;

use std::path::Path;
use std::time::Duration;

use domain::time::SECOND_MS;
use domain::{Act, BankId, BankKind, BankName, CaseState, Fingerprint, FingerprintKind, ItemId, MatchState, MediaKind, OnMatch, Problem};
use store::banks::{BankRow, ItemRow};
use store::{MatchRow, Subject, Tx};

use self::search::Aim;
use crate::matching::Likeness;
use crate::{Error, Job, Site};

/// Signals that are read in one go.
const PAGE: i64 = 200;
/// Media of which all local features are read once more for a decision: 13 kB each.
const LOOKED_AT: u64 = 10_000;
/// Whoever searches and says nothing for this long is taken for dead, and a job goes on.
const SILENT_MS: i64 = 60 * SECOND_MS;
/// How often it says that it is not.
const BEAT: Duration = Duration::from_secs(15);
/// Hashes that stand in one row.
const HASHES_A_ROW: usize = 4_096;

/// Something that stands on the site and is like what a bank has learnt.
#[derive(Clone, Debug, PartialEq)]
pub struct Reached {
    /// What.
    pub subject: Subject,
    /// How like it is.
    pub likeness: Likeness,
    /// What was done, or would be.
    pub on_match: OnMatch,
    /// It was held for what is known as a mistake now, and for nothing else, and is let go.
    pub let_go: bool,
}

/// How far a search is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Searched {
    /// Subjects looked at.
    pub done: u64,
    /// All of them.
    pub all: u64,
}

/// What came of putting something into a bank.
#[derive(Debug)]
pub struct Added {
    /// What of that which stands is like it.
    pub reached: Vec<Reached>,
    /// It only counts until somebody confirms it, because it would have reached so much that nobody has reported.
    pub waits: Option<i64>,
}

/// What is to be put into a bank.
#[derive(Debug)]
pub struct NewItem {
    /// What the operator will know it by.
    pub label: String,
    /// What it is known by. Its views are searched with and not kept.
    pub known: media::Known,
}

/// What came of looking at a file.
#[derive(Debug)]
pub enum Looked {
    /// What it is known by.
    Known(media::Known),
    /// Why it has none.
    Refused(Problem, String),
}

impl Site {
    /// Makes a bank; `false` if there is one of this name.
    pub async fn create_bank(&self, name: &BankName, kind: BankKind, on_match: OnMatch) -> Result<bool, Error> {
        let (id, created) = (self.chance.bank_id(), self.clock.now());
        let bank = BankRow { id, name: name.clone(), kind, on_match, matched: 0, created, distrusted: None };
        let mut tx = self.store.db.begin().await?;
        let made = store::banks::insert(&mut tx, &bank).await?;
        if made {
            tx.commit().await?;
        }
        Ok(made)
    }

    /// The bank of this name.
    pub async fn bank(&self, name: &BankName) -> Result<Option<BankRow>, Error> {
        Ok(store::banks::list(&self.store.db).await?.into_iter().find(|bank| bank.name == *name))
    }

    /// Removes a bank with all that it knows. What only it held is let go.
    pub async fn remove_bank(&self, bank: &BankId) -> Result<u64, Error> {
        let mut tx = self.store.db.begin().await?;
        let let_go = store::banks::remove(&mut tx, bank, self.clock.now()).await?;
        tx.commit().await?;
        Ok(let_go)
    }

    /// Looks at a file in the sandbox and says what it is known by. `file` is not changed.
    pub async fn look_at(&self, file: &Path) -> Result<Looked, Error> {
        let work = crate::prepare::Work::new(self);
        tokio::fs::create_dir_all(work.path().join("in")).await?;
        tokio::fs::copy(file, work.path().join("in").join("input")).await?;
        Ok(match media::look(&self.sandbox, &self.limits, work.path()).await? {
            media::Look::Known(kind, mut known) => {
                if kind == MediaKind::Video {
                    known.fingerprints.iter_mut().for_each(|one| one.kind = of_video(one.kind));
                }
                Looked::Known(known)
            }
            media::Look::Refused { problem, reason } => Looked::Refused(problem, reason),
        })
    }

    /// Puts something into a bank, which then knows it, and acts on everything like it that stands; unless that is more than it may reach unseen.
    pub async fn add_to_bank(&self, bank: &BankRow, item: NewItem, progress: impl FnMut(Searched)) -> Result<Added, Error> {
        let count = i64::try_from(item.known.fingerprints.len()).unwrap_or(i64::MAX);
        if let Some(id) = self.same_item(bank, &item.label, count, &item.known.fingerprints).await? {
            return self.added(bank, &id, item.known, progress).await;
        }
        let id = self.begin_item(bank, item.label).await?;
        let waits = self.too_much(bank, &id, &item.known).await?;
        let mut tx = self.store.db.begin().await?;
        for (number, one) in (1i64..).zip(&item.known.fingerprints) {
            store::banks::add_signal(&mut tx, &id, number, one).await?;
        }
        if store::banks::complete_item(&mut tx, &id, count).await?.is_none() {
            return Err(Error::BankRemoved);
        }
        if let Some(reach) = waits {
            self.make_wait(&mut tx, &id, reach).await?;
        }
        self.owe_search(&mut tx, &id).await?;
        tx.commit().await?;
        self.added(bank, &id, item.known, progress).await
    }

    async fn added(&self, bank: &BankRow, id: &ItemId, known: media::Known, progress: impl FnMut(Searched)) -> Result<Added, Error> {
        let job = Job::SearchFor { item_id: id.clone() };
        let alive = async {
            loop {
                tokio::time::sleep(BEAT).await;
                if let Err(error) = job.defer(self, self.clock.now().plus_ms(SILENT_MS)).await {
                    tracing::warn!(%error, "a search that goes on may be made twice");
                }
            }
        };
        let reached = tokio::select! {
            reached = self.search(bank, id, known, Aim::Act, progress) => reached?,
            () = alive => Vec::new(),
        };
        job.withdraw(self).await?;
        let items = store::banks::items(&self.store.db).await?;
        Ok(Added { waits: items.into_iter().find(|item| item.id == *id).and_then(|item| item.waits), reached })
    }

    /// What [`Site::add_to_bank`] would act on.
    pub async fn would_reach(&self, bank: &BankRow, item: NewItem, progress: impl FnMut(Searched)) -> Result<Vec<Reached>, Error> {
        // What was let go of it stays so, if it is there already.
        let count = i64::try_from(item.known.fingerprints.len()).unwrap_or(i64::MAX);
        let same = self.same_item(bank, &item.label, count, &item.known.fingerprints).await?;
        self.search(bank, &same.unwrap_or_else(|| self.chance.item_id()), item.known, Aim::Ask, progress).await
    }

    /// What is like something of which no bank knows, found without looking at anything again.
    pub(crate) async fn find_like(&self, bank: &BankRow, known: media::Known) -> Result<Vec<Reached>, Error> {
        self.search(bank, &self.chance.item_id(), known, Aim::Find, |_| ()).await
    }

    /// Begins to put a list of hashes into a bank.
    pub async fn begin_import(&self, bank: &BankRow, label: String) -> Result<Import, Error> {
        Ok(Import {
            site: self.clone(),
            bank: bank.clone(),
            item: self.begin_item(bank, label.clone()).await?,
            label,
            number: 0,
            count: 0,
            rows: Vec::new(),
            all: Vec::new(),
        })
    }

    async fn begin_item(&self, bank: &BankRow, label: String) -> Result<ItemId, Error> {
        let row = ItemRow {
            id: self.chance.item_id(),
            bank_id: bank.id.clone(),
            label,
            signals: 0,
            created: self.clock.now(),
            distrusted: None,
            waits: None,
        };
        let mut tx = self.store.db.begin().await?;
        store::banks::begin_item(&mut tx, &row).await?;
        tx.commit().await?;
        Ok(row.id)
    }

    /// What counts from now on is looked for by who puts it there; should they be cut off, by a job.
    async fn owe_search(&self, tx: &mut Tx, item: &ItemId) -> Result<(), Error> {
        self.enqueue_at(tx, &Job::SearchFor { item_id: item.clone() }, self.clock.now().plus_ms(SILENT_MS)).await
    }

    /// What was put into the bank before under this name, if it is the very same: whoever was cut off in the search for it goes on by putting it in
    /// again.
    async fn same_item(&self, bank: &BankRow, label: &str, count: i64, signals: &[Fingerprint]) -> Result<Option<ItemId>, Error> {
        let items = store::banks::items(&self.store.db).await?;
        for item in items.into_iter().filter(|item| item.bank_id == bank.id && item.label == label && item.signals == count) {
            let (mut place, mut rest) = (0, signals);
            loop {
                let page = store::banks::of_item(&self.store.db, &item.id, place, PAGE).await?;
                let Some((own, more)) = rest.split_at_checked(page.len()).filter(|(own, _)| *own == page) else { break };
                if own.is_empty() {
                    if more.is_empty() {
                        return Ok(Some(item.id));
                    }
                    break;
                }
                rest = more;
                place += PAGE;
            }
        }
        Ok(None)
    }

    /// Hands on all signals of a bank.
    pub async fn each_signal(&self, bank: &BankId, mut take: impl FnMut(&Fingerprint) -> std::io::Result<()>) -> Result<(), Error> {
        let now = store::banks::revision(&self.store.db).await?;
        let mut last = None;
        loop {
            let page = store::banks::signals(&self.store.db, 0, now.revision, last.as_ref(), PAGE).await?;
            for signal in page.iter().filter(|signal| signal.bank_id == *bank) {
                take(&signal.fingerprint)?;
            }
            match page.into_iter().last() {
                Some(signal) => last = Some(signal),
                None => return Ok(()),
            }
        }
    }

    /// Looks once more for what was put into a bank among all that stands, and acts on it: for what was on its way when it was put there.
    pub(crate) async fn search_again(&self, item: &ItemId) -> Result<(), Error> {
        self.search_once_more(item, Aim::Act).await
    }

    /// The same, also by local features: whatever they tie to it is looked at again, since how it looks itself is not kept.
    pub(crate) async fn search_for(&self, item: &ItemId) -> Result<(), Error> {
        self.search_once_more(item, Aim::ActAndLook).await
    }

    async fn search_once_more(&self, item: &ItemId, aim: Aim) -> Result<(), Error> {
        let db = &self.store.db;
        let Some(bank) = self.bank_of_item(item).await? else { return Ok(()) };
        let fingerprints = store::banks::of_item(db, item, 0, i64::MAX).await?;
        let known = media::Known { fingerprints, views: Vec::new() };
        if !store::banks::has_waited(db, item).await?
            && let Some(reach) = self.too_much(&bank, item, &known).await?
        {
            let mut tx = self.store.db.begin().await?;
            self.make_wait(&mut tx, item, reach).await?;
            tx.commit().await?;
        }
        self.search(&bank, item, known, aim, |_| ()).await.map(drop)
    }

    /// Looks for what was put into a bank by how it looks alone, among media that are not so many that whatever else is to be done would wait for it.
    pub(crate) async fn search_by_looks(&self, item: &ItemId, views: Vec<media::View>) -> Result<(), Error> {
        let db = &self.store.db;
        let media = store::fingerprints::count(db, 0..=i64::MAX).await?.saturating_sub(store::fingerprints::count_words(db).await?);
        if views.is_empty() || media > LOOKED_AT {
            return Ok(());
        }
        let Some(bank) = self.bank_of_item(item).await? else { return Ok(()) };
        let mut fingerprints = store::banks::of_item(db, item, 0, i64::MAX).await?;
        // What hashes find was found before, and is no matter of how this one of several looks.
        fingerprints.retain(|one| one.kind == FingerprintKind::Keypoints);
        self.search(&bank, item, media::Known { fingerprints, views }, Aim::Act, |_| ()).await.map(drop)
    }

    async fn bank_of_item(&self, item: &ItemId) -> Result<Option<BankRow>, Error> {
        let db = &self.store.db;
        let Some(row) = store::banks::items(db).await?.into_iter().find(|row| row.id == *item) else { return Ok(None) };
        Ok(store::banks::list(db).await?.into_iter().find(|bank| bank.id == row.bank_id))
    }

    /// What is held, the longest first, with the banks' names.
    pub async fn held(&self) -> Result<Vec<(MatchRow, BankName)>, Error> {
        let banks = store::banks::list(&self.store.db).await?;
        let rows = store::matches::held(&self.store.db).await?;
        Ok(rows
            .into_iter()
            .filter_map(|row| Some((banks.iter().find(|bank| bank.id == row.bank_id)?.name.clone(), row)))
            .map(|(name, row)| (row, name))
            .collect())
    }

    /// Lets go of what is held, or says that it stays so; `false` if it is not held.
    pub async fn decide_on_held(&self, subject: &Subject, state: MatchState) -> Result<bool, Error> {
        let now = self.clock.now();
        let mut tx = self.store.db.begin().await?;
        // Before the post: see there.
        store::banks::hold_alone(&mut tx).await?;
        if !store::matches::stands(&mut tx, subject).await? || store::matches::decide(&mut tx, subject, state).await? == 0 {
            return Ok(false);
        }
        if state == MatchState::Released {
            if let Some(case) = store::cases::open_of(&mut tx, subject).await? {
                store::cases::set_held(&mut tx, &case, false).await?;
            }
            store::matches::let_go(&mut tx, subject).await?;
            // Whoever lets go of it has looked at it: it waits for no other look.
            self.let_go_of(&mut tx, subject).await?;
        }
        self.judge_subject(&mut tx, subject, state == MatchState::Kept).await?;
        store::holds::leave(&mut tx, subject, CaseState::Decided, now).await?;
        let act = if state == MatchState::Released { Act::MatchReleased } else { Act::MatchKept };
        self.note(&mut tx, None, act, named(subject), &serde_json::json!({})).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The subject of a held medium, or of a post whose words are held, by its id.
    pub async fn held_subject(&self, id: &str) -> Result<Option<Subject>, Error> {
        Ok(store::matches::held(&self.store.db).await?.into_iter().map(|row| row.subject).find(|subject| named(subject) == id))
    }
}

/// The id by which a subject is told at the command line.
fn named(subject: &Subject) -> &str {
    subject.media_id.as_ref().map_or(subject.post_id.as_str(), |medium| medium.as_str())
}

/// What a bank calls it, if it is a video's.
const fn of_video(kind: FingerprintKind) -> FingerprintKind {
    match kind {
        FingerprintKind::Sha256 => FingerprintKind::VideoSha256,
        FingerprintKind::Md5 => FingerprintKind::VideoMd5,
        other => other,
    }
}

/// A list of hashes on its way into a bank. Until it is finished, it counts for nothing.
pub struct Import {
    site: Site,
    bank: BankRow,
    label: String,
    item: ItemId,
    number: i64,
    count: i64,
    rows: Vec<Fingerprint>,
    all: Vec<Fingerprint>,
}

impl Import {
    /// Takes one more, of a kind of which many stand in a row: hashes of one size, or links or domains, a line each.
    pub async fn take(&mut self, kind: FingerprintKind, hash: &[u8]) -> Result<(), Error> {
        self.count += 1;
        let full = |row: &Fingerprint| row.bytes.len() >= HASHES_A_ROW * hash.len();
        let is_line = matches!(kind, FingerprintKind::Urls | FingerprintKind::Domains);
        match self.rows.iter_mut().find(|row| row.kind == kind) {
            Some(row) if !full(row) => {
                row.bytes.extend(is_line.then_some(b'\n'));
                row.bytes.extend_from_slice(hash);
            }
            Some(row) => {
                let whole = std::mem::replace(row, Fingerprint { kind, version: 1, bytes: hash.to_vec() });
                self.write(whole).await?;
            }
            None => self.rows.push(Fingerprint { kind, version: 1, bytes: hash.to_vec() }),
        }
        Ok(())
    }

    /// Takes one more that stands by itself: a video by its frames, or words by all that they are known by.
    pub async fn take_whole(&mut self, fingerprints: Vec<Fingerprint>) -> Result<(), Error> {
        self.count += 1;
        for one in fingerprints {
            self.write(one).await?;
        }
        Ok(())
    }

    /// Makes it count, and acts on everything like it that stands. An empty one changes nothing.
    pub async fn finish(mut self, progress: impl FnMut(Searched)) -> Result<(i64, Added), Error> {
        if self.count == 0 {
            // What was begun counts for nothing, and upkeep takes it away.
            return Ok((0, Added { reached: Vec::new(), waits: None }));
        }
        for row in std::mem::take(&mut self.rows) {
            self.write(row).await?;
        }
        let known = media::Known { fingerprints: self.all.clone(), views: Vec::new() };
        if let Some(before) = self.site.same_item(&self.bank, &self.label, self.count, &self.all).await? {
            self.item = before;
        } else {
            let waits = self.site.too_much(&self.bank, &self.item, &known).await?;
            let mut tx = self.site.store.db.begin().await?;
            if store::banks::complete_item(&mut tx, &self.item, self.count).await?.is_none() {
                return Err(Error::BankRemoved);
            }
            if let Some(reach) = waits {
                self.site.make_wait(&mut tx, &self.item, reach).await?;
            }
            self.site.owe_search(&mut tx, &self.item).await?;
            tx.commit().await?;
        }
        Ok((self.count, self.site.added(&self.bank, &self.item, known, progress).await?))
    }

    async fn write(&mut self, row: Fingerprint) -> Result<(), Error> {
        self.number += 1;
        let mut tx = self.site.store.db.begin_light().await?;
        if !store::banks::is_there(&mut tx, &self.bank.id).await? {
            return Err(Error::BankRemoved);
        }
        store::banks::add_signal(&mut tx, &self.item, self.number, &row).await?;
        tx.commit().await?;
        self.all.push(row);
        Ok(())
    }
}
