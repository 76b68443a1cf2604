//! What things mean: ids, posts, media, limits, language, time arithmetic.
//!
//! Invariant 1: nothing here does I/O, reads a clock or draws randomness; time and random bytes are arguments.

pub mod away;
pub mod bank;
pub mod budget;
pub mod case;
pub mod claim;
pub mod decision;
pub mod expiry;
pub mod filing;
pub mod fingerprint;
pub mod id;
pub mod lane;
pub mod language;
pub mod lever;
pub mod limits;
pub mod look;
pub mod mail;
pub mod media;
pub mod moderator;
pub mod name;
pub mod network;
pub mod notice;
pub mod party;
pub mod pass;
pub mod password;
pub mod placed;
pub mod policy;
pub mod post;
pub mod precision;
pub mod problem;
pub mod proof;
pub mod repeat;
pub mod retention;
pub mod text;
pub mod time;
pub mod watch;

pub use away::{AwayRules, Home, Why};
pub use bank::{BankKind, BankName, MatchState, OnMatch};
pub use budget::{Budget, FairUse, OverBudget};
pub use case::{CaseState, Facts, Rank};
pub use decision::{Action, AppealState, Because, Composed, Decision, DecisionError, Ground, Origin, RawDecision, RestrictionState};
pub use expiry::Expiry;
pub use filing::{Fault, Filing, Inability, Order, RawFiling, TcoReason};
pub use fingerprint::{Fingerprint, FingerprintKind};
pub use id::{
    AlarmId, AppealId, AuditId, BankId, CaseId, DecisionId, EnrolSecret, FilingId, ItemId, MailId, ManageSecret, MatchId, MediaId,
    ModeratorId, NoteId, NoticeId, PartyId, PostId, Receipt, RetentionId, SessionToken, TellingId, UploadId,
};
pub use lane::{Lane, Wait};
pub use language::{Direction, Language};
pub use lever::{Lever, Levers};
pub use limits::Limits;
pub use mail::{MailKind, MailState};
pub use media::{FileRole, MediaKind, MediaState};
pub use moderator::{Act, ModeratorName, Role};
pub use network::Network;
pub use notice::{Category, Notice, NoticeError, NoticeKind, RawNotice};
pub use party::{KeyId, Party, PartyError, PartyKind, PartyName, RawParty};
pub use pass::Seal;
pub use password::Password;
pub use policy::{ClauseId, Policy, PolicyOrigin};
pub use post::{Draft, DraftError, PostState, RawDraft};
pub use precision::Precision;
pub use problem::Problem;
pub use repeat::{IdempotencyKey, Repeat};
pub use retention::{RawRetention, Retention, RetentionError, RetentionGround};
pub use time::Time;
pub use watch::{AlarmKind, AlarmRules, Counted, QuietHours};
