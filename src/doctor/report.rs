//! The doctor's report as one value.

use super::access::{Access, Permission, permissions};
use super::blindness::{blind, blind_together};
use super::example::Example;
use super::managed;
use crate::collect::Probe;
use crate::exit::Exit;
use crate::operations::Operation;
use crate::rules::{self, Level, Rule};
use crate::snapshot::Caller;

/// What was examined.
#[derive(Clone, Debug)]
pub struct Examined {
    /// Whose credentials were used.
    pub caller: Caller,
    /// The regions that a collection would look at, in order.
    pub regions: Vec<String>,
    /// How each call ended.
    pub probes: Vec<Probe>,
}

/// What the doctor says.
#[derive(Debug)]
pub struct Report {
    /// Whose credentials were used.
    pub caller: Caller,
    /// The regions that a collection would look at, in order.
    pub regions: Vec<String>,
    /// Every call of the catalogue but the caller's identity.
    pub permissions: Vec<Permission>,
    /// The rules that could not judge, required ones first, in the order of the catalogue.
    pub rules: Vec<BlindRule>,
    /// What AWS's managed policies would do.
    pub managed: Vec<ManagedReport>,
}

/// A rule that could not judge where it applies.
#[derive(Debug)]
pub struct BlindRule {
    /// The rule.
    pub rule: &'static Rule,
    /// The calls that it would miss, in the order of the catalogue, and why.
    pub misses: Vec<(&'static Operation, Access)>,
}

/// A managed policy, and what it would leave out.
#[derive(Debug)]
pub struct ManagedReport {
    /// The policy.
    pub policy: &'static managed::ManagedPolicy,
    /// The calls that it does not allow.
    pub missing: Vec<&'static Operation>,
    /// The rules that would be blind with it alone.
    pub blind: Vec<&'static Rule>,
    /// Whether what is denied is exactly what it does not allow.
    pub fits: bool,
}

impl Report {
    /// Judges what was examined.
    pub async fn of(examined: Examined, example: &Example) -> Self {
        let Examined { caller, regions, probes } = examined;
        let permissions = permissions(&regions, &probes);
        let rules = blind_rules(&permissions, example).await;
        let denied = with(&permissions, |access| access == Access::Denied);
        let mut managed = Vec::new();
        for policy in managed::ALL {
            let missing = policy.missing();
            let blind = blind_together(example, &missing).await;
            let fits = !denied.is_empty() && denied == missing;
            let blind = in_order().filter(|rule| blind.contains_key(rule.id)).collect();
            managed.push(ManagedReport { policy, missing, blind, fits });
        }
        Self { caller, regions, permissions, rules, managed }
    }

    /// How many calls have that answer.
    #[must_use]
    pub fn count(&self, access: Access) -> usize {
        self.permissions.iter().filter(|permission| permission.access() == access).count()
    }

    /// The exit code: 5 where no call is allowed, 3 where a rule that counts would be blind, else 0.
    #[must_use]
    pub fn exit(&self, strict: bool) -> Exit {
        let counts = |blind: &&BlindRule| strict || blind.rule.level == Level::Required;
        if self.count(Access::Allowed) == 0 {
            Exit::NothingEvaluated
        } else if self.rules.iter().any(|blind| counts(&blind)) {
            Exit::NotEvaluated
        } else {
            Exit::Success
        }
    }
}

/// The calls with such an answer, in the order of the catalogue.
fn with(permissions: &[Permission], is_such: impl Fn(Access) -> bool) -> Vec<&'static Operation> {
    let such = permissions.iter().filter(|permission| is_such(permission.access()));
    such.map(|permission| permission.operation).collect()
}

/// Every rule, required ones first.
fn in_order() -> impl Iterator<Item = &'static Rule> {
    let mut rules = rules::ALL.to_vec();
    rules.sort_by_key(|rule| rule.level);
    rules.into_iter()
}

async fn blind_rules(permissions: &[Permission], example: &Example) -> Vec<BlindRule> {
    let missing = with(permissions, Access::is_missing);
    let blind = blind(example, &missing).await;
    let misses = |rule: &Rule| {
        let lacks = blind.get(rule.id)?;
        let missed = permissions.iter().filter(|permission| lacks.contains(permission.operation.name));
        Some(missed.map(|permission| (permission.operation, permission.access())).collect())
    };
    in_order().filter_map(|rule| Some(BlindRule { rule, misses: misses(rule)? })).collect()
}
