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

/// What each byte of a turned look is made of: one or two bytes of the plain one, each looked up in a table of its own. A byte holds the
/// directions of one cell; they stay together, but for what is compared with a cell beside.
#[derive(Clone)]
pub(crate) struct Turns(Box<[[[Part; 2]; 32]; 4]>);

/// A byte of the plain look, and what each of its values becomes.
#[derive(Clone, Copy)]
struct Part {
    byte: u8,
    values: [u8; 256],
}

impl Default for Turns {
    /// The four orders. In a mirror rows and directions run backwards; in a negative the keypoint's own direction turns around, and
    /// with it the cells, while the directions, being measured from it, stay.
    fn default() -> Self {
        let mut turns = Box::new([[[Part { byte: 0, values: [0; 256] }; 2]; 32]; 4]);
        for (turn, look) in turns.iter_mut().zip(Look::ALL) {
            for (cell, parts) in turn.iter_mut().enumerate() {
                let (half, row, column) = (cell / 16, cell / CELLS % CELLS, cell % CELLS);
                let sources = std::array::from_fn::<_, DIRECTIONS, _>(|direction| source(look, half, row, column, direction));
                // Even directions come of one byte, odd ones of one, which may be another.
                for (odd, part) in parts.iter_mut().enumerate() {
                    part.byte = sources[odd].0 / 8;
                    for (value, becomes) in part.values.iter_mut().enumerate() {
                        for direction in (odd..DIRECTIONS).step_by(2) {
                            let (from, over) = sources[direction];
                            let bit = value as u8 >> (from % 8) & 1 ^ u8::from(over);
                            *becomes |= bit << direction;
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
        if look == 0 {
            return hash;
        }
        let plain: [u8; 32] = std::array::from_fn(|byte| (hash.0[byte / 8] >> (byte % 8 * 8)) as u8);
        let mut out = Hash::default();
        for (byte, parts) in self.0[look].iter().enumerate() {
            let [even, odd] = parts.each_ref().map(|part| part.values[usize::from(plain[usize::from(part.byte) % 32])]);
            out.0[byte / 8] |= u64::from(even | odd) << (byte % 8 * 8);
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
