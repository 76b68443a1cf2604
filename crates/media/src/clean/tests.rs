//! Small files with a secret in every place that could hold one, whole and damaged.
#![expect(clippy::indexing_slicing, clippy::cast_possible_truncation, clippy::arithmetic_side_effects, reason = "tests may fail loudly")]

use image::codecs::{gif::GifEncoder, png::PngEncoder};
use image::{Delay, ExtendedColorType, Frame, ImageEncoder as _, RgbaImage};

use super::*;

const SECRET: &[u8] = b"SECRET";

fn ramp(width: u32, height: u32) -> RgbaImage {
    RgbaImage::from_fn(width, height, |x, y| image::Rgba([(x * 5) as u8, (y * 7) as u8, (x * y) as u8, 255]))
}

/// A display profile as a calibrated screen has it: with names, and a tag of its maker's own.
fn profile() -> Vec<u8> {
    let mut bytes = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let count = u32::from_be_bytes(bytes[128..132].try_into().unwrap());
    // One more entry moves all data by twelve bytes.
    for entry in 0..count as usize {
        let at = 132 + entry * 12 + 4;
        let moved = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) + 12;
        bytes[at..at + 4].copy_from_slice(&moved.to_be_bytes());
    }
    let (end, total) = (132 + count as usize * 12, bytes.len() as u32 + 12);
    let entry = [b"mmod", total.to_be_bytes().as_slice(), &14_u32.to_be_bytes()].concat();
    bytes.splice(end..end, entry);
    bytes.extend_from_slice(b"mmod\0\0\0\0SECRET");
    bytes[128..132].copy_from_slice(&(count + 1).to_be_bytes());
    let size = bytes.len() as u32;
    bytes[..4].copy_from_slice(&size.to_be_bytes());
    bytes[48..54].copy_from_slice(SECRET);
    bytes
}

fn exif(orientation: u8) -> Vec<u8> {
    // Little-endian, with a second field that points at words.
    let mut tiff = b"II*\0\x08\0\0\0\x02\0\x0f\x01\x02\0\x06\0\0\0\x26\0\0\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    tiff.extend_from_slice(&[orientation, 0, 0, 0, 0, 0, 0, 0]);
    tiff.extend_from_slice(SECRET);
    tiff
}

fn jpeg_segment(marker: u8, data: &[u8]) -> Vec<u8> {
    [&[0xff, marker], (data.len() as u16 + 2).to_be_bytes().as_slice(), data].concat()
}

fn jpeg() -> Vec<u8> {
    let picture = ramp(40, 30);
    let pixels: Vec<u8> = picture.pixels().flat_map(|pixel| [pixel.0[0], pixel.0[1], pixel.0[2]]).collect();
    let view = turbojpeg::Image { pixels: pixels.as_slice(), width: 40, pitch: 120, height: 30, format: turbojpeg::PixelFormat::RGB };
    let plain = turbojpeg::compress(view, 90, turbojpeg::Subsamp::Sub2x2).unwrap();
    let mut bytes = b"\xff\xd8".to_vec();
    for (marker, data) in [
        (0xe1, [b"Exif\0\0", exif(6).as_slice()].concat()),
        (0xe1, b"http://ns.adobe.com/xap/1.0/\0SECRET".to_vec()),
        (0xe1, b"http://ns.adobe.com/xmp/extension/\0SECRET".to_vec()),
        (0xe2, b"MPF\0SECRET".to_vec()),
        (0xed, b"Photoshop 3.0\x008BIMSECRET".to_vec()),
        (0xee, b"Adobe\0\x64\0\0\0\0\x01SECRET".to_vec()),
        (0xe0, b"JFXX\0SECRET".to_vec()),
        (0xe4, SECRET.to_vec()),
        (0xef, SECRET.to_vec()),
        (0xfe, SECRET.to_vec()),
        (0xf0, SECRET.to_vec()),
    ] {
        bytes.extend(jpeg_segment(marker, &data));
        bytes.extend_from_slice(SECRET);
    }
    bytes.extend(icc_segments(&profile()));
    bytes.extend_from_slice(&plain[2..]);
    bytes.extend_from_slice(b"SECRET after the end \xff\xd8\xff\xd9");
    bytes
}

fn png_chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut sum = flate2::Crc::new();
    sum.update(kind);
    sum.update(data);
    [(data.len() as u32).to_be_bytes().as_slice(), kind, data, &sum.sum().to_be_bytes()].concat()
}

fn png(animated: bool) -> Vec<u8> {
    let mut plain = Vec::new();
    PngEncoder::new(&mut plain).write_image(&ramp(20, 10), 20, 10, ExtendedColorType::Rgba8).unwrap();
    let header = plain.windows(4).position(|word| word == b"IDAT").unwrap() - 4;
    let mut profile_chunk = flate2::write::ZlibEncoder::new(b"SECRET\0\0".to_vec(), flate2::Compression::fast());
    std::io::Write::write_all(&mut profile_chunk, &profile()).unwrap();
    let mut more = vec![
        png_chunk(b"iCCP", &profile_chunk.finish().unwrap()),
        png_chunk(b"eXIf", &exif(8)),
        png_chunk(b"tEXt", b"Author\0SECRET"),
        png_chunk(b"zTXt", b"Author\0\0SECRET"),
        png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0SECRET"),
        png_chunk(b"tIME", &[7, 234, 1, 1, 1, 1, 1]),
        png_chunk(b"prVt", SECRET),
        png_chunk(b"gAMA", b"\0\0\xb1\x8fSECRET"),
    ];
    let frame =
        |number: u8| [[0, 0, 0, number].as_slice(), &20_u32.to_be_bytes(), &10_u32.to_be_bytes(), &[0; 8], &[0, 1, 0, 2], &[0, 0]].concat();
    if animated {
        more.push(png_chunk(b"acTL", &[0, 0, 0, 9, 0, 0, 0, 0]));
        more.push(png_chunk(b"fcTL", &frame(0)));
    }
    let end = plain.len() - 12;
    let mut bytes = [&plain[..header], &more.concat(), &plain[header..end]].concat();
    if animated {
        bytes.extend(png_chunk(b"fcTL", &frame(1)));
        let data = &plain[header + 8..end - 4];
        bytes.extend(png_chunk(b"fdAT", &[&[0, 0, 0, 2], data].concat()));
    }
    bytes.extend_from_slice(&png_chunk(b"tEXt", b"Late\0SECRET"));
    bytes.extend_from_slice(&plain[end..]);
    bytes.extend_from_slice(SECRET);
    bytes
}

fn gif() -> Vec<u8> {
    let mut plain = Vec::new();
    let mut encoder = GifEncoder::new(&mut plain);
    for _ in 0..3 {
        encoder.encode_frame(Frame::from_parts(ramp(16, 12), 0, 0, Delay::from_numer_denom_ms(70, 1))).unwrap();
    }
    drop(encoder);
    let table = if plain[10] & 0x80 == 0 { 0 } else { 6 << (plain[10] & 7) };
    let (head, rest) = plain.split_at(13 + table);
    let hidden = [
        b"\x21\xfe\x06SECRET\0".as_slice(),
        b"\x21\xff\x0bXMP DataXMP\x06SECRET\0",
        b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\x06SECRET\0",
        b"\x21\x01\x0c\0\0\0\0\0\0\0\0\0\0\0\0\x06SECRET\0",
    ];
    [head, &hidden.concat(), rest, SECRET].concat()
}

fn webp_chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    [kind.as_slice(), &(data.len() as u32).to_le_bytes(), data, if data.len() & 1 == 1 { &[0] } else { &[] }].concat()
}

fn webp(animated: bool) -> Vec<u8> {
    let picture = ramp(24, 18);
    let plain = ::webp::Encoder::from_rgba(&picture, 24, 18).encode(70.0);
    let pixels = &plain[12..];
    let mut body = b"WEBP".to_vec();
    let flags = 0x20 | 0x08 | 0x04 | if animated { 2 } else { 0 };
    body.extend(webp_chunk(b"VP8X", &[flags, 0, 0, 0, 23, 0, 0, 17, 0, 0]));
    body.extend(webp_chunk(b"ICCP", &profile()));
    if animated {
        body.extend(webp_chunk(b"ANIM", &[0; 6]));
        for _ in 0..2 {
            let place = [0, 0, 0, 0, 0, 0, 23, 0, 0, 17, 0, 0, 40, 0, 0, 0];
            body.extend(webp_chunk(b"ANMF", &[place.as_slice(), pixels, &webp_chunk(b"prVt", SECRET)].concat()));
        }
    } else {
        body.extend_from_slice(pixels);
    }
    body.extend(webp_chunk(b"EXIF", &exif(3)));
    body.extend(webp_chunk(b"XMP ", SECRET));
    body.extend(webp_chunk(b"prVt", SECRET));
    [b"RIFF", (body.len() as u32).to_le_bytes().as_slice(), &body, SECRET].concat()
}

fn samples() -> [(PhotoFormat, Vec<u8>); 6] {
    use PhotoFormat::{Gif, Jpeg, Png, Webp};
    [(Jpeg, jpeg()), (Png, png(false)), (Png, png(true)), (Gif, gif()), (Webp, webp(false)), (Webp, webp(true))]
}

fn hides(bytes: &[u8]) -> bool {
    bytes.windows(SECRET.len()).any(|window| window == SECRET)
}

#[test]
fn no_secret_is_left_in_any_format_and_what_matters_is_read() {
    let facts: Vec<_> = samples()
        .into_iter()
        .map(|(format, input)| {
            assert!(hides(&input), "{format:?}");
            let cleaned = clean(format, &input).unwrap();
            assert!(!hides(&cleaned.bytes), "{format:?}");
            (format, cleaned.orientation, cleaned.frames, cleaned.duration_ms, cleaned.icc.is_some())
        })
        .collect();
    use PhotoFormat::{Gif, Jpeg, Png, Webp};
    let expected = [
        (Jpeg, 6, 1, 0, true),
        (Png, 8, 1, 0, true),
        (Png, 8, 2, 1000, true),
        (Gif, 1, 3, 210, false),
        (Webp, 3, 1, 0, true),
        (Webp, 3, 2, 80, true),
    ];
    assert_eq!(facts, expected);
}

#[test]
fn a_reduced_profile_gives_the_same_colours_and_no_words() {
    let original = profile();
    let reduced = reduced_icc(&original).unwrap();
    assert!(hides(&original) && !hides(&reduced));
    let colours = |icc: &[u8]| {
        let from = moxcms::ColorProfile::new_from_slice(icc).unwrap();
        let to = moxcms::ColorProfile::new_srgb();
        let rgb = moxcms::Layout::Rgb;
        let transform = from.create_transform_8bit(rgb, &to, rgb, moxcms::TransformOptions::default()).unwrap();
        let pixels: Vec<u8> = ramp(16, 16).pixels().flat_map(|pixel| [pixel.0[0], pixel.0[1], pixel.0[2]]).collect();
        let mut out = vec![0; pixels.len()];
        transform.transform(&pixels, &mut out).unwrap();
        out
    };
    assert_eq!(colours(&original), colours(&reduced));
    assert_eq!(reduced_icc(&reduced).unwrap(), reduced);
    assert_eq!(reduced_icc(b"no profile"), None);
    // A length that points behind the end, and one that is bigger than any profile.
    let mut lying = original.clone();
    lying[140..144].copy_from_slice(&u32::MAX.to_be_bytes());
    assert_eq!(reduced_icc(&lying), None);
    assert_eq!(reduced_icc(&[original, vec![0; 5 << 20]].concat()), None);
}

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most.max(1)
    }
}

#[test]
fn damaged_files_are_refused_or_stay_clean_and_small() {
    let mut dice = Dice(7);
    for (format, input) in samples() {
        for round in 0..600 {
            let mut damaged = input.clone();
            match round % 4 {
                0 => damaged.truncate(dice.below(input.len())),
                1 => {
                    let at = dice.below(input.len());
                    let end = at + dice.below(40).min(input.len() - at);
                    damaged.drain(at..end);
                }
                // Lengths most of all: a byte that is all ones, or none.
                2 => damaged[dice.below(input.len())] = if dice.below(2) == 0 { 0xff } else { 0 },
                _ => {
                    for _ in 0..=dice.below(4) {
                        let at = dice.below(input.len());
                        damaged[at] ^= 1 << dice.below(8);
                    }
                }
            }
            let Ok(cleaned) = clean(format, &damaged) else { continue };
            assert!(cleaned.bytes.len() <= damaged.len() + 2048, "{format:?} grew in round {round}");
            let again = clean(format, &cleaned.bytes).unwrap();
            assert_eq!(again.bytes, cleaned.bytes, "{format:?} is not clean after round {round}");
        }
    }
}

#[test]
fn a_picture_cut_anywhere_is_refused() {
    for (format, input) in samples() {
        let whole = input.len() - SECRET.len();
        let last = match format {
            PhotoFormat::Jpeg => input.windows(2).position(|pair| pair == b"\xff\xd9").unwrap(),
            // Only the last byte, which says nothing, may be missing.
            PhotoFormat::Gif => whole - 2,
            _ => whole - 1,
        };
        for end in 0..last {
            let taken = clean(format, &input[..end]).map(|cleaned| cleaned.frames);
            assert!(taken.is_err() || format == PhotoFormat::Gif, "{format:?} of {end} bytes");
        }
    }
}

#[test]
fn a_picture_of_very_many_scans_is_refused_before_it_is_decoded() {
    let plain = jpeg();
    let scan = plain.windows(2).rposition(|pair| pair == b"\xff\xda").unwrap();
    let end = plain[scan..].windows(2).position(|pair| pair == b"\xff\xd9").unwrap() + scan;
    let many = [&plain[..scan], &plain[scan..end].repeat(5000), b"\xff\xd9"].concat();
    assert_eq!(clean(PhotoFormat::Jpeg, &many).err(), Some(Problem::TooDemanding));
}

#[test]
fn kinds_of_jpeg_that_no_browser_shows_are_unsupported() {
    let plain = jpeg();
    let frame = plain.windows(2).position(|pair| pair == b"\xff\xc0").unwrap();
    for (at, value) in [(frame + 1, 0xc3), (frame + 1, 0xc9), (frame + 4, 12)] {
        let mut other = plain.clone();
        other[at] = value;
        assert_eq!(clean(PhotoFormat::Jpeg, &other).err(), Some(Problem::Unsupported));
    }
}

#[test]
fn a_broken_exif_block_does_not_stand_in_the_way() {
    for (tiff, orientation) in [
        (exif(5), 5),
        (exif(0), 1),
        (exif(9), 1),
        (Vec::new(), 1),
        (b"II*\0\xff\xff\xff\xff".to_vec(), 1),
        (b"MM\0*\0\0\0\x08\xff\xff".to_vec(), 1),
        (fresh_exif(7), 7),
    ] {
        assert_eq!(orientation_of(&tiff), orientation);
    }
}
