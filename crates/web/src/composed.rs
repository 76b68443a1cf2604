//! What the site itself says happened, in anybody's language: of the case's facts, in words that show nothing of it. Whoever decides may change it;
//! what they changed is told as they wrote it.

use app::CaseView;
use domain::notice::Asks;
use domain::{Because, Composed, Decision, NoticeKind, Time};

use crate::locale::Locale;
use crate::pages::filings::kind_words;
use crate::pages::notices::category_words;

/// What there is to say of a case. Of what must not be told yet it says nothing, and what only asks to be told or kept ordered nothing.
pub(crate) fn of(view: &CaseView, now: Time) -> Composed {
    let silent = view.filings.iter().any(|(row, _)| row.silent_until.is_some_and(|until| now < until));
    let kind = view.facts.kind.unwrap_or(NoticeKind::Notice);
    let because = match kind.rule().asks {
        Asks::ToAct if !silent => Because::Ordered(kind),
        Asks::ToDecide if !silent && view.facts.registered > 0 => Because::Filed(kind),
        _ => Because::Reported(view.notice_count),
    };
    Composed { because: view.facts.category.map(|category| (because, category)), matched: !view.matches.is_empty() }
}

/// The same in words.
pub(crate) fn words(locale: Locale, composed: &Composed) -> String {
    let mut all = Vec::new();
    if let Some((because, category)) = composed.because {
        let what = ("category", category_words(locale, category).into());
        let kind = |kind| ("kind", kind_words(locale, kind).into_owned().into());
        all.push(match because {
            Because::Ordered(by) => locale.with("facts-ordered", &[kind(by), what]),
            Because::Filed(by) => locale.with("facts-filed", &[kind(by), what]),
            Because::Reported(times) => locale.with("facts-reported", &[("notices", i64::from(times).into()), what]),
        });
    }
    if composed.matched {
        all.push(locale.text("facts-matched").into_owned());
    }
    all.join(" ")
}

/// What happened, as the reader is told: composed in their language, or else as it was `typed`.
pub(crate) fn told(locale: Locale, typed: &str, composed: Option<&Composed>) -> String {
    composed.map_or_else(|| typed.to_owned(), |composed| words(locale, composed))
}

/// What a decision says happened, for a reader of `locale`.
pub(crate) fn facts(locale: Locale, decision: &Decision) -> String {
    told(locale, &decision.facts, decision.composed.as_ref())
}

/// As a form carries it.
pub(crate) fn carried(composed: &Composed) -> String {
    serde_json::to_string(composed).unwrap_or_default()
}

/// What was carried by a form, if its words are still what the form says: in whatever language it was drawn, which may have been changed since.
pub(crate) fn unchanged(carried: &str, facts: &str) -> Option<Composed> {
    let composed = serde_json::from_str(carried).ok()?;
    let says = |locale: &Locale| words(*locale, &composed).split_whitespace().eq(facts.split_whitespace());
    Locale::ALL.iter().any(says).then_some(composed)
}

#[cfg(test)]
mod tests {
    use domain::Category;

    use super::*;

    #[test]
    fn what_was_composed_is_known_again_in_any_language_and_nothing_else_is() {
        let because = [Because::Reported(2), Because::Filed(NoticeKind::TrustedFlagger), Because::Ordered(NoticeKind::DsaOrder)];
        for because in because {
            let composed = Composed { because: Some((because, Category::Fraud)), matched: true };
            for locale in Locale::ALL {
                let said = words(*locale, &composed);
                assert_eq!(unchanged(&carried(&composed), &format!(" {said}\r\n")), Some(composed));
                assert_eq!(unchanged(&carried(&composed), &format!("{said} And more.")), None);
            }
        }
        for forged in ["", "{}", "[]", "null", r#"{"because":[{"reported":-1},"fraud"],"matched":false}"#] {
            assert_eq!(unchanged(forged, ""), None, "{forged}");
        }
    }

    #[test]
    fn a_kind_has_one_name_wherever_it_is_written() {
        for kind in NoticeKind::ALL {
            assert_eq!(serde_json::to_string(kind).expect("a name"), format!("\"{}\"", kind.as_str()));
        }
    }
}
