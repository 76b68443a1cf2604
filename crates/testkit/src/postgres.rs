//! A private PostgreSQL cluster on a unix socket in a directory of its own. A watchdog stops it and removes the directory when the
//! process has ended, however it ended.
//!
//! Starting one takes a second or two. Where `HANDBILL_TEST_POSTGRES` names a server (the address of its database `postgres`, as a
//! user who may create others), the tests of all processes share that one.

use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, Result, bail};

const SHARED: &str = "HANDBILL_TEST_POSTGRES";

/// A cluster that runs.
pub struct Cluster {
    programs: PathBuf,
    dir: PathBuf,
    owner: Option<(u32, u32)>,
}

/// Makes an empty database, in the shared server or in this process's own cluster, and returns its address.
pub fn fresh_database() -> Result<String> {
    static CLUSTER: OnceLock<std::result::Result<Cluster, String>> = OnceLock::new();
    if let Ok(shared) = std::env::var(SHARED) {
        let programs = programs()?;
        return create(Command::new(programs.join("createdb")), &shared);
    }
    let started = CLUSTER.get_or_init(|| Cluster::start().map_err(|error| format!("{error:#}")));
    started.as_ref().map_err(|error| anyhow::anyhow!(error.clone()))?.fresh_database()
}

/// `postgres://user@host/postgres?options` becomes the same with a new database.
fn create(mut createdb: Command, server: &str) -> Result<String> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let name = format!("test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let (address, options) = server.split_once('?').unwrap_or((server, ""));
    let (host, _) = address.rsplit_once('/').with_context(|| format!("{server} names no database"))?;
    run(createdb.arg(format!("--maintenance-db={server}")).arg(&name).stdin(Stdio::null()).stdout(Stdio::null()))?;
    Ok(format!("{host}/{name}?{options}"))
}

impl Cluster {
    /// Makes a cluster and starts it.
    pub fn start() -> Result<Self> {
        let programs = programs()?;
        let dir = tempfile::Builder::new().prefix("handbill-pg-").tempdir()?.keep();
        // The server refuses to run as root.
        let owner = if std::fs::metadata(&dir)?.uid() == 0 { Some((id_of("-u")?, id_of("-g")?)) } else { None };
        if let Some((uid, gid)) = owner {
            chown(&dir, Some(uid), Some(gid))?;
        }
        let cluster = Self { programs, dir, owner };
        // First of all, so that nothing is left behind if the start fails.
        cluster.watch()?;
        run(cluster.command("initdb").args(["-D", "data", "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"]))?;
        cluster.resume()?;
        Ok(cluster)
    }

    /// The address of its database `postgres`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("postgres://postgres@localhost/postgres?host={}", self.dir.display())
    }

    /// Makes an empty database and returns its address.
    pub fn fresh_database(&self) -> Result<String> {
        create(self.command("createdb"), &self.url())
    }

    /// Stops the server: connections are cut, as when it is restarted by its operator.
    pub fn stop(&self) -> Result<()> {
        run(self.command("pg_ctl").args(["-D", "data", "-w", "-s", "-m", "fast", "stop"]))
    }

    /// Starts the server again.
    pub fn resume(&self) -> Result<()> {
        let options = format!(
            "-k {} -c listen_addresses= -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=200",
            self.dir.display()
        );
        run(self.command("pg_ctl").args(["-D", "data", "-w", "-s", "-l", "log", "-o", &options, "start"]).stderr(Stdio::null()))
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.current_dir(&self.dir).stdin(Stdio::null()).stdout(Stdio::null()).env("LC_ALL", "C");
        if let Some((uid, gid)) = self.owner {
            command.uid(uid).gid(gid);
        }
        command
    }

    /// Leaves a shell behind that outlives this process for just as long as stopping the server takes.
    fn watch(&self) -> Result<()> {
        let script = "while [ -d /proc/$0 ]; do sleep 0.3; done; \"$1\" -D \"$2/data\" -m immediate -s stop; cd /; rm -rf \"$2\"";
        let mut command = Command::new("sh");
        command.arg("-c").arg(script).arg(std::process::id().to_string()).arg(self.programs.join("pg_ctl")).arg(&self.dir);
        if let Some((uid, gid)) = self.owner {
            command.uid(uid).gid(gid);
        }
        // A group of its own: the interrupt key ends the tests, not the watchdog.
        command.process_group(0).current_dir(&self.dir).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        Ok(())
    }
}

fn programs() -> Result<PathBuf> {
    const ROOT: &str = "/usr/lib/postgresql";
    let mut found: Vec<PathBuf> = std::fs::read_dir(ROOT).into_iter().flatten().flatten().map(|entry| entry.path().join("bin")).collect();
    found.retain(|bin: &PathBuf| Path::new(&bin.join("initdb")).exists());
    found.sort();
    found.pop().context("no PostgreSQL server below /usr/lib/postgresql; install the package `postgresql`")
}

fn id_of(which: &str) -> Result<u32> {
    let output = Command::new("id").args([which, "postgres"]).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("{command:?}"))?;
    if !status.success() {
        bail!("{command:?}: {status}");
    }
    Ok(())
}
