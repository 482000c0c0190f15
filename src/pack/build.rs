//! Puts a pack together.

use std::collections::BTreeMap;

use chrono::DateTime;

use super::gather::{self, Gathered};
use super::waivers::Waivers;
use super::warnings::{self, Seen};
use super::{Collected, Evidence, EvidenceFile, EvidenceRow, Organization, Pack, Scope};
use super::{Declared, Request, agreements, coverage, reports};
use crate::config::Config;
use crate::estate::{Estate, about};
use crate::period::Period;
use crate::programs;
use crate::rules::{self, Context, Finding, Focus};
use crate::snapshot::read::{ReadError, Snapshot};
use crate::snapshot::several::{self, Snapshots};
use crate::snapshot::{Call, FileEntry, Tool};

/// What a pack is made from. Equal inputs and an equal version of this program give an equal pack.
#[derive(Clone, Debug)]
pub struct Inputs<'a> {
    /// What was collected.
    pub snapshots: &'a Snapshots,
    /// What people declared.
    pub config: &'a Config,
    /// The same, as it was written; `None` when there was none.
    pub declarations: Option<&'a str>,
    /// What the pack covers; the calendar quarter of the collection when `None`.
    pub period: Option<Period>,
}

/// Judges a snapshot.
///
/// # Errors
/// When the snapshot cannot be read or is not what its header says.
pub fn build(inputs: Inputs<'_>) -> Result<Pack, ReadError> {
    let Inputs { snapshots, config, declarations, period } = inputs;
    let Snapshots { newest, earlier } = snapshots;
    let header = &newest.header;
    let mut evidence = Evidence::default();
    let whole = is_held_whole(newest);
    let mut estate = survey(snapshots, (config, whole), |row| evidence.push(row))?;
    evidence.settle();
    let period = period.unwrap_or_else(|| Period::quarter_of(header.finished));
    let Gathered { findings, applications, short_codes, flows, waivers, met, .. } =
        gather::judge(snapshots, (&mut estate, whole), (config, &period), evidence.index())?;
    let context = Context { estate: &estate, config, period: &period, programs: programs::all(), focus: Focus::Beyond };
    let reports = reports::reports(&context);
    let programs = reports::programs(&context, &reports, &findings);
    let seen = Seen { estate: &estate, findings: &findings, unused_waivers: &waivers.without_effect(), met: &met };
    Ok(Pack {
        tool: Tool::this(),
        organization: config.organization.as_ref().map(|organization| Organization {
            name: organization.name.clone(),
            role: organization.role.map(|role| role.as_str().to_owned()),
        }),
        collected: Collected {
            first: earlier.iter().map(|snapshot| snapshot.header.started).fold(header.started, DateTime::min),
            last: header.finished,
        },
        caller: header.caller.clone(),
        retain_until: period.retain_until(),
        summary: findings.runs().map(|run| run.summary).sum(),
        scope: Scope {
            accounts: header.accounts.clone(),
            accounts_unread: header.accounts_unread.clone(),
            accounts_skipped: header.accounts_skipped.clone(),
            regions: header.regions.clone(),
            regions_not_scanned: header.regions_not_scanned.clone(),
            applications,
        },
        short_codes,
        rules: coverage::coverage(&findings),
        programs,
        agreements: agreements::agreements(&estate),
        warnings: warnings::warnings(&seen, config, declarations),
        flows,
        declared: Declared::of(config),
        request: Request::default(),
        reports,
        findings,
        evidence,
        evidence_files: evidence_files(snapshots),
        declarations: declarations.unwrap_or_default().to_owned(),
        period,
        changes: None,
    })
}

/// What the snapshots show. On the way something is made of every call of the newest, and shown in their order.
///
/// # Errors
/// When a snapshot cannot be read or is not what its header says.
pub fn estate<T: Send>(
    snapshots: &Snapshots,
    make: impl Fn(&Call) -> T + Sync,
    show: impl FnMut(T),
) -> Result<Estate, ReadError> {
    let mut estate = Estate::survey(&snapshots.newest, |_, _, call| make(call), show, |_| {})?;
    let before = snapshots.earlier.iter().map(Estate::read).collect::<Result<Vec<_>, ReadError>>()?;
    estate.recall(&before);
    Ok(estate)
}

/// Calls of which the estate takes little memory, whichever they are.
const FEW: u64 = 20_000;

/// Whether all accounts and regions of a snapshot are held at once: where they are few, or one of them is most of it and
/// has to be held anyway.
fn is_held_whole(snapshot: &Snapshot) -> bool {
    let mut largest: BTreeMap<&str, u64> = BTreeMap::new();
    for (path, entry) in &snapshot.header.files {
        *largest.entry(path.rsplit_once('/').map_or("", |(place, _)| place)).or_default() += entry.calls;
    }
    let all = snapshot.header.calls;
    all <= FEW || largest.into_values().max().is_some_and(|largest| 2 * largest >= all)
}

/// What the newest snapshot shows, of each account and region only what is looked up from others where not all are held
/// whole; and a row for every call of every snapshot on the way.
pub(super) fn survey(
    snapshots: &Snapshots,
    (config, whole): (&Config, bool),
    mut each: impl FnMut(EvidenceRow),
) -> Result<Estate, ReadError> {
    let Snapshots { newest, earlier } = snapshots;
    let reduce = |place: &mut _| {
        if !whole {
            rules::reduce(place, config);
        }
    };
    let estate = Estate::survey(newest, row, &mut each, reduce)?;
    for snapshot in earlier {
        for file in snapshot.files() {
            snapshot.made(file, |line, call| earlier_row(snapshot, file, line, &call), &mut each)?;
        }
    }
    Ok(estate)
}

/// The findings with their waivers, judged all at once.
#[must_use]
pub fn judge(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = rules::judge(context);
    Waivers::of(context.config, context.at().date_naive()).apply(&mut findings);
    findings
}

/// Every file of calls, under the name that it has in the pack, with the hash that the header of its snapshot names.
fn evidence_files(snapshots: &Snapshots) -> Vec<EvidenceFile> {
    let of = |snapshot: &Snapshot, folder: &str| -> Vec<EvidenceFile> {
        let file = |(path, entry): (&String, &FileEntry)| EvidenceFile {
            path: format!("evidence/{folder}{path}"),
            sha256: entry.sha256.clone(),
        };
        snapshot.header.files.iter().map(file).collect()
    };
    let earlier =
        snapshots.earlier.iter().flat_map(|snapshot| of(snapshot, &format!("{}/", several::folder(snapshot))));
    of(&snapshots.newest, "").into_iter().chain(earlier).collect()
}

/// A call of an earlier snapshot, under the names that it has in the pack.
fn earlier_row(snapshot: &Snapshot, file: &str, line: u64, call: &Call) -> EvidenceRow {
    let file = format!("{}/{file}", several::folder(snapshot));
    EvidenceRow { id: call.id.of_earlier(snapshot.header.finished), ..row(&file, line, call) }
}

fn row(file: &str, line: u64, call: &Call) -> EvidenceRow {
    let asked: BTreeMap<&str, _> = call.parameters.iter().map(|(name, value)| (name.as_str(), value)).collect();
    EvidenceRow {
        id: call.id.clone(),
        service: call.service.clone(),
        operation: call.operation.clone(),
        about: about(asked.into_iter()),
        account: call.account.clone(),
        region: call.region.clone(),
        page: call.page,
        started: call.started,
        request_id: call.request_id.clone(),
        outcome: call.outcome,
        sha256: call.sha256.clone(),
        file: format!("evidence/{file}"),
        line,
    }
}
