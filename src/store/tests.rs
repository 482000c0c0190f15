use std::fs;
use std::path::Path;
use std::sync::Arc;

use chrono::DateTime;
use futures_util::TryStreamExt as _;
use object_store::memory::InMemory;
use object_store::{ObjectStore, ObjectStoreExt as _};

use super::*;

const PLACE: &str = "s3://evidence/2026-Q4/pack";

fn remote(store: &Arc<InMemory>) -> Remote {
    let location = Location::parse(Path::new(PLACE)).expect("a location").expect("parses");
    Remote::new(store.clone(), location)
}

/// A directory with a marker and two more files, one of them below a folder and larger than a part.
fn directory(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("evidence")).expect("a folder");
    fs::write(folder.path().join("manifest.json"), format!("the manifest of {text}")).expect("writes");
    fs::write(folder.path().join("index.md"), text).expect("writes");
    fs::write(folder.path().join("evidence/calls.jsonl"), text.repeat(PART / text.len() + 1)).expect("writes");
    folder
}

fn upload(remote: &Remote, directory: &Path, existing: Existing) -> Upload {
    let now = DateTime::parse_from_rfc3339("2026-11-28T09:00:00Z").expect("a time").to_utc();
    Upload::new(remote, directory, existing, now).expect("a directory of ours")
}

/// Every key and its size, in order.
async fn listed(store: &Arc<InMemory>) -> Vec<(String, u64)> {
    let objects: Vec<ObjectMeta> = store.list(None).try_collect().await.expect("lists");
    let mut keys: Vec<_> = objects.into_iter().map(|object| (object.location.to_string(), object.size)).collect();
    keys.sort();
    keys
}

async fn put(store: &Arc<InMemory>, key: &str, text: &str) {
    store.put(&Key::from(key), text.to_owned().into()).await.expect("puts");
}

fn same(one: &Path, other: &Path) -> bool {
    ["manifest.json", "index.md", "evidence/calls.jsonl"]
        .iter()
        .all(|path| fs::read(one.join(path)).expect("reads") == fs::read(other.join(path)).expect("reads"))
}

async fn downloaded(remote: &Remote) -> Result<tempfile::TempDir, StoreError> {
    let folder = tempfile::tempdir().expect("a folder");
    remote.download(folder.path()).await.map(|()| folder)
}

#[tokio::test]
async fn what_was_uploaded_comes_back_byte_for_byte_and_nothing_else_stays() {
    let store = Arc::new(InMemory::new());
    let (remote, pack) = (remote(&store), directory("a pack"));
    let uploaded = upload(&remote, pack.path(), Existing::Refuse).run().await.expect("uploads");
    assert_eq!(uploaded, Uploaded { files: 3, left: None });
    let keys: Vec<String> = listed(&store).await.into_iter().map(|(key, _)| key).collect();
    let expected = ["evidence/calls.jsonl", "index.md", "manifest.json"];
    assert_eq!(keys, expected.map(|path| format!("2026-Q4/pack/{path}")));
    assert!(same(pack.path(), downloaded(&remote).await.expect("downloads").path()));
}

#[tokio::test]
async fn what_is_there_is_refused_and_with_force_replaced_as_a_whole() {
    let store = Arc::new(InMemory::new());
    let (remote, old, new) = (remote(&store), directory("old"), directory("new"));
    fs::write(old.path().join("only-in-the-old.md"), "old").expect("writes");
    upload(&remote, old.path(), Existing::Refuse).run().await.expect("uploads");
    let before = listed(&store).await;
    let refused = upload(&remote, new.path(), Existing::Refuse);
    assert!(matches!(refused.run().await, Err(StoreError::Exists { .. })));
    assert!(matches!(remote.check(Existing::Refuse).await, Err(StoreError::Exists { .. })));
    upload(&remote, new.path(), Existing::Replace).run().await.expect("replaces");
    assert!(same(new.path(), downloaded(&remote).await.expect("downloads").path()));
    assert_eq!(listed(&store).await.len(), before.len() - 1, "the file of the old one is gone");
}

#[tokio::test]
async fn an_upload_that_was_refused_leaves_the_place_as_it_was() {
    let store = Arc::new(InMemory::new());
    let (remote, old, new) = (remote(&store), directory("old"), directory("new"));
    upload(&remote, old.path(), Existing::Refuse).run().await.expect("uploads");
    let before = listed(&store).await;
    let refused = upload(&remote, new.path(), Existing::Refuse);
    refused.run().await.expect_err("is there");
    assert_eq!(listed(&store).await, before);
    refused.withdraw().await;
    assert_eq!(listed(&store).await, before);
    assert!(same(old.path(), downloaded(&remote).await.expect("downloads").path()));
}

#[tokio::test]
async fn of_two_writers_exactly_one_wins_and_what_it_wrote_is_whole() {
    let store = Arc::new(InMemory::new());
    let remote = remote(&store);
    let (one, two) = (directory("one"), directory("two"));
    let (first, second) =
        (upload(&remote, one.path(), Existing::Refuse), upload(&remote, two.path(), Existing::Refuse));
    let (first, second) = futures_util::future::join(first.run(), second.run()).await;
    assert_ne!(first.is_ok(), second.is_ok());
    let winner = if first.is_ok() { &one } else { &two };
    assert!(same(winner.path(), downloaded(&remote).await.expect("downloads").path()));
}

#[tokio::test]
async fn an_upload_that_was_killed_is_no_pack_and_only_force_takes_it_over() {
    let store = Arc::new(InMemory::new());
    let (remote, pack) = (remote(&store), directory("a pack"));
    put(&store, "2026-Q4/pack/.unfinished", "{}").await;
    put(&store, "2026-Q4/pack/half.md", "half").await;
    assert!(matches!(downloaded(&remote).await, Err(StoreError::Unfinished { .. })));
    assert!(matches!(remote.check(Existing::Refuse).await, Err(StoreError::Unfinished { .. })));
    let refused = upload(&remote, pack.path(), Existing::Refuse);
    assert!(matches!(refused.run().await, Err(StoreError::Unfinished { .. })));
    assert!(refused.withdraw().await, "it had put nothing");
    assert_eq!(listed(&store).await.len(), 2);
    upload(&remote, pack.path(), Existing::Replace).run().await.expect("takes over");
    assert_eq!(listed(&store).await.len(), 3, "without the half, and without the claim");
}

#[tokio::test]
async fn whoever_was_overtaken_puts_no_marker() {
    let store = Arc::new(InMemory::new());
    let (remote, pack) = (remote(&store), directory("a pack"));
    let slow = upload(&remote, pack.path(), Existing::Refuse);
    slow.claim().await.expect("claims");
    put(&store, "2026-Q4/pack/.unfinished", "somebody else's").await;
    assert!(matches!(slow.require_claim().await, Err(StoreError::Superseded { .. })));
    // And if it did not look, the condition on the marker stops it.
    put(&store, "2026-Q4/pack/manifest.json", "somebody else's").await;
    assert!(matches!(slow.put_marker(None).await, Err(StoreError::Superseded { .. })));
    let stale = Some(UpdateVersion { e_tag: Some("0".to_owned()), version: None });
    assert!(matches!(slow.put_marker(stale).await, Err(StoreError::Superseded { .. })));
    assert!(slow.withdraw().await, "nothing of it is there");
    assert_eq!(listed(&store).await.len(), 2);
}

#[tokio::test]
async fn a_marker_whose_answer_got_lost_counts_when_it_is_there() {
    let store = Arc::new(InMemory::new());
    let (remote, pack) = (remote(&store), directory("a pack"));
    let upload = upload(&remote, pack.path(), Existing::Refuse);
    upload.put_marker(None).await.expect("puts");
    upload.put_marker(None).await.expect("is its own");
}

#[tokio::test]
async fn a_withdrawn_upload_leaves_nothing() {
    let store = Arc::new(InMemory::new());
    let (remote, pack) = (remote(&store), directory("a pack"));
    let upload = upload(&remote, pack.path(), Existing::Refuse);
    upload.claim().await.expect("claims");
    upload.put("index.md").await.expect("puts");
    assert!(upload.withdraw().await);
    assert!(listed(&store).await.is_empty());
}

#[tokio::test]
async fn what_is_not_ours_is_never_replaced() {
    let store = Arc::new(InMemory::new());
    let (remote, pack) = (remote(&store), directory("a pack"));
    put(&store, "2026-Q4/pack/holiday.jpg", "not ours").await;
    put(&store, "2026-Q4/packaging/other.md", "beside it").await;
    for existing in [Existing::Refuse, Existing::Replace] {
        let found = remote.check(existing).await;
        assert!(matches!(found, Err(StoreError::NotOurs { ref path, .. }) if path == "holiday.jpg"), "{found:?}");
        let upload = upload(&remote, pack.path(), existing);
        assert!(matches!(upload.run().await, Err(StoreError::NotOurs { .. })));
    }
    assert!(matches!(downloaded(&remote).await, Err(StoreError::Missing { .. })));
}

#[test]
fn what_the_store_says_is_told_in_one_sentence_without_its_secrets() {
    let location = Location::parse(Path::new(PLACE)).expect("a location").expect("parses");
    let told = |code: &str, more: &str| {
        let body =
            format!("<Error><Code>{code}</Code><AWSAccessKeyId>AKIAIOSFODNN7EXAMPLE</AWSAccessKeyId>{more}</Error>");
        let error = object_store::Error::Generic { store: "S3", source: body.into() };
        error::classify(&location, "list", "", &error).to_string()
    };
    assert_eq!(told("NoSuchBucket", ""), "the bucket of `s3://evidence/2026-Q4/pack` does not exist");
    for code in ["ExpiredToken", "AccessDenied", "SignatureDoesNotMatch"] {
        assert_eq!(told(code, ""), format!("no permission to list `s3://evidence/2026-Q4/pack` ({code})"));
    }
    assert_eq!(
        told("AuthorizationHeaderMalformed", "<Region>eu-west-1</Region>"),
        "the bucket of `s3://evidence/2026-Q4/pack` is in another region, eu-west-1"
    );
    assert_eq!(told("SlowDown", ""), "failed to list `s3://evidence/2026-Q4/pack`: SlowDown");
}
