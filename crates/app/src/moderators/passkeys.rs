//! Passkeys: a question that a browser's authenticator signs, and the check of its answer (WebAuthn, by webauthn-rs).
//!
//! They are made discoverable, so that somebody signs in with one press and nobody learns from the console whose names there are. The
//! question waits in the database: another node may get the answer. It is answered once.

use domain::moderator::{CHALLENGE_MS, lasts};
use domain::{Act, EnrolSecret, SessionToken};
use store::moderators::{ChallengeRow, Credential};
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Url, Uuid,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};
use webauthn_rs_proto::ResidentKeyRequirement;

use super::{EnrolRefused, NewSession};
use crate::{Error, Site};

/// A question for an authenticator.
#[derive(Debug)]
pub struct Asked {
    /// What finds it again; the browser brings it back with the answer.
    pub token: SessionToken,
    /// What the browser's `navigator.credentials` is given, as JSON.
    pub options: serde_json::Value,
}

/// Where a site's passkeys belong: a host by its name, reached by https or on the machine itself.
pub struct PasskeyPlace(Webauthn);

impl PasskeyPlace {
    /// The place of a site whose links begin with `origin`; `None` where browsers give no passkeys, such as a bare address.
    #[must_use]
    pub fn of(origin: &str, site_name: &str) -> Option<Self> {
        let url = Url::parse(origin).ok()?;
        let host = url.domain()?.to_owned();
        if url.scheme() != "https" && host != "localhost" && !host.ends_with(".localhost") {
            return None;
        }
        WebauthnBuilder::new(&host, &url).ok()?.rp_name(site_name).build().ok().map(Self)
    }
}

impl Site {
    /// Asks for a new passkey of whom this link enrols.
    pub async fn ask_new_passkey(&self, place: &PasskeyPlace, secret: &EnrolSecret) -> Result<Result<Asked, EnrolRefused>, Error> {
        let Some(moderator) = self.enrolling(secret).await? else { return Ok(Err(EnrolRefused::Link)) };
        // What an authenticator keeps beside the key tells nothing of our ids.
        let handle = Uuid::new_v4();
        let Ok((mut options, state)) = place.0.start_passkey_registration(handle, &moderator.name, &moderator.name, None) else {
            return Ok(Err(EnrolRefused::Passkey));
        };
        if let Some(selection) = &mut options.public_key.authenticator_selection {
            selection.resident_key = Some(ResidentKeyRequirement::Required);
            selection.require_resident_key = true;
        }
        let row = ChallengeRow { moderator_id: Some(moderator.id), state: serde_json::to_string(&state)?, created: self.clock.now() };
        Ok(Ok(self.put_question(row, serde_json::to_value(options)?).await?))
    }

    /// Enrols somebody with the passkey that this answer makes known, and signs them in.
    pub async fn enrol_with_passkey(
        &self,
        place: &PasskeyPlace,
        secret: &EnrolSecret,
        asked: &SessionToken,
        answer: serde_json::Value,
    ) -> Result<Result<NewSession, EnrolRefused>, Error> {
        let Some(moderator) = self.enrolling(secret).await? else { return Ok(Err(EnrolRefused::Link)) };
        let checked = self.answered(asked).await?.filter(|row| row.moderator_id.as_ref() == Some(&moderator.id)).and_then(|row| {
            let state: PasskeyRegistration = serde_json::from_str(&row.state).ok()?;
            let answer: RegisterPublicKeyCredential = serde_json::from_value(answer).ok()?;
            place.0.finish_passkey_registration(&answer, &state).ok()
        });
        let Some(passkey) = checked else { return Ok(Err(EnrolRefused::Passkey)) };
        let credential = serde_json::to_string(&passkey)?;
        let id: &[u8] = passkey.cred_id().as_ref();
        self.enrol(secret, &Credential::Passkey { id, credential: &credential }, None, "passkey").await
    }

    /// Asks whoever is there to sign in by a passkey.
    pub async fn ask_passkey(&self, place: &PasskeyPlace) -> Result<Option<Asked>, Error> {
        let Ok((mut options, state)) = place.0.start_discoverable_authentication() else { return Ok(None) };
        // Somebody pressed a button: the browser asks at once, and not in a field's list.
        options.mediation = None;
        let row = ChallengeRow { moderator_id: None, state: serde_json::to_string(&state)?, created: self.clock.now() };
        Ok(Some(self.put_question(row, serde_json::to_value(options)?).await?))
    }

    /// Signs in whose passkey has answered; `None`, whatever was wrong.
    pub async fn sign_in_by_passkey(
        &self,
        place: &PasskeyPlace,
        asked: &SessionToken,
        answer: serde_json::Value,
    ) -> Result<Option<NewSession>, Error> {
        let session = self.checked_passkey(place, asked, answer).await?;
        if session.is_none() {
            self.count_failure().await?;
        }
        Ok(session)
    }

    async fn checked_passkey(
        &self,
        place: &PasskeyPlace,
        asked: &SessionToken,
        answer: serde_json::Value,
    ) -> Result<Option<NewSession>, Error> {
        let Some(row) = self.answered(asked).await?.filter(|row| row.moderator_id.is_none()) else { return Ok(None) };
        let state: DiscoverableAuthentication = serde_json::from_str(&row.state)?;
        let Ok(answer) = serde_json::from_value::<PublicKeyCredential>(answer) else { return Ok(None) };
        let Some(known) = store::moderators::passkey(&self.store.db, answer.get_credential_id()).await? else { return Ok(None) };
        let mut passkey: Passkey = serde_json::from_str(&known.credential)?;
        let Ok(result) = place.0.finish_discoverable_authentication_v2(&answer, state, &passkey) else { return Ok(None) };
        let mut tx = self.store.db.begin().await?;
        if store::moderators::role(&mut tx, &known.moderator_id).await?.is_none() {
            return Ok(None);
        }
        if passkey.update_credential(&result) == Some(true) {
            store::moderators::set_passkey(&mut tx, answer.get_credential_id(), &serde_json::to_string(&passkey)?).await?;
        }
        let id = known.moderator_id;
        self.note(&mut tx, Some(&id), Act::SignedIn, id.as_str(), &serde_json::json!({ "with": "passkey" })).await?;
        let session = self.begin_session(&mut tx, id).await?;
        tx.commit().await?;
        Ok(Some(session))
    }

    async fn put_question(&self, row: ChallengeRow, options: serde_json::Value) -> Result<Asked, Error> {
        let token = self.chance.session_token();
        let mut tx = self.store.db.begin_light().await?;
        store::moderators::insert_challenge(&mut tx, &token.hash(), &row).await?;
        tx.commit().await?;
        Ok(Asked { token, options })
    }

    /// The question that is answered, if it still waits. Right or wrong, it waits no more.
    async fn answered(&self, asked: &SessionToken) -> Result<Option<ChallengeRow>, Error> {
        let mut tx = self.store.db.begin_light().await?;
        let row = store::moderators::take_challenge(&mut tx, &asked.hash()).await?;
        tx.commit().await?;
        Ok(row.filter(|row| lasts(row.created, CHALLENGE_MS, self.clock.now())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_belong_to_a_name_that_is_reached_safely() {
        let place = |origin| PasskeyPlace::of(origin, "Kites").is_some();
        assert!(place("https://kites.example") && place("https://kites.example:8443"));
        assert!(place("http://localhost:8080"));
        assert!(!place("http://kites.example") && !place("http://127.0.0.1:8080") && !place("https://[::1]") && !place("kites"));
    }
}
