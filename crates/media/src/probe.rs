//! What a video says of itself, as far as it matters here. Its tags are never read.

use std::path::Path;
use std::time::Duration;

use domain::{Limits, Problem};
use serde::Deserialize;

use crate::VideoFormat;
use crate::sandbox::{Failure, Sandbox};
use crate::video::{input, program, words};

/// A video's streams that are kept, and its size as it is seen.
#[derive(Debug)]
pub(crate) struct Probe {
    /// Upright, with square pixels.
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) seconds: f64,
    pub(crate) video: Video,
    pub(crate) audio: Option<Audio>,
}

#[derive(Debug)]
pub(crate) struct Video {
    pub(crate) index: u32,
    pub(crate) codec: String,
    /// Width and height as they are stored: not turned upright, and of pixels that need not be square.
    pub(crate) stored: (u32, u32),
    /// Eight bits, 4:2:0: what every browser decodes.
    pub(crate) plain: bool,
    pub(crate) turned: bool,
    /// The ffmpeg filter that turns its frames back to how they are stored, once they have been turned upright.
    pub(crate) turn_back: Option<&'static str>,
    /// The transfer curve of a video with more light than an ordinary screen has.
    pub(crate) bright: Option<&'static str>,
}

#[derive(Debug)]
pub(crate) struct Audio {
    pub(crate) index: u32,
    pub(crate) codec: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Found {
    streams: Vec<Stream>,
    format: Format,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Format {
    duration: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Stream {
    index: u32,
    codec_type: String,
    codec_name: String,
    width: u32,
    height: u32,
    pix_fmt: String,
    sample_aspect_ratio: String,
    color_transfer: String,
    channels: u32,
    duration: Option<String>,
    disposition: Disposition,
    side_data_list: Vec<SideData>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Disposition {
    attached_pic: u8,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct SideData {
    rotation: Option<i64>,
}

const ENTRIES: &str = "format=duration:stream=index,codec_type,codec_name,width,height,pix_fmt,sample_aspect_ratio,color_transfer,\
                       channels,duration:stream_disposition=attached_pic:stream_side_data=rotation";

/// Asks ffprobe, and refuses what is over the limits.
pub(crate) async fn probe(sandbox: &Sandbox, limits: &Limits, work: &Path, format: VideoFormat) -> Result<Probe, Failure> {
    let mut arguments = words("-v error -of json -show_entries");
    arguments.push(ENTRIES.to_owned());
    arguments.extend(words(&input(format)));
    let ended = sandbox.run(work, program(&sandbox.ffprobe, arguments), &[], Duration::from_secs(30), 1 << 20, |_| {}).await?;
    if !ended.success {
        return Err(Failure::Refused(Problem::Corrupt, ended.stderr));
    }
    let found = serde_json::from_slice(&ended.stdout).map_err(|error| Failure::Refused(Problem::Corrupt, error.to_string()))?;
    let probe = choose(found).map_err(|reason| Failure::Refused(Problem::NoFrames, reason.to_owned()))?;
    if u64::from(probe.width).saturating_mul(u64::from(probe.height)) > limits.pixels {
        return Err(Failure::Refused(Problem::TooManyPixels, format!("{} × {}", probe.width, probe.height)));
    }
    #[expect(clippy::cast_precision_loss, reason = "a limit in seconds is far below 2^52")]
    if probe.seconds > limits.duration_seconds as f64 {
        return Err(Failure::Refused(Problem::TooLong, format!("{} s", probe.seconds)));
    }
    Ok(probe)
}

fn choose(found: Found) -> Result<Probe, &'static str> {
    let seconds = |text: &Option<String>| {
        text.as_deref().and_then(|text| text.parse::<f64>().ok()).filter(|value| value.is_finite() && *value >= 0.0)
    };
    // A cover picture is a video stream too; so is a phone's map of depths, which is smaller than what was filmed.
    let area = |stream: &&Stream| (u64::from(stream.width).saturating_mul(u64::from(stream.height)), std::cmp::Reverse(stream.index));
    let videos = found.streams.iter().filter(|stream| stream.codec_type == "video" && stream.disposition.attached_pic == 0);
    let video = videos.max_by_key(area).ok_or("no video stream")?;
    if video.width == 0 || video.height == 0 {
        return Err("a video stream without a size");
    }
    let (mut width, mut height) = (seen_width(video), video.height);
    let turned = video.side_data_list.iter().find_map(|data| data.rotation).filter(|rotation| rotation % 360 != 0);
    if turned.is_some_and(|rotation| rotation % 180 != 0) {
        std::mem::swap(&mut width, &mut height);
    }
    let bright = ["smpte2084", "arib-std-b67"].into_iter().find(|transfer| *transfer == video.color_transfer);
    // Of two sound tracks the second may be one that nothing here decodes.
    let audios = found.streams.iter().filter(|stream| stream.codec_type == "audio" && stream.channels > 0);
    let audio = audios.filter(|stream| !matches!(stream.codec_name.as_str(), "" | "unknown" | "none")).min_by_key(|stream| stream.index);
    Ok(Probe {
        width,
        height,
        seconds: seconds(&found.format.duration).or_else(|| seconds(&video.duration)).unwrap_or(0.0),
        video: Video {
            index: video.index,
            codec: video.codec_name.clone(),
            stored: (video.width, video.height),
            plain: matches!(video.pix_fmt.as_str(), "yuv420p" | "yuvj420p") && bright.is_none(),
            turned: turned.is_some(),
            // ffmpeg counts against the clock.
            turn_back: match turned.map(|rotation| rotation.rem_euclid(360)) {
                Some(90) => Some("transpose=clock"),
                Some(180) => Some("hflip,vflip"),
                Some(270) => Some("transpose=cclock"),
                _ => None,
            },
            bright,
        },
        audio: audio.map(|stream| Audio { index: stream.index, codec: stream.codec_name.clone() }),
    })
}

/// Pixels need not be square.
fn seen_width(stream: &Stream) -> u32 {
    let ratio = stream.sample_aspect_ratio.split_once(':').and_then(|(wide, high)| Some((wide.parse().ok()?, high.parse().ok()?)));
    match ratio {
        Some((wide, high)) if wide > 0 && high > 0 && wide != high => crate::pixels::scaled(stream.width, wide, high).clamp(1, 1 << 16),
        _ => stream.width,
    }
}
