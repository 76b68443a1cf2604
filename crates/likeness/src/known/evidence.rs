//! What speaks for a copy and what speaks against it, once a map is found: the whole known picture is asked, not only what tied it.
//!
//! Two pictures in the same telephone's furniture, below the same sky or in the same frame agree where they share it and contradict each
//! other elsewhere; a copy agrees all over, but for a sticker. So all blocks of the thumbnail are compared, and all its slopes, pixel by
//! pixel, of which a sticker hides no more than it covers; and all stored keypoints are looked up where the map says they must be, whether
//! or not one was found there. A flat block says nothing, unless something lies on it.

use std::cell::OnceCell;

use super::Map;
use super::dense::{ACROSS, BLOCK, Block, Dense, STEP, Slope, strays};
use crate::keypoints::{Features, Look, Scales, THUMBNAIL, Turns};
use crate::wide::Wide;
use crate::{Hash, Plane};

/// Blocks that correlate better than this agree, and are much alike above the second number; below the third they contradict.
const AGREES: f32 = 0.7;
const ALIKE: f32 = 0.88;
const CONTRADICTS: f32 = 0.45;
/// A keypoint is there if no more of its bits differ, and something like it is if no more than these do.
const SAME: u32 = 40;
const NEAR: u32 = 64;
/// The better half of a keypoint's sixteen cells, half of whose bits differ by chance, agrees if fewer of its 128 bits do. What lies on a
/// picture covers a part of many keypoints.
const HALF: u32 = 20;
/// Keypoints of up to this scale count in full, those of up to the next a fifth, others a fifth of that: pages of other words in one
/// font, and photos below one sky, differ in what is fine.
const FINE: f32 = 3.0;
const MIDDLING: f32 = 8.0;
/// A keypoint counts as much as this many slopes.
const SLOPES: f32 = 16.0;
/// What is fine in the middle is judged if there is half as much of it as a keypoint, or more.
const LEAST: f32 = 0.5;
/// Cells either way, in which what is fine is counted; and the middle ones of them.
const CELLS: usize = 8;
const MIDDLE: usize = CELLS / 4;
/// A window of so many cells either way is a quarter of the picture; it is judged if this much of it is fine.
const WINDOW: usize = CELLS / 2;
const JUDGED: f32 = 4.0;
/// What is taken where there is nothing to judge by.
const UNKNOWN: f32 = 0.5;
/// Two pictures that so many places tie, and of which no quarter lacks more than two thirds of what is fine, are one for sure: what is written
/// over a copy is spread over it, what two pictures share for another reason ends somewhere.
const TIED: f32 = 50.0;
const LEFT: f32 = 1.0 / 3.0;
/// How sure that is.
const SURE: f32 = 0.95;

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

/// What the confidence of a finding is computed from. The more there is of each, the likelier a copy.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Evidence {
    /// Of what is fine in the middle of the known picture, slopes and keypoints, what agrees: the logarithm of its odds (natural, and kept from
    /// infinity by a twentieth more on either side). What surrounds other pictures too is not there.
    pub middle: f32,
    /// Of the stored keypoints those of which at least a half is where the map says, the finer ones weighing more; 0 to 1.
    pub places: f32,
    /// Of the blocks that lie within the query those that look much alike, 0 to 1.
    pub blocks: f32,
    /// Of the same blocks those that are not flat, 0 to 1: where little is to be seen, little speaks.
    pub textured: f32,
    /// How many places tie the two ([`super::Finding::places`]), by the logarithm of one more.
    pub tied: f32,
    /// Of what is fine what agrees in the quarter of the known picture where the least of it does, 0 to 1: a window of half its width and height,
    /// wherever it lies. What is all flat is no such quarter.
    pub worst: f32,
}

/// The logarithm of a share's odds.
fn odds(share: f32) -> f32 {
    ((share + 0.05) / (1.05 - share)).ln()
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
    /// How much stronger the query's contrasts are where blocks agree.
    gain: f32,
    /// What is fine and agrees, and all of it that could be compared, cell by cell of each row; in keypoints.
    fine: [[[f32; 2]; CELLS]; CELLS],
    /// Keypoints that are there, to the last bits.
    pub(super) same: f32,
    /// Weights of keypoints that could be looked up, and of those whose better half is there.
    asked: f32,
    half: f32,
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
        let mut tally = Self { visible: below.visible(), gain, part: [1.0, 1.0, 0.0, 0.0], ..Self::default() };
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
                }
            } else if seen > 1.5 * gain * stray + 3.0 * left && around(known.thumbnail(), row, column) < flat {
                tally.covered += 1.0;
            }
        }
        tally
    }

    /// By the thumbnail's slopes.
    pub(super) fn by_slopes(&mut self, asked: &Asked<'_>, known: &Features, map: &Map, look: Look) {
        let below = asked.dense.lay(known, map, look);
        for Slope { row, column, agrees } in below.slopes(known.thumbnail(), self.gain) {
            let side = THUMBNAIL as f32;
            self.count(column as f32 / side, row as f32 / side, 1.0 / SLOPES, agrees);
        }
    }

    /// What is fine, at this place as parts of the known picture.
    fn count(&mut self, x: f32, y: f32, weight: f32, agrees: bool) {
        let cell = |at: f32| ((at * CELLS as f32) as usize).min(CELLS - 1);
        let [agree, all] = &mut self.fine[cell(y)][cell(x)];
        *agree += if agrees { weight } else { 0.0 };
        *all += weight;
    }

    /// What is fine in the window with this first row and column: what of it agrees, and all.
    fn window(&self, row: usize, column: usize) -> [f32; 2] {
        let cells = self.fine[row..][..WINDOW].iter().flat_map(|line| &line[column..][..WINDOW]);
        cells.fold([0.0; 2], |[agree, all], [more, of]| [agree + more, all + of])
    }

    /// What of what is fine agrees in the quarter of the picture where the least of it does.
    fn worst(&self) -> f32 {
        let starts = || 0..=CELLS - WINDOW;
        let windows = starts().flat_map(|row| starts().map(move |column| self.window(row, column)));
        windows.filter(|[_, all]| *all >= JUDGED).map(|[agree, all]| agree / all).reduce(f32::min).unwrap_or(0.0)
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
            let bits = asked.turns.turned(bits, look.index());
            let distance = bits.distance(keypoint.bits);
            let weight = if keypoint.scale < FINE {
                1.0
            } else if keypoint.scale < MIDDLING {
                0.2
            } else {
                0.04
            };
            let half = better_half(bits, keypoint.bits) < HALF;
            self.asked += weight;
            self.half += if half { weight } else { 0.0 };
            self.count(keypoint.x / known.width() as f32, keypoint.y / known.height() as f32, weight, half);
            self.same += f32::from(distance <= SAME);
            if distance <= NEAR {
                self.agrees(keypoint.x / known.width() as f32, keypoint.y / known.height() as f32);
            }
        }
    }

    fn agrees(&mut self, x: f32, y: f32) {
        let [left, top, right, bottom] = self.part;
        self.part = [left.min(x), top.min(y), right.max(x), bottom.max(y)];
    }

    /// How much more agrees than contradicts, to choose between maps.
    pub(super) fn surplus(&self) -> f32 {
        self.agree - self.contradict - self.covered
    }

    /// Is there enough to call it a copy? A small part may agree altogether and be a logo.
    pub(super) fn suffices(&self) -> bool {
        self.agree >= 10.0 && self.same >= 8.0
    }

    /// Is there anything fine in the middle?
    pub(super) fn judges_middle(&self) -> bool {
        self.window(MIDDLE, MIDDLE)[1] >= LEAST
    }

    pub(super) fn evidence(&self, places: usize) -> Evidence {
        let [agree, all] = self.window(MIDDLE, MIDDLE);
        Evidence {
            middle: odds(if self.judges_middle() { agree / all } else { UNKNOWN }),
            places: self.half / self.asked.max(0.01),
            blocks: self.alike / self.inside.max(1.0),
            textured: self.textured / self.inside.max(1.0),
            tied: (places as f32).ln_1p(),
            worst: self.worst(),
        }
    }
}

impl Evidence {
    /// The chance that this is a copy: a logistic curve, fitted to what the benchmark (`bench/robustness`) found of seven thousand copies in 37
    /// families of disguise and of four trap sets, with weights that may not be negative; or what is tied all over, if that is surer.
    pub(super) fn confidence(&self) -> f32 {
        let all_over = self.tied >= TIED.ln_1p() && self.worst >= LEFT;
        self.curve().max(if all_over { SURE } else { 0.0 })
    }

    fn curve(&self) -> f32 {
        let sum = 2.71 * self.middle + 9.18 * self.places + 10.76 * self.blocks + 3.92 * self.textured + 0.96 * self.tied - 18.8;
        1.0 / (1.0 + (-sum).exp())
    }
}

/// How many bits differ in the better half of a keypoint's cells. A cell has a byte in either half of the bits.
fn better_half(one: Hash, other: Hash) -> u32 {
    const CELLS: usize = 16;
    let apart = |byte: usize| (((one.0[byte / 8] ^ other.0[byte / 8]) >> (byte % 8 * 8)) as u8).count_ones();
    let mut cells: [u32; CELLS] = std::array::from_fn(|cell| apart(cell) + apart(cell + CELLS));
    cells.select_nth_unstable(CELLS / 2);
    cells[..CELLS / 2].iter().sum()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::known::COPY;

    /// What is fine agrees everywhere but in the lower right part that begins here.
    fn all_but_a_corner_from(x: f32, y: f32) -> Tally {
        let mut tally = Tally::default();
        for place in 0..1024_u16 {
            let (at_x, at_y) = (f32::from(place % 32) / 32.0, f32::from(place / 32) / 32.0);
            tally.count(at_x, at_y, 1.0, at_x < x || at_y < y);
        }
        tally
    }

    #[test]
    fn the_worst_quarter_is_found_wherever_it_lies() {
        for (from, worst) in [(1.0, 1.0), (0.75, 0.75), (0.5, 0.0), (0.25, 0.0)] {
            assert!((all_but_a_corner_from(from, from).worst() - worst).abs() < 1e-6, "{from}");
        }
        // What is flat is not judged, and where all is flat nothing is said.
        let mut tally = Tally::default();
        assert!(tally.worst() <= 0.0);
        for _ in 0..8 {
            tally.count(0.1, 0.1, 1.0, true);
        }
        tally.count(0.9, 0.9, 1.0, false);
        assert!((tally.worst() - 1.0).abs() < 1e-6);
    }

    #[test]
    fn what_many_places_tie_all_over_is_a_copy_whatever_is_written_over_it() {
        let of = |places: f32, worst| Evidence { tied: places.ln_1p(), worst, ..Evidence::default() }.confidence();
        assert!(of(50.0, 0.34) >= COPY);
        assert!(of(49.0, 0.34) < COPY && of(200.0, 0.3) < COPY);
    }
}
