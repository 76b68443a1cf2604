//! The language of a post, as a BCP 47 tag, and the direction it is written in.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A well-formed BCP 47 language tag (RFC 5646 §2.1: subtags of 1-8 letters or digits), at most 35 characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Language(String);

/// Which way a language is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Left to right.
    Ltr,
    /// Right to left.
    Rtl,
}

impl Direction {
    /// The value of HTML's `dir`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ltr => "ltr",
            Self::Rtl => "rtl",
        }
    }
}

/// The beginning of `text` without addresses, which are written in letters of another language than what stands around them.
fn without_addresses(text: &str) -> String {
    let beginning: String = text.chars().take(16_000).collect();
    let (mut out, mut rest) = (String::new(), beginning.as_str());
    while let Some((before, after)) = rest.split_once("://") {
        out.push_str(before.trim_end_matches(|c: char| c.is_ascii_alphanumeric()));
        // Many languages have no space behind it.
        rest = after.trim_start_matches(|c: char| c.is_ascii_graphic() && !matches!(c, ')' | '>' | '"'));
    }
    out += rest;
    let is_address =
        |word: &str| word.is_ascii() && (word.contains('@') || word.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www.")));
    out.split_whitespace().filter(|word| !is_address(word)).collect::<Vec<_>>().join(" ")
}

/// Languages whose usual script runs from right to left (Unicode CLDR, `characterOrder`).
const RTL_LANGUAGES: &[&str] =
    &["ar", "arc", "azb", "ckb", "dv", "fa", "ha-arab", "he", "iw", "ks", "mzn", "nqo", "pnb", "ps", "sd", "syr", "ug", "ur", "yi"];
const RTL_SCRIPTS: &[&str] = &["adlm", "arab", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"];

impl Language {
    /// Reads a tag; `None` if it is not well formed.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > 35 {
            return None;
        }
        let mut subtags = text.split('-');
        let primary = subtags.next()?;
        let letters = (2..=8).contains(&primary.len()) && primary.bytes().all(|byte| byte.is_ascii_alphabetic());
        let rest = subtags.all(|tag| (1..=8).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        (letters && rest).then(|| Self(text.to_ascii_lowercase()))
    }

    /// The language that `text` is most likely written in, or `None` where that would be a guess.
    #[must_use]
    pub fn detect(text: &str) -> Option<Self> {
        // whatlang needs no more than a page to be sure, and its time grows with the text.
        let page: String = without_addresses(text).chars().take(4_000).collect();
        let info = whatlang::detect(&page)?;
        if !info.is_reliable() {
            return None;
        }
        let code = info.lang().code();
        Self::parse(TWO_LETTER.iter().find(|(three, _)| *three == code).map_or(code, |(_, two)| two))
    }

    /// The tag, in small letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Which way this language is written: by its script subtag, else by the usual script of the language.
    #[must_use]
    pub fn direction(&self) -> Direction {
        let mut subtags = self.0.split('-');
        let primary = subtags.next().unwrap_or_default();
        let script = subtags.next().filter(|tag| tag.len() == 4);
        let rtl = match script {
            Some(script) => RTL_SCRIPTS.contains(&script),
            None => RTL_LANGUAGES.contains(&primary),
        };
        if rtl { Direction::Rtl } else { Direction::Ltr }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Language {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not a BCP 47 tag")
    }
}

/// ISO 639-3 codes as whatlang gives them, and the ISO 639-1 code that BCP 47 wants where there is one.
const TWO_LETTER: &[(&str, &str)] = &[
    ("afr", "af"),
    ("aka", "ak"),
    ("amh", "am"),
    ("ara", "ar"),
    ("aze", "az"),
    ("bel", "be"),
    ("ben", "bn"),
    ("bul", "bg"),
    ("cat", "ca"),
    ("ces", "cs"),
    ("cmn", "zh"),
    ("cym", "cy"),
    ("dan", "da"),
    ("deu", "de"),
    ("ell", "el"),
    ("eng", "en"),
    ("epo", "eo"),
    ("est", "et"),
    ("fin", "fi"),
    ("fra", "fr"),
    ("guj", "gu"),
    ("heb", "he"),
    ("hin", "hi"),
    ("hrv", "hr"),
    ("hun", "hu"),
    ("hye", "hy"),
    ("ind", "id"),
    ("ita", "it"),
    ("jav", "jv"),
    ("jpn", "ja"),
    ("kan", "kn"),
    ("kat", "ka"),
    ("khm", "km"),
    ("kor", "ko"),
    ("lat", "la"),
    ("lav", "lv"),
    ("lit", "lt"),
    ("mal", "ml"),
    ("mar", "mr"),
    ("mkd", "mk"),
    ("mya", "my"),
    ("nep", "ne"),
    ("nld", "nl"),
    ("nob", "nb"),
    ("ori", "or"),
    ("pan", "pa"),
    ("pes", "fa"),
    ("pol", "pl"),
    ("por", "pt"),
    ("ron", "ro"),
    ("rus", "ru"),
    ("sin", "si"),
    ("slk", "sk"),
    ("slv", "sl"),
    ("sna", "sn"),
    ("spa", "es"),
    ("srp", "sr"),
    ("swe", "sv"),
    ("tam", "ta"),
    ("tel", "te"),
    ("tgl", "tl"),
    ("tha", "th"),
    ("tuk", "tk"),
    ("tur", "tr"),
    ("ukr", "uk"),
    ("urd", "ur"),
    ("uzb", "uz"),
    ("vie", "vi"),
    ("yid", "yi"),
    ("zul", "zu"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_checked_and_their_direction_is_known() {
        for (tag, direction) in [
            ("ar", Direction::Rtl),
            ("AR-EG", Direction::Rtl),
            ("az-Arab", Direction::Rtl),
            ("ur-Latn", Direction::Ltr),
            ("pl", Direction::Ltr),
        ] {
            assert_eq!(Language::parse(tag).map(|language| language.direction()), Some(direction), "{tag}");
        }
        for tag in ["", "a", "1a", "en_US", "en-", "<b>", "en-toolongsubtag", "عربي"] {
            assert_eq!(Language::parse(tag), None, "{tag}");
        }
    }

    #[test]
    fn a_paragraph_is_recognised_and_a_word_is_not_guessed() {
        let arabic = "الطائرة الورقية الصفراء تحلق عالياً فوق التل بينما يركض الأطفال وراءها في الريح";
        assert_eq!(Language::detect(arabic).map(|language| language.to_string()), Some("ar".to_owned()));
        let address = "https://example.org/le-cerf-volant-jaune-vole-au-dessus-de-la-colline/pendant-que-les-enfants-courent-dans-le-vent";
        let with_addresses = format!("{address} {arabic} [هنا]({address}) {address} {address}");
        assert_eq!(Language::detect(&with_addresses).map(|language| language.to_string()), Some("ar".to_owned()));
        let japanese = "黄色い凧が丘の上を飛んでいます。子どもたちは風の中をその後ろから走っていきます。";
        let without_spaces = format!("詳しくは{address}。{japanese}");
        assert_eq!(Language::detect(&without_spaces).map(|language| language.to_string()), Some("ja".to_owned()));
        assert_eq!(without_addresses("see <https://a.example/x>, (http://b.example) ://"), "see <>, ()");
        assert_eq!(without_addresses("طائرة www.kites.example/the/wind kite@wind.example"), "طائرة");
        assert_eq!(Language::detect("https://example.org/dans-le-vent/avec-les-oiseaux-de-la-mer-et-les-enfants"), None);
        assert_eq!(Language::detect(""), None);
        assert_eq!(Language::detect("1234 5678"), None);
    }
}
