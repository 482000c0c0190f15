//! The report as JSON: a frozen wire copy, `pinpoint-evidence/doctor/v1`.

use serde::Serialize;

use super::SCHEMA;
use super::access::{Access, Permission, Place};
use super::managed;
use super::report::{BlindRule, ManagedReport, Report};
use crate::rules::Level;
use crate::snapshot::{Caller, Tool};

#[derive(Serialize)]
struct Wire<'a> {
    schema: &'static str,
    tool: Tool,
    caller: &'a Caller,
    regions: &'a [String],
    summary: Summary,
    calls: Vec<CallWire<'a>>,
    rules: Vec<RuleWire>,
    managed_policies: Vec<PolicyWire>,
}

#[derive(Serialize)]
struct Summary {
    allowed: usize,
    denied: usize,
    unclear: usize,
    not_probed: usize,
    nothing_to_ask: usize,
    not_offered: usize,
    required_rules_blind: usize,
    recommended_rules_blind: usize,
}

#[derive(Serialize)]
struct CallWire<'a> {
    service: &'static str,
    operation: &'static str,
    action: String,
    access: &'static str,
    regions: Vec<PlaceWire<'a>>,
}

#[derive(Serialize)]
struct PlaceWire<'a> {
    region: &'a str,
    access: &'static str,
    outcome: Option<&'static str>,
    message: Option<&'a str>,
    of_nothing: bool,
}

#[derive(Serialize)]
struct RuleWire {
    id: &'static str,
    title: &'static str,
    level: &'static str,
    misses: Vec<MissWire>,
}

#[derive(Serialize)]
struct MissWire {
    action: String,
    access: &'static str,
}

#[derive(Serialize)]
struct PolicyWire {
    name: &'static str,
    version: &'static str,
    as_of: &'static str,
    missing: Vec<String>,
    too_much: Vec<&'static str>,
    blind_rules: Vec<&'static str>,
    fits: bool,
}

/// The report as JSON text.
///
/// # Errors
/// Never with the types of this module; the serialiser's signature says so.
pub fn json(report: &Report) -> Result<String, serde_json::Error> {
    let level = |level: Level| report.rules.iter().filter(|blind| blind.rule.level == level).count();
    let wire = Wire {
        schema: SCHEMA,
        tool: Tool::this(),
        caller: &report.caller,
        regions: &report.regions,
        summary: Summary {
            allowed: report.count(Access::Allowed),
            denied: report.count(Access::Denied),
            unclear: report.count(Access::Unclear),
            not_probed: report.count(Access::NotProbed),
            nothing_to_ask: report.count(Access::NothingToAsk),
            not_offered: report.count(Access::NotOffered),
            required_rules_blind: level(Level::Required),
            recommended_rules_blind: level(Level::Recommended),
        },
        calls: report.permissions.iter().map(call).collect(),
        rules: report.rules.iter().map(rule).collect(),
        managed_policies: report.managed.iter().map(policy).collect(),
    };
    serde_json::to_string_pretty(&wire).map(|text| text + "\n")
}

fn call(permission: &Permission) -> CallWire<'_> {
    let operation = permission.operation;
    CallWire {
        service: operation.service.as_str(),
        operation: operation.name,
        action: operation.action(),
        access: permission.access().as_str(),
        regions: permission.places.iter().map(place).collect(),
    }
}

fn place(place: &Place) -> PlaceWire<'_> {
    PlaceWire {
        region: &place.region,
        access: place.access.as_str(),
        outcome: place.outcome.map(crate::snapshot::Outcome::as_str),
        message: place.message.as_deref(),
        of_nothing: place.of_nothing,
    }
}

fn rule(blind: &BlindRule) -> RuleWire {
    let miss = |(operation, access): &(&crate::operations::Operation, Access)| MissWire {
        action: operation.action(),
        access: access.as_str(),
    };
    RuleWire {
        id: blind.rule.id,
        title: blind.rule.title,
        level: blind.rule.level.as_str(),
        misses: blind.misses.iter().map(miss).collect(),
    }
}

fn policy(managed: &ManagedReport) -> PolicyWire {
    PolicyWire {
        name: managed.policy.name,
        version: managed.policy.version,
        as_of: managed::AS_OF,
        missing: managed.missing.iter().map(|operation| operation.action()).collect(),
        too_much: managed.policy.too_much(),
        blind_rules: managed.blind.iter().map(|rule| rule.id).collect(),
        fits: managed.fits,
    }
}
