//! One request on a form: its kind first, then the fields that this kind has.

use app::Filer;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode, Uri};
use domain::{NoticeError, NoticeKind, RawFiling, RawNotice};

use super::{Member, frame, kinds};
use crate::api::notices::{links, moment};
use crate::console::said;
use crate::error::Error;
use crate::form::{pairs, query};
use crate::headers;
use crate::pages::console::Corner;
use crate::pages::portal::{FilePage, FileValues};
use crate::{Asker, Web, draw};

/// The longest form: three long fields and many links, each percent-encoded.
const FORM_BYTES: usize = 4 << 20;
/// The most links on a form; a list takes more.
const LINKS: usize = 1_000;

/// `GET /portal/file?type=…`.
pub(super) async fn page(State(web): State<Web>, member: Member, uri: Uri, asker: Asker) -> Response<Body> {
    let drawn = query(&uri, "type").and_then(|name| kind(&member, &name)).ok_or(Error::NotFound);
    let drawn = drawn.map(|kind| draw(StatusCode::OK, &filled(&web, &asker, &member, kind, FileValues::default(), None)));
    said(&web, &asker, drawn)
}

fn kind(member: &Member, name: &str) -> Option<NoticeKind> {
    kinds(member).find(|kind| kind.as_str() == name)
}

fn filled(web: &Web, asker: &Asker, member: &Member, kind: NoticeKind, values: FileValues, error: Option<NoticeError>) -> FilePage {
    let mut frame = frame(web, asker, member, Corner::Filed);
    frame.frame.back = format!("/portal/file?type={}", kind.as_str());
    FilePage { frame, kind, values, error, told: None }
}

/// `POST /portal/file`.
pub(super) async fn file(State(web): State<Web>, member: Member, asker: Asker, body: Body) -> Response<Body> {
    let asker = Asker { path: "/portal".to_owned(), ..asker };
    let filed = async {
        let bytes = axum::body::to_bytes(body, FORM_BYTES).await.map_err(|_| Error::from(NoticeError::TooLong))?;
        let values = FileValues(pairs(&bytes, 64));
        let kind = kind(&member, values.field("type")).ok_or(Error::NotFound)?;
        let urls: Vec<String> =
            values.field("subjects").lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
        if urls.len() > LINKS {
            let mut page = filled(&web, &asker, &member, kind, values, None);
            page.told = Some(web.locale(&asker).with("file-too-many", &[("links", LINKS.into())]));
            return Ok(draw(StatusCode::PAYLOAD_TOO_LARGE, &page));
        }
        let filing = match raw(&values).and_then(|raw| raw.check(member.party.party.kind)) {
            Ok(filing) => filing,
            Err(error) => {
                let page = filled(&web, &asker, &member, kind, values, Some(error));
                return Ok(draw(StatusCode::BAD_REQUEST, &page));
            }
        };
        let links = links(&web, &asker, &urls).await?;
        let filed = web.site.file(&member.party, &Filer::Person(member.who.id.clone()), filing, links).await?;
        // Suspended in this very moment: whoever asks again is led to the door.
        let Some(filed) = filed else { return Ok(headers::see("/portal")) };
        Ok(headers::see(&format!("/portal/filings/{}?filed=1", filed.row.id)))
    };
    said(&web, &asker, filed.await)
}

fn raw(values: &FileValues) -> Result<RawFiling, NoticeError> {
    let text = |name: &str| Some(values.field(name).to_owned()).filter(|value| !value.trim().is_empty());
    let secret = !values.field("secret").is_empty();
    Ok(RawFiling {
        notice: RawNotice {
            kind: text("type"),
            category: text("category"),
            explanation: text("explanation"),
            name: None,
            email: None,
            good_faith: text("good_faith"),
        },
        reference: text("reference"),
        legal_basis: text("legal_basis"),
        issued: moment("issued", text("issued").map(in_utc))?,
        reasons: values.0.iter().filter(|(key, _)| key == "reasons").map(|(_, value)| value.clone()).collect(),
        due: moment("due", text("due").map(in_utc))?,
        secret,
        secret_until: moment("secret_until", text("secret_until").map(in_utc))?.filter(|_| secret),
        asks: text("asks"),
        redress: text("redress"),
    })
}

/// A field for a day and a minute says no zone, and the page says that it is UTC.
fn in_utc(typed: String) -> String {
    let bare = typed.trim();
    match bare.split_once('T') {
        Some((_, minute)) if minute.len() == 5 => format!("{bare}:00Z"),
        Some((_, second)) if second.len() == 8 && !second.ends_with('Z') => format!("{bare}Z"),
        _ => typed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_sends_for_a_minute_is_read_as_utc_and_other_words_as_they_are() {
        for (typed, read) in [
            ("2026-11-26T06:05", "2026-11-26T06:05:00Z"),
            ("2026-11-26T06:05:07", "2026-11-26T06:05:07Z"),
            ("2026-11-26", "2026-11-26"),
            ("2026-11-26T06:05:07+01:00", "2026-11-26T06:05:07+01:00"),
            ("yesterday", "yesterday"),
        ] {
            assert_eq!(in_utc(typed.to_owned()), read);
        }
        assert_eq!(raw(&FileValues(vec![("issued".into(), "yesterday".into())])).map(|_| ()), Err(NoticeError::Time("issued")));
    }
}
