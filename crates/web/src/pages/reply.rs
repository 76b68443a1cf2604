//! What a registered party is answered, as a document: on a page that can be printed, and as plain text. Both are drawn from the same sections.

use askama::Template;
use domain::Time;

use super::Frame;
use super::console::ConsoleFrame;
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
    /// As plain text.
    pub(crate) fn text(&self, locale: Locale) -> String {
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
            for link in &section.links {
                let ground = link.ground.as_ref().map(|ground| format!(" ({ground})")).unwrap_or_default();
                let at = link.at.map(|at| format!(", {}", locale.date_time(at))).unwrap_or_default();
                out += &format!("{}\n  {}{ground}{at}\n", link.url, link.state);
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
}
