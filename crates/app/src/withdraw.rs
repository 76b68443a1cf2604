//! A key was stolen, or somebody's way into the portal: what was filed in a party's name since then was not its own. It is listed with all that followed
//! from it, and undone in one step, which goes on where it was if it is cut off.

use domain::{Act, Action, CaseState, ModeratorId, PartyId, Time};
use store::filings::Touched;
use store::{DecisionRow, FilingRow};

use crate::moderators::may;
use crate::{Error, Job, PartyRefused, Site};

/// Filings or cases that are read at a time.
const PAGE: i64 = 100;
/// Filings that are listed.
const LISTED: i64 = 10_000;

/// What was done in a party's name since a time, and counts still.
#[derive(Debug, Default)]
pub struct Deeds {
    /// What was filed, the oldest first.
    pub filings: Vec<FilingRow>,
    /// The cases that this opened or joined.
    pub cases: Vec<Touched>,
    /// What was decided on these cases, and stands; with whether nobody else had asked for it, so that it would be undone.
    pub decisions: Vec<(DecisionRow, bool)>,
}

impl Deeds {
    /// How many of the cases hold something back that nobody has decided on.
    #[must_use]
    pub fn held(&self) -> usize {
        self.cases.iter().filter(|case| case.held && case.state == CaseState::Open).count()
    }

    /// How many of the cases nobody else has given notice of.
    #[must_use]
    pub fn alone(&self) -> usize {
        self.cases.iter().filter(|case| case.alone).count()
    }

    /// Whether there is nothing to undo.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.filings.is_empty() && self.cases.is_empty()
    }
}

impl Site {
    /// What was done in a party's name at `since` or later: filings, cases, what is held, decisions.
    pub async fn deeds(&self, party: &PartyId, since: Time) -> Result<Deeds, Error> {
        let db = &self.store.db;
        let mut deeds = Deeds { filings: store::filings::since(db, party, since, LISTED).await?, ..Deeds::default() };
        loop {
            let page = store::filings::cases_since(db, party, since, deeds.cases.last().map(|case| &case.id), PAGE).await?;
            if page.is_empty() {
                return Ok(deeds);
            }
            for case in &page {
                for decision in store::decisions::of_case(db, &case.id).await? {
                    if followed(&decision, since) {
                        deeds.decisions.push((decision, case.alone));
                    }
                }
            }
            deeds.cases.extend(page);
        }
    }

    /// Undoes all of that. What somebody else has given notice of as well stays as it was decided, and so does what was decided before.
    ///
    /// It is a job, which is done to its end also if it is cut off; each step of it is in the audit trail.
    pub async fn undo_deeds(&self, by: Option<&ModeratorId>, party: &PartyId, since: Time) -> Result<Result<(), PartyRefused>, Error> {
        let mut tx = self.store.db.begin().await?;
        if !may(&mut tx, by).await? {
            return Ok(Err(PartyRefused::NotAllowed));
        }
        if store::parties::find(&self.store.db, party).await?.is_none() {
            return Ok(Err(PartyRefused::Nobody));
        }
        self.note(&mut tx, by, Act::PartyUndone, party.as_str(), &serde_json::json!({ "since": crate::evidence::iso(since) })).await?;
        self.enqueue(&mut tx, &Job::UndoDeeds { party_id: party.clone(), since, by: by.cloned() }).await?;
        tx.commit().await?;
        Ok(Ok(()))
    }

    /// The job of [`Site::undo_deeds`]; the command line does it at once, and what is left of it then is nothing.
    pub async fn undo_deeds_now(&self, by: Option<&ModeratorId>, party: &PartyId, since: Time) -> Result<(), Error> {
        let db = &self.store.db;
        // Always the first page: what was looked at is out of the list, and what an undone decision brings back to a case of its own comes into it.
        loop {
            let page = store::filings::cases_since(db, party, since, None, PAGE).await?;
            if page.is_empty() {
                break;
            }
            for case in &page {
                self.undo_deeds_of_case(by, party, since, case).await?;
            }
        }
        // Last of all: as long as one of them counts, the rest of it is found again.
        loop {
            let page = store::filings::since(db, party, since, PAGE).await?;
            for filing in &page {
                let mut tx = self.store.db.begin().await?;
                if store::filings::withdraw(&mut tx, &filing.id, self.clock.now()).await? {
                    self.note(&mut tx, by, Act::FilingWithdrawn, filing.id.as_str(), &serde_json::json!({ "party": party })).await?;
                    tx.commit().await?;
                }
            }
            if page.is_empty() {
                return Ok(());
            }
        }
    }

    async fn undo_deeds_of_case(&self, by: Option<&ModeratorId>, party: &PartyId, since: Time, case: &Touched) -> Result<(), Error> {
        let now = self.clock.now();
        let decisions = store::decisions::of_case(&self.store.db, &case.id).await?;
        let mut tx = self.store.db.begin().await?;
        // Before the post, and that before its cases.
        store::banks::hold_alone(&mut tx).await?;
        store::posts::stand_still(&mut tx, &case.subject.post_id).await?;
        // Somebody else may have given notice since it was listed; nobody does while the post stands still.
        let alone = store::filings::is_alone(&mut tx, party, since, &case.id).await?;
        for decision in decisions.iter().filter(|decision| alone && followed(decision, since)) {
            // Somebody may have undone it a moment ago.
            self.undo_in(&mut tx, by, &decision.id).await?;
        }
        store::filings::withdraw_notices(&mut tx, party, since, &case.id).await?;
        // Who forbade to tell of it had no say.
        if store::filings::silent_until(&mut tx, &case.id, true, now).await?.is_none() {
            for decision in store::filings::end_silence(&mut tx, &case.id, now).await? {
                self.end_silence_at(&mut tx, decision, now).await?;
            }
        }
        let row = store::cases::look(&mut tx, &case.id).await?;
        if let Some(row) = row.filter(|row| row.state == CaseState::Open) {
            if row.held && alone && store::filings::is_held_by_rule(&mut tx, &case.id).await? {
                store::cases::set_held(&mut tx, &case.id, false).await?;
                if store::matches::holding(&mut tx, &row.subject).await? == 0 {
                    store::matches::let_go(&mut tx, &row.subject).await?;
                }
                self.note(&mut tx, by, Act::CaseReleased, case.id.as_str(), &serde_json::json!({ "party": party })).await?;
            }
            store::holds::reduce(&mut tx, &case.id, CaseState::Moot, now).await?;
            self.weigh_case(&mut tx, &case.id, &row.subject, None).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// Whether a decision stands that may have followed from what was filed since then.
fn followed(decision: &DecisionRow, since: Time) -> bool {
    decision.undone.is_none()
        && decision.destroyed.is_none()
        && decision.created >= since
        && !matches!(decision.decision.action, Action::NoAction | Action::Preserve)
}
