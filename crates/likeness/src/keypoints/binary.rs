//! A histogram of gradients made binary, and its order in a mirror and in a negative.

use crate::Hash;

/// Cells either way.
pub(super) const CELLS: usize = 4;
/// Directions in each cell.
pub(super) const DIRECTIONS: usize = 8;

/// `[(row * CELLS + column) * DIRECTIONS + direction]`, in the frame of the keypoint's own direction.
pub(super) type Histogram = [f32; CELLS * CELLS * DIRECTIONS];

/// How a picture may show what another one shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Look {
    /// Left and right, or above and below, are exchanged.
    pub mirror: bool,
    /// Dark and bright are exchanged.
    pub negative: bool,
}

impl Look {
    /// All four.
    pub const ALL: [Self; 4] = [
        Self { mirror: false, negative: false },
        Self { mirror: true, negative: false },
        Self { mirror: false, negative: true },
        Self { mirror: true, negative: true },
    ];

    /// Its place in [`Look::ALL`].
    pub(crate) const fn index(self) -> usize {
        self.mirror as usize + 2 * self.negative as usize
    }
}

/// The place of a comparison among the bits: the first half compares directions in a cell, the second half cells.
const fn bit(half: usize, row: usize, column: usize, direction: usize) -> usize {
    half * 128 + (row * CELLS + column) * DIRECTIONS + direction
}

/// Bit by bit: is this direction stronger than the next one in its cell; and is it stronger than in the next cell, to the right for
/// even directions, below for odd ones? All neighbourhoods are rings, so that turning the order around maps each comparison on one.
pub(super) fn bits(histogram: &Histogram) -> Hash {
    let at = |row: usize, column: usize, direction: usize| {
        histogram[((row % CELLS) * CELLS + column % CELLS) * DIRECTIONS + direction % DIRECTIONS]
    };
    let mut hash = Hash::default();
    for row in 0..CELLS {
        for column in 0..CELLS {
            for direction in 0..DIRECTIONS {
                let here = at(row, column, direction);
                let beside = if direction % 2 == 0 { at(row, column + 1, direction) } else { at(row + 1, column, direction) };
                for (half, other) in [(0, at(row, column, direction + 1)), (1, beside)] {
                    let bit = bit(half, row, column, direction);
                    hash.0[bit / 64] |= u64::from(here > other) << (bit % 64);
                }
            }
        }
    }
    hash
}

/// Where each bit of a turned look comes from, and whether it is turned over: `a > b` asked the other way round.
#[derive(Clone, Debug)]
pub(crate) struct Turns([[(u8, bool); 256]; 4]);

impl Default for Turns {
    /// The four orders. In a mirror rows and directions run backwards; in a negative the keypoint's own direction turns around, and
    /// with it the cells, while the directions, being measured from it, stay.
    fn default() -> Self {
        let mut turns = [[(0, false); 256]; 4];
        for (turn, look) in turns.iter_mut().zip(Look::ALL) {
            for half in 0..2 {
                for row in 0..CELLS {
                    for column in 0..CELLS {
                        for direction in 0..DIRECTIONS {
                            let to = bit(half, row, column, direction);
                            turn[to] = source(look, half, row, column, direction);
                        }
                    }
                }
            }
        }
        Self(turns)
    }
}

impl Turns {
    /// The bits that the same place has in another look. `look` is an index into [`Look::ALL`].
    pub(crate) fn turned(&self, hash: Hash, look: usize) -> Hash {
        let mut out = Hash::default();
        for (to, &(from, over)) in self.0[look].iter().enumerate() {
            let bit = hash.0[usize::from(from) / 64] >> (from % 64) & 1;
            out.0[to / 64] |= (bit ^ u64::from(over)) << (to % 64);
        }
        out
    }
}

fn source(look: Look, half: usize, row: usize, column: usize, direction: usize) -> (u8, bool) {
    // A mirror turns the rows around, a negative rows and columns: both together the columns alone.
    let rows_turn = look.mirror != look.negative;
    let from_row = if rows_turn { CELLS - 1 - row } else { row };
    let from_column = if look.negative { CELLS - 1 - column } else { column };
    let from_direction = if look.mirror { (DIRECTIONS - direction) % DIRECTIONS } else { direction };
    // Where an order runs backwards, "here and the next" becomes "the one before and here", turned over.
    let (row, column, direction, over) = match (half, direction % 2) {
        (0, _) if look.mirror => (from_row, from_column, (from_direction + DIRECTIONS - 1) % DIRECTIONS, true),
        (1, 0) if look.negative => (from_row, (from_column + CELLS - 1) % CELLS, from_direction, true),
        (1, 1) if rows_turn => ((from_row + CELLS - 1) % CELLS, from_column, from_direction, true),
        _ => (from_row, from_column, from_direction, false),
    };
    (u8::try_from(bit(half, row, column, direction)).unwrap_or_default(), over)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turned_look_is_what_the_turned_histogram_gives() {
        let mut state = 9_u32;
        let histogram: Histogram = std::array::from_fn(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32
        });
        let turns = Turns::default();
        for (index, look) in Look::ALL.into_iter().enumerate() {
            let mut turned = [0.0; 128];
            for row in 0..4 {
                for column in 0..4 {
                    for direction in 0..8 {
                        let from_row = if look.mirror != look.negative { 3 - row } else { row };
                        let from_column = if look.negative { 3 - column } else { column };
                        let from_direction = if look.mirror { (8 - direction) % 8 } else { direction };
                        turned[(row * 4 + column) * 8 + direction] = histogram[(from_row * 4 + from_column) * 8 + from_direction];
                    }
                }
            }
            assert_eq!(turns.turned(bits(&histogram), index), bits(&turned), "{look:?}");
        }
    }
}
