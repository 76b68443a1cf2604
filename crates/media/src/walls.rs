//! What the child puts between itself and everything else before it touches a stranger's bytes.
//! Each wall that cannot be put up is an error: the caller must end.

use std::io;

use landlock::{
    ABI, Access as _, AccessFs, CompatLevel, Compatible as _, PathBeneath, PathFd, Ruleset, RulesetAttr as _, RulesetCreatedAttr as _,
    RulesetStatus,
};
use rustix::process::{Resource, Rlimit, setrlimit};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen as Len, SeccompCmpOp as Op, SeccompCondition as Condition, SeccompFilter, SeccompRule,
};
use serde::{Deserialize, Serialize};

/// The user that root becomes: nobody.
pub(crate) const NOBODY: u32 = 65_534;

/// How much the child may use.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Bounds {
    pub(crate) memory: u64,
    pub(crate) cpu_seconds: u64,
    pub(crate) file_bytes: u64,
}

/// The limits that hold even where the sandbox is switched off.
pub(crate) fn bound(bounds: Bounds) -> io::Result<()> {
    let limits = [
        (Resource::As, bounds.memory),
        (Resource::Cpu, bounds.cpu_seconds),
        (Resource::Fsize, bounds.file_bytes),
        (Resource::Nofile, 64),
        (Resource::Core, 0),
    ];
    for (resource, most) in limits {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

/// Every other wall. `runs_program` allows one `execve` into the system's own programs.
pub(crate) fn enclose(runs_program: bool) -> io::Result<()> {
    close_descriptors()?;
    give_up_root()?;
    die_with_parent()?;
    land_lock(runs_program).map_err(io::Error::other)?;
    filter_calls(runs_program).map_err(io::Error::other)
}

#[expect(unsafe_code, reason = "no safe wrapper closes a range of descriptors")]
fn close_descriptors() -> io::Result<()> {
    // SAFETY: nothing in this process has opened a descriptor above 2 yet, so nobody's descriptor is taken away.
    let closed = unsafe { libc::syscall(libc::SYS_close_range, 3_u32, u32::MAX, 0_u32) };
    if closed == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

#[expect(unsafe_code, reason = "dropping root has no safe wrapper")]
fn give_up_root() -> io::Result<()> {
    // SAFETY: these calls take plain numbers and an empty list; this process has one thread.
    unsafe {
        if libc::geteuid() != 0 {
            return Ok(());
        }
        if libc::setgroups(0, std::ptr::null()) != 0
            || libc::setresgid(NOBODY, NOBODY, NOBODY) != 0
            || libc::setresuid(NOBODY, NOBODY, NOBODY) != 0
        {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(())
}

#[expect(unsafe_code, reason = "prctl has no safe wrapper for all of these")]
fn die_with_parent() -> io::Result<()> {
    // After giving up root, because a change of user clears the parent-death signal.
    let calls = [(libc::PR_SET_PDEATHSIG, libc::SIGKILL as libc::c_ulong), (libc::PR_SET_DUMPABLE, 0), (libc::PR_SET_NO_NEW_PRIVS, 1)];
    for (option, value) in calls {
        // SAFETY: these options take one number and touch no memory of ours.
        if unsafe { libc::prctl(option, value, 0, 0, 0) } != 0 {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(())
}

fn land_lock(runs_program: bool) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let read = AccessFs::ReadFile | AccessFs::ReadDir;
    let mut rules = Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::from_all(ABI::V1))?
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(ABI::V5))?
        .create()?
        .add_rule(PathBeneath::new(PathFd::new("in")?, read))?
        .add_rule(PathBeneath::new(PathFd::new("out")?, AccessFs::ReadFile | AccessFs::WriteFile | AccessFs::Truncate))?;
    if runs_program {
        for path in ["/usr", "/lib", "/lib64", "/bin"] {
            if let Ok(path) = PathFd::new(path) {
                rules = rules.add_rule(PathBeneath::new(path, read | AccessFs::Execute))?;
            }
        }
        for path in ["/etc/ld.so.cache", "/dev/null", "/dev/urandom"] {
            if let Ok(path) = PathFd::new(path) {
                rules = rules.add_rule(PathBeneath::new(path, AccessFs::ReadFile))?;
            }
        }
    }
    let status = rules.restrict_self()?;
    if status.ruleset == RulesetStatus::NotEnforced || !status.no_new_privs {
        return Err("Landlock is not enforced".into());
    }
    Ok(())
}

/// Calls that are refused whatever their arguments.
const DENIED: &[libc::c_long] = &[
    libc::SYS_socket,
    libc::SYS_socketpair,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_listen,
    libc::SYS_accept,
    libc::SYS_accept4,
    libc::SYS_sendmsg,
    libc::SYS_sendmmsg,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_pidfd_open,
    libc::SYS_pidfd_getfd,
    libc::SYS_pidfd_send_signal,
    libc::SYS_rt_sigqueueinfo,
    libc::SYS_rt_tgsigqueueinfo,
    libc::SYS_tkill,
    libc::SYS_kcmp,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_bpf,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_move_mount,
    libc::SYS_fsopen,
    libc::SYS_open_tree,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_perf_event_open,
    libc::SYS_memfd_create,
    libc::SYS_userfaultfd,
    libc::SYS_execveat,
    libc::SYS_name_to_handle_at,
    libc::SYS_open_by_handle_at,
    libc::SYS_fanotify_init,
    libc::SYS_inotify_init1,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_kexec_load,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_syslog,
    libc::SYS_quotactl,
    libc::SYS_personality,
    libc::SYS_fchmod,
    libc::SYS_fchmodat,
    libc::SYS_fchown,
    libc::SYS_fchownat,
    libc::SYS_setxattr,
    libc::SYS_lsetxattr,
    libc::SYS_fsetxattr,
    libc::SYS_utimensat,
    libc::SYS_setpriority,
    libc::SYS_sched_setscheduler,
    libc::SYS_shmget,
    libc::SYS_msgget,
    libc::SYS_semget,
    libc::SYS_mq_open,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_fork,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_vfork,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_chmod,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_chown,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_lchown,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_utime,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_utimes,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_inotify_init,
];

fn filter_calls(runs_program: bool) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let architecture = std::env::consts::ARCH.try_into()?;
    let mut rules: std::collections::BTreeMap<i64, Vec<SeccompRule>> = DENIED.iter().map(|call| (*call, Vec::new())).collect();
    if !runs_program {
        rules.insert(libc::SYS_execve, Vec::new());
    }
    let own = u64::from(std::process::id());
    for call in [libc::SYS_kill, libc::SYS_tgkill] {
        rules.insert(call, vec![SeccompRule::new(vec![Condition::new(0, Len::Dword, Op::Ne, own)?])?]);
    }
    // Threads, but no processes: RLIMIT_NPROC would not hold for root.
    let thread = libc::CLONE_THREAD as u64;
    rules.insert(libc::SYS_clone, vec![SeccompRule::new(vec![Condition::new(0, Len::Dword, Op::MaskedEq(thread), 0)?])?]);
    let denied: BpfProgram =
        SeccompFilter::new(rules, SeccompAction::Allow, SeccompAction::Errno(libc::EPERM as u32), architecture)?.try_into()?;
    // The C library falls back to clone, whose flags a filter can see.
    let clone3 = [(libc::SYS_clone3, Vec::new())].into();
    let missing: BpfProgram =
        SeccompFilter::new(clone3, SeccompAction::Allow, SeccompAction::Errno(libc::ENOSYS as u32), architecture)?.try_into()?;
    seccompiler::apply_filter(&denied)?;
    seccompiler::apply_filter(&missing)?;
    Ok(())
}
