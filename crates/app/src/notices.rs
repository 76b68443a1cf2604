//! What anybody does who finds that something should not stand: gives notice, and reads later what became of it.

mod echo;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use domain::{
    AppealState, CaseId, CaseState, Category, Counted, DecisionId, Facts, FilingId, MediaId, Notice, NoticeKind, PostId, Receipt, Time,
};
use store::notices::Snapshot;
use store::{DecisionRow, MediaRow, NoticeRow, PostRow, Subject, Tx};

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

/// A post of which notice is about to be given, as it is until that is done.
pub(crate) struct Taken {
    pub(crate) row: PostRow,
    media: Vec<MediaRow>,
    /// How sure the surest match of each of its subjects is.
    sureness: HashMap<Subject, f64>,
}

impl Taken {
    /// Whether a subject in it is there, and no decision has made it dark.
    fn stands(&self, medium: Option<&MediaId>) -> bool {
        let own = |id: &MediaId| self.media.iter().any(|own| own.id == *id && own.removed.is_none());
        self.row.removed.is_none() && medium.is_none_or(own)
    }

    fn snapshot(&self, now: Time) -> Snapshot {
        let said = |own: &MediaRow| serde_json::json!({ "id": own.id, "caption": own.caption, "alt": own.alt });
        Snapshot {
            post_id: self.row.id.clone(),
            version: edit::version(&self.row),
            title: self.row.title.clone(),
            text: self.row.text.clone(),
            media: self.media.iter().map(said).collect::<serde_json::Value>().to_string(),
            taken: now,
        }
    }
}

/// How a notice stands.
#[derive(Debug)]
pub enum Outcome {
    /// Nobody has decided.
    Open,
    /// This was decided.
    Decided(Arc<DecisionRow>),
    /// It was decided; its poster complained, and at this time it was undone.
    Restored(Time),
    /// It is gone: its poster deleted it, or its end came.
    Gone,
}

impl Site {
    /// What a link to a post, or to one medium of it, leads to, as anybody may know it: what was removed in silence is gone.
    pub async fn about(&self, post: &PostId, medium: Option<&MediaId>) -> Result<About, Error> {
        let about = self.truly_about(post, medium).await?;
        self.as_anybody_knows(about).await
    }

    /// The same, for whom nothing is kept from.
    pub(crate) async fn truly_about(&self, post: &PostId, medium: Option<&MediaId>) -> Result<About, Error> {
        let db = &self.store.db;
        match store::posts::find(db, post).await? {
            Some(row) => self.about_post(&row, medium).await,
            None => Ok(if store::posts::is_gone(db, post).await? { About::Gone } else { About::Nothing }),
        }
    }

    /// What anybody may know of what a link leads to.
    pub(crate) async fn as_anybody_knows(&self, about: About) -> Result<About, Error> {
        let About::Dark(decision) = about else { return Ok(about) };
        Ok(match store::decisions::find(&self.store.db, &decision).await? {
            Some(row) if row.is_silent(self.clock.now()) => About::Gone,
            _ => About::Dark(decision),
        })
    }

    /// What a link to this post, or to one medium of it, leads to, for whom nothing is kept from.
    pub(crate) async fn about_post(&self, row: &PostRow, medium: Option<&MediaId>) -> Result<About, Error> {
        if let Some(decision) = &row.removed {
            return Ok(if self.is_preserved(decision).await? { About::Gone } else { About::Dark(decision.clone()) });
        }
        if row.has_ended(self.clock.now()) {
            return Ok(About::Gone);
        }
        let post = &row.id;
        let Some(medium) = medium else {
            // A post of nothing but what was removed in silence is gone as a whole.
            let bare = row.title.is_none() && row.text.is_empty();
            if bare && matches!(self.read_unlocked(post).await?, Found::Gone) {
                return Ok(About::Gone);
            }
            return Ok(About::Subject(Subject { post_id: post.clone(), media_id: None }));
        };
        match store::media::find(&self.store.db, medium).await? {
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
        let posts = self.take_posts(&mut tx, subjects.iter().map(|subject| &subject.post_id)).await?;
        for subject in subjects {
            let Some(post) = posts.get(&subject.post_id).filter(|post| post.stands(subject.media_id.as_ref())) else { continue };
            // One mail for all that is given at once.
            let given = Given { language, mail: !filed, slow: toll == Toll::Slow, ..Given::default() };
            self.give_one(&mut tx, post, subject, notice, &receipt, given).await?;
            filed = true;
        }
        if !filed {
            return Ok(None);
        }
        tx.commit().await?;
        self.came(Counted::Report, 1);
        Ok(Some(receipt))
    }

    /// Keeps all posts of which notice is about to be given as they are, in one order, and before any case of theirs: else this change and another
    /// one, which makes one of them a member of such a case, might wait for each other. What is not there any more is left out.
    pub(crate) async fn take_posts<'a>(
        &self,
        tx: &mut Tx,
        ids: impl Iterator<Item = &'a PostId>,
    ) -> Result<BTreeMap<PostId, Taken>, Error> {
        let mut posts = BTreeMap::new();
        for id in ids.collect::<BTreeSet<_>>() {
            if let Some(mut row) = store::posts::look(tx, id).await? {
                // What it is drawn as nobody asks for here, and there may be thousands.
                row.html = String::new();
                posts.insert(id.clone(), Taken { row, media: Vec::new(), sureness: HashMap::new() });
            }
        }
        let ids: Vec<PostId> = posts.keys().cloned().collect();
        let listed: Vec<&PostId> = ids.iter().collect();
        for row in store::media::of_posts(tx, &listed).await? {
            if let Some(post) = posts.get_mut(&row.post_id) {
                post.media.push(row);
            }
        }
        for (subject, sureness) in store::cases::surenesses(tx, &listed).await? {
            if let Some(post) = posts.get_mut(&subject.post_id) {
                post.sureness.insert(subject, sureness);
            }
        }
        Ok(posts)
    }

    /// Gives notice of one subject in a post, also of one that does not stand yet, as it is on its way back.
    pub(crate) async fn give_one(
        &self,
        tx: &mut Tx,
        post: &Taken,
        subject: &Subject,
        notice: &Notice,
        receipt: &Receipt,
        given: Given<'_>,
    ) -> Result<(), Error> {
        let now = self.clock.now();
        let doubted = given.doubted && notice.kind.may_lose_priority();
        // What a case weighs if it is the first that is known of its subject: a long list need not ask for each.
        let mut facts =
            Facts { sureness: post.sureness.get(subject).copied().unwrap_or_default(), ..Facts::of(notice, given.filing.is_some()) };
        if doubted {
            facts.kind = Some(NoticeKind::Notice);
        }
        let (case, fresh) = store::cases::open_weighing(tx, subject, &self.chance.case_id(), &facts, given.due, now).await?;
        if fresh {
            self.enqueue(tx, &Job::FindAlike { case_id: case.clone() }).await?;
        }
        let echo_of = if fresh || given.filing.is_some() { None } else { echo::of(tx, &case, notice).await? };
        let row = NoticeRow {
            id: self.chance.notice_id(),
            case_id: case.clone(),
            notice: notice.clone(),
            filing: given.filing.cloned(),
            language: given.language.map(str::to_owned),
            version: edit::version(&post.row),
            created: now,
            echo_of,
        };
        store::notices::insert(tx, &row, receipt).await?;
        if given.mail {
            self.mail_receipt(tx, &row, receipt).await?;
        }
        store::notices::take_snapshot(tx, &post.snapshot(now)).await?;
        if !fresh {
            self.weigh_case(tx, &case, subject, given.due).await?;
        }
        if !given.slow && !doubted && self.hold.holds_at_once(notice) {
            self.hold_by_rule(tx, &case, subject).await?;
        }
        Ok(())
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
            let undone = decisions.iter().rfind(|decision| decision.undone.is_some()).cloned();
            let outcome = match (case.state, decisions.into_iter().rfind(|decision| decision.undone.is_none())) {
                (CaseState::Moot, _) => Outcome::Gone,
                (CaseState::Decided, Some(decision)) => self.became(&case.subject, Some(Arc::new(decision)), undone).await?,
                // It went with the case of something that it is like.
                (CaseState::Decided, None) => {
                    let standing = self.standing_decision(&case.subject).await?;
                    self.became(&case.subject, standing, undone).await?
                }
                // That an order keeps what its poster has deleted is nobody's business.
                (CaseState::Open, _) if !self.is_told_of(&case.subject).await? => Outcome::Gone,
                (CaseState::Open, _) => Outcome::Open,
            };
            subjects.push((case.subject, outcome));
        }
        Ok(Some(Told { created, category, address, subjects }))
    }

    /// What is told of a subject that this was decided on, or that was undone.
    async fn became(&self, subject: &Subject, decided: Option<Arc<DecisionRow>>, undone: Option<DecisionRow>) -> Result<Outcome, Error> {
        let now = self.clock.now();
        // Nobody is told of what is done in silence: it is not there, and that is all.
        if decided.as_deref().or(undone.as_ref()).is_some_and(|decision| decision.is_silent(now)) {
            return Ok(Outcome::Gone);
        }
        let appeals = store::appeals::of_post(&self.store.db, &subject.post_id).await?;
        let won = |id: &DecisionId| {
            appeals
                .iter()
                .find(|appeal| appeal.decision_id == *id && appeal.state == AppealState::Overturned)
                .and_then(|appeal| appeal.answered)
        };
        Ok(match (decided, undone.and_then(|decision| decision.undone)) {
            (Some(decision), _) => won(&decision.id).map_or(Outcome::Decided(decision), Outcome::Restored),
            (None, Some(undone)) => Outcome::Restored(undone),
            (None, None) => match appeals.iter().rev().find(|appeal| appeal.state == AppealState::Overturned) {
                Some(appeal) => Outcome::Restored(appeal.answered.unwrap_or(appeal.created)),
                None => Outcome::Open,
            },
        })
    }

    /// Whether anybody who asks is told that there is, or was, such a thing.
    async fn is_told_of(&self, subject: &Subject) -> Result<bool, Error> {
        let Some(medium) = &subject.media_id else {
            return Ok(matches!(self.read_unlocked(&subject.post_id).await?, Found::Post(_) | Found::Removed(_)));
        };
        Ok(match self.read_unlocked(&subject.post_id).await? {
            Found::Post(view) => {
                view.media.iter().any(|own| own.row.id == *medium || own.still.as_ref().is_some_and(|own| own.row.id == *medium))
            }
            Found::Removed(_) => true,
            _ => false,
        })
    }

    /// The notice of this id.
    pub async fn notice(&self, id: &domain::NoticeId) -> Result<Option<NoticeRow>, Error> {
        Ok(store::notices::find(&self.store.db, id).await?)
    }
}
