//! The last entry of evidence: what all others are, and who had them in their hands.

use domain::Category;
use serde::{Deserialize, Serialize};

/// Its path.
pub(super) const PATH: &str = "manifest.json";
/// What it says of itself.
pub(super) const FORMAT: &str = "handbill evidence 1";

/// `manifest.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the archive.
    pub format: String,
    /// The decision.
    pub decision: String,
    /// Of what it was said to be, the worst.
    pub category: Option<Category>,
    /// Its media must not be looked at, and nothing in the archive shows them.
    pub never_shown: bool,
    /// What made it.
    pub made_by: String,
    /// When it was sealed.
    pub sealed: String,
    /// Who had it in their hands, in order.
    pub custody: Vec<Custody>,
    /// All other entries, in the order of the archive.
    pub entries: Vec<Entry>,
}

/// A link of the chain of custody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Custody {
    /// When.
    pub at: String,
    /// What was done.
    pub what: String,
    /// By whom.
    pub by: Option<String>,
}

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its path in the archive.
    pub path: String,
    /// Its size.
    pub size_bytes: u64,
    /// Of its bytes, in hexadecimal digits.
    pub sha256: String,
    /// The same, as older lists know files.
    pub md5: String,
}

impl Entry {
    /// Whether it is a medium's file, and not words about it.
    #[must_use]
    pub fn is_medium(&self) -> bool {
        self.path.starts_with("files/")
    }
}

/// Whether a path is one that evidence has: relative, without steps up, of letters that every file system takes.
pub(super) fn is_plain(path: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'_'))
    };
    path.len() <= 200 && path.split('/').all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_leads_elsewhere_is_none() {
        for good in ["manifest.json", "posts/abcdefghjkmnp/page.html", "files/00ff.png"] {
            assert!(is_plain(good), "{good}");
        }
        for bad in ["", "/etc/passwd", "../x", "a/../b", "a//b", "a/", ".ssh/x", "a/.b", "a\\b", "C:/x", "a\0b", "żółw", &"a".repeat(201)]
        {
            assert!(!is_plain(bad), "{bad}");
        }
    }
}
