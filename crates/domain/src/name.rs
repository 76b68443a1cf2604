//! Names as people and strangers send them, made fit to be shown: never a path, never a character that hides or turns text.

use unicode_normalization::UnicodeNormalization as _;

/// The longest name that is shown, in characters.
const LONGEST: usize = 100;

/// The last part of `raw` without control and direction characters; `file` if nothing is left.
#[must_use]
pub fn clean_file_name(raw: &str) -> String {
    let last = raw.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.chars().filter(|c| !is_hidden(*c)).take(LONGEST).collect();
    let name = name.trim().trim_matches('.').trim();
    if name.is_empty() { "file".to_owned() } else { name.to_owned() }
}

/// Characters that are invisible or change the direction of what follows (Unicode Bidi_Control, controls, zero-width and
/// line separators): they make one name look like another.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061C}' | '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// The name of somebody in one spelling: 1 to `longest` characters, none of which hides or turns others. Spaces around it and more than one
/// between its words are forgiven.
#[must_use]
pub fn spelt(typed: &str, longest: usize) -> Option<String> {
    if typed.len() > longest.saturating_mul(8) || typed.chars().any(is_hidden) {
        return None;
    }
    let spelt: String = typed.nfkc().collect();
    let name = spelt.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = (1..=longest).contains(&name.chars().count()) && !name.chars().any(is_hidden);
    fits.then_some(name)
}

/// Such a name as it is looked up: nobody remembers whether it was written with a capital.
#[must_use]
pub fn key(name: &str) -> String {
    name.to_lowercase().nfkc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_never_a_path_and_hides_nothing() {
        for (raw, shown) in [
            ("photo.jpg", "photo.jpg"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\me\\kite.png", "kite.png"),
            ("kite\u{202E}gpj.exe", "kitegpj.exe"),
            ("a\u{0}b\nc\u{7}", "abc"),
            ("...", "file"),
            ("", "file"),
            ("/", "file"),
            ("طائرة ورقية.jpg", "طائرة ورقية.jpg"),
        ] {
            assert_eq!(clean_file_name(raw), shown);
        }
        assert_eq!(clean_file_name(&"x".repeat(5_000)).chars().count(), LONGEST);
    }
}
