//! Lines out of chunks, for texts of any length from strangers: with their numbers, and none of them held longer than it has to be.

/// A line that was longer than the limit: it is passed over, the next one is read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLong;

/// Takes chunks, gives lines.
#[derive(Debug)]
pub(crate) struct Lines {
    limit: usize,
    number: u64,
    partial: Vec<u8>,
    too_long: bool,
}

impl Lines {
    pub(crate) const fn new(limit: usize) -> Self {
        Self { limit, number: 0, partial: Vec::new(), too_long: false }
    }

    /// The lines that end in this chunk, from number 1, without their ends, and the first one without a byte-order mark.
    pub(crate) fn feed(&mut self, mut chunk: &[u8], each: &mut impl FnMut(u64, Result<&[u8], TooLong>)) {
        while let Some(end) = chunk.iter().position(|byte| *byte == b'\n') {
            let (line, rest) = (&chunk[..end], &chunk[end + 1..]);
            if self.partial.is_empty() && !self.too_long && line.len() <= self.limit {
                self.number += 1;
                each(self.number, Ok(bare(line, self.number)));
            } else {
                self.keep(line);
                self.end(each);
            }
            chunk = rest;
        }
        self.keep(chunk);
    }

    /// The last line, if nothing ended it.
    pub(crate) fn finish(&mut self, each: &mut impl FnMut(u64, Result<&[u8], TooLong>)) {
        if self.too_long || !self.partial.is_empty() {
            self.end(each);
        }
    }

    fn keep(&mut self, part: &[u8]) {
        if self.too_long || self.partial.len() + part.len() > self.limit {
            self.too_long = true;
            self.partial.clear();
        } else {
            self.partial.extend_from_slice(part);
        }
    }

    fn end(&mut self, each: &mut impl FnMut(u64, Result<&[u8], TooLong>)) {
        self.number += 1;
        let line = if self.too_long { Err(TooLong) } else { Ok(bare(&self.partial, self.number)) };
        each(self.number, line);
        self.too_long = false;
        self.partial.clear();
    }
}

fn bare(line: &[u8], number: u64) -> &[u8] {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if number == 1 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line) } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8], size: usize) -> Vec<(u64, Result<Vec<u8>, TooLong>)> {
        let mut lines = Lines::new(8);
        let mut all = Vec::new();
        let mut each = |number, line: Result<&[u8], TooLong>| all.push((number, line.map(<[u8]>::to_vec)));
        text.chunks(size).for_each(|chunk| lines.feed(chunk, &mut each));
        lines.finish(&mut each);
        all
    }

    #[test]
    fn lines_do_not_depend_on_the_chunks() {
        let text = b"\xef\xbb\xbfone\r\n\nthree\n\xef\xbb\xbf4\nfive is long\n12345678\nlast";
        let whole = read(text, text.len());
        assert_eq!(whole.len(), 7);
        assert_eq!(whole[0], (1, Ok(b"one".to_vec())));
        assert_eq!(whole[3], (4, Ok(b"\xef\xbb\xbf4".to_vec())));
        assert_eq!(whole[4], (5, Err(TooLong)));
        assert_eq!(whole[5], (6, Ok(b"12345678".to_vec())));
        assert_eq!(whole[6], (7, Ok(b"last".to_vec())));
        for size in 1..text.len() {
            assert_eq!(read(text, size), whole, "chunks of {size}");
        }
    }

    #[test]
    fn an_endless_line_is_not_kept() {
        let mut lines = Lines::new(8);
        for _ in 0..1000 {
            lines.feed(&[b'x'; 1000], &mut |_, _| panic!("no line ended"));
        }
        assert!(lines.partial.capacity() <= 8);
    }
}
