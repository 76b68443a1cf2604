//! The poster's own page: the two links, the words, the media, and the end of the post.

use askama::Template;
use domain::{Limits, MediaKind, Time};

use super::composer::ComposerValues;
use super::{Frame, RefusedFile};

/// A medium of the post, as its poster manages it.
///
/// The form's fields are `caption-{id}` and `alt-{id}`.
#[derive(Clone, Debug)]
pub struct ManagedMedium {
    /// Its id.
    pub id: String,
    /// From 1.
    pub number: usize,
    /// What it is, once known.
    pub kind: Option<MediaKind>,
    /// Address of a small picture, once there is one.
    pub thumbnail: Option<String>,
    /// Still being prepared.
    pub processing: bool,
    /// Below it.
    pub caption: String,
    /// In its place.
    pub alt: String,
}

/// `GET /{id}/manage/{secret}`, and the answer to an edit that was refused.
#[derive(Clone, Debug, Template)]
#[template(path = "manage/manage.html")]
pub struct ManagePage {
    /// What every page needs.
    pub frame: Frame,
    /// What the operator allows, for the words of refused files.
    pub limits: Limits,
    /// Absolute link of the post.
    pub post_url: String,
    /// Absolute link of this page, without query.
    pub manage_url: String,
    /// `/{id}/manage/{secret}`: forms go to it and below it.
    pub action: String,
    /// The post was published a moment ago.
    pub published: bool,
    /// A change was saved a moment ago.
    pub saved: bool,
    /// What was wrong with an edit, in the reader's language.
    pub error: Option<String>,
    /// The field it belongs to.
    pub error_field: Option<&'static str>,
    /// Files that were not taken.
    pub refused: Vec<RefusedFile>,
    /// How many more of them there were, whose names would have made the address too long.
    pub refused_more: usize,
    /// The post's words and switches (`expires` is not used here).
    pub values: ComposerValues,
    /// The post's end.
    pub expires: Option<Time>,
    /// In order, without the refused ones.
    pub media: Vec<ManagedMedium>,
}

impl ManagePage {
    fn wrong(&self, field: &str) -> bool {
        self.error.is_some() && self.error_field == Some(field)
    }

    fn processing(&self) -> usize {
        self.media.iter().filter(|medium| medium.processing).count()
    }

    fn name_of(&self, medium: &ManagedMedium) -> String {
        let key = match medium.kind {
            Some(MediaKind::Video) => "media-video-number",
            Some(MediaKind::Animation) => "media-animation-number",
            _ => "media-photo-number",
        };
        self.frame.locale.with(key, &[("number", medium.number.into())])
    }
}
