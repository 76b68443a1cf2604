//! The binary: one command for each role.

mod config;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

/// Handbill: the account-free posting site that one person can run, and keep safe.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the site (and prepare its media) until SIGTERM or Ctrl-C.
    Serve {
        /// Address and port; the configuration's, else 127.0.0.1:8080.
        #[arg(long, value_name = "ADDR:PORT")]
        listen: Option<String>,
        #[command(flatten)]
        place: Place,
    },
    /// Bring a PostgreSQL database's schema up to date.
    Migrate {
        #[command(flatten)]
        place: Place,
    },
}

/// Where a site is.
#[derive(Args)]
struct Place {
    /// Its data directory.
    #[arg(long, value_name = "DIR", default_value = "./data")]
    data: PathBuf,
    /// Its configuration.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    // Before anything else is set up: the child that looks at untrusted bytes has nothing in common with the rest.
    if arguments.next().is_some_and(|first| first == "media-child") {
        return media::child::main(arguments);
    }
    let cli = Cli::parse();
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info,sqlx=warn".into()))
        .with_writer(std::io::stderr)
        .init();
    let done = match cli.command {
        Command::Serve { listen, place } => serve::run(listen, &place.data, place.config.as_deref()),
        Command::Migrate { place } => serve::migrate(place.config.as_deref()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("handbill: {error:#}");
            ExitCode::from(2)
        }
    }
}
