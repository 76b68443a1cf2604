//! What speaks for a copy and what speaks against it, once a map is found: the whole known picture is asked, not only what tied it.
//!
//! Two pictures in the same telephone's furniture, below the same sky or in the same frame agree where they share it and contradict each
//! other elsewhere; a copy agrees all over, but for a sticker. So all blocks of the thumbnail are compared, and all stored keypoints are
//! looked up where the map says they must be, whether or not one was found there. A flat block says nothing, unless something lies on it.

use std::cell::OnceCell;

use super::Map;
use super::dense::{ACROSS, BLOCK, Block, Dense, STEP, strays};
use crate::Plane;
use crate::keypoints::{Features, Look, Scales, Turns};
use crate::wide::Wide;

/// Blocks that correlate better than this agree, and are much alike above the second number; below the third they contradict.
const AGREES: f32 = 0.7;
const ALIKE: f32 = 0.88;
const CONTRADICTS: f32 = 0.45;
/// A keypoint is there if no more of its bits differ, and is another one if more than these do: half of them, but for what all edges share.
const SAME: u32 = 40;
const NEAR: u32 = 64;
const OTHER: u32 = 90;
/// The known picture's surface is divided into this many cells either way; a cell in which less than this was counted is not judged.
const CELLS: usize = 4;
const FEWEST: f32 = 3.0;

/// A query while known pictures are compared with it.
pub(super) struct Asked<'a> {
    pub(super) plane: &'a Plane,
    pub(super) dense: Dense,
    /// Made when the first candidate needs them: most queries have none.
    scales: OnceCell<Scales>,
    turns: &'a Turns,
    pub(super) wide: Wide,
}

impl<'a> Asked<'a> {
    pub(super) fn new(plane: &'a Plane, turns: &'a Turns) -> Self {
        Self { plane, dense: Dense::new(plane), scales: OnceCell::new(), turns, wide: Wide::best() }
    }
}

/// What the confidence of a finding is computed from; logarithms are natural ones.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Evidence {
    /// Blocks that look much alike, to those that do not and those that should be flat and are not: the logarithm of their ratio.
    pub blocks: f32,
    /// Stored keypoints that are where the map says, to those that are not: the logarithm of their ratio.
    pub places: f32,
    /// Of the sixteen parts of the known picture that have something to say, the share in which more contradicts than agrees.
    pub lost: f32,
    /// Blocks that agree, to all others within the query, flat ones among them: the logarithm of their ratio.
    pub surface: f32,
}

/// The counts that [`Evidence`] is made from.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    /// The part of the known picture that lies within the query.
    pub(super) visible: f32,
    /// Blocks within the query; of these the ones with a texture, and what these show.
    inside: f32,
    pub(super) textured: f32,
    pub(super) agree: f32,
    alike: f32,
    contradict: f32,
    /// Blocks that should be flat and are not.
    covered: f32,
    /// Keypoints that could be looked up.
    asked: f32,
    pub(super) same: f32,
    other: f32,
    /// What agrees and what contradicts in each cell.
    cells: [[f32; 2]; CELLS * CELLS],
    /// Left, top, right and bottom of what agrees, as parts of the known picture.
    pub(super) part: [f32; 4],
}

impl Tally {
    /// By the thumbnail.
    pub(super) fn by_blocks(asked: &Asked<'_>, known: &Features, map: &Map, look: Look) -> Self {
        let below = asked.dense.lay(known, map, look);
        let blocks = below.blocks(known.thumbnail());
        let flat = flat(known.thumbnail());
        // How much stronger the query's contrasts are, and what noise and compression leave of a block that agrees.
        let agreeing = blocks.iter().filter_map(|block| match *block {
            Block::Inside { known, seen, correlation } if known >= flat && correlation > AGREES => {
                Some((seen / known, seen * (1.0 - correlation * correlation).max(0.0).sqrt()))
            }
            _ => None,
        });
        let (gains, left): (Vec<f32>, Vec<f32>) = agreeing.unzip();
        let (gain, left) = (median(gains).unwrap_or(1.0), median(left).unwrap_or(2.0).max(0.6));
        let mut tally = Self { visible: below.visible(), part: [1.0, 1.0, 0.0, 0.0], ..Self::default() };
        for (index, block) in blocks.iter().enumerate() {
            let Block::Inside { known: stray, seen, correlation } = *block else { continue };
            let (row, column) = (index / ACROSS, index % ACROSS);
            let middle = |at: usize| (at as f32 + 0.5) / ACROSS as f32;
            tally.inside += 1.0;
            if stray >= flat {
                tally.textured += 1.0;
                tally.alike += f32::from(correlation > ALIKE);
                if correlation > AGREES {
                    tally.agree += 1.0;
                    tally.agrees(middle(column), middle(row));
                } else if correlation < CONTRADICTS {
                    tally.contradict += 1.0;
                    tally.contradicts(middle(column), middle(row));
                }
            } else if seen > 1.5 * gain * stray + 3.0 * left && around(known.thumbnail(), row, column) < flat {
                tally.covered += 1.0;
                tally.contradicts(middle(column), middle(row));
            }
        }
        tally
    }

    /// By the stored keypoints, each looked up where it must be.
    pub(super) fn by_keypoints(&mut self, asked: &Asked<'_>, known: &Features, map: &Map, look: Look) {
        let scales = asked.scales.get_or_init(|| Scales::of(asked.plane));
        for keypoint in known.keypoints() {
            let (x, y) = map.at(keypoint.x, keypoint.y);
            let slope = map.slope(keypoint.x, keypoint.y);
            let (sin, cos) = keypoint.angle.sin_cos();
            let mut angle = (slope[1][0] * cos + slope[1][1] * sin).atan2(slope[0][0] * cos + slope[0][1] * sin);
            if look.negative {
                angle += std::f32::consts::PI;
            }
            let Some(bits) = scales.bits(x, y, keypoint.scale * map.scale(keypoint.x, keypoint.y), angle) else { continue };
            self.asked += 1.0;
            let (x, y) = (keypoint.x / known.width() as f32, keypoint.y / known.height() as f32);
            let distance = asked.turns.turned(bits, look.index()).distance(keypoint.bits);
            self.same += f32::from(distance <= SAME);
            if distance <= NEAR {
                self.agrees(x, y);
            } else if distance >= OTHER {
                self.other += 1.0;
                self.contradicts(x, y);
            }
        }
    }

    fn agrees(&mut self, x: f32, y: f32) {
        self.cells[cell(x, y)][0] += 1.0;
        let [left, top, right, bottom] = self.part;
        self.part = [left.min(x), top.min(y), right.max(x), bottom.max(y)];
    }

    fn contradicts(&mut self, x: f32, y: f32) {
        self.cells[cell(x, y)][1] += 1.0;
    }

    /// How much more agrees than contradicts, to choose between maps.
    pub(super) fn surplus(&self) -> f32 {
        self.agree - self.contradict - self.covered
    }

    /// Is there enough to call it a copy? A small part may agree altogether and be a logo.
    pub(super) fn suffices(&self) -> bool {
        self.agree >= 10.0 && self.same >= 8.0
    }

    pub(super) fn evidence(&self) -> Evidence {
        // What neither agrees nor contradicts counts half.
        let ratio = |with: f32, against: f32, all: f32| ((with + 1.0) / (against + (all - with - against).max(0.0) / 2.0 + 1.0)).ln();
        let judged = self.cells.iter().filter(|[agree, contradict]| agree + contradict >= FEWEST);
        let (mut won, mut lost) = (0.0_f32, 0.0_f32);
        for [agree, contradict] in judged {
            won += f32::from(*agree > 2.0 * contradict);
            lost += f32::from(contradict > agree);
        }
        Evidence {
            blocks: ratio(self.alike, self.contradict + self.covered, self.textured + self.covered),
            places: ratio(self.same, self.other, self.asked),
            lost: lost / (won + lost).max(1.0),
            surface: ((self.agree + 1.0) / (self.inside - self.agree + 1.0)).ln(),
        }
    }
}

impl Evidence {
    /// The chance that this is a copy: a logistic curve, fitted to what the benchmark found of some eighty disguised pictures and of its
    /// trap set (`bench/robustness`): first its direction, with no copies weighing fifty times as much, then its height and steepness to
    /// the shares that were copies.
    pub(super) fn confidence(&self) -> f32 {
        let sum = 2.0 * self.blocks + 0.41 * self.places - 2.6 * self.lost + 2.76 * self.surface - 4.6;
        1.0 / (1.0 + (-sum).exp())
    }
}

fn cell(x: f32, y: f32) -> usize {
    let at = |part: f32| ((part * CELLS as f32) as usize).min(CELLS - 1);
    at(y) * CELLS + at(x)
}

/// What is flat in a picture: much less strays there than where it is rich.
fn flat(thumbnail: &[u8]) -> f32 {
    let mut all: Vec<f32> =
        (0..ACROSS * ACROSS).map(|index| strays(thumbnail, index / ACROSS * STEP, index % ACROSS * STEP, BLOCK)).collect();
    all.sort_by(f32::total_cmp);
    (0.25 * all[all.len() * 3 / 4]).clamp(1.2, 4.0)
}

/// How far a block strays together with its edge, where a shift of one pixel shows first.
fn around(thumbnail: &[u8], row: usize, column: usize) -> f32 {
    strays(thumbnail, (row * STEP).saturating_sub(2), (column * STEP).saturating_sub(2), BLOCK + 4)
}

fn median(mut numbers: Vec<f32>) -> Option<f32> {
    numbers.sort_by(f32::total_cmp);
    numbers.get(numbers.len() / 2).copied()
}
