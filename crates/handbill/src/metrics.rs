//! Gathers what the crates measure, for Prometheus. Names and labels come from closed lists: no label ever holds an id, a path or
//! anything else that a stranger sent.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};

/// From a text page (a few hundred microseconds) to an upload over a poor connection.
const REQUEST_SECONDS: &[f64] =
    &[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0];
/// From a small photo to a long video.
const PREPARE_SECONDS: &[f64] = &[0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0, 7200.0];
/// How often what was measured is put into its buckets, so that it does not pile up between two scrapes.
const UPKEEP: Duration = Duration::from_secs(5);

/// Begins to measure, and gives what writes it all down in Prometheus' text format.
pub(crate) fn start() -> Result<Arc<dyn Fn() -> String + Send + Sync>> {
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(web::metrics::REQUEST_SECONDS.to_owned()), REQUEST_SECONDS)?
        .set_buckets_for_metric(Matcher::Full(app::PREPARE_SECONDS.to_owned()), PREPARE_SECONDS)?
        .install_recorder()
        .context("metrics could not be set up")?;
    web::metrics::describe();
    let upkeep = handle.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            upkeep.run_upkeep();
        }
    });
    Ok(Arc::new(move || handle.render()))
}
