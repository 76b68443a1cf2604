//! Whether what banks know is right, by those who decide: what is often wrong does nothing any more but count, until the operator trusts it again.
//!
//! The smaller source comes first: one list of a bank, or one thing in it, is distrusted by itself, and the bank only for what its other items did.
//! So whoever can make one item wrong, by posting what is mistaken for it again and again, ends that item and not the bank.

use domain::bank::Precision;
use domain::{Act, BankId, DecisionId, ItemId, ModeratorId, Time};
use store::banks::{BankRow, ItemRow};
use store::{MatchRow, Subject, Tx};

use crate::moderators::may;
use crate::{Error, Site};

/// A bank as the operator sees it.
#[derive(Clone, Debug)]
pub struct BankSummary {
    /// It.
    pub bank: BankRow,
    /// What was put into it, and how often each was right.
    pub items: Vec<(ItemRow, Precision)>,
    /// How much matches of it hold that nobody has decided on.
    pub holds: i64,
}

impl BankSummary {
    /// How often it was right, as far as anybody looked.
    #[must_use]
    pub fn precision(&self) -> Precision {
        self.items.iter().fold(Precision::default(), |sum, (_, one)| sum.and(*one))
    }
}

impl Site {
    /// All banks by name, with what is in them.
    pub async fn list_banks(&self) -> Result<Vec<BankSummary>, Error> {
        let db = &self.store.db;
        let (banks, items) = (store::banks::list(db).await?, store::banks::items(db).await?);
        let (judged, holding) = (store::judgements::of_items(db).await?, store::matches::holding_of_banks(db).await?);
        let found = |item: &ItemRow| judged.iter().find(|(id, _)| *id == item.id).map(|(_, precision)| *precision).unwrap_or_default();
        let of = |bank: &BankRow| items.iter().filter(|item| item.bank_id == bank.id).map(|item| (item.clone(), found(item))).collect();
        let holds = |bank: &BankRow| holding.iter().find(|(id, _)| *id == bank.id).map_or(0, |(_, count)| *count);
        Ok(banks.into_iter().map(|bank| BankSummary { items: of(&bank), holds: holds(&bank), bank }).collect())
    }

    /// A decision found right, or wrong, what banks know of all that it settled. The caller has the banks alone.
    pub(crate) async fn judge(&self, tx: &mut Tx, decision: &DecisionId, right: bool) -> Result<(), Error> {
        let judged = store::judgements::judge(tx, decision, right, self.clock.now()).await?;
        if right { Ok(()) } else { self.doubt(tx, &judged).await }
    }

    /// The same of one subject, without a decision.
    pub(crate) async fn judge_subject(&self, tx: &mut Tx, subject: &Subject, right: bool) -> Result<(), Error> {
        let judged = store::judgements::judge_subject(tx, subject, right, self.clock.now()).await?;
        if right { Ok(()) } else { self.doubt(tx, &judged).await }
    }

    /// What of these was often wrong does nothing but count from now on.
    async fn doubt(&self, tx: &mut Tx, judged: &[(ItemId, BankId)]) -> Result<(), Error> {
        let now = self.clock.now();
        for (item, _) in judged {
            let precision = store::judgements::of_item(tx, item).await?;
            if precision.is_often_wrong() && store::banks::distrust_item(tx, item, now).await? {
                self.note_of(tx, Act::BankDistrusted, item.as_str(), precision).await?;
            }
        }
        for bank in banks_of(judged) {
            let precision = store::judgements::of_bank(tx, bank).await?;
            if precision.is_often_wrong() && store::banks::distrust(tx, bank, now).await? {
                self.note_of(tx, Act::BankDistrusted, bank.as_str(), precision).await?;
            }
        }
        Ok(())
    }

    /// What a decision found is forgotten, because it is undone. What was distrusted since it was made, and would not be without it, is trusted as
    /// it was before.
    pub(crate) async fn forget_judgements(&self, tx: &mut Tx, decision: &DecisionId, made: Time) -> Result<(), Error> {
        let judged = store::judgements::forget(tx, decision).await?;
        for (item, _) in &judged {
            let precision = store::judgements::of_item(tx, item).await?;
            if !precision.is_often_wrong() && store::banks::trust_item_since(tx, item, made).await? {
                self.note_of(tx, Act::BankTrusted, item.as_str(), precision).await?;
            }
        }
        for bank in banks_of(&judged) {
            let precision = store::judgements::of_bank(tx, bank).await?;
            if !precision.is_often_wrong() && store::banks::trust_since(tx, bank, made).await? {
                self.note_of(tx, Act::BankTrusted, bank.as_str(), precision).await?;
            }
        }
        Ok(())
    }

    /// Trusts a bank again, with all that is in it, or one thing in it alone; what was found of that until now does not count against it any more.
    /// `false` if it was trusted, or who asks is no operator.
    pub async fn trust(&self, by: Option<&ModeratorId>, bank: &BankId, item: Option<&ItemId>) -> Result<bool, Error> {
        let mut tx = self.store.db.begin().await?;
        if !may(&mut tx, by).await? {
            return Ok(false);
        }
        let changed = store::banks::trust(&mut tx, bank, item, self.clock.now()).await?;
        if changed {
            let subject = item.map_or(bank.as_str(), |item| item.as_str());
            self.note(&mut tx, by, Act::BankTrusted, subject, &serde_json::json!({})).await?;
            tx.commit().await?;
        }
        Ok(changed)
    }

    /// What something in a bank was found in, and only counted: what it will act on if it is confirmed. With whether who decides may look at it.
    pub async fn would_act_on(&self, item: &ItemId, limit: i64) -> Result<Vec<(MatchRow, bool)>, Error> {
        let db = &self.store.db;
        let mut all = Vec::new();
        for row in store::matches::counted(db, item, None, limit).await? {
            let never_shown = match &row.subject.media_id {
                Some(medium) => store::cases::is_never_shown(db, &row.subject.post_id, medium).await?,
                None => false,
            };
            all.push((row, !never_shown));
        }
        Ok(all)
    }

    async fn note_of(&self, tx: &mut Tx, act: Act, subject: &str, precision: Precision) -> Result<(), Error> {
        let detail = serde_json::json!({ "right": precision.right, "wrong": precision.wrong });
        self.note(tx, None, act, subject, &detail).await
    }
}

fn banks_of(judged: &[(ItemId, BankId)]) -> Vec<&BankId> {
    let mut banks: Vec<_> = judged.iter().map(|(_, bank)| bank).collect();
    banks.sort_unstable();
    banks.dedup();
    banks
}
