//! Starts the sandboxed child and judges how it ended. The only place that starts processes.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use domain::Problem;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};

use crate::child::{self, Request, STANDING, TROUBLE, Task};
use crate::walls::{Bounds, NOBODY};

/// Whether the walls are put up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Always; a job fails where they cannot be.
    Enforce,
    /// The operator's explicit setting: only memory, time and size are bounded.
    Off,
}

/// How children are started.
#[derive(Clone, Debug)]
pub struct Sandbox {
    /// The program to start again.
    pub exe: PathBuf,
    /// What makes that program call [`crate::child::main`].
    pub first_args: Vec<OsString>,
    /// ffmpeg, by its whole path.
    pub ffmpeg: PathBuf,
    /// ffprobe, by its whole path.
    pub ffprobe: PathBuf,
    /// Whether the walls are put up.
    pub policy: Policy,
    /// How much of the usual time a task may take, in percent: more than 100 for a slow machine.
    pub patience_percent: u32,
}

/// What a self-test found.
#[derive(Clone, Debug)]
pub struct Report {
    /// Whether the walls stand.
    pub enforced: bool,
    /// Whether ffmpeg and ffprobe start behind them.
    pub ffmpeg: bool,
}

/// Trouble of our own: the upload is not to blame.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refused.
    #[error("the sandbox could not be used: {0}")]
    Io(#[from] io::Error),
    /// The child could not put up its walls, start its program, or store what it made.
    #[error("the sandboxed child failed: {0}")]
    Child(String),
    /// Somebody else ended the child.
    #[error("the sandboxed child was ended from outside ({0}): the system may be stopping, or short of memory")]
    Killed(ExitStatus),
}

/// Why one preparation ended.
pub(crate) enum Failure {
    Refused(Problem, String),
    Ours(Error),
}

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Ours(error.into())
    }
}

/// How a child ended.
pub(crate) struct Ended {
    pub(crate) success: bool,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

const GIB: u64 = 1 << 30;
/// A child that says more than this on one of its outputs is not telling its progress.
const MOST_SAID: usize = 64 << 20;

impl Sandbox {
    /// A sandbox that re-starts `exe` with `first_args`, with Debian's ffmpeg, enforcing.
    #[must_use]
    pub fn new(exe: PathBuf, first_args: Vec<OsString>) -> Self {
        let (ffmpeg, ffprobe) = ("/usr/bin/ffmpeg".into(), "/usr/bin/ffprobe".into());
        Self { exe, first_args, ffmpeg, ffprobe, policy: Policy::Enforce, patience_percent: 100 }
    }

    /// Tries the walls and ffmpeg behind them in `work`, an empty private directory.
    ///
    /// # Errors
    /// The walls cannot be put up; the words say which, and how to mend it.
    pub async fn self_test(&self, work: &Path) -> Result<Report, Error> {
        tokio::fs::create_dir_all(work.join("in")).await?;
        let ours = |failure| match failure {
            Failure::Ours(error) => error,
            Failure::Refused(_, reason) => Error::Child(reason),
        };
        let ten_seconds = Duration::from_secs(10);
        self.run(work, Task::Nothing, &[], ten_seconds, 1 << 20, |_| {}).await.map_err(ours)?;
        let mut report = Report { enforced: self.policy == Policy::Enforce, ffmpeg: true };
        for path in [&self.ffmpeg, &self.ffprobe] {
            let program = Task::Program { path: path.clone(), arguments: vec!["-version".to_owned()] };
            match self.run(work, program, &[], ten_seconds, 1 << 20, |_| {}).await.map_err(ours) {
                Ok(ended) if ended.success => continue,
                Ok(ended) => tracing::warn!(reason = ended.stderr, "{} does not work in the sandbox", path.display()),
                Err(error) => tracing::warn!(%error, "{} does not work in the sandbox", path.display()),
            }
            report.ffmpeg = false;
        }
        Ok(report)
    }

    /// Runs one task in `work`; only the files named in `outputs` can be written.
    ///
    /// `time` is what it may use of the processor. By the clock it has twice as long, because the machine has other work too.
    pub(crate) async fn run(
        &self,
        work: &Path,
        task: Task,
        outputs: &[String],
        time: Duration,
        file_bytes: u64,
        line: impl FnMut(&str) + Send,
    ) -> Result<Ended, Failure> {
        let enforce = self.policy == Policy::Enforce;
        lend(work, outputs, enforce && rustix::process::geteuid().is_root())?;
        let runs_program = matches!(task, Task::Program { .. });
        let time = time.saturating_mul(self.patience_percent.max(1)) / 100;
        let memory = if runs_program { 4 * GIB } else { 3 * GIB };
        let bounds = Bounds { memory, cpu_seconds: time.as_secs().saturating_add(1), file_bytes };
        let request = Request { parent: std::process::id(), enforce, bounds, task };
        let request = serde_json::to_vec(&request).map_err(|error| Error::Child(error.to_string()))?;
        let mut running = Running::start(self, work)?;
        let said = tokio::time::timeout(time * 2, running.talk(&request, line)).await;
        let (stdout, stderr, status) = match said {
            Ok(Ok(said)) => said,
            Ok(Err(error)) if error.kind() == io::ErrorKind::QuotaExceeded => {
                running.end().await;
                return Err(Failure::Refused(Problem::TooDemanding, "it said more than anybody would read".to_owned()));
            }
            Ok(Err(error)) => return Err(error.into()),
            Err(_) => {
                running.end().await;
                return Err(Failure::Refused(Problem::TooDemanding, format!("it took longer than {} s", (time * 2).as_secs())));
            }
        };
        let stderr = String::from_utf8_lossy(&stderr);
        let Some(stdout) = stdout.strip_prefix(STANDING) else {
            return Err(match status.code() {
                Some(_) => Error::Child(one_line(&stderr)).into(),
                None => Error::Killed(status).into(),
            });
        };
        let success = judge(status, runs_program, bounds, &stderr)?;
        Ok(Ended { success, stdout: stdout.to_vec(), stderr: one_line(&stderr) })
    }
}

/// A child and its process group, neither of which outlives this.
struct Running(tokio::process::Child);

impl Running {
    fn start(sandbox: &Sandbox, work: &Path) -> io::Result<Self> {
        let child = tokio::process::Command::new(&sandbox.exe)
            .args(&sandbox.first_args)
            .env_clear()
            .current_dir(work)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        Ok(Self(child))
    }

    async fn talk(&mut self, request: &[u8], line: impl FnMut(&str) + Send) -> io::Result<(Vec<u8>, Vec<u8>, ExitStatus)> {
        let (Some(mut stdin), Some(stdout), Some(stderr)) = (self.0.stdin.take(), self.0.stdout.take(), self.0.stderr.take()) else {
            return Err(io::Error::other("the child has no pipes"));
        };
        // A child that died early says why on stderr: a broken pipe here is no news.
        let _ = stdin.write_all(request).await;
        drop(stdin);
        let (stdout, stderr) = tokio::try_join!(read_bounded(stdout, 4 << 20, line), read_bounded(stderr, 64 << 10, |_| {}))?;
        Ok((stdout, stderr, self.0.wait().await?))
    }

    /// Ends it, and returns when it is gone.
    async fn end(mut self) {
        self.kill_group();
        // What the kernel is slow to free must not hold up the site.
        let _ = tokio::time::timeout(Duration::from_secs(5), self.0.wait()).await;
    }

    fn kill_group(&self) {
        // There is a number only as long as the child was not waited for: it cannot be somebody else's by now.
        let group = self.0.id().and_then(|id| rustix::process::Pid::from_raw(id.cast_signed()));
        if let Some(group) = group {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill_group();
    }
}

/// Who is to blame for how a child ended whose walls stood; `true` for success. A program's own failure is left to its caller.
fn judge(status: ExitStatus, runs_program: bool, bounds: Bounds, stderr: &str) -> Result<bool, Failure> {
    const OUT_OF_MEMORY: [&str; 3] = ["memory allocation of", "Cannot allocate memory", "bad_alloc"];
    let too_demanding = |reason| Err(Failure::Refused(Problem::TooDemanding, reason));
    let words = one_line(stderr);
    if !status.success() && OUT_OF_MEMORY.iter().any(|sign| stderr.contains(sign)) {
        return too_demanding(format!("it needs more than {} MiB of memory: {words}", bounds.memory >> 20));
    }
    match (status.code(), status.signal()) {
        (Some(0), _) => Ok(true),
        (Some(code), _) if code == i32::from(TROUBLE) => Err(Error::Child(words).into()),
        (Some(_), _) if runs_program && child::is_trouble(stderr) => Err(Error::Child(words).into()),
        (Some(_), _) if runs_program => Ok(false),
        (Some(code), _) => {
            tracing::warn!(code, reason = words, "our decoder failed");
            Err(Failure::Refused(Problem::Failed, format!("our decoder ended with {code}: {words}")))
        }
        (_, Some(libc::SIGXCPU)) => too_demanding(format!("it used more than {} s of the processor", bounds.cpu_seconds)),
        (_, Some(libc::SIGXFSZ)) => too_demanding(format!("it wrote more than {} bytes to a file", bounds.file_bytes)),
        (_, Some(libc::SIGKILL | libc::SIGTERM | libc::SIGINT | libc::SIGQUIT | libc::SIGHUP)) => Err(Error::Killed(status).into()),
        _ => {
            // SIGSYS is a step across a wall; the others are crashes. Either way somebody may be trying.
            tracing::warn!(%status, reason = words, "a decoder crashed");
            Err(Failure::Refused(Problem::Corrupt, format!("the decoder crashed ({status}): {words}")))
        }
    }
}

/// For a log: one short line without control characters; of a long text, how it begins and how it ends.
pub(crate) fn one_line(text: &str) -> String {
    const MOST: usize = 200;
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let letters: Vec<char> = lines.join("; ").chars().filter(|letter| !domain::name::is_hidden(*letter)).collect();
    match (letters.get(..MOST), letters.len().checked_sub(MOST).and_then(|from| letters.get(from..))) {
        (Some(start), Some(end)) if letters.len() > 2 * MOST => start.iter().chain(&[' ', '…', ' ']).chain(end).collect(),
        _ => letters.into_iter().collect(),
    }
}

/// Makes the output files, because the child can make none, and lets it at them and at its input.
///
/// Where the child gives up root, it reaches its files by their group, which is its own: it owns none of them, so that it could
/// not open them to others even if the filter let it. Nobody else in that group gets there, because every directory that leads
/// here is root's alone. The input may be a hard link to the staged upload, which then has that group too: that is no harm for
/// the same reason, and it is not taken back, because another worker may have taken the job up and be at work on it.
fn lend(work: &Path, outputs: &[String], to_nobody: bool) -> io::Result<()> {
    use std::os::unix::fs::{PermissionsExt as _, chown};
    let (inside, out) = (work.join("in"), work.join("out"));
    std::fs::create_dir_all(&out)?;
    let outputs: Vec<PathBuf> = outputs.iter().map(|name| out.join(name)).collect();
    for path in &outputs {
        std::fs::File::create(path)?;
    }
    if to_nobody {
        let give = |path: &Path, mode| {
            chown(path, None, Some(NOBODY))?;
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
        };
        for directory in [work, &inside, &out] {
            give(directory, 0o710)?;
        }
        let input = inside.join("input");
        if input.exists() {
            give(&input, 0o640)?;
        }
        outputs.iter().try_for_each(|path| give(path, 0o660))?;
    }
    Ok(())
}

/// Reads to the end, keeps at most `most` bytes, and hands over whole lines as they come.
async fn read_bounded(mut from: impl AsyncRead + Unpin, most: usize, mut line: impl FnMut(&str)) -> io::Result<Vec<u8>> {
    let (mut kept, mut buffer, mut pending, mut said) = (Vec::new(), vec![0; 16 << 10], Vec::new(), 0_usize);
    loop {
        let count = from.read(&mut buffer).await?;
        if count == 0 {
            return Ok(kept);
        }
        said = said.saturating_add(count);
        if said > MOST_SAID {
            return Err(io::ErrorKind::QuotaExceeded.into());
        }
        let bytes = buffer.get(..count).unwrap_or_default();
        let room = most.saturating_sub(kept.len()).min(count);
        kept.extend_from_slice(bytes.get(..room).unwrap_or_default());
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            let whole = part.strip_suffix(b"\n");
            pending.extend(whole.unwrap_or(part).iter().take(1024_usize.saturating_sub(pending.len())));
            if whole.is_some() {
                line(&String::from_utf8_lossy(&pending));
                pending.clear();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_one_clean_line_that_keeps_its_start_and_its_end() {
        assert_eq!(one_line(" one\r\n\n  two \u{1b}[31m\u{202e}three\t\n"), "one; two [31mthree");
        let long = one_line(&format!("first {} last", "x".repeat(10_000)));
        assert!(long.starts_with("first x") && long.ends_with("x last") && long.contains(" … "), "{long}");
        assert_eq!(long.chars().count(), 403);
    }

    #[test]
    fn a_limit_that_was_reached_is_demanding_a_crash_is_corrupt_and_a_stranger_s_kill_is_ours() {
        let bounds = Bounds { memory: 3 * GIB, cpu_seconds: 60, file_bytes: 1 };
        let judged = |signal: i32, words: &str| match judge(ExitStatus::from_raw(signal), false, bounds, words) {
            Err(Failure::Refused(problem, _)) => Some(problem),
            Err(Failure::Ours(_)) => None,
            Ok(_) => panic!("success"),
        };
        assert_eq!(judged(libc::SIGXCPU, ""), Some(Problem::TooDemanding));
        assert_eq!(judged(libc::SIGXFSZ, ""), Some(Problem::TooDemanding));
        assert_eq!(judged(libc::SIGABRT, "memory allocation of 8 bytes failed"), Some(Problem::TooDemanding));
        for crash in [libc::SIGABRT, libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGFPE, libc::SIGSYS] {
            assert_eq!(judged(crash, ""), Some(Problem::Corrupt));
        }
        for stop in [libc::SIGKILL, libc::SIGTERM, libc::SIGHUP] {
            assert_eq!(judged(stop, ""), None);
        }
    }
}
