//! `cargo bench -p likeness --bench functions [-- FILTER]`: what single functions cost.
//!
//! For telling whether a change made one of them slower; ratios to other programs are `cargo xtask bench`'s business.

use std::ops::ControlFlow;

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use likeness::index::{Index, Stored, Writer};
use likeness::keypoints::{ASKED, Features};
use likeness::vpdq::{Bag, Frame};
use likeness::{Hash, Pixels, Plane, RADIUS, pdq};

fn main() {
    divan::main();
}

/// Numbers that look random and are the same each time (SplitMix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn hash(&mut self) -> Hash {
        Hash(std::array::from_fn(|_| self.next()))
    }
}

/// A drawing with something in it everywhere: squares of all sizes, one over the other.
fn drawing(width: usize, height: usize) -> Vec<u8> {
    let mut chance = Chance(1);
    let mut luma = vec![128; width * height];
    for square in 0..400 {
        let size = width / (2 + square / 8) + 2;
        let (left, top, shade) = (chance.next() as usize % width, chance.next() as usize % height, chance.next() as u8);
        for row in luma.chunks_exact_mut(width).skip(top).take(size) {
            let right = width.min(left + size);
            row[left..right].fill(shade);
        }
    }
    luma
}

fn entries(rows: u64) -> Vec<(Hash, u64)> {
    let mut chance = Chance(2);
    (0..rows).map(|id| (chance.hash(), id)).collect()
}

#[divan::bench(args = [(512, 512), (1200, 800), (4000, 3000)])]
fn pdq_hash(bencher: Bencher<'_, '_>, (width, height): (usize, usize)) {
    let luma = drawing(width, height);
    let pixels = Pixels::luma8(&luma, width, height).expect("as many samples as pixels");
    bencher.counter(BytesCount::new(luma.len())).bench(|| pdq::hash(black_box(&pixels)));
}

#[divan::bench(args = [(1200, 800), (4000, 3000)])]
fn pdq_all_readings(bencher: Bencher<'_, '_>, (width, height): (usize, usize)) {
    let luma = drawing(width, height);
    let pixels = Pixels::luma8(&luma, width, height).expect("as many samples as pixels");
    bencher.counter(BytesCount::new(luma.len())).bench(|| pdq::Readings::of(black_box(&pixels)));
}

#[divan::bench]
fn features_of_a_picture(bencher: Bencher<'_, '_>) {
    let luma = drawing(1200, 800);
    let plane = Plane::of(&Pixels::luma8(&luma, 1200, 800).expect("as many samples as pixels"));
    bencher.bench(|| Features::of(black_box(&plane), ASKED));
}

/// With waves of this strength over it; without any, it is only looked for them.
#[divan::bench(args = [0.0, 12.0])]
fn descreened(bencher: Bencher<'_, '_>, strength: f32) {
    let mut luma = drawing(1200, 800);
    for (at, pixel) in luma.iter_mut().enumerate() {
        *pixel = (f32::from(*pixel) + strength * ((at % 1200) as f32 * 0.4 + (at / 1200) as f32 * 0.3).sin()).round() as u8;
    }
    let plane = Plane::of(&Pixels::luma8(&luma, 1200, 800).expect("as many samples as pixels"));
    bencher.bench(|| black_box(&plane).descreened());
}

#[divan::bench(args = [1_000, 100_000, 1_000_000])]
fn index_query(bencher: Bencher<'_, '_>, rows: u64) {
    let index: Index = Writer::from_entries(entries(rows)).index();
    let mut chance = Chance(3);
    bencher.with_inputs(|| chance.hash()).bench_local_values(|query| index.within(query, RADIUS));
}

/// Of a bank that is all near-copies of the query, the first that comes.
#[divan::bench(args = [100_000])]
fn index_first_of_many_copies(bencher: Bencher<'_, '_>, rows: u64) {
    let copies = entries(rows).into_iter().map(|(Hash([a, b, c, d]), id)| (Hash([a & b & c, 0, 0, d & a & b & c]), id));
    let index = Writer::from_entries(copies).index();
    bencher.bench(|| {
        let mut first = None;
        index.visit(black_box(Hash::default()), RADIUS, |near| {
            first = Some(near);
            ControlFlow::Break(())
        });
        first
    });
}

#[divan::bench]
fn index_insert(bencher: Bencher<'_, '_>) {
    let mut writer = Writer::from_entries(entries(100_000));
    let mut chance = Chance(4);
    bencher.with_inputs(|| chance.hash()).bench_local_values(|hash| writer.insert(hash, 1));
}

#[divan::bench(args = [1, 16, 256])]
fn stored_scan_of_a_million(bencher: Bencher<'_, '_>, queries: usize) {
    let bytes = Stored::to_bytes(&entries(1_000_000));
    let stored = Stored::from_bytes(&bytes).expect("what was just written");
    let queries: Vec<Hash> = entries(queries as u64).into_iter().map(|(hash, _)| hash).collect();
    bencher.counter(ItemsCount::new(queries.len())).bench(|| Stored::within_each(black_box(&[stored]), &queries, RADIUS));
}

#[divan::bench]
fn stored_check_of_a_million(bencher: Bencher<'_, '_>) {
    let bytes = Stored::to_bytes(&entries(1_000_000));
    bencher.counter(BytesCount::new(bytes.len())).bench(|| Stored::from_bytes(black_box(&bytes)).map(|stored| stored.len()));
}

/// Two films of which the shorter is in the longer.
#[divan::bench(args = [(60, 600), (600, 600), (600, 7200)])]
fn vpdq_compare(bencher: Bencher<'_, '_>, (one, other): (u64, u64)) {
    let frames = |count: u64| -> Vec<Frame> {
        entries(count).into_iter().map(|(hash, second)| Frame { hash, quality: 100, time_ms: second * 1000 }).collect()
    };
    let (one, other) = (Bag::of(&frames(one)), Bag::of(&frames(other)));
    bencher.bench(|| black_box(&one).compare(black_box(&other)));
}
