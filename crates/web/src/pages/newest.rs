//! The public list, as a page and as a feed.

use askama::Template;
use domain::{Language, Time};

use super::Frame;

/// `GET /newest`.
#[derive(Clone, Debug, Template)]
#[template(path = "newest/newest.html")]
pub struct NewestPage {
    /// What every page needs.
    pub frame: Frame,
    /// The newest first.
    pub entries: Vec<Entry>,
    /// Nothing newer was left out.
    pub first: bool,
    /// The address of what is older.
    pub older: Option<String>,
}

/// `GET /newest.atom`: RFC 4287.
#[derive(Clone, Debug, Template)]
#[template(path = "newest/feed.xml")]
pub struct FeedPage {
    /// The reader's language, and the site's name.
    pub frame: Frame,
    /// Its own address.
    pub own_url: String,
    /// The address of the list as a page.
    pub page_url: String,
    /// When anything on it was last changed.
    pub updated: String,
    /// The newest first.
    pub entries: Vec<Entry>,
}

/// A post on the list.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its address.
    pub url: String,
    /// Its name for feed readers.
    pub urn: String,
    /// One line.
    pub title: Option<String>,
    /// The beginning of its words; empty: none, or covered.
    pub excerpt: String,
    /// Of its words.
    pub language: Option<Language>,
    /// When it was published.
    pub created: Time,
    /// The same, as a feed says it.
    pub published: String,
    /// When it was last changed.
    pub updated: String,
    /// Covered until asked for.
    pub sensitive: bool,
    /// Never of what is covered.
    pub thumbnail: Option<Small>,
}

/// A small picture.
#[derive(Clone, Debug)]
pub struct Small {
    /// Its address.
    pub src: String,
    /// Pixels.
    pub width: i64,
    /// Pixels.
    pub height: i64,
    /// What it shows; empty: nobody has said.
    pub alt: String,
}

impl Entry {
    /// Its title, else its first words, else what the site calls a post.
    fn heading(&self, frame: &Frame) -> String {
        match &self.title {
            Some(title) => title.clone(),
            None if self.excerpt.is_empty() => frame.locale.text("post-untitled").into_owned(),
            None => super::post::shortened(&self.excerpt),
        }
    }

    /// Its words, as far as they do not stand in the heading already.
    fn more(&self) -> String {
        if self.title.is_some() {
            return self.excerpt.clone();
        }
        let heading = super::post::shortened(&self.excerpt);
        match heading.strip_suffix('…').and_then(|begun| self.excerpt.strip_prefix(begun)) {
            Some(rest) if heading != self.excerpt => format!("…{}", rest.trim_start()),
            _ => String::new(),
        }
    }

    fn tag(&self) -> Option<&str> {
        self.language.as_ref().map(Language::as_str)
    }
}
