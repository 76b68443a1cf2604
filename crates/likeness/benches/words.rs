//! Texts against texts: how often unrelated ones are taken for each other, by how sure that was, beside how sure changed ones are.
//!
//! Reads lines of `language`, tab, `source`, tab, words. Texts of different sources are unrelated, unless one quotes the other: such pairs are told by the
//! longest run of the same words, which no part of what is measured knows.

use std::collections::HashMap;
use std::io::BufRead as _;

use likeness::text::{Text, Texts};

/// So many words in a row are quoted, not met by chance.
const QUOTED: usize = 8;
/// Scores are told by twentieths, from a half up.
const BINS: usize = 10;
/// Changed texts are asked for of every so many paragraphs.
const EVERY: usize = 20;

struct Paragraph {
    source: String,
    words: String,
    text: Text,
}

#[derive(Default)]
struct Table {
    pairs: u64,
    unrelated: [u64; BINS],
    quoting: [u64; BINS],
    changed: HashMap<&'static str, [u64; BINS + 1]>,
    asked: u64,
}

fn main() {
    let mut by_language: HashMap<String, Vec<Paragraph>> = HashMap::new();
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let mut parts = line.splitn(3, '\t').map(str::to_owned);
        let (Some(language), Some(source), Some(words)) = (parts.next(), parts.next(), parts.next()) else { continue };
        if let Some(text) = Text::of([words.as_str()]) {
            by_language.entry(language).or_default().push(Paragraph { source, words, text });
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
            into[bin(near.score())] += 1;
            if !quotes && std::env::args().any(|argument| argument == "--show") {
                println!("{:.3}\n  {}: {}\n  {}: {}", near.score(), asked.source, asked.words, other.source, other.words);
            }
        }
        if number % EVERY == 0 {
            table.asked += 1;
            for (name, changed) in changes(&asked.words, &paragraphs[(number + paragraphs.len() / 2) % paragraphs.len()].words) {
                let score = Text::of([changed.as_str()]).and_then(|text| text.near(&asked.text)).map(|near| near.score());
                table.changed.entry(name).or_default()[score.map_or(BINS, bin)] += 1;
            }
        }
    }
    table
}

fn bin(score: f64) -> usize {
    ((score - 0.5) * 20.0).clamp(0.0, (BINS - 1) as f64) as usize
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
    let mut names: Vec<_> = table.changed.keys().copied().collect();
    names.sort_unstable();
    println!("| score | unrelated | quoting | {} |", names.join(" | "));
    println!("|---|---|---|{}", "---|".repeat(names.len()));
    for bin in 0..=BINS {
        let score =
            if bin == BINS { "not found".to_owned() } else { format!("{:.2}-{:.2}", 0.5 + bin as f64 / 20.0, 0.55 + bin as f64 / 20.0) };
        let pairs = |counts: &[u64; BINS]| counts.get(bin).map_or_else(String::new, u64::to_string);
        let shares: Vec<String> =
            names.iter().map(|name| format!("{:.1}%", table.changed[name][bin] as f64 * 100.0 / table.asked.max(1) as f64)).collect();
        println!("| {score} | {} | {} | {} |", pairs(&table.unrelated), pairs(&table.quoting), shares.join(" | "));
    }
}
