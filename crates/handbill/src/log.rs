//! What is written to standard error while the site runs, and how. The rules stand in `docs/logging.md`.

use anyhow::{Context as _, Result};
use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// Begins to write down what happens: at the level of `RUST_LOG`, else of the configuration.
pub(crate) fn start(log: &Log) -> Result<()> {
    let (level, from) = match std::env::var("RUST_LOG") {
        Ok(level) if !level.is_empty() => (level, "RUST_LOG"),
        _ => (log.level.clone(), "log.level"),
    };
    let filter = EnvFilter::try_new(&level).with_context(|| format!("{from}: {level:?} is no level such as info or info,app=debug"))?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match log.format {
        LogFormat::Text => lines.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).init(),
        LogFormat::Json => lines.json().flatten_event(true).init(),
    }
    Ok(())
}
