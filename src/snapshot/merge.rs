//! Puts the parts of one collection together, without copying their files.
//!
//! Parts belong together when they set out to look at the same accounts and regions with the same program. Each file of
//! calls belongs to one of them; only how they found their way, the calls to AWS STS and AWS Organizations, stands in
//! several. Of those every call is kept once, as the first part made it. Nothing that was read is thrown away otherwise:
//! two files of one place that differ are an error.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::call::{Call, hex_sha256};
use super::check::{Key, Place};
use super::header::{FileEntry, Header, Shard, Shards};
use super::read::{Parts, Snapshot};
use super::several::SnapshotsError;

/// The services by which a part finds its way.
const WAYS: [&str; 2] = ["organizations", "sts"];

/// The same snapshots, the parts of a collection among them put together.
pub(super) fn together(all: Vec<Snapshot>) -> Result<Vec<Snapshot>, SnapshotsError> {
    let (mut parts, mut whole): (Vec<_>, Vec<_>) = all.into_iter().partition(|each| each.header.shard.is_some());
    if !parts.is_empty() {
        parts.sort_by_key(|part| part.header.shard);
        whole.push(merged(&parts)?);
    }
    Ok(whole)
}

fn merged(parts: &[Snapshot]) -> Result<Snapshot, SnapshotsError> {
    let [first, rest @ ..] = parts else { return Err(SnapshotsError::None) };
    let mut header = first.header.clone();
    for part in rest {
        require_same_plan(&first.header, &part.header)?;
        header.started = header.started.min(part.header.started);
        header.finished = header.finished.max(part.header.finished);
        header.accounts_unread.extend(part.header.accounts_unread.iter().cloned());
        header.calls += part.header.calls;
        for (outcome, count) in &part.header.outcomes {
            *header.outcomes.entry(*outcome).or_default() += count;
        }
    }
    header.accounts_unread.sort();
    header.shards = Some(shards(parts)?);
    header.shard = None;
    let mut files = Files::default();
    for part in parts {
        for (path, entry) in &part.header.files {
            files.add(part, path, entry)?;
        }
    }
    files.into_snapshot(header, first)
}

fn shards(parts: &[Snapshot]) -> Result<Shards, SnapshotsError> {
    let named: Vec<Shard> = parts.iter().filter_map(|part| part.header.shard).collect();
    if let Some(pair) = named.windows(2).find(|pair| pair[0] == pair[1]) {
        let Shard { index, of } = pair[0];
        return Err(SnapshotsError::Parts(format!("two of them are part {index} of {of}")));
    }
    let of = named.first().map_or(1, |shard| shard.of);
    let present: BTreeSet<u32> = named.iter().map(|shard| shard.index).collect();
    Ok(Shards { of, missing: (0..of).filter(|index| !present.contains(index)).collect() })
}

fn require_same_plan(one: &Header, other: &Header) -> Result<(), SnapshotsError> {
    let of = |header: &Header| header.shard.map(|shard| shard.of);
    let differ = [
        ("numbers of parts", of(one) != of(other)),
        ("programs", one.tool != other.tool),
        ("callers' accounts", one.caller.account != other.caller.account),
        ("accounts", one.accounts != other.accounts || one.accounts_skipped != other.accounts_skipped),
        ("regions", one.regions != other.regions || one.regions_not_scanned != other.regions_not_scanned),
    ];
    match differ.into_iter().find(|(_, differ)| *differ) {
        None => Ok(()),
        Some((what, _)) => {
            let index = |header: &Header| header.shard.map(|shard| shard.index).unwrap_or_default();
            let (one, other) = (index(one), index(other));
            Err(SnapshotsError::Parts(format!("parts {one} and {other} are of collections with different {what}")))
        }
    }
}

#[derive(Default)]
struct Files {
    entries: BTreeMap<String, FileEntry>,
    directories: BTreeMap<String, PathBuf>,
    /// The calls of files that stand in several parts, in order.
    ways: BTreeMap<String, BTreeMap<Key, Call>>,
    /// Calls that an earlier part has already.
    dropped: Vec<Call>,
}

impl Files {
    fn add(&mut self, part: &Snapshot, path: &str, entry: &FileEntry) -> Result<(), SnapshotsError> {
        if Place::parse(path).is_some_and(|place| WAYS.contains(&place.service.as_str())) {
            let calls = self.ways.entry(path.to_owned()).or_default();
            for call in part.calls(path)? {
                if let Some(again) = calls.insert(Key::of(&call), call) {
                    // The first part's stays.
                    let later = calls.insert(Key::of(&again), again);
                    self.dropped.extend(later);
                }
            }
            return Ok(());
        }
        match self.entries.insert(path.to_owned(), entry.clone()) {
            None => {
                self.directories.insert(path.to_owned(), part.directory(path).to_owned());
                Ok(())
            }
            Some(_) => Err(SnapshotsError::Parts(format!("two of them looked at the same place: `{path}`"))),
        }
    }

    fn into_snapshot(self, mut header: Header, first: &Snapshot) -> Result<Snapshot, SnapshotsError> {
        let Self { mut entries, directories, ways, dropped } = self;
        let broken = |error: serde_json::Error| SnapshotsError::Parts(error.to_string());
        let mut joined = BTreeMap::new();
        for (path, calls) in ways {
            let mut bytes = Vec::new();
            for call in calls.values() {
                serde_json::to_writer(&mut bytes, call).map_err(broken)?;
                bytes.push(b'\n');
            }
            let (sha256, size) = (hex_sha256(&bytes), bytes.len() as u64);
            entries.insert(path.clone(), FileEntry { sha256, bytes: size, calls: calls.len() as u64 });
            joined.insert(path, bytes);
        }
        for call in dropped {
            header.calls -= 1;
            if let Some(count) = header.outcomes.get_mut(&call.outcome) {
                *count -= 1;
            }
        }
        header.outcomes.retain(|_, count| *count > 0);
        header.files = entries;
        let mut text = serde_json::to_vec_pretty(&header).map_err(broken)?;
        text.push(b'\n');
        Ok(Snapshot::of_parts(header, first, Parts { header: text, directories, joined }))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::several::Snapshots;
    use super::super::write::tests::{call, collection};
    use super::super::{Outcome, Question, Writer};
    use super::*;
    use crate::files::Existing;
    use crate::snapshot::{CallId, Collection};

    /// A part that looked at one region, and asked who it is.
    fn part(home: &Path, index: u32, region: &str, change: impl FnOnce(&mut Collection)) -> PathBuf {
        let target = home.join(format!("part-{index}-{region}"));
        let mut writer = Writer::create(&target, Existing::Refuse).unwrap();
        let mut identity = call("sts", "GetCallerIdentity", "", 1, 2 * index);
        let mut apps = call("pinpoint", "GetApps", "", 1, 2 * index);
        for call in [&mut identity, &mut apps] {
            call.parameters.clear();
            if call.service == "pinpoint" {
                region.clone_into(&mut call.region);
            }
            let Call { account, region, service, operation, parameters, page, .. } = &*call;
            call.id = CallId::derive(&Question { account, region, service, operation, parameters, page: *page });
            writer.add(call).unwrap();
        }
        let regions = vec!["us-east-1".to_owned(), "us-west-2".to_owned()];
        let shard = Some(Shard { index, of: 2 });
        let mut collection = Collection { shard, regions, ..collection() };
        change(&mut collection);
        writer.finish(collection).unwrap();
        target
    }

    #[test]
    fn parts_become_one_snapshot_that_can_be_written_as_it_is() {
        let home = tempfile::tempdir().unwrap();
        let parts = [part(home.path(), 1, "us-west-2", |_| {}), part(home.path(), 0, "us-east-1", |_| {})];
        let snapshots = Snapshots::open(&parts).unwrap();
        assert!(snapshots.earlier.is_empty());
        let header = &snapshots.newest.header;
        assert_eq!(header.shards, Some(Shards { of: 2, missing: Vec::new() }));
        assert_eq!((header.shard, header.calls), (None, 3), "who asks is there once");
        assert_eq!(header.outcomes, BTreeMap::from([(Outcome::Observed, 3)]));
        snapshots.check().unwrap();
        let written = home.path().join("pack");
        snapshots
            .each_file(|path, snapshot, file| {
                let path = written.join(path);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                snapshot.copy(file, &mut std::fs::File::create(path).unwrap()).unwrap();
                Ok::<_, super::super::ReadError>(())
            })
            .unwrap();
        let again = Snapshots::in_pack(&written.join("evidence")).unwrap();
        again.check().unwrap();
        assert_eq!(again.newest.header, *header);
    }

    #[test]
    fn what_is_missing_is_named() {
        let home = tempfile::tempdir().unwrap();
        let snapshots = Snapshots::open(&[part(home.path(), 1, "us-west-2", |_| {})]).unwrap();
        assert_eq!(snapshots.newest.header.shards, Some(Shards { of: 2, missing: vec![0] }));
        snapshots.check().unwrap();
    }

    #[test]
    fn parts_that_do_not_belong_together_are_refused_with_what_differs() {
        type Change = fn(&mut Collection);
        let cases: [(u32, &str, Change, &str); 4] = [
            (0, "us-east-1", |_| {}, "two of them are part 0 of 2"),
            (
                1,
                "us-east-1",
                |_| {},
                "two of them looked at the same place: `calls/111122223333/us-east-1/pinpoint.jsonl`",
            ),
            (1, "us-west-2", |it| it.regions.clear(), "parts 0 and 1 are of collections with different regions"),
            (1, "us-west-2", |it| it.accounts.clear(), "parts 0 and 1 are of collections with different accounts"),
        ];
        for (index, region, change, expected) in cases {
            let (home, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
            let parts = [part(home.path(), 0, "us-east-1", |_| {}), part(other.path(), index, region, change)];
            let error = Snapshots::open(&parts).unwrap_err().to_string();
            assert!(error.ends_with(expected), "{error}");
        }
    }
}
