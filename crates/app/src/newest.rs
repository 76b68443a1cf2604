//! The public list: the newest posts whose posters want them there, where the operator wants one.

use store::newest::{Cursor, Newest};

use crate::{Error, Site};

/// A page of the list.
#[derive(Debug)]
pub struct Page {
    /// The newest first.
    pub posts: Vec<Newest>,
    /// Where the next page begins, if there is more.
    pub next: Option<Cursor>,
}

impl Site {
    /// `count` posts of the list as it is now, after `cursor` where there is one.
    pub async fn newest(&self, cursor: Option<&Cursor>, count: usize) -> Result<Page, Error> {
        let limit = i64::try_from(count).unwrap_or(i64::MAX).saturating_add(1);
        let mut posts = store::newest::newest(&self.store.db, cursor, self.clock.now(), limit).await?;
        let more = posts.len() > count;
        posts.truncate(count);
        let next = posts.last().filter(|_| more).map(|last| Cursor { created: last.created, id: last.id.clone() });
        Ok(Page { posts, next })
    }
}
