//! A film: probed, cleaned or transcoded, and given a poster, each step in the sandbox.

use std::path::Path;
use std::time::Duration;

use domain::{FileRole, Limits, MediaKind, Problem};
use serde_json::Value;

use crate::child::Task;
use crate::photo::{self, FramesJob};
use crate::sandbox::{Error, Failure, Sandbox};
use crate::{Prepared, PreparedFile, VideoFormat};

struct Probe {
    width: u32,
    height: u32,
    seconds: f64,
    video: String,
    plain: bool,
    audio: Option<String>,
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn input(format: VideoFormat) -> &'static str {
    match format {
        VideoFormat::Mp4 => "-protocol_whitelist file -f mov -i in/input",
        VideoFormat::Matroska => "-protocol_whitelist file -f matroska -i in/input",
    }
}

pub(crate) async fn prepare(
    sandbox: &Sandbox,
    limits: &Limits,
    work: &Path,
    format: VideoFormat,
    progress: &mut (impl FnMut(f64) + Send),
) -> Result<Prepared, Failure> {
    let probe = probe(sandbox, work, format).await?;
    if u64::from(probe.width) * u64::from(probe.height) > limits.pixels {
        return Err(Failure::Refused(Problem::TooManyPixels, format!("{} × {}", probe.width, probe.height)));
    }
    #[expect(clippy::cast_precision_loss, reason = "a limit in seconds is far below 2^52")]
    if probe.seconds > limits.duration_seconds as f64 {
        return Err(Failure::Refused(Problem::TooLong, format!("{} s", probe.seconds)));
    }
    // The poster first: a film without one frame is refused before any long work.
    let mut files = poster(sandbox, work, format, &probe).await?;
    let thumbhash = files.thumbhash.take();
    progress(0.1);

    let copied_audio = matches!(probe.audio.as_deref(), None | Some("aac" | "mp3" | "opus"));
    let copied = probe.plain && matches!(probe.video.as_str(), "h264" | "vp8" | "vp9" | "av1");
    let webm = copied && matches!(probe.video.as_str(), "vp8" | "vp9" | "av1") && matches!(probe.audio.as_deref(), None | Some("opus"));
    let name = if webm || (copied && probe.video == "vp8") { "original.webm" } else { "original.mp4" };
    let mut arguments = words("-nostdin -v error -y");
    arguments.extend(words(input(format)));
    arguments
        .extend(words("-map 0:v:0 -map 0:a:0? -map_metadata -1 -map_chapters -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact"));
    // An empty handler name is left to the muxer's own neutral word.
    arguments.extend(["-empty_hdlr_name".to_owned(), "1".to_owned()].into_iter().filter(|_| name.ends_with("mp4")));
    let (mut width, mut height) = (probe.width, probe.height);
    if copied {
        arguments.extend(words("-c:v copy"));
        if probe.video == "h264" {
            // Encoders write their name and settings into SEI (type 6).
            arguments.extend(words("-bsf:v filter_units=remove_types=6"));
        }
    } else {
        let shrink = (1920.0 / f64::from(width.max(height))).min(1080.0 / f64::from(width.min(height))).min(1.0);
        (width, height) = (even(f64::from(width) * shrink), even(f64::from(height) * shrink));
        arguments.extend(words(&format!(
            "-vf scale={width}:{height} -pix_fmt yuv420p -c:v libx264 -preset veryfast -crf 23 -threads 2 -bsf:v filter_units=remove_types=6"
        )));
    }
    arguments.extend(words(match (copied_audio, name.ends_with("webm")) {
        (true, false) => "-c:a copy",
        (true, true) if probe.audio.as_deref() != Some("aac") && probe.audio.as_deref() != Some("mp3") => "-c:a copy",
        (_, true) => "-c:a libopus -b:a 128k",
        (false, false) => "-c:a aac -b:a 160k",
    }));
    arguments.extend(words(if name.ends_with("webm") { "-f webm -cues_to_front 1" } else { "-f mp4 -movflags +faststart" }));
    arguments.extend(words("-progress pipe:1"));
    arguments.push(format!("out/{name}"));
    let time = Duration::from_secs_f64(120.0 + probe.seconds * if copied { 2.0 } else { 20.0 });
    let seconds = probe.seconds.max(0.1);
    let ended = sandbox
        .run(work, program(&sandbox.ffmpeg, arguments), &[name.to_owned()], time, limits.file_bytes.saturating_mul(2), |line| {
            if let Some(micros) = line.strip_prefix("out_time_us=").and_then(|value| value.parse::<f64>().ok()) {
                progress((0.1 + 0.9 * micros / 1e6 / seconds).clamp(0.1, 0.99));
            }
        })
        .await?;
    if !ended.success {
        return Err(Failure::Refused(Problem::Corrupt, ended.stderr));
    }
    let content_type = if name.ends_with("webm") { "video/webm" } else { "video/mp4" };
    let path = work.join("out").join(name);
    files.files.insert(0, PreparedFile { role: FileRole::Original, name: name.to_owned(), content_type, path, width, height });
    #[expect(clippy::cast_possible_truncation, reason = "a film of at most some hours")]
    let duration_ms = Some((probe.seconds * 1000.0) as i64);
    Ok(Prepared { kind: MediaKind::Video, width, height, duration_ms, thumbhash, files: files.files })
}

fn program(path: &Path, arguments: Vec<String>) -> Task {
    Task::Program { path: path.to_owned(), arguments }
}

fn even(length: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float to integer cast saturates")]
    let half = (length / 2.0).round() as u32;
    half.max(1).saturating_mul(2)
}

async fn probe(sandbox: &Sandbox, work: &Path, format: VideoFormat) -> Result<Probe, Failure> {
    let mut arguments = words("-v error -of json -show_format -show_streams");
    arguments.extend(words(input(format)));
    let ended = sandbox.run(work, program(&sandbox.ffprobe, arguments), &[], Duration::from_secs(60), 1 << 20, |_| {}).await?;
    let corrupt = |reason: String| Failure::Refused(Problem::Corrupt, reason);
    if !ended.success {
        return Err(corrupt(ended.stderr));
    }
    let found: Value = serde_json::from_slice(&ended.stdout).map_err(|error| corrupt(error.to_string()))?;
    let streams = found["streams"].as_array().cloned().unwrap_or_default();
    let of = |kind: &str| streams.iter().find(|stream| stream["codec_type"] == kind && stream["disposition"]["attached_pic"] != 1).cloned();
    let video = of("video").ok_or_else(|| Failure::Refused(Problem::NoFrames, "no video stream".to_owned()))?;
    let number =
        |value: &Value| value.as_str().and_then(|text| text.parse::<f64>().ok()).filter(|value| value.is_finite() && *value >= 0.0);
    let size = |key: &str| video[key].as_u64().and_then(|value| u32::try_from(value).ok()).filter(|value| *value > 0);
    let (Some(mut width), Some(mut height)) = (size("width"), size("height")) else {
        return Err(Failure::Refused(Problem::NoFrames, "a video stream without a size".to_owned()));
    };
    let turned = video["side_data_list"]
        .as_array()
        .is_some_and(|list| list.iter().any(|data| data["rotation"].as_i64().is_some_and(|r| r % 180 != 0)));
    if turned {
        std::mem::swap(&mut width, &mut height);
    }
    let video_name = video["codec_name"].as_str().unwrap_or_default().to_owned();
    let plain = matches!(video["pix_fmt"].as_str(), Some("yuv420p" | "yuvj420p"));
    let audio = of("audio").map(|stream| stream["codec_name"].as_str().unwrap_or_default().to_owned());
    let seconds = number(&found["format"]["duration"]).or_else(|| number(&video["duration"])).unwrap_or(0.0);
    Ok(Probe { width, height, seconds, video: video_name, plain, audio })
}

async fn poster(sandbox: &Sandbox, work: &Path, format: VideoFormat, probe: &Probe) -> Result<Prepared, Failure> {
    let shrink = (1600.0 / f64::from(probe.width)).min(3200.0 / f64::from(probe.height)).min(1.0);
    let (width, height) = (even(f64::from(probe.width) * shrink), even(f64::from(probe.height) * shrink));
    let rate = 12.0 / probe.seconds.max(0.5);
    let frames = work.join("out/frames");
    let slots = [photo::slots(), vec!["frames".to_owned()]].concat();
    // Key frames are cheap and mostly good; a film that has only one, at a black start, is sampled in full.
    for (skip, filter) in
        [("-skip_frame nokey", format!("fps={rate:.6},scale={width}:{height}")), ("", format!("scale={width}:{height},thumbnail=30"))]
    {
        let mut arguments = words("-nostdin -v error -y");
        arguments.extend(words(skip));
        arguments.extend(words(input(format)));
        arguments.extend(words(&format!("-map 0:v:0 -vf {filter} -frames:v 12 -pix_fmt rgb24 -f rawvideo out/frames")));
        let time = Duration::from_secs_f64(120.0 + probe.seconds * 2.0);
        let ended = sandbox.run(work, program(&sandbox.ffmpeg, arguments), &slots, time, 1 << 30, |_| {}).await?;
        if std::fs::metadata(&frames)?.len() < u64::from(width) * u64::from(height) * 3 {
            if skip.is_empty() {
                let problem = if ended.success { Problem::NoFrames } else { Problem::Corrupt };
                return Err(Failure::Refused(problem, ended.stderr));
            }
            continue;
        }
        break;
    }
    let job = Task::Frames(FramesJob { width, height });
    let ended = sandbox.run(work, job, &[], Duration::from_secs(60), 1 << 28, |_| {}).await?;
    std::fs::remove_file(frames)?;
    photo::collect(work, ended).map_err(|failure| match failure {
        Failure::Ours(Error::Child(reason)) => Failure::Refused(Problem::NoFrames, reason),
        other => other,
    })
}
