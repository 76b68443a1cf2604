//! What a file is known by, and what is needed only while somebody asks what it is like.
//!
//! Local features are stored, but a question by them also needs the picture itself, small and in grey. That leaves the child in a file
//! of its own, lives as long as the question, and is written down nowhere.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use domain::Fingerprint;
use likeness::{Features, Plane};

/// What a file is known by.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// What is stored of it.
    pub fingerprints: Vec<Fingerprint>,
    /// What it is asked about with, and is not stored: of a photo one, of a video some, and of each that shows a photographed screen one more.
    pub views: Vec<View>,
}

/// A picture as it is asked about by its local features.
#[derive(Clone, Debug)]
pub struct View {
    /// The picture, small and in grey.
    pub plane: Plane,
    /// Its local features, more of them than are kept.
    pub features: Features,
}

/// The file in `out` that the child writes them to.
pub(crate) const SLOT: &str = "views";
/// More planes are not looked at of one file.
pub(crate) const MOST_PLANES: usize = 64;
/// Views of those.
const MOST_VIEWS: usize = 2 * MOST_PLANES;
/// What the biggest view takes, with much to spare.
const MOST_BYTES: u64 = 320 << 10;

impl View {
    /// A plane's. Where the waves of a photographed screen lie over it, it is looked at without them as well: either may be what the other picture shows.
    pub(crate) fn each_of(plane: Plane) -> Vec<Self> {
        let without = plane.descreened();
        let view = |plane: Plane| Self { features: Features::of(&plane, likeness::keypoints::ASKED), plane };
        [Some(plane), without].into_iter().flatten().map(view).collect()
    }
}

/// The features of views as they are stored, one after the other.
pub(crate) fn kept<'a>(views: impl IntoIterator<Item = &'a View>) -> Vec<u8> {
    views.into_iter().flat_map(|view| view.features.kept().to_bytes()).collect()
}

/// The child's side: each by its sizes, its brightness, and the length of its features and these. The file exists already.
pub(crate) fn write<'a>(views: impl IntoIterator<Item = &'a View>) -> io::Result<()> {
    let mut bytes = Vec::new();
    for View { plane, features } in views {
        for number in [plane.width(), plane.height()] {
            bytes.extend(u16::try_from(number).unwrap_or_default().to_le_bytes());
        }
        bytes.extend(plane.luma());
        let features = features.to_bytes();
        bytes.extend(u32::try_from(features.len()).unwrap_or_default().to_le_bytes());
        bytes.extend(features);
    }
    OpenOptions::new().write(true).truncate(true).open(Path::new("out").join(SLOT))?.write_all(&bytes)
}

/// The parent's side. The child may be in a stranger's hands: what does not read as views is none.
pub(crate) fn read(work: &Path) -> io::Result<Vec<View>> {
    let path = work.join("out").join(SLOT);
    let mut bytes = Vec::new();
    File::open(&path)?.take(MOST_BYTES * MOST_VIEWS as u64).read_to_end(&mut bytes)?;
    std::fs::remove_file(path)?;
    let (mut views, mut rest) = (Vec::new(), bytes.as_slice());
    while let Some((view, after)) = one(rest).filter(|_| views.len() < MOST_VIEWS) {
        views.push(view);
        rest = after;
    }
    Ok(views)
}

fn one(bytes: &[u8]) -> Option<(View, &[u8])> {
    let (&[a, b, c, d], bytes) = bytes.split_first_chunk()?;
    let [width, height] = [[a, b], [c, d]].map(|side| usize::from(u16::from_le_bytes(side)));
    let (luma, bytes) = bytes.split_at_checked(width * height)?;
    let (length, bytes) = bytes.split_first_chunk()?;
    let (features, bytes) = bytes.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)?;
    let view = View { plane: Plane::new(width, height, luma.to_vec()).ok()?, features: Features::from_bytes(features).ok()? };
    Some((view, bytes))
}
