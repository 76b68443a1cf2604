//! Photos and animations: nothing that identifies is left, no pixel is changed, and renderings are upright in right colours.

use std::path::Path;

use domain::{FileRole, MediaKind};
use image::RgbImage;
use media::Prepared;

use crate::{ffmpeg, holds, made_of, pictures, sample, tag, tags, work};

fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
    [&[0xff, marker], u16::try_from(data.len() + 2).unwrap().to_be_bytes().as_slice(), data].concat()
}

/// After the start and the JFIF segment.
fn insert(jpeg: &[u8], segments: &[Vec<u8>]) -> Vec<u8> {
    let at = if jpeg[3] == 0xe0 { 4 + usize::from(u16::from_be_bytes([jpeg[4], jpeg[5]])) } else { 2 };
    [&jpeg[..at], &segments.concat(), &jpeg[at..]].concat()
}

/// An EXIF block with an iPhone's maker note, by hand: exiftool copies maker notes, and makes none.
fn apple_exif() -> Vec<u8> {
    let note = [
        b"Apple iOS\0\0\x01MM\0\x01".as_slice(),
        &[0, 0x11, 0, 2, 0, 0, 0, 36, 0, 0, 0, 32, 0, 0, 0, 0],
        b"01234567-SECRET-CONTENT-IDENTIFIER0\0",
    ]
    .concat();
    let mut tiff = b"MM\0*\0\0\0\x08".to_vec();
    // IFD0 at 8: the maker, and where the second directory lies.
    tiff.extend_from_slice(&[0, 2, 1, 0x0f, 0, 2, 0, 0, 0, 6, 0, 0, 0, 56, 0x87, 0x69, 0, 4, 0, 0, 0, 1, 0, 0, 0, 38, 0, 0, 0, 0]);
    // The second at 38: the note.
    let length = u8::try_from(note.len()).unwrap();
    tiff.extend_from_slice(&[0, 1, 0x92, 0x7c, 0, 7, 0, 0, 0, length, 0, 0, 0, 62, 0, 0, 0, 0]);
    tiff.extend_from_slice(b"Apple\0");
    tiff.extend(note);
    [b"Exif\0\0", tiff.as_slice()].concat()
}

/// An index of two pictures, as phones write it (CIPA DC-007).
fn mpf() -> Vec<u8> {
    let mut data = b"MPF\0MM\0*\0\0\0\x08\0\x03".to_vec();
    data.extend_from_slice(&[0xb0, 0, 0, 7, 0, 0, 0, 4, b'0', b'1', b'0', b'0']);
    data.extend_from_slice(&[0xb0, 1, 0, 4, 0, 0, 0, 1, 0, 0, 0, 2]);
    data.extend_from_slice(&[0xb0, 2, 0, 7, 0, 0, 0, 32, 0, 0, 0, 50, 0, 0, 0, 0]);
    data.extend_from_slice(&[0; 32]);
    data
}

/// Whatever exiftool finds in a cleaned picture is about its pixels.
pub(crate) fn check_nothing_identifies(path: &Path) {
    let found = tags(path);
    let harmless = |tag: &String| {
        let (name, value) = tag.split_once(' ').unwrap_or((tag, ""));
        let (group, name) = name.split_once(':').unwrap();
        match group {
            "ExifTool" => name == "ExifToolVersion",
            "File" => name != "Comment",
            "JFIF" | "Composite" => !name.contains("GPS"),
            "EXIF" => name == "Orientation",
            "ICC_Profile" => match name {
                "ProfileDescription" => value == "RGB",
                "ProfileCopyright" => value == "-",
                "ProfileDateTime" => value.starts_with("2000:01:01"),
                "DeviceManufacturer" | "DeviceModel" | "ProfileCreator" | "ProfileCMMType" => value.is_empty(),
                "ProfileID" => value == "0",
                name => !matches!(name, "MakeAndModel" | "DeviceMfgDesc" | "DeviceModelDesc" | "VideoCardGamma"),
            },
            "PNG" => {
                matches!(name, "ImageWidth" | "ImageHeight" | "BitDepth" | "ColorType" | "Compression" | "Filter" | "Interlace" | "Palette")
                    || matches!(name, "Transparency" | "AnimationFrames" | "AnimationPlays" | "Gamma" | "SRGBRendering" | "PixelsPerUnitX")
                    || (name == "ProfileName" && value == "ICC")
            }
            "GIF" => name != "Comment",
            "RIFF" => true,
            "APP14" => matches!(name, "DCTEncodeVersion" | "APP14Flags0" | "APP14Flags1" | "ColorTransform"),
            _ => false,
        }
    };
    let left: Vec<&String> = found.iter().filter(|tag| !harmless(tag)).collect();
    assert!(left.is_empty(), "{}: {left:?}", path.display());
    assert!(!holds(path, "SECRET"), "{}", path.display());
}

pub(crate) fn decoded(prepared: &Prepared, content_type: &str) -> RgbImage {
    let file = prepared.files.iter().find(|file| file.role != FileRole::Original && file.content_type == content_type).unwrap();
    let bytes = std::fs::read(&file.path).unwrap();
    let picture: RgbImage = if content_type == "image/webp" {
        image::load_from_memory(&bytes).unwrap().into_rgb8()
    } else {
        let picture = turbojpeg::decompress(&bytes, turbojpeg::PixelFormat::RGB).unwrap();
        RgbImage::from_raw(picture.width.try_into().unwrap(), picture.height.try_into().unwrap(), picture.pixels).unwrap()
    };
    assert_eq!((picture.width(), picture.height()), (file.width, file.height), "{}", file.name);
    picture
}

#[track_caller]
fn check_near(found: [u8; 3], expected: [u8; 3]) {
    assert!(found.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 6), "{found:?} is not {expected:?}");
}

#[tokio::test]
async fn a_phone_photo_with_everything_in_it_comes_out_with_nothing() {
    let work = work();
    let (file, thumbnail, icc) = (work.path().join("photo.jpg"), work.path().join("thumbnail.jpg"), work.path().join("p3.icc"));
    sample("testsrc2=s=2000x1000 -frames:v 1 -pix_fmt yuvj420p", &file);
    sample("testsrc2=s=160x80 -frames:v 1", &thumbnail);
    let mut profile = moxcms::ColorProfile::new_display_p3();
    profile.description = Some(moxcms::ProfileText::PlainString("SECRET screen".to_owned()));
    std::fs::write(&icc, profile.encode().unwrap()).unwrap();
    let second = std::fs::read(&thumbnail).unwrap();
    let bytes = insert(&std::fs::read(&file).unwrap(), &[segment(0xe1, &apple_exif()), segment(0xe2, &mpf())]);
    std::fs::write(&file, [bytes, second, b"SECRET after the end".to_vec()].concat()).unwrap();
    let long = "SECRET words ".repeat(8000);
    tag(
        &file,
        &[
            "-Orientation#=6",
            "-Model=SECRET phone",
            "-GPSLatitude=52.1",
            "-GPSLatitudeRef=N",
            "-GPSLongitude=21",
            "-GPSLongitudeRef=E",
            "-DateTimeOriginal=2026:01:02 03:04:05",
            "-XMP:Creator=SECRET one",
            &format!("-XMP-dc:Description={long}"),
            "-IPTC:By-line=SECRET one",
            "-Comment=SECRET words",
            &format!("-ThumbnailImage<={}", thumbnail.display()),
            &format!("-ICC_Profile<={}", icc.display()),
        ],
    );
    let before = tags(&file).join("\n");
    for group in ["EXIF:GPSLatitude", "MakerNotes:", "XMP:", "IPTC:", "MPF:", "EXIF:ThumbnailImage", "File:Comment", "ICC_Profile:", "APP"]
    {
        assert!(before.contains(group) || group == "APP", "the sample has no {group}: {before}");
    }
    assert!(holds(&file, "http://ns.adobe.com/xmp/extension/"));

    let prepared = made_of(work.path(), &file).await;
    assert_eq!((prepared.kind, prepared.width, prepared.height, prepared.duration_ms), (MediaKind::Photo, 1000, 2000, None));
    let names: Vec<&str> = prepared.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["original.jpg", "1000.webp", "1000.jpg", "800.webp", "800.jpg", "400.webp", "400.jpg"]);
    for file in &prepared.files {
        check_nothing_identifies(&file.path);
    }
    let original = &prepared.files.first().unwrap().path;
    let left = tags(original);
    assert!(left.contains(&"EXIF:Orientation Rotate 90 CW".to_owned()), "{left:?}");
    assert!(left.iter().any(|tag| tag.starts_with("ICC_Profile:RedMatrixColumn")), "{left:?}");
    assert_eq!(pictures(original, "0:v"), pictures(&file, "0:v"));
}

/// Red, green, blue and white in the corners: top left, top right, bottom left, bottom right.
pub(crate) fn corners(picture: &RgbImage) -> String {
    let (right, bottom) = (picture.width() - 5, picture.height() - 5);
    [(4, 4), (right, 4), (4, bottom), (right, bottom)]
        .map(|(x, y)| match picture.get_pixel(x, y).0.map(|value| value > 128) {
            [true, false, false] => 'R',
            [false, true, false] => 'G',
            [false, false, true] => 'B',
            [true, true, true] => 'W',
            _ => '?',
        })
        .iter()
        .collect()
}

fn four_corners(path: &Path, more: &str) {
    let quarter = |colour: &str| format!("-f lavfi -i color={colour}:s=48x32");
    let inputs = ["red", "0x00ff00", "blue", "white"].map(quarter).join(" ");
    ffmpeg(&format!("{inputs} -filter_complex [0][1]hstack[a];[2][3]hstack[b];[a][b]vstack -frames:v 1 {more}"), path);
}

#[tokio::test]
async fn every_orientation_is_shown_upright_and_kept_in_the_download() {
    let upright = ["RGBW", "GRWB", "WBGR", "BWRG", "RBGW", "BRWG", "WGBR", "GWRB"];
    for (extension, more) in [("jpg", "-q:v 2"), ("png", "-pix_fmt rgb24"), ("webp", "-lossless 1")] {
        for (orientation, expected) in (1..=8).zip(upright) {
            if extension != "jpg" && orientation != 6 {
                continue;
            }
            let work = work();
            let file = work.path().join(format!("photo.{extension}"));
            four_corners(&file, more);
            tag(&file, &[&format!("-EXIF:Orientation#={orientation}")]);
            let prepared = made_of(work.path(), &file).await;
            let size = if orientation >= 5 { (64, 96) } else { (96, 64) };
            assert_eq!((prepared.width, prepared.height), size);
            assert_eq!(corners(&decoded(&prepared, "image/webp")), expected, "{extension} {orientation}");
            assert_eq!(corners(&decoded(&prepared, "image/jpeg")), expected, "{extension} {orientation}");
            let original = &prepared.files.first().unwrap().path;
            check_nothing_identifies(original);
            let kept = tags(original).iter().any(|tag| tag.starts_with("EXIF:Orientation"));
            assert_eq!(kept, orientation != 1, "{extension} {orientation}");
            assert_eq!(pictures(original, "0:v"), pictures(&file, "0:v"));
        }
    }
}

/// Display P3 to sRGB by the published matrices, independently of the library that is used.
fn srgb_of_p3(colour: [f64; 3]) -> [u8; 3] {
    let linear = colour.map(|value| {
        let value = value / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    });
    let rows = [[1.224_94, -0.224_94, 0.0], [-0.042_06, 1.042_06, 0.0], [-0.019_64, -0.078_64, 1.098_27]];
    rows.map(|row| {
        let value: f64 = row.iter().zip(linear).map(|(a, b)| a * b).sum::<f64>().clamp(0.0, 1.0);
        let curved = if value <= 0.003_130_8 { value * 12.92 } else { 1.055 * value.powf(1.0 / 2.4) - 0.055 };
        (curved * 255.0).round() as u8
    })
}

#[tokio::test]
async fn wide_colours_come_out_right_in_the_renderings() {
    for extension in ["jpg", "png", "webp"] {
        let work = work();
        let (file, icc) = (work.path().join(format!("photo.{extension}")), work.path().join("p3.icc"));
        sample("color=0xb46440:s=64x64,format=rgb24 -frames:v 1 -q:v 2", &file);
        std::fs::write(&icc, moxcms::ColorProfile::new_display_p3().encode().unwrap()).unwrap();
        tag(&file, &[&format!("-ICC_Profile<={}", icc.display())]);
        let prepared = made_of(work.path(), &file).await;
        let expected = srgb_of_p3([180.0, 100.0, 64.0]);
        assert!(expected[0] > 186, "the two spaces differ");
        check_near(decoded(&prepared, "image/webp").get_pixel(32, 32).0, expected);
        check_near(decoded(&prepared, "image/jpeg").get_pixel(32, 32).0, expected);
        check_nothing_identifies(&prepared.files.first().unwrap().path);
    }
}

#[tokio::test]
async fn printers_colours_and_slow_and_grey_jpegs_are_read() {
    let (width, height) = (64, 48);
    let encode = |pixels: &[u8], format: turbojpeg::PixelFormat, subsamp, progressive| {
        let mut compressor = turbojpeg::Compressor::new().unwrap();
        compressor.set_quality(95).unwrap();
        compressor.set_subsamp(subsamp).unwrap();
        compressor.set_progressive(progressive).unwrap();
        compressor.compress_to_vec(turbojpeg::Image { pixels, width, pitch: width * format.size(), height, format }).unwrap()
    };
    // Adobe's CMYK counts what is left of the light: no cyan, all magenta and yellow, some black.
    let ink = [255, 0, 0, 200].repeat(width * height);
    let orange = [230, 120, 10].repeat(width * height);
    for (bytes, expected) in [
        (encode(&ink, turbojpeg::PixelFormat::CMYK, turbojpeg::Subsamp::None, false), [200, 0, 0]),
        (encode(&orange, turbojpeg::PixelFormat::RGB, turbojpeg::Subsamp::Sub2x1, true), [230, 120, 10]),
        (encode(&[90].repeat(width * height), turbojpeg::PixelFormat::GRAY, turbojpeg::Subsamp::Gray, false), [90, 90, 90]),
    ] {
        let work = work();
        let file = work.path().join("photo.jpg");
        std::fs::write(&file, insert(&bytes, &[segment(0xfe, b"SECRET")])).unwrap();
        let prepared = made_of(work.path(), &file).await;
        check_near(decoded(&prepared, "image/jpeg").get_pixel(20, 20).0, expected);
        check_nothing_identifies(&prepared.files.first().unwrap().path);
        assert_eq!(pictures(&prepared.files.first().unwrap().path, "0:v"), pictures(&file, "0:v"));
    }
}

#[tokio::test]
async fn bytes_between_a_scan_and_the_end_do_no_harm() {
    let work = work();
    let file = work.path().join("photo.jpg");
    sample("testsrc2=s=64x48 -frames:v 1", &file);
    let mut bytes = std::fs::read(&file).unwrap();
    let end = bytes.len() - 2;
    bytes.splice(end..end, [0x55, 0x66, 0x77]);
    std::fs::write(&file, bytes).unwrap();
    let prepared = made_of(work.path(), &file).await;
    assert_eq!(prepared.files.len(), 3);
}

#[tokio::test]
async fn pictures_of_every_kind_keep_their_pixels_and_lose_their_words() {
    let words = ["-XMP:Creator=SECRET", "-EXIF:Artist=SECRET", "-EXIF:GPSLatitude=52.1", "-EXIF:GPSLatitudeRef=N"];
    let png = [words.as_slice(), &["-PNG:Author=SECRET", "-PNG:ModifyDate=2026:01:02 03:04:05"]].concat();
    let gif = ["-Comment=SECRET", "-XMP:Creator=SECRET"];
    let still = "testsrc2=s=96x64,format=rgba -frames:v 1";
    for (made, tagged, extension, kind) in [
        (format!("{still} -pix_fmt rgb24"), png.as_slice(), "png", MediaKind::Photo),
        (format!("{still} -pix_fmt rgb24 -flags +ildct"), &png, "png", MediaKind::Photo),
        (format!("{still} -pix_fmt pal8"), &png, "png", MediaKind::Photo),
        (format!("{still} -pix_fmt rgb48be"), &png, "png", MediaKind::Photo),
        (format!("{still} -pix_fmt ya8"), &png, "png", MediaKind::Photo),
        (format!("{still} -pix_fmt gray16be"), &png, "png", MediaKind::Photo),
        (format!("{still} -pix_fmt monob"), &png, "png", MediaKind::Photo),
        ("testsrc2=s=96x64:r=5:d=1 -f apng -plays 0".to_owned(), &png, "png", MediaKind::Animation),
        ("testsrc2=s=96x64:r=5:d=1".to_owned(), &gif, "gif", MediaKind::Animation),
        (still.to_owned(), &gif, "gif", MediaKind::Photo),
        (format!("{still} -lossless 0 -pix_fmt yuv420p"), &words, "webp", MediaKind::Photo),
        (format!("{still} -lossless 1"), &words, "webp", MediaKind::Photo),
        ("color=red@0.5:s=96x64,format=yuva420p -frames:v 1 -c:v libwebp".to_owned(), &words, "webp", MediaKind::Photo),
        ("testsrc2=s=96x64:r=5:d=1 -c:v libwebp_anim -loop 0".to_owned(), &words, "webp", MediaKind::Animation),
    ] {
        let work = work();
        let file = work.path().join(format!("picture.{extension}"));
        sample(&made, &file);
        let webp_animation = extension == "webp" && kind == MediaKind::Animation;
        // ffmpeg does not read these.
        let before = if webp_animation { String::new() } else { pictures(&file, "0:v") };
        tag(&file, tagged);
        assert!(holds(&file, "SECRET"), "{made}");
        let mut bytes = std::fs::read(&file).unwrap();
        bytes.extend_from_slice(b"SECRET after the end");
        std::fs::write(&file, bytes).unwrap();
        let prepared = made_of(work.path(), &file).await;
        assert_eq!((prepared.kind, prepared.width, prepared.height), (kind, 96, 64), "{made}");
        assert_eq!(prepared.duration_ms, (kind == MediaKind::Animation).then_some(1000), "{made}");
        assert!(prepared.thumbhash.as_ref().is_some_and(|hash| hash.len() > 4));
        for file in &prepared.files {
            check_nothing_identifies(&file.path);
        }
        let shown = if kind == MediaKind::Photo { FileRole::Variant } else { FileRole::Poster };
        assert!(prepared.files.iter().skip(1).all(|file| file.role == shown), "{made}");
        let original = &prepared.files.first().unwrap().path;
        if webp_animation {
            assert_eq!(frames(original), frames(&file));
        } else {
            assert_eq!(pictures(original, "0:v"), before, "{made}");
        }
    }
}

fn frames(path: &Path) -> Vec<Vec<u8>> {
    use image::AnimationDecoder as _;
    let file = std::io::BufReader::new(std::fs::File::open(path).unwrap());
    let decoder = image::codecs::webp::WebPDecoder::new(file).unwrap();
    let frames: Vec<Vec<u8>> = decoder.into_frames().map(|frame| frame.unwrap().into_buffer().into_raw()).collect();
    assert_eq!(frames.len(), 5);
    frames
}

#[tokio::test]
async fn what_shows_through_stays_so() {
    let work = work();
    let file = work.path().join("picture.png");
    sample("color=0x00ff00@0.25:s=40x40,format=rgba -frames:v 1", &file);
    let prepared = made_of(work.path(), &file).await;
    let names: Vec<&str> = prepared.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["original.png", "40.webp"], "JPEG cannot show it");
    let picture = image::open(&prepared.files.get(1).unwrap().path).unwrap().into_rgba8();
    assert!((60..=68).contains(&picture.get_pixel(20, 20).0[3]));
}

#[tokio::test]
async fn a_very_tall_picture_still_has_a_rendering() {
    let work = work();
    let file = work.path().join("picture.png");
    sample("color=gray:s=300x20000 -frames:v 1", &file);
    let prepared = made_of(work.path(), &file).await;
    assert_eq!((prepared.width, prepared.height), (300, 20000));
    let sizes: Vec<_> = prepared.files.iter().skip(1).map(|file| (file.width, file.height)).collect();
    assert_eq!(sizes, [(246, 16383), (246, 16383)]);
}
