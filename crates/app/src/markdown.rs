//! A poster's Markdown to HTML that is safe to put into a page.
//!
//! comrak renders CommonMark with a few of GitHub's extensions, raw HTML escaped; ammonia then lets through a closed list of
//! elements. SVG and MathML are never on that list: they are how sanitisers have been broken.
//!
//! An image is one of the post's own media or nothing. Where one stands, the HTML holds an empty `figure` that names it: how the medium
//! looks is known only when the page is drawn.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use comrak::arena_tree::NodeEdge;
use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options};
use domain::MediaId;
use domain::placed::{Named, address, mentions, replaced};

/// Elements that stand deeper in each other than this are a trick: no person writes them, and the sanitiser's time grows with their
/// square. The parser's and the renderer's do not.
const DEEPEST_NESTING: usize = 100;
/// A page of ordinary words has a few times their bytes, one of nothing but tiny links or cells about twelve times. What grows
/// beyond this is a trick (a wide table of empty rows grows a thousandfold) and is shown as it was typed.
const MOST_GROWTH: usize = 20;

/// A poster's words, ready to be kept.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Words {
    /// Markdown that names media by their ids.
    pub(crate) text: String,
    /// The same as HTML.
    pub(crate) html: String,
    /// What is said of each medium where it stands among the words.
    pub(crate) said: Vec<(MediaId, String)>,
}

/// By which numbers a poster's words name media.
pub(crate) type Numbers = Vec<(usize, MediaId)>;

/// Draws `text`, in which media have these numbers. One that names nothing stays as it was typed: the medium may still be added.
pub(crate) fn written(mut text: String, numbers: &[(usize, MediaId)]) -> Words {
    for (place, id) in numbered_places(&text, numbers).into_iter().rev() {
        text.replace_range(place, &address(&id));
    }
    let (html, said) = render(&text);
    Words { text, html, said }
}

/// The HTML of `text`, which names media by their ids alone, and what is said of each; links tell nobody where the reader came from.
///
/// Only what holds other blocks has `dir="auto"`: it takes its direction from the first letter in it, and would not look into a
/// block that had a `dir` of its own. A paragraph's direction is its own letters' by the style sheet (`unicode-bidi: plaintext`).
fn render(text: &str) -> (String, Vec<(MediaId, String)>) {
    if text.is_empty() {
        return Default::default();
    }
    let options = options();
    let arena = Arena::new();
    let root = comrak::parse_document(&arena, text, &options);
    let said = place(&arena, root);
    lower_headings(root);
    let mut html = String::new();
    // Writing to a string fails for nobody.
    let drawn = comrak::format_html(root, &options, &mut html).is_ok();
    if !drawn || html.len() > 4_096 + text.len().saturating_mul(MOST_GROWTH) || depth(&html) > DEEPEST_NESTING {
        return (format!("<pre dir=\"auto\" tabindex=\"0\">{}</pre>\n", ammonia::clean_text(text)), Vec::new());
    }
    // A long line of code is moved sideways, also by keyboard. The sanitiser wrote each tag, and no text holds a bare `<`.
    (POLICY.clean(&html).to_string().replace("<pre>", "<pre tabindex=\"0\">"), said)
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.tasklist = false;
    options.render.hardbreaks = true;
    options.render.escape = true;
    options
}

/// The medium that an image names, if it stands where one can be drawn: in a paragraph, and in nothing else of it.
fn medium_at<'a>(node: &'a AstNode<'a>) -> Option<Named> {
    let stands = node.parent().is_some_and(|parent| matches!(parent.data().value, NodeValue::Paragraph));
    match &node.data().value {
        NodeValue::Image(image) if stands => Named::parse(&image.url),
        _ => None,
    }
}

/// Where in `text` one of `numbers` stands as the address of an image that can be drawn, in order.
fn numbered_places(text: &str, numbers: &[(usize, MediaId)]) -> Vec<(Range<usize>, MediaId)> {
    if numbers.is_empty() || !text.contains("](media:") {
        return Vec::new();
    }
    let starts = line_starts(text);
    let arena = Arena::new();
    let root = comrak::parse_document(&arena, text, &options());
    let mut found = Vec::new();
    for node in root.descendants() {
        let Some(Named::Number(number)) = medium_at(node) else { continue };
        let Some((_, id)) = numbers.iter().find(|(own, _)| *own == number) else { continue };
        // The parser's word for where it stands is good only if the very letters are there; an address that stands elsewhere
        // (`![a][1]`) is not looked for.
        let Some(at) = place_of(node, &starts) else { continue };
        let Some(whole) = text.get(at.clone()).filter(|whole| whole.ends_with(')')) else { continue };
        let Some(inner) = whole.rfind("](media:").map(|at| at + 2) else { continue };
        let open = at.start + inner;
        let length = whole[inner..].find([')', ' ', '\t', '\n']).unwrap_or_default();
        if Named::parse(&whole[inner..inner + length]) == Some(Named::Number(number)) {
            found.push((open..open + length, id.clone()));
        }
    }
    found
}

/// `text` with each place where it names a medium replaced by what `instead` makes of it and of its words; what is shown as code stays
/// as it is.
#[must_use]
pub fn renamed(text: &str, instead: impl Fn(&Named, &str) -> String) -> String {
    let mut named = mentions(text);
    // Most words have none, and are not read for it.
    if !named.is_empty() && text.contains(['`', '~', '\t', ' ']) {
        let code = code_in(text);
        named.retain(|one| !code.iter().any(|code| code.start < one.whole.end && one.whole.start < code.end));
    }
    replaced(text, &named, instead)
}

/// Where `text` is shown as code.
fn code_in(text: &str) -> Vec<Range<usize>> {
    let starts = line_starts(text);
    let arena = Arena::new();
    let root = comrak::parse_document(&arena, text, &options());
    let is_code = |node: &&AstNode<'_>| matches!(node.data().value, NodeValue::Code(_) | NodeValue::CodeBlock(_));
    root.descendants().filter(|node| is_code(node)).filter_map(|node| place_of(node, &starts)).collect()
}

fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}

/// Where a node stands by the parser's word.
fn place_of<'a>(node: &'a AstNode<'a>, starts: &[usize]) -> Option<Range<usize>> {
    let at = node.data().sourcepos;
    let offset = |place: comrak::nodes::LineColumn| Some(starts.get(place.line.checked_sub(1)?)? + place.column);
    Some(offset(at.start)?.saturating_sub(1)..offset(at.end)?)
}

/// Puts an empty figure in the place of each image that names a medium by its id, between what stands before it in its paragraph and
/// what stands behind it. A medium stands once: elsewhere, and where there is none, an image is its words.
fn place<'a>(arena: &'a Arena<'a>, root: &'a AstNode<'a>) -> Vec<(MediaId, String)> {
    let mut said: Vec<(MediaId, String)> = Vec::new();
    let mut seen = HashSet::new();
    let images: Vec<_> = root.descendants().filter(|node| matches!(node.data().value, NodeValue::Image(_))).collect();
    for image in images {
        let is_medium = matches!(&image.data().value, NodeValue::Image(link) if link.url.starts_with("media:"));
        match (medium_at(image), image.parent()) {
            (Some(Named::Id(id)), Some(paragraph)) if seen.insert(id.clone()) => {
                let before = arena.alloc(NodeValue::Paragraph.into());
                while let Some(first) = paragraph.first_child().filter(|first| !first.same_node(image)) {
                    before.append(first);
                }
                trim_breaks(before);
                if before.first_child().is_some() {
                    paragraph.insert_before(before);
                }
                let figure = format!("<figure data-medium=\"{id}\"></figure>\n");
                paragraph.insert_before(arena.alloc(NodeValue::Raw(figure).into()));
                said.push((id, plain(image)));
                image.detach();
                trim_breaks(paragraph);
                if paragraph.first_child().is_none() {
                    paragraph.detach();
                }
            }
            // What an image of elsewhere would have told of its reader, its words do not; but they were not written to be read here.
            _ if !is_medium => {}
            _ => {
                while let Some(word) = image.first_child() {
                    image.insert_before(word);
                }
                image.detach();
            }
        }
    }
    said
}

/// The line that an image had to itself is no empty line of the words beside it.
fn trim_breaks<'a>(paragraph: &'a AstNode<'a>) {
    let is_break = |node: &&'a AstNode<'a>| match &node.data().value {
        NodeValue::SoftBreak | NodeValue::LineBreak => true,
        NodeValue::Text(text) => text.trim().is_empty(),
        _ => false,
    };
    while let Some(first) = paragraph.first_child().filter(is_break) {
        first.detach();
    }
    while let Some(last) = paragraph.last_child().filter(is_break) {
        last.detach();
    }
}

fn plain<'a>(node: &'a AstNode<'a>) -> String {
    let mut words = String::new();
    for inner in node.descendants() {
        match &inner.data().value {
            NodeValue::Text(text) => words.push_str(text),
            NodeValue::Code(code) => words.push_str(&code.literal),
            NodeValue::SoftBreak | NodeValue::LineBreak => words.push(' '),
            _ => {}
        }
    }
    words
}

/// The first words of `text` on one line, without Markdown's marks, no more than so many letters. A medium that stands among them shows itself.
#[must_use]
pub fn excerpt(text: &str, letters: usize) -> String {
    // An address that nobody sees may take more than the words.
    let beginning: String = text.chars().take(4 * letters).collect();
    let arena = Arena::new();
    let root = comrak::parse_document(&arena, &beginning, &options());
    let mut words = String::new();
    let mut unseen = 0_usize;
    for edge in root.traverse() {
        let (NodeEdge::Start(node) | NodeEdge::End(node)) = edge;
        let value = &node.data().value;
        let is_start = matches!(edge, NodeEdge::Start(_));
        let is_unseen = matches!(value, NodeValue::Image(image) if !matches!(Named::parse(&image.url), Some(Named::Number(_))));
        match value {
            _ if is_unseen && is_start => unseen += 1,
            _ if is_unseen => unseen -= 1,
            _ if unseen > 0 || !is_start => {}
            NodeValue::Text(text) => words.push_str(text),
            NodeValue::Code(code) => words.push_str(&code.literal),
            NodeValue::CodeBlock(code) => words.extend([" ", &code.literal]),
            NodeValue::HtmlInline(html) => words.push_str(html),
            NodeValue::HtmlBlock(html) => words.extend([" ", &html.literal]),
            NodeValue::SoftBreak | NodeValue::LineBreak => words.push(' '),
            value if value.block() => words.push(' '),
            _ => {}
        }
    }
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().take(letters).collect()
}

/// The page's own heading is the post's title: those in its words stand below it.
fn lower_headings<'a>(root: &'a AstNode<'a>) {
    for node in root.descendants() {
        if let NodeValue::Heading(heading) = &mut node.data_mut().value {
            heading.level = (heading.level + 1).min(6);
        }
    }
}

/// The HTML of a poster's words with its links as plain words: what each says, and where it leads, unless that is what it says. The sanitiser wrote
/// each tag, and no text holds a bare `<`.
pub(crate) fn without_links(html: &str) -> String {
    let mut pieces = html.split('<');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    // The address of the link that is open, and where its words begin.
    let mut open: Option<(&str, usize)> = None;
    for piece in pieces {
        // An attribute's value may hold a `>`, and ends with the quotation mark that it began with.
        let mut quoted = false;
        let end = piece.find(|c| {
            quoted ^= c == '"';
            c == '>' && !quoted
        });
        match (piece.split(|c: char| !c.is_ascii_alphanumeric() && c != '/').next(), end) {
            (Some("a"), Some(end)) => {
                let address = piece[..end].split_once(" href=\"").and_then(|(_, rest)| rest.split('"').next());
                open = address.map(|address| (address, plain.len()));
                plain.push_str(&piece[end + 1..]);
            }
            (Some("/a"), Some(end)) => {
                if let Some((address, begin)) = open.take() {
                    let address = legible(&unescaped(address));
                    if !says(&unescaped(&plain[begin..]), &address) {
                        plain.push_str(&format!(" (<bdi>{}</bdi>)", escaped(&address)));
                    }
                }
                plain.push_str(&piece[end + 1..]);
            }
            _ => {
                plain.push('<');
                plain.push_str(piece);
            }
        }
    }
    plain
}

/// An address as people write it: its letters, where a browser has them encoded; what nobody would see stays encoded.
fn legible(address: &str) -> String {
    // What is ASCII and encoded means something else than itself: it stays so.
    let mut kept = String::new();
    for (number, piece) in address.split('%').enumerate() {
        kept.push_str(match piece.bytes().next() {
            _ if number == 0 => "",
            Some(b'8'..=b'9' | b'a'..=b'f' | b'A'..=b'F') => "%",
            _ => "%25",
        });
        kept.push_str(piece);
    }
    let decoded = percent_encoding::percent_decode_str(&kept).decode_utf8();
    let seen = |c: char| c.is_alphanumeric() || c.is_ascii_graphic();
    decoded.ok().filter(|text| text.chars().all(seen)).map_or_else(|| address.to_owned(), std::borrow::Cow::into_owned)
}

/// Whether the words of a link are its address: but for the letters' case where a host has none, and for a scheme that goes without saying.
fn says(words: &str, address: &str) -> bool {
    let schemes: &[&str] = if words.contains('@') { &["mailto:"] } else { &["https://", "http://"] };
    let bare = |text: &str| {
        let text = text.trim_end_matches('/');
        let host = text.find("://").map_or(0, |scheme| scheme + 3);
        let (host, path) = text.split_at(text[host..].find('/').map_or(text.len(), |slash| host + slash));
        host.to_lowercase() + path
    };
    let (words, address) = (bare(words), bare(address));
    words == address || schemes.iter().any(|scheme| address.strip_prefix(scheme) == Some(&words))
}

/// What stands in HTML, as text. The renderer and the sanitiser write no other entities.
fn unescaped(html: &str) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", "\u{a0}"), ("&amp;", "&")]
        .iter()
        .fold(html.to_owned(), |text, (entity, letter)| text.replace(entity, letter))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
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
        "figure",
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
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("figure", HashSet::from(["data-medium"])),
            ("ol", HashSet::from(["start"])),
        ]))
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

    fn render(text: &str) -> String {
        super::render(text).0
    }

    #[test]
    fn an_excerpt_is_words_alone_and_addresses_are_whole() {
        let id = MediaId::parse("abcdefghjkmnp").unwrap_or_else(|| panic!("an id"));
        let text = format!(
            "# A *kite*\n\nover\n[the hill](https://a.example/x_y#z), see https://a.example/a_b_c#d.\n\n![alone](media:{id})![two](media:2) ![far](https://b.example/i.png)\n> `code_1` <b>\n\n- one\n- two"
        );
        assert_eq!(excerpt(&text, 200), "A kite over the hill, see https://a.example/a_b_c#d. two code_1 <b> one two");
        assert_eq!(excerpt("طائرة *ورقية*", 7), "طائرة و");
        assert_eq!(excerpt("", 200), "");
        assert_eq!(excerpt(&"> ".repeat(4_000), 200), "");
        assert!(excerpt(&"[".repeat(4_000), 200).len() <= 200);
    }

    #[test]
    fn links_become_plain_words_that_still_say_where_they_lead() {
        let plain = |text: &str| without_links(&render(text));
        assert_eq!(plain("See https://example.org/kite now"), "<p>See https://example.org/kite now</p>\n");
        assert_eq!(plain("<https://EXAMPLE.org> or www.example.org"), "<p>https://EXAMPLE.org or www.example.org</p>\n");
        assert_eq!(
            plain("[a *kite*](https://example.org/?a=1&b=2)!"),
            "<p>a <em>kite</em> (<bdi>https://example.org/?a=1&amp;b=2</bdi>)!</p>\n"
        );
        assert_eq!(plain("[example.com](https://example.org/)"), "<p>example.com (<bdi>https://example.org/</bdi>)</p>\n");
        assert_eq!(
            plain("[me](mailto:kite@example.org) me@example.org"),
            "<p>me (<bdi>mailto:kite@example.org</bdi>) me@example.org</p>\n"
        );
        let arabic = "https://ar.example.org/wiki/طائرة_ورقية";
        assert_eq!(plain(arabic), format!("<p>{arabic}</p>\n"));
        assert_eq!(plain(&format!("[هنا]({arabic})")), format!("<p>هنا (<bdi>{arabic}</bdi>)</p>\n"));
        // What only looks the same is told.
        assert!(plain("[https://a.example/AbC](https://a.example/aBc)").contains("(<bdi>https://a.example/aBc</bdi>)"));
        assert!(plain("[kite@example.org](https://kite@example.org)").contains("(<bdi>https://kite@example.org</bdi>)"));
        assert!(plain("[here](https://a.example/%E2%80%AEgnp.exe)").contains("%E2%80%AE"), "what turns letters round stays as it is");
        for text in ["[a](https://example.org/%22%3E%3Cb%3E)", "[>](<https://example.org/\"><b>> \"t>\")", "[a](javascript:kite)"] {
            assert!(!plain(text).contains("<a") && !plain(text).contains("<b>"), "{}", plain(text));
        }
    }

    #[test]
    fn ordinary_markdown_becomes_ordinary_html() {
        assert_eq!(render("Hello *kite*"), "<p>Hello <em>kite</em></p>\n");
        assert!(render("[a](https://example.org)").contains("rel=\"nofollow noopener noreferrer ugc\""));
        assert!(render("> مرحبا").contains("<blockquote dir=\"auto\">"));
    }

    #[test]
    fn a_heading_of_the_words_stands_below_the_posts_title() {
        assert_eq!(render("# One\n\n## Two\n\n###### Six"), "<h2>One</h2>\n<h3>Two</h3>\n<h6>Six</h6>\n");
    }

    fn id(letter: &str) -> MediaId {
        MediaId::parse(&letter.repeat(13)).expect("an id")
    }

    #[test]
    fn numbers_of_media_become_their_ids_wherever_an_image_stands_and_nowhere_else() {
        let numbers = [(1, id("a")), (2, id("b"))];
        let (a, b) = (address(&id("a")), address(&id("b")));
        for (typed, kept) in [
            ("Before\n\n![A kite](media:2)\n\nAfter", format!("Before\n\n![A kite]({b})\n\nAfter")),
            ("رصيف ![طائرة](media:٢) بحر ![](media:1)", format!("رصيف ![طائرة]({b}) بحر ![]({a})")),
            ("> one\n> ![x](media:1)\n\n- ![y](media:2)", format!("> one\n> ![x]({a})\n\n- ![y]({b})")),
            ("![x](media:1 \"title\")", format!("![x]({a} \"title\")")),
            ("![a\nb](media:1) ![](media:1)", format!("![a\nb]({a}) ![]({a})")),
            (
                "`![x](media:1)`\n\n    ![x](media:1)\n\n```\n![x](media:1)\n```",
                "`![x](media:1)`\n\n    ![x](media:1)\n\n```\n![x](media:1)\n```".into(),
            ),
            (
                "![x](media:9) [x](media:1) \\![x](media:1) ![x][1]\n\n[1]: media:1",
                "![x](media:9) [x](media:1) \\![x](media:1) ![x][1]\n\n[1]: media:1".into(),
            ),
        ] {
            assert_eq!(written(typed.into(), &numbers).text, kept);
        }
    }

    #[test]
    fn what_names_a_medium_is_renamed_and_code_is_left_alone() {
        let b = address(&id("b"));
        for code in [
            "`![x](media:1)` and ``` a ![x](media:2) ```",
            "    ![x](media:1)\n    ![x](media:2)",
            "```md\n![x](media:1)\n\n![y](media:2)\n```",
            "~~~\n![x](media:1)",
            "> Words `in a ![x](media:1)\n> code` and\n>\n> ```\n> ![x](media:1)\n> ```",
            "- طائرة `![x](media:1)`\n- two\n\n      ![x](media:1)",
            "| `![x](media:1)` | b |\n|-|-|\n| c | `![y](media:2)` |",
        ] {
            for image in ["![a *kite*](media:7)".to_owned(), format!("طائرة ![بحر]({b}) بحر")] {
                let text = format!("{image}\n\n{code}\n\n{image} `code`");
                // A fence that is never closed takes all that follows.
                let text = if code.starts_with("~~~") { format!("{image}\n\n{code}") } else { text };
                let told = renamed(&text, |named, words| format!("<{named:?} {words}>"));
                assert!(told.contains(code), "{text}\n{told}");
                assert!(!told.contains(&image) && !told.replace(code, "").contains("(media:"), "{text}\n{told}");
            }
        }
        assert_eq!(renamed("![a](media:1)![](media:2)", |_, words| words.to_uppercase()), "A");
    }

    #[test]
    fn a_medium_stands_once_between_the_words_and_says_what_it_shows() {
        let a = id("a");
        let figure = format!("<figure data-medium=\"{a}\"></figure>\n");
        let at = address(&a);
        for (text, html) in [
            (format!("One\n\n![A *red* kite]({at})\n\nTwo"), format!("<p>One</p>\n{figure}<p>Two</p>\n")),
            (format!("One\n![A *red* kite]({at})\nTwo"), format!("<p>One</p>\n{figure}<p>Two</p>\n")),
            (format!("One ![A *red* kite]({at}) two"), format!("<p>One </p>\n{figure}<p> two</p>\n")),
            (format!("![A *red* kite]({at}) ![again]({at})"), format!("{figure}<p>again</p>\n")),
            (format!("> ![A *red* kite]({at})"), format!("<blockquote dir=\"auto\">\n{figure}</blockquote>\n")),
        ] {
            let words = written(text, &[]);
            assert_eq!(words.html, html);
            assert_eq!(words.said, [(a.clone(), "A red kite".to_owned())]);
        }
        let listed = render(&format!("- one\n- ![x]({at})"));
        assert!(listed.contains(&format!("<li>{}", figure.trim())) || listed.contains(&format!("<li>\n{}", figure.trim())), "{listed}");
    }

    #[test]
    fn an_image_that_is_no_medium_of_the_post_leaves_its_words_or_nothing() {
        assert_eq!(render("See ![the *red* kite](media:9)"), "<p>See the <em>red</em> kite</p>\n");
        assert_eq!(render("![x](https://example.org/track.png)"), "<p></p>\n");
        let at = address(&id("a"));
        for elsewhere in [
            format!("*![x]({at})*"),
            format!("[![x]({at})](https://example.org)"),
            format!("|a|\n|-|\n|![x]({at})|"),
            format!("# ![x]({at})"),
        ] {
            let html = render(&elsewhere);
            assert!(!html.contains("figure") && html.contains('x'), "{html}");
        }
        for forged in
            [format!("<figure data-medium=\"{}\"></figure>", id("a")), format!("[x](https://e.org/<figure data-medium=\"{}\">)", id("a"))]
        {
            assert!(!render(&forged).contains("<figure"), "{}", render(&forged));
        }
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
                tags.iter().all(|tag| ["p", "a", "code", "pre", "br", "em", "h2", "blockquote", "ul", "li"].contains(tag)),
                "{attack} -> {html}"
            );
            // Escaped words may say anything; what counts is what stands inside a tag.
            let inside: String = html.split('<').skip(1).filter_map(|tag| tag.split_once('>')).map(|(tag, _)| tag).collect();
            assert!(!inside.contains("javascript") && !inside.contains("data:") && !inside.contains("vbscript"), "{attack} -> {html}");
        }
    }

    #[test]
    fn rules_and_underlines_of_any_length_are_what_they_are() {
        assert!(render(&format!("Title\n{}", "-".repeat(40))).starts_with("<h3>"));
        assert!(render(&"-".repeat(80)).starts_with("<hr"));
        assert!(render(&"*".repeat(60)).starts_with("<hr"));
    }

    #[test]
    fn what_is_nested_beyond_reason_is_shown_as_it_was_typed_and_takes_no_time() {
        const LONGEST: usize = 1 << 18;
        let pieces = [
            "> ",
            "1. > ",
            "1) > - ",
            "- ",
            "- 1. ",
            "[",
            "![",
            "[](",
            "[a](",
            "*a ",
            "**a ",
            "*_",
            "`",
            "``a",
            "<",
            "<a ",
            "&",
            "|",
            "(",
            "~~a ",
            "#",
            "\\",
            "![](media:aaaaaaaaaaaaa) ",
            "![a](media:1)\n",
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
