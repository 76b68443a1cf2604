//! Which system calls the child may make: a list of what is allowed, because a list of what is not falls behind every new kernel.
//!
//! There are three answers.
//! - What is on the list is done, with arguments bounded where a number tells good from bad.
//! - What is not on it is answered ENOSYS, "this kernel has no such call". Every library has a tried way on for old kernels
//!   (clone3 to clone, statx to stat, no NUMA), while EPERM makes many give up: so a newer C library or ffmpeg goes on
//!   working, and a call that really is needed fails in words that name the cause.
//! - A few calls have no place in any decoder: a new process, another's memory, a mount, the rights of root. They end the
//!   process at once (SIGSYS): whoever makes them is not decoding, and the operator reads which signal it was.
//!
//! Only the calls of this architecture's own table are compared, so that the 32-bit and x32 tables are shut as well.

use std::collections::BTreeMap;

use libc::c_long;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen as Len, SeccompCmpOp as Op, SeccompCondition as Condition, SeccompFilter, SeccompRule,
};

type Rules = BTreeMap<i64, Vec<SeccompRule>>;
type Result<T> = std::result::Result<T, seccompiler::Error>;

/// What our own decoder needs: memory, its threads, its clock, and open files.
const DECODER: &[c_long] = &[
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_lseek,
    libc::SYS_close,
    libc::SYS_brk,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_futex,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_getrandom,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// What an external program needs besides: to be started, to load its libraries, and to look at what it opened.
const PROGRAM: &[c_long] = &[
    libc::SYS_execve,
    libc::SYS_set_tid_address,
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_faccessat,
    // libgcrypt, which ffmpeg is linked with, says a warning for each video if it cannot lock its few kilobytes.
    libc::SYS_mlock,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_pwrite64,
    libc::SYS_nanosleep,
    libc::SYS_clock_getres,
    libc::SYS_gettimeofday,
    libc::SYS_getuid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getegid,
    libc::SYS_getrusage,
    libc::SYS_times,
    libc::SYS_uname,
    libc::SYS_ppoll,
    libc::SYS_pselect6,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_arch_prctl,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_stat,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_lstat,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_access,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_poll,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_select,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_time,
];

/// What ends the process. Nothing here is a call that some build of a decoder makes in passing.
const DEADLY: &[c_long] = &[
    libc::SYS_execveat,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_pidfd_getfd,
    libc::SYS_pidfd_send_signal,
    libc::SYS_rt_sigqueueinfo,
    libc::SYS_rt_tgsigqueueinfo,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_move_mount,
    libc::SYS_fsopen,
    libc::SYS_open_tree,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_kexec_load,
    libc::SYS_reboot,
    libc::SYS_setuid,
    libc::SYS_setgid,
    libc::SYS_setreuid,
    libc::SYS_setregid,
    libc::SYS_setresuid,
    libc::SYS_setresgid,
    libc::SYS_setgroups,
    libc::SYS_capset,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_fork,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_vfork,
];

/// What ends our own decoder only: a program may have been built with libraries that try these and live without.
const DEADLY_FOR_DECODER: &[c_long] =
    &[libc::SYS_execve, libc::SYS_socket, libc::SYS_socketpair, libc::SYS_connect, libc::SYS_memfd_create];

/// Exactly the flags of a new thread in glibc and (with the second, which means nothing any more) in musl. Anything more is a
/// new process or a namespace.
const THREAD: libc::c_int = libc::CLONE_VM
    | libc::CLONE_FS
    | libc::CLONE_FILES
    | libc::CLONE_SIGHAND
    | libc::CLONE_THREAD
    | libc::CLONE_SYSVSEM
    | libc::CLONE_SETTLS
    | libc::CLONE_PARENT_SETTID
    | libc::CLONE_CHILD_CLEARTID;

/// Puts the filter up; it can never be taken down again. `runs_program` allows `execve`.
pub(crate) fn filter(runs_program: bool) -> Result<()> {
    let architecture = std::env::consts::ARCH.try_into()?;
    let missing = SeccompAction::Errno(libc::ENOSYS as u32);
    let allowed: BpfProgram = SeccompFilter::new(allowed(runs_program)?, missing, SeccompAction::Allow, architecture)?.try_into()?;
    let deadly: BpfProgram =
        SeccompFilter::new(deadly(runs_program)?, SeccompAction::Allow, SeccompAction::KillProcess, architecture)?.try_into()?;
    // Of several filters the strictest answer counts. The list comes last, because it allows no further filter.
    seccompiler::apply_filter(&deadly)?;
    seccompiler::apply_filter(&allowed)
}

fn when(argument: u8, op: Op, value: libc::c_int) -> Result<Condition> {
    Ok(Condition::new(argument, Len::Dword, op, u64::from(value.cast_unsigned()))?)
}

/// The argument's bits of `mask` are exactly `value`.
fn bits(argument: u8, mask: libc::c_int, value: libc::c_int) -> Result<Condition> {
    when(argument, Op::MaskedEq(u64::from(mask.cast_unsigned())), value)
}

/// All of the conditions.
fn rule(conditions: impl IntoIterator<Item = Result<Condition>>) -> Result<SeccompRule> {
    Ok(SeccompRule::new(conditions.into_iter().collect::<Result<Vec<_>>>()?)?)
}

/// One rule for each value that an argument may have.
fn one_of(argument: u8, values: &[libc::c_int]) -> Result<Vec<SeccompRule>> {
    values.iter().map(|value| rule([when(argument, Op::Eq, *value)])).collect()
}

fn allowed(runs_program: bool) -> Result<Rules> {
    let mut rules: Rules = DECODER.iter().map(|call| (*call, Vec::new())).collect();
    let own = std::process::id().cast_signed();
    // A process may abort itself.
    rules.insert(libc::SYS_tgkill, one_of(0, &[own])?);
    rules.insert(libc::SYS_kill, one_of(0, &[own])?);
    let any_but_detached = !0x40_0000;
    rules.insert(libc::SYS_clone, vec![rule([bits(0, any_but_detached, THREAD)])?]);
    rules.insert(libc::SYS_prctl, one_of(0, &[libc::PR_SET_NAME, libc::PR_SET_VMA])?);
    // Its own limits, to look at only.
    let own_limits = [when(0, Op::Eq, 0), Ok(Condition::new(2, Len::Qword, Op::Eq, 0)?)];
    rules.insert(libc::SYS_prlimit64, vec![rule(own_limits)?]);
    if runs_program {
        rules.extend(PROGRAM.iter().map(|call| (*call, Vec::new())));
        // Never F_SETOWN and F_SETSIG, which send signals.
        let commands = [libc::F_GETFD, libc::F_SETFD, libc::F_GETFL, libc::F_SETFL, libc::F_DUPFD_CLOEXEC];
        rules.insert(libc::SYS_fcntl, one_of(1, &commands)?);
        // What asks to end ends: ffmpeg would catch these and call what it has so far a success or a broken file.
        let fatal = [libc::SIGXCPU, libc::SIGXFSZ, libc::SIGTERM, libc::SIGINT, libc::SIGQUIT, libc::SIGHUP];
        rules.insert(libc::SYS_rt_sigaction, vec![rule(fatal.map(|signal| when(0, Op::Ne, signal)))?]);
        // Loading a library maps code; memory that can be written is never code as well.
        let both = libc::PROT_WRITE | libc::PROT_EXEC;
        rules.insert(
            libc::SYS_mmap,
            vec![rule([bits(2, both, 0)])?, rule([bits(2, both, libc::PROT_WRITE)])?, rule([bits(2, both, libc::PROT_EXEC)])?],
        );
        rules.insert(libc::SYS_openat, opening(2, true)?);
        #[cfg(target_arch = "x86_64")]
        rules.insert(libc::SYS_open, opening(1, true)?);
    } else {
        rules.insert(libc::SYS_rt_sigaction, vec![rule([when(0, Op::Ne, libc::SIGXCPU), when(0, Op::Ne, libc::SIGXFSZ)])?]);
        // All its code is loaded before the first stranger's byte: no new code, ever.
        rules.insert(libc::SYS_mmap, vec![rule([bits(2, libc::PROT_EXEC, 0)])?]);
        rules.insert(libc::SYS_openat, opening(2, false)?);
    }
    rules.insert(libc::SYS_mprotect, vec![rule([bits(2, libc::PROT_EXEC, 0)])?]);
    Ok(rules)
}

/// Reading, and writing to files that are there. Landlock says which files; this says how, also where an old Landlock cannot:
/// to open for reading and truncate would be a way to write.
fn opening(argument: u8, runs_program: bool) -> Result<Vec<SeccompRule>> {
    const HOW: libc::c_int = libc::O_ACCMODE | (libc::O_TMPFILE & !libc::O_DIRECTORY);
    // A program that writes says O_CREAT though the file is there.
    let never = if runs_program { 0 } else { libc::O_CREAT | libc::O_DIRECTORY | libc::O_PATH };
    let mut ways = vec![rule([bits(argument, HOW | never | libc::O_CREAT | libc::O_TRUNC, libc::O_RDONLY)])?];
    for mode in [libc::O_WRONLY, libc::O_RDWR] {
        ways.push(rule([bits(argument, HOW | never, mode)])?);
    }
    Ok(ways)
}

fn deadly(runs_program: bool) -> Result<Rules> {
    let mut rules: Rules = DEADLY.iter().map(|call| (*call, Vec::new())).collect();
    if !runs_program {
        rules.extend(DEADLY_FOR_DECODER.iter().map(|call| (*call, Vec::new())));
    }
    let own = std::process::id().cast_signed();
    for call in [libc::SYS_kill, libc::SYS_tgkill] {
        rules.insert(call, vec![rule([when(0, Op::Ne, own)])?]);
    }
    // A new process: RLIMIT_NPROC would not stop root's. (clone3 hides its flags from a filter and is missing altogether.)
    rules.insert(libc::SYS_clone, vec![rule([bits(0, libc::CLONE_THREAD, 0)])?]);
    Ok(rules)
}
