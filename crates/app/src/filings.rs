//! What registered parties file, and what they are answered: a receipt at once, and later what became of every link.
//!
//! A filing is written down whatever is wrong with it, so that nothing that was acknowledged is lost. Each of its links that leads to something
//! that stands becomes a notice, as anybody's would; what the machine sees to be wrong is answered in the same transaction.

use std::collections::HashSet;

use domain::notice::{Asks, Gag};
use domain::{
    Act, Action, CaseId, CaseState, DecisionId, Fault, Filing, FilingId, Inability, MediaId, ModeratorId, NoticeKind, PartyId, PartyKind,
    PostId, Receipt, Time,
};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use store::filings::{Answer, Link, LinkState};
use store::{DecisionRow, FilingRow, PartyRow, Subject, Tx};

use crate::notices::Given;
use crate::{About, Error, Site};

/// Links that one filing may name.
pub const LINKS: usize = 10_000;
/// Filings of a list that are written down in one transaction.
const CHUNK: usize = 100;
/// How many such are under way at the same time: while one waits for the database, another one is made ready.
const AT_ONCE: usize = 4;
/// The longest link that is written down, in bytes.
const LINK_BYTES: usize = 2_000;

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
}

/// How one link of a filing stands.
#[derive(Debug)]
pub enum LinkNow {
    /// Nobody has decided.
    Open,
    /// This was decided.
    Decided(Box<DecisionRow>),
    /// It is gone: its poster deleted it, or its end came.
    Gone,
    /// Nothing of this site ever stood there.
    Nothing,
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
}

/// Why a filing cannot be answered so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerRefused {
    /// There is none.
    Nothing,
    /// Nothing is said, or too much.
    Words,
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
        let mut resolved = Vec::with_capacity(chunk.len());
        for (filing, links) in chunk {
            resolved.push((filing, self.resolve(party.party.kind, links).await?));
        }
        let mut tx = self.store.db.begin().await?;
        if !store::parties::may_file(&mut tx, &party.id).await? {
            return Ok(None);
        }
        let links = resolved.iter().flat_map(|(_, links)| links).filter(|link| link.state == LinkState::Taken);
        self.take_posts(&mut tx, links.filter_map(|link| link.post.as_ref())).await?;
        let mut filed = Vec::with_capacity(resolved.len());
        for (filing, links) in resolved {
            filed.push(self.file_one(&mut tx, party, by, filing, links).await?);
        }
        tx.commit().await?;
        Ok(Some(filed))
    }

    /// What stands at each link now.
    async fn resolve(&self, party: PartyKind, links: Vec<Named>) -> Result<Vec<Link>, Error> {
        let mut resolved = Vec::with_capacity(links.len());
        for Named { mut url, names } in links {
            url.truncate(url.floor_char_boundary(LINK_BYTES));
            let (state, decision) = match &names {
                None => (LinkState::Nothing, None),
                Some((post, medium)) => match self.about_for(party, post, medium.as_ref()).await? {
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
    async fn about_for(&self, party: PartyKind, post: &PostId, medium: Option<&MediaId>) -> Result<About, Error> {
        match party {
            PartyKind::Authority => self.truly_about(post, medium).await,
            PartyKind::TrustedFlagger | PartyKind::Partner => self.about(post, medium).await,
        }
    }

    async fn file_one(&self, tx: &mut Tx, party: &PartyRow, by: &Filer, filing: Filing, mut links: Vec<Link>) -> Result<Filed, Error> {
        let (id, receipt, now) = (self.chance.filing_id(), self.chance.receipt(), self.clock.now());
        let any_link = links.iter().any(|link| link.state != LinkState::Nothing);
        let faults = filing.faults(party.party.jurisdiction, self.home, any_link, now);
        let due = filing.due(&faults, now);
        let mut seen = HashSet::new();
        for link in &mut links {
            let Some(subject) = subject(link).filter(|_| link.state == LinkState::Taken) else { continue };
            if !seen.insert(subject.clone()) {
                continue;
            }
            let given =
                Given { filing: Some(&id), due, mail: false, language: party.party.languages.first().map(|language| language.as_str()) };
            if !self.give_one(tx, &subject, &filing.notice, &receipt, given).await? {
                // It was there a moment ago.
                link.state = LinkState::Gone;
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
        };
        store::filings::insert(tx, &row, &receipt).await?;
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

    /// At most `limit` filings of a party, or of everybody, that came before `before`, the newest first, each with how it stands.
    pub async fn filings(&self, party: Option<&PartyId>, before: Time, limit: i64) -> Result<Vec<FilingView>, Error> {
        let mut views = Vec::new();
        for row in store::filings::newest(&self.store.db, party, before, limit).await? {
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

    /// The case that a filing's notice of a subject opened or joined.
    pub async fn case_of(&self, filing: &FilingId, subject: &Subject) -> Result<Option<CaseId>, Error> {
        Ok(store::notices::case_of(&self.store.db, filing, subject).await?)
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

    async fn viewed(&self, row: FilingRow) -> Result<Option<FilingView>, Error> {
        let Some(party) = store::parties::find(&self.store.db, &row.party_id).await? else { return Ok(None) };
        let mut links = Vec::with_capacity(row.links.len());
        for link in &row.links {
            links.push((link.clone(), self.link_now(&row.id, link).await?));
        }
        let state = state(&row, &links);
        Ok(Some(FilingView { row, party, links, state }))
    }

    async fn link_now(&self, filing: &FilingId, link: &Link) -> Result<LinkNow, Error> {
        let db = &self.store.db;
        let Some(subject) = subject(link) else { return Ok(LinkNow::Nothing) };
        if link.state == LinkState::Gone {
            return Ok(LinkNow::Gone);
        }
        if let Some(decision) = self.standing_decision(&subject).await? {
            return Ok(LinkNow::Decided(Box::new(decision)));
        }
        // Nothing has been done to it: it was left, it is gone, or nobody has decided.
        let case = store::notices::case_of(db, filing, &subject).await?;
        let case = match case {
            Some(case) => store::cases::find(db, &case).await?,
            None => None,
        };
        Ok(match case {
            Some(case) if case.state == CaseState::Decided => {
                let decisions = store::decisions::of_case(db, &case.id).await?;
                match decisions.into_iter().rfind(|decision| decision.undone.is_none()) {
                    Some(decision) => LinkNow::Decided(Box::new(decision)),
                    None => LinkNow::Open,
                }
            }
            Some(case) if case.state == CaseState::Moot => LinkNow::Gone,
            Some(_) => LinkNow::Open,
            None => match self.truly_about(&subject.post_id, subject.media_id.as_ref()).await? {
                About::Gone | About::Nothing => LinkNow::Gone,
                About::Dark(_) | About::Subject(_) => LinkNow::Open,
            },
        })
    }

    /// The decision by which a subject is dark or covered now, on itself or on the whole post that it stands in.
    pub(crate) async fn standing_decision(&self, subject: &Subject) -> Result<Option<DecisionRow>, Error> {
        let whole = Subject { post_id: subject.post_id.clone(), media_id: None };
        match self.reached_by(subject).await? {
            Some(decision) => Ok(Some(decision)),
            None if subject.media_id.is_some() => self.reached_by(&whole).await,
            None => Ok(None),
        }
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
        if words.is_empty() || words.len() > domain::decision::WORDS_BYTES {
            return Ok(Err(AnswerRefused::Words));
        }
        let Some(row) = store::filings::find(&self.store.db, id).await? else { return Ok(Err(AnswerRefused::Nothing)) };
        let party = store::parties::find(&self.store.db, &row.party_id).await?;
        let answer = Answer { inability, words, by: by.map(ToString::to_string), at: self.clock.now() };
        let mut tx = self.store.db.begin().await?;
        store::filings::answer(&mut tx, id, &answer).await?;
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
        store::filings::set_silence(&mut tx, id, until).await?;
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

/// What a link names, where that is something that is or was here.
fn subject(link: &Link) -> Option<Subject> {
    Some(Subject { post_id: link.post.clone()?, media_id: link.media.clone() })
}

/// How a filing stands, by its answer and its links.
fn state(row: &FilingRow, links: &[(Link, LinkNow)]) -> FilingState {
    if let Some(answer) = &row.answer {
        // What the machine missed is no reason any more once it was done all the same.
        let removed = links.iter().any(|(_, now)| matches!(now, LinkNow::Decided(row) if row.decision.action == Action::Remove));
        if !(answer.is_the_machines() && removed) {
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
            LinkNow::Decided(decision) if decision.decision.action == Action::Remove => at = at.max(decision.created),
            LinkNow::Gone | LinkNow::Nothing => {}
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

    /// Whether somebody has to do something about it.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        match self.state {
            FilingState::Open => true,
            // What binds and was not done has to be answered.
            FilingState::Decided => self.row.filing.notice.kind.rule().asks == Asks::ToAct,
            FilingState::Done(_) | FilingState::Cannot(_) | FilingState::Told => false,
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
