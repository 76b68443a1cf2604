//! A running site, and how to ask it: one request a connection, by hand, so that nothing stands between.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// `handbill` with nothing of this machine's own configuration.
pub(crate) fn handbill(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_handbill"));
    command.args(arguments).stdin(Stdio::null());
    for (name, _) in std::env::vars() {
        if name.starts_with("HANDBILL") || name.to_lowercase().ends_with("_proxy") || name == "RUST_LOG" {
            command.env_remove(name);
        }
    }
    command.env("XDG_STATE_HOME", env!("CARGO_TARGET_TMPDIR"));
    command
}

/// What a program said.
pub(crate) fn said(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("it is text");
    (output.status.code().expect("it ended by itself"), text(&output.stdout), text(&output.stderr))
}

/// Runs `handbill` to its end.
pub(crate) fn run(arguments: &[&str]) -> (i32, String, String) {
    said(&handbill(arguments).output().expect("it starts"))
}

/// A site in a directory of its own.
pub(crate) struct Site {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) url: String,
    pub(crate) child: Child,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Site {
    pub(crate) fn start() -> Self {
        Self::start_with(&[], &[])
    }

    /// Starts in an empty directory, on a free port, with more arguments and environment.
    pub(crate) fn start_with(arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        Self::start_in(dir, arguments, environment)
    }

    pub(crate) fn start_in(dir: tempfile::TempDir, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let log = std::fs::File::options().create(true).append(true).open(dir.path().join("log")).expect("a log");
        let free: &[&str] = if arguments.contains(&"--listen") { &[] } else { &["--listen", "127.0.0.1:0"] };
        let mut child = handbill(&["serve"])
            .args(free)
            .args(arguments)
            .envs(environment.iter().copied())
            .current_dir(dir.path())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("it starts");
        let mut first = String::new();
        BufReader::new(child.stdout.as_mut().expect("a pipe")).read_line(&mut first).expect("it can be read");
        let site = Self { url: first.trim().to_owned(), dir, child };
        assert!(site.url.starts_with("http://localhost:"), "{first:?} {}", site.log());
        site
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("log")).expect("a log")
    }

    pub(crate) fn address(&self) -> &str {
        self.url.strip_prefix("http://").expect("a scheme")
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("it is there");
    }

    /// Waits for its end; what takes longer than `most` is a failure.
    pub(crate) fn ended(&mut self, most: Duration) -> ExitStatus {
        let begun = Instant::now();
        while begun.elapsed() < most {
            if let Some(status) = self.child.try_wait().expect("it can be asked") {
                return status;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("still running after {most:?}: {}", self.log());
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        ask(self.address(), &format!("GET {path} HTTP/1.1\r\nAccept: text/html\r\n"), b"")
    }

    /// Posts by the command line, and returns the link and the manage link as paths.
    pub(crate) fn post(&self, arguments: &[&str]) -> (String, String) {
        let (code, out, err) = run(&[&["post", "--server", &self.url], arguments].concat());
        assert_eq!(code, 0, "{err}");
        let paths: Vec<String> = out.lines().map(|line| line.strip_prefix(&self.url).expect("a link of this site").to_owned()).collect();
        let [link, manage] = paths.try_into().expect("two lines");
        (link, manage)
    }

    /// A line of `/proc/PID/status`, in bytes.
    pub(crate) fn memory(&self, line: &str) -> u64 {
        memory(self.child.id(), line).expect("it is running")
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A line of a process's `/proc/PID/status`, in bytes.
pub(crate) fn memory(process: u32, line: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let kib = status.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(':')?.trim().strip_suffix(" kB"))?;
    Some(kib.parse::<u64>().ok()? * 1_024)
}

/// Sends a request's line and headers (without the empty line) and its body, and reads the answer.
pub(crate) fn ask(address: &str, head: &str, body: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
    let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    write!(stream, "{head}Host: {address}\r\n{length}Connection: close\r\n\r\n").expect("it is sent");
    stream.write_all(body).expect("it is sent");
    answer(stream)
}

/// Reads an answer to its end.
pub(crate) fn answer(mut stream: TcpStream) -> Answer {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).expect("it answers");
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

/// Tries until it is true.
pub(crate) fn until(what: &str, most: Duration, mut so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !so() {
        assert!(begun.elapsed() < most, "not within {most:?}: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port()
}

/// Every file below `dir`.
pub(crate) fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            found.extend(files(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found
}
