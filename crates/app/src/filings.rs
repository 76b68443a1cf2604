//! What registered parties file, and what they are answered: a receipt at once, and later what became of every link.
//!
//! A filing is written down whatever is wrong with it, so that nothing that was acknowledged is lost. Each of its links that leads to something
//! that stands becomes a notice, as anybody's would; what the machine sees to be wrong is answered in the same transaction.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use domain::notice::{Asks, Gag};
use domain::{
    Act, Action, CaseId, CaseState, Counted, DecisionId, Fault, Filing, FilingId, Inability, MediaId, ModeratorId, NoticeKind, PartyId,
    PartyKind, PostId, Receipt, Time,
};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use store::filings::{Answer, Link, LinkState, Opened};
use store::{DecisionRow, FilingRow, PartyRow, Subject, Tx};

use crate::moderators::decides;
use crate::notices::{Given, Taken};
use crate::{About, Error, Site};

/// Links that one filing may name.
pub const LINKS: usize = 10_000;
/// Filings of a list that are written down in one transaction.
const CHUNK: usize = 100;
/// How many such are under way at the same time, so that the database always has something to do.
const AT_ONCE: usize = 4;
/// The longest link that is written down, in bytes.
const LINK_BYTES: usize = 2_000;
/// The longest answer of what there is, in bytes: facts about each link of an order.
pub const HOLDINGS_BYTES: usize = 1 << 20;

/// A link as it was sent, and what of this site it names.
#[derive(Clone, Debug)]
pub struct Named {
    /// As it was sent.
    pub url: String,
    /// The post, and the medium of it; `None`: nothing of this site.
    pub names: Option<(PostId, Option<MediaId>)>,
}

/// Who files.
#[derive(Clone, Debug)]
pub enum Filer {
    /// Whoever holds this key.
    Key(domain::KeyId),
    /// Somebody on the portal.
    Person(ModeratorId),
}

/// A filing that was taken.
#[derive(Debug)]
pub struct Filed {
    /// By which its sender reads what became of it.
    pub receipt: Receipt,
    /// As it is written down.
    pub row: FilingRow,
}

/// How a filing stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilingState {
    /// Nobody has decided on all of it.
    Open,
    /// All that it names is dark, since then (TCO, Annex II).
    Done(Time),
    /// It was decided on, and not all that it names is dark.
    Decided,
    /// It cannot be carried out (TCO, Annex III).
    Cannot(Inability),
    /// Its sender was told what there is.
    Told,
    /// It counts for nothing any more: it was not its party's own.
    Withdrawn,
}

/// How one link of a filing stands.
#[derive(Debug)]
pub enum LinkNow {
    /// Nobody has decided.
    Open,
    /// This was decided.
    Decided(Arc<DecisionRow>),
    /// It is gone: its poster deleted it, or its end came.
    Gone,
    /// Nothing of this site ever stood there.
    Nothing,
    /// Nobody asks this any more.
    Withdrawn,
}

/// A filing with all that is known of it.
#[derive(Debug)]
pub struct FilingView {
    /// It.
    pub row: FilingRow,
    /// Whose it is.
    pub party: PartyRow,
    /// Each link, in order.
    pub links: Vec<(Link, LinkNow)>,
    /// How it stands.
    pub state: FilingState,
    cases: HashMap<Subject, Opened>,
}

/// By which decisions subjects are dark, withheld or covered now.
pub(crate) struct Standing(HashMap<Subject, Arc<DecisionRow>>);

impl Standing {
    /// The one on this subject itself, or on the whole post that it stands in.
    pub(crate) fn on(&self, subject: &Subject) -> Option<&Arc<DecisionRow>> {
        let whole = || Subject { post_id: subject.post_id.clone(), media_id: None };
        self.0.get(subject).or_else(|| self.0.get(&whole()))
    }
}

/// Why a filing cannot be answered so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerRefused {
    /// There is none.
    Nothing,
    /// Nothing is said, or too much.
    Words,
    /// It was carried out: nothing stands in the way of that any more.
    Done,
    /// Its silence cannot be set so: it has none, or has been made longer before.
    Silence,
}

impl Site {
    /// Files something for a party. `None` if the party may not file any more.
    pub async fn file(&self, party: &PartyRow, by: &Filer, filing: Filing, links: Vec<Named>) -> Result<Option<Filed>, Error> {
        Ok(self.file_all(party, by, vec![(filing, links)]).await?.and_then(|filed| filed.into_iter().next()))
    }

    /// Files many things for a party; what comes back is in their order. `None` if the party may not file any more; what was filed before that
    /// happened stays so.
    pub async fn file_all(&self, party: &PartyRow, by: &Filer, list: Vec<(Filing, Vec<Named>)>) -> Result<Option<Vec<Filed>>, Error> {
        let mut list = list.into_iter();
        let chunks = std::iter::from_fn(move || Some(list.by_ref().take(CHUNK).collect::<Vec<_>>()).filter(|chunk| !chunk.is_empty()));
        let filed = stream::iter(chunks).map(|chunk| self.file_chunk(party, by, chunk)).buffered(AT_ONCE);
        let filed: Vec<Option<Vec<Filed>>> = filed.try_collect().await?;
        Ok(filed.into_iter().collect::<Option<Vec<_>>>().map(|filed| filed.into_iter().flatten().collect()))
    }

    async fn file_chunk(&self, party: &PartyRow, by: &Filer, chunk: Vec<(Filing, Vec<Named>)>) -> Result<Option<Vec<Filed>>, Error> {
        let mut tx = self.store.db.begin().await?;
        if !store::parties::may_file(&mut tx, &party.id).await? {
            return Ok(None);
        }
        let named = chunk.iter().flat_map(|(_, links)| links).filter_map(|link| link.names.as_ref());
        let posts = self.take_posts(&mut tx, named.map(|(post, _)| post)).await?;
        let mut filed = Vec::with_capacity(chunk.len());
        for (filing, links) in chunk {
            let links = self.resolve(party.party.kind, &posts, links).await?;
            filed.push(self.file_one(&mut tx, party, by, filing, links, &posts).await?);
        }
        tx.commit().await?;
        self.came(Counted::Report, filed.len());
        Ok(Some(filed))
    }

    /// What stands at each link now.
    async fn resolve(&self, party: PartyKind, posts: &BTreeMap<PostId, Taken>, links: Vec<Named>) -> Result<Vec<Link>, Error> {
        let mut resolved = Vec::with_capacity(links.len());
        for Named { mut url, names } in links {
            url.truncate(url.floor_char_boundary(LINK_BYTES));
            let (state, decision) = match &names {
                None => (LinkState::Nothing, None),
                Some((post, medium)) => match self.about_for(party, posts.get(post), post, medium.as_ref()).await? {
                    About::Subject(_) => (LinkState::Taken, None),
                    About::Dark(decision) => (LinkState::Dark, Some(decision)),
                    About::Gone => (LinkState::Gone, None),
                    About::Nothing => (LinkState::Nothing, None),
                },
            };
            let (post, media) = names.filter(|_| state != LinkState::Nothing).unzip();
            resolved.push(Link { url, state, post, media: media.flatten(), decision });
        }
        Ok(resolved)
    }

    /// An authority is told what was removed in silence: it would only order it again.
    async fn about_for(&self, party: PartyKind, taken: Option<&Taken>, post: &PostId, medium: Option<&MediaId>) -> Result<About, Error> {
        let about = match taken {
            Some(post) => self.about_post(&post.row, medium).await?,
            None => self.truly_about(post, medium).await?,
        };
        match party {
            PartyKind::Authority => Ok(about),
            PartyKind::TrustedFlagger | PartyKind::Partner => self.as_anybody_knows(about).await,
        }
    }

    async fn file_one(
        &self,
        tx: &mut Tx,
        party: &PartyRow,
        by: &Filer,
        filing: Filing,
        links: Vec<Link>,
        posts: &BTreeMap<PostId, Taken>,
    ) -> Result<Filed, Error> {
        let (id, receipt, now) = (self.chance.filing_id(), self.chance.receipt(), self.clock.now());
        let any_link = links.iter().any(|link| link.state != LinkState::Nothing);
        let faults = filing.faults(party.party.jurisdiction, self.home, any_link, now);
        let due = filing.due(&faults, now);
        let mut seen = HashSet::new();
        for link in &links {
            // What is on its way back is asked for like what stands.
            let comes_back = match &link.decision {
                Some(by) => store::decisions::find(&self.store.db, by).await?.is_some_and(|row| row.undone.is_some()),
                None => false,
            };
            let Some(subject) = subject(link).filter(|_| link.state == LinkState::Taken || comes_back) else { continue };
            let Some(post) = posts.get(&subject.post_id) else { continue };
            if seen.insert(subject.clone()) {
                self.give_one(tx, post, &subject, &filing.notice, &receipt, given(&id, due, party)).await?;
            }
        }
        let answer = faults.iter().find_map(|fault| fault.inability()).map(|inability| Answer {
            inability: Some(inability),
            words: String::new(),
            by: None,
            at: now,
        });
        let row = FilingRow {
            silent_until: filing.secret_until(now),
            id,
            party_id: party.id.clone(),
            filing,
            links,
            faults,
            due,
            received: now,
            answer,
            withdrawn: None,
        };
        store::filings::insert(tx, &row, &receipt).await?;
        self.keep_dark(tx, party, &row).await?;
        if row.answer.is_some() {
            self.mail_reply(tx, &row.id, &party.party, None).await?;
        }
        let (key, person) = match by {
            Filer::Key(key) => (Some(key.as_str()), None),
            Filer::Person(person) => (None, Some(person)),
        };
        let detail =
            serde_json::json!({ "party": party.id, "kind": row.filing.notice.kind.as_str(), "links": row.links.len(), "key": key });
        self.note(tx, person, Act::Filed, row.id.as_str(), &detail).await?;
        Ok(Filed { receipt, row })
    }

    /// What was answered at once since it was dark, and stands again, is asked for anew: it joins the case that opens again, by the clock that it had.
    pub(crate) async fn ask_again(&self, tx: &mut Tx, undone: &DecisionRow) -> Result<(), Error> {
        for row in store::filings::answered_by(tx, &undone.id, undone.created).await? {
            if matches!(row.filing.notice.kind.rule().asks, Asks::ToTell | Asks::ToKeep) {
                continue;
            }
            let Some(party) = store::parties::find(&self.store.db, &row.party_id).await? else { continue };
            let dark = row.links.iter().filter(|link| link.state == LinkState::Dark && link.decision.as_ref() == Some(&undone.id));
            let subjects: HashSet<Subject> = dark.filter_map(subject).collect();
            let posts = self.take_posts(tx, subjects.iter().map(|subject| &subject.post_id)).await?;
            for subject in &subjects {
                let Some(post) = posts.get(&subject.post_id) else { continue };
                // Its sender has the receipt of all of it.
                let receipt = self.chance.receipt();
                self.give_one(tx, post, subject, &row.filing.notice, &receipt, given(&row.id, row.due, &party)).await?;
            }
        }
        Ok(())
    }

    /// At most `limit` filings of a party, or of everybody, the newest first, from after the one that came at this time with this id; each with how
    /// it stands.
    pub async fn filings(&self, party: Option<&PartyId>, after: Option<(Time, &FilingId)>, limit: i64) -> Result<Vec<FilingView>, Error> {
        let mut views = Vec::new();
        for row in store::filings::newest(&self.store.db, party, after, limit).await? {
            views.extend(self.viewed(row).await?);
        }
        Ok(views)
    }

    /// At most `limit` filings that somebody has to do something about: those whose clock ends first, then the oldest.
    pub async fn waiting_filings(&self, limit: i64) -> Result<Vec<FilingView>, Error> {
        let mut views = Vec::new();
        for row in store::filings::waiting(&self.store.db, limit).await? {
            views.extend(self.viewed(row).await?.filter(FilingView::is_waiting));
        }
        Ok(views)
    }

    /// A filing of this party's own, as it may know it.
    pub async fn own_filing(&self, party: &PartyId, id: &FilingId) -> Result<Option<FilingView>, Error> {
        let view = self.filing(id).await?.filter(|view| view.row.party_id == *party);
        Ok(view.map(|view| view.for_sender(self.clock.now())))
    }

    /// The filings that a case has notices of, with whose they are.
    pub async fn filings_of_case(&self, case: &CaseId) -> Result<Vec<(FilingRow, PartyRow)>, Error> {
        let mut all = Vec::new();
        for row in store::filings::of_case(&self.store.db, case).await? {
            if let Some(party) = store::parties::find(&self.store.db, &row.party_id).await? {
                all.push((row, party));
            }
        }
        Ok(all)
    }

    /// What registered parties had asked when this was decided, as everybody may know it: not what must not be told yet.
    pub async fn asked_before(&self, decision: &DecisionRow) -> Result<Vec<(FilingRow, PartyRow)>, Error> {
        let now = self.clock.now();
        let mut all = self.filings_of_case(&decision.case_id).await?;
        all.retain(|(row, _)| row.received <= decision.created && row.silent_until.is_none_or(|until| until <= now));
        Ok(all)
    }

    /// A filing, and how it stands.
    pub async fn filing(&self, id: &FilingId) -> Result<Option<FilingView>, Error> {
        match store::filings::find(&self.store.db, id).await? {
            Some(row) => self.viewed(row).await,
            None => Ok(None),
        }
    }

    /// The filing that this receipt was given for.
    pub async fn filing_of(&self, receipt: &Receipt) -> Result<Option<FilingView>, Error> {
        let view = match store::filings::by_receipt(&self.store.db, receipt).await? {
            Some(row) => self.viewed(row).await?,
            None => None,
        };
        Ok(view.map(|view| view.for_sender(self.clock.now())))
    }

    /// A filing with how each of its links stands, however many they are, by as few questions.
    async fn viewed(&self, row: FilingRow) -> Result<Option<FilingView>, Error> {
        let db = &self.store.db;
        let Some(party) = store::parties::find(db, &row.party_id).await? else { return Ok(None) };
        let cases: HashMap<Subject, Opened> =
            store::filings::cases(db, &row.id).await?.into_iter().map(|case| (case.subject.clone(), case)).collect();
        let mut posts: Vec<&PostId> = row.links.iter().filter_map(|link| link.post.as_ref()).collect();
        posts.sort_unstable();
        posts.dedup();
        let (standing, own) =
            self.decisions_on(&posts, &cases.values().filter_map(|case| case.decision.as_ref()).collect::<Vec<_>>()).await?;
        let mut links = Vec::with_capacity(row.links.len());
        for link in &row.links {
            let now = match subject(link) {
                None => LinkNow::Nothing,
                Some(_) if row.withdrawn.is_some() => LinkNow::Withdrawn,
                Some(_) if link.state == LinkState::Gone => LinkNow::Gone,
                Some(subject) => match (standing.on(&subject), cases.get(&subject)) {
                    // It is covered, or withheld somewhere, since before; nobody has decided on what this asks.
                    (Some(decision), Some(case)) if case.state == CaseState::Open && decision.decision.action != Action::Remove => {
                        LinkNow::Open
                    }
                    (Some(decision), _) => LinkNow::Decided(Arc::clone(decision)),
                    // Nothing has been done to it: it was left, it is gone, or nobody has decided.
                    (None, Some(case)) => match (case.state, case.decision.as_ref().and_then(|id| own.get(id))) {
                        (CaseState::Decided, Some(decision)) => LinkNow::Decided(Arc::clone(decision)),
                        (CaseState::Moot, _) => LinkNow::Gone,
                        (CaseState::Decided | CaseState::Open, _) => LinkNow::Open,
                    },
                    (None, None) => match self.truly_about(&subject.post_id, subject.media_id.as_ref()).await? {
                        About::Gone | About::Nothing => LinkNow::Gone,
                        About::Dark(_) | About::Subject(_) => LinkNow::Open,
                    },
                },
            };
            links.push((link.clone(), now));
        }
        let state = state(&row, &links);
        Ok(Some(FilingView { row, party, links, state, cases }))
    }

    /// By which decisions these posts, and media of them, are dark, withheld or covered now; and these decisions, by their ids.
    async fn decisions_on(
        &self,
        posts: &[&PostId],
        others: &[&DecisionId],
    ) -> Result<(Standing, HashMap<DecisionId, Arc<DecisionRow>>), Error> {
        let db = &self.store.db;
        let by = store::decisions::restricting(db, posts).await?;
        let mut ids: Vec<&DecisionId> = by.iter().map(|(_, id)| id).chain(others.iter().copied()).collect();
        ids.sort_unstable();
        ids.dedup();
        let rows = if ids.is_empty() { Vec::new() } else { store::decisions::named(db, &ids).await? };
        let rows: HashMap<DecisionId, Arc<DecisionRow>> = rows.into_iter().map(|row| (row.id.clone(), Arc::new(row))).collect();
        // What does more comes later, and stays.
        let standing = by.into_iter().filter_map(|(subject, id)| Some((subject, Arc::clone(rows.get(&id)?)))).collect();
        Ok((Standing(standing), rows))
    }

    /// The decision by which a subject is dark, withheld or covered now, on itself or on the whole post that it stands in.
    pub(crate) async fn standing_decision(&self, subject: &Subject) -> Result<Option<Arc<DecisionRow>>, Error> {
        let (standing, _) = self.decisions_on(&[&subject.post_id], &[]).await?;
        Ok(standing.on(subject).map(Arc::clone))
    }

    /// Answers a filing beside what is decided on its subjects: that it cannot be carried out, or what there is. An answer may be given anew: its
    /// sender may have cleared up what was missing.
    pub async fn answer_filing(
        &self,
        by: Option<&ModeratorId>,
        id: &FilingId,
        inability: Option<Inability>,
        words: &str,
    ) -> Result<Result<(), AnswerRefused>, Error> {
        let words = domain::text::clean_text(words).trim().to_owned();
        let most = if inability.is_some() { domain::decision::WORDS_BYTES } else { HOLDINGS_BYTES };
        if words.is_empty() || words.len() > most {
            return Ok(Err(AnswerRefused::Words));
        }
        let Some(row) = store::filings::find(&self.store.db, id).await? else { return Ok(Err(AnswerRefused::Nothing)) };
        let is_done = |view: &FilingView| matches!(view.state, FilingState::Done(_)) && view.carried_out().next().is_some();
        if inability.is_some() && self.filing(id).await?.as_ref().is_some_and(is_done) {
            return Ok(Err(AnswerRefused::Done));
        }
        let party = store::parties::find(&self.store.db, &row.party_id).await?;
        let answer = Answer { inability, words, by: by.map(ToString::to_string), at: self.clock.now() };
        let mut tx = self.store.db.begin().await?;
        if !decides(&mut tx, by).await? {
            return Ok(Err(AnswerRefused::Nothing));
        }
        store::filings::answer(&mut tx, id, &answer).await?;
        store::filings::close_answered(&mut tx, id, answer.at).await?;
        if let Some(party) = party {
            self.mail_reply(&mut tx, id, &party.party, None).await?;
        }
        let detail = serde_json::json!({ "inability": inability.map(Inability::as_str) });
        self.note(&mut tx, by, Act::FilingAnswered, id.as_str(), &detail).await?;
        tx.commit().await?;
        Ok(Ok(()))
    }

    /// Makes an order's silence longer, once more as long as its kind allows; or ends it at this moment.
    pub async fn set_silence(&self, by: Option<&ModeratorId>, id: &FilingId, longer: bool) -> Result<Result<(), AnswerRefused>, Error> {
        let Some(row) = store::filings::find(&self.store.db, id).await? else { return Ok(Err(AnswerRefused::Nothing)) };
        let now = self.clock.now();
        let Some(until) = row.silent_until else { return Ok(Err(AnswerRefused::Silence)) };
        let until = match (longer, row.filing.notice.kind.rule().gag) {
            (false, _) => now,
            // From its receipt twice as long, and not a day more.
            (true, Gag::For(ms)) if until < row.received.plus_ms(2 * ms) && now < until => row.received.plus_ms(2 * ms),
            (true, _) => return Ok(Err(AnswerRefused::Silence)),
        };
        let mut tx = self.store.db.begin().await?;
        if !decides(&mut tx, by).await? {
            return Ok(Err(AnswerRefused::Nothing));
        }
        let keep = until.plus_ms(domain::decision::KEEP_MS);
        for decision in store::filings::set_silence(&mut tx, id, until, keep, now).await? {
            for retention in domain::retention::of_decision(now, keep, &[]) {
                self.retain(&mut tx, &decision, retention, by).await?;
            }
        }
        for decision in store::filings::silent_decisions(&mut tx, id).await? {
            self.end_silence_at(&mut tx, decision, until).await?;
        }
        self.note(&mut tx, by, Act::SilenceSet, id.as_str(), &serde_json::json!({ "longer": longer })).await?;
        tx.commit().await?;
        Ok(Ok(()))
    }

    /// Sees to it that what was said of the posts that a decision reached is said anew once its silence ends.
    pub(crate) async fn end_silence_at(&self, tx: &mut Tx, decision: DecisionId, until: Time) -> Result<(), Error> {
        self.enqueue_at(tx, &crate::Job::EndSilence { decision_id: decision }, until).await
    }

    /// The silence of a decision may have ended: what is kept in memory of its posts is made anew.
    pub(crate) async fn end_silence(&self, id: &DecisionId) -> Result<(), Error> {
        let mut tx = self.store.db.begin().await?;
        store::decisions::touch_posts(&mut tx, id).await?;
        if self.sends_mail() {
            self.enqueue(&mut tx, &crate::Job::TellNotifiers { decision_id: id.clone() }).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// How a filing's notice of one of its links is given.
fn given<'a>(id: &'a FilingId, due: Option<Time>, party: &'a PartyRow) -> Given<'a> {
    Given {
        filing: Some(id),
        due,
        language: party.party.languages.first().map(|language| language.as_str()),
        doubted: party.distrusted.is_some(),
        ..Given::default()
    }
}

/// What a link names, where that is something that is or was here.
fn subject(link: &Link) -> Option<Subject> {
    Some(Subject { post_id: link.post.clone()?, media_id: link.media.clone() })
}

/// Whether a decision does what a filing asks for.
fn carries_out(row: &FilingRow, decision: &DecisionRow) -> bool {
    match row.filing.notice.kind {
        NoticeKind::TcoRemovalOrder => decision.decision.ends_access(),
        _ => decision.decision.action == Action::Remove,
    }
}

/// How a filing stands, by its answer and its links.
fn state(row: &FilingRow, links: &[(Link, LinkNow)]) -> FilingState {
    if row.withdrawn.is_some() {
        return FilingState::Withdrawn;
    }
    if let Some(answer) = &row.answer {
        // What the machine missed is no reason any more once it was done all the same.
        let done = links.iter().any(|(_, now)| matches!(now, LinkNow::Decided(decision) if carries_out(row, decision)));
        if !(answer.is_the_machines() && done) {
            return answer.inability.map_or(FilingState::Told, FilingState::Cannot);
        }
    }
    let asks = row.filing.notice.kind.rule().asks;
    if matches!(asks, Asks::ToTell | Asks::ToKeep) || links.iter().any(|(_, now)| matches!(now, LinkNow::Open)) {
        return FilingState::Open;
    }
    let mut at = row.received;
    for (_, now) in links {
        match now {
            LinkNow::Decided(decision) if carries_out(row, decision) => at = at.max(decision.created),
            LinkNow::Gone | LinkNow::Nothing | LinkNow::Withdrawn => {}
            LinkNow::Decided(_) | LinkNow::Open => return FilingState::Decided,
        }
    }
    FilingState::Done(at)
}

impl FilingView {
    /// As its sender may know it: only an authority is told what was decided in silence.
    #[must_use]
    pub fn for_sender(mut self, now: Time) -> Self {
        if self.party.party.kind != PartyKind::Authority {
            for (_, link) in &mut self.links {
                if matches!(link, LinkNow::Decided(row) if row.is_silent(now)) {
                    *link = LinkNow::Gone;
                }
            }
            self.state = state(&self.row, &self.links);
        }
        self
    }

    /// The case that its notice of what a link names opened or joined, or whose decision says how that stands.
    #[must_use]
    pub fn case_of<'a>(&'a self, link: &Link, now: &'a LinkNow) -> Option<&'a CaseId> {
        match now {
            LinkNow::Decided(decision) => Some(&decision.case_id),
            LinkNow::Open | LinkNow::Gone | LinkNow::Nothing | LinkNow::Withdrawn => self.cases.get(&subject(link)?).map(|case| &case.id),
        }
    }

    /// The decisions that do what it asks for, for each of its links that one does it to.
    pub fn carried_out(&self) -> impl Iterator<Item = &DecisionRow> {
        self.links.iter().filter_map(|(_, now)| match now {
            LinkNow::Decided(decision) => Some(&**decision).filter(|decision| carries_out(&self.row, decision)),
            LinkNow::Open | LinkNow::Gone | LinkNow::Nothing | LinkNow::Withdrawn => None,
        })
    }

    /// Whether somebody has to do something about it.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        match self.state {
            FilingState::Open => true,
            // What binds and was not done has to be answered.
            FilingState::Decided => self.row.filing.notice.kind.rule().asks == Asks::ToAct,
            FilingState::Done(_) | FilingState::Cannot(_) | FilingState::Told | FilingState::Withdrawn => false,
        }
    }

    /// What a person has to confirm: the machine is not sure of it.
    #[must_use]
    pub fn to_confirm(&self) -> Vec<Fault> {
        self.row.faults.iter().copied().filter(|fault| fault.inability().is_none()).collect()
    }

    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> NoticeKind {
        self.row.filing.notice.kind
    }
}
