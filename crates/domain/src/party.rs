//! Parties: authorities, trusted flaggers and partner platforms that the operator has registered, and how it is known that they are
//! who they say. A mail is never proof; what is, is written down as a fact with a date and a name.

use std::fmt;

use crate::Language;
use crate::media::names;
use crate::name;
use crate::text::clean_line;
use crate::time::{MINUTE_MS, Time};

/// What a party is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PartyKind {
    /// Police, a court, another authority: its orders may bind.
    Authority,
    /// An organisation whose notices come first (Regulation (EU) 2022/2065, Article 22).
    TrustedFlagger,
    /// Another platform.
    Partner,
}
names!(PartyKind { Authority = "authority", TrustedFlagger = "trusted_flagger", Partner = "partner" });

/// How somebody made sure of who a party is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CheckedBy {
    /// They called a number that they had found themselves, not one that the party gave.
    CallBack,
    /// The party handed over its key in person.
    InPerson,
    /// It stands in a public register, and its key was found there or confirmed from there.
    Register,
    /// By a letter to an address that they had found themselves.
    Letter,
}
names!(CheckedBy { CallBack = "call_back", InPerson = "in_person", Register = "register", Letter = "letter" });

/// That a party's identity was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// How.
    pub by: CheckedBy,
    /// Who did it.
    pub who: String,
    /// When.
    pub on: Time,
}

/// Where a party's word is law: a country (ISO 3166-1 alpha-2), or the European Union (`EU`, for its own bodies).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Jurisdiction([u8; 2]);

/// Member States of the European Union, ISO 3166-1 alpha-2 (Greece is GR there).
const MEMBER_STATES: &[&str; 27] = &[
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL",
    "PT", "RO", "SE", "SI", "SK",
];

/// The codes of ISO 3166-1 alpha-2.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH \
     CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN \
     GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI \
     LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM \
     PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD \
     TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

impl Jurisdiction {
    /// Whether there is such a country: one that ISO 3166-1 names, the Union, or Kosovo, which databases of addresses call XK.
    #[must_use]
    pub fn exists(&self) -> bool {
        matches!(self.as_str(), "EU" | "XK") || COUNTRIES.split(' ').any(|code| code == self.as_str())
    }

    /// Reads two letters; capitals are no difference. `EL`, as the Union writes Greece, is GR, and `UK` is GB.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_uppercase();
        let bytes: [u8; 2] = match text.as_str() {
            "EL" => *b"GR",
            "UK" => *b"GB",
            other => other.as_bytes().try_into().ok()?,
        };
        bytes.iter().all(u8::is_ascii_uppercase).then_some(Self(bytes))
    }

    /// The Member States of the European Union.
    #[must_use]
    pub fn member_states() -> Vec<Self> {
        MEMBER_STATES.iter().filter_map(|state| Self::parse(state)).collect()
    }

    /// Two capitals.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Whether it is a Member State of the European Union. The Union itself is none: its bodies refer, and order nothing.
    #[must_use]
    pub fn is_member_state(&self) -> bool {
        MEMBER_STATES.contains(&self.as_str())
    }
}

impl fmt::Display for Jurisdiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The name of a party: 1 to 120 characters in one spelling, none of which hides or turns others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyName(String);

impl PartyName {
    /// The longest name, in characters.
    pub const LONGEST: usize = 120;

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

    /// The name as it is looked up.
    #[must_use]
    pub fn key(&self) -> String {
        name::key(&self.0)
    }
}

/// The id of a party's key: what its signatures name. 1 to 64 letters, digits, dots, hyphens and underscores.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KeyId(String);

impl KeyId {
    /// Reads one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
        ((1..=64).contains(&text.len()) && text.bytes().all(plain)).then(|| Self(text.to_owned()))
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How far the clocks of whoever signs and of the site may be apart.
pub const SIGNED_WITHIN_MS: i64 = 5 * MINUTE_MS;
/// A nonce is remembered for longer than any signature with it could be good.
pub const NONCE_KEPT_MS: i64 = 3 * SIGNED_WITHIN_MS;
/// The longest nonce, in bytes.
pub const NONCE_BYTES: usize = 128;

/// The longest contact and the longest name of who checked, in letters.
const LINE_LETTERS: usize = 500;
/// The most languages.
const LANGUAGES: usize = 12;

/// A party as the operator typed it.
#[derive(Clone, Debug, Default)]
pub struct RawParty {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: String,
    /// Where its word is law.
    pub jurisdiction: String,
    /// Languages that it reads, BCP 47, with commas or spaces between them.
    pub languages: String,
    /// How it is reached.
    pub contact: String,
    /// How its identity was checked; empty: it was not.
    pub checked_by: String,
    /// Who checked it.
    pub checked_who: String,
    /// When; `None`: now.
    pub checked_on: Option<Time>,
}

/// The same, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Its name.
    pub name: PartyName,
    /// What it is.
    pub kind: PartyKind,
    /// Where its word is law.
    pub jurisdiction: Jurisdiction,
    /// Languages that it reads; the first one is what it is written to in, if the site knows it.
    pub languages: Vec<Language>,
    /// How it is reached.
    pub contact: String,
    /// That its identity was checked.
    pub checked: Option<Checked>,
}

/// What is wrong with a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PartyError {
    /// No name.
    #[error("a name has 1 to 120 characters, and none that cannot be seen")]
    Name,
    /// No kind that there is.
    #[error("a party is an authority, a trusted_flagger or a partner")]
    Kind,
    /// No country.
    #[error("a jurisdiction is a country's two letters, such as PL, or EU")]
    Jurisdiction,
    /// No language tag, or too many.
    #[error("languages are tags such as pl, en or ar; at most 12")]
    Languages,
    /// No contact, or too long.
    #[error("say how the party is reached, in at most 500 letters")]
    Contact,
    /// It was checked in no way that there is, or by nobody, or in the future.
    #[error("say how the identity was checked (call_back, in_person, register or letter), by whom, and on which day that is not to come")]
    Checked,
}

impl RawParty {
    /// Checks it.
    pub fn check(self, now: Time) -> Result<Party, PartyError> {
        let name = PartyName::parse(&self.name).ok_or(PartyError::Name)?;
        let kind = PartyKind::parse(self.kind.trim()).ok_or(PartyError::Kind)?;
        let jurisdiction = Jurisdiction::parse(&self.jurisdiction).filter(Jurisdiction::exists).ok_or(PartyError::Jurisdiction)?;
        let tags = self.languages.split(|c: char| c == ',' || c.is_whitespace()).filter(|tag| !tag.is_empty());
        let languages = tags.map(Language::parse).collect::<Option<Vec<_>>>().ok_or(PartyError::Languages)?;
        if languages.len() > LANGUAGES {
            return Err(PartyError::Languages);
        }
        let line = |text: &str| Some(clean_line(text)).filter(|line| !line.is_empty() && line.chars().count() <= LINE_LETTERS);
        let contact = line(&self.contact).ok_or(PartyError::Contact)?;
        let checked = match self.checked_by.trim() {
            "" => None,
            by => Some(checked(by, &self.checked_who, self.checked_on, now).ok_or(PartyError::Checked)?),
        };
        Ok(Party { name, kind, jurisdiction, languages, contact, checked })
    }
}

/// That an identity was checked, as it was typed; `None` if that says nothing.
#[must_use]
pub fn checked(by: &str, who: &str, on: Option<Time>, now: Time) -> Option<Checked> {
    let who = clean_line(who);
    let on = on.unwrap_or(now);
    let said = !who.is_empty() && who.chars().count() <= LINE_LETTERS && on <= now;
    Some(Checked { by: CheckedBy::parse(by.trim())?, who, on }).filter(|_| said)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw() -> RawParty {
        RawParty {
            name: " Kite  Police ".into(),
            kind: "authority".into(),
            jurisdiction: "pl".into(),
            languages: "pl, en".into(),
            contact: "desk@kites.example".into(),
            checked_by: "call_back".into(),
            checked_who: "Ola".into(),
            checked_on: Some(Time(5)),
        }
    }

    #[test]
    fn a_party_has_a_name_a_place_a_contact_and_a_dated_check_or_none() {
        let now = Time(10);
        let party = raw().check(now).expect("it is whole");
        assert_eq!((party.name.as_str(), party.jurisdiction.as_str(), party.languages.len()), ("Kite Police", "PL", 2));
        assert_eq!(party.checked, Some(Checked { by: CheckedBy::CallBack, who: "Ola".into(), on: Time(5) }));
        assert_eq!(RawParty { checked_by: String::new(), ..raw() }.check(now).map(|party| party.checked), Ok(None));
        let wrong = |change: fn(&mut RawParty)| {
            let mut raw = raw();
            change(&mut raw);
            raw.check(now).expect_err("it is not whole")
        };
        assert_eq!(wrong(|raw| raw.name = "\u{202e}".into()), PartyError::Name);
        assert_eq!(wrong(|raw| raw.kind = "king".into()), PartyError::Kind);
        assert_eq!(wrong(|raw| raw.jurisdiction = "Poland".into()), PartyError::Jurisdiction);
        assert_eq!(wrong(|raw| raw.languages = "pl, e!".into()), PartyError::Languages);
        assert_eq!(wrong(|raw| raw.contact = " ".into()), PartyError::Contact);
        assert_eq!(wrong(|raw| raw.checked_by = "a mail".into()), PartyError::Checked);
        assert_eq!(wrong(|raw| raw.checked_who = " ".into()), PartyError::Checked);
        assert_eq!(wrong(|raw| raw.checked_on = Some(Time(11))), PartyError::Checked);
    }

    #[test]
    fn a_jurisdiction_is_two_letters_and_greece_has_two_names() {
        let member = |text: &str| Jurisdiction::parse(text).map(|one| one.is_member_state());
        assert_eq!((member("pl"), member("EL"), member("GB"), member("EU")), (Some(true), Some(true), Some(false), Some(false)));
        assert_eq!((member("P"), member("P1"), member("ąę"), member("POL")), (None, None, None, None));
    }

    #[test]
    fn a_key_is_named_by_plain_letters() {
        assert!(KeyId::parse("kite-police.2026_1").is_some());
        for bad in ["", "a b", "a\"", "ż", &"k".repeat(65)] {
            assert!(KeyId::parse(bad).is_none(), "{bad}");
        }
    }
}
