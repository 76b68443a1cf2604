//! A private PostgreSQL cluster, started once for each test process, on a unix socket in a directory of its own. A watchdog stops
//! it and removes the directory when the process has ended, however it ended.

use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, Result, bail};

struct Cluster {
    programs: PathBuf,
    dir: PathBuf,
    owner: Option<(u32, u32)>,
}

/// Makes an empty database in this process's cluster and returns its address.
pub fn fresh_database() -> Result<String> {
    static CLUSTER: OnceLock<std::result::Result<Cluster, String>> = OnceLock::new();
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let cluster =
        CLUSTER.get_or_init(|| start().map_err(|error| format!("{error:#}"))).as_ref().map_err(|error| anyhow::anyhow!(error.clone()))?;
    let name = format!("test{}", COUNT.fetch_add(1, Ordering::Relaxed));
    let dir = cluster.dir.display().to_string();
    run(cluster.command("createdb").args(["-h", &dir, "-U", "postgres", &name]))?;
    Ok(format!("postgres://postgres@localhost/{name}?host={dir}"))
}

impl Cluster {
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.current_dir(&self.dir).stdin(Stdio::null()).stdout(Stdio::null()).env("LC_ALL", "C");
        if let Some((uid, gid)) = self.owner {
            command.uid(uid).gid(gid);
        }
        command
    }
}

fn start() -> Result<Cluster> {
    let programs = programs().context("no PostgreSQL server below /usr/lib/postgresql; install the package `postgresql`")?;
    let dir = tempfile::Builder::new().prefix("handbill-pg-").tempdir()?.keep();
    // The server refuses to run as root.
    let owner = if std::fs::metadata(&dir)?.uid() == 0 { Some((id_of("-u")?, id_of("-g")?)) } else { None };
    if let Some((uid, gid)) = owner {
        chown(&dir, Some(uid), Some(gid))?;
    }
    let cluster = Cluster { programs, dir, owner };
    // First of all, so that nothing is left behind if the start fails.
    watch(&cluster)?;
    run(cluster.command("initdb").args(["-D", "data", "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"]))?;
    let options = format!(
        "-k {} -c listen_addresses= -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=200",
        cluster.dir.display()
    );
    run(cluster.command("pg_ctl").args(["-D", "data", "-w", "-s", "-l", "log", "-o", &options, "start"]).stderr(Stdio::null()))?;
    Ok(cluster)
}

/// Leaves a shell behind that outlives this process for just as long as stopping the server takes.
fn watch(cluster: &Cluster) -> Result<()> {
    let script = "while [ -d /proc/$0 ]; do sleep 0.3; done; \"$1\" -D \"$2/data\" -m immediate -s stop; cd /; rm -rf \"$2\"";
    let mut command = Command::new("sh");
    command.arg("-c").arg(script).arg(std::process::id().to_string()).arg(cluster.programs.join("pg_ctl")).arg(&cluster.dir);
    if let Some((uid, gid)) = cluster.owner {
        command.uid(uid).gid(gid);
    }
    // A group of its own: the interrupt key ends the tests, not the watchdog.
    command.process_group(0).current_dir(&cluster.dir).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    Ok(())
}

fn programs() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|entry| entry.path().join("bin")).collect();
    found.retain(|bin: &PathBuf| Path::new(&bin.join("initdb")).exists());
    found.sort();
    found.pop()
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
