//! `handbill compare`: whether two files are alike, by whichever means says so most surely.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use app::{Alike, Known};
use domain::FingerprintKind;
use futures_util::StreamExt as _;
use likeness::pdq::Readings;
use serde_json::json;

use super::look::{Looker, Seen};
use super::{TROUBLE, rounded, shown};

pub(super) async fn run(looker: &Looker, [a, b]: [&PathBuf; 2], json: bool) -> Result<ExitCode> {
    let files = [a.clone(), b.clone()];
    let mut both = looker.each(&files, async |seen| seen);
    let mut seen = Vec::new();
    let mut trouble = false;
    while let Some((file, one)) = both.next().await {
        let one = one.with_context(|| shown(file))?;
        if let Some((problem, reason)) = &one.problem {
            eprintln!("handbill: {}: nothing but its digests ({problem}: {reason})", shown(file));
            trouble = true;
        }
        seen.push(one);
    }
    let [a, b] = seen.as_slice() else { return Ok(ExitCode::from(TROUBLE)) };
    let best = best(a, b);
    let alike = best.as_ref().is_some_and(|best| best.confidence > 0.0);
    if trouble && !alike {
        return Ok(ExitCode::from(TROUBLE));
    }
    let by = best.as_ref().map(|best| best.reading);
    let distance = best.as_ref().and_then(|best| best.distance);
    let confidence = best.as_ref().map_or(0.0, |best| best.confidence);
    let line = if json {
        json!({"alike": alike, "by": by, "confidence": rounded(confidence), "distance": distance}).to_string()
    } else {
        let by = by.map(|by| format!("\tby {by}\t{:.0}%", confidence * 100.0)).unwrap_or_default();
        let bits = distance.map(|bits| format!("\t{bits} bits apart")).unwrap_or_default();
        format!("{}{by}{bits}", if alike { "alike" } else { "not alike" })
    };
    writeln!(std::io::stdout().lock(), "{line}")?;
    Ok(ExitCode::from(u8::from(!alike)))
}

/// By what they are most surely alike, or with confidence 0 the reading by which two pictures come nearest to each other.
fn best(a: &Seen, b: &Seen) -> Option<Alike> {
    let like = |known: &Seen, asked: &Seen| {
        let mut one = Known::default();
        known.known.fingerprints.iter().for_each(|fingerprint| one.add(0, fingerprint));
        one.like(&asked.known.fingerprints, &asked.known.views)
    };
    // Whoever asks turns and trims what they ask with, not what is known: either may be the one that was turned.
    let found = [like(a, b), like(b, a)].into_iter().flatten().reduce(|mut best, one| {
        best.merge(&one);
        best
    });
    found.or_else(|| [nearest(a, b), nearest(b, a)].into_iter().flatten().min_by_key(|one| one.distance))
}

fn nearest(known: &Seen, asked: &Seen) -> Option<Alike> {
    let (known, asked) = (readings(known)?, readings(asked)?);
    let all = known.known().flat_map(|known| asked.all().iter().map(|asked| (asked.pdq.hash.distance(known.pdq.hash), asked.name())));
    let (distance, reading) = all.min_by_key(|(distance, _)| *distance)?;
    Some(Alike { source: 0, reading, distance: Some(distance), confidence: 0.0 })
}

fn readings(seen: &Seen) -> Option<Readings> {
    let pdq = seen.known.fingerprints.iter().find(|one| one.kind == FingerprintKind::Pdq)?;
    Readings::from_bytes(&pdq.bytes)
}
