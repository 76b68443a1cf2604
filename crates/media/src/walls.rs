//! What the child puts between itself and everything else before it touches a stranger's bytes.
//! A wall that cannot be put up is an error with words on how to mend it: the caller must end.
//!
//! Which wall stops what, and what remains possible, is in `docs/decisions/0001-sandbox.md`.

use std::io;
use std::path::Path;

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, CompatLevel, Compatible as _, PathBeneath, PathFd, Ruleset, RulesetAttr as _,
    RulesetCreatedAttr as _, RulesetStatus, Scope,
};
use rustix::io::Errno;
use rustix::process::{DumpableBehavior, Gid, Pid, Resource, Rlimit, Signal, Uid};
use rustix::{process, thread};
use serde::{Deserialize, Serialize};

use crate::calls;

/// The user and the group that root becomes: nobody's.
pub(crate) const NOBODY: u32 = 65_534;

/// How much the child may use.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Bounds {
    pub(crate) memory: u64,
    pub(crate) cpu_seconds: u64,
    pub(crate) file_bytes: u64,
}

/// A wall that could not be put up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("the limit on {0:?} could not be set ({1}): a process limit of the system or the service may be too low")]
    Limit(Resource, io::Error),
    #[error("inherited files could not be closed (close_range: {0}): Linux 5.9 or newer is needed")]
    Descriptors(io::Error),
    #[error(
        "root could not be given up ({0}): run Handbill as a user of its own, or leave its container CAP_SETUID, CAP_SETGID and the user {NOBODY}"
    )]
    Root(io::Error),
    #[error("privileges could not be given up ({0}): Linux 5.13 or newer is needed, with prctl and capset not forbidden")]
    Privileges(io::Error),
    #[error("the parent is gone")]
    Orphan,
    #[error(
        "files could not be walled off (Landlock: {0}): Linux 5.13 or newer is needed, with landlock among the kernel's lsm= and not forbidden by a container"
    )]
    Files(String),
    #[error("{0}: install it where everybody may run it, or say in the configuration where it is, with its whole path")]
    Program(landlock::PathFdError),
    #[error("system calls could not be filtered (seccomp: {0}): a kernel with seccomp filters is needed, on x86_64 or aarch64")]
    Calls(#[from] seccompiler::Error),
}

/// The limits that hold even where the sandbox is switched off.
pub(crate) fn bound(bounds: Bounds) -> Result<(), Error> {
    let limits = [
        (Resource::As, bounds.memory),
        (Resource::Cpu, bounds.cpu_seconds),
        (Resource::Fsize, bounds.file_bytes),
        (Resource::Nofile, 64),
        // All threads of the child's user count, on a desktop also those of the browser: this only stops a flood.
        (Resource::Nproc, 4096),
        (Resource::Memlock, 64 << 10),
        (Resource::Msgqueue, 0),
        (Resource::Core, 0),
    ];
    for (resource, most) in limits {
        // At the processor's first limit comes SIGXCPU, a second later SIGKILL: so the reason can be told from other kills.
        let hard = if resource == Resource::Cpu { most.saturating_add(1) } else { most };
        let set = |ceiling: u64| {
            let limit = Rlimit { current: Some(most.min(ceiling)), maximum: Some(hard.min(ceiling)) };
            process::setrlimit(resource, limit)
        };
        set(u64::MAX)
            .or_else(|error| match error {
                // The system's own limit is lower, and only root could raise it.
                Errno::PERM => set(process::getrlimit(resource).maximum.unwrap_or(u64::MAX)),
                other => Err(other),
            })
            .map_err(|error| Error::Limit(resource, error.into()))?;
    }
    // Where memory runs out all the same, the child goes and the site stays. Only a wish: the limits above are the wall.
    let _ = std::fs::write("/proc/self/oom_score_adj", "900");
    Ok(())
}

/// Every other wall. `program` is the one program that may be started behind them.
pub(crate) fn enclose(parent: u32, program: Option<&Path>) -> Result<(), Error> {
    close_descriptors().map_err(Error::Descriptors)?;
    give_up_root().map_err(Error::Root)?;
    give_up_privileges().map_err(Error::Privileges)?;
    // It may have ended before the death signal was set.
    if process::getppid().is_none_or(|now| now.as_raw_nonzero().get().cast_unsigned() != parent) {
        return Err(Error::Orphan);
    }
    land_lock(program)?;
    Ok(calls::filter(program.is_some())?)
}

#[expect(unsafe_code, reason = "no safe wrapper closes a range of descriptors")]
fn close_descriptors() -> io::Result<()> {
    // SAFETY: nothing in this process has opened a descriptor above 2 yet, so nobody's descriptor is taken away.
    let closed = unsafe { libc::syscall(libc::SYS_close_range, 3_u32, u32::MAX, 0_u32) };
    if closed == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// This process has one thread, so that what the kernel does for a thread it does for all.
fn give_up_root() -> io::Result<()> {
    if process::geteuid().is_root() {
        let (user, group) = (Uid::from_raw(NOBODY), Gid::from_raw(NOBODY));
        thread::set_thread_groups(&[])?;
        thread::set_thread_res_gid(group, group, group)?;
        thread::set_thread_res_uid(user, user, user)?;
    }
    Ok(())
}

fn give_up_privileges() -> io::Result<()> {
    // A service may have been given some without being root, say to listen on port 80.
    thread::clear_ambient_capability_set()?;
    let none = thread::CapabilitySet::empty();
    thread::set_capabilities(None::<Pid>, thread::CapabilitySets { effective: none, permitted: none, inheritable: none })?;
    thread::set_no_new_privs(true)?;
    process::set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    // After the change of user, which clears it. It follows the thread that started us: one of the runtime's own, which ends
    // with the runtime only.
    process::set_parent_process_death_signal(Some(Signal::KILL))?;
    Ok(())
}

/// Where programs' libraries lie. Not all of these exist everywhere.
const LIBRARIES: [&str; 5] = ["/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64"];
/// What starts a program that has libraries: the kernel executes it on the program's behalf.
const LOADERS: [&str; 4] =
    ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1", "/lib/ld-musl-x86_64.so.1", "/lib/ld-musl-aarch64.so.1"];

fn land_lock(program: Option<&Path>) -> Result<(), Error> {
    let failed = |error: &dyn std::error::Error| {
        // The library's own words only say what it tried; the cause says why.
        let mut words = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            words = format!("{words}: {error}");
            cause = error.source();
        }
        Error::Files(words)
    };
    let open = |path: &str| PathFd::new(path).map_err(|error| failed(&error));
    let read = AccessFs::ReadFile;
    let mut rules: Vec<(PathFd, landlock::BitFlags<AccessFs>)> = vec![
        (open("in")?, read.into()),
        // Files that are there can be written; none can be made, renamed, linked or taken away.
        (open("out")?, read | AccessFs::WriteFile | AccessFs::Truncate),
    ];
    if let Some(program) = program {
        let file = PathFd::new(program).map_err(Error::Program)?;
        rules.push((file, read | AccessFs::Execute));
        let mut where_there = |paths: &[&str], access: landlock::BitFlags<AccessFs>| {
            paths.iter().filter(|path| Path::new(path).exists()).try_for_each(|path| {
                rules.push((open(path)?, access));
                Ok::<(), Error>(())
            })
        };
        where_there(&LIBRARIES, read.into())?;
        where_there(&LOADERS, read | AccessFs::Execute)?;
        where_there(&["/etc/ld.so.cache", "/dev/urandom"], read.into())?;
    }
    let build = || {
        // The oldest Landlock is the wall; what newer ones add (network, signals, truncation, ioctl) stands behind the filter.
        let mut ruleset = Ruleset::default()
            .set_compatibility(CompatLevel::HardRequirement)
            .handle_access(AccessFs::from_all(ABI::V1))?
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(ABI::V5))?
            .handle_access(AccessNet::from_all(ABI::V4))?
            .scope(Scope::from_all(ABI::V6))?
            .create()?;
        for (path, access) in rules {
            ruleset = ruleset.add_rule(PathBeneath::new(path, access))?;
        }
        ruleset.restrict_self()
    };
    let status = build().map_err(|error: landlock::RulesetError| failed(&error))?;
    if status.ruleset == RulesetStatus::NotEnforced || !status.no_new_privs {
        return Err(Error::Files("it is not enforced".to_owned()));
    }
    Ok(())
}
