//! The one gate before everything that was made from a post: its page, its files. It asks the database for every request, after
//! the request began, so that nothing is given out that was taken away a moment ago; but where the answer is not at hand at
//! once, all who wait ask together, in one statement. What was made from a post may then be kept ready to hand, because it is
//! only given out while the post stands at the revision it was made from.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use domain::PostId;
use store::Db;
use store::posts::Standing;
use tokio::sync::{mpsc, oneshot};

use crate::Error;

/// The most questions in one statement.
const TOGETHER: usize = 512;

type Answer = Result<Option<Standing>, Arc<store::Error>>;
type Question = (PostId, oneshot::Sender<Answer>);

/// Asks how posts stand.
pub(crate) struct Gate {
    db: Db,
    asking: OnceLock<mpsc::UnboundedSender<Question>>,
}

impl Gate {
    pub(crate) fn new(db: Db) -> Self {
        Self { db, asking: OnceLock::new() }
    }

    /// How the post stands at a moment between this call and its answer; `None`: it is not there.
    pub(crate) async fn ask(&self, id: &PostId) -> Result<Option<Standing>, Error> {
        if let Some(standing) = store::posts::standing_at_once(&self.db, id) {
            return Ok(standing);
        }
        let asking = self.asking.get_or_init(|| {
            let (asking, questions) = mpsc::unbounded_channel();
            tokio::spawn(answer(self.db.clone(), questions));
            asking
        });
        let (answer, answered) = oneshot::channel();
        asking.send((id.clone(), answer)).map_err(|_| Error::Stopped)?;
        answered.await.map_err(|_| Error::Stopped)?.map_err(Error::Gate)
    }
}

/// Answers until the gate is dropped. What comes in while one statement runs is asked by the next: never by one that began before.
async fn answer(db: Db, mut questions: mpsc::UnboundedReceiver<Question>) {
    let mut waiting: Vec<Question> = Vec::new();
    while questions.recv_many(&mut waiting, TOGETHER).await > 0 {
        let mut ids: Vec<PostId> = waiting.iter().map(|(id, _)| id.clone()).collect();
        ids.sort_unstable();
        ids.dedup();
        let found = store::posts::standing(&db, &ids).await.map(HashMap::<_, _>::from_iter).map_err(Arc::new);
        for (id, answer) in waiting.drain(..) {
            // Whoever has gone away in the meantime needs no answer.
            drop(answer.send(found.as_ref().map(|found| found.get(&id).copied()).map_err(Arc::clone)));
        }
    }
}
