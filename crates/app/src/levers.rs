//! Levers: pulled by people and by the site itself, known to every node a second later.

use std::sync::{Arc, Mutex, PoisonError};

use domain::lever::{Lever, LeverError, Levers, Pulled, Source};
use domain::{Act, ModeratorId, Time};

use crate::moderators::may;
use crate::{Error, Site};

/// Who pulls a lever, or lets it go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By<'a> {
    /// Somebody who is signed in to the console.
    Person(&'a ModeratorId),
    /// Whoever has the command line.
    CommandLine,
    /// The site, because nobody is there.
    NobodyAtHome,
}

/// Why a lever stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LeverRefused {
    /// Who asks is no operator, or not any more.
    #[error("only an operator may")]
    NotAllowed,
    /// It is not pulled.
    #[error("it is not pulled")]
    NotPulled,
    /// For its end.
    #[error(transparent)]
    End(#[from] LeverError),
}

/// The levers in memory, for everybody who asks.
#[derive(Default)]
pub(crate) struct Known(Mutex<Arc<Levers>>);

impl<'a> By<'a> {
    fn source(self) -> Source {
        match self {
            Self::Person(_) | Self::CommandLine => Source::Operator,
            Self::NobodyAtHome => Source::NobodyAtHome,
        }
    }

    fn person(self) -> Option<&'a ModeratorId> {
        match self {
            Self::Person(id) => Some(id),
            Self::CommandLine | Self::NobodyAtHome => None,
        }
    }
}

impl Site {
    /// The levers that are pulled, as this node knows them.
    #[must_use]
    pub fn levers(&self) -> Arc<Levers> {
        Arc::clone(&self.known_levers().0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// This lever, if it is pulled now.
    #[must_use]
    pub fn lever(&self, lever: Lever) -> Option<Pulled> {
        self.levers().pulled(lever, self.clock.now())
    }

    /// Pulls a lever, or gives one that is pulled another end. When this returns, this node follows it.
    pub async fn set_lever(&self, by: By<'_>, lever: Lever, until: Option<Time>) -> Result<Result<Pulled, LeverRefused>, Error> {
        let pulled = match Pulled::new(lever, by.source(), self.clock.now(), until) {
            Ok(pulled) => pulled,
            Err(error) => return Ok(Err(error.into())),
        };
        let mut tx = self.store.db.begin().await?;
        if !may(&mut tx, by.person()).await? {
            return Ok(Err(LeverRefused::NotAllowed));
        }
        store::levers::set(&mut tx, &pulled, by.person()).await?;
        let detail = serde_json::json!({ "source": pulled.source, "until_ms": until.map(|until| until.0) });
        self.note(&mut tx, by.person(), Act::LeverSet, lever.as_str(), &detail).await?;
        tx.commit().await?;
        self.read_levers().await?;
        Ok(Ok(pulled))
    }

    /// Lets go of a lever before its end.
    pub async fn clear_lever(&self, by: By<'_>, lever: Lever) -> Result<Result<(), LeverRefused>, Error> {
        let mut tx = self.store.db.begin().await?;
        if !may(&mut tx, by.person()).await? {
            return Ok(Err(LeverRefused::NotAllowed));
        }
        if !store::levers::clear(&mut tx, lever, by.source()).await? {
            return Ok(Err(LeverRefused::NotPulled));
        }
        self.note(&mut tx, by.person(), Act::LeverCleared, lever.as_str(), &serde_json::json!({ "source": by.source() })).await?;
        tx.commit().await?;
        self.read_levers().await?;
        Ok(Ok(()))
    }

    /// Keeps the levers in memory up to date.
    pub async fn follow_levers(&self) {
        if let Err(error) = self.read_levers().await {
            tracing::warn!(%error, "the levers were not read");
        }
    }

    async fn read_levers(&self) -> Result<(), Error> {
        let levers = Levers::new(store::levers::all(&self.store.db).await?);
        let mut known = self.known_levers().0.lock().unwrap_or_else(PoisonError::into_inner);
        if **known != levers {
            *known = Arc::new(levers);
        }
        Ok(())
    }
}

/// Nothing new is taken: the lever is pulled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nothing new is taken for another {wait_ms} ms")]
pub struct ReadOnly {
    /// Its end, if it has one.
    pub until: Option<Time>,
    /// When it may be tried again.
    pub wait_ms: i64,
}

impl Site {
    /// Whether anything new is taken now.
    pub fn may_post(&self) -> Result<(), ReadOnly> {
        match self.lever(Lever::ReadOnly) {
            Some(pulled) => Err(ReadOnly { until: pulled.until, wait_ms: pulled.wait_ms(self.clock.now()) }),
            None => Ok(()),
        }
    }
}

impl ReadOnly {
    /// The wait in whole seconds, rounded up.
    #[must_use]
    pub fn seconds(&self) -> i64 {
        self.wait_ms.max(1).saturating_add(999) / 1_000
    }
}
