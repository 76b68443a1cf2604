//! Opening a post that is not open to all: by its password, or by a press of Open that is counted. Whoever has opened it gets a pass.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};
use domain::pass::{COUNTED_PASS_MS, PASS_MS};
use domain::{Password, PostId, Time};
use store::PostRow;
use tokio::sync::Semaphore;

use crate::{Error, Job, Site};

/// A hash takes 19 MiB and a core for some hundredths of a second (argon2id, m = 19 MiB, t = 2, p = 1: the first choice of OWASP's
/// password storage cheat sheet). More of them at a time would take the machine from those who read.
static HASHING: Semaphore = Semaphore::const_new(2);

/// What came of knocking.
#[derive(Debug)]
pub enum Opened {
    /// It is open until then, to whoever shows the pass.
    Pass {
        /// What to show.
        pass: String,
        /// Until when it is taken.
        until: Time,
    },
    /// It needs none.
    NoNeed,
    /// The password is wrong or missing. No opening was used up.
    Wrong,
    /// It was deleted, has expired, or was opened as often as it may be.
    Gone,
    /// Nothing was ever there.
    Nothing,
}

impl Site {
    /// Opens the post for one visit. One opening of a counted post is used up if, and only if, a pass comes of it.
    pub async fn open(&self, id: &PostId, password: Option<Password>) -> Result<Opened, Error> {
        let Some(post) = store::posts::find(&self.store.db, id).await? else {
            return Ok(if store::posts::is_gone(&self.store.db, id).await? { Opened::Gone } else { Opened::Nothing });
        };
        let now = self.clock.now();
        if post.has_ended(now) || post.removed.is_some() {
            return Ok(Opened::Gone);
        }
        let Some(seal) = post.seal else { return Ok(Opened::NoNeed) };
        if let Some(hash) = &post.password
            && !verified(password, hash.clone()).await?
        {
            return Ok(Opened::Wrong);
        }
        let until = match post.views_left {
            None => now.plus_ms(PASS_MS),
            Some(_) => {
                let until = now.plus_ms(COUNTED_PASS_MS);
                if !self.count(&post, until).await? {
                    return Ok(Opened::Gone);
                }
                until
            }
        };
        // A pass does not outlive the post.
        let until = post.expires.map_or(until, |end| end.min(until));
        Ok(Opened::Pass { pass: seal.pass(id, until), until })
    }

    /// Uses up one opening; `false` if none is left. With the last one the post's end is set: when the last pass ends.
    async fn count(&self, post: &PostRow, until: Time) -> Result<bool, Error> {
        let mut tx = self.store.db.begin().await?;
        let Some(left) = store::posts::use_up_a_view(&mut tx, &post.id).await? else { return Ok(false) };
        if left == 0 && post.expires.is_none_or(|end| end > until) {
            store::posts::set_end(&mut tx, &post.id, Some(until)).await?;
            self.enqueue_at(&mut tx, &Job::ExpirePost { post_id: post.id.clone() }, until).await?;
        }
        tx.commit().await?;
        Ok(true)
    }
}

/// A new password's hash, in the PHC string format.
pub(crate) async fn hashed(site: &Site, password: Password) -> Result<String, Error> {
    let salt = site.chance.salt();
    let _turn = HASHING.acquire().await.map_err(|_| Error::Stopped)?;
    let hashing = tokio::task::spawn_blocking(move || {
        Argon2::default().hash_password_with_salt(password.bytes(), &salt).map(|hash| hash.to_string())
    });
    hashing.await.map_err(std::io::Error::other)?.map_err(|error| std::io::Error::other(error.to_string()).into())
}

/// Whether this password has this hash.
pub(crate) async fn verified(password: Option<Password>, hash: String) -> Result<bool, Error> {
    let Some(password) = password else { return Ok(false) };
    let _turn = HASHING.acquire().await.map_err(|_| Error::Stopped)?;
    let verifying = tokio::task::spawn_blocking(move || {
        let Ok(hash) = PasswordHash::new(&hash) else { return None };
        Some(Argon2::default().verify_password(password.bytes(), &hash).is_ok())
    });
    let verified = verifying.await.map_err(std::io::Error::other)?;
    verified.ok_or_else(|| std::io::Error::other("a stored password does not read").into())
}
