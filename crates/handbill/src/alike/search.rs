//! `handbill search --known`: looks for files among others, by every means.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use app::Known;
use futures_util::StreamExt as _;
use serde_json::{Map, Value};

use super::look::Looker;
use super::walk::walk;
use super::{Bar, TROUBLE, put_name, rounded, shown};

/// How results are told.
#[derive(Clone, Copy)]
pub(super) struct Out {
    /// Matches of a file.
    pub(super) most: usize,
    pub(super) json: bool,
}

/// Something known that a file is like.
#[derive(Clone, Debug)]
pub(super) struct Match {
    /// What it is known by: a file's name, or a hash.
    pub(super) known: PathBuf,
    /// The number of its line in a list.
    pub(super) line: Option<u64>,
    pub(super) by: &'static str,
    pub(super) confidence: f64,
    pub(super) distance: Option<u32>,
}

/// The most files of a directory that are told one by one.
const TOLD: usize = 20;

pub(super) async fn run(looker: &Looker, dir: &Path, files: &[PathBuf], out: Out) -> Result<ExitCode> {
    let found = walk(dir);
    ensure!(!found.unread.iter().any(|(path, _)| path == dir), "{}: cannot be read", shown(dir));
    let mut untold = 0_usize;
    let mut tell = |words: String| {
        untold += 1;
        if untold <= TOLD {
            eprintln!("handbill: {words}");
        }
    };
    found.unread.iter().for_each(|(path, error)| tell(format!("{}: {error}", shown(path))));
    let mut known = Known::default();
    {
        let bar = Bar::new("learning", found.files.len());
        let mut seen = looker.each(&found.files, async |seen| seen);
        let mut number = 0;
        while let Some((file, seen)) = seen.next().await {
            match seen {
                Ok(seen) => {
                    if let Some((problem, reason)) = &seen.problem {
                        bar.quietly(|| tell(format!("{}: known by nothing but its digests ({problem}: {reason})", shown(file))));
                    }
                    seen.known.fingerprints.iter().for_each(|one| known.add(number, one));
                }
                Err(error) => bar.quietly(|| tell(format!("{}: {error:#}", shown(file)))),
            }
            number += 1;
            bar.step();
        }
    }
    if untold > TOLD {
        eprintln!("handbill: {}: and {} more files like these", shown(dir), untold - TOLD);
    }
    if found.files.is_empty() {
        eprintln!("handbill: {}: there is nothing in it", shown(dir));
    }
    let known = Arc::new(known);
    let names = &found.files;
    let mut told = Told::new(out, files.len());
    let ask = async |seen: Result<super::look::Seen>| -> Result<_> {
        let seen = seen?;
        let known = Arc::clone(&known);
        let like = move || known.like(&seen.known.fingerprints, &seen.known.views);
        let found = tokio::task::spawn_blocking(like).await.context("the search panicked")?;
        Ok((seen.problem, found))
    };
    let mut asked = looker.each(files, ask);
    while let Some((file, answer)) = asked.next().await {
        match answer {
            Ok((problem, found)) => {
                let matches = found.iter().filter_map(|one| {
                    let known = names.get(one.source)?.clone();
                    Some(Match { known, line: None, by: one.reading, confidence: one.confidence, distance: one.distance })
                });
                told.tell(file, problem.as_ref(), matches.collect(), 0)?;
            }
            Err(error) => told.trouble(file, &error),
        }
    }
    Ok(told.end())
}

/// The answers as they are given.
pub(super) struct Told {
    out: Out,
    bar: Bar,
    found: bool,
    trouble: bool,
}

impl Told {
    pub(super) fn new(out: Out, files: usize) -> Self {
        Self { out, bar: Bar::new("searching", files), found: false, trouble: false }
    }

    pub(super) fn trouble(&mut self, file: &Path, error: &anyhow::Error) {
        self.trouble = true;
        self.bar.say(&format!("{}: {error:#}", shown(file)));
        self.bar.step();
    }

    /// Tells what a file is like, the best first; of `more` matches it is known only how many they were.
    pub(super) fn tell(
        &mut self,
        file: &Path,
        problem: Option<&(&'static str, String)>,
        mut matches: Vec<Match>,
        more: usize,
    ) -> Result<()> {
        if let Some((problem, reason)) = problem {
            self.trouble = true;
            self.bar.say(&format!("{}: nothing but its digests was looked for ({problem}: {reason})", shown(file)));
        }
        self.found |= !matches.is_empty();
        matches.sort_by(Match::better);
        let more = more + matches.len().saturating_sub(self.out.most);
        matches.truncate(self.out.most);
        if more > 0 {
            self.bar.say(&format!("{}: and {more} more matches; --most says how many are told", shown(file)));
        }
        if self.out.json {
            let mut object = Map::new();
            put_name(&mut object, "file", file);
            object.insert("matches".to_owned(), matches.iter().map(Match::json).collect());
            if more > 0 {
                object.insert("more".to_owned(), more.into());
            }
            if let Some((problem, _)) = problem {
                object.insert("problem".to_owned(), (*problem).into());
            }
            self.bar.print(&Value::Object(object).to_string())?;
        } else if matches.is_empty() {
            self.bar.print(&format!("{}\t-", shown(file)))?;
        } else {
            matches.iter().try_for_each(|one| self.bar.print(&format!("{}\t{}", shown(file), one.line())))?;
        }
        self.bar.step();
        Ok(())
    }

    pub(super) fn end(self) -> ExitCode {
        if self.trouble { ExitCode::from(TROUBLE) } else { ExitCode::from(u8::from(!self.found)) }
    }
}

impl Match {
    /// The surest comes first.
    pub(super) fn better(&self, other: &Self) -> std::cmp::Ordering {
        let by_distance = || self.distance.unwrap_or(0).cmp(&other.distance.unwrap_or(0));
        other
            .confidence
            .total_cmp(&self.confidence)
            .then_with(by_distance)
            .then_with(|| self.line.cmp(&other.line))
            .then_with(|| self.known.cmp(&other.known))
    }

    fn json(&self) -> Value {
        let mut object = Map::new();
        put_name(&mut object, "known", &self.known);
        object.insert("by".to_owned(), self.by.into());
        object.insert("confidence".to_owned(), rounded(self.confidence).into());
        object.insert("distance".to_owned(), self.distance.into());
        if let Some(line) = self.line {
            object.insert("line".to_owned(), line.into());
        }
        Value::Object(object)
    }

    fn line(&self) -> String {
        let bits = self.distance.map(|bits| format!("\t{bits} bits apart")).unwrap_or_default();
        let line = self.line.map(|line| format!("\tline {line}")).unwrap_or_default();
        format!("{}\tby {}\t{:.0}%{bits}{line}", shown(&self.known), self.by, self.confidence * 100.0)
    }
}
