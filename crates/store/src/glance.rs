//! One look at one post on SQLite, from the very thread that asks.
//!
//! The pool's connections live on threads of their own, and going there and back costs ten times what the question costs. This
//! one question stands before every page and every picture, reads two numbers and a key by primary key, and in write-ahead mode waits for
//! nobody; so it is asked directly. Whatever is out of the ordinary is left to the pool, which knows how to wait and what to say.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use domain::{PostId, Seal, Time};
use rusqlite::{Connection, OpenFlags, OptionalExtension as _};

use crate::posts::Standing;

/// The question; the pool's form of it is [`crate::dialect::STANDING`].
pub(crate) const LOOK: &str = "SELECT revision, expires_ms, seal FROM posts WHERE id = $1 AND removed IS NULL";
/// Connections that are kept: one for each thread that is likely to look at the same moment.
const KEPT: usize = 16;

/// Read-only connections that are used where they are.
pub struct Glance {
    path: Box<Path>,
    /// `None` once the database is closed.
    idle: Mutex<Option<Vec<Connection>>>,
}

impl Glance {
    pub(crate) fn new(path: &Path) -> Self {
        Self { path: path.into(), idle: Mutex::new(Some(Vec::new())) }
    }

    /// How the post stands now, `Some(None)` if it is not there; `None`: ask the pool.
    pub(crate) fn look(&self, id: &PostId) -> Option<Option<Standing>> {
        let kept = self.idle.lock().unwrap_or_else(PoisonError::into_inner).as_mut()?.pop();
        let connection = kept.or_else(|| self.connect().ok())?;
        let found = connection
            .prepare_cached(LOOK)
            .and_then(|mut look| {
                look.query_row([id.as_str()], |row| Ok((row.get(0)?, row.get::<_, Option<i64>>(1)?, row.get::<_, Option<[u8; 32]>>(2)?)))
                    .optional()
            })
            .ok()?;
        if let Some(idle) = self.idle.lock().unwrap_or_else(PoisonError::into_inner).as_mut()
            && idle.len() < KEPT
        {
            idle.push(connection);
        }
        Some(found.map(|(revision, expires, seal)| Standing { revision, expires: expires.map(Time), seal: seal.map(Seal::new) }))
    }

    /// Closes every connection, so that the last one of the pool can put the log away.
    pub(crate) fn close(&self) {
        drop(self.idle.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    fn connect(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        // Not a moment: a thread that serves everybody must not wait for a lock.
        connection.busy_timeout(std::time::Duration::ZERO)?;
        Ok(connection)
    }
}
