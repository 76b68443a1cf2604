//! Filings: what a registered party asks at one time. One filing has one kind, one set of fields, and names any number of links; each of them
//! that stands here becomes a notice of its own.
//!
//! The fields are those of Regulation (EU) 2021/784 ("TCO"), Annex I, and of Regulation (EU) 2022/2065 ("DSA"), Articles 9 and 10. A field that
//! is missing does not make a request go away: it is taken, its clock does not run, and its sender is told what is missing (TCO, Annex III).

use serde::{Deserialize, Serialize};

use crate::media::names;
use crate::notice::{Asks, EXPLANATION_BYTES, Gag, Notice, NoticeError, NoticeKind, RawNotice};
use crate::party::{Jurisdiction, PartyKind};
use crate::text::{clean_line, clean_text};
use crate::time::{HOUR_MS, Time};

/// Why something is terrorist content (TCO, Article 2(7) and Annex I, Section B).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TcoReason {
    /// (a) It incites to terrorist offences, such as by glorifying them.
    Incites,
    /// (b) It solicits somebody to commit one, or to contribute to one.
    Solicits,
    /// (c) It solicits somebody to take part in the activities of a terrorist group.
    SolicitsParticipation,
    /// (d) It instructs how to make or use explosives, weapons, or noxious substances.
    Instructs,
    /// (e) It threatens to commit one.
    Threatens,
}
names!(TcoReason {
    Incites = "incites",
    Solicits = "solicits",
    SolicitsParticipation = "solicits_participation",
    Instructs = "instructs",
    Threatens = "threatens",
});

impl TcoReason {
    /// Reads one by its name, or by its letter in the form.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        match text.trim().to_ascii_lowercase().as_str() {
            "a" => Some(Self::Incites),
            "b" => Some(Self::Solicits),
            "c" => Some(Self::SolicitsParticipation),
            "d" => Some(Self::Instructs),
            "e" => Some(Self::Threatens),
            name => Self::parse(name),
        }
    }
}

/// What a request says beside what every notice says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Order {
    /// Its sender's own reference.
    pub reference: Option<String>,
    /// The law that it is based on.
    pub legal_basis: Option<String>,
    /// When it was issued.
    pub issued: Option<Time>,
    /// Of a TCO removal order: why.
    pub reasons: Vec<TcoReason>,
    /// By when, as it states itself.
    pub due: Option<Time>,
    /// The poster must not be told.
    pub secret: bool,
    /// Until when, as it states itself.
    pub secret_until: Option<Time>,
    /// Of an order to provide information: which.
    pub asks: Option<String>,
    /// How and where it can be challenged.
    pub redress: Option<String>,
}

/// A filing as it arrived.
#[derive(Clone, Debug, Default)]
pub struct RawFiling {
    /// What every notice says.
    pub notice: RawNotice,
    /// Its sender's own reference.
    pub reference: Option<String>,
    /// The law that it is based on.
    pub legal_basis: Option<String>,
    /// When it was issued.
    pub issued: Option<Time>,
    /// Of a TCO removal order: why; names or letters.
    pub reasons: Vec<String>,
    /// By when.
    pub due: Option<Time>,
    /// The poster must not be told.
    pub secret: bool,
    /// Until when.
    pub secret_until: Option<Time>,
    /// Of an order to provide information: which.
    pub asks: Option<String>,
    /// How and where it can be challenged.
    pub redress: Option<String>,
}

/// The same, checked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Filing {
    /// What each of its notices says.
    pub notice: Notice,
    /// What it says beside that.
    pub order: Order,
}

/// What is wrong with a request, found by the machine before its clock frightens anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// No link in it leads to anything that is or ever was here.
    NoLink,
    /// The sender's own reference is missing.
    Reference,
    /// It does not say on what ground: no reasons, no legal basis, no explanation.
    Ground,
    /// When it was issued is missing, or is still to come.
    Issued,
    /// Which information is asked for is missing.
    Asked,
    /// Its sender has no say here, as far as the machine knows: a person confirms it.
    Jurisdiction,
}
names!(Fault {
    NoLink = "no_link",
    Reference = "reference",
    Ground = "ground",
    Issued = "issued",
    Asked = "asked",
    Jurisdiction = "jurisdiction",
});

/// Why something cannot be carried out (TCO, Article 3(7) and (8), and Annex III).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Inability {
    /// Force majeure, or impossible for reasons that are not the site's.
    Impossible,
    /// It has manifest errors.
    ManifestErrors,
    /// It does not say enough.
    InsufficientInformation,
}
names!(Inability {
    Impossible = "impossible",
    ManifestErrors = "manifest_errors",
    InsufficientInformation = "insufficient_information",
});

impl Fault {
    /// What it is in the words of Annex III. `None`: a person decides.
    #[must_use]
    pub fn inability(self) -> Option<Inability> {
        match self {
            Self::NoLink => Some(Inability::ManifestErrors),
            Self::Reference | Self::Ground | Self::Issued | Self::Asked => Some(Inability::InsufficientInformation),
            Self::Jurisdiction => None,
        }
    }
}

/// The longest reference and legal basis, in letters.
const LINE_LETTERS: usize = 500;

impl RawFiling {
    /// Checks what a party of this kind sent.
    ///
    /// # Errors
    /// Where nothing can be made of it: a kind that there is not, or that this party does not send; words that are too long; a notice without
    /// what every notice needs. What is missing of an order is no error but a [`Fault`].
    pub fn check(self, party: PartyKind) -> Result<Filing, NoticeError> {
        let kind = match self.notice.kind.as_deref() {
            None | Some("") => NoticeKind::Notice,
            Some(kind) => NoticeKind::parse(kind).ok_or(NoticeError::Kind)?,
        };
        if !kind.may_come_from(Some(party)) {
            return Err(NoticeError::Unregistered);
        }
        let rule = kind.rule();
        let notice = self.notice.checked(kind)?;
        let line = |text: Option<String>| {
            let line = text.map(|text| clean_line(&text)).filter(|line| !line.is_empty());
            if line.as_ref().is_some_and(|line| line.chars().count() > LINE_LETTERS) { Err(NoticeError::TooLong) } else { Ok(line) }
        };
        let words = |text: Option<String>| {
            let words = text.map(|text| clean_text(&text).trim().to_owned()).filter(|words| !words.is_empty());
            if words.as_ref().is_some_and(|words| words.len() > EXPLANATION_BYTES) { Err(NoticeError::TooLong) } else { Ok(words) }
        };
        let mut reasons: Vec<TcoReason> = Vec::new();
        for reason in self.reasons.iter().filter(|reason| !reason.trim().is_empty()) {
            let reason = TcoReason::read(reason).ok_or(NoticeError::Reason)?;
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        if rule.gag == Gag::Never && self.secret {
            return Err(NoticeError::Secret);
        }
        Ok(Filing {
            notice,
            order: Order {
                reference: line(self.reference)?,
                legal_basis: line(self.legal_basis)?,
                issued: self.issued,
                reasons,
                due: self.due,
                secret: self.secret,
                secret_until: self.secret_until,
                asks: words(self.asks)?,
                redress: words(self.redress)?,
            },
        })
    }
}

impl Filing {
    /// What is wrong with it: received at `now` from a party of this jurisdiction, by a site in `home`, with a link that is ours or without one.
    #[must_use]
    pub fn faults(&self, party: Jurisdiction, home: Option<Jurisdiction>, any_link: bool, now: Time) -> Vec<Fault> {
        /// Clocks differ, and an office may round up.
        const AHEAD_MS: i64 = HOUR_MS;
        let (kind, order) = (self.notice.kind, &self.order);
        let asks = kind.rule().asks;
        let mut faults = Vec::new();
        if !any_link && asks != Asks::ToTell {
            faults.push(Fault::NoLink);
        }
        if asks == Asks::ToDecide {
            return faults;
        }
        if order.reference.is_none() {
            faults.push(Fault::Reference);
        }
        let says_why = match kind {
            NoticeKind::TcoRemovalOrder => !order.reasons.is_empty(),
            _ => order.legal_basis.is_some(),
        };
        if !says_why {
            faults.push(Fault::Ground);
        }
        if order.issued.is_none_or(|issued| issued.since_ms(now) > AHEAD_MS) {
            faults.push(Fault::Issued);
        }
        if asks == Asks::ToTell && order.asks.is_none() {
            faults.push(Fault::Asked);
        }
        let has_a_say = match kind {
            NoticeKind::TcoRemovalOrder | NoticeKind::DsaOrder | NoticeKind::DsaInformationOrder => party.is_member_state(),
            _ => home.is_none_or(|home| home == party),
        };
        if !has_a_say {
            faults.push(Fault::Jurisdiction);
        }
        faults
    }

    /// By when it has to be done: the sooner of what its kind and what it says itself. `None` while a fault that the machine is sure of stands:
    /// the time runs from the clarification (TCO, Article 3(7) and (8)).
    #[must_use]
    pub fn due(&self, faults: &[Fault], now: Time) -> Option<Time> {
        if faults.iter().any(|fault| fault.inability().is_some()) {
            return None;
        }
        let by_kind = self.notice.kind.rule().within_ms.map(|within| now.plus_ms(within));
        let stated = self.order.due.filter(|_| self.notice.kind.binds());
        match (by_kind, stated) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        }
    }

    /// Until when the poster must not be told of it, received at `now`.
    #[must_use]
    pub fn secret_until(&self, now: Time) -> Option<Time> {
        if !self.order.secret {
            return None;
        }
        match self.notice.kind.rule().gag {
            Gag::Never => None,
            Gag::For(ms) => Some(self.order.secret_until.map_or(now.plus_ms(ms), |until| until.min(now.plus_ms(ms)))),
            // An order that states no day has none that the site knows of: it is asked again after the longest that the Union's law knows.
            Gag::AsStated => Some(self.order.secret_until.unwrap_or(now.plus_ms(crate::notice::TCO_GAG_MS))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notice::TCO_GAG_MS;
    use crate::time::DAY_MS;

    fn order() -> RawFiling {
        RawFiling {
            notice: RawNotice { kind: Some("tco_removal_order".into()), ..RawNotice::default() },
            reference: Some("KP-17/2026".into()),
            issued: Some(Time(0)),
            reasons: vec!["a".into(), "incites".into(), "threatens".into()],
            secret: true,
            ..RawFiling::default()
        }
    }

    fn place(text: &str) -> Jurisdiction {
        Jurisdiction::parse(text).expect("it is one")
    }

    #[test]
    fn a_whole_order_has_an_hour_and_six_silent_weeks() {
        let now = Time(1_000);
        let filing = order().check(PartyKind::Authority).expect("it is whole");
        assert_eq!(filing.order.reasons, [TcoReason::Incites, TcoReason::Threatens]);
        let faults = filing.faults(place("PL"), Some(place("DE")), true, now);
        assert_eq!((faults.as_slice(), filing.due(&faults, now)), ([].as_slice(), Some(now.plus_ms(HOUR_MS))));
        assert_eq!(filing.secret_until(now), Some(now.plus_ms(TCO_GAG_MS)));
        let shorter = RawFiling { secret_until: Some(Time(DAY_MS)), due: Some(Time(2_000)), ..order() };
        let shorter = shorter.check(PartyKind::Authority).expect("it is whole");
        assert_eq!((shorter.secret_until(now), shorter.due(&[], now)), (Some(Time(DAY_MS)), Some(Time(2_000))));
        let longer = RawFiling { secret_until: Some(Time(i64::MAX)), due: Some(Time(i64::MAX)), ..order() };
        let longer = longer.check(PartyKind::Authority).expect("it is whole");
        assert_eq!((longer.secret_until(now), longer.due(&[], now)), (Some(now.plus_ms(TCO_GAG_MS)), Some(now.plus_ms(HOUR_MS))));
    }

    #[test]
    fn what_is_missing_stops_the_clock_and_what_a_person_confirms_does_not() {
        let now = Time(1_000);
        let faults = |raw: RawFiling, party: &str, any_link: bool| {
            let filing = raw.check(PartyKind::Authority).expect("it is taken");
            let faults = filing.faults(place(party), Some(place("PL")), any_link, now);
            (filing.due(&faults, now).is_some(), faults)
        };
        assert_eq!(faults(order(), "PL", false), (false, vec![Fault::NoLink]));
        assert_eq!(faults(RawFiling { reference: Some("  ".into()), ..order() }, "PL", true), (false, vec![Fault::Reference]));
        assert_eq!(faults(RawFiling { reasons: vec![String::new()], ..order() }, "PL", true), (false, vec![Fault::Ground]));
        assert_eq!(faults(RawFiling { issued: Some(Time(2 * HOUR_MS)), ..order() }, "PL", true), (false, vec![Fault::Issued]));
        assert_eq!(faults(order(), "GB", true), (true, vec![Fault::Jurisdiction]));
        let court = |asks: Option<&str>| RawFiling {
            notice: RawNotice { kind: Some("court_information_order".into()), ..RawNotice::default() },
            legal_basis: Some("Code of Kites, Article 4".into()),
            asks: asks.map(str::to_owned),
            ..order()
        };
        assert_eq!(faults(court(None), "DE", false).1, [Fault::Asked, Fault::Jurisdiction]);
        assert_eq!(faults(court(Some("when it was posted")), "PL", false).1, []);
    }

    #[test]
    fn a_party_sends_what_is_its_own_to_send() {
        for kind in [PartyKind::TrustedFlagger, PartyKind::Partner] {
            assert_eq!(order().check(kind), Err(NoticeError::Unregistered));
        }
        let reason = RawFiling { reasons: vec!["f".into()], ..order() };
        assert_eq!(reason.check(PartyKind::Authority), Err(NoticeError::Reason));
        let long = RawFiling { reference: Some("k".repeat(501)), ..order() };
        assert_eq!(long.check(PartyKind::Authority), Err(NoticeError::TooLong));
        let mut flagged = order();
        flagged.notice.kind = Some("trusted_flagger".into());
        assert_eq!(flagged.clone().check(PartyKind::TrustedFlagger), Err(NoticeError::Category), "a notice says what is wrong");
        flagged.notice = RawNotice {
            category: Some("hate".into()),
            explanation: Some("The kite hates.".into()),
            good_faith: Some("true".into()),
            ..flagged.notice
        };
        assert_eq!(flagged.clone().check(PartyKind::TrustedFlagger), Err(NoticeError::Secret), "only an order may forbid to tell");
        flagged.secret = false;
        assert!(flagged.check(PartyKind::TrustedFlagger).is_ok());
    }
}
