//! Where a list goes on: after what is of this time and has this id. A time alone would pass over what came in the same millisecond.

use axum::http::Uri;
use domain::Time;

use crate::error::Error;
use crate::form::query;

/// What a page of a list begins after; `None`: it is the first.
pub(crate) struct After<Id>(Option<(Time, Id)>);

impl<Id: std::fmt::Display> After<Id> {
    /// What an address asks for by `?after=…`.
    pub(crate) fn of(uri: &Uri, parse: impl FnOnce(&str) -> Option<Id>) -> Result<Self, Error> {
        let Some(text) = query(uri, "after") else { return Ok(Self::first()) };
        let place = text.rsplit_once('-').and_then(|(at, id)| Some((Time(at.parse().ok()?), parse(id)?)));
        place.map(|place| Self(Some(place))).ok_or(Error::NotFound)
    }

    /// The first page.
    pub(crate) fn first() -> Self {
        Self(None)
    }

    /// Whether it is the first page.
    pub(crate) fn is_first(&self) -> bool {
        self.0.is_none()
    }

    /// As a question takes it.
    pub(crate) fn place(&self) -> Option<(Time, &Id)> {
        self.0.as_ref().map(|(at, id)| (*at, id))
    }

    /// The address of this page.
    pub(crate) fn link(&self, path: &str) -> String {
        self.place().map_or_else(|| path.to_owned(), |(at, id)| next(path, at, id))
    }
}

/// The address of the page after something.
pub(crate) fn next(path: &str, at: Time, id: &impl std::fmt::Display) -> String {
    format!("{path}?after={}-{id}", at.0)
}

/// Cuts what was asked for, one more than a page holds, to a page; the address of what is older, if there is any.
pub(crate) fn cut<Row, Id: std::fmt::Display>(
    rows: &mut Vec<Row>,
    page: usize,
    path: &str,
    place: impl Fn(&Row) -> (Time, &Id),
) -> Option<String> {
    let more = rows.len() > page;
    rows.truncate(page);
    rows.last().filter(|_| more).map(|last| {
        let (at, id) = place(last);
        next(path, at, id)
    })
}

#[cfg(test)]
mod tests {
    use domain::AuditId;

    use super::*;

    #[test]
    fn a_page_that_is_just_full_leads_nowhere() {
        let id = AuditId::from_random([7; 16]);
        let rows = |count: i64| (0..count).map(|at| (Time(at), id.clone())).collect::<Vec<_>>();
        let place = |row: &(Time, AuditId)| row.0;
        for (count, older) in [(0, None), (3, None), (4, Some(next("/a", Time(2), &id)))] {
            let mut all = rows(count);
            assert_eq!(cut(&mut all, 3, "/a", |(at, id)| (*at, id)), older, "{count}");
            assert_eq!((all.len() as i64, all.last().map(place)), (count.min(3), (count > 0).then(|| Time(count.min(3) - 1))));
        }
    }

    #[test]
    fn a_place_in_a_list_is_read_as_it_was_written_and_nothing_else_is() {
        let id = AuditId::from_random([7; 16]);
        let uri: Uri = next("/console/audit", Time(1_795_487_400_000), &id).parse().expect("it is an address");
        let read = |uri: &Uri| After::of(uri, AuditId::parse);
        let place = read(&uri).unwrap_or_else(|error| panic!("{error:?}"));
        assert_eq!(place.place(), Some((Time(1_795_487_400_000), &id)));
        assert_eq!(place.link("/console/audit"), uri.to_string());
        let first: Uri = "/console/audit?told=kept".parse().expect("it is an address");
        assert!(read(&first).is_ok_and(|place| place.is_first()));
        for bad in ["", "7", "-", "7-", "kite-abcdefghjkmnp", "7-abc-"] {
            let uri: Uri = format!("/console/audit?after={bad}").parse().expect("it is an address");
            assert!(read(&uri).is_err(), "{bad}");
        }
    }
}
