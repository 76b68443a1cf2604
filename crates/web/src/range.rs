//! One byte range of a file (RFC 9110 §14): what players need to seek. Several ranges at once are answered with the whole file,
//! which the standard allows and which costs an attacker nothing to ask for.

use std::ops::Range;

/// What a `Range` header asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Everything.
    Whole,
    /// Some of it.
    Part(Range<u64>),
    /// What is not there: 416.
    Outside,
}

/// Reads a `Range` header for a file of `size` bytes.
#[must_use]
pub(crate) fn parse(header: Option<&str>, size: u64) -> Wanted {
    let Some(spec) = header.and_then(|header| header.trim().strip_prefix("bytes=")) else { return Wanted::Whole };
    if spec.contains(',') {
        return Wanted::Whole;
    }
    let Some((first, last)) = spec.split_once('-') else { return Wanted::Whole };
    let number =
        |text: &str| (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse::<u64>().unwrap_or(u64::MAX));
    match (number(first.trim()), number(last.trim())) {
        (Some(first), last) => {
            if last.is_none() && !spec.trim_end().ends_with('-') || last.is_some_and(|last| last < first) {
                return Wanted::Whole;
            }
            if first >= size {
                return Wanted::Outside;
            }
            Wanted::Part(first..last.map_or(size, |last| last.saturating_add(1).min(size)))
        }
        (None, Some(suffix)) if first.trim().is_empty() => {
            if suffix == 0 || size == 0 {
                return Wanted::Outside;
            }
            Wanted::Part(size.saturating_sub(suffix)..size)
        }
        _ => Wanted::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        for (header, wanted) in [
            (None, Wanted::Whole),
            (Some("bytes=0-1"), Wanted::Part(0..2)),
            (Some("bytes=5-"), Wanted::Part(5..10)),
            (Some("bytes=-3"), Wanted::Part(7..10)),
            (Some("bytes=-30"), Wanted::Part(0..10)),
            (Some("bytes=0-99"), Wanted::Part(0..10)),
            (Some("bytes=10-"), Wanted::Outside),
            (Some("bytes=-0"), Wanted::Outside),
            (Some("bytes=99999999999999999999999-"), Wanted::Outside),
            (Some("bytes=5-2"), Wanted::Whole),
            (Some("bytes=0-1,3-4"), Wanted::Whole),
            (Some("bytes=a-b"), Wanted::Whole),
            (Some("bytes=-"), Wanted::Whole),
            (Some("lines=0-1"), Wanted::Whole),
        ] {
            assert_eq!(parse(header, 10), wanted, "{header:?}");
        }
        assert_eq!(parse(Some("bytes=0-0"), 0), Wanted::Outside);
    }
}
