use std::fs;

use serde_json::json;

use super::super::call::Question;
use super::super::{Snapshot, hex_sha256};
use super::*;

/// A call as the recorder makes it, at `2026-11-23T21:00:00Z` plus `second`.
pub(in crate::snapshot) fn call(service: &str, operation: &str, application: &str, page: u32, second: u32) -> Call {
    let parameters =
        BTreeMap::from([("ApplicationId".to_owned(), json!(application)), ("Token".to_owned(), json!(second))]);
    let (account, region) = ("111122223333", "us-east-1");
    let id = CallId::derive(&Question { account, region, service, operation, parameters: &parameters, page });
    let started = time(second);
    let body = format!("{{\"Enabled\":true, \"Credential\":\"[redacted]\",\"n\":{second}}}");
    Call {
        id,
        service: service.to_owned(),
        operation: operation.to_owned(),
        account: account.to_owned(),
        region: region.to_owned(),
        parameters,
        page,
        started,
        finished: started + chrono::Duration::milliseconds(20),
        outcome: if second.is_multiple_of(2) { Outcome::Observed } else { Outcome::Truncated },
        error: None,
        http_status: Some(200),
        request_id: Some("r".to_owned()),
        attempts: 1,
        items: None,
        more: false,
        sha256: Some(hex_sha256(body.as_bytes())),
        body: Some(body),
        redactions: vec!["/Credential".to_owned()],
    }
}

pub(in crate::snapshot) fn time(second: u32) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_467_600 + i64::from(second), 0).unwrap()
}

pub(in crate::snapshot) fn collection() -> Collection {
    Collection {
        tool: Tool::this(),
        started: time(0),
        finished: time(60),
        caller: Caller { account: "111122223333".to_owned(), arn: "arn:aws:iam::111122223333:user/auditor".to_owned() },
        organization: None,
        accounts_skipped: Vec::new(),
        shard: None,
        accounts: vec!["111122223333".to_owned()],
        regions: vec!["us-east-1".to_owned()],
        regions_not_scanned: vec!["us-west-2".to_owned()],
    }
}

/// Seven calls in two files, added in no order.
pub(in crate::snapshot) fn calls() -> Vec<Call> {
    vec![
        call("sesv2", "GetAccount", "", 1, 6),
        call("pinpoint", "GetCampaigns", "b", 2, 4),
        call("pinpoint", "GetVoiceChannel", "a", 1, 5),
        call("pinpoint", "GetCampaigns", "b", 10, 3),
        call("pinpoint", "GetCampaigns", "a", 1, 2),
        call("sesv2", "GetEmailIdentity", "", 1, 7),
        call("pinpoint", "GetCampaigns", "b", 1, 1),
    ]
}

pub(in crate::snapshot) fn written(target: &Path, calls: &[Call]) -> Header {
    let mut writer = Writer::create(target, Existing::Refuse).unwrap();
    for call in calls {
        writer.add(call).unwrap();
    }
    writer.finish(collection()).unwrap()
}

#[test]
fn what_is_written_is_read_again_in_a_stable_order() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("snapshot");
    let header = written(&target, &calls());
    let snapshot = Snapshot::open(&target).unwrap();
    snapshot.check().unwrap();
    assert_eq!(snapshot.header, header);
    let path = "calls/111122223333/us-east-1/pinpoint.jsonl";
    let read = snapshot.calls(path).unwrap();
    let asked: Vec<_> = read.iter().map(|call| (call.operation.as_str(), call.page)).collect();
    let campaigns = [1, 1, 2, 10].map(|page| ("GetCampaigns", page));
    assert_eq!(asked, [&campaigns[..], &[("GetVoiceChannel", 1)]].concat());
    assert_eq!(read[0].parameters["ApplicationId"], "a");
    for call in calls().iter().filter(|call| call.service == "pinpoint") {
        assert!(read.contains(call), "{}", call.id);
    }
    assert_eq!((header.calls, header.files[path].calls), (7, 5));
    assert_eq!(header.outcomes, BTreeMap::from([(Outcome::Observed, 3), (Outcome::Truncated, 4)]));
}

#[test]
fn the_same_calls_give_the_same_bytes_in_whatever_order_they_come() {
    let home = tempfile::tempdir().unwrap();
    let (one, two) = (home.path().join("one"), home.path().join("two"));
    let mut calls = calls();
    written(&one, &calls);
    calls.reverse();
    written(&two, &calls);
    let (one, two) = (Snapshot::open(&one).unwrap(), Snapshot::open(&two).unwrap());
    for path in one.files().chain([HEADER]) {
        assert_eq!(one.raw(path).unwrap(), two.raw(path).unwrap(), "{path}");
    }
    assert!(one.raw(HEADER).unwrap().ends_with(b"}\n"));
}

#[test]
fn a_snapshot_without_calls_can_be_opened() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("snapshot");
    written(&target, &[]);
    Snapshot::open(&target).unwrap().check().unwrap();
}

#[test]
fn an_unfinished_snapshot_leaves_nothing() {
    let home = tempfile::tempdir().unwrap();
    let mut writer = Writer::create(&home.path().join("snapshot"), Existing::Refuse).unwrap();
    for call in calls() {
        writer.add(&call).unwrap();
    }
    drop(writer);
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
}

#[test]
fn a_question_asked_twice_is_an_error_that_names_it() {
    let home = tempfile::tempdir().unwrap();
    let mut writer = Writer::create(&home.path().join("snapshot"), Existing::Refuse).unwrap();
    let (first, again) = (call("pinpoint", "GetCampaigns", "a", 1, 1), call("pinpoint", "GetCampaigns", "a", 1, 2));
    writer.add(&first).unwrap();
    writer.add(&again).unwrap();
    let error = writer.finish(collection()).unwrap_err();
    assert!(matches!(&error, WriteError::Duplicate { id } if *id == first.id));
    assert!(error.to_string().contains(&first.id.to_string()));
}

#[test]
fn a_call_that_no_reader_would_accept_is_not_written() {
    let home = tempfile::tempdir().unwrap();
    let mut writer = Writer::create(&home.path().join("snapshot"), Existing::Refuse).unwrap();
    let good = call("pinpoint", "GetCampaigns", "a", 1, 1);
    let mut bad = vec![good.clone(); 6];
    bad[0].account = "../../etc".to_owned();
    bad[1].region = String::new();
    bad[2].sha256 = None;
    bad[3].redactions = vec!["/Enabled".to_owned()];
    bad[4].finished = bad[4].started - chrono::Duration::seconds(1);
    bad[5].id = CallId::from_file("c-0000000000000000");
    for call in bad {
        let error = writer.add(&call).unwrap_err();
        assert!(matches!(error, WriteError::Unsound { .. }), "{error}");
    }
    writer.add(&good).unwrap();
    assert_eq!(writer.finish(collection()).unwrap().calls, 1);
}

#[test]
fn the_header_covers_the_time_of_every_call() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("snapshot");
    let mut writer = Writer::create(&target, Existing::Refuse).unwrap();
    writer.add(&call("pinpoint", "GetApps", "", 1, 100)).unwrap();
    let header = writer.finish(collection()).unwrap();
    assert_eq!((header.started, header.finished), (time(0), time(100) + chrono::Duration::milliseconds(20)));
}

#[test]
fn an_existing_target_is_replaced_only_when_asked() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("snapshot");
    written(&target, &calls());
    let error = Writer::create(&target, Existing::Refuse).unwrap_err();
    assert!(error.hint().is_some() && error.to_string().contains("snapshot"), "{error}");
    let mut writer = Writer::create(&target, Existing::Replace).unwrap();
    writer.add(&calls()[0]).unwrap();
    writer.finish(collection()).unwrap();
    assert_eq!(Snapshot::open(&target).unwrap().header.calls, 1);
}

/// A collection that was stopped after some calls: its journal, and what is noted.
fn stopped(target: &Path, calls: &[Call]) -> std::path::PathBuf {
    let mut writer = Writer::begin(target, Existing::Refuse).unwrap();
    writer.note(b"the plan").unwrap();
    for call in calls {
        writer.add(call).unwrap();
    }
    drop(writer);
    files::lasting(target).join(JOURNAL)
}

fn resumed(target: &Path) -> Writer {
    match Writer::resume(target, Existing::Refuse).unwrap() {
        Resumed::Begun(writer, plan) => {
            assert_eq!(plan, b"the plan");
            *writer
        }
        Resumed::Finished(_) => panic!("it was not finished"),
    }
}

#[test]
fn a_stopped_collection_goes_on_and_ends_in_the_same_bytes() {
    let home = tempfile::tempdir().unwrap();
    let (whole, target) = (home.path().join("whole"), home.path().join("target"));
    let header = written(&whole, &calls());
    for kept in 2..calls().len() {
        let journal = stopped(&target, &calls()[..kept]);
        // A line that was being written when the process was killed.
        let torn = fs::read(&journal).unwrap().len();
        File::options().append(true).open(&journal).unwrap().write_all(b"{\"id\":\"c-0123").unwrap();
        let mut writer = resumed(&target);
        let recalled = writer.recalled().unwrap();
        assert_eq!(fs::metadata(&journal).unwrap().len(), torn as u64, "the torn line is gone");
        for (index, call) in calls().iter().enumerate() {
            assert_eq!(recalled(&call.id).as_ref(), (index < kept).then_some(call));
            writer.add(call).unwrap();
        }
        assert_eq!(writer.finish(collection()).unwrap(), header);
        for path in Snapshot::open(&whole).unwrap().files() {
            assert_eq!(fs::read(whole.join(path)).unwrap(), fs::read(target.join(path)).unwrap(), "{path}");
        }
        assert!(!files::lasting(&target).exists());
        fs::remove_dir_all(&target).unwrap();
    }
}

#[test]
fn what_is_asked_again_takes_the_place_of_what_was_recalled() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("target");
    let (old, new) = (call("pinpoint", "GetApps", "", 1, 1), call("pinpoint", "GetApps", "", 1, 9));
    stopped(&target, &[old.clone(), calls()[0].clone()]);
    let mut writer = resumed(&target);
    writer.add(&new).unwrap();
    drop(writer);
    let mut writer = resumed(&target);
    assert_eq!(writer.recalled().unwrap()(&old.id), Some(new.clone()), "the last one counts");
    writer.add(&new).unwrap();
    assert_eq!(writer.finish(collection()).unwrap().calls, 1);
}

#[test]
fn a_line_that_somebody_changed_is_not_recalled() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("target");
    let journal = stopped(&target, &calls());
    let text = fs::read_to_string(&journal).unwrap().replace("\\\"n\\\":6", "\\\"n\\\":7");
    fs::write(&journal, text).unwrap();
    let recalled = resumed(&target).recalled().unwrap();
    assert_eq!(recalled(&calls()[0].id), None);
    assert_eq!(recalled(&calls()[1].id).as_ref(), Some(&calls()[1]));
}

#[test]
fn a_stopped_collection_is_neither_replaced_nor_taken_for_a_snapshot() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("target");
    stopped(&target, &calls());
    let error = Writer::begin(&target, Existing::Refuse).unwrap_err();
    assert!(error.hint().is_some_and(|hint| hint.contains("--resume")), "{error}");
    assert!(Snapshot::open(&files::lasting(&target)).unwrap_err().to_string().contains("never finished"));
    drop(Writer::begin(&target, Existing::Replace).unwrap());
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0, "nothing was worth keeping");
    assert!(Writer::resume(&target, Existing::Refuse).is_err());
}

#[test]
fn one_that_was_only_missing_its_name_gets_it() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("target");
    let header = written(&target, &calls());
    fs::rename(&target, files::lasting(&target)).unwrap();
    fs::write(files::lasting(&target).join(PLAN), "the plan").unwrap();
    match Writer::resume(&target, Existing::Refuse).unwrap() {
        Resumed::Finished(found) => assert_eq!(*found, header),
        Resumed::Begun(..) => panic!("there was nothing left to do"),
    }
    Snapshot::open(&target).unwrap().check().unwrap();
}

#[test]
fn two_collections_do_not_write_to_the_same_place_at_once() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("target");
    let mut first = Writer::begin(&target, Existing::Refuse).unwrap();
    first.note(b"the plan").unwrap();
    let error = Writer::resume(&target, Existing::Refuse).unwrap_err();
    assert!(error.to_string().contains("another process"), "{error}");
}
