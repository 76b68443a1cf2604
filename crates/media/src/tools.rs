//! What a machine offers for media: ffmpeg's programs with their codecs, and the kernel's walls. For who looks after the machine.

use std::path::Path;
use std::time::Duration;

use crate::child::Task;
use crate::sandbox::{Error, Failure, Sandbox};

/// What ffmpeg must be able to do, what for, and the names under which it may be there.
const NEEDED: &[(Half, &str, &[&str])] = &[
    (Half::Encoder, "H.264 (libx264)", &["libx264"]),
    (Half::Encoder, "AAC", &["aac", "libfdk_aac"]),
    (Half::Encoder, "Opus (libopus)", &["libopus"]),
    (Half::Decoder, "H.264", &["h264"]),
    (Half::Decoder, "HEVC", &["hevc"]),
    (Half::Decoder, "AV1", &["libdav1d", "av1", "libaom-av1"]),
    (Half::Decoder, "VP8", &["vp8", "libvpx"]),
    (Half::Decoder, "VP9", &["vp9", "libvpx-vp9"]),
    (Half::Decoder, "AAC", &["aac"]),
    (Half::Decoder, "MP3", &["mp3float", "mp3"]),
    (Half::Decoder, "Opus", &["opus", "libopus"]),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Encoder,
    Decoder,
}

/// What was found of ffmpeg.
#[derive(Clone, Debug)]
pub struct Tools {
    /// The first line of ffmpeg's own account, or why there is none.
    pub ffmpeg: Result<String, String>,
    /// The same of ffprobe.
    pub ffprobe: Result<String, String>,
    /// What this ffmpeg cannot do and should.
    pub missing: Vec<String>,
}

impl Sandbox {
    /// Asks ffmpeg and ffprobe, behind the walls, what they are and what they can do. `work` is an empty private directory.
    pub async fn tools(&self, work: &Path) -> Tools {
        let first_line = |text: String| text.lines().next().unwrap_or_default().to_owned();
        let ffmpeg = self.ask(work, &self.ffmpeg, "-version").await.map(first_line);
        let ffprobe = self.ask(work, &self.ffprobe, "-version").await.map(first_line);
        let mut missing = Vec::new();
        if ffmpeg.is_ok() {
            let encoders = self.ask(work, &self.ffmpeg, "-encoders").await.unwrap_or_default();
            let decoders = self.ask(work, &self.ffmpeg, "-decoders").await.unwrap_or_default();
            missing = lacking(&encoders, &decoders);
        }
        Tools { ffmpeg, ffprobe, missing }
    }

    async fn ask(&self, work: &Path, program: &Path, option: &str) -> Result<String, String> {
        std::fs::create_dir_all(work.join("in")).map_err(|error| error.to_string())?;
        let task = Task::Program { path: program.to_owned(), arguments: vec!["-hide_banner".to_owned(), option.to_owned()] };
        match self.run(work, task, &[], Duration::from_secs(20), 1 << 20, |_| {}).await {
            Ok(ended) if ended.success => Ok(String::from_utf8_lossy(&ended.stdout).into_owned()),
            Ok(ended) => Err(ended.stderr.trim().to_owned()),
            Err(Failure::Ours(Error::Child(words))) | Err(Failure::Refused(_, words)) => Err(words.trim().to_owned()),
            Err(Failure::Ours(error)) => Err(error.to_string()),
        }
    }
}

fn lacking(encoders: &str, decoders: &str) -> Vec<String> {
    let has =
        |list: &str, names: &[&str]| list.lines().any(|line| line.split_whitespace().nth(1).is_some_and(|name| names.contains(&name)));
    let lacks = NEEDED.iter().filter(|(half, _, names)| !has(if *half == Half::Encoder { encoders } else { decoders }, names));
    lacks.map(|(half, words, _)| format!("{words} {}", if *half == Half::Encoder { "encoder" } else { "decoder" })).collect()
}

/// The version of Landlock that the running kernel offers; `None` if it has none, or it was not switched on at boot.
#[must_use]
#[expect(unsafe_code, reason = "no safe wrapper asks for the version alone")]
pub fn landlock_version() -> Option<i64> {
    const VERSION: libc::c_ulong = 1;
    // SAFETY: with this flag the call reads no memory of ours and makes nothing; the null pointer and the size 0 are what it wants.
    let version = unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, std::ptr::null::<libc::c_void>(), 0_usize, VERSION) };
    (version > 0).then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ffmpeg_lacks_is_named() {
        let encoders = "Encoders:\n V..... = Video\n ------\n V....D libx264   H.264\n A....D aac   AAC\n A....D libopus  Opus\n";
        let decoders = " VFS..D h264 H\n VFS..D hevc H\n V....D libdav1d A\n VFS..D vp8 V\n VFS..D vp9 V\n A....D aac A\n A....D mp3float M\n A....D opus O\n";
        assert_eq!(lacking(encoders, decoders), Vec::<String>::new());
        assert_eq!(lacking(encoders, &decoders.replace("hevc", "h263")), ["HEVC decoder"]);
        assert_eq!(lacking("", decoders), ["H.264 (libx264) encoder", "AAC encoder", "Opus (libopus) encoder"]);
    }
}
