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
