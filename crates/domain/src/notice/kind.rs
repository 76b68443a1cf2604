//! The kinds of notices, and what follows from each: a table.
//!
//! What the law says of each is Regulation (EU) 2021/784 on terrorist content online ("TCO") and Regulation (EU) 2022/2065 ("DSA"); what
//! they leave to national law is as the request itself states it.

use serde::{Deserialize, Serialize};

use super::Category;
use crate::media::names;
use crate::party::PartyKind;
use crate::time::{DAY_MS, HOUR_MS};

/// What kind of request it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// Anybody's notice (DSA, Article 16).
    Notice,
    /// A notice of a party that is known to report well (DSA, Article 22).
    TrustedFlagger,
    /// An authority asks about terrorist content; the site decides by its own policy (TCO, recital 40).
    TcoReferral,
    /// An authority asks about something else; the site decides by its own policy.
    VoluntaryReferral,
    /// It binds, within one hour of its receipt (TCO, Article 3).
    TcoRemovalOrder,
    /// An order to act (DSA, Article 9).
    #[serde(rename = "dsa_art9_order")]
    DsaOrder,
    /// A court's order to act.
    CourtOrder,
    /// An order to provide information (DSA, Article 10).
    #[serde(rename = "dsa_art10_information_order")]
    DsaInformationOrder,
    /// A court's order to provide information.
    CourtInformationOrder,
    /// Somebody's work, or the works of many, of which the sender has the rights or acts for who has.
    CopyrightRequest,
    /// Somebody's personal data (Regulation (EU) 2016/679, Article 17).
    PrivacyRequest,
    /// An authority asks that something be kept until it has its order.
    PreservationRequest,
    /// Somebody's life is in danger (DSA, Article 18; TCO, Article 14(5)).
    ThreatToLife,
}
names!(NoticeKind {
    Notice = "notice",
    TrustedFlagger = "trusted_flagger",
    TcoReferral = "tco_referral",
    VoluntaryReferral = "voluntary_referral",
    TcoRemovalOrder = "tco_removal_order",
    DsaOrder = "dsa_art9_order",
    CourtOrder = "court_order",
    DsaInformationOrder = "dsa_art10_information_order",
    CourtInformationOrder = "court_information_order",
    CopyrightRequest = "copyright_request",
    PrivacyRequest = "privacy_request",
    PreservationRequest = "preservation_request",
    ThreatToLife = "threat_to_life",
});

/// Who may send a kind of notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Senders {
    /// Anybody, without saying who they are.
    Anybody,
    /// Whoever is registered.
    Parties,
    /// Registered trusted flaggers, and authorities.
    Flaggers,
    /// Registered authorities.
    Authorities,
}

/// What a notice asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// That the site looks and decides.
    ToDecide,
    /// That the site acts: it binds.
    ToAct,
    /// That the site says what it has of it: it binds.
    ToTell,
    /// That the site keeps what there is.
    ToKeep,
}

/// Whether its sender may forbid the site to tell the poster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gag {
    /// No: the poster is told.
    Never,
    /// For as long, and once more as long (TCO, Article 11(3)).
    For(i64),
    /// Until the day that the order states (DSA, Article 9(5) and 10(5); a court's own rules).
    AsStated,
}

/// In what form it is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyForm {
    /// What was decided, on what ground, and how to complain (DSA, Article 16(5)).
    Outcome,
    /// TCO, Annex II where it was carried out, Annex III where it cannot be.
    Annex,
    /// Whether effect was given to it, and when (DSA, Article 9(1) and 10(1)).
    Effect,
    /// What there is of it.
    Holdings,
}

/// What follows from a kind of notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Who may send it.
    pub senders: Senders,
    /// What it asks for.
    pub asks: Asks,
    /// How long after its receipt it has to be done, in milliseconds; `None`: when its sender says.
    pub within_ms: Option<i64>,
    /// What it adds to the rank of its case, 0 to 300.
    pub weight: u32,
    /// Whether the poster may be told.
    pub gag: Gag,
    /// How it is answered.
    pub reply: ReplyForm,
    /// What it says that is wrong, where it need not say so itself.
    pub category: Option<Category>,
}

/// TCO, Article 11(3): "a period as necessary, but in any event not exceeding six weeks", and once more as long.
pub const TCO_GAG_MS: i64 = 42 * DAY_MS;

impl NoticeKind {
    /// What follows from it.
    #[must_use]
    pub fn rule(self) -> Rule {
        use Asks::{ToAct, ToDecide, ToKeep, ToTell};
        use ReplyForm::{Annex, Effect, Holdings, Outcome};
        use Senders::{Anybody, Authorities, Flaggers, Parties};
        let hour = Some(HOUR_MS);
        let (senders, asks, within_ms, weight, gag, reply, category) = match self {
            Self::Notice => (Anybody, ToDecide, None, 0, Gag::Never, Outcome, None),
            Self::TrustedFlagger => (Flaggers, ToDecide, None, 150, Gag::Never, Outcome, None),
            Self::TcoReferral => (Authorities, ToDecide, None, 150, Gag::Never, Outcome, Some(Category::Terrorism)),
            Self::VoluntaryReferral => (Authorities, ToDecide, None, 150, Gag::Never, Outcome, Some(Category::OtherIllegal)),
            Self::TcoRemovalOrder => (Authorities, ToAct, hour, 300, Gag::For(TCO_GAG_MS), Annex, Some(Category::Terrorism)),
            Self::DsaOrder => (Authorities, ToAct, None, 300, Gag::AsStated, Effect, Some(Category::OtherIllegal)),
            Self::CourtOrder => (Authorities, ToAct, None, 300, Gag::AsStated, Effect, Some(Category::OtherIllegal)),
            Self::DsaInformationOrder => (Authorities, ToTell, None, 200, Gag::AsStated, Holdings, Some(Category::OtherIllegal)),
            Self::CourtInformationOrder => (Authorities, ToTell, None, 200, Gag::AsStated, Holdings, Some(Category::OtherIllegal)),
            Self::CopyrightRequest => (Parties, ToDecide, None, 100, Gag::Never, Outcome, Some(Category::Copyright)),
            Self::PrivacyRequest => (Parties, ToDecide, None, 100, Gag::Never, Outcome, Some(Category::Privacy)),
            Self::PreservationRequest => (Authorities, ToKeep, None, 100, Gag::AsStated, Holdings, Some(Category::OtherIllegal)),
            Self::ThreatToLife => (Parties, ToDecide, None, 300, Gag::Never, Outcome, Some(Category::LifeInDanger)),
        };
        Rule { senders, asks, within_ms, weight, gag, reply, category }
    }

    /// Whether it has to be carried out; the other kinds have to be decided on.
    #[must_use]
    pub fn binds(self) -> bool {
        matches!(self.rule().asks, Asks::ToAct | Asks::ToTell)
    }

    /// Whether it weighs no more than anybody's notice once its sender was often wrong. What binds does not become less so, and nobody's life waits.
    #[must_use]
    pub fn may_lose_priority(self) -> bool {
        self.rule().asks == Asks::ToDecide && !matches!(self, Self::Notice | Self::ThreatToLife)
    }

    /// Whether a party of this kind may send it; `None`: somebody who is not registered.
    #[must_use]
    pub fn may_come_from(self, party: Option<PartyKind>) -> bool {
        match self.rule().senders {
            Senders::Anybody => true,
            Senders::Parties => party.is_some(),
            Senders::Flaggers => matches!(party, Some(PartyKind::Authority | PartyKind::TrustedFlagger)),
            Senders::Authorities => party == Some(PartyKind::Authority),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_sends_notices_and_only_an_authority_what_binds() {
        for kind in NoticeKind::ALL {
            assert_eq!(kind.may_come_from(None), *kind == NoticeKind::Notice, "{kind:?}");
            assert!(kind.may_come_from(Some(PartyKind::Authority)), "{kind:?}");
            assert!(!kind.binds() || kind.rule().senders == Senders::Authorities, "{kind:?}");
            assert!(kind.rule().within_ms.is_none() || kind.binds(), "{kind:?}");
            assert!(kind.rule().weight <= 300, "{kind:?}");
            assert!(!(kind.binds() && kind.may_lose_priority()), "{kind:?}");
        }
        assert!(NoticeKind::TrustedFlagger.may_come_from(Some(PartyKind::TrustedFlagger)));
        assert!(!NoticeKind::TrustedFlagger.may_come_from(Some(PartyKind::Partner)));
        assert_eq!(NoticeKind::TcoRemovalOrder.rule().within_ms, Some(3_600_000));
    }
}
