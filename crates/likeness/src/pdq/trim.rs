//! What a borrower lays around a picture: flat borders, letterbox bars, and bars with a caption in them.

use crate::pixels::Pixels;

/// How far two pixels of one flat colour may differ: what a JPEG of poor quality adds to it.
const SAME: u8 = 12;

/// This many pixels of a line are looked at.
const LOOKS: usize = 256;

/// The part of a picture that is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trim {
    /// From the left.
    pub x: usize,
    /// From above.
    pub y: usize,
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

/// What passes for a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bar {
    /// Of one colour.
    Flat,
    /// Of one colour with something written in it.
    Caption,
}

impl Trim {
    /// All of it.
    #[must_use]
    pub fn whole(pixels: &Pixels<'_>) -> Self {
        Self { x: 0, y: 0, width: pixels.width(), height: pixels.height() }
    }

    /// Without flat borders, whatever the colour of each side.
    #[must_use]
    pub fn borders(pixels: &Pixels<'_>) -> Self {
        Self::whole(pixels).without(pixels, Bar::Flat)
    }

    /// Without flat borders, and without the bars above and below that hold words; what then is a border goes too.
    #[must_use]
    pub fn captions(pixels: &Pixels<'_>) -> Self {
        Self::borders(pixels).without(pixels, Bar::Caption).without(pixels, Bar::Flat)
    }

    /// The pixels that are left.
    #[must_use]
    pub fn apply<'a>(self, pixels: &Pixels<'a>) -> Pixels<'a> {
        pixels.crop(self.x, self.y, self.width, self.height).unwrap_or(*pixels)
    }

    fn without(self, pixels: &Pixels<'_>, bar: Bar) -> Self {
        let mut left = self;
        let row = |y: usize| look(self.width, |i| pixels.luma_at(self.x + i, self.y + y));
        let above = depth(self.height, bar, row);
        let below = depth(self.height, bar, |y| row(self.height - 1 - y));
        // A picture that is bar all over is left as it is.
        if above + below < self.height {
            left.y += above;
            left.height -= above + below;
        }
        if bar == Bar::Flat {
            let (y, height) = (left.y, left.height);
            let column = |x: usize| look(height, |i| pixels.luma_at(self.x + x, y + i));
            let before = depth(self.width, bar, column);
            let behind = depth(self.width, bar, |x| column(self.width - 1 - x));
            if before + behind < self.width {
                left.x += before;
                left.width -= before + behind;
            }
        }
        left
    }
}

/// Up to [`LOOKS`] pixels of a line, evenly spread, its ends among them.
fn look(length: usize, pixel: impl Fn(usize) -> u8) -> Vec<u8> {
    let looks = length.min(LOOKS);
    (0..looks).map(|i| pixel(i * (length - 1) / (looks - 1).max(1))).collect()
}

/// How many lines from the edge belong to a bar.
fn depth(lines: usize, bar: Bar, line: impl Fn(usize) -> Vec<u8>) -> usize {
    let mut first = line(0);
    let middle = first.len() / 2;
    let colour = *first.select_nth_unstable(middle).1;
    let like = |value: &u8| value.abs_diff(colour) <= SAME;
    let belongs = |pixels: &[u8]| {
        let same = pixels.iter().filter(|value| like(value)).count();
        match bar {
            // A speck of the picture may show through what was scaled or compressed.
            Bar::Flat => same * 100 >= pixels.len() * 98,
            // Words leave room around themselves and between the letters.
            Bar::Caption => {
                let margin = (pixels.len() / 50).max(1);
                same * 100 >= pixels.len() * 45 && pixels[..margin].iter().all(like) && pixels[pixels.len() - margin..].iter().all(like)
            }
        }
    };
    let depth = (0..lines).take_while(|i| belongs(&line(*i))).count();
    // A bar with words in it has a flat edge: else it is the sky.
    if bar == Bar::Caption && depth < lines / 50 { 0 } else { depth }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: usize, height: usize, pixel: impl Fn(usize, usize) -> u8) -> Vec<u8> {
        (0..width * height).map(|i| pixel(i % width, i / width)).collect()
    }

    fn busy(x: usize, y: usize) -> u8 {
        (x * 37 + y * 101 + x * y) as u8
    }

    #[test]
    fn borders_of_different_colours_go() {
        let luma = picture(200, 100, |x, y| match (x, y) {
            (_, 0..10) => 0,
            (_, 95..) => 255,
            (0..30, _) => 128,
            (180.., _) => 130,
            _ => busy(x, y),
        });
        let pixels = Pixels::luma8(&luma, 200, 100).expect("a picture");
        assert_eq!(Trim::borders(&pixels), Trim { x: 30, y: 10, width: 150, height: 85 });
    }

    #[test]
    fn a_bar_with_words_goes_when_asked() {
        let word = |x: usize, y: usize| (10..20).contains(&y) && (30..170).contains(&x) && x % 5 < 2;
        let luma = picture(200, 150, |x, y| {
            if y >= 30 {
                busy(x, y)
            } else if word(x, y) {
                0
            } else {
                250
            }
        });
        let pixels = Pixels::luma8(&luma, 200, 150).expect("a picture");
        assert_eq!(Trim::borders(&pixels).y, 10);
        let left = Trim::captions(&pixels);
        assert_eq!(left, Trim { x: 0, y: 30, width: 200, height: 120 });
    }

    #[test]
    fn one_colour_is_left_as_it_is() {
        for (width, height) in [(1, 1), (1, 1000), (1000, 1), (50, 50)] {
            let luma = vec![77; width * height];
            let pixels = Pixels::luma8(&luma, width, height).expect("a picture");
            assert_eq!(Trim::captions(&pixels), Trim::whole(&pixels));
        }
    }
}
