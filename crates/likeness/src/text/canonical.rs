//! The form of words in which two texts are the same when a person reads the same in both.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization as _;
use unicode_security::confusable_detection::skeleton;

/// The words of a text in a form that disguises do not change, separated by one space each.
///
/// Compatibility forms are taken apart (NFKD), what has no width or only a direction falls away, and so do accents, Arabic and Hebrew
/// vowel signs and the tatweel; the forms of alef, ya, waw, ha and kaf that are written for each other become one; digits of all scripts
/// become ours; capitals become small; and each letter becomes the one that it may be mistaken for (the skeleton of UTS 39, and i and l,
/// which are one as soon as capitals may stand for either). What is neither letter, digit nor symbol separates words, but an
/// apostrophe joins them. The result is composed again (NFC), and is its own canonical form. It is for comparing, not for reading.
///
/// It is at most a few times as long as the text, and takes time in proportion to it.
#[must_use]
pub fn canonical(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut known: HashMap<char, Box<str>> = HashMap::new();
    let mut composed = true;
    for c in text.chars() {
        if c.is_ascii() {
            ascii(c, &mut out);
        } else {
            composed = false;
            out.push_str(known.entry(c).or_insert_with(|| folded(c).into()));
        }
    }
    let joined = |words: &str| words.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    if composed { joined(&out) } else { joined(&out.nfc().collect::<String>()) }
}

/// The common case, by the same rules.
fn ascii(c: char, out: &mut String) {
    match c.to_ascii_lowercase() {
        'i' | '1' => out.push('l'),
        '0' => out.push('o'),
        'm' => out.push_str("rn"),
        small if small.is_ascii_alphanumeric() => out.push(small),
        '\'' => {}
        _ => out.push(' '),
    }
}

/// What a character becomes: letters, nothing, or a space where a word ends. Applied until nothing changes any more.
fn folded(c: char) -> String {
    let mut now = String::from(c);
    // Three rounds were the most that any character of Unicode 16 took.
    for _ in 0..8 {
        let mut next = String::new();
        for part in now.nfkd() {
            one(part, &mut next);
        }
        if next == now {
            break;
        }
        now = next;
    }
    now
}

fn one(c: char, out: &mut String) {
    if c.is_ascii() {
        return if c == ' ' { out.push(' ') } else { ascii(c, out) };
    }
    if falls_away(c) {
        return;
    }
    if separates(c) {
        out.push(' ');
        return;
    }
    if let Some(form) = arabic(c) {
        out.push(form);
        return;
    }
    if let Some(digit) = digit(c) {
        ascii(digit, out);
        return;
    }
    // Up and down again: what has no small letter of its own (ẞ, ſ, ς) meets the one that it is written for.
    let small: String = c.to_uppercase().flat_map(char::to_lowercase).collect();
    if small.chars().ne([c]) {
        out.extend(small.nfkd().filter(|part| !falls_away(*part)));
        return;
    }
    // The parts that a Korean syllable is made of stay as they are, or it could not be put together again.
    if matches!(c, '\u{1100}'..='\u{11ff}') {
        return out.push(c);
    }
    let alike: String = skeleton(&small).collect();
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !plain(&alike) {
        // Some are mistaken for one of ours only as capitals (к, т).
        let capital: String = skeleton(&small.to_uppercase()).collect();
        if plain(&capital) {
            return capital.chars().for_each(|letter| ascii(letter, out));
        }
    }
    // A letter never becomes a sign that would end the word.
    if alike.chars().any(|part| part.is_ascii() && !part.is_ascii_alphanumeric()) { out.push_str(&small) } else { out.push_str(&alike) }
}

fn falls_away(c: char) -> bool {
    matches!(c,
        // Accents and what else is put on letters.
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}'
        // Hebrew points.
        | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}' | '\u{5c5}' | '\u{5c7}'
        // Arabic vowel signs, the tatweel, and the hamza wherever it stands.
        | '\u{610}'..='\u{61a}' | '\u{621}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{674}' | '\u{6d6}'..='\u{6dc}'
        | '\u{6df}'..='\u{6e8}' | '\u{6ea}'..='\u{6ed}' | '\u{898}'..='\u{89f}' | '\u{8ca}'..='\u{8ff}'
        // What joins the parts of one word.
        | '\u{2018}' | '\u{2019}' | '\u{2bc}'
    )
        // What has no width: UTS 39 drops it.
        || skeleton(c.encode_utf8(&mut [0; 4])).next().is_none()
}

fn separates(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c,
            '\u{a1}'..='\u{a9}' | '\u{ab}'..='\u{b1}' | '\u{b4}' | '\u{b6}'..='\u{b8}' | '\u{bb}' | '\u{bf}' | '\u{d7}' | '\u{f7}'
            | '\u{37e}' | '\u{387}' | '\u{55a}'..='\u{55f}' | '\u{589}' | '\u{58a}' | '\u{5be}' | '\u{5c0}' | '\u{5c3}' | '\u{5c6}' | '\u{5f3}' | '\u{5f4}'
            | '\u{606}'..='\u{60f}' | '\u{61b}'..='\u{61f}' | '\u{66a}'..='\u{66d}' | '\u{6d4}' | '\u{6dd}' | '\u{6de}' | '\u{6e9}'
            | '\u{964}' | '\u{965}' | '\u{970}' | '\u{e2f}' | '\u{e4f}' | '\u{e5a}' | '\u{e5b}' | '\u{104a}'..='\u{104f}' | '\u{17d4}'..='\u{17da}'
            | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{2e00}'..='\u{2e7f}' | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3020}' | '\u{3030}' | '\u{30fb}')
}

/// Letters of Arabic, Persian and Urdu that are written for each other. Alef, waw and ya with a hamza or madda are taken apart before.
fn arabic(c: char) -> Option<char> {
    Some(match c {
        '\u{671}' | '\u{672}' | '\u{673}' | '\u{675}' | '\u{627}' => 'l',
        '\u{649}' | '\u{64a}' | '\u{6cc}' | '\u{6cd}' | '\u{6ce}' | '\u{6d0}' | '\u{6d2}' | '\u{6d3}' | '\u{678}' => '\u{649}',
        '\u{629}' | '\u{6c0}' | '\u{6c1}' | '\u{6c2}' | '\u{6c3}' | '\u{6be}' | '\u{6d5}' | '\u{647}' => 'o',
        '\u{643}' | '\u{6a9}' | '\u{6aa}' | '\u{6ac}' => '\u{643}',
        '\u{648}' | '\u{676}' | '\u{677}' => '\u{648}',
        _ => return None,
    })
}

/// Where the digits of scripts begin, ten in a row, that are written in words of these scripts.
const ZEROS: [u32; 14] = [0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xe50, 0xed0, 0x1040, 0x17e0];

fn digit(c: char) -> Option<char> {
    let value = ZEROS.iter().find_map(|zero| u32::from(c).checked_sub(*zero).filter(|value| *value < 10))?;
    char::from_digit(value, 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn same(texts: &[&str]) {
        for text in texts {
            assert_eq!(canonical(text), canonical(texts[0]), "{text:?}");
        }
        assert!(!canonical(texts[0]).is_empty());
    }

    #[test]
    fn a_person_reads_the_same() {
        // Capitals, accents, wide, framed and mathematical letters, ligatures.
        same(&["kites fly", "KITES  FLY!", "ｋｉｔｅｓ ｆｌｙ", "𝐤𝐢𝐭𝐞𝐬 𝒇𝒍𝒚", "ⓚⓘⓣⓔⓢ ﬂy", "k\u{301}ítês\nfly", "«Kites», fly…"]);
        // No width, directions, soft hyphens, variation selectors.
        same(&[
            "kites fly",
            "ki\u{200b}tes\u{feff} f\u{2060}ly",
            "\u{202e}kites\u{202c} fly\u{fe0f}",
            "ki\u{ad}tes fly",
            "k\u{e0069}ites fly",
        ]);
        // Letters of other scripts, digits and capitals in their place.
        same(&["kites are cool", "кіtеѕ аrе сооl", "Kites are c00l", "kltes are cooI", "k1tes are coo1", "ΚΙΤΕЅ are cool"]);
        same(&["summer", "surnrner", "ｓｕｍｍｅｒ"]);
        same(&["Straße", "STRASSE", "straſse", "STRAẞE"]);
        same(&["don't", "dont", "don’t"]);
        same(&["żółw", "zolw", "ZO\u{301}ŁW"]);
    }

    #[test]
    fn arabic_is_the_same_in_all_its_writings() {
        same(&["الطائرات الورقية", "الطائراتُ الورقيّة", "الطـــائرات الورقيه", "ﺍﻟﻄﺎﺋﺮﺍﺕ ﺍﻟﻮﺭﻗﻴﺔ"]);
        same(&["إلى أحمد", "الي احمد", "آلى ٱحمد", "الی احمد"]);
        same(&["كتاب ١٢٣", "کتاب 123", "كتاب ۱۲۳"]);
        assert_ne!(canonical("كتاب"), canonical("كاتب"));
    }

    #[test]
    fn what_reads_differently_stays_so() {
        for (one, other) in
            [("kites", "kite"), ("风筝", "风景"), ("한글", "한국"), ("ไทย", "ไท"), ("दिन", "दान"), ("🪁", "🎈"), ("が", "か")]
        {
            assert_ne!(canonical(one), canonical(other));
        }
        assert_eq!(canonical("  .,;–\u{200b}\n"), "");
    }

    #[test]
    fn scripts_that_are_put_together_stay_together() {
        assert_eq!(canonical("연을 날리다").split(' ').map(|word| word.chars().count()).collect::<Vec<_>>(), [2, 3]);
        same(&["연을 날리다", "\u{110b}\u{1167}\u{11ab}을 날리다"]);
        same(&["カイト", "ｶｲﾄ"]);
    }

    #[test]
    fn the_quick_way_for_ascii_is_the_same_way() {
        for c in (0u8..128).map(char::from) {
            let mut quick = String::new();
            ascii(c, &mut quick);
            if c.is_ascii_alphanumeric() {
                let lower = c.to_lowercase().next().expect("a letter");
                let by_rule: String =
                    skeleton(&lower.to_string()).flat_map(char::to_lowercase).map(|c| if c == 'i' { 'l' } else { c }).collect();
                assert_eq!(quick, by_rule, "{c:?}");
            } else {
                assert_eq!(quick, if c == '\'' { "" } else { " " }, "{c:?}");
            }
        }
    }

    #[test]
    fn every_character_is_its_own_canonical_form_once_it_is_one() {
        for c in '\0'..=char::MAX {
            let once = canonical(&c.to_string());
            assert_eq!(canonical(&once), once, "{c:?} U+{:X}", u32::from(c));
            assert!(once.chars().count() <= 36, "{c:?} becomes {once:?}");
        }
    }

    proptest! {
        #[test]
        fn a_canonical_text_is_its_own(text in "\\PC{0,60}") {
            let once = canonical(&text);
            prop_assert_eq!(canonical(&once), once);
        }
    }
}
