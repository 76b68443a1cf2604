//! Reports that were copied from each other: whoever says once more what somebody has said of the same thing is no other voice. Each stays a notice of
//! its own, with its receipt; what they say is shown once, and weighs once.

use domain::{CaseId, Notice, NoticeId};
use likeness::text::Text;
use store::Tx;

use crate::Error;

/// What was said last that is looked at: a wave repeats itself at once.
const SAID: i64 = 32;
/// The share of their shingles that two reports have in common at least. Of a report in which every tenth word was changed as much is left; that two
/// people find the same words by themselves for a sentence or two is not known of any (`likeness::text`).
const SAME: f64 = 0.5;

/// The notice of a case whose words this one says once more, or nearly; `None`: they are its own, or it has none.
pub(super) async fn of(tx: &mut Tx, case: &CaseId, notice: &Notice) -> Result<Option<NoticeId>, Error> {
    let Some(own) = Text::of([notice.explanation.as_str()]) else { return Ok(None) };
    let said = store::notices::said(tx, case, SAID).await?;
    let looking = tokio::task::spawn_blocking(move || {
        said.into_iter().find(|(_, words)| Text::of([words.as_str()]).is_some_and(|words| is_same(&own, &words))).map(|(id, _)| id)
    });
    Ok(looking.await.map_err(std::io::Error::other)?)
}

fn is_same(one: &Text, other: &Text) -> bool {
    one.exact() == other.exact() || one.near(other).is_some_and(|near| near.resemblance >= SAME)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(one: &str, other: &str) -> bool {
        let text = |words| Text::of([words]).expect("it has letters");
        is_same(&text(one), &text(other))
    }

    #[test]
    fn a_copy_is_known_by_its_words_however_it_is_dressed_and_other_words_are_not() {
        let report =
            "This post calls for violence against the kites of the northern harbour, and everybody who flies one there is in danger.";
        assert!(same(report, report));
        assert!(same(report, &report.to_uppercase()));
        assert!(same(report, &format!("Dear operator! {report} Please remove it at once.")));
        assert!(same(report, &report.replace("everybody", "anybody").replace("northern", "old")));
        assert!(same("spam", "S P A M!"), "what is short is the same to the letter or not at all");
        assert!(!same("spam", "spam and worse"));
        assert!(!same(report, "This post shows where my sister lives, down to the number on her door, and she never agreed to that."));
        assert!(!same(report, "The kites of the harbour are praised here in a way that I find tasteless, though nobody is threatened."));
    }
}
