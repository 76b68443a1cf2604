//! HEIC as a phone writes it: a grid of tiles, turned by a property, with auxiliary pictures, a thumbnail, EXIF and XMP.
//! The tiles are ffmpeg's; the container is written here, because no tool of Debian's writes all of it.

use std::path::Path;

use domain::{MediaKind, Problem};

use crate::{ffmpeg, holds, made_of, refused, run, tags, work};

fn boxed(kind: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    [&u32::try_from(body.len() + 8).unwrap().to_be_bytes(), kind.as_slice(), &body].concat()
}

fn full(kind: &[u8; 4], version: u8, flags: u32, parts: &[&[u8]]) -> Vec<u8> {
    boxed(kind, &[&[&[version], &flags.to_be_bytes()[1..]].concat(), &parts.concat()])
}

fn after<'a>(bytes: &'a [u8], kind: &[u8; 4]) -> &'a [u8] {
    let at = bytes.windows(4).position(|word| word == kind).unwrap();
    let length = u32::from_be_bytes(bytes[at - 4..at].try_into().unwrap()) as usize;
    &bytes[at + 4..at - 4 + length]
}

/// One 64×64 picture of a colour: its decoder's settings, and its coded bytes.
fn tile(directory: &Path, colour: &str) -> (Vec<u8>, Vec<u8>) {
    let file = directory.join("tile.mp4");
    ffmpeg(
        &format!(
            "-f lavfi -i color={colour}:s=64x64 -frames:v 1 -pix_fmt yuv420p -c:v libx265 -x265-params log-level=none:info=0:crf=10 -tag:v hvc1 -f mp4"
        ),
        &file,
    );
    let bytes = std::fs::read(file).unwrap();
    (after(&bytes, b"hvcC").to_vec(), after(&bytes, b"mdat").to_vec())
}

/// 128×128 of four tiles (red, green / blue, white), cut to 120×100 and then turned: a quarter anticlockwise, `turn` times.
fn phone_photo(directory: &Path, turn: u8) -> Vec<u8> {
    let tiles = ["red", "0x00ff00", "blue", "white"].map(|colour| tile(directory, colour));
    let settings = boxed(b"hvcC", &[&tiles[0].0]);
    let exif = [&[0, 0, 0, 6], b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x0f\0\x02\0\0\0\x07\0\0\0\x1a\0\0\0\0".as_slice(), b"SECRET\0"].concat();
    let xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>SECRET</x:xmpmeta>".to_vec();
    let grid = [0_u8, 0, 1, 1, 0, 120, 0, 100].to_vec();
    // Items 1 to 4 are tiles, 5 the grid, 6 to 9 auxiliary, 10 the thumbnail, 11 EXIF, 12 XMP.
    let mut items: Vec<(u16, &[u8; 4], Vec<u8>)> = Vec::new();
    for (number, (_, data)) in (1..).zip(&tiles) {
        items.push((number, b"hvc1", data.clone()));
    }
    items.push((5, b"grid", grid));
    items.extend((6..=10).map(|number| (number, b"hvc1", tiles[3].1.clone())));
    items.push((11, b"Exif", exif));
    items.push((12, b"mime", xmp));

    let entries: Vec<u8> = items
        .iter()
        .flat_map(|(number, kind, _)| {
            let hidden = u32::from(*number != 5);
            let name: &[u8] = if **kind == *b"mime" { b"\0application/rdf+xml\0" } else { b"\0" };
            full(b"infe", 2, hidden, &[&number.to_be_bytes(), &[0, 0], kind.as_slice(), name])
        })
        .collect();
    let count = u16::try_from(items.len()).unwrap();
    let reference = |kind, from: u16, to: &[u16]| {
        let to: Vec<u8> = to.iter().flat_map(|number| number.to_be_bytes()).collect();
        boxed(kind, &[&from.to_be_bytes(), &u16::try_from(to.len() / 2).unwrap().to_be_bytes(), &to])
    };
    let mut references = reference(b"dimg", 5, &[1, 2, 3, 4]);
    (6..=9).for_each(|number| references.extend(reference(b"auxl", number, &[5])));
    references.extend(reference(b"thmb", 10, &[5]));
    references.extend(reference(b"cdsc", 11, &[5]));
    references.extend(reference(b"cdsc", 12, &[5]));

    let size = |width: u32, height: u32| full(b"ispe", 0, 0, &[&width.to_be_bytes(), &height.to_be_bytes()]);
    let properties = [
        settings,
        size(64, 64),
        size(120, 100),
        boxed(b"irot", &[&[turn]]),
        full(b"auxC", 0, 0, &[b"urn:com:apple:photo:2020:aux:hdrgainmap\0"]),
        full(b"pixi", 0, 0, &[&[3, 8, 8, 8]]),
    ]
    .concat();
    let mut associations = Vec::new();
    for number in 1..=10_u16 {
        let own: &[u8] = match number {
            5 => &[3, 6, 0x84],
            6..=9 => &[0x81, 2, 6, 5],
            _ => &[0x81, 2, 6],
        };
        associations.extend([&number.to_be_bytes(), [u8::try_from(own.len()).unwrap()].as_slice(), own].concat());
    }
    let properties = boxed(b"iprp", &[&boxed(b"ipco", &[&properties]), &full(b"ipma", 0, 0, &[&10_u32.to_be_bytes(), &associations])]);

    let build = |start: u32| {
        let mut at = start;
        let places: Vec<u8> = items
            .iter()
            .flat_map(|(number, _, data)| {
                let length = u32::try_from(data.len()).unwrap();
                let place = [&number.to_be_bytes(), [0, 0, 0, 1].as_slice(), &at.to_be_bytes(), &length.to_be_bytes()].concat();
                at += length;
                place
            })
            .collect();
        let meta = full(
            b"meta",
            0,
            0,
            &[
                &full(b"hdlr", 0, 0, &[&[0; 4], b"pict", &[0; 12], b"\0"]),
                &full(b"pitm", 0, 0, &[&[0, 5]]),
                &full(b"iinf", 0, 0, &[&count.to_be_bytes(), &entries]),
                &full(b"iref", 0, 0, &[&references]),
                &properties,
                &full(b"iloc", 0, 0, &[&[0x44, 0], &count.to_be_bytes(), &places]),
            ],
        );
        [boxed(b"ftyp", &[b"heic", &[0; 4], b"mif1heic"]), meta].concat()
    };
    let start = u32::try_from(build(0).len() + 8).unwrap();
    let data: Vec<u8> = items.iter().flat_map(|(_, _, data)| data.clone()).collect();
    [build(start), boxed(b"mdat", &[&data])].concat()
}

#[tokio::test]
async fn a_phones_heic_becomes_an_upright_jpeg_with_nothing_but_pixels() {
    // A quarter anticlockwise: the right column becomes the top row.
    for (turn, size, expected) in [(0, (120, 100), "RGBW"), (1, (100, 120), "GWRB"), (3, (100, 120), "BRWG")] {
        let work = work();
        let file = work.path().join("photo.heic");
        std::fs::write(&file, phone_photo(work.path(), turn)).unwrap();
        assert!(holds(&file, "SECRET"));
        assert!(tags(&file).contains(&"EXIF:Make SECRET".to_owned()), "{:?}", tags(&file));
        let prepared = made_of(work.path(), &file).await;
        assert_eq!((prepared.kind, prepared.width, prepared.height), (MediaKind::Photo, size.0, size.1));
        let original = prepared.files.first().unwrap();
        assert_eq!((original.name.as_str(), original.content_type), ("original.jpg", "image/jpeg"));
        for file in &prepared.files {
            crate::photos::check_nothing_identifies(&file.path);
        }
        let bytes = std::fs::read(&original.path).unwrap();
        let picture = turbojpeg::decompress(&bytes, turbojpeg::PixelFormat::RGB).unwrap();
        let picture = image::RgbImage::from_raw(size.0, size.1, picture.pixels).unwrap();
        assert_eq!(crate::photos::corners(&picture), expected);
        assert_eq!(crate::photos::corners(&crate::photos::decoded(&prepared, "image/webp")), expected);
    }
}

#[tokio::test]
async fn a_heic_cut_short_is_corrupt() {
    let work = work();
    let whole = phone_photo(work.path(), 0);
    for part in [40, 300, whole.len() / 2, whole.len() - 800] {
        std::fs::write(work.path().join("in/input"), &whole[..part]).unwrap();
        assert_eq!(refused(run(work.path()).await), Problem::Corrupt, "{part} of {}", whole.len());
    }
}
