//! What stands in the place of a post that is not open to all: that it is locked, and how to open it. Nothing else.

use app::Lock;
use askama::Template;

use super::Frame;

/// `GET /{id}` of a locked post, and the answer to a wrong password.
#[derive(Clone, Debug, Template)]
#[template(path = "locked/locked.html")]
pub struct LockedPage {
    /// What every page needs.
    pub frame: Frame,
    /// What it asks for.
    pub lock: Lock,
    /// Where the form goes: `/{id}/open`.
    pub action: String,
    /// What was wrong, in the reader's language.
    pub error: Option<String>,
}

impl LockedPage {
    fn asks_for_password(&self) -> bool {
        self.lock == Lock::Password
    }
}
