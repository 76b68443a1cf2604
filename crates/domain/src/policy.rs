//! The site's policy: what may not be posted, in clauses that decisions cite, in one or more languages.
//!
//! It is written in Markdown, one text a language. `# Heading` begins the text and is its name; what stands below it, up to the first
//! section, is its lead. `## Heading {#id}` begins a clause, which decisions cite by its id; `## Heading` alone a section that
//! explains something. All languages of a policy have the same clauses. What is in force is never changed: a policy that says
//! something else is another version of it.

use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

use sha2::{Digest, Sha256};

use crate::language::Language;
use crate::media::names;
use crate::notice::Category;
use crate::text::{clean_line, clean_text};

/// The longest text of one language, in bytes.
pub const TEXT_BYTES: usize = 100_000;
/// The most sections of one text.
const SECTIONS: usize = 200;
/// The longest id of a clause.
const ID_BYTES: usize = 64;
/// Ids that pages have themselves.
const TAKEN: [&str; 2] = ["main", "versions"];
/// The language for readers whose own is not there.
const FALLBACK: &str = "en";

/// What a decision cites a clause by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClauseId(String);

impl ClauseId {
    /// Reads an id: a small letter, then small letters, digits and hyphens, 64 at most.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        let begins = text.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
        (plain && begins && text.len() <= ID_BYTES && !TAKEN.contains(&text)).then(|| Self(text.to_owned()))
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClauseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whose a version is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PolicyOrigin {
    /// It came with the software.
    Shipped,
    /// The operator wrote it.
    Own,
}
names!(PolicyOrigin { Shipped = "shipped", Own = "own" });

/// A policy in all its languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    texts: Vec<PolicyText>,
}

/// A policy in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyText {
    /// The language.
    pub language: Language,
    /// Its name.
    pub title: String,
    /// What it begins with, Markdown.
    pub lead: String,
    /// Clauses, and what explains them.
    pub sections: Vec<Section>,
    /// All of it, as it was written.
    pub source: String,
}

/// One part of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// What it is cited by; `None`: it explains something.
    pub id: Option<ClauseId>,
    /// Its name.
    pub heading: String,
    /// Its words, Markdown.
    pub words: String,
}

/// Something that is wrong in one of the texts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {wrong}")]
pub struct Fault {
    /// The language of the text.
    pub language: Language,
    /// The line, from 1.
    pub line: usize,
    /// What.
    pub wrong: Wrong,
}

/// What can be wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// It is too long.
    #[error("the text is longer than {TEXT_BYTES} bytes")]
    TooLong,
    /// There is no name.
    #[error("the text begins with its name: # The rules of this site")]
    NoTitle,
    /// There are two.
    #[error("there is a name already; a clause begins with ##")]
    TwoTitles,
    /// A section without a name.
    #[error("a section needs a name: ## Privacy {{#privacy}}")]
    NoHeading,
    /// No such id.
    #[error("{0:?} is no id of a clause: a small letter, then small letters, digits and hyphens, and neither main nor versions")]
    Id(String),
    /// Two clauses of one id.
    #[error("there is a clause {0} already")]
    Twice(String),
    /// Nothing is said.
    #[error("the clause {0} says nothing")]
    Empty(String),
    /// Another language has it.
    #[error("the clause {0} is missing, which {1} has")]
    Missing(String, String),
    /// Nothing can be cited.
    #[error("no section is a clause; a clause begins with ## and ends its line with its id, such as {{#privacy}}")]
    NoClause,
    /// More than anybody reads.
    #[error("there are more than {SECTIONS} sections")]
    TooMany,
}

impl Policy {
    /// Reads the texts of a policy, at least one. All that is wrong with them is told at once.
    pub fn parse(files: &[(Language, String)]) -> Result<Self, Vec<Fault>> {
        let (mut texts, mut faults) = (Vec::new(), Vec::new());
        for (language, source) in files {
            match PolicyText::parse(language.clone(), source) {
                Ok(text) => texts.push(text),
                Err(wrong) => faults.extend(wrong),
            }
        }
        // What is missing in one language is told where its text ends.
        for text in &texts {
            for other in &texts {
                let missing = other.clauses().filter(|id| text.clause(id).is_none());
                faults.extend(missing.map(|id| Fault {
                    language: text.language.clone(),
                    line: text.source.lines().count().max(1),
                    wrong: Wrong::Missing(id.to_string(), other.language.to_string()),
                }));
            }
        }
        texts.sort_by_key(|text| (text.language.as_str() != FALLBACK, text.language.to_string()));
        if faults.is_empty() { Ok(Self { texts }) } else { Err(faults) }
    }

    /// Its texts: English first, if there is one.
    #[must_use]
    pub fn texts(&self) -> &[PolicyText] {
        &self.texts
    }

    /// The text for readers of a language: in that language, else in English, else in the first that there is. `None` only of a policy
    /// without a text.
    #[must_use]
    pub fn text(&self, language: &str) -> Option<&PolicyText> {
        let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        let exact = self.texts.iter().find(|text| text.language.as_str().eq_ignore_ascii_case(language));
        let near = || self.texts.iter().find(|text| primary(text.language.as_str()) == primary(language));
        exact.or_else(near).or_else(|| self.texts.first())
    }

    /// Whether a clause of this id is in it.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.texts.iter().any(|text| text.clauses().any(|own| own.as_str() == id))
    }

    /// What two policies that say the same have in common: SHA-256 over language and text, each with its length before it.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        for part in self.texts.iter().flat_map(|text| [text.language.as_str(), &text.source]) {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        hash.finalize().into()
    }
}

impl PolicyText {
    /// The clauses, in order.
    pub fn clauses(&self) -> impl Iterator<Item = &ClauseId> {
        self.sections.iter().filter_map(|section| section.id.as_ref())
    }

    /// The clause of this id.
    #[must_use]
    pub fn clause(&self, id: &ClauseId) -> Option<&Section> {
        self.sections.iter().find(|section| section.id.as_ref() == Some(id))
    }

    fn parse(language: Language, source: &str) -> Result<Self, Vec<Fault>> {
        let fault = |line, wrong| Fault { language: language.clone(), line, wrong };
        if source.len() > TEXT_BYTES {
            return Err(vec![fault(1, Wrong::TooLong)]);
        }
        // Empty lines at its beginning are not kept, and count all the same.
        let skipped = source.trim_start_matches('\u{FEFF}').chars().take_while(|c| matches!(c, '\r' | '\n')).filter(|c| *c == '\n').count();
        let fault = |line: usize, wrong| fault(line.saturating_add(skipped), wrong);
        let source = clean_text(source);
        let lines: Vec<&str> = source.lines().collect();
        let (mut faults, mut title, mut heads, mut seen) = (Vec::new(), None, Vec::new(), HashSet::new());
        let mut fence = Fence::default();
        for (number, line) in lines.iter().copied().enumerate() {
            let line_number = number.saturating_add(1);
            if fence.is_code(line) {
                continue;
            }
            if let Some(heading) = heading(line, 1) {
                match title {
                    None if heads.is_empty() && !heading.is_empty() => title = Some((number, clean_line(heading))),
                    None => faults.push(fault(line_number, Wrong::NoTitle)),
                    Some(_) => faults.push(fault(line_number, Wrong::TwoTitles)),
                }
            } else if let Some(heading) = heading(line, 2) {
                let (name, id) = named(heading);
                let name = clean_line(name);
                if name.is_empty() {
                    faults.push(fault(line_number, Wrong::NoHeading));
                }
                let id = match id.map(|id| ClauseId::parse(id).ok_or(id)) {
                    None => None,
                    Some(Err(id)) => {
                        faults.push(fault(line_number, Wrong::Id(id.to_owned())));
                        None
                    }
                    Some(Ok(id)) => {
                        if !seen.insert(id.clone()) {
                            faults.push(fault(line_number, Wrong::Twice(id.to_string())));
                        }
                        Some(id)
                    }
                };
                heads.push((number, name, id));
            } else if title.is_none() && !line.trim().is_empty() && faults.is_empty() {
                faults.push(fault(line_number, Wrong::NoTitle));
            }
        }
        let Some((title_line, title)) = title else {
            if faults.is_empty() {
                faults.push(fault(1, Wrong::NoTitle));
            }
            return Err(faults);
        };
        let first = heads.first().map_or(lines.len(), |(number, ..)| *number);
        let lead = words(&lines, title_line.saturating_add(1)..first);
        let mut sections = Vec::new();
        for (at, (number, name, id)) in heads.iter().enumerate() {
            let end = heads.get(at.saturating_add(1)).map_or(lines.len(), |(number, ..)| *number);
            let words = words(&lines, number.saturating_add(1)..end);
            if let (Some(id), true) = (id, words.is_empty()) {
                faults.push(fault(number.saturating_add(1), Wrong::Empty(id.to_string())));
            }
            sections.push(Section { id: id.clone(), heading: name.clone(), words });
        }
        if seen.is_empty() && faults.is_empty() {
            faults.push(fault(lines.len().max(1), Wrong::NoClause));
        }
        if sections.len() > SECTIONS {
            faults.push(fault(1, Wrong::TooMany));
        }
        if faults.is_empty() { Ok(Self { language: language.clone(), title, lead, sections, source }) } else { Err(faults) }
    }
}

/// The clause of the policy that ships which a notice of this category is most likely to end with. An operator's own may have it too.
#[must_use]
pub fn likely(category: Category) -> &'static str {
    match category {
        Category::ChildAbuse => "children",
        Category::Terrorism => "terrorism",
        Category::LifeInDanger | Category::Violence => "violence",
        Category::Hate => "hate",
        Category::IntimateImages => "intimate",
        Category::Privacy => "privacy",
        Category::Fraud => "fraud",
        Category::Copyright => "copyright",
        Category::OtherIllegal => "unlawful",
        Category::Policy => "abuse",
    }
}

/// What of Markdown is shown as it is typed, and has no headings.
#[derive(Default)]
struct Fence(Option<(char, usize)>);

impl Fence {
    /// Whether this line is code, or begins or ends it. CommonMark 0.31, 4.5.
    fn is_code(&mut self, line: &str) -> bool {
        let bare = line.trim_start_matches(' ');
        if line.len().saturating_sub(bare.len()) > 3 {
            return self.0.is_some();
        }
        let mark = bare.chars().next().filter(|mark| matches!(mark, '`' | '~'));
        let length = mark.map_or(0, |mark| bare.chars().take_while(|c| *c == mark).count());
        match (self.0, mark) {
            (None, Some(mark)) if length >= 3 && !(mark == '`' && bare.trim_start_matches('`').contains('`')) => {
                self.0 = Some((mark, length));
                true
            }
            (None, _) => false,
            (Some((open, least)), Some(mark)) if mark == open && length >= least && bare.trim_end().chars().all(|c| c == mark) => {
                self.0 = None;
                true
            }
            (Some(_), _) => true,
        }
    }
}

/// The words of a heading of this rank.
fn heading(line: &str, rank: usize) -> Option<&str> {
    let rest = line.trim_end().strip_prefix(&"#".repeat(rank))?;
    (rest.is_empty() || rest.starts_with([' ', '\t'])).then(|| rest.trim())
}

/// A section's name, and the id behind it: `Privacy {#privacy}`.
fn named(heading: &str) -> (&str, Option<&str>) {
    match heading.rsplit_once("{#") {
        Some((name, id)) => (name.trim_end(), Some(id.strip_suffix('}').unwrap_or(id).trim())),
        None => (heading, None),
    }
}

/// Lines that belong together. Headings within them are one rank higher than they were written, as they will stand on a page whose
/// sections they are below.
fn words(lines: &[&str], range: Range<usize>) -> String {
    let mut fence = Fence::default();
    let raised = lines.get(range).unwrap_or_default().iter().map(|line| {
        let line = if !fence.is_code(line) && line.starts_with("###") { &line[1..] } else { line };
        format!("{line}\n")
    });
    raised.collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "# Rules\n\nBe kind.\n\n## Kites {#kites}\n\nNo forbidden kites.\n\n### More\n\n```\n## not a heading\n```\n\n## How we decide\n\nWe look.\n";

    fn language(tag: &str) -> Language {
        Language::parse(tag).expect("a tag")
    }

    fn read(files: &[(&str, &str)]) -> Result<Policy, Vec<String>> {
        let files: Vec<_> = files.iter().map(|(tag, text)| (language(tag), (*text).to_owned())).collect();
        Policy::parse(&files).map_err(|faults| faults.iter().map(|fault| format!("{}: {fault}", fault.language)).collect())
    }

    #[test]
    fn a_policy_is_read_into_its_clauses_and_what_explains_them() {
        let policy = read(&[("en", GOOD)]).expect("it is whole");
        let text = policy.text("en").expect("a text");
        assert_eq!((text.title.as_str(), text.lead.as_str()), ("Rules", "Be kind."));
        assert_eq!(text.sections.len(), 2);
        assert_eq!(text.clauses().map(ClauseId::as_str).collect::<Vec<_>>(), ["kites"]);
        assert_eq!(text.sections[0].words, "No forbidden kites.\n\n## More\n\n```\n## not a heading\n```");
        assert_eq!((text.sections[1].id.as_ref(), text.sections[1].words.as_str()), (None, "We look."));
        assert!(policy.has("kites") && !policy.has("kite"));
    }

    #[test]
    fn what_is_wrong_is_told_by_its_line() {
        for (text, told) in [
            ("", "line 1: the text begins with its name"),
            ("Rules\n\n## A {#a}\nb", "line 1: the text begins with its name"),
            ("\r\n\n## A {#a}\nb\n# Rules", "line 5: the text begins with its name"),
            ("\n\nRules\n# Rules", "line 3: the text begins with its name"),
            ("# Rules\n\n## {#a}\nwords", "line 3: a section needs a name"),
            ("# Rules\n## A {#Big}\nwords", "line 2: \"Big\" is no id"),
            ("# Rules\n## A {#main}\nwords", "line 2: \"main\" is no id"),
            ("# Rules\n## A {#a\"onclick}\nwords", "line 2: \"a\\\"onclick\" is no id"),
            ("# Rules\n## A {#a}\nb\n## B {#a}\nc", "line 4: there is a clause a already"),
            ("# Rules\n## A {#a}\n\n## B {#b}\nc", "line 2: the clause a says nothing"),
            ("# Rules\n## A\nwords", "line 3: no section is a clause"),
            ("# Rules\n# Rules\n## A {#a}\nb", "line 2: there is a name already"),
            ("# Rules\n```\n## A {#a}\nnever closed", "line 4: no section is a clause"),
        ] {
            let told_all = read(&[("pl", text)]).expect_err(text);
            assert!(told_all.iter().any(|one| one.starts_with(&format!("pl: {told}"))), "{text:?}: {told_all:?}");
        }
        let long = format!("# Rules\n## A {{#a}}\n{}", "k".repeat(TEXT_BYTES));
        assert!(read(&[("en", &long)]).is_err());
        let many = format!("# Rules\n## A {{#a}}\nb\n{}", "## B\nc\n".repeat(SECTIONS));
        assert!(read(&[("en", &many)]).is_err());
    }

    #[test]
    fn all_languages_have_the_same_clauses() {
        let two = "# Zasady\n## Latawce {#kites}\na\n## Liny {#ropes}\nb";
        assert_eq!(read(&[("en", GOOD), ("pl", two)]), Err(vec!["en: line 17: the clause ropes is missing, which pl has".to_owned()]));
    }

    #[test]
    fn a_reader_gets_their_own_language_else_english_else_the_first() {
        let in_language = |tag: &str| (tag.to_owned(), format!("# {tag}\n## Kites {{#kites}}\nwords"));
        let policy = |tags: &[&str]| {
            let files: Vec<_> = tags.iter().map(|tag| in_language(tag)).map(|(tag, text)| (language(&tag), text)).collect();
            Policy::parse(&files).expect("it is whole")
        };
        let given = |policy: &Policy, tag: &str| policy.text(tag).expect("a text").title.clone();
        let all = policy(&["pl", "de", "en", "ar"]);
        assert_eq!(["ar", "pl", "de-AT", "fr"].map(|tag| given(&all, tag)), ["ar", "pl", "de", "en"]);
        assert_eq!(given(&policy(&["pl", "de"]), "en"), "de");
        assert_eq!(all.digest(), policy(&["en", "ar", "de", "pl"]).digest(), "the order of the files says nothing");
        assert_ne!(all.digest(), policy(&["en", "ar", "de"]).digest());
    }
}
