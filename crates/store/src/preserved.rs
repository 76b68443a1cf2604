//! What is kept although its poster took it away: because an order on it is open, or somebody asked for it to be kept.
//!
//! A decision of its own kind takes it into quarantine (`Action::Preserve`), of which nobody is told. This module says what covers something, and
//! what was kept so.

use domain::{CaseId, CaseState, DecisionId, FilingId, MediaId, NoticeId, NoticeKind, PostId, Time};

use crate::db::{read, write};
use crate::retentions::Asked;
use crate::{Db, Result, Subject, Tx, corrupt, media, posts};

/// Kinds of notices that an open case cannot be without, in SQL; a test compares them with the table of `domain::notice`.
macro_rules! lasting {
    () => {
        "('tco_removal_order', 'dsa_art9_order', 'court_order', 'dsa_art10_information_order', 'court_information_order', 'preservation_request')"
    };
}

const COVERING: &str = concat!(
    "SELECT c.id, c.state, n.kind, n.id, n.filing_id, n.created_ms FROM cases c JOIN notices n ON n.case_id = c.id WHERE c.post_id = $1 AND c.state <> 'moot' \
     AND n.withdrawn = 0 AND ($2 = '' OR c.media_id IN ('', $2)) AND n.kind IN ",
    lasting!(),
    " ORDER BY n.created_ms, n.id"
);
const OF_SUBJECT: &str = "SELECT d.id, d.created_ms FROM decisions d JOIN restrictions r ON r.decision_id = d.id WHERE d.action = 'preserve' \
     AND r.post_id = $1 AND (r.media_id = '' OR $2 = '' OR r.media_id = $2) ORDER BY d.created_ms, d.id";
const LASTS: &str = concat!("SELECT count(*) FROM notices WHERE case_id = $1 AND withdrawn = 0 AND kind IN ", lasting!());
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[COVERING, OF_SUBJECT, LASTS];

/// A notice that may want something to be kept, and its case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    /// Its case.
    pub case: CaseId,
    /// Nobody has decided.
    pub open: bool,
    /// The notice.
    pub asked: Asked,
}

type Columns = (String, String, String, String, Option<String>, i64);

/// The notices on a post or any of its media (or on one medium and on its post) that may want it to be kept. None comes until this change is made.
pub async fn covering(tx: &mut Tx, subject: &Subject) -> Result<Vec<Cover>> {
    posts::touch(tx, subject.post_id.as_str()).await?;
    let rows: Vec<Columns> = write!(tx, conn => sqlx::query_as(COVERING)
        .bind(subject.post_id.as_str()).bind(subject.medium()).fetch_all(conn).await)?;
    rows.into_iter()
        .map(|(case, state, kind, notice, filing, received)| {
            let asked = Asked {
                kind: NoticeKind::parse(&kind).ok_or_else(|| corrupt("notices", "kind", &notice))?,
                filing: filing.map(|id| FilingId::parse(&id).ok_or_else(|| corrupt("notices", "filing_id", &notice))).transpose()?,
                received: Time(received),
                notice: NoticeId::parse(&notice).ok_or_else(|| corrupt("notices", "id", &notice))?,
            };
            let open = CaseState::parse(&state).ok_or_else(|| corrupt("cases", "state", &case))? == CaseState::Open;
            Ok(Cover { open, asked, case: CaseId::parse(&case).ok_or_else(|| corrupt("cases", "id", &case))? })
        })
        .collect()
}

/// Whether a case is answered for also when its subject is gone: an order is about it, or somebody asked for it to be kept.
pub(crate) async fn lasts(tx: &mut Tx, case: &CaseId) -> Result<bool> {
    let count: i64 = write!(tx, conn => sqlx::query_scalar(LASTS).bind(case.as_str()).fetch_one(conn).await)?;
    Ok(count > 0)
}

/// What of a subject was kept although its poster took it away, and when that was; as it stands in this change.
pub async fn look(tx: &mut Tx, subject: &Subject) -> Result<Vec<(DecisionId, Time)>> {
    let rows: Vec<(String, i64)> = write!(tx, conn => sqlx::query_as(OF_SUBJECT)
        .bind(subject.post_id.as_str()).bind(subject.medium()).fetch_all(conn).await)?;
    rows.into_iter().map(named).collect()
}

/// The same, as it stands now.
pub async fn of_subject(db: &Db, subject: &Subject) -> Result<Vec<(DecisionId, Time)>> {
    let rows: Vec<(String, i64)> = read!(db, conn => sqlx::query_as(OF_SUBJECT)
        .bind(subject.post_id.as_str()).bind(subject.medium()).fetch_all(conn).await)?;
    rows.into_iter().map(named).collect()
}

/// Takes the row of a medium away that its poster took away before, and of which everything is in quarantine.
pub async fn take_medium(tx: &mut Tx, post: &PostId, id: &MediaId, now: Time) -> Result<()> {
    posts::touch(tx, post.as_str()).await?;
    media::take_with_still(tx, id, now).await
}

fn named((id, created): (String, i64)) -> Result<(DecisionId, Time)> {
    Ok((DecisionId::parse(&id).ok_or_else(|| corrupt("decisions", "id", &id))?, Time(created)))
}

#[cfg(test)]
mod tests {
    use domain::notice::Asks;

    use super::*;

    #[test]
    fn what_lasts_in_sql_is_what_binds_or_asks_to_keep() {
        for kind in NoticeKind::ALL {
            let lasts = kind.binds() || kind.rule().asks == Asks::ToKeep;
            assert_eq!(lasting!().contains(&format!("'{}'", kind.as_str())), lasts, "{kind:?}");
        }
    }
}
