//! Pixels in memory: shrunk, turned upright, brought to sRGB, and encoded.

use domain::Problem;
use fast_image_resize as fir;

use crate::clean;
use crate::photo::Refusal;

/// Interleaved RGB, or RGBA where something shows through.
pub(crate) struct Pixels {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) alpha: bool,
    pub(crate) data: Vec<u8>,
}

pub(crate) fn failed(error: impl std::fmt::Display) -> Refusal {
    (Problem::Failed, error.to_string())
}

/// `length · to / from`, rounded, at least 1.
pub(crate) fn scaled(length: u32, to: u32, from: u32) -> u32 {
    let from = u64::from(from.max(1));
    u32::try_from((u64::from(length) * u64::from(to) + from / 2) / from).unwrap_or(u32::MAX).max(1)
}

impl Pixels {
    pub(crate) fn resized(&self, width: u32, height: u32) -> Result<Self, Refusal> {
        let kind = if self.alpha { fir::PixelType::U8x4 } else { fir::PixelType::U8x3 };
        let from = fir::images::ImageRef::new(self.width, self.height, &self.data, kind).map_err(failed)?;
        let mut to = fir::images::Image::new(width, height, kind);
        let options = fir::ResizeOptions::new().resize_alg(fir::ResizeAlg::Convolution(fir::FilterType::CatmullRom));
        fir::Resizer::new().resize(&from, &mut to, &options).map_err(failed)?;
        Ok(Self { width, height, alpha: self.alpha, data: to.into_vec() })
    }

    /// Turned as EXIF's `orientation` says.
    pub(crate) fn upright(self, orientation: u8) -> Result<Self, Refusal> {
        let Some(turn) = image::metadata::Orientation::from_exif(orientation).filter(|_| orientation > 1) else { return Ok(self) };
        let size = || failed("a buffer of the wrong size");
        let mut picture = if self.alpha {
            image::DynamicImage::ImageRgba8(image::RgbaImage::from_raw(self.width, self.height, self.data).ok_or_else(size)?)
        } else {
            image::DynamicImage::ImageRgb8(image::RgbImage::from_raw(self.width, self.height, self.data).ok_or_else(size)?)
        };
        picture.apply_orientation(turn);
        Ok(Self { width: picture.width(), height: picture.height(), alpha: self.alpha, data: picture.into_bytes() })
    }

    /// Brings the colours of `icc` to sRGB, which is what a rendering without a profile is taken for.
    pub(crate) fn make_srgb(&mut self, icc: Option<&[u8]>) {
        // A profile that cannot be used is as good as none: browsers take it so too.
        let Some(profile) = icc.and_then(|icc| moxcms::ColorProfile::new_from_slice(icc).ok()) else { return };
        let (colours, own) = if self.alpha { (4, moxcms::Layout::Rgba) } else { (3, moxcms::Layout::Rgb) };
        let converted = match profile.color_space {
            moxcms::DataColorSpace::Rgb => convert(&profile, own, &self.data, own, colours),
            moxcms::DataColorSpace::Gray => {
                let gray: Vec<u8> = self.data.chunks_exact(colours).filter_map(|pixel| pixel.first()).copied().collect();
                convert(&profile, moxcms::Layout::Gray, &gray, moxcms::Layout::Rgb, 3).map(|rgb| {
                    let mut data = std::mem::take(&mut self.data);
                    for (pixel, rgb) in data.chunks_exact_mut(colours).zip(rgb.as_chunks::<3>().0) {
                        pixel.iter_mut().zip(rgb).for_each(|(to, from)| *to = *from);
                    }
                    data
                })
            }
            _ => None,
        };
        if let Some(converted) = converted {
            self.data = converted;
        }
    }

    /// From Adobe's CMYK, in which 255 is no ink.
    pub(crate) fn from_cmyk(width: u32, height: u32, mut data: Vec<u8>, icc: Option<&[u8]>) -> Self {
        let profile = icc.and_then(|icc| moxcms::ColorProfile::new_from_slice(icc).ok());
        let managed = profile.filter(|profile| profile.color_space == moxcms::DataColorSpace::Cmyk).and_then(|profile| {
            data.iter_mut().for_each(|ink| *ink = 255 - *ink);
            let rgb = convert(&profile, moxcms::Layout::Rgba, &data, moxcms::Layout::Rgb, 3);
            data.iter_mut().for_each(|ink| *ink = 255 - *ink);
            rgb
        });
        let rgb = managed.unwrap_or_else(|| {
            let product = |ink: u8, black: u8| u8::try_from(u16::from(ink) * u16::from(black) / 255).unwrap_or(255);
            data.as_chunks().0.iter().flat_map(|[c, m, y, k]| [product(*c, *k), product(*m, *k), product(*y, *k)]).collect()
        });
        Self { width, height, alpha: false, data: rgb }
    }

    /// Without the alpha channel, if nothing shows through.
    pub(crate) fn without_idle_alpha(self) -> Self {
        if !self.alpha || self.data.as_chunks::<4>().0.iter().any(|[_, _, _, alpha]| *alpha < 255) {
            return self;
        }
        let data = self.data.as_chunks().0.iter().flat_map(|[r, g, b, _]: &[u8; 4]| [*r, *g, *b]).collect();
        Self { alpha: false, data, ..self }
    }

    pub(crate) fn webp(&self, method: i32, quality: f32) -> Result<webp::WebPMemory, Refusal> {
        let encoder = if self.alpha {
            webp::Encoder::from_rgba(&self.data, self.width, self.height)
        } else {
            webp::Encoder::from_rgb(&self.data, self.width, self.height)
        };
        let mut config = webp::WebPConfig::new().map_err(|()| failed("no WebP settings"))?;
        (config.method, config.quality) = (method, quality);
        encoder.encode_advanced(&config).map_err(|error| failed(format!("{error:?}")))
    }

    pub(crate) fn jpeg(&self, quality: i32, icc: Option<&[u8]>) -> Result<Vec<u8>, Refusal> {
        let (width, height) = (self.width as usize, self.height as usize);
        let picture =
            turbojpeg::Image { pixels: self.data.as_slice(), width, pitch: width * 3, height, format: turbojpeg::PixelFormat::RGB };
        let bytes = turbojpeg::compress(picture, quality, turbojpeg::Subsamp::Sub2x2).map_err(failed)?;
        Ok(match (icc, bytes.split_at_checked(2)) {
            (Some(icc), Some((start, rest))) => [start, &clean::icc_segments(icc), rest].concat(),
            _ => bytes.to_vec(),
        })
    }

    pub(crate) fn thumbhash(&self) -> Result<Vec<u8>, Refusal> {
        let longest = self.width.max(self.height);
        let most = longest.min(100);
        let small = self.resized(scaled(self.width, most, longest), scaled(self.height, most, longest))?;
        let rgba = if small.alpha {
            small.data
        } else {
            small.data.as_chunks().0.iter().flat_map(|[r, g, b]: &[u8; 3]| [*r, *g, *b, 255]).collect()
        };
        Ok(thumbhash::rgba_to_thumb_hash(small.width as usize, small.height as usize, &rgba))
    }
}

fn convert(profile: &moxcms::ColorProfile, from: moxcms::Layout, data: &[u8], to: moxcms::Layout, channels: usize) -> Option<Vec<u8>> {
    let srgb = moxcms::ColorProfile::new_srgb();
    let transform = profile.create_transform_8bit(from, &srgb, to, moxcms::TransformOptions::default()).ok()?;
    let mut converted = vec![0; data.len() / from.channels() * channels];
    transform.transform(data, &mut converted).ok()?;
    Some(converted)
}
