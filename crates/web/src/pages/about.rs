//! What this place is, what it keeps and what it does not.

use askama::Template;
use domain::Limits;

use super::Frame;

/// `GET /about`.
#[derive(Clone, Debug, Template)]
#[template(path = "about/about.html")]
pub struct AboutPage {
    /// What every page needs.
    pub frame: Frame,
    /// What the operator allows.
    pub limits: Limits,
}
