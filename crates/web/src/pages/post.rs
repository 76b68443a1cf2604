//! A post as its readers see it.

use askama::Template;
use domain::{Direction, Language, Limits, Problem, Time};

use super::Frame;
use super::removed::Statement;
use crate::locale::Locale;

/// The clean file that a medium's download link gives.
#[derive(Clone, Debug)]
pub struct Download {
    /// `/m/…/original.jpg`.
    pub url: String,
    /// Its size.
    pub size_bytes: u64,
}

/// A photo or an animation, in the sizes that screens need.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The source for browsers that know no `srcset`.
    pub src: String,
    /// Pixels as seen (upright).
    pub width: u32,
    /// Pixels as seen (upright).
    pub height: u32,
    /// `/m/…/400.webp 400w, …`; empty: no WebP.
    pub webp_srcset: String,
    /// The same in JPEG or PNG; empty: `src` alone.
    pub srcset: String,
    /// A `data:image/png;base64,…` of the thumbhash.
    pub placeholder: Option<String>,
    /// The original.
    pub download: Download,
}

impl Picture {
    /// How many tenths of its width its height is at most, by the classes of the style sheet; `None` for a wide one.
    pub(crate) fn tall(&self) -> Option<u32> {
        let tenths = self.height.saturating_mul(10).div_ceil(self.width.max(1));
        (tenths > 7)
            .then(|| [8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 25, 30, 40].into_iter().find(|most| tenths <= *most).unwrap_or(99))
    }
}

/// A video.
#[derive(Clone, Debug)]
pub struct Video {
    /// What plays.
    pub src: String,
    /// `video/mp4` or `video/webm`.
    pub content_type: String,
    /// Its still.
    pub poster: Option<String>,
    /// Pixels as seen (upright).
    pub width: u32,
    /// Pixels as seen (upright).
    pub height: u32,
    /// How long it is.
    pub duration_ms: Option<i64>,
    /// The original.
    pub download: Download,
}

/// What can be shown of a medium.
#[derive(Clone, Debug)]
pub enum MediumBody {
    /// A still picture.
    Photo(Picture),
    /// A picture that moves.
    Animation(Picture),
    /// A video.
    Video(Video),
    /// Not ready yet; percent done, or `None` while it waits for its turn.
    Processing(Option<u8>),
    /// Ready, and not public yet.
    Waiting,
    /// A decision took it away; why, where there is room for it.
    Removed(Option<Box<Statement>>),
    /// Could not be taken.
    Refused(Problem),
    /// Covered until asked for, by the query that it holds: `?show=2`.
    Covered(String),
}

impl MediumBody {
    /// Whether there is something to see.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        matches!(self, Self::Photo(_) | Self::Animation(_) | Self::Video(_))
    }
}

/// One medium, in order.
#[derive(Clone, Debug)]
pub struct Medium {
    /// Its id.
    pub id: String,
    /// From 1: names it where its poster gave no alternative text.
    pub number: usize,
    /// Its state and files.
    pub body: MediumBody,
    /// Below it.
    pub caption: Option<String>,
    /// In its place.
    pub alt: Option<String>,
    /// It stands among the words, and not with the others.
    pub placed: bool,
}

/// A picture that is narrower than this, in pixels, has no room for its words beside its link.
const SMALL: u32 = 480;

impl Medium {
    /// Whether there is something of it to report: it can be seen, also behind a cover.
    pub(crate) fn can_be_reported(&self) -> bool {
        matches!(self.body, MediumBody::Photo(_) | MediumBody::Animation(_) | MediumBody::Video(_) | MediumBody::Covered(_))
    }

    /// By which name its report link names it: what is covered gives nothing away but its number.
    pub(crate) fn reported(&self) -> std::borrow::Cow<'_, str> {
        match self.body {
            MediumBody::Covered(_) => self.number.to_string().into(),
            _ => self.id.as_str().into(),
        }
    }

    /// Whether it is a picture that is seen at a small size.
    pub(crate) fn is_small(&self) -> bool {
        matches!(&self.body, MediumBody::Photo(picture) | MediumBody::Animation(picture) if picture.width < SMALL)
    }
}

/// A piece of a post's words.
#[derive(Clone, Debug)]
pub enum Piece {
    /// Sanitised HTML; all pieces together are whole.
    Words(String),
    /// A medium between them, by its place in the page's media.
    Medium(usize),
}

/// A picture that a shared link shows: of a video, its still.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Absolute address of the picture.
    pub image_url: String,
    /// Its pixels.
    pub width: u32,
    /// Its pixels.
    pub height: u32,
    /// The medium's alternative text.
    pub alt: Option<String>,
}

/// The video that a shared link plays.
#[derive(Clone, Debug)]
pub struct VideoPreview {
    /// Absolute address of the file.
    pub url: String,
    /// `video/mp4` or `video/webm`.
    pub content_type: String,
    /// Its pixels.
    pub width: u32,
    /// Its pixels.
    pub height: u32,
}

/// `GET /{id}`.
#[derive(Clone, Debug, Template)]
#[template(path = "post/post.html")]
pub struct PostPage {
    /// What every page needs.
    pub frame: Frame,
    /// What the operator allows, for the words of refused media.
    pub limits: Limits,
    /// Absolute link of the post.
    pub url: String,
    /// `/{id}`.
    pub path: String,
    /// One line.
    pub title: Option<String>,
    /// The words, and what stands between them.
    pub words: Vec<Piece>,
    /// The beginning of the text without markup, at most about 200 characters; empty: no words.
    pub excerpt: String,
    /// Of the post's own words.
    pub language: Option<Language>,
    /// When it was published.
    pub created: Time,
    /// When its words or media were last changed.
    pub edited: Option<Time>,
    /// Its end.
    pub expires: Option<Time>,
    /// On public lists.
    pub listed: bool,
    /// Marked by its poster.
    pub sensitive: bool,
    /// The reader has asked for a sensitive post (`?show=1`).
    pub shown: bool,
    /// Its words are not public yet, and are not here.
    pub waiting: bool,
    /// When all of it is to be public, if that is later.
    pub public: Option<Time>,
    /// In order.
    pub media: Vec<Medium>,
    /// At most four; never used for a sensitive post.
    pub previews: Vec<Preview>,
    /// Of a post that is one video; never used for a sensitive post.
    pub video: Option<VideoPreview>,
    /// Everything that is shown, in one file; `None`: there is not more than one.
    pub zip: Option<Download>,
    /// Absolute address of what other sites are told of it, without a format.
    pub oembed: String,
    /// The piece of a page that shows it elsewhere.
    pub embed_code: String,
}

/// The first words, for a heading: whole ones, unless the last is a very long one.
pub(super) fn shortened(excerpt: &str) -> String {
    let Some((most, _)) = excerpt.char_indices().nth(70) else { return excerpt.to_owned() };
    let between = excerpt.char_indices().take(71).skip(40);
    let end = between.filter(|(_, letter)| *letter == ' ').last().map_or(most, |(at, _)| at);
    format!("{}…", &excerpt[..end])
}

impl PostPage {
    /// Whether nothing is shown yet.
    pub(crate) fn covered(&self) -> bool {
        self.sensitive && !self.shown
    }

    /// Whether there is a video on it that plays.
    pub(crate) fn plays(&self) -> bool {
        self.media.iter().any(|medium| matches!(medium.body, MediumBody::Video(_)))
    }

    /// Whether a medium stands among the words. Then they come first, and what is not among them below.
    pub(crate) fn tells(&self) -> bool {
        self.media.iter().any(|medium| medium.placed)
    }

    /// Whether a medium stands by itself.
    pub(crate) fn shows(&self) -> bool {
        self.media.iter().any(|medium| !medium.placed)
    }

    fn processing(&self) -> usize {
        self.media.iter().filter(|medium| matches!(medium.body, MediumBody::Processing(_))).count()
    }

    /// `title`, else the first words (never of a covered post), else what the site calls a post.
    pub(crate) fn heading(&self) -> String {
        if let Some(title) = &self.title {
            return title.clone();
        }
        if self.excerpt.is_empty() || self.sensitive {
            return self.frame.locale.text("post-untitled").into_owned();
        }
        shortened(&self.excerpt)
    }

    /// The class that sets a long title smaller: whole sentences in a poster's letters would fill a phone's screen.
    pub(crate) fn size_of_title(&self) -> askama::filters::Safe<&'static str> {
        askama::filters::Safe(match self.title.as_ref().map_or(0, |title| title.chars().count()) {
            0..=80 => "",
            81..=160 => " class=\"long\"",
            _ => " class=\"longer\"",
        })
    }

    /// `lang` and `dir` of the post's words; without a language each paragraph finds its own direction.
    pub(crate) fn direction(&self) -> &'static str {
        match self.language.as_ref().map(Language::direction) {
            Some(Direction::Ltr) => "ltr",
            Some(Direction::Rtl) => "rtl",
            None => "auto",
        }
    }

    fn alt_of(&self, medium: &Medium) -> String {
        alt_words(self.frame.locale, medium)
    }
}

/// What is said in the place of a medium: its poster's words, else what it is.
pub(crate) fn alt_words(locale: Locale, medium: &Medium) -> String {
    match (&medium.alt, &medium.body) {
        (Some(alt), _) => alt.clone(),
        (None, MediumBody::Video(_)) => locale.with("media-video-number", &[("number", medium.number.into())]),
        (None, MediumBody::Animation(_)) => locale.with("media-animation-number", &[("number", medium.number.into())]),
        (None, MediumBody::Covered(_)) => locale.with("media-number", &[("number", medium.number.into())]),
        (None, _) => locale.with("media-photo-number", &[("number", medium.number.into())]),
    }
}
