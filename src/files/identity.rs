//! Whether a file is still the one that was looked at.

use std::fs::Metadata;
use std::time::SystemTime;

/// What the file system says of a file. As long as it says the same, nobody wrote to the file: on Unix even a program
/// that sets the time of the last change back moves the time at which the inode changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    bytes: u64,
    /// `None` where the system does not know, and then nothing is the same.
    modified: Option<SystemTime>,
    /// Device, inode, and when it changed, in seconds and nanoseconds.
    node: [i128; 4],
}

impl Identity {
    /// Of an open file, before it is read.
    #[must_use]
    pub fn of(found: &Metadata) -> Self {
        Self { bytes: found.len(), modified: found.modified().ok(), node: node(found) }
    }

    /// Whether the other is of the same file, unchanged.
    #[must_use]
    pub fn is_unchanged(&self, other: &Self) -> bool {
        self.modified.is_some() && self == other
    }

    /// Its size in bytes.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }
}

#[cfg(unix)]
fn node(found: &Metadata) -> [i128; 4] {
    use std::os::unix::fs::MetadataExt as _;
    [found.dev().into(), found.ino().into(), found.ctime().into(), found.ctime_nsec().into()]
}

#[cfg(not(unix))]
const fn node(_: &Metadata) -> [i128; 4] {
    [0; 4]
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};

    use super::*;

    fn identity(path: &std::path::Path) -> Identity {
        Identity::of(&fs::metadata(path).unwrap())
    }

    #[test]
    fn another_file_another_size_and_a_time_that_was_set_back_are_seen() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("file");
        fs::write(&path, "one").unwrap();
        let first = identity(&path);
        assert!(first.is_unchanged(&identity(&path)));
        let time = fs::metadata(&path).unwrap().modified().unwrap();
        // More than the step in which the file system counts.
        std::thread::sleep(std::time::Duration::from_millis(20));
        fs::write(&path, "two").unwrap();
        File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), time);
        assert!(!cfg!(unix) || !first.is_unchanged(&identity(&path)));
        fs::write(&path, "more").unwrap();
        assert!(!first.is_unchanged(&identity(&path)));
    }
}
