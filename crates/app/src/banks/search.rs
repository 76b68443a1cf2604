//! The search for what a bank has learnt among all that stands.
//!
//! By hashes the files say whose rows are worth reading (`crate::corpus`). Words are also alike in ways that no hash tells: of those all are read, where
//! words were learnt. Local features are asked by votes: of those all are read as well, where a picture itself was learnt.
//!
//! Of what stands only the features are kept, not how it looks, so what is learnt is asked about it the other way round than at its upload, and the two may differ
//! in how sure they are. Where something is known to be mistaken for it and that decides, it is looked at again, and asked about as it was then.

use std::collections::HashSet;
use std::sync::Arc;

use domain::{BankKind, FingerprintKind, ItemId, MatchState, OnMatch};
use store::banks::BankRow;
use store::fingerprints::{self, Part, Standing};
use store::{MatchRow, Subject};

use super::{Reached, Searched};
use crate::matching::{self, Banks, Likeness, Released, contradict, is_near_words, learnt_as, merge};
use crate::{Error, Site};

/// Subjects that are read in one go.
const PAGE: i64 = 200;
/// Of their local features: of a photo they are 13 kB, and 25 kB with their index; of a video up to 16 times as much.
const PAGE_OF_FEATURES: i64 = 64;

/// What comes of a search.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Aim {
    /// Only an answer, and nothing is looked at again for it.
    Find,
    /// An answer that says what acting would do.
    Ask,
    /// What is found is acted on.
    Act,
    /// And what local features tie to what was learnt is looked at again, where that itself cannot be.
    ActAndLook,
}

/// How a subject was met.
enum Met {
    /// It is like what was learnt.
    Found(Vec<Likeness>),
    /// It is tied to it by local features alone, and has to be looked at.
    Tied,
}

/// A search under way.
struct Search<'a, P> {
    site: &'a Site,
    bank: &'a BankRow,
    item: &'a ItemId,
    /// What was learnt, and how it looks.
    new: Arc<Banks>,
    views: Arc<[media::View]>,
    /// Whether local features of it are known, with which what is looked at can be compared.
    by_features: bool,
    /// What is known altogether.
    all: Arc<Banks>,
    aim: Aim,
    /// Why something that had to be looked at was not.
    unseen: Option<Error>,
    /// Who was found already.
    met: HashSet<i64>,
    reached: Vec<Reached>,
    searched: Searched,
    progress: P,
}

impl Site {
    /// Looks for what was put into a bank among all that stands, and acts on it if that is wanted.
    pub(super) async fn search(
        &self,
        bank: &BankRow,
        item: &ItemId,
        known: media::Known,
        aim: Aim,
        progress: impl FnMut(Searched),
    ) -> Result<Vec<Reached>, Error> {
        let db = &self.store.db;
        let new = Arc::new(Banks::of_item(bank, item, &known.fingerprints));
        let hashes = known.fingerprints.iter().flat_map(learnt_as).collect();
        let mut passes = Vec::new();
        if known.fingerprints.iter().any(is_near_words) {
            passes.push((Part::Words, fingerprints::count_words(db).await?));
        }
        let views: Arc<[media::View]> = known.views.into();
        let by_features = known.fingerprints.iter().any(|one| one.kind == FingerprintKind::Keypoints);
        if !views.is_empty() || by_features && aim == Aim::ActAndLook {
            let media = fingerprints::count(db, 0..=i64::MAX).await?.saturating_sub(fingerprints::count_words(db).await?);
            passes.push((Part::Features, media));
        }
        let candidates = self.candidates(&new, hashes).await?;
        let mut all = candidates.numbers.len() as u64 + passes.iter().map(|(_, count)| count).sum::<u64>();
        for numbers in &candidates.beside {
            all += fingerprints::count(db, numbers.clone()).await?;
        }
        let searched = Searched { done: 0, all };
        let all = self.banks().await?;
        let seen = Arc::clone(&views);
        let (unseen, met, reached) = (None, HashSet::new(), Vec::new());
        let mut search =
            Search { site: self, bank, item, new, views: seen, by_features, all, aim, unseen, met, reached, searched, progress };
        for numbers in candidates.numbers.chunks(usize::try_from(PAGE).unwrap_or(usize::MAX)) {
            let page = fingerprints::looked_up(db, numbers).await?;
            search.look(page, alike, numbers.len()).await?;
        }
        for numbers in candidates.beside {
            search.each(Part::LookedUp, numbers.clone(), PAGE, alike).await?;
        }
        for (part, _) in passes {
            let views = Arc::clone(&views);
            match part {
                Part::Features if views.is_empty() => search.each(part, 0..=i64::MAX, PAGE_OF_FEATURES, tied).await?,
                Part::Features => {
                    let look = move |new: &Banks, page: &[Standing]| new.showing_each(page, &views).into_iter().map(found).collect();
                    search.each(part, 0..=i64::MAX, PAGE_OF_FEATURES, look).await?;
                }
                _ => search.each(part, 0..=i64::MAX, PAGE, alike).await?,
            }
        }
        // A job tries again what could not be looked at.
        search.unseen.map_or(Ok(search.reached), Err)
    }
}

fn found(found: Vec<Likeness>) -> Option<Met> {
    (!found.is_empty()).then_some(Met::Found(found))
}

fn alike(new: &Banks, page: &[Standing]) -> Vec<Option<Met>> {
    new.like_each(page).into_iter().map(found).collect()
}

fn tied(new: &Banks, page: &[Standing]) -> Vec<Option<Met>> {
    page.iter().map(|standing| (!new.tied_to(&standing.fingerprints).is_empty()).then_some(Met::Tied)).collect()
}

impl<P: FnMut(Searched)> Search<'_, P> {
    /// Looks at all subjects with these numbers.
    async fn each(
        &mut self,
        part: Part,
        numbers: std::ops::RangeInclusive<i64>,
        page: i64,
        look: impl FnOnce(&Banks, &[Standing]) -> Vec<Option<Met>> + Clone + Send + 'static,
    ) -> Result<(), Error> {
        let mut next = *numbers.start();
        loop {
            let page = fingerprints::numbered(&self.site.store.db, part, next..=*numbers.end(), page).await?;
            let Some(last) = page.last() else { return Ok(()) };
            next = last.number + 1;
            let count = page.len();
            self.look(page, look.clone(), count).await?;
        }
    }

    /// Looks at these subjects, of `count` that were asked for.
    async fn look(
        &mut self,
        page: Vec<Standing>,
        look: impl FnOnce(&Banks, &[Standing]) -> Vec<Option<Met>> + Send + 'static,
        count: usize,
    ) -> Result<(), Error> {
        let new = Arc::clone(&self.new);
        let looking = tokio::task::spawn_blocking(move || (look(&new, &page), page));
        let (each, page) = looking.await.map_err(std::io::Error::other)?;
        for (standing, met) in page.into_iter().zip(each) {
            if let Some(met) = met
                && self.met.insert(standing.number)
            {
                self.meet(&standing.subject, met).await?;
            }
        }
        self.searched.done += count as u64;
        (self.progress)(self.searched);
        Ok(())
    }

    async fn meet(&mut self, subject: &Subject, met: Met) -> Result<(), Error> {
        let site = self.site;
        let mut before = store::matches::of_subject(&site.store.db, subject).await?;
        if self.aim == Aim::ActAndLook && before.iter().any(|row| row.item_id == *self.item) {
            // It was met, and what was due done, before the search was cut off.
            return Ok(());
        }
        let mut found = match met {
            Met::Tied => self.look_again(subject).await?.unwrap_or_default(),
            Met::Found(found) if found.iter().all(Likeness::is_by_hash) => match self.by_hashes(subject, found).await? {
                None => return Ok(()),
                Some(found) => self.beside_mistakes(subject, found, &before).await?,
            },
            Met::Found(found) => self.beside_mistakes(subject, found, &before).await?,
        };
        // What it is held for is as sure as it is to who looks, if it was found without: the mistake is.
        let mut surer = Vec::new();
        for row in before.iter_mut().filter(|row| is_held_for(row)) {
            if let Some(likeness) = found.iter().find(|one| one.item == row.item_id && one.confidence > row.confidence) {
                row.confidence = likeness.confidence;
                surer.push(row.clone());
            }
        }
        found.retain(|one| one.item == *self.item || self.all.is_negative(&one.bank));
        if !found.iter().any(|one| one.item == *self.item) {
            return Ok(());
        }
        let verdict = self.weigh(found, &before);
        self.reached.extend(verdict.reached(subject, &before).filter(|one| one.likeness.item == *self.item));
        if matches!(self.aim, Aim::Find | Aim::Ask) || verdict.is_empty() {
            return Ok(());
        }
        let mut tx = site.store.db.begin().await?;
        if !store::banks::is_there(&mut tx, &self.bank.id).await? {
            return Err(Error::BankRemoved);
        }
        // It may have been taken out of its bank since the search began, and nothing would ever let go of what is held for it.
        if !store::banks::counts(&mut tx, self.item).await? || !store::matches::stands(&mut tx, subject).await? {
            return Ok(());
        }
        for row in &surer {
            store::matches::set_confidence(&mut tx, &row.id, row.confidence).await?;
        }
        matching::act(&mut tx, site, subject, &verdict).await?;
        // A search that was cut off, or another one beside this, has written some of it down.
        let verdict = verdict.new_beside(&store::matches::of_subject(&site.store.db, subject).await?);
        matching::write_matches(&mut tx, site, subject, verdict, site.clock.now()).await?;
        Ok(tx.commit().await?)
    }

    /// What hashes alone have found, unless the pictures are not the same, however near their hashes are.
    async fn by_hashes(&mut self, subject: &Subject, found: Vec<Likeness>) -> Result<Option<Vec<Likeness>>, Error> {
        if self.views.is_empty() {
            // Who looks is told, if there is anything to compare with.
            let looks = self.aim == Aim::ActAndLook && self.by_features && subject.media_id.is_some();
            let seen = if looks { self.look_again(subject).await? } else { None };
            return Ok(Some(seen.unwrap_or(found)));
        }
        let (views, stands) = (Arc::clone(&self.views), fingerprints::of(&self.site.store.db, subject).await?);
        let is_other = tokio::task::spawn_blocking(move || contradict(&views, &stands)).await.map_err(std::io::Error::other)?;
        Ok((!is_other).then_some(found))
    }

    fn weigh(&self, found: Vec<Likeness>, before: &[MatchRow]) -> matching::Verdict {
        let released: Vec<Released> = before.iter().filter_map(Released::by_somebody).collect();
        let is_thought_of = matches!(self.aim, Aim::Find | Aim::Ask);
        self.all.weigh_beside(is_thought_of.then_some(self.bank), found, &released)
    }

    /// What was found of a subject, and what it is like that is known to be mistaken.
    async fn beside_mistakes(&mut self, subject: &Subject, mut found: Vec<Likeness>, before: &[MatchRow]) -> Result<Vec<Likeness>, Error> {
        let is_negative = self.bank.acts_as() == BankKind::Negative;
        if !self.all.have_mistakes() && !is_negative {
            return Ok(found);
        }
        // Of who is found by local features nothing else was read.
        let stands = fingerprints::of(&self.site.store.db, subject).await?;
        let is_at_stake = before.iter().any(is_held_for) || self.weigh(found.clone(), before).acts();
        merge(&mut found, self.all.mistakes(&stands));
        if subject.media_id.is_some() && is_at_stake && self.aim != Aim::Find {
            let (all, new) = (Arc::clone(&self.all), is_negative.then(|| Arc::clone(&self.new)));
            let tied = move || all.is_tied_to_mistakes(&stands) || new.is_some_and(|new| !new.tied_to(&stands).is_empty());
            if tokio::task::spawn_blocking(tied).await.map_err(std::io::Error::other)?
                && let Some(mut seen) = self.look_again(subject).await?
            {
                // What was learnt may be found from its side alone.
                if seen.iter().all(|one| one.item != *self.item) {
                    seen.extend(found.into_iter().find(|one| one.item == *self.item));
                }
                return Ok(seen);
            }
        }
        Ok(found)
    }

    /// All that a medium is like that is looked at as it was when it was posted; `None` if it cannot be.
    async fn look_again(&mut self, subject: &Subject) -> Result<Option<Vec<Likeness>>, Error> {
        let known = match self.site.known_of(subject).await {
            Ok(Some(known)) => known,
            Ok(None) => return Ok(None),
            Err(error) if error.is_passing() => return Err(error),
            Err(error) => {
                tracing::warn!(%error, "what stands could not be looked at again");
                if self.aim == Aim::ActAndLook {
                    self.unseen = Some(error);
                }
                return Ok(None);
            }
        };
        let (new, all) = (Arc::clone(&self.new), Arc::clone(&self.all));
        let asking = tokio::task::spawn_blocking(move || {
            let mut found = all.like(&known);
            // Of what is only thought of nobody else knows.
            merge(&mut found, new.like(&known));
            found
        });
        Ok(Some(asking.await.map_err(std::io::Error::other)?))
    }
}

/// Nobody has decided whether it stays held for this.
fn is_held_for(row: &MatchRow) -> bool {
    row.on_match == OnMatch::Hold && row.state == MatchState::Open
}
