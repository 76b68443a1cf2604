//! `handbill backup` and `handbill restore`: a whole site into one file while it runs, and out of it again.

use std::fs::File;
use std::io::{BufReader, BufWriter, IsTerminal as _, Read, Write};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use app::Clock;
use clap::Args;
use indicatif::{BinaryBytes, ProgressBar, ProgressStyle};
use store::backup::{self, Progress, Source, Target};

use crate::config::Config;
use crate::{Place, serve};

const BUFFER: usize = 1 << 20;

/// What to back up, and where to.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The archive; `-` is the standard output, or input
    file: PathBuf,
    #[command(flatten)]
    place: Place,
}

/// Writes the archive. Under its own name it stands only once it is whole.
pub(crate) fn backup(arguments: &Arguments) -> Result<()> {
    let config = Config::load(arguments.place.configuration.config.as_deref())?;
    let data = &arguments.place.data;
    let path = data.join("handbill.db");
    let source = if config.database.url.is_empty() { Source::Sqlite(&path) } else { Source::Postgres(&config.database.url) };
    if matches!(source, Source::Sqlite(path) if !path.exists()) {
        bail!("there is no site in {}; say where it is by --data", data.display());
    }
    if config.blobs.s3_endpoint.is_empty() && !data.join("objects").exists() {
        bail!("there are no photos and videos in {}; say where they are by --data, or by [blobs] in the configuration", data.display());
    }
    let blobs = serve::blobs(&config, data).context("the blob store could not be opened")?;
    let bar = Bar::new();
    let now = Clock::System.now();
    let write = |out: &mut dyn Write| {
        serve::runtime()?.block_on(backup::write(source, &blobs, out, now, |progress| bar.show(progress))).context("there is no backup")
    };
    let written = if arguments.file.as_os_str() == "-" {
        write(&mut BufWriter::with_capacity(BUFFER, std::io::stdout().lock()))?
    } else {
        let file = &arguments.file;
        if file.exists() {
            bail!("{} is there already; choose another name, or take it away first", file.display());
        }
        let mut name = file.as_os_str().to_owned();
        name.push(".part");
        let part = Part(PathBuf::from(name));
        let out = File::options().write(true).create(true).truncate(true).mode(0o600).open(&part.0);
        let out = out.with_context(|| format!("{} cannot be written", part.0.display()))?;
        let mut buffered = BufWriter::with_capacity(BUFFER, &out);
        let written = write(&mut buffered)?;
        buffered.flush()?;
        out.sync_all()?;
        std::fs::rename(&part.0, file).with_context(|| format!("{} cannot be made", file.display()))?;
        written
    };
    bar.end();
    eprintln!(
        "handbill: {} posts and {} files of photos and videos ({}) are in the backup",
        written.posts,
        written.objects,
        BinaryBytes(written.bytes)
    );
    if written.lost > 0 {
        eprintln!(
            "handbill: {} files were lost from the store before; their photos and videos will be missing after a restore",
            written.lost
        );
    }
    Ok(())
}

/// Makes a site out of an archive.
pub(crate) fn restore(arguments: &Arguments) -> Result<()> {
    let config = Config::load(arguments.place.configuration.config.as_deref())?;
    let data = &arguments.place.data;
    let input: Box<dyn Read> = if arguments.file.as_os_str() == "-" {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(File::open(&arguments.file).with_context(|| format!("{} cannot be read", arguments.file.display()))?)
    };
    let made = Made::before(data);
    std::fs::create_dir_all(data).with_context(|| format!("{} cannot be made", data.display()))?;
    let owner = data.metadata()?.uid();
    if owner != rustix::process::geteuid().as_raw() {
        bail!(
            "{} belongs to user {owner}, and the site could not read what another writes there; run this as user {owner}",
            data.display()
        );
    }
    serve::private(data)?;
    // No site may start in the midst of it.
    let lock = serve::alone(data)?;
    let path = data.join("handbill.db");
    let target = if config.database.url.is_empty() { Target::Sqlite(&path) } else { Target::Postgres(&config.database.url) };
    let bar = Bar::new();
    let restored = (|| {
        let blobs = serve::blobs(&config, data).context("the blob store could not be opened")?;
        let input = BufReader::with_capacity(BUFFER, input);
        let restored = backup::restore(target, &blobs, input, Clock::System.now(), |progress| bar.show(progress));
        serve::runtime()?.block_on(restored).context("nothing was restored")
    })();
    bar.end();
    if restored.is_err() {
        // While nobody else may be in there.
        made.undo();
    }
    drop(lock);
    let restored = restored?;
    eprintln!(
        "handbill: {} posts and {} files of photos and videos ({}) are back",
        restored.posts,
        restored.objects,
        BinaryBytes(restored.bytes)
    );
    if restored.incomplete > 0 {
        eprintln!("handbill: {} photos and videos are missing: a file of each was lost or damaged before the backup", restored.incomplete);
    }
    Ok(())
}

/// What a restore makes in a site's place before it knows whether there is anything to put there.
struct Made {
    lock: Option<PathBuf>,
    /// The inner ones first.
    directories: Vec<PathBuf>,
}

impl Made {
    /// What is not there yet.
    fn before(data: &Path) -> Self {
        let missing = |path: &Path| !path.exists();
        let directories = store::BlobStore::directories(data).into_iter().chain(data.ancestors().map(Path::to_owned));
        let directories = directories.filter(|path| !path.as_os_str().is_empty() && missing(path)).collect();
        Self { lock: Some(data.join("serve.lock")).filter(|path| missing(path)), directories }
    }

    /// Takes it away. A directory in which there is something by now stays: that is somebody else's.
    fn undo(self) {
        if let Some(lock) = self.lock {
            drop(std::fs::remove_file(lock));
        }
        for directory in self.directories {
            drop(std::fs::remove_dir(directory));
        }
    }
}

/// A file that is not whole, and goes unless it was given its name.
struct Part(PathBuf);

impl Drop for Part {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}

/// Progress for people; a program that reads along is not told.
struct Bar(ProgressBar);

impl Bar {
    fn new() -> Self {
        if !std::io::stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let style = ProgressStyle::with_template("{binary_bytes} {wide_bar} {binary_bytes_per_sec} {msg}");
        Self(ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())))
    }

    fn show(&self, progress: Progress) {
        self.0.set_length(progress.of_bytes.max(progress.bytes));
        self.0.set_position(progress.bytes);
    }

    fn end(&self) {
        self.0.finish_and_clear();
    }
}
