//! The newest posts that are on public lists and open to all, as a list shows them. Asked anew for each request: what was taken away
//! is not on it.

use domain::{Language, MediaId, PostId, Time};

use crate::db::read;
use crate::{Db, Result, corrupt, dialect};

/// A post as a list shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Newest {
    /// Its link's path.
    pub id: PostId,
    /// One line.
    pub title: Option<String>,
    /// The beginning of its words, as Markdown.
    pub beginning: String,
    /// Of the words.
    pub language: Option<Language>,
    /// Covered until asked for.
    pub sensitive: bool,
    /// When it was published.
    pub created: Time,
    /// When its words or media were last changed.
    pub edited: Option<Time>,
    /// A small picture of its first medium that has one and is not covered.
    pub thumbnail: Option<Thumbnail>,
}

/// A small picture of a medium.
#[derive(Clone, Debug, PartialEq)]
pub struct Thumbnail {
    /// The medium.
    pub media_id: MediaId,
    /// The last part of its address.
    pub name: String,
    /// Pixels.
    pub width: i64,
    /// Pixels.
    pub height: i64,
    /// What the medium shows.
    pub alt: Option<String>,
}

/// Where a list goes on: after this post.
#[derive(Clone, Debug, PartialEq)]
pub struct Cursor {
    /// When it was published.
    pub created: Time,
    /// Its id, for those that were published at the same moment.
    pub id: PostId,
}

#[derive(sqlx::FromRow)]
struct Columns {
    id: String,
    title: Option<String>,
    beginning: String,
    language: Option<String>,
    sensitive: i64,
    created_ms: i64,
    edited_ms: Option<i64>,
}

type ThumbnailColumns = (String, String, String, i64, i64, Option<String>);

// A seal stands on what is locked by a password or a number of openings. A post without words whose media are not ready shows nothing.
// What is withheld anywhere stands on no list: a list is one for everybody.
const NEWEST: &str = "SELECT id, title, substr(text, 1, 800) AS beginning, language, sensitive, created_ms, edited_ms FROM posts \
     WHERE listed = 1 AND created_ms <= $1 AND (created_ms < $1 OR id < $2) AND seal IS NULL AND password IS NULL AND views_left IS NULL AND held = 0 AND public_ms IS NULL AND removed IS NULL \
     AND NOT EXISTS (SELECT 1 FROM restrictions r WHERE r.post_id = posts.id AND r.state = 'withheld') \
     AND (expires_ms IS NULL OR expires_ms > $3) \
     AND (title IS NOT NULL OR text <> '' OR EXISTS (SELECT 1 FROM media WHERE media.post_id = posts.id AND media.state = 'ready' AND media.still_of IS NULL)) \
     ORDER BY created_ms DESC, id DESC LIMIT $4";
/// Every statement of this module, for the test that prepares them all.
pub const SQL: &[&str] = &[NEWEST];

/// At most `limit` posts, the newest first, after `cursor` where there is one.
pub async fn newest(db: &Db, cursor: Option<&Cursor>, now: Time, limit: i64) -> Result<Vec<Newest>> {
    let (created, id) = cursor.map_or((i64::MAX, ""), |cursor| (cursor.created.0, cursor.id.as_str()));
    let rows: Vec<Columns> =
        read!(db, conn => sqlx::query_as(NEWEST).bind(created).bind(id).bind(now.0).bind(limit).fetch_all(conn).await)?;
    let mut posts = rows.into_iter().map(post).collect::<Result<Vec<_>>>()?;
    let shown: Vec<&str> = posts.iter().filter(|post| !post.sensitive).map(|post| post.id.as_str()).collect();
    let shown = serde_json::json!(shown).to_string();
    let sql = db.text(dialect::THUMBNAILS);
    let thumbnails: Vec<ThumbnailColumns> = read!(db, conn => sqlx::query_as(sql).bind(&shown).fetch_all(conn).await)?;
    for (post_id, media_id, name, width, height, alt) in thumbnails {
        // The first of each post is the smallest of its first medium.
        if let Some(post) = posts.iter_mut().find(|post| post.id.as_str() == post_id)
            && post.thumbnail.is_none()
        {
            let media_id = MediaId::parse(&media_id).ok_or_else(|| corrupt("media", "id", &media_id))?;
            post.thumbnail = Some(Thumbnail { media_id, name, width, height, alt });
        }
    }
    Ok(posts)
}

fn post(row: Columns) -> Result<Newest> {
    let language = row.language.map(|tag| Language::parse(&tag).ok_or_else(|| corrupt("posts", "language", &row.id))).transpose()?;
    Ok(Newest {
        id: PostId::parse(&row.id).ok_or_else(|| corrupt("posts", "id", &row.id))?,
        title: row.title,
        beginning: row.beginning,
        language,
        sensitive: row.sensitive != 0,
        created: Time(row.created_ms),
        edited: row.edited_ms.map(Time),
        thumbnail: None,
    })
}
