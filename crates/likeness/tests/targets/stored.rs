//! Bytes that are said to be stored entries, and entries that are stored.

use likeness::index::Stored;
use likeness::{Hash, RADIUS};

/// The bytes as they are; then as entries, stored, and damaged in one place.
pub(crate) fn holds(bytes: &[u8]) {
    if let Ok(stored) = Stored::from_bytes(bytes) {
        let entries: Vec<(Hash, u64)> = stored.entries().collect();
        assert_eq!(Stored::to_bytes(&entries), bytes, "there is one way to write it");
    }
    let (records, rest) = bytes.as_chunks::<40>();
    let entry = |record: &[u8; 40]| {
        let [hash @ .., a, b, c, d, e, f, g, h] = *record;
        (Hash::from_bytes(hash), u64::from_le_bytes([a, b, c, d, e, f, g, h]))
    };
    let entries: Vec<(Hash, u64)> = records.iter().map(entry).collect();
    let mut stored = Stored::to_bytes(&entries);
    let read = Stored::from_bytes(&stored).expect("what was just written");
    assert!(read.entries().eq(entries.iter().copied()));
    let queries: Vec<Hash> = entries.iter().take(3).map(|(hash, _)| *hash).collect();
    for (query, found) in queries.iter().zip(Stored::within_each(&[read], &queries, RADIUS)) {
        let near = |(hash, id): &(Hash, u64)| (hash.distance(*query), *id);
        assert!(found.iter().map(|near| (near.distance, near.id)).eq(entries.iter().map(near).filter(|(distance, _)| *distance <= RADIUS)));
    }
    // The rest says where, and by what.
    if let [high, low, by, ..] = *rest {
        let place = usize::from(u16::from_be_bytes([high, low])) % stored.len();
        stored[place] ^= by.max(1);
        assert!(Stored::from_bytes(&stored).is_err());
    }
}
