//! What the site does: publish, read, edit, expire, and the jobs behind it.
//!
//! Every public function here is one act of one person (or of the clock). Each change is one transaction that carries its own
//! jobs (invariant 4); whoever calls gets the result only after it is durable.

mod act;
mod again;
pub mod alarms;
mod away;
mod banks;
mod budget;
mod cases;
pub mod chance;
pub mod clock;
mod contested;
mod corpus;
mod decide;
mod desk;
mod edit;
pub mod evidence;
mod exits;
mod filings;
mod flaggers;
mod gate;
mod holdings;
mod holds;
mod hours;
pub mod job;
mod lane;
pub mod levers;
mod looks;
mod mail;
mod markdown;
mod matching;
mod metrics;
mod moderators;
mod newest;
mod notices;
mod open;
mod opened;
mod parties;
mod policies;
mod prepare;
mod preserved;
mod proof;
mod publish;
mod quarantine;
mod questions;
mod read;
mod receive;
mod retentions;
mod runner;
mod trust;
mod upkeep;
pub mod uploads;
mod watch;
pub mod waves;
mod withdraw;

use std::path::PathBuf;
use std::sync::Arc;

use domain::case::HoldRules;
use domain::party::Jurisdiction;
use domain::{FairUse, Limits};
use store::Store;

pub use alarms::{AlarmWriter, Alarms, Line, Tested};
pub use away::{Away, Rehearsal};
pub use banks::{Added, Import, Looked, NewItem, Reached, Searched};
pub use budget::{Busy, Guess, Who};
pub use cases::{CaseView, FoundBy, Queued};
pub use chance::Chance;
pub use clock::Clock;
pub use contested::{Contested, ContestedMedium};
pub use decide::{Answer, Answered, Appealed, Decided, Extent, Removal};
pub use desk::{Claimed, NOTE_LETTERS, Noted, Sought};
pub use edit::{Edit, Edited, version};
pub use evidence::{Recipient, RecipientError, Sealed};
pub use filings::{AnswerRefused, Filed, Filer, FilingState, FilingView, HOLDINGS_BYTES, LINKS, LinkNow, Named};
pub use holdings::{Held, HeldMedium, HeldPost, HeldState, Holding};
pub use hours::{Flow, Hour};
pub use job::Job;
pub use looks::{Desk, KnownAlready, Look, Picture};
pub use mail::{Letter, MailError, Post, Server, Unsent, Writer};
pub use markdown::{excerpt, renamed};
pub use matching::{Alike, Known, Likeness, sureness, tlsh_sureness, words_known};
pub use metrics::{PREPARE_SECONDS, describe_metrics, file_refused};
pub use moderators::{Asked, EnrolRefused, First, NewLink, NewSession, PasskeyPlace, PersonRefused, Signed};
pub use newest::Page;
pub use notices::{About, Outcome, SUBJECTS, Told};
pub use open::Opened;
pub use parties::{PartyRefused, SignatureRefused};
pub use policies::{PolicySet, PolicyVersion};
pub use proof::{Offer, Owed, PaidPost, Toll};
pub use publish::{NewMedium, Posting, Published, Source};
pub use read::{Found, Lock, MediaView, PostView};
pub use receive::{Attachment, Receiving, Refusal};
pub use retentions::NotKept;
pub use runner::Runner;
pub use trust::BankSummary;
pub use watch::{BankNow, SourceNow, State};
pub use withdraw::Deeds;

/// The HTML of what an operator has written in Markdown, as safe as that of a post's words.
#[must_use]
pub fn operator_html(text: &str) -> String {
    markdown::written(text.to_owned(), &[]).html
}

/// Why an act failed for a reason that is not its input's.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database or the blob store did not answer or is full.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The media child could not be started.
    #[error(transparent)]
    Media(#[from] media::Error),
    /// A local file could not be written.
    #[error("a work file: {0}")]
    Io(#[from] std::io::Error),
    /// The fields are wrong.
    #[error(transparent)]
    Draft(#[from] domain::DraftError),
    /// The same, for all who asked together.
    #[error(transparent)]
    Gate(std::sync::Arc<store::Error>),
    /// The site is being stopped.
    #[error("the site is being stopped")]
    Stopped,
    /// The post was so long in coming that its first files are no longer sure to be there.
    #[error("the request took longer than a request may")]
    TooLate,
    /// The same request made a post before, and the post was deleted since.
    #[error("the post was deleted")]
    Gone,
    /// The bank is not there any more.
    #[error("the bank was removed meanwhile")]
    BankRemoved,
    /// Nothing new is taken now.
    #[error(transparent)]
    ReadOnly(#[from] levers::ReadOnly),
    /// A job's payload does not read.
    #[error("a job's payload: {0}")]
    Payload(#[from] serde_json::Error),
}

impl Error {
    /// Whether it is likely to work again in a moment.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Store(error) => error.may_pass(),
            Self::Gate(error) => error.may_pass(),
            Self::Stopped => true,
            _ => false,
        }
    }
}

/// One site: its storage, its limits, its clock and its dice.
#[derive(Clone)]
pub struct Site(Arc<Whole>);

struct Whole {
    parts: Parts,
    gate: gate::Gate,
    served: read::ServedFiles,
    budgets: budget::Budgets,
    turns: uploads::Turns,
    matching: matching::Matching,
    corpus: corpus::Corpus,
    policies: policies::Policies,
    opened: opened::Opened,
    hours: hours::Hours,
    watch: watch::Watch,
    levers: levers::Known,
    proofs: proof::Proofs,
    exits: exits::Exits,
}

/// What a site is made of.
pub struct Parts {
    /// Database and blobs.
    pub store: Store,
    /// How untrusted bytes are looked at.
    pub sandbox: media::Sandbox,
    /// What the operator allows.
    pub limits: Limits,
    /// How much of it one asker may use.
    pub fair_use: FairUse,
    /// Of which notices the subject is held at once.
    pub hold: HoldRules,
    /// How much that nobody has reported something may reach that is put into a bank, before somebody looks twice; 0: however much.
    pub reach_limit: u32,
    /// What time it is.
    pub clock: Clock,
    /// The country that the site is established in, if its operator says so.
    pub home: Option<Jurisdiction>,
    /// A country database says where who asks is.
    pub knows_countries: bool,
    /// How it sends mail; `None`: it sends none.
    pub post: Option<Post>,
    /// Where ids and secrets come from.
    pub chance: Chance,
    /// A private local directory for jobs at work.
    pub work_dir: PathBuf,
    /// The local directory of what stands, as files: it may be missing or lost at any time.
    pub corpus_dir: PathBuf,
    /// For whom what decisions take away is sealed; nobody: it is kept in quarantine alone.
    pub evidence: Vec<Recipient>,
    /// Of what its operator is told, where, when and how.
    pub alarms: Alarms,
    /// What it falls back to when nobody is at home.
    pub away: Away,
}

impl Site {
    /// Puts a site together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let gate = gate::Gate::new(parts.store.db.clone());
        let budgets = budget::Budgets::new(parts.fair_use.clone(), parts.clock.clone());
        Self(Arc::new(Whole {
            gate,
            served: read::served_files(),
            budgets,
            turns: uploads::Turns::default(),
            matching: matching::Matching::default(),
            corpus: corpus::Corpus::new(store::corpus::Folder::new(parts.corpus_dir.clone())),
            policies: policies::Policies::default(),
            opened: opened::Opened::default(),
            hours: hours::Hours::default(),
            watch: watch::Watch::default(),
            levers: levers::Known::default(),
            proofs: proof::Proofs::new(&parts.chance),
            exits: exits::Exits::default(),
            parts,
        }))
    }

    pub(crate) fn budgets(&self) -> &budget::Budgets {
        &self.0.budgets
    }

    pub(crate) fn matching(&self) -> &matching::Matching {
        &self.0.matching
    }

    pub(crate) fn corpus(&self) -> &corpus::Corpus {
        &self.0.corpus
    }

    pub(crate) fn known_policies(&self) -> &policies::Policies {
        &self.0.policies
    }

    pub(crate) fn openings(&self) -> &opened::Opened {
        &self.0.opened
    }

    pub(crate) fn hours(&self) -> &hours::Hours {
        &self.0.hours
    }

    pub(crate) fn watch(&self) -> &watch::Watch {
        &self.0.watch
    }

    pub(crate) fn exits(&self) -> &exits::Exits {
        &self.0.exits
    }

    pub(crate) fn proofs(&self) -> &proof::Proofs {
        &self.0.proofs
    }

    pub(crate) fn known_levers(&self) -> &levers::Known {
        &self.0.levers
    }

    pub(crate) fn turns(&self) -> &uploads::Turns {
        &self.0.turns
    }
}

impl std::ops::Deref for Site {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0.parts
    }
}
