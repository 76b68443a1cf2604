//! Takes away what a crash left in the blob store: uploads whose post never came, files that no row refers to, uploads in parts
//! that nobody ended.
//!
//! It looks only at what is older than a safe age, by the store's own word. A key is named by a row soon after its object is
//! written, or never: an old object that no row names belongs to nobody, and nobody can come to name it any more.

use domain::Time;
use futures_util::TryStreamExt as _;
use object_store::ObjectMeta;

use crate::blobs::{BLOB, EVIDENCE, PARTS, QUARANTINE, STAGED};
use crate::db::read;
use crate::{Result, Store, dialect};

/// Keys that the database is asked about at a time.
const BATCH: usize = 500;

/// What was taken away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Objects that no row named.
    pub objects: usize,
    /// Uploads in parts that nobody ended.
    pub uploads: usize,
}

impl Store {
    /// Deletes every object, last written before `before`, that no row names.
    pub async fn sweep(&self, before: Time) -> Result<Swept> {
        let mut swept = Swept::default();
        for shelf in [STAGED, BLOB, QUARANTINE, EVIDENCE] {
            let mut listed = self.blobs.below(shelf);
            let mut batch = Vec::with_capacity(BATCH);
            loop {
                let next = listed.try_next().await?;
                let ended = next.is_none();
                batch.extend(next.filter(|object| is_before(object, before)).map(|object| object.location.to_string()));
                if batch.len() == BATCH || (ended && !batch.is_empty()) {
                    for key in self.orphans(&batch).await? {
                        self.blobs.delete(&key).await?;
                        swept.objects += 1;
                    }
                    batch.clear();
                }
                if ended {
                    break;
                }
            }
        }
        let notes: Vec<ObjectMeta> = self.blobs.below(PARTS).try_collect().await?;
        for note in notes.iter().filter(|note| is_before(note, before)) {
            self.blobs.take_back(note.location.as_ref()).await?;
            swept.uploads += 1;
        }
        Ok(swept)
    }

    async fn orphans(&self, keys: &[String]) -> Result<Vec<String>> {
        let keys = serde_json::Value::from(keys).to_string();
        let sql = self.db.text(dialect::ORPHANS);
        Ok(read!(&self.db, conn => sqlx::query_scalar(sql).bind(&keys).fetch_all(conn).await)?)
    }
}

fn is_before(object: &ObjectMeta, time: Time) -> bool {
    object.last_modified.timestamp_millis() < time.0
}
