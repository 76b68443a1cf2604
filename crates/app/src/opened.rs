//! How often posts are opened: whoever decides sees what much was seen. One number for each post is all that is counted; it is written down
//! once a minute, so that reading stays reading.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::{Facts, PostId};

use crate::{Error, Site};

/// The most posts that are counted between two times of writing down.
const MOST: usize = 100_000;

/// What was opened since it was last written down.
#[derive(Default)]
pub(crate) struct Opened(Mutex<HashMap<PostId, i64>>);

impl Site {
    /// Somebody has opened a post.
    pub fn was_opened(&self, id: &PostId) {
        let mut counts = self.openings().0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(times) = counts.get_mut(id) {
            *times += 1;
        } else if counts.len() < MOST {
            counts.insert(id.clone(), 1);
        }
    }

    /// Writes down what was opened since the last time. What cannot be written down now is kept for the next time.
    pub async fn keep_openings(&self) -> Result<(), Error> {
        let counts = std::mem::take(&mut *self.openings().0.lock().unwrap_or_else(PoisonError::into_inner));
        if counts.is_empty() {
            return Ok(());
        }
        let written = self.write_openings(&counts).await;
        if written.is_err() {
            let mut since = self.openings().0.lock().unwrap_or_else(PoisonError::into_inner);
            for (id, times) in counts {
                *since.entry(id).or_default() += times;
            }
        }
        written
    }

    async fn write_openings(&self, counts: &HashMap<PostId, i64>) -> Result<(), Error> {
        // In one order, so that two nodes never wait for each other.
        let mut counts: Vec<(&PostId, &i64)> = counts.iter().collect();
        counts.sort_unstable();
        let (mut tx, mut heavier) = (self.store.db.begin_light().await?, Vec::new());
        for (id, times) in counts {
            if let Some(all) = store::opened::add(&mut tx, id, *times).await?
                && weight(all) > weight(all - times)
            {
                heavier.push(id);
            }
        }
        tx.commit().await?;
        for id in heavier {
            // What could not be weighed now is weighed with the next doubling; the count is written down.
            if let Err(error) = self.weigh_opened(id).await {
                tracing::warn!(%error, "a case could not be weighed anew");
            }
        }
        Ok(())
    }

    /// The open cases of a post weigh more, because more have seen it: that changes with each doubling, and is written down as often.
    async fn weigh_opened(&self, id: &PostId) -> Result<(), Error> {
        let mut tx = self.store.db.begin_light().await?;
        // The post before its cases, as everywhere.
        store::posts::stand_still(&mut tx, id).await?;
        let cases = store::holds::open_of(&mut tx, id, None).await?;
        for case in &cases {
            if let Some(row) = store::cases::look(&mut tx, case).await? {
                self.weigh_case(&mut tx, case, &row.subject, None).await?;
            }
        }
        if cases.is_empty() { Ok(()) } else { Ok(tx.commit().await?) }
    }
}

/// What the rank of a case has of so many openings.
fn weight(times: i64) -> u32 {
    Facts { opened: u64::try_from(times).unwrap_or_default(), ..Facts::default() }.rank().reach
}
