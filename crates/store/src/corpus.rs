//! Files of what stands, in a folder of a node's own data: each whole, under its name from its first moment to its last, and searched where
//! the system has mapped it. What is in them is the caller's business, and whether it is whole as well.

use std::io::{ErrorKind, Write as _};
use std::ops::Deref;
use std::path::{Path, PathBuf};

use crate::Result;

/// How a file is called that is not whole yet.
const PART: &str = ".part";

/// The folder.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

/// A file's bytes where they lie.
#[derive(Debug)]
pub struct Mapped {
    bytes: memmap2::Mmap,
    /// When it was written, in milliseconds since 1970.
    pub written_ms: i64,
}

impl Deref for Mapped {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Folder {
    /// The folder at this path, which need not be there.
    #[must_use]
    pub const fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// The names of all whole files.
    pub fn names(&self) -> Result<Vec<String>> {
        let entries = match std::fs::read_dir(&self.0) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut names = Vec::new();
        for entry in entries {
            names.extend(entry?.file_name().into_string().ok().filter(|name| !name.ends_with(PART)));
        }
        Ok(names)
    }

    /// A file; `None` if it is not there (any more).
    #[expect(
        unsafe_code,
        reason = "what is mapped may be changed by others while it is read; read instead, it would take memory of our own"
    )]
    pub fn map(&self, name: &str) -> Result<Option<Mapped>> {
        let file = match std::fs::File::open(self.0.join(name)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            file => file?,
        };
        let written = file.metadata()?.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        // SAFETY: nobody changes or shortens the file while it is mapped. It lies in the site's own directory, which its user alone may enter;
        // we write a file under another name and never touch it again once it has this one, and taking it away leaves what is mapped as it is.
        let bytes = unsafe { memmap2::Mmap::map(&file)? };
        Ok(Some(Mapped { bytes, written_ms: i64::try_from(written.as_millis()).unwrap_or(i64::MAX) }))
    }

    /// Writes a file as a whole: it has its name only once all of it is durable.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        std::fs::create_dir_all(&self.0)?;
        let part = self.0.join(format!("{name}{PART}"));
        let mut file = std::fs::File::create(&part)?;
        let written = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| std::fs::rename(&part, self.0.join(name)));
        if let Err(error) = written {
            drop(std::fs::remove_file(&part));
            return Err(error.into());
        }
        Ok(sync(&self.0)?)
    }

    /// Takes a file away.
    pub fn remove(&self, name: &str) -> Result<()> {
        match std::fs::remove_file(self.0.join(name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Takes away what somebody was killed over.
    pub fn remove_parts(&self) -> Result<()> {
        let Ok(entries) = std::fs::read_dir(&self.0) else { return Ok(()) };
        for entry in entries {
            let path = entry?.path();
            if path.as_os_str().as_encoded_bytes().ends_with(PART.as_bytes()) {
                drop(std::fs::remove_file(path));
            }
        }
        Ok(())
    }
}

fn sync(directory: &Path) -> std::io::Result<()> {
    std::fs::File::open(directory)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_there_as_a_whole_or_not_at_all() -> Result<()> {
        let dir = tempfile::tempdir()?;
        let folder = Folder::new(dir.path().join("corpus"));
        folder.remove_parts()?;
        assert!(folder.names()?.is_empty() && folder.map("kites")?.is_none());
        folder.write("kites", b"red")?;
        std::fs::write(dir.path().join("corpus/rivers.part"), b"cut o")?;
        assert_eq!(folder.names()?, ["kites"]);
        let mapped = folder.map("kites")?;
        folder.write("kites", b"blue")?;
        folder.remove("kites")?;
        folder.remove("kites")?;
        assert_eq!(mapped.as_deref().map(|bytes| bytes.to_vec()), Some(b"red".to_vec()), "what is mapped stays as it was");
        std::fs::write(dir.path().join("corpus/empty"), b"")?;
        assert_eq!(folder.map("empty")?.as_deref(), Some(&b""[..]));
        folder.remove("empty")?;
        folder.remove_parts()?;
        assert_eq!(std::fs::read_dir(dir.path().join("corpus"))?.count(), 0);
        Ok(())
    }
}
