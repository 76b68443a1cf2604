//! PDQ against what others computed, and on pictures that nobody should have to hash.

use likeness::pdq::{self, MIN_QUALITY, Readings, Rows, RowsError, Turn};
use likeness::{Channels, Hash, Pixels, RADIUS, Samples};

/// Width, height, quality and the hashes of the eight turns, by PyPI pdqhash 0.2.8 of the same pixels: what
/// `peers/pdqhash_table.py` prints.
const PEER: [(usize, usize, u8, [&str; 8]); 8] = [
    (
        5,
        5,
        100,
        [
            "ce73c3f0398c3d8e61d861d861d89e279e27c671ce73c7f0318c398e61d861d8",
            "94a59b266b5a64d9c4f1c4b594a56b5a2b4a9b2694a59b266b5a64d9c4f1d4b5",
            "9b26695a64d997a4348dcb72348d348dcb726cdb9b266b5a64d99324348dcb72",
            "c1f0318c3e0fce7391a46e1fc1f0c1f07e1f318cc1f0318c3e0fce7391a47e1f",
            "9b2697a564d968db348d348d348dcb72cb7293249b2697a564d96cdb348d348d",
            "94a564d96b5a9b26c4f13b4a94b5d4b53b4a64d994a564d96b5a9b26c4f12b4a",
            "ce733d0f318cc27161d89e2761d861d89e27398ece733d0f318cc67161d89e27",
            "c1f0ce733e0f318cb1a491f0c1f07e1f7e1fce73c1f0ce733e0f318c91a481e0",
        ],
    ),
    (
        5,
        700,
        100,
        [
            "348d3c0f3f0fb18ce1d861d869d869da6c5b695a695a69da69d8c1f0c3f0c1f0",
            "45525aaaaaada55536a5b5d575554a2aca4a5aaa55525aaaaaada55534a5b5d5",
            "61d896a56b5a9b26348dcb723c8dc370390ec3f03c0fc3f03c8d6b5a96a56b5a",
            "0007f050fff80fff63f81f7f2000e0809f1ff0000007f050fff80fff61f01f7f",
            "61d8695a6b5a64d9348d348d3c8d3c8f390e7c1f3c0f7c9f3c8d94a594a594a5",
            "5552a555aaad5aaa36ad4a2a7557b5d5ca5aa5555552a555aaad5aaa34a54a2a",
            "348dc3f03e0f4e7361d89e2769d896256c5b96a5695a962561d83e0fc1f03e0f",
            "18070ffffff8f00063f8e08020023f7f9f1f0fff00070ffffff8f00061f0e080",
        ],
    ),
    (
        34,
        42,
        100,
        [
            "0e074c3f9cff98f0318073c13303271f663f677ecc7c4e78cc706cf0cce06ce0",
            "657f13aa5a906b55a56ab4aad2a55a156956692a2daa24a934a5b4b5b795b2d5",
            "5b52e695c9aa325a64d5d96b26568db5336acdd49929c4d29925c65a99b5c64a",
            "302abb000fd5c1fff03f1e0087d0f0bf3c07cb8078ff8e0b71f01e1fe3c0187f",
            "5b52196ac9aacdad64f526946656724a336a322b99293b2d993539a599b539b5",
            "657fec555a8094aaa56a4b55d285a5ea69529ed525aadb5634a54b4ab6954d2a",
            "0e07b3c09cff670f31e08c3e7303d8e2663f9881ce7cb187cc70938fcce0931f",
            "302a44ff0fc53e00f03fe1ff87d00f403c07347f70ff71fc61f0e1e0e3c0e780",
        ],
    ),
    (
        64,
        64,
        100,
        [
            "4c0f987fb8ff31f033c06700670f661f463fce7ecc78cc70ccf0cce0cce0c8e0",
            "252ad2aa6a552d55b52ad2aa5a954b5569522d2a25aa24adb6b5b695b695b6d5",
            "195a32d5edaa9b5a6695cd2a325accb5136a64d4992d66da99a5664a99b5664a",
            "607f78003f0087ffe07f78000fc0e1ff3c0f878070ff8e07e3e01c3fe3c01c7f",
            "195acd2aedaa64a5669532d5325a334a136a9b2b992d992599a599b599b599b5",
            "352a2d556a55d2aab52a2d555a95b4aa695ad2d525aadb52b6b5496ab695492a",
            "4c0f6780b8ff4e0f33c0987f670f99e0463f3181cc78338fcc70331fcce0331f",
            "607f87ff3f007800e07f87fe0fc01e00380f787f70ff71f8e3e0e3c0e3c0e380",
        ],
    ),
    (
        100,
        75,
        100,
        [
            "4e1f9c7f38ffb1e023c06700670f661f6c3fce7e4c38cc70ccf0cce0cce0c8e0",
            "050ad2aa6ad52551b5aa92abda154b55695a2d0a25aab4adb6b5b695b695b6d5",
            "1b4a36d56caa1b4a7695cd2a325accb53b6a64d4196d66da99a5764a99b5624a",
            "505f78003f8087fbe0ff38018f40c1ff3c0f87a070ff1e07e3e01c3fe3c01c7f",
            "1b4ac92a6caae4b5669532d5325a334a396a9b2b196d992599a589b599b59db5",
            "050a2d556ad5daaeb5aa6d54da9594aa695ad2f525aa4b52b6b5496ab695492a",
            "4e1f638038ff4e1f23c0987f670f99e06c3f31814c38338fccf0231fcce0371f",
            "505f87ff3f807000e0ffc7fe8f401e00380f785f70ffe1f8e3e0e3c0e3c0e380",
        ],
    ),
    (
        513,
        300,
        100,
        [
            "9c1f987f31fe33e023806700670f663f4e3fcc7ccc78ccf0ccf0cce0cce0d8e0",
            "952a52aa6a55a55495aad2a94ad56b556d4a252a24aab4a5b6b5b695b6d596d5",
            "c94a32d564ab994a76d5cdaa325acc951b6a66d6992d665a99a5664a99b5724a",
            "c07f78003f000ffec0ff78010f80c1ff381f8f8071ff1e07e3e01c3fe3803c7f",
            "894acd2a64ab64b576d53255325a336a1b6a9929992d99a599a599b599b58db5",
            "952aad556a555aab95aa2d544ad594aa6d4adad524aa4b52b6b5496ab6d5692a",
            "9c1f678031fecc1f238098ff670f99c04e3f3383cc78330fcce0331fc8e0271f",
            "c07f07ff3f00f001c0ff87fe1f803e00381f707f71ffe1f8e3e0e3c0e380c380",
        ],
    ),
    (
        640,
        641,
        100,
        [
            "9c1f987f31fc33e063806702660f4e3f4e3fcc7ccc78ccf0cce0cce0dce0d8e0",
            "952a5aaa6b55a55694aad2ab4ad569556d4a252a24aab4a5b6b5b69592d596d5",
            "c94a32d564a9994a36d5cda8335ae4959b6a66d6992d665a99b5664a8db5724a",
            "c07ff0003e000ffcc1ff78011f80c3ff381f8f8071fe1e0fe3e01c3fc3803c7f",
            "c94acd2a64a966b536d53255335a1b6a1b6a9929992d99a599b599b589b58d95",
            "95aaa5556b555aa994aa2d564ad596aa6d4adad524aa4b5ab6b5496a92d5692a",
            "9c1f678031fccc1f638098fd660fb1c04e3f3383cc78330fcce0331fdce0271f",
            "c07f0fff3e00f003c1ff87fe1f803c00381f707f71ffe1f0e3e0e3c0c780c380",
        ],
    ),
    (
        1600,
        1004,
        100,
        [
            "9c1f987f31fc33e063806702660f4e3f4e3fcc7ccc78ccf0cce0cce0dce0d8e0",
            "952a5aaa6b55a55694aad2ab4ad569556d4a252a24aab4a5b6b5b69592d596d5",
            "c94a32d564a9994a36d5cda8335aec959b6a66d6992d665a99b5664a89b5724a",
            "c07ff0003e000ffcc0ff78011f80c3ff381f8f8071ff1e0fe3e01c3fc3803c7f",
            "c94acd2a64a966b536d53255335a136a1b6a9929992d99a599b599b589b58db5",
            "95aaa5556b555aa995aa2d544ad596aa6d4adad524aa4b5ab6b5496a92d5692a",
            "9c1f678031fccc1f638098fd660fb1c04e3f3383cc78330fcce0331fdce0271f",
            "c07f0fff3e00f003c1ff87fe1f803c00381f707f71ffe1f0e3e0e3c0c780c380",
        ],
    ),
];

/// The picture of `peers/pdqhash_table.py`.
fn draw(width: usize, height: usize) -> Vec<u8> {
    let mut samples = Vec::with_capacity(width * height * 3);
    for y in 0..height {
        for x in 0..width {
            let (x, y) = (x * 256 / width, y * 256 / height);
            samples.extend((1..=3).map(|bend| ((x * x * 3 + y * y * 5 + x * y * bend) >> 7) as u8));
        }
    }
    samples
}

/// A picture whose parts all differ, and whose turns do.
fn scene(width: usize, height: usize) -> Vec<u8> {
    let mut samples = vec![0; width * height];
    for (i, sample) in samples.iter_mut().enumerate() {
        let (x, y) = ((i % width) as f64 / width as f64, (i / width) as f64 / height as f64);
        let spot = |at: (f64, f64), size: f64| (-((x - at.0).powi(2) + (y - at.1).powi(2)) / size).exp();
        let waves = (17.0 * x * x + 5.0 * y).sin() * 40.0 + (9.0 * y * y + 3.0 * x).cos() * 30.0;
        *sample = (110.0 + waves + 90.0 * spot((0.2, 0.3), 0.01) - 90.0 * spot((0.7, 0.6), 0.02) + 60.0 * spot((0.8, 0.1), 0.004)) as u8;
    }
    samples
}

fn turned(samples: &[u8], width: usize, height: usize, turn: Turn) -> (Vec<u8>, usize, usize) {
    let mut picture = (samples.to_vec(), width, height);
    let (mirrored, quarters) = match turn {
        Turn::None => (false, 0),
        Turn::Turned90 => (false, 1),
        Turn::Turned180 => (false, 2),
        Turn::Turned270 => (false, 3),
        Turn::Mirrored => (true, 0),
        Turn::Mirrored90 => (true, 1),
        Turn::Mirrored180 => (true, 2),
        Turn::Mirrored270 => (true, 3),
    };
    if mirrored {
        picture.0.chunks_exact_mut(width).for_each(<[u8]>::reverse);
    }
    for _ in 0..quarters {
        let (from, width, height) = picture;
        let clockwise = (0..width * height).map(|i| from[(height - 1 - i % height) * width + i / height]).collect();
        picture = (clockwise, height, width);
    }
    picture
}

fn hash(text: &str) -> Hash {
    text.parse().expect("a hash")
}

#[test]
fn the_hash_and_its_turns_are_those_of_another_program() {
    for (width, height, quality, hashes) in PEER {
        let samples = draw(width, height);
        let spectrum = pdq::spectrum(&Pixels::rgb8(&samples, width, height).expect("a picture"));
        assert_eq!(spectrum.quality(), quality, "{width} by {height}");
        for (turn, text) in Turn::ALL.into_iter().zip(hashes) {
            assert_eq!(spectrum.turned(turn).hash.to_string(), text, "{width} by {height}, {turn:?}");
        }
    }
}

#[test]
fn alpha_stride_and_rows_one_by_one_change_nothing() {
    let (width, height, quality, hashes) = PEER[5];
    let samples = draw(width, height);
    let mut alpha = Vec::new();
    let mut gaps = Vec::new();
    let mut wide = Vec::new();
    let mut rows = Rows::new(width, height, Channels::Rgb);
    for row in samples.chunks_exact(width * 3) {
        alpha.extend(row.chunks_exact(3).flat_map(|pixel| [pixel[0], pixel[1], pixel[2], pixel[0]]));
        gaps.extend_from_slice(row);
        gaps.extend_from_slice(&[9; 11]);
        wide.extend(row.iter().map(|sample| u16::from_be_bytes([*sample, 0x55])));
        rows.push(row).expect("a row");
    }
    let expected = pdq::Pdq { hash: hash(hashes[0]), quality };
    assert_eq!(pdq::hash(&Pixels::rgba8(&alpha, width, height).expect("a picture")), expected);
    let gaps = Pixels::new(Samples::Eight(&gaps), Channels::Rgb, width, height, width * 3 + 11).expect("a picture");
    assert_eq!(pdq::hash(&gaps), expected);
    let wide = Pixels::new(Samples::Sixteen(&wide), Channels::Rgb, width, height, width * 3).expect("a picture");
    assert_eq!(pdq::hash(&wide), expected);
    assert_eq!(rows.finish().expect("all rows").pdq(), expected);
}

#[test]
fn a_turn_of_the_spectrum_is_near_the_hash_of_the_turned_pixels() {
    let samples = scene(400, 300);
    let spectrum = pdq::spectrum(&Pixels::luma8(&samples, 400, 300).expect("a picture"));
    for turn in Turn::ALL {
        let (pixels, width, height) = turned(&samples, 400, 300, turn);
        let direct = pdq::hash(&Pixels::luma8(&pixels, width, height).expect("a picture"));
        let distance = direct.hash.distance(spectrum.turned(turn).hash);
        assert!(distance <= 10, "{turn:?}: {distance}");
        for other in Turn::ALL.into_iter().filter(|other| *other != turn) {
            assert!(direct.hash.distance(spectrum.turned(other).hash) > RADIUS, "{turn:?} looks like {other:?}");
        }
    }
}

#[test]
fn readings_see_through_a_mirror_a_frame_and_a_caption() {
    let (width, height) = (600, 450);
    let samples = scene(width, height);
    let known = pdq::hash(&Pixels::luma8(&samples, width, height).expect("a picture")).hash;
    let find = |pixels: &[u8], width: usize, height: usize| {
        let readings = Readings::of(&Pixels::luma8(pixels, width, height).expect("a picture"));
        let best = readings.all().iter().min_by_key(|reading| reading.pdq.hash.distance(known)).copied().expect("a reading");
        assert!(best.pdq.hash.distance(known) <= RADIUS, "{} is {} away", best.name(), best.pdq.hash.distance(known));
        best.name()
    };
    assert_eq!(find(&samples, width, height), "pdq");
    let (mirror, ..) = turned(&samples, width, height, Turn::Mirrored);
    assert_eq!(find(&mirror, width, height), "pdq-mirror");
    let (quarter, w, h) = turned(&samples, width, height, Turn::Turned90);
    assert_eq!(find(&quarter, w, h), "pdq-turned-270");

    let framed = |above: usize, side: usize, fill: &dyn Fn(usize, usize) -> u8| -> Vec<u8> {
        let wide = width + 2 * side;
        (0..wide * (height + 2 * above))
            .map(|i| {
                let (x, y) = (i % wide, i / wide);
                let inside = (side..side + width).contains(&x) && (above..above + height).contains(&y);
                if inside { samples[(y - above) * width + x - side] } else { fill(x, y) }
            })
            .collect()
    };
    assert_eq!(find(&framed(80, 60, &|_, _| 245), width + 120, height + 160), "pdq-trimmed");
    let words = |x: usize, y: usize| if (20..50).contains(&(y % 530)) && (100..500).contains(&x) && x % 9 < 4 { 10 } else { 250 };
    assert_eq!(find(&framed(80, 0, &words), width, height + 160), "pdq-uncaptioned");
}

#[test]
fn what_a_larger_file_is_to_the_field_is_read_too() {
    let (width, height, ..) = PEER[7];
    let samples = draw(width, height);
    let readings = Readings::of(&Pixels::rgb8(&samples, width, height).expect("a picture"));
    // The picture by its nearest pixels, made by another way and hashed as it is.
    let mut fit = Vec::new();
    for y in 0..512 {
        for x in 0..512 {
            fit.extend_from_slice(&samples[(y * height / 512 * width + x * width / 512) * 3..][..3]);
        }
    }
    let expected = pdq::hash(&Pixels::rgb8(&fit, 512, 512).expect("a picture"));
    let reading = readings.all().iter().find(|reading| reading.name() == "pdq-512").expect("the second reading");
    assert_eq!(reading.pdq, expected);
    assert_ne!(reading.pdq.hash, readings.canonical().hash);
}

#[test]
fn a_picture_with_nothing_in_it_has_quality_0_and_no_readings() {
    for (width, height) in [(1, 1), (1, 100_000), (100_000, 1), (4, 4), (4, 5000), (5, 100_000), (100_000, 5), (64, 64), (700, 700)] {
        for value in [0, 1, 127, 255] {
            let samples = vec![value; width * height];
            let pixels = Pixels::luma8(&samples, width, height).expect("a picture");
            assert_eq!(pdq::hash(&pixels).quality, 0, "{width} by {height}");
            assert!(Readings::of(&pixels).all().is_empty());
        }
    }
    let samples: Vec<u16> = (0..1_000_000).map(|i| if i % 2 == 0 { 0 } else { u16::MAX }).collect();
    let checks = Pixels::new(Samples::Sixteen(&samples), Channels::Luma, 1000, 1000, 1000).expect("a picture");
    assert!(pdq::hash(&checks).quality < MIN_QUALITY, "stripes finer than the averages are one grey");
}

#[test]
fn rows_that_are_not_the_pictures_are_refused() {
    let mut rows = Rows::new(10, 2, Channels::Luma);
    assert_eq!(rows.push(&[0; 9]), Err(RowsError::Width { need: 10, have: 9 }));
    rows.push(&[0; 10]).expect("a row");
    rows.push(&[0; 10]).expect("a row");
    assert_eq!(rows.push(&[0; 10]), Err(RowsError::TooMany));
    assert_eq!(Rows::new(10, 2, Channels::Luma).finish().err(), Some(RowsError::TooFew(2)));
}
