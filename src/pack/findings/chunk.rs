//! How a finding of a known rule is written down, and the statements and waivers that stand beside many of them.

use super::mark;
use crate::pack::packed::{Packer, Place, Shared, Unpacker};
use crate::rules::{AppliedWaiver, Attestation, Finding, Level};

/// Statements and waivers, each once.
#[derive(Clone, Debug, Default)]
pub(super) struct Beside {
    attestations: Vec<Attestation>,
    waivers: Vec<AppliedWaiver>,
}

impl Beside {
    pub(super) fn attestations(&self) -> &[Attestation] {
        &self.attestations
    }

    pub(super) const fn has_waivers(&self) -> bool {
        !self.waivers.is_empty()
    }
}

/// The place of a value in a list that holds it once; 0 stands for none.
fn place_of<T: PartialEq + Clone>(value: Option<&T>, all: &mut Vec<T>) -> u64 {
    let Some(value) = value else { return 0 };
    let known = all.iter().rposition(|other| other == value);
    let at = known.unwrap_or_else(|| {
        all.push(value.clone());
        all.len() - 1
    });
    at as u64 + 1
}

fn at_place<T: Clone>(place: u64, all: &[T]) -> Option<T> {
    usize::try_from(place.checked_sub(1)?).ok().and_then(|at| all.get(at)).cloned()
}

/// Packs findings of one rule.
pub(super) fn pack(findings: &[Finding], shared: &mut Shared, beside: &mut Beside) -> Place {
    shared.pack(|packer| {
        packer.number(findings.len() as u64);
        for finding in findings {
            pack_one(finding, packer, beside);
        }
    })
}

/// The reverse.
pub(super) fn unpack(
    place: Place,
    (rule, level): (&'static str, Level),
    shared: &Shared,
    beside: &Beside,
) -> Vec<Finding> {
    shared.unpack(place, |from| (0..from.number()).map(|_| unpack_one(from, (rule, level), beside)).collect())
}

fn pack_one(finding: &Finding, into: &mut Packer<'_>, beside: &mut Beside) {
    into.text(&finding.account);
    into.optional(finding.region.as_deref());
    into.text(&finding.resource);
    into.optional(finding.resource_name.as_deref());
    into.number(u64::from(mark::of_verdict(finding.verdict)));
    into.text(&finding.message);
    into.number(place_of(finding.attestation.as_ref(), &mut beside.attestations));
    into.number(place_of(finding.waiver.as_ref(), &mut beside.waivers));
    into.calls(&finding.evidence);
}

fn unpack_one(from: &mut Unpacker<'_>, (rule, level): (&'static str, Level), beside: &Beside) -> Finding {
    Finding {
        rule,
        level,
        account: from.text(),
        region: from.optional(),
        resource: from.text(),
        resource_name: from.optional(),
        verdict: mark::verdict(u8::try_from(from.number()).unwrap_or(u8::MAX)),
        message: from.text(),
        attestation: at_place(from.number(), &beside.attestations),
        waiver: at_place(from.number(), &beside.waivers),
        evidence: from.calls(),
    }
}
