//! The public list as a page and as an Atom feed, where the operator wants one; else nothing stands there. Both are drawn anew for
//! each request: what was taken away a moment ago is not on them.

use app::Page;
use askama::Template as _;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode, Uri};
use domain::{PostId, Time};
use sha2::{Digest as _, Sha256};
use store::newest::{Cursor, Newest};

use crate::api::answers::Elsewhere;
use crate::error::Error;
use crate::form::query;
use crate::headers::{self, Kind};
use crate::pages::newest::{Entry, FeedPage, NewestPage, Small};
use crate::posts::{EXCERPT, instant};
use crate::ready::Drawn;
use crate::{Asker, Web};

/// Posts on a page.
const ON_A_PAGE: usize = 24;
/// Posts in the feed.
const IN_THE_FEED: usize = 50;

/// `GET /newest`, and `?before=…` for what is older.
pub(crate) async fn page(State(web): State<Web>, uri: Uri, asker: Asker) -> Response<Body> {
    let drawn = async {
        let cursor = match query(&uri, "before") {
            Some(text) => Some(cursor(&text).ok_or(Error::NotFound)?),
            None => None,
        };
        let Page { posts, next } = read(&web, cursor.as_ref(), ON_A_PAGE).await?;
        let mut frame = web.frame(&asker);
        frame.back = cursor.as_ref().map_or_else(|| "/newest".to_owned(), address);
        let page = NewestPage {
            entries: posts.into_iter().map(|post| entry(&web, "", post)).collect(),
            first: cursor.is_none(),
            older: next.as_ref().map(address),
            frame,
        };
        Ok::<_, Error>(page.render())
    };
    match drawn.await {
        Ok(Ok(html)) => headers::drawn(&asker, &Drawn::new(html, true)),
        Ok(Err(error)) => crate::undrawable(&error),
        Err(error) => error.answer(&web, &asker),
    }
}

/// The newest posts that their posters want on a list, as an Atom feed.
#[utoipa::path(
    get,
    path = "/newest.atom",
    tag = "reading",
    responses((status = 200, description = "The feed (RFC 4287).", body = String, content_type = "application/atom+xml"), Elsewhere),
)]
pub(crate) async fn feed(State(web): State<Web>, asker: Asker) -> Response<Body> {
    let posts = match read(&web, None, IN_THE_FEED).await {
        Ok(page) => page.posts,
        Err(error) => return error.answer(&web, &asker),
    };
    let updated = posts.iter().map(changed).max().unwrap_or(Time(0));
    let page = FeedPage {
        frame: web.frame(&asker),
        own_url: format!("{}/newest.atom", asker.origin),
        page_url: format!("{}/newest", asker.origin),
        updated: instant(updated),
        entries: posts.into_iter().map(|post| entry(&web, &asker.origin, post)).collect(),
    };
    match page.render() {
        Ok(xml) => headers::answer(StatusCode::OK, Kind::Atom, in_xml(&xml)),
        Err(error) => crate::undrawable(&error),
    }
}

async fn read(web: &Web, cursor: Option<&Cursor>, count: usize) -> Result<Page, Error> {
    if !web.newest {
        return Err(Error::NotFound);
    }
    Ok(web.site.newest(cursor, count).await?)
}

/// `1764072000000-kd7mw3qh5xtn`: after whom the page begins. Paging by number would show a post twice whenever a new one comes.
fn cursor(text: &str) -> Option<Cursor> {
    let (created, id) = text.split_once('-')?;
    Some(Cursor { created: Time(created.parse::<i64>().ok().filter(|ms| *ms >= 0)?), id: PostId::parse(id)? })
}

fn address(cursor: &Cursor) -> String {
    format!("/newest?before={}-{}", cursor.created.0, cursor.id)
}

fn changed(post: &Newest) -> Time {
    post.edited.unwrap_or(post.created)
}

/// `origin` is empty for the site's own pages.
fn entry(web: &Web, origin: &str, post: Newest) -> Entry {
    let media = web.media_url.as_deref().unwrap_or(origin);
    Entry {
        url: format!("{origin}/{}", post.id),
        urn: urn(&post.id),
        excerpt: if post.sensitive { String::new() } else { app::excerpt(&post.beginning, EXCERPT) },
        published: instant(post.created),
        updated: instant(changed(&post)),
        created: post.created,
        sensitive: post.sensitive,
        thumbnail: post.thumbnail.map(|small| Small {
            src: format!("{media}/m/{}/{}", small.media_id, small.name),
            width: small.width,
            height: small.height,
            alt: small.alt.unwrap_or_default(),
        }),
        title: post.title,
        language: post.language,
    }
}

/// A post's name in a feed: it stays when the site moves to another address, and is the same through every proxy. A UUID of version
/// 8 (RFC 9562), made of a hash of the id.
fn urn(id: &PostId) -> String {
    let hash = Sha256::digest(format!("handbill post {id}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = hex::encode(bytes);
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// Without what XML 1.0 has no way to say: one such character, and no reader takes the feed.
fn in_xml(text: &str) -> String {
    text.chars().filter(|c| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_page_begins_is_read_back_and_nonsense_is_refused() {
        let id = PostId::from_random([7; 16]);
        let whole = Cursor { created: Time(1_764_072_000_000), id };
        assert_eq!(cursor(address(&whole).trim_start_matches("/newest?before=")), Some(whole));
        for wrong in ["", "-", "1764072000000", "x-kd7mw3qh5xtn", "-1-kd7mw3qh5xtn", "1764072000000-<script>", "99999999999999999999-a"] {
            assert_eq!(cursor(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_posts_name_in_the_feed_never_changes() {
        // Readers know posts by it: another would show everything as new.
        assert_eq!(urn(&PostId::from_random([0; 16])), "urn:uuid:f6340662-e208-8f5f-8d11-220e14dad60b");
    }

    #[test]
    fn a_feed_has_no_character_that_xml_does_not_know() {
        assert_eq!(in_xml("a\u{0}\u{8}\u{1b}b\u{FFFE}\u{FFFF}ح\u{1F600}\n"), "abح\u{1F600}\n");
    }
}
