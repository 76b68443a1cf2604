//! Everything that a decoder in a stranger's hands might try. Each try says how it went.
#![expect(unsafe_code, clippy::panic, reason = "misbehaving is what this program is for")]

use std::fs::{File, OpenOptions};
use std::io::{Error, Read as _, Result, Seek as _, SeekFrom, Write as _};
use std::os::fd::AsRawFd as _;
use std::sync::OnceLock;
use std::time::Duration;

/// ptrace's way to attach to somebody that does not stop them.
const PTRACE_SEIZE: i64 = 0x4206;

static PARENT: OnceLock<i64> = OnceLock::new();

/// Notes who the parent is, while there are no walls yet.
pub(crate) fn remember_parent() {
    let _ = PARENT.set(std::os::unix::process::parent_id().into());
}

/// What the input file says, if it says anything to us.
pub(crate) fn wish() -> Option<String> {
    let input = std::fs::read("in/input").ok()?;
    let at = input.windows(5).position(|window| window == b"wish:")?;
    String::from_utf8(input.get(at + 5..)?.to_vec()).ok()
}

/// Does it, and says how it went, if it comes back.
pub(crate) fn fulfil(wish: &str) -> String {
    match attempt(wish) {
        Ok(found) => format!("{wish}: {found}"),
        Err(error) => format!("{wish}: {error}"),
    }
}

/// From now on one system call is missing.
pub(crate) fn forbid(call: &str) {
    let number = match call {
        "prlimit64" => libc::SYS_prlimit64,
        "close_range" => libc::SYS_close_range,
        "setgroups" => libc::SYS_setgroups,
        "setresgid" => libc::SYS_setresgid,
        "setresuid" => libc::SYS_setresuid,
        "capset" => libc::SYS_capset,
        "prctl" => libc::SYS_prctl,
        "landlock_create_ruleset" => libc::SYS_landlock_create_ruleset,
        "landlock_add_rule" => libc::SYS_landlock_add_rule,
        "landlock_restrict_self" => libc::SYS_landlock_restrict_self,
        "seccomp" => libc::SYS_seccomp,
        other => panic!("no such call: {other}"),
    };
    let filter: seccompiler::BpfProgram = seccompiler::SeccompFilter::new(
        [(number, Vec::new())].into(),
        seccompiler::SeccompAction::Allow,
        seccompiler::SeccompAction::Errno(libc::ENOSYS as u32),
        std::env::consts::ARCH.try_into().expect("a known architecture"),
    )
    .and_then(TryInto::try_into)
    .expect("a filter");
    seccompiler::apply_filter(&filter).expect("a filter that can be put up");
}

fn attempt(wish: &str) -> Result<String> {
    let done = |what: &str| Ok(what.to_owned());
    match wish {
        "panic" => panic!("at the\ndecoder's whim \u{1b}[31m"),
        "crash" => {
            // SAFETY: none: the crash is wanted.
            unsafe { (8 as *mut u8).write_volatile(0) };
            done("survived")
        }
        "abort" => std::process::abort(),
        "hang" => {
            std::thread::sleep(Duration::from_secs(600));
            done("woke up")
        }
        "spin" => loop {
            std::hint::spin_loop();
        },
        "spin and catch the signal" => {
            // SAFETY: SIG_IGN is a valid handler.
            check(unsafe { libc::sigaction(libc::SIGXCPU, &ignoring(), std::ptr::null_mut()) }.into())?;
            done("ignored")
        }
        "use threads" => {
            let threads: Vec<_> = (0..4).map(|number| std::thread::spawn(move || number)).collect();
            Ok(threads.into_iter().filter_map(|thread| thread.join().ok()).sum::<i32>().to_string())
        }
        "allocate" => {
            let mut all: Vec<Vec<u8>> = Vec::new();
            loop {
                // Zeros that nobody looks at cost the machine nothing; the limit counts them all the same.
                all.push(vec![0; 64 << 20]);
            }
        }
        // SAFETY: the new process only ends.
        "fork" => match check(unsafe { libc::fork() }.into())? {
            0 => std::process::exit(0),
            _ => done("forked"),
        },
        "start a program" => std::process::Command::new("/usr/bin/true").status().map(|status| status.to_string()),
        "become a program" => Err(std::os::unix::process::CommandExt::exec(&mut std::process::Command::new("/usr/bin/true"))),
        "open an internet socket" => system(libc::SYS_socket, [libc::AF_INET.into(), libc::SOCK_STREAM.into(), 0]),
        "open a unix socket" => system(libc::SYS_socket, [libc::AF_UNIX.into(), libc::SOCK_STREAM.into(), 0]),
        "set up io_uring" => {
            let parameters = [0_u8; 120];
            system(libc::SYS_io_uring_setup, [1, parameters.as_ptr().addr().cast_signed() as i64, 0])
        }
        "trace its parent" => system(libc::SYS_ptrace, [PTRACE_SEIZE, parent(), 0]),
        "signal its parent" => system(libc::SYS_kill, [parent(), 0, 0]),
        "have its parent signalled" => {
            let input = File::open("in/input")?;
            system(libc::SYS_fcntl, [input.as_raw_fd().into(), libc::F_SETOWN.into(), parent()])
        }
        "read its parent's memory" => read(&format!("/proc/{}/mem", parent())),
        "be root again" => system(libc::SYS_setresuid, [0, 0, 0]),
        "make a namespace" => system(libc::SYS_unshare, [libc::CLONE_NEWUSER.into(), 0, 0]),
        "raise its limits" => {
            let limit = libc::rlimit { rlim_cur: libc::RLIM_INFINITY, rlim_max: libc::RLIM_INFINITY };
            // SAFETY: the pointer is to a limit that lives on.
            check(unsafe { libc::setrlimit(libc::RLIMIT_CPU, &limit) }.into())?;
            done("raised")
        }
        "write code" => memory(libc::PROT_READ | libc::PROT_WRITE | libc::PROT_EXEC).map(|_| "written".to_owned()),
        "make data code" => {
            let page = memory(libc::PROT_READ | libc::PROT_WRITE)?;
            // SAFETY: the page is ours.
            check(unsafe { libc::mprotect(page, 4096, libc::PROT_READ | libc::PROT_EXEC) }.into())?;
            done("made")
        }
        "read the environment" => Ok(format!("{} words", std::env::vars_os().count())),
        "read /etc/passwd" => read("/etc/passwd"),
        "read its neighbour" => read("../neighbour"),
        "list its parent's directory" => std::fs::read_dir("..").map(|list| format!("{} entries", list.count())),
        "overwrite its neighbour" => open(OpenOptions::new().write(true), "../neighbour"),
        "overwrite its input" => open(OpenOptions::new().write(true), "in/input"),
        "empty its input" => named("in/input", |path| {
            // SAFETY: the path ends in a zero byte.
            unsafe { libc::open(path, libc::O_RDONLY | libc::O_TRUNC) }
        }),
        // SAFETY: the path ends in a zero byte.
        "cut its neighbour" => named("../neighbour", |path| unsafe { libc::truncate(path, 0) }),
        // SAFETY: the path ends in a zero byte.
        "open its output to all" => named("out/file-0", |path| unsafe { libc::chmod(path, 0o777) }),
        "make a file" => open(OpenOptions::new().write(true).create_new(true), "out/another"),
        "make a file elsewhere" => open(OpenOptions::new().write(true).create(true), "../another"),
        "remove its input" => std::fs::remove_file("in/input").map(|()| "removed".to_owned()),
        "rename its output" => std::fs::rename("out/file-0", "out/another").map(|()| "renamed".to_owned()),
        "open very many files" => {
            let mut files = Vec::new();
            loop {
                match File::open("in/input") {
                    Ok(_) if files.len() > 1000 => return done("as many as it wants"),
                    Ok(file) => files.push(file),
                    Err(error) => return Ok(if files.len() < 64 { error.to_string() } else { format!("{} files", files.len()) }),
                }
            }
        }
        "use inherited descriptors" => {
            // SAFETY: a seek changes no memory.
            let found = (3..1024).filter(|number| unsafe { libc::lseek(*number, 0, libc::SEEK_CUR) } != -1 || !is_closed());
            Ok(format!("{} found", found.count()))
        }
        "fill its output" => {
            let mut file = OpenOptions::new().write(true).open("out/file-0")?;
            // Where the limit is, or a little before, so that the test need not write it all.
            file.seek(SeekFrom::Start((1 << 28) - 1000))?;
            (0..100).try_for_each(|_| file.write_all(&[0; 1000]))?;
            done("filled")
        }
        "flood stdout" => loop {
            std::io::stdout().write_all(&[b'a'; 1 << 16])?;
        },
        "flood stderr" => loop {
            std::io::stderr().write_all(&[b'a'; 1 << 16])?;
        },
        "say that the disk is full" => Err(Error::from_raw_os_error(libc::ENOSPC)),
        other => panic!("no such wish: {other}"),
    }
}

fn check(answer: i64) -> Result<i64> {
    if answer == -1 { Err(Error::last_os_error()) } else { Ok(answer) }
}

fn is_closed() -> bool {
    Error::last_os_error().raw_os_error() == Some(libc::EBADF)
}

fn system(call: libc::c_long, arguments: [i64; 3]) -> Result<String> {
    let [one, two, three] = arguments;
    // SAFETY: numbers, or pointers to memory that lives on, as the callers above give them.
    check(unsafe { libc::syscall(call, one, two, three, 0_i64) }).map(|answer| format!("done ({answer})"))
}

/// Not the call, which a decoder has no need of: what is asked of it would go to everybody where it fails.
fn parent() -> i64 {
    PARENT.get().copied().unwrap_or(1)
}

fn read(path: &str) -> Result<String> {
    let mut byte = [0];
    File::open(path)?.read(&mut byte).map(|count| format!("{count} byte"))
}

fn open(options: &OpenOptions, path: &str) -> Result<String> {
    options.open(path).map(|_| "opened".to_owned())
}

fn named(path: &str, call: impl FnOnce(*const libc::c_char) -> libc::c_int) -> Result<String> {
    let path = std::ffi::CString::new(path).expect("no zero byte");
    check(call(path.as_ptr()).into()).map(|answer| format!("done ({answer})"))
}

fn memory(protection: libc::c_int) -> Result<*mut libc::c_void> {
    // SAFETY: new memory, which nobody uses.
    let page = unsafe { libc::mmap(std::ptr::null_mut(), 4096, protection, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS, -1, 0) };
    if page == libc::MAP_FAILED { Err(Error::last_os_error()) } else { Ok(page) }
}

fn ignoring() -> libc::sigaction {
    // SAFETY: all zeros is a valid sigaction.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    action.sa_sigaction = libc::SIG_IGN;
    action
}
