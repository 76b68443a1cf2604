//! The one clock of a site; tests turn it by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use domain::Time;

/// What time it is.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's.
    System,
    /// Stands still until it is set.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `time`.
    #[must_use]
    pub fn manual(time: Time) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(time.0)))
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Time {
        match self {
            Self::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Time(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
            }
            Self::Manual(ms) => Time(ms.load(Ordering::SeqCst)),
        }
    }

    /// Moves a manual clock on; the machine's own cannot be moved and is left alone.
    pub fn advance_ms(&self, by: i64) {
        if let Self::Manual(ms) = self {
            ms.fetch_add(by, Ordering::SeqCst);
        }
    }
}
