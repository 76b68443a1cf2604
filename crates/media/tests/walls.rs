//! Each wall of the sandbox stands, and what runs into it has the right outcome for the poster and the right reason for the
//! operator. The child is a program that does what its input says, behind walls that the shipped code put up.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::{Limits, Problem};
use media::{Error, Outcome, Policy, Sandbox, prepare};

use crate::{sandbox, work};

const DENIED: &str = "Permission denied (os error 13)";
const MISSING: &str = "Function not implemented (os error 38)";
const STRUCK: &str = "SIGSYS";

/// A place with an open door beside it: only the walls keep the child in.
#[derive(Debug)]
struct Place {
    whole: tempfile::TempDir,
}

impl Place {
    fn new(magic: &[u8], wish: &str) -> Self {
        let whole = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(whole.path().join("work/in")).unwrap();
        std::fs::write(whole.path().join("work/in/input"), [magic, b"wish:", wish.as_bytes()].concat()).unwrap();
        std::fs::write(whole.path().join("neighbour"), "private").unwrap();
        let open = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        open(whole.path(), 0o777);
        open(&whole.path().join("neighbour"), 0o666);
        Self { whole }
    }

    /// What an own decoder does when it has the wish for an input.
    fn for_decoder(wish: &str) -> (Self, Sandbox) {
        (Self::new(b"\xff\xd8\xff", wish), Sandbox { first_args: vec!["misbehave".into()], ..sandbox() })
    }

    /// What ffprobe does.
    fn for_program(wish: &str) -> (Self, Sandbox) {
        let place = Self::new(b"\x1a\x45\xdf\xa3", wish);
        // Like a real one it lies where everybody can reach it.
        let ffprobe = place.whole.path().join("ffprobe");
        if std::fs::hard_link(sandbox().exe, &ffprobe).is_err() {
            std::fs::copy(sandbox().exe, &ffprobe).unwrap();
        }
        (place, Sandbox { ffprobe, ..sandbox() })
    }

    fn work(&self) -> PathBuf {
        self.whole.path().join("work")
    }

    async fn outcome(&self, sandbox: &Sandbox) -> Result<Outcome, Error> {
        prepare(sandbox, &Limits::default(), &self.work(), |_| {}).await
    }

    async fn refusal(&self, sandbox: &Sandbox) -> (Problem, String) {
        match self.outcome(sandbox).await.unwrap() {
            Outcome::Refused { problem, reason } => (problem, reason),
            Outcome::Prepared(_) => panic!("it was taken"),
        }
    }
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// The children of a process that are not reaped yet.
fn children_of(parent: u32) -> Vec<i32> {
    let parent = parent.to_string();
    let processes = std::fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok());
    let is_one = |process: &i32| {
        let stat = about(*process, "stat");
        stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1)) == Some(parent.as_str())
    };
    processes.filter(is_one).collect()
}

fn children() -> Vec<i32> {
    children_of(std::process::id())
}

fn about(process: i32, file: &str) -> String {
    std::fs::read_to_string(format!("/proc/{process}/{file}")).unwrap_or_default()
}

/// Waits for the one child, until its filters are up.
async fn enclosed_child_of(parent: u32) -> i32 {
    for _ in 0..1000 {
        if let [child] = children_of(parent).as_slice()
            && about(*child, "status").contains("Seccomp_filters:\t2")
        {
            return *child;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("no child is behind its walls");
}

async fn enclosed_child() -> i32 {
    enclosed_child_of(std::process::id()).await
}

async fn no_child_is_left() {
    for _ in 0..500 {
        if children().is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("left behind: {:?}", children());
}

#[tokio::test]
async fn the_walls_can_be_put_up_and_ffmpeg_starts_behind_them() {
    let report = sandbox().self_test(work().path()).await.unwrap();
    assert!(report.enforced && report.ffmpeg);
}

#[tokio::test]
async fn a_decoder_gets_at_nothing_but_its_own_input_and_output() {
    // A descriptor that a careless library of the parent leaves open for its children.
    std::mem::forget(rustix::io::dup(std::fs::File::open("/etc/passwd").unwrap()).unwrap());
    for (wish, found) in [
        ("read /etc/passwd", DENIED),
        ("read its neighbour", DENIED),
        ("read its parent's memory", DENIED),
        ("list its parent's directory", MISSING),
        ("overwrite its neighbour", DENIED),
        ("overwrite its input", DENIED),
        ("empty its input", MISSING),
        ("cut its neighbour", MISSING),
        ("open its output to all", MISSING),
        ("make a file", MISSING),
        ("make a file elsewhere", MISSING),
        ("remove its input", MISSING),
        ("rename its output", MISSING),
        ("open very many files", "Too many open files (os error 24)"),
        ("use inherited descriptors", "0 found"),
        ("read the environment", "0 words"),
        ("raise its limits", MISSING),
        ("have its parent signalled", MISSING),
        ("write code", MISSING),
        ("make data code", MISSING),
        ("spin and catch the signal", MISSING),
        ("use threads", "6"),
        ("fork", STRUCK),
        ("start a program", STRUCK),
        ("become a program", STRUCK),
        ("open an internet socket", STRUCK),
        ("open a unix socket", STRUCK),
        ("set up io_uring", STRUCK),
        ("trace its parent", STRUCK),
        ("signal its parent", STRUCK),
        ("be root again", STRUCK),
        ("make a namespace", STRUCK),
        ("crash", "SIGSEGV"),
        ("abort", "SIGABRT"),
    ] {
        let (place, sandbox) = Place::for_decoder(wish);
        let (problem, reason) = place.refusal(&sandbox).await;
        assert_eq!(problem, Problem::Corrupt, "{wish}: {reason}");
        assert!(reason.contains(found) && (found.starts_with("SIG") || reason.starts_with(wish)), "{wish}: {reason}");
        assert!(!place.whole.path().join("another").exists() && !place.work().join("out/another").exists(), "{wish}");
    }
}

#[tokio::test]
async fn ffmpeg_gets_at_nothing_but_its_own_input_and_output() {
    std::mem::forget(rustix::io::dup(std::fs::File::open("/etc/passwd").unwrap()).unwrap());
    for (wish, found) in [
        ("read /etc/passwd", DENIED),
        ("read its neighbour", DENIED),
        ("read its parent's memory", DENIED),
        ("list its parent's directory", DENIED),
        ("overwrite its neighbour", DENIED),
        ("overwrite its input", DENIED),
        ("empty its input", MISSING),
        ("cut its neighbour", MISSING),
        ("make a file", DENIED),
        ("make a file elsewhere", DENIED),
        ("remove its input", MISSING),
        ("open very many files", "Too many open files (os error 24)"),
        ("use inherited descriptors", "0 found"),
        ("read the environment", "0 words"),
        ("raise its limits", MISSING),
        ("have its parent signalled", MISSING),
        ("write code", MISSING),
        ("make data code", MISSING),
        ("spin and catch the signal", MISSING),
        ("open an internet socket", MISSING),
        ("open a unix socket", MISSING),
        ("become a program", DENIED),
        ("use threads", "6"),
        ("fork", STRUCK),
        ("start a program", STRUCK),
        ("set up io_uring", STRUCK),
        ("trace its parent", STRUCK),
        ("signal its parent", STRUCK),
        ("be root again", STRUCK),
        ("make a namespace", STRUCK),
        ("crash", "SIGSEGV"),
        ("panic", "decoder's whim"),
    ] {
        let (place, sandbox) = Place::for_program(wish);
        let (problem, reason) = place.refusal(&sandbox).await;
        assert_eq!(problem, Problem::Corrupt, "{wish}: {reason}");
        assert!(reason.contains(found), "{wish}: {reason}");
        assert!(!place.whole.path().join("another").exists() && !place.work().join("out/another").exists(), "{wish}");
    }
}

#[tokio::test]
async fn a_panic_is_our_failure_and_is_told_in_one_clean_line() {
    let (place, sandbox) = Place::for_decoder("panic");
    let (problem, reason) = place.refusal(&sandbox).await;
    assert_eq!(problem, Problem::Failed);
    assert!(reason.starts_with("our decoder ended with 101") && reason.contains("at the; decoder's whim"), "{reason}");
    assert!(!reason.chars().any(char::is_control) && reason.chars().count() < 500, "{reason}");
}

#[tokio::test]
async fn what_wants_too_much_is_too_demanding() {
    for (wish, found) in [
        ("allocate", "MiB of memory"),
        ("fill its output", "bytes to a file"),
        ("flood stdout", "it said more"),
        ("flood stderr", "it said more"),
    ] {
        for (place, sandbox) in [Place::for_decoder(wish), Place::for_program(wish)] {
            // ffprobe is given no output to fill.
            if wish == "fill its output" && sandbox.first_args.is_empty() {
                continue;
            }
            let (problem, reason) = place.refusal(&sandbox).await;
            assert_eq!(problem, Problem::TooDemanding, "{wish}: {reason}");
            assert!(reason.contains(found), "{wish}: {reason}");
        }
    }
}

#[tokio::test]
async fn what_takes_too_long_is_ended_and_leaves_nothing_behind() {
    for (wish, found) in [("hang", "it took longer than"), ("spin", "of the processor")] {
        for (place, sandbox) in [Place::for_decoder(wish), Place::for_program(wish)] {
            let (problem, reason) = place.refusal(&Sandbox { patience_percent: 3, ..sandbox }).await;
            assert_eq!(problem, Problem::TooDemanding, "{wish}: {reason}");
            // On a busy machine the clock may be the first.
            assert!(reason.contains(found) || wish == "spin" && reason.contains("it took longer than"), "{wish}: {reason}");
            assert_eq!(children(), Vec::<i32>::new(), "{wish}");
            std::fs::remove_dir_all(place.work()).unwrap();
        }
    }
}

#[tokio::test]
async fn a_job_that_is_given_up_takes_its_child_with_it() {
    for (place, sandbox) in [Place::for_decoder("hang"), Place::for_program("hang")] {
        let work = place.work();
        let job = tokio::spawn(async move { place.outcome(&sandbox).await.map(|_| place) });
        enclosed_child().await;
        job.abort();
        assert!(job.await.unwrap_err().is_cancelled());
        no_child_is_left().await;
        assert!(!work.exists());
    }
}

#[tokio::test]
async fn the_child_has_no_rights_and_a_child_that_others_end_is_not_its_files_fault() {
    for signal in [rustix::process::Signal::KILL, rustix::process::Signal::TERM] {
        for (place, sandbox) in [Place::for_decoder("hang"), Place::for_program("hang")] {
            let job = tokio::spawn(async move { place.outcome(&sandbox).await });
            let child = enclosed_child().await;
            let status = about(child, "status");
            let user = if is_root() { 65_534 } else { rustix::process::geteuid().as_raw() };
            for line in [
                format!("Uid:\t{user}\t{user}\t{user}\t{user}"),
                "CapInh:\t0000000000000000".to_owned(),
                "CapPrm:\t0000000000000000".to_owned(),
                "CapEff:\t0000000000000000".to_owned(),
                "CapAmb:\t0000000000000000".to_owned(),
                "NoNewPrivs:\t1".to_owned(),
                "Seccomp:\t2".to_owned(),
            ] {
                assert!(status.lines().any(|found| found == line), "{line} in {status}");
            }
            if is_root() {
                assert!(status.lines().any(|line| line.trim_end() == "Groups:"), "{status}");
            }
            let limits = about(child, "limits");
            for (limit, most) in [("Max open files", "64"), ("Max core file size", "0"), ("Max locked memory", "65536")] {
                assert!(limits.lines().any(|line| line.starts_with(limit) && line.contains(most)), "{limit} in {limits}");
            }
            for limit in ["Max cpu time", "Max file size", "Max address space", "Max processes"] {
                assert!(limits.lines().any(|line| line.starts_with(limit) && !line.contains("unlimited")), "{limit} in {limits}");
            }
            rustix::process::kill_process(rustix::process::Pid::from_raw(child).unwrap(), signal).unwrap();
            assert!(matches!(job.await.unwrap(), Err(Error::Killed(_))), "{signal:?}");
        }
    }
}

#[tokio::test]
async fn where_a_wall_cannot_be_put_up_the_job_fails_and_says_which() {
    let for_root = [("setgroups", "root could not"), ("setresgid", "root could not"), ("setresuid", "root could not")];
    let for_all = [
        ("prlimit64", "limit on"),
        ("close_range", "inherited files"),
        ("prctl", "privileges could not"),
        ("capset", "privileges could not"),
        ("landlock_create_ruleset", "Landlock"),
        ("landlock_add_rule", "Landlock"),
        ("landlock_restrict_self", "Landlock"),
        ("seccomp", "seccomp"),
    ];
    for (call, words) in for_root.iter().filter(|_| is_root()).chain(&for_all) {
        let lacking = Sandbox { first_args: vec!["without".into(), call.into()], ..sandbox() };
        for (place, _) in [Place::for_decoder("use threads"), Place::for_program("use threads")] {
            match place.outcome(&lacking).await {
                Err(Error::Child(reason)) => assert!(reason.contains(words), "{call}: {reason}"),
                other => panic!("{call}: {other:?}"),
            }
        }
        let told = lacking.self_test(work().path()).await.unwrap_err().to_string();
        assert!(told.contains(words), "{told}");
    }
}

#[tokio::test]
async fn trouble_of_ours_is_never_the_files_fault() {
    let decoder = Place::for_decoder("use threads").0;
    let (program, full) = Place::for_program("say that the disk is full");
    for (place, sandbox, words) in [
        (&decoder, Sandbox { exe: "/nowhere/handbill".into(), ..sandbox() }, "No such file"),
        (&decoder, Sandbox { exe: "/bin/true".into(), ..sandbox() }, "the sandboxed child failed"),
        (
            &program,
            Sandbox { ffprobe: "/nowhere/ffprobe".into(), ..sandbox() },
            "/nowhere/ffprobe\": No such file or directory (os error 2): install it",
        ),
        (&program, Sandbox { ffprobe: "/etc/passwd".into(), ..sandbox() }, "/etc/passwd did not start"),
        (&program, full, "No space left on device"),
    ] {
        match place.outcome(&sandbox).await {
            Err(error) => assert!(error.to_string().contains(words), "{error}"),
            other => panic!("{words}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_full_disk_is_not_the_photos_fault() {
    let work = work();
    let photo = work.path().join("photo.jpg");
    crate::sample("testsrc2=s=64x64 -frames:v 1", &photo);
    std::fs::rename(photo, work.path().join("in/input")).unwrap();
    std::fs::create_dir(work.path().join("out")).unwrap();
    std::os::unix::fs::symlink("/dev/full", work.path().join("out/file-0")).unwrap();
    // The walls keep the decoder from any device, full or not.
    let outcome = prepare(&Sandbox { policy: Policy::Off, ..sandbox() }, &Limits::default(), work.path(), |_| {}).await;
    assert!(outcome.unwrap_err().to_string().contains("No space left on device"));
}

#[tokio::test]
async fn without_walls_time_and_memory_are_bounded_all_the_same() {
    for (wish, found) in [("hang", "it took longer than"), ("allocate", "MiB of memory")] {
        let (place, sandbox) = Place::for_decoder(wish);
        let (problem, reason) = place.refusal(&Sandbox { policy: Policy::Off, patience_percent: 3, ..sandbox }).await;
        assert_eq!(problem, Problem::TooDemanding, "{wish}: {reason}");
        assert!(reason.contains(found), "{wish}: {reason}");
    }
    let off = Sandbox { policy: Policy::Off, ..sandbox() };
    assert!(!off.self_test(work().path()).await.unwrap().enforced);
}

/// A worker that is killed leaves nobody at work: this test starts itself again as the worker, and kills that.
#[tokio::test]
async fn the_child_dies_with_its_parent() {
    const AS_WORKER: &str = "MEDIA_TEST_WORKER";
    if let Some(kind) = std::env::var_os(AS_WORKER) {
        let (place, sandbox) = if kind == "decoder" { Place::for_decoder("hang") } else { Place::for_program("hang") };
        place.outcome(&sandbox).await.unwrap();
        return;
    }
    for kind in ["decoder", "program"] {
        let mut worker = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "walls::the_child_dies_with_its_parent"])
            .env(AS_WORKER, kind)
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let child = enclosed_child_of(worker.id()).await;
        worker.kill().unwrap();
        worker.wait().unwrap();
        let mut waits = 0..500;
        // Gone, or dead and not yet buried by whoever inherits it.
        while !matches!(about(child, "status"), status if status.is_empty() || status.contains("State:\tZ")) {
            assert!(waits.next().is_some(), "{kind} lives on");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// Everything above is tried as whoever runs the tests; where that is root, this tries it again as somebody ordinary, who like a
/// service on a low port was given a privilege to pass on.
#[test]
fn the_walls_stand_for_an_ordinary_user_too() {
    if !is_root() {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let scratch = place.path().join("scratch");
    std::fs::create_dir(&scratch).unwrap();
    for (path, mode) in [(place.path(), 0o755), (&scratch, 0o777)] {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }
    let (tests, child) = (place.path().join("tests"), place.path().join("child"));
    std::fs::copy(std::env::current_exe().unwrap(), &tests).unwrap();
    std::fs::copy(sandbox().exe, &child).unwrap();
    let run = std::process::Command::new("setpriv")
        .args("--reuid=65533 --regid=65533 --clear-groups --inh-caps=+net_bind_service --ambient-caps=+net_bind_service".split(' '))
        .arg(tests)
        .args(["walls::", "--test-threads=1"])
        .env("MEDIA_TEST_CHILD", child)
        .env("TMPDIR", scratch)
        .current_dir("/")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && said.contains("the_walls_can_be_put_up"), "{said} {}", String::from_utf8_lossy(&run.stderr));
}
