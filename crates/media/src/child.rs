//! The program inside the sandbox: it reads one request, puts up the walls, says so, and only then looks at the input.
//!
//! The parent believes nothing that is said after that word: from there on the child may be in a stranger's hands.

use std::ffi::OsString;
use std::io::{self, Read as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use domain::Problem;
use serde::{Deserialize, Serialize};

use crate::frames;
use crate::photo::{self, Answer};
use crate::walls::{self, Bounds};

/// What the parent asks for.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    pub(crate) parent: u32,
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
    /// Find out what a picture is known by.
    Look(photo::Job),
    /// Choose a poster among raw frames and make its renderings.
    Frames(photo::FramesJob),
    /// Hash the frames of a video.
    Known(frames::Job),
    /// Become another program.
    Program { path: PathBuf, arguments: Vec<String> },
}

/// The child's first word on stdout: the walls stand, and whatever happens now is the input's doing.
pub(crate) const STANDING: &[u8] = b"walls stand\n";
/// The child's exit code for trouble that is not the input's: no room, or a program that does not start.
pub(crate) const TROUBLE: u8 = 70;

/// A request that was accepted behind the walls.
#[derive(Debug)]
pub struct Errand(Task);

impl Errand {
    /// Does what was asked and gives the answer to the parent; does not return where that was to become another program.
    ///
    /// # Errors
    /// Trouble that the input is not to blame for.
    pub fn perform(self) -> io::Result<String> {
        let answer = match self.0 {
            Task::Nothing => return Ok("{}".to_owned()),
            Task::Photo(job) => photo::make(&job),
            Task::Look(job) => photo::find_out(&job),
            Task::Frames(job) => photo::make_poster(&job),
            Task::Known(job) => return Ok(serde_json::to_string(&frames::find_out(&job)?)?),
            Task::Program { path, arguments } => {
                let error = std::process::Command::new(&path).args(arguments).exec();
                return Err(io::Error::new(error.kind(), format!("{} did not start: {error}", path.display())));
            }
        };
        match answer {
            Answer::Refused(Problem::Failed, reason) if is_trouble(&reason) => Err(io::Error::other(reason)),
            answer => Ok(serde_json::to_string(&answer)?),
        }
    }
}

/// The whole child. Nothing may run before it.
pub fn main(_args: impl Iterator<Item = OsString>) -> ExitCode {
    behind_walls(Errand::perform)
}

/// Reads the request, puts up the walls, and only then does `work`; what that returns is the answer to the parent.
pub fn behind_walls(work: impl FnOnce(Errand) -> io::Result<String>) -> ExitCode {
    let done = raise().map_err(|error| error.to_string()).and_then(|errand| work(errand).map_err(|error| error.to_string()));
    let said = done.and_then(|answer| writeln!(io::stdout(), "{answer}").map_err(|error| error.to_string()));
    match said {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::from(TROUBLE)
        }
    }
}

/// The system's and ffmpeg's own words for what is no fault of the file. A file cannot easily make ffmpeg say these, and
/// gains nothing by it: the job is tried again a few times.
pub(crate) fn is_trouble(words: &str) -> bool {
    const TROUBLE: [&str; 8] = [
        "No space left on device",
        "Disk quota exceeded",
        "error while loading shared libraries",
        "Unknown encoder",
        "Unknown bitstream filter",
        "No such filter",
        "Unrecognized option",
        "is not a suitable output format",
    ];
    TROUBLE.iter().any(|trouble| words.contains(trouble))
}

fn raise() -> Result<Errand, Box<dyn std::error::Error>> {
    let mut request = String::new();
    io::stdin().take(1 << 20).read_to_string(&mut request)?;
    let request: Request = serde_json::from_str(&request)?;
    walls::bound(request.bounds)?;
    if request.enforce {
        let program = if let Task::Program { path, .. } = &request.task { Some(Path::new(path)) } else { None };
        walls::enclose(request.parent, program)?;
    }
    let mut stdout = io::stdout().lock();
    stdout.write_all(STANDING)?;
    stdout.flush()?;
    Ok(Errand(request.task))
}
