//! All files below a directory.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// What there is, in an order that does not change from run to run, and what could not be read.
#[derive(Debug, Default)]
pub(super) struct Walk {
    pub(super) files: Vec<PathBuf>,
    pub(super) unread: Vec<(PathBuf, io::Error)>,
}

/// Links are followed, but nothing is met twice: links that lead around in a circle come to an end, and a file has one name. What is neither
/// a file nor a directory is left out. A file may stand for a directory that holds only it.
pub(super) fn walk(root: &Path) -> Walk {
    let mut walk = Walk::default();
    let mut met = HashSet::new();
    let mut open = vec![root.to_owned()];
    // Later than the directories themselves, so that files keep the name by which they are there.
    let mut links = Vec::new();
    while let Some(path) = open.pop().or_else(|| links.pop()) {
        if let Err(error) = look(&path, &mut walk.files, &mut open, &mut links, &mut met) {
            walk.unread.push((path, error));
        }
    }
    walk.files.sort_unstable();
    walk
}

fn look(
    path: &Path,
    files: &mut Vec<PathBuf>,
    open: &mut Vec<PathBuf>,
    links: &mut Vec<PathBuf>,
    met: &mut HashSet<(u64, u64)>,
) -> io::Result<()> {
    let about = fs::metadata(path)?;
    if !met.insert((about.dev(), about.ino())) {
        return Ok(());
    }
    if about.is_file() {
        files.push(path.to_owned());
    }
    if about.is_dir() {
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            if entry.file_type()?.is_symlink() { links.push(entry.path()) } else { open.push(entry.path()) }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_in_a_circle_end_and_every_file_has_one_name() {
        let dir = tempfile::tempdir().expect("a directory");
        let at = |name: &str| dir.path().join(name);
        fs::create_dir_all(at("b/c")).expect("directories");
        for name in ["b/c/kite", "river"] {
            fs::write(at(name), name).expect("a file");
        }
        symlink(dir.path(), at("b/c/up")).expect("a circle");
        symlink(at("b"), at("a")).expect("a link");
        symlink(at("river"), at("a river")).expect("a link");
        symlink(at("self"), at("self")).expect("a link to itself");
        symlink(at("nowhere"), at("dangling")).expect("a link to nothing");
        let odd = dir.path().join(OsStr::from_bytes(b"\xff\xfe"));
        fs::write(&odd, "").expect("a file whose name is no text");
        let walk = walk(dir.path());
        assert_eq!(walk.files, [at("b/c/kite"), at("river"), odd]);
        let mut unread: Vec<PathBuf> = walk.unread.into_iter().map(|(path, _)| path).collect();
        unread.sort_unstable();
        assert_eq!(unread, [at("dangling"), at("self")]);
    }

    #[test]
    fn a_file_stands_for_a_directory_of_one() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        assert_eq!(walk(file.path()).files, [file.path()]);
        assert_eq!(walk(Path::new("/nowhere/at/all")).unread.len(), 1);
    }
}
