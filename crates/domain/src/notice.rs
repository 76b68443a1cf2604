//! Notices: somebody says that a post, or one medium of it, should not stand.
//!
//! What follows from a notice depends on its kind, which is a table here. What it has to say is Regulation (EU) 2022/2065 (Digital Services
//! Act), Article 16(2): why, exactly where, who says so, and that they say so in good faith. Nobody has to say who they are: a notice
//! without a name counts for less, and one about child abuse is never asked for a name (Article 16(2)(c)).

mod kind;

use serde::{Deserialize, Serialize};

use crate::media::names;
use crate::text::{clean_line, clean_text};

pub use kind::{Asks, Gag, NoticeKind, ReplyForm, Rule, Senders, TCO_GAG_MS};

/// What is wrong with something, in plain words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Somebody's life is in danger.
    LifeInDanger,
    /// A child is abused, or shown sexually.
    ChildAbuse,
    /// It calls for terrorism, or praises it.
    Terrorism,
    /// Intimate pictures of somebody who did not agree.
    IntimateImages,
    /// It threatens somebody, or calls for violence.
    Violence,
    /// It calls for hatred of people for what they are.
    Hate,
    /// It shows where somebody lives, or other private things.
    Privacy,
    /// It deceives people for their money or their passwords.
    Fraud,
    /// It is somebody else's work.
    Copyright,
    /// It is against the law in another way.
    OtherIllegal,
    /// It is against the site's policy.
    Policy,
}
names!(Category {
    LifeInDanger = "life_in_danger",
    ChildAbuse = "child_abuse",
    Terrorism = "terrorism",
    IntimateImages = "intimate_images",
    Violence = "violence",
    Hate = "hate",
    Privacy = "privacy",
    Fraud = "fraud",
    Copyright = "copyright",
    OtherIllegal = "other_illegal",
    Policy = "policy",
});

impl Category {
    /// How bad it would be if it were true, 0 to 10: what a case of it weighs before anything is known.
    #[must_use]
    pub fn severity(self) -> u32 {
        match self {
            Self::LifeInDanger | Self::ChildAbuse => 10,
            Self::Terrorism => 9,
            Self::IntimateImages => 8,
            Self::Violence => 7,
            Self::Hate | Self::Privacy => 6,
            Self::Fraud => 5,
            Self::Copyright | Self::OtherIllegal => 4,
            Self::Policy => 2,
        }
    }

    /// Whether whoever gives notice may be asked for a name.
    #[must_use]
    pub fn asks_who(self) -> bool {
        self != Self::ChildAbuse
    }

    /// Whether a case of it is heavy to look at: such cases come one by one, with lighter ones between them.
    #[must_use]
    pub fn is_grim(self) -> bool {
        self.severity() >= 7
    }

    /// Whether its media must never be shown to whoever decides: looking at them is a harm, and may be a crime.
    #[must_use]
    pub fn is_never_shown(self) -> bool {
        self == Self::ChildAbuse
    }
}

/// The longest explanation, in bytes.
pub const EXPLANATION_BYTES: usize = 10_000;
/// The longest name, in letters.
const NAME_LETTERS: usize = 200;
/// RFC 5321, 4.5.3.1: a path is at most 256 octets with its brackets.
const EMAIL_BYTES: usize = 254;

/// A notice as it arrived. `None`: the field was not sent.
#[derive(Clone, Debug, Default)]
pub struct RawNotice {
    /// The kind; absent: a notice.
    pub kind: Option<String>,
    /// What is wrong.
    pub category: Option<String>,
    /// Why.
    pub explanation: Option<String>,
    /// Who says so.
    pub name: Option<String>,
    /// Where to write to.
    pub email: Option<String>,
    /// `1`, `true` or `on`: it is said in good faith.
    pub good_faith: Option<String>,
}

/// The same, checked and cleaned.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Notice {
    /// The kind.
    pub kind: NoticeKind,
    /// What is wrong.
    pub category: Category,
    /// Why, in whoever's own words.
    pub explanation: String,
    /// Who says so.
    pub name: Option<String>,
    /// Where to write to.
    pub email: Option<String>,
}

/// What is wrong with a notice. Each has words in every language under `notice-…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoticeError {
    /// No kind that there is.
    #[error("type is none of the types of notices")]
    Kind,
    /// A kind that only a registered party sends, or only one of another kind.
    #[error("only a registered party sends a notice of this type, and signs it; what binds comes from authorities alone")]
    Unregistered,
    /// No category, or none that there is.
    #[error("category is missing, or none of the categories")]
    Category,
    /// Nothing is said.
    #[error("explanation is missing")]
    Explanation,
    /// More is said than fits.
    #[error("explanation is longer than 10,000 bytes")]
    TooLong,
    /// The name is too long.
    #[error("name is longer than 200 letters")]
    Name,
    /// It is no mail address.
    #[error("email is not a mail address")]
    Email,
    /// Good faith was not said.
    #[error("good_faith is missing: say that this is true as far as you know")]
    GoodFaith,
    /// A field that says when, and says no moment.
    #[error("{0} is no moment, such as 2026-11-26T12:00:00Z")]
    Time(&'static str),
    /// No reason that Annex I has.
    #[error("reasons are the letters a to e of Regulation (EU) 2021/784, Annex I, or their names")]
    Reason,
    /// Its poster must not be told, which a notice of this type cannot ask.
    #[error("only an order may forbid to tell the poster")]
    Secret,
}

impl RawNotice {
    /// Checks what anybody sent.
    pub fn check(self) -> Result<Notice, NoticeError> {
        let kind = match self.kind.as_deref() {
            None | Some("") => NoticeKind::Notice,
            Some(kind) => NoticeKind::parse(kind).ok_or(NoticeError::Kind)?,
        };
        if !kind.may_come_from(None) {
            return Err(NoticeError::Unregistered);
        }
        self.checked(kind)
    }

    /// Checks what every notice says. One of a kind that says what is wrong by itself need not say it again, nor why, nor that it is said in good
    /// faith: an order states its own grounds.
    pub(crate) fn checked(self, kind: NoticeKind) -> Result<Notice, NoticeError> {
        let by_kind = kind.rule().category;
        let category = match self.category.as_deref().filter(|category| !category.is_empty()) {
            Some(category) => Category::parse(category).ok_or(NoticeError::Category)?,
            None => by_kind.ok_or(NoticeError::Category)?,
        };
        let explanation = clean_text(&self.explanation.unwrap_or_default());
        if explanation.trim().is_empty() && by_kind.is_none() {
            return Err(NoticeError::Explanation);
        }
        if explanation.len() > EXPLANATION_BYTES {
            return Err(NoticeError::TooLong);
        }
        let (name, email) = (said(self.name), said(self.email));
        if name.as_ref().is_some_and(|name| name.chars().count() > NAME_LETTERS) {
            return Err(NoticeError::Name);
        }
        if email.as_deref().is_some_and(|email| !is_mail_address(email)) {
            return Err(NoticeError::Email);
        }
        if by_kind.is_none() && !matches!(self.good_faith.as_deref(), Some("1" | "true" | "on")) {
            return Err(NoticeError::GoodFaith);
        }
        Ok(Notice { kind, category, explanation, name, email })
    }
}

impl Notice {
    /// Whether nobody stands behind it: accepted, and marked.
    #[must_use]
    pub fn is_anonymous(&self) -> bool {
        self.name.is_none() && self.email.is_none()
    }
}

fn said(field: Option<String>) -> Option<String> {
    field.map(|text| clean_line(&text)).filter(|text| !text.is_empty())
}

/// One `@` with something on both sides, and nothing that could begin a header of its own. Whether it is anybody's shows when mail is
/// sent to it.
#[must_use]
pub fn is_mail_address(text: &str) -> bool {
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | ',' | ';' | '"' | '(' | ')');
    let parts: Vec<&str> = text.split('@').collect();
    text.len() <= EMAIL_BYTES && text.chars().all(plain) && parts.len() == 2 && parts.iter().all(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw() -> RawNotice {
        RawNotice {
            category: Some("violence".into()),
            explanation: Some("The kite is threatened.".into()),
            good_faith: Some("on".into()),
            ..RawNotice::default()
        }
    }

    #[test]
    fn a_notice_needs_a_category_a_reason_and_good_faith_and_no_name() {
        let notice = raw().check().expect("it is whole");
        assert!(notice.is_anonymous() && notice.kind == NoticeKind::Notice && notice.category == Category::Violence);
        let with = |change: fn(&mut RawNotice)| {
            let mut raw = raw();
            change(&mut raw);
            raw.check().expect_err("it is not whole")
        };
        assert_eq!(with(|raw| raw.category = None), NoticeError::Category);
        assert_eq!(with(|raw| raw.category = Some("boredom".into())), NoticeError::Category);
        assert_eq!(with(|raw| raw.explanation = Some(" \u{200e}\n ".into())), NoticeError::Explanation);
        assert_eq!(with(|raw| raw.explanation = Some("k".repeat(10_001))), NoticeError::TooLong);
        assert_eq!(with(|raw| raw.good_faith = Some("0".into())), NoticeError::GoodFaith);
        assert_eq!(with(|raw| raw.name = Some("k".repeat(201))), NoticeError::Name);
        assert_eq!(with(|raw| raw.kind = Some("edict".into())), NoticeError::Kind);
    }

    #[test]
    fn only_who_is_registered_sends_what_is_more_than_a_notice() {
        for kind in NoticeKind::ALL {
            let sent = RawNotice { kind: Some(kind.as_str().into()), ..raw() }.check();
            assert_eq!(sent.is_ok(), *kind == NoticeKind::Notice, "{kind:?}");
        }
    }

    #[test]
    fn a_mail_address_cannot_begin_a_header() {
        for good in ["kite@example.org", "k.i+te@sub.example", "żółw@example.org"] {
            assert!(is_mail_address(good), "{good}");
        }
        for bad in ["kite", "@example.org", "kite@", "a@b@c", "a@b\nBcc: c@d", "a <a@b>", "a@b,c@d", &format!("{}@b", "a".repeat(253))] {
            assert!(!is_mail_address(bad), "{bad}");
        }
    }

    #[test]
    fn a_child_s_picture_is_never_shown_and_nobody_has_to_say_who_told() {
        assert!(Category::ChildAbuse.is_never_shown() && !Category::ChildAbuse.asks_who());
        assert!(Category::ALL.iter().filter(|one| !one.asks_who()).count() == 1);
        assert!(Category::ALL.iter().all(|one| one.severity() <= 10));
    }
}
