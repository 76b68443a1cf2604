//! Features of drawn scenes: their bits in a mirror and in a negative, storing, and pictures that have none.

use super::*;

/// Blobs of many sizes at places that a small generator draws.
pub(crate) fn scene(width: usize, height: usize, seed: u32) -> Plane {
    let mut state = seed;
    let mut draw = |most: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % most
    };
    let mut luma = vec![128_u8; width * height];
    for _ in 0..400 {
        let (x, y, w, h, tone) = (draw(width), draw(height), 4 + draw(40), 4 + draw(40), draw(256) as u8);
        for row in y..(y + h).min(height) {
            luma[row * width + x..row * width + (x + w).min(width)].fill(tone);
        }
    }
    Plane::new(width, height, luma).unwrap()
}

#[test]
fn a_mirror_and_a_negative_have_the_same_bits_in_another_order() {
    let plane = scene(320, 240, 5);
    let plain = Features::of(&plane, KEPT);
    let turns = binary::Turns::default();
    for (index, look) in Look::ALL.into_iter().enumerate() {
        let mut luma = plane.luma().to_vec();
        if look.mirror {
            luma.chunks_exact_mut(320).for_each(<[u8]>::reverse);
        }
        if look.negative {
            luma.iter_mut().for_each(|pixel| *pixel = 255 - *pixel);
        }
        let other = Features::of(&Plane::new(320, 240, luma).unwrap(), KEPT);
        let same = other.keypoints().iter().filter(|there| {
            let bits = turns.turned(there.bits, index);
            let x = if look.mirror { 319.0 - there.x } else { there.x };
            plain
                .keypoints()
                .iter()
                .any(|here| (here.x - x).abs() < 1.0 && (here.y - there.y).abs() < 1.0 && here.bits.distance(bits) <= 31)
        });
        let (same, all) = (same.count(), other.keypoints().len());
        // Not all: which places are chosen depends on where the parts of the surface begin, and drawn rectangles have many ties.
        assert!(all > 100 && same * 10 > all * 8, "{look:?}: {same} of {all}");
    }
}

#[test]
fn what_is_stored_is_read_again_and_nothing_else_is() {
    let features = Features::of(&scene(512, 300, 7), KEPT);
    let bytes = features.to_bytes();
    assert!(bytes.len() <= 14_000, "{}", bytes.len());
    let read = Features::from_bytes(&bytes).unwrap();
    assert_eq!(read.to_bytes(), bytes);
    assert_eq!(read.thumbnail(), features.thumbnail());
    for (read, made) in read.keypoints().iter().zip(features.keypoints()) {
        assert!(read.bits == made.bits && (read.x - made.x).abs() < 0.01 && (read.scale / made.scale - 1.0).abs() < 0.02);
        assert!((read.angle - made.angle).sin().abs() < 0.02 && (read.angle - made.angle).cos() > 0.9);
    }
    for length in 0..bytes.len() {
        assert!(Features::from_bytes(&bytes[..length]).is_err());
    }
    let changed = |at: usize, to: u8| {
        let mut bytes = bytes.clone();
        bytes[at] = to;
        Features::from_bytes(&bytes)
    };
    assert_eq!(changed(0, 2), Err(StoredError::Version(2)));
    assert_eq!(changed(2, 255), Err(StoredError::Range(0xff00)));
    // A keypoint outside of the picture.
    assert!(matches!(changed(7 + 4096 + 3, 255), Err(StoredError::Range(_))));
}

#[test]
fn pictures_without_a_place_have_no_features_and_rich_ones_no_more_than_asked_for() {
    for (width, height) in [(1, 1), (1, 512), (512, 1), (11, 300), (40, 40)] {
        assert!(Features::of(&Plane::new(width, height, vec![9; width * height]).unwrap(), KEPT).keypoints().is_empty());
    }
    let mut state = 1_u32;
    let noise = (0..512 * 512).map(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    });
    assert_eq!(Features::of(&Plane::new(512, 512, noise.collect()).unwrap(), 50).keypoints().len(), 50);
}

/// The work of this thread, the least of some rounds: what else the machine does is not in it.
pub(crate) fn work(mut todo: impl FnMut()) -> std::time::Duration {
    let now = || {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        std::time::Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
    };
    let rounds = (0..5).map(|_| {
        let begun = now();
        todo();
        now() - begun
    });
    rounds.min().unwrap_or_default()
}

#[test]
fn a_picture_made_of_nothing_but_places_costs_no_more_than_some_others() {
    // Of twelve megapixels a million would be places if anybody looked at them at that size; and each size that is looked at is full of them.
    let (width, height) = (4000, 3000);
    let mut state = 1_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let dots: Vec<u8> = (0..width * height).map(|at| if (at % width) % 3 == 0 && (at / width) % 3 == 0 { 255 } else { 0 }).collect();
    let grain: Vec<u8> = (0..width * height).map(|_| noise()).collect();
    let mut planes: Vec<Plane> = [dots, grain].iter().map(|luma| Plane::of(&crate::Pixels::luma8(luma, width, height).unwrap())).collect();
    // What is left of grain is grey, so it is made again at the size of a plane; and blots as close as they can be told apart.
    planes.push(Plane::new(512, 512, (0..512 * 512).map(|_| noise()).collect()).unwrap());
    for apart in [4, 7, 11] {
        let blot = |at: usize| ((at % 512 / apart + at / 512 / apart) % 2) as u8 * 200 + noise() / 8;
        planes.push(Plane::new(512, 512, (0..512 * 512).map(blot).collect()).unwrap());
    }
    let usual = scene(512, 512, 3);
    let usually = work(|| drop(Features::of(&usual, ASKED)));
    for (number, plane) in planes.iter().enumerate() {
        assert!(Features::of(plane, ASKED).keypoints().len() <= ASKED);
        let takes = work(|| drop(Features::of(plane, ASKED)));
        assert!(takes < usually * 8, "{takes:?} instead of {usually:?} for number {number}");
    }
}
