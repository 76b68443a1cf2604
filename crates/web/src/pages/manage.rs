//! The poster's own page: the two links, the words, the media, and the end of the post.

use askama::Template;
use domain::{Limits, MediaKind, MediaState, Problem, Time, Wait};

use super::composer::ComposerValues;
use super::{Concerned, Frame, RefusedFile};

/// A medium of the post, as its poster manages it.
///
/// The form's fields are `caption-{id}`, `alt-{id}`, `order-{id}` (its place, from 1) `cover-{id}`, and of a video `still-{id}` (a file) and `own-frame-{id}`.
#[derive(Clone, Debug)]
pub struct ManagedMedium {
    /// Its id.
    pub id: String,
    /// From 1.
    pub number: usize,
    /// What it is, once known.
    pub kind: Option<MediaKind>,
    /// What its file is called; forgotten once it is ready.
    pub name: Option<String>,
    /// Of its cleaned file, once there is one.
    pub size_bytes: Option<i64>,
    /// Address of a small picture, once there is one.
    pub thumbnail: Option<String>,
    /// Still being prepared.
    pub processing: bool,
    /// It is ready, and not public yet.
    pub waiting: bool,
    /// A decision took it away.
    pub removed: bool,
    /// Below it.
    pub caption: String,
    /// In its place.
    pub alt: String,
    /// Covered until asked for.
    pub sensitive: bool,
    /// A video's own still, where its poster has given it one.
    pub still: Option<ManagedStill>,
}

/// The photo that stands in a video's place before it plays.
#[derive(Clone, Debug)]
pub struct ManagedStill {
    /// How far it is.
    pub state: MediaState,
    /// Why it never will.
    pub problem: Option<Problem>,
}

impl ManagedMedium {
    fn is_video(&self) -> bool {
        self.kind == Some(MediaKind::Video)
    }

    /// What puts it between the paragraphs of the post's words.
    fn in_words(&self) -> String {
        format!("![](media:{})", self.id)
    }
}

/// The words that this page's scripts say, beside those of files under way.
pub(super) const ISLAND_WORDS: &[&str] = &["draft-changed", "draft-views", "manage-failed", "manage-saving"];

/// What another edit has put in the place of what this editor saw.
#[derive(Clone, Debug)]
pub struct Stands {
    /// One line.
    pub title: Option<String>,
    /// Markdown.
    pub text: String,
}

/// Who may see the post by now, whatever was typed since.
#[derive(Clone, Debug, Default)]
pub struct ManagedNow {
    /// It asks for a password.
    pub password: bool,
    /// How often it may still be opened.
    pub views: Option<i64>,
    /// On public lists.
    pub listed: bool,
    /// Covered until asked for.
    pub sensitive: bool,
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
    /// What all of it waits for.
    pub waits: Option<Wait>,
    /// Until when its links are plain words.
    pub links: Option<Time>,
    /// A change was saved a moment ago.
    pub saved: bool,
    /// What was wrong with an edit, in the reader's language.
    pub error: Option<String>,
    /// The field it belongs to.
    pub error_field: Option<&'static str>,
    /// After an edit that came too late: what stands by now.
    pub stands: Option<Stands>,
    /// Decisions on something of the post.
    pub concerned: Vec<Concerned>,
    /// Which state of the post this page shows.
    pub seen: i64,
    /// Files that were not taken.
    pub refused: Vec<RefusedFile>,
    /// How many more of them there were, whose names would have made the address too long.
    pub refused_more: usize,
    /// The post's words and switches (an empty `expires` leaves its end as it is).
    pub values: ComposerValues,
    /// Who may see it.
    pub now: ManagedNow,
    /// The post's end.
    pub expires: Option<Time>,
    /// In order, without the refused ones.
    pub media: Vec<ManagedMedium>,
    /// Media that could not be taken, by id, with the name and what is wrong.
    pub failed: Vec<(String, RefusedFile)>,
}

impl ManagePage {
    fn wrong(&self, field: &str) -> bool {
        self.error.is_some() && self.error_field == Some(field)
    }

    fn options_wrong(&self) -> bool {
        ["language", "expires", "password", "views", "listed", "sensitive"].iter().any(|field| self.wrong(field))
    }

    fn processing(&self) -> usize {
        self.media.iter().filter(|medium| medium.processing).count()
    }

    /// Whether each medium's words stand open: where there is only one, and where one of them is wrong.
    fn opens_media(&self) -> bool {
        self.media.len() == 1 || ["caption", "alt", "still"].iter().any(|field| self.wrong(field))
    }

    /// The poster's own word for it, else its file's name, else what it is.
    fn name_of(&self, medium: &ManagedMedium) -> String {
        let own = [Some(&medium.caption), Some(&medium.alt), medium.name.as_ref()].into_iter().flatten().find(|words| !words.is_empty());
        own.map_or_else(|| self.kind_of(medium), Clone::clone)
    }

    /// What it is, how large, and how it stands, as far as its name does not tell.
    fn facts_of(&self, medium: &ManagedMedium) -> String {
        let locale = self.frame.locale;
        let kind = Some(self.kind_of(medium)).filter(|kind| *kind != self.name_of(medium));
        let size = medium.size_bytes.map(|bytes| locale.size(u64::try_from(bytes).unwrap_or_default()));
        let state = [
            ("medium-processing", medium.processing),
            ("medium-waiting", medium.waiting),
            ("medium-removed", medium.removed),
            ("cover-title", medium.sensitive),
        ];
        let state = state.into_iter().filter(|(_, is)| *is).map(|(key, _)| locale.text(key).into_owned());
        kind.into_iter().chain(size).chain(state).collect::<Vec<_>>().join(" · ")
    }

    fn kind_of(&self, medium: &ManagedMedium) -> String {
        let key = match medium.kind {
            Some(MediaKind::Video) => "media-video-number",
            Some(MediaKind::Animation) => "media-animation-number",
            _ => "media-photo-number",
        };
        self.frame.locale.with(key, &[("number", medium.number.into())])
    }
}
