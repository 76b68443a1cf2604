//! Mail that a site sends: what it is about, how it stands, and when it is tried again.

use serde::{Deserialize, Serialize};

use crate::media::names;
use crate::time::{DAY_MS, HOUR_MS, MINUTE_MS};

/// What a mail is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailKind {
    /// A notice came: here is where its giver reads what becomes of it.
    Receipt,
    /// Whoever decides wants to know something of whoever gave a notice.
    Question,
    /// A notice was decided on.
    Decision,
    /// What a registered party filed was answered.
    Reply,
    /// The operator is told how the site is.
    Alarm,
}
names!(MailKind { Receipt = "receipt", Question = "question", Decision = "decision", Reply = "reply", Alarm = "alarm" });

/// How a mail stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailState {
    /// It is still to be sent.
    Waiting,
    /// The server has taken it.
    Sent,
    /// The server does not take it, or its address is none.
    Refused,
    /// The server was not reached, or put it off, for too long.
    GivenUp,
    /// There is nothing to say any more.
    Dropped,
}
names!(MailState { Waiting = "waiting", Sent = "sent", Refused = "refused", GivenUp = "given_up", Dropped = "dropped" });

/// Receipts that are sent to one address within a day: anybody may write anybody's address into a form.
pub const RECEIPTS_A_DAY: i64 = 5;
/// How long an address is kept once its mail is done: for as long as receipts to it are counted.
pub const ADDRESS_KEPT_MS: i64 = DAY_MS;

/// How long a mail waits after so many tries that failed; `None`: it is given up. A server that puts a mail off means minutes (greylisting,
/// RFC 6647, 2.1); one that is down, hours. All together it is some four days (RFC 5321, 4.5.4.1).
#[must_use]
pub fn pause_ms(tries: i64) -> Option<i64> {
    match tries {
        ..=1 => Some(MINUTE_MS),
        2 => Some(5 * MINUTE_MS),
        3 => Some(15 * MINUTE_MS),
        4 => Some(HOUR_MS),
        5..=7 => Some(4 * HOUR_MS),
        8..=13 => Some(12 * HOUR_MS),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_tried_for_some_days_and_then_given_up() {
        let pauses: Vec<i64> = (1..).map_while(pause_ms).collect();
        assert_eq!(pauses.len(), 13);
        assert!(pauses.is_sorted() && (3 * DAY_MS..5 * DAY_MS).contains(&pauses.iter().sum()), "{pauses:?}");
    }
}
