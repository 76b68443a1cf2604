//! `/oembed`: how other sites ask what to show in the place of a link (<https://oembed.com>). Told is what a stranger may see.

use app::{Found, PostView};
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode, Uri};
use domain::MediaKind;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::answers::Troubled;
use crate::api::posts::answer;
use crate::cover::Asked;
use crate::form::pairs;
use crate::headers::{self, Kind};
use crate::posts::{Addresses, Reasons, as_private_as, original, page, pixels, still};
use crate::{Asker, Web, embed};

/// For how long what is told may be kept, in seconds: a deleted post shall not be shown for long.
const KEEP_SECONDS: u32 = 300;
/// What an embed has around a video, in CSS pixels: the line with the link; and its title, where it has one.
const FOOT: u32 = 56;
const TITLE: u32 = 60;
/// As wide as a video is shown where nobody wants it otherwise.
const WIDE: u32 = 800;

/// What is asked.
#[derive(Default)]
struct Question {
    url: Option<String>,
    format: Option<String>,
    within: Within,
}

/// What is told.
#[derive(Serialize, ToSchema)]
pub(crate) struct Facts {
    /// `1.0`.
    version: &'static str,
    /// `photo`, `video` or `rich`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The post's title, or what stands for it.
    title: String,
    /// The site's name.
    provider_name: String,
    /// The site.
    provider_url: String,
    /// For how long this may be kept, in seconds.
    cache_age: u32,
    /// A picture of the post, where one fits.
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbnail_url: Option<String>,
    /// In pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbnail_width: Option<u32>,
    /// In pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbnail_height: Option<u32>,
    /// Of a photo: the photo itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// Of anything else: a frame for the other page.
    #[serde(skip_serializing_if = "Option::is_none")]
    html: Option<String>,
    /// Of the photo or the frame, in pixels.
    width: u32,
    /// Of the photo or the frame, in pixels.
    height: u32,
}

/// The most room there is; `None`: any.
#[derive(Clone, Copy, Default)]
struct Within {
    width: Option<u32>,
    height: Option<u32>,
}

/// What to show in the place of a link to a post.
///
/// oEmbed 1.0 (https://oembed.com). Told is what a stranger may see.
#[utoipa::path(
    get,
    path = "/oembed",
    tag = "reading",
    params(
        ("url" = String, Query, description = "The link."),
        ("format" = Option<String>, Query, pattern = "^(json|xml)$", description = "`json`, as it is without this, or `xml`."),
        ("maxwidth" = Option<u32>, Query, description = "The most room there is, in pixels."),
        ("maxheight" = Option<u32>, Query, description = "The most room there is, in pixels."),
    ),
    responses(
        (status = 200, description = "A photo, or a frame with the post in it.", content((Facts = "application/json"), (String = "text/xml"))),
        (status = 400, description = "`url` is missing.", body = String, content_type = "text/plain"),
        (status = 401, description = "The post is not open to all.", body = String, content_type = "text/plain"),
        (status = 404, description = "No post of this site stands there, or it is gone.", body = String, content_type = "text/plain"),
        (status = 501, description = "Another format.", body = String, content_type = "text/plain"),
        Troubled,
    ),
)]
pub(crate) async fn oembed(State(web): State<Web>, uri: Uri, asker: Asker) -> Response<Body> {
    let question = question(uri.query().unwrap_or_default());
    let xml = match question.format.as_deref() {
        None | Some("json") => false,
        Some("xml") => true,
        Some(_) => return refusal(StatusCode::NOT_IMPLEMENTED, "format is json or xml"),
    };
    let Some(url) = question.url else { return refusal(StatusCode::BAD_REQUEST, "url is missing") };
    let Some(id) = post_of(&asker.origin, &url) else { return refusal(StatusCode::NOT_FOUND, "no post of this site stands there") };
    let view = match embed::read(&web, &asker, id).await {
        Ok(Found::Post(view)) => view,
        Ok(Found::Locked(_)) => return refusal(StatusCode::UNAUTHORIZED, "the post is locked"),
        Ok(Found::Removed(_) | Found::Gone | Found::Nothing) => return refusal(StatusCode::NOT_FOUND, "no post stands there"),
        Err(error) => return error.answer(&web, &asker),
    };
    let facts = facts(&web, &asker, &view, question.within);
    let response = if xml { headers::answer(StatusCode::OK, Kind::Xml, as_xml(&facts)) } else { answer(StatusCode::OK, &facts) };
    as_private_as(&view, response)
}

fn refusal(status: StatusCode, words: &'static str) -> Response<Body> {
    headers::answer(status, Kind::Text, format!("{words}\n"))
}

fn question(query: &str) -> Question {
    let mut question = Question::default();
    for (name, value) in pairs(query.as_bytes(), 16) {
        // No room at all, and room that is no number, is taken for any.
        let room = || value.parse::<u32>().ok().filter(|room| *room > 0);
        match name.as_str() {
            "url" => question.url = Some(value),
            "format" => question.format = Some(value),
            "maxwidth" => question.within.width = room(),
            "maxheight" => question.within.height = room(),
            _ => {}
        }
    }
    question
}

/// The id in an address of a post's page here, however the address begins and ends.
fn post_of<'a>(origin: &str, url: &'a str) -> Option<&'a str> {
    let host = |address: &str| address.split_once("://").map(|(_, rest)| rest.to_ascii_lowercase());
    let (scheme, rest) = url.split_once("://")?;
    let (asked_host, path) = rest.split_once('/')?;
    let web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let ours = web && Some(asked_host.to_ascii_lowercase()) == host(origin);
    let id = path.split(['?', '#']).next().unwrap_or_default();
    let id = id.strip_suffix("/embed").or(id.strip_suffix('/')).unwrap_or(id);
    ours.then_some(id).filter(|id| !id.contains('/'))
}

fn facts(web: &Web, asker: &Asker, view: &PostView, within: Within) -> Facts {
    let page = page(web, asker, view, &Asked::default(), Reasons::new());
    let title = page.heading();
    let at = Addresses::new(web, asker, view);
    // What is covered is shown by nobody else either.
    let open: Vec<_> = view.media.iter().filter(|medium| !view.post.sensitive && !medium.row.sensitive).collect();
    let only = (view.media.len() == 1).then(|| open.first()).flatten();
    let thumbnail = open.first().and_then(|medium| still(medium, |size| within.holds(size)));
    let frame = |kind, size| (kind, None, Some(embed::code(&asker.origin, view, &title, size)), size);
    let (kind, url, html, (width, height)) = match only.map(|medium| (medium, medium.row.kind, original(medium))) {
        Some((medium, Some(MediaKind::Photo), Some(file))) => {
            let fits = still(medium, |size| within.holds(size)).or_else(|| still(medium, |_| true)).unwrap_or(file);
            let size = (pixels(fits.width.or(medium.row.width)), pixels(fits.height.or(medium.row.height)));
            ("photo", Some(at.whole(fits)), None, within.shrink(size, 0))
        }
        Some((medium, Some(MediaKind::Video), Some(_))) => {
            let room = Within { width: Some(within.width.unwrap_or(WIDE)), ..within };
            let around = FOOT + if view.post.title.is_some() { TITLE } else { 0 };
            frame("video", room.shrink((pixels(medium.row.width), pixels(medium.row.height)), around))
        }
        _ => frame("rich", (within.width.unwrap_or(u32::MAX).min(embed::SIZE.0), within.height.unwrap_or(u32::MAX).min(embed::SIZE.1))),
    };
    Facts {
        version: "1.0",
        kind,
        title,
        provider_name: page.frame.name(),
        provider_url: format!("{}/", asker.origin),
        cache_age: KEEP_SECONDS,
        thumbnail_url: thumbnail.map(|picture| at.whole(picture)),
        thumbnail_width: thumbnail.map(|picture| pixels(picture.width)),
        thumbnail_height: thumbnail.map(|picture| pixels(picture.height)),
        url,
        html,
        width,
        height,
    }
}

impl Within {
    fn holds(self, (width, height): (u32, u32)) -> bool {
        self.width.is_none_or(|most| width <= most) && self.height.is_none_or(|most| height <= most)
    }

    /// The size of something that is `width` to `height`, with `around` pixels below it, in this room: never larger than it is.
    fn shrink(self, (width, height): (u32, u32), around: u32) -> (u32, u32) {
        let (wide, high) = (u64::from(width.max(1)), u64::from(height.max(1)));
        let most_wide = self.width.map_or(wide, |most| u64::from(most).min(wide));
        let most_high = self.height.map_or(high, |most| u64::from(most.saturating_sub(around).max(1)).min(high));
        // The narrower of the two decides.
        let (by_width, by_height) = ((most_wide, most_wide * high / wide), (most_high * wide / high, most_high));
        let (width, height) = if by_width.1 <= most_high { by_width } else { by_height };
        let side = |side: u64| u32::try_from(side.max(1)).unwrap_or(u32::MAX);
        (side(width), side(height).saturating_add(around))
    }
}

fn as_xml(facts: &Facts) -> String {
    let facts = serde_json::to_value(facts).unwrap_or_default();
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\n<oembed>\n");
    for (key, value) in facts.as_object().into_iter().flatten() {
        let value = value.as_str().map_or_else(|| value.to_string(), crate::pages::escaped);
        xml.push_str(&format!("<{key}>{value}</{key}>\n"));
    }
    xml.push_str("</oembed>\n");
    xml
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_this_site_names_its_post_and_no_other_does() {
        for (url, id) in [
            ("https://kites.example/abcdefghjkmnp", Some("abcdefghjkmnp")),
            ("http://KITES.example/abcdefghjkmnp?show=1#m2", Some("abcdefghjkmnp")),
            ("https://kites.example/abcdefghjkmnp/embed", Some("abcdefghjkmnp")),
            ("https://kites.example/abcdefghjkmnp/", Some("abcdefghjkmnp")),
            ("https://kites.example/abcdefghjkmnp/manage/x", None),
            ("https://kites.example.evil/abcdefghjkmnp", None),
            ("https://kites.example@evil/abcdefghjkmnp", None),
            ("javascript://kites.example/abcdefghjkmnp", None),
            ("/abcdefghjkmnp", None),
            ("", None),
        ] {
            assert_eq!(post_of("https://kites.example", url), id, "{url}");
        }
    }

    #[test]
    fn a_size_keeps_its_shape_and_stays_in_its_room() {
        let within = |width, height| Within { width, height };
        assert_eq!(within(None, None).shrink((1600, 900), 0), (1600, 900));
        assert_eq!(within(Some(800), None).shrink((1600, 900), 0), (800, 450));
        assert_eq!(within(Some(800), Some(306)).shrink((1600, 900), 56), (444, 306));
        assert_eq!(within(Some(1), Some(1)).shrink((4000, 3000), 0), (1, 1));
        assert_eq!(within(Some(99_999), None).shrink((16, 9), 0), (16, 9));
    }
}
