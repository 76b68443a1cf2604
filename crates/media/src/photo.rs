//! A picture: cleaned, and rendered for screens, from one decode.

use std::path::Path;
use std::time::Duration;

use domain::{FileRole, Limits, MediaKind, Problem};
use fast_image_resize as fir;
use image::ImageDecoder as _;
use serde::{Deserialize, Serialize};

use crate::child::Task;
use crate::sandbox::{Error, Failure, Sandbox};
use crate::{PhotoFormat, Prepared, PreparedFile, clean};

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
    pub(crate) thumbhash: Vec<u8>,
    pub(crate) files: Vec<MadeFile>,
}

/// One file that the child made.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct MadeFile {
    role: FileRole,
    format: PhotoFormat,
    width: u32,
    height: u32,
}

type Refusal = (Problem, String);

const WIDTHS: [u32; 3] = [1600, 800, 400];
/// An original and two formats in three widths and the picture's own.
const MOST_FILES: usize = 9;

pub(crate) fn slots() -> Vec<String> {
    (0..MOST_FILES).map(|number| format!("file-{number}")).collect()
}

/// The parent's side.
pub(crate) async fn prepare(sandbox: &Sandbox, limits: &Limits, work: &Path, format: PhotoFormat) -> Result<Prepared, Failure> {
    let job = Job { format, pixels: limits.pixels, frames: limits.frames };
    // No rendering is larger than this, and a cleaned original hardly larger than it was: a decoder gone wild cannot fill the disk.
    let most = std::fs::metadata(work.join("in/input"))?.len().saturating_add(1 << 20).max(1 << 28);
    let ended = sandbox.run(work, Task::Photo(job), &slots(), Duration::from_secs(60), most, |_| {}).await?;
    collect(work, ended)
}

/// Gives the child's files their names. The child chose none of them.
pub(crate) fn collect(work: &Path, ended: crate::sandbox::Ended) -> Result<Prepared, Failure> {
    if !ended.success {
        return Err(Failure::Refused(Problem::Corrupt, ended.stderr));
    }
    let answer: Answer = serde_json::from_slice(&ended.stdout).map_err(|error| Error::Child(error.to_string()))?;
    let made = match answer {
        Answer::Refused(problem, reason) => return Err(Failure::Refused(problem, reason)),
        Answer::Made(made) => made,
    };
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
        };
        let path = work.join("out").join(&name);
        std::fs::rename(work.join("out").join(format!("file-{number}")), &path)?;
        files.push(PreparedFile { role: file.role, name, content_type, path, width: file.width, height: file.height });
    }
    let kind = if made.animation { MediaKind::Animation } else { MediaKind::Photo };
    Ok(Prepared { kind, width: made.width, height: made.height, duration_ms: None, thumbhash: Some(made.thumbhash), files })
}

/// The child's side, for a picture.
pub(crate) fn make(job: &Job) -> Answer {
    try_make(job).map_or_else(|(problem, reason)| Answer::Refused(problem, reason), Answer::Made)
}

/// The child's side, for the frames of a film.
pub(crate) fn make_poster(job: &FramesJob) -> Answer {
    let choose = || {
        let size = job.width as usize * job.height as usize * 3;
        let bytes = std::fs::read("out/frames").map_err(failed)?;
        // Neither black nor flat: the frame with the widest spread of brightness.
        let spread = |frame: &&[u8]| {
            let samples: Vec<u64> = frame.iter().step_by(97).map(|value| u64::from(*value)).collect();
            let count = samples.len().max(1) as u64;
            let mean = samples.iter().sum::<u64>() / count;
            samples.iter().map(|value| value.abs_diff(mean).pow(2)).sum::<u64>() / count
        };
        let frame = bytes.chunks_exact(size.max(1)).max_by_key(spread).ok_or((Problem::NoFrames, "no frame".to_owned()))?;
        let pixels = Pixels { width: job.width, height: job.height, alpha: false, data: frame.to_vec() };
        let mut files = Vec::new();
        let thumbhash = render(pixels, (job.width, job.height), FileRole::Poster, &mut files)?;
        Ok(Made { animation: false, width: job.width, height: job.height, thumbhash, files })
    };
    choose().map_or_else(|(problem, reason): Refusal| Answer::Refused(problem, reason), Answer::Made)
}

struct Pixels {
    width: u32,
    height: u32,
    alpha: bool,
    data: Vec<u8>,
}

impl Pixels {
    fn resized(&self, width: u32, height: u32) -> Result<Self, Refusal> {
        let kind = if self.alpha { fir::PixelType::U8x4 } else { fir::PixelType::U8x3 };
        let from = fir::images::ImageRef::new(self.width, self.height, &self.data, kind).map_err(failed)?;
        let mut to = fir::images::Image::new(width, height, kind);
        let options = fir::ResizeOptions::new().resize_alg(fir::ResizeAlg::Convolution(fir::FilterType::CatmullRom));
        fir::Resizer::new().resize(&from, &mut to, &options).map_err(failed)?;
        Ok(Self { width, height, alpha: self.alpha, data: to.into_vec() })
    }

    fn oriented(self, orientation: u8) -> Result<Self, Refusal> {
        let Some(turn) = image::metadata::Orientation::from_exif(orientation).filter(|_| orientation > 1) else { return Ok(self) };
        let size = || (Problem::Failed, "a buffer of the wrong size".to_owned());
        let mut picture = if self.alpha {
            image::DynamicImage::ImageRgba8(image::RgbaImage::from_raw(self.width, self.height, self.data).ok_or_else(size)?)
        } else {
            image::DynamicImage::ImageRgb8(image::RgbImage::from_raw(self.width, self.height, self.data).ok_or_else(size)?)
        };
        picture.apply_orientation(turn);
        Ok(Self { width: picture.width(), height: picture.height(), alpha: self.alpha, data: picture.into_bytes() })
    }

    fn make_srgb(&mut self, icc: Option<&[u8]>) {
        // A profile that cannot be read is as good as none: browsers take it so too.
        let Some(profile) = icc.and_then(|icc| moxcms::ColorProfile::new_from_slice(icc).ok()) else { return };
        let layout = if self.alpha { moxcms::Layout::Rgba } else { moxcms::Layout::Rgb };
        let srgb = moxcms::ColorProfile::new_srgb();
        let Ok(transform) = profile.create_transform_8bit(layout, &srgb, layout, moxcms::TransformOptions::default()) else { return };
        let mut converted = vec![0; self.data.len()];
        if transform.transform(&self.data, &mut converted).is_ok() {
            self.data = converted;
        }
    }

    fn write_jpeg(&self, path: &str, quality: i32, icc: Option<&[u8]>) -> Result<(), Refusal> {
        let (width, height) = (self.width as usize, self.height as usize);
        let picture =
            turbojpeg::Image { pixels: self.data.as_slice(), width, pitch: width * 3, height, format: turbojpeg::PixelFormat::RGB };
        let bytes = turbojpeg::compress(picture, quality, turbojpeg::Subsamp::Sub2x2).map_err(failed)?;
        match (icc, bytes.split_at_checked(2)) {
            (Some(icc), Some((start, rest))) => write(path, &[start, &clean::icc_segments(icc), rest].concat()),
            _ => write(path, &bytes),
        }
    }
}

fn failed(error: impl std::fmt::Display) -> Refusal {
    (Problem::Failed, error.to_string())
}

fn corrupt(error: impl std::fmt::Display) -> Refusal {
    (Problem::Corrupt, error.to_string())
}

/// The file exists already: the parent made it, and the walls allow no other.
fn write(path: &str, bytes: &[u8]) -> Result<(), Refusal> {
    use std::io::Write as _;
    let mut file = std::fs::OpenOptions::new().write(true).truncate(true).open(path).map_err(failed)?;
    file.write_all(bytes).map_err(failed)
}

fn try_make(job: &Job) -> Result<Made, Refusal> {
    let input = std::fs::read("in/input").map_err(failed)?;
    let mut files = Vec::new();
    if job.format == PhotoFormat::Heif {
        let (mut pixels, icc) = decode_heif(&input, job.pixels)?;
        let (width, height) = (pixels.width, pixels.height);
        pixels.write_jpeg("out/file-0", 92, icc.as_deref())?;
        files.push(MadeFile { role: FileRole::Original, format: PhotoFormat::Jpeg, width, height });
        pixels = shrink(pixels, width, 1)?;
        pixels.make_srgb(icc.as_deref());
        let thumbhash = render(pixels, (width, height), FileRole::Variant, &mut files)?;
        return Ok(Made { animation: false, width, height, thumbhash, files });
    }
    let cleaned = clean::clean(job.format, &input).ok_or((Problem::Corrupt, "its blocks do not add up".to_owned()))?;
    if cleaned.frames > job.frames {
        return Err((Problem::TooManyFrames, format!("{} frames", cleaned.frames)));
    }
    let animation = cleaned.frames > 1;
    let decoded = match job.format {
        PhotoFormat::Jpeg => decode_jpeg(&cleaned, job.pixels)?,
        format => decode_other(format, &cleaned.bytes, job.pixels)?,
    };
    let (pixels, full, icc) = decoded;
    let swapped = cleaned.orientation >= 5;
    let (width, height) = if swapped { (full.1, full.0) } else { full };
    write("out/file-0", &cleaned.bytes)?;
    files.push(MadeFile { role: FileRole::Original, format: job.format, width, height });
    let mut pixels = shrink(pixels, width, cleaned.orientation)?;
    pixels.make_srgb(icc.as_deref());
    let role = if animation { FileRole::Poster } else { FileRole::Variant };
    let thumbhash = render(pixels, (width, height), role, &mut files)?;
    Ok(Made { animation, width, height, thumbhash, files })
}

/// At most 1600 wide and upright. Turning after shrinking turns fewer pixels.
fn shrink(pixels: Pixels, upright_width: u32, orientation: u8) -> Result<Pixels, Refusal> {
    let swapped = orientation >= 5;
    let target = upright_width.min(WIDTHS[0]);
    let (across, along) = if swapped { (pixels.height, pixels.width) } else { (pixels.width, pixels.height) };
    let length = scaled(along, target, across);
    let (width, height) = if swapped { (length, target) } else { (target, length) };
    let same = (width, height) == (pixels.width, pixels.height);
    if same { pixels } else { pixels.resized(width, height)? }.oriented(orientation)
}

fn scaled(length: u32, to: u32, from: u32) -> u32 {
    let from = u64::from(from.max(1));
    u32::try_from((u64::from(length) * u64::from(to) + from / 2) / from).unwrap_or(u32::MAX).max(1)
}

/// Writes every rendering; gives the placeholder.
fn render(mut pixels: Pixels, full: (u32, u32), role: FileRole, files: &mut Vec<MadeFile>) -> Result<Vec<u8>, Refusal> {
    let mut widths: Vec<u32> = WIDTHS.into_iter().filter(|width| *width <= full.0).collect();
    if full.0 < WIDTHS[0] && !widths.contains(&full.0) {
        widths.insert(0, full.0);
    }
    for width in widths {
        let height = scaled(full.1, width, full.0);
        if (width, height) != (pixels.width, pixels.height) {
            pixels = pixels.resized(width, height)?;
        }
        if height > 16_383 {
            // WebP ends there.
            continue;
        }
        let encoder = if pixels.alpha {
            webp::Encoder::from_rgba(&pixels.data, width, height)
        } else {
            webp::Encoder::from_rgb(&pixels.data, width, height)
        };
        let mut config = webp::WebPConfig::new().map_err(|()| failed("no WebP settings"))?;
        (config.method, config.quality) = (2, 78.0);
        let bytes = encoder.encode_advanced(&config).map_err(|error| failed(format!("{error:?}")))?;
        write(&format!("out/file-{}", files.len()), &bytes)?;
        files.push(MadeFile { role, format: PhotoFormat::Webp, width, height });
        if !pixels.alpha {
            pixels.write_jpeg(&format!("out/file-{}", files.len()), 80, None)?;
            files.push(MadeFile { role, format: PhotoFormat::Jpeg, width, height });
        }
    }
    let longest = pixels.width.max(pixels.height);
    let small = pixels.resized(scaled(pixels.width, longest.min(100), longest), scaled(pixels.height, longest.min(100), longest))?;
    let rgba = if small.alpha { small.data } else { small.data.chunks_exact(3).flat_map(|rgb| [rgb[0], rgb[1], rgb[2], 255]).collect() };
    Ok(thumbhash::rgba_to_thumb_hash(small.width as usize, small.height as usize, &rgba))
}

type Decoded = (Pixels, (u32, u32), Option<Vec<u8>>);

fn check_size(width: u32, height: u32, most: u64) -> Result<(), Refusal> {
    if width == 0 || height == 0 {
        return Err(corrupt("no size"));
    }
    if u64::from(width) * u64::from(height) > most {
        return Err((Problem::TooManyPixels, format!("{width} × {height}")));
    }
    Ok(())
}

fn decode_jpeg(cleaned: &clean::Cleaned, most: u64) -> Result<Decoded, Refusal> {
    let mut decoder = turbojpeg::Decompressor::new().map_err(failed)?;
    // A small file of very many scans would otherwise decode for hours.
    decoder.set_scan_limit(100).map_err(failed)?;
    let header = decoder.read_header(&cleaned.bytes).map_err(corrupt)?;
    let full = (u32::try_from(header.width).map_err(corrupt)?, u32::try_from(header.height).map_err(corrupt)?);
    check_size(full.0, full.1, most)?;
    // The decoder can halve for nearly nothing: as far as 1600 upright columns remain.
    let upright = if cleaned.orientation >= 5 { header.height } else { header.width };
    let factor = [turbojpeg::ScalingFactor::ONE_QUARTER, turbojpeg::ScalingFactor::ONE_HALF]
        .into_iter()
        .find(|factor| factor.scale(upright) >= 1600 && !header.is_lossless)
        .unwrap_or(turbojpeg::ScalingFactor::ONE);
    decoder.set_scaling_factor(factor).map_err(failed)?;
    let (width, height) = (factor.scale(header.width), factor.scale(header.height));
    let cmyk = matches!(header.colorspace, turbojpeg::Colorspace::CMYK | turbojpeg::Colorspace::YCCK);
    let (format, depth) = if cmyk { (turbojpeg::PixelFormat::CMYK, 4) } else { (turbojpeg::PixelFormat::RGB, 3) };
    let mut data = vec![0; width * height * depth];
    decoder
        .decompress(&cleaned.bytes, turbojpeg::Image { pixels: data.as_mut_slice(), width, pitch: width * depth, height, format })
        .map_err(corrupt)?;
    if cmyk {
        // Adobe's CMYK is inverted: 255 is no ink.
        let product = |ink: u8, black: u8| u8::try_from(u16::from(ink) * u16::from(black) / 255).unwrap_or(255);
        data = data.chunks_exact(4).flat_map(|p| [product(p[0], p[3]), product(p[1], p[3]), product(p[2], p[3])]).collect();
    }
    let pixels =
        Pixels { width: u32::try_from(width).map_err(failed)?, height: u32::try_from(height).map_err(failed)?, alpha: false, data };
    Ok((pixels, full, cleaned.icc.clone().filter(|_| !cmyk)))
}

fn decode_other(format: PhotoFormat, bytes: &[u8], most: u64) -> Result<Decoded, Refusal> {
    let format = match format {
        PhotoFormat::Png => image::ImageFormat::Png,
        PhotoFormat::Gif => image::ImageFormat::Gif,
        _ => image::ImageFormat::WebP,
    };
    let mut limits = image::Limits::default();
    limits.max_alloc = Some(most.saturating_mul(8));
    let mut reader = image::ImageReader::with_format(std::io::Cursor::new(bytes), format);
    reader.limits(limits);
    let refused = |error: image::ImageError| match error {
        image::ImageError::Limits(_) => (Problem::TooManyPixels, error.to_string()),
        _ => corrupt(error),
    };
    let mut decoder = reader.into_decoder().map_err(refused)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height, most)?;
    let gray = !decoder.color_type().has_color();
    let icc = decoder.icc_profile().ok().flatten().filter(|_| !gray);
    let picture = image::DynamicImage::from_decoder(decoder).map_err(refused)?;
    let alpha = picture.color().has_alpha() && picture.to_rgba8().pixels().any(|pixel| pixel.0[3] < 255);
    let data = if alpha { picture.into_rgba8().into_raw() } else { picture.into_rgb8().into_raw() };
    Ok((Pixels { width, height, alpha, data }, (width, height), icc))
}

fn decode_heif(input: &[u8], most: u64) -> Result<(Pixels, Option<Vec<u8>>), Refusal> {
    let library = libheif_rs::LibHeif::new();
    let context = libheif_rs::HeifContext::read_from_bytes(input).map_err(corrupt)?;
    let handle = context.primary_image_handle().map_err(corrupt)?;
    check_size(handle.width(), handle.height(), most)?;
    let icc = handle.color_profile_raw().map(|profile| profile.data);
    let decoded = library.decode(&handle, libheif_rs::ColorSpace::Rgb(libheif_rs::RgbChroma::Rgb), None).map_err(corrupt)?;
    let plane = decoded.planes().interleaved.ok_or_else(|| corrupt("no pixels"))?;
    let row = plane.width as usize * 3;
    let data: Vec<u8> =
        plane.data.chunks(plane.stride).take(plane.height as usize).filter_map(|line| line.get(..row)).flatten().copied().collect();
    Ok((Pixels { width: plane.width, height: plane.height, alpha: false, data }, icc))
}
