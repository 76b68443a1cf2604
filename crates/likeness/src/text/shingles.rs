//! The shingles of a canonical text, as sorted sets of numbers.

/// Letters of a shingle of short texts.
const LETTERS: usize = 4;

/// A shingle ends as soon as what is in it weighs this much.
const FULL: u32 = 36;

/// What three of make a shingle in a script that writes spaces.
const WORD: u32 = 12;

/// Shingles of three words, or as much of a script that writes no spaces.
pub(super) fn words(canonical: &str) -> Vec<u32> {
    let mut units: Vec<(u32, u64)> = Vec::new();
    for word in canonical.split(' ') {
        let mut rest = word;
        while let Some(first) = rest.chars().next() {
            let (end, weight) = match weight(first) {
                Some(weight) => (first.len_utf8(), weight),
                None => (rest.find(|c| weight(c).is_some()).unwrap_or(rest.len()), WORD),
            };
            let (unit, after) = rest.split_at(end);
            units.push((weight, hash(unit.as_bytes())));
            rest = after;
        }
    }
    let mut all = Vec::with_capacity(units.len());
    for from in 0..units.len() {
        let (mut full, mut number) = (0, 0);
        for (weight, unit) in &units[from..] {
            number = mixed(number ^ unit);
            full += weight;
            if full >= FULL {
                break;
            }
        }
        if full < FULL {
            break;
        }
        all.push((number >> 32) as u32);
    }
    set(all)
}

/// Shingles of four letters, regardless of spaces; none if there are fewer or more letters than asked for.
pub(super) fn letters(canonical: &str, many: std::ops::RangeInclusive<usize>) -> Vec<u32> {
    let letters: Vec<char> = canonical.chars().filter(|c| *c != ' ').take(many.end() + 1).collect();
    if !many.contains(&letters.len()) {
        return Vec::new();
    }
    let number = |window: &[char]| window.iter().fold(0, |number, c| mixed(number ^ u64::from(u32::from(*c))));
    set(letters.windows(LETTERS).map(|window| (number(window) >> 32) as u32).collect())
}

fn set(mut numbers: Vec<u32>) -> Vec<u32> {
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// What a character of a script that writes no spaces weighs.
fn weight(c: char) -> Option<u32> {
    match u32::from(c) {
        // Chinese and Japanese.
        0x2e80..=0x2fdf
        | 0x3005..=0x3007
        | 0x3021..=0x30ff
        | 0x31f0..=0x31ff
        | 0x3400..=0x4dbf
        | 0x4e00..=0x9fff
        | 0xf900..=0xfaff
        | 0x1b000..=0x1b16f
        | 0x20000..=0x3ffff => Some(9),
        // Thai, Lao, Tibetan, Burmese and Khmer, whose vowels and marks are characters of their own.
        0x0e00..=0x0fff | 0x1000..=0x109f | 0x1780..=0x17ff | 0x19e0..=0x19ff | 0xa9e0..=0xa9ff | 0xaa60..=0xaa7f => Some(4),
        _ => None,
    }
}

/// FNV-1a of 64 bits.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The last steps of splitmix64 (Steele, Lea and Flood, OOPSLA 2014), after a step away from zero.
fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
