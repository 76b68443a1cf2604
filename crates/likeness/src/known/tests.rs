//! Disguised copies of drawn scenes, and look-alikes that are none.

use super::*;
use crate::keypoints::tests::scene;
use crate::keypoints::{ASKED, KEPT};

const SIDE: usize = 400;

fn known(count: u64) -> Known {
    let mut known = Known::new();
    for picture in 0..count {
        known.insert(picture, &Features::of(&scene(SIDE, SIDE, picture as u32 * 77 + 1), KEPT));
    }
    known
}

fn ask(known: &Known, plane: &Plane) -> Vec<Finding> {
    known.query(plane, &Features::of(plane, ASKED))
}

/// A picture drawn anew: each pixel from where `from` says, or grey.
fn drawn(source: &Plane, width: usize, height: usize, from: impl Fn(f32, f32) -> (f32, f32)) -> Plane {
    let mut luma = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let (x, y) = from(x as f32, y as f32);
            let inside = x >= 0.0 && y >= 0.0 && (x as usize) < source.width() && (y as usize) < source.height();
            luma.push(if inside { source.luma()[y as usize * source.width() + x as usize] } else { 90 });
        }
    }
    Plane::new(width, height, luma).unwrap()
}

#[test]
fn a_disguised_copy_is_found_and_told_how_it_was_turned() {
    let known = known(20);
    let source = scene(SIDE, SIDE, 5 * 77 + 1);
    let tilt = |x: f32, y: f32| (0.99 * x - 0.14 * y + 20.0, 0.14 * x + 0.99 * y - 10.0);
    let disguises = [
        ("plain", drawn(&source, 400, 400, |x, y| (x, y)), false, false),
        ("mirror", drawn(&source, 400, 400, |x, y| (399.0 - x, y)), true, false),
        ("crop", drawn(&source, 250, 240, |x, y| (x + 70.0, y + 90.0)), false, false),
        ("frame", drawn(&source, 500, 500, |x, y| (x - 60.0, y - 40.0)), false, false),
        ("tilt", drawn(&source, 400, 400, tilt), false, false),
        ("small", drawn(&source, 260, 260, |x, y| (x * 1.54, y * 1.54)), false, false),
        ("quarter turn", drawn(&source, 400, 400, |x, y| (y, 399.0 - x)), false, false),
    ];
    for (name, plane, mirror, negative) in disguises {
        let findings = ask(&known, &plane);
        let first = findings.first().unwrap_or_else(|| panic!("{name}: nothing"));
        assert!(first.picture == 5 && first.kind == Kind::Copy, "{name}: {first:?}");
        assert_eq!(first.look, Look { mirror, negative }, "{name}");
        assert!(findings.iter().all(|other| other.picture == 5 || other.kind == Kind::Hint), "{name}: {findings:?}");
    }
    let negative = Plane::new(SIDE, SIDE, source.luma().iter().map(|pixel| 255 - pixel).collect()).unwrap();
    let first = &ask(&known, &negative)[0];
    assert!(first.picture == 5 && first.kind == Kind::Copy && first.look.negative && !first.look.mirror, "{first:?}");
}

#[test]
fn the_map_says_where_the_known_picture_lies() {
    let known = known(3);
    let framed = drawn(&scene(SIDE, SIDE, 78), 500, 480, |x, y| (x - 60.0, y - 40.0));
    let first = &ask(&known, &framed)[0];
    let (x, y) = first.map.at(200.0, 100.0);
    assert!(first.picture == 1 && (x - 260.0).abs() < 1.0 && (y - 140.0).abs() < 1.0, "{first:?}");
    assert!((first.map.scale(200.0, 100.0) - 1.0).abs() < 0.01 && first.visible > 0.99);
}

#[test]
fn the_outline_and_the_part_say_what_a_crop_left() {
    let known = known(3);
    // The middle of the right half.
    let crop = drawn(&scene(SIDE, SIDE, 78), 200, 240, |x, y| (x + 200.0, y + 80.0));
    let first = &ask(&known, &crop)[0];
    assert!(first.kind == Kind::Copy && first.picture == 1, "{first:?}");
    let corners = [(-1.0, -1.0 / 3.0), (1.0, -1.0 / 3.0), (1.0, 4.0 / 3.0), (-1.0, 4.0 / 3.0)];
    for ((x, y), (u, v)) in first.outline.into_iter().zip(corners) {
        assert!((x - u).abs() < 0.03 && (y - v).abs() < 0.03, "{first:?}");
    }
    for (edge, truth) in first.part.into_iter().zip([0.5, 0.2, 1.0, 0.8]) {
        assert!((edge - truth).abs() < 0.1, "{first:?}");
    }
}

#[test]
fn what_was_stored_is_found_by_what_became_known_later() {
    // Only features of the disguised one are kept; the original comes with its plane.
    let original = scene(SIDE, SIDE, 4711);
    let disguises = [
        drawn(&original, 300, 280, |x, y| (x + 60.0, y + 50.0)),
        drawn(&original, 400, 400, |x, y| (399.0 - x, y)),
        drawn(&original, 500, 480, |x, y| (x - 60.0, y - 40.0)),
    ];
    for disguised in disguises {
        let mut stored = known(5);
        stored.insert(99, &Features::from_bytes(&Features::of(&disguised, KEPT).to_bytes()).unwrap());
        let findings = ask(&stored, &original);
        assert!(findings[0].picture == 99 && findings[0].kind == Kind::Copy, "{findings:?}");
    }
}

#[test]
fn a_shared_logo_is_a_hint_that_says_where_it_is() {
    let logo = scene(130, 130, 31337);
    let with_logo = |seed: u32| {
        let mut luma = scene(SIDE, SIDE, seed).luma().to_vec();
        for (y, line) in logo.luma().chunks_exact(130).enumerate() {
            luma[(y + 20) * SIDE + 250..][..130].copy_from_slice(line);
        }
        Plane::new(SIDE, SIDE, luma).unwrap()
    };
    let mut known = known(5);
    known.insert(50, &Features::of(&with_logo(1001), KEPT));
    let findings = ask(&known, &with_logo(2002));
    let hint = findings.iter().find(|finding| finding.picture == 50).unwrap();
    assert!(hint.kind == Kind::Hint && hint.confidence < 0.01, "{hint:?}");
    let (x, y) = hint.map.at(315.0, 85.0);
    assert!((x - 315.0).abs() < 2.0 && (y - 85.0).abs() < 2.0, "{hint:?}");
}

#[test]
fn pictures_in_the_same_furniture_are_no_copies() {
    // Below the same lower half, different pictures.
    let furniture = scene(SIDE, SIDE, 12345);
    let screen = |seed: u32| {
        let picture = scene(SIDE, SIDE, seed);
        let luma = picture.luma()[..SIDE * SIDE * 3 / 4].iter().chain(&furniture.luma()[SIDE * SIDE * 3 / 4..]);
        Plane::new(SIDE, SIDE, luma.copied().collect()).unwrap()
    };
    let mut known = Known::new();
    for seed in 0..10 {
        known.insert(u64::from(seed), &Features::of(&screen(seed * 91 + 3), KEPT));
    }
    for seed in 20..30 {
        let findings = ask(&known, &screen(seed * 91 + 3));
        assert!(!findings.is_empty() && findings.iter().all(|finding| finding.kind == Kind::Hint), "{findings:?}");
    }
}

#[test]
fn a_picture_that_was_forgotten_is_not_found_and_its_place_is_used_again() {
    let mut known = known(6);
    let plane = scene(SIDE, SIDE, 2 * 77 + 1);
    assert_eq!(ask(&known, &plane)[0].picture, 2);
    assert!(known.remove(2) && !known.remove(2) && known.len() == 5);
    assert!(ask(&known, &plane).iter().all(|finding| finding.kind == Kind::Hint));
    known.insert(70, &Features::of(&plane, KEPT));
    assert_eq!((ask(&known, &plane)[0].picture, known.entries.len()), (70, 6));
    for picture in [0, 1, 3, 4, 5, 70] {
        known.remove(picture);
    }
    assert!(known.is_empty() && ask(&known, &plane).is_empty());
}

#[test]
fn many_copies_of_one_texture_do_not_slow_a_query_or_hide_what_is_there() {
    let mut known = known(4);
    let texture = Features::of(&scene(SIDE, SIDE, 4242), KEPT);
    for copy in 100..400 {
        known.insert(copy, &texture);
    }
    let (mut near, mut most) = (Vec::new(), 0);
    for keypoint in texture.keypoints() {
        known.tables.near(keypoint.bits, &mut near);
        most = most.max(near.len());
    }
    // Of each of the texture's own descriptors there are three hundred, in each of six tables.
    assert!((192..=6 * 192).contains(&most), "{most}");
    assert_eq!(ask(&known, &scene(SIDE, SIDE, 78))[0].picture, 1);
}

#[test]
fn of_many_copies_of_one_picture_each_is_found() {
    // More than the candidates that are looked at in vain.
    let original = scene(SIDE, SIDE, 4711);
    let mut stored = known(5);
    for copy in 0..40 {
        let shift = copy as f32;
        let disguised = drawn(&original, 360 - copy, 370, |x, y| (x + shift, y + 20.0));
        stored.insert(100 + copy as u64, &Features::of(&disguised, KEPT));
    }
    let findings = ask(&stored, &original);
    let copies = findings.iter().filter(|finding| finding.picture >= 100 && finding.kind == Kind::Copy).count();
    assert_eq!(copies, 40, "{findings:?}");
}

#[test]
fn what_lies_on_a_copy_hides_it_and_does_not_unmake_it() {
    let known = known(5);
    // Three lines of strokes, as words are, which touch half of all blocks.
    let plain = scene(SIDE, SIDE, 78);
    let luma = plain.luma().iter().enumerate().map(|(at, pixel)| {
        let (x, y) = (at % SIDE, at / SIDE);
        let line = [60..90, 180..210, 300..330].iter().any(|line| line.contains(&y)) && (20..320).contains(&x);
        if line && x / 7 % 3 == 0 { 255 } else { *pixel }
    });
    let covered = Plane::new(SIDE, SIDE, luma.collect()).unwrap();
    let first = &ask(&known, &covered)[0];
    assert!(first.picture == 1 && first.kind == Kind::Copy, "{first:?}");
}

/// An ornament all around, a fifth of the picture wide, and in it nearly nothing: a spot before the dark.
#[test]
fn other_pictures_in_one_frame_are_no_copies_even_if_they_are_nearly_flat() {
    let ornament = scene(SIDE, SIDE, 9_001);
    // Those that are known have the spot in one corner, those that ask in the other one.
    let framed = |seed: usize| {
        let (corner, size) = (if seed < 6 { 145 } else { 220 }, 18 + seed * 7 % 14);
        let (x0, y0) = (corner + seed * 13 % 40, corner + seed * 29 % 40);
        let luma = ornament.luma().iter().enumerate().map(|(at, pixel)| {
            let (x, y) = (at % SIDE, at / SIDE);
            if (80..SIDE - 80).contains(&x) && (80..SIDE - 80).contains(&y) {
                let far = (x.abs_diff(x0).pow(2) + y.abs_diff(y0).pow(2)) as f32 / (size * size) as f32;
                (6.0 + 200.0 * (-far).exp()) as u8
            } else {
                *pixel
            }
        });
        Plane::new(SIDE, SIDE, luma.collect()).unwrap()
    };
    let mut stored = Known::new();
    for seed in 0..6 {
        stored.insert(seed, &Features::of(&framed(seed as usize), KEPT));
    }
    for seed in 6..12 {
        let findings = ask(&stored, &framed(seed));
        assert!(!findings.is_empty() && findings.iter().all(Finding::contradicts), "{findings:?}");
    }
}

#[test]
fn two_pictures_of_one_wall_are_no_copies_if_little_is_shared() {
    // The right edge of one is the left edge of the other, which goes on elsewhere.
    let wall = scene(SIDE, SIDE, 555);
    let mut luma = scene(SIDE, SIDE, 556).luma().to_vec();
    for row in 0..SIDE {
        luma[row * SIDE..][..70].copy_from_slice(&wall.luma()[row * SIDE + SIDE - 70..][..70]);
    }
    let other = Plane::new(SIDE, SIDE, luma).unwrap();
    let mut stored = known(3);
    stored.insert(50, &Features::of(&wall, KEPT));
    assert!(ask(&stored, &other).iter().all(|finding| finding.kind == Kind::Hint));
}
