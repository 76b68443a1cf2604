//! Registered parties: who they are, how that is known, their keys, and the people who file for them.

use domain::party::{Checked, NONCE_BYTES, NONCE_KEPT_MS, SIGNED_WITHIN_MS};
use domain::{Act, KeyId, ModeratorId, ModeratorName, Party, PartyId, PartyName, Role, Time};
use store::parties::KeyRow;
use store::{ModeratorRow, PartyRow, Tx};

use crate::moderators::may;
use crate::{Error, NewLink, PersonRefused, Site};

/// Why something cannot be done with a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartyRefused {
    /// There is one of this name, or a key of this id.
    Taken,
    /// Who asks is no operator, or not any more.
    NotAllowed,
    /// There is none.
    Nobody,
    /// It is so already.
    Already,
    /// It is no key for Ed25519.
    Key,
}

/// Why a signature is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureRefused {
    /// No party has a key of this id, or it is good no more.
    #[error("no party has this key, or it is good no more")]
    Key,
    /// The party may not file.
    #[error("the party is suspended; its operator has to be asked")]
    Suspended,
    /// It was made too long ago, or is still to be made.
    #[error("`created` is more than five minutes from the time that it is here")]
    Time,
    /// It has no nonce, or one that is too long, or that was used before.
    #[error("`nonce` is missing, longer than 128 bytes, or was used before")]
    Nonce,
}

impl Site {
    /// Registers a party. `by`: an operator; `None`: the command line.
    pub async fn add_party(&self, by: Option<&ModeratorId>, party: Party) -> Result<Result<PartyRow, PartyRefused>, Error> {
        let mut tx = self.store.db.begin().await?;
        if !may(&mut tx, by).await? {
            return Ok(Err(PartyRefused::NotAllowed));
        }
        let row = PartyRow { id: self.chance.party_id(), party, suspended: None, distrusted: None, created: self.clock.now() };
        if !store::parties::insert(&mut tx, &row).await? {
            return Ok(Err(PartyRefused::Taken));
        }
        let detail = serde_json::json!({ "kind": row.party.kind.as_str(), "checked": row.party.checked.is_some() });
        self.note(&mut tx, by, Act::PartyAdded, row.id.as_str(), &detail).await?;
        tx.commit().await?;
        Ok(Ok(row))
    }

    /// Writes down that a party's identity was checked.
    pub async fn check_party(&self, by: Option<&ModeratorId>, id: &PartyId, checked: &Checked) -> Result<Result<(), PartyRefused>, Error> {
        let mut tx = self.store.db.begin().await?;
        if !may(&mut tx, by).await? {
            return Ok(Err(PartyRefused::NotAllowed));
        }
        if !store::parties::set_checked(&mut tx, id, checked).await? {
            return Ok(Err(PartyRefused::Nobody));
        }
        self.note(&mut tx, by, Act::PartyChecked, id.as_str(), &serde_json::json!({ "by": checked.by.as_str() })).await?;
        tx.commit().await?;
        Ok(Ok(()))
    }

    /// A party may not file any more, from this moment on: neither its keys nor its people. Or it may again.
    pub async fn suspend_party(&self, by: Option<&ModeratorId>, id: &PartyId, suspended: bool) -> Result<Result<(), PartyRefused>, Error> {
        let mut tx = self.store.db.begin().await?;
        if !may(&mut tx, by).await? {
            return Ok(Err(PartyRefused::NotAllowed));
        }
        let (done, act) = if suspended {
            (store::parties::suspend(&mut tx, id, self.clock.now()).await?, Act::PartySuspended)
        } else {
            (store::parties::resume(&mut tx, id).await?, Act::PartyResumed)
        };
        if !done {
            let known = store::parties::find(&self.store.db, id).await?.is_some();
            return Ok(Err(if known { PartyRefused::Already } else { PartyRefused::Nobody }));
        }
        self.note(&mut tx, by, act, id.as_str(), &serde_json::json!({})).await?;
        tx.commit().await?;
        Ok(Ok(()))
    }

    /// Gives a party a key to sign with: the 32 bytes of an Ed25519 public key (RFC 8032).
    pub async fn add_key(
        &self,
        by: Option<&ModeratorId>,
        party: &PartyId,
        key: &KeyId,
        public_key: [u8; 32],
    ) -> Result<Result<(), PartyRefused>, Error> {
        // One that is no point of the curve, or of a small order, would verify what nobody signed.
        if ed25519_dalek::VerifyingKey::from_bytes(&public_key).map_or(true, |key| key.is_weak()) {
            return Ok(Err(PartyRefused::Key));
        }
        let mut tx = self.store.db.begin().await?;
        if !may(&mut tx, by).await? {
            return Ok(Err(PartyRefused::NotAllowed));
        }
        if store::parties::find(&self.store.db, party).await?.is_none() {
            return Ok(Err(PartyRefused::Nobody));
        }
        let row = KeyRow { id: key.clone(), party_id: party.clone(), public_key, created: self.clock.now(), revoked: None };
        if !store::parties::insert_key(&mut tx, &row).await? {
            return Ok(Err(PartyRefused::Taken));
        }
        self.note(&mut tx, by, Act::KeyAdded, party.as_str(), &serde_json::json!({ "key": key.as_str() })).await?;
        tx.commit().await?;
        Ok(Ok(()))
    }

    /// A key is good no more, from this moment on.
    pub async fn revoke_key(&self, by: Option<&ModeratorId>, key: &KeyId) -> Result<Result<(), PartyRefused>, Error> {
        let mut tx = self.store.db.begin().await?;
        if !may(&mut tx, by).await? {
            return Ok(Err(PartyRefused::NotAllowed));
        }
        let Some(row) = store::parties::find_key(&self.store.db, key).await? else { return Ok(Err(PartyRefused::Nobody)) };
        if !store::parties::revoke_key(&mut tx, key, self.clock.now()).await? {
            return Ok(Err(PartyRefused::Already));
        }
        self.note(&mut tx, by, Act::KeyRevoked, row.party_id.as_str(), &serde_json::json!({ "key": key.as_str() })).await?;
        tx.commit().await?;
        Ok(Ok(()))
    }

    /// Adds somebody who files for a party on its portal; they are enrolled by the link.
    pub async fn add_party_person(
        &self,
        by: Option<&ModeratorId>,
        party: &PartyId,
        name: &ModeratorName,
    ) -> Result<Result<NewLink, PersonRefused>, Error> {
        if store::parties::find(&self.store.db, party).await?.is_none() {
            return Ok(Err(PersonRefused::Nobody));
        }
        self.add_person(by, name, Role::Party, Some(party.clone())).await
    }

    /// All parties, in the order in which they were registered.
    pub async fn parties(&self) -> Result<Vec<PartyRow>, Error> {
        Ok(store::parties::list(&self.store.db).await?)
    }

    /// The party of this id.
    pub async fn party(&self, id: &PartyId) -> Result<Option<PartyRow>, Error> {
        Ok(store::parties::find(&self.store.db, id).await?)
    }

    /// The party of this name.
    pub async fn party_named(&self, name: &PartyName) -> Result<Option<PartyRow>, Error> {
        Ok(store::parties::by_name(&self.store.db, name).await?)
    }

    /// A party's keys, the oldest first.
    pub async fn keys_of(&self, id: &PartyId) -> Result<Vec<KeyRow>, Error> {
        Ok(store::parties::keys(&self.store.db, id).await?)
    }

    /// Who files for a party on its portal.
    pub async fn people_of(&self, id: &PartyId) -> Result<Vec<ModeratorRow>, Error> {
        Ok(self.moderators().await?.into_iter().filter(|one| one.party.as_ref() == Some(id)).collect())
    }

    /// The public key of this id, for whoever checks a signature; `None` if no party has it, or it is good no more.
    pub async fn public_key(&self, id: &KeyId) -> Result<Option<KeyRow>, Error> {
        Ok(store::parties::find_key(&self.store.db, id).await?.filter(|key| key.revoked.is_none()))
    }

    /// Uses a signature up whose bytes were found to be right: it is of this moment, and never comes again. Returns whose it is.
    pub async fn use_signature(
        &self,
        key: &KeyRow,
        created: Option<Time>,
        nonce: Option<&str>,
    ) -> Result<Result<PartyRow, SignatureRefused>, Error> {
        let now = self.clock.now();
        if created.is_none_or(|created| now.since_ms(created).saturating_abs() > SIGNED_WITHIN_MS) {
            return Ok(Err(SignatureRefused::Time));
        }
        let Some(nonce) = nonce.filter(|nonce| (1..=NONCE_BYTES).contains(&nonce.len())) else {
            return Ok(Err(SignatureRefused::Nonce));
        };
        let Some(party) = store::parties::find(&self.store.db, &key.party_id).await? else { return Ok(Err(SignatureRefused::Key)) };
        if party.suspended.is_some() {
            return Ok(Err(SignatureRefused::Suspended));
        }
        let mut tx = self.store.db.begin().await?;
        if !store::parties::use_nonce(&mut tx, &key.id, nonce, now).await? {
            // Of two reasons the first is known to be wrong: it was looked up a moment ago.
            return Ok(Err(SignatureRefused::Nonce));
        }
        tx.commit().await?;
        Ok(Ok(party))
    }

    /// Forgets signatures that were used up so long ago that they could be good no more.
    pub(crate) async fn forget_nonces(&self, tx: &mut Tx) -> Result<(), Error> {
        Ok(store::parties::forget_nonces(tx, self.clock.now().plus_ms(-NONCE_KEPT_MS)).await?)
    }
}
