//! Part 3: what of the service is still supported, and what is left.

use super::case::{Case, name};
use crate::lifecycle;
use crate::pack::Mark;
use crate::pack::write_up::{Basis, Block, Column, Ground, Part, Record, Row, Source, Statement, Table, Text};
use crate::rules::Finding;

/// The rule on what ended.
const RULE: &str = "service-supported";

/// Projects that one document names.
const PROJECTS_SHOWN: usize = 150;

pub(super) fn part(case: &Case<'_>) -> Part {
    let mut blocks = vec![Block::Says(says(case)), Block::Table(what_ends())];
    let number = case.open_of_rule(RULE).map_or(0, |open| open.sum.counts().total());
    if number > 0 {
        let open = case.pack.findings.marked(|run| run.rule == RULE, Mark::is_open);
        let row = |finding: &Finding| {
            let project = Text::blank().verdict(finding).broken().finding(name(finding), finding.id());
            Row::new([project, finding.message.clone().into()], Basis::of_finding(finding))
        };
        blocks.push(Block::Heading("", "What is left"));
        if number > PROJECTS_SHOWN as u64 {
            let sentence = format!("The first {PROJECTS_SHOWN} of {number}; the others stand in the findings.");
            blocks.push(Block::Says(vec![Statement::new(sentence, Ground::Record(Record::Results))]));
        }
        blocks.push(Block::Table(Table {
            columns: &[Column::Words("Verdict and project"), Column::Words("What was seen")],
            rows: open.take(PROJECTS_SHOWN).map(|(_, finding)| row(&finding)).collect(),
        }));
    }
    Part { title: "State of the service", blocks }
}

fn says(case: &Case<'_>) -> Vec<Statement> {
    let aws = || Ground::Aws(Source::EndOfSupport);
    let at = case.pack.collected.last.format("%Y-%m-%d");
    let header = || Basis::of(Ground::Record(Record::Snapshot));
    let mut says = vec![Statement::new("AWS ended the support of Amazon Pinpoint on 2026-10-30.", aws())];
    if lifecycle::is_over(case.pack.collected.last) {
        says.push(Statement::new(
            format!(
                "This evidence was collected on {at}, after that day. An empty answer about campaigns, journeys or \
                 segments is then no evidence, and none is counted as one."
            ),
            header(),
        ));
        let sum = case.of_rule(RULE).cloned().unwrap_or_default();
        let unused = sum.counts().pass;
        let judged = sum.counts().total() - sum.counts().not_applicable;
        says.push(Statement::new(
            format!("Of {judged} projects that may carry PHI, {unused} showed no ended feature in use."),
            sum.evidence(),
        ));
    } else {
        says.push(Statement::new(
            format!(
                "This evidence was collected on {at}, before or on that day: campaigns, journeys and the email channel \
                 could still be observed. Collect again after it, and keep this pack."
            ),
            header(),
        ));
    }
    says.extend(case.pack.evidence.ids().any(|id| id.earlier().is_some()).then(|| {
        let earlier = case.pack.evidence.ids().filter(|id| id.earlier().is_some());
        Statement::new(
            "Ended features are judged by the newest earlier snapshot that observed them.",
            Ground::evidence(earlier),
        )
    }));
    says
}

/// What AWS says becomes of each part.
fn what_ends() -> Table {
    const FATES: [(&str, &str); 4] = [
        ("APIs for SMS, voice, mobile push, one-time passwords, number validation", "go on as AWS End User Messaging"),
        ("Endpoints, segments, campaigns, journeys, analytics, the console", "ended; AWS names Amazon Connect"),
        ("Email channel", "ended; AWS names Amazon SES"),
        ("Collection of events", "ended; AWS names Amazon Kinesis"),
    ];
    let row = |(what, fate): (&'static str, &'static str)| {
        Row::new([what.into(), fate.into()], Ground::Aws(Source::EndOfSupport))
    };
    Table {
        columns: &[Column::Words("Part of Amazon Pinpoint"), Column::Words("After 2026-10-30")],
        rows: FATES.into_iter().map(row).collect(),
    }
}
