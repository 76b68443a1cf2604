//! The words of the mail that a site sends, in the language that a notice was written in, or that its operator chose. A mail shows nothing of what it is about: links, and the
//! words of the decision alone. The first one says nothing that its sender could have written, because anybody may give anybody's address.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::pin::Pin;

use app::{Alarms, Error, FilingState, Letter, Line, Post, Site};
use domain::{Action, AlarmKind, FilingId, ItemId, MailKind, NoticeId, Time};
use store::mails::MailRow;
use store::{AlarmRow, DecisionRow, NoticeRow};

use crate::locale::Locale;
use crate::notices::path;
use crate::pages::notices::category_words;
use crate::reply::{Addressee, document};
use crate::{composed, policy};

/// The most links in one mail: the page behind its link shows all.
const LINKS: usize = 50;

/// Makes the words of a mail: what [`Post::write`] asks for.
#[must_use]
pub fn write(site: Site, row: MailRow) -> Pin<Box<dyn Future<Output = Result<Option<Letter>, Error>> + Send>> {
    Box::pin(async move {
        let Some(post) = site.post.clone() else { return Ok(None) };
        let locale = Locale::negotiate(row.language.as_deref(), None);
        match row.kind {
            MailKind::Receipt => receipt(&site, &post, locale, &row).await,
            MailKind::Question => question(&site, &post, locale, &row).await,
            MailKind::Decision => decision(&site, &post, locale, &row).await,
            MailKind::Reply => reply(&site, &post, locale, &row).await,
            MailKind::Alarm => site.alarm_letter(&row).await,
        }
    })
}

async fn receipt(site: &Site, post: &Post, locale: Locale, row: &MailRow) -> Result<Option<Letter>, Error> {
    let (Some(notice), Some(receipt)) = (notice(site, row).await?, &row.receipt) else { return Ok(None) };
    let body = [
        locale.with("letter-receipt", &[("site", post.name.clone().into()), ("date", locale.date(notice.created).into())]),
        category_words(locale, notice.notice.category),
        locale.text("letter-receipt-next").into_owned(),
        format!("{}/notices/{}", post.origin, receipt.expose()),
        locale.text("letter-receipt-keep").into_owned(),
        locale.text("letter-not-you").into_owned(),
    ];
    Ok(Some(letter(locale, locale.text("letter-receipt-subject").into_owned(), &body)))
}

/// The question itself stands under the receipt's link alone, which nobody knows any more but its giver.
async fn question(site: &Site, post: &Post, locale: Locale, row: &MailRow) -> Result<Option<Letter>, Error> {
    let Some(notice) = notice(site, row).await? else { return Ok(None) };
    if !site.question_waits(&notice.id).await? {
        return Ok(None);
    }
    let body = [
        locale.with("letter-decision", &[("site", post.name.clone().into()), ("date", locale.date(notice.created).into())]),
        category_words(locale, notice.notice.category),
        locale.text("letter-question").into_owned(),
    ];
    Ok(Some(letter(locale, locale.text("letter-question-subject").into_owned(), &body)))
}

async fn decision(site: &Site, post: &Post, locale: Locale, row: &MailRow) -> Result<Option<Letter>, Error> {
    let (Some(notice), Some(id)) = (notice(site, row).await?, &row.about) else { return Ok(None) };
    // Undone meanwhile: it is open again, and what is decided then is another mail.
    let decided = site.decision(id).await?.filter(|decision| decision.undone.is_none() && !decision.is_silent(site.clock.now()));
    let Some(decided) = decided else { return Ok(None) };
    let subjects = site.decided_of(&notice.id, &decided).await?;
    if subjects.is_empty() {
        return Ok(None);
    }
    let mut links = String::new();
    for subject in subjects.iter().take(LINKS) {
        // Writing to a string fails for nobody.
        let _ = writeln!(links, "{}{}", post.origin, path(subject));
    }
    let more = subjects.len().saturating_sub(LINKS);
    if more > 0 {
        links.push_str(&locale.with("letter-more", &[("more", more.into())]));
    }
    let body = [
        locale.with("letter-decision", &[("site", post.name.clone().into()), ("date", locale.date(notice.created).into())]),
        category_words(locale, notice.notice.category),
        links.trim_end().to_owned(),
        outcome(site, post, locale, &decided).await?,
        locale.text("receipt-machines").into_owned(),
        locale.with("letter-redress", &[("contact", format!("{}/contact", post.origin).into()), ("number", id.to_string().into())]),
    ];
    Ok(Some(letter(locale, locale.text("letter-decision-subject").into_owned(), &body)))
}

/// What was done, and on what ground.
async fn outcome(site: &Site, post: &Post, locale: Locale, decided: &DecisionRow) -> Result<String, Error> {
    let facts = composed::facts(locale, &decided.decision);
    let key = match decided.decision.action {
        Action::NoAction if facts.is_empty() => return Ok(locale.text("receipt-left").into_owned()),
        Action::NoAction => return Ok(format!("{}\n\n{facts}", locale.text("receipt-left"))),
        Action::Cover => "receipt-covered",
        Action::Withhold => "statement-withheld",
        Action::Remove => "receipt-removed",
        Action::Preserve => return Ok(locale.text("receipt-gone").into_owned()),
    };
    let statement = policy::statement(site, decided, false).await?;
    let ground = statement.ground_words(locale);
    let countries: Vec<&str> = statement.countries.iter().map(|country| country.as_str()).collect();
    let done = match countries.as_slice() {
        [] => locale.text(key).into_owned(),
        countries => format!("{}: {}.", locale.text(key), countries.join(", ")),
    };
    Ok(match &statement.clause {
        Some(clause) => format!("{done} {} {ground}\n{}{}", locale.text("statement-policy"), post.origin, clause.path()),
        None => format!("{done} {} {ground}", locale.text("statement-law")),
    })
}

/// The answer to what a registered party filed: the very document that its page and its text are drawn from.
async fn reply(site: &Site, post: &Post, locale: Locale, row: &MailRow) -> Result<Option<Letter>, Error> {
    let Some(id) = FilingId::parse(&row.subject) else { return Ok(None) };
    // Undone or cleared up meanwhile: there will be another answer.
    let view = site.filing(&id).await?.map(|view| view.for_sender(site.clock.now())).filter(|view| view.state != FilingState::Open);
    let Some(view) = view else { return Ok(None) };
    let own = view.row.filing.order.reference.clone().unwrap_or_else(|| id.to_string());
    let whole = document(site, locale, &Addressee::of_post(site, post), &view).await?;
    let body = [
        locale.with("letter-reply", &[("reference", own.clone().into()), ("site", post.name.clone().into())]),
        whole.text_of(locale, LINKS),
        locale.text("letter-reply-whole").into_owned(),
        format!("{}/portal/filings/{id}", post.origin),
    ];
    Ok(Some(letter(locale, locale.with("letter-reply-subject", &[("reference", own.into())]), &body)))
}

/// Makes the words of what an operator is told: what [`Alarms::write`] asks for. It shows nothing of what it is about: numbers, and links to the
/// console.
#[must_use]
pub fn alarms(alarms: &Alarms, rows: &[AlarmRow], banks: &HashMap<ItemId, String>, now: Time) -> (Letter, Vec<Line>) {
    let locale = Locale::negotiate(Some(&alarms.language), None);
    let line = |row: &AlarmRow| {
        let bank = ItemId::parse(&row.what.subject).and_then(|item| banks.get(&item));
        alarm_line(locale, &alarms.origin, row, bank.map(String::as_str))
    };
    let lines: Vec<Line> = rows.iter().map(line).collect();
    let site = alarms.name.clone();
    let subject = match lines.as_slice() {
        [only] => format!("{site}: {}", only.words),
        several => locale.with("letter-alarms", &[("site", site.into()), ("alarms", several.len().into())]),
    };
    let mut parts: Vec<String> = rows.iter().zip(&lines).take(LINKS).map(|(row, line)| told(locale, row, line, now)).collect();
    let more = lines.len().saturating_sub(LINKS);
    if more > 0 {
        parts.push(locale.with("letter-more", &[("more", more.into())]));
    }
    parts.push(locale.with("letter-alarms-state", &[("link", format!("{}/console/watch", alarms.origin).into())]));
    (letter(locale, subject, &parts), lines)
}

/// What is told of one alarm, in a mail: when it was raised is said where that is not now.
fn told(locale: Locale, row: &AlarmRow, line: &Line, now: Time) -> String {
    const NOW_MS: i64 = 5 * domain::time::MINUTE_MS;
    let mut words = vec![line.words.clone()];
    if now.since_ms(row.raised) > NOW_MS {
        words.push(locale.with("letter-alarm-raised", &[("time", locale.date_time(row.raised).into())]));
    }
    if row.what.kind != AlarmKind::Test && row.ended.is_some() {
        words.push(locale.text("letter-alarm-over").into_owned());
    }
    words.push(line.link.clone());
    words.join("\n")
}

/// An alarm in words, and where to look. `bank`: what a wave's bank is called.
pub(crate) fn alarm_line(locale: Locale, origin: &str, row: &AlarmRow, bank: Option<&str>) -> Line {
    let number = row.what.number;
    let (words, path) = match row.what.kind {
        AlarmKind::Order => (locale.text("alarm-order").into_owned(), format!("/console/cases/{}", row.what.subject)),
        AlarmKind::Queue => (locale.with("alarm-queue", &[("number", number.into())]), "/console".to_owned()),
        AlarmKind::Wave => {
            let words = match bank {
                Some(bank) => locale.with("alarm-wave", &[("number", number.into()), ("bank", bank.to_owned().into())]),
                None => locale.with("alarm-wave-unnamed", &[("number", number.into())]),
            };
            (words, "/console/banks".to_owned())
        }
        // The form to report it with, which shows nothing of it.
        AlarmKind::Alike => {
            let path = app::waves::subject(&row.what.subject).map_or_else(
                || "/console/watch#watch-alarms".to_owned(),
                |first| {
                    let medium = first.media_id.map(|medium| format!("?media={medium}")).unwrap_or_default();
                    format!("/{}/report{medium}", first.post_id)
                },
            );
            (locale.with("alarm-alike", &[("number", number.into())]), path)
        }
        AlarmKind::Job => {
            let arguments = [("number", number.into()), ("kind", crate::console::job_words(locale, &row.what.subject).into())];
            (locale.with("alarm-job", &arguments), "/console/watch#watch-dead".to_owned())
        }
        AlarmKind::Disk => {
            let size = locale.size(u64::try_from(number).unwrap_or_default());
            (locale.with("alarm-disk", &[("size", size.into())]), "/console/watch#watch-parts".to_owned())
        }
        AlarmKind::Away => (locale.text("alarm-away").into_owned(), "/console/away".to_owned()),
        AlarmKind::Test => (locale.text("alarm-test").into_owned(), "/console/watch#watch-alarms".to_owned()),
    };
    Line { words, link: format!("{origin}{path}") }
}

async fn notice(site: &Site, row: &MailRow) -> Result<Option<NoticeRow>, Error> {
    match NoticeId::parse(&row.subject) {
        Some(id) => site.notice(&id).await,
        None => Ok(None),
    }
}

/// Parts with an empty line between them.
fn letter(locale: Locale, subject: String, parts: &[String]) -> Letter {
    let body = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
    Letter { subject, body: format!("{body}\n"), language: locale.tag().to_owned() }
}
