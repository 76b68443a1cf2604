//! What programs ask for, as it arrives. Nothing here is checked yet beyond its type; the site's own rules are `domain`'s.

use std::num::NonZeroU16;

use domain::{DraftError, ManageSecret, RawDraft, UploadId};
use serde::{Deserialize, Deserializer, Serialize};
use store::PostRow;
use utoipa::ToSchema;

/// A post to be made. With neither a title, nor words, nor media there is nothing to post.
#[derive(Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPost {
    /// One line, without markup.
    #[schema(example = "Kites over the harbour")]
    pub(crate) title: Option<String>,
    /// Markdown. `![what it shows](media:2)` is the second of `media`, between paragraphs.
    #[schema(example = "The *red* one flew highest.")]
    pub(crate) text: Option<String>,
    /// BCP 47; left out or empty, it is detected.
    #[schema(example = "en")]
    pub(crate) language: Option<String>,
    /// Whether it may stand on public lists. `false` if left out.
    pub(crate) listed: Option<bool>,
    /// Whether all of it is covered until the visitor asks. `false` if left out.
    pub(crate) sensitive: Option<bool>,
    /// What a visitor has to type; left out or empty, nothing.
    pub(crate) password: Option<String>,
    /// `never`, or a number followed by h, d, w, m or y, from `1h` to `1y`. `never` if left out.
    #[schema(example = "7d")]
    pub(crate) expires: Option<String>,
    /// How often it may be opened; left out, as often as anybody likes.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub(crate) views: Option<i64>,
    /// Its media, in the order wanted.
    pub(crate) media: Option<Vec<NewMedium>>,
    /// A manage secret that the client has made: base64url of 128 random bits or more, without padding. Left out, the site makes one.
    #[schema(min_length = 22, max_length = 86, pattern = "^[A-Za-z0-9_-]+$")]
    pub(crate) manage_secret: Option<String>,
}

/// A medium of a post to be made.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMedium {
    /// The address of its tus upload, as `Location` gave it, or the last part of it. It may still be on its way.
    pub(crate) upload: String,
    /// One line under it.
    pub(crate) caption: Option<String>,
    /// What it shows, for those who cannot see it.
    pub(crate) alt: Option<String>,
    /// Whether it is covered until the visitor asks. `false` if left out.
    pub(crate) sensitive: Option<bool>,
    /// Of a video: the tus upload of a photo that stands in its place before it plays.
    pub(crate) still: Option<String>,
    /// The number by which `text` names it: `![what it shows](media:2)` puts it between paragraphs. Left out, its place in this list,
    /// from 1. What is kept names it by its id.
    #[schema(value_type = Option<u16>, minimum = 1, maximum = 65_535)]
    pub(crate) number: Option<NonZeroU16>,
}

/// A change of a post. What is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    /// The `revision` that the client has seen. If the post was changed since, nothing happens (409); left out, whatever stands there
    /// is overwritten.
    pub(crate) revision: Option<i64>,
    /// One line; `null` takes it away.
    #[serde(default, deserialize_with = "told")]
    #[schema(value_type = Option<String>)]
    pub(crate) title: Option<Option<String>>,
    /// Markdown; `null` takes it away.
    #[serde(default, deserialize_with = "told")]
    #[schema(value_type = Option<String>)]
    pub(crate) text: Option<Option<String>>,
    /// BCP 47; `null`: to be detected.
    #[serde(default, deserialize_with = "told")]
    #[schema(value_type = Option<String>)]
    pub(crate) language: Option<Option<String>>,
    /// Whether it may stand on public lists.
    pub(crate) listed: Option<bool>,
    /// Whether all of it is covered until the visitor asks.
    pub(crate) sensitive: Option<bool>,
    /// What a visitor has to type from now on; `null`: nothing. Whoever has opened it before has to open it again.
    #[serde(default, deserialize_with = "told")]
    #[schema(value_type = Option<String>)]
    pub(crate) password: Option<Option<String>>,
    /// A new end, counted from now; `never` or `null`: none.
    #[serde(default, deserialize_with = "told")]
    #[schema(value_type = Option<String>, example = "7d")]
    pub(crate) expires: Option<Option<String>>,
    /// How often it may still be opened; `null`: as often as anybody likes.
    #[serde(default, deserialize_with = "told")]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 1_000_000)]
    pub(crate) views: Option<Option<i64>>,
    /// All of its media, in the order wanted. What is not named is removed.
    pub(crate) media: Option<Vec<WantedMedium>>,
}

/// A medium as it shall be: either one that is there (`id`) or a new one (`upload`). Words that are left out stay as they are.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WantedMedium {
    /// One that is there.
    pub(crate) id: Option<String>,
    /// A new one: the address of its tus upload, or the last part of it.
    pub(crate) upload: Option<String>,
    /// One line under it; `null` takes it away.
    #[serde(default, deserialize_with = "told")]
    #[schema(value_type = Option<String>)]
    pub(crate) caption: Option<Option<String>>,
    /// What it shows; `null` takes it away.
    #[serde(default, deserialize_with = "told")]
    #[schema(value_type = Option<String>)]
    pub(crate) alt: Option<Option<String>>,
    /// Whether it is covered until the visitor asks.
    pub(crate) sensitive: Option<bool>,
    /// Of a video: the tus upload of a photo that stands in its place before it plays; `null`: a frame of its own again.
    #[serde(default, deserialize_with = "told")]
    #[schema(value_type = Option<String>)]
    pub(crate) still: Option<Option<String>>,
    /// Of a new one: the number by which `text` names it. Left out, new ones count on from those that the post has had before this
    /// change; these are named by their ids, or by their numbers as they stood.
    #[schema(value_type = Option<u16>, minimum = 1, maximum = 65_535)]
    pub(crate) number: Option<NonZeroU16>,
}

/// What opens a post.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Knock {
    /// Its password; left out where a press of Open is all that is asked for.
    pub(crate) password: Option<String>,
}

impl NewPost {
    /// The fields as a form would bring them.
    pub(crate) fn draft(&self) -> Result<RawDraft, DraftError> {
        let flag = |on: Option<bool>| on.map(|on| if on { "1" } else { "0" }.to_owned());
        Ok(RawDraft {
            title: self.title.clone(),
            text: self.text.clone(),
            language: self.language.clone(),
            listed: flag(self.listed),
            sensitive: flag(self.sensitive),
            expires: self.expires.clone(),
            password: locking(self.password.as_deref())?,
            views: self.views.map(|views| views.to_string()),
        })
    }

    pub(crate) fn secret(&self) -> Result<Option<ManageSecret>, DraftError> {
        self.manage_secret.as_deref().map(|secret| ManageSecret::parse(secret).ok_or(DraftError::ManageSecret)).transpose()
    }
}

impl Change {
    /// The fields as a form would bring them: what stands, and over it what is wanted.
    pub(crate) fn draft(&self, post: &PostRow) -> Result<RawDraft, DraftError> {
        let flag = |wanted: Option<bool>, stands: bool| Some(if wanted.unwrap_or(stands) { "1" } else { "0" }.to_owned());
        Ok(RawDraft {
            title: self.title.clone().unwrap_or_else(|| post.title.clone()),
            text: self.text.clone().unwrap_or_else(|| Some(post.text.clone())),
            language: self.language.clone().unwrap_or_else(|| post.language.as_ref().map(ToString::to_string)),
            listed: flag(self.listed, post.listed),
            sensitive: flag(self.sensitive, post.sensitive),
            expires: self.expires.clone().flatten(),
            password: locking(self.password.as_ref().and_then(Option::as_deref))?,
            views: self.views.flatten().map(|views| views.to_string()),
        })
    }
}

/// A password that locks. In a form an empty field is none; a program whose password got lost must not post openly.
fn locking(password: Option<&str>) -> Result<Option<String>, DraftError> {
    match password {
        Some("") => Err(DraftError::NoPassword),
        other => Ok(other.map(str::to_owned)),
    }
}

/// Tells a field that is `null` from one that is not there.
fn told<'de, Value: Deserialize<'de>, Reader: Deserializer<'de>>(reader: Reader) -> Result<Option<Option<Value>>, Reader::Error> {
    Option::deserialize(reader).map(Some)
}

/// The upload that an address, or the last part of one, names.
pub(crate) fn upload(address: &str) -> Result<UploadId, DraftError> {
    let last = address.rsplit('/').next().unwrap_or_default();
    UploadId::parse(last).ok_or(DraftError::Upload)
}
