//! `findings`: every finding, by level and rule; before them what each rule could examine.

use std::collections::BTreeMap;

use serde::Serialize;

use super::finding::{FINDINGS_PER_PAGE, FindingView};
use crate::pack::{Found, Pack, RuleCoverage};
use crate::render::html::Pictures;
use crate::render::index_of_calls::CallIndex;
use crate::render::page::{Page, Pager, page_path};
use crate::render::svg::bars::Bar;
use crate::render::{svg, words};
use crate::rules::Level;

/// The picture of what could be examined.
const PICTURE: &str = "coverage";

/// What the template may ask for.
#[derive(Serialize)]
pub(in crate::render) struct View<'a> {
    pager: Pager,
    judged: String,
    total: u64,
    /// On the first page only.
    rules: Vec<RuleRow<'a>>,
    levels: Vec<LevelSection<'a>>,
}

#[derive(Serialize)]
struct RuleRow<'a> {
    id: &'a str,
    title: &'a str,
    level: &'static str,
    /// Where its findings begin; empty when it has none.
    address: String,
    eligible: u64,
    examined: u64,
    reasons: String,
}

#[derive(Serialize)]
struct LevelSection<'a> {
    level: &'static str,
    rules: Vec<RuleSection<'a>>,
}

#[derive(Serialize)]
struct RuleSection<'a> {
    id: &'a str,
    title: &'a str,
    findings: Vec<FindingView>,
}

/// Every page, in order; at least one.
pub(in crate::render) fn pages<'a>(
    pack: &'a Pack,
    calls: &'a CallIndex<'a>,
) -> impl Iterator<Item = (Page<View<'a>>, Pictures)> + 'a {
    let of = pack.findings.len().div_ceil(FINDINGS_PER_PAGE).max(1);
    let titles: BTreeMap<&str, &str> = pack.rules.iter().map(|rule| (rule.id, rule.title)).collect();
    (0..of).map(move |number| {
        let first = number * FINDINGS_PER_PAGE;
        let findings: Vec<Found> = pack.findings.range(first..first + FINDINGS_PER_PAGE).collect();
        let view = View {
            pager: Pager::new("findings", number, of),
            judged: words::minute(pack.collected.last),
            total: words::number(pack.findings.len()),
            rules: if number == 0 { rule_rows(pack) } else { Vec::new() },
            levels: levels(&findings, &titles, pack, calls),
        };
        let page = Page { document: "findings".into(), number, title: "Findings", template: "findings.md.tera", view };
        (page, if number == 0 { Pictures::from([(PICTURE, picture(&pack.rules))]) } else { Pictures::new() })
    })
}

/// Of what each rule concerns, how much it could examine; rules that concern nothing are left out.
fn picture(rules: &[RuleCoverage]) -> String {
    let bar = |rule: &'_ RuleCoverage| Bar {
        name: rule.id,
        parts: vec![("● examined", "pass", rule.examined), ("◇ not examined", "not-evaluated", unexamined(rule))],
        total: format!("{} of {}", words::count(rule.examined), words::count(rule.eligible)),
    };
    let bars: Vec<Bar<'_>> = rules.iter().filter(|rule| rule.eligible > 0).map(bar).collect();
    svg::bars::draw(PICTURE, "How much each rule could examine", &bars)
}

const fn unexamined(rule: &RuleCoverage) -> u64 {
    rule.eligible.saturating_sub(rule.examined)
}

fn rule_rows(pack: &Pack) -> Vec<RuleRow<'_>> {
    let mut first = BTreeMap::new();
    for run in pack.findings.runs() {
        first.entry(run.rule).or_insert(run.first / FINDINGS_PER_PAGE);
    }
    let row = |rule: &'_ RuleCoverage| RuleRow {
        id: rule.id,
        title: rule.title,
        level: rule.level.as_str(),
        address: first
            .get(rule.id)
            .map_or_else(String::new, |page| format!("{}#{}", page_path("findings", *page), rule.id)),
        eligible: rule.eligible,
        examined: rule.examined,
        reasons: reasons(rule),
    };
    pack.rules.iter().map(row).collect()
}

/// For instance "2 access denied, 1 needs attestation".
fn reasons(rule: &RuleCoverage) -> String {
    let words = rule.unexamined.iter().map(|(reason, n)| format!("{} {}", words::count(*n), reason.replace('_', " ")));
    words.collect::<Vec<_>>().join(", ")
}

fn levels<'a>(
    findings: &[Found],
    titles: &BTreeMap<&str, &'a str>,
    pack: &Pack,
    calls: &CallIndex<'_>,
) -> Vec<LevelSection<'a>> {
    let rule = |group: &[Found]| RuleSection {
        id: group[0].rule,
        title: titles.get(group[0].rule).copied().unwrap_or_default(),
        findings: group.iter().map(|finding| FindingView::new(finding, pack, calls)).collect(),
    };
    let level = |group: &[Found]| LevelSection {
        level: level_title(group[0].level),
        rules: group.chunk_by(|a, b| a.rule == b.rule).map(rule).collect(),
    };
    findings.chunk_by(|a, b| a.level == b.level).map(level).collect()
}

/// How a level is headed.
pub(super) const fn level_title(level: Level) -> &'static str {
    match level {
        Level::Required => "Required",
        Level::Recommended => "Recommended",
    }
}
