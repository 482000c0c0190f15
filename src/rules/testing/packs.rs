//! The fixture estates as snapshots on disk, and as packs: for everything that has to hold of every pack.

use std::path::Path;
use std::rc::Rc;

use super::estates::clean;
use super::matrix::{accounts, clean_and_ended};
use super::{ACCOUNT, Account};
use crate::config::Config;
use crate::files::Existing;
use crate::pack::{self, Inputs, Pack};
use crate::period::Period;
use crate::snapshot::several::Snapshots;
use crate::snapshot::write::{Collection, Writer};
use crate::snapshot::{Call, CallId, Caller, Question, Tool, hex_sha256};

/// A fixture estate: the newest account, and those from before.
struct Fixture {
    name: &'static str,
    newest: Rc<Account>,
    earlier: Vec<Account>,
}

fn fixtures() -> Vec<Fixture> {
    let alone = |(name, newest)| Fixture { name, newest, earlier: Vec::new() };
    let mut fixtures: Vec<Fixture> = accounts().into_iter().map(alone).collect();
    let late = super::estates::LATE;
    fixtures.push(Fixture {
        name: "clean-recalled",
        newest: Rc::new(clean_and_ended().at(late.0, late.1)),
        earlier: vec![clean().at("2026-10-20T09:00:00Z", late.1)],
    });
    fixtures
}

/// Every fixture estate as a pack, with its name.
pub(crate) fn packs() -> Vec<(&'static str, Pack)> {
    let mut packs = Vec::new();
    each(|name, _, pack| packs.push((name, pack)));
    packs
}

/// Shows every fixture estate: its name, what a pack is made from, and the pack.
pub(crate) fn each(mut show: impl FnMut(&'static str, &Inputs<'_>, Pack)) {
    for fixture in fixtures() {
        fixture.show(&mut show);
    }
}

impl Fixture {
    fn show(&self, show: &mut impl FnMut(&'static str, &Inputs<'_>, Pack)) {
        let folder = tempfile::tempdir().expect("a folder");
        self.write(folder.path());
        let paths: Vec<_> = (0..=self.earlier.len()).map(|at| folder.path().join(format!("snapshot-{at}"))).collect();
        let snapshots = Snapshots::open(&paths).expect("snapshots");
        let declarations = self.newest.config.as_str();
        let inputs = Inputs {
            snapshots: &snapshots,
            config: &Config::parse(declarations, "evidence.toml").expect("a configuration"),
            declarations: Some(declarations),
            period: Some(self.newest.period.clone()),
        };
        show(self.name, &inputs, pack::build(inputs.clone()).expect(self.name));
    }

    /// `snapshot-0`, …, `evidence.toml` and `period`, as `pack` takes them.
    fn write(&self, folder: &Path) {
        for (at, account) in std::iter::once(self.newest.as_ref()).chain(&self.earlier).enumerate() {
            account.snapshot(&folder.join(format!("snapshot-{at}")));
        }
        std::fs::write(folder.join("evidence.toml"), &self.newest.config).expect("writes");
        let Period { start, end, .. } = &self.newest.period;
        std::fs::write(folder.join("period"), format!("{start}..{end}")).expect("writes");
    }
}

impl Account {
    /// Writes what was answered as a collection would have.
    fn snapshot(&self, target: &Path) {
        let mut writer = Writer::create(target, Existing::Refuse).expect("begins");
        for call in self.calls.values().chain(self.elsewhere.values().flatten()) {
            writer.add(&sound(call)).expect("a sound call");
        }
        let caller = Caller { account: ACCOUNT.to_owned(), arn: format!("arn:aws:iam::{ACCOUNT}:user/auditor") };
        let regions = [self.home].into_iter().chain(self.elsewhere.keys().copied());
        let collection = Collection {
            tool: Tool::this(),
            started: self.at,
            finished: self.at,
            caller,
            organization: None,
            accounts: vec![ACCOUNT.to_owned()],
            accounts_skipped: Vec::new(),
            shard: None,
            regions: regions.map(str::to_owned).collect(),
            regions_not_scanned: self.left_out.clone(),
        };
        writer.finish(collection).expect("finishes");
    }
}

/// The call with the id and the hash that follow from what a test made of it.
fn sound(call: &Call) -> Call {
    let id = CallId::derive(&Question {
        account: &call.account,
        region: &call.region,
        service: &call.service,
        operation: &call.operation,
        parameters: &call.parameters,
        page: call.page,
    });
    Call { id, sha256: call.body.as_deref().map(|body| hex_sha256(body.as_bytes())), ..call.clone() }
}

/// For the checks from outside, which run `pack --from` on them: `cargo test --lib fixture_snapshots -- --ignored`.
#[test]
#[ignore = "writes below target, for the checks from outside"]
fn fixture_snapshots() {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/ci/fixtures");
    let _ = std::fs::remove_dir_all(&target);
    for fixture in fixtures() {
        let folder = target.join(fixture.name);
        std::fs::create_dir_all(&folder).expect("creates");
        fixture.write(&folder);
    }
}
