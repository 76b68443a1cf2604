//! How others write the frames of a video: vPDQ's own text (`frame,quality,hash,seconds` a line), and the JSON of
//! python-threatexchange (`["hash,quality,seconds", …]`).

use std::fmt::Write as _;

use super::Frame;
use crate::HashError;
use crate::lines::{Lines, TooLong};

/// No line of a frame is longer.
const LINE: usize = 256;

/// Why a line or an entry is no frame.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// So many values are separated by commas.
    #[error("a frame has {need} values separated by commas, this has {have}")]
    Values {
        /// How many the form has.
        need: usize,
        /// How many there are.
        have: usize,
    },
    /// It is no number from 0.
    #[error("{0:?} is no number of a frame")]
    Number(String),
    /// It is no number from 0 to 100.
    #[error("{0:?} is no quality from 0 to 100")]
    Quality(String),
    /// It is no hash.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// It is no time in seconds.
    #[error("{0:?} is no time in seconds")]
    Time(String),
    /// It is too long to be a frame.
    #[error("the line is too long")]
    TooLong,
    /// It is not UTF-8.
    #[error("the line is no text")]
    NoText,
    /// It is no list of texts.
    #[error("this is no JSON list of texts: {0}")]
    Json(String),
}

/// Reads vPDQ's text from chunks of any size. Empty lines are passed over.
#[derive(Debug)]
pub struct Reader(Lines);

impl Default for Reader {
    fn default() -> Self {
        Self(Lines::new(LINE))
    }
}

impl Reader {
    /// Takes the next chunk; `each` is given the number of each line from 1, and its frame or what is wrong with it.
    pub fn feed(&mut self, chunk: &[u8], mut each: impl FnMut(u64, Result<Frame, FrameError>)) {
        self.0.feed(chunk, &mut |number, line| entry(number, line, &mut each));
    }

    /// The last line, if nothing ended it.
    pub fn finish(mut self, mut each: impl FnMut(u64, Result<Frame, FrameError>)) {
        self.0.finish(&mut |number, line| entry(number, line, &mut each));
    }
}

fn entry(number: u64, line: Result<&[u8], TooLong>, each: &mut impl FnMut(u64, Result<Frame, FrameError>)) {
    let text = line.map_err(|TooLong| FrameError::TooLong).and_then(|line| std::str::from_utf8(line).map_err(|_| FrameError::NoText));
    match text.map(str::trim) {
        Ok("") => {}
        Ok(text) => each(number, frame(text)),
        Err(error) => each(number, Err(error)),
    }
}

/// All frames of a text, or the number of the first line that is none and why.
///
/// # Errors
/// A line is no frame.
pub fn read_text(text: &str) -> Result<Vec<Frame>, (u64, FrameError)> {
    let mut frames = Vec::new();
    let mut wrong = None;
    let mut each = |number, frame: Result<Frame, FrameError>| match frame {
        Ok(frame) => frames.push(frame),
        Err(error) => {
            wrong.get_or_insert((number, error));
        }
    };
    let mut reader = Reader::default();
    reader.feed(text.as_bytes(), &mut each);
    reader.finish(&mut each);
    wrong.map_or(Ok(frames), Err)
}

/// vPDQ's text. Frames are numbered from 0 as they come.
#[must_use]
pub fn write_text(frames: &[Frame]) -> String {
    let mut out = String::with_capacity(frames.len() * 88);
    for (number, frame) in frames.iter().enumerate() {
        // Writing to a string does not fail.
        let _ = writeln!(out, "{number},{},{},{}.{:03}", frame.quality, frame.hash, frame.time_ms / 1000, frame.time_ms % 1000);
    }
    out
}

/// The frames of a signal of python-threatexchange, or the place (from 0) of the first entry that is none and why.
///
/// # Errors
/// It is no JSON list of texts, or one of them is no frame.
pub fn read_json(text: &str) -> Result<Vec<Frame>, (usize, FrameError)> {
    let entries: Vec<String> = serde_json::from_str(text).map_err(|error| (0, FrameError::Json(error.to_string())))?;
    let read = |(place, entry): (usize, &String)| compact(entry).map_err(|error| (place, error));
    entries.iter().enumerate().map(read).collect()
}

/// A signal of python-threatexchange.
#[must_use]
pub fn write_json(frames: &[Frame]) -> String {
    let mut out = String::from("[");
    for (place, frame) in frames.iter().enumerate() {
        let comma = if place == 0 { "" } else { ", " };
        let _ = write!(out, "{comma}\"{},{},{}.{:03}\"", frame.hash, frame.quality, frame.time_ms / 1000, frame.time_ms % 1000);
    }
    out.push(']');
    out
}

fn frame(line: &str) -> Result<Frame, FrameError> {
    let [number, quality, hash, time] = values(line)?;
    if number.parse::<u64>().is_err() {
        return Err(FrameError::Number(number.to_owned()));
    }
    made(hash, quality, time)
}

fn compact(entry: &str) -> Result<Frame, FrameError> {
    let [hash, quality, time] = values(entry)?;
    made(hash, quality, time)
}

fn values<const N: usize>(line: &str) -> Result<[&str; N], FrameError> {
    let mut values = [""; N];
    let mut have = 0;
    for value in line.split(',') {
        if let Some(place) = values.get_mut(have) {
            *place = value.trim();
        }
        have += 1;
    }
    if have == N { Ok(values) } else { Err(FrameError::Values { need: N, have }) }
}

fn made(hash: &str, quality: &str, time: &str) -> Result<Frame, FrameError> {
    let hash = hash.parse()?;
    let quality = quality.parse().ok().filter(|quality| *quality <= 100).ok_or_else(|| FrameError::Quality(quality.to_owned()))?;
    let seconds: f64 = time.parse().map_err(|_| FrameError::Time(time.to_owned()))?;
    // More than a thousand years is no time of a video, and neither is what a float calls infinite or no number.
    if !(0.0..=3.2e10).contains(&seconds) {
        return Err(FrameError::Time(time.to_owned()));
    }
    Ok(Frame { hash, quality, time_ms: (seconds * 1000.0).round() as u64 })
}

#[cfg(test)]
mod tests {
    use super::*;

    // The first lines of Meta's sample-hashes/test-padded-dimensions.txt.
    const SAMPLE: &str = "\
0,100,e6cf059c4c6696362cc9d6663cd9c263714169d98327399993363d9c3d9cc666,0.000
1,100,e6cf059c4c6696362cc9d66638d9c263716169d98327399993363d9c3d9cc666,0.033
2,100,e6cf2d9c4c6496362cc9d66638d9c263716169d98327399993363d9c3d9cc666,0.067
";

    #[test]
    fn the_text_form_is_read_and_written_alike() {
        let frames = read_text(SAMPLE).expect("frames");
        assert_eq!(frames.iter().map(|frame| frame.time_ms).collect::<Vec<_>>(), [0, 33, 67]);
        assert_eq!(write_text(&frames), SAMPLE);
        assert_eq!(read_text(&format!("\u{feff}{}", SAMPLE.replace('\n', "\r\n").to_uppercase())), Ok(frames));
    }

    #[test]
    fn the_json_form_is_read_and_written_alike() {
        let frames = read_text(SAMPLE).expect("frames");
        let json = write_json(&frames);
        assert!(json.starts_with(r#"["e6cf059c4c6696362cc9d6663cd9c263714169d98327399993363d9c3d9cc666,100,0.000", "#), "{json}");
        assert_eq!(read_json(&json), Ok(frames));
        assert_eq!(read_json("[]"), Ok(vec![]));
        assert_eq!(write_json(&[]), "[]");
    }

    #[test]
    fn what_is_no_frame_is_told_by_its_line() {
        let hash = &SAMPLE[6..70];
        for (line, wrong) in [
            ("0,100", FrameError::Values { need: 4, have: 2 }),
            (&format!("0,100,{hash},0.0,1"), FrameError::Values { need: 4, have: 5 }),
            (&format!("-1,100,{hash},0.0"), FrameError::Number("-1".into())),
            (&format!("0,101,{hash},0.0"), FrameError::Quality("101".into())),
            (&format!("0,,{hash},0.0"), FrameError::Quality(String::new())),
            (&format!("0,100,{},0.0", &hash[1..]), FrameError::Hash(HashError::Length(63))),
            (&format!("0,100,{hash},-0.5"), FrameError::Time("-0.5".into())),
            (&format!("0,100,{hash},NaN"), FrameError::Time("NaN".into())),
            (&format!("0,100,{hash},inf"), FrameError::Time("inf".into())),
            (&"x".repeat(LINE + 1), FrameError::TooLong),
        ] {
            assert_eq!(read_text(&format!("{SAMPLE}\n{line}\n{SAMPLE}")), Err((5, wrong)), "{line}");
        }
        assert!(matches!(read_json("{}"), Err((0, FrameError::Json(_)))));
        assert_eq!(read_json(&format!(r#"["{hash},50,1","{hash},50"]"#)), Err((1, FrameError::Values { need: 3, have: 2 })));
    }

    #[test]
    fn a_wrong_line_does_not_end_a_stream() {
        let mut reader = Reader::default();
        let mut good = 0;
        let mut wrong = Vec::new();
        let text = [SAMPLE.as_bytes(), b"\xff\xfe\n", SAMPLE.as_bytes()].concat();
        let mut each = |number, frame: Result<Frame, FrameError>| match frame {
            Ok(_) => good += 1,
            Err(error) => wrong.push((number, error)),
        };
        text.chunks(7).for_each(|chunk| reader.feed(chunk, &mut each));
        reader.finish(&mut each);
        assert_eq!((good, wrong), (6, vec![(4, FrameError::NoText)]));
    }
}
