//! How an act is carried out: to its end whoever goes away, and leaving nothing behind if it failed.

use crate::{Error, Site};

/// Why an act failed; `nobody_knows`: or whether it did.
pub(crate) struct Failed {
    nobody_knows: bool,
    error: Error,
}

impl Failed {
    /// A commit failed. Where it got no answer it may have happened all the same.
    pub(crate) fn commit(error: store::Error) -> Self {
        Self { nobody_knows: !matches!(error, store::Error::NoSpace), error: error.into() }
    }
}

impl<Inner: Into<Error>> From<Inner> for Failed {
    fn from(error: Inner) -> Self {
        Self { nobody_knows: false, error: error.into() }
    }
}

/// Does it on its own: a client that goes away now must not stop it half-way.
pub(crate) async fn on_its_own<Done: Send + 'static, Fault: From<Error> + Send + 'static>(
    act: impl Future<Output = Result<Done, Fault>> + Send + 'static,
) -> Result<Done, Fault> {
    tokio::spawn(act).await.unwrap_or_else(|error| Err(Fault::from(std::io::Error::other(error).into())))
}

impl Site {
    /// The result of an act that was to refer to these objects. Where it failed whoever asked will be told so, and nothing of it may
    /// stay; but where nobody knows, they are left to the sweeper, who asks the rows.
    pub(crate) async fn or_give_up<Done>(&self, objects: &[String], done: Result<Done, Failed>) -> Result<Done, Error> {
        match done {
            Ok(done) => Ok(done),
            Err(Failed { nobody_knows, error }) => {
                if !nobody_knows {
                    self.give_up_all(objects).await;
                }
                Err(error)
            }
        }
    }

    /// Deletes objects that no row names.
    pub(crate) async fn give_up_all(&self, objects: &[String]) {
        for key in objects {
            self.give_up(key).await;
        }
    }
}
