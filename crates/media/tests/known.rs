//! What a file is known by: the same whether it is prepared to be shown or only looked at.

use domain::{Fingerprint, FingerprintKind, Limits};
use likeness::pdq::Readings;
use likeness::{Features, Hash};
use media::{Known, Look, look};

use crate::{ffmpeg, made_of, sample, sandbox, work};

async fn found(file: &std::path::Path) -> Known {
    let work = work();
    std::fs::copy(file, work.path().join("in/input")).unwrap();
    match look(&sandbox(), &Limits::default(), work.path()).await.unwrap() {
        Look::Known(_, known) => known,
        Look::Refused { problem, reason } => panic!("{problem:?}: {reason}"),
    }
}

fn of(known: &Known, kind: FingerprintKind) -> &Fingerprint {
    known.fingerprints.iter().find(|one| one.kind == kind).unwrap()
}

/// The hashes and times of a video's frames.
fn frames(known: &Known) -> Vec<(u32, Hash)> {
    let records = of(known, FingerprintKind::Frames).bytes.as_chunks::<37>().0;
    records.iter().map(|[_, a, b, c, d, hash @ ..]| (u32::from_be_bytes([*a, *b, *c, *d]), Hash::from_bytes(*hash))).collect()
}

#[tokio::test]
async fn a_picture_that_is_only_looked_at_is_known_by_the_same_as_one_that_is_posted() {
    // Wider than the widest rendering, so that the renderings' decode is a smaller one.
    for (size, name, options) in [
        ("4000:3000", "wide.jpg", "-q:v 3"),
        ("900:700", "narrow.jpg", "-q:v 3"),
        ("900:700", "ink.png", ""),
        ("900:700", "soft.webp", "-c:v libwebp"),
    ] {
        let (work, folder) = (work(), work());
        let file = folder.path().join(name);
        sample(&format!("mandelbrot=s=600x450,scale={size} -frames:v 1 {options}"), &file);
        let (posted, looked) = (made_of(work.path(), &file).await.known, found(&file).await);
        assert_eq!(posted.fingerprints, looked.fingerprints, "{name}");
        assert!(Readings::from_bytes(&of(&looked, FingerprintKind::Pdq).bytes).is_some());
        let [view] = looked.views.as_slice() else { panic!("{} views", looked.views.len()) };
        assert_eq!((view.plane.width().max(view.plane.height()), posted.views.len()), (512, 1), "{name}");
        let kept = Features::from_bytes(&of(&looked, FingerprintKind::Keypoints).bytes).unwrap();
        assert!(kept.keypoints().len() > 50 && kept.keypoints().len() <= view.features.keypoints().len(), "{name}");
        assert!(!work.path().join("out/views").exists(), "a view is not kept");
    }
}

#[tokio::test]
async fn a_photo_of_a_screen_is_looked_at_with_its_waves_and_without_them() {
    let folder = work();
    let (plain, screen, film) = (folder.path().join("plain.jpg"), folder.path().join("screen.jpg"), folder.path().join("film.mp4"));
    let waves = "format=gray,geq=lum='0.8*lum(X\\,Y)+20+12*sin(X/4+Y/6)',format=yuvj420p";
    sample("mandelbrot=s=800x600 -frames:v 1 -q:v 3", &plain);
    sample(&format!("mandelbrot=s=800x600 -frames:v 1 -vf {waves} -q:v 3"), &screen);
    sample(&format!("mandelbrot=s=640x360:r=5 -t 3 -vf {waves} -pix_fmt yuv420p -c:v libx264 -preset ultrafast -crf 10"), &film);
    let (plain, screen, film) = (found(&plain).await, found(&screen).await, found(&film).await);
    assert_eq!(plain.views.len(), 1);
    let stored = Features::each_from_bytes(&of(&screen, FingerprintKind::Keypoints).bytes).unwrap();
    assert_eq!((screen.views.len(), stored.len()), (2, 2));
    assert!(film.views.len() >= 4 && film.views.len().is_multiple_of(2), "{}", film.views.len());
    assert_eq!(Features::each_from_bytes(&of(&film, FingerprintKind::Keypoints).bytes).unwrap().len(), film.views.len());
    // Without them it is what was photographed, whichever of the two is known.
    for (known, asked) in [(&plain, &screen), (&screen, &plain)] {
        let mut pictures = likeness::known::Known::new();
        for (place, features) in Features::each_from_bytes(&of(known, FingerprintKind::Keypoints).bytes).unwrap().iter().enumerate() {
            pictures.insert(place as u64, features);
        }
        let findings = asked.views.iter().flat_map(|view| pictures.query(&view.plane, &view.features));
        assert!(findings.into_iter().any(|finding| finding.kind == likeness::known::Kind::Copy));
    }
}

#[tokio::test]
async fn a_videos_frames_are_the_same_whether_it_is_copied_transcoded_or_looked_at_and_however_it_is_turned() {
    let folder = work();
    let straight = folder.path().join("straight.mp4");
    sample("mandelbrot=s=640x360:r=24:end_scale=0.05 -t 6 -pix_fmt yuv420p -c:v libx264 -preset ultrafast", &straight);
    let known = found(&straight).await;
    assert!((5..=7).contains(&frames(&known).len()), "{:?}", frames(&known).len());
    assert!((5..=7).contains(&known.views.len()), "{}", known.views.len());
    let plane = &known.views.first().unwrap().plane;
    assert_eq!((plane.width(), plane.height()), (512, 288));
    // Copied; transcoded, since no browser plays it; and the same, as a telephone that was held upright says it.
    for (name, arguments, turned) in
        [("straight.mp4", "", false), ("other.mkv", "-c:v mpeg4 -q:v 2", false), ("turned.mp4", "-c:v mpeg4 -q:v 2", true)]
    {
        let file = folder.path().join(name);
        if !arguments.is_empty() {
            let made = folder.path().join("made.mp4");
            ffmpeg(&format!("-i {} {arguments}", straight.display()), &made);
            let turn = if turned { "-metadata:s:v rotate=90" } else { "" };
            ffmpeg(&format!("-i {} -c copy {turn}", made.display()), &file);
        }
        let work = work();
        let posted = made_of(work.path(), &file).await;
        assert_eq!(posted.height > posted.width, turned, "{name}");
        let own = frames(&posted.known);
        assert_eq!(own.len(), frames(&known).len(), "{name}");
        for ((time, hash), (known_time, known_hash)) in own.iter().zip(frames(&known)) {
            assert!(
                time.abs_diff(known_time) < 100 && hash.distance(known_hash) <= 16,
                "{name}: {time} {known_time} {}",
                hash.distance(known_hash)
            );
        }
        let view = &posted.known.views.first().unwrap().plane;
        assert_eq!((view.width(), view.height()), (512, 288), "{name}");
        for left in ["grey", "times", "planes", "views"] {
            assert!(!work.path().join("out").join(left).exists(), "{left}");
        }
    }
}

#[tokio::test]
async fn of_a_long_video_some_frames_are_kept_and_more_are_asked_about() {
    let folder = work();
    let file = folder.path().join("long.mp4");
    sample("mandelbrot=s=320x180:r=4:end_scale=0.0001:end_pts=600 -t 150 -pix_fmt yuv420p -c:v libx264 -preset ultrafast", &file);
    let work = work();
    let posted = made_of(work.path(), &file).await.known;
    let kept = Features::each_from_bytes(&of(&posted, FingerprintKind::Keypoints).bytes).unwrap();
    assert!(posted.views.len() > 30 && posted.views.len() <= 64, "{}", posted.views.len());
    assert!(kept.len() > 8 && kept.len() <= 16, "{}", kept.len());
    let banked = found(&file).await;
    let kept = Features::each_from_bytes(&of(&banked, FingerprintKind::Keypoints).bytes).unwrap();
    assert_eq!(kept.len(), banked.views.len());
}
