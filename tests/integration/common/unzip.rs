//! Takes a pack out of its archive, by the directory at the archive's end.

use std::io::Read as _;
use std::path::Path;

use flate2::read::DeflateDecoder;

/// Writes every file of an archive below a folder.
pub(crate) fn unzip(archive: &[u8], into: &Path) {
    let end = archive.len() - 22;
    assert_eq!(&archive[end..end + 4], b"PK\x05\x06", "the end of an archive without comment");
    let (count, mut at) = (two(archive, end + 10), four(archive, end + 16));
    for _ in 0..count {
        assert_eq!(&archive[at..at + 4], b"PK\x01\x02");
        let (compressed, size) = (four(archive, at + 20), four(archive, at + 24));
        let [name, extra, comment] = [28, 30, 32].map(|place| two(archive, at + place));
        let path = std::str::from_utf8(&archive[at + 46..at + 46 + name]).expect("UTF-8");
        assert!(!path.starts_with('/') && path.split('/').all(|part| part != ".."), "{path}");
        let header = four(archive, at + 42);
        let content = header + 30 + two(archive, header + 26) + two(archive, header + 28);
        let mut bytes = Vec::new();
        DeflateDecoder::new(&archive[content..content + compressed]).read_to_end(&mut bytes).expect("DEFLATE");
        assert_eq!(bytes.len(), size);
        let path = into.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("creates");
        std::fs::write(path, bytes).expect("writes");
        at += 46 + name + extra + comment;
    }
}

fn two(bytes: &[u8], at: usize) -> usize {
    usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]))
}

fn four(bytes: &[u8], at: usize) -> usize {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes")) as usize
}
