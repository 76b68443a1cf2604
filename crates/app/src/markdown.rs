//! A poster's Markdown to HTML that is safe to put into a page.
//!
//! comrak renders CommonMark with a few of GitHub's extensions, raw HTML escaped; ammonia then lets through a closed list of
//! elements. SVG and MathML are never on that list: they are how sanitisers have been broken.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Elements that stand deeper in each other than this are a trick: no person writes them, and the sanitiser's time grows with their
/// square. The parser's and the renderer's do not.
const DEEPEST_NESTING: usize = 100;
/// A page of ordinary words has a few times their bytes, one of nothing but tiny links or cells about twelve times. What grows
/// beyond this is a trick (a wide table of empty rows grows a thousandfold) and is shown as it was typed.
const MOST_GROWTH: usize = 20;

/// The HTML of `text`; links tell nobody where the reader came from.
///
/// Only what holds other blocks has `dir="auto"`: it takes its direction from the first letter in it, and would not look into a
/// block that had a `dir` of its own. A paragraph's direction is its own letters' by the style sheet (`unicode-bidi: plaintext`).
pub(crate) fn render(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let mut options = comrak::Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.tasklist = false;
    options.render.hardbreaks = true;
    options.render.escape = true;
    let html = comrak::markdown_to_html(text, &options);
    if html.len() > 4_096 + text.len().saturating_mul(MOST_GROWTH) || depth(&html) > DEEPEST_NESTING {
        return format!("<pre dir=\"auto\" tabindex=\"0\">{}</pre>\n", ammonia::clean_text(text));
    }
    // A long line of code is moved sideways, also by keyboard. The sanitiser wrote each tag, and no text holds a bare `<`.
    POLICY.clean(&html).to_string().replace("<pre>", "<pre tabindex=\"0\">")
}

/// How deep the elements of `html` stand in each other. The renderer writes every tag of its own whole, and escapes all others.
fn depth(html: &str) -> usize {
    let (mut now, mut deepest) = (0_usize, 0);
    for tag in html.split('<').skip(1) {
        if tag.starts_with('/') {
            now = now.saturating_sub(1);
        } else if !["br", "hr", "img", "input"].iter().any(|empty| tag.starts_with(empty)) {
            now += 1;
            deepest = deepest.max(now);
        }
    }
    deepest
}

static POLICY: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let tags = [
        "a",
        "blockquote",
        "br",
        "code",
        "del",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "strong",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ];
    let mut policy = ammonia::Builder::empty();
    policy
        .tags(HashSet::from(tags))
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"])), ("ol", HashSet::from(["start"]))]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("nofollow noopener noreferrer ugc"));
    for tag in ["blockquote", "ul", "ol", "table"] {
        policy.set_tag_attribute_value(tag, "dir", "auto");
    }
    policy
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_markdown_becomes_ordinary_html() {
        assert_eq!(render("Hello *kite*"), "<p>Hello <em>kite</em></p>\n");
        assert!(render("[a](https://example.org)").contains("rel=\"nofollow noopener noreferrer ugc\""));
        assert!(render("> مرحبا").contains("<blockquote dir=\"auto\">"));
    }

    #[test]
    fn a_wide_table_of_empty_rows_is_shown_as_it_was_typed() {
        let wide = format!("{}|\n{}|\n{}", "|a".repeat(2_000), "|-".repeat(2_000), "|b|\n".repeat(200));
        let html = render(&wide);
        assert!(html.starts_with("<pre dir=\"auto\" tabindex=\"0\">") && html.len() < wide.len() * 3, "{} bytes", html.len());
        assert!(render("|a|b|\n|-|-|\n|c|d|").contains("<td"));
    }

    #[test]
    fn no_known_form_of_script_gets_through() {
        for attack in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<svg/onload=alert(1)>",
            "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt&colon;alert(1))",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "<a href=\"vbscript:x\">x</a>",
            "![x](https://example.org/track.png)",
            "<iframe srcdoc='<script>1</script>'>",
            "<p style=\"background:url(javascript:1)\">",
            "`</code><script>1</script>`",
            "<!--><img src=x onerror=1>-->",
            "[x]( \u{1}javascript:alert(1))",
        ] {
            let html = render(attack);
            let tags: Vec<&str> =
                html.split('<').skip(1).map(|tag| tag.split(['>', ' ', '/']).find(|part| !part.is_empty()).unwrap_or("")).collect();
            assert!(
                tags.iter().all(|tag| ["p", "a", "code", "pre", "br", "em", "h1", "blockquote", "ul", "li"].contains(tag)),
                "{attack} -> {html}"
            );
            // Escaped words may say anything; what counts is what stands inside a tag.
            let inside: String = html.split('<').skip(1).filter_map(|tag| tag.split_once('>')).map(|(tag, _)| tag).collect();
            assert!(!inside.contains("javascript") && !inside.contains("data:") && !inside.contains("vbscript"), "{attack} -> {html}");
        }
    }

    #[test]
    fn rules_and_underlines_of_any_length_are_what_they_are() {
        assert!(render(&format!("Title\n{}", "-".repeat(40))).starts_with("<h2>"));
        assert!(render(&"-".repeat(80)).starts_with("<hr"));
        assert!(render(&"*".repeat(60)).starts_with("<hr"));
    }

    #[test]
    fn what_is_nested_beyond_reason_is_shown_as_it_was_typed_and_takes_no_time() {
        const LONGEST: usize = 1 << 18;
        let pieces = [
            "> ", "1. > ", "1) > - ", "- ", "- 1. ", "[", "![", "[](", "[a](", "*a ", "**a ", "*_", "`", "``a", "<", "<a ", "&", "|", "(",
            "~~a ", "#", "\\",
        ];
        for piece in pieces {
            for start in ["", "1. ", "1) > - ", "a\n\n"] {
                let started = std::time::Instant::now();
                let html = render(&format!("{start}{}x", piece.repeat(LONGEST / piece.len())));
                // A tenth of this on an idle machine; what is quadratic takes minutes.
                assert!(started.elapsed().as_secs() < 10, "{start:?} {piece:?}: {:?}", started.elapsed());
                assert!(!html.is_empty(), "{start:?} {piece:?}");
            }
        }
        let growing: String = (0..1_400).map(|n| format!("{}- x\n", " ".repeat(n))).collect();
        assert!(render(&growing).contains('x'));
        let stairs: String = (0..1_400).map(|n| format!("{}x\n", ">".repeat(n))).collect();
        assert!(render(&stairs).contains('x'));
        let ordinary = "> ".repeat(20) + "x";
        assert_eq!(render(&ordinary).matches("<blockquote").count(), 20);
    }
}
