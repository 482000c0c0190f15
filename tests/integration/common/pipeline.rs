//! From answers to verdicts inside this process, at the demo's own time and without waiting for anything.

use std::path::Path;
use std::sync::Arc;

use pinpoint_evidence::collect::in_process::{Reply, WireRequest};
use pinpoint_evidence::collect::{self, CallerError, Clock, Pace, Plan, in_process};
use pinpoint_evidence::config::Config;
use pinpoint_evidence::demo;
use pinpoint_evidence::files::Existing;
use pinpoint_evidence::pack::{self, Inputs, Pack};
use pinpoint_evidence::snapshot::several::Snapshots;
use pinpoint_evidence::snapshot::{Call, Collection, Tool, Writer};

/// Where the collections of this module look.
pub(crate) const REGION: &str = "us-east-1";

/// A pack and the calls that it was made from.
pub(crate) struct Judged {
    pub(crate) pack: Pack,
    pub(crate) calls: Vec<Call>,
}

/// Collects, writes, reads and judges.
pub(crate) fn judge<R: Into<Reply>>(
    answer: impl Fn(&WireRequest) -> R + Send + Sync + 'static,
    config: &str,
) -> Result<Judged, CallerError> {
    let directory = tempfile::tempdir().expect("a directory");
    let snapshot = directory.path().join("snapshot");
    collect(answer, &snapshot)?;
    Ok(read(&snapshot, config))
}

/// Where and when a collection looks.
pub(crate) struct Scope<'a> {
    pub(crate) regions: Vec<String>,
    pub(crate) regions_not_scanned: Vec<String>,
    pub(crate) now: &'a str,
}

/// Collects one region into a snapshot, at the demo's time.
pub(crate) fn collect<R: Into<Reply>>(
    answer: impl Fn(&WireRequest) -> R + Send + Sync + 'static,
    target: &Path,
) -> Result<(), CallerError> {
    collect_at(demo::NOW, answer, target)
}

/// The same at another time.
pub(crate) fn collect_at<R: Into<Reply>>(
    now: &str,
    answer: impl Fn(&WireRequest) -> R + Send + Sync + 'static,
    target: &Path,
) -> Result<(), CallerError> {
    let scope = Scope { regions: vec![REGION.to_owned()], regions_not_scanned: Vec::new(), now };
    collect_in(scope, answer, target)
}

/// Collects into a snapshot.
pub(crate) fn collect_in<R: Into<Reply>>(
    scope: Scope<'_>,
    answer: impl Fn(&WireRequest) -> R + Send + Sync + 'static,
    target: &Path,
) -> Result<(), CallerError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let aws = in_process::aws(REGION, answer);
    let now = scope.now.parse().expect("a time");
    let clock: Clock = Arc::new(move || now);
    let (identity, caller) = runtime.block_on(collect::caller(&aws, &clock));
    let caller = caller?;
    let mut calls = vec![identity];
    let plan = Plan::own(&caller.account, scope.regions, Pace::Unlimited);
    let mut sink = |call| {
        calls.push(call);
        Ok(())
    };
    runtime.block_on(collect::collect(&aws, &plan, &clock, &mut sink)).expect("the sink takes everything");
    let mut writer = Writer::create(target, Existing::Refuse).expect("begins");
    for call in &calls {
        writer.add(call).expect("a sound call");
    }
    let header = Collection {
        tool: Tool::this(),
        started: now,
        finished: now,
        accounts: vec![caller.account.clone()],
        caller,
        organization: None,
        accounts_skipped: Vec::new(),
        shard: None,
        regions: plan.regions,
        regions_not_scanned: scope.regions_not_scanned,
    };
    writer.finish(header).expect("writes");
    Ok(())
}

/// Judges a snapshot on disk.
pub(crate) fn read(snapshot: &Path, config: &str) -> Judged {
    let snapshots = Snapshots::open(&[snapshot.to_owned()]).expect("a snapshot");
    let newest = &snapshots.newest;
    let calls = newest.files().flat_map(|file| newest.calls(file).expect("calls")).collect();
    let config = Config::parse(config, "evidence.toml").expect("a configuration");
    let inputs = Inputs { snapshots: &snapshots, config: &config, declarations: None, period: None };
    Judged { pack: pack::build(inputs).expect("a pack"), calls }
}
