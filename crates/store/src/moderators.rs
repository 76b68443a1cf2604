//! Who may decide: people, what they sign in with, and their sessions. Of every secret that somebody else holds only a hash is here.

use domain::{ModeratorId, PartyId, Role, Time};

use crate::db::{read, write};
use crate::{Db, Result, Tx, corrupt};

/// Somebody who may decide.
#[derive(Clone, PartialEq, Eq)]
pub struct ModeratorRow {
    /// Their id.
    pub id: ModeratorId,
    /// Their name, as it is shown.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whose they are, of who files for a party.
    pub party: Option<PartyId>,
    /// Their password's hash, in the PHC string format.
    pub password: Option<String>,
    /// The key of their codes.
    pub totp: Option<Vec<u8>>,
    /// Until when a link is good that enrols them.
    pub link_until: Option<Time>,
    /// The key that this link's page offers.
    pub link_totp: Option<Vec<u8>>,
    /// How many passkeys they have.
    pub passkeys: i64,
    /// Since when they may not come in.
    pub suspended: Option<Time>,
    /// When they were added.
    pub created: Time,
}

impl std::fmt::Debug for ModeratorRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ModeratorRow").field("id", &self.id).field("role", &self.role).finish_non_exhaustive()
    }
}

impl ModeratorRow {
    /// Whether they have something to sign in with.
    #[must_use]
    pub fn is_enrolled(&self) -> bool {
        self.passkeys > 0 || (self.password.is_some() && self.totp.is_some())
    }
}

/// Somebody who is about to be added.
#[derive(Clone, Debug)]
pub struct NewModerator {
    /// Their id.
    pub id: ModeratorId,
    /// Their name, as it is shown.
    pub name: String,
    /// And as it is looked up.
    pub name_key: String,
    /// What they may do.
    pub role: Role,
    /// Whose they are, of who files for a party.
    pub party: Option<PartyId>,
    /// When that is.
    pub created: Time,
}

/// A link that enrols somebody.
#[derive(Clone)]
pub struct Link {
    /// Its secret's hash.
    pub hash: [u8; 32],
    /// Until when it is good.
    pub until: Time,
    /// The key of codes that its page offers.
    pub totp: [u8; 20],
}

/// What somebody will sign in with from now on; what they had goes.
pub enum Credential<'a> {
    /// A password's hash and the key of codes.
    Password {
        /// In the PHC string format.
        password: &'a str,
        /// The key.
        totp: &'a [u8],
    },
    /// A passkey.
    Passkey {
        /// The credential's own id.
        id: &'a [u8],
        /// What is known of it.
        credential: &'a str,
    },
}

/// A passkey.
#[derive(Clone)]
pub struct PasskeyRow {
    /// Whose it is.
    pub moderator_id: ModeratorId,
    /// What is known of it.
    pub credential: String,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Its token's hash.
    pub token_hash: [u8; 32],
    /// When somebody signed in.
    pub created: Time,
    /// When it was used last, to some minutes.
    pub used: Time,
}

/// What a passkey was asked.
#[derive(Clone)]
pub struct ChallengeRow {
    /// Whose new passkey it is for; `None`: somebody signs in.
    pub moderator_id: Option<ModeratorId>,
    /// What the answer is checked with.
    pub state: String,
    /// When it was asked.
    pub created: Time,
}

type Columns =
    (String, String, String, Option<String>, Option<String>, Option<Vec<u8>>, Option<i64>, Option<Vec<u8>>, i64, Option<i64>, i64);

macro_rules! people {
    ($rest:literal) => {
        concat!(
            "SELECT m.id, m.name, m.role, m.party_id, m.password, m.totp, m.enrol_until_ms, m.enrol_totp, \
             (SELECT count(*) FROM passkeys p WHERE p.moderator_id = m.id), \
             coalesce(m.suspended_ms, (SELECT p.suspended_ms FROM parties p WHERE p.id = m.party_id)), m.created_ms FROM moderators m ",
            $rest
        )
    };
}

const LIST: &str = people!("ORDER BY m.created_ms, m.id");
const FIND: &str = people!("WHERE m.id = $1");
const BY_NAME: &str = people!("WHERE m.name_key = $1");
const BY_LINK: &str = people!("WHERE m.enrol_hash = $1 AND m.enrol_until_ms > $2");
const INSERT: &str =
    "INSERT INTO moderators (id, name, name_key, role, created_ms, party_id) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
const SET_LINK: &str = "UPDATE moderators SET enrol_hash = $2, enrol_until_ms = $3, enrol_totp = $4 WHERE id = $1";
const SUSPEND: &str = "UPDATE moderators SET suspended_ms = $2, enrol_hash = NULL, enrol_until_ms = NULL, enrol_totp = NULL WHERE id = $1 AND suspended_ms IS NULL";
const RESUME: &str = "UPDATE moderators SET suspended_ms = NULL WHERE id = $1 AND suspended_ms IS NOT NULL";
// Whose party is suspended is shut out with it.
const ROLE: &str = "SELECT role FROM moderators WHERE id = $1 AND suspended_ms IS NULL \
     AND NOT EXISTS (SELECT 1 FROM parties p WHERE p.id = moderators.party_id AND p.suspended_ms IS NOT NULL)";
const USE_LINK: &str = "UPDATE moderators SET password = $3, totp = $4, enrol_hash = NULL, enrol_until_ms = NULL, enrol_totp = NULL \
     WHERE enrol_hash = $1 AND enrol_until_ms > $2 AND suspended_ms IS NULL \
     AND NOT EXISTS (SELECT 1 FROM parties p WHERE p.id = moderators.party_id AND p.suspended_ms IS NOT NULL) RETURNING id";
const DELETE_PASSKEYS: &str = "DELETE FROM passkeys WHERE moderator_id = $1";
const INSERT_PASSKEY: &str =
    "INSERT INTO passkeys (id, moderator_id, credential, created_ms) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
const PASSKEY: &str = "SELECT moderator_id, credential FROM passkeys WHERE id = $1";
const SET_PASSKEY: &str = "UPDATE passkeys SET credential = $2 WHERE id = $1";
const INSERT_SESSION: &str = "INSERT INTO sessions (token_hash, moderator_id, created_ms, used_ms) VALUES ($1, $2, $3, $3)";
const SESSION: &str = "SELECT moderator_id, created_ms, used_ms FROM sessions WHERE token_hash = $1";
const TOUCH: &str = "UPDATE sessions SET used_ms = $2 WHERE token_hash = $1";
const END_SESSION: &str = "DELETE FROM sessions WHERE token_hash = $1";
const END_SESSIONS: &str = "DELETE FROM sessions WHERE moderator_id = $1";
const END_OLD_SESSIONS: &str = "DELETE FROM sessions WHERE created_ms <= $1 OR used_ms <= $2";
const INSERT_CHALLENGE: &str = "INSERT INTO challenges (token_hash, moderator_id, state, created_ms) VALUES ($1, $2, $3, $4)";
const TAKE_CHALLENGE: &str = "DELETE FROM challenges WHERE token_hash = $1 RETURNING moderator_id, state, created_ms";
const FORGET_CHALLENGES: &str = "DELETE FROM challenges WHERE created_ms <= $1";
const USE_CODE: &str = "INSERT INTO used_codes (moderator_id, step) VALUES ($1, $2) ON CONFLICT DO NOTHING";
const FORGET_CODES: &str = "DELETE FROM used_codes WHERE step <= $1";
const FORGET_CODES_OF: &str = "DELETE FROM used_codes WHERE moderator_id = $1";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[
    LIST,
    FIND,
    BY_NAME,
    BY_LINK,
    INSERT,
    SET_LINK,
    SUSPEND,
    RESUME,
    ROLE,
    USE_LINK,
    DELETE_PASSKEYS,
    INSERT_PASSKEY,
    PASSKEY,
    SET_PASSKEY,
    INSERT_SESSION,
    SESSION,
    TOUCH,
    END_SESSION,
    END_SESSIONS,
    END_OLD_SESSIONS,
    INSERT_CHALLENGE,
    TAKE_CHALLENGE,
    FORGET_CHALLENGES,
    USE_CODE,
    FORGET_CODES,
    FORGET_CODES_OF,
];

fn row(columns: Columns) -> Result<ModeratorRow> {
    let (id, name, role, party, password, totp, link_until, link_totp, passkeys, suspended, created) = columns;
    Ok(ModeratorRow {
        role: Role::parse(&role).ok_or_else(|| corrupt("moderators", "role", &id))?,
        party: party.map(|party| PartyId::parse(&party).ok_or_else(|| corrupt("moderators", "party_id", &id))).transpose()?,
        name,
        password,
        totp,
        link_until: link_until.map(Time),
        link_totp,
        passkeys,
        suspended: suspended.map(Time),
        created: Time(created),
        id: parsed("moderators", "id", &id)?,
    })
}

fn parsed(table: &'static str, column: &'static str, id: &str) -> Result<ModeratorId> {
    ModeratorId::parse(id).ok_or_else(|| corrupt(table, column, id))
}

/// Everybody, in the order in which they were added.
pub async fn list(db: &Db) -> Result<Vec<ModeratorRow>> {
    let rows: Vec<Columns> = read!(db, conn => sqlx::query_as(LIST).fetch_all(conn).await)?;
    rows.into_iter().map(row).collect()
}

/// Somebody by their id.
pub async fn find(db: &Db, id: &ModeratorId) -> Result<Option<ModeratorRow>> {
    let found: Option<Columns> = read!(db, conn => sqlx::query_as(FIND).bind(id.as_str()).fetch_optional(conn).await)?;
    found.map(row).transpose()
}

/// Somebody by their name's key.
pub async fn by_name(db: &Db, name_key: &str) -> Result<Option<ModeratorRow>> {
    let found: Option<Columns> = read!(db, conn => sqlx::query_as(BY_NAME).bind(name_key).fetch_optional(conn).await)?;
    found.map(row).transpose()
}

/// Whom a link enrols that is still good.
pub async fn by_link(db: &Db, hash: &[u8; 32], now: Time) -> Result<Option<ModeratorRow>> {
    let found: Option<Columns> = read!(db, conn => sqlx::query_as(BY_LINK).bind(&hash[..]).bind(now.0).fetch_optional(conn).await)?;
    found.map(row).transpose()
}

/// Adds somebody; `false` if there is somebody of this name.
pub async fn insert(tx: &mut Tx, new: &NewModerator) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(INSERT)
        .bind(new.id.as_str()).bind(&new.name).bind(&new.name_key).bind(new.role.as_str()).bind(new.created.0).bind(new.party.as_ref().map(PartyId::as_str))
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Gives somebody a link in the place of any that they had.
pub async fn set_link(tx: &mut Tx, id: &ModeratorId, link: &Link) -> Result<()> {
    write!(tx, conn => sqlx::query(SET_LINK)
        .bind(id.as_str()).bind(&link.hash[..]).bind(link.until.0).bind(&link.totp[..])
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Shuts somebody out: their sessions and their link end. `false` if that was done before.
pub async fn suspend(tx: &mut Tx, id: &ModeratorId, now: Time) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(SUSPEND).bind(id.as_str()).bind(now.0)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    end_sessions(tx, id).await?;
    Ok(rows == 1)
}

/// Lets somebody in again; `false` if they were not shut out.
pub async fn resume(tx: &mut Tx, id: &ModeratorId) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(RESUME).bind(id.as_str()).execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// What somebody may do at this moment; `None`: nothing. For the beginning of a change: what a request was let in with may have been
/// taken away since.
pub async fn role(tx: &mut Tx, id: &ModeratorId) -> Result<Option<Role>> {
    let found: Option<String> = write!(tx, conn => sqlx::query_scalar(ROLE).bind(id.as_str()).fetch_optional(conn).await)?;
    found.map(|role| Role::parse(&role).ok_or_else(|| corrupt("moderators", "role", id.as_str()))).transpose()
}

/// Uses a link up: what somebody had to sign in with, and their sessions, give way to this. `None` if the link is not good, or the
/// passkey is somebody's already.
pub async fn enrol(tx: &mut Tx, link: &[u8; 32], credential: &Credential<'_>, now: Time) -> Result<Option<ModeratorId>> {
    let (password, totp) = match credential {
        Credential::Password { password, totp } => (Some(*password), Some(*totp)),
        Credential::Passkey { .. } => (None, None),
    };
    let id: Option<String> = write!(tx, conn => sqlx::query_scalar(USE_LINK)
        .bind(&link[..]).bind(now.0).bind(password).bind(totp)
        .fetch_optional(conn).await)?;
    let Some(id) = id else { return Ok(None) };
    let id = parsed("moderators", "id", &id)?;
    for sql in [DELETE_PASSKEYS, FORGET_CODES_OF] {
        write!(tx, conn => sqlx::query(sql).bind(id.as_str()).execute(conn).await.map(|_| ()))?;
    }
    end_sessions(tx, &id).await?;
    if let Credential::Passkey { id: key, credential } = credential {
        let rows = write!(tx, conn => sqlx::query(INSERT_PASSKEY)
            .bind(*key).bind(id.as_str()).bind(*credential).bind(now.0)
            .execute(conn).await.map(|done| done.rows_affected()))?;
        if rows == 0 {
            return Ok(None);
        }
    }
    Ok(Some(id))
}

/// The passkey of this id.
pub async fn passkey(db: &Db, id: &[u8]) -> Result<Option<PasskeyRow>> {
    let found: Option<(String, String)> = read!(db, conn => sqlx::query_as(PASSKEY).bind(id).fetch_optional(conn).await)?;
    found
        .map(|(moderator, credential)| Ok(PasskeyRow { moderator_id: parsed("passkeys", "moderator_id", &moderator)?, credential }))
        .transpose()
}

/// Writes down what a passkey said of itself.
pub async fn set_passkey(tx: &mut Tx, id: &[u8], credential: &str) -> Result<()> {
    write!(tx, conn => sqlx::query(SET_PASSKEY).bind(id).bind(credential).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Begins a session.
pub async fn begin_session(tx: &mut Tx, token_hash: &[u8; 32], id: &ModeratorId, now: Time) -> Result<()> {
    write!(tx, conn => sqlx::query(INSERT_SESSION).bind(&token_hash[..]).bind(id.as_str()).bind(now.0).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// The session of this token, and whose it is. Whether it still stands the caller judges.
pub async fn session(db: &Db, token_hash: &[u8; 32]) -> Result<Option<(SessionRow, ModeratorRow)>> {
    let found: Option<(String, i64, i64)> = read!(db, conn => sqlx::query_as(SESSION).bind(&token_hash[..]).fetch_optional(conn).await)?;
    let Some((moderator, created, used)) = found else { return Ok(None) };
    let moderator = find(db, &parsed("sessions", "moderator_id", &moderator)?).await?;
    Ok(moderator.map(|moderator| (SessionRow { token_hash: *token_hash, created: Time(created), used: Time(used) }, moderator)))
}

/// A session was used.
pub async fn touch(tx: &mut Tx, token_hash: &[u8; 32], now: Time) -> Result<()> {
    write!(tx, conn => sqlx::query(TOUCH).bind(&token_hash[..]).bind(now.0).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Ends a session; `false` if there was none.
pub async fn end_session(tx: &mut Tx, token_hash: &[u8; 32]) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(END_SESSION).bind(&token_hash[..]).execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Ends all sessions of somebody, and returns how many those were.
pub async fn end_sessions(tx: &mut Tx, id: &ModeratorId) -> Result<u64> {
    Ok(write!(tx, conn => sqlx::query(END_SESSIONS).bind(id.as_str()).execute(conn).await.map(|done| done.rows_affected()))?)
}

/// Remembers what a passkey was asked.
pub async fn insert_challenge(tx: &mut Tx, token_hash: &[u8; 32], row: &ChallengeRow) -> Result<()> {
    write!(tx, conn => sqlx::query(INSERT_CHALLENGE)
        .bind(&token_hash[..]).bind(row.moderator_id.as_ref().map(ModeratorId::as_str)).bind(&row.state).bind(row.created.0)
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Takes a question back: it is answered once.
pub async fn take_challenge(tx: &mut Tx, token_hash: &[u8; 32]) -> Result<Option<ChallengeRow>> {
    let found: Option<(Option<String>, String, i64)> =
        write!(tx, conn => sqlx::query_as(TAKE_CHALLENGE).bind(&token_hash[..]).fetch_optional(conn).await)?;
    found
        .map(|(moderator, state, created)| {
            let moderator_id = moderator.map(|id| parsed("challenges", "moderator_id", &id)).transpose()?;
            Ok(ChallengeRow { moderator_id, state, created: Time(created) })
        })
        .transpose()
}

/// Uses the code of this step up; `false` if that was done before.
pub async fn use_code(tx: &mut Tx, id: &ModeratorId, step: i64) -> Result<bool> {
    let rows = write!(tx, conn => sqlx::query(USE_CODE).bind(id.as_str()).bind(step).execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Forgets sessions begun, or used last, before these times, questions asked before `challenges`, and codes of steps up to `step`.
pub async fn forget(tx: &mut Tx, begun: Time, used: Time, challenges: Time, step: i64) -> Result<()> {
    write!(tx, conn => sqlx::query(END_OLD_SESSIONS).bind(begun.0).bind(used.0).execute(conn).await.map(|_| ()))?;
    write!(tx, conn => sqlx::query(FORGET_CHALLENGES).bind(challenges.0).execute(conn).await.map(|_| ()))?;
    write!(tx, conn => sqlx::query(FORGET_CODES).bind(step).execute(conn).await.map(|_| ()))?;
    Ok(())
}
