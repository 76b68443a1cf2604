//! What matches hold, and the cases that it is in.
//!
//! Whatever is held for the same thing is in one case: a case takes in what is held for the items that are its own (`case_items`), for as
//! long as it is open. So ten thousand copies of one thing are one case with ten thousand members. If its subject goes, another one of
//! what is held takes that place, unless somebody gave notice of the subject itself.

use domain::{BankId, CaseId, CaseState, DecisionId, ItemId, MediaId, PostId, Time};

use crate::db::{read, write};
use crate::{Db, MemberRow, Result, Subject, Tx, cases, corrupt, jobs, matches};

/// What holds a subject, and nobody has decided on.
#[derive(Clone, Debug, PartialEq)]
pub struct Holding {
    /// What a bank knows.
    pub item: ItemId,
    /// By which reading it was found.
    pub reading: String,
    /// How sure that is.
    pub confidence: f64,
}

const HOLDING: &str = "SELECT item_id, reading, confidence FROM matches WHERE post_id = $1 AND media_id = $2 AND on_match = 'hold' AND state = 'open' \
     ORDER BY confidence DESC, item_id LIMIT $3";
// Of two that begin a case for one item at once the later one waits, and finds the case of the earlier one.
const CLAIM: &str = "INSERT INTO case_items (item_id, case_id) VALUES ($1, $2) ON CONFLICT (item_id) DO UPDATE SET case_id = excluded.case_id \
     WHERE EXISTS (SELECT 1 FROM cases c WHERE c.id = case_items.case_id AND c.state <> 'open')";
const CLAIMED: &str = "SELECT case_id FROM case_items WHERE item_id = $1";
const PASS_CLAIM: &str = "UPDATE case_items SET case_id = $2 WHERE item_id = $1";
const DROP_CLAIM: &str = "DELETE FROM case_items WHERE item_id = $1";
const CLAIMS_OF_BANK: &str = "SELECT c.item_id FROM case_items c JOIN items i ON i.id = c.item_id WHERE i.bank_id = $1 ORDER BY c.item_id";
const JOIN: &str = "INSERT INTO members (case_id, post_id, media_id, reading, confidence, taken) VALUES ($1, $2, $3, $4, $5, $6) \
     ON CONFLICT (case_id, post_id, media_id) DO NOTHING";
const STAYS_OPEN: &str = "UPDATE cases SET state = state WHERE id = $1 AND state = 'open'";
const COUNT_MEMBERS: &str = "SELECT count(*) FROM (SELECT 1 FROM members WHERE case_id = $1 LIMIT $2) AS some_of_them";
const LEAVE: &str = "DELETE FROM members WHERE case_id = $1 AND post_id = $2 AND media_id = $3";
// Out of cases that take in what is held; where it is only alike it stays.
const LEAVE_HELD: &str = "DELETE FROM members WHERE post_id = $1 AND media_id = $2 AND case_id IN \
     (SELECT c.id FROM cases c JOIN case_items i ON i.case_id = c.id WHERE c.state = 'open')";
const LEAVE_POST: &str = "DELETE FROM members WHERE post_id = $1";
const LEAVE_MEDIUM: &str = "DELETE FROM members WHERE post_id = $1 AND media_id = $2";
const OPEN_OF_POST: &str = "SELECT id FROM cases WHERE post_id = $1 AND state = 'open' ORDER BY id";
const OPEN_OF_MEDIUM: &str = "SELECT id FROM cases WHERE post_id = $1 AND media_id = $2 AND state = 'open' ORDER BY id";
const FACTS: &str = "SELECT post_id, media_id, held, (SELECT count(*) FROM notices n WHERE n.case_id = cases.id AND n.withdrawn = 0) FROM cases WHERE id = $1 AND state = 'open'";
// In the order of the primary key, so that the first one ends the search.
const NEXT: &str = "SELECT m.post_id, m.media_id FROM members m WHERE m.case_id = $1 AND EXISTS (SELECT 1 FROM matches x \
     WHERE x.post_id = m.post_id AND x.media_id = m.media_id AND x.on_match = 'hold' AND x.state = 'open') \
     AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.post_id = m.post_id AND c.media_id = m.media_id AND c.state = 'open') \
     ORDER BY m.post_id, m.media_id LIMIT 1";
// Nobody holds this one by hand, nor does it wait.
const PASS_ON: &str = "UPDATE cases SET post_id = $2, media_id = $3, held = 0, lever = NULL WHERE id = $1";
const HAS_HELD: &str = "SELECT count(*) FROM (SELECT 1 FROM members m JOIN matches x ON x.post_id = m.post_id AND x.media_id = m.media_id \
     WHERE m.case_id = $1 AND x.on_match = 'hold' AND x.state = 'open' LIMIT 1) AS one_of_them";
const DROP_LET_GO: &str = "DELETE FROM members WHERE case_id = $1 AND NOT EXISTS (SELECT 1 FROM matches x \
     WHERE x.post_id = members.post_id AND x.media_id = members.media_id AND x.on_match = 'hold' AND x.state = 'open')";
// What stays for good by somebody's word, and nothing else holds, waits for nobody.
macro_rules! homeless {
    ($which:literal) => {
        concat!(
            "SELECT held.post_id, held.media_id FROM (SELECT m.post_id AS post_id, m.id AS media_id FROM media m JOIN posts p ON p.id = m.post_id \
             WHERE m.state = 'waiting' AND p.removed IS NULL UNION ALL SELECT id, '' FROM posts WHERE held = 1 AND removed IS NULL) AS held WHERE ",
            $which,
            " AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.post_id = held.post_id AND c.media_id = held.media_id AND c.state = 'open') \
             AND NOT EXISTS (SELECT 1 FROM members m JOIN cases c ON c.id = m.case_id WHERE m.post_id = held.post_id AND m.media_id = held.media_id AND c.state = 'open') \
             AND (EXISTS (SELECT 1 FROM matches x WHERE x.post_id = held.post_id AND x.media_id = held.media_id AND x.on_match = 'hold' AND x.state = 'open') \
             OR NOT EXISTS (SELECT 1 FROM matches x WHERE x.post_id = held.post_id AND x.media_id = held.media_id AND x.on_match = 'hold' AND x.state = 'kept')) \
             ORDER BY held.post_id, held.media_id LIMIT $3"
        )
    };
}
const HOMELESS: &str = homeless!("(held.post_id, held.media_id) > ($1, $2)");
const IS_HOMELESS: &str = homeless!("held.post_id = $1 AND held.media_id = $2");

const RELEASE_OWN: &str =
    "UPDATE matches SET state = 'released', decision_id = $3 WHERE post_id = $1 AND media_id = $2 AND state <> 'released'";
const RELEASE_MEMBERS: &str = "UPDATE matches SET state = 'released', decision_id = $2 WHERE state = 'open' AND post_id IN \
     (SELECT post_id FROM members WHERE case_id = $1 AND taken = 1) AND EXISTS (SELECT 1 FROM members m \
     WHERE m.case_id = $1 AND m.taken = 1 AND m.post_id = matches.post_id AND m.media_id = matches.media_id)";
const TOUCH_SETTLED: &str =
    "UPDATE posts SET revision = revision + 1 WHERE id IN (SELECT post_id FROM matches WHERE decision_id = $1 AND on_match = 'hold')";
const FREE_MEDIA: &str = "UPDATE media SET state = 'ready' WHERE state = 'waiting' AND id IN \
     (SELECT media_id FROM matches WHERE decision_id = $1 AND on_match = 'hold' AND media_id <> '') \
     AND NOT EXISTS (SELECT 1 FROM matches x WHERE x.post_id = media.post_id AND x.media_id = media.id AND x.on_match = 'hold' AND x.state <> 'released') \
     AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.post_id = media.post_id AND c.media_id = media.id AND c.state = 'open' AND c.held = 1)";
const FREE_POSTS: &str = "UPDATE posts SET held = 0 WHERE held = 1 AND id IN \
     (SELECT post_id FROM matches WHERE decision_id = $1 AND on_match = 'hold' AND media_id = '') \
     AND NOT EXISTS (SELECT 1 FROM matches x WHERE x.post_id = posts.id AND x.media_id = '' AND x.on_match = 'hold' AND x.state <> 'released') \
     AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.post_id = posts.id AND c.media_id = '' AND c.state = 'open' AND c.held = 1)";

// Undone, it is held again for what held it before, if a bank knows that still.
const HOLD_MEDIA_AGAIN: &str = "UPDATE media SET state = 'waiting' WHERE state = 'ready' AND id IN (SELECT x.media_id FROM matches x JOIN items i ON i.id = x.item_id \
     WHERE x.decision_id = $1 AND x.on_match = 'hold' AND x.state = 'released' AND x.media_id <> '')";
const HOLD_POSTS_AGAIN: &str = "UPDATE posts SET held = 1 WHERE id IN (SELECT x.post_id FROM matches x JOIN items i ON i.id = x.item_id \
     WHERE x.decision_id = $1 AND x.on_match = 'hold' AND x.state = 'released' AND x.media_id = '')";
// What another decision has made dark meanwhile comes back as held.
const HOLD_DARK_AGAIN: &str = "UPDATE restrictions SET before = 'waiting' WHERE before = 'ready' AND state IN ('dark', 'quarantined') AND decision_id <> $1 AND media_id IN \
     (SELECT x.media_id FROM matches x JOIN items i ON i.id = x.item_id WHERE x.decision_id = $1 AND x.on_match = 'hold' AND x.state = 'released' AND x.media_id <> '')";
const FORGOTTEN: &str = "SELECT DISTINCT post_id, media_id FROM matches WHERE decision_id = $1 AND on_match = 'hold' \
     AND NOT EXISTS (SELECT 1 FROM items i WHERE i.id = matches.item_id) ORDER BY post_id, media_id";
const DROP_FORGOTTEN: &str =
    "DELETE FROM matches WHERE decision_id = $1 AND NOT EXISTS (SELECT 1 FROM items i WHERE i.id = matches.item_id)";
// What somebody let go and was removed all the same was let go before.
const UNSETTLE: &str = "UPDATE matches SET decision_id = NULL, state = CASE WHEN state = 'kept' AND on_match = 'hold' AND \
     (EXISTS (SELECT 1 FROM restrictions r WHERE r.decision_id = $1 AND r.post_id = matches.post_id AND r.media_id = matches.media_id AND r.before = 'ready') \
     OR (media_id = '' AND EXISTS (SELECT 1 FROM posts p WHERE p.id = matches.post_id AND p.held = 0))) THEN 'released' ELSE 'open' END WHERE decision_id = $1";
const COMES_BACK_READY: &str = "UPDATE restrictions SET before = 'ready' WHERE decision_id = $1 AND media_id = $2 AND before = 'waiting'";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[
    HOLDING,
    CLAIM,
    CLAIMED,
    PASS_CLAIM,
    DROP_CLAIM,
    CLAIMS_OF_BANK,
    JOIN,
    STAYS_OPEN,
    COUNT_MEMBERS,
    LEAVE,
    LEAVE_HELD,
    LEAVE_POST,
    LEAVE_MEDIUM,
    OPEN_OF_POST,
    OPEN_OF_MEDIUM,
    FACTS,
    NEXT,
    PASS_ON,
    HAS_HELD,
    DROP_LET_GO,
    HOMELESS,
    IS_HOMELESS,
    RELEASE_OWN,
    RELEASE_MEMBERS,
    TOUCH_SETTLED,
    FREE_MEDIA,
    FREE_POSTS,
    HOLD_MEDIA_AGAIN,
    HOLD_POSTS_AGAIN,
    HOLD_DARK_AGAIN,
    FORGOTTEN,
    DROP_FORGOTTEN,
    UNSETTLE,
    COMES_BACK_READY,
];

/// What holds a subject and nobody has decided on, the surest first; at most `limit` of it.
pub async fn holding(tx: &mut Tx, subject: &Subject, limit: i64) -> Result<Vec<Holding>> {
    let rows: Vec<(String, String, f64)> = write!(tx, conn => sqlx::query_as(HOLDING)
        .bind(subject.post_id.as_str()).bind(subject.medium()).bind(limit).fetch_all(conn).await)?;
    rows.into_iter().map(|(item, reading, confidence)| Ok(Holding { item: item_id(&item)?, reading, confidence })).collect()
}

/// Makes what is held for an item a matter of this case, if it is not one of another case that is open: then gives that.
pub async fn claim(tx: &mut Tx, item: &ItemId, case: &CaseId) -> Result<Option<CaseId>> {
    let rows = write!(tx, conn => sqlx::query(CLAIM).bind(item.as_str()).bind(case.as_str()).execute(conn).await.map(|done| done.rows_affected()))?;
    if rows == 1 {
        return Ok(None);
    }
    let id: String = write!(tx, conn => sqlx::query_scalar(CLAIMED).bind(item.as_str()).fetch_one(conn).await)?;
    Ok(Some(case_id(&id)?))
}

/// Hands what is held for an item on to another case. The caller has just made it a matter of its own.
pub async fn pass_claim(tx: &mut Tx, item: &ItemId, case: &CaseId) -> Result<()> {
    write!(tx, conn => sqlx::query(PASS_CLAIM).bind(item.as_str()).bind(case.as_str()).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Makes something a member of a case, which stays open until this change is made or dropped; `false`, and it is none, if the case was closed.
pub async fn join(tx: &mut Tx, case: &CaseId, member: &MemberRow) -> Result<bool> {
    let (post, medium) = (member.subject.post_id.as_str(), member.subject.medium());
    write!(tx, conn => sqlx::query(JOIN).bind(case.as_str()).bind(post).bind(medium).bind(&member.reading).bind(member.confidence)
        .bind(i64::from(member.taken)).execute(conn).await.map(|_| ()))?;
    let open = write!(tx, conn => sqlx::query(STAYS_OPEN).bind(case.as_str()).execute(conn).await.map(|done| done.rows_affected()))?;
    if open == 0 {
        write!(tx, conn => sqlx::query(LEAVE).bind(case.as_str()).bind(post).bind(medium).execute(conn).await.map(|_| ()))?;
    }
    Ok(open == 1)
}

/// How many members a case has, as far as `most`.
pub async fn count_members(tx: &mut Tx, case: &CaseId, most: i64) -> Result<i64> {
    Ok(write!(tx, conn => sqlx::query_scalar(COUNT_MEMBERS).bind(case.as_str()).bind(most).fetch_one(conn).await)?)
}

/// Nothing holds a subject any more that somebody has to decide on: it leaves the cases that take in what is held. A case of its own goes to
/// another one, or is closed so.
pub async fn leave(tx: &mut Tx, subject: &Subject, closed: CaseState, now: Time) -> Result<()> {
    write!(tx, conn => sqlx::query(LEAVE_HELD).bind(subject.post_id.as_str()).bind(subject.medium()).execute(conn).await.map(|_| ()))?;
    for case in open_of(tx, &subject.post_id, Some(subject.medium())).await? {
        reduce(tx, &case, closed, now).await?;
    }
    Ok(())
}

/// A case about which there is nothing to decide goes to another one of what is held for the same, or is closed so. One of which somebody gave
/// notice, or that somebody holds, stays.
pub async fn reduce(tx: &mut Tx, case: &CaseId, closed: CaseState, now: Time) -> Result<()> {
    let Some((subject, by_hand, notices)) = facts(tx, case).await? else { return Ok(()) };
    if notices > 0 || by_hand || !holding(tx, &subject, 1).await?.is_empty() {
        return Ok(());
    }
    pass_on(tx, case, closed, now).await
}

/// The subjects of these cases are gone: a post with all its media, or one medium. Its matches are forgotten already.
pub(crate) async fn gone(tx: &mut Tx, post: &PostId, medium: Option<&MediaId>, now: Time) -> Result<()> {
    match medium {
        None => write!(tx, conn => sqlx::query(LEAVE_POST).bind(post.as_str()).execute(conn).await.map(|_| ()))?,
        Some(medium) => {
            write!(tx, conn => sqlx::query(LEAVE_MEDIUM).bind(post.as_str()).bind(medium.as_str()).execute(conn).await.map(|_| ()))?;
        }
    }
    for case in open_of(tx, post, medium.map(MediaId::as_str)).await? {
        if facts(tx, &case).await?.is_some_and(|(_, _, notices)| notices == 0) {
            pass_on(tx, &case, CaseState::Moot, now).await?;
            continue;
        }
        // Who has ordered something is answered by somebody, as long as anything of it is kept.
        if crate::preserved::lasts(tx, &case).await?
            && let Some((subject, _, _)) = facts(tx, &case).await?
            && !crate::preserved::look(tx, &subject).await?.is_empty()
        {
            continue;
        }
        // Whoever gave notice is told that it is gone; what else is held for the same gets a case of its own.
        cases::close(tx, &case, CaseState::Moot, now).await?;
        if has_held(tx, &case).await? {
            jobs::open_cases(tx, now).await?;
        }
    }
    Ok(())
}

/// A bank does not know this any more, and what it held was let go: the case shrinks to what is held still.
pub(crate) async fn forget_item(tx: &mut Tx, item: &ItemId, now: Time) -> Result<()> {
    let case: Option<String> = write!(tx, conn => sqlx::query_scalar(CLAIMED).bind(item.as_str()).fetch_optional(conn).await)?;
    let Some(case) = case.as_deref().map(case_id).transpose()? else { return Ok(()) };
    write!(tx, conn => sqlx::query(DROP_CLAIM).bind(item.as_str()).execute(conn).await.map(|_| ()))?;
    if facts(tx, &case).await?.is_some_and(|(_, by_hand, notices)| notices == 0 && !by_hand) {
        write!(tx, conn => sqlx::query(DROP_LET_GO).bind(case.as_str()).execute(conn).await.map(|_| ()))?;
        reduce(tx, &case, CaseState::Moot, now).await?;
    }
    Ok(())
}

/// The items of a bank that cases are about.
pub(crate) async fn claims_of(tx: &mut Tx, bank: &BankId) -> Result<Vec<ItemId>> {
    let rows: Vec<String> = write!(tx, conn => sqlx::query_scalar(CLAIMS_OF_BANK).bind(bank.as_str()).fetch_all(conn).await)?;
    rows.iter().map(|id| item_id(id)).collect()
}

/// Whether anything that matches hold, and nobody has decided on, is a member of this case.
pub async fn has_held(tx: &mut Tx, case: &CaseId) -> Result<bool> {
    let count: i64 = write!(tx, conn => sqlx::query_scalar(HAS_HELD).bind(case.as_str()).fetch_one(conn).await)?;
    Ok(count > 0)
}

/// At most `limit` of what is held and is in no open case, after `after`.
pub async fn homeless(db: &Db, after: Option<&Subject>, limit: i64) -> Result<Vec<Subject>> {
    let (post, medium) = after.map_or(("", ""), |subject| (subject.post_id.as_str(), subject.medium()));
    let rows: Vec<(String, String)> =
        read!(db, conn => sqlx::query_as(HOMELESS).bind(post).bind(medium).bind(limit).fetch_all(conn).await)?;
    rows.iter().map(|(post, medium)| Subject::parse("media", post, medium)).collect()
}

/// Whether anything is held and in no open case, as it stands in this change.
pub async fn any_homeless(tx: &mut Tx) -> Result<bool> {
    let rows: Vec<(String, String)> = write!(tx, conn => sqlx::query_as(HOMELESS).bind("").bind("").bind(1_i64).fetch_all(conn).await)?;
    Ok(!rows.is_empty())
}

/// Whether a subject is held and in no open case, as it stands in this change.
pub async fn is_homeless(tx: &mut Tx, subject: &Subject) -> Result<bool> {
    let rows: Vec<(String, String)> = write!(tx, conn => sqlx::query_as(IS_HOMELESS)
        .bind(subject.post_id.as_str()).bind(subject.medium()).bind(1_i64).fetch_all(conn).await)?;
    Ok(!rows.is_empty())
}

/// Lets pass all that a decision was made on which takes nothing away, and lets go of it: a case's subject, and with `alike` what is taken of its
/// members. What somebody holds by hand, or said that it stays, does so.
pub async fn let_pass(tx: &mut Tx, id: &DecisionId, case: &CaseId, subject: &Subject, alike: bool) -> Result<()> {
    let id = id.as_str();
    write!(tx, conn => sqlx::query(RELEASE_OWN)
        .bind(subject.post_id.as_str()).bind(subject.medium()).bind(id).execute(conn).await.map(|_| ()))?;
    if alike {
        write!(tx, conn => sqlx::query(RELEASE_MEMBERS).bind(case.as_str()).bind(id).execute(conn).await.map(|_| ()))?;
    }
    for sql in [TOUCH_SETTLED, FREE_MEDIA, FREE_POSTS] {
        write!(tx, conn => sqlx::query(sql).bind(id).execute(conn).await.map(|_| ()))?;
    }
    matches::let_go(tx, subject).await
}

/// A decision is undone: what it settled is as it was before, and held again for what banks still know. Comes before all else that is undone.
pub async fn unsettle(tx: &mut Tx, id: &DecisionId) -> Result<()> {
    for sql in [TOUCH_SETTLED, HOLD_MEDIA_AGAIN, HOLD_POSTS_AGAIN, HOLD_DARK_AGAIN] {
        write!(tx, conn => sqlx::query(sql).bind(id.as_str()).execute(conn).await.map(|_| ()))?;
    }
    let forgotten: Vec<(String, String)> = write!(tx, conn => sqlx::query_as(FORGOTTEN).bind(id.as_str()).fetch_all(conn).await)?;
    for sql in [DROP_FORGOTTEN, UNSETTLE] {
        write!(tx, conn => sqlx::query(sql).bind(id.as_str()).execute(conn).await.map(|_| ()))?;
    }
    for (post, medium) in forgotten {
        let subject = Subject::parse("matches", &post, &medium)?;
        if matches::holding(tx, &subject).await? == 0 {
            matches::let_go(tx, &subject).await?;
            write!(tx, conn => sqlx::query(COMES_BACK_READY).bind(id.as_str()).bind(&medium).execute(conn).await.map(|_| ()))?;
        }
    }
    Ok(())
}

/// A case about whose subject nothing is left to decide becomes the case of another one that is held for the same; if there is none, it is closed.
async fn pass_on(tx: &mut Tx, case: &CaseId, closed: CaseState, now: Time) -> Result<()> {
    loop {
        let next: Option<(String, String)> = write!(tx, conn => sqlx::query_as(NEXT).bind(case.as_str()).fetch_optional(conn).await)?;
        let Some((post, medium)) = next else {
            cases::close(tx, case, closed, now).await?;
            return Ok(());
        };
        // Its poster may be deleting it at this moment: then it is no member any more once that is done.
        let left = write!(tx, conn => sqlx::query(LEAVE).bind(case.as_str()).bind(&post).bind(&medium).execute(conn).await.map(|done| done.rows_affected()))?;
        if left == 1 {
            write!(tx, conn => sqlx::query(PASS_ON).bind(case.as_str()).bind(&post).bind(&medium).execute(conn).await.map(|_| ()))?;
            return Ok(());
        }
    }
}

/// Of an open case: its subject, whether somebody holds that by hand, and how many notices there are.
async fn facts(tx: &mut Tx, case: &CaseId) -> Result<Option<(Subject, bool, i64)>> {
    let row: Option<(String, String, i64, i64)> = write!(tx, conn => sqlx::query_as(FACTS).bind(case.as_str()).fetch_optional(conn).await)?;
    row.map(|(post, medium, held, notices)| Ok((Subject::parse("cases", &post, &medium)?, held != 0, notices))).transpose()
}

/// The open cases of a post and its media, or of one of them.
pub async fn open_of(tx: &mut Tx, post: &PostId, medium: Option<&str>) -> Result<Vec<CaseId>> {
    let rows: Vec<String> = match medium {
        None => write!(tx, conn => sqlx::query_scalar(OPEN_OF_POST).bind(post.as_str()).fetch_all(conn).await)?,
        Some(medium) => write!(tx, conn => sqlx::query_scalar(OPEN_OF_MEDIUM).bind(post.as_str()).bind(medium).fetch_all(conn).await)?,
    };
    rows.iter().map(|id| case_id(id)).collect()
}

fn case_id(id: &str) -> Result<CaseId> {
    CaseId::parse(id).ok_or_else(|| corrupt("case_items", "case_id", id))
}

fn item_id(id: &str) -> Result<ItemId> {
    ItemId::parse(id).ok_or_else(|| corrupt("case_items", "item_id", id))
}
