//! Texts against texts: how often unrelated ones are taken for each other, beside how many changed ones are found, by the letters of the shorter.
//!
//! Reads lines of `language`, tab, `source`, tab, words. Texts of different sources are unrelated, unless one quotes the other: such pairs are told by the
//! longest run of the same words, which no part of what is measured knows.

use std::collections::{BTreeMap, HashMap};
use std::io::BufRead as _;

use likeness::text::{Text, Texts, canonical};

/// So many words in a row are quoted, not met by chance.
const QUOTED: usize = 8;
/// The fewest letters of each row of a table.
const LENGTHS: [usize; 8] = [0, 24, 40, 60, 80, 120, 240, 600];
/// Changed texts are asked for of every so many paragraphs.
const EVERY: usize = 20;

struct Paragraph {
    source: String,
    words: String,
    /// The row that it is told in.
    row: usize,
    text: Text,
}

#[derive(Default)]
struct Table {
    pairs: u64,
    unrelated: [u64; LENGTHS.len()],
    quoting: [u64; LENGTHS.len()],
    found: BTreeMap<&'static str, [u64; LENGTHS.len()]>,
    asked: [u64; LENGTHS.len()],
}

fn main() {
    let mut by_language: HashMap<String, Vec<Paragraph>> = HashMap::new();
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let mut parts = line.splitn(3, '\t').map(str::to_owned);
        let (Some(language), Some(source), Some(words)) = (parts.next(), parts.next(), parts.next()) else { continue };
        if let Some(text) = Text::of([words.as_str()]) {
            by_language.entry(language).or_default().push(Paragraph { row: row(&words), source, words, text });
        }
    }
    let mut languages: Vec<_> = by_language.into_iter().collect();
    languages.sort_by(|a, b| a.0.cmp(&b.0));
    let mut pairs = 0;
    for (language, paragraphs) in &languages {
        let table = measure(paragraphs);
        pairs += table.pairs;
        tell(language, paragraphs.len(), &table);
    }
    println!("{pairs} unrelated pairs in all; with none mistaken, fewer than 3 in {pairs} are (95%)");
}

fn measure(paragraphs: &[Paragraph]) -> Table {
    let mut texts = Texts::default();
    for (id, paragraph) in (0u64..).zip(paragraphs) {
        texts.add(id, &paragraph.text);
    }
    let mut sizes: HashMap<&str, u64> = HashMap::new();
    for paragraph in paragraphs {
        *sizes.entry(&paragraph.source).or_default() += 1;
    }
    let mut table = Table::default();
    for (number, asked) in paragraphs.iter().enumerate() {
        table.pairs += (paragraphs.len() as u64 - sizes[asked.source.as_str()]) / 2;
        for (id, near) in texts.near(&asked.text) {
            let other = &paragraphs[usize::try_from(id).unwrap_or_default()];
            // Each pair once.
            if other.source <= asked.source {
                continue;
            }
            let quotes = longest_run(&asked.words, &other.words) >= QUOTED;
            let into = if quotes { &mut table.quoting } else { &mut table.unrelated };
            into[asked.row.min(other.row)] += 1;
            if !quotes && std::env::args().any(|argument| argument == "--show") {
                println!("{:.3}\n  {}: {}\n  {}: {}", near.score(), asked.source, asked.words, other.source, other.words);
            }
        }
        if number % EVERY == 0 {
            table.asked[asked.row] += 1;
            for (name, changed) in changes(&asked.words, &paragraphs[(number + paragraphs.len() / 2) % paragraphs.len()].words) {
                let near = Text::of([changed.as_str()]).and_then(|text| text.near(&asked.text));
                table.found.entry(name).or_default()[asked.row] += u64::from(near.is_some());
            }
        }
    }
    table
}

/// As the library counts letters.
fn row(words: &str) -> usize {
    let letters = canonical(words).chars().filter(|c| *c != ' ').count();
    LENGTHS.iter().rposition(|fewest| letters >= *fewest).unwrap_or_default()
}

fn plain(words: &str) -> Vec<String> {
    let split = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    split.map(str::to_lowercase).collect()
}

fn longest_run(one: &str, other: &str) -> usize {
    let (one, other) = (plain(one), plain(other));
    let (mut before, mut longest) = (vec![0; other.len() + 1], 0);
    for word in &one {
        let mut row = vec![0; other.len() + 1];
        for (place, own) in other.iter().enumerate() {
            if own == word {
                row[place + 1] = before[place] + 1;
                longest = longest.max(row[place + 1]);
            }
        }
        before = row;
    }
    longest
}

/// What people make of a text that they post again.
fn changes(words: &str, other: &str) -> Vec<(&'static str, String)> {
    let all: Vec<&str> = words.split(' ').collect();
    let replaced = |every: usize| {
        let each = all.iter().enumerate().map(|(place, word)| if place % every == every / 2 { "replaced" } else { word });
        each.collect::<Vec<_>>().join(" ")
    };
    vec![
        ("every 20th word", replaced(20)),
        ("every 10th word", replaced(10)),
        ("every 5th word", replaced(5)),
        ("first half", all[..all.len().div_ceil(2)].join(" ")),
        ("among others", format!("{other} {words} {other}")),
    ]
}

fn tell(language: &str, paragraphs: usize, table: &Table) {
    println!("\n## {language}: {paragraphs} paragraphs, {} unrelated pairs\n", table.pairs);
    let names: Vec<_> = table.found.keys().copied().collect();
    println!("| letters from | unrelated, taken for each other | quoting | asked with | {} |", names.join(" | "));
    println!("|---|---|---|---|{}", "---|".repeat(names.len()));
    for (row, fewest) in LENGTHS.iter().enumerate() {
        let asked = table.asked[row];
        let share = |name: &&str| format!("{:.1}%", table.found[name][row] as f64 * 100.0 / asked.max(1) as f64);
        let shares: Vec<String> = names.iter().map(share).collect();
        println!("| {fewest} | {} | {} | {asked} | {} |", table.unrelated[row], table.quoting[row], shares.join(" | "));
    }
}
