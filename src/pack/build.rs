//! Puts a pack together.

use std::collections::BTreeMap;

use chrono::DateTime;

use super::warnings::{self, Seen};
use super::{Collected, EvidenceRow, Organization, Pack, Scope, Summary};
use super::{Declared, Request, agreements, applications, coverage, flows, reports, waivers};
use crate::config::{Config, Waiver};
use crate::estate::{Estate, about};
use crate::period::Period;
use crate::programs;
use crate::rules::{self, Context, Finding};
use crate::snapshot::read::{ReadError, Snapshot};
use crate::snapshot::several::{self, Snapshots};
use crate::snapshot::{Call, Tool};

/// What a pack is made from. Equal inputs and an equal version of this program give an equal pack.
#[derive(Debug)]
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
    let mut evidence = Vec::new();
    let estate = estate(snapshots, |of, file, line, call| {
        evidence.push(match of {
            None => row(file, line, call),
            Some(snapshot) => earlier_row(snapshot, file, line, call),
        });
    })?;
    let period = period.unwrap_or_else(|| Period::quarter_of(header.finished));
    let context = Context { estate: &estate, config, period: &period, programs: programs::all() };
    let (findings, without_effect) = judge(&context);
    let reports = reports::reports(&context);
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
        summary: Summary::of(&findings),
        scope: Scope {
            accounts: header.accounts.clone(),
            accounts_unread: header.accounts_unread.clone(),
            accounts_skipped: header.accounts_skipped.clone(),
            regions: header.regions.clone(),
            regions_not_scanned: header.regions_not_scanned.clone(),
            applications: applications::applications(&estate, config),
        },
        short_codes: rules::chains(&context),
        rules: coverage::coverage(&findings),
        programs: reports::programs(&context, &reports, &findings),
        agreements: agreements::agreements(&estate),
        warnings: warnings::warnings(
            &Seen { estate: &estate, findings: &findings, unused_waivers: &without_effect },
            config,
            declarations,
        ),
        flows: flows::flows(&estate, config, &findings),
        declared: Declared::of(config),
        request: Request::default(),
        reports,
        findings,
        evidence,
        declarations: declarations.unwrap_or_default().to_owned(),
        period,
        changes: None,
    })
}

/// What the snapshots show, and every call on the way: the earlier snapshot that it is of (`None` for the newest), the
/// file below that snapshot, the 1-based line, and the call.
///
/// # Errors
/// When a snapshot cannot be read or is not what its header says.
pub fn estate(
    snapshots: &Snapshots,
    mut each: impl FnMut(Option<&Snapshot>, &str, u64, &Call),
) -> Result<Estate, ReadError> {
    let mut estate = Estate::read(&snapshots.newest, |file, line, call| each(None, file, line, call))?;
    let mut before = Vec::new();
    for snapshot in &snapshots.earlier {
        before.push(Estate::read(snapshot, |file, line, call| each(Some(snapshot), file, line, call))?);
    }
    estate.recall(&before);
    Ok(estate)
}

/// The findings with their waivers, and the waivers that name none.
#[must_use]
pub fn judge<'c>(context: &Context<'c>) -> (Vec<Finding>, Vec<&'c Waiver>) {
    let mut findings = rules::judge(context);
    let without_effect = waivers::apply(&mut findings, context.config, context.at().date_naive());
    (findings, without_effect)
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
