//! `handbill hash`: what files are known by.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use domain::FingerprintKind;
use futures_util::StreamExt as _;
use likeness::pdq::{Pdq, Readings};
use likeness::text::Tlsh;
use likeness::vpdq::{self, Frame};
use serde_json::{Map, Value, json};

use super::look::{Looker, Seen};
use super::{Bar, TROUBLE, put_name, shown};

pub(super) async fn run(looker: &Looker, files: &[PathBuf], json: bool) -> Result<ExitCode> {
    let bar = Bar::new("hashing", files.len());
    let mut all_well = true;
    let mut seen = looker.each(files, async |seen| seen);
    while let Some((file, seen)) = seen.next().await {
        match seen {
            Ok(seen) => {
                if let Some((problem, reason)) = &seen.problem {
                    bar.say(&format!("{}: nothing but its digests ({problem}: {reason})", shown(file)));
                    all_well = false;
                }
                let facts = Facts::of(&seen);
                bar.print(&if json { facts.json(file, &seen) } else { facts.line(file, &seen) })?;
            }
            Err(error) => {
                bar.say(&format!("{}: {error:#}", shown(file)));
                all_well = false;
            }
        }
        bar.step();
    }
    Ok(if all_well { ExitCode::SUCCESS } else { ExitCode::from(TROUBLE) })
}

/// What is told of a file.
#[derive(Default)]
struct Facts {
    sha256: String,
    md5: String,
    pdq: Option<Pdq>,
    frames: Option<Vec<Frame>>,
    keypoints: Option<usize>,
    tlsh: Option<Tlsh>,
}

impl Facts {
    /// A file's own digests come first; behind them may be those of its cleaned form.
    fn of(seen: &Seen) -> Self {
        let mut facts = Self::default();
        let digest = |bytes: &[u8], size| hex::encode(bytes.get(..size).unwrap_or_default());
        for one in &seen.known.fingerprints {
            match one.kind {
                FingerprintKind::Sha256 => facts.sha256 = digest(&one.bytes, 32),
                FingerprintKind::Md5 => facts.md5 = digest(&one.bytes, 16),
                FingerprintKind::Pdq => facts.pdq = Readings::from_bytes(&one.bytes).map(|readings| readings.canonical()),
                FingerprintKind::Frames => facts.frames = vpdq::from_bytes(&one.bytes),
                FingerprintKind::Keypoints => {
                    let pictures = likeness::Features::each_from_bytes(&one.bytes).unwrap_or_default();
                    facts.keypoints = Some(pictures.iter().map(|features| features.keypoints().len()).sum());
                }
                FingerprintKind::Tlsh => facts.tlsh = one.bytes.as_slice().try_into().ok().map(Tlsh::from_bytes),
                _ => {}
            }
        }
        facts
    }

    fn json(&self, file: &Path, seen: &Seen) -> String {
        let mut object = Map::new();
        put_name(&mut object, "file", file);
        let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
        put("kind", seen.kind.as_str().into());
        put("sha256", self.sha256.as_str().into());
        put("md5", self.md5.as_str().into());
        if let Some(pdq) = self.pdq {
            put("pdq", json!({"hash": pdq.hash.to_string(), "quality": pdq.quality}));
        }
        if let Some(frames) = &self.frames {
            let frame = |one: &Frame| json!({"hash": one.hash.to_string(), "quality": one.quality, "time_ms": one.time_ms});
            put("frames", frames.iter().map(frame).collect());
        }
        if let Some(keypoints) = self.keypoints {
            put("keypoints", keypoints.into());
        }
        if let Some(tlsh) = self.tlsh {
            put("tlsh", tlsh.to_string().into());
        }
        if let Some((problem, _)) = seen.problem {
            put("problem", problem.into());
        }
        Value::Object(object).to_string()
    }

    fn line(&self, file: &Path, seen: &Seen) -> String {
        let mut columns = vec![shown(file), seen.kind.as_str().to_owned(), format!("sha256 {}", self.sha256), format!("md5 {}", self.md5)];
        columns.extend(self.pdq.map(|pdq| format!("pdq {} quality {}", pdq.hash, pdq.quality)));
        columns.extend(self.frames.as_ref().map(|frames| format!("frames {}", frames.len())));
        columns.extend(self.keypoints.map(|count| format!("keypoints {count}")));
        columns.extend(self.tlsh.map(|tlsh| format!("tlsh {tlsh}")));
        columns.join("\t")
    }
}
