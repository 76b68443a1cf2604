//! The closed list of what is done later. Payloads hold ids, never content (invariant 5); each may run twice.

use domain::{CaseId, DecisionId, ItemId, MailId, MediaId, ModeratorId, PartyId, PostId, TellingId, Time};
use serde::{Deserialize, Serialize};
use store::Tx;
use store::jobs::NewJob;

use crate::{Error, Site};

/// Which queue a job waits in: a long transcode never holds up what takes a millisecond.
pub const LIGHT: &str = "light";
/// The queue of mail and of the operator's webhook: a server that does not answer holds nothing else up.
pub const MAIL: &str = "mail";
/// The queue of everything that runs a media child.
pub const MEDIA: &str = "media";

/// Work for later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Job {
    /// Clean a medium and make its variants.
    PrepareMedia {
        /// Which.
        media_id: MediaId,
    },
    /// Make fingerprints anew that an older version made, one medium at a time.
    KnowAgain {
        /// The last one that was looked at; `None`: from the first on.
        after: Option<MediaId>,
    },
    /// The same for posts' words, one post at a time.
    KnowWordsAgain {
        /// The last one that was looked at; `None`: from the first on.
        after: Option<PostId>,
    },
    /// Delete an object that nothing refers to any more. Queued by `store` itself.
    DeleteObject {
        /// Its key in the blob store.
        key: String,
    },
    /// Find everything that is like the subject of a case.
    FindAlike {
        /// Which.
        case_id: CaseId,
    },
    /// Open a case for what is held and is in none. Queued by `store` too.
    OpenCases,
    /// Hold what came in the meantime and is like what was removed, and put what was removed into quarantine.
    Settle {
        /// By which decision.
        decision_id: DecisionId,
    },
    /// Say anew what was said of the posts that a decision reached: its silence has ended.
    EndSilence {
        /// Which.
        decision_id: DecisionId,
    },
    /// Seal what a decision took away for those who keep evidence.
    Seal {
        /// By which decision.
        decision_id: DecisionId,
    },
    /// Bring back what a decision took away: all of it, if it was undone, or what it took of one post that is given back.
    Restore {
        /// Which.
        decision_id: DecisionId,
        /// Of which post alone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        post_id: Option<PostId>,
    },
    /// Write down mail to those who gave notice of what was decided.
    TellNotifiers {
        /// By which decision.
        decision_id: DecisionId,
    },
    /// Weigh what a party gave notice of anew.
    WeighParty {
        /// Which.
        party_id: PartyId,
    },
    /// Undo what was filed in a party's name, and what followed from it.
    UndoDeeds {
        /// Whose.
        party_id: PartyId,
        /// Since when.
        since: Time,
        /// Who said so; `None`: the command line.
        by: Option<ModeratorId>,
    },
    /// Look for what was put into a bank among all that stands: whoever put it there began to, and was cut off.
    SearchFor {
        /// Which.
        item_id: ItemId,
    },
    /// Act on what something that a bank knows had only counted, because somebody confirmed it.
    ActOnCounted {
        /// Which.
        item_id: ItemId,
    },
    /// Send a mail.
    Mail {
        /// Which.
        mail_id: MailId,
    },
    /// Tell the operator's webhook of alarms.
    CallWebhook {
        /// What it is told.
        telling_id: TellingId,
    },
    /// Show a post, or its links, whose wait is over.
    EndWait {
        /// Which.
        post_id: PostId,
    },
    /// Delete a post whose end has come.
    ExpirePost {
        /// Which.
        post_id: PostId,
    },
    /// Take what was deleted or overwritten out of the database's log. Queued by `store` itself.
    Scrub,
    /// Take away what crashes have left, and expired posts whose own job was lost. Queues itself again.
    Sweep,
}

impl Job {
    /// The lane it waits in.
    #[must_use]
    pub fn lane(&self) -> &'static str {
        match self {
            Self::PrepareMedia { .. } | Self::KnowAgain { .. } | Self::KnowWordsAgain { .. } | Self::FindAlike { .. } => MEDIA,
            Self::OpenCases
            | Self::WeighParty { .. }
            | Self::UndoDeeds { .. }
            | Self::SearchFor { .. }
            | Self::ActOnCounted { .. }
            | Self::Settle { .. }
            | Self::Seal { .. }
            | Self::Restore { .. }
            | Self::TellNotifiers { .. }
            | Self::EndSilence { .. }
            | Self::DeleteObject { .. }
            | Self::ExpirePost { .. }
            | Self::EndWait { .. }
            | Self::Scrub
            | Self::Sweep => LIGHT,
            Self::Mail { .. } | Self::CallWebhook { .. } => MAIL,
        }
    }

    /// Its name in the jobs table.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::PrepareMedia { .. } => "prepare_media",
            Self::KnowAgain { .. } => "know_again",
            Self::KnowWordsAgain { .. } => "know_words_again",
            Self::DeleteObject { .. } => "delete_object",
            Self::FindAlike { .. } => "find_alike",
            Self::OpenCases => "open_cases",
            Self::Settle { .. } => "settle",
            Self::Seal { .. } => "seal",
            Self::Restore { .. } => "restore",
            Self::EndSilence { .. } => "end_silence",
            Self::TellNotifiers { .. } => "tell_notifiers",
            Self::WeighParty { .. } => "weigh_party",
            Self::UndoDeeds { .. } => "undo_deeds",
            Self::SearchFor { .. } => "search_for",
            Self::ActOnCounted { .. } => "act_on_counted",
            Self::Mail { .. } => "mail",
            Self::CallWebhook { .. } => "call_webhook",
            Self::EndWait { .. } => "end_wait",
            Self::ExpirePost { .. } => "expire_post",
            Self::Scrub => "scrub",
            Self::Sweep => "sweep",
        }
    }

    /// What only one of waits at a time.
    fn dedup_key(&self) -> Option<String> {
        match self {
            Self::PrepareMedia { .. }
            | Self::DeleteObject { .. }
            | Self::ExpirePost { .. }
            | Self::EndWait { .. }
            | Self::EndSilence { .. } => None,
            Self::FindAlike { case_id } => Some(format!("find_alike {case_id}")),
            Self::Settle { decision_id } => Some(format!("settle {decision_id}")),
            Self::Seal { decision_id } => Some(format!("seal {decision_id}")),
            Self::Restore { decision_id, post_id: None } => Some(format!("restore {decision_id}")),
            Self::Restore { decision_id, post_id: Some(post) } => Some(format!("restore {decision_id} {post}")),
            Self::TellNotifiers { decision_id } => Some(format!("tell_notifiers {decision_id}")),
            Self::WeighParty { party_id } => Some(format!("weigh_party {party_id}")),
            Self::UndoDeeds { party_id, since, .. } => Some(format!("undo_deeds {party_id} {}", since.0)),
            Self::SearchFor { item_id } => Some(format!("search_for {item_id}")),
            Self::ActOnCounted { item_id } => Some(format!("act_on_counted {item_id}")),
            Self::Mail { mail_id } => Some(format!("mail {mail_id}")),
            Self::CallWebhook { telling_id } => Some(format!("call_webhook {telling_id}")),
            Self::KnowAgain { .. } | Self::KnowWordsAgain { .. } | Self::OpenCases | Self::Scrub | Self::Sweep => {
                Some(self.kind().to_owned())
            }
        }
    }

    /// Somebody does what this is queued for, and for so long nobody else shall.
    pub(crate) async fn defer(&self, site: &Site, until: Time) -> Result<(), Error> {
        match self.dedup_key() {
            Some(key) => Ok(store::jobs::defer(&site.store.db, &key, until).await?),
            None => Ok(()),
        }
    }

    /// And has done it.
    pub(crate) async fn withdraw(&self, site: &Site) -> Result<(), Error> {
        match self.dedup_key() {
            Some(key) => Ok(store::jobs::withdraw(&site.store.db, &key).await?),
            None => Ok(()),
        }
    }

    /// Reads a row of the jobs table.
    pub fn parse(kind: &str, payload: &str) -> Result<Self, serde_json::Error> {
        let mut value: serde_json::Value = serde_json::from_str(payload)?;
        if let Some(object) = value.as_object_mut() {
            object.insert("kind".to_owned(), kind.into());
        }
        serde_json::from_value(value)
    }

    fn payload(&self) -> Result<String, serde_json::Error> {
        let mut value = serde_json::to_value(self)?;
        if let Some(object) = value.as_object_mut() {
            object.remove("kind");
        }
        serde_json::to_string(&value)
    }
}

impl Site {
    /// Queues `job` in the change's own transaction (invariant 4).
    pub(crate) async fn enqueue(&self, tx: &mut Tx, job: &Job) -> Result<(), Error> {
        self.enqueue_at(tx, job, self.clock.now()).await
    }

    /// The same, not before `run_at`.
    pub(crate) async fn enqueue_at(&self, tx: &mut Tx, job: &Job, run_at: Time) -> Result<(), Error> {
        let (kind, lane) = (job.kind().to_owned(), job.lane().to_owned());
        let new = NewJob { kind, payload: job.payload()?, lane, run_at, dedup_key: job.dedup_key() };
        store::jobs::enqueue(tx, &new, self.clock.now()).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_reads_back_from_its_row() {
        for job in [
            Job::PrepareMedia { media_id: MediaId::from_random([1; 16]) },
            Job::KnowAgain { after: None },
            Job::KnowAgain { after: Some(MediaId::from_random([3; 16])) },
            Job::KnowWordsAgain { after: None },
            Job::KnowWordsAgain { after: Some(PostId::from_random([4; 16])) },
            Job::DeleteObject { key: "ab/abc".to_owned() },
            Job::ExpirePost { post_id: PostId::from_random([2; 16]) },
            Job::EndWait { post_id: PostId::from_random([2; 16]) },
            Job::FindAlike { case_id: CaseId::from_random([4; 16]) },
            Job::OpenCases,
            Job::Settle { decision_id: DecisionId::from_random([5; 16]) },
            Job::Seal { decision_id: DecisionId::from_random([5; 16]) },
            Job::Restore { decision_id: DecisionId::from_random([5; 16]), post_id: None },
            Job::Restore { decision_id: DecisionId::from_random([5; 16]), post_id: Some(PostId::from_random([6; 16])) },
            Job::EndSilence { decision_id: DecisionId::from_random([5; 16]) },
            Job::TellNotifiers { decision_id: DecisionId::from_random([5; 16]) },
            Job::WeighParty { party_id: PartyId::from_random([7; 16]) },
            Job::UndoDeeds { party_id: PartyId::from_random([7; 16]), since: Time(7), by: None },
            Job::UndoDeeds { party_id: PartyId::from_random([7; 16]), since: Time(7), by: Some(ModeratorId::from_random([8; 16])) },
            Job::SearchFor { item_id: ItemId::from_random([9; 16]) },
            Job::ActOnCounted { item_id: ItemId::from_random([9; 16]) },
            Job::Mail { mail_id: MailId::from_random([6; 16]) },
            Job::CallWebhook { telling_id: TellingId::from_random([7; 16]) },
            Job::Scrub,
            Job::Sweep,
        ] {
            let payload = job.payload().expect("it writes");
            assert_eq!(Job::parse(job.kind(), &payload).expect("it reads"), job);
        }
        assert!(Job::parse("no_such_job", "{}").is_err());
    }
}
