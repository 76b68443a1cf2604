//! What people write, made safe to keep and to show, without changing what they said.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Marks on one letter that are kept. Fully vocalised Arabic, Hebrew and Vietnamese need at most four; what piles up
/// dozens of them only overprints the lines of others.
const MARKS_A_LETTER: usize = 6;

/// A black flag, which tags after it turn into a region's.
const FLAG: char = '\u{1F3F4}';
/// The tags of the regions whose flags there are, with the tag that ends them.
const REGIONS: [&str; 3] = [
    "\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
    "\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}",
    "\u{E0067}\u{E0062}\u{E0077}\u{E006C}\u{E0073}\u{E007F}",
];

/// Words of several lines: NFC, `\n` line ends, no control characters but tab, no direction overrides, no piles of marks.
///
/// Isolates and the two marks that writers of right-to-left text need (LRM, RLM, ALM), and joiners, stay.
#[must_use]
pub fn clean_text(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut marks = 0;
    let mut chars = raw.nfc().peekable();
    while let Some(c) = chars.next() {
        let c = match c {
            '\r' => {
                if chars.peek() == Some(&'\n') {
                    continue;
                }
                '\n'
            }
            '\u{2028}' | '\u{2029}' => '\n',
            other => other,
        };
        if is_combining_mark(c) {
            marks += 1;
            if marks > MARKS_A_LETTER {
                continue;
            }
        } else {
            marks = 0;
        }
        if c == FLAG {
            out.push(c);
            // The flags of England, Scotland and Wales; any other tags could hide words.
            if let Some(tags) = REGIONS.iter().find(|tags| chars.clone().take(tags.chars().count()).eq(tags.chars())) {
                out.push_str(tags);
                chars.by_ref().take(tags.chars().count()).for_each(drop);
            }
            continue;
        }
        let unwanted = (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{202A}'..='\u{202E}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}');
        if !unwanted {
            out.push(c);
        }
    }
    // Nothing that anybody could see is nothing: a post of it would be a link to an empty page.
    if out.chars().all(|c| c.is_whitespace() || crate::name::is_hidden(c)) {
        return String::new();
    }
    out.trim_end().trim_start_matches('\n').to_owned()
}

/// Words of one line (a title, a caption): as [`clean_text`], with every run of white space made one space.
#[must_use]
pub fn clean_line(raw: &str) -> String {
    clean_text(raw).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A whole number as people type it, also with the digits of an Arabic or Persian keyboard.
#[must_use]
pub fn number(typed: &str) -> Option<u32> {
    typed.trim().chars().map(latin).collect::<String>().parse().ok()
}

/// A digit of an Arabic or Persian keyboard as the one that programs read; everything else as it is.
#[must_use]
pub fn latin(c: char) -> char {
    let digit = match c {
        '\u{0660}'..='\u{0669}' => char::from_digit(u32::from(c) - 0x0660, 10),
        '\u{06F0}'..='\u{06F9}' => char::from_digit(u32::from(c) - 0x06F0, 10),
        _ => None,
    };
    digit.unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_words_in_any_script_are_kept_as_they_are() {
        for text in ["Hello, *world*\n\nSecond", "السَّلَامُ عَلَيْكُمْ", "zażółć gęślą jaźń", "👩\u{200D}👩\u{200D}👧 می\u{200C}خواهم", "a\tb"]
        {
            assert_eq!(clean_text(text), text.nfc().collect::<String>());
        }
    }

    #[test]
    fn numbers_are_read_in_the_digits_of_three_keyboards() {
        assert_eq!((number("12"), number(" ١٢ "), number("۱۲")), (Some(12), Some(12), Some(12)));
        assert_eq!((number(""), number("-1"), number("1.5"), number("一")), (None, None, None, None));
    }

    #[test]
    fn a_region_keeps_its_flag_and_stray_tags_hide_nothing() {
        let wales = format!("{FLAG}{}", REGIONS[2]);
        assert_eq!(clean_text(&format!("a {wales} b")), format!("a {wales} b"));
        assert_eq!(clean_text("a\u{E0067}\u{E0062} b"), "a b");
        assert_eq!(clean_text(&format!("{FLAG}\u{E0067}\u{E0062}c")), format!("{FLAG}c"));
    }

    #[test]
    fn controls_overrides_and_piles_of_marks_go() {
        assert_eq!(clean_text("a\u{0}b\u{1b}[31mc\u{202E}d\r\ne\rf"), "ab[31mcd\ne\nf");
        let zalgo = format!("z{}", "\u{0336}\u{0489}".repeat(500));
        assert!(clean_text(&zalgo).chars().count() <= 1 + MARKS_A_LETTER);
        assert_eq!(clean_text("\u{2066} \u{200F}\u{2069}\n\u{200B}"), "");
        assert_eq!(clean_line("  two\n\n words\t here "), "two words here");
    }
}
