//! Others' files of frames.

use likeness::vpdq::{Bag, Reader, read_json, read_text, write_json, write_text};

/// What reads is written so that it reads the same, whatever the chunks.
pub(crate) fn holds(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(frames) = read_text(&text) {
        assert_eq!(read_text(&write_text(&frames)).as_ref(), Ok(&frames));
        assert_eq!(read_json(&write_json(&frames)).as_ref(), Ok(&frames));
        let bag = Bag::of(&frames);
        assert!(bag.is_empty() || bag.compare(&bag).known == 1.0);
    }
    if let Ok(frames) = read_json(&text) {
        assert_eq!(read_json(&write_json(&frames)), Ok(frames));
    }
    let read = |size: usize| {
        let (mut reader, mut all) = (Reader::default(), Vec::new());
        bytes.chunks(size).for_each(|chunk| reader.feed(chunk, |number, frame| all.push((number, frame))));
        reader.finish(|number, frame| all.push((number, frame)));
        all
    };
    assert_eq!(read(1), read(usize::MAX));
}
