//! Links among words.

use linkify::{LinkFinder, LinkKind};

use super::{LONGEST, Link, plain, read};

/// A text's words without its links, and the links in their order. Where a link stood there is a space.
///
/// Links without a scheme are found if they end in a suffix that the Public Suffix List knows, or begin with `www.`, which programs make links of. A text in a wide or hidden writing is made plain first, so
/// that what is returned may differ from what was given also where there is no link.
#[must_use]
pub fn take_out(text: &str) -> (String, Vec<Link>) {
    let text = plain(text);
    let mut finder = LinkFinder::new();
    finder.url_must_have_scheme(false).kinds(&[LinkKind::Url]);
    let (mut words, mut links, mut from) = (String::with_capacity(text.len()), Vec::new(), 0);
    for found in finder.links(&text) {
        let Some(link) = followed(found.as_str()) else { continue };
        words.push_str(&text[from..found.start()]);
        words.push(' ');
        from = found.end();
        links.push(link);
    }
    words.push_str(&text[from..]);
    (words, links)
}

fn followed(text: &str) -> Option<Link> {
    if text.len() > LONGEST {
        return None;
    }
    let link = read(text).ok()?;
    let known = || psl::suffix(link.host().as_bytes()).is_some_and(|suffix| suffix.is_known());
    let begins = |start: &str| text.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start));
    (text.contains("://") || begins("www.") || known()).then_some(link)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> (String, Vec<String>) {
        let (words, links) = take_out(text);
        (words.split_whitespace().collect::<Vec<_>>().join(" "), links.iter().map(Link::to_string).collect())
    }

    #[test]
    fn links_are_taken_out_of_the_words_in_whatever_writing() {
        for (text, words, links) in [
            ("See https://kites.example/a, now", "See , now", vec!["kites.example/a"]),
            (
                "[a kite](https://kites.example/(a)) and <http://b.example>",
                "[a kite]( ) and < >",
                vec!["kites.example/%28a%29", "b.example"],
            ),
            ("come to www.kites.example/a, or WWW.b.example", "come to , or", vec!["kites.example/a", "b.example"]),
            ("join t.me/kites or kites.com!", "join or !", vec!["t.me/kites", "kites.com"]),
            ("hxxps://kites[.]example/a and kites(dot)com/b", "and", vec!["kites.example/a", "kites.com/b"]),
            ("kites\u{200b}.com and ｋｉｔｅｓ．ｃｏｍ", "and", vec!["kites.com", "kites.com"]),
            ("الرابط: https://kites.example/طائرة", "الرابط:", vec!["kites.example/%D8%B7%D8%A7%D8%A6%D8%B1%D8%A9"]),
            ("the file kite.txt, e.g. version 1.2.3 at 10:30", "the file kite.txt, e.g. version 1.2.3 at 10:30", vec![]),
            ("write to kite@kites.com", "write to kite@kites.com", vec![]),
            ("", "", vec![]),
        ] {
            assert_eq!(found(text), (words.to_owned(), links.iter().map(ToString::to_string).collect()), "{text}");
        }
    }
}
