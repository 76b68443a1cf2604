//! A poster's Markdown to HTML that is safe to put into a page.
//!
//! comrak renders CommonMark with a few of GitHub's extensions, raw HTML escaped; ammonia then lets through a closed list of
//! elements. SVG and MathML are never on that list: they are how sanitisers have been broken.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Nesting beyond this is flattened to plain words before parsing: no person writes it, and each level costs stack and time.
const DEEPEST_NESTING: usize = 32;
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
    let html = comrak::markdown_to_html(&flatten(text), &options);
    if html.len() > 4_096 + text.len().saturating_mul(MOST_GROWTH) {
        return format!("<pre dir=\"auto\">{}</pre>\n", ammonia::clean_text(text));
    }
    POLICY.clean(&html).to_string()
}

/// Breaks up runs of the characters that open a nested block or span (`>`, `[`, `*`, `_`, list markers by indentation).
fn flatten(text: &str) -> Cow<'_, str> {
    let deep = |line: &str| {
        let quotes = line.chars().take_while(|c| matches!(c, '>' | ' ' | '\t' | '-' | '+' | '*')).filter(|c| !c.is_whitespace()).count();
        let indent = line.len() - line.trim_start().len();
        let mut open = 0usize;
        let mut deepest = 0;
        for c in line.chars() {
            match c {
                '[' | '(' => open += 1,
                ']' | ')' => open = open.saturating_sub(1),
                _ => {}
            }
            deepest = deepest.max(open);
        }
        quotes > DEEPEST_NESTING || indent > 4 * DEEPEST_NESTING || deepest > DEEPEST_NESTING
    };
    if !text.lines().any(deep) {
        return Cow::Borrowed(text);
    }
    // Such a line is shown as its own code line: every character as typed, nothing interpreted.
    let lines =
        text.lines().map(|line| if deep(line) { Cow::Owned(format!("\n    {}\n", line.trim_start())) } else { Cow::Borrowed(line) });
    Cow::Owned(lines.collect::<Vec<_>>().join("\n"))
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
        assert!(html.starts_with("<pre dir=\"auto\">") && html.len() < wide.len() * 3, "{} bytes", html.len());
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
    fn ten_thousand_levels_of_nesting_take_no_time_and_break_nothing() {
        let started = std::time::Instant::now();
        for deep in [
            ">".repeat(10_000) + " x",
            "[".repeat(10_000),
            "- ".repeat(10_000) + "x",
            "*".repeat(10_000) + "x",
            "[](".repeat(10_000),
            "**a ".repeat(10_000),
        ] {
            let html = render(&deep);
            assert!(html.len() < 400_000, "{} bytes", html.len());
        }
        let growing: String = (0..2_000).map(|n| format!("{}- x\n", " ".repeat(n))).collect();
        assert!(render(&growing).contains('x'));
        assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    }
}
