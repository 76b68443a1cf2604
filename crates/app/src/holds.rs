//! Whatever matches hold is in a case, because somebody has to decide on it: a case of its own, or one that takes in what is held for the same.

use domain::case::SURE;
use domain::{Act, CaseId};
use store::{MemberRow, Subject, Tx};

use crate::{Error, Job, Site};

/// Of what holds a subject, how much is looked at: whoever is like a thousand things that banks know is like the surest of them.
const ITEMS: i64 = 20;
/// Subjects that are looked up at a time.
const PAGE: i64 = 100;
/// Members that make a difference to a case's rank.
const COUNTED: i64 = 128;

impl Site {
    /// Sees to it that a subject that matches hold is in a case. The caller holds the banks still, and has the subject's post.
    ///
    /// The open case of the subject itself takes in whatever is held for the same from now on. Where there is none, the subject joins the case
    /// that takes in what is held for the same, and the first of them opens that. Only then is everything alike looked for.
    pub(crate) async fn house(&self, tx: &mut Tx, subject: &Subject) -> Result<(), Error> {
        let now = self.clock.now();
        let holding = store::holds::holding(tx, subject, ITEMS).await?;
        let Some(surest) = holding.first() else { return Ok(()) };
        // In one order, so that two who come for the same items do not wait for each other.
        let mut items: Vec<_> = holding.iter().map(|one| &one.item).collect();
        items.sort_unstable();
        loop {
            let own = store::cases::open_of(tx, subject).await?;
            let fresh = self.chance.case_id();
            let mut home = own.clone().unwrap_or_else(|| fresh.clone());
            let mut claimed = Vec::new();
            for item in &items {
                match store::holds::claim(tx, item, &home).await? {
                    None => claimed.push(*item),
                    Some(other) if home == fresh => home = other,
                    Some(_) => {}
                }
            }
            if home == fresh {
                store::cases::open(tx, subject, &fresh, now).await?;
                self.enqueue(tx, &Job::FindAlike { case_id: fresh.clone() }).await?;
            }
            if home == fresh || own.is_some() {
                return self.weigh_case(tx, &home, subject, None).await;
            }
            for item in claimed {
                store::holds::pass_claim(tx, item, &home).await?;
            }
            let member = MemberRow {
                subject: subject.clone(),
                reading: surest.reading.clone(),
                confidence: surest.confidence,
                taken: surest.confidence >= SURE,
            };
            // Its subject may have gone at this moment, and the case with it: then it is nobody's, and this one opens another.
            if store::holds::join(tx, &home, &member).await? {
                return self.weigh_more(tx, &home).await;
            }
        }
    }

    /// The operator's rule holds the subject of a notice at once. The caller has the subject's post.
    pub(crate) async fn hold_by_rule(&self, tx: &mut Tx, case: &CaseId, subject: &Subject) -> Result<(), Error> {
        self.hold_by(tx, case, subject, "rule").await
    }

    /// The same by what the operator chose for when nobody is at home.
    pub(crate) async fn hold_for_nobody(&self, tx: &mut Tx, case: &CaseId, subject: &Subject) -> Result<(), Error> {
        self.hold_by(tx, case, subject, "nobody_at_home").await
    }

    async fn hold_by(&self, tx: &mut Tx, case: &CaseId, subject: &Subject, by: &str) -> Result<(), Error> {
        if store::cases::look(tx, case).await?.is_some_and(|row| row.held) {
            return Ok(());
        }
        store::cases::set_held(tx, case, true).await?;
        store::matches::hold(tx, subject).await?;
        self.note(tx, None, Act::CaseHeld, case.as_str(), &serde_json::json!({ "by": by })).await
    }

    /// A case has a member more. What it weighs changes with each doubling, and so is written down that often only: others wait for it.
    async fn weigh_more(&self, tx: &mut Tx, case: &CaseId) -> Result<(), Error> {
        let members = store::holds::count_members(tx, case, COUNTED).await?;
        let doubled = u64::try_from(members).unwrap_or_default().saturating_add(1).is_power_of_two();
        match store::cases::look(tx, case).await? {
            Some(row) if doubled => self.weigh_case(tx, case, &row.subject, None).await,
            _ => Ok(()),
        }
    }

    /// What was held for the same as these cases, which were just closed, and was not decided on with them gets a case again.
    pub(crate) async fn house_the_rest(&self, tx: &mut Tx, closed: &[CaseId]) -> Result<(), Error> {
        for case in closed {
            if store::holds::has_held(tx, case).await? {
                return self.enqueue(tx, &Job::OpenCases).await;
            }
        }
        Ok(())
    }

    /// Opens a case for everything that is held and is in none.
    pub(crate) async fn house_the_homeless(&self) -> Result<(), Error> {
        let mut last = None;
        loop {
            let page = store::holds::homeless(&self.store.db, last.as_ref(), PAGE).await?;
            for subject in &page {
                self.house_one(subject).await?;
            }
            match page.into_iter().last() {
                Some(subject) => last = Some(subject),
                None => return Ok(()),
            }
        }
    }

    async fn house_one(&self, subject: &Subject) -> Result<(), Error> {
        let mut tx = self.store.db.begin().await?;
        store::banks::hold_still(&mut tx).await?;
        // It may have been decided on, or let go, since it was looked up.
        if !store::matches::stands(&mut tx, subject).await? || !store::holds::is_homeless(&mut tx, subject).await? {
            return Ok(());
        }
        if store::holds::holding(&mut tx, subject, 1).await?.is_empty() {
            // Nobody knows any more why it is held. Somebody has to look at it all the same.
            let (case, _) = self.case_for(&mut tx, subject).await?;
            store::cases::set_held(&mut tx, &case, true).await?;
            self.weigh_case(&mut tx, &case, subject, None).await?;
        } else {
            self.house(&mut tx, subject).await?;
        }
        Ok(tx.commit().await?)
    }
}
