//! Media of a post: what kinds there are, which states they go through, and what files a medium has.

use serde::{Deserialize, Serialize};

macro_rules! names {
    ($name:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        impl $name {
            /// Every value, in declaration order.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name in the API and the database.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }

            /// Reads the name back.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)* _ => None }
            }
        }
    };
}
pub(crate) use names;

/// What a medium is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    /// A still picture.
    Photo,
    /// A picture that moves and has no sound (GIF, animated WebP or PNG).
    Animation,
    /// A video.
    Video,
}
names!(MediaKind { Photo = "photo", Animation = "animation", Video = "video" });

/// How far a medium is. Only `Ready` is ever shown to others (invariant 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaState {
    /// Its bytes are still arriving.
    Receiving,
    /// It is being cleaned and its variants are being made.
    Processing,
    /// It will be public later; no time is promised.
    Waiting,
    /// It is cleaned, checked and public.
    Ready,
    /// It could not be taken; its [`crate::Problem`] says why.
    Refused,
    /// A decision took it away.
    Removed,
}
names!(MediaState {
    Receiving = "receiving",
    Processing = "processing",
    Waiting = "waiting",
    Ready = "ready",
    Refused = "refused",
    Removed = "removed",
});

/// What a stored file is to its medium.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileRole {
    /// The poster's own pixels, cleaned: what "download" gives.
    Original,
    /// A smaller rendering for a screen.
    Variant,
    /// A still of a video or animation.
    Poster,
    /// Some frames of a video side by side, small, for whoever decides on it: no public route gives it out.
    Stills,
}
names!(FileRole { Original = "original", Variant = "variant", Poster = "poster", Stills = "stills" });

/// The content types that media are ever served with (invariant 8). Anything else is not stored.
pub const SERVED_TYPES: &[(&str, &str)] = &[
    ("image/jpeg", "jpg"),
    ("image/png", "png"),
    ("image/gif", "gif"),
    ("image/webp", "webp"),
    ("video/mp4", "mp4"),
    ("video/webm", "webm"),
];

/// The file name extension of a served content type.
#[must_use]
pub fn extension(content_type: &str) -> Option<&'static str> {
    SERVED_TYPES.iter().find(|(served, _)| *served == content_type).map(|(_, extension)| *extension)
}
