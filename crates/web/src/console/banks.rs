//! Banks, for operators: what each is for, how often it was right, and which of them only count because they were often wrong.

use app::BankSummary;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode, Uri};
use domain::{BankKind, BankName, ItemId, OnMatch};

use super::cases::percent;
use super::{Operator, fields, frame, show, told};
use crate::asker::Named;
use crate::error::Error;
use crate::locale::Locale;
use crate::pages::cases::precision_words;
use crate::pages::console::{BankEntry, BankSource, BankWaiting, BanksPage, Corner};
use crate::{Asker, Web, headers, notices};

/// So much of what something would reach is listed.
const SHOWN: i64 = 20;

/// `GET /console/banks`.
pub(crate) async fn page(State(web): State<Web>, operator: Operator, uri: Uri, asker: Asker) -> Response<Body> {
    let locale = web.locale(&asker);
    let told = told(locale, &uri, &[("trusted", "told-trusted"), ("confirmed", "told-confirmed")]);
    let drawn = async {
        let mut banks = Vec::new();
        for bank in web.site.list_banks().await? {
            let waiting = waiting(&web, locale, &bank).await?;
            banks.push(BankEntry { waiting, ..entry(locale, &bank) });
        }
        Ok(show(StatusCode::OK, &BanksPage { frame: frame(&web, &asker, &operator.0, Corner::Banks), banks, told }))
    };
    super::said(&web, &asker, drawn.await)
}

/// What waits in a bank for a second look, with some of what it would reach: in words, to be opened where it stands.
async fn waiting(web: &Web, locale: Locale, bank: &BankSummary) -> Result<Vec<BankWaiting>, Error> {
    let mut all = Vec::new();
    for (item, reach) in bank.items.iter().filter_map(|(item, _)| Some((item, item.waits?))) {
        let mut found = Vec::new();
        for (row, may_be_seen) in web.site.would_act_on(&item.id, SHOWN).await? {
            let path = notices::path(&row.subject);
            let sure = locale.with("case-sure", &[("percent", i64::from(percent(row.confidence)).into())]);
            found.push((may_be_seen.then(|| path.clone()), path, format!("{} · {sure}", row.reading)));
        }
        all.push(BankWaiting { item: item.id.to_string(), label: item.label.clone(), reach, found });
    }
    Ok(all)
}

/// `POST /console/banks/{name}/trust`: it acts again, with all that is in it. Twice is once.
pub(crate) async fn trust(State(web): State<Web>, Named(name): Named<String>, operator: Operator, asker: Asker) -> Response<Body> {
    let done = async {
        let name = BankName::parse(&name).ok_or(Error::NotFound)?;
        let bank = web.site.bank(&name).await?.ok_or(Error::NotFound)?;
        web.site.trust(Some(&operator.0.who.id), &bank.id, None).await?;
        Ok(headers::see("/console/banks?told=trusted"))
    };
    super::said(&web, &asker, done.await)
}

/// `POST /console/banks/{name}/confirm`: what waits in it for a second look acts, one thing or all of it. Twice is once.
pub(crate) async fn confirm(
    State(web): State<Web>,
    Named(name): Named<String>,
    operator: Operator,
    asker: Asker,
    body: Body,
) -> Response<Body> {
    let typed = fields(body).await;
    let done = async {
        let name = BankName::parse(&name).ok_or(Error::NotFound)?;
        let bank = web.site.bank(&name).await?.ok_or(Error::NotFound)?;
        let item = ItemId::parse(typed.field("item")).ok_or(Error::NotFound)?;
        web.site.confirm(Some(&operator.0.who.id), &bank.id, Some(&item)).await?;
        Ok(headers::see("/console/banks?told=confirmed"))
    };
    super::said(&web, &asker, done.await)
}

/// What a bank does on a match, in words.
pub(super) fn acts(locale: Locale, kind: BankKind, on_match: OnMatch) -> String {
    let key = match (kind, on_match) {
        (BankKind::Negative, _) => "bank-negative",
        (BankKind::Shadow, _) | (_, OnMatch::Log) => "bank-logs",
        (_, OnMatch::Cover) => "bank-covers",
        (_, OnMatch::Hold) => "bank-holds",
    };
    locale.text(key).into_owned()
}

fn entry(locale: Locale, summary: &BankSummary) -> BankEntry {
    let bank = &summary.bank;
    let signals: i64 = summary.items.iter().map(|(item, _)| item.signals).sum();
    let numbers = [("bank-signals", signals), ("bank-matched", bank.matched), ("bank-held", summary.holds)];
    let numbers = numbers.map(|(key, number)| format!("{} {}", locale.text(key), locale.number(number)));
    let source = |(item, found): &(store::banks::ItemRow, domain::bank::Precision)| {
        let distrusted = item.distrusted?;
        Some(BankSource { label: item.label.clone(), precision: precision_words(locale, *found), distrusted })
    };
    BankEntry {
        name: bank.name.to_string(),
        acts: acts(locale, bank.kind, bank.on_match),
        numbers: numbers.join(" · "),
        precision: precision_words(locale, summary.precision()),
        distrusted: bank.distrusted,
        sources: summary.items.iter().filter_map(source).collect(),
        waiting: Vec::new(),
    }
}
