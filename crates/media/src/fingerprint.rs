//! What a file is known by: made in the child, in the same pass as its renderings.
//!
//! Digests are of the file as it arrived and as it was cleaned, because others know it in either form. PDQ is of the pixels as they are
//! stored, before they are turned upright: that is what the field hashes.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use domain::{Fingerprint, FingerprintKind};
use likeness::pdq::Readings;
use likeness::{Pixels as Picture, Plane};
use md5::{Digest as _, Md5};
use sha2::Sha256;

use crate::decode::Decoded;
use crate::known::{self, Known, View};

/// What is made of a picture's PDQ today. A change of what comes out of the same file raises it: all that stands is then looked at again.
pub const VERSION_OF_PDQ: i64 = 2;
/// The same of local features.
pub const VERSION_OF_KEYPOINTS: i64 = 3;

/// The brightness of a picture's pixels as stored, at its full size or as means of small squares of it.
pub(crate) struct Grey {
    width: usize,
    height: usize,
    samples: Vec<u8>,
    step: usize,
    full: (usize, usize),
}

impl Grey {
    /// By the weights of JPEG (ITU-R BT.601), as the field does it; what shows through is not looked at.
    pub(crate) fn of(decoded: &Decoded) -> Self {
        let (pixels, full) = (&decoded.pixels, decoded.full);
        // 0.299, 0.587 and 0.114 in steps of 2^-16.
        let luma = |r: u8, g: u8, b: u8| {
            let sum = 19_595 * u32::from(r) + 38_470 * u32::from(g) + 7_471 * u32::from(b);
            u8::try_from((sum + 32_768) >> 16).unwrap_or(u8::MAX)
        };
        let samples = if pixels.alpha {
            pixels.data.as_chunks().0.iter().map(|[r, g, b, _]: &[u8; 4]| luma(*r, *g, *b)).collect()
        } else {
            pixels.data.as_chunks().0.iter().map(|[r, g, b]: &[u8; 3]| luma(*r, *g, *b)).collect()
        };
        Self {
            width: pixels.width as usize,
            height: pixels.height as usize,
            samples,
            step: decoded.step,
            full: (full.0 as usize, full.1 as usize),
        }
    }
}

/// The digests of a file as it arrived and as it was cleaned, if that is another form.
pub(crate) fn digests(arrived: &[u8], cleaned: &[u8]) -> Vec<Fingerprint> {
    let forms = if cleaned == arrived { vec![arrived] } else { vec![arrived, cleaned] };
    let sha256 = forms.iter().flat_map(Sha256::digest).collect();
    let md5 = forms.iter().flat_map(Md5::digest).collect();
    vec![
        Fingerprint { kind: FingerprintKind::Sha256, version: 1, bytes: sha256 },
        Fingerprint { kind: FingerprintKind::Md5, version: 1, bytes: md5 },
    ]
}

/// The digests of a file that may be too large to be held. It looks at no more than its bytes, so it need not be done in the sandbox.
///
/// # Errors
/// It cannot be read.
pub fn digests_of(input: impl io::Read) -> io::Result<Vec<Fingerprint>> {
    Ok(rows(&[sums(input)?]))
}

/// The same of a video, as it arrived and as it was cleaned.
pub(crate) async fn of_files(work: &Path, cleaned: Option<&str>) -> io::Result<Vec<Fingerprint>> {
    let cleaned = cleaned.map(|name| work.join("out").join(name));
    let paths: Vec<PathBuf> = std::iter::once(work.join("in/input")).chain(cleaned).collect();
    let sums = tokio::task::spawn_blocking(move || paths.iter().map(|path| sums(File::open(path)?)).collect::<io::Result<Vec<_>>>());
    let mut sums = sums.await.map_err(io::Error::other)??;
    sums.dedup();
    Ok(rows(&sums))
}

fn rows(sums: &[(Vec<u8>, Vec<u8>)]) -> Vec<Fingerprint> {
    let of = |kind, bytes| Fingerprint { kind, version: 1, bytes };
    let sha256 = sums.iter().flat_map(|(sha256, _)| sha256.iter().copied()).collect();
    let md5 = sums.iter().flat_map(|(_, md5)| md5.iter().copied()).collect();
    vec![of(FingerprintKind::Sha256, sha256), of(FingerprintKind::Md5, md5)]
}

fn sums(mut file: impl io::Read) -> io::Result<(Vec<u8>, Vec<u8>)> {
    let mut buffer = vec![0; 1 << 20];
    let (mut sha256, mut md5) = (Sha256::new(), Md5::new());
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            return Ok((sha256.finalize().to_vec(), md5.finalize().to_vec()));
        }
        let bytes = buffer.get(..count).unwrap_or_default();
        sha256.update(bytes);
        md5.update(bytes);
    }
}

/// What a picture looks like.
pub(crate) fn looks(grey: &Grey) -> Known {
    let picture = Picture::luma8(&grey.samples, grey.width, grey.height);
    let Ok(picture) = picture.and_then(|means| means.means(grey.step, grey.full.0, grey.full.1)) else { return Known::default() };
    let views = View::each_of(Plane::of(&picture));
    let fingerprints = vec![
        Fingerprint { kind: FingerprintKind::Pdq, version: VERSION_OF_PDQ, bytes: Readings::of(&picture).to_bytes() },
        Fingerprint { kind: FingerprintKind::Keypoints, version: VERSION_OF_KEYPOINTS, bytes: known::kept(&views) },
    ];
    Known { fingerprints, views }
}
