//! How long what a decision took away is kept, for whom, and its end.

use std::collections::{BTreeSet, HashMap};

use domain::retention::Asked;
use domain::{Act, DecisionId, FilingId, ModeratorId, NoticeKind, RawRetention, Retention, RetentionError, Time};
use store::{DecisionRow, FilingRow, PartyRow, RetentionRow, Tx};

use crate::moderators::may;
use crate::{Error, Site};

/// Decisions that are read at a time.
const PAGE: i64 = 100;

/// Whose filing it is, and by what name they know it.
fn reference(party: Option<&PartyRow>, row: &FilingRow) -> String {
    let party = party.map(|party| party.party.name.as_str().to_owned());
    let words: Vec<String> = party.into_iter().chain(row.filing.order.reference.clone()).chain([format!("filing {}", row.id)]).collect();
    words.join(", ")
}

/// Why something is not kept for longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotKept {
    /// What was asked is not whole.
    #[error(transparent)]
    Asked(#[from] RetentionError),
    /// Only an operator says so.
    #[error("only an operator says how long something is kept")]
    NotAllowed,
    /// There is no such decision.
    #[error("there is no decision of this id")]
    NoDecision,
    /// Nothing is left that could be kept.
    #[error("nothing of what it took away is kept any more, or it took nothing away")]
    Nothing,
}

impl Site {
    /// What is kept for a decision, and until when.
    pub async fn retentions(&self, id: &DecisionId) -> Result<Vec<RetentionRow>, Error> {
        Ok(store::retentions::of_decision(&self.store.db, id).await?)
    }

    /// Keeps what a decision took away for longer. `by`: who says so; `None`: the command line.
    pub async fn keep_for(
        &self,
        by: Option<&ModeratorId>,
        id: &DecisionId,
        asked: RawRetention,
    ) -> Result<Result<RetentionRow, NotKept>, Error> {
        let now = self.clock.now();
        let retention = match asked.check(now) {
            Ok(retention) => retention,
            Err(error) => return Ok(Err(error.into())),
        };
        let mut tx = self.store.db.begin().await?;
        if !may(&mut tx, by).await? {
            return Ok(Err(NotKept::NotAllowed));
        }
        if store::decisions::find(&self.store.db, id).await?.is_none() {
            return Ok(Err(NotKept::NoDecision));
        }
        if !store::retentions::keeps(&mut tx, id).await? {
            return Ok(Err(NotKept::Nothing));
        }
        let detail = serde_json::json!({ "ground": retention.ground, "until": crate::evidence::iso(retention.until) });
        let row = self.retain(&mut tx, id, retention, by).await?;
        self.note(&mut tx, by, Act::RetentionAdded, id.as_str(), &detail).await?;
        tx.commit().await?;
        Ok(Ok(row))
    }

    /// Writes down what follows from a decision by itself, in its own change, after it has reached what it is for.
    pub(crate) async fn keep_decided(&self, tx: &mut Tx, row: &DecisionRow) -> Result<(), Error> {
        let asked = store::retentions::asked(tx, &row.id, &row.case_id).await?;
        let asked = self.asked_to_keep(&asked).await?;
        for retention in domain::retention::of_decision(row.created, row.keep_until, &asked) {
            self.retain(tx, &row.id, retention, None).await?;
        }
        Ok(())
    }

    /// Those of these notices that something is kept because of, with whose they are.
    pub(crate) async fn asked_to_keep(&self, notices: &[store::retentions::Asked]) -> Result<Vec<Asked>, Error> {
        let mut filings: HashMap<FilingId, (String, Option<Time>)> = HashMap::new();
        let mut all = Vec::new();
        for one in notices.iter().filter(|one| matches!(one.kind, NoticeKind::TcoRemovalOrder | NoticeKind::PreservationRequest)) {
            let (reference, until) = match &one.filing {
                None => (format!("notice {}", one.notice), None),
                Some(id) => match filings.get(id) {
                    Some(known) => known.clone(),
                    None => filings.entry(id.clone()).or_insert(self.named_filing(id).await?).clone(),
                },
            };
            all.push(Asked { kind: one.kind, reference, received: one.received, until });
        }
        Ok(all)
    }

    /// Whose filing it is and by what name they know it, and until when they ask for something to be kept.
    async fn named_filing(&self, id: &FilingId) -> Result<(String, Option<Time>), Error> {
        let db = &self.store.db;
        let Some(row) = store::filings::find(db, id).await? else { return Ok((format!("filing {id}"), None)) };
        let party = store::parties::find(db, &row.party_id).await?;
        Ok((reference(party.as_ref(), &row), row.filing.order.due))
    }

    /// What is dark already when somebody orders it to be removed, or asks for it to be kept, is kept for them as well.
    pub(crate) async fn keep_dark(&self, tx: &mut Tx, party: &PartyRow, row: &FilingRow) -> Result<(), Error> {
        let asked = Asked {
            kind: row.filing.notice.kind,
            reference: reference(Some(party), row),
            received: row.received,
            until: row.filing.order.due,
        };
        let Some(retention) = asked.retention(row.received) else { return Ok(()) };
        // In one order, so that two orders never wait for each other.
        let decisions: BTreeSet<&DecisionId> = row.links.iter().filter_map(|link| link.decision.as_ref()).collect();
        for id in decisions {
            if store::retentions::keeps(tx, id).await? {
                self.retain(tx, id, retention.clone(), None).await?;
                let detail = serde_json::json!({ "ground": retention.ground, "until": crate::evidence::iso(retention.until) });
                self.note(tx, None, Act::RetentionAdded, id.as_str(), &detail).await?;
            }
        }
        Ok(())
    }

    pub(crate) async fn retain(
        &self,
        tx: &mut Tx,
        id: &DecisionId,
        retention: Retention,
        by: Option<&ModeratorId>,
    ) -> Result<RetentionRow, Error> {
        let row = RetentionRow {
            id: self.chance.retention_id(),
            decision_id: id.clone(),
            retention,
            moderator: by.map(ToString::to_string),
            created: self.clock.now(),
        };
        store::retentions::insert(tx, &row).await?;
        Ok(row)
    }

    /// Destroys what nothing has needed for long enough: the quarantine of decisions, and their evidence.
    pub(crate) async fn destroy_what_has_ended(&self) -> Result<(), Error> {
        let now = self.clock.now();
        let mut tx = self.store.db.begin_light().await?;
        store::retentions::mark(&mut tx, now).await?;
        tx.commit().await?;
        loop {
            let mut destroyed = false;
            for id in store::retentions::ended(&self.store.db, now, PAGE).await? {
                // What could not be put into quarantine yet is still in clear.
                if let Some(row) = store::decisions::find(&self.store.db, &id).await?
                    && let Err(error) = self.quarantine(&row).await
                {
                    // One that cannot be read must not keep all others.
                    tracing::error!(%error, "what a decision took away cannot be put into quarantine, and is not destroyed");
                    continue;
                }
                let mut tx = self.store.db.begin().await?;
                if store::retentions::destroy(&mut tx, &id, now).await? {
                    self.note(&mut tx, None, Act::QuarantineDestroyed, id.as_str(), &serde_json::json!({})).await?;
                    tx.commit().await?;
                    destroyed = true;
                }
            }
            for id in store::retentions::ended_evidence(&self.store.db, now, PAGE).await? {
                let mut tx = self.store.db.begin().await?;
                if store::retentions::destroy_evidence(&mut tx, &id, now).await? {
                    self.note(&mut tx, None, Act::EvidenceDestroyed, id.as_str(), &serde_json::json!({})).await?;
                    tx.commit().await?;
                    destroyed = true;
                }
            }
            if !destroyed {
                return Ok(());
            }
        }
    }
}
