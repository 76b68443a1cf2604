//! What a visitor has asked to see of what is covered: `?show=1` lifts a whole post's cover, or, in a post that is not covered
//! itself, the cover of its first medium.

use app::{MediaView, PostView};

use crate::form::pairs;

/// The most covers that one address lifts.
const MOST: usize = 64;

/// The covers that an address lifts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Asked {
    anything: bool,
    numbers: Vec<u16>,
}

impl Asked {
    /// By the query of an address.
    pub(crate) fn of(query: Option<&str>) -> Self {
        let mut asked = Self::default();
        for (name, value) in pairs(query.unwrap_or_default().as_bytes(), MOST) {
            if name == "show" {
                asked.anything = true;
                asked.numbers.extend(value.parse::<u16>());
            }
        }
        asked.numbers.sort_unstable();
        asked.numbers.dedup();
        asked
    }

    /// Whether the whole post's cover is lifted.
    pub(crate) fn anything(&self) -> bool {
        self.anything
    }

    /// Whether this medium, the `number`th of its post, is covered for who asked for this much.
    pub(crate) fn covers(&self, view: &PostView, medium: &MediaView, number: usize) -> bool {
        if view.post.sensitive {
            return !self.anything;
        }
        medium.row.sensitive && !self.numbers.iter().any(|shown| usize::from(*shown) == number)
    }

    /// The query that asks for this much.
    pub(crate) fn query(&self) -> String {
        if self.numbers.is_empty() {
            return if self.anything { "?show=1".to_owned() } else { String::new() };
        }
        let shown: Vec<_> = self.numbers.iter().map(|number| format!("show={number}")).collect();
        format!("?{}", shown.join("&"))
    }

    /// The query that asks for this medium too.
    pub(crate) fn query_with(&self, number: usize) -> String {
        let mut more = self.clone();
        more.anything = true;
        more.numbers.extend(u16::try_from(number));
        more.query()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_lifts_the_covers_that_it_names_once_each() {
        for (query, again) in [
            (None, ""),
            (Some("a=b"), ""),
            (Some("show=1"), "?show=1"),
            (Some("show"), "?show=1"),
            (Some("show=3&show=1&show=3&x"), "?show=1&show=3"),
            (Some("show=-1&show=99999999&show=%00"), "?show=1"),
        ] {
            assert_eq!(Asked::of(query).query(), again, "{query:?}");
        }
        assert_eq!(Asked::of(Some("show=2")).query_with(4), "?show=2&show=4");
        assert!(Asked::of(Some(&"show=7&".repeat(100_000))).numbers == [7]);
    }
}
