//! Cleaned bytes, and HEIC, become pixels. Sizes are checked before anything is allocated.
#![warn(clippy::indexing_slicing, clippy::cast_possible_truncation, clippy::arithmetic_side_effects)]

use std::io::Cursor;

use domain::Problem;
use image::ImageDecoder as _;

use crate::PhotoFormat;
use crate::clean::{self, Cleaned};
use crate::fingerprint::Grey;
use crate::photo::{Refusal, WIDTHS};
use crate::pixels::{Pixels, failed};

/// A decoded picture, not turned yet and in the colours of its profile.
pub(crate) struct Decoded {
    /// May be smaller than `full`, but never narrower than the widest rendering.
    pub(crate) pixels: Pixels,
    pub(crate) full: (u32, u32),
    /// So many by so many of its pixels are one of these.
    pub(crate) step: usize,
    pub(crate) icc: Option<Vec<u8>>,
}

fn corrupt(error: impl std::fmt::Display) -> Refusal {
    (Problem::Corrupt, error.to_string())
}

fn check_size(width: u32, height: u32, most: u64) -> Result<(), Refusal> {
    if width == 0 || height == 0 {
        return Err(corrupt("no size"));
    }
    if u64::from(width).saturating_mul(u64::from(height)) > most {
        return Err((Problem::TooManyPixels, format!("{width} × {height}")));
    }
    Ok(())
}

/// What libjpeg only warns of, and what leaves no pixel wrong. It has no codes that tell, so its words must.
const HARMLESS: &[&str] = &["extraneous bytes before marker", "Adobe color transform", "JFIF revision", "Invalid SOS parameters"];

/// As wide as the widest rendering, or wider.
pub(crate) fn jpeg(cleaned: &Cleaned, most: u64) -> Result<Decoded, Refusal> {
    // The decoder can halve for nearly nothing: as far as the widest rendering's columns remain.
    halved(cleaned, most, |width, height| {
        let upright = if cleaned.orientation >= 5 { height } else { width };
        [8, 4, 2].into_iter().find(|step| upright.div_ceil(*step) >= WIDTHS[0] as usize).unwrap_or(1)
    })
}

/// A JPEG of which as many by as many pixels have become one as `step` says for its width and height: 1, 2, 4 or 8.
fn halved(cleaned: &Cleaned, most: u64, step: impl FnOnce(usize, usize) -> usize) -> Result<Decoded, Refusal> {
    let mut decoder = turbojpeg::Decompressor::new().map_err(failed)?;
    let header = decoder.read_header(&cleaned.bytes).map_err(corrupt)?;
    let full = (u32::try_from(header.width).map_err(corrupt)?, u32::try_from(header.height).map_err(corrupt)?);
    check_size(full.0, full.1, most)?;
    let cmyk = matches!(header.colorspace, turbojpeg::Colorspace::CMYK | turbojpeg::Colorspace::YCCK);
    // The hashes are made of the same pixels: ink is not decoded twice.
    let step = if cmyk { 1 } else { step(header.width, header.height) };
    let factor = turbojpeg::ScalingFactor::new(1, step);
    decoder.set_scaling_factor(factor).map_err(failed)?;
    let (width, height) = (factor.scale(header.width), factor.scale(header.height));
    let (format, depth) = if cmyk { (turbojpeg::PixelFormat::CMYK, 4) } else { (turbojpeg::PixelFormat::RGB, 3) };
    let pitch = width.saturating_mul(depth);
    let mut data = vec![0; pitch.saturating_mul(height)];
    let picture = turbojpeg::Image { pixels: data.as_mut_slice(), width, pitch, height, format };
    match decoder.decompress(&cleaned.bytes, picture) {
        Err(error) if !HARMLESS.iter().any(|words| error.to_string().contains(words)) => return Err(corrupt(error)),
        _ => {}
    }
    let (width, height) = (u32::try_from(width).map_err(failed)?, u32::try_from(height).map_err(failed)?);
    Ok(if cmyk {
        Decoded { pixels: Pixels::from_cmyk(width, height, data, cleaned.icc.as_deref()), full, step, icc: None }
    } else {
        Decoded { pixels: Pixels { width, height, alpha: false, data }, full, step, icc: cleaned.icc.clone() }
    })
}

/// The brightness of a picture, which is all that its hashes need, and its full size. It is of the colours, not what a JPEG says of
/// brightness, because that may be brighter than white: others hash what they see. Of a large JPEG means of 4 by 4 pixels do, which the
/// decoder gives for less.
pub(crate) fn grey(format: PhotoFormat, cleaned: &Cleaned, most: u64) -> Result<((u32, u32), Grey), Refusal> {
    let decoded = match format {
        PhotoFormat::Jpeg => halved(cleaned, most, likeness::pdq::coarsest)?,
        other => self::other(other, cleaned, most)?,
    };
    Ok((decoded.full, Grey::of(&decoded)))
}

/// PNG, GIF and WebP; of an animation the first picture.
pub(crate) fn other(format: PhotoFormat, cleaned: &Cleaned, most: u64) -> Result<Decoded, Refusal> {
    let format = match format {
        PhotoFormat::Png => image::ImageFormat::Png,
        PhotoFormat::Gif => image::ImageFormat::Gif,
        _ => image::ImageFormat::WebP,
    };
    let mut limits = image::Limits::default();
    limits.max_alloc = Some(most.saturating_mul(8));
    let mut reader = image::ImageReader::with_format(Cursor::new(cleaned.bytes.as_slice()), format);
    reader.limits(limits);
    let refused = |error: image::ImageError| match error {
        image::ImageError::Limits(_) => (Problem::TooManyPixels, error.to_string()),
        _ => corrupt(error),
    };
    let decoder = reader.into_decoder().map_err(refused)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height, most)?;
    let picture = image::DynamicImage::from_decoder(decoder).map_err(refused)?;
    let alpha = picture.color().has_alpha();
    let data = if alpha { picture.into_rgba8().into_raw() } else { picture.into_rgb8().into_raw() };
    let pixels = Pixels { width, height, alpha, data }.without_idle_alpha();
    Ok(Decoded { pixels, full: (width, height), step: 1, icc: cleaned.icc.clone() })
}

/// HEIC and HEIF. The library has turned the pixels already.
pub(crate) fn heif(input: &[u8], most: u64) -> Result<Decoded, Refusal> {
    let library = libheif_rs::LibHeif::new();
    let context = libheif_rs::HeifContext::read_from_bytes(input).map_err(corrupt)?;
    let handle = context.primary_image_handle().map_err(corrupt)?;
    check_size(handle.width(), handle.height(), most)?;
    let icc = match handle.color_profile_raw() {
        Some(profile) => clean::reduced_icc(&profile.data),
        None => handle.color_profile_nclx().and_then(|nclx| named_colours(&nclx)),
    };
    let alpha = handle.has_alpha_channel();
    let (chroma, depth) = if alpha { (libheif_rs::RgbChroma::Rgba, 4) } else { (libheif_rs::RgbChroma::Rgb, 3) };
    let decoded = library.decode(&handle, libheif_rs::ColorSpace::Rgb(chroma), None).map_err(corrupt)?;
    let plane = decoded.planes().interleaved.ok_or_else(|| corrupt("no pixels"))?;
    // What was declared was checked; what came out need not agree with it.
    check_size(plane.width, plane.height, most)?;
    let (columns, rows) = (usize::try_from(plane.width).map_err(failed)?, usize::try_from(plane.height).map_err(failed)?);
    let row = columns.saturating_mul(depth);
    let mut data = Vec::with_capacity(row.saturating_mul(rows));
    for line in plane.data.chunks(plane.stride.max(1)).take(rows) {
        data.extend_from_slice(line.get(..row).ok_or_else(|| corrupt("a row too short"))?);
    }
    let pixels = Pixels { width: plane.width, height: plane.height, alpha, data }.without_idle_alpha();
    Ok(Decoded { full: (plane.width, plane.height), pixels, step: 1, icc })
}

/// A profile for colours that are given by number (ITU-T H.273). sRGB needs none.
fn named_colours(nclx: &libheif_rs::ColorProfileNCLX) -> Option<Vec<u8>> {
    let mut profile = match nclx.color_primaries() {
        libheif_rs::ColorPrimaries::ITU_R_BT_2020_2_and_2100_0 => moxcms::ColorProfile::new_bt2020(),
        libheif_rs::ColorPrimaries::SMPTE_EG_432_1 => moxcms::ColorProfile::new_display_p3(),
        _ => return None,
    };
    // A picture with more light than a screen has (HLG) is made to be shown by the ordinary curve as well.
    profile.cicp = None;
    profile.encode().ok()
}
