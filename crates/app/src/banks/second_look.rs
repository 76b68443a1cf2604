//! What is put into a bank and would reach much that nobody has ever reported waits for a second look: it is only counted until somebody confirms it. So
//! whoever can put one thing into a bank (a list from elsewhere, a decision in haste, a picture made to be like others) hides nothing much by it alone.

use std::sync::Arc;

use domain::bank::mistaken;
use domain::{Act, BankId, BankKind, ItemId, MatchState, ModeratorId, OnMatch};
use store::banks::BankRow;
use store::{MatchRow, Tx};

use super::search::Aim;
use crate::moderators::may;
use crate::{Error, Job, Site};

/// Matches that are read at a time.
const PAGE: i64 = 100;

impl Site {
    /// How much that everybody can see, and nobody has reported, something would hold or cover, if that is more than it may unseen.
    pub(super) async fn too_much(&self, bank: &BankRow, item: &ItemId, known: &media::Known) -> Result<Option<i64>, Error> {
        let limit = i64::from(self.reach_limit);
        if limit == 0 || bank.acts_as() != BankKind::Live || bank.on_match == OnMatch::Log {
            return Ok(None);
        }
        let mut unreported = 0;
        // As if it were not known yet, also where it is.
        for reached in self.search(bank, item, known.clone(), Aim::Find, |_| ()).await? {
            if reached.on_match > OnMatch::Log && store::matches::is_unreported(&self.store.db, &reached.subject).await? {
                unreported += 1;
            }
        }
        Ok((unreported > limit).then_some(unreported))
    }

    pub(super) async fn make_wait(&self, tx: &mut Tx, item: &ItemId, reach: i64) -> Result<(), Error> {
        if store::banks::wait(tx, item, reach).await? {
            self.note(tx, None, Act::BankWaits, item.as_str(), &serde_json::json!({ "reach": reach })).await?;
        }
        Ok(())
    }

    /// Lets what waits in a bank act, all of it or one thing; a job does so on what stands. How much that was; 0 as well if who asks is no operator.
    pub async fn confirm(&self, by: Option<&ModeratorId>, bank: &BankId, item: Option<&ItemId>) -> Result<usize, Error> {
        let waiting: Vec<ItemId> = store::banks::items(&self.store.db)
            .await?
            .into_iter()
            .filter(|one| one.bank_id == *bank && one.waits.is_some() && item.is_none_or(|item| *item == one.id))
            .map(|one| one.id)
            .collect();
        let mut tx = self.store.db.begin().await?;
        if !may(&mut tx, by).await? {
            return Ok(0);
        }
        store::banks::hold_alone(&mut tx).await?;
        let mut confirmed = 0;
        for item in &waiting {
            if store::banks::confirm(&mut tx, item, self.clock.now()).await? {
                self.note(&mut tx, by, Act::BankConfirmed, item.as_str(), &serde_json::json!({})).await?;
                self.enqueue(&mut tx, &Job::ActOnCounted { item_id: item.clone() }).await?;
                confirmed += 1;
            }
        }
        tx.commit().await?;
        Ok(confirmed)
    }

    /// Does what the bank is for to all that an item was only counted on, and that is no known mistake; then looks once more for what came meanwhile.
    pub(crate) async fn act_on_counted(&self, item: &ItemId) -> Result<(), Error> {
        let db = &self.store.db;
        let Some(row) = store::banks::items(db).await?.into_iter().find(|row| row.id == *item) else { return Ok(()) };
        let banks = store::banks::list(db).await?;
        let Some(bank) = banks.iter().find(|bank| bank.id == row.bank_id && bank.acts_as() == BankKind::Live) else { return Ok(()) };
        let kinds: Arc<[(BankId, BankKind)]> = banks.iter().map(|bank| (bank.id.clone(), bank.kind)).collect();
        let mut last = None;
        loop {
            let page = store::matches::counted(db, item, last.as_ref(), PAGE).await?;
            for counted in &page {
                self.act_on(counted, bank.on_match, &kinds).await?;
            }
            match page.into_iter().last() {
                Some(counted) => last = Some(counted.id),
                None => return self.search_again(item).await,
            }
        }
    }

    async fn act_on(&self, counted: &MatchRow, on_match: OnMatch, kinds: &[(BankId, BankKind)]) -> Result<(), Error> {
        let subject = &counted.subject;
        let mut tx = self.store.db.begin().await?;
        store::banks::hold_still(&mut tx).await?;
        if !store::matches::stands(&mut tx, subject).await? || !store::banks::counts(&mut tx, &counted.item_id).await? {
            return Ok(());
        }
        let all = store::matches::of_subject(&self.store.db, subject).await?;
        let let_pass = all.iter().any(|row| row.item_id == counted.item_id && row.state == MatchState::Released);
        let known: Vec<_> = all
            .iter()
            .filter_map(|row| {
                let kind = kinds.iter().find(|(id, _)| *id == row.bank_id).map(|(_, kind)| *kind)?;
                Some(domain::bank::Matched { kind, on_match: row.on_match, confidence: row.confidence })
            })
            .collect();
        let is_mistake = mistaken(&known).is_some_and(|mistaken| counted.confidence <= mistaken);
        if let_pass || is_mistake || !store::matches::act(&mut tx, &counted.id, on_match).await? {
            return Ok(());
        }
        match on_match {
            OnMatch::Hold => {
                store::matches::hold(&mut tx, subject).await?;
                self.house(&mut tx, subject).await?;
            }
            OnMatch::Cover => store::matches::cover(&mut tx, subject).await?,
            OnMatch::Log => {}
        }
        Ok(tx.commit().await?)
    }
}
