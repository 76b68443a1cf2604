//! How often registered parties are right: by what was decided on what they gave notice of. Whoever is often wrong is heard when anybody is, and
//! that is all that happens by itself; to suspend a party is for a person (Regulation (EU) 2022/2065, Article 23(2)).

use domain::{Act, CaseId, ModeratorId, PartyId, Precision};
use store::{DecisionRow, Tx};

use crate::moderators::may;
use crate::{Error, Job, Site};

/// Cases that are weighed at a time.
const PAGE: i64 = 100;

impl Site {
    /// How often the notices of a party were right, as far as anybody decided on them.
    pub async fn precision_of(&self, party: &PartyId) -> Result<Precision, Error> {
        Ok(store::parties::judged(&self.store.db, party).await?)
    }

    /// A case was left as it is: whoever gave notice of it may have been wrong too often by now.
    pub(crate) async fn doubt_parties(&self, tx: &mut Tx, case: &CaseId) -> Result<(), Error> {
        for party in store::parties::of_case(tx, case).await? {
            let precision = store::parties::judged_since(tx, &party).await?;
            if precision.is_often_wrong() && store::parties::distrust(tx, &party, self.clock.now()).await? {
                self.party_changed(tx, None, Act::PartyDistrusted, &party, precision).await?;
            }
        }
        Ok(())
    }

    /// A decision was undone. Whoever was doubted since it was made, and would not be without it, is heard as before.
    pub(crate) async fn trust_parties_again(&self, tx: &mut Tx, undone: &DecisionRow) -> Result<(), Error> {
        for party in store::parties::of_case(tx, &undone.case_id).await? {
            let precision = store::parties::judged_since(tx, &party).await?;
            if !precision.is_often_wrong() && store::parties::trust_since(tx, &party, undone.created).await? {
                self.party_changed(tx, None, Act::PartyTrusted, &party, precision).await?;
            }
        }
        Ok(())
    }

    /// Hears a party first again; what was found of its notices until now does not count against it any more. `false` if it is heard so, or who asks
    /// is no operator.
    pub async fn trust_party(&self, by: Option<&ModeratorId>, party: &PartyId) -> Result<bool, Error> {
        let mut tx = self.store.db.begin().await?;
        if !may(&mut tx, by).await? || !store::parties::trust(&mut tx, party, self.clock.now()).await? {
            return Ok(false);
        }
        self.party_changed(&mut tx, by, Act::PartyTrusted, party, Precision::default()).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn party_changed(
        &self,
        tx: &mut Tx,
        by: Option<&ModeratorId>,
        act: Act,
        party: &PartyId,
        precision: Precision,
    ) -> Result<(), Error> {
        let detail = serde_json::json!({ "right": precision.right, "wrong": precision.wrong });
        self.note(tx, by, act, party.as_str(), &detail).await?;
        self.enqueue(tx, &Job::WeighParty { party_id: party.clone() }).await
    }

    /// What a party gave notice of weighs something else now.
    pub(crate) async fn weigh_party(&self, party: &PartyId) -> Result<(), Error> {
        let mut last = None;
        loop {
            let page = store::parties::open_cases(&self.store.db, party, last.as_ref(), PAGE).await?;
            for (case, subject) in &page {
                let mut tx = self.store.db.begin_light().await?;
                // The post before its cases, as everywhere.
                store::posts::stand_still(&mut tx, &subject.post_id).await?;
                self.weigh_case(&mut tx, case, subject, None).await?;
                tx.commit().await?;
            }
            match page.into_iter().last() {
                Some((case, _)) => last = Some(case),
                None => return Ok(()),
            }
        }
    }
}
