//! A post inside another site's page: what it shows, the link to it, and nothing else of ours.

use askama::Template;

use super::post::alt_words;
use super::{Frame, Medium, MediumBody, Piece, PostPage};

/// What stands in it.
#[derive(Clone, Debug)]
pub enum EmbedBody {
    /// The post.
    Post(Box<PostPage>),
    /// That it can be seen, or why it cannot, only where it stands.
    There {
        /// What is so, by its key.
        heading: &'static str,
        /// What the link leads to, by its key.
        link: &'static str,
        /// Where that is.
        url: String,
    },
    /// That it is gone.
    Gone,
    /// That there is nothing.
    Nothing,
}

/// `GET /{id}/embed`.
#[derive(Clone, Debug, Template)]
#[template(path = "embed/embed.html")]
pub struct EmbedPage {
    /// What every page needs.
    pub frame: Frame,
    /// What stands in it.
    pub body: EmbedBody,
}

impl EmbedPage {
    fn alt_of(&self, medium: &Medium) -> String {
        alt_words(self.frame.locale, medium)
    }
}
