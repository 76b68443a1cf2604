//! What a registered party is answered, as a document: on a page that can be printed, and as plain text. Both are drawn from the same sections.

use askama::Template;
use axum::http::Uri;
use domain::Time;

use super::Frame;
use super::console::ConsoleFrame;
use crate::form::query;
use crate::locale::Locale;

/// A reply.
#[derive(Clone, Debug)]
pub struct Document {
    /// How it stands, in one word: a class of the page.
    pub state: &'static str,
    /// The form of the law that it fills in.
    pub form: Option<String>,
    /// What it says.
    pub heading: String,
    /// How it stands, in a sentence.
    pub lead: String,
    /// Its parts.
    pub sections: Vec<Section>,
}

/// A part of it.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// What it is about.
    pub heading: String,
    /// What it says.
    pub facts: Vec<Fact>,
    /// Of links: what became of each.
    pub links: Vec<LinkFact>,
}

/// One field.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Its name.
    pub label: String,
    /// What stands in it.
    pub said: Said,
}

/// What stands in a field.
#[derive(Clone, Debug)]
pub enum Said {
    /// Words, whoever wrote them.
    Words(String),
    /// A reference or an address.
    Code(String),
    /// A moment.
    Time(Time),
    /// Boxes, and whether each is ticked.
    Boxes(Vec<(bool, String)>),
}

/// What became of a link.
#[derive(Clone, Debug)]
pub struct LinkFact {
    /// As it was sent.
    pub url: String,
    /// In words.
    pub state: String,
    /// On what ground.
    pub ground: Option<String>,
    /// When it was decided.
    pub at: Option<Time>,
}

/// Which of a request's links a page shows: as many as somebody reads at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first of them, from 1 on.
    pub first: usize,
    /// The last of them.
    pub last: usize,
    /// How many there are.
    pub of: usize,
    /// The page before it.
    pub before: Option<String>,
    /// The page after it.
    pub after: Option<String>,
}

impl Window {
    /// Links on a page.
    const LINKS: usize = 200;

    /// What an address asks for by `?links=201`, of a page at `path` that has `of` links.
    pub(crate) fn of(uri: &Uri, path: &str, of: usize) -> Self {
        let asked: usize = query(uri, "links").and_then(|text| text.parse().ok()).unwrap_or_default();
        // A page begins where one ends.
        let start = asked.saturating_sub(1).min(of.saturating_sub(1)) / Self::LINKS * Self::LINKS;
        let page = |start: usize| format!("{path}?links={}", start + 1);
        Self {
            first: (start + 1).min(of),
            last: (start + Self::LINKS).min(of),
            of,
            before: (start > 0).then(|| page(start - Self::LINKS)),
            after: (start + Self::LINKS < of).then(|| page(start + Self::LINKS)),
        }
    }

    /// What of all links it shows.
    pub(crate) fn cut<T>(&self, all: Vec<T>) -> Vec<T> {
        all.into_iter().take(self.last).skip(self.first.saturating_sub(1)).collect()
    }

    /// Whether it shows all of them.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.before.is_none() && self.after.is_none()
    }

    /// What it shows, in words.
    #[must_use]
    pub fn words(&self, locale: &Locale) -> String {
        let number = |count: usize| locale.number(i64::try_from(count).unwrap_or(i64::MAX)).into();
        locale.with("links-shown", &[("first", number(self.first)), ("last", number(self.last)), ("all", number(self.of))])
    }
}

/// `GET /notices/{receipt}`, of what a registered party filed.
#[derive(Clone, Debug, Template)]
#[template(path = "reply/receipt.html")]
pub struct ReplyPage {
    /// What every page needs.
    pub frame: Frame,
    /// It was filed a moment ago.
    pub filed: bool,
    /// This page's link.
    pub url: String,
    /// Where the same stands as text.
    pub text: String,
    /// The reply.
    pub document: Document,
    /// Which of its links are shown.
    pub window: Window,
}

/// `GET /portal/filings/{id}`.
#[derive(Clone, Debug, Template)]
#[template(path = "reply/own.html")]
pub struct OwnReplyPage {
    /// What every page of the portal needs.
    pub frame: ConsoleFrame,
    /// It was filed a moment ago.
    pub filed: bool,
    /// Where the same stands as text.
    pub text: String,
    /// The reply.
    pub document: Document,
    /// Which of its links are shown.
    pub window: Window,
}

impl Section {
    /// A part of this name.
    pub(crate) fn new(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), ..Self::default() }
    }

    /// With a field.
    pub(crate) fn and(mut self, label: impl Into<String>, said: Said) -> Self {
        self.facts.push(Fact { label: label.into(), said });
        self
    }
}

impl Document {
    /// With those of its links alone that a page shows.
    pub(crate) fn within(mut self, window: &Window) -> Self {
        for section in &mut self.sections {
            section.links = window.cut(std::mem::take(&mut section.links));
        }
        self
    }

    /// As plain text, with all of its links.
    pub(crate) fn text(&self, locale: Locale) -> String {
        self.text_of(locale, usize::MAX)
    }

    /// As plain text, with not more than `most` links, and how many more there are.
    pub(crate) fn text_of(&self, locale: Locale, most: usize) -> String {
        let mut out = String::new();
        for line in self.form.iter().chain([&self.heading, &self.lead]) {
            out += line;
            out.push('\n');
        }
        for section in &self.sections {
            out += &format!("\n{}\n{}\n", section.heading, "-".repeat(section.heading.chars().count()));
            for fact in &section.facts {
                let said = match &fact.said {
                    Said::Words(words) if words.contains('\n') => format!("\n  {}", words.replace('\n', "\n  ")),
                    Said::Words(words) | Said::Code(words) => words.clone(),
                    Said::Time(time) => locale.date_time(time),
                    Said::Boxes(boxes) => {
                        boxes.iter().map(|(ticked, words)| format!("\n  [{}] {words}", if *ticked { "x" } else { " " })).collect()
                    }
                };
                // What has lines of its own begins on one.
                let gap = if said.starts_with('\n') { "" } else { " " };
                out += &format!("{}:{gap}{said}\n", fact.label);
            }
            for link in section.links.iter().take(most) {
                let ground = link.ground.as_ref().map(|ground| format!(" ({ground})")).unwrap_or_default();
                let at = link.at.map(|at| format!(", {}", locale.date_time(at))).unwrap_or_default();
                out += &format!("{}\n  {}{ground}{at}\n", link.url, link.state);
            }
            let more = section.links.len().saturating_sub(most);
            if more > 0 {
                out += &locale.with("letter-more", &[("more", more.into())]);
                out.push('\n');
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_reads_as_text_line_by_line() {
        let section = Section::new("Measures")
            .and("What was done", Said::Boxes(vec![(true, "removed".into()), (false, "disabled".into())]))
            .and("When", Said::Time(Time(1_795_487_400_000)))
            .and("Details", Said::Words("one\ntwo".into()));
        let link = LinkFact { url: "https://kites.example/a".into(), state: "gone".into(), ground: Some("Act 7".into()), at: None };
        let section = Section { links: vec![link], ..section };
        let document = Document {
            state: "done",
            form: Some("Annex II".into()),
            heading: "Feedback".into(),
            lead: "It is done.".into(),
            sections: vec![section],
        };
        assert_eq!(
            document.text(Locale::En),
            format!(
                "Annex II\nFeedback\nIt is done.\n\nMeasures\n--------\nWhat was done:\n  [x] removed\n  [ ] disabled\nWhen: {}\nDetails:\n  one\n  two\n\
                 https://kites.example/a\n  gone (Act 7)\n",
                Locale::En.date_time(Time(1_795_487_400_000))
            )
        );
    }
    #[test]
    fn a_page_shows_two_hundred_links_and_leads_to_the_rest() {
        let at = |address: &str, of| {
            let window = Window::of(&address.parse().expect("it is an address"), "/portal/filings/a", of);
            let shown = window.cut((1..=of).collect::<Vec<usize>>());
            assert_eq!((shown.first().copied().unwrap_or(0), shown.last().copied().unwrap_or(0)), (window.first, window.last));
            window
        };
        assert!(at("/a", 0).is_whole() && at("/a", 1).is_whole() && at("/a?links=7", 200).is_whole());
        let first = at("/a?filed=1", 401);
        assert_eq!((first.first, first.last, first.after.as_deref()), (1, 200, Some("/portal/filings/a?links=201")));
        let last = at("/a?links=401", 401);
        assert_eq!(
            (last.first, last.last, last.before.as_deref(), last.after.as_deref()),
            (401, 401, Some("/portal/filings/a?links=201"), None)
        );
        for odd in ["/a?links=0", "/a?links=-1", "/a?links=kite", "/a?links=99999999999999999999"] {
            assert_eq!(at(odd, 401), first, "{odd}");
        }
        assert_eq!(at("/a?links=9999", 401), last);
        assert_eq!(at("/a?links=300", 401).first, 201);
    }

    #[test]
    fn a_text_that_is_cut_says_how_much_more_there_is() {
        let link = |url: &str| LinkFact { url: url.into(), state: "gone".into(), ground: None, at: None };
        let links = ["https://kites.example/a", "https://kites.example/b", "https://kites.example/c"].map(link).to_vec();
        let sections = vec![Section { links, ..Section::new("Links") }];
        let document = Document { state: "done", form: None, heading: "Feedback".into(), lead: "Done.".into(), sections };
        assert_eq!(document.text_of(Locale::En, 1), "Feedback\nDone.\n\nLinks\n-----\nhttps://kites.example/a\n  gone\nand 2 more\n");
    }
}
