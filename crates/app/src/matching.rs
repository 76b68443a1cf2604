//! Whether something is like what the banks know: asked before anything becomes visible (invariant 7), and of all that stands when
//! the banks learn something new.
//!
//! What the banks know is kept in memory. Each question first asks the database whether that is still all: it is one number. Whatever
//! becomes visible then holds that number still until it is committed, and begins again if the banks have learnt something meanwhile.

pub(crate) mod known;
pub(crate) mod words;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use domain::bank::{Matched, judge, mistaken};
use domain::{BankId, BankKind, CaseState, Fingerprint, ItemId, MatchState, OnMatch, Time};
use likeness::Hash;
use likeness::known::CLOSE;
use store::banks::{BankRow, Revision};
use store::fingerprints::Standing;
use store::{Db, MatchRow, Subject, Tx};

pub use known::{Alike, Known, sureness};
pub(crate) use known::{contradict, is_near_words, learnt_as, looked_up_by, plainness, showing};
pub use words::{tlsh_sureness, words_known};

use crate::{Error, Reached, Site};

/// Signals that are read at a time.
const PAGE: i64 = 256;

/// Something that a bank knows, and how like it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Likeness {
    /// The bank.
    pub bank: BankId,
    /// Which of what it knows.
    pub item: ItemId,
    /// By which reading: `exact`, `pdq`, `pdq-mirror`, ….
    pub reading: &'static str,
    /// Bits that differ, where that is how it was found.
    pub distance: Option<u32>,
    /// How sure it is, from 0 to 1.
    pub confidence: f64,
}

impl Likeness {
    /// Whether the hash of a picture is all that it was found by, and is not so close that nothing could contradict it.
    pub(crate) fn is_by_hash(&self) -> bool {
        self.reading.starts_with("pdq") && self.distance.is_some_and(|distance| distance > CLOSE)
    }
}

/// Adds what was found in another way: each item once, as sure as the surest, and by the plainest reading.
pub(crate) fn merge(found: &mut Vec<Likeness>, more: Vec<Likeness>) {
    for one in more {
        match found.iter_mut().find(|own| own.item == one.item) {
            Some(own) => {
                let confidence = own.confidence.max(one.confidence);
                if plainness(one.reading, one.distance) < plainness(own.reading, own.distance) {
                    *own = one;
                }
                own.confidence = confidence;
            }
            None => found.push(one),
        }
    }
}

/// The banks as they were at one revision.
#[derive(Default)]
pub(crate) struct Banks {
    pub(crate) revision: Revision,
    rules: HashMap<BankId, (domain::BankKind, OnMatch)>,
    /// What of it was often wrong, and only counts.
    distrusted: HashSet<ItemId>,
    /// What `known` knows, by its numbers.
    sources: Vec<(BankId, ItemId)>,
    known: Known,
}

/// That something was like an item, and that somebody let it pass.
#[derive(Debug)]
pub(crate) struct Released {
    item: ItemId,
    confidence: f64,
}

impl Released {
    /// What somebody let pass. A medium stays what it is, however sure another look at it is.
    pub(crate) fn by_somebody(row: &MatchRow) -> Option<Self> {
        let confidence = if row.subject.media_id.is_some() { 1.0 } else { row.confidence };
        (row.state == MatchState::Released).then(|| Self { item: row.item_id.clone(), confidence })
    }

    /// Whatever was found before, of something that is only looked at again: what was decided on it stays so.
    pub(crate) fn found_before(row: &MatchRow) -> Option<Self> {
        Some(Self { item: row.item_id.clone(), confidence: 1.0 })
    }

    /// Words may be edited until they are more like the item than what was let pass.
    fn covers(&self, likeness: &Likeness) -> bool {
        self.item == likeness.item && likeness.confidence <= self.confidence
    }
}

/// What is to be done about something, and why.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    matches: Vec<(Likeness, OnMatch)>,
    most: Option<OnMatch>,
    /// How sure a match is at most that is a mistake which is known.
    mistaken: Option<f64>,
}

impl Verdict {
    /// Something is done for it.
    pub(crate) fn acts(&self) -> bool {
        self.most > Some(OnMatch::Log)
    }

    pub(crate) fn holds(&self) -> bool {
        self.most == Some(OnMatch::Hold)
    }

    /// Nothing is known that is like it.
    pub(crate) fn is_empty(&self) -> bool {
        self.matches.is_empty()
    }

    /// The same, but that what was written down before is not written again.
    pub(crate) fn new_beside(mut self, before: &[MatchRow]) -> Self {
        self.matches.retain(|(likeness, _)| !before.iter().any(|row| row.state != MatchState::Released && row.item_id == likeness.item));
        self
    }

    /// What is done about a subject of which this was found before.
    pub(crate) fn reached(&self, subject: &Subject, before: &[MatchRow]) -> impl Iterator<Item = Reached> {
        let let_go = self.lets_go(before);
        self.matches.iter().map(move |(likeness, on_match)| Reached {
            subject: subject.clone(),
            likeness: likeness.clone(),
            on_match: *on_match,
            let_go,
        })
    }

    /// Whether all that holds a subject is the mistake that is known. [`act`] asks the rows as they are then.
    fn lets_go(&self, before: &[MatchRow]) -> bool {
        let mut holding = before.iter().filter(|row| row.on_match == OnMatch::Hold && row.state != MatchState::Released).peekable();
        let is_mistake = |row: &MatchRow| row.state == MatchState::Open && self.mistaken.is_some_and(|mistaken| row.confidence <= mistaken);
        !self.holds() && holding.peek().is_some() && holding.all(is_mistake)
    }

    pub(crate) fn covers(&self) -> bool {
        self.most == Some(OnMatch::Cover)
    }
}

impl Banks {
    /// Of all banks only what was just put into this one.
    pub(crate) fn of_item(bank: &BankRow, item: &ItemId, fingerprints: &[Fingerprint]) -> Self {
        let mut banks = Self { rules: HashMap::from([(bank.id.clone(), (bank.acts_as(), bank.on_match))]), ..Self::default() };
        for one in fingerprints {
            banks.learn(&bank.id, item, one);
        }
        banks
    }

    /// What is to be done about something that is known by these fingerprints and views. What somebody let pass is not done again.
    fn judge(&self, known: &media::Known, released: &[Released]) -> Verdict {
        self.weigh(self.like(known), released)
    }

    fn learn(&mut self, bank: &BankId, item: &ItemId, signal: &Fingerprint) {
        if self.sources.last().is_none_or(|(_, last)| last != item) {
            self.sources.push((bank.clone(), item.clone()));
        }
        self.known.add(self.sources.len().saturating_sub(1), signal);
    }

    /// What was learnt since these banks were copied has no name here, and is left out.
    fn named(&self, found: Vec<Alike>) -> Vec<Likeness> {
        let name = |Alike { source, reading, distance, confidence }| {
            let (bank, item) = self.sources.get(source)?.clone();
            Some(Likeness { bank, item, reading, distance, confidence })
        };
        found.into_iter().filter_map(name).collect()
    }

    /// What each of these subjects, which stand, is like but for local features.
    pub(crate) fn like_each(&self, subjects: &[Standing]) -> Vec<Vec<Likeness>> {
        subjects.iter().map(|standing| self.named(self.known.like(&standing.fingerprints, &[]))).collect()
    }

    /// Which of these subjects show what the views show, which are those of the item that these banks consist of.
    pub(crate) fn showing_each(&self, subjects: &[Standing], views: &[media::View]) -> Vec<Vec<Likeness>> {
        let mut each = vec![Vec::new(); subjects.len()];
        for (number, confidence) in showing(views, subjects) {
            if let Some(found) = each.get_mut(number) {
                // There is only one source.
                *found = self.named(vec![Alike { source: 0, reading: "keypoints", distance: None, confidence }]);
            }
        }
        each
    }

    /// Whether any of what these banks know is near to each of these hashes.
    pub(crate) fn are_near(&self, hashes: &[Hash]) -> Vec<bool> {
        self.known.are_near(hashes)
    }

    /// What a subject is like that is known by these fingerprints and views.
    pub(crate) fn like(&self, known: &media::Known) -> Vec<Likeness> {
        self.named(self.known.like(&known.fingerprints, &known.views))
    }

    /// What of it that its stored local features tie a subject to: most of that it does not show.
    pub(crate) fn tied_to(&self, fingerprints: &[Fingerprint]) -> Vec<&BankId> {
        self.known.tied_to(fingerprints).into_iter().filter_map(|source| self.sources.get(source)).map(|(bank, _)| bank).collect()
    }

    /// Whether they tie it to anything that a negative bank knows.
    pub(crate) fn is_tied_to_mistakes(&self, fingerprints: &[Fingerprint]) -> bool {
        self.tied_to(fingerprints).into_iter().any(|bank| self.is_negative(bank))
    }

    pub(crate) fn is_negative(&self, bank: &BankId) -> bool {
        self.rules.get(bank).is_some_and(|(kind, _)| *kind == BankKind::Negative)
    }

    /// Whether there is a negative bank.
    pub(crate) fn have_mistakes(&self) -> bool {
        self.rules.values().any(|(kind, _)| *kind == BankKind::Negative)
    }

    /// What negative banks know that this is like: it was mistaken before.
    pub(crate) fn mistakes(&self, fingerprints: &[Fingerprint]) -> Vec<Likeness> {
        self.named(self.known.like(fingerprints, &[])).into_iter().filter(|likeness| self.is_negative(&likeness.bank)).collect()
    }

    /// What is to be done about something that is like all this.
    fn weigh(&self, found: Vec<Likeness>, released: &[Released]) -> Verdict {
        self.weigh_beside(None, found, released)
    }

    /// The same, with a bank that is only thought of, and which nobody else knows.
    pub(crate) fn weigh_beside(&self, thought_of: Option<&BankRow>, found: Vec<Likeness>, released: &[Released]) -> Verdict {
        let of = |bank: &BankId| thought_of.filter(|own| own.id == *bank).map(|own| (own.acts_as(), own.on_match));
        // A bank may have been removed since it was asked.
        let rule = |likeness: Likeness| {
            let (kind, on_match) = self.rules.get(&likeness.bank).copied().or_else(|| of(&likeness.bank))?;
            let kind = if kind == BankKind::Live && self.distrusted.contains(&likeness.item) { BankKind::Shadow } else { kind };
            Some((Matched { kind, on_match, confidence: likeness.confidence }, likeness))
        };
        let (rules, found): (Vec<Matched>, Vec<Likeness>) =
            found.into_iter().filter(|likeness| !released.iter().any(|one| one.covers(likeness))).filter_map(rule).unzip();
        let (each, most) = judge(&rules);
        Verdict { matches: found.into_iter().zip(each).collect(), most, mistaken: mistaken(&rules) }
    }

    /// The banks with what they have learnt since, which costs as much as that is, or anew where they have unlearnt something.
    async fn caught_up(self: Arc<Self>, db: &Db, to: Revision) -> Result<Arc<Self>, Error> {
        let mut next = if to.removed > self.revision.revision { Self::default() } else { self.copied() };
        next.rules = store::banks::list(db).await?.into_iter().map(|bank| (bank.id.clone(), (bank.acts_as(), bank.on_match))).collect();
        next.distrusted = store::banks::distrusted_items(db).await?.into_iter().collect();
        let mut last = None;
        loop {
            let page = store::banks::signals(db, next.revision.revision, to.revision, last.as_ref(), PAGE).await?;
            for signal in &page {
                next.learn(&signal.bank_id, &signal.item_id, &signal.fingerprint);
            }
            match page.into_iter().last() {
                Some(signal) => last = Some(signal),
                None => break,
            }
        }
        next.revision = to;
        Ok(Arc::new(next))
    }

    fn copied(&self) -> Self {
        Self { revision: self.revision, sources: self.sources.clone(), known: self.known.clone(), ..Self::default() }
    }
}

/// The banks in memory, for everybody who asks.
#[derive(Default)]
pub(crate) struct Matching {
    now: Mutex<Arc<Banks>>,
    /// One catches up at a time.
    turn: tokio::sync::Mutex<()>,
}

impl Matching {
    fn kept(&self) -> Arc<Banks> {
        Arc::clone(&self.now.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Site {
    /// The banks as they stand now.
    pub(crate) async fn banks(&self) -> Result<Arc<Banks>, Error> {
        let matching = self.matching();
        let now = store::banks::revision(&self.store.db).await?;
        if matching.kept().revision == now {
            return Ok(matching.kept());
        }
        let _turn = matching.turn.lock().await;
        let now = store::banks::revision(&self.store.db).await?;
        let kept = matching.kept();
        if kept.revision == now {
            return Ok(kept);
        }
        let fresh = kept.caught_up(&self.store.db, now).await;
        // What was learnt only in part is in the shared indexes under numbers that may come to mean something else: all is read anew then.
        let next = fresh.as_ref().map_or_else(|_| Arc::default(), Arc::clone);
        *matching.now.lock().unwrap_or_else(PoisonError::into_inner) = next;
        fresh
    }

    /// Keeps the banks in memory up to date, so that nobody who publishes waits for a long list to be read.
    pub async fn follow_banks(&self) {
        if let Err(error) = self.banks().await {
            tracing::warn!(%error, "the banks were not read");
        }
    }

    /// Asks the banks about a subject, and begins the change that what comes of it is written in: they stand still until it is committed or
    /// dropped. `passes` says what of what was found before is let pass. Looking through local features takes a while, which others
    /// are not made to wait for.
    pub(crate) async fn ask(
        &self,
        subject: &Subject,
        known: &Arc<media::Known>,
        passes: fn(&MatchRow) -> Option<Released>,
    ) -> Result<(Tx, Verdict), Error> {
        loop {
            let banks = self.banks().await?;
            let verdict = self.verdict(&banks, subject, known, passes).await?;
            let mut tx = self.store.db.begin().await?;
            // If they have learnt something since they were asked, they are asked again.
            if store::banks::hold_still(&mut tx).await? == banks.revision {
                return Ok((tx, verdict));
            }
        }
    }

    /// What these banks say of a subject, beside what was written down before.
    pub(crate) async fn verdict(
        &self,
        banks: &Arc<Banks>,
        subject: &Subject,
        known: &Arc<media::Known>,
        passes: fn(&MatchRow) -> Option<Released>,
    ) -> Result<Verdict, Error> {
        let before = store::matches::of_subject(&self.store.db, subject).await?;
        let released: Vec<Released> = before.iter().filter_map(passes).collect();
        let (banks, known) = (Arc::clone(banks), Arc::clone(known));
        let judging = tokio::task::spawn_blocking(move || banks.judge(&known, &released));
        Ok(judging.await.map_err(std::io::Error::other)?.new_beside(&before))
    }
}

/// Does to a subject that stands what is to be done about it; `false` if it does not stand any more: its poster may have deleted it a moment
/// ago. What was held only for a mistake that is known now is let go, unless somebody said that it stays so.
pub(crate) async fn act(tx: &mut Tx, site: &Site, subject: &Subject, verdict: &Verdict) -> Result<bool, Error> {
    if !store::matches::stands(tx, subject).await? {
        return Ok(false);
    }
    if verdict.holds() {
        store::matches::hold(tx, subject).await?;
    } else if verdict.covers() {
        store::matches::cover(tx, subject).await?;
    }
    if let Some(mistaken) = verdict.mistaken
        && store::matches::let_pass(tx, subject, mistaken).await? > 0
        && !verdict.holds()
        && store::matches::holding(tx, subject).await? == 0
    {
        store::matches::let_go(tx, subject).await?;
        store::holds::leave(tx, subject, CaseState::Moot, site.clock.now()).await?;
    }
    Ok(true)
}

/// Writes down what a subject is known by, and why what is done about it is done.
pub(crate) async fn write_down(
    tx: &mut Tx,
    site: &Site,
    subject: &Subject,
    fingerprints: &[Fingerprint],
    verdict: Verdict,
    now: Time,
) -> Result<(), Error> {
    store::fingerprints::replace(tx, subject, fingerprints).await?;
    write_matches(tx, site, subject, verdict, now).await
}

/// Writes down why something is done about a subject; if it is held, somebody has to decide, and so it is in a case.
pub(crate) async fn write_matches(tx: &mut Tx, site: &Site, subject: &Subject, verdict: Verdict, now: Time) -> Result<(), Error> {
    let holds = verdict.holds();
    for (likeness, on_match) in verdict.matches {
        let row = MatchRow {
            id: site.chance.match_id(),
            subject: subject.clone(),
            bank_id: likeness.bank,
            item_id: likeness.item,
            reading: likeness.reading.to_owned(),
            distance: likeness.distance.map(i64::from),
            confidence: likeness.confidence,
            on_match,
            state: MatchState::Open,
            created: now,
        };
        store::matches::insert(tx, &row).await?;
    }
    if holds { site.house(tx, subject).await } else { Ok(()) }
}
