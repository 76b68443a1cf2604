//! The machine: the data directory and its disk, memory, the clock.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use domain::Limits;

use super::{Finding, size};

/// A clock that shows less was never set: this was written later.
const WRITTEN_MS: i64 = 1_763_942_400_000;
/// And one that shows more is broken: the year 2100.
const FAR_MS: i64 = 4_102_444_800_000;

pub(super) fn data(data: &Path) -> Finding {
    const CHECK: &str = "data directory";
    let Ok(about) = data.metadata() else {
        let above = standing(data);
        return match probe(&above) {
            Ok(()) => Finding::ok(CHECK, format!("{} is not there yet; `handbill serve` makes it", data.display())),
            Err(error) => Finding::broken(
                CHECK,
                format!("{} is not there, and {} cannot be written to: {error}", data.display(), above.display()),
                "choose another --data, or let this user write there",
            ),
        };
    };
    if !about.is_dir() {
        return Finding::broken(CHECK, format!("{} is no directory", data.display()), "choose another --data");
    }
    let own = rustix::process::geteuid().as_raw();
    if about.uid() != own {
        return Finding::warning(
            CHECK,
            format!(
                "{} belongs to user {}, and you are user {own}: what you see may not be what the site sees",
                data.display(),
                about.uid()
            ),
            format!("run `handbill doctor` as user {}, as the site runs", about.uid()),
        );
    }
    if let Err(error) = probe(data) {
        return Finding::broken(
            CHECK,
            format!("{} cannot be written to: {error}", data.display()),
            "is the disk full, or mounted read-only?",
        );
    }
    if about.mode() & 0o077 != 0 {
        return Finding::warning(
            CHECK,
            format!("others on this machine can look into {} (mode {:o})", data.display(), about.mode() & 0o777),
            format!("chmod 700 {}; `handbill serve` does it too", data.display()),
        );
    }
    let device = |name: &str| data.join(name).metadata().ok().map(|about| about.dev());
    if let (Some(work), Some(objects)) = (device("work"), device("objects"))
        && work != objects
    {
        return Finding::warning(
            CHECK,
            "`work` and `objects` are on two file systems: every photo is copied instead of moved",
            "put both on one file system",
        );
    }
    let running = std::fs::File::open(data.join("serve.lock"))
        .is_ok_and(|lock| matches!(lock.try_lock_shared(), Err(std::fs::TryLockError::WouldBlock)));
    Finding::ok(
        CHECK,
        format!("{}, private and writable; {}", data.display(), if running { "a site runs there" } else { "no site runs there" }),
    )
}

/// The nearest directory above that is there.
fn standing(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    absolute.ancestors().find(|above| above.exists()).unwrap_or(Path::new("/")).to_owned()
}

/// Writes a file and takes it away again.
fn probe(dir: &Path) -> std::io::Result<()> {
    let path = dir.join(format!(".handbill-doctor-{}", std::process::id()));
    let written = std::fs::write(&path, b"probe");
    drop(std::fs::remove_file(&path));
    written
}

pub(super) fn disk(data: &Path, limits: &Limits) -> Finding {
    const CHECK: &str = "disk";
    let disk = match rustix::fs::statvfs(standing(data)) {
        Ok(disk) => disk,
        Err(error) => return Finding::broken(CHECK, format!("cannot be asked: {error}"), "is it mounted?"),
    };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let seen = format!("{} free; {} are to stay free", size(free), size(limits.disk_free_bytes));
    if free <= limits.disk_free_bytes {
        return Finding::broken(
            CHECK,
            format!("{seen}: new files are refused"),
            "make room, use a larger disk, or lower limits.disk_free_bytes",
        );
    }
    if free < limits.disk_free_bytes.saturating_add(limits.file_bytes.saturating_mul(3)) {
        // An upload, what is made of it, and some air.
        let seen = format!("{seen}; one file of {} may not find room", size(limits.file_bytes));
        return Finding::warning(CHECK, seen, "make room, use a larger disk, or lower limits.file_bytes");
    }
    // Some file systems do not count their files.
    if disk.f_files > 0 && disk.f_favail < 10_000 {
        return Finding::warning(CHECK, format!("only {} more files fit", disk.f_favail), "use a file system with more inodes");
    }
    Finding::ok(CHECK, seen)
}

pub(super) fn memory(workers: usize) -> Finding {
    const CHECK: &str = "memory";
    let Some(total) = meminfo("MemTotal") else {
        return Finding::warning(CHECK, "/proc/meminfo cannot be read", "mount /proc");
    };
    // In a container less may be ours.
    let limit = std::fs::read_to_string("/sys/fs/cgroup/memory.max").ok().and_then(|text| text.trim().parse::<u64>().ok());
    let total = limit.map_or(total, |limit| limit.min(total));
    let wanted = (1_u64 << 30).saturating_mul(workers as u64).saturating_add(256 << 20);
    let seen = format!("{} for {workers} media at a time, up to {} together", size(total), size(wanted));
    if total < wanted {
        let fit = (total.saturating_sub(256 << 20) >> 30).max(1);
        let mend = if workers > 1 && fit < workers as u64 {
            format!("set media.workers = {fit}")
        } else {
            "add memory or swap; films of many pixels may fail".to_owned()
        };
        return Finding::warning(CHECK, seen, mend);
    }
    Finding::ok(CHECK, seen)
}

fn meminfo(name: &str) -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let kib = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')?.trim().strip_suffix(" kB"))?;
    Some(kib.parse::<u64>().ok()?.saturating_mul(1_024))
}

pub(super) async fn clock(data: &Path, database_ms: Option<i64>) -> Finding {
    const CHECK: &str = "clock";
    const NTP: &str = "set it, and let it be kept right: apt-get install systemd-timesyncd";
    let now = now_ms(SystemTime::now());
    if !(WRITTEN_MS..FAR_MS).contains(&now) {
        return Finding::broken(CHECK, format!("shows {} s since 1970, which cannot be", now.div_euclid(1_000)), NTP);
    }
    if let Some(database) = database_ms {
        let apart = now.abs_diff(database);
        if apart > 5_000 {
            return Finding::warning(CHECK, format!("the database server's is {} s apart from this machine's", apart / 1_000), NTP);
        }
    }
    if let Some(written) = file_time(data) {
        let apart = now_ms(SystemTime::now()).abs_diff(now_ms(written));
        if apart > 5_000 {
            return Finding::warning(CHECK, format!("the file system's is {} s apart from this machine's", apart / 1_000), NTP);
        }
    }
    let (steady, shown) = (Instant::now(), SystemTime::now());
    tokio::time::sleep(Duration::from_millis(200)).await;
    let moved = shown.elapsed().map_or(i64::MIN, |moved| i64::try_from(moved.as_millis()).unwrap_or(i64::MAX));
    let steady = i64::try_from(steady.elapsed().as_millis()).unwrap_or(i64::MAX);
    if moved.abs_diff(steady) > 50 {
        return Finding::warning(CHECK, "it jumps: it was set just now, or two programs set it", NTP);
    }
    Finding::ok(CHECK, "sane and steady")
}

fn now_ms(time: SystemTime) -> i64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// What the file system of the data says that it is now.
fn file_time(data: &Path) -> Option<SystemTime> {
    let path = standing(data).join(format!(".handbill-doctor-clock-{}", std::process::id()));
    std::fs::write(&path, b"probe").ok()?;
    let time = path.metadata().and_then(|about| about.modified()).ok();
    drop(std::fs::remove_file(&path));
    time
}
