//! The frames of a video by which it is known: one a second, and where the scene changes, and of these some by their local features.
//!
//! ffmpeg takes them from the decode that a transcode needs anyway, or else from one beside the copying. They are looked at small, as they
//! are stored and before they are turned upright, which is how the field's vPDQ does it. It is the first frame of each second of the
//! video's own time, so that copies of other frame rates agree on them.

use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

use domain::{Fingerprint, FingerprintKind};
use likeness::vpdq::{self, Frame, STILL};
use likeness::{Pixels, Plane, pdq};
use serde::{Deserialize, Serialize};

use crate::child::Task;
use crate::fingerprint::VERSION_OF_KEYPOINTS;
use crate::known::{self, Known, MOST_PLANES, View};
use crate::probe::Probe;
use crate::sandbox::{Failure, Sandbox};
use crate::video::words;

/// What is made of a video's frames today; see [`VERSION_OF_KEYPOINTS`].
pub const VERSION_OF_FRAMES: i64 = 1;

/// A longer video's frames are hashed from smaller pictures, in seconds: what lies on the disk meanwhile is half a megabyte for each frame.
const LONG: f64 = 20.0 * 60.0;
/// More are not hashed: in a longer video they are farther apart.
const MOST: usize = 4_096;
/// A cut, as ffmpeg's `scene` counts it.
const CUT: f64 = 0.3;
/// Frames whose local features are kept of a video that somebody posts. Each is some 13 kB.
pub(crate) const KEPT_OF_A_POST: usize = 16;
/// Of one that a bank shall know: all, because a question may see another moment than what is kept.
pub(crate) const KEPT_OF_A_BANK: usize = MOST_PLANES;
/// With fewer places a frame is dark or empty, and says nothing.
const FEWEST_PLACES: usize = 24;

/// What ffmpeg writes into `out` for [`known`].
pub(crate) const SLOTS: [&str; 3] = ["grey", "times", "planes"];
/// Said before an input of which only these frames are decoded: what no hash of 64 × 64 samples sees is left out.
/// Only of frames that no other frame builds on: else what is left out adds up, to 14 bits of a hash within some seconds.
pub(crate) const INPUT: &str = "-noautorotate -skip_loop_filter noref";

/// What the child is told about frames.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Job {
    /// Of the frames that are hashed, as they are stored.
    hashed: (usize, usize),
    /// Of the frames that have local features.
    width: usize,
    height: usize,
    /// How many of them are kept.
    keep: usize,
}

/// The part of a filter graph that takes the frames of `from`, which are upright or as they are stored.
pub(crate) fn graph(probe: &Probe, from: &str, upright: bool) -> String {
    let (width, height) = size(probe);
    let turns_sides = probe.video.turn_back.is_some_and(|filter| filter.starts_with("transpose"));
    let (as_scaled, grey, back) = match probe.video.turn_back.filter(|_| upright) {
        Some(filter) if turns_sides => ((height, width), (hashed_size(probe).1, hashed_size(probe).0), format!(",{filter}")),
        Some(filter) => ((width, height), hashed_size(probe), format!(",{filter}")),
        None => ((width, height), hashed_size(probe), String::new()),
    };
    let (hashed, seen) = (apart(probe, MOST), apart(probe, MOST_PLANES));
    let every = |seconds: f64| format!("isnan(prev_selected_t)+gt(floor(t/{seconds:.3})\\,floor(prev_selected_t/{seconds:.3}))");
    // Scored by `scene`, every frame carries something for `metadata` to print, and its time with it.
    format!(
        "{from}select='{}+gt(scene\\,{CUT})',metadata=print:file=out/times,split[hashed][seen];\
         [hashed]scale={}:{}:flags=area,format=gray{back}[grey];\
         [seen]select='{}',scale={}:{}:flags=area,format=gray{back}[planes]",
        every(hashed),
        grey.0,
        grey.1,
        every(seen),
        as_scaled.0,
        as_scaled.1,
    )
}

/// What of the graph goes where.
pub(crate) fn outputs() -> Vec<String> {
    words(&format!(
        "-map [grey] -fps_mode passthrough -frames:v {MOST} -f rawvideo out/grey \
         -map [planes] -fps_mode passthrough -frames:v {MOST_PLANES} -f rawvideo out/planes"
    ))
}

/// Seconds between frames if there are to be no more than `most`.
fn apart(probe: &Probe, most: usize) -> f64 {
    (probe.seconds / most as f64).max(1.0)
}

/// Of a frame that is hashed: as it is stored, but no larger than it has to be.
///
/// PDQ first takes means of one 128th of a side, rounded up to whole pixels; an even number of them moves what is seen by a pixel. A side
/// that is made smaller keeps the same share and evenness, or the hash would differ by up to 28 bits from that of the whole frame; so it differs by 8
/// at most, mostly by 4 or less (measured against PyPI vpdq, 240 to 1920 pixels).
fn hashed_size(probe: &Probe) -> (usize, usize) {
    let windows: (usize, usize) = if probe.seconds > LONG { (3, 4) } else { (5, 6) };
    let fit = |side: u32| {
        let side = (side as usize).max(1);
        let window = side.div_ceil(128);
        let kept = if window % 2 == 1 { windows.0 } else { windows.1 };
        if window <= windows.1 { side } else { side.saturating_mul(kept) / window }
    };
    let (width, height) = probe.video.stored;
    (fit(width), fit(height))
}

/// Of a frame that has local features: as it is stored, with square pixels.
fn size(probe: &Probe) -> (usize, usize) {
    let longest = probe.width.max(probe.height).max(1);
    let fit = |side: u32| {
        let most = likeness::LONGEST as u64;
        if u64::from(longest) <= most { side as usize } else { (u64::from(side) * most / u64::from(longest)) as usize }.max(1)
    };
    let upright = (fit(probe.width), fit(probe.height));
    if probe.video.turn_back.is_some_and(|filter| filter.starts_with("transpose")) { (upright.1, upright.0) } else { upright }
}

/// The parent's side, once ffmpeg has written the frames.
pub(crate) async fn known(sandbox: &Sandbox, work: &Path, probe: &Probe, keep: usize) -> Result<Known, Failure> {
    let (width, height) = size(probe);
    let (job, slots) = (Task::Known(Job { hashed: hashed_size(probe), width, height, keep }), [known::SLOT.to_owned()]);
    let ended = sandbox.run(work, job, &slots, Duration::from_secs(120), 1 << 28, |_| {}).await?;
    for name in SLOTS {
        std::fs::remove_file(work.join("out").join(name))?;
    }
    Ok(Known { fingerprints: serde_json::from_slice(&ended.stdout).unwrap_or_default(), views: known::read(work)? })
}

/// The child's side. A video of which nothing could be seen has no fingerprint of these kinds.
pub(crate) fn find_out(job: &Job) -> std::io::Result<Vec<Fingerprint>> {
    let planes = std::fs::read("out/planes").unwrap_or_default();
    let planes: Vec<&[u8]> = planes.chunks_exact((job.width * job.height).max(1)).take(MOST_PLANES).collect();
    let (hashes, frames) = std::thread::scope(|scope| {
        let (first, second) = planes.split_at(planes.len() / 2);
        let look = |planes: &[&[u8]]| planes.iter().map(|luma| views(job, luma)).filter(|views| !views.is_empty()).collect::<Vec<_>>();
        let (first, second) = (scope.spawn(move || look(first)), scope.spawn(move || look(second)));
        let hashes = hashes(job.hashed);
        let frames = [first.join().unwrap_or_default(), second.join().unwrap_or_default()].concat();
        (hashes, frames)
    });
    known::write(frames.iter().flatten())?;
    // Spread over the whole of it.
    let step = frames.iter().flatten().count().div_ceil(job.keep.max(1)).max(1);
    let keypoints = known::kept(frames.iter().step_by(step).flatten());
    let of = |kind, version, bytes| Fingerprint { kind, version, bytes };
    let all = [of(FingerprintKind::Frames, VERSION_OF_FRAMES, hashes), of(FingerprintKind::Keypoints, VERSION_OF_KEYPOINTS, keypoints)];
    Ok(all.into_iter().filter(|one| !one.bytes.is_empty()).collect())
}

fn views(job: &Job, luma: &[u8]) -> Vec<View> {
    let mut views = Plane::new(job.width, job.height, luma.to_vec()).map(View::each_of).unwrap_or_default();
    views.retain(|view| view.features.keypoints().len() >= FEWEST_PLACES);
    views
}

/// The frames come one by one: there may be gigabytes of them.
fn hashes((width, height): (usize, usize)) -> Vec<u8> {
    let times = std::fs::read_to_string("out/times").unwrap_or_default();
    let times = times.lines().filter_map(|line| line.split_once("pts_time:")).map(|(_, seconds)| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float to integer cast saturates")]
        let time_ms = (seconds.trim().parse::<f64>().unwrap_or_default() * 1000.0) as u64;
        time_ms
    });
    let Ok(mut grey) = std::fs::File::open("out/grey") else { return Vec::new() };
    let mut samples = vec![0; width * height];
    let mut kept: Vec<Frame> = Vec::new();
    for time_ms in times.take(MOST) {
        if grey.read_exact(&mut samples).is_err() {
            break;
        }
        let Ok(frame) = Pixels::luma8(&samples, width, height) else { break };
        let pdq::Pdq { hash, quality } = pdq::hash(&frame);
        // Compared with the one that was kept, not with the one before: what changes slowly changes all the same.
        if kept.last().is_none_or(|last| last.hash.distance(hash) > STILL) {
            kept.push(Frame { hash, quality, time_ms });
        }
    }
    vpdq::to_bytes(&kept)
}
