//! Lists of strangers.

use likeness::list::{ListError, Reader, Signal};

/// The same entries come out whatever the chunks, and what is written of one reads back.
pub(crate) fn holds(bytes: &[u8]) {
    let Some((size, list)) = bytes.split_first() else { return };
    let whole = read(list, usize::MAX);
    assert!(whole.is_sorted_by_key(|(number, _)| *number));
    assert_eq!(read(list, usize::from(*size) + 1), whole);
    for signal in whole.into_iter().filter_map(|(_, entry)| entry.ok()) {
        // A text may hold anything, also ends of lines.
        if !matches!(signal, Signal::Text(_)) {
            let line = format!("{} {signal}", signal.kind());
            assert_eq!(read(line.as_bytes(), usize::MAX), [(1, Ok(signal))]);
        }
    }
}

fn read(list: &[u8], size: usize) -> Vec<(u64, Result<Signal, ListError>)> {
    let (mut reader, mut all) = (Reader::default(), Vec::new());
    list.chunks(size).for_each(|chunk| reader.feed(chunk, |number, entry| all.push((number, entry))));
    reader.finish(|number, entry| all.push((number, entry)));
    all
}
