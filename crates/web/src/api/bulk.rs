//! Notices as a list: up to ten thousand lines, CSV (RFC 4180) or one JSON object a line, of a registered party. Every line is a request of its own
//! and gets an answer of its own; a line that is wrong stops no other.

use std::collections::HashMap;

use app::Filer;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap};
use axum::http::{Response, StatusCode};
use domain::{Filing, NoticeError};
use serde::Serialize;
use utoipa::ToSchema;

use super::notices::{NewNotice, NoticeTaken, links, private};
use crate::api::answers::Noticing;
use crate::api::body;
use crate::error::Error;
use crate::headers;
use crate::locale::Locale;
use crate::pages::filings::fault_words;
use crate::pages::notices::{field_of, notice_error_words};
use crate::signed::{self, SignatureError};
use crate::{Asker, Web};

/// The longest list, in bytes.
pub(crate) const LIST_BYTES: usize = 32 << 20;
/// The most lines.
pub(crate) const LINES: usize = 10_000;

/// A form in which lists come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListForm {
    /// A table with a head.
    Csv,
    /// An object a line.
    Json,
}

impl ListForm {
    fn of(headers: &HeaderMap) -> Option<Self> {
        match body::essence(headers).as_str() {
            "text/csv" | "text/tab-separated-values" => Some(Self::Csv),
            "application/x-ndjson" | "application/jsonl" | "application/json-lines" | "application/json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// A line of a list, or why it is none.
pub(crate) struct Line {
    /// Which line of the text it began on; the first is 1.
    pub(crate) number: u64,
    /// What it says.
    pub(crate) notice: Result<NewNotice, LineError>,
}

/// Why a line cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LineError {
    /// The column.
    field: Option<&'static str>,
    /// Why, for who wrote the program.
    words: String,
    /// The same on a page; `None`: the words are for everybody.
    key: Option<&'static str>,
}

/// Why a list cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// None was sent.
    #[error("there is no file")]
    Nothing,
    /// It is in letters that nobody knows.
    #[error("there is no charset {0:?}")]
    Charset(String),
    /// A column that nobody knows.
    #[error("there is no column {0:?}")]
    Column(String),
    /// No column names what it is about.
    #[error("there is no column \"url\"")]
    NoLinks,
    /// It is no table.
    #[error("{0}")]
    Table(String),
}

impl ListError {
    /// The same on a page.
    pub(crate) fn words(&self, locale: Locale) -> String {
        match self {
            Self::Nothing => locale.text("list-no-file").into_owned(),
            Self::Charset(name) => locale.with("list-no-charset", &[("name", name.clone().into())]),
            Self::Column(name) => locale.with("list-no-column", &[("name", name.clone().into())]),
            Self::NoLinks => locale.with("list-no-column-url", &[("name", "url".into())]),
            Self::Table(_) => locale.text("list-no-table").into_owned(),
        }
    }
}

/// What is said of one line.
#[derive(Serialize, ToSchema)]
pub(crate) struct LineAnswer {
    /// Which line of the list it began on; the first is 1.
    line: u64,
    /// `taken`, `duplicate` (it says what an earlier line says) or `refused`.
    #[schema(schema_with = crate::api::answers::line_states)]
    state: &'static str,
    /// Of a duplicate: the earlier line.
    #[serde(skip_serializing_if = "Option::is_none")]
    same_as: Option<u64>,
    /// Of a refused line: which field is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'static str>,
    /// Of a refused line: why.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
    /// The same on a page.
    #[serde(skip)]
    key: Option<&'static str>,
    /// Of a taken line: as a single request is answered.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    taken: Option<NoticeTaken>,
}

impl LineAnswer {
    /// Which line it began on.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// What was done with it, in one word.
    pub(crate) fn state(&self) -> &'static str {
        self.state
    }

    /// By which what became of it is read.
    pub(crate) fn receipt(&self) -> Option<&str> {
        self.taken.as_ref().map(|taken| taken.receipt.as_str())
    }

    /// What is wrong with it, or what it lacks.
    pub(crate) fn words(&self, locale: Locale) -> String {
        if let Some(line) = self.same_as {
            return locale.with("line-same-as", &[("line", locale.number(i64::try_from(line).unwrap_or(i64::MAX)).into())]);
        }
        if let Some(key) = self.key {
            return locale.text(key).into_owned();
        }
        if let Some(problem) = &self.problem {
            return problem.clone();
        }
        let faults = self.taken.iter().flat_map(|taken| taken.faults.iter()).filter_map(|fault| domain::Fault::parse(fault));
        faults.map(|fault| fault_words(locale, fault)).collect::<Vec<_>>().join(" ")
    }
}

/// Files a list.
///
/// Up to 10,000 lines of a registered party, which signs the whole request as a single one. CSV has a head with the names of the fields
/// of a single request; `subjects` (or `url`) and `reasons` hold several with a space between them, `secret` and `good_faith` are `1`, `true`, `yes` or empty. Commas, semicolons
/// or tabs divide it, quotes are a spreadsheet's, and it is UTF-8 unless `charset` says otherwise or a byte order mark says UTF-16. The answer has a line for each line: an object
/// (`application/x-ndjson`), or CSV for who accepts that.
#[utoipa::path(
    post,
    path = "/api/v1/notices/bulk",
    tag = "notices",
    request_body(content((String = "text/csv"), (NewNotice = "application/x-ndjson"))),
    responses((status = 200, description = "What is said of each line.", content((LineAnswer = "application/x-ndjson"), (String = "text/csv"))), Noticing),
)]
pub(crate) async fn create(State(web): State<Web>, asker: Asker, request: Request) -> Response<Body> {
    private(created(&web, &asker, request).await.unwrap_or_else(|error| error.answer(&web, &asker)))
}

async fn created(web: &Web, asker: &Asker, request: Request) -> Result<Response<Body>, Error> {
    let form = ListForm::of(request.headers()).ok_or(Error::NotList)?;
    let wants_csv =
        request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|accept| accept.contains("text/csv"));
    let (head, own) = request.into_parts();
    let bytes = body::bytes(web, asker, Request::from_parts(head.clone(), own), LIST_BYTES).await?;
    let sender = signed::sender(web, asker, &head, &bytes).await?.ok_or(SignatureError::Missing)?;
    let charset = charset(&head.headers);
    let lines = tokio::task::spawn_blocking(move || read(form, charset.as_deref(), &bytes)).await.map_err(|_| Error::Interrupted)??;
    let answers = file(web, asker, &sender.party, &Filer::Key(sender.key.clone()), lines).await?;
    let (kind, text) = if wants_csv {
        (headers::Kind::Csv, as_csv(&answers))
    } else {
        let lines = answers.iter().filter_map(|answer| serde_json::to_string(answer).ok());
        (headers::Kind::JsonLines, lines.map(|line| line + "\n").collect())
    };
    Ok(headers::answer(StatusCode::OK, kind, text))
}

/// Files what can be filed of a list, and answers each line.
pub(crate) async fn file(
    web: &Web,
    asker: &Asker,
    party: &store::PartyRow,
    by: &Filer,
    lines: Vec<Line>,
) -> Result<Vec<LineAnswer>, Error> {
    let locale = web.locale(asker);
    let mut seen: HashMap<(String, Vec<String>, Filing), u64> = HashMap::new();
    let (mut answers, mut list, mut places) = (Vec::with_capacity(lines.len()), Vec::new(), Vec::new());
    for Line { number, notice } in lines {
        let blank = LineAnswer { line: number, state: "refused", same_as: None, field: None, problem: None, key: None, taken: None };
        let checked = notice.and_then(|wish| {
            let kind = wish.kind.clone().unwrap_or_default();
            let (named, mut urls) = (wish.subjects.clone(), wish.subjects.clone());
            let filing = wish.raw().and_then(|raw| raw.check(party.party.kind));
            let told = |error: NoticeError| LineError { field: Some(field_of(error)), words: notice_error_words(locale, error), key: None };
            let filing = filing.map_err(told)?;
            urls.sort_unstable();
            urls.dedup();
            Ok((named, (kind, urls, filing)))
        });
        let (named, said) = match checked {
            Ok(checked) => checked,
            Err(error) => {
                answers.push(LineAnswer { field: error.field, problem: Some(error.words), key: error.key, ..blank });
                continue;
            }
        };
        if let Some(earlier) = seen.get(&said) {
            answers.push(LineAnswer { state: "duplicate", same_as: Some(*earlier), ..blank });
            continue;
        }
        list.push((said.2.clone(), links(web, asker, &named).await?));
        seen.insert(said, number);
        places.push(answers.len());
        answers.push(LineAnswer { state: "taken", ..blank });
    }
    let filed = web.site.file_all(party, by, list).await?;
    let filed = filed.ok_or(Error::Signature(app::SignatureRefused::Suspended.into()))?;
    for (place, filed) in places.into_iter().zip(&filed) {
        if let Some(answer) = answers.get_mut(place) {
            answer.taken = Some(NoticeTaken::of(asker, filed));
        }
    }
    Ok(answers)
}

/// The answers as a table.
pub(crate) fn as_csv(answers: &[LineAnswer]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let head = ["line", "state", "same_as", "field", "problem", "faults", "due", "links", "status_url"];
    // A vector takes whatever is written to it.
    drop(writer.write_record(head));
    for answer in answers {
        let taken = answer.taken.as_ref();
        let links = taken.map(|taken| taken.subjects.iter().map(|one| one.state()).collect::<Vec<_>>().join(" "));
        drop(writer.write_record([
            answer.line.to_string().as_str(),
            answer.state,
            &answer.same_as.map(|line| line.to_string()).unwrap_or_default(),
            answer.field.unwrap_or_default(),
            answer.problem.as_deref().unwrap_or_default(),
            &taken.map(|taken| taken.faults.join(" ")).unwrap_or_default(),
            taken.and_then(|taken| taken.due.as_deref()).unwrap_or_default(),
            &links.unwrap_or_default(),
            taken.map_or("", |taken| &taken.status_url),
        ]));
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

fn charset(headers: &HeaderMap) -> Option<String> {
    let content_type = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let parameters = content_type.split(';').skip(1).filter_map(|one| one.trim().split_once('='));
    parameters.into_iter().find(|(name, _)| name.eq_ignore_ascii_case("charset")).map(|(_, value)| value.trim_matches('"').to_owned())
}

/// Reads a list in the form that it says it has.
pub(crate) fn read(form: ListForm, charset: Option<&str>, bytes: &[u8]) -> Result<Vec<Line>, Error> {
    let encoding = match charset {
        None => encoding_rs::UTF_8,
        Some(name) => {
            let unknown = || Error::BadList(ListError::Charset(name.to_owned()));
            encoding_rs::Encoding::for_label(name.as_bytes()).ok_or_else(unknown)?
        }
    };
    // A byte order mark says more than a header. What is no UTF-8 stays as it is, and is told of its line.
    let (encoding, mark) = encoding_rs::Encoding::for_bom(bytes).unwrap_or((encoding, 0));
    let own = bytes.get(mark..).unwrap_or_default();
    let decoded = (encoding != encoding_rs::UTF_8).then(|| encoding.decode_without_bom_handling(own).0.into_owned());
    let text = decoded.as_ref().map_or(own, |text| text.as_bytes());
    match form {
        ListForm::Csv => table(text),
        ListForm::Json => objects(text),
    }
}

fn objects(text: &[u8]) -> Result<Vec<Line>, Error> {
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(text.split(|byte| *byte == b'\n')) {
        if line.trim_ascii().is_empty() {
            continue;
        }
        if lines.len() == LINES {
            return Err(Error::TooManyParts);
        }
        let notice =
            serde_json::from_slice(line).map_err(|error| LineError { field: None, words: error.to_string(), key: Some("line-no-object") });
        lines.push(Line { number, notice });
    }
    Ok(lines)
}

/// What a column is.
#[derive(Clone, Copy)]
enum Column {
    Text(fn(&mut NewNotice) -> &mut Option<String>),
    Flag(fn(&mut NewNotice) -> &mut Option<bool>, &'static str),
    List(fn(&mut NewNotice) -> &mut Vec<String>),
}

fn column(name: &str) -> Option<Column> {
    Some(match name.trim().to_ascii_lowercase().as_str() {
        "type" => Column::Text(|notice| &mut notice.kind),
        "url" | "subjects" => Column::List(|notice| &mut notice.subjects),
        "category" => Column::Text(|notice| &mut notice.category),
        "explanation" => Column::Text(|notice| &mut notice.explanation),
        "name" => Column::Text(|notice| &mut notice.name),
        "email" => Column::Text(|notice| &mut notice.email),
        "good_faith" => Column::Flag(|notice| &mut notice.good_faith, "good_faith"),
        "reference" => Column::Text(|notice| &mut notice.reference),
        "legal_basis" => Column::Text(|notice| &mut notice.legal_basis),
        "issued" => Column::Text(|notice| &mut notice.issued),
        "reasons" => Column::List(|notice| &mut notice.reasons),
        "due" => Column::Text(|notice| &mut notice.due),
        "secret" => Column::Flag(|notice| &mut notice.secret, "secret"),
        "secret_until" => Column::Text(|notice| &mut notice.secret_until),
        "asks" => Column::Text(|notice| &mut notice.asks),
        "redress" => Column::Text(|notice| &mut notice.redress),
        _ => return None,
    })
}

fn table(text: &[u8]) -> Result<Vec<Line>, Error> {
    let head = text.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let count = |delimiter: u8| head.iter().filter(|byte| **byte == delimiter).count();
    // What a spreadsheet divides by depends on where it was bought.
    let most = [b',', b';', b'\t'].into_iter().max_by_key(|delimiter| count(*delimiter)).filter(|delimiter| count(*delimiter) > 0);
    let delimiter = most.unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).trim(csv::Trim::Headers).from_reader(text);
    let head = reader.headers().map_err(|error| Error::BadList(ListError::Table(error.to_string())))?.clone();
    // A column that nobody knows could be one that is spelt wrong, and keep what was meant to be secret from being so.
    let known = |name: &str| column(name).ok_or_else(|| Error::BadList(ListError::Column(name.to_owned())));
    let columns: Vec<Column> = head.iter().map(known).collect::<Result<_, _>>()?;
    if !columns.iter().any(|column| matches!(column, Column::List(_))) {
        return Err(Error::BadList(ListError::NoLinks));
    }
    let mut lines = Vec::new();
    // Where the head ends; the reader's own lines are counted from there.
    let (mut number, mut counted, mut from) = (1, 0, usize::try_from(reader.position().byte()).unwrap_or(text.len()));
    while let Some(open) = records(text, from, delimiter, |begins, record| {
        // Where a record is said to begin, the end of the line before it may still come.
        let ends = text.get(begins..).unwrap_or_default().iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        number += text.get(counted..begins + ends).unwrap_or_default().iter().filter(|byte| **byte == b'\n').count() as u64;
        counted = begins + ends;
        if lines.len() == LINES {
            return Err(Error::TooManyParts);
        }
        lines.push(Line {
            number,
            notice: record.map_or_else(|| Err(told(None, "line-open-quote", OPEN_QUOTE)), |record| row(&columns, record)),
        });
        Ok(())
    })? {
        from = open;
    }
    Ok(lines)
}

const OPEN_QUOTE: &str = "a quotation mark opens a field here, and does not close it";

/// Tells every record from this byte on with the byte that it begins at. A quotation mark that is not closed would make one record of the lines that follow,
/// up to the next one's: no record is told then but that there is none, and where the next line begins is given back.
fn records(
    text: &[u8],
    from: usize,
    delimiter: u8,
    mut tell: impl FnMut(usize, Option<&csv::ByteRecord>) -> Result<(), Error>,
) -> Result<Option<usize>, Error> {
    let rest = text.get(from..).unwrap_or_default();
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(rest);
    let mut record = csv::ByteRecord::new();
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(None),
            Err(error) => return Err(Error::BadList(ListError::Table(error.to_string()))),
        }
        let begins = record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(rest.len()));
        let ends = usize::try_from(reader.position().byte()).unwrap_or(rest.len()).min(rest.len());
        let own = rest.get(begins..ends).unwrap_or_default();
        let blank = own.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let own = own.get(blank..).unwrap_or_default();
        let line = own.iter().position(|byte| *byte == b'\n');
        if let Some(line) = line.filter(|_| !closes_its_quotes(own, delimiter)) {
            tell(from + begins, None)?;
            return Ok(Some(from + begins + blank + line + 1));
        }
        if record.iter().any(|field| !field.trim_ascii().is_empty()) {
            tell(from + begins, Some(&record))?;
        }
    }
}

/// Whether each quotation mark that opens a field of this record also closes it: a mark in it is written twice, and behind the closing one comes the next
/// field or nothing (RFC 4180, 2.7).
fn closes_its_quotes(record: &[u8], delimiter: u8) -> bool {
    let (mut begins, mut open) = (true, false);
    let mut bytes = record.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if open {
            if byte == b'"' && bytes.next_if_eq(&b'"').is_none() {
                open = false;
                if !bytes.peek().is_none_or(|next| *next == delimiter || matches!(next, b'\r' | b'\n')) {
                    return false;
                }
            }
        } else {
            open = begins && byte == b'"';
            begins = byte == delimiter;
        }
    }
    !open
}

fn told(field: Option<&'static str>, key: &'static str, words: &str) -> LineError {
    LineError { field, words: words.to_owned(), key: Some(key) }
}

fn row(columns: &[Column], record: &csv::ByteRecord) -> Result<NewNotice, LineError> {
    if record.len() > columns.len() {
        return Err(told(None, "line-too-many-fields", "there are more fields than the head has columns"));
    }
    let mut notice = NewNotice::default();
    for (column, field) in columns.iter().zip(record) {
        let Ok(field) = std::str::from_utf8(field) else {
            return Err(told(None, "line-not-utf8", "it is not UTF-8; save the list as UTF-8, or say its charset"));
        };
        if field.trim().is_empty() {
            continue;
        }
        match column {
            Column::Text(of) => *of(&mut notice) = Some(field.to_owned()),
            Column::List(of) => of(&mut notice).extend(field.split_whitespace().map(str::to_owned)),
            Column::Flag(of, name) => {
                *of(&mut notice) = Some(match field.trim().to_ascii_lowercase().as_str() {
                    "1" | "true" | "yes" => true,
                    "0" | "false" | "no" => false,
                    _ => return Err(told(Some(name), "line-no-flag", "it is neither 1 nor 0")),
                });
            }
        }
    }
    Ok(notice)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csv(text: &[u8]) -> Vec<(u64, Result<NewNotice, LineError>)> {
        let lines = read(ListForm::Csv, None, text).unwrap_or_else(|error| panic!("{error:?}"));
        lines.into_iter().map(|line| (line.number, line.notice)).collect()
    }

    #[test]
    fn a_table_is_read_as_spreadsheets_write_it() {
        let plain = b"type,url,explanation,secret\r\ntrusted_flagger,https://a/1 https://a/2,\"it says \"\"kite\"\",\nand worse\",\r\n\r\n,https://a/3,,1\r\n";
        let lines = csv(plain);
        assert_eq!(lines.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [2, 5]);
        let first = lines[0].1.as_ref().expect("it reads");
        assert_eq!(first.subjects, ["https://a/1", "https://a/2"]);
        assert_eq!(first.explanation.as_deref(), Some("it says \"kite\",\nand worse"));
        let second = lines[1].1.as_ref().expect("it reads");
        assert_eq!((second.kind.as_deref(), second.secret), (None, Some(true)));
        for (name, text) in
            [("semicolons", "\u{feff}URL; Explanation\nhttps://a/1;a, b\n"), ("tabs", "url\texplanation\nhttps://a/1\ta, b\n")]
        {
            let lines = csv(text.as_bytes());
            assert_eq!(lines[0].1.as_ref().expect("it reads").explanation.as_deref(), Some("a, b"), "{name}");
        }
    }

    #[test]
    fn a_table_may_come_in_another_encoding_and_what_is_in_none_is_told_by_its_line() {
        let utf16: Vec<u8> = std::iter::once(0xfeff_u16)
            .chain("url\texplanation\r\nhttps://a/1\tلعبة\r\n".encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(csv(&utf16)[0].1.as_ref().expect("it reads").explanation.as_deref(), Some("لعبة"));
        let polish = b"url;explanation\nhttps://a/1;\xbf\xf3\xb3w\n";
        let lines = read(ListForm::Csv, Some("windows-1250"), polish).unwrap_or_else(|error| panic!("{error:?}"));
        assert_eq!(lines[0].notice.as_ref().expect("it reads").explanation.as_deref(), Some("żółw"));
        let lines = csv(b"url;explanation\nhttps://a/1;\xbf\xf3\xb3w\nhttps://a/2;kite\n");
        assert!(lines[0].1.is_err() && lines[1].1.is_ok());
        assert!(matches!(read(ListForm::Csv, Some("klingon"), b"url\na\n"), Err(Error::BadList(_))));
    }

    #[test]
    fn a_quotation_mark_that_nothing_closes_costs_its_own_line_and_no_other() {
        let text = b"url,explanation\r\nhttps://a/1,kite\r\nhttps://a/2,\"so it\r\nhttps://a/3,kite\r\n\r\nhttps://a/4,\"two\nlines\"\r\nhttps://a/5,end\r\n";
        let lines = csv(text);
        let shown =
            |(number, line): &(u64, Result<NewNotice, LineError>)| (*number, line.as_ref().ok().map(|notice| notice.subjects[0].clone()));
        let link = |last: u32| Some(format!("https://a/{last}"));
        assert_eq!(lines.iter().map(shown).collect::<Vec<_>>(), [(2, link(1)), (3, None), (4, link(3)), (6, link(4)), (8, link(5))]);
        let text = b"url,explanation\nhttps://a/1,\"kite\nhttps://a/2,a 5\" kite\nhttps://a/3,\"a 5\"\" kite\nabove\"\n";
        assert_eq!(csv(text).iter().map(shown).collect::<Vec<_>>(), [(2, None), (3, link(2)), (4, link(3))]);
        assert_eq!(csv(b"url,explanation\nhttps://a/1,\"kite").iter().map(shown).collect::<Vec<_>>(), [(2, link(1))]);
    }

    #[test]
    fn a_column_that_nobody_knows_stops_the_whole_list() {
        for bad in ["url,secert\nhttps://a/1,1\n", "explanation\nkite\n", ""] {
            assert!(matches!(read(ListForm::Csv, None, bad.as_bytes()), Err(Error::BadList(_))), "{bad}");
        }
        let lines = csv(b"url,secret\nhttps://a/1,perhaps\nhttps://a/2,1,more\nhttps://a/3\n");
        assert_eq!(lines.iter().map(|(_, line)| line.is_ok()).collect::<Vec<_>>(), [false, false, true]);
    }

    #[test]
    fn objects_stand_on_lines_and_a_bad_one_stops_no_other() {
        let text = b"{\"subjects\":[\"https://a/1\"]}\r\n\nnonsense\n{\"subjects\":[],\"secert\":true}\n{\"type\":\"notice\"}";
        let lines = read(ListForm::Json, None, text).unwrap_or_else(|error| panic!("{error:?}"));
        assert_eq!(
            lines.iter().map(|line| (line.number, line.notice.is_ok())).collect::<Vec<_>>(),
            [(1, true), (3, false), (4, false), (5, true)]
        );
        let many = "{}\n".repeat(LINES + 1);
        assert!(matches!(read(ListForm::Json, None, many.as_bytes()), Err(Error::TooManyParts)));
    }
}
