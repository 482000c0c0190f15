//! `hipaa-shared-responsibility`: who does what of HIPAA for messages, per citation, with what shows it. One file per
//! part.
//!
//! The parts follow what an auditor under HHS's protocol takes: one short text per citation, what was examined and not
//! only recorded, and for each addressable specification the decision.

mod addressable;
mod attestations;
mod audit;
mod baa;
mod breach;
mod case;
mod channels;
mod cover;
mod crosswalk;
mod data_flow;
mod evidence;
mod limits;
mod matrix;
mod phi;
mod plan;
mod privacy;
mod reports;
mod result;
mod service;
mod sum;

use super::{Part, WriteUp};
use crate::pack::Pack;
use case::Case;

/// The program that the document is about.
const PROGRAM: &str = "hipaa";

/// The parts that others name, by their number.
mod part {
    pub(super) const PHI: usize = 4;
    pub(super) const BAA: usize = 6;
    pub(super) const BREACH: usize = 10;
    pub(super) const PRIVACY: usize = 11;
    pub(super) const REPORTS: usize = 13;
    pub(super) const PLAN: usize = 14;
    pub(super) const ATTESTATIONS: usize = 15;
    pub(super) const LIMITS: usize = 18;
}

/// The parts but the index of the evidence, which follows from the others.
const BEFORE_EVIDENCE: [fn(&Case<'_>) -> Part; 15] = [
    cover::part,
    result::part,
    service::part,
    phi::part,
    data_flow::part,
    baa::part,
    channels::part,
    matrix::part,
    addressable::part,
    breach::part,
    privacy::part,
    audit::part,
    reports::part,
    plan::part,
    attestations::part,
];

/// What follows the index.
const AFTER_EVIDENCE: [fn(&Case<'_>) -> Part; 2] = [crosswalk::part, limits::part];

/// The document; `None` when the pack does not hold the program.
#[must_use]
pub fn write_up(pack: &Pack) -> Option<WriteUp> {
    let case = Case::new(pack)?;
    let mut parts: Vec<Part> = BEFORE_EVIDENCE.iter().map(|part| part(&case)).collect();
    let after: Vec<Part> = AFTER_EVIDENCE.iter().map(|part| part(&case)).collect();
    let index = evidence::part(&case, parts.iter().chain(&after));
    parts.push(index);
    parts.extend(after);
    Some(WriteUp { parts })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn the_parts_are_those_of_the_outline_and_stand_where_others_say() {
        let pack = sample::with_every_control();
        let write_up = write_up(&pack).expect("the program is there");
        assert_eq!(write_up.parts.len(), 18);
        let title = |number: usize| write_up.parts[number - 1].title;
        for (number, words) in [
            (part::PHI, "Use of PHI"),
            (part::BAA, "Business associate"),
            // Constant sentences name these by number.
            (7, "Channel rules"),
            (8, "Responsibilities"),
            (16, "Evidence index"),
            (part::BREACH, "Breach"),
            (part::PRIVACY, "Privacy"),
            (part::REPORTS, "AWS's audit reports"),
            (part::PLAN, "Findings"),
            (part::ATTESTATIONS, "Attestations"),
            (part::LIMITS, "Limits"),
        ] {
            assert!(title(number).starts_with(words), "{number}: {}", title(number));
        }
    }
}
