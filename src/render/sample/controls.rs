//! Controls with every status, on the catalogue's own definitions.

use super::day;
use crate::pack::{Control, ControlGroup, Program, Status};
use crate::programs;
use crate::rules::Attestation;

fn attestation(id: &str) -> Attestation {
    Attestation {
        id: id.to_owned(),
        statement: format!("We look after {}.", super::NASTY),
        by: Some("J. Doe".to_owned()),
        role: Some("Officer | deputy".to_owned()),
        on: Some(day("2026-07-15")),
        reference: Some("GRC-881".to_owned()),
    }
}

/// Controls of ISO/IEC 27001, one for each status at least.
pub(super) fn controls() -> Vec<Control> {
    let one = |id: &str, status: Status, customer: Option<Status>, aws: Option<Status>| {
        let known = programs::all().iter().flat_map(programs::Program::controls).find(|control| control.id == id);
        let definition = known.expect(id).clone();
        let said = status == Status::Attested;
        let asked = definition.attestations.clone();
        Control {
            status,
            customer,
            aws,
            reports_of: "iso27001".to_owned(),
            reports: aws.map(|_| "arn:aws:artifact:us-east-1::report/report-iso:1".to_owned()).into_iter().collect(),
            attestations: if said { asked.iter().map(|id| attestation(id)).collect() } else { Vec::new() },
            missing: if said { Vec::new() } else { asked },
            definition,
        }
    };
    let (inherited, gap) = (Some(Status::Inherited), Some(Status::InheritedGap));
    vec![
        one("A.13.2.3", Status::NotMet, Some(Status::NotMet), inherited),
        one("A.15.2.2", Status::NotEvaluated, Some(Status::NotEvaluated), None),
        one("A.9.4.2", Status::NeedsAttestation, Some(Status::NeedsAttestation), inherited),
        one("A.11.1.2", Status::InheritedGap, None, gap),
        one("A.5.1.1", Status::Attested, Some(Status::Attested), None),
        one("A.13.2.2", Status::Met, Some(Status::Met), None),
        one("A.11.2.7", Status::Inherited, None, inherited),
        one("A.8.2.1", Status::NotApplicable, Some(Status::NotApplicable), None),
    ]
}

/// Every program with every control, each as if nobody had said anything.
pub(in crate::render) fn programs() -> Vec<Program> {
    let control = |definition: &programs::Control| Control {
        status: Status::NeedsAttestation,
        customer: Some(Status::NeedsAttestation),
        aws: definition.reports.then_some(Status::Inherited),
        reports_of: String::new(),
        reports: Vec::new(),
        attestations: Vec::new(),
        missing: definition.attestations.clone(),
        definition: definition.clone(),
    };
    let group = |program: &programs::Program, group: &programs::Group| {
        let (id, kind) = program.source_of(group);
        ControlGroup {
            title: group.title.clone(),
            edition: group.edition.clone(),
            reports_of: id.to_owned(),
            reports_kind: kind.map(str::to_owned),
            aws: Status::Inherited,
            controls: group.controls.iter().map(control).collect(),
        }
    };
    let program = |program: &programs::Program| Program {
        id: program.id.clone(),
        title: program.title.clone(),
        named_by_aws: program.editions.named_by_aws.clone(),
        on_report: None,
        in_force: program.editions.in_force.clone(),
        checked: program.editions.checked.clone(),
        dates: program.editions.dates.clone(),
        other_numbers: program.editions.other_numbers.clone(),
        groups: program.groups.iter().map(|of| group(program, of)).collect(),
    };
    programs::all().iter().map(program).collect()
}
