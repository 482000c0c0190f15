mod again;

use proptest::prelude::*;

use super::super::write::tests::{call, calls, time, written};
use super::*;

const PINPOINT: &str = "calls/111122223333/us-east-1/pinpoint.jsonl";
const SES: &str = "calls/111122223333/us-east-1/sesv2.jsonl";

type HeaderChange = fn(&mut Header);
type LinesChange = Box<dyn Fn(&mut Vec<String>)>;

fn snapshot() -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("snapshot");
    written(&target, &calls());
    (home, target)
}

fn open_and_check(directory: &Path) -> Result<Snapshot, ReadError> {
    let snapshot = Snapshot::open(directory)?;
    snapshot.check()?;
    Ok(snapshot)
}

/// Asserts that the snapshot is damaged in this file, with these words.
#[track_caller]
fn is_damaged(directory: &Path, in_file: &str, at: Option<u64>, words: &str) {
    let error = open_and_check(directory).unwrap_err();
    let text = error.to_string();
    match error {
        ReadError::Damaged { file, line, what } => {
            assert_eq!((file.as_str(), line), (in_file, at), "{text}");
            assert!(what.contains(words), "{text}");
            assert!(text.contains(in_file), "{text}");
        }
        _ => panic!("{text}"),
    }
}

/// Changes a file of calls and lets the header agree with it.
fn forge(directory: &Path, path: &str, change: impl Fn(&mut Vec<String>)) {
    let text = fs::read_to_string(directory.join(path)).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    change(&mut lines);
    let text: String = lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
    fs::write(directory.join(path), &text).unwrap();
    forge_header(directory, |header| {
        let entry = header.files.get_mut(path).unwrap();
        *entry = FileEntry { sha256: hex_sha256(text.as_bytes()), bytes: text.len() as u64, calls: lines.len() as u64 };
    });
}

#[test]
fn nothing_more_is_read_once_somebody_asked_to_stop() {
    let (_home, directory) = snapshot();
    let stop = Arc::new(AtomicBool::new(false));
    let mut snapshot = Snapshot::open(&directory).unwrap();
    snapshot.until(&stop);
    assert!(snapshot.calls(PINPOINT).is_ok());
    stop.store(true, Ordering::Relaxed);
    for refused in [snapshot.calls(PINPOINT).map(drop), snapshot.calls(SES).map(drop), snapshot.raw(SES).map(drop)] {
        let error = refused.unwrap_err();
        assert!(matches!(error, ReadError::Io { .. }) && error.to_string().ends_with("interrupted"), "{error}");
    }
}

fn forge_header(directory: &Path, change: impl Fn(&mut Header)) {
    let mut header: Header = serde_json::from_slice(&fs::read(directory.join(HEADER)).unwrap()).unwrap();
    change(&mut header);
    fs::write(directory.join(HEADER), serde_json::to_vec(&header).unwrap()).unwrap();
}

#[test]
fn no_snapshot_is_not_a_damaged_one() {
    let (home, target) = snapshot();
    fs::write(home.path().join("file"), "x").unwrap();
    let unfinished = home.path().join(".snapshot.1-1.partial");
    fs::rename(&target, &unfinished).unwrap();
    for path in [home.path().join("nowhere"), home.path().join("file"), home.path().to_owned(), unfinished] {
        let error = Snapshot::open(&path).unwrap_err();
        assert!(matches!(error, ReadError::Missing { .. }), "{error}");
    }
}

#[test]
fn files_that_the_header_does_not_name_are_damage() {
    for path in ["notes.txt", "calls/notes.txt", "calls/111122223333/us-east-1/sts.jsonl"] {
        let (_home, target) = snapshot();
        fs::write(target.join(path), "").unwrap();
        is_damaged(&target, path, None, "");
    }
    let (_home, target) = snapshot();
    fs::create_dir(target.join("calls/444455556666")).unwrap();
    is_damaged(&target, "calls/444455556666", None, "names nothing in it");
}

#[test]
fn a_directory_of_others_beside_it_is_accepted_when_it_is_named() {
    let (_home, target) = snapshot();
    fs::create_dir(target.join("earlier")).unwrap();
    is_damaged(&target, "earlier", None, "does not belong");
    Snapshot::open_beside(&target, &["earlier"]).unwrap();
}

#[test]
fn missing_files_are_damage() {
    let (_home, target) = snapshot();
    fs::remove_file(target.join(SES)).unwrap();
    is_damaged(&target, SES, None, "missing");
    fs::remove_dir_all(target.join(CALLS)).unwrap();
    is_damaged(&target, PINPOINT, None, "missing");
}

#[cfg(unix)]
#[test]
fn symbolic_links_are_damage_wherever_they_stand() {
    for path in [HEADER, PINPOINT, CALLS, "calls/111122223333"] {
        let (home, target) = snapshot();
        let real = home.path().join("real");
        fs::rename(target.join(path), &real).unwrap();
        std::os::unix::fs::symlink(&real, target.join(path)).unwrap();
        let error = open_and_check(&target).unwrap_err();
        assert!(matches!(error, ReadError::Damaged { .. }), "{path}: {error}");
    }
}

#[test]
fn a_header_that_no_version_wrote_is_damage() {
    let (_home, target) = snapshot();
    forge_header(&target, |header| header.schema = "pinpoint-evidence/snapshot/v2".to_owned());
    is_damaged(&target, HEADER, None, "snapshot/v2");
    fs::write(target.join(HEADER), "{\n\"schema\": 1}").unwrap();
    is_damaged(&target, HEADER, Some(2), "");
    let (_home, target) = snapshot();
    forge_header(&target, |header| {
        header
            .files
            .insert("calls/../../x/y.jsonl".to_owned(), FileEntry { sha256: String::new(), bytes: 0, calls: 0 });
    });
    is_damaged(&target, HEADER, None, "no file of calls has such a name");
}

#[test]
fn totals_and_times_of_the_header_are_those_of_the_calls() {
    let changes: [(HeaderChange, &str, &str); 4] = [
        (|header| header.calls += 1, HEADER, "8 calls"),
        (|header| *header.outcomes.entry(Outcome::Observed).or_default() += 1, HEADER, "outcomes"),
        (|header| header.finished = time(5), PINPOINT, "outside"),
        (|header| header.finished = time(0) - chrono::Duration::seconds(1), HEADER, "before it started"),
    ];
    for (change, file, words) in changes {
        let (_home, target) = snapshot();
        forge_header(&target, change);
        is_damaged(&target, file, None, words);
    }
}

#[test]
fn a_file_must_have_its_size_its_hash_and_its_number_of_calls() {
    let (_home, target) = snapshot();
    let bytes = fs::read(target.join(SES)).unwrap();
    fs::write(target.join(SES), [&bytes[..], b" "].concat()).unwrap();
    is_damaged(&target, SES, Some(3), "bytes");
    fs::write(target.join(SES), bytes.to_ascii_uppercase()).unwrap();
    is_damaged(&target, SES, Some(1), "its SHA-256 is not the one in snapshot.json");
    fs::write(target.join(SES), &bytes).unwrap();
    forge_header(&target, |header| header.files.get_mut(SES).unwrap().calls = 1);
    is_damaged(&target, SES, None, "2 calls");
}

#[test]
fn a_changed_file_names_the_first_line_that_shows_it_and_the_file_where_none_does() {
    let (_home, target) = snapshot();
    let sound = fs::read_to_string(target.join(PINPOINT)).unwrap();
    let second = sound.find('\n').unwrap() + 1;
    let in_second = |from: &str, to: &str| [&sound[..second], &sound[second..].replacen(from, to, 1)].concat();
    let changes = [
        (
            in_second("Enabled", "enabled"),
            Some(2),
            "the SHA-256 of the body is not the one given; as a whole, its SHA-256",
        ),
        (in_second("\"attempts\":1", "\"attempts\":2"), None, "its SHA-256 is not"),
        (sound[..second].to_owned(), None, "bytes, but snapshot.json says"),
        (sound[..second + 20].to_owned(), Some(2), "EOF while parsing"),
        (
            sound.clone() + &"x".repeat(1_000_000),
            Some(1 + sound.lines().count() as u64),
            "at column 1; as a whole, it has",
        ),
    ];
    for (changed, line, words) in changes {
        assert_ne!(changed, sound, "{words}");
        fs::write(target.join(PINPOINT), changed).unwrap();
        is_damaged(&target, PINPOINT, line, words);
    }
    fs::write(target.join(PINPOINT), sound.replacen("Enabled", "Enabl\u{e9}d", 1).replace('\u{e9}', "\u{fffd}"))
        .unwrap();
    is_damaged(&target, PINPOINT, Some(1), "bytes");
    fs::write(target.join(PINPOINT), [&sound.as_bytes()[..second], b"\xff", &sound.as_bytes()[second + 1..]].concat())
        .unwrap();
    is_damaged(&target, PINPOINT, Some(2), "it is not UTF-8; as a whole, its SHA-256");
}

#[test]
fn each_call_must_be_what_it_says_even_where_the_hashes_agree() {
    let ses = || serde_json::to_string(&call("sesv2", "GetAccount", "", 1, 6)).unwrap();
    let changes: Vec<(LinesChange, u64, &str)> = vec![
        (Box::new(|lines| lines[1] = "{}".to_owned()), 2, "missing field"),
        (Box::new(|lines| lines.insert(1, String::new())), 2, "EOF"),
        (Box::new(|lines| lines.swap(0, 1)), 2, "out of order"),
        (Box::new(|lines| lines.insert(1, lines[0].clone())), 2, "twice"),
        (Box::new(move |lines| lines[2] = ses()), 3, "not that of the file"),
        (Box::new(|lines| lines[1] = lines[1].replace("\"page\":1", "\"page\":3")), 2, "what was asked gives"),
        (Box::new(|lines| lines[0] = lines[0].replace("Enabled", "Disabled")), 1, "SHA-256 of the body"),
        (
            Box::new(|lines| lines[0] = lines[0].replace("[\"/Credential\"]", "[\"/Enabled\"]")),
            1,
            "nothing was removed",
        ),
        (
            Box::new(|lines| lines[0] = lines[0].replacen("T21:00", "T20:00", 2).replacen("T20:00", "T21:00", 1)),
            1,
            "before",
        ),
    ];
    for (change, line, words) in changes {
        let (_home, target) = snapshot();
        forge(&target, PINPOINT, change);
        is_damaged(&target, PINPOINT, Some(line), words);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn no_changed_byte_goes_unseen(file in 0..3_usize, at in any::<prop::sample::Index>(), kind in 0..4, byte in any::<u8>()) {
        let (_home, target) = snapshot();
        let original = Snapshot::open(&target).unwrap().header;
        let path = target.join([HEADER, PINPOINT, SES][file]);
        let before = fs::read(&path).unwrap();
        let at = at.index(before.len());
        let mut bytes = before.clone();
        match kind {
            0 => bytes[at] = byte,
            1 => bytes.insert(at, byte),
            2 => { bytes.remove(at); },
            _ => bytes.truncate(at),
        }
        prop_assume!(bytes != before);
        fs::write(&path, &bytes).unwrap();
        match open_and_check(&target) {
            Err(ReadError::Damaged { .. } | ReadError::Io { .. }) => {},
            Err(error) => prop_assert!(false, "{error}"),
            Ok(read) => {
                // The header has no hash of its own, but what it says of the calls must be what they are.
                prop_assert_eq!(file, 0);
                let says = |header: &Header| (header.schema.clone(), header.calls, header.outcomes.clone(), header.files.clone());
                prop_assert_eq!(says(&read.header), says(&original));
            },
        }
    }
}
