//! Files that are read more than once.

use std::thread;
use std::time::Duration;

use super::*;
use crate::files::Identity;

/// More than the step in which a file system counts time.
fn wait() {
    thread::sleep(Duration::from_millis(20));
}

fn identity(path: &Path) -> Identity {
    Identity::of(&fs::metadata(path).unwrap())
}

/// Two hundred and fifty calls with long answers, of which the file is worth several threads.
fn large() -> (tempfile::TempDir, PathBuf, Vec<Call>) {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("snapshot");
    let mut calls: Vec<Call> = (1..=250)
        .map(|page| {
            let mut call = call("pinpoint", "GetCampaigns", "a", page, 1);
            call.body = call.body.map(|body| body + &" ".repeat(20_000));
            call.sha256 = call.body.as_deref().map(|body| hex_sha256(body.as_bytes()));
            call
        })
        .collect();
    calls.reverse();
    written(&target, &calls);
    calls.reverse();
    (home, target, calls)
}

#[test]
fn a_large_file_gives_the_same_calls_read_as_a_whole_in_pieces_and_again() {
    let (_home, target, written) = large();
    let snapshot = Snapshot::open(&target).unwrap();
    assert!(snapshot.header.files[PINPOINT].bytes > 4 << 20, "several threads read it");
    assert_eq!(snapshot.whole(PINPOINT).unwrap(), written);
    assert_eq!(snapshot.calls(PINPOINT).unwrap(), written);
    assert_eq!(snapshot.calls(PINPOINT).unwrap(), written, "again");
    for again in [false, true] {
        let snapshot = Snapshot::open(&target).unwrap();
        if again {
            snapshot.check().unwrap();
        }
        let mut shown = Vec::new();
        snapshot.made(PINPOINT, |line, call| (line, call.page), |made| shown.push(made)).unwrap();
        assert_eq!(shown, (1..).zip(written.iter().map(|call| call.page)).collect::<Vec<_>>());
    }
    snapshot.check().unwrap();
    let groups = snapshot.groups(PINPOINT).unwrap();
    assert_eq!(groups.len(), 3);
    for group in groups.iter().rev() {
        let first = group.number() * GROUP;
        let mut shown = Vec::new();
        group.each(|line, call| shown.push((line, call))).unwrap();
        let expected: Vec<(u64, Call)> = (1..).zip(written.iter().cloned()).skip(first).take(GROUP).collect();
        assert_eq!(shown, expected);
    }
}

#[test]
fn a_copy_is_the_file_byte_for_byte_whether_or_not_it_was_read_before() {
    let (_home, target, _) = large();
    let snapshot = Snapshot::open(&target).unwrap();
    for path in [HEADER, PINPOINT, PINPOINT] {
        let mut copied = Vec::new();
        snapshot.copy(path, &mut copied).unwrap();
        assert!(copied == fs::read(target.join(path)).unwrap(), "{path}");
        snapshot.check().unwrap();
    }
    let full = snapshot.copy(PINPOINT, &mut &mut [0; 10][..]).unwrap_err();
    assert!(matches!(full, CopyError::Write(_)), "{full}");
}

#[test]
fn what_is_wrong_in_the_middle_of_a_large_file_is_named() {
    let (_home, target, _) = large();
    forge(&target, PINPOINT, |lines| lines.swap(120, 121));
    is_damaged(&target, PINPOINT, Some(122), "out of order");
}

#[test]
fn a_file_that_changed_after_it_was_read_is_checked_anew() {
    let (_home, target) = snapshot();
    let read = open_and_check(&target).unwrap();
    let groups = read.groups(PINPOINT).unwrap();
    assert_eq!(read.calls(PINPOINT).unwrap().len(), 5);
    wait();
    let text = fs::read_to_string(target.join(PINPOINT)).unwrap();
    fs::write(target.join(PINPOINT), text.replacen("\"attempts\":1", "\"attempts\":2", 1)).unwrap();
    let error = read.calls(PINPOINT).unwrap_err().to_string();
    assert!(error.contains("its SHA-256 is not the one"), "{error}");
    let error = read.copy(PINPOINT, &mut Vec::new()).unwrap_err().to_string();
    assert!(error.contains("its SHA-256 is not the one"), "{error}");
    let error = groups[0].each(|_, _| {}).unwrap_err().to_string();
    assert!(error.contains("changed while it was read"), "{error}");
    assert!(read.check().is_err());
}

#[test]
fn a_hash_that_somebody_compared_counts_only_for_the_file_as_it_was() {
    let (_home, target) = snapshot();
    let path = target.join(PINPOINT);
    let text = fs::read_to_string(&path).unwrap().replacen("\"attempts\":1", "\"attempts\":2", 1);
    fs::write(&path, &text).unwrap();
    let snapshot = Snapshot::open(&target).unwrap();
    snapshot.vouch(PINPOINT, identity(&path));
    assert_eq!(snapshot.calls(PINPOINT).unwrap()[0].attempts, 2, "the word of somebody is taken");
    let snapshot = Snapshot::open(&target).unwrap();
    snapshot.vouch(PINPOINT, identity(&path));
    wait();
    fs::write(&path, &text).unwrap();
    assert!(snapshot.calls(PINPOINT).is_err(), "it is another file now");
}
