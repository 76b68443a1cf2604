//! PDQ: the field's hash of a picture.
//!
//! The formulas are those of Meta's reference (`pdq/cpp/hashing/pdqhashing.cpp` of facebook/ThreatExchange, described in its
//! `hashing.pdf`). The canonical hash is that of the pixels as they are stored, at their full size, before any Orientation is applied;
//! a second reading is made of the picture brought to 512 × 512, which is what some programs of the field hash.

use crate::Hash;

/// Width and height of what the hash is made of.
const SIDE: usize = 64;
/// Below this quality a hash says too little to match.
pub const LEAST_QUALITY: u8 = 50;

/// One hash and how much there was to be seen, from 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pdq {
    /// The hash.
    pub hash: Hash,
    /// How much structure the picture has: 0 for one colour.
    pub quality: u8,
}

/// Pixels, row after row, `width` samples of brightness in each.
#[derive(Clone, Copy, Debug)]
pub struct Luma<'a> {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `width × height` samples.
    pub samples: &'a [u8],
}

/// One of the readings of a picture by which it may be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Which.
    pub name: ReadingName,
    /// Its hash.
    pub pdq: Pdq,
}

/// Which reading of a picture it is. The order is that of the stored form, and is only added to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReadingName {
    /// As it is stored, at its full size: what programs exchange.
    Whole,
    /// Turned by a quarter, to the left.
    Turned90,
    /// Turned by half.
    Turned180,
    /// Turned by a quarter, to the right.
    Turned270,
    /// Mirrored left to right.
    Mirror,
    /// Mirrored top to bottom.
    Flip,
    /// Mirrored on the falling diagonal.
    Transposed,
    /// Mirrored on the rising diagonal.
    Transversed,
}

impl ReadingName {
    const ALL: [Self; 8] =
        [Self::Whole, Self::Turned90, Self::Turned180, Self::Turned270, Self::Mirror, Self::Flip, Self::Transposed, Self::Transversed];

    /// The name in answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Whole => "pdq",
            Self::Turned90 => "pdq-turned-90",
            Self::Turned180 => "pdq-turned-180",
            Self::Turned270 => "pdq-turned-270",
            Self::Mirror => "pdq-mirror",
            Self::Flip => "pdq-flip",
            Self::Transposed => "pdq-transposed",
            Self::Transversed => "pdq-transversed",
        }
    }
}

/// Bytes of a reading's stored form: its name, its quality, its hash.
const RECORD: usize = 34;

/// All readings of a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readings(Vec<Reading>);

impl Readings {
    /// The readings of these pixels.
    #[must_use]
    pub fn of(luma: Luma<'_>) -> Self {
        let small = small(luma);
        let quality = quality(&small);
        let wave = dct(&small);
        let all = ReadingName::ALL.map(|name| Reading { name, pdq: Pdq { hash: threshold(&turned(&wave, name)), quality } });
        Self(all.to_vec())
    }

    /// The canonical hash: what is exchanged.
    #[must_use]
    pub fn whole(&self) -> Option<Pdq> {
        self.0.iter().find(|reading| reading.name == ReadingName::Whole).map(|reading| reading.pdq)
    }

    /// The hashes that a bank keeps of a picture; none if they say too little.
    pub fn known(&self) -> impl Iterator<Item = Hash> {
        self.whole().filter(|pdq| pdq.quality >= LEAST_QUALITY).map(|pdq| pdq.hash).into_iter()
    }

    /// The hashes by which a picture is looked for, with the names of the readings.
    pub fn asked(&self) -> impl Iterator<Item = (&'static str, Hash)> {
        self.0.iter().filter(|reading| reading.pdq.quality >= LEAST_QUALITY).map(|reading| (reading.name.as_str(), reading.pdq.hash))
    }

    /// The stored form.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let record = |reading: &Reading| {
            let mut bytes = vec![reading.name as u8, reading.pdq.quality];
            bytes.extend(reading.pdq.hash.to_bytes());
            bytes
        };
        self.0.iter().flat_map(record).collect()
    }

    /// Reads the stored form; `None` if it is not one.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (records, rest) = bytes.as_chunks::<RECORD>();
        if !rest.is_empty() {
            return None;
        }
        let one = |record: &[u8; RECORD]| {
            let [name, quality, hash @ ..] = record;
            let hash = Hash::from_bytes(*hash);
            Some(Reading { name: *ReadingName::ALL.get(usize::from(*name))?, pdq: Pdq { hash, quality: *quality } })
        };
        records.iter().map(one).collect::<Option<_>>().map(Self)
    }
}

/// How sure a match at this distance is: unrelated pictures are 128 bits apart, give or take 8.
#[must_use]
pub fn confidence(distance: u32) -> f64 {
    1.0 - f64::from(distance.min(crate::RADIUS)) / 310.0
}

/// The picture at 64 × 64: twice a box filter of a 128th of its size, along rows and columns, then samples.
fn small(luma: Luma<'_>) -> Vec<f64> {
    let Luma { width, height, samples } = luma;
    if width < 5 || height < 5 || samples.len() < width * height {
        return vec![0.0; SIDE * SIDE];
    }
    let picked = |place: usize, length: usize| ((place as f64 + 0.5) * length as f64 / SIDE as f64) as usize;
    let (mut row, mut other) = (vec![0.0; width], vec![0.0; width]);
    let mut columns = vec![0.0; SIDE * height];
    for (y, line) in samples.chunks_exact(width).take(height).enumerate() {
        row.iter_mut().zip(line).for_each(|(to, from)| *to = f64::from(*from));
        blur(&row, &mut other, width.div_ceil(2 * SIDE));
        blur(&other, &mut row, width.div_ceil(2 * SIDE));
        for x in 0..SIDE {
            columns[x * height + y] = row[picked(x, width)];
        }
    }
    let mut small = vec![0.0; SIDE * SIDE];
    let mut other = vec![0.0; height];
    for (x, column) in columns.chunks_exact_mut(height).enumerate() {
        blur(column, &mut other, height.div_ceil(2 * SIDE));
        blur(&other, column, height.div_ceil(2 * SIDE));
        for y in 0..SIDE {
            small[y * SIDE + x] = column[picked(y, height)];
        }
    }
    small
}

/// The mean over `window` samples around each, fewer at the ends.
fn blur(from: &[f64], to: &mut [f64], window: usize) {
    let after = (window + 2) / 2;
    let before = window - (after - 1) - 1;
    let mut sum: f64 = from.iter().take(after - 1).sum();
    for (place, out) in to.iter_mut().enumerate() {
        if let Some(next) = from.get(place + after - 1) {
            sum += next;
        }
        if let Some(last) = place.checked_sub(before + 1) {
            sum -= from[last];
        }
        let count = (place + after).min(from.len()) - place.saturating_sub(before);
        *out = sum / count as f64;
    }
}

/// How much neighbouring samples differ, in steps of a percent.
fn quality(small: &[f64]) -> u8 {
    let step = |a: f64, b: f64| ((a - b) * 100.0 / 255.0).trunc().abs() as u32;
    let across = (0..SIDE - 1).flat_map(|y| (0..SIDE).map(move |x| (y * SIDE + x, (y + 1) * SIDE + x)));
    let down = (0..SIDE).flat_map(|y| (0..SIDE - 1).map(move |x| (y * SIDE + x, y * SIDE + x + 1)));
    let sum: u32 = across.chain(down).map(|(a, b)| step(small[a], small[b])).sum();
    u8::try_from((sum / 90).min(100)).unwrap_or(100)
}

type Wave = [[f64; 16]; 16];

/// The 16 × 16 lowest frequencies but the zeroth.
fn dct(small: &[f64]) -> Wave {
    let scale = (2.0 / SIDE as f64).sqrt();
    let matrix: Vec<[f64; SIDE]> = (0..16)
        .map(|i| std::array::from_fn(|j| scale * (std::f64::consts::FRAC_PI_2 / SIDE as f64 * ((i + 1) * (2 * j + 1)) as f64).cos()))
        .collect();
    let half: Vec<[f64; SIDE]> =
        matrix.iter().map(|line| std::array::from_fn(|x| (0..SIDE).map(|y| line[y] * small[y * SIDE + x]).sum())).collect();
    std::array::from_fn(|i| std::array::from_fn(|j| (0..SIDE).map(|x| half[i][x] * matrix[j][x]).sum()))
}

/// The frequencies of the turned picture.
fn turned(wave: &Wave, name: ReadingName) -> Wave {
    let odd = |place: usize| place & 1 == 1;
    let sign = |minus: bool, value: f64| if minus { -value } else { value };
    let mut out = [[0.0; 16]; 16];
    for (i, line) in wave.iter().enumerate() {
        for (j, value) in line.iter().copied().enumerate() {
            let (to, value) = match name {
                ReadingName::Whole => ((i, j), value),
                ReadingName::Turned90 => ((j, i), sign(!odd(j), value)),
                ReadingName::Turned180 => ((i, j), sign(odd(i + j), value)),
                ReadingName::Turned270 => ((j, i), sign(!odd(i), value)),
                ReadingName::Mirror => ((i, j), sign(!odd(j), value)),
                ReadingName::Flip => ((i, j), sign(!odd(i), value)),
                ReadingName::Transposed => ((j, i), value),
                ReadingName::Transversed => ((j, i), sign(odd(i + j), value)),
            };
            out[to.0][to.1] = value;
        }
    }
    out
}

fn threshold(wave: &Wave) -> Hash {
    let mut sorted: Vec<f64> = wave.iter().flatten().copied().collect();
    sorted.sort_by(f64::total_cmp);
    let median = sorted[127];
    let mut words = [0; 4];
    for (bit, value) in wave.iter().flatten().enumerate() {
        words[bit / 64] |= u64::from(*value > median) << (bit % 64);
    }
    Hash(words)
}
