//! What anybody does who finds that something should not stand: gives notice, and reads later what became of it.

mod echo;

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::{CaseId, CaseState, Category, Counted, DecisionId, Facts, FilingId, MediaId, Notice, NoticeKind, PostId, Receipt, Time};
use store::notices::Snapshot;
use store::{DecisionRow, NoticeRow, PostRow, Subject, Tx};

use crate::{Error, Found, Job, Site, Toll, edit};

/// Notices of one receipt: subjects that one request may name.
pub const SUBJECTS: usize = 100;

/// What a notice is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// Something that stands here.
    Subject(Subject),
    /// It is dark already.
    Dark(DecisionId),
    /// It stood here, and is gone: its poster deleted it, or its end came.
    Gone,
    /// Nothing of this name ever stood here.
    Nothing,
}

/// What became of a notice, for whoever gave it.
#[derive(Debug)]
pub struct Told {
    /// When it came.
    pub created: Time,
    /// What it was said to be.
    pub category: Category,
    /// Whoever gave it can be written to.
    pub address: bool,
    /// Each subject, and the decision on it.
    pub subjects: Vec<(Subject, Outcome)>,
}

/// What is known of a notice beside what it says.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Given<'a> {
    /// What a party filed, which it is a part of.
    pub(crate) filing: Option<&'a FilingId>,
    /// By when something has to be done.
    pub(crate) due: Option<Time>,
    /// Whoever gave it is sent the receipt, if they gave an address.
    pub(crate) mail: bool,
    /// The language that whoever gave it reads.
    pub(crate) language: Option<&'a str>,
    /// The party that gave it was often wrong.
    pub(crate) doubted: bool,
    /// It is beyond its giver's share, and was not paid for: the operator's rule does not hold anything at once because of it.
    pub(crate) slow: bool,
}

/// How a notice stands.
#[derive(Debug)]
pub enum Outcome {
    /// Nobody has decided.
    Open,
    /// This was decided.
    Decided(Arc<DecisionRow>),
    /// It is gone: its poster deleted it, or its end came.
    Gone,
}

impl Site {
    /// What a link to a post, or to one medium of it, leads to, as anybody may know it: what was removed in silence is gone.
    pub async fn about(&self, post: &PostId, medium: Option<&MediaId>) -> Result<About, Error> {
        Ok(match self.truly_about(post, medium).await? {
            About::Dark(decision) => match store::decisions::find(&self.store.db, &decision).await? {
                Some(row) if row.is_silent(self.clock.now()) => About::Gone,
                _ => About::Dark(decision),
            },
            about => about,
        })
    }

    /// The same, for whom nothing is kept from.
    pub(crate) async fn truly_about(&self, post: &PostId, medium: Option<&MediaId>) -> Result<About, Error> {
        let db = &self.store.db;
        let Some(row) = store::posts::find(db, post).await? else {
            return Ok(if store::posts::is_gone(db, post).await? { About::Gone } else { About::Nothing });
        };
        if let Some(decision) = row.removed {
            return Ok(if self.is_preserved(&decision).await? { About::Gone } else { About::Dark(decision) });
        }
        if row.has_ended(self.clock.now()) {
            return Ok(About::Gone);
        }
        let Some(medium) = medium else {
            // A post of nothing but what was removed in silence is gone as a whole.
            let bare = row.title.is_none() && row.text.is_empty();
            if bare && matches!(self.read_unlocked(post).await?, Found::Gone) {
                return Ok(About::Gone);
            }
            return Ok(About::Subject(Subject { post_id: post.clone(), media_id: None }));
        };
        match store::media::find(db, medium).await? {
            Some(own) if own.post_id == *post => Ok(match own.removed {
                Some(decision) if self.is_preserved(&decision).await? => About::Nothing,
                Some(decision) => About::Dark(decision),
                None => About::Subject(Subject { post_id: post.clone(), media_id: Some(medium.clone()) }),
            }),
            _ => Ok(About::Nothing),
        }
    }

    /// The post that a medium belongs to, or belonged to when it was made dark.
    pub async fn post_of(&self, medium: &MediaId) -> Result<Option<PostId>, Error> {
        Ok(store::media::find(&self.store.db, medium).await?.map(|row| row.post_id))
    }

    /// Gives notice of these subjects. Each opens a case of its own, or joins the one that is open; what the posts say at this moment is kept
    /// with it. `None` if not one of them stands any more.
    pub async fn give_notice(&self, subjects: &[Subject], notice: &Notice, language: Option<&str>) -> Result<Option<Receipt>, Error> {
        self.give_notice_paid(subjects, notice, language, Toll::Free).await
    }

    /// The same for one that was paid for so.
    pub async fn give_notice_paid(
        &self,
        subjects: &[Subject],
        notice: &Notice,
        language: Option<&str>,
        toll: Toll,
    ) -> Result<Option<Receipt>, Error> {
        let receipt = self.chance.receipt();
        let mut tx = self.store.db.begin().await?;
        let mut filed = false;
        self.take_posts(&mut tx, subjects.iter().map(|subject| &subject.post_id)).await?;
        for subject in subjects {
            // One mail for all that is given at once.
            filed |= self
                .give_one(
                    &mut tx,
                    subject,
                    notice,
                    &receipt,
                    Given { language, mail: !filed, slow: toll == Toll::Slow, ..Given::default() },
                )
                .await?;
        }
        if !filed {
            return Ok(None);
        }
        tx.commit().await?;
        self.came(Counted::Report, 1);
        Ok(Some(receipt))
    }

    /// Keeps all posts of which notice is about to be given as they are, in one order, and before any case of theirs: else this change and another
    /// one, which makes one of them a member of such a case, might wait for each other.
    pub(crate) async fn take_posts<'a>(&self, tx: &mut Tx, posts: impl Iterator<Item = &'a PostId>) -> Result<(), Error> {
        for post in posts.collect::<BTreeSet<_>>() {
            store::posts::stand_still(tx, post).await?;
        }
        Ok(())
    }

    /// Gives notice of one subject; `false` if it does not stand any more.
    pub(crate) async fn give_one(
        &self,
        tx: &mut Tx,
        subject: &Subject,
        notice: &Notice,
        receipt: &Receipt,
        given: Given<'_>,
    ) -> Result<bool, Error> {
        // A change of the post waits until this one is made: what is kept is what stands.
        if !store::matches::stands(tx, subject).await? {
            return Ok(false);
        }
        self.give_anyway(tx, subject, notice, receipt, given).await
    }

    /// The same, also of what does not stand yet, as it is on its way back; `false` if nothing is left of its post.
    pub(crate) async fn give_anyway(
        &self,
        tx: &mut Tx,
        subject: &Subject,
        notice: &Notice,
        receipt: &Receipt,
        given: Given<'_>,
    ) -> Result<bool, Error> {
        let now = self.clock.now();
        let Some(post) = store::posts::find(&self.store.db, &subject.post_id).await? else { return Ok(false) };
        let (case, fresh) = self.case_for(tx, subject).await?;
        let echo_of = if fresh || given.filing.is_some() { None } else { echo::of(tx, &case, notice).await? };
        let row = NoticeRow {
            id: self.chance.notice_id(),
            case_id: case.clone(),
            notice: notice.clone(),
            filing: given.filing.cloned(),
            language: given.language.map(str::to_owned),
            version: edit::version(&post),
            created: now,
            echo_of,
        };
        store::notices::insert(tx, &row, receipt).await?;
        if given.mail {
            self.mail_receipt(tx, &row, receipt).await?;
        }
        let snapshot = self.snapshot(&post, now).await?;
        store::notices::take_snapshot(tx, &snapshot).await?;
        if fresh {
            // Nothing else is known of it: a long list need not ask for each.
            let sureness = store::cases::sureness(tx, subject).await?;
            let mut facts = Facts { sureness, ..Facts::of(notice, given.filing.is_some()) };
            if given.doubted && notice.kind.may_lose_priority() {
                facts.kind = Some(NoticeKind::Notice);
            }
            store::cases::weigh(tx, &case, &facts, given.due).await?;
        } else {
            self.weigh_case(tx, &case, subject, given.due).await?;
        }
        let doubted = given.doubted && notice.kind.may_lose_priority();
        if !given.slow && !doubted && self.hold.holds_at_once(notice) {
            self.hold_by_rule(tx, &case, subject).await?;
        }
        Ok(true)
    }

    async fn snapshot(&self, post: &PostRow, now: Time) -> Result<Snapshot, Error> {
        let media = store::media::of_post(&self.store.db, &post.id).await?;
        let media: Vec<_> = media.iter().map(|own| serde_json::json!({ "id": own.id, "caption": own.caption, "alt": own.alt })).collect();
        Ok(Snapshot {
            post_id: post.id.clone(),
            version: edit::version(post),
            title: post.title.clone(),
            text: post.text.clone(),
            media: serde_json::Value::from(media).to_string(),
            taken: now,
        })
    }

    /// The open case of a subject, and whether it was opened for this: everything alike is looked for at once then.
    pub(crate) async fn case_for(&self, tx: &mut Tx, subject: &Subject) -> Result<(CaseId, bool), Error> {
        let (case, fresh) = store::cases::open(tx, subject, &self.chance.case_id(), self.clock.now()).await?;
        if fresh {
            self.enqueue(tx, &Job::FindAlike { case_id: case.clone() }).await?;
        }
        Ok((case, fresh))
    }

    /// Writes down what a case weighs now, and the sooner of the times that it is due by.
    pub(crate) async fn weigh_case(&self, tx: &mut Tx, case: &CaseId, subject: &Subject, due: Option<Time>) -> Result<(), Error> {
        let facts = store::cases::facts(tx, case, subject).await?;
        let before = store::cases::look(tx, case).await?.and_then(|row| row.due);
        let due = match (before, due) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        Ok(store::cases::weigh(tx, case, &facts, due).await?)
    }

    /// What became of the notice that this receipt was given for; `None`: of no notice.
    pub async fn what_became(&self, receipt: &Receipt) -> Result<Option<Told>, Error> {
        let db = &self.store.db;
        let notices = store::notices::by_receipt(db, receipt).await?;
        let Some(first) = notices.first() else { return Ok(None) };
        let (created, category) = (first.created, first.notice.category);
        let address = first.notice.email.is_some();
        let mut subjects = Vec::new();
        for notice in &notices {
            let Some(case) = store::cases::find(db, &notice.case_id).await? else { continue };
            let decisions = store::decisions::of_case(db, &case.id).await?;
            let outcome = match (case.state, decisions.into_iter().rfind(|decision| decision.undone.is_none())) {
                // Nobody is told of what is done in silence: it is not there, and that is all.
                (CaseState::Decided, Some(decision)) if decision.is_silent(self.clock.now()) => Outcome::Gone,
                (CaseState::Moot, _) => Outcome::Gone,
                (CaseState::Decided, Some(decision)) => Outcome::Decided(Arc::new(decision)),
                // It went with the case of something that it is like.
                (CaseState::Decided, None) => match self.standing_decision(&case.subject).await? {
                    Some(decision) if decision.is_silent(self.clock.now()) => Outcome::Gone,
                    Some(decision) => Outcome::Decided(decision),
                    None => Outcome::Open,
                },
                (CaseState::Open, _) => Outcome::Open,
            };
            subjects.push((case.subject, outcome));
        }
        Ok(Some(Told { created, category, address, subjects }))
    }

    /// The notice of this id.
    pub async fn notice(&self, id: &domain::NoticeId) -> Result<Option<NoticeRow>, Error> {
        Ok(store::notices::find(&self.store.db, id).await?)
    }
}
