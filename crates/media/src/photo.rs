//! A picture: cleaned, and rendered for screens, from one decode.

use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

use domain::{FileRole, Fingerprint, Limits, MediaKind, Problem};
use serde::{Deserialize, Serialize};

use crate::child::Task;
use crate::clean::Cleaned;
use crate::fingerprint::{self, Grey};
use crate::known::{self, Known};
use crate::pixels::{Pixels, failed, scaled};
use crate::sandbox::{Ended, Error, Failure, Sandbox};
use crate::{PhotoFormat, Prepared, PreparedFile, clean, decode, scrub};

/// What the child is told about a picture.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Job {
    pub(crate) format: PhotoFormat,
    pub(crate) pixels: u64,
    pub(crate) frames: u64,
}

/// What the child is told about raw frames.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct FramesJob {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Whether a dull frame is better than none.
    pub(crate) last_try: bool,
    /// A file in `out` whose sound was copied and may name its encoder.
    pub(crate) scrub: Option<String>,
}

/// What the child answers.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Answer {
    Made(Made),
    Refused(Problem, String),
}

/// What the child made; file number n lies in `out/file-n`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Made {
    pub(crate) animation: bool,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) duration_ms: Option<i64>,
    pub(crate) thumbhash: Vec<u8>,
    pub(crate) files: Vec<MadeFile>,
    pub(crate) fingerprints: Vec<Fingerprint>,
}

/// One file that the child made.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct MadeFile {
    role: FileRole,
    format: PhotoFormat,
    width: u32,
    height: u32,
}

/// Why the child made nothing, for the poster and for the log.
pub(crate) type Refusal = (Problem, String);

/// The renderings' widths. A picture that is narrower has one of its own width.
pub(crate) const WIDTHS: [u32; 3] = [1600, 800, 400];
/// Of a rendering: where more effort or bits are seen on a screen no longer.
const WEBP_QUALITY: f32 = 78.0;
const WEBP_METHOD: i32 = 2;
/// The biggest is what everything waits for: two thirds of the time for a tenth more bytes.
const BIGGEST_WEBP_METHOD: i32 = 1;
const JPEG_QUALITY: i32 = 80;
/// WebP's own limit.
const MOST_HEIGHT: u32 = 16_383;
/// An original, two formats in three widths and the picture's own, and a video's stills.
const MOST_FILES: usize = 10;
/// Stills of a video stand in rows of so many, each as wide as a look is drawn, and no more than this.
const STILLS_IN_A_ROW: usize = 3;
const STILL_WIDTH: u32 = 160;
const MOST_STILLS: usize = 6;

pub(crate) fn slots() -> Vec<String> {
    (0..MOST_FILES).map(|number| format!("file-{number}")).collect()
}

/// No picture takes longer to be decoded.
const TIME: Duration = Duration::from_secs(60);

/// The parent's side.
pub(crate) async fn prepare(sandbox: &Sandbox, limits: &Limits, work: &Path, format: PhotoFormat) -> Result<Prepared, Failure> {
    let job = Job { format, pixels: limits.pixels, frames: limits.frames };
    // No rendering is larger than this, and a cleaned original hardly larger than it was: a decoder gone wild cannot fill the disk.
    let most = std::fs::metadata(work.join("in/input"))?.len().saturating_add(1 << 20).max(1 << 28);
    let slots = [slots(), vec![known::SLOT.to_owned()]].concat();
    let ended = sandbox.run(work, Task::Photo(job), &slots, TIME, most, |_| {}).await?;
    let mut prepared = collect(work, ended)?;
    prepared.known.views = known::read(work)?;
    Ok(prepared)
}

/// The parent's side, where it is only to be found out what the picture is known by.
pub(crate) async fn look(sandbox: &Sandbox, limits: &Limits, work: &Path, format: PhotoFormat) -> Result<(MediaKind, Known), Failure> {
    let job = Job { format, pixels: limits.pixels, frames: limits.frames };
    let ended = sandbox.run(work, Task::Look(job), &[known::SLOT.to_owned()], TIME, 1 << 20, |_| {}).await?;
    let made = answered(ended)?;
    let kind = if made.animation { MediaKind::Animation } else { MediaKind::Photo };
    Ok((kind, Known { fingerprints: made.fingerprints, views: known::read(work)? }))
}

/// Gives the child's files their names. The child chose none of them.
pub(crate) fn collect(work: &Path, ended: Ended) -> Result<Prepared, Failure> {
    let made = answered(ended)?;
    let mut files = Vec::new();
    for (number, file) in made.files.iter().enumerate().take(MOST_FILES) {
        let (content_type, extension) = match file.format {
            PhotoFormat::Jpeg => ("image/jpeg", "jpg"),
            PhotoFormat::Png => ("image/png", "png"),
            PhotoFormat::Gif => ("image/gif", "gif"),
            PhotoFormat::Webp => ("image/webp", "webp"),
            PhotoFormat::Heif => return Err(Error::Child("a HEIC file came out".to_owned()).into()),
        };
        let name = match file.role {
            FileRole::Original => format!("original.{extension}"),
            FileRole::Variant => format!("{}.{extension}", file.width),
            FileRole::Poster => format!("poster-{}.{extension}", file.width),
            FileRole::Stills => format!("stills.{extension}"),
        };
        let path = work.join("out").join(&name);
        std::fs::rename(work.join("out").join(format!("file-{number}")), &path)?;
        files.push(PreparedFile { role: file.role, name, content_type, path, width: file.width, height: file.height });
    }
    let kind = if made.animation { MediaKind::Animation } else { MediaKind::Photo };
    let Made { width, height, duration_ms, thumbhash, fingerprints, .. } = made;
    let known = Known { fingerprints, views: Vec::new() };
    Ok(Prepared { kind, width, height, duration_ms, thumbhash: Some(thumbhash), files, known })
}

fn answered(ended: Ended) -> Result<Made, Failure> {
    if !ended.success {
        return Err(Failure::Refused(Problem::Corrupt, ended.stderr));
    }
    match serde_json::from_slice(&ended.stdout).map_err(|error| Error::Child(error.to_string()))? {
        Answer::Refused(problem, reason) => Err(Failure::Refused(problem, reason)),
        Answer::Made(made) => Ok(made),
    }
}

/// The child's side, for a picture.
pub(crate) fn make(job: &Job) -> Answer {
    let input = std::fs::read("in/input").map_err(failed);
    let made = input.and_then(|input| if job.format == PhotoFormat::Heif { make_heif(job, &input) } else { make_cleaned(job, &input) });
    made.map_or_else(|(problem, reason)| Answer::Refused(problem, reason), Answer::Made)
}

/// The child's side, for a picture that is not to be shown: the same fingerprints as [`make`] gives it, but of no form that it would
/// have to encode.
pub(crate) fn find_out(job: &Job) -> Answer {
    let input = std::fs::read("in/input").map_err(failed);
    input.and_then(|input| try_find_out(job, &input)).map_or_else(|(problem, reason)| Answer::Refused(problem, reason), Answer::Made)
}

fn try_find_out(job: &Job, input: &[u8]) -> Result<Made, Refusal> {
    let ((width, height), animation, grey, digests) = if job.format == PhotoFormat::Heif {
        let decoded = decode::heif(input, job.pixels)?;
        (decoded.full, false, Grey::of(&decoded), fingerprint::digests(input, input))
    } else {
        let cleaned = cleaned(job, input)?;
        let (full, grey) = decode::grey(job.format, &cleaned, job.pixels)?;
        (full, cleaned.frames > 1, grey, fingerprint::digests(input, &cleaned.bytes))
    };
    let looks = fingerprint::looks(&grey);
    known::write(&looks.views).map_err(failed)?;
    let fingerprints = [digests, looks.fingerprints].concat();
    Ok(Made { animation, width, height, duration_ms: None, thumbhash: Vec::new(), files: Vec::new(), fingerprints })
}

/// The child's side, for the frames of a video.
pub(crate) fn make_poster(job: &FramesJob) -> Answer {
    try_make_poster(job).map_or_else(|(problem, reason)| Answer::Refused(problem, reason), Answer::Made)
}

fn cleaned(job: &Job, input: &[u8]) -> Result<Cleaned, Refusal> {
    let cleaned = clean::clean(job.format, input).map_err(|problem| (problem, "its blocks do not add up".to_owned()))?;
    if cleaned.frames > job.frames {
        return Err((Problem::TooManyFrames, format!("{} frames", cleaned.frames)));
    }
    Ok(cleaned)
}

fn make_cleaned(job: &Job, input: &[u8]) -> Result<Made, Refusal> {
    let cleaned = cleaned(job, input)?;
    let decoded = match job.format {
        PhotoFormat::Jpeg => decode::jpeg(&cleaned, job.pixels)?,
        format => decode::other(format, &cleaned, job.pixels)?,
    };
    write(0, &cleaned.bytes)?;
    let full = if cleaned.orientation >= 5 { (decoded.full.1, decoded.full.0) } else { decoded.full };
    let mut files = vec![MadeFile { role: FileRole::Original, format: job.format, width: full.0, height: full.1 }];
    let mut pixels = shrunk(&decoded.pixels, full, cleaned.orientation)?;
    // A JPEG may have been decoded smaller than its hash may be made of.
    let grey = (job.format != PhotoFormat::Jpeg).then(|| Grey::of(&decoded));
    drop(decoded.pixels);
    pixels.make_srgb(decoded.icc.as_deref());
    let animation = cleaned.frames > 1;
    let duration_ms = animation.then(|| i64::try_from(cleaned.duration_ms).unwrap_or(i64::MAX));
    let role = if animation { FileRole::Poster } else { FileRole::Variant };
    std::thread::scope(|scope| {
        let known = scope.spawn(|| {
            let grey = if let Some(grey) = grey { grey } else { decode::grey(job.format, &cleaned, job.pixels)?.1 };
            let looks = fingerprint::looks(&grey);
            known::write(&looks.views).map_err(failed)?;
            Ok([fingerprint::digests(input, &cleaned.bytes), looks.fingerprints].concat())
        });
        let thumbhash = render(&pixels, full, role, &mut files)?;
        let fingerprints = known.join().map_err(|_| failed("the hasher panicked"))??;
        Ok(Made { animation, width: full.0, height: full.1, duration_ms, thumbhash, files, fingerprints })
    })
}

/// No browser but one shows HEIC, so that the download is encoded anew: a JPEG, or a WebP where something shows through.
fn make_heif(job: &Job, input: &[u8]) -> Result<Made, Refusal> {
    let mut original = decode::heif(input, job.pixels)?;
    let (full, icc) = (original.full, original.icc.take());
    let icc = icc.as_deref();
    let (mut pixels, format) =
        (shrunk(&original.pixels, full, 1)?, if original.pixels.alpha { PhotoFormat::Webp } else { PhotoFormat::Jpeg });
    pixels.make_srgb(icc);
    let mut files = vec![MadeFile { role: FileRole::Original, format, width: full.0, height: full.1 }];
    std::thread::scope(|scope| {
        let encoding = scope.spawn(|| {
            let looks = fingerprint::looks(&Grey::of(&original));
            let original = &mut original.pixels;
            let bytes = if original.alpha {
                original.make_srgb(icc);
                original.webp(WEBP_METHOD, 90.0)?.to_vec()
            } else {
                original.jpeg(92, icc)?
            };
            write(0, &bytes)?;
            known::write(&looks.views).map_err(failed)?;
            Ok([fingerprint::digests(input, &bytes), looks.fingerprints].concat())
        });
        let thumbhash = render(&pixels, full, FileRole::Variant, &mut files);
        let fingerprints = encoding.join().map_err(|_| failed("the encoder panicked"))??;
        Ok(Made { animation: false, width: full.0, height: full.1, duration_ms: None, thumbhash: thumbhash?, files, fingerprints })
    })
}

fn try_make_poster(job: &FramesJob) -> Result<Made, Refusal> {
    if let Some(name) = &job.scrub {
        let film = std::fs::OpenOptions::new().read(true).write(true).open(Path::new("out").join(name)).map_err(failed)?;
        scrub::scrub(film).map_err(failed)?;
    }
    let size = u64::from(job.width) * u64::from(job.height) * 3;
    let mut best: Option<(u64, Pixels)> = None;
    let mut stills = Vec::new();
    let still_height = scaled(job.height, STILL_WIDTH, job.width).clamp(1, 2 * STILL_WIDTH);
    for name in ["out/frames", "out/more-frames"] {
        let Ok(mut frames) = std::fs::File::open(name) else { continue };
        loop {
            let mut frame = Vec::new();
            frames.by_ref().take(size).read_to_end(&mut frame).map_err(failed)?;
            if frame.is_empty() || (frame.len() as u64) < size {
                break;
            }
            let spread = spread(&frame);
            let pixels = Pixels { width: job.width, height: job.height, alpha: false, data: frame };
            if spread >= DULL && stills.len() < MOST_STILLS {
                stills.push(pixels.resized(STILL_WIDTH, still_height)?);
            }
            if best.as_ref().is_none_or(|(most, _)| spread > *most) {
                best = Some((spread, pixels));
            }
        }
    }
    let (spread, pixels) = best.ok_or((Problem::NoFrames, "no frame".to_owned()))?;
    if spread < DULL && !job.last_try {
        return Err((Problem::NoFrames, "only dull frames".to_owned()));
    }
    let mut files = Vec::new();
    let thumbhash = render(&pixels, (job.width, job.height), FileRole::Poster, &mut files)?;
    if stills.len() > 1 {
        let sheet = side_by_side(&stills);
        write(files.len(), &sheet.webp(WEBP_METHOD, WEBP_QUALITY)?)?;
        files.push(MadeFile { role: FileRole::Stills, format: PhotoFormat::Webp, width: sheet.width, height: sheet.height });
    }
    Ok(Made { animation: false, width: job.width, height: job.height, duration_ms: None, thumbhash, files, fingerprints: Vec::new() })
}

/// Pictures of one size, without transparency, in rows; what is left of the last row is grey.
fn side_by_side(all: &[Pixels]) -> Pixels {
    let (width, height) = all.first().map_or((0, 0), |first| (first.width as usize, first.height as usize));
    let (columns, line) = (all.len().min(STILLS_IN_A_ROW), width * 3);
    let (rows, across) = (all.len().div_ceil(STILLS_IN_A_ROW), columns * line);
    let mut data = vec![128; rows * height * across];
    for (number, picture) in all.iter().enumerate() {
        let corner = (number / STILLS_IN_A_ROW) * height * across + (number % STILLS_IN_A_ROW) * line;
        let lines = data.get_mut(corner..).unwrap_or_default().chunks_mut(across.max(1));
        for (to, from) in lines.zip(picture.data.chunks(line.max(1))) {
            if let Some(to) = to.get_mut(..from.len()) {
                to.copy_from_slice(from);
            }
        }
    }
    Pixels { width: (columns * width) as u32, height: (rows * height) as u32, alpha: false, data }
}

/// Below this variance a frame is black, white, or as good as.
const DULL: u64 = 40;

/// The variance of a frame's samples: nothing for a black one.
fn spread(frame: &[u8]) -> u64 {
    let samples: Vec<u64> = frame.iter().step_by(97).map(|value| u64::from(*value)).collect();
    let count = samples.len().max(1) as u64;
    let mean = samples.iter().sum::<u64>() / count;
    samples.iter().map(|value| value.abs_diff(mean).pow(2)).sum::<u64>() / count
}

/// The file exists already: the parent made it, and the walls allow no other.
fn write(number: usize, bytes: &[u8]) -> Result<(), Refusal> {
    use std::io::Write as _;
    let mut file = std::fs::OpenOptions::new().write(true).truncate(true).open(format!("out/file-{number}")).map_err(failed)?;
    file.write_all(bytes).map_err(failed)
}

/// As big as the biggest rendering, and upright. Turning after shrinking turns fewer pixels.
fn shrunk(pixels: &Pixels, full: (u32, u32), orientation: u8) -> Result<Pixels, Refusal> {
    let (width, height) = sizes(full).into_iter().next().unwrap_or(full);
    let (width, height) = if orientation >= 5 { (height, width) } else { (width, height) };
    pixels.resized(width, height)?.upright(orientation)
}

/// The renderings' sizes, the biggest first; there is always one.
fn sizes(full: (u32, u32)) -> Vec<(u32, u32)> {
    let own = Some(full.0).filter(|own| *own < WIDTHS[0]);
    let widths = own.into_iter().chain(WIDTHS.into_iter().filter(|width| *width <= full.0));
    let mut sizes: Vec<(u32, u32)> = widths
        .map(|width| {
            let height = scaled(full.1, width, full.0);
            if height > MOST_HEIGHT { (scaled(width, MOST_HEIGHT, height), MOST_HEIGHT) } else { (width, height) }
        })
        .collect();
    sizes.dedup();
    sizes
}

/// Writes every rendering of `pixels`, which have the biggest one's size already; gives the placeholder.
fn render(pixels: &Pixels, full: (u32, u32), role: FileRole, files: &mut Vec<MadeFile>) -> Result<Vec<u8>, Refusal> {
    let mut add = |format, pixels: &Pixels| {
        files.push(MadeFile { role, format, width: pixels.width, height: pixels.height });
        files.len() - 1
    };
    let biggest = add(PhotoFormat::Webp, pixels);
    std::thread::scope(|scope| {
        // The biggest WebP takes as long as all the others together.
        let encoding = scope.spawn(move || write(biggest, &pixels.webp(BIGGEST_WEBP_METHOD, WEBP_QUALITY)?));
        let mut smaller: Option<Pixels> = None;
        for (width, height) in sizes(full) {
            if (width, height) != (pixels.width, pixels.height) {
                let shrunk = smaller.as_ref().unwrap_or(pixels).resized(width, height)?;
                write(add(PhotoFormat::Webp, &shrunk), &shrunk.webp(WEBP_METHOD, WEBP_QUALITY)?)?;
                smaller = Some(shrunk);
            }
            let current = smaller.as_ref().unwrap_or(pixels);
            // JPEG cannot show what lies behind.
            if !current.alpha {
                write(add(PhotoFormat::Jpeg, current), &current.jpeg(JPEG_QUALITY, None)?)?;
            }
        }
        let thumbhash = smaller.as_ref().unwrap_or(pixels).thumbhash();
        encoding.join().map_err(|_| failed("the encoder panicked"))??;
        thumbhash
    })
}
