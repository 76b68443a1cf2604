//! The desk: which case comes next, who has it open, what those who decide tell each other about it, and how often they were wrong.
//!
//! What comes next is what ranks first of what nobody else has open; what is due within a day before everything, then what was given to who asks. A
//! heavy case is followed by a lighter one, where no clock forbids it.

use domain::bank::Precision;
use domain::time::{DAY_MS, MINUTE_MS};
use domain::{Act, CaseId, CaseState, Category, Ground, ModeratorId, PostId, Rank};
use store::cases::Seeker;
use store::claims::ClaimRow;
use store::decisions::Overturned;
use store::{CaseRow, NoteRow, PartyRow};

use crate::moderators::decides;
use crate::{Error, Job, Site};

/// Cases of each kind that are looked at to find the next one: somebody else may be about to take the first.
const FRONT: i64 = 20;
/// For a case that waited longer than this, everything alike is looked for again when somebody has it before them.
const AGAIN_MS: i64 = 10 * MINUTE_MS;
/// The longest note, in letters.
pub const NOTE_LETTERS: usize = 4_000;
/// Decisions of which grounds are told again.
const GROUNDS: i64 = 60;
/// What is found of each kind.
const FOUND: i64 = 6;
/// Parties that are found.
const PARTIES: usize = 6;

/// Whether somebody has a case open now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// They have.
    Theirs,
    /// Somebody else has.
    Another(ClaimRow),
    /// It is decided, or came to nothing.
    Closed,
    /// There is no such case, or they were shut out.
    Nothing,
}

/// What came of noting something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noted {
    /// It stands there.
    Done,
    /// Nothing is said, or too much.
    Words,
    /// Whoever it was to be given to decides on nothing.
    Nobody,
    /// The case is not open any more.
    Closed,
    /// There is no such case, or who writes was shut out.
    Nothing,
}

/// Something that was looked for.
#[derive(Debug)]
pub enum Sought {
    /// A case.
    Case(Box<CaseRow>),
    /// A post that stands.
    Post(PostId),
    /// A party.
    Party(Box<PartyRow>),
}

impl Site {
    /// Brings somebody the next case, which they have open from then on; `None`: there is none for them. `after`: they leave that one as it is.
    pub async fn next_case(&self, by: &ModeratorId, after: Option<&CaseId>) -> Result<Option<CaseId>, Error> {
        let now = self.clock.now();
        let is_used_up = self.desk(by).await?.is_used_up();
        let mut tx = self.store.db.begin_light().await?;
        if !decides(&mut tx, Some(by)).await? {
            return Ok(None);
        }
        if let Some(after) = after
            && store::cases::look(&mut tx, after).await?.is_some_and(|case| case.state == CaseState::Open)
        {
            store::claims::drop(&mut tx, after, by).await?;
            store::claims::pass_over(&mut tx, after, by, now).await?;
        }
        let was_grim = store::decisions::last_category(&mut tx, by, now.plus_ms(-DAY_MS)).await?.is_some_and(Category::is_grim);
        let urgent = now.plus_ms(DAY_MS);
        let is_urgent = |case: &CaseRow| case.due.is_some_and(|due| due < urgent);
        for round in 0..2 {
            if round == 1 {
                // Nothing else is left: what they passed over comes again, but not at once what they have just left.
                store::claims::come_again(&mut tx, by).await?;
                if let Some(after) = after {
                    store::claims::pass_over(&mut tx, after, by, now).await?;
                }
            }
            let mut cases = store::cases::next(&mut tx, Seeker { who: by, urgent, light: false }, FRONT, now).await?;
            if (was_grim || is_used_up) && !cases.iter().any(is_urgent) {
                let lighter = store::cases::next(&mut tx, Seeker { who: by, urgent, light: true }, FRONT, now).await?;
                if !lighter.is_empty() {
                    cases = lighter;
                }
            }
            let place = |case: &CaseRow| {
                let rank = case.weight.saturating_add(Rank::default().with_clock(case.due, now).clock);
                (!is_urgent(case), case.assigned.as_ref() != Some(by), u32::MAX - rank, case.opened)
            };
            cases.sort_by_key(place);
            for case in &cases {
                if store::claims::take(&mut tx, &case.id, by, now).await? {
                    if case.opened <= now.plus_ms(-AGAIN_MS) {
                        self.enqueue(&mut tx, &Job::FindAlike { case_id: case.id.clone() }).await?;
                    }
                    tx.commit().await?;
                    return Ok(Some(case.id.clone()));
                }
            }
        }
        // They have passed over the only one that there is.
        if let Some(after) = after {
            store::claims::come_again(&mut tx, by).await?;
            if store::claims::take(&mut tx, after, by, now).await? {
                tx.commit().await?;
                return Ok(Some(after.clone()));
            }
        }
        Ok(None)
    }

    /// Somebody has a case open, or goes on having it. `anyway`: they take it from whoever has it.
    pub async fn claim_case(&self, by: &ModeratorId, id: &CaseId, anyway: bool) -> Result<Claimed, Error> {
        let now = self.clock.now();
        let mut tx = self.store.db.begin_light().await?;
        if !decides(&mut tx, Some(by)).await? {
            return Ok(Claimed::Nothing);
        }
        let Some(case) = store::cases::look(&mut tx, id).await? else { return Ok(Claimed::Nothing) };
        if case.state != CaseState::Open {
            return Ok(Claimed::Closed);
        }
        if let Some(other) = store::claims::look(&mut tx, id, now).await?.filter(|claim| claim.moderator_id != *by) {
            if !anyway {
                return Ok(Claimed::Another(other));
            }
            store::claims::clear(&mut tx, id).await?;
            self.note(&mut tx, Some(by), Act::CaseTaken, id.as_str(), &serde_json::json!({ "from": other.moderator_id })).await?;
        }
        if !store::claims::take(&mut tx, id, by, now).await? {
            return Ok(Claimed::Closed);
        }
        tx.commit().await?;
        Ok(Claimed::Theirs)
    }

    /// Somebody leaves a case as it is: others may have it.
    pub async fn leave_case(&self, by: &ModeratorId, id: &CaseId) -> Result<(), Error> {
        let mut tx = self.store.db.begin_light().await?;
        store::claims::drop(&mut tx, id, by).await?;
        Ok(tx.commit().await?)
    }

    /// Writes a note about a case. `to`: it is handed over with it, to somebody or, if that is `None`, to anybody else.
    pub async fn note_case(&self, by: &ModeratorId, id: &CaseId, words: &str, to: Option<Option<&ModeratorId>>) -> Result<Noted, Error> {
        let now = self.clock.now();
        let words = domain::text::clean_text(words).trim().to_owned();
        if words.is_empty() || words.chars().count() > NOTE_LETTERS {
            return Ok(Noted::Words);
        }
        let mut tx = self.store.db.begin().await?;
        if !decides(&mut tx, Some(by)).await? {
            return Ok(Noted::Nothing);
        }
        if let Some(Some(to)) = to
            && !decides(&mut tx, Some(to)).await?
        {
            return Ok(Noted::Nobody);
        }
        if store::cases::look(&mut tx, id).await?.is_none() {
            return Ok(Noted::Nothing);
        }
        if let Some(to) = to {
            if !store::claims::assign(&mut tx, id, to).await? {
                return Ok(Noted::Closed);
            }
            store::claims::drop(&mut tx, id, by).await?;
            store::claims::pass_over(&mut tx, id, by, now).await?;
            self.note(&mut tx, Some(by), Act::CaseAssigned, id.as_str(), &serde_json::json!({ "to": to })).await?;
        } else {
            self.note(&mut tx, Some(by), Act::CaseNoted, id.as_str(), &serde_json::json!({})).await?;
        }
        let row = NoteRow {
            id: self.chance.note_id(),
            case_id: id.clone(),
            by: by.clone(),
            given_to: to.flatten().cloned(),
            words,
            created: now,
        };
        store::notes::insert(&mut tx, &row).await?;
        tx.commit().await?;
        Ok(Noted::Done)
    }

    /// At most `limit` cases about a post or something in it, those that are open first.
    pub async fn cases_of_post(&self, post: &PostId, limit: i64) -> Result<Vec<CaseRow>, Error> {
        Ok(store::cases::of_post(&self.store.db, post, limit).await?)
    }

    /// The grounds on which somebody decided last, each once; at most `limit`.
    pub async fn last_grounds(&self, by: &ModeratorId, limit: usize) -> Result<Vec<(Ground, String)>, Error> {
        let mut grounds: Vec<(Ground, String)> = Vec::new();
        for ground in store::decisions::last_grounds(&self.store.db, by, GROUNDS).await? {
            if grounds.len() < limit && !grounds.contains(&ground) {
                grounds.push(ground);
            }
        }
        Ok(grounds)
    }

    /// What somebody means by these words: a case by its id or by what was said of it, a post by its link, a party by its name.
    pub async fn find(&self, words: &str) -> Result<Vec<Sought>, Error> {
        let (db, words) = (&self.store.db, words.trim());
        let mut found = Vec::new();
        let mut cases: Vec<CaseRow> = Vec::new();
        // The last part of a link, or an id by itself.
        let last = words.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let last = last.split(['?', '#', '.']).next().unwrap_or_default();
        if let Some(id) = CaseId::parse(last) {
            cases.extend(store::cases::find(db, &id).await?);
        }
        // The first part of a link's path may be the post's.
        let path = words.split_once("://").map_or(words, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
        let first = path.trim_start_matches('/').split(['/', '?', '#', '.']).next().unwrap_or_default();
        if let Some(post) = PostId::parse(first) {
            cases.extend(store::cases::of_post(db, &post, FOUND).await?);
            if store::posts::find(db, &post).await?.is_some() {
                found.push(Sought::Post(post));
            }
        }
        if words.chars().count() >= 2 {
            if cases.is_empty() && found.is_empty() {
                cases.extend(store::cases::by_words(db, words, FOUND).await?);
            }
            let key = words.to_lowercase();
            let parties = store::parties::list(db).await?.into_iter();
            let named = parties.filter(|row| row.party.name.as_str().to_lowercase().contains(&key)).take(PARTIES);
            found.extend(named.map(|row| Sought::Party(Box::new(row))));
        }
        let mut all: Vec<Sought> = cases.into_iter().map(|case| Sought::Case(Box::new(case))).collect();
        all.append(&mut found);
        Ok(all)
    }

    /// How often whose decisions did not stand, and how often what banks found was right.
    pub async fn overturned(&self) -> Result<(Vec<Overturned>, Precision), Error> {
        let db = &self.store.db;
        let mut all = Precision::default();
        for (_, one) in store::judgements::of_banks(db).await? {
            all.right = all.right.saturating_add(one.right);
            all.wrong = all.wrong.saturating_add(one.wrong);
        }
        Ok((store::decisions::overturned(db).await?, all))
    }
}
