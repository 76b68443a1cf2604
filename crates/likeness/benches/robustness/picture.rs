//! The stream of pictures.

use std::error::Error;
use std::io::BufRead;
use std::path::Path;

use likeness::keypoints::ASKED;
use likeness::pdq::Readings;
use likeness::{Features, Pixels, Plane};

/// One picture of the stream.
pub(crate) struct Picture {
    pub(crate) kind: String,
    pub(crate) number: u64,
    pub(crate) family: String,
    /// As it is, and without the waves of a screen if it has some.
    pub(crate) planes: Vec<Plane>,
    pub(crate) readings: Readings,
}

impl Picture {
    /// Of each plane.
    pub(crate) fn features(&self) -> Vec<Features> {
        self.planes.iter().map(|plane| Features::of(plane, ASKED)).collect()
    }
}

struct Raw {
    head: Vec<String>,
    luma: Vec<u8>,
}

/// The next pictures of one kind, `most` at most; none at the end.
pub(crate) fn batch(input: &mut impl BufRead, most: usize) -> Result<Vec<Picture>, Box<dyn Error>> {
    let mut raw: Vec<Raw> = Vec::new();
    while raw.len() < most {
        // The next one's kind, before it is taken.
        let kind = input.fill_buf()?.split(|byte| *byte == b'\t').next().unwrap_or_default();
        if kind.is_empty() || raw.first().is_some_and(|first| first.head[0].as_bytes() != kind) {
            break;
        }
        let mut line = String::new();
        input.read_line(&mut line)?;
        let head: Vec<String> = line.trim_end().split('\t').map(str::to_owned).collect();
        let [_, _, _, width, height] = head.as_slice() else { return Err(format!("no head of a picture: {line:?}").into()) };
        let mut luma = vec![0; width.parse::<usize>()? * height.parse::<usize>()?];
        input.read_exact(&mut luma)?;
        raw.push(Raw { head, luma });
    }
    let made = crate::each(&raw, |raw| made(raw).map_err(|error| error.to_string()));
    Ok(made.into_iter().collect::<Result<_, _>>()?)
}

fn made(raw: &Raw) -> Result<Picture, Box<dyn Error>> {
    let [kind, number, family, width, height] = raw.head.as_slice() else { return Err("no head of a picture".into()) };
    let pixels = Pixels::luma8(&raw.luma, width.parse()?, height.parse()?)?;
    let (kind, number, family) = (kind.clone(), number.parse()?, family.clone());
    let plane = Plane::of(&pixels);
    let without = plane.descreened();
    let planes = [Some(plane), without].into_iter().flatten().collect();
    Ok(Picture { kind, number, family, planes, readings: Readings::of(&pixels) })
}

/// Two planes side by side, as a file that any viewer of pictures reads.
pub(crate) fn draw(path: &Path, left: &Plane, right: &Plane) -> std::io::Result<()> {
    let (width, height) = (left.width() + right.width(), left.height().max(right.height()));
    let mut out = format!("P5\n{width} {height}\n255\n").into_bytes();
    for row in 0..height {
        for plane in [left, right] {
            let line = plane.luma().chunks_exact(plane.width()).nth(row);
            out.extend(line.map_or_else(|| vec![0; plane.width()], <[u8]>::to_vec));
        }
    }
    std::fs::write(path, out)
}
