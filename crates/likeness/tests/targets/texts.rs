//! Words of strangers, and bytes that are said to be stored texts.

use likeness::text::{Text, Texts, Tlsh, canonical};

/// A canonical text is its own canonical form, a text is near itself or nothing, and an index says what a comparison says.
pub(crate) fn holds(bytes: &[u8]) {
    if let Some(stored) = Text::from_bytes(bytes) {
        assert_eq!(stored.to_bytes(), bytes, "there is one way to write it");
    }
    let whole = String::from_utf8_lossy(bytes);
    let once = canonical(&whole);
    assert_eq!(canonical(&once), once);
    let (one, other) = whole.split_once('\0').unwrap_or((&whole, ""));
    let (Some(one), Some(other)) = (Text::of([one]), Text::of(other.split('\0'))) else { return };
    assert_eq!(Text::from_bytes(&other.to_bytes()).as_ref(), Some(&other));
    let near = one.near(&other);
    assert!(near.is_none_or(|near| (0.0..=1.0).contains(&near.score())));
    let mut texts = Texts::default();
    texts.add(7, &other);
    assert_eq!(texts.near(&one), near.map(|near| (7, near)).into_iter().collect::<Vec<_>>());
    if let Some(tlsh) = Tlsh::of(&whole) {
        assert_eq!((tlsh.to_string().parse(), tlsh.distance(tlsh)), (Ok(tlsh), 0));
    }
}
