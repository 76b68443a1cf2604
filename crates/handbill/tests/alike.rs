//! `handbill hash`, `compare` and `search`.

use std::fs;
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::material::{ffmpeg, film, junk, photo};
use crate::site::{handbill, run, said, until};

/// A picture that looks like no other: ellipses of many sizes, in many greys.
fn scene(dir: &Path, name: &str, seed: u64) -> PathBuf {
    let (raw, path) = (dir.join("scene.pgm"), dir.join(name));
    draw(&raw, seed);
    ffmpeg(&["-i", text(&raw)], &path);
    fs::remove_file(raw).expect("it is there");
    path
}

fn draw(to: &Path, seed: u64) {
    const WIDTH: usize = 640;
    const HEIGHT: usize = 480;
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut upto = |most: usize| {
        state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        (state >> 33) as usize % most
    };
    let mut grey = vec![128_u8; WIDTH * HEIGHT];
    for number in 0..90 {
        let most = 200 - number * 2;
        let (x, y, width, height, shade) = (upto(WIDTH), upto(HEIGHT), 6 + upto(most), 6 + upto(most), upto(256));
        for row in y.saturating_sub(height)..(y + height).min(HEIGHT) {
            for column in x.saturating_sub(width)..(x + width).min(WIDTH) {
                let (across, down) = (column.abs_diff(x) as f64 / width as f64, row.abs_diff(y) as f64 / height as f64);
                if across * across + down * down < 1.0 {
                    grey[row * WIDTH + column] = shade as u8;
                }
            }
        }
    }
    fs::write(to, [format!("P5 {WIDTH} {HEIGHT} 255\n").as_bytes(), &grey].concat()).expect("a picture");
}

/// A film of scenes, two seconds each.
fn scenes(dir: &Path, name: &str, seeds: std::ops::Range<u64>) -> PathBuf {
    let own = tempfile::tempdir().expect("a directory");
    seeds.clone().for_each(|seed| draw(&own.path().join(format!("{}.pgm", seed - seeds.start)), seed));
    let (path, pattern) = (dir.join(name), own.path().join("%d.pgm"));
    ffmpeg(&["-framerate", "1/2", "-i", text(&pattern), "-r", "5", "-pix_fmt", "yuv420p", "-preset", "ultrafast"], &path);
    path
}

fn disguised(from: &Path, name: &str, filter: &str) -> PathBuf {
    let path = from.with_file_name(name);
    ffmpeg(&["-i", text(from), "-vf", filter, "-frames:v", "1"], &path);
    path
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path")
}

fn lines(out: &str) -> Vec<Value> {
    out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn compare(a: &Path, b: &Path) -> (i32, Value) {
    let (code, out, err) = run(&["compare", "--json", text(a), text(b)]);
    assert!(code < 2, "{err}");
    (code, serde_json::from_str(&out).expect("JSON"))
}

#[test]
fn a_photo_and_a_film_are_hashed_and_what_is_broken_ends_nothing() {
    let dir = tempfile::tempdir().expect("a directory");
    let (kite, river, notes) = (photo(dir.path()), film(dir.path(), 0), junk(dir.path()));
    let torn = dir.path().join("torn.jpg");
    let whole = fs::read(&kite).expect("the photo");
    fs::write(&torn, &whole[..whole.len() / 8]).expect("a torn photo");
    let files = [text(&kite), text(&torn), "nowhere.jpg", text(dir.path()), text(&river), text(&notes)];
    let (code, out, err) = run(&[&["hash", "--json"], files.as_slice()].concat());
    assert_eq!(code, 2, "{err}");
    for told in ["torn.jpg: nothing but its digests (corrupt: ", "nowhere.jpg: No such file", ": is a directory"] {
        assert!(err.contains(told), "{told}: {err}");
    }
    let told = lines(&out);
    let kinds: Vec<&str> = told.iter().filter_map(|one| one["kind"].as_str()).collect();
    assert_eq!(kinds, ["photo", "photo", "video", "text"], "{out}");
    assert_eq!(told[0]["file"], text(&kite));
    assert_eq!(told[0]["pdq"]["hash"].as_str().map(str::len), Some(64));
    assert!(told[0]["pdq"]["quality"].as_u64() >= Some(50) && told[0]["keypoints"].as_u64() > Some(0), "{out}");
    assert_eq!((&told[1]["problem"], &told[1]["pdq"]), (&json!("corrupt"), &Value::Null));
    assert!(told[2]["frames"].as_array().is_some_and(|frames| frames[0]["time_ms"] == 0 && frames[0]["hash"].is_string()), "{out}");
    for (file, one) in [&kite, &torn, &river, &notes].into_iter().zip(&told) {
        let sums = ["sha256sum", "md5sum"].map(|sum| {
            let out = std::process::Command::new(sum).arg(file).output().expect("coreutils").stdout;
            String::from_utf8_lossy(&out).split(' ').next().map(str::to_owned)
        });
        assert_eq!(sums.map(Value::from), [one["sha256"].clone(), one["md5"].clone()]);
    }
    let (code, out, err) = run(&["hash", text(&kite)]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("\tphoto\tsha256 ") && out.contains("\tpdq ") && out.lines().count() == 1, "{out}");
}

#[test]
fn two_files_are_compared_by_the_plainest_means_that_finds_them_alike() {
    let dir = tempfile::tempdir().expect("a directory");
    let (kite, other) = (scene(dir.path(), "kite.png", 1), scene(dir.path(), "other.png", 2));
    for (name, filter, by) in [
        ("copy.jpg", "scale=400:300", "pdq"),
        ("mirror.png", "hflip", "pdq-mirror"),
        ("turned.png", "transpose=1", "pdq-turned-270"),
        ("crop.png", "crop=480:340:90:80", "keypoints"),
        ("negative.png", "hflip,negate,crop=500:400:70:40", "keypoints"),
    ] {
        let copy = disguised(&kite, name, filter);
        for (a, b) in [(&kite, &copy), (&copy, &kite)] {
            let (code, told) = compare(a, b);
            assert_eq!((code, &told["alike"]), (0, &json!(true)), "{name}: {told}");
            let named = told["by"].as_str().expect("a reading");
            let named = if by == "pdq-turned-270" { named.replace("-90", "-270") } else { named.to_owned() };
            assert_eq!(named, by, "{name}: {told}");
            assert_eq!(told["distance"].is_null(), by == "keypoints", "{told}");
            assert!(told["confidence"].as_f64() >= Some(0.9), "{told}");
        }
    }
    let (code, told) = compare(&kite, &kite);
    assert_eq!((code, &told["by"], &told["confidence"]), (0, &json!("exact"), &json!(1.0)));
    let (code, told) = compare(&kite, &other);
    assert_eq!((code, &told["alike"], &told["confidence"]), (1, &json!(false), &json!(0.0)), "{told}");
    assert!(told["distance"].as_u64() > Some(31), "how near they come is told: {told}");
    let (code, told) = compare(&kite, &junk(dir.path()));
    assert_eq!((code, told), (1, json!({"alike": false, "by": null, "confidence": 0.0, "distance": null})));
    assert_eq!(run(&["compare", text(&kite), "nowhere.jpg"]).0, 2);
}

#[test]
fn an_excerpt_a_longer_film_and_a_still_are_like_their_film() {
    let dir = tempfile::tempdir().expect("a directory");
    let at = |name: &str| dir.path().join(name);
    let (known, other) = (scenes(dir.path(), "known.mp4", 20..26), scenes(dir.path(), "other.mp4", 30..40));
    ffmpeg(
        &["-i", text(&known), "-vf", "trim=4:10,setpts=PTS-STARTPTS,scale=200:150", "-b:v", "100k", "-preset", "ultrafast"],
        &at("excerpt.mkv"),
    );
    ffmpeg(&["-i", text(&other), "-i", text(&known), "-filter_complex", "[0][1]concat", "-preset", "ultrafast"], &at("longer.mp4"));
    ffmpeg(&["-i", text(&known), "-vf", "trim=6,setpts=PTS-STARTPTS", "-frames:v", "1"], &at("still.jpg"));
    for name in ["excerpt.mkv", "longer.mp4", "still.jpg"] {
        let (code, told) = compare(&known, &at(name));
        assert_eq!((code, &told["by"]), (0, &json!("frames")), "{name}: {told}");
    }
    assert_eq!(compare(&known, &other).0, 1);
    let (code, out, err) = run(&["search", "--json", "--known", text(&known), text(&at("excerpt.mkv")), text(&other)]);
    assert_eq!(code, 0, "{err}");
    let told = lines(&out);
    assert_eq!((&told[0]["matches"][0]["known"], &told[1]["matches"]), (&json!(text(&known)), &json!([])), "{out}");
}

#[test]
fn a_list_is_searched_line_by_line_and_its_faults_are_told() {
    let dir = tempfile::tempdir().expect("a directory");
    let (kite, other) = (scene(dir.path(), "kite.png", 3), scene(dir.path(), "other.png", 4));
    let mirror = disguised(&kite, "mirror.jpg", "hflip");
    let (_, out, _) = run(&["hash", "--json", text(&kite), text(&other)]);
    let hashed = lines(&out);
    let (pdq, md5) = (hashed[0]["pdq"]["hash"].as_str().expect("a hash"), hashed[1]["md5"].as_str().expect("a digest"));
    let list = dir.path().join("list.txt");
    fs::write(&list, format!("\u{feff}# from a friend\r\npdq {}\r\nkites\n{pdq}\n{}\nvideo_md5 {md5}\n", pdq.to_uppercase(), &pdq[1..]))
        .expect("a list");
    let (code, out, err) = run(&["search", "--json", "--list", text(&list), text(&mirror), text(&other)]);
    assert_eq!(code, 0, "{err}");
    let found = lines(&out);
    let first = &found[0]["matches"][0];
    assert_eq!((&first["known"], &first["by"], &first["line"]), (&json!(pdq), &json!("pdq-mirror"), &json!(2)), "{out}");
    assert!(first["distance"].as_u64() <= Some(31), "{out}");
    assert_eq!(found[1]["matches"], json!([{"known": md5, "by": "exact", "confidence": 1.0, "distance": null, "line": 6}]));
    for told in ["line 3: neither", "line 4: stood there before", "line 5: a hash has 64 hexadecimal digits, this has 63"] {
        assert!(err.contains(told), "{told}: {err}");
    }
    // The list may come by a pipe; and one in which there is nothing finds nothing.
    let mut piped = handbill(&["search", "--list", "-", text(&mirror)]);
    let done = said(&piped.stdin(fs::File::open(&list).expect("the list")).output().expect("it runs"));
    assert!(done.0 == 0 && done.1.contains("\tby pdq-mirror\t"), "{done:?}");
    let (code, out, err) = run(&["search", "--json", "--list", "/dev/null", text(&mirror)]);
    assert_eq!((code, &lines(&out)[0]["matches"]), (1, &json!([])));
    assert!(err.contains("there is nothing in it to look for"), "{err}");
    assert_eq!(run(&["search", "--list", "nowhere", text(&mirror)]).0, 2);
    // Of many matches the best are told, and that there were more.
    let near: String = (0..200).map(|n| format!("{:02x}{}\n", u8::from_str_radix(&pdq[..2], 16).expect("digits") ^ n, &pdq[2..])).collect();
    fs::write(&list, near).expect("a list");
    let (code, out, err) = run(&["search", "--json", "--list", text(&list), "--most", "3", text(&kite)]);
    let told = &lines(&out)[0];
    assert_eq!((code, told["matches"].as_array().map(Vec::len), &told["more"]), (0, Some(3), &json!(197)), "{out} {err}");
    assert_eq!((&told["matches"][0]["distance"], &told["matches"][1]["distance"]), (&json!(0), &json!(1)), "{out}");
}

/// The most memory that a process has had so far, in bytes.
fn most_memory(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a line");
    line.trim().strip_suffix(" kB").and_then(|kib| kib.parse::<u64>().ok()).expect("a number") << 10
}

#[test]
fn a_list_of_a_gigabyte_is_read_in_little_memory_and_its_last_line_counts() {
    let dir = tempfile::tempdir().expect("a directory");
    let kite = scene(dir.path(), "kite.png", 3);
    let (_, out, _) = run(&["hash", "--json", text(&kite)]);
    let pdq = lines(&out)[0]["pdq"]["hash"].as_str().expect("a hash").to_uppercase();
    let mut search = handbill(&["search", "--json", "--list", "-", text(&kite)])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut pipe = search.stdin.take().expect("a pipe");
    // A megabyte of remarks, words that are no entry, an entry that is the same each time and one that is not.
    let remarks = format!("# {}\r\n", "kites over the old harbour ".repeat(40)).repeat(960);
    pipe.write_all(b"\xef\xbb\xbf").expect("it reads");
    for megabyte in 0..1024_u32 {
        let entries = format!("kites\r\nPDQ {}\r\npdq {megabyte:064X}\r\n", "0F".repeat(32));
        pipe.write_all(remarks.as_bytes()).and_then(|()| pipe.write_all(entries.as_bytes())).expect("it reads");
    }
    let held = most_memory(search.id());
    pipe.write_all(format!("pdq {pdq}").as_bytes()).expect("it reads");
    drop(pipe);
    let (code, out, err) = said(&search.wait_with_output().expect("it ends"));
    let found = &lines(&out)[0]["matches"][0];
    assert_eq!((code, &found["distance"], &found["line"]), (0, &json!(0), &json!(1024 * 963 + 1)), "{out} {err}");
    // The first of them are told by their lines, the others counted.
    assert!(err.contains("line 961: ") && err.len() < 8_000, "{err}");
    assert!(held < 128 << 20, "{held} bytes");
}

#[test]
fn texts_are_known_again_whatever_became_of_a_word_or_two() {
    let dir = tempfile::tempdir().expect("a directory");
    let at = |name: &str| dir.path().join(name);
    let words: String = (0..60).map(|n| format!("kite{n} flies over harbour{} when the wind{} turns. ", n * 7 % 60, n % 9)).collect();
    fs::write(at("known.txt"), format!("{words} https://www.kites.example/red?utm_source=me")).expect("a text");
    fs::write(at("shouted.md"), words.to_uppercase().replace(". ", ".\n\n")).expect("a text");
    fs::write(at("changed.txt"), words.replace("kite1 ", "gull ").replace("wind3", "storm")).expect("a text");
    let mirrors: String = (0..5).map(|n| format!("https://mirror{n}.example/{n} ")).collect();
    fs::write(at("mirrors.txt"), format!("Mirrors of it, as of today: {mirrors}")).expect("a text");
    fs::write(at("other.txt"), "Nothing of that sort stands here, and it is long enough to say so with some certainty.").expect("a text");
    for (name, confidence) in [("shouted.md", 1.0), ("changed.txt", 0.9)] {
        let (code, told) = compare(&at("known.txt"), &at(name));
        assert_eq!((code, &told["by"]), (0, &json!("text")), "{name}: {told}");
        assert!(told["confidence"].as_f64() >= Some(confidence) && told["confidence"].as_f64() <= Some(1.0), "{name}: {told}");
    }
    assert_eq!(compare(&at("known.txt"), &at("other.txt")).0, 1);
    let (_, out, _) = run(&["hash", "--json", text(&at("known.txt")), text(&at("other.txt"))]);
    let hashed = lines(&out);
    let tlsh = hashed[0]["tlsh"].as_str().expect("a TLSH");
    assert!(tlsh.len() == 72 && tlsh.starts_with("T1") && hashed[0]["kind"] == "text", "{out}");
    let list = at("list");
    fs::write(
        &list,
        format!(
            "text_tlsh {tlsh}\nurl https://kites.example/red/\ndomain kites.example\nraw_text {}\nraw_text New! {mirrors}\n",
            words.replace("wind3", "storm")
        ),
    )
    .expect("a list");
    let (code, out, err) =
        run(&["search", "--json", "--list", text(&list), text(&at("known.txt")), text(&at("other.txt")), text(&at("mirrors.txt"))]);
    assert_eq!(code, 0, "{err}");
    let found = lines(&out);
    assert_eq!((&found[2]["matches"][0]["by"], &found[2]["matches"][0]["line"]), (&json!("links"), &json!(5)), "{out}");
    assert_eq!(compare(&at("mirrors.txt"), &at("known.txt")).0, 1);
    let mut by: Vec<(u64, &str)> = found[0]["matches"]
        .as_array()
        .expect("matches")
        .iter()
        .filter_map(|one| Some((one["line"].as_u64()?, one["by"].as_str()?)))
        .collect();
    by.sort_unstable();
    assert_eq!(by, [(1, "tlsh"), (2, "url"), (3, "domain"), (4, "text")], "{out}");
    assert_eq!(found[1]["matches"], json!([]));
}

#[test]
fn a_film_is_found_in_a_list_of_frames_as_a_whole() {
    let dir = tempfile::tempdir().expect("a directory");
    let (known, other) = (scenes(dir.path(), "known.mp4", 50..55), scenes(dir.path(), "other.mp4", 60..65));
    let (_, out, _) = run(&["hash", "--json", text(&known)]);
    let frames = lines(&out)[0]["frames"].as_array().expect("frames").clone();
    let list = dir.path().join("list");
    let row = |(number, frame): (usize, &Value)| {
        format!("{number},{},{},{}\n", frame["quality"], frame["hash"].as_str().expect("a hash"), number)
    };
    fs::write(&list, frames.iter().enumerate().map(row).collect::<String>()).expect("a list");
    let (code, out, err) = run(&["search", "--json", "--list", text(&list), text(&known), text(&other)]);
    assert_eq!(code, 0, "{err}");
    let found = lines(&out);
    let expected = json!([{"known": frames[0]["hash"], "by": "frames", "confidence": 1.0, "distance": null, "line": 1}]);
    assert_eq!((&found[0]["matches"], &found[1]["matches"]), (&expected, &json!([])), "{out}");
}

#[test]
fn a_directory_is_searched_with_all_that_may_be_in_one() {
    let dir = tempfile::tempdir().expect("a directory");
    let known = dir.path().join("known");
    fs::create_dir_all(known.join("deep/er")).expect("directories");
    let odd = known.join(std::ffi::OsStr::from_bytes(b"deep/er/\xff\xfekite.png"));
    fs::rename(scene(dir.path(), "kite.png", 5), &odd).expect("a name that is no text");
    scene(&known, "deep/other.png", 6);
    fs::write(known.join("deep/torn.jpg"), b"\xff\xd8\xff\xe0torn").expect("a file");
    fs::write(known.join("empty"), "").expect("a file");
    symlink("..", known.join("deep/up")).expect("a circle");
    symlink("nowhere", known.join("dangling")).expect("a link");
    let crop = dir.path().join("crop.jpg");
    fs::copy(&odd, dir.path().join("kite.png")).expect("a copy");
    let crop =
        disguised(&dir.path().join("kite.png"), crop.file_name().and_then(|name| name.to_str()).expect("a name"), "crop=500:360:70:60");
    let new = scene(dir.path(), "new.png", 7);
    let (code, out, err) = run(&["search", "--json", "--known", text(&known), text(&crop), text(&dir.path().join("kite.png")), text(&new)]);
    assert_eq!(code, 0, "{err}");
    let found = lines(&out);
    assert_eq!(found.len(), 3);
    let first = &found[0]["matches"][0];
    assert_eq!(
        (&first["by"], first["known"].as_str().map(|name| name.ends_with("\u{fffd}\u{fffd}kite.png"))),
        (&json!("keypoints"), Some(true)),
        "{out}"
    );
    assert!(first["known_base64"].is_string(), "a name that is no text is given whole too: {out}");
    assert_eq!((&found[1]["matches"][0]["by"], &found[2]["matches"]), (&json!("exact"), &json!([])), "{out}");
    for told in ["torn.jpg: known by nothing but its digests", "empty: known by nothing", "dangling: No such file"] {
        assert!(err.contains(told), "{told}: {err}");
    }
    assert_eq!(run(&["search", "--known", text(&known), text(&new)]).0, 1, "nothing is found");
    assert_eq!(run(&["search", "--known", "nowhere", text(&new)]).0, 2);
    assert_eq!(run(&["search", "--known", text(&known), text(&crop), "nowhere.png"]).0, 2, "one could not be looked at");
    assert_eq!(run(&["search", text(&new)]).0, 2, "among what?");
}

#[test]
fn when_it_is_stopped_no_child_goes_on_and_no_copy_is_left() {
    let dir = tempfile::tempdir().expect("a directory");
    let copies = tempfile::tempdir().expect("a directory");
    let long = dir.path().join("long.mkv");
    let short = dir.path().join("short.mp4");
    ffmpeg(&["-f", "lavfi", "-i", "testsrc2=s=1280x720", "-t", "2", "-preset", "ultrafast"], &short);
    ffmpeg(&["-stream_loop", "100", "-i", text(&short), "-c", "copy"], &long);
    let mut command = handbill(&["hash", text(&long)]);
    let child = command.env("TMPDIR", copies.path()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let children = format!("/proc/{0}/task/{0}/children", child.id());
    until("it decodes", Duration::from_secs(20), || fs::read_to_string(&children).is_ok_and(|ids| !ids.is_empty()));
    let decoders: Vec<String> = fs::read_to_string(&children).expect("children").split_whitespace().map(str::to_owned).collect();
    kill_process(Pid::from_child(&child), Signal::INT).expect("it is there");
    let (code, out, err) = said(&child.wait_with_output().expect("it ends"));
    assert_eq!((code, out.as_str()), (130, ""), "{err}");
    assert_eq!(fs::read_dir(copies.path()).expect("a directory").count(), 0);
    let gone = |id: &String| fs::read_to_string(format!("/proc/{id}/stat")).map_or(true, |stat| stat.contains(") Z "));
    until("a decoder goes on", Duration::from_secs(5), || decoders.iter().all(gone));
}

#[test]
fn nothing_is_said_to_whoever_has_read_enough_of_the_results() {
    let dir = tempfile::tempdir().expect("a directory");
    let picture = scene(dir.path(), "kite.png", 3);
    let mut child = handbill(&["hash", text(&picture)]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    drop(child.stdout.take());
    let done = child.wait_with_output().expect("it ends");
    assert_eq!((done.status.code(), String::from_utf8_lossy(&done.stderr).as_ref()), (Some(2), ""));
}
