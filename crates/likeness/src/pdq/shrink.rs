//! The reference's way from a picture to 64 by 64 averages, row by row: two box filters along the rows and two down the columns.
//!
//! The sums are running sums, so their last bits depend on the order of the additions; the hash must not differ from the
//! reference's in a single bit, so the order is kept. What is changed is what a sum does not see: sixteen rows run side by side
//! in the lanes of one vector, only as many rows are remembered as the filter is high, and after the third of the four filters
//! only the 64 columns that are looked at are kept. Memory grows with the width, not with the height.

use super::{SIDE, Small};
use crate::pixels::Channels;

/// Rows side by side.
pub(super) const LANES: usize = 16;

/// One column of [`LANES`] rows.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
struct Lanes([f32; LANES]);

/// How far a box filter reaches: half of the distance between two samples, rounded up.
pub(super) const fn window(length: usize) -> usize {
    length.div_ceil(2 * SIDE)
}

/// The places that are looked at: the middle of each of 64 parts.
pub(super) fn places(length: usize) -> [usize; SIDE] {
    std::array::from_fn(|i| ((2 * i as u128 + 1) * length as u128 / (2 * SIDE as u128)) as usize)
}

/// Divides by a whole number, correctly rounded.
#[derive(Clone, Copy, Debug)]
struct Divisor {
    by: f32,
    reciprocal: f32,
}

impl Divisor {
    fn new(by: usize) -> Self {
        let by = by as f32;
        Self { by, reciprocal: 1.0 / by }
    }

    /// A division takes the place of ten multiplications. Where they are fused with an addition, the rounded quotient is made of
    /// three (Markstein 1990): the remainder of the first guess is exact, and mends it.
    #[expect(clippy::inline_always, reason = "it is compiled anew for each set of vector instructions")]
    #[inline(always)]
    fn divide<const FUSED: bool>(self, value: f32) -> f32 {
        if FUSED {
            let guess = value * self.reciprocal;
            let rest = guess.mul_add(-self.by, value);
            rest.mul_add(self.reciprocal, guess)
        } else {
            value / self.by
        }
    }
}

/// A box filter down the columns, of which rows come one by one.
#[derive(Debug)]
struct Down {
    width: usize,
    window: usize,
    divisor: Divisor,
    sums: Vec<f32>,
    /// The last `window` rows, each in its place modulo `window`.
    past: Vec<f32>,
    taken: usize,
    given: usize,
}

impl Down {
    fn new(width: usize, height: usize) -> Self {
        let window = window(height);
        Self { width, window, divisor: Divisor::new(window), sums: vec![0.0; width], past: vec![0.0; width * window], taken: 0, given: 0 }
    }

    /// How many rows come before the first one is given.
    const fn delay(&self) -> usize {
        // Seven reaches three before and three behind; eight reaches four behind.
        (self.window + 2) / 2 - 1
    }

    /// Takes a row; true if `out` was given one.
    #[expect(clippy::inline_always, reason = "it is compiled anew for each set of vector instructions")]
    #[inline(always)]
    fn take<const FUSED: bool>(&mut self, row: &[f32], out: &mut [f32]) -> bool {
        let at = self.taken % self.window * self.width;
        let past = &mut self.past[at..at + self.width];
        self.taken += 1;
        if self.taken <= self.window {
            for ((sum, value), past) in self.sums.iter_mut().zip(row).zip(past) {
                *sum += value;
                *past = *value;
            }
            if self.taken <= self.delay() {
                return false;
            }
            self.give::<FUSED>(Divisor::new(self.taken), out);
        } else {
            let divisor = self.divisor;
            for (((sum, value), past), out) in self.sums.iter_mut().zip(row).zip(past).zip(out) {
                *sum += value;
                *sum -= *past;
                *past = *value;
                *out = divisor.divide::<FUSED>(*sum);
            }
            self.given += 1;
        }
        true
    }

    /// After the last row: what is still owed, one row a call.
    #[expect(clippy::inline_always, reason = "it is compiled anew for each set of vector instructions")]
    #[inline(always)]
    fn owed<const FUSED: bool>(&mut self, out: &mut [f32]) -> bool {
        if self.given >= self.taken {
            return false;
        }
        // The oldest row that the sums still hold.
        let gone = self.given + self.delay() - self.window;
        let at = gone % self.window * self.width;
        for (sum, past) in self.sums.iter_mut().zip(&self.past[at..at + self.width]) {
            *sum -= past;
        }
        self.give::<FUSED>(Divisor::new(self.taken - gone - 1), out);
        true
    }

    #[expect(clippy::inline_always, reason = "it is compiled anew for each set of vector instructions")]
    #[inline(always)]
    fn give<const FUSED: bool>(&mut self, divisor: Divisor, out: &mut [f32]) {
        for (sum, out) in self.sums.iter().zip(out) {
            *out = divisor.divide::<FUSED>(*sum);
        }
        self.given += 1;
    }
}

/// A box filter along [`LANES`] rows at once; `give` has the place and its average.
#[expect(clippy::inline_always, reason = "it is compiled anew for each set of vector instructions")]
#[inline(always)]
fn along<const FUSED: bool>(columns: &[Lanes], mut give: impl FnMut(usize, Lanes)) {
    let window = window(columns.len());
    let ahead = (window + 2) / 2 - 1;
    let mut sums = Lanes::default();
    let add = |sums: &mut Lanes, column: &Lanes| {
        for (sum, value) in sums.0.iter_mut().zip(&column.0) {
            *sum += value;
        }
    };
    let subtract = |sums: &mut Lanes, column: &Lanes| {
        for (sum, value) in sums.0.iter_mut().zip(&column.0) {
            *sum -= value;
        }
    };
    let divide = |sums: &Lanes, divisor: Divisor| Lanes(std::array::from_fn(|lane| divisor.divide::<FUSED>(sums.0[lane])));
    for (x, column) in columns[..window].iter().enumerate() {
        add(&mut sums, column);
        if x >= ahead {
            give(x - ahead, divide(&sums, Divisor::new(x + 1)));
        }
    }
    let full = Divisor::new(window);
    for (place, (column, gone)) in columns[window..].iter().zip(columns).enumerate() {
        add(&mut sums, column);
        subtract(&mut sums, gone);
        give(place + window - ahead, divide(&sums, full));
    }
    let first = columns.len() - window;
    for (left, gone) in columns[first..first + ahead].iter().enumerate() {
        subtract(&mut sums, gone);
        give(columns.len() - ahead + left, divide(&sums, Divisor::new(window - left - 1)));
    }
}

/// Sixteen rows to columns of sixteen.
#[expect(clippy::inline_always, reason = "it is compiled anew for each set of vector instructions")]
#[inline(always)]
fn to_lanes(rows: &[f32], width: usize, columns: &mut [Lanes]) {
    let mut x = 0;
    while x + LANES <= width {
        let tile: [[f32; LANES]; LANES] =
            std::array::from_fn(|lane| *rows[lane * width + x..].first_chunk().expect("a row has these columns"));
        for (i, column) in columns[x..x + LANES].iter_mut().enumerate() {
            column.0 = std::array::from_fn(|lane| tile[lane][i]);
        }
        x += LANES;
    }
    for (x, column) in columns.iter_mut().enumerate().take(width).skip(x) {
        column.0 = std::array::from_fn(|lane| rows[lane * width + x]);
    }
}

/// Columns of sixteen to sixteen rows.
#[expect(clippy::inline_always, reason = "it is compiled anew for each set of vector instructions")]
#[inline(always)]
fn to_rows(columns: &[Lanes], rows: &mut [f32]) {
    let width = columns.len();
    let mut x = 0;
    while x + LANES <= width {
        let tile: &[Lanes; LANES] = columns[x..].first_chunk().expect("there are these columns");
        for lane in 0..LANES {
            let row: [f32; LANES] = std::array::from_fn(|i| tile[i].0[lane]);
            rows[lane * width + x..][..LANES].copy_from_slice(&row);
        }
        x += LANES;
    }
    for x in x..width {
        for lane in 0..LANES {
            rows[lane * width + x] = columns[x].0[lane];
        }
    }
}

/// 0.299 R + 0.587 G + 0.114 B. The weighted sum of whole numbers is exact in a float, so the one division rounds as the
/// reference's sum of doubles does.
#[expect(clippy::inline_always, reason = "it is compiled anew for each set of vector instructions")]
#[inline(always)]
pub(super) fn luma<const FUSED: bool>(samples: &[u8], channels: Channels, out: &mut [f32]) {
    let thousand = Divisor::new(1000);
    let weigh = |r: u8, g: u8, b: u8| {
        let sum = 299 * i32::from(r) + 587 * i32::from(g) + 114 * i32::from(b);
        thousand.divide::<FUSED>(sum as f32)
    };
    match channels {
        Channels::Luma => out.iter_mut().zip(samples).for_each(|(out, sample)| *out = f32::from(*sample)),
        Channels::LumaAlpha => {
            out.iter_mut().zip(samples.chunks_exact(2)).for_each(|(out, pixel)| *out = f32::from(pixel[0]));
        }
        Channels::Rgb => out.iter_mut().zip(samples.chunks_exact(3)).for_each(|(out, p)| *out = weigh(p[0], p[1], p[2])),
        Channels::Rgba => out.iter_mut().zip(samples.chunks_exact(4)).for_each(|(out, p)| *out = weigh(p[0], p[1], p[2])),
    }
}

/// All four filters, fed row by row.
#[derive(Debug)]
pub(super) struct Shrink {
    width: usize,
    channels: Channels,
    columns: [usize; SIDE],
    rows: [usize; SIDE],
    /// Up to [`LANES`] rows of luma.
    luma: Vec<f32>,
    waiting: usize,
    lanes: Vec<Lanes>,
    filtered: Vec<Lanes>,
    first: Down,
    /// Up to [`LANES`] rows of the filter above.
    middle: Vec<f32>,
    middle_waiting: usize,
    second: Down,
    given: usize,
    small: Small,
}

impl Shrink {
    pub(super) fn new(width: usize, height: usize, channels: Channels) -> Self {
        Self {
            width,
            channels,
            columns: places(width),
            rows: places(height),
            luma: vec![0.0; width * LANES],
            waiting: 0,
            lanes: vec![Lanes::default(); width],
            filtered: vec![Lanes::default(); width],
            first: Down::new(width, height),
            middle: vec![0.0; width * LANES],
            middle_waiting: 0,
            second: Down::new(SIDE, height),
            given: 0,
            small: [[0.0; SIDE]; SIDE],
        }
    }

    /// Takes a row of samples.
    #[expect(clippy::inline_always, reason = "it is compiled anew for each set of vector instructions")]
    #[inline(always)]
    pub(super) fn row<const FUSED: bool>(&mut self, samples: &[u8]) {
        luma::<FUSED>(samples, self.channels, &mut self.luma[self.waiting * self.width..][..self.width]);
        self.waiting += 1;
        if self.waiting == LANES {
            self.first_block::<FUSED>();
        }
    }

    /// Ends the picture.
    #[expect(clippy::inline_always, reason = "it is compiled anew for each set of vector instructions")]
    #[inline(always)]
    pub(super) fn end<const FUSED: bool>(&mut self) -> &Small {
        self.first_block::<FUSED>();
        loop {
            let out = &mut self.middle[self.middle_waiting * self.width..][..self.width];
            if !self.first.owed::<FUSED>(out) {
                break;
            }
            self.middle_waiting += 1;
            if self.middle_waiting == LANES {
                self.second_block::<FUSED>();
            }
        }
        self.second_block::<FUSED>();
        let mut out = [0.0; SIDE];
        while self.second.owed::<FUSED>(&mut out) {
            self.keep(&out);
        }
        &self.small
    }

    #[expect(clippy::inline_always, reason = "it is compiled anew for each set of vector instructions")]
    #[inline(always)]
    fn first_block<const FUSED: bool>(&mut self) {
        let count = std::mem::take(&mut self.waiting);
        if count == 0 {
            return;
        }
        to_lanes(&self.luma, self.width, &mut self.lanes);
        let filtered = &mut self.filtered;
        along::<FUSED>(&self.lanes, |x, column| filtered[x] = column);
        to_rows(&self.filtered, &mut self.luma);
        for lane in 0..count {
            let row = &self.luma[lane * self.width..][..self.width];
            let out = &mut self.middle[self.middle_waiting * self.width..][..self.width];
            if self.first.take::<FUSED>(row, out) {
                self.middle_waiting += 1;
                if self.middle_waiting == LANES {
                    self.second_block::<FUSED>();
                }
            }
        }
    }

    #[expect(clippy::inline_always, reason = "it is compiled anew for each set of vector instructions")]
    #[inline(always)]
    fn second_block<const FUSED: bool>(&mut self) {
        let count = std::mem::take(&mut self.middle_waiting);
        if count == 0 {
            return;
        }
        to_lanes(&self.middle, self.width, &mut self.lanes);
        let filtered = &mut self.filtered;
        along::<FUSED>(&self.lanes, |x, column| filtered[x] = column);
        let picked: [Lanes; SIDE] = self.columns.map(|x| self.filtered[x]);
        for lane in 0..count {
            let row: [f32; SIDE] = std::array::from_fn(|i| picked[i].0[lane]);
            let mut out = [0.0; SIDE];
            if self.second.take::<FUSED>(&row, &mut out) {
                self.keep(&out);
            }
        }
    }

    fn keep(&mut self, row: &[f32; SIDE]) {
        for (place, kept) in self.rows.iter().zip(&mut self.small) {
            if *place == self.given {
                *kept = *row;
            }
        }
        self.given += 1;
    }
}
