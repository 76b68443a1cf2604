//! Notes: what those who decide tell each other about a case.

use domain::{CaseId, ModeratorId, NoteId, Time};

use crate::db::{read, write};
use crate::{Db, Result, Tx, corrupt};

/// A note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteRow {
    /// Its id.
    pub id: NoteId,
    /// About which case.
    pub case_id: CaseId,
    /// Who wrote it.
    pub by: ModeratorId,
    /// To whom the case was handed over with it.
    pub given_to: Option<ModeratorId>,
    /// What it says.
    pub words: String,
    /// When.
    pub created: Time,
}

/// A note as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// It.
    pub row: NoteRow,
    /// The name of who wrote it.
    pub by: String,
    /// The name of whom the case was handed over to.
    pub to: Option<String>,
}

type Columns = (String, String, Option<String>, String, i64, String, Option<String>);

const INSERT: &str = "INSERT INTO notes (id, case_id, moderator_id, given_to, words, created_ms) VALUES ($1, $2, $3, $4, $5, $6)";
const OF_CASE: &str = "SELECT n.id, n.moderator_id, n.given_to, n.words, n.created_ms, m.name, t.name FROM notes n JOIN moderators m ON m.id = n.moderator_id \
     LEFT JOIN moderators t ON t.id = n.given_to WHERE n.case_id = $1 ORDER BY n.created_ms DESC, n.id LIMIT $2";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[INSERT, OF_CASE];

/// Writes a note down.
pub async fn insert(tx: &mut Tx, row: &NoteRow) -> Result<()> {
    write!(tx, conn => sqlx::query(INSERT)
        .bind(row.id.as_str()).bind(row.case_id.as_str()).bind(row.by.as_str()).bind(row.given_to.as_ref().map(ModeratorId::as_str))
        .bind(&row.words).bind(row.created.0)
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// At most `limit` notes about a case, the newest first.
pub async fn of_case(db: &Db, id: &CaseId, limit: i64) -> Result<Vec<Told>> {
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(OF_CASE).bind(id.as_str()).bind(limit).fetch_all(conn).await)?;
    rows.into_iter()
        .map(|(note, by, to, words, created, by_name, to_name)| {
            let moderator = |column, id: &str| ModeratorId::parse(id).ok_or_else(|| corrupt("notes", column, &note));
            let row = NoteRow {
                case_id: id.clone(),
                by: moderator("moderator_id", &by)?,
                given_to: to.map(|to| moderator("given_to", &to)).transpose()?,
                words,
                created: Time(created),
                id: NoteId::parse(&note).ok_or_else(|| corrupt("notes", "id", &note))?,
            };
            Ok(Told { row, by: by_name, to: to_name })
        })
        .collect()
}
