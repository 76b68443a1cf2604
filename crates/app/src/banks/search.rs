//! The search for what a bank has learnt among all that stands.
//!
//! By hashes the files say whose rows are worth reading (`crate::corpus`). Words are also alike in ways that no hash tells: of those all are read, where
//! words were learnt. Local features are asked by votes: of those all are read as well, where a picture itself was learnt.

use std::collections::HashSet;
use std::sync::Arc;

use domain::ItemId;
use store::Subject;
use store::banks::BankRow;
use store::fingerprints::{self, Part, Standing};

use super::{Reached, Searched};
use crate::matching::{self, Banks, Likeness, Released, contradict, is_near_words, learnt_as};
use crate::{Error, Site};

/// Subjects that are read in one go.
const PAGE: i64 = 200;
/// Of their local features: of a photo they are 13 kB, and 25 kB with their index; of a video up to 16 times as much.
const PAGE_OF_FEATURES: i64 = 64;

/// A search under way.
struct Search<'a, P> {
    site: &'a Site,
    bank: &'a BankRow,
    item: &'a ItemId,
    /// What was learnt, and how it looks.
    new: Arc<Banks>,
    views: Arc<[media::View]>,
    /// What is known altogether.
    all: Arc<Banks>,
    act: bool,
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
        act: bool,
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
        if !views.is_empty() {
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
        let mut search =
            Search { site: self, bank, item, new, views: seen, all, act, met: HashSet::new(), reached: Vec::new(), searched, progress };
        for numbers in candidates.numbers.chunks(usize::try_from(PAGE).unwrap_or(usize::MAX)) {
            let page = fingerprints::looked_up(db, numbers).await?;
            search.look(page, |new, page| new.like_each(page), numbers.len()).await?;
        }
        for numbers in candidates.beside {
            search.each(Part::LookedUp, numbers.clone(), PAGE, |new, page| new.like_each(page)).await?;
        }
        for (part, _) in passes {
            let views = Arc::clone(&views);
            match part {
                Part::Features => {
                    let look = move |new: &Banks, page: &[Standing]| new.showing_each(page, &views);
                    search.each(part, 0..=i64::MAX, PAGE_OF_FEATURES, look).await?;
                }
                _ => search.each(part, 0..=i64::MAX, PAGE, |new, page| new.like_each(page)).await?,
            }
        }
        Ok(search.reached)
    }
}

impl<P: FnMut(Searched)> Search<'_, P> {
    /// Looks at all subjects with these numbers.
    async fn each(
        &mut self,
        part: Part,
        numbers: std::ops::RangeInclusive<i64>,
        page: i64,
        look: impl FnOnce(&Banks, &[Standing]) -> Vec<Vec<Likeness>> + Clone + Send + 'static,
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
        look: impl FnOnce(&Banks, &[Standing]) -> Vec<Vec<Likeness>> + Send + 'static,
        count: usize,
    ) -> Result<(), Error> {
        let new = Arc::clone(&self.new);
        let looking = tokio::task::spawn_blocking(move || (look(&new, &page), page));
        let (likenesses, page) = looking.await.map_err(std::io::Error::other)?;
        for (standing, found) in page.into_iter().zip(likenesses) {
            if !found.is_empty() && self.met.insert(standing.number) {
                self.meet(standing, found).await?;
            }
        }
        self.searched.done += count as u64;
        (self.progress)(self.searched);
        Ok(())
    }

    /// Whether the hashes are near and the pictures are not the same.
    async fn is_other(&self, subject: &Subject) -> Result<bool, Error> {
        if self.views.is_empty() {
            return Ok(false);
        }
        let (views, stands) = (Arc::clone(&self.views), fingerprints::of(&self.site.store.db, subject).await?);
        Ok(tokio::task::spawn_blocking(move || contradict(&views, &stands)).await.map_err(std::io::Error::other)?)
    }

    async fn meet(&mut self, standing: Standing, mut found: Vec<Likeness>) -> Result<(), Error> {
        let (site, subject) = (self.site, &standing.subject);
        if found.iter().all(Likeness::is_by_hash) && self.is_other(subject).await? {
            return Ok(());
        }
        // Of who is found by local features nothing else was read.
        if self.all.have_mistakes() {
            found.extend(self.all.mistakes(&fingerprints::of(&site.store.db, subject).await?));
        }
        let before = store::matches::of_subject(&site.store.db, subject).await?;
        let released: Vec<Released> = before.iter().filter_map(Released::by_somebody).collect();
        let verdict = self.all.weigh_beside((!self.act).then_some(self.bank), found, &released);
        self.reached.extend(verdict.reached(subject, &before).filter(|one| one.likeness.item == *self.item));
        if !self.act || verdict.is_empty() {
            return Ok(());
        }
        let mut tx = site.store.db.begin().await?;
        if !store::banks::is_there(&mut tx, &self.bank.id).await? {
            return Err(Error::BankRemoved);
        }
        // It may have been taken out of its bank since the search began, and nothing would ever let go of what is held for it.
        if store::banks::counts(&mut tx, self.item).await? && matching::act(&mut tx, site, subject, &verdict).await? {
            // A search that was cut off has written some of it down before.
            let verdict = verdict.new_beside(&before);
            matching::write_matches(&mut tx, site, subject, verdict, site.clock.now()).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}
