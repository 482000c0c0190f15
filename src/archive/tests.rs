use std::io::Read as _;

use flate2::read::DeflateDecoder;

use super::*;

/// Files of these names and contents, in a folder of their own.
fn members(folder: &Path, contents: &[(&str, &[u8])]) -> Vec<Member> {
    contents
        .iter()
        .enumerate()
        .map(|(number, (name, content))| {
            let path = folder.join(number.to_string());
            std::fs::write(&path, content).expect("writes");
            Member { name: (*name).to_owned(), path }
        })
        .collect()
}

fn archive(limits: Limits, contents: &[(&str, &[u8])]) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let mut bytes = Vec::new();
    write_within(limits, "pack", &members(folder.path(), contents), &mut bytes).expect("writes");
    bytes
}

fn two(bytes: &[u8], at: usize) -> usize {
    usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]))
}

fn four(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four")))
}

fn eight(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight"))
}

/// The contents of an archive by the records that a reader follows: end, directory, local headers.
fn read(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let end = archive.len() - 22;
    assert_eq!(&archive[end..end + 4], b"PK\x05\x06");
    let (mut count, mut at) = (two(archive, end + 10) as u64, four(archive, end + 16));
    if archive[end - 20..].starts_with(b"PK\x06\x07") {
        let large = usize::try_from(eight(archive, end - 12)).expect("an offset");
        assert_eq!(&archive[large..large + 4], b"PK\x06\x06");
        (count, at) = (eight(archive, large + 32), eight(archive, large + 48));
    }
    let mut at = usize::try_from(at).expect("an offset");
    let mut files = Vec::new();
    for _ in 0..count {
        assert_eq!(&archive[at..at + 4], b"PK\x01\x02");
        let (names, extra) = (two(archive, at + 28), two(archive, at + 30));
        let name = String::from_utf8(archive[at + 46..at + 46 + names].to_vec()).expect("UTF-8");
        let mut wide = at + 46 + names + 4;
        let mut number = |narrow: u64| {
            if narrow == u64::from(u32::MAX) {
                wide += 8;
                eight(archive, wide - 8)
            } else {
                narrow
            }
        };
        let size = number(four(archive, at + 24));
        let compressed = usize::try_from(number(four(archive, at + 20))).expect("a size");
        let offset = usize::try_from(number(four(archive, at + 42))).expect("an offset");
        assert_eq!(&archive[offset..offset + 4], b"PK\x03\x04");
        let content = offset + 30 + two(archive, offset + 26) + two(archive, offset + 28);
        let mut plain = Vec::new();
        DeflateDecoder::new(&archive[content..content + compressed]).read_to_end(&mut plain).expect("DEFLATE");
        assert_eq!(plain.len() as u64, size);
        assert_eq!(&archive[content + compressed..content + compressed + 4], b"PK\x07\x08");
        let mut crc = Crc::new();
        crc.update(&plain);
        assert_eq!(four(archive, content + compressed + 4), u64::from(crc.sum()));
        files.push((name, plain));
        at += 46 + names + extra;
    }
    files
}

const CONTENTS: [(&str, &[u8]); 3] = [("a.md", b"one one one one one one"), ("b/c.jsonl", b""), ("é.md", b"two")];

fn expected() -> Vec<(String, Vec<u8>)> {
    CONTENTS.iter().map(|(name, content)| (format!("pack/{name}"), content.to_vec())).collect()
}

#[test]
fn what_goes_in_comes_out() {
    let bytes = archive(LIMITS, &CONTENTS);
    assert_eq!(read(&bytes), expected());
    assert!(!bytes.windows(4).any(|window| window == b"PK\x06\x06"), "nothing has 64 bits");
}

#[test]
fn the_same_files_give_the_same_bytes_whenever_they_were_written() {
    let first = archive(LIMITS, &CONTENTS);
    std::thread::sleep(std::time::Duration::from_millis(20));
    assert_eq!(first, archive(LIMITS, &CONTENTS));
    assert_ne!(first, archive(LIMITS, &CONTENTS[1..]));
}

#[test]
fn numbers_that_need_64_bits_get_them() {
    for limits in [
        Limits { size: 4, ..LIMITS },
        Limits { offset: 60, ..LIMITS },
        Limits { entries: 3, ..LIMITS },
        Limits { size: 0, offset: 0, entries: 0 },
    ] {
        let bytes = archive(limits, &CONTENTS);
        assert_eq!(read(&bytes), expected(), "{limits:?}");
        assert_ne!(bytes, archive(LIMITS, &CONTENTS));
    }
}

#[test]
fn more_files_than_16_bits_count_are_all_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("file");
    std::fs::write(&path, "x").expect("writes");
    let members: Vec<Member> =
        (0..70_000).map(|number| Member { name: format!("{number:05}"), path: path.clone() }).collect();
    let mut bytes = Vec::new();
    write("pack", &members, &mut bytes).expect("writes");
    assert_eq!(read(&bytes).len(), 70_000);
}

#[test]
fn a_file_that_is_gone_is_named() {
    let members = [Member { name: "a".into(), path: PathBuf::from("gone/for/good") }];
    let error = write("pack", &members, &mut Vec::new()).expect_err("gone");
    assert!(error.to_string().contains("gone/for/good"), "{error}");
}

#[test]
#[ignore = "writes archives with 64-bit records to the temporary directory, for other programs to read"]
fn look() {
    for (name, limits) in [("narrow", LIMITS), ("wide", Limits { size: 0, offset: 0, entries: 0 })] {
        let path = std::env::temp_dir().join(format!("pinpoint-evidence-{name}.zip"));
        std::fs::write(&path, archive(limits, &CONTENTS)).expect("writes");
        println!("{}", path.display());
    }
}
