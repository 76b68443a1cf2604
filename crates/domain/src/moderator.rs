//! Who may decide: people with a name and a role, how long they stay signed in, and what of their acts is written down.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use crate::media::names;
use crate::name::{self, is_hidden};
use crate::time::{DAY_MS, HOUR_MS, MINUTE_MS, NODES_APART_MS, Time};

/// How long a link that enrols somebody is good.
pub const LINK_MS: i64 = 48 * HOUR_MS;
/// How long a session that nobody uses lasts.
pub const IDLE_MS: i64 = 12 * HOUR_MS;
/// How long any session lasts.
pub const SESSION_MS: i64 = 7 * DAY_MS;
/// How long a passkey has to answer.
pub const CHALLENGE_MS: i64 = 5 * MINUTE_MS;
/// The shortest password that somebody who decides may have, in characters.
pub const SHORTEST_PASSWORD: usize = 12;

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything: people, banks, decisions.
    Operator,
    /// The queue, and deciding on what is in it.
    Moderator,
    /// Nothing of the console: filing for the party that they belong to, and reading what became of it.
    Party,
}
names!(Role { Operator = "operator", Moderator = "moderator", Party = "party" });

impl Role {
    /// Whether somebody of this role decides on anything.
    #[must_use]
    pub fn decides(self) -> bool {
        matches!(self, Self::Operator | Self::Moderator)
    }
}

/// The name of somebody who decides: 1 to 64 characters in one spelling, none of which hides or turns others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModeratorName(String);

impl ModeratorName {
    /// The longest name, in characters.
    pub const LONGEST: usize = 64;

    /// Reads a name; spaces around it and more than one between its words are forgiven.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        name::spelt(typed, Self::LONGEST).map(Self)
    }

    /// The name as it is shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name as it is looked up: nobody remembers whether they wrote themselves with a capital.
    #[must_use]
    pub fn key(&self) -> String {
        name::key(&self.0)
    }
}

impl fmt::Display for ModeratorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether what began then still lasts after `lasts_ms`. What began in the future was begun by a clock that was set back since: how
/// long it has lasted nobody knows, so it has ended.
#[must_use]
pub fn lasts(began: Time, lasts_ms: i64, now: Time) -> bool {
    (-NODES_APART_MS..lasts_ms).contains(&now.since_ms(began))
}

/// Whether a session still stands.
#[must_use]
pub fn session_stands(created: Time, used: Time, now: Time) -> bool {
    lasts(created, SESSION_MS, now) && lasts(used, IDLE_MS, now)
}

/// Whether a new password is long enough. Nothing else is asked of it: rules make passwords alike (NIST SP 800-63B, 3.1.1.2).
#[must_use]
pub fn is_long_enough(typed: &str) -> bool {
    typed.nfkc().count() >= SHORTEST_PASSWORD
}

/// A code of six digits as somebody types it: in the digits of their own script, with spaces where their app shows them.
#[must_use]
pub fn code(typed: &str) -> Option<String> {
    if typed.len() > 64 {
        return None;
    }
    let digits: String = typed.nfkc().filter(|c| !c.is_whitespace() && !is_hidden(*c)).map(crate::text::latin).collect();
    (digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

/// What is written down of what people do, and of what is done for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Somebody was added.
    PersonAdded,
    /// Somebody was given a new link.
    LinkMade,
    /// Somebody used their link.
    Enrolled,
    /// Somebody signed in.
    SignedIn,
    /// A sign-in failed; how often in an hour, and not by what name.
    SignInFailed,
    /// Somebody signed out.
    SignedOut,
    /// Somebody signed out everywhere.
    SignedOutEverywhere,
    /// Somebody may not come in any more.
    Suspended,
    /// Somebody may come in again.
    Resumed,
    /// Something was hidden until it is decided.
    CaseHeld,
    /// It was shown again.
    CaseReleased,
    /// A case was decided.
    CaseDecided,
    /// A decision was undone.
    DecisionUndone,
    /// An appeal was answered.
    AppealAnswered,
    /// A picture of a case was looked at.
    Looked,
    /// A case that somebody else had open was taken over.
    CaseTaken,
    /// A case was given to somebody.
    CaseAssigned,
    /// Something was noted about a case.
    CaseNoted,
    /// Whoever gave notice was asked something.
    NotifierAsked,
    /// How often somebody may look in a day was set.
    LooksSet,
    /// A party was registered.
    PartyAdded,
    /// What is known of a party's identity was written down anew.
    PartyChecked,
    /// A party may not file any more.
    PartySuspended,
    /// A party may file again.
    PartyResumed,
    /// A party was given a key.
    KeyAdded,
    /// A key is good no more.
    KeyRevoked,
    /// A party filed something.
    Filed,
    /// A party was answered that something cannot be done.
    FilingAnswered,
    /// An order's silence was made longer, or ended.
    SilenceSet,
    /// Another version of the policy came into force.
    PolicySet,
    /// Something that a bank held was let go at the command line.
    MatchReleased,
    /// Something that a bank held stays so, by word of the command line.
    MatchKept,
    /// A bank, or one thing in it, was often wrong and only counts from now on.
    BankDistrusted,
    /// It acts again.
    BankTrusted,
    /// Something in a bank would reach more than the operator lets anything reach unseen, and only counts until somebody confirms it.
    BankWaits,
    /// Somebody confirmed it.
    BankConfirmed,
    /// A party was often wrong, and its notices come when anybody's do.
    PartyDistrusted,
    /// They come first again.
    PartyTrusted,
    /// What was filed in a party's name, and what followed from it, is to be undone.
    PartyUndone,
    /// A request counts for nothing any more: it was not its party's own.
    FilingWithdrawn,
    /// A poster took away what has to be kept.
    Preserved,
    /// Something that was removed is kept for longer.
    RetentionAdded,
    /// What was removed was sealed for the operator's offline key.
    EvidenceSealed,
    /// What was sealed was destroyed: nothing needed it any more.
    EvidenceDestroyed,
    /// What a decision took away was destroyed: nothing needed it any more.
    QuarantineDestroyed,
    /// A job that had failed for good is tried again.
    JobRetried,
    /// Nobody was at home: the site fell back to what its operator chose.
    FellBack,
    /// It came back.
    CameBack,
    /// A lever was pulled, or given another end.
    LeverSet,
    /// A lever was let go before its end.
    LeverCleared,
}
names!(Act {
    PersonAdded = "person_added",
    LinkMade = "link_made",
    Enrolled = "enrolled",
    SignedIn = "signed_in",
    SignInFailed = "sign_in_failed",
    SignedOut = "signed_out",
    SignedOutEverywhere = "signed_out_everywhere",
    Suspended = "suspended",
    Resumed = "resumed",
    CaseHeld = "case_held",
    CaseReleased = "case_released",
    CaseDecided = "case_decided",
    DecisionUndone = "decision_undone",
    AppealAnswered = "appeal_answered",
    Looked = "looked",
    CaseTaken = "case_taken",
    CaseAssigned = "case_assigned",
    CaseNoted = "case_noted",
    NotifierAsked = "notifier_asked",
    LooksSet = "looks_set",
    PartyAdded = "party_added",
    PartyChecked = "party_checked",
    PartySuspended = "party_suspended",
    PartyResumed = "party_resumed",
    KeyAdded = "key_added",
    KeyRevoked = "key_revoked",
    Filed = "filed",
    FilingAnswered = "filing_answered",
    SilenceSet = "silence_set",
    PolicySet = "policy_set",
    MatchReleased = "match_released",
    MatchKept = "match_kept",
    BankDistrusted = "bank_distrusted",
    BankTrusted = "bank_trusted",
    BankWaits = "bank_waits",
    BankConfirmed = "bank_confirmed",
    PartyDistrusted = "party_distrusted",
    PartyTrusted = "party_trusted",
    PartyUndone = "party_undone",
    FilingWithdrawn = "filing_withdrawn",
    Preserved = "preserved",
    RetentionAdded = "retention_added",
    EvidenceSealed = "evidence_sealed",
    EvidenceDestroyed = "evidence_destroyed",
    QuarantineDestroyed = "quarantine_destroyed",
    JobRetried = "job_retried",
    FellBack = "fell_back",
    CameBack = "came_back",
    LeverSet = "lever_set",
    LeverCleared = "lever_cleared",
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_spelling_and_hides_nothing() {
        let name = |typed: &str| ModeratorName::parse(typed).map(|name| name.as_str().to_owned());
        assert_eq!(name("  Ola   Nowak "), Some("Ola Nowak".to_owned()));
        assert_eq!(name("سلمى"), Some("سلمى".to_owned()));
        for bad in ["", "   ", "Ola\tNowak", "ola\u{202E}", "ola\n", "\u{200B}", &"x".repeat(65), &"\u{FDFA}".repeat(64)] {
            assert_eq!(name(bad), None, "{bad:?}");
        }
        let key = |typed: &str| ModeratorName::parse(typed).map(|name| name.key());
        assert_eq!(key("OLA"), key("ola"));
        assert_eq!(key("Z\u{00D3}\u{0141}W"), key("zo\u{0301}\u{0142}w"));
    }

    #[test]
    fn a_session_ends_when_nobody_uses_it_and_in_any_case_and_when_the_clock_was_set_back() {
        let began = Time(10 * DAY_MS);
        let at = |ms| began.plus_ms(ms);
        assert!(session_stands(began, began, at(IDLE_MS - 1)));
        assert!(!session_stands(began, began, at(IDLE_MS)));
        assert!(session_stands(began, at(SESSION_MS - 2), at(SESSION_MS - 1)));
        assert!(!session_stands(began, at(SESSION_MS - 1), at(SESSION_MS)));
        // Another node's clock is a little behind.
        assert!(session_stands(began, began, at(-MINUTE_MS)));
        assert!(!session_stands(began, began, at(-HOUR_MS)));
    }

    #[test]
    fn a_code_is_read_in_the_digits_of_three_keyboards() {
        for typed in ["287082", " 287 082 ", "٢٨٧٠٨٢", "۲۸۷\u{a0}۰۸۲", "２８７０８２"] {
            assert_eq!(code(typed).as_deref(), Some("287082"), "{typed}");
        }
        for typed in ["", "28708", "2870822", "28708a", "-87082", &"1".repeat(1_000_000)] {
            assert_eq!(code(typed), None);
        }
    }

    #[test]
    fn a_password_is_counted_in_characters() {
        assert!(!is_long_enough("elevenchars"));
        assert!(is_long_enough("twelve chars"));
        assert!(is_long_enough("طائرة ورقية.."));
    }
}
