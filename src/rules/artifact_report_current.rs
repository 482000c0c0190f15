//! AWS's own audit reports cover the period.

use std::collections::BTreeMap;

use super::context::Context;
use super::judgement::Judgement;
use super::{Finding, Rule, Subject, rule};
use crate::estate::{Artifact, Report};
use crate::programs::coverage::{self, Span};
use crate::programs::{Program, ReportPatterns, days_covered, is_bridge_letter, is_usable, matching_programs};
use crate::snapshot::CallId;

rule! {
    /// For each audit program, a report in AWS Artifact covers the period of the pack.
    ///
    /// Passes when a PUBLISHED, COMPLETE report that matches the program covers every day, alone or with a bridge
    /// ("continued operations") letter that goes on from it. For SOC any of SOC 1, SOC 2 and SOC 3 will do, each by
    /// itself. Fails when none matches, or when days remain uncovered; the text gives their number. A period that is
    /// still running is judged up to the collection. HIPAA has no such report: the business associate addendum stands
    /// there.
    ///
    /// ## Why
    ///
    /// AWS's compliance page for Amazon Pinpoint names SOC, FedRAMP, HIPAA, ISO/IEC 27001, 27017, 27018 and 9001, and
    /// says that third-party audit reports are in AWS Artifact. What AWS does by itself can only be inherited for the
    /// days that such a report covers.
    ///
    /// ## Fix
    ///
    /// Ask AWS for the newest report or bridge letter. Where AWS calls a report by a name that the built-in patterns do
    /// not know, name it under `[[artifact.report]]`.
    ///
    /// ## Limits
    ///
    /// A report's presence does not prove that Amazon Pinpoint is in its scope; AWS's page "AWS services in scope" says
    /// that. The pack holds pointers, never a report.
    "artifact-report-current", "AWS's audit reports cover the period", Required, Agreements, judge
}

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    let account = &context.estate.caller_account;
    let Some(artifact) = context.estate.artifacts.get(account).or_else(|| context.estate.artifacts.values().next())
    else {
        return Vec::new();
    };
    let one = |program: &Program| {
        let resource = format!("program/{}", program.id);
        let name = Some(program.title.clone());
        let subject = Subject { account: account.clone(), region: None, resource, name };
        judge_program(program, artifact, context).conclude(rule, subject, context)
    };
    context.programs.iter().filter(|_| context.judges_beyond()).map(one).collect()
}

fn judge_program(program: &Program, artifact: &Artifact, context: &Context<'_>) -> Judgement {
    let mut judgement = Judgement::new();
    let Some(patterns) = &program.report else {
        let fact = "No audit report exists for HIPAA; the business associate addendum stands there.";
        judgement.not_applicable(fact, &[]);
        return judgement;
    };
    let listing = &artifact.reports;
    if let Some(gap) = &listing.gap {
        judgement.unread(gap);
    }
    let Some(last) = context.period.observed_until(context.at()) else {
        judgement.unspecified("The period begins after the collection.", &listing.calls);
        return judgement;
    };
    let period = Span { start: context.period.start, end: last };
    let matching = matching_reports(program, artifact.every_version(), context);
    if matching.is_empty() {
        judgement.violated("AWS Artifact lists no report that matches the program.", &listing.calls);
        return complete_or_unread(judgement, artifact);
    }
    let kinds = by_kind(patterns, &matching_reports(program, artifact.every_version_read_to_the_end(), context));
    match kinds.iter().min_by_key(|kind| kind.gap_days(period)) {
        Some(best) if best.gap_days(period) == 0 => judgement.holds(best.sentence(period), &best.calls),
        best => no_coverage(best, period, &matching, artifact, &mut judgement),
    }
    complete_or_unread(judgement, artifact)
}

/// A list that was cut may hold what seems to be missing: then nothing was seen wrong.
fn complete_or_unread(judgement: Judgement, artifact: &Artifact) -> Judgement {
    let Some(gap) = &artifact.reports.gap else { return judgement };
    let mut unread = Judgement::new();
    unread.unread(gap);
    unread
}

/// Why no day-complete coverage was found: first what could not be read, then what the reports do not say.
fn no_coverage(
    best: Option<&KindOfReport>,
    period: Span,
    matching: &[&Report],
    artifact: &Artifact,
    judgement: &mut Judgement,
) {
    for report in matching {
        if let Some(gap) = artifact.versions_gap(&report.id) {
            judgement.unread(&gap);
        }
        if report.state.is_none() || report.upload_state.is_none() {
            judgement.lacks("ListReports", &report.calls);
        }
        if is_usable(report) && days_covered(report).is_none() {
            let name = report.name.as_deref().unwrap_or(&report.id);
            judgement.unspecified(format!("\"{name}\" does not say which days it covers."), &report.calls);
        }
    }
    if !judgement.is_undecided() {
        let calls: Vec<CallId> = matching.iter().flat_map(|report| report.calls.clone()).collect();
        judgement.violated(uncovered_sentence(best, period), &calls);
    }
}

fn uncovered_sentence(best: Option<&KindOfReport>, period: Span) -> String {
    let Some(best) = best else {
        return "No report that matches the program is PUBLISHED and COMPLETE.".to_owned();
    };
    let left = coverage::uncovered(period, &best.reports, &best.bridges);
    let spans: Vec<String> = left.iter().map(|span| format!("{} to {}", span.start, span.end)).collect();
    let days = coverage::days(&left);
    let days = if days == 1 { "1 day is".to_owned() } else { format!("{days} days are") };
    format!("{days} uncovered: {}. Reports: {}.", spans.join(", "), best.names.join(", "))
}

/// Those of the program.
fn matching_reports<'a>(program: &Program, reports: Vec<&'a Report>, context: &Context<'_>) -> Vec<&'a Report> {
    let belongs = |report: &&Report| programs_of_report(report, context).iter().any(|matched| matched.id == program.id);
    reports.into_iter().filter(belongs).collect()
}

/// The programs that a report belongs to, by the built-in patterns or those of the configuration.
#[must_use]
pub(crate) fn programs_of_report<'p>(report: &Report, context: &Context<'p>) -> Vec<&'p Program> {
    let named = |id: &str| {
        context.config.artifact_reports.iter().find(|report| report.program == id).map(|report| report.name.clone())
    };
    matching_programs(report, context.programs, named)
}

/// The reports of one kind, and the letters that go on from them.
#[derive(Default)]
struct KindOfReport {
    names: Vec<String>,
    reports: Vec<Span>,
    bridges: Vec<Span>,
    calls: Vec<CallId>,
}

impl KindOfReport {
    fn gap_days(&self, period: Span) -> i64 {
        coverage::days(&coverage::uncovered(period, &self.reports, &self.bridges))
    }

    fn sentence(&self, period: Span) -> String {
        format!("{} covers {} to {}.", self.names.join(", "), period.start, period.end)
    }

    fn add(&mut self, report: &Report, span: Span) {
        let spans = if is_bridge_letter(report) { &mut self.bridges } else { &mut self.reports };
        spans.push(span);
        let name = format!("\"{}\" ({} to {})", report.name.as_deref().unwrap_or(&report.id), span.start, span.end);
        if !self.names.contains(&name) {
            self.names.push(name);
        }
        self.calls.extend(report.calls.iter().cloned());
    }
}

/// The usable reports with dates, one entry a kind. A letter that names no kind goes with each of them.
fn by_kind(patterns: &ReportPatterns, matching: &[&Report]) -> Vec<KindOfReport> {
    let usable: Vec<(&Report, Span)> = matching
        .iter()
        .filter(|report| is_usable(report))
        .filter_map(|report| Some((*report, days_covered(report)?)))
        .collect();
    let mut kinds: BTreeMap<Option<&str>, KindOfReport> = BTreeMap::new();
    for (report, span) in usable.iter().filter(|(report, _)| !is_bridge_letter(report)) {
        kinds.entry(patterns.kind_of(report)).or_default().add(report, *span);
    }
    for (name, kind) in &mut kinds {
        for (report, span) in usable.iter().filter(|(report, _)| is_bridge_letter(report)) {
            let letter = patterns.kind_of(report);
            if letter.is_none() || letter == *name {
                kind.add(report, *span);
            }
        }
    }
    kinds.into_values().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::operations as op;
    use crate::rules::testing::{Account, UNREAD, unread};
    use crate::rules::{Reason, Verdict};
    use crate::snapshot::Outcome;

    const ISO: &str = "program/iso27001";
    const SOC: &str = "program/soc";

    fn report(id: char, name: &str, from: &str, to: &str) -> Value {
        json!({
            "id": format!("report-{}", id.to_string().repeat(16)), "name": name, "version": 1, "state": "PUBLISHED",
            "uploadState": "COMPLETE", "periodStart": format!("{from}T00:00:00Z"), "periodEnd": format!("{to}T00:00:00Z"),
        })
    }

    /// An account in 2026-Q3, on its last day.
    fn with(reports: &[Value]) -> Account {
        let mut account = Account::new();
        account.answer(&op::LIST_REPORTS, json!({}), json!({"reports": reports}));
        for report in reports {
            let asked = json!({"reportId": report["id"]});
            account.answer(&op::LIST_REPORT_VERSIONS, asked, json!({"reports": [report]}));
        }
        account
    }

    fn changed(mut report: Value, member: &str, value: Value) -> Value {
        report[member] = value;
        report
    }

    #[test]
    fn passes_when_a_report_covers_every_day() {
        let iso = report('a', "ISO 27001-2022 Certificate", "2025-12-01", "2028-11-30");
        assert_eq!(with(&[iso]).verdict(&RULE, ISO), Verdict::Pass);
        let exact = report('a', "ISO 27001-2022 Certificate", "2026-07-01", "2026-09-30");
        assert_eq!(with(&[exact]).verdict(&RULE, ISO), Verdict::Pass);
    }

    #[test]
    fn fails_with_the_number_of_days_when_a_gap_remains() {
        let iso = report('a', "ISO 27001-2022 Certificate", "2025-12-01", "2026-09-20");
        let finding = with(&[iso]).finding(&RULE, ISO);
        assert_eq!(finding.verdict, Verdict::Fail);
        assert!(finding.message.contains("10 days are uncovered: 2026-09-21 to 2026-09-30"), "{}", finding.message);
    }

    #[test]
    fn a_bridge_letter_goes_on_from_a_report_and_is_nothing_alone() {
        let soc = report('a', "SOC 2 Report", "2025-07-01", "2026-06-30");
        let letter = report('b', "SOC Continued Operations Letter", "2026-07-01", "2026-09-30");
        assert_eq!(with(std::slice::from_ref(&soc)).verdict(&RULE, SOC), Verdict::Fail);
        assert_eq!(with(&[soc, letter.clone()]).verdict(&RULE, SOC), Verdict::Pass);
        assert_eq!(with(&[letter]).verdict(&RULE, SOC), Verdict::Fail);
    }

    #[test]
    fn for_soc_any_kind_will_do_but_kinds_do_not_add_up() {
        let one = report('a', "SOC 1 Report", "2026-07-01", "2026-08-15");
        let two = report('b', "SOC 2 Report", "2026-08-16", "2026-09-30");
        assert_eq!(with(&[one.clone(), two]).verdict(&RULE, SOC), Verdict::Fail);
        let three = report('c', "SOC 3 Report", "2026-01-01", "2026-12-31");
        assert_eq!(with(&[one, three]).verdict(&RULE, SOC), Verdict::Pass);
    }

    #[test]
    fn older_versions_of_a_report_count() {
        let newest = changed(report('a', "ISO 27001-2022", "2026-08-01", "2027-07-31"), "version", json!(2));
        let mut account = with(std::slice::from_ref(&newest));
        assert_eq!(account.verdict(&RULE, ISO), Verdict::Fail);
        let older = report('a', "ISO 27001-2022", "2025-08-01", "2026-07-31");
        let asked = json!({"reportId": newest["id"]});
        account.answer(&op::LIST_REPORT_VERSIONS, asked, json!({"reports": [newest, older]}));
        assert_eq!(account.verdict(&RULE, ISO), Verdict::Pass);
    }

    #[test]
    fn fails_when_none_matches_or_none_is_published_and_complete() {
        assert_eq!(with(&[]).verdict(&RULE, ISO), Verdict::Fail);
        let pci = report('a', "PCI DSS", "2020-01-01", "2030-01-01");
        assert_eq!(with(&[pci]).verdict(&RULE, ISO), Verdict::Fail);
        let iso = report('a', "ISO 27001", "2020-01-01", "2030-01-01");
        for (member, value) in
            [("state", "UNPUBLISHED"), ("uploadState", "PROCESSING"), ("uploadState", "FAULT"), ("state", "NEW")]
        {
            assert_eq!(
                with(&[changed(iso.clone(), member, json!(value))]).verdict(&RULE, ISO),
                Verdict::Fail,
                "{value}"
            );
        }
    }

    #[test]
    fn a_report_without_dates_leaves_it_unspecified() {
        let iso = changed(report('a', "ISO 27001", "2020-01-01", "2030-01-01"), "periodEnd", json!(null));
        assert_eq!(with(&[iso]).verdict(&RULE, ISO), Verdict::NotEvaluated(Reason::Unspecified));
    }

    #[test]
    fn the_metadata_of_the_same_version_fills_in_what_the_list_leaves_out() {
        let whole = report('a', "ISO 27001", "2020-01-01", "2030-01-01");
        let mut account = with(&[changed(whole.clone(), "periodEnd", json!(null))]);
        account.answer(&op::GET_REPORT_METADATA, json!({"reportId": whole["id"]}), json!({"reportDetails": whole}));
        assert_eq!(account.verdict(&RULE, ISO), Verdict::Pass);
        let other = changed(whole.clone(), "version", json!(2));
        account.answer(&op::GET_REPORT_METADATA, json!({"reportId": whole["id"]}), json!({"reportDetails": other}));
        assert_eq!(account.verdict(&RULE, ISO), Verdict::NotEvaluated(Reason::Unspecified));
    }

    #[test]
    fn a_report_without_state_is_unmodelled() {
        let iso = changed(report('a', "ISO 27001", "2020-01-01", "2030-01-01"), "state", json!(null));
        assert_eq!(with(&[iso]).verdict(&RULE, ISO), unread(Outcome::Unmodelled));
    }

    #[test]
    fn a_period_that_begins_after_the_collection_is_unspecified() {
        let iso = report('a', "ISO 27001", "2020-01-01", "2030-01-01");
        let account = with(&[iso]).at("2026-09-30T16:00:00Z", "2026-Q4");
        assert_eq!(account.verdict(&RULE, ISO), Verdict::NotEvaluated(Reason::Unspecified));
    }

    #[test]
    fn a_running_period_is_judged_up_to_the_collection() {
        let iso = report('a', "ISO 27001", "2020-01-01", "2026-11-23");
        let account = with(&[iso]).at("2026-11-23T10:00:00Z", "2026-Q4");
        assert_eq!(account.verdict(&RULE, ISO), Verdict::Pass);
    }

    #[test]
    fn unread_and_truncated_lists_never_pass_and_never_fail() {
        let iso = report('a', "ISO 27001", "2020-01-01", "2030-01-01");
        for outcome in UNREAD {
            let mut account = with(&[]);
            account.fail(&op::LIST_REPORTS, json!({}), outcome);
            assert_eq!(account.verdict(&RULE, ISO), unread(outcome));
        }
        for reports in [json!([iso]), json!([])] {
            let mut account = with(&[]);
            let body = json!({"reports": reports, "nextToken": "more"}).to_string();
            account.page(&op::LIST_REPORTS, json!({}), 1, &body, Outcome::Observed);
            assert_eq!(account.verdict(&RULE, ISO), unread(Outcome::Truncated));
        }
    }

    #[test]
    fn a_gap_that_an_unread_older_version_might_fill_is_not_evaluated() {
        let iso = report('a', "ISO 27001", "2026-08-01", "2030-01-01");
        for outcome in UNREAD {
            let mut account = with(std::slice::from_ref(&iso));
            account.fail(&op::LIST_REPORT_VERSIONS, json!({"reportId": iso["id"]}), outcome);
            assert_eq!(account.verdict(&RULE, ISO), unread(outcome));
        }
    }

    #[test]
    fn the_configuration_may_name_a_report() {
        let odd = report('a', "Certificate of information security", "2020-01-01", "2030-01-01");
        let named = "[[artifact.report]]\nprogram = \"iso27001\"\nname = \"(?i)information security\"\n";
        assert_eq!(with(std::slice::from_ref(&odd)).verdict(&RULE, ISO), Verdict::Fail);
        assert_eq!(with(&[odd]).config(named).verdict(&RULE, ISO), Verdict::Pass);
    }

    #[test]
    fn hipaa_has_no_report() {
        assert_eq!(with(&[]).verdict(&RULE, "program/hipaa"), Verdict::NotApplicable);
    }

    #[test]
    fn nothing_passes_on_a_list_of_versions_that_was_cut() {
        let newest = changed(report('a', "ISO 27001-2022", "2026-08-01", "2027-07-31"), "version", json!(2));
        let older = report('a', "ISO 27001-2022", "2025-08-01", "2026-07-31");
        let mut account = with(std::slice::from_ref(&newest));
        let page = json!({"reports": [newest, older], "nextToken": "more"}).to_string();
        account.page(&op::LIST_REPORT_VERSIONS, json!({"reportId": newest["id"]}), 1, &page, Outcome::Observed);
        assert_eq!(account.verdict(&RULE, ISO), unread(Outcome::Truncated));
        let whole = report('a', "ISO 27001-2022", "2025-08-01", "2027-07-31");
        let mut account = with(std::slice::from_ref(&whole));
        let page = json!({"reports": [whole], "nextToken": "more"}).to_string();
        account.page(&op::LIST_REPORT_VERSIONS, json!({"reportId": whole["id"]}), 1, &page, Outcome::Observed);
        assert_eq!(account.verdict(&RULE, ISO), Verdict::Pass, "ListReports alone shows the report that covers");
    }
}
