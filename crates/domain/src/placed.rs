//! Media that stand between the paragraphs of their post's words: `![what it shows](media:2)`.
//!
//! A poster names a medium by its number in the order that the form shows, which is all there is before a post is published. What is
//! kept names it by its id: a number would name another medium as soon as the order changes.

use std::ops::Range;

use crate::id::MediaId;
use crate::text::number;

/// What an image's address begins with.
const SCHEME: &str = "media:";
/// The longest address: an id, or a number in digits of up to four bytes each.
const LONGEST_ADDRESS: usize = 40;

/// Which medium an address names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// By its number in the post, from 1.
    Number(usize),
    /// By its id.
    Id(MediaId),
}

impl Named {
    /// Reads an image's address; `None` if it is no medium's.
    #[must_use]
    pub fn parse(address: &str) -> Option<Self> {
        let name = address.strip_prefix(SCHEME)?;
        if let Some(id) = MediaId::parse(name) {
            return Some(Self::Id(id));
        }
        let number = usize::try_from(number(name)?).ok()?;
        (number > 0).then_some(Self::Number(number))
    }
}

/// The address by which kept words name a medium.
#[must_use]
pub fn address(id: &MediaId) -> String {
    format!("{SCHEME}{id}")
}

/// A place in Markdown where a medium is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// All of it, from `![` to `)`.
    pub whole: Range<usize>,
    /// What stands between the brackets.
    pub words: Range<usize>,
    /// Which medium.
    pub named: Named,
}

/// Where `text` names media. It is looked for by its letters alone, so what stands in a piece of code is found too: whoever changes what somebody
/// wrote leaves that out.
#[must_use]
pub fn mentions(text: &str) -> Vec<Mention> {
    let mut found: Vec<Mention> = Vec::new();
    // Before `floor` no mention begins that is not found already.
    let (mut from, mut floor) = (0, 0);
    while let Some(middle) = text[from..].find("](media:").map(|at| from + at) {
        let start = middle + 2;
        let end = text[start..].char_indices().take(LONGEST_ADDRESS).find(|(_, c)| *c == ')').map(|(at, _)| start + at);
        from = start;
        let Some(end) = end else { continue };
        let Some(named) = Named::parse(&text[start..end]) else { continue };
        from = end + 1;
        let open = text[floor..middle].rfind("![").map(|at| floor + at);
        floor = from;
        found.extend(open.map(|open| Mention { whole: open..end + 1, words: open + 2..middle, named }));
    }
    found
}

/// `text` with each of its `mentions` replaced by what `instead` makes of it and of its words.
#[must_use]
pub fn replaced(text: &str, mentions: &[Mention], instead: impl Fn(&Named, &str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for mention in mentions {
        out.push_str(&text[from..mention.whole.start]);
        out.push_str(&instead(&mention.named, &text[mention.words.clone()]));
        from = mention.whole.end;
    }
    out.push_str(&text[from..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_medium_is_named_by_its_number_in_any_digits_or_by_its_id() {
        assert_eq!(Named::parse("media:2"), Some(Named::Number(2)));
        assert_eq!(Named::parse("media:٢"), Some(Named::Number(2)));
        let id = MediaId::parse("w4hz8ctn6ab2r").expect("an id");
        assert_eq!(Named::parse("media:W4HZ8CTN6AB2R"), Some(Named::Id(id.clone())));
        assert_eq!(Named::parse(&address(&id)), Some(Named::Id(id)));
        for other in ["media:", "media:0", "media:-1", "media:two", "media:../x", "MEDIA:1", "https://example.org/1", "2"] {
            assert_eq!(Named::parse(other), None, "{other}");
        }
    }

    #[test]
    fn mentions_are_found_with_their_words_and_nothing_else_is() {
        let text = "One ![a [red] kite](media:1)![](media:2) [x](media:3) ![y](media:) ![z](https://example.org) ![open](media:4";
        let found: Vec<_> = mentions(text).into_iter().map(|one| (&text[one.whole], &text[one.words], one.named)).collect();
        assert_eq!(found, [("![a [red] kite](media:1)", "a [red] kite", Named::Number(1)), ("![](media:2)", "", Named::Number(2))]);
        let text = "a ![b](media:1) c";
        assert_eq!(replaced(text, &mentions(text), |_, words| words.to_uppercase()), "a B c");
        assert!(mentions("](media:1)").is_empty());
    }

    #[test]
    fn a_hundred_thousand_mentions_take_no_time() {
        for piece in ["![](media:1)", "](media:1)", "](media:", "![", "![x](media:٢٢"] {
            let text = piece.repeat((1 << 18) / piece.len());
            let started = std::time::Instant::now();
            assert!(replaced(&text, &mentions(&text), |_, _| String::new()).len() <= text.len());
            assert!(started.elapsed().as_secs() < 5, "{piece}: {:?}", started.elapsed());
        }
    }
}
