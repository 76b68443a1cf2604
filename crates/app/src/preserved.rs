//! A poster takes away what has to be kept. To everybody, and to them, it is gone as everything is that is taken away; what it was goes into
//! quarantine by the same way as what somebody decided on, and its case stays open until somebody answers for it.

use domain::decision::commitment;
use domain::retention::Asked;
use domain::{Act, Action, CaseId, Decision, DecisionId, Ground, NoticeKind, Origin, Retention, Time};
use store::preserved::Cover;
use store::{DecisionRow, Subject, Tx};

use crate::{Error, Job, Site, quarantine};

impl Site {
    /// Makes dark what its poster takes away and something covers, in the caller's change; `false` if nothing does, or nothing of it was ever seen:
    /// then it is taken away for good.
    pub(crate) async fn preserve(&self, tx: &mut Tx, subject: &Subject) -> Result<bool, Error> {
        let now = self.clock.now();
        let Some((case, retentions)) = self.covered(store::preserved::covering(tx, subject).await?, now).await? else { return Ok(false) };
        let decision = Decision {
            action: Action::Preserve,
            ground: Ground::Law,
            reference: String::new(),
            facts: String::new(),
            composed: None,
            countries: Vec::new(),
        };
        let (id, blind) = (self.chance.decision_id(), self.chance.blind());
        let category = store::cases::look(tx, &case).await?.and_then(|case| case.category);
        let row = DecisionRow {
            commitment: commitment(&blind, id.as_str(), &decision, now),
            id,
            case_id: case,
            category,
            origin: Origin::Notice,
            moderator: None,
            item: None,
            key: Some(quarantine::new_key()),
            // Nobody complains of what they did themselves.
            keep_until: now,
            policy_version: None,
            silent_until: None,
            blind,
            created: now,
            undone: None,
            destroyed: None,
            decision,
        };
        store::decisions::insert(tx, &row).await?;
        let reach = store::decisions::carry_out(tx, &row.id, Action::Preserve, &row.case_id, subject, false).await?;
        if reach == store::decisions::Reach::default() {
            store::decisions::forget(tx, &row.id).await?;
            return Ok(false);
        }
        for retention in retentions {
            self.retain(tx, &row.id, retention, None).await?;
        }
        self.enqueue(tx, &Job::Settle { decision_id: row.id.clone() }).await?;
        self.note(tx, None, Act::Preserved, row.id.as_str(), &serde_json::json!({ "case": row.case_id })).await?;
        Ok(true)
    }

    /// The case that something has to be kept for, and for how long beside that; `None`: nothing covers it at `now`.
    async fn covered(&self, covers: Vec<Cover>, now: Time) -> Result<Option<(CaseId, Vec<Retention>)>, Error> {
        let notices: Vec<_> = covers.iter().map(|cover| cover.asked.clone()).collect();
        let asked: Vec<Asked> = self.asked_to_keep(&notices).await?;
        let is_to_keep = |one: &&Asked| one.kind == NoticeKind::PreservationRequest;
        let mut retentions: Vec<Retention> = asked.iter().filter(is_to_keep).filter_map(|one| one.retention(now)).collect();
        retentions.dedup();
        let open = covers.iter().find(|cover| cover.open && cover.asked.kind.binds());
        let asked_for = covers.iter().find(|cover| cover.asked.kind == NoticeKind::PreservationRequest).filter(|_| !retentions.is_empty());
        Ok(open.or(asked_for).map(|cover| (cover.case.clone(), retentions)))
    }

    /// What was kept goes for good from where it stood, once all of it is in quarantine.
    pub(crate) async fn end_preserving(&self, row: &DecisionRow) -> Result<(), Error> {
        let mut last = None;
        loop {
            let state = domain::RestrictionState::Quarantined;
            let page = store::decisions::in_state(&self.store.db, &row.id, state, last.as_ref(), 100).await?;
            for restriction in &page {
                let (subject, now) = (&restriction.subject, self.clock.now());
                let mut tx = self.begin_deletion(&subject.post_id).await?;
                match &subject.media_id {
                    None => store::posts::delete(&mut tx, &subject.post_id, now).await?,
                    Some(medium) => store::preserved::take_medium(&mut tx, &subject.post_id, medium, now).await?,
                }
                tx.commit().await?;
            }
            match page.into_iter().last() {
                Some(restriction) => last = Some(restriction.subject),
                None => return Ok(()),
            }
        }
    }

    /// Whether a decision only keeps what its poster took away: to everybody that is gone.
    pub(crate) async fn is_preserved(&self, id: &DecisionId) -> Result<bool, Error> {
        let row = store::decisions::find(&self.store.db, id).await?;
        Ok(row.is_some_and(|row| row.decision.action == Action::Preserve))
    }

    /// Keeps what its poster had taken away before it was decided on as long as the decision has it kept; but nobody asks for it back.
    pub(crate) async fn keep_preserved(&self, tx: &mut Tx, subject: &Subject, decision: &DecisionId, case: &CaseId) -> Result<(), Error> {
        let preserved = store::preserved::look(tx, subject).await?;
        if preserved.is_empty() {
            return Ok(());
        }
        let notices = store::retentions::asked(tx, decision, case).await?;
        for one in self.asked_to_keep(&notices).await?.iter().filter(|one| one.kind == NoticeKind::TcoRemovalOrder) {
            for (id, _) in &preserved {
                if let Some(retention) = one.retention(self.clock.now())
                    && store::retentions::keeps(tx, id).await?
                {
                    self.retain(tx, id, retention, None).await?;
                }
            }
        }
        Ok(())
    }
}
