//! Deciding: dark at once, then quarantine, then restored or destroyed; never simply deleted.
//!
//! One transaction makes every subject dark, writes the decision with its ground, gives the bank its signals, and queues the rest. When
//! it is committed no request that begins gets a byte of what it reached, because every request asks how a post stands first.

use domain::decision::{ANSWER_MS, KEEP_MS, WORDS_BYTES, commitment};
use domain::{
    Act, Action, AppealId, AppealState, BankKind, BankName, CaseId, CaseState, Decision, DecisionId, Fingerprint, Ground, ManageSecret,
    MatchState, ModeratorId, OnMatch, Origin, PostId, Wait,
};
use store::banks::ItemRow;
use store::claims::ClaimRow;
use store::decisions::Reach;
use store::{AppealRow, DecisionRow, Subject, Tx};

use crate::act::on_its_own;
use crate::moderators::decides;
use crate::{Error, Job, Site, quarantine};

/// The bank that learns what was removed, where nobody names another one.
const REMOVED: &str = "removed";
/// Members of a campaign that are banked with all that they are known by: those that are least like the case's subject. What is more like it is
/// found by it.
const BANKED: i64 = 16;

/// What came of deciding.
#[derive(Debug)]
pub enum Decided {
    /// It was done.
    Done(DecisionId, Reach),
    /// Somebody else has decided meanwhile, or it is gone.
    TooLate,
    /// No such case.
    Nothing,
    /// The policy that is in force has no such clause.
    NoSuchClause,
    /// There is no such bank any more, or it only counts.
    NoSuchBank,
    /// It is to be withheld in some countries, and the site does not know who asks from where.
    NoCountries,
    /// An order that binds wants it gone, and was not answered.
    Ordered,
    /// Somebody else has it open.
    Claimed(ClaimRow),
    /// Who decides was shut out meanwhile.
    NotAllowed,
}

/// How an appeal is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The decision stands.
    Upheld,
    /// It was wrong for this post, which comes back; the rest stands as decided.
    GivenBack,
    /// It was wrong for everybody whom it reached.
    Undone,
}

/// What came of answering an appeal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// It was answered.
    Done,
    /// Somebody has answered it before.
    Before,
    /// Whoever decided does not answer what is said against it, as long as there is somebody else.
    Own,
    /// Nothing is said, or too much: whoever complained is told why (Regulation (EU) 2022/2065, Article 20(5)).
    Words,
}

/// What was removed, for its poster and for whoever comes to its link.
#[derive(Debug)]
pub struct Removal {
    /// The post.
    pub post_id: PostId,
    /// Why.
    pub decision: DecisionRow,
    /// What its poster says against it.
    pub appeal: Option<AppealRow>,
    /// How many pictures and videos of the post it was for; none: for all of it.
    pub of_media: usize,
}

impl Removal {
    /// Whether it stands no more: it was undone, or this post is given back.
    #[must_use]
    pub fn was_wrong(&self) -> bool {
        self.decision.undone.is_some() || self.appeal.as_ref().is_some_and(|appeal| appeal.state == AppealState::Overturned)
    }
}

/// What came of an appeal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appealed {
    /// It was taken.
    Taken,
    /// There was one already.
    Before,
    /// Its time is over, or the decision was undone.
    TooLate,
    /// Nothing is said, or too much.
    Words,
}

/// How much beside its subject a decision on a case is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// What is taken of its members goes too.
    pub alike: bool,
    /// Of a post that is removed as a whole its pictures and videos, too, are held when they are posted again. Its words always are.
    pub media: bool,
    /// The bank that learns what is removed; without one it is `removed`.
    pub bank: Option<BankName>,
}

impl Site {
    /// Decides a case. `alike`: what is taken of its members goes too. `by`: who; `None`: at the command line. When this returns, nobody
    /// who asks gets what was removed.
    pub async fn decide(&self, by: Option<&ModeratorId>, case: &CaseId, decision: Decision, alike: bool) -> Result<Decided, Error> {
        self.decide_once(by, case, decision, Extent { alike, ..Extent::default() }, None).await
    }

    /// The same, of a form that is known by `token`: sent twice, it decides once, and what it decided is told again.
    pub async fn decide_once(
        &self,
        by: Option<&ModeratorId>,
        case: &CaseId,
        decision: Decision,
        extent: Extent,
        token: Option<&str>,
    ) -> Result<Decided, Error> {
        let (site, by, case, token) = (self.clone(), by.cloned(), case.clone(), token.map(str::to_owned));
        on_its_own(async move {
            let decided = site.decide_whole(by, &case, decision, extent, token.as_deref()).await?;
            match (&decided, &token) {
                (Decided::TooLate, Some(token)) => Ok(site.decided_by(token).await?.unwrap_or(decided)),
                _ => Ok(decided),
            }
        })
        .await
    }

    async fn decided_by(&self, token: &str) -> Result<Option<Decided>, Error> {
        let Some(id) = store::decisions::by_token(&self.store.db, token).await? else { return Ok(None) };
        let reach = self.reach(&id).await?;
        Ok(Some(Decided::Done(id, reach)))
    }

    async fn decide_whole(
        &self,
        by: Option<ModeratorId>,
        id: &CaseId,
        decision: Decision,
        Extent { alike, media, bank }: Extent,
        token: Option<&str>,
    ) -> Result<Decided, Error> {
        if decision.action == Action::Withhold && !self.knows_countries {
            return Ok(Decided::NoCountries);
        }
        let bank = match decision.action {
            Action::Remove => match self.learning(bank.as_ref()).await? {
                Some(bank) => Some(bank),
                None => return Ok(Decided::NoSuchBank),
            },
            _ => None,
        };
        let key = (decision.action == Action::Remove).then(quarantine::new_key);
        let now = self.clock.now();
        let notices = store::notices::of_case(&self.store.db, id, 1).await?;
        let members = store::cases::members(&self.store.db, id, BANKED).await?;
        let subject = store::cases::find(&self.store.db, id).await?.map(|case| case.subject);
        let own = match &subject {
            Some(Subject { post_id, media_id: None }) if media => self.media_of(post_id).await?,
            _ => Vec::new(),
        };
        let banked = members.iter().filter(|member| alike && member.taken).map(|member| &member.subject);
        let banked = self.to_be_banked(subject.iter().chain(&own).chain(banked)).await?;
        let decided_on = match (&by, &subject) {
            (Some(by), Some(subject)) => Some(self.spared(by, subject, alike.then_some(id)).await?),
            _ => None,
        };
        let mut tx = self.store.db.begin().await?;
        // Decisions one after the other: two that reach the same posts would wait for each other's.
        store::banks::hold_alone(&mut tx).await?;
        let Some(case) = store::cases::look(&mut tx, id).await? else { return Ok(Decided::Nothing) };
        if let Some(by) = &by {
            if !decides(&mut tx, Some(by)).await? {
                return Ok(Decided::NotAllowed);
            }
            let claim = store::claims::look(&mut tx, id, now).await?.filter(|claim| claim.moderator_id != *by);
            if let (CaseState::Open, Some(claim)) = (case.state, claim) {
                return Ok(Decided::Claimed(claim));
            }
        }
        // What its poster took away, and is kept, is decided on all the same.
        let is_there =
            store::matches::stands(&mut tx, &case.subject).await? || !store::preserved::look(&mut tx, &case.subject).await?.is_empty();
        if !is_there || !store::cases::close(&mut tx, id, CaseState::Decided, now).await? {
            return Ok(Decided::TooLate);
        }
        if matches!(decision.action, Action::NoAction | Action::Cover)
            && store::filings::any_binding(&mut tx, id, alike && decision.action == Action::Cover).await?
        {
            return Ok(Decided::Ordered);
        }
        if decision.action == Action::Withhold && !decision.ends_access() && store::filings::any_to_end_access(&mut tx, id, alike).await? {
            return Ok(Decided::Ordered);
        }
        let version = store::policies::look(&mut tx).await?.map(|policy| policy.version);
        if decision.ground == Ground::Policy
            && decision.action != Action::NoAction
            && !self.has_clause(version, &decision.reference).await?
        {
            return Ok(Decided::NoSuchClause);
        }
        let (row_id, blind) = (self.chance.decision_id(), self.chance.blind());
        // Who reported it reads the words with which it is left: none that could tell of what must not be told yet.
        let silence = store::filings::silent_until(&mut tx, id, alike, now).await?;
        let (decision, silent_until) = match decision.action {
            Action::NoAction if silence.is_some() => (Decision { facts: String::new(), composed: None, ..decision }, None),
            Action::NoAction => (decision, None),
            _ => (decision, silence),
        };
        let mut row = DecisionRow {
            commitment: commitment(&blind, row_id.as_str(), &decision, now),
            id: row_id,
            case_id: id.clone(),
            category: case.category,
            origin: if notices.is_empty() { Origin::Match } else { Origin::Notice },
            moderator: by.as_ref().map(ToString::to_string),
            item: None,
            key,
            // Who is told only later has as long from then on.
            keep_until: silent_until.unwrap_or(now).plus_ms(KEEP_MS),
            silent_until,
            blind,
            created: now,
            policy_version: version,
            undone: None,
            destroyed: None,
            decision,
        };
        if let Some(bank) = bank {
            let item = ItemRow {
                id: self.chance.item_id(),
                bank_id: bank,
                label: row.id.to_string(),
                signals: 0,
                created: now,
                distrusted: None,
                waits: None,
            };
            if self.bank_signals(&mut tx, &item, &banked).await? {
                row.item = Some(item.id);
            }
        }
        store::decisions::insert(&mut tx, &row).await?;
        if let Some(token) = token {
            store::decisions::set_token(&mut tx, &row.id, token).await?;
        }
        store::claims::clear(&mut tx, id).await?;
        if let (Some(by), Some(decided_on)) = (&by, &decided_on) {
            self.remember_decided(&mut tx, by, decided_on, row.item.as_ref(), now).await?;
        }
        if let Some(until) = row.silent_until {
            self.end_silence_at(&mut tx, row.id.clone(), until).await?;
        }
        let reach = store::decisions::carry_out(&mut tx, &row.id, row.decision.action, id, &case.subject, alike).await?;
        match row.decision.action {
            Action::NoAction | Action::Cover | Action::Withhold | Action::Preserve => {
                store::holds::let_pass(&mut tx, &row.id, id, &case.subject, alike).await?;
                self.let_go_of(&mut tx, &case.subject).await?;
            }
            Action::Remove => {
                self.keep_decided(&mut tx, &row).await?;
                self.enqueue(&mut tx, &Job::Settle { decision_id: row.id.clone() }).await?;
            }
        }
        self.keep_preserved(&mut tx, &case.subject, &row.id, &case.id).await?;
        self.judge(&mut tx, &row.id, row.decision.action != Action::NoAction).await?;
        if row.decision.action == Action::NoAction {
            self.doubt_parties(&mut tx, &row.case_id).await?;
        }
        let mut closed = store::cases::close_reached(&mut tx, &row.id, now).await?;
        if row.decision.action != Action::Remove {
            self.let_go_with(&mut tx, &closed).await?;
        }
        closed.push(id.clone());
        self.house_the_rest(&mut tx, &closed).await?;
        if self.sends_mail() {
            self.enqueue(&mut tx, &Job::TellNotifiers { decision_id: row.id.clone() }).await?;
        }
        let done = serde_json::json!({ "case": id, "action": row.decision.action, "posts": reach.posts, "media": reach.media });
        self.note(&mut tx, by.as_ref(), Act::CaseDecided, row.id.as_str(), &done).await?;
        tx.commit().await?;
        Ok(Decided::Done(row.id, reach))
    }

    async fn has_clause(&self, version: Option<i64>, id: &str) -> Result<bool, Error> {
        match version {
            Some(version) => Ok(self.policy_version(version).await?.is_some_and(|known| known.policy.has(id))),
            None => Ok(false),
        }
    }

    /// The banks that what is removed can be put into, the usual one first; none if that is the only one.
    pub async fn learning_banks(&self) -> Result<Vec<BankName>, Error> {
        let usual = BankName::parse(REMOVED).expect("it is plain");
        let live = store::banks::list(&self.store.db).await?.into_iter().filter(|bank| bank.kind == BankKind::Live).map(|bank| bank.name);
        let others: Vec<BankName> = live.filter(|name| *name != usual).collect();
        Ok(if others.is_empty() { others } else { std::iter::once(usual).chain(others).collect() })
    }

    /// The bank that learns: the one of this name, if it acts on what it knows.
    async fn learning(&self, name: Option<&BankName>) -> Result<Option<domain::BankId>, Error> {
        let Some(name) = name else { return self.bank_of_removed().await.map(Some) };
        Ok(self.bank(name).await?.filter(|bank| bank.kind == BankKind::Live).map(|bank| bank.id))
    }

    async fn bank_of_removed(&self) -> Result<domain::BankId, Error> {
        let name = BankName::parse(REMOVED).expect("it is plain");
        loop {
            if let Some(bank) = self.bank(&name).await? {
                return Ok(bank.id);
            }
            self.create_bank(&name, BankKind::Live, OnMatch::Hold).await?;
        }
    }

    /// The pictures and videos of a post, each as a subject.
    async fn media_of(&self, post: &PostId) -> Result<Vec<Subject>, Error> {
        let media = store::media::of_post(&self.store.db, post).await?;
        Ok(media.into_iter().map(|medium| Subject { post_id: medium.post_id, media_id: Some(medium.id) }).collect())
    }

    /// Subjects whose signals a bank shall have; of posts with what their words are known by, all together.
    async fn to_be_banked<'a>(&self, subjects: impl Iterator<Item = &'a Subject>) -> Result<Vec<(Subject, Vec<Fingerprint>)>, Error> {
        let mut banked = Vec::new();
        for subject in subjects {
            let words = match subject.media_id {
                None => self.known_of(subject).await?.map(|known| known.fingerprints).unwrap_or_default(),
                Some(_) => Vec::new(),
            };
            banked.push((subject.clone(), words));
        }
        Ok(banked)
    }

    /// Gives the bank what these are known by; `false` if that is nothing.
    async fn bank_signals(&self, tx: &mut Tx, item: &ItemRow, banked: &[(Subject, Vec<Fingerprint>)]) -> Result<bool, Error> {
        store::banks::begin_item(tx, item).await?;
        let mut signals = 0;
        for (subject, words) in banked {
            if subject.media_id.is_some() {
                signals = store::decisions::bank(tx, &item.id, subject, signals).await?;
            }
            for one in words {
                signals += 1;
                store::banks::add_signal(tx, &item.id, signals, one).await?;
            }
        }
        if signals == 0 {
            store::banks::remove_item(tx, &item.id).await?;
            return Ok(false);
        }
        store::banks::complete_item(tx, &item.id, signals).await?;
        Ok(true)
    }

    /// Undoes a decision: what is not in quarantine yet stands again when this returns, the rest as soon as it is brought back. The signals leave
    /// the bank. `false` if it was undone or destroyed before.
    pub async fn undo(&self, by: Option<&ModeratorId>, id: &DecisionId) -> Result<bool, Error> {
        let (site, by, id) = (self.clone(), by.cloned(), id.clone());
        on_its_own(async move {
            let mut tx = site.store.db.begin().await?;
            if !decides(&mut tx, by.as_ref()).await? {
                return Ok(false);
            }
            let done = site.undo_in(&mut tx, by.as_ref(), &id).await?;
            if done {
                tx.commit().await?;
            }
            Ok(done)
        })
        .await
    }

    pub(crate) async fn undo_in(&self, tx: &mut Tx, by: Option<&ModeratorId>, id: &DecisionId) -> Result<bool, Error> {
        let now = self.clock.now();
        let row = store::decisions::find(&self.store.db, id).await?.filter(|row| row.decision.action != Action::Preserve);
        let Some(row) = row else { return Ok(false) };
        store::banks::hold_alone(tx).await?;
        let Some(quarantined) = store::decisions::undo(tx, id, now).await? else { return Ok(false) };
        if let Some(item) = &row.item {
            store::banks::remove_item(tx, item).await?;
            store::matches::forget_item(tx, item, now).await?;
        }
        self.forget_judgements(tx, id, row.created).await?;
        self.trust_parties_again(tx, &row).await?;
        if row.decision.action == Action::Remove {
            for other in store::decisions::hand_on(tx, id, now).await? {
                self.enqueue(tx, &Job::Settle { decision_id: other }).await?;
            }
        }
        if quarantined > 0 {
            self.enqueue(tx, &Job::Restore { decision_id: id.clone(), post_id: None }).await?;
        } else {
            store::decisions::end_quarantine(tx, id, now).await?;
        }
        store::appeals::overturn(tx, id, now).await?;
        self.note(tx, by, Act::DecisionUndone, id.as_str(), &serde_json::json!({ "case": row.case_id })).await?;
        for case in store::cases::reopen(tx, id, &row.case_id, row.created).await? {
            let own = store::cases::look(tx, &case).await?.filter(|own| own.held && row.decision.action != Action::Remove);
            match own {
                Some(own) if own.lever.is_some() => store::posts::wait_again(tx, &own.subject.post_id, Wait::ForALook).await?,
                Some(own) => store::matches::hold(tx, &own.subject).await?,
                None => {}
            }
            // The bank that found it may have forgotten it since.
            store::holds::reduce(tx, &case, CaseState::Moot, now).await?;
        }
        if store::holds::any_homeless(tx).await? {
            self.enqueue(tx, &Job::OpenCases).await?;
        }
        self.ask_again(tx, &row).await?;
        Ok(true)
    }

    /// At most `limit` decisions, the newest first, from after the one at this time with this id, with what each reached.
    pub async fn decisions(&self, after: Option<(domain::Time, &DecisionId)>, limit: i64) -> Result<Vec<(DecisionRow, Reach)>, Error> {
        let mut all = Vec::new();
        for row in store::decisions::latest(&self.store.db, after, limit).await? {
            let reach = store::decisions::reach(&self.store.db, &row.id).await?;
            all.push((row, reach));
        }
        Ok(all)
    }

    /// What a decision reached.
    pub async fn reach(&self, id: &DecisionId) -> Result<Reach, Error> {
        Ok(store::decisions::reach(&self.store.db, id).await?)
    }

    /// The decision of this id.
    pub async fn decision(&self, id: &DecisionId) -> Result<Option<DecisionRow>, Error> {
        Ok(store::decisions::find(&self.store.db, id).await?)
    }

    /// What was removed or covered, if this is the secret of the post that it happened to, or of a post that one of its media belongs to; what was
    /// removed first.
    pub async fn removals(&self, id: &PostId, secret: &ManageSecret) -> Result<Vec<Removal>, Error> {
        let Some(post) = store::posts::find(&self.store.db, id).await? else { return Ok(Vec::new()) };
        if !secret.matches(&post.manage_hash) {
            return Ok(Vec::new());
        }
        let mut removals: Vec<Removal> = Vec::new();
        for row in store::decisions::of_post(&self.store.db, id).await? {
            if removals.iter().any(|known| known.decision.id == row.decision_id) {
                continue;
            }
            removals.extend(self.removal(id, &row.decision_id).await?.filter(|removal| !removal.decision.is_silent(self.clock.now())));
        }
        removals.sort_by_key(|removal| removal.decision.decision.action != Action::Remove);
        Ok(removals)
    }

    /// The same, and what was undone since, of what its poster had complained of: whoever was right reads the answer, though nothing is left of the
    /// decision.
    pub async fn removals_and_answers(&self, id: &PostId, secret: &ManageSecret) -> Result<Vec<Removal>, Error> {
        let mut removals = self.removals(id, secret).await?;
        let Some(post) = store::posts::find(&self.store.db, id).await?.filter(|post| secret.matches(&post.manage_hash)) else {
            return Ok(removals);
        };
        for appeal in store::appeals::of_post(&self.store.db, &post.id).await? {
            if !removals.iter().any(|known| known.decision.id == appeal.decision_id) {
                removals.extend(self.removal(id, &appeal.decision_id).await?.filter(Removal::was_wrong));
            }
        }
        Ok(removals)
    }

    /// Why a post, or something of it, was removed.
    pub(crate) async fn removal(&self, post: &PostId, decision: &DecisionId) -> Result<Option<Removal>, Error> {
        let db = &self.store.db;
        let decision = store::decisions::find(db, decision).await?.filter(|row| row.decision.action != Action::Preserve);
        let Some(decision) = decision else { return Ok(None) };
        let appeal = store::appeals::of(db, &decision.id, post).await?;
        let reached = store::decisions::of_post(db, post).await?;
        let of_media = reached.iter().filter(|one| one.decision_id == decision.id && one.subject.media_id.is_some()).count();
        let of_all = reached.iter().any(|one| one.decision_id == decision.id && one.subject.media_id.is_none());
        Ok(Some(Removal { post_id: post.clone(), decision, appeal, of_media: if of_all { 0 } else { of_media } }))
    }

    /// A poster says that a decision is wrong. The caller has checked the secret.
    pub async fn appeal(&self, removal: &Removal, words: &str) -> Result<Appealed, Error> {
        let (now, decision) = (self.clock.now(), &removal.decision);
        let words = domain::text::clean_text(words).trim().to_owned();
        if words.is_empty() || words.len() > WORDS_BYTES {
            return Ok(Appealed::Words);
        }
        if decision.undone.is_some() || decision.destroyed.is_some() || decision.keep_until <= now {
            return Ok(Appealed::TooLate);
        }
        let row = AppealRow {
            id: self.chance.appeal_id(),
            decision_id: decision.id.clone(),
            post_id: removal.post_id.clone(),
            words,
            state: AppealState::Open,
            answer: None,
            due: now.plus_ms(ANSWER_MS),
            created: now,
            answered: None,
        };
        let mut tx = self.store.db.begin().await?;
        if !store::appeals::insert(&mut tx, &row).await? {
            return Ok(Appealed::Before);
        }
        tx.commit().await?;
        Ok(Appealed::Taken)
    }

    /// The appeals that nobody has answered, those that are due first.
    pub async fn open_appeals(&self, limit: i64) -> Result<Vec<AppealRow>, Error> {
        Ok(store::appeals::open(&self.store.db, limit).await?)
    }

    /// Answers an appeal. One that is right brings back its own post, or undoes the decision for everybody whom it reached. Whoever decided does not
    /// judge what is said against that, if there is anybody else.
    pub async fn answer(&self, by: Option<&ModeratorId>, id: &AppealId, answer: Answer, words: &str) -> Result<Answered, Error> {
        let now = self.clock.now();
        let Some(appeal) = store::appeals::find(&self.store.db, id).await? else { return Ok(Answered::Before) };
        if let Some(by) = by
            && self.is_for_another(by, &appeal).await?
        {
            return Ok(Answered::Own);
        }
        let words = domain::text::clean_text(words).trim().to_owned();
        if words.is_empty() || words.len() > WORDS_BYTES {
            return Ok(Answered::Words);
        }
        let state = if answer == Answer::Upheld { AppealState::Upheld } else { AppealState::Overturned };
        let mut tx = self.store.db.begin().await?;
        store::banks::hold_alone(&mut tx).await?;
        if !store::appeals::answer(&mut tx, id, state, &words, now).await? {
            return Ok(Answered::Before);
        }
        if answer != Answer::Upheld {
            store::decisions::release(&mut tx, &appeal.decision_id, &appeal.post_id).await?;
            self.let_pass_within(&mut tx, &appeal).await?;
        }
        if answer == Answer::GivenBack {
            self.give_back_in(&mut tx, &appeal).await?;
        }
        if answer == Answer::Undone && self.undo_in(&mut tx, by, &appeal.decision_id).await? {
            // That is how it was decided; but what an order asks for is still to be answered.
            if let Some(row) = store::decisions::find(&self.store.db, &appeal.decision_id).await?
                && !store::filings::any_binding(&mut tx, &row.case_id, false).await?
            {
                store::cases::close(&mut tx, &row.case_id, CaseState::Decided, now).await?;
            }
        }
        let detail = serde_json::json!({ "overturned": answer != Answer::Upheld, "alone": answer == Answer::GivenBack });
        self.note(&mut tx, by, Act::AppealAnswered, id.as_str(), &detail).await?;
        tx.commit().await?;
        Ok(Answered::Done)
    }

    /// Whoever was right about a post that went as a whole was right about what is in it: what banks hold of that passes.
    async fn let_pass_within(&self, tx: &mut Tx, appeal: &AppealRow) -> Result<(), Error> {
        let whole = Subject { post_id: appeal.post_id.clone(), media_id: None };
        if store::decisions::look(tx, &appeal.decision_id, &whole).await?.is_none() {
            return Ok(());
        }
        for subject in self.media_of(&appeal.post_id).await? {
            if store::matches::decide(tx, &subject, MatchState::Released).await? > 0 {
                self.judge_subject(tx, &subject, false).await?;
            }
            if store::matches::holding(tx, &subject).await? == 0 {
                store::matches::let_go(tx, &subject).await?;
            }
            store::holds::leave(tx, &subject, CaseState::Decided, self.clock.now()).await?;
        }
        Ok(())
    }

    /// Gives back what a decision took of the post that an appeal is about. What the bank learnt from it stays known, and does not hold this post.
    async fn give_back_in(&self, tx: &mut Tx, appeal: &AppealRow) -> Result<(), Error> {
        let (id, post, now) = (&appeal.decision_id, &appeal.post_id, self.clock.now());
        let Some(row) = store::decisions::find(&self.store.db, id).await? else { return Ok(()) };
        if !store::decisions::stands(tx, id).await? {
            return Ok(());
        }
        store::decisions::give_back(tx, id, post).await?;
        if let Some(item) = &row.item {
            for subject in std::iter::once(Subject { post_id: post.clone(), media_id: None }).chain(self.media_of(post).await?) {
                store::matches::let_pass_item(tx, &self.chance.match_id(), &subject, item, now).await?;
            }
        }
        if row.decision.action == Action::Remove {
            for other in store::decisions::hand_on(tx, id, now).await? {
                self.enqueue(tx, &Job::Settle { decision_id: other }).await?;
            }
            self.enqueue(tx, &Job::Restore { decision_id: id.clone(), post_id: Some(post.clone()) }).await?;
        }
        Ok(())
    }

    /// Whether an appeal is for somebody else than `by` to answer: they decided, and there is somebody else who could.
    pub async fn is_for_another(&self, by: &ModeratorId, appeal: &AppealRow) -> Result<bool, Error> {
        let decided = store::decisions::find(&self.store.db, &appeal.decision_id).await?;
        if decided.is_none_or(|row| row.moderator.as_deref() != Some(by.as_str())) {
            return Ok(false);
        }
        let others = self.moderators().await?;
        Ok(others.iter().any(|one| one.id != *by && one.role.decides() && one.suspended.is_none() && one.is_enrolled()))
    }

    /// What is left to do after a decision: what came in the meantime and is like what it removed is held, and what it removed goes into
    /// quarantine.
    pub(crate) async fn settle(&self, id: &DecisionId) -> Result<(), Error> {
        let Some(row) = store::decisions::find(&self.store.db, id).await?.filter(|row| row.undone.is_none()) else { return Ok(()) };
        let mut looks = Vec::new();
        if let Some(item) = &row.item {
            // As long as the picture is there it can be asked how it looks, and finds its crops and tilts too.
            let subject = store::cases::find(&self.store.db, &row.case_id).await?.map(|case| case.subject);
            let known = match &subject {
                Some(subject) => self.known_of(subject).await.unwrap_or_else(|error| {
                    tracing::warn!(%error, "what was removed could not be looked at again");
                    None
                }),
                None => None,
            };
            self.search_again(item).await?;
            looks = known.map(|known| known.views).unwrap_or_default();
        }
        self.quarantine(&row).await?;
        if let Some(item) = &row.item {
            self.search_by_looks(item, looks).await?;
        }
        if row.decision.action == Action::Preserve {
            self.end_preserving(&row).await?;
        }
        if self.seals_evidence() {
            let mut tx = self.store.db.begin_light().await?;
            self.enqueue(&mut tx, &Job::Seal { decision_id: id.clone() }).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}
