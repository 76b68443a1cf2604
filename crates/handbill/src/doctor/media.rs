//! What photos and videos need: the kernel's walls, the sandbox behind them, and ffmpeg with its codecs.

use std::path::Path;

use super::Finding;
use crate::config::Config;

pub(super) fn kernel(config: &Config) -> Finding {
    const CHECK: &str = "kernel";
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let filters = std::fs::read_to_string("/proc/sys/kernel/seccomp/actions_avail").unwrap_or_default();
    let landlock = media::landlock_version();
    let seen = format!(
        "Linux {}, Landlock {}, seccomp {}",
        release.trim(),
        landlock.map_or_else(|| "missing".to_owned(), |version| format!("version {version}")),
        if filters.contains("errno") { "filters" } else { "missing" }
    );
    if landlock.is_some() && filters.contains("errno") {
        return Finding::ok(CHECK, seen);
    }
    let mend = "use Linux 5.13 or newer with `landlock` among the boot option lsm=…, and in a container a runtime that lets both through";
    if config.media.without_sandbox { Finding::warning(CHECK, seen, mend) } else { Finding::broken(CHECK, seen, mend) }
}

pub(super) async fn sandbox(config: &Config, work: &Path) -> Finding {
    const CHECK: &str = "sandbox";
    if config.media.without_sandbox {
        return Finding::warning(
            CHECK,
            "switched off: strangers' files are decoded without walls",
            "take media.without_sandbox out of the configuration, if the kernel allows",
        );
    }
    match crate::serve::sandbox(config).self_test(work).await {
        Ok(_) => Finding::ok(CHECK, "its walls stand"),
        Err(error) => Finding::broken(
            CHECK,
            error.to_string(),
            "without it no photo and no video can be taken; the line above says what the kernel lacks",
        ),
    }
}

/// `walls`: whether the sandbox works. Without it ffmpeg is still asked what it can do.
pub(super) async fn ffmpeg(config: &Config, work: &Path, walls: bool) -> Finding {
    const CHECK: &str = "ffmpeg";
    const INSTALL: &str = "apt-get install ffmpeg, or set media.ffmpeg and media.ffprobe";
    let mut sandbox = crate::serve::sandbox(config);
    if !walls {
        sandbox.policy = media::Policy::Off;
    }
    let tools = sandbox.tools(work).await;
    let version = match (&tools.ffmpeg, &tools.ffprobe) {
        (Ok(version), Ok(_)) => version.split(" Copyright").next().unwrap_or_default(),
        (Err(words), _) => return Finding::broken(CHECK, format!("{} does not start: {words}", config.media.ffmpeg.display()), INSTALL),
        (_, Err(words)) => return Finding::broken(CHECK, format!("{} does not start: {words}", config.media.ffprobe.display()), INSTALL),
    };
    if tools.missing.is_empty() {
        return Finding::ok(CHECK, format!("{version}, with every codec that is needed"));
    }
    let seen = format!("{version}, without: {}", tools.missing.join(", "));
    Finding::broken(CHECK, seen, "use a build with them, such as Debian's: apt-get install ffmpeg")
}
