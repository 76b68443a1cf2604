//! A video: probed, then cleaned or transcoded in one run that also takes the poster's frames, each step in the sandbox.

use std::path::Path;
use std::time::Duration;

use domain::{FileRole, Limits, MediaKind, Problem};

use crate::child::Task;
use crate::known::Known;
use crate::photo::{self, FramesJob};
use crate::probe::{Probe, Video, probe};
use crate::sandbox::{Error, Failure, Sandbox};
use crate::{Prepared, PreparedFile, VideoFormat};
use crate::{fingerprint, frames};

/// What is made of a video.
struct Plan {
    name: &'static str,
    copy_video: bool,
    copy_audio: bool,
    /// Upright.
    width: u32,
    height: u32,
}

/// Where in a video its poster is looked for. Key frames near these places cost next to nothing.
const QUICK: &[f64] = &[0.0, 0.15, 0.35, 0.55, 0.75];
/// Where it is looked for when all of those were dull, or there were none: exactly there.
const THOROUGH: &[f64] = &[0.02, 0.08, 0.22, 0.28, 0.42, 0.48, 0.62, 0.68, 0.82, 0.88, 0.95];
const THOROUGH_TIME: Duration = Duration::from_secs(60);

pub(crate) fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

pub(crate) fn program(path: &Path, arguments: Vec<String>) -> Task {
    Task::Program { path: path.to_owned(), arguments }
}

/// The format is ours, never guessed: a list of addresses that calls itself a video is not followed.
pub(crate) fn input(format: VideoFormat) -> String {
    let name = match format {
        VideoFormat::Mp4 => "mov",
        VideoFormat::Matroska => "matroska",
    };
    format!("-protocol_whitelist file -f {name} -i in/input")
}

pub(crate) async fn prepare(
    sandbox: &Sandbox,
    limits: &Limits,
    work: &Path,
    format: VideoFormat,
    progress: &mut (impl FnMut(f64) + Send),
) -> Result<Prepared, Failure> {
    let probe = probe(sandbox, limits, work, format).await?;
    let plan = plan(&probe);
    progress(0.05);

    let mut arguments = words("-nostdin -v error -y -max_error_rate 1");
    if plan.copy_video {
        let places = if probe.seconds > 0.0 { QUICK } else { &[0.0] };
        arguments.extend(words(&format!("-threads 2 {} {}", frames::INPUT, input(format))));
        arguments.extend(poster_inputs(format, &probe, places, true));
        arguments.extend(only_frames(&probe));
        arguments.extend(main_output(&probe, &plan, limits));
        arguments.extend(poster_output(&probe, 1, places.len(), "frames"));
    } else {
        arguments.extend(words(&input(format)));
        arguments.extend(all_filters(&probe, &plan));
        arguments.extend(main_output(&probe, &plan, limits));
        arguments.extend(frames_output("frames"));
    }
    arguments.extend(frames::outputs());
    let slower = if plan.copy_video { 5.0 } else { 13.0 };
    let time = Duration::from_secs_f64((120.0 + probe.seconds * slower).min(6.0 * 3600.0));
    let (mut reached, mut frames) = (0.0_f64, 0_u64);
    let slots = [vec![plan.name.to_owned(), "frames".to_owned()], frames::SLOTS.map(str::to_owned).to_vec()].concat();
    let ended = sandbox
        .run(work, program(&sandbox.ffmpeg, arguments), &slots, time, limits.file_bytes.saturating_mul(2), |line| {
            match line.split_once('=') {
                Some(("out_time_us", micros)) => reached = micros.parse().map_or(reached, |micros: f64| micros / 1e6),
                Some(("frame", count)) => frames = count.trim().parse().unwrap_or(frames),
                _ => return,
            }
            progress((0.05 + 0.9 * reached / probe.seconds.max(0.1)).clamp(0.05, 0.95));
        })
        .await?;
    if !ended.success || frames == 0 {
        let problem = if ended.success && ended.stderr.is_empty() { Problem::NoFrames } else { Problem::Corrupt };
        return Err(Failure::Refused(problem, ended.stderr));
    }
    #[expect(clippy::cast_precision_loss, reason = "a limit in seconds is far below 2^52")]
    if reached > limits.duration_seconds as f64 {
        return Err(Failure::Refused(Problem::TooLong, format!("{reached} s, whatever it says of itself")));
    }
    let poster = poster(sandbox, limits, work, format, &probe, &plan).await?;
    let mut known = frames::known(sandbox, work, &probe, frames::KEPT_OF_A_POST).await?;
    known.fingerprints.splice(0..0, fingerprint::of_files(work, Some(plan.name)).await?);
    let content_type = if plan.name.ends_with("webm") { "video/webm" } else { "video/mp4" };
    let path = work.join("out").join(plan.name);
    let mut files = vec![PreparedFile {
        role: FileRole::Original,
        name: plan.name.to_owned(),
        content_type,
        path,
        width: plan.width,
        height: plan.height,
    }];
    files.extend(poster.files);
    // What it says of itself is exact, unless much of it is missing or it says nothing.
    let seconds = if reached == 0.0 || (reached - probe.seconds).abs() < 1.0 { probe.seconds } else { reached };
    #[expect(clippy::cast_possible_truncation, reason = "a film of at most some hours")]
    let duration_ms = Some((seconds * 1000.0).round() as i64);
    Ok(Prepared { kind: MediaKind::Video, width: plan.width, height: plan.height, duration_ms, thumbhash: poster.thumbhash, files, known })
}

/// Frames that are decoded at once where nothing else is made of a video. They wait for each other: fewer leave cores idle. Those of a large one keep both
/// cores busy by themselves, and take much memory.
const DECODERS: usize = 6;
const LARGE: u64 = 4_000_000;

/// Only finds out what a video is known by.
pub(crate) async fn look(sandbox: &Sandbox, limits: &Limits, work: &Path, format: VideoFormat) -> Result<Known, Failure> {
    let probe = probe(sandbox, limits, work, format).await?;
    let decoders = if u64::from(probe.width) * u64::from(probe.height) > LARGE { 2 } else { DECODERS };
    let mut arguments = words(&format!("-nostdin -v error -y -max_error_rate 1 -threads {decoders} {} {}", frames::INPUT, input(format)));
    arguments.extend(only_frames(&probe));
    arguments.extend(frames::outputs());
    let time = Duration::from_secs_f64((60.0 + probe.seconds * 3.0).min(6.0 * 3600.0));
    let ended = sandbox
        .run(work, program(&sandbox.ffmpeg, arguments), &frames::SLOTS.map(str::to_owned), time, limits.file_bytes.max(1 << 30), |_| {})
        .await?;
    if !ended.success {
        return Err(Failure::Refused(Problem::Corrupt, ended.stderr));
    }
    let mut known = frames::known(sandbox, work, &probe, frames::KEPT_OF_A_BANK).await?;
    if known.fingerprints.is_empty() {
        return Err(Failure::Refused(Problem::NoFrames, ended.stderr));
    }
    known.fingerprints.splice(0..0, fingerprint::of_files(work, None).await?);
    Ok(known)
}

/// The frames that a video is known by, of the first input, which is decoded for nothing else.
fn only_frames(probe: &Probe) -> [String; 2] {
    ["-filter_complex".to_owned(), frames::graph(probe, &format!("[0:{}]", probe.video.index), false)]
}

fn plan(probe: &Probe) -> Plan {
    let (video, audio) = (&probe.video, probe.audio.as_ref().map(|audio| audio.codec.as_str()));
    let open = matches!(video.codec.as_str(), "vp8" | "vp9" | "av1");
    // Nothing shows VP8 in an MP4, and a WebM cannot say which way is up.
    let copy_video = video.plain && (open || video.codec == "h264") && !(video.codec == "vp8" && video.turned);
    let webm = copy_video && open && !video.turned && (video.codec == "vp8" || !matches!(audio, Some("aac" | "mp3")));
    let copy_audio = matches!((audio, webm), (Some("opus"), _) | (Some("aac" | "mp3"), false));
    let (mut width, mut height) = (probe.width, probe.height);
    if !copy_video {
        (width, height) = within(width, height, 1920, 1080);
    }
    Plan { name: if webm { "original.webm" } else { "original.mp4" }, copy_video, copy_audio, width, height }
}

/// Shrunk until the longer side fits `long` and the shorter `short`; even, as 4:2:0 needs it.
fn within(width: u32, height: u32, long: u32, short: u32) -> (u32, u32) {
    let (longer, shorter) = (f64::from(width.max(height)), f64::from(width.min(height)));
    let shrink = (f64::from(long) / longer).min(f64::from(short) / shorter).min(1.0);
    let even = |length: u32| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float to integer cast saturates")]
        let half = (f64::from(length) * shrink / 2.0).round() as u32;
        half.max(1).saturating_mul(2)
    };
    (even(width), even(height))
}

fn main_output(probe: &Probe, plan: &Plan, limits: &Limits) -> Vec<String> {
    let mut arguments = if plan.copy_video { words(&format!("-map 0:{}", probe.video.index)) } else { words("-map [film]") };
    if let Some(audio) = &probe.audio {
        arguments.extend(words(&format!("-map 0:{}", audio.index)));
    }
    // Nothing that was said of the video or its streams, and neither our own programs' names nor the time.
    arguments.extend(words("-map_metadata -1 -map_metadata:s -1 -map_chapters -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact"));
    if plan.copy_video {
        arguments.extend(words("-c:v copy"));
        // Encoders write their names and settings, and cameras much else, where pictures are not: H.264's SEI, AV1's metadata
        // and padding.
        match probe.video.codec.as_str() {
            "h264" => arguments.extend(words("-bsf:v filter_units=remove_types=6")),
            "av1" => arguments.extend(words("-bsf:v filter_units=remove_types=5|15")),
            _ => {}
        }
    } else {
        arguments.extend(words("-c:v libx264 -preset veryfast -crf 23 -threads 2 -bsf:v filter_units=remove_types=6"));
    }
    arguments.extend(words(match (plan.copy_audio, plan.name) {
        (true, _) => "-c:a copy",
        (false, "original.webm") => "-c:a libopus -b:a 128k -ac 2",
        (false, _) => "-c:a aac -b:a 160k -ac 2",
    }));
    // A word of ours stands where ffmpeg would name its encoder.
    arguments.extend(words("-metadata:s encoder=-"));
    // An empty handler name is left to the muxer's own neutral word.
    arguments.extend(words(match plan.name {
        "original.webm" => "-f webm -cues_to_front 1",
        _ => "-f mp4 -movflags +faststart -empty_hdlr_name 1",
    }));
    arguments.extend(words(&format!("-t {} -progress pipe:1", limits.duration_seconds.saturating_add(2))));
    arguments.push(format!("out/{}", plan.name));
    arguments
}

/// To a size with square pixels and, where the video has more light than that, to an ordinary screen's.
fn screen_filter(video: &Video, width: u32, height: u32) -> String {
    let shrink = format!("scale={width}:{height},setsar=1");
    match video.bright {
        None => shrink,
        Some(curve) => format!(
            "{shrink},zscale=tin={curve}:pin=bt2020:min=bt2020nc:t=linear:npl=203,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,\
             zscale=t=bt709:m=bt709:r=tv"
        ),
    }
}

fn poster_size(probe: &Probe) -> (u32, u32) {
    if probe.width >= probe.height { within(probe.width, probe.height, 1600, 1600) } else { within(probe.width, probe.height, 3200, 1600) }
}

fn poster_inputs(format: VideoFormat, probe: &Probe, places: &[f64], quick: bool) -> Vec<String> {
    let how = if quick { "-skip_frame nokey -noaccurate_seek" } else { "" };
    let one = |place: &f64| words(&format!("-threads 1 {how} -ss {:.3} {}", place * probe.seconds, input(format)));
    places.iter().flat_map(one).collect()
}

/// A video that is decoded anyway gives its poster's frames, and those that it is known by, on the way: more decoders of a big video would
/// take much memory.
fn all_filters(probe: &Probe, plan: &Plan) -> Vec<String> {
    let film = screen_filter(&probe.video, plan.width, plan.height);
    let (width, height) = poster_size(probe);
    let poster = screen_filter(&probe.video, width, height);
    let step = if probe.seconds > 0.0 { probe.seconds / 5.0 } else { 1.0 };
    let select = format!("select='isnan(prev_selected_t)+gte(t-prev_selected_t\\,{step:.3})'");
    let index = probe.video.index;
    let known = frames::graph(probe, "[c]", true);
    let filters = format!("[0:{index}]split=3[a][b][c];[a]{film},format=yuv420p[film];[b]{select},{poster},format=rgb24[p];{known}");
    vec!["-filter_complex".to_owned(), filters]
}

/// What the poster is chosen from, raw. A video may be longer than it says.
fn frames_output(name: &str) -> Vec<String> {
    words(&format!("-map [p] -fps_mode passthrough -frames:v 12 -pix_fmt rgb24 -f rawvideo out/{name}"))
}

/// One frame of each of `count` inputs, the first of which is number `first`.
fn poster_output(probe: &Probe, first: usize, count: usize, name: &str) -> Vec<String> {
    let (width, height) = poster_size(probe);
    let filter = screen_filter(&probe.video, width, height);
    let numbers = first..first.saturating_add(count);
    let each: String =
        numbers.clone().map(|n| format!("[{n}:{}]trim=end_frame=1,{filter},format=rgb24,setpts=0[p{n}];", probe.video.index)).collect();
    let all: String = numbers.map(|n| format!("[p{n}]")).collect();
    let mut arguments = words("-filter_complex");
    arguments.push(format!("{each}{all}concat=n={count}[p]"));
    arguments.extend(frames_output(name));
    arguments
}

/// Chooses among the frames that the main run took, or takes more.
async fn poster(
    sandbox: &Sandbox,
    limits: &Limits,
    work: &Path,
    format: VideoFormat,
    probe: &Probe,
    plan: &Plan,
) -> Result<Prepared, Failure> {
    let (width, height) = poster_size(probe);
    let choose = async |last_try: bool| {
        let scrub = Some(plan.name.to_owned()).filter(|_| plan.copy_audio && !last_try);
        let job = Task::Frames(FramesJob { width, height, last_try, scrub });
        let time = Duration::from_secs(120);
        photo::collect(work, sandbox.run(work, job, &photo::slots(), time, limits.file_bytes.saturating_mul(2), |_| {}).await?)
    };
    let chosen = match choose(false).await {
        Err(Failure::Refused(Problem::NoFrames, _)) => {
            let places = if probe.seconds > 0.0 { THOROUGH } else { &[0.0] };
            let mut arguments = words("-nostdin -v error -y -max_error_rate 1");
            arguments.extend(poster_inputs(format, probe, places, false));
            arguments.extend(poster_output(probe, 0, places.len(), "more-frames"));
            let slots = ["more-frames".to_owned()];
            match sandbox.run(work, program(&sandbox.ffmpeg, arguments), &slots, THOROUGH_TIME, 1 << 30, |_| {}).await {
                // A dull poster is better than no video.
                Ok(_) | Err(Failure::Refused(..)) => {}
                Err(ours) => return Err(ours),
            }
            choose(true).await
        }
        other => other,
    };
    for name in ["frames", "more-frames"] {
        match std::fs::remove_file(work.join("out").join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    chosen.map_err(|failure| match failure {
        Failure::Ours(Error::Child(reason)) => Failure::Refused(Problem::NoFrames, reason),
        other => other,
    })
}
