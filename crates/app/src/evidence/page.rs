//! What was published as a page that needs nothing but the files beside it. Pictures wait behind their names until they are asked for; of what is
//! reported as the abuse of a child nothing leads to them.

use domain::MediaKind;

/// What a page shows.
pub(super) struct Page<'a> {
    pub(super) post: &'a str,
    pub(super) title: Option<&'a str>,
    pub(super) language: Option<&'a str>,
    pub(super) published: Option<String>,
    /// The words as visitors had them; they were sanitised before they were kept.
    pub(super) html: &'a str,
    pub(super) media: Vec<Shown<'a>>,
    /// No medium is shown, or led to.
    pub(super) hidden: bool,
}

/// A medium on it.
pub(super) struct Shown<'a> {
    pub(super) id: &'a str,
    pub(super) kind: Option<MediaKind>,
    pub(super) size: Option<(i64, i64)>,
    pub(super) caption: Option<&'a str>,
    pub(super) alt: Option<&'a str>,
    /// From the page's own place.
    pub(super) file: Option<String>,
}

/// Opened from a disk a page may fetch nothing but pictures and films from there, and run nothing.
const POLICY: &str = "default-src 'none'; img-src file:; media-src file:; style-src 'unsafe-inline'";
const STYLE: &str = "body{max-width:44rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 sans-serif}img,video{max-width:100%;height:auto}\
                     figure{margin:1rem 0}summary{cursor:pointer}";

/// Text as it stands in HTML, also between double quotes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

impl Page<'_> {
    pub(super) fn draw(&self) -> String {
        let title = self.title.map_or_else(|| escaped(self.post), escaped);
        let mut words = self.html.to_owned();
        let mut rest = String::new();
        for medium in &self.media {
            let (place, drawn) = (format!("<figure data-medium=\"{}\"></figure>", medium.id), self.drawn(medium));
            // It stands where the words had it, or else after them.
            if words.contains(&place) {
                words = words.replacen(&place, &drawn, 1);
            } else {
                rest.push_str(&drawn);
            }
        }
        let language = self.language.map_or_else(String::new, |tag| format!(" lang=\"{}\"", escaped(tag)));
        let published = self.published.as_deref().map_or_else(String::new, |at| format!(", <time>{}</time>", escaped(at)));
        let heading = self.title.map_or_else(String::new, |title| format!("<h1>{}</h1>\n", escaped(title)));
        format!(
            "<!doctype html>\n<html{language} dir=\"auto\"><head><meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\n<style>{STYLE}</style></head>\n<body>\n\
             <p>/{}{published}</p>\n{heading}{words}\n{rest}</body></html>\n",
            escaped(self.post)
        )
    }

    fn drawn(&self, medium: &Shown<'_>) -> String {
        let kind = medium.kind.map_or("file", MediaKind::as_str);
        let size = medium.size.map_or_else(String::new, |(width, height)| format!(", {width} × {height}"));
        let alt = escaped(medium.alt.unwrap_or_default());
        let name = format!("{kind} {}{size}", escaped(medium.id));
        let inner = match (&medium.file, medium.kind) {
            (Some(_), _) if self.hidden => format!("<p>{name} (not shown): {alt}</p>"),
            (None, _) => format!("<p>{name} (never ready): {alt}</p>"),
            (Some(file), Some(MediaKind::Video)) => {
                format!(
                    "<details><summary>{name}: {alt}</summary><video src=\"{}\" controls muted preload=\"none\"></video></details>",
                    escaped(file)
                )
            }
            (Some(file), _) => {
                format!("<details><summary>{name}: {alt}</summary><img src=\"{}\" alt=\"{alt}\" loading=\"lazy\"></details>", escaped(file))
            }
        };
        let caption = medium.caption.map_or_else(String::new, |caption| format!("<figcaption>{}</figcaption>", escaped(caption)));
        format!("<figure>{inner}{caption}</figure>\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(hidden: bool) -> String {
        let medium = |id, file: Option<&str>| Shown {
            id,
            kind: Some(MediaKind::Photo),
            size: Some((640, 480)),
            caption: Some("<script>red</script>"),
            alt: Some("a \"red\" kite"),
            file: file.map(str::to_owned),
        };
        let html = "<p>One</p>\n<figure data-medium=\"b\"></figure>\n<p>Two</p>";
        let media = vec![medium("a", Some("../../files/1.png")), medium("b", Some("../../files/2.png")), medium("c", None)];
        Page { post: "abcdefghjkmnp", title: Some("<b>Kites"), language: Some("ar"), published: None, html, media, hidden }.draw()
    }

    #[test]
    fn a_page_has_its_media_where_the_words_had_them_and_shows_none_by_itself() {
        let html = page(false);
        let at = |needle: &str| html.find(needle).unwrap_or_else(|| panic!("{needle} is missing: {html}"));
        assert!(at("One") < at("files/2.png") && at("files/2.png") < at("Two") && at("Two") < at("files/1.png"));
        assert!(!html.contains("<script") && !html.contains("<b>") && !html.contains("<details open"), "{html}");
        assert!(html.contains("lang=\"ar\"") && html.contains("never ready"));
    }

    #[test]
    fn of_a_child_nothing_is_shown_and_nothing_leads_there() {
        let html = page(true);
        assert!(!html.contains("<img") && !html.contains("<video") && !html.contains("files/"), "{html}");
        assert!(html.contains("not shown"));
    }
}
