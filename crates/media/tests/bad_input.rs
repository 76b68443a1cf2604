//! Whatever comes, the answer is clear and comes soon: never a hang, never trouble of ours.

use std::time::{Duration, Instant};

use domain::Problem;

use crate::{made_of, refused, run, sample, work};

/// The problem with these bytes, found within a few seconds.
async fn problem_of(bytes: &[u8]) -> Problem {
    let work = work();
    std::fs::write(work.path().join("in/input"), bytes).unwrap();
    let began = Instant::now();
    let problem = refused(run(work.path()).await);
    assert!(began.elapsed() < Duration::from_secs(20), "{problem:?} after {:?}", began.elapsed());
    problem
}

fn film(arguments: &str) -> Vec<u8> {
    let work = work();
    let file = work.path().join("film");
    sample(arguments, &file);
    std::fs::read(file).unwrap()
}

fn png_chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut sum = flate2::Crc::new();
    sum.update(kind);
    sum.update(data);
    [&u32::try_from(data.len()).unwrap().to_be_bytes(), kind.as_slice(), data, &sum.sum().to_be_bytes()].concat()
}

fn png(width: u32, height: u32, data: &[u8]) -> Vec<u8> {
    let header = [&width.to_be_bytes(), &height.to_be_bytes(), [8, 2, 0, 0, 0].as_slice()].concat();
    [b"\x89PNG\r\n\x1a\n".as_slice(), &png_chunk(b"IHDR", &header), &png_chunk(b"IDAT", data), &png_chunk(b"IEND", b"")].concat()
}

#[tokio::test]
async fn what_is_no_photo_and_no_film_is_told_so() {
    for (bytes, problem) in [
        (b"".as_slice(), Problem::Empty),
        (b"words", Problem::NotMedia),
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", Problem::NotMedia),
        (b"ffconcat version 1.0\nfile '/etc/passwd'\n", Problem::NotMedia),
        (b"<html><script>alert(1)</script>", Problem::NotMedia),
        (b"\0\0\0\x1cftypavif\0\0\0\0mif1miaf", Problem::Unsupported),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Problem::Corrupt),
        (b"\0\0\0\x18ftypisom rubbish and more rubbish", Problem::Corrupt),
        (b"\x1a\x45\xdf\xa3 rubbish and more rubbish", Problem::Corrupt),
        (b"GIF89a\x10\0\x10\0\0\0\0\x3b", Problem::Corrupt),
        (b"RIFF\xff\xff\xff\xffWEBPVP8 \x08\0\0\0", Problem::Corrupt),
        (b"RIFF\x14\0\0\0WEBPVP8 \xff\xff\xff\x7f........", Problem::Corrupt),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", Problem::Corrupt),
        (b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIHDR", Problem::Corrupt),
    ] {
        assert_eq!(problem_of(bytes).await, problem, "{}", bytes.escape_ascii());
    }
    // A list of other files that has put on a video's first bytes.
    let posing = [b"\0\0\0\x14ftypisom\0\0\0\0isom\n#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n".as_slice(), &[b'\n'; 4096]].concat();
    assert_eq!(problem_of(&posing).await, Problem::Corrupt);
}

#[tokio::test]
async fn a_small_file_of_very_many_pixels_is_refused_before_it_is_decoded() {
    let mut deflated = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut deflated, &vec![0; 1 << 20]).unwrap();
    let deflated = deflated.finish().unwrap();
    assert_eq!(problem_of(&png(30_000, 30_000, &deflated)).await, Problem::TooManyPixels);
    assert_eq!(problem_of(&png(u32::MAX >> 1, u32::MAX >> 1, &deflated)).await, Problem::TooManyPixels);
    assert_eq!(problem_of(&png(0, 10, &deflated)).await, Problem::Corrupt);
    // Within the limit, and cut short.
    assert_eq!(problem_of(&png(9_000, 9_000, &deflated)).await, Problem::Corrupt);
    let frame = b"\x2c\0\0\0\0\xff\xff\xff\xff\0\x02\x02\x44\x01\0";
    let gif = [b"GIF89a\xff\xff\xff\xff\x80\0\0\0\0\0\xff\xff\xff".as_slice(), frame, b"\x3b"].concat();
    assert_eq!(problem_of(&gif).await, Problem::TooManyPixels);
}

#[tokio::test]
async fn a_gif_of_a_million_frames_is_refused() {
    let frame = b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0";
    let gif = [b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff".as_slice(), &frame.repeat(1_000_000), b"\x3b"].concat();
    assert_eq!(problem_of(&gif).await, Problem::TooManyFrames);
}

#[tokio::test]
async fn a_photo_that_is_something_else_too_loses_the_something_else() {
    for (extension, problem) in
        [("jpg", b"<html><script>alert(1)</script>PK\x03\x04".as_slice()), ("png", b"PK\x05\x06 <?php"), ("gif", b"<svg/>")]
    {
        let work = work();
        let file = work.path().join(format!("photo.{extension}"));
        sample("testsrc2=s=64x48 -frames:v 1", &file);
        let bytes = [std::fs::read(&file).unwrap(), problem.to_vec()].concat();
        std::fs::write(&file, bytes).unwrap();
        let prepared = made_of(work.path(), &file).await;
        let cleaned = std::fs::read(&prepared.files.first().unwrap().path).unwrap();
        assert!(!cleaned.windows(problem.len()).any(|window| window == problem));
    }
}

#[tokio::test]
async fn photos_cut_short_are_corrupt() {
    for extension in ["jpg", "png", "gif", "webp"] {
        let work = work();
        let file = work.path().join(format!("photo.{extension}"));
        sample("testsrc2=s=640x480 -frames:v 1", &file);
        let whole = std::fs::read(&file).unwrap();
        for part in [40, whole.len() / 3, whole.len() - 20] {
            assert_eq!(problem_of(&whole[..part]).await, Problem::Corrupt, "{extension}: {part} of {}", whole.len());
        }
    }
}

/// Moves the beginning of a box of this name so that it says another size.
fn lie(film: &[u8], name: &[u8; 4], size: u32) -> Vec<u8> {
    let at = film.windows(4).position(|word| word == name).unwrap();
    let mut lying = film.to_vec();
    lying[at - 4..at].copy_from_slice(&size.to_be_bytes());
    lying
}

#[tokio::test]
async fn films_that_lie_about_their_sizes_end_soon() {
    let film = film("testsrc2=s=160x120:r=10:d=2 -pix_fmt yuv420p -c:v libx264 -preset ultrafast -movflags +faststart -f mp4");
    // Refused or taken, but neither a hang nor trouble of ours: `run` would fail.
    for name in [b"moov", b"trak", b"stbl", b"stsd", b"stsz", b"stts", b"stsc", b"avcC", b"mdat"] {
        for size in [0, 1, 7, 0x7fff_ffff, u32::MAX] {
            let work = work();
            std::fs::write(work.path().join("in/input"), lie(&film, name, size)).unwrap();
            let began = Instant::now();
            run(work.path()).await;
            assert!(began.elapsed() < Duration::from_secs(20), "{name:?} {size}");
        }
    }
    let huge = [b"\0\0\0\x01mdat\x7f\xff\xff\xff\xff\xff\xff\xff".as_slice(), &film].concat();
    assert_eq!(problem_of(&huge).await, Problem::Corrupt);
    // Two thousand million samples in a table of none.
    let at = film.windows(4).position(|word| word == b"stsz").unwrap();
    let mut many = film.clone();
    many[at + 12..at + 16].copy_from_slice(&0x7fff_ffff_u32.to_be_bytes());
    let work = work();
    std::fs::write(work.path().join("in/input"), many).unwrap();
    let began = Instant::now();
    run(work.path()).await;
    assert!(began.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn a_film_cut_short_gives_what_plays_or_is_refused() {
    let source = "testsrc2=s=320x240:r=10:d=10 -pix_fmt yuv420p -c:v libx264 -preset ultrafast -g 10";
    let index_last = film(&format!("{source} -f mp4"));
    assert_eq!(problem_of(&index_last[..index_last.len() / 2]).await, Problem::Corrupt);
    for first in [format!("{source} -movflags +faststart -f mp4"), format!("{source} -f matroska")] {
        let whole = film(&first);
        let work = work();
        let file = work.path().join("film");
        std::fs::write(&file, &whole[..whole.len() / 2]).unwrap();
        let prepared = made_of(work.path(), &file).await;
        let duration = prepared.duration_ms.unwrap();
        assert!((2_000..8_000).contains(&duration), "{first}: {duration} ms of what is left");
    }
}

/// A data reference that points at an address must not be followed, nor make anything wait.
#[tokio::test]
async fn a_film_whose_pictures_lie_elsewhere_is_not_looked_for() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = format!("http://{}/film.mp4\0", listener.local_addr().unwrap());
    let film = film("testsrc2=s=160x120:r=10:d=1 -pix_fmt yuv420p -c:v libx264 -preset ultrafast -f mp4");
    // The reference grows by the address; so do the boxes around it, and nothing behind `moov` moves.
    let at = film.windows(8).position(|word| word == b"url \0\0\0\x01").unwrap() - 4;
    let mut linked = film.clone();
    linked[at + 8..at + 12].fill(0);
    linked.splice(at + 12..at + 12, address.bytes());
    let grow = |bytes: &mut Vec<u8>, name: &[u8; 4]| {
        let at = bytes.windows(4).position(|word| word == name).unwrap() - 4;
        let size = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) + u32::try_from(address.len()).unwrap();
        bytes[at..at + 4].copy_from_slice(&size.to_be_bytes());
    };
    for name in [b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref", b"url "] {
        grow(&mut linked, name);
    }
    let work = work();
    std::fs::write(work.path().join("in/input"), linked).unwrap();
    let began = Instant::now();
    run(work.path()).await;
    assert!(began.elapsed() < Duration::from_secs(20));
    assert!(listener.accept().is_err(), "somebody called");
}
