//! Videos: cleaned without touching the pictures where browsers play them, else transcoded; upright; with a poster that shows something.

use std::path::Path;
use std::process::Command;

use domain::{FileRole, MediaKind, Problem};
use media::Prepared;

use crate::{ffmpeg, holds, made_of, pictures, refused, run, sample, tag, tags, work};

/// What must not be left of a video. "Lavf" alone, the name of the program that writes WebM here, may.
fn check_nothing_identifies(path: &Path) {
    for word in ["SECRET", "+52.1", "x264", "Lavc", "Lavf59", "libopus", "Apple", "Core Media", "GoPro"] {
        assert!(!holds(path, word), "{word} in {}", path.display());
    }
    for tag in tags(path) {
        let (name, value) = tag.split_once(' ').unwrap_or((&tag, ""));
        let name = name.split(':').nth(1).unwrap();
        let date = name.contains("Date") && !name.starts_with("File");
        assert!(!date || value.starts_with("0000"), "{tag}");
        let told = ["GPS", "Location", "Make", "Model", "Author", "Artist", "Title", "Comment", "Software", "Description"];
        assert!(!told.iter().any(|word| name.starts_with(word)), "{tag}");
        assert!(!name.starts_with("HandlerDescription") || matches!(value, "" | "VideoHandler" | "SoundHandler"), "{tag}");
        assert!(!name.starts_with("CompressorName") || matches!(value, "" | "-"), "{tag}");
    }
}

fn streams(path: &Path) -> String {
    let found = Command::new("ffprobe").args("-v error -show_entries stream=codec_name -of csv=p=0".split(' ')).arg(path).output().unwrap();
    String::from_utf8(found.stdout).unwrap().replace(',', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What the matrix says.
fn rotation(path: &Path) -> String {
    let found = Command::new("ffprobe")
        .args("-v error -select_streams v:0 -show_entries stream_side_data=rotation -of csv=p=0".split(' '))
        .arg(path)
        .output()
        .unwrap();
    String::from_utf8(found.stdout).unwrap().trim().to_owned()
}

/// The index stands before the pictures, so that a browser plays from the first bytes on.
fn check_index_first(path: &Path) {
    let bytes = std::fs::read(path).unwrap();
    let at = |name: &[u8]| bytes.windows(name.len()).position(|window| window == name).unwrap();
    if path.extension().unwrap() == "webm" {
        // Cues before the first cluster.
        assert!(at(b"\x1c\x53\xbb\x6b") < at(b"\x1f\x43\xb6\x75"));
    } else {
        assert!(at(b"moov") < at(b"mdat"));
    }
}

fn poster(prepared: &Prepared) -> image::RgbImage {
    let file = prepared.files.iter().find(|file| file.role == FileRole::Poster && file.content_type == "image/webp").unwrap();
    image::open(&file.path).unwrap().into_rgb8()
}

/// How far from flat: 0 for black.
fn contrast(picture: &image::RgbImage) -> u8 {
    picture.iter().max().unwrap() - picture.iter().min().unwrap()
}

const NAMED: &str = "-metadata title=SECRET -metadata artist=SECRET -metadata comment=SECRET -metadata location=+52.1+021.0/ \
                     -metadata:s handler_name=SECRET -metadata creation_time=2026-01-02T03:04:05Z";

#[tokio::test]
async fn films_that_browsers_play_keep_their_pictures_and_lose_the_rest() {
    let x264 = "-pix_fmt yuv420p -c:v libx264 -preset ultrafast";
    let vpx = "-c:v libvpx -deadline realtime -cpu-used 8";
    let vp9 = "-c:v libvpx-vp9 -deadline realtime -cpu-used 8";
    let av1 = "-c:v libsvtav1 -preset 12";
    for (coded, extension, name, expected) in [
        (format!("{x264} -c:a aac"), "mp4", "original.mp4", "h264 aac"),
        (format!("{x264} -c:a aac -movflags +frag_keyframe+empty_moov"), "mp4", "original.mp4", "h264 aac"),
        (format!("{x264} -c:a libmp3lame"), "mov", "original.mp4", "h264 mp3"),
        (format!("{x264} -c:a libopus"), "mkv", "original.mp4", "h264 opus"),
        // The sound of cameras and of old phones is encoded anew, the pictures are not.
        (format!("{x264} -c:a pcm_s16le"), "mov", "original.mp4", "h264 aac"),
        (format!("{x264} -c:a ac3"), "mkv", "original.mp4", "h264 aac"),
        (format!("{vpx} -c:a libopus"), "webm", "original.webm", "vp8 opus"),
        (format!("{vpx} -c:a libvorbis"), "webm", "original.webm", "vp8 opus"),
        (format!("{vp9} -c:a libopus"), "webm", "original.webm", "vp9 opus"),
        (format!("{vp9} -c:a aac"), "mp4", "original.mp4", "vp9 aac"),
        (format!("{av1} -c:a aac"), "mp4", "original.mp4", "av1 aac"),
        (format!("{av1} -c:a libopus"), "mkv", "original.webm", "av1 opus"),
    ] {
        let work = work();
        let file = work.path().join(format!("film.{extension}"));
        let inputs = "testsrc2=s=322x242:r=15:d=2 -f lavfi -i sine=440:d=2";
        sample(&format!("{inputs} {coded} {NAMED}"), &file);
        let prepared = made_of(work.path(), &file).await;
        assert_eq!((prepared.kind, prepared.width, prepared.height), (MediaKind::Video, 322, 242), "{coded}");
        assert!(prepared.duration_ms.is_some_and(|ms| (1900..2200).contains(&ms)), "{coded}: {:?}", prepared.duration_ms);
        let original = prepared.files.first().unwrap();
        assert_eq!(original.name, name, "{coded}");
        assert_eq!(streams(&original.path), expected, "{coded}");
        assert_eq!(pictures(&original.path, "0:v"), pictures(&file, "0:v"), "{coded}");
        check_nothing_identifies(&original.path);
        check_index_first(&original.path);
        assert!(contrast(&poster(&prepared)) > 100, "{coded}");
        assert!(prepared.files.iter().any(|file| file.name == "poster-322.jpg"), "{coded}");
    }
}

#[tokio::test]
async fn other_films_are_transcoded_and_do_not_name_the_encoder() {
    for (coded, extension) in [
        ("-pix_fmt yuv420p -c:v libx265 -preset ultrafast -x265-params log-level=none -tag:v hvc1 -c:a aac", "mov"),
        ("-pix_fmt yuv420p10le -c:v libx264 -preset ultrafast -c:a aac", "mp4"),
        ("-pix_fmt yuv422p10le -c:v prores_ks -c:a pcm_s24le", "mov"),
        ("-c:v mpeg4 -c:a mp2", "mkv"),
        ("-c:v mjpeg -c:a pcm_u8", "mov"),
    ] {
        let work = work();
        let file = work.path().join(format!("film.{extension}"));
        // Odd sizes and a sound of six channels are made fit.
        sample(&format!("testsrc2=s=322x242:r=10:d=1 -f lavfi -i sine=440:d=1 -ac 2 {coded} {NAMED}"), &file);
        let prepared = made_of(work.path(), &file).await;
        let original = prepared.files.first().unwrap();
        assert_eq!((original.name.as_str(), prepared.width, prepared.height), ("original.mp4", 322, 242), "{coded}");
        assert_eq!(streams(&original.path), "h264 aac", "{coded}");
        check_nothing_identifies(&original.path);
        check_index_first(&original.path);
        assert!(contrast(&poster(&prepared)) > 100, "{coded}");
    }
}

#[tokio::test]
async fn an_iphones_film_loses_its_place_its_times_its_names_and_its_extra_tracks() {
    let work = work();
    let (file, words, made) = (work.path().join("film.mov"), work.path().join("words.srt"), work.path().join("made.mov"));
    std::fs::write(&words, "1\n00:00:00,000 --> 00:00:01,000\nSECRET words\n").unwrap();
    let inputs = format!("-f lavfi -i testsrc2=s=320x240:r=15:d=2 -f lavfi -i sine=440:d=2 -i {}", words.display());
    ffmpeg(
        &format!(
            "{inputs} -map 0 -map 1 -map 2 -pix_fmt yuv420p -c:v libx264 -preset ultrafast -c:a aac -c:s mov_text \
             -timecode 01:02:03:04 {NAMED} -metadata:s handler_name=Core_Media"
        ),
        &made,
    );
    // A phone held upright: the pictures lie, and the matrix says so.
    ffmpeg(&format!("-i {} -map 0 -c copy -metadata:s:v rotate=90", made.display()), &file);
    tag(
        &file,
        &[
            "-Keys:GPSCoordinates=52.1, 21.0, 100",
            "-Keys:Make=Apple",
            "-Keys:Model=SECRET phone",
            "-Keys:CreationDate=2026:01:02 03:04:05+01:00",
            "-UserData:GPSCoordinates=52.1, 21.0, 100",
            "-QuickTime:CreateDate=2026:01:02 03:04:05",
            "-XMP:Creator=SECRET",
        ],
    );
    assert!(streams(&file).matches(' ').count() >= 3, "{}", streams(&file));
    let before = tags(&file).join("\n");
    for word in ["GPSCoordinates", "Make Apple", "CreationDate", "XMP:Creator"] {
        assert!(before.contains(word), "the sample has no {word}: {before}");
    }
    let prepared = made_of(work.path(), &file).await;
    assert_eq!((prepared.width, prepared.height), (240, 320));
    let original = &prepared.files.first().unwrap().path;
    check_nothing_identifies(original);
    assert_eq!(streams(original), "h264 aac");
    assert_eq!(rotation(original), rotation(&file));
    assert!(!rotation(original).is_empty());
    assert_eq!(pictures(original, "0:v"), pictures(&file, "0:v"));
    let poster = poster(&prepared);
    assert_eq!((poster.width(), poster.height()), (240, 320));
}

#[tokio::test]
async fn turned_films_that_are_transcoded_and_films_of_wide_pixels_come_out_as_seen() {
    for (coded, turn, size) in [
        ("-c:v mpeg4", "-metadata:s:v rotate=90", (240, 320)),
        ("-c:v libx264 -preset ultrafast -pix_fmt yuv420p", "-metadata:s:v rotate=180", (320, 240)),
        ("-vf setsar=2 -c:v libx264 -preset ultrafast -pix_fmt yuv420p", "-metadata title=none", (640, 240)),
        ("-vf setsar=2 -c:v mpeg4", "-metadata title=none", (640, 240)),
    ] {
        let work = work();
        let (made, file) = (work.path().join("made.mp4"), work.path().join("film.mp4"));
        sample(&format!("testsrc2=s=320x240:r=10:d=1 {coded}"), &made);
        ffmpeg(&format!("-i {} -c copy {turn}", made.display()), &file);
        let prepared = made_of(work.path(), &file).await;
        assert_eq!((prepared.width, prepared.height), size, "{coded} {turn}");
        let poster = poster(&prepared);
        assert_eq!((poster.width(), poster.height()), size, "{coded} {turn}");
    }
}

#[tokio::test]
async fn a_film_with_more_light_than_a_screen_has_comes_out_neither_dark_nor_flat() {
    let work = work();
    let file = work.path().join("film.mp4");
    // Half of HLG's range is the white of paper, roughly: grey must stay grey, and near the middle.
    sample(
        "color=gray:s=320x240:r=10:d=1,drawbox=w=40:h=40:c=white:t=fill -pix_fmt yuv420p10le -c:v libx265 -preset ultrafast -x265-params \
         log-level=none:colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc -color_primaries bt2020 -color_trc arib-std-b67 \
         -colorspace bt2020nc -tag:v hvc1",
        &file,
    );
    let prepared = made_of(work.path(), &file).await;
    let picture = poster(&prepared);
    let [red, green, blue] = picture.get_pixel(200, 150).0;
    assert!((90..=190).contains(&green), "{green}");
    assert!(red.abs_diff(green) < 8 && blue.abs_diff(green) < 8, "{red} {green} {blue}");
    assert!(picture.get_pixel(10, 10).0[1] > green + 20);
}

#[tokio::test]
async fn a_poster_is_not_black_when_most_of_the_film_is() {
    let coded = "-pix_fmt yuv420p -c:v libx264 -preset ultrafast -g 1000 -sc_threshold 0";
    for film in [
        // Black at first, and one key frame only.
        format!("color=black:s=160x120:r=10:d=3 -f lavfi -i testsrc2=s=160x120:r=10:d=17 -filter_complex concat=n=2 {coded}"),
        // One second of twenty.
        format!(
            "color=black:s=160x120:r=10:d=9 -f lavfi -i testsrc2=s=160x120:r=10:d=1.4 -f lavfi -i color=black:s=160x120:r=10:d=9 \
             -filter_complex concat=n=3 {coded}"
        ),
    ] {
        let work = work();
        let file = work.path().join("film.mp4");
        sample(&film, &file);
        assert!(contrast(&poster(&made_of(work.path(), &file).await)) > 100, "{film}");
    }
}

/// A film that changes is seen to: each still is of another moment. Copied and transcoded alike.
#[tokio::test]
async fn whoever_decides_on_a_film_has_its_moments_side_by_side() {
    let changing = "color=red:s=320x180:r=10:d=4[a];color=lime:s=320x180:r=10:d=4[b];testsrc2=s=320x180:r=10:d=8[c];[a][b][c]concat=n=3";
    for coded in ["-c:v libx264 -preset ultrafast -g 10", "-c:v mpeg4"] {
        let work = work();
        let file = work.path().join("film.mp4");
        ffmpeg(&format!("-filter_complex {changing} -pix_fmt yuv420p {coded}"), &file);
        let prepared = made_of(work.path(), &file).await;
        let sheet = prepared.files.iter().find(|file| file.role == FileRole::Stills).unwrap();
        assert_eq!((sheet.name.as_str(), sheet.content_type), ("stills.webp", "image/webp"), "{coded}");
        let picture = image::open(&sheet.path).unwrap().into_rgb8();
        assert_eq!((picture.width(), picture.height() % 90), (480, 0), "{coded}");
        assert_eq!((picture.width(), picture.height()), (sheet.width, sheet.height));
        let middles: Vec<[u8; 3]> = (0..3).map(|column| picture.get_pixel(column * 160 + 80, 45).0).collect();
        assert!(middles[0][0] > 200 && middles[0][1] < 60, "the first is not red: {coded} {middles:?}");
        assert!(middles.iter().any(|middle| middle[1] > 200 && middle[0] < 60), "none is green: {coded} {middles:?}");
    }
}

#[tokio::test]
async fn an_hour_of_black_is_taken_in_a_few_seconds() {
    let work = work();
    let (second, file) = (work.path().join("second.mp4"), work.path().join("film.mp4"));
    sample("color=black:s=320x240:r=5:d=60 -pix_fmt yuv420p -c:v libx264 -preset ultrafast", &second);
    ffmpeg(&format!("-stream_loop 59 -i {} -c copy", second.display()), &file);
    let began = std::time::Instant::now();
    let prepared = made_of(work.path(), &file).await;
    assert!(began.elapsed().as_secs() < 30, "{:?}", began.elapsed());
    assert!(prepared.duration_ms.is_some_and(|ms| (3_590_000..3_610_000).contains(&ms)), "{:?}", prepared.duration_ms);
    assert!(prepared.files.iter().any(|file| file.role == FileRole::Poster));
}

#[tokio::test]
async fn short_films_and_films_of_changing_pace_are_taken() {
    for (made, milliseconds) in [
        ("testsrc2=s=320x240:r=10 -frames:v 1 -pix_fmt yuv420p -c:v libx264", 50..150),
        ("testsrc2=s=321x241:r=10:d=1 -pix_fmt yuv444p -c:v libx264", 900..1100),
        ("testsrc2=s=320x240:r=10:d=2,setpts=PTS+floor(N/10)/TB -fps_mode vfr -pix_fmt yuv420p -c:v libx264", 2900..3200),
    ] {
        let work = work();
        let file = work.path().join("film.mp4");
        sample(made, &file);
        let prepared = made_of(work.path(), &file).await;
        assert!(prepared.duration_ms.is_some_and(|ms| milliseconds.contains(&ms)), "{made}: {:?}", prepared.duration_ms);
        assert_eq!(prepared.files.first().unwrap().name, "original.mp4");
    }
}

#[tokio::test]
async fn sound_alone_and_a_cover_picture_are_no_film() {
    let work = work();
    let (sound, cover, both) = (work.path().join("in/input"), work.path().join("cover.png"), work.path().join("both.m4a"));
    sample("sine=440:d=1 -c:a aac -f mp4", &sound);
    assert_eq!(refused(run(work.path()).await), Problem::NoFrames);
    sample("testsrc2=s=64x64 -frames:v 1", &cover);
    ffmpeg(
        &format!("-f lavfi -i sine=440:d=1 -i {} -map 0 -map 1 -c:a aac -c:v copy -disposition:v attached_pic -f mp4", cover.display()),
        &both,
    );
    std::fs::copy(both, sound).unwrap();
    assert_eq!(refused(run(work.path()).await), Problem::NoFrames);
}

#[tokio::test]
async fn progress_goes_up_and_ends_at_one() {
    let work = work();
    sample("testsrc2=s=640x480:r=25:d=25 -c:v mpeg4 -f matroska", &work.path().join("in/input"));
    let mut told = Vec::new();
    let outcome = media::prepare(&crate::sandbox(), &domain::Limits::default(), work.path(), |progress| told.push(progress)).await.unwrap();
    crate::prepared(outcome);
    assert!(told.is_sorted() && told.last() == Some(&1.0), "{told:?}");
    assert!(told.iter().any(|progress| (0.1..0.9).contains(progress)), "{told:?}");
}
