//! Cases as whoever decides sees them: which comes next and why, what is known of one, and what else is like it.

use std::cmp::Ordering;
use std::collections::HashMap;

use domain::bank::Precision;
use domain::case::SURE;
use domain::{
    Act, BankId, BankKind, BankName, CaseId, CaseState, Facts, FileRole, MatchState, MediaId, MediaState, ModeratorId, OnMatch, PostId,
    Rank, Time,
};
use store::banks::BankRow;
use store::cases::{Tally, Wanted};
use store::claims::ClaimRow;
use store::notes::Told;
use store::notices::Snapshot;
use store::questions::QuestionRow;
use store::{AppealRow, CaseRow, DecisionRow, FilingRow, MatchRow, MemberRow, NoticeRow, PartyRow, Subject};

use crate::moderators::decides;
use crate::prepare::Work;
use crate::{Error, Found, PostView, Reached, Site, edit, matching};

/// Notices of a case that are shown.
const NOTICES: i64 = 50;
/// Members of a case that are shown, the least sure first.
const MEMBERS: i64 = 200;
/// Media of a post that is reported as a whole of which everything alike is looked for: who publishes a hundred is reported by one of them.
const MEDIA: usize = 8;
/// Notes about a case that are shown, the latest first.
const NOTES: i64 = 50;

/// Something that a bank knows and that a case's subject is like.
#[derive(Clone, Debug)]
pub struct FoundBy {
    /// How it was found.
    pub row: MatchRow,
    /// The bank.
    pub bank: Option<BankName>,
    /// How often that was right, as far as anybody looked.
    pub precision: Precision,
}

/// A case in its place.
#[derive(Clone, Debug)]
pub struct Queued {
    /// It.
    pub case: CaseRow,
    /// Why it comes when it does.
    pub rank: Rank,
    /// What of that which banks know it is most like, if nobody has decided on that; and how much is held for the same.
    pub found: Option<(FoundBy, i64)>,
    /// What that was reckoned from.
    pub facts: Facts,
    /// Who has it open.
    pub claim: Option<ClaimRow>,
}

/// All that is known of a case.
#[derive(Debug)]
pub struct CaseView {
    /// It.
    pub case: CaseRow,
    /// Why it comes when it does.
    pub rank: Rank,
    /// Its notices, the oldest first; not more than fifty.
    pub notices: Vec<NoticeRow>,
    /// How many there are.
    pub notice_count: u32,
    /// What registered parties filed of which these notices are parts, with whose they are.
    pub filings: Vec<(FilingRow, PartyRow)>,
    /// What banks know that it is like.
    pub matches: Vec<FoundBy>,
    /// What else is like it, the least sure first.
    pub members: Vec<MemberRow>,
    /// What each of these says, the beginning of it.
    pub words: HashMap<Subject, String>,
    /// What a decision would reach besides its subject.
    pub tally: Tally,
    /// How often the posts of its subject and of its members were opened.
    pub opened: HashMap<PostId, i64>,
    /// What its post said when notice was given.
    pub snapshots: Vec<Snapshot>,
    /// Its post, if it stands.
    pub post: Option<Box<PostView>>,
    /// Nobody sees its subject.
    pub held: bool,
    /// Until when an order forbids to tell anybody of what is decided on it and everything alike.
    pub silent: Option<Time>,
    /// When its poster took it away, if it is kept all the same.
    pub preserved: Option<Time>,
    /// What was decided, the oldest first.
    pub decisions: Vec<(DecisionRow, Vec<AppealRow>)>,
    /// What it was reckoned from.
    pub facts: Facts,
    /// Who has it open.
    pub claim: Option<ClaimRow>,
    /// What those who decide told each other about it, the latest first.
    pub notes: Vec<Told>,
    /// What whoever gave notice was asked.
    pub questions: Vec<QuestionRow>,
}

impl Site {
    /// At most `limit` open cases in the order of their rank, and how many are open.
    pub async fn queue(&self, limit: usize) -> Result<(Vec<Queued>, u64), Error> {
        self.queue_of(&Wanted::default(), limit).await
    }

    /// The same, only such as are wanted; how many are open is told of all.
    pub async fn queue_of(&self, wanted: &Wanted, limit: usize) -> Result<(Vec<Queued>, u64), Error> {
        let (db, now) = (&self.store.db, self.clock.now());
        let claims = store::claims::standing(db, now).await?;
        let mut front = Vec::new();
        for case in store::cases::front(db, wanted, i64::try_from(limit).unwrap_or(i64::MAX), now).await? {
            let clock = Rank::default().with_clock(case.due, now).clock;
            front.push((case.weight.saturating_add(clock), case));
        }
        front.sort_by(|(one, first), (other, second)| other.cmp(one).then(first.opened.cmp(&second.opened)));
        front.truncate(limit);
        let mut queue = Vec::with_capacity(front.len());
        let banks = self.names_of_banks().await?;
        for (_, case) in front {
            let rows = store::matches::of_subject(db, &case.subject).await?.into_iter().filter(|row| row.state == MatchState::Open);
            let found = match rows.max_by(|one, other| {
                (one.on_match, one.confidence).partial_cmp(&(other.on_match, other.confidence)).unwrap_or(Ordering::Equal)
            }) {
                Some(row) => {
                    let held = store::matches::holding_of_item(db, &row.item_id).await?;
                    Some((found_by(&banks, row), held))
                }
                None => None,
            };
            let (rank, facts) = self.rank(&case, now).await?;
            let claim = claims.iter().find(|claim| claim.case_id == case.id).cloned();
            queue.push(Queued { rank, facts, case, found, claim });
        }
        Ok((queue, store::cases::count_open(db).await?))
    }

    /// The banks' names, and how often each was right.
    async fn names_of_banks(&self) -> Result<HashMap<BankId, (BankName, Precision)>, Error> {
        let db = &self.store.db;
        let judged: HashMap<BankId, Precision> = store::judgements::of_banks(db).await?.into_iter().collect();
        let named = |bank: BankRow| {
            let precision = judged.get(&bank.id).copied().unwrap_or_default();
            (bank.id, (bank.name, precision))
        };
        Ok(store::banks::list(db).await?.into_iter().map(named).collect())
    }

    async fn rank(&self, case: &CaseRow, now: Time) -> Result<(Rank, Facts), Error> {
        let facts = store::cases::facts_now(&self.store.db, &case.id, &case.subject).await?;
        Ok((facts.rank().with_clock(case.due, now), facts))
    }

    /// Whether a case is about a post, or something of it, itself.
    pub async fn is_about(&self, id: &CaseId, post: &PostId) -> Result<bool, Error> {
        Ok(store::cases::find(&self.store.db, id).await?.is_none_or(|case| case.subject.post_id == *post))
    }

    /// Whether a case waits for a decision.
    pub async fn is_open(&self, id: &CaseId) -> Result<bool, Error> {
        Ok(store::cases::find(&self.store.db, id).await?.is_some_and(|case| case.state == CaseState::Open))
    }

    /// Whether the words that an open case is about are others by now than in this state of its post.
    pub async fn is_about_others(&self, id: &CaseId, version: i64) -> Result<bool, Error> {
        let case = store::cases::find(&self.store.db, id).await?;
        let Some(case) = case.filter(|case| case.state == CaseState::Open && case.subject.media_id.is_none()) else { return Ok(false) };
        let post = store::posts::find(&self.store.db, &case.subject.post_id).await?;
        Ok(post.is_some_and(|post| edit::version(&post) != version))
    }

    /// All that is known of a case.
    pub async fn case(&self, id: &CaseId) -> Result<Option<CaseView>, Error> {
        let db = &self.store.db;
        let Some(case) = store::cases::find(db, id).await? else { return Ok(None) };
        let (rank, facts) = self.rank(&case, self.clock.now()).await?;
        let banks = self.names_of_banks().await?;
        let matches = store::matches::of_subject(db, &case.subject).await?.into_iter().map(|row| found_by(&banks, row)).collect();
        let post = match self.read_unlocked(&case.subject.post_id).await? {
            Found::Post(view) => Some(view),
            _ => None,
        };
        let held = match post.as_deref() {
            Some(view) => is_held(db, view, case.subject.media_id.as_ref()).await?,
            None => false,
        };
        let mut opened: HashMap<PostId, i64> = store::opened::of_case(db, id).await?.into_iter().collect();
        opened.insert(case.subject.post_id.clone(), store::opened::times(db, &case.subject.post_id).await?);
        let mut decisions = Vec::new();
        for decision in store::decisions::of_case(db, id).await? {
            let appeals = store::appeals::of_decision(db, &decision.id).await?;
            decisions.push((decision, appeals));
        }
        Ok(Some(CaseView {
            notices: store::notices::of_case(db, id, NOTICES).await?,
            notice_count: facts.notices,
            filings: self.filings_of_case(id).await?,
            matches,
            members: store::cases::members(db, id, MEMBERS).await?,
            words: store::cases::members_words(db, id, MEMBERS).await?.into_iter().collect(),
            tally: store::cases::tally(db, id).await?,
            opened,
            silent: store::filings::silent_until_now(db, id, self.clock.now()).await?,
            preserved: store::preserved::of_subject(db, &case.subject).await?.first().map(|(_, at)| *at),
            snapshots: store::notices::snapshots(db, &case.subject.post_id).await?,
            claim: store::claims::of_case(db, id, self.clock.now()).await?,
            notes: store::notes::of_case(db, id, NOTES).await?,
            questions: store::questions::of_case(db, id).await?,
            facts,
            rank,
            post,
            held,
            decisions,
            case,
        }))
    }

    /// How much is known that is like the subject of a case.
    pub async fn count_alike(&self, id: &CaseId) -> Result<i64, Error> {
        Ok(store::cases::tally(&self.store.db, id).await?.members())
    }

    /// Says whether a decision on a case is for one of its members too.
    pub async fn take_member(&self, case: &CaseId, member: &Subject, taken: bool) -> Result<(), Error> {
        let mut tx = self.store.db.begin().await?;
        store::cases::take(&mut tx, case, member, taken).await?;
        Ok(tx.commit().await?)
    }

    /// Nobody sees a case's subject until it is decided; or everybody again. `false` if the case is not open.
    pub async fn hold_case(&self, by: Option<&ModeratorId>, id: &CaseId, hold: bool) -> Result<bool, Error> {
        let mut tx = self.store.db.begin().await?;
        if !decides(&mut tx, by).await? {
            return Ok(false);
        }
        // Before the post: see there.
        store::banks::hold_alone(&mut tx).await?;
        let Some(case) = store::cases::look(&mut tx, id).await? else { return Ok(false) };
        // A decision waits from here on; or it was made, and nothing is to be held any more.
        let stands = store::matches::stands(&mut tx, &case.subject).await?;
        if !stands || store::cases::look(&mut tx, id).await?.is_none_or(|case| case.state != CaseState::Open) {
            return Ok(false);
        }
        store::cases::set_held(&mut tx, id, hold).await?;
        if hold {
            store::matches::hold(&mut tx, &case.subject).await?;
        } else {
            if store::matches::decide(&mut tx, &case.subject, MatchState::Released).await? > 0 {
                self.judge_subject(&mut tx, &case.subject, false).await?;
            }
            store::matches::let_go(&mut tx, &case.subject).await?;
            self.let_go_of(&mut tx, &case.subject).await?;
            if case.lever.is_some() {
                // Nobody else said anything: then nothing is left to decide.
                store::holds::reduce(&mut tx, id, CaseState::Decided, self.clock.now()).await?;
            }
        }
        let act = if hold { Act::CaseHeld } else { Act::CaseReleased };
        self.note(&mut tx, by, act, id.as_str(), &serde_json::json!({})).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Looks for everything that is like the subject of a case, and writes down what it found.
    pub(crate) async fn find_alike(&self, id: &CaseId) -> Result<(), Error> {
        let Some(case) = store::cases::find(&self.store.db, id).await?.filter(|case| case.state == CaseState::Open) else { return Ok(()) };
        let Some(known) = self.known_of(&case.subject).await? else { return Ok(()) };
        // As if it were put into a bank of its own, of which nobody knows.
        let bank = BankRow {
            id: self.chance.bank_id(),
            name: BankName::parse("case").expect("it is plain"),
            kind: BankKind::Live,
            on_match: OnMatch::Hold,
            matched: 0,
            created: case.opened,
            distrusted: None,
        };
        let reached = self.find_like(&bank, known).await?;
        let mut members: Vec<MemberRow> =
            reached.into_iter().filter(|one| one.subject != case.subject).map(|one| member(one, SURE)).collect();
        if case.subject.media_id.is_none() {
            // What shows the same pictures belongs to the campaign as well, and goes if everything alike is to go. A decision on the post alone
            // leaves a shared picture to the others.
            let media = store::media::of_post(&self.store.db, &case.subject.post_id).await?;
            for medium in media.into_iter().filter(|medium| medium.still_of.is_none()).take(MEDIA) {
                let own = Subject { post_id: medium.post_id, media_id: Some(medium.id) };
                let Some(known) = self.known_of(&own).await? else { continue };
                for one in self.find_like(&bank, known).await? {
                    let is_new = !members.iter().any(|known| known.subject == one.subject);
                    if one.subject.post_id != case.subject.post_id && is_new {
                        members.push(member(one, SURE));
                    }
                }
            }
        }
        let mut tx = self.store.db.begin().await?;
        if store::cases::look(&mut tx, id).await?.is_none_or(|case| case.state != CaseState::Open) {
            return Ok(());
        }
        store::cases::set_members(&mut tx, id, &members).await?;
        self.weigh_case(&mut tx, id, &case.subject, None).await?;
        Ok(tx.commit().await?)
    }

    /// What a subject that stands is known by, with views of it where it is a medium; `None` if it does not stand, or cannot be looked at.
    pub(crate) async fn known_of(&self, subject: &Subject) -> Result<Option<media::Known>, Error> {
        let db = &self.store.db;
        let Some(medium) = &subject.media_id else {
            let Found::Post(view) = self.read_unlocked(&subject.post_id).await? else { return Ok(None) };
            let said = view.media.iter().flat_map(|own| [own.row.caption.as_deref(), own.row.alt.as_deref()]);
            let fingerprints = matching::words::learnt(view.post.title.as_deref(), &view.post.text, said).await?;
            return Ok(Some(media::Known { fingerprints, views: Vec::new() }));
        };
        let files = store::files::of_post(db, &subject.post_id).await?;
        let Some(original) = files.into_iter().find(|file| file.media_id == *medium && file.role == FileRole::Original) else {
            return Ok(None);
        };
        let kept = store::fingerprints::of(db, subject).await?;
        let work = Work::new(self);
        tokio::fs::create_dir_all(work.path().join("in")).await?;
        self.store.blobs.fetch_all_to(&[original.object_key], &work.path().join("in").join("input")).await?;
        Ok(match media::look(&self.sandbox, &self.limits, work.path()).await? {
            // What was kept knows the file as it arrived too.
            media::Look::Known(_, known) => Some(media::Known { fingerprints: kept, ..known }),
            media::Look::Refused { .. } => Some(media::Known { fingerprints: kept, views: Vec::new() }),
        })
    }
}

/// Something that is like a case's subject, which is decided with it from this confidence on.
fn member(one: Reached, sure: f64) -> MemberRow {
    let (reading, confidence) = (one.likeness.reading.to_owned(), one.likeness.confidence);
    MemberRow { subject: one.subject, reading, confidence, taken: confidence >= sure }
}

fn found_by(banks: &HashMap<BankId, (BankName, Precision)>, row: MatchRow) -> FoundBy {
    let bank = banks.get(&row.bank_id);
    FoundBy { bank: bank.map(|(name, _)| name.clone()), precision: bank.map(|(_, precision)| *precision).unwrap_or_default(), row }
}

/// Whether a subject is held by itself: a medium also waits with its post.
async fn is_held(db: &store::Db, view: &PostView, medium: Option<&MediaId>) -> Result<bool, Error> {
    match medium {
        None => Ok(view.post.held || view.post.waits.is_some()),
        Some(id) => Ok(store::media::find(db, id).await?.is_some_and(|row| row.state == MediaState::Waiting)),
    }
}

impl CaseView {
    /// Whether the post was edited since the first notice: what it is about may have become another thing.
    #[must_use]
    pub fn was_edited(&self) -> bool {
        let now = self.post.as_ref().map(|view| edit::version(&view.post));
        self.notices.iter().any(|notice| now.is_some_and(|now| now != notice.version))
    }
}
