//! Many requests as a list, from a file: what programs send, by a form.

use app::Filer;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::http::{Response, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Member, frame};
use crate::api::bulk::{self, LIST_BYTES, LineAnswer, ListError, ListForm};
use crate::console::said;
use crate::error::Error;
use crate::pages::console::Corner;
use crate::pages::portal::{LineShown, ListAnswer, ListPage};
use crate::{Asker, Web, draw};

/// Lines that are shown; all of them stand in the table that is given along.
const SHOWN: usize = 500;

/// How much a request to the portal may bring: a list, and what a form adds.
pub(super) fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(LIST_BYTES + (64 << 10))
}

/// `GET /portal/list`.
pub(super) async fn page(State(web): State<Web>, member: Member, asker: Asker) -> Response<Body> {
    draw(StatusCode::OK, &ListPage { frame: frame(&web, &asker, &member, Corner::List), error: None, answer: None })
}

/// `POST /portal/list`.
pub(super) async fn file(State(web): State<Web>, member: Member, asker: Asker, form: Multipart) -> Response<Body> {
    let filed = async {
        let lines = match read(form).await {
            Ok(lines) => lines,
            Err(Error::BadList(why)) => return Ok(refused(&web, &asker, &member, why.words(web.locale(&asker)))),
            Err(Error::TooManyParts) => {
                let why = web.locale(&asker).with("list-too-long", &[("lines", bulk::LINES.into())]);
                return Ok(refused(&web, &asker, &member, why));
            }
            Err(error) => return Err(error),
        };
        let by = Filer::Person(member.who.id.clone());
        let answers = bulk::file(&web, &asker, &member.party, &by, lines).await?;
        let answer = Some(told(&web, &asker, &answers));
        Ok(draw(StatusCode::OK, &ListPage { frame: frame(&web, &asker, &member, Corner::List), error: None, answer }))
    };
    said(&web, &asker, filed.await)
}

fn refused(web: &Web, asker: &Asker, member: &Member, why: String) -> Response<Body> {
    draw(StatusCode::BAD_REQUEST, &ListPage { frame: frame(web, asker, member, Corner::List), error: Some(why), answer: None })
}

async fn read(mut form: Multipart) -> Result<Vec<bulk::Line>, Error> {
    let (mut charset, mut list) = (None, None);
    while let Some(field) = form.next_field().await.map_err(|_| Error::Interrupted)? {
        match field.name() {
            Some("charset") => charset = Some(field.text().await.map_err(|_| Error::Interrupted)?).filter(|name| !name.is_empty()),
            Some("list") => {
                let name = field.file_name().unwrap_or_default().to_ascii_lowercase();
                let json = [".jsonl", ".ndjson", ".json"].iter().any(|ending| name.ends_with(ending));
                let bytes = field.bytes().await.map_err(|_| Error::Interrupted)?;
                list = Some((if json { ListForm::Json } else { ListForm::Csv }, bytes));
            }
            _ => {}
        }
    }
    let (form, bytes) = list.ok_or(Error::BadList(ListError::Nothing))?;
    tokio::task::spawn_blocking(move || bulk::read(form, charset.as_deref(), &bytes)).await.map_err(|_| Error::Interrupted)?
}

fn told(web: &Web, asker: &Asker, answers: &[LineAnswer]) -> ListAnswer {
    let locale = web.locale(asker);
    let count = |state: &str| answers.iter().filter(|answer| answer.state() == state).count();
    let line = |answer: &LineAnswer| LineShown {
        line: answer.line(),
        state: match answer.state() {
            "taken" => "line-taken",
            "duplicate" => "line-duplicate",
            _ => "line-refused",
        },
        words: answer.words(locale),
        url: answer.receipt().map(|receipt| format!("/notices/{receipt}")),
    };
    let csv = bulk::as_csv(answers);
    ListAnswer {
        taken: count("taken"),
        duplicates: count("duplicate"),
        refused: count("refused"),
        lines: answers.iter().take(SHOWN).map(line).collect(),
        left: answers.len().saturating_sub(SHOWN),
        csv: format!("data:text/csv;charset=utf-8,{}", utf8_percent_encode(&csv, NON_ALPHANUMERIC)),
    }
}
