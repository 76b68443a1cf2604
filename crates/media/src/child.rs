//! The program inside the sandbox: it reads one request, puts up the walls, and only then looks at the input.

use std::ffi::OsString;
use std::io::{Read as _, Write as _};
use std::process::ExitCode;

use serde::{Deserialize, Serialize};

use crate::photo;
use crate::walls::{self, Bounds};

/// What the parent asks for.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    pub(crate) enforce: bool,
    pub(crate) bounds: Bounds,
    pub(crate) task: Task,
}

/// What the child is to do behind the walls.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Task {
    /// Only show that the walls stand.
    Nothing,
    /// Clean a picture and make its renderings.
    Photo(photo::Job),
    /// Choose a poster among raw frames and make its renderings.
    Frames(photo::FramesJob),
    /// Become another program.
    Program { path: std::path::PathBuf, arguments: Vec<String> },
}

/// The whole child. Nothing may run before it.
pub fn main(_args: impl Iterator<Item = OsString>) -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::from(70)
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let mut request = String::new();
    std::io::stdin().take(1 << 20).read_to_string(&mut request)?;
    let request: Request = serde_json::from_str(&request)?;
    if request.enforce {
        walls::enclose(matches!(request.task, Task::Program { .. }))?;
    }
    walls::bound(request.bounds)?;
    let answer = match request.task {
        Task::Nothing => "{}".to_owned(),
        Task::Photo(job) => serde_json::to_string(&photo::make(&job))?,
        Task::Frames(job) => serde_json::to_string(&photo::make_poster(&job))?,
        Task::Program { path, arguments } => {
            use std::os::unix::process::CommandExt as _;
            return Err(std::process::Command::new(path).args(arguments).exec().into());
        }
    };
    writeln!(std::io::stdout(), "{answer}")?;
    Ok(())
}
