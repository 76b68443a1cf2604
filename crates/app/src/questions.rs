//! Questions: those who decide ask whoever gave notice, who answers under their receipt. Nobody learns who the other is.

use domain::{Act, CaseId, ModeratorId, NoticeId, Receipt};
use store::questions::QuestionRow;

use crate::desk::NOTE_LETTERS;
use crate::moderators::decides;
use crate::{Error, Noted, Site};

impl Site {
    /// Asks whoever gave a notice something, in the place of what was asked before.
    pub async fn ask_back(&self, by: &ModeratorId, case: &CaseId, notice: &NoticeId, words: &str) -> Result<Noted, Error> {
        let words = domain::text::clean_text(words).trim().to_owned();
        if words.is_empty() || words.chars().count() > NOTE_LETTERS {
            return Ok(Noted::Words);
        }
        let mut tx = self.store.db.begin().await?;
        if !decides(&mut tx, Some(by)).await? || !store::questions::ask(&mut tx, case, notice, by, &words, self.clock.now()).await? {
            return Ok(Noted::Nothing);
        }
        self.note(&mut tx, Some(by), Act::NotifierAsked, case.as_str(), &serde_json::json!({ "notice": notice })).await?;
        self.mail_question(&mut tx, notice).await?;
        tx.commit().await?;
        Ok(Noted::Done)
    }

    /// Whether whoever gave this notice is still to answer something.
    pub async fn question_waits(&self, notice: &NoticeId) -> Result<bool, Error> {
        Ok(store::questions::waits(&self.store.db, notice).await?)
    }

    /// What was asked under a receipt.
    pub async fn questions(&self, receipt: &Receipt) -> Result<Vec<QuestionRow>, Error> {
        Ok(store::questions::under(&self.store.db, receipt).await?)
    }

    /// Answers what was asked; `Noted::Closed` if it was answered before, or was never asked.
    pub async fn answer_back(&self, receipt: &Receipt, notice: &NoticeId, words: &str) -> Result<Noted, Error> {
        let words = domain::text::clean_text(words).trim().to_owned();
        if words.is_empty() || words.chars().count() > NOTE_LETTERS {
            return Ok(Noted::Words);
        }
        let mut tx = self.store.db.begin().await?;
        if !store::questions::answer(&mut tx, receipt, notice, &words, self.clock.now()).await? {
            return Ok(Noted::Closed);
        }
        tx.commit().await?;
        Ok(Noted::Done)
    }
}
