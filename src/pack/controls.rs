//! The controls of a program with what the pack holds on each. Pure.

use super::model::REPORTS_RULE;
use super::timeline::stands;
use super::{Control, ControlGroup, Findings, Found, Report, Status};
use crate::config::Config;
use crate::programs::{self, Program};
use crate::rules::{Attestation, Verdict};

/// What the controls of every program rest on.
pub(super) struct Basis<'a> {
    findings: &'a Findings,
    config: &'a Config,
    reports: &'a [Report],
}

impl<'a> Basis<'a> {
    pub(super) const fn new(findings: &'a Findings, config: &'a Config, reports: &'a [Report]) -> Self {
        Self { findings, config, reports }
    }

    /// The controls of a program. `covers` says whether the reports of a program, of one kind or of any, cover the
    /// period; `None` when that was not read.
    pub(super) fn groups(
        &self,
        program: &Program,
        covers: impl Fn(&str, Option<&str>) -> Option<bool>,
    ) -> Vec<ControlGroup> {
        let group = |group: &programs::Group| {
            let (id, kind) = program.source_of(group);
            let aws = AwsPart {
                status: Status::of_aws(self.report_finding(id).as_deref(), covers(id, kind)),
                reports: self.pointers(id, kind),
                program: id,
            };
            ControlGroup {
                title: group.title.clone(),
                edition: group.edition.clone(),
                reports_of: id.to_owned(),
                reports_kind: kind.map(str::to_owned),
                aws: aws.status,
                controls: group.controls.iter().map(|control| self.control(control, &aws)).collect(),
            }
        };
        program.groups.iter().map(group).collect()
    }

    fn control(&self, definition: &programs::Control, of_aws: &AwsPart<'_>) -> Control {
        let given = |id: &String| self.config.attestations.iter().any(|attestation| attestation.id == *id);
        let asked = &definition.attestations;
        let has_customer_part = !definition.rules.is_empty() || !asked.is_empty();
        let customer = has_customer_part
            .then(|| Status::of_customer(self.verdicts(definition, of_aws.program), asked.iter().map(given)));
        let aws = definition.reports.then_some(of_aws.status);
        Control {
            status: Status::of_parts(customer, aws),
            customer,
            aws,
            reports_of: of_aws.program.to_owned(),
            reports: if definition.reports { of_aws.reports.clone() } else { Vec::new() },
            attestations: asked.iter().flat_map(|id| self.statements(id)).collect(),
            missing: asked.iter().filter(|id| !given(id)).cloned().collect(),
            definition: definition.clone(),
        }
    }

    /// The verdicts of a control's rules; of the rule about reports, that on one program.
    fn verdicts<'s>(&'s self, definition: &'s programs::Control, program: &str) -> impl Iterator<Item = Verdict> + 's {
        let own = self.report_finding(program).map(|finding| finding.verdict);
        definition.rules.iter().flat_map(move |rule| {
            let is_on_reports = rule == REPORTS_RULE;
            let of_rule = self.findings.runs().filter(move |run| run.rule == rule && !is_on_reports);
            of_rule.flat_map(|run| run.verdicts.keys().copied()).chain(own.filter(|_| is_on_reports))
        })
    }

    fn report_finding(&self, program: &str) -> Option<Found> {
        let resource = format!("program/{program}");
        self.findings.of_rule(REPORTS_RULE).map(|(_, finding)| finding).find(|finding| finding.resource == resource)
    }

    /// The ARNs of the published reports that stand for AWS's part, else their ids; each once.
    fn pointers(&self, program: &str, kind: Option<&str>) -> Vec<String> {
        let published =
            |report: &Report| report.state.as_deref().is_some_and(|state| state.eq_ignore_ascii_case("PUBLISHED"));
        let mut pointers: Vec<String> = Vec::new();
        for report in self.reports.iter().filter(|report| published(report) && stands(report, (program, kind))) {
            let pointer = report.arn.as_ref().unwrap_or(&report.id);
            if !pointers.contains(pointer) {
                pointers.push(pointer.clone());
            }
        }
        pointers
    }

    fn statements(&self, id: &String) -> impl Iterator<Item = Attestation> {
        self.config.attestations.iter().filter(move |attestation| attestation.id == *id).map(Attestation::from)
    }
}

/// What stands for AWS's part of the controls of a group.
struct AwsPart<'a> {
    status: Status,
    reports: Vec<String>,
    program: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Finding, Level};

    fn finding(rule: &'static str, resource: &str, verdict: Verdict) -> Finding {
        Finding {
            rule,
            level: Level::Required,
            account: "111122223333".into(),
            region: None,
            resource: resource.into(),
            resource_name: None,
            verdict,
            message: String::new(),
            evidence: Vec::new(),
            attestation: None,
            waiver: None,
        }
    }

    fn report(kind: Option<&str>, bridge_letter: bool, arn: &str) -> Report {
        Report {
            program: Some("soc".into()),
            kind: kind.map(str::to_owned),
            arn: Some(arn.into()),
            id: "report-a".into(),
            name: None,
            series: None,
            category: None,
            version: None,
            period_start: None,
            period_end: None,
            state: Some("PUBLISHED".into()),
            usable: true,
            covers_period: None,
            gap_days: None,
            bridge_letter,
            evidence: Vec::new(),
        }
    }

    /// The control with that id, judged on some findings and a configuration.
    fn judged(id: &str, findings: &[Finding], config: &str, covers: bool) -> Control {
        let config = Config::parse(config, "evidence.toml").expect("a configuration");
        let reports = [
            report(Some("SOC 1"), false, "arn:soc1"),
            report(Some("SOC 2"), false, "arn:soc2"),
            report(None, true, "arn:letter"),
        ];
        let findings = findings.iter().cloned().collect();
        let basis = Basis::new(&findings, &config, &reports);
        let program = programs::all().iter().find(|program| program.controls().any(|control| control.id == id));
        let groups = basis.groups(program.expect(id), |_, _| Some(covers));
        groups.into_iter().flat_map(|group| group.controls).find(|control| control.definition.id == id).expect(id)
    }

    const IR: &str =
        "[[attestation]]\nid = 'ir'\nstatement = 'Plan 4.'\nby = 'J. Doe'\nrole = 'Officer'\non = 2026-07-15\n";

    #[test]
    fn both_parts_are_shown_and_the_worse_stands() {
        let table = [
            (Verdict::Pass, Verdict::Pass, true, (Status::Met, Status::Met, Status::Inherited)),
            (Verdict::Pass, Verdict::Pass, false, (Status::InheritedGap, Status::Met, Status::InheritedGap)),
            (Verdict::Fail, Verdict::Pass, true, (Status::NotMet, Status::NotMet, Status::Inherited)),
            (Verdict::Pass, Verdict::Fail, true, (Status::InheritedGap, Status::Met, Status::InheritedGap)),
        ];
        for (tls, soc, covers, expected) in table {
            let findings = [finding("email-tls-required", "arn:x", tls), finding(REPORTS_RULE, "program/soc", soc)];
            let control = judged("164.312(e)(2)(i)", &findings, "", covers);
            assert_eq!((control.status, control.customer.expect("one"), control.aws.expect("one")), expected);
        }
    }

    #[test]
    fn a_waiver_never_changes_the_status() {
        let mut fail = finding("voice-channel-disabled", "arn:x", Verdict::Fail);
        fail.waiver = Some(crate::rules::AppliedWaiver {
            reason: "r".into(),
            owner: "a".into(),
            approver: "b".into(),
            ticket: "T-1".into(),
            approved_on: "2026-01-01".parse().expect("a day"),
            expires: "2026-12-31".parse().expect("a day"),
            valid: true,
        });
        assert_eq!(judged("164.530(c)", &[fail], "", true).status, Status::NotMet);
    }

    #[test]
    fn a_statement_is_found_by_its_id_and_a_missing_one_is_named() {
        let missing = judged("164.404", &[], "", true);
        assert_eq!((missing.status, missing.missing), (Status::NeedsAttestation, vec!["ir".to_owned()]));
        let given = judged("164.404", &[], IR, true);
        assert_eq!((given.status, given.missing), (Status::Attested, Vec::new()));
        assert_eq!(given.attestations[0].statement, "Plan 4.");
    }

    #[test]
    fn a_fact_that_is_not_collected_is_never_met() {
        let findings: Vec<Finding> = crate::rules::ALL
            .iter()
            .map(|rule| finding(rule.id, "arn:x", Verdict::Pass))
            .chain(programs::IDS.iter().map(|id| finding(REPORTS_RULE, &format!("program/{id}"), Verdict::Pass)))
            .collect();
        for id in ["164.312(a)(1)", "164.312(b)", "IA-2(1)", "AU-12", "CC7.2", "A.9.2.3"] {
            assert_eq!(judged(id, &findings, "", true).status, Status::NeedsAttestation, "{id}");
        }
    }

    #[test]
    fn the_part_of_aws_rests_on_the_kind_of_report_that_the_control_needs() {
        let findings = [finding(REPORTS_RULE, "program/soc", Verdict::Pass)];
        let control = judged("CC6.4", &findings, "", true);
        assert_eq!((control.status, control.customer), (Status::Inherited, None));
        assert_eq!(control.reports, ["arn:soc2", "arn:letter"]);
        assert_eq!(judged("CC6.4", &findings, "", false).status, Status::InheritedGap);
        assert_eq!(judged("CC6.4", &[], "", true).status, Status::NotEvaluated);
    }

    #[test]
    fn a_program_is_judged_by_its_own_reports_only() {
        let findings = [
            finding(REPORTS_RULE, "program/iso27001", Verdict::Fail),
            finding(REPORTS_RULE, "program/soc", Verdict::Pass),
        ];
        let control = judged("A.15.2.1", &findings, "", true);
        let all = findings.iter().cloned().collect();
        assert_eq!(control.finding_ids(&all).collect::<Vec<_>>(), [findings[0].id()]);
        assert_eq!(control.findings(&all).map(|(_, finding)| finding.id()).collect::<Vec<_>>(), [findings[0].id()]);
        assert_eq!(control.status, Status::NotMet);
    }

    #[test]
    fn without_any_finding_a_control_that_rests_on_rules_is_not_evaluated() {
        assert_eq!(judged("164.530(c)", &[], "", true).status, Status::NotEvaluated);
        let not_applicable = [finding("voice-channel-disabled", "arn:x", Verdict::NotApplicable)];
        assert_eq!(judged("164.530(c)", &not_applicable, "", true).status, Status::NotApplicable);
    }
}
