//! The binary: one command for each role.

mod alarm;
mod alike;
mod away;
mod backup;
mod bank;
mod config;
mod doctor;
mod evidence;
mod hold;
mod lever;
mod list;
mod log;
mod metrics;
mod moderator;
mod notify;
mod party;
mod policy;
mod post;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

/// Handbill: the account-free posting site that one person can run, and keep safe.
///
/// Results go to standard output, words for people to standard error. Exit codes: 0 done, 1 no, 2 trouble.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the site (and prepare its media) until it is told to stop.
    ///
    /// Needs no configuration: `handbill serve` in an empty directory works, and prints the address to open.
    ///
    /// SIGTERM or Ctrl-C stops it in good order: answers under way come to their end, and so do jobs that need no longer than
    /// some seconds; longer ones are done again after the next start. A second one stops it at once. Nothing that was
    /// acknowledged is lost in either way. SIGHUP means nothing special: there is nothing to read again.
    Serve {
        /// Address and port; the configuration's, else 127.0.0.1:8080
        #[arg(long, value_name = "ADDR:PORT")]
        listen: Option<String>,
        #[command(flatten)]
        place: Place,
    },
    /// Bring a PostgreSQL database's schema up to date.
    ///
    /// Run it after an upgrade, before the sites start again. SQLite moves by itself when the site starts.
    Migrate {
        #[command(flatten)]
        configuration: Configuration,
    },
    /// Post photos, videos or words to a site, and print the link and the manage link.
    Post(post::Arguments),
    /// Write a whole site into one archive, while it runs.
    ///
    /// Posts, photos and videos, as they are at one moment: what is deleted meanwhile is not in it. The archive is a tar file. It
    /// holds everything that the site holds, unlisted posts too: keep it as you keep the site. The configuration is not in it.
    Backup(backup::Arguments),
    /// Make a site out of such an archive.
    ///
    /// The site must be stopped, and empty. The archive is checked to its end before anything of it is served, and a restore that
    /// fails leaves nothing behind. SQLite and files may become PostgreSQL and S3, or the other way round.
    Restore(backup::Arguments),
    /// Tell a site what it shall know, and what to do about whatever is like it.
    ///
    /// It may run beside the site, which follows at once.
    Bank(bank::BankArguments),
    /// Decide on what banks hold back.
    Hold(hold::HoldArguments),
    /// Pull a lever on a bad day: slow mode, hold what is new, no videos, no links, read-only; each for a time.
    ///
    /// It may run beside the site, which follows at once, and tells who posts before they begin.
    Lever(lever::LeverArguments),
    /// Write the rules of the site, which decisions cite.
    ///
    /// One Markdown file a language. It may run beside the site, which follows at once.
    Policy(policy::PolicyArguments),
    /// Say who may decide.
    ///
    /// It may run beside the site, which follows at once.
    Moderator(moderator::ModeratorArguments),
    /// Registered parties: authorities, trusted flaggers and partners, how it is known who they are, and their keys.
    Party(party::PartyArguments),
    /// What wakes you: `[alarms]` of the configuration.
    Alarm(alarm::AlarmArguments),
    /// When nobody is at home: `[away]` of the configuration.
    Away(away::AwayArguments),
    /// What was removed, sealed for keys that are kept elsewhere.
    ///
    /// The site seals, and cannot open what it has sealed. Opening needs the identity and the sealed file, and no site: do it elsewhere.
    Evidence(evidence::EvidenceArguments),
    /// Print what files are known by: digests, hashes of photos and of videos' frames.
    ///
    /// Of each file a line: its kind, SHA-256 and MD5, PDQ and its quality (below 50 it says nothing), how many frames and how many local
    /// features. With --json also every frame. Exit codes: 0 done, 2 a file could not be looked at; the others were.
    Hash(alike::HashArguments),
    /// Say whether two files are alike.
    ///
    /// Photos, videos and texts, in any pairing that makes sense: a still is like its film. Exit codes: 0 alike, 1 not alike, 2 trouble.
    Compare(alike::CompareArguments),
    /// Look for files in a list of hashes, or among other files.
    ///
    /// Of each file its matches, the best first: what is known, by which reading it was found, how sure that is, and how many bits
    /// differ. Exit codes: 0 something was found, 1 nothing, 2 a file could not be looked at; the others were.
    Search(alike::SearchArguments),
    /// Look at everything that a site stands on, and say how to mend what is broken.
    ///
    /// Looks at the configuration, the data directory, disk, memory, clock, database, the store of photos and videos, the kernel,
    /// the sandbox and ffmpeg. It may run beside the site and changes nothing. Exit codes: 0 all is well (warnings are told),
    /// 1 something is broken, 2 it could not look.
    Doctor(doctor::Arguments),
}

/// Where a site is.
#[derive(Args)]
struct Place {
    /// Its data directory
    #[arg(long, value_name = "DIR", default_value = "./data")]
    data: PathBuf,
    #[command(flatten)]
    configuration: Configuration,
}

/// What a site is told.
#[derive(Args)]
struct Configuration {
    /// Its configuration (see config.example.toml); HANDBILL__SECTION__KEY in the environment comes after it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Whoever reads the results may have had enough of them, as `head` has: then nothing is said, because there is nobody to tell.
fn heard(done: anyhow::Result<ExitCode>) -> anyhow::Result<ExitCode> {
    match done {
        Err(error) if error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe) => {
            Ok(ExitCode::from(2))
        }
        done => done,
    }
}

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    // Before anything else is set up: the child that looks at untrusted bytes has nothing in common with the rest.
    if arguments.next().is_some_and(|first| first == "media-child") {
        return media::child::main(arguments);
    }
    store::use_ring();
    let done = match Cli::parse().command {
        Command::Serve { listen, place } => {
            serve::run(listen, &place.data, place.configuration.config.as_deref()).map(|()| ExitCode::SUCCESS)
        }
        Command::Migrate { configuration } => serve::migrate(configuration.config.as_deref()).map(|()| ExitCode::SUCCESS),
        Command::Post(arguments) => post::run(&arguments),
        Command::Backup(arguments) => backup::backup(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Restore(arguments) => backup::restore(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Bank(arguments) => heard(bank::bank(&arguments)),
        Command::Hold(arguments) => heard(hold::hold(&arguments)),
        Command::Lever(arguments) => heard(lever::lever(&arguments)),
        Command::Policy(arguments) => heard(policy::policy(&arguments)),
        Command::Moderator(arguments) => heard(moderator::moderator(&arguments)),
        Command::Party(arguments) => heard(party::party(&arguments)),
        Command::Alarm(arguments) => heard(alarm::alarm(&arguments)),
        Command::Away(arguments) => heard(away::away(&arguments)),
        Command::Evidence(arguments) => heard(evidence::evidence(&arguments)),
        Command::Hash(arguments) => heard(alike::hash(&arguments)),
        Command::Compare(arguments) => heard(alike::compare(&arguments)),
        Command::Search(arguments) => heard(alike::search(&arguments)),
        Command::Doctor(arguments) => doctor::run(&arguments),
    };
    done.unwrap_or_else(|error| {
        eprintln!("handbill: {error:#}");
        ExitCode::from(2)
    })
}
