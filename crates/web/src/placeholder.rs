//! The blurred picture that stands in a photo's place until it has loaded, as a `data:` address.

use base64::Engine as _;

/// A PNG of at most 32 pixels made from a thumbhash; `None` if the hash does not read.
#[must_use]
pub(crate) fn data_url(thumbhash: &[u8]) -> Option<String> {
    // Behind a picture that is seen through it would stay in sight. The hash says so in its 24th bit (https://evanw.github.io/thumbhash).
    if thumbhash.get(2).is_some_and(|third| third & 0x80 != 0) {
        return None;
    }
    let (width, height, rgba) = thumbhash::thumb_hash_to_rgba(thumbhash).ok()?;
    let mut bytes = Vec::with_capacity(2_048);
    let mut encoder = png::Encoder::new(&mut bytes, u32::try_from(width).ok()?, u32::try_from(height).ok()?);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&rgba).ok()?;
    writer.finish().ok()?;
    Some(format!("data:image/png;base64,{}", base64::engine::general_purpose::STANDARD.encode(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_becomes_a_small_picture_and_rubbish_becomes_nothing() {
        let hash = thumbhash::rgba_to_thumb_hash(8, 8, &[120, 120, 120, 255].repeat(64));
        let url = data_url(&hash).expect("it reads");
        assert!(url.starts_with("data:image/png;base64,") && url.len() < 8_000, "{}", url.len());
        assert_eq!(data_url(&[]), None);
        let seen_through = thumbhash::rgba_to_thumb_hash(8, 8, &[120; 8 * 8 * 4]);
        assert_eq!(data_url(&seen_through), None);
    }
}
