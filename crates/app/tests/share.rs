//! What asking the banks costs of a photo's upload: measured, so not run with the others. `cargo xtask bench desk` prints it.

use std::time::Instant;

use anyhow::Result;
use app::NewItem;
use domain::{BankKind, Fingerprint, FingerprintKind, OnMatch};
use futures_util::{StreamExt as _, stream};
use likeness::keypoints::ASKED;
use likeness::{Features, Plane};
use testkit::TestSite;
use testkit::site::Part;
use tokio::task::spawn_blocking;

use super::holds::bank;

const HASHES: u64 = 1_000_000;
const PHOTOS: u32 = 10_000;
const ROUNDS: u32 = 15;
/// A telephone's photo of 12 megapixels.
const WIDTH: usize = 4032;
const HEIGHT: usize = 3024;

/// `SplitMix64`: the same numbers at each run, and nothing that repeats.
fn mixed(seed: u64) -> u64 {
    let mut bits = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}

/// Hills of all sizes under some roofs: as in a photo, what is twice as large stands out twice as much, and there are edges. No two are alike.
fn landscape(width: usize, height: usize, seed: u32) -> Vec<u8> {
    let unit = |bits: u64| (bits >> 40) as f32 / (1 << 24) as f32;
    let number = |octave: u64, x: usize, y: usize| unit(mixed(u64::from(seed) << 40 ^ octave << 34 ^ (x as u64) << 17 ^ y as u64));
    let mut hills = vec![0.0_f32; width * height];
    let (mut cell, mut octave) = (width / 2, 0);
    while cell >= 2 {
        let across = width / cell + 2;
        let corners: Vec<f32> = (0..across * (height / cell + 2)).map(|at| number(octave, at % across, at / across)).collect();
        let smooth: Vec<f32> = (0..cell).map(|at| at as f32 / cell as f32).map(|at| at * at * (3.0 - 2.0 * at)).collect();
        for (y, row) in hills.chunks_exact_mut(width).enumerate() {
            let upper = y / cell * across;
            for (left, hills) in row.chunks_mut(cell).enumerate() {
                let between = |one: f32, other: f32, at: f32| one + (other - one) * at;
                let down = |corner: usize| between(corners[upper + corner], corners[upper + across + corner], smooth[y % cell]);
                let (one, other) = (down(left), down(left + 1));
                for (hill, right) in hills.iter_mut().zip(&smooth) {
                    *hill += (between(one, other, *right) - 0.5) * cell as f32 / width as f32;
                }
            }
        }
        (cell, octave) = (cell / 2, octave + 1);
    }
    let mut luma: Vec<u8> = hills.iter().map(|hill| (128.0 + hill * 220.0).clamp(0.0, 255.0) as u8).collect();
    for roof in 0..24 {
        let part = |which: u64| unit(mixed(u64::from(seed) << 20 ^ roof << 8 ^ which));
        let side = |whole: usize, which| (part(which) * whole as f32 * 0.2) as usize + whole / 64;
        let (wide, high) = (side(width, 1), side(height, 2));
        let (left, top) = ((part(3) * (width - wide) as f32) as usize, (part(4) * (height - high) as f32) as usize);
        let by = (part(5) * 120.0) as i16 - 60;
        for row in luma.chunks_exact_mut(width).skip(top).take(high) {
            for sample in row.iter_mut().skip(left).take(wide) {
                *sample = (i16::from(*sample) + by).clamp(0, 255) as u8;
            }
        }
    }
    luma
}

/// The local features of a small photo, as they are kept.
fn features(seed: u32) -> Result<Vec<u8>> {
    let plane = Plane::new(512, 384, landscape(512, 384, seed))?;
    Ok(Features::of(&plane, ASKED).kept().to_bytes())
}

/// The photo as another file: a comment with a number in it, so that no site has it already.
fn numbered(jpeg: &[u8], number: u32) -> Vec<u8> {
    let comment = [&[0xff, 0xfe, 0, 6][..], &number.to_be_bytes()].concat();
    [&jpeg[..2], &comment, &jpeg[2..]].concat()
}

/// From the first byte of the form until everybody sees it.
async fn upload(site: &TestSite, jpeg: &[u8]) -> Result<f64> {
    let began = Instant::now();
    let (status, lines) = site.post(&[Part::File("kite.jpg", jpeg)]).await?;
    anyhow::ensure!(status == 201, "{lines:?}");
    site.run_jobs().await?;
    Ok(began.elapsed().as_secs_f64() * 1e3)
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_unstable_by(f64::total_cmp);
    all[all.len() / 2]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn asking_the_banks_is_a_small_part_of_an_upload() -> Result<()> {
    // In colour, as telephones write them.
    let rgb: Vec<u8> = landscape(WIDTH, HEIGHT, u32::MAX).iter().flat_map(|grey| [*grey, grey.saturating_add(9), grey / 2]).collect();
    let picture =
        turbojpeg::Image { pixels: rgb.as_slice(), width: WIDTH, pitch: 3 * WIDTH, height: HEIGHT, format: turbojpeg::PixelFormat::RGB };
    let jpeg = turbojpeg::compress(picture, 90, turbojpeg::Subsamp::Sub2x2)?;

    let plain = TestSite::new().await?;
    let hashes = TestSite::new().await?;
    let known = bank(&hashes, "hashes", BankKind::Live, OnMatch::Hold).await?;
    let mut import = hashes.site.begin_import(&known, "a list".to_owned()).await?;
    for number in 0..HASHES {
        let hash: Vec<u8> = (0..4).flat_map(|part| mixed(number << 2 | part).to_le_bytes()).collect();
        import.take(FingerprintKind::Hashes, &hash).await?;
    }
    import.finish(|_| {}).await?;

    let photos = TestSite::new().await?;
    let known = bank(&photos, "photos", BankKind::Live, OnMatch::Hold).await?;
    let began = Instant::now();
    let mut made = stream::iter(0..PHOTOS).map(|seed| spawn_blocking(move || (seed, features(seed)))).buffered(4);
    while let Some(made) = made.next().await {
        let (seed, bytes) = made?;
        let fingerprints = vec![Fingerprint { kind: FingerprintKind::Keypoints, version: media::VERSION_OF_KEYPOINTS, bytes: bytes? }];
        let known_by = media::Known { fingerprints, views: Vec::new() };
        photos.site.add_to_bank(&known, NewItem { label: format!("{seed}.jpg"), known: known_by }, |_| {}).await?;
    }
    println!("{PHOTOS} photos drawn and put into a bank one by one in {:.0} s", began.elapsed().as_secs_f64());

    let sites = [&plain, &hashes, &photos];
    for site in sites {
        // The banks are read, and programs are in memory.
        upload(site, &numbered(&jpeg, u32::MAX)).await?;
    }
    let mut took = [const { Vec::new() }; 3];
    for round in 0..ROUNDS {
        for (site, took) in sites.iter().zip(&mut took) {
            took.push(upload(site, &numbered(&jpeg, round)).await?);
        }
    }
    for site in sites {
        assert!(site.site.held().await?.is_empty(), "it is like nothing that is known");
    }
    let [without, by_hashes, by_photos] = took.map(median);
    let share = |with: f64| (with - without) / with * 100.0;
    println!(
        "a photo of 12 MP ({:.1} MB) is taken and prepared in {without:.0} ms; beside {HASHES} hashes in {by_hashes:.0} ms, of which asking is {:.1}%; beside \
         local features of {PHOTOS} photos in {by_photos:.0} ms, of which asking is {:.1}%",
        jpeg.len() as f64 / 1e6,
        share(by_hashes),
        share(by_photos)
    );
    Ok(())
}
