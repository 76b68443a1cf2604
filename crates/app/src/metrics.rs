//! What is measured of the site's work. Labels come from closed lists: kinds, outcomes, problems.

use std::time::Duration;

use domain::{Budget, MediaKind, Problem};
use metrics::{Unit, counter, describe_counter, describe_histogram, histogram};

/// How long media took to prepare: the name, for whoever sets the buckets.
pub const PREPARE_SECONDS: &str = "handbill_media_prepare_duration_seconds";
const PUBLISHED: &str = "handbill_posts_published_total";
const PREPARED: &str = "handbill_media_prepared_total";
const REFUSED: &str = "handbill_files_refused_total";
const OVER_BUDGET: &str = "handbill_over_budget_total";
const BEYOND_BUDGET: &str = "handbill_beyond_budget_total";

/// What each measure means.
pub fn describe_metrics() {
    describe_counter!(PUBLISHED, "Posts published.");
    describe_counter!(PREPARED, "Media that the sandbox was done with, by kind and outcome: ready, refused, failed (tried again).");
    describe_counter!(REFUSED, "Files refused, by what was wrong, on arrival or when they were prepared.");
    describe_counter!(
        BEYOND_BUDGET,
        "Requests beyond anybody's share that were not refused, by what was done: slow, asked (for a proof of work), proven."
    );
    describe_counter!(OVER_BUDGET, "Requests refused for fair use, by the budget that was spent.");
    describe_histogram!(PREPARE_SECONDS, Unit::Seconds, "How long it took to prepare a medium, by kind and outcome.");
}

pub(crate) fn published() {
    counter!(PUBLISHED).increment(1);
}

/// A file was not taken.
pub fn file_refused(problem: Problem) {
    counter!(REFUSED, "problem" => problem.as_str()).increment(1);
}

/// An asker has spent a budget.
pub(crate) fn over_budget(budget: Budget) {
    counter!(OVER_BUDGET, "budget" => budget.as_str()).increment(1);
}

/// Somebody wanted more than their share, and this was done about it.
pub(crate) fn beyond(what: &'static str) {
    counter!(BEYOND_BUDGET, "what" => what).increment(1);
}

/// How the preparation of one medium ended.
#[derive(Clone, Copy)]
pub(crate) enum Ended {
    Ready(MediaKind),
    Refused(Problem),
    Failed,
}

pub(crate) fn prepared(ended: Ended, took: Duration) {
    let (kind, outcome) = match ended {
        Ended::Ready(kind) => (kind.as_str(), "ready"),
        Ended::Refused(problem) => {
            file_refused(problem);
            ("unknown", "refused")
        }
        Ended::Failed => ("unknown", "failed"),
    };
    counter!(PREPARED, "kind" => kind, "outcome" => outcome).increment(1);
    histogram!(PREPARE_SECONDS, "kind" => kind, "outcome" => outcome).record(took.as_secs_f64());
}
