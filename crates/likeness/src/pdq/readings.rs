//! All the hashes that a query asks with.

use super::{MIN_QUALITY, Pdq, Spectrum, Trim, Turn, spectrum};
use crate::Hash;
use crate::pixels::Pixels;

/// What was hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// All pixels: what PyPI `pdqhash`, python-threatexchange and the Hasher-Matcher-Actioner hash.
    Full,
    /// What Meta's C++ hashes when it reads a file of more than 512 pixels either way: 512 by 512 of its pixels, the nearest ones.
    Fit512,
    /// Without flat borders.
    Trimmed,
    /// Without flat borders and without bars that hold words.
    Uncaptioned,
}

impl Source {
    /// In the order of the stored form, which is only added to.
    const ALL: [Self; 4] = [Self::Full, Self::Fit512, Self::Trimmed, Self::Uncaptioned];
}

/// One hash to ask with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What was hashed.
    pub source: Source,
    /// How it was turned before.
    pub turn: Turn,
    /// The hash.
    pub pdq: Pdq,
}

impl Reading {
    /// Its name for people and programs: `pdq`, `pdq-mirror`, `pdq-turned-90`, `pdq-512-mirror-turned-270`, `pdq-trimmed`…
    #[must_use]
    pub const fn name(&self) -> &'static str {
        macro_rules! names {
            ($stem:literal) => {
                match self.turn {
                    Turn::None => $stem,
                    Turn::Turned90 => concat!($stem, "-turned-90"),
                    Turn::Turned180 => concat!($stem, "-turned-180"),
                    Turn::Turned270 => concat!($stem, "-turned-270"),
                    Turn::Mirrored => concat!($stem, "-mirror"),
                    Turn::Mirrored90 => concat!($stem, "-mirror-turned-90"),
                    Turn::Mirrored180 => concat!($stem, "-mirror-turned-180"),
                    Turn::Mirrored270 => concat!($stem, "-mirror-turned-270"),
                }
            };
        }
        match self.source {
            Source::Full => names!("pdq"),
            Source::Fit512 => names!("pdq-512"),
            Source::Trimmed => names!("pdq-trimmed"),
            Source::Uncaptioned => names!("pdq-uncaptioned"),
        }
    }
}

/// The hashes of one picture: the canonical one first, no hash twice, none that says nothing.
#[derive(Clone, Debug)]
pub struct Readings {
    canonical: Pdq,
    all: Vec<Reading>,
}

impl Readings {
    /// Reads a picture in every way.
    ///
    /// A hash of `Turn::Turned90` is that of the picture turned clockwise, so it finds a known picture of which this one was turned
    /// counterclockwise.
    #[must_use]
    pub fn of(pixels: &Pixels<'_>) -> Self {
        let full = spectrum(pixels);
        let mut readings = Self { canonical: full.pdq(), all: Vec::with_capacity(16) };
        readings.add(Source::Full, &full);
        if pixels.full().0 > FIT || pixels.full().1 > FIT {
            readings.add(Source::Fit512, &fit_512(pixels));
        }
        let whole = Trim::whole(pixels);
        let trimmed = Trim::borders(pixels);
        if trimmed != whole {
            readings.add(Source::Trimmed, &spectrum(&trimmed.apply(pixels)));
        }
        let uncaptioned = Trim::captions(pixels);
        if uncaptioned != trimmed {
            readings.add(Source::Uncaptioned, &spectrum(&uncaptioned.apply(pixels)));
        }
        readings
    }

    fn add(&mut self, source: Source, spectrum: &Spectrum) {
        if spectrum.quality() < MIN_QUALITY {
            return;
        }
        for (turn, pdq) in Turn::ALL.into_iter().zip(spectrum.dihedral()) {
            if self.all.iter().all(|known| known.pdq.hash != pdq.hash) {
                self.all.push(Reading { source, turn, pdq });
            }
        }
    }

    /// What is stored and exchanged: the hash of all pixels as they are, whatever its quality.
    #[must_use]
    pub const fn canonical(&self) -> Pdq {
        self.canonical
    }

    /// The hashes that a bank of pictures keeps of this one: the canonical one and that of 512 by 512 pixels, as it is stored. Whoever asks
    /// turns what they ask with.
    pub fn known(&self) -> impl Iterator<Item = &Reading> {
        self.all.iter().filter(|reading| reading.turn == Turn::None && matches!(reading.source, Source::Full | Source::Fit512))
    }

    /// The stored form: a record for each hash, of 34 bytes: which it is, its quality, the hash. The first is the canonical one.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let record = |code: usize, pdq: &Pdq| {
            let mut bytes = vec![u8::try_from(code).unwrap_or(u8::MAX), pdq.quality];
            bytes.extend(pdq.hash.to_bytes());
            bytes
        };
        let rest = self.all.iter().map(|reading| (code_of(reading.source, reading.turn), reading.pdq)).filter(|(code, _)| *code != 0);
        std::iter::once((0, self.canonical)).chain(rest).flat_map(|(code, pdq)| record(code, &pdq)).collect()
    }

    /// Reads the stored form; `None` if it is not one.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (records, rest) = bytes.as_chunks::<RECORD>();
        let ([first, more @ ..], []) = (records, rest) else { return None };
        let read = |[code, quality, hash @ ..]: &[u8; RECORD]| {
            let code = usize::from(*code);
            let (source, turn) = (*Source::ALL.get(code / Turn::ALL.len())?, *Turn::ALL.get(code % Turn::ALL.len())?);
            Some(Reading { source, turn, pdq: Pdq { hash: Hash::from_bytes(*hash), quality: *quality } })
        };
        let first = read(first).filter(|reading| code_of(reading.source, reading.turn) == 0)?;
        let mut all = more.iter().map(read).collect::<Option<Vec<_>>>()?;
        if first.pdq.quality >= MIN_QUALITY {
            all.insert(0, first);
        }
        Some(Self { canonical: first.pdq, all })
    }

    /// What to ask with; empty for a picture in which there is nothing to see.
    #[must_use]
    pub fn all(&self) -> &[Reading] {
        &self.all
    }
}

/// Bytes of a record of the stored form.
const RECORD: usize = 34;

fn code_of(source: Source, turn: Turn) -> usize {
    let place = |all: &[Source]| all.iter().position(|one| *one == source).unwrap_or_default();
    place(&Source::ALL) * Turn::ALL.len() + Turn::ALL.iter().position(|one| *one == turn).unwrap_or_default()
}

const FIT: usize = 512;

/// Column `x` of 512 is column `x W / 512` of the picture, rounded down (the resize that CImg does by default); rows likewise. Of means it is
/// the one that has that column.
fn fit_512(pixels: &Pixels<'_>) -> Spectrum {
    let (full, step) = (pixels.full(), pixels.step());
    let count = pixels.channels().count();
    let mut rows = super::Rows::new(FIT, FIT, pixels.channels());
    let mut room = Vec::new();
    let mut fit = vec![0; FIT * count];
    for y in 0..FIT {
        let row = pixels.row8(y * full.1 / FIT / step, &mut room);
        for (x, pixel) in fit.chunks_exact_mut(count).enumerate() {
            pixel.copy_from_slice(&row[x * full.0 / FIT / step * count..][..count]);
        }
        if rows.push(&fit).is_err() {
            return Spectrum::blank();
        }
    }
    rows.finish().unwrap_or_else(|_| Spectrum::blank())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_form_reads_back_and_nothing_else_is_one() {
        let luma: Vec<u8> = (0..640 * 480_usize).map(|i| (((i % 640) / 50 * 37 + (i / 640) / 40 * 91) % 251) as u8).collect();
        let readings = Readings::of(&Pixels::luma8(&luma, 640, 480).expect("a picture"));
        assert!(readings.all().len() >= 16 && readings.known().count() == 2);
        let bytes = readings.to_bytes();
        let read = Readings::from_bytes(&bytes).expect("it reads");
        assert_eq!((read.canonical(), read.all()), (readings.canonical(), readings.all()));
        let blank = Readings::of(&Pixels::luma8(&[7; 100], 10, 10).expect("a picture"));
        let read = Readings::from_bytes(&blank.to_bytes()).expect("it reads");
        assert_eq!((read.canonical().quality, read.all().len()), (0, 0));
        assert!(Readings::from_bytes(&[]).is_none() && Readings::from_bytes(&bytes[1..]).is_none());
        assert!(Readings::from_bytes(&bytes[RECORD..]).is_none(), "the canonical one comes first");
        assert!(Readings::from_bytes(&[255; RECORD]).is_none());
    }
}
