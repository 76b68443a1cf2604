//! Who may decide: adding people, their one-time links, signing in with a password and a code, sessions.
//!
//! Whatever is wrong with a sign-in, it takes as long and is told in the same words. Every act writes its row of the audit trail in
//! its own transaction, and whatever one of them does to another looks up first, in that transaction, whether they still may.

mod passkeys;

use domain::moderator::{LINK_MS, is_long_enough, session_stands};
use domain::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use domain::{Act, AuditId, EnrolSecret, ModeratorId, ModeratorName, PartyId, Password, Role, SessionToken, Time};
use store::audit::Told;
use store::moderators::{Credential, Link, NewModerator, SessionRow};
use store::{AuditRow, ModeratorRow, Tx};
use totp_rs::{Builder, Totp};

pub use passkeys::{Asked, PasskeyPlace};

use crate::open::{hashed, verified};
use crate::{Error, Site};

/// How exactly it is known when a session was used last.
const TOUCH_MS: i64 = 5 * MINUTE_MS;
/// How long a code lasts (RFC 6238).
const STEP_SECONDS: u64 = 30;
/// Codes are good for as many steps before and after the one that it is.
const WINDOW: u16 = 1;
/// Steps for which a used code is remembered: a day, should the clock be set back.
const STEPS_KNOWN: i64 = DAY_MS / 30_000;
/// The name of whom a site's first start adds.
const FIRST: &str = "operator";
/// What is verified where there is no password, so that it takes as long: of the same cost as [`hashed`], and of nothing that anybody knows.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3NzYWx0IQ$S29zbXljem55IGxhdGF3aWVjIG5hZCBtb3J6ZW0hISE";

/// A link that enrols somebody, to be handed to them.
#[derive(Debug)]
pub struct NewLink {
    /// Whom.
    pub id: ModeratorId,
    /// The last part of its address.
    pub secret: EnrolSecret,
    /// Until when it is good.
    pub until: Time,
}

/// Why one of them cannot do something to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonRefused {
    /// Somebody of this name is there already.
    Taken,
    /// Who asks is no operator, or not any more.
    NotAllowed,
    /// Nobody is there under this id.
    Nobody,
    /// Nobody shuts themselves out.
    Oneself,
    /// It is so already.
    Already,
    /// They were shut out: they are let in again first.
    Suspended,
}

/// Why somebody could not be enrolled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnrolRefused {
    /// The link was used, has ended, or never was.
    Link,
    /// The password is too short, or far too long.
    Password,
    /// The code is not one that the offered key gives now.
    Code,
    /// The passkey's answer does not hold.
    Passkey,
}

/// Somebody is signed in.
#[derive(Debug)]
pub struct NewSession {
    /// What their browser shows from now on.
    pub token: SessionToken,
    /// Who.
    pub id: ModeratorId,
}

/// Who has signed in, as it stands at this moment.
#[derive(Clone, Debug)]
pub struct Signed {
    /// Who.
    pub id: ModeratorId,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whose they are, of who files for a party.
    pub party: Option<PartyId>,
}

/// What a site's start has to tell whoever started it.
#[derive(Debug)]
pub enum First {
    /// Somebody may decide.
    Somebody,
    /// Nobody: this link enrols the operator.
    Link(NewLink),
    /// Nobody, and a link that was made before is good until then.
    Waits(Time),
}

impl Site {
    /// Adds somebody, who is enrolled by the link. `by`: an operator; `None`: the command line.
    pub async fn add_moderator(
        &self,
        by: Option<&ModeratorId>,
        name: &ModeratorName,
        role: Role,
    ) -> Result<Result<NewLink, PersonRefused>, Error> {
        self.add_person(by, name, role, None).await
    }

    /// The same, for a party where they file for one.
    pub(crate) async fn add_person(
        &self,
        by: Option<&ModeratorId>,
        name: &ModeratorName,
        role: Role,
        party: Option<PartyId>,
    ) -> Result<Result<NewLink, PersonRefused>, Error> {
        let mut tx = self.store.db.begin().await?;
        if !may(&mut tx, by).await? {
            return Ok(Err(PersonRefused::NotAllowed));
        }
        let id = self.chance.moderator_id();
        let new = NewModerator { id: id.clone(), name: name.to_string(), name_key: name.key(), role, party, created: self.clock.now() };
        if !store::moderators::insert(&mut tx, &new).await? {
            return Ok(Err(PersonRefused::Taken));
        }
        let link = self.make_link(&mut tx, id).await?;
        let detail = serde_json::json!({ "role": role.as_str() });
        self.note(&mut tx, by, Act::PersonAdded, link.id.as_str(), &detail).await?;
        tx.commit().await?;
        Ok(Ok(link))
    }

    /// Makes a new link for somebody, in the place of any that they had. Used, it ends their sessions and what they signed in with.
    pub async fn link_moderator(&self, by: Option<&ModeratorId>, id: &ModeratorId) -> Result<Result<NewLink, PersonRefused>, Error> {
        let mut tx = self.store.db.begin().await?;
        if !may(&mut tx, by).await? {
            return Ok(Err(PersonRefused::NotAllowed));
        }
        if store::moderators::role(&mut tx, id).await?.is_none() {
            let known = store::moderators::find(&self.store.db, id).await?.is_some();
            return Ok(Err(if known { PersonRefused::Suspended } else { PersonRefused::Nobody }));
        }
        let link = self.make_link(&mut tx, id.clone()).await?;
        self.note(&mut tx, by, Act::LinkMade, id.as_str(), &serde_json::json!({})).await?;
        tx.commit().await?;
        Ok(Ok(link))
    }

    /// Shuts somebody out, from this moment on.
    pub async fn suspend_moderator(&self, by: Option<&ModeratorId>, id: &ModeratorId) -> Result<Result<(), PersonRefused>, Error> {
        self.let_in(by, id, false).await
    }

    /// Lets somebody in again.
    pub async fn resume_moderator(&self, by: Option<&ModeratorId>, id: &ModeratorId) -> Result<Result<(), PersonRefused>, Error> {
        self.let_in(by, id, true).await
    }

    async fn let_in(&self, by: Option<&ModeratorId>, id: &ModeratorId, is_in: bool) -> Result<Result<(), PersonRefused>, Error> {
        if by == Some(id) {
            return Ok(Err(PersonRefused::Oneself));
        }
        let mut tx = self.store.db.begin().await?;
        if !may(&mut tx, by).await? {
            return Ok(Err(PersonRefused::NotAllowed));
        }
        let (done, act) = if is_in {
            (store::moderators::resume(&mut tx, id).await?, Act::Resumed)
        } else {
            // What they have open is nobody's any more, from this moment on.
            store::claims::forget_of(&mut tx, id).await?;
            (store::moderators::suspend(&mut tx, id, self.clock.now()).await?, Act::Suspended)
        };
        if !done {
            let known = store::moderators::find(&self.store.db, id).await?.is_some();
            return Ok(Err(if known { PersonRefused::Already } else { PersonRefused::Nobody }));
        }
        self.note(&mut tx, by, act, id.as_str(), &serde_json::json!({})).await?;
        tx.commit().await?;
        Ok(Ok(()))
    }

    /// Everybody who may decide, or once might.
    pub async fn moderators(&self) -> Result<Vec<ModeratorRow>, Error> {
        Ok(store::moderators::list(&self.store.db).await?)
    }

    /// Somebody by their name.
    pub async fn moderator_named(&self, name: &ModeratorName) -> Result<Option<ModeratorRow>, Error> {
        Ok(store::moderators::by_name(&self.store.db, &name.key()).await?)
    }

    /// Sees to it that a site which nobody may decide on has a link that enrols an operator.
    pub async fn first_operator(&self) -> Result<First, Error> {
        let now = self.clock.now();
        let operators: Vec<ModeratorRow> =
            self.moderators().await?.into_iter().filter(|one| one.role == Role::Operator && one.suspended.is_none()).collect();
        if operators.iter().any(ModeratorRow::is_enrolled) {
            return Ok(First::Somebody);
        }
        if let Some(until) = operators.iter().filter_map(|one| one.link_until).filter(|until| *until > now).max() {
            return Ok(First::Waits(until));
        }
        let made = match operators.first() {
            Some(operator) => self.link_moderator(None, &operator.id).await?,
            None => match ModeratorName::parse(FIRST) {
                Some(name) => self.add_moderator(None, &name, Role::Operator).await?,
                None => Err(PersonRefused::Nobody),
            },
        };
        // Another node was first, or the only operator of this name was shut out: that is for the command line to mend.
        Ok(made.map_or(First::Waits(now), First::Link))
    }

    /// Whom this link enrols; `None` if it is not good.
    pub async fn enrolling(&self, secret: &EnrolSecret) -> Result<Option<ModeratorRow>, Error> {
        let found = store::moderators::by_link(&self.store.db, &secret.hash(), self.clock.now()).await?;
        Ok(found.filter(|one| one.suspended.is_none()))
    }

    /// What an app makes codes from, as an `otpauth` link; `None` if the link offers none.
    #[must_use]
    pub fn code_link(&self, moderator: &ModeratorRow, site_name: &str) -> Option<String> {
        let key = moderator.link_totp.as_deref()?;
        // A colon divides the two.
        let plain = |text: &str| text.replace(':', " ");
        let named = Builder::new()
            .with_secret(totp_rs::Secret::from(key))
            .with_account_name(plain(&moderator.name))
            .with_issuer(Some(plain(site_name)));
        named.build().ok()?.to_url().ok()
    }

    /// Enrols somebody with a password and the first code of the key that their link offers, and signs them in.
    pub async fn enrol_with_password(
        &self,
        secret: &EnrolSecret,
        typed: &str,
        code: &str,
    ) -> Result<Result<NewSession, EnrolRefused>, Error> {
        let Some(moderator) = self.enrolling(secret).await? else { return Ok(Err(EnrolRefused::Link)) };
        let (Some(password), true) = (Password::parse(typed), is_long_enough(typed)) else { return Ok(Err(EnrolRefused::Password)) };
        let key = moderator.link_totp.unwrap_or_default();
        let Some(step) = step(&key, code, self.clock.now()) else { return Ok(Err(EnrolRefused::Code)) };
        let password = hashed(self, password).await?;
        let credential = Credential::Password { password: &password, totp: &key };
        self.enrol(secret, &credential, Some(step), "password").await
    }

    async fn enrol(
        &self,
        secret: &EnrolSecret,
        credential: &Credential<'_>,
        step: Option<i64>,
        by: &'static str,
    ) -> Result<Result<NewSession, EnrolRefused>, Error> {
        let now = self.clock.now();
        let mut tx = self.store.db.begin().await?;
        let Some(id) = store::moderators::enrol(&mut tx, &secret.hash(), credential, now).await? else {
            return Ok(Err(EnrolRefused::Link));
        };
        // The code that proved the key is no code to sign in with.
        if let Some(step) = step {
            store::moderators::use_code(&mut tx, &id, step).await?;
        }
        self.note(&mut tx, Some(&id), Act::Enrolled, id.as_str(), &serde_json::json!({ "with": by })).await?;
        let session = self.begin_session(&mut tx, id).await?;
        tx.commit().await?;
        Ok(Ok(session))
    }

    /// Signs somebody in; `None`, whatever was wrong.
    pub async fn sign_in(&self, name: &str, password: &str, code: &str) -> Result<Option<NewSession>, Error> {
        let known = match ModeratorName::parse(name) {
            Some(name) => self.moderator_named(&name).await?,
            None => None,
        };
        let hash = known.as_ref().and_then(|one| one.password.clone());
        let has_password = hash.is_some();
        let right =
            verified(Password::parse(password).or_else(|| Password::parse("-")), hash.unwrap_or_else(|| NOBODYS.to_owned())).await?;
        // The code is read however the password was.
        let now = self.clock.now();
        let key = known.as_ref().and_then(|one| one.totp.clone()).unwrap_or_else(|| vec![0; 20]);
        let step = step(&key, code, now);
        let let_in = known.filter(|one| right && has_password && one.totp.is_some() && one.suspended.is_none());
        if let (Some(moderator), Some(step)) = (let_in, step) {
            let mut tx = self.store.db.begin().await?;
            if store::moderators::role(&mut tx, &moderator.id).await?.is_some()
                && store::moderators::use_code(&mut tx, &moderator.id, step).await?
            {
                self.note(&mut tx, Some(&moderator.id), Act::SignedIn, moderator.id.as_str(), &serde_json::json!({ "with": "password" }))
                    .await?;
                let session = self.begin_session(&mut tx, moderator.id).await?;
                tx.commit().await?;
                return Ok(Some(session));
            }
        }
        self.count_failure().await?;
        Ok(None)
    }

    /// Who shows this token; `None` if its session has ended. Everything is read anew, so that whoever was shut out is out.
    pub async fn signed(&self, token: &SessionToken) -> Result<Option<Signed>, Error> {
        let Some((session, signed)) = self.session(token).await? else { return Ok(None) };
        self.touch(&session, self.clock.now()).await?;
        Ok(Some(signed))
    }

    /// The same, where nobody does anything: a page that stays open and asks for news does not keep a session alive.
    pub async fn still_signed(&self, token: &SessionToken) -> Result<Option<Signed>, Error> {
        Ok(self.session(token).await?.map(|(_, signed)| signed))
    }

    async fn session(&self, token: &SessionToken) -> Result<Option<(SessionRow, Signed)>, Error> {
        let now = self.clock.now();
        let Some((session, moderator)) = store::moderators::session(&self.store.db, &token.hash()).await? else { return Ok(None) };
        if moderator.suspended.is_some() || !session_stands(session.created, session.used, now) {
            return Ok(None);
        }
        let signed = Signed { id: moderator.id, name: moderator.name, role: moderator.role, party: moderator.party };
        Ok(Some((session, signed)))
    }

    async fn touch(&self, session: &SessionRow, now: Time) -> Result<(), Error> {
        if (0..TOUCH_MS).contains(&now.since_ms(session.used)) {
            return Ok(());
        }
        let mut tx = self.store.db.begin_light().await?;
        store::moderators::touch(&mut tx, &session.token_hash, now).await?;
        Ok(tx.commit().await?)
    }

    /// Ends this session.
    pub async fn sign_out(&self, signed: &Signed, token: &SessionToken) -> Result<(), Error> {
        let mut tx = self.store.db.begin().await?;
        if store::moderators::end_session(&mut tx, &token.hash()).await? {
            self.note(&mut tx, Some(&signed.id), Act::SignedOut, signed.id.as_str(), &serde_json::json!({})).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Ends every session of this person.
    pub async fn sign_out_everywhere(&self, signed: &Signed) -> Result<(), Error> {
        let mut tx = self.store.db.begin().await?;
        let sessions = store::moderators::end_sessions(&mut tx, &signed.id).await?;
        let detail = serde_json::json!({ "sessions": sessions });
        self.note(&mut tx, Some(&signed.id), Act::SignedOutEverywhere, signed.id.as_str(), &detail).await?;
        Ok(tx.commit().await?)
    }

    /// Up to `limit` rows of the audit trail, the newest first, from after one of them.
    pub async fn audit(&self, after: Option<(Time, &AuditId)>, limit: i64) -> Result<Vec<Told>, Error> {
        Ok(store::audit::newest(&self.store.db, after, limit).await?)
    }

    /// Writes an act down in its own transaction. `detail` holds ids, numbers and closed words.
    pub(crate) async fn note(
        &self,
        tx: &mut Tx,
        by: Option<&ModeratorId>,
        act: Act,
        subject: &str,
        detail: &serde_json::Value,
    ) -> Result<(), Error> {
        let row = AuditRow {
            id: self.chance.audit_id(),
            at: self.clock.now(),
            by: by.cloned(),
            act,
            subject: subject.to_owned(),
            detail: detail.to_string(),
            times: 1,
        };
        Ok(store::audit::write(tx, &row).await?)
    }

    /// Forgets what has ended.
    pub(crate) async fn forget_sessions(&self, tx: &mut Tx) -> Result<(), Error> {
        let now = self.clock.now();
        let (begun, used) = (now.plus_ms(-domain::moderator::SESSION_MS), now.plus_ms(-domain::moderator::IDLE_MS));
        let asked = now.plus_ms(-domain::moderator::CHALLENGE_MS);
        Ok(store::moderators::forget(tx, begun, used, asked, steps(now).saturating_sub(STEPS_KNOWN)).await?)
    }

    async fn make_link(&self, tx: &mut Tx, id: ModeratorId) -> Result<NewLink, Error> {
        let (secret, until) = (self.chance.enrol_secret(), self.clock.now().plus_ms(LINK_MS));
        let link = Link { hash: secret.hash(), until, totp: self.chance.totp_key() };
        store::moderators::set_link(tx, &id, &link).await?;
        Ok(NewLink { id, secret, until })
    }

    async fn begin_session(&self, tx: &mut Tx, id: ModeratorId) -> Result<NewSession, Error> {
        let token = self.chance.session_token();
        store::moderators::begin_session(tx, &token.hash(), &id, self.clock.now()).await?;
        Ok(NewSession { token, id })
    }

    /// Counts a failed sign-in: one row an hour, so that nobody fills the trail, and without the name, which may be a password that
    /// was typed in the wrong field.
    async fn count_failure(&self) -> Result<(), Error> {
        let now = self.clock.now();
        let hour = u128::from(now.0.div_euclid(HOUR_MS).unsigned_abs());
        let id = AuditId::from_random(hour.to_le_bytes());
        let row = AuditRow { id, at: now, by: None, act: Act::SignInFailed, subject: String::new(), detail: "{}".to_owned(), times: 1 };
        let mut tx = self.store.db.begin_light().await?;
        store::audit::write(&mut tx, &row).await?;
        Ok(tx.commit().await?)
    }
}

/// Whether whoever asks is an operator at this moment. The command line may do everything.
pub(crate) async fn may(tx: &mut Tx, by: Option<&ModeratorId>) -> Result<bool, Error> {
    Ok(match by {
        None => true,
        Some(by) => store::moderators::role(tx, by).await? == Some(Role::Operator),
    })
}

/// Whether whoever asks decides on anything at this moment.
pub(crate) async fn decides(tx: &mut Tx, by: Option<&ModeratorId>) -> Result<bool, Error> {
    Ok(match by {
        None => true,
        Some(by) => store::moderators::role(tx, by).await?.is_some_and(Role::decides),
    })
}

fn totp(key: &[u8]) -> Option<Totp> {
    Builder::new().with_secret(totp_rs::Secret::from(key)).with_skew(WINDOW).with_step_duration(STEP_SECONDS).build().ok()
}

/// The step whose code was typed, if it is one that is good now.
fn step(key: &[u8], typed: &str, now: Time) -> Option<i64> {
    let code = domain::moderator::code(typed)?;
    let seconds = u64::try_from(now.0.div_euclid(1_000)).ok()?;
    totp(key)?.check(&code, seconds).and_then(|step| i64::try_from(step).ok())
}

fn steps(now: Time) -> i64 {
    now.0.div_euclid(30_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_verified_in_nobody_s_place_reads_and_costs_the_same() {
        let wrong = verified(Password::parse("kites over the sea"), NOBODYS.to_owned()).await;
        assert!(matches!(wrong, Ok(false)), "{wrong:?}");
        let own = argon2::Params::default();
        assert!(NOBODYS.contains(&format!("m={},t={},p={}$", own.m_cost(), own.t_cost(), own.p_cost())));
    }

    #[test]
    fn a_code_is_good_in_its_own_step_and_beside_it() {
        // RFC 6238, appendix B, its last six digits; the key is that of the RFC.
        let key = b"12345678901234567890";
        let at = |seconds: i64| step(key, "287082", Time(seconds * 1_000));
        assert_eq!(at(59), Some(1));
        assert_eq!(at(29), Some(1));
        assert_eq!(at(89), Some(1));
        assert_eq!(at(90), None);
        assert_eq!(step(key, "050471", Time(1_111_111_111_000)), Some(37_037_037));
        assert_eq!(step(key, "٢٨٧ ٠٨٢", Time(59_000)), Some(1));
        assert_eq!(step(key, "287083", Time(59_000)), None);
    }
}
