//! Starts the sandboxed child. The only place that starts processes.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use domain::Problem;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};

use crate::child::{Request, Task};
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
    /// ffmpeg.
    pub ffmpeg: PathBuf,
    /// ffprobe.
    pub ffprobe: PathBuf,
    /// Whether the walls are put up.
    pub policy: Policy,
}

/// What a self-test found.
#[derive(Clone, Debug)]
pub struct Report {
    /// Whether the walls stand.
    pub enforced: bool,
    /// Whether ffmpeg starts behind them.
    pub ffmpeg: bool,
}

/// Trouble of our own: the upload is not to blame.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refused.
    #[error("the sandbox could not be used: {0}")]
    Io(#[from] std::io::Error),
    /// The child could not put up its walls, or could not be understood.
    #[error("the sandboxed child failed: {0}")]
    Child(String),
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
/// The child's own exit code for "the walls could not be put up".
const CHILD_FAILED: i32 = 70;

impl Sandbox {
    /// A sandbox that re-starts `exe` with `first_args`, with Debian's ffmpeg, enforcing.
    #[must_use]
    pub fn new(exe: PathBuf, first_args: Vec<OsString>) -> Self {
        Self { exe, first_args, ffmpeg: "/usr/bin/ffmpeg".into(), ffprobe: "/usr/bin/ffprobe".into(), policy: Policy::Enforce }
    }

    /// Tries the walls and ffmpeg behind them in `work`, an empty private directory.
    ///
    /// # Errors
    /// The walls cannot be put up; the words say which.
    pub async fn self_test(&self, work: &Path) -> Result<Report, Error> {
        tokio::fs::create_dir_all(work.join("in")).await?;
        let ours = |failure| match failure {
            Failure::Ours(error) => error,
            Failure::Refused(_, reason) => Error::Child(reason),
        };
        let ended = self.run(work, Task::Nothing, &[], Duration::from_secs(10), 1 << 20, |_| {}).await.map_err(ours)?;
        if !ended.success {
            return Err(Error::Child(ended.stderr));
        }
        let program = Task::Program { path: self.ffmpeg.clone(), arguments: vec!["-version".to_owned()] };
        let ffmpeg = self.run(work, program, &[], Duration::from_secs(10), 1 << 20, |_| {}).await.is_ok_and(|ended| ended.success);
        Ok(Report { enforced: self.policy == Policy::Enforce, ffmpeg })
    }

    /// Runs one task in `work`; only the files named in `outputs` can be written.
    pub(crate) async fn run(
        &self,
        work: &Path,
        task: Task,
        outputs: &[String],
        time: Duration,
        file_bytes: u64,
        line: impl FnMut(&str) + Send,
    ) -> Result<Ended, Failure> {
        open_work(work, outputs)?;
        let memory = if matches!(task, Task::Program { .. }) { 4 * GIB } else { 3 * GIB };
        // Two threads may use the clock twice.
        let bounds = Bounds { memory, cpu_seconds: time.as_secs().saturating_mul(4), file_bytes };
        let request = Request { enforce: self.policy == Policy::Enforce, bounds, task };
        let request = serde_json::to_vec(&request).map_err(|error| Error::Child(error.to_string()))?;
        let mut child = tokio::process::Command::new(&self.exe)
            .args(&self.first_args)
            .env_clear()
            .current_dir(work)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        let (Some(mut stdin), Some(stdout), Some(stderr)) = (child.stdin.take(), child.stdout.take(), child.stderr.take()) else {
            return Err(Error::Child("no pipes".to_owned()).into());
        };
        let talk = async {
            // A child that died early says why on stderr: a broken pipe here is no news.
            let _ = stdin.write_all(&request).await;
            drop(stdin);
            let (stdout, stderr) = tokio::join!(read_bounded(stdout, 4 << 20, line), read_bounded(stderr, 64 << 10, |_| {}));
            (stdout, stderr, child.wait().await)
        };
        let finished = tokio::time::timeout(time, talk).await;
        let Ok((stdout, stderr, status)) = finished else {
            // Dropping the child kills it.
            return Err(Failure::Refused(Problem::TooDemanding, format!("longer than {} s", time.as_secs())));
        };
        let (status, stdout) = (status?, stdout?);
        let stderr = String::from_utf8_lossy(&stderr?).into_owned();
        if status.code() == Some(CHILD_FAILED) {
            return Err(Error::Child(stderr).into());
        }
        if status.code().is_none() {
            return Err(Failure::Refused(Problem::TooDemanding, format!("{status}: {stderr}")));
        }
        Ok(Ended { success: status.success(), stdout, stderr })
    }
}

/// Makes the work directory usable for the child's user, and every output file, so that the child cannot choose names.
fn open_work(work: &Path, outputs: &[String]) -> std::io::Result<()> {
    use std::os::unix::fs::{PermissionsExt as _, chown};
    let root = rustix::process::geteuid().is_root();
    let out = work.join("out");
    std::fs::create_dir_all(&out)?;
    for name in outputs {
        let path = out.join(name);
        std::fs::File::create(&path)?;
        if root {
            chown(&path, Some(NOBODY), Some(NOBODY))?;
        }
    }
    if root {
        // Search only; what lies above `work` stays as private as it was.
        for directory in [work, &work.join("in"), &out] {
            std::fs::set_permissions(directory, std::fs::Permissions::from_mode(0o711))?;
        }
        let input = work.join("in/input");
        if input.exists() {
            std::fs::set_permissions(input, std::fs::Permissions::from_mode(0o644))?;
        }
    }
    Ok(())
}

/// Reads to the end, keeps at most `most` bytes, and hands over whole lines as they come.
async fn read_bounded(mut from: impl AsyncRead + Unpin, most: usize, mut line: impl FnMut(&str)) -> std::io::Result<Vec<u8>> {
    let (mut kept, mut buffer, mut pending) = (Vec::new(), vec![0; 16 << 10], Vec::new());
    loop {
        let count = from.read(&mut buffer).await?;
        if count == 0 {
            return Ok(kept);
        }
        let bytes = buffer.get(..count).unwrap_or_default();
        let room = most.saturating_sub(kept.len()).min(count);
        kept.extend_from_slice(bytes.get(..room).unwrap_or_default());
        for byte in bytes {
            if *byte == b'\n' {
                line(&String::from_utf8_lossy(&pending));
                pending.clear();
            } else if pending.len() < 1024 {
                pending.push(*byte);
            }
        }
    }
}
