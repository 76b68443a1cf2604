//! The addresses that Tor is left by, as the operator's file lists them: what comes from there is taken, and taken slowly.
//!
//! The list is public (<https://check.torproject.org/torbulkexitlist>); fetching it is the operator's. It is read again when it changes.

use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use crate::Site;

/// The largest file that is read: ten times as much as there ever was.
const LARGEST: u64 = 4 << 20;

/// What the file says, and of when that is.
#[derive(Default)]
pub(crate) struct Exits(Mutex<(Option<SystemTime>, HashSet<IpAddr>)>);

impl Exits {
    pub(crate) fn holds(&self, address: IpAddr) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1.contains(&address.to_canonical())
    }
}

/// The addresses of a list: one a line, or as `ExitAddress`. Whatever else stands there is left out.
fn addresses(text: &str) -> HashSet<IpAddr> {
    let of_line = |line: &str| {
        let line = line.split('#').next().unwrap_or_default().trim();
        line.strip_prefix("ExitAddress ").unwrap_or(line).split_whitespace().next()?.parse::<IpAddr>().ok()
    };
    text.lines().filter_map(of_line).map(|address| address.to_canonical()).collect()
}

impl Site {
    /// Reads the list of Tor's exits if it has changed. One that cannot be read leaves what was known.
    pub async fn follow_exits(&self) {
        let path = self.fair_use.tor_exits.clone();
        if path.is_empty() {
            return;
        }
        let before = self.exits().0.lock().unwrap_or_else(PoisonError::into_inner).0;
        let read = tokio::task::spawn_blocking(move || {
            let about = std::fs::metadata(&path)?;
            let changed = about.modified()?;
            if Some(changed) == before {
                return Ok(None);
            }
            if about.len() > LARGEST {
                return Err(std::io::Error::other("it is too large to be such a list"));
            }
            Ok(Some((changed, addresses(&std::fs::read_to_string(&path)?))))
        });
        match read.await {
            Ok(Ok(Some((changed, known)))) => {
                tracing::info!(exits = known.len(), "the list of Tor's exits was read");
                *self.exits().0.lock().unwrap_or_else(PoisonError::into_inner) = (Some(changed), known);
            }
            Ok(Ok(None)) | Err(_) => {}
            Ok(Err(error)) => tracing::warn!(%error, "fair_use.tor_exits was not read"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_the_list_are_read_and_nonsense_is_left_out() {
        let list =
            "# exits\n192.0.2.1\n ::ffff:192.0.2.2 \nExitNode 0123\nExitAddress 192.0.2.3 2026-11-24 02:30:00\n2001:db8::1\n\nkites\n";
        let known = addresses(list);
        let expected: HashSet<IpAddr> =
            ["192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1"].iter().filter_map(|text| text.parse().ok()).collect();
        assert_eq!(known, expected);
    }
}
