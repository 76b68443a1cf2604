//! The policy that is in force, and every one that was: what decisions cite.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use domain::{Act, ModeratorId, Policy, PolicyOrigin};
use store::PolicyRow;

use crate::{Error, Site};

/// A policy with the number and the time of its version.
#[derive(Clone, Debug)]
pub struct PolicyVersion {
    /// Its number, whose it is, and since when it was in force.
    pub row: PolicyRow,
    /// What it says.
    pub policy: Policy,
}

/// What came of putting a policy in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicySet {
    /// It is in force, as this version.
    New(i64),
    /// It was so already.
    Already(i64),
}

/// Versions that were read; they never change.
#[derive(Default)]
pub(crate) struct Policies(RwLock<HashMap<i64, Arc<PolicyVersion>>>);

impl Site {
    /// The policy that is in force; `None`: this site has never been started.
    pub async fn policy(&self) -> Result<Option<Arc<PolicyVersion>>, Error> {
        match store::policies::newest(&self.store.db).await? {
            Some(row) => self.policy_of(&row).await,
            None => Ok(None),
        }
    }

    /// The policy of this version; `None`: there is no such version.
    pub async fn policy_version(&self, version: i64) -> Result<Option<Arc<PolicyVersion>>, Error> {
        if let Some(known) = self.known_policy(version) {
            return Ok(Some(known));
        }
        match store::policies::all(&self.store.db).await?.into_iter().find(|row| row.version == version) {
            Some(row) => self.policy_of(&row).await,
            None => Ok(None),
        }
    }

    /// Every version, the newest first: that is the one in force.
    pub async fn policies(&self) -> Result<Vec<PolicyRow>, Error> {
        Ok(store::policies::all(&self.store.db).await?)
    }

    /// Clauses that decisions which stand have cited and that `policy` does not have, and how many decisions each.
    pub async fn cited_and_not_in(&self, policy: &Policy) -> Result<Vec<(String, i64)>, Error> {
        Ok(store::policies::cited(&self.store.db).await?.into_iter().filter(|(id, _)| !policy.has(id)).collect())
    }

    /// Puts a policy of the operator's in force, now.
    pub async fn set_policy(&self, by: Option<&ModeratorId>, policy: &Policy) -> Result<PolicySet, Error> {
        loop {
            let mut tx = self.store.db.begin().await?;
            if let Some(row) = store::policies::look(&mut tx).await?
                && row.digest == policy.digest()
            {
                return Ok(PolicySet::Already(row.version));
            }
            // Somebody else's came at this moment: this one comes after it.
            let Some(version) = store::policies::insert(&mut tx, policy, PolicyOrigin::Own, self.clock.now()).await? else { continue };
            self.note(&mut tx, by, Act::PolicySet, &version.to_string(), &serde_json::json!({ "origin": PolicyOrigin::Own.as_str() }))
                .await?;
            tx.commit().await?;
            return Ok(PolicySet::New(version));
        }
    }

    /// Puts the policy that ships in force where the operator has none of their own and it has never been in force: at the first start, and after
    /// an upgrade that changed it. An older program beside a newer one changes nothing back.
    pub async fn adopt_policy(&self, shipped: &Policy) -> Result<(), Error> {
        let mut tx = self.store.db.begin().await?;
        let own = store::policies::look(&mut tx).await?.is_some_and(|row| row.origin == PolicyOrigin::Own);
        if own || store::policies::was_in_force(&mut tx, &shipped.digest()).await? {
            return Ok(());
        }
        // Where another node has done it at this moment, it is done.
        if let Some(version) = store::policies::insert(&mut tx, shipped, PolicyOrigin::Shipped, self.clock.now()).await? {
            let detail = serde_json::json!({ "origin": PolicyOrigin::Shipped.as_str() });
            self.note(&mut tx, None, Act::PolicySet, &version.to_string(), &detail).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    fn known_policy(&self, version: i64) -> Option<Arc<PolicyVersion>> {
        self.known_policies().0.read().ok()?.get(&version).cloned()
    }

    async fn policy_of(&self, row: &PolicyRow) -> Result<Option<Arc<PolicyVersion>>, Error> {
        if let Some(known) = self.known_policy(row.version) {
            return Ok(Some(known));
        }
        let Some(policy) = store::policies::find(&self.store.db, row.version).await? else { return Ok(None) };
        let version = Arc::new(PolicyVersion { row: row.clone(), policy });
        if let Ok(mut known) = self.known_policies().0.write() {
            known.insert(row.version, Arc::clone(&version));
        }
        Ok(Some(version))
    }
}
