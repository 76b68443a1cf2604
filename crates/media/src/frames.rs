//! The frames of a video by which it is known: one a second, and where the scene changes.
//!
//! They are looked at small, as they are stored and before they are turned upright, which is how the field's vPDQ does it. It is the
//! first frame of each second of the video's own time, so that copies of other frame rates agree on them. ffmpeg leaves out the last
//! smoothing: what is lost by that no hash of 64 × 64 samples sees.

use std::path::Path;
use std::time::Duration;

use domain::{Fingerprint, FingerprintKind};
use likeness::{Pixels, pdq};
use serde::{Deserialize, Serialize};

use crate::VideoFormat;
use crate::child::Task;
use crate::probe::Probe;
use crate::sandbox::{Failure, Sandbox};
use crate::video::{input, program, words};

/// Either side of a frame that is looked at, whatever its shape was: PDQ does the same with it.
const SIDE: usize = 256;
/// More are not looked at: in a longer video they are farther apart.
const MOST: usize = 4_096;
/// A cut, as ffmpeg's `scene` counts it.
const CUT: f64 = 0.3;
/// Frames that follow each other and differ in no more than this many bits are one.
const STILL: u32 = 2;

/// What the child is told about frames.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Job {
    /// When each of them is shown.
    times_ms: Vec<u32>,
}

/// The parent's side.
pub(crate) async fn known(sandbox: &Sandbox, work: &Path, format: VideoFormat, probe: &Probe) -> Result<Vec<Fingerprint>, Failure> {
    let apart = (probe.seconds / MOST as f64).max(1.0);
    let mut arguments = words("-nostdin -v error -y -max_error_rate 1 -threads 2 -noautorotate -skip_loop_filter all");
    arguments.extend(words(&input(format)));
    arguments.extend(words(&format!("-map 0:{} -an -sn -dn -vf", probe.video.index)));
    // Scored by `scene`, every frame carries something for `metadata` to print, and its time with it.
    arguments.push(format!(
        "select='isnan(prev_selected_t)+gt(floor(t/{apart:.3})\\,floor(prev_selected_t/{apart:.3}))+gt(scene\\,{CUT})',metadata=print:file=-,scale={SIDE}:{SIDE}:flags=area,format=gray"
    ));
    arguments.extend(words(&format!("-fps_mode passthrough -frames:v {MOST} -f rawvideo out/grey")));
    let time = Duration::from_secs_f64((60.0 + probe.seconds * 3.0).min(6.0 * 3600.0));
    let mut times_ms = Vec::new();
    let bytes = (MOST * SIDE * SIDE) as u64 + (1 << 20);
    sandbox
        .run(work, program(&sandbox.ffmpeg, arguments), &["grey".to_owned()], time, bytes, |line| {
            if let Some((_, seconds)) = line.split_once("pts_time:").filter(|_| times_ms.len() < MOST) {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float to integer cast saturates")]
                times_ms.push((seconds.trim().parse::<f64>().unwrap_or_default() * 1000.0) as u32);
            }
        })
        .await?;
    let ended = sandbox.run(work, Task::Known(Job { times_ms }), &[], Duration::from_secs(120), 1, |_| {}).await?;
    std::fs::remove_file(work.join("out/grey"))?;
    Ok(serde_json::from_slice(&ended.stdout).unwrap_or_default())
}

/// The child's side. A video of which nothing could be seen has no fingerprint of this kind.
pub(crate) fn look(job: &Job) -> Vec<Fingerprint> {
    let grey = std::fs::read("out/grey").unwrap_or_default();
    let mut bytes = Vec::new();
    let mut last: Option<likeness::Hash> = None;
    for (samples, time_ms) in grey.chunks_exact(SIDE * SIDE).zip(&job.times_ms) {
        let Ok(frame) = Pixels::luma8(samples, SIDE, SIDE) else { continue };
        let pdq::Pdq { hash, quality } = pdq::hash(&frame);
        if last.replace(hash).is_some_and(|last| last.distance(hash) <= STILL) {
            continue;
        }
        bytes.push(quality);
        bytes.extend(time_ms.to_be_bytes());
        bytes.extend(hash.to_bytes());
    }
    if bytes.is_empty() { Vec::new() } else { vec![Fingerprint { kind: FingerprintKind::Frames, version: 1, bytes }] }
}
